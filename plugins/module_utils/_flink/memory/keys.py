# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys that do not do what they seem to: deprecated, ignored, misspelt; and sizes that lack their unit."""

from __future__ import annotations

import difflib
import functools
import re
import typing as t

from ..values import options
from ..values.errors import quoted_key
from ..values.size import MIB

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Notes
    from ..values.options import Option

# Below this, a number without unit may well be bytes.
_FEWEST_MEGABYTES = 32
_FEW_DIGITS = re.compile(r"[0-9]{1,7}")

# So many keys that might be misspelt are looked at; comparing takes time.
_MOST_COMPARISONS = 100
_LOOKS_LIKE_MEMORY = re.compile(r"(taskmanager|jobmanager)\.|.*(memory|heap)", re.IGNORECASE)
_LONGEST_KEY = max(map(len, options.KNOWN))

# Prefixes below which Flink has options of its own that are not about the size of memory.
_OTHER_OPTIONS = ("taskmanager.network.memory.", "taskmanager.memory.managed.consumer-weights.")

# Only Flink's start script reads it.
_NUMA = "taskmanager.compute.numa"


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
                f"Flink {line} silently ignores {key}, which was removed in 1.10.",
                f"Remove it; {successor} replaces it." if successor else "Remove it.",
            )
        elif key == _NUMA:
            _note_numa(notes, config.values[key])
        elif (
            compared < _MOST_COMPARISONS
            and len(key) <= _LONGEST_KEY + 4
            and _LOOKS_LIKE_MEMORY.match(key)
            and not key.startswith(_OTHER_OPTIONS)
        ):
            compared += 1
            _note_unknown_key(notes, line, key)


def _note_known_key(notes: Notes, config: Config, key: str, option: Option[t.Any]) -> None:
    line, successor = config.release.line, _successor(config, key)
    if not option.exists_in(config.release):
        newer = config.release.version < option.since
        notes.warning(
            "ignored-key",
            [key],
            f"Flink {line} silently ignores {key}, which was "
            + (f"added in {_spelled(option.since)}." if newer else f"removed in {_spelled(option.until)}."),
            f"Set {successor} instead." if successor and not newer else f"Remove it for Flink {line}.",
        )
    elif successor is not None:
        if key != option.key and option.key in config.values:
            message = f"{key} has no effect: {option.key} is also set, and takes precedence."
        else:
            message = f"{key} still works in Flink {line} but is deprecated."
        notes.warning("deprecated-key", [key], message, f"Set {successor} instead.")


def _spelled(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _note_numa(notes: Notes, value: object) -> None:
    if value is not False and not (isinstance(value, str) and value.strip().lower() == "false"):
        notes.warning(
            "numa-by-start-script",
            [_NUMA],
            f"{_NUMA} has no effect here: only Flink's start script reads it, to run one TaskManager of this size on "
            "each NUMA node, and this collection starts Java directly.",
            "Remove it, and set flink_taskmanager_numa_nodes of the role, or numa_nodes of the module memory_plan.",
        )


@functools.lru_cache(maxsize=1024)
def _closest(key: str) -> str | None:
    """The memory option that was probably meant."""
    return next(iter(difflib.get_close_matches(key, options.KNOWN, n=1, cutoff=0.86)), None)


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
    close = _closest(key)
    if close is not None:
        notes.warning(
            "unknown-key",
            [key],
            f"Flink {line} has no memory option {quoted_key(key)} and silently ignores it.",
            f"Did you mean {close}?",
        )
