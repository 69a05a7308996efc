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
from ..values.shapes import size
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
    try:
        release = _text(answer["flink-version"])
    except (KeyError, TypeError):
        raise FlinkError("/overview: this is not the answer of a Flink JobManager.") from None
    if _RELEASE.match(release) is None:
        raise FlinkError(f"/overview: expected a Flink release, got {quoted(release)}.")
    return release


def read_taskmanagers(answer: t.Any) -> list[LiveTaskManager]:
    """The TaskManagers of ``GET /taskmanagers``. Releases before 1.12 tell no memory but the managed.

    Raises FlinkError if no JobManager would answer so.
    """
    try:
        return [_taskmanager(entry) for entry in answer["taskmanagers"]]
    except (AttributeError, KeyError, TypeError):
        raise FlinkError("/taskmanagers: this is not the answer of a Flink JobManager.") from None


def _taskmanager(entry: dict[str, t.Any]) -> LiveTaskManager:
    reported = entry.get("memoryConfiguration") or {"managedMemory": entry["hardware"]["managedMemory"]}
    sizes = {name: reported.get(field) for name, field in _TASKMANAGER.items()}
    return {
        "id": _text(entry["id"]),
        "path": _text(entry["path"]),
        "slots": _number(entry["slotsNumber"]),
        "free_slots": _number(entry["freeSlots"]),
        "memory": {name: None if given is None else _number(given) for name, given in sizes.items()},
    }


def read_jobmanager(config: t.Any, environment: t.Any) -> LiveJobManager:
    """The JobManager of ``GET /jobmanager/config`` and ``GET /jobmanager/environment``.

    Releases before 1.12 do not report derived sizes, releases before 1.16 no environment (then ``jvm_args`` is null).
    Raises FlinkError if no JobManager would answer so.
    """
    try:
        values = {entry["key"]: entry["value"] for entry in config}
        sizes = {name: parse_size(values[key]) if key in values else None for name, key in _JOBMANAGER.items()}
        arguments = None if environment is None else _words(environment["jvm"]["options"])
    except (AttributeError, FlinkError, KeyError, TypeError):
        raise FlinkError("/jobmanager: this is not the answer of a Flink JobManager.") from None
    flink = _sum(sizes["jvm_heap"], sizes["off_heap"])
    process = _sum(flink, sizes["jvm_metaspace"], sizes["jvm_overhead"])
    return {"memory": {**sizes, "total_flink": flink, "total_process": process}, "jvm_args": arguments}


def _sum(*sizes: int | None) -> int | None:
    known = [size for size in sizes if size is not None]
    return sum(known) if len(known) == len(sizes) else None


def _text(value: object) -> str:
    """A name or an address, which has no control characters."""
    if isinstance(value, str) and value.isprintable():
        return value
    raise TypeError


def _number(value: object) -> int:
    if isinstance(value, int) and size(value) is None:
        return value
    raise TypeError


def _words(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return value
    raise TypeError
