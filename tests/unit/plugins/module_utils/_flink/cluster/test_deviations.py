# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.deviations import memory_deviations
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

CONFIG = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "1600m"}
PROCESSES = [
    {"process": "jobmanager", "count": 1, "config": {}},
    {"process": "taskmanager", "count": 1, "config": {}},
    {"process": "taskmanager", "count": 1, "config": {"taskmanager.memory.process.size": "8g"}},
]
REPORTED = (
    *("framework_heap", "task_heap", "framework_off_heap", "task_off_heap", "network", "managed"),
    *("jvm_metaspace", "jvm_overhead", "total_flink", "total_process"),
)


def plans(release: str) -> list[dict[str, t.Any]]:
    config = {**CONFIG, "jobmanager.heap.size": "1g"} if release == "1.11" else CONFIG
    return t.cast("list[dict[str, t.Any]]", plan_host(config, release, PROCESSES)["plans"])


def cluster(release: str) -> dict[str, t.Any]:
    """A live cluster that is as planned, as far as it tells."""
    jobmanager, *taskmanagers = plans(release)
    tells = release != "1.11"
    return {
        "flink_version": release,
        "jobmanager": {
            "memory": {name: size if tells else None for name, size in jobmanager["memory"].items()},
            "jvm_args": ["-Dx=1", *jobmanager["jvm_args"]] if release == "2.3" else None,
        },
        "taskmanagers": [
            {
                "id": f"worker-{number}" if tells else f"random{number}",
                "slots": planned["slots"]["count"],
                "memory": {name: planned["memory"][name] if tells or name == "managed" else None for name in REPORTED},
            }
            for number, planned in enumerate(taskmanagers, 1)
        ],
    }


def put(live: dict[str, t.Any], path: str, value: t.Any) -> dict[str, t.Any]:
    """The same with another value at a path such as ``taskmanagers.0.slots``."""
    changed = copy.deepcopy(live)
    *parents, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    target: t.Any = changed
    for step in parents:
        target = target[step]
    target[last] = value
    return changed


# Release, what is otherwise, and what is said about it.
CHANGES: dict[str, tuple[str, str, t.Any, list[str]]] = {
    "managed": (
        "2.3",
        "taskmanagers.0.memory.managed",
        5,
        ["taskmanager-1: managed is 5, planned is 1438814063."],
    ),
    "one byte of the task heap": (
        "2.3",
        "taskmanagers.0.memory.task_heap",
        1530082071,
        ["taskmanager-1: task heap is 1530082071, planned is 1530082070."],
    ),
    "slots": ("2.3", "taskmanagers.1.slots", 2, ["taskmanager-2: slots is 2, planned is 1."]),
    "not told": ("2.3", "taskmanagers.0.memory.total_flink", None, []),
    "nothing at all": (
        "2.3",
        "taskmanagers.0.memory.network",
        0,
        ["taskmanager-1: network is 0, planned is 359703515."],
    ),
    "another ID": (
        "2.3",
        "taskmanagers.1.id",
        "worker-3",
        ["taskmanager-2: no TaskManager is registered as worker-2."],
    ),
    "overhead": (
        "1.12.2",
        "taskmanagers.0.memory.jvm_overhead",
        5,
        ["taskmanager-1: jvm overhead is 5, planned is 4294"],
    ),
    "raw overhead of 1.12.1": ("1.12.1", "taskmanagers.0.memory.jvm_overhead", 5, []),
    "JobManager": ("1.12.1", "jobmanager.memory.jvm_heap", 5, ["jobmanager: jvm heap is 5, planned is 1073741824."]),
    "arguments": (
        "2.3",
        "jobmanager.jvm_args",
        ["-Xmx1073741824", "-Xms1g", "-XX:MaxMetaspaceSize=268435456"],
        ["jobmanager: its JVM was not started with -Xms1073741824."],
    ),
    "no arguments": (
        "2.3",
        "jobmanager.jvm_args",
        [],
        [
            "jobmanager: its JVM was not started with -Xmx1073741824.",
            "jobmanager: its JVM was not started with -Xms1073741824.",
            "jobmanager: its JVM was not started with -XX:MaxMetaspaceSize=268435456.",
        ],
    ),
    "another release": ("2.3", "flink_version", "1.20.5", ["jobmanager: Flink 1.20.5 answers, planned is 2.3."]),
    "a release of the line": ("2.3", "flink_version", "2.3.0", []),
    "a release as a vendor builds it": ("2.3.0", "flink_version", "2.3.0-vendor1", []),
    "a release that is still being made": ("2.3", "flink_version", "2.3-SNAPSHOT", []),
    "another release as a vendor builds it": (
        "2.3",
        "flink_version",
        "2.2.1-vendor1",
        ["jobmanager: Flink 2.2.1-vendor1 answers, planned is 2.3."],
    ),
    "raw overhead of a vendor's 1.12.1": (
        "1.12.1",
        "taskmanagers.0.memory",
        {**cluster("1.12.1")["taskmanagers"][0]["memory"], "jvm_overhead": 5},
        [],
    ),
    "arguments not told": ("2.3", "jobmanager.jvm_args", None, []),
    "managed of 1.11": (
        "1.11",
        "taskmanagers.0.memory.managed",
        5,
        ["taskmanager-1: no TaskManager with 1 slots and 1438814063 bytes of managed memory is registered."],
    ),
    "slots of 1.11": ("1.11", "taskmanagers.0.slots", 5, ["taskmanager-1: no TaskManager with 1 slots and 1438814063"]),
    "what 1.11 does not know": ("1.11", "jobmanager.memory.jvm_heap", 5, []),
}

