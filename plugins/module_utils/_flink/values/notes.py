# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Advice beside a plan: what an operator should know although Flink accepts the configuration."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from .results import Note

# Options and the values that they shall have; null takes an option away.
Change = t.Dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Try:
    """A change that may be a remedy, and the words for it if they are to be others than the usual ones."""

    change: Change
    words: str = ""


@dataclasses.dataclass(frozen=True)
class Raise:
    """The smallest value of an option that may be a remedy, a size of whole MiB."""

    key: str


@dataclasses.dataclass(frozen=True)
class Lower:
    """The largest value of an option that may be a remedy, a size of whole MiB."""

    key: str


Attempt = t.Union[Try, Raise, Lower]


class Notes:
    """The notes of one plan, in the order in which they came up.

    What a note advises are ``attempts``, the best first; ``remedy`` are the words if none of them turns out to help.
    """

    def __init__(self) -> None:
        self.items: list[Note] = []
        self.attempts: list[tuple[Attempt, ...]] = []

    @property
    def problems(self) -> list[str]:
        """The codes of what is more than a hint."""
        return [note["code"] for note in self.items if note["level"] != "hint"]

    def _add(
        self, level: str, code: str, keys: t.Iterable[str], message: str, attempts: tuple[Attempt, ...], remedy: str
    ) -> None:
        options = list(keys)
        self.items.append(
            {"level": level, "code": code, "options": options, "message": message, "remedy": remedy, "changes": {}}
        )
        self.attempts.append(attempts)

    def hint(self, code: str, keys: t.Iterable[str], message: str, *attempts: Attempt, remedy: str = "") -> None:
        """Something worth knowing."""
        self._add("hint", code, keys, message, attempts, remedy)

    def warning(self, code: str, keys: t.Iterable[str], message: str, *attempts: Attempt, remedy: str = "") -> None:
        """Something that is probably not what was meant."""
        self._add("warning", code, keys, message, attempts, remedy)

    def error(self, code: str, keys: t.Iterable[str], message: str, *attempts: Attempt, remedy: str = "") -> None:
        """Something with which the process does not start, although Flink computes its memory."""
        self._add("error", code, keys, message, attempts, remedy)
