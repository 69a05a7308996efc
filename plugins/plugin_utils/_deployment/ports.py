# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fixed ports of the processes of a host."""

from __future__ import annotations

import collections
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config

from .names import UNPLANNED, component_of, process_names, taskmanager_names

if t.TYPE_CHECKING:
    from .options import FlinkOptions
    from .wanted import Wanted

_EVERYWHERE = "0.0.0.0"
_FIXED = re.compile(r"[1-9]\d*")


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
    own = dict(zip(taskmanager_names(wanted), wanted.taskmanager_configs, strict=False))
    own["jobmanager"] = wanted.jobmanager_config
    by_component = {
        "jobmanager": _of_jobmanager(options),
        "taskmanager": _TASKMANAGER,
        "historyserver": _HISTORY_SERVER,
        "sql-gateway": _SQL_GATEWAY,
    }
    found = []
    for name in process_names(wanted):
        config = merge_config([options.values, own.get(name, {})])
        for candidates, bind_option, default in by_component[component_of(name)]:
            option = next((key for key in candidates if key in config), candidates[-1])
            value = str(config.get(option, default))
            if _FIXED.fullmatch(value):
                found.append(Port(f"{name} {option}", config.get(bind_option, _EVERYWHERE), int(value)))
    return found


def shared_ports(wanted_ports: t.Iterable[Port]) -> list[int]:
    """The ports that more than one process wants."""
    counts = collections.Counter(port.port for port in wanted_ports)
    return sorted(number for number, count in counts.items() if count > 1)


def unplanned_ports(wanted_ports: t.Iterable[Port]) -> list[Port]:
    """The ports of what has no planned memory, and so is healthy when it listens."""
    return [port for port in wanted_ports if port.process in UNPLANNED]
