# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much more than it needs a component is given, what it is given at least, and when anything may shrink."""

from __future__ import annotations

import dataclasses
import typing as t
from fractions import Fraction

from ..values.config import text_of
from ..values.errors import FlinkError, nearest, quoted_key, quoted_value, type_name
from ..values.size import MIB, exact, to_bytes

# Beyond it a factor is a mistake, such as a percentage.
_LARGEST_FACTOR = 10


@dataclasses.dataclass(frozen=True)
class Headroom:
    """Factors of a need, floors in bytes, and the window in whole minutes and looks.

    ``heap`` multiplies the live set, ``heap_with_state`` the same where a backend keeps state on the heap, which is
    copied on write; ``after_error`` what a heap had that was full, and ``starved`` one that is collected all the time,
    as the need of neither is known. ``step`` is the part of a component that it may lose at once.
    """

    heap: Fraction = Fraction(3, 2)
    heap_with_state: Fraction = Fraction(2)
    after_error: Fraction = Fraction(3, 2)
    starved: Fraction = Fraction(5, 4)
    metaspace: Fraction = Fraction(6, 5)
    off_heap: Fraction = Fraction(5, 4)
    network: Fraction = Fraction(11, 10)
    managed: Fraction = Fraction(3, 2)
    overhead: Fraction = Fraction(6, 5)
    metaspace_more: int = 32 * MIB
    least_task_heap: int = 64 * MIB
    least_jobmanager_heap: int = 128 * MIB
    least_metaspace: int = 128 * MIB
    least_network: int = 64 * MIB
    least_managed_per_slot: int = 32 * MIB
    step: Fraction = Fraction(3, 10)
    minutes: int = 60
    looks: int = 3
    age: int = 10


def read_headroom(value: object) -> Headroom:
    """The variable ``flink_headroom``: a mapping with some of the names above; factors such as 1.5, sizes such as 64m.

    Raises FlinkError, naming the key, for anything else.
    """
    if not isinstance(value, dict):
        raise FlinkError(f"flink_headroom: expected a mapping such as {{heap: 1.5}}, got {type_name(value)}.")
    fields = {field.name: field.default for field in dataclasses.fields(Headroom)}
    read: dict[str, t.Any] = {}
    for key, given in value.items():
        if key not in fields:
            close = nearest(key, fields, cutoff=0.6) if isinstance(key, str) else None
            advice = f"Did you mean {close}?" if close else f"There are {', '.join(fields)}."
            raise FlinkError(f"flink_headroom: {quoted_key(key)} is none of its keys. {advice}")
        if given is not None:
            read[key] = _READERS.get(key, _factor if isinstance(fields[key], Fraction) else _size)(key, given)
    return Headroom(**read)


def _factor(key: str, value: object) -> Fraction:
    factor = _number(value)
    if factor is None or not 1 <= factor <= _LARGEST_FACTOR:
        default = float(t.cast("Fraction", getattr(Headroom, key)))
        raise FlinkError(
            f"flink_headroom: {key}: expected a factor from 1 to {_LARGEST_FACTOR}, got {quoted_value(value)}. "
            f"Write for example {default:g}."
        )
    return factor


def _size(key: str, value: object) -> int:
    try:
        return to_bytes(value)
    except FlinkError as exc:
        raise FlinkError(f"flink_headroom: {key}: {exc} The default is {exact(getattr(Headroom, key))}.") from None


def _step(key: str, value: object) -> Fraction:
    step = _number(value)
    if step is None or not 0 < step < 1:
        raise FlinkError(
            f"flink_headroom: {key}: expected a part above 0 and less than 1, got {quoted_value(value)}. "
            "Write for example 0.3."
        )
    return step


def _whole(key: str, value: object) -> int:
    number = _number(value)
    if number is None or number.denominator != 1 or number < 1:
        raise FlinkError(
            f"flink_headroom: {key}: expected a whole number of at least 1, got {quoted_value(value)}. "
            f"Write for example {getattr(Headroom, key)}."
        )
    return int(number)


def _number(value: object) -> Fraction | None:
    """A number, or the text of one, that is not too long to be meant."""
    if isinstance(value, bool):
        return None
    try:
        text = text_of(value).strip()
        return Fraction(text) if len(text) <= 20 and "/" not in text and "e" not in text.lower() else None
    except ValueError:
        return None


_READERS: dict[str, t.Callable[[str, object], Fraction | int]] = {
    "step": _step,
    "minutes": _whole,
    "looks": _whole,
    "age": _whole,
}
