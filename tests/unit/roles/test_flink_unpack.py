# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a release is unpacked: of an archive that grants too much, and where everybody may write beside it."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import tarfile
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args

from ansible_collections.streamops.flink.plugins.modules import files

STEP = Path(__file__).parents[3] / "roles/flink/tasks/steps/unpack.yml"
# What is in the archive, and its rights there and on the host.
ENTRIES = {"lib": (0o777, 0o755), "conf": (0o2777, 0o755), "bin": (0o755, 0o755)}
FILES = {"lib/a.jar": (0o666, 0o644), "bin/flink": (0o775, 0o755), "conf/config.yaml": (0o644, 0o644)}


TASKS: list[dict[str, t.Any]] = yaml.safe_load(STEP.read_text())


def command(scratch: Path) -> list[str]:
    (block,) = (task["block"] for task in TASKS if "block" in task)
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


@pytest.mark.skipif(os.geteuid() != 0, reason="owners are changed by root alone")
def test_nobody_else_owns_what_root_unpacks_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Between the removal of what was there and the creation, anybody may make a directory of that name."""
    (task,) = (task for task in TASKS if task["name"] == "Create the scratch directory beside the release")
    tmp_path.chmod(0o1777)
    (tmp_path / "scratch").mkdir()
    os.chown(tmp_path / "scratch", 1234, 1234)
    text = json.dumps(task["streamops.flink.files"])
    options = json.loads(text.replace("{{ __flink.installation.scratch }}", f"{tmp_path}/scratch"))
    with patch_module_args(options), pytest.raises(SystemExit):
        files.main()
    assert "scratch belongs to user 1234, who could replace what root writes there" in capsys.readouterr().out
    assert not (tmp_path / "scratch/flink").exists()
