# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The systemd of a host: whether it runs, its version, and its units.

``root`` is where the files of the host are: another one than / in tests.
"""

from __future__ import annotations

import re
import typing as t

from .texts import HostError

if t.TYPE_CHECKING:
    from pathlib import Path

    from .programs import Run

_LIBRARIES = ("usr/lib/systemd", "usr/lib64/systemd", "usr/lib/*-linux-gnu/systemd", "lib/systemd")
_LIBRARY = re.compile(r"libsystemd-shared-(\d+)")
_VERSION = re.compile(r"systemd (\d+)")


def systemd_runs(root: Path) -> bool:
    """The test of sd_booted(3)."""
    return (root / "run/systemd/system").is_dir()


def systemd_version(root: Path, run: Run) -> int | None:
    """The version of the systemd that runs the host; null if none does."""
    if not systemd_runs(root):
        return None
    version = _version_of_library(root)
    if version is not None:
        return version
    try:
        found = _VERSION.match(run(["systemctl", "--version"])[1])
    except OSError:
        return None
    return int(found[1]) if found else None


def show_units(units: t.Sequence[str], properties: t.Iterable[str], run: Run) -> dict[str, dict[str, str]]:
    """Properties by unit, of all units in one call. Raises HostError if systemctl fails."""
    if not units:
        return {}
    command = ["systemctl", "show", "--no-pager", f"--property={','.join(['Id', *properties])}", "--", *units]
    try:
        code, output, error = run(command)
    except OSError as exc:
        raise HostError(f"systemctl: expected it to run, got {exc}.") from exc
    if code != 0:
        raise HostError(f"systemctl show: expected code 0, got {code}: {error.strip()}")
    return parse_units(output)


def parse_units(text: str) -> dict[str, dict[str, str]]:
    """The answer of ``systemctl show``, a block for each unit, by the Id in it."""
    blocks = [dict(line.split("=", 1) for line in block.splitlines() if "=" in line) for block in text.split("\n\n")]
    return {block["Id"]: block for block in blocks if "Id" in block}


def _version_of_library(root: Path) -> int | None:
    """By the name of its own library, which spares a process; null if that is elsewhere."""
    for pattern in _LIBRARIES:
        for library in sorted(root.glob(f"{pattern}/libsystemd-shared-*.so")):
            found = _LIBRARY.match(library.name)
            if found:
                return int(found[1])
    return None
