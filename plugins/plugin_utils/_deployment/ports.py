# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fixed ports of the processes of a host."""

from __future__ import annotations

import collections
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.jvm_options import java_options
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .fixed_ports import QUERY_SERVICE
from .java_options import OF_JAVA, listening
from .names import PROXY, UNPLANNED, ZOOKEEPER, component_of, runs_zookeeper
from .options import process_configs
from .proxy import proxy_port
from .zookeeper import zookeeper_ports

if t.TYPE_CHECKING:
    from .options import FlinkOptions
    from .wanted import Wanted

_EVERYWHERE = "0.0.0.0"
_HIGHEST = 65535
_SINGLE = re.compile(r"\+?[0-9]{1,9}")
_PART = re.compile(r"(\+?[0-9]{1,9})(?:-([0-9]{1,9}))?")
_UNTIL_EQUAL = (1, 19)  # up to here, a range may end where it begins
# Options that may name several ports.
_RANGES = frozenset(
    (
        *("blob.server.port", "high-availability.jobmanager.port", "jmx.server.port"),
        *(QUERY_SERVICE, "rest.bind-port", "taskmanager.rpc.port"),
    )
)
# Options of both JobManager and TaskManagers, of which each takes a port only if it is set.
_WATCHED = ("jmx.server.port", QUERY_SERVICE)
_RMI = re.compile(r"(?<=jmxremote)\.rmi(?=\.port$)")
_REPORTER = re.compile(r"metrics\.reporter\.(.+?)\.((?:factory\.)?class)")
# Reporters that others ask, with the default of their port; and the first release that makes none by its class, and
# from which on a factory makes them.
_LISTENING_REPORTERS = {"PrometheusReporter": 9249, "JMXReporter": None}
_NO_CLASSES, _FACTORIES = (1, 17), (1, 11)


class Port(t.NamedTuple):
    """A port that a process listens on; ``name`` is the process and the option that sets it."""

    name: str
    host: str
    port: int

    @property
    def process(self) -> str:
        return self.name.split()[0]


class _PortOptions(t.NamedTuple):
    """The options that may name a port, of which the first that is set counts; where it is bound; the default."""

    options: tuple[str, ...]
    bind_option: str
    default: int


_TASKMANAGER = (
    _PortOptions(("taskmanager.rpc.bind-port", "taskmanager.rpc.port"), "taskmanager.bind-host", 0),
    _PortOptions(("taskmanager.data.bind-port", "taskmanager.data.port"), "taskmanager.bind-host", 0),
)
_HISTORY_SERVER = (_PortOptions(("historyserver.web.port",), "historyserver.web.address", 8082),)
_SQL_GATEWAY = (_PortOptions(("sql-gateway.endpoint.rest.port",), "sql-gateway.endpoint.rest.bind-address", 8083),)


def _of_jobmanager(options: FlinkOptions) -> tuple[_PortOptions, ...]:
    """With high availability the RPC address is looked up, and any free port will do."""
    rpc = ("high-availability.jobmanager.port", 0) if options.is_highly_available else ("jobmanager.rpc.port", 6123)
    return (
        _PortOptions(("rest.bind-port", "rest.port"), "rest.bind-address", 8081),
        _PortOptions(("jobmanager.rpc.bind-port", rpc[0]), "jobmanager.bind-host", rpc[1]),
        _PortOptions(("blob.server.port",), "jobmanager.bind-host", 0),
    )


def ports(wanted: Wanted, options: FlinkOptions) -> list[Port]:
    """The ports that are the same at each start, of all processes of the host; ranges and free choice are left out."""
    fixed = [
        Port(f"{name} {option}", host, int(text))
        for name, option, host, text in given_ports(wanted, options)
        if _SINGLE.fullmatch(text) and 0 < int(text) <= _HIGHEST
    ]
    own = zookeeper_ports(wanted) if runs_zookeeper(wanted) else {}
    return [
        *fixed,
        *(Port(f"{ZOOKEEPER} {name}", _EVERYWHERE, port) for name, port in own.items()),
        *(Port(f"{PROXY} flink_proxy.port", *place) for place in [proxy_port(wanted)] if place is not None),
    ]


