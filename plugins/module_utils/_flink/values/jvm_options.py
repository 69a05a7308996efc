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

# JVM options that would override a derived one, and what to set instead.
_DERIVED = {
    "-Xmx": "memory.task.heap.size or a total",
    "-Xms": "memory.task.heap.size or a total",
    "-mx": "memory.task.heap.size or a total",
    "-ms": "memory.task.heap.size or a total",
    "-XX:MaxHeapSize": "memory.task.heap.size or a total",
    "-XX:InitialHeapSize": "memory.task.heap.size or a total",
    "-XX:MinHeapSize": "memory.task.heap.size or a total",
    "-XX:MaxDirectMemorySize": "memory.task.off-heap.size",
    "-XX:MaxMetaspaceSize": "memory.jvm-metaspace.size",
}
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


def check_no_memory_flags(config: Config, process: str) -> None:
    """Raises FlinkError if the user's JVM options would override the plan: the JVM takes the last one given."""
    for key in (key for alternatives in option_keys(config.release, process) for key in alternatives):
        text = config.values.get(key)
        if isinstance(text, str) and any(flag in text for flag in _DERIVED):
            for word in _words(config, key):
                _check_word(process, key, word)


def _check_word(process: str, key: str, word: str) -> None:
    for flag, option in _DERIVED.items():
        if word.startswith(flag):
            remedy = option if process == "taskmanager" else option.replace(".task.", ".")
            raise FlinkError(
                f"{key}: {word[:60]} would override the {flag} that Flink derives. "
                f"Remove it and set {process}.{remedy} instead."
            )
