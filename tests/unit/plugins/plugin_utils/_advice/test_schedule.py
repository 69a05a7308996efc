# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.schedule import Schedule, progress, who_asks
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import OBSERVATION

USUAL = {"minutes": 0, "seconds": 30, "hours": 24}

# Values, and the number of looks.
LOOKS: dict[str, tuple[dict[str, t.Any], int]] = {
    "one look": ({}, 1),
    "half an hour": ({"minutes": 30}, 61),
    "every twenty seconds for a minute": ({"minutes": 1, "seconds": 20}, 4),
    "from the command line": ({"minutes": "30", "seconds": " 60 "}, 31),
    "less than a pause": ({"minutes": 1, "seconds": 120}, 1),
}


@pytest.mark.parametrize(("values", "looks"), LOOKS.values(), ids=LOOKS)
def test_how_often_is_looked(values: dict[str, t.Any], looks: int) -> None:
    assert Schedule.of({**USUAL, **values}).looks == looks


WRONG: dict[str, tuple[dict[str, t.Any], str]] = {
    "backwards": ({"minutes": -1}, "flink_observe_minutes: expected a whole number from 0 to 10080, got -1."),
    "sooner than Flink measures": ({"seconds": 5}, "flink_observe_seconds: expected a whole number from 20 to"),
    "a mapping": (
        {"hours": {"past": 24}},
        "flink_observe_hours: expected a whole number from 1 to 720, got a mapping.",
    ),
    "nothing": ({"minutes": None}, "flink_observe_minutes: expected a whole number from 0 to 10080, got null."),
    "a part of a minute": ({"minutes": "0.5"}, "flink_observe_minutes: expected a whole number from 0 to 10080, got"),
    "a truth": ({"minutes": True}, "flink_observe_minutes: expected a whole number from 0 to 10080, got a boolean."),
    "no time at all": ({"hours": 0}, "flink_observe_hours: expected a whole number from 1 to"),
    "too often": (
        {"minutes": 7 * 1440, "seconds": 20},
        "flink_observe_seconds: expected at most 10000 looks, got 30241",
    ),
}


@pytest.mark.parametrize(("values", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_looked_at(values: dict[str, t.Any], words: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        Schedule.of({**USUAL, **values})
    assert words in str(refusal.value)


def test_looks_begin_at_equal_distances_and_nothing_waits_for_the_last() -> None:
    schedule = Schedule(3, 30)
    assert [schedule.wait_after(1, 4.5), schedule.wait_after(2, 70), schedule.wait_after(3, 65)] == [25.5, 0, 0]


def test_who_asks_the_cluster() -> None:
    assert who_asks(["jm1", "tm1", "jm2"], ["jm1", "jm2", "jm3"]) == ["jm1", "jm2"]
    assert who_asks(["tm1", "tm2"], ["jm1"]) == ["tm1"]


def test_a_line_tells_what_a_look_saw() -> None:
    assert progress(3, Schedule(61, 30), 60, OBSERVATION) == (
        "Look 3 of 61 after 60 s: 2 processes run on 2 hosts, 1 of 1 running job at work, without tm2"
    )
    silent: t.Any = {**OBSERVATION, "cluster": None, "unknown": ["REST API, asked from jm1: expected an answer."]}
    assert progress(1, Schedule(2, 30), 0, silent) == (
        "Look 1 of 2 after 0 s: 2 processes run on 2 hosts, REST does not answer"
    )
