# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.explain import explain
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis.looks import (
    DOWN,
    MIB,
    NOW,
    THEN,
    UNIT,
    cluster,
    exit_,
    failure,
    host,
    job,
    jvm,
    kill,
    look,
    plans,
    process,
    said,
    taskmanager,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.findings import Finding
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import Observation
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import ProcessPlan

PLANS = plans()
TASKMANAGER = PLANS["flink-2"][0]

GONE = "TaskManager with id flink-2-1 is no longer reachable."
SILENT = "Heartbeat of TaskManager with id flink-2-1 timed out."
SIGTERM = "RECEIVED SIGNAL 15: SIGTERM. Shutting down as requested."
FATAL = "FATAL: Thread 'flink-scheduler-1' produced an uncaught exception. Stopping the process..."
HEAP = "java.lang.OutOfMemoryError: Java heap space"
METASPACE = "java.lang.OutOfMemoryError: Metaspace"
DIRECT = "java.lang.OutOfMemoryError: Direct buffer memory"
NO_SLOTS = "Could not acquire the minimum required resources"
BUFFERS = (
    "java.io.IOException: Insufficient number of network buffers: required 3, but only 2 available. The total number of"
    " network buffers is currently set to 8 of 32768 bytes each."
)
SLICE = {**t.cast("dict[str, t.Any]", process()["cgroup"]), "path": "/flink.slice", "oom_kills": 1}
EXIT_ON_OOM = "Terminating due to java.lang.OutOfMemoryError: Java heap space"


def on_jobmanager(*texts: str, time: int = THEN + 20, **changes: t.Any) -> t.Any:
    """The host of the JobManager, whose log says this."""
    messages = [said(text, "jobmanager", time) for text in texts]
    return host(process("jobmanager"), messages=messages, **changes)


def caches(hits: int, misses: int) -> t.Any:
    """RocksDB's cache of one slot, which is full."""
    return {
        "cache_capacity": 55_924_053,
        "cache_usage": 55_924_053,
        "cache_pinned": None,
        "cache_hits": hits,
        "cache_misses": misses,
        "write_stopped": None,
        "source": "REST",
    }


def on_taskmanager(*texts: str, time: int | None = THEN, **changes: t.Any) -> t.Any:
    return host(process(), messages=[said(text, time=time) for text in texts], **changes)


class Row(t.NamedTuple):
    """A look, and what it shows: level, code and process of each finding; a part of the first message and remedy."""

    look: Observation
    shows: list[tuple[str, str, str]]
    message: str = ""
    component: str | None = None
    remedy: str = ""
    symptoms: int = 0
    plans: dict[str, list[ProcessPlan]] = PLANS


TM = "taskmanager-1 on flink-2"
JM = "jobmanager on flink-1"

DEATHS = {
    "the kernel kills a TaskManager at the limit of its unit, and the loss of it is no cause": Row(
        look(
            host(process(), kills=[kill()], exits=[exit_(9, "killed", "oom-kill")]),
            on_jobmanager(GONE),
            cluster(PLANS, failures=[failure(f"JobException\nCaused by: JobMasterException: {GONE}", time=THEN + 21)]),
        ),
        [("error", "oom-kill", TM)],
        "was killed by the kernel at 1150m: the limit of its unit is 1156m, its plan 900m; heap, direct memory, managed"
        " memory and metaspace can be 708m of it, so at least 442m are native memory",
        "jvm_overhead",
        "Set flink_jemalloc to true",
        1,
    ),
    # As the kernel of the scenario right_sizing did.
    "the kernel kills a TaskManager in which nothing bounds RocksDB": Row(
        look(host(process(), kills=[kill(1_044_100 * 1024)])),
        [("error", "oom-kill", TM), ("warning", "state-backend-unbounded", TM)],
        "was killed by the kernel at 1019.6m (1069158400 bytes)",
        "managed",
        "Remove state.backend.rocksdb.memory.managed: nothing bounds RocksDB.",
        0,
        plans(state_backend_type="rocksdb", state_backend_rocksdb_memory_managed="false"),
    ),
    "the kernel kills a TaskManager in which nothing bounds ForSt": Row(
        look(host(process(), kills=[kill()])),
        [("error", "oom-kill", TM), ("warning", "state-backend-unbounded", TM)],
        "was killed by the kernel at 1150m",
        "managed",
        "Remove state.backend.forst.memory.managed: nothing bounds ForSt.",
        0,
        plans(state_backend_type="forst", state_backend_forst_memory_managed="false"),
    ),
    "the kernel kills a TaskManager whose RocksDB has a size of its own": Row(
        look(host(process(), kills=[kill()])),
        [("error", "oom-kill", TM)],
        "was killed by the kernel at 1150m",
        "jvm_overhead",
        "Set flink_jemalloc to true",
        0,
        plans(
            state_backend_type="rocksdb",
            state_backend_rocksdb_memory_managed="false",
            state_backend_rocksdb_memory_fixed__per__tm="64m",
        ),
    ),
    "the kernel kills a TaskManager whose unit has less than its plan": Row(
        look(
            host(
                process(cgroup={"limit": 800 * MIB}, service={"memory_limit": 800 * MIB}),
                kills=[kill(790 * MIB)],
            )
        ),
        [("error", "oom-kill", TM), ("warning", "unit-limit", TM)],
        "at 790m: the limit of its unit is 800m, its plan 900m: it was not allowed what is planned.",
        None,
        "Raise the limit of its unit to 900m at least",
    ),
    "the kernel kills a TaskManager because the host has no memory": Row(
        look(host(process(), kills=[kill(500 * MIB, constraint="CONSTRAINT_NONE", limited=None)])),
        [("error", "host-memory", TM)],
        "was killed by the kernel at 500m: the host ran out of memory, not the process, its plan 900m.",
        None,
        "Raise flink_reserved_memory",
    ),
    "the kernel kills a TaskManager that is over its plan as the host has no memory": Row(
        look(host(process(), kills=[kill(constraint="CONSTRAINT_NONE", limited=None)])),
        [("error", "oom-kill", TM)],
        "at 1150m: the host ran out of memory, its plan 900m",
        "jvm_overhead",
    ),
    "the kernel kills a TaskManager whose NUMA node is full": Row(
        look(host(process(), kills=[kill(500 * MIB, constraint="CONSTRAINT_MEMORY_POLICY", limited=None)])),
        [("error", "numa-memory", TM)],
        "the memory of its NUMA node was used up (its plan 900m).",
        None,
        "Plan less for each node of flink_taskmanager_numa_nodes",
    ),
    "the kernel kills a TaskManager at the limit of its slice": Row(
        look(host(process(), kills=[kill(700 * MIB, limited="/flink.slice")])),
        [("error", "oom-kill", TM)],
        "at 700m: the limit of flink.slice was reached, not that of the process, its plan 900m.",
        None,
        "Raise the limit of flink.slice by what others take in it, or plan less there: raise flink_reserved_memory.",
    ),
    "the kernel kills a TaskManager that is over its plan at the limit of its slice": Row(
        look(host(process(), kills=[kill(limited="/flink.slice")])),
        [("error", "oom-kill", TM)],
        "at 1150m: the limit of flink.slice was reached, its plan 900m",
        "jvm_overhead",
    ),
    "the kernel kills another program because the host has no memory": Row(
        look(
            host(
                process(), kills=[kill(cgroup="/system.slice/backup.service", task="tar", constraint="CONSTRAINT_NONE")]
            )
        ),
        [("warning", "host-memory", " on flink-2")],
        "flink-2 ran out of memory, and the kernel killed tar there at 1150m.",
        None,
        "Raise flink_reserved_memory",
    ),
    "systemd alone knows of a kill": Row(
        look(host(process(), exits=[exit_(9, "killed", "oom-kill")])),
        [("error", "oom-kill", TM)],
        "was killed for want of memory, as systemd says",
        None,
        "Read the kernel log as root",
    ),
    "a slice alone knows of a kill": Row(
        look(host(process(), exits=[exit_(9, "killed", "signal")], slice=SLICE)),
        [("error", "oom-kill", TM)],
        "was killed by SIGKILL (137), and /flink.slice counts 1 killed for want of memory.",
        None,
        "Read the kernel log as root",
    ),
    "a slice of all services counts the kills of others too": Row(
        look(host(process(), exits=[exit_(9, "killed", "signal")], slice={**SLICE, "path": "/system.slice"})),
        [("error", "killed", TM)],
        "was killed by SIGKILL (137).",
        None,
        "See who did it",
    ),
    "the kernel kills a process of a launcher": Row(
        look(host(process(**DOWN, unit=None, service=None), kills=[kill(cgroup="/user.slice/session-1.scope")])),
        [("error", "oom-kill", TM)],
        "was killed by the kernel at 1150m",
        "jvm_overhead",
        "",
        1,
    ),
    "nobody knows who killed": Row(
        look(host(process(), exits=[exit_(9, "killed", "signal")])),
        [("error", "killed", TM)],
        "was killed by SIGKILL (137).",
        None,
        "See who did it",
    ),
    "the JVM ends for want of heap": Row(
        look(on_taskmanager(EXIT_ON_OOM, exits=[exit_(3)]), on_jobmanager(GONE, NO_SLOTS)),
        [("error", "heap", TM)],
        "ran out of heap: a task heap of 212m was too small.",
        "task_heap",
        "Raise taskmanager.memory.process.size until task heap is at least 318m",
        2,
    ),
    "the JVM ends for want of heap and the journal has its line only": Row(
        look(on_taskmanager(EXIT_ON_OOM, time=None)),
        [("error", "heap", TM)],
        "ran out of heap",
        "task_heap",
    ),
    "a job had too few buffers, and another ends its JVM for want of threads": Row(
        look(
            host(
                process(),
                exits=[exit_(255)],
                messages=[
                    said("Obtained shared RocksDB cache of size 16777216 bytes", time=THEN - 31),
                    said(BUFFERS, time=THEN - 30),
                    said("Encountered fatal error java.lang.OutOfMemoryError - terminating the JVM", time=THEN - 1),
                    said("java.lang.OutOfMemoryError: unable to create native thread", time=THEN - 1),
                ],
            ),
            on_jobmanager(GONE),
        ),
        [("error", "threads", TM), ("error", "network-buffers", TM)],
        "could not start a thread",
        None,
        "Raise TasksMax and LimitNPROC",
        1,
    ),
    "a task ends its JVM for want of direct memory": Row(
        look(
            on_taskmanager(
                "Encountered fatal error java.lang.OutOfMemoryError - terminating the JVM", DIRECT, exits=[exit_(255)]
            ),
            on_jobmanager(GONE),
        ),
        [("error", "direct-memory", TM)],
        "ran out of direct memory: its task off-heap of 0b was too small.",
        "task_off_heap",
        "Set taskmanager.memory.task.off-heap.size to 36m",
        1,
    ),
    "the metaspace of a TaskManager is full, and its threads die one by one": Row(
        look(
            host(
                process(),
                exits=[exit_(239)],
                messages=[said(METASPACE, time=THEN - 40), said(FATAL, time=THEN - 35), said(METASPACE, time=THEN - 2)],
            ),
            on_jobmanager(SILENT, time=THEN + 10),
        ),
        [("error", "metaspace", TM)],
        "ran out of JVM metaspace of 96m",
        "jvm_metaspace",
        "Set taskmanager.memory.jvm-metaspace.size to 160m, and raise taskmanager.memory.process.size by 64m",
        2,
    ),
    "the JobManager runs out of heap": Row(
        look(
            None,
            host(
                process("jobmanager"),
                exits=[exit_(239, process="jobmanager")],
                messages=[said(HEAP, "jobmanager"), said(FATAL, "jobmanager")],
            ),
        ),
        [("error", "heap", JM)],
        "ran out of heap: a JVM heap of 1g was too small.",
        "jvm_heap",
        "Raise jobmanager.memory.process.size until JVM heap is at least 1536m",
        1,
    ),
    "a JVM crashes itself for want of metaspace": Row(
        look(
            on_taskmanager(
                "Aborting due to java.lang.OutOfMemoryError: Metaspace", exits=[exit_(6, "dumped", "core-dump")]
            )
        ),
        [("error", "metaspace", TM)],
        "ran out of JVM metaspace",
        "jvm_metaspace",
    ),
    "systemd-oomd kills a TaskManager": Row(
        look(
            on_taskmanager(
                "flink-taskmanager@1.service: systemd-oomd killed 1 process(es) in this unit.",
                exits=[exit_(9, "killed", "oom-kill")],
            )
        ),
        [("error", "oomd-kill", TM)],
        "was killed by systemd-oomd, for memory pressure on its host.",
        None,
        "Plan less for this host",
    ),
    "the metaspace of a JobManager is full": Row(
        look(
            None,
            on_jobmanager(
                "java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error has occurred. This can mean"
                " two things: either Flink Master requires a larger size of JVM metaspace"
            ),
        ),
        [("error", "metaspace", JM)],
        "jobmanager on flink-1 ran out of JVM metaspace of 256m",
        "jvm_metaspace",
        "Set jobmanager.memory.jvm-metaspace.size to 320m",
    ),
    "a JVM crashes": Row(
        look(host(process(), exits=[exit_(11, "dumped", "core-dump")])),
        [("error", "jvm-crash", TM)],
        "crashed by SIGSEGV (139)",
        None,
        "Read hs_err_pid",
    ),
    "a process does not stop in time": Row(
        look(on_taskmanager(SIGTERM, exits=[exit_(9, "killed", "timeout")])),
        [("warning", "stop-timeout", TM)],
        "did not stop in time, so systemd killed it.",
        None,
        "Raise flink_stop_timeout",
    ),
    "a process ends with 239 and says nothing": Row(
        look(host(process(), exits=[exit_(239)])),
        [("error", "exit-code", TM)],
        "ended with exit code 239: an error in a thread of Flink, or a stop that took over 5 seconds",
    ),
    "what the next life of a process says is not of the death before it": Row(
        look(
            host(
                process(),
                exits=[exit_(3)],
                messages=[said(EXIT_ON_OOM), said(METASPACE, time=THEN + 40)],
            )
        ),
        [("error", "metaspace", TM), ("error", "heap", TM)],
        "ran out of JVM metaspace",
        "jvm_metaspace",
    ),
    "a kill without a time is that of the process that the journal knows": Row(
        look(
            host(
                process(),
                kills=[kill(time=None, pid=702)],
                exits=[exit_(3, pid=701), exit_(9, "killed", "oom-kill", pid=702, time=THEN + 600)],
                messages=[said(EXIT_ON_OOM)],
            )
        ),
        [("error", "oom-kill", TM), ("error", "heap", TM)],
        "was killed by the kernel at 1150m",
        "jvm_overhead",
    ),
    "a configuration is refused at the start": Row(
        look(
            host(
                process(**DOWN, state="failed"),
                exits=[exit_(1)],
                messages=[said("IllegalConfigurationException: Either required fine-grained memory or total")],
            )
        ),
        [("error", "start-refused", TM)],
        "did not start, as Flink refuses its configuration: Either required fine-grained memory or total.",
        None,
        "Correct flink_config and deploy again.",
        1,
    ),
    "a process dies again and again": Row(
        look(
            host(
                process(),
                exits=[exit_(3, time=THEN + 600 * number, pid=700 + number) for number in range(4)],
                messages=[said(EXIT_ON_OOM, time=THEN + 600 * number) for number in range(4)],
            )
        ),
        [("error", "heap", TM)],
        "ran out of heap",
        "task_heap",
    ),
}

FAILURES = {
    "a task fails for want of heap, and the JobManager repeats it": Row(
        look(
            on_taskmanager(f"Map (1/2)#0 (72) switched from RUNNING to FAILED with failure cause: {HEAP}"),
            on_jobmanager(f"Caused by: {HEAP}", time=THEN + 1),
            cluster(PLANS, failures=[failure(f"JobException\nCaused by: {HEAP}")]),
        ),
        [("error", "heap", TM)],
        "ran out of heap",
        "task_heap",
    ),
    "only the JobManager tells whose task failed": Row(
        look(
            None,
            on_jobmanager("switched from RUNNING to FAILED on flink-2-1 @ flink-2 (dataPort=1).", f"Caused by: {HEAP}"),
        ),
        [("error", "heap", TM)],
        "ran out of heap",
        "task_heap",
    ),
    "Flink itself wants direct memory": Row(
        look(
            of_cluster=cluster(
                PLANS, failures=[failure(f"{DIRECT}\n\tat org.apache.flink.shaded.netty4.io.netty.buffer.PoolArena")]
            )
        ),
        [("error", "direct-memory", TM)],
        "framework off-heap of 128m was too small",
        "framework_off_heap",
        "Set taskmanager.memory.framework.off-heap.size to 164m",
    ),
    "the JVM says how much direct memory is in use": Row(
        look(
            on_taskmanager(
                "java.lang.OutOfMemoryError: Cannot reserve 67108864 bytes of direct buffer memory"
                " (allocated: 150465730, limit: 150994944)"
            )
        ),
        [("error", "direct-memory", TM)],
        "64m more were wanted with 143.4m (150465730 bytes) of 144m in use",
        "task_off_heap",
        "Set taskmanager.memory.task.off-heap.size to 64m",
    ),
    "a job has too few network buffers, and its edges say how many": Row(
        look(
            of_cluster=cluster(
                PLANS,
                failures=[failure(BUFFERS)],
                jobs=[
                    job(
                        state="FAILED",
                        parallelism=500,
                        edges=[{"source_parallelism": 500, "target_parallelism": 500, "is_all": True}],
                    )
                ],
            )
        ),
        [("error", "network-buffers", TM)],
        "has too few network buffers: 8 of 32k: one pool wanted 3 and found 2; its job needs 3004.",
        "network",
        "Set taskmanager.memory.network.min and taskmanager.memory.network.max to 94m",
    ),
    "a thread cannot be started": Row(
        look(on_taskmanager("java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory")),
        [("error", "threads", TM)],
        "could not start a thread",
        None,
        "Raise TasksMax",
    ),
    "nothing explains a lost heartbeat": Row(
        look(None, on_jobmanager(SILENT)),
        [("error", "heartbeat", TM)],
        "was not heard from for longer than heartbeat.timeout, and nothing that was read says why.",
    ),
    "a starving heap explains a lost heartbeat": Row(
        look(host(process(heap={"full_collections": 300, "full_time": 30_000_000})), on_jobmanager(SILENT)),
        [("warning", "heap-starving", TM)],
        "starves for heap: collections take 30 % of its time.",
        "task_heap",
        "",
        1,
    ),
    "a heap that starves now explains nothing of the life before": Row(
        look(
            host(process(started=THEN + 100, heap={"full_collections": 300, "full_time": 6_000_000})),
            on_jobmanager(SILENT),
        ),
        [("error", "heartbeat", TM), ("warning", "heap-starving", TM)],
        "was not heard from",
    ),
    "nothing explains that there are no slots": Row(
        look(None, on_jobmanager("Registered TMs: 1, registered slots: 2 free slots: 0")),
        [("error", "slots", " on None")],
        "A job got no slots: 0 of 2 on 1 TaskManager are free.",
        None,
        "Start more TaskManagers, or raise taskmanager.numberOfTaskSlots",
    ),
    "a death explains that there are no slots minutes later": Row(
        look(
            on_taskmanager(EXIT_ON_OOM, exits=[exit_(3)]),
            on_jobmanager("Could not allocate the required slot within slot request timeout", time=THEN + 310),
        ),
        [("error", "heap", TM)],
        "ran out of heap",
        "task_heap",
        "",
        1,
    ),
    "RocksDB has too little": Row(
        look(
            on_taskmanager(
                "RocksDBStateBackend performance will be poor because of the current Flink memory configuration"
            )
        ),
        [("warning", "rocksdb-small", TM)],
        "writes to disk all the time: a slot has too little managed memory for it.",
        "managed",
        "Set taskmanager.memory.managed.size to 256m",
    ),
}

SHORTAGES = {
    "collections take a third of the time, and little is free after them": Row(
        look(host(process(heap={"young_time": 31_000_000, "old_used": 280 * MIB}))),
        [("warning", "heap-starving", TM)],
        "starves for heap: collections take 31 % of its time and its heap is 82 % full after them.",
        "task_heap",
    ),
    "most of a heap outlives collections": Row(
        look(host(process(heap={"old_used": 270 * MIB}))),
        [("warning", "heap-starving", TM)],
        "starves for heap: its heap is 79 % full after collections.",
        "task_heap",
    ),
    "a heap that is half full is collected all the time": Row(
        look(
            host(process(heap={"old_used": 200 * MIB})),
            None,
            cluster(PLANS, taskmanager(TASKMANAGER, jvm=jvm(collection_rate=400))),
        ),
        [("warning", "heap-starving", TM)],
        "starves for heap: collections take 40 % of its last minute.",
        "task_heap",
    ),
    "metaspace is nearly full": Row(
        look(of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, jvm=jvm(metaspace_used=90 * MIB)))),
        [("warning", "metaspace-high", TM)],
        "will run out of JVM metaspace: 90m of 96m are in use.",
        "jvm_metaspace",
        "Set taskmanager.memory.jvm-metaspace.size to 122m",
    ),
    "direct memory is nearly used up": Row(
        look(of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, jvm=jvm(direct=130 * MIB)))),
        [("warning", "direct-high", TM)],
        "114m of 128m for framework off-heap and task off-heap are in use.",
        "task_off_heap",
    ),
    "pools would like more network memory": Row(
        look(of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, network_wanted=150))),
        [("warning", "network-wanted", TM)],
        "is slowed down by its network memory of 16m: the pools of its jobs would like 150 % of it.",
        "network",
        "Set taskmanager.memory.network.min and taskmanager.memory.network.max to 24m",
    ),
    "RocksDB is over its cache": Row(
        look(
            of_cluster=cluster(
                PLANS,
                taskmanager(
                    TASKMANAGER,
                    rocksdb={
                        "cache_capacity": 111_848_106,
                        "cache_usage": 156_900_000,
                        "cache_pinned": None,
                        "cache_hits": None,
                        "cache_misses": None,
                        "write_stopped": False,
                        "source": "REST",
                    },
                ),
            )
        ),
        [("warning", "rocksdb-over", TM)],
        "takes more than it was given",
        "jvm_overhead",
    ),
    "RocksDB misses its cache, and its job is busy": Row(
        look(of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, rocksdb=caches(hits=700_000, misses=300_000)))),
        [("hint", "rocksdb-misses", TM)],
        "finds 70 % of its blocks in a cache of 53.3m (55924053 bytes), and reads the others from disk",
        "managed",
        "If its job is too slow, give RocksDB more memory. Set taskmanager.memory.managed.size to 192m",
    ),
    "nothing bounds RocksDB": Row(
        look(host(process(**DOWN, state="stopped", service={"code": "exited", "status": 143}))),
        [("warning", "process-down", TM), ("warning", "state-backend-unbounded", TM)],
        "does not run",
        None,
        "Start it",
        0,
        plans(state_backend_type="rocksdb", state_backend_rocksdb_memory_managed="false"),
    ),
    "nothing bounds the RocksDB that a job has chosen": Row(
        look(of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, rocksdb=caches(hits=0, misses=0)))),
        [("warning", "state-backend-unbounded", TM)],
        "Nothing bounds the memory of RocksDB in taskmanager-1 on flink-2: it grows with states and slots",
        "managed",
        "Remove state.backend.rocksdb.memory.managed, and RocksDB keeps to managed memory.",
        0,
        plans(state_backend_rocksdb_memory_managed=False),
    ),
    "nothing uses managed memory": Row(
        look(of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, managed_used=0))),
        [("hint", "managed-unused", " on None")],
        "Nothing uses managed memory: 128m on 1 TaskManager while jobs run.",
        "managed",
        "Set taskmanager.memory.managed.size to 0",
    ),
    "a process has been larger than its plan": Row(
        look(host(process(memory={"peak": 1000 * MIB}))),
        [("warning", "process-over-plan", TM)],
        "has been larger than its plan of 900m: 1000m, so 100m of native memory are not in it.",
        "jvm_overhead",
        "Set taskmanager.memory.jvm-overhead.min and taskmanager.memory.jvm-overhead.max to 312m",
    ),
    "a tenth of a process is in swap": Row(
        look(host(process(memory={"swap": 60 * MIB}))),
        [("warning", "swap", TM)],
        "60m of taskmanager-1 on flink-2 are in swap",
    ),
    "a unit may have hardly more threads": Row(
        look(host(process(cgroup={"pids": 480, "pids_limit": 500}))),
        [("warning", "threads-high", TM)],
        "it has 480 of the 500 that its unit may have.",
    ),
    "a process runs with another plan": Row(
        look(of_cluster=cluster(PLANS, taskmanager(plans(taskmanager_memory_process_size="1g")["flink-2"][0]))),
        [("warning", "not-as-planned", TM)],
        "does not run as planned: task heap is 336m, planned is 212m (2 other figures differ as well).",
        None,
        "Deploy first",
    ),
    "a TaskManager runs and is not registered": Row(
        look(host(process(), process("taskmanager-2")), None, cluster(plans(count=2), taskmanager(TASKMANAGER))),
        [("error", "taskmanager-missing", "taskmanager-2 on flink-2")],
        "is not registered with the JobManager though it runs, and nothing that was read says why.",
        None,
        "Read the end of its log",
        0,
        plans(count=2),
    ),
    "a TaskManager is not registered, and its host cannot be reached": Row(
        {**look(of_cluster=cluster(PLANS, taskmanagers=[])), "hosts": {"flink-1": host(process("jobmanager"))}},
        [("error", "taskmanager-missing", TM)],
        "is not registered with the JobManager, and nobody looked at its host.",
    ),
    "a process was stopped, and does not run": Row(
        look(host(process(**DOWN, state="inactive"), exits=[exit_(143, result=None)])),
        [("warning", "process-down", TM)],
        "does not run (inactive): it was stopped by SIGTERM.",
        None,
        "Start it",
    ),
    "only systemd knows how a process ended": Row(
        look(host(process(**DOWN, state="failed", service={"result": "exit-code", "code": "exited", "status": 1}))),
        [("error", "process-down", TM)],
        "does not run (failed): it ended with exit code 1: it did not start, or shut itself down after a fatal error.",
        None,
        "Start it",
    ),
    "only systemd knows that a process was stopped": Row(
        look(host(process(**DOWN, state="stopped", service={"code": "exited", "status": 143}))),
        [("warning", "process-down", TM)],
        "does not run (stopped): it was stopped by SIGTERM.",
        None,
        "Start it",
    ),
    "a process that died lives again, and is not registered": Row(
        look(on_taskmanager(EXIT_ON_OOM, exits=[exit_(3)]), None, cluster(PLANS, taskmanagers=[])),
        [("error", "taskmanager-missing", TM), ("error", "heap", TM)],
        "is not registered with the JobManager though it runs",
        None,
        "Read the end of its log",
    ),
    "a process does not run, and nobody knows why": Row(
        look(host(process(**DOWN, state="stopped"))),
        [("error", "process-down", TM)],
        "does not run (stopped): nothing that was read says why.",
        None,
        "Start it: deploy again",
    ),
    "a death explains that a TaskManager is missing": Row(
        look(
            host(process(**DOWN, state="failed"), kills=[kill()], exits=[exit_(9, "killed", "oom-kill")]),
            on_jobmanager(GONE),
            cluster(PLANS, taskmanagers=[]),
        ),
        [("error", "oom-kill", TM)],
        "was killed by the kernel",
        "jvm_overhead",
        "",
        2,
    ),
}

