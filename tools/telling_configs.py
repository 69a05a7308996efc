# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configurations of the golden vectors: each tells something about Flink's memory model."""

from __future__ import annotations

import typing as t

TM = "taskmanager.memory."
JM = "jobmanager.memory."


class Telling(t.NamedTuple):
    """A configuration of a process, what it tells, and which part of the answer shows it."""

    title: str
    process: str
    config: dict[str, str]
    shows: str


def taskmanager(title: str, config: dict[str, str]) -> Telling:
    """A TaskManager, whose memory options are written without their prefix."""
    return Telling(title, "taskmanager", _prefixed(TM, config), "taskmanager")


def slots(title: str, config: dict[str, str]) -> Telling:
    """A TaskManager of which the slots matter."""
    return taskmanager(title, config)._replace(shows="slots")


def jobmanager(title: str, config: dict[str, str]) -> Telling:
    """A JobManager, whose memory options are written without their prefix."""
    return Telling(title, "jobmanager", _prefixed(JM, config), "jobmanager")


def local(title: str, config: dict[str, str]) -> Telling:
    """The TaskManager of a mini cluster."""
    return Telling(title, "local", _prefixed(TM, config), "local")


def _prefixed(prefix: str, config: dict[str, str]) -> dict[str, str]:
    whole = ("taskmanager.", "jobmanager.", "external-resource")
    return {key if key.startswith(whole) else f"{prefix}{key}": value for key, value in config.items()}


