# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory options of Flink: keys, fallback keys and defaults, release by release.

Source: ``TaskManagerOptions``, ``JobManagerOptions``, ``NettyShuffleEnvironmentOptions``, ``ResourceManagerOptions``.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .java_numbers import parse_float
from .size import GIB, KIB, MAX_BYTES, MIB

if t.TYPE_CHECKING:
    from .release import Release


Value = t.TypeVar("Value")


@dataclasses.dataclass(frozen=True)
class Option(t.Generic[Value]):
    """One Flink option with values of one type: sizes and numbers are int, fractions float.

    ``defaults`` are pairs of (first release, value), newest first. ``since`` and ``until`` bound the releases that
    know the option: ``since <= release < until``.
    """

    key: str
    defaults: tuple[tuple[tuple[int, ...], Value], ...] = ()
    fallbacks: tuple[str, ...] = ()
    since: tuple[int, ...] = (1, 10)
    until: tuple[int, ...] = (99,)

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, *self.fallbacks)

    def default(self, release: Release) -> Value:
        """Raises LookupError if it has none."""
        for since, value in self.defaults:
            if release.version >= since:
                return value
        raise LookupError(f"{self.key} has no default")

    def exists_in(self, release: Release) -> bool:
        return self.since <= release.version < self.until


def _option(key: str, default: Value, *fallbacks: str, **bounds: tuple[int, ...]) -> Option[Value]:
    return Option(key, (((1, 10), default),), fallbacks, **bounds)


@dataclasses.dataclass(frozen=True)
class RangeOptions:
    """The three options that bound a component: at least, at most, and its fraction of something larger."""

    component: str
    minimum: Option[int]
    maximum: Option[int]
    fraction: Option[float]


TM = "taskmanager.memory."
JM = "jobmanager.memory."

_TENTH = parse_float("0.1")

TM_PROCESS: Option[int] = Option(f"{TM}process.size")
TM_FLINK: Option[int] = Option(f"{TM}flink.size")
TM_FRAMEWORK_HEAP = _option(f"{TM}framework.heap.size", 128 * MIB)
TM_TASK_HEAP: Option[int] = Option(f"{TM}task.heap.size")
TM_FRAMEWORK_OFF_HEAP = _option(f"{TM}framework.off-heap.size", 128 * MIB)
TM_TASK_OFF_HEAP = _option(f"{TM}task.off-heap.size", 0)
TM_NETWORK = RangeOptions(
    "network",
    _option(f"{TM}network.min", 64 * MIB, "taskmanager.network.memory.min"),
    Option(
        f"{TM}network.max",
        (((1, 17), MAX_BYTES), ((1, 10), GIB)),
        ("taskmanager.network.memory.max",),
    ),
    _option(f"{TM}network.fraction", _TENTH, "taskmanager.network.memory.fraction"),
)
TM_MANAGED: Option[int] = Option(f"{TM}managed.size", fallbacks=("taskmanager.memory.size",))
TM_MANAGED_FRACTION = _option(f"{TM}managed.fraction", parse_float("0.4"))
TM_METASPACE = Option(f"{TM}jvm-metaspace.size", (((1, 10, 1), 256 * MIB), ((1, 10), 96 * MIB)))
TM_OVERHEAD = RangeOptions(
    "JVM overhead",
    _option(f"{TM}jvm-overhead.min", 192 * MIB),
    _option(f"{TM}jvm-overhead.max", GIB),
    _option(f"{TM}jvm-overhead.fraction", _TENTH),
)
TM_SEGMENT = _option(f"{TM}segment-size", 32 * KIB)
TM_NETWORK_BUFFERS = _option("taskmanager.network.numberOfBuffers", 2048, until=(2, 0))
TM_SLOTS = _option("taskmanager.numberOfTaskSlots", 1)
TM_CPU: Option[float] = Option("taskmanager.cpu.cores")
TM_HEAP: Option[int] = Option("taskmanager.heap.size", until=(2, 0))
TM_HEAP_MB: Option[int] = Option("taskmanager.heap.mb", until=(2, 0))
EXTERNAL_RESOURCES: Option[str] = Option("external-resources", since=(1, 13))

