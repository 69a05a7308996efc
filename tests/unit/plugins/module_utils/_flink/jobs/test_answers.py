# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs import answers
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.answers import Answers, LiveJob, Operation
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.jobs.recorded import (
    RECORDED,
    RELEASES,
    recorded,
)

every_release = pytest.mark.parametrize("release", RELEASES)
SAVED = "A savepoint has been created at: file:/s/1, but the corresponding job 1 failed during stopping."


def read(release: str, as_of: str | None = None, **changed: t.Any) -> LiveJob:
    """A job as it is read, with some of the answers changed; ``as_of`` is the release that they are taken for."""
    given: dict[str, t.Any] = {
        "overview": recorded(release, "jobs-overview"),
        "job": recorded(release, "job"),
        "config": recorded(release, "job-config"),
        "checkpoints": recorded(release, "checkpoints"),
        "checkpoint_config": recorded(release, "checkpoints-config"),
        "exceptions": recorded(release, "exceptions"),
        "metrics": [{"id": "numRestarts", "value": "0"}],
        "cluster": recorded(release, "jobmanager-config"),
        **changed,
    }
    listed = answers.read_jobs(given.pop("overview"))[0]
    cluster = answers.read_cluster(given.pop("cluster"))
    return answers.read_job(listed, Answers(**given), cluster, ["tm1"], Release.parse(as_of or release))


@every_release
def test_a_running_job(release: str) -> None:
    job = read(release)
    listed = recorded(release, "jobs-overview")["jobs"][0]
    path = f"file:/data/{listed['jid']}/chk-5"
    assert job == {
        "id": listed["jid"],
        "name": "my job",
        "state": "RUNNING",
        "start_time": listed["start-time"],
        "duration": listed["duration"],
        "tasks": {"total": 8, "running": 8, "finished": 0},
        "job_type": "STREAMING",
        "parallelism": 4,
        "max_parallelism": 128,
        "slots": 4,
        "restarts": 0,
        "restart_strategy": {
            "kind": "exponential-delay",
            "attempts": 2**31 - 1,
            "delay": 1000,
            "interval": None,
            "text": "Cluster level default restart strategy",
        },
        "checkpointing": {
            "enabled": True,
            "interval": 2000,
            "retention": "RETAIN_ON_CANCELLATION",
            "retained": True,
            "completed": 5,
            "newest": job["checkpoint"] and job["checkpoint"]["time"],
            "directory": "file:/data",
            "savepoint_directory": None,
        },
        "checkpoint": {"path": path, "time": job["checkpoint"] and job["checkpoint"]["time"], "size": 9928},
        "savepoint": None,
        "runs_on": False,
        "restored": None,
        "taskmanagers": ["tm1"],
        "failure": None,
        "failure_time": None,
        "user_config": {},
        "rescales": False,
    }


ADAPTIVE = {"jobmanager.scheduler": "Adaptive"}
# The release, options of the cluster, the type of the job; whether its parallelism changes while it runs.
RESCALES: dict[str, tuple[str, dict[str, str], str, bool]] = {
    "the adaptive scheduler": ("2.3.0", ADAPTIVE, "STREAMING", True),
    "the same before 1.18": ("1.17", ADAPTIVE, "STREAMING", False),
    "the default scheduler": ("2.3.0", {}, "STREAMING", False),
    "a batch job": ("2.3.0", ADAPTIVE, "BATCH", False),
    "reactive mode": ("2.3.0", {**ADAPTIVE, "scheduler-mode": "REACTIVE"}, "STREAMING", False),
}


@pytest.mark.parametrize("row", RESCALES)
def test_which_jobs_change_their_parallelism_while_they_run(row: str) -> None:
    release, options, job_type, rescales = RESCALES[row]
    cluster = [{"key": key, "value": value} for key, value in options.items()]
    job = read("2.3.0", as_of=release, cluster=cluster, job={**recorded("2.3.0", "job"), "job-type": job_type})
    assert job["rescales"] is rescales


