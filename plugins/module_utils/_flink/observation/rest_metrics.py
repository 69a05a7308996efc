# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metrics of processes and of RocksDB, as the REST API tells them: names first, then values as text.

A name that a process does not have is left out of its answer. Every reader raises FlinkError for what no JobManager
would answer.

Source: ``MetricStore``, ``JobManagerMetricsHandler``, ``TaskManagerMetricsHandler``, ``JobVertexMetricsHandler``,
``StatusMetricGroup``; 1.10 - 2.3.
"""

from __future__ import annotations

import math
import re
import typing as t
from urllib.parse import quote

from ..values.duration import parse_duration
from ..values.errors import FlinkError, quoted
from ..values.foreign import answer_of, count, name, number, objects, text
from ..values.release import Release

if t.TYPE_CHECKING:
    from .readings import Collector, JvmReading, RocksDbReading

    Values = t.Mapping[str, str]

CPU_TIME = "Status.JVM.CPU.Time"
BUSY = "busyTimeMsPerSecond"

_COLLECTOR = re.compile(r"Status\.JVM\.GarbageCollector\.([^.,]{1,60})\.(?:Count|Time)")
# Flink's own sum of all collectors, from 1.19 on: also of those that pause nothing.
_ALL = "All"
_RATE = "Status.JVM.GarbageCollector.All.TimeMsPerSecond"
_MOST_COLLECTORS = 8
_JVM = {
    "heap_used": "Status.JVM.Memory.Heap.Used",
    "heap_max": "Status.JVM.Memory.Heap.Max",
    "metaspace_used": "Status.JVM.Memory.Metaspace.Used",
    "metaspace_max": "Status.JVM.Memory.Metaspace.Max",
    "direct": "Status.JVM.Memory.Direct.TotalCapacity",
    "threads": "Status.JVM.Threads.Count",
    "classes_loaded": "Status.JVM.ClassLoader.ClassesLoaded",
    "classes_unloaded": "Status.JVM.ClassLoader.ClassesUnloaded",
    "cpu_time": CPU_TIME,
    "collection_rate": _RATE,
}
_POOLS = {
    "network_total": "Status.Shuffle.Netty.TotalMemory",
    "network_used": "Status.Shuffle.Netty.UsedMemory",
    "network_wanted": "Status.Shuffle.Netty.RequestedMemoryUsage",
    "managed_total": "Status.Flink.Memory.Managed.Total",
    "managed_used": "Status.Flink.Memory.Managed.Used",
}
_KNOWN = frozenset((*_JVM.values(), *_POOLS.values()))

_USAGE, _CAPACITY, _PINNED, _STOPPED = (
    f".rocksdb_{name}"
    for name in ("block-cache-usage", "block-cache-capacity", "block-cache-pinned-usage", "is-write-stopped")
)
# From 1.16 on, of an operator with all of its states. Source: RocksDBNativeMetricMonitor
_HITS, _MISSES = ".rocksdb_block_cache_hit", ".rocksdb_block_cache_miss"
_TIMERS = "._timer_state/"

# Flink takes request lines of up to 4096 bytes: this leaves room for the method, the version, and a path of a proxy.
_LONGEST_PATH = 3500
_LONGEST_WHOLE = 19
_FRACTION = re.compile(r"[0-9]{1,19}(?:\.[0-9]{1,30})?(?:E-?[0-9]{1,3})?")

_REFRESH = "metrics.fetcher.update-interval"
# Seconds, by default.
REFRESH = 10
# The release by which its value is read: it takes what older ones do.
_LATEST = Release.parse("2.3")


def read_refresh(answer: t.Any) -> float:
    """Every how many seconds, by ``GET /jobmanager/config``, the JobManager fetches metrics while somebody asks."""
    with answer_of("/jobmanager/config"):
        given = [text(entry["value"]) for entry in objects(answer) if entry["key"] == _REFRESH]
    try:
        return parse_duration(given[0], _LATEST) / 10**9
    except (IndexError, ValueError):
        return REFRESH


def read_names(path: str, answer: t.Any) -> list[str]:
    """All names of metrics, without their values; without those that nobody could ask for."""
    with answer_of(path):
        return [known for known in (text(metric["id"]) for metric in objects(answer)) if known.isprintable()]


def read_values(path: str, answer: t.Any) -> dict[str, str]:
    """The values of metrics by their names."""
    with answer_of(path):
        return {text(metric["id"]): text(metric["value"]) for metric in objects(answer)}


def read_highest(path: str, answer: t.Any) -> float | None:
    """The highest value among subtasks of the one metric that was asked for; null if it is no number."""
    with answer_of(path):
        values = [metric["max"] for metric in objects(answer)]
        found = [value if isinstance(value, float) else number(value) for value in values if not isinstance(value, str)]
    return max((value for value in found if math.isfinite(value)), default=None)


def wanted(names: t.Iterable[str]) -> list[str]:
    """Which metrics of a process to ask for, of those that there are."""
    found = sorted(set(names))
    collectors = [known for known in found if _COLLECTOR.fullmatch(known)]
    return [known for known in found if known in _KNOWN] + collectors[: 2 * _MOST_COLLECTORS]


def missing(names: t.Iterable[str]) -> list[str]:
    """What processes of this release do not report of what a reading is to have."""
    found = set(names)
    return [key for key, metric in {**_JVM, **_POOLS}.items() if metric not in found]


def requests_of(path: str, names: t.Sequence[str]) -> list[str]:
    """As many requests as it takes to ask for all these names. Raises FlinkError where a path leaves no room."""
    requests: list[str] = []
    room = 0
    for word in (quote(metric, safe="") for metric in names):
        if len(word) + 1 > room:
            requests.append(f"{path}?get={word}")
            room = _LONGEST_PATH - len(requests[-1])
            if room < 0:
                raise FlinkError(f"{quoted(path)}: expected names that fit into a request, got longer ones.")
        else:
            requests[-1] += f",{word}"
            room -= len(word) + 1
    return requests


def whole(value: str | None) -> int | None:
    """A number as Java writes it, rounded; null for what is none, below 0, or not finite."""
    if value is None:
        return None
    if value.isdecimal() and value.isascii() and len(value) <= _LONGEST_WHOLE:
        return int(value)
    fraction = float(value) if _FRACTION.fullmatch(value) else math.inf
    return round(fraction) if fraction < 2**63 else None


def jvm_reading(values: Values, source: str) -> JvmReading:
    """The JVM of one process; what it does not report is null."""
    return t.cast(
        "JvmReading",
        {
            **{key: whole(values.get(metric)) for key, metric in _JVM.items()},
            "collectors": _collectors(values),
            "source": source,
        },
    )


def pools(values: Values) -> dict[str, int | None]:
    """Network and managed memory of a TaskManager, under the names of its reading."""
    return {key: whole(values.get(metric)) for key, metric in _POOLS.items()}


def freshness(before: int | None, after: int | None, seconds: float, refresh: float) -> bool | None:
    """Whether metrics are of now, by the CPU time of two looks; null if they were less than a refresh apart."""
    if before is None or after is None:
        return None
    if before != after:
        return True
    return None if seconds < refresh else False


def _collectors(values: Values) -> list[Collector]:
    names = sorted({found[1] for found in map(_COLLECTOR.fullmatch, values) if found} - {_ALL})
    found: list[Collector] = []
    for collector in names:
        times, duration = (
            whole(values.get(f"Status.JVM.GarbageCollector.{collector}.{what}")) for what in ("Count", "Time")
        )
        if times is not None and duration is not None:
            found.append({"name": collector, "count": times, "time": duration})
    return found


class CacheMetrics(t.NamedTuple):
    """The metrics that tell of RocksDB's cache in each subtask of a vertex; null where one is not switched on."""

    usage: str
    capacity: str
    pinned: str | None
    stopped: str | None
    hits: str | None
    misses: str | None

    def of(self, subtask: int) -> list[str]:
        """Their names for one subtask."""
        return [f"{subtask}.{name}" for name in self if name is not None]


