# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be done with one declared job: from what is wanted, what runs, and what was noted, to one step.

A step starts nothing from nothing where state may be left, and loses none: what cannot be decided is refused, with the
states that are known.
"""

from __future__ import annotations

import dataclasses
import typing as t

from . import identity
from .journal import SavedState

if t.TYPE_CHECKING:
    from .journal import Journal
    from .spec import JobSpec

TERMINAL = frozenset({"FINISHED", "FAILED", "CANCELED", "SUSPENDED"})
_TROUBLED = frozenset({"RESTARTING", "FAILING"})
_STARTING = frozenset({"INITIALIZING", "CREATED", "RECONCILING"})

Live = t.Mapping[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Step:
    """``action`` is one of these; ``sentence`` says it to people, and of a refusal what to do.

    - keep: nothing. ``is_healthy`` tells whether it runs, or has finished, as wanted.
    - note: it runs as wanted, and nothing is noted of it.
    - prove: it was submitted, and nobody has seen it run yet.
    - remember: it has ended by itself, and left ``state``, of which only the cluster knows yet.
    - settle: a stop was begun, and its end is not known.
    - withdraw: end a version that was never seen to run, and keep the state that it began from for the wanted one.
    - start: run it from nothing; resume: from ``state``; replace: stop the running one, and run the new version.
    - stop: end it, with its state. forget: end it where it runs, and remove what is noted.
    - refuse: nothing can be done without a decision of the user.
    """

    action: str
    sentence: str
    live: Live | None = None
    state: SavedState | None = None
    is_healthy: bool = True

    @property
    def hinders(self) -> bool:
        """Whether a job that runs would suffer from what is refused; one that does not run hinders nobody."""
        return self.action == "refuse" and self.live is not None and self.live["state"] not in TERMINAL

    @property
    def changes(self) -> bool:
        return self.action not in ("keep", "note", "prove", "refuse")


def step(
    spec: JobSpec,
    digest: str,
    cluster: str,
    jobs: t.Sequence[Live],
    journal: Journal | None,
    found: t.Sequence[SavedState] = (),
) -> Step:
    """``jobs`` are those of the cluster, see ``answers``; ``found`` are states of this job on disk, newest first."""
    noted_id = journal.job_id if journal else None
    ours = [job for job in jobs if job["id"] == noted_id or identity.is_of(job["id"], cluster, spec.name)]
    alive = [job for job in ours if job["state"] not in TERMINAL]
    if len(alive) > 1:
        ids = " and ".join(sorted(job["id"] for job in alive))
        return Step(
            "refuse",
            f"{spec.name}: expected to run once, got the jobs {ids}. Cancel the one that should not be, and run again.",
            alive[0],
        )
    live = alive[0] if alive else None
    if journal is not None and journal.phase == "stopping" and journal.job_id in {job["id"] for job in ours}:
        return Step("settle", f"{spec.name}: a stop was begun and its end not seen; it is looked for.", live)
    ended = max(ours, key=lambda job: (job["id"] == noted_id, job["start_time"]), default=None)
    if not spec.is_wanted:
        left = None if live is not None or journal is None else left_state(spec, ended, journal)
        return left or _unwanted(spec, live, journal)
    if live is not None:
        return _alive(spec, digest, live, journal)
    if journal is not None and journal.held:
        return Step("keep", f"{spec.name}: waits for the playbook resume, as it was stopped by stop.", is_healthy=False)
    return _at_rest(spec, digest, ended, journal, found)


def _at_rest(
    spec: JobSpec, digest: str, ended: Live | None, journal: Journal | None, found: t.Sequence[SavedState]
) -> Step:
    """It does not run; ``ended`` is what the cluster knows of its last run."""
    if journal is None:
        return _unknown(spec, digest, ended, found)
    if _is_rejected(digest, journal):
        return _rejected(spec, journal)
    if _is_redeployed(spec, journal):
        return _from_path(spec)
    # What was submitted may have done its work, or much of it, before anybody looked.
    is_noted = ended is not None and ended["id"] == journal.job_id
    has_run = ended is not None and is_noted and (ended["state"] == "FINISHED" or _progressed(ended))
    if journal.phase == "stopped" or (journal.phase == "starting" and not has_run):
        return _from(spec, journal.savepoint, "it was stopped" if journal.phase == "stopped" else "its start was begun")
    if ended is not None:
        return _ended(spec, digest, ended, journal)
    return _lost(spec, journal, found)


def _unwanted(spec: JobSpec, live: Live | None, journal: Journal | None) -> Step:
    if live is not None and spec.state == "suspended" and _is_unproven(live, journal):
        return _withdrawn(spec, live, journal)
    if live is not None:
        how = _HOW[spec.upgrade]
        if spec.state == "suspended":
            return Step("stop", f"{spec.name}: to be {how}.", live)
        return Step("forget", f"{spec.name}: to be {how} and forgotten.", live)
    if journal is None or spec.state == "suspended":
        return Step("keep", f"{spec.name}: {spec.state}.")
    kept = f" Its state stays in {journal.savepoint.path}." if journal.savepoint else ""
    return Step("forget", f"{spec.name}: to be forgotten.{kept}")


def _alive(spec: JobSpec, digest: str, live: Live, journal: Journal | None) -> Step:
    if not identity.runs(live["id"], digest):
        return _other_version(spec, digest, live, journal)
    if journal is not None and journal.phase == "starting":
        return Step("prove", f"{spec.name}: was submitted and is being started.", live)
    if live["state"] in _TROUBLED:
        reason = live.get("failure")
        return Step(
            "keep", f"{spec.name}: {tasks(live)}{f', because of {reason}' if reason else ''}.", live, is_healthy=False
        )
    if journal is None or journal.job_id != live["id"]:
        return Step("note", f"{spec.name}: runs as wanted.", live)
    return Step("keep", f"{spec.name}: runs as wanted.", live, is_healthy=is_whole(live))


def _other_version(spec: JobSpec, digest: str, live: Live, journal: Journal | None) -> Step:
    if _is_rejected(digest, journal):
        return _rejected(spec, journal)
    if _is_unproven(live, journal):
        return _withdrawn(spec, live, journal)
    if spec.upgrade == "savepoint" and not is_whole(live):
        return Step(
            "refuse",
            f"{spec.name}: expected all tasks running, for a savepoint to be made, got {tasks(live)}. Wait until "
            "they run; or set upgrade: last-state, to go on from the newest retained checkpoint.",
            live,
            is_healthy=False,
        )
    if journal is not None and _is_redeployed(spec, journal):
        state = _from_path(spec).state
        return Step("replace", f"{spec.name}: to be {_HOW[spec.upgrade]}, and run from {spec.start_from}.", live, state)
    return Step("replace", f"{spec.name}: to be {_HOW[spec.upgrade]}, and run in its new version.", live)


def _is_unproven(live: Live, journal: Journal | None) -> bool:
    """Whether nobody has seen it run since it was submitted, and no checkpoint says that it has."""
    is_starting = journal is not None and journal.phase == "starting" and journal.job_id == live["id"]
    return bool(is_starting and live.get("checkpointing", {}).get("completed") == 0)


def _progressed(live: Live) -> bool:
    return (live.get("checkpointing", {}).get("completed") or 0) > 0


def _withdrawn(spec: JobSpec, live: Live, journal: Journal | None) -> Step:
    state = journal.savepoint if journal else None
    where = f"from {state.path}" if state else "from nothing"
    return Step(
        "withdraw", f"{spec.name}: has not come to run; to be cancelled, and to begin again {where}.", live, state
    )


_HOW = {
    "savepoint": "stopped with a savepoint",
    "last-state": "cancelled, keeping its newest checkpoint",
    "stateless": "cancelled without its state",
}


def _unknown(spec: JobSpec, digest: str, ended: Live | None, found: t.Sequence[SavedState]) -> Step:
    """Nothing is noted of it, and it does not run."""
    if ended is not None and ended["state"] == "FINISHED" and identity.runs(ended["id"], digest):
        return Step("keep", f"{spec.name}: has finished.", ended)
    if spec.start_from is not None:
        return _from_path(spec)
    if found and spec.upgrade != "stateless":
        return Step(
            "refuse",
            f"{spec.name}: expected to start for the first time, got state of an earlier run in {found[0].path}. Set "
            "from to the path that it is to go on from; or upgrade: stateless, to start from nothing.",
        )
    return Step("start", f"{spec.name}: to be started from nothing.")


def _ended(spec: JobSpec, digest: str, ended: Live, journal: Journal) -> Step:
    """It ran when it was last noted, and has ended since."""
    is_same = journal.version.digest == digest
    if ended["state"] == "FINISHED":
        return _finished(spec, ended, journal, is_same=is_same)
    checkpoint = ended.get("checkpoint")
    known = f" Its newest checkpoint is {checkpoint['path']}." if checkpoint else ""
    reason = f": {ended['failure']}" if ended.get("failure") else ""
    if is_same:
        return Step(
            "refuse",
            f"{spec.name}: expected to run, got {ended['state']}{reason}.{known} Put the cause right, and set redeploy "
            "to another number, to run it again.",
            ended,
            is_healthy=False,
        )
    if spec.upgrade == "stateless":
        return Step("start", f"{spec.name}: to be started from nothing.")
    if checkpoint:
        return _from(spec, _saved(checkpoint, journal, "checkpoint"), f"it has {ended['state'].lower()}")
    return _without_state(spec, f"{ended['state']}{reason}", journal, ())


def left_state(spec: JobSpec, ended: Live | None, journal: Journal) -> Step | None:
    """What a job has left that ended since it was noted, before its JobManager goes; null if there is nothing."""
    if ended is None or ended["id"] != journal.job_id or journal.phase != "running" or spec.state == "absent":
        return None
    is_stopped = ended["state"] == "FINISHED"
    left = ended.get("savepoint") if is_stopped and not ended.get("runs_on") else ended.get("checkpoint")
    if not left or (is_stopped and ended.get("runs_on")):
        return None
    state = _saved(left, journal, "savepoint" if is_stopped else "checkpoint")
    if state.path in {known.path for known in journal.history}:
        return None
    return Step("remember", f"{spec.name}: is {ended['state']}, and has left {state.path}.", ended, state)


def _finished(spec: JobSpec, ended: Live, journal: Journal, *, is_same: bool) -> Step:
    savepoint = ended.get("savepoint")
    if savepoint and not ended.get("runs_on"):
        return _from(spec, _saved(savepoint, journal), "somebody stopped it")
    if is_same:
        return Step("keep", f"{spec.name}: has finished.", ended)
    return Step("start", f"{spec.name}: has finished; its new version is to be started from nothing.")


def _lost(spec: JobSpec, journal: Journal, found: t.Sequence[SavedState]) -> Step:
    """It ran when it was last noted, and the cluster does not know it."""
    if spec.upgrade == "stateless":
        return Step("start", f"{spec.name}: the cluster has lost it; to be started from nothing.")
    checkpoints = [state for state in found if state.kind == "checkpoint"]
    if spec.upgrade == "last-state" and checkpoints:
        return _from(spec, checkpoints[0], "the cluster has lost it")
    return _without_state(spec, "nothing: the cluster has lost it", journal, found)


def _without_state(spec: JobSpec, got: str, journal: Journal, found: t.Sequence[SavedState]) -> Step:
    states = [*found, *journal.history]
    paths = list(dict.fromkeys(state.path for state in states))
    known = "; known states, the newest first, are " + ", ".join(paths[:3]) if paths else ""
    return Step(
        "refuse",
        f"{spec.name}: expected to run, got {got}{known}. Set from to the state that it is to go on from, and redeploy "
        "to another number; or upgrade: stateless, to start from nothing.",
        is_healthy=False,
    )


def _from(spec: JobSpec, state: SavedState | None, why: str) -> Step:
    if state is None:
        return Step("start", f"{spec.name}: {why}; to be started from nothing.")
    return Step("resume", f"{spec.name}: {why}; to go on from {state.path}.", state=state)


def _from_path(spec: JobSpec) -> Step:
    path = str(spec.start_from)
    return Step("resume", f"{spec.name}: to be started from {path}.", state=SavedState(path, 0, "", "given"))


def _saved(state: t.Mapping[str, t.Any], journal: Journal, kind: str = "savepoint") -> SavedState:
    return SavedState(state["path"], int(state["time"]) // 1000, journal.version.release, kind)


def _is_redeployed(spec: JobSpec, journal: Journal) -> bool:
    """Whether it is to go on from another state than its own: a path that stays in the inventory counts once."""
    return spec.start_from is not None and spec.redeploy != journal.version.redeploy


def _is_rejected(digest: str, journal: Journal | None) -> bool:
    return journal is not None and journal.rejected is not None and journal.rejected.digest == digest


def _rejected(spec: JobSpec, journal: Journal | None) -> Step:
    rejected = journal.rejected if journal else None
    return Step(
        "refuse",
        f"{spec.name}: expected a version that runs, got the one that was taken back: "
        f"{rejected.reason if rejected else ''} Put the cause right, or set redeploy to another number.",
        is_healthy=False,
    )


def is_whole(live: Live) -> bool:
    """Whether all tasks run: only then can a savepoint be made."""
    tasks = live["tasks"]
    return bool(live["state"] == "RUNNING" and tasks["running"] + tasks.get("finished", 0) == tasks["total"])


def tasks(live: Live) -> str:
    """Its state and how many of its tasks run, in words."""
    return f"{live['state']} with {live['tasks']['running']} of {live['tasks']['total']} tasks running"
