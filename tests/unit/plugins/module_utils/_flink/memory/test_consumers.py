# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import TM

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Note

WEIGHTS = f"{TM}managed.consumer-weights"
TM_4G = {f"{TM}process.size": "4g"}
ROCKSDB = {**TM_4G, "state.backend": "rocksdb"}

# Release, options, and the note about the weights: its code, a part of its message; none if they are well.
CASES: dict[str, tuple[str, dict[str, t.Any], tuple[str, str] | None]] = {
    "a consumer of 1.12": (
        "2.3",
        {**TM_4G, WEIGHTS: "DATAPROC:70,STATE_BACKEND:70"},
        ("unknown-consumer", "named 'DATAPROC'; it has OPERATOR, STATE_BACKEND, PYTHON."),
    ),
    "consumers of 2.3": ("2.3", {**ROCKSDB, WEIGHTS: "STATE_BACKEND:70, PYTHON:30,"}, None),
    "a consumer that none has": (
        "1.13",
        {**TM_4G, f"{WEIGHTS}.BATCH": 70},
        ("unknown-consumer", "named 'BATCH'"),
    ),
    "a consumer that 1.13 has for the sake of 1.12": ("1.13", {**TM_4G, f"{WEIGHTS}.DATAPROC": 70}, None),
    "a negative weight": (
        "1.12",
        {**TM_4G, WEIGHTS: "PYTHON:-1"},
        ("unreadable-consumer-weight", "expected a whole number of at least 0 for PYTHON, got '-1'."),
    ),
    "a word for a weight": (
        "2.3",
        {**ROCKSDB, WEIGHTS: "OPERATOR:abc"},
        ("unreadable-consumer-weight", f"{WEIGHTS}: expected a whole number of at least 0 for OPERATOR, got 'abc'."),
    ),
    "no weight": ("2.3", {**TM_4G, WEIGHTS: "PYTHON"}, ("unreadable-consumer-weight", "for PYTHON, got ''.")),
    "a word for a weight in an option of its own": (
        "1.14",
        {**TM_4G, f"{WEIGHTS}.PYTHON": "half"},
        ("unreadable-consumer-weight", f"{WEIGHTS}.PYTHON: expected"),
    ),
    "a list for a weight": (
        "2.3",
        {**TM_4G, f"{WEIGHTS}.PYTHON": [1]},
        ("unreadable-consumer-weight", "for PYTHON, got ''."),
    ),
    "an option of its own before there was one": ("1.13", {**TM_4G, f"{WEIGHTS}.PYTHON": "half"}, None),
    "an option for all outranks one of its own": (
        "2.3",
        {**ROCKSDB, WEIGHTS: "STATE_BACKEND:1", f"{WEIGHTS}.STATE_BACKEND": 0},
        None,
    ),
    "RocksDB with the weight 0": (
        "2.3",
        {**ROCKSDB, WEIGHTS: "STATE_BACKEND:0,OPERATOR:100"},
        (
            "state-backend-without-share",
            f"{WEIGHTS} gives STATE_BACKEND no weight, so RocksDB gets no managed memory, and every job that keeps",
        ),
    ),
    "RocksDB without a weight": (
        "1.14",
        {**ROCKSDB, f"{WEIGHTS}.PYTHON": 30},
        ("state-backend-without-share", "gives STATE_BACKEND no weight"),
    ),
    "RocksDB with the weight 0 in 1.12": (
        "1.12",
        {**ROCKSDB, WEIGHTS: "DATAPROC:0"},
        ("state-backend-without-share", "gives DATAPROC no weight"),
    ),
    "RocksDB with the weight of 1.12": ("1.20", {**ROCKSDB, WEIGHTS: "DATAPROC:70"}, None),
    "a weight of its own outranks that of 1.12": (
        "1.20",
        {**ROCKSDB, WEIGHTS: "DATAPROC:70,STATE_BACKEND:0"},
        ("state-backend-without-share", "gives STATE_BACKEND no weight"),
    ),
    "an option that 1.13 does not read": ("1.13", {**ROCKSDB, f"{WEIGHTS}.STATE_BACKEND": 0}, None),
    "a weight of 0 with the heap": (
        "2.3",
        {**TM_4G, "state.backend": "hashmap", WEIGHTS: "STATE_BACKEND:0,OPERATOR:1"},
        None,
    ),
    "RocksDB with memory of its own": (
        "2.3",
        {**ROCKSDB, WEIGHTS: "OPERATOR:1", "state.backend.rocksdb.memory.fixed-per-slot": "64m"},
        None,
    ),
}


def notes(config: dict[str, t.Any], release: str) -> list[Note]:
    found = plan(config, release)["notes"]
    return [note for note in found if "consumer" in note["code"] or "share" in note["code"]]


@pytest.mark.parametrize(("release", "config", "expected"), CASES.values(), ids=CASES)
def test_weights(release: str, config: dict[str, t.Any], expected: tuple[str, str] | None) -> None:
    found = notes(config, release)
    assert [note["code"] for note in found] == ([expected[0]] if expected else [])
    for note in found:
        assert note["level"] == "warning"
        assert expected is None or expected[1] in note["message"]
        assert note["changes"]
        assert notes(merge_config([config, note["changes"]]), release) == []
