# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t
from unittest import mock

import pytest

from ansible_collections.streamops.flink.plugins.module_utils import _job_runner as runner_module
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.answers import Operation
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, SavedState, Version
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._job_runner import (
    JobError,
    JobRunner,
    Launcher,
    NotRunningError,
    Wanted,
)
from ansible_collections.streamops.flink.plugins.module_utils._rest import RestError
from ansible_collections.streamops.flink.plugins.module_utils._target.job_notes import JobNotes

if t.TYPE_CHECKING:
    from pathlib import Path

Values = t.Dict[str, t.Any]

OLD, NEW = "0" * 64, "1" * 64
OLD_ID = job_id("flink", "orders", OLD, "00000001")
SAVEPOINT = "file:/s/savepoint-2"


def version(digest: str) -> Version:
    return Version(digest, f"/j/{digest[:1]}.jar", None, ("--rate", "1"), 2, {}, "2.3")


def detail(job: str, state: str = "RUNNING", **values: t.Any) -> Values:
    return {
        "id": job,
        "name": "Orders",
        "state": state,
        "start_time": 5,
        "job_type": "STREAMING",
        "tasks": {"running": 2 if state == "RUNNING" else 0, "total": 2, "finished": 0},
        "checkpointing": {"enabled": True, "interval": 1000, "completed": 1, "retained": True},
        "checkpoint": {"path": "file:/c/chk-7", "time": 900_000, "size": 1},
        "savepoint": None,
        "restored": None,
        "restarts": 0,
        "failure": None,
        **values,
    }


class Killed(BaseException):
    """What a run is ended by from outside, wherever it is."""


class Cluster:
    """A cluster for one job: what was asked of it, and jobs whose versions run or not.

    ``bad`` are the digests of versions that do not run, ``running`` is what is said of the one before,
    ``killed_at`` is the request that the run does not outlive.
    """

    def __init__(self, killed_at: str = "", **answers: t.Any) -> None:
        self.asked: list[str] = []
        self.jobs: dict[str, Values] = {OLD_ID: detail(OLD_ID, **answers.get("running", {}))}
        self.answers = answers
        self.killed_at = killed_at
        self.triggered = False

    def _note(self, what: str) -> None:
        self.asked.append(what)
        if what.startswith(self.killed_at) and self.killed_at:
            raise Killed

    def features(self) -> Values:
        return {"submit": self.answers.get("submit", True)}

    def overview(self) -> list[Values]:
        return list(self.jobs.values())

    def detail(self, job: str, _options: t.Any = None) -> Values:
        return self.jobs[job]

    def state(self, job: str) -> str | None:
        return self.jobs[job]["state"] if job in self.jobs else None

    def stop(self, job: str, directory: str | None, **options: t.Any) -> str:
        self._note(f"stop {directory}")
        self.triggered = True
        if "stop" in self.answers:
            raise self.answers["stop"]
        if self.operation(job, "x").path:
            self.jobs[job].update(state="FINISHED", savepoint={"path": SAVEPOINT, "time": 9000})
        return str(options["trigger_id"])

    def operation(self, _job: str, _trigger: str) -> Operation:
        if not self.triggered:
            return Operation("unknown")
        said: Operation = self.answers.get("operation", Operation("done", SAVEPOINT))
        return said

    def cancel(self, job: str) -> None:
        self._note("cancel")
        self.jobs[job]["state"] = "CANCELED"

    def upload(self, path: str) -> str:
        self._note(f"upload {path}")
        return "jar"

    def delete_jar(self, _jar: str) -> None:
        self.asked.append("delete")

    def plan(self, _jar: str, **request: t.Any) -> dict[str, int]:
        self._note(f"plan {request['parallelism']}")
        planned: dict[str, int] = self.answers.get("plan", {"a": 1, "b": 3})
        return planned

    def requirements(self, _job: str) -> dict[str, tuple[int, int]]:
        if "requirements" in self.answers:
            raise self.answers["requirements"]
        return {"a": (1, 1), "b": (1, 2)}

    def require(self, _job: str, _bounds: t.Any, most: t.Any) -> None:
        self._note(f"require {most}")
        if "require" in self.answers:
            raise self.answers["require"]

    def parallelisms(self, _job: str) -> dict[str, int]:
        found: dict[str, int] = self.answers.get("parallelisms", {"a": 1, "b": 3})
        return found

    def run(self, _jar: str, **request: t.Any) -> str:
        job = request["job_id"]
        self._note(f"run {request['savepoint']}")
        bad = self.answers.get("bad", {}).get(job[12:13])
        if isinstance(bad, RestError):
            raise bad
        self.jobs[job] = detail(job, **{"restored": request["savepoint"], **(bad or {})})
        return str(job)


class Run(t.NamedTuple):
    """One run of the module over one job."""

    error: JobError | None
    changed: bool
    cluster: Cluster
    journal: Journal | None


@pytest.fixture(name="notes")
def notes_of_host(tmp_path: Path) -> JobNotes:
    return JobNotes(str(tmp_path / "jobs"))


@pytest.fixture(autouse=True)
def clock() -> t.Iterator[None]:
    now = [1_000.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    fake = mock.Mock(monotonic=lambda: now[0], sleep=sleep, time=lambda: now[0])
    with mock.patch.object(runner_module, "time", fake):
        yield


def bring(
    notes: JobNotes,
    cluster: Cluster,
    digest: str = NEW,
    rollback: bool = True,
    hold: str | None = None,
    content: str | None = None,
    wanted_version: Version | None = None,
    **entry: t.Any,
) -> Run:
    (spec,) = job_specs([{"name": "orders", "jar": "o.jar", **entry}])
    wanted = Wanted(spec, wanted_version or version(digest), "flink", "file:/s", 60, rollback, hold, content)
    runner = JobRunner(t.cast("t.Any", cluster), notes, Release.parse("2.3.0"), wanted, notes.read("orders"))
    error, changed = None, False
    try:
        _step, changed = runner.bring(cluster.overview(), ())
    except JobError as exc:
        error, changed = exc, exc.changed
    return Run(error, changed, cluster, notes.read("orders"))


def remember(notes: JobNotes, **values: t.Any) -> None:
    usual: Values = {"phase": "running", "job_id": OLD_ID, "version": version(OLD)}
    notes.write(Journal(name="orders", serial=1, time=1, **{**usual, **values}))


SUBMITTED = ["upload /j/1.jar", f"run {SAVEPOINT}", "delete"]

# The entry, what the cluster does, what was noted; what is asked of it, and the phase and version noted in the end.
RUNS: dict[str, tuple[Values, Values, Values, list[str], str, str]] = {
    "a new version": ({}, {}, {}, ["stop file:/s", *SUBMITTED], "running", NEW),
    "a new version from a checkpoint": (
        {"upgrade": "last-state"},
        {},
        {},
        ["cancel", "upload /j/1.jar", "run file:/c/chk-7", "delete"],
        "running",
        NEW,
    ),
    "a new version without state": (
        {"upgrade": "stateless"},
        {},
        {},
        ["cancel", "upload /j/1.jar", "run None", "delete"],
        "running",
        NEW,
    ),
    "a directory of its own": (
        {"savepoint_dir": "s3://b"},
        {},
        {},
        ["stop s3://b", *SUBMITTED],
        "running",
        NEW,
    ),
    "suspended": ({"state": "suspended"}, {}, {}, ["stop file:/s"], "stopped", OLD),
    "a stop whose end an earlier run has not seen": (
        {},
        {},
        {"phase": "stopping", "trigger_id": "t"},
        SUBMITTED,
        "running",
        NEW,
    ),
}


@pytest.mark.parametrize("row", RUNS)
def test_a_job_comes_to_its_state(row: str, notes: JobNotes) -> None:
    entry, answers, noted, asked, phase, digest = RUNS[row]
    remember(notes, **noted)
    cluster = Cluster(**answers)
    if noted:
        cluster.triggered = True
        cluster.jobs[OLD_ID].update(state="FINISHED", savepoint={"path": SAVEPOINT, "time": 9000})
    ran = bring(notes, cluster, **entry)
    assert ran.error is None
    assert ran.changed
    assert ran.cluster.asked == asked
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.version.digest) == (phase, digest)
    again = bring(notes, ran.cluster, **entry)
    assert (again.error, again.changed) == (None, False)
    assert ran.cluster.asked == asked


def test_a_job_that_is_forgotten(notes: JobNotes) -> None:
    remember(notes)
    ran = bring(notes, Cluster(), state="absent")
    assert (ran.error, ran.changed, ran.journal) == (None, True, None)
    assert ran.cluster.asked == ["stop file:/s"]


REFUSED = RestError("http://j:8081/jars/jar/run: HTTP Error 400.", status=400, reason="the state does not fit")
FAILING = {"state": "RESTARTING", "restarts": 9, "failure": "a NullPointerException"}
CHECKPOINTED = {"enabled": True, "interval": 1000, "completed": 4, "retained": True}
NO_CHECKPOINT = {**CHECKPOINTED, "completed": 0}

# The entry, what the cluster does; words of the failure, what is asked in the end, the phase and version noted.
FAILURES: dict[str, tuple[Values, Values, str, str, str, str]] = {
    "the savepoint cannot be written": (
        {},
        {"operation": Operation("failed", None, "the disk is full")},
        "expected a savepoint, got the disk is full. The job runs on.",
        "stop file:/s",
        "running",
        OLD,
    ),
    "no directory is set": (
        {},
        {"stop": RestError("400", status=400, reason="no directory is set")},
        "got no directory is set. The job runs on.",
        "stop file:/s",
        "running",
        OLD,
    ),
    "the cluster takes no jobs": ({}, {"submit": False}, "got web.submit.enable: false", "", "running", OLD),
    "no checkpoint outlives that it is cancelled": (
        {"upgrade": "last-state"},
        {"running": {"checkpointing": {"enabled": True, "completed": 1, "retained": False}}},
        "expected a checkpoint that outlives a cancelled job, got none",
        "",
        "running",
        OLD,
    ),
    "there is no checkpoint yet": (
        {"upgrade": "last-state"},
        {"running": {"checkpoint": None}},
        "expected a checkpoint that outlives a cancelled job, got none",
        "",
        "running",
        OLD,
    ),
    "the new version is refused": (
        {},
        {"bad": {"1": REFUSED}},
        f"got: the state does not fit. It was taken back: the former version runs again from {SAVEPOINT}.",
        "delete",
        "running",
        OLD,
    ),
    "the new version restarts again and again": (
        {},
        {"bad": {"1": {**FAILING, "checkpointing": NO_CHECKPOINT}}},
        "got: it has restarted 9 times: a NullPointerException. It was taken back",
        "delete",
        "running",
        OLD,
    ),
    "the new version ends": (
        {},
        {"bad": {"1": {"state": "FAILED", "failure": "an OutOfMemoryError", "checkpointing": NO_CHECKPOINT}}},
        "got: it is FAILED: an OutOfMemoryError. It was taken back",
        "delete",
        "running",
        OLD,
    ),
    "the new version does not come up": (
        {},
        {"bad": {"1": {"tasks": {"running": 1, "total": 2}, "checkpointing": NO_CHECKPOINT}}},
        "after 60 seconds it is RUNNING with 1 of 2 tasks running. It was taken back",
        "delete",
        "running",
        OLD,
    ),
    "the new version has begun from other state": (
        {},
        {"bad": {"1": {"restored": "file:/other"}}},
        f"it began from file:/other instead of {SAVEPOINT}. It has completed a checkpoint",
        "delete",
        "starting",
        NEW,
    ),
    "the new version fails after a checkpoint": (
        {},
        {"bad": {"1": {**FAILING, "checkpointing": CHECKPOINTED}}},
        "may have been written, and is left as it is",
        "delete",
        "starting",
        NEW,
    ),
    "neither version runs": (
        {},
        {"bad": {"1": REFUSED, "0": REFUSED}},
        f"The former one does not run from {SAVEPOINT} either: the state does not fit.",
        "delete",
        "starting",
        OLD,
    ),
    "the new version is refused and not taken back": (
        {"rollback": False},
        {"bad": {"1": REFUSED}},
        f"got: the state does not fit. Its state is {SAVEPOINT}.",
        "delete",
        "stopped",
        NEW,
    ),
}


