# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of logs and of the journal that tell of a failure, each with its time."""

from __future__ import annotations

import calendar
import math
import re
import time
import typing as t

if t.TYPE_CHECKING:
    from .readings import Message

    Match = t.Callable[[str], "_Match | None"]

# Its time in seconds since 1970, if it is known, and its text.
Line = t.Tuple[t.Optional[int], str]

# The layout of the log4j.properties of every release: the local time of the host. What log4j says of itself is in UTC.
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:[,.]\d{1,9})?(Z?)\s", re.ASCII)
_FRAME = re.compile(r"\s+(?:at |\.\.\. \d+ more)")
# What differs from one line to the next that tells of the same: numbers of executions and threads, addresses.
_VARYING = re.compile(r"[0-9a-f]{8,}|\d+")
_MOST_CHARACTERS = 1000
_MOST_MATCHED = 4000
_MOST_MESSAGES = 400
# Of a process and a kind, from the beginning and from the end.
_MOST_ENDS = 25


class _Match(t.Protocol):
    @property
    def code(self) -> str: ...

    @property
    def fields(self) -> t.Mapping[str, str]: ...


def timed(text: str) -> t.Iterator[Line]:
    """The lines of a log; one without a time, as those of a stack, has that of the line above."""
    above: int | None = None
    for line in text.splitlines():
        found = _TIME.match(line)
        if found:
            above = _seconds(found)
        yield above, line


def messages(lines: t.Iterable[Line], process: str, source: str, since: int, match: Match) -> list[Message]:
    """The lines from a time on that match, in their order; of those that say the same, the first, and the last with
    the count of the others.

    The same is said again only below a line that says the same: who failed may be in the one, and why in the other.
    """
    kept: dict[tuple[str, bool], Message] = {}
    head = ""
    for when, line in lines:
        if (when is not None and when < since) or _FRAME.match(line):
            continue
        found, matched = _TIME.match(line), match(line[:_MOST_MATCHED])
        key = "" if matched is None else _sameness(matched, line[found.end() if found else 0 :])
        head = key if found else head
        if matched is None:
            continue
        if not found:
            key = f"{head} {key}"
        former = kept.pop((key, True), None)
        kept[key, (key, False) in kept] = {
            "process": process,
            "time": when,
            "code": matched.code,
            "text": _shortened(line),
            "fields": dict(matched.fields),
            "count": former["count"] + 1 if former else 1,
            "source": source,
        }
    return list(kept.values())


def newest(found: t.Sequence[Message]) -> list[Message]:
    """In the order of their times, and not too many: of each process and kind the first and the last, and of all
    those the newest. One without a time is as new as can be.
    """
    by_kind: dict[tuple[str, str], list[int]] = {}
    for number, message in enumerate(found):
        by_kind.setdefault((message["process"], message["code"]), []).append(number)
    wanted = [number for numbers in by_kind.values() for number in {*numbers[:_MOST_ENDS], *numbers[-_MOST_ENDS:]}]
    wanted.sort(key=lambda number: (_time(found[number], math.inf), number))
    return sorted((found[number] for number in wanted[-_MOST_MESSAGES:]), key=lambda message: _time(message, 0))


def _time(message: Message, unknown: float) -> float:
    return unknown if message["time"] is None else message["time"]


def _sameness(matched: _Match, text: str) -> str:
    names = [value for value in matched.fields.values() if not value.isdigit()]
    return f"{matched.code} {names} {_VARYING.sub('0', text)}"


def _seconds(found: re.Match[str]) -> int | None:
    year, month, day, hour, minute, second = (int(found[number]) for number in range(1, 7))
    fields = (year, month, day, hour, minute, second, 0, 0, -1)
    try:
        return calendar.timegm(fields) if found[7] else int(time.mktime(fields))
    except (OverflowError, ValueError):
        return None


def _shortened(line: str) -> str:
    text = line.strip()
    return text if len(text) <= _MOST_CHARACTERS else f"{text[:_MOST_CHARACTERS]}... ({len(text)} characters)"
