# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each host of an inventory is to run, read from its variables without a connection."""

from __future__ import annotations

import contextlib
import re
import typing as t

from ansible.errors import AnsibleError

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import Checking
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import host_memory_of_facts
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.processes import host_processes
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten, merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.secrets import secrets_in
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.exposure import exposure_advice
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.high_availability import (
    high_availability_options,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.secret_files import secret_texts
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.tls import tls_objections
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import (
    DEFAULTS,
    ROLE_VARIABLES,
    validated,
    variables_of_groups,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.wanted import Wanted

from .assembly import Asked

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

# What listens for users besides the JobManagers of the group, or a template that may name it.
_MAY_BE_ASKED = re.compile(r"jobmanager|historyserver|sql-gateway|\{[{%]")
# The variables that hold what nobody may read.
_SECRETIVE = (
    *("flink_rest_password", "flink_secret_files"),
    *("flink_config", "flink_jobmanager_config", "flink_taskmanager_configs"),
)


def ask(host: str, hostvars: t.Any, templar: t.Any, params: t.Mapping[str, t.Any]) -> Asked:
    """What a host is to run, from what is set for it: in the inventory, or by whoever runs the play.

    ``params`` are the names of the groups, and of the variable with an answer of host_memory_info; if the release is
    another than the host's own, that too.
    """
    given = hostvars.raw_get(host)
    groups = given.get("group_names", [])
    version = {} if params.get("flink_version") is None else {"flink_version": params["flink_version"]}
    own = {**DEFAULTS, "flink_components": _of_groups(groups, params), **given, **version}
    variables = _Variables(templar, own, hostvars)
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


def exposures(hosts: t.Sequence[str], hostvars: t.Any, templar: t.Any, params: t.Mapping[str, t.Any]) -> list[str]:
    """What the cluster leaves open, and what of its TLS no deployment takes, each sentence once.

    Nothing of a host with a mistake, which its plan tells.
    """
    members = {host: hostvars.raw_get(host).get("group_names", []) for host in hosts}
    heads = [host for host, groups in members.items() if params["jobmanager_group"] in groups]
    cluster = {
        "jobmanagers": heads,
        "taskmanagers": [host for host, groups in members.items() if params["taskmanager_group"] in groups],
    }
    cluster["workers"] = cluster["taskmanagers"]
    found: dict[str, None] = {}
    for host in hosts:
        given = hostvars.raw_get(host)
        if host not in heads and not _MAY_BE_ASKED.search(str(given.get("flink_components"))):
            continue
        variables = _Variables(templar, {**DEFAULTS, **variables_of_groups(host, cluster), **given}, hostvars)
        with contextlib.suppress(AnsibleError, FlinkError):
            wanted = Wanted.of(host, validated({name: variables[name] for name in ROLE_VARIABLES}, ROLE_VARIABLES))
            found.update(dict.fromkeys([*tls_objections(wanted), *exposure_advice(wanted, flink_options(wanted))]))
    return list(found)


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


def _of_groups(groups: t.Sequence[str], params: t.Mapping[str, t.Any]) -> list[str]:
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


def secret_values(hosts: t.Iterable[str], hostvars: t.Any, templar: t.Any) -> list[str]:
    """What nobody may read of what is set for hosts: the password of REST, files, and secrets of Flink's options."""
    found: list[dict[str, t.Any]] = []
    texts = []
    for host in hosts:
        variables = _Variables(templar, {**dict.fromkeys(_SECRETIVE), **hostvars.raw_get(host)}, hostvars)
        try:
            password, files, config, jobmanager, taskmanagers = (variables[name] for name in _SECRETIVE)
            texts += [password, *secret_texts(files or {})]
            options = [flatten(given or {}) for given in (config, jobmanager, *(taskmanagers or ()))]
        except (AnsibleError, FlinkError, AttributeError, TypeError):
            continue
        found += options
    return secrets_in(found, *texts)
