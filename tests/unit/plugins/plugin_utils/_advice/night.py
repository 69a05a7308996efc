# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small cluster as it was looked at last night: what the modules said, what was found, and what would be better."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.findings import Finding
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import (
        ClusterReading,
        HostReading,
        JvmReading,
        Observation,
        ProcessReading,
        TaskManagerReading,
    )
    from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.advice import Advice, Window

MIB = 2**20
# 2026-11-26 02:13:05 UTC
NIGHT = 1_795_659_185
MORNING = NIGHT + 5 * 3600


CONFIG = {
    "jobmanager.memory.process.size": "1600m",
    "taskmanager.memory.process.size": "948m",
    "taskmanager.memory.managed.size": "128m",
}


def asked(name: str, kind: str) -> Asked:
    processes = [{"process": kind, "count": 1, "config": {}, "numa_nodes": None}]
    return Asked(name, [f"flink_{kind}s"], "2.3.0", CONFIG, processes, "16g", "10%")


FLEET = assemble([asked("jm1", "jobmanager"), asked("tm1", "taskmanager"), asked("tm2", "taskmanager")])
# What each process reports of its plan.
_JOBMANAGER, _TASKMANAGER = (
    next(plan["processes"][0]["memory"] for plan in FLEET["plans"] if plan["processes"][0]["process"] == kind)
    for kind in ("jobmanager", "taskmanager")
)


def process(name: str, pid: int | None = 4711) -> ProcessReading:
    """As the module process_info reads one, or its unit without one."""
    alive = pid is not None
    return {
        "name": name,
        "kind": name.partition("-")[0],
        "unit": f"flink-{name.replace('-', '@')}.service",
        "state": "active" if alive else "failed",
        "pid": pid,
        "started": NIGHT - 86_400 if alive else None,
        "configured": None,
        "sizes": {},
        "memory": {
            "rss": 500 * MIB,
            "peak": 512 * MIB,
            "anonymous": 466 * MIB,
            "file": 34 * MIB,
            "swap": 0,
            "threads": 92,
            "source": f"/proc/{pid}/status",
        }
        if alive
        else None,
        "heap": {
            "old_used": 33 * MIB,
            "old_max": 340 * MIB,
            "young_collections": 41,
            "young_time": 900,
            "full_collections": 0,
            "full_time": 0,
            "concurrent_collections": 2,
            "concurrent_time": 12,
            "cause": "G1 Evacuation Pause",
            "source": f"/proc/{pid}/root/tmp/hsperfdata_flink/1",
        }
        if alive
        else None,
        "cgroup": None,
        "service": {
            "result": "success" if alive else "oom-kill",
            "code": None if alive else "killed",
            "status": None if alive else 9,
            "restarts": 0,
            "memory_limit": None,
            "tasks_limit": None,
            "source": "systemctl show",
        },
        "unknown": [] if alive else ["it does not run."],
    }


def host(*processes: ProcessReading) -> HostReading:
    return {
        "time": MORNING,
        "since": MORNING - 86_400,
        "memory_total": 16 * 2**30,
        "memory_available": 9 * 2**30,
        "processes": list(processes),
        "exits": [],
        "kills": [],
        "messages": [],
        "slice": None,
        "unknown": [],
    }


def jvm(**figures: int) -> JvmReading:
    return {
        "heap_used": 120 * MIB,
        "heap_max": 340 * MIB,
        "metaspace_used": 54 * MIB,
        "metaspace_max": 96 * MIB,
        "direct": 95 * MIB,
        "threads": 92,
        "classes_loaded": 9000,
        "classes_unloaded": 10,
        "cpu_time": 10**10,
        "collectors": [{"name": "G1_Young_Generation", "count": 41, "time": 900}],
        "collection_rate": 3,
        "source": "/taskmanagers/tm1-1/metrics",
        **t.cast("t.Any", figures),
    }


def taskmanager(resource_id: str) -> TaskManagerReading:
    return {
        "id": resource_id,
        "slots": 1,
        "free_slots": 0,
        "memory": dict(_TASKMANAGER),
        "jvm": jvm(),
        "network_total": 64 * MIB,
        "network_used": 4 * MIB,
        "network_wanted": 10,
        "managed_total": 128 * MIB,
        "managed_used": 0,
        "rocksdb": None,
        "is_fresh": True,
    }


