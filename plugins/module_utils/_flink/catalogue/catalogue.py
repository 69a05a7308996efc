# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of every release of Flink: which keys it reads, and of what kind their values are.

Source: ``ConfigOption`` of all classes of the releases, read by reflection into ``catalogue.json``, and the keys that
scripts and plugins read without one (``make catalogue``).

``catalogue.json`` is ``{"lines": [...], "options": {...}}``. An option has its key, and a record for each span of lines
in which it is the same. What a record does not say is false, empty or unknown::

    from      the first line, or the first patch release where they differ within a line; without it, the oldest
    to        the last line, or the last patch release; without it, the newest
    type      boolean, integer, long, float, double, duration, memory, enum, string, map; or list of one of these, such
              as "list string"
    default   what Flink takes if the option is not set, as text in the notation of flink-conf.yaml
    choices   the constants of an enum, as Flink prints them
    aliases   other keys that set the option if its own does not, the first one that is set; "=" before those that are
              not deprecated
    deprecated  true if Flink marks the option as deprecated
    instead   keys of options to set instead of one that is deprecated, or that the next line no longer reads
    unread    true if nothing reads the option
    sql       true for options of connectors, formats and the like, which are set in SQL and never in the file

In a key ``<name>`` stands for one name of the user's without dots, and ``<key>`` for any rest.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import typing as t
from pathlib import Path

if t.TYPE_CHECKING:
    from ..values.release import Release

Version = t.Tuple[int, int, int]

_LAST_PATCH = 9999
_NAME = re.compile(r"<(name|key)>")
_NAMES = {"name": r"[^.]+", "key": r".+"}


class Option(t.NamedTuple):
    """An option as some lines know it; ``first`` and ``last`` are the releases from and to which they do."""

    key: str
    first: Version
    last: Version
    kind: str = "string"
    default: str | None = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    current_aliases: tuple[str, ...] = ()
    deprecated: bool = False
    instead: tuple[str, ...] = ()
    unread: bool = False
    sql: bool = False

    @property
    def is_pattern(self) -> bool:
        return "<" in self.key


@dataclasses.dataclass(frozen=True)
class Options:
    """The options of one release, by their keys and by the other keys that set them."""

    by_key: dict[str, Option]
    by_alias: dict[str, tuple[Option, ...]]
    _patterns: t.Pattern[str]
    _by_group: dict[str, Option]

    def find(self, key: str) -> tuple[Option, ...]:
        """The options that a key sets; none if the release does not read it."""
        option = self.by_key.get(key)
        if option is not None:
            return (option,)
        return self.by_alias.get(key) or self._find_pattern(key)

    def _find_pattern(self, key: str) -> tuple[Option, ...]:
        match = self._patterns.fullmatch(key)
        if match is not None and match.lastgroup is not None:
            return (self._by_group[match.lastgroup],)
        whole = self.map_of(key)
        return () if whole is None else (whole,)

    def map_of(self, key: str) -> Option | None:
        """The option with a map as its value of which a key is one entry, if it is."""
        while "." in key:
            key = key.rpartition(".")[0]
            option = self.by_key.get(key)
            if option is not None:
                return option if option.kind == "map" else None
        return None


@functools.lru_cache(maxsize=None)
def _content() -> dict[str, t.Any]:
    content: dict[str, t.Any] = json.loads(Path(__file__).with_name("catalogue.json").read_text(encoding="utf-8"))
    return content


@functools.lru_cache(maxsize=None)
def _bound(text: str | None, *, is_last: bool) -> Version:
    """The first or last release that a record means; without a text it is the oldest or newest."""
    lines = _content()["lines"]
    numbers = [int(number) for number in (text or lines[-1 if is_last else 0]).split(".")]
    return (numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else _LAST_PATCH * is_last)


def _option(key: str, record: dict[str, t.Any]) -> Option:
    aliases = record.get("aliases", ())
    return Option(
        key,
        _bound(record.get("from"), is_last=False),
        _bound(record.get("to"), is_last=True),
        record.get("type", "string"),
        record.get("default"),
        tuple(record.get("choices", ())),
        tuple(alias.lstrip("=") for alias in aliases),
        tuple(alias[1:] for alias in aliases if alias[0] == "="),
        record.get("deprecated", False),
        tuple(record.get("instead", ())),
        record.get("unread", False),
        record.get("sql", False),
    )


def options_of(release: Release) -> Options:
    """The options that a release reads."""
    return _options_of(release.version)


@functools.lru_cache(maxsize=32)
def _options_of(version: Version) -> Options:
    read = [
        _option(key, record)
        for key, records in _content()["options"].items()
        for record in records
        if _bound(record.get("from"), is_last=False) <= version <= _bound(record.get("to"), is_last=True)
    ]
    plain = {option.key: option for option in read if not option.is_pattern}
    by_alias: dict[str, tuple[Option, ...]] = {}
    for option in plain.values():
        for alias in option.aliases:
            by_alias[alias] = (*by_alias.get(alias, ()), option)
    # What has a name of its own comes before what may be anything.
    open_ended = sorted((option for option in read if option.is_pattern), key=lambda option: "<key>" in option.key)
    patterns = {f"o{number}": option for number, option in enumerate(open_ended)}
    expression = "|".join(f"(?P<{group}>{_expression(option.key)})" for group, option in patterns.items())
    return Options(plain, by_alias, re.compile(expression or r"(?!)"), patterns)


def _expression(pattern: str) -> str:
    parts = _NAME.split(pattern)
    return "".join(_NAMES[part] if index % 2 else re.escape(part) for index, part in enumerate(parts))


@functools.lru_cache(maxsize=None)
def _names() -> dict[str, set[str]]:
    """The options that a key sets in any release, by that key."""
    found: dict[str, set[str]] = {}
    for key, records in _content()["options"].items():
        for name in (key, *(alias.lstrip("=") for record in records for alias in record.get("aliases", ()))):
            found.setdefault(name, set()).add(key)
    return found


def history(key: str) -> tuple[Option, ...]:
    """The options that a key sets in any release, the oldest first; none if it never did."""
    records = _content()["options"]
    options = (_option(name, record) for name in _names().get(key, ()) for record in records[name])
    setting = [option for option in options if key == option.key or key in option.aliases]
    return tuple(sorted(setting, key=lambda option: (option.first, option.key)))


def forget() -> None:
    """As if nothing had been loaded yet, for who measures how long that takes."""
    for cached in (_content, _bound, _options_of, _names):
        cached.cache_clear()
