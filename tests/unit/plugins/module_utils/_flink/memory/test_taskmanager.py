# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.memory.taskmanagers import (
    BUFFERS,
    NETWORK,
    memory,
)

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
    ("2.3", 2, 2),
    ("2.3", -1, 1),
]


@pytest.mark.parametrize(("release", "options", "parts"), DERIVED.values(), ids=DERIVED)
def test_derived(release: str, options: dict[str, t.Any], parts: dict[str, int]) -> None:
    derived = memory(options, release)
    assert {name: derived[name] for name in parts} == parts


@pytest.mark.parametrize(("release", "config", "parts"), LEGACY.values(), ids=LEGACY)
def test_legacy(release: str, config: dict[str, t.Any], parts: dict[str, int]) -> None:
    derived = plan(config, release)["memory"]
    assert {name: derived[name] for name in parts} == parts


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
def test_slots_beside_cores(release: str, slots: t.Any, count: int) -> None:
    config = {f"{TM}flink.size": "4g", "taskmanager.numberOfTaskSlots": slots, "taskmanager.cpu.cores": 1}
    planned = plan(config, release)["slots"]
    assert planned["count"] == count
    assert planned["task_off_heap"] == 0


def test_zero_is_a_size() -> None:
    nothing = dict.fromkeys(
        ("task.heap.size", "managed.size", "framework.heap.size", "framework.off-heap.size", "network.min"), 0
    )
    sizes = {**nothing, "framework.heap.size": "2m", "jvm-metaspace.size": 1, "jvm-overhead.min": 0}
    assert memory({**sizes, "jvm-overhead.fraction": 0, "network.fraction": 0})["total_process"] == 2 * 2**20 + 1


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
