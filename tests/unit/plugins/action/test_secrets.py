# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No callback gets a configuration, which may hold secrets, and plays can use what the actions return."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
SECRET = "S3cr3tValue"
INVENTORY = f"""\
flink_taskmanagers:
  hosts:
    h1:
  vars:
    flink_version: 2.3.0
    flink_host_memory: 16g
    flink_config:
      jobmanager.memory.process.size: 1600m
      taskmanager.memory.process.size: 4g
      s3.secret-key: {SECRET}
"""
PLAY = """\
- hosts: all
  gather_facts: false
  vars:
    plan: &plan
      flink_version: 2.3.0
      config: "{{ flink_config }}"
      host_memory: 16g
  tasks:
    - streamops.flink.memory_plan: *plan
      register: planned
    - streamops.flink.memory_plan: *plan
      loop: [1, 2]
      register: twice
    - streamops.flink.fleet_plan:
      register: fleet
    - streamops.flink.cluster_look:
      register: looks
    - streamops.flink.deployment_info: {purpose: plan}
      register: decided
    - ansible.builtin.assert:
        that:
          - planned.plans[0].memory.total_process == 2 ** 32
          - planned.config['s3.secret-key'] == twice.results[1].config['s3.secret-key']
          - decided.plans | length == 2
          - fleet.fleet.summary.fine == 1
          - looks.hidden == [flink_config['s3.secret-key']]
"""

# The callback of the screen, and how it writes; others write files beside it.
CALLBACKS = {
    "JSON": ("default", "json"),
    "YAML": ("default", "yaml"),
    "minimal": ("minimal", "json"),
    "oneline": ("oneline", "json"),
}


@pytest.mark.parametrize(("screen", "format_"), CALLBACKS.values(), ids=CALLBACKS)
def test_no_callback_gets_a_secret(screen: str, format_: str, tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "hosts.yml").write_text(INVENTORY)
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
        "ANSIBLE_LOCAL_TEMP": str(tmp_path),
        "ANSIBLE_STDOUT_CALLBACK": screen,
        "ANSIBLE_CALLBACK_RESULT_FORMAT": format_,
        "ANSIBLE_CALLBACKS_ENABLED": "junit,tree",
        "ANSIBLE_CALLBACK_TREE_DIR": str(tmp_path / "tree"),
        "JUNIT_OUTPUT_DIR": str(tmp_path / "junit"),
    }
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            "--inventory=hosts.yml",
            "-vvv",
            "--diff",
            "play.yml",
        ],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = [path.read_text() for name in ("junit", "tree") for path in (tmp_path / name).glob("*")]
    assert len(written) == 2
    assert not any(SECRET in text for text in (done.stdout, done.stderr, *written))
    assert "h1: jobmanager 1.5g, taskmanager-1 4g\n" in done.stdout
