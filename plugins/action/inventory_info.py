# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.plugins.action import ActionBase

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.inventory import check_batch, members
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import (
    DEFAULTS,
    PLAYBOOK_VARIABLES,
    validated,
)

ARGUMENT_SPEC: dict[str, t.Any] = {}


class ActionModule(ActionBase):
    """Find the hosts of a cluster in the inventory."""

    BYPASS_HOST_LOOP = True
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        self.validate_argument_spec(argument_spec={})
        variables = task_vars or {}
        given = {name: variables[name] for name in PLAYBOOK_VARIABLES if name in variables}
        try:
            values = validated(self._templar.template(given), PLAYBOOK_VARIABLES)
            check_batch(values["flink_restart_batch"])
            jobmanagers, taskmanagers = members(
                variables["groups"],
                values["flink_jobmanager_group"],
                values["flink_taskmanager_group"],
                variables["ansible_play_hosts_all"],
            )
        except FlinkError as exc:
            return {**result, "failed": True, "msg": str(exc)}
        hostvars = variables["hostvars"]
        workers = [host for host in taskmanagers for _number in range(_count(hostvars[host]))]
        found = {"jobmanagers": jobmanagers, "taskmanagers": taskmanagers, "workers": workers}
        return {**result, "changed": False, "cluster": found}


def _count(variables: t.Mapping[str, t.Any]) -> int:
    """How many TaskManagers a host has; one whose number is wrong is refused later, with its name."""
    try:
        return int(variables.get("flink_taskmanager_count", DEFAULTS["flink_taskmanager_count"]))
    except (TypeError, ValueError):
        return 0
