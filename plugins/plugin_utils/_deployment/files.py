# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files, directories and links that shall be on a host, or shall not."""

from __future__ import annotations

import dataclasses
import typing as t


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An entry of the module files, which documents each of these."""

    path: str
    state: str = "file"
    content: str | None = None
    secret_content: str | None = None
    secret_pattern: str | None = None
    base64: bool = False
    source: str | None = None
    target: str | None = None
    mode: str | None = None
    owner: str | None = None
    group: str | None = None
    only_new: bool = False
    only_empty: bool = False

    def as_entry(self) -> dict[str, t.Any]:
        """As an argument of the module: without what is not given."""
        given = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: value for name, value in given.items() if value not in (None, False)}


def absent(path: str) -> File:
    return File(path=path, state="absent")


def absent_if_empty(path: str) -> File:
    return File(path=path, state="absent", only_empty=True)
