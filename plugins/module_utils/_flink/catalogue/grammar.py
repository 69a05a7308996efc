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
import re
import typing as t
from fractions import Fraction

from ..values.config import STANDARD_YAML, meant_decimal, parse_boolean, text_of
from ..values.duration import meant_duration, parse_duration
from ..values.errors import listed, nearest
from ..values.java_numbers import double_text, narrow, parse_double, parse_float, parse_int
from ..values.lists import join_list, split_list
from ..values.release import Release
from ..values.size import exact, meant_size, parse_size
from ..values.yaml import Pairs, dump_flow, load_yaml

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

_ANY_RELEASE = Release.parse("1.10")
_YES = frozenset(("true", "t", "yes", "y", "on", "1", "enable", "enabled"))
_NO = frozenset(("false", "f", "no", "n", "off", "0", "disable", "disabled"))
_WHOLE = re.compile(r"[+-]?[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE]\+?[0-9]{1,2})?")
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]{1,16}")
_PERCENTAGE = re.compile(r"([0-9]{1,3})\s*%")
_PUNCTUATION = re.compile(r"[\s_.-]+")
_LONGEST_WORD = 60
_LONGEST_REMEMBERED = 200
_NOT_PLAIN = re.compile(r"['\"{}]")
_PAIR_MIDDLE = re.compile(r"[:=]")
_PAIR_ENDS = re.compile(r"[,;\n]")


class Unreadable(ValueError):  # noqa: N818 - it says what a value is
    """Flink does not read the value; the text says in words what it reads: "a duration such as 10 s, ..."."""


def read_value(kind: str, value: object, release: Release, *, typed: bool, choices: t.Sequence[str] = ()) -> object:
    """The value as Flink reads it: durations in nanoseconds, sizes in bytes, of an enum the constant.

    With ``typed`` it stands in config.yaml, if the release has one: a YAML scalar, list or mapping. Else it is a text,
    in flink-conf.yaml or after ``-D``. ``choices`` are the constants of an enum. Raises Unreadable.
    """
    try:
        raw = str(value) if isinstance(value, str) else _raw(value, release, typed=typed)
        if isinstance(raw, str) and len(raw) <= _LONGEST_REMEMBERED:
            return _own(_read_text(kind, raw, release, tuple(choices)))
        return _read(kind, raw, release, tuple(choices))
    except ValueError as exc:
        raise Unreadable(wanted(kind, choices)) from exc


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
    if isinstance(value, (int, float)):
        return value if standard else text_of(value)
    if isinstance(value, dict):
        return dict(_flat("", value, standard=standard))
    if isinstance(value, (list, tuple)):
        return dump_flow(value) if standard else join_list([text_of(item) for item in value])
    raise ValueError("no value of a configuration")


def _flat(prefix: str, mapping: dict[t.Any, t.Any], *, standard: bool) -> t.Iterator[tuple[str, str]]:
    """The options that a mapping is to Flink: nested ones joined by dots, values as texts."""
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{key}.", value, standard=standard)
        elif isinstance(value, (list, tuple)):
            yield f"{prefix}{key}", dump_flow(value) if standard else join_list([text_of(item) for item in value])
        else:
            yield f"{prefix}{key}", _string(value) if standard else text_of(value)


def _own(value: t.Any) -> object:
    """A copy of what may be changed."""
    if isinstance(value, list):
        return [_own(item) for item in value]
    return dict(value) if isinstance(value, dict) else value


def _read(kind: str, raw: object, release: Release, choices: tuple[str, ...]) -> object:
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
        return _enum(_text(raw), choices)
    return _SCALARS[kind](raw, release)


@functools.lru_cache(maxsize=4096)
def _read_text(kind: str, text: str, release: Release, choices: tuple[str, ...]) -> object:
    return _read(kind, text, release, choices)


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
    if isinstance(raw, int) and not isinstance(raw, bool) and -(2**31) <= raw < 2**31:
        return raw
    return parse_int(_text(raw), bits=bits)


def _float(raw: object) -> float:
    return narrow(raw) if isinstance(raw, float) else parse_float(_text(raw))


def _double(raw: object) -> float:
    return raw if isinstance(raw, float) else parse_double(_text(raw))


