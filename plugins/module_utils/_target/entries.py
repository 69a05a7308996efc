# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entries of the module files, checked without a look at the host."""

from __future__ import annotations

import base64
import binascii
import os
import re
import typing as t
from pathlib import Path

_MODE = re.compile(r"0?[0-7]{3,4}")
_OWN_OPTIONS = {"file": ("content", "secret_content", "source"), "link": ("target",)}


class EntryError(Exception):
    """Which entry is refused, and why."""


class Entry(t.NamedTuple):
    """What a path has to be; ``label`` is the option that asks for it.

    Of a secret content nothing is shown, or all but what the pattern matches.
    """

    label: str
    path: str
    state: str
    content: bytes | None
    source: str | None
    target: str | None
    mode: int | None
    owner: str | None
    group: str | None
    is_secret: bool
    secret_pattern: t.Pattern[str] | None
    only_new: bool
    only_empty: bool

    @property
    def place(self) -> Path:
        """The path as an object."""
        return Path(self.path)


def read_entries(given: t.Iterable[dict[str, t.Any]]) -> list[Entry]:
    """The entries as given to the module. Raises EntryError for those that are wrong on any host."""
    entries = [_entry(f"files[{number}]", options) for number, options in enumerate(given)]
    places: dict[str, Entry] = {}
    for entry in entries:
        if entry.path in places:
            raise EntryError(
                f"{entry.label}.path: expected a path of its own, got {entry.path}, which {places[entry.path].label} "
                "has. Remove one of them."
            )
        places[entry.path] = entry
    for entry in entries:
        _check_not_in_absent(entry, places)
    return entries


def parse_mode(mode: object) -> int | None:
    """An octal number as text, or the number that YAML makes of one without quotes; None if it is neither."""
    if isinstance(mode, int) and not isinstance(mode, bool) and 0 <= mode <= 0o7777:
        return mode
    return int(mode, 8) if isinstance(mode, str) and _MODE.fullmatch(mode) else None


def _entry(label: str, options: dict[str, t.Any]) -> Entry:
    state, secret = options["state"], options["secret_content"]
    content = options["content"] if secret is None else secret
    for option in "path", "source", "target", "owner", "group":
        _check_text(f"{label}.{option}", options[option])
    path = _path(label, options["path"], state)
    _check_options(f"{label} ({path})", state, options)
    mode = parse_mode(options["mode"])
    if mode is None and options["mode"] is not None:
        raise EntryError(f"{label}.mode: expected a quoted octal number such as '0640', got {options['mode']!r}.")
    return Entry(
        label=label,
        path=path,
        state=state,
        content=None if content is None else _bytes(f"{label} ({path})", content, encoded=options["base64"]),
        source=options["source"],
        target=options["target"],
        mode=mode,
        owner=options["owner"],
        group=options["group"],
        is_secret=secret is not None,
        secret_pattern=_pattern(label, options),
        only_new=options["only_new"],
        only_empty=options["only_empty"],
    )


def _check_text(option: str, text: str | None) -> None:
    """A text that the system could not be asked about is refused, whose control characters nobody means."""
    if text is None or text.isprintable():
        return
    raise EntryError(f"{option}: expected printable characters, got {text!a}. Correct it.")


def _pattern(label: str, options: dict[str, t.Any]) -> t.Pattern[str] | None:
    pattern = options["secret_pattern"]
    if pattern is None:
        return None
    if options["secret_content"] is None:
        raise EntryError(f"{label}.secret_pattern: expected secret_content beside it, got none. Add it.")
    try:
        return re.compile(pattern)
    except re.error as exc:
        raise EntryError(
            f"{label}.secret_pattern: expected a regular expression, got {pattern!a}: {exc}. Correct it."
        ) from None


def _bytes(label: str, content: str, *, encoded: bool) -> bytes:
    try:
        if encoded:
            return base64.b64decode(content, validate=True)
        return content.encode("utf-8", errors="surrogateescape")
    except UnicodeEncodeError as exc:
        raise EntryError(
            f"{label}: expected a text that UTF-8 can carry, got {content[exc.start]!a} as character "
            f"{exc.start + 1}. Correct the content."
        ) from exc
    except (ValueError, binascii.Error):
        raise EntryError(f"{label}: expected Base64, got something else. Correct the content.") from None


def _path(label: str, path: str, state: str) -> str:
    if not path.startswith("/") or ".." in path.split("/"):
        raise EntryError(f"{label}.path: expected an absolute path without '..', got {path!r}.")
    plain = "/" + os.path.normpath(path).lstrip("/")
    if plain == "/":
        raise EntryError(f"{label}.path: expected a path below /, got {path!r}.")
    if state == "absent" and plain.count("/") < 2:
        raise EntryError(
            f"{label}.path: expected a path two levels below / to remove, got {plain}. Name a path inside it."
        )
    return plain


def _check_options(label: str, state: str, options: dict[str, t.Any]) -> None:
    own = _OWN_OPTIONS.get(state, ())
    given = [name for names in _OWN_OPTIONS.values() for name in names if options[name] is not None]
    foreign = [name for name in given if name not in own]
    if foreign:
        raise EntryError(
            f"{label}: expected no {foreign[0]} for state {state}, got one. Remove it or change the state."
        )
    if own and len(given) != 1:
        expected = own[0] if len(own) == 1 else f"one of {', '.join(own)}"
        raise EntryError(f"{label}: expected {expected} for state {state}, got {' and '.join(given) or 'none'}.")


def _check_not_in_absent(entry: Entry, places: dict[str, Entry]) -> None:
    for parent in map(str, entry.place.parents):
        if parent in places and places[parent].state == "absent" and entry.state != "absent":
            raise EntryError(
                f"{entry.label}.path: expected a path that stays, got {entry.path} in {parent}, which "
                f"{places[parent].label} removes. Remove one of them."
            )
