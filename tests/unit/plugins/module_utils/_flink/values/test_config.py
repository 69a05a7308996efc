# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import re
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.values import options
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import (
    Config,
    flatten,
    merge_config,
    overlay,
    text_of,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release


def nested(levels: int) -> dict[str, t.Any]:
    config: dict[str, t.Any] = {"x": 1}
    for _level in range(levels - 1):
        config = {"a": config}
    return config


def cycle() -> dict[str, t.Any]:
    config: dict[str, t.Any] = {"a.b": "4g"}
    config["again"] = config
    return config


FLAT: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "empty": ({}, {}),
    "dotted": ({"a.b.c": 1}, {"a.b.c": 1}),
    "nested": ({"a": {"b": {"c": 1}}}, {"a.b.c": 1}),
    "mixed": ({"a.b": {"c": 1}, "a": {"b.d": 2}}, {"a.b.c": 1, "a.b.d": 2}),
    "empty mapping": ({"a": {}, "b": {"c": {}}}, {}),
    "null": ({"a": None, "b": {"c": None}}, {}),
    "null in one of two forms": ({"a.b": None, "a": {"b": 1}}, {"a.b": 1}),
    "null in the other form": ({"a.b": 1, "a": {"b": None}}, {"a.b": 1}),
    "option and prefix of another": ({"a": {"b": 1}, "a.b.c": 2}, {"a.b": 1, "a.b.c": 2}),
    "list": ({"a": {"b": [1, {"c": 2}]}}, {"a.b": [1, {"c": 2}]}),
    "false and empty text are values": ({"a": False, "b": "", "c": 0}, {"a": False, "b": "", "c": 0}),
    "order": ({"b": 1, "a": {"d": 2, "c": 3}}, {"b": 1, "a.d": 2, "a.c": 3}),
    "as deep as may be": (nested(20), {"a." * 19 + "x": 1}),
}

NOT_FLAT: dict[str, tuple[t.Any, str]] = {
    "null": (None, "config: expected a mapping of Flink options to values such as {'taskm"),
    "text": ("taskmanager.memory.process.size: 4g", "size': '4g'}, not text."),
    "list": ([{"a": 1}], "not a list."),
    "number": (4, "not a whole number."),
    "both forms": ({"a.b": 1, "a": {"b": 2}}, "config: a.b is given in two forms, dotted and nested. Keep one."),
    "both forms alike": ({"a": {"b": 2}, "a.b": 2}, "is given in two forms"),
    "three levels in two forms": ({"a.b": {"c": 1}, "a": {"b.c": 1}}, "a.b.c is given in two forms"),
    "number as key": ({1: "x"}, "config: a key is 1, a whole number. Keys must be text: quote it, or name an option."),
    "float as key": ({1.5: "x"}, "a key is 1.5, a decimal number"),
    "true as key": ({"a": {"b": {True: "x"}}}, "config: a key under a.b is True, a boolean."),
    "null as key": ({None: "x"}, "a key is None, null"),
    "empty key": ({"a": {"": "x"}}, "config: a key under a is an empty text."),
    "tuple as key": ({(1, 2): "x"}, "a key is (1, 2), a list"),
    "huge number as key": ({10**4301: "x"}, "a key is a whole number. Keys must be text"),
    "huge number in a key": ({(10**4301,): "x"}, "a key is a list. Keys must be text"),
    "a long name repeated": (
        {"a" * 10**6: {str(number): 1 for number in range(9)}},
        "is too long a name for so many options. Shorten it.",
    ),
    "too deep": (nested(21), "is nested more than 20 levels deep. Write dotted keys."),
    "much too deep": (nested(900), "is nested more than 20 levels deep"),
    "cycle": (cycle(), "is nested more than 20 levels deep"),
    "long key above": ({"a" * 10**6: {1: "x"}}, "a key under"),
    "long key twice": ({"a" * 10**6: 1, "a" * 10**6 + ".b": {"c": 1}, "a" * 10**6 + ".b.c": 1}, "two forms"),
    "long other key": ({"a": {tuple("a" * 10**6): 1}}, "a key under a is ("),
}

OVERLAYS: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], dict[str, t.Any]]] = {
    "another option": ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
    "another value": ({"a.b": 1}, {"a.b": 2}, {"a.b": 2}),
    "another form": ({"a.b": 1}, {"a": {"b": 2}}, {"a.b": 2}),
    "nothing": ({"a.b": 1}, {}, {"a.b": 1}),
    "over nothing": ({}, {"a": {"b": 1}}, {"a.b": 1}),
    "null takes away": ({"a.b": 1, "c": 2}, {"a": {"b": None}}, {"c": 2}),
    "null takes away what is not there": ({"c": 2}, {"a": None}, {"c": 2}),
    "null below is not set": ({"a": None}, {"b": 1}, {"b": 1}),
    "a mapping is no value": ({"a.b": 1}, {"a": {"c": 2}}, {"a.b": 1, "a.c": 2}),
    "lists are values": ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
}

