# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands against a deployment, in sentences that say what to do: nothing on a host changes while there are any.

Each function yields the objections of one subject; ``CHECKS`` is their order.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import to_bytes

from .additions import addition_objections, jar_objection, plugin_objection, shared_objections
from .addresses import address_objections
from .archive import archive_objections, is_installed
from .binding import binding_objections, is_elsewhere
from .directories import clash_objections, lasting_places, mount_objections, normal, written_dirs
from .firewall import firewall_objections
from .fixed_ports import fixed_port_objections
from .high_availability import quorum_objections
from .java_options import java_option_objections
from .logging_files import logging_objections
from .names import TITLES, is_own_unit
from .paths import hidden_objections, name_objections, path_objections, place_objections, strange_objections
from .ports import port_objections, remedy_of_shared, shared_ports
from .proxy import proxy_objections
from .secret_files import secret_objections
from .signature import signature_objections, way_objections
from .strangers import stranger_objections
from .tls import tls_objections
from .watching import watching_objections
from .web_actions import web_action_objections
from .zookeeper import zookeeper_objections

if t.TYPE_CHECKING:
    from .additions import Additions
    from .distribution import Distribution
    from .found import Controller, Host
    from .options import FlinkOptions
    from .ports import Port
    from .processes import Java
    from .wanted import Wanted

# The memory limit in the user's own lines of a unit, in systemd's spelling, whose letters are those of Flink.
_MEMORY_MAX = re.compile(r"^\s*MemoryMax\s*=\s*([0-9]+[KMGT]?)\s*$", re.MULTILINE)

# What a host says of a port that a program has. Source: strerror of glibc and of musl.
_IN_USE = frozenset(("Address already in use", "Address in use"))


@dataclasses.dataclass(frozen=True, slots=True)
class Situation:
    """All that an objection may be about: what is wanted, what is there, and what was made of both."""

    wanted: Wanted
    host: Host
    controller: Controller
    options: FlinkOptions
    config: t.Mapping[str, t.Any]
    plans: t.Sequence[t.Mapping[str, t.Any]]
    ports: t.Sequence[Port]
    distribution: Distribution
    java: Java
    additions: Additions
    has_systemd: bool

    @property
    def installs_java(self) -> bool:
        is_missing = self.host.java is None and self.wanted.java_home is None
        return is_missing and bool(self.java_packages) and self.distribution.family != "other"

    @property
    def java_packages(self) -> t.Sequence[str]:
        given = self.wanted.java_packages
        return self.distribution.java_packages if given is None else given

    @property
    def lasting(self) -> dict[str, str]:
        return lasting_places(self.wanted, [plan["config"] for plan in self.plans])

    @property
    def installs_jemalloc(self) -> bool:
        return self.wanted.jemalloc and self.host.jemalloc is None


def objections(situation: Situation) -> tuple[str, ...]:
    """All of them at once, none twice."""
    return tuple(dict.fromkeys(sentence for check in CHECKS for sentence in check(situation)))


def _taskmanagers(s: Situation) -> t.Iterator[str]:
    count = s.wanted.taskmanager_count
    for name, entries in (
        ("flink_taskmanager_configs", s.wanted.taskmanager_configs),
        ("flink_taskmanager_numa_nodes", s.wanted.taskmanager_numa_nodes),
    ):
        if len(entries) > count:
            yield (
                f"{name}: expected at most {count} of them, as flink_taskmanager_count says, got {len(entries)}. Set "
                f"flink_taskmanager_count to {len(entries)}, or drop the entries that have no TaskManager."
            )
    if any("taskmanager.resource-id" in plan["config"] for plan in s.plans):
        yield (
            f"taskmanager.resource-id: expected it left to the role, which sets {s.wanted.host}-1 and so on, so that "
            "it names one TaskManager of the cluster for good, got a value. Remove it from the configuration."
        )


