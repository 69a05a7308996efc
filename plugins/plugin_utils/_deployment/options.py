# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flink's options of a host: what the user gives, and what the role sets itself unless the user does."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.config_file import config_file_name
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten, merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

if t.TYPE_CHECKING:
    from .wanted import Wanted

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CONFIG_FILE_NAMES = frozenset({"config.yaml", "flink-conf.yaml"})


@dataclasses.dataclass(frozen=True, slots=True)
class FlinkOptions:
    """The options that all processes of a host share, flat, before shares of the host become sizes."""

    values: dict[str, t.Any]
    is_highly_available: bool
    jobmanager_address: str
    config_name: str
    stale_config_name: str


def flink_options(wanted: Wanted) -> FlinkOptions:
    """Raises FlinkError for a release that is not supported, and for what is no mapping of options."""
    config_name = config_file_name(wanted.version)
    highly_available = _is_highly_available(flatten(wanted.config))
    # With high availability every JobManager is known by its own address, else there is only the first.
    names_itself = highly_available and wanted.host in wanted.jobmanager_hosts
    address = wanted.host if names_itself else next(iter(wanted.jobmanager_hosts), "localhost")
    (stale,) = _CONFIG_FILE_NAMES - {config_name}
    values = merge_config([_own(wanted, address), wanted.config])
    return FlinkOptions(values, highly_available, address, config_name, stale)


def _own(wanted: Wanted, address: str) -> dict[str, t.Any]:
    """A cluster whose JobManagers are all on the loopback interface listens nowhere else."""
    is_local = set(wanted.jobmanager_hosts) <= _LOOPBACK
    bind_host = next(iter(wanted.jobmanager_hosts), "localhost") if is_local else "0.0.0.0"
    return {
        "jobmanager.rpc.address": address,
        "jobmanager.bind-host": bind_host,
        "taskmanager.bind-host": bind_host,
        "taskmanager.host": bind_host if is_local else None,
        "rest.address": address,
        "rest.bind-address": bind_host,
        # For Flink's command line tools: from 1.18 on the shipped file, which ours replaces, makes them run on Java 17.
        "env.java.opts.all": _module_flags(wanted.version),
    }


def _module_flags(version: str) -> str | None:
    if Release.parse(version).version < (1, 18):
        return None
    words: list[str] = process_command({}, version, "jobmanager")["java_opts"]
    return " ".join(word for word in words if word.startswith("--add-"))


def _is_highly_available(config: t.Mapping[str, t.Any]) -> bool:
    kind = config.get("high-availability.type") or config.get("high-availability") or "NONE"
    return str(kind).upper() != "NONE"
