# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures on hosts with systemd how soon a TaskManager is registered, and what a run costs that changes nothing.

The hosts share the processors of this machine with each other and with whatever else it does. So each table shows
medians with what was least and most.
"""

from __future__ import annotations

import collections
import json
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

import bench_inventory
import flink_archive
import hosts
from bench_turns import spread, taking_turns

JOBMANAGER, *OTHERS = NAMES = ["host-1", "host-2", "host-3", "host-4"]
STARTS = 7
ROUNDS = 5
VARIABLES = {
    "ansible_python_interpreter": "/usr/bin/python3",
    "flink_config": {
        "jobmanager.memory.process.size": "1g",
        "taskmanager.memory.process.size": "1728m",
        "taskmanager.numberOfTaskSlots": 2,
    },
    "flink_health_timeout": 300,
    # As many starts as are to be measured.
    "flink_service_overrides": {"taskmanager": "[Unit]\nStartLimitIntervalSec=0\n"},
}
EXECUTION = re.compile(r"^<([^>]+)> SSH: EXEC ", re.MULTILINE)

# Flink's own script on the same host, with the same configuration, as the same user.
REST = f"http://{JOBMANAGER}:8081"
UNIT = "flink-taskmanager@1"
SCRIPT = [
    *("env", "-i", "PATH=/usr/bin:/bin", "LANG=C.UTF-8"),
    *("FLINK_CONF_DIR=/etc/flink", "FLINK_LOG_DIR=/var/log/flink", "FLINK_PID_DIR=/var/log/flink"),
    "/opt/flink/current/bin/taskmanager.sh",
]
OURS = ["--start", f"systemctl start {UNIT}", "--stop", f"systemctl stop {UNIT}"]
THEIRS = ["--user", "flink", "--start", shlex.join([*SCRIPT, "start"]), "--stop", shlex.join([*SCRIPT, "stop"])]
START = Path(__file__).with_name("bench_start.py")
DEPLOY = "streamops.flink.deploy"


def print_hosts(release: str) -> None:
    """Print both tables, from hosts that live no longer than this takes."""
    fleet = hosts.Fleet("bench")
    fleet.down()
    try:
        with tempfile.TemporaryDirectory() as directory:
            controller = Controller(fleet, release, Path(directory))
            _print_starts(controller)
            _print_deployments(controller)
    finally:
        fleet.down()


class Controller:
    """What runs playbooks on a fleet, and commands on its hosts."""

    def __init__(self, fleet: hosts.Fleet, release: str, directory: Path) -> None:
        self._fleet, self._directory = fleet, directory
        self._inventory = bench_inventory.Inventory(directory, ANSIBLE_SSH_ARGS=f"-F {fleet.ssh_config}")
        self._variables = {
            **VARIABLES,
            "flink_version": release,
            "flink_archive": str(flink_archive.archive(release)),
        }

    def deploy(self, taskmanagers: t.Sequence[str], **variables: t.Any) -> None:
        """Have a cluster with these TaskManagers and no others."""
        self._fleet.up([hosts.Wanted(name, "java") for name in NAMES if name in (JOBMANAGER, *taskmanagers)])
        self._inventory.write(JOBMANAGER, taskmanagers, {**self._variables, **variables})
        self.play(DEPLOY, [JOBMANAGER, *taskmanagers])

    def play(self, playbook: str, names: t.Sequence[str], *arguments: str) -> str:
        """What a playbook prints while it runs on some hosts."""
        return self._inventory.play("--limit", ",".join(names), *arguments, playbook)

    def executions(self, playbook: str, names: t.Sequence[str]) -> int:
        """How many commands a playbook executes on the host where it executes most."""
        return max(collections.Counter(EXECUTION.findall(self.play(playbook, names, "-vvv"))).values())

    def pings(self, count: int) -> str:
        """A playbook of so many pings."""
        play = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.ping": {}}] * count}
        path = self._directory / "pings.json"
        path.write_text(json.dumps([play]))
        return str(path)

    def command(self, name: str, words: t.Sequence[str], *, stdin: str = "") -> str:
        """What a command prints on a host."""
        command = ["ssh", "-F", str(self._fleet.ssh_config), name, shlex.join(words)]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{shlex.join(words)} failed on {name}:\n{done.stderr}{self._fleet.logs()}")
        return done.stdout


def _print_starts(controller: Controller) -> None:
    name = OTHERS[0]
    title = f"a TaskManager registered, {STARTS} starts each"
    print(f"\n{title:<46}{'seconds':>10}{'from - to':>16}{'ratio':>8}{'CPU seconds':>14}{'ratio':>8}")
    for sharing in True, False:
        controller.deploy([name], flink_class_data_sharing=sharing)
        controller.command(name, ["systemctl", "stop", UNIT])
        ways = {
            f"systemctl start {UNIT}{'' if sharing else ', not sharing'}": OURS,
            "bin/taskmanager.sh start": THEIRS,
        }
        starts: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
        for way in taking_turns(f"starts of a TaskManager on {name}", ways, STARTS):
            words = ["python3", "-", "--rest", REST, *ways[way]]
            starts[way].append(json.loads(controller.command(name, words, stdin=START.read_text())))
        columns = {
            way: [[run[key] for run in runs] for key in ("seconds", "processor")] for way, runs in starts.items()
        }
        ours = [statistics.median(column) for column in next(iter(columns.values()))]
        for way, (seconds, processor) in columns.items():
            print(f"{way:<46}{spread(seconds)}{statistics.median(seconds) / ours[0]:>8.2f}", end="")
            print(f"{statistics.median(processor):>14.1f}{statistics.median(processor) / ours[1]:>8.2f}")


def _print_deployments(controller: Controller) -> None:
    controller.deploy(NAMES)
    print(
        f"\n{'a run that changes nothing':<46}{'seconds':>10}{'from - to':>16}{'ratio':>8}{'executions per host':>22}"
    )
    for names in (NAMES[:1], NAMES):
        executions = controller.executions(DEPLOY, names)
        pings = controller.pings(executions)
        runs = {f"{executions} x ansible.builtin.ping": pings, DEPLOY: DEPLOY}
        samples: dict[str, list[float]] = {title: [] for title in runs}
        for title in taking_turns(f"runs on {len(names)} of the hosts", runs, ROUNDS):
            start = time.perf_counter()
            controller.play(runs[title], names)
            samples[title].append(time.perf_counter() - start)
        floor, *_deploy = map(statistics.median, samples.values())
        for title, seconds in samples.items():
            row = f"{title}, {len(names)} {'host' if len(names) == 1 else 'hosts'}"
            counted = controller.executions(runs[title], names)
            print(f"{row:<46}{spread(seconds)}{statistics.median(seconds) / floor:>8.2f}{counted:>22}")
