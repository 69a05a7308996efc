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

from ansible_collections.streamops.flink.plugins.action.memory_plan import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.modules import memory_plan
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import made, opened_no_connection

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
        "processes: count: expected a number of taskmanagers from 1 to 1000, got 0.",
    ),
    "more processes than anybody runs": (
        {"flink_version": "2.3", "processes": [{"process": "taskmanager", "count": 16**9999}]},
        "flink-1: processes: count: expected a number of taskmanagers from 1 to 1000, got a huge number.",
    ),
    "text as nodes": (
        {"flink_version": "2.3", "processes": [{"process": "taskmanager", "numa_nodes": "0"}]},
        "flink-1: numa_nodes: expected a list of numbers of NUMA nodes such as [0, 1], or all, got '0'.",
    ),
    "nodes that facts do not tell": (
        {"flink_version": "2.3", "processes": [{"process": "taskmanager", "numa_nodes": "all"}]},
        "flink-1: numa_nodes: the NUMA nodes of the host are not known, so all cannot be resolved. List their numbers",
    ),
    "a reserve of everything": (
        {"flink_version": "2.3", "config": CONFIG, "reserved_memory": "100%"},
        "flink-1: reserved_memory: '100%' is 8g, which leaves nothing for Flink of the 8g of memory (physical memory).",
    ),
    "number as reserve": (
        {"flink_version": "2.3", "config": CONFIG, "reserved_memory": 0.1},
        "flink-1: reserved_memory: expected a size such as 4g or a whole number of bytes, got 0.1. A percentage such",
    ),
    "null as reserve": (
        {"flink_version": "2.3", "config": CONFIG, "reserved_memory": None},
        "flink-1: reserved_memory: expected a size such as 4g or a whole number of bytes, got null.",
    ),
    "no memory at all": (
        {"flink_version": "2.3", "config": CONFIG, "host_memory": 0},
        "flink-1: host_memory: expected a size above 0 such as 64g, got 0.",
    ),
    "mapping as memory": (
        {"flink_version": "2.3", "config": CONFIG, "host_memory": {"size": "8g"}},
        "flink-1: host_memory: expected a size such as 64g, or what the module streamops.flink.host_memory_info",
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


INFO = {"effective": 2**33, "limited_by": "cgroup /machine.slice", "numa_nodes": [], "changed": False}


def run(
    args: dict[str, t.Any],
    *,
    check_mode: bool = False,
    facts: dict[str, t.Any] | None = None,
    info: dict[str, t.Any] | None = None,
) -> dict[str, t.Any]:
    """Run the action as a task would, and see that it asks the host for ``info`` or leaves the connection alone."""
    action = made(ActionModule, args, {}, check_mode=check_mode)
    task_vars = {"inventory_hostname": "flink-1", **({} if facts is None else {"ansible_facts": facts})}
    with mock.patch.object(action, "_execute_module", return_value=info) as asked:
        try:
            return action.run(task_vars=task_vars)
        finally:
            assert opened_no_connection(action)
            assert asked.call_args_list == [
                mock.call("streamops.flink.host_memory_info", module_args={}, task_vars=task_vars)
            ] * (info is not None)


def test_one_taskmanager_unless_told() -> None:
    result = run({"flink_version": "2.3", "config": CONFIG, "host_memory": "8g"})
    (planned,) = result["plans"]
    flat = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "1600m"}
    assert planned == {"name": "taskmanager-1", "config": flat, "asked": {}, "numa_node": None, **plan(CONFIG, "2.3")}
    assert result["changed"] is False
    assert result["notes"] == []


def test_several_processes() -> None:
    larger = {"process": "taskmanager", "count": "2", "config": {"taskmanager": {"memory.process.size": "1g"}}}
    result = run(
        {"flink_version": "1.20", "config": CONFIG, "processes": [{"process": "jobmanager"}, larger]}, info=INFO
    )
    assert [planned["name"] for planned in result["plans"]] == ["jobmanager", "taskmanager-1", "taskmanager-2"]
    assert [planned["memory"]["total_process"] for planned in result["plans"]] == [1677721600, 2**30, 2**30]
    assert [note["name"] for note in result["notes"] if note["code"] == "task-heap-small"] == [
        "taskmanager-1",
        "taskmanager-2",
    ]


def test_check_mode_is_no_different() -> None:
    args = {"flink_version": "2.3", "config": CONFIG}
    assert run(args, check_mode=True, info=INFO) == run(args, info=INFO)


def test_secrets_are_not_displayed() -> None:
    result = run({"flink_version": "2.3", "config": {**CONFIG, "s3.secret-key": "secret"}, "host_memory": "8g"})
    assert result["_ansible_no_log"] is True


def test_the_result_is_plain() -> None:
    result = run({"flink_version": "2.3", "config": CONFIG}, facts={"memtotal_mb": 8192})
    assert json.loads(json.dumps(result)) == result


