# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory of a cluster that is measured, and the playbooks that run on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class Inventory:
    """A file in a directory; ``settings`` are variables of the environment for Ansible."""

    def __init__(self, directory: Path, **settings: str) -> None:
        self._path = directory / "hosts.json"
        self._settings = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"), "ANSIBLE_PIPELINING": "true", **settings}

    def write(self, jobmanager: str, taskmanagers: t.Iterable[str], variables: t.Mapping[str, t.Any]) -> None:
        """Have a cluster of these hosts and no others."""
        groups = {"flink_jobmanagers": [jobmanager], "flink_taskmanagers": taskmanagers}
        inventory = {name: {"hosts": dict.fromkeys(members)} for name, members in groups.items()}
        self._path.write_text(json.dumps({**inventory, "all": {"vars": variables}}))

    def play(self, *arguments: str, **settings: str) -> str:
        """What a playbook prints."""
        done = subprocess.run(
            [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self._path), *arguments],
            env={**os.environ, **self._settings, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            sys.exit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout
