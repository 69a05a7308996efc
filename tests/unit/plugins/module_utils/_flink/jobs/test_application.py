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

# Jobs, JobManagers and whether they are highly available, release, and words of what is said; nothing if it is right.
OBJECTIONS: dict[str, tuple[list[Values], int, bool, str, str | None]] = {
    "one job": ([JOB], 1, False, "1.15.4", None),
    "no job": ([], 1, False, "2.3.0", "expected exactly one job with flink_deployment_mode: application, got none."),
    "two jobs": ([JOB, {**JOB, "name": "bills"}], 1, False, "2.3.0", "got orders, bills."),
    "two JobManagers": (
        [JOB],
        2,
        False,
        "2.3.0",
        "flink_jobmanager_hosts: expected one with flink_deployment_mode: application and without high availability",
    ),
    "two JobManagers of which one leads": ([JOB], 2, True, "1.15.4", None),
    "a JobManager that ends with its job": ([JOB], 1, True, "1.14.6", None),
    "two of which one would run again what has ended": ([JOB], 2, True, "1.14.6", "another would run again what has"),
    "one that ends before it tells of a checkpoint": (
        [{**JOB, "upgrade": "last-state"}],
        1,
        True,
        "1.10.3",
        "orders.upgrade: expected savepoint or stateless",
    ),
    "an option": ([{**JOB, "config": {"pipeline.name": "x"}}], 1, False, "1.15.4", None),
    "a secret, which all could read": (
        [{**JOB, "config": {"s3.secret-key": "hush", "a": 1}}],
        1,
        False,
        "2.3.0",
        "on the command line, which everyone on the host can read, got s3.secret-key.",
    ),
}


@pytest.mark.parametrize(("jobs", "jobmanagers", "available", "release", "words"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_what_stands_against_it(
    jobs: list[Values], jobmanagers: int, available: bool, release: str, words: str | None
) -> None:
    said = list(
        application_objections(job_specs(jobs), jobmanagers, release, is_highly_available=available, has_systemd=True)
    )
    assert len(said) == (words is not None)
    assert (words or "") in "".join(said)
    assert "hush" not in "".join(said)


@pytest.mark.parametrize(("release", "is_refused"), [("1.14.6", True), ("1.15.0", False)])
def test_a_launcher_does_not_say_how_a_jobmanager_has_ended(release: str, is_refused: bool) -> None:
    said = list(application_objections(job_specs([JOB]), 1, release, is_highly_available=False, has_systemd=False))
    assert any("flink_service_manager: expected systemd" in sentence for sentence in said) is is_refused


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


# The code of a JobManager that has ended with its job, digest, and what becomes of the job, with words of why.
ENDED: dict[str, tuple[int, str, str, str]] = {
    "it has done its work": (0, DIGEST, "refuse", "has ended with its job: finished, or was cancelled or stopped."),
    "it has failed": (163, DIGEST, "refuse", "has ended with its job: failed."),
    "nobody knows": (2, DIGEST, "refuse", "has ended with its job: code 2."),
    "another version is wanted": (0, OTHER, "refuse", "has lost it"),
}


@pytest.mark.parametrize(("code", "digest", "action", "words"), ENDED.values(), ids=ENDED)
def test_no_start_runs_again_what_has_ended_with_its_jobmanager(
    code: int, digest: str, action: str, words: str
) -> None:
    (spec,) = job_specs([JOB])
    taken = step_at_rest(spec, digest, "flink", noted(savepoint=SAVEPOINT), code)
    assert (taken.action, taken.is_healthy) == (action, False)
    assert words in taken.sentence
    stopped = noted(phase="stopped", savepoint=SAVEPOINT)
    assert step_at_rest(spec, digest, "flink", stopped, code).action == "resume"
    (given,) = job_specs([{**JOB, "from": "file:/s/2", "redeploy": 1}])
    assert step_at_rest(given, OTHER, "flink", noted(), code).action == "resume"


@pytest.mark.parametrize(("code", "action"), [(0, "refuse"), (163, "start"), (2, "start"), (None, "start")])
def test_what_has_done_its_work_before_anybody_saw_it_does_not_do_it_again(code: int | None, action: str) -> None:
    """The run that started it was killed, or lost its host."""
    (spec,) = job_specs([JOB])
    taken = step_at_rest(spec, DIGEST, "flink", noted(phase="starting"), code)
    assert taken.action == action
    assert "has ended with its job" in taken.sentence or action == "start"


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
    "it has finished, which is not noted": ("running", "note", "FINISHED", False),
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
