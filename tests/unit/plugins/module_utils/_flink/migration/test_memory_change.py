# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.migrate import migrate_config

MIB = 2**20
LARGE = {"taskmanager.memory.process.size": "20g"}

# Options of a release, and what is said of the memory of a process in 2.3.
SAID: dict[str, tuple[dict[str, t.Any], str, str, str]] = {
    "the same": (
        {"taskmanager.memory.process.size": "1728m"},
        "1.10",
        "taskmanager",
        "It stays as it was: total process 1.6g.",
    ),
    "the old heap as the total that it was": (
        {"taskmanager.heap.size": "4g"},
        "1.20",
        "taskmanager",
        "It stays as it was: total process 4.7g.",
    ),
    "network memory without a maximum": (
        LARGE,
        "1.16",
        "taskmanager",
        "task heap 9.1g instead of 9.9g; network 1.8g instead of 1g.",
    ),
    "a heap that was a JVM's": (
        {"taskmanager.heap.size": "1024m"},
        "1.9",
        "taskmanager",
        (
            "JVM heap 383.9m instead of 922m; network 102.4m instead of 102m; managed 409.6m instead of 0b. "
            "In all total process 1.4g."
        ),
    ),
    "a JobManager whose script knew a heap only": (
        {"jobmanager.heap.size": "1024m"},
        "1.10",
        "jobmanager",
        "What was known of it stays as it was. In all total process 1.5g.",
    ),
    "no size before": (
        {"jobmanager.memory.process.size": "1600m"},
        "1.9",
        "jobmanager",
        "Flink 1.9 had no size for it; now it has total process 1.5g.",
    ),
    "a size that is refused by the old release only": (
        {"taskmanager.memory.process.size": "20g", "taskmanager.memory.network.min": "2g"},
        "1.16",
        "taskmanager",
        "Flink 1.16 refused it; now it has total process 20g.",
    ),
    "no size": ({}, "1.9", "taskmanager", "Flink 2.3 refuses it: No memory is configured for the TaskManager."),
    "no size in both": (
        {},
        "1.20",
        "jobmanager",
        "Both releases refuse it: No memory is configured for the JobManager.",
    ),
    "a size of 1.9 that is none": (
        {"taskmanager.heap.mb": "many"},
        "1.9",
        "taskmanager",
        "Both releases refuse it: ",
    ),
}


@pytest.mark.parametrize(("config", "source", "process", "message"), SAID.values(), ids=SAID)
def test_the_difference_is_said(config: dict[str, t.Any], source: str, process: str, message: str) -> None:
    (said,) = [row for row in migrate_config(config, source, "2.3")["memory"] if row["process"] == process]
    assert said["message"].startswith(message)


# Options of 1.9, and the JVM heap, network and managed memory in MiB that its scripts make of them.
OLD_SIZES: dict[str, tuple[dict[str, t.Any], tuple[int, int, int]]] = {
    "a total": ({"taskmanager.heap.size": "1024m"}, (922, 102, 0)),
    "a total in megabytes": ({"taskmanager.heap.mb": 1024}, (922, 102, 0)),
    "small": ({"taskmanager.heap.mb": 512}, (448, 64, 0)),
    "large": ({"taskmanager.heap.size": "20g"}, (19 * 1024, 1024, 0)),
    "a share of network memory": (
        {"taskmanager.heap.size": "1000m", "taskmanager.network.memory.fraction": 0.2},
        (800, 200, 0),
    ),
    "a fixed network memory": (
        {
            "taskmanager.heap.size": "1g",
            "taskmanager.network.memory.min": "200m",
            "taskmanager.network.memory.max": "200m",
        },
        (824, 200, 0),
    ),
    "network buffers": (
        {"taskmanager.heap.size": "1g", "taskmanager.network.numberOfBuffers": "4096"},
        (896, 128, 0),
    ),
    "managed memory off the heap": (
        {"taskmanager.heap.size": "1024m", "taskmanager.memory.off-heap": "true"},
        (277, 102, 645),
    ),
    "managed memory of a size off the heap": (
        {"taskmanager.heap.size": "1024m", "taskmanager.memory.off-heap": True, "taskmanager.memory.size": "200"},
        (722, 102, 200),
    ),
    "managed memory of a size with a unit off the heap": (
        {"taskmanager.heap.size": "1024m", "taskmanager.memory.off-heap": True, "taskmanager.memory.size": "200m"},
        (722, 102, 200),
    ),
}


@pytest.mark.parametrize(("config", "sizes"), OLD_SIZES.values(), ids=OLD_SIZES)
def test_the_memory_before_1_10_is_that_of_its_scripts(config: dict[str, t.Any], sizes: tuple[int, int, int]) -> None:
    before = migrate_config(config, "1.9", "2.3")["memory"][1]["before"]
    assert before is not None
    assert tuple((before[name] or 0) // MIB for name in ("jvm_heap", "network", "managed")) == sizes


def proposals(config: dict[str, t.Any], source: str) -> dict[str, dict[str, t.Any]]:
    return {note["code"]: note["changes"] for note in migrate_config(config, source, "2.3")["decisions"]}


def test_what_keeps_the_sizes_is_proposed_and_does() -> None:
    change = proposals(LARGE, "1.16")["network-maximum"]
    assert change == {"taskmanager.memory.network.max": "1g"}
    kept = migrate_config({**LARGE, **change}, "1.16", "2.3")
    assert kept["memory"][1]["before"] == kept["memory"][1]["after"]
    assert "network-maximum" not in proposals({**LARGE, **change}, "1.16")
    assert "network-maximum" not in proposals(LARGE, "1.17")


def test_what_keeps_a_heap_of_old_is_proposed_unless_its_state_is_elsewhere() -> None:
    heap = {"taskmanager.heap.size": "1024m"}
    change = proposals(heap, "1.9")["smaller-heap"]
    after = migrate_config({name: value for name, value in change.items() if value}, "2.3", "2.3")["memory"][1]["after"]
    assert after is not None
    assert (after["jvm_heap"], after["network"], after["managed"]) == (922 * MIB, 102 * MIB, 0)
    assert change["taskmanager.memory.flink.size"] is None
    assert "smaller-heap" not in proposals({**heap, "state.backend": "rocksdb"}, "1.9")