QUIET = {
    "all is well": look(of_cluster=cluster(PLANS)),
    "a process was stopped": look(
        on_taskmanager(SIGTERM, exits=[exit_(143, result=None)]), on_jobmanager(GONE, NO_SLOTS), cluster(PLANS)
    ),
    "a stop took long": look(
        on_taskmanager(SIGTERM, time=THEN - 6, exits=[exit_(239)]), on_jobmanager(GONE), cluster(PLANS)
    ),
    "a stop during which threads fail": look(
        host(
            process(),
            exits=[exit_(239)],
            messages=[said(SIGTERM, time=THEN - 6), said(FATAL, time=THEN - 3)],
        ),
        None,
        cluster(PLANS),
    ),
    "a stop of which only the log tells": look(on_taskmanager(SIGTERM), on_jobmanager(SILENT), cluster(PLANS)),
    "a young process": look(
        host(process(started=NOW - 300, heap={"young_time": 200_000, "old_used": 300 * MIB})),
        None,
        cluster(PLANS, taskmanager(TASKMANAGER, jvm=jvm(metaspace_used=95 * MIB))),
    ),
    "a minute of many collections that free nearly all": look(
        of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, jvm=jvm(collection_rate=400)))
    ),
    "metrics of the process before it": look(
        of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, jvm=jvm(metaspace_used=95 * MIB), is_fresh=False))
    ),
    "a job that wants a port of its own": look(
        of_cluster=cluster(PLANS, failures=[failure("java.net.BindException: Address already in use")])
    ),
    "a start that failed for a while, and works now": look(
        on_taskmanager("Caused by: java.net.BindException: Address already in use")
    ),
    "the kernel kills a stranger at its own limit": look(host(process(), kills=[kill(cgroup="/x.service", pid=3)])),
    "RocksDB that finds most blocks in its cache": look(
        of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, rocksdb=caches(hits=800_000, misses=200_000)))
    ),
    "RocksDB whose cache is cold": look(
        of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, rocksdb=caches(hits=0, misses=900_000)))
    ),
    "RocksDB that misses its cache in a job that waits for others": look(
        of_cluster=cluster(
            PLANS,
            taskmanager(TASKMANAGER, rocksdb=caches(hits=0, misses=2_000_000)),
            jobs=[job(is_busy=False)],
        )
    ),
    "managed memory that an idle cluster does not use": look(
        of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, managed_used=0), jobs=[])
    ),
    "managed memory that a job does not use yet": look(
        of_cluster=cluster(PLANS, taskmanager(TASKMANAGER, managed_used=0), jobs=[job(started=NOW - 60)])
    ),
}


