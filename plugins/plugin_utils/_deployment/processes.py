# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The processes of a host, and what each of them is started with."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import Checking
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.processes import host_processes
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.job_arguments import TAKES_JARS
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .additions import added_jars
from .fixed_ports import jobmanager_config, taskmanager_configs
from .java_options import expand
from .names import ZOOKEEPER, application_directory, process_names, resource_id
from .secret_files import kerberos_words
from .tls import ENVIRONMENT_NAME, Identity, tls_authorities, tls_environment
from .watching import gc_log_words
from .zookeeper import zookeeper_environment

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import HostPlan

    from .distribution import Distribution
    from .found import Host
    from .options import FlinkOptions
    from .wanted import Wanted

# What a JobManager and its TaskManagers have to agree on to find and understand each other.
_AGREED = re.compile(r"high-availability|jobmanager\.rpc\.|security\.|akka\.|pekko\.")

_LIMITS = ("-Xmx", "-Xms", "-XX:MaxDirectMemorySize=", "-XX:MaxMetaspaceSize=")


@dataclasses.dataclass(frozen=True, slots=True)
class Java:
    """The Java that the processes run on, found or to be installed; ``version`` is its feature release."""

    home: str
    version: int

    @classmethod
    def of(cls, wanted: Wanted, host: Host, distribution: Distribution) -> Java:
        if host.java is not None:
            return cls(host.java["home"], int(host.java["version"]))
        return cls(wanted.java_home or distribution.java_home, distribution.java_version)


def plan_of(wanted: Wanted, options: FlinkOptions, memory: t.Any) -> HostPlan:
    """The plan of the processes that are wanted, in the memory of the host. Raises FlinkError if it is refused.

    What the role sets itself it need not be told of, though not every release reads it; what several hosts share is
    looked at on them.
    """
    processes = host_processes(
        wanted.components,
        wanted.taskmanager_count,
        jobmanager_config(wanted, is_highly_available=options.is_highly_available),
        taskmanager_configs(wanted),
        wanted.taskmanager_numa_nodes,
    )
    own = options.values.keys() - flatten(wanted.config).keys()
    known = (*wanted.config_known_keys, *sorted(own))
    checking = Checking(
        wanted.config_check,
        known,
        hosts=1,
        jars=frozenset(added_jars(wanted)),
        is_application=wanted.is_application,
    )
    return plan_host(options.values, wanted.version, processes, memory, wanted.reserved_memory, wanted.host, checking)