@pytest.mark.parametrize("row", FAILURES)
def test_a_job_that_cannot_come_to_its_state(row: str, notes: JobNotes) -> None:
    entry, answers, words, last, phase, digest = FAILURES[row]
    remember(notes)
    ran = bring(notes, Cluster(**answers), **entry)
    assert words in str(ran.error)
    assert str(ran.error).startswith("orders: expected ")
    assert (ran.cluster.asked or [""])[-1] == last
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.version.digest) == (phase, digest)


NOWHERE = RestError("http://j:8081/jars/jar/run: HTTP Error 400.", status=400, reason="no such file")


@pytest.mark.parametrize("is_stopped", [False, True], ids=["a job that runs", "a job that a restart has stopped"])
def test_a_version_goes_back_to_its_own_state_and_not_to_the_path_of_the_new_one(
    is_stopped: bool, notes: JobNotes
) -> None:
    remember(notes)
    cluster = Cluster(bad={"1": NOWHERE})
    if is_stopped:
        assert bring(notes, cluster, OLD, state="suspended").error is None
    given = dataclasses.replace(version(NEW), redeploy=1)
    entry: Values = {"from": "file:/nowhere", "redeploy": 1}
    ran = bring(notes, cluster, wanted_version=given, **entry)
    assert f"It was taken back: the former version runs again from {SAVEPOINT}." in str(ran.error)
    assert [what for what in cluster.asked if what.startswith("run ")] == ["run file:/nowhere", f"run {SAVEPOINT}"]
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.version.digest, ran.journal.fallback) == ("running", OLD, None)


@pytest.mark.parametrize("redone", [OLD, NEW], ids=["the edit is undone", "the edit stays"])
def test_a_run_that_was_killed_as_it_began_from_a_path(redone: str, notes: JobNotes) -> None:
    remember(notes)
    given = dataclasses.replace(version(NEW), redeploy=1)
    entry: Values = {"from": "file:/nowhere", "redeploy": 1}
    cluster = Cluster(killed_at="upload /j/1.jar", bad={"1": NOWHERE})
    with pytest.raises(Killed):
        bring(notes, cluster, wanted_version=given, **entry)
    cluster.killed_at = ""
    again = bring(notes, cluster, OLD) if redone == OLD else bring(notes, cluster, wanted_version=given, **entry)
    assert (again.error is None) is (redone == OLD)
    assert cluster.asked[-2] == f"run {SAVEPOINT}"


def test_a_version_of_another_line_is_not_taken_back_but_withdrawn(notes: JobNotes) -> None:
    remember(notes, version=dataclasses.replace(version(OLD), release="1.20"))
    stuck = {**FAILING, "checkpointing": NO_CHECKPOINT}
    cluster = Cluster(bad={"1": stuck})
    noted = notes.read("orders")
    assert noted is not None
    notes.write(noted.noted(2, phase="stopped", savepoint=SavedState(SAVEPOINT, 1, "1.20")))
    cluster.jobs.clear()
    ran = bring(notes, cluster)
    assert f"Its state is {SAVEPOINT}. To go back, set flink_version to 1.20 again and deploy" in str(ran.error)
    assert len(cluster.jobs) == 1
    suspended = bring(notes, cluster, state="suspended")
    assert suspended.error is None
    assert [job["state"] for job in cluster.jobs.values()] == ["CANCELED"]
    assert suspended.journal is not None
    assert (suspended.journal.phase, suspended.journal.savepoint) == ("stopped", SavedState(SAVEPOINT, 1, "1.20"))
    again = bring(notes, cluster, digest=OLD)
    assert again.error is None
    assert cluster.asked[-2] == f"run {SAVEPOINT}"


