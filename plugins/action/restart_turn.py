# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.inventory import turn

ARGUMENT_SPEC: dict[str, t.Any] = {
    "before": {"type": "list", "elements": "str", "required": True},
    "part": {"type": "str"},
}
# Where the tasks of a restart note the parts that a host has behind it.
_NOTED = "__flink_restarted"


class ActionModule(Action):
    """Say where the restart of a cluster stands, and stop it if a host was lost on the way."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        groups, hostvars = variables["groups"], variables["hostvars"]
        batch, hosts = variables["ansible_play_batch"], variables["ansible_play_hosts_all"]
        asked = {*hosts, *(host for part in params["before"] for host in groups.get(part, ()))}
        restarted = {host: hostvars[host].get(_NOTED, ()) for host in asked}
        stands = turn(params["before"], params["part"], groups, hosts, batch, restarted)
        if stands.lost:
            raise FlinkError(
                f"{', '.join(stands.lost)}: expected it back after its restart, got no answer, so {', '.join(batch)} "
                "is left alone. Run the playbook again when it is back: it goes on from there."
            )
        if params["part"] is not None:
            Display().display(stands.position)
        return {"position": stands.position}
