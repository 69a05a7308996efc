# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decisions about a cluster that is for one job."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, SavedState, Version
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import (
    JobDecision,
    cluster_facts,
    decide_jobs,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.test_cluster_jobs import (
    CONTENT,
    DIGEST,
    ENTRY,
    ID,
    host,
    variables,
)


def decide(
    live: list[dict[str, t.Any]] | None,
    notes: t.Mapping[str, str],
    jobmanager: str = "restarts",
    state: str = "running",
    mode: str = "application",
) -> JobDecision:
    """For one host, whose JobManager restarts unless something else is said; nothing lives where none runs."""
    of = variables(
        declared=[{**ENTRY, "state": state}],
        deployment_mode=mode,
        application={"release": "2.3.0"} if mode == "application" else None,
    )
    facts = cluster_facts({"j1": host(of, jobmanager=jobmanager, notes=notes)}, "1")
    return decide_jobs(facts, None if live is None else ("2.3.0", live), {"orders": CONTENT})


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
    "it is to be suspended, while processes go on": ([job()], noted(), "runs", "suspended", [], False, True),
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
    decided = decide(live, notes, jobmanager, state)
    assert decided.objections == ()
    assert [entry["state"] for entry in decided.stopped] == stopped
    assert [entry["name"] for entry in decided.prepared] == (["orders"] if begins else [])
    assert decided.needs_run is is_seen


def test_a_restart_does_not_run_again_what_has_finished() -> None:
    finished = [job(state="FINISHED")]
    (said,) = decide(finished, noted()).objections
    assert "a restart of its JobManager would run it again" in said
    assert decide(finished, noted(), "runs").objections == ()
    assert decide(finished, noted(), mode="session").objections == ()


def test_a_session_begins_with_nothing() -> None:
    assert decide([job()], noted(), mode="session").prepared == ()
    assert decide(None, {}, "none", mode="session").prepared == ()


def test_a_job_that_waits_is_resumed_before_its_jobmanager_starts() -> None:
    version = Version(DIGEST, "/j/orders.jar", None, (), None, {}, "2.3")
    held = Journal("orders", 3, 1, "stopped", ID, version, SavedState("file:/s/1", 1, "2.3"), held=True)
    notes = {"orders": held.text()}
    for live, jobmanager in ((None, "none"), ([job(state="FINISHED")], "restarts")):
        assert any("Run the playbook resume first." in said for said in decide(live, notes, jobmanager).objections)
    assert decide([job(state="FINISHED")], notes, "runs").objections == ()
    assert decide([job(state="FINISHED")], notes, mode="session").objections == ()


def test_a_job_of_another_name_does_not_silently_end_the_one_that_runs() -> None:
    other = {**job(job_id("flink", "bills", DIGEST, "00000001")), "name": "Bills"}
    (said,) = decide([other], {}, "runs").objections
    assert said.startswith("flink_jobs_unmanaged: expected that Bills")
    assert decide([other], {}, "runs", mode="session").objections == ()
