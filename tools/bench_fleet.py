# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures the playbook plan on inventories of up to ten thousand hosts, beside the least that a play can do for each.

The hosts are static and their memory is a variable, so nothing but the controller is measured.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZES = (4, 8, 16, 64, 512)
ROUNDS = 3
VARIABLES = """
[all:vars]
flink_version='{release}'
flink_config={{"jobmanager.memory.process.size": "1600m", "taskmanager.memory.process.size": "auto"}}
"""
DEBUG = """\
- hosts: all
  gather_facts: false
  tasks: [{ansible.builtin.debug: {msg: '{{ flink_config }}'}}]
"""
PLAN = "streamops.flink.plan"


class Cost(t.NamedTuple):
    """Seconds on the clock, and the memory of the largest process in bytes."""

    seconds: float
    memory: int


def print_fleets(release: str) -> None:
    """Print what a plan of the whole inventory costs."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        debug = directory / "debug.yml"
        debug.write_text(DEBUG)
        runs = {
            "ansible.builtin.debug, 1000 hosts": (str(debug), 1000, False),
            f"{PLAN}, 1000 hosts": (PLAN, 1000, False),
            f"{PLAN}, 10000 hosts": (PLAN, 10_000, False),
            f"{PLAN}, 10000 hosts, all different": (PLAN, 10_000, True),
        }
        costs: dict[str, list[Cost]] = {title: [] for title in runs}
        for done in range(ROUNDS):
            for title, (playbook, count, different) in runs.items():
                print(f"\rinventories: round {done + 1} of {ROUNDS}", end="", file=sys.stderr, flush=True)
                inventory = _inventory(directory / f"{count}-{different}", release, count, different=different)
                costs[title].append(_cost(playbook, inventory))
    print("\r", end="", file=sys.stderr)
    print(f"\n{'a whole inventory':<50}{'seconds':>10}{'ms per host':>14}{'MiB':>8}{'ratio':>8}")
    per_host = {title: statistics.median(cost.seconds for cost in costs[title]) / runs[title][1] for title in runs}
    floor = next(iter(per_host.values()))
    for title, seconds in per_host.items():
        memory = max(cost.memory for cost in costs[title]) / 2**20
        print(
            f"{title:<50}{seconds * runs[title][1]:>10.2f}{seconds * 1e3:>14.2f}{memory:>8.0f}{seconds / floor:>8.2f}"
        )


def _inventory(path: Path, release: str, count: int, *, different: bool) -> Path:
    """A JobManager and TaskManagers on hosts of five sizes, or each of another one."""
    mebibytes = (SIZES[number % len(SIZES)] * 1024 + different * number for number in range(count - 1))
    hosts = "".join(f"tm-{number} flink_host_memory={size}m\n" for number, size in enumerate(mebibytes))
    jobmanager = "[flink_jobmanagers]\njm flink_host_memory=8g\n"
    path.write_text(f"{jobmanager}[flink_taskmanagers]\n{hosts}{VARIABLES.format(release=release)}")
    return path


def _cost(playbook: str, inventory: Path) -> Cost:
    settings = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build")}
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), playbook]
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(time.perf_counter() - start, usage.ru_maxrss * 1024)
