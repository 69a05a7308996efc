# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one host says about the jobs of its cluster: what is wanted of them, what was noted, what restarts here."""

from __future__ import annotations

import dataclasses
import re
import shlex
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import client_python
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten

from .additions import jars_for
from .archive import is_installed
from .names import application_directory, component_of, unit_of
from .options import process_configs
from .web_actions import takes_jars

if t.TYPE_CHECKING:
    from .changes import Changes
    from .found import Host
    from .options import FlinkOptions
    from .processes import Java
    from .wanted import Wanted

# The newer key first, which is the one that counts.
_SAVEPOINT_DIRS = ("execution.checkpointing.savepoint-dir", "state.savepoints.dir")
# By which a client finds a cluster, and is let in.
_OF_CLIENTS = ("rest.", "security.", "high-availability")
# Of RPC, of the server of blobs, and of REST.
_PORTS = 3
_CHECKPOINT_DIRS = ("execution.checkpointing.dir", "state.checkpoints.dir")


@dataclasses.dataclass(frozen=True, slots=True)
class JobVariables:
    """What is wanted of jobs, which all hosts of a cluster have to agree on.

    ``jobmanagers`` and ``taskmanagers`` are the numbers of hosts of the cluster, in this run or not; 0 if unknown.
    ``application`` is the option of the module ``jobs`` with this name, null in a session cluster. ``python`` is what
    runs a Python program that names no other.
    """

    declared: t.Sequence[t.Mapping[str, t.Any]]
    when_lost: str
    unmanaged: str
    order: str | None
    timeout: int
    rollback: bool
    cluster: str
    directory: str
    release: str
    flink_home: str
    savepoint_dir: str | None
    state_dirs: tuple[str, ...]
    default_parallelism: int
    is_highly_available: bool
    deployment_mode: str = "session"
    application: t.Mapping[str, t.Any] | None = None
    jobmanagers: int = 0
    taskmanagers: int = 0
    python: str = "python"


@dataclasses.dataclass(frozen=True, slots=True)
class JobFacts:
    """``restarting`` are the names of the processes that restart here, ``removed`` how many TaskManagers go for good.

    ``jobmanager`` is one of none, runs, halts, restarts, and restarts apart: with what no TaskManager or JobManager of
    before could work. ``notes`` are texts by the name of the job. ``ends`` tells that the host is removed, ``listens``
    that a JobManager has come up here. ``live_taskmanagers`` are those that run here, with their slots as planned, and
    ``anew`` the processes with which a job begins in application mode. ``ended`` is the exit code of a JobManager that
    has ended with its job, as only those before 1.15 do. ``optional_jars`` are those in ``opt`` of the release, with
    those that come there; null if it is not installed yet. ``pyflink`` is what each Python has that is to run a
    program. ``client`` is the option of the module ``jobs`` with this name where the JobManager takes no jars over
    REST, null where it does, and ``java`` the Java of that client.
    """

    variables: JobVariables
    has_jobmanager: bool
    slots: int
    restarting: tuple[str, ...]
    removed: int
    jobmanager: str
    restart_groups: tuple[str, ...]
    notes: t.Mapping[str, str]
    anew: tuple[str, ...] = ()
    ends: bool = False
    listens: bool = False
    ended: int | None = None
    live_taskmanagers: t.Mapping[str, int] = dataclasses.field(default_factory=dict)
    optional_jars: t.Sequence[str] | None = None
    pyflink: t.Mapping[str, t.Mapping[str, str | None]] = dataclasses.field(default_factory=dict)
    client: t.Mapping[str, t.Any] | None = None
    java: int = 0

    @property
    def restarting_taskmanagers(self) -> tuple[str, ...]:
        return tuple(name for name in self.restarting if component_of(name) == "taskmanager")

    @property
    def live_slots(self) -> int:
        return sum(self.live_taskmanagers.values())


def job_directory(wanted: Wanted) -> str:
    """Where a JobManager host keeps what is noted of each job, and its programs."""
    return f"{wanted.run_dir}/jobs"


def asked_pythons(wanted: Wanted, options: FlinkOptions) -> list[str]:
    """The Pythons of a host that have to run a program; those that come with the job are known to no host."""
    if "jobmanager" not in wanted.components:
        return []
    default = client_python(options.values, "python")
    running = [entry for entry in wanted.jobs if entry.get("python") and entry.get("state", "running") == "running"]
    pythons = dict.fromkeys(client_python(entry.get("config") or {}, default) for entry in running)
    return [python for python in pythons if python.startswith("/") or "/" not in python]


def job_facts(
    wanted: Wanted,
    host: Host,
    options: FlinkOptions,
    plans: t.Iterable[t.Mapping[str, t.Any]],
    change: Changes,
    groups: tuple[str, ...],
    user_group: str,
    java: Java,
) -> JobFacts:
    """``groups`` are those by which the processes restart."""
    slots = {plan["name"]: plan["slots"]["count"] for plan in plans if plan["process"] == "taskmanager"}
    live = {name: count for name, count in slots.items() if name in host.processes and host.processes[name].is_alive}
    current = tuple(name for name in live if name not in change.differing)
    jobmanager = ("jobmanager",) if "jobmanager" in wanted.components else ()
    return JobFacts(
        variables=_variables(wanted, options, _application(wanted, user_group, host.systemd is not None)),
        has_jobmanager=bool(jobmanager),
        slots=sum(slots.values()),
        restarting=change.restart,
        removed=sum(component_of(name) == "taskmanager" for name in change.obsolete),
        jobmanager=_jobmanager(wanted, host, change),
        listens=_listens(host),
        restart_groups=groups,
        notes=host.job_notes,
        # ZooKeeper tells TaskManagers of the new JobManager. To one that comes back without, they would not register
        # until the heartbeat of the former times out, 50 s by default. Outdated ones get another limit of memory first.
        anew=jobmanager if options.is_highly_available else (*jobmanager, *current),
        ended=_ended(host.files.get(application_directory(wanted), ())),
        live_taskmanagers=live,
        pyflink=host.pyflink,
        optional_jars=(*host.release.opt, *jars_for(wanted, "opt")) if is_installed(wanted, host) else None,
        client=_client(wanted, options, java),
        java=java.version,
    )


