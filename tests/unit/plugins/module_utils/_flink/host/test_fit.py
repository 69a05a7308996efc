# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import HostMemory, Room
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.fit import excesses
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.group import Planned, Resolved, plan_group
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, KIB, MIB


def group(process: str, numbers: t.Iterable[int], config: dict[str, t.Any], node: int | None = None) -> Resolved:
    return Resolved(process, tuple(f"{process}-{number}" for number in numbers), node, config, (), "")


def tm(config: str | dict[str, t.Any], *numbers: int, node: int | None = None) -> Resolved:
    options = {f"{TM}process.size": config} if isinstance(config, str) else config
    return group("taskmanager", numbers or (1,), options, node)


def jm(config: str | dict[str, t.Any]) -> Resolved:
    return group("jobmanager", [1], {f"{JM}process.size": config} if isinstance(config, str) else config)


def room(size: int, reserved: int = 0, *nodes: int) -> Room:
    return Room(HostMemory(size, "physical memory", dict(enumerate(nodes))), reserved)


def said_of(groups: list[Resolved], place: Room, release: str = "2.3") -> list[str]:
    """What is said of groups that are refused or do not fit; nothing if they do."""
    outcomes = [plan_group(one, release) for one in groups]
    planned = [one for one in outcomes if isinstance(one, Planned)]
    return [one.reason for one in outcomes if not isinstance(one, Planned)] or excesses(planned, release, place)


def mebibytes_of(text: str) -> int:
    """A size as a refusal names it."""
    return int(text[:-1]) * {"m": 1, "g": 1024}[text[-1]]