GARBAGE: dict[str, tuple[t.Any, t.Any]] = {
    "null": (None, []),
    "text": ("live", []),
    "plans": (cluster("2.3"), None),
    "plan": (cluster("2.3"), [{}]),
    "numbers": (cluster("2.3"), [1]),
    "taskmanagers": ({"flink_version": "2.3", "taskmanagers": None}, []),
    "no JobManager": ({"flink_version": "2.3", "taskmanagers": []}, plans("2.3")),
}


@pytest.mark.parametrize("release", ["1.11", "1.12.1", "1.12", "1.20", "2.3"])
def test_as_planned(release: str) -> None:
    assert memory_deviations(cluster(release), plans(release), "worker") == []


@pytest.mark.parametrize(("release", "path", "value", "sentences"), CHANGES.values(), ids=CHANGES)
def test_otherwise(release: str, path: str, value: t.Any, sentences: list[str]) -> None:
    found = memory_deviations(put(cluster(release), path, value), plans(release), "worker")
    assert len(found) == len(sentences)
    assert all(sentence.startswith(begin) for sentence, begin in zip(found, sentences))


def test_each_nameless_taskmanager_counts_once() -> None:
    live, (_jobmanager, planned, _larger) = cluster("1.11"), plans("1.11")
    assert len(memory_deviations(live, [planned, planned], "worker")) == 1
    assert len(live["taskmanagers"]) == 2


def test_another_host() -> None:
    found = memory_deviations(cluster("2.3"), plans("2.3")[1:], "other")
    assert found == [f"taskmanager-{number}: no TaskManager is registered as other-{number}." for number in (1, 2)]


@pytest.mark.parametrize(("live", "planned"), GARBAGE.values(), ids=GARBAGE)
def test_garbage(live: t.Any, planned: t.Any) -> None:
    with pytest.raises(FlinkError, match="expected the result of the module cluster_memory_info, and the plans"):
        memory_deviations(live, planned, "worker")


def test_unknown_release() -> None:
    with pytest.raises(FlinkError, match=r"Flink 1\.9 is not supported"):
        memory_deviations({**cluster("2.3"), "flink_version": "1.9"}, [], "worker")
