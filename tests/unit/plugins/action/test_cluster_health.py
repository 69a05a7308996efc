# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import re
import typing as t
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.streamops.flink.plugins.action import cluster_health as action_plugin
from ansible_collections.streamops.flink.plugins.doc_fragments import _rest
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.modules import cluster_health
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import made

CONFIG = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "1600m"}
PLANS: t.Any = plan_host(
    CONFIG,
    "2.3.0",
    [{"process": process, "count": count, "config": {}} for process, count in (("jobmanager", 1), ("taskmanager", 2))],
)["plans"]
JOBMANAGER, *TASKMANAGERS = PLANS
ARGS: dict[str, t.Any] = {"plans": PLANS, "host": "h"}

DEAD: dict[str, t.Any] = {
    "failed": True,
    "retry": True,
    "msg": "http://localhost:8081/overview did not answer: refused.",
}
LOCKED: dict[str, t.Any] = {
    "failed": True,
    "retry": False,
    "msg": "It wants authentication: set url_username and url_password.",
}
BROKEN: dict[str, t.Any] = {"failed": True, "msg": "MODULE FAILURE", "module_stderr": "no python"}


def live(*ids: str, version: str = "2.3.0", path: str = "new", beat: int = 5, **memory: int) -> dict[str, t.Any]:
    """A cluster with the JobManager as planned, and TaskManagers with these IDs, as planned but for some memory."""
    totals = ("jvm_heap", "jvm_direct")
    planned = {name: size for name, size in TASKMANAGERS[0]["memory"].items() if name not in totals}
    return {
        "changed": False,
        "flink_version": version,
        "jobmanager": {"memory": JOBMANAGER["memory"], "jvm_args": JOBMANAGER["jvm_args"]},
        "taskmanagers": [
            {
                "id": name,
                "path": f"{path}-{name}",
                "slots": 1,
                "free_slots": 1,
                "heartbeat": beat,
                "memory": {**planned, **memory},
            }
            for name in ids
        ],
        "invocation": {"module_args": {}},
    }


ALL = live("h-1", "h-2", "other-1")


class Cluster:
    """What the module says each time that it runs, and the time that passes."""

    def __init__(self, answers: list[dict[str, t.Any]], seconds: float) -> None:
        self.answers, self.seconds = answers, seconds
        self.now = 100.0
        self.asked: list[dict[str, t.Any]] = []
        self.lines: list[str] = []

    def execute(self, module_name: str, module_args: dict[str, t.Any], task_vars: t.Any) -> dict[str, t.Any]:
        assert (module_name, task_vars) == ("streamops.flink.cluster_memory_info", {"a": "b"})
        self.asked.append(module_args)
        self.now += self.seconds
        return copy.deepcopy(self.answers[min(len(self.asked), len(self.answers)) - 1])

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def run(
    *answers: dict[str, t.Any], check_mode: bool = False, seconds: float = 0.2, **args: t.Any
) -> tuple[dict[str, t.Any], Cluster]:
    """Run the action as a task would against a cluster with these answers, the last one for good."""
    action, cluster = made(action_plugin.ActionModule, args, {}, check_mode=check_mode), Cluster(list(answers), seconds)
    clock = mock.Mock(monotonic=lambda: cluster.now, sleep=cluster.sleep)
    with (
        mock.patch.object(action, "_execute_module", cluster.execute),
        mock.patch.object(action_plugin, "time", clock),
        mock.patch.object(action_plugin, "Display", return_value=mock.Mock(display=cluster.lines.append)),
    ):
        return action.run(task_vars={"a": "b"}), cluster


