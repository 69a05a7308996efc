# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On what kind of file system a path is.

``root`` is where the files of the host are: another one than / in tests.
"""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

from .texts import read_text

_ESCAPED = re.compile(r"\\([0-7]{3})")


class Mount(t.NamedTuple):
    """A line of /proc/self/mountinfo, see proc(5)."""

    point: Path
    options: list[str]
    file_system: str


def mounts(root: Path) -> list[Mount]:
    """All mounts, in the order in which they were made: of two at one place, the last counts."""
    lines = (read_text(root / "proc/self/mountinfo") or "").splitlines()
    return [mount for mount in map(_parse, lines) if mount is not None]


def _parse(line: str) -> Mount | None:
    before, _separator, after = line.partition(" - ")
    fields, kind = before.split(" "), after.split(" ")
    if len(fields) < 6 or not kind[0]:
        return None
    point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
    return Mount(Path(point), fields[5].split(","), kind[0])


def place(path: str, mounted: t.Sequence[Mount]) -> dict[str, t.Any]:
    """Whether a directory is there, and the file system that it is on, or would be; null if unknown."""
    real = Path(os.path.realpath(path))
    above = [mount for mount in mounted if mount.point == real or mount.point in real.parents]
    nearest = max(above, key=lambda mount: len(mount.point.parts), default=None)
    same = [mount for mount in above if nearest is not None and mount.point == nearest.point]
    return {
        "is_directory": real.is_dir(),
        "file_system": same[-1].file_system if same else None,
        "options": same[-1].options if same else [],
    }
