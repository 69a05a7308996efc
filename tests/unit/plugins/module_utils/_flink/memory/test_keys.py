# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Note


# Release, key, value, and the note about it: code, message, remedy; none for a key that does what it says.
KEYS: dict[str, tuple[str, str, t.Any, tuple[str, str, str] | None]] = {
    "1.9 fraction": (
        "2.3",
        f"{TM}fraction",
        0.5,
        ("ignored-key", "which was removed in 1.10.", f"Remove it; {TM}managed.fraction replaces it."),
    ),
    "1.9 off-heap": (
        "1.10",
        f"{TM}off-heap",
        True,
        ("ignored-key", "Flink 1.10 silently ignores", f"{TM}managed.size replaces it."),
    ),
    "1.9 preallocate": ("1.10", f"{TM}preallocate", True, ("ignored-key", "which was removed in 1.10.", "Remove it.")),
    "heap in 2.0": (
        "2.0",
        "taskmanager.heap.size",
        "1g",
        (
            "ignored-key",
            "Flink 2.0 silently ignores taskmanager.heap.size, which was removed in 2.0.",
            f"Remove it; {TM}flink.size decides.",
        ),
    ),
    "megabytes in 2.3": (
        "2.3",
        "taskmanager.heap.mb",
        1024,
        ("ignored-key", "which was removed in 2.0.", f"Remove it; {TM}flink.size decides."),
    ),
    "buffers in 2.0": (
        "2.0",
        "taskmanager.network.numberOfBuffers",
        4096,
        ("ignored-key", "which was removed in 2.0.", f"Set {TM}network.min and {TM}network.max to 128m instead."),
    ),
    "weights in 1.11": (
        "1.11",
        f"{TM}managed.consumer-weights",
        "PYTHON:30",
        ("ignored-key", "which was added in 1.12.", "Remove it."),
    ),
    "weights in 1.12": ("1.12", f"{TM}managed.consumer-weights", "PYTHON:30", None),
    "heap in 1.20": (
        "1.20",
        "taskmanager.heap.size",
        "1g",
        (
            "deprecated-key",
            "taskmanager.heap.size still works in Flink 1.20 but is deprecated.",
            "Remove taskmanager.heap.size.",
        ),
    ),
    "buffers in 1.20": (
        "1.20",
        "taskmanager.network.numberOfBuffers",
        4096,
        ("deprecated-key", "still works in Flink 1.20", f"Set {TM}network.min and {TM}network.max to 128m instead."),
    ),
    "managed size by its old name": (
        "2.3",
        f"{TM}size",
        "1g",
        ("deprecated-key", "still works", f"Set {TM}managed.size"),
    ),
    "network by its old name": (
        "2.3",
        "taskmanager.network.memory.min",
        "64m",
        ("deprecated-key", "still works", f"Set {TM}network.min to 64m instead."),
    ),
    "faction": (
        "2.3",
        f"{TM}managed.faction",
        0.5,
        (
            "unknown-key",
            f"no memory option {TM}managed.faction and silently ignores it.",
            f"Did you mean {TM}managed.fraction?",
        ),
    ),
    "another case": ("2.3", f"{TM}Managed.fraction", 0.5, ("unknown-key", "no memory", f"mean {TM}managed.fraction?")),
    "underscore": (
        "2.3",
        f"{TM}task.off_heap.size",
        "1g",
        ("unknown-key", "no memory", f"mean {TM}task.off-heap.size?"),
    ),
    "misspelt, and no file can hold it": (
        "2.3",
        f"{TM}managed.sise\ud800",
        "1g",
        ("unknown-key", "no memory option 'taskmanager.memory.managed.sise\\ud800'", f"mean {TM}managed.size?"),
    ),
    "misspelt slots": ("2.3", "taskmanager.numberOfTaskSlot", 2, ("unknown-key", "no memory", "numberOfTaskSlots?")),
    "a total": ("2.3", f"{TM}total.size", "4g", ("unknown-key", "no memory", f"mean {TM}process.size?")),
    "a heap": ("2.3", f"{TM}heap", "1g", ("unknown-key", "no memory", f"mean {TM}task.heap.size?")),
    "direct memory": ("2.3", f"{TM}direct.size", "1g", ("unknown-key", "no memory", f"mean {TM}task.off-heap.size?")),
    "a component that is a pair": (
        "2.3",
        f"{TM}network",
        "256m",
        ("unknown-key", "no memory", f"mean {TM}network.min and {TM}network.max?"),
    ),
    "a pair by another name": (
        "2.3",
        f"{TM}overhead.size",
        "256m",
        ("unknown-key", "no memory", f"mean {TM}jvm-overhead.min and {TM}jvm-overhead.max?"),
    ),
    "a pair below its old prefix": (
        "2.3",
        "taskmanager.network.memory.size",
        "256m",
        ("unknown-key", "no memory", f"mean {TM}network.min and {TM}network.max?"),
    ),
    "capital letters": (
        "2.3",
        "TASKMANAGER.MEMORY.PROCESS.SIZE",
        "4g",
        ("unknown-key", "no memory", f"mean {TM}process.size?"),
    ),
    "half a name": ("2.3", f"{TM}process", "4g", ("unknown-key", "no memory", f"mean {TM}process.size?")),
    "a name that is like no other": ("2.3", f"{TM}foo.size", "1g", ("unknown-key", "no memory option", "Remove it.")),
    "a misspelt option of a later release": (
        "1.12",
        f"{TM}framework.off-heap.batch-shuffel.size",
        "32m",
        ("unknown-key", "Flink 1.12 has no memory option", "Remove it."),
    ),
    "options of network buffers": ("2.3", "taskmanager.network.memory.max-buffers-per-channel", 10, None),
    "some other option": ("2.3", "taskmanager.registration.timeout", "5 min", None),
    "a user's option": ("2.3", "my.memory.option", "1g", None),
    "the JobManager's options": ("2.3", "jobmanager.memory.heap.sise", "1g", None),
    "what is known": ("2.3", f"{TM}network.max", "2g", None),
    "bare number": (
        "2.3",
        f"{TM}task.off-heap.size",
        1024,
        ("bare-number", f"{TM}task.off-heap.size: 1024 means 1024 bytes.", "If megabytes were meant, write 1024m."),
    ),
    "bare text": ("2.3", f"{TM}network.min", " 64 ", ("bare-number", "64 means 64 bytes.", "write 64m.")),
    "smallest bare number": ("2.3", f"{TM}network.min", 32, ("bare-number", "32 means 32 bytes.", "write 32m.")),
    "smaller bare number": ("2.3", f"{TM}network.min", 31, None),
    "no memory": ("2.3", f"{TM}network.min", 0, None),
    "largest bare number": (
        "2.3",
        f"{TM}jvm-overhead.min",
        2**20 - 1,
        ("bare-number", "1048575 bytes", f"Remove {TM}jvm-overhead.min."),
    ),
    "bytes": ("2.3", f"{TM}network.min", 2**20, None),
    "bytes with their unit": ("2.3", f"{TM}network.min", "1024b", None),
    "segments are small": ("2.3", f"{TM}segment-size", 32768, None),
}

