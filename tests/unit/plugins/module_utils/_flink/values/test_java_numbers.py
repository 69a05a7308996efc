# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import struct
import typing as t
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.java_numbers import (
    double_text,
    hash_order,
    multiply,
    narrow,
    parse_double,
    parse_float,
    parse_int,
)

LARGEST_FLOAT = 3.4028234663852886e38
SMALLEST_FLOAT = 2.0**-149

# Text, as a 32-bit float, as a 64-bit float.
FLOATS: dict[str, tuple[float, float]] = {
    "0.1": (0.10000000149011612, 0.1),
    "0.4": (0.4000000059604645, 0.4),
    "0": (0.0, 0.0),
    "1": (1.0, 1.0),
    "1.": (1.0, 1.0),
    ".5": (0.5, 0.5),
    "+.5": (0.5, 0.5),
    "-.5e1": (-5.0, -5.0),
    " 0.5\t": (0.5, 0.5),
    "0.5f": (0.5, 0.5),
    "0.5D": (0.5, 0.5),
    "5e-1F": (0.5, 0.5),
    "5E+2d": (500.0, 500.0),
    "0x1p-1": (0.5, 0.5),
    "0X.8P0f": (0.5, 0.5),
    "0x1.8p1": (3.0, 3.0),
    "-0x1.p3": (-8.0, -8.0),
    "0.99999997": (0.9999999403953552, 0.99999997),
    "0.99999998": (1.0, 0.99999998),
    "16777217": (16777216.0, 16777217.0),  # ties go to even
    "16777219": (16777220.0, 16777219.0),
    "1.00000017881393432617187499": (1.0000001192092896, 1.0000001788139343),  # not rounded twice
    "3.4028235e38": (LARGEST_FLOAT, 3.4028235e38),
    "3.4028236e38": (math.inf, 3.4028236e38),
    "1e-50": (0.0, 1e-50),
    "1.4e-45": (SMALLEST_FLOAT, 1.4e-45),
    "0.7e-45": (0.0, 0.7e-45),
    "0.71e-45": (SMALLEST_FLOAT, 0.71e-45),
    "1e400": (math.inf, math.inf),
    "-1e400": (-math.inf, -math.inf),
    "1e-400": (0.0, 0.0),
    "1e99999999999": (math.inf, math.inf),
    "1e-99999999999": (0.0, 0.0),
    "0e99999999999": (0.0, 0.0),
    "1" + "0" * 400 + "e-400": (1.0, 1.0),
    "0." + "0" * 400 + "1e401": (1.0, 1.0),
    "0x1p-150": (0.0, 2.0**-150),
    "0x1.000002p0": (1.0000001192092896, 1.0000001192092896),
    "0x1.000001p0": (1.0, 1.000000059604644775390625),
    "Infinity": (math.inf, math.inf),
    "-Infinity": (-math.inf, -math.inf),
    "1.7976931348623157e308": (math.inf, 1.7976931348623157e308),
}

NO_FLOATS = (
    *("", " ", ".", "e5", "1e", "abc", "0,4", "40%", "1_0", "1 0", "--1", "nan", "NAN", "inf", "infinity", "NaNf"),
    *("0x1", "0x.p1", "0xp1", "0x1p", "1ff", "0.1\u00a0", "\u0664", "0.\uff14", "1e1.5", "1.2.3", "true"),
)

LONG_NO_FLOATS = ("1" * 10**6 + "x", "1" * 10**6 + ",", "0x" + "1" * 10**6 + "y", " " * 10**6)

INTEGERS = {
    "0": 0,
    "+5": 5,
    "-0": 0,
    "-7": -7,
    "007": 7,
    "0" * 30 + "7": 7,
    "\u0664": 4,
    "2147483647": 2**31 - 1,
    "-2147483648": -(2**31),
}
NO_INTEGERS = (
    *("", " 4", "4 ", "4.0", "1e3", "0x10", "1_0", "+", "-", "--1", "four", "4\n", "\U0001d7d2"),
    *("2147483648", "-2147483649", "1" * 10**6),
)