def _jobmanagers(s: Situation) -> t.Iterator[str]:
    hosts, listed = s.wanted.jobmanager_hosts, ", ".join(s.wanted.jobmanager_hosts)
    if not hosts:
        yield (
            "flink_jobmanager_hosts: expected the address of the JobManager, as every host of the cluster reaches it, "
            "got an empty list. Name it, such as [jm1.example.org]."
        )
    if len(hosts) > 1 and not s.options.is_highly_available:
        yield (
            f"flink_jobmanager_hosts: expected one host without high availability, got {listed}. Name one, or set "
            "flink_high_availability, with the servers of a ZooKeeper and a directory that all of them share."
        )
    if s.options.is_highly_available and "jobmanager" in s.wanted.components and s.wanted.host not in hosts:
        own = merge_config([s.wanted.config, s.wanted.jobmanager_config])
        if "jobmanager.rpc.address" not in own:
            yield (
                f"flink_jobmanager_hosts: expected {s.wanted.host} among them, since it runs a JobManager and with "
                f"high availability each is known by its own address, got {listed}. Name it as in the inventory, or "
                "set jobmanager.rpc.address in its flink_jobmanager_config to its address."
            )
    if len(set(hosts)) < len(hosts):
        yield f"flink_jobmanager_hosts: expected each host once, got {listed}. Name each once."
    unresolved = {name: problem for name, problem in s.host.unresolved_names.items() if name in hosts}
    if unresolved:
        problems = ", ".join(f"{name} ({problem})" for name, problem in unresolved.items())
        yield (
            f"flink_jobmanager_hosts: expected names that this host resolves, got {problems}. Correct the name, or "
            "make it known to the host, for example in /etc/hosts."
        )


def _rights(s: Situation) -> t.Iterator[str]:
    name = s.host.ansible_user["name"]
    if s.wanted.service_manager == "systemd" and s.host.systemd is None:
        yield (
            "flink_service_manager: expected auto or launcher on a host that does not run systemd, got systemd. Set it "
            "to auto or launcher."
        )
    if s.has_systemd and not s.host.is_root:
        yield (
            f"become: expected root on the host, who alone may write units of systemd, got {name}. Set become to true; "
            "or, to do without root, flink_service_manager to launcher and flink_user to null."
        )
    if not s.host.is_root and s.wanted.user not in (None, name):
        yield (
            f"flink_user: expected null or {name}, as whom Ansible works on the host without root, got "
            f"{s.wanted.user}. Set flink_user to null, or become to true."
        )


def _java(s: Situation) -> t.Iterator[str]:
    if s.host.java is None and not (s.installs_java and s.host.is_root):
        option, remedy = (
            ("flink_java_home", "Correct it, or leave it out to have Java found or installed")
            if s.wanted.java_home
            else ("Java", "Install it, name packages in flink_java_packages with become, or set flink_java_home")
        )
        yield f"{option}: expected a Java for Flink {s.wanted.version}, got none: {s.host.java_error} {remedy}."
    if s.installs_jemalloc and not (s.host.is_root and s.distribution.jemalloc_package):
        yield (
            "flink_jemalloc: expected libjemalloc.so.2 on the host, where the role cannot install it, got none. "
            "Install it, or set flink_jemalloc to false."
        )


def _java_options(s: Situation) -> t.Iterator[str]:
    yield from java_option_objections(s.wanted, s.options, s.host, written_dirs(s.wanted, s.plans), s.has_systemd)


def _numa(s: Situation) -> t.Iterator[str]:
    missing = [str(node) for node in s.wanted.taskmanager_numa_nodes if node not in s.host.numa_nodes]
    if missing:
        yield (
            f"flink_taskmanager_numa_nodes: expected nodes of this host ({', '.join(map(str, s.host.numa_nodes))}), "
            f"got {', '.join(missing)}. Correct the list, or leave it out."
        )
    if s.wanted.taskmanager_numa_nodes and not s.has_systemd:
        yield (
            "flink_taskmanager_numa_nodes: expected systemd, which alone binds a process to a node, got launchers. "
            "Leave the list out."
        )


