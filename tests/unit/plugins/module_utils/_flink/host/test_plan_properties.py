# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.host.asked import (
    entry,
    free_of,
    info,
    sizes,
)
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES


@pytest.mark.usefixtures("prompt")
def test_many_processes_are_planned_soon() -> None:
    alone = [entry("taskmanager") for _number in range(300)]
    for total in ("process.size", "flink.size"):
        planned = plan_host({f"{TM}{total}": "auto"}, "2.3", alone, "24t", "5%")
        assert len(set(sizes(planned).values())) == 1
        assert 0 <= free_of(planned) < 300 * 2 * MIB


MEMORIES = st.integers(1, 64 * GIB) | st.integers(1, 512).map(lambda size: f"{size}g")
RESERVES = st.sampled_from([0, "10%", "1g", "0.5%", 1, "333m"]) | st.integers(0, 4 * GIB)
TAKEN = st.sampled_from(["1g", "4g", "1500m", 2**30 + 1, "10%", "25%", "33.3%", "auto", "auto", "auto"])

PROCESSES = st.lists(
    st.builds(
        lambda process, key, size, count: entry(process, count, {f"{process}.memory.{key}": size}),
        st.sampled_from(["jobmanager", "taskmanager", "taskmanager"]),
        st.sampled_from(["process.size", "flink.size"]),
        TAKEN,
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=400)
@given(st.sampled_from(LINES[1:]), PROCESSES, MEMORIES, RESERVES)
def test_what_is_accepted_fits(release: str, processes: list[dict[str, t.Any]], memory: t.Any, reserved: t.Any) -> None:
    try:
        planned = plan_host({}, release, processes, memory, reserved)
    except FlinkError:
        return
    host: t.Any = planned["host"]
    taken = sum(sizes(planned).values())
    assert host["planned"] == taken
    assert host["planned"] + host["reserved"] + host["free"] == host["memory"]
    assert host["free"] >= 0
    for one in planned["plans"]:
        alone = plan(one["config"], release, one["process"])
        assert one.items() >= alone.items()
        assert all(one["config"][key].endswith(("m", "g")) for key in one["asked"])
    left = host["memory"] // MIB * MIB - host["reserved"]
    automatic = [one for one in planned["plans"] if "auto" in one["asked"].values()]
    others = taken - sum(sizes(planned)[one["name"]] for one in automatic)
    for one in automatic:
        share = (left - others) // len(automatic) // MIB * MIB
        if f"{one['process']}.memory.process.size" in one["asked"]:
            assert sizes(planned)[one["name"]] == share
        else:
            assert sizes(planned)[one["name"]] <= share


@settings(max_examples=200)
@given(st.sampled_from(LINES[1:]), PROCESSES, MEMORIES, st.integers(0, GIB))
def test_one_byte_less_than_what_fits_is_refused(
    release: str, processes: list[dict[str, t.Any]], memory: t.Any, reserved: int
) -> None:
    try:
        planned = plan_host({}, release, processes, memory, reserved)
    except FlinkError:
        return
    fixed = [entry(one["process"], 1, one["config"]) for one in planned["plans"]]
    exact = planned["host"]["planned"] + reserved
    assert plan_host({}, release, fixed, exact, reserved)["host"]["free"] == 0
    with pytest.raises(FlinkError, match="which is 1b more than the"):
        plan_host({}, release, fixed, exact - 1, reserved)
    with pytest.raises(FlinkError, match="which is 1b more than the"):
        plan_host({}, release, fixed, exact, reserved + 1)


NODES = st.lists(st.integers(2000, 32000).map(lambda size: size * MIB + size), min_size=1, max_size=4)


@settings(max_examples=300)
@given(
    NODES,
    st.sampled_from(["auto", "50%", "1500m"]),
    st.sampled_from(["process.size", "flink.size"]),
    st.integers(1, 2),
    st.sampled_from([0, "10%", "1g", 1]),
    st.sampled_from([1, 0.9, 0.5]),
    st.booleans(),
)
def test_what_is_bound_fits_into_its_node(
    sizes_of_nodes: list[int], size: str, key: str, count: int, reserved: t.Any, part: float, jobmanager: bool
) -> None:
    memory = info(*sizes_of_nodes, effective=int(sum(sizes_of_nodes) * part))
    processes = [entry("jobmanager")] * jobmanager + [entry("taskmanager", count, {f"{TM}{key}": size}, "all")]
    try:
        planned = plan_host({f"{JM}process.size": "1600m"}, "2.3", processes, memory, reserved)
    except FlinkError:
        return
    for node, room in enumerate(sizes_of_nodes):
        plans = [one for one in planned["plans"] if one["numa_node"] == node]
        assert len(plans) == count
        kept = t.cast("int", planned["host"]["reserved"]) * room / sum(sizes_of_nodes)
        assert sum(sizes(planned)[one["name"]] for one in plans) <= room - kept
    assert free_of(planned) >= 0
