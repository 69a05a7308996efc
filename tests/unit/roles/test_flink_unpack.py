# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command that unpacks a release, on an archive that grants too much."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import tarfile
import typing as t
from pathlib import Path

import pytest
import yaml

STEP = Path(__file__).parents[3] / "roles/flink/tasks/steps/unpack.yml"
# What is in the archive, and its rights there and on the host.
ENTRIES = {"lib": (0o777, 0o755), "conf": (0o2777, 0o755), "bin": (0o755, 0o755)}
FILES = {"lib/a.jar": (0o666, 0o644), "bin/flink": (0o775, 0o755), "conf/config.yaml": (0o644, 0o644)}


def command(scratch: Path) -> list[str]:
    tasks: list[dict[str, t.Any]] = yaml.safe_load(STEP.read_text())
    (block,) = (task["block"] for task in tasks if "block" in task)
    (argv,) = (task["ansible.builtin.command"]["argv"] for task in block if task["name"] == "Unpack the archive")
    return [word.replace("{{ __flink.installation.scratch }}", str(scratch)) for word in argv]


@pytest.mark.parametrize("umask", [0o022, 0o077, 0])
def test_only_the_owner_may_write_what_everybody_may_read(umask: int, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "archive", "w:gz") as archive:
        for name, (mode, _expected) in {**ENTRIES, **FILES}.items():
            entry = tarfile.TarInfo(f"flink-2.3.0/{name}")
            entry.mode, entry.type = mode, tarfile.DIRTYPE if name in ENTRIES else tarfile.REGTYPE
            archive.addfile(entry, io.BytesIO())
    (tmp_path / "flink").mkdir()
    subprocess.run(command(tmp_path), check=True, preexec_fn=lambda: os.umask(umask))
    found = {name: stat.S_IMODE((tmp_path / "flink" / name).stat().st_mode) for name in {**ENTRIES, **FILES}}
    assert found == {name: expected for name, (_mode, expected) in {**ENTRIES, **FILES}.items()}
