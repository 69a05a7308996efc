# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.service import (
    PROPERTIES,
    service_reading,
)

# What systemd 252 says of a unit that runs for the first time.
RUNS = {
    "LoadState": "loaded",
    "Result": "success",
    "ExecMainCode": "0",
    "ExecMainStatus": "0",
    "NRestarts": "0",
    "MemoryMax": "infinity",
    "MemoryLimit": "infinity",
    "TasksMax": "4915",
}
NEW: dict[str, t.Any] = {
    "result": "success",
    "code": None,
    "status": None,
    "restarts": 0,
    "memory_limit": None,
    "tasks_limit": 4915,
    "source": "there",
}

CASES: dict[str, tuple[dict[str, str], dict[str, t.Any] | None]] = {
    "it runs": (RUNS, NEW),
    "it has ended by itself": (
        {**RUNS, "Result": "exit-code", "ExecMainCode": "1", "ExecMainStatus": "239", "NRestarts": "3"},
        {**NEW, "result": "exit-code", "code": "exited", "status": 239, "restarts": 3},
    ),
    "it was killed": (
        {**RUNS, "Result": "oom-kill", "ExecMainCode": "2", "ExecMainStatus": "9"},
        {**NEW, "result": "oom-kill", "code": "killed", "status": 9},
    ),
    "it left a core": (
        {**RUNS, "Result": "core-dump", "ExecMainCode": "3", "ExecMainStatus": "6"},
        {**NEW, "result": "core-dump", "code": "dumped", "status": 6},
    ),
    "it is limited": (
        {**RUNS, "MemoryMax": "805306368", "TasksMax": "infinity"},
        {**NEW, "memory_limit": 805306368, "tasks_limit": None},
    ),
    "it is limited by the older name": ({**RUNS, "MemoryLimit": "4096"}, {**NEW, "memory_limit": 4096}),
    "an older systemd writes no limit as a number": (
        {**RUNS, "MemoryMax": "18446744073709551615", "TasksMax": "18446744073709551615"},
        {**NEW, "tasks_limit": None},
    ),
    "there is no such unit": ({**RUNS, "LoadState": "not-found"}, None),
    "systemd said nothing": ({}, None),
}


@pytest.mark.parametrize(("unit", "expected"), CASES.values(), ids=CASES)
def test_the_last_run_of_a_unit(unit: dict[str, str], expected: dict[str, t.Any] | None) -> None:
    assert set(unit) <= set(PROPERTIES)
    assert service_reading(unit, "there") == expected