# What clusters of three releases answered while a job with RocksDB ran, and what their hosts said.
SAMPLES: dict[str, dict[str, int]] = {
    "1.13.6": {
        "peak": 545_776,
        "anonymous": 508_672,
        "direct": 17_579_986,
        "metaspace_used": 42_762_520,
        "collecting": 1805,
        "cache_usage": 156_900_000,
    },
    "1.20.5": {
        "peak": 503_144,
        "anonymous": 450_364,
        "direct": 25_525_202,
        "metaspace_used": 48_453_592,
        "collecting": 1585,
        "cache_usage": 80_900_000,
    },
    "2.3.0": {
        "peak": 500_368,
        "anonymous": 466_832,
        "direct": 23_976_915,
        "metaspace_used": 53_204_480,
        "collecting": 402,
        "cache_usage": 43_800_000,
    },
}


def sample(release: str, uptime: int) -> Observation:
    seen = SAMPLES[release]
    planned = plans(release)
    rocksdb = {"cache_capacity": 111_848_106, "cache_usage": seen["cache_usage"], "source": "REST"}
    of_taskmanager = taskmanager(
        planned["flink-2"][0],
        jvm=jvm(
            direct=seen["direct"],
            metaspace_used=seen["metaspace_used"],
            collectors=[
                {"name": "All", "count": 12, "time": seen["collecting"]},
                {"name": "G1_Young_Generation", "count": 12, "time": seen["collecting"]},
                {"name": "G1_Old_Generation", "count": 0, "time": 0},
            ],
            collection_rate=None if release == "1.13.6" else 10,
        ),
        network_wanted=None if release == "1.13.6" else 15,
        rocksdb={
            **rocksdb,
            **dict.fromkeys(("cache_pinned", "cache_hits", "cache_misses", "write_stopped")),
        },
    )
    memory = {"peak": seen["peak"] * 1024, "rss": seen["peak"] * 1024, "anonymous": seen["anonymous"] * 1024}
    return look(
        host(process(started=NOW - uptime, memory=memory, heap=None, cgroup={"version": 1})),
        None,
        cluster(planned, of_taskmanager),
    )


