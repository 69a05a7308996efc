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

Live = t.Mapping[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Step:
    """``action`` is one of these; ``sentence`` says it to people, and of a refusal what to do.

    - keep: nothing. ``is_healthy`` tells whether it runs, or has finished, as wanted.
    - note: it runs as wanted, or has finished, and that is not noted.
    - prove: it was submitted, and nobody has seen it run yet.
    - remember: it has ended by itself, and left ``state``, of which only the cluster knows yet.
    - settle: a stop was begun, and its end is not known.
    - withdraw: end a version that was never seen to run, and keep the state that it began from for the wanted one.
    - rescale: have the running one go on with another parallelism, without a stop.
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
    found: t.Sequence[SavedState] | None = None,
    *,
    in_parallelism: bool = False,
) -> Step:
    """``jobs`` are those of the cluster, see ``answers``.

    ``found`` are states of this job on disk, the newest first; null where nobody has looked. ``in_parallelism`` tells
    that the wanted version differs from the noted one in its parallelism alone.
    """
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
        return _alive(spec, digest, live, journal, in_parallelism=in_parallelism)
    if journal is not None and journal.held:
        return Step("keep", f"{spec.name}: waits for the playbook resume, as it was stopped by stop.", is_healthy=False)
    return _at_rest(spec, digest, ended, journal, found)


def _at_rest(
    spec: JobSpec, digest: str, ended: Live | None, journal: Journal | None, found: t.Sequence[SavedState] | None
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
    has_run = has_run or bool(_own_checkpoints(journal, found))
    if journal.phase == "stopped" or (journal.phase == "starting" and not has_run):
        why = "it was stopped" if journal.phase == "stopped" else "its start was begun"
        return _from(spec, journal.origin(digest), why)
    if ended is not None:
        return _ended(spec, digest, ended, journal)
    return _gone(spec, digest, journal, found)


def _unwanted(spec: JobSpec, live: Live | None, journal: Journal | None) -> Step:
    if live is not None and journal is not None and spec.state == "suspended" and _is_unproven(live, journal):
        return _withdrawn(spec, live, journal.savepoint)
    if live is not None:
        how = _HOW[spec.upgrade]
        if spec.state == "suspended":
            return Step("stop", f"{spec.name}: to be {how}.", live)
        return Step("forget", f"{spec.name}: to be {how} and forgotten.", live)
    if journal is None or spec.state == "suspended":
        return Step("keep", f"{spec.name}: {spec.state}.")
    kept = f" Its state stays in {journal.savepoint.path}." if journal.savepoint else ""
    return Step("forget", f"{spec.name}: to be forgotten.{kept}")


def _alive(spec: JobSpec, digest: str, live: Live, journal: Journal | None, *, in_parallelism: bool) -> Step:
    if not _is_version(live, digest, journal):
        return _other_version(spec, digest, live, journal, in_parallelism=in_parallelism)
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


def _is_version(live: Live, digest: str, journal: Journal | None) -> bool:
    """Its ID tells the version that was submitted; what it has become since, or is to, is only noted."""
    if journal is not None and journal.job_id == live["id"]:
        if journal.phase == "rescaling":
            return False
        if journal.rescaled is not None:
            return journal.rescaled == digest
    return identity.runs(live["id"], digest)


def _other_version(
    spec: JobSpec, digest: str, live: Live, journal: Journal | None, *, in_parallelism: bool = False
) -> Step:
    if _is_rejected(digest, journal):
        return _rejected(spec, journal)
    if journal is not None and _is_unproven(live, journal):
        return _withdrawn(spec, live, journal.origin(digest))
    if journal is not None and _may_rescale(live, journal, digest, in_parallelism=in_parallelism):
        to = f"parallelism {spec.parallelism}" if spec.parallelism else "the parallelism of the cluster"
        return Step("rescale", f"{spec.name}: to go on with {to}, without a stop.", live)
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


def _may_rescale(live: Live, journal: Journal, digest: str, *, in_parallelism: bool) -> bool:
    if not live.get("rescales") or live["state"] != "RUNNING" or journal.job_id != live["id"]:
        return False
    if journal.phase == "rescaling":
        return in_parallelism or journal.version.digest == digest
    return in_parallelism and journal.phase == "running" and _is_version(live, journal.version.digest, journal)


def _is_unproven(live: Live, journal: Journal) -> bool:
    """Whether nobody has seen it run since it was submitted, and no checkpoint says that it has."""
    is_starting = journal.phase == "starting" and journal.job_id == live["id"]
    return bool(is_starting and live.get("checkpointing", {}).get("completed") == 0)


def _progressed(live: Live) -> bool:
    return (live.get("checkpointing", {}).get("completed") or 0) > 0


def _withdrawn(spec: JobSpec, live: Live, state: SavedState | None) -> Step:
    where = f"from {state.path}" if state else "from nothing"
    return Step(
        "withdraw", f"{spec.name}: has not come to run; to be cancelled, and to begin again {where}.", live, state
    )


_HOW = {
    "savepoint": "stopped with a savepoint",
    "last-state": "cancelled, keeping its newest checkpoint",
    "stateless": "cancelled without its state",
}


def _unknown(spec: JobSpec, digest: str, ended: Live | None, found: t.Sequence[SavedState] | None) -> Step:
    """Nothing is noted of it, and it does not run."""
    if ended is not None and ended["state"] == "FINISHED" and identity.runs(ended["id"], digest):
        return Step("note", f"{spec.name}: has finished.", ended)
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
    before = _paths(journal.history)
    known = f" Its newest checkpoint is {checkpoint['path']}." if checkpoint else before and f" Its {before}."
    reason = f": {ended['failure']}" if ended.get("failure") else ""
    if is_same:
        has_origin = checkpoint or spec.upgrade == "stateless"
        origin = "" if has_origin else ", with from, the state that it is to go on from, or with upgrade: stateless"
        return Step(
            "refuse",
            f"{spec.name}: expected to run, got {ended['state']}{reason}.{known} Put the cause right, and set redeploy "
            f"to another number, to run it again{origin}.",
            ended,
            is_healthy=False,
        )
    if spec.upgrade == "stateless":
        return Step("start", f"{spec.name}: to be started from nothing.")
    if checkpoint:
        return _from(spec, _saved(checkpoint, journal, "checkpoint"), f"it has {ended['state'].lower()}")
    return _without_state(spec, f"{ended['state']}{reason}", journal.history)


def left_state(spec: JobSpec, ended: Live | None, journal: Journal) -> Step | None:
    """What a job has left that ended since it was noted, before its JobManager goes; null if there is nothing.

    Of one that has finished that is the word of it, without which it would seem to be lost.
    """
    if ended is None or ended["id"] != journal.job_id or spec.state == "absent":
        return None
    ran = journal.phase in ("running", "rescaling")
    if has_done_its_work(ended) and (ran or journal.phase == "starting"):
        return None if journal.finished else Step("note", f"{spec.name}: has finished.", ended)
    is_stopped = ended["state"] == "FINISHED"
    left = ended.get("savepoint" if is_stopped else "checkpoint")
    if not left or not ran:
        return None
    state = _saved(left, journal, "savepoint" if is_stopped else "checkpoint")
    if state.path in {known.path for known in journal.history}:
        return None
    return Step("remember", f"{spec.name}: is {ended['state']}, and has left {state.path}.", ended, state)


def _finished(spec: JobSpec, ended: Live, journal: Journal, *, is_same: bool) -> Step:
    if not has_done_its_work(ended):
        return _from(spec, _saved(ended["savepoint"], journal), "somebody stopped it")
    if is_same and not journal.finished:
        return Step("note", f"{spec.name}: has finished.", ended)
    return _has_finished(spec, ended, is_same=is_same)


def _has_finished(spec: JobSpec, ended: Live | None = None, *, is_same: bool) -> Step:
    """A cluster forgets what has ended: after ``jobstore.expiration-time``, or with its JobManager."""
    if is_same:
        return Step("keep", f"{spec.name}: has finished.", ended)
    return Step("start", f"{spec.name}: has finished; its new version is to be started from nothing.")


def has_done_its_work(ended: Live) -> bool:
    """Whether it has finished by itself: one that somebody stops with a savepoint is FINISHED as well."""
    return bool(ended["state"] == "FINISHED" and (not ended.get("savepoint") or ended.get("runs_on")))


def _gone(spec: JobSpec, digest: str, journal: Journal, found: t.Sequence[SavedState] | None) -> Step:
    """It ran when it was last noted, or has finished, and the cluster does not know it."""
    is_same = journal.version.digest == digest
    if journal.finished:
        return _has_finished(spec, is_same=is_same)
    if journal.is_bounded:
        return _perhaps_finished(spec, journal, is_same=is_same)
    return _lost(spec, journal, found)


def _lost(spec: JobSpec, journal: Journal, found: t.Sequence[SavedState] | None) -> Step:
    if spec.upgrade == "stateless":
        return Step("start", f"{spec.name}: the cluster has lost it; to be started from nothing.")
    if spec.upgrade == "last-state" and found is None:
        where = "its newest checkpoint, if the host sees one"
        return Step("resume", f"{spec.name}: the cluster has lost it; to go on from {where}.")
    checkpoints = _own_checkpoints(journal, found)
    if spec.upgrade == "last-state" and checkpoints:
        return _from(spec, checkpoints[0], "the cluster has lost it")
    unseen = "" if checkpoints else f" If it has left checkpoints, they are those of the job {journal.job_id}."
    return _without_state(spec, "nothing: the cluster has lost it", [*(found or ()), *journal.history], unseen)


def _perhaps_finished(spec: JobSpec, journal: Journal, *, is_same: bool) -> Step:
    """A batch job of which nobody knows how it ended, and which has no state to go on from."""
    if not is_same:
        return Step("start", f"{spec.name}: the cluster has forgotten it; its new version is to be started.")
    return Step(
        "refuse",
        f"{spec.name}: expected to know how it ended, since it is a batch job, got a cluster that has forgotten the "
        f"job {journal.job_id}, which may have done its work. Set redeploy to another number, to run it again; or "
        "state: absent, if it has finished.",
        is_healthy=False,
    )


def _own_checkpoints(journal: Journal, found: t.Sequence[SavedState] | None) -> list[SavedState]:
    """Those of the run that was noted: an earlier one has left older ones, also than the savepoint between them."""
    own = f"/{journal.job_id}/"
    return [state for state in found or () if state.kind == "checkpoint" and own in state.path]


def _paths(states: t.Iterable[SavedState]) -> str:
    paths = list(dict.fromkeys(state.path for state in states))
    return f"known states, the newest first, are {', '.join(paths[:3])}" if paths else ""


def _without_state(spec: JobSpec, got: str, states: t.Sequence[SavedState], unseen: str = "") -> Step:
    paths = _paths(states)
    known = f"; {paths}" if paths else ""
    return Step(
        "refuse",
        f"{spec.name}: expected to run, got {got}{known}.{unseen} Set from to the state that it is to go on from, and "
        "redeploy to another number; or upgrade: stateless, to start from nothing.",
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
