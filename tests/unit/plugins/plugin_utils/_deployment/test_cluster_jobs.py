# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, Version
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.restarts import CLUSTER_DEFAULT
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._action import plain
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import (
    JobDecision,
    cluster_facts,
    decide_jobs,
    job_objections,
    needs_details,
    needs_taskmanagers,
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
            "restarting": (),
            "removed": 0,
            "jobmanager": "runs",
            "restart_groups": (),
            "notes": {},
            **different,
        }
    )


RESTARTS: dict[str, t.Any] = {
    "jobmanager": "restarts",
    "restarting": ("jobmanager",),
    "restart_groups": ("flink_restarting_jobmanagers",),
}
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
    "TaskManagers alone, which restart": (
        {"w1": host(**WORKER, restarting=("taskmanager-1", "taskmanager-2"))},
        True,
        True,
    ),
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


# What differs in the new entry; what is noted of the job without an entry, and whether it runs; words of an objection
# and of a sentence.
RENAMED: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], bool, str, str]] = {
    "it runs": ({}, {}, True, "expected a job of its own, got all that orders is", "orders: runs on, though"),
    "it is at rest": ({}, {"phase": "stopped"}, False, "expected a job of its own, got all that orders is", ""),
    "it has finished": ({}, {"finished": True}, False, "", ""),
    "the new one is another": ({"args": ["--all"]}, {}, True, "", "orders: runs on, though it is no longer in"),
    "the new one is not to run": ({"state": "suspended"}, {}, True, "", ""),
}


@pytest.mark.parametrize("row", RENAMED)
@pytest.mark.parametrize("runs", [False, True], ids=["without a JobManager", "with a JobManager"])
def test_a_job_under_another_name(row: str, runs: bool) -> None:
    entry, noted, is_alive, objection, sentence = RENAMED[row]
    note = Journal(
        **{"name": "orders", "serial": 3, "time": 1, "phase": "running", "job_id": ID, "version": VERSION, **noted}
    )
    of = variables(declared=[{**ENTRY, "name": "purchases", **entry}])
    facts = cluster_facts({"j1": host(of, notes={"orders": note.text()})}, "1")
    jobs = [live()] if is_alive else []
    decided = decide_jobs(facts, ("2.3.0", jobs) if runs else None, {"purchases": CONTENT})
    said = " ".join(decided.objections)
    assert (objection in said) if objection else not said, said
    told = [text for text in decided.sentences if "runs on" in text]
    assert [text.startswith(sentence) for text in told] == ([True] if sentence and runs else [])


NEVER: dict[str, t.Any] = {"kind": "none", "attempts": None, "delay": None, "text": "no restart"}


# What differs in the variables and in the job; words of an objection, or of a sentence.
AWAY: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], str, str]] = {
    "it survives": ({}, {}, "", "orders: is interrupted once"),
    "it does not survive": (
        {},
        {"restart_strategy": NEVER},
        "this run has no JobManager host, where that is noted. Run it on all",
        "",
    ),
    "REST does not tell its own strategy": (
        {"declared": [{**ENTRY, "config": {"restart-strategy.type": "none"}}]},
        {"restart_strategy": {**NEVER, "kind": "exponential-delay", "text": CLUSTER_DEFAULT}},
        "may not survive an interruption (one of its own options), but this run has no",
        "",
    ),
    "jobs without an entry may be stopped": (
        {"unmanaged": "savepoint"},
        {"restart_strategy": NEVER},
        "this run has no JobManager host, where that is noted. Run it on all",
        "",
    ),
    "it may be lost": ({"when_lost": "accept"}, {"restart_strategy": NEVER}, "", "orders: will be lost"),
}


@pytest.mark.parametrize("row", AWAY)
def test_a_run_without_the_jobmanagers_knows_declared_jobs_by_their_ids(row: str) -> None:
    different, job, objection, sentence = AWAY[row]
    of = variables(jobmanagers=1, taskmanagers=2, **different)
    facts = cluster_facts({"w1": host(of, **WORKER, restarting=("taskmanager-1",))}, "1")
    decided = decide_jobs(facts, ("2.3.0", [live(**job)]), {})
    said, told = " ".join(decided.objections), " ".join(decided.sentences)
    assert (objection in said) if objection else not said, said
    assert sentence in told
    assert (decided.stopped, decided.unmanaged) == ((), ())


def test_hosts_have_to_agree() -> None:
    hosts = {"j1": host(), "w1": host(variables(when_lost="accept"), **WORKER)}
    with pytest.raises(FlinkError, match="flink_jobs_when_lost: expected the same for all hosts of the cluster"):
        cluster_facts(hosts, "1")