@pytest.mark.parametrize("release", SAMPLES)
@pytest.mark.parametrize("uptime", [120, 660, 86_400], ids=["after two minutes", "after eleven", "after a day"])
def test_healthy_clusters_are_well(release: str, uptime: int) -> None:
    found = [finding["code"] for finding in explain(sample(release, uptime), plans(release))]
    # Its RocksDB did take 157 MB in caches of 112.
    assert found == (["rocksdb-over"] if release == "1.13.6" and uptime > 600 else [])


# What comes back from a file may be anything that is of the types of a look.
ODD: dict[str, dict[str, t.Any]] = {
    "a line without its numbers": {"code": "network-buffers", "fields": {}},
    "a line with a number that is none": {"code": "rpc-size", "fields": {"size": "many"}},
    "a line with a number without end": {"code": "state-size", "fields": {"size": "9" * 5000}},
    "a line of a code that nobody knows": {"code": "meteor", "fields": {}},
    "a line that names nobody": {"code": "heartbeat", "fields": {}},
    "a line of a process that nobody knows": {"process": "stranger"},
    "an error of a task without its task": {"process": "jobmanager", "code": "task-failed", "fields": {}},
}


@pytest.mark.parametrize("change", ODD.values(), ids=list(ODD))
@pytest.mark.parametrize("process_name", ["taskmanager-1", "jobmanager"])
def test_odd_lines_are_no_reason_to_fail(change: dict[str, t.Any], process_name: str) -> None:
    line = t.cast("t.Any", {**said(HEAP, process_name), **change})
    observation = look(host(process(), messages=[line, said(HEAP)]), None, cluster(PLANS))
    assert "heap" in [finding["code"] for finding in explain(observation, PLANS)]


