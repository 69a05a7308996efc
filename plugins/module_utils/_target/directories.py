# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories, links and disks of the host."""

from __future__ import annotations

import os
import re
import stat
import typing as t
from pathlib import Path

from .texts import printable, read_text


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


def leads_elsewhere(path: str) -> bool:
    """Whether there is something else than a link to a release that the role has installed, or to what is gone."""
    place = Path(path)
    if place.is_symlink():
        return os.path.exists(path) and not is_of_role(place)  # noqa: PTH110 - asks nobody about a loop of links
    return os.path.lexists(path)


def is_of_role(release: Path) -> bool:
    """Whether the role has installed what is there."""
    return (read_text(release / ".archive") or "").startswith("sha512:")


def strange_files(tree: str) -> list[str]:
    """What no release contains, sorted, a phrase each: rights of another user, links out of it, pipes and the like."""
    phrases = []
    for directory, directories, files in os.walk(tree):
        for name in (*directories, *files):
            path = os.path.join(directory, name)  # noqa: PTH118 - a Path for each file takes ten times as long
            phrase = _strangeness(path, tree)
            if phrase:
                phrases.append(f"{printable(os.path.relpath(path, tree))} {phrase}")
    return sorted(phrases)


def _strangeness(path: str, tree: str) -> str | None:
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return None if _stays_within(path, tree) else "is a link out of it"
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return "is neither a file nor a directory"
    return "has a setuid or setgid bit" if mode & (stat.S_ISUID | stat.S_ISGID) else None


def _stays_within(link: str, tree: str) -> bool:
    """Whether a link leads into its tree, and still does once the tree is moved."""
    path, target = Path(os.path.relpath(link, tree)), os.readlink(link)
    written = os.path.normpath(path.parent / target)
    led = Path(os.path.realpath(link))
    return not written.startswith(("/", "..")) and Path(os.path.realpath(tree)) in led.parents


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
    """The releases in a directory that the role has installed, and what the clusters that use each have noted.

    A link to one beside it is no release of its own: it goes or stays with its target, and may be somebody else's.
    """
    if parent is None:
        return {}
    place = Path(parent).resolve()
    releases = sorted(mark.parent for mark in Path(parent).glob("*/.archive"))
    return {
        str(release): [read_text(note) or "" for note in sorted((release / ".clusters").glob("*"))]
        for release in releases
        if is_of_role(release) and not (release.is_symlink() and release.resolve().parent == place)
    }
