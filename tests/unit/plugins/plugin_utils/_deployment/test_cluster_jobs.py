# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, Version
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._action import plain
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import (
    JobDecision,
    cluster_facts,
    decide_jobs,
    needs_details,
    read_facts,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.jobs import JobFacts, JobVariables

# As the role hands it over: what is not given is null.
ENTRY: dict[str, t.Any] = {"name": "orders", "jar": "orders.jar", "args": None, "config": None, "state": "running"}
CONTENT = f"sha256:{'c' * 64}"
DIGEST = job_specs([ENTRY])[0].digest(CONTENT, "2.3.0")
ID = job_id("flink", "orders", DIGEST, "00000001")


def variables(**different: t.Any) -> JobVariables:
    return JobVariables(
        **{
            "declared": [ENTRY],
            "when_lost": "savepoint",
            "unmanaged": "refuse",
            "order": None,
            "timeout": 60,
            "rollback": True,
            "cluster": "flink",
            "directory": "/var/lib/flink/jobs",
            "release": "2.3.0",
            "flink_home": "/opt/flink/flink-2.3.0",
            "savepoint_dir": "file:///s",
            "state_dirs": ("file:///s",),
            "default_parallelism": 1,
            "is_highly_available": False,
            **different,
        }
    )


def host(of: JobVariables | None = None, **different: t.Any) -> JobFacts:
    """A host with a JobManager and four slots, on which nothing restarts."""
    return JobFacts(
        **{
            "variables": of or variables(),
            "has_jobmanager": True,
            "slots": 4,
            "taskmanagers": 0,
            "removed": 0,
            "jobmanager": "runs",
            "restart_groups": (),
            "notes": {},
            **different,
        }
    )


RESTARTS: dict[str, t.Any] = {"jobmanager": "restarts", "restart_groups": ("flink_restarting_jobmanagers",)}
WORKER: dict[str, t.Any] = {"has_jobmanager": False, "jobmanager": "none"}


def decide(live: list[dict[str, t.Any]], notes: t.Mapping[str, str]) -> JobDecision:
    """For one host, whose JobManager restarts."""
    facts = cluster_facts({"j1": host(**RESTARTS, notes=notes)}, "1")
    return decide_jobs(facts, ("2.3.0", live), {"orders": CONTENT})


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


def live(job: str = ID, **different: t.Any) -> dict[str, t.Any]:
    """A job with two tasks that goes on by itself after an interruption."""
    return {
        "id": job,
        "name": "Orders",
        "state": "RUNNING",
        "start_time": 5,
        "tasks": {"running": 2, "total": 2},
        "checkpointing": {"enabled": True, "retained": False},
        "checkpoint": None,
        "restart_strategy": {"kind": "exponential-delay", "attempts": None, "delay": 1000, "text": "exponential delay"},
        "restarts": 0,
        "job_type": "STREAMING",
        "slots": 1,
        **different,
    }


VERSION = Version(DIGEST, "/j/orders.jar", None, (), None, {}, "2.3")
NOTE = Journal(name="orders", serial=3, time=1, phase="running", job_id=ID, version=VERSION).text()

# The hosts, whether the cluster is asked, and whether more than its list of jobs is needed.
ASKED: dict[str, tuple[dict[str, JobFacts], bool, bool]] = {
    "a declared job that runs": ({"j1": host(notes={"orders": NOTE})}, True, False),
    "a declared job that nobody knows": ({"j1": host()}, True, True),
    "no job, and nothing restarts": ({"j1": host(variables(declared=[]))}, False, False),
    "no job, and something restarts": ({"j1": host(variables(declared=[]), **RESTARTS)}, True, True),
    "no JobManager runs": ({"j1": host(jobmanager="none")}, False, True),
    "TaskManagers alone, which restart": ({"w1": host(**WORKER, taskmanagers=2)}, True, True),
    "TaskManagers alone": ({"w1": host(**WORKER)}, False, False),
}


@pytest.mark.parametrize("row", ASKED)
def test_a_cluster_is_asked_for_no_more_than_is_needed(row: str) -> None:
    hosts, asks, details = ASKED[row]
    facts = cluster_facts(hosts, "1")
    assert facts.has_to_ask is asks
    assert needs_details(facts, [live()], {"orders": CONTENT}) is details


def test_nothing_is_done_about_a_job_that_runs_as_wanted() -> None:
    facts = cluster_facts({"j1": host(notes={"orders": NOTE}), "w1": host(**WORKER)}, "1")
    decided = decide_jobs(facts, ("2.3.0", [live()]), {"orders": CONTENT})
    assert (decided.objections, decided.sentences, decided.stopped, decided.needs_run) == ((), (), (), False)
    assert decided.restart_groups == {"j1": (), "w1": ()}
    assert decided.programs == ()


def test_a_job_is_stopped_before_the_restart_and_brought_back_after_it() -> None:
    decided = decide([live()], {"orders": NOTE})
    assert [(entry["name"], entry["state"]) for entry in decided.stopped] == [("orders", "suspended")]
    (wanted,) = decided.wanted
    place = "/var/lib/flink/jobs/orders/cccccccccccc-orders.jar"
    assert (wanted["state"], wanted["jar"], wanted["checksum"]) == ("running", place, CONTENT)
    assert decided.needs_run
    assert [(program.src, program.dest) for program in decided.programs] == [(f"{Path.cwd()}/orders.jar", place)]
    assert decided.order == "together"
    assert decided.restart_groups == {"j1": ("flink_restarting_together",)}


# Hosts, the release that runs with its jobs; words of an objection, or none.
OBJECTIONS: dict[str, tuple[dict[str, JobFacts], tuple[str, list[dict[str, t.Any]]] | None, str]] = {
    "nothing": ({"j1": host()}, None, ""),
    "no directory for savepoints": (
        {"j1": host(variables(savepoint_dir=None))},
        None,
        "got none. Set execution.checkpointing.savepoint-dir in flink_config",
    ),
    "no directory for savepoints, with its older name": (
        {"j1": host(variables(savepoint_dir=None, release="1.19.3"))},
        None,
        "Set state.savepoints.dir in flink_config",
    ),
    "more slots than there are": (
        {"j1": host(variables(default_parallelism=9))},
        None,
        "expected jobs that fit into the 4 slots of the plan, got 9 slots wanted (orders 9)",
    ),
    "a job that nobody declared": (
        {"j1": host(**RESTARTS)},
        ("2.3.0", [live("f" * 32, name="Other")]),
        f"Other ({'f' * 32}) may end",
    ),
    "an older release with states that it cannot read": (
        {"j1": host(variables(release="1.20.5"), **RESTARTS)},
        ("2.3.0", [live()]),
        "expected a release that reads states of Flink 2.3 (version 6 of their metadata), got 1.20",
    ),
    "a job that has failed hinders nothing": (
        {"j1": host(notes={"orders": NOTE})},
        ("2.3.0", [live(state="FAILED")]),
        "",
    ),
    "a job that runs twice": (
        {"j1": host()},
        ("2.3.0", [live(), live(ID[:-1] + "2")]),
        "expected to run once",
    ),
}


@pytest.mark.parametrize("row", OBJECTIONS)
def test_what_stands_against_a_run(row: str) -> None:
    hosts, found, words = OBJECTIONS[row]
    said = " ".join(decide_jobs(cluster_facts(hosts, "1"), found, {"orders": CONTENT}).objections)
    assert (words in said) if words else not said, said


def test_hosts_have_to_agree() -> None:
    hosts = {"j1": host(), "w1": host(variables(when_lost="accept"), **WORKER)}
    with pytest.raises(FlinkError, match="flink_jobs_when_lost: expected the same for all hosts of the cluster"):
        cluster_facts(hosts, "1")


@pytest.mark.parametrize(("batch", "turns"), [("1", 4), ("3", 2), ("50%", 2), ("10%", 4), ("100%", 1), ("0", 1)])
def test_turns_are_counted_as_ansible_takes_them(batch: str, turns: int) -> None:
    workers = {f"w{number}": host(**WORKER, taskmanagers=1) for number in range(4)}
    assert cluster_facts({"j1": host(), **workers}, batch).restart.interruptions("rolling") == turns


@pytest.mark.parametrize("batch", ["", "many", "[1, 2]", "-1", "0.5"])
def test_what_is_no_number_of_hosts_at_a_time(batch: str) -> None:
    with pytest.raises(FlinkError, match=r"^flink_restart_batch: expected a number or a percentage, got "):
        cluster_facts({"j1": host()}, batch)


def test_a_run_over_some_hosts_knows_neither_all_slots_nor_whether_a_jobmanager_runs() -> None:
    of = variables(declared=[{**ENTRY, "parallelism": 9}], jobmanagers=2, taskmanagers=3)
    some = {"j1": host(of, slots=0, jobmanager="none"), "w1": host(of, **WORKER)}
    facts = cluster_facts(some, "1")
    assert facts.has_to_ask
    assert decide_jobs(facts, None, {"orders": CONTENT}).objections == ()
    others = {name: host(of, **WORKER) for name in ("w2", "w3")}
    facts = cluster_facts({**some, "j2": some["j1"], **others}, "1")
    assert not facts.has_to_ask


def test_a_cluster_outlives_hosts_without_a_jobmanager() -> None:
    worker = host(**WORKER, removed=2, ends=True)
    restart = cluster_facts({"w1": worker}, "1").restart
    assert (restart.ends, restart.removed) == (False, 2)
    assert cluster_facts({"j1": host(jobmanager="restarts apart", ends=True), "w1": worker}, "1").restart.ends


def test_why_a_job_failed_is_told_without_the_secrets_of_its_arguments() -> None:
    entry = {**ENTRY, "args": ["--password", "hush!!"]}
    failed = live(state="RESTARTING", failure="hush!! is wrong")
    failed["id"] = job_id("flink", "orders", job_specs([entry])[0].digest(CONTENT, "2.3.0"), "00000001")
    facts = cluster_facts({"j1": host(variables(declared=[entry]))}, "1")
    (sentence,) = decide_jobs(facts, ("2.3.0", [failed]), {"orders": CONTENT}).sentences
    assert sentence.endswith("because of ******** is wrong.")


# A program as it is given; where it comes from, and what it is called on the hosts.
PLACES: dict[str, tuple[dict[str, str], str, str]] = {
    "a file": ({"jar": "/a/orders-1.4.jar"}, "/a/orders-1.4.jar", "orders-1.4.jar"),
    "a file of where the playbook is called": ({"jar": "files/o.jar"}, f"{Path.cwd()}/files/o.jar", "o.jar"),
    "a name that no URI has": ({"sql": "/a/my 'x'\n#1%.sql"}, "/a/my 'x'\n#1%.sql", "my__x___1_.sql"),
    "a jar that is not called so": (
        {"jar": "https://u:p@h/get/7?as=jar", "checksum": CONTENT},
        "https://u:p@h/get/7?as=jar",
        "7.jar",
    ),
    "a long name": ({"jar": f"/a/{'o' * 240}.jar"}, f"/a/{'o' * 240}.jar", f"{'o' * 96}.jar"),
}


@pytest.mark.parametrize("row", PLACES)
def test_where_a_program_comes_from_and_goes_to(row: str) -> None:
    given, src, name = PLACES[row]
    facts = cluster_facts({"j1": host(variables(declared=[{"name": "orders", **given}]))}, "1")
    (program,) = decide_jobs(facts, None, {"orders": CONTENT}).programs
    assert (program.src, program.dest) == (src, f"/var/lib/flink/jobs/orders/{'c' * 12}-{name}")


def test_facts_are_read_as_they_were_told() -> None:
    told = host(notes={"orders": NOTE})
    assert read_facts({"j1": plain(told)})["j1"].variables.declared == told.variables.declared
    with pytest.raises(FlinkError, match="deployment_info: expected its result"):
        read_facts({})


def test_an_upgrade_across_the_major_release_says_what_may_be_lost() -> None:
    facts = cluster_facts({"j1": host(**RESTARTS)}, "1")
    decided = decide_jobs(facts, ("1.20.5", [live()]), {"orders": CONTENT})
    (advice,) = decided.advice
    assert advice.startswith("flink_version: Flink 2.3 cannot read state of Flink 1.20 in classes")
    assert decide_jobs(facts, ("2.2.1", [live()]), {"orders": CONTENT}).advice == ()


# Hosts beside one with TaskManagers that run, variables; whether those restart with the JobManager.
ALSO: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], bool]] = {
    "the JobManager restarts, and all jobs are stopped": (RESTARTS, {}, True),
    "with high availability": (RESTARTS, {"is_highly_available": True}, False),
    "with high availability, and another address": (
        {**RESTARTS, "jobmanager": "restarts apart"},
        {"is_highly_available": True},
        True,
    ),
    "one after the other": (RESTARTS, {"order": "rolling"}, False),
    "the JobManager goes on": ({}, {}, False),
}


