# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings one job of a cluster to its state, noting each step before it is taken: a run that is killed goes on later."""

from __future__ import annotations

import dataclasses
import secrets
import time
import typing as t
import uuid

from ._flink.jobs import identity
from ._flink.jobs.decision import TERMINAL, Step, is_whole, step, tasks
from ._flink.jobs.journal import Journal, Rejected, SavedState, Version
from ._flink.values.errors import FlinkError
from ._rest import RestError

if t.TYPE_CHECKING:
    from ._flink.jobs.answers import LiveJob
    from ._flink.jobs.spec import JobSpec
    from ._flink.values.release import Release
    from ._jobs import JobsApi
    from ._target.job_notes import JobNotes

_PAUSE = 0.5
# A job that starts over so often will not stop doing so.
_MOST_RESTARTS = 5
# Without a checkpoint to wait for, a job is taken to run after so many seconds with all its tasks.
_STEADY = 10.0
_LONGEST_INTERVAL = 60_000
# The first release that takes a trigger ID of the caller, and so asks for no second savepoint.
_TAKES_TRIGGER_ID = (1, 15)


class JobError(Exception):
    """Why a job is not as wanted, in a sentence; ``changed`` tells whether anything was done on the way."""

    def __init__(self, message: str, *, changed: bool) -> None:
        super().__init__(message)
        self.changed = changed


class NotRunningError(Exception):
    """Why a version does not run; ``has_progressed`` if output of it may have been written already."""

    def __init__(self, reason: str, *, has_progressed: bool = False) -> None:
        super().__init__(reason)
        self.has_progressed = has_progressed


class Launcher:
    """How a version of a job comes to run: a cluster takes it over REST."""

    def __init__(self, api: JobsApi) -> None:
        self._api = api

    def hindrance(self) -> str | None:
        """Why it could not, after something was stopped for it."""
        if self._api.features()["submit"]:
            return None
        return "expected a cluster that takes jobs over REST, got web.submit.enable: false. Set it to true."

    def launch(self, job_id: str, version: Version, savepoint: str | None, *, allow_non_restored_state: bool) -> None:
        """Raises RestError, FlinkError, HostError, and NotRunningError if it never began."""
        jar_id = self._api.upload(version.jar)
        try:
            self._api.run(
                jar_id,
                job_id=job_id,
                entry_class=version.entry_class,
                args=list(version.args),
                parallelism=version.parallelism,
                savepoint=savepoint,
                allow_non_restored_state=allow_non_restored_state,
                config=dict(version.config),
            )
        finally:
            self._api.delete_jar(jar_id)

    def hold(self) -> None:
        """Have nothing start it any more, since it was stopped."""


class Wanted(t.NamedTuple):
    """A job, the version of it that is to run, and how long to wait for each change of it, in seconds.

    ``hold`` is begin if it is to wait, once stopped, for a run in which it is end.
    """

    spec: JobSpec
    version: Version
    cluster: str
    savepoint_dir: str | None
    timeout: float
    rolls_back: bool
    hold: str | None = None