def _firewall(s: Situation) -> t.Iterator[str]:
    yield from firewall_objections(s.wanted, s.options, s.host, has_systemd=s.has_systemd)


def _ports(s: Situation) -> t.Iterator[str]:
    shared = shared_ports(s.ports)
    if shared:
        names = " and ".join(port.name for port in s.ports if port.port in shared)
        yield (
            f"Port {', '.join(map(str, shared))}: expected for one process of this host, got {names}. "
            f"{remedy_of_shared(port for port in s.ports if port.port in shared)}"
        )
    yield from port_objections(s.wanted, s.options)
    yield from fixed_port_objections(s.wanted)
    by_problem: dict[str, list[t.Mapping[str, t.Any]]] = {}
    ours = list(_strangers(s))
    for port in s.host.taken_ports:
        if not ours and _is_foreign(port, s.host) and not is_elsewhere(port["host"], s.host):
            by_problem.setdefault(port["problem"], []).append(port)
    for problem, taken in by_problem.items():
        numbers, names = (", ".join(str(port[key]) for port in taken) for key in ("port", "name"))
        if problem in _IN_USE:
            yield (
                f"Port {numbers}: expected to be free for {names}, got another program there. Stop that program, or "
                "set another port in flink_config."
            )
        else:
            hosts = ", ".join(dict.fromkeys(str(port["host"]) for port in taken))
            yield (
                f"Port {numbers}: expected to be one that {names} can listen on at {hosts}, got: {problem}. Set "
                "another port or address in flink_config."
            )


def _is_foreign(taken: t.Mapping[str, t.Any], host: Host) -> bool:
    """Not if the process has it itself already, nor, where it is not told which it has, if the process runs."""
    live = host.processes[taken["name"].split()[0]]
    return not live.is_alive or (live.ports is not None and taken["port"] not in live.ports)


def _strangers(s: Situation) -> t.Iterator[str]:
    yield from stranger_objections(s.wanted, s.host, has_systemd=s.has_systemd)


def _other_clusters(s: Situation) -> t.Iterator[str]:
    yield from _strangers(s)
    strange = [
        name
        for name, live in s.host.processes.items()
        if normal(live.environment.get("FLINK_CONF_DIR", s.wanted.conf_dir)) != normal(s.wanted.conf_dir)
    ]
    if strange:
        yield (
            f"flink_service_name: expected a name that no other cluster has on this host, got {s.wanted.service_name}, "
            f"whose {', '.join(strange)} runs with another flink_conf_dir than {s.wanted.conf_dir}. Give this cluster "
            "another flink_service_name, and directories of its own; or, if its flink_conf_dir has changed, uninstall "
            "it with the former one first."
        )
    units = [unit for unit in s.host.matching_units if not is_own_unit(unit, s.wanted)]
    if units:
        yield (
            f"flink_conf_dir, flink_run_dir: expected directories that no other cluster has on this host, got "
            f"{s.wanted.conf_dir} and {s.wanted.run_dir}, but {', '.join(units)} uses them and is not of "
            f"{s.wanted.service_name}. Give this cluster others; or, if its flink_service_name has changed, uninstall "
            "it with the former one first."
        )


def _names(s: Situation) -> t.Iterator[str]:
    yield from name_objections(s.wanted)


def _paths(s: Situation) -> t.Iterator[str]:
    wrong = [*path_objections(s.wanted, s.plans)] or [*clash_objections(s.wanted, s.plans)]
    yield from wrong or place_objections(s.wanted, s.host, s.plans)
    yield from strange_objections(s.wanted, s.host, has_systemd=s.has_systemd)
    if s.has_systemd:
        yield from hidden_objections(s.wanted, s.host, s.plans)


