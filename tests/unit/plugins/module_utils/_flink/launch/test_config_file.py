# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import re
import typing as t

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.config_file import (
    config_file,
    config_file_name,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import text_of
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.lists import split_list

BLANKS = "".join(map(chr, range(0x21)))
SECRET = "the-secret"

NAMES = {"1.10": "flink-conf.yaml", "1.18": "flink-conf.yaml", "1.19": "config.yaml", "2.3": "config.yaml"}

# A value, its text in flink-conf.yaml (none if that cannot carry it), its text in config.yaml.
VALUES: dict[str, tuple[t.Any, str | None, str]] = {
    "size": ("4g", "4g", "4g"),
    "bytes": ("134217730b", "134217730b", "134217730b"),
    "long unit": ("4 gb", "4 gb", '"4 gb"'),
    "word": ("rocksdb", "rocksdb", "rocksdb"),
    "path": ("file:///tmp/x", "file:///tmp/x", "file:///tmp/x"),
    "class": ("org.x.Y", "org.x.Y", "org.x.Y"),
    "address": ("10.0.0.1", "10.0.0.1", "10.0.0.1"),
    "host and port": ("host:6123", "host:6123", "host:6123"),
    "JVM options": ("-Da=b -Dc=d", "-Da=b -Dc=d", '"-Da=b -Dc=d"'),
    "int": (4, "4", "4"),
    "negative": (-4, "-4", "-4"),
    "float": (0.4, "0.4", "0.4"),
    "not a number": (math.nan, "NaN", ".nan"),
    "infinity": (-math.inf, "-Infinity", "-.inf"),
    "true": (True, "true", "true"),
    "false": (False, "false", "false"),
    "int as text": ("4", "4", '"4"'),
    "float as text": ("0.4", "0.4", '"0.4"'),
    "exponent as text": ("1e3", "1e3", '"1e3"'),
    "hexadecimal as text": ("0x10", "0x10", '"0x10"'),
    "true as text": ("true", "true", '"true"'),
    "yes as text": ("Yes", "Yes", '"Yes"'),
    "off as text": ("OFF", "OFF", '"OFF"'),
    "null as text": ("null", "null", '"null"'),
    "tilde": ("~", "~", '"~"'),
    "infinity as text": (".inf", ".inf", '".inf"'),
    "time": ("12:30:45", "12:30:45", '"12:30:45"'),
    "date": ("2026-01-01", "2026-01-01", '"2026-01-01"'),
    "separator": ("a: b", "a: b", '"a: b"'),
    "colon at the end": ("a:", "a:", '"a:"'),
    "quotes": ("'a' \"b\"", "'a' \"b\"", '"\'a\' \\"b\\""'),
    "quote in front": ("'a", "'a", '"\'a"'),
    "backslash": ("a\\b", "a\\b", '"a\\\\b"'),
    "bracket": ("[a, b]", "[a, b]", '"[a, b]"'),
    "brace": ("{a: b}", "{a: b}", '"{a: b}"'),
    "dash": ("- a", "- a", '"- a"'),
    "anchor": ("&a", "&a", '"&a"'),
    "alias": ("*a", "*a", '"*a"'),
    "tag": ("!a", "!a", '"!a"'),
    "percent": ("%a", "%a", '"%a"'),
    "at": ("@a", "@a", '"@a"'),
    "backtick": ("`a", "`a", '"`a"'),
    "question": ("? a", "? a", '"? a"'),
    "document": ("---", "---", '"---"'),
    "tab inside": ("a\tb", "a\tb", '"a\\tb"'),
    "unicode": ("\u00e4\u20ac\U0001f600", "\u00e4\u20ac\U0001f600", '"\u00e4\u20ac\U0001f600"'),
    "no-break space": ("\u00a0", "\u00a0", '"\\xa0"'),
    "separators of lines": ("a\u2028b\u0085c", "a\u2028b\u0085c", '"a\\u2028b\\x85c"'),
    "byte order mark": ("\ufeff", "\ufeff", '"\\ufeff"'),
    "language tag": ("\U000e0001", "\U000e0001", '"\\U000e0001"'),
    "mark of direction": ("\u061c", "\u061c", '"\\u061c"'),
    "bell": ("a\x07b", "a\x07b", '"a\\x07b"'),
    "list": (["a", "b c", 1, True], "a;b c;1;true", '[a, "b c", 1, true]'),
    "list of one": (["a"], "a", "[a]"),
    "list of odd texts": (["a;b", "it's", "x, y", "a:b"], "'a;b';'it''s';x, y;a:b", '[a;b, "it\'s", "x, y", "a:b"]'),
    "list of looks": (["4", "yes"], "4;yes", '["4", "yes"]'),
    "empty text": ("", None, '""'),
    "hash": ("http://x#y", None, '"http://x#y"'),
    "comment": ("a # b", None, '"a # b"'),
    "blank in front": (" a", None, '" a"'),
    "blank behind": ("a\t", None, '"a\\t"'),
    "lines": ("a\nb\r\nc", None, '"a\\nb\\r\\nc"'),
    "control character behind": ("a\x01", None, '"a\\x01"'),
    "empty list": ([], None, "[]"),
}

WHY_NOT = {
    "empty text": "its value is empty, and Flink skips such a line",
    "hash": "its value contains '#', where Flink cuts the line",
    "comment": "its value contains '#', where Flink cuts the line",
    "blank in front": "its value begins or ends with a blank, which Flink removes",
    "blank behind": "its value begins or ends with a blank, which Flink removes",
    "lines": "its value contains a line break",
    "control character behind": "its value begins or ends with a blank, which Flink removes",
    "empty list": "its value is empty, and Flink skips such a line",
}

# Lists in text, for their readers; the text and, where Flink knows them as lists, the line of config.yaml.
LISTS: dict[str, tuple[list[t.Any], str, str]] = {
    "io.tmp.dirs": (["/a", "/b"], "/a,/b", '"/a,/b"'),
    "high-availability.zookeeper.quorum": (["a:1", "b:2"], "a:1,b:2", '"a:1,b:2"'),
    "metrics.reporters": (["prom"], "prom", "prom"),
    "rest.bind-port": ([8081, 8082], "8081,8082", '"8081,8082"'),
    "state.backend.rocksdb.localdir": (["/a", "/b"], "/a,/b", '"/a,/b"'),
    "fs.allowed-fallback-filesystems": (["s3", "gs"], "s3;gs", "s3;gs"),
    "pipeline.jars": (["/a", "/b"], "/a;/b", "[/a, /b]"),
}


@pytest.mark.parametrize("key", LISTS)
def test_lists_are_joined_as_their_readers_split_them(key: str) -> None:
    items, legacy, standard = LISTS[key]
    assert config_file({key: items}, "1.18") == f"{key}: {legacy}\n"
    assert config_file({key: items}, "2.3") == f"{key}: {standard}\n"


KEYS: dict[str, tuple[str, str]] = {
    "taskmanager.memory.process.size": ("2.3", "taskmanager.memory.process.size: 1\n"),
    "true": ("2.3", '"true": 1\n'),
    "No": ("2.3", '"No": 1\n'),
    "1": ("2.3", '"1": 1\n'),
    "a b": ("2.3", '"a b": 1\n'),
    "a: b#": ("2.3", '"a: b#": 1\n'),
    "a:": ("1.18", "a:: 1\n"),
    "a b ": ("2.3", '"a b ": 1\n'),
}

# Release, configuration, what the refusal says.
REFUSED: dict[str, tuple[str, t.Any, str]] = {
    "mapping in a list": ("2.3", {"the.key": [{"a": SECRET}]}, "the.key: expected text, a number, a boolean or a list"),
    "list in a list": ("1.18", {"the.key": [[SECRET]]}, "the.key: expected text, a number, a boolean or a list"),
    "null in a list": ("2.3", {"the.key": [None, SECRET]}, "not null. Quote it."),
    "bytes": (
        "2.3",
        {"the.key": SECRET.encode()},
        "the.key: expected text, a number, a boolean or a list of these, not",
    ),
    "huge number": ("2.3", {"the.key": 10**5000}, "the.key: expected text, a number"),
    "surrogate": (
        "2.3",
        {"the.key": SECRET + "\ud800"},
        "the.key: config.yaml cannot carry it: its value contains an unpaired surrogate",
    ),
    "surrogate in a list": ("2.3", {"the.key": [SECRET, "\udfff"]}, "its value contains an unpaired surrogate"),
    "surrogate in lines": (
        "1.18",
        {"the.key": SECRET + "\ud800"},
        "flink-conf.yaml cannot carry it: its value contains",
    ),
    "surrogate in a name": ("2.3", {"a\ud800": SECRET}, "its name contains an unpaired surrogate"),
    "hash in a list": ("1.18", {"the.key": [SECRET, "#"]}, "the.key: flink-conf.yaml cannot carry it: its value"),
    "separator in a name": ("1.18", {"a: b": SECRET}, "its name contains ': ', where Flink splits the line"),
    "hash in a name": ("1.18", {"a#b": SECRET}, "its name contains '#'"),
    "line break in a name": ("1.18", {"a\nb": SECRET}, "its name contains a line break"),
    "blank in a name": ("1.18", {"a ": SECRET}, "its name begins or ends with a blank"),
    "long name": ("2.3", {"a" * 1001: SECRET}, "a name in config.yaml has at most 1000 characters."),
    "long file": ("2.3", {"the.key": SECRET * 400_000}, "and Flink reads at most 3145728."),
    "separator in a list": ("2.3", {"io.tmp.dirs": [f"/{SECRET},/b"]}, "io.tmp.dirs: expected items without ','"),
    "both forms": ("2.3", {"a.b": SECRET, "a": {"b": SECRET}}, "a.b is given in two forms"),
    "no mapping": ("2.3", SECRET, "config: expected a mapping"),
    "release": ("1.9", {"a": SECRET}, "Flink 1.9 is not supported"),
}


def read_lines(text: str) -> dict[str, str]:
    """Read flink-conf.yaml as Flink up to 1.20 does."""
    options = {}
    for line in re.split(r"\r\n|\r|\n", text):
        key, separator, value = line.split("#", 1)[0].strip(BLANKS).partition(": ")
        if separator and key.strip(BLANKS) and value.strip(BLANKS):
            options[key.strip(BLANKS)] = value.strip(BLANKS)
    return options


@pytest.mark.parametrize(("release", "name"), NAMES.items())
def test_name(release: str, name: str) -> None:
    assert config_file_name(release) == name


def test_name_for_an_unknown_release() -> None:
    with pytest.raises(FlinkError, match=r"Flink 2\.4 is not supported"):
        config_file_name("2.4")


@pytest.mark.parametrize("release", ["1.10", "1.18"])
@pytest.mark.parametrize(("value", "lines"), [case[:2] for case in VALUES.values()], ids=VALUES)
def test_values_in_lines(value: t.Any, lines: str | None, release: str) -> None:
    if lines is not None:
        assert config_file({"a": {"b": value}}, release) == f"a.b: {lines}\n"
    else:
        with pytest.raises(FlinkError, match=r"^a\.b: flink-conf\.yaml cannot carry it: its value "):
            config_file({"a": {"b": value}}, release)


@pytest.mark.parametrize(("case", "reason"), WHY_NOT.items())
def test_why_lines_cannot_carry_it(case: str, reason: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        config_file({"a.b": VALUES[case][0]}, "1.18")
    assert str(refusal.value) == (
        f"a.b: flink-conf.yaml cannot carry it: {reason}. "
        "Choose another one, or a Flink from 1.19 on, whose config.yaml carries any text."
    )


@pytest.mark.parametrize("release", ["1.19", "2.3"])
@pytest.mark.parametrize(("value", "text"), [(case[0], case[2]) for case in VALUES.values()], ids=VALUES)
def test_values_in_yaml(value: t.Any, text: str, release: str) -> None:
    assert config_file({"a": {"b": value}}, release) == f"a.b: {text}\n"


@pytest.mark.parametrize(("key", "case"), KEYS.items())
def test_keys(key: str, case: tuple[str, str]) -> None:
    release, text = case
    assert config_file({key: 1}, release) == text


@pytest.mark.parametrize("release", ["1.18", "2.3"])
def test_one_option_a_line_in_the_order_given(release: str) -> None:
    assert config_file({"b": 1, "a": {"d": 2, "c": 3}, "e": None}, release) == "b: 1\na.d: 2\na.c: 3\n"
    assert config_file({}, release) == ""


@pytest.mark.parametrize(("release", "config", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(release: str, config: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)) as refusal:
        config_file(config, release)
    assert SECRET not in str(refusal.value)
    assert len(str(refusal.value)) < 500


@pytest.mark.parametrize("release", ["1.18", "2.3"])
@pytest.mark.usefixtures("prompt")
def test_much_is_written_promptly(release: str) -> None:
    text = config_file({"k": {str(number): number for number in range(10_000)}, "long": "x" * 10**6}, release)
    assert len(text) > 10**6


def test_the_longest_name() -> None:
    assert len(config_file({"a" * 1000: 1}, "2.3")) == 1004


ODD_TEXTS = (
    st.text(max_size=12) | st.text("ab:# '\"\\\n\t,[]{}-;0.eE+_~", max_size=8) | st.sampled_from(["yes", "1_0", "0o7"])
)
WRITABLE = ODD_TEXTS.filter(lambda text: not re.search("[\ud800-\udfff]", text))
NUMBERS = st.integers(-(2**70), 2**70) | st.floats() | st.booleans()
FLAT_KEYS = WRITABLE.filter(bool)


@given(st.dictionaries(FLAT_KEYS, WRITABLE | NUMBERS | st.lists(WRITABLE | NUMBERS, max_size=3), max_size=4))
def test_yaml_is_read_back(config: dict[str, t.Any]) -> None:
    def texts(value: t.Any) -> t.Any:
        return [yaml_text(item) for item in value] if isinstance(value, list) else yaml_text(value)

    def yaml_text(value: t.Any) -> str:
        special = {"NaN": ".nan", "Infinity": ".inf", "-Infinity": "-.inf"}
        text = text_of(value)
        return special.get(text, text) if isinstance(value, float) else text

    written = config_file(config, "2.3")
    assert (yaml.load(written, yaml.BaseLoader) or {}) == {key: texts(value) for key, value in config.items()}
    typed = yaml.safe_load(written) or {}
    assert {key: value for key, value in typed.items() if isinstance(value, str)}.items() >= {
        (key, value) for key, value in config.items() if isinstance(value, str)
    }


@given(st.dictionaries(FLAT_KEYS, WRITABLE | NUMBERS | st.lists(WRITABLE | NUMBERS, max_size=3), max_size=3))
def test_lines_are_read_back_or_refused(config: dict[str, t.Any]) -> None:
    refusal, read = "", {}
    try:
        read = read_lines(config_file(config, "1.18"))
    except FlinkError as exc:
        refusal = str(exc)
    if refusal:
        assert "flink-conf.yaml cannot carry it" in refusal
    else:
        assert read.keys() == config.keys()
        for key, value in config.items():
            items = value if isinstance(value, list) else [value]
            found = split_list(read[key]) if isinstance(value, list) else [read[key]]
            assert found == [text_of(item) for item in items]
