# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sizes of a process mean for those who run it."""

from __future__ import annotations

import typing as t

from ..values import options
from ..values.errors import FlinkError
from ..values.size import GIB, MIB, exact, precise
from .network_buffers import default_parallelism, fewest_buffers
from .taskmanager import counts_network_buffers, effective_slots, read_slots

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Notes
    from .derivation import ProcessModel
    from .taskmanager import TaskManagerMemory

# The JVM addresses objects with 32 bits up to this heap; from here to about one and a half times as much, a larger
# heap holds fewer objects.
_COMPRESSED_POINTERS_END = 32 * GIB
_LARGER_HEAP_PAYS = 48 * GIB
_SMALL_TASK_HEAP = 64 * MIB
_SMALL_JOBMANAGER_HEAP = 128 * MIB
_OLD_NETWORK_MAXIMUM = GIB

_HEAP_BACKENDS = ("hashmap", "jobmanager", "filesystem")
_BACKEND_KEYS = ("state.backend.type", "state.backend")


def note_ways(notes: Notes, config: Config, model: ProcessModel[t.Any]) -> None:
    """More than one of the three ways is configured; all but the first become constraints."""
    fine = model.fine_grained
    totals = [config.name_of(option) for option in (model.total_process, model.total_flink) if config.is_set(option)]
    if all(map(config.is_set, fine)) and totals:
        notes.warning(
            "fine-grained-and-total",
            [*map(config.name_of, fine), *totals],
            f"{' and '.join(map(config.name_of, fine))} decide; {' and '.join(totals)} must fit to the byte.",
            f"Remove {' and '.join(totals)}, and Flink adds up the rest.",
        )
    elif len(totals) == 2:
        notes.warning(
            "total-process-and-flink",
            totals,
            f"{totals[1]} decides, and {totals[0]} only bounds it: JVM overhead takes the difference.",
            f"Keep one of them: {totals[0]} in containers, {totals[1]} on plain hosts.",
        )


def note_taskmanager(notes: Notes, config: Config, memory: TaskManagerMemory, metaspace: int) -> None:
    """What a TaskManager's parts mean for those who run it."""
    _note_managed(notes, config, memory)
    _note_network(notes, config, memory)
    if memory.task_heap < _SMALL_TASK_HEAP:
        notes.warning(
            "task-heap-small",
            [options.TM_TASK_HEAP.key],
            f"The task heap is {precise(memory.task_heap)}; few jobs run in less than 64m.",
            "Raise the total, or take from managed memory, network or framework heap.",
        )
    note_heap(notes, memory.jvm_heap, metaspace)
    for option in (options.TM_FRAMEWORK_HEAP, options.TM_FRAMEWORK_OFF_HEAP):
        if config.is_set(option) and config.size(option) != option.default(config.release):
            notes.hint(
                "framework-memory-changed",
                [option.key],
                f"{option.key} is {precise(config.size(option))}: Flink advises against changing it "
                f"({precise(option.default(config.release))}) without a measured reason.",
                f"Remove {option.key}; give memory to tasks by the task heap or task off-heap options.",
            )


def _note_managed(notes: Notes, config: Config, memory: TaskManagerMemory) -> None:
    managed_keys = [config.name_of(options.TM_MANAGED)]
    if config.is_set(options.TM_MANAGED) and config.is_set(options.TM_MANAGED_FRACTION):
        notes.warning(
            "managed-fraction-ignored",
            [options.TM_MANAGED_FRACTION.key, *managed_keys],
            f"{options.TM_MANAGED_FRACTION.key} has no effect: {managed_keys[0]} is set.",
            "Remove one of the two.",
        )
    backend = next((str(config.values[key]).strip().lower() for key in _BACKEND_KEYS if key in config.values), "")
    if "rocksdb" in backend and memory.managed == 0:
        notes.warning(
            "rocksdb-without-managed",
            [*managed_keys, options.TM_MANAGED_FRACTION.key],
            "The state backend is RocksDB, which uses managed memory, but there is none: its jobs will fail.",
            f"Raise {options.TM_MANAGED_FRACTION.key} (default 0.4) or {options.TM_MANAGED.key}.",
        )
    if backend in _HEAP_BACKENDS and memory.managed * 4 > memory.total_flink:
        notes.warning(
            "managed-unused",
            [options.TM_MANAGED_FRACTION.key],
            f"The state backend keeps state on the heap, but {precise(memory.managed)} is managed memory, which only "
            "RocksDB, batch operators and Python use.",
            f"Lower {options.TM_MANAGED_FRACTION.key}, and the task heap takes the difference.",
        )


