# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import typing as t
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.streamops.flink.plugins.action.cluster_look import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.modules import cluster_look
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import (
    HostVars,
    Values,
    made,
    opened_no_connection,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import CLUSTER, host, process

if t.TYPE_CHECKING:
    from pathlib import Path

# As it is before Ansible fills anything in.
SPEC = copy.deepcopy(ARGUMENT_SPEC)
GROUPS = {"flink_jobmanagers": ["jm1"], "flink_taskmanagers": ["tm1", "tm2"]}
ANSWERS: dict[str, Values] = {
    "jm1": {"__flink_look": host(process("jobmanager")), "__flink_cluster_look": {"cluster": CLUSTER}},
    "tm1": {"__flink_look": host(process("taskmanager-1"))},
    "tm2": {"__flink_look": {"unreachable": True, "msg": "no route"}},
}
MODULE = "ansible_collections.streamops.flink.plugins.action.cluster_look"


SECRETIVE: Values = {"flink_config": {"s3.secret-key": "n0tForEyes"}, "flink_secret_files": {"kafka": "inAFile\n"}}


def run(args: Values, *, check_mode: bool = False, variables: Values | None = None, **answers: Values) -> Values:
    """Run the action once for a play of three hosts, with what earlier tasks have registered."""
    registered = {**ANSWERS, **answers}
    hostvars = HostVars({name: {**SECRETIVE, **own} for name, own in registered.items()})
    task_vars = {
        "ansible_play_hosts_all": list(hostvars),
        "groups": GROUPS,
        "hostvars": hostvars,
        **(variables or {}),
    }
    action = made(ActionModule, args, task_vars, check_mode=check_mode)
    result = dict(action.run(task_vars=task_vars))
    assert opened_no_connection(action)
    assert result["changed"] is False
    return result


def look(args: Values | None = None, **given: t.Any) -> Values:
    """Prepare looks, and gather the first."""
    prepared = run(args or {})
    return run({**(args or {}), "number": 1}, variables={"__flink_looks": prepared}, **given)


def test_looks_are_prepared() -> None:
    prepared = run({"minutes": 1, "hours": 48})
    assert (prepared["numbers"], prepared["asking"], prepared["hours"], prepared["wait"]) == (
        [1, 2, 3],
        ["jm1"],
        48,
        12,
    )
    assert prepared["window"] is None
    assert prepared["_ansible_no_log"] is True, "it knows what nobody may read"
    assert prepared["hidden"] == ["inAFile", "n0tForEyes"]


def test_a_look_is_gathered_and_who_did_not_answer_is_named() -> None:
    observation = look()["observation"]
    assert list(observation["hosts"]) == ["jm1", "tm1"]
    assert observation["cluster"] == CLUSTER
    assert observation["unknown"] == ["tm2: expected a look at its processes, got none: it cannot be reached."]


# What has become of the tasks on jm1, and what is said of it.
REASONS: dict[str, tuple[Values, list[str]]] = {
    "its variables are wrong": (
        {
            "__flink_asked": {"msg": "flink_version: expected a release, got 9."},
            "__flink_look": {"skipped": True},
            "__flink_cluster_look": {"skipped": True},
        },
        [
            "jm1: expected a look at its processes, got none: flink_version: expected a release, got 9.",
            "REST API, asked from jm1: expected an answer, got none: flink_version: expected a release, got 9.",
        ],
    ),
    "it cannot be reached": (
        {"__flink_asked": {}, "__flink_look": {"unreachable": True}, "__flink_cluster_look": {"skipped": True}},
        [
            "jm1: expected a look at its processes, got none: it cannot be reached.",
            "REST API, asked from jm1: expected an answer, got none: it cannot be reached.",
        ],
    ),
    "its JobManager is down": (
        {"__flink_look": host(process("jobmanager", None)), "__flink_cluster_look": {"msg": "connection refused."}},
        ["REST API, asked from jm1: expected an answer, got none: connection refused."],
    ),
}


@pytest.mark.parametrize(("registered", "sentences"), REASONS.values(), ids=REASONS)
def test_the_reason_is_that_of_the_task_that_failed(registered: Values, sentences: list[str]) -> None:
    observation = look(jm1=registered)["observation"]
    assert observation["cluster"] is None
    assert [sentence for sentence in observation["unknown"] if "tm2" not in sentence] == sentences


def test_a_look_that_failed_everywhere_fails() -> None:
    gone: Values = {"__flink_look": {"unreachable": True}}
    with pytest.raises(AnsibleActionFail, match=r"Nothing could be looked at\."):
        look(jm1=gone, tm1=gone)


def test_looks_are_kept_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "looks.json"
    first = look({"file": str(path)})
    assert json.loads(path.read_text()) == first["window"]
    assert run({"file": str(path)})["window"] == first["window"], "the next run begins with it"


def test_check_mode_writes_no_file(tmp_path: Path) -> None:
    look({"file": str(tmp_path / "looks.json")}, check_mode=True)
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_file_is_refused_before_the_first_look(tmp_path: Path) -> None:
    (tmp_path / "hosts.json").write_text('{"all": {"hosts": {"tm1": {}}}}')
    with pytest.raises(AnsibleActionFail, match="Name another file with -e flink_observe_file=FILE"):
        run({"file": str(tmp_path / "hosts.json")})


def test_several_looks_are_told_and_waited_for() -> None:
    prepared = {**run({"minutes": 1}), "begun": 1000.0}
    with (
        mock.patch(f"{MODULE}.time.time", return_value=1004.0),
        mock.patch(f"{MODULE}.time.sleep") as slept,
        mock.patch(f"{MODULE}.Display.display") as displayed,
    ):
        first = run({"minutes": 1, "number": 1}, variables={"__flink_looks": prepared})
        told = {"__flink_looks": prepared, "__flink_observed": first}
        second = run({"minutes": 1, "number": 3}, variables=told)
    assert [call.args[0] for call in slept.call_args_list] == [26.0, 0]
    assert displayed.call_args_list[0].args[0].startswith("Look 1 of 3 after 4 s: 2 processes run on 2 hosts")
    assert first["window"]["first"] == second["window"]["first"]


def test_what_logs_say_is_kept_without_secrets() -> None:
    answer = host(process("taskmanager-1"))
    answer["unknown"] = ["cannot read n0tForEyes"]
    observation = look(tm1={"__flink_look": answer})["observation"]
    assert observation["hosts"]["tm1"]["unknown"] == ["cannot read ***"]


def test_arguments_are_checked() -> None:
    with pytest.raises(AnsibleActionFail, match="flink_observe_minutes: expected a whole number from 0"):
        run({"minutes": -1})
    with pytest.raises(AnsibleActionFail, match="flink_headroom: heep is none of its keys"):
        run({"headroom": {"heep": 2}})


def test_documentation_describes_the_arguments(documented: t.Callable[[Values], Values]) -> None:
    assert documented(yaml.safe_load(cluster_look.DOCUMENTATION)["options"]) == SPEC
