# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ports of a host that a firewall has to let through, and for whom; and all of a cluster as a table."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.catalogue.catalogue import options_of
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.shapes import check, list_of, mapping, text
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.traces import printable

from .addresses import is_any, is_loopback
from .binding import is_closed
from .fixed_ports import QUERY_SERVICE
from .names import PROXY, UNPLANNED, ZOOKEEPER, component_of, runs_zookeeper
from .options import process_configs
from .ports import given_ports
from .proxy import proxy_port
from .zookeeper import zookeeper_ports

if t.TYPE_CHECKING:
    from .options import FlinkOptions
    from .wanted import Wanted

RANDOM = "random"
USERS, PROMETHEUS = "users", "prometheus"
JOBMANAGERS, TASKMANAGERS, ZOOKEEPERS = "jobmanagers", "taskmanagers", "zookeepers"
TITLES = {
    JOBMANAGERS: "JobManagers",
    TASKMANAGERS: "TaskManagers",
    ZOOKEEPERS: "ZooKeepers",
    USERS: "users",
    PROMETHEUS: "Prometheus",
}
# Who opens connections to what an option names, by component: its own kind only where there are several of it.
_RPC = {"jobmanager": (TASKMANAGERS, JOBMANAGERS), "taskmanager": (JOBMANAGERS,)}
_PURPOSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "rest.port": ("REST and web interface", (USERS,)),
    "rest.bind-port": ("REST and web interface", (USERS,)),
    "blob.server.port": ("jars and logs", (TASKMANAGERS, JOBMANAGERS)),
    "taskmanager.data.port": ("data of jobs", (TASKMANAGERS,)),
    "taskmanager.data.bind-port": ("data of jobs", (TASKMANAGERS,)),
    "historyserver.web.port": ("web interface", (USERS,)),
    "sql-gateway.endpoint.rest.port": ("REST", (USERS,)),
    "jmx.server.port": ("JMX", (USERS,)),
    "clientPort": ("clients", (JOBMANAGERS, TASKMANAGERS)),
    "followers": ("followers", (ZOOKEEPERS,)),
    "election": ("election", (ZOOKEEPERS,)),
}
_COLLECT_SINK = "taskmanager.collect-sink.port"
# The first release in which a result is collected by a port of the TaskManager. Source: ``CollectSinkFunction``.
_COLLECTS = (1, 12)
_QUERYABLE_STATE = {
    "queryable-state.proxy.ports": ("9069", USERS),
    "queryable-state.server.ports": ("9067", TASKMANAGERS),
}


@dataclasses.dataclass(frozen=True, slots=True)
class OpenPort:
    """A port of TCP, or several as Flink writes them, or ``random``; ``sources`` are kinds of hosts and people.

    ``address`` is where it is bound, 0.0.0.0 for everywhere.
    """

    host: str
    process: str
    option: str
    purpose: str
    port: str
    address: str
    sources: tuple[str, ...]

    @property
    def is_random(self) -> bool:
        return self.port == RANDOM

    @property
    def is_collected(self) -> bool:
        """Whether it is only there while the result of a query is collected."""
        return self.option == _COLLECT_SINK


def open_ports(wanted: Wanted, options: FlinkOptions) -> tuple[OpenPort, ...]:
    """Those of all processes of the host, but of what only the host itself reaches."""
    found = [*_of_flink(wanted, options), *_of_zookeeper(wanted), *_of_proxy(wanted)]
    return tuple(port for port in found if not is_loopback(port.address))


def _of_flink(wanted: Wanted, options: FlinkOptions) -> t.Iterator[OpenPort]:
    configs = process_configs(wanted, options)
    every = {name: [port for port in given_ports(wanted, options) if port[0] == name] for name in configs}
    for name, config in configs.items():
        component = component_of(name)
        for _name, option, address, given in every[name]:
            purpose, sources = _meant(wanted, options, option, component)
            yield OpenPort(wanted.host, name, option, purpose, _shown(given), address, sources)
        if name in UNPLANNED:
            continue
        bound = str(config.get(f"{component}.bind-host", "0.0.0.0"))
        if QUERY_SERVICE not in config:
            sources = _present(options, component, _RPC[component])
            yield OpenPort(wanted.host, name, QUERY_SERVICE, "metrics", RANDOM, bound, sources)
        if component == "taskmanager":
            yield from _of_taskmanager(wanted, name, config, bound)


def _of_taskmanager(wanted: Wanted, name: str, config: t.Mapping[str, t.Any], bound: str) -> t.Iterator[OpenPort]:
    if Release.parse(wanted.version).version >= _COLLECTS:
        given = _shown(str(config.get(_COLLECT_SINK, 0)))
        yield OpenPort(wanted.host, name, _COLLECT_SINK, "results of queries", given, bound, (JOBMANAGERS,))
    is_known = options_of(Release.parse(wanted.version)).find("queryable-state.enable")
    if is_known and str(config.get("queryable-state.enable", False)).lower() == "true":
        for option, (default, source) in _QUERYABLE_STATE.items():
            given = _shown(str(config.get(option, default)))
            yield OpenPort(wanted.host, name, option, "queryable state", given, bound, (source,))


