# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.processes import COMPONENTS, host_processes
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError


class Tagged(str):
    """A text as Ansible hands it over."""

    __slots__ = ("origin",)


def entry(process: str, config: t.Any, numa_nodes: list[t.Any] | None = None) -> dict[str, t.Any]:
    return {"process": process, "count": 1, "config": config, "numa_nodes": numa_nodes}


A, B, C = {"a": 1}, {"b": 2}, {"c": 3}

# Components, count, options of the JobManager and of the TaskManagers, NUMA nodes; and the processes.
PROCESSES: dict[str, tuple[tuple[t.Any, ...], list[dict[str, t.Any]]]] = {
    "nothing": (([], 1, A, [], []), []),
    "no memory to plan": ((["historyserver", "sql-gateway"], 5, A, [B], [0]), []),
    "JobManager": ((["jobmanager"], 5, A, [B], [0]), [entry("jobmanager", A)]),
    "TaskManager": ((["taskmanager"], 1, A, [], []), [entry("taskmanager", {})]),
    "JobManager first": (
        (["taskmanager", "sql-gateway", "jobmanager"], 1, A, [B], []),
        [entry("jobmanager", A), entry("taskmanager", B)],
    ),
    "options for some": (
        (["taskmanager"], 3, A, [B, C], []),
        [entry("taskmanager", B), entry("taskmanager", C), entry("taskmanager", {})],
    ),
    "nodes for some": (
        (["taskmanager"], 3, A, [], [1, 0]),
        [entry("taskmanager", {}, [1]), entry("taskmanager", {}, [0]), entry("taskmanager", {})],
    ),
    "one with both": ((["taskmanager"], 1, A, [B, C], [0, 1]), [entry("taskmanager", B, [0])]),
    "no TaskManager": ((["taskmanager"], 0, A, [B], [0]), []),
    "named twice": ((["taskmanager", "taskmanager"], 1, A, [], []), [entry("taskmanager", {})]),
    "tuples": ((("taskmanager",), 1, A, (B,), (0,)), [entry("taskmanager", B, [0])]),
    "other options are for the plan to judge": (
        (["jobmanager", "taskmanager"], 1, None, ["x"], [None]),
        [entry("jobmanager", None), entry("taskmanager", "x", [None])],
    ),
}

COUNTS: dict[str, tuple[t.Any, int]] = {
    "number": (3, 3),
    "text": ("3", 3),
    "tagged text": (Tagged("3"), 3),
    "blanks": (" 3\n", 3),
    "zeros": ("0003", 3),
    "none": (0, 0),
    "none in digits": ("00", 0),
    "most": (1000, 1000),
    "most in digits": ("0001000", 1000),
}

COMPONENTS_REFUSED: dict[str, tuple[t.Any, str]] = {
    "text": ("taskmanager", "flink_components: expected a list, got 'taskmanager'."),
    "null": (None, "flink_components: expected a list, got null."),
    "mapping": ({"taskmanager": 1}, "flink_components: expected a list, got a mapping."),
    "misspelt": (
        ["jobmanager", "taskmanger", None],
        "flink_components: 'taskmanger', null is none of jobmanager, taskmanager, historyserver, sql-gateway.",
    ),
    "capitals": (["TaskManager"], "flink_components: 'TaskManager' is none of jobmanager"),
    "a list of lists": ([["taskmanager"]], "flink_components: a list is none of jobmanager"),
}

COUNTS_REFUSED: dict[str, tuple[t.Any, str]] = {
    "null": (None, "null."),
    "boolean": (True, "a boolean."),
    "negative": (-1, "-1."),
    "negative text": ("-1", "'-1'."),
    "decimal": (1.5, "1.5."),
    "whole decimal": (2.0, "2.0."),
    "list": ([1], "a list."),
    "empty": ("", "''."),
    "words": ("two", "'two'."),
    "other digits": ("\u0663", "'\\u0663'."),
    "superscript": ("\u00b2", "'\\xb2'."),
    "one too many": (1001, "1001."),
    "one too many behind zeros": ("00000001001", "'00000001001'."),
    "far too many": (10**12, "1000000000000."),
    "huge": (16**9999, "a huge number."),
    "huge text": ("9" * 9999, f"'{'9' * 60}'... (9999 characters)."),
}


@pytest.mark.parametrize(("arguments", "processes"), PROCESSES.values(), ids=PROCESSES)
def test_processes(arguments: tuple[t.Any, ...], processes: list[dict[str, t.Any]]) -> None:
    assert host_processes(*arguments) == processes


@pytest.mark.parametrize(("count", "number"), COUNTS.values(), ids=COUNTS)
def test_count(count: t.Any, number: int) -> None:
    assert len(host_processes(["taskmanager"], count, {}, [], [])) == number


@pytest.mark.parametrize(("components", "message"), COMPONENTS_REFUSED.values(), ids=COMPONENTS_REFUSED)
def test_components_refused(components: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        host_processes(components, 1, {}, [], [])


@pytest.mark.parametrize(("count", "got"), COUNTS_REFUSED.values(), ids=COUNTS_REFUSED)
def test_count_refused(count: t.Any, got: str) -> None:
    message = f"flink_taskmanager_count: expected a whole number from 0 to 1000, got {got}"
    with pytest.raises(FlinkError, match=f"^{re.escape(message)}$"):
        host_processes(["taskmanager"], count, {}, [], [])
    assert host_processes(["jobmanager"], count, {}, [], []) == [entry("jobmanager", {})]


@pytest.mark.parametrize("value", [None, "x", {}, 1], ids=["null", "text", "mapping", "number"])
def test_lists_are_lists(value: t.Any) -> None:
    with pytest.raises(FlinkError, match=r"^flink_taskmanager_configs: expected a list, got "):
        host_processes([], 1, {}, value, [])
    with pytest.raises(FlinkError, match=r"^flink_taskmanager_numa_nodes: expected a list, got "):
        host_processes([], 1, {}, [], value)


def test_the_plan_takes_them() -> None:
    config = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "1600m"}
    larger = {"taskmanager.memory.process.size": "8g"}
    processes = host_processes(COMPONENTS, 2, {}, [larger], [1])
    plans = plan_host(config, "2.3", processes)["plans"]
    assert [(planned["name"], planned["numa_node"]) for planned in plans] == [
        ("jobmanager", None),
        ("taskmanager-1", 1),
        ("taskmanager-2", None),
    ]
    assert [planned["memory"]["total_process"] for planned in plans] == [1600 * 2**20, 2**33, 2**32]
