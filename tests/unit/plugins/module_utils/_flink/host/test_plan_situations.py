# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB, precise
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.host.asked import (
    ALL,
    AUTO,
    FLAT,
    ON_NODES,
    ONE,
    entry,
    free_of,
    info,
    sizes,
)

# Options, processes, memory, reserve; and what the processes take.
SITUATIONS: dict[str, tuple[dict[str, t.Any], list[dict[str, t.Any]], t.Any, t.Any, dict[str, int]]] = {
    "sizes": (FLAT, ALL, "16g", "1g", {"jobmanager": 1600, "taskmanager-1": 4096, "taskmanager-2": 4096}),
    "to the byte": (FLAT, ALL, 9792 * MIB + 5, 5, {"jobmanager": 1600, "taskmanager-1": 4096, "taskmanager-2": 4096}),
    "auto beside a JobManager": (
        AUTO,
        ALL,
        "16g",
        "10%",
        {"jobmanager": 1600, "taskmanager-1": 6573, "taskmanager-2": 6573},
    ),
    "auto beside another TaskManager": (
        AUTO,
        [*ALL, entry("taskmanager", 1, FLAT)],
        "16g",
        0,
        {"jobmanager": 1600, "taskmanager-1": 5344, "taskmanager-2": 5344, "taskmanager-3": 4096},
    ),
    "percentages": (
        {f"{TM}process.size": "40%", f"{JM}process.size": "20%"},
        ALL,
        "16g",
        "1g",
        {"jobmanager": 3072, "taskmanager-1": 6144, "taskmanager-2": 6144},
    ),
    "auto and percentages": (
        {f"{TM}process.size": "auto", f"{JM}process.size": "12.5%"},
        ALL,
        "16g",
        0,
        {"jobmanager": 2048, "taskmanager-1": 7168, "taskmanager-2": 7168},
    ),
    "auto for all": (
        {**AUTO, f"{JM}process.size": "auto"},
        ALL,
        "16g",
        0,
        {"jobmanager": 5461, "taskmanager-1": 5461, "taskmanager-2": 5461},
    ),
    "a heap of 1.10 counts": (
        {f"{TM}process.size": "auto", "jobmanager.heap.size": "1g"},
        [entry("jobmanager"), entry("taskmanager")],
        "4g",
        0,
        {"jobmanager": 1024, "taskmanager-1": 3072},
    ),
    "nodes": (
        {**FLAT, f"{TM}process.size": "auto"},
        [entry("jobmanager"), *ON_NODES],
        info(8 * GIB, 8 * GIB),
        0,
        {"jobmanager": 1600, "taskmanager-1": 7392, "taskmanager-2": 7392},
    ),
    "several on each node": (
        {f"{TM}process.size": "50%"},
        [entry("taskmanager", 2, None, [0, 1])],
        info(12 * GIB, 4 * GIB),
        "4g",
        {"taskmanager-1": 4608, "taskmanager-2": 4608, "taskmanager-3": 1536, "taskmanager-4": 1536},
    ),
    "one node of two": (
        {f"{TM}process.size": "auto"},
        [entry("taskmanager", 1, None, [1])],
        info(8 * GIB, 4 * GIB),
        0,
        {"taskmanager-1": 4096},
    ),
    "an empty list of nodes": (
        {f"{TM}process.size": "auto"},
        [entry("taskmanager", 1, None, [])],
        info(8 * GIB, 4 * GIB),
        0,
        {"taskmanager-1": 12288},
    ),
    "a container on a large machine": (
        {f"{TM}process.size": "auto"},
        ONE,
        info(32 * GIB, 32 * GIB, effective=4 * GIB, limited_by="cgroup /lxc/ct1"),
        0,
        {"taskmanager-1": 4096},
    ),
    "24 TB": ({f"{TM}process.size": "auto"}, [entry("taskmanager", 1000)], "24t", 0, {"taskmanager-1000": 25165}),
}


@pytest.mark.parametrize(("config", "processes", "memory", "reserved", "taken"), SITUATIONS.values(), ids=SITUATIONS)
def test_situations(
    config: dict[str, t.Any], processes: list[dict[str, t.Any]], memory: t.Any, reserved: t.Any, taken: dict[str, int]
) -> None:
    release = "1.10" if "jobmanager.heap.size" in config else "2.3"
    planned = plan_host(config, release, processes, memory, reserved)
    host: t.Any = planned["host"]
    found = sizes(planned)
    assert {name: found[name] for name in taken} == {name: size * MIB for name, size in taken.items()}
    assert host["planned"] == sum(found.values())
    assert host["free"] == host["memory"] - host["reserved"] - host["planned"] >= 0
    assert json.loads(json.dumps(planned)) == planned
    for one in planned["plans"]:
        alone = plan(one["config"], release, one["process"])
        assert one.items() >= alone.items()


def test_what_is_refused_takes_nothing_of_the_others() -> None:
    config = {f"{TM}process.size": "auto", f"{JM}process.size": "100m"}
    with pytest.raises(FlinkError) as refusal:
        plan_host(config, "2.3", ALL, "1g")
    jobmanager, taskmanagers = str(refusal.value).splitlines()
    assert jobmanager.startswith("jobmanager: JVM metaspace 256m + JVM overhead 192m = 448m")
    assert f"{TM}process.size is auto, which is 512m: 1g left after the reserve, divided by 2. " in taskmanagers