@every_release
def test_a_savepoint_after_which_a_job_runs_on(release: str) -> None:
    checkpoints = recorded(release, "checkpoints-after-stop")
    assert not read(release, checkpoints=checkpoints)["runs_on"]
    checkpoints["latest"]["savepoint"]["checkpoint_type"] = "SAVEPOINT"
    assert read(release, checkpoints=checkpoints)["runs_on"]


@every_release
def test_a_stopped_job(release: str) -> None:
    job = read(
        release,
        overview=recorded(release, "jobs-overview-after-stop"),
        job=recorded(release, "job-after-stop"),
        checkpoints=recorded(release, "checkpoints-after-stop"),
        metrics=[],
    )
    assert (job["state"], job["tasks"]) == ("FINISHED", {"total": 8, "running": 0, "finished": 8})
    assert (job["checkpoint"], job["restarts"]) == (None, None)
    assert job["savepoint"] is not None
    assert job["savepoint"]["path"] == recorded(release, "stop-done")["operation"]["location"]


@every_release
def test_a_resumed_job(release: str) -> None:
    job = read(release, checkpoints=recorded(release, "checkpoints-resumed"))
    assert job["restored"] == recorded(release, "stop-done")["operation"]["location"]
    assert job["checkpointing"]["completed"] == 1


@every_release
def test_a_job_that_restarts(release: str) -> None:
    job = read(
        release,
        job=recorded(release, "job-restarting"),
        exceptions=recorded(release, "exceptions-restarting"),
        metrics=[{"id": "numRestarts", "value": "3"}],
    )
    assert (job["restarts"], job["failure"]) == (3, "told to fail by /data/fail")
    assert (job["failure_time"] or 0) > 1_700_000_000_000


@every_release
@pytest.mark.parametrize("interval", [0, 2**63 - 1, None])
def test_a_job_without_checkpoints(release: str, interval: int | None) -> None:
    config = recorded(release, "checkpoints-config")
    config["interval"] = interval
    job = read(
        release,
        checkpoints=recorded(release, "checkpoints-disabled"),
        checkpoint_config=None if interval is None else config,
    )
    assert (job["checkpoint"], job["restart_strategy"]["kind"]) == (None, "none")
    assert job["checkpointing"] == {
        "enabled": False,
        "interval": None,
        "retention": None,
        "retained": False,
        "completed": 0,
        "newest": None,
        "directory": "file:///data/cp",
        "savepoint_directory": None,
    }


RETENTIONS = [
    ({"enabled": False, "delete_on_cancellation": True}, "NO_EXTERNALIZED_CHECKPOINTS", False),
    ({"enabled": True, "delete_on_cancellation": True}, "DELETE_ON_CANCELLATION", False),
    ({"enabled": True, "delete_on_cancellation": False}, "RETAIN_ON_CANCELLATION", True),
]


@pytest.mark.parametrize(("externalization", "retention", "retained"), RETENTIONS)
def test_retention(externalization: dict[str, bool], retention: str, retained: bool) -> None:
    config = {**recorded("2.3.0", "checkpoints-config"), "externalization": externalization}
    checkpointing = read("2.3.0", checkpoint_config=config)["checkpointing"]
    assert (checkpointing["retention"], checkpointing["retained"]) == (retention, retained)


def vertices(*given: tuple[str | None, int, int]) -> dict[str, t.Any]:
    found: list[dict[str, t.Any]] = []
    for place, (group, width, limit) in enumerate(given):
        found.append({"id": f"{place:032x}", "parallelism": width, "maxParallelism": limit})
        if group is not None:
            found[-1]["slotSharingGroupId"] = group
    return {"vertices": found}


# Slot sharing group, parallelism and its limit of each vertex; parallelism, limit, slots, and the vertices to ask.
WIDTHS: dict[str, tuple[list[tuple[str | None, int, int]], tuple[int, int | None, int, list[int]]]] = {
    "one group": ([("a", 1, 128), ("a", 4, 64)], (4, 64, 4, [1])),
    "two groups": ([("a", 1, 128), ("b", 4, 128), ("a", 2, 128)], (4, 128, 6, [2, 1])),
    "groups that are not told": ([(None, 1, 128), (None, 4, 128)], (4, 128, 4, [0, 1])),
    "not scheduled yet": ([("a", -1, -1)], (0, None, 0, [0])),
    "no vertices": ([], (0, None, 0, [])),
}


