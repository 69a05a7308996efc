# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operating system and the machine.

``root`` is where the files of the host are: another one than / in tests.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import typing as t

from .cgroups import own_cgroups
from .texts import read_text

if t.TYPE_CHECKING:
    from pathlib import Path

_OS_RELEASE = ("etc/os-release", "usr/lib/os-release")
_JEMALLOC = ("usr/lib/*-linux-gnu", "usr/lib64", "usr/lib", "usr/local/lib")
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


def operating_system(root: Path) -> dict[str, t.Any]:
    """What os-release says; without it, the distribution is linux."""
    texts = (read_text(root / name) for name in _OS_RELEASE)
    values = parse_assignments(next((text for text in texts if text), ""))
    return {
        "id": values.get("ID", "linux"),
        "version_id": values.get("VERSION_ID"),
        "id_like": values.get("ID_LIKE", "").split(),
        "architecture": platform.machine(),
    }


def parse_assignments(text: str) -> dict[str, str]:
    """Lines of NAME=value, quoted as in a shell; others are skipped."""
    values = {}
    for line in text.splitlines():
        name, assigned, value = line.partition("=")
        if assigned and not line.lstrip().startswith("#"):
            try:
                values[name.strip()] = "".join(shlex.split(value))
            except ValueError:
                continue
    return values


def jemalloc(root: Path) -> str | None:
    """The path of the library, if it is in one of the usual places."""
    for pattern in _JEMALLOC:
        for library in sorted(root.glob(f"{pattern}/libjemalloc.so.2")):
            return str(library)
    return None


def numa_nodes(root: Path) -> list[int]:
    """The numbers of the nodes that are online."""
    return parse_ranges(read_text(root / "sys/devices/system/node/online") or "")


def parse_ranges(text: str) -> list[int]:
    """The numbers in a list such as ``0-1,3``, as the kernel writes it."""
    nodes: list[int] = []
    for part in text.split(","):
        found = _RANGE.fullmatch(part.strip())
        if found:
            nodes += range(int(found[1]), int(found[2] or found[1]) + 1)
    return nodes


def usable_cpus(root: Path) -> int:
    """The number of CPUs that this process may run on, limited by the quotas of its cgroups, rounded up."""
    quotas = [_quota(cgroup.directory) for cgroup in own_cgroups(root, "cpu")]
    return min([len(os.sched_getaffinity(0)), *(quota for quota in quotas if quota is not None)])


def _quota(directory: Path) -> int | None:
    """The limit of one cgroup in whole CPUs, rounded up."""
    words = (read_text(directory / "cpu.max") or "").split()
    if not words:
        words = [read_text(directory / f"cpu.cfs_{name}_us") or "" for name in ("quota", "period")]
    if len(words) != 2 or not all(word.isdigit() for word in words) or "0" in words:
        # No limit is "max" of version 2, -1 of version 1.
        return None
    quota, period = map(int, words)
    return -(-quota // period)
