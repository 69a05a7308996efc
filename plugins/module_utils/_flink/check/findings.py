# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check finds, in the shape of the notes of a plan."""

from __future__ import annotations

import typing as t

from ..values.errors import listed, quoted_key
from ..values.notes import Try
from ..values.secrets import holds_secret

if t.TYPE_CHECKING:
    from ..values.notes import Change, Notes
    from ..values.results import Note

LEVELS = ("error", "warning", "hint")


def error(code: str, keys: t.Sequence[str], message: str, remedy: str, changes: Change | None = None) -> Note:
    """With this a process does not start, or an option is not what was meant. ``changes`` make the finding go away.

    They are left out if a secret is in them.
    """
    return _finding("error", code, keys, message, remedy, changes)


def warning(code: str, keys: t.Sequence[str], message: str, remedy: str, changes: Change | None = None) -> Note:
    """This is probably not what was meant."""
    return _finding("warning", code, keys, message, remedy, changes)


def hint(code: str, keys: t.Sequence[str], message: str, remedy: str, changes: Change | None = None) -> Note:
    """This works, and could be better."""
    return _finding("hint", code, keys, message, remedy, changes)


def _finding(level: str, code: str, keys: t.Sequence[str], message: str, remedy: str, changes: Change | None) -> Note:
    return {
        "level": level,
        "code": code,
        "options": list(keys),
        "message": message,
        "remedy": remedy,
        "changes": _without_secrets(changes or {}),
    }


def _without_secrets(changes: Change) -> Change:
    """Nothing, rather than a part, of changes that would show a secret."""
    return {} if any(holds_secret(key, value) for key, value in changes.items() if value is not None) else changes


def from_notes(notes: Notes) -> t.Iterator[Note]:
    """The notes of a part of a plan, each with its first remedy."""
    for note, attempts in zip(notes.items, notes.attempts):
        change, words = next(((one.change, one.words) for one in attempts if isinstance(one, Try)), ({}, ""))
        removed = f"Remove {' and '.join(change)}." if change and not any(change.values()) else ""
        yield {**note, "remedy": words or removed or note["remedy"], "changes": _without_secrets(change)}


def names_of(keys: t.Sequence[str]) -> str:
    """Options in a sentence: the first few, and how many more."""
    return listed([quoted_key(key) for key in keys])


def them(keys: t.Sequence[str]) -> str:
    """Options in a sentence that has named them."""
    return "it" if len(keys) == 1 else "them"
