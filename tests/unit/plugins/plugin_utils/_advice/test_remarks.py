# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.remarks import remarks
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import FLEET, OBSERVATION


def test_who_was_asked_and_who_did_not_answer() -> None:
    assert remarks(OBSERVATION, FLEET).splitlines() == [
        "Seen: 2 running processes on 2 hosts, their journals and logs since 2026-11-25 07:13:05 UTC, REST answered.",
        "Not known:",
        "  - tm2: expected a look at its processes, got none: it cannot be reached.",
    ]


def test_what_several_could_not_say_is_said_once() -> None:
    observation = copy.deepcopy(OBSERVATION)
    observation["cluster"], observation["unknown"] = None, []
    for number, host in enumerate(("jm1", "tm1")):
        observation["hosts"][host]["unknown"] = ["the kernel log needs root."]
        observation["hosts"][host]["processes"][0]["unknown"] = ["no hsperfdata."] * (number + 1)
    lines = remarks(observation, FLEET).splitlines()
    assert lines[0].endswith("REST did not answer.")
    assert lines[2:] == [
        "  - jm1, tm1: the kernel log needs root.",
        "  - jm1 jobmanager, tm1 taskmanager-1: no hsperfdata.",
    ]


def test_what_is_held_against_no_plan() -> None:
    fleet = assemble([Asked("tm1", [], problem="flink_version: expected a release, got none.\nSet it.")])
    assert remarks({**OBSERVATION, "unknown": []}, fleet).splitlines()[2:] == [
        "  - tm1: has no plan, so nothing is held against it: flink_version: expected a release, got none. Set it."
    ]


def test_a_thousand_silent_hosts_leave_a_screen_to_the_others() -> None:
    silent = [f"tm{number}: expected a look at its processes, got none: it cannot be reached." for number in range(999)]
    lines = remarks({**OBSERVATION, "unknown": silent}, FLEET).splitlines()
    assert len(lines) == 23
    assert lines[-1] == "  - And 979 more."
