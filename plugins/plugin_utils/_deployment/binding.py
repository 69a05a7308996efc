# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses on which the processes of a host listen, if variables say so, and from where REST is asked then."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .addresses import bare, has_other_hosts, is_any, is_host_name, is_local, is_loopback
from .proxy import LOOPBACK

if t.TYPE_CHECKING:
    from .found import Host
    from .options import FlinkOptions
    from .wanted import Wanted

_BINDS_PROCESSES = (1, 11)  # the first release that can
_OF_PROCESSES = ("jobmanager.bind-host", "taskmanager.bind-host")
# Where what users ask listens, by component.
_OF_USERS = {
    "jobmanager": "rest.bind-address",
    "historyserver": "historyserver.web.address",
    "sql-gateway": "sql-gateway.endpoint.rest.bind-address",
}


def binding_options(wanted: Wanted, *, is_highly_available: bool) -> dict[str, t.Any]:
    """Flink's options for what the variables say: where processes listen, and what they tell others of it.

    Without high availability a JobManager is known by the name that all hosts have for it, and by no other.
    """
    found: dict[str, t.Any] = {}
    if wanted.bind_address is not None:
        address = bare(wanted.bind_address)
        found.update(dict.fromkeys(_OF_PROCESSES, address))
        if not is_any(address):
            found["taskmanager.host"] = address
            if _tells_own_address(wanted, is_highly_available=is_highly_available):
                found["jobmanager.rpc.address"] = address
    if wanted.rest_bind_address is not None:
        address = bare(wanted.rest_bind_address)
        found.update({_OF_USERS[component]: address for component in _of_users(wanted)})
        if "jobmanager" in wanted.components and not is_any(address):
            found["rest.address"] = address
    return found


def _tells_own_address(wanted: Wanted, *, is_highly_available: bool) -> bool:
    return is_highly_available and wanted.host in wanted.jobmanager_hosts


def _of_users(wanted: Wanted) -> list[str]:
    return [component for component in _OF_USERS if component in wanted.components]


class Asking(t.NamedTuple):
    """The host of the inventory from which REST is asked, and the address at which it is."""

    host: str
    address: str


def asking(wanted: Wanted, options: FlinkOptions, variables_of: t.Callable[[str], t.Mapping[str, t.Any]]) -> Asking:
    """From the host itself, unless the REST of its JobManager is not open to it.

    ``variables_of`` gives the variables of another host; none of one that the inventory does not have.
    """
    first = next(iter(wanted.jobmanager_hosts), wanted.host)
    closed = LOOPBACK if wanted.proxy is not None else None
    if wanted.rest_url is not None:
        return Asking(wanted.host, options.jobmanager_address)
    if "jobmanager" in wanted.components:
        return Asking(wanted.host, closed or _rest_address(wanted.rest_bind_address, options))
    found = variables_of(first)
    host = first if closed or is_closed(found) else wanted.host
    return Asking(host, closed or _rest_address(found.get("flink_rest_bind_address"), options))


def is_closed(variables: t.Mapping[str, t.Any]) -> bool:
    """Whether REST of a host with these variables is not for the other hosts of the cluster."""
    return any(variables.get(name) is not None for name in ("flink_rest_bind_address", "flink_proxy"))


def _rest_address(bound: t.Any, options: FlinkOptions) -> str:
    return options.jobmanager_address if bound is None or is_any(str(bound)) else str(bound)


def asked_names(wanted: Wanted) -> list[str]:
    """What a host has to resolve of this."""
    return [bare(address) for address in (wanted.bind_address, wanted.rest_bind_address) if address is not None]


def binding_objections(wanted: Wanted, options: FlinkOptions, host: Host) -> t.Iterator[str]:
    """What stands against the variables here."""
    yield from _given_twice(wanted)
    for variable, address in _meant(wanted):
        yield from _not_of_this_host(variable, address, host)
    if wanted.bind_address is None:
        return
    if Release.parse(wanted.version).version < _BINDS_PROCESSES:
        yield (
            f"flink_bind_address: expected Flink 1.11 or newer, whose processes listen where they are told to, got "
            f"{wanted.version}. Remove it."
        )
    if has_other_hosts(wanted) and _leads_to_loopback(wanted.bind_address, host):
        yield (
            f"flink_bind_address: expected an address that the other hosts of the cluster reach, got "
            f"{wanted.bind_address}, by which only this host reaches itself. Set it to the address of an interface."
        )
    else:
        yield from _known_by_another(wanted, options, host)


