# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JVM options with which no Java starts that a release runs on, and those that have no effect there.

What only some of them refuse, a host tries on its own. Source: OpenJDK 11, 17 and 25, ``bin/config.sh``.
"""

from __future__ import annotations

import re
import shlex
import typing as t

from ..values.config import Config
from ..values.errors import FlinkError, listed, quoted
from ..values.jvm_options import given_memory_flags, given_options
from ..values.secrets import holds_secret
from .findings import error, them, warning

if t.TYPE_CHECKING:
    from ..values.results import Note
    from .view import View

_PREFIX = "env.java."
_PLANNED = ("jobmanager", "taskmanager")
_OTHERS = ("historyserver", "sql-gateway")

_LONGEST_SHOWN = 60

# Collectors that every Java from 8 on has, of which it takes one.
_COLLECTORS = re.compile(r"-XX:([+-])Use(G1|Parallel|Serial)GC")
_WITHOUT_SIGN = re.compile(r"-XX:(Use\w{1,20}GC)")
# Options with a value of their own in the next word.
_WITH_VALUE = re.compile(r"-cp|-classpath|-p|-jar|-m|--[a-z-]+")
# Flags that Java 8 was the last to know, and one that Java 7 was.
_OF_JAVA_8 = re.compile(
    r"-XX:(?:[+-](?:PrintGC(?:ApplicationConcurrentTime|ApplicationStoppedTime|Cause|DateStamps|TaskTimeStamps|TimeStamps)"
    r"|Print(?:AdaptiveSizePolicy|HeapAtGC|PromotionFailure|ReferenceGC|TenuringDistribution)|UseGCLogFileRotation)"
    r"|(?:NumberOfGCLogFiles|GCLogFileSize)=.*)"
)
_OF_JAVA_7 = re.compile(r"-XX:(?:Max)?PermSize=.*")
_SHARES = re.compile(r"-XX:(?:Initial|Max|Min)RAM(?:Percentage|Fraction)=.*")


Given = t.List[t.Tuple[str, t.List[str]]]


def check_jvm(view: View) -> t.Iterator[Note]:
    """What several processes share is told once."""
    if not any(key.startswith(_PREFIX) for key in view.config):
        return
    config = Config(view.config, view.release)
    processes = [*_PLANNED, *(process for process in _OTHERS if f"{_PREFIX}opts.{process}" in view.config)]
    try:
        by_process = {process: list(given_options(config, process)) for process in processes}
    except FlinkError as exc:
        yield _unreadable(exc)
        return
    yield from _memory_flags(config)
    for key, words in {key: words for given in by_process.values() for key, words in given}.items():
        yield from _words(view, key, words)
    collectors = [found for found in map(_collectors, by_process.values()) if found is not None]
    yield from (found for index, found in enumerate(collectors) if found not in collectors[:index])


def _unreadable(exc: FlinkError) -> Note:
    """Quotes of a shell that do not end, and what is no text."""
    key, _colon, problem = str(exc).partition(": ")
    return error(
        "unreadable-jvm-options",
        [key],
        f"{key}: {problem}",
        "Write one text, with as many closing quotes as opening ones.",
        {key: None},
    )


def _memory_flags(config: Config) -> t.Iterator[Note]:
    found = [flags for process in _PLANNED for flags in [given_memory_flags(config, process)] if flags is not None]
    if found:
        words = list(dict.fromkeys(word for flags in found for word in flags.words))
        changes = {key: value for flags in found for key, value in flags.changes.items()}
        yield error(
            "memory-flag",
            list(changes),
            f"{', '.join(changes)}: {listed(words)} would override what Flink derives.",
            f"Remove {them(words)}, and set {'; '.join(dict.fromkeys(flags.instead for flags in found))}.",
            changes,
        )


def _words(view: View, key: str, words: list[str]) -> t.Iterator[Note]:
    """What is wrong with the words of one option."""
    strays = {word: before for before, word in zip(["", *words], words) if _is_stray(before, word)}
    word, before = next(iter(strays.items()), ("", ""))
    if word:
        got = "a word that is not shown" if holds_secret("", before) else quoted(word)
        yield error(
            "no-jvm-option",
            [key],
            f"{key}: expected JVM options, got {got}, which Java takes for the class to start.",
            "Correct it, or remove it.",
            {key: _without(words, strays)},
        )
    unsigned = [word for word in words if _WITHOUT_SIGN.fullmatch(word)]
    if unsigned:
        yield error(
            "no-jvm-option",
            [key],
            f"{key}: no Java starts with {unsigned[0]}, which lacks a plus or a minus.",
            f"Write {unsigned[0].replace(':', ':+')}.",
            {key: shlex.join(_WITHOUT_SIGN.sub(r"-XX:+\1", word) for word in words)},
        )
    line = view.release.line
    ended = [word for word in words if _OF_JAVA_8.fullmatch(word)] if view.version >= (2, 0) else []
    if ended:
        yield _without_effect(
            key,
            words,
            ended,
            f"only Java 8 knows, on which Flink {line} does not run",
            "Write -Xlog:gc*:file=... instead.",
        )
    ended = [word for word in words if _OF_JAVA_7.fullmatch(word)]
    if ended:
        remedy = f"Remove {them(ended)}: metaspace took its place, whose size Flink derives."
        yield _without_effect(key, words, ended, f"only Java 7 knows, on which Flink {line} does not run", remedy)
    shares = [word for word in words if _SHARES.fullmatch(word)]
    if shares and key.rpartition(".")[2] not in _OTHERS:
        why = "a JobManager or TaskManager does not heed, whose heap Flink derives as a size"
        yield _without_effect(key, words, shares, why, f"Remove {them(shares)}.")


def _without_effect(key: str, words: list[str], dead: list[str], why: str, remedy: str) -> Note:
    named = listed([word[:_LONGEST_SHOWN] for word in dead])
    have, are = ("has", "it is an option") if len(dead) == 1 else ("have", "they are options")
    return warning(
        "jvm-option-without-effect",
        [key],
        f"{key}: {named} {have} no effect, for {are} that {why}.",
        remedy,
        {key: _without(words, dead)},
    )


def _is_stray(before: str, word: str) -> bool:
    return not word.startswith(("-", "@", "$", "`")) and not ("=" not in before and _WITH_VALUE.fullmatch(before))


def _collectors(given: Given) -> Note | None:
    """Those that the options of a process switch on in the end, if they are two."""
    last: dict[str, tuple[str, str]] = {}
    for key, words in given:
        for word in words:
            found = _COLLECTORS.fullmatch(word)
            if found is not None:
                last.pop(found[2], None)
                if found[1] == "+":
                    last[found[2]] = (key, word)
    if len(last) < 2:
        return None
    *others, kept = (word for _key, word in last.values())
    keys = list(dict.fromkeys(key for key, _word in last.values()))
    return error(
        "two-collectors",
        keys,
        f"{', '.join(keys)}: no Java starts with two garbage collectors, {' and '.join([*others, kept])}.",
        f"Keep one of them, such as {kept}.",
        {key: _without(words, others) for key, words in given if key in keys and set(words) & set(others)},
    )


def _without(words: t.Sequence[str], removed: t.Collection[str]) -> str | None:
    without = set(removed)
    return shlex.join(word for word in words if word not in without) or None
