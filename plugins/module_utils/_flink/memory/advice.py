# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sizes of a process mean for those who run it."""

from __future__ import annotations

import typing as t

from ..values import options
from ..values.errors import FlinkError
from ..values.java_numbers import multiply
from ..values.notes import Lower, Raise, Try
from ..values.size import GIB, KIB, MIB, exact, precise
from .consumers import note_consumers
from .network_buffers import default_parallelism, fewest_buffers
from .state_backend import note_managed_memory
from .taskmanager import counts_network_buffers, effective_slots, read_slots

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Attempt, Notes
    from ..values.options import Option
    from .derivation import ProcessModel
    from .taskmanager import TaskManagerMemory

# The JVM addresses objects with 32 bits up to this heap; from here to about one and a half times as much, a larger
# heap holds fewer objects.
_COMPRESSED_POINTERS_END = 32 * GIB
_LARGER_HEAP_PAYS = 48 * GIB
_SMALL_TASK_HEAP = 64 * MIB
_SMALL_JOBMANAGER_HEAP = 128 * MIB
_SMALLEST_HEAP = 2 * MIB  # tried with Java 17 and each of its collectors that a script may choose
_OLD_NETWORK_MAXIMUM = GIB

# Less than this of the task heap for a slot is next to nothing.
_SMALL_SLOT = 16 * MIB

# What the network has beyond its fraction before it counts as taken by surprise.
_SURPRISE = 256 * MIB


def note_ways(notes: Notes, config: Config, model: ProcessModel[t.Any]) -> None:
    """More than one of the three ways is configured; all but the first become constraints."""
    fine = model.fine_grained
    totals = [config.name_of(option) for option in (model.total_process, model.total_flink) if config.is_set(option)]
    if all(map(config.is_set, fine)) and totals:
        parts = [config.name_of(option) for option in fine]
        notes.warning(
            "fine-grained-and-total",
            [*parts, *totals],
            f"{' and '.join(parts)} decide{'s' if len(parts) == 1 else ''}, and {' and '.join(totals)} only "
            f"bound{'s' if len(totals) == 1 else ''} the sum: what is left goes to {_leftover(config, model)}.",
            Try(dict.fromkeys(totals), f"Remove {' and '.join(totals)}, and Flink adds up the rest."),
            *(Try({key: None}) for key in parts),
        )
    elif len(totals) == 2:
        process, flink = totals
        notes.warning(
            "total-process-and-flink",
            totals,
            f"{flink} decides, and {process} only bounds it: JVM overhead takes the difference.",
            Try({process: None}, f"Keep one of them: remove {process} on plain hosts, or {flink} in containers."),
            Try({flink: None}),
        )


def _leftover(config: Config, model: ProcessModel[t.Any]) -> str:
    """The components that take what the parts leave of the totals that are set."""
    inner = ("off-heap memory" if len(model.fine_grained) == 1 else "network") * config.is_set(model.total_flink)
    return " and ".join(filter(None, (inner, "JVM overhead" * config.is_set(model.total_process))))


def note_taskmanager(notes: Notes, config: Config, memory: TaskManagerMemory, metaspace: int, overhead: int) -> None:
    """What a TaskManager's parts mean for those who run it."""
    slots = effective_slots(read_slots(config)) or 1
    _note_managed(notes, config)
    note_consumers(notes, config, note_managed_memory(notes, config, memory, overhead, slots))
    segment = note_segment(notes, config)
    _note_network(notes, config, memory, segment)
    _note_task_heap(notes, config, memory.task_heap, memory.jvm_heap, slots)
    if segment:
        note_batch_shuffle(notes, config, memory.framework_off_heap, segment)
        note_smaller_segments(notes, config, segment)
    note_heap(notes, memory.jvm_heap, metaspace, _raising(config), _sizes(config))
    for option in (options.TM_FRAMEWORK_HEAP, options.TM_FRAMEWORK_OFF_HEAP):
        if config.is_set(option) and config.size(option) != option.default(config.release):
            notes.hint(
                "framework-memory-changed",
                [option.key],
                f"{option.key} is {precise(config.size(option))}: Flink advises against changing it "
                f"({precise(option.default(config.release))}) without a measured reason.",
                Try({option.key: None}, f"Remove {option.key}; give memory to tasks by options of the task."),
                remedy=f"Remove {option.key} if there is none.",
            )


