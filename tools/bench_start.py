# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts a TaskManager once and stops it, on the host of which `bench.py` measures starts.

It prints the seconds from the command to the moment when the JobManager lists the TaskManager, and the seconds of
processor time that all processes of the start have taken until then.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shlex
import subprocess
import time
import typing as t
import urllib.request
from pathlib import Path

MAIN_CLASS = b"org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
# Rare enough not to keep the JobManager from its work.
PAUSE = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench_start", description=__doc__)
    parser.add_argument("--rest", required=True, help="URL of the JobManager")
    parser.add_argument("--user", help="the user of both commands")
    parser.add_argument("--start", required=True, type=shlex.split, metavar="COMMAND")
    parser.add_argument("--stop", required=True, type=shlex.split, metavar="COMMAND")
    arguments = parser.parse_args()

    def run(command: list[str]) -> None:
        user = arguments.user
        groups: list[str] | None = [] if user else None
        subprocess.run(
            command, check=True, cwd="/", stdout=subprocess.DEVNULL, user=user, group=user, extra_groups=groups
        )

    def wait(*, until_listed: bool) -> None:
        while _is_listed(arguments.rest) is not until_listed:
            time.sleep(PAUSE)

    wait(until_listed=False)
    processor, begin = _processor_time_of_children(), time.perf_counter()
    run(arguments.start)
    scripts = _processor_time_of_children() - processor
    wait(until_listed=True)
    seconds = time.perf_counter() - begin
    processes = sum(map(_processor_time, _taskmanagers()))
    run(arguments.stop)
    print(json.dumps({"seconds": seconds, "processor": scripts + processes}))


def _is_listed(rest: str) -> bool:
    with urllib.request.urlopen(f"{rest}/taskmanagers", timeout=60) as answer:
        return bool(json.load(answer)["taskmanagers"])


def _taskmanagers() -> t.Iterator[Path]:
    for process in Path("/proc").glob("[0-9]*"):
        if MAIN_CLASS in (process / "cmdline").read_bytes().split(b"\0"):
            yield process


def _processor_time(process: Path) -> float:
    """The processor time of a process and of the children it has waited for."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _processor_time_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