NOT_MERGED: dict[str, tuple[t.Any, str]] = {
    "null": (None, "expected a list of mappings of Flink options, not null."),
    "mapping": ({"a": 1}, "not a mapping."),
    "text": ("ab", "not text."),
    "list of texts": (["ab"], "not text."),
    "null inside": ([{"a": 1}, None], "not null."),
}

TEXTS: dict[str, tuple[t.Any, str]] = {
    "text": ("4g", "4g"),
    "true": (True, "true"),
    "false": (False, "false"),
    "int": (-7, "-7"),
    "float": (0.4, "0.4"),
    "large float": (1e22, "1e+22"),
    "infinity": (-math.inf, "-Infinity"),
    "not a number": (math.nan, "NaN"),
}

# Option, value, the value that Flink has in 1.18 (text) and in 1.19 (typed YAML); an error is its telling part.
READ: dict[str, tuple[str, t.Any, t.Any, t.Any]] = {
    "fraction": ("fraction", 0.4, 0.4000000059604645, 0.4000000059604645),
    "fraction as text": ("fraction", " 0.4f ", 0.4000000059604645, 0.4000000059604645),
    "fraction as int": ("fraction", 0, 0.0, 0.0),
    "tiny fraction": ("fraction", 1e-50, 0.0, "got 1e-50"),
    "tiny fraction as text": ("fraction", "1e-50", 0.0, 0.0),
    "huge fraction": ("fraction", 1e39, math.inf, "got 1e+39"),
    "smallest fraction": ("fraction", 2.0**-149, 2.0**-149, 2.0**-149),
    "percent": ("fraction", "40%", "got '40%'. Write 0.4.", "got '40%'. Write 0.4."),
    "one percent": ("fraction", " 1 % ", "Write 0.01.", "Write 0.01."),
    "comma": ("fraction", "0,4", "got '0,4'. Write 0.4.", "got '0,4'. Write 0.4."),
    "only comma": ("fraction", ",25", "Write 0.25.", "Write 0.25."),
    "word as fraction": ("fraction", "half", "a fraction of at least 0 and less than 1 such as 0.4", "half"),
    "fraction as boolean": ("fraction", True, "got True", "got True"),
    "fraction as list": ("fraction", [0.4], "got a list.", "got a list."),
    "size": ("size", "4g", 4 * 2**30, 4 * 2**30),
    "size as int": ("size", 4096, 4096, 4096),
    "largest size as int": ("size", 2**63 - 1, 2**63 - 1, 2**63 - 1),
    "too large size as int": ("size", 2**63, "'9223372036854775808' is too large", "is too large"),
    "huge size as int": ("size", 10**5000, "expected a size such as 4g or 1536m, got a whole number.", "whole number"),
    "negative size": ("size", -1, "'-1' is not a size", "'-1' is not a size"),
    "size as float": ("size", 1e9, "'1000000000.0' is not a size", "is not a size"),
    "size as boolean": ("size", True, "'true' is not a size", "'true' is not a size"),
    "empty size": ("size", "", "'' is not a size", "'' is not a size"),
    "size as list": ("size", ["4g"], "expected a size such as 4g or 1536m, got a list.", "got a list."),
    "int": ("integer", "+4", 4, 4),
    "int as int": ("integer", 4, 4, 4),
    "int as float": ("integer", 2.0, "expected a whole number such as 4, got 2.0.", "got 2.0."),
    "too large int": ("integer", 2**31, "got 2147483648", "got 2147483648"),
    "huge int": ("integer", 10**5000, "got a whole number.", "got a whole number."),
    "int with blank": ("integer", " 4", "got ' 4'", "got ' 4'"),
    "boolean": ("boolean", True, True, True),
    "boolean as text": ("boolean", "TrUe", True, True),
    "false": ("boolean", "false", False, False),
    "boolean as int": ("boolean", 1, "expected true or false, got 1.", "got 1."),
    "yes": ("boolean", "yes", "expected true or false, got 'yes'.", "got 'yes'."),
    "boolean with blank": ("boolean", "true ", "got 'true '", "got 'true '"),
    "double": ("double", "1e-50", 1e-50, 1e-50),
    "double as float": ("double", 1e300, 1e300, 1e300),
    "double as int": ("double", 3, 3.0, 3.0),
    "word as double": ("double", "many", "expected a number such as 2.5, got 'many'.", "got 'many'."),
}


@pytest.mark.parametrize(("config", "flat"), FLAT.values(), ids=FLAT)
def test_flatten(config: dict[str, t.Any], flat: dict[str, t.Any]) -> None:
    assert list(flatten(config).items()) == list(flat.items())


@pytest.mark.parametrize(("config", "message"), NOT_FLAT.values(), ids=NOT_FLAT)
@pytest.mark.usefixtures("prompt")
def test_what_cannot_be_made_flat(config: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)) as refusal:
        flatten(config)
    assert len(str(refusal.value)) < 500