@pytest.mark.parametrize(("given", "expected"), WIDTHS.values(), ids=WIDTHS)
def test_slots(given: list[tuple[str | None, int, int]], expected: tuple[int, int | None, int, list[int]]) -> None:
    job = read("2.3.0", job=vertices(*given))
    asked = [int(vertex, 16) for vertex in answers.read_vertices(vertices(*given))]
    assert (job["parallelism"], job["max_parallelism"], job["slots"], asked) == expected


def test_an_old_release_tells_less() -> None:
    old = {name: body for name, (_status, body) in RECORDED["1.13.6"].items()}
    (listed,) = answers.read_jobs(old["jobs-overview"])
    found = Answers(
        *(old[name] for name in ("job", "job-config", "checkpoints", "checkpoints-config", "exceptions", "metrics"))
    )
    taskmanagers = answers.read_taskmanagers(old["vertex-taskmanagers"])
    job = answers.read_job(
        listed, found, answers.read_cluster(old["jobmanager-config"]), taskmanagers, Release.parse("1.13.6")
    )
    assert (job["name"], job["job_type"], job["max_parallelism"], job["slots"]) == ("orders", None, 128, 2)
    assert (job["taskmanagers"], job["restarts"], job["failure"]) == (["tm1"], 0, None)
    assert job["restart_strategy"]["kind"] == "fixed-delay"
    assert job["checkpointing"]["retained"]
    assert job["checkpoint"] is not None
    assert answers.read_features(old["config"]) == {"submit": True, "cancel": True}


def test_exceptions_before_1_13() -> None:
    old = {"root-exception": "a.AException: no use\n\tat a.B", "timestamp": 5, "all-exceptions": []}
    job = read("1.20.5", exceptions=old, metrics=None)
    assert (job["failure"], job["failure_time"], job["restarts"]) == ("no use", 5, None)


PLACES = {
    "1.19": ({"state.savepoints.dir": "/s", "execution.checkpointing.savepoint-dir": "/ignored"}, "/s"),
    "1.20": ({"state.savepoints.dir": "/s"}, "/s"),
    "2.3": ({"state.savepoints.dir": "/s", "execution.checkpointing.savepoint-dir": "/t"}, "/t"),
}


@pytest.mark.parametrize(("line", "options", "place"), [(line, *row) for line, row in PLACES.items()], ids=PLACES)
def test_places_of_state(line: str, options: dict[str, str], place: str) -> None:
    listed = answers.read_jobs(recorded("2.3.0", "jobs-overview"))[0]
    found = Answers(recorded("2.3.0", "job"), None, None, None, recorded("2.3.0", "exceptions"), None)
    job = answers.read_job(listed, found, options, None, Release.parse(line))
    assert job["checkpointing"]["savepoint_directory"] == place
    assert job["taskmanagers"] is None


def test_a_checkpoint_in_memory_is_no_place_to_start_from() -> None:
    checkpoints = recorded("2.3.0", "checkpoints")
    checkpoints["latest"]["completed"]["external_path"] = "<checkpoint-not-externally-addressable>"
    job = read("2.3.0", checkpoints=checkpoints)
    assert job["checkpoint"] is None
    assert job["checkpointing"]["completed"] == 5
    assert job["checkpointing"]["newest"] == checkpoints["latest"]["completed"]["latest_ack_timestamp"]


def test_a_running_job_has_replaced_the_checkpoint_that_is_told() -> None:
    checkpoints = recorded("2.3.0", "checkpoints")
    checkpoints["latest"]["completed"]["discarded"] = True
    told = read("2.3.0", checkpoints=checkpoints)["checkpoint"]
    assert told == read("2.3.0")["checkpoint"]
    ended = read("2.3.0", checkpoints=checkpoints, overview=recorded("2.3.0", "jobs-overview-after-stop"))
    assert ended["checkpoint"] is None


