# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.memory_for import memory_for
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB, to_bytes
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

# Release, needs, the total process size, and the options that give it besides.
SITUATIONS: dict[str, tuple[str, dict[str, t.Any], str, dict[str, t.Any]]] = {
    "a task heap": ("2.3", {"task_heap": "1g"}, "3280877841", {"taskmanager.numberOfTaskSlots": 1}),
    "as many slots": (
        "2.3",
        {"slots": 4, "task_heap_per_slot": "512m", "managed_per_slot": "1g"},
        "8583306582",
        {"taskmanager.numberOfTaskSlots": 4, f"{TM}managed.size": "4g"},
    ),
    "numbers as texts": (
        "2.3",
        {"slots": "4", "task_heap": "1073741824", "parallelism": "4", "exchanges": "1", "jobs": "1"},
        "2908050802",
        {
            "taskmanager.numberOfTaskSlots": 4,
            f"{TM}network.min": "64m",
            f"{TM}network.max": "64m",
            f"{TM}jvm-metaspace.size": "256m",
        },
    ),
    "no managed memory": (
        "1.20",
        {"task_heap": "1g", "managed": 0, "network": "64m"},
        "1792m",
        {
            "taskmanager.numberOfTaskSlots": 1,
            f"{TM}network.min": "64m",
            f"{TM}network.max": "64m",
            f"{TM}managed.size": "0",
        },
    ),
    "a default of an older release": (
        "1.10.0",
        {"task_heap": "1g", "managed": 0, "network": "64m"},
        "1632m",
        {
            "taskmanager.numberOfTaskSlots": 1,
            f"{TM}network.min": "64m",
            f"{TM}network.max": "64m",
            f"{TM}managed.size": "0",
        },
    ),
    "a share that does not divide": (
        "2.3",
        {"slots": 3, "task_heap_per_slot": 333333333, "managed_per_slot": 111111111},
        "2275753954",
        {"taskmanager.numberOfTaskSlots": 3, f"{TM}managed.size": "333333333"},
    ),
    "no more network than the minimum": (
        "2.3",
        {"slots": 2, "task_heap": "1g", "parallelism": 100},
        "2908050802",
        {"taskmanager.numberOfTaskSlots": 2, f"{TM}network.min": "64m", f"{TM}network.max": "64m"},
    ),
    "network of a wide job": (
        "2.3",
        {"slots": 8, "task_heap": "6g", "managed": 0, "parallelism": 200, "exchanges": 3},
        "8280837702",
        {
            "taskmanager.numberOfTaskSlots": 8,
            f"{TM}network.min": "462336k",
            f"{TM}network.max": "462336k",
            f"{TM}managed.size": "0",
        },
    ),
    "network of a wide job in 1.10": (
        "1.10",
        {"slots": 8, "task_heap": "6g", "managed": 0, "parallelism": 200, "exchanges": 3},
        "8279963889",
        {
            "taskmanager.numberOfTaskSlots": 8,
            f"{TM}network.min": "461568k",
            f"{TM}network.max": "461568k",
            f"{TM}managed.size": "0",
        },
    ),
    "fewer subtasks than slots": (
        "2.3",
        {"slots": 8, "task_heap": "1g", "managed": 0, "parallelism": 2, "exchanges": 2000},
        "2954654155",
        {
            "taskmanager.numberOfTaskSlots": 8,
            f"{TM}network.min": "1000m",
            f"{TM}network.max": "1000m",
            f"{TM}managed.size": "0",
        },
    ),
    "larger buffers": (
        "2.3",
        {"task_heap": "1g", "managed": 0, "parallelism": 1000, "config": {f"{TM}segment-size": "64k"}},
        "1961600k",
        {
            "taskmanager.numberOfTaskSlots": 1,
            f"{TM}network.min": "192128k",
            f"{TM}network.max": "192128k",
            f"{TM}managed.size": "0",
        },
    ),
    "few jobs": (
        "2.3",
        {"task_heap": "1g", "managed": 0, "network": "64m", "jobs": 10},
        "1792m",
        {
            "taskmanager.numberOfTaskSlots": 1,
            f"{TM}network.min": "64m",
            f"{TM}network.max": "64m",
            f"{TM}managed.size": "0",
            f"{TM}jvm-metaspace.size": "256m",
        },
    ),
    "many jobs": (
        "2.3",
        {"task_heap": "1g", "managed": 0, "network": "64m", "jobs": 40},
        "2479299701",
        {
            "taskmanager.numberOfTaskSlots": 1,
            f"{TM}network.min": "64m",
            f"{TM}network.max": "64m",
            f"{TM}managed.size": "0",
            f"{TM}jvm-metaspace.size": "784m",
        },
    ),
    "off-heap": (
        "2.3",
        {"task_heap": "1g", "task_off_heap": "512m", "metaspace": "300m"},
        "4525188049",
        {"taskmanager.numberOfTaskSlots": 1, f"{TM}task.off-heap.size": "512m", f"{TM}jvm-metaspace.size": "300m"},
    ),
    "further options": (
        "2.3",
        {"task_heap": "1g", "config": {f"{TM}managed.fraction": 0.1, f"{TM}jvm-overhead.min": "1g", "a": 1}},
        "3019898884",
        {"taskmanager.numberOfTaskSlots": 1},
    ),
    "all but unlimited network": ("1.16", {"task_heap": "16g"}, "32212255026", {"taskmanager.numberOfTaskSlots": 1}),
    "unlimited network": ("1.17", {"task_heap": "16g"}, "36238787077", {"taskmanager.numberOfTaskSlots": 1}),
    "JobManager": ("2.3", {"process": "jobmanager", "heap": "1g"}, "1600m", {}),
    "JobManager of another size": (
        "1.11",
        {"process": "jobmanager", "heap": "4g", "off_heap": "512m", "metaspace": "512m"},
        "5965232365",
        {"jobmanager.memory.off-heap.size": "512m", "jobmanager.memory.jvm-metaspace.size": "512m"},
    ),
}

