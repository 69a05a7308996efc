# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Advice beside a plan: what an operator should know although Flink accepts the configuration."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from .results import Note


class Notes:
    """The notes of one plan, in the order in which they came up."""

    def __init__(self) -> None:
        self.items: list[Note] = []

    def sentences(self, *codes: str) -> list[str]:
        """The notes of these codes as sentences."""
        return [f"{note['message']} {note['remedy']}" for note in self.items if note["code"] in codes]

    def _add(self, level: str, code: str, keys: t.Iterable[str], message: str, remedy: str) -> None:
        self.items.append({"level": level, "code": code, "options": list(keys), "message": message, "remedy": remedy})

    def hint(self, code: str, keys: t.Iterable[str], message: str, remedy: str) -> None:
        """Something worth knowing."""
        self._add("hint", code, keys, message, remedy)

    def warning(self, code: str, keys: t.Iterable[str], message: str, remedy: str) -> None:
        """Something that is probably not what was meant."""
        self._add("warning", code, keys, message, remedy)
