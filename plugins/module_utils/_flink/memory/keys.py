# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys that do not do what they seem to: deprecated, ignored, misspelt; and sizes that lack their unit."""

from __future__ import annotations

import functools
import re
import typing as t

from ..values import options
from ..values.config import text_of
from ..values.errors import nearest, quoted_key
from ..values.notes import Try
from ..values.size import MIB, exact

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Notes
    from ..values.options import Option
    from ..values.release import Release

# Below this, a number without unit may well be bytes.
_FEWEST_MEGABYTES = 32
_FEW_DIGITS = re.compile(r"[0-9]{1,7}")

# So many keys that might be misspelt are looked at; comparing takes time.
_MOST_COMPARISONS = 100
_LOOKS_LIKE_MEMORY = re.compile(r"(taskmanager|jobmanager)\.|.*(memory|heap)", re.IGNORECASE)
_LONGEST_KEY = max(map(len, options.KNOWN))

# Prefixes below which Flink has options of its own that are not about the size of memory.
_OTHER_OPTIONS = ("taskmanager.network.memory.", "taskmanager.memory.managed.consumer-weights.")

# Prefixes below which all options of Flink are known here.
_ALL_KNOWN = (options.TM, options.JM, "taskmanager.heap.", "jobmanager.heap.")
_OTHER_PROCESS = {"taskmanager.": "jobmanager.", "jobmanager.": "taskmanager."}


def _pair(component: options.RangeOptions) -> tuple[str, str]:
    return component.minimum.key, component.maximum.key


# Names that are far from those of the options that are meant, in small letters.
_MISNOMERS: dict[str, tuple[str, ...]] = {
    "taskmanager.heap": (options.TM_HEAP.key,),
    "taskmanager.memory.heap": (options.TM_TASK_HEAP.key,),
    "taskmanager.memory.heap.size": (options.TM_TASK_HEAP.key,),
    "taskmanager.memory.direct.size": (options.TM_TASK_OFF_HEAP.key,),
    "taskmanager.memory.total.size": (options.TM_PROCESS.key,),
    "jobmanager.heap": (options.JM_HEAP.key,),
    "jobmanager.heap.memory": (options.JM_HEAP.key,),
    "jobmanager.memory.direct.size": (options.JM_OFF_HEAP.key,),
    "jobmanager.memory.total.size": (options.JM_PROCESS.key,),
    **{
        f"{prefix}{name}": _pair(component)
        for prefix, component, names in (
            (options.TM, options.TM_NETWORK, ("network", "network.size", "network.memory.size")),
            ("taskmanager.", options.TM_NETWORK, ("network.memory", "network.memory.size")),
            (options.TM, options.TM_OVERHEAD, ("jvm-overhead", "jvm-overhead.size", "overhead", "overhead.size")),
            (options.JM, options.JM_OVERHEAD, ("jvm-overhead", "jvm-overhead.size", "overhead", "overhead.size")),
        )
        for name in names
    },
}

_HEAPS = frozenset(heap.key for heap in (options.TM_HEAP, options.TM_HEAP_MB, options.JM_HEAP, options.JM_HEAP_MB))

# The ways to configure a process: the first of which all options are set decides.
_WAYS: dict[str, tuple[tuple[Option[int], ...], ...]] = {
    "taskmanager": ((options.TM_TASK_HEAP, options.TM_MANAGED), (options.TM_FLINK,), (options.TM_PROCESS,)),
    "jobmanager": ((options.JM_JVM_HEAP,), (options.JM_FLINK,), (options.JM_PROCESS,)),
}

# A value beyond is not repeated.
_LONGEST_VALUE = 40

# Only Flink's start script reads it.
NUMA = "taskmanager.compute.numa"


def note_keys(notes: Notes, config: Config, process: str) -> None:
    """Deprecated, ignored and misspelt keys among the options."""
    other = _OTHER_PROCESS[f"{process}."]
    line, compared = config.release.line, 0
    for key in config.values:
        if key.startswith(other):
            continue
        option = options.KNOWN.get(key)
        if option is not None:
            _note_known_key(notes, config, key, option)
            if option.exists_in(config.release):
                _note_bare_number(notes, config, key)
        elif key in options.REMOVED:
            successor = options.REMOVED[key]
            notes.warning(
                "ignored-key",
                [key],
                f"Flink {line} silently ignores {key}, which was removed in 1.10.",
                Try({key: None}, f"Remove it; {successor} replaces it." if successor else "Remove it."),
                remedy="Remove it.",
            )
        elif key == NUMA:
            note_numa(notes, config.values[key])
        elif (
            compared < _MOST_COMPARISONS
            and len(key) <= _LONGEST_KEY + 4
            and _LOOKS_LIKE_MEMORY.match(key)
            and not key.lower().startswith(other)
            and (key in _MISNOMERS or not key.startswith(_OTHER_OPTIONS))
        ):
            compared += 1
            _note_unknown_key(notes, config, key)


def _note_known_key(notes: Notes, config: Config, key: str, option: Option[t.Any]) -> None:
    line, successors = config.release.line, _successors(config, key)
    if not option.exists_in(config.release):
        newer = config.release.version < option.since
        notes.warning(
            "ignored-key",
            [key],
            f"Flink {line} silently ignores {key}, which was "
            + (f"added in {_spelled(option.since)}." if newer else f"removed in {_spelled(option.until)}."),
            *([] if newer else _renaming(config, key, successors)),
            _without(config, key),
            remedy="Remove it.",
        )
    elif successors:
        beside = key != option.key and option.key in config.values
        notes.warning(
            "deprecated-key",
            [key],
            f"{key} has no effect: {option.key} is also set, and takes precedence."
            if beside
            else f"{key} still works in Flink {line} but is deprecated.",
            *([] if beside else _renaming(config, key, successors)),
            Try({key: None}),
            remedy=f"Set {' and '.join(successors)} instead.",
        )


