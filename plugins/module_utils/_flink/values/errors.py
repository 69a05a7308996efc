# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one error of the core, and how its text quotes values, options and names."""

from __future__ import annotations

import difflib
import typing as t

_LONGEST_WORD = 100


class FlinkError(ValueError):
    """A configuration that is refused; the text names option, value, rule and remedy in plain words.

    ``changes`` are options and values with which it would be accepted, null for an option that has to go; empty if
    that cannot be said.
    """

    def __init__(self, message: str, changes: dict[str, t.Any] | None = None) -> None:
        super().__init__(message)
        self.changes = changes or {}


class CannotStartError(FlinkError):
    """Flink computes the memory of this process, but it would not start, or none of its jobs would."""


class ConflictError(FlinkError):
    """Options each of which is fine contradict each other."""


class DoesNotFitError(ConflictError):
    """The parts need more than the total that was given.

    ``total_key`` is the option that would have to grow, so that the caller can look for the smallest value that works.
    """

    def __init__(self, message: str, total_key: str) -> None:
        super().__init__(message)
        self.total_key = total_key


class NothingConfiguredError(FlinkError):
    """None of the three ways to configure the memory of a process is given."""


def quoted(value: object, limit: int = 60) -> str:
    """A text in quotes, printable and never long; of any other value only its kind."""
    if not isinstance(value, str):
        return type_name(value)
    return ascii(str(value)) if len(value) <= limit else f"{value[:limit]!a}... ({len(value)} characters)"


def quoted_value(value: object) -> str:
    """The same, but numbers are written out."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return quoted(value)
    return "a huge number" if isinstance(value, int) and value.bit_length() > 64 else str(value)


def quoted_key(key: object) -> str:
    """The name of an option, in quotes only if it is odd; of what is no text its kind."""
    if not isinstance(key, str):
        return type_name(key)
    if len(key) > 200 or not key.isprintable():
        return f"{key[:200]!a}..."
    return key if key == key.strip() else ascii(str(key))


def nearest(word: str, words: t.Iterable[str], cutoff: float) -> str | None:
    """The one of several words that is spelled most like another one; none like a long one, of which there is none."""
    if len(word) > _LONGEST_WORD:
        return None
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=cutoff)), None)


def listed(names: t.Sequence[str], *, most: int = 4) -> str:
    """All names if there are not more than ``most``; else the first of them, and how many more, in as many terms."""
    if len(names) <= most:
        return ", ".join(names)
    named = max(1, most - 1)
    return f"{', '.join(names[:named])} and {len(names) - named} more"


def type_name(value: object) -> str:
    """What kind of thing was given, in the words of YAML."""
    if value is None:
        return "null"
    for kinds, name in (
        (bool, "a boolean"),
        (int, "a whole number"),
        (float, "a decimal number"),
        (str, "text"),
        ((list, tuple), "a list"),
        (dict, "a mapping"),
    ):
        if isinstance(value, kinds):
            return name
    return f"a value of type {type(value).__name__}"
