# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import unknown_variables
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.asking import ask, exposures
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import assemble, lack_of_slots

ARGUMENT_SPEC: dict[str, t.Any] = {
    "hosts": {"type": "list", "elements": "str"},
    "jobmanager_group": {"type": "str", "default": "flink_jobmanagers"},
    "taskmanager_group": {"type": "str", "default": "flink_taskmanagers"},
    "host_memory_info": {"type": "str"},
    "flink_version": {"type": "raw"},
}


class ActionModule(Action):
    """Plan the memory of many hosts at once on the controller."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        hosts = params["hosts"] or variables["ansible_play_hosts_all"]
        strange = [host for host in hosts if host not in variables["hostvars"]]
        if strange:
            raise FlinkError(f"hosts: expected hosts of the inventory, got {listed(strange)}. Correct the names.")
        names = dict.fromkeys(name for host in hosts for name in variables["hostvars"].raw_get(host))
        asked = [ask(host, variables["hostvars"], self._templar, params) for host in hosts]
        fleet = assemble(asked)
        short = lack_of_slots(asked, fleet)
        # Plans of thousands of hosts are for files and tables: callbacks do not print them, even if verbose.
        return {
            "_ansible_verbose_override": True,
            "fleet": fleet,
            "warnings": [
                *unknown_variables(names),
                *([] if short is None else [short]),
                *exposures(hosts, variables["hostvars"], self._templar, params),
            ],
        }
