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
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

from ansible_collections.streamops.flink.plugins.action.memory_plan import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.module_utils._flink._plan import plan
from ansible_collections.streamops.flink.plugins.modules import memory_plan

CONFIG = {"taskmanager.memory.process.size": "4g", "jobmanager": {"memory": {"process.size": "1600m"}}}
# As it is before Ansible fills the defaults of the suboptions in.
SPEC = copy.deepcopy(ARGUMENT_SPEC)
DOCUMENTATION = yaml.safe_load(memory_plan.DOCUMENTATION)

REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "nothing": ({}, "missing required arguments: flink_version"),
    "unknown option": ({"flink_version": "2.3", "memory": "4g"}, "Unsupported parameters"),
    "unknown option of a process": (
        {"flink_version": "2.3", "processes": [{"process": "taskmanager", "memory": "4g"}]},
        "Unsupported parameters",
    ),
    "unknown process": ({"flink_version": "2.3", "processes": [{"process": "local"}]}, "must be one of"),
    "process without name": ({"flink_version": "2.3", "processes": [{"count": 2}]}, "missing required arguments"),
    "null as processes": ({"flink_version": "2.3", "processes": None}, "processes"),
    "null as count": ({"flink_version": "2.3", "processes": [{"process": "taskmanager", "count": None}]}, "count"),
    "half a process": ({"flink_version": "2.3", "processes": [{"process": "taskmanager", "count": 1.5}]}, "count"),
    "no process": (
        {"flink_version": "2.3", "processes": [{"process": "taskmanager", "count": 0}]},
        "processes: the count of a taskmanager lies from 1 to 1000, got 0.",
    ),
    "number as release": ({"flink_version": 1.20, "config": CONFIG}, "Quote it: flink_version: '1.20'."),
    "null as release": ({"flink_version": None, "config": CONFIG}, "flink_version: expected the text"),
    "text as config": ({"flink_version": "2.3", "config": '{"taskmanager": {}}'}, "config: expected a mapping"),
    "list as config": ({"flink_version": "2.3", "config": [CONFIG]}, "config: expected a mapping"),
    "null as config": ({"flink_version": "2.3", "config": None}, "config: expected a mapping"),
    "null as config of a process": (
        {"flink_version": "2.3", "config": CONFIG, "processes": [{"process": "taskmanager", "config": None}]},
        "taskmanager-1: config: expected a mapping",
    ),
    "no memory": ({"flink_version": "2.3"}, "taskmanager-1: No memory is configured for the TaskManager."),
    "two refusals": (
        {"flink_version": "2.3", "processes": [{"process": "taskmanager"}, {"process": "jobmanager"}]},
        "taskmanager-1: No memory is configured for the TaskManager.",
    ),
}


def run(args: dict[str, t.Any], *, check_mode: bool = False) -> dict[str, t.Any]:
    """Run the action as a task would, and see that it leaves the connection alone."""
    task = Task()
    task.action = "streamops.flink.memory_plan"
    task.args = args
    task.check_mode = check_mode
    connection, loader = mock.Mock(), DataLoader()
    connection._shell.tmpdir = None
    action = ActionModule(
        task=task,
        connection=connection,
        play_context=PlayContext(),
        loader=loader,
        templar=Templar(loader),
        shared_loader_obj=None,
    )
    try:
        return action.run(task_vars={})
    finally:
        assert connection.method_calls == []


def test_one_taskmanager_unless_told() -> None:
    result = run({"flink_version": "2.3", "config": CONFIG})
    (planned,) = result["plans"]
    flat = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "1600m"}
    assert planned == {"name": "taskmanager-1", "config": flat, **plan(CONFIG, "2.3")}
    assert result["changed"] is False
    assert result["notes"] == []


def test_several_processes() -> None:
    larger = {"process": "taskmanager", "count": "2", "config": {"taskmanager": {"memory.process.size": "1g"}}}
    result = run({"flink_version": "1.20", "config": CONFIG, "processes": [{"process": "jobmanager"}, larger]})
    assert [planned["name"] for planned in result["plans"]] == ["jobmanager", "taskmanager-1", "taskmanager-2"]
    assert [planned["memory"]["total_process"] for planned in result["plans"]] == [1677721600, 2**30, 2**30]
    assert [note["name"] for note in result["notes"] if note["code"] == "task-heap-small"] == [
        "taskmanager-1",
        "taskmanager-2",
    ]


def test_check_mode_is_no_different() -> None:
    args = {"flink_version": "2.3", "config": CONFIG}
    assert run(args, check_mode=True) == run(args)


def test_secrets_are_not_displayed() -> None:
    result = run({"flink_version": "2.3", "config": {**CONFIG, "s3.secret-key": "secret"}})
    assert result["_ansible_verbose_override"] is True


def test_the_result_is_plain() -> None:
    result = run({"flink_version": "2.3", "config": CONFIG})
    assert json.loads(json.dumps(result)) == result


@pytest.mark.parametrize(("args", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check"])
def test_refused(args: dict[str, t.Any], message: str, check_mode: bool) -> None:
    with pytest.raises(AnsibleActionFail, match=re.escape(message)):
        run(args, check_mode=check_mode)


def test_all_reasons_at_once() -> None:
    with pytest.raises(AnsibleActionFail) as refusal:
        run(REFUSED["two refusals"][0])
    taskmanager, jobmanager = str(refusal.value).splitlines()
    assert taskmanager.startswith("taskmanager-1: No memory is configured for the TaskManager.")
    assert jobmanager.startswith("jobmanager: No memory is configured for the JobManager.")


def documented(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """The argument specification that the documentation of options describes."""
    spec = {}
    for name, option in options.items():
        spec[name] = {key: value for key, value in option.items() if key not in {"description", "suboptions"}}
        if "suboptions" in option:
            spec[name]["options"] = documented(option["suboptions"])
    return spec


def test_the_documentation_is_that_of_the_action() -> None:
    assert documented(DOCUMENTATION["options"]) == SPEC


def test_the_examples_are_accepted() -> None:
    tasks = yaml.safe_load(memory_plan.EXAMPLES)
    plans = [run(task["streamops.flink.memory_plan"]) for task in tasks if "streamops.flink.memory_plan" in task]
    assert [len(result["plans"]) for result in plans] == [1, 4]
