# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one error of the core, and how values are shown in it."""

from __future__ import annotations


class FlinkError(ValueError):
    """A configuration that is refused; the text names option, value, rule and remedy in plain words."""


class DoesNotFitError(FlinkError):
    """The parts need more than the total that was given.

    ``total_key`` is the option that would have to grow, so that the caller can look for the smallest value that works.
    """

    def __init__(self, message: str, total_key: str) -> None:
        super().__init__(message)
        self.total_key = total_key


class NothingConfiguredError(FlinkError):
    """None of the three ways to configure the memory of a process is given."""


def excerpt(value: object, limit: int = 60) -> str:
    """A value as an error may show it: quoted, printable, never long."""
    if not isinstance(value, str):
        return type_name(value)
    return ascii(str(value)) if len(value) <= limit else f"{value[:limit]!a}... ({len(value)} characters)"


def shown_value(value: object) -> str:
    """A value as an error may show it, numbers written out."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return excerpt(value)
    return "a huge number" if isinstance(value, int) and value.bit_length() > 64 else str(value)


def shown_key(key: str) -> str:
    """The name of an option, as an error may show it."""
    return key if len(key) <= 200 and key.isprintable() else f"{key[:200]!a}..."


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
