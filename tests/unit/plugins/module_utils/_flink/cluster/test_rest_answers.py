# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.rest_answers import (
    read_jobmanager,
    read_release,
    read_taskmanagers,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import MIB

UNKNOWN_PARTS = ("framework_heap", "task_heap", "framework_off_heap", "task_off_heap", "network")
UNKNOWN_REST = ("jvm_metaspace", "jvm_overhead", "total_flink", "total_process")

# TaskManagers as the REST API of a release describes them, cut to one each.
TASKMANAGER_1_11 = {
    "id": "4a3f0e0f3c4de8b1a4a1f1e1b1f4d2a1",
    "path": "akka.tcp://flink@127.0.0.1:42311/user/rpc/taskmanager_0",
    "dataPort": 38725,
    "timeSinceLastHeartbeat": 1700000000000,
    "slotsNumber": 2,
    "freeSlots": 1,
    "totalResource": {"cpuCores": 0.0, "taskHeapMemory": 0, "managedMemory": 0, "networkMemory": 0},
    "hardware": {
        "cpuCores": 4,
        "physicalMemory": 16777216000,
        "freeMemory": 536870912,
        "managedMemory": 536870920,
    },
}
TASKMANAGER_1_12_0 = {
    **TASKMANAGER_1_11,
    "memoryConfiguration": {
        "frameworkHeap": 128 * MIB,
        "taskHeap": 402653174,
        "frameworkOffHeap": 128 * MIB,
        "taskOffHeap": 0,
        "networkMemory": 134217730,
        "managedMemory": 536870920,
        "jvmMetaspace": 256 * MIB,
        "jvmOverhead": 1024 * MIB,
        "totalFlinkMemory": None,
        "totalProcessMemory": 1728 * MIB,
    },
}
TASKMANAGER_2_3 = {
    "id": "worker-1",
    "path": "pekko.tcp://flink@127.0.0.1:36591/user/rpc/taskmanager_0",
    "dataPort": 40221,
    "jmxPort": -1,
    "slotsNumber": 1,
    "freeSlots": 1,
    "totalResource": {"cpuCores": 1.0, "taskHeapMemory": 383, "managedMemory": 512, "extendedResources": {}},
    "hardware": TASKMANAGER_1_11["hardware"],
    "memoryConfiguration": {
        **t.cast("dict[str, t.Any]", TASKMANAGER_1_12_0["memoryConfiguration"]),
        "jvmOverhead": 192 * MIB,
        "totalFlinkMemory": 1280 * MIB,
    },
    "assignedTasks": 0,
}

TASKMANAGERS: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "1.11": (
        TASKMANAGER_1_11,
        {"managed": 536870920, **dict.fromkeys((*UNKNOWN_PARTS, *UNKNOWN_REST))},
    ),
    "1.12.0": (
        TASKMANAGER_1_12_0,
        {"task_heap": 402653174, "jvm_overhead": 1024 * MIB, "total_flink": None, "total_process": 1728 * MIB},
    ),
    "2.3": (
        TASKMANAGER_2_3,
        {
            "framework_heap": 128 * MIB,
            "task_heap": 402653174,
            "framework_off_heap": 128 * MIB,
            "task_off_heap": 0,
            "network": 134217730,
            "managed": 536870920,
            "jvm_metaspace": 256 * MIB,
            "jvm_overhead": 192 * MIB,
            "total_flink": 1280 * MIB,
            "total_process": 1728 * MIB,
        },
    ),
}

DERIVED = [
    {"key": "jobmanager.memory.heap.size", "value": "1073741824b"},
    {"key": "jobmanager.memory.off-heap.size", "value": "134217728b"},
    {"key": "jobmanager.memory.jvm-metaspace.size", "value": "268435456b"},
    {"key": "jobmanager.memory.jvm-overhead.min", "value": "201326592b"},
    {"key": "jobmanager.memory.jvm-overhead.max", "value": "201326592b"},
    {"key": "s3.secret-key", "value": "******"},
]
ENVIRONMENT = {"jvm": {"version": "OpenJDK", "arch": "amd64", "options": ["-Xmx1073741824"]}, "classpath": []}
NOTHING = dict.fromkeys(("jvm_heap", "off_heap", "jvm_metaspace", "jvm_overhead", "total_flink", "total_process"))
ALL = {
    "jvm_heap": 1024 * MIB,
    "off_heap": 128 * MIB,
    "jvm_metaspace": 256 * MIB,
    "jvm_overhead": 192 * MIB,
    "total_flink": 1152 * MIB,
    "total_process": 1600 * MIB,
}

JOBMANAGERS: dict[str, tuple[t.Any, t.Any, dict[str, t.Any], list[str] | None]] = {
    "1.11": ([{"key": "jobmanager.memory.process.size", "value": "1600m"}], None, NOTHING, None),
    "1.12": (DERIVED, None, ALL, None),
    "1.16": (DERIVED, ENVIRONMENT, ALL, ["-Xmx1073741824"]),
    "without metaspace": (
        [entry for entry in DERIVED if "metaspace" not in entry["key"]],
        ENVIRONMENT,
        {**ALL, "jvm_metaspace": None, "total_process": None},
        ["-Xmx1073741824"],
    ),
    "nothing configured": ([], None, NOTHING, None),
}

