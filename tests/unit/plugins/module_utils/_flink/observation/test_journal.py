# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.journal import (
    exits,
    printed,
    read_entries,
)

UNIT = "flink-taskmanager@1.service"
NAMES = {UNIT: "taskmanager-1"}
OTHER = "blue-taskmanager@1.service"
# What systemd 252 logs as a unit fails, and what the process of the unit printed before.
LINE = {
    "MESSAGE": "Terminating due to java.lang.OutOfMemoryError: Java heap space",
    "_SYSTEMD_UNIT": UNIT,
    "_PID": "4242",
    "_SYSTEMD_INVOCATION_ID": "1f",
    "__REALTIME_TIMESTAMP": "1767268800999999",
}
EXIT = {
    "MESSAGE": "flink-taskmanager@1.service: Hauptprozess beendet, code=exited, status=3/NOTIMPLEMENTED",
    "MESSAGE_ID": "98e322203f7a4ed290d09fe03c09fe15",
    "UNIT": UNIT,
    "_SYSTEMD_UNIT": "init.scope",
    "_PID": "1",
    "EXIT_CODE": "exited",
    "EXIT_STATUS": "3",
    "COMMAND": "ExecStart",
    "INVOCATION_ID": "1f",
    "__REALTIME_TIMESTAMP": "1767268801000000",
}
FAILED = {**EXIT, "MESSAGE_ID": "d9b373ed55a64feb8242e02dbe79a49c", "UNIT_RESULT": "exit-code"}
KILLED = {**EXIT, "EXIT_CODE": "killed", "EXIT_STATUS": "9"}
OUT_OF_MEMORY = {**EXIT, "MESSAGE_ID": "fe6faa94e7774663a0da52717891d8ef"}
ENDED: dict[str, t.Any] = {
    "process": "taskmanager-1",
    "time": 1767268801,
    "pid": 4242,
    "code": "exited",
    "status": 3,
    "result": "exit-code",
    "source": f"journal of {UNIT}",
}

# The entries of a journal, and the ends in it.
ENDS: dict[str, tuple[list[dict[str, t.Any]], list[t.Any]]] = {
    "a process ended by itself": ([LINE, EXIT, FAILED], [ENDED]),
    "it had printed nothing": ([EXIT, FAILED], [{**ENDED, "pid": None}]),
    "an earlier run of the unit had printed": (
        [{**LINE, "_SYSTEMD_INVOCATION_ID": "1e"}, EXIT, FAILED],
        [{**ENDED, "pid": None}],
    ),
    "the kernel killed it": (
        [KILLED, {**FAILED, "UNIT_RESULT": "oom-kill"}],
        [{**ENDED, "pid": None, "code": "killed", "status": 9, "result": "oom-kill"}],
    ),
    "the kernel killed it, and the unit goes on": (
        [KILLED, OUT_OF_MEMORY],
        [{**ENDED, "pid": None, "code": "killed", "status": 9, "result": "oom-kill"}],
    ),
    "a name of a signal as status": (
        [{**KILLED, "EXIT_STATUS": "TERM"}, {**EXIT, "EXIT_STATUS": "?"}],
        [
            {**ENDED, "pid": None, "code": "killed", "status": 15, "result": None},
            {**ENDED, "pid": None, "status": None, "result": None},
        ],
    ),
    "the command before the process ended": ([{**EXIT, "COMMAND": "ExecStartPre"}, FAILED], []),
    "the unit of another cluster": ([{**EXIT, "UNIT": OTHER}, {**FAILED, "UNIT": OTHER}], []),
    "a process that passes for systemd": ([{**EXIT, "_PID": "4711"}], []),
    "an entry without a time": ([{**EXIT, "__REALTIME_TIMESTAMP": "x"}], []),
    "a failure without an end": ([FAILED], []),
}


def read(entries: list[dict[str, t.Any]]) -> t.Any:
    return read_entries("\n".join(json.dumps(entry) for entry in reversed(entries)))


@pytest.mark.parametrize(("entries", "ends"), ENDS.values(), ids=ENDS)
def test_how_processes_ended(entries: list[dict[str, t.Any]], ends: list[t.Any]) -> None:
    assert exits(read(entries), NAMES) == ends


def test_what_processes_printed_and_systemd_said() -> None:
    raw = {**LINE, "MESSAGE": list("größer\n".encode("latin-1"))}
    other = {**LINE, "_SYSTEMD_UNIT": OTHER}
    others_say = {**LINE, "_SYSTEMD_UNIT": OTHER, "UNIT": UNIT}
    twice = {**LINE, "MESSAGE": ["a", "b", ["c"], None]}
    assert list(printed(read([LINE, EXIT, raw, other, others_say, twice, {**LINE, "MESSAGE": None}]), NAMES)) == [
        (UNIT, (1767268800, LINE["MESSAGE"])),
        (UNIT, (1767268801, EXIT["MESSAGE"])),
        (UNIT, (1767268800, "gr\ufffd\ufffder")),
        (UNIT, (1767268800, "a")),
        (UNIT, (1767268800, "b")),
    ]


def test_lines_that_are_no_entries() -> None:
    text = "\n".join(["-- No entries --", "[1]", "{", '{"MESSAGE": "cut', "[" * 100_000, json.dumps(LINE), "null"])
    assert read_entries(text) == [LINE]


def test_a_line_ends_at_no_other_character() -> None:
    entry = {**LINE, "MESSAGE": "a\u2028b\x85c"}
    assert read_entries(json.dumps(entry, ensure_ascii=False) + "\n") == [entry]
