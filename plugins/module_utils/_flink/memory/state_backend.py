# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state backend, and what it makes of managed memory.

Source: ``StateBackendLoader``; ``RocksDBSharedResourcesFactory`` and ``RocksDBMemoryConfiguration`` of 1.20.5,
``ForStOptions`` of 2.3.0.
"""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ..values import options
from ..values.config import STANDARD_YAML
from ..values.errors import FlinkError, nearest, quoted, quoted_key, type_name
from ..values.notes import Try
from ..values.options import Option
from ..values.shapes import scalar
from ..values.size import GIB, MIB, exact, precise
from .consumers import KEY as CONSUMER_WEIGHTS
from .network_buffers import is_batch

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Attempt, Notes
    from ..values.release import Release
    from .taskmanager import TaskManagerMemory

_TYPE: Option[str] = Option("state.backend.type", fallbacks=("state.backend",))
_TYPE_BEFORE_1_17: Option[str] = Option("state.backend")

# The names of state backends: the first release that knows each, and the first that no longer does.
_NAMES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "hashmap": ((1, 13), (99,)),
    "rocksdb": ((1, 10), (99,)),
    "forst": ((2, 0), (99,)),
    "filesystem": ((1, 10), (2, 0)),
    "jobmanager": ((1, 10), (2, 0)),
}
_NEVER = ((99,), (99,))
# Classes of Flink itself, in small letters, that 2.0 dropped.
_CLASSES_OF_1 = {
    "org.apache.flink.contrib.streaming.state.rocksdbstatebackendfactory": ("rocksdb",),
    "org.apache.flink.runtime.state.filesystem.fsstatebackendfactory": ("hashmap",),
    "org.apache.flink.runtime.state.memory.memorystatebackendfactory": ("hashmap",),
}
# What is meant by a name that a release does not know, the best first.
_MEANT = {
    **_CLASSES_OF_1,
    **dict.fromkeys(("jobmanager", "memory"), ("hashmap", "jobmanager")),
    **dict.fromkeys(("filesystem", "fs", "hashmap", "heap"), ("hashmap", "filesystem")),
    "forst": ("rocksdb",),
}
_OF_1 = ("jobmanager", "filesystem")
_ON_THE_HEAP = ("hashmap", *_OF_1)

# What people would write is a multiple of this.
_TIDY = 64 * MIB
# What one state of RocksDB takes in a slot if nothing bounds it.
_UNBOUNDED = "about 140m for each state in each slot"


def note_backend(notes: Notes, config: Config) -> None:
    """Names of state backends that the release does not know, and those of 1.12 that 2.0 no longer does."""
    key, text = _backend(config)
    backend = text.lower()
    if backend in _OF_1 and (1, 13) <= config.release.version < (2, 0):
        notes.hint(
            "deprecated-state-backend",
            [key],
            f"{key}: {backend} is deprecated from Flink 1.13 on, and 2.0 no longer has it.",
            Try({key: "hashmap"}, f"Set {key} to hashmap, and the checkpoint directory decides where state goes."),
        )
    elif backend and not _is_known(backend, config.release):
        names, meant = _names(config.release), _meant(backend.strip(), config.release)
        shown = quoted_key(text) if text == text.strip() else quoted(text)
        words = f"Set {key} to {meant}" + ", and the checkpoint directory decides where state goes" * (
            meant == "hashmap" and backend != "hashmap"
        )
        notes.error(
            "unknown-state-backend",
            [key],
            f"{key}: Flink {config.release.line} has no state backend {shown}, so every job fails.",
            *([Try({key: meant}, f"{words}.")] if meant in names else []),
            Try({key: None}, f"It has {', '.join(names)}. Set one of them, or remove {key} to keep state on the heap."),
        )


def uses_managed_memory(config: Config) -> bool:
    """Whether the options set a state backend that is none of those on the heap."""
    backend = _backend(config)[1].lower()
    return bool(backend) and backend not in _ON_THE_HEAP and _MEANT.get(backend, ("",))[0] != "hashmap"


def _is_known(backend: str, release: Release) -> bool:
    """A class may be any that is on the class path, but for those that were Flink's own."""
    if "." in backend:
        return release.version < (2, 0) or backend not in _CLASSES_OF_1
    since, until = _NAMES.get(backend, _NEVER)
    return since <= release.version < until


def _names(release: Release) -> list[str]:
    return [name for name, (since, until) in _NAMES.items() if since <= release.version < until]


def _meant(backend: str, release: Release) -> str:
    """The backend that a name stands for, as the release calls it; the name itself if that is not plain."""
    if not backend or _is_known(backend, release):
        return backend
    names = _names(release)
    meant = next((name for name in _MEANT.get(backend, ()) if name in names), None)
    return meant or nearest(backend, names, cutoff=0.75) or backend


def note_managed_memory(
    notes: Notes, config: Config, memory: TaskManagerMemory, overhead: int, slots: int
) -> str | None:
    """Managed memory that the state backend lacks or leaves unused, and memory that it takes beside the plan.

    Returns the title of the state backend if it lives in managed memory.
    """
    backend = _meant(_backend(config)[1].strip().lower(), config.release)
    native = next((name for name in ("rocksdb", "forst") if name in backend), None)
    if native is not None:
        return _note_native(notes, config, _NativeMemory.of(native), memory, overhead, slots)
    if backend in _ON_THE_HEAP and memory.managed * 4 > memory.total_flink and not _has_other_consumers(config):
        notes.warning(
            "managed-unused",
            [config.name_of(_deciding(config))],
            f"The state backend keeps state on the heap, but {precise(memory.managed)} is managed memory, which only "
            "RocksDB, batch operators and Python use.",
            *_without_managed(config, memory),
            remedy="Give less of it to managed memory, and more to the task heap.",
        )
    return None


