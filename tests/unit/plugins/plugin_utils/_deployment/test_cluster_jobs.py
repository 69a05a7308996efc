# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, SavedState, Version
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import (
    JobDecision,
    cluster_facts,
    decide_jobs,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.jobs import JobFacts, JobVariables

# As the role hands it over: what is not given is null.
ENTRY: dict[str, t.Any] = {"name": "orders", "jar": "orders.jar", "args": None, "config": None, "state": "running"}
CONTENT = f"sha256:{'c' * 64}"
DIGEST = job_specs([ENTRY])[0].digest(CONTENT, "2.3.0")
ID = job_id("flink", "orders", DIGEST, "00000001")


def decide(
    live: list[dict[str, t.Any]] | None,
    notes: t.Mapping[str, str],
    jobmanager: str = "restarts",
    state: str = "running",
    application: t.Mapping[str, t.Any] | None = None,
) -> JobDecision:
    """For one host, whose JobManager restarts unless something else is said; nothing lives where none runs."""
    variables = JobVariables(
        declared=[{**ENTRY, "state": state}],
        when_lost="savepoint",
        unmanaged="refuse",
        order=None,
        timeout=60,
        rollback=True,
        cluster="flink",
        directory="/var/lib/flink/jobs",
        release="2.3.0",
        flink_home="/opt/flink/flink-2.3.0",
        savepoint_dir="file:///s",
        state_dirs=("file:///s",),
        default_parallelism=1,
        is_highly_available=False,
        deployment_mode="session" if application is None else "application",
        application=application,
    )
    host = JobFacts(
        variables=variables,
        has_jobmanager=True,
        slots=4,
        taskmanagers=0,
        removed=0,
        jobmanager=jobmanager,
        restart_groups=("flink_restarting_jobmanagers",),
        notes=notes,
    )
    answer = None if live is None else ("2.3.0", live)
    return decide_jobs(cluster_facts({"j1": host}, "1"), answer, {"orders": CONTENT})


def test_a_stop_whose_end_nobody_saw_is_settled_before_the_jobmanager_restarts() -> None:
    version = Version(DIGEST, "/j/orders.jar", None, (), None, {}, "2.3")
    note = Journal(name="orders", serial=3, time=1, phase="stopping", job_id=ID, version=version, trigger_id="f" * 32)
    ended = {"id": ID, "name": "Orders", "state": "FINISHED", "start_time": 5, "tasks": {"running": 0, "total": 2}}
    decided = decide([ended], {"orders": note.text()})
    assert [(entry["name"], entry["state"]) for entry in decided.stopped] == [("orders", "suspended")]
    assert decided.needs_run


def test_what_is_not_given_is_not_handed_over_as_null() -> None:
    (entry,) = decide([], {}).wanted
    assert {name: value for name, value in entry.items() if value is None} == {"savepoint_dir": None}


OTHER_ID = job_id("flink", "orders", "e" * 64, "00000002")


def job(job_id: str = ID, state: str = "RUNNING") -> dict[str, t.Any]:
    return {
        "id": job_id,
        "name": "Orders",
        "state": state,
        "start_time": 5,
        "tasks": {"running": 2 if state == "RUNNING" else 0, "total": 2},
        "slots": 1,
        "restarts": 0,
        "restart_strategy": {"kind": "exponential-delay", "text": "exponential"},
        "checkpointing": {"enabled": True},
    }


def noted(phase: str = "running", job_id: str = ID) -> dict[str, str]:
    version = Version(DIGEST if job_id == ID else "e" * 64, "/j/orders.jar", None, (), None, {}, "2.3")
    saved = SavedState("file:/s/1", 1, "2.3") if phase == "stopped" else None
    return {"orders": Journal("orders", 3, 1, phase, job_id, version, saved).text()}


# What is live and noted, what becomes of the JobManager, and the state wanted: the states in which the job is handed
# over before the JobManager restarts or halts, whether that begins with it anew, and whether it is seen afterwards.
APPLICATIONS: dict[str, tuple[list[t.Any] | None, dict[str, str], str, str, list[str], bool, bool]] = {
    "its JobManager starts for the first time": (None, {}, "none", "running", [], True, True),
    "its JobManager has ended": (None, noted(), "none", "running", [], False, True),
    "it was stopped, and so was its JobManager": (None, noted("stopped"), "none", "running", [], True, True),
    "it is suspended": (None, noted("stopped"), "none", "suspended", [], False, False),
    "it is to be forgotten": (None, noted("stopped"), "none", "absent", ["absent"], False, False),
    "it runs as wanted": ([job()], noted(), "runs", "running", [], False, False),
    "its JobManager restarts": ([job()], noted(), "restarts", "running", ["suspended"], True, True),
    "another version is wanted, for which its JobManager alone restarts": (
        [job(OTHER_ID)],
        noted(job_id=OTHER_ID),
        "runs",
        "running",
        [],
        False,
        True,
    ),
    "another version is wanted, and its JobManager restarts": (
        [job(OTHER_ID)],
        noted(job_id=OTHER_ID),
        "restarts",
        "running",
        ["suspended"],
        True,
        True,
    ),
    "it is to be suspended": ([job()], noted(), "halts", "suspended", ["suspended"], False, False),
    "it is to go": ([job()], noted(), "halts", "absent", ["absent"], False, False),
    "it has failed, and another version is wanted without its state": (
        [job(OTHER_ID, "FAILED")],
        {},
        "restarts",
        "running",
        [],
        True,
        True,
    ),
}


@pytest.mark.parametrize(
    ("live", "notes", "jobmanager", "state", "stopped", "begins", "is_seen"), APPLICATIONS.values(), ids=APPLICATIONS
)
def test_the_one_job_of_an_application(
    live: list[t.Any] | None,
    notes: dict[str, str],
    jobmanager: str,
    state: str,
    stopped: list[str],
    begins: bool,
    is_seen: bool,
) -> None:
    decided = decide(live, notes, jobmanager, state, application={"release": "2.3.0"})
    assert decided.objections == ()
    assert [entry["state"] for entry in decided.stopped] == stopped
    assert [entry["name"] for entry in decided.prepared] == (["orders"] if begins else [])
    assert decided.needs_run is is_seen


def test_a_restart_does_not_run_again_what_has_finished() -> None:
    finished = [job(state="FINISHED")]
    (said,) = decide(finished, noted(), application={"release": "2.3.0"}).objections
    assert "a restart of its JobManager would run it again" in said
    assert decide(finished, noted(), "runs", application={"release": "2.3.0"}).objections == ()
    assert decide(finished, noted()).objections == ()


def test_a_session_begins_with_nothing() -> None:
    assert decide([job()], noted()).prepared == ()
    assert decide(None, {}, "none").prepared == ()