# What other servers may answer.
FOREIGN: dict[str, t.Any] = {
    "null": None,
    "number": 5,
    "text": "hello",
    "list": ["hello"],
    "list of lists": [[]],
    "empty mapping": {},
    "error": {"errors": ["Not found."]},
    "mapping of null": {"taskmanagers": None, "jvm": None},
    "mapping of texts": {"taskmanagers": "none", "jvm": "none"},
    "list of texts": {"taskmanagers": ["one"], "jvm": {"options": 1}},
    "TaskManager without hardware": {"taskmanagers": [{"id": "x"}]},
    "TaskManager with other hardware": {"taskmanagers": [{"id": "x", "hardware": 5}]},
    "TaskManager with other memory": {"taskmanagers": [{**TASKMANAGER_2_3, "memoryConfiguration": [1]}]},
    **{
        f"TaskManager whose {field} is {kind}": {"taskmanagers": [{**TASKMANAGER_2_3, field: value}]}
        for field, kind, value in (
            ("id", "a list", []),
            ("id", "no printable text", "worker\x1b[2J"),
            ("path", "a mapping", {}),
            ("slotsNumber", "a text", "1"),
            ("slotsNumber", "less than none", -1),
            ("freeSlots", "a truth", True),
            ("memoryConfiguration", "beyond reason", {"taskHeap": 2**80}),
            ("memoryConfiguration", "of texts", {"taskHeap": "1g"}),
            ("memoryConfiguration", "of fractions", {"taskHeap": 0.5}),
        )
    },
    "release that is a list": {"flink-version": [], "jvm": {"options": "-Xmx1g"}},
    "release that is no printable text": {"flink-version": "2.3\n", "jvm": {"options": [["-Xmx1g"]]}},
}
FOREIGN_CONFIGS: dict[str, t.Any] = {
    "null": None,
    "mapping": {"errors": []},
    "entry without value": [{"key": "x"}],
    "entry that is a text": ["x"],
    "list as key": [{"key": [], "value": 1}],
    "null as size": [{"key": "jobmanager.memory.heap.size", "value": None}],
    "number as size": [{"key": "jobmanager.memory.heap.size", "value": 1073741824}],
    "no size": [{"key": "jobmanager.memory.heap.size", "value": "secret"}],
}


def test_release() -> None:
    assert read_release({"flink-version": "2.3.0", "flink-commit": "abc", "taskmanagers": 1}) == "2.3.0"


def test_a_release_that_nobody_knows() -> None:
    with pytest.raises(FlinkError, match=r"^/overview: expected a Flink release, got '<unknown>'\.$"):
        read_release({"flink-version": "<unknown>"})


@pytest.mark.parametrize(("answer", "memory"), TASKMANAGERS.values(), ids=TASKMANAGERS)
def test_taskmanagers(answer: dict[str, t.Any], memory: dict[str, t.Any]) -> None:
    (read,) = read_taskmanagers({"taskmanagers": [answer]})
    assert {name: read["memory"][name] for name in memory} == memory
    assert set(read["memory"]) == {*UNKNOWN_PARTS, "managed", *UNKNOWN_REST}
    assert [read[key] for key in ("id", "path", "slots", "free_slots")] == [
        answer[key] for key in ("id", "path", "slotsNumber", "freeSlots")
    ]


@pytest.mark.parametrize(("told", "heartbeat"), [(1700000000000, 1700000000000), (0, 0), (-1, 0)])
def test_the_last_heartbeat(told: int, heartbeat: int) -> None:
    (read,) = read_taskmanagers({"taskmanagers": [{**TASKMANAGER_2_3, "timeSinceLastHeartbeat": told}]})
    assert read["heartbeat"] == heartbeat


def test_no_taskmanagers() -> None:
    assert read_taskmanagers({"taskmanagers": []}) == []


@pytest.mark.parametrize(("config", "environment", "memory", "arguments"), JOBMANAGERS.values(), ids=JOBMANAGERS)
def test_jobmanager(config: t.Any, environment: t.Any, memory: dict[str, t.Any], arguments: list[str] | None) -> None:
    assert read_jobmanager(config, environment) == {"memory": memory, "jvm_args": arguments}


@pytest.mark.parametrize("answer", FOREIGN.values(), ids=FOREIGN)
def test_answers_of_other_servers(answer: t.Any) -> None:
    with pytest.raises(FlinkError, match=r"^/overview: this is not the answer of a Flink JobManager\.$"):
        read_release(answer)
    with pytest.raises(FlinkError, match=r"^/taskmanagers: this is not the answer of a Flink JobManager\.$"):
        read_taskmanagers(answer)
    if answer is not None:
        with pytest.raises(FlinkError, match=r"^/jobmanager: this is not the answer of a Flink JobManager\.$"):
            read_jobmanager([], answer)


@pytest.mark.parametrize("config", FOREIGN_CONFIGS.values(), ids=FOREIGN_CONFIGS)
def test_configurations_of_other_servers(config: t.Any) -> None:
    message = "/jobmanager: this is not the answer of a Flink JobManager."
    with pytest.raises(FlinkError, match=f"^{re.escape(message)}$"):
        read_jobmanager(config, ENVIRONMENT)
