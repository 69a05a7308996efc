# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.care import (
    Care,
    Declared,
    Policy,
    Restart,
    care,
    slot_objections,
    survives,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import Step
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.restarts import CLUSTER_DEFAULT
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spare import Spare
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs

Values = t.Dict[str, t.Any]

FOREVER: Values = {"kind": "exponential-delay", "attempts": None, "delay": 1000, "text": "exponential delay"}
NEVER: Values = {"kind": "none", "attempts": None, "delay": None, "text": "no restart"}


def fixed(attempts: int, delay: int = 1000) -> Values:
    return {"kind": "fixed-delay", "attempts": attempts, "delay": delay, "text": f"{attempts} attempts"}


def live(**values: t.Any) -> Values:
    return {
        "id": "a" * 32,
        "name": "Orders",
        "state": "RUNNING",
        "tasks": {"running": 2, "total": 2},
        "checkpointing": {"enabled": True, "retained": False},
        "checkpoint": {"path": "file:/c/chk-7"},
        "restart_strategy": FOREVER,
        "restarts": 0,
        "job_type": "STREAMING",
        "slots": 2,
        **values,
    }


def cared(
    restart: Restart, jobs: list[Values], entry: Values | None = None, action: str = "keep", **policy: t.Any
) -> Care:
    """With ``entry``, the first of the jobs is a declared one."""
    declared = []
    if entry is not None:
        (spec,) = job_specs([{"name": "orders", "jar": "o.jar", **entry}])
        declared = [Declared(spec, Step(action, "orders: ...", jobs[0]))]
    return care(restart, Policy(**{"savepoint_dir": "file:/s", **policy}), jobs, declared)


JOBMANAGER = Restart(jobmanagers=1)
RECOVERS = Restart(jobmanagers=1, recovers=True)
FOUR = Restart(taskmanagers=(1, 1, 1, 1))
PAUSES = Restart(pauses=True)
UPGRADE = Restart((1, 1), jobmanagers=1, recovers=True, other_line=("1.20", "2.3"))
ROOM = Spare(first=("w3-1", "w4-1"), taken=2, free=2)
SPARE = Restart(taskmanagers=(1, 1, 1, 1), spare=ROOM)
LOST = "the JobManager restarts without high availability"

