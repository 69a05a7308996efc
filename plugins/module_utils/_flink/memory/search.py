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
    enough = smallest_enough(try_value)
    if enough is None:
        return None
    try:
        try_value(enough)
    except FlinkError:
        return None
    return enough


def smallest_enough(try_value: t.Callable[[int], object]) -> int | None:
    """The smallest number of MiB that is not too small, though it may be refused for something else."""
    too_small, enough = 0, 1
    while _is_too_small(try_value, enough):
        too_small, enough = enough, enough * 2
        if enough > MAX_BYTES // MIB:
            return None
    return _border(lambda mebibytes: not _is_too_small(try_value, mebibytes), enough, too_small)


def smallest_that(helps: t.Callable[[int], bool], least: int) -> int | None:
    """The smallest number from ``least`` on that helps, if one is found: a larger one helps too, for a while."""
    if helps(least):
        return least
    step = 1
    while not helps(least + step):
        step *= 2
        if least + step > MAX_BYTES // MIB:
            return None
    return _border(helps, least + step, least + step // 2)


def largest_that(helps: t.Callable[[int], bool], below: int) -> int | None:
    """The largest number less than ``below`` that helps, if one is found: a smaller one helps too, for a while."""
    does, does_not = below // 2, below
    while does and not helps(does):
        does, does_not = does // 2, does
    return _border(helps, does, does_not) or None


def rounded_up(mebibytes: int) -> int:
    """The next number of MiB that a person would write."""
    step = _step(mebibytes)
    return -(-mebibytes // step) * step


def rounded_down(mebibytes: int) -> int:
    """The last number of MiB that a person would write; the number itself if it is smaller than all of those."""
    return mebibytes // _step(mebibytes) * _step(mebibytes) or mebibytes


def _step(mebibytes: int) -> int:
    return next((step for limit, step in ((256, 16), (4096, 64), (16384, 256)) if mebibytes <= limit), 1024)


def largest_within(room: int, total_with: t.Callable[[int], int]) -> int | None:
    """The largest number of MiB with which the total process size, in bytes, fits into the room, if any does."""
    fits = _border(lambda mebibytes: _is_small_enough(total_with, mebibytes, room), 0, room // MIB + 1)
    try:
        return fits if fits and total_with(fits) <= room else None
    except FlinkError:
        return None


def _border(holds: t.Callable[[int], bool], inside: int, outside: int) -> int:
    """The last number for which something holds, on the way from one where it does to one where it does not."""
    while abs(outside - inside) > 1:
        middle = (inside + outside) // 2
        if holds(middle):
            inside = middle
        else:
            outside = middle
    return inside


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