def _meant(wanted: Wanted) -> list[tuple[str, str]]:
    """The variables that count on this host."""
    found = []
    if wanted.bind_address is not None and {"jobmanager", "taskmanager"} & set(wanted.components):
        found.append(("flink_bind_address", wanted.bind_address))
    if wanted.rest_bind_address is not None and _of_users(wanted):
        found.append(("flink_rest_bind_address", wanted.rest_bind_address))
    return found


def _given_twice(wanted: Wanted) -> t.Iterator[str]:
    """Also null, which would take the option away."""
    pairs = [("flink_bind_address", key) for key in _OF_PROCESSES if wanted.bind_address is not None]
    if wanted.rest_bind_address is not None:
        pairs += [("flink_rest_bind_address", key) for key in _OF_USERS.values()]
    configs = [("flink_config", wanted.config), ("flink_jobmanager_config", wanted.jobmanager_config)]
    configs += [("flink_taskmanager_configs", config) for config in wanted.taskmanager_configs]
    for name, config in configs:
        given = flatten(config, keep_null=True)
        for variable, key in pairs:
            if key in given:
                yield f"{name}: expected {key} to be left to {variable}, got it in both. Remove one of the two."


def is_elsewhere(address: str, host: Host) -> bool:
    """Whether it is known to be none of this host, where nothing can listen on it."""
    there = addresses_of(address, host)
    known = bool(there and host.addresses) and not any(is_any(found) or is_loopback(found) for found in there)
    return known and not set(there) & set(host.addresses)


def _not_of_this_host(variable: str, address: str, host: Host) -> t.Iterator[str]:
    name = bare(address)
    if not is_host_name(name):
        yield (
            f"{variable}: expected an address of this host or a name, without a port, got {quoted(address)}. Correct "
            "it."
        )
    elif name in host.unresolved_names:
        yield (
            f"{variable}: expected an address of this host, or a name that it resolves, got {address} "
            f"({host.unresolved_names[name]}). Correct it, or make the name known to the host."
        )
    elif is_elsewhere(address, host):
        found = addresses_of(address, host)
        leads = "" if name in found else f", which leads to {', '.join(found)}"
        yield (
            f"{variable}: expected one of the addresses of this host ({', '.join(_reachable(host))}), got "
            f"{address}{leads}. Set it to one of them, for this host alone where hosts differ."
        )


def _reachable(host: Host) -> list[str]:
    """Those of the host that are worth naming: none of a link, which needs its interface as well."""
    return [address for address in host.addresses if not address.startswith("fe80:")]


def addresses_of(address: str, host: Host) -> t.Sequence[str]:
    return host.resolved_names.get(bare(address), ())


def _leads_to_loopback(address: str, host: Host) -> bool:
    found = addresses_of(address, host)
    return is_loopback(address) or (bool(found) and all(map(is_loopback, found)))


def _known_by_another(wanted: Wanted, options: FlinkOptions, host: Host) -> t.Iterator[str]:
    """A JobManager that others look for where it does not listen, as its name leads to another address of the host.

    Distributions have a host's own name lead to 127.0.1.1 on the host alone, which says nothing of what others see.
    """
    address = str(wanted.bind_address)
    if "jobmanager" not in wanted.components or is_any(address):
        return
    if _tells_own_address(wanted, is_highly_available=options.is_highly_available):
        return
    name = options.jobmanager_address
    found, bound = addresses_of(name, host), addresses_of(address, host)
    if not found or not bound or set(found) & set(bound):
        return
    if all(map(is_loopback, found)) and "taskmanager" not in wanted.components and not is_local(wanted):
        return
    yield (
        f"flink_bind_address: expected the address by which others reach the JobManager, as {name} leads to "
        f"{', '.join(found)} on this host, got {address}. Name the JobManager in flink_jobmanager_hosts by that "
        "address, or have its name lead there, for example in /etc/hosts."
    )
