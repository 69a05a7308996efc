# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ports that ``flink_fixed_ports`` gives processes in place of random ones.

All are below 32768, from where on Linux takes ports of its own for outgoing connections. What has a fixed port by
itself keeps it, and nothing reads ``resourcemanager.rpc.port``.
"""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten, overlay

if t.TYPE_CHECKING:
    from .wanted import Wanted

Config = t.Mapping[str, t.Any]

QUERY_SERVICE = "metrics.internal.query-service.port"
MOST_TASKMANAGERS = 99
# Each option, the port, or the one of TaskManager 0, and the options that outrank it if the user sets one.
_OLDER = ("recovery.jobmanager.port", "jobmanager.rpc.bind-port")
_HIGHLY_AVAILABLE = ("high-availability.jobmanager.port", 6123, _OLDER)
_JOBMANAGER = (("blob.server.port", 6124, ()), (QUERY_SERVICE, 6125, ()))
_TASKMANAGER = (
    ("taskmanager.rpc.port", 6200, ("taskmanager.rpc.bind-port",)),
    ("taskmanager.data.port", 6300, ("taskmanager.data.bind-port",)),
    (QUERY_SERVICE, 6400, ()),
)


def jobmanager_config(wanted: Wanted, *, is_highly_available: bool) -> Config:
    """The options of the JobManager alone, with its ports unless the user gives others."""
    if not wanted.fixed_ports:
        return wanted.jobmanager_config
    options = [*_JOBMANAGER, *([_HIGHLY_AVAILABLE] if is_highly_available else [])]
    return _with_ports(wanted, options, 0, wanted.jobmanager_config)


def taskmanager_configs(wanted: Wanted) -> t.Sequence[Config]:
    """The options of each TaskManager alone, with its ports unless the user gives others."""
    given = wanted.taskmanager_configs
    if not wanted.fixed_ports:
        return given
    count = max(wanted.taskmanager_count, len(given))
    every = [*given, *({} for _number in range(count - len(given)))]
    return [_with_ports(wanted, _TASKMANAGER, number, own) for number, own in enumerate(every, 1)]


def _with_ports(
    wanted: Wanted, options: t.Iterable[tuple[str, int, tuple[str, ...]]], number: int, own: Config
) -> dict[str, t.Any]:
    given = {*flatten(wanted.config), *flatten(own)}
    ports = {key: first + number for key, first, others in options if not given & {key, *others}}
    return overlay(ports, own)


def fixed_port_objections(wanted: Wanted) -> t.Iterator[str]:
    if wanted.fixed_ports and wanted.taskmanager_count > MOST_TASKMANAGERS:
        yield (
            f"flink_fixed_ports: expected at most {MOST_TASKMANAGERS} TaskManagers on a host, for as many there are "
            f"ports of each kind, got {wanted.taskmanager_count}. Start fewer with more slots each, or set it to false."
        )