def _renaming(config: Config, key: str, successors: tuple[str, ...]) -> list[Try]:
    """The successors of a key with its value, unless one of them is set."""
    value = _value_for_successor(config, key)
    if value is None or not successors or any(successor in config.values for successor in successors):
        return []
    change = {key: None, **dict.fromkeys(successors, value)}
    return [Try(change, f"Set {' and '.join(successors)} to {text_of(value)} instead.")]


def _value_for_successor(config: Config, key: str) -> object:
    """The value in the unit of the successors, none if it cannot be read."""
    value, size = config.values[key], options.TM_SEGMENT
    try:
        if key in (options.TM_HEAP_MB.key, options.JM_HEAP_MB.key):
            return f"{int(text_of(value))}m"
        if key == options.TM_NETWORK_BUFFERS.key:
            return exact(int(text_of(value)) * config.size(size))
        return value if len(text_of(value)) <= _LONGEST_VALUE else None
    except ValueError:
        return None


def _without(config: Config, key: str) -> Try:
    """Leave the key out; of a heap of older releases it is told what decides instead."""
    deciding = deciding_sizes(config, key)
    names = " and ".join(deciding)
    return Try({key: None}, f"Remove it; {names} decide{'s' if len(deciding) == 1 else ''}." if names else "Remove it.")


def deciding_sizes(config: Config, key: str) -> list[str]:
    """The options that decide in place of a heap of older releases; none if none is set, or it is no such heap."""
    ways = _WAYS["taskmanager" if key.startswith("taskmanager.") else "jobmanager"] if key in _HEAPS else ()
    return [*map(config.name_of, next((way for way in ways if all(map(config.is_set, way))), ()))]


def _spelled(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def note_numa(notes: Notes, value: object) -> None:
    """What Flink's script would do on a host with several NUMA nodes."""
    if value is not False and not (isinstance(value, str) and value.strip().lower() == "false"):
        notes.warning(
            "numa-by-start-script",
            [NUMA],
            f"{NUMA} has no effect here: only Flink's start script reads it, to run one TaskManager of this size on "
            "each NUMA node, and this collection starts Java directly.",
            Try(
                {NUMA: None},
                "Remove it, and set flink_taskmanager_numa_nodes of the role, or numa_nodes of the module memory_plan.",
            ),
            remedy="Remove it.",
        )


def _note_bare_number(notes: Notes, config: Config, key: str) -> None:
    """A size without unit that was surely meant as megabytes."""
    value = config.values[key]
    small = isinstance(value, str) or (isinstance(value, int) and 0 <= value < MIB)
    text = str(value).strip() if small and key.endswith((".size", ".min", ".max")) else ""
    if _FEW_DIGITS.fullmatch(text) and _FEWEST_MEGABYTES <= int(text) < MIB:
        meant = f"{int(text)}m"
        words = f"If megabytes were meant, write {meant}."
        message = f"{key}: {text} means {int(text)} bytes."
        notes.warning("bare-number", [key], message, Try({key: meant}, words), Try({key: None}), remedy=words)


def _successors(config: Config, key: str) -> tuple[str, ...]:
    """What to write instead of this key, if this release has something."""
    return tuple(name for name in options.SUCCESSORS.get(key, ()) if options.KNOWN[name].exists_in(config.release))


def _note_unknown_key(notes: Notes, config: Config, key: str) -> None:
    meant = _meant(key, config.release)
    if not meant and not key.lower().startswith(_ALL_KNOWN):
        return
    question = f"Did you mean {' and '.join(meant)}?" if meant else ""
    attempts = [Try({key: None}, f"{question} If not, remove it." if meant else "Remove it.")]
    if meant and not any(name in config.values for name in meant):
        attempts.insert(0, Try({key: None, **dict.fromkeys(meant, config.values[key])}, question))
    notes.warning(
        "unknown-key",
        [key],
        f"Flink {config.release.line} has no memory option {quoted_key(key)} and silently ignores it.",
        *attempts,
        remedy=question or "Remove it.",
    )


@functools.lru_cache(maxsize=1024)
def _meant(key: str, release: Release) -> tuple[str, ...]:
    """The memory options of this release that were probably meant, by their present names.

    A process has none of the other's, and what follows a prefix of memory is compared, for the prefix is long.
    """
    name = key.lower()
    close: tuple[str, ...] = _MISNOMERS.get(name, ())
    if not close:
        prefix = next((start for start in (options.TM, options.JM) if name.startswith(start)), "")
        other = next((other for process, other in _OTHER_PROCESS.items() if name.startswith(process)), "-")
        candidates = [known for known in options.KNOWN if known.startswith(prefix) and not known.startswith(other)]
        tails = {known[len(prefix) :].lower(): known for known in candidates}
        found = nearest(name[len(prefix) :], tails, cutoff=0.72 if prefix else 0.86)
        close = () if found is None else (tails[found],)
    present = [successor for known in close for successor in options.SUCCESSORS.get(known, (known,))]
    return tuple(known for known in present if options.KNOWN[known].exists_in(release))
