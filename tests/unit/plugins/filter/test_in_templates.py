# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Advice as templates have it: in Ansible's own types instead of Python's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.advice_table import advice_table
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.findings_table import findings_table
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.page import advice_page
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import (
    ADVICE,
    FLEET,
    WINDOW,
)

ROOT = Path(__file__).resolve().parents[4]
PLAY = """\
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.copy:
        content: "{{ item.value }}"
        dest: "{{ playbook_dir }}/{{ item.key }}"
        mode: "0644"
      loop: "{{ files | dict2items }}"
      vars:
        ansible_python_interpreter: "{{ ansible_playbook_python }}"
        files:
          findings: "{{ advice.findings | streamops.flink.findings_table }}"
          table: "{{ advice | streamops.flink.advice_table }}"
          page: "{{ advice | streamops.flink.advice_page(window, fleet) }}"
"""


def test_templates_get_what_python_gets(tmp_path: Path) -> None:
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "vars.json").write_text(json.dumps({"advice": ADVICE, "window": WINDOW, "fleet": FLEET}))
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("ansible-playbook")),
            f"--extra-vars=@{tmp_path}/vars.json",
            str(tmp_path / "play.yml"),
        ],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
            "ANSIBLE_LOCAL_TEMP": str(tmp_path / "tmp"),
            "ANSIBLE_NOCOLOR": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "findings").read_text() == findings_table(ADVICE["findings"])
    assert (tmp_path / "table").read_text() == advice_table(ADVICE)
    assert (tmp_path / "page").read_text() == advice_page(ADVICE, WINDOW, FLEET)
