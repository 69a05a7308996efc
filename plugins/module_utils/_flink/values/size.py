# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sizes: parsing, printing and bounds of ``org.apache.flink.configuration.MemorySize`` (the same in 1.10 - 2.3).

A size is an ``int`` of bytes from 0 to 2^63 - 1. It is written in three ways: ``exact`` for Flink, ``rounded`` for
tables and pictures, ``precise`` for sentences.
"""

from __future__ import annotations

import re
from fractions import Fraction

from .errors import FlinkError, quoted, quoted_value

MAX_BYTES = 2**63 - 1

KIB, MIB, GIB, TIB = 2**10, 2**20, 2**30, 2**40

# Flink: MemorySize.MemoryUnit
_UNITS = {
    spelling: factor
    for factor, spellings in (
        (1, ("", "b", "bytes")),
        (KIB, ("k", "kb", "kibibytes")),
        (MIB, ("m", "mb", "mebibytes")),
        (GIB, ("g", "gb", "gibibytes")),
        (TIB, ("t", "tb", "tebibytes")),
    )
    for spelling in spellings
}
_LETTERS = ((TIB, "t"), (GIB, "g"), (MIB, "m"), (KIB, "k"))

# String.trim() of Java: everything up to U+0020, and nothing else
JAVA_BLANKS = "".join(map(chr, range(0x21)))

_SIZE = re.compile(r"([0-9]+)(.*)", re.DOTALL)
_LONGEST_SPELLING = 40
_NEARLY_A_SIZE = re.compile(r"([0-9][0-9_ ]*)(?:\.([0-9]{1,9})|,([0-9]{1,2}))?\s*([kmgt]?)i?b?", re.IGNORECASE)


def parse_size(text: str) -> int:
    """Read a size as ``MemorySize.parse`` does.

    Raises FlinkError if Flink would refuse the text; the message tells the spelling that would work.
    """
    match = _SIZE.fullmatch(text.strip(JAVA_BLANKS))
    if match is None:
        raise FlinkError(f"{quoted(text)} is not a size: a size starts with a digit. {_advice(text)}")
    unit = match.group(2).strip(JAVA_BLANKS).lower()
    if unit not in _UNITS:
        raise FlinkError(
            f"{quoted(text)} is not a size: Flink reads a whole number followed by b, k, m, g or t. {_advice(text)}"
        )
    digits = match.group(1).lstrip("0") or "0"
    size = int(digits) * _UNITS[unit] if len(digits) <= 19 else MAX_BYTES + 1
    if size > MAX_BYTES:
        raise FlinkError(f"{quoted(text)} is too large: the largest size is 9223372036854775807 bytes (8388607t).")
    return size


def _advice(text: str) -> str:
    """The nearest spelling that Flink reads, for texts whose meaning is plain."""
    if text.strip() == "" or text.strip().startswith("-"):
        return "Remove it, or write for example 4g."
    meant = meant_size(text)
    if meant is None or meant > MAX_BYTES:
        return "Write for example 4g, 1536m or 1073741824."
    if meant.denominator == 1:
        return f"Write {exact(meant.numerator)}."
    return f"Write a whole number of a smaller unit, such as {_roughly(int(meant))}."


def meant_size(text: str) -> Fraction | None:
    """The bytes of a text whose meaning is plain, though Flink does not read it: ``1.5g``, ``4GiB``, ``4_096m``."""
    match = _NEARLY_A_SIZE.fullmatch(text.strip()) if len(text) <= _LONGEST_SPELLING else None
    if match is None:
        return None
    whole, decimals, comma_decimals, unit = match.groups()
    decimals = decimals or comma_decimals or ""
    size = Fraction(int(re.sub("[_ ]", "", whole) + decimals) * _UNITS[unit.lower()], 10 ** len(decimals))
    return size if unit or size.denominator == 1 else None


def _roughly(size: int) -> str:
    """About this size, in a unit of which it has enough."""
    for factor, letter in _LETTERS:
        if size // factor >= 100:
            return f"{size // factor}{letter}"
    return str(size)


def exact(size: int) -> str:
    """The shortest text that Flink reads as exactly this size: ``4g``, ``1536m``, ``134217730``."""
    if size:
        for factor, letter in _LETTERS:
            if size % factor == 0:
                return f"{size // factor}{letter}"
    return str(size)


def precise(size: int) -> str:
    """The exact size where that is short, else the rounded one with the bytes: ``4g``, ``3.9g (4294967295 bytes)``."""
    if size < KIB:
        return f"{size}b"
    if size % (KIB if size < MIB else MIB) == 0:
        return exact(size)
    return f"{rounded(size)} ({size} bytes)"


def rounded(size: int) -> str:
    """In the largest unit, rounded down to one decimal: ``2g``, ``1.6g``."""
    for factor, letter in _LETTERS:
        if size >= factor:
            tenths = size * 10 // factor
            return f"{size // factor}{letter}" if size % factor == 0 else f"{tenths // 10}.{tenths % 10}{letter}"
    return f"{size}b"


def to_bytes(value: object) -> int:
    """The bytes of a size, given as a text that Flink reads or as a whole number.

    Raises FlinkError for anything else.
    """
    if isinstance(value, str):
        return parse_size(str(value))
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= MAX_BYTES:
            raise FlinkError("expected a size from 0 to 9223372036854775807 bytes, got a number outside this range.")
        return int(value)
    raise FlinkError(f"expected a size such as 4g or a whole number of bytes, got {quoted_value(value)}.")


def to_size(value: object) -> str:
    """The shortest spelling of a size. Raises FlinkError for what ``to_bytes`` does not read."""
    return exact(to_bytes(value))