def test_names_and_parameters_that_mean_no_good() -> None:
    overview = recorded("2.3.0", "jobs-overview")
    overview["jobs"][0]["name"] = "\x1b[2J" + "x" * 5000
    config = recorded("2.3.0", "job-config")
    config["execution-config"]["user-config"] = {"db.password": "sesame", "a\n": "\ud800"}
    job = read("2.3.0", overview=overview, config=config)
    assert job["name"].startswith(r"\x1b[2J")
    assert len(job["name"]) == 1000
    assert job["user_config"] == {"db.password": "******", r"a\n": r"\ud800"}


@every_release
def test_the_parameters_of_a_submission(release: str) -> None:
    job = read(release, config=recorded(release, "job-config-with-parameters"))
    assert job["user_config"] == {"deploy.name": "orders", "deploy.digest": "abc123"}


OPERATIONS = {
    "stop-done": "done",
    "savepoint-done": "done",
    "stop-failed": "failed",
    "stop-restarting": "failed",
}


@every_release
@pytest.mark.parametrize(("name", "status"), OPERATIONS.items())
def test_operations(release: str, name: str, status: str) -> None:
    operation = answers.read_operation(recorded(release, name))
    assert operation.status == status
    assert (operation.path is not None, operation.reason is not None) == (status == "done", status == "failed")
    if name == "stop-failed":
        assert operation.reason == "Failed to create savepoint directory at /proc/nowhere"


