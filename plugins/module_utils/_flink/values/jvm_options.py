# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's own JVM options: ``env.java.opts`` and its relatives, as Flink's start scripts read them.

Source: ``bin/config.sh`` of each release.
"""

from __future__ import annotations

import re
import shlex
import typing as t

from .config import text_of
from .errors import FlinkError, type_name

if t.TYPE_CHECKING:
    from .config import Config
    from .release import Release

# JVM options that would override a derived one, and what to set instead of them, for each of the processes.
_HEAP = {
    "taskmanager": "taskmanager.memory.task.heap.size or a total",
    "jobmanager": "jobmanager.memory.heap.size or a total",
}
_METASPACE = {process: f"{process}.memory.jvm-metaspace.size" for process in _HEAP}
_DIRECT = {
    "taskmanager": "taskmanager.memory.task.off-heap.size",
    "jobmanager": (
        "jobmanager.memory.off-heap.size with jobmanager.memory.enable-jvm-direct-memory-limit: true, for Flink limits "
        "the direct memory of a JobManager only so"
    ),
}
_DERIVED = {
    **dict.fromkeys(("-Xmx", "-Xms", "-mx", "-ms", "-XX:MaxHeapSize", "-XX:InitialHeapSize", "-XX:MinHeapSize"), _HEAP),
    "-XX:MaxDirectMemorySize": _DIRECT,
    "-XX:MaxMetaspaceSize": _METASPACE,
}
_LONGEST_SHOWN = 60
_QUOTED_WHOLE = re.compile(r'"[^"]*"')
_QUOTING = re.compile(r"[\"'\\]")


def option_keys(release: Release, process: str) -> list[list[str]]:
    """The options that a release adds to the command line of a process, in its order.

    Of each inner list the first one that is not empty counts.
    """
    common = ["env.java.opts"] if release.version < (1, 17) else ["env.java.opts.all", "env.java.opts"]
    own = f"env.java.opts.{process}"
    if process == "sql-gateway" and release.version < (1, 19):
        return [common]
    if release.version < (1, 19):
        return [common, [own]]
    defaults = [[f"env.java.default-opts.{process}"]] if process in {"jobmanager", "taskmanager"} else []
    return [["env.java.default-opts.all"], common, *defaults, [own]]


def given_options(config: Config, process: str) -> t.Iterator[tuple[str, list[str]]]:
    """The options that add to the command line, and the words that each adds.

    Raises FlinkError for a value that is no text, or in which a quote is not closed.
    """
    for alternatives in option_keys(config.release, process):
        for key in alternatives:
            words = _words(config, key)
            if words:
                yield key, words
                break


def java_options(config: Config, process: str) -> list[str]:
    """The words that the user's options add to the command line. Raises FlinkError as given_options does."""
    return [word for _key, words in given_options(config, process) for word in words]


def _words(config: Config, key: str) -> list[str]:
    """The words of one option, apart as a shell takes them apart; quotes around all of it do not count."""
    value = config.values.get(key, "")
    try:
        text = text_of(value).strip()
        if _QUOTED_WHOLE.fullmatch(text):
            text = text[1:-1]
        return shlex.split(text) if _QUOTING.search(text) else text.split()
    except ValueError:
        problem = "a quote is not closed" if isinstance(value, str) else f"not {type_name(value)}"
        raise FlinkError(f"{key}: expected JVM options in one text, {problem}.") from None


class MemoryFlags(t.NamedTuple):
    """JVM options that set sizes of memory, what to set instead, and the options of Flink without them."""

    words: list[str]
    instead: str
    changes: dict[str, str | None]


def given_memory_flags(config: Config, process: str) -> MemoryFlags | None:
    """What of the user's JVM options would override the plan: the JVM takes the last one given.

    Raises FlinkError as given_options does.
    """
    given: dict[str, list[str]] = {}
    for alternatives in option_keys(config.release, process):
        for key in alternatives:
            text = config.values.get(key)
            if text is None:
                continue
            if isinstance(text, str) and any(flag in text for flag in _DERIVED):
                words = _together(_words(config, key))
                if any(map(_flag, words)):
                    given[key] = words
            if not isinstance(text, str) or text.replace('"', "").strip():
                break
    if not given:
        return None
    flags = [word for words in given.values() for word in words if _flag(word)]
    instead = dict.fromkeys(_DERIVED[flag][process] for flag in map(_flag, flags) if flag)
    shown = [flag[:_LONGEST_SHOWN] for flag in flags]
    return MemoryFlags(shown, "; ".join(instead), {key: _without_flags(words) for key, words in given.items()})


def check_no_memory_flags(config: Config, process: str) -> None:
    """Raises FlinkError, once for all of them, if the user's JVM options would override the plan."""
    found = given_memory_flags(config, process)
    if found is not None:
        raise FlinkError(
            f"{', '.join(found.changes)}: expected no sizes of memory, got {', '.join(found.words)}, which would "
            f"override what Flink derives. Remove {'it' if len(found.words) == 1 else 'them'}, and set "
            f"{found.instead}.",
            dict(found.changes),
        )


def _flag(word: str) -> str | None:
    """The flag for a size of memory that the word is."""
    return next((flag for flag in _DERIVED if word.startswith(flag)), None)


def _together(words: list[str]) -> list[str]:
    """A flag and its size as one word, though a blank is between them, with which Java does not start."""
    joined: list[str] = []
    for word in words:
        if joined and not word.startswith("-") and (joined[-1] in _DERIVED or _flag(joined[-1]) == joined[-1][:-1]):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def _without_flags(words: list[str]) -> str | None:
    """The other words as the text of an option, none if there is none."""
    return shlex.join(word for word in words if not _flag(word)) or None