def facts_of_removal(
    wanted: Wanted, options: FlinkOptions, processes: t.Sequence[str], notes: t.Mapping[str, str]
) -> JobFacts:
    """The same for a host that is to lose its processes, which may run or not."""
    return JobFacts(
        variables=_variables(wanted, options, _application(wanted, "", False)),
        has_jobmanager="jobmanager" in processes,
        slots=0,
        restarting=(),
        removed=sum(component_of(name) == "taskmanager" for name in processes),
        jobmanager="restarts apart" if "jobmanager" in processes else "none",
        restart_groups=(),
        notes=notes,
        ends=True,
    )


def _variables(wanted: Wanted, options: FlinkOptions, application: t.Mapping[str, t.Any] | None) -> JobVariables:
    config = flatten(options.values)
    given = [config[key] for keys in (_SAVEPOINT_DIRS, _CHECKPOINT_DIRS) for key in keys if config.get(key)]
    parallelism = str(config.get("parallelism.default", 1))
    return JobVariables(
        declared=wanted.jobs,
        when_lost=wanted.jobs_when_lost,
        unmanaged=wanted.jobs_unmanaged,
        order=wanted.restart_order,
        timeout=wanted.jobs_timeout,
        rollback=wanted.jobs_rollback,
        cluster=wanted.service_name,
        directory=job_directory(wanted),
        release=wanted.version,
        flink_home=wanted.home,
        savepoint_dir=next((str(config[key]) for key in _SAVEPOINT_DIRS if config.get(key)), None),
        state_dirs=tuple(map(str, given)),
        default_parallelism=int(parallelism) if parallelism.isdigit() else 1,
        is_highly_available=options.is_highly_available,
        deployment_mode=wanted.deployment_mode,
        application=application,
        jobmanagers=len(set(wanted.jobmanager_hosts)),
        taskmanagers=len(set(wanted.taskmanager_hosts)),
        python=client_python(config, "python"),
    )


def _application(wanted: Wanted, group: str, has_systemd: bool) -> dict[str, t.Any] | None:
    if not wanted.is_application:
        return None
    is_unit = has_systemd and wanted.service_manager != "launcher"
    return {
        "directory": application_directory(wanted),
        "group": group if wanted.user else None,
        "launcher": f"{wanted.run_dir}/jobmanager",
        "log_dir": wanted.log_dir,
        "release": wanted.version,
        "unit": unit_of("jobmanager", wanted) if is_unit else None,
    }


def _client(wanted: Wanted, options: FlinkOptions, java: Java) -> dict[str, t.Any] | None:
    """Flink's own client, which finds the cluster by the configuration file: what only the JobManager has, it is told.

    Of the JobManager's own JVM options those for its modules are the client's too.
    """
    config = process_configs(wanted, options).get("jobmanager")
    if config is None or wanted.is_application or takes_jars(config, wanted.version):
        return None
    flags: list[str] = process_command({}, wanted.version, "jobmanager", java.version)["java_opts"]
    own = {key: config[key] for key in flatten(wanted.jobmanager_config) if key in config}
    return {
        "conf_dir": wanted.conf_dir,
        "home": wanted.home,
        "java_home": java.home,
        "java_options": [*flags, *shlex.split(str(config.get("env.java.opts.client", "")))],
        "options": {key: _text(value) for key, value in own.items() if key.startswith(_OF_CLIENTS)},
        "user": wanted.user,
    }


def _text(value: t.Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ended(file_names: t.Iterable[str]) -> int | None:
    """The code that the unit has noted, see ``start.conf.j2``."""
    found = (re.fullmatch(r"ended\.([0-9]{1,3})", name) for name in file_names)
    return next((int(match[1]) for match in found if match), None)


def _listens(host: Host) -> bool:
    """Whether the JobManager has come up: one that fails again and again has not all of its ports, and runs no job.

    Source: ``ClusterEntrypoint`` opens them in turn, that of REST as the last one.
    """
    live = host.processes.get("jobmanager")
    return live is not None and live.state == "running" and len(live.ports or ()) >= _PORTS


def _jobmanager(wanted: Wanted, host: Host, change: Changes) -> str:
    live = host.processes.get("jobmanager")
    if "jobmanager" in change.halt:
        return "halts" if live is not None and live.is_alive else "none"
    if "jobmanager" in change.obsolete:
        return "restarts apart"
    if live is None or not live.is_alive:
        return "none"
    if "jobmanager" not in change.restart:
        return "runs"
    if live.is_between_starts:
        # It leads nothing, and no other one is of another cluster for it.
        return "restarts"
    # Neither takes over the jobs of the other.
    main_class = live.environment.get("FLINK_MAIN_CLASS", "")
    is_other_mode = bool(main_class) and ("SessionCluster" in main_class) == wanted.is_application
    return "restarts apart" if change.jobmanager_first or is_other_mode else "restarts"