def given_ports(wanted: Wanted, options: FlinkOptions) -> t.Iterator[tuple[str, str, str, str]]:
    """A process, the option that says where it listens, the host, and the port or ports as they are given."""
    by_component = {
        "jobmanager": _of_jobmanager(options),
        "taskmanager": _TASKMANAGER,
        "historyserver": _HISTORY_SERVER,
        "sql-gateway": _SQL_GATEWAY,
    }
    for name, config in process_configs(wanted, options).items():
        component = component_of(name)
        for candidates, bind_option, default in by_component[component]:
            option = next((key for key in candidates if key in config), candidates[-1])
            yield name, option, _text(config.get(bind_option, _EVERYWHERE)), _text(config.get(option, default))
        if name not in UNPLANNED:
            bound = _text(config.get(f"{component}.bind-host", _EVERYWHERE))
            for option, text in _monitored_ports(config, Release.parse(wanted.version).version):
                yield name, option, bound if option == QUERY_SERVICE else _EVERYWHERE, text
        words = java_options(Config(config, Release.parse(wanted.version)), component)
        for option, host, text in listening(words):
            yield name, option, host, text


def _monitored_ports(config: t.Mapping[str, t.Any], version: tuple[int, ...]) -> t.Iterator[tuple[str, str]]:
    """Where a JobManager or a TaskManager can be watched. Reporters that push need no port of the host."""
    for option in _WATCHED:
        if option in config:
            yield option, _text(config[option])
    chosen = _text(config.get("metrics.reporters", "")).replace(" ", "")
    for key, value in config.items():
        found = _REPORTER.fullmatch(key)
        if found and (not chosen or found[1] in chosen.split(",")):
            option = f"metrics.reporter.{found[1]}.port"
            for name, default in _LISTENING_REPORTERS.items():
                by_class = found[2] == "class" or version < _FACTORIES
                made = rf"\b{name}$" if by_class else rf"\b{name}Factory$"
                if found[2] == "class" and version >= _NO_CLASSES:
                    continue
                if re.search(made, str(value)) and config.get(option, default) is not None:
                    yield option, _text(config.get(option, default))


def _text(value: t.Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value).strip()


def takes_range(option: str) -> bool:
    """Whether Flink takes the first free port of several that an option names."""
    return option in _RANGES or _is_watched(option)


def _is_watched(option: str) -> bool:
    return option in _WATCHED or option.startswith("metrics.reporter.")


def port_objections(wanted: Wanted, options: FlinkOptions) -> t.Iterator[str]:
    """What is no port, several where one number is read, fewer than there are processes, and what nobody finds."""
    version = Release.parse(wanted.version).version
    waiting: dict[tuple[str, str], list[tuple[str, int]]] = collections.defaultdict(list)
    wrong: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
    for name, option, _host, text in given_ports(wanted, options):
        numbers = port_numbers(text, version)
        if numbers is None:
            wrong[option, text].append(name)
        elif _SINGLE.fullmatch(text):
            continue
        elif not takes_range(option):
            yield (
                f"{option}: expected one port, got {text} for {name}. Give each process its own, or set 0 for any free "
                "one."
            )
        elif 0 not in numbers:
            waiting[option, text].append((name, len(numbers)))
    for (option, text), none in wrong.items():
        several = ", or several such as 8081,9000-9010" if takes_range(option) else ""
        yield (
            f"{option}: expected a port from 0 to {_HIGHEST}{several}, got {quoted(text)} for {', '.join(none)}. "
            "Correct it."
        )
    for (option, text), names in waiting.items():
        count = names[0][1]
        if len(names) > count:
            yield (
                f"{option}: expected a port for each of {', '.join(name for name, _count in names)}, got {text}, which "
                f"is {count}. Widen the range."
            )
    yield from _not_found(wanted, options, version)


