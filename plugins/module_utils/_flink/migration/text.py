# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration file of the new release, with the comments of the old one."""

from __future__ import annotations

import re
import typing as t

from ..launch.config_file import config_file
from ..values.config import text_of
from ..values.errors import FlinkError, type_name

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .read_file import Line

# What the YAML reader of Flink refuses in a comment, or takes for its end.
_UNREADABLE = re.compile("[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def write_text(
    lines: t.Sequence[Line], config: dict[str, t.Any], places: Mapping[str, t.Sequence[str]], to: str
) -> str:
    """Every line of the old file: options as what became of them, and what went as a comment.

    ``places`` has, by the options of the old file, those in their place in ``config``. Options in no place come last.
    """
    last = {line.key: line.number for line in lines if line.key is not None}
    written: set[str] = set()
    text: list[str] = []
    for line in lines:
        if line.key is None:
            text.append(_comment(f"# ignored: {line.text}" if line.ignored else line.text))
            continue
        names = [name for name in places.get(line.key, ()) if name not in written]
        if last[line.key] != line.number:
            text.append(_comment(f"# overridden below: {_plain(line, to)}", line.text))
        elif names:
            text += _with_comment([config_file({name: config[name]}, to) for name in names], line.text)
            written.update(names)
        else:
            text.append(_comment(f"# dropped: {_plain(line, to)}", line.text))
    rest = {name: value for name, value in config.items() if name not in written}
    return "".join(text) + config_file(rest, to)


def _plain(line: Line, to: str) -> str:
    """An option in one line, whatever its value is."""
    try:
        return f"{line.key}: {text_of(line.value)}"
    except ValueError:
        pass
    try:
        return config_file({line.key: line.value}, to).rstrip("\n")
    except FlinkError:
        return f"{line.key}: {type_name(line.value)}"


def _with_comment(written: list[str], comment: str) -> list[str]:
    if comment:
        written[-1] = f"{written[-1][:-1]} {_comment(comment)}"
    return written


def _comment(text: str, comment: str = "") -> str:
    """One line, of characters that Flink reads in a comment."""
    whole = f"{text}  {comment}" if comment else text
    return _UNREADABLE.sub(_escaped, whole).rstrip() + "\n"


def _escaped(match: t.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()