@pytest.mark.usefixtures("prompt")
def test_ten_thousand_keys() -> None:
    assert len(flatten({"a": {f"b{number}": {"c": number} for number in range(10_000)}})) == 10_000


@pytest.mark.parametrize(("below", "above", "merged"), OVERLAYS.values(), ids=OVERLAYS)
def test_overlay(below: dict[str, t.Any], above: dict[str, t.Any], merged: dict[str, t.Any]) -> None:
    assert overlay(below, above) == merge_config([below, above]) == merged


def test_merge_of_none_and_of_several() -> None:
    assert merge_config([]) == {}
    assert merge_config([{"a": {"b": 1}, "c": 1}, {"a.b": None}, {"a": {"b": 3}}]) == {"a.b": 3, "c": 1}


@pytest.mark.parametrize(("configs", "message"), NOT_MERGED.values(), ids=NOT_MERGED)
def test_what_cannot_be_merged(configs: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        merge_config(configs)


@pytest.mark.parametrize(("value", "text"), TEXTS.values(), ids=TEXTS)
def test_text_of(value: t.Any, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize("value", [None, [], {}, b"x", 10**5000], ids=["null", "list", "mapping", "bytes", "huge"])
def test_what_has_no_text(value: t.Any) -> None:
    with pytest.raises(ValueError, match=r"^"):
        text_of(value)


@pytest.mark.parametrize(("reader", "value", "as_text", "typed"), READ.values(), ids=READ)
@pytest.mark.parametrize("line", ["1.18", "1.19"])
def test_read(line: str, reader: str, value: t.Any, as_text: t.Any, typed: t.Any) -> None:
    config = Config({"the.key": value}, Release.parse(line))
    expected = as_text if line == "1.18" else typed
    if isinstance(expected, str):
        with pytest.raises(FlinkError, match=re.escape(expected)) as refusal:
            getattr(config, reader)(options.Option("the.key"))
        assert str(refusal.value).startswith("the.key: ")
    else:
        assert getattr(config, reader)(options.Option("the.key")) == expected


@pytest.mark.parametrize("reader", ["size", "fraction", "integer", "boolean", "double"])
def test_the_default_of_what_is_not_set(reader: str) -> None:
    option = options.Option("the.key", defaults=(((1, 17), "new"), ((1, 10), "old")))
    read = [getattr(Config({}, Release.parse(line)), reader)(option) for line in ("1.16", "1.17")]
    assert read == ["old", "new"]


def test_the_key_comes_before_its_fallbacks() -> None:
    option: options.Option[int] = options.Option("new", fallbacks=("old", "older"))
    release = Release.parse("2.3")
    configs = [Config(dict.fromkeys(keys, 1), release) for keys in ("", ["older"], ["older", "old"], ["old", "new"])]
    assert [config.key_of(option) for config in configs] == [None, "older", "old", "new"]
    assert [config.name_of(option) for config in configs] == ["new", "older", "old", "new"]
    assert [config.is_set(option) for config in configs] == [False, True, True, True]


def test_a_value_that_stands_for_another_is_named_by_its_origin() -> None:
    option: options.Option[int] = options.Option("new")
    config = Config({"old": 1}, Release.parse("2.3")).with_value(option, 5, origin="old")
    assert (config.size(option), config.name_of(option)) == (5, "old")


NAMES = st.sampled_from(["a", "b", "c", "a.b", "b.c", "a.b.c"])
CONFIGS = st.recursive(
    st.none() | st.integers(0, 3),
    lambda values: st.dictionaries(NAMES, values, max_size=3),
    max_leaves=6,
).filter(lambda config: isinstance(config, dict))


def is_flat(config: t.Any) -> bool:
    try:
        return bool(flatten(config)) or True
    except FlinkError:
        return False


MAPPINGS = CONFIGS.filter(is_flat)


@given(MAPPINGS)
def test_flat_stays_flat(config: dict[str, t.Any]) -> None:
    flat = flatten(config)
    assert flatten(flat) == overlay(flat, {}) == overlay({}, flat) == overlay(flat, flat) == flat


@given(MAPPINGS, MAPPINGS)
def test_the_upper_layer_wins(below: dict[str, t.Any], above: dict[str, t.Any]) -> None:
    merged, upper = overlay(below, above), flatten(above, keep_null=True)
    assert merged.keys() <= flatten(below).keys() | flatten(above).keys()
    assert all(merged.get(key) == value for key, value in upper.items())
    assert all(merged[key] == value for key, value in flatten(below).items() if key not in upper)


@given(st.lists(MAPPINGS, max_size=4))
def test_layers_add_up(configs: list[dict[str, t.Any]]) -> None:
    merged: dict[str, t.Any] = {}
    for config in configs:
        merged = overlay(merged, config)
    assert merge_config(configs) == merged
