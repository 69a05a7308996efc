# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.settling import (
    newest_checkpoints,
    unsettled,
)

MINUTE = {"enabled": True, "interval": 60_000}


def live(state: str = "RUNNING", running: int = 2, time: int | None = 5, **checkpointing: t.Any) -> t.Any:
    return {
        "id": "a",
        "name": "Orders",
        "state": state,
        "tasks": {"running": running, "total": 2},
        "checkpointing": {**MINUTE, "newest": time, **checkpointing},
        # It may be in the memory of the JobManager, where no other job can be started from.
        "checkpoint": None,
    }


# A job as it is now, when it had made its newest checkpoint before, and what it lacks.
JOBS: dict[str, tuple[t.Any, int, str]] = {
    "a newer checkpoint": (live(time=6), 5, ""),
    "no newer checkpoint": (live(time=5), 5, "Orders: expected a completed checkpoint, got none yet."),
    "no checkpoint yet": (live(time=None), 0, "Orders: expected a completed checkpoint, got none yet."),
    "not all tasks": (
        live(running=1),
        5,
        "Orders: expected all its tasks running, got RUNNING with 1 of 2 tasks running.",
    ),
    "no checkpoints at all": (live(time=None, enabled=False, interval=None), 0, ""),
    "seldom checkpoints": (live(time=5, interval=60_001), 5, ""),
    "it has ended": (live("FINISHED", 0), 5, ""),
}


@pytest.mark.parametrize("row", JOBS)
def test_what_a_job_lacks_before_it_may_be_interrupted(row: str) -> None:
    job, before, words = JOBS[row]
    assert " ".join(unsettled([job], {"a": before})) == words


def test_checkpoints_of_before_are_those_of_each_job() -> None:
    other = {**live(time=7), "id": "b"}
    assert newest_checkpoints(t.cast("t.Any", [live(time=None), other])) == {"a": 0, "b": 7}
