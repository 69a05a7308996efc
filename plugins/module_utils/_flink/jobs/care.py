# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a restart of processes does to the jobs that run, and what is done so that none is lost.

Without high availability a JobManager takes its jobs along; high availability does not carry them to another release
line. A TaskManager that ends costs each job with tasks on it a restart, which its restart strategy has to allow. From
five minutes after the start of a JobManager on, each attempt fails at once while slots are missing. Source: measured on
1.20.5 and 2.3.0; ``resourcemanager.standalone.start-up-time``.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..values.errors import listed
from .decision import TERMINAL, is_whole
from .restarts import CLUSTER_DEFAULT
from .spare import Spare

if t.TYPE_CHECKING:
    from .decision import Live, Step
    from .spec import JobSpec

# How long the slots of a TaskManager may be missing while it restarts, in ms. Measured are 5 s to 15 s.
_ABSENCE = 30_000


@dataclasses.dataclass(frozen=True)
class Restart:
    """What happens to the processes of a cluster in one run.

    ``taskmanagers`` are the numbers of those that restart, host by host in the order of their turns, ``batch`` hosts at
    a time; ``removed`` are those that go for good. ``recovers`` tells whether a JobManager that comes back finds its
    jobs: high availability, the same as before, and the same release line. ``ends`` is for a cluster that is removed,
    ``halts`` for one that is stopped for a while, ``pauses`` for one whose jobs stop and whose processes go on.
    """

    taskmanagers: tuple[int, ...] = ()
    batch: int = 1
    removed: int = 0
    jobmanagers: int = 0
    recovers: bool = False
    is_highly_available: bool = False
    other_line: tuple[str, str] | None = None
    ends: bool = False
    halts: bool = False
    pauses: bool = False
    spare: Spare = dataclasses.field(default_factory=Spare)

    @property
    def is_any(self) -> bool:
        is_ended = self.ends or self.halts or self.pauses
        return bool(self.taskmanagers or self.removed or self.jobmanagers or is_ended)

    @property
    def carries_jobs(self) -> bool:
        """Whether jobs can go from the slots that they have to others: no JobManager ends them, and none has to go."""
        return not self.removed and not (self.jobmanagers and (self.other_line or not self.recovers))

    def interruptions(self, order: str) -> int:
        """How often a job with tasks everywhere is restarted because of its TaskManagers."""
        if order == "together":
            return 1 if self.taskmanagers or self.removed else 0
        if order == "spare":
            return 1 if self.spare.taken else 0
        batches = range(0, len(self.taskmanagers), self.batch)
        turns = sum(max(self.taskmanagers[start : start + self.batch]) for start in batches)
        return turns + (1 if self.removed else 0)


@dataclasses.dataclass(frozen=True)
class Policy:
    """The choices of the user: ``when_lost`` for declared jobs, ``unmanaged`` for others; ``order`` may be left open.

    ``savepoint_dir`` is where savepoints go without another word.
    """

    when_lost: str = "savepoint"
    unmanaged: str = "refuse"
    order: str | None = None
    savepoint_dir: str | None = None


@dataclasses.dataclass(frozen=True)
class Declared:
    """A declared job, and what has to be done with it anyway.

    ``is_noted`` tells whether the run has the JobManager hosts, where it is noted how a job was stopped.
    """

    spec: JobSpec
    step: Step
    is_noted: bool = True


@dataclasses.dataclass(frozen=True)
class Care:
    """What is done about the jobs; ``stopped`` are the IDs of those that are stopped before the first restart."""

    objections: tuple[str, ...]
    order: str
    stopped: tuple[str, ...]
    sentences: tuple[str, ...]


