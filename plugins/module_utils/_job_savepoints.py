# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Savepoints of many jobs at once: asked for together, looked at in turn, all within one time."""

from __future__ import annotations

import concurrent.futures
import time
import typing as t
import uuid

from ._flink.jobs.decision import TERMINAL
from ._flink.jobs.requests import takes_trigger_id
from ._flink.values.errors import FlinkError
from ._rest import RestError

if t.TYPE_CHECKING:
    from ._flink.jobs.answers import ListedJob
    from ._flink.values.release import Release
    from ._jobs import JobsApi

_PAUSE = 0.5
_AT_ONCE = 16
# So long a JobManager may be silent before it is taken to have ended with its job, as in application mode.
_LONGEST_SILENCE = 10.0

# By what Flink says: what helps.
_REMEDIES = {
    "savepoint directory": "Correct directory, or let Flink's user write there on all hosts.",
    "not all required tasks": "Wait until all its tasks run.",
    "could not find flink job": "It has ended, or another JobManager leads.",
}
_OTHER_REMEDY = "See the log of the JobManager."


class Wish(t.NamedTuple):
    """What is asked of every job; without a directory that of the cluster counts. ``seconds`` are for all of them."""

    directory: str | None
    stop: bool
    drain: bool
    savepoint_format: str | None
    seconds: float


class Saved(t.NamedTuple):
    """What became of a job: ``seconds`` from the request to the savepoint; ``fault`` is a sentence, null without one.

    ``path`` may be there though something failed after it was made. ``state`` is null if the JobManager has ended.
    """

    job: ListedJob
    path: str | None
    seconds: float | None
    state: str | None
    fault: str | None


def save(api: JobsApi, release: Release, jobs: t.Sequence[ListedJob], wish: Wish) -> list[Saved]:
    """A savepoint of each job, in their order; with ``stop`` each ends once it is made."""
    attempts = [_Attempt(api, job, wish, uuid.uuid4().hex if takes_trigger_id(release) else None) for job in jobs]
    deadline = time.monotonic() + wish.seconds
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(_Attempt.trigger, attempts))
        while True:
            pending = [attempt for attempt in attempts if not attempt.is_over]
            if not pending or time.monotonic() > deadline:
                break
            time.sleep(_PAUSE)
            list(pool.map(_Attempt.look, pending))
    return [attempt.outcome() for attempt in attempts]


class _Attempt:
    """One job on its way: asked for, saved, and ended if that is wanted."""

    def __init__(self, api: JobsApi, job: ListedJob, wish: Wish, trigger_id: str | None) -> None:
        self._api, self._job, self._wish, self._trigger_id = api, job, wish, trigger_id
        self._state: str | None = job["state"]
        self._path: str | None = None
        self._fault: str | None = None
        self._seconds: float | None = None
        self._began = self._heard = time.monotonic()
        self._silence = ""
        self.is_over = False

    def trigger(self) -> None:
        wish, job_id = self._wish, self._job["id"]
        options: dict[str, t.Any] = {"savepoint_format": wish.savepoint_format, "trigger_id": self._trigger_id}
        try:
            if wish.stop:
                self._trigger_id = self._api.stop(job_id, wish.directory, drain=wish.drain, **options)
            else:
                self._trigger_id = self._api.savepoint(job_id, wish.directory, **options)
        except RestError as exc:
            # Whether it was heard is asked with the ID, if that is ours.
            if exc.status is not None or self._trigger_id is None:
                self._fail(exc.reason or str(exc))
        except FlinkError as exc:
            self._fail(str(exc))

    def look(self) -> None:
        try:
            if self._seconds is None:
                self._look_for_savepoint()
            if not self.is_over and self._seconds is not None:
                self._look_for_end()
        except RestError as exc:
            self._silence = exc.reason or str(exc)
            is_gone = self._seconds is not None and time.monotonic() - self._heard > _LONGEST_SILENCE
            if is_gone:
                self._state, self.is_over = None, True
            elif not exc.may_pass:
                self._fail(self._silence)
        except FlinkError as exc:
            self._fail(str(exc))
        else:
            self._heard = time.monotonic()

    def _look_for_savepoint(self) -> None:
        operation = self._api.operation(self._job["id"], str(self._trigger_id))
        if operation.status == "running":
            return
        self._seconds = time.monotonic() - self._began
        self._path = operation.path
        if operation.status == "unknown":
            self._fail("no word of it: the JobManager does not know that it was asked")
        elif operation.status == "failed":
            self._fail(str(operation.reason))
        elif not self._wish.stop:
            self.is_over = True

    def _look_for_end(self) -> None:
        self._state = self._api.state(self._job["id"])
        if self._state in (*TERMINAL, None):
            self.is_over = True
            if self._state not in ("FINISHED", None):
                self._fault = f"expected to be FINISHED, got {self._state}. See the log of the JobManager."

    def _fail(self, reason: str) -> None:
        remedy = next((words for sign, words in _REMEDIES.items() if sign in reason.lower()), _OTHER_REMEDY)
        self._fault, self.is_over = f"expected a savepoint, got {reason.rstrip('.')}. {remedy}", True
        try:
            self._state = self._api.state(self._job["id"])
        except (FlinkError, RestError):
            self._state = None

    def outcome(self) -> Saved:
        if not self.is_over:
            wanted = "a savepoint" if self._seconds is None else "to be FINISHED"
            got = self._silence or ("none yet" if self._seconds is None else str(self._state))
            self._fault = (
                f"expected {wanted} within {self._wish.seconds:g} seconds, got {got.rstrip('.')}. Flink goes on with "
                "it: look at the job, before trying again with a longer timeout."
            )
        return Saved(self._job, self._path, self._seconds, self._state, self._fault)
