# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a JobManager says of its jobs.

Source: the REST API, ``JobsOverviewHeaders``, ``JobDetailsHeaders``, ``JobConfigHeaders``,
``CheckpointingStatisticsHeaders``, ``CheckpointConfigHeaders``, ``JobExceptionsHeaders``,
``AsynchronousOperationResult``; 1.10 - 2.3. All times are milliseconds since 1970, all durations milliseconds.
"""

from __future__ import annotations

import re
import typing as t

from ..values.foreign import answer_of, count, mapping, name, number, objects, text
from ..values.secrets import is_secret
from ..values.traces import printable, root_cause
from .decision import TERMINAL
from .requests import RESCALING
from .restarts import RestartStrategy, read_restart_strategy

if t.TYPE_CHECKING:
    from ..values.release import Release

_ID = re.compile(r"[0-9a-f]{32}")
_STATE = re.compile(r"[A-Z_]{1,40}")
_VERTEX = re.compile(r"[0-9a-f]{32}(?:_[0-9a-f]{32})?")
_JAR = re.compile(r"[\w.-]{1,300}")
_LONGEST_NAME = 1000
_LONGEST_VALUE = 10_000
# An interval that means: never.
_NEVER = 2**63 - 1
# What Flink says if a job fails after its savepoint is complete. Source: StopWithSavepointStoppingException, 1.15 - 2.3
_SAVED = re.compile(r"A savepoint has been created at: (\S+), but the corresponding job")
_MASK = "******"
# The type of a savepoint after which the job runs on. Source: CheckpointStatistics.RestAPICheckpointType
_ORDINARY = "SAVEPOINT"
_RETAINED = "RETAIN_ON_CANCELLATION"

# From these lines on, the options for places of state have these names besides the old ones.
_NEW_NAMES = (1, 20)
_PLACES = {"checkpoints": "execution.checkpointing.dir", "savepoints": "execution.checkpointing.savepoint-dir"}


class Tasks(t.TypedDict):
    """How many tasks there are, and how many run or have done their work."""

    total: int
    running: int
    finished: int


class ListedJob(t.TypedDict):
    """A job as the list of all jobs has it, which is never out of date."""

    id: str
    name: str
    state: str
    start_time: int
    duration: int
    tasks: Tasks


class Checkpointing(t.TypedDict):
    """How a job makes checkpoints: ``interval`` is null if it makes none by itself.

    ``retention`` has the words of ``execution.checkpointing.externalized-checkpoint-retention``, ``retained`` tells
    whether checkpoints outlive a job that is cancelled; ``completed`` is how many there were in this run, ``newest``
    when the last of them was, in ms since 1970, wherever it is kept; null for none. The directories are null if there
    are none, or if only the job knows them.
    """

    enabled: bool
    interval: int | None
    retention: str | None
    retained: bool
    completed: int
    newest: int | None
    directory: str | None
    savepoint_directory: str | None


class Checkpoint(t.TypedDict):
    """The newest checkpoint that another job can be started from: on disk, and not deleted.

    While the job runs it is the newest that was told of; meanwhile there may be another one in its place.
    """

    path: str
    time: int
    size: int


class Savepoint(t.TypedDict):
    """The newest savepoint of this run of the job."""

    path: str
    time: int


class LiveJob(ListedJob):
    """All that is known of a job; what its release does not tell is null.

    ``slots`` is the least number of slots that it needs: before 1.20 REST does not tell slot sharing groups.
    ``taskmanagers`` are the IDs of those with tasks. ``runs_on`` tells of the newest savepoint that it was not made to
    stop the job. ``failure`` is the root cause of the last exception. ``rescales`` tells whether its parallelism can be
    changed while it runs.
    """

    job_type: str | None
    parallelism: int
    max_parallelism: int | None
    slots: int
    restarts: int | None
    restart_strategy: RestartStrategy
    checkpointing: Checkpointing
    checkpoint: Checkpoint | None
    savepoint: Savepoint | None
    runs_on: bool
    restored: str | None
    taskmanagers: list[str] | None
    failure: str | None
    failure_time: int | None
    user_config: dict[str, str]
    rescales: bool


class Operation(t.NamedTuple):
    """What became of a savepoint or of its disposal: ``status`` is running, done, failed or unknown.

    ``path`` is the savepoint, if there is one: also if the job failed after it was made. ``reason`` is why it failed.
    """

    status: str
    path: str | None = None
    reason: str | None = None


# By vertex.
Parallelisms = t.Dict[str, t.Tuple[int, int]]


class Answers(t.NamedTuple):
    """What REST says of one job; null for what it does not know of this one, or not in this release."""

    job: t.Any
    config: t.Any
    checkpoints: t.Any
    checkpoint_config: t.Any
    exceptions: t.Any
    metrics: t.Any


# What matters of ``GET /jobs/:id`` for a job without tasks.
NO_TASKS: t.Mapping[str, t.Any] = {"vertices": []}


def read_jobs(answer: t.Any) -> list[ListedJob]:
    """The jobs of ``GET /jobs/overview``. All readers raise FlinkError if no JobManager would answer so."""
    with answer_of("/jobs/overview"):
        return [_listed(job) for job in objects(answer["jobs"])]


def _listed(job: dict[str, t.Any]) -> ListedJob:
    return {
        "id": job_id(job["jid"]),
        "name": printable(text(job["name"]), _LONGEST_NAME),
        "state": _state(job["state"]),
        "start_time": number(job["start-time"]),
        "duration": count(job["duration"]),
        "tasks": {
            "total": number(job["tasks"]["total"]),
            "running": number(job["tasks"]["running"]),
            "finished": number(job["tasks"]["finished"]),
        },
    }


def read_state(answer: t.Any) -> str:
    """The state of ``GET /jobs/:id/status``."""
    with answer_of("/jobs/:id/status"):
        return _state(answer["status"])


def read_cluster(answer: t.Any) -> dict[str, str]:
    """The options of ``GET /jobmanager/config``."""
    with answer_of("/jobmanager/config"):
        return {text(entry["key"]): text(entry["value"]) for entry in objects(answer)}


def read_features(answer: t.Any) -> dict[str, bool]:
    """Whether ``GET /config`` allows to submit jobs, and to cancel them in the web interface."""
    with answer_of("/config"):
        features = mapping(answer["features"])
        return {"submit": bool(features["web-submit"]), "cancel": bool(features.get("web-cancel", True))}


def read_now(answer: t.Any) -> int:
    """When the JobManager gave this answer to ``GET /jobs/:id``."""
    with answer_of("/jobs/:id"):
        return number(answer["now"])


def read_refresh_interval(answer: t.Any) -> int:
    """For how many milliseconds ``GET /config`` says that views of jobs are kept."""
    with answer_of("/config"):
        return number(answer["refresh-interval"])


def read_vertices(answer: t.Any) -> list[str]:
    """The vertices of ``GET /jobs/:id`` that run on all TaskManagers of the job: the widest of each group of slots."""
    with answer_of("/jobs/:id"):
        return [max(group, key=lambda vertex: count(vertex["parallelism"]))["id"] for group in slot_groups(answer)]


def read_taskmanagers(answer: t.Any) -> list[str]:
    """The IDs of ``GET /jobs/:id/vertices/:id/taskmanagers``; one is unknown as long as a task is on none."""
    with answer_of("/jobs/:id/vertices"):
        ids = [name(entry["taskmanager-id"]) for entry in objects(answer["taskmanagers"])]
        return [found for found in ids if found != "(unassigned)"]


def read_job(
    listed: ListedJob, answers: Answers, cluster: t.Mapping[str, str], taskmanagers: list[str] | None, release: Release
) -> LiveJob:
    """All that is said of a job; ``cluster`` are the options of the JobManager."""
    with answer_of("/jobs/:id"):
        groups, job_type = slot_groups(answers.job), _job_type(answers.job)
    with answer_of("/jobs/:id/checkpoints"):
        states = _states(answers.checkpoints, has_ended=listed["state"] in TERMINAL)
    with answer_of("/jobs/:id/checkpoints/config"):
        checkpointing = _checkpointing(answers.checkpoint_config)
    with answer_of("/jobs/:id/config"):
        strategy, user_config = _config(answers.config)
    with answer_of("/jobs/:id/exceptions"):
        failure, failure_time = _failure(answers.exceptions)
    with answer_of("/jobs/:id/metrics"):
        restarts = read_restarts(answers.metrics)
    limits = [vertex.get("maxParallelism", -1) for group in groups for vertex in group]
    checkpointing["completed"], checkpointing["newest"] = states.completed, states.newest
    checkpointing["directory"] = _own_directory(states.checkpoint, listed["id"]) or place_of(
        "checkpoints", cluster, release
    )
    checkpointing["savepoint_directory"] = place_of("savepoints", cluster, release)
    return {
        **listed,
        "job_type": job_type,
        "parallelism": widest(groups),
        "max_parallelism": min((limit for limit in limits if limit > 0), default=None),
        "slots": least_slots(groups),
        "restarts": restarts,
        "restart_strategy": read_restart_strategy(strategy, cluster, release, has_checkpoints=checkpointing["enabled"]),
        "checkpointing": checkpointing,
        "checkpoint": states.checkpoint,
        "savepoint": states.savepoint,
        "runs_on": states.runs_on,
        "restored": states.restored,
        "taskmanagers": taskmanagers,
        "failure": failure,
        "failure_time": failure_time,
        "user_config": user_config,
        "rescales": _rescales(cluster, release) and job_type != "BATCH",
    }


def _rescales(cluster: t.Mapping[str, str], release: Release) -> bool:
    """Source: ``JobResourceRequirementsHeaders``, ``AdaptiveScheduler`` (1.18 - 2.3), ``JobManagerOptions``."""
    is_reactive = cluster.get("scheduler-mode", "").lower() == "reactive"
    is_adaptive = cluster.get("jobmanager.scheduler", "").lower() == "adaptive"
    return is_adaptive and not is_reactive and release.version >= RESCALING


def read_requirements(answer: t.Any) -> Parallelisms:
    """The bounds of each vertex of ``GET /jobs/:id/resource-requirements``: the least and the most."""
    with answer_of("/jobs/:id/resource-requirements"):
        bounds = {_vertex(key): mapping(value)["parallelism"] for key, value in mapping(answer).items()}
        if not bounds:
            raise TypeError
        return {key: (count(value["lowerBound"]), count(value["upperBound"])) for key, value in bounds.items()}


def read_plan(answer: t.Any) -> dict[str, int]:
    """The parallelism of each vertex that ``POST /jars/:id/plan`` says a program would have."""
    with answer_of("/jars/:id/plan"):
        return {_vertex(node["id"]): count(node["parallelism"]) for node in objects(answer["plan"]["nodes"])}


def read_parallelisms(answer: t.Any) -> dict[str, int]:
    """The parallelism of each vertex of ``GET /jobs/:id``."""
    with answer_of("/jobs/:id"):
        return {_vertex(vertex["id"]): count(vertex["parallelism"]) for vertex in objects(answer["vertices"])}


def read_operation(answer: t.Any) -> Operation:
    """A savepoint, a stop or a disposal, as it is asked for by its trigger ID."""
    with answer_of("/jobs/:id/savepoints/:id"):
        status = text(answer["status"]["id"])
        if status == "IN_PROGRESS":
            return Operation("running")
        if status != "COMPLETED":
            raise TypeError
        operation = mapping(answer.get("operation") or {})
        if operation.get("failure-cause") is None:
            return Operation("done", _path(operation.get("location")))
        trace = text(mapping(operation["failure-cause"])["stack-trace"])
        saved = _SAVED.search(trace)
        return Operation("failed", _path(saved[1]) if saved else None, root_cause(trace) or "an unknown reason")


def read_trigger(answer: t.Any) -> str:
    """The trigger ID of an operation that was accepted."""
    with answer_of("/jobs/:id/savepoints"):
        return job_id(answer["request-id"])


def read_jar(answer: t.Any) -> str:
    """The ID of a jar that was uploaded: the last part of a path."""
    with answer_of("/jars/upload"):
        found = text(answer["filename"]).rpartition("/")[2]
        if _JAR.fullmatch(found) is None:
            raise TypeError
        return found


def read_run(answer: t.Any) -> str:
    """The ID of a job that was accepted."""
    with answer_of("/jars/:id/run"):
        return job_id(answer["jobid"])


def job_id(value: object) -> str:
    """An ID of 32 hexadecimal digits. Raises TypeError for anything else."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise TypeError


