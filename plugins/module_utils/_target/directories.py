# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories, links and disks of the host."""

from __future__ import annotations

import os
import re
import typing as t
from pathlib import Path

from .texts import read_text


def free_bytes(path: str) -> int | None:
    """The free space of the file system of a path, which does not have to exist yet; null if unknown."""
    place = Path(path)
    for directory in (place, *place.parents):
        try:
            there = os.statvfs(directory)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return None
        return there.f_bavail * there.f_frsize
    return None


def file_names(directory: Path) -> list[str]:
    """The names of the files in a directory; empty if it does not exist."""
    try:
        with os.scandir(directory) as entries:
            return sorted(entry.name for entry in entries if entry.is_file())
    except OSError:
        return []


def marked_files(directory: Path, pattern: str) -> list[str]:
    """The names of the files in a directory with a line that a regular expression matches as a whole."""
    line = re.compile(pattern)
    lines = ((name, (read_text(directory / name) or "").splitlines()) for name in file_names(directory))
    return [name for name, found in lines if any(map(line.fullmatch, found))]


def link_target(path: str) -> str | None:
    """Where a link points; null if it is not a link."""
    try:
        return os.readlink(path)
    except OSError:
        return None


def release(home: str | None) -> dict[str, t.Any]:
    """The contents of the directory of a Flink release."""
    if home is None:
        return {"exists": False, "archive": None, "extra_files": [], "opt": [], "conf": [], "class_archives": []}
    place = Path(home)
    return {
        "exists": os.path.lexists(place),
        "archive": read_text(place / ".archive"),
        "extra_files": (read_text(place / ".extra-files") or "").splitlines(),
        "opt": [name for name in file_names(place / "opt") if name.endswith(".jar")],
        "conf": file_names(place / "conf"),
        "class_archives": sorted(path.name for path in place.glob(".class-archives/*[0-9a-f]")),
    }


def installed_releases(parent: str | None) -> dict[str, list[str]]:
    """The releases in a directory that the role has installed, and what the clusters that use each have noted."""
    if parent is None:
        return {}
    marks = sorted(Path(parent).glob("*/.archive"))
    return {
        str(mark.parent): [read_text(note) or "" for note in sorted((mark.parent / ".clusters").glob("*"))]
        for mark in marks
        if (read_text(mark) or "").startswith("sha512:")
    }
