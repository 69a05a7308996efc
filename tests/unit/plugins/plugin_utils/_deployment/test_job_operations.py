# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, SavedState
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import (
    ClusterFacts,
    cluster_facts,
    decide_jobs,
    needs_details,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.job_operations import (
    Age,
    Savepoints,
    drained_names,
    facts_for,
    objections,
    old_savepoints,
    overview,
    resource_ids,
    savepoints,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.test_cluster_jobs import (
    CONTENT,
    ENTRY,
    ID,
    RESTARTS,
    VERSION,
    host,
    variables,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.test_cluster_jobs import (
    live as live_job,
)

Values = dict[str, t.Any]

OTHER = "f" * 32
CONTENTS = {"orders": CONTENT}
WORKER: Values = {
    "has_jobmanager": False,
    "jobmanager": "none",
    "live_taskmanagers": {"taskmanager-1": 4},
}
NOTE = Journal(name="orders", serial=3, time=1, phase="running", job_id=ID, version=VERSION)
SAVED = SavedState("file:/s/savepoint-1", 100, "2.3")
STOPPED = dataclasses.replace(NOTE, phase="stopped", savepoint=SAVED, history=(SAVED,))
HELD = dataclasses.replace(STOPPED, held=True)


def live(job: str = ID, **different: t.Any) -> Values:
    return live_job(job, duration=60_000, **different)


def facts(purpose: str, note: Journal | None = NOTE, drained: tuple[str, ...] = (), **of: t.Any) -> ClusterFacts:
    """Of a cluster of three hosts; the JobManager would restart."""
    notes = {"orders": note.text()} if note else {}
    hosts = {"j1": host(variables(**of), **RESTARTS, slots=0, notes=notes)}
    hosts |= {name: host(variables(**of), **WORKER) for name in ("w1", "w2")}
    return facts_for(cluster_facts(hosts, "1"), purpose, drained)


def test_what_would_restart_counts_only_for_a_deployment() -> None:
    assert facts("deploy").restart.jobmanagers == 1
    assert not facts("jobs").restart.is_any
    assert facts("stop").restart.pauses
    assert facts("drain", drained=("w1", "w2")).restart.removed == 2


# What is looked for, the note; the step of the job, and whether the module has anything to do.
DECISIONS: dict[str, tuple[str, list[Values], Journal, list[str], bool]] = {
    "stopped while it runs": ("stop", [live()], NOTE, ["orders"], False),
    "stopped while it rests, not to be started by a deployment": ("stop", [], STOPPED, ["orders"], False),
    "stopped already": ("stop", [], HELD, [], False),
    "held back from a deployment": ("deploy", [], HELD, [], True),
    "resumed": ("resume", [], HELD, [], True),
    "brought to its state": ("jobs", [live()], NOTE, [], False),
}


@pytest.mark.parametrize("row", DECISIONS)
def test_what_becomes_of_a_job(row: str) -> None:
    purpose, jobs, note, stopped, needs_run = DECISIONS[row]
    decided = decide_jobs(facts(purpose, note), ("2.3.0", jobs), CONTENTS)
    assert not decided.objections
    assert ([entry["name"] for entry in decided.stopped], decided.needs_run) == (stopped, needs_run)
    assert decided.hold == ("begin" if purpose == "stop" else None)
    # It may be started by a deployment, whose module sees that the program is there.
    assert bool(decided.programs) is (bool(stopped) or note is HELD)


def test_a_job_is_stopped_without_its_program_at_hand() -> None:
    decided = decide_jobs(facts("stop"), ("2.3.0", [live()]), {})
    assert [(entry["name"], entry["jar"]) for entry in decided.stopped] == [("orders", "orders.jar")]
    assert not decided.programs


UPGRADED = {"release": "2.2.0"}
# The purpose, what runs, hosts to be drained, variables; words of what stands against it, or none.
OBJECTIONS: dict[str, tuple[str, tuple[str, list[Values]] | None, tuple[str, ...], Values, str]] = {
    "jobs": ("jobs", ("2.3.0", [live()]), (), {}, ""),
    "jobs, and no cluster": (
        "jobs",
        None,
        (),
        {},
        "expected a JobManager that answers, got none. Deploy, or start it.",
    ),
    "jobs, and the inventory has another release": (
        "jobs",
        ("2.3.0", []),
        (),
        UPGRADED,
        "got 2.2.0 beside 2.3.0. Deploy, which upgrades",
    ),
    "stop, and the inventory has another release": ("stop", ("2.3.0", []), (), UPGRADED, ""),
    "a host is drained": ("drain", ("2.3.0", [live(slots=4)]), ("w1",), {}, ""),
    "a host is drained, and the jobs do not fit": (
        "drain",
        ("2.3.0", [live(slots=4), live(OTHER, name="Other", slots=1), live("e" * 32, state="FAILED", slots=9)]),
        ("w1",),
        {},
        "fit into the 4 slots that are left without w1, got 5 slots wanted (Orders 4, Other 1)",
    ),
    "all hosts are drained": (
        "drain",
        ("2.3.0", [live()]),
        ("w1", "w2"),
        {},
        "the 0 slots that are left without w1, w2",
    ),
    "an unknown host is drained": ("drain", ("2.3.0", []), ("w9",), {}, "got w9. This run has w1, w2."),
    "no host is drained": ("drain", ("2.3.0", []), (), {}, "got none. This run has w1, w2. To add hosts"),
    "a host without TaskManagers is drained": ("drain", ("2.3.0", []), ("j1",), {}, "got j1. This run has w1, w2"),
}


@pytest.mark.parametrize("row", OBJECTIONS)
def test_what_stands_against_an_operation(row: str) -> None:
    purpose, found, drained, of, words = OBJECTIONS[row]
    said = " ".join(objections(facts(purpose, drained=drained, **of), purpose, found, drained))
    assert (words in said) if words else not said, said


def test_the_taskmanagers_that_leave() -> None:
    names = drained_names(facts("drain", drained=("w1",)), ("w1",))
    assert names == {"w1": ["taskmanager-1"]}
    assert resource_ids(names) == ["w1-1"]


ALL = [live(), live(OTHER, name="Other"), live("e" * 32, state="FINISHED")]
OWN = {**ENTRY, "savepoint_dir": "s3://own", "savepoint_format": "native"}
# The entry, the names that are given; the savepoints, and how many jobs are told.
SAVEPOINTS: dict[str, tuple[Values, list[str], list[Savepoints]]] = {
    "of all that run": (ENTRY, [], [Savepoints((ID, OTHER), "file:///s", None)]),
    "of a declared one": (ENTRY, ["orders"], [Savepoints((ID,), "file:///s", None)]),
    "by the name that its program gives": (ENTRY, ["Other"], [Savepoints((OTHER,), "file:///s", None)]),
    "by ID": (ENTRY, [OTHER], [Savepoints((OTHER,), "file:///s", None)]),
    "each where it belongs": (
        OWN,
        [],
        [Savepoints((ID,), "s3://own", "native"), Savepoints((OTHER,), "file:///s", None)],
    ),
}


@pytest.mark.parametrize("row", SAVEPOINTS)
def test_which_savepoints_are_made(row: str) -> None:
    entry, names, expected = SAVEPOINTS[row]
    groups, sentences = savepoints(facts("savepoint", declared=[entry]), ALL, names)
    assert groups == expected
    assert len(sentences) == sum(len(group.jobs) for group in groups)


def test_savepoints_of_nothing() -> None:
    assert savepoints(facts("savepoint"), [live(state="FINISHED")], []) == ([], [])
    with pytest.raises(FlinkError, match=r"flink_job: .* got 'x'\. There are Other, orders\."):
        savepoints(facts("savepoint"), ALL, ["x"])


DAY = 86_400
HISTORY = (
    SavedState("new", 9 * DAY, "2.3"),
    SavedState("given", 8 * DAY, "2.3", "given"),
    SavedState("base", 2 * DAY, "2.3"),
    SavedState("old", DAY, "2.3"),
)
# What is kept, whether the job gets another savepoint; what is deleted on the tenth day.
AGES: dict[str, tuple[Age, bool, list[str]]] = {
    "all stay": (Age(None, None, deletes=False), False, []),
    "they are only listed": (Age(0, None, deletes=False), False, []),
    "but what it began from": (Age(0, None, deletes=True), False, ["new", "old"]),
    "but the newest": (Age(1, None, deletes=True), False, ["old"]),
    "but the newest, which is another": (Age(1, None, deletes=True), True, ["new", "old"]),
    "but the young ones": (Age(None, 5, deletes=True), False, ["old"]),
    "but the newest and the young ones": (Age(0, 9, deletes=True), True, ["old"]),
    "but the newest three": (Age(3, 0, deletes=True), False, []),
}


@pytest.mark.parametrize("row", AGES)
def test_which_savepoints_are_deleted(row: str) -> None:
    age, gets_another, expected = AGES[row]
    note = dataclasses.replace(NOTE, savepoint=HISTORY[2], history=HISTORY)
    deleted, sentences = old_savepoints(facts("savepoint", note), age, {ID} if gets_another else set(), 10 * DAY)
    assert deleted == expected
    assert len(sentences) == len(HISTORY)
    assert sentences[1] == "orders: given of 1970-01-09 00:00 UTC stays, since it is no savepoint."


def test_no_savepoint_is_deleted_before_it_is_said_which_stay() -> None:
    with pytest.raises(FlinkError, match="expected flink_savepoint_keep or flink_savepoint_keep_days with it"):
        old_savepoints(facts("savepoint"), Age(None, None, deletes=True), (), 0)


# What runs, the note, checksums; what is not as declared.
DEVIATIONS: dict[str, tuple[list[Values], Journal | None, Values, str]] = {
    "it runs": ([live()], NOTE, CONTENTS, ""),
    "it runs, and nothing is noted": ([live()], None, CONTENTS, ""),
    "not all of it runs": (
        [live(tasks={"running": 1, "total": 2})],
        NOTE,
        CONTENTS,
        "orders: expected running, got: RUNNING with 1 of 2 tasks running.",
    ),
    "it restarts": (
        [live(state="RESTARTING", failure="a full disk")],
        NOTE,
        CONTENTS,
        "got: RESTARTING with 2 of 2 tasks running, because of a full disk.",
    ),
    "it does not run": ([], STOPPED, CONTENTS, "got: it was stopped; to go on from file:/s/savepoint-1."),
    "the cluster has lost it": ([], NOTE, CONTENTS, "orders: expected to run, got nothing: the cluster has"),
    "an operator has stopped it": ([], HELD, CONTENTS, "got: waits for the playbook resume"),
    "another version runs": ([live()], NOTE, {"orders": f"sha256:{'0' * 64}"}, "got: to be stopped with a savepoint"),
    "its program is not at hand": ([live()], NOTE, {}, "orders.jar cannot be read, so that nobody can tell"),
}


@pytest.mark.parametrize("row", DEVIATIONS)
def test_what_is_not_as_declared(row: str) -> None:
    jobs, note, contents, words = DEVIATIONS[row]
    found = facts("show", note)
    assert needs_details(found, jobs, contents) is bool(jobs)
    said = " ".join(overview(found, jobs, contents).deviations)
    assert (words in said) if words else not said, said


def test_an_overview() -> None:
    seen = overview(facts("show", STOPPED), [live(OTHER, name="Other")], CONTENTS)
    assert [(job["id"], job["declared"]) for job in seen.jobs] == [(OTHER, None)]
    (declared,) = seen.declared
    assert declared["version"] == {
        "digest": VERSION.digest[:12],
        "program": "orders.jar",
        "class": None,
        "parallelism": None,
        "flink_version": "2.3",
    }
    assert [state["path"] for state in declared["states"]] == ["file:/s/savepoint-1"]
    assert seen.report.startswith("1 job: 1 RUNNING")
    assert seen.report.endswith(
        "orders: it was stopped; to go on from file:/s/savepoint-1.\n"
        f"  version {VERSION.digest[:12]}: orders.jar, Flink 2.3\n  state file:/s/savepoint-1"
    )
    assert [job["declared"] for job in overview(facts("show"), [live()], CONTENTS).jobs] == ["orders"]
