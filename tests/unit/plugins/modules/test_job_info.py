# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.modules import job_info
from ansible_collections.streamops.flink.tests.unit.plugins.job_manager import JobManager, serving
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.jobs.cluster import (
    ANSWERS,
    ID,
    OTHER,
    SAMPLES,
)

Run = t.Callable[..., "dict[str, t.Any]"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[JobManager]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(ANSWERS) as server:
        yield server


def test_all_jobs_in_check_mode(server: JobManager, run: Run) -> None:
    result = run(url=server.url, _ansible_check_mode=True)
    assert (result["changed"], result["flink_version"]) == (False, "2.3.0")
    assert result["slots"] == {"total": 4, "free": 1}
    assert [(job["id"], job["state"]) for job in result["jobs"]] == [(ID, "RUNNING")]
    assert [request for request, _body in server.heard] == ["GET /overview", "GET /jobs/overview"]


def test_the_latest_comes_first(server: JobManager, run: Run) -> None:
    listed = SAMPLES["jobs-overview"][1]["jobs"][0]
    later = {**listed, "jid": OTHER, "start-time": listed["start-time"] + 1}
    server.say({"GET /jobs/overview": (200, {"jobs": [listed, later]})})
    assert [job["id"] for job in run(url=server.url)["jobs"]] == [OTHER, ID]


def test_a_job_that_does_not_settle(server: JobManager, run: Run) -> None:
    result = run(url=server.url, settled=True, timeout=1)
    assert result["failed"]
    assert "expected a completed checkpoint, got none yet. Waited 1 s." in result["msg"]


def test_a_job_that_has_ended_is_not_waited_for(server: JobManager, run: Run) -> None:
    listed = SAMPLES["jobs-overview"][1]["jobs"][0]
    server.say({"GET /jobs/overview": (200, {"jobs": [{**listed, "state": "CANCELED"}]})})
    assert not run(url=server.url, settled=True, timeout=20).get("failed")


def test_a_job_that_has_gone_is_not_waited_for(server: JobManager, run: Run) -> None:
    result = run(url=server.url, settled=True, timeout=20, jobs=["0" * 32])
    assert (result.get("failed"), result["jobs"]) == (None, [])


@pytest.mark.parametrize("wanted", [ID, "my job"])
def test_one_job(wanted: str, server: JobManager, run: Run) -> None:
    (job,) = run(url=server.url, jobs=[wanted], details=True)["jobs"]
    assert (job["id"], job["restarts"], job["taskmanagers"]) == (ID, 2, ["tm1", "tm2"])


def test_the_result_is_as_documented(server: JobManager, run: Run) -> None:
    returned = yaml.safe_load(job_info.RETURN)
    result = run(url=server.url, details=True)
    assert set(returned) == {*result, "retry"} - {"changed", "invocation"}
    (job,), contains = result["jobs"], returned["jobs"]["contains"]
    assert set(contains) == set(job)
    for name in ("tasks", "restart_strategy", "checkpointing", "checkpoint"):
        assert set(contains[name]["sample"]) == set(job[name])


# What a server answers instead, options, and the failure.
FAILURES: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], str, bool]] = {
    "another server": ({"GET /jobs/overview": (200, [])}, {}, "{url}/jobs/overview: this is not the answer of", True),
    "no leader yet": (
        {"GET /overview": (503, {"errors": ["Service temporarily unavailable due to an ongoing leader election."]})},
        {},
        "{url}/overview: expected an answer, got HTTP Error 503: Service Unavailable: Service temporarily unavailable",
        True,
    ),
    "a release of tomorrow": (
        {"GET /overview": (200, {"flink-version": "9.9.0"})},
        {},
        "flink_version: Flink 9.9.0 is not supported.",
        False,
    ),
    "an unknown job": ({}, {"jobs": ["x"]}, "jobs: expected names or IDs of jobs of this cluster, got 'x'. It", False),
    "no time": ({}, {"timeout": 0}, "timeout: expected seconds from 1 to 3600, got 0.", False),
    "a password that Ansible would hide in a name": (
        {},
        {"url_username": "me", "url_password": "my"},
        "url_password: expected one that is no part of an ID",
        False,
    ),
}


@pytest.mark.parametrize(("answers", "options", "message", "retry"), FAILURES.values(), ids=FAILURES)
def test_failures(
    answers: dict[str, t.Any], options: dict[str, t.Any], message: str, retry: bool, server: JobManager, run: Run
) -> None:
    server.say(answers)
    result = run(url=f"{server.url}/", **options)
    assert (result["failed"], result["retry"]) == (True, retry)
    assert result["msg"].startswith(message.format(url=server.url))