# Options that give no total process size: the one that they come to counts.
WITHOUT_TOTAL: dict[str, tuple[str, dict[str, t.Any]]] = {
    "total Flink": ("taskmanager", {f"{TM}flink.size": "4g"}),
    "heap and managed": ("taskmanager", {f"{TM}task.heap.size": "2g", f"{TM}managed.size": "1g"}),
    "total Flink of a JobManager": ("jobmanager", {f"{JM}flink.size": "1g"}),
    "heap of a JobManager": ("jobmanager", {f"{JM}heap.size": "1g"}),
}


@pytest.mark.parametrize(("process", "config"), WITHOUT_TOTAL.values(), ids=WITHOUT_TOTAL)
def test_the_resulting_process_is_what_counts(process: str, config: dict[str, t.Any]) -> None:
    total = plan(config, "2.3", process)["memory"]["total_process"]
    planned = plan_host(config, "2.3", [entry(process)], total)
    (name,) = sizes(planned)
    assert planned["host"]["planned"] == total
    message = (
        f"{name} {precise(total)}, which is 1b more than the {precise(total - 1)} of memory (host_memory). The largest "
    )
    with pytest.raises(FlinkError, match=re.escape(message + next(iter(config)))):
        plan_host(config, "2.3", [entry(process)], total - 1)


# The MiB of hosts, and what one TaskManager gets of each with auto beside a reserve of 10%: the rest of whole MiB.
HOSTS = {4: 3687, 8: 7373, 16: 14746, 64: 58983, 512: 471860}


@pytest.mark.parametrize("release", ["1.10", "1.20", "2.3"])
def test_one_set_of_variables_for_hosts_of_many_sizes(release: str) -> None:
    config = {f"{TM}process.size": "auto", f"{TM}managed.fraction": 0.5, "taskmanager.numberOfTaskSlots": 4}
    found = {size: plan_host(config, release, ONE, f"{size}g", "10%") for size in HOSTS}
    assert {size: sizes(planned)["taskmanager-1"] // MIB for size, planned in found.items()} == HOSTS
    for size, planned in found.items():
        (one,) = planned["plans"]
        resolved = {**config, f"{TM}process.size": f"{HOSTS[size]}m"}
        assert planned["config"] == one["config"] == resolved
        assert one["asked"] == {f"{TM}process.size": "auto"}
        assert one.items() >= plan(resolved, release).items()
        assert 0 <= free_of(planned) < MIB


def test_a_group_of_mixed_hosts() -> None:
    """Each is given its own from one variable; a percentage gives the larger host more."""
    found = [plan_host({f"{TM}process.size": "40%"}, "2.3", ALL[1:], f"{size}g", "1g") for size in (8, 16, 64)]
    assert [sizes(planned)["taskmanager-2"] // MIB for planned in found] == [2867, 6144, 25804]
    assert len({str(planned["plans"][0]["jvm_args"]) for planned in found}) == 3


def test_a_jobmanager_and_two_taskmanagers_on_16_gib() -> None:
    """What the others leave, halved: one MiB more for each does not fit."""
    each = (16384 - 1638 - 1600) // 2
    fits = {f"{TM}process.size": f"{each}m", f"{JM}process.size": "1600m"}
    assert sizes(plan_host(AUTO, "2.3", ALL, "16g", "10%")) == sizes(plan_host(fits, "2.3", ALL, "16g", "10%"))
    with pytest.raises(FlinkError, match=f"process.size for each of the 2 that fits is {each}m"):
        plan_host({**fits, f"{TM}process.size": f"{each + 1}m"}, "2.3", ALL, "16g", "10%")


def test_the_limit_of_a_container_counts() -> None:
    memory = info(64 * GIB, effective=4 * GIB, limited_by="cgroup /lxc/ct1")
    assert plan_host(FLAT, "2.3", ONE, memory)["host"]["limited_by"] == "cgroup /lxc/ct1"
    with pytest.raises(FlinkError, match=r"which is 1m more than the 4g of memory \(cgroup /lxc/ct1\)\."):
        plan_host({f"{TM}process.size": "4097m"}, "2.3", ONE, memory)


def test_a_limit_of_just_the_process_is_enough() -> None:
    memory = info(64 * GIB, effective=4 * GIB, limited_by="slice flink.slice")
    assert plan_host(FLAT, "2.3", ONE, memory)["host"]["free"] == 0
    with pytest.raises(FlinkError, match=r"1b more than the 3\.9g \(4294967295 bytes\) of memory \(slice flink"):
        plan_host(FLAT, "2.3", ONE, {**memory, "effective": 4 * GIB - 1})


def test_a_taskmanager_of_20_gib_on_each_of_two_nodes_of_16() -> None:
    with pytest.raises(FlinkError) as refusal:
        plan_host({f"{TM}process.size": "20g"}, "2.3", ON_NODES, info(16 * GIB, 16 * GIB), 0, "h1")
    host, *nodes = str(refusal.value).splitlines()
    assert host == (
        "h1: taskmanager-1 20g + taskmanager-2 20g = 40g, which is 8g more than the 32g of memory (physical memory). "
        f"The largest {TM}process.size for each of the 2 that fits is 16g."
    )
    assert nodes == [
        f"h1: taskmanager-{node + 1} 20g, which is 4g more than the 16g of NUMA node {node}. The largest "
        f"{TM}process.size for taskmanager-{node + 1} that fits is 16g."
        for node in (0, 1)
    ]