# Answers, further options, and the lines of progress until all is as planned.
WAITING: dict[str, tuple[list[dict[str, t.Any]], dict[str, t.Any], list[str]]] = {
    "at once": ([ALL], {}, []),
    "one after the other": (
        [DEAD, DEAD, live(), live(), live("h-2"), ALL],
        {},
        [
            "h: 0 of 3 processes as planned after 0 s, waiting for an answer of the JobManager",
            "h: 1 of 3 processes as planned after 2 s, waiting for taskmanager-1, taskmanager-2",
            "h: 2 of 3 processes as planned after 5 s, waiting for taskmanager-1",
        ],
    ),
    "with other memory first": (
        [live("h-1", "h-2", managed=1), ALL],
        {},
        ["h: 1 of 3 processes as planned after 0 s, waiting for taskmanager-1, taskmanager-2"],
    ),
    "one from before": (
        [live("h-1", "h-2", path="old"), live("h-1", "h-2")],
        {"former": {"h-1": "old-h-1", "h-2": "older"}, "plans": TASKMANAGERS},
        ["h: 1 of 2 processes as planned after 0 s, waiting for taskmanager-1"],
    ),
    "back at the same path": (
        [live("h-1", path="old"), DEAD, live("h-1", path="old"), live(), live("h-1", path="old")],
        {"former": {"h-1": "old-h-1"}, "plans": TASKMANAGERS[:1]},
        [
            "h: 0 of 1 processes as planned after 0 s, waiting for taskmanager-1",
            "h: 0 of 1 processes as planned after 1 s, waiting for an answer of the JobManager",
            "h: 0 of 1 processes as planned after 2 s, waiting for taskmanager-1",
        ],
    ),
    "back at the same path before anybody has missed it": (
        [live("h-1", path="old"), live("h-1", path="old", beat=6)],
        {"former": {"h-1": "old-h-1"}, "plans": TASKMANAGERS[:1]},
        ["h: 0 of 1 processes as planned after 0 s, waiting for taskmanager-1"],
    ),
    "many": (
        [live(), live(*(f"h-{number}" for number in range(1, 31)))],
        {"plans": [{**TASKMANAGERS[0], "name": f"taskmanager-{number}"} for number in range(1, 31)]},
        [
            "h: 0 of 30 processes as planned after 0 s, waiting for "
            + ", ".join(f"taskmanager-{number}" for number in range(1, 6))
            + " and 25 more"
        ],
    ),
    "nothing": ([ALL], {"plans": []}, []),
}

# Answers, further options, and the failure: its text, the suspects, and how often it asked.
FAILURES: dict[str, tuple[list[dict[str, t.Any]], dict[str, t.Any], str, list[str], int]] = {
    "one is missing": (
        [live("h-1")],
        {"timeout": 5},
        "Not as planned after 5 seconds: taskmanager-2: no TaskManager is registered as h-2.",
        ["taskmanager-2"],
        5,
    ),
    "one has other memory": (
        [live("h-1", managed=1)],
        {"plans": TASKMANAGERS[:1], "timeout": 0},
        "Not as planned after 0 seconds: taskmanager-1: managed is 1, planned is 1438814063.",
        ["taskmanager-1"],
        1,
    ),
    "no answer, JobManager here": (
        [DEAD],
        {"timeout": 2},
        f"Not as planned after 2 seconds: {DEAD['msg']}",
        ["jobmanager"],
        3,
    ),
    "no answer, JobManager elsewhere": (
        [DEAD],
        {"plans": TASKMANAGERS, "timeout": 2},
        f"Not as planned after 2 seconds: {DEAD['msg']}",
        ["taskmanager-1", "taskmanager-2"],
        3,
    ),
    "answers no more": (
        [live("h-1"), DEAD],
        {"timeout": 2},
        f"Not as planned after 2 seconds: {DEAD['msg']}",
        ["jobmanager"],
        3,
    ),
    "still the one from before": (
        [live("h-1", "h-2", path="old")],
        {"plans": TASKMANAGERS, "timeout": 1, "former": {"h-1": "old-h-1"}},
        "Not as planned after 1 seconds: taskmanager-1: no TaskManager is registered as h-1.",
        ["taskmanager-1"],
        2,
    ),
    "hopeless": ([LOCKED], {}, LOCKED["msg"], ["jobmanager"], 1),
    "no longer hopeful": ([DEAD, LOCKED], {}, LOCKED["msg"], ["jobmanager"], 2),
    "no module": ([BROKEN], {}, "MODULE FAILURE", ["jobmanager"], 1),
}

REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "no plans": ({"host": "h"}, "missing required arguments: plans"),
    "no host": ({"plans": PLANS}, "missing required arguments: host"),
    "unknown option": ({**ARGS, "delay": 1}, "Unsupported parameters"),
    "no time": ({**ARGS, "timeout": "long"}, "timeout"),
    "years": ({**ARGS, "timeout": 10**9}, "expected at most 86400 seconds, got 1000000000"),
    "other plans": ({**ARGS, "plans": [{"a": "b"}]}, "and the plans of a host."),
}


@pytest.mark.parametrize(("answers", "options", "lines"), WAITING.values(), ids=WAITING)
def test_waiting(answers: list[dict[str, t.Any]], options: dict[str, t.Any], lines: list[str]) -> None:
    result, cluster = run(*answers, **{**ARGS, **options})
    assert cluster.lines == lines
    assert len(cluster.asked) == len(answers)
    assert (result["changed"], result["deviations"], result.get("failed")) == (False, [], None)
    assert result["elapsed"] == int(cluster.now - 100)
    assert result["taskmanagers"] == answers[-1]["taskmanagers"]
    assert "invocation" not in result


