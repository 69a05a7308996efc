# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t
from fractions import Fraction

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import HostMemory, Room
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.group import (
    Asked,
    Group,
    Planned,
    Refused,
    Share,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.shares import (
    check_percentages,
    is_share,
    plan_all,
    read_shares,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB

TM_AUTO, JM_AUTO = {f"{TM}process.size": "auto"}, {f"{JM}process.size": "auto"}
RELEASE = Release.parse("2.3")


class Tagged(str):
    """A text as Ansible hands it over."""

    __slots__ = ("origin",)


IS_SHARE: dict[str, tuple[t.Any, bool]] = {
    "auto": ("auto", True),
    "tagged": (Tagged("auto"), True),
    "in capitals": ("AUTO", True),
    "in blanks": (" Auto\n", True),
    "percentage": ("50%", True),
    "percentage in blanks": (" 50 % ", True),
    "no number": ("half%", True),
    "only the sign": ("%", True),
    "sign before": ("%50", False),
    "more than auto": ("automatic", False),
    "size": ("4g", False),
    "number": (50, False),
    "decimal": (0.5, False),
    "boolean": (True, False),
    "null": (None, False),
    "list": (["auto"], False),
    "empty": ("", False),
}

# Process, options, and the shares among them.
SHARES: dict[str, tuple[str, dict[str, t.Any], list[Share]]] = {
    "none": ("taskmanager", {f"{TM}process.size": "4g", f"{TM}task.heap.size": "auto"}, []),
    "auto": ("taskmanager", TM_AUTO, [Share(f"{TM}process.size", "auto", None)]),
    "auto, however it is written": (
        "jobmanager",
        {f"{JM}process.size": " Auto\n"},
        [Share(f"{JM}process.size", "auto", None)],
    ),
    "as they were written": (
        "taskmanager",
        {f"{TM}process.size": " 12.5 %"},
        [Share(f"{TM}process.size", "12.5 %", Fraction(1, 8))],
    ),
    "total Flink": ("taskmanager", {f"{TM}flink.size": "AUTO"}, [Share(f"{TM}flink.size", "auto", None)]),
    "all": ("taskmanager", {f"{TM}flink.size": "100%"}, [Share(f"{TM}flink.size", "100%", Fraction(1))]),
    "two percentages": (
        "taskmanager",
        {f"{TM}flink.size": "50%", f"{TM}process.size": "60%"},
        [Share(f"{TM}process.size", "60%", Fraction(3, 5)), Share(f"{TM}flink.size", "50%", Fraction(1, 2))],
    ),
    "a percentage beside a size": (
        "taskmanager",
        {f"{TM}flink.size": "50%", f"{TM}process.size": "8g"},
        [Share(f"{TM}flink.size", "50%", Fraction(1, 2))],
    ),
    "one of the parts": (
        "taskmanager",
        {**TM_AUTO, f"{TM}task.heap.size": "1g", f"{TM}managed.fraction": 0},
        [Share(f"{TM}process.size", "auto", None)],
    ),
    "the other part by its old name": (
        "taskmanager",
        {**TM_AUTO, f"{TM}size": "1g"},
        [Share(f"{TM}process.size", "auto", None)],
    ),
    "a heap that the release ignores": (
        "taskmanager",
        {**TM_AUTO, "taskmanager.heap.size": "1g"},
        [Share(f"{TM}process.size", "auto", None)],
    ),
    "JobManager": (
        "jobmanager",
        {**TM_AUTO, f"{JM}flink.size": "auto"},
        [Share(f"{JM}flink.size", "auto", None)],
    ),
    "off-heap is no total": (
        "jobmanager",
        {**JM_AUTO, f"{JM}off-heap.size": "1g"},
        [Share(f"{JM}process.size", "auto", None)],
    ),
}

ALONE = f"{TM}process.size: auto leaves the total to the host, but "
NO_SHARE = "expected a percentage above 0% and up to 100% such as 50%, or auto, got "

# Release, process, options, and what is said about them.
REFUSED: dict[str, tuple[str, str, dict[str, t.Any], str]] = {
    **{
        f"no percentage: {text}": (
            "2.3",
            "taskmanager",
            {f"{TM}process.size": text},
            f"{TM}process.size: {NO_SHARE}{text!r}.",
        )
        for text in ("0%", "0.0 %", "-5%", "101%", "100.000000000001%", "%", "1e1%", "50%%", "auto%", "50,5%")
    },
    "words": ("2.3", "taskmanager", {f"{TM}flink.size": "0%"}, f"{TM}flink.size: {NO_SHARE}'0%'."),
    "other digits": (
        "2.3",
        "jobmanager",
        {f"{JM}process.size": "\uff15%"},
        f"{JM}process.size: {NO_SHARE}'\\uff15%'.",
    ),
    "beside total Flink": (
        "2.3",
        "taskmanager",
        {**TM_AUTO, f"{TM}flink.size": "4g"},
        f"{ALONE}{TM}flink.size ('4g') already decides it. Remove the one or the other.",
    ),
    "beside total process": (
        "2.3",
        "taskmanager",
        {f"{TM}flink.size": "auto", f"{TM}process.size": 2**32},
        f"{TM}flink.size: auto leaves the total to the host, but {TM}process.size (4294967296) already decides it.",
    ),
    "beside a percentage": (
        "2.3",
        "taskmanager",
        {**TM_AUTO, f"{TM}flink.size": "50%"},
        f"{ALONE}{TM}flink.size ('50%') already decides it.",
    ),
    "beside another auto": ("2.3", "taskmanager", {**TM_AUTO, f"{TM}flink.size": "auto"}, f"{ALONE}{TM}flink.size ("),
    "beside the parts": (
        "2.3",
        "taskmanager",
        {**TM_AUTO, f"{TM}task.heap.size": "1g", f"{TM}managed.size": 0},
        f"{ALONE}{TM}task.heap.size ('1g') and {TM}managed.size (0) already decide it.",
    ),
    "beside the parts by an old name": (
        "2.3",
        "taskmanager",
        {**TM_AUTO, f"{TM}task.heap.size": "1g", f"{TM}size": "2g"},
        f"{ALONE}{TM}task.heap.size ('1g') and {TM}size ('2g') already decide it.",
    ),
    "beside all": (
        "2.3",
        "taskmanager",
        {**TM_AUTO, f"{TM}flink.size": "4g", f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g"},
        f"{ALONE}{TM}flink.size ('4g') and {TM}task.heap.size ('1g') and {TM}managed.size ('1g') already decide it.",
    ),
    "beside a heap of older releases": (
        "1.20",
        "taskmanager",
        {**TM_AUTO, "taskmanager.heap.size": "1024m"},
        f"{ALONE}taskmanager.heap.size ('1024m') already decides it.",
    ),
    "beside megabytes of older releases": (
        "1.10",
        "taskmanager",
        {**TM_AUTO, "taskmanager.heap.mb": 1024},
        f"{ALONE}taskmanager.heap.mb (1024) already decides it.",
    ),
    "beside no size": (
        "1.20",
        "taskmanager",
        {**TM_AUTO, "taskmanager.heap.size": "1GiB"},
        "taskmanager.heap.size: '1GiB' is not a size",
    ),
    "beside a huge number": (
        "2.3",
        "taskmanager",
        {**TM_AUTO, f"{TM}flink.size": 16**9999},
        f"{ALONE}{TM}flink.size (a huge number) already decides it.",
    ),
    "JobManager beside its heap": (
        "2.3",
        "jobmanager",
        {**JM_AUTO, f"{JM}heap.size": "1g"},
        f"{JM}process.size: auto leaves the total to the host, but {JM}heap.size ('1g') already decides it.",
    ),
    "JobManager beside a heap of older releases": (
        "1.20",
        "jobmanager",
        {**JM_AUTO, "jobmanager.heap.size": "1024m"},
        f"{JM}process.size: auto leaves the total to the host, but jobmanager.heap.size ('1024m') already decides it.",
    ),
    "JobManager of 1.10": (
        "1.10",
        "jobmanager",
        JM_AUTO,
        (
            f"{JM}process.size is auto, but Flink 1.10 ignores it: it was added in 1.11. Set jobmanager.heap.size to a "
            "size instead."
        ),
    ),
    "percentage for a JobManager of 1.10": (
        "1.10.3",
        "jobmanager",
        {f"{JM}flink.size": "20%"},
        f"{JM}flink.size is 20%, but Flink 1.10 ignores it",
    ),
}


def room(size: int, reserved: int = 0, *nodes: int) -> Room:
    return Room(HostMemory(size, "physical memory", dict(enumerate(nodes))), reserved)


def group(process: str, count: int, config: dict[str, t.Any], node: int | None = None) -> Asked:
    names = tuple(f"{process}-{number}" for number in range(1, count + 1))
    return Asked(process, names, node, config, read_shares(config, process, RELEASE))


def tm(size: str, count: int = 1, node: int | None = None, **more: t.Any) -> Asked:
    return group("taskmanager", count, {f"{TM}process.size": size, **more}, node)


def flink(size: str, count: int = 1, node: int | None = None) -> Asked:
    return group("taskmanager", count, {f"{TM}flink.size": size}, node)


def jm(size: str) -> Asked:
    return group("jobmanager", 1, {f"{JM}process.size": size})


# Groups, room, and the totals that they resolve to; sizes stay.
RESOLVED: dict[str, tuple[list[Asked], Room, list[str]]] = {
    "sizes": ([tm("4g"), jm("1600m")], room(GIB), ["4g", "1600m"]),
    "percentage": ([tm("50%")], room(16 * GIB), ["8g"]),
    "percentage after the reserve": ([tm("50%")], room(16 * GIB, 1 * GIB), ["7680m"]),
    "percentage, rounded down": ([tm("33.3%")], room(10000 * MIB), ["3330m"]),
    "percentage, rounded down a lot": ([tm("99.999%")], room(10000 * MIB), ["9999m"]),
    "percentage of whole MiB": ([tm("100%")], room(4 * GIB + MIB - 1), ["4g"]),
    "percentage less an odd reserve": ([tm("100%")], room(4 * GIB, 1), ["4095m"]),
    "percentages of the whole, each": ([tm("25%", 2), tm("50%")], room(16 * GIB), ["4g", "8g"]),
    "percentage beside a size": ([tm("50%"), jm("1g")], room(16 * GIB), ["8g", "1g"]),
    "percentage of total Flink": ([flink("50%")], room(16 * GIB), ["8g"]),
    "percentage of a JobManager": ([jm("12.5%")], room(16 * GIB), ["2g"]),
    "auto": ([tm("auto")], room(16 * GIB), ["16g"]),
    "auto after the reserve": ([tm("auto")], room(16 * GIB, 1638 * MIB), ["14746m"]),
    "auto, of whole MiB": ([tm("auto")], room(16 * GIB - 1), ["16383m"]),
    "auto, less an odd reserve": ([tm("auto")], room(16 * GIB, 1), ["16383m"]),
    "auto, even": ([tm("auto", 4)], room(16 * GIB), ["4g"]),
    "auto, rounded down": ([tm("auto", 3)], room(16 * GIB), ["5461m"]),
    "auto, in groups": ([tm("auto", 2), tm("auto")], room(16 * GIB), ["5461m", "5461m"]),
    "auto beside sizes": ([jm("1600m"), tm("auto", 2), tm("4g")], room(16 * GIB, GIB), ["1600m", "4832m", "4g"]),
    "auto beside several": ([tm("2g", 3), tm("auto", 2)], room(16 * GIB), ["2g", "5g"]),
    "auto beside a percentage": ([tm("auto"), tm("25%", 2)], room(16 * GIB), ["8g", "4g"]),
    "auto for both": ([jm("auto"), tm("auto", 3)], room(16 * GIB), ["4g", "4g"]),
    "auto for total Flink of as much": ([flink("auto"), tm("auto")], room(16 * GIB), ["7116m", "8g"]),
    "percentage of a node": ([tm("50%", 1, 0), tm("50%", 1, 1)], room(12 * GIB, 0, 8 * GIB, 4 * GIB), ["4g", "2g"]),
    "percentage of a node after the reserve": (
        [tm("50%", 1, 0), tm("50%", 1, 1)],
        room(12 * GIB, 3 * GIB, 8 * GIB, 4 * GIB),
        ["3g", "1536m"],
    ),
    "percentage of a node larger than the host": ([tm("50%", 1, 0)], room(4 * GIB, 0, 32 * GIB, 32 * GIB), ["2g"]),
    "percentage of an unknown node": ([tm("50%", 1, 7)], room(16 * GIB), ["8g"]),
    "auto on nodes": ([tm("auto", 1, 0), tm("auto", 1, 1)], room(16 * GIB, GIB, 8 * GIB, 8 * GIB), ["7680m"] * 2),
    "auto on uneven nodes": (
        [tm("auto", 1, 0), tm("auto", 1, 1)],
        room(16 * GIB, 0, 10 * GIB, 6 * GIB),
        ["8g", "6g"],
    ),
    "auto, several on a node": (
        [tm("auto", 2, 0), tm("auto", 1, 1)],
        room(18 * GIB, 0, 8 * GIB, 10 * GIB),
        ["4g", "6g"],
    ),
    "auto beside a size on its node": (
        [tm("auto", 1, 0), tm("6g", 1, 0), tm("auto", 1, 1)],
        room(16 * GIB, 0, 8 * GIB, 8 * GIB),
        ["2g", "6g", "5g"],
    ),
    "auto beside a JobManager that is bound to none": (
        [jm("2g"), tm("auto", 1, 0), tm("auto", 1, 1)],
        room(16 * GIB, 0, 8 * GIB, 8 * GIB),
        ["2g", "7g", "7g"],
    ),
    "auto on nodes larger than the host": (
        [tm("auto", 1, 0), tm("auto", 1, 1)],
        room(4 * GIB, 0, 32 * GIB, 32 * GIB),
        ["2g", "2g"],
    ),
    "auto on unknown nodes": ([tm("auto", 1, 0), tm("auto", 1, 1)], room(16 * GIB), ["8g", "8g"]),
}

# Groups, room, and what is said of the first.
UNRESOLVED: dict[str, tuple[list[Asked], Room | None, str]] = {
    "auto of an unknown host": (
        [tm("auto")],
        None,
        (
            f"{TM}process.size is auto, a share of the host's memory, which is not known. Set host_memory (or "
            "flink_host_memory), gather facts, or have plan ask the host (flink_plan_asks_hosts: true), or "
            "write a size."
        ),
    ),
    "percentage of an unknown host": ([tm("50 %")], None, f"{TM}process.size is 50 %, a share of the host's memory"),
    "both of an unknown host": (
        [group("taskmanager", 1, {f"{TM}process.size": "50%", f"{TM}flink.size": "40%"})],
        None,
        f"{TM}process.size is 50%, a share of the host's memory",
    ),
    "percentage": (
        [tm("10%")],
        room(4 * GIB, 409 * MIB),
        f"{TM}process.size is 10% of 3687m, which is 368m. JVM metaspace 256m + JVM overhead 192m = 448m, which ",
    ),
    "two percentages": (
        [group("taskmanager", 1, {f"{TM}process.size": "50%", f"{TM}flink.size": "60%"})],
        room(4 * GIB),
        f"{TM}process.size is 50% of 4g, which is 2g. {TM}flink.size is 60% of 4g, which is 2457m. total Flink memory",
    ),
    "one of many": (
        [tm("auto", 20)],
        room(4 * GIB, 409 * MIB),
        f"{TM}process.size is auto, which is 184m: 3687m left after the reserve, divided by 20. JVM metaspace",
    ),
    "the only one": ([tm("auto")], room(100 * MIB), "which is 100m: 100m left after the reserve. JVM metaspace"),
    "beside others": (
        [tm("auto"), jm("1600m"), tm("1g", 2)],
        room(4 * GIB),
        "which is 448m: 4g left after the reserve - jobmanager-1 1600m - 2 x taskmanager 1g. ",
    ),
    "nothing left": (
        [tm("auto", 2), jm("9g")],
        room(4 * GIB),
        "which is 0b: 4g left after the reserve - jobmanager-1 ",
    ),
    "less than a MiB": (
        [tm("auto")],
        room(10240),
        f"{TM}process.size is auto, which is 0b: 0b left after the reserve.",
    ),
    "on a node": (
        [tm("auto", 2, 1)],
        room(64 * GIB, 0, 63 * GIB, GIB),
        "which is 512m: 1g left of NUMA node 1 after the reserve, divided by 2. ",
    ),
    "total Flink": (
        [flink("auto")],
        room(400 * MIB),
        f"{TM}flink.size is auto, for a process of 400m: 400m left after the reserve. framework heap 128m",
    ),
    "total Flink that leaves nothing for the JVM": (
        [flink("auto")],
        room(900 * MIB),
        (
            f"{TM}flink.size is auto, for a process of 900m: 900m left after the reserve. No {TM}flink.size makes it "
            "that small. Lower its parts. A share grows with fewer processes, a lower reserve, or a larger host."
        ),
    ),
    "total Flink, if another option is refused": (
        [group("taskmanager", 1, {f"{TM}flink.size": "auto", f"{TM}managed.fraction": 2})],
        room(4 * GIB),
        f"4g left after the reserve. {TM}managed.fraction: expected a fraction of at least 0",
    ),
}

# Groups, the sizes of the nodes, and what is said.
TOO_MUCH: dict[str, tuple[list[Asked], list[int], str | None]] = {
    "all": ([tm("50%", 2)], [], None),
    "thirds": ([tm("33.333333333333%", 3)], [], None),
    "one too many": ([tm("50%", 3)], [], "3 x taskmanager at 50% exceed the 100% that the host has left after"),
    "a trifle": (
        [tm("50%"), tm("50.000000000001%")],
        [],
        "taskmanager-1 at 50% + taskmanager-1 at 50.000000000001% exceed",
    ),
    "of both": ([tm("90%"), jm("20%")], [], "taskmanager-1 at 90% + jobmanager-1 at 20% exceed the 100% that"),
    "many": ([tm("30%") for _number in range(4)], [], "4 x taskmanager at 30% exceed the 100% that the host"),
    "remedy": ([tm("60%", 2)], [], " after the reserve. Lower them, or write auto for even shares."),
    "two of one process count once": (
        [group("taskmanager", 1, {f"{TM}process.size": "60%", f"{TM}flink.size": "50%"})],
        [],
        None,
    ),
    "other sizes do not count": ([tm("100%"), tm("4g"), tm("auto")], [], None),
    "a node each": ([tm("60%", 1, 0), tm("60%", 1, 1)], [8 * GIB, 8 * GIB], None),
    "a node for both": (
        [tm("60%", 1, 1), tm("60%", 1, 1), tm("60%", 1, 0)],
        [8 * GIB, 8 * GIB],
        "taskmanager-1 at 60% + taskmanager-1 at 60% exceed the 100% that NUMA node 1 has left",
    ),
    "unknown nodes": ([tm("60%", 1, 0), tm("60%", 1, 1)], [], "exceed the 100% that the host has left"),
    "nodes beside the host": ([tm("60%", 1, 0), tm("60%")], [8 * GIB, 8 * GIB], None),
}


@pytest.mark.parametrize(("value", "answer"), IS_SHARE.values(), ids=IS_SHARE)
def test_is_share(value: t.Any, answer: bool) -> None:
    assert is_share(value) is answer


@pytest.mark.parametrize(("process", "config", "shares"), SHARES.values(), ids=SHARES)
def test_read_shares(process: str, config: dict[str, t.Any], shares: list[Share]) -> None:
    assert read_shares(config, process, RELEASE) == tuple(shares)


@pytest.mark.parametrize(("release", "process", "config", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(release: str, process: str, config: dict[str, t.Any], message: str) -> None:
    with pytest.raises(FlinkError, match="^" + re.escape(message)):
        read_shares(config, process, Release.parse(release))


@pytest.mark.parametrize("release", ["1.10", "1.11", "2.3"])
def test_total_flink_stands_before_a_heap_of_older_releases(release: str) -> None:
    config = {f"{TM}flink.size": "auto", "taskmanager.heap.size": "1g"}
    assert read_shares(config, "taskmanager", Release.parse(release)) == (Share(f"{TM}flink.size", "auto", None),)


@pytest.mark.parametrize(("groups", "place", "totals"), RESOLVED.values(), ids=RESOLVED)
def test_resolved(groups: list[Asked], place: Room, totals: list[str]) -> None:
    found = [one for one in plan_all(groups, "2.3", place) if isinstance(one, Planned)]
    keys = (f"{TM}process.size", f"{TM}flink.size", f"{JM}process.size")
    assert [next(one.config[key] for key in keys if key in one.config) for one in found] == totals
    for one in found:
        assert one.plan == plan(one.config, "2.3", one.process)


@pytest.mark.parametrize(("groups", "place", "message"), UNRESOLVED.values(), ids=UNRESOLVED)
def test_unresolved(groups: list[Asked], place: Room | None, message: str) -> None:
    refused = plan_all(groups, "2.3", place)[0]
    assert isinstance(refused, Refused)
    assert message in refused.reason


@pytest.mark.parametrize(("groups", "nodes", "message"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_percentages_of_the_whole(groups: list[Asked], nodes: list[int], message: str | None) -> None:
    place = room(16 * GIB, GIB, *nodes)
    if message is None:
        check_percentages(groups, place)
    else:
        with pytest.raises(FlinkError, match=re.escape(message)):
            check_percentages(groups, place)


def test_percentages_of_an_unknown_host() -> None:
    check_percentages([tm("60%", 1, 0)], None)
    with pytest.raises(FlinkError, match="exceed the 100% that the host has left"):
        check_percentages([tm("60%", 1, 0), tm("60%", 1, 1)], None)


@pytest.mark.parametrize("process", ["taskmanager", "jobmanager"])
@pytest.mark.parametrize("share", [1 * GIB, 4 * GIB, 4 * GIB + 12345678, 64 * GIB, 2**45])
def test_total_flink_is_the_largest_with_which_the_process_is_no_larger(process: str, share: int) -> None:
    key = f"{process}.memory.flink.size"
    (one,) = plan_all([group(process, 1, {key: "auto"})], "2.3", room(share))
    assert isinstance(one, Planned)
    total: t.Any = one.plan["memory"]["total_flink"]
    mebibytes = total // MIB
    assert total == mebibytes * MIB
    assert one.total <= share // MIB * MIB
    too_large: t.Any = plan({key: f"{mebibytes + 1}m"}, "2.3", process)["memory"]["total_process"]
    assert too_large > share // MIB * MIB


def test_processes_are_refused_one_by_one() -> None:
    refused, other = plan_all([tm("auto", 1, None, **{f"{TM}managed.fraction": 2}), tm("auto")], "2.3", room(16 * GIB))
    assert isinstance(refused, Refused)
    assert refused.reason.startswith(f"{TM}process.size is auto, which is 8g: 16g left after the reserve, divided by 2")
    assert isinstance(other, Planned)
    assert other.total == 8 * GIB


def test_what_is_refused_already_takes_no_share() -> None:
    refused = Group("taskmanager", ("taskmanager-2",), None).refused("No.")
    first, second = plan_all([refused, tm("auto")], "2.3", room(16 * GIB))
    assert first == refused
    assert isinstance(second, Planned)
    assert second.total == 16 * GIB


def test_percentages_of_more_than_there_is_refuse_the_host() -> None:
    with pytest.raises(FlinkError, match="exceed the 100% that the host has left"):
        plan_all([tm("60%"), tm("60%")], "2.3", room(16 * GIB))