@pytest.mark.parametrize(
    "text",
    [
        BUFFERS.replace("32768", "0"),
        BUFFERS.replace("32768", "9" * 5000),
        f"Could not allocate {'9' * 5000} bytes, only 0 bytes are remaining",
    ],
    ids=["buffers of no size", "buffers of a size without end", "a number without end"],
)
def test_odd_exceptions_are_no_reason_to_fail(text: str) -> None:
    observation = look(None, None, cluster(PLANS, failures=[failure(text), failure(HEAP)]))
    assert "heap" in [finding["code"] for finding in explain(observation, PLANS)]


# Where a task failed, how many TaskManagers are with the JobManager on flink-1 besides two elsewhere, and whose it was.
PLACES: dict[str, tuple[str, int, str]] = {
    "the only one there": ("localhost:4123", 1, "taskmanager-1 on flink-1"),
    "the only one there, by a number": ("127.0.1.1:4123", 1, "taskmanager-1 on flink-1"),
    "one of two": ("localhost:4123", 2, " on None"),
    "none": ("localhost:4123", 0, " on None"),
    "another host": ("flink-2:4123", 2, "taskmanager-1 on flink-2"),
    "a host that nobody knows": ("flink-9:4123", 1, " on None"),
}


@pytest.mark.parametrize(("endpoint", "count", "whose"), PLACES.values(), ids=PLACES)
def test_whose_failure_it_was_before_releases_told(endpoint: str, count: int, whose: str) -> None:
    """Source: a TaskManager of 1.13.6 whose host resolves to its loopback address."""
    own, others = plans("1.13.6", count=max(count, 1)), plans("1.13.6")
    there = {**others, "flink-1": [*own["flink-1"], *own["flink-2"][:count]], "flink-3": others["flink-2"]}
    failed: t.Any = {**failure(HEAP, None), "endpoint": endpoint}
    found = explain(look(of_cluster=cluster(there, failures=[failed], flink_version="1.13.6")), there)
    (heap,) = [finding for finding in found if finding["code"] == "heap"]
    assert who(heap) == whose
    is_open = heap["evidence"][0]["source"].endswith(f"from {endpoint}, which may be any of {count + 2} TaskManagers")
    assert is_open == (heap["host"] is None)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"memory_managed": False}, id="no job has chosen RocksDB"),
        pytest.param(
            {"memory_managed": False, "memory_fixed__per__slot": "64m", "type": "rocksdb"}, id="a size bounds it"
        ),
        pytest.param({"type": "rocksdb"}, id="managed memory bounds it"),
    ],
)
def test_rocksdb_with_a_bound(options: dict[str, t.Any]) -> None:
    given = {
        ("state_backend_type" if key == "type" else f"state_backend_rocksdb_{key}"): options[key] for key in options
    }
    assert explain(look(host(process())), plans(**given)) == []


