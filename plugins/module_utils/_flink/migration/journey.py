# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A configuration on its way from one release to another, and what becomes of one of its options."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..catalogue.catalogue import options_of
from ..values.config import text_of
from ..values.errors import FlinkError
from ..values.release import Release

if t.TYPE_CHECKING:
    from ..catalogue.catalogue import Options
    from ..check.view import View
    from ..values.results import Note

FIRST_KNOWN = (1, 10)
_OLDER = re.compile(r"\s*1\.([0-9])(?:\.([0-9]{1,4}))?\s*")


def read_release(given: object, name: str) -> Release:
    """A release to come from, or to go to. Raises FlinkError for what is none."""
    try:
        return Release.parse(given)
    except FlinkError as exc:
        raise FlinkError(str(exc).replace("flink_version", name)) from None


def read_older_release(given: object, name: str) -> Release:
    """A release to come from, which may be older than those that can be planned: from 1.0 on."""
    match = _OLDER.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        return read_release(given, name)
    return Release(given=str(given).strip(), version=(1, int(match.group(1)), int(match.group(2) or 0)))


@dataclasses.dataclass(frozen=True)
class Journey:
    """``view`` is the configuration as the old release reads it; those before 1.10 count as 1.10 there."""

    view: View
    source: Release
    target: Release

    @property
    def line(self) -> str:
        return self.source.line

    @property
    def options(self) -> Options:
        """Those of the new release."""
        return options_of(self.target)

    @property
    def config(self) -> dict[str, t.Any]:
        return self.view.config

    @property
    def is_from_before_1_10(self) -> bool:
        return self.source.version < FIRST_KNOWN

    def is_current(self, name: str) -> bool:
        """Whether the new release reads an option by this name, and does not deprecate it."""
        option = self.options.by_key.get(name)
        return option is not None and not option.deprecated

    def is_set(self, *names: str) -> bool:
        """Whether the old configuration sets one of these options, by whatever key."""
        read = self.view.options.by_key
        keys = (key for name in names for key in (name, *(read[name].aliases if name in read else ())))
        return any(key in self.config for key in keys)

    def present(self, *names: str) -> str | None:
        """The name among those that an option had which the new release reads."""
        return next((name for name in names if self.is_current(name)), None)


def plain_text(value: t.Any) -> str | None:
    """The text of a scalar, none of anything else."""
    try:
        return text_of(value)
    except ValueError:
        return None


def precedence(names: t.Sequence[str]) -> str:
    """That other keys decide."""
    verbs = "is also set, and takes" if len(names) == 1 else "are also set, and take"
    return f"{' and '.join(names)} {verbs} precedence."


class Move(t.NamedTuple):
    """What becomes of an option: the options in its place, why, and what a person has to decide about it."""

    changes: dict[str, t.Any]
    message: str
    decision: Note | None = None