# fmt: off
SECTIONS = {
    "TaskManager: total process memory": [
        taskmanager("What Flink ships as default since 1.10.1", {"process.size": "1728m"}),
        taskmanager("What 1.10.0 shipped", {"process.size": "1568m"}),
        taskmanager("A common size", {"process.size": "4g"}),
        taskmanager("Large: the network is no longer capped from 1.17 on", {"process.size": "20g"}),
        taskmanager("Very large", {"process.size": "64g"}),
        taskmanager("Small, but enough", {"process.size": "1024m"}),
        taskmanager("The smallest whole number of megabytes that works", {"process.size": "982m"}),
        taskmanager("One megabyte less", {"process.size": "981m"}),
        taskmanager("Metaspace and overhead alone are larger", {"process.size": "400m"}),
        taskmanager("Task heap fixed, the network takes the rest", {"process.size": "4g", "task.heap.size": "1g"}),
        taskmanager("Managed memory fixed", {"process.size": "4g", "managed.size": "1g"}),
        taskmanager("Everything fixed but the task heap", {
            "process.size": "8g", "managed.size": "1g", "network.min": "512m", "network.max": "512m",
            "framework.heap.size": "256m", "framework.off-heap.size": "64m", "task.off-heap.size": "256m",
            "jvm-metaspace.size": "512m", "jvm-overhead.min": "1g", "jvm-overhead.max": "1g",
        }),
        taskmanager("The largest number there is", {"process.size": "9223372036854775807"}),
    ],
    "TaskManager: total Flink memory": [
        taskmanager("The Flink part of the shipped default", {"flink.size": "1280m"}),
        taskmanager("Large", {"flink.size": "10g"}),
        taskmanager("Task heap and managed memory within it", {
            "flink.size": "4g", "task.heap.size": "1g", "managed.size": "2g",
        }),
        taskmanager("The network is left with exactly its minimum", {
            "flink.size": "4g", "task.heap.size": "1g", "managed.size": "2885681152",
        }),
        taskmanager("One byte less for the network", {
            "flink.size": "4g", "task.heap.size": "1g", "managed.size": "2885681153",
        }),
        taskmanager("The parts are larger than the whole", {"flink.size": "2g", "task.heap.size": "2g"}),
        taskmanager("The largest number there is", {"flink.size": "9223372036854775807"}),
    ],
    "TaskManager: task heap and managed memory": [
        taskmanager("Nothing else", {"task.heap.size": "1g", "managed.size": "1g"}),
        taskmanager("Large", {"task.heap.size": "8g", "managed.size": "8g"}),
        taskmanager("No managed memory", {"task.heap.size": "1g", "managed.size": "0"}),
        taskmanager("No heap at all is accepted, though no JVM starts with it", {
            "task.heap.size": "0", "framework.heap.size": "0", "managed.size": "1g",
        }),
    ],
    "TaskManager: more than one total": [
        taskmanager("The overhead is what is left between the two totals", {"process.size": "4g", "flink.size": "3g"}),
        taskmanager("It is left exactly its minimum", {"process.size": "1216m", "flink.size": "768m"}),
        taskmanager("It would be one byte below its minimum", {"process.size": "1275068415", "flink.size": "768m"}),
        taskmanager("It would be above its maximum", {"process.size": "8g", "flink.size": "4g"}),
        taskmanager("The process is smaller than its Flink part", {"process.size": "1g", "flink.size": "2g"}),
        taskmanager("All three ways at once", {
            "process.size": "4608m", "flink.size": "4g", "task.heap.size": "1g", "managed.size": "2g",
        }),
    ],
    "TaskManager: fractions and bounds": [
        taskmanager("No managed memory", {"process.size": "4g", "managed.fraction": "0"}),
        taskmanager("No network fraction: its minimum", {"process.size": "4g", "network.fraction": "0"}),
        taskmanager("Fractions are 32-bit floats", {"process.size": "4g", "managed.fraction": "0.3333333333"}),
        taskmanager("The largest fraction below 1, and what the network then lacks", {
            "flink.size": "4g", "managed.fraction": "0.99999997",
        }),
        taskmanager("A fraction that rounds to 1", {"flink.size": "4g", "managed.fraction": "0.99999998"}),
        taskmanager("A network minimum above the old default of the maximum", {
            "process.size": "16g", "network.min": "2g",
        }),
        taskmanager("The overhead clamped at its minimum", {"process.size": "4g", "jvm-overhead.fraction": "0.01"}),
        taskmanager("A minimum above its maximum", {
            "process.size": "4g", "jvm-overhead.min": "1g", "jvm-overhead.max": "512m",
        }),
        taskmanager("An explicit fraction that the rest overrides", {
            "process.size": "4g", "task.heap.size": "1g", "network.fraction": "0.3", "network.max": "2g",
        }),
    ],
    "TaskManager: how values are written": [
        taskmanager("Every blank and long unit that Flink reads", {
            "process.size": " 4 GIBIBYTES ", "jvm-metaspace.size": "262144 kb",
        }),
        taskmanager("A number without a unit is bytes", {"process.size": "4096"}),
        taskmanager("No binary prefixes in short", {"process.size": "4GiB"}),
        taskmanager("No decimals", {"process.size": "1.5g"}),
        taskmanager("An empty size", {"process.size": ""}),
        taskmanager("No percentages", {"process.size": "4g", "managed.fraction": "40%"}),
        taskmanager("No decimal comma", {"process.size": "4g", "managed.fraction": "0,4"}),
        taskmanager("Hexadecimal floats are read", {"process.size": "4g", "managed.fraction": "0x1p-2"}),
        taskmanager("A misspelt option is ignored in silence", {"process.size": "4g", "managed.faction": "0.9"}),
        taskmanager("Nothing at all", {}),
    ],
    "TaskManager: older names": [
        taskmanager("The heap of Flink 1.9, read until 1.20 as total Flink memory", {"taskmanager.heap.size": "2g"}),
        taskmanager("Left over beside a total, it changes the way of derivation", {
            "process.size": "1728m", "taskmanager.heap.size": "1024m",
        }),
        taskmanager("Its older form, in megabytes", {"process.size": "4g", "taskmanager.heap.mb": "3072"}),
        taskmanager("A number of network buffers, read until 1.20", {
            "process.size": "1728m", "taskmanager.network.numberOfBuffers": "4096",
        }),
        taskmanager("Aliases that every release reads", {
            "process.size": "4g", "taskmanager.memory.size": "1g", "taskmanager.network.memory.max": "100m",
        }),
        taskmanager("Fractions of Flink 1.9, which no release reads any more", {
            "process.size": "4g", "taskmanager.memory.fraction": "0.7",
        }),
    ],
    "TaskManager: slots, CPU and external resources": [
        slots("What three slots share", {"process.size": "1728m", "taskmanager.numberOfTaskSlots": "3"}),
        slots("CPU cores, cut to eight digits from 1.14 on", {
            "process.size": "4g", "taskmanager.cpu.cores": "2.123456789", "taskmanager.numberOfTaskSlots": "2",
        }),
        slots("No slots", {"process.size": "4g", "taskmanager.numberOfTaskSlots": "0"}),
        slots("External resources, passed on from 1.13 and quoted from 1.15 on", {
            "process.size": "4g", "external-resources": "gpu;fpga",
            "external-resource.gpu.amount": "2", "external-resource.fpga.amount": "1",
        }),
    ],
    "JobManager": [
        jobmanager("What Flink ships as default since 1.11", {"process.size": "1600m"}),
        jobmanager("Large: the overhead is capped", {"process.size": "20g"}),
        jobmanager("The smallest whole number of megabytes that works", {"process.size": "577m"}),
        jobmanager("One megabyte less", {"process.size": "576m"}),
        jobmanager("Total Flink memory", {"flink.size": "1g"}),
        jobmanager("No more than the off-heap memory", {"flink.size": "128m"}),
        jobmanager("The heap alone", {"heap.size": "1g"}),
        jobmanager("Heap and total Flink memory: off-heap is the rest", {"heap.size": "1g", "flink.size": "2g"}),
        jobmanager("An off-heap size that does not add up", {
            "heap.size": "1g", "flink.size": "2g", "off-heap.size": "512m",
        }),
        jobmanager("Heap and total process memory", {"heap.size": "1g", "process.size": "5g"}),
        jobmanager("Direct memory limited", {"process.size": "2g", "enable-jvm-direct-memory-limit": "true"}),
        jobmanager("The heap option of Flink 1.9 and 1.10, read until 1.20", {"jobmanager.heap.size": "1024m"}),
        jobmanager("Nothing at all", {}),
    ],
    "Local execution": [
        local("Nothing configured", {}),
        local("Task heap and managed memory", {
            "task.heap.size": "1g", "managed.size": "256m", "taskmanager.numberOfTaskSlots": "4",
        }),
        local("One bound of the network decides both", {"network.min": "128m"}),
        local("Bounds that differ", {"network.min": "64m", "network.max": "128m"}),
        local("Totals have no effect", {"process.size": "4g", "flink.size": "8g"}),
    ],
}
# fmt: on