def care(restart: Restart, policy: Policy, jobs: t.Sequence[Live], declared: t.Sequence[Declared]) -> Care:
    """``jobs`` are the jobs of the cluster with their details, see ``answers``."""
    alive = [job for job in jobs if job["state"] not in TERMINAL]
    by_id = {entry.step.live["id"]: entry for entry in declared if entry.step.live is not None}
    order = policy.order or ("together" if alive and restart.interruptions("rolling") > 1 else "rolling")
    if order == "spare" and not (alive and restart.carries_jobs):
        order = "together"
    objections: list[str] = []
    stopped: list[str] = []
    sentences: list[str] = []
    for job in alive if restart.is_any else ():
        entry = by_id.get(job["id"])
        loss = _loss(job, restart, order, entry)
        is_stopped_anyway = entry is not None and entry.step.action in ("replace", "stop", "forget", "withdraw")
        if is_stopped_anyway:
            # Once is enough.
            loss = loss or "it is to be stopped anyway"
        if loss is None:
            sentences.append(_survives(entry.spec.name if entry else job["name"], job, restart, order))
            continue
        name = _named(job, entry)
        is_meant = is_stopped_anyway or restart.pauses
        choice = policy.unmanaged if entry is None else "savepoint" if is_meant else policy.when_lost
        hindrance = _hindrance(job, entry, policy) if choice == "savepoint" else None
        if choice == "refuse" or hindrance:
            objections.append(_objection(name, loss, entry, hindrance, pauses=restart.pauses))
        elif choice == "savepoint":
            stopped.append(job["id"])
            sentences.append(_stopped(name, loss, entry, restart))
        elif restart.pauses:
            sentences.append(f"{name}: runs on, since flink_jobs_unmanaged is accept.")
        else:
            sentences.append(f"{name}: will be lost, since {loss}.")
    if policy.order != "rolling" and len(stopped) == len(alive) and stopped:
        order = "together"
    if order == "spare":
        objections += restart.spare.objections()
    return Care(tuple(objections), order, tuple(stopped), tuple(sentences))


def _loss(job: Live, restart: Restart, order: str, entry: Declared | None) -> str | None:
    """Why a job would be lost, or its state; null if it comes back by itself."""
    if restart.ends or restart.halts or restart.pauses:
        return (
            "all jobs are stopped" if restart.pauses else f"the cluster is {'removed' if restart.ends else 'stopped'}"
        )
    if restart.jobmanagers:
        if restart.other_line:
            before, after = restart.other_line
            return f"a JobManager of Flink {after} cannot take over jobs of {before}"
        if not restart.recovers:
            takes_none = "that restarts does not take over its jobs"
            how = takes_none if restart.is_highly_available else "restarts without high availability"
            return f"the JobManager {how}"
    count = restart.interruptions(order) + restart.jobmanagers
    if not job["checkpointing"]["enabled"]:
        return "it has no checkpoints and would begin again from nothing"
    strategy = job["restart_strategy"]
    if entry is not None and strategy["text"] == CLUSTER_DEFAULT and any(map(_is_of_strategy, entry.spec.config)):
        # Before 2.0 REST does not tell a strategy that came with the submission.
        strategy = {**strategy, "kind": "unknown", "text": "one of its own options"}
    if restart.interruptions(order) and not survives(strategy, job["restarts"] or 0, count):
        return f"its restart strategy may not survive {_interruptions(count)} ({strategy['text'].rstrip('.')})"
    return None


def _is_of_strategy(key: str) -> bool:
    return key.startswith("restart-strategy")


