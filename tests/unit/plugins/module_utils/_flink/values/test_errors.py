# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import (
    listed,
    quoted,
    quoted_key,
    quoted_value,
    type_name,
)

QUOTED: dict[str, tuple[t.Any, str]] = {
    "text": ("4g", "'4g'"),
    "unprintable": ("a\nb\u00e4", r"'a\nb\xe4'"),
    "as long as may be": ("x" * 60, f"'{'x' * 60}'"),
    "too long": ("x" * 61, f"'{'x' * 60}'... (61 characters)"),
    "no text": (["secret"], "a list"),
}

TYPES: dict[str, tuple[t.Any, str]] = {
    "null": (None, "null"),
    "boolean": (True, "a boolean"),
    "int": (1, "a whole number"),
    "float": (1.0, "a decimal number"),
    "str": ("", "text"),
    "list": ([], "a list"),
    "tuple": ((), "a list"),
    "dict": ({}, "a mapping"),
    "other": (b"", "a value of type bytes"),
}

VALUES: dict[str, tuple[t.Any, str]] = {
    "text": ("4g", "'4g'"),
    "whole number": (-4, "-4"),
    "long number": (2**64 - 1, "18446744073709551615"),
    "too long a number": (-(2**64), "a huge number"),
    "more digits than Python writes": (16**9999, "a huge number"),
    "decimal number": (0.5, "0.5"),
    "no number": (float("nan"), "nan"),
    "boolean": (True, "a boolean"),
    "null": (None, "null"),
}

KEYS: dict[str, tuple[t.Any, str]] = {
    "plain": ("rest.port", "rest.port"),
    "with blanks": ("rest port", "rest port"),
    "with a blank that is not seen": ("rest.port ", "'rest.port '"),
    "as long as may be": ("x" * 200, "x" * 200),
    "too long": ("x" * 201, f"'{'x' * 200}'..."),
    "unprintable": ("a\nb", r"'a\nb'..."),
    "no text": (8081, "a whole number"),
}

# Names, the most that are listed, and the list.
LISTS: dict[str, tuple[str, int, str]] = {
    "none": ("", 4, ""),
    "one": ("a", 4, "a"),
    "as many as may be": ("abcd", 4, "a, b, c, d"),
    "one more": ("abcde", 4, "a, b, c and 2 more"),
    "many more": ("abcdefgh", 3, "a, b and 6 more"),
    "one of two": ("ab", 1, "a and 1 more"),
    "the only one": ("a", 1, "a"),
}


@pytest.mark.parametrize(("value", "shown"), QUOTED.values(), ids=QUOTED)
def test_quoted(value: t.Any, shown: str) -> None:
    assert quoted(value) == shown


@pytest.mark.parametrize(("value", "shown"), VALUES.values(), ids=VALUES)
def test_quoted_value(value: t.Any, shown: str) -> None:
    assert quoted_value(value) == shown


@pytest.mark.parametrize(("key", "shown"), KEYS.values(), ids=KEYS)
def test_quoted_key(key: t.Any, shown: str) -> None:
    assert quoted_key(key) == shown


@pytest.mark.parametrize(("names", "most", "text"), LISTS.values(), ids=LISTS)
def test_listed(names: str, most: int, text: str) -> None:
    assert listed(list(names), most=most) == text


def test_four_names_are_listed_at_most() -> None:
    assert listed(list("abcde")) == "a, b, c and 2 more"


@pytest.mark.parametrize(("value", "name"), TYPES.values(), ids=TYPES)
def test_type_name(value: t.Any, name: str) -> None:
    assert type_name(value) == name
