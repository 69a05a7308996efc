# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brings one job of a cluster to its state, noting each step before it is taken: a run that is killed goes on later."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import time
import typing as t
import uuid

from ._client import ClientError
from ._flink.jobs import identity
from ._flink.jobs.decision import TERMINAL, Step, has_done_its_work, is_whole, step, tasks
from ._flink.jobs.journal import Journal, Rejected, SavedState, Version
from ._flink.values.errors import FlinkError
from ._rest import RestError

if t.TYPE_CHECKING:
    from ._client import Client
    from ._flink.jobs.answers import LiveJob
    from ._flink.jobs.spec import JobSpec
    from ._flink.values.release import Release
    from ._jobs import JobsApi
    from ._target.job_notes import JobNotes

_PAUSE = 0.2
# A job that starts over so often will not stop doing so.
_MOST_RESTARTS = 5
# Without a checkpoint to wait for, a job is taken to run after so many seconds with all its tasks.
_STEADY = 10.0
_LONGEST_INTERVAL = 60_000
# What REST says of a program in Python that has failed. Source: ``PythonDriver``
_IN_PYTHON = "Python process exits with code"
# The steps for which a program is taken over REST.
_SUBMITTING = ("start", "resume", "replace", "rescale")
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
    """How a version of a job comes to run: a cluster takes it over REST, or ``client`` starts it where it takes none.

    ``turn`` lets in one program at a time, where one is in Python: in a JobManager that is given to its own process as
    that of whichever submission came last. Source: ``StreamExecutionEnvironment.contextEnvironmentFactory``, which is
    static, where the thread of the gateway has none of its own (1.11 - 2.3).
    """

    # Whether a version runs only once others have restarted its JobManager.
    waits = False

    def __init__(self, api: JobsApi, turn: t.ContextManager[t.Any] | None = None, client: Client | None = None) -> None:
        self._api = api
        self._turn = turn or contextlib.nullcontext()
        self._client = client

    def hindrance(self) -> str | None:
        """Why it could not, after something was stopped for it."""
        if self._client is not None or self._api.features()["submit"]:
            return None
        return "expected a cluster that takes jobs over REST, got web.submit.enable: false. Set it to true."

    def launch(self, job_id: str, version: Version, savepoint: str | None, *, allow_non_restored_state: bool) -> None:
        """Raises RestError, FlinkError, HostError, and NotRunningError if it never began."""
        if self._client is not None and not self._api.features()["submit"]:
            self._start(self._client, job_id, version, savepoint, allow_non_restored_state=allow_non_restored_state)
            return
        with self._turn, self._uploaded(version) as jar_id:
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

    def _start(
        self, client: Client, job_id: str, version: Version, savepoint: str | None, *, allow_non_restored_state: bool
    ) -> None:
        """What its program has begun before it failed is ended: it is no version of anybody."""
        try:
            client.start(job_id, version, savepoint, allow_non_restored_state=allow_non_restored_state)
        except ClientError as exc:
            if self._api.state(job_id) not in (*TERMINAL, None):
                self._api.cancel(job_id)
            raise NotRunningError(str(exc)) from exc

    def parallelisms(self, version: Version) -> dict[str, int]:
        """What each vertex of a version would have; nothing where only REST knew. Raises RestError, FlinkError."""
        if self._client is not None and not self._api.features()["submit"]:
            return {}
        with self._turn, self._uploaded(version) as jar_id:
            return self._api.plan(
                jar_id,
                entry_class=version.entry_class,
                args=list(version.args),
                parallelism=version.parallelism,
                config=dict(version.config),
            )

    @contextlib.contextmanager
    def _uploaded(self, version: Version) -> t.Iterator[str]:
        """The ID of its jar on the cluster."""
        jar_id = self._api.upload(version.jar)
        try:
            yield jar_id
        finally:
            self._api.delete_jar(jar_id)

    def hold(self) -> None:
        """Have nothing start it any more, since it was stopped."""

    def has_ended(self) -> bool:
        """Whether a JobManager that does not answer has ended with its job, which had done its work.

        Raises NotRunningError for one that has ended otherwise.
        """
        return False


