# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door for values that the collection made itself, once they come back from outside: by a variable or a file.

A shape is a function of a value: it returns what does not fit, or nothing. ``check`` makes a sentence of that; the code
behind the door relies on the shape and checks nothing.
"""

from __future__ import annotations

import math
import re
import typing as t

from .errors import FlinkError, quoted, quoted_key, quoted_value, type_name

# Beyond every sum of sizes that a host could have, in bytes.
_MOST = 2**80
_DEEPEST = 50
_SURROGATE = re.compile("[\ud800-\udfff]")


class Fault(t.NamedTuple):
    """Where in a value, what is there, and what was expected."""

    path: str
    got: str
    wanted: str


Shape = t.Callable[[t.Any], t.Optional[Fault]]


def check(value: object, shape: Shape, expected: str) -> None:
    """Raises FlinkError for a value of another shape; ``expected`` says what it should be, and who makes it."""
    fault = shape(value)
    if fault is None:
        return
    if not fault.path:
        raise FlinkError(f"expected {expected}, not {fault.got}.")
    place = f"{quoted_key(fault.path.lstrip('.'))} is {fault.got}, not {fault.wanted}."
    raise FlinkError(f"expected {expected}. {place} Make it anew with this release of the collection.")


def integer(value: t.Any) -> Fault | None:
    """A whole number that is no size beyond reason."""
    if isinstance(value, int) and not isinstance(value, bool) and -_MOST < value < _MOST:
        return None
    return Fault("", _shown(value), "a whole number")


def size(value: t.Any) -> Fault | None:
    """A number of bytes, or of other things."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST
    return None if fits else Fault("", _shown(value), "a whole number from 0 on")


def positive(value: t.Any) -> Fault | None:
    """A size above 0."""
    return None if size(value) is None and value > 0 else Fault("", _shown(value), "a whole number above 0")


def text(value: t.Any) -> Fault | None:
    """A text that a file can hold."""
    if isinstance(value, str) and (value.isascii() or not _SURROGATE.search(value)):
        return None
    return Fault("", "unpaired surrogates" if isinstance(value, str) else type_name(value), "text")


def scalar(value: t.Any) -> Fault | None:
    """What an option may be set to, besides a list."""
    finite = isinstance(value, float) and math.isfinite(value)
    if finite or isinstance(value, bool) or text(value) is None or integer(value) is None:
        return None
    return Fault("", _shown(value), "text or a number")


def variable(value: t.Any, depth: int = 1) -> Fault | None:
    """What a variable may hold: what can be written to a file, and is not nested beyond reason."""
    if depth > _DEEPEST:
        return Fault("", f"nested more than {_DEEPEST} levels deep", "less")
    if isinstance(value, dict):
        return mapping_of(lambda member: variable(member, depth + 1))(value)
    if isinstance(value, (list, tuple)):
        return list_of(lambda member: variable(member, depth + 1))(value)
    if isinstance(value, str):
        return text(value)
    known = value is None or isinstance(value, float) or scalar(value) is None
    return None if known else Fault("", _shown(value), "text or a number")


def one_of(*texts: str) -> Shape:
    """One of these texts."""
    return lambda value: (
        None if isinstance(value, str) and value in texts else Fault("", quoted(value), f"one of {', '.join(texts)}")
    )


def nullable(shape: Shape) -> Shape:
    """Null, or what fits the shape."""
    return lambda value: None if value is None else shape(value)


def list_of(shape: Shape) -> Shape:
    """A list whose items fit the shape."""

    def fault(value: t.Any) -> Fault | None:
        if not isinstance(value, (list, tuple)):
            return Fault("", type_name(value), "a list")
        return _first("[{}]", ((number, item, shape) for number, item in enumerate(value)))

    return fault


def mapping_of(shape: Shape) -> Shape:
    """A mapping of texts to what fits the shape."""

    def fault(value: t.Any) -> Fault | None:
        if not isinstance(value, dict):
            return Fault("", type_name(value), "a mapping")
        strange = [key for key in value if text(key) is not None]
        if strange:
            return Fault("", f"a mapping with {type_name(strange[0])} as a key", "one of texts")
        return _first(".{}", ((key, item, shape) for key, item in value.items()))

    return fault


def mapping(required: t.Mapping[str, Shape], optional: t.Mapping[str, Shape] | None = None) -> Shape:
    """A mapping whose keys have values of their own shapes; other keys are left alone."""
    shapes = {**required, **(optional or {})}

    def fault(value: t.Any) -> Fault | None:
        if not isinstance(value, dict):
            return Fault("", type_name(value), "a mapping")
        missing = [key for key in required if key not in value]
        if missing:
            names = ", ".join(missing[:-1]) + " and " * (len(missing) > 1) + missing[-1]
            return Fault("", f"a mapping without {names}", "a whole one")
        return _first(".{}", ((key, value[key], shape) for key, shape in shapes.items() if key in value))

    return fault


def memory(*names: str) -> Shape:
    """The sizes of a process, at least these and the whole; null if unknown, and none larger than the whole."""
    whole, sizes = mapping(dict.fromkeys(("total_process", *names), _anything)), mapping_of(nullable(size))

    def fault(value: t.Any) -> Fault | None:
        found = whole(value) or sizes(value)
        if found or value["total_process"] is None:
            return found
        larger = [name for name, part in value.items() if (part or 0) > value["total_process"]]
        return Fault(f".{larger[0]}", "larger than total_process", "a part of it") if larger else None

    return fault


def _anything(_value: t.Any) -> Fault | None:
    return None


def by_key(key: str, shapes: t.Mapping[str, Shape]) -> Shape:
    """A mapping whose shape depends on what it has under this key."""
    kind = mapping({key: one_of(*shapes)})
    return lambda value: kind(value) or shapes[value[key]](value)


def _first(step: str, members: t.Iterable[tuple[t.Any, t.Any, Shape]]) -> Fault | None:
    """The first fault of the members of a value, whose paths begin with this step to one of them."""
    for key, value, shape in members:
        fault = shape(value)
        if fault is not None:
            return fault._replace(path=step.format(key) + fault.path)
    return None


def _shown(value: t.Any) -> str:
    """A number, and of anything else its kind: it may be a secret."""
    return quoted_value(value) if isinstance(value, (int, float)) else type_name(value)
