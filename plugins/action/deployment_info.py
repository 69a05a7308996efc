# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import functools
import hashlib
import typing as t
from pathlib import Path

from ansible.errors import AnsibleActionFail, AnsibleError, AnsibleTemplateError
from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import host_memory_of_facts
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import memory_table, plans_line
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.secrets import secrets_in
from ansible_collections.streamops.flink.plugins.plugin_utils._action import plain
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.additions import checksum_algorithm
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.archive import is_installed, is_url
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.binding import asking
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.deployment import (
    decide,
    look_arguments,
    plan_advice,
    questions,
    rest_arguments,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.firewall import names_of_peers
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.found import Archive, Controller, Host
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.names import PROXY
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.open_ports import open_ports
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.processes import plan_of
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.proxy import LOOPBACK
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.removal import (
    decide_removal,
    removal_questions,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.secret_files import secret_texts
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.signature import verified
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.templates import render
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import unknown_variables
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.zookeeper import check_members
from ansible_collections.streamops.flink.plugins.plugin_utils._role_action import CLUSTER, RoleAction
from ansible_collections.streamops.flink.plugins.plugin_utils._tls_directory import identity

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import HostPlan
    from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.wanted import Wanted

ARGUMENT_SPEC: dict[str, t.Any] = {
    "purpose": {"type": "str", "choices": ["deploy", "observe", "plan", "uninstall"], "default": "deploy"},
    "cluster": CLUSTER,
}

Result = dict[str, t.Any]

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5


class ActionModule(RoleAction):
    """Decide on the controller what has to be done on a host."""

    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: Result, variables: Result) -> Result:
        warnings = unknown_variables(self.given(variables))
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
        wanted = self.wanted(params["cluster"], variables)
        if params["cluster"] is not None:
            check_members(wanted, {*params["cluster"]["jobmanagers"], *params["cluster"]["taskmanagers"]})
        options = flink_options(wanted)
        asked = asking(wanted, options, lambda host: _variables_of(host, variables))
        if params["purpose"] == "observe":
            rest = rest_arguments(wanted, options.values, asked.address)
            return {"look": look_arguments(wanted), "rest": rest, "rest_host": asked.host}
        if params["purpose"] == "plan":
            planned = plan_of(wanted, options, self._memory(wanted, variables))
            ports = plain(open_ports(wanted, options))
            return {**planned, "report": _report(wanted.host, planned), "ports": ports}
        if params["purpose"] == "uninstall":
            found = self._ask("streamops.flink.host_info", removal_questions(wanted), variables)
            removal = decide_removal(wanted, found, asked.address)
            return {**{name: plain(value) for name, value in removal.items()}, "rest_host": asked.host}
        answer = self._ask("streamops.flink.host_info", questions(wanted, options), variables)
        host = Host.of(answer)
        memory = host.memory if wanted.host_memory is None else wanted.host_memory
        planned = plan_of(wanted, options, memory)
        archive = dataclasses.replace(
            self._archive(wanted, host, variables), proof_problem=self._proof_problem(wanted, host, variables)
        )
        controller = Controller(archive, _jars(wanted), identity(wanted), self._keytab(wanted))
        managed = str(self._templar.template(variables.get("ansible_managed", "Ansible managed")))
        text = functools.partial(render, ansible_managed=managed)
        decided = decide(wanted, host, planned, controller, text, _bound(wanted, variables))
        # One that still listens as it did behind its former proxy is reached from its host alone.
        address = LOOPBACK if PROXY in decided.changes.obsolete else asked.address
        return {
            **plain(decided),
            "ports": plain(open_ports(wanted, options)),
            "warnings": list(decided.advice),
            "plans": planned["plans"],
            "secrets": secrets_in(
                [planned["config"], *(plan["config"] for plan in planned["plans"])], *secret_texts(wanted.secret_files)
            ),
            "rest": rest_arguments(wanted, planned["config"], address, host),
            "rest_host": asked.host,
            "look": look_arguments(wanted),
        }

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
        is_forgeable = not beside["url"].startswith("https:")
        return Archive(size=size, sha512=str(beside.get("content") or ""), is_forgeable=is_forgeable)

    def _keytab(self, wanted: Wanted) -> bytes | None:
        """That of a file which Ansible Vault may have encrypted; null if there is none."""
        path = (wanted.kerberos or {}).get("keytab")
        if not path or not _is_file(Path(path)):
            return None
        try:
            return self.decrypted(str(Path(path).absolute()))
        except (AnsibleError, OSError) as exc:
            said = str(exc).splitlines()[0].rstrip(".")
            raise FlinkError(
                f"flink_kerberos.keytab: expected a file that can be read on the controller, got {path}: {said}. "
                "Correct its rights, or give the password of the vault."
            ) from exc

    def _proof_problem(self, wanted: Wanted, host: Host, variables: Result) -> str | None:
        """Why the signature of the archive, or the keys for it, cannot be had where they are verified."""
        found = verified(wanted, host)
        remedy = "Correct it, or give a flink_archive_checksum that you trust in place of a signature."
        for option, source in found.options() if found else ():
            if not is_url(source):
                if not _is_file(Path(source)):
                    return f"{option}: expected a file on the controller, got {source}, which is none. {remedy}"
                continue
            head = self._fetch({"url": source, "method": "HEAD"}, variables)
            if head.get("status") != 200:
                got = f"{source}: {str(head.get('msg')).rstrip('.')}"
                return f"{option}: expected a URL that the host can get, got {got}. {remedy}"
            led = head["url"]
            if source.startswith("https:") and not led.startswith("https:") and not wanted.allow_http:
                return (
                    f"{option}: expected https:// all the way, got {led}, where {source} leads to, and which anybody "
                    f"on the way can change. {remedy}"
                )
        return None

    def _fetch(self, arguments: Result, variables: Result) -> Result:
        """Also in check mode: it changes nothing.

        ``url`` of the answer is where redirects have led; or the first place on the way that anybody could change.
        """
        url, exposed = str(arguments["url"]), None
        check_mode, self._task.check_mode = self._task.check_mode, False
        try:
            for _redirect in range(_MOST_REDIRECTS + 1):
                asked = {**arguments, "url": url, "follow_redirects": "none"}
                answer: Result = self._execute_module("ansible.builtin.uri", module_args=asked, task_vars=variables)
                exposed = exposed or (None if url.startswith("https:") else url)
                if answer.get("status") not in _REDIRECTS or not answer.get("location"):
                    break
                url = str(answer["location"])
        finally:
            self._task.check_mode = check_mode
        return {**answer, "url": exposed or url}


def _variables_of(host: str, variables: Result) -> t.Mapping[str, t.Any]:
    """Those of another host; none if the inventory does not have it."""
    hostvars: t.Mapping[str, t.Any] = variables.get("hostvars") or {}
    if host not in hostvars:
        return {}
    return hostvars[host]  # type: ignore[no-any-return]


def _bound(wanted: Wanted, variables: Result) -> dict[str, str]:
    """Where other hosts of the cluster listen, if their variables say so, which only a firewall has to know."""
    names = names_of_peers(wanted)
    found = {name: _variables_of(name, variables).get("flink_bind_address") for name in names}
    return {name: str(address) for name, address in found.items() if address is not None}


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