@pytest.mark.parametrize(("answers", "options", "message", "suspects", "asked"), FAILURES.values(), ids=FAILURES)
def test_failures(
    answers: list[dict[str, t.Any]], options: dict[str, t.Any], message: str, suspects: list[str], asked: int
) -> None:
    result, cluster = run(*answers, **{**ARGS, **options})
    assert (result["failed"], result["msg"], result["suspects"]) == (True, message, suspects)
    assert message.endswith(" ".join(result["deviations"]))
    assert len(cluster.asked) == asked


def test_what_went_wrong_on_the_host_is_kept() -> None:
    result, _cluster = run(BROKEN, **ARGS)
    assert result["module_stderr"] == "no python"


@pytest.mark.parametrize(("timeout", "each"), [(25, [10, 10, 5]), (3, [3]), (0, [1])])
def test_no_answer_may_take_longer_than_is_left(timeout: int, each: list[int]) -> None:
    _result, cluster = run(DEAD, **ARGS, timeout=timeout, seconds=9)
    assert [asked["timeout"] for asked in cluster.asked] == each


def test_what_the_module_is_given() -> None:
    rest: dict[str, t.Any] = {
        "url": "https://f",
        "url_username": "u",
        "url_password": "p",
        "ca_path": "~/ca.pem",
        "validate_certs": "no",
    }
    _result, cluster = run(ALL, **ARGS, **rest)
    assert cluster.asked == [{**rest, "timeout": 10}]


def test_check_mode() -> None:
    result, cluster = run(ALL, **ARGS, check_mode=True)
    assert (result["skipped"], result["changed"], cluster.asked) == (True, False, [])


@pytest.mark.parametrize(("args", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(args: dict[str, t.Any], message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=re.escape(message)):
        run(ALL, **args)


def test_the_result_is_plain_and_as_documented() -> None:
    good, _cluster = run(ALL, **ARGS)
    bad, _cluster = run(live(), **ARGS)
    documented = yaml.safe_load(cluster_health.RETURN)
    assert json.loads(json.dumps([good, bad])) == [good, bad]
    assert set(documented) - {"suspects"} <= set(good)
    assert {name for name, value in documented.items() if value["returned"] != "success"} <= set(bad)


def test_the_documentation_is_that_of_the_action(documented: t.Callable[..., t.Any]) -> None:
    fragment = yaml.safe_load(_rest.ModuleDocFragment.DOCUMENTATION)["options"]
    options = {**yaml.safe_load(cluster_health.DOCUMENTATION)["options"], **fragment}
    spec = {
        name: {key: value for key, value in option.items() if key != "no_log"}
        for name, option in action_plugin.ARGUMENT_SPEC.items()
    }
    assert documented(options) == spec


def test_the_examples_are_accepted() -> None:
    _plan, task = yaml.safe_load(cluster_health.EXAMPLES)
    args = task["streamops.flink.cluster_health"]
    result, _cluster = run(ALL, **{**args, "plans": PLANS, "host": "h"})
    assert result["deviations"] == []


SILENT = "Connection refused"
# What reading from a ZooKeeper ends with, one time after the other, and the sentence.
SERVING: dict[str, tuple[list[str | None], str]] = {
    "at once": ([None], ""),
    "once it belongs to a majority": ([SILENT, SILENT, None], ""),
    "never": (
        [SILENT],
        f"zookeeper clientPort: expected it to serve, got {SILENT} for 5 seconds. See its log, or raise the timeout.",
    ),
}


@pytest.mark.parametrize(("problems", "message"), SERVING.values(), ids=SERVING)
def test_a_zookeeper_has_to_serve(problems: list[str | None], message: str) -> None:
    port = {"name": "zookeeper clientPort", "process": "zookeeper", "host": "0.0.0.0", "port": 2181}
    cluster, left = Cluster([], 0), list(problems)

    def execute(module_name: str, module_args: dict[str, t.Any], task_vars: t.Any) -> dict[str, t.Any]:
        if module_name == "ansible.builtin.wait_for":
            return {}
        assert module_args == {"znodes": [{"servers": ["localhost:2181"], "path": "/"}]}
        return {"znodes": {"/": {"text": "", "problem": left.pop(0) if len(left) > 1 else left[0]}}}

    args = {"plans": [], "host": "h", "ports": [port], "timeout": 5}
    action = made(action_plugin.ActionModule, args, {})
    clock = mock.Mock(monotonic=lambda: cluster.now, sleep=cluster.sleep)
    with mock.patch.object(action, "_execute_module", execute), mock.patch.object(action_plugin, "time", clock):
        result = action.run(task_vars={})
    assert result.get("msg", "") == message
    assert (cluster.now >= 105.0) is bool(message)