@pytest.mark.parametrize(("args", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check"])
def test_refused(args: dict[str, t.Any], message: str, check_mode: bool) -> None:
    with pytest.raises(AnsibleActionFail, match=re.escape(message)):
        run(args, check_mode=check_mode, facts={"memtotal_mb": 8192})


def test_all_reasons_at_once() -> None:
    with pytest.raises(AnsibleActionFail) as refusal:
        run({**REFUSED["two refusals"][0], "host_memory": "8g"})
    taskmanager, jobmanager = str(refusal.value).splitlines()
    assert taskmanager.startswith("flink-1: taskmanager-1: No memory is configured for the TaskManager.")
    assert jobmanager.startswith("flink-1: jobmanager: No memory is configured for the JobManager.")


# Options and facts: what the action takes for the memory of the host, or nothing where it asks for it.
MEMORIES: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], tuple[int, str] | None]] = {
    "an option before facts": ({"host_memory": "16g"}, {"memtotal_mb": 1024}, (2**34, "host_memory")),
    "what the module returned": ({"host_memory": INFO}, {"memtotal_mb": 1024}, (2**33, "cgroup /machine.slice")),
    "facts": ({}, {"memtotal_mb": 5000}, (5000 * 2**20, "physical memory")),
    "facts of a virtual machine": (
        {},
        {"memtotal_mb": 5000, "virtualization_role": "guest", "virtualization_type": "kvm"},
        (5000 * 2**20, "physical memory"),
    ),
    "facts of a host of containers": (
        {},
        {"memtotal_mb": 5000, "virtualization_role": "host", "virtualization_type": "lxc"},
        (5000 * 2**20, "physical memory"),
    ),
    "facts of a container": (
        {},
        {"memtotal_mb": 65536, "virtualization_role": "guest", "virtualization_type": "podman"},
        None,
    ),
    "facts of something else": ({}, {"distribution": "Debian"}, None),
    "no facts": ({}, {}, None),
}


@pytest.mark.parametrize(("options", "facts", "memory"), MEMORIES.values(), ids=MEMORIES)
def test_where_the_memory_comes_from(
    options: dict[str, t.Any], facts: dict[str, t.Any], memory: tuple[int, str] | None
) -> None:
    args = {"flink_version": "2.3", "config": CONFIG, **options}
    host = run(args, facts=facts, info=INFO if memory is None else None)["host"]
    assert (host["memory"], host["limited_by"]) == (memory or (2**33, "cgroup /machine.slice"))


def test_a_host_that_is_not_asked() -> None:
    result = run({"flink_version": "2.3", "config": CONFIG, "ask_host": False})
    assert result["host"]["memory"] is None
    assert [note["code"] for note in result["notes"]] == ["host-memory-unknown"]


def test_a_share_of_a_host_that_is_not_asked() -> None:
    config = {"taskmanager.memory.process.size": "auto"}
    with pytest.raises(AnsibleActionFail, match=r"^flink-1: taskmanager-1: .* is auto, a share of the host's memory"):
        run({"flink_version": "2.3", "config": config, "ask_host": False})


def test_nodes_as_the_host_tells_them() -> None:
    nodes = [{"node": node, "memory": 2**32, "hugepages": 0} for node in (0, 1)]
    config = {"taskmanager.memory.process.size": "auto"}
    processes = [{"process": "taskmanager", "numa_nodes": "all"}]
    result = run(
        {"flink_version": "2.3", "config": config, "processes": processes, "reserved_memory": "1g"},
        info={**INFO, "numa_nodes": nodes},
    )
    assert [(planned["numa_node"], planned["config"]) for planned in result["plans"]] == [
        (0, {"taskmanager.memory.process.size": "3584m"}),
        (1, {"taskmanager.memory.process.size": "3584m"}),
    ]
    assert [planned["asked"] for planned in result["plans"]] == [config, config]
    assert result["host"]["free"] == 0


def test_a_host_that_does_not_tell() -> None:
    with pytest.raises(
        AnsibleActionFail,
        match=r"host_memory: expected an answer of the host, got: No /proc\. Set host_memory to a size",
    ):
        run({"flink_version": "2.3", "config": CONFIG}, info={"failed": True, "msg": "No /proc."})


def test_what_does_not_fit() -> None:
    with pytest.raises(AnsibleActionFail, match=re.escape("flink-1: taskmanager-1 4g + reserved 819m = 4915m, which")):
        run({"flink_version": "2.3", "config": CONFIG, "host_memory": "4g", "reserved_memory": "20%"})


def test_the_documentation_is_that_of_the_action(documented: t.Callable[..., t.Any]) -> None:
    assert documented(DOCUMENTATION["options"]) == SPEC


def test_the_examples_are_accepted() -> None:
    tasks = yaml.safe_load(memory_plan.EXAMPLES)
    plans = [
        run(task["streamops.flink.memory_plan"], facts={"memtotal_mb": 65536})
        for task in tasks
        if "streamops.flink.memory_plan" in task
    ]
    assert [len(result["plans"]) for result in plans] == [1, 4, 3]
