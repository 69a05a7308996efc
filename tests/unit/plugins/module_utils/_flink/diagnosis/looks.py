# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at a cluster of a JobManager on flink-1 and TaskManagers of 900m on flink-2, to which anything may happen."""

from __future__ import annotations

import functools
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.signatures import match
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import readings
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import ProcessPlan

MIB = 2**20
NOW = 1_795_800_000
# When something happened, and when the processes of today started.
THEN = NOW - 20_000
STARTED = NOW - 100_000

CONFIG = {
    "taskmanager.memory.process.size": "900m",
    "taskmanager.memory.network.min": "16m",
    "taskmanager.memory.network.max": "16m",
    "taskmanager.memory.managed.size": "128m",
    "taskmanager.memory.jvm-metaspace.size": "96m",
    "taskmanager.numberOfTaskSlots": 2,
    "jobmanager.memory.process.size": "1600m",
}
UNIT = "flink-taskmanager@1.service"
CGROUP = f"/system.slice/{UNIT}"
JOB = "6db43d6187b790a14e66f5b529dcee08"


@functools.lru_cache(maxsize=None)
def _planned(process: str, count: int, release: str, options: tuple[tuple[str, t.Any], ...]) -> list[ProcessPlan]:
    config = {**CONFIG, **dict(options)}
    if release == "1.10":
        config = {
            **{key: value for key, value in config.items() if "jobmanager" not in key},
            "jobmanager.heap.size": "1g",
        }
    return plan_host(config, release, [{"process": process, "count": count, "config": {}}])["plans"]


def plans(release: str = "2.3.0", count: int = 1, **options: t.Any) -> dict[str, list[ProcessPlan]]:
    """Plans by host; options have underscores for dots, and two of them for a hyphen."""
    given = tuple((key.replace("__", "-").replace("_", "."), value) for key, value in options.items())
    return {
        "flink-1": _planned("jobmanager", 1, release, given),
        "flink-2": _planned("taskmanager", count, release, given),
    }


def process(name: str = "taskmanager-1", **changes: t.Any) -> readings.ProcessReading:
    """A process that runs, with what is changed of its readings."""
    memory = {"rss": 480 * MIB, "peak": 490 * MIB, "anonymous": 450 * MIB, "file": 30 * MIB, "swap": 0, "threads": 98}
    heap = {
        "old_used": 27 * MIB,
        "old_max": 340 * MIB,
        "young_collections": 40,
        "young_time": 800,
        "full_collections": 0,
        "full_time": 0,
        "concurrent_collections": 2,
        "concurrent_time": 30,
        "cause": "G1 Evacuation Pause",
    }
    cgroup = {
        "path": CGROUP,
        "version": 2,
        "limit": 1156 * MIB,
        "anonymous": 450 * MIB,
        "file": 300 * MIB,
        "kernel": 2 * MIB,
        "swap": 0,
        "limit_hits": 0,
        "oom_kills": 0,
        "pids": 98,
        "pids_limit": 4915,
    }
    if name == "jobmanager":
        cgroup.update(path="/system.slice/flink-jobmanager.service", limit=1856 * MIB)
    service = {
        "result": "success",
        "code": None,
        "status": None,
        "restarts": 0,
        "memory_limit": cgroup["limit"],
        "tasks_limit": 4915,
    }
    parts: dict[str, dict[str, t.Any]] = {"memory": memory, "heap": heap, "cgroup": cgroup, "service": service}
    reading = {
        "name": name,
        "kind": name.partition("-")[0],
        "unit": UNIT if name == "taskmanager-1" else f"{name}.service",
        "state": "active",
        "pid": 812,
        "started": STARTED,
        "configured": None,
        "sizes": {},
        "unknown": [],
    }
    for part, values in parts.items():
        change = changes.pop(part, {})
        reading[part] = None if change is None else {**values, **change, "source": f"{part} of {name}"}
    return t.cast("readings.ProcessReading", {**reading, **changes})


DOWN: dict[str, t.Any] = {"pid": None, "started": None, "memory": None, "heap": None, "cgroup": None}


def host(*processes: readings.ProcessReading, **changes: t.Any) -> readings.HostReading:
    reading = {
        "time": NOW,
        "since": NOW - 86_400,
        "memory_total": 4000 * MIB,
        "memory_available": 2000 * MIB,
        "processes": list(processes),
        "exits": [],
        "kills": [],
        "messages": [],
        "slice": None,
        "unknown": [],
    }
    return t.cast("readings.HostReading", {**reading, **changes})


