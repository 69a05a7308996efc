# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command that runs the script for the archive of classes."""

from __future__ import annotations

import subprocess
import typing as t
from pathlib import Path

import pytest
import yaml

STEP = Path(__file__).parents[3] / "roles/flink/tasks/steps/install_missing.yml"
SCRIPT = 'echo "script in $NET"\n'
# What stands for unshare and ip on a host, and where the script runs.
HOSTS = {
    "root may have a network of its own": ("shift; NET=own; export NET", "exit 0", "own"),
    "nobody may have one": ("exit 1", "exit 0", "host"),
    "it would have no loopback interface": ("shift; NET=own; export NET", "exit 1", "host"),
}


def command() -> list[str]:
    tasks: list[dict[str, t.Any]] = yaml.safe_load(STEP.read_text())
    (argv,) = (
        task["ansible.builtin.command"]["argv"]
        for task in tasks
        if task["name"] == "Archive the classes of the release"
    )
    return [str(word) for word in argv]


@pytest.mark.parametrize(("unshare", "ip", "network"), HOSTS.values(), ids=HOSTS)
def test_nobody_else_reaches_the_cluster_that_loads_the_classes(
    unshare: str, ip: str, network: str, tmp_path: Path
) -> None:
    for name, lines in (("unshare", f'{unshare}\nexec "$@"'), ("ip", ip)):
        (tmp_path / name).write_text(f"#!/bin/sh\n{lines}\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "NET": "host"}
    ran = subprocess.run(command(), input=SCRIPT, capture_output=True, text=True, check=False, env=environment)
    assert (ran.stdout, ran.stderr, ran.returncode) == (f"script in {network}\n", "", 0)
