# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.drawing import (
    BAR_UNITS,
    KINDS,
    Bar,
    differences,
    draw,
    signed,
)

MINUS = "\N{MINUS SIGN}"
SIZE = "taskmanager.memory.process.size"


def asked(host: str, memory: t.Any = "16g", release: t.Any = "2.3", count: t.Any = 1, **options: t.Any) -> Asked:
    processes: list[dict[str, t.Any]] = [
        {"process": "jobmanager", "count": 1, "config": {}, "numa_nodes": None},
        *[{"process": "taskmanager", "count": 1, "config": {}, "numa_nodes": None}] * count,
    ]
    config = {"jobmanager.memory.process.size": "1600m", SIZE: "auto", **options}
    return Asked(host, [], release, config, processes, memory, "1g")


def bar_of(*arguments: t.Any, **options: t.Any) -> Bar:
    drawn = draw(assemble([asked("a", *arguments, **options)])).rows[0].bar_after
    assert drawn is not None
    return drawn


def test_a_bar_is_filled_without_a_gap() -> None:
    drawn = bar_of(count=2, **{SIZE: "4g"})
    segments = [segment for segments in [*drawn.processes, drawn.rest] for segment in segments]
    assert segments[0].start == 0
    assert [one.start + one.width for one in segments[:-1]] == [one.start for one in segments[1:]]
    assert segments[-1].start + segments[-1].width == BAR_UNITS
    assert (drawn.extent, drawn.limit) == (2**34, None)


def test_components_come_in_the_order_of_flink() -> None:
    jobmanager, taskmanager = bar_of().processes
    assert [segment.css for segment in jobmanager] == ["jh", "oh", "me", "ov"]
    assert [segment.css for segment in taskmanager] == ["fh", "th", "fo", "ne", "ma", "me", "ov"]


def test_the_smallest_part_is_to_be_seen() -> None:
    taskmanager = bar_of("24t", **{SIZE: "4g"}).processes[1]
    assert {segment.width for segment in taskmanager} >= {1}


def test_what_does_not_fit_goes_beyond_the_limit() -> None:
    drawn = bar_of("8g", **{SIZE: "8g"})
    assert drawn.extent == 8 * 2**30 + 1600 * 2**20 + 2**30
    assert drawn.limit == 8 * 2**30 * BAR_UNITS // drawn.extent
    assert [segment.css for segment in drawn.rest] == ["re"]


def test_an_unknown_memory_has_no_rest() -> None:
    drawn = bar_of(None, **{SIZE: "4g"})
    assert (drawn.rest, drawn.limit, drawn.extent) == ([], None, 4 * 2**30 + 1600 * 2**20)


ACCOUNTS: dict[str, tuple[t.Any, str, str]] = {
    "fits": ("16g", "4g", "16g: 5.5g planned, 1g reserved, 9.4g free"),
    "does not": ("6g", "4g", "6g: 5.5g planned, 1g reserved, 576m too much"),
    "unknown": (None, "4g", "5.5g planned, of an unknown memory"),
    "no plan": ("16g", "1m", "no plan"),
}


@pytest.mark.parametrize(("memory", "size", "account"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_account(memory: t.Any, size: str, account: str) -> None:
    assert draw(assemble([asked("a", memory, **{SIZE: size})])).rows[0].account == account


def test_hosts_that_are_alike_share_a_row() -> None:
    drawing = draw(assemble([asked("a"), asked("c", "8g"), asked("b")]))
    assert [row.names for row in drawing.rows] == [["a", "b"], ["c"]]
    assert (drawing.title, drawing.verdict) == ("Flink memory of 3 hosts", "3 fine")


def test_hosts_that_were_not_alike_do_not() -> None:
    after = assemble([asked("a"), asked("b"), asked("new")])
    drawing = draw(after, assemble([asked("a"), asked("b", "8g"), asked("old")]))
    assert [row.names for row in drawing.rows] == [["a"], ["b"], ["new"]]
    assert [row.before is None for row in drawing.rows] == [False, False, True]
    assert (drawing.before, drawing.after, drawing.gone) == ("before", "after", ["old"])


def test_releases_name_what_is_compared() -> None:
    drawing = draw(assemble([asked("a")]), assemble([asked("a", release="1.16")]))
    assert drawing.title == "Flink memory of 1 host: Flink 1.16 and Flink 2.3"


DIFFERENCES: dict[str, tuple[Asked, Asked, list[str]]] = {
    "none": (asked("a"), asked("a"), ["no difference"]),
    "release": (
        asked("a", release="1.16", **{SIZE: "20g"}),
        asked("a", **{SIZE: "20g"}),
        [f"taskmanager-1: task heap {MINUS}896.0m, network +896.0m"],
    ),
    "processes": (
        asked("a", count=1, **{SIZE: "4g"}),
        asked("a", count=3, **{SIZE: "4g"}),
        ["taskmanager-2 and 1 more: new"],
    ),
    "gone": (asked("a", count=2, **{SIZE: "4g"}), asked("a", count=1, **{SIZE: "4g"}), ["taskmanager-2: gone"]),
    "alike": (
        asked("a", count=2, **{SIZE: "4g", "taskmanager.memory.managed.size": "1g"}),
        asked("a", count=2, **{SIZE: "4g", "taskmanager.memory.managed.size": "2g"}),
        [f"taskmanager-1 and 1 more: task heap {MINUS}1g, managed +1g"],
    ),
    "no plan before": (asked("a", **{SIZE: "1m"}), asked("a"), ["no plan before"]),
    "no plan any more": (asked("a"), asked("a", **{SIZE: "1m"}), ["no plan any more"]),
    "never a plan": (asked("a", **{SIZE: "1m"}), asked("a", **{SIZE: "1m"}), []),
}


@pytest.mark.parametrize(("before", "after", "expected"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_differences(before: Asked, after: Asked, expected: list[str]) -> None:
    assert differences(draw(assemble([after]), assemble([before])).rows[0]) == expected


TICKS = {
    "16g": ["0b", "2g", "4g", "6g", "8g", "10g", "12g", "14g", "16g"],
    "24t": ["0b", "4t", "8t", "12t", "16t", "20t", "24t"],
    "9g": ["0b", "2g", "4g", "6g", "8g"],
}


@pytest.mark.parametrize(("memory", "ticks"), TICKS.items(), ids=TICKS)
def test_ticks(memory: str, ticks: list[str]) -> None:
    assert [words for _size, words in draw(assemble([asked("a", memory, **{SIZE: "4g"})])).ticks] == ticks


def test_reasons() -> None:
    rows = draw(assemble([asked("a", **{SIZE: "1m"}), asked("b", **{"taskmanager.memory.managed.faction": 1})])).rows
    assert rows[0].reasons[0].startswith("taskmanager-1: ")
    assert [reason for reason in rows[1].reasons if "taskmanager.memory.managed.faction" in reason]


def test_nothing() -> None:
    drawing = draw(assemble([]))
    assert (drawing.rows, drawing.extent, drawing.verdict) == ([], 1, "0 fine")


def test_every_kind_has_a_class_of_its_own() -> None:
    assert len({kind.css for kind in KINDS.values()}) == len(KINDS)
    assert (signed(-(2**30)), signed(0)) == (f"{MINUS}1g", "+0b")


@pytest.mark.parametrize("value", [None, {}, [], "fleet"], ids=repr)
def test_no_fleet(value: t.Any) -> None:
    with pytest.raises(FlinkError, match="expected a fleet"):
        draw(value)
    with pytest.raises(FlinkError, match="expected a fleet"):
        draw(assemble([]), value if value is not None else 1)
