# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

MIB, GIB = 2**20, 2**30
TM = "taskmanager.memory."
NETWORK = f"{TM}network"
BUFFERS = {"taskmanager.network.numberOfBuffers": 4096}


def memory(options: dict[str, t.Any], release: str = "2.3", **others: t.Any) -> dict[str, int]:
    config = {"taskmanager.memory": options, **others}
    return t.cast("dict[str, int]", plan(config, release)["memory"])


# What Flink computes: release, options, and the parts of which the table is about.
DERIVED: dict[str, tuple[str, dict[str, t.Any], dict[str, int]]] = {
    "process": (
        "2.3",
        {"process.size": "1728m"},
        {"task_heap": 402653174, "managed": 536870920, "network": 134217730, "jvm_overhead": 201326592},
    ),
    "process, its overhead a fraction": (
        "2.3",
        {"process.size": "4g"},
        {"task_heap": 1530082070, "managed": 1438814063, "network": 359703515, "jvm_overhead": 429496736},
    ),
    "flink": (
        "2.3",
        {"flink.size": "1280m"},
        {"task_heap": 402653174, "managed": 536870920, "network": 134217730, "jvm_overhead": 201326592},
    ),
    "task heap and managed": (
        "2.3",
        {"task.heap.size": "1g", "managed.size": "1g"},
        {"task_heap": GIB, "managed": GIB, "network": 268435460, "jvm_overhead": 328087785},
    ),
    "flink bounds task heap and managed": (
        "2.3",
        {"flink.size": "4g", "task.heap.size": "1g", "managed.size": "2g"},
        {"task_heap": GIB, "managed": 2 * GIB, "network": 805306368, "jvm_overhead": 507044758},
    ),
    "flink wins over process": (
        "2.3",
        {"process.size": "4g", "flink.size": "3g"},
        {"task_heap": 1342177256, "managed": 1288490208, "network": 322122552, "jvm_overhead": 805306368},
    ),
    "network takes what the task heap leaves": (
        "2.3",
        {"process.size": "4g", "task.heap.size": "1g"},
        {"task_heap": GIB, "managed": 1438814063, "network": 816043761, "jvm_overhead": 429496736},
    ),
    "no managed fraction": ("2.3", {"process.size": "4g", "managed.fraction": 0}, {"task_heap": 2968896133}),
    "no managed size": ("2.3", {"process.size": "4g", "managed.size": 0}, {"task_heap": 2968896133, "managed": 0}),
    "managed size by its old name": ("2.3", {"process.size": "4g", "size": 0}, {"task_heap": 2968896133}),
    "no network fraction": (
        "2.3",
        {"process.size": "4g", "network.fraction": 0},
        {"task_heap": 1822676721, "network": 67108864},
    ),
    "network up to 1g": ("1.16", {"process.size": "20g"}, {"network": 1073741824, "task_heap": 10737418120}),
    "network without end": ("1.17", {"process.size": "20g"}, {"network": 2013265950, "task_heap": 9797893994}),
    "network up to 1g beside parts": (
        "1.16",
        {"task.heap.size": "8g", "managed.size": "8g"},
        {"network": 1073741824},
    ),
    "network without end beside parts": (
        "1.17",
        {"task.heap.size": "8g", "managed.size": "8g"},
        {"network": 1938700547},
    ),
    "metaspace of 1.10.0": (
        "1.10.0",
        {"process.size": "1728m"},
        {"jvm_metaspace": 96 * MIB, "task_heap": 486539253, "managed": 603979785, "network": 150994946},
    ),
    "metaspace of 1.10.1": (
        "1.10.1",
        {"process.size": "1728m"},
        {"jvm_metaspace": 256 * MIB, "task_heap": 402653174, "managed": 536870920, "network": 134217730},
    ),
    "everything unsplit": ("2.3", {"process.size": 2**63 - 1}, {"jvm_heap": 4611685948902604598}),
}

