# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state backend, and what it makes of managed memory.

Source: ``StateBackendLoader``; ``RocksDBSharedResourcesFactory`` and ``RocksDBMemoryConfiguration`` of 1.20.5,
``ForStOptions`` of 2.3.0.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..values import options
from ..values.errors import FlinkError, type_name
from ..values.notes import Try
from ..values.options import Option
from ..values.shapes import scalar
from ..values.size import exact, precise
from .network_buffers import is_batch

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Attempt, Notes
    from .taskmanager import TaskManagerMemory

_TYPE: Option[str] = Option("state.backend.type", fallbacks=("state.backend",))
_TYPE_BEFORE_1_17: Option[str] = Option("state.backend")
_CONSUMERS = f"{options.TM}managed.consumer-weights"

# Names of the heap backend, and of those of them that releases from 2.0 on no longer know.
_OF_1 = ("jobmanager", "filesystem")
_ON_THE_HEAP = ("hashmap", *_OF_1)

# What one state of RocksDB takes in a slot if nothing bounds it.
_UNBOUNDED = "about 140m for each state in each slot"


def note_backend(notes: Notes, config: Config) -> None:
    """The names of the heap backend that 1.13 deprecated and 2.0 dropped."""
    key, backend = _backend(config)
    if backend in _OF_1 and config.release.version >= (1, 13):
        attempt = Try({key: "hashmap"}, f"Set {key} to hashmap, and the checkpoint directory decides where state goes.")
        if config.release.version >= (2, 0):
            message = f"{key}: Flink {config.release.line} has no state backend {backend}, so every job fails."
            notes.error("unknown-state-backend", [key], message, attempt)
        else:
            message = f"{key}: {backend} is deprecated from Flink 1.13 on, and 2.0 no longer has it."
            notes.hint("deprecated-state-backend", [key], message, attempt)


def note_managed_memory(notes: Notes, config: Config, memory: TaskManagerMemory, overhead: int, slots: int) -> None:
    """Managed memory that the state backend lacks or leaves unused, and memory that it takes beside the plan."""
    _key, backend = _backend(config)
    native = next((name for name in ("rocksdb", "forst") if name in backend), None)
    if native is not None:
        _note_native(notes, config, _NativeMemory.read(config, native), memory, overhead, slots)
    elif backend in _ON_THE_HEAP and memory.managed * 4 > memory.total_flink and not _has_other_consumers(config):
        notes.warning(
            "managed-unused",
            [config.name_of(_deciding(config))],
            f"The state backend keeps state on the heap, but {precise(memory.managed)} is managed memory, which only "
            "RocksDB, batch operators and Python use.",
            *_without_managed(config),
            remedy="Give less of it to managed memory, and more to the task heap.",
        )


@dataclasses.dataclass(frozen=True)
class _NativeMemory:
    """What bounds the memory of RocksDB or ForSt: managed memory, a size for each slot or for all, or nothing."""

    title: str
    managed: Option[bool]
    per_slot: Option[int]
    per_process: Option[int]

    @classmethod
    def read(cls, config: Config, name: str) -> _NativeMemory:
        prefix = f"state.backend.{name}.memory."
        return cls(
            {"rocksdb": "RocksDB", "forst": "ForSt"}[name],
            Option(f"{prefix}managed", (((1, 10), True),)),
            Option(f"{prefix}fixed-per-slot"),
            Option(f"{prefix}fixed-per-tm", since=(1, 17)),
        )

    def outside(self, config: Config, slots: int) -> tuple[str, int | None] | None:
        """The option by which it lies outside managed memory, and the bytes, none if unbounded; none if it does not.

        Raises FlinkError if Flink would not read the options.
        """
        if config.is_set(self.per_slot):
            return self.per_slot.key, config.size(self.per_slot) * slots
        if config.boolean(self.managed):
            return None
        if self.per_process.exists_in(config.release) and config.is_set(self.per_process):
            return self.per_process.key, config.size(self.per_process)
        return self.managed.key, None


def _note_native(
    notes: Notes, config: Config, native: _NativeMemory, memory: TaskManagerMemory, overhead: int, slots: int
) -> None:
    try:
        outside = native.outside(config, slots)
    except FlinkError:
        return
    if outside is not None:
        _note_outside(notes, config, native.title, *outside, memory=memory, overhead=overhead)
    elif memory.managed == 0:
        deciding = _deciding(config)
        notes.warning(
            "rocksdb-without-managed",
            [config.name_of(deciding)],
            f"The state backend is {native.title}, which caches in managed memory, but there is none: it runs without "
            "a cache, and slowly.",
            Try({config.name_of(deciding): None}),
            Try({deciding.key: None, options.TM_MANAGED_FRACTION.key: None}),
            remedy=f"Raise {config.name_of(deciding)}.",
        )


def _note_outside(
    notes: Notes, config: Config, title: str, key: str, size: int | None, *, memory: TaskManagerMemory, overhead: int
) -> None:
    lies = "lies outside the plan, beside managed memory"
    attempts: list[Attempt] = [Try({key: None}, f"Remove {key}, and {title} keeps to managed memory.")]
    if size is None:
        notes.warning(
            "state-backend-unbounded",
            [key],
            f"{key}: nothing bounds the memory of {title}, which {lies}: {_UNBOUNDED}.",
            *(attempts if memory.managed else []),
            Try({key: None, options.TM_MANAGED_FRACTION.key: None, options.TM_MANAGED.key: None}),
            remedy=f"Remove {key}.",
        )
    elif size > overhead:
        bounds = dict.fromkeys(
            (options.TM_OVERHEAD.minimum.key, options.TM_OVERHEAD.maximum.key), exact(overhead + size)
        )
        notes.warning(
            "state-backend-beside-plan",
            [key],
            f"{key}: {precise(size)} of memory of {title} {lies} ({precise(memory.managed)}), and JVM overhead is only "
            f"{precise(overhead)}: the process outgrows its total.",
            *(attempts if memory.managed else []),
            Try({key: None, options.TM_MANAGED_FRACTION.key: None, options.TM_MANAGED.key: None}),
            Try(bounds),
            remedy=f"Remove {key}, or raise JVM overhead by that.",
        )


def _backend(config: Config) -> tuple[str, str]:
    """The option that chooses the backend, and the backend in small letters, empty if none is chosen."""
    option = _TYPE if config.release.version >= (1, 17) else _TYPE_BEFORE_1_17
    key = config.key_of(option)
    value = config.values[key] if key is not None else ""
    return key or option.key, (str(value) if scalar(value) is None else type_name(value)).strip().lower()


def _has_other_consumers(config: Config) -> bool:
    """Whether something else is said to use managed memory: batch operators, or those that have weights."""
    try:
        return is_batch(config) or any(key.startswith(_CONSUMERS) for key in config.values)
    except FlinkError:
        return True


def _deciding(config: Config) -> Option[t.Any]:
    """The option that decides how much managed memory there is."""
    return options.TM_MANAGED if config.is_set(options.TM_MANAGED) else options.TM_MANAGED_FRACTION


def _without_managed(config: Config) -> list[Attempt]:
    """Where the task heap takes the rest, it takes that of managed memory; else it has to be freed as well."""
    deciding, zero = _deciding(config), {config.name_of(_deciding(config)): 0}
    words = f"Set {config.name_of(deciding)} to 0, and the task heap takes the difference."
    if not config.is_set(options.TM_TASK_HEAP):
        return [Try(zero, words)]
    return [Try({**zero, options.TM_TASK_HEAP.key: None})]
