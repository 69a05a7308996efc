# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import re
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import HostMemory
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import draft_host, plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import precise

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import HostPlan

KIB, MIB, GIB, TIB = 2**10, 2**20, 2**30, 2**40
LINES = (*(f"1.{minor}" for minor in range(10, 21)), *(f"2.{minor}" for minor in range(4)))
TM = "taskmanager.memory."
JM = "jobmanager.memory."
AUTO = {f"{TM}process.size": "auto", f"{JM}process.size": "1600m"}
SHARED = {"taskmanager.memory": {"process.size": "4g"}, "jobmanager.memory.process.size": "1600m"}
FLAT = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "1600m"}


def entry(process: str, count: int = 1, config: t.Any = None, nodes: t.Any = None) -> dict[str, t.Any]:
    return {"process": process, "count": count, "config": {} if config is None else config, "numa_nodes": nodes}


def info(*nodes: int, effective: int | None = None, limited_by: str = "physical memory") -> dict[str, t.Any]:
    """What a host tells of its memory: that of its NUMA nodes, and perhaps a limit."""
    return {
        "effective": sum(nodes) if effective is None else effective,
        "limited_by": limited_by,
        "numa_nodes": [{"node": node, "memory": size, "hugepages": 0} for node, size in enumerate(nodes)],
    }


ONE = [entry("taskmanager")]
ALL = [entry("jobmanager"), entry("taskmanager", 2)]
ON_NODES = [entry("taskmanager", 1, None, "all")]

NAMES: dict[str, tuple[list[dict[str, t.Any]], list[str]]] = {
    "nothing": ([], []),
    "one": ([entry("taskmanager")], ["taskmanager-1"]),
    "several": ([entry("taskmanager", 3)], ["taskmanager-1", "taskmanager-2", "taskmanager-3"]),
    "counted on": (
        [entry("taskmanager", 2), entry("taskmanager")],
        ["taskmanager-1", "taskmanager-2", "taskmanager-3"],
    ),
    "as given": ([entry("jobmanager"), entry("taskmanager")], ["jobmanager", "taskmanager-1"]),
    "several JobManagers": ([entry("jobmanager", 2)], ["jobmanager", "jobmanager-2"]),
    "in between": (
        [entry("taskmanager"), entry("jobmanager"), entry("taskmanager")],
        ["taskmanager-1", "jobmanager", "taskmanager-2"],
    ),
}

REFUSED: dict[str, tuple[t.Any, t.Any, list[dict[str, t.Any]], str]] = {
    "no process at all": (
        SHARED,
        "2.3",
        [entry("taskmanager", 0)],
        "processes: the count of a taskmanager lies from 1",
    ),
    "too many": (SHARED, "2.3", [entry("taskmanager", 1001)], "lies from 1 to 1000, got 1001."),
    "far too many": (SHARED, "2.3", [entry("taskmanager", 10**9)], "lies from 1 to 1000, got 1000000000."),
    "release": (SHARED, "1.9", [], "Flink 1.9 is not supported"),
    "config": (None, "2.3", [], "config: expected a mapping"),
    "config of a process": (
        SHARED,
        "2.3",
        [entry("taskmanager", 1, "x")],
        "taskmanager-1: config: expected",
    ),
    "two forms in one layer": (
        SHARED,
        "2.3",
        [entry("taskmanager", 1, {"a.b": 1, "a": {"b": 2}})],
        "taskmanager-1: config: a.b is given in two forms",
    ),
    "config of one of several": (
        {},
        "2.3",
        [entry("taskmanager", 2, FLAT), entry("taskmanager", 1, {f"{TM}process.size": "4GiB"})],
        f"taskmanager-3: {TM}process.size: '4GiB' is not a size",
    ),
    "huge": (SHARED, "2.3", [entry("taskmanager", 16**9999)], "lies from 1 to 1000, got a huge number."),
    "negative": (SHARED, "2.3", [entry("jobmanager", -1)], "the count of a jobmanager lies from 1 to 1000, got -1."),
    "remedy": (SHARED, "2.3", [entry("taskmanager", 0)], "got 0. Correct it, or remove the entry."),
    "all refusals at once": (
        {},
        "2.3",
        [entry("jobmanager"), entry("taskmanager", 2), entry("taskmanager", 1, FLAT)],
        (
            "jobmanager: No memory is configured for the JobManager. Set one of: jobmanager.memory.process.size (the "
            "whole process: suits containers), jobmanager.memory.flink.size (what Flink uses: suits plain hosts), or "
            "jobmanager.memory.heap.size (the parts: Flink adds the rest).\ntaskmanager-1, taskmanager-2: No memory "
            "is configured for the TaskManager."
        ),
    ),
}


