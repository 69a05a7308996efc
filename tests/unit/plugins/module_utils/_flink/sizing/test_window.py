# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.window import add
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import MIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.sizing.looks import (
    HOUR,
    START,
    job,
    jvm,
    look,
    process,
    taskmanager,
)


def window_of(*observations: t.Any) -> t.Any:
    window = None
    for observation in observations:
        window = add(window, observation)
    return window


def with_heap(old_used: int, **changes: t.Any) -> dict[str, t.Any]:
    one = process(**changes)
    one["heap"]["old_used"] = old_used
    return one


def test_figures_are_the_least_the_most_and_the_last() -> None:
    sizes = [30 * MIB, 50 * MIB, 20 * MIB, 25 * MIB]
    window = window_of(
        *(look(START + HOUR + number * 60, processes=[with_heap(size)]) for number, size in enumerate(sizes))
    )
    one = window["processes"]["tm"]["taskmanager-1"]
    assert (window["looks"], window["loaded"], one["looks"], one["loaded"]) == (4, 4, 4, 4)
    assert (one["first"], one["last"]) == (START + HOUR, START + HOUR + 180)
    assert one["figures"]["old_used"] == {
        "minimum": 20 * MIB,
        "maximum": 50 * MIB,
        "last": 25 * MIB,
        "looks": 4,
        "source": "heap of taskmanager-1",
    }


LIVES: dict[str, tuple[dict[str, t.Any], int]] = {
    "the same process goes on": ({}, 2),
    "its start may be off by the rounding of the time of the boot": ({"started": START + 2}, 2),
    "another PID is a new life": ({"pid": 4712}, 1),
    "the same PID after a boot is a new life": ({"started": START + 900}, 1),
    "a process that has gone keeps the figures of its last life": ({"pid": None, "memory": None, "heap": None}, 1),
}


@pytest.mark.parametrize(("changes", "looks"), LIVES.values(), ids=LIVES)
def test_lives(changes: dict[str, t.Any], looks: int) -> None:
    window = window_of(look(), look(START + 2 * HOUR, processes=[process(**changes)]))
    assert window["looks"] == 2
    one = window["processes"]["tm"]["taskmanager-1"]
    assert one["looks"] == looks
    assert one["figures"]["peak"]["looks"] == looks


LOADS: dict[str, tuple[dict[str, t.Any], int, int]] = {
    "a job at work in its slots": ({}, 1, 1),
    "a job of which nobody says how busy it is": ({"jobs": [job(is_busy=None)]}, 1, 1),
    "a job that waits for records": ({"jobs": [job(is_busy=False)]}, 0, 0),
    "a job that restarts": ({"jobs": [job(state="RESTARTING")]}, 0, 0),
    "no job": ({"jobs": []}, 0, 0),
    "a job at work elsewhere": ({"taskmanagers": [taskmanager(free_slots=2)]}, 1, 0),
    "an API that does not answer": ({"has_cluster": False}, 0, 0),
}


@pytest.mark.parametrize(("given", "of_cluster", "of_process"), LOADS.values(), ids=LOADS)
def test_loads(given: dict[str, t.Any], of_cluster: int, of_process: int) -> None:
    window = window_of(look(**given))
    assert window["loaded"] == of_cluster
    assert window["processes"]["tm"]["taskmanager-1"]["loaded"] == of_process


def stale(**changes: t.Any) -> list[dict[str, t.Any]]:
    """Metrics of which the CPU time of the second look is that of the first."""
    return [taskmanager(jvm=jvm(cpu_time=10**11 - HOUR, metaspace_used=90 * MIB), **changes)]


FRESHNESS: dict[str, tuple[list[dict[str, t.Any]], dict[str, t.Any], int]] = {
    "CPU time goes on": ([taskmanager(jvm=jvm(metaspace_used=90 * MIB))], {}, 90),
    "CPU time stands still": (stale(), {}, 54),
    "a new process shows the figures of the one before it": (stale(), {"pid": 9, "started": START + HOUR}, 0),
    "REST itself was found to be stale": ([taskmanager(is_fresh=False)], {}, 54),
    "the TaskManager is not registered": ([], {}, 54),
}


@pytest.mark.parametrize(("taskmanagers", "changes", "metaspace"), FRESHNESS.values(), ids=FRESHNESS)
def test_stale_metrics_are_left_out(
    taskmanagers: list[dict[str, t.Any]], changes: dict[str, t.Any], metaspace: int
) -> None:
    second = look(START + 2 * HOUR, taskmanagers=taskmanagers, processes=[process(**changes)])
    figures = window_of(look(), second)["processes"]["tm"]["taskmanager-1"]["figures"]
    assert figures.get("metaspace_used", {"last": 0})["last"] == metaspace * MIB
    assert figures["peak"]["last"] > 0


def test_two_looks_in_ten_seconds_are_one() -> None:
    window = window_of(look(), look(START + HOUR + 9, processes=[with_heap(99 * MIB)]))
    one = window["processes"]["tm"]["taskmanager-1"]
    assert (window["looks"], one["looks"], one["figures"]["old_used"]["looks"]) == (1, 1, 1)
    assert one["figures"]["old_used"]["maximum"] == 99 * MIB


def test_an_old_generation_before_the_first_collection_is_no_figure() -> None:
    one = process()
    one["heap"].update(old_used=0, young_collections=0)
    figures = window_of(look(processes=[one]))["processes"]["tm"]["taskmanager-1"]["figures"]
    assert "old_used" not in figures


def test_hosts_that_do_not_answer_are_kept_for_a_week_and_processes_that_are_gone_are_not() -> None:
    window = window_of(look(), look(START + 2 * HOUR, host="other"))
    assert {host: [*those] for host, those in window["processes"].items()} == {
        "tm": ["taskmanager-1"],
        "other": ["taskmanager-1"],
    }
    assert [*window_of(window["observation"], look(START + 9 * 24 * HOUR, host="third"))["processes"]] == ["third"]
    assert add(window, look(START + 3 * HOUR, processes=[]))["processes"]["tm"] == {}


def test_one_jobmanager_is_the_one_that_answered_and_of_two_nobody_knows() -> None:
    one = process("jobmanager", kind="jobmanager")
    figures = window_of(look(processes=[one]))["processes"]["tm"]["jobmanager"]["figures"]
    assert figures["metaspace_used"]["last"] == 54 * MIB
    observation = look(processes=[one])
    observation["hosts"]["standby"] = copy.deepcopy(observation["hosts"]["tm"])
    assert "metaspace_used" not in window_of(observation)["processes"]["tm"]["jobmanager"]["figures"]


def test_a_window_does_not_grow_with_its_looks_nor_with_lines() -> None:
    messages = [{"process": "x", "time": 1, "code": "heap", "text": "y" * 99, "fields": {}, "source": "log"}] * 500
    sizes = []
    window = None
    for number in range(40):
        observation = look(START + HOUR + number * 60)
        observation["hosts"]["tm"]["messages"] = messages
        window = add(window, observation)
        sizes.append(len(json.dumps(window)))
    assert max(sizes[1:]) - min(sizes[1:]) < 100
    assert max(sizes) < 16_000


def test_a_window_is_plain_json() -> None:
    window = window_of(look(), look(START + 2 * HOUR))
    assert json.loads(json.dumps(window)) == window