def test_a_release_that_nobody_knows() -> None:
    observation = look(on_taskmanager(HEAP), None, cluster(PLANS, flink_version="7.0"))
    heap, other = explain(observation, PLANS)
    assert heap["code"] == "heap"
    assert other["code"] == "not-as-planned"
    assert other["message"].startswith("The cluster cannot be held against its plans: flink_version: Flink 7.0 is not")


def test_what_are_no_plans() -> None:
    with pytest.raises(FlinkError, match="expected the plans of hosts"):
        explain(look(), t.cast("t.Any", {"flink-1": [{"name": "jobmanager"}]}))


def who(finding: Finding) -> str:
    return f"{finding['process'] or ''} on {finding['host']}"


@pytest.mark.parametrize(
    "row",
    [*DEATHS.values(), *FAILURES.values(), *SHORTAGES.values()],
    ids=[*DEATHS, *FAILURES, *SHORTAGES],
)
def test_what_is_found(row: Row) -> None:
    found = explain(row.look, row.plans)
    assert [(finding["level"], finding["code"], who(finding)) for finding in found] == row.shows
    if found:
        first = found[0]
        assert row.message in first["message"]
        assert row.remedy in first["remedy"]
        assert (first["component"], len(first["symptoms"])) == (row.component, row.symptoms)
        assert first["evidence"]