@pytest.mark.parametrize(("processes", "names"), NAMES.values(), ids=NAMES)
def test_names(processes: list[dict[str, t.Any]], names: list[str]) -> None:
    assert [planned["name"] for planned in plan_host(SHARED, "2.3", processes)["plans"]] == names


def test_each_plan_is_that_of_its_process() -> None:
    larger = {"taskmanager": {"memory.process.size": "8g"}, "jobmanager.memory.process.size": None}
    jobmanager, taskmanager, another = plan_host(
        SHARED, "2.3", [entry("jobmanager"), entry("taskmanager"), entry("taskmanager", 1, larger)]
    )["plans"]
    merged = {"taskmanager.memory.process.size": "8g"}
    assert jobmanager == {
        "name": "jobmanager",
        "config": FLAT,
        "asked": {},
        "numa_node": None,
        **plan(SHARED, "2.3", "jobmanager"),
    }
    assert taskmanager == {
        "name": "taskmanager-1",
        "config": FLAT,
        "asked": {},
        "numa_node": None,
        **plan(SHARED, "2.3"),
    }
    assert another == {"name": "taskmanager-2", "config": merged, "asked": {}, "numa_node": None, **plan(merged, "2.3")}


def test_notes_name_their_process() -> None:
    host = plan_host(SHARED, "2.3", [entry("jobmanager"), entry("taskmanager", 2, {"taskmanager.memory.fraction": 1})])
    found = [(note["name"], note["code"]) for note in host["notes"] if note["code"] == "ignored-key"]
    assert found == [("taskmanager-1", "ignored-key"), ("taskmanager-2", "ignored-key")]


