# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The values of an option with which a process is accepted, found by trying some.

A process grows with its totals and its heap. Too small a value is refused with DoesNotFitError, any other refusal
means that it is too large, or that nothing would do. Values are whole MiB.
"""

from __future__ import annotations

import typing as t

from ..values.errors import DoesNotFitError, FlinkError
from ..values.size import MAX_BYTES, MIB, exact


def spelling(key: str, mebibytes: int) -> str:
    """A number of MiB as the value of an option."""
    return str(mebibytes) if key.endswith(".mb") else exact(mebibytes * MIB)


def smallest_accepted(try_value: t.Callable[[int], object]) -> int | None:
    """The smallest number of MiB that is accepted, if any is."""
    too_small, enough = 0, 1
    while _is_too_small(try_value, enough):
        too_small, enough = enough, enough * 2
        if enough > MAX_BYTES // MIB:
            return None
    while enough - too_small > 1:
        middle = (too_small + enough) // 2
        if _is_too_small(try_value, middle):
            too_small = middle
        else:
            enough = middle
    try:
        try_value(enough)
    except FlinkError:
        return None
    return enough


def largest_within(room: int, total_with: t.Callable[[int], int]) -> int | None:
    """The largest number of MiB with which the total process size, in bytes, fits into the room, if any does."""
    fits, too_large = 0, room // MIB + 1
    while too_large - fits > 1:
        middle = (fits + too_large) // 2
        if _is_small_enough(total_with, middle, room):
            fits = middle
        else:
            too_large = middle
    try:
        return fits if fits and total_with(fits) <= room else None
    except FlinkError:
        return None


def _is_too_small(try_value: t.Callable[[int], object], mebibytes: int) -> bool:
    try:
        try_value(mebibytes)
    except DoesNotFitError:
        return True
    except FlinkError:
        return False
    return False


def _is_small_enough(total_with: t.Callable[[int], int], mebibytes: int, room: int) -> bool:
    try:
        return total_with(mebibytes) <= room
    except DoesNotFitError:
        return True
    except FlinkError:
        return False
