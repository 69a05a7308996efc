# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import re
import typing as t
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.template import trust_as_template

from ansible_collections.streamops.flink.plugins.action import inventory_info as action_plugin
from ansible_collections.streamops.flink.plugins.action.inventory_info import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.modules import inventory_info
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import (
    HostVars,
    Values,
    made,
    opened_no_connection,
)

SPEC = copy.deepcopy(ARGUMENT_SPEC)

GROUPS: dict[str, list[str]] = {
    "all": ["j1", "t1", "t2", "db"],
    "ungrouped": [],
    "flink_jobmanagers": ["j1"],
    "flink_taskmanagers": ["t1", "t2"],
    "databases": ["db"],
}


def run(
    variables: Values | None = None,
    *,
    args: Values | None = None,
    groups: dict[str, list[str]] | None = None,
    play: t.Sequence[str] = ("j1", "t1", "t2"),
    extra: Values | None = None,
    counts: Values | None = None,
    own: dict[str, Values] | None = None,
) -> Values:
    """Run the action in a play of these hosts; ``counts`` are the TaskManagers of hosts that say how many they have.

    ``own`` are further variables of hosts.
    """
    counted = {host: {"flink_taskmanager_count": count} for host, count in (counts or {}).items()}
    common = {host: variables or {} for host in GROUPS["all"]}
    task_vars = {
        "groups": GROUPS if groups is None else groups,
        "ansible_play_hosts_all": list(play),
        "hostvars": HostVars(
            {host: {**common[host], **counted.get(host, {}), **(own or {}).get(host, {})} for host in common}
        ),
        **(variables or {}),
    }
    action = made(ActionModule, args or {}, task_vars)
    with mock.patch.object(action_plugin, "load_extra_vars", return_value=extra or {}):
        result = action.run(task_vars=task_vars)
    assert opened_no_connection(action)
    return dict(result)


def test_the_hosts_of_a_cluster() -> None:
    assert run(counts={"t1": 2, "j1": 5}) == {
        "changed": False,
        "warnings": [],
        "cluster": {"jobmanagers": ["j1"], "taskmanagers": ["t1", "t2"], "workers": ["t1", "t1", "t2"]},
    }


# The TaskManagers of a host as it is given, and how often the host is among the workers.
COUNTS: dict[str, tuple[t.Any, int]] = {
    "a number": (3, 3),
    "a text": ("3", 3),
    "none": (0, 0),
    "less than none, which is refused later": (-1, 0),
    "a word, which is refused later": ("three", 0),
    "null, which is refused later": (None, 0),
    "a list, which is refused later": ([3], 0),
}


@pytest.mark.parametrize(("count", "times"), COUNTS.values(), ids=COUNTS)
def test_a_host_is_there_once_for_each_taskmanager(count: t.Any, times: int) -> None:
    assert run(counts={"t1": count})["cluster"]["workers"] == ["t1"] * times + ["t2"]


def test_the_whole_cluster_counts_whatever_the_limit() -> None:
    found = run(play=["t2"])["cluster"]
    assert (found["jobmanagers"], found["taskmanagers"]) == (["j1"], ["t1", "t2"])


def test_other_groups() -> None:
    groups = {"all": ["j1", "t1"], "heads": ["j1"], "bodies": ["t1"]}
    names = {"flink_jobmanager_group": trust_as_template("{{ 'heads' }}"), "flink_taskmanager_group": "bodies"}
    found = run(names, groups=groups, extra=names)["cluster"]
    assert found == {"jobmanagers": ["j1"], "taskmanagers": ["t1"], "workers": ["t1"]}


def without(group: str, kind: str) -> str:
    return (
        f"Inventory: expected hosts in the group {group}s, got none, so the cluster has no {kind}. Correct the name of "
        f"the group in the inventory, or name another one: -e {group}_group=NAME."
    )


NO_JOBMANAGER, NO_TASKMANAGER = (
    without("flink_jobmanager", "JobManager"),
    without("flink_taskmanager", "TaskManager"),
)

# Groups, variables of all hosts, and the warnings.
LACKING: dict[str, tuple[dict[str, list[str]], Values, list[str]]] = {
    "no JobManager": ({"flink_jobmanagers": [], "flink_taskmanagers": ["t1"]}, {}, [NO_JOBMANAGER]),
    "a JobManager in a group of another name": (
        {"flink_jobmanager": ["j1"], "flink_taskmanagers": ["t1"]},
        {},
        [NO_JOBMANAGER],
    ),
    "no TaskManager": ({"flink_jobmanagers": ["j1"]}, {}, [NO_TASKMANAGER]),
    "a JobManager of another inventory": (
        {"flink_taskmanagers": ["t1"]},
        {"flink_jobmanager_hosts": ["jm.example.org"]},
        [],
    ),
    "hosts that say what they run": (
        {"flink_taskmanagers": ["t1"]},
        {"flink_components": ["jobmanager", "taskmanager"]},
        [],
    ),
}


@pytest.mark.parametrize(("groups", "variables", "warnings"), LACKING.values(), ids=LACKING)
def test_what_a_cluster_lacks(groups: dict[str, list[str]], variables: Values, warnings: list[str]) -> None:
    assert run(variables, groups=groups)["warnings"] == warnings


