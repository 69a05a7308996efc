# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures on hosts with systemd how soon a TaskManager is registered, and what a run costs that changes nothing, and a
look at a host: to whoever takes it, and to a job that runs there.

The hosts share the processors of this machine with each other and with whatever else it does. So each table shows
medians with what was least and most.
"""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import itertools
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
import job_jar
from bench_turns import spread, taking_turns

JOBMANAGER, *OTHERS = NAMES = ["host-1", "host-2", "host-3", "host-4"]
STARTS = 7
ROUNDS = 5
VARIABLES: dict[str, t.Any] = {
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
PING = "ansible.builtin.ping"
LOOK = "streamops.flink.process_info"
METRICS = "streamops.flink.cluster_metrics_info"

# A look at a host with so many TaskManagers, and the tasks of it in one play.
TASKMANAGERS = 4
LOOKS = 10
# Where a task or the end of a play begins in the log of Ansible.
MARK = re.compile(r"(\S+ \S+) p=.*?\| (?:TASK \[(.+?)\]|PLAY RECAP) \*")

# A job that waits for nothing; how long it is measured, and how often something happens meanwhile, in seconds.
JOB = ["--out", "/dev/null", "--rate", "1000000000"]
WINDOW, EVERY = 60, 10
LOCAL = "http://localhost:8081"
ASK = f"""
import json, time, urllib.request
def ask(path):
    return json.load(urllib.request.urlopen("{LOCAL}" + path))
