# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.selection import labels, select
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.answers import ListedJob


def job(job_id: str, name: str) -> ListedJob:
    tasks: t.Any = {"total": 1, "running": 1, "finished": 0}
    return {"id": job_id, "name": name, "state": "RUNNING", "start_time": 1, "duration": 1, "tasks": tasks}


JOBS = [job("1", "a"), job("2", "b"), job("3", "a")]
CHOICES = {"a name": (["b"], ["2"]), "a name of two": (["a"], ["1", "3"]), "an ID": (["3"], ["3"]), "none": ([], [])}


@pytest.mark.parametrize(("wanted", "found"), CHOICES.values(), ids=CHOICES)
def test_choices(wanted: list[str], found: list[str]) -> None:
    assert [chosen["id"] for chosen in select(JOBS, wanted)] == found


@pytest.mark.parametrize(("jobs", "has"), [(JOBS, "It has a, b."), ([], "It has none.")])
def test_a_job_that_nobody_has(jobs: list[ListedJob], has: str) -> None:
    message = f"jobs: expected names or IDs of jobs of this cluster, got 'c'. {has}"
    with pytest.raises(FlinkError, match=f"^{re.escape(message)}$"):
        select(jobs, ["a", "c"] if jobs else ["c"])


def test_labels() -> None:
    assert labels(JOBS) == {"1": "a (1)", "2": "b", "3": "a (3)"}