def test_a_group_of_another_name_is_named() -> None:
    given = {"flink_jobmanager_group": "foo"}
    (warning,) = run(given, extra=given)["warnings"]
    assert warning.startswith("Inventory: expected hosts in the group foo, got none, so the cluster has no JobManager.")


NONE = (
    "Inventory: expected hosts in the groups flink_jobmanagers and flink_taskmanagers, got none{}; it {}. "
    "Check -i and --limit, or name other groups: -e flink_jobmanager_group=NAME -e "
    "flink_taskmanager_group=NAME."
).format

# Variables, groups, the hosts of the play, and the sentence.
REFUSED: dict[str, tuple[Values, dict[str, list[str]], list[str], str]] = {
    "no groups": ({}, {"all": ["a"], "ungrouped": ["a"]}, ["a"], NONE("", "has no groups")),
    "other groups only": (
        {},
        {"all": ["a"], "web": ["a"], "databases": []},
        ["a"],
        NONE("", "has the groups databases, web"),
    ),
    "empty groups": (
        {},
        {"all": [], "flink_jobmanagers": [], "flink_taskmanagers": []},
        [],
        NONE("", "has the groups flink_jobmanagers, flink_taskmanagers"),
    ),
    "a limit that leaves no host": (
        {},
        GROUPS,
        ["db"],
        NONE(" that --limit leaves", "has the groups databases, flink_jobmanagers, flink_taskmanagers"),
    ),
    "null as the size of a batch": (
        {"flink_restart_batch": None},
        GROUPS,
        ["j1"],
        "flink_restart_batch: expected a value, got null. Leave it out for the default, or set it.",
    ),
    "null as a group": (
        {"flink_jobmanager_group": None},
        GROUPS,
        ["j1"],
        "flink_jobmanager_group: expected the name of a group, got null. Correct it.",
    ),
}


@pytest.mark.parametrize(("variables", "groups", "play", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(variables: Values, groups: dict[str, list[str]], play: list[str], sentence: str) -> None:
    with pytest.raises(AnsibleActionFail, match=f"^{re.escape(sentence)}$"):
        run(variables, groups=groups, play=play)


def test_a_variable_of_another_type_is_refused_by_name() -> None:
    with pytest.raises(AnsibleActionFail, match=r"^flink_all_or_none: expected true or false, got 'perhaps'"):
        run({"flink_all_or_none": "perhaps"})


@pytest.mark.parametrize("batch", ["1", 2, "30%"])
def test_numbers_and_percentages_are_batches(batch: t.Any) -> None:
    assert "failed" not in run({"flink_restart_batch": batch})


# What hosts set for themselves, and the sentence; the default counts for those that set nothing.
DIFFERENT: dict[str, tuple[dict[str, Values], str]] = {
    "a batch for TaskManagers only": (
        {"t1": {"flink_restart_batch": 3}, "t2": {"flink_restart_batch": 3}},
        (
            "flink_restart_batch: expected the same for all hosts of the cluster, got 1 for j1 and 3 for t1. Set it "
            "for all of them, for example with -e flink_restart_batch=3."
        ),
    ),
    "one host that does not wait for others": (
        {"t2": {"flink_all_or_none": False}},
        (
            "flink_all_or_none: expected the same for all hosts of the cluster, got True for j1 and False for t2. Set "
            "it for all of them, for example with -e flink_all_or_none=False."
        ),
    ),
    "one host that is asked": (
        {"j1": {"flink_plan_asks_hosts": "yes"}},
        (
            "flink_plan_asks_hosts: expected the same for all hosts of the cluster, got True for j1 and False for t1. "
            "Set it for all of them, for example with -e flink_plan_asks_hosts=False."
        ),
    ),
}


@pytest.mark.parametrize(("own", "sentence"), DIFFERENT.values(), ids=DIFFERENT)
def test_what_counts_for_all_hosts_is_the_same_for_all(own: dict[str, Values], sentence: str) -> None:
    with pytest.raises(AnsibleActionFail, match=f"^{re.escape(sentence)}$"):
        run(own=own)


def test_spellings_and_hosts_of_no_cluster_do_not_differ() -> None:
    own: dict[str, Values] = {
        "db": {"flink_restart_batch": 9},
        "j1": {"flink_restart_batch": 1, "flink_all_or_none": "yes"},
    }
    assert "cluster" in run(own=own)


def test_arguments_are_refused() -> None:
    with pytest.raises(AnsibleActionFail, match="Unsupported parameters"):
        run(args={"group": "x"})


def test_the_documentation_is_that_of_the_action(documented: t.Callable[..., t.Any]) -> None:
    assert documented(yaml.safe_load(inventory_info.DOCUMENTATION)["options"]) == SPEC


def test_groups_of_the_inventory_are_refused() -> None:
    begin = "flink_jobmanager_group: expected on the command line, got it from the inventory"
    with pytest.raises(AnsibleActionFail, match=f"^{begin}"):
        run({"flink_jobmanager_group": "heads"})


@pytest.mark.parametrize("batch", ["0", "-1", "1.5", "abc", "0%", "101%", [1]])
def test_other_batches_are_refused(batch: t.Any) -> None:
    begin = "flink_restart_batch: expected a number of hosts such as 3"
    with pytest.raises(AnsibleActionFail, match=f"^{begin}"):
        run({"flink_restart_batch": batch})
