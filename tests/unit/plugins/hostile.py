# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that are nearly right: what the collection made itself, with something in it changed."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import math
import typing as t

from hypothesis import strategies as st

_DEEPEST = 10


def _nested(depth: int) -> t.Any:
    value: t.Any = 1
    for number in range(depth):
        value = {"a": value} if number % 2 else [value]
    return value


def _nested_key(depth: int) -> t.Any:
    key: tuple[t.Any, ...] = ()
    for _level in range(depth):
        key = (key,)
    return key


class Odd:
    """A value that is made anew each time, and a name that can be printed."""

    def __init__(self, name: str, make: t.Callable[[], t.Any]) -> None:
        self.name, self.make = name, make

    def __repr__(self) -> str:
        return self.name


_SHORT: list[t.Any] = [
    *(None, True, False, 0, 1, -1, 17, 2**31, 2**63, -(2**63), 2**100, 0.5, -0.0, math.nan, math.inf, -math.inf, 1e300),
    *(
        "",
        " ",
        "x",
        "0",
        "4g",
        "-1",
        "all",
        "null",
        "auto",
        "50%",
        "=1+1",
        "\ud800",
        "\0",
        "\x1b[2J",
        "a\nb",
        "jobmanager",
    ),
    *("taskmanager", "local", "sql-gateway", "2.3", "1.10", "1.18", "1.20", b"4g", dt.date(2026, 1, 1), {1, 2}, object),
    *([], {}, [None], [[]], {1: 2}, {None: 3}, {"": 4}, {"\ud800": 5}, {"a": 1}, (1, 2)),
]
ODD = [
    *(Odd(repr(value), functools.partial(copy.deepcopy, value)) for value in _SHORT),
    Odd("10**4301", lambda: 10**4301),
    Odd("-(10**4301)", lambda: -(10**4301)),
    Odd("'9' * 5000", lambda: "9" * 5000),
    Odd("'x' * 80_000", lambda: "x" * 80_000),
    Odd("nested 30 deep", lambda: _nested(30)),
    Odd("nested 8000 deep", lambda: _nested(8000)),
    Odd("a huge key", lambda: {10**4301: 1}),
    Odd("a deep key", lambda: {_nested_key(300): 1}),
]
_KEYS = [odd for odd in ODD if isinstance(odd.make(), t.Hashable)]


def _paths(value: t.Any, at: tuple[t.Any, ...] = ()) -> t.Iterator[tuple[t.Any, ...]]:
    if len(at) > _DEEPEST:
        return
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*at, key)
        yield from _paths(member, (*at, key))


def _is_variable(value: t.Any, depth: int = 0) -> bool:
    """Whether Ansible's templates could hand it over."""
    if isinstance(value, dict):
        return depth < 50 and all(isinstance(key, str) and _is_variable(item, depth + 1) for key, item in value.items())
    if isinstance(value, list):
        return depth < 50 and all(_is_variable(item, depth + 1) for item in value)
    return value is None or isinstance(value, (str, int, float, dt.date))


def _is_infinite(value: t.Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


# Ansible's own arguments fail on infinite numbers, where they are to be whole ones.
VARIABLES = [odd for odd in ODD if _is_variable(odd.make()) and not _is_infinite(odd.make())]


@st.composite
def changed(draw: st.DrawFn, valid: t.Any, odd: t.Sequence[Odd] = tuple(ODD)) -> t.Any:
    """The same list or mapping, with up to three members changed, dropped or under another key."""
    keys = [key for key in odd if isinstance(key.make(), str)] if odd is VARIABLES else _KEYS
    value = copy.deepcopy(valid)
    for _change in range(draw(st.integers(1, 3))):
        paths = list(_paths(value))
        if not paths:
            break
        *parents, last = paths[draw(st.integers(0, len(paths) - 1))]
        target = value
        for step in parents:
            target = target[step]
        what = draw(st.sampled_from(("change", "change", "drop", "rename", "repeat")))
        if what == "drop" and parents:
            del target[last]
        elif what == "rename" and isinstance(target, dict):
            target[draw(st.sampled_from(keys)).make()] = target.pop(last)
        elif what == "repeat" and isinstance(target, list) and parents:
            target.append(target[last])
        else:
            target[last] = draw(st.sampled_from(odd)).make()
    return value