# Float.MAX_VALUE and the smallest float still pass, the next doubles beyond do not.
NARROWED = {
    0.4: 0.4000000059604645,
    0.1: 0.10000000149011612,
    0.0: 0.0,
    1.0: 1.0,
    -2.5: -2.5,
    SMALLEST_FLOAT: SMALLEST_FLOAT,
    LARGEST_FLOAT: LARGEST_FLOAT,
    -LARGEST_FLOAT: -LARGEST_FLOAT,
}
NOT_NARROWED = (1e-50, -1e-50, 1.4e-45, 3.4028234663852889e38, 1e39, -1e39, math.inf, -math.inf, math.nan)

# Sizes and the parts that Flink computed of them: a total, its fraction, the product.
PRODUCTS = (
    (1342177280, 0.4000000059604645, 536870920),
    (1342177280, 0.10000000149011612, 134217730),
    (4294967296, 0.10000000149011612, 429496736),
    (3597035104, 0.4000000059604645, 1438814063),
    (3597035104, 0.10000000149011612, 359703515),
    (10 * 2**30, 0.10000000149011612, 1073741840),
    (2415919104, 0.11111111295076065, 268435460),
    (2**63 - 1, 0.0, 0),
    (2**63 - 1, -0.0, 0),
    (10**8, 1e-8, 1),
    (10**8 - 1, 1e-8, 0),
)

DOUBLES = {
    1.0: "1.0",
    2.5: "2.5",
    -2.5: "-2.5",
    0.0: "0.0",
    100.0: "100.0",
    123.0: "123.0",
    0.001: "0.001",
    0.00099: "9.9E-4",
    0.0123: "0.0123",
    9999999.0: "9999999.0",
    1e7: "1.0E7",
    12345678.9: "1.23456789E7",
    1e8: "1.0E8",
    0.33333333: "0.33333333",
    0.3333333333333333: "0.3333333333333333",
    1e-8: "1.0E-8",
    1.5e22: "1.5E22",
    1.7976931348623157e308: "1.7976931348623157E308",
    math.inf: "Infinity",
    -math.inf: "-Infinity",
}

# The order in which Flink puts its keys in, and the orders in which it prints them.
PUT = (
    *("taskmanager.cpu.cores", "framework.heap.size", "task.heap.size", "framework.off-heap.size"),
    *("task.off-heap.size", "network.min", "network.max", "managed.size", "jvm-metaspace.size", "jvm-overhead.min"),
    *("jvm-overhead.max", "taskmanager.numberOfTaskSlots", "external-resources"),
)
PRINTED = {
    "1.10": (
        *("framework.off-heap.size", "network.max", "network.min", "framework.heap.size", "managed.size"),
        *("taskmanager.cpu.cores", "task.heap.size", "task.off-heap.size"),
    ),
    "1.13": (
        *("network.min", "taskmanager.cpu.cores", "task.off-heap.size", "jvm-metaspace.size", "external-resources"),
        *("jvm-overhead.min", "framework.off-heap.size", "network.max", "framework.heap.size", "managed.size"),
        *("task.heap.size", "taskmanager.numberOfTaskSlots", "jvm-overhead.max"),
    ),
}


def full_key(name: str) -> str:
    return name if name.startswith(("taskmanager.", "external-")) else f"taskmanager.memory.{name}"


@pytest.mark.parametrize(("text", "values"), FLOATS.items(), ids=[text[:30] for text in FLOATS])
def test_floats(text: str, values: tuple[float, float]) -> None:
    assert (parse_float(text), parse_double(text)) == values


@pytest.mark.parametrize("text", ["NaN", "+NaN", "-NaN", " NaN "])
def test_not_a_number(text: str) -> None:
    assert math.isnan(parse_float(text))


def test_the_sign_of_zero_is_kept() -> None:
    assert math.copysign(1, parse_float("-0.0")) == -1


