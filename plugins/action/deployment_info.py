# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import dataclasses
import functools
import hashlib
import typing as t
from pathlib import Path

from ansible.errors import AnsibleActionFail, AnsibleTemplateError
from ansible.plugins.action import ActionBase

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import host_memory_of_facts
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.processes import host_processes
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import memory_table
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.archive import is_installed, is_url
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.deployment import (
    decide,
    plan_advice,
    questions,
    rest_arguments,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.found import Archive, Controller, Host
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.removal import (
    decide_removal,
    removal_questions,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.templates import render
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import (
    DEFAULTS,
    ROLE_VARIABLES,
    unknown_variables,
    validated,
    variables_of_groups,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.wanted import Wanted

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import HostPlan
    from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import FlinkOptions

ARGUMENT_SPEC: dict[str, t.Any] = {
    "purpose": {"type": "str", "choices": ["deploy", "plan", "uninstall"], "default": "deploy"},
    "cluster": {
        "type": "dict",
        "options": {
            "jobmanagers": {"type": "list", "elements": "str", "required": True},
            "taskmanagers": {"type": "list", "elements": "str", "required": True},
            "workers": {"type": "list", "elements": "str", "required": True},
        },
    },
}

Result = dict[str, t.Any]


class ActionModule(ActionBase):
    """Decide on the controller what has to be done on a host."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> Result:
        result = super().run(tmp, task_vars)
        _unused, params = self.validate_argument_spec(argument_spec=copy.deepcopy(ARGUMENT_SPEC))
        variables = task_vars or {}
        warnings = unknown_variables(self._given(variables))
        try:
            decided = self._decide(params, variables)
        except (AnsibleTemplateError, FlinkError) as exc:
            return {**result, "failed": True, "msg": str(exc), "warnings": warnings}
        # Configurations may hold secrets, and texts of files are long: callbacks do not print them, even if verbose.
        decided["warnings"] = [*warnings, *decided.get("warnings", [])]
        return {**result, "changed": False, "_ansible_verbose_override": True, **decided}

    def _decide(self, params: Result, variables: Result) -> Result:
        wanted = Wanted.of(variables["inventory_hostname"], self._read(params, variables))
        options = flink_options(wanted)
        if params["purpose"] == "plan":
            planned = self._plan(wanted, options, self._memory(wanted, variables))
            return {**planned, "report": _report(wanted.host, planned)}
        if params["purpose"] == "uninstall":
            return decide_removal(wanted, self._ask("streamops.flink.host_info", removal_questions(wanted), variables))
        answer = self._ask("streamops.flink.host_info", questions(wanted, options), variables)
        host = Host.of(answer)
        memory = host.memory if wanted.host_memory is None else wanted.host_memory
        planned = self._plan(wanted, options, memory)
        controller = Controller(self._archive(wanted, host, variables), _jars(wanted))
        managed = str(self._templar.template(variables.get("ansible_managed", "Ansible managed")))
        decided = decide(wanted, host, planned, controller, functools.partial(render, ansible_managed=managed))
        return {
            **_plain(decided),
            "warnings": list(decided.advice),
            "plans": planned["plans"],
            "rest": rest_arguments(wanted, planned["config"], options),
        }

    def _given(self, variables: Result) -> t.Mapping[str, t.Any]:
        """What is set for the host, in the inventory or by whoever runs the play, without the defaults of the role."""
        hostvars = variables.get("hostvars")
        given = hostvars.raw_get(variables["inventory_hostname"]) if hostvars is not None else None
        return given if isinstance(given, dict) else {}

    def _read(self, params: Result, variables: Result) -> Result:
        """The variables of the role, templated, typed, and where none is set as the groups say."""
        names = {name: variables[name] for name in ROLE_VARIABLES if name in variables}
        if params["cluster"] is not None:
            given = self._given(variables)
            by_groups = variables_of_groups(variables["inventory_hostname"], params["cluster"])
            # A variable that a play or an including role sets differs from the default.
            names.update(
                (name, value)
                for name, value in by_groups.items()
                if name not in given and names.get(name, DEFAULTS[name]) == DEFAULTS[name]
            )
        return validated(self._templar.template(names), ROLE_VARIABLES)

    def _memory(self, wanted: Wanted, variables: Result) -> t.Any:
        """The memory of the host as it is given, as facts tell it, or as the host does."""
        if wanted.host_memory is not None:
            return wanted.host_memory
        memory = host_memory_of_facts(variables.get("ansible_facts") or {})
        if memory is None:
            return self._ask("streamops.flink.host_memory_info", {"slice": wanted.slice}, variables)
        return memory

    def _plan(self, wanted: Wanted, options: FlinkOptions, memory: t.Any) -> HostPlan:
        processes = host_processes(
            wanted.components,
            wanted.taskmanager_count,
            wanted.jobmanager_config,
            wanted.taskmanager_configs,
            wanted.taskmanager_numa_nodes,
        )
        return plan_host(options.values, wanted.version, processes, memory, wanted.reserved_memory, wanted.host)

    def _ask(self, module: str, arguments: Result, variables: Result) -> Result:
        answer: Result = self._execute_module(module_name=module, module_args=arguments, task_vars=variables)
        if answer.get("failed") or answer.get("unreachable"):
            raise AnsibleActionFail(str(answer.get("msg")), result=answer)
        return answer

    def _archive(self, wanted: Wanted, host: Host, variables: Result) -> Archive:
        """What is known of the archive, which is looked at only if the release is to be installed."""
        if is_installed(wanted, host):
            return Archive()
        if is_url(wanted.archive):
            return self._archive_by_url(wanted, variables)
        path, beside = Path(wanted.archive), Path(f"{wanted.archive}.sha512")
        if not path.is_file():
            problem = f"flink_archive: there is no file {path} on the controller. Give a file there, or a URL."
            return Archive(problem=problem)
        return Archive(size=path.stat().st_size, sha512=beside.read_text("utf-8") if beside.is_file() else "")

    def _archive_by_url(self, wanted: Wanted, variables: Result) -> Archive:
        """As the host gets it."""
        head = self._fetch({"url": wanted.archive, "method": "HEAD"}, variables)
        if head.get("status") != 200:
            return Archive(problem=f"flink_archive: the host cannot get {wanted.archive}. {head.get('msg')}")
        beside = {}
        if not wanted.archive_checksum:
            beside = self._fetch({"url": f"{wanted.archive}.sha512", "return_content": True}, variables)
        size = str(head.get("content_length") or 0)
        return Archive(size=int(size) if size.isdigit() else 0, sha512=str(beside.get("content") or ""))

    def _fetch(self, arguments: Result, variables: Result) -> Result:
        """Also in check mode: it changes nothing."""
        check_mode, self._task.check_mode = self._task.check_mode, False
        try:
            answer: Result = self._execute_module("ansible.builtin.uri", module_args=arguments, task_vars=variables)
        finally:
            self._task.check_mode = check_mode
        return answer


def _report(host: str, planned: HostPlan) -> str:
    """The memory of every process of a host for people, and what is advised."""
    tables = [f"{host} {plan['name']}: {memory_table(plan)}" for plan in planned["plans"]]
    return "\n".join([*tables, *plan_advice(planned, ("warning", "hint"))])


def _jars(wanted: Wanted) -> dict[str, str | None]:
    """The SHA-512 of each jar that is a file on the controller."""
    sources = [jar["src"] for jar in wanted.jars if not is_url(jar["src"])]
    return {src: _sha512(Path(src)) for src in sources}


def _sha512(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha512").hexdigest()


def _plain(value: t.Any) -> t.Any:
    """Values as a result has them."""
    if hasattr(value, "as_entry"):
        return value.as_entry()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value