def _of_zookeeper(wanted: Wanted) -> t.Iterator[OpenPort]:
    for name, port in (zookeeper_ports(wanted) if runs_zookeeper(wanted) else {}).items():
        purpose, sources = _PURPOSES[name]
        yield OpenPort(wanted.host, ZOOKEEPER, name, purpose, str(port), "0.0.0.0", sources)


def _of_proxy(wanted: Wanted) -> t.Iterator[OpenPort]:
    place = proxy_port(wanted)
    if place is not None:
        address, port = place
        purpose, sources = _PURPOSES["rest.port"]
        yield OpenPort(wanted.host, PROXY, "flink_proxy.port", purpose, str(port), address, sources)


def _meant(wanted: Wanted, options: FlinkOptions, option: str, component: str) -> tuple[str, tuple[str, ...]]:
    """What for, and for whom."""
    if option in _PURPOSES:
        purpose, sources = _PURPOSES[option]
        asked_by_all = option.startswith("rest.") and not is_closed(wanted.variables()) and wanted.rest_url is None
        return purpose, _present(options, component, (*sources, *([TASKMANAGERS] if asked_by_all else [])))
    if option == QUERY_SERVICE:
        return "metrics", _present(options, component, _RPC[component])
    if option.startswith("metrics.reporter."):
        return "metrics", (PROMETHEUS,)
    if option.partition(".")[0] in ("jobmanager", "taskmanager", "high-availability"):
        return "calls", _present(options, component, _RPC[component])
    return "Java", (USERS,)


def _present(options: FlinkOptions, component: str, sources: t.Iterable[str]) -> tuple[str, ...]:
    """JobManagers ask each other only where there are several."""
    is_alone = component == "jobmanager" and not options.is_highly_available
    return tuple(source for source in sources if not (is_alone and source == JOBMANAGERS))


def _shown(given: str) -> str:
    return RANDOM if given.strip() == "0" else given


_ROWS = list_of(
    mapping(
        {
            **dict.fromkeys(("host", "process", "option", "purpose", "port", "address"), text),
            "sources": list_of(text),
        }
    )
)
_LONGEST = 60
_HEAD = ("port", "from", "at", "process", "for")


def port_table(ports: t.Any) -> str:
    """The ports of all hosts as a table for people; hosts with the same are shown once.

    Raises FlinkError for what deployment_info does not return.
    """
    check(ports, _ROWS, "the ports that deployment_info returns")
    if not ports:
        return "No port is open to other hosts.\n"
    by_host: dict[str, list[tuple[str, ...]]] = collections.defaultdict(list)
    for row in ports:
        by_host[_text(row["host"])].append(_cells(row))
    groups: dict[tuple[tuple[str, ...], ...], list[str]] = collections.defaultdict(list)
    for host, cells in by_host.items():
        groups[tuple(cells)].append(host)
    widths = [max(map(len, column)) for column in zip(_HEAD, *(row for rows in groups for row in rows), strict=True)]
    lines = []
    for rows, hosts in groups.items():
        lines += [", ".join(hosts), *(_line(row, widths) for row in (_HEAD, *rows)), ""]
    return "\n".join([*lines, *_legend(ports)]) + "\n"


def _cells(row: t.Mapping[str, t.Any]) -> tuple[str, ...]:
    sources = ", ".join(TITLES.get(source, _text(source)) for source in row["sources"])
    address = "all addresses" if is_any(row["address"]) else _text(row["address"])
    return _text(row["port"]), sources or "nobody", address, _text(row["process"]), _text(row["purpose"])


def _text(value: str) -> str:
    return printable(value, _LONGEST)


def _line(cells: t.Sequence[str], widths: t.Sequence[int]) -> str:
    return "  " + "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _legend(ports: t.Sequence[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """Who is meant, and what a random port takes to be told."""
    for kind, component in ((JOBMANAGERS, "jobmanager"), (TASKMANAGERS, "taskmanager"), (ZOOKEEPERS, ZOOKEEPER)):
        hosts = dict.fromkeys(_text(row["host"]) for row in ports if component_of(row["process"]) == component)
        if hosts:
            yield f"{TITLES[kind]}: {', '.join(hosts)}."
    random = {row["option"] for row in ports if row["port"] == RANDOM}
    if random - {_COLLECT_SINK}:
        yield "random: another port at each start, which no firewall can tell. Set flink_fixed_ports to true."
    if _COLLECT_SINK in random:
        yield "results of queries: a port for each query whose result is collected, such as by the SQL client."
        yield f"From 1.19 on, {_COLLECT_SINK} makes it one port, for one query at a time on each TaskManager."