def _overrides(s: Situation) -> t.Iterator[str]:
    strange = [component for component in s.wanted.service_overrides if component not in TITLES]
    if strange:
        yield (
            f"flink_service_overrides: expected components ({', '.join(TITLES)}), got {', '.join(strange)}. Correct "
            "the names."
        )
    for plan in s.plans:
        total = plan["memory"]["total_process"]
        lines = str(s.wanted.service_overrides.get(plan["process"]) or "")
        for limit in _MEMORY_MAX.findall(lines) if total is not None else ():
            if to_bytes(limit) < total:
                yield (
                    f"flink_service_overrides: expected a MemoryMax of at least the {total} bytes planned for "
                    f"{plan['name']}, got {limit}. Raise it to {total}, or leave it to flink_memory_max_slack."
                )


def _additions(s: Situation) -> t.Iterator[str]:
    yield from addition_objections(s.wanted, s.controller)
    yield from shared_objections(s.wanted, s.host, s.additions)
    if is_installed(s.wanted, s.host):
        yield from filter(None, (plugin_objection(s.wanted, s.additions), jar_objection(s.wanted, s.additions)))


def _services(s: Situation) -> t.Iterator[str]:
    if "historyserver" in s.wanted.components and not s.config.get("historyserver.archive.fs.dir"):
        yield (
            "historyserver.archive.fs.dir: expected the directory that the HistoryServer reads, got none. Set it in "
            "flink_config, to the same as jobmanager.archive.fs.dir of the clusters whose jobs it shows."
        )
    if "sql-gateway" in s.wanted.components and not s.config.get("sql-gateway.endpoint.rest.address"):
        yield (
            "sql-gateway.endpoint.rest.address: expected the address of the SQL gateway, got none. Set it in "
            "flink_config, for example to the name of the host."
        )


def _addresses(s: Situation) -> t.Iterator[str]:
    yield from address_objections(s.wanted, s.host, s.plans)
    yield from binding_objections(s.wanted, s.options, s.host)
    yield from quorum_objections(s.wanted, s.options, s.host)
    yield from zookeeper_objections(s.wanted)


def _mounts(s: Situation) -> t.Iterator[str]:
    yield from mount_objections(s.wanted, s.options, s.host)


def _logging(s: Situation) -> t.Iterator[str]:
    yield from logging_objections(s.wanted)


def _tls(s: Situation) -> t.Iterator[str]:
    yield from tls_objections(s.wanted)


def _watching(s: Situation) -> t.Iterator[str]:
    yield from watching_objections(s.wanted)


def _web_actions(s: Situation) -> t.Iterator[str]:
    yield from web_action_objections(s.wanted)


def _secrets(s: Situation) -> t.Iterator[str]:
    yield from secret_objections(s.wanted, s.host, s.controller)


def _proxy(s: Situation) -> t.Iterator[str]:
    config = merge_config([s.config, s.wanted.jobmanager_config])
    yield from proxy_objections(s.wanted, config, s.host, s.distribution, has_systemd=s.has_systemd)


def archive_sentences(s: Situation) -> t.Iterator[str]:
    """What stands against installing the release."""
    yield from archive_objections(s.wanted, s.host, s.controller.archive, s.lasting)
    yield from signature_objections(s.wanted, s.host, s.controller.archive)


def _archive(s: Situation) -> t.Iterator[str]:
    yield from archive_sentences(s)
    yield from way_objections(s.wanted, s.host, s.additions)


CHECKS: tuple[t.Callable[[Situation], t.Iterator[str]], ...] = (
    _taskmanagers,
    _jobmanagers,
    _addresses,
    _mounts,
    _rights,
    _java,
    _java_options,
    _numa,
    _ports,
    _firewall,
    _other_clusters,
    _names,
    _paths,
    _overrides,
    _additions,
    _services,
    _logging,
    _tls,
    _watching,
    _web_actions,
    _proxy,
    _secrets,
    _archive,
)
