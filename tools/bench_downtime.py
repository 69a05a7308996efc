# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures how long a job is down while its cluster restarts without high availability: deployed, and by hand.

Two hosts have the same cluster with the counting job of the scenarios, stopped with a savepoint and resumed from it. On
one a deployment brings other memory of both processes; on the other the steps are a script of Flink's own command line
tool and `systemctl`, and what is written is nothing. A job is down from the last number before to the first one after.
"""

from __future__ import annotations

import json
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
import job_jar
from bench_turns import spread, taking_turns

ROUNDS = 5
LONGEST = 120
DEPLOYED, BY_HAND = "deployed", "by-hand"
# Of the JobManager and the TaskManager, in turns.
SIZES = [("1g", "1200m"), ("1056m", "1264m")]
NUMBERS = "/srv/counts/numbers"
KEYS = 8
COUNTS = Path(__file__).parents[1] / "extensions/molecule/utils/tasks/files/counts.py"
FLINK = [
    *("runuser", "-u", "flink", "--", "env", "-i", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "FLINK_CONF_DIR=/etc/flink"),
    *("FLINK_LOG_DIR=/var/log/flink", "/opt/flink/current/bin/flink"),
]
ASK = """
import json, urllib.request
jobs = json.load(urllib.request.urlopen("http://localhost:8081/jobs/overview"))["jobs"]
print(*(job["jid"] for job in jobs if job["state"] == "RUNNING"))
"""
# Units are stopped and started as by a deployment: all in one call.
STEPS = f"""
set -e
cd /
saved=$({shlex.join(FLINK)} stop --savepointPath file:///srv/savepoints "$0")
systemctl stop flink-jobmanager flink-taskmanager@1
systemctl start flink-jobmanager flink-taskmanager@1
{shlex.join(FLINK)} run --detached --fromSavepoint "${{saved##*Path: }}" --class CountingJob --parallelism 2 \
    /var/lib/flink/jobs/counting/*-counting-job.jar --out {NUMBERS}
"""


def print_downtimes(release: str) -> None:
    """Print how long the job was down, from hosts that live no longer than this takes."""
    fleet = hosts.Fleet("bench-downtime")
    fleet.down()
    try:
        with tempfile.TemporaryDirectory() as directory:
            _print_downtimes(_Cluster(name, fleet, release, Path(directory)) for name in (BY_HAND, DEPLOYED))
    finally:
        fleet.down()


def _print_downtimes(clusters: t.Iterable[_Cluster]) -> None:
    by_hand, deployed = clusters
    ways: dict[str, t.Callable[[], float]] = {
        "bin/flink stop, systemctl, bin/flink run": by_hand.restart_by_hand,
        "streamops.flink.deploy": deployed.restart,
    }
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for way in taking_turns("restarts of a cluster with a job", ways, ROUNDS):
        seconds[way].append(ways[way]())
    floor, *_others = seconds.values()
    print(f"\n{'a job is down, other memory without HA':<46}{'seconds':>10}{'from - to':>16}{'ratio':>8}")
    for way, taken in seconds.items():
        ratio = statistics.median(own / other for own, other in zip(taken, floor, strict=True))
        print(f"{way:<46}{spread(taken)}{ratio:>8.2f}")


class _Cluster:
    """A host with both processes, on which the job runs."""

    def __init__(self, name: str, fleet: hosts.Fleet, release: str, directory: Path) -> None:
        self._name, self._fleet, self._release = name, fleet, release
        self._round = 0
        own = directory / name
        own.mkdir()
        fleet.up([hosts.Wanted(name, "java")])
        self._inventory = bench_inventory.Inventory(own, ANSIBLE_SSH_ARGS=f"-F {fleet.ssh_config}")
        self._deploy()
        self._counts(-1)

    def restart(self) -> float:
        """By a deployment."""
        self._round += 1
        return self._downtime(self._deploy)

    def restart_by_hand(self) -> float:
        """By a script on the host."""
        job = self._command("python3", "-c", ASK).strip()
        return self._downtime(lambda: self._command("sh", "-c", STEPS, job))

    def _downtime(self, restart: t.Callable[[], object]) -> float:
        before = self._counts(-1)["newest"]
        restart()
        return float(self._counts(before)["pause"])

    def _counts(self, since: int) -> dict[str, t.Any]:
        """What has become of the numbers, once each key goes on."""
        newest, deadline = None, time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            script = ["python3", "-", NUMBERS, str(KEYS), str(since)]
            found: dict[str, t.Any] = json.loads(self._command(*script, stdin=COUNTS.read_text()))
            if found["faults"]:
                sys.exit(f"{self._name}: the job has not counted right: {', '.join(found['faults'])}")
            if newest is not None and found["oldest"] > newest:
                return found
            newest = found["newest"] if newest is None else newest
            time.sleep(0.2)
        sys.exit(f"{self._name}: the job does not go on.\n{self._fleet.logs()}")

    def _deploy(self) -> None:
        jobmanager, taskmanager = SIZES[self._round % len(SIZES)]
        config = {
            "jobmanager.memory.process.size": jobmanager,
            "taskmanager.memory.process.size": taskmanager,
            "taskmanager.numberOfTaskSlots": 2,
            "execution.checkpointing.interval": "1 s",
            "execution.checkpointing.savepoint-dir": "file:///srv/savepoints",
        }
        job = {
            "name": "counting",
            "jar": str(job_jar.job_jar(self._release)),
            "class": "CountingJob",
            "args": ["--out", NUMBERS],
            "parallelism": 2,
        }
        variables = {
            "ansible_python_interpreter": "/usr/bin/python3",
            "flink_version": self._release,
            "flink_archive": str(flink_archive.archive(self._release)),
            "flink_config": config,
            "flink_health_timeout": 300,
            "flink_jobs": [job],
            # As many restarts as are to be measured.
            "flink_service_overrides": dict.fromkeys(
                ("jobmanager", "taskmanager"), "[Unit]\nStartLimitIntervalSec=0\n"
            ),
            "flink_writable_dirs": ["/srv/counts"],
        }
        self._inventory.write(self._name, [self._name], variables)
        self._inventory.play("streamops.flink.deploy")

    def _command(self, *words: str, stdin: str = "") -> str:
        """What a command prints on the host."""
        command = ["ssh", "-F", str(self._fleet.ssh_config), self._name, shlex.join(words)]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{words[0]} failed on {self._name}:\n{done.stdout}{done.stderr}{self._fleet.logs()}")
        return done.stdout