def all_plans(wanted: Wanted, planned: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """The plans of the host, and what stands for a plan where Flink plans no memory."""
    config, names = planned["config"], process_names(wanted)
    unplanned: tuple[tuple[str, t.Mapping[str, t.Any], t.Sequence[str]], ...] = (
        ("historyserver", config, wanted.historyserver_jvm_args),
        ("sql-gateway", config, wanted.sql_gateway_jvm_args),
        (ZOOKEEPER, {}, wanted.zookeeper_jvm_args),
    )
    return [
        *planned["plans"],
        *(
            {
                "name": name,
                "process": name,
                "config": own,
                "jvm_args": list(jvm_args),
                "dynamic_properties": {},
                "memory": {"total_process": None},
                "numa_node": None,
            }
            for name, own, jvm_args in unplanned
            if name in names
        ),
    ]


@dataclasses.dataclass(frozen=True, slots=True)
class Launch:
    """What all processes of a host have in common when they are started."""

    java: Java
    checksum: str
    extra_lines: t.Sequence[str]
    service_digests: t.Mapping[str, str]
    identity: Identity
    secrets: t.Mapping[str, str] = dataclasses.field(default_factory=dict)


def environments(
    wanted: Wanted,
    host: Host,
    distribution: Distribution,
    planned: t.Mapping[str, t.Any],
    launch: Launch,
) -> dict[str, dict[str, t.Any]]:
    """The environment of each process by its name; a list is a list of words.

    A process that runs with another one is restarted, so what is in it, and how it is written, changes only for a
    reason. Raises FlinkError for what a process cannot be given.
    """
    common = _common(wanted, planned["config"], launch)
    if wanted.jemalloc:
        common["LD_PRELOAD"] = host.jemalloc or distribution.jemalloc_library
        common["MALLOC_CONF"] = f"narenas:{host.cpus}"
    config = planned["config"]
    return {
        plan["name"]: {**common, **_own(wanted, plan, config, launch, common)} for plan in all_plans(wanted, planned)
    }


def _common(wanted: Wanted, config: t.Mapping[str, t.Any], launch: Launch) -> dict[str, t.Any]:
    return {
        "JAVA_HOME": launch.java.home,
        "FLINK_HOME": wanted.home,
        "FLINK_CONF_DIR": wanted.conf_dir,
        "FLINK_LOG_DIR": wanted.log_dir,
        "FLINK_LIB_DIR": f"{wanted.home}/lib",
        "FLINK_OPT_DIR": f"{wanted.home}/opt",
        "FLINK_BIN_DIR": f"{wanted.home}/bin",
        "FLINK_PLUGINS_DIR": f"{wanted.home}/plugins",
        # Up to Java 17 the encoding of files follows the locale.
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        # What no command line shows, so that a change of it makes the processes restart.
        "FLINK_CLUSTER_DIGEST": cluster_digest(config, launch.checksum, tls_authorities(wanted, launch.identity)),
        "FLINK_JARS_DIGEST": digest("\n".join(launch.extra_lines)) if launch.extra_lines else "",
    }


# The names of all variables that a process may have from here: no others are asked of a host, for they may be secret.
ENVIRONMENT_NAMES = (
    *("FLINK_BIN_DIR", "FLINK_CLUSTER_DIGEST", "FLINK_CONFIG_DIGEST", "FLINK_CONF_DIR", "FLINK_DYNAMIC_ARGS"),
    *("FLINK_HOME", "FLINK_JARS", "FLINK_JARS_DIGEST", "FLINK_JAVA_OPTS", "FLINK_JVM_ARGS", "FLINK_LIB_DIR"),
    *("FLINK_LOG_DIR", "FLINK_MAIN_CLASS", "FLINK_OPT_DIR", "FLINK_PLUGINS_DIR", "FLINK_PROCESS"),
    *("FLINK_PROGRAM_ARGS", "FLINK_SECRETS_DIGEST", "FLINK_SERVICE_DIGEST", ENVIRONMENT_NAME, "JAVA_HOME", "LANG"),
    "LC_ALL",
    *("LD_PRELOAD", "MALLOC_CONF", "MAX_LOG_FILE_NUMBER", "ROOT_LOG_LEVEL"),
)


def _own(
    wanted: Wanted,
    plan: t.Mapping[str, t.Any],
    config: t.Mapping[str, t.Any],
    launch: Launch,
    common: t.Mapping[str, t.Any],
) -> dict[str, t.Any]:
    name, process = plan["name"], plan["process"]
    if process == ZOOKEEPER:
        of_plan = {"FLINK_PROCESS": name, "FLINK_JVM_ARGS": plan["jvm_args"]}
        return {
            **of_plan,
            **zookeeper_environment(wanted, launch.checksum),
            "FLINK_SERVICE_DIGEST": launch.service_digests[name],
        }
    command = process_command(
        plan["config"], wanted.version, process, launch.java.version, config, wanted.deployment_mode
    )
    properties = {**command["overrides"], **plan["dynamic_properties"]}
    if process == "taskmanager":
        properties["taskmanager.resource-id"] = resource_id(wanted.host, name)
    java_opts = ["-XX:+ExitOnOutOfMemoryError"] if wanted.exit_on_oom else []
    java_opts += gc_log_words(wanted, name, launch.java.version)
    java_opts += kerberos_words(wanted)
    java_opts += expand(command["java_opts"], {**common, "FLINK_LOG_PREFIX": f"{wanted.log_dir}/{name}"})
    program_args = [] if process == "sql-gateway" else ["--configDir", wanted.conf_dir]
    return {
        **(_lib_dir(wanted) if process == "jobmanager" else {}),
        **tls_environment(wanted, launch.identity),
        "FLINK_PROCESS": name,
        "FLINK_MAIN_CLASS": command["main_class"],
        "FLINK_JARS": command["jars"],
        "FLINK_JVM_ARGS": plan["jvm_args"],
        "FLINK_JAVA_OPTS": java_opts,
        "FLINK_PROGRAM_ARGS": program_args + command["program_args"],
        "FLINK_DYNAMIC_ARGS": [word for key, value in properties.items() for word in ("-D", f"{key}={value}")],
        "FLINK_CONFIG_DIGEST": command["digest"],
        "FLINK_SERVICE_DIGEST": launch.service_digests[name],
        **launch.secrets,
        "MAX_LOG_FILE_NUMBER": plan["config"].get("env.log.max", 10),
        "ROOT_LOG_LEVEL": plan["config"].get("env.log.level", "INFO"),
    }


def _lib_dir(wanted: Wanted) -> dict[str, str]:
    """Where a JobManager finds the program of its job: up to 1.18 only in ``usrlib`` beside this directory.

    The slash at the end has ``find`` follow the link. Source: ``ClusterEntrypointUtils.tryFindUserLibDirectory``.
    """
    has_own = wanted.is_application and Release.parse(wanted.version).version < TAKES_JARS
    return {"FLINK_LIB_DIR": f"{application_directory(wanted)}/lib/"} if has_own else {}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def cluster_digest(config: t.Mapping[str, t.Any], checksum: str, authorities: t.Sequence[str] = ()) -> str:
    """Differs if TaskManagers of one side could not register with a JobManager of the other."""
    agreed: list[t.Any] = [{"key": key, "value": value} for key, value in config.items() if _AGREED.match(key)]
    return digest(json.dumps([*agreed, checksum, *authorities]))


def java_advice(wanted: Wanted, planned: t.Mapping[str, t.Any], java: Java) -> list[str]:
    """What the processes should know of their Java, each sentence once."""
    notes = [
        note
        for plan in all_plans(wanted, planned)
        if plan["process"] != ZOOKEEPER
        for note in process_command(plan["config"], wanted.version, plan["process"], java.version)["notes"]
    ]
    return list(dict.fromkeys(f"{note['message']} {note['remedy']}" for note in notes))


def asked_processes(wanted: Wanted, unit_of: t.Callable[[str], str]) -> list[dict[str, t.Any]]:
    """What a host is asked about its processes: units count where systemd runs, unless launchers are wanted."""
    return [
        {
            "name": name,
            "unit": None if wanted.service_manager == "launcher" else unit_of(name),
            "pid_file": None if wanted.service_manager == "systemd" else f"{wanted.run_dir}/{name}.pid",
        }
        for name in process_names(wanted)
    ]


def command_line_deviations(host: Host, plans: t.Iterable[t.Mapping[str, t.Any]]) -> list[str]:
    """What the command lines of the live processes do not say as the plan does, a sentence for each process."""
    sentences = []
    for plan in plans:
        words = list(host.processes[plan["name"]].command_line)
        flags = [word for word in words if word.startswith(_LIMITS)]
        properties = {f"{key}={value}" for key, value in plan["dynamic_properties"].items()}
        if flags != plan["jvm_args"] or properties - set(words):
            sentences.append(f"The command line of {plan['name']} is not the plan's: {' '.join(words)}")
    return sentences
