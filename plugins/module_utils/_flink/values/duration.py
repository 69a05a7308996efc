# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations: parsing and printing as ``org.apache.flink.util.TimeUtils`` does.

A duration is an int of nanoseconds.
"""

from __future__ import annotations

import re
import typing as t
from fractions import Fraction

from .size import JAVA_BLANKS

if t.TYPE_CHECKING:
    from .release import Release

_SECOND = 10**9
_MOST_SECONDS = 2**63 - 1
_MOST_DIGITS = 60

# Nanoseconds, and the spellings of the unit. Source: TimeUtils.TimeUnit
_SPELLINGS = (
    (86400 * _SECOND, ("d", "day", "days")),
    (3600 * _SECOND, ("h", "hour", "hours")),
    (60 * _SECOND, ("min", "minute", "minutes")),
    (_SECOND, ("s", "sec", "secs", "second", "seconds")),
    (10**6, ("", "ms", "milli", "millis", "millisecond", "milliseconds")),
    (1000, ("µs", "micro", "micros", "microsecond", "microseconds")),
    (1, ("ns", "nano", "nanos", "nanosecond", "nanoseconds")),
)
_PRINTED = {factor: spellings[0] or "ms" for factor, spellings in _SPELLINGS}
_UNITS = {spelling: factor for factor, spellings in _SPELLINGS for spelling in spellings}

# What people write besides.
_LOOSE_UNITS = {
    **{spelling: factor for spelling, factor in _UNITS.items() if spelling},
    **dict.fromkeys(("w", "wk", "week", "weeks"), 7 * 86400 * _SECOND),
    **dict.fromkeys(("hr", "hrs"), 3600 * _SECOND),
    **dict.fromkeys(("m", "mins"), 60 * _SECOND),
    **dict.fromkeys(("msec", "msecs"), 10**6),
    **dict.fromkeys(("us", "\u03bcs", "usec", "usecs"), 1000),
    **dict.fromkeys(("nsec", "nsecs"), 1),
}
_PART = re.compile(r"([0-9][0-9_]*)(?:\.([0-9]{1,9})|,([0-9]{1,2}))?\s*([a-zµ\u03bc]+)\s*")
_LONGEST_SPELLING = 60

# From these releases on: m is a minute, numbers may have more than 64 bits, and ISO 8601 is read.
_SHORT_MINUTE = (1, 15)
_LARGE_NUMBERS = (2, 0)
ISO_DURATIONS = (2, 1)

_DURATION = re.compile(r"([0-9]+)(.*)", re.DOTALL)
# java.time.Duration.parse
_ISO = re.compile(
    r"([-+]?)P(?:([-+]?[0-9]+)D)?(T(?:([-+]?[0-9]+)H)?(?:([-+]?[0-9]+)M)?(?:([-+]?[0-9]+)(?:[.,]([0-9]{0,9}))?S)?)?",
    re.IGNORECASE,
)


def parse_duration(text: str, release: Release) -> int:
    """Nanoseconds, read as this release does; a number without a unit is milliseconds. Raises ValueError."""
    match = _DURATION.fullmatch(text.strip(JAVA_BLANKS))
    if match is None:
        if release.version < ISO_DURATIONS:
            raise ValueError("no number")
        return parse_iso_duration(text.strip(JAVA_BLANKS))
    digits, unit = match.group(1).lstrip("0") or "0", match.group(2).strip(JAVA_BLANKS).lower()
    if unit == "m" and release.version >= _SHORT_MINUTE:
        unit = "min"
    if unit not in _UNITS or len(digits) > _MOST_DIGITS:
        raise ValueError("no unit")
    number = int(digits)
    if number >= 2**63 and release.version < _LARGE_NUMBERS:
        raise ValueError("more than 64 bits")
    return _bounded(number * _UNITS[unit])


def parse_iso_duration(text: str) -> int:
    """``PT10S``, ``P1DT2H``: nanoseconds. Raises ValueError for what is none, and for a negative one."""
    match = _ISO.fullmatch(text)
    if match is None or match.group(3) in ("T", "t") or not any(match.groups()[1:]):
        raise ValueError("no duration of ISO 8601")
    sign, days, _time, hours, minutes, seconds, fraction = match.groups()
    total = sum(
        _bounded(int(number or "0") * factor * _SECOND)
        for number, factor in ((days, 86400), (hours, 3600), (minutes, 60), (seconds, 1))
    )
    nanoseconds = int((fraction or "").ljust(9, "0"))
    total += -nanoseconds if (seconds or "").startswith("-") else nanoseconds
    total = -total if sign == "-" else total
    if total < 0:
        raise ValueError("a negative duration")
    return _bounded(total)


def meant_duration(text: str) -> str | None:
    """What every release reads instead of ``1h30m``, ``1.5 s``, ``5m``, ``10us``, ``1 week`` or ``PT10S``, if plain."""
    text = text.strip().lower()
    if len(text) > _LONGEST_SPELLING:
        return None
    try:
        return exact_duration(parse_iso_duration(text))
    except ValueError:
        pass
    parts = [match.groups() for match in _PART.finditer(text)]
    factors = [_LOOSE_UNITS.get(unit, 0) for _whole, _decimals, _comma_decimals, unit in parts]
    if not parts or _PART.sub("", text) or 0 in factors or factors != sorted(set(factors), reverse=True):
        return None
    total = Fraction(0)
    for (whole, decimals, comma_decimals, _unit), factor in zip(parts, factors):
        total += Fraction(f"{whole.replace('_', '')}.{decimals or comma_decimals or 0}") * factor
    if total.denominator > 1:
        return None
    if len(parts) == 1 and factors[0] in _PRINTED and total % factors[0] == 0:
        return f"{total // factors[0]} {_PRINTED[factors[0]]}"
    return exact_duration(total.numerator)


def _bounded(nanoseconds: int) -> int:
    if abs(nanoseconds) >= (_MOST_SECONDS + 1) * _SECOND:
        raise ValueError("too long")
    return nanoseconds


def exact_duration(nanoseconds: int) -> str:
    """The text with the largest unit that every release reads as exactly this: ``90 min``, ``250 ms``."""
    for factor, unit in _PRINTED.items():
        if nanoseconds and nanoseconds % factor == 0:
            return f"{nanoseconds // factor} {unit}"
    return "0 s"
