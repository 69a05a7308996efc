# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import rest_jobs
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.observation.recorded import (
    RECORDED,
    recorded,
)

JOB = "0" * 32
# Release and failure: which TaskManagers are named, where they are, and how the texts begin.
FAILURES: dict[str, tuple[str, str, list[tuple[str | None, str | None, str]]]] = {
    "a full heap of 1.13, which names an address only": (
        "1.13.6",
        "heap",
        [(None, "localhost:45247", "java.lang.OutOfMemoryError: Java heap space\n    at FailJob$Eat.")],
    ),
    "too few buffers": (
        "1.20.5",
        "buffers",
        [("tm-a", "localhost:38327", "java.io.IOException: Insufficient number of network buffers: required 3, but")],
    ),
    "a lost heartbeat": (
        "1.20.5",
        "meta",
        [("tm-a", "localhost:35615", "java.util.concurrent.TimeoutException: The heartbeat of TaskManager with id tm")],
    ),
    "a full heap": (
        "2.3.0",
        "heap",
        [("tm-a", "localhost:43761", "java.lang.OutOfMemoryError: Java heap space\n    at FailJob$Eat.")],
    ),
    "too few slots, which are on no TaskManager": (
        "2.3.0",
        "slots",
        [(None, None, "java.util.concurrent.CompletionException: java.util.concurrent.CompletionException: org.")],
    ),
}


@pytest.mark.parametrize("release", RECORDED)
def test_a_job(release: str) -> None:
    shape = rest_jobs.read_shape(recorded(release, "job"))
    vertices = [vertex["id"] for vertex in recorded(release, "job")["vertices"]]
    assert (shape.parallelism, shape.slots, shape.groups) == (2, 2, (tuple(vertices),))
    assert shape.edges == ({"source_parallelism": 2, "target_parallelism": 2, "is_all": True},) * 2
    assert sorted(shape.running) == sorted(vertices)


@pytest.mark.parametrize(
    ("strategy", "is_all"),
    [
        *(("HASH", True), ("REBALANCE", True), ("BROADCAST", True), ("GLOBAL", True), ("CUSTOM", True), (None, True)),
        *(("FORWARD", False), ("Forward", False), ("RESCALE", False)),
    ],
)
def test_who_sends_to_each(strategy: str | None, is_all: bool) -> None:
    job = recorded("2.3.0", "job")
    for node in job["plan"]["nodes"]:
        for source in node.get("inputs", []):
            source["ship_strategy"] = strategy
    assert {edge["is_all"] for edge in rest_jobs.read_shape(job).edges} == {is_all}


def test_the_parallelism_of_an_edge_is_that_of_now() -> None:
    job = recorded("2.3.0", "job")
    job["vertices"][0]["parallelism"] = 8
    assert rest_jobs.read_shape(job).edges[1] == {"source_parallelism": 8, "target_parallelism": 2, "is_all": True}
    assert rest_jobs.read_shape(job).groups[0][0] == job["vertices"][0]["id"]


def test_the_busiest_vertex_comes_first() -> None:
    job = recorded("2.3.0", "job")
    job["vertices"][0]["metrics"]["accumulated-busy-time"] = "NaN"
    job["vertices"][2]["metrics"]["accumulated-busy-time"] = 10**9
    job["vertices"][1]["status"] = "FINISHED"
    assert rest_jobs.read_shape(job).running == (job["vertices"][2]["id"], job["vertices"][0]["id"])


@pytest.mark.parametrize("release", RECORDED)
def test_checkpoints(release: str) -> None:
    answer = recorded(release, "job_checkpoints")
    completed = answer["latest"]["completed"]
    counts = answer["counts"]
    assert rest_jobs.read_checkpoints(answer) == (counts["completed"], counts["failed"], completed["state_size"])


def test_a_job_without_checkpoints() -> None:
    assert rest_jobs.read_checkpoints(None) == (None, None, None)
    answer = {**recorded("2.3.0", "job_checkpoints"), "latest": {"completed": None}}
    assert rest_jobs.read_checkpoints(answer).state_size is None


