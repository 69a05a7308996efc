# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures the processor time of whole runs: one that changes nothing, and one in check mode on hosts without Flink.

The hosts are directories of this machine behind local connections, and their Flink processes stand-ins: a `java` that
sleeps, of a release that is an empty jar. The role looks at them, decides and compares as on any host, but nothing is
there to be asked about its memory, so the runs leave out `flink_health`. What is measured is the controller, with the
modules, and without the network: neither Java, Flink nor containers are needed. Processor time is that of Ansible and
of all that it has started, so that other programs on the machine hardly count.
"""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import hashlib
import io
import itertools
import json
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tarfile
import tempfile
import typing as t
from pathlib import Path

import bench_inventory
from bench_turns import spread, taking_turns

RUNNING_HOSTS = 30
SHOWN_TASKS = 10
BARE_HOSTS = 10
ROUNDS = 3
DEPLOY = ["--skip-tags=flink_health", "streamops.flink.deploy"]
EXECUTION = re.compile(r"^<([^>]+)> EXEC ", re.MULTILINE)
# A task by its name, or nothing for what ends one: a play, or the recap.
HEADING = re.compile(r"^(\S+ \S+) .*\| (?:TASK \[(.*)\] |PLAY [\[R])", re.MULTILINE)
CHANGE = re.compile(r"\bchanged=[1-9]")


def print_runs(release: str) -> None:
    """Print what the runs cost, and where the time of the first goes."""
    columns = f"{'seconds':>10}{'from - to':>16}{'per host':>10}{'ratio':>8}{'executions per host':>22}"
    print(f"\n{'processor time of a run':<46}{columns}")
    with Site(release, RUNNING_HOSTS) as site:
        print(f"{RUNNING_HOSTS} hosts are deployed", end="", file=sys.stderr, flush=True)
        site.play(*DEPLOY)
        print("\r", end="", file=sys.stderr)
        _print_rows(site, "deploy, which changes nothing", DEPLOY, may_change=False)
        tasks = site.seconds_by_task(DEPLOY)
    with Site(release, BARE_HOSTS) as site:
        _print_rows(site, "deploy --check, no Flink there", ["--check", *DEPLOY], may_change=True)
    _print_tasks(f"tasks of a deploy that changes nothing, {RUNNING_HOSTS} hosts", tasks)


class Site:
    """Hosts in a directory of this machine: the first with a JobManager, the others with a TaskManager each."""

    def __init__(self, release: str, count: int) -> None:
        self.count = count
        self._release = release
        self._names = [f"host-{number:02}" for number in range(1, count + 1)]
        self._cleanup = contextlib.ExitStack()

    def __enter__(self) -> Site:
        self._directory = Path(self._cleanup.enter_context(tempfile.TemporaryDirectory()))
        self._cleanup.callback(self._stop)
        self._inventory = bench_inventory.Inventory(self._directory)
        self._inventory.write(self._names[0], self._names[1:], self._variables())
        return self

    def __exit__(self, *_exception: object) -> None:
        self._cleanup.close()

    def play(self, *arguments: str, **settings: str) -> str:
        """What a playbook prints."""
        return self._inventory.play(*arguments, **settings)

    def seconds_by_task(self, arguments: t.Sequence[str]) -> dict[str, float]:
        """How long a playbook is at each of its tasks, by the clock, as its log tells."""
        log = self._directory / "log"
        self.play(*arguments, ANSIBLE_LOG_PATH=str(log))
        marks = [
            (dt.datetime.strptime(time, "%Y-%m-%d %H:%M:%S,%f").astimezone(), task)
            for time, task in HEADING.findall(log.read_text(encoding="utf-8"))
        ]
        seconds: dict[str, float] = collections.defaultdict(float)
        for (begin, task), (end, _next) in itertools.pairwise(marks):
            seconds[task.removeprefix("streamops.flink.flink : ")] += (end - begin).total_seconds()
        seconds.pop("", None)
        return seconds

    def pings(self, count: int) -> str:
        """A playbook of so many pings."""
        play = {"hosts": "all", "gather_facts": False, "tasks": [{"ansible.builtin.ping": {}}] * count}
        path = self._directory / "pings.json"
        path.write_text(json.dumps([play]))
        return str(path)

    def _variables(self) -> dict[str, t.Any]:
        home = f"{self._directory}/{{{{ inventory_hostname }}}}"
        rest, rpc = _free_ports(2)
        return {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "flink_version": self._release,
            "flink_archive": str(_archive(self._directory, self._release)),
            "flink_java_home": str(_java(self._directory)),
            "flink_class_data_sharing": False,
            "flink_service_manager": "launcher",
            "flink_user": None,
            "flink_jobmanager_hosts": ["localhost"],
            "flink_home": f"{home}/flink-{self._release}",
            "flink_conf_dir": f"{home}/conf",
            "flink_log_dir": f"{home}/log",
            "flink_run_dir": f"{home}/run",
            "flink_config": {
                "io.tmp.dirs": f"{home}/tmp",
                "jobmanager.memory.process.size": "1g",
                "jobmanager.rpc.port": rpc,
                "rest.port": rest,
                "taskmanager.memory.process.size": "1728m",
                "taskmanager.numberOfTaskSlots": 2,
            },
        }

    def _stop(self) -> None:
        for launcher in self._directory.glob("*/run/*manager*"):
            if os.access(launcher, os.X_OK):
                subprocess.run([launcher, "stop"], check=True)


def _print_rows(site: Site, title: str, deploy: t.Sequence[str], *, may_change: bool) -> None:
    told = site.play("-vvv", *deploy)
    if not may_change and CHANGE.search(told.rpartition("PLAY RECAP")[2]):
        sys.exit(f"{title}: it has changed something:\n{told}")
    # On the host where it executes most.
    executions = max(collections.Counter(EXECUTION.findall(told)).values())
    runs = {f"{executions} x ansible.builtin.ping": [site.pings(executions)], title: deploy}
    samples: dict[str, list[float]] = {name: [] for name in runs}
    for name in taking_turns(f"runs on {site.count} hosts", runs, ROUNDS):
        start = _processor_time()
        site.play(*runs[name])
        samples[name].append(_processor_time() - start)
    floor, _deploy = map(statistics.median, samples.values())
    for name, seconds in samples.items():
        row, median = f"{name}, {site.count} hosts", statistics.median(seconds)
        print(f"{row:<46}{spread(seconds)}{median / site.count:>10.2f}{median / floor:>8.2f}{executions:>22}")


def _print_tasks(title: str, seconds: dict[str, float]) -> None:
    total = sum(seconds.values())
    print(f"\n{title:<70}{'seconds':>10}{'share':>8}")
    longest = dict(sorted(seconds.items(), key=lambda item: -item[1])[:SHOWN_TASKS])
    others = {f"{len(seconds) - len(longest)} others": total - sum(longest.values())}
    for task, spent in {**longest, **others}.items():
        print(f"{task[:69]:<70}{spent:>10.1f}{spent / total:>8.0%}")


def _processor_time() -> float:
    """Seconds of all processes that have been started and have ended, modules included."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _archive(directory: Path, release: str) -> Path:
    """What the role takes for the release: the jar that it looks for, with nothing in it."""
    path = directory / f"flink-{release}.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name in (f"lib/flink-dist-{release}.jar", "conf/log4j.properties"):
            tar.addfile(tarfile.TarInfo(f"flink-{release}/{name}"), io.BytesIO())
    path.with_name(f"{path.name}.sha512").write_text(hashlib.sha512(path.read_bytes()).hexdigest())
    return path


def _java(directory: Path) -> Path:
    """A home of Java that starts at once and sleeps."""
    home = directory / "java"
    (home / "bin").mkdir(parents=True)
    (home / "release").write_text('JAVA_VERSION="17.0.1"\n')
    program = home / "bin/java"
    program.write_text("#!/bin/sh\nexec sleep infinity\n")
    program.chmod(0o755)
    return home


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _port in range(count)]
        for server in sockets:
            server.bind(("", 0))
        return [server.getsockname()[1] for server in sockets]