@pytest.mark.parametrize("text", NO_FLOATS)
@pytest.mark.parametrize("parse", [parse_float, parse_double])
def test_no_floats(parse: t.Callable[[str], float], text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse(text)


@pytest.mark.parametrize("text", LONG_NO_FLOATS, ids=["decimal", "comma", "hexadecimal", "blank"])
@pytest.mark.usefixtures("prompt")
def test_long_texts_are_refused_promptly(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_float(text)


@pytest.mark.parametrize("text", ["0." + "1" * 10**6, "1" * 10**6 + f"e-{10**6}", "0x." + "1c7" * 3 * 10**5 + "p0"])
@pytest.mark.usefixtures("prompt")
def test_long_numbers_are_read_promptly(text: str) -> None:
    assert parse_float(text) == 0.1111111119389534


@pytest.mark.parametrize(("text", "value"), INTEGERS.items())
def test_integers(text: str, value: int) -> None:
    assert parse_int(text) == value


@pytest.mark.parametrize("text", NO_INTEGERS, ids=[ascii(text[:20]) for text in NO_INTEGERS])
def test_no_integers(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_int(text)


def test_long_integers() -> None:
    assert parse_int("9223372036854775807", bits=64) == 2**63 - 1
    with pytest.raises(ValueError, match=r"^"):
        parse_int("9223372036854775808", bits=64)


@pytest.mark.parametrize(("value", "narrowed"), NARROWED.items())
def test_narrow(value: float, narrowed: float) -> None:
    assert narrow(value) == narrowed


@pytest.mark.parametrize("value", NOT_NARROWED)
def test_not_narrowed(value: float) -> None:
    with pytest.raises(ValueError, match=r"^"):
        narrow(value)


@pytest.mark.parametrize(("size", "factor", "product"), PRODUCTS)
def test_multiply(size: int, factor: float, product: int) -> None:
    assert multiply(size, factor) == product


@pytest.mark.parametrize(("value", "text"), DOUBLES.items(), ids=str)
def test_double_text(value: float, text: str) -> None:
    assert double_text(value) == text


def test_text_of_what_equals_nothing_else() -> None:
    assert (double_text(math.nan), double_text(-0.0)) == ("NaN", "-0.0")


@pytest.mark.parametrize("printed", PRINTED.values(), ids=PRINTED)
def test_hash_order(printed: tuple[str, ...]) -> None:
    put = [full_key(name) for name in PUT if name in printed]
    assert hash_order(put) == [full_key(name) for name in printed]


@pytest.mark.parametrize("names", [[], ["fpga", "gpu"], ["Aa", "BB"], ["BB", "Aa"]], ids=str)
def test_hash_order_of_one_bucket_is_that_of_insertion(names: list[str]) -> None:
    assert hash_order(names) == names


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 2**63 - 1))
def test_products_are_exact(factor: float, size: int) -> None:
    with localcontext() as context:
        context.prec = 400
        assert multiply(size, factor) == int(Decimal(size) * Decimal(repr(factor)))


@given(st.floats(allow_nan=False))
def test_a_double_is_read_from_its_texts(value: float) -> None:
    assert parse_double(double_text(value)) == parse_double(repr(value).replace("inf", "Infinity")) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_hexadecimal_doubles(value: float) -> None:
    assert parse_double(value.hex()) == value


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float_is_read_from_its_texts(value: float) -> None:
    assert parse_float(repr(value)) == parse_float(value.hex()) == value


@given(st.from_regex(r"\A[+-]?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?\Z"))
def test_the_nearest_float(text: str) -> None:
    def distance(value: float) -> Decimal:
        return abs(Decimal(value) - Decimal(text))

    with localcontext() as context:
        context.prec = 300
        read = parse_float(text)
        if math.isfinite(read):
            (bits,) = struct.unpack("<i", struct.pack("<f", abs(read)))
            beside = (struct.unpack("<f", struct.pack("<i", max(bits + step, 0)))[0] for step in (-1, 1))
            near = [math.copysign(value, read) for value in beside if math.isfinite(value)]
            assert all(distance(read) <= distance(value) for value in near)
