# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the play before the first change makes of a host that cannot be reached."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
# Whether all hosts are meant or none, and whether the hosts that are there go on.
CHOICES = {"all hosts or none": (True, False), "whoever is there": (False, True)}


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """A host that is here, and one that ssh does not reach."""
    (tmp_path / "ssh").write_text("#!/bin/sh\nexit 255\n")
    (tmp_path / "ssh").chmod(0o755)
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    gone = {"ansible_connection": "ssh", "ansible_ssh_executable": str(tmp_path / "ssh")}
    places = {f"flink_{name}": str(tmp_path / name) for name in ("home", "conf_dir", "log_dir", "run_dir")}
    groups: dict[str, t.Any] = {
        "flink_jobmanagers": {"hosts": {"here": here}},
        "flink_taskmanagers": {"hosts": {"gone": gone}},
    }
    config = {"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "2g"}
    variables = {"flink_version": "2.3.0", "flink_archive": "/none", "flink_config": config, **places}
    path = tmp_path / "hosts.yml"
    path.write_text(yaml.safe_dump({"all": {"vars": variables, "children": groups}}))
    return path


@pytest.mark.parametrize(("all_or_none", "goes_on"), CHOICES.values(), ids=CHOICES)
def test_a_host_that_cannot_be_reached(all_or_none: bool, goes_on: bool, inventory: Path) -> None:
    command = [str(Path(sys.executable).with_name("ansible-playbook")), f"--inventory={inventory}", "--check"]
    done = subprocess.run(
        [*command, f"--extra-vars={{flink_all_or_none: {str(all_or_none).lower()}}}", "streamops.flink.deploy"],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
            "ANSIBLE_LOCAL_TEMP": str(inventory.parent),
            "ANSIBLE_NOCOLOR": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    # The check of the host that is here comes after, and only if it goes on.
    assert ("TASK [streamops.flink.flink : Check what is wanted against the host]" in done.stdout) is goes_on
    assert ("gone: expected to be reached, got no answer. Nothing was changed." in done.stdout) is not goes_on