def test_a_version_that_was_taken_back_is_not_tried_again(notes: JobNotes) -> None:
    remember(notes)
    cluster = Cluster(bad={"1": REFUSED})
    bring(notes, cluster)
    before = list(cluster.asked)
    assert "taken back: the state does not fit." in str(bring(notes, cluster).error)
    assert cluster.asked == before
    assert bring(notes, cluster, digest=OLD).error is None
    assert cluster.asked == before


def test_programs_that_no_version_needs_any_more_go(notes: JobNotes, tmp_path: Path) -> None:
    remember(notes)
    programs = tmp_path / "jobs/orders"
    programs.mkdir()
    kept, gone = programs / "new.sql", programs / "old.sql"
    for path in (kept, gone):
        path.write_text("")
    assert bring(notes, Cluster(), jar=str(kept)).error is None
    assert list(programs.iterdir()) == [kept]


@pytest.mark.parametrize(("state", "phase"), [("FINISHED", "stopped"), ("FAILED", "running")])
def test_what_a_job_has_left_is_remembered_before_its_jobmanager_goes(state: str, phase: str, notes: JobNotes) -> None:
    remember(notes)
    cluster = Cluster()
    cluster.jobs[OLD_ID].update(state=state, savepoint={"path": "file:/c/chk-7", "time": 9000})
    ran = bring(notes, cluster, state="suspended")
    assert (ran.error, ran.changed, ran.cluster.asked) == (None, True, [])
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.history[0].path) == (phase, "file:/c/chk-7")


@pytest.mark.parametrize("state", ["running", "suspended"])
def test_that_a_job_has_finished_is_noted_before_the_cluster_forgets_it(state: str, notes: JobNotes) -> None:
    remember(notes)
    cluster = Cluster(running={"state": "FINISHED"})
    ran = bring(notes, cluster, digest=OLD, state=state)
    assert (ran.error, ran.changed, ran.cluster.asked) == (None, False, [])
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.finished) == ("running", True)
    cluster.jobs.clear()
    ran = bring(notes, cluster, digest=OLD, upgrade="stateless")
    assert (ran.error, ran.changed, ran.cluster.asked) == (None, False, [])


@pytest.mark.parametrize(
    ("new", "finished", "bounded"),
    [
        pytest.param({}, False, False, id="a job without an end"),
        pytest.param({"job_type": "BATCH"}, False, True, id="a batch job"),
        pytest.param({"job_type": "BATCH", "state": "FINISHED"}, True, True, id="a batch job that was quick"),
    ],
)
def test_what_is_noted_of_a_job_that_was_seen_to_run(
    new: Values, finished: bool, bounded: bool, notes: JobNotes
) -> None:
    remember(notes, finished=True, bounded=True)
    ran = bring(notes, Cluster(bad={"1": new}))
    assert ran.error is None
    assert ran.journal is not None
    assert (ran.journal.finished, ran.journal.bounded) == (finished, bounded)


def test_a_first_start_that_is_refused_is_forgotten(notes: JobNotes) -> None:
    cluster = Cluster(bad={"1": REFUSED})
    cluster.jobs.clear()
    ran = bring(notes, cluster)
    assert "the state does not fit" in str(ran.error)
    assert ran.journal is None


# Wherever a run is killed, the next one brings the job to its state, from the same savepoint.
KILLS = ["stop", "upload", "run"]


@pytest.mark.parametrize("killed_at", KILLS)
def test_a_run_that_is_killed_goes_on(killed_at: str, notes: JobNotes) -> None:
    remember(notes)
    cluster = Cluster(killed_at)
    with pytest.raises(Killed):
        bring(notes, cluster)
    cluster.killed_at = ""
    ran = bring(notes, cluster)
    assert ran.error is None
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.version.digest) == ("running", NEW)
    alive = [job for job in cluster.jobs.values() if job["state"] == "RUNNING"]
    assert [job["restored"] for job in alive] == [SAVEPOINT]
    assert ran.journal.history[0].path == SAVEPOINT