# What restarts, the job, its entry in flink_jobs, the policy; who is stopped, words of what is said.
CARES: dict[str, tuple[Restart, Values, Values | None, Values, str, str]] = {
    "nothing restarts": (Restart(), {}, {}, {}, "", ""),
    "a job that nobody declared": (JOBMANAGER, {}, None, {}, "", f"may end, since {LOST}, got refuse"),
    "the same, with the word that it may end": (JOBMANAGER, {}, None, {"unmanaged": "accept"}, "", "will be lost"),
    "the same, to be stopped": (JOBMANAGER, {}, None, {"unmanaged": "savepoint"}, "a", "its savepoint is told"),
    "the same, with nowhere to go": (
        JOBMANAGER,
        {},
        None,
        {"unmanaged": "savepoint", "savepoint_dir": None},
        "",
        "but neither execution.checkpointing.savepoint-dir nor",
    ),
    "a declared job": (JOBMANAGER, {}, {}, {}, "a", f"is stopped with a savepoint, since {LOST}; it is resumed"),
    "a declared job that has a directory of its own": (
        JOBMANAGER,
        {},
        {"savepoint_dir": "s3://b"},
        {"savepoint_dir": None},
        "a",
        "is stopped with a savepoint",
    ),
    "a declared job, and a restart is refused": (JOBMANAGER, {}, {}, {"when_lost": "refuse"}, "", "got refuse"),
    "a declared job that may end": (JOBMANAGER, {}, {}, {"when_lost": "accept"}, "", "orders: will be lost"),
    "a declared job without state": (JOBMANAGER, {}, {"upgrade": "stateless"}, {}, "a", "started again"),
    "a declared job that is restarting": (
        JOBMANAGER,
        {"state": "RESTARTING", "tasks": {"running": 0, "total": 2}},
        {},
        {},
        "",
        "not all its tasks run (0 of 2, RESTARTING)",
    ),
    "a declared job that is restarting, with a retained checkpoint": (
        JOBMANAGER,
        {"state": "RESTARTING", "checkpointing": {"enabled": True, "retained": True}},
        {"upgrade": "last-state"},
        {},
        "a",
        "keeping its newest checkpoint",
    ),
    "a declared job whose checkpoints are deleted with it": (
        JOBMANAGER,
        {},
        {"upgrade": "last-state"},
        {},
        "",
        "no checkpoint that is retained",
    ),
    "a batch job": (JOBMANAGER, {"job_type": "BATCH"}, {}, {}, "", "a batch job has no savepoints"),
    "high availability": (RECOVERS, {}, None, {}, "", "is interrupted once, and goes on from its newest checkpoint"),
    "high availability, and a job without checkpoints": (
        RECOVERS,
        {"checkpointing": {"enabled": False}},
        {},
        {},
        "a",
        "begin again from nothing",
    ),
    "high availability, and a JobManager that takes over nothing": (
        Restart(jobmanagers=1, is_highly_available=True),
        {},
        None,
        {},
        "",
        "since the JobManager that restarts does not take over its jobs, got refuse",
    ),
    "another release line": (UPGRADE, {}, {}, {}, "a", "a JobManager of Flink 2.3 cannot take over jobs of 1.20"),
    "TaskManagers": (FOUR, {}, None, {}, "", "is interrupted once"),
    "TaskManagers, one after the other": (FOUR, {}, None, {"order": "rolling"}, "", "is interrupted 4 times"),
    "TaskManagers, and a job that may not restart": (
        FOUR,
        {"restart_strategy": NEVER},
        {},
        {},
        "a",
        "an interruption (no restart)",
    ),
    "TaskManagers, and a job that nobody declared may not restart": (
        FOUR,
        {"restart_strategy": NEVER},
        None,
        {},
        "",
        "its restart strategy may not survive an interruption",
    ),
    "TaskManagers, and three attempts of a second": (FOUR, {"restart_strategy": fixed(3)}, {}, {}, "a", "3 attempts"),
    "TaskManagers, and a strategy that REST does not tell": (
        FOUR,
        {"restart_strategy": {**FOREVER, "text": CLUSTER_DEFAULT}},
        {"config": {"restart-strategy.type": "none"}},
        {},
        "a",
        "(one of its own options)",
    ),
    "TaskManagers, of which those without jobs have room for it": (
        SPARE,
        {},
        None,
        {"order": "spare"},
        "",
        "is interrupted once, and goes on from its newest checkpoint, file:/c/chk-7 or a newer one, on spare slots.",
    ),
    "TaskManagers, and none has a job": (
        Restart((1, 1), spare=Spare(first=("w3-1", "w4-1"), free=2)),
        {},
        None,
        {"order": "spare"},
        "",
        "is not touched",
    ),
    "TaskManagers, and those without jobs have no room": (
        Restart((1, 1), spare=Spare(taken=2)),
        {},
        None,
        {"order": "spare"},
        "",
        "flink_restart_order: expected as many spare slots as the TaskManagers with jobs have taken, got 0 for 2.",
    ),
    "TaskManagers, and the JobManager with high availability": (
        Restart((1, 1), jobmanagers=1, recovers=True, spare=ROOM),
        {},
        None,
        {"order": "spare"},
        "",
        "is interrupted twice",
    ),
    "the cluster is removed": (Restart(ends=True), {}, {}, {}, "a", "it is not resumed"),
    "all jobs stop": (
        PAUSES,
        {},
        {"state": "running"},
        {},
        "a",
        "since all jobs are stopped; it waits for the playbook",
    ),
    "all jobs stop, whatever a restart may": (
        PAUSES,
        {},
        {},
        {"when_lost": "refuse"},
        "a",
        "waits for the playbook resume",
    ),
    "all jobs stop, and one is in trouble": (
        PAUSES,
        {"state": "RESTARTING"},
        {},
        {},
        "",
        "(2 of 2, RESTARTING). Put that right, or choose another upgrade for it in flink_jobs.",
    ),
    "all jobs stop, also one that nobody declared": (PAUSES, {}, None, {}, "", "got refuse. Declare the job"),
    "all jobs stop but one that nobody declared": (PAUSES, {}, None, {"unmanaged": "accept"}, "", "runs on, since"),
    "all jobs stop, and of one the savepoint is told": (
        PAUSES,
        {},
        None,
        {"unmanaged": "savepoint"},
        "a",
        "its savepoint is told",
    ),
    "a job that has ended": (JOBMANAGER, {"state": "FAILED"}, None, {}, "", ""),
}


@pytest.mark.parametrize("row", CARES)
def test_no_job_is_lost_by_surprise(row: str) -> None:
    restart, different, entry, policy, stopped, words = CARES[row]
    found = cared(restart, [live(**different)], entry, **policy)
    assert "".join(job[:1] for job in found.stopped) == stopped
    said = [*found.objections, *found.sentences]
    assert (words in " ".join(said)) if words else not said, said
    assert not (found.objections and found.stopped)


@pytest.mark.parametrize("action", ["replace", "stop", "forget"])
def test_a_job_that_is_stopped_anyway_is_stopped_before_the_restart(action: str) -> None:
    assert cared(FOUR, [live()], {}, action).stopped == ("a" * 32,)


# Interruptions by TaskManagers that restart host by host.
TURNS: dict[str, tuple[Restart, int]] = {
    "none": (Restart(), 0),
    "four hosts": (FOUR, 4),
    "four hosts, two at a time": (Restart((1, 1, 1, 1), batch=2), 2),
    "hosts with two each": (Restart((2, 2)), 4),
    "hosts with two and three, at a time": (Restart((2, 3), batch=2), 3),
    "one that goes for good": (Restart(removed=2), 1),
}


