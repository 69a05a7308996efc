# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.mounts import mounts, place

if t.TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /nowhere/data rw,noexec shared:2 master:1 - xfs /dev/sdb1 rw
24 22 0:22 / /nowhere/my\\040data rw - tmpfs tmpfs rw,size=1g
25 23 0:23 / /nowhere/data rw - nfs4 server:/data rw
26 23 0:24 / /nowhere/data/own rw - ext4 /dev/sdc1 rw
no line of a mount
"""

# Paths, and the file system that each is on.
PLACES: dict[str, tuple[str, str, list[str]]] = {
    "the root": ("/", "ext4", ["rw", "relatime"]),
    "what is not there": ("/nowhere/x", "ext4", ["rw", "relatime"]),
    "the last at one place": ("/nowhere/data/x", "nfs4", ["rw"]),
    "the innermost": ("/nowhere/data/own/x/y", "ext4", ["rw"]),
    "what only begins alike": ("/nowhere/database", "ext4", ["rw", "relatime"]),
    "a blank in the name": ("/nowhere/my data", "tmpfs", ["rw"]),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A host with these mounts."""
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/mountinfo").write_text(TABLE)
    return tmp_path


@pytest.mark.parametrize(("path", "file_system", "options"), PLACES.values(), ids=PLACES)
def test_places(path: str, file_system: str, options: list[str], root: Path) -> None:
    found = place(path, mounts(root))
    assert (found["file_system"], found["options"]) == (file_system, options)


def test_directories(root: Path) -> None:
    (root / "file").write_text("")
    found = [place(str(path), [])["is_directory"] for path in (root, root / "file", root / "none")]
    assert found == [True, False, False]


def test_a_host_that_does_not_tell(tmp_path: Path) -> None:
    assert place("/", mounts(tmp_path)) == {"is_directory": True, "file_system": None, "options": []}
