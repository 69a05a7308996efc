# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import typing as t

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args

from ansible_collections.streamops.flink.plugins.modules import cluster_memory_info

MIB = 2**20
DERIVED = {
    "jobmanager.memory.heap.size": "1073741824b",
    "jobmanager.memory.off-heap.size": "134217728b",
    "jobmanager.memory.jvm-metaspace.size": "268435456b",
    "jobmanager.memory.jvm-overhead.max": "201326592b",
}
ANSWERS: dict[str, t.Any] = {
    "/overview": {"flink-version": "2.3.0"},
    "/taskmanagers": {
        "taskmanagers": [
            {
                "id": "worker-1",
                "path": "pekko.tcp://flink@127.0.0.1:1/user/rpc/taskmanager_0",
                "slotsNumber": 2,
                "freeSlots": 1,
                "memoryConfiguration": {"managedMemory": 5, "totalProcessMemory": 7},
            }
        ]
    },
    "/jobmanager/config": [{"key": key, "value": value} for key, value in DERIVED.items()],
    "/jobmanager/environment": {"jvm": {"options": ["-Xmx1073741824"]}},
}

# What a server answers instead, and the failure.
FAILURES: dict[str, tuple[dict[str, t.Any], str]] = {
    "no overview": ({"/overview": None}, "/overview did not answer: HTTP Error 404: "),
    "no configuration": ({"/jobmanager/config": None}, "/jobmanager/config did not answer: HTTP Error 404: "),
    "no JSON": ({"/taskmanagers": b"<html>"}, "/taskmanagers answered, but not in JSON: "),
    "another server": ({"/overview": {}}, "/overview: this is not the answer of a Flink JobManager."),
    "other TaskManagers": ({"/taskmanagers": []}, "/taskmanagers: this is not the answer of a Flink JobManager."),
    "another JobManager": (
        {"/jobmanager/config": {"errors": []}},
        "/jobmanager: this is not the answer of a Flink JobManager.",
    ),
}


class Server(http.server.ThreadingHTTPServer):
    answers: dict[str, t.Any]
    authorizations: list[str | None]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.authorizations.append(self.headers.get("Authorization"))
        answer = self.server.answers.get(self.path)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(200 if answer is not None else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: t.Any) -> None:
        """Be quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[Server]:
    """A JobManager of Flink 2.3."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server(("127.0.0.1", 0), Handler) as server:
        server.answers, server.authorizations = dict(ANSWERS), []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(capsys: pytest.CaptureFixture[str], **args: t.Any) -> dict[str, t.Any]:
    """Run the module, and return what it returns."""
    with patch_module_args(args), contextlib.suppress(SystemExit):
        cluster_memory_info.main()
    return t.cast("dict[str, t.Any]", json.loads(capsys.readouterr().out))


def test_a_cluster(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, url=server.url)
    (taskmanager,) = result["taskmanagers"]
    assert (result["flink_version"], result["changed"]) == ("2.3.0", False)
    assert (taskmanager["id"], taskmanager["slots"], taskmanager["free_slots"]) == ("worker-1", 2, 1)
    assert {name: size for name, size in taskmanager["memory"].items() if size} == {"managed": 5, "total_process": 7}
    assert result["jobmanager"]["memory"]["total_process"] == 1600 * MIB
    assert result["jobmanager"]["jvm_args"] == ["-Xmx1073741824"]


def test_behind_a_proxy_in_check_mode(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers = {f"/flink{path}": answer for path, answer in ANSWERS.items()}
    assert run(capsys, url=f"{server.url}/flink/", _ansible_check_mode=True)["flink_version"] == "2.3.0"


def test_releases_without_environment(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers["/jobmanager/environment"] = None
    assert run(capsys, url=server.url)["jobmanager"]["jvm_args"] is None


def test_authentication(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, url=server.url, url_username="user", url_password="secret")
    assert set(server.authorizations) == {"Basic dXNlcjpzZWNyZXQ="}
    assert "secret" not in json.dumps(result)


def test_no_authentication(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, url=server.url)
    assert set(server.authorizations) == {None}


@pytest.mark.parametrize(("answers", "message"), FAILURES.values(), ids=FAILURES)
def test_failures(answers: dict[str, t.Any], message: str, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers.update(answers)
    result = run(capsys, url=server.url)
    assert result["failed"] is True
    assert result["msg"].startswith(f"{server.url}{message}")
    assert "Traceback" not in json.dumps(result)


def test_nobody_there(capsys: pytest.CaptureFixture[str]) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as gone:
        url = f"http://127.0.0.1:{gone.server_port}"
    result = run(capsys, url=url)
    assert result["failed"] is True
    assert result["msg"].startswith(f"{url}/overview did not answer: ")
    assert result["msg"].endswith("Is this the REST address of a live JobManager?")


def test_the_examples_are_accepted(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    (args,) = [
        task["streamops.flink.cluster_memory_info"] or {}
        for task in yaml.safe_load(cluster_memory_info.EXAMPLES)
        if "streamops.flink.cluster_memory_info" in task
    ]
    assert run(capsys, **{**args, "url": server.url})["changed"] is False


def test_the_result_is_as_documented(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    returned = yaml.safe_load(cluster_memory_info.RETURN)
    result = run(capsys, url=server.url)
    assert set(returned) <= set(result)
    assert set(returned["taskmanagers"]["contains"]) == set(result["taskmanagers"][0])
    assert set(returned["jobmanager"]["contains"]) == set(result["jobmanager"])
    for kind in (returned["taskmanagers"], returned["jobmanager"]):
        assert kind["contains"]["memory"]["sample"].keys() <= {
            *result["taskmanagers"][0]["memory"],
            *result["jobmanager"]["memory"],
        }
