# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import (
    MAX_BYTES,
    exact,
    parse_size,
    precise,
    rounded,
    to_bytes,
    to_size,
)

UNITS = {
    1: ("", "b", "bytes"),
    2**10: ("k", "kb", "kibibytes"),
    2**20: ("m", "mb", "mebibytes"),
    2**30: ("g", "gb", "gibibytes"),
    2**40: ("t", "tb", "tebibytes"),
}
SPELLINGS = [(spelling, factor) for factor, spellings in UNITS.items() for spelling in spellings]

ODD_SPELLINGS = {
    "007m": 7 * 2**20,
    " 4g ": 4 * 2**30,
    "4 g": 4 * 2**30,
    "4\t\n\x00gb\x1f": 4 * 2**30,
    "4 GibiBytes": 4 * 2**30,
    "0": 0,
    "0" * 100 + "1": 1,
    "9223372036854775807": MAX_BYTES,
    "8796093022207m": 8796093022207 * 2**20,
    "8388607t": 8388607 * 2**40,
}

# What people write, and the advice that they get.
REFUSED = {
    "4Gi": "Write 4g.",
    "4GiB": "Write 4g.",
    "4096mib": "Write 4g.",
    "512Ki": "Write 512k.",
    "1Ti": "Write 1t.",
    "1.5g": "Write 1536m.",
    "1,5g": "Write 1536m.",
    "1.5 GB": "Write 1536m.",
    "1.5Gi": "Write 1536m.",
    "0.5t": "Write 512g.",
    "4_096m": "Write 4g.",
    "4 096 m": "Write 4g.",
    "1_000": "Write 1000.",
    "0.3g": "such as 307m.",
    "0.03g": "such as 31457k.",
    "1.1m": "such as 1126k.",
    "4e9": "Write for example 4g",
    "0x10": "Write for example 4g",
    "-4g": "a size starts with a digit",
    "+4g": "a size starts with a digit",
    ".5g": "a size starts with a digit",
    "": "a size starts with a digit",
    " ": "a size starts with a digit",
    "4pb": "followed by b, k, m, g or t",
    "4 byte": "followed by b, k, m, g or t",
    "1 m b": "followed by b, k, m, g or t",
    "4\u00a0g": "followed by b, k, m, g or t",
    "auto": "a size starts with a digit",
    "\u0664g": r"'\u0664g' is not a size",
    "\uff14g": r"'\uff14g' is not a size",
    "9223372036854775808": "is too large",
    "8796093022208m": "is too large",
    "8388608t": "is too large",
    "9" * 5000: "is too large",
}

SHORTEST = {
    0: "0",
    1: "1",
    1023: "1023",
    1024: "1k",
    1025: "1025",
    1536 * 2**20: "1536m",
    4 * 2**30: "4g",
    2**40: "1t",
    134217730: "134217730",
    MAX_BYTES: "9223372036854775807",
}

SHOWN = {
    0: "0b",
    1023: "1023b",
    1024: "1k",
    1025: "1.0k (1025 bytes)",
    2**20 - 1: "1023.9k (1048575 bytes)",
    2**20: "1m",
    1728 * 2**20: "1728m",
    134217730: "128.0m (134217730 bytes)",
    1811939329: "1.6g (1811939329 bytes)",
    2**40: "1t",
}

HUMAN = {0: "0b", 1023: "1023b", 1024: "1k", 1536: "1.5k", 2**20 - 1: "1023.9k", 2**31: "2g", MAX_BYTES: "8388607.9t"}

NO_SIZES: dict[str, tuple[t.Any, str]] = {
    "null": (None, "got null"),
    "boolean": (True, "got a boolean"),
    "float": (4.0, "got 4.0"),
    "not a number": (float("nan"), "got nan"),
    "list": ([4], "got a list"),
    "mapping": ({}, "got a mapping"),
    "negative": (-1, "from 0 to 9223372036854775807"),
    "too large": (2**63, "from 0 to 9223372036854775807"),
    "much too large": (10**5000, "from 0 to 9223372036854775807"),
}


@pytest.mark.parametrize(("unit", "factor"), SPELLINGS)
def test_every_unit_in_any_case(unit: str, factor: int) -> None:
    assert parse_size(f"3{unit}") == parse_size(f" 3 {unit.upper()} ") == 3 * factor


@pytest.mark.parametrize(("text", "size"), ODD_SPELLINGS.items())
def test_odd_spellings(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(("text", "advice"), REFUSED.items(), ids=[text[:20] for text in REFUSED])
def test_refused_with_advice(text: str, advice: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(advice)) as refusal:
        parse_size(text)
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize("text", ["1" + " " * 10**6 + "x", "1" * 10**6, "1" + "k" * 10**6, " " * 10**6])
@pytest.mark.usefixtures("prompt")
def test_long_texts_are_refused_promptly(text: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        parse_size(text)
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize(("size", "text"), SHORTEST.items())
def test_shortest_spelling(size: int, text: str) -> None:
    assert exact(size) == text


@pytest.mark.parametrize(("size", "text"), SHOWN.items())
def test_precise(size: int, text: str) -> None:
    assert precise(size) == text


@pytest.mark.parametrize(("size", "text"), HUMAN.items())
def test_human(size: int, text: str) -> None:
    assert rounded(size) == text


@pytest.mark.parametrize(("value", "message"), NO_SIZES.values(), ids=NO_SIZES)
@pytest.mark.parametrize("convert", [to_bytes, to_size])
def test_neither_text_nor_whole_number(convert: t.Callable[[t.Any], t.Any], value: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        convert(value)


@pytest.mark.parametrize("value", ["4g", "4096m", 4 * 2**30, "4294967296", "4294967296b"])
def test_all_forms_of_a_size(value: t.Any) -> None:
    assert (to_bytes(value), to_size(value)) == (4294967296, "4g")


@pytest.mark.parametrize("size", [0, 1, MAX_BYTES])
def test_whole_numbers_are_bytes(size: int) -> None:
    assert to_bytes(size) == to_bytes(to_size(size)) == size


SIZES = st.integers(0, MAX_BYTES) | st.builds(
    lambda number, factor: number * factor, st.integers(0, 2**23 - 1), st.sampled_from(sorted(UNITS))
)


@given(SIZES)
def test_what_is_written_is_read_back(size: int) -> None:
    assert parse_size(exact(size)) == parse_size(f"{size}b") == size


@given(SIZES)
def test_no_spelling_is_shorter(size: int) -> None:
    others = [f"{size // factor}{units[1][:1]}" for factor, units in UNITS.items() if size % factor == 0 and factor > 1]
    assert len(exact(size)) == min(map(len, [str(size), *others]))


@given(st.text("0123456789.,_ -kmgtib", max_size=12))
def test_advice_is_good(text: str) -> None:
    try:
        parse_size(text)
    except FlinkError as exc:
        advised = re.search(r"(?:Write|such as) ([0-9]+[kmgt]?)\.$", str(exc))
        if advised:
            parse_size(advised.group(1))
