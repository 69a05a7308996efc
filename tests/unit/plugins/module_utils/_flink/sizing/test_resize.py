# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.resize import resize
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB, to_bytes
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

PROCESS = {f"{TM}process.size": "4g"}
# What 4g without any other option has in 1.17 and newer.
MANAGED, NETWORK, OVERHEAD = "1438814063", "359703515", "429496736"

# Release, process, options, targets, and the options that change.
SITUATIONS: dict[str, tuple[str, str, dict[str, t.Any], dict[str, str], dict[str, t.Any]]] = {
    "a little more metaspace raises the total, whose fractions grow by a little": (
        "2.3",
        "taskmanager",
        PROCESS,
        {"jvm_metaspace": "320m"},
        {f"{TM}jvm-metaspace.size": "320m", f"{TM}process.size": "4168m"},
    ),
    "more task heap never sets the task heap under a total, for then network would take the rest": (
        "2.3",
        "taskmanager",
        PROCESS,
        {"task_heap": "2g"},
        {f"{TM}managed.size": MANAGED, f"{TM}jvm-overhead.max": OVERHEAD, f"{TM}process.size": "4751m"},
    ),
    "less task heap holds all that would shrink with the total": (
        "2.3",
        "taskmanager",
        PROCESS,
        {"task_heap": "1200m"},
        {
            f"{TM}managed.size": MANAGED,
            f"{TM}network.min": NETWORK,
            f"{TM}jvm-overhead.min": OVERHEAD,
            f"{TM}process.size": "4023176426",
        },
    ),
    "no managed memory frees all of it": (
        "2.3",
        "taskmanager",
        PROCESS,
        {"managed": "0"},
        {
            f"{TM}managed.size": "0",
            f"{TM}network.min": NETWORK,
            f"{TM}jvm-overhead.min": OVERHEAD,
            f"{TM}process.size": str(4 * GIB - int(MANAGED)),
        },
    ),
    "less network sets its maximum alone": (
        "2.3",
        "taskmanager",
        {**PROCESS, f"{TM}managed.size": "1g", f"{TM}jvm-overhead.min": "400m", f"{TM}jvm-overhead.max": "400m"},
        {"network": "128m"},
        {f"{TM}network.max": "128m", f"{TM}process.size": "4068474875"},
    ),
    "less network lowers the minimum that decides": (
        "1.16",
        "taskmanager",
        {f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g", f"{TM}network.min": "512m", f"{TM}network.max": "1g"},
        {"network": "358m"},
        {f"{TM}network.min": "358m", f"{TM}jvm-overhead.min": "357913947"},
    ),
    "a heap that is set stays an option, and network its remainder": (
        "1.20",
        "taskmanager",
        {f"{TM}flink.size": "4g", f"{TM}task.heap.size": "1g", f"{TM}managed.size": "2g", f"{TM}network.max": "1g"},
        {"task_heap": "2g"},
        {f"{TM}task.heap.size": "2g", f"{TM}flink.size": "5g"},
    ),
    "both totals grow, and overhead remains what they leave": (
        "1.20",
        "taskmanager",
        {f"{TM}flink.size": "4g", f"{TM}process.size": "5g"},
        {"jvm_metaspace": "512m"},
        {f"{TM}jvm-metaspace.size": "512m", f"{TM}process.size": "5376m"},
    ),
    "a heap of older releases keeps its name": (
        "1.12",
        "taskmanager",
        {"taskmanager.heap.size": "4g", "taskmanager.memory.size": "1g"},
        {"managed": "2g"},
        {"taskmanager.memory.size": "2g", "taskmanager.heap.size": "5234m", f"{TM}jvm-overhead.max": "507044758"},
    ),
    "a heap in whole megabytes gives way to its successor": (
        "1.12",
        "jobmanager",
        {"jobmanager.heap.mb": "1600"},
        {"jvm_heap": "2g"},
        {"jobmanager.heap.mb": None, f"{JM}heap.size": "2g"},
    ),
    "buffers that are counted stay counted": (
        "1.10",
        "taskmanager",
        {"taskmanager.heap.size": "4g", f"{TM}managed.size": "1g", "taskmanager.network.numberOfBuffers": 4096},
        {"network": str(200 * MIB + 5)},
        {"taskmanager.network.numberOfBuffers": 6401, "taskmanager.heap.size": "4268064k"},
    ),
    "a JobManager's heap is what its total leaves": (
        "2.3",
        "jobmanager",
        {f"{JM}process.size": "1600m"},
        {"jvm_heap": "2g"},
        {f"{JM}process.size": "2703m"},
    ),
    "a smaller heap of a JobManager, whose overhead is at its minimum": (
        "2.3",
        "jobmanager",
        {f"{JM}process.size": "1600m"},
        {"jvm_heap": "800m"},
        {f"{JM}process.size": "1376m"},
    ),
    "the start script of 1.10 sizes a heap": (
        "1.10",
        "jobmanager",
        {"jobmanager.heap.size": "1024m"},
        {"jvm_heap": str(2 * GIB - 1)},
        {"jobmanager.heap.size": "2048m"},
    ),
    "the same in megabytes": (
        "1.10",
        "jobmanager",
        {"jobmanager.heap.mb": "1024"},
        {"jvm_heap": "2g"},
        {"jobmanager.heap.mb": "2048"},
    ),
    "what is so already needs nothing": ("2.3", "taskmanager", PROCESS, {"jvm_metaspace": "256m"}, {}),
}


@pytest.mark.parametrize(("release", "process", "config", "targets", "changes"), SITUATIONS.values(), ids=SITUATIONS)
def test_situation(
    release: str, process: str, config: dict[str, t.Any], targets: dict[str, str], changes: dict[str, t.Any]
) -> None:
    resized = resize(config, release, process, {name: to_bytes(size) for name, size in targets.items()})
    assert resized.changes == changes
    assert resized.after == plan(resized.config, release, process)["memory"]


REFUSED: dict[str, tuple[str, str, dict[str, t.Any], dict[str, int], str]] = {
    "a metaspace of the JobManager of 1.10": (
        "1.10",
        "jobmanager",
        {"jobmanager.heap.size": "1g"},
        {"jvm_metaspace": GIB},
        (
            "Flink 1.10 sizes only the heap of a JobManager: no option sets its JVM metaspace. Upgrade to 1.11 or "
            "newer, or leave it."
        ),
    ),
    "a component of the other process": (
        "2.3",
        "jobmanager",
        {f"{JM}process.size": "1600m"},
        {"network": GIB},
        "targets: a jobmanager has no network. Its components are jvm_heap, off_heap, jvm_metaspace, jvm_overhead.",
    ),
    "more than there are bytes": (
        "2.3",
        "taskmanager",
        PROCESS,
        {"task_heap": 2**63 - 1},
        (
            "No options were found that set task heap to 8388607.9t (9223372036854775807 bytes) and leave the rest "
            "as it is."
        ),
    ),
}


@pytest.mark.parametrize(("release", "process", "config", "targets", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(release: str, process: str, config: dict[str, t.Any], targets: dict[str, int], message: str) -> None:
    with pytest.raises(FlinkError) as raised:
        resize(config, release, process, targets)
    assert str(raised.value) == message


SIZES = st.integers(1, 100).map(lambda size: f"{size * 32}m") | st.integers(64 * MIB, 4 * GIB)
TOTALS = st.integers(20, 200).map(lambda size: f"{size * 100}m") | st.integers(2 * GIB, 20 * GIB)
FRACTIONS = st.sampled_from([0.05, 0.1, 0.25, 0.333])


def ways(*those: dict[str, st.SearchStrategy[t.Any]]) -> st.SearchStrategy[dict[str, t.Any]]:
    return st.one_of([st.fixed_dictionaries(way) for way in those])


CONFIGS = {
    "taskmanager": (
        ways(
            {f"{TM}process.size": TOTALS},
            {f"{TM}flink.size": TOTALS},
            {"taskmanager.heap.size": TOTALS},
            {"taskmanager.heap.mb": st.integers(2000, 9000)},
            {f"{TM}task.heap.size": SIZES, f"{TM}managed.size": SIZES},
            {f"{TM}process.size": TOTALS, f"{TM}task.heap.size": SIZES, f"{TM}network.max": st.just("16g")},
            {f"{TM}flink.size": TOTALS, f"{TM}task.heap.size": SIZES, f"{TM}network.max": st.just("16g")},
            {f"{TM}flink.size": st.just("4g"), f"{TM}process.size": st.integers(4700, 5000).map("{}m".format)},
        ),
        {
            f"{TM}managed.size": SIZES,
            f"{TM}managed.fraction": FRACTIONS,
            "taskmanager.network.memory.min": st.sampled_from(["32m", "64m", "512m"]),
            f"{TM}network.fraction": FRACTIONS,
            "taskmanager.network.numberOfBuffers": st.integers(1000, 9000),
            f"{TM}jvm-metaspace.size": SIZES,
            f"{TM}jvm-overhead.min": st.sampled_from(["64m", "192m"]),
            f"{TM}jvm-overhead.max": st.sampled_from(["512m", "3g"]),
            f"{TM}jvm-overhead.fraction": FRACTIONS,
        },
    ),
    "jobmanager": (
        ways(
            {f"{JM}process.size": TOTALS},
            {f"{JM}flink.size": TOTALS},
            {f"{JM}heap.size": SIZES},
            {"jobmanager.heap.size": SIZES},
            {f"{JM}flink.size": TOTALS, f"{JM}heap.size": SIZES},
        ),
        {
            f"{JM}off-heap.size": SIZES,
            f"{JM}jvm-metaspace.size": SIZES,
            f"{JM}jvm-overhead.max": st.sampled_from(["512m", "3g"]),
            f"{JM}jvm-overhead.fraction": FRACTIONS,
        },
    ),
}
COMPONENTS = {
    "taskmanager": ["task_heap", "task_off_heap", "network", "managed", "jvm_metaspace", "jvm_overhead"],
    "jobmanager": ["jvm_heap", "jvm_metaspace", "jvm_overhead"],
}
FACTORS = st.sampled_from([(0, 1), (1, 2), (7, 10), (9, 10), (6, 5), (3, 2), (3, 1)])


@settings(max_examples=300)
@given(st.data())
def test_no_other_component_shrinks_and_what_shrinks_is_free(data: st.DataObject) -> None:
    process = data.draw(st.sampled_from(["taskmanager", "jobmanager"]))
    release = data.draw(st.sampled_from([line for line in LINES if process == "taskmanager" or line != "1.10"]))
    way, further = CONFIGS[process]
    few = data.draw(st.lists(st.sampled_from(sorted(further)), max_size=3, unique=True))
    config = {**data.draw(st.fixed_dictionaries({key: further[key] for key in few})), **data.draw(way)}
    try:
        before: t.Any = plan(config, release, process)["memory"]
    except FlinkError:
        return
    names = data.draw(st.lists(st.sampled_from(COMPONENTS[process]), min_size=1, max_size=3, unique=True))
    targets = {}
    for name in names:
        upper, lower = data.draw(FACTORS)
        least = {"task_heap": 32, "jvm_heap": 128, "network": 32, "jvm_metaspace": 32}.get(name, 0) * MIB
        targets[name] = max(before[name] * upper // lower, least)

    resized = resize(config, release, process, targets)

    after: t.Any = plan(resized.config, release, process)["memory"]
    parts = [name for name in before if name not in ("jvm_heap", "jvm_direct") or process == "jobmanager"]
    parts = [name for name in parts if not name.startswith("total_")]
    wanted = {name: targets.get(name, before[name]) for name in parts}
    segment = 32 * 1024 if "taskmanager.network.numberOfBuffers" in config else 1
    assert {name for name in parts if after[name] < wanted[name]} == set()
    added = sum(max(0, wanted[name] - before[name]) for name in parts)
    assert after["total_process"] <= sum(wanted.values()) + added // 8 + segment
    if not added:
        assert all(after[name] - wanted[name] < segment for name in parts)
    assert all(value is None or value != config.get(key) for key, value in resized.changes.items())