def exit_(status: int, code: str = "exited", result: str | None = "exit-code", **changes: t.Any) -> readings.Exit:
    found = {
        "process": "taskmanager-1",
        "time": THEN,
        "pid": 700,
        "code": code,
        "status": status,
        "result": result,
        "source": "journal",
    }
    return t.cast("readings.Exit", {**found, **changes})


def kill(anonymous: int = 1150 * MIB, **changes: t.Any) -> readings.Kill:
    found = {
        "time": THEN,
        "pid": 700,
        "task": "java",
        "thread": "Source: Sequenc",
        "constraint": "CONSTRAINT_MEMCG",
        "cgroup": CGROUP,
        "limited": CGROUP,
        "anonymous": anonymous,
        "file": 20 * MIB,
        "source": "kernel log",
    }
    return t.cast("readings.Kill", {**found, **changes})


def said(text: str, process: str = "taskmanager-1", time: int | None = THEN) -> readings.Message:
    """A line of a log, as the catalogue reads it."""
    found = match(text)
    assert found is not None
    return {
        "process": process,
        "time": time,
        "code": found.code,
        "text": text,
        "fields": dict(found.fields),
        "count": 1,
        "source": f"{process}.log",
    }


def failure(text: str, taskmanager: str | None = "flink-2-1", time: int = THEN) -> readings.Failure:
    return {
        "job": JOB,
        "time": time,
        "taskmanager": taskmanager,
        "endpoint": None,
        "text": text,
        "source": f"/jobs/{JOB}/exceptions",
    }


def jvm(**changes: t.Any) -> readings.JvmReading:
    found = {
        "heap_used": 140 * MIB,
        "heap_max": 340 * MIB,
        "metaspace_used": 54 * MIB,
        "metaspace_max": 96 * MIB,
        "direct": 23 * MIB,
        "threads": 98,
        "classes_loaded": 9000,
        "classes_unloaded": 10,
        "cpu_time": 10**11,
        "collectors": [
            {"name": "G1_Young_Generation", "count": 40, "time": 800},
            {"name": "G1_Old_Generation", "count": 0, "time": 0},
        ],
        "collection_rate": 4,
        "source": "REST",
    }
    return t.cast("readings.JvmReading", {**found, **changes})


def taskmanager(plan: ProcessPlan, number: int = 1, **changes: t.Any) -> readings.TaskManagerReading:
    memory = plan["memory"]
    found = {
        "id": f"flink-2-{number}",
        "slots": plan["slots"]["count"],
        "free_slots": 0,
        "memory": dict(memory),
        "jvm": jvm(),
        "network_total": 16 * MIB,
        "network_used": MIB,
        "network_wanted": 12,
        "managed_total": 128 * MIB,
        "managed_used": 128 * MIB,
        "rocksdb": None,
        "is_fresh": True,
    }
    return t.cast("readings.TaskManagerReading", {**found, **changes})


def job(**changes: t.Any) -> readings.JobReading:
    found = {
        "id": JOB,
        "name": "numbers",
        "state": "RUNNING",
        "started": STARTED,
        "parallelism": 2,
        "slots": 2,
        "edges": [{"source_parallelism": 2, "target_parallelism": 2, "is_all": True}],
        "restarts": 0,
        "checkpoints_completed": 10,
        "checkpoints_failed": 0,
        "state_size": 10,
        "is_busy": True,
    }
    return t.cast("readings.JobReading", {**found, **changes})


def cluster(
    planned: t.Mapping[str, t.Sequence[ProcessPlan]], *taskmanagers: readings.TaskManagerReading, **changes: t.Any
) -> readings.ClusterReading:
    """What REST says; without TaskManagers, that all of them are as planned."""
    all_ = [taskmanager(plan, number) for number, plan in enumerate(planned["flink-2"], 1)]
    jobmanager = planned["flink-1"][0]
    found = {
        "time": NOW,
        "flink_version": jobmanager["flink_version"],
        "taskmanagers": list(taskmanagers) or all_,
        "jobmanager": {
            "memory": dict(jobmanager["memory"]),
            "jvm": jvm(metaspace_max=256 * MIB, direct=9 * MIB),
            "is_fresh": True,
        },
        "jobs": [job()],
        "failures": [],
        "unknown": [],
    }
    return t.cast("readings.ClusterReading", {**found, **changes})


def look(
    of_taskmanager: readings.HostReading | None = None,
    of_jobmanager: readings.HostReading | None = None,
    of_cluster: readings.ClusterReading | None = None,
) -> readings.Observation:
    """By default, both hosts are well, and nobody asked REST."""
    return {
        "format": 1,
        "time": NOW,
        "hosts": {
            "flink-1": of_jobmanager or host(process("jobmanager")),
            "flink-2": of_taskmanager or host(process()),
        },
        "cluster": of_cluster,
        "unknown": [],
    }