REFUSED: dict[str, tuple[t.Any, str]] = {
    "no mapping": ("1g", "needs: expected a mapping such as {'task_heap': '1g'}, not text."),
    "nothing": ({}, "needs: task_heap: expected a size above 0 such as 1g, got none."),
    "no heap": ({"task_heap": 0}, "needs: task_heap: expected a size above 0"),
    "no heap in a slot": ({"task_heap_per_slot": "0", "slots": 2}, "needs: task_heap: expected a size above 0"),
    "no heap of a JobManager": ({"process": "jobmanager"}, "needs: heap: expected a size above 0"),
    "null": ({"task_heap": None}, "needs: task_heap: expected a size above 0"),
    "process": (
        {"process": "local"},
        "needs: process: expected one of taskmanager, jobmanager, got 'local'.",
    ),
    "no process": ({"process": []}, "needs: process: expected one of taskmanager, jobmanager, got a list."),
    "misspelt": (
        {"task_heap_per_slots": "1g"},
        "needs: task_heap_per_slots is not a need of a taskmanager. Did you mean task_heap_per_slot?",
    ),
    "of the other process": (
        {"process": "jobmanager", "slots": 2},
        ("needs: slots is not a need of a jobmanager. Its needs are process, heap, off_heap, metaspace, config."),
    ),
    "no key": ({1: 2}, "needs: a whole number is not a need of a taskmanager."),
    "two heaps": (
        {"task_heap": "1g", "task_heap_per_slot": "1g"},
        "needs: task_heap and task_heap_per_slot say the same in two ways. Keep one of them.",
    ),
    "managed memory twice": (
        {"task_heap": "1g", "managed": 0, "managed_per_slot": 0},
        "needs: managed and managed_per_",
    ),
    "two networks": (
        {"task_heap": "1g", "network": 0, "parallelism": 1},
        "needs: network and parallelism say the same",
    ),
    "two metaspaces": ({"task_heap": "1g", "metaspace": 0, "jobs": 1}, "needs: metaspace and jobs say the same"),
    "exchanges of nothing": (
        {"task_heap": "1g", "exchanges": 2},
        "needs: exchanges counts only with parallelism. Give parallelism too, or remove it.",
    ),
    "no size": ({"task_heap": "1GiB"}, "needs: task_heap: '1GiB' is not a size: Flink reads"),
    "no size of a JobManager": ({"process": "jobmanager", "heap": 1.5}, "needs: heap: expected a size such as 4g"),
    "no slots": ({"task_heap": "1g", "slots": 0}, "needs: slots: expected a whole number of at least 1, got 0."),
    "no number": (
        {"task_heap": "1g", "slots": "two"},
        "needs: slots: expected a whole number of at least 1, got 'two'.",
    ),
    "a boolean": (
        {"task_heap": "1g", "jobs": True},
        "needs: jobs: expected a whole number of at least 1, got a boolean.",
    ),
    "a huge number": ({"task_heap": "1g", "jobs": 10**30}, "needs: jobs: expected a whole number of at least 1, got"),
    "config": ({"task_heap": "1g", "config": "x"}, "config: expected a mapping of Flink options"),
    "a total": (
        {"task_heap": "1g", "config": {f"{TM}process.size": "4g"}},
        f"needs: config: {TM}process.size is a total, and the total is the result. Remove it.",
    ),
    "an old total": (
        {"task_heap": "1g", "config": {"taskmanager.heap.size": "4g"}},
        "needs: config: taskmanager.heap.size is a total",
    ),
    "an option that is a need": (
        {"task_heap": "1g", "config": {"taskmanager": {"numberOfTaskSlots": 4}}},
        "needs: config: taskmanager.numberOfTaskSlots is one of the needs. Give it as slots.",
    ),
    "an old name of a need": (
        {"task_heap": "1g", "config": {f"{TM}size": "4g"}},
        f"needs: config: {TM}size is one of the needs. Give it as managed.",
    ),
    "a fraction beside the size": (
        {"task_heap": "1g", "managed_per_slot": 0, "config": {f"{TM}managed.fraction": 0.2}},
        f"needs: config: {TM}managed.fraction cannot be combined with the need managed_per_slot. Remove one of them.",
    ),
    "a range beside the parallelism": (
        {"task_heap": "1g", "parallelism": 1, "config": {"taskmanager.network.memory.min": "4m"}},
        "needs: config: taskmanager.network.memory.min cannot be combined with the need parallelism.",
    ),
    "fractions that take all": (
        {"task_heap": "1g", "config": {f"{TM}managed.fraction": 0.9, f"{TM}network.fraction": 0.2}},
        f"needs: config: {TM}managed.fraction and {TM}network.fraction add up to more than 1. Lower one of them.",
    ),
    "fractions that leave nothing": (
        {"task_heap": "1g", "config": {f"{TM}managed.fraction": 0.5, f"{TM}network.fraction": 0.5}},
        "needs: no reasonable total process size leaves 1g of heap after the other parts.",
    ),
    "more than there is": ({"task_heap": 2**63 - 1, "managed": 0}, "needs: no reasonable total process size leaves"),
    "more slots than there is": ({"task_heap": "1g", "slots": 1000, "managed_per_slot": "8388607t"}, "is too large"),
    "a bad option": (
        {"task_heap": "1g", "config": {f"{TM}jvm-overhead.fraction": 1}},
        f"{TM}jvm-overhead.fraction: expected",
    ),
    "an option that the process refuses": (
        {"task_heap": "1g", "config": {"taskmanager.cpu.cores": 0}},
        "taskmanager.cpu.cores: expected a number above 0",
    ),
}

