# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import math
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.catalogue.grammar import (
    Unreadable,
    read_value,
    suggestion,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

CHOICES = ("NO_CLAIM", "INFO_LEVEL", "retain-on-cancellation", "straße")
SECOND = 10**9
REFUSED = "refused"

# What real releases answered: the kind, the value, and what they read from which line on. Texts that a text file
# cannot carry, and all other values, stand in config.yaml.
ALL: list[tuple[str, t.Any, t.Any]] = [
    ("boolean", "true", True),
    ("boolean", "FaLsE", False),
    ("boolean", True, True),
    *(("boolean", value, REFUSED) for value in ("yes", "no", "on", "off", "1", "0", "", " true", 1, 0, 1.0)),
    ("integer", "+7", 7),
    ("integer", "007", 7),
    ("integer", "\u0663\uff14", 34),
    ("integer", -(2**31), -(2**31)),
    *(("integer", value, REFUSED) for value in (2**31, "2147483648", "1_000", "8081.0", 8081.0, "0x10", "1e3", " 7")),
    *(("integer", value, REFUSED) for value in ("", "50%", "7 ", "+", "\U0001d7d9", True, math.nan, 10**400)),
    ("long", 2**63 - 1, 2**63 - 1),
    ("long", "-9223372036854775808", -(2**63)),
    *(("long", value, REFUSED) for value in (2**63, "9223372036854775808", 1e3, "1L")),
    ("float", "0.1", 0.10000000149011612),
    ("float", "\t.5F ", 0.5),
    ("float", "1e39", math.inf),
    ("float", "1e-60", 0.0),
    ("float", "0x1p-2", 0.25),
    ("float", 16777217, 16777216.0),
    ("float", 0.1, 0.10000000149011612),
    *(("float", value, REFUSED) for value in ("0,5", "50%", "inf", "nan", "", "1_0.5", True)),
    ("double", "0.1", 0.1),
    ("double", "1e400", math.inf),
    ("double", "-Infinity", -math.inf),
    ("double", math.inf, math.inf),
    ("double", 1e300, 1e300),
    ("double", 2**70, float(2**70)),
    *(("double", value, REFUSED) for value in ("0,5", "Inf", "1/2", "\uff11.5", False)),
    ("duration", "10 s", 10 * SECOND),
    ("duration", " 5\tMINUTES", 300 * SECOND),
    ("duration", "250", 250 * 10**6),
    ("duration", 250, 250 * 10**6),
    ("duration", "10 µs", 10**4),
    *(("duration", value, REFUSED) for value in (1.5, -1, True, "-1", "1.5 s", "1h30m", "10 us", "10 mins", "1 w", "")),
    ("memory", "4g", 2**32),
    ("memory", " 1536 MB ", 1536 * 2**20),
    ("memory", 4096, 4096),
    *(("memory", value, REFUSED) for value in ("1.5g", "4GiB", "-1", -1, 1e9, "1pb", "", "9223372036854775808", True)),
    ("enum", "no_claim", "NO_CLAIM"),
    ("enum", "Retain-On-Cancellation", "retain-on-cancellation"),
    ("enum", "STRASSE", "straße"),
    *(("enum", value, REFUSED) for value in ("no-claim", "NO CLAIM", "INFO", " NO_CLAIM", "RETAIN_ON_CANCELLATION", 1)),
    ("string", " a ", " a "),
    ("string", "1.10", "1.10"),
    ("string", 7, "7"),
    ("string", True, "true"),
    ("string", 1.1, "1.1"),
    ("map", "a:1", {"a": "1"}),
    ("map", " a:1 , b :2,", {"a": "1", "b": "2"}),
    ("map", "'a:''b,c'''", {"a": "b,c"}),
    ("map", " ", {}),
    *(("map", value, REFUSED) for value in ("a:b:c", "a", "a:", ":a", "a:1,a:2", "a:1;b:2", "a:'b", 1, ["a", "b"])),
    ("list string", "a; 'b;c' ;d e", ["a", "b;c", "d e"]),
    ("list string", "a,b", ["a,b"]),
    ("list string", ";a;;b;", ["a", "", "b"]),
    ("list string", "'it''s';\"b\"", ["it's", "b"]),
    ("list string", "a\"b'", ["a\"b'"]),
    ("list string", ["a", "b;c", " d "], ["a", "b;c", " d "]),
    ("list string", ["true", True, 1], ["true", "true", "1"]),
    *(("list string", value, REFUSED) for value in ("'a", "'a'b")),
    ("list integer", "1; 2", [1, 2]),
    ("list integer", [1, "2"], [1, 2]),
    *(("list integer", value, REFUSED) for value in ("1;;2", "1,2", "1;a", [1, "a"], [1.0])),
    ("list enum", "info_level;NO_CLAIM", ["INFO_LEVEL", "NO_CLAIM"]),
    ("list enum", ["info_level"], ["INFO_LEVEL"]),
    ("list enum", "INFO_LEVEL,NO_CLAIM", REFUSED),
    ("list duration", "1 s;2 min", [SECOND, 120 * SECOND]),
    ("list memory", "1k", [1024]),
    ("list map", "a:1,b:2;c:3", [{"a": "1", "b": "2"}, {"c": "3"}]),
    ("list map", "a;b", REFUSED),
]  # fmt: skip
SINCE: list[tuple[str, t.Any, dict[str, t.Any]]] = [
    ("float", 1e39, {"1.10": math.inf, "1.19": REFUSED}),
    ("float", 1e-60, {"1.10": 0.0, "1.19": REFUSED}),
    ("float", math.inf, {"1.10": math.inf, "1.19": REFUSED}),
    ("duration", "5 m", {"1.10": REFUSED, "1.15": 300 * SECOND}),
    ("duration", "PT10S", {"1.10": REFUSED, "2.1": 10 * SECOND}),
    ("duration", "9223372036854775808ns", {"1.10": REFUSED, "2.0": 2**63}),
    ("string", 1e3, {"1.10": "1000.0"}),
    ("string", 1e16, {"1.10": "1e+16", "1.19": "1.0E16"}),
    ("string", math.nan, {"1.10": "NaN", "1.19": ".nan"}),
    ("string", ["prom", "a b", "true"], {"1.10": "prom;a b;true", "1.19": "[prom, a b, 'true']"}),
    ("list string", "[a, 'b']", {"1.10": ["[a, 'b']"], "1.19": ["a", "b"]}),
    ("list string", "- a", {"1.10": ["- a"], "1.19": ["a"]}),
    ("list string", "[1.10, yes, {b: 1}]", {"1.10": ["[1.10, yes, {b: 1}]"], "1.19": ["1.1", "yes", "{b: 1}"]}),
    ("list string", "[a, ~]", {"1.10": ["[a, ~]"]}),
    ("list string", "[a, b", {"1.10": ["[a, b"]}),
    ("list integer", "[1, 0x10]", {"1.10": REFUSED, "1.19": [1, 16]}),
    ("list map", "[{a: 1}]", {"1.10": [{"[{a": "1}]"}], "1.19": [{"a": "1"}]}),
    ("list map", "{a: 1};b:2", {"1.10": [{"{a": "1}"}, {"b": "2"}], "2.0": [{"a": "1"}, {"b": "2"}]}),
    ("map", "{a: 1, b: x}", {"1.10": {"{a": "1", "b": "x}"}, "1.19": {"a": "1", "b": "x"}}),
    ("map", "'a': 1", {"1.10": REFUSED, "1.19": {"a": "1"}}),
    ("map", "{a: 1.10}", {"1.10": {"{a": "1.10}"}, "1.19": {"a": "1.1"}}),
    ("map", "a: b,c:d", {"1.10": {"a": "b", "c": "d"}, "1.19": {"a": "b,c:d"}}),
    ("map", "a: b, c: d", {"1.10": {"a": "b", "c": "d"}}),
    ("map", {"a": 1, "b": {"c": 1e3}}, {"1.10": REFUSED, "1.14": {"a": "1", "b.c": "1000.0"}}),
    ("map", {"a": [1, "b"]}, {"1.10": REFUSED, "1.14": {"a": "1;b"}, "1.19": {"a": "[1, b]"}}),
    ("map", ["a:b"], {"1.10": {"a": "b"}, "1.19": {"['a": "b']"}}),
]  # fmt: skip


def check(kind: str, value: t.Any, line: str, expected: t.Any, *, typed: bool) -> None:
    def read() -> object:
        return read_value(kind, value, Release.parse(line), typed=typed, choices=CHOICES)

    if expected == REFUSED:
        with pytest.raises(Unreadable, match=r"^(true|a|one|pairs) "):
            read()
    else:
        found = read()
        assert found == expected
        assert type(found) is type(expected)


@pytest.mark.parametrize(("kind", "value", "expected"), ALL)
def test_all_lines_read_alike(kind: str, value: t.Any, expected: t.Any, line: str) -> None:
    check(kind, value, line, expected, typed=True)
    if isinstance(value, str):
        check(kind, value, line, expected, typed=False)


@pytest.mark.parametrize(("kind", "value", "answers"), SINCE)
def test_lines_read_differently(kind: str, value: t.Any, answers: dict[str, t.Any], line: str) -> None:
    since = [answered for answered in LINES[: LINES.index(line) + 1] if answered in answers][-1]
    check(kind, value, line, answers[since], typed=True)
    if isinstance(value, str):
        check(kind, value, line, answers[since], typed=False)


WORDS = {
    "boolean": "true or false",
    "integer": "a whole number from -2147483648 to 2147483647",
    "duration": "a duration such as 10 s, 5 min or 250 ms",
    "enum": "one of NO_CLAIM, INFO_LEVEL, retain-on-cancellation, straße",
    "list memory": "a list, each item a size such as 4g, 1536m or 64kb",
}


@pytest.mark.parametrize("kind", WORDS)
def test_a_refusal_says_what_is_read(kind: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_value(kind, "?", Release.parse("2.3"), typed=False, choices=CHOICES)
    assert str(refused.value) == WORDS[kind]


@pytest.mark.parametrize("value", [None, object(), {"a": None}, [None, "a"], [[1], object()], 10**5000], ids=type)
def test_what_is_no_value_is_refused(value: object, line: str) -> None:
    with pytest.raises(Unreadable):
        read_value("integer", value, Release.parse(line), typed=True)


def test_a_list_that_was_read_is_the_readers_own() -> None:
    first, second = (read_value("list string", "a", Release.parse("2.3"), typed=True) for _read in range(2))
    assert first == second
    assert first is not second


# What is meant, as a value for config.yaml and as a text for a line.
MEANT: list[tuple[str, t.Any, t.Any, str | None]] = [
    *(("boolean", value, True, "true") for value in ("yes", "on", "1", "Y", " true", "enabled", 1)),
    *(("boolean", value, False, "false") for value in ("no", "OFF", "0", 0, "disabled")),
    ("boolean", "maybe", None, None),
    ("boolean", 1.0, None, None),
    ("integer", "1_000", 1000, "1000"),
    ("integer", "8081.0", 8081, "8081"),
    ("integer", 8081.0, 8081, "8081"),
    ("integer", " 7 ", 7, "7"),
    ("integer", "1e3", 1000, "1000"),
    ("integer", "0x10", 16, "16"),
    ("integer", "50 %", 50, "50"),
    *(("integer", value, None, None) for value in ("1.5", "1,000", "30 s", "4k", "2147483648", "", "x", 2**31, 1e-5)),
    ("long", "2147483648.0", 2**31, "2147483648"),
    ("float", "50%", 0.5, "0.5"),
    ("float", "0,5", 0.5, "0.5"),
    ("float", "1_000.5", 1000.5, "1000.5"),
    *(("float", value, None, None) for value in ("1,000", "half", "", "1/2", True)),
    ("double", "12,25", 12.25, "12.25"),
    ("double", "2_000", 2000.0, "2000.0"),
    *(("duration", value, "90 min", "90 min") for value in ("1h30m", "1h 30min", "1.5h", "PT1H30M", "90mins")),
    *(("duration", value, "1500 ms", "1500 ms") for value in ("1.5 s", "1,5 s", "1500 msec", "1500.0", 1500.0)),
    ("duration", "10us", "10 µs", "10 µs"),
    ("duration", "10 \u03bcs", "10 µs", "10 µs"),
    ("duration", "24 hrs", "24 h", "24 h"),
    ("duration", "1 week", "7 d", "7 d"),
    ("duration", "5m", "5 min", "5 min"),
    ("duration", "1_000 ms", "1000 ms", "1000 ms"),
    *(("duration", value, None, None) for value in ("1 month", "-1", "-1 s", "1.5", "1,000 ms", "30m1h", "", True)),
    ("memory", "1.5g", "1536m", "1536m"),
    ("memory", "4GiB", "4g", "4g"),
    ("memory", 1073741824.0, "1g", "1g"),
    ("memory", "4_096", "4k", "4k"),
    *(("memory", value, None, None) for value in ("0.3g", "50%", "-1", "", "much", "9223372036854775808")),
    *(("enum", value, "NO_CLAIM", "NO_CLAIM") for value in ("no-claim", "No Claim", " no_claim", "NO_CLAIMS")),
    ("enum", "INFO", "INFO_LEVEL", "INFO_LEVEL"),
    ("enum", "RETAIN_ON_CANCELLATION", "retain-on-cancellation", "retain-on-cancellation"),
    ("enum", "retain-on-cancelation", "retain-on-cancellation", "retain-on-cancellation"),
    *(("enum", value, None, None) for value in ("", "claim it", "x", True)),
    ("list string", "a, b", ["a", "b"], "a;b"),
    ("list string", "['a', b c]", ["a", "b c"], "a;b c"),
    ("list integer", "1,2", ["1", "2"], "1;2"),
    ("list integer", ["1_000", 2], [1000, 2], "1000;2"),
    ("list enum", "info,no-claim", ["INFO_LEVEL", "NO_CLAIM"], "INFO_LEVEL;NO_CLAIM"),
    ("list enum", "info,other", None, None),
    ("list duration", "1.5 s; 10us", ["1500 ms", "10 µs"], "1500 ms;10 µs"),
    ("list map", "a=1,b=2;c=3", "a:1,b:2;c:3", "a:1,b:2;c:3"),
    ("list map", "[{a: 1}, {b: 2}]", "a:1;b:2", "a:1;b:2"),
    ("list string", "'a", None, None),
    ("list string", [], None, None),
    *(("map", value, "a:1,b:2", "a:1,b:2") for value in ("a=1,b=2", "a:1;b:2", "{a: 1, b: 2}", "a: 1\nb: 2")),
    ("map", {"a": 1, "b": {"c": "d e"}}, "a:1,b.c:d e", "a:1,b.c:d e"),
    ("map", "a:http://h:1/p", "a:'http://h:1/p'", "a:'http://h:1/p'"),
    ("map", "{a: 'b,c'}", "'a:b,c'", "'a:b,c'"),
    *(("map", value, None, None) for value in ("a", "a:1,b", "a:1,a:2", ["a"], "")),
    ("string", ["a"], None, None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "meant", "text"), MEANT)
def test_what_is_meant(kind: str, value: t.Any, meant: t.Any, text: str | None) -> None:
    for typed, expected in ((True, meant), (False, text)):
        found = {line: suggestion(kind, value, Release.parse(line), typed=typed, choices=CHOICES) for line in LINES}
        assert found == dict.fromkeys(LINES, expected)


@pytest.mark.parametrize(
    ("unit", "value", "meant"),
    [
        *(
            ("ms", "30 s", 30000),
            ("ms", "5m", 300000),
            ("ms", "PT10S", 10000),
            ("ms", "1.5 s", 1500),
            ("ms", "1_000", 1000),
        ),
        *(("ms", "10 us", None), ("bytes", "4 kb", 4096), ("bytes", "1.5k", 1536), ("bytes", "30 s", None)),
        ("", "30 s", None),
    ],
)
def test_a_number_of_units(unit: str, value: str, meant: int | None) -> None:
    assert suggestion("integer", value, Release.parse("1.14"), typed=True, unit=unit) == meant


@pytest.mark.parametrize(
    ("value", "line", "meant"),
    [("5 m", "1.14", "5 min"), ("PT10S", "2.0", "10 s"), (["5 m", "1 s"], "1.10", ["5 min", "1 s"])],
)
def test_what_a_later_line_reads(value: t.Any, line: str, meant: t.Any) -> None:
    kind = "list duration" if isinstance(value, list) else "duration"
    assert suggestion(kind, value, Release.parse(line), typed=True) == meant


KINDS = ("boolean", "integer", "long", "float", "double", "duration", "memory", "enum", "map")
TEXTS = st.text() | st.text("0123456789.,_ -+%eEsmhdgkb:=;'\"{}[]ayno", max_size=12) | st.sampled_from(CHOICES)
VALUES = TEXTS | st.integers() | st.floats() | st.booleans() | st.lists(TEXTS) | st.dictionaries(TEXTS, TEXTS)


@given(st.sampled_from([*KINDS, *(f"list {kind}" for kind in KINDS)]), VALUES, st.sampled_from(LINES), st.booleans())
def test_a_suggestion_is_read(kind: str, value: t.Any, line: str, typed: bool) -> None:
    release = Release.parse(line)
    meant = suggestion(kind, value, release, typed=typed, choices=CHOICES)
    if meant is not None:
        read = read_value(kind, meant, release, typed=typed, choices=CHOICES)
        again = suggestion(kind, meant, release, typed=typed, choices=CHOICES)
        if "map" not in kind:
            assert repr(read_value(kind, again, release, typed=typed, choices=CHOICES)) == repr(read)


@given(
    st.lists(TEXTS.filter(lambda text: text.strip() == text != "" and not set(text) & set(";,[]-#'\"\0")), min_size=2)
)
def test_items_between_commas_are_meant(items: list[str]) -> None:
    release = Release.parse("2.3")
    meant = suggestion("list string", ",".join(items), release, typed=True)
    assert read_value("list string", meant, release, typed=True) == items


@given(st.dictionaries(TEXTS, TEXTS, min_size=1), st.sampled_from(LINES))
def test_a_mapping_is_meant_as_it_is(pairs: dict[str, str], line: str) -> None:
    release = Release.parse(line)
    meant = suggestion("map", pairs, release, typed=True)
    if meant is not None:
        assert read_value("map", meant, release, typed=True) == pairs


@pytest.mark.parametrize("kind", [*KINDS, "string", "list string", "list map"])
@pytest.mark.parametrize("text", ["1", "a:", "a,", " ", "a: ", "a:1,", "[", "'", "-", "1h", ": "])
@pytest.mark.usefixtures("prompt")
def test_long_texts_are_read_promptly(kind: str, text: str) -> None:
    release = Release.parse("2.3")
    with contextlib.suppress(Unreadable):
        read_value(kind, text * 50_000, release, typed=True, choices=CHOICES)
    suggestion(kind, text * 50_000, release, typed=True, choices=CHOICES, unit="ms")
