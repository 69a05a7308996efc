# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Advice beside a plan: what an operator should know although Flink accepts the configuration.

Private to this collection: may change at any time.
"""

from __future__ import annotations

import difflib
import re
import typing as t

from . import _options as options
from ._errors import FlinkMemoryError
from ._size import GIB, MIB, show

if t.TYPE_CHECKING:
    from ._config import Config
    from ._options import Option, RangeOptions
    from ._process import ProcessModel
    from ._taskmanager import TaskManagerMemory

# The JVM addresses objects with 32 bits up to this heap; from here to about one and a half times as much, a larger
# heap holds fewer objects.
_COMPRESSED_POINTERS_END = 32 * GIB
_LARGER_HEAP_PAYS = 48 * GIB
_SMALL_TASK_HEAP = 64 * MIB
_SMALL_JOBMANAGER_HEAP = 128 * MIB
_OLD_NETWORK_MAXIMUM = GIB

# Below this, a number without unit may well be bytes.
_FEWEST_MEGABYTES = 32
_FEW_DIGITS = re.compile(r"[0-9]{1,7}")

# So many keys that might be misspelt are looked at; comparing takes time.
_MOST_COMPARISONS = 100
_LOOKS_LIKE_MEMORY = re.compile(r"(taskmanager|jobmanager)\.|.*(memory|heap)", re.IGNORECASE)
_LONGEST_KEY = max(map(len, options.KNOWN))

# Prefixes below which Flink has options of its own that are not about the size of memory.
_OTHER_OPTIONS = ("taskmanager.network.memory.",)

_HEAP_BACKENDS = ("hashmap", "jobmanager", "filesystem")
_BACKEND_KEYS = ("state.backend.type", "state.backend")


class Notes:
    """The notes of one plan, in the order in which they came up."""

    def __init__(self) -> None:
        self.items: list[dict[str, t.Any]] = []

    def sentences(self, *codes: str) -> list[str]:
        """The notes of these codes as sentences."""
        return [f"{note['message']} {note['remedy']}" for note in self.items if note["code"] in codes]

    def _add(self, level: str, code: str, keys: t.Iterable[str], message: str, remedy: str) -> None:
        self.items.append({"level": level, "code": code, "options": list(keys), "message": message, "remedy": remedy})

    def hint(self, code: str, keys: t.Iterable[str], message: str, remedy: str) -> None:
        """Something worth knowing."""
        self._add("hint", code, keys, message, remedy)

    def warning(self, code: str, keys: t.Iterable[str], message: str, remedy: str) -> None:
        """Something that is probably not what was meant."""
        self._add("warning", code, keys, message, remedy)


def note_clamped(notes: Notes, component: RangeOptions, *, wanted: int, size: int) -> None:
    """A component was raised to its minimum or cut at its maximum."""
    name, keys = component.component, (component.minimum.key, component.maximum.key, component.fraction.key)
    code = name.lower().replace(" ", "-")
    if size > wanted:
        notes.hint(
            f"{code}-raised",
            (keys[0], keys[2]),
            f"{name} is {show(size)}, its minimum; {keys[2]} alone would have given {show(wanted)}.",
            f"Nothing to do, unless the memory is wanted elsewhere: then lower {keys[0]}.",
        )
    else:
        notes.warning(
            f"{code}-capped",
            (keys[1], keys[2]),
            f"{name} is {show(size)}, its maximum; {keys[2]} alone would have given {show(wanted)}.",
            f"If the process needs more native memory than that, raise {keys[1]}."
            if component is not options.TM_NETWORK
            else f"If jobs run short of network buffers, raise {keys[1]}.",
        )


def note_fraction_not_honoured(notes: Notes, config: Config, component: RangeOptions, size: int) -> None:
    """The fraction of a component is set, but the other sizes decided."""
    key, name = config.name_of(component.fraction), component.component
    notes.warning(
        f"{name.lower().replace(' ', '-')}-fraction-not-honoured",
        [key],
        f"{key} is not honoured: {name} is {show(size)}, what the other sizes leave.",
        f"Remove {key}, or set fewer sizes so that the fraction can decide.",
    )


def note_keys(notes: Notes, config: Config, process: str) -> None:
    """Deprecated, ignored and misspelt keys among the options."""
    other = "jobmanager." if process == "taskmanager" else "taskmanager."
    line, compared = config.release.line, 0
    for key in config.values:
        if key.startswith(other):
            continue
        option = options.KNOWN.get(key)
        if option is not None:
            _note_known_key(notes, config, key, option)
            _note_bare_number(notes, config, key)
        elif key in options.REMOVED:
            successor = options.REMOVED[key]
            notes.warning(
                "ignored-key",
                [key],
                f"Flink {line} ignores {key} without a word: it ended with Flink 1.9.",
                f"Remove it; {successor} took its place." if successor else "Remove it.",
            )
        elif (
            compared < _MOST_COMPARISONS
            and len(key) <= _LONGEST_KEY + 4
            and _LOOKS_LIKE_MEMORY.match(key)
            and not key.startswith(_OTHER_OPTIONS)
        ):
            compared += 1
            _note_unknown_key(notes, line, key)


def _note_known_key(notes: Notes, config: Config, key: str, option: Option) -> None:
    line, successor = config.release.line, _successor(config, key)
    if not option.exists_in(config.release):
        newer = config.release.version < option.since
        notes.warning(
            "ignored-key",
            [key],
            f"Flink {line} ignores {key} without a word: "
            + (f"it came with {'.'.join(map(str, option.since))}." if newer else "it ended with 1.20."),
            f"Set {successor} instead." if successor and not newer else f"Remove it for Flink {line}.",
        )
    elif successor is not None:
        if key != option.key and option.key in config.values:
            message = f"{key} has no effect: {option.key} is set as well, and wins."
        else:
            message = f"{key} still works in Flink {line}, but is deprecated."
        notes.warning("deprecated-key", [key], message, f"Set {successor} instead.")


def _note_bare_number(notes: Notes, config: Config, key: str) -> None:
    """A size without unit that was surely meant as megabytes."""
    value = config.values[key]
    small = isinstance(value, str) or (isinstance(value, int) and 0 <= value < MIB)
    text = str(value).strip() if small and key.endswith((".size", ".min", ".max")) else ""
    if _FEW_DIGITS.fullmatch(text) and _FEWEST_MEGABYTES <= int(text) < MIB:
        notes.warning(
            "bare-number",
            [key],
            f"{key}: {text} means {text} bytes.",
            f"If megabytes were meant, write {text}m.",
        )


def _successor(config: Config, key: str) -> str | None:
    """What to write instead of this key, if this release has something."""
    successor = options.SUCCESSORS.get(key)
    option = options.KNOWN.get(successor or "")
    return successor if option is None or option.exists_in(config.release) else None


def _note_unknown_key(notes: Notes, line: str, key: str) -> None:
    close = difflib.get_close_matches(key, options.KNOWN, n=1, cutoff=0.86)
    if close:
        notes.warning(
            "unknown-key",
            [key],
            f"Flink {line} has no memory option {key} and ignores it without a word.",
            f"Did you mean {close[0]}?",
        )


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
            f"{totals[1]} decides, and {totals[0]} only bounds it: JVM overhead is what lies between the two.",
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
            f"The task heap is {show(memory.task_heap)}: hardly a job runs in less than 64m.",
            "Raise the total, or take from managed memory, network or framework heap.",
        )
    note_heap(notes, memory.jvm_heap, metaspace)
    for option in (options.TM_FRAMEWORK_HEAP, options.TM_FRAMEWORK_OFF_HEAP):
        if config.is_set(option) and config.size(option) != option.default(config.release):
            notes.hint(
                "framework-memory-changed",
                [option.key],
                f"{option.key} is {show(config.size(option))}: Flink advises against changing it "
                f"({show(option.default(config.release))}) without a measured reason.",
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
            "The state backend is RocksDB, whose memory is managed memory, but there is none: such jobs fail.",
            f"Raise {options.TM_MANAGED_FRACTION.key} (default 0.4) or {options.TM_MANAGED.key}.",
        )
    if backend in _HEAP_BACKENDS and memory.managed * 4 > memory.total_flink:
        notes.warning(
            "managed-unused",
            [options.TM_MANAGED_FRACTION.key],
            f"The state backend keeps state on the heap, but {show(memory.managed)} are managed memory, which only "
            "RocksDB, batch operators and Python use.",
            f"Lower {options.TM_MANAGED_FRACTION.key}, and the task heap takes the difference.",
        )


def _note_network(notes: Notes, config: Config, memory: TaskManagerMemory) -> None:
    maximum = options.TM_NETWORK.maximum
    if (
        config.release.version >= (1, 17)
        and not config.is_set(maximum)
        and not config.is_set(options.TM_TASK_HEAP)
        and memory.network > _OLD_NETWORK_MAXIMUM
    ):
        notes.hint(
            "network-unlimited",
            [maximum.key],
            f"Network is {show(memory.network)}: {maximum.key} is unlimited from Flink 1.17 on; it was 1g before.",
            f"Set {maximum.key}: 1g to have the difference as task heap.",
        )
    try:
        segment = config.size(options.TM_SEGMENT)
    except FlinkMemoryError as exc:
        notes.warning(
            "unreadable-segment-size",
            [options.TM_SEGMENT.key],
            f"{exc} The calculation does not look at it, but the TaskManager does not start.",
            f"Remove {options.TM_SEGMENT.key} (default 32k).",
        )
        return
    if memory.network < segment:
        notes.warning(
            "network-without-buffers",
            [options.TM_NETWORK.minimum.key, options.TM_SEGMENT.key],
            f"Network is {show(memory.network)}, less than one buffer of {show(segment)}: no job can exchange data.",
            f"Raise {options.TM_NETWORK.minimum.key} (default 64m).",
        )


def note_heap(notes: Notes, heap: int, metaspace: int) -> None:
    """What the JVM makes of these sizes."""
    if _COMPRESSED_POINTERS_END <= heap < _LARGER_HEAP_PAYS:
        notes.warning(
            "compressed-pointers-lost",
            [],
            f"A JVM heap of {show(heap)} is too large for compressed pointers, and up to about 48g it holds no more "
            "than one just below 32g.",
            "Stay below 32g, for example with more and smaller processes, or go beyond 48g.",
        )
    for name, size in (("JVM heap", heap), ("JVM metaspace", metaspace)):
        if size == 0:
            notes.warning(
                "jvm-refuses-zero",
                [],
                f"The {name} is 0, which Flink accepts and the JVM refuses: the process will not start.",
                f"Give the {name} some memory.",
            )


def note_no_slots(notes: Notes) -> None:
    """The calculation accepts any number of slots if the number of CPU cores is set."""
    key = options.TM_SLOTS.key
    notes.warning("no-slots", [key], f"{key} is no number of slots: the TaskManager does not start.", "Set 1 or more.")


def note_jobmanager_heap(notes: Notes, heap: int) -> None:
    if heap < _SMALL_JOBMANAGER_HEAP:
        notes.warning(
            "jobmanager-heap-small",
            [options.JM_JVM_HEAP.key],
            f"The JVM heap is {show(heap)}; Flink itself warns below 128m.",
            "Raise the total.",
        )
