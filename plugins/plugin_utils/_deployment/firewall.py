# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A firewall for the ports of a host alone: for each port only those who have to reach it, and nothing about others.

Either is one file. The one of nftables is a table of its own, which a unit loads; it can only close, as what another
table drops stays dropped. The one of firewalld is a policy, from 0.9 on, which opens as well.
"""

from __future__ import annotations

import collections
import dataclasses
import ipaddress
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import listed, quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .addresses import as_network, is_any, is_loopback
from .binding import addresses_of
from .files import File, absent
from .names import FIREWALLD, UNIT_DIR, protect_home
from .open_ports import JOBMANAGERS, PROMETHEUS, TASKMANAGERS, USERS, ZOOKEEPERS, open_ports
from .ports import port_numbers

if t.TYPE_CHECKING:
    from .found import Host
    from .open_ports import OpenPort
    from .options import FlinkOptions
    from .wanted import Wanted

    Render = t.Callable[..., str]
    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

NFTABLES = "nftables"
PROGRAMS = {NFTABLES: "nft", FIREWALLD: "firewall-cmd"}
POLICIES = "/etc/firewalld/policies"
_RULES_FILE = "firewall.nft"
# Source: ``max_policy_name_len`` of firewalld.
_LONGEST_POLICY = 18
# What Linux takes for outgoing connections, as long as nobody says otherwise.
_OUTGOING = range(32768, 61000)


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """From these addresses and networks, these ports are reached."""

    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    ports: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Firewall:
    """What has to be done: rules to write and load, or ``removes`` what is left of a firewall that is no longer wanted.

    ``kind`` is nftables or firewalld. ``rules`` is the text that nft tries before.
    """

    kind: str
    removes: bool
    rules: str
    files: tuple[File, ...]
    table: str
    unit: str


def names_of_peers(wanted: Wanted) -> list[str]:
    """What a host has to resolve to know them."""
    return [] if wanted.firewall == "none" else [name for names in _names(wanted).values() for name in names]


def _names(wanted: Wanted) -> dict[str, list[str]]:
    return {
        JOBMANAGERS: list(dict.fromkeys(wanted.jobmanager_hosts)),
        TASKMANAGERS: list(dict.fromkeys(wanted.taskmanager_hosts)),
        ZOOKEEPERS: list(wanted.zookeeper_hosts),
    }


def asked_firewall(wanted: Wanted) -> list[dict[str, t.Any]]:
    """What host_info is asked of a daemon that has to run."""
    return [{"name": FIREWALLD, "unit": f"{FIREWALLD}.service", "pid_file": None}] * (wanted.firewall == FIREWALLD)


def table_name(wanted: Wanted) -> str:
    return wanted.service_name if wanted.service_name == "flink" else f"flink-{wanted.service_name}"


def unit_name(wanted: Wanted) -> str:
    return f"{wanted.service_name}-firewall.service"


def rules_path(wanted: Wanted) -> str:
    return f"{wanted.conf_dir}/{_RULES_FILE}"


def policy_path(wanted: Wanted) -> str:
    return f"{POLICIES}/{table_name(wanted)}.xml"


def firewalls(
    wanted: Wanted, options: FlinkOptions, host: Host, bound: t.Mapping[str, str], render: Render
) -> tuple[Firewall, ...]:
    """What is wanted before what is left of another kind: in between no port is open.

    ``bound`` are the addresses on which other hosts of the cluster listen, and so come from, by their names.
    """
    loaded = [] if wanted.firewall == "none" else [_firewall(wanted, options, host, bound, render)]
    return (*loaded, *(left for left in remains(wanted, host.files) if left.kind != wanted.firewall))


def _firewall(
    wanted: Wanted, options: FlinkOptions, host: Host, bound: t.Mapping[str, str], render: Render
) -> Firewall:
    rules = _rules(wanted, options, host, bound)
    closed = _merged(port for rule in rules for port in rule.ports)
    values: dict[str, t.Any] = {"table": table_name(wanted), "rules": rules, "closed": closed}
    if wanted.firewall == FIREWALLD:
        files: tuple[File, ...] = (
            File(path=policy_path(wanted), content=render("firewall.xml.j2", **values), mode="0644"),
        )
        text = ""
    else:
        text = render("firewall.nft.j2", **values)
        path, home = rules_path(wanted), protect_home([wanted.conf_dir])
        unit = render("firewall.service.j2", nft=_program(host), path=path, protect_home=home, **values)
        files = (
            File(path=rules_path(wanted), content=text, mode="0644"),
            File(path=f"{UNIT_DIR}/{unit_name(wanted)}", content=unit, mode="0644"),
        )
    return Firewall(
        wanted.firewall, removes=False, rules=text, files=files, table=table_name(wanted), unit=unit_name(wanted)
    )


def remains(wanted: Wanted, there: t.Mapping[str, t.Sequence[str]]) -> t.Iterator[Firewall]:
    """What there is of either; ``there`` are the names of the files in directories."""
    for kind, *paths in (
        (NFTABLES, rules_path(wanted), f"{UNIT_DIR}/{unit_name(wanted)}"),
        (FIREWALLD, policy_path(wanted)),
    ):
        directory, _slash, name = paths[0].rpartition("/")
        if name in there.get(directory, ()):
            files = tuple(map(absent, paths))
            yield Firewall(kind, removes=True, rules="", files=files, table=table_name(wanted), unit=unit_name(wanted))


def _program(host: Host) -> str:
    return host.programs.get(PROGRAMS[NFTABLES]) or "/usr/sbin/nft"


def _rules(wanted: Wanted, options: FlinkOptions, host: Host, bound: t.Mapping[str, str]) -> list[Rule]:
    """One for all ports with the same sources; without addresses, it lets nobody through."""
    by_sources: dict[tuple[str, ...], list[str]] = collections.defaultdict(list)
    for port in _told(wanted, options):
        by_sources[port.sources].extend(_ranges(port.port, Release.parse(wanted.version).version))
    found = []
    for sources, ports in by_sources.items():
        networks = [network for source in sources for network in _networks(wanted, source, host, bound)]
        ipv4 = ipaddress.collapse_addresses(one for one in networks if isinstance(one, ipaddress.IPv4Network))
        ipv6 = ipaddress.collapse_addresses(one for one in networks if isinstance(one, ipaddress.IPv6Network))
        found.append(Rule(tuple(map(_written, ipv4)), tuple(map(_written, ipv6)), _merged(ports)))
    return found


def _told(wanted: Wanted, options: FlinkOptions) -> list[OpenPort]:
    return [port for port in open_ports(wanted, options) if not port.is_random]


def _written(network: Network) -> str:
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _networks(wanted: Wanted, source: str, host: Host, bound: t.Mapping[str, str]) -> list[Network]:
    if source in (USERS, PROMETHEUS):
        return [network for text in wanted.firewall_sources if (network := as_network(text.strip())) is not None]
    names = _names(wanted)[source]
    texts = [address for name in names for address in addresses_of(name, host)]
    texts += [bound[name] for name in names if name in bound]
    texts += wanted.firewall_cluster
    found = [network for text in texts if not is_loopback(text) and (network := as_network(text.strip())) is not None]
    return [network for network in found if not is_any(str(network.network_address)) or network.prefixlen == 0]


def _ranges(text: str, version: tuple[int, ...]) -> list[str]:
    return [str(number) for number in sorted(port_numbers(text, version) or ())]


def _merged(ports: t.Iterable[str]) -> tuple[str, ...]:
    """Numbers and ranges of them as ranges that do not overlap, as nft wants a set to be."""
    every = sorted({number for port in ports for number in _within(port)})
    found: list[list[int]] = []
    for number in every:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return tuple(str(first) if first == last else f"{first}-{last}" for first, last in found)


def _within(port: str) -> range:
    first, _dash, last = port.partition("-")
    return range(int(first), int(last or first) + 1)


def firewall_objections(wanted: Wanted, options: FlinkOptions, host: Host, *, has_systemd: bool) -> t.Iterator[str]:
    """What would shut the cluster out of its own ports, or leave some open."""
    for variable, texts in (
        ("flink_firewall_cluster", wanted.firewall_cluster),
        ("flink_firewall_sources", wanted.firewall_sources),
    ):
        wrong = [quoted(text) for text in texts if as_network(text.strip()) is None]
        if wrong:
            yield (f"{variable}: expected addresses and networks such as 10.0.0.0/24, got {listed(wrong)}. Correct it.")
    if wanted.firewall == "none":
        return
    program = PROGRAMS[wanted.firewall]
    if host.programs.get(program) is None:
        yield (
            f"flink_firewall: expected {program} on the host, got none. Install {wanted.firewall}, or set it to none."
        )
    if not host.is_root or not has_systemd:
        got = host.ansible_user["name"] if not host.is_root else "no systemd"
        yield (
            f"flink_firewall: expected root and systemd on the host, got {got}. Set become to true, or flink_firewall "
            "to none."
        )
    elif host.firewalld is not None and not host.firewalld.is_alive:
        yield (
            f"flink_firewall: expected firewalld to run on the host, got {host.firewalld.state}. Start it with "
            "systemctl enable --now firewalld, or set flink_firewall to nftables or none."
        )
    if wanted.firewall == FIREWALLD and len(table_name(wanted)) > _LONGEST_POLICY:
        yield (
            f"flink_service_name: expected at most {_LONGEST_POLICY - len('flink-')} characters, as firewalld takes no "
            f"policy with a longer name, got {wanted.service_name}. Shorten it, or set flink_firewall to nftables."
        )
    ports = open_ports(wanted, options)
    random = list(dict.fromkeys(port.option for port in ports if port.is_random and not port.is_collected))
    if random:
        yield (
            f"flink_firewall: expected ports that a firewall can tell, got random ones for {', '.join(random)}. Set "
            "flink_fixed_ports to true, and none of these options to 0."
        )
    yield from _unknown_peers(wanted, ports, host)


def _unknown_peers(wanted: Wanted, ports: t.Iterable[OpenPort], host: Host) -> t.Iterator[str]:
    sources = {source for port in ports for source in port.sources}
    names = {kind: named for kind, named in _names(wanted).items() if kind in sources}
    unresolved = [name for named in names.values() for name in named if name in host.unresolved_names]
    if unresolved:
        got = listed(list(dict.fromkeys(unresolved)))
        yield (
            f"flink_firewall: expected names of hosts that this one resolves, got {got}. Make them known to the host, "
            "for example in /etc/hosts."
        )
    variables = {kind: f"flink_{kind[:-1]}_hosts" for kind in names}
    for kind, named in names.items():
        if not named and not wanted.firewall_cluster:
            yield (
                f"flink_firewall: expected to know the hosts of the cluster, got none in {variables[kind]}. Name them "
                "there, or their networks in flink_firewall_cluster."
            )


def firewall_advice(wanted: Wanted, options: FlinkOptions) -> t.Iterator[str]:
    """That nobody will reach what is there for people, and what stays as it is."""
    if wanted.firewall == "none":
        return
    ports = open_ports(wanted, options)
    asked = [f"{port.process} {port.port}" for port in ports if {USERS, PROMETHEUS} & set(port.sources)]
    if asked and not wanted.firewall_sources:
        yield (
            f"flink_firewall_sources: no user, and no Prometheus, gets through to {listed(asked)}, as no network is "
            "named. Name the networks that they come from, if there are any."
        )
    version = Release.parse(wanted.version).version
    told = [(port.option, port_numbers(port.port, version) or ()) for port in _told(wanted, options)]
    high = sorted({option for option, numbers in told if any(number in _OUTGOING for number in numbers)})
    if high and wanted.firewall == NFTABLES:
        yield (
            f"flink_firewall: {listed(high)}: Linux takes ports from {_OUTGOING[0]} on for connections of the "
            "host to others, which hang where the firewall drops the answers. Choose ports below."
        )
    if any(port.is_random and port.is_collected for port in ports):
        effect = (
            "stays open to anybody" if wanted.firewall == NFTABLES else "is closed where firewalld lets none through"
        )
        yield (
            f"flink_firewall: the random port by which the JobManager collects the result of a query {effect}. See "
            "docs/addresses.md."
        )
