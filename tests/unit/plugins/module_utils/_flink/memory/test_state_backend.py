# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import CannotStartError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM

TM_4G = {f"{TM}process.size": "4g"}

# Code, release, a configuration that gets the note, the nearest one that does not.
CASES: dict[str, tuple[str, str, dict[str, t.Any], dict[str, t.Any]]] = {
    "RocksDB without managed": (
        "rocksdb-without-managed",
        "2.3",
        {**TM_4G, "state.backend.type": "rocksdb", f"{TM}managed.fraction": 0},
        {**TM_4G, "state.backend.type": "rocksdb"},
    ),
    "RocksDB by its class": (
        "rocksdb-without-managed",
        "1.13",
        {**TM_4G, f"{TM}managed.size": 0, "state.backend": "org.x.RocksDBStateBackendFactory"},
        {**TM_4G, f"{TM}managed.size": 1, "state.backend": "org.x.RocksDBStateBackendFactory"},
    ),
    "no managed without RocksDB": (
        "rocksdb-without-managed",
        "2.3",
        {**TM_4G, "state.backend": "rocksdb", f"{TM}managed.size": 0},
        {**TM_4G, "state.backend": "hashmap", f"{TM}managed.size": 0},
    ),
    "managed with a heap backend": (
        "managed-unused",
        "2.3",
        {f"{TM}flink.size": "4g", "state.backend.type": "hashmap", f"{TM}managed.size": 1073741825},
        {f"{TM}flink.size": "4g", "state.backend.type": "hashmap", f"{TM}managed.size": "1g"},
    ),
    "managed with RocksDB": (
        "managed-unused",
        "1.20",
        {**TM_4G, "state.backend": "FileSystem "},
        {**TM_4G, "state.backend": "rocksdb"},
    ),
    "managed with a heap backend in batch mode": (
        "managed-unused",
        "2.3",
        {**TM_4G, "state.backend.type": "hashmap"},
        {**TM_4G, "state.backend.type": "hashmap", "execution.runtime-mode": "BATCH"},
    ),
    "managed for Python only": (
        "managed-unused",
        "2.3",
        {**TM_4G, "state.backend.type": "hashmap"},
        {**TM_4G, "state.backend.type": "hashmap", f"{TM}managed.consumer-weights": "PYTHON:100"},
    ),
    "the new name of the backend before 1.17": (
        "managed-unused",
        "1.17",
        {**TM_4G, "state.backend.type": "hashmap"},
        TM_4G,
    ),
    "ForSt without managed": (
        "rocksdb-without-managed",
        "2.3",
        {**TM_4G, "state.backend.type": "forst", f"{TM}managed.size": 0},
        {**TM_4G, "state.backend.type": "forst"},
    ),
    "RocksDB with a size of its own": (
        "rocksdb-without-managed",
        "1.20",
        {**TM_4G, "state.backend.type": "rocksdb", f"{TM}managed.size": 0},
        {
            **TM_4G,
            "state.backend.type": "rocksdb",
            f"{TM}managed.size": 0,
            "state.backend.rocksdb.memory.fixed-per-slot": "64m",
        },
    ),
    "RocksDB beyond JVM overhead": (
        "state-backend-beside-plan",
        "1.20",
        {**TM_4G, "state.backend.type": "rocksdb", "state.backend.rocksdb.memory.fixed-per-slot": "410m"},
        {**TM_4G, "state.backend.type": "rocksdb", "state.backend.rocksdb.memory.fixed-per-slot": "409m"},
    ),
    "RocksDB in each slot": (
        "state-backend-beside-plan",
        "1.20",
        {
            **TM_4G,
            "state.backend.type": "rocksdb",
            "state.backend.rocksdb.memory.fixed-per-slot": "128m",
            "taskmanager.numberOfTaskSlots": 4,
        },
        {
            **TM_4G,
            "state.backend.type": "rocksdb",
            "state.backend.rocksdb.memory.fixed-per-slot": "128m",
            "taskmanager.numberOfTaskSlots": 3,
        },
    ),
    "RocksDB for the whole process": (
        "state-backend-beside-plan",
        "1.20",
        {
            **TM_4G,
            "state.backend.type": "rocksdb",
            "state.backend.rocksdb.memory.managed": False,
            "state.backend.rocksdb.memory.fixed-per-tm": "1g",
        },
        {**TM_4G, "state.backend.type": "rocksdb", "state.backend.rocksdb.memory.fixed-per-tm": "1g"},
    ),
    "RocksDB without a bound": (
        "state-backend-unbounded",
        "1.13",
        {**TM_4G, "state.backend": "rocksdb", "state.backend.rocksdb.memory.managed": "false"},
        {**TM_4G, "state.backend": "rocksdb", "state.backend.rocksdb.memory.managed": "true"},
    ),
    "a heap backend with options of RocksDB": (
        "state-backend-unbounded",
        "2.3",
        {**TM_4G, "state.backend.type": "forst", "state.backend.forst.memory.managed": False},
        {**TM_4G, "state.backend.type": "hashmap", "state.backend.forst.memory.managed": False},
    ),
    "heap backend by a name of 1.12": (
        "deprecated-state-backend",
        "1.13",
        {**TM_4G, "state.backend": "filesystem", f"{TM}managed.size": 0},
        {**TM_4G, "state.backend": "hashmap", f"{TM}managed.size": 0},
    ),
    "heap backend by its name in 1.12": (
        "deprecated-state-backend",
        "1.20",
        {**TM_4G, "state.backend": "jobmanager", f"{TM}managed.size": 0},
        {**TM_4G, f"{TM}managed.size": 0},
    ),
    "the new name of the backend wins": (
        "managed-unused",
        "2.3",
        {**TM_4G, "state.backend": "rocksdb", "state.backend.type": "hashmap"},
        {**TM_4G, "state.backend": "filesystem", "state.backend.type": "rocksdb"},
    ),
}