# The same for number of network buffers and heaps of older releases.
LEGACY: dict[str, tuple[str, dict[str, t.Any], dict[str, int]]] = {
    "buffers": ("1.20", {f"{TM}process.size": "1728m", **BUFFERS}, {"network": 134217728, "task_heap": 402653176}),
    "buffers of another size": (
        "1.20",
        {f"{TM}process.size": "1728m", f"{TM}segment-size": "4k", **BUFFERS},
        {"network": 16 * MIB},
    ),
    "no buffers": ("1.20", {f"{TM}flink.size": "1g", "taskmanager.network.numberOfBuffers": 0}, {"network": 0}),
    "buffers beside parts": (
        "1.20",
        {f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g", **BUFFERS},
        {"network": 134217728},
    ),
    "buffers are what parts leave": (
        "1.20",
        {f"{TM}flink.size": "2432m", f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g", **BUFFERS},
        {"network": 128 * MIB},
    ),
    "2.0 ignores buffers": ("2.0", {f"{TM}process.size": "1728m", **BUFFERS}, {"network": 134217730}),
    **{
        f"{key} wins over buffers": (
            "1.20",
            {f"{TM}process.size": "1728m", key: value, **BUFFERS},
            {"network": 134217730},
        )
        for key, value in (
            (f"{NETWORK}.min", "64m"),
            (f"{NETWORK}.max", "1g"),
            (f"{NETWORK}.fraction", 0.1),
            ("taskmanager.network.memory.min", "64m"),
        )
    },
    "heap is total Flink": ("1.20", {"taskmanager.heap.size": "1280m"}, {"total_flink": 1280 * MIB}),
    "megabytes are total Flink": ("1.20", {"taskmanager.heap.mb": "1280"}, {"total_flink": 1280 * MIB}),
    "heap wins over megabytes": (
        "1.20",
        {"taskmanager.heap.mb": 4096, "taskmanager.heap.size": "1280m"},
        {"total_flink": 1280 * MIB},
    ),
    "total Flink wins over heap": (
        "1.20",
        {f"{TM}flink.size": "1280m", "taskmanager.heap.size": "4g"},
        {"total_flink": 1280 * MIB},
    ),
    "heap wins over process": (
        "1.20",
        {f"{TM}process.size": "1728m", "taskmanager.heap.size": "1024m"},
        {"total_flink": 1024 * MIB, "jvm_overhead": 448 * MIB},
    ),
    "2.0 ignores heap": (
        "2.0",
        {f"{TM}process.size": "1728m", "taskmanager.heap.size": "1024m"},
        {"total_flink": 1280 * MIB, "jvm_overhead": 192 * MIB},
    ),
}

PARTS = {"flink.size": "4g", "task.heap.size": "1g"}
FINE = {"task.heap.size": "1g", "managed.size": "1g"}

# The last value of an option that passes, the first that does not, and what the refusal says.
EDGES: dict[str, tuple[dict[str, t.Any], str, t.Any, t.Any, str]] = {
    "process: no task heap left": (
        {},
        "process.size",
        "982m",
        "981m",
        (
            "framework heap 128m + framework off-heap 128m + task off-heap 0b + network 64m + managed 213.2m "
            "(223556406 bytes) = 533.2m (559100726 bytes), which does not fit into the total Flink memory of 533m "
            "(taskmanager.memory.process.size 981m - JVM metaspace 256m - JVM overhead 192m). Raise "
            "taskmanager.memory.process.size to at least 982m"
        ),
    ),
    "process: no metaspace left": (
        {"framework.heap.size": 0, "framework.off-heap.size": 0, "network.min": 0},
        "process.size",
        "448m",
        469762047,
        "JVM metaspace 256m + JVM overhead 192m = 448m, which does not fit into the total process memory of 447.9m",
    ),
    "flink: parts fit exactly": (
        {"managed.size": "1g", "network.max": "64m"},
        "flink.size",
        "1344m",
        "1343m",
        "Raise taskmanager.memory.flink.size to at least 1344m, or lower one of the parts.",
    ),
    "network at its minimum": (
        PARTS,
        "managed.size",
        2885681152,
        2885681153,
        (
            "The other options leave 63.9m (67108863 bytes) of 4g (taskmanager.memory.flink.size) for network, but "
            "taskmanager.memory.network.min asks for at least 64m. Raise taskmanager.memory.flink.size to at least "
            "4097m"
        ),
    ),
    "network at its maximum": (
        {**PARTS, "network.max": "1g"},
        "managed.size",
        1879048192,
        1879048191,
        "for network, but taskmanager.memory.network.max allows at most 1g. Lower taskmanager.memory.flink.size",
    ),
    "parts beyond total Flink": (
        {"flink.size": "4g", "managed.size": "1g", "network.min": 0, "network.max": "4g"},
        "task.heap.size",
        2952790016,
        2952790017,
        (
            "framework heap 128m + task heap 2.7g (2952790017 bytes) + framework off-heap 128m + task off-heap 0b + "
            "managed 1g = 4.0g (4294967297 bytes), which does not fit into the total Flink memory of 4g"
        ),
    ),
    "parts beyond total process": (
        {"process.size": "4g", "network.min": 0, "network.max": "4g"},
        "task.heap.size",
        1889785585,
        1889785586,
        (
            "which does not fit into the total Flink memory of 3.3g (3597035104 bytes) "
            "(taskmanager.memory.process.size 4g - JVM metaspace 256m - JVM overhead 409.6m (429496736 bytes)). "
            "Raise taskmanager.memory.process.size"
        ),
    ),
    "overhead at its minimum": (
        {"flink.size": "768m"},
        "process.size",
        "1216m",
        1275068415,
        (
            "The other options leave 191.9m (201326591 bytes) of 1.1g (1275068415 bytes) "
            "(taskmanager.memory.process.size) for JVM overhead, but taskmanager.memory.jvm-overhead.min asks for at "
            "least 192m. Raise"
        ),
    ),
    "overhead at its maximum": (
        {"flink.size": "768m"},
        "process.size",
        "2048m",
        2147483649,
        "for JVM overhead, but taskmanager.memory.jvm-overhead.max allows at most 1g. Lower",
    ),
    "overhead of parts": (
        FINE,
        "process.size",
        "3200m",
        "3000m",
        "for JVM overhead, but taskmanager.memory.jvm-overhead",
    ),
    "total process below total Flink": (
        {"flink.size": "4g", "jvm-overhead.min": 0},
        "process.size",
        "4352m",
        "4351m",
        "total Flink memory 4g + JVM metaspace 256m = 4352m, which does not fit into the total process memory of 4351m",
    ),
    "managed fraction": (
        {"process.size": "4g", "framework.off-heap.size": 0, "framework.heap.size": 0, "network.min": 0},
        "managed.fraction",
        "0.8",
        "1.0",
        "taskmanager.memory.managed.fraction: a fraction lies from 0 up to, but not including, 1, got '1.0'.",
    ),
    "network fraction": (
        {"task.heap.size": 0, "managed.size": 0},
        "network.fraction",
        "0.99999997",
        "0.99999998",
        "taskmanager.memory.network.fraction: a fraction lies from 0 up to, but not including, 1",
    ),
    "negative fraction": (
        {"process.size": "4g"},
        "jvm-overhead.fraction",
        "-0.0",
        "-1e-9",
        "taskmanager.memory.jvm-overhead.fraction: a fraction lies from 0 up to, but not including, 1",
    ),
    "fraction meant as percentage": (
        {"process.size": "4g"},
        "managed.fraction",
        0.4,
        40,
        "Write 0.4.",
    ),
    "fraction that is no number": (
        {"process.size": "4g"},
        "managed.fraction",
        0,
        "NaN",
        "taskmanager.memory.managed.fraction: a fraction lies",
    ),
    "fraction without end": (
        {"process.size": "4g"},
        "network.fraction",
        0,
        "Infinity",
        "taskmanager.memory.network.fraction: a fraction lies",
    ),
    "network bounds": (
        {"process.size": "8g"},
        "network.min",
        "1g",
        "9g",
        "does not fit into the total Flink memory",
    ),
    "network bounds crossed": (
        {"process.size": "8g", "network.max": "1g"},
        "network.min",
        "1g",
        1073741825,
        (
            "taskmanager.memory.network.min (1.0g (1073741825 bytes)) is more than taskmanager.memory.network.max "
            "(1g). Lower the one or raise the other."
        ),
    ),
    "overhead bounds crossed": (
        {"process.size": "8g"},
        "jvm-overhead.min",
        "1g",
        "1025m",
        "taskmanager.memory.jvm-overhead.min (1025m) is more than taskmanager.memory.jvm-overhead.max (1g, the default",
    ),
    "64 bits of parts": (
        {"managed.size": 0, "network.max": "1g"},
        "task.heap.size",
        "8388000t",
        2**63 - 1,
        "is more than 2^63 - 1 bytes. Lower the largest of them.",
    ),
    "64 bits of total Flink": (
        {},
        "flink.size",
        "8388000t",
        2**63 - 1,
        "total Flink memory 8388607.9t (9223372036854775807 bytes) + JVM metaspace 256m is more than 2^63 - 1 bytes",
    ),
    "64 bits of a fraction": (
        {"managed.size": 0, "network.fraction": 0.9, "network.max": "1g"},
        "task.heap.size",
        "800000t",
        "1200000t",
        "taskmanager.memory.network.fraction: the fraction asks for more than 2^63 - 1 bytes.",
    ),
    "64 bits of total process": (
        {"flink.size": "8388600t", "jvm-overhead.fraction": 0, "jvm-overhead.max": "9t"},
        "jvm-overhead.min",
        "7t",
        "8t",
        "JVM overhead 8t is more than 2^63 - 1 bytes. Lower the largest of them.",
    ),
    "unreadable size": (
        {"process.size": "4g"},
        "jvm-metaspace.size",
        "256m",
        "256MiB",
        "taskmanager.memory.jvm-metaspace.size: '256MiB' is not a size",
    ),
    "empty size": (
        {"process.size": "4g"},
        "task.off-heap.size",
        0,
        "",
        "taskmanager.memory.task.off-heap.size: '' is not a size",
    ),
}

# Configuration, release, what the refusal says.
REFUSED: dict[str, tuple[dict[str, t.Any], str, str]] = {
    "nothing": (
        {},
        "1.10",
        (
            "No memory is configured for the TaskManager. Set one of: taskmanager.memory.process.size (the whole "
            "process: suits containers), taskmanager.memory.flink.size (what Flink uses: suits plain hosts), or "
            "taskmanager.memory.task.heap.size and taskmanager.memory.managed.size (the parts: Flink adds the rest)."
        ),
    ),
    "one of two parts": ({f"{TM}task.heap.size": "1g"}, "2.3", "No memory is configured for the TaskManager."),
    "the other of two parts": ({f"{TM}managed.size": "1g"}, "2.3", "No memory is configured for the TaskManager."),
    "only another process": ({"jobmanager.memory.process.size": "1g"}, "2.3", "No memory is configured"),
    "only what 2.0 ignores": (
        {"taskmanager.heap.size": "1g"},
        "2.0",
        "taskmanager.heap.size without a word: it ended with 1.20. Set taskmanager.memory.flink.size instead.",
    ),
    "only what is misspelt": (
        {f"{TM}proces.size": "1g"},
        "2.3",
        "Did you mean taskmanager.memory.process.size?",
    ),
    "meant as megabytes": (
        {f"{TM}process.size": 4096},
        "2.3",
        "taskmanager.memory.process.size: 4096 means 4096 bytes. If megabytes were meant, write 4096m.",
    ),
    "percentage": ({f"{TM}process.size": "4g", f"{TM}managed.fraction": "40%"}, "2.3", "got '40%'. Write 0.4."),
    "total of 600m": (
        {f"{TM}process.size": "600m"},
        "2.3",
        (
            "framework heap 128m + framework off-heap 128m + task off-heap 0b + network 64m + managed 60.8m "
            "(63753421 bytes) = 380.8m (399297741 bytes), which does not fit into the total Flink memory of 152m "
            "(taskmanager.memory.process.size 600m - JVM metaspace 256m - JVM overhead 192m). Raise "
            "taskmanager.memory.process.size to at least 982m, or lower one of the parts."
        ),
    ),
    "no total is large enough": (
        {f"{TM}flink.size": "1m", f"{TM}process.size": "1m"},
        "2.3",
        "Lower one of the parts; no taskmanager.memory.flink.size is large enough for them.",
    ),
    "network.min beyond the default of 1.16": (
        {f"{TM}process.size": "4g", f"{NETWORK}.min": "2g"},
        "1.16",
        (
            "taskmanager.memory.network.min (2g) is more than taskmanager.memory.network.max (1g, the default of "
            "Flink 1.16). Lower the one or raise the other."
        ),
    ),
    "network.min beyond 1.17": (
        {f"{TM}process.size": "4g", f"{NETWORK}.min": "2g"},
        "1.17",
        "network 2g + managed 1.3g (1438814063 bytes) = 3.5g",
    ),
    "network.min by its old name": (
        {f"{TM}process.size": "4g", "taskmanager.network.memory.min": "2g"},
        "1.16",
        "taskmanager.network.memory.min (2g) is more than taskmanager.memory.network.max",
    ),
    "buffers that do not fit": (
        {f"{TM}flink.size": "2433m", f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g", **BUFFERS},
        "1.20",
        (
            "The other options leave 129m of 2433m (taskmanager.memory.flink.size) for network, but "
            "taskmanager.network.numberOfBuffers and taskmanager.memory.segment-size ask for exactly 128m."
        ),
    ),
    "too many buffers": (
        {f"{TM}process.size": "1g", "taskmanager.network.numberOfBuffers": 2**31 - 1},
        "1.20",
        "network 63.9t (70368744144896 bytes)",
    ),
    "negative buffers": (
        {f"{TM}process.size": "4g", "taskmanager.network.numberOfBuffers": -1},
        "1.20",
        "taskmanager.network.numberOfBuffers: a number of buffers cannot be negative, got -1.",
    ),
    "buffers that are no number": (
        {f"{TM}process.size": "4g", "taskmanager.network.numberOfBuffers": "many"},
        "1.20",
        "taskmanager.network.numberOfBuffers: expected a whole number such as 4, got 'many'.",
    ),
    "small segments": (
        {f"{TM}process.size": "4g", f"{TM}segment-size": "2k", **BUFFERS},
        "1.20",
        "taskmanager.memory.segment-size: a segment is a power of two from 4k to 1g, got 2k. Write 32k.",
    ),
    "odd segments": (
        {f"{TM}process.size": "4g", f"{TM}segment-size": "33k", **BUFFERS},
        "1.20",
        "a segment is a power of two from 4k to 1g, got 33k.",
    ),
    "large segments": (
        {f"{TM}process.size": "4g", f"{TM}segment-size": "2g", **BUFFERS},
        "1.20",
        "a segment is a power of two from 4k to 1g, got 2g.",
    ),
    "no slots": (
        {f"{TM}process.size": "4g", "taskmanager.numberOfTaskSlots": 0},
        "2.3",
        "taskmanager.numberOfTaskSlots: a TaskManager has at least one slot, got 0. Write 1.",
    ),
    "half a slot": (
        {f"{TM}process.size": "4g", "taskmanager.numberOfTaskSlots": 2.0},
        "2.3",
        "taskmanager.numberOfTaskSlots: expected a whole number such as 4, got 2.0.",
    ),
    "slots beside cores": (
        {f"{TM}process.size": "4g", "taskmanager.numberOfTaskSlots": "x", "taskmanager.cpu.cores": 1},
        "1.13",
        "taskmanager.numberOfTaskSlots: expected a whole number such as 4, got 'x'.",
    ),
    "no cores": (
        {f"{TM}process.size": "4g", "taskmanager.cpu.cores": 0},
        "2.3",
        "taskmanager.cpu.cores: a number of CPU cores is positive, got 0.0. Remove it to have one core per slot.",
    ),
    "negative cores": ({f"{TM}process.size": "4g", "taskmanager.cpu.cores": -1.5}, "2.3", "is positive, got -1.5"),
    "cores without end": ({f"{TM}process.size": "4g", "taskmanager.cpu.cores": "Infinity"}, "2.3", "is positive"),
    "cores that are no number": ({f"{TM}process.size": "4g", "taskmanager.cpu.cores": "NaN"}, "2.3", "is positive"),
    "negative megabytes": (
        {"taskmanager.heap.mb": -1},
        "1.20",
        "taskmanager.heap.mb: a size cannot be negative, got -1. Set taskmanager.memory.flink.size instead.",
    ),
    "megabytes with a unit": (
        {"taskmanager.heap.mb": "1024m"},
        "1.20",
        "taskmanager.heap.mb: expected a whole number such as 4, got '1024m'.",
    ),
    "few megabytes": (
        {"taskmanager.heap.mb": 300},
        "1.20",
        "total Flink memory of 300m (taskmanager.heap.mb). Raise taskmanager.heap.mb to at least 534",
    ),
    "unreadable heap": ({"taskmanager.heap.size": "1GiB"}, "1.20", "taskmanager.heap.size: '1GiB' is not a size"),
    "unreadable managed by its old name": (
        {f"{TM}process.size": "4g", f"{TM}size": "1GiB"},
        "2.3",
        "taskmanager.memory.size: '1GiB' is not a size",
    ),
}

# What is not read cannot be refused.
NOT_READ: dict[str, tuple[dict[str, t.Any], str]] = {
    "managed fraction beside size": ({f"{TM}managed.size": "1g", f"{TM}managed.fraction": "x"}, "2.3"),
    "network fraction beside buffers of 2.0": ({"taskmanager.network.numberOfBuffers": "x"}, "2.0"),
    "heap beside total Flink": ({f"{TM}flink.size": "3g", "taskmanager.heap.size": "x"}, "1.20"),
    "heap in 2.0": ({"taskmanager.heap.size": "x"}, "2.0"),
    "heap of the JobManager": ({"jobmanager.memory.heap.size": "x"}, "2.3"),
    "slots beside cores in 1.12": ({"taskmanager.numberOfTaskSlots": "x", "taskmanager.cpu.cores": 1}, "1.12"),
    "the old name beside the new": ({f"{TM}managed.size": "1g", f"{TM}size": "x"}, "2.3"),
    "external resources in 1.12": ({"external-resources": {"a": [{}]}}, "1.12"),
}

CORES: dict[str, tuple[dict[str, t.Any], str, str]] = {
    "one per slot": ({"taskmanager.numberOfTaskSlots": 3}, "2.3", "3.0"),
    "configured": ({"taskmanager.numberOfTaskSlots": 3, "taskmanager.cpu.cores": 2.5}, "2.3", "2.5"),
    "cut from 1.14 on": ({"taskmanager.cpu.cores": "0.1234567899"}, "1.14", "0.12345678"),
    "not cut before": ({"taskmanager.cpu.cores": "0.1234567899"}, "1.13", "0.1234567899"),
    "cut to nothing": ({"taskmanager.cpu.cores": "1e-9"}, "1.14", "0.0"),
    "many": ({"taskmanager.cpu.cores": "1e8"}, "2.3", "1.0E8"),
    "absurdly many": ({"taskmanager.cpu.cores": "1e300"}, "2.3", "1.0E300"),
}

# With the CPU cores set, any number of slots is accepted; a TaskManager of none does not start, and -1 means 1.
SLOTS = [
    ("1.12", 2, 2),
    ("1.12", "x", None),
    ("1.12", 0, None),
    ("2.3", 2, 2),
    ("2.3", 0, None),
    ("2.3", -1, 1),
    ("2.3", -2, None),
]


@pytest.mark.parametrize(("release", "options", "parts"), DERIVED.values(), ids=DERIVED)
def test_derived(release: str, options: dict[str, t.Any], parts: dict[str, int]) -> None:
    derived = memory(options, release)
    assert {name: derived[name] for name in parts} == parts


@pytest.mark.parametrize(("release", "config", "parts"), LEGACY.values(), ids=LEGACY)
def test_legacy(release: str, config: dict[str, t.Any], parts: dict[str, int]) -> None:
    derived = plan(config, release)["memory"]
    assert {name: derived[name] for name in parts} == parts


@pytest.mark.parametrize(("others", "key", "passes", "fails", "message"), EDGES.values(), ids=EDGES)
def test_edges(others: dict[str, t.Any], key: str, passes: t.Any, fails: t.Any, message: str) -> None:
    assert memory({**others, key: passes})
    with pytest.raises(FlinkError, match=re.escape(message)):
        memory({**others, key: fails})


@pytest.mark.parametrize(("config", "release", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(config: dict[str, t.Any], release: str, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        plan(config, release)


@pytest.mark.parametrize("slots", ["40%", "0,4"])
def test_no_decimals_are_advised_for_slots(slots: str) -> None:
    with pytest.raises(FlinkError, match=rf"a whole number such as 4, got '{slots}'\.$"):
        plan({f"{TM}process.size": "4g", "taskmanager.numberOfTaskSlots": slots}, "2.3")


@pytest.mark.parametrize("fraction", [1, 1.2, -0.5, 100, "NaN"])
def test_only_a_percentage_is_advised_on(fraction: t.Any) -> None:
    with pytest.raises(FlinkError, match=rf"not including, 1, got '?{fraction}'?\.$"):
        memory({"process.size": "4g", "managed.fraction": fraction})


@pytest.mark.parametrize(("config", "release"), NOT_READ.values(), ids=NOT_READ)
def test_what_is_not_read_is_not_refused(config: dict[str, t.Any], release: str) -> None:
    assert plan({f"{TM}process.size": "4g", **config}, release)


@pytest.mark.parametrize(("config", "release", "cores"), CORES.values(), ids=CORES)
def test_cores(config: dict[str, t.Any], release: str, cores: str) -> None:
    planned = plan({f"{TM}process.size": "4g", **config}, release)
    assert planned["dynamic_properties"]["taskmanager.cpu.cores"] == cores


def test_slot_shares() -> None:
    planned = plan({f"{TM}process.size": "1728m", "taskmanager.numberOfTaskSlots": 3}, "2.3")
    assert planned["slots"] == {
        "count": 3,
        "managed_memory": 178956973,
        "network_memory": 44739243,
        "task_heap": 134217724,
        "task_off_heap": 0,
    }


@pytest.mark.parametrize(("release", "slots", "count"), SLOTS)
def test_slots_beside_cores(release: str, slots: t.Any, count: int | None) -> None:
    config = {f"{TM}flink.size": "4g", "taskmanager.numberOfTaskSlots": slots, "taskmanager.cpu.cores": 1}
    planned = plan(config, release)["slots"]
    assert planned["count"] == count
    assert planned["task_off_heap"] == (None if count is None else 0)


def test_zero_is_a_size() -> None:
    nothing = dict.fromkeys(
        ("task.heap.size", "managed.size", "framework.heap.size", "framework.off-heap.size", "network.min"), 0
    )
    assert memory({**nothing, "jvm-metaspace.size": 0, "jvm-overhead.min": 0})["total_process"] == 0


SIZES = st.integers(1 * GIB, 200 * GIB)
FRACTIONS = st.floats(0, 0.6).map(repr)


@given(SIZES, SIZES, FRACTIONS, FRACTIONS, FRACTIONS, st.sampled_from(["1.10.0", "1.16", "2.3"]))
def test_more_process_memory_never_means_less_flink_memory(
    size: int, other: int, managed: str, network: str, overhead: str, release: str
) -> None:
    options = {"managed.fraction": managed, "network.fraction": network, "jvm-overhead.fraction": overhead}
    try:
        smaller, larger = (memory({"process.size": total, **options}, release) for total in sorted((size, other)))
    except FlinkError:
        reject()
    assert smaller["total_flink"] <= larger["total_flink"]
    assert all(smaller[part] <= larger[part] for part in ("managed", "network", "jvm_overhead"))


@given(st.integers(0, GIB), st.integers(0, GIB), st.integers(0, 2 * GIB))
def test_the_total_that_is_named_as_smallest_is_the_smallest(heap: int, managed: int, total: int) -> None:
    options = {"framework.heap.size": heap, "managed.size": managed}
    try:
        memory({"process.size": total, **options})
    except FlinkError as exc:
        (smallest,) = re.findall(r"Raise taskmanager.memory.process.size to at least ([0-9]+[mgt]), ", str(exc))
        enough = memory({"process.size": smallest, **options})["total_process"]
        assert total < enough
        with pytest.raises(FlinkError):
            memory({"process.size": enough - MIB, **options})
