# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "docs/samples"
MIB = 2**20

# Each process with its size in MiB, and the memory in MiB that a host has left.
JOBMANAGER = ["jobmanager 1600"]
PLANNED: dict[str, dict[str, tuple[list[str], int]]] = {
    "one_host": {"flink-1": ([*JOBMANAGER, "taskmanager-1 13146"], 0)},
    "small_cluster": {
        "flink-1": (JOBMANAGER, 2087),
        "flink-2": (["taskmanager-1 14746"], 0),
        "flink-3": (["taskmanager-1 14746"], 0),
        "flink-4": (["taskmanager-1 29492"], 0),
    },
    "second_cluster": {"flink-1": ([*JOBMANAGER, "taskmanager-1 12736"], 0)},
    "numa": {
        "flink-1": (["jobmanager 4096"], 3277),
        "flink-2": ([f"taskmanager-{number} 30720" for number in (1, 2, 3, 4)], 0),
        "flink-3": ([f"taskmanager-{number} 30720" for number in (1, 2, 3, 4)], 0),
    },
    "high_availability": {
        "flink-1": (["jobmanager 4096"], 3277),
        "flink-2": (["jobmanager 4096"], 3277),
        **{f"flink-{number}": (["taskmanager-1 29492"], 0) for number in (3, 4, 5)},
    },
    "tls": {
        "flink-1": (JOBMANAGER, 5773),
        "flink-2": (["taskmanager-1 14746"], 0),
        "flink-3": (["taskmanager-1 14746"], 0),
    },
    "no_network": {
        "flink-1": (JOBMANAGER, 5773),
        "flink-2": (["taskmanager-1 14746"], 0),
        "flink-3": (["taskmanager-1 14746"], 0),
    },
}


def test_each_sample_is_planned_here() -> None:
    assert {path.stem for path in SAMPLES.iterdir()} == set(PLANNED)


@pytest.mark.parametrize("name", PLANNED)
def test_the_playbook_plans_a_sample_without_a_host_or_a_warning(name: str, tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("ansible-playbook")), f"--inventory={SAMPLES / name}.yml"]
    done = subprocess.run(
        [*command, f"--extra-vars=flink_plan_dir={tmp_path}", "streamops.flink.plan"],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"), "ANSIBLE_LOCAL_TEMP": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    fleet = json.loads((tmp_path / "plan.json").read_text())
    assert {host["host"]: host["status"] for host in fleet["hosts"]} == dict.fromkeys(PLANNED[name], "fine")
    assert {host["host"]: _planned(fleet["plans"][host["plan"]]) for host in fleet["hosts"]} == PLANNED[name]


@pytest.mark.parametrize("name", PLANNED)
def test_a_sample_names_variables_of_the_role_only(name: str) -> None:
    specs = yaml.safe_load((ROOT / "roles/flink/meta/argument_specs.yml").read_text())
    inventory = yaml.safe_load((SAMPLES / f"{name}.yml").read_text())
    named = {variable for variable in _variables(inventory) if variable.startswith("flink_")}
    assert named <= set(specs["argument_specs"]["main"]["options"])


def _planned(plan: dict[str, t.Any]) -> tuple[list[str], int]:
    processes = [f"{process['name']} {process['memory']['total_process'] // MIB}" for process in plan["processes"]]
    return processes, plan["host"]["free"] // MIB


def _variables(inventory: dict[str, t.Any]) -> t.Iterator[str]:
    """The variables of groups and hosts."""
    for group in inventory.values():
        yield from group.get("vars", {})
        for host in group.get("hosts", {}).values():
            yield from host or {}