_SCALARS: dict[str, t.Callable[[t.Any, Release], object]] = {
    "boolean": lambda raw, release: parse_boolean(_text(raw)),
    "integer": lambda raw, release: _integer(raw, bits=32),
    "long": lambda raw, release: _integer(raw, bits=64),
    "float": lambda raw, release: _float(raw),
    "double": lambda raw, release: _double(raw),
    "duration": lambda raw, release: parse_duration(_text(raw), release),
    "memory": lambda raw, release: parse_size(_text(raw)),
    "string": lambda raw, release: _string(raw),
}


def _enum(text: str, choices: tuple[str, ...]) -> str:
    upper = text.upper()
    for choice in choices:
        if choice.upper() == upper:
            return choice
    raise ValueError(text)


def _list(kind: str, text: str, release: Release, choices: tuple[str, ...]) -> list[object]:
    """A YAML list, from 1.19 on, else items with semicolons between them. Source: ``convertToList``."""
    # What begins with a quote is a scalar or a mapping of YAML, and may be long.
    if release.version >= STANDARD_YAML and not text.lstrip().startswith(("'", '"')):
        try:
            items = load_yaml(text)
            if isinstance(items, list) and not isinstance(items, Pairs):
                return [_item(kind, item, release, choices) for item in items]
        except ValueError:
            pass
    if kind == "map":
        return [_map(item, yaml=release.version >= _YAML_IN_LISTS) for item in split_list(text)]
    return [_read(kind, item, release, choices) for item in split_list(text)]


def _item(kind: str, item: object, release: Release, choices: tuple[str, ...]) -> object:
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
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError("no pair")
    return _unique([(pair[0], pair[1]) for pair in pairs])


def _string_map(value: object) -> dict[str, str]:
    if not isinstance(value, Pairs):
        raise ValueError("no mapping")
    return _unique([(_string(key), _string(member)) for key, member in value])


def _unique(pairs: list[tuple[str, str]]) -> dict[str, str]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError("a key twice")
    return unique


def suggestion(
    kind: str,
    value: object,
    release: Release,
    *,
    typed: bool,
    choices: t.Sequence[str] = (),
    unit: str = "",
) -> object | None:
    """The value that was plainly meant, in a spelling that this release reads; none if that cannot be known.

    ``unit`` is what a number of the option counts: "ms" or "bytes". With ``typed`` it is a value for config.yaml.
    """
    found: object | None = None
    try:
        if kind.startswith(_LIST):
            found = _meant_list(kind[len(_LIST) :], value, release, typed=typed, choices=choices)
        elif kind == "enum":
            found = _meant_choice(text_of(value), choices)
        elif kind == "map":
            found = _joined(_meant_map(value))
        elif kind in _MEANT:
            found = _MEANT[kind](text_of(value), unit)
        given = found if typed or not isinstance(found, (bool, int, float)) else text_of(found)
        if given is not None:
            read_value(kind, given, release, typed=typed, choices=choices)
    except ValueError:
        return None
    return given


def _meant_boolean(text: str, _unit: str) -> bool | None:
    word = text.strip().lower()
    return True if word in _YES else False if word in _NO else None


def _meant_whole(text: str, unit: str) -> int | None:
    """The number of ``1_000``, ``8081.0``, ``1e3``, ``0x10`` and ``50%``; of milliseconds in ``30 s``."""
    number, percentage = _whole(text), _PERCENTAGE.fullmatch(text.strip())
    if number is not None:
        return number
    if percentage:
        return int(percentage[1])
    if unit == "bytes":
        return _bytes(text)
    duration = meant_duration(text) if unit == "ms" else None
    nanoseconds = parse_duration(duration, _ANY_RELEASE) if duration else 1
    return None if nanoseconds % 10**6 else nanoseconds // 10**6


def _whole(text: str) -> int | None:
    text = text.strip()
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    number = Fraction(text.replace("_", "")) if len(text) < _LONGEST_WORD and _WHOLE.fullmatch(text) else Fraction(1, 2)
    return number.numerator if number.denominator == 1 else None


def _meant_decimal(text: str, _unit: str) -> float | None:
    return parse_double(meant_decimal(text) or text.replace("_", ""))


