# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import time
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.answers import Operation
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._jobs import JobsApi, known_release
from ansible_collections.streamops.flink.plugins.module_utils._rest import REST_ARGUMENTS, RestApi, RestError
from ansible_collections.streamops.flink.tests.unit.plugins.job_manager import JobManager, serving
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.jobs.cluster import (
    ANSWERS,
    ID,
    JAR,
    OTHER,
    PATH,
    SAMPLES,
    TRIGGER,
)

if t.TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server() -> t.Iterator[JobManager]:
    with serving(ANSWERS) as server:
        yield server


def rest(server: JobManager) -> RestApi:
    defaults = {name: option.get("default") for name, option in REST_ARGUMENTS.items()}
    return RestApi({**defaults, "url": server.url}, 60)


def jobs(server: JobManager, release: str = "2.3.0") -> JobsApi:
    return JobsApi(rest(server), Release.parse(release))


VERSIONS = {
    "2.3.0": (2, 3, 0),
    "1.16.3-vvr-6.0.7": (1, 16, 3),
    "1.20-csa1.14": (1, 20, 5),
    "1.19.1-amzn-0": (1, 19, 1),
}


@pytest.mark.parametrize(("said", "version"), VERSIONS.items())
def test_the_release_of_a_distribution(said: str, version: tuple[int, ...]) -> None:
    assert known_release(said).version == version


@pytest.mark.parametrize("said", ["", "2", "9.9.9", "DEV"])
def test_a_release_that_nobody_knows(said: str) -> None:
    with pytest.raises(FlinkError, match=r"^flink_version: "):
        known_release(said)


def test_where_savepoints_go(server: JobManager) -> None:
    assert jobs(server).savepoint_directory() is None
    server.say({"GET /jobmanager/config": (200, [{"key": "state.savepoints.dir", "value": "file:/s"}])})
    assert jobs(server).savepoint_directory() == "file:/s"


def test_all_that_is_known_of_a_job(server: JobManager) -> None:
    api = jobs(server)
    job = api.detail(ID)
    assert job == api.details(api.overview()[0])
    assert (job["id"], job["restarts"], job["taskmanagers"]) == (ID, 2, ["tm1", "tm2"])
    assert [request for request, _body in server.heard].count("GET /jobmanager/config") == 1


def test_options_of_a_job_count_before_those_of_the_cluster(server: JobManager) -> None:
    assert jobs(server, "1.20").detail(ID, {"restart-strategy.type": "none"})["restart_strategy"]["kind"] == "none"


# How many milliseconds ago a job ended, how long views are kept, and how long to wait.
ENDS = {"just now": (400, 3000, 2.6), "a while ago": (4000, 3000, 0.0), "long ago": (99_000, 3000, None)}