def test_what_cannot_be_noted_is_not_begun(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    notes = JobNotes(str(tmp_path / "file/jobs"))
    cluster = Cluster()
    (spec,) = job_specs([{"name": "orders", "jar": "o.jar"}])
    wanted = Wanted(spec, version(NEW), "flink", "file:/s", 60, True)
    runner = JobRunner(t.cast("t.Any", cluster), notes, Release.parse("2.3.0"), wanted, None)
    with pytest.raises(Exception, match="Nothing is begun that could not be noted"):
        runner.bring(cluster.overview(), ())
    assert cluster.asked == []


def test_a_state_that_is_noted_by_a_person(notes: JobNotes) -> None:
    remember(notes, phase="stopped", savepoint=SavedState("file:///s/savepoint-2", 1, "2.3"))
    cluster = Cluster()
    cluster.jobs.clear()
    assert bring(notes, cluster, digest=OLD).error is None
    assert cluster.asked == ["upload /j/0.jar", "run file:///s/savepoint-2", "delete"]


def test_a_job_that_an_operator_stopped_waits_for_the_operator(notes: JobNotes) -> None:
    remember(notes)
    stopped = bring(notes, Cluster(), state="suspended", hold="begin")
    assert (stopped.cluster.asked, stopped.changed) == (["stop file:/s"], True)
    cluster = stopped.cluster
    again = bring(notes, cluster, state="suspended", hold="begin")
    deployed = bring(notes, cluster)
    assert (again.changed, deployed.changed, deployed.error, cluster.asked) == (False, False, None, ["stop file:/s"])
    resumed = bring(notes, cluster, hold="end")
    assert (resumed.changed, cluster.asked[1:]) == (True, SUBMITTED)
    assert resumed.journal is not None
    assert (resumed.journal.phase, resumed.journal.held) == ("running", False)


def test_a_job_at_rest_waits_for_the_operator_as_well(notes: JobNotes) -> None:
    remember(notes, phase="stopped")
    cluster = Cluster()
    cluster.jobs.clear()
    held = bring(notes, cluster, state="suspended", hold="begin")
    assert (held.changed, held.journal and held.journal.held, cluster.asked) == (True, True, [])
    released = bring(notes, cluster, state="suspended", hold="end")
    assert (released.changed, released.journal and released.journal.held) == (True, False)


def test_a_job_that_could_not_be_stopped_waits_for_nobody(notes: JobNotes) -> None:
    remember(notes)
    run = bring(notes, Cluster(operation=Operation("failed", None, "No space left")), state="suspended", hold="begin")
    assert run.error is not None
    assert (run.journal and run.journal.phase, run.journal and run.journal.held) == ("running", False)


class Application(Launcher):
    """A JobManager of one job: what it was written to begin with, and whether it begins at once."""

    def __init__(self, cluster: Cluster, trouble: str = "", begins: bool = True) -> None:
        super().__init__(t.cast("t.Any", cluster))
        self.cluster, self.trouble, self.begins = cluster, trouble, begins
        self.written: str | None = "what ran before"

    def hindrance(self) -> str | None:
        return None

    def launch(self, job_id: str, version: Version, savepoint: str | None, *, allow_non_restored_state: bool) -> None:
        self.written = f"{version.jar} {savepoint} {allow_non_restored_state}"
        self.cluster.asked.append(f"restart with {self.written}")
        if self.trouble and version.digest == NEW:
            raise NotRunningError(self.trouble)
        if self.begins:
            self.cluster.jobs = {job_id: detail(job_id, restored=savepoint)}

    def hold(self) -> None:
        self.written = None


def runner_of(notes: JobNotes, application: Application, **entry: t.Any) -> JobRunner:
    (spec,) = job_specs([{"name": "orders", "jar": "o.jar", **entry}])
    wanted = Wanted(spec, version(NEW), "flink", "file:/s", 60, True)
    cluster = t.cast("t.Any", application.cluster)
    return JobRunner(cluster, notes, Release.parse("2.3.0"), wanted, notes.read("orders"), application)


def test_a_jobmanager_of_one_job_restarts_with_the_new_version(notes: JobNotes) -> None:
    remember(notes)
    application = Application(Cluster(submit=False))
    runner_of(notes, application).bring(application.cluster.overview(), ())
    assert application.cluster.asked == ["stop file:/s", f"restart with /j/1.jar {SAVEPOINT} False"]
    assert application.written == f"/j/1.jar {SAVEPOINT} False"


def test_it_begins_with_the_former_version_again_if_the_new_one_does_not_come_up(notes: JobNotes) -> None:
    remember(notes)
    application = Application(Cluster(), trouble="its JobManager has ended with code 2")
    with pytest.raises(JobError, match=r"ended with code 2\. It was taken back: the former version runs again"):
        runner_of(notes, application).bring(application.cluster.overview(), ())
    assert application.written == f"/j/0.jar {SAVEPOINT} False"


@pytest.mark.parametrize("state", ["suspended", "absent"])
def test_nothing_begins_where_it_is_not_to_run(state: str, notes: JobNotes) -> None:
    remember(notes)
    application = Application(Cluster())
    runner_of(notes, application, state=state).bring(application.cluster.overview(), ())
    assert application.written is None


def test_what_it_begins_with_can_be_written_before_others_start_it(notes: JobNotes) -> None:
    remember(notes, phase="stopped", savepoint=SavedState(SAVEPOINT, 9, "2.3"))
    application = Application(Cluster(), begins=False)
    step, changed = runner_of(notes, application).prepare((), ())
    journal = notes.read("orders")
    assert (step.action, changed) == ("resume", True)
    assert application.written == f"/j/1.jar {SAVEPOINT} False"
    assert journal is not None
    assert (journal.phase, journal.former, journal.version) == ("starting", version(OLD), version(NEW))


def test_nothing_is_written_where_the_job_goes_on_by_itself(notes: JobNotes) -> None:
    remember(notes, version=version(NEW), job_id=job_id("flink", "orders", NEW, "00000002"))
    cluster = Cluster()
    cluster.jobs = {job: detail(job) for job in [job_id("flink", "orders", NEW, "00000002")]}
    application = Application(cluster)
    assert runner_of(notes, application).prepare(cluster.overview(), ())[1] is False
    assert application.written == "what ran before"


def of_parallelism(parallelism: int) -> tuple[str, Version]:
    """An ID and the version of it, which differs from others in nothing else."""
    (spec,) = job_specs([{"name": "orders", "jar": "o.jar", "parallelism": parallelism}])
    digest = spec.digest("c", "2.3.0")
    own = dataclasses.replace(version(digest), jar="/j/o.jar", parallelism=parallelism)
    return job_id("flink", "orders", digest, "00000001"), own


def rescale(notes: JobNotes, cluster: Cluster, parallelism: int = 3, **noted: t.Any) -> Run:
    """Of a job that was submitted with 2."""
    submitted, own = of_parallelism(2)
    if notes.read("orders") is None:
        remember(notes, **{"job_id": submitted, "version": own, **noted})
    (job,) = cluster.jobs.values()
    cluster.jobs = {submitted: {**job, "id": submitted, "rescales": True}}
    _id, wanted = of_parallelism(parallelism)
    return bring(notes, cluster, wanted.digest, wanted_version=wanted, content="c", parallelism=parallelism)


ASKED = ["upload /j/o.jar", "plan 3", "delete"]
REPLACED = [*ASKED, "stop file:/s", "upload /j/o.jar", f"run {SAVEPOINT}", "delete"]
REQUIRED = "require {'a': 1, 'b': 3}"

# What the cluster does; what it is asked.
RESCALINGS: dict[str, tuple[Values, list[str]]] = {
    "it comes to its parallelism": ({}, [*ASKED, REQUIRED]),
    "its program, started anew, would have other vertices": ({"plan": {"a": 1, "c": 3}}, REPLACED),
    "the cluster has another scheduler after all": (
        {"requirements": RestError("x", status=500, reason="The DefaultScheduler does not support it")},
        REPLACED,
    ),
}


@pytest.mark.parametrize("row", RESCALINGS)
def test_another_parallelism(row: str, notes: JobNotes) -> None:
    answers, asked = RESCALINGS[row]
    ran = rescale(notes, Cluster(**answers))
    assert (ran.error, ran.changed, ran.cluster.asked) == (None, True, asked)
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.version) == ("running", of_parallelism(3)[1])


