# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import (
    excerpt,
    shown_value,
    type_name,
)

EXCERPTS: dict[str, tuple[t.Any, str]] = {
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


@pytest.mark.parametrize(("value", "shown"), EXCERPTS.values(), ids=EXCERPTS)
def test_excerpt(value: t.Any, shown: str) -> None:
    assert excerpt(value) == shown


@pytest.mark.parametrize(("value", "shown"), VALUES.values(), ids=VALUES)
def test_shown_value(value: t.Any, shown: str) -> None:
    assert shown_value(value) == shown


@pytest.mark.parametrize(("value", "name"), TYPES.values(), ids=TYPES)
def test_type_name(value: t.Any, name: str) -> None:
    assert type_name(value) == name