def _vertex(value: object) -> str:
    if isinstance(value, str) and _VERTEX.fullmatch(value):
        return value
    raise TypeError


def _state(value: object) -> str:
    if isinstance(value, str) and _STATE.fullmatch(value):
        return value
    raise TypeError


def slot_groups(job: t.Any) -> list[list[dict[str, t.Any]]]:
    """The vertices of ``GET /jobs/:id`` by the slots that they share; each by itself where that is not told.

    Raises TypeError, KeyError for what no JobManager would answer.
    """
    groups: dict[str, list[dict[str, t.Any]]] = {}
    for vertex in objects(job["vertices"]):
        count(vertex["parallelism"])
        _vertex(vertex["id"])
        if not isinstance(vertex.get("maxParallelism", -1), int):
            raise TypeError
        groups.setdefault(text(vertex.get("slotSharingGroupId") or vertex["id"]), []).append(vertex)
    return list(groups.values())


def widest(groups: list[list[dict[str, t.Any]]]) -> int:
    """The highest parallelism."""
    return max(_widths(groups), default=0)


def least_slots(groups: list[list[dict[str, t.Any]]]) -> int:
    """The least number of slots that a job takes."""
    return sum(_widths(groups)) if has_groups(groups) else widest(groups)


def _widths(groups: list[list[dict[str, t.Any]]]) -> list[int]:
    return [max(count(vertex["parallelism"]) for vertex in group) for group in groups]


