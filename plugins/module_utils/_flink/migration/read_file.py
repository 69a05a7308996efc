# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A configuration file as lines, of which none is lost: options as Flink reads them, comments, and what it ignores."""

from __future__ import annotations

import re
import typing as t

from ..values.size import JAVA_BLANKS

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_SEPARATOR = ": "


class Line(t.NamedTuple):
    """One line of a file: an option if it has a key, something that Flink ignores if it has a reason, else a comment.

    ``text`` is a comment with its ``#``, which may stand behind an option, or what is ignored; ``number`` is the
    line's; ``cut`` tells that the comment begins in the midst of what looks like the value.
    """

    number: int
    text: str = ""
    key: str | None = None
    value: t.Any = None
    ignored: str = ""
    cut: bool = False


def read_lines(text: str) -> list[Line]:
    """The lines of a ``flink-conf.yaml``, which has neither nesting, nor quotes, nor types, nor lists.

    Source: ``GlobalConfiguration.loadYAMLResource`` (1.10 - 1.18, ``loadLegacyYAMLResource`` in 1.19 and 1.20).
    """
    lines = _LINE_BREAK.split(text)
    if lines and not lines[-1]:
        del lines[-1]
    return [_read_line(number, line) for number, line in enumerate(lines, 1)]


def _read_line(number: int, line: str) -> Line:
    before, mark, after = line.partition("#")
    option = before.strip(JAVA_BLANKS)
    comment = (mark + after).rstrip()
    if not option:
        return Line(number, comment)
    name, separator, rest = option.partition(_SEPARATOR)
    key, value = name.strip(JAVA_BLANKS), rest.strip(JAVA_BLANKS)
    if not separator:
        return Line(number, line.strip(), ignored="it has no colon with a blank behind it")
    if not key or not value:
        return Line(number, line.strip(), ignored=f"it has no {'value' if key else 'key'}")
    return Line(number, comment, key, value, cut=bool(mark) and before[-1] not in JAVA_BLANKS)


def lines_of(config: dict[str, t.Any]) -> list[Line]:
    """The lines of a file that has just these options."""
    return [Line(number, key=key, value=value) for number, (key, value) in enumerate(config.items(), 1)]
