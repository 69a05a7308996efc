# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.inventory import Turn, members, turn

GROUPS = {"jm": ["j1", "j2"], "tm": ["t1", "t2", "t3"], "all": ["j1", "j2", "t1", "t2", "t3", "db"]}

# The hosts that the run may touch, of which one is enough.
REACHABLE = {"all": GROUPS["all"], "one JobManager": ["j2"], "one TaskManager": ["t3"], "one and others": ["db", "t1"]}


@pytest.mark.parametrize("reachable", REACHABLE.values(), ids=REACHABLE)
def test_members(reachable: list[str]) -> None:
    assert members(GROUPS, "jm", "tm", reachable) == (["j1", "j2"], ["t1", "t2", "t3"])


def test_one_group_is_enough() -> None:
    assert members(GROUPS, "nobody", "tm", ["t1"]) == ([], ["t1", "t2", "t3"])


def test_a_host_may_be_in_both() -> None:
    assert members({"jm": ["a"], "tm": ["a"]}, "jm", "tm", {"a"}) == (["a"], ["a"])


def test_no_host_of_the_cluster() -> None:
    with pytest.raises(
        FlinkError, match=r"^Inventory: expected hosts in the groups jm and tm, got none that --limit leaves; it"
    ):
        members(GROUPS, "jm", "tm", ["db"])
    with pytest.raises(FlinkError, match=r"in the groups x and y, got none; it has the groups jm, tm\."):
        members(GROUPS, "x", "y", GROUPS["all"])


def test_of_many_groups_some_are_named() -> None:
    many = {f"g{number:02}": ["a"] for number in range(30)}
    with pytest.raises(FlinkError) as refusal:
        members(many, "jm", "tm", ["a"])
    named = str(refusal.value).partition("has the groups ")[2].partition(".")[0]
    assert named == ", ".join(f"g{number:02}" for number in range(20))


PARTS = {"first": ["j1", "j2"], "second": ["t1", "t2", "t3"]}
BEHIND_FIRST = {"j1": {"first"}, "j2": {"first"}}

# The parts before, the part, the batch, what the hosts have behind them: who restarted before, who is still to come,
# and who was lost.
TURNS: dict[str, tuple[list[str], str | None, list[str], dict[str, set[str]], tuple[str, str, tuple[str, ...]]]] = {
    "the first batch of the first part": ([], "second", ["t1"], {}, ("none", "t2, t3", ())),
    "the first batch of the next part": (["first"], "second", ["t1"], BEHIND_FIRST, ("none", "t2, t3", ())),
    "the last batch": (["first"], "second", ["t2", "t3"], {**BEHIND_FIRST, "t1": {"second"}}, ("t1", "none", ())),
    "one of the former part was lost": (["first"], "second", ["t1"], {"j1": {"first"}}, ("none", "t2, t3", ("j2",))),
    "one of the same part was lost": (["first"], "second", ["t2"], BEHIND_FIRST, ("t1", "t3", ("t1",))),
    "after all parts, one is missing": (
        ["first", "second"],
        None,
        ["t1"],
        {**BEHIND_FIRST, "t1": {"second"}, "t3": {"second"}},
        ("none", "t2, t3", ("t2",)),
    ),
    "after all parts, those of this batch count like others": (
        ["first"],
        None,
        ["t1"],
        BEHIND_FIRST,
        ("none", "t2, t3", ()),
    ),
    "a part that no host has": (["third"], "second", ["t1"], {}, ("none", "t2, t3", ())),
}


@pytest.mark.parametrize(("before", "part", "batch", "behind", "expected"), TURNS.values(), ids=TURNS)
def test_turns(
    before: list[str],
    part: str | None,
    batch: list[str],
    behind: dict[str, set[str]],
    expected: tuple[str, str, tuple[str, ...]],
) -> None:
    former, coming, lost = expected
    position = f"Restarted before: {former}. Now: {', '.join(batch)}. Still to come: {coming}."
    assert turn(before, part, PARTS, PARTS["second"], batch, behind) == Turn(position, lost)


def test_a_host_that_was_lost_in_two_parts_is_named_once() -> None:
    groups = {"first": ["h"], "second": ["h", "t"]}
    assert turn(["first"], "second", groups, ["h", "t"], ["t"], {}).lost == ("h",)
