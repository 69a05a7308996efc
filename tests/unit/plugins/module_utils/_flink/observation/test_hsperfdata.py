# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.hsperfdata import (
    PerfDataError,
    heap_reading,
    read_counters,
)

SAMPLES = Path(__file__).with_name("samples")
# Java 17.0.21 with -Xmx64m, of which 200 arrays of 50,000 bytes live, after the allocation of 4,000 more of them.
LIVE = 200 * 50_000
BORN = 1795792928
MAX = 64 * 1024**2

# The old generation at most, the young collections, their milliseconds, and the cause of the last one.
COLLECTORS = {
    "G1": (MAX + 8, 9, 31, "G1 Evacuation Pause"),
    "Serial": (44761088, 11, 38, "Allocation Failure"),
    "Parallel": (45088768, 13, 36, "Allocation Failure"),
}
NO_GENERATIONS = "is that of a collector which does not tell what its collections leave in the heap"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.hsperfdata").read_bytes()


@pytest.mark.parametrize("name", COLLECTORS)
def test_the_heap_of_a_jvm(name: str) -> None:
    old_max, young, time, cause = COLLECTORS[name]
    reading = heap_reading(sample(name), BORN, 1, "there")
    used = reading.pop("old_used")  # type: ignore[misc]
    assert LIVE <= used < LIVE * 1.1
    assert reading == {
        "old_max": old_max,
        "young_collections": young,
        "young_time": time,
        "full_collections": 0,
        "full_time": 0,
        "concurrent_collections": 0,
        "concurrent_time": 0,
        "cause": cause,
        "source": "there",
    }


def test_the_counters_of_a_jvm() -> None:
    counters = read_counters(sample("G1"))
    assert len(counters) == 187
    assert counters["sun.gc.policy.name"] == "GarbageFirst"
    assert counters["sun.gc.collector.0.invocations"] == 9


def changed(*changes: tuple[int, bytes]) -> bytes:
    content = bytearray(sample("G1"))
    for offset, new in changes:
        content[offset : offset + len(new)] = new
    return bytes(content)


FIRST = struct.unpack_from("<I", sample("G1"), 24)[0]
# A file in the place of that of a JVM, and what is wrong with it.
HOSTILE = {
    "nothing": (b"", "is none of a JVM"),
    "a text": (b"x" * 4096, "is none of a JVM"),
    "another version": (changed((5, b"\3")), "is none of a JVM"),
    "a JVM that has just begun": (changed((7, b"\0")), "is not complete yet"),
    "half a file": (sample("G1")[:6000], "ends within a counter"),
    "more counters than it has": (changed((28, b"\xff\xff\xff\xff")), "ends within a counter"),
    "counters far behind its end": (changed((24, b"\xff\xff\xff\x7f")), "ends within a counter"),
    "a counter without a size": (changed((FIRST, b"\0\0\0\0")), "ends within a counter"),
    "a counter larger than the file": (changed((FIRST, b"\xff\xff\xff\x7f")), "ends within a counter"),
    "another byte order than it says": (changed((4, b"\0")), "ends within a counter"),
    "no counters": (changed((28, b"\0\0\0\0")), "has no frequency of its clock"),
    "ZGC": (sample("Z"), NO_GENERATIONS),
    "Shenandoah, which counts each pause as a full collection": (sample("Shenandoah"), NO_GENERATIONS),
}


@pytest.mark.parametrize(("content", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_what_says_nothing_of_the_heap(content: bytes, problem: str) -> None:
    with pytest.raises(PerfDataError, match=f"^{problem}$"):
        heap_reading(content, BORN, 1, "there")


def test_odd_places_of_names_and_values_are_no_counters() -> None:
    content = changed((FIRST + 4, b"\xff\xff\xff\xff"), (FIRST + 16, b"\xff\xff\xff\xff"))
    assert set(read_counters(sample("G1"))) - set(read_counters(content))


def test_a_clock_without_a_frequency() -> None:
    at = sample("G1").index(b"sun.os.hrt.frequency")
    value = sample("G1").index(struct.pack("<q", 10**9), at)
    with pytest.raises(PerfDataError, match="has no frequency of its clock"):
        heap_reading(changed((value, b"\0" * 8)), BORN, 1, "there")


# When the process started, after the JVM of the file, how long it has lived, and whether the file is of another one.
LIVES = {
    "it is of this process": (0, 1, False),
    "the clock was set forward since then": (3600, 1, False),
    "the clock was set back since then": (-3600, 1, False),
    "the machine slept since then": (0, 3600, False),
    "a process of a long life had the same ID before": (3600, 3600, True),
    "the process is the younger one": (3600, 100, True),
}


@pytest.mark.parametrize(("later", "age", "is_stale"), LIVES.values(), ids=LIVES)
def test_whose_counters_they_are(later: int, age: float, is_stale: bool) -> None:
    if is_stale:
        with pytest.raises(PerfDataError, match="is that of an earlier process"):
            heap_reading(sample("G1"), BORN + later, age, "there")
    else:
        assert heap_reading(sample("G1"), BORN + later, age, "there")["young_collections"] == 9