def survives(strategy: t.Mapping[str, t.Any], used: int, interruptions: int) -> bool:
    """Whether a job that has used ``used`` restarts outlives these, in each of which every attempt fails at once.

    ``strategy`` is that of ``answers``, with its times in ms.
    """
    kind = strategy["kind"]
    if kind == "none":
        return False
    if kind == "exponential-delay":
        return strategy.get("attempts") is None or strategy["attempts"] - used >= 10 * interruptions
    if kind not in ("fixed-delay", "failure-rate") or strategy.get("attempts") is None:
        return False
    needed = interruptions * (1 + _ABSENCE // max(strategy.get("delay") or 0, 1))
    if kind == "failure-rate":
        used = 0
    return bool(strategy["attempts"] - used >= needed)


def _survives(name: str, job: Live, restart: Restart, order: str) -> str:
    count = restart.interruptions(order) + restart.jobmanagers
    if not count:
        return f"{name}: is not touched."
    checkpoint = job.get("checkpoint")
    state = f", {checkpoint['path']} or a newer one" if checkpoint and checkpoint.get("path") else ""
    place = ", on spare slots" if order == "spare" and restart.spare.taken else ""
    return f"{name}: is interrupted {_times(count)}, and goes on from its newest checkpoint{state}{place}."


def _hindrance(job: Live, entry: Declared | None, policy: Policy) -> str | None:
    """Why it cannot be stopped with its state."""
    upgrade = entry.spec.upgrade if entry else "savepoint"
    if entry and not entry.is_noted:
        return "this run has no JobManager host, where that is noted"
    if upgrade == "stateless" or (entry and entry.step.action == "withdraw"):
        return None
    if upgrade == "last-state":
        is_kept = job["checkpointing"].get("retained") and job.get("checkpoint")
        return None if is_kept else "it has no checkpoint that is retained when it is cancelled"
    if job.get("job_type") == "BATCH":
        return "a batch job has no savepoints"
    if not is_whole(job):
        return f"not all its tasks run ({job['tasks']['running']} of {job['tasks']['total']}, {job['state']})"
    has_place = policy.savepoint_dir or (entry and entry.spec.savepoint_dir)
    return None if has_place else "neither execution.checkpointing.savepoint-dir nor its savepoint_dir is set"


def _objection(name: str, loss: str, entry: Declared | None, hindrance: str | None, *, pauses: bool) -> str:
    variable = "flink_jobs_when_lost" if entry else "flink_jobs_unmanaged"
    if hindrance:
        remedy = "Put that right, or choose another upgrade for it in flink_jobs" if entry else "Put that right"
        remedy = remedy if not entry or entry.is_noted else "Run it on all hosts of the cluster at once"
        if not pauses:
            remedy += f"; or set {variable} to accept the loss"
        return f"{name}: expected to be stopped with its state, since {loss}, but {hindrance}. {remedy}."
    remedy = (
        "Set it to savepoint, to have the job stopped with a savepoint and resumed from it"
        if entry
        else "Declare the job in flink_jobs, to have it resumed; or set flink_jobs_unmanaged to savepoint, to have it "
        "stopped with a savepoint whose path is told"
    )
    accepted = "leave it running" if pauses else "lose it"
    return f"{variable}: expected that {name} may end, since {loss}, got refuse. {remedy}; or to accept, to {accepted}."


def _stopped(name: str, loss: str, entry: Declared | None, restart: Restart) -> str:
    how = {"stateless": "cancelled", "last-state": "cancelled, keeping its newest checkpoint"}.get(
        entry.spec.upgrade if entry else "", "stopped with a savepoint"
    )
    if entry is None:
        after = "nothing can resume it, as it is not declared in flink_jobs: its savepoint is told"
    elif restart.pauses and entry.spec.is_wanted:
        after = "it waits for the playbook resume"
    elif restart.ends or not entry.spec.is_wanted:
        after = "it is not resumed"
    else:
        after = "it is started again" if entry.spec.upgrade == "stateless" else "it is resumed from there"
    return f"{name}: is {how}, since {loss}; {after}."


def _named(job: Live, entry: Declared | None) -> str:
    """A declared job by its name; another one by the name that its program gives it, which need not be the only one."""
    return entry.spec.name if entry else f"{job['name']} ({job['id']})"


def slot_objections(
    wanted: t.Sequence[JobSpec], others: t.Sequence[Live], default_parallelism: int, slots: int
) -> t.Iterator[str]:
    """Slots wanted against slots planned; ``others`` are the jobs that run and are not declared.

    A job takes as many slots as it has parallel instances, as far as can be known before it runs.
    """
    asked = {spec.name: spec.parallelism or default_parallelism for spec in wanted if spec.is_wanted}
    asked.update({job["name"]: job["slots"] for job in others if job.get("slots")})
    if sum(asked.values()) > slots:
        each = listed([f"{name} {count}" for name, count in asked.items()], most=8)
        yield (
            f"flink_jobs: expected jobs that fit into the {slots} slots of the plan, got {sum(asked.values())} slots "
            f"wanted ({each}). Lower a parallelism, raise taskmanager.numberOfTaskSlots, or add TaskManagers."
        )


def _interruptions(count: int) -> str:
    return "an interruption" if count == 1 else f"{count} interruptions"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