SIZES = st.integers(1, 4 * GIB) | st.integers(1, 4096).map(lambda count: f"{count}m")
MAYBE = st.none() | st.just(0) | SIZES
METASPACES = MAYBE.filter(lambda size: size is None or to_bytes(size) > 0)
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        f"{TM}framework.heap.size": SIZES.filter(lambda size: to_bytes(size) >= 2 * MIB),
        f"{TM}jvm-overhead.fraction": st.integers(0, 60).map(lambda percent: percent / 100),
        f"{TM}jvm-overhead.max": st.just("8g"),
    },
)
NETWORKS: st.SearchStrategy[dict[str, t.Any]] = st.one_of(
    st.just({}),
    SIZES.map(lambda size: {"network": size}),
    st.tuples(st.integers(1, 500), st.integers(1, 4)).map(lambda job: {"parallelism": job[0], "exchanges": job[1]}),
)
# They never take all together.
FRACTIONS = st.fixed_dictionaries(
    {},
    optional={
        f"{TM}managed.fraction": st.integers(0, 60).map(lambda percent: percent / 100),
        f"{TM}network.fraction": st.integers(0, 35).map(lambda percent: percent / 100),
    },
)


def is_enough(needs: dict[str, t.Any], planned: t.Mapping[str, t.Any]) -> bool:
    """Whether a plan gives what the needs ask for in sizes."""
    memory, slots = planned["memory"], needs.get("slots", 1)
    return all(
        memory[part] >= to_bytes(needs[f"{name}{suffix}"]) * count
        for part, name in (
            ("task_heap", "task_heap"),
            ("task_off_heap", "task_off_heap"),
            ("managed", "managed"),
            ("network", "network"),
            ("jvm_metaspace", "metaspace"),
        )
        for suffix, count in (("", 1), ("_per_slot", slots))
        if needs.get(f"{name}{suffix}") is not None
    )