def _sizes(config: Config) -> list[str]:
    """The options that make a TaskManager as large as it is, parts before totals."""
    deciding = (options.TM_TASK_HEAP, options.TM_FLINK, options.TM_HEAP, options.TM_HEAP_MB, options.TM_PROCESS)
    return [option.key for option in deciding if option.key in config.values and option.exists_in(config.release)]


def _raising(config: Config) -> list[Attempt]:
    sizes = _sizes(config)
    return [*map(Raise, sizes), Try({options.TM_TASK_HEAP.key: None}), _as_shipped(sizes, options.TM_PROCESS)]


def _as_shipped(sizes: t.Iterable[str], total: Option[int]) -> Try:
    """Only the total that Flink's own configuration file sets."""
    return Try({**dict.fromkeys(sizes), total.key: options.SHIPPED[total.key]})


def _note_task_heap(notes: Notes, config: Config, task_heap: int, jvm_heap: int, slots: int) -> None:
    if task_heap < _SMALL_TASK_HEAP and jvm_heap >= _SMALLEST_HEAP:
        notes.warning(
            "task-heap-small",
            [options.TM_TASK_HEAP.key],
            f"The task heap is {precise(task_heap)}; few jobs run in less than 64m.",
            *_raising(config),
            remedy="Raise the total, or take from managed memory, network or framework heap.",
        )
    elif slots > 1 and task_heap // slots < _SMALL_SLOT:
        key = options.TM_SLOTS.key
        notes.warning(
            "slot-small",
            [key],
            f"Each of the {slots} slots gets {precise(task_heap // slots)} of task heap, next to nothing.",
            Try({key: task_heap // _SMALL_TASK_HEAP}),
            Try({key: task_heap // _SMALL_SLOT}),
            remedy=f"Lower {key}, or raise the total.",
        )


def _note_managed(notes: Notes, config: Config) -> None:
    size, fraction = config.name_of(options.TM_MANAGED), options.TM_MANAGED_FRACTION.key
    if config.is_set(options.TM_MANAGED) and config.is_set(options.TM_MANAGED_FRACTION):
        notes.warning(
            "managed-fraction-ignored",
            [fraction, size],
            f"{fraction} has no effect: {size} is set.",
            Try({fraction: None}),
        )


def note_batch_shuffle(notes: Notes, config: Config, framework_off_heap: int, segment: int) -> None:
    """The buffers that batch jobs read with, at least one, are a part of the framework's off-heap memory.

    Source: ``BatchShuffleReadBufferPool``.
    """
    option, framework = options.TM_BATCH_SHUFFLE, options.TM_FRAMEWORK_OFF_HEAP
    is_given = config.is_set(option)
    if not (is_given or config.is_set(options.TM_SEGMENT)) or not option.exists_in(config.release):
        return
    try:
        size = config.size(option)
    except FlinkError as exc:
        notes.error(
            "unreadable-batch-shuffle-size", [option.key], f"{exc} The TaskManager does not start.", _without(option)
        )
        return
    if size < segment:
        notes.error(
            "batch-shuffle-without-buffers",
            [option.key, options.TM_SEGMENT.key],
            f"{option.key}: expected at least one buffer of {options.TM_SEGMENT.key} ({precise(segment)}), got "
            f"{precise(size)}. The TaskManager does not start.",
            *([_without(option)] if is_given else []),
            Try({option.key: exact(segment)}),
            Try({option.key: exact(segment), framework.key: exact(segment + framework.default(config.release))}),
            _without(options.TM_SEGMENT),
        )
    elif size > framework_off_heap and is_given:
        notes.warning(
            "batch-shuffle-beyond-off-heap",
            [option.key, framework.key],
            f"{option.key} is {precise(size)}, a part of the framework's off-heap memory, which is only "
            f"{precise(framework_off_heap)}: batch jobs run out of direct memory.",
            _without(option),
            Try({framework.key: exact(size + framework.default(config.release))}),
            remedy=f"Lower {option.key}.",
        )


def note_smaller_segments(notes: Notes, config: Config, segment: int) -> None:
    """The sizes between which buffers shrink and grow.

    Source: ``BufferDebloatConfiguration``, which checks them from 1.15 on, whether buffers shrink or not.
    """
    smallest, starting = options.TM_SMALLEST_SEGMENT, options.TM_STARTING_SEGMENT
    given = [option for option in (smallest, starting) if config.is_set(option) and option.exists_in(config.release)]
    if not given or config.release.version < (1, 15):
        return
    read = [option for option in (smallest, starting) if option.exists_in(config.release)]
    try:
        sizes = [config.size(option) for option in read]
    except FlinkError as exc:
        message = str(exc)
    else:
        if sizes[0] > 0 and [*sizes, segment] == sorted([*sizes, segment]):
            return
        names = ", ".join(option.key for option in (*read, options.TM_SEGMENT))
        got = ", ".join(map(precise, (*sizes, segment)))
        keys = ", ".join(option.key for option in given)
        message = f"{keys}: expected at least 1b, and none smaller than the one before it of {names}, got {got}."
    notes.error(
        "bad-smaller-segments",
        [option.key for option in given],
        f"{message} The TaskManager does not start.",
        Try({option.key: None for option in given}),
    )


def _without(option: Option[t.Any]) -> Try:
    return Try({option.key: None})


def _note_network(notes: Notes, config: Config, memory: TaskManagerMemory, segment: int | None) -> None:
    _note_rest(notes, config, memory)
    if memory.network > _OLD_NETWORK_MAXIMUM and _is_network_unlimited(config):
        key = options.TM_NETWORK.maximum.key
        notes.hint(
            "network-unlimited",
            [key],
            f"Network is {precise(memory.network)}: {key} is unlimited from Flink 1.17 on; it was 1g before.",
            Try({key: "1g"}, f"Set {key} to 1g to restore that limit."),
            remedy=f"Set {key} to restore that limit.",
        )
    if segment is not None and memory.network < segment:
        network = options.TM_NETWORK
        keys = [config.name_of(option) for option in (network.minimum, network.maximum) if config.is_set(option)]
        notes.warning(
            "network-without-buffers",
            [network.minimum.key, options.TM_SEGMENT.key],
            f"Network is {precise(memory.network)}, less than one buffer of {precise(segment)}: no job can exchange "
            "data.",
            *(Try({key: None}) for key in keys),
            Try(dict.fromkeys(keys)),
            Try({options.TM_NETWORK_BUFFERS.key: None}),
            *map(Raise, _sizes(config)[1:]),
            Try({options.TM_SEGMENT.key: None}),
            remedy=f"Raise {network.minimum.key} (default 64m).",
        )
    elif segment:
        _note_buffers(notes, config, memory.network // segment, segment)


def note_segment(notes: Notes, config: Config) -> int | None:
    """The size of a network buffer, if a TaskManager starts with it: a power of two from 4k on.

    Source: ``ConfigurationParserUtils.getPageSize``.
    """
    option = options.TM_SEGMENT
    try:
        segment = config.size(option)
    except FlinkError as exc:
        notes.error("bad-segment-size", [option.key], f"{exc} The TaskManager does not start.", _without(option))
        return None
    if segment < 4 * KIB or segment & (segment - 1) or segment >= 2**31:
        notes.error(
            "bad-segment-size",
            [option.key],
            f"{option.key}: expected a power of two from 4k to 1g, got {precise(segment)}. The TaskManager does not "
            "start.",
            _without(option),
        )
        return None
    return segment


def _note_rest(notes: Notes, config: Config, memory: TaskManagerMemory) -> None:
    """The network is what the other parts leave, and much more than its fraction."""
    network = options.TM_NETWORK
    if not _takes_rest(config) or config.is_set(network.maximum) or counts_network_buffers(config):
        return
    wanted = max(multiply(memory.total_flink, config.fraction(network.fraction)), config.size(network.minimum))
    if memory.network - wanted >= _SURPRISE and memory.network * 2 >= wanted * 3:
        task_heap = options.TM_TASK_HEAP.key
        notes.warning(
            "network-takes-rest",
            [task_heap],
            f"Network is {precise(memory.network)}: it takes what the other parts leave, for {task_heap} is set. Its "
            f"fraction would be {precise(wanted)}.",
            Try({task_heap: None}, f"Remove {task_heap}, and the task heap takes the rest instead."),
            Try({options.TM_MANAGED.key: exact(memory.managed + memory.network - wanted)}),
            remedy=f"Raise {task_heap}.",
        )


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
    keys, attempts, remedy = _more_network(config, required, required * segment)
    working = min(slots, parallelism)
    notes.warning(
        "insufficient-network-buffers",
        ["parallelism.default", *keys],
        f"An exchange between all subtasks (keyBy, rebalance) at parallelism.default {parallelism} needs at least "
        f"{required} network buffers where {working} of them {'run' if working > 1 else 'runs'}, but there are "
        f'{available} of {precise(segment)}: the job fails with "Insufficient number of network buffers".',
        *attempts,
        remedy=remedy,
    )


def _more_network(config: Config, buffers: int, size: int) -> tuple[list[str], list[Attempt], str]:
    """The options that give so many buffers, of that size together, how to set them, and the words if that fails."""
    network, written = options.TM_NETWORK, exact(size)
    needed = f"Give the network at least {written}, or lower parallelism.default."
    if counts_network_buffers(config):
        return [options.TM_NETWORK_BUFFERS.key], [Try({options.TM_NETWORK_BUFFERS.key: buffers})], needed
    if _takes_rest(config):
        totals = _sizes(config)[1:]
        return [options.TM_TASK_HEAP.key], [Lower(options.TM_TASK_HEAP.key), *map(Raise, totals)], needed
    minimum, maximum = config.name_of(network.minimum), config.name_of(network.maximum)
    if config.size(network.maximum) < size:
        return [minimum, maximum], [Try({minimum: written, maximum: written})], needed
    return [minimum], [Try({minimum: written})], needed


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


def note_heap(notes: Notes, heap: int, metaspace: int, raising: t.Sequence[Attempt], deciding: t.Sequence[str]) -> None:
    """What the JVM makes of these sizes; ``deciding`` are the options that decide the heap."""
    if _COMPRESSED_POINTERS_END <= heap < _LARGER_HEAP_PAYS:
        notes.warning(
            "compressed-pointers-lost",
            [],
            f"A JVM heap of {precise(heap)} is too large for compressed object pointers: up to about 48g it holds no "
            "more than one just below 32g.",
            *map(Lower, deciding),
            *raising,
            remedy="Stay below 32g, for example with more and smaller processes, or go beyond 48g.",
        )
    if heap < _SMALLEST_HEAP:
        notes.error(
            "jvm-refuses-heap",
            [],
            f"A JVM heap of {precise(heap)} is too small: no Java starts with less than 2m.",
            *raising,
            remedy="Raise the total.",
        )
    if metaspace == 0:
        notes.error(
            "jvm-refuses-metaspace",
            [],
            "JVM metaspace is 0b, and no Java starts with that.",
            *(Try({option.key: None}) for option in (options.TM_METASPACE, options.JM_METASPACE)),
        )


def note_no_slots(notes: Notes) -> None:
    key = options.TM_SLOTS.key
    message = f"{key}: expected a whole number of at least 1. The TaskManager does not start."
    notes.error("no-slots", [key], message, Try({key: 1}))


def note_jobmanager(notes: Notes, config: Config, heap: int, metaspace: int) -> None:
    """What a JobManager's heap means for those who run it."""
    deciding = [
        option.key
        for option in (options.JM_JVM_HEAP, options.JM_HEAP, options.JM_HEAP_MB, options.JM_FLINK, options.JM_PROCESS)
        if option.key in config.values and option.exists_in(config.release)
    ]
    raising: list[Attempt] = [*map(Raise, deciding), *(Try({key: None}) for key in deciding)]
    raising.append(_as_shipped(deciding, options.JM_PROCESS))
    note_heap(notes, heap, metaspace, raising, deciding)
    if _SMALLEST_HEAP <= heap < _SMALL_JOBMANAGER_HEAP:
        notes.warning(
            "jobmanager-heap-small",
            [options.JM_JVM_HEAP.key],
            f"The JVM heap is {precise(heap)}; Flink itself warns below 128m.",
            *raising,
            remedy="Raise the total.",
        )
