# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.read_file import Line, read_lines

# A line of flink-conf.yaml, as Flink's line parser reads it.
LINES: dict[str, tuple[str, Line]] = {
    "an option": ("a: b", Line(1, key="a", value="b")),
    "blanks around": (" \ta :  b \x01", Line(1, key="a", value="b")),
    "a value with the separator": ("a: b: c", Line(1, key="a", value="b: c")),
    "a value with a colon": ("a: b:c", Line(1, key="a", value="b:c")),
    "quotes are part of the value": ("a: 'b'", Line(1, key="a", value="'b'")),
    "indentation counts for nothing": ("  a: b", Line(1, key="a", value="b")),
    "a comment": ("# a: b", Line(1, "# a: b")),
    "a comment after blanks": ("  # a", Line(1, "# a")),
    "a comment behind": ("a: b # c # d", Line(1, "# c # d", "a", "b")),
    "a value that is cut": ("a: b#c", Line(1, "#c", "a", "b", cut=True)),
    "nothing": ("", Line(1)),
    "blanks": (" \t", Line(1)),
    "no blank behind the colon": ("a:b", Line(1, "a:b", ignored="it has no colon with a blank behind it")),
    "a tab behind the colon": ("a:\tb", Line(1, "a:\tb", ignored="it has no colon with a blank behind it")),
    "no value": ("a: ", Line(1, "a:", ignored="it has no colon with a blank behind it")),
    "no value before a comment": ("a:  # b", Line(1, "a:  # b", ignored="it has no colon with a blank behind it")),
    "no key": (": b", Line(1, ": b", ignored="it has no key")),
}


@pytest.mark.parametrize(("text", "line"), LINES.values(), ids=LINES)
def test_a_line_is_read_as_flink_reads_it(text: str, line: Line) -> None:
    assert read_lines(f"{text}\n") == [line]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_end_as_in_java(line_break: str) -> None:
    lines = read_lines(line_break.join(("a: 1", "", "b: 2\x0b\u2028c")))
    assert [(line.number, line.key, line.value) for line in lines] == [
        (1, "a", "1"),
        (2, None, None),
        (3, "b", "2\x0b\u2028c"),
    ]
