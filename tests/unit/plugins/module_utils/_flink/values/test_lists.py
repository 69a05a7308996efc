# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.lists import join_list, split_list

SPLIT: dict[str, list[str]] = {
    "": [],
    "  ": [],
    "gpu": ["gpu"],
    "gpu;fpga": ["gpu", "fpga"],
    " gpu ; fpga ": ["gpu", "fpga"],
    "a b": ["a b"],
    "a;;b": ["a", "", "b"],
    "a; ;b": ["a", "", "b"],
    ";a;": ["a"],
    ";;": [""],
    "'a;b';c": ["a;b", "c"],
    '"a;b" ; c': ["a;b", "c"],
    "'it''s'": ["it's"],
    '"say ""x"""': ['say "x"'],
    "''": [""],
    "a'b": ["a'b"],
    "' a '": [" a "],
}
REFUSED = {
    "'a": "a quote is not closed",
    '"a': "a quote is not closed",
    "a;'": "a quote is not closed",
    "'a' b": "goes on after its closing quote",
    "'a''": "quote",
    "'a'\"b\"": "goes on after its closing quote",
}


@pytest.mark.parametrize(("text", "items"), SPLIT.items())
def test_split(text: str, items: list[str]) -> None:
    assert split_list(text) == items


@pytest.mark.parametrize(("text", "items"), SPLIT.items())
def test_another_separator(text: str, items: list[str]) -> None:
    assert split_list(text.replace(";", ","), ",") == [item.replace(";", ",") for item in items]


@pytest.mark.parametrize(("text", "message"), REFUSED.items())
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        split_list(text)


@pytest.mark.parametrize(("text", "count"), [(";", 10**6 - 1), ("; ", 10**6 - 1), ("a;", 10**6), (" ", 0), ("''", 1)])
@pytest.mark.usefixtures("prompt")
def test_long_texts_are_split_promptly(text: str, count: int) -> None:
    assert len(split_list(text * 10**6)) == count


@pytest.mark.parametrize("text", ["'" + "a" * 10**6, "''" * 10**6 + "'"], ids=["open", "pairs"])
@pytest.mark.usefixtures("prompt")
def test_long_texts_are_refused_promptly(text: str) -> None:
    with pytest.raises(ValueError, match="quote"):
        split_list(text)


@given(st.lists(st.text() | st.text("ab;'\" \t", max_size=6)))
def test_what_is_joined_is_split(items: list[str]) -> None:
    assert split_list(join_list(items)) == items


@given(st.lists(st.from_regex(r"\A[a-z]([a-z ]*[a-z])?\Z")))
def test_plain_items_are_not_quoted(items: list[str]) -> None:
    assert join_list(items) == ";".join(items)