@pytest.mark.parametrize(("release", "name", "expected"), FAILURES.values(), ids=FAILURES)
def test_failures(release: str, name: str, expected: list[tuple[str | None, str | None, str]]) -> None:
    found = rest_jobs.read_failures(JOB, {}, recorded(release, f"exceptions_{name}")).shown
    assert [(failure["taskmanager"], failure["endpoint"]) for failure in found] == [each[:2] for each in expected]
    for failure, (_taskmanager, _endpoint, begin) in zip(found, expected):
        assert failure["text"].startswith(begin)
        assert (failure["job"], failure["source"]) == (JOB, f"/jobs/{JOB}/exceptions")
        assert 1795700000 < failure["time"] < 1795800000


@pytest.mark.parametrize("release", RECORDED)
def test_a_job_that_never_failed(release: str) -> None:
    assert rest_jobs.read_failures(JOB, {}, recorded(release, "exceptions")) == ([], 0)


def test_before_there_was_a_history() -> None:
    answer = recorded("1.13.6", "exceptions_heap")
    del answer["exceptionHistory"]
    (failure,) = rest_jobs.read_failures(JOB, {"localhost:45247": "tm-a"}, answer).shown
    assert (failure["taskmanager"], failure["time"]) == ("tm-a", 1795732332)
    answer["all-exceptions"] = []
    (failure,) = rest_jobs.read_failures(JOB, {}, answer).shown
    assert failure["text"].startswith("org.apache.flink.runtime.JobException: Recovery is suppressed")
    assert "\nCaused by: java.lang.OutOfMemoryError: Java heap space" in failure["text"]


def test_a_failure_that_names_its_taskmanager_itself() -> None:
    entry = {"timestamp": 2000, "stacktrace": "a.AException: it", "taskManagerId": "tm-a", "endpoint": "h:1"}
    other = {"timestamp": 1000, "stacktrace": "a.AException: it", "taskManagerId": "tm-b", "location": "h:2"}
    answer = {"exceptionHistory": {"entries": [{**entry, "concurrentExceptions": [other, other]}]}}
    found = rest_jobs.read_failures(JOB, {}, answer).shown
    assert [(failure["taskmanager"], failure["time"]) for failure in found] == [("tm-a", 2), ("tm-b", 1)]


def test_a_thousand_tasks_that_fail_at_once() -> None:
    tasks = [{"timestamp": n, "stacktrace": "a.A: it", "taskManagerId": f"tm-{n}"} for n in range(1000)]
    entry = {"timestamp": 1, "stacktrace": "Caused by: a.A: it", "concurrentExceptions": tasks}
    found = rest_jobs.read_failures(JOB, {}, {"exceptionHistory": {"entries": [entry]}})
    assert (len(found.shown), found.left_out) == (20, 980)


@pytest.mark.parametrize("release", RECORDED)
def test_endpoints(release: str) -> None:
    answer = recorded(release, "taskmanagers")
    port = answer["taskmanagers"][0]["dataPort"]
    assert rest_jobs.read_endpoints(answer) == {f"localhost:{port}": "tm-a"}


def test_which_jobs_come_first() -> None:
    jobs: t.Any = [
        {"id": "done", "state": "FINISHED", "start_time": 9},
        {"id": "failed", "state": "FAILED", "start_time": 1},
        {"id": "old", "state": "RUNNING", "start_time": 1},
        {"id": "new", "state": "RESTARTING", "start_time": 2},
    ]
    assert [job["id"] for job in rest_jobs.in_order(jobs)] == ["new", "old", "failed", "done"]


@pytest.mark.parametrize("answer", [{}, [], 1, None, {"vertices": [1]}, {"exceptionHistory": []}, {"counts": 1}, "x"])
@pytest.mark.parametrize(
    "read",
    [
        rest_jobs.read_shape,
        lambda answer: rest_jobs.read_checkpoints(answer or {}),
        lambda answer: rest_jobs.read_failures(JOB, {}, answer or {"exceptionHistory": {}}),
        rest_jobs.read_endpoints,
    ],
    ids=["job", "checkpoints", "exceptions", "TaskManagers"],
)
def test_other_servers(read: t.Callable[[t.Any], t.Any], answer: t.Any) -> None:
    with pytest.raises(FlinkError, match="this is not the answer of a Flink JobManager"):
        read(answer)