# Options that Flink does have, of which none is about the size of memory, however alike they are.
OTHER_OPTIONS = (
    *("taskmanager.bind-host", "taskmanager.debug.memory.log", "taskmanager.compute.numa", "taskmanager.resource-id"),
    *("taskmanager.network.retries", "taskmanager.network.numThreads", "taskmanager.network.request-backoff.max"),
    *(
        "taskmanager.network.sort-shuffle.min-buffers",
        "taskmanager.network.netty.num-arenas",
        "taskmanager.slot.timeout",
    ),
    *("taskmanager.network.memory.buffers-per-channel", "taskmanager.network.memory.buffer-debloat.period"),
    "taskmanager.network.memory.read-buffer.required-per-gate.max",
    *(f"taskmanager.memory.managed.consumer-weights.{kind}" for kind in ("OPERATOR", "STATE_BACKEND", "PYTHON")),
    *("state.backend.rocksdb.memory.managed", "state.backend.rocksdb.memory.fixed-per-slot", "zookeeper.heap.mb"),
    *(
        "kubernetes.taskmanager.memory.limit-factor",
        "python.fn-execution.memory.managed",
        "containerized.heap-cutoff-min",
    ),
    *("table.exec.resource.sort.memory", "slotmanager.max-total-resource.memory", "state.storage.fs.memory-threshold"),
)

JOBMANAGER_KEYS: dict[str, tuple[str, str, t.Any, str | None]] = {
    "the model in 1.10": ("1.10", f"{JM}process.size", "2g", "ignored-key"),
    "the model in 1.11": ("1.11", f"{JM}process.size", "2g", None),
    "heap in 1.10": ("1.10", "jobmanager.heap.size", "1g", None),
    "heap in 1.11": ("1.11", "jobmanager.heap.size", "1g", "deprecated-key"),
    "heap in 2.0": ("2.0", "jobmanager.heap.size", "1g", "ignored-key"),
    "misspelt": ("2.3", f"{JM}heap.sise", "1g", "unknown-key"),
    "like no other": ("2.3", "jobmanager.heap.memory", "1g", "unknown-key"),
    "the TaskManager's options in capital letters": ("2.3", "TASKMANAGER.MEMORY.PROCESS.SIZE", "1g", None),
    "the TaskManager's options": ("2.3", f"{TM}managed.faction", 0.9, None),
}

