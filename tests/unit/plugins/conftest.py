# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest

if t.TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with one of each kind, as an earlier deployment left it."""
    place = tmp_path / "place"
    place.mkdir()
    (place / "config.yaml").write_text("a: 1\n")
    (place / "config.yaml").chmod(0o640)
    (place / "stale").write_text("old\n")
    (place / "current").symlink_to("v1")
    (place / "tree/below").mkdir(parents=True)
    (place / "tree/below/file").write_text("")
    return place


@pytest.fixture
def snapshot(place: Path) -> t.Callable[[], dict[str, tuple[t.Any, ...]]]:
    """Tells all that is in that directory, with inodes, which show whether it was replaced."""

    def take() -> dict[str, tuple[t.Any, ...]]:
        found = {}
        for path in sorted(place.rglob("*")):
            there = path.lstat()
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else None
            if path.is_symlink():
                content = os.fsencode(os.readlink(path))  # noqa: PTH115 - Python 3.8 has no Path.readlink
            found[str(path.relative_to(place))] = (there.st_mode, there.st_uid, there.st_gid, there.st_ino, content)
        return found

    return take
