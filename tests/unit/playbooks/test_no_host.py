# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What playbooks that touch no process make of an inventory that has no host of the cluster."""

from __future__ import annotations

import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("playbook", ["jobs", "savepoint", "stop", "resume", "scale", "observe", "advise", "diagnose"])
def test_a_run_without_a_host_fails(playbook: str, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("[flink_jobmanager]\nmisspelt\n")
    variables: t.Mapping[str, str] = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
        "ANSIBLE_LOCAL_TEMP": str(tmp_path),
        "ANSIBLE_NOCOLOR": "1",
    }
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            f"--inventory={tmp_path / 'hosts'}",
            f"streamops.flink.{playbook}",
        ],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert (
        "expected hosts in the groups flink_jobmanagers and flink_taskmanagers, got none" in done.stdout + done.stderr
    )
