# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a check finds, in the shape of the notes of a plan."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ..values.notes import Change
    from ..values.results import Note

LEVELS = ("error", "warning", "hint")


def error(code: str, keys: t.Sequence[str], message: str, remedy: str, changes: Change | None = None) -> Note:
    """With this a process does not start, or an option is not what was meant. ``changes`` make the finding go away."""
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
        "changes": changes or {},
    }