@pytest.mark.parametrize(("batch", "turns"), [("1", 4), ("3", 2), ("50%", 2), ("10%", 4), ("100%", 1), ("0", 1)])
def test_turns_are_counted_as_ansible_takes_them(batch: str, turns: int) -> None:
    workers = {f"w{number}": host(**WORKER, restarting=("taskmanager-1",)) for number in range(4)}
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
    "a Python program that is not called so": ({"python": "/a/orders"}, "/a/orders", "orders.py"),
    "a long name": ({"jar": f"/a/{'o' * 240}.jar"}, f"/a/{'o' * 240}.jar", f"{'o' * 96}.jar"),
}


@pytest.mark.parametrize("row", PLACES)
def test_where_a_program_comes_from_and_goes_to(row: str) -> None:
    given, src, name = PLACES[row]
    facts = cluster_facts({"j1": host(variables(declared=[{"name": "orders", **given}]))}, "1")
    (program,) = decide_jobs(facts, None, {"orders": CONTENT}).programs
    assert (program.src, program.dest) == (src, f"/var/lib/flink/jobs/orders/{'c' * 12}-{name}")


# The jars in opt of each JobManager host, null if the release is not there yet; those that a script finds no driver on.
DRIVERS: dict[str, tuple[dict[str, list[str] | None], list[str]]] = {
    "both have it": ({"j1": ["flink-sql-gateway-2.3.0.jar"], "j2": ["flink-sql-gateway-2.3.0.jar"]}, []),
    "one has it": ({"j1": ["flink-sql-gateway-2.3.0.jar"], "j2": ["flink-python-2.3.0.jar"]}, ["j2"]),
    "nobody knows yet": ({"j1": None}, []),
}


@pytest.mark.parametrize("row", DRIVERS)
@pytest.mark.parametrize("runs", [False, True])
def test_a_script_without_its_driver_is_refused_beforehand(row: str, runs: bool) -> None:
    hosts, without = DRIVERS[row]
    of = variables(declared=[{"name": "orders", "sql": "orders.sql"}])
    facts = cluster_facts({name: host(of, optional_jars=jars) for name, jars in hosts.items()}, "1")
    said = decide_jobs(facts, ("2.3.0", []) if runs else None, {"orders": CONTENT}).objections
    assert [sentence.partition(":")[0] for sentence in said] == without
    assert all("expected flink-sql-gateway-*.jar in /opt/flink/flink-2.3.0/opt, which" in sentence for sentence in said)


NO_PROGRAM = {"program": None, "version": None, "problem": "no such program"}
NO_PACKAGE = {"program": "/v/python", "version": None, "problem": "ModuleNotFoundError"}

# The jars in opt, null if the release is not there yet, and what its Python has; the problem that is told.
PYTHONS: dict[str, tuple[list[str] | None, dict[str, str | None], str | None]] = {
    "no program": (["flink-python-2.3.0.jar"], NO_PROGRAM, "no such program"),
    "no program, and no release yet": (None, NO_PROGRAM, "no such program"),
    "no PyFlink": (["flink-python-2.3.0.jar"], NO_PACKAGE, "ModuleNotFoundError"),
    "no PyFlink, and no release yet, which may have it": (None, NO_PACKAGE, None),
    "PyFlink": (["flink-python-2.3.0.jar"], {**NO_PACKAGE, "version": "2.3.0"}, None),
}


@pytest.mark.parametrize("row", PYTHONS)
def test_a_host_without_pyflink_is_told_beforehand(row: str) -> None:
    jars, found, problem = PYTHONS[row]
    of = variables(declared=[{"name": "orders", "python": "orders.py"}], python="/v/python")
    jobmanager = host(of, optional_jars=jars, pyflink={"/v/python": found})
    facts = cluster_facts({"j1": jobmanager, "w1": host(of, **WORKER)}, "1")
    said = decide_jobs(facts, ("2.3.0", []), {"orders": CONTENT}).objections
    words = f"j1: flink_jobs: orders.python: expected a Python with PyFlink 2.3, got /v/python: {problem}. Install"
    assert [sentence.startswith(words) for sentence in said] == ([True] if problem else [])


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
    worker = host(of, **WORKER, live_taskmanagers={"taskmanager-1": 2, "taskmanager-2": 2})
    facts = cluster_facts({"j1": host(of, **restarts), "w1": worker}, "1")
    decided = decide_jobs(facts, ("2.3.0", [live()]), {"orders": CONTENT})
    assert decided.together["w1"] == (("taskmanager-1", "taskmanager-2") if also else ())
    assert decided.restart_groups["w1"] == (("flink_restarting_together",) if also else ())


