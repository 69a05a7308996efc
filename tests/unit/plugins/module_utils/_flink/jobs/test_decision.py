# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import step
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import (
    Journal,
    Rejected,
    SavedState,
    Version,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs

Values = t.Dict[str, t.Any]

ENTRY: Values = {"name": "orders", "jar": "orders.jar"}
DIGEST, OTHER = "d" * 64, "e" * 64
RUNNING_ID = job_id("flink", "orders", DIGEST, "00000001")
OTHER_ID = job_id("flink", "orders", OTHER, "00000002")
SAVEPOINT = SavedState("file:/s/savepoint-1", 100, "2.3")
CHECKPOINT = {"path": "file:/c/chk-7", "time": 900_000}


def version(digest: str = DIGEST, redeploy: int = 0) -> Version:
    return Version(digest, "/j/orders.jar", None, (), None, {}, "2.3", redeploy)


def note(**values: t.Any) -> Journal:
    usual: Values = {"phase": "running", "job_id": RUNNING_ID, "version": version()}
    return Journal(name="orders", serial=3, time=1, **{**usual, **values})


def live(job: str = RUNNING_ID, state: str = "RUNNING", running: int = 2, **values: t.Any) -> Values:
    return {
        "id": job,
        "name": "Orders",
        "state": state,
        "start_time": 5,
        "tasks": {"running": running, "total": 2},
        **values,
    }


# A path that the user has given, and what is noted of the version that it was not for.
GIVEN = SavedState("s3://b/nowhere", 0, "", "given")
BACK: Values = {"former": version(), "fallback": SAVEPOINT}

# The entry, jobs of the cluster, note and states on disk; the step and words of its sentence.
STEPS: dict[str, tuple[Values, list[Values], Journal | None, list[SavedState] | None, str, str]] = {
    "nothing is known of it": ({}, [], None, [], "start", "from nothing"),
    "nothing is known of it, and a state is given": ({"from": "s3://b/s"}, [], None, [], "resume", "s3://b/s"),
    "nothing is noted, and an earlier run has left state": ({}, [], None, [SAVEPOINT], "refuse", "got state of an"),
    "the same without state": ({"upgrade": "stateless"}, [], None, [SAVEPOINT], "start", "from nothing"),
    "it runs": ({}, [live()], note(), [], "keep", "runs as wanted"),
    "it runs, and nothing is noted": ({}, [live()], None, [], "note", "runs as wanted"),
    "it runs under another ID than noted": ({}, [live()], note(job_id="f" * 32), [], "note", "runs as wanted"),
    "it restarts": (
        {},
        [live(state="RESTARTING", running=0, failure="a full disk")],
        note(),
        [],
        "keep",
        "RESTARTING with 0 of 2 tasks running, because of a full disk.",
    ),
    "it was submitted, and nobody has seen it run": ({}, [live()], note(phase="starting"), [], "prove", "started"),
    "another version runs": ({}, [live(OTHER_ID)], note(job_id=OTHER_ID), [], "replace", "with a savepoint"),
    "another version runs, not whole": (
        {},
        [live(OTHER_ID, running=1)],
        note(job_id=OTHER_ID),
        [],
        "refuse",
        "got RUNNING with 1 of 2",
    ),
    "another version runs, not whole, and its newest checkpoint is enough": (
        {"upgrade": "last-state"},
        [live(OTHER_ID, running=1)],
        note(job_id=OTHER_ID),
        [],
        "replace",
        "keeping its newest checkpoint",
    ),
    "another version has never come to run": (
        {},
        [live(OTHER_ID, "RESTARTING", 0, checkpointing={"completed": 0})],
        note(job_id=OTHER_ID, phase="starting", savepoint=SAVEPOINT),
        [],
        "withdraw",
        "to be cancelled, and to begin again from file:/s/savepoint-1",
    ),
    "another version is starting, and has made a checkpoint": (
        {},
        [live(OTHER_ID, checkpointing={"completed": 1})],
        note(job_id=OTHER_ID, phase="starting", savepoint=SAVEPOINT),
        [],
        "replace",
        "with a savepoint",
    ),
    "a path was given for another version, which has never come to run": (
        {},
        [live(OTHER_ID, state="RESTARTING", running=0, checkpointing={"completed": 0})],
        note(job_id=OTHER_ID, phase="starting", savepoint=GIVEN, version=version(OTHER), **BACK),
        [],
        "withdraw",
        "to begin again from file:/s/savepoint-1",
    ),
    "a path was given for another version, which was never submitted": (
        {},
        [],
        note(job_id=OTHER_ID, phase="starting", savepoint=GIVEN, version=version(OTHER), **BACK),
        [],
        "resume",
        "to go on from file:/s/savepoint-1",
    ),
    "a path was given for this version, which was never submitted": (
        {},
        [],
        note(phase="starting", savepoint=GIVEN, former=version(OTHER), fallback=SAVEPOINT),
        [],
        "resume",
        "to go on from s3://b/nowhere",
    ),
    "suspended, and has never come to run": (
        {"state": "suspended"},
        [live(state="RESTARTING", running=0, checkpointing={"completed": 0})],
        note(phase="starting", savepoint=SAVEPOINT),
        [],
        "withdraw",
        "has not come to run",
    ),
    "another version runs, since this one was taken back": (
        {},
        [live(OTHER_ID)],
        note(job_id=OTHER_ID, rejected=Rejected(DIGEST, "It threw.", 1)),
        [],
        "refuse",
        "taken back: It threw.",
    ),
    "another version runs, and the new one begins elsewhere": (
        {"from": "s3://b/s", "redeploy": 1},
        [live(OTHER_ID)],
        note(job_id=OTHER_ID),
        [],
        "replace",
        "run from s3://b/s",
    ),
    "another version runs, and a path stays in the inventory": (
        {"from": "s3://b/s"},
        [live(OTHER_ID)],
        note(job_id=OTHER_ID),
        [],
        "replace",
        "in its new version",
    ),
    "it runs twice": ({}, [live(), live(OTHER_ID)], note(), [], "refuse", "expected to run once"),
    "jobs of others": ({}, [live("a" * 32), live("b" * 32)], None, [], "start", "from nothing"),
    "it was stopped": ({}, [], note(phase="stopped", savepoint=SAVEPOINT), [], "resume", "savepoint-1"),
    "it was stopped without state": ({}, [], note(phase="stopped"), [], "start", "from nothing"),
    "its start was begun and is gone": ({}, [], note(phase="starting", savepoint=SAVEPOINT), [], "resume", "was begun"),
    "an operator has stopped it": (
        {},
        [],
        note(phase="stopped", held=True),
        [],
        "keep",
        "waits for the playbook resume",
    ),
    "an operator has stopped it, and it is to go": (
        {"state": "absent"},
        [],
        note(phase="stopped", held=True),
        [],
        "forget",
        "to be forgotten",
    ),
    "suspended, with its newest checkpoint": (
        {"state": "suspended", "upgrade": "last-state"},
        [live()],
        note(),
        [],
        "stop",
        "to be cancelled, keeping its newest checkpoint.",
    ),
    "its stop was begun": ({}, [live()], note(phase="stopping"), [], "settle", "looked for"),
    "its stop was begun, and the cluster is another": ({}, [], note(phase="stopping"), [], "refuse", "has lost it"),
    "it has finished, and that is not noted": ({}, [live(state="FINISHED")], note(), [], "note", "has finished"),
    "it has finished": ({}, [live(state="FINISHED")], note(finished=True), [], "keep", "has finished"),
    "it has finished, and nothing is noted": ({}, [live(state="FINISHED")], None, [], "note", "has finished"),
    "it has finished, and the cluster has forgotten it": ({}, [], note(finished=True), [], "keep", "has finished"),
    "it has finished without state, and the cluster has forgotten it": (
        {"upgrade": "stateless"},
        [],
        note(finished=True),
        [],
        "keep",
        "has finished",
    ),
    "it has finished, the cluster has forgotten it, and another version is wanted": (
        {},
        [],
        note(finished=True, version=version(OTHER)),
        [],
        "start",
        "its new version is to be started from nothing",
    ),
    "the cluster has forgotten a batch job": (
        {"upgrade": "stateless"},
        [],
        note(bounded=True),
        [],
        "refuse",
        f"it is a batch job, got a cluster that has forgotten the job {RUNNING_ID}, which may have done its work",
    ),
    "the cluster has forgotten what its options make a batch job": (
        {"upgrade": "stateless"},
        [],
        note(version=dataclasses.replace(version(), config={"execution.runtime-mode": "batch"})),
        [],
        "refuse",
        "or state: absent, if it has finished.",
    ),
    "the cluster has forgotten a batch job, and it is to run again": (
        {},
        [],
        note(bounded=True, version=version(OTHER)),
        [],
        "start",
        "its new version is to be started",
    ),
    "it has finished, and another version is wanted": (
        {},
        [live(OTHER_ID, "FINISHED")],
        note(job_id=OTHER_ID, version=version(OTHER)),
        [],
        "start",
        "its new version",
    ),
    "it has finished, and nobody has seen it run": (
        {},
        [live(state="FINISHED", savepoint=None)],
        note(phase="starting", savepoint=SAVEPOINT),
        [],
        "note",
        "has finished",
    ),
    "it has failed after a checkpoint, and nobody has seen it run": (
        {},
        [live(state="FAILED", checkpointing={"completed": 9}, checkpoint=CHECKPOINT)],
        note(phase="starting", savepoint=SAVEPOINT),
        [],
        "refuse",
        "Its newest checkpoint is file:/c/chk-7.",
    ),
    "it has failed before a checkpoint, and nobody has seen it run": (
        {},
        [live(state="FAILED", checkpointing={"completed": 0})],
        note(phase="starting", savepoint=SAVEPOINT),
        [],
        "resume",
        "to go on from file:/s/savepoint-1",
    ),
    "somebody stopped it": (
        {},
        [live(state="FINISHED", savepoint={"path": "s3://b/hand", "time": 1000})],
        note(),
        [],
        "resume",
        "s3://b/hand",
    ),
    "it has finished by itself, and had a savepoint before": (
        {},
        [live(state="FINISHED", savepoint={"path": "s3://b/nightly", "time": 1000}, runs_on=True)],
        note(),
        [],
        "note",
        "has finished",
    ),
    "it has failed": (
        {},
        [live(state="FAILED", failure="a NullPointerException", checkpoint=CHECKPOINT)],
        note(),
        [],
        "refuse",
        "got FAILED: a NullPointerException. Its newest checkpoint is file:/c/chk-7.",
    ),
    "it has failed and left no checkpoint": (
        {},
        [live(state="FAILED", checkpoint=None)],
        note(history=(SAVEPOINT,)),
        [],
        "refuse",
        "got FAILED. Its known states, the newest first, are file:/s/savepoint-1. Put the cause right",
    ),
    "somebody cancelled it, and it has left no checkpoint": (
        {},
        [live(state="CANCELED", checkpoint=None)],
        note(),
        [],
        "refuse",
        "set redeploy to another number, to run it again, with from, the state that it is to go on from, or with",
    ),
    "somebody cancelled it, and it needs no state": (
        {"upgrade": "stateless"},
        [live(state="CANCELED", checkpoint=None)],
        note(),
        [],
        "refuse",
        "set redeploy to another number, to run it again.",
    ),
    "it has failed, and another version is wanted": (
        {},
        [live(OTHER_ID, "FAILED", checkpoint=CHECKPOINT)],
        note(job_id=OTHER_ID, version=version(OTHER)),
        [],
        "resume",
        "file:/c/chk-7",
    ),
    "it has failed without a checkpoint, and another version is wanted": (
        {},
        [live(OTHER_ID, "FAILED", checkpoint=None)],
        note(job_id=OTHER_ID, version=version(OTHER), history=(SAVEPOINT,)),
        [],
        "refuse",
        "known states, the newest first, are file:/s/savepoint-1",
    ),
    "it has failed, and a state is given": (
        {"from": "s3://b/s", "redeploy": 1},
        [live(OTHER_ID, "FAILED")],
        note(job_id=OTHER_ID),
        [],
        "resume",
        "s3://b/s",
    ),
    "the cluster has lost it": ({}, [], note(history=(SAVEPOINT,)), [], "refuse", "file:/s/savepoint-1"),
    "the cluster has lost it, and it has no state": ({"upgrade": "stateless"}, [], note(), [], "start", "has lost it"),
    "the cluster has lost it, and a checkpoint is left": (
        {"upgrade": "last-state"},
        [],
        note(),
        [SavedState(f"file:/c/{RUNNING_ID}/chk-9", 2, "", "checkpoint")],
        "resume",
        "chk-9",
    ),
    "the cluster has lost it, and a checkpoint of an earlier run is left": (
        {"upgrade": "last-state"},
        [],
        note(savepoint=SAVEPOINT, history=(SAVEPOINT,)),
        [SavedState(f"file:/c/{OTHER_ID}/chk-9", 2, "", "checkpoint")],
        "refuse",
        f"chk-9, file:/s/savepoint-1. If it has left checkpoints, they are those of the job {RUNNING_ID}. Set from to",
    ),
    "the cluster has lost it, and nobody has looked for checkpoints": (
        {"upgrade": "last-state"},
        [],
        note(history=(SAVEPOINT,)),
        None,
        "resume",
        "from its newest checkpoint, if the host sees one",
    ),
    "the cluster has lost it, and its checkpoint is one of the known states": (
        {},
        [],
        note(),
        [SavedState(f"file:/c/{RUNNING_ID}/chk-9", 2, "", "checkpoint")],
        "refuse",
        "chk-9. Set from to",
    ),
    "its start was begun, and the cluster has lost it after a checkpoint": (
        {},
        [],
        note(phase="starting", savepoint=SAVEPOINT),
        [SavedState(f"file:/c/{RUNNING_ID}/chk-9", 2, "", "checkpoint")],
        "refuse",
        "has lost it",
    ),
    "suspended while it runs": ({"state": "suspended"}, [live()], note(), [], "stop", "with a savepoint"),
    "suspended, and somebody had stopped it": (
        {"state": "suspended"},
        [live(state="FINISHED", savepoint={"path": "s3://b/hand", "time": 1000})],
        note(),
        [],
        "remember",
        "is FINISHED, and has left s3://b/hand",
    ),
    "suspended, and it had failed": (
        {"state": "suspended"},
        [live(state="FAILED", checkpoint=CHECKPOINT)],
        note(),
        [],
        "remember",
        "is FAILED, and has left file:/c/chk-7",
    ),
    "suspended, and it had failed as is known": (
        {"state": "suspended"},
        [live(state="FAILED", checkpoint=CHECKPOINT)],
        note(history=(SavedState("file:/c/chk-7", 1, "2.3", "checkpoint"),)),
        [],
        "keep",
        "suspended",
    ),
    "suspended, and it had finished by itself after a savepoint": (
        {"state": "suspended"},
        [live(state="FINISHED", savepoint={"path": "s3://b/hand", "time": 1000}, runs_on=True)],
        note(),
        [],
        "note",
        "has finished",
    ),
    "suspended, and it had finished as is noted": (
        {"state": "suspended"},
        [live(state="FINISHED")],
        note(finished=True),
        [],
        "keep",
        "suspended",
    ),
    "suspended, and it had finished before anybody saw it run": (
        {"state": "suspended"},
        [live(state="FINISHED")],
        note(phase="starting"),
        [],
        "note",
        "has finished",
    ),
    "suspended, and stopped as is noted": (
        {"state": "suspended"},
        [live(state="FINISHED")],
        note(phase="stopped", savepoint=SAVEPOINT),
        [],
        "keep",
        "suspended",
    ),
    "suspended already": ({"state": "suspended"}, [], note(phase="stopped"), [], "keep", "suspended"),
    "absent while it runs": ({"state": "absent"}, [live()], note(), [], "forget", "and forgotten"),
    "absent without state while it runs": (
        {"state": "absent", "upgrade": "stateless"},
        [live()],
        note(),
        [],
        "forget",
        "cancelled",
    ),
    "absent, and stopped": (
        {"state": "absent"},
        [],
        note(phase="stopped", savepoint=SAVEPOINT),
        [],
        "forget",
        "stays in file:/s/savepoint-1",
    ),
    "absent already": ({"state": "absent"}, [], None, [], "keep", "absent"),
}


@pytest.mark.parametrize("row", STEPS)
def test_one_step_is_taken(row: str) -> None:
    entry, jobs, journal, found, action, words = STEPS[row]
    (spec,) = job_specs([{**ENTRY, **entry}])
    taken = step(spec, DIGEST, "flink", jobs, journal, found)
    assert (taken.action, words in taken.sentence) == (action, True), taken.sentence
    assert taken.sentence.startswith("orders: ")


def test_a_step_is_taken_from_the_newest_state() -> None:
    (spec,) = job_specs([ENTRY])
    newer = SavedState("file:/s/savepoint-2", 200, "2.3")
    journal = note(phase="stopped", savepoint=SAVEPOINT).noted(5, savepoint=newer)
    assert step(spec, DIGEST, "flink", [], journal).state == newer
    assert journal.history == (newer,)
    assert dataclasses.asdict(journal)["serial"] == 4


# What is different of a running job, of its note, and whether the wanted version is another in its parallelism alone.
RESCALED: dict[str, tuple[Values, Values | None, bool, str]] = {
    "another parallelism": ({}, {"version": version(OTHER)}, True, "rescale"),
    "more than another parallelism": ({}, {"version": version(OTHER)}, False, "replace"),
    "another parallelism, with another scheduler": ({"rescales": False}, {"version": version(OTHER)}, True, "replace"),
    "another parallelism, and it does not run": (
        {"state": "RESTARTING", "running": 0},
        {"version": version(OTHER)},
        True,
        "refuse",
    ),
    "another parallelism than what is noted of another job": ({}, {"job_id": RUNNING_ID}, True, "replace"),
    "another parallelism, and its ID tells of none that is noted": (
        {},
        {"version": version("f" * 64)},
        True,
        "replace",
    ),
    "it was begun": ({}, {"phase": "rescaling"}, False, "rescale"),
    "it was begun with another parallelism": ({}, {"phase": "rescaling", "version": version(OTHER)}, True, "rescale"),
    "it was begun, and more is different": ({}, {"phase": "rescaling", "version": version(OTHER)}, False, "replace"),
    "it was begun, and the scheduler is another": ({"rescales": False}, {"phase": "rescaling"}, False, "replace"),
    "it is done": ({}, {"rescaled": DIGEST}, False, "keep"),
    "it is done, and nobody remembers it": ({}, None, False, "replace"),
    "it was done, and another parallelism is wanted": (
        {},
        {"rescaled": "f" * 64, "version": version("f" * 64)},
        True,
        "rescale",
    ),
    "it was taken back before": (
        {},
        {"version": version(OTHER), "rejected": Rejected(DIGEST, "It threw.", 1)},
        True,
        "refuse",
    ),
}


@pytest.mark.parametrize("row", RESCALED)
def test_a_parallelism_that_changes_while_the_job_runs(row: str) -> None:
    different, noted, in_parallelism, action = RESCALED[row]
    (spec,) = job_specs([{**ENTRY, "parallelism": 3}])
    running = live(OTHER_ID, **{"rescales": True, **different})
    journal = None if noted is None else note(**{"job_id": OTHER_ID, **noted})
    taken = step(spec, DIGEST, "flink", [running], journal, in_parallelism=in_parallelism)
    assert taken.action == action
    if action == "rescale":
        assert (taken.sentence, taken.changes) == ("orders: to go on with parallelism 3, without a stop.", True)


def test_what_its_id_tells_counts_no_more_once_it_was_rescaled() -> None:
    (spec,) = job_specs([ENTRY])
    back = note(rescaled=OTHER, version=version(OTHER))
    taken = step(spec, DIGEST, "flink", [live(rescales=True)], back, in_parallelism=True)
    assert taken.action == "rescale"
    assert taken.sentence == "orders: to go on with the parallelism of the cluster, without a stop."


def test_an_unwanted_job_that_was_rescaled_is_stopped() -> None:
    (spec,) = job_specs([{**ENTRY, "state": "suspended"}])
    assert step(spec, DIGEST, "flink", [live(rescales=True)], note(phase="rescaling")).action == "stop"
