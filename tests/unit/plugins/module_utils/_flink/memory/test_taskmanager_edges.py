# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.memory.taskmanagers import (
    memory,
)

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
            "taskmanager.memory.process.size to at least 1152m (Flink accepts 982m, with a task heap of 409.5k"
        ),
    ),
    "process: no metaspace left": (
        {"framework.heap.size": 0, "framework.off-heap.size": 0, "network.min": 0},
        "process.size",
        "454m",
        469762047,
        "JVM metaspace 256m + JVM overhead 192m = 448m, which does not fit into the total process memory of 447.9m",
    ),
    "flink: parts fit exactly": (
        {"managed.size": "1g", "network.max": "64m"},
        "flink.size",
        "1344m",
        "1343m",
        "Raise taskmanager.memory.flink.size to at least 1408m (Flink accepts 1344m, with a task heap of 0b), or ",
    ),
    "network at its minimum": (
        PARTS,
        "managed.size",
        2885681152,
        2885681153,
        (
            "The other options leave 63.9m (67108863 bytes) of 4g (taskmanager.memory.flink.size) for network, but "
            "taskmanager.memory.network.min asks for at least 64m. Raise taskmanager.memory.flink.size to at least "
            "4352m (Flink accepts 4097m, with a task heap of 1g), or remove"
        ),
    ),
    "network at its maximum": (
        {**PARTS, "network.max": "1g"},
        "managed.size",
        1879048192,
        1879048191,
        "for network, but taskmanager.memory.network.max allows at most 1g. Remove",
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
        "for JVM overhead, but taskmanager.memory.jvm-overhead.max allows at most 1g. Remove taskmanager.memory.flink",
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
        "taskmanager.memory.managed.fraction: expected a fraction of at least 0 and less than 1, got '1.0'.",
    ),
    "network fraction": (
        {"task.heap.size": 0, "managed.size": 0},
        "network.fraction",
        "0.99999997",
        "0.99999998",
        "taskmanager.memory.network.fraction: expected a fraction of at least 0 and less than 1",
    ),
    "negative fraction": (
        {"process.size": "4g"},
        "jvm-overhead.fraction",
        "-0.0",
        "-1e-9",
        "taskmanager.memory.jvm-overhead.fraction: expected a fraction of at least 0 and less than 1",
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
        "taskmanager.memory.managed.fraction: expected a fraction",
    ),
    "fraction without end": (
        {"process.size": "4g"},
        "network.fraction",
        0,
        "Infinity",
        "taskmanager.memory.network.fraction: expected a fraction",
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
            "(1g). Remove taskmanager.memory.network.m"
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


@pytest.mark.parametrize(("others", "key", "passes", "fails", "message"), EDGES.values(), ids=EDGES)
def test_edges(others: dict[str, t.Any], key: str, passes: t.Any, fails: t.Any, message: str) -> None:
    assert memory({**others, key: passes})
    with pytest.raises(FlinkError, match=re.escape(message)):
        memory({**others, key: fails})


@given(st.integers(2 * MIB, GIB), st.integers(0, GIB), st.integers(0, 2 * GIB))
def test_the_total_that_is_named_as_smallest_is_the_smallest(heap: int, managed: int, total: int) -> None:
    options = {"framework.heap.size": heap, "managed.size": managed}
    try:
        memory({"process.size": f"{total}b", **options})
    except FlinkError as exc:
        (clean,) = re.findall(r"Raise taskmanager.memory.process.size to at least ([0-9]+[mgt])", str(exc))
        smallest = next(iter(re.findall(r"\(Flink accepts ([0-9]+[mgt]), ", str(exc))), clean)
        enough = memory({"process.size": smallest, **options})["total_process"]
        assert total < enough
        with pytest.raises(FlinkError):
            memory({"process.size": enough - MIB, **options})
