# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the jobs of a cluster do and what befell them, as the REST API tells it.

Every reader raises FlinkError for what no JobManager would answer.

Source: ``JobDetailsHeaders``, ``CheckpointingStatisticsHeaders``, ``JobExceptionsHeaders``, ``JsonPlanGenerator``;
1.10 - 2.3.
"""

from __future__ import annotations

import typing as t

from ..jobs import answers
from ..jobs.decision import TERMINAL
from ..values.foreign import answer_of, count, mapping, name, number, objects, text
from ..values.traces import excerpt

if t.TYPE_CHECKING:
    from ..jobs.answers import ListedJob
    from .readings import Edge, Failure, JobReading

    Vertex = t.Dict[str, t.Any]

# Exchanges in which a subtask sends to some of the others only. Source: StreamPartitioner.isPointwise
_POINTWISE = ("FORWARD", "RESCALE")
_UNASSIGNED = "(unassigned)"
# A job of a thousand subtasks can fail with as many exceptions.
_MOST_AT_ONCE = 20


class Checkpoints(t.NamedTuple):
    """How many there were in this run, and the size of the newest in bytes; null where there are none."""

    completed: int | None = None
    failed: int | None = None
    state_size: int | None = None


class Shape(t.NamedTuple):
    """What a job is made of; ``groups`` are its vertices by the slots that they share, the widest of each first.

    Before 1.20 nobody tells, so that all are in one. ``running`` are those at work, the busiest up to now first.
    """

    parallelism: int = 0
    slots: int = 0
    edges: tuple[Edge, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    running: tuple[str, ...] = ()


class Failures(t.NamedTuple):
    """Exceptions of a job, the latest first, and how many were left out beside others of the same failure."""

    shown: list[Failure]
    left_out: int


class JobLook(t.NamedTuple):
    """What is said of one job without metrics."""

    listed: ListedJob
    shape: Shape
    checkpoints: Checkpoints


def in_order(jobs: t.Iterable[ListedJob]) -> list[ListedJob]:
    """Those that run first, then those that failed, then all others; of each the latest."""

    def rank(job: ListedJob) -> tuple[int, int, str]:
        ended = 0 if job["state"] not in TERMINAL else 1 if job["state"] == "FAILED" else 2
        return ended, -job["start_time"], job["id"]

    return sorted(jobs, key=rank)


def read_shape(answer: t.Any) -> Shape:
    """What ``GET /jobs/:id`` says that a job is made of."""
    with answer_of("/jobs/:id"):
        groups = answers.slot_groups(answer)
        vertices = [vertex for group in groups for vertex in group]
        told = groups if answers.has_groups(groups) else [vertices]
        return Shape(
            answers.widest(groups),
            answers.least_slots(groups),
            tuple(_edges(answer, {vertex["id"]: count(vertex["parallelism"]) for vertex in vertices})),
            tuple(tuple(vertex["id"] for vertex in sorted(group, key=_narrowness)) for group in told if group),
            tuple(vertex["id"] for vertex in sorted(vertices, key=_idleness) if vertex.get("status") == "RUNNING"),
        )


def _narrowness(vertex: Vertex) -> int:
    return -int(vertex["parallelism"])


def _idleness(vertex: Vertex) -> float:
    """By the work of a vertex up to now, where it is told (1.16): it is most likely the one that works."""
    worked = mapping(vertex.get("metrics") or {}).get("accumulated-busy-time")
    return -worked if isinstance(worked, (int, float)) and worked > 0 else 0


def _edges(answer: t.Any, parallelism: t.Mapping[str, int]) -> t.Iterator[Edge]:
    """The exchanges of the plan; one without a known end, or of unknown kind, is one in which each sends to each."""
    for node in objects(mapping(answer.get("plan") or {}).get("nodes") or []):
        for source in objects(node.get("inputs") or []):
            ends = text(source["id"]), text(node["id"])
            if all(end in parallelism for end in ends):
                yield {
                    "source_parallelism": parallelism[ends[0]],
                    "target_parallelism": parallelism[ends[1]],
                    "is_all": text(source.get("ship_strategy") or "").upper() not in _POINTWISE,
                }


def read_checkpoints(answer: t.Any) -> Checkpoints:
    """What ``GET /jobs/:id/checkpoints`` says, which there is of no job that makes none."""
    if answer is None:
        return Checkpoints()
    with answer_of("/jobs/:id/checkpoints"):
        counts = mapping(answer["counts"])
        completed = mapping(mapping(answer["latest"]).get("completed") or {})
        size = number(completed["state_size"]) if completed else None
        return Checkpoints(number(counts["completed"]), number(counts["failed"]), size)


def read_restarts(answer: t.Any) -> int | None:
    """What ``GET /jobs/:id/metrics`` says."""
    with answer_of("/jobs/:id/metrics"):
        return answers.read_restarts(answer)


def job_reading(job: JobLook, restarts: int | None, *, is_busy: bool | None) -> JobReading:
    """All that is known of one job."""
    listed, shape, checkpoints = job
    return {
        "id": listed["id"],
        "name": listed["name"],
        "state": listed["state"],
        "started": listed["start_time"] // 1000,
        "parallelism": shape.parallelism,
        "slots": shape.slots,
        "edges": list(shape.edges),
        "restarts": restarts,
        "checkpoints_completed": checkpoints.completed,
        "checkpoints_failed": checkpoints.failed,
        "state_size": checkpoints.state_size,
        "is_busy": is_busy,
    }


def read_endpoints(answer: t.Any) -> dict[str, str]:
    """The TaskManagers of ``GET /taskmanagers`` by the endpoints under which exceptions before 1.17 name them."""
    with answer_of("/taskmanagers"):
        found = {}
        for entry in objects(answer["taskmanagers"]):
            host = text(entry["path"]).rpartition("@")[2].partition("/")[0].rpartition(":")[0]
            found[f"{host}:{number(entry['dataPort'])}"] = name(entry["id"])
        return found


def read_failures(job: str, endpoints: t.Mapping[str, str], answer: t.Any) -> Failures:
    """The exceptions of ``GET /jobs/:id/exceptions``, the latest first.

    A failure of a job that only wraps those of its tasks is left out, since they name a TaskManager.
    """
    with answer_of("/jobs/:id/exceptions"):
        found: list[Failure] = []
        left_out = 0
        for root, concurrent in _failures(answer):
            tasks = _distinct([_failure(job, entry, endpoints) for entry in concurrent])
            whole = None if root is None else _failure(job, root, endpoints)
            if whole is not None and (_has_place(whole) or not _wraps(text(root["stacktrace"]), concurrent)):
                found.append(whole)
            found += tasks[:_MOST_AT_ONCE]
            left_out += len(tasks[_MOST_AT_ONCE:])
        return Failures(sorted(_distinct(found), key=lambda failure: -failure["time"]), left_out)


def _failures(answer: t.Any) -> t.Iterator[tuple[t.Any, list[dict[str, t.Any]]]]:
    """Each failure of a job, null if there is none, and those of its tasks, in the words of 1.13 and newer."""
    history = answer.get("exceptionHistory")
    if history is not None:
        for entry in objects(history["entries"]):
            yield entry, objects(entry.get("concurrentExceptions") or [])
        return
    tasks = [{**entry, "stacktrace": entry["exception"]} for entry in objects(answer["all-exceptions"])]
    trace = answer.get("root-exception")
    yield None if trace is None else {"stacktrace": trace, "timestamp": answer["timestamp"]}, tasks


def _has_place(failure: Failure) -> bool:
    return failure["taskmanager"] is not None or failure["endpoint"] is not None


def _wraps(trace: str, concurrent: list[dict[str, t.Any]]) -> bool:
    return any(text(entry["stacktrace"]).split("\n", 1)[0] in trace for entry in concurrent)


def _failure(job: str, entry: dict[str, t.Any], endpoints: t.Mapping[str, str]) -> Failure:
    endpoint = entry.get("endpoint") or entry.get("location")
    known = None if endpoint is None or endpoint == _UNASSIGNED else name(endpoint)
    taskmanager = entry.get("taskManagerId")
    return {
        "job": job,
        "time": number(entry["timestamp"]) // 1000,
        "taskmanager": endpoints.get(known or "") if taskmanager is None else name(taskmanager),
        "endpoint": known,
        "text": excerpt(text(entry["stacktrace"])),
        "source": f"/jobs/{job}/exceptions",
    }


def _distinct(failures: list[Failure]) -> list[Failure]:
    """The first of those that say the same of one TaskManager at one time."""
    return list({(failure["time"], failure["taskmanager"], failure["text"]): failure for failure in failures}.values())
