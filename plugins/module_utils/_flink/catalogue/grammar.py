# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Flink reads the value of an option of each type, release by release.

Source: ``ConfigurationUtils.convertValue`` and ``convertToList``, ``TimeUtils.parseDuration``, ``MemorySize.parse``.

A value has a kind: boolean, integer, long, float, double, duration, memory, enum, string or map, or a list of one of
these, such as "list string".
"""

from __future__ import annotations

import functools
import typing as t

from ..values.config import STANDARD_YAML, parse_boolean, text_of
from ..values.duration import parse_duration
from ..values.errors import listed
from ..values.java_numbers import double_text, narrow, parse_double, parse_float, parse_int
from ..values.lists import join_list, split_list
from ..values.size import parse_size
from ..values.yaml import Pairs, dump_flow, load_yaml

if t.TYPE_CHECKING:
    from ..values.release import Release

# From this release on options of their own, whose names begin with the name of a map, are its entries.
_PREFIXED_MAPS = (1, 14)
# From this release on a map in a list in the notation of flink-conf.yaml may be YAML.
_YAML_IN_LISTS = (2, 0)

_WANTED = {
    "boolean": "true or false",
    "integer": "a whole number from -2147483648 to 2147483647",
    "long": "a whole number from -9223372036854775808 to 9223372036854775807",
    "float": "a number such as 0.4",
    "double": "a number such as 0.4",
    "duration": "a duration such as 10 s, 5 min or 250 ms",
    "memory": "a size such as 4g, 1536m or 64kb",
    "string": "a text",
    "map": "pairs such as key1:value1,key2:value2",
}
_LIST = "list "


class Unreadable(ValueError):  # noqa: N818 - it says what a value is
    """Flink does not read the value; the text says in words what it reads: "a duration such as 10 s, ..."."""


def read_value(kind: str, value: object, release: Release, *, typed: bool, choices: t.Sequence[str] = ()) -> object:
    """The value as Flink reads it: durations in nanoseconds, sizes in bytes, of an enum the constant.

    With ``typed`` it stands in config.yaml, if the release has one: a YAML scalar, list or mapping. Else it is a text,
    in flink-conf.yaml or after ``-D``. ``choices`` are the constants of an enum. Raises Unreadable.
    """
    try:
        raw = str(value) if isinstance(value, str) else _raw(value, release, typed=typed)
        return _read(kind, raw, release, choices)
    except ValueError:
        raise Unreadable(wanted(kind, choices)) from None


def wanted(kind: str, choices: t.Sequence[str] = ()) -> str:
    """What Flink reads as a value of this kind, in words."""
    if kind.startswith(_LIST):
        return f"a list, each item {wanted(kind[len(_LIST) :], choices)}"
    if kind == "enum" and choices:
        return f"one of {listed(choices, most=12)}"
    return _WANTED.get(kind, "a value")


def _raw(value: object, release: Release, *, typed: bool) -> object:
    """What Flink has of a value that is no text: a YAML scalar, a list as its text, a mapping with texts."""
    standard = typed and release.version >= STANDARD_YAML
    if isinstance(value, dict):
        return dict(_flat("", value, standard=standard))
    if isinstance(value, (list, tuple)):
        return dump_flow(value) if standard else join_list([text_of(item) for item in value])
    if standard and isinstance(value, (bool, int, float)):
        return value
    return text_of(value)


def _flat(prefix: str, mapping: dict[t.Any, t.Any], *, standard: bool) -> t.Iterator[tuple[str, str]]:
    """The options that a mapping is to Flink: nested ones joined by dots, values as texts."""
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value, standard=standard)
        elif isinstance(value, (list, tuple)):
            yield f"{prefix}{key}", dump_flow(value) if standard else join_list([text_of(item) for item in value])
        else:
            yield f"{prefix}{key}", _string(value) if standard else text_of(value)


def _read(kind: str, raw: object, release: Release, choices: t.Sequence[str]) -> object:
    """Source: ``ConfigurationUtils.convertValue``."""
    if isinstance(raw, dict):
        if kind != "map" or release.version < _PREFIXED_MAPS:
            raise ValueError(kind)
        return raw
    if kind.startswith(_LIST):
        return _list(kind[len(_LIST) :], _text(raw), release, choices)
    if kind == "map":
        return _map(_text(raw), yaml=release.version >= STANDARD_YAML)
    if kind == "enum":
        return _enum(_text(raw), tuple(choices))
    return _SCALARS[kind](raw, release)


def _text(raw: object) -> str:
    """``toString()``."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, (list, Pairs)):
        raise ValueError("a collection")
    return double_text(raw) if isinstance(raw, float) else text_of(raw)


