# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses by which the processes of a cluster know each other, and what stands against them."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted

if t.TYPE_CHECKING:
    from .found import Host
    from .wanted import Wanted

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
# Names that every host gives itself, as distributions write them into /etc/hosts, and IPv4 with all ways to shorten it.
_LOOPBACK = re.compile(r"localhost[46]?(\.localdomain[46]?)?|ip6-(localhost|loopback)|127(\.\d+){1,3}", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9][A-Za-z0-9-]*)*")
# Python takes any text for the interface behind an address of IPv6.
_INTERFACE = re.compile(r"[^%]*(%[A-Za-z0-9_.-]+)?")
# In the file workers, whose lines become words for ssh.
_WORD = re.compile(r"(?!-)[!-~]+")
# Options that name an address of a process; those of REST are nobody's business where another URL leads to it.
_OF_PROCESSES = ("jobmanager.rpc.address", "jobmanager.bind-host", "taskmanager.host", "taskmanager.bind-host")
_OF_REST = ("rest.address", "rest.bind-address")
# Those of them that others are told.
_TOLD = ("jobmanager.rpc.address", "taskmanager.host")


def is_local(wanted: Wanted) -> bool:
    """Whether all JobManagers are on the loopback interface, and so all processes on one host."""
    return set(wanted.jobmanager_hosts) <= _LOCAL


def address_objections(wanted: Wanted, host: Host, plans: t.Sequence[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """What would keep the processes from finding each other."""
    yield from _only_on_this_host(wanted)
    yield from _no_host_names(wanted)
    yield from _hosts_only_for_themselves(wanted)
    if has_other_hosts(wanted):
        yield from _told_as_loopback(wanted, host, plans)


def address_advice(wanted: Wanted, host: Host, plans: t.Sequence[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """What may keep some of them from it."""
    if not wanted.taskmanager_hosts and not has_other_hosts(wanted):
        yield from _told_as_loopback(wanted, host, plans)


def _only_on_this_host(wanted: Wanted) -> t.Iterator[str]:
    """As in the file that Flink ships, which makes a cluster of one host."""
    keys = [*_OF_PROCESSES, *(_OF_REST if wanted.rest_url is None and wanted.proxy is None else ())]
    found = {key: address for key, address in _given(wanted, keys) if is_loopback(address)}
    if has_other_hosts(wanted):
        found |= {key: address for key, address in _given(wanted, _TOLD) if is_any(address)}
    if found and not is_local(wanted):
        yield (
            f"{', '.join(found)}: expected an address that other hosts reach, as flink_jobmanager_hosts is "
            f"{', '.join(wanted.jobmanager_hosts)}, got {', '.join(dict.fromkeys(found.values()))}. Remove it, and the "
            "role sets it."
        )


def _hosts_only_for_themselves(wanted: Wanted) -> t.Iterator[str]:
    """JobManagers that each host would look for on itself, unless the user says where to look."""
    alone = [host for host in wanted.jobmanager_hosts if is_loopback(host) or is_any(host)]
    others = {host for host in wanted.taskmanager_hosts if not is_loopback(host)}
    has_several = len(others) > 1 or len(set(wanted.jobmanager_hosts)) > 1
    if alone and has_several and "jobmanager.rpc.address" not in flatten(wanted.config):
        yield (
            f"flink_jobmanager_hosts: expected addresses by which every host reaches the JobManagers, got "
            f"{', '.join(alone)}, by which each host reaches itself. Name them as in the inventory."
        )


def _no_host_names(wanted: Wanted) -> t.Iterator[str]:
    """Source: ``NetUtils``, ``RpcUtils`` and its addresses, URIs whose host may have no underscore."""
    named = [("flink_jobmanager_hosts", name) for name in wanted.jobmanager_hosts]
    named += _given(wanted, _TOLD)
    for option, name in dict.fromkeys(named):
        if not is_host_name(name):
            yield (
                f"{option}: expected a host name of letters, digits, '-' and '.', got {_shown(name)}, which "
                "Flink refuses. Use another name of the host, or its address."
            )
    odd = [name for name in wanted.taskmanager_hosts if not _WORD.fullmatch(name)]
    if odd:
        yield (
            "flink_taskmanager_hosts: expected names or addresses of hosts, one word each, got "
            f"{', '.join(map(quoted, odd))}. Correct them."
        )


def _shown(name: str) -> str:
    return name if name and name.isprintable() else quoted(name)


def is_host_name(text: str) -> bool:
    """Whether Flink takes it for the name or the address of a host."""
    return _NAME.fullmatch(text.strip()) is not None or _ip_address(text) is not None


def bare(address: str) -> str:
    """Without blanks, and without the brackets of IPv6."""
    bracketed = re.fullmatch(r"\[(.*)\]", address.strip())
    return bracketed[1] if bracketed else address.strip()


def _ip_address(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(bare(address)) if _INTERFACE.fullmatch(bare(address)) else None
    except ValueError:
        return None


def as_network(text: str, *, strict: bool = False) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """An address or a network, of which nginx and firewalls take none with an interface, which may be any text."""
    try:
        return None if "%" in text else ipaddress.ip_network(text, strict=strict)
    except ValueError:
        return None


def is_loopback(address: str) -> bool:
    found = _ip_address(address)
    return found.is_loopback if found else _LOOPBACK.fullmatch(bare(address)) is not None


def is_any(address: str) -> bool:
    """Whether it means all addresses of a host, which is nothing to tell others."""
    found = _ip_address(address)
    return found is not None and found.is_unspecified


def _given(wanted: Wanted, keys: t.Iterable[str]) -> list[tuple[str, str]]:
    """What the user gives for these options, for all processes or for one."""
    configs = [flatten(config) for config in (wanted.config, wanted.jobmanager_config, *wanted.taskmanager_configs)]
    return [(key, str(config[key])) for key in keys for config in configs if key in config]


def has_other_hosts(wanted: Wanted) -> bool:
    return len({*wanted.jobmanager_hosts, *wanted.taskmanager_hosts}) > 1


def _told_as_loopback(wanted: Wanted, host: Host, plans: t.Sequence[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """A TaskManager tells others the address by which it reaches the JobManager. Source: ``ConnectionUtils``."""
    names = [name for name in wanted.jobmanager_hosts if name in host.loopback_names]
    if names and not is_local(wanted) and any(_finds_its_address(plan) for plan in plans):
        yield (
            f"flink_jobmanager_hosts: expected names that lead to a host over the network, got {', '.join(names)}, a "
            "loopback address on this host: its TaskManagers would tell it to others, who reach only themselves "
            "by it. Give the name its real address in /etc/hosts, or set taskmanager.host of this host to that address."
        )


def _finds_its_address(plan: t.Mapping[str, t.Any]) -> bool:
    return plan["process"] == "taskmanager" and "taskmanager.host" not in plan["config"]
