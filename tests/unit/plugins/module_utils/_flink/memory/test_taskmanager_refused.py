# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import TM
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.memory.taskmanagers import (
    BUFFERS,
    NETWORK,
    memory,
)

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
    "one of two parts": (
        {f"{TM}task.heap.size": "1g"},
        "2.3",
        (
            "taskmanager.memory.managed.size is missing beside taskmanager.memory.task.heap.size. Set "
            "taskmanager.memory.process.size to"
        ),
    ),
    "the other of two parts": (
        {f"{TM}managed.size": "512m"},
        "2.3",
        (
            "taskmanager.memory.task.heap.size is missing beside taskmanager.memory.managed.size. Flink's own "
            "configuration file sets taskmanager.memory.process.size to 1728m."
        ),
    ),
    "only another process": ({"jobmanager.memory.process.size": "1g"}, "2.3", "No memory is configured"),
    "only what 2.0 ignores": (
        {"taskmanager.heap.size": "1g"},
        "2.0",
        (
            "silently ignores taskmanager.heap.size, which was removed in 2.0. Set taskmanager.memory.flink.size to "
            "1g instead."
        ),
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
            "taskmanager.memory.process.size to at least 1152m (Flink accepts 982m, with a task heap of 409.5k"
        ),
    ),
    "no total is large enough": (
        {f"{TM}flink.size": "1m", f"{TM}process.size": "1m"},
        "2.3",
        "Set taskmanager.memory.flink.size to 704m and taskmanager.memory.process.size to 1152m",
    ),
    "network.min beyond the default of 1.16": (
        {f"{TM}process.size": "4g", f"{NETWORK}.min": "2g"},
        "1.16",
        (
            "taskmanager.memory.network.min (2g) is more than taskmanager.memory.network.max (1g, the default of "
            "Flink 1.16). Remove taskmanager.memory.network.min, and network memory will be 343.0m "
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
        "taskmanager.network.numberOfBuffers: expected a whole number of at least 0, got -1.",
    ),
    "buffers that are no number": (
        {f"{TM}process.size": "4g", "taskmanager.network.numberOfBuffers": "many"},
        "1.20",
        "taskmanager.network.numberOfBuffers: expected a whole number such as 4, got 'many'.",
    ),
    "small segments": (
        {f"{TM}process.size": "4g", f"{TM}segment-size": "2k", **BUFFERS},
        "1.20",
        "taskmanager.memory.segment-size: expected a power of two from 4k to 1g, got 2k. Write 32k.",
    ),
    "odd segments": (
        {f"{TM}process.size": "4g", f"{TM}segment-size": "33k", **BUFFERS},
        "1.20",
        "expected a power of two from 4k to 1g, got 33k.",
    ),
    "large segments": (
        {f"{TM}process.size": "4g", f"{TM}segment-size": "2g", **BUFFERS},
        "1.20",
        "expected a power of two from 4k to 1g, got 2g.",
    ),
    "no slots": (
        {f"{TM}process.size": "4g", "taskmanager.numberOfTaskSlots": 0},
        "2.3",
        "taskmanager.numberOfTaskSlots: expected a whole number of at least 1, got 0. Write 1.",
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
        "taskmanager.cpu.cores: expected a number above 0, got 0.0. Remove it to have one core per slot.",
    ),
    "negative cores": ({f"{TM}process.size": "4g", "taskmanager.cpu.cores": -1.5}, "2.3", "above 0, got -1.5"),
    "cores without end": (
        {f"{TM}process.size": "4g", "taskmanager.cpu.cores": "Infinity"},
        "2.3",
        "expected a number above 0",
    ),
    "cores that are no number": (
        {f"{TM}process.size": "4g", "taskmanager.cpu.cores": "NaN"},
        "2.3",
        "expected a number above 0",
    ),
    "negative megabytes": (
        {"taskmanager.heap.mb": -1},
        "1.20",
        "taskmanager.heap.mb: expected a whole number of at least 0, got -1. Set taskmanager.memory.flink.size ",
    ),
    "megabytes with a unit": (
        {"taskmanager.heap.mb": "1024m"},
        "1.20",
        "taskmanager.heap.mb: expected a whole number such as 4, got '1024m'. Write 1024.",
    ),
    "few megabytes": (
        {"taskmanager.heap.mb": 300},
        "1.20",
        "total Flink memory of 300m (taskmanager.heap.mb). Raise taskmanager.heap.mb to at least 704 (Flink",
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
    "the old name beside the new": ({f"{TM}managed.size": "1g", f"{TM}size": "x"}, "2.3"),
    "external resources in 1.12": ({"external-resources": {"a": [{}]}}, "1.12"),
}


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
    with pytest.raises(FlinkError, match=rf"less than 1, got '?{fraction}'?\.$"):
        memory({"process.size": "4g", "managed.fraction": fraction})


@pytest.mark.parametrize(("config", "release"), NOT_READ.values(), ids=NOT_READ)
def test_what_is_not_read_is_not_refused(config: dict[str, t.Any], release: str) -> None:
    assert plan({f"{TM}process.size": "4g", **config}, release)
