# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cgroups that limit a process, of version 1, of version 2, or of both.

``root`` is where the files of the host are: another one than / in tests.
"""

from __future__ import annotations

import re
import typing as t

from .texts import read_text

if t.TYPE_CHECKING:
    from pathlib import Path

_OCTAL = re.compile(r"\\(\d{3})")


class Cgroup(t.NamedTuple):
    """One cgroup: the version of its hierarchy, its path in the visible part of that, and its directory."""

    version: int
    path: str
    directory: Path


class _Mount(t.NamedTuple):
    """A mounted hierarchy, or a part of one: its version, the cgroup at its top, and where it is mounted."""

    version: int
    top: str
    place: Path


def own_cgroups(root: Path, controller: str) -> list[Cgroup]:
    """Our cgroups that a controller may limit, from the top of what is visible down."""
    return cgroups_of(root, "self", controller)


def cgroups_of(root: Path, process: str, controller: str) -> list[Cgroup]:
    """The cgroups of a process, by its ID, that a controller may limit, from the top of what is visible down."""
    paths = _paths(root, process, controller)
    return _below(root, controller, {version: _parts(path) for version, path in paths.items()}, [])


def slice_cgroups(root: Path, controller: str, name: str) -> list[Cgroup]:
    """The cgroups of a slice of systemd that a controller may limit, from the top of what is visible down."""
    paths = _paths(root, "1", controller)
    # Where the processes of others are hidden, systemd is assumed to be at the top of what is visible.
    tops = {version: _without_scope(_parts(paths.get(version, ""))) for version in _paths(root, "self", controller)}
    return _below(root, controller, tops, slice_path(name))


def top_cgroup(root: Path) -> str:
    """The path of the cgroup that systemd manages: empty on a machine, that of the container in one."""
    parts = [_without_scope(_parts(path)) for path in _paths(root, "1", "name=systemd").values()]
    return "".join(f"/{part}" for part in parts[0]) if parts else ""


def slice_path(name: str) -> list[str]:
    """The slices down to this one: ``flink-batch.slice`` is in ``flink.slice``, all are in the root ``-.slice``."""
    if name == "-.slice":
        return []
    words = name[: -len(".slice")].split("-")
    return ["-".join(words[: count + 1]) + ".slice" for count in range(len(words))]


def _without_scope(parts: list[str]) -> list[str]:
    return parts[:-1] if parts[-1:] == ["init.scope"] else parts


def _below(root: Path, controller: str, tops: dict[int, list[str]], names: list[str]) -> list[Cgroup]:
    """In every mount, all cgroups from its top to the one with these names below a top, given by version."""
    cgroups = []
    for mount in _mounts(root, controller):
        if mount.version in tops:
            parts = [*_inside(tops[mount.version], _parts(mount.top)), *names]
            for depth in range(len(parts) + 1):
                path = "/" + "/".join(parts[:depth])
                cgroups.append(Cgroup(mount.version, path, mount.place.joinpath(*parts[:depth])))
    return cgroups


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _inside(parts: list[str], top: list[str]) -> list[str]:
    """The path below the top of a mount: in a container, it may be a path of the host, and invisible."""
    below = parts[len(top) :]
    return below if parts[: len(top)] == top and ".." not in below else []


def _paths(root: Path, process: str, controller: str) -> dict[int, str]:
    """The path of a process by version: only of version 1 if that has the controller, though version 2 exists."""
    paths = {}
    for line in (read_text(root / "proc" / process / "cgroup") or "").splitlines():
        fields = line.split(":", 2)
        if len(fields) == 3 and (not fields[1] or controller in fields[1].split(",")):
            paths[1 if fields[1] else 2] = fields[2]
    return {1: paths[1]} if 1 in paths else paths


def _mounts(root: Path, controller: str) -> t.Iterator[_Mount]:
    """The mounts in /proc/self/mountinfo whose cgroups the controller may limit."""
    for line in (read_text(root / "proc/self/mountinfo") or "").splitlines():
        before, separator, after = line.partition(" - ")
        fields, options = before.split(), after.split()
        if not separator or len(fields) < 5 or len(options) < 3:
            continue
        if options[0] == "cgroup2" or (options[0] == "cgroup" and controller in options[2].split(",")):
            version = 2 if options[0] == "cgroup2" else 1
            yield _Mount(version, _plain(fields[3]), root / _plain(fields[4]).lstrip("/"))


def _plain(field: str) -> str:
    """A field without the octal numbers that the kernel writes for blanks and the like."""
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), field)
