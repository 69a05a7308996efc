# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from fractions import Fraction

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.group import (
    Asked,
    Planned,
    Refused,
    Resolved,
    Share,
    plan_group,
    reasons,
    terms,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB, precise

CONFIG = {f"{TM}process.size": "4g", f"{JM}process.size": "4g"}


def names(process: str, *numbers: int) -> tuple[str, ...]:
    return tuple(f"{process}-{number}" for number in numbers)


def group(process: str, *numbers: int, total: int = 0) -> Planned:
    return Planned(process, names(process, *numbers), None, {}, (), plan(CONFIG, "2.3", process), total)


def refused(*numbers: int, reason: str = "No.") -> Refused:
    return Refused("taskmanager", names("taskmanager", *numbers), None, reason)


# Release, process, options, and what it takes of the host.
TOTALS: dict[str, tuple[str, str, dict[str, t.Any], int]] = {
    "total process": ("2.3", "taskmanager", {f"{TM}process.size": "4g"}, 4 * GIB),
    "total process of a JobManager": ("1.11", "jobmanager", {f"{JM}process.size": "1600m"}, 1600 * MIB),
    "heap of 1.10": ("1.10", "jobmanager", {"jobmanager.heap.size": "1g", f"{JM}process.size": "4g"}, GIB),
    "megabytes of 1.10": ("1.10", "jobmanager", {"jobmanager.heap.mb": 512}, 512 * MIB),
    "no heap in 1.10": ("1.10", "jobmanager", {}, 0),
}

# Options, how the refusal begins, and whether a larger share would help.
REFUSED: dict[str, tuple[dict[str, t.Any], str, bool]] = {
    "a share that is too small": ({f"{TM}process.size": "300m"}, "It is auto. JVM metaspace 256m + JVM overhead", True),
    "another total that is too small": (
        {f"{TM}process.size": "4g", f"{TM}flink.size": "300m"},
        "It is auto. framework heap 128m + framework off-heap 128m",
        False,
    ),
    "what is wrong for another reason": (
        {f"{TM}process.size": "4g", f"{TM}managed.fraction": 2},
        f"It is auto. {TM}managed.fraction: expected a fraction of at least 0",
        False,
    ),
    "what only the process refuses": (
        {f"{TM}process.size": "4g", "taskmanager.cpu.cores": 0},
        "It is auto. taskmanager.cpu.cores: expected a number above 0",
        False,
    ),
}

TERMS: dict[str, tuple[list[Planned], list[str]]] = {
    "nothing": ([], []),
    "one": ([group("taskmanager", 1, total=4 * GIB)], ["taskmanager-1 4g"]),
    "several of a group": ([group("taskmanager", 1, 2, total=4 * GIB)], ["2 x taskmanager 4g"]),
    "a few that are alike": (
        [group("taskmanager", number, total=4 * GIB) for number in (1, 2, 3)],
        ["taskmanager-1 4g", "taskmanager-2 4g", "taskmanager-3 4g"],
    ),
    "many that are alike": (
        [group("taskmanager", number, total=4 * GIB) for number in (1, 2, 3, 4)],
        ["4 x taskmanager 4g"],
    ),
    "many groups of several": (
        [group("taskmanager", number, number + 1, total=4 * GIB) for number in (1, 3, 5, 7)],
        ["8 x taskmanager 4g"],
    ),
    "other sizes and processes": (
        [
            group("taskmanager", 1, total=4 * GIB),
            group("jobmanager", 1, total=4 * GIB),
            *(group("taskmanager", number, total=8 * GIB) for number in (2, 3, 4, 5)),
            group("taskmanager", 6, total=4 * GIB),
        ],
        ["taskmanager-1 4g", "taskmanager-6 4g", "jobmanager-1 4g", "4 x taskmanager 8g"],
    ),
}

REASONS: dict[str, tuple[list[Refused], list[str]]] = {
    "nothing": ([], []),
    "one": ([refused(1)], ["taskmanager-1: No."]),
    "several of a group": ([refused(1, 2)], ["taskmanager-1, taskmanager-2: No."]),
    "one reason, once": (
        [refused(1), refused(2, reason="Why?"), refused(3)],
        ["taskmanager-1, taskmanager-3: No.", "taskmanager-2: Why?"],
    ),
    "four": (
        [refused(1, 2, 3, 4)],
        ["taskmanager-1, taskmanager-2, taskmanager-3, taskmanager-4: No."],
    ),
    "five": (
        [refused(1, 2, 3, 4, 5)],
        ["taskmanager-1, taskmanager-2, taskmanager-3 and 2 more: No."],
    ),
    "many": (
        [refused(*range(1, 1001))],
        ["taskmanager-1, taskmanager-2, taskmanager-3 and 997 more: No."],
    ),
}


@pytest.mark.parametrize(("release", "process", "config", "total"), TOTALS.values(), ids=TOTALS)
def test_total(release: str, process: str, config: dict[str, t.Any], total: int) -> None:
    planned = plan_group(Resolved(process, ("a", "b", "c"), None, config, (), ""), release)
    assert isinstance(planned, Planned)
    assert planned.plan == plan(config, release, process)
    assert (planned.total, planned.sum) == (total, 3 * total)


@pytest.mark.parametrize(("config", "message", "would_help"), REFUSED.values(), ids=REFUSED)
def test_refused(config: dict[str, t.Any], message: str, would_help: bool) -> None:
    share = Share(f"{TM}process.size", "auto", None)
    refused = plan_group(Resolved("taskmanager", ("a",), 1, config, (share,), "It is auto. "), "2.3")
    remedy = " A share grows with fewer processes, a lower reserve, or a larger host."
    assert isinstance(refused, Refused)
    assert (refused.process, refused.names, refused.node) == ("taskmanager", ("a",), 1)
    assert refused.reason.startswith(message)
    assert refused.reason.endswith(remedy) is would_help


def test_what_is_no_share_does_not_grow_with_the_host() -> None:
    config = {f"{TM}process.size": "300m"}
    refused = plan_group(Resolved("taskmanager", ("a",), None, config, (), ""), "2.3")
    with pytest.raises(ValueError, match="JVM metaspace") as refusal:
        plan(config, "2.3")
    assert refused == Refused("taskmanager", ("a",), None, str(refusal.value))


def test_what_is_automatic() -> None:
    automatic, half = Share("a", "auto", None), Share("b", "50%", Fraction(1, 2))
    for shares, answer in (((automatic,), True), ((half, automatic), True), ((half,), False), ((), False)):
        assert Asked("taskmanager", ("a",), None, {}, shares).is_automatic is answer


def test_what_was_asked_stays_as_it_was_when_it_is_resolved() -> None:
    asked = Asked("taskmanager", ("a", "b"), 1, {"x": "auto", "y": 1}, (Share("x", "auto", None),))
    resolved = asked.resolved({"x": "4g"}, "It is auto.")
    assert resolved == Resolved("taskmanager", ("a", "b"), 1, {"x": "4g", "y": 1}, asked.shares, "It is auto.")
    assert asked.config == {"x": "auto", "y": 1}


@pytest.mark.parametrize(("groups", "written"), TERMS.values(), ids=TERMS)
def test_terms(groups: list[Planned], written: list[str]) -> None:
    assert terms(groups, lambda one: precise(one.total)) == written


@pytest.mark.parametrize(("groups", "lines"), REASONS.values(), ids=REASONS)
def test_reasons(groups: list[Refused], lines: list[str]) -> None:
    assert reasons(groups) == lines
