# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.findings_table import findings_table
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import FINDINGS, NIGHT

TABLE = """\
1 error, 1 hint

ERROR    tm1 taskmanager-1, 2026-11-26 02:13:05 UTC, JVM overhead
  taskmanager-1 was killed at 764m: its unit's limit is 768m, its plan 768m.
    - 782564 kB anonymous at death (kernel log)
    - oom_kill 1 (/sys/fs/cgroup/flink.slice/memory.events)
  Do: Raise the JVM overhead by what it lacked, or set flink_jemalloc.
  Options: taskmanager.memory.jvm-overhead.min, taskmanager.memory.jvm-overhead.max
  Explains: The heartbeat of TaskManager with id tm1-1 timed out. And 1 more.

HINT     cluster, managed
  Nothing uses 128m of managed memory.
  Do: Set it to 0, if no job will want it.
  Options: taskmanager.memory.managed.size
"""


def finding(**changes: t.Any) -> dict[str, t.Any]:
    return {**FINDINGS[1], **changes}


def test_the_worst_comes_first_with_its_cause_evidence_and_remedy() -> None:
    assert findings_table(FINDINGS) == TABLE


def test_it_says_that_there_is_nothing_to_say() -> None:
    assert findings_table([]) == "Nothing died, and no memory is scarce.\n"


def test_the_latest_of_a_level_comes_first() -> None:
    found = [
        finding(level=level, message=f"{level} {time}", time=time, code=str(time))
        for level in ("warning", "error")
        for time in (NIGHT, None, NIGHT + 60)
    ]
    told = [line.strip() for line in findings_table(found).splitlines() if line.startswith(("  error", "  warning"))]
    assert told == [f"{level} {time}" for level in ("error", "warning") for time in (None, NIGHT + 60, NIGHT)]


def test_what_befell_several_processes_is_told_once() -> None:
    found = [
        finding(process="taskmanager-2", time=NIGHT - 60),
        finding(process="taskmanager-1", time=NIGHT),
        finding(process="taskmanager-2", time=NIGHT - 3600),
        finding(process="taskmanager-3", time=None, host="tm9"),
        finding(process="taskmanager-4", component="managed"),
    ]
    table = findings_table(found)
    assert [line for line in table.splitlines() if line.startswith(("ERROR", "  Also", "        "))] == [
        "ERROR    tm9 taskmanager-3, JVM overhead",
        "  Also: tm1 taskmanager-1 (2026-11-26 02:13:05 UTC), tm1 taskmanager-2 (2026-11-26 02:12:05 UTC, 2 times)",
        "ERROR    tm1 taskmanager-4, 2026-11-26 02:13:05 UTC, managed",
    ]
    assert table.startswith("5 errors\n")


def test_many_processes_are_counted() -> None:
    found = [finding(process=f"taskmanager-{number}", time=None) for number in range(20)]
    assert "tm1 taskmanager-8, and 11 more" in " ".join(findings_table(found).split())


# What a finding has, and what is shown of it.
STRANGE: dict[str, tuple[dict[str, t.Any], str]] = {
    "control characters": ({"message": "a\x1b[2Jb"}, "  a\\x1b[2Jb\n"),
    "much evidence": ({"evidence": [{"text": "a", "source": "b"}] * 9}, "    - and 6 more\n"),
    "a long line of a log": (
        {"evidence": [{"text": "word " * 60, "source": "log"}]},
        f"    - {'word ' * 22}word\n      {'word ' * 22}word\n      word … (log)\n",
    ),
    "a long line of a log without a word": (
        {"evidence": [{"text": "x" * 300, "source": "log"}]},
        f"{'x' * 10} … (log)\n",
    ),
    "a long line of blanks": ({"evidence": [{"text": " " * 300, "source": "log"}]}, "… (log)\n"),
    "a long line with control characters": (
        {"evidence": [{"text": "a\nb " * 90, "source": "log"}]},
        "a\\nb … (log)\n",
    ),
    "a long symptom": ({"symptoms": ["word " * 60]}, "word …\n"),
    "one symptom": ({"symptoms": ["It was lost."]}, "  Explains: It was lost.\n"),
    "a time that is none": ({"time": 10**15}, "ERROR    tm1 taskmanager-1, JVM overhead\n"),
    "a host without a process": ({"process": None, "time": None}, "ERROR    tm1, JVM overhead\n"),
    "no matter of memory": ({"component": None, "time": None}, "ERROR    tm1 taskmanager-1\n"),
}


@pytest.mark.parametrize(("changes", "shown"), STRANGE.values(), ids=STRANGE)
def test_what_is_strange_is_shown_too(changes: dict[str, t.Any], shown: str) -> None:
    assert shown in findings_table([finding(**changes)])


def test_no_line_is_longer_than_a_terminal() -> None:
    long = "word " * 100 + "x" * 300
    texts = {"host": long, "process": long, "message": long, "remedy": long, "symptoms": [long, long]}
    evidence = [{"text": long, "source": long}]
    table = findings_table([finding(**texts, evidence=evidence, options=["a.b.c"] * 50)])
    assert max(map(len, table.splitlines())) <= 120