# Process, release, configuration, and what is said of it.
REFUSED: dict[str, tuple[str, str, dict[str, t.Any], str]] = {
    "a state backend of 1.20": (
        "taskmanager",
        "2.0",
        {**TM_4G, "state.backend": "filesystem"},
        "state.backend: Flink 2.0 has no state backend filesystem, so every job fails. Set state.backend to hashmap",
    ),
    "a state backend of 1.20 on the JobManager": (
        "jobmanager",
        "2.3",
        {f"{JM}process.size": "2g", "state.backend.type": "jobmanager"},
        "state.backend.type: Flink 2.3 has no state backend jobmanager",
    ),
}

# Options that Flink itself refuses, and so nothing is said of the memory that they are about.
UNREADABLE: dict[str, dict[str, t.Any]] = {
    "a backend that is a number without end": {"state.backend.type": 10**4301},
    "a word for a truth": {"state.backend.type": "rocksdb", "state.backend.rocksdb.memory.managed": "yes"},
    "a word for a size": {"state.backend.type": "rocksdb", "state.backend.rocksdb.memory.fixed-per-slot": "much"},
    "a list for a mode": {"state.backend.type": "hashmap", "execution.runtime-mode": ["BATCH"]},
}


def codes(config: dict[str, t.Any], release: str) -> list[str]:
    return [note["code"] for note in plan(config, release)["notes"]]


@pytest.mark.parametrize(("code", "release", "noted", "silent"), CASES.values(), ids=CASES)
def test_notes(code: str, release: str, noted: dict[str, t.Any], silent: dict[str, t.Any]) -> None:
    assert codes(noted, release).count(code) == 1
    assert code not in codes(silent, release)


@pytest.mark.parametrize(("process", "release", "config", "message"), REFUSED.values(), ids=REFUSED)
def test_a_backend_that_the_release_dropped(process: str, release: str, config: dict[str, t.Any], message: str) -> None:
    with pytest.raises(CannotStartError, match=re.escape(message)) as refusal:
        plan(config, release, process)
    assert plan(merge_config([config, refusal.value.changes]), release, process)


@pytest.mark.parametrize("options", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read(options: dict[str, t.Any]) -> None:
    assert codes({**TM_4G, f"{TM}managed.fraction": 0.4, **options}, "2.3") == []


def test_a_cache_outside_the_plan_can_be_planned_for() -> None:
    config = {**TM_4G, "state.backend": "rocksdb", "state.backend.rocksdb.memory.fixed-per-slot": "1g"}
    (note,) = plan(config, "1.20")["notes"]
    assert "1g of memory of RocksDB lies outside the plan" in note["message"]
    assert note["remedy"] == (
        "Remove state.backend.rocksdb.memory.fixed-per-slot, and RocksDB keeps to managed memory."
    )