class JobRunner:
    """Works on one job; ``journal`` is the newest note of any host about it."""

    def __init__(
        self,
        api: JobsApi,
        notes: JobNotes,
        release: Release,
        wanted: Wanted,
        journal: Journal | None,
        launcher: Launcher | None = None,
    ) -> None:
        self._api = api
        self._launcher = launcher or Launcher(api)
        self._notes = notes
        self._release = release
        self._wanted = wanted
        self._spec = wanted.spec
        self._was_held = journal is not None and journal.held
        is_released = journal is not None and wanted.hold == "end"
        self._journal = dataclasses.replace(journal, held=False) if journal and is_released else journal
        self._changed = False

    @property
    def journal(self) -> Journal | None:
        return self._journal

    def decide(self, jobs: t.Sequence[t.Mapping[str, t.Any]], found: t.Sequence[SavedState]) -> Step:
        return step(self._spec, self._wanted.version.digest, self._wanted.cluster, jobs, self._journal, found)

    def bring(self, jobs: t.Sequence[t.Mapping[str, t.Any]], found: t.Sequence[SavedState]) -> tuple[Step, bool]:
        """The step that was taken, and whether anything changed. Raises JobError."""
        taken = self.decide(jobs, found)
        try:
            if taken.action == "settle":
                self._settle()
                taken = self.decide(self._details(), found)
            if taken.action == "refuse":
                raise JobError(taken.sentence, changed=self._changed)
            hindrance = self._launcher.hindrance() if taken.action in ("start", "resume", "replace") else None
            if hindrance:
                # Nothing is stopped that could not be started again.
                raise JobError(f"{self._spec.name}: {hindrance}", changed=self._changed)
            self._take(taken)
            self._hold()
        except (FlinkError, RestError) as exc:
            raise JobError(f"{self._spec.name}: {exc}", changed=self._changed) from exc
        return taken, self._changed

    def prepare(self, jobs: t.Sequence[t.Mapping[str, t.Any]], found: t.Sequence[SavedState]) -> tuple[Step, bool]:
        """The same for one that begins as soon as others start its JobManager; whether it runs is not seen."""
        taken = self.decide(jobs, found)
        if taken.action == "refuse":
            raise JobError(taken.sentence, changed=False)
        if taken.action in ("start", "resume"):
            self._changed = True
            self._submit(self._wanted.version, taken.state, self._former())
        return taken, self._changed

    def _take(self, taken: Step) -> None:
        if taken.action in ("start", "resume"):
            self._launch(taken.state)
        elif taken.action == "remember" and taken.live is not None and taken.state is not None:
            # One that failed is not started again by itself.
            phase = "stopped" if taken.live["state"] == "FINISHED" else "running"
            self._note(phase, savepoint=taken.state)
            self._changed = True
        elif taken.live is not None and taken.live["state"] not in TERMINAL:
            self._work_on(taken.live["id"], taken)
        if taken.action == "forget":
            self._launcher.hold()
            self._notes.forget(self._spec.name)
            self._journal, self._changed = None, True

    def _work_on(self, job_id: str, taken: Step) -> None:
        """What is done with a job that runs."""
        if taken.action == "keep":
            self._await_whole(job_id)
        elif taken.action == "note":
            self._note("running", job_id=job_id, version=self._wanted.version)
        elif taken.action == "prove":
            self._prove_or_roll_back(job_id)
        elif taken.action == "replace":
            state = self._end(job_id)
            self._launch(taken.state or state)
        elif taken.action in ("stop", "forget"):
            self._end(job_id)
        elif taken.action == "withdraw":
            self._withdraw(job_id, taken.state)

    def _hold(self) -> None:
        """Have a job that was at rest before wait, or no longer."""
        hold, journal = self._wanted.hold, self._journal
        if hold and journal is not None and journal.phase == "stopped" and self._was_held != (hold == "begin"):
            self._note("stopped")
            self._changed = True

    # Ending

    def _withdraw(self, job_id: str, state: SavedState | None) -> None:
        self._api.cancel(job_id)
        self._wait_for_end(job_id)
        self._note("stopped")
        self._changed = True
        if self._spec.is_wanted:
            self._launch(state)

    def _end(self, job_id: str) -> SavedState | None:
        """End a running job; the state that it leaves, null without one."""
        how = self._spec.upgrade
        if how == "last-state" and self._spec.state != "absent":
            self._check_retained(self._api.detail(job_id), changed=False)
        self._changed = True
        if how == "savepoint":
            return self._stop(job_id)
        self._api.cancel(job_id)
        self._wait_for_end(job_id)
        state = None
        if how == "last-state":
            detail = self._api.detail(job_id)
            if self._spec.state != "absent":
                self._check_retained(detail, changed=True)
            checkpoint = detail["checkpoint"]
            if checkpoint:
                state = SavedState(checkpoint["path"], _now(), self._release.line, "checkpoint")
        self._note("stopped", job_id=job_id, savepoint=state)
        return state

    def _check_retained(self, detail: LiveJob, *, changed: bool) -> None:
        """Raises JobError unless it has a checkpoint that outlives its being cancelled."""
        if not (detail["checkpointing"]["retained"] and detail["checkpoint"]):
            raise JobError(
                f"{self._spec.name}: expected a checkpoint that outlives a cancelled job, got none. Set "
                "execution.checkpointing.externalized-checkpoint-retention to RETAIN_ON_CANCELLATION, and wait "
                "for one; or choose another upgrade.",
                changed=changed,
            )

    def _stop(self, job_id: str) -> SavedState:
        spec = self._spec
        takes_id = self._release.version >= _TAKES_TRIGGER_ID
        trigger_id = uuid.uuid4().hex if takes_id else None
        self._note("stopping", job_id=job_id, trigger_id=trigger_id)
        try:
            trigger_id = self._api.stop(
                job_id,
                spec.savepoint_dir or self._wanted.savepoint_dir,
                drain=spec.drain,
                savepoint_format=spec.savepoint_format if takes_id else None,
                trigger_id=trigger_id,
            )
        except RestError as exc:
            if not exc.may_pass or exc.status is not None:
                self._note("running", trigger_id=None)
                words = f"{spec.name}: expected a savepoint, got {_why(exc)} The job runs on."
                raise JobError(words, changed=False) from exc
            raise
        self._note("stopping", trigger_id=trigger_id)
        return self._await_stop(job_id, trigger_id)

    def _await_stop(self, job_id: str, trigger_id: str) -> SavedState:
        """The savepoint, once it is there and the job has ended."""
        deadline = time.monotonic() + self._wanted.timeout
        while True:
            operation = self._api.operation(job_id, trigger_id)
            if operation.status != "running":
                break
            if time.monotonic() > deadline:
                raise JobError(
                    f"{self._spec.name}: expected a savepoint within {self._wanted.timeout:g} seconds, got none yet. "
                    "It goes on: run again to wait for it, or raise flink_jobs_timeout.",
                    changed=True,
                )
            time.sleep(_PAUSE)
        state = self._api.state(job_id)
        if operation.path is None:
            self._note("running" if state not in TERMINAL else "stopping", trigger_id=None)
            if operation.status == "unknown":
                return self._savepoint_of_ended(job_id)
            goes_on = "The job runs on." if state not in TERMINAL else f"The job is {state}."
            reason = _sentence(operation.reason)
            raise JobError(f"{self._spec.name}: expected a savepoint, got {reason} {goes_on}", changed=False)
        saved = SavedState(operation.path, _now(), self._release.line)
        self._note("stopping", savepoint=saved)
        self._wait_for_end(job_id)
        self._note("stopped", trigger_id=None)
        return saved

    def _settle(self) -> None:
        """Find out how a stop ended that an earlier run began."""
        journal = self._journal
        if journal is None or journal.job_id is None:
            return
        trigger_id = journal.trigger_id
        if trigger_id is not None and self._api.operation(journal.job_id, trigger_id).status in ("running", "done"):
            self._await_stop(journal.job_id, trigger_id)
        elif self._api.state(journal.job_id) in TERMINAL:
            self._savepoint_of_ended(journal.job_id)
        else:
            self._note("running", trigger_id=None)

    def _savepoint_of_ended(self, job_id: str) -> SavedState:
        """The cluster has forgotten the operation, and still knows the job."""
        detail = self._api.detail(job_id)
        savepoint = detail["savepoint"]
        if detail["state"] not in TERMINAL:
            self._note("running", trigger_id=None)
            raise JobError(
                f"{self._spec.name}: expected the end of a stop that was begun, got a job that runs. Run again.",
                changed=False,
            )
        if savepoint is None:
            raise JobError(
                f"{self._spec.name}: expected the savepoint of a stop that was begun, got a job that is "
                f"{detail['state']} without one. Set from to the state that it is to go on from.",
                changed=False,
            )
        saved = SavedState(savepoint["path"], int(savepoint["time"]) // 1000, self._release.line)
        self._note("stopped", savepoint=saved, trigger_id=None)
        return saved

    def _wait_for_end(self, job_id: str) -> None:
        deadline = time.monotonic() + self._wanted.timeout
        while self._api.state(job_id) not in (*TERMINAL, None):
            if time.monotonic() > deadline:
                raise JobError(
                    f"{self._spec.name}: expected it to end within {self._wanted.timeout:g} seconds, got a job that "
                    "still runs. See its TaskManagers' logs, or raise flink_jobs_timeout.",
                    changed=True,
                )
            time.sleep(_PAUSE)

    # Starting

    def _launch(self, state: SavedState | None) -> None:
        """Run the wanted version from a state, and see that it runs; else the one before, where there is one."""
        former = self._former()
        self._changed = True
        try:
            job_id = self._submit(self._wanted.version, state, former)
        except (NotRunningError, RestError) as exc:
            failure = exc if isinstance(exc, NotRunningError) else NotRunningError(_why(exc))
            self._roll_back(None, former, state, failure)
            return
        self._prove_or_roll_back(job_id)

    def _former(self) -> Version | None:
        """The version that comes back if the wanted one does not run; one of another line is not for this cluster."""
        journal, version = self._journal, self._wanted.version
        former = (journal.former or journal.version) if journal else None
        if former is None or former.digest == version.digest or former.release != version.release:
            return None
        return former

    def _submit(self, version: Version, state: SavedState | None, former: Version | None) -> str:
        spec = self._spec
        job_id = identity.job_id(self._wanted.cluster, spec.name, version.digest, secrets.token_hex(4))
        self._note("starting", job_id=job_id, version=version, savepoint=state, former=former, trigger_id=None)
        self._launcher.launch(
            job_id, version, state.path if state else None, allow_non_restored_state=spec.allow_non_restored_state
        )
        return job_id

    def _prove_or_roll_back(self, job_id: str) -> None:
        journal = self._journal
        former = journal.former if journal else None
        state = journal.savepoint if journal else None
        try:
            self._prove(job_id, state)
        except NotRunningError as exc:
            self._roll_back(job_id, former, state, exc)
        else:
            self._note("running", former=None)
            self._changed = True
            self._notes.keep_programs(self._spec.name, {self._wanted.version.jar, self._spec.program})

    def _prove(self, job_id: str, state: SavedState | None) -> None:
        """Raises NotRunningError for a job that ends, restarts again and again, or is not there in time."""
        deadline, steady_since, told = time.monotonic() + self._wanted.timeout, None, "nothing of it"
        while time.monotonic() < deadline:
            detail = self._api.detail(job_id)
            told = tasks(detail)
            has_progressed = (detail["checkpointing"].get("completed") or 0) > 0
            if detail["state"] == "FINISHED":
                return
            restarts = detail["restarts"] or 0
            if detail["state"] in TERMINAL or restarts >= _MOST_RESTARTS:
                raise NotRunningError(_reason(detail, restarts), has_progressed=has_progressed)
            if not is_whole(detail):
                steady_since = None
            elif steady_since is None:
                steady_since = time.monotonic()
            waits = (
                detail["checkpointing"]["enabled"]
                and (detail["checkpointing"].get("interval") or 0) <= _LONGEST_INTERVAL
            )
            if steady_since is not None and (has_progressed if waits else time.monotonic() - steady_since >= _STEADY):
                _check_restored(detail, state, has_progressed=has_progressed)
                return
            time.sleep(_PAUSE)
        detail = self._api.detail(job_id)
        raise NotRunningError(
            f"after {self._wanted.timeout:g} seconds it is {told}{_because(detail)}",
            has_progressed=(detail["checkpointing"].get("completed") or 0) > 0,
        )

    def _await_whole(self, job_id: str) -> None:
        """It may have been interrupted a moment ago."""
        deadline = time.monotonic() + self._wanted.timeout
        while True:
            detail = self._api.detail(job_id)
            if is_whole(detail) or detail["state"] == "FINISHED":
                return
            if detail["state"] in TERMINAL or time.monotonic() > deadline:
                words = f"expected all its tasks running, got {tasks(detail)}{_because(detail)}"
                raise JobError(f"{self._spec.name}: {_sentence(words)} See its log.", changed=self._changed)
            time.sleep(_PAUSE)

    def _roll_back(
        self, job_id: str | None, former: Version | None, state: SavedState | None, failure: NotRunningError
    ) -> None:
        """Raises JobError in any case: the wanted version does not run."""
        name, reason = self._spec.name, _sentence(str(failure))
        if former is None or not self._wanted.rolls_back:
            if job_id is None:
                self._note("stopped", savepoint=state) if state else self._forget_attempt()
            left = f" Its state is {state.path}." if state else ""
            if state is not None and state.release not in ("", self._wanted.version.release):
                left += f" To go back, set flink_version to {state.release} again and deploy: it goes on from there."
            raise JobError(f"{name}: expected it to run, got: {reason}{left}", changed=True)
        if failure.has_progressed:
            raise JobError(
                f"{name}: expected the new version to run, got: {reason} It has completed a checkpoint, so that its "
                "output may have been written, and is left as it is. The former version's state is "
                f"{state.path if state else 'none'}.",
                changed=True,
            )
        if job_id is not None and self._api.state(job_id) not in (*TERMINAL, None):
            self._api.cancel(job_id)
            self._wait_for_end(job_id)
        rejected = Rejected(self._wanted.version.digest, reason, _now())
        self._note("stopped", version=former, former=None, rejected=rejected, savepoint=state)
        where = f"from {state.path}" if state else "from nothing"
        try:
            self._prove(self._submit(former, state, None), state)
        except (RestError, NotRunningError) as exc:
            why = _why(exc) if isinstance(exc, RestError) else _sentence(str(exc))
            raise JobError(
                f"{name}: expected the new version to run, got: {reason} The former one does not run {where} either: "
                f"{why} Put the cause right and run again: the state is kept.",
                changed=True,
            ) from exc
        self._note("running")
        raise JobError(
            f"{name}: expected the new version to run, got: {reason} It was taken back: the former version runs again "
            f"{where}.",
            changed=True,
        )

    # Notes

    def _note(self, phase: str, **values: t.Any) -> None:
        now = _now()
        if self._journal is None:
            version = values.pop("version", self._wanted.version)
            self._journal = Journal(self._spec.name, 0, now, phase, None, version)
        held = phase in ("stopping", "stopped") and (self._wanted.hold == "begin" or self._journal.held)
        self._journal = self._journal.noted(now, phase=phase, held=held, **values)
        self._notes.write(self._journal)
        if phase == "stopped":
            self._launcher.hold()

    def _forget_attempt(self) -> None:
        """Nothing of it has run."""
        self._notes.forget(self._spec.name)
        self._journal = None

    def _details(self) -> list[LiveJob]:
        noted = self._journal.job_id if self._journal else None
        return [
            self._api.detail(job["id"])
            for job in self._api.overview()
            if job["id"] == noted or identity.is_of(job["id"], self._wanted.cluster, self._spec.name)
        ]


def _check_restored(detail: LiveJob, state: SavedState | None, *, has_progressed: bool) -> None:
    restored = detail["restored"]
    if state is not None and restored is not None and not _same_place(restored, state.path):
        raise NotRunningError(f"it began from {restored} instead of {state.path}", has_progressed=has_progressed)


def _same_place(one: str, other: str) -> bool:
    """Flink writes file:/a, users also file:///a and /a."""
    return _place(one) == _place(other)


def _place(path: str) -> str:
    return "/" + path[len("file:") :].lstrip("/") if path.startswith("file:") else path.rstrip("/")


def _reason(detail: LiveJob, restarts: int) -> str:
    if detail["state"] in TERMINAL:
        return f"it is {detail['state']}{_because(detail)}"
    return f"it has restarted {restarts} times{_because(detail)}"


def _because(detail: LiveJob) -> str:
    return f": {detail['failure']}" if detail["failure"] else ""


def _why(exc: RestError) -> str:
    return _sentence(exc.reason or str(exc))


def _sentence(text: str | None) -> str:
    said = (text or "no reason").strip()
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _now() -> int:
    return int(time.time())
