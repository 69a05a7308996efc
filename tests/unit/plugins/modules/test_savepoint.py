# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.module_utils import _job_savepoints
from ansible_collections.streamops.flink.plugins.modules import savepoint
from ansible_collections.streamops.flink.tests.unit.plugins.job_manager import JobManager, serving
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.jobs.cluster import (
    ANSWERS,
    ID,
    OTHER,
    PATH,
    SAMPLES,
    TRIGGER,
)

Run = t.Callable[..., "dict[str, t.Any]"]

SECOND = "1" * 32
RUNNING = (200, {"status": {"id": "IN_PROGRESS"}})
SAVED = "a.AException: A savepoint has been created at: file:/s/9, but the corresponding job 1 failed during stopping."


def listed(**states: str) -> tuple[int, t.Any]:
    """The jobs of a cluster by their names, with their states."""
    jobs = []
    for job_id, (name, state) in zip((ID, SECOND), states.items()):
        job = copy.deepcopy(SAMPLES["jobs-overview"][1]["jobs"][0])
        jobs.append({**job, "jid": job_id, "name": name, "state": state})
    return 200, {"jobs": jobs}


def failed(trace: str) -> tuple[int, t.Any]:
    return 200, {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": {"stack-trace": trace}}}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[JobManager]:
    """A cluster with two jobs, the second of which has its savepoints at file:/s/2."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(_job_savepoints, "_PAUSE", 0.01)
    second = {
        f"POST /jobs/{SECOND}/savepoints": (202, {"request-id": OTHER}),
        f"POST /jobs/{SECOND}/stop": (202, {"request-id": OTHER}),
        f"GET /jobs/{SECOND}/savepoints/{OTHER}": (
            200,
            {"status": {"id": "COMPLETED"}, "operation": {"location": "file:/s/2"}},
        ),
        f"GET /jobs/{SECOND}/status": (200, {"status": "RUNNING"}),
    }
    with serving({**ANSWERS, **second, "GET /jobs/overview": listed(orders="RUNNING", payments="RUNNING")}) as server:
        yield server


def test_savepoints_of_all_jobs(server: JobManager, run: Run) -> None:
    server.say({f"GET /jobs/{ID}/savepoints/{TRIGGER}": [RUNNING, RUNNING, SAMPLES["stop-done"]]})
    result = run(url=server.url, directory="file:/s", format="native")
    assert result["changed"]
    assert [(each["name"], each["id"], each["path"], each["state"]) for each in result["savepoints"]] == [
        ("orders", ID, PATH, "RUNNING"),
        ("payments", SECOND, "file:/s/2", "RUNNING"),
    ]
    assert all(0 <= each["duration"] < 60 for each in result["savepoints"])
    assert result["msg"] == f"orders: has the savepoint {PATH}.\npayments: has the savepoint file:/s/2."
    bodies = [body for _request, body in server.writes]
    assert all(len(body.pop("triggerId")) == 32 for body in bodies)
    assert bodies == 2 * [{"target-directory": "file:/s", "cancel-job": False, "formatType": "NATIVE"}]


def test_a_job_is_stopped_and_its_end_awaited(server: JobManager, run: Run) -> None:
    server.say({f"GET /jobs/{ID}/status": [SAMPLES["job-status"], (200, {"status": "FINISHED"})]})
    result = run(url=server.url, directory="file:/s", jobs=["orders"], stop=True, drain=True)
    (saved,) = result["savepoints"]
    assert (saved["path"], saved["state"]) == (PATH, "FINISHED")
    ((request, body),) = server.writes
    assert (request, body["drain"]) == (f"POST /jobs/{ID}/stop", True)


def test_check_mode(server: JobManager, run: Run) -> None:
    result = run(url=server.url, directory="file:/s", stop=True, _ansible_check_mode=True)
    assert (result["changed"], server.writes) == (True, [])
    assert result["msg"] == "orders: to be stopped with a savepoint.\npayments: to be stopped with a savepoint."
    assert {each["path"] for each in result["savepoints"]} == {None}


def test_a_cluster_without_jobs(server: JobManager, run: Run) -> None:
    server.say({"GET /jobs/overview": listed(orders="FINISHED", payments="FAILED")})
    result = run(url=server.url)
    assert (result["changed"], result["savepoints"], server.writes) == (False, [], [])


def test_an_ended_job_of_the_same_name_is_not_meant(server: JobManager, run: Run) -> None:
    jobs = listed(orders="RUNNING", payments="FINISHED")
    jobs[1]["jobs"][1]["name"] = "orders"
    server.say({"GET /jobs/overview": jobs})
    assert [each["id"] for each in run(url=server.url, directory="/s", jobs=["orders"])["savepoints"]] == [ID]


def test_the_directory_of_the_cluster(server: JobManager, run: Run) -> None:
    config = [{"key": "execution.checkpointing.savepoint-dir", "value": "file:/s"}]
    server.say({"GET /jobmanager/config": (200, config)})
    assert run(url=server.url)["changed"]
    assert "target-directory" not in server.writes[0][1]


def test_an_answer_that_was_lost_is_asked_for_again(
    server: JobManager, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_job_savepoints.uuid, "uuid4", lambda: type("Fixed", (), {"hex": TRIGGER}))
    server.lost = {f"POST /jobs/{ID}/savepoints"}
    result = run(url=server.url, directory="file:/s", jobs=["orders"])
    assert [each["path"] for each in result["savepoints"]] == [PATH]


def test_a_jobmanager_that_ends_with_its_job(server: JobManager, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_job_savepoints, "_LONGEST_SILENCE", 0.1)
    server.lost = {f"GET /jobs/{ID}/status"}
    (saved,) = run(url=server.url, directory="file:/s", jobs=["orders"], stop=True)["savepoints"]
    assert (saved["path"], saved["state"]) == (PATH, None)


# What a server answers instead, options, and the sentences.
LOG = "See the log of the JobManager."
NOTHING = "No savepoint was asked for."
REFUSED: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], str]] = {
    "a job that restarts": (
        {"GET /jobs/overview": listed(orders="RESTARTING", payments="RUNNING")},
        {"directory": "file:/s"},
        (
            "orders: expected RUNNING with all its tasks, got RESTARTING with 8 of 8 tasks running. Wait until it "
            f"runs, or name other jobs.\n{NOTHING}"
        ),
    ),
    "a job that has ended": (
        {"GET /jobs/overview": listed(orders="FINISHED")},
        {"directory": "file:/s", "jobs": ["orders"]},
        (
            "orders: expected RUNNING with all its tasks, got FINISHED with 8 of 8 tasks running. Wait until it runs, "
            f"or name other jobs.\n{NOTHING}"
        ),
    ),
    "no directory": (
        {},
        {},
        (
            "directory: expected one, since the cluster sets none for its savepoints, got none. Give one, or set "
            f"execution.checkpointing.savepoint-dir, which is state.savepoints.dir up to Flink 1.19.\n{NOTHING}"
        ),
    ),
    "an unknown job": (
        {},
        {"jobs": ["x"]},
        "jobs: expected names or IDs of jobs of this cluster, got 'x'. It has orders, payments.",
    ),
    "a format before there were two": (
        {"GET /overview": (200, {"flink-version": "1.14.6"})},
        {"format": "native"},
        "format: expected canonical before Flink 1.15, got native for 1.14.6. Leave it out.",
    ),
    "drained without an end": (
        {},
        {"drain": True},
        "drain: expected stop: true with it, since the job has no input after it, got none. Set stop, or leave it.",
    ),
    "a password that Ansible would hide in a path": (
        {},
        {"directory": "file:/save", "url_username": "me", "url_password": "save"},
        (
            "url_password: expected one that is no part of an ID or a number in the answers of the cluster, since "
            "Ansible masks it there, got one that is. Give the REST API a longer password."
        ),
    ),
    "another server": (
        {"GET /overview": (200, {})},
        {},
        "{url}/overview: this is not the answer of a Flink JobManager.",
    ),
}


@pytest.mark.parametrize(("answers", "options", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_before_anything_is_asked_for(
    answers: dict[str, t.Any], options: dict[str, t.Any], message: str, server: JobManager, run: Run
) -> None:
    server.say(answers)
    result = run(url=server.url, **options)
    assert (result["failed"], result["msg"]) == (True, message.format(url=server.url).replace("save", "********")) or (
        result["msg"] == message.format(url=server.url)
    )
    assert server.writes == []


ASKED = f"GET /jobs/{ID}/savepoints/{TRIGGER}"
FAILED: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], str, str | None]] = {
    "a directory that nobody can write": (
        {ASKED: SAMPLES["stop-failed"]},
        {},
        (
            "orders: expected a savepoint, got Failed to create savepoint directory at /proc/nowhere. Correct "
            "directory, or let Flink's user write there on all hosts. The job runs on."
        ),
        None,
    ),
    "an operation that is forgotten": (
        {ASKED: SAMPLES["trigger-unknown"]},
        {},
        (
            "orders: expected a savepoint, got no word of it: the JobManager does not know that it was asked. "
            f"{LOG} The job runs on."
        ),
        None,
    ),
    "a refused request": (
        {f"POST /jobs/{ID}/savepoints": (500, {"errors": ["a.AException: no room"]})},
        {},
        f"orders: expected a savepoint, got no room. {LOG} The job runs on.",
        None,
    ),
    "a strange answer": (
        {f"POST /jobs/{ID}/savepoints": (202, {})},
        {},
        (
            "orders: expected a savepoint, got /jobs/:id/savepoints: this is not the answer of a Flink JobManager. "
            f"{LOG} The job runs on."
        ),
        None,
    ),
    "no permission any more": (
        {ASKED: (401, {})},
        {},
        (
            "orders: expected a savepoint, got {url}"
            f"/jobs/{ID}/savepoints/{TRIGGER}: expected an answer, got HTTP Error 401: Unauthorized. The server "
            f"requires authentication: set url_username and url_password. {LOG} The job runs on."
        ),
        None,
    ),
    "a job that fails while it stops": (
        {ASKED: failed(SAVED), f"GET /jobs/{ID}/status": (200, {"status": "RESTARTING"})},
        {"stop": True},
        (
            "orders: expected a savepoint, got A savepoint has been created at: file:/s/9, but the corresponding job 1 "
            f"failed during stopping. {LOG} Its savepoint is file:/s/9."
        ),
        "file:/s/9",
    ),
    "a job that fails after its savepoint": (
        {f"GET /jobs/{ID}/status": (200, {"status": "FAILED"})},
        {"stop": True},
        f"orders: expected to be FINISHED, got FAILED. {LOG} Its savepoint is {PATH}.",
        PATH,
    ),
    "a savepoint that takes longer": (
        {ASKED: RUNNING},
        {"timeout": 1},
        (
            "orders: expected a savepoint within 1 seconds, got none yet. Flink goes on with it: look at the job, "
            "before trying again with a longer timeout. The job runs on."
        ),
        None,
    ),
    "an end that takes longer": (
        {f"GET /jobs/{ID}/status": (200, {"status": "CANCELLING"})},
        {"timeout": 1, "stop": True},
        (
            "orders: expected to be FINISHED within 1 seconds, got CANCELLING. Flink goes on with it: look at the job, "
            f"before trying again with a longer timeout. Its savepoint is {PATH}."
        ),
        PATH,
    ),
    "a JobManager that is away": (
        {ASKED: (503, {"errors": ["no leader"]})},
        {"timeout": 1},
        (
            "orders: expected a savepoint within 1 seconds, got no leader. Flink goes on with it: look at the job, "
            "before trying again with a longer timeout. The job runs on."
        ),
        None,
    ),
}


@pytest.mark.parametrize(("answers", "options", "message", "path"), FAILED.values(), ids=FAILED)
def test_one_failure_leaves_the_other_savepoint(
    answers: dict[str, t.Any],
    options: dict[str, t.Any],
    message: str,
    path: str | None,
    server: JobManager,
    run: Run,
) -> None:
    ended = {f"GET /jobs/{SECOND}/status": (200, {"status": "FINISHED" if options.get("stop") else "RUNNING"})}
    server.say({**answers, **ended})
    result = run(url=server.url, directory="file:/s", **options)
    how = "stopped with" if options.get("stop") else "has"
    assert result["failed"]
    assert result["msg"] == f"{message.format(url=server.url)}\npayments: {how} the savepoint file:/s/2."
    assert [each["path"] for each in result["savepoints"]] == [path, "file:/s/2"]


def test_an_old_release_is_asked_without_an_id_of_ours(server: JobManager, run: Run) -> None:
    server.say({"GET /overview": (200, {"flink-version": "1.13.6"})})
    assert run(url=server.url, directory="file:/s", format="canonical")["changed"]
    assert server.writes[0][1] == {"target-directory": "file:/s", "cancel-job": False}
    server.lost = {f"POST /jobs/{ID}/savepoints"}
    result = run(url=server.url, directory="file:/s", jobs=["orders"])
    assert result["msg"].startswith(f"orders: expected a savepoint, got {server.url}/jobs/{ID}/savepoints: ")


def test_the_result_is_as_documented(server: JobManager, run: Run) -> None:
    returned = yaml.safe_load(savepoint.RETURN)
    result = run(url=server.url, directory="file:/s")
    assert set(returned) - {"retry"} <= set(result)
    assert set(returned["savepoints"]["contains"]) == set(result["savepoints"][0])