@pytest.mark.parametrize(("release", "needs", "size", "beside"), SITUATIONS.values(), ids=SITUATIONS)
def test_situations(release: str, needs: dict[str, t.Any], size: str, beside: dict[str, t.Any]) -> None:
    found = memory_for(needs, release)
    process = needs.get("process", "taskmanager")
    planned = plan(found["config"], release, process)
    key = f"{process}.memory.process.size"
    assert found["process_size"] == size
    assert found["config"] == {**needs.get("config", {}), key: size, **beside}
    assert found["total_process"] == to_bytes(size) == planned["memory"]["total_process"]
    assert (found["memory"], found["notes"]) == (planned["memory"], planned["notes"])


@pytest.mark.parametrize(("needs", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.usefixtures("prompt")
def test_refused(needs: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        memory_for(needs, "1.20")


def test_releases_are_checked() -> None:
    with pytest.raises(FlinkError, match=re.escape("Flink 1.9 is not supported")):
        memory_for({"task_heap": "1g"}, "1.9")
    with pytest.raises(FlinkError, match=re.escape("1.10 plans only the heap of a JobManager. Set jobm")):
        memory_for({"process": "jobmanager", "heap": "1g"}, "1.10")


def test_old_names_are_ignored_where_flink_ignores_them() -> None:
    (note,) = memory_for({"task_heap": "1g", "config": {"taskmanager.heap.size": "4g"}}, "2.3")["notes"]
    assert note["code"] == "ignored-key"


@settings(max_examples=100)
@given(
    release=st.sampled_from(LINES),
    slots=st.integers(1, 7),
    heap=st.tuples(st.sampled_from(["task_heap", "task_heap_per_slot"]), SIZES),
    managed=st.tuples(st.sampled_from(["managed", "managed_per_slot"]), MAYBE),
    network=NETWORKS,
    off_heap=MAYBE,
    metaspace=METASPACES,
    config=CONFIGS,
    fractions=FRACTIONS,
)
def test_nothing_smaller_gives_every_need(
    release: str,
    slots: int,
    heap: tuple[str, t.Any],
    managed: tuple[str, t.Any],
    network: dict[str, t.Any],
    off_heap: t.Any,
    metaspace: t.Any,
    config: dict[str, t.Any],
    fractions: dict[str, t.Any],
) -> None:
    if managed[1] is not None:
        fractions = {key: value for key, value in fractions.items() if "managed" not in key}
    if network:
        fractions = {key: value for key, value in fractions.items() if "network" not in key}
    needs = {
        "slots": slots,
        **dict([heap, managed]),
        **network,
        "task_off_heap": off_heap,
        "metaspace": metaspace,
        "config": {**config, **fractions},
    }
    found = memory_for(needs, release)
    assert is_enough(needs, plan(found["config"], release))
    for less in range(1, 20):
        config = {**found["config"], f"{TM}process.size": found["total_process"] - less}
        try:
            planned = plan(config, release)
        except FlinkError:
            continue
        assert not is_enough(needs, planned)


@given(
    release=st.sampled_from(LINES[1:]),
    heap=SIZES.filter(lambda size: to_bytes(size) >= 2 * MIB),
    off_heap=MAYBE,
    metaspace=METASPACES,
    percent=st.integers(0, 90),
)
def test_nothing_smaller_is_a_jobmanager_with_this_heap(
    release: str, heap: t.Any, off_heap: t.Any, metaspace: t.Any, percent: int
) -> None:
    config = {f"{JM}jvm-overhead.fraction": percent / 100, f"{JM}jvm-overhead.min": 0, f"{JM}jvm-overhead.max": "64g"}
    needs = {"process": "jobmanager", "heap": heap, "off_heap": off_heap, "metaspace": metaspace, "config": config}
    found = memory_for(needs, release)
    enough: t.Any = plan(found["config"], release, "jobmanager")["memory"]["jvm_heap"]
    assert enough >= to_bytes(heap)
    less = {**found["config"], f"{JM}process.size": found["total_process"] - 1}
    try:
        too_small: t.Any = plan(less, release, "jobmanager")["memory"]["jvm_heap"]
    except FlinkError:
        return
    assert too_small < to_bytes(heap)


@settings(max_examples=20)
@given(st.sampled_from(LINES), st.integers(1, 500), st.integers(0, 90), st.integers(0, 10))
def test_the_smallest_of_all_small_ones(release: str, heap: int, managed: int, network: int) -> None:
    config = {
        f"{TM}framework.heap.size": "2m",
        f"{TM}framework.off-heap.size": 0,
        f"{TM}jvm-overhead.min": 0,
        f"{TM}network.min": 0,
        f"{TM}managed.fraction": managed / 100,
        f"{TM}network.fraction": network / 101,
    }
    needs = {"task_heap": heap, "metaspace": 1, "config": config}
    found = memory_for(needs, release)
    for total in range(found["total_process"] - 30, found["total_process"]):
        try:
            too_small: t.Any = plan({**found["config"], f"{TM}process.size": total}, release)["memory"]["task_heap"]
        except FlinkError:
            continue
        assert too_small < heap


@given(
    st.sampled_from(LINES),
    st.fixed_dictionaries({name: st.integers(0, GIB) for name in ("task_heap", "task_off_heap", "metaspace")}),
    st.fixed_dictionaries({}, optional={name: st.integers(0, GIB) for name in ("managed", "network")}),
    st.sampled_from(["task_heap", "task_off_heap", "metaspace", "managed", "network"]),
    st.integers(1, GIB),
)
def test_more_needs_never_take_less(
    release: str, needs: dict[str, int], optional: dict[str, int], name: str, more: int
) -> None:
    needs = {**needs, "task_heap": needs["task_heap"] + 1, "metaspace": needs["metaspace"] + 1, **optional}
    larger = {**needs, name: needs[name] + more} if name in needs else needs
    assert memory_for(larger, release)["total_process"] >= memory_for(needs, release)["total_process"]
