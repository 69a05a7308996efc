# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.utils.vars import load_extra_vars

from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.inventory import (
    check_alike,
    check_batch,
    check_groups,
    lacks,
    members,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import (
    DEFAULTS,
    PLAYBOOK_VARIABLES,
    validated,
)

# What the patterns of hosts are made of, for which no host has been chosen yet.
_GROUPS = ("flink_jobmanager_group", "flink_taskmanager_group")
# What plays read from one host for all.
_OF_ALL = {
    name: PLAYBOOK_VARIABLES[name] for name in ("flink_all_or_none", "flink_restart_batch", "flink_plan_asks_hosts")
}
ARGUMENT_SPEC: dict[str, t.Any] = {}


class ActionModule(Action):
    """Find the hosts of a cluster in the inventory."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        given = _given(variables, PLAYBOOK_VARIABLES)
        check_groups({name: given[name] for name in _GROUPS if name in given}, load_extra_vars(self._loader))
        values = validated(self._templar.template(given), PLAYBOOK_VARIABLES)
        jobmanagers, taskmanagers = members(
            variables["groups"],
            values["flink_jobmanager_group"],
            values["flink_taskmanager_group"],
            variables["ansible_play_hosts_all"],
        )
        hosts = {host: variables["hostvars"][host] for host in dict.fromkeys([*jobmanagers, *taskmanagers])}
        own = {host: validated(_given(hosts[host], _OF_ALL), _OF_ALL) for host in hosts}
        for name in _OF_ALL:
            check_alike(name, {host: own[host][name] for host in own})
        check_batch(next(iter(own.values()))["flink_restart_batch"])
        workers = [host for host in taskmanagers for _number in range(_count(hosts[host]))]
        found = {"jobmanagers": jobmanagers, "taskmanagers": taskmanagers, "workers": workers}
        wanted = {name: values[name] for name in _GROUPS}
        return {"cluster": found, "warnings": lacks(variables["groups"], wanted, hosts)}


def _given(variables: t.Mapping[str, t.Any], names: t.Iterable[str]) -> dict[str, t.Any]:
    return {name: variables[name] for name in names if name in variables}


def _count(variables: t.Mapping[str, t.Any]) -> int:
    """How many TaskManagers a host has; one whose number is wrong is refused later, with its name."""
    try:
        return int(variables.get("flink_taskmanager_count", DEFAULTS["flink_taskmanager_count"]))
    except (TypeError, ValueError):
        return 0