JM_PROCESS: Option[int] = Option(f"{JM}process.size", since=(1, 11))
JM_FLINK: Option[int] = Option(f"{JM}flink.size", since=(1, 11))
JM_JVM_HEAP: Option[int] = Option(f"{JM}heap.size", since=(1, 11))
JM_OFF_HEAP = _option(f"{JM}off-heap.size", 128 * MIB, since=(1, 11))
JM_DIRECT_LIMIT = _option(f"{JM}enable-jvm-direct-memory-limit", False, since=(1, 11))
JM_METASPACE = _option(f"{JM}jvm-metaspace.size", 256 * MIB, since=(1, 11))
JM_OVERHEAD = RangeOptions(
    "JVM overhead",
    _option(f"{JM}jvm-overhead.min", 192 * MIB, since=(1, 11)),
    _option(f"{JM}jvm-overhead.max", GIB, since=(1, 11)),
    _option(f"{JM}jvm-overhead.fraction", _TENTH, since=(1, 11)),
)
JM_HEAP: Option[int] = Option("jobmanager.heap.size", until=(2, 0))
JM_HEAP_MB: Option[int] = Option("jobmanager.heap.mb", until=(2, 0))

TM_BATCH_SHUFFLE: Option[int] = Option(
    f"{TM}framework.off-heap.batch-shuffle.size", (((1, 15), 64 * MIB), ((1, 13), 32 * MIB)), since=(1, 13)
)
TM_SMALLEST_SEGMENT: Option[int] = Option(f"{TM}min-segment-size", (((1, 15), 256), ((1, 14), KIB)), since=(1, 14))
TM_STARTING_SEGMENT = _option(f"{TM}starting-segment-size", KIB, since=(2, 0))

# Options that concern memory but not the arithmetic here.
_BEYOND_THE_MODEL: tuple[Option[t.Any], ...] = (
    TM_BATCH_SHUFFLE,
    Option(f"{TM}managed.consumer-weights", since=(1, 12)),
    TM_SMALLEST_SEGMENT,
    TM_STARTING_SEGMENT,
)

MODEL: dict[str, tuple[Option[t.Any], ...]] = {
    "taskmanager": (
        TM_PROCESS,
        TM_FLINK,
        TM_FRAMEWORK_HEAP,
        TM_TASK_HEAP,
        TM_FRAMEWORK_OFF_HEAP,
        TM_TASK_OFF_HEAP,
        TM_NETWORK.minimum,
        TM_NETWORK.maximum,
        TM_NETWORK.fraction,
        TM_MANAGED,
        TM_MANAGED_FRACTION,
        TM_METASPACE,
        TM_OVERHEAD.minimum,
        TM_OVERHEAD.maximum,
        TM_OVERHEAD.fraction,
        TM_SEGMENT,
        TM_NETWORK_BUFFERS,
        TM_HEAP,
        TM_HEAP_MB,
    ),
    "jobmanager": (
        JM_PROCESS,
        JM_FLINK,
        JM_JVM_HEAP,
        JM_OFF_HEAP,
        JM_DIRECT_LIMIT,
        JM_METASPACE,
        JM_OVERHEAD.minimum,
        JM_OVERHEAD.maximum,
        JM_OVERHEAD.fraction,
        JM_HEAP,
        JM_HEAP_MB,
    ),
}

# Every key that has to do with memory, and the option that it spells.
KNOWN: dict[str, Option[t.Any]] = {
    key: option
    for options in (*MODEL.values(), _BEYOND_THE_MODEL, (TM_SLOTS, TM_CPU, EXTERNAL_RESOURCES))
    for option in options
    for key in option.keys
}

# The sizes in the configuration files that Flink is shipped with: 1.10.1 - 2.3, JobManagers from 1.11 on.
SHIPPED = {TM_PROCESS.key: "1728m", JM_PROCESS.key: "1600m"}

# Keys of Flink 1.9 and older that no release from 1.10 on reads, and what took their place.
REMOVED = {
    "taskmanager.memory.fraction": TM_MANAGED_FRACTION.key,
    "taskmanager.memory.off-heap": TM_MANAGED.key,
    "taskmanager.memory.preallocate": None,
}

# What to write instead of a key that a release deprecates or no longer reads.
SUCCESSORS: dict[str, tuple[str, ...]] = {
    TM_HEAP.key: (TM_FLINK.key,),
    TM_HEAP_MB.key: (TM_FLINK.key,),
    JM_HEAP.key: (JM_JVM_HEAP.key,),
    JM_HEAP_MB.key: (JM_JVM_HEAP.key,),
    TM_NETWORK_BUFFERS.key: (TM_NETWORK.minimum.key, TM_NETWORK.maximum.key),
    **{fallback: (option.key,) for option in KNOWN.values() for fallback in option.fallbacks},
}
