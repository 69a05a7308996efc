# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one host says about the jobs of its cluster: what is wanted of them, what was noted, what restarts here."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten

from .names import application_directory, component_of, unit_of

if t.TYPE_CHECKING:
    from .changes import Changes
    from .found import Host
    from .options import FlinkOptions
    from .wanted import Wanted

# The newer key first, which is the one that counts.
_SAVEPOINT_DIRS = ("execution.checkpointing.savepoint-dir", "state.savepoints.dir")
# Of RPC, of the server of blobs, and of REST.
_PORTS = 3
_CHECKPOINT_DIRS = ("execution.checkpointing.dir", "state.checkpoints.dir")


@dataclasses.dataclass(frozen=True, slots=True)
class JobVariables:
    """What is wanted of jobs, which all hosts of a cluster have to agree on.

    ``jobmanagers`` and ``taskmanagers`` are the numbers of hosts of the cluster, in this run or not; 0 if unknown.
    ``application`` is the option of the module ``jobs`` with this name, null in a session cluster.
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


@dataclasses.dataclass(frozen=True, slots=True)
class JobFacts:
    """``taskmanagers`` and ``removed`` are numbers of TaskManagers that restart here, and that go for good.

    ``jobmanager`` is one of none, runs, halts, restarts, and restarts apart: with what no TaskManager or JobManager of
    before could work. ``notes`` are texts by the name of the job. ``ends`` tells that the host is removed, ``listens``
    that a JobManager has come up here. ``live_taskmanagers`` are the names of those that run here, with ``live_slots``
    as they are planned.
    """

    variables: JobVariables
    has_jobmanager: bool
    slots: int
    taskmanagers: int
    removed: int
    jobmanager: str
    restart_groups: tuple[str, ...]
    notes: t.Mapping[str, str]
    ends: bool = False
    listens: bool = False
    live_taskmanagers: tuple[str, ...] = ()
    live_slots: int = 0


def job_directory(wanted: Wanted) -> str:
    """Where a JobManager host keeps what is noted of each job, and its programs."""
    return f"{wanted.run_dir}/jobs"


def job_facts(
    wanted: Wanted,
    host: Host,
    options: FlinkOptions,
    plans: t.Iterable[t.Mapping[str, t.Any]],
    change: Changes,
    groups: tuple[str, ...],
    user_group: str,
) -> JobFacts:
    """``groups`` are those by which the processes restart."""
    slots = {plan["name"]: plan["slots"]["count"] for plan in plans if plan["process"] == "taskmanager"}
    live = tuple(name for name in slots if name in host.processes and host.processes[name].is_alive)
    return JobFacts(
        variables=_variables(wanted, options, _application(wanted, user_group, host.systemd is not None)),
        has_jobmanager="jobmanager" in wanted.components,
        slots=sum(slots.values()),
        taskmanagers=sum(component_of(name) == "taskmanager" for name in change.restart),
        removed=sum(component_of(name) == "taskmanager" for name in change.obsolete),
        jobmanager=_jobmanager(host, change),
        listens=_listens(host),
        restart_groups=groups,
        notes=host.job_notes,
        live_taskmanagers=live,
        live_slots=sum(slots[name] for name in live),
    )


def facts_of_removal(
    wanted: Wanted, options: FlinkOptions, processes: t.Sequence[str], notes: t.Mapping[str, str]
) -> JobFacts:
    """The same for a host that is to lose its processes, which may run or not."""
    return JobFacts(
        variables=_variables(wanted, options, _application(wanted, "", False)),
        has_jobmanager="jobmanager" in processes,
        slots=0,
        taskmanagers=0,
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


def _listens(host: Host) -> bool:
    """Whether the JobManager has come up: one that fails again and again has not all of its ports, and runs no job.

    Source: ``ClusterEntrypoint`` opens them in turn, that of REST as the last one.
    """
    live = host.processes.get("jobmanager")
    return live is not None and live.state == "running" and len(live.ports or ()) >= _PORTS


def _jobmanager(host: Host, change: Changes) -> str:
    live = host.processes.get("jobmanager")
    if "jobmanager" in change.halt:
        return "halts" if live is not None and live.is_alive else "none"
    if "jobmanager" in change.obsolete:
        return "restarts apart"
    if live is None or not live.is_alive:
        return "none"
    if "jobmanager" not in change.restart:
        return "runs"
    return "restarts apart" if change.jobmanager_first else "restarts"