def registered(**slots: tuple[int, int]) -> list[t.Any]:
    """TaskManagers with all and with free slots."""
    return [
        {"id": name.replace("_", "-"), "path": name, "slots": total, "free_slots": free, "memory": {}}
        for name, (total, free) in slots.items()
    ]


def spare_workers() -> dict[str, JobFacts]:
    """Two hosts whose TaskManagers all restart, one with a HistoryServer."""
    of = variables(declared=[], order="spare")
    names = ("taskmanager-1", "taskmanager-2")
    worker = {
        **WORKER,
        "restarting": names,
        "live_taskmanagers": dict.fromkeys(names, 1),
        "restart_groups": ("flink_restarting_taskmanagers",),
    }
    return {
        "j1": host(of),
        "w1": host(of, **{**worker, "restarting": (*names, "historyserver")}),
        "w2": host(of, **worker),
    }


def test_taskmanagers_without_jobs_restart_before_the_others() -> None:
    facts = cluster_facts(spare_workers(), "1")
    assert needs_taskmanagers(facts, [live()])
    known = registered(w1_1=(1, 0), w1_2=(1, 1), w2_1=(1, 0), w2_2=(1, 1))
    decided = decide_jobs(facts, ("2.3.0", [live()]), {}, known)
    assert decided.objections == ()
    assert decided.spares == {"j1": (), "w1": ("taskmanager-2",), "w2": ("taskmanager-2",)}
    assert decided.together == {"j1": (), "w1": ("taskmanager-1", "historyserver"), "w2": ("taskmanager-1",)}
    both = ("flink_restarting_spares", "flink_restarting_together")
    assert decided.restart_groups == {"j1": (), "w1": both, "w2": both}
    assert decided.interrupted == (ID,)


def test_a_job_that_no_restart_touches_is_not_waited_for() -> None:
    known = registered(w1_1=(1, 1), w1_2=(1, 1), w2_1=(1, 1), w2_2=(1, 1), w3_1=(1, 0))
    decided = decide_jobs(cluster_facts(spare_workers(), "1"), ("2.3.0", [live()]), {}, known)
    assert (decided.objections, decided.interrupted) == ((), ())
    assert decided.restart_groups["w2"] == ("flink_restarting_spares",)


def test_jobs_that_do_not_move_are_stopped_before_either_step() -> None:
    """The first step would stop them again, and the second resume them though others go on."""
    hosts = spare_workers()
    hosts["j1"] = dataclasses.replace(hosts["w1"], has_jobmanager=True, jobmanager="runs")
    hosts = {name: dataclasses.replace(own, variables=variables(order="spare")) for name, own in hosts.items()}
    without = live(checkpointing={"enabled": False, "retained": False})
    known = registered(j1_1=(1, 0), j1_2=(1, 1), w1_1=(1, 1), w1_2=(1, 1), w2_1=(1, 1), w2_2=(1, 1))
    facts = cluster_facts(hosts, "1")
    decided = decide_jobs(facts, ("2.3.0", [without, live("f" * 32)]), {"orders": CONTENT}, known)
    assert (decided.objections, decided.order, len(decided.stopped)) == ((), "spare", 1)
    assert "flink_restarting_together" in decided.restart_groups["j1"]
    assert not decided.within_restart


@pytest.mark.parametrize(
    ("order", "restarts", "state", "needs"),
    [
        ("spare", True, "RUNNING", True),
        ("spare", True, "FINISHED", False),
        ("spare", False, "RUNNING", False),
        ("together", True, "RUNNING", False),
    ],
)
def test_the_slots_of_taskmanagers_are_asked_for_only_if_they_count(
    order: str, restarts: bool, state: str, needs: bool
) -> None:
    names = ("taskmanager-1",) if restarts else ()
    facts = cluster_facts({"j1": host(variables(order=order), restarting=names)}, "1")
    assert needs_taskmanagers(facts, [live(state=state)]) is needs


@pytest.mark.parametrize(("restarts", "is_noted"), [(RESTARTS, True), ({}, False)])
@pytest.mark.parametrize(
    "ended",
    [
        pytest.param(live(state="FAILED", checkpoint={"path": "s3://b/chk-7", "time": 9000}), id="its checkpoint"),
        pytest.param(live(state="FINISHED"), id="that it has finished"),
    ],
)
def test_what_an_ended_job_has_left_is_noted_before_its_jobmanager_goes(
    restarts: dict[str, t.Any], is_noted: bool, ended: dict[str, t.Any]
) -> None:
    facts = cluster_facts({"j1": host(notes={"orders": NOTE}, **restarts)}, "1")
    for content in (CONTENT, f"sha256:{'9' * 64}"):
        decided = decide_jobs(facts, ("2.3.0", [ended]), {"orders": content})
        assert [entry["state"] for entry in decided.stopped] == ["suspended"] * is_noted