CLUSTER: ClusterReading = {
    "time": MORNING,
    "flink_version": "2.3.0",
    "jobmanager": {"memory": dict(_JOBMANAGER), "jvm": jvm(), "is_fresh": True},
    "taskmanagers": [taskmanager("tm1-1")],
    "jobs": [
        {
            "id": "a" * 32,
            "name": "orders",
            "state": "RUNNING",
            "started": NIGHT,
            "parallelism": 2,
            "slots": 2,
            "edges": [{"source_parallelism": 2, "target_parallelism": 2, "is_all": True}],
            "restarts": 1,
            "checkpoints_completed": 20,
            "checkpoints_failed": 0,
            "state_size": 5_000_000,
            "is_busy": True,
        }
    ],
    "failures": [
        {
            "job": "orders",
            "time": NIGHT,
            "taskmanager": "tm2-1",
            "endpoint": "10.0.0.3:41000",
            "text": "java.lang.OutOfMemoryError: Java heap space\n\tat acme.Fill.run(Fill.java:5)",
            "source": "/jobs/a/exceptions",
        }
    ],
    "unknown": [],
}
OBSERVATION: Observation = {
    "format": 1,
    "time": MORNING,
    "hosts": {"jm1": host(process("jobmanager")), "tm1": host(process("taskmanager-1"))},
    "cluster": CLUSTER,
    "unknown": ["tm2: expected a look at its processes, got none: it cannot be reached."],
}
FINDINGS: list[Finding] = [
    {
        "level": "hint",
        "code": "managed-unused",
        "host": None,
        "process": None,
        "time": None,
        "message": "Nothing uses 128m of managed memory.",
        "evidence": [],
        "component": "managed",
        "options": ["taskmanager.memory.managed.size"],
        "remedy": "Set it to 0, if no job will want it.",
        "symptoms": [],
    },
    {
        "level": "error",
        "code": "kernel-kill",
        "host": "tm1",
        "process": "taskmanager-1",
        "time": NIGHT,
        "message": "taskmanager-1 was killed at 764m: its unit's limit is 768m, its plan 768m.",
        "evidence": [
            {"text": "782564 kB anonymous at death", "source": "kernel log"},
            {"text": "oom_kill 1", "source": "/sys/fs/cgroup/flink.slice/memory.events"},
        ],
        "component": "jvm_overhead",
        "options": ["taskmanager.memory.jvm-overhead.min", "taskmanager.memory.jvm-overhead.max"],
        "remedy": "Raise the JVM overhead by what it lacked, or set flink_jemalloc.",
        "symptoms": [
            "The heartbeat of TaskManager with id tm1-1 timed out.",
            "Connection unexpectedly closed by remote task manager 'tm1-1'.",
        ],
    },
]
WINDOW: Window = {
    "format": 1,
    "first": NIGHT,
    "last": MORNING,
    "looks": 60,
    "loaded": 58,
    "processes": {
        "tm1": {
            "taskmanager-1": {
                "pid": 4711,
                "started": NIGHT - 86_400,
                "first": NIGHT,
                "last": MORNING,
                "looks": 60,
                "loaded": 58,
                "figures": {
                    name: {"minimum": size // 2, "maximum": size, "last": size, "looks": 60, "source": "hsperfdata"}
                    for name, size in (
                        ("old_used", 33 * MIB),
                        ("peak", 512 * MIB),
                        ("metaspace_used", 54 * MIB),
                        ("direct", 95 * MIB),
                        ("network_total", 64 * MIB),
                        ("network_used", 4 * MIB),
                        ("managed_used", 0),
                    )
                },
            }
        }
    },
    "observation": OBSERVATION,
}
_BEFORE: dict[str, int | None] = {
    "framework_heap": 128 * MIB,
    "task_heap": 212 * MIB,
    "framework_off_heap": 128 * MIB,
    "task_off_heap": 0,
    "network": 64 * MIB,
    "managed": 128 * MIB,
    "jvm_metaspace": 96 * MIB,
    "jvm_overhead": 192 * MIB,
    "total_flink": 660 * MIB,
    "total_process": 948 * MIB,
}
ADVICE: Advice = {
    "findings": FINDINGS,
    "recommendations": [
        {
            "rule": "managed-unused",
            "kind": "taskmanager",
            "hosts": ["tm1", "tm2"],
            "processes": ["taskmanager-1"],
            "message": "Nothing uses 128m of managed memory.",
            "evidence": [{"text": "managed memory in use: 0 of 128m in 58 looks", "source": "/taskmanagers/tm1-1"}],
            "changes": {"taskmanager.memory.managed.size": "0b"},
            "confidence": "medium",
            "refuted_by": "a batch, Python or RocksDB job that was not running.",
            "delta": -128 * MIB,
        }
    ],
    "resized": [
        {
            "kind": "taskmanager",
            "hosts": ["tm1", "tm2"],
            "processes": ["tm1 taskmanager-1", "tm2 taskmanager-1"],
            "count": 2,
            "variable": "flink_config",
            "notes": [],
            "variables": {
                "taskmanager.memory.process.size": "820m",
                "taskmanager.memory.managed.size": "0b",
                "taskmanager.memory.flink.size": None,
            },
            "before": _BEFORE,
            "after": {
                **_BEFORE,
                "managed": 0,
                "total_flink": 532 * MIB,
                "total_process": 820 * MIB,
            },
            "skew": "tm2 used 12m less heap than tm1.",
            "error": None,
        }
    ],
    "freed": 256 * MIB,
    "withheld": ["JobManager: a window of 5 hours is too short to lower anything. Observe a day."],
}
