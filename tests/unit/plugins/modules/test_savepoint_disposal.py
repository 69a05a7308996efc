# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.tests.unit.plugins.job_manager import JobManager, serving
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.jobs.cluster import ANSWERS, TRIGGER

Run = t.Callable[..., "dict[str, t.Any]"]
Values = t.Dict[str, t.Any]

ASKED = f"GET /savepoint-disposal/{TRIGGER}"


def completed(failure: str | None = None) -> tuple[int, Values]:
    operation = {"failure-cause": {"class": "x", "stack-trace": f"java.io.IOException: {failure}"}} if failure else {}
    return (200, {"status": {"id": "COMPLETED"}, "operation": operation})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[JobManager]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving({**ANSWERS, "POST /savepoint-disposal": (202, {"request-id": TRIGGER}), ASKED: completed()}) as server:
        yield server


def test_savepoints_are_deleted(server: JobManager, run: Run) -> None:
    server.say({ASKED: [(200, {"status": {"id": "IN_PROGRESS"}, "operation": None}), completed()]})
    result = run(url=server.url, paths=["file:/s/1", "file:/s/2"])
    assert (result["changed"], result["deleted"]) == (True, ["file:/s/1", "file:/s/2"])
    assert server.writes == [("POST /savepoint-disposal", {"savepoint-path": f"file:/s/{number}"}) for number in (1, 2)]


def test_check_mode_deletes_nothing(server: JobManager, run: Run) -> None:
    result = run(url=server.url, paths=["file:/s/1"], _ansible_check_mode=True)
    assert (result["changed"], result["deleted"], server.heard) == (True, ["file:/s/1"], [])


# What Flink says; what is gone, and words of the failure, or none.
ENDS: dict[str, tuple[tuple[int, Values], list[str], str]] = {
    "one that is gone already": (
        completed("Cannot find checkpoint or savepoint file/directory 'file:/s/1'"),
        ["x"],
        "",
    ),
    "one that cannot be deleted": (
        completed("Permission denied"),
        [],
        "expected it to be deleted, got Permission denied",
    ),
    "an end that nobody knows": ((404, {"errors": ["No operation"]}), [], "got no word of it from the JobManager"),
}


@pytest.mark.parametrize("row", ENDS)
def test_how_it_ends(row: str, server: JobManager, run: Run) -> None:
    answer, deleted, words = ENDS[row]
    server.say({ASKED: answer})
    result = run(url=server.url, paths=["x"])
    assert (result["deleted"], result.get("failed", False)) == (deleted, bool(words))
    assert words in result.get("msg", "")


def test_no_time(server: JobManager, run: Run) -> None:
    result = run(url=server.url, paths=["x"], timeout=0)
    assert (result["failed"], result["retry"]) == (True, False)