def test_a_parallelism_that_was_reached_is_left_alone_and_left_again(notes: JobNotes) -> None:
    rescale(notes, Cluster())
    again = rescale(notes, Cluster())
    assert (again.error, again.changed, again.cluster.asked) == (None, False, [])
    back = rescale(notes, Cluster(plan={"a": 1, "b": 2}, parallelisms={"a": 1, "b": 2}), 2)
    assert back.cluster.asked == ["upload /j/o.jar", "plan 2", "delete", "require {'a': 1, 'b': 2}"]
    assert not rescale(notes, Cluster(), 2).changed


def test_a_parallelism_that_flink_refuses_leaves_the_job_as_it_was(notes: JobNotes) -> None:
    ran = rescale(notes, Cluster(require=RestError("Nothing above 128.", status=400, reason="Nothing above 128")))
    assert str(ran.error) == "orders: Nothing above 128."
    assert not ran.changed
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.version) == ("running", of_parallelism(2)[1])


def test_a_parallelism_without_slots_is_waited_for_again(notes: JobNotes) -> None:
    ran = rescale(notes, Cluster(parallelisms={"a": 1, "b": 2}))
    assert str(ran.error) == (
        "orders: expected parallelism 3 within 60 seconds, got 2, RUNNING with 2 of 2 tasks running. It comes to it "
        "once there are slots: run again to wait for it."
    )
    assert ran.journal is not None
    assert ran.journal.phase == "rescaling"
    assert rescale(notes, Cluster()).cluster.asked == [*ASKED, REQUIRED]


