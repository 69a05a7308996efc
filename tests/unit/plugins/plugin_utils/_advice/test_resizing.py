# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import dataclasses
import typing as t

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.resizing import resized
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import drafts
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import ADVICE, MIB, asked

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked

HOSTS = [asked("jm1", "jobmanager"), asked("tm1", "taskmanager"), asked("tm3", "taskmanager")]


def totals(hosts: t.Iterable[Asked]) -> dict[str, list[int]]:
    """The total process sizes on each host in MiB."""
    planned = drafts(hosts)
    return {
        host: [(plan["memory"]["total_process"] or 0) // MIB for plan in planned[host]["plans"]] for host in planned
    }


def test_hosts_have_the_variables_that_are_for_them() -> None:
    assert totals(resized(HOSTS, ADVICE)) == {"jm1": [1600], "tm1": [820], "tm3": [948]}


def test_a_process_has_the_options_that_are_for_it_alone() -> None:
    advice = copy.deepcopy(ADVICE)
    advice["resized"][0]["variable"] = "flink_taskmanager_configs[1]"
    (entry,) = HOSTS[1].processes
    host = dataclasses.replace(HOSTS[1], processes=[entry, {**entry, "config": {"taskmanager.numberOfTaskSlots": 2}}])
    assert totals(resized([host], advice)) == {"tm1": [948, 820]}


def test_a_jobmanager_has_its_own_options() -> None:
    advice = copy.deepcopy(ADVICE)
    change = {"kind": "jobmanager", "hosts": ["jm1"], "variable": "flink_jobmanager_config"}
    advice["resized"][0].update(t.cast("t.Any", {**change, "variables": {"jobmanager.memory.process.size": "2g"}}))
    assert totals(resized(HOSTS[:1], advice)) == {"jm1": [2048]}


def test_what_a_host_would_refuse_is_left_as_it_is() -> None:
    advice = copy.deepcopy(ADVICE)
    advice["resized"][0]["error"] = "tm1: 20g are planned, and the host has 16g."
    assert list(resized(HOSTS, advice)) == HOSTS