def _note_network(notes: Notes, config: Config, memory: TaskManagerMemory) -> None:
    if memory.network > _OLD_NETWORK_MAXIMUM and _is_network_unlimited(config):
        key = options.TM_NETWORK.maximum.key
        notes.hint(
            "network-unlimited",
            [key],
            f"Network is {precise(memory.network)}: {key} is unlimited from Flink 1.17 on; it was 1g before.",
            f"Set {key}: 1g to restore that limit.",
        )
    try:
        segment = config.size(options.TM_SEGMENT)
    except FlinkError as exc:
        notes.warning(
            "unreadable-segment-size",
            [options.TM_SEGMENT.key],
            f"{exc} The calculation does not read it, but the TaskManager will not start.",
            f"Remove {options.TM_SEGMENT.key} (default 32k).",
        )
        return
    if memory.network < segment:
        notes.warning(
            "network-without-buffers",
            [options.TM_NETWORK.minimum.key, options.TM_SEGMENT.key],
            f"Network is {precise(memory.network)}, less than one buffer of {precise(segment)}: no job can exchange "
            "data.",
            f"Raise {options.TM_NETWORK.minimum.key} (default 64m).",
        )
    elif segment:
        _note_buffers(notes, config, memory.network // segment, segment)


def _note_buffers(notes: Notes, config: Config, available: int, segment: int) -> None:
    """A job with the default parallelism demands more buffers than there are."""
    slots = effective_slots(read_slots(config))
    try:
        parallelism = default_parallelism(config)
        required = fewest_buffers(config, parallelism, slots) if parallelism and slots else 0
    except FlinkError:
        return  # Flink refuses these options itself, as soon as it looks at them
    if parallelism is None or slots is None or available >= required:
        return
    keys, remedy = _more_network(config, required, required * segment)
    working = min(slots, parallelism)
    notes.warning(
        "insufficient-network-buffers",
        ["parallelism.default", *keys],
        f"An exchange between all subtasks (keyBy, rebalance) at parallelism.default {parallelism} needs at least "
        f"{required} network buffers where {working} of them {'run' if working > 1 else 'runs'}, but there are "
        f'{available} of {precise(segment)}: the job fails with "Insufficient number of network buffers".',
        remedy,
    )


def _more_network(config: Config, buffers: int, size: int) -> tuple[list[str], str]:
    """The options that give so many buffers, of that size together, and the words for it."""
    network, written = options.TM_NETWORK, exact(size)
    if counts_network_buffers(config):
        return [options.TM_NETWORK_BUFFERS.key], f"Set {options.TM_NETWORK_BUFFERS.key} to {buffers}."
    if _takes_rest(config):
        return [options.TM_TASK_HEAP.key], (
            f"Network is what the other parts leave: lower {options.TM_TASK_HEAP.key}, or raise the total, "
            f"until it is {written}."
        )
    minimum, maximum = config.name_of(network.minimum), config.name_of(network.maximum)
    if config.size(network.maximum) < size:
        return [minimum, maximum], f"Set {minimum} and {maximum} to {written}."
    return [minimum], f"Set {minimum} to {written}."


def _takes_rest(config: Config) -> bool:
    """Whether the network is what the other parts leave of a total."""
    is_set = config.is_set
    return is_set(options.TM_TASK_HEAP) and (is_set(options.TM_FLINK) or not is_set(options.TM_MANAGED))


def _is_network_unlimited(config: Config) -> bool:
    """Whether the fraction alone decides the network, and its former maximum would have cut it."""
    is_set = config.is_set
    return (
        config.release.version >= (1, 17)
        and not _takes_rest(config)
        and not is_set(options.TM_NETWORK.maximum)
        and not is_set(options.TM_NETWORK_BUFFERS)
        and config.size(options.TM_NETWORK.minimum) <= _OLD_NETWORK_MAXIMUM
    )


def note_heap(notes: Notes, heap: int, metaspace: int) -> None:
    """What the JVM makes of these sizes."""
    if _COMPRESSED_POINTERS_END <= heap < _LARGER_HEAP_PAYS:
        notes.warning(
            "compressed-pointers-lost",
            [],
            f"A JVM heap of {precise(heap)} is too large for compressed object pointers: up to about 48g it holds no "
            "more than one just below 32g.",
            "Stay below 32g, for example with more and smaller processes, or go beyond 48g.",
        )
    for name, size in (("JVM heap", heap), ("JVM metaspace", metaspace)):
        if size == 0:
            notes.warning(
                "jvm-refuses-zero",
                [],
                f"The {name} is 0, which Flink accepts but the JVM refuses: the process will not start.",
                f"Give the {name} some memory.",
            )


def note_no_slots(notes: Notes) -> None:
    """The calculation accepts any number of slots if the number of CPU cores is set."""
    key = options.TM_SLOTS.key
    notes.warning("no-slots", [key], f"{key} must be at least 1; the TaskManager will not start.", "Set 1 or more.")


def note_jobmanager_heap(notes: Notes, heap: int) -> None:
    if heap < _SMALL_JOBMANAGER_HEAP:
        notes.warning(
            "jobmanager-heap-small",
            [options.JM_JVM_HEAP.key],
            f"The JVM heap is {precise(heap)}; Flink itself warns below 128m.",
            "Raise the total.",
        )
