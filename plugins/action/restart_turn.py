# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.inventory import turn

ARGUMENT_SPEC: dict[str, t.Any] = {
    "before": {"type": "list", "elements": "str", "required": True},
    "part": {"type": "str"},
}
# Where the tasks of a restart note the parts that a host has behind it.
_NOTED = "__flink_restarted"


class ActionModule(ActionBase):
    """Say where the restart of a cluster stands, and stop it if a host was lost on the way."""

    BYPASS_HOST_LOOP = True
    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        _unused, params = self.validate_argument_spec(argument_spec=copy.deepcopy(ARGUMENT_SPEC))
        variables = task_vars or {}
        groups, hostvars = variables["groups"], variables["hostvars"]
        batch, hosts = variables["ansible_play_batch"], variables["ansible_play_hosts_all"]
        asked = {*hosts, *(host for part in params["before"] for host in groups.get(part, ()))}
        restarted = {host: hostvars[host].get(_NOTED, ()) for host in asked}
        stands = turn(params["before"], params["part"], groups, hosts, batch, restarted)
        if stands.lost:
            return {
                **result,
                "failed": True,
                "msg": (
                    f"{', '.join(stands.lost)}: expected it back after its restart, got no answer, so "
                    f"{', '.join(batch)} is left alone. Run the playbook again when it is back: it goes on from there."
                ),
            }
        if params["part"] is not None:
            Display().display(stands.position)
        return {**result, "changed": False, "position": stands.position}
