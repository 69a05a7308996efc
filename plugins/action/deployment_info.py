# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
import hashlib
import typing as t
from pathlib import Path

from ansible.errors import AnsibleActionFail, AnsibleTemplateError
from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import host_memory_of_facts
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import memory_table, plans_line
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action, plain
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.additions import checksum_algorithm
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.archive import is_installed, is_url
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.deployment import (
    decide,
    plan_advice,
    questions,
    rest_arguments,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.found import Archive, Controller, Host
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.processes import plan_of
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
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.zookeeper import check_members

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import HostPlan

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


class ActionModule(Action):
    """Decide on the controller what has to be done on a host."""

    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: Result, variables: Result) -> Result:
        warnings = unknown_variables(self._given(variables))
        try:
            decided = self._decide(params, variables)
        except (AnsibleTemplateError, FlinkError) as exc:
            return {"failed": True, "msg": str(exc), "warnings": warnings}
        # Configurations may hold secrets, and texts of files are long: no callback gets them, but with -v this is seen.
        if "plans" in decided:
            Display().v(f"{variables['inventory_hostname']}: {plans_line(decided['plans'])}")
        decided["warnings"] = [*warnings, *decided.get("warnings", [])]
        return {"_ansible_no_log": True, **decided}

    def _decide(self, params: Result, variables: Result) -> Result:
        wanted = Wanted.of(variables["inventory_hostname"], self._read(params, variables))
        if params["cluster"] is not None:
            check_members(wanted, {*params["cluster"]["jobmanagers"], *params["cluster"]["taskmanagers"]})
        options = flink_options(wanted)
        if params["purpose"] == "plan":
            planned = plan_of(wanted, options, self._memory(wanted, variables))
            return {**planned, "report": _report(wanted.host, planned)}
        if params["purpose"] == "uninstall":
            found = self._ask("streamops.flink.host_info", removal_questions(wanted), variables)
            return {name: plain(value) for name, value in decide_removal(wanted, found).items()}
        answer = self._ask("streamops.flink.host_info", questions(wanted, options), variables)
        host = Host.of(answer)
        memory = host.memory if wanted.host_memory is None else wanted.host_memory
        planned = plan_of(wanted, options, memory)
        controller = Controller(self._archive(wanted, host, variables), _jars(wanted))
        managed = str(self._templar.template(variables.get("ansible_managed", "Ansible managed")))
        decided = decide(wanted, host, planned, controller, functools.partial(render, ansible_managed=managed))
        return {
            **plain(decided),
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
        if not _is_file(path):
            problem = f"flink_archive: expected a file on the controller, got {path}, which is none."
            return Archive(problem=f"{problem} Give a file there, or a URL.")
        return Archive(size=path.stat().st_size, sha512=beside.read_text("utf-8") if _is_file(beside) else "")

    def _archive_by_url(self, wanted: Wanted, variables: Result) -> Archive:
        """As the host gets it."""
        head = self._fetch({"url": wanted.archive, "method": "HEAD"}, variables)
        if head.get("status") != 200:
            got = f"{wanted.archive}: {str(head.get('msg')).rstrip('.')}"
            problem = f"flink_archive: expected a URL that the host can get, got {got}."
            return Archive(problem=f"{problem} Correct it, or give a file on the controller.")
        text = str(head.get("content_length") or 0)
        size = int(text) if text.isdigit() else 0
        if wanted.archive_checksum:
            return Archive(size=size)
        if not wanted.archive.startswith("https:"):
            return Archive(size=size, is_forgeable=True)
        beside = self._fetch({"url": f"{wanted.archive}.sha512", "return_content": True}, variables)
        # Where redirects have led.
        is_forgeable = not str(beside.get("url") or wanted.archive).startswith("https:")
        return Archive(size=size, sha512=str(beside.get("content") or ""), is_forgeable=is_forgeable)

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


def _jars(wanted: Wanted) -> dict[str, dict[str, str] | None]:
    """The digests of each jar that is a file on the controller, by algorithm."""
    algorithms: dict[str, set[str]] = {}
    for jar in wanted.jars:
        if not is_url(jar["src"]):
            algorithms.setdefault(jar["src"], set()).add(checksum_algorithm(jar) or "sha512")
    return {src: _digests(Path(src), names) for src, names in algorithms.items()}


def _digests(path: Path, algorithms: t.Iterable[str]) -> dict[str, str] | None:
    if not _is_file(path):
        return None
    digests = {}
    for algorithm in algorithms:
        with path.open("rb") as file:
            digests[algorithm] = hashlib.file_digest(file, algorithm).hexdigest()
    return digests


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # No file system has a name of that length.
        return False
