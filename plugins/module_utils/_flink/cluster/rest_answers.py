# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a live cluster says of its memory, in the words of a plan.

Source: the REST API of the JobManager, ``TaskManagersHeaders`` and ``ClusterConfigurationInfoHeaders``.
"""

from __future__ import annotations

import re
import typing as t

from ..values.errors import FlinkError, quoted
from ..values.foreign import answer_of, name, number, texts
from ..values.size import parse_size

if t.TYPE_CHECKING:
    from ..values.results import LiveJobManager, LiveTaskManager

_TASKMANAGER = {
    "framework_heap": "frameworkHeap",
    "task_heap": "taskHeap",
    "framework_off_heap": "frameworkOffHeap",
    "task_off_heap": "taskOffHeap",
    "network": "networkMemory",
    "managed": "managedMemory",
    "jvm_metaspace": "jvmMetaspace",
    "jvm_overhead": "jvmOverhead",
    "total_flink": "totalFlinkMemory",
    "total_process": "totalProcessMemory",
}
_JOBMANAGER = {
    "jvm_heap": "jobmanager.memory.heap.size",
    "off_heap": "jobmanager.memory.off-heap.size",
    "jvm_metaspace": "jobmanager.memory.jvm-metaspace.size",
    "jvm_overhead": "jobmanager.memory.jvm-overhead.max",
}

_RELEASE = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}(?![0-9])")


def read_release(answer: t.Any) -> str:
    """The release that answers ``GET /overview``. Raises FlinkError if no JobManager would answer so."""
    with answer_of("/overview"):
        release = name(answer["flink-version"])
    if _RELEASE.match(release) is None:
        raise FlinkError(f"/overview: expected a Flink release, got {quoted(release)}.")
    return release


def read_slots(answer: t.Any) -> dict[str, int]:
    """All slots and the free ones of ``GET /overview``. Raises FlinkError if no JobManager would answer so."""
    with answer_of("/overview"):
        return {"total": number(answer["slots-total"]), "free": number(answer["slots-available"])}


def read_taskmanagers(answer: t.Any) -> list[LiveTaskManager]:
    """The TaskManagers of ``GET /taskmanagers``. Releases before 1.12 tell no memory but the managed.

    Raises FlinkError if no JobManager would answer so.
    """
    with answer_of("/taskmanagers"):
        return [_taskmanager(entry) for entry in answer["taskmanagers"]]


def _taskmanager(entry: dict[str, t.Any]) -> LiveTaskManager:
    reported = entry.get("memoryConfiguration") or {"managedMemory": entry["hardware"]["managedMemory"]}
    sizes = {key: reported.get(field) for key, field in _TASKMANAGER.items()}
    return {
        "id": name(entry["id"]),
        "path": name(entry["path"]),
        "slots": number(entry["slotsNumber"]),
        "free_slots": number(entry["freeSlots"]),
        "heartbeat": number(max(0, entry.get("timeSinceLastHeartbeat", 0))),
        "memory": {key: None if given is None else number(given) for key, given in sizes.items()},
    }


def read_jobmanager(config: t.Any, environment: t.Any) -> LiveJobManager:
    """The JobManager of ``GET /jobmanager/config`` and ``GET /jobmanager/environment``.

    Releases before 1.12 do not report derived sizes, releases before 1.16 no environment (then ``jvm_args`` is null).
    Raises FlinkError if no JobManager would answer so.
    """
    try:
        values = {entry["key"]: entry["value"] for entry in config}
        sizes = {name: parse_size(values[key]) if key in values else None for name, key in _JOBMANAGER.items()}
        arguments = None if environment is None else texts(environment["jvm"]["options"])
    except (AttributeError, FlinkError, KeyError, TypeError):
        raise FlinkError("/jobmanager: this is not the answer of a Flink JobManager.") from None
    flink = _sum(sizes["jvm_heap"], sizes["off_heap"])
    process = _sum(flink, sizes["jvm_metaspace"], sizes["jvm_overhead"])
    return {"memory": {**sizes, "total_flink": flink, "total_process": process}, "jvm_args": arguments}


def _sum(*sizes: int | None) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None