def _not_found(wanted: Wanted, options: FlinkOptions, version: tuple[int, ...]) -> t.Iterator[str]:
    """Ports of the JobManager that others ask for, and that are other ones where it listens."""
    config = process_configs(wanted, options).get("jobmanager")
    if config is None:
        return
    # Source: HighAvailabilityServicesUtils.getJobManagerAddress, where TaskManagers and clients read it.
    if not options.is_highly_available and _is_zero(config.get("jobmanager.rpc.port")):
        yield (
            "jobmanager.rpc.port: expected the port by which TaskManagers find the JobManager, got 0, which they "
            "refuse. Set a port such as 6123, or remove it."
        )
    known, bound = _text(config.get("rest.port", 8081)), _text(config.get("rest.bind-port", ""))
    if wanted.rest_url is not None:
        return
    if _is_zero(known):
        yield (
            "rest.port: expected the port by which the cluster is asked, got 0, with which Flink takes any free one. "
            "Set a port such as 8081, or flink_rest_url."
        )
    elif "rest.port" not in config and int(known) not in (port_numbers(bound, version) or {int(known)}):
        yield (
            f"rest.port: expected the port by which the cluster is asked, as rest.bind-port is {bound}, got none, "
            f"which is {known}, where nothing listens. Set rest.port too, or flink_rest_url."
        )


def _is_zero(value: t.Any) -> bool:
    return _SINGLE.fullmatch(_text(value)) is not None and int(_text(value)) == 0


def port_numbers(text: str, version: tuple[int, ...]) -> set[int] | None:
    """The ports in text such as ``8081,9000-9010``; null if Flink does not read it so.

    Source: ``NetUtils.getPortRangeFromString``, which from 1.19 on refuses what ends where it begins.
    """
    numbers: set[int] = set()
    for part in text.rstrip(",").split(","):
        found = _PART.fullmatch(part.strip())
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        if last > _HIGHEST or last < first or (found[2] and last == first and version >= _UNTIL_EQUAL):
            return None
        numbers.update(range(first, last + 1))
    return numbers


def shared_ports(wanted_ports: t.Iterable[Port]) -> list[int]:
    """The ports that are wanted more than once; Java's JMX answers on one port with both its parts."""
    counts = collections.Counter(
        port.port for port in {port._replace(name=_RMI.sub("", port.name)) for port in wanted_ports}
    )
    return sorted(number for number, count in counts.items() if count > 1)


def remedy_of_shared(wanted_ports: t.Iterable[Port]) -> str:
    """What to do about them."""
    shared = list(wanted_ports)
    of_watchers = [port for port in shared if _is_watched(port.name.split()[1])]
    if any(port.name.split()[1].startswith(OF_JAVA) for port in shared):
        return "Set each to a port of its own, of a TaskManager by its JVM options in flink_taskmanager_configs."
    if not of_watchers:
        return "Set each to a port of its own, or for a TaskManager to 0, with which Flink takes a free one."
    first, last = of_watchers[0].port, of_watchers[0].port + len(of_watchers) - 1
    return f"Set each to a port of its own, or all a range such as {first}-{last}."


def health_ports(wanted: Wanted, options: FlinkOptions, wanted_ports: t.Iterable[Port]) -> list[Port]:
    """The ports of what has no planned memory, and so is healthy when it listens.

    So has a JobManager with high availability that a given URL may not lead to: another one answers there in its place.
    """
    may_be_another = wanted.rest_url is not None and options.is_highly_available
    of_jobmanager = [f"jobmanager {option}" for option in ("rest.bind-port", "rest.port") if may_be_another]
    # The one for followers is open where they follow.
    closed = f"{ZOOKEEPER} followers"
    return [
        port
        for port in wanted_ports
        if (port.process in UNPLANNED or port.name in of_jobmanager) and port.name != closed
    ]
