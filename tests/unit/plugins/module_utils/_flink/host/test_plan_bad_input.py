# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import HostMemory
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, KIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.host.asked import (
    ALL,
    AUTO,
    FLAT,
    ON_NODES,
    ONE,
    entry,
    info,
)

# Options, processes, memory, reserve, and what is said; the remedy is at the end.
BAD: dict[str, tuple[t.Any, t.Any, t.Any, t.Any, str, str]] = {
    "a reserve larger than the host": (
        AUTO,
        ONE,
        "16g",
        "17g",
        "reserved_memory: 17g leaves nothing for Flink of the 16g",
        "Lower it.",
    ),
    "a reserve of all": (FLAT, ONE, "16g", "100%", "reserved_memory: '100%' is 16g, which leaves", "Lower it."),
    "a negative reserve": (FLAT, ONE, "16g", "-1g", "reserved_memory: '-1g' is not a size", "10% works too."),
    "a reserve on an unknown host": (FLAT, ONE, None, "a lot", "reserved_memory: 'a lot' is not", "works too."),
    "percentages beyond 100": (
        {f"{TM}process.size": "40%"},
        [entry("taskmanager", 3)],
        "16g",
        0,
        "3 x taskmanager at 40% exceed the 100% that the host has left after the reserve.",
        "Lower them, or write auto for even shares.",
    ),
    "auto beside a size": (
        {**AUTO, f"{TM}flink.size": "4g"},
        ONE,
        "16g",
        0,
        f"{TM}process.size: auto leaves the total to the host, but {TM}flink.size ('4g') already decides it.",
        "Remove the one or the other.",
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
        (
            "with a task heap of 409.5k (419428 bytes)). A share grows with fewer processes, a lower reserve, or a "
            "larger host."
        ),
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
        f"taskmanager-1: {TM}process.size: expected a percentage above 0% and up to 100%",
        "such as 50%, or auto, got '0%'.",
    ),
    "a negative percentage": (
        {f"{JM}flink.size": "-50%"},
        [entry("jobmanager")],
        "16g",
        0,
        f"jobmanager: {JM}flink.size: expected a percentage above 0% and up to 100%",
        "such as 50%, or auto, got '-50%'.",
    ),
    "no size at all": (
        {f"{TM}process.size": 0},
        ONE,
        "16g",
        0,
        "taskmanager-1: JVM metaspace 256m + JVM overhead 192m = 448m, which does not fit into the total process",
        "(Flink accepts 982m, with a task heap of 409.5k (419428 bytes)).",
    ),
    "a negative size": (
        {f"{TM}process.size": -1},
        ONE,
        "16g",
        0,
        f"taskmanager-1: {TM}process.size: '-1' is not a size: a size starts with a digit.",
        "Remove it, or write for example 4g.",
    ),
    "no host": (FLAT, ONE, 0, 0, "host_memory: expected a size above 0", "such as 64g, got 0."),
    "a negative host": (FLAT, ONE, "-4g", 0, "host_memory: '-4g' is not a size", "Remove it, or write for example 4g."),
    "auto on an unknown host": (
        AUTO,
        ONE,
        None,
        0,
        f"taskmanager-1: {TM}process.size is auto, a share of the host's memory, which is not known.",
        "have plan ask the host (flink_plan_asks_hosts: true), or write a size.",
    ),
    "contradictory limits": (
        {**FLAT, f"{TM}network.min": "2g", f"{TM}network.max": "1g"},
        ONE,
        "16g",
        0,
        f"taskmanager-1: {TM}network.min (2g) is more than {TM}network.max (1g)",
        "Remove taskmanager.memory.network.min, and network memory will be 343.0m (359703515 bytes).",
    ),
    "contradictory totals": (
        {**FLAT, f"{TM}flink.size": "5g"},
        ONE,
        "16g",
        0,
        "taskmanager-1: total Flink memory 5g + JVM metaspace 256m = 5376m, which does not fit into the total process",
        "or remove taskmanager.memory.flink.size, and total Flink memory will be 3.3g (3597035104 bytes).",
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
        "numa_nodes: expected some of 0, 1, the NUMA nodes of the host, got 7, 8.",
        "Correct the list, or leave it out.",
    ),
    "all nodes of a host that does not tell": (
        AUTO,
        ON_NODES,
        "16g",
        0,
        "numa_nodes: the NUMA nodes of the host are not known, so all cannot be resolved.",
        "what the module streamops.flink.host_memory_info returns.",
    ),
    "all nodes of an unknown host": (
        FLAT,
        ON_NODES,
        None,
        0,
        "numa_nodes: the NUMA nodes of the host",
        "info returns.",
    ),
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
        "the NUMA nodes of the host, got a huge number.",
        "leave it out.",
    ),
    "a JobManager of 1.10": (
        {f"{JM}process.size": "auto"},
        [entry("jobmanager")],
        "16g",
        0,
        f"jobmanager: {JM}process.size is auto, but Flink 1.10 ignores it: it was added in 1.11.",
        "Set jobmanager.heap.size to a size instead.",
    ),
    "what is no memory": (FLAT, ONE, ["16g"], 0, "host_memory: expected a size such as 4g or a", "got a list."),
}


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
