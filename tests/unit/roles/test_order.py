# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of the tasks keep their order, and so do tasks that a killed run must not part."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
TASKS = sorted(path for name in ("roles", "playbooks") for path in (ROOT / name).rglob("*.yml"))


@pytest.mark.parametrize("path", TASKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_filter_makes_a_set_of_a_list(path: Path) -> None:
    """Their result has another order in each run. Source: ``mathstuff.py`` of ansible-core 2.19."""
    uses = re.findall(r"\| *(?:difference|union|intersect|symmetric_difference)\([^|\n]*", path.read_text())
    assert [use for use in uses if not use.rstrip().endswith("== []")] == []


def tasks(name: str) -> list[dict[str, t.Any]]:
    found: list[dict[str, t.Any]] = yaml.safe_load((ROOT / "roles/flink/tasks" / name).read_text())
    return found


def test_a_web_server_that_is_installed_for_a_proxy_never_starts() -> None:
    steps = tasks("steps/install_missing.yml")
    masked = {
        number: task["ansible.builtin.systemd_service"]["masked"]
        for number, task in enumerate(steps)
        if task.get("ansible.builtin.systemd_service", {}).get("name") == "nginx.service"
    }
    installs = [
        number for number, task in enumerate(steps) if {"ansible.builtin.apt", "ansible.builtin.dnf"} & set(task)
    ]
    before, after = masked
    assert before < min(installs) < max(installs) < after
    assert (masked[before], masked[after]) == (True, False)


def test_the_firewall_goes_once_the_processes_have_ended_and_before_what_tells_of_it() -> None:
    steps = [task for task in tasks("uninstall.yml") if not task.get("check_mode")]
    words = ("remove_obsolete.yml", "firewall.yml", "streamops.flink.files")
    assert [word for task in steps for word in words if word in str(task)] == list(words)