job, = [job["jid"] for job in ask("/jobs/overview")["jobs"] if job["state"] == "RUNNING"]
vertex = ask("/jobs/" + job)["vertices"][0]["id"]
path = "/jobs/" + job + "/vertices/" + vertex + "/metrics?get=0.numRecordsOut"
ask(path)
time.sleep(3)
print(time.time(), ask(path)[0]["value"])
"""


def print_hosts(release: str) -> None:
    """Print the tables of starts and of runs, from hosts that live no longer than this takes."""
    with _controller(release) as controller:
        _print_starts(controller)
        _print_deployments(controller)


def print_looks(release: str) -> None:
    """Print the table of looks, from hosts that live no longer than this takes."""
    with _controller(release) as controller:
        _print_looks(controller)
        _print_throughput(controller, release)


@contextlib.contextmanager
def _controller(release: str) -> t.Iterator[Controller]:
    fleet = hosts.Fleet("bench")
    fleet.down()
    try:
        with tempfile.TemporaryDirectory() as directory:
            yield Controller(fleet, release, Path(directory))
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

    def tasks(self, module: str, count: int, **options: t.Any) -> str:
        """A playbook of so many tasks, one like the other."""
        play = {"hosts": "all", "gather_facts": False, "tasks": [{module: options}] * count}
        path = self._directory / f"{count}-{module}.json"
        path.write_text(json.dumps([play]))
        return str(path)

    def play_file(self, name: str, tasks: t.Sequence[dict[str, t.Any]]) -> str:
        """A playbook of these tasks, each called by its module."""
        play = {"hosts": "all", "gather_facts": False, "tasks": [{"name": next(iter(task)), **task} for task in tasks]}
        path = self._directory / f"{name}.json"
        path.write_text(json.dumps([play]))
        return str(path)

    def durations(self, playbook: str, names: t.Sequence[str]) -> list[tuple[str, float]]:
        """The tasks of a play and how long each took, in seconds, by the log of Ansible."""
        log = self._directory / "tasks.log"
        log.unlink(missing_ok=True)
        self._inventory.play("--limit", ",".join(names), playbook, ANSIBLE_LOG_PATH=str(log))
        marks = [
            (dt.datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S,%f"), found[2])  # noqa: DTZ007 - only held against others
            for found in map(MARK.match, log.read_text().splitlines())
            if found
        ]
        return [(name, (end - begin).total_seconds()) for (begin, name), (end, _name) in itertools.pairwise(marks)]

    def records(self) -> tuple[float, float]:
        """The time of the host, in seconds, and the records that the first vertex of its job has sent until then."""
        time_, sent = self.command(JOBMANAGER, ["python3", "-c", ASK]).split()
        return float(time_), float(sent)

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
        pings = controller.tasks(PING, executions)
        runs = {f"{executions} x {PING}": pings, DEPLOY: DEPLOY}
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


def _print_looks(controller: Controller) -> None:
    """Each look beside the ping before it, in one play, so that what else the machine does weighs on both."""
    name = OTHERS[0]
    controller.deploy([name], flink_taskmanager_count=TASKMANAGERS)
    pairs = controller.play_file("looks", [{PING: {}}, {LOOK: _look(TASKMANAGERS)}] * LOOKS)
    samples: dict[str, list[float]] = {PING: [], LOOK: []}
    for _play in taking_turns(f"plays on {name}", [pairs], ROUNDS):
        # The first pair opens the connection.
        for title, seconds in controller.durations(pairs, [name])[2:]:
            samples[title].append(seconds * 1000)
    ratios = {title: [own / ping for own, ping in zip(samples[title], samples[PING], strict=True)] for title in samples}
    print(f"\n{f'a task on a host with {TASKMANAGERS} TaskManagers':<46}{'ms':>10}{'from - to':>16}{'ratio':>8}")
    for title, milliseconds in samples.items():
        print(f"{title:<46}{spread(milliseconds)}{statistics.median(ratios[title]):>8.2f}")


def _print_throughput(controller: Controller, release: str) -> None:
    """What a job that works as fast as it can has done in the same time: left alone, and looked at.

    Ansible takes the processors of this machine from it, so that a ping is what a look is held against.
    """
    job = {"name": "counting", "jar": str(job_jar.job_jar(release)), "args": JOB, "upgrade": "stateless"}
    config = {**VARIABLES["flink_config"], "metrics.fetcher.update-interval": "1 s"}
    controller.deploy([JOBMANAGER], flink_config=config, flink_jobs=[job])
    ways = {
        "nothing": None,
        f"a ping every {EVERY} s": controller.play_file("ping", [{PING: {}}, {PING: {}}]),
        f"a look every {EVERY} s": controller.play_file("look", [{LOOK: _look(1)}, {METRICS: {"url": LOCAL}}]),
    }
    samples: dict[str, list[float]] = {way: [] for way in ways}
    for way in taking_turns(f"windows of {WINDOW} s of a job", ways, ROUNDS):
        samples[way].append(_records_in_window(controller, ways[way]) / WINDOW / 1000)
    floor = samples[next(iter(ways))]
    print(f"\n{f'a job in {WINDOW} s beside':<46}{'1000/s':>10}{'from - to':>16}{'ratio':>8}")
    for way, rates in samples.items():
        ratio = statistics.median(own / alone for own, alone in zip(rates, floor, strict=True))
        print(f"{way:<46}{spread(rates)}{ratio:>8.3f}")


def _records_in_window(controller: Controller, play: str | None) -> float:
    """How many records its source has sent by the clock of the host, scaled to a window."""
    begun, before = controller.records()
    start = time.monotonic()
    for number in range(WINDOW // EVERY):
        time.sleep(max(0.0, start + number * EVERY - time.monotonic()))
        if play is not None:
            controller.play(play, [JOBMANAGER])
    time.sleep(max(0.0, start + WINDOW - time.monotonic()))
    ended, after = controller.records()
    return (after - before) * WINDOW / (ended - begun)


def _look(taskmanagers: int) -> dict[str, t.Any]:
    """The options of a look at so many."""
    processes = [
        {"name": f"taskmanager-{number}", "unit": f"flink-taskmanager@{number}.service"}
        for number in range(1, taskmanagers + 1)
    ]
    return {"processes": processes, "log_directory": "/var/log/flink", "slice": "system.slice", "hours": 24}
