# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.table import job_table
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

START = 1_795_728_202_642
PLAIN: dict[str, t.Any] = {
    "id": "927ae37e1095faf0d3d8022b64dd8081",
    "name": "orders",
    "state": "RUNNING",
    "start_time": START,
    "duration": 3 * 86_400_000,
    "tasks": {"total": 8, "running": 8, "finished": 0},
}
NOW = START + PLAIN["duration"]
DETAILED: dict[str, t.Any] = {
    **PLAIN,
    "parallelism": 4,
    "slots": 6,
    "restarts": 2,
    "checkpoint": {"path": "file:/c/chk-5", "time": NOW - 3999, "size": 9928},
    "savepoint": {"path": "file:/s/savepoint-927ae3-8cd9e60a1608", "time": NOW - 3 * 3_600_000},
    "failure": "told to fail",
    "failure_time": NOW - 600_000,
}


def test_a_table() -> None:
    others = [
        {**PLAIN, "id": "0" * 32, "tasks": {"total": 8, "running": 5}},
        {**DETAILED, "id": "1" * 32, "name": "done", "state": "FINISHED", "restarts": None, "failure": None},
    ]
    assert job_table([DETAILED, *others]).splitlines() == [
        "3 jobs: 2 RUNNING, 1 FINISHED",
        "",
        (
            "name                                state        since (UTC)       parallel  slots  restarts        "
            "checkpoint  size"
        ),
        "  ID                                savepoint",
        "-" * 116,
        (
            "orders                              RUNNING      2026-11-26 21:23         4      6         2           3 "
            "s ago  9.6k"
        ),
        "  927ae37e1095faf0d3d8022b64dd8081  file:/s/savepoint-927ae3-8cd9e60a1608, 3 h ago",
        (
            "orders                              RUNNING 5/8  2026-11-26 21:23         -      -         "
            "-                 -     -"
        ),
        "  00000000000000000000000000000000  -",
        (
            "done                                FINISHED     2026-11-26 21:23         4      6         -  2026-11-29 "
            "21:23  9.6k"
        ),
        "  11111111111111111111111111111111  file:/s/savepoint-927ae3-8cd9e60a1608, 2026-11-29 18:23",
        "-" * 116,
        "orders failed 10 min ago: told to fail",
    ]


def test_no_jobs() -> None:
    assert job_table([]) == "0 jobs\n"


AGES = {
    "0 s": 0,
    "119 s": 119_999,
    "2 min": 120_000,
    "119 min": 7_199_999,
    "2 h": 7_200_000,
    "47 h": 172_799_999,
    "2 d": 172_800_000,
    "0 s ": -5000,
}


@pytest.mark.parametrize(("shown", "age"), AGES.items())
def test_ages(shown: str, age: int) -> None:
    checkpoint = {"path": "p", "time": NOW - age, "size": 0}
    assert f"  {shown.strip()} ago    0b\n" in job_table([{**PLAIN, "checkpoint": checkpoint}])


def test_names_that_are_long_or_drive_a_terminal() -> None:
    table = job_table([{**DETAILED, "name": "\x1b[2J" + "x" * 99, "state": "RESTARTING", "failure_time": None}])
    assert all(len(line) <= 120 and line.isprintable() for line in table.splitlines())
    assert table.endswith("x... failed: told to fail\n")


@pytest.mark.parametrize("jobs", [None, {}, "jobs", [1], [{"id": "a"}], [{**PLAIN, "tasks": {"total": 1}}]])
def test_what_are_no_jobs(jobs: t.Any) -> None:
    with pytest.raises(FlinkError, match=r"^expected the jobs that job_info returns"):
        job_table(jobs)
