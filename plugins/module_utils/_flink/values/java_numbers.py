# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Java's numbers, where Flink's results depend on how Java reads, rounds and prints them."""

from __future__ import annotations

import functools
import math
import re
import struct
from fractions import Fraction

from .size import JAVA_BLANKS

MIN_FLOAT = 2.0**-149
MAX_FLOAT = 2.0**128 - 2.0**104

# More digits than lie between any two floats, and a power of ten (or two) beyond the largest and smallest of them.
_MOST_DIGITS = 1100
_BEYOND_ALL = 1200

_DECIMAL = re.compile(r"([+-]?)(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(?:[eE]([+-]?[0-9]+))?[fFdD]?")
_HEXADECIMAL = re.compile(
    r"([+-]?)0[xX](?:([0-9a-fA-F]+)(?:\.([0-9a-fA-F]*))?|\.([0-9a-fA-F]+))[pP]([+-]?[0-9]+)[fFdD]?"
)
_SPECIAL = re.compile(r"([+-]?)(NaN|Infinity)")
_INTEGER = re.compile(r"[+-]?[\d]+")


@functools.lru_cache(maxsize=128)
def parse_float(text: str) -> float:
    """``Float.parseFloat``, widened to a double. Raises ValueError for what it does not read."""
    return _parse(text, digits=24, lowest=-149, highest=127)


@functools.lru_cache(maxsize=128)
def parse_double(text: str) -> float:
    """``Double.parseDouble``. Raises ValueError for what it does not read."""
    return _parse(text, digits=53, lowest=-1074, highest=1023)


def _parse(text: str, *, digits: int, lowest: int, highest: int) -> float:
    text = text.strip(JAVA_BLANKS)
    special = _SPECIAL.fullmatch(text)
    if special is not None:
        value = math.nan if special.group(2) == "NaN" else math.inf
        return -value if special.group(1) == "-" else value
    match, base, radix = _DECIMAL.fullmatch(text), 10, 10
    if match is None:
        match, base, radix = _HEXADECIMAL.fullmatch(text), 16, 2
    if match is None:
        raise ValueError(text)
    sign, whole, decimals, only_decimals, exponent_text = match.groups()
    decimals = only_decimals or decimals or ""
    mantissa, dropped = _significant(((whole or "") + decimals).lstrip("0"))
    scale = 4 if base == 16 else 1
    exponent = _bounded(exponent_text or "0") + (dropped - len(decimals)) * scale
    magnitude = len(mantissa) * scale + exponent
    if not mantissa or magnitude < -_BEYOND_ALL:
        value = 0.0
    elif magnitude > _BEYOND_ALL:
        value = math.inf
    else:
        value = _nearest(int(mantissa, base) * Fraction(radix) ** exponent, digits, lowest, highest)
    return -value if sign == "-" else value


def _significant(mantissa: str) -> tuple[str, int]:
    """As many digits as can matter, and how many were dropped; the last one stands for all that follow."""
    if len(mantissa) <= _MOST_DIGITS:
        return mantissa, 0
    rest = "1" if mantissa[_MOST_DIGITS:].strip("0") else "0"
    return mantissa[:_MOST_DIGITS] + rest, len(mantissa) - _MOST_DIGITS - 1


def _bounded(text: str) -> int:
    """An exponent, held within bounds at which every float has long been zero or infinite."""
    sign, digits = (-1 if text[0] == "-" else 1), text.lstrip("+-").lstrip("0")
    return sign * (int(digits or "0") if len(digits) <= 9 else 10**9)


def _nearest(value: Fraction, digits: int, lowest: int, highest: int) -> float:
    """The nearest binary number of that many digits, ties to even."""
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if value < Fraction(2) ** exponent:
        exponent -= 1
    quantum = Fraction(2) ** max(exponent - digits + 1, lowest)
    rounded = round(value / quantum) * quantum
    return float(rounded) if rounded < Fraction(2) ** (highest + 1) else math.inf


def narrow(value: float) -> float:
    """``(float) value``, widened again. Raises ValueError where Flink refuses to narrow.

    Source: ``ConfigurationUtils.convertToFloat``.
    """
    if value != 0.0 and not MIN_FLOAT <= abs(value) <= MAX_FLOAT:
        raise ValueError(value)
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def parse_int(text: str, *, bits: int = 32) -> int:
    """``Integer.parseInt`` or ``Long.parseLong``. Raises ValueError for what they do not read."""
    if _INTEGER.fullmatch(text) is None or any(character > "\uffff" for character in text):
        raise ValueError(text)
    if len(text.lstrip("+-0")) > 20:
        raise ValueError(text)
    value = int(text)
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise ValueError(text)
    return value


@functools.lru_cache(maxsize=1024)
def _as_ratio(factor: float) -> tuple[int, int]:
    """The decimal text of a double as an exact ratio: ``BigDecimal.valueOf(double)``."""
    ratio = Fraction(repr(factor))
    return ratio.numerator, ratio.denominator


def multiply(size: int, factor: float) -> int:
    """``MemorySize.multiply(double)``: the exact product with the decimal text of the double, truncated.

    Flink multiplies by ``BigDecimal.valueOf(factor)``, so 0.1f is 0.10000000149011612 and not its binary value.
    """
    numerator, denominator = _as_ratio(factor)
    return size * numerator // denominator


def double_text(value: float) -> str:
    """``Double.toString``: ``1.0``, ``2.5``, ``1.0E8``, the shortest text of at least two digits."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    sign = "-" if value < 0 else ""
    digits, exponent = _digits(repr(abs(value)))
    if len(digits) == 1:
        digits, exponent = _digits(f"{abs(value):.1e}")
    if -3 < exponent <= 7:
        if exponent <= 0:
            return f"{sign}0.{'0' * -exponent}{digits}"
        return f"{sign}{digits[:exponent].ljust(exponent, '0')}.{digits[exponent:] or '0'}"
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{exponent - 1}"


def _digits(text: str) -> tuple[str, int]:
    """The significant digits of a positive number, and the power of ten of the point before them."""
    mantissa, exponent_text = f"{text}e0".split("e")[:2]
    whole, decimals = f"{mantissa}.".split(".")[:2]
    digits = (whole + decimals).lstrip("0")
    return digits.rstrip("0"), int(exponent_text) + len(digits) - len(decimals)


def hash_order(names: list[str]) -> list[str]:
    """The order in which ``java.util.HashMap`` iterates over these keys, put in one by one."""
    capacity = 16
    while len(names) > capacity * 3 // 4:
        capacity *= 2
    return sorted(names, key=lambda name: _spread_hash(name) & (capacity - 1))


def _spread_hash(text: str) -> int:
    value = 0
    encoded = text.encode("utf-16-be", "surrogatepass")
    for high, low in zip(encoded[::2], encoded[1::2]):
        value = (value * 31 + high * 256 + low) & 0xFFFFFFFF
    return value ^ (value >> 16)