@pytest.mark.parametrize(("age", "kept", "wait"), ENDS.values(), ids=ENDS)
def test_no_view_of_an_ended_job_is_from_before_its_end(
    age: int, kept: int, wait: float | None, server: JobManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    status, overview = copy.deepcopy(SAMPLES["jobs-overview-after-stop"])
    listed = overview["jobs"][0]
    listed["jid"] = ID
    now = listed["start-time"] + listed["duration"] + age
    server.say(
        {
            "GET /jobs/overview": (status, overview),
            "GET /config": (200, {"refresh-interval": kept}),
            f"GET /jobs/{ID}": (200, {**SAMPLES["job"][1], "now": now}),
        }
    )
    assert jobs(server).detail(ID)["state"] == "FINISHED"
    assert waits == ([] if wait is None else [wait])


def ends_without_a_view(server: JobManager, tasks: int) -> None:
    """A JobManager of 1.20.5 whose program has thrown, with so many tasks."""
    listed = copy.deepcopy(SAMPLES["jobs-overview"][1]["jobs"][0])
    failed = {**listed, "jid": ID, "state": "FAILED", "tasks": {**listed["tasks"], "running": 0, "total": tasks}}
    trace = (
        "a.ProgramInvocationException: The main method caused an error\nCaused by: a.IllegalStateException: No luck."
    )
    server.say(
        {
            "GET /jobs/overview": (200, {"jobs": [failed]}),
            f"GET /jobs/{ID}": (
                500,
                {"errors": ["Internal server error.", "java.lang.NullPointerException\n\tat a.B"]},
            ),
            f"GET /jobs/{ID}/checkpoints": (404, {"errors": ["Checkpointing has not been enabled."]}),
            f"GET /jobs/{ID}/checkpoints/config": (404, {"errors": ["Checkpointing is not enabled for this job."]}),
            f"GET /jobs/{ID}/exceptions": (200, {"root-exception": trace, "timestamp": 5}),
            f"GET /jobs/{ID}/metrics?get=numRestarts": (200, []),
        }
    )


def test_a_program_that_failed_before_it_was_a_job(server: JobManager) -> None:
    ends_without_a_view(server, 0)
    job = jobs(server, "1.20.5").detail(ID)
    assert (job["state"], job["checkpointing"]["completed"], job["taskmanagers"]) == ("FAILED", 0, [])
    assert job["failure"] is not None
    assert "No luck" in job["failure"]


def test_a_job_of_which_rest_has_no_view(server: JobManager) -> None:
    ends_without_a_view(server, 8)
    with pytest.raises(RestError, match="NullPointerException"):
        jobs(server, "1.20.5").detail(ID)


def test_an_unknown_job(server: JobManager) -> None:
    api = jobs(server)
    with pytest.raises(FlinkError, match=f"^job_id: expected a job of this cluster, got '{OTHER}'"):
        api.detail(OTHER)


@pytest.mark.parametrize(("release", "asked"), [("1.15", "/jobs/overview"), ("1.16", f"/jobs/{ID}/status")])
def test_the_live_state(release: str, asked: str, server: JobManager) -> None:
    api = jobs(server, release)
    assert (api.state(ID), server.heard) == ("RUNNING", [(f"GET {asked}", b"")])
    assert api.state(OTHER) is None


@pytest.mark.parametrize("status", [404, 500])
def test_an_unknown_job_has_no_state(status: int, server: JobManager) -> None:
    error = f"<Exception on server side:\na.FlinkJobNotFoundException: Could not find Flink job ({ID})\n\tat a.B"
    server.say({f"GET /jobs/{ID}/status": (status, {"errors": ["Internal server error.", error]})})
    assert jobs(server).state(ID) is None


def test_a_state_that_cannot_be_told(server: JobManager) -> None:
    server.say({f"GET /jobs/{ID}/status": (500, {"errors": ["Internal server error."]})})
    with pytest.raises(RestError, match="500: Internal Server Error: Internal server error"):
        jobs(server).state(ID)


def test_a_proxy_that_knows_no_job(server: JobManager) -> None:
    server.say({f"GET /jobs/{ID}/status": (404, b"<html>")})
    with pytest.raises(RestError, match=r"404: Not Found\. Is this the REST address"):
        jobs(server).state(ID)


def test_a_stop(server: JobManager) -> None:
    api = jobs(server)
    assert api.stop(ID, "file:/s", drain=True, savepoint_format="native", trigger_id=TRIGGER) == TRIGGER
    body = {"targetDirectory": "file:/s", "drain": True, "formatType": "NATIVE", "triggerId": TRIGGER}
    assert server.writes == [(f"POST /jobs/{ID}/stop", body)]
    assert api.operation(ID, TRIGGER) == Operation("done", PATH)
    assert api.operation(ID, OTHER) == Operation("unknown")


def test_a_savepoint(server: JobManager) -> None:
    assert jobs(server).savepoint(ID, None) == TRIGGER
    assert server.writes == [(f"POST /jobs/{ID}/savepoints", {"cancel-job": False})]


def test_a_stop_without_a_directory(server: JobManager) -> None:
    server.say({f"POST /jobs/{ID}/stop": SAMPLES["stop-nodir"]})
    with pytest.raises(RestError, match=r"savepoint-dir\] is not set") as refusal:
        jobs(server).stop(ID, None)
    assert (refusal.value.status, refusal.value.reason) == (
        400,
        "Config key [execution.checkpointing.savepoint-dir] is not set. Property [targetDirectory] must be provided",
    )


def test_a_jar_is_run(server: JobManager, tmp_path: Path) -> None:
    api, jar = jobs(server), tmp_path / "count.jar"
    jar.write_bytes(b"PK")
    assert api.upload(str(jar)).endswith("_count.jar")
    assert api.run(JAR, job_id=ID, args=["--a"], config={"a": "b"}) == ID
    api.delete_jar(JAR)
    assert server.writes[1:] == [
        (f"POST /jars/{JAR}/run", {"jobId": ID, "programArgsList": ["--a"], "flinkConfiguration": {"a": "b"}}),
        (f"DELETE /jars/{JAR}", b""),
    ]


def test_secrets_of_a_job_are_in_no_message(server: JobManager) -> None:
    errors = ["a.AException: no user with sesame or acorn"]
    server.say({f"POST /jars/{JAR}/run": (400, {"errors": errors})})
    with pytest.raises(RestError) as refusal:
        jobs(server).run(JAR, args=["--db.password", "sesame"], config={"s3.secret-key": "acorn"})
    assert refusal.value.reason == "no user with *** or ***"
    assert "sesame" not in str(refusal.value)


def test_a_cluster_that_takes_no_jars(server: JobManager) -> None:
    server.say({"GET /config": SAMPLES["config-restricted"]})
    with pytest.raises(FlinkError, match=r"^web\.submit\.enable: expected true"):
        jobs(server).upload("/no/count.jar")
    assert server.writes == []


def test_another_parallelism(server: JobManager) -> None:
    source, counter = "a" * 32, "b" * 32
    requirements = f"/jobs/{ID}/resource-requirements"
    bounds = {vertex: {"parallelism": {"lowerBound": 2, "upperBound": 2}} for vertex in (source, counter)}
    nodes = [{"id": source, "parallelism": 1}, {"id": counter, "parallelism": 4}]
    server.say(
        {
            f"POST /jars/{JAR}/plan": (200, {"plan": {"nodes": nodes}}),
            f"GET {requirements}": (200, bounds),
            f"PUT {requirements}": (200, {}),
            f"GET /jobs/{ID}": (200, {"vertices": nodes}),
        }
    )
    api = jobs(server)
    planned = api.plan(JAR, entry_class="A", args=["-x"], parallelism=4, config={"a.b": "1"})
    api.require(ID, api.requirements(ID), planned)
    assert api.parallelisms(ID) == planned
    given = {"entryClass": "A", "programArgsList": ["-x"], "parallelism": 4, "flinkConfiguration": {"a.b": "1"}}
    wanted = {
        source: {"parallelism": {"lowerBound": 1, "upperBound": 1}},
        counter: {"parallelism": {"lowerBound": 2, "upperBound": 4}},
    }
    assert server.writes == [(f"POST /jars/{JAR}/plan", given), (f"PUT {requirements}", wanted)]


def test_a_cancellation(server: JobManager) -> None:
    jobs(server).cancel(ID)
    assert server.writes == [(f"PATCH /jobs/{ID}?mode=cancel", b"")]
    server.say({f"PATCH /jobs/{ID}?mode=cancel": SAMPLES["cancel-finished"]})
    with pytest.raises(RestError, match="another terminal state") as refusal:
        jobs(server).cancel(ID)
    assert refusal.value.status == 409


def test_a_disposal(server: JobManager) -> None:
    api = jobs(server)
    assert api.dispose("file:/s/1") == TRIGGER
    assert server.writes == [("POST /savepoint-disposal", {"savepoint-path": "file:/s/1"})]
    assert (api.disposal(TRIGGER), api.disposal(OTHER)) == (Operation("done"), Operation("unknown"))


def test_a_jar_of_another_place_is_asked_for_by_its_name(server: JobManager) -> None:
    with pytest.raises(RestError):
        jobs(server).delete_jar("../../cluster")
    assert server.writes == [("DELETE /jars/..%2F..%2Fcluster", b"")]