# What is written for taskmanager.compute.numa, and whether Flink's start script would heed it.
NUMA: dict[str, tuple[t.Any, bool]] = {
    "true": (True, True),
    "text": ("true", True),
    "false": (False, False),
    "text for false": (" False", False),
    "any other text": ("yes", True),
    "number": (1, True),
}


def key_notes(config: dict[str, t.Any], release: str, process: str, key: str) -> list[Note]:
    notes = plan(config, release, process)["notes"]
    codes = ("ignored-key", "deprecated-key", "unknown-key", "bare-number")
    return [note for note in notes if note["code"] in codes and note["options"] == [key]]


@pytest.mark.parametrize(("release", "key", "value", "expected"), KEYS.values(), ids=KEYS)
def test_taskmanager(release: str, key: str, value: t.Any, expected: tuple[str, str, str] | None) -> None:
    found = key_notes({f"{TM}flink.size": "3g", key: value}, release, "taskmanager", key)
    assert [note["code"] for note in found] == ([expected[0]] if expected else [])
    if expected:
        assert found[0]["level"] == "warning"
        assert expected[1] in found[0]["message"]
        assert expected[2] in found[0]["remedy"]


@pytest.mark.parametrize("key", OTHER_OPTIONS)
@pytest.mark.parametrize("release", ["1.14", "2.3"])
def test_other_options(key: str, release: str) -> None:
    assert key_notes({f"{TM}flink.size": "3g", key: 1}, release, "taskmanager", key) == []


@pytest.mark.parametrize(("release", "key", "value", "code"), JOBMANAGER_KEYS.values(), ids=JOBMANAGER_KEYS)
def test_jobmanager(release: str, key: str, value: t.Any, code: str | None) -> None:
    found = key_notes({f"{JM}flink.size": "1536m", key: value}, release, "jobmanager", key)
    assert [note["code"] for note in found] == ([code] if code else [])


@pytest.mark.parametrize(("value", "is_noted"), NUMA.values(), ids=NUMA)
@pytest.mark.parametrize("release", ["1.10", "2.3"])
def test_numa_is_the_business_of_the_start_script(release: str, value: t.Any, is_noted: bool) -> None:
    config = {f"{TM}flink.size": "3g", f"{JM}flink.size": "1g", "taskmanager.compute.numa": value}
    found = [note for note in plan(config, release)["notes"] if note["options"] == ["taskmanager.compute.numa"]]
    assert [note["code"] for note in found] == ["numa-by-start-script"] * is_noted
    for note in found:
        assert note["level"] == "warning"
        assert note["message"].startswith(
            "taskmanager.compute.numa has no effect here: only Flink's start script reads it"
        )
        assert "flink_taskmanager_numa_nodes" in note["remedy"]
    assert not [note for note in plan(config, "2.3", "jobmanager")["notes"] if "numa" in note["code"]]


def test_a_deprecated_key_beside_its_successor_has_no_effect() -> None:
    (note,) = key_notes(
        {f"{TM}flink.size": "3g", f"{TM}size": 0, f"{TM}managed.size": "1g"}, "2.3", "taskmanager", f"{TM}size"
    )
    assert note["message"] == f"{TM}size has no effect: {TM}managed.size is also set, and takes precedence."


# Options of a TaskManager below the name of the JobManager, and what is advised.
OF_THE_OTHER = {
    "managed.size": "Remove it.",
    "framework.heap.size": "Remove it.",
    "direct.size": f"Did you mean {JM}off-heap.size?",
    "total.size": f"Did you mean {JM}process.size? If not, remove it.",
}


@pytest.mark.parametrize(("name", "advice"), OF_THE_OTHER.items())
def test_a_jobmanager_is_not_advised_options_of_a_taskmanager(name: str, advice: str) -> None:
    (note,) = plan({f"{JM}process.size": "1600m", f"{JM}{name}": "200m"}, "2.3", "jobmanager")["notes"]
    assert (note["code"], note["remedy"]) == ("unknown-key", advice)
    assert all(key.startswith("jobmanager.") for key in note["changes"])


def test_local_execution_is_a_taskmanager() -> None:
    assert [note["code"] for note in plan({f"{TM}managed.faction": 1}, "2.3", "local")["notes"]] == ["unknown-key"]
