# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import CannotStartError, FlinkError
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
        {**TM_4G, "state.backend": "FileSystem"},
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
    "a name that is meant": (
        "taskmanager",
        "2.3",
        {**TM_4G, "state.backend.type": "hashmaps"},
        "has no state backend hashmaps, so every job fails. Set state.backend.type to hashmap",
    ),
    "a short name of one": (
        "taskmanager",
        "1.13",
        {**TM_4G, "state.backend": "fs"},
        "Set state.backend to hashmap, and the checkpoint directory decides where state goes.",
    ),
    "a name of 1.13 in 1.12": (
        "taskmanager",
        "1.12",
        {**TM_4G, "state.backend": "hashmap"},
        "Flink 1.12 has no state backend hashmap, so every job fails. Set state.backend to filesystem.",
    ),
    "a backend of 2.0 in 1.20": (
        "taskmanager",
        "1.20",
        {**TM_4G, "state.backend.type": "forst"},
        "Set state.backend.type to rocksdb.",
    ),
    "a name that means nothing": (
        "taskmanager",
        "2.3",
        {**TM_4G, "state.backend.type": "xyz"},
        "It has hashmap, rocksdb, forst. Set one of them, or remove state.backend.type to keep state on the heap.",
    ),
    "a state backend of 1.20 on the JobManager": (
        "jobmanager",
        "2.3",
        {f"{JM}process.size": "2g", "state.backend.type": "jobmanager"},
        "state.backend.type: Flink 2.3 has no state backend jobmanager",
    ),
}

# Options of RocksDB that Flink refuses where a job starts, and what is said of them.
UNREADABLE: dict[str, tuple[dict[str, t.Any], str]] = {
    "a word for a truth": ({"managed": "yes"}, "memory.managed: expected true or false, got 'yes'."),
    "a word for a size": ({"fixed-per-slot": "much"}, "memory.fixed-per-slot: 'much' is not a size"),
    "a word for a truth that a size outranks": (
        {"managed": "no", "fixed-per-slot": "64m"},
        "memory.managed: expected true or false, got 'no'.",
    ),
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


@pytest.mark.parametrize(("options", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_memory_that_cannot_be_read(options: dict[str, t.Any], message: str) -> None:
    given = {f"state.backend.rocksdb.memory.{name}": value for name, value in options.items()}
    config = {**TM_4G, "state.backend.type": "rocksdb", **given}
    (note,) = plan(config, "2.3")["notes"]
    assert message in note["message"]
    assert note["message"].endswith(" Every job fails whose state backend is RocksDB.")
    assert "unreadable-state-backend-memory" not in codes(merge_config([config, note["changes"]]), "2.3")


def test_a_mode_that_cannot_be_read() -> None:
    config = {**TM_4G, "state.backend.type": "hashmap", "execution.runtime-mode": ["BATCH"]}
    assert codes({**config, f"{TM}managed.fraction": 0.4}, "2.3") == []


# Releases that know the names of state backends, and those that do not.
NAMES: dict[str, tuple[list[str], list[str]]] = {
    "hashmap": (["1.13", "2.3"], ["1.10", "1.12"]),
    "filesystem": (["1.10", "1.20"], ["2.0"]),
    "jobmanager": (["1.10", "1.20"], ["2.0"]),
    "rocksdb": (["1.10", "2.3"], []),
    "RocksDB": (["1.10", "2.3"], []),
    "forst": (["2.0", "2.3"], ["1.20"]),
    "memory": ([], ["1.12", "1.20", "2.3"]),
    "org.apache.flink.runtime.state.filesystem.FsStateBackendFactory": (["1.10", "1.20"], ["2.0"]),
    "org.apache.flink.runtime.state.memory.MemoryStateBackendFactory": (["1.20"], ["2.3"]),
    "org.apache.flink.contrib.streaming.state.RocksDBStateBackendFactory": (["1.20"], ["2.0"]),
    "org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackendFactory": (["1.13", "2.3"], []),
    "com.example.Factory": (["1.10", "2.3"], []),
}


@pytest.mark.parametrize("process", ["taskmanager", "jobmanager"])
@pytest.mark.parametrize(("name", "releases"), NAMES.items())
def test_names_of_backends(name: str, releases: tuple[list[str], list[str]], process: str) -> None:
    config = {f"{TM}process.size": "4g", f"{JM}process.size": "4g", "state.backend": name}
    known, unknown = releases
    for release in known:
        assert plan(config, release, process)
    for release in unknown:
        with pytest.raises(CannotStartError, match=re.escape(f"has no state backend {name}, so every")) as refusal:
            plan(config, release, process)
        assert plan(merge_config([config, refusal.value.changes]), release, process)


def test_a_cache_outside_the_plan_can_be_planned_for() -> None:
    config = {**TM_4G, "state.backend": "rocksdb", "state.backend.rocksdb.memory.fixed-per-slot": "1g"}
    (note,) = plan(config, "1.20")["notes"]
    assert "1g of memory of RocksDB lies outside the plan" in note["message"]
    assert note["remedy"] == (
        "Remove state.backend.rocksdb.memory.fixed-per-slot, and RocksDB keeps to managed memory."
    )


def test_a_backend_that_is_a_number_without_end() -> None:
    with pytest.raises(FlinkError, match=r"^state\.backend\.type: "):
        plan({f"{TM}process.size": "4g", "state.backend.type": 10**4301}, "2.3")