MORE_OPERATIONS = {
    "in progress": ({"status": {"id": "IN_PROGRESS"}}, Operation("running")),
    "disposed of": ({"status": {"id": "COMPLETED"}, "operation": {}}, Operation("done")),
    "disposed of, up to 1.x": ({"status": {"id": "COMPLETED"}, "operation": None}, Operation("done")),
    "failed after the savepoint": (
        {
            "status": {"id": "COMPLETED"},
            "operation": {"failure-cause": {"stack-trace": f"a.AException: x\nCaused by: a.BException: {SAVED}"}},
        },
        Operation("failed", "file:/s/1", SAVED.rstrip(".")),
    ),
    "failed without a word": (
        {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": {"stack-trace": ""}}},
        Operation("failed", None, "an unknown reason"),
    ),
}


@pytest.mark.parametrize(("answer", "operation"), MORE_OPERATIONS.values(), ids=MORE_OPERATIONS)
def test_more_operations(answer: t.Any, operation: Operation) -> None:
    assert answers.read_operation(answer) == operation


@every_release
def test_what_is_accepted(release: str) -> None:
    assert answers.read_trigger(recorded(release, "stop")) == recorded(release, "stop")["request-id"]
    assert answers.read_run(recorded(release, "jars-run")) == recorded(release, "jars-run")["jobid"]
    assert answers.read_jar(recorded(release, "jars-upload")).endswith("_count.jar")
    assert answers.read_state(recorded(release, "job-status")) == "RUNNING"
    assert answers.read_features(recorded(release, "config")) == {"submit": True, "cancel": True}
    assert answers.read_features(recorded(release, "config-restricted")) == {"submit": False, "cancel": False}


def test_taskmanagers() -> None:
    given = {"taskmanagers": [{"taskmanager-id": "tm1"}, {"taskmanager-id": "(unassigned)"}]}
    assert answers.read_taskmanagers(given) == ["tm1"]


# What other servers may answer, and servers that mean no good.
FOREIGN: dict[str, t.Any] = {
    "null": None,
    "number": 5,
    "text": "hello",
    "list": ["hello"],
    "list of lists": [[]],
    "empty mapping": {},
    "error": {"errors": ["Not found."]},
    "mapping of null": dict.fromkeys(("jobs", "status", "operation", "request-id", "filename", "jobid", "features")),
    "mapping of texts": dict.fromkeys(("jobs", "status", "vertices", "taskmanagers", "features", "latest"), "none"),
    "jobs without IDs": {"jobs": [{"name": "x"}]},
    "IDs that lead elsewhere": {"jobs": [{"jid": "../../cluster"}], "jobid": "../x", "request-id": "a/b"},
    "vertices that lead elsewhere": {"vertices": [{"id": "../x", "parallelism": 1}]},
    "files that lead elsewhere": {"filename": "/tmp/..?x"},
    "states that drive a terminal": {"status": "\x1b[2J"},
    "another status": {"status": {"id": "DONE"}},
    "TaskManagers without IDs": {"taskmanagers": [{"host": "a"}]},
}
READERS: dict[str, tuple[t.Callable[[t.Any], t.Any], str]] = {
    "jobs": (answers.read_jobs, "/jobs/overview"),
    "state": (answers.read_state, "/jobs/:id/status"),
    "features": (answers.read_features, "/config"),
    "time": (answers.read_now, "/jobs/:id"),
    "refresh interval": (answers.read_refresh_interval, "/config"),
    "vertices": (answers.read_vertices, "/jobs/:id"),
    "TaskManagers": (answers.read_taskmanagers, "/jobs/:id/vertices"),
    "operation": (answers.read_operation, "/jobs/:id/savepoints/:id"),
    "trigger": (answers.read_trigger, "/jobs/:id/savepoints"),
    "jar": (answers.read_jar, "/jars/upload"),
    "run": (answers.read_run, "/jars/:id/run"),
    "plan": (answers.read_plan, "/jars/:id/plan"),
    "requirements": (answers.read_requirements, "/jobs/:id/resource-requirements"),
    "parallelisms": (answers.read_parallelisms, "/jobs/:id"),
}


@pytest.mark.parametrize("answer", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize(("reader", "path"), READERS.values(), ids=READERS)
def test_answers_of_other_servers(reader: t.Callable[[t.Any], t.Any], path: str, answer: t.Any) -> None:
    with pytest.raises(FlinkError, match=f"^{re.escape(path)}: this is not the answer of a Flink JobManager"):
        reader(answer)


# Parts of the answers about one job, and values that no JobManager gives them; the path of the answer.
STRANGE: dict[str, tuple[dict[str, t.Any], str]] = {
    "no job": ({"job": None}, "/jobs/:id"),
    "a job of texts": ({"job": {"vertices": ["a"]}}, "/jobs/:id"),
    "a limit of text": (
        {"job": {"vertices": [{"id": "0" * 32, "parallelism": 1, "maxParallelism": "a"}]}},
        "/jobs/:id",
    ),
    "no states": ({"checkpoints": {}}, "/jobs/:id/checkpoints"),
    "states of text": ({"checkpoints": {"latest": "a", "counts": {"completed": 1}}}, "/jobs/:id/checkpoints"),
    "no count": ({"checkpoints": {"latest": {}, "counts": {"completed": -1}}}, "/jobs/:id/checkpoints"),
    "a checkpoint without size": (
        {"checkpoints": {"latest": {"completed": {"external_path": "a"}}, "counts": {"completed": 1}}},
        "/jobs/:id/checkpoints",
    ),
    "an interval of text": ({"checkpoint_config": {"interval": "a"}}, "/jobs/:id/checkpoints/config"),
    "no externalization": ({"checkpoint_config": {"interval": 5}}, "/jobs/:id/checkpoints/config"),
    "a strategy of numbers": ({"config": {"execution-config": {"restart-strategy": 5}}}, "/jobs/:id/config"),
    "parameters of numbers": ({"config": {"execution-config": {"user-config": {"a": 5}}}}, "/jobs/:id/config"),
    "no exceptions": ({"exceptions": None}, "/jobs/:id/exceptions"),
    "exceptions of text": ({"exceptions": {"exceptionHistory": {"entries": "a"}}}, "/jobs/:id/exceptions"),
    "metrics of text": ({"metrics": ["a"]}, "/jobs/:id/metrics"),
    "a configuration of text": ({"cluster": ["a"]}, "/jobmanager/config"),
    "a configuration of numbers": ({"cluster": [{"key": "a", "value": 5}]}, "/jobmanager/config"),
}


@pytest.mark.parametrize(("changed", "path"), STRANGE.values(), ids=STRANGE)
def test_strange_parts_of_a_job(changed: dict[str, t.Any], path: str) -> None:
    with pytest.raises(FlinkError, match=f"^{re.escape(path)}: this is not the answer of a Flink JobManager"):
        read("2.3.0", **changed)
