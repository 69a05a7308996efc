# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever an action is given, it answers with a result, or with a refusal of its own."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.gathering import gather
from ansible_collections.streamops.flink.tests.unit.plugins.action import (
    test_cluster_advice,
    test_cluster_health,
    test_cluster_look,
    test_deployment_info,
    test_fleet_plan,
    test_inventory_info,
    test_memory_plan,
    test_restart_turn,
)
from ansible_collections.streamops.flink.tests.unit.plugins.hostile import VARIABLES, changed
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice import night

Values = dict[str, t.Any]
CONFIG: Values = {
    "jobmanager": {"memory.process.size": "1600m", "rpc.address": "h1"},
    "taskmanager.memory.process.size": "auto",
    "high-availability.type": "zookeeper",
    "high-availability.zookeeper.quorum": "zk:2181",
    "io.tmp.dirs": "/data/a,/data/b",
    "env.log.max": 5,
    "rest.port": 8082,
    "security.ssl.rest.enabled": True,
}
ROLE: Values = {
    "flink_version": "2.3.0",
    "flink_config": CONFIG,
    "flink_jobmanager_config": {"rest.bind-port": "8082"},
    "flink_taskmanager_configs": [{"taskmanager.numberOfTaskSlots": 2}],
    "flink_taskmanager_count": 2,
    "flink_taskmanager_numa_nodes": [0],
    "flink_components": ["jobmanager", "taskmanager", "historyserver"],
    "flink_host_memory": "16g",
    "flink_reserved_memory": "10%",
    "flink_historyserver_jvm_args": ["-Xmx1g"],
    "flink_jars": [{"src": "https://a/b.jar", "checksum": "sha256:" + "a" * 64}],
    "flink_plugins": ["flink-s3-fs-hadoop"],
}
PLANNED: Values = {
    "flink_version": "2.3.0",
    "config": CONFIG,
    "own": {"taskmanager.numberOfTaskSlots": 2},
    "numa_nodes": [0],
    "host_memory": {
        "effective": 2**34,
        "limited_by": "physical memory",
        "numa_nodes": [{"node": 0, "memory": 2**34, "hugepages": 0}],
    },
    "reserved_memory": "1g",
}
GROUPS: Values = {"flink_jobmanagers": ["j1"], "flink_taskmanagers": ["t1", "t2"]}


def plan_memory(given: Values) -> Values:
    """What Ansible leaves raw is changed alone."""
    process = {"process": "taskmanager", "config": given.pop("own", {}), "numa_nodes": given.pop("numa_nodes", None)}
    return test_memory_plan.run({**given, "processes": [process], "ask_host": False})


def decide(variables: Values, purpose: str = "deploy") -> Values:
    try:
        return test_deployment_info.run(variables, args={"purpose": purpose}).result
    except StopIteration:
        # It wants to know more of an archive or a host.
        return {}


def explain(given: Values) -> Values:
    """What a look comes to of which a host and the cluster answer so."""
    good, answer = test_cluster_look.ANSWERS["jm1"]["__flink_look"], given.get("host")
    try:
        observation = gather(
            {"jm1": good, "tm1": answer if isinstance(answer, dict) else None},
            {"jm1": {"cluster": given.get("cluster")}},
            night.MORNING,
            [],
        )
    except FlinkError as exc:
        return {"msg": str(exc)}
    return test_cluster_advice.run({}, observation)


# What is run with values that were changed, and the values.
ACTIONS: dict[str, tuple[t.Callable[[t.Any], t.Any], t.Any]] = {
    "cluster_advice": (lambda given: test_cluster_advice.run(tm1=given), ROLE),
    "cluster_advice of a strange look": (
        explain,
        {
            "host": {
                **test_cluster_advice.dead()["hosts"]["tm1"],
                "kills": [
                    {
                        "time": night.NIGHT,
                        "pid": 4711,
                        "task": "java",
                        "thread": "Source: Sequenc",
                        "constraint": "CONSTRAINT_MEMCG",
                        "cgroup": "/system.slice/flink-taskmanager@1.service",
                        "limited": "/system.slice/flink-taskmanager@1.service",
                        "anonymous": 782564 * 1024,
                        "file": 0,
                        "source": "kernel log",
                    }
                ],
            },
            "cluster": night.CLUSTER,
        },
    ),
    "cluster_health": (
        lambda given: test_cluster_health.run(test_cluster_health.ALL, seconds=100, **given)[0],
        {**test_cluster_health.ARGS, "former": {"h-1": "old"}, "timeout": 10},
    ),
    "cluster_look": (
        lambda given: test_cluster_look.look(tm1={"__flink_look": {**given}}),
        test_cluster_look.ANSWERS["tm1"]["__flink_look"],
    ),
    "cluster_look of a cluster": (
        lambda given: test_cluster_look.look(jm1={"__flink_cluster_look": {**given}}),
        test_cluster_look.ANSWERS["jm1"]["__flink_cluster_look"],
    ),
    "deployment_info": (decide, ROLE),
    "deployment_info of a look": (lambda given: decide(given, "observe"), ROLE),
    "deployment_info of a plan": (lambda given: decide(given, "plan"), ROLE),
    "fleet_plan": (lambda given: test_fleet_plan.run(h1=given, h2={}), ROLE),
    "inventory_info": (
        test_inventory_info.run,
        {"flink_jobmanager_group": "flink_jobmanagers", "flink_restart_batch": 1},
    ),
    "memory_plan": (plan_memory, PLANNED),
    "restart_turn": (
        lambda given: test_restart_turn.run(given, hosts=["j1"], batch=["j1"])[0],
        test_restart_turn.SECOND_PART,
    ),
}


@pytest.mark.parametrize(("run", "values"), ACTIONS.values(), ids=ACTIONS)
@given(data=st.data())
def test_whatever_is_changed_a_refusal_is_the_worst_answer(
    run: t.Callable[[t.Any], t.Any], values: t.Any, data: st.DataObject
) -> None:
    try:
        result = run(data.draw(changed(values, VARIABLES)))
    except AnsibleError as refusal:
        sentence = str(refusal)
    else:
        sentence = str(result.get("msg", ""))
    assert "Traceback" not in sentence