def has_groups(groups: list[list[dict[str, t.Any]]]) -> bool:
    """Whether it is told which vertices share slots: from 1.20 on."""
    return all(vertex.get("slotSharingGroupId") for group in groups for vertex in group)


def _job_type(job: dict[str, t.Any]) -> str | None:
    found = job.get("job-type") or mapping(job.get("plan") or {}).get("type")
    return found if found in ("STREAMING", "BATCH") else None


class _States(t.NamedTuple):
    completed: int = 0
    newest: int | None = None
    checkpoint: Checkpoint | None = None
    savepoint: Savepoint | None = None
    restored: str | None = None
    runs_on: bool = False


def _states(answer: t.Any, *, has_ended: bool) -> _States:
    if answer is None:
        return _States()
    latest = mapping(answer["latest"])
    # A view that REST has kept shows the checkpoint of that time, which a running job deletes once it has another.
    completed = mapping(latest.get("completed") or {})
    checkpoint = _kept(completed, is_view=not has_ended)
    savepoint = _kept(latest.get("savepoint"))
    return _States(
        number(answer["counts"]["completed"]),
        number(completed["latest_ack_timestamp"]) if completed else None,
        t.cast("Checkpoint", {**checkpoint, "size": number(completed["state_size"])}) if checkpoint else None,
        savepoint,
        _path(mapping(latest.get("restored") or {}).get("external_path")),
        mapping(latest.get("savepoint") or {}).get("checkpoint_type") == _ORDINARY,
    )


