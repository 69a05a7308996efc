# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._migration.yaml_file import read_yaml_lines

# The text of a config.yaml, and its options as Flink reads them.
OPTIONS: dict[str, tuple[str, dict[str, t.Any]]] = {
    "flat": ("a.b: c", {"a.b": "c"}),
    "nested": ("a:\n  b:\n    c: d\n  e: f", {"a.b.c": "d", "a.e": "f"}),
    "half nested": ("a:\n  b.c: d", {"a.b.c": "d"}),
    "in one line": ("a: {b: 1, c: [1, x]}", {"a.b": 1, "a.c": [1, "x"]}),
    "an empty mapping": ("a: {}\nb: 1", {"b": 1}),
    "numbers": ("a: 010\nb: 0o17\nc: 0x10\nd: 1.5\ne: '5'", {"a": 10, "b": 15, "c": 16, "d": 1.5, "e": "5"}),
    "texts that YAML 1.1 takes for something else": (
        "a: yes\nb: off\nc: 12:30:45\nd: 2026-01-01\ne: 1_000\nf: =",
        {"a": "yes", "b": "off", "c": "12:30:45", "d": "2026-01-01", "e": "1_000", "f": "="},
    ),
    "booleans": ("a: true\nb: False", {"a": True, "b": False}),
    "quoted": ("\"a\": 'b # c'", {"a": "b # c"}),
    "a text by its tag": ("a: !!str 5", {"a": "5"}),
    "a text of several lines": ("a: >-\n  b\n  c", {"a": "b c"}),
    "an anchor": ("a: &x 1\nb: *x", {"a": 1, "b": 1}),
    "a list of mappings": ("a:\n  - b: 1\n    c: d", {"a": "[{b: 1, c: d}]"}),
    "nothing": ("# a", {}),
    "nothing at all": ("", {}),
}


@pytest.mark.parametrize(("text", "options"), OPTIONS.values(), ids=OPTIONS)
def test_options_are_those_of_yaml_1_2(text: str, options: dict[str, t.Any]) -> None:
    read = {line.key: line.value for line in read_yaml_lines(text) if line.key}
    assert read == options
    assert [type(value) for value in read.values()] == [type(value) for value in options.values()]


# A text, and its lines: comments, and options with the comments behind them.
COMMENTS: dict[str, tuple[str, list[tuple[str | None, str]]]] = {
    "lines of their own": ("# a\n\nb: 1\n  # c\n", [(None, "# a"), (None, ""), ("b", ""), (None, "# c")]),
    "behind an option": ("a: 1 # b\nc: d#e", [("a", "# b"), ("c", "")]),
    "behind the name of a mapping": ("a: # b\n  c: 1", [(None, "# b"), ("a.c", "")]),
    "inside a list": (
        "a: # b\n  # c\n  - 1 # d\n  - 2 # e\n",
        [(None, "# b"), ("a", "# e"), (None, "# c"), (None, "# d")],
    ),
    "behind the mark of a block": ("a: >- # b\n  c # d\n", [(None, "# b"), ("a", "")]),
    "behind a mapping in one line": ("a: {b: 1, c: 2} # d", [("a.b", ""), ("a.c", "# d")]),
    "without an option": ("# a\n\n# b", [(None, "# a"), (None, ""), (None, "# b")]),
    "merged mappings": ("a: &x {b: 1}\nc:\n  <<: *x", [("a.b", ""), (None, "<<")]),
}


@pytest.mark.parametrize(("text", "lines"), COMMENTS.values(), ids=COMMENTS)
def test_no_comment_is_lost(text: str, lines: list[tuple[str | None, str]]) -> None:
    assert [(line.key, line.text) for line in read_yaml_lines(text)] == lines


WHOLE = "config.yaml: Flink refuses the whole file: "
REFUSED: dict[str, tuple[str, str]] = {
    "a key twice": ("a: 1\na: 2", f"{WHOLE}a is given twice."),
    "a nested key twice": ("a:\n  b: 1\n  b: 2", f"{WHOLE}a.b is given twice."),
    "no value": ("a:\n", f"{WHOLE}a has no value. Give one, or remove it."),
    "null": ("a: ~", f"{WHOLE}a has no value."),
    "null in a list": ("a: [~]", f"{WHOLE}a has no value."),
    "a key that is no text": ("1: a", f"{WHOLE}the key in line 1 is no text. Quote it."),
    "no mapping": ("- a", f"{WHOLE}expected options and values."),
    "a tab": ("a:\n\tb: 1", f"{WHOLE}line 2: "),
    "two documents": ("a: 1\n---\nb: 2", f"{WHOLE}"),
    "a secret in what is no YAML": ("password: a: hush", f"{WHOLE}line 1: mapping values are not allowed here."),
    "a list in itself": ("a: &x [*x]", "config.yaml: a is nested more than 20 levels deep."),
    "deep": (
        "".join(f"{' ' * depth}a:\n" for depth in range(30)) + " " * 30 + "a: 1",
        "nested more than 20 levels deep",
    ),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_flink_refuses_is_refused(text: str, message: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        read_yaml_lines(text)
    assert message in str(refusal.value)
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    ("first", "more"),
    [("{x: 1, y: 2}", "{{p: *{0}, q: *{0}, r: *{0}, s: *{0}}}"), ("[x, y]", "[*{0}, *{0}, *{0}, *{0}]")],
    ids=["mappings", "lists"],
)
def test_anchors_that_multiply_are_refused(first: str, more: str) -> None:
    text = f"a: &a {first}\n" + "".join(
        f"{name}: &{name} {more.format(before)}\n"
        for before, name in zip("abcdefghijklmn", "bcdefghijklmno", strict=False)
    )
    with pytest.raises(FlinkError, match="at most 100000 values"):
        read_yaml_lines(text)


@pytest.mark.parametrize("number", ["9" * 5000, f"0x{'f' * 5000}"], ids=["decimal", "hexadecimal"])
def test_a_number_beyond_all_bounds_is_carried_along(number: str) -> None:
    (line,) = read_yaml_lines(f"a: {number}\n")
    assert (line.key, line.value) == ("a", number)
