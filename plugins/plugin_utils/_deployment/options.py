# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flink's options of a host: what the user gives, and what the role sets itself unless the user does."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.application import STAYS
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.config_file import config_file_name
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten, merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .addresses import is_local
from .binding import binding_options
from .fixed_ports import jobmanager_config, taskmanager_configs
from .high_availability import CLUSTER_ID, TOLERANCE, high_availability_options, tolerates_suspension
from .names import ZOOKEEPER, process_names, taskmanager_names
from .proxy import rest_options
from .secret_files import kerberos_options
from .tls import tls_options
from .watching import watching_options
from .web_actions import web_action_options

if t.TYPE_CHECKING:
    from .wanted import Wanted

DEFAULT_SERVICE_NAME = "flink"
# The JVM options of all processes, of which the first that is not empty counts.
_JVM_OPTIONS = ("env.java.opts.all", "env.java.opts")
_QUOTED_WHOLE = re.compile(r'"[^"]*"')
_CONFIG_FILE_NAMES = frozenset({"config.yaml", "flink-conf.yaml"})


@dataclasses.dataclass(frozen=True, slots=True)
class FlinkOptions:
    """The options that all processes of a host share, flat, before shares of the host become sizes.

    ``script_values`` are what the configuration file has besides, or instead, for Flink's command line tools: no
    process is started with them, so a change of them restarts none.
    """

    values: dict[str, t.Any]
    script_values: dict[str, t.Any]
    is_highly_available: bool
    jobmanager_address: str
    config_name: str
    stale_config_name: str


def flink_options(wanted: Wanted) -> FlinkOptions:
    """Raises FlinkError for a release that is not supported, and for what is no mapping of options."""
    config_name = config_file_name(wanted.version)
    by_variable = high_availability_options(wanted.variables())
    given = {**by_variable, **flatten(wanted.config)}
    highly_available = _is_highly_available(given)
    # With high availability every JobManager is known by its own address, else there is only the first.
    names_itself = highly_available and wanted.host in wanted.jobmanager_hosts
    address = wanted.host if names_itself else next(iter(wanted.jobmanager_hosts), "localhost")
    (stale,) = _CONFIG_FILE_NAMES - {config_name}
    flags, yields = _module_flags(wanted.version), _has_jvm_options(wanted)
    own = {
        **_own(wanted, address),
        **binding_options(wanted, is_highly_available=highly_available),
        **(_witness(wanted.version, highly_available) if wanted.is_application else {}),
        "env.java.opts.all": None if yields else " ".join(flags) or None,
        CLUSTER_ID[0]: _cluster_id(wanted, given) if highly_available else None,
        **({TOLERANCE: True} if highly_available and tolerates_suspension(wanted) else {}),
        **watching_options(wanted),
        **kerberos_options(wanted),
        **tls_options(wanted),
        **web_action_options(wanted),
        **by_variable,
    }
    values = merge_config([own, wanted.config])
    script_values = _flags_besides(wanted, values, flags) if yields else {}
    if wanted.java_home and "env.java.home" not in values:
        script_values["env.java.home"] = wanted.java_home
    return FlinkOptions(values, script_values, highly_available, address, config_name, stale)


def process_configs(wanted: Wanted, options: FlinkOptions) -> dict[str, dict[str, t.Any]]:
    """The options of each process of Flink's by its name, before shares of the host become sizes."""
    own = dict(zip(taskmanager_names(wanted), taskmanager_configs(wanted), strict=False))
    own["jobmanager"] = jobmanager_config(wanted, is_highly_available=options.is_highly_available)
    names = [name for name in process_names(wanted) if name != ZOOKEEPER]
    return {name: merge_config([options.values, own.get(name, {})]) for name in names}


def _own(wanted: Wanted, address: str) -> dict[str, t.Any]:
    """A cluster whose JobManagers are all on the loopback interface listens nowhere else."""
    local = is_local(wanted)
    bind_host = next(iter(wanted.jobmanager_hosts), "localhost") if local else "0.0.0.0"
    return {
        "jobmanager.rpc.address": address,
        "jobmanager.bind-host": bind_host,
        "taskmanager.bind-host": bind_host,
        "taskmanager.host": bind_host if local else None,
        "rest.address": address,
        "rest.bind-address": bind_host,
        **rest_options(wanted),
    }


def _witness(version: str, highly_available: bool) -> dict[str, t.Any]:
    """What keeps the JobManager of a job up when that has ended or could not begin: it says what became of it.

    By default it forgets that after an hour. With high availability no JobManager runs again what has ended, under the
    same ID. Source: ``ApplicationDispatcherBootstrap``, ``JobResultStoreOptions``, ``ApplicationResultStoreOptions``.
    """
    if Release.parse(version).version < STAYS:
        return {}
    is_new = Release.parse(version).version >= (2, 3)
    stores = ("application-result-store", "job-result-store") if is_new else ("job-result-store",)
    return {
        **({f"{store}.delete-on-commit": False for store in stores} if highly_available else {}),
        "execution.shutdown-on-application-finish": False,
        "execution.submit-failed-job-on-application-error": True,
        **({"completed-application-store.expiration-time": "3650 d"} if is_new else {}),
        **({} if is_new else {"jobstore.expiration-time": 3650 * 86_400}),
    }


def _cluster_id(wanted: Wanted, given: t.Mapping[str, t.Any]) -> str | None:
    """Clusters that share a quorum need one each. The usual name tells none apart, and keeps to Flink's default."""
    is_given = any(key in given for key in CLUSTER_ID)
    return None if is_given or wanted.service_name == DEFAULT_SERVICE_NAME else wanted.service_name


def _has_jvm_options(wanted: Wanted) -> bool:
    """Whether the user has some for all processes, where ours would take the place of theirs."""
    configs = [wanted.config, wanted.jobmanager_config, *wanted.taskmanager_configs]
    return any(key in flatten(config) for config in configs for key in _JVM_OPTIONS)


def _flags_besides(wanted: Wanted, values: t.Mapping[str, t.Any], flags: t.Sequence[str]) -> dict[str, str]:
    """The flags for modules beside the user's options: from 1.19 on, defaults have a key of their own.

    Source: ``config.sh`` of 1.18 and 1.19.
    """
    given = next((key for key in _JVM_OPTIONS if values.get(key)), _JVM_OPTIONS[0])
    key = given if Release.parse(wanted.version).version < (1, 19) else "env.java.default-opts.all"
    text = str(values.get(key, "")).strip()
    words = text[1:-1] if _QUOTED_WHOLE.fullmatch(text) else text
    added = [flag for flag in flags if flag not in f"{words} {values.get(given, '')}".split()]
    return {key: " ".join([words, *added]).strip()} if added else {}


def _module_flags(version: str) -> list[str]:
    """From 1.18 on the shipped file, which ours replaces, makes the command line tools run on Java 17."""
    if Release.parse(version).version < (1, 18):
        return []
    words: list[str] = process_command({}, version, "jobmanager")["java_opts"]
    return [word for word in words if word.startswith("--add-")]


def _is_highly_available(config: t.Mapping[str, t.Any]) -> bool:
    kind = config.get("high-availability.type") or config.get("high-availability") or "none"
    return str(kind).lower() not in ("none", "standalone")
