# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink._errors import FlinkMemoryError
from ansible_collections.streamops.flink.plugins.module_utils._flink._host import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink._plan import plan

SHARED = {"taskmanager.memory": {"process.size": "4g"}, "jobmanager.memory.process.size": "1600m"}
FLAT = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "1600m"}


def entry(process: str, count: int = 1, config: t.Any = None) -> dict[str, t.Any]:
    return {"process": process, "count": count, "config": {} if config is None else config}


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
    assert jobmanager == {"name": "jobmanager", "config": FLAT, **plan(SHARED, "2.3", "jobmanager")}
    assert taskmanager == {"name": "taskmanager-1", "config": FLAT, **plan(SHARED, "2.3")}
    assert another == {"name": "taskmanager-2", "config": merged, **plan(merged, "2.3")}


def test_notes_name_their_process() -> None:
    host = plan_host(SHARED, "2.3", [entry("jobmanager"), entry("taskmanager", 2, {"taskmanager.memory.fraction": 1})])
    found = [(note["name"], note["code"]) for note in host["notes"] if note["code"] == "ignored-key"]
    assert found == [("taskmanager-1", "ignored-key"), ("taskmanager-2", "ignored-key")]


@pytest.mark.parametrize(("config", "release", "processes", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.usefixtures("prompt")
def test_refused(config: t.Any, release: t.Any, processes: list[dict[str, t.Any]], message: str) -> None:
    with pytest.raises(FlinkMemoryError, match="^" + re.escape(message) if "\n" in message else re.escape(message)):
        plan_host(config, release, processes)