def _kept(state: t.Any, *, is_view: bool = False) -> Savepoint | None:
    """Path and time of a state, null if there is none that outlives the JobManager."""
    found = mapping(state or {})
    path = None if found.get("discarded") and not is_view else _path(found.get("external_path"))
    return None if path is None else {"path": path, "time": number(found["latest_ack_timestamp"])}


def _checkpointing(answer: t.Any) -> Checkpointing:
    interval = 0 if answer is None else count(answer["interval"])
    enabled = 0 < interval < _NEVER
    retention = None
    if enabled:
        kept = mapping(answer["externalization"])
        retention = "DELETE_ON_CANCELLATION" if kept.get("delete_on_cancellation") else _RETAINED
        retention = retention if kept["enabled"] else "NO_EXTERNALIZED_CHECKPOINTS"
    return {
        "enabled": enabled,
        "interval": interval if enabled else None,
        "retention": retention,
        "retained": retention == _RETAINED,
        "completed": 0,
        "newest": None,
        "directory": None,
        "savepoint_directory": None,
    }


def _own_directory(checkpoint: Checkpoint | None, job: str) -> str | None:
    """The directory of a job's checkpoints, as the path of one of them shows."""
    found = checkpoint and re.fullmatch(rf"(.+)/{job}/chk-[0-9]+", checkpoint["path"])
    return found[1] if found else None


def place_of(kind: str, cluster: t.Mapping[str, str], release: Release) -> str | None:
    """Where the options of a cluster put checkpoints or savepoints."""
    newer = cluster.get(_PLACES[kind]) if release.version >= _NEW_NAMES else None
    return newer or cluster.get(f"state.{kind}.dir")


def _path(value: object) -> str | None:
    """A place of state; none for what Flink writes in its stead if nobody else can read it."""
    path = None if value is None else name(value)
    return None if path is None or path.startswith("<") else path


def _config(answer: t.Any) -> tuple[str, dict[str, str]]:
    """How a job restarts, and its global parameters without secrets. Only a job that was never built has neither."""
    config = mapping(answer.get("execution-config") or {}) if answer is not None else {}
    parameters = mapping(config.get("user-config") or {})
    shown = {
        printable(key, _LONGEST_NAME): _MASK if is_secret(key) else printable(text(value), _LONGEST_VALUE)
        for key, value in parameters.items()
    }
    return text(config.get("restart-strategy", "")), shown


def _failure(answer: t.Any) -> tuple[str | None, int | None]:
    history = answer.get("exceptionHistory")
    if history is None:
        found = [(answer.get("timestamp"), answer.get("root-exception"))]
    else:
        found = [(entry["timestamp"], entry["stacktrace"]) for entry in objects(history["entries"])]
    known = [(number(time), text(trace)) for time, trace in found if trace is not None]
    time, trace = max(known, default=(None, ""))
    return root_cause(trace) or None, time


def read_restarts(answer: t.Any) -> int | None:
    """The restarts of a job since its JobManager knows it, of ``GET /jobs/:id/metrics``; none once it has ended.

    Raises TypeError, KeyError for what no JobManager would answer.
    """
    values = [text(metric["value"]) for metric in objects(answer or []) if metric.get("id") == "numRestarts"]
    return int(values[0]) if values and values[0].isdecimal() and len(values[0]) < 20 else None
