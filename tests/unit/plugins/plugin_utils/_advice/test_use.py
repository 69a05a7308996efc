# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.use import uses

MEMORY = {
    "framework_heap": 100,
    "task_heap": 200,
    "jvm_heap": 300,
    "framework_off_heap": 40,
    "task_off_heap": 10,
    "network": 60,
    "managed": 70,
    "jvm_metaspace": 80,
    "jvm_overhead": 90,
    "total_process": 650,
}
JOBMANAGER = {"jvm_heap": 500, "off_heap": 50, "jvm_metaspace": 80, "jvm_overhead": None, "total_process": None}

# The memory of a plan, figures, and what is planned and used of each part.
USED: dict[str, tuple[dict[str, int | None], dict[str, int], dict[str, tuple[int, int | None]]]] = {
    "all of a TaskManager": (
        {**MEMORY},
        {
            "old_used": 20,
            "direct": 75,
            "network_total": 60,
            "network_used": 9,
            "managed_used": 70,
            "metaspace_used": 50,
        },
        {
            "heap": (300, 20),
            "off-heap": (50, 15),
            "network": (60, 9),
            "managed": (70, 70),
            "metaspace": (80, 50),
            "overhead": (90, None),
        },
    ),
    "RocksDB, which reserves all and uses less": (
        {"task_heap": 1, "managed": 70},
        {"managed_used": 70, "rocksdb_usage": 30},
        {"heap": (1, None), "managed": (70, 30)},
    ),
    "RocksDB beyond its budget": (
        {"task_heap": 1, "managed": 70},
        {"managed_used": 70, "rocksdb_usage": 90},
        {"heap": (1, None), "managed": (70, 90)},
    ),
    "a JobManager, which has no network memory": (
        {**JOBMANAGER},
        {"old_used": 20, "direct": 7},
        {"heap": (500, 20), "off-heap": (50, 7), "metaspace": (80, None), "overhead": (0, None)},
    ),
    "a process that nobody planned": ({}, {"old_used": 20}, {}),
}


@pytest.mark.parametrize(("memory", "most", "parts"), USED.values(), ids=USED)
def test_what_is_used_of_each_part(
    memory: dict[str, int | None], most: dict[str, int], parts: dict[str, tuple[int, int | None]]
) -> None:
    figures = {
        name: {"minimum": 0, "maximum": size, "last": 0, "looks": 1, "source": "x"} for name, size in most.items()
    }
    assert {part.name: (part.planned, part.used) for part in uses(memory, figures)} == parts  # type: ignore[arg-type]