@pytest.mark.parametrize("row", ALSO)
def test_taskmanagers_do_not_hold_on_to_a_jobmanager_that_has_gone(row: str) -> None:
    restarts, given, also = ALSO[row]
    of = variables(**given)
    worker = host(of, **WORKER, live_taskmanagers=("taskmanager-1", "taskmanager-2"))
    facts = cluster_facts({"j1": host(of, **restarts), "w1": worker}, "1")
    decided = decide_jobs(facts, ("2.3.0", [live()]), {"orders": CONTENT})
    assert decided.also_restart == {"j1": (), "w1": ("taskmanager-1", "taskmanager-2") if also else ()}
    assert decided.restart_groups["w1"] == (("flink_restarting_together",) if also else ())


@pytest.mark.parametrize(("restarts", "is_noted"), [(RESTARTS, True), ({}, False)])
def test_what_an_ended_job_has_left_is_noted_before_its_jobmanager_goes(
    restarts: dict[str, t.Any], is_noted: bool
) -> None:
    ended = live(state="FAILED", checkpoint={"path": "s3://b/chk-7", "time": 9000})
    facts = cluster_facts({"j1": host(notes={"orders": NOTE}, **restarts)}, "1")
    decided = decide_jobs(facts, ("2.3.0", [ended]), {"orders": CONTENT})
    assert [entry["state"] for entry in decided.stopped] == ["suspended"] * is_noted
