# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import Checking
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import host_memory_of_facts
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.processes import host_processes
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.high_availability import (
    high_availability_options,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import (
    DEFAULTS,
    ROLE_VARIABLES,
    unknown_variables,
    validated,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble, lack_of_slots

ARGUMENT_SPEC: dict[str, t.Any] = {
    "hosts": {"type": "list", "elements": "str"},
    "jobmanager_group": {"type": "str", "default": "flink_jobmanagers"},
    "taskmanager_group": {"type": "str", "default": "flink_taskmanagers"},
    "host_memory_info": {"type": "str"},
    "flink_version": {"type": "raw"},
}

# The variables of a host that decide about its memory, and their specifications.
_READ = {
    name: ROLE_VARIABLES[name]
    for name in (
        "flink_version",
        "flink_config",
        "flink_config_check",
        "flink_config_known_keys",
        "flink_high_availability",
        "flink_zookeeper_hosts",
        "flink_components",
        "flink_deployment_mode",
        "flink_taskmanager_count",
        "flink_jobmanager_config",
        "flink_taskmanager_configs",
        "flink_taskmanager_numa_nodes",
        "flink_host_memory",
        "flink_reserved_memory",
    )
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
        asked = [self._ask(host, variables["hostvars"], params) for host in hosts]
        fleet = assemble(asked)
        short = lack_of_slots(asked, fleet)
        # Plans of thousands of hosts are for files and tables: callbacks do not print them, even if verbose.
        return {
            "_ansible_verbose_override": True,
            "fleet": fleet,
            "warnings": [*unknown_variables(names), *([] if short is None else [short])],
        }

    def _ask(self, host: str, hostvars: t.Any, params: dict[str, t.Any]) -> Asked:
        given = hostvars.raw_get(host)
        groups = given.get("group_names", [])
        version = {} if params["flink_version"] is None else {"flink_version": params["flink_version"]}
        own = {**DEFAULTS, "flink_components": _of_groups(groups, params), **given, **version}
        variables = _Variables(self._templar, own, hostvars)
        try:
            values = validated({name: variables[name] for name in _READ}, _READ)
            return Asked(
                host,
                groups,
                values["flink_version"],
                _config(values),
                host_processes(
                    values["flink_components"],
                    values["flink_taskmanager_count"],
                    values["flink_jobmanager_config"],
                    values["flink_taskmanager_configs"],
                    values["flink_taskmanager_numa_nodes"],
                ),
                _memory(values["flink_host_memory"], given, given.get(params["host_memory_info"])),
                values["flink_reserved_memory"],
                Checking(
                    values["flink_config_check"],
                    tuple(values["flink_config_known_keys"]),
                    is_application=values["flink_deployment_mode"] == "application",
                ),
            )
        except (AnsibleError, FlinkError) as exc:
            return Asked(host, groups, problem=str(exc))


class _Variables:
    """The variables of a host. Most are no templates, and then nothing but a look at them is needed."""

    def __init__(self, templar: t.Any, variables: dict[str, t.Any], hostvars: t.Any) -> None:
        self._templar, self._variables, self._hostvars = templar, variables, hostvars

    def __getitem__(self, name: str) -> t.Any:
        value = self._variables[name]
        if not _may_be_template(value):
            return value
        variables = {**self._variables, "hostvars": self._hostvars}
        return self._templar.copy_with_new_env(available_variables=variables).template(value)


def _may_be_template(value: t.Any) -> bool:
    if isinstance(value, str):
        return "{{" in value or "{%" in value
    if isinstance(value, dict):
        return any(map(_may_be_template, value)) or any(map(_may_be_template, value.values()))
    return isinstance(value, list) and any(map(_may_be_template, value))


def _of_groups(groups: t.Sequence[str], params: dict[str, t.Any]) -> list[str]:
    members = {"jobmanager": params["jobmanager_group"], "taskmanager": params["taskmanager_group"]}
    return [component for component, group in members.items() if group in groups]


def _config(values: t.Mapping[str, t.Any]) -> t.Any:
    """Flink's options of a host, as far as its plan needs them."""
    by_variable = high_availability_options(values)
    return merge_config([by_variable, values["flink_config"]]) if by_variable else values["flink_config"]


def _memory(given: t.Any, variables: t.Mapping[str, t.Any], answer: t.Any) -> t.Any:
    """The memory of a host as it is given, as the host has answered a task before, or as facts tell it."""
    if given is not None:
        return given
    answered = isinstance(answer, dict) and "effective" in answer
    return answer if answered else host_memory_of_facts(variables.get("ansible_facts") or {})
