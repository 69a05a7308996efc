# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import collections
import contextlib
import json
import threading
import time
import typing as t
from urllib.parse import unquote

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.module_utils import _cluster_look
from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import readings, rest_metrics
from ansible_collections.streamops.flink.plugins.modules import cluster_metrics_info
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.observation.recorded import (
    RECORDED,
    recorded,
    values,
)
from ansible_collections.streamops.flink.tests.unit.plugins.quiet_server import QuietHandler, QuietServer

Run = t.Callable[..., "dict[str, t.Any]"]

CPU_TIME = "Status.JVM.CPU.Time"
TASKMANAGERS, JOBMANAGER = "/taskmanagers/metrics", "/jobmanager/metrics"
ONE_LOOK = "Whether metrics are of now is not known: that takes two looks. Set wait to 10 seconds or more."
NO_CACHE = (
    "fail-state: no metrics of RocksDB's cache. If it is RocksDB that keeps the state, set "
    "state.backend.rocksdb.metrics.block-cache-usage and .block-cache-capacity to true."
)
PAGE = b"<!DOCTYPE html><title>Sign in</title>"


class Cluster(QuietServer):
    """A JobManager with one job, whose answers and metrics were recorded.

    ``answers`` are bodies by paths; a number is a status, bytes are sent as they are, and a function is called.
    ``metrics`` are values by names, by the paths that answer them: names without values unless some are asked for.
    """

    def __init__(self, release: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        job = recorded(release, "job")
        self.job = f"/jobs/{job['jid']}"
        self.vertices = [f"{self.job}/vertices/{vertex['id']}" for vertex in job["vertices"]]
        listed = {"jid": job["jid"], "name": job["name"], "state": "RUNNING", "start-time": job["start-time"]}
        tasks = {"total": 6, "running": 6, "finished": 0}
        self.answers: dict[str, t.Any] = {
            "/overview": recorded(release, "overview"),
            "/taskmanagers": recorded(release, "taskmanagers"),
            "/jobmanager/config": recorded(release, "jobmanager_config"),
            "/jobs/overview": {"jobs": [{**listed, "duration": 9, "tasks": tasks}]},
            self.job: job,
            f"{self.job}/checkpoints": recorded(release, "job_checkpoints"),
            f"{self.job}/exceptions": recorded(release, "exceptions"),
            self.vertices[1]: {
                "subtasks": [{"subtask": n, "status": "RUNNING", "taskmanager-id": "tm-a"} for n in (0, 1)]
            },
        }
        first = values(release, "vertex1_metrics")
        self.metrics: dict[str, dict[str, t.Any]] = {
            JOBMANAGER: values(release, "jobmanager_metrics"),
            "/taskmanagers/tm-a/metrics": values(release, "taskmanager_metrics_status"),
            f"{self.job}/metrics": {"numRestarts": "3", "uptime": "7"},
            f"{self.vertices[1]}/metrics": {**first, **{f"1{name[1:]}": value for name, value in first.items()}},
        }
        self.unions: dict[str, list[dict[str, t.Any]]] = {
            TASKMANAGERS: recorded(release, "taskmanagers_metrics_list"),
            **{
                f"{vertex}/subtasks/metrics": [
                    *recorded(release, f"vertex{number}_subtasks_metrics_list"),
                    *recorded(release, f"vertex{number}_subtasks_metrics"),
                ]
                for number, vertex in enumerate(self.vertices)
            },
        }
        self.heard: list[str] = []

    @property
    def counts(self) -> collections.Counter[str]:
        """How often each path was asked for."""
        return collections.Counter(request.partition("?")[0] for request in self.heard)

    def said(self, path: str, names: list[str] | None) -> t.Any:
        """What it answers; names are null where none are asked for."""
        if path in self.answers:
            answer = self.answers[path]
            return answer() if callable(answer) else answer
        if path in self.unions:
            union = self.unions[path]
            if names is None:
                return [{"id": each["id"]} for each in union]
            return [each for each in union if each["id"] in names and len(each) > 1]
        if path not in self.metrics:
            return 404
        known = self.metrics[path]
        if names is None:
            return [{"id": name} for name in known]
        return [{"id": name, "value": self._value(known[name])} for name in names if name in known]

    @staticmethod
    def _value(value: t.Any) -> t.Any:
        return value() if callable(value) else value


class _Handler(QuietHandler):
    server: Cluster

    def answer(self) -> None:
        self.server.heard.append(self.path)
        path, _mark, query = self.path.partition("?")
        asked = dict(part.partition("=")[::2] for part in query.split("&"))
        names = [unquote(name) for name in asked["get"].split(",")] if "get" in asked else None
        said = 404 if len(self.requestline) > 4096 else self.server.said(path, names)
        status = said if isinstance(said, int) else 200
        body = said if isinstance(said, bytes) else json.dumps({"errors": []} if status == 404 else said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serving(release: str) -> t.Iterator[Cluster]:
    with Cluster(release) as cluster:
        thread = threading.Thread(target=cluster.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield cluster
        finally:
            cluster.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A JobManager that refreshes its metrics a hundred times as often."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(rest_metrics, "REFRESH", 0.1)
    monkeypatch.setattr(_cluster_look, "_SETTLING", 0.03)
    monkeypatch.setattr(_cluster_look, "_PAUSE", 0.01)


@pytest.fixture
def cluster() -> t.Iterator[Cluster]:
    with serving("2.3.0") as cluster:
        yield cluster


def look(cluster: Cluster, *, seconds: float = 20, wait: float = 0, **params: t.Any) -> readings.ClusterReading:
    names = ("url_username", "url_password", "ca_path", "client_cert", "client_key")
    options = {**dict.fromkeys(names), "validate_certs": True, "url": cluster.url, **params}
    return _cluster_look.ClusterLook(options, seconds, wait).reading()


@pytest.mark.parametrize("release", RECORDED)
def test_a_cluster(release: str, run: Run) -> None:
    with serving(release) as cluster:
        found = run(url=f"{cluster.url}/", _ansible_check_mode=True)["cluster"]
    (taskmanager,), (job,) = found["taskmanagers"], found["jobs"]
    assert found["flink_version"] == release
    assert (taskmanager["id"], taskmanager["slots"], taskmanager["free_slots"]) == ("tm-a", 2, 0)
    assert taskmanager["memory"]["total_process"] == 943718400
    assert taskmanager["jvm"]["heap_max"] == 356515840
    assert taskmanager["managed_used"] == taskmanager["managed_total"] == 134217728
    assert taskmanager["rocksdb"]["cache_capacity"] == 2 * 55924053
    assert found["jobmanager"]["memory"]["total_process"] > found["jobmanager"]["jvm"]["heap_max"] > 0
    assert (job["name"], job["state"], job["restarts"], job["is_busy"]) == ("fail-state", "RUNNING", 3, True)
    assert (taskmanager["is_fresh"], found["jobmanager"]["is_fresh"], found["failures"]) == (None, None, [])
    assert found["unknown"][-1] == ONE_LOOK
    assert abs(found["time"] - time.time()) < 60


def test_releases_that_report_less_say_so() -> None:
    with serving("1.13.6") as cluster:
        assert look(cluster)["unknown"] == ["This release does not report collection_rate, network_wanted.", ONE_LOOK]


def test_how_many_requests_it_takes(cluster: Cluster) -> None:
    look(cluster)
    assert sum(cluster.counts.values()) == 7 + 1 + 4 + 1 + 2 + 2
    assert max(map(len, cluster.heard)) < 4000


def test_the_first_answer_is_empty(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest_metrics, "REFRESH", 60)
    later: t.Iterator[t.Any] = iter([[], []])
    known = cluster.unions.pop(TASKMANAGERS)
    cluster.answers[TASKMANAGERS] = lambda: next(later, known)
    found = look(cluster)
    assert (found["taskmanagers"][0]["managed_total"], found["unknown"]) == (134217728, [ONE_LOOK])
    assert cluster.counts[TASKMANAGERS] == 3


def test_no_metrics_at_all(cluster: Cluster) -> None:
    cluster.answers.update({TASKMANAGERS: [], JOBMANAGER: []})
    found = look(cluster)
    assert found["unknown"][0] == (
        "/jobmanager/metrics, /taskmanagers/metrics: no metrics come. It has just started, or "
        "metrics.fetcher.update-interval is 0. Look again."
    )
    assert found["taskmanagers"][0]["memory"]["managed"] == 134217728
    assert found["taskmanagers"][0]["jvm"]["heap_used"] is None


def test_a_taskmanager_that_has_just_started(cluster: Cluster) -> None:
    path = "/taskmanagers/tm-a/metrics"
    later: t.Iterator[t.Any] = iter([[]])
    known = [{"id": name, "value": value} for name, value in cluster.metrics[path].items()]
    cluster.answers[path] = lambda: next(later, known)
    found = look(cluster)
    assert (found["taskmanagers"][0]["jvm"]["heap_max"], found["unknown"]) == (356515840, [ONE_LOOK])
    cluster.answers[path] = []
    assert (
        f"{path}: it reports no metrics: it has just started, or it has died. Look again." in look(cluster)["unknown"]
    )


def test_fresh_metrics(cluster: Cluster) -> None:
    for path in (JOBMANAGER, "/taskmanagers/tm-a/metrics"):
        ticks = iter(range(99))
        cluster.metrics[path][CPU_TIME] = lambda ticks=ticks: str(next(ticks))
    found = look(cluster, wait=0.2)
    assert (found["taskmanagers"][0]["is_fresh"], found["jobmanager"]["is_fresh"]) == (True, True)
    assert found["unknown"] == []


def test_stale_metrics(cluster: Cluster) -> None:
    found = look(cluster, wait=0.2)
    assert (found["taskmanagers"][0]["is_fresh"], found["jobmanager"]["is_fresh"]) == (False, False)
    (said,) = found["unknown"]
    assert said.startswith("/jobmanager/metrics, /taskmanagers/tm-a/metrics: the CPU time is the same after 0.2 second")


def test_a_refresh_that_takes_longer_than_others(cluster: Cluster) -> None:
    for path in (JOBMANAGER, "/taskmanagers/tm-a/metrics"):
        ticks = iter([1, 1, 2])
        cluster.metrics[path][CPU_TIME] = lambda ticks=ticks: str(next(ticks))
    found = look(cluster, wait=0.2)
    assert (found["taskmanagers"][0]["is_fresh"], found["unknown"]) == (True, [])


def test_a_process_that_has_started_between_two_looks(cluster: Cluster) -> None:
    later: t.Iterator[t.Any] = iter([[]])
    known = [{"id": name, "value": value} for name, value in values("2.3.0", "taskmanager_metrics_status").items()]
    cluster.answers["/taskmanagers/tm-a/metrics"] = lambda: next(later, known)
    found = look(cluster, wait=0.2)
    assert found["taskmanagers"][0]["is_fresh"] is None
    assert any(said.startswith("/taskmanagers/tm-a/metrics: its metrics may be of before") for said in found["unknown"])


def test_metrics_that_are_seldom_fetched(cluster: Cluster) -> None:
    cluster.answers["/jobmanager/config"].append({"key": "metrics.fetcher.update-interval", "value": "30 s"})
    found = look(cluster, wait=0.2)
    assert (found["taskmanagers"][0]["is_fresh"], found["jobmanager"]["is_fresh"]) == (None, None)
    assert found["unknown"] == [
        "Whether all metrics are of now is not known: metrics.fetcher.update-interval is 30 seconds. Set wait to more."
    ]


# Where there is another answer, and what is said of it.
OTHER: dict[str, tuple[str, t.Any, str]] = {
    "no TaskManagers": ("/taskmanagers", 500, "/taskmanagers: expected an answer, got HTTP Error 500: Internal"),
    "other TaskManagers": ("/taskmanagers", {"taskmanagers": [{"id": 1}]}, "/taskmanagers: this is not the answer of"),
    "no configuration": ("/jobmanager/config", PAGE, "/jobmanager/config: expected JSON, got something: Expecting"),
    "no jobs": ("/jobs/overview", [], "/jobs/overview: this is not the answer of a Flink JobManager."),
    "a job that has gone": ("{job}", 404, "{job}: expected an answer, got HTTP Error 404: Not Found"),
    "another job": ("{job}", {"vertices": 1}, "{job}: this is not the answer of a Flink JobManager."),
    "other checkpoints": ("{job}/checkpoints", {"counts": []}, "{job}/checkpoints: this is not the answer of a Flink"),
    "other exceptions": ("{job}/exceptions", [7], "{job}/exceptions: this is not the answer of a Flink JobManager."),
    "half an answer": ("{job}/exceptions", b'{"exceptionHistory": {', "{job}/exceptions: expected JSON, got something"),
    "too deep an answer": ("{job}/exceptions", b"[" * 10**5, "{job}/exceptions: expected JSON, got something: more th"),
    "other restarts": ("{job}/metrics", [{"id": "numRestarts"}], "{job}/metrics: this is not the answer of a Flink"),
    "other names": (TASKMANAGERS, {}, "/taskmanagers/metrics: this is not the answer of a Flink JobManager."),
    "other metrics": ("/taskmanagers/tm-a/metrics", "x", "/taskmanagers/tm-a/metrics: this is not the answer of a Fli"),
    "no metrics of the JobManager": (JOBMANAGER, 503, "/jobmanager/metrics: expected an answer, got HTTP Error 503: "),
    "no subtasks": ("{vertex}", {"subtasks": 7}, "{vertex}: this is not the answer of a Flink JobManager."),
    "other caches": ("{vertex}/metrics", [None], "{vertex}/metrics: this is not the answer of a Flink JobManager."),
    "other names of a vertex": ("{vertex}/subtasks/metrics", [1], "{vertex}/subtasks/metrics: this is not the answer"),
}


@pytest.mark.parametrize(("path", "answer", "said"), OTHER.values(), ids=OTHER)
def test_what_one_part_does_not_answer(path: str, answer: t.Any, said: str, cluster: Cluster) -> None:
    places = {"job": cluster.job, "vertex": cluster.vertices[1]}
    cluster.answers[path.format(**places)] = answer
    found = look(cluster)
    assert any(sentence.startswith(said.format(**places)) for sentence in found["unknown"])
    assert found["flink_version"] == "2.3.0"
    assert found["jobmanager"].keys() == {"memory", "jvm", "is_fresh"}
    assert "Traceback" not in json.dumps(found)


@pytest.mark.parametrize("answer", [404, 503, PAGE, {}, [], {"flink-version": 1}], ids=str)
def test_no_jobmanager(answer: t.Any, cluster: Cluster, run: Run) -> None:
    cluster.answers["/overview"] = answer
    result = run(url=cluster.url)
    assert (result["failed"], result["retry"]) == (True, True)
    assert result["msg"].startswith(f"{cluster.url}/overview: ")


def test_many_taskmanagers_that_say_nothing_are_one_sentence(cluster: Cluster) -> None:
    (taskmanager,) = cluster.answers["/taskmanagers"]["taskmanagers"]
    cluster.answers["/taskmanagers"]["taskmanagers"] = [{**taskmanager, "id": f"tm {n}/?"} for n in range(50)]
    found = look(cluster)
    (said, *_rest) = found["unknown"]
    assert said.startswith(
        "/taskmanagers/tm%200%2F%3F/metrics, /taskmanagers/tm%201%2F%3F/metrics, /taskmanagers/tm%20"
    )
    assert "and 47 more: expected an answer, got HTTP Error 404: Not Found." in said
    assert len(found["taskmanagers"]) == 50


def test_time_that_is_up_before_all_were_asked(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    now, later = time.monotonic, [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now() + later[0])

    def slowly() -> list[t.Any]:
        later[0] += 3600
        return []

    (taskmanager,) = cluster.answers["/taskmanagers"]["taskmanagers"]
    cluster.answers["/taskmanagers"]["taskmanagers"] = [{**taskmanager, "id": f"tm-{n}"} for n in range(30)]
    cluster.answers.update({f"/taskmanagers/tm-{n}/metrics": slowly for n in range(30)})
    found = look(cluster, seconds=60)
    assert any(" more: the time was up before it was asked for. Raise timeout." in said for said in found["unknown"])
    assert len(found["taskmanagers"]) == 30


def test_a_taskmanager_that_never_answers(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cluster_look, "_LONGEST_ANSWER", 2)
    over = threading.Event()
    cluster.answers["/taskmanagers/tm-a/metrics"] = lambda: over.wait(60)
    try:
        found = look(cluster, seconds=60)
    finally:
        over.set()
    assert any("timed out, no whole answer within 2 seconds" in said for said in found["unknown"])
    assert len(found["taskmanagers"]) == 1


def test_jobs_without_end(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cluster_look, "_MOST_JOBS", 3)
    (listed,) = cluster.answers["/jobs/overview"]["jobs"]
    jobs = [{**listed, "jid": f"{n:032x}", "state": "FINISHED"} for n in range(9)]
    cluster.answers["/jobs/overview"]["jobs"] = [*jobs, listed]
    found = look(cluster)
    assert [job["state"] for job in found["jobs"]] == ["RUNNING"]
    assert "Of 10 jobs, 3 were asked about: those that run, then those that failed." in found["unknown"]


def test_exceptions_without_end(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cluster_look, "_MOST_FAILURES", 2)
    entries = [{"timestamp": n * 1000, "stacktrace": "a.A: it", "taskManagerId": "tm-a"} for n in range(5)]
    cluster.answers[f"{cluster.job}/exceptions"] = {"exceptionHistory": {"entries": entries}}
    found = look(cluster)
    assert [failure["time"] for failure in found["failures"]] == [4, 3]
    assert any(said.startswith("3 exceptions are left out, which are older than others") for said in found["unknown"])


def test_a_failure_before_1_17_is_of_the_taskmanager_at_its_address() -> None:
    with serving("1.13.6") as cluster:
        cluster.answers["/taskmanagers"]["taskmanagers"][0]["dataPort"] = 45247
        cluster.answers[f"{cluster.job}/exceptions"] = recorded("1.13.6", "exceptions_heap")
        (failure,) = look(cluster)["failures"]
    assert failure["taskmanager"] == "tm-a"


def test_a_job_that_has_ended_has_no_metrics(cluster: Cluster) -> None:
    cluster.answers["/jobs/overview"]["jobs"][0]["state"] = "FAILED"
    (job,) = look(cluster)["jobs"]
    assert (job["restarts"], job["is_busy"], cluster.counts[f"{cluster.job}/metrics"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("busiest", "is_busy"),
    [(100.0, False), (101.0, True), ("NaN", None), (None, None)],
    ids=["a tenth of the time", "more", "a source of the old kind", "before 1.13"],
)
def test_whether_a_job_works(busiest: t.Any, is_busy: bool | None, cluster: Cluster) -> None:
    for vertex in cluster.vertices:
        said = [] if busiest is None else [{"id": "busyTimeMsPerSecond", "max": busiest}]
        cluster.unions[f"{vertex}/subtasks/metrics"] = said
    assert look(cluster)["jobs"][0]["is_busy"] is is_busy


def test_rocksdb_whose_metrics_are_not_on(cluster: Cluster) -> None:
    for vertex in cluster.vertices:
        cluster.unions[f"{vertex}/subtasks/metrics"] = []
    found = look(cluster)
    assert found["taskmanagers"][0]["rocksdb"] is None
    assert found["unknown"][1:] == [NO_CACHE]


def test_a_wide_job_is_asked_in_short_requests(cluster: Cluster) -> None:
    vertex, first = cluster.vertices[1], values("2.3.0", "vertex1_metrics")
    cluster.answers[vertex] = {
        "subtasks": [{"subtask": n, "status": "RUNNING", "taskmanager-id": f"tm-{n % 7}"} for n in range(300)]
    }
    cluster.metrics[f"{vertex}/metrics"] = {
        f"{number}{name[1:]}": value for number in range(300) for name, value in first.items()
    }
    (taskmanager,) = cluster.answers["/taskmanagers"]["taskmanagers"]
    cluster.answers["/taskmanagers"]["taskmanagers"] = [{**taskmanager, "id": f"tm-{n}"} for n in range(7)]
    found = look(cluster)
    caches = [each["rocksdb"] for each in found["taskmanagers"]]
    assert sum(cache["cache_capacity"] for cache in caches if cache) == 300 * 55924053
    assert cluster.counts[f"{vertex}/metrics"] < 30
    assert max(map(len, cluster.heard)) < 4000


def test_a_job_of_many_groups_takes_no_more_requests(cluster: Cluster) -> None:
    (vertex, *_rest) = cluster.answers[cluster.job]["vertices"]
    vertices = [{**vertex, "id": f"{n:032x}", "slotSharingGroupId": f"{n:032x}"} for n in range(99)]
    cluster.answers[cluster.job]["vertices"] = vertices
    idle = [{"id": "busyTimeMsPerSecond", "max": 1.0}]
    cluster.unions.update({f"{cluster.job}/vertices/{each['id']}/subtasks/metrics": idle for each in vertices})
    found = look(cluster)
    assert (found["jobs"][0]["slots"], found["jobs"][0]["is_busy"]) == (2 * 99, None)
    assert sum(cluster.counts.values()) <= 7 + 1 + 4 + 2 * 20
    assert found["unknown"][0] == f"{cluster.job}: only 20 of its vertices were asked for metrics."


def test_a_taskmanager_that_is_listed_twice(cluster: Cluster) -> None:
    (taskmanager,) = cluster.answers["/taskmanagers"]["taskmanagers"]
    cluster.answers["/taskmanagers"]["taskmanagers"] = [taskmanager, taskmanager, {**taskmanager, "id": "tm-b"}]
    cluster.metrics["/taskmanagers/tm-b/metrics"] = {"Status.JVM.Memory.Heap.Used": "7"}
    assert [each["jvm"]["heap_used"] for each in look(cluster)["taskmanagers"]] == [140509184, 140509184, 7]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"wait": 9}, "wait: expected 0, or seconds from 10 to 600, got 9. Correct it."),
        ({"wait": -1}, "wait: expected 0, or seconds from 10 to 600, got -1. Correct it."),
        ({"wait": 601}, "wait: expected 0, or seconds from 10 to 600, got 601. Correct it."),
        ({"timeout": 0}, "timeout: expected seconds from 1 to 3600, got 0."),
        ({"url": "localhost:8081"}, "url: expected an address such as http://localhost:8081, got"),
    ],
    ids=["too short a wait", "no wait", "too long a wait", "no time", "no scheme"],
)
def test_refused(options: dict[str, t.Any], message: str, run: Run) -> None:
    result = run(**options)
    assert (result["failed"], result["retry"]) == (True, False)
    assert result["msg"].startswith(message)


def test_a_password_that_ansible_would_hide_in_the_answer(cluster: Cluster, run: Run) -> None:
    result = run(url=cluster.url, url_username="me", url_password="tm-")
    assert (result["failed"], result["retry"]) == (True, False)
    assert result["msg"].startswith("url_password: expected one that is no part of an ID or a number in the answers")
    assert "failed" not in run(url=cluster.url, url_username="me", url_password="fail-state")


def test_the_result_is_as_documented(cluster: Cluster, run: Run) -> None:
    cluster.answers[f"{cluster.job}/exceptions"] = recorded("2.3.0", "exceptions_heap")
    documented = yaml.safe_load(cluster_metrics_info.RETURN)["cluster"]["contains"]
    found = run(url=cluster.url)["cluster"]
    assert set(documented) == set(found) == set(readings.ClusterReading.__annotations__)
    for kind in ("taskmanagers", "jobs", "failures"):
        assert set(documented[kind]["contains"]) == set(found[kind][0])
    contains = documented["taskmanagers"]["contains"]
    for part in ("jvm", "rocksdb"):
        assert set(contains[part]["sample"]) == set(found["taskmanagers"][0][part])
    assert set(documented["jobmanager"]["sample"]) == set(found["jobmanager"])