def _string(raw: object) -> str:
    """Source: ``ConfigurationUtils.convertToString``."""
    if raw is None:
        raise ValueError("null")
    return raw if isinstance(raw, str) else dump_flow(raw)


def _integer(raw: object, *, bits: int) -> int:
    return parse_int(_text(raw), bits=bits)


def _float(raw: object) -> float:
    return narrow(raw) if isinstance(raw, float) else parse_float(_text(raw))


def _double(raw: object) -> float:
    return raw if isinstance(raw, float) else parse_double(_text(raw))


_duration = functools.lru_cache(maxsize=1024)(parse_duration)
_size = functools.lru_cache(maxsize=1024)(parse_size)

_SCALARS: dict[str, t.Callable[[t.Any, Release], object]] = {
    "boolean": lambda raw, release: parse_boolean(_text(raw)),
    "integer": lambda raw, release: _integer(raw, bits=32),
    "long": lambda raw, release: _integer(raw, bits=64),
    "float": lambda raw, release: _float(raw),
    "double": lambda raw, release: _double(raw),
    "duration": lambda raw, release: _duration(_text(raw), release),
    "memory": lambda raw, release: _size(_text(raw)),
    "string": lambda raw, release: _string(raw),
}


@functools.lru_cache(maxsize=1024)
def _enum(text: str, choices: tuple[str, ...]) -> str:
    upper = text.upper()
    for choice in choices:
        if choice.upper() == upper:
            return choice
    raise ValueError(text)


def _list(kind: str, text: str, release: Release, choices: t.Sequence[str]) -> list[object]:
    """A YAML list, from 1.19 on, else items with semicolons between them. Source: ``convertToList``."""
    if release.version >= STANDARD_YAML:
        try:
            items = load_yaml(text)
            if isinstance(items, list) and not isinstance(items, Pairs):
                return [_item(kind, item, release, choices) for item in items]
        except ValueError:
            pass
    if kind == "map":
        return [_map(item, yaml=release.version >= _YAML_IN_LISTS) for item in split_list(text)]
    return [_read(kind, item, release, choices) for item in split_list(text)]


def _item(kind: str, item: object, release: Release, choices: t.Sequence[str]) -> object:
    if kind == "map":
        return _string_map(item)
    return _read(kind, item, release, choices)


def _map(text: str, *, yaml: bool) -> dict[str, str]:
    """A YAML mapping, from 1.19 on, else ``key:value,key:value``. Source: ``convertToProperties``."""
    if yaml:
        try:
            return _string_map(load_yaml(text))
        except ValueError:
            pass
    pairs = [split_list(pair, ":") for pair in split_list(text, ",")]
    return _unique([(pair[0], pair[1]) if len(pair) == 2 else _refuse("no pair") for pair in pairs])


def _string_map(value: object) -> dict[str, str]:
    if not isinstance(value, Pairs):
        raise ValueError("no mapping")
    return _unique([(_string(key), _string(member)) for key, member in value])


def _unique(pairs: list[tuple[str, str]]) -> dict[str, str]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError("a key twice")
    return unique


def _refuse(reason: str) -> t.NoReturn:
    raise ValueError(reason)
