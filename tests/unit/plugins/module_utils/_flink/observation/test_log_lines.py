# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.signatures import Match
from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.log_lines import (
    messages,
    newest,
    timed,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import Message

NOON = 1767268800
# As a TaskManager of Flink 1.20.5 wrote it, in a zone an hour before UTC; the last two lines are of log4j itself.
LOG = """\
\tat of.a.stack.That(Was.cut)
Caused by: java.lang.OutOfMemoryError: Metaspace
2026-01-01 13:00:00,123 WARN  org.apache.flink.runtime.taskmanager.Task [] - Source (1/2)#0 (721fac8b) switched
java.lang.OutOfMemoryError: Java heap space
\tat java.lang.OutOfMemoryError: Java heap space
2026-01-01T12:00:02.716851349Z Source ERROR An exception occurred processing Appender
Caused by: java.lang.OutOfMemoryError: Metaspace
"""


@pytest.fixture(autouse=True)
def _zone(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[None]:
    monkeypatch.setenv("TZ", "UTC-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def out_of_memory(line: str) -> Match | None:
    _before, error, rest = line.partition("OutOfMemoryError: ")
    return Match("heap" if "heap" in rest else "metaspace", {"rest": rest}) if error else None


def found(text: str, since: int = 0) -> list[Message]:
    return messages(timed(text), "taskmanager-1", "there", since, out_of_memory)


def test_a_stack_is_of_the_time_of_the_line_above() -> None:
    assert [when for when, _line in timed(LOG)] == [None, None, NOON, NOON, NOON, NOON + 2, NOON + 2]
    assert [(message["time"], message["code"]) for message in found(LOG)] == [
        (None, "metaspace"),
        (NOON, "heap"),
        (NOON + 2, "metaspace"),
    ]
    assert found(LOG)[1] == {
        "process": "taskmanager-1",
        "time": NOON,
        "code": "heap",
        "text": "java.lang.OutOfMemoryError: Java heap space",
        "fields": {"rest": "Java heap space"},
        "count": 1,
        "source": "there",
    }


# A line, and the time that it tells.
TIMES = {
    "2026-01-01 13:00:00,123 INFO  a": NOON,
    "2026-01-01 13:00:00 INFO  a": NOON,
    "2026-01-01T12:00:00.123456789Z main ERROR a": NOON,
    "01.01.2026 13:00:00 INFO a": None,
    "13:00:00,123 INFO  a": None,
    " 2026-01-01 13:00:00,123 INFO  a": None,
    "[2026-01-01T13:00:00.123+0100][info] GC(1)": None,
    "2026-01-01 13:00:00,123456789012 INFO": None,
    "２０２６-01-01 13:00:00,123 INFO  a": None,
    "": None,
}


@pytest.mark.parametrize(("line", "expected"), TIMES.items())
def test_the_time_of_a_line(line: str, expected: int | None) -> None:
    assert [when for when, _line in timed(line + "\n")] == [expected]


@pytest.mark.parametrize("line", ["9999-99-99 99:99:99,999 a", "0000-00-00 00:00:00,000 a", "0000-00-00T00:00:00Z a"])
def test_no_time_is_too_odd(line: str) -> None:
    assert len(list(timed(line))) == 1


def test_what_was_before() -> None:
    assert [message["time"] for message in found(LOG, NOON + 1)] == [None, NOON + 2]


def test_of_what_is_said_again_the_first_and_the_last_are_kept() -> None:
    text = "".join(
        f"2026-01-01 13:00:{second:02},000 WARN  Task (1/2)#{second} (721fac8bca2e85143636ab90aeea47{second:02}) "
        "OutOfMemoryError: heap\n"
        for second in range(60)
    )
    first, last = found(text)
    assert (first["time"], first["count"], last["time"], last["count"]) == (NOON, 1, NOON + 59, 59)
    assert sum(message["count"] for message in found(text)) == 60


def test_long_lines() -> None:
    (message,) = found("OutOfMemoryError: heap" + "x" * 5000)
    assert len(message["text"]) < 1100
    assert message["text"].endswith("x... (5022 characters)")
    assert found("x" * 5000 + "OutOfMemoryError: heap") == []


# As a JobManager tells of three TaskManagers, one after the other, and of the first again.
LOST = "".join(
    f"2026-01-01 13:00:0{second},000 INFO  Map (1/1) ({second}bca2e85143636) OutOfMemoryError of {name}\n"
    "OutOfMemoryError: heap\n"
    for second, name in enumerate(("host-1", "host-2", "host-3", "host-1", "host-1"))
)


def failed_on(line: str) -> Match | None:
    _before, on, name = line.partition(" OutOfMemoryError of ")
    return Match("failed", {"id": name}) if on else out_of_memory(line)


def test_what_is_said_of_others_is_not_the_same() -> None:
    said = messages(timed(LOST), "jobmanager", "there", 0, failed_on)
    assert [(message["time"], message["fields"].get("id", ""), message["count"]) for message in said] == [
        *((NOON, "host-1", 1), (NOON, "", 1)),
        *((NOON + 1, "host-2", 1), (NOON + 1, "", 1)),
        *((NOON + 2, "host-3", 1), (NOON + 2, "", 1)),
        *((NOON + 4, "host-1", 2), (NOON + 4, "", 2)),
    ]


def test_not_too_many() -> None:
    text = "".join(f"2026-01-01 13:00:00,000 OutOfMemoryError: {'x' * length}\n" for length in range(300))
    kept = newest(found("OutOfMemoryError: undated\n" + text))
    lengths = [len(message["fields"]["rest"]) for message in kept]
    assert lengths == [len("undated"), *range(24), *range(275, 300)]


def test_of_all_kinds_the_newest_and_those_without_a_time() -> None:
    one = {**found(LOG)[0], "time": 1}
    many: t.Any = [{**one, "code": str(code), "time": code} for code in range(1, 501)]
    kept = newest([{**one, "time": None}, *many])  # type: ignore[typeddict-item]
    assert [message["time"] for message in kept] == [None, *range(102, 501)]