class Wanted(t.NamedTuple):
    """A job, the version of it that is to run, and how long to wait for each change of it, in seconds.

    ``hold`` is begin if it is to wait, once stopped, for a run in which it is end. ``content`` is the checksum of the
    program, null if its parallelism cannot change while it runs.
    """

    spec: JobSpec
    version: Version
    cluster: str
    savepoint_dir: str | None
    timeout: float
    rolls_back: bool
    hold: str | None = None
    content: str | None = None


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
        self._waits = False

    @property
    def journal(self) -> Journal | None:
        return self._journal

    @property
    def waits(self) -> bool:
        """Whether a version of it is to run that runs only once its JobManager has restarted."""
        return self._waits

    def decide(self, jobs: t.Sequence[t.Mapping[str, t.Any]], found: t.Sequence[SavedState]) -> Step:
        wanted, journal = self._wanted, self._journal
        return step(
            self._spec,
            wanted.version.digest,
            wanted.cluster,
            jobs,
            journal,
            found,
            in_parallelism=journal is not None
            and wanted.content is not None
            and self._spec.differs_in_parallelism(
                journal.version.digest, journal.version.parallelism, wanted.content, self._release.given
            ),
        )

    def bring(self, jobs: t.Sequence[t.Mapping[str, t.Any]], found: t.Sequence[SavedState]) -> tuple[Step, bool]:
        """The step that was taken, and whether anything changed. Raises JobError."""
        taken = self._started(jobs) or self.decide(jobs, found)
        try:
            if taken.action == "settle":
                self._settle()
                taken = self.decide(self._details(), found)
            if taken.action == "refuse":
                self._prove_former()
                raise JobError(taken.sentence, changed=self._changed)
            hindrance = self._launcher.hindrance() if taken.action in _SUBMITTING else None
            if hindrance:
                # Nothing is stopped that could not be started again.
                raise JobError(f"{self._spec.name}: {hindrance}", changed=self._changed)
            self._take(taken)
            self._hold()
        except (FlinkError, RestError) as exc:
            raise JobError(f"{self._spec.name}: {exc}", changed=self._changed) from exc
        return taken, self._changed

    def _started(self, jobs: t.Sequence[t.Mapping[str, t.Any]]) -> Step | None:
        """The wanted version, which others have started: what became of it is seen, and not begun once more."""
        journal = self._journal
        if not self._launcher.waits or journal is None or journal.phase != "starting" or not self._spec.is_wanted:
            return None
        live = next((job for job in jobs if job["id"] == journal.job_id), None)
        if live is None or journal.version.digest != self._wanted.version.digest:
            return None
        return Step("prove", f"{self._spec.name}: was submitted and is being started.", live)

    def prepare(self, jobs: t.Sequence[t.Mapping[str, t.Any]], found: t.Sequence[SavedState]) -> tuple[Step, bool]:
        """The same for one that begins as soon as others start its JobManager; whether it runs is not seen."""
        taken = self.decide(jobs, found)
        if taken.action == "refuse":
            raise JobError(taken.sentence, changed=False)
        if taken.action in ("start", "resume"):
            self._changed = True
            self._submit(self._wanted.version, taken.state, self._former())
        return taken, self._changed

    def take_back(self, failure: NotRunningError) -> None:
        """The same for a version that others have started and that is not there. Raises JobError in any case."""
        journal = self._journal
        former, state = (journal.former, journal.savepoint) if journal else (None, None)
        self._roll_back(None, former, state, failure)

    def finish(self) -> Step:
        """Note one that has done its work, and ended its JobManager, before anybody has looked."""
        self._note("running", former=None)
        return Step("keep", f"{self._spec.name}: has finished.")

    def _take(self, taken: Step) -> None:
        if taken.action in ("start", "resume"):
            self._launch(taken.state)
        elif taken.action == "remember" and taken.live is not None and taken.state is not None:
            # One that failed is not started again by itself.
            phase = "stopped" if taken.live["state"] == "FINISHED" else "running"
            self._note(phase, savepoint=taken.state)
            self._changed = True
        elif taken.action == "note" and taken.live is not None and taken.live["state"] == "FINISHED":
            self._note("running", job_id=taken.live["id"], finished=True)
        elif taken.action == "prove" and taken.live is not None:
            self._prove_or_roll_back(taken.live["id"])
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
        elif taken.action == "replace":
            self._replace(job_id, taken.state)
        elif taken.action == "rescale":
            self._rescale(job_id)
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

    def _replace(self, job_id: str, start_from: SavedState | None = None) -> None:
        state = self._end(job_id)
        self._launch(start_from or state)

    # Rescaling

    def _rescale(self, job_id: str) -> None:
        """Without a stop where the program, started anew, would have the same vertices; else as any other version."""
        version, journal = self._wanted.version, self._journal
        try:
            planned, bounds = self._launcher.parallelisms(version), self._api.requirements(job_id)
        except RestError as exc:
            if exc.status is None:
                raise
            planned, bounds = {}, {}
        if journal is None or not planned or planned.keys() != bounds.keys():
            self._replace(job_id)
            return
        self._note("rescaling", version=version)
        try:
            self._api.require(job_id, bounds, planned)
        except RestError as exc:
            if exc.status is not None:
                self._note(journal.phase, version=journal.version)
            raise
        self._changed = True
        self._await_parallelisms(job_id, planned)
        self._note("running", rescaled=version.digest)

    def _await_parallelisms(self, job_id: str, planned: t.Mapping[str, int]) -> None:
        deadline = time.monotonic() + self._wanted.timeout
        while True:
            found, detail = self._api.parallelisms(job_id), self._api.detail(job_id)
            if found == planned and is_whole(detail):
                return
            if detail["state"] in TERMINAL or time.monotonic() > deadline:
                raise JobError(
                    f"{self._spec.name}: expected parallelism {max(planned.values())} within "
                    f"{self._wanted.timeout:g} seconds, got {max(found.values(), default=0)}, {tasks(detail)}"
                    f"{_because(detail)}. It comes to it once there are slots: run again to wait for it.",
                    changed=True,
                )
            time.sleep(_PAUSE)

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
        state = self._state(job_id)
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
        elif self._state(journal.job_id) in TERMINAL:
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
        while self._state(job_id) not in (*TERMINAL, None):
            if time.monotonic() > deadline:
                raise JobError(
                    f"{self._spec.name}: expected it to end within {self._wanted.timeout:g} seconds, got a job that "
                    "still runs. See its TaskManagers' logs, or raise flink_jobs_timeout.",
                    changed=True,
                )
            time.sleep(_PAUSE)
        # What is to start next is written after its end is noted.
        with contextlib.suppress(NotRunningError):
            self._launcher.has_ended()

    def _state(self, job_id: str) -> str | None:
        """Null for a job that nobody knows any more."""
        try:
            return self._api.state(job_id)
        except RestError as exc:
            with contextlib.suppress(NotRunningError):
                if not (exc.may_pass and self._launcher.has_ended()):
                    raise
            return None

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
        if not self._waits:
            self._prove_or_roll_back(job_id)

    def _former(self) -> Version | None:
        """The version that comes back if the wanted one does not run; one of another line is not for this cluster."""
        journal, version = self._journal, self._wanted.version
        former = (journal.former or journal.version) if journal else None
        if former is None or former.digest == version.digest or former.release != version.release:
            return None
        return former

    def _fallback(self, state: SavedState | None) -> SavedState | None:
        """Where the former version goes on, if the wanted one begins from a path that the user has given."""
        journal = self._journal
        if journal is None or state is None or state.kind != "given":
            return None
        left = journal.savepoint if journal.phase == "stopped" else None
        return left if left is not None and left.kind != "given" else journal.fallback

    def _submit(self, version: Version, state: SavedState | None, former: Version | None) -> str:
        spec = self._spec
        job_id = identity.job_id(self._wanted.cluster, spec.name, version.digest, secrets.token_hex(4))
        begun = {"version": version, "savepoint": state, "former": former, "fallback": self._fallback(state)}
        self._note("starting", job_id=job_id, trigger_id=None, **begun)
        self._launcher.launch(
            job_id, version, state.path if state else None, allow_non_restored_state=spec.allow_non_restored_state
        )
        self._waits = self._launcher.waits
        return job_id

    def _prove_or_roll_back(self, job_id: str) -> None:
        journal = self._journal
        former = journal.former if journal else None
        state = journal.savepoint if journal else None
        try:
            seen = self._prove(job_id, state)
        except NotRunningError as exc:
            self._roll_back(job_id, former, state, exc)
        else:
            self._note("running", former=None, **seen)
            self._changed = True
            self._notes.keep_programs(self._spec.name, {self._wanted.version.jar, self._spec.program})

    def _prove(self, job_id: str, state: SavedState | None) -> dict[str, bool]:
        """What is to be noted of one that runs, or has finished.

        Raises NotRunningError for a job that ends, restarts again and again, or is not there in time.
        """
        deadline, steady_since, told = time.monotonic() + self._wanted.timeout, None, "nothing of it"
        while time.monotonic() < deadline:
            try:
                detail = self._api.detail(job_id)
            except RestError as exc:
                if exc.may_pass and self._launcher.has_ended():
                    return {}
                raise
            told = tasks(detail)
            has_progressed = (detail["checkpointing"].get("completed") or 0) > 0
            if detail["state"] == "FINISHED":
                return _seen(detail)
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
                return _seen(detail)
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
        if self._journal is not None and self._journal.fallback is not None:
            state = self._journal.fallback
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
        if job_id is not None and self._state(job_id) not in (*TERMINAL, None):
            self._api.cancel(job_id)
            self._wait_for_end(job_id)
        rejected = Rejected(self._wanted.version.digest, reason, _now())
        self._note("stopped", version=former, former=None, rejected=rejected, savepoint=state)
        where = f"from {state.path}" if state else "from nothing"
        try:
            job_id = self._submit(former, state, None)
            seen = {} if self._waits else self._prove(job_id, state)
        except (RestError, NotRunningError) as exc:
            why = _why(exc) if isinstance(exc, RestError) else _sentence(str(exc))
            raise JobError(
                f"{name}: expected the new version to run, got: {reason} The former one does not run {where} either: "
                f"{why} Put the cause right and run again: the state is kept.",
                changed=True,
            ) from exc
        if not self._waits:
            self._note("running", **seen)
        raise JobError(
            f"{name}: expected the new version to run, got: {reason} It was taken back: the former version runs again "
            f"{where}.",
            changed=True,
        )

    def _prove_former(self) -> None:
        """See that a version runs that came back when the wanted one did not, and that nobody has seen yet."""
        journal = self._journal
        rejected = journal.rejected if journal else None
        is_back = rejected is not None and rejected.digest == self._wanted.version.digest
        if journal is None or journal.job_id is None or journal.phase != "starting" or not is_back:
            return
        self._changed = True
        try:
            seen = self._prove(journal.job_id, journal.savepoint)
        except NotRunningError as exc:
            raise JobError(
                f"{self._spec.name}: expected the former version to run again, got: {_sentence(str(exc))} Put the "
                "cause right and run again: the state is kept.",
                changed=True,
            ) from exc
        self._note("running", **seen)

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


def _seen(detail: LiveJob) -> dict[str, bool]:
    return {"finished": has_done_its_work(detail), "bounded": detail["job_type"] == "BATCH"}


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
    said = _sentence(exc.reason or str(exc))
    return f"{said} The log of the JobManager has what it printed." if said.startswith(_IN_PYTHON) else said


def _sentence(text: str | None) -> str:
    said = (text or "no reason").strip()
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _now() -> int:
    return int(time.time())