def unbounded(config: Config, slots: int, *, is_seen: bool) -> tuple[str, str] | None:
    """The title of the state backend whose memory nothing bounds, and the option that says so; null if there is none.

    ``is_seen`` tells that jobs keep state in RocksDB or ForSt, which they may choose themselves.
    """
    backend = _meant(_backend(config)[1].strip().lower(), config.release)
    for name in ("rocksdb", "forst"):
        native = _NativeMemory.of(name)
        if name in backend or (is_seen and config.is_set(native.managed)):
            with contextlib.suppress(FlinkError):
                key, size = native.outside(config, slots) or ("", 0)
                if size is None:
                    return native.title, key
    return None


@dataclasses.dataclass(frozen=True)
class _NativeMemory:
    """What bounds the memory of RocksDB or ForSt: managed memory, a size for each slot or for all, or nothing."""

    title: str
    managed: Option[bool]
    per_slot: Option[int]
    per_process: Option[int]

    @classmethod
    def of(cls, name: str) -> _NativeMemory:
        prefix = f"state.backend.{name}.memory."
        return cls(
            {"rocksdb": "RocksDB", "forst": "ForSt"}[name],
            Option(f"{prefix}managed", (((1, 10), True),)),
            Option(f"{prefix}fixed-per-slot"),
            Option(f"{prefix}fixed-per-tm", since=(1, 17)),
        )

    def options(self) -> tuple[Option[t.Any], ...]:
        return self.managed, self.per_slot, self.per_process

    def outside(self, config: Config, slots: int) -> tuple[str, int | None] | None:
        """The option by which it lies outside managed memory, and the bytes, none if unbounded; none if it does not.

        Raises FlinkError if Flink would not read the options.
        """
        is_managed = config.boolean(self.managed)
        if config.is_set(self.per_slot):
            return self.per_slot.key, config.size(self.per_slot) * slots
        if is_managed:
            return None
        if self.per_process.exists_in(config.release) and config.is_set(self.per_process):
            return self.per_process.key, config.size(self.per_process)
        return self.managed.key, None


def _note_native(
    notes: Notes, config: Config, native: _NativeMemory, memory: TaskManagerMemory, overhead: int, slots: int
) -> str | None:
    try:
        outside = native.outside(config, slots)
    except FlinkError as exc:
        keys = [option.key for option in native.options() if config.is_set(option)]
        notes.warning(
            "unreadable-state-backend-memory",
            keys,
            f"{exc} Every job fails whose state backend is {native.title}.",
            *(Try({key: None}) for key in keys),
            Try(dict.fromkeys(keys)),
        )
        return None
    if outside is not None:
        _note_outside(notes, native, *outside, memory=memory, overhead=overhead)
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
    else:
        return native.title
    return None


def _note_outside(
    notes: Notes,
    native: _NativeMemory,
    key: str,
    size: int | None,
    *,
    memory: TaskManagerMemory,
    overhead: int,
) -> None:
    title, lies = native.title, "lies outside the plan, beside managed memory"
    attempts: list[Attempt] = [
        Try(dict.fromkeys(keys), f"Remove {' and '.join(keys)}, and {title} keeps to managed memory.")
        for keys in ([key], [key, native.managed.key])
    ]
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
        enough = -(-(overhead + size) // _TIDY) * _TIDY
        bounds = dict.fromkeys((options.TM_OVERHEAD.minimum.key, options.TM_OVERHEAD.maximum.key), exact(enough))
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
    """The option that chooses the backend, and its text, empty if none is chosen. In YAML blanks around it count."""
    option = _TYPE if config.release.version >= (1, 17) else _TYPE_BEFORE_1_17
    key = config.key_of(option)
    value = config.values[key] if key is not None else ""
    text = str(value) if scalar(value) is None else type_name(value)
    return key or option.key, text if config.release.version >= STANDARD_YAML else text.strip()


def _has_other_consumers(config: Config) -> bool:
    """Whether something else is said to use managed memory: batch operators, or those that have weights."""
    try:
        has_weights = config.release.version >= (1, 12) and any(
            key.startswith(CONSUMER_WEIGHTS) for key in config.values
        )
        return has_weights or is_batch(config)
    except FlinkError:
        return True


def _deciding(config: Config) -> Option[t.Any]:
    """The option that decides how much managed memory there is."""
    return options.TM_MANAGED if config.is_set(options.TM_MANAGED) else options.TM_MANAGED_FRACTION


def _without_managed(config: Config, memory: TaskManagerMemory) -> list[Attempt]:
    """Where the task heap takes the rest, it takes that of managed memory; else it has to be freed as well.

    A heap that would be too large for compressed object pointers takes a part.
    """
    deciding, zero = _deciding(config), {config.name_of(_deciding(config)): 0}
    words = f"Set {config.name_of(deciding)} to 0, and the task heap takes the difference."
    if config.is_set(options.TM_TASK_HEAP):
        return [Try({**zero, options.TM_TASK_HEAP.key: None})]
    left = -(-(memory.managed + memory.jvm_heap - 32 * GIB + 1) // _TIDY) * _TIDY
    fraction = {options.TM_MANAGED_FRACTION.key: None} if config.is_set(options.TM_MANAGED_FRACTION) else {}
    return [Try(zero, words), Try({**fraction, config.name_of(options.TM_MANAGED): exact(max(left, 0))})]