@pytest.mark.parametrize(("config", "release", "processes", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.usefixtures("prompt")
def test_refused(config: t.Any, release: t.Any, processes: list[dict[str, t.Any]], message: str) -> None:
    with pytest.raises(FlinkError, match="^" + re.escape(message) if "\n" in message else re.escape(message)):
        plan_host(config, release, processes)


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

# Options, processes, memory, reserve, and what is said; the remedy is at the end.
BAD: dict[str, tuple[t.Any, t.Any, t.Any, t.Any, str, str]] = {
    "a reserve larger than the host": (
        AUTO,
        ONE,
        "16g",
        "17g",
        "reserved_memory: 17g is no less than the",
        "Lower it.",
    ),
    "a reserve of all": (FLAT, ONE, "16g", "100%", "reserved_memory: '100%' is 16g, which is no", "Lower it."),
    "a negative reserve": (FLAT, ONE, "16g", "-1g", "reserved_memory: '-1g' is not a size", "10% is possible, too."),
    "a reserve on an unknown host": (FLAT, ONE, None, "a lot", "reserved_memory: 'a lot' is not", "is possible, too."),
    "percentages beyond 100": (
        {f"{TM}process.size": "40%"},
        [entry("taskmanager", 3)],
        "16g",
        0,
        "3 x taskmanager at 40% are more than the 100% that the host has left after the reserve.",
        "Lower them, or write auto for even shares.",
    ),
    "auto beside a size": (
        {**AUTO, f"{TM}flink.size": "4g"},
        ONE,
        "16g",
        0,
        f"taskmanager-1: {TM}process.size: auto leaves the total to the host, but {TM}flink.size ('4g') decides it.",
        f"Remove {TM}process.size, or what is beside it.",
    ),
    "more TaskManagers than memory": (
        AUTO,
        [entry("taskmanager", 5)],
        "4g",
        "10%",
        (
            f"taskmanager-1, taskmanager-2, taskmanager-3 and 2 more: {TM}process.size is auto, which is 737m: 3687m "
            "left after the reserve, divided by 5. framework heap 128m"
        ),
        "lower one of the parts. A share grows with fewer processes, a lower reserve, or a larger host.",
    ),
    "more TaskManagers than total Flink memory": (
        {f"{TM}flink.size": "auto"},
        [entry("taskmanager", 4)],
        "4g",
        "10%",
        f"{TM}flink.size is auto, for a process of 921m: 3687m left after the reserve, divided by 4. No {TM}flink.size",
        "A share grows with fewer processes, a lower reserve, or a larger host.",
    ),
    "more TaskManagers than fit": (
        FLAT,
        [entry("taskmanager", 5)],
        "16g",
        "10%",
        "5 x taskmanager 4g + reserved 1638m = 22118m, which is 5734m more than the 16g of memory (host_memory).",
        f"The largest {TM}process.size for each of the 5 that fits is 2949m.",
    ),
    "a percentage of nothing": (
        {f"{TM}process.size": "0%"},
        ONE,
        "16g",
        0,
        f"taskmanager-1: {TM}process.size: '0%' is no share of the memory of a host.",
        "Write a percentage above 0% and up to 100%, such as 50%, or auto.",
    ),
    "a negative percentage": (
        {f"{JM}flink.size": "-50%"},
        [entry("jobmanager")],
        "16g",
        0,
        f"jobmanager: {JM}flink.size: '-50%' is no share of the memory of a host.",
        "such as 50%, or auto.",
    ),
    "no size at all": (
        {f"{TM}process.size": 0},
        ONE,
        "16g",
        0,
        "taskmanager-1: JVM metaspace 256m + JVM overhead 192m = 448m, which does not fit into the total process",
        "or lower one of the parts.",
    ),
    "a negative size": (
        {f"{TM}process.size": -1},
        ONE,
        "16g",
        0,
        f"taskmanager-1: {TM}process.size: '-1' is not a size: a size starts with a digit.",
        "Write for example 4g, 1536m or 1073741824.",
    ),
    "no host": (FLAT, ONE, 0, 0, "host_memory: 0 is no memory.", "Give what the host has, such as 64g."),
    "a negative host": (FLAT, ONE, "-4g", 0, "host_memory: '-4g' is not a size", "1536m or 1073741824."),
    "auto on an unknown host": (
        AUTO,
        ONE,
        None,
        0,
        f"taskmanager-1: {TM}process.size is auto, a share of the memory of the host, which is not known.",
        "Gather facts, give host_memory, let the host be asked, or write a size.",
    ),
    "contradictory limits": (
        {**FLAT, f"{TM}network.min": "2g", f"{TM}network.max": "1g"},
        ONE,
        "16g",
        0,
        f"taskmanager-1: {TM}network.min (2g) is more than {TM}network.max (1g)",
        "Lower the one or raise the other.",
    ),
    "contradictory totals": (
        {**FLAT, f"{TM}flink.size": "5g"},
        ONE,
        "16g",
        0,
        "taskmanager-1: total Flink memory 5g + JVM metaspace 256m = 5376m, which does not fit into the total process",
        "or lower one of the parts.",
    ),
    "a host of 10 kB": (
        FLAT,
        ONE,
        "10k",
        0,
        "taskmanager-1 4g, which is 3.9g (4294957056 bytes)",
        "a larger host.",
    ),
    "auto on a host of 10 kB": (
        AUTO,
        ONE,
        10 * KIB,
        0,
        f"taskmanager-1: {TM}process.size is auto, which is 0b: 0b left after the reserve. ",
        "or a larger host.",
    ),
    "too much even for 24 TB": (
        {f"{TM}process.size": "25t"},
        ONE,
        "24t",
        0,
        "taskmanager-1 25t, which is 1t more than the 24t of memory (host_memory).",
        f"The largest {TM}process.size for taskmanager-1 that fits is 24t.",
    ),
    "a node that the host does not have": (
        AUTO,
        [entry("taskmanager", 1, None, [0, 7, 8])],
        info(8 * GIB, 8 * GIB),
        0,
        "numa_nodes: 7, 8 is no NUMA node of the host, which has 0, 1.",
        "Correct the list, or leave it out.",
    ),
    "all nodes of a host that does not tell": (
        AUTO,
        ON_NODES,
        "16g",
        0,
        "numa_nodes: all, but the NUMA nodes of the host are not known.",
        "what the module streamops.flink.host_memory_info returns.",
    ),
    "all nodes of an unknown host": (FLAT, ON_NODES, None, 0, "numa_nodes: all, but the NUMA nodes", "info returns."),
    **{
        f"nodes: {shown}": (
            FLAT,
            [entry("taskmanager", 1, None, nodes)],
            info(8 * GIB, 8 * GIB),
            0,
            "numa_nodes: expected a list of numbers of NUMA nodes such as [0, 1], or all, got ",
            f"got {shown}.",
        )
        for nodes, shown in (
            (0, "0"),
            ("0", "'0'"),
            ("ALL", "'ALL'"),
            ([0, -1], "-1"),
            ([True], "a boolean"),
            ([None], "null"),
            ([1.0], "1.0"),
            (["0"], "'0'"),
            ([[0]], "a list"),
            ({0: 1}, "a mapping"),
        )
    },
    "a huge number of a node": (
        FLAT,
        [entry("taskmanager", 1, None, [16**9999])],
        info(8 * GIB, 8 * GIB),
        0,
        "numa_nodes: a huge number is no NUMA node",
        "leave it out.",
    ),
    "a JobManager of 1.10": (
        {f"{JM}process.size": "auto"},
        [entry("jobmanager")],
        "16g",
        0,
        f"jobmanager: {JM}process.size is auto, but Flink 1.10 ignores it: it came with 1.11.",
        "Set jobmanager.heap.size to a size instead.",
    ),
    "what is no memory": (FLAT, ONE, ["16g"], 0, "host_memory: expected a size such as 4g or a", "got a list."),
}


def free_of(planned: HostPlan) -> int:
    """The free bytes of a host whose memory is known."""
    return t.cast("int", planned["host"]["free"])


def sizes(planned: HostPlan) -> dict[str, int]:
    """What each process takes, in bytes."""
    return {one["name"]: one["memory"]["total_process"] or one["memory"]["jvm_heap"] or 0 for one in planned["plans"]}


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


@pytest.mark.parametrize(("config", "processes", "memory", "reserved", "message", "remedy"), BAD.values(), ids=BAD)
@pytest.mark.usefixtures("prompt")
def test_bad_input(config: t.Any, processes: t.Any, memory: t.Any, reserved: t.Any, message: str, remedy: str) -> None:
    release = "1.10" if "Flink 1.10" in message else "2.3"
    with pytest.raises(FlinkError) as refusal:
        plan_host(config, release, processes, memory, reserved, "h1")
    (said,) = str(refusal.value).splitlines()
    assert said.startswith("h1: ")
    assert message in said
    assert said.endswith(remedy)


def test_every_line_names_the_host() -> None:
    with pytest.raises(FlinkError) as refusal:
        plan_host({}, "2.3", ALL, "16g", 0, "worker-1.example.org")
    jobmanager, taskmanagers = str(refusal.value).splitlines()
    assert jobmanager.startswith("worker-1.example.org: jobmanager: No memory is configured for the JobManager.")
    assert taskmanagers.startswith("worker-1.example.org: taskmanager-1, taskmanager-2: No memory is configured for")


def test_what_is_refused_takes_nothing_of_the_others() -> None:
    config = {f"{TM}process.size": "auto", f"{JM}process.size": "100m"}
    with pytest.raises(FlinkError) as refusal:
        plan_host(config, "2.3", ALL, "1g")
    jobmanager, taskmanagers = str(refusal.value).splitlines()
    assert jobmanager.startswith("jobmanager: JVM metaspace 256m + JVM overhead 192m = 448m")
    assert f"{TM}process.size is auto, which is 512m: 1g left after the reserve, divided by 2. " in taskmanagers


def test_what_does_not_fit_is_drafted_all_the_same() -> None:
    planned, excess = draft_host(FLAT, "2.3", ALL, "8g", "1g")
    with pytest.raises(FlinkError) as refusal:
        plan_host(FLAT, "2.3", ALL, "8g", "1g")
    assert excess == [str(refusal.value)]
    assert planned["plans"] == plan_host(FLAT, "2.3", ALL)["plans"]
    assert planned["host"] == {
        "memory": 8 * GIB,
        "reserved": GIB,
        "planned": 9792 * MIB,
        "free": -2624 * MIB,
        "limited_by": "host_memory",
    }


def test_what_fits_is_drafted_as_it_is_planned() -> None:
    for memory in ("16g", None):
        assert draft_host(FLAT, "2.3", ALL, memory, "1g") == (plan_host(FLAT, "2.3", ALL, memory, "1g"), [])


def test_a_draft_of_what_is_refused() -> None:
    with pytest.raises(FlinkError, match=r"^taskmanager-1: No memory is configured"):
        draft_host({}, "2.3", ONE, "8g")


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


def test_each_taskmanager_has_its_node() -> None:
    memory = info(8 * GIB, 8 * GIB, 8 * GIB)
    for nodes, found in (("all", [0, 1, 2]), ([2, 0], [2, 0]), ((1,), [1]), ([1, 1], [1, 1]), ([], [None])):
        plans = plan_host(FLAT, "2.3", [entry("taskmanager", 1, None, nodes)], memory)["plans"]
        assert [one["numa_node"] for one in plans] == found


def test_heap_flags_beside_the_plan_are_refused() -> None:
    with pytest.raises(FlinkError, match=r"^h1: taskmanager-1: env\.java\.opts\.taskmanager: -Xmx8g would override"):
        plan_host({**FLAT, "env.java.opts.taskmanager": "-Xmx8g"}, "2.3", ONE, "16g", 0, "h1")


@pytest.mark.parametrize("memory", ["16g", None], ids=["known", "unknown"])
def test_another_spelling_of_a_size_changes_nothing(memory: t.Any) -> None:
    first, second = (plan_host({f"{TM}process.size": size}, "2.3", ONE, memory) for size in ("4g", "4096m"))
    assert first["host"] == second["host"]
    assert [{**one, "config": {}} for one in first["plans"]] == [{**one, "config": {}} for one in second["plans"]]


def test_a_host_of_unknown_memory() -> None:
    planned = plan_host(SHARED, "2.3", ALL)
    assert planned["host"] == {
        "memory": None,
        "reserved": None,
        "planned": 9792 * MIB,
        "free": None,
        "limited_by": None,
    }
    (note,) = [note for note in planned["notes"] if note["name"] == "host"]
    assert (note["level"], note["code"], note["options"]) == ("warning", "host-memory-unknown", [])
    assert note["remedy"] == "Gather facts, give host_memory, or let the host be asked."


def test_nodes_of_unknown_memory() -> None:
    bound = [entry("taskmanager", 1, None, [0, 1])]

    def codes(processes: list[dict[str, t.Any]], memory: t.Any) -> list[str]:
        return [note["code"] for note in plan_host(FLAT, "2.3", processes, memory)["notes"] if note["name"] == "host"]

    assert codes(bound, "16g") == ["numa-memory-unknown"]
    assert codes(bound, HostMemory(16 * GIB, "physical memory")) == ["numa-memory-unknown"]
    assert codes(bound, info(8 * GIB, 8 * GIB)) == []
    assert codes([entry("jobmanager"), *bound, entry("taskmanager")], "16g") == ["numa-memory-unknown"]
    assert codes(bound, None) == ["host-memory-unknown"]
    assert codes(ONE, "16g") == []


# Options of the host, its processes, and the options that it is left with.
CONFIGS: dict[str, tuple[dict[str, t.Any], list[dict[str, t.Any]], dict[str, t.Any]]] = {
    "sizes": (FLAT, ALL, FLAT),
    "nested": (SHARED, ALL, FLAT),
    "what auto comes to": (AUTO, ALL, {**FLAT, f"{TM}process.size": "7392m"}),
    "a share of what does not run here": (AUTO, ALL[:1], {f"{JM}process.size": "1600m"}),
    "a share that no process has": (AUTO, [entry("taskmanager", 1, FLAT)], {f"{JM}process.size": "1600m"}),
    "a share of the first of several": (
        AUTO,
        [entry("taskmanager", 1, {f"{TM}process.size": "25%"}), entry("taskmanager")],
        {f"{TM}process.size": "4g", f"{JM}process.size": "1600m"},
    ),
    "what only looks like a share": ({**FLAT, "a": "auto", "b": "5%"}, ONE, {**FLAT, "a": "auto", "b": "5%"}),
    "what is null": ({**FLAT, f"{TM}flink.size": None}, ONE, FLAT),
}


@pytest.mark.parametrize(("config", "processes", "left"), CONFIGS.values(), ids=CONFIGS)
def test_config(config: dict[str, t.Any], processes: list[dict[str, t.Any]], left: dict[str, t.Any]) -> None:
    assert plan_host(config, "2.3", processes, "16g")["config"] == left


def test_all_processes_of_a_host_know_what_a_share_came_to() -> None:
    jobmanager, taskmanager, _another = plan_host(AUTO, "2.3", ALL, "16g")["plans"]
    assert jobmanager["config"] == taskmanager["config"] == {**FLAT, f"{TM}process.size": "7392m"}
    assert (jobmanager["asked"], taskmanager["asked"]) == ({}, {f"{TM}process.size": "auto"})


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


class Tagged(str):
    """A text as Ansible hands it over."""

    __slots__ = ("origin",)


ODD: tuple[t.Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**63, 16**9999, -(16**9999), float("nan"), float("inf"), -0.5, 1e300),
    *("auto", " AUTO ", "50%", "-5%", "200%", "%", "", " ", "4g", "4GiB", "0", "-1", "all", "4g\n5g", "9" * 9999),
    *("\u0664g", "\u0665%", "\u00e9%", "\udc80", "\0", "\u2028"),
    *(Tagged("auto"), Tagged("50%"), Tagged("4g"), Tagged("x")),
    *([], {}, ["auto"], [0], {"process.size": "auto"}, b"4g", object(), [{}], {1: 2}, {None: None}, {"": 1}, (0,)),
    *({f"{TM}process.size": "auto", "taskmanager": {"memory": {"process.size": "4g"}}}, {"a": [16**9999]}),
    *(info(8 * GIB, 8 * GIB), info(), info(1), {"effective": "16g"}, HostMemory(1, "x"), HostMemory(16 * GIB, "x")),
)
GOOD: dict[str, t.Any] = {
    "process_size": "auto",
    "flink_size": None,
    "heap": None,
    "config": {},
    "memory": "16g",
    "reserved": 0,
    "nodes": None,
}


def said_of(release: str, given: dict[str, t.Any]) -> list[str]:
    """What is said of a host of one JobManager and three TaskManagers; nothing if it is accepted."""
    shared = {
        f"{process}.{key}": given[name]
        for process in ("jobmanager", "taskmanager")
        for key, name in (
            ("memory.process.size", "process_size"),
            ("memory.flink.size", "flink_size"),
            ("heap.mb", "heap"),
        )
    }
    own = {**entry("taskmanager"), "config": given["config"]}
    processes = [entry("jobmanager"), entry("taskmanager", 2, {}, given["nodes"]), own]
    try:
        plan_host(shared, release, processes, given["memory"], given["reserved"], "h1")
    except FlinkError as exc:
        return str(exc).splitlines()
    return []


@pytest.mark.parametrize("release", ["1.10", "1.20", "2.3"])
@pytest.mark.parametrize("name", GOOD)
@pytest.mark.usefixtures("prompt")
def test_whatever_is_given_a_sentence_is_the_worst_answer(name: str, release: str) -> None:
    for value in ODD:
        for line in said_of(release, {**GOOD, name: value}):
            assert line.startswith("h1: ")
            assert line.isprintable()
            assert len(line) < 1500


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(list(GOOD)), st.sampled_from(ODD), min_size=2, max_size=3))
def test_whatever_is_given_together(odd: dict[str, t.Any]) -> None:
    for line in said_of("1.20", {**GOOD, **odd}):
        assert line.startswith("h1: ")
        assert line.isprintable()
