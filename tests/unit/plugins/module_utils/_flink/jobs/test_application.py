# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.application import (
    application_objections,
    rerun_objection,
    step_at_rest,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import Step
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, SavedState, Version
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs

Values = t.Dict[str, t.Any]

JOB: Values = {"name": "orders", "jar": "orders.jar"}
DIGEST, OTHER = "d" * 64, "e" * 64
SAVEPOINT = SavedState("file:/s/savepoint-1", 100, "2.3")

# Jobs, JobManagers, release, and words of what is said; nothing if it is right.
OBJECTIONS: dict[str, tuple[list[Values], int, str, str | None]] = {
    "one job": ([JOB], 1, "1.15.4", None),
    "no job": ([], 1, "2.3.0", "expected exactly one job with flink_deployment_mode: application, got none."),
    "two jobs": ([JOB, {**JOB, "name": "bills"}], 1, "2.3.0", "got orders, bills."),
    "two JobManagers": ([JOB], 2, "2.3.0", "flink_jobmanager_hosts: expected one with"),
    "a JobManager that ends with its job": ([JOB], 1, "1.14.6", "flink_version: expected 1.15 or newer"),
    "an option": ([{**JOB, "config": {"pipeline.name": "x"}}], 1, "1.15.4", None),
    "a secret, which all could read": (
        [{**JOB, "config": {"s3.secret-key": "hush", "a": 1}}],
        1,
        "2.3.0",
        "on the command line, which everyone on the host can read, got s3.secret-key.",
    ),
}


@pytest.mark.parametrize(("jobs", "jobmanagers", "release", "words"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_what_stands_against_it(jobs: list[Values], jobmanagers: int, release: str, words: str | None) -> None:
    said = list(application_objections(job_specs(jobs), jobmanagers, release))
    assert len(said) == (words is not None)
    assert (words or "") in "".join(said)
    assert "hush" not in "".join(said)


def noted(**values: t.Any) -> Journal:
    usual: Values = {
        "phase": "running",
        "job_id": "1" * 32,
        "version": Version(DIGEST, "/j/o.jar", None, (), None, {}, "2.3"),
    }
    return Journal(name="orders", serial=3, time=1, **{**usual, **values})


# State wanted, digest, note; the step and words of its sentence.
AT_REST: dict[str, tuple[str, str, Journal | None, str, str]] = {
    "it has never run": ("running", DIGEST, None, "start", "from nothing"),
    "it ran, and its JobManager has ended": ("running", DIGEST, noted(savepoint=SAVEPOINT), "keep", SAVEPOINT.path),
    "it ran from nothing, and its JobManager has ended": (
        "running",
        DIGEST,
        noted(),
        "keep",
        "as it was, from nothing",
    ),
    "another version ran, and its state is not known": ("running", OTHER, noted(), "refuse", "has lost it"),
    "it was stopped": ("running", DIGEST, noted(phase="stopped", savepoint=SAVEPOINT), "resume", SAVEPOINT.path),
    "its start was begun": ("running", OTHER, noted(phase="starting", savepoint=SAVEPOINT), "resume", SAVEPOINT.path),
    "it is suspended": ("suspended", DIGEST, noted(phase="stopped", savepoint=SAVEPOINT), "keep", "suspended"),
    "it is to be forgotten": ("absent", DIGEST, noted(phase="stopped", savepoint=SAVEPOINT), "forget", SAVEPOINT.path),
    "it is forgotten": ("absent", DIGEST, None, "keep", "absent"),
}


@pytest.mark.parametrize(("state", "digest", "journal", "action", "words"), AT_REST.values(), ids=AT_REST)
def test_where_no_jobmanager_runs(state: str, digest: str, journal: Journal | None, action: str, words: str) -> None:
    (spec,) = job_specs([{**JOB, "state": state}])
    found = step_at_rest(spec, digest, "flink", journal)
    assert found.action == action
    assert words in found.sentence


# State wanted, step, state of the job; whether its JobManager may be restarted.
RERUNS: dict[str, tuple[str, str, str | None, bool]] = {
    "it runs": ("running", "keep", "RUNNING", True),
    "it has finished": ("running", "keep", "FINISHED", False),
    "it has finished, and another version is to run": ("running", "start", "FINISHED", True),
    "it has finished, and is to go": ("absent", "keep", "FINISHED", True),
    "nothing is known of it": ("running", "keep", None, True),
}


@pytest.mark.parametrize(("wanted", "action", "state", "may_restart"), RERUNS.values(), ids=RERUNS)
def test_a_job_that_has_done_its_work_does_not_do_it_again(
    wanted: str, action: str, state: str | None, may_restart: bool
) -> None:
    (spec,) = job_specs([{**JOB, "state": wanted}])
    said = rerun_objection(spec, Step(action, "", {"state": state} if state else None))
    assert (said is None) == may_restart