FINE = {f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g"}
BOTH = {f"{TM}process.size": "7g", f"{TM}flink.size": "6g"}
SMALL = " is small enough given its other options: lower those, run fewer processes, lower the reserve, or use a "

FITTING: dict[str, tuple[list[Resolved], Room]] = {
    "nothing": ([], room(1)),
    "nothing beside a reserve": ([], room(GIB, GIB)),
    "to the byte": ([tm("4g")], room(4 * GIB)),
    "to the byte, with a reserve": ([tm("4g")], room(4 * GIB + 1, 1)),
    "to the byte, all together": ([jm("1600m"), tm("4g", 1, 2), tm("8g", 3)], room(19008 * MIB, 1024 * MIB)),
    "a host that is no whole MiB": ([tm("1023m")], room(GIB - 1)),
    "on nodes, to the byte": ([tm("4g", 1, node=0), tm("4g", 2, node=1)], room(8 * GIB, 0, 4 * GIB, 4 * GIB)),
    "on nodes that bear the reserve": (
        [tm("3g", 1, node=0), tm("3g", 2, node=1)],
        room(8 * GIB, 2 * GIB, 4 * GIB, 4 * GIB),
    ),
    "on no node": ([tm("6g")], room(8 * GIB, 0, 4 * GIB, 4 * GIB)),
    "on an unknown node": ([tm("6g", node=7)], room(8 * GIB, 0, 4 * GIB, 4 * GIB)),
    "on nodes of an unknown host": ([tm("6g", 1, node=0), tm("2g", 2, node=1)], room(8 * GIB)),
}

# Groups, room, and every line that is said.
REFUSED: dict[str, tuple[list[Resolved], Room, list[str]]] = {
    "by one byte": (
        [tm("4g")],
        room(4 * GIB - 1),
        [
            (
                "taskmanager-1 4g, which is 1b more than the 3.9g (4294967295 bytes) of memory (physical memory). "
                f"The largest {TM}process.size for taskmanager-1 that fits is 4095m."
            )
        ],
    ),
    "all together": (
        [jm("1600m"), tm("4g", 1, 2), tm("8g", 3)],
        room(16 * GIB, 1638 * MIB),
        [
            (
                "jobmanager-1 1600m + 2 x taskmanager 4g + taskmanager-3 8g + reserved 1638m = 19622m, which is 3238m "
                f"more than the 16g of memory (physical memory). The largest {TM}process.size for each of the 2 that "
                "fits is 2477m."
            )
        ],
    ),
    "those that take most": (
        [jm("8g"), tm("2g", 1, 2)],
        room(11 * GIB),
        [
            (
                "jobmanager-1 8g + 2 x taskmanager 2g = 12g, which is 1g more than the 11g of memory (physical "
                f"memory). The largest {JM}process.size for jobmanager-1 that fits is 7g."
            )
        ],
    ),
    "those that are alike, in several groups": (
        [tm("3g", 1), tm("4g", 2), tm("3g", 3)],
        room(8 * GIB),
        [
            (
                "taskmanager-1 3g + taskmanager-3 3g + taskmanager-2 4g = 10g, which is 2g more than the 8g of memory "
                f"(physical memory). The largest {TM}process.size for each of the 2 that fits is 2g."
            )
        ],
    ),
    "many groups": (
        [tm("4g", number) for number in range(1, 6)],
        room(10 * GIB),
        [
            (
                "5 x taskmanager 4g = 20g, which is 10g more than the 10g of memory (physical memory). The largest "
                f"{TM}process.size for each of the 5 that fits is 2g."
            )
        ],
    ),
    "both totals": (
        [tm({**BOTH, f"{TM}jvm-overhead.min": "512m"})],
        room(6912 * MIB),
        [
            (
                "taskmanager-1 7g, which is 256m more than the 6912m of memory (physical memory). The largest "
                f"{TM}process.size for taskmanager-1 that fits is 6912m."
            )
        ],
    ),
    "both totals, of which the other is too large": (
        [tm(BOTH)],
        room(6 * GIB),
        [
            (
                "taskmanager-1 7g, which is 1g more than the 6g of memory (physical memory). "
                f"No {TM}process.size for taskmanager-1{SMALL}larger host."
            )
        ],
    ),
    "parts of which the other is too large": (
        [tm({**FINE, f"{TM}managed.size": "8g"})],
        room(8 * GIB),
        [f"No {TM}task.heap.size for taskmanager-1{SMALL}larger host."],
    ),
    "a host of 10 kB": (
        [tm("4g")],
        room(10 * KIB),
        [
            (
                "taskmanager-1 4g, which is 3.9g (4294957056 bytes) more than the 10k of memory (physical "
                f"memory). No {TM}process.size for taskmanager-1{SMALL}larger host."
            )
        ],
    ),
    "beside others that take all": (
        [tm("3g", 1), jm("2500m"), tm("2900m", 2)],
        room(4 * GIB),
        [f"No {TM}process.size for taskmanager-1{SMALL}larger host."],
    ),
    "one node": (
        [tm("5g", 1, node=0), tm("3g", 2, node=1)],
        room(9 * GIB, 0, 4 * GIB, 4 * GIB),
        [
            (
                "taskmanager-1 5g, which is 1g more than the 4g of NUMA node 0. The largest "
                f"{TM}process.size for taskmanager-1 that fits is 4g."
            )
        ],
    ),
    "several on a node, beside its part of the reserve": (
        [tm("2g", 1, node=0), tm("2g", 2, 3, node=1)],
        room(9 * GIB, 2 * GIB, 4 * GIB, 4 * GIB),
        [
            (
                "2 x taskmanager 2g + reserved 1g = 5g, which is 1g more than the 4g of NUMA node 1. The largest "
                f"{TM}process.size for each of the 2 that fits is 1536m."
            )
        ],
    ),
    "the host and its nodes": (
        [tm("20g", 1, node=0), tm("20g", 2, node=1)],
        room(32 * GIB, 0, 20 * GIB, 12 * GIB),
        [
            (
                "taskmanager-1 20g + taskmanager-2 20g = 40g, which is 8g more than the 32g of memory (physical "
                f"memory). The largest {TM}process.size for each of the 2 that fits is 16g."
            ),
            (
                "taskmanager-2 20g, which is 8g more than the 12g of NUMA node 1. The largest "
                f"{TM}process.size for taskmanager-2 that fits is 12g."
            ),
        ],
    ),
}

# Release, process, and options of a process of which a smaller one is looked for; and the option that it is found by.
SETTINGS: dict[str, tuple[str, str, dict[str, t.Any], str]] = {
    "total process": ("2.3", "taskmanager", {f"{TM}process.size": "16g"}, f"{TM}process.size"),
    "total Flink": ("2.3", "taskmanager", {f"{TM}flink.size": "16g"}, f"{TM}flink.size"),
    "both totals": (
        "2.3",
        "taskmanager",
        {f"{TM}process.size": "16g", f"{TM}flink.size": "3g", f"{TM}jvm-overhead.max": "16g"},
        f"{TM}process.size",
    ),
    "parts": ("2.3", "taskmanager", {**FINE, f"{TM}task.heap.size": "13g"}, f"{TM}task.heap.size"),
    "parts and total process": (
        "2.3",
        "taskmanager",
        {**FINE, f"{TM}process.size": "16g", f"{TM}jvm-overhead.max": "16g"},
        f"{TM}process.size",
    ),
    "total Flink and task heap": (
        "2.3",
        "taskmanager",
        {f"{TM}flink.size": "16g", f"{TM}task.heap.size": "1g"},
        f"{TM}flink.size",
    ),
    "heap of older releases": ("1.20", "taskmanager", {"taskmanager.heap.size": "16g"}, "taskmanager.heap.size"),
    "megabytes of older releases": ("1.10", "taskmanager", {"taskmanager.heap.mb": 16384}, "taskmanager.heap.mb"),
    "total process of a JobManager": ("1.11", "jobmanager", {f"{JM}process.size": "16g"}, f"{JM}process.size"),
    "total Flink of a JobManager": ("2.3", "jobmanager", {f"{JM}flink.size": "16g"}, f"{JM}flink.size"),
    "heap of a JobManager": ("2.3", "jobmanager", {f"{JM}heap.size": "16g"}, f"{JM}heap.size"),
    "heap of 1.10": (
        "1.10",
        "jobmanager",
        {"jobmanager.heap.size": "16g", f"{JM}process.size": "1g"},
        "jobmanager.heap.size",
    ),
    "megabytes of 1.10": ("1.10", "jobmanager", {"jobmanager.heap.mb": "16384"}, "jobmanager.heap.mb"),
}
_LARGEST = re.compile(r"The largest (\S+) for .* that fits is (\S+)\.$")


@pytest.mark.parametrize(("groups", "place"), FITTING.values(), ids=FITTING)
def test_fitting(groups: list[Resolved], place: Room) -> None:
    assert said_of(groups, place) == []


@pytest.mark.parametrize(("groups", "place", "lines"), REFUSED.values(), ids=REFUSED)
def test_refused(groups: list[Resolved], place: Room, lines: list[str]) -> None:
    said = said_of(groups, place)
    assert len(said) == len(lines)
    assert all(sentence.endswith(line) for sentence, line in zip(said, lines))


def test_exact_in_every_way(way: tuple[str, dict[str, t.Any]], line: str) -> None:
    """Whichever options decide, it is the total process size that counts, to the byte."""
    process, config = way
    total = plan(config, line, process)["memory"]["total_process"]
    if total is None:
        assert (line, process) == ("1.10", "jobmanager")
        return
    flat = {f"{outer}.{key}": value for outer, options in config.items() for key, value in options.items()}
    groups = [group(process, [1], flat), group(process, [2, 3], flat)]
    assert said_of(groups, room(3 * total + 7, 7), line) == []
    (said,) = said_of(groups, room(3 * total + 7, 8), line)
    assert ", which is 1b more than the " in said


@pytest.mark.parametrize(("release", "process", "config", "key"), SETTINGS.values(), ids=SETTINGS)
@given(st.integers(1, 16 * GIB - 1), st.integers(0, GIB), st.integers(1, 3), st.integers(1, 20000))
def test_the_largest_setting_fits_and_no_larger_one_does(
    release: str, process: str, config: dict[str, t.Any], key: str, size: int, reserved: int, count: int, other: int
) -> None:
    def said_with(value: t.Any) -> list[str]:
        changed = group(process, range(count), {**config, key: value})
        return said_of([changed], room(size, reserved), release)

    (said,) = said_with(config[key])
    unit = "" if key.endswith(".mb") else "m"
    found = _LARGEST.search(said)
    if found is None:
        assert f"No {key} for " in said
        assert said_with(f"{other}{unit}") != []
    else:
        largest = mebibytes_of(found[2] if unit else f"{found[2]}m")
        assert found[1] == key
        assert said_with(found[2]) == []
        assert said_with(f"{largest + 1}{unit}") != []
        assert said_with(f"{largest + other}{unit}") != []


def test_alike_processes_of_other_sizes() -> None:
    """The same total Flink memory, and more around it: what counts is their sum."""
    metaspace = {f"{TM}jvm-metaspace.size": "1g"}
    (said,) = said_of([tm({f"{TM}flink.size": "4g"}), tm({f"{TM}flink.size": "4g", **metaspace}, 2)], room(8 * GIB))
    found = _LARGEST.search(said)
    assert found is not None
    for mebibytes, fits in ((mebibytes_of(found[2]), True), (mebibytes_of(found[2]) + 1, False)):
        smaller = {f"{TM}flink.size": f"{mebibytes}m"}
        assert (said_of([tm(smaller), tm({**smaller, **metaspace}, 2)], room(8 * GIB)) == []) is fits
