# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What processes have in their environment, those that run and those that units would start.

``root`` is where the files of the host are: another one than / in tests.
"""

from __future__ import annotations

import os
import re
import typing as t

from .system import parse_assignments
from .texts import read_text

if t.TYPE_CHECKING:
    from pathlib import Path

UNITS = "etc/systemd/system"
_FILE = re.compile(r"^EnvironmentFile=-?(/.*)/[^/]*$", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)|%%")
# What a shell takes for escaped between double quotes, besides what parse_assignments does.
_SHELL = re.compile(r"\\([$`])")


def environments(root: Path, names: t.Sequence[str]) -> list[dict[str, str]]:
    """The values of some variables wherever all of them are, none twice.

    What lies in a directory of any unit may be anybody's, and so is what processes have.
    """
    if not names:
        return []
    texts = (read_text(unit) or "" for unit in sorted((root / UNITS).glob("*.service")))
    directories = dict.fromkeys(_ESCAPED.sub(_plain, found) for text in texts for found in _FILE.findall(text))
    given = [
        parse_assignments(_SHELL.sub(r"\1", read_text(file, follows=False) or ""))
        for directory in directories
        for file in sorted((root / directory.lstrip("/")).glob("*.env"))
    ]
    given += [_of_process(file) for file in sorted((root / "proc").glob("[0-9]*/environ"))]
    found = [{name: variables[name] for name in names} for variables in given if set(names) <= set(variables)]
    return [environment for number, environment in enumerate(found) if environment not in found[:number]]


def _plain(escaped: re.Match[str]) -> str:
    return escaped[1] or "%"


def _of_process(file: Path) -> dict[str, str]:
    try:
        words = file.read_bytes().split(b"\0")
    except OSError:
        return {}
    return dict(os.fsdecode(word).split("=", 1) for word in words if b"=" in word)
