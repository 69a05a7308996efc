# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import typing as t

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.template import trust_as_template

from ansible_collections.streamops.flink.plugins.action.fleet_plan import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.modules import fleet_plan
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import (
    HostVars,
    Values,
    made,
    opened_no_connection,
)

# As it is before Ansible fills anything in.
SPEC = copy.deepcopy(ARGUMENT_SPEC)

CONFIG = {"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "2g"}
USUAL: Values = {
    "flink_version": "2.3.0",
    "flink_config": CONFIG,
    "flink_host_memory": "16g",
    "group_names": ["flink_taskmanagers"],
}
text = trust_as_template


def run(args: Values | None = None, *, play: t.Sequence[str] | None = None, **hosts: Values) -> Values:
    """Run the action once for a play, by default of all hosts, whose variables differ from the usual ones so."""
    hostvars = HostVars({host: {**USUAL, **variables} for host, variables in hosts.items()})
    task_vars = {"ansible_play_hosts_all": list(hosts) if play is None else list(play), "hostvars": hostvars}
    action = made(ActionModule, args or {}, task_vars)
    result = dict(action.run(task_vars=task_vars))
    assert opened_no_connection(action)
    return result


def planned(args: Values | None = None, **variables: t.Any) -> dict[str, int]:
    """The total process size of each process of one host, in bytes."""
    (plan,) = run(args, h1=variables)["fleet"]["plans"]
    return {process["name"]: process["memory"]["total_process"] for process in plan["processes"]}


def error(args: Values | None = None, **variables: t.Any) -> str:
    """Why one host is refused."""
    (host,) = run(args, h1=variables)["fleet"]["hosts"]
    assert host["status"] == "refused"
    return str(host["error"])


def test_all_hosts_of_the_play() -> None:
    result = run(h2={}, h1={}, h3={"flink_taskmanager_count": 2})
    assert (result["changed"], result["_ansible_verbose_override"]) == (False, True)
    assert result["fleet"]["summary"] == {"hosts": 3, "fine": 3, "warned": 0, "refused": 0}
    assert [(host["host"], host["plan"]) for host in result["fleet"]["hosts"]] == [("h1", 0), ("h2", 0), ("h3", 1)]
    assert json.loads(json.dumps(result)) == result


def test_hosts_that_are_named() -> None:
    result = run({"hosts": ["h2"]}, play=["h1"], h1={}, h2={})
    assert [host["host"] for host in result["fleet"]["hosts"]] == ["h2"]


# Variables of a host, and its processes.
COMPONENTS: dict[str, tuple[Values, list[str]]] = {
    "TaskManagers": ({}, ["taskmanager-1"]),
    "both groups": ({"group_names": ["flink_jobmanagers", "flink_taskmanagers"]}, ["jobmanager", "taskmanager-1"]),
    "other groups": ({"group_names": ["web"]}, []),
    "no groups": ({"group_names": []}, []),
    "components outrank groups": ({"flink_components": ["jobmanager"]}, ["jobmanager"]),
    "components without planned memory": ({"flink_components": ["sql-gateway", "taskmanager"]}, ["taskmanager-1"]),
    "a number of TaskManagers": ({"flink_taskmanager_count": 2}, ["taskmanager-1", "taskmanager-2"]),
    "a number as a text": ({"flink_taskmanager_count": "2"}, ["taskmanager-1", "taskmanager-2"]),
    "components as a text": ({"flink_components": "jobmanager,taskmanager"}, ["jobmanager", "taskmanager-1"]),
    "a component as a template": (
        {"flink_components": text("{{ name }}"), "name": "jobmanager"},
        ["jobmanager"],
    ),
}


@pytest.mark.parametrize(("variables", "names"), COMPONENTS.values(), ids=COMPONENTS)
def test_what_runs_on_a_host(variables: Values, names: list[str]) -> None:
    assert list(planned(**variables)) == names


def test_other_groups_are_given() -> None:
    args = {"jobmanager_group": "heads", "taskmanager_group": "bodies"}
    assert list(planned(args, group_names=["heads"])) == ["jobmanager"]
    assert list(planned(args, group_names=["bodies"])) == ["taskmanager-1"]
    assert list(planned(args)) == []


# Variables of a host, and the sizes of its TaskManagers in MiB.
VARIABLES: dict[str, tuple[Values, list[int]]] = {
    "a size that is a template": (
        {"flink_config": {"taskmanager.memory.process.size": text("{{ size }}")}, "size": "3g"},
        [3072],
    ),
    "a configuration that is one": ({"flink_config": text("{{ {'taskmanager.memory.process.size': '3g'} }}")}, [3072]),
    "a key that is one": (
        {"flink_config": text("{{ {key: '3g'} }}"), "key": "taskmanager.memory.process.size"},
        [3072],
    ),
    "a template of another host": (
        {"flink_config": {"taskmanager.memory.process.size": text("{{ hostvars.h1.size }}")}, "size": "3g"},
        [3072],
    ),
    "a text that only looks like a template": (
        {"flink_config": {**CONFIG, "env.java.opts.all": "-Da={{ b"}},
        [2048],
    ),
    "options of one TaskManager": (
        {
            "flink_taskmanager_configs": [{}, {"taskmanager.memory.process.size": "3g"}],
            "flink_taskmanager_count": text("{{ 1 + 1 }}"),
        },
        [2048, 3072],
    ),
    "a share of the host": (
        {"flink_config": {"taskmanager.memory.process.size": "50%"}, "flink_reserved_memory": "2g"},
        [7168],
    ),
    "the reserve of the role": ({"flink_config": {"taskmanager.memory.process.size": "auto"}}, [16384 - 1638]),
}


@pytest.mark.parametrize(("variables", "sizes"), VARIABLES.values(), ids=VARIABLES)
def test_variables(variables: Values, sizes: list[int]) -> None:
    assert list(planned(**variables).values()) == [size * 2**20 for size in sizes]


REGISTERED: Values = {"effective": 2**34, "limited_by": "slice x", "numa_nodes": []}

# Variables of a host, and what is taken for its memory in GiB.
MEMORIES: dict[str, tuple[Values, int | None]] = {
    "the variable": ({"flink_host_memory": "32g", "asked": REGISTERED, "ansible_facts": {"memtotal_mb": 1024}}, 32),
    "an answer before facts": (
        {"flink_host_memory": None, "asked": REGISTERED, "ansible_facts": {"memtotal_mb": 1024}},
        16,
    ),
    "facts": ({"flink_host_memory": None, "ansible_facts": {"memtotal_mb": 8192}}, 8),
    "an answer that failed": (
        {"flink_host_memory": None, "asked": {"failed": True}, "ansible_facts": {"memtotal_mb": 8192}},
        8,
    ),
    "nothing": ({"flink_host_memory": None}, None),
}


@pytest.mark.parametrize(("variables", "memory"), MEMORIES.values(), ids=MEMORIES)
def test_where_the_memory_comes_from(variables: Values, memory: int | None) -> None:
    (plan,) = run({"host_memory_info": "asked"}, h1=variables)["fleet"]["plans"]
    assert plan["host"]["memory"] == (None if memory is None else memory * 2**30)


def test_another_release_is_planned_with() -> None:
    for args, version in (({}, "1.20.5"), ({"flink_version": "2.3"}, "2.3")):
        (plan,) = run(args, h1={"flink_version": "1.20.5"})["fleet"]["plans"]
        assert plan["flink_version"] == version


# Arguments, variables of a host, and how the reason begins.
REFUSED: dict[str, tuple[Values, Values, str]] = {
    "no release": ({}, {"flink_version": text("{{ undef(hint='it is not set.') }}")}, "h1: "),
    "a release as a number": ({}, {"flink_version": 1.20}, "h1: flink_version: 1.2 is a number"),
    "a release as a number for all": ({"flink_version": 1.20}, {}, "h1: flink_version: 1.2 is a number"),
    "an undefined variable": (
        {},
        {"flink_config": {"taskmanager.memory.process.size": text("{{ nothing }}")}},
        "h1: 'nothing' is undefined",
    ),
    "no memory": ({}, {"flink_config": {}}, "h1: taskmanager-1: No memory is configured for the TaskManager."),
    "components that are none": (
        {},
        {"flink_components": ["client"]},
        "h1: flink_components: expected some of jobmanager,",
    ),
    "a number that is none": ({}, {"flink_taskmanager_count": "two"}, "h1: flink_taskmanager_count: expected"),
    "high availability without a directory": (
        {},
        {"flink_high_availability": {"quorum": ["zk1"]}},
        "h1: flink_high_availability.storage_dir: expected",
    ),
    "too large": ({}, {"flink_host_memory": "1g"}, "h1: taskmanager-1 2g + reserved"),
}


@pytest.mark.parametrize(("args", "variables", "start"), REFUSED.values(), ids=REFUSED)
def test_refused(args: Values, variables: Values, start: str) -> None:
    assert error(args, **variables).startswith(start)


def test_high_availability_is_checked_as_options_of_flink_are() -> None:
    store = {"quorum": ["zk1"], "storage_dir": "file:///tmp/ha"}
    (plan,) = run(h1={"flink_high_availability": store})["fleet"]["plans"]
    assert "state-in-tmp" in [note["code"] for note in plan["notes"]]


def test_a_refused_host_is_in_the_result_like_others() -> None:
    result = run(h1={}, h2={"flink_version": "1.9"})
    assert "failed" not in result
    assert [(host["host"], host["status"]) for host in result["fleet"]["hosts"]] == [("h2", "refused"), ("h1", "fine")]


def test_hosts_of_no_inventory() -> None:
    names = [f"x{number}" for number in range(7)]
    with pytest.raises(
        AnsibleActionFail,
        match=r"^hosts: expected hosts of the inventory, got x0, x1, x2 and 4 more\. Correct the names\.$",
    ):
        run({"hosts": ["h1", *names]}, h1={})


def test_secrets_are_not_in_the_result() -> None:
    config = {**CONFIG, "s3.secret-key": "hush"}
    assert "hush" not in json.dumps(run(h1={"flink_config": config, "flink_rest_password": "hush"}))


HEAD: Values = {"group_names": ["flink_jobmanagers"]}
IS_OPEN = "flink_tls: anybody who reaches these ports gets in without a password: "
# Hosts, and what is said to be open.
EXPOSURES: dict[str, tuple[dict[str, Values], list[str]]] = {
    "TaskManagers alone": ({"tm1": {}, "tm2": {}}, []),
    "a cluster": ({"jm1": HEAD, "tm1": {}, "tm2": {}}, ["REST (jm1, port 8081)"]),
    "several JobManagers, once": (
        {"jm1": HEAD, "jm2": {**HEAD, "flink_config": {**CONFIG, "a": "b"}}, "tm1": {}},
        ["REST (jm1, jm2, port 8081)"],
    ),
    "one host": ({"h1": {"group_names": ["flink_jobmanagers", "flink_taskmanagers"]}}, []),
    "REST on loopback, and TLS": (
        {
            "jm1": {
                **HEAD,
                "flink_config": {
                    **CONFIG,
                    "rest.bind-address": text("{{ '127.0.0.1' }}"),
                    "security.ssl.internal.enabled": True,
                },
            },
            "tm1": {},
        },
        [],
    ),
    "a SQL gateway beside a TaskManager": (
        {"tm1": {"flink_components": ["taskmanager", "sql-gateway"]}, "tm2": {}},
        ["SQL gateway (tm1, port 8083)"],
    ),
    "a mistake, of which the plan tells": ({"jm1": {**HEAD, "flink_restart": "maybe"}, "tm1": {}}, []),
}


@pytest.mark.parametrize(("hosts", "doors"), EXPOSURES.values(), ids=EXPOSURES)
def test_what_is_open_is_said_once_for_a_cluster(hosts: dict[str, Values], doors: list[str]) -> None:
    found = [sentence for sentence in run(None, play=list(hosts), **hosts)["warnings"] if sentence.startswith(IS_OPEN)]
    assert len(found) == len(doors)
    assert [door for door in doors if door not in found[0]] == []


# TLS of the hosts of a cluster, and how what a deployment would refuse begins.
NO_TLS: dict[str, tuple[Values, list[str]]] = {
    "nowhere to keep certificates": ({"flink_tls": "all"}, ["flink_tls_dir: expected a directory on the controller"]),
    "a certificate without its key": (
        {"flink_tls": "all", "flink_tls_dir": text("{{ '/srv' }}/tls"), "flink_tls_certificate": "/c"},
        ["flink_tls_key and flink_tls_ca: expected beside flink_tls_certificate"],
    ),
    "all there is": ({"flink_tls": "all", "flink_tls_dir": "/srv/tls"}, []),
    "none": ({}, []),
}


@pytest.mark.parametrize(("variables", "begins"), NO_TLS.values(), ids=NO_TLS)
def test_what_is_wrong_with_tls_is_said_before_a_deployment(variables: Values, begins: list[str]) -> None:
    hosts = {"jm1": {**HEAD, **variables}, "jm2": {**HEAD, **variables}, "tm1": variables}
    found = [sentence for sentence in run(None, play=list(hosts), **hosts)["warnings"] if ": expected" in sentence]
    assert [sentence.startswith(begin) for sentence, begin in zip(found, begins, strict=True)] == [True] * len(begins)


def test_the_documentation_is_that_of_the_action(documented: t.Callable[..., t.Any]) -> None:
    assert documented(yaml.safe_load(fleet_plan.DOCUMENTATION)["options"]) == SPEC
