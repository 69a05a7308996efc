# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import Checking
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import host_memory_of_facts
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import plans_line
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action

ARGUMENT_SPEC: dict[str, t.Any] = {
    # raw, so that the core sees what was given: as text, 1.20 would silently become 1.2.
    "flink_version": {"type": "raw", "required": True},
    "config": {"type": "raw", "default": {}},
    "processes": {
        "type": "list",
        "elements": "dict",
        "default": [{"process": "taskmanager"}],
        "options": {
            "process": {"type": "str", "required": True, "choices": ["jobmanager", "taskmanager"]},
            "count": {"type": "int", "default": 1},
            "config": {"type": "raw", "default": {}},
            "numa_nodes": {"type": "raw"},
        },
    },
    "host_memory": {"type": "raw"},
    "reserved_memory": {"type": "raw", "default": 0},
    "ask_host": {"type": "bool", "default": True},
    "config_check": {"type": "str", "choices": ["strict", "warn", "off"], "default": "strict"},
    "config_known_keys": {"type": "list", "elements": "str", "default": []},
}


class ActionModule(Action):
    """Plan the memory of a host's Flink processes on the controller."""

    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        planned = plan_host(
            params["config"],
            params["flink_version"],
            params["processes"],
            self._memory(params, variables),
            params["reserved_memory"],
            variables.get("inventory_hostname"),
            Checking(params["config_check"], tuple(params["config_known_keys"])),
        )
        # The plans carry the configuration, which may hold secrets: no callback gets them, but with -v this is seen.
        Display().v(f"{variables.get('inventory_hostname')}: {plans_line(planned['plans'])}")
        return {"_ansible_no_log": True, **planned}

    def _memory(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> t.Any:
        """The memory of the host as it is given, as facts tell it, or as the host does."""
        if params["host_memory"] is not None:
            return params["host_memory"]
        memory = host_memory_of_facts(variables.get("ansible_facts") or {})
        if memory is None and params["ask_host"]:
            info = self._execute_module("streamops.flink.host_memory_info", module_args={}, task_vars=variables)
            if info.get("failed"):
                raise FlinkError(
                    f"host_memory: expected an answer of the host, got: {info.get('msg')} Set host_memory to a "
                    "size such as 64g, or ask_host to false."
                )
            return info
        return memory
