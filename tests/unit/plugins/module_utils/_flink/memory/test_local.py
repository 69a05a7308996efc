# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import MAX_BYTES, MIB, TIB

UNSET = {
    "1.10": MAX_BYTES,
    "1.12.4": MAX_BYTES,
    "1.12.5": TIB,
    "1.12": TIB,
    "1.13.0": MAX_BYTES,
    "1.13": TIB,
    "1.14": TIB,
    "2.3": TIB,
}

NETWORKS: dict[str, tuple[dict[str, t.Any], int]] = {
    "neither": ({}, 64 * MIB),
    "minimum": ({"network.min": "100m"}, 100 * MIB),
    "maximum": ({"network.max": "32m"}, 32 * MIB),
    "both to the same size": ({"network.min": "1g", "network.max": "1024m"}, 1024 * MIB),
    "a fraction does not count": ({"network.fraction": "no number"}, 64 * MIB),
}


@pytest.mark.parametrize(("release", "size"), UNSET.items())
def test_what_is_not_set(release: str, size: int) -> None:
    memory = plan({}, release, "local")["memory"]
    assert {name: memory[name] for name in ("task_heap", "task_off_heap", "network", "managed")} == {
        "task_heap": size,
        "task_off_heap": size,
        "network": 64 * MIB,
        "managed": 128 * MIB,
    }


@pytest.mark.parametrize(("options", "size"), NETWORKS.values(), ids=NETWORKS)
def test_network(options: dict[str, t.Any], size: int) -> None:
    assert plan({"taskmanager.memory": options}, "2.3", "local")["memory"]["network"] == size


def test_bounds_that_differ() -> None:
    config = {f"{TM}network.max": "1g", "taskmanager.network.memory.min": "64m"}
    with pytest.raises(FlinkError, match=r"^taskmanager.network.memory.min \(64m\) and .*network.max \(1g\) differ"):
        plan(config, "2.3", "local")


def test_what_is_set() -> None:
    config = {
        "taskmanager.memory": {"task.heap.size": "1g", "task.off-heap.size": 4096, "size": "2g"},
        "taskmanager.numberOfTaskSlots": 4,
    }
    planned = plan(config, "2.3", "local")
    assert planned["slots"] == {
        "count": 4,
        "managed_memory": 2**29,
        "network_memory": 2**24,
        "task_heap": 2**28,
        "task_off_heap": 1024,
    }
    assert (planned["jvm_args"], planned["dynamic_properties"], planned["derived_from"]) == ([], {}, [])


def test_what_only_real_processes_have_does_not_count() -> None:
    config = {f"{TM}process.size": "1k", f"{TM}flink.size": "no size", f"{TM}jvm-metaspace.size": "no size"}
    memory = plan(config, "2.3", "local")["memory"]
    assert {name for name, size in memory.items() if size is None} == {
        *("framework_heap", "framework_off_heap", "jvm_metaspace", "jvm_overhead", "jvm_heap", "jvm_direct"),
        *("total_flink", "total_process"),
    }
