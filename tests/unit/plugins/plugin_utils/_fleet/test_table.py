# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.table import fleet_table

BOTH: list[dict[str, t.Any]] = [
    {"process": "jobmanager", "count": 1, "config": {}, "numa_nodes": None},
    {"process": "taskmanager", "count": 2, "config": {}, "numa_nodes": None},
]
CONFIG = {"jobmanager.memory.process.size": "1600m", "taskmanager.memory.process.size": "auto"}


def table(*asked: Asked) -> list[str]:
    lines = fleet_table(assemble(asked)).splitlines()
    assert max(map(len, lines)) <= 100
    return lines


def asked(host: str, memory: t.Any = "16g", config: t.Any = None) -> Asked:
    return Asked(host, [], "2.3", CONFIG if config is None else config, BOTH, memory, "10%")


def test_the_first_line_says_how_many_are_fine() -> None:
    assert table(asked("a"))[0] == "1 of 1 host is fine"
    assert table(asked("a"), asked("b"), asked("c", "1g"))[0] == "2 of 3 hosts are fine, 1 refused"


def test_a_host() -> None:
    assert table(asked("a"))[2:] == [
        "fine     a",
        "  16g memory - 1.5g reserved - 14.4g planned = 0 free     " + "\u2588" * 28 + "\u2592" * 2,
        "  jobmanager 1.5g = JVM heap 1g + off-heap 128m + JVM metaspace 256m + JVM overhead 192m",
        "  2 x taskmanager 6.4g (auto) = framework heap 128m + task heap 2.5g + framework off-heap 128m +",
        "    task off-heap 0 + network 565.9m + managed 2.2g + JVM metaspace 256m + JVM overhead 657.3m",
    ]


def test_many_hosts_that_are_alike() -> None:
    lines = table(*(asked(f"a-rather-long-name-{number}.example.org") for number in range(1, 101)))
    assert lines[2].startswith("fine     100 x a-rather-long-name-1.example.org ... a-rather-long-name-100")
    assert len(lines) == 7


def test_a_name_that_is_longer_than_the_table() -> None:
    assert table(asked("x" * 300))[2] == "fine     " + "x" * 91


def test_a_host_that_does_not_fit() -> None:
    lines = table(asked("a", config={**CONFIG, "taskmanager.memory.process.size": "8g"}))
    assert lines[3] == "  16g memory - 1.5g reserved - 17.5g planned = -3.1g too much " + "\u2588" * 28 + "\u2592" * 2
    assert lines[7].startswith(
        "  ! jobmanager 1600m + 2 x taskmanager 8g + reserved 1638m = 19622m, which is 3238m more"
    )


def test_a_host_whose_memory_is_not_known() -> None:
    lines = table(asked("a", None, {**CONFIG, "taskmanager.memory.process.size": "8g"}))
    assert lines[0] == "0 of 1 host is fine, 1 warned"
    assert lines[3] == "  17.5g planned, of an unknown memory"
    assert lines[-3].startswith("  ! a: The memory of the host is not known")


def test_a_host_without_a_plan() -> None:
    assert table(Asked("a", [], problem="flink_version is not set."))[2:] == [
        "refused  a",
        "  ! flink_version is not set.",
    ]


def test_a_release_that_plans_no_memory_of_its_jobmanager() -> None:
    lines = table(Asked("a", [], "1.10", {"jobmanager.heap.size": "1g"}, BOTH[:1], "4g"))
    assert lines[4] == "  jobmanager = JVM heap 1g"


def test_what_is_wrong_with_the_options_of_many_hosts_is_told_once() -> None:
    config = {**CONFIG, "acme.orders": 1}
    lines = table(asked("a", config=config), asked("b", "32g", config), asked("c"))
    assert lines[0] == "1 of 3 hosts are fine, 2 warned"
    told = [line for line in lines if "acme.orders" in line]
    assert told == ["  ! a, b: Flink 2.3 has no option acme.orders and silently ignores it. Remove it, or name it in"]
    assert any(
        line.startswith("  ! all 2 hosts: ") for line in table(asked("a", config=config), asked("b", "32g", config))
    )
