# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.yaml import Pairs, dump_flow, load_yaml

# What Flink 2.3 reads.
READ: dict[str, t.Any] = {
    "": None,
    "~": None,
    "a": "a",
    "a\nb": "a b",
    "[]": [],
    "[a, b c,]": ["a", "b c"],
    "[ a , 'it''s', \"b\\tc\\x41\" ]": ["a", "it's", "b\tcA"],
    "[1, +2, 0x10, 0o17, 010, 2.0, 1e3, true, null, yes]": [1, 2, 16, 15, 10, 2.0, 1000.0, True, None, "yes"],
    "[.inf, -.INF]": [math.inf, -math.inf],
    "[a-b, -c, a?b, a#b, a'b, http://h:1/p]": ["a-b", "-c", "a?b", "a#b", "a'b", "http://h:1/p"],
    "[a: 1, {b: 2}, [c]]": [Pairs([("a", 1)]), Pairs([("b", 2)]), ["c"]],
    "[a #c\n, b]": ["a", "b"],
    "['a\n\n b', \"c\\\n d\"]": ["a\nb", "cd"],
    "- a": ["a"],
    "- a\n- - b\n  - c\n- d: 1\n  e: 2": ["a", ["b", "c"], Pairs([("d", 1), ("e", 2)])],
    "-a": "-a",
    "---\n- a\n...": ["a"],
    "{a: 1, b, 'c':2, \"d\": }": Pairs([("a", 1), ("b", None), ("c", 2), ("d", None)]),
    "{a:1}": Pairs([("a:1", None)]),
    "{? a : b}": Pairs([("a", "b")]),
    "{1: a, '1': b}": Pairs([(1, "a"), ("1", "b")]),
    "a: 1\nb:\n- c\n- d": Pairs([("a", 1), ("b", ["c", "d"])]),
    "a: b\n c": Pairs([("a", "b c")]),
    "? a\n: b\nc: d": Pairs([("a", "b"), ("c", "d")]),
    "a:b: c #d": Pairs([("a:b", "c")]),
    "[a,\x85b \u2028c]": ["a", "b\u2028c"],
}
REFUSED = (
    *(
        "[a",
        "a]b: [",
        "[a,, b]",
        "[,]",
        "['a' b]",
        "['a]",
        '["\\q"]',
        '["\\x4"]',
        "[- a]",
        "[?]",
        "[@a]",
        "[a]]",
        "[a] b",
    ),
    *("[a]\n---\n[b]", "[\t]", "{a: 1", "{a: 1, a: 2}", "{: a}", "a: b: c", "a: - b", "- a: b: c", "--- - a", "- a\nb"),
    *(
        "a: 1\na: 2",
        "a: 1\n b: 2",
        "a: 1\nb",
        ": a",
        "\t[a]",
        "[a\x7f]",
        "\x01",
        "[" * 1000,
        "[&a b]",
        "[*a]",
        "[!!str a]",
    ),
)


@pytest.mark.parametrize("text", READ)
def test_read(text: str) -> None:
    assert load_yaml(text) == READ[text]


def test_not_a_number() -> None:
    assert math.isnan(load_yaml(".nan"))


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        load_yaml(text)


# What Flink 1.19 has of a list in config.yaml when it needs a text.
WRITTEN: dict[str, list[t.Any]] = {
    "[a, b c, -d, =, $e]": ["a", "b c", "-d", "=", "$e"],
    "['a: b', 'c,d', ' e', '''t''', it's, '', '#f', '{g}']": ["a: b", "c,d", " e", "'t'", "it's", "", "#f", "{g}"],
    "['true', '1', '1.', '~', '+1', '0o17', 1_000]": ["true", "1", "1.", "~", "+1", "0o17", "1_000"],
    r'["a\nb", "c\td", "\0", "\x7f", "\N"]': ["a\nb", "c\td", "\0", "\x7f", "\x85"],
    "[true, 1, 1000.0, 1.0E8, .inf, null, []]": [True, 1, 1000.0, 1e8, math.inf, None, []],
    "[{a: 1, 2: [b]}, {? [c] : d}]": [{"a": 1, 2: ["b"]}, Pairs([(["c"], "d")])],
}


@pytest.mark.parametrize("text", WRITTEN)
def test_written(text: str) -> None:
    assert dump_flow(WRITTEN[text]) == text


def test_what_yaml_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no scalar"):
        dump_flow([object()])


SCALARS = st.text() | st.text("a: #,'\"\n-?\\") | st.integers() | st.booleans()


@given(st.lists(SCALARS | st.none() | st.floats(allow_nan=False) | st.lists(SCALARS)))
def test_what_is_written_is_read(items: list[t.Any]) -> None:
    assert load_yaml(dump_flow(items)) == items


@pytest.mark.parametrize("text", ["[" + "a, " * 10**5 + "a]", "a " * 10**5, "'" * 10**5, "{" + "a, " * 10**5 + "b: c}"])
@pytest.mark.usefixtures("prompt")
def test_long_texts_are_read_promptly(text: str) -> None:
    try:
        load_yaml(text)
    except ValueError:
        return
