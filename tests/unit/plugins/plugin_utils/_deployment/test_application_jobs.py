# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decisions about a cluster that is for one job."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import (
    Journal,
    SavedState,
    Version,
    read_journal,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import (
    JobDecision,
    cluster_facts,
    decide_jobs,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.job_operations import facts_for, objections
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    case,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.test_cluster_jobs import (
    CONTENT,
    DIGEST,
    ENTRY,
    ID,
    WORKER,
    host,
    variables,
)

Values = dict[str, t.Any]
Names = tuple[str, ...]


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
        ["suspended"],
        True,
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


TMS = ("taskmanager-1", "taskmanager-2")
# Of the host with the JobManager and of the one with TaskManagers what is different, and of the decision; then what
# restarts with others, and what for the job alone.
ANEW: dict[str, tuple[Values, Values, Values, list[Names], list[Names]]] = {
    "the job alone is another one": ({}, {}, {}, [(), ()], [("jobmanager",), TMS]),
    "the job alone is another one, and what is outdated would restart together": (
        {},
        {},
        {"order": "together"},
        [(), ()],
        [("jobmanager",), TMS],
    ),
    "the job alone is another one, and a TaskManager goes, which is stopped before": (
        {},
        {"removed": 1},
        {},
        [(), ()],
        [("jobmanager",), TMS],
    ),
    "with high availability, TaskManagers learn who leads": (
        {},
        {"anew": ()},
        {},
        [(), ()],
        [("jobmanager",), ()],
    ),
    "TaskManagers are outdated as well": (
        {},
        {"restarting": TMS},
        {},
        [("jobmanager",), TMS],
        [(), ()],
    ),
    "one TaskManager is outdated as well, and its turn comes first": (
        {},
        {"restarting": TMS[1:]},
        {"order": "rolling"},
        [("jobmanager",), (TMS[1], TMS[0])],
        [(), ()],
    ),
    "the JobManager is outdated as well": (
        {"jobmanager": "restarts", "restarting": ("jobmanager",)},
        {},
        {},
        [("jobmanager",), TMS],
        [(), ()],
    ),
    "its JobManager does not run": ({"jobmanager": "none"}, {}, {}, [(), ()], [(), TMS]),
}


@pytest.mark.parametrize(("own", "other", "wanted", "with_others", "alone"), ANEW.values(), ids=ANEW)
def test_what_restarts_for_a_job_to_begin(
    own: Values, other: Values, wanted: Values, with_others: list[Names], alone: list[Names]
) -> None:
    of = variables(application={"release": "2.3.0"}, **wanted)
    hosts = {
        "j1": host(of, **{"anew": ("jobmanager",), "notes": noted(job_id=OTHER_ID), **own}),
        "w1": host(of, **{**WORKER, "anew": TMS, "live_taskmanagers": dict.fromkeys(TMS, 2), **other}),
    }
    decided = decide_jobs(cluster_facts(hosts, "1"), ("2.3.0", [job(OTHER_ID)]), {"orders": CONTENT})
    assert decided.objections == ()
    assert list(decided.together.values()) == with_others
    assert list(decided.begin_together.values()) == alone
    groups = [("flink_restarting_together",) if names else () for names in with_others]
    assert list(decided.restart_groups.values()) == groups


@pytest.mark.parametrize("order", [None, "spare", "together"])
def test_what_else_runs_restarts_nothing_twice(order: str | None) -> None:
    """A job that nobody declared ends as another one begins."""
    of = variables(application={"release": "2.3.0"}, unmanaged="accept", order=order)
    hosts = {
        "j1": host(of, anew=("jobmanager",)),
        "w1": host(of, **WORKER, anew=TMS, live_taskmanagers=dict.fromkeys(TMS, 2)),
    }
    for jobs in ([job(job_id("flink", "bills", DIGEST, "00000001"))], []):
        decided = decide_jobs(cluster_facts(hosts, "1"), ("2.3.0", jobs), {"orders": CONTENT})
        assert (decided.objections, decided.together) == ((), {"j1": (), "w1": ()})
        assert decided.begin_together == {"j1": ("jobmanager",), "w1": TMS}


def test_without_the_part_of_jobs_no_job_begins() -> None:
    of = variables(application={"release": "2.3.0"})
    facts = cluster_facts({"j1": host(of, anew=("jobmanager",), notes=noted(job_id=OTHER_ID))}, "1")
    for brings, begins in ((True, ("jobmanager",)), (False, ())):
        given = dataclasses.replace(facts, brings=brings)
        decided = decide_jobs(given, ("2.3.0", [job(OTHER_ID)]), {"orders": CONTENT})
        assert (decided.begin_together["j1"], bool(decided.stopped)) == (begins, brings)


def test_no_taskmanager_of_a_host_that_is_left_starts_again() -> None:
    of = variables(application={"release": "2.3.0"})
    names = {"anew": TMS, "live_taskmanagers": dict.fromkeys(TMS, 2)}
    hosts = {"j1": host(of, anew=("jobmanager",)), "w1": host(of, **WORKER, **names), "w2": host(of, **WORKER, **names)}
    facts = facts_for(cluster_facts(hosts, "1"), "drain", ["w1"])
    assert [own.anew for own in facts.hosts.values()] == [("jobmanager",), (), TMS]


NEWER = {name: dataclasses.replace(read_journal(text, name), serial=9).text() for name, text in noted().items()}
# The notes on another JobManager host, and whether that has to be told which job it may have to run.
OTHERS: dict[str, tuple[dict[str, str], bool]] = {
    "it knows the job": (NEWER, False),
    "it is new": ({}, True),
    "it knows a former version": (noted(job_id=OTHER_ID), True),
}


@pytest.mark.parametrize(("notes", "lags"), OTHERS.values(), ids=OTHERS)
def test_a_jobmanager_that_may_come_to_lead(notes: dict[str, str], lags: bool) -> None:
    of = variables(application={"release": "2.3.0"}, is_highly_available=True, jobmanagers=2)
    hosts = {"j1": host(of, notes=NEWER), "j2": host(of, jobmanager="none", notes=notes)}
    decided = decide_jobs(cluster_facts(hosts, "1"), ("2.3.0", [job()]), {"orders": CONTENT})
    assert (decided.objections, decided.prepared) == ((), ())
    assert decided.lags is lags
    assert [program.name for program in decided.programs] == (["orders"] if lags else [])
    session = {name: dataclasses.replace(own, variables=variables()) for name, own in hosts.items()}
    assert not decide_jobs(cluster_facts(session, "1"), ("2.3.0", [job()]), {"orders": CONTENT}).lags


@pytest.mark.parametrize("live", [("2.3.0", [job(OTHER_ID)]), None], ids=["it is another one", "it is begun"])
def test_a_job_does_not_begin_without_all_jobmanagers(live: t.Any) -> None:
    of = variables(application={"release": "2.3.0"}, is_highly_available=True, jobmanagers=2)
    notes = noted(job_id=OTHER_ID) if live else {}
    for names, refused in ((["j1"], True), (["j1", "j2"], False)):
        hosts = {name: host(of, anew=("jobmanager",), notes=notes) for name in names}
        objections = decide_jobs(cluster_facts(hosts, "1"), live, {"orders": CONTENT}).objections
        assert any("expected all 2 JobManager hosts in this run" in said for said in objections) is refused
        assert refused or objections == ()


# The purpose, the TaskManagers that run, and whether the job begins though no JobManager answers.
@pytest.mark.parametrize(
    ("purpose", "names", "begins"),
    [("resume", TMS, True), ("resume", (), False), ("jobs", TMS, False), ("stop", TMS, False)],
)
def test_a_job_is_resumed_whose_jobmanager_a_reboot_has_ended(purpose: str, names: Names, begins: bool) -> None:
    of = variables(application={"release": "2.3.0"})
    hosts = {
        "j1": host(of, jobmanager="none", anew=("jobmanager",), notes=noted("stopped")),
        "w1": host(of, **WORKER, anew=names, live_taskmanagers=dict.fromkeys(names, 2)),
    }
    facts = facts_for(cluster_facts(hosts, "1"), purpose)
    assert (list(objections(facts, purpose, None, ())) == []) is begins
    if begins:
        decided = decide_jobs(facts, None, {"orders": CONTENT})
        assert (decided.objections, decided.begin_together) == ((), {"j1": ("jobmanager",), "w1": TMS})
        assert [entry["name"] for entry in decided.prepared] == ["orders"]
    assert decide_jobs(cluster_facts(hosts, "1"), None, {"orders": CONTENT}).begin_together == {"j1": (), "w1": ()}


RUN_DIR = "/var/lib/flink"
ORDERS: Values = {"name": "orders", "jar": "orders.jar"}


# The mode that runs, the one that is wanted, and what becomes of the JobManager.
@pytest.mark.parametrize(
    ("runs", "mode", "state"),
    [
        ("session", "session", "restarts"),
        ("application", "application", "restarts"),
        ("session", "application", "restarts apart"),
        ("application", "session", "restarts apart"),
    ],
)
def test_no_jobmanager_takes_over_jobs_of_the_other_mode(runs: str, mode: str, state: str) -> None:
    def given(of: str) -> Values:
        return {"flink_config": HA, "flink_jobs": [ORDERS], "flink_deployment_mode": of, "flink_restart": "all"}

    live = {name: {"environment": environment} for name, environment in case(given(runs)).environments().items()}
    assert case(given(mode)).running(live).decide().jobs.jobmanager == state


# The state of a process without a known environment, its ID and command line, and what becomes of the JobManager.
@pytest.mark.parametrize(
    ("state", "pid", "command_line", "becomes"),
    [
        ("starting", None, [], "restarts"),
        ("starting", 126, ["(sh)"], "restarts"),
        ("running", 126, [], "restarts"),
        ("running", 126, ["java"], "restarts apart"),
    ],
    ids=[
        "systemd waits before the next start",
        "systemd has not made a program of it",
        "it has just ended",
        "it runs, and nobody may read how",
    ],
)
def test_a_jobmanager_that_fails_again_and_again_is_of_no_other_cluster(
    state: str, pid: int | None, command_line: list[str], becomes: str
) -> None:
    live: dict[str, Values] = {
        "jobmanager": {"state": state, "pid": pid, "environment": {}, "command_line": command_line}
    }
    assert case({"flink_config": HA}).running(live).decide().jobs.jobmanager == becomes


@pytest.mark.parametrize(("config", "names"), [({}, ("jobmanager", "taskmanager-1")), (HA, ("jobmanager",))])
def test_taskmanagers_restart_for_a_job_where_nobody_tells_them(config: Values, names: Names) -> None:
    given = {"flink_config": {**CONFIG, **config}, "flink_jobs": [ORDERS], "flink_deployment_mode": "application"}
    assert case(given).running().decide().jobs.anew == names
    outdated = case(given).running({"taskmanager-1": {"environment": {}}})
    assert outdated.decide().jobs.anew == ("jobmanager",)
    assert case(given).decide().jobs.anew == ("jobmanager",)


# The release, and the files of the directory with what a JobManager starts with; the code with which one has ended.
@pytest.mark.parametrize(
    ("files", "ended"), [((), None), (("job.env", "usrlib"), None), (("ended.0", "usrlib"), 0), (("ended.163",), 163)]
)
def test_a_jobmanager_that_has_ended_with_its_job(files: Names, ended: int | None) -> None:
    given = {"flink_jobs": [ORDERS], "flink_deployment_mode": "application", "flink_version": "1.14.6"}
    assert case(given, {"files": {"/etc/flink": [], f"{RUN_DIR}/application": files}}).decide().jobs.ended == ended


@pytest.mark.parametrize(("version", "is_noted"), [("1.14.6", True), ("1.15.4", False)])
def test_how_a_jobmanager_has_ended_is_noted_where_it_does(version: str, is_noted: bool) -> None:
    given = {"flink_jobs": [ORDERS], "flink_deployment_mode": "application", "flink_version": version}
    (text,) = (
        file.content
        for file in case(given).decide().service
        if file.path.endswith("jobmanager.service.d/06-start.conf")
    )
    noted = f"""in jobmanager.0 | jobmanager.2 | jobmanager.163 | jobmanager.165) \\
    mv -f "$0/job.env" "$0/ended.$EXIT_STATUS";; esac' {RUN_DIR}/application"""
    assert (noted in (text or "")) is is_noted
