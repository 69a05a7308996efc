# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import Checking
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import HostMemory
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import draft_host, plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.host.asked import (
    ALL,
    AUTO,
    FLAT,
    ONE,
    SHARED,
    entry,
    info,
)

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
        "processes: count: expected a number of taskmanagers from 1",
    ),
    "too many": (
        SHARED,
        "2.3",
        [entry("taskmanager", 1001)],
        "expected a number of taskmanagers from 1 to 1000, got 1001.",
    ),
    "far too many": (
        SHARED,
        "2.3",
        [entry("taskmanager", 10**9)],
        "expected a number of taskmanagers from 1 to 1000, got 1000000000.",
    ),
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
    "huge": (
        SHARED,
        "2.3",
        [entry("taskmanager", 16**9999)],
        "expected a number of taskmanagers from 1 to 1000, got a huge number.",
    ),
    "negative": (
        SHARED,
        "2.3",
        [entry("jobmanager", -1)],
        "count: expected a number of jobmanagers from 1 to 1000, got -1.",
    ),
    "remedy": (SHARED, "2.3", [entry("taskmanager", 0)], "got 0. Correct it, or remove the entry."),
    "all refusals at once": (
        {},
        "2.3",
        [entry("jobmanager"), entry("taskmanager", 2), entry("taskmanager", 1, FLAT)],
        (
            "jobmanager: No memory is configured for the JobManager. Set one of: jobmanager.memory.process.size (the "
            "whole process: suits containers), jobmanager.memory.flink.size (what Flink uses: suits plain hosts), or "
            "jobmanager.memory.heap.size (the parts: Flink adds the rest). Flink's own configuration file sets "
            "jobmanager.memory.process.size to 1600m.\ntaskmanager-1, taskmanager-2: No memory is configured for the "
            "TaskManager."
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


def test_each_taskmanager_has_its_node() -> None:
    memory = info(8 * GIB, 8 * GIB, 8 * GIB)
    for nodes, found in (("all", [0, 1, 2]), ([2, 0], [2, 0]), ((1,), [1]), ([1, 1], [1, 1]), ([], [None])):
        plans = plan_host(FLAT, "2.3", [entry("taskmanager", 1, None, nodes)], memory)["plans"]
        assert [one["numa_node"] for one in plans] == found


def test_heap_flags_beside_the_plan_are_refused() -> None:
    with pytest.raises(FlinkError, match=r"^h1: taskmanager-1: env\.java\.opts\.taskmanager: expected no sizes of"):
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
    assert note["remedy"] == (
        "Set host_memory (or flink_host_memory), gather facts, or have plan ask the host (flink_plan_asks_hosts: true)."
    )


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


WRONG = {**SHARED, "web.submit.enable": "yes"}


def test_errors_of_the_configuration_refuse_a_host() -> None:
    message = r"h: web\.submit\.enable: expected true or false, got 'yes'\. Write true\."
    with pytest.raises(FlinkError, match=message):
        plan_host(WRONG, "2.3", [entry("taskmanager")], "16g", host="h")
    planned, objections = draft_host(WRONG, "2.3", [entry("taskmanager")], "16g")
    assert (len(planned["plans"]), len(objections)) == (1, 1)
    both = {**WRONG, f"{TM}managed.fraction": 3}
    with pytest.raises(FlinkError, match=r"(?s)managed\.fraction.*web\.submit\.enable"):
        plan_host(both, "2.3", [entry("taskmanager")], "16g")


# Options that both a process and the whole configuration are refused for.
TWICE: dict[str, dict[str, t.Any]] = {
    "a segment": {f"{TM}segment-size": "48k"},
    "a state backend": {"state.backend.type": "filesystem"},
    "flags of memory": {"env.java.opts.taskmanager": "-Xmx2g"},
}


@pytest.mark.parametrize("config", TWICE.values(), ids=TWICE)
def test_a_refusal_is_told_once(config: dict[str, t.Any]) -> None:
    with pytest.raises(FlinkError) as refused:
        plan_host({**SHARED, **config}, "2.3", [entry("taskmanager")], "16g")
    assert [str(refused.value).count(f"{key}: ") for key in config] == [1]


def test_errors_may_be_warnings_or_nothing() -> None:
    planned = plan_host(WRONG, "2.3", [entry("taskmanager")], "16g", checking=Checking("warn"))
    assert [(note["name"], note["level"]) for note in planned["notes"]] == [("config", "warning")]
    assert plan_host(WRONG, "2.3", [entry("taskmanager")], "16g", checking=Checking("off"))["notes"] == []


def test_options_of_single_processes_are_checked_besides() -> None:
    processes = [entry("taskmanager", config={"acme.x": 1}), entry("taskmanager", 2, {"acme.x": 1, "acme.y": 1})]
    planned = plan_host({**SHARED, "acme.x": 1}, "2.3", processes, "16g", checking=Checking(known_keys=("acme.z",)))
    found = [(note["name"], *note["options"]) for note in planned["notes"] if note["code"] == "unknown-key"]
    assert found == [("config", "acme.x"), ("taskmanager-2", "acme.y"), ("taskmanager-3", "acme.y")]
    with pytest.raises(FlinkError, match=r"^2 x taskmanager: web\.submit\.enable"):
        plan_host(SHARED, "2.3", [entry("taskmanager", 2, {"web.submit.enable": "yes"})], "16g")


def test_what_the_memory_tells_is_not_told_twice() -> None:
    config = {**SHARED, f"{TM}network.size": "1g"}
    planned = plan_host(config, "2.3", [entry("taskmanager")], "16g")
    assert [note["code"] for note in planned["notes"]] == ["unknown-key"]


# Options for which a TaskManager is refused, of which the check would tell once more.
TOLD_ONCE: dict[str, dict[str, t.Any]] = {
    "a backend of another release": {"state.backend": "filesystem"},
    "a backend that none has": {"state.backend": "memory"},
    "segments": {f"{TM}segment-size": "33k"},
    "smaller segments": {f"{TM}min-segment-size": "64k"},
    "a percentage": {f"{TM}managed.fraction": "40%"},
    "a flag apart from its size": {"env.java.opts.taskmanager": "-Xmx 1g"},
}


@pytest.mark.parametrize("config", TOLD_ONCE.values(), ids=TOLD_ONCE)
def test_what_a_process_is_refused_for_is_not_told_twice(config: dict[str, t.Any]) -> None:
    with pytest.raises(FlinkError, match=r"^taskmanager-1: [^\n]+$"):
        plan_host({**SHARED, **config}, "2.3", [entry("taskmanager")], "16g")