def cache_metrics(names: t.Iterable[str]) -> CacheMetrics | None:
    """Which to ask for: one state tells, since all of a slot share one cache, and all of an operator one database.

    Null if they are not on.
    """
    known = {name for name in names if "," not in name}
    states = sorted(name[: -len(_USAGE)] for name in known if name.endswith(_USAGE))
    states = [state for state in states if f"{state}{_CAPACITY}" in known]
    if not states:
        return None
    state = next((state for state in states if _TIMERS not in state), states[0])
    pinned, stopped = (name if name in known else None for name in (f"{state}{_PINNED}", f"{state}{_STOPPED}"))
    operators = sorted(name[: -len(_HITS)] for name in known if name.endswith(_HITS))
    operator = next((operator for operator in operators if f"{operator}{_MISSES}" in known), None)
    hits, misses = (None, None) if operator is None else (f"{operator}{_HITS}", f"{operator}{_MISSES}")
    return CacheMetrics(f"{state}{_USAGE}", f"{state}{_CAPACITY}", pinned, stopped, hits, misses)


def read_subtasks(path: str, answer: t.Any) -> dict[int, str]:
    """The TaskManagers of the subtasks of ``GET /jobs/:id/vertices/:id`` that run: others keep numbers of before."""
    with answer_of(path):
        running = [subtask for subtask in objects(answer["subtasks"]) if subtask["status"] == "RUNNING"]
        return {count(subtask["subtask"]): name(subtask["taskmanager-id"]) for subtask in running}


def caches(
    metrics: CacheMetrics, subtasks: t.Mapping[int, str], values: Values, source: str
) -> dict[str, RocksDbReading]:
    """The caches of a vertex by TaskManagers: each of its subtasks is in another slot, so they add up."""
    found: dict[str, RocksDbReading] = {}
    for subtask, taskmanager in subtasks.items():
        usage, capacity, pinned, stopped, hits, misses = (
            None if name is None else whole(values.get(f"{subtask}.{name}")) for name in metrics
        )
        if usage is None or capacity is None:
            continue
        one: RocksDbReading = {
            "cache_capacity": capacity,
            "cache_usage": usage,
            "cache_pinned": pinned,
            "cache_hits": hits,
            "cache_misses": misses,
            "write_stopped": None if stopped is None else stopped > 0,
            "source": source,
        }
        found[taskmanager] = add(found.get(taskmanager), one)
    return found


def add(one: RocksDbReading | None, other: RocksDbReading) -> RocksDbReading:
    """Caches of different slots together."""
    if one is None:
        return other
    pinned, stopped = (one["cache_pinned"], other["cache_pinned"]), (one["write_stopped"], other["write_stopped"])
    return {
        "cache_capacity": one["cache_capacity"] + other["cache_capacity"],
        "cache_usage": one["cache_usage"] + other["cache_usage"],
        "cache_pinned": None if None in pinned else sum(number or 0 for number in pinned),
        "cache_hits": _together(one["cache_hits"], other["cache_hits"]),
        "cache_misses": _together(one["cache_misses"], other["cache_misses"]),
        "write_stopped": True if True in stopped else None if None in stopped else False,
        "source": one["source"],
    }


def _together(one: int | None, other: int | None) -> int | None:
    """The sum of what is known."""
    return other if one is None else one if other is None else one + other