@pytest.mark.parametrize("row", TURNS)
def test_interruptions_are_counted(row: str) -> None:
    restart, count = TURNS[row]
    assert restart.interruptions("rolling") == count
    assert restart.interruptions("together") == min(count, 1)


# The order by default.
ORDERS: dict[str, tuple[Restart, list[Values], Values | None, str]] = {
    "no job runs": (FOUR, [], None, "rolling"),
    "a job runs": (FOUR, [live()], None, "together"),
    "a job runs, and one TaskManager restarts": (Restart((1,)), [live()], None, "rolling"),
    "all jobs are stopped": (Restart((1,), jobmanagers=1), [live()], {}, "together"),
    "a job has ended": (FOUR, [live(state="FINISHED")], None, "rolling"),
}

# What restarts, what runs, and the order where spare is wished for.
WISHES: dict[str, tuple[Restart, list[Values], Values | None, str]] = {
    "there is room": (SPARE, [live()], None, "spare"),
    "with a JobManager whose jobs come back": (
        Restart((1, 1), jobmanagers=1, recovers=True, spare=ROOM),
        [live()],
        None,
        "spare",
    ),
    "no job runs": (SPARE, [live(state="FINISHED")], None, "together"),
    "the JobManager takes its jobs along": (Restart((1, 1), jobmanagers=1), [live()], {}, "together"),
    "no JobManager takes over jobs of another line": (UPGRADE, [live()], {}, "together"),
    "TaskManagers go for good": (Restart((1, 1), removed=1, spare=ROOM), [live()], None, "together"),
    "all jobs are stopped, as none may restart": (SPARE, [live(restart_strategy=NEVER)], {}, "together"),
}


@pytest.mark.parametrize("row", WISHES)
def test_jobs_go_to_spare_slots_only_if_they_run_on(row: str) -> None:
    restart, jobs, entry, order = WISHES[row]
    found = cared(restart, jobs, entry, order="spare")
    assert (found.order, found.objections) == (order, ())


@pytest.mark.parametrize("row", ORDERS)
def test_the_order_follows_from_the_jobs(row: str) -> None:
    restart, jobs, entry, order = ORDERS[row]
    assert cared(restart, jobs, entry).order == order
    assert cared(restart, jobs, entry, order="rolling").order == "rolling"


# Strategy, restarts so far, interruptions to come.
SURVIVALS: dict[str, tuple[Values, int, int, bool]] = {
    "none": (NEVER, 0, 1, False),
    "exponential without an end": (FOREVER, 500, 9, True),
    "exponential with few attempts": ({**FOREVER, "attempts": 5}, 0, 1, False),
    "exponential with many": ({**FOREVER, "attempts": 50}, 0, 1, True),
    "fixed, for ever": (fixed(2**31 - 1), 100, 9, True),
    "fixed, three attempts of a second": (fixed(3), 0, 1, False),
    "fixed, three attempts of half a minute": (fixed(3, 30_000), 0, 1, True),
    "fixed, three attempts of half a minute, two used": (fixed(3, 30_000), 2, 1, False),
    "fixed, without a delay": (fixed(100, 0), 0, 1, False),
    "failure rate of one": ({**fixed(1), "kind": "failure-rate"}, 0, 1, False),
    "failure rate of a hundred, all used before": ({**fixed(100), "kind": "failure-rate"}, 100, 1, True),
    "one that nobody knows": ({**fixed(100), "kind": "unknown"}, 0, 1, False),
}


@pytest.mark.parametrize("row", SURVIVALS)
def test_a_strategy_survives_or_not(row: str) -> None:
    strategy, used, interruptions, outcome = SURVIVALS[row]
    assert survives(strategy, used, interruptions) is outcome


# Parallelism of the declared jobs, slots of others, slots of the plan; whether it is refused.
SLOTS: dict[str, tuple[list[Values], list[Values], int, bool]] = {
    "as many as there are": ([{"parallelism": 4}], [], 4, False),
    "one too many": ([{"parallelism": 5}], [], 4, True),
    "the default of the cluster": ([{}], [], 2, False),
    "with a job that nobody declared": ([{"parallelism": 3}], [live()], 4, True),
    "of a job that does not run": ([{"parallelism": 9, "state": "suspended"}], [], 4, False),
}


@pytest.mark.parametrize("row", SLOTS)
def test_jobs_have_to_fit_into_the_slots_of_the_plan(row: str) -> None:
    entries, others, slots, is_refused = SLOTS[row]
    specs = job_specs([{"name": "orders", "jar": "o.jar", **entry} for entry in entries])
    said = list(slot_objections(specs, others, 2, slots))
    assert [sentence[:11] for sentence in said] == ["flink_jobs:"] * is_refused
