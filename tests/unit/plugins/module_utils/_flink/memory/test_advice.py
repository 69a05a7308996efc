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

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Note

FINE = {f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g"}
TM_4G = {f"{TM}process.size": "4g"}


def notes(config: dict[str, t.Any], release: str = "2.3", process: str = "taskmanager") -> list[Note]:
    return plan(config, release, process)["notes"]


# Code, release, a configuration that gets the note, the nearest one that does not.
CASES: dict[str, tuple[str, str, dict[str, t.Any], dict[str, t.Any]]] = {
    "both totals": (
        "total-process-and-flink",
        "2.3",
        {**TM_4G, f"{TM}flink.size": "3g"},
        {f"{TM}flink.size": "3g"},
    ),
    "a heap of older releases beside the total": (
        "total-process-and-flink",
        "1.20",
        {f"{TM}process.size": "1728m", "taskmanager.heap.size": "1024m"},
        {"taskmanager.heap.size": "1024m"},
    ),
    "parts and total process": (
        "fine-grained-and-total",
        "2.3",
        {**FINE, f"{TM}process.size": "3200m"},
        FINE,
    ),
    "parts and total Flink": (
        "fine-grained-and-total",
        "2.3",
        {**FINE, f"{TM}flink.size": "4g"},
        {f"{TM}task.heap.size": "1g", f"{TM}flink.size": "4g", f"{TM}network.max": "4g"},
    ),
    "parts and both totals are one thing": (
        "fine-grained-and-total",
        "2.3",
        {**FINE, f"{TM}flink.size": "2816m", f"{TM}process.size": "3500m"},
        TM_4G,
    ),
    "managed fraction beside size": (
        "managed-fraction-ignored",
        "2.3",
        {**TM_4G, f"{TM}managed.size": "1g", f"{TM}managed.fraction": 0.5},
        {**TM_4G, f"{TM}managed.fraction": 0.5},
    ),
    "managed fraction beside the old name": (
        "managed-fraction-ignored",
        "2.3",
        {**TM_4G, f"{TM}size": "1g", f"{TM}managed.fraction": 0.5},
        {**TM_4G, f"{TM}size": "1g"},
    ),
    "the default minimum of the network above its fraction": (
        "network-raised",
        "2.3",
        {f"{TM}flink.size": "2g", f"{TM}network.fraction": 0.03},
        {f"{TM}flink.size": "2g", f"{TM}network.fraction": 0.03, f"{TM}network.min": "64m"},
    ),
    "the default maximum of the network below its fraction": (
        "network-capped",
        "1.16",
        {f"{TM}flink.size": "20g", f"{TM}network.fraction": 0.1},
        {f"{TM}flink.size": "20g", f"{TM}network.fraction": 0.1, f"{TM}network.max": "1g"},
    ),
    "what the user did not ask for is no fraction that counts": (
        "network-capped",
        "1.16",
        {f"{TM}flink.size": "20g", f"{TM}network.fraction": 0.1},
        {f"{TM}flink.size": "20g"},
    ),
    "the default minimum of JVM overhead above its fraction": (
        "jvm-overhead-raised",
        "2.3",
        {f"{TM}process.size": "1920m", f"{TM}jvm-overhead.fraction": 0.05},
        {f"{TM}process.size": "1728m"},
    ),
    "the default maximum of JVM overhead below its fraction": (
        "jvm-overhead-capped",
        "2.3",
        {f"{TM}process.size": "20g", f"{TM}jvm-overhead.fraction": 0.2},
        {f"{TM}process.size": "20g"},
    ),
    "network fraction not honoured": (
        "network-fraction-not-honoured",
        "2.3",
        {f"{TM}flink.size": "4g", f"{TM}task.heap.size": "1g", f"{TM}network.fraction": 0.1, f"{TM}network.max": "4g"},
        {f"{TM}flink.size": "4g", f"{TM}task.heap.size": "1g", f"{TM}network.max": "4g"},
    ),
    "network fraction that happens to be honoured": (
        "network-fraction-not-honoured",
        "2.3",
        {**FINE, f"{TM}flink.size": "3g", f"{TM}network.fraction": 0.24},
        {**FINE, f"{TM}flink.size": "3g", f"{TM}network.fraction": 0.25},
    ),
    "overhead fraction not honoured": (
        "jvm-overhead-fraction-not-honoured",
        "2.3",
        {**TM_4G, f"{TM}flink.size": "3g", f"{TM}jvm-overhead.fraction": 0.1},
        {**TM_4G, f"{TM}flink.size": "3g"},
    ),
    "overhead fraction that happens to be honoured": (
        "jvm-overhead-fraction-not-honoured",
        "2.3",
        {**TM_4G, f"{TM}flink.size": "3328m", f"{TM}jvm-overhead.fraction": 0.12},
        {**TM_4G, f"{TM}flink.size": "3328m", f"{TM}jvm-overhead.fraction": 0.125},
    ),
    "network without a maximum": (
        "network-unlimited",
        "1.17",
        {f"{TM}flink.size": 10737418091},
        {f"{TM}flink.size": 10737418081},
    ),
    "network with a maximum": (
        "network-unlimited",
        "2.3",
        {f"{TM}flink.size": "20g"},
        {f"{TM}flink.size": "20g", f"{TM}network.max": "1g"},
    ),
    "network is the rest": (
        "network-unlimited",
        "2.3",
        {f"{TM}flink.size": "20g"},
        {f"{TM}flink.size": "20g", f"{TM}task.heap.size": "1g"},
    ),
    "small task heap": (
        "task-heap-small",
        "2.3",
        {**FINE, f"{TM}task.heap.size": 67108863},
        {**FINE, f"{TM}task.heap.size": "64m"},
    ),
    "small task heap of a small total": ("task-heap-small", "2.3", {f"{TM}process.size": "1024m"}, TM_4G),
    "heap of 32g": (
        "compressed-pointers-lost",
        "2.3",
        {**FINE, f"{TM}task.heap.size": 34225520640},
        {**FINE, f"{TM}task.heap.size": 34225520639},
    ),
    "heap below 48g": (
        "compressed-pointers-lost",
        "2.3",
        {**FINE, f"{TM}task.heap.size": 51405389823},
        {**FINE, f"{TM}task.heap.size": 51405389824},
    ),
    "framework heap": (
        "framework-memory-changed",
        "2.3",
        {**TM_4G, f"{TM}framework.heap.size": "129m"},
        {**TM_4G, f"{TM}framework.heap.size": "128m"},
    ),
    "framework off-heap": (
        "framework-memory-changed",
        "2.3",
        {**TM_4G, f"{TM}framework.off-heap.size": "127m"},
        {**TM_4G, f"{TM}framework.off-heap.size": 134217728},
    ),
    "batch shuffle beyond off-heap": (
        "batch-shuffle-beyond-off-heap",
        "2.3",
        {**TM_4G, f"{TM}framework.off-heap.batch-shuffle.size": "129m"},
        {**TM_4G, f"{TM}framework.off-heap.batch-shuffle.size": "128m"},
    ),
    "small slots": (
        "slot-small",
        "2.3",
        {f"{TM}process.size": "1728m", "taskmanager.numberOfTaskSlots": 40},
        {f"{TM}process.size": "1728m", "taskmanager.numberOfTaskSlots": 23},
    ),
    "network takes the rest": (
        "network-takes-rest",
        "1.18",
        {f"{TM}process.size": "56320m", f"{TM}task.heap.size": "33792m", f"{TM}managed.fraction": 0.2},
        {
            f"{TM}process.size": "56320m",
            f"{TM}task.heap.size": "33792m",
            f"{TM}managed.fraction": 0.2,
            f"{TM}network.max": "10g",
        },
    ),
    "network below a buffer": (
        "network-without-buffers",
        "2.3",
        {**TM_4G, f"{TM}network.min": 0, f"{TM}network.max": 32767},
        {**TM_4G, f"{TM}network.min": 0, f"{TM}network.max": 32768},
    ),
}

# Process, release, configuration, and what is said of it: Flink computes its memory, but it does not start.
NOT_STARTING: dict[str, tuple[str, str, dict[str, t.Any], str]] = {
    "no heap": (
        "taskmanager",
        "2.3",
        {**FINE, f"{TM}task.heap.size": 0, f"{TM}framework.heap.size": 0},
        f"A JVM heap of 0b is too small: no Java starts with less than 2m. Set {TM}task.heap.size to 64m.",
    ),
    "a heap that Java refuses": (
        "jobmanager",
        "2.3",
        {f"{JM}process.size": "577m"},
        f"A JVM heap of 1m is too small: no Java starts with less than 2m. Set {JM}process.size to 704m.",
    ),
    "a few bytes": (
        "jobmanager",
        "2.3",
        {f"{JM}heap.size": 512},
        f"A JVM heap of 512b is too small: no Java starts with less than 2m. Set {JM}heap.size to 128m.",
    ),
    "no metaspace": (
        "taskmanager",
        "2.3",
        {**TM_4G, f"{TM}jvm-metaspace.size": 0},
        f"JVM metaspace is 0b, and no Java starts with that. Remove {TM}jvm-metaspace.size.",
    ),
    "unreadable segments": (
        "taskmanager",
        "2.3",
        {**TM_4G, f"{TM}segment-size": "32KiB"},
        f"Write 32k. The TaskManager does not start. Remove {TM}segment-size.",
    ),
    "segments that are no power of two": (
        "taskmanager",
        "2.3",
        {**TM_4G, f"{TM}segment-size": "33k"},
        f"{TM}segment-size: expected a power of two from 4k to 1g, got 33k. The TaskManager does not start. Remove ",
    ),
    "unreadable batch shuffle": (
        "taskmanager",
        "2.3",
        {**TM_4G, f"{TM}framework.off-heap.batch-shuffle.size": "64 megs"},
        f"The TaskManager does not start. Remove {TM}framework.off-heap.batch-shuffle.size.",
    ),
    "batch shuffle without a buffer": (
        "taskmanager",
        "1.13",
        {**TM_4G, f"{TM}framework.off-heap.batch-shuffle.size": 0},
        (
            f"{TM}framework.off-heap.batch-shuffle.size: expected at least one buffer of {TM}segment-size (32k), got "
            "0b. The TaskManager does not start. Remove "
        ),
    ),
    "batch shuffle below a large buffer": (
        "taskmanager",
        "2.3",
        {**TM_4G, f"{TM}framework.off-heap.batch-shuffle.size": "32k", f"{TM}segment-size": "64k"},
        f"at least one buffer of {TM}segment-size (64k), got 32k.",
    ),
    "buffers above what batch shuffle has by default": (
        "taskmanager",
        "1.14",
        {**TM_4G, f"{TM}segment-size": "64m"},
        f"got 32m. The TaskManager does not start. Set {TM}framework.off-heap.batch-shuffle.size to 64m.",
    ),
    "a smallest buffer of nothing": (
        "taskmanager",
        "1.15",
        {**TM_4G, f"{TM}min-segment-size": 0},
        (
            f"{TM}min-segment-size: expected at least 1b, and none smaller than the one before it of "
            f"{TM}min-segment-size, {TM}segment-size, got 0b, 32k. The TaskManager does not start. Remove "
            f"{TM}min-segment-size."
        ),
    ),
    "a smallest buffer above the largest": (
        "taskmanager",
        "1.20",
        {**TM_4G, f"{TM}min-segment-size": "33k"},
        "got 33k, 32k. The TaskManager does not start.",
    ),
    "a smallest buffer above the first": (
        "taskmanager",
        "2.0",
        {**TM_4G, f"{TM}min-segment-size": "8k"},
        f"of {TM}min-segment-size, {TM}starting-segment-size, {TM}segment-size, got 8k, 1k, 32k.",
    ),
    "a first buffer above the largest": (
        "taskmanager",
        "2.3",
        {**TM_4G, f"{TM}starting-segment-size": "64k"},
        f"got 256b, 64k, 32k. The TaskManager does not start. Remove {TM}starting-segment-size.",
    ),
    "both above the largest": (
        "taskmanager",
        "2.3",
        {**TM_4G, f"{TM}min-segment-size": "64k", f"{TM}starting-segment-size": "64k"},
        f"Remove {TM}min-segment-size and {TM}starting-segment-size.",
    ),
    "a first buffer that cannot be read": (
        "taskmanager",
        "2.3",
        {**TM_4G, f"{TM}starting-segment-size": "1KiB"},
        f"Write 1k. The TaskManager does not start. Remove {TM}starting-segment-size.",
    ),
    "no slots": (
        "taskmanager",
        "2.3",
        {**TM_4G, "taskmanager.cpu.cores": 1, "taskmanager.numberOfTaskSlots": 0},
        "The TaskManager does not start. Set taskmanager.numberOfTaskSlots to 1.",
    ),
}

# Release and options of buffers with which a TaskManager starts.
STARTING: dict[str, tuple[str, dict[str, t.Any]]] = {
    "batch shuffle of one buffer": ("1.13", {f"{TM}framework.off-heap.batch-shuffle.size": "32k"}),
    "batch shuffle before there was one": ("1.12", {f"{TM}segment-size": "128m", f"{TM}network.min": "128m"}),
    "a smallest buffer before it is checked": ("1.14", {f"{TM}min-segment-size": 0}),
    "a smallest buffer that is the largest": ("1.20", {f"{TM}min-segment-size": "32k"}),
    "a first buffer before there was one": ("1.20", {f"{TM}starting-segment-size": "64k"}),
    "all of one size": ("2.3", {f"{TM}min-segment-size": "32k", f"{TM}starting-segment-size": "32k"}),
}

# 2048 buffers in each: what is enough for 16 subtasks at parallelism 52 is not at 53.
BUFFERS: dict[str, tuple[str, dict[str, t.Any], int, int]] = {
    "slots": ("2.3", {"taskmanager.numberOfTaskSlots": 16}, 52, 53),
    "one slot": ("2.3", {}, 682, 683),
    "one slot before gates had buffers": ("1.10", {}, 683, 684),
    "more slots than subtasks": ("2.3", {"taskmanager.numberOfTaskSlots": 1000}, 44, 45),
    "spread": ("2.3", {"taskmanager.numberOfTaskSlots": 16, "taskmanager.load-balance.mode": "TASKS"}, 682, 683),
    "smaller buffers": ("2.3", {f"{TM}segment-size": "16k"}, 1365, 1366),
    "fewer for each channel": ("1.20", {"taskmanager.network.memory.buffers-per-channel": 0}, 2046, 2047),
}

# Where the network has not the 1536 buffers that parallelism 512 in one slot needs, and what the remedy tells.
SHORT = {f"{TM}flink.size": "1g", f"{TM}network.fraction": 0, "parallelism.default": 512}
REMEDIES: dict[str, tuple[str, dict[str, t.Any], list[str], str, dict[str, t.Any]]] = {
    "minimum": (
        "2.3",
        {**SHORT, f"{TM}network.min": "32m"},
        [f"{TM}network.min"],
        f"Set {TM}network.min to 48m.",
        {f"{TM}network.min": "48m"},
    ),
    "minimum by its old name": (
        "2.3",
        {**SHORT, "taskmanager.network.memory.min": "32m"},
        ["taskmanager.network.memory.min"],
        "Set taskmanager.network.memory.min to 48m.",
        {"taskmanager.network.memory.min": "48m"},
    ),
    "minimum and maximum": (
        "2.3",
        {**SHORT, f"{TM}network.min": "32m", f"{TM}network.max": "40m"},
        [f"{TM}network.min", f"{TM}network.max"],
        f"Set {TM}network.min and {TM}network.max to 48m.",
        {f"{TM}network.min": "48m", f"{TM}network.max": "48m"},
    ),
    "minimum up to the maximum": (
        "2.3",
        {**SHORT, f"{TM}network.min": "32m", f"{TM}network.max": "48m"},
        [f"{TM}network.min"],
        f"Set {TM}network.min to 48m.",
        {f"{TM}network.min": "48m"},
    ),
    "number of buffers": (
        "1.20",
        {f"{TM}flink.size": "1g", "parallelism.default": 512, "taskmanager.network.numberOfBuffers": 1000},
        ["taskmanager.network.numberOfBuffers"],
        "Set taskmanager.network.numberOfBuffers to 1536.",
        {"taskmanager.network.numberOfBuffers": 1536},
    ),
    "rest": (
        "2.3",
        {**SHORT, **FINE, f"{TM}flink.size": "2336m", f"{TM}network.min": "1m", f"{TM}network.max": "1g"},
        [f"{TM}task.heap.size"],
        f"Set {TM}task.heap.size to 960m.",
        {f"{TM}task.heap.size": "960m"},
    ),
}

NOT_SHORT: dict[str, dict[str, t.Any]] = {
    "no buffer at all, of which another note tells": {f"{TM}network.min": 0},
    "no parallelism": {"parallelism.default": "many"},
    "batch": {"execution.runtime-mode": "batch"},
}

JOBMANAGERS: dict[str, tuple[str, str, dict[str, t.Any], dict[str, t.Any]]] = {
    "small heap": (
        "jobmanager-heap-small",
        "2.3",
        {f"{JM}heap.size": 134217727},
        {f"{JM}heap.size": "128m"},
    ),
    "heap of 32g": ("compressed-pointers-lost", "2.3", {f"{JM}heap.size": "32g"}, {f"{JM}heap.size": "48g"}),
    "both totals": (
        "total-process-and-flink",
        "2.3",
        {f"{JM}flink.size": "1g", f"{JM}process.size": "2g"},
        {f"{JM}process.size": "2g"},
    ),
    "heap and total": (
        "fine-grained-and-total",
        "2.3",
        {f"{JM}heap.size": "1g", f"{JM}process.size": "2g"},
        {f"{JM}heap.size": "1g"},
    ),
    "a heap of older releases beside the total": (
        "fine-grained-and-total",
        "1.20",
        {"jobmanager.heap.size": "1g", f"{JM}process.size": "2g"},
        {"jobmanager.heap.size": "1g"},
    ),
    "no heap limit in 1.10": ("no-heap-limit", "1.10", {}, {"jobmanager.heap.size": "1m"}),
    "less than a megabyte in 1.10": (
        "no-heap-limit",
        "1.10",
        {"jobmanager.heap.size": "1023k"},
        {"jobmanager.heap.mb": 1},
    ),
}

LARGE_NETWORKS: dict[str, tuple[str, dict[str, t.Any]]] = {
    "limited before 1.17": ("1.16", {f"{TM}flink.size": "20g"}),
    "minimum": ("2.3", {f"{TM}flink.size": "8g", f"{TM}network.min": "2g"}),
    "buffers": ("1.20", {f"{TM}flink.size": "8g", "taskmanager.network.numberOfBuffers": 65536}),
    "buffers before 1.17": ("1.16", {f"{TM}flink.size": "8g", "taskmanager.network.numberOfBuffers": 65536}),
}

# Level, options, and telling parts of message and remedy.
WORDS: dict[str, tuple[dict[str, t.Any], str, str, list[str], str, str]] = {
    "clamped by minimum": (
        {f"{TM}process.size": "1g", f"{TM}jvm-overhead.fraction": 0.1},
        "jvm-overhead-raised",
        "hint",
        [f"{TM}jvm-overhead.min", f"{TM}jvm-overhead.fraction"],
        (
            "JVM overhead is 192m, its minimum by default; taskmanager.memory.jvm-overhead.fraction alone would have "
            "given 102.4m"
        ),
        "Set taskmanager.memory.jvm-overhead.min to 107374184.",
    ),
    "clamped by maximum": (
        {f"{TM}process.size": "20g", f"{TM}jvm-overhead.fraction": 0.1},
        "jvm-overhead-capped",
        "hint",
        [f"{TM}jvm-overhead.max", f"{TM}jvm-overhead.fraction"],
        (
            "JVM overhead is 1g, its maximum by default; taskmanager.memory.jvm-overhead.fraction alone would have "
            "given 2.0g (2147483680 bytes)."
        ),
        "Set taskmanager.memory.jvm-overhead.max to 2147483680.",
    ),
    "both totals": (
        {**TM_4G, f"{TM}flink.size": "3g"},
        "total-process-and-flink",
        "warning",
        [f"{TM}process.size", f"{TM}flink.size"],
        "taskmanager.memory.flink.size decides, and taskmanager.memory.process.size only bounds it",
        "Keep one of them",
    ),
    "network without a maximum": (
        {f"{TM}process.size": "20g"},
        "network-unlimited",
        "hint",
        [f"{TM}network.max"],
        "Network is 1.8g (2013265950 bytes): taskmanager.memory.network.max is unlimited from Flink 1.17 on",
        "Set taskmanager.memory.network.max to 1g",
    ),
}


def codes(found: t.Iterable[Note]) -> list[str]:
    return [note["code"] for note in found]


@pytest.mark.parametrize(("code", "release", "noted", "silent"), CASES.values(), ids=CASES)
def test_taskmanager(code: str, release: str, noted: dict[str, t.Any], silent: dict[str, t.Any]) -> None:
    assert codes(notes(noted, release)).count(code) == 1
    assert code not in codes(notes(silent, release))


@pytest.mark.parametrize(("code", "release", "noted", "silent"), JOBMANAGERS.values(), ids=JOBMANAGERS)
def test_jobmanager(code: str, release: str, noted: dict[str, t.Any], silent: dict[str, t.Any]) -> None:
    assert codes(notes(noted, release, "jobmanager")).count(code) == 1
    assert code not in codes(notes(silent, release, "jobmanager"))


@pytest.mark.parametrize(("config", "code", "level", "keys", "message", "remedy"), WORDS.values(), ids=WORDS)
def test_words(config: dict[str, t.Any], code: str, level: str, keys: list[str], message: str, remedy: str) -> None:
    (note,) = [note for note in notes(config) if note["code"] == code]
    assert (note["level"], note["options"]) == (level, keys)
    assert message in note["message"]
    assert remedy in note["remedy"]


@pytest.mark.parametrize(("process", "release", "config", "message"), NOT_STARTING.values(), ids=NOT_STARTING)
def test_what_does_not_start(process: str, release: str, config: dict[str, t.Any], message: str) -> None:
    with pytest.raises(CannotStartError, match=re.escape(message)) as refusal:
        plan(config, release, process)
    assert plan(merge_config([config, refusal.value.changes]), release, process)


@pytest.mark.parametrize(("release", "options"), STARTING.values(), ids=STARTING)
def test_buffers_that_let_it_start(release: str, options: dict[str, t.Any]) -> None:
    assert plan({**TM_4G, **options}, release)


def is_short(config: dict[str, t.Any], release: str) -> bool:
    return "insufficient-network-buffers" in codes(notes(config, release))


@pytest.mark.parametrize(("release", "options", "enough", "too_much"), BUFFERS.values(), ids=BUFFERS)
def test_buffers(release: str, options: dict[str, t.Any], enough: int, too_much: int) -> None:
    config = {**TM_4G, f"{TM}network.max": "64m", **options}
    assert not is_short({**config, "parallelism.default": enough}, release)
    assert is_short({**config, "parallelism.default": too_much}, release)
    assert not is_short(config, release)


@pytest.mark.parametrize(("release", "config", "keys", "remedy", "change"), REMEDIES.values(), ids=REMEDIES)
def test_more_buffers(
    release: str, config: dict[str, t.Any], keys: list[str], remedy: str, change: dict[str, t.Any]
) -> None:
    (note,) = [note for note in notes(config, release) if note["code"] == "insufficient-network-buffers"]
    assert (note["level"], note["options"]) == ("warning", ["parallelism.default", *keys])
    assert "at parallelism.default 512 needs at least 1536 network buffers where 1 of them runs" in note["message"]
    assert 'of 32k: the job fails with "Insufficient number of network buffers".' in note["message"]
    assert note["remedy"] == remedy
    assert not is_short({**config, **change}, release)


@pytest.mark.parametrize("options", NOT_SHORT.values(), ids=NOT_SHORT)
def test_what_is_not_short_of_buffers(options: dict[str, t.Any]) -> None:
    config = {**SHORT, f"{TM}network.min": "1m"}
    assert is_short(config, "2.3")
    assert not is_short({**config, **options}, "2.3")


@pytest.mark.parametrize(("release", "config"), LARGE_NETWORKS.values(), ids=LARGE_NETWORKS)
def test_large_networks_that_a_maximum_would_not_change(release: str, config: dict[str, t.Any]) -> None:
    planned = plan(config, release)
    network: t.Any = planned["memory"]["network"]
    assert network >= 2**30
    assert "network-unlimited" not in codes(planned["notes"])


@pytest.mark.parametrize(
    ("release", "process"), [("2.3", "taskmanager"), ("1.20", "taskmanager"), ("2.3", "jobmanager")]
)
def test_a_plain_configuration_needs_no_advice(release: str, process: str) -> None:
    assert notes({f"{process}.memory.process.size": "8g"}, release, process) == []


def test_a_size_that_does_not_count_need_not_be_readable() -> None:
    config = {f"{JM}heap.size": "40g", "jobmanager.heap.mb": ""}
    (note,) = [note for note in notes(config, "1.18", "jobmanager") if note["code"] == "compressed-pointers-lost"]
    assert note["remedy"] == f"Set {JM}heap.size to 31g."


def test_a_note_is_complete() -> None:
    for note in notes({f"{TM}process.size": "1148m", f"{TM}fraction": 0.5, "taskmanager.heap.size": "700m"}, "1.20"):
        assert list(note) == ["level", "code", "options", "message", "remedy", "changes"]
        assert note["level"] in {"hint", "warning"}
        assert note["message"].endswith(".")
        assert note["remedy"].endswith(".")