def _meant_duration(text: str, _unit: str) -> str | None:
    number = _whole(text)
    return meant_duration(text) if number is None else f"{number} ms"


def _meant_memory(text: str, _unit: str) -> str | None:
    size = _bytes(text)
    return None if size is None else exact(size)


def _bytes(text: str) -> int | None:
    number = _whole(text)
    size = meant_size(text) if number is None else Fraction(number)
    return None if size is None or size.denominator > 1 else size.numerator


def _meant_choice(text: str, choices: t.Sequence[str]) -> str | None:
    """The constant that differs in blanks and dashes only, that begins so, or that is spelled nearly so."""
    words = {_bare(choice): choice for choice in choices}
    word = _bare(text)
    if not word or word in words:
        return words.get(word)
    begun = [choice for bare, choice in words.items() if bare.startswith(word)]
    if begun:
        return begun[0] if len(begun) == 1 else None
    near = nearest(word, words, cutoff=0.75)
    return None if near is None else words[near]


def _bare(word: str) -> str:
    return _PUNCTUATION.sub("", word).lower()


def _meant_map(value: object) -> dict[str, str]:
    """Pairs with other separators, such as ``a=1;b=2`` and ``{a: 1}``, and a mapping where only a text is read."""
    if isinstance(value, dict):
        return dict(_flat("", value, standard=False))
    text = text_of(value)
    return _string_map(load_yaml(text)) if text.lstrip().startswith("{") else _loose_map(text)


def _loose_map(text: str) -> dict[str, str]:
    return _unique([_loose_pair(pair) for pair in _PAIR_ENDS.split(text.strip().strip(",;"))])


def _loose_pair(text: str) -> tuple[str, str]:
    key, *values = (part.strip() for part in _PAIR_MIDDLE.split(text, maxsplit=1))
    if not key or values in ([], [""]) or _NOT_PLAIN.search(text):
        raise ValueError(text)
    return key, values[0]


def _joined(pairs: dict[str, str]) -> str:
    """The text that every release reads as this map. Raises ValueError if there is none."""
    text = ",".join(_pair(key, value) for key, value in pairs.items())
    if not pairs or not _reads_as(text, pairs) or _map(text, yaml=True) != pairs:
        raise ValueError(text)
    return text


def _pair(key: str, value: str) -> str:
    quoted = join_list([join_list([key, value], ":")], ",")
    plain = (f"{key}:{value}", f"{key}:'{value}'")
    return next((text for text in plain if _reads_as(text, {key: value})), quoted)


def _reads_as(text: str, pairs: dict[str, str]) -> bool:
    try:
        return _map(text, yaml=False) == pairs
    except ValueError:
        return False


def _meant_list(
    kind: str, value: object, release: Release, *, typed: bool, choices: t.Sequence[str]
) -> list[object] | str | None:
    """Items with other separators or in YAML, each of them as it was meant."""
    items = list(value) if isinstance(value, (list, tuple)) else _items(kind, text_of(value))
    meant = [
        item
        if _readable(kind, item, release, typed=typed, choices=choices)
        else suggestion(kind, item, release, typed=typed, choices=choices)
        for item in items
    ]
    if not meant or None in meant:
        return None
    return meant if typed and kind != "map" else join_list([text_of(item) for item in meant])


def _items(kind: str, text: str) -> list[t.Any]:
    try:
        items = load_yaml(text)
    except ValueError:
        items = None
    if isinstance(items, list) and not isinstance(items, Pairs):
        return [_joined(_string_map(item)) if isinstance(item, Pairs) else item for item in items]
    if kind != "map" and ";" not in text and "," in text:
        return [item.strip() for item in text.split(",")]
    return split_list(text)


def _readable(kind: str, value: object, release: Release, *, typed: bool, choices: t.Sequence[str]) -> bool:
    try:
        read_value(kind, value, release, typed=typed, choices=choices)
    except Unreadable:
        return False
    return True


_MEANT: dict[str, t.Callable[[str, str], object | None]] = {
    "boolean": _meant_boolean,
    "integer": _meant_whole,
    "long": _meant_whole,
    "float": _meant_decimal,
    "double": _meant_decimal,
    "duration": _meant_duration,
    "memory": _meant_memory,
}