TOGETHER: dict[str, t.Any] = {"restarting": ("taskmanager-1",), "restart_groups": ("flink_restarting_taskmanagers",)}

# What is different on the JobManager host and on another one; whether jobs stop right before all processes restart.
WITHIN: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], bool]] = {
    "all restart": (RESTARTS, {**WORKER, **TOGETHER}, True),
    "a TaskManager goes before": (RESTARTS, {**WORKER, "removed": 1}, False),
    "a JobManager goes before": (RESTARTS, {**WORKER, "jobmanager": "restarts apart"}, False),
    "a ZooKeeper restarts before": (
        RESTARTS,
        {**WORKER, **TOGETHER, "restart_groups": ("flink_restarting_zookeepers", *TOGETHER["restart_groups"])},
        False,
    ),
    "it is told to be one after the other": ({**RESTARTS, "order": "rolling"}, {**WORKER, **TOGETHER}, False),
    "the notes are on a host that restarts nothing": ({}, {**WORKER, **TOGETHER}, False),
}


@pytest.mark.parametrize("row", WITHIN)
def test_jobs_are_down_no_longer_than_the_processes(row: str) -> None:
    jobmanager, worker, within = WITHIN[row]
    of = variables(order=jobmanager.get("order"))
    own = {name: value for name, value in jobmanager.items() if name != "order"}
    facts = cluster_facts({"j1": host(of, **own), "w1": host(of, **worker)}, "1")
    without = live(checkpointing={"enabled": False, "retained": False})
    decided = decide_jobs(facts, ("2.3.0", [without]), {"orders": CONTENT})
    assert [entry["state"] for entry in decided.stopped] == ["suspended"]
    assert decided.within_restart is within


@pytest.mark.parametrize(
    ("mode", "client", "said"),
    [
        ("session", None, "to go on with parallelism 2"),
        ("session", {"home": "/opt/flink"}, "to be stopped"),
        ("application", None, "to be stopped"),
    ],
)
def test_another_parallelism_is_told_before(mode: str, client: dict[str, t.Any] | None, said: str) -> None:
    application = {"directory": "/a"} if mode == "application" else None
    of = variables(declared=[{**ENTRY, "parallelism": 2}], deployment_mode=mode, application=application)
    facts = cluster_facts({"j1": host(of, notes={"orders": NOTE}, client=client)}, "1")
    (sentence,) = decide_jobs(facts, ("2.3.0", [live(rescales=True)]), {"orders": CONTENT}).sentences
    assert said in sentence


JAR_JOB = {"name": "orders", "jar": "o.jar"}
CLOSED: dict[str, t.Any] = {"client": {"home": "/opt/flink"}, "java": 17}
# What is different of the cluster, of the job and of its host; and what is expected where REST takes no jars.
BY_CLIENT: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], dict[str, t.Any], list[str]]] = {
    "a jar": ({}, {}, {}, []),
    "REST takes it": ({"release": "1.10.3"}, {}, {"client": None, "java": 8}, []),
    "an old Java": (
        {},
        {},
        {"java": 8},
        ["Java 9 or newer, which hides the arguments of a program, got Java 8 with orders"],
    ),
    "an old release": (
        {"release": "1.10.3"},
        {},
        {},
        ["Flink 1.11 or newer, whose client gives a job its ID, got 1.10.3 with orders"],
    ),
    "a script": ({}, {"jar": None, "sql": "o.sql"}, {}, ["only jars, got orders, which is sql"]),
    "a script that is not to run": ({}, {"jar": None, "sql": "o.sql", "state": "suspended"}, {}, []),
}


@pytest.mark.parametrize(("of", "job", "facts", "expected"), BY_CLIENT.values(), ids=BY_CLIENT)
def test_what_the_client_of_flink_cannot_start_is_refused(
    of: dict[str, t.Any], job: dict[str, t.Any], facts: dict[str, t.Any], expected: list[str]
) -> None:
    declared = variables(declared=[{**JAR_JOB, **job}], **of)
    has_driver = {"optional_jars": ["flink-sql-gateway-2.3.0.jar"]}
    said = job_objections(cluster_facts({"j1": host(declared, **{**CLOSED, **has_driver, **facts})}, "1"))
    assert said == [
        f"flink_jobs: j1: where web.submit.enable is false and Flink's own client starts jobs, expected {problem}. "
        "Correct it; or have submit among flink_web_actions."
        for problem in expected
    ]