@pytest.mark.parametrize("request_", ["plan", "require"])
def test_a_run_that_is_killed_while_it_changes_the_parallelism_goes_on(request_: str, notes: JobNotes) -> None:
    with pytest.raises(Killed):
        rescale(notes, Cluster(killed_at=request_))
    ran = rescale(notes, Cluster())
    assert ran.cluster.asked == [*ASKED, REQUIRED]
    assert ran.journal is not None
    assert (ran.journal.phase, ran.journal.rescaled) == ("running", of_parallelism(3)[1].digest)


def test_a_rescaled_job_is_resumed_with_its_parallelism(notes: JobNotes) -> None:
    rescale(notes, Cluster())
    submitted, _own = of_parallelism(2)
    cluster = Cluster()
    cluster.jobs = {submitted: detail(submitted)}
    _id, wanted = of_parallelism(3)
    bring(notes, cluster, wanted_version=wanted, content="c", parallelism=3, state="suspended")
    ran = bring(notes, cluster, wanted_version=wanted, content="c", parallelism=3)
    assert ran.cluster.asked == ["stop file:/s", "upload /j/o.jar", f"run {SAVEPOINT}", "delete"]
    assert ran.journal is not None
    assert (ran.journal.version.parallelism, ran.journal.rescaled) == (3, None)


def test_nobody_tells_the_vertices_of_a_version_where_the_client_would_start_it() -> None:
    launcher = Launcher(t.cast("t.Any", Cluster(submit=False)), client=t.cast("t.Any", mock.Mock()))
    assert (launcher.parallelisms(version(NEW)), launcher.hindrance()) == ({}, None)
