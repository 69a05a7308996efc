# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The counters that a HotSpot JVM keeps in a file for jstat, of Java 8 and newer.

Source: HotSpot, ``perfMemory.hpp`` (PerfDataPrologue, PerfDataEntry), and what Java 17 writes.
"""

from __future__ import annotations

import struct
import typing as t

if t.TYPE_CHECKING:
    from .readings import HeapReading

_MAGIC = 0xCAFEC0C0
_HEADER = 32
_ENTRY = 20
_NUMBER, _TEXT = ord("J"), ord("B")
# The policies of collectors that have an old generation, and count no other pauses as full collections.
_POLICIES = frozenset({"GarbageFirst", "Copy:MSC", "ParScav:MSC"})
_MOST_CHARACTERS = 80
# From the start of a process until its JVM begins, and more.
_MOST_SECONDS = 60
_OLD = "sun.gc.generation.1.space.0"


class PerfDataError(Exception):
    """Why the counters say nothing, as the end of a sentence."""


def heap_reading(content: bytes, started: int, age: float, source: str) -> HeapReading:
    """What the counters say of the heap of a process, which ``started`` at this second and has lived so many.

    They have to be of this life of it. Raises PerfDataError.
    """
    counters = read_counters(content)
    frequency = _number(counters, "sun.os.hrt.frequency")
    if frequency < 1:
        raise PerfDataError("has no frequency of its clock")
    # Of a clock that was set since then, and of a machine that slept, one of the two is wrong, but hardly both.
    created = _number(counters, "sun.rt.createVmBeginTime") // 1000
    lived = _number(counters, "sun.os.hrt.ticks") / frequency
    if created < started - _MOST_SECONDS and abs(age - lived) > _MOST_SECONDS:
        raise PerfDataError("is that of an earlier process")
    if counters.get("sun.gc.policy.name") not in _POLICIES:
        raise PerfDataError("is that of a collector which does not tell what its collections leave in the heap")

    def collected(number: int) -> tuple[int, int]:
        name = f"sun.gc.collector.{number}"
        return _number(counters, f"{name}.invocations"), _number(counters, f"{name}.time") * 1000 // frequency

    (young, young_time), (full, full_time), (concurrent, concurrent_time) = map(collected, range(3))
    return {
        "old_used": _number(counters, f"{_OLD}.used"),
        "old_max": _number(counters, f"{_OLD}.maxCapacity"),
        "young_collections": young,
        "young_time": young_time,
        "full_collections": full,
        "full_time": full_time,
        "concurrent_collections": concurrent,
        "concurrent_time": concurrent_time,
        "cause": str(counters.get("sun.gc.lastCause", ""))[:_MOST_CHARACTERS],
        "source": source,
    }


def read_counters(content: bytes) -> dict[str, int | str]:
    """All counters by name. Raises PerfDataError if the content is none of such a file."""
    if len(content) < _HEADER or content[4] > 1:
        raise PerfDataError("is none of a JVM")
    order = "<" if content[4] else ">"
    (magic,) = struct.unpack_from(">I", content)
    if magic != _MAGIC or content[5] != 2:
        raise PerfDataError("is none of a JVM")
    if not content[7]:
        raise PerfDataError("is not complete yet")
    offset, count = struct.unpack_from(f"{order}II", content, 24)
    counters: dict[str, int | str] = {}
    for _entry in range(count):
        if offset + _ENTRY > len(content):
            raise PerfDataError("ends within a counter")
        size, name_at, length, kind, *_rest, data_at = struct.unpack_from(f"{order}IIIBBBBI", content, offset)
        if size < _ENTRY or offset + size > len(content):
            raise PerfDataError("ends within a counter")
        entry = content[offset : offset + size]
        name = _text(entry[name_at:data_at])
        if kind == _NUMBER and not length and data_at + 8 <= size:
            counters[name] = struct.unpack_from(f"{order}q", entry, data_at)[0]
        elif kind == _TEXT:
            counters[name] = _text(entry[data_at : data_at + length])
        offset += size
    return counters


def _text(content: bytes) -> str:
    return content.partition(b"\0")[0].decode("utf-8", errors="replace")


def _number(counters: dict[str, int | str], name: str) -> int:
    value = counters.get(name, 0)
    return max(0, value) if isinstance(value, int) else 0