@pytest.mark.parametrize("observation", QUIET.values(), ids=list(QUIET))
def test_no_false_alarm(observation: Observation) -> None:
    assert explain(observation, PLANS) == []


@pytest.mark.parametrize(
    ("unit", "remedy"), [(UNIT, f"or systemctl start {UNIT}"), (None, "which starts taskmanager-1")]
)
def test_who_starts_processes_by_launchers_is_told_of_no_unit(unit: str | None, remedy: str) -> None:
    (found,) = explain(look(host(process(**DOWN, unit=unit))), PLANS)
    assert found["remedy"] == f"Start it: deploy again, {remedy}."


def test_evidence_is_what_tells_of_failures() -> None:
    row = DEATHS["a job had too few buffers, and another ends its JVM for want of threads"]
    for finding in explain(row.look, row.plans):
        assert finding["evidence"]
        assert not any("Obtained shared" in evidence["text"] for evidence in finding["evidence"])


def test_what_befell_a_process_with_other_options_is_told_without_its_present_ones() -> None:
    death = host(process(configured=THEN + 5), exits=[exit_(3)], messages=[said(EXIT_ON_OOM, time=None)])
    (found,) = explain(look(death), PLANS)
    assert found["message"] == "taskmanager-1 on flink-2 ran out of heap: a task heap was too small."
    assert found["remedy"] == "It has been given other options since: see whether it comes back."


def test_a_jobmanager_that_has_just_begun_waits_for_its_taskmanagers() -> None:
    for started, codes in ((NOW - 30, []), (NOW - 3600, ["taskmanager-missing"])):
        found = explain(
            look(host(process()), host(process("jobmanager", started=started)), cluster(PLANS, taskmanagers=[])), PLANS
        )
        assert [finding["code"] for finding in found] == codes
