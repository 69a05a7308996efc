# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import json
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import (
    Asked,
    alike,
    assemble,
    lack_of_slots,
    reasons,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.reading import read_fleet

PROCESS_SIZE = "taskmanager.memory.process.size"
TASKMANAGER: list[dict[str, t.Any]] = [{"process": "taskmanager", "count": 1, "config": {}, "numa_nodes": None}]


def asked(host: str, size: t.Any = "4g", memory: t.Any = "16g", **options: t.Any) -> Asked:
    config = {PROCESS_SIZE: size, "s3.secret-key": "hidden", **options}
    return Asked(host, ["flink_taskmanagers"], "2.3", config, TASKMANAGER, memory, "1g")


def test_hosts_that_are_alike_share_a_plan() -> None:
    fleet = assemble([asked("b"), asked("a"), asked("c", memory="32g"), asked("d", **{"rest.port": 8082})])
    assert [(host["host"], host["plan"]) for host in fleet["hosts"]] == [("a", 0), ("b", 0), ("c", 1), ("d", 0)]
    assert [plan["host"]["memory"] for plan in fleet["plans"]] == [2**34, 2**35]


def test_trouble_comes_first_and_numbers_count() -> None:
    fleet = assemble(
        [
            asked("fine-10"),
            asked("fine-9"),
            asked("warned", **{"taskmanager.memory.managed.fracton": 0.5}),
            asked("large", "64g"),
            Asked("unknown", [], problem="flink_version is not set."),
            asked("bad", "4GiB"),
        ]
    )
    assert [(host["host"], host["status"]) for host in fleet["hosts"]] == [
        ("bad", "refused"),
        ("large", "refused"),
        ("unknown", "refused"),
        ("warned", "warned"),
        ("fine-9", "fine"),
        ("fine-10", "fine"),
    ]
    assert fleet["summary"] == {"hosts": 6, "fine": 2, "warned": 1, "refused": 3}


def test_every_reason_begins_with_the_host() -> None:
    fleet = assemble([asked("large", "64g"), Asked("unknown", [], problem="One.\nTwo.")])
    large, unknown = fleet["hosts"]
    assert str(large["error"]).startswith(
        "large: taskmanager-1 64g + reserved 1g = 65g, which is 49g more than the 16g"
    )
    assert unknown["error"] == "unknown: One.\nunknown: Two."
    assert reasons(unknown) == ["One.", "Two."]


def test_what_does_not_fit_is_shown_all_the_same() -> None:
    fleet = assemble([asked("large", "64g")])
    (large,), (plan_of_large,) = fleet["hosts"], fleet["plans"]
    assert large["plan"] == 0
    assert plan_of_large["host"]["free"] == -49 * 2**30


def test_what_a_plan_shows() -> None:
    (shown,) = assemble([asked("a", "auto")])["plans"]
    (process,) = shown["processes"]
    planned = plan({PROCESS_SIZE: "15g"}, "2.3")
    assert process["memory"] == planned["memory"]
    assert process["slots"] == planned["slots"]
    assert process["asked"] == {PROCESS_SIZE: "auto"}
    assert process["settings"] == {PROCESS_SIZE: "15g"}
    assert set(process["derivation"]) < set(process["memory"])
    assert shown["flink_version"] == "2.3"
    assert "hidden" not in json.dumps(shown)


def test_hosts_that_are_shown_together() -> None:
    hosts = assemble([asked("a", "64g"), asked("b", "64g"), asked("c", "65g"), asked("d"), asked("e")])["hosts"]
    assert [[host["host"] for host in group] for group in alike(hosts)] == [["a", "b"], ["c"], ["d", "e"]]


def test_a_fleet_survives_a_file() -> None:
    fleet = assemble([asked("a"), asked("b", "x")])
    assert read_fleet(json.loads(json.dumps(fleet))) == fleet


@pytest.mark.parametrize(
    "value", [None, {}, [], "x", {"hosts": [], "plans": []}, {"summary": [], "hosts": [], "plans": []}]
)
def test_no_fleet(value: t.Any) -> None:
    with pytest.raises(FlinkError, match=r"expected a fleet, as the module streamops\.flink\.fleet_plan"):
        read_fleet(value)


def test_what_is_no_json_is_refused_with_a_reason() -> None:
    fleet = assemble([asked("a", **{"rest.port": 10**4301}), asked("b", x={1: 2}), asked("c", 10**4301)])
    assert {host["host"]: host["status"] for host in fleet["hosts"]} == dict.fromkeys("abc", "refused")
    assert read_fleet(fleet) == fleet


# What the hosts are asked for, each with two slots, and the most that parallelism.default may be.
SLOTS: dict[str, tuple[list[Asked], int | None]] = {
    "as many as there are": ([asked("a", **{"parallelism.default": 4}), asked("b")], None),
    "more than there are": ([asked("a", **{"parallelism.default": 5}), asked("b")], 4),
    "nested": ([asked("a", parallelism={"default": "64"})], 2),
    "the adaptive scheduler takes what there is": (
        [asked("a", **{"parallelism.default": 5, "jobmanager.scheduler": "Adaptive"})],
        None,
    ),
    "batch jobs run one part after the other": (
        [asked("a", **{"parallelism.default": 5, "execution.runtime-mode": "BATCH"})],
        None,
    ),
    "a host that is refused may have more": ([asked("a", **{"parallelism.default": 5}), asked("b", "1m")], None),
    "a word": ([asked("a", **{"parallelism.default": "many"})], None),
}


@pytest.mark.parametrize(("hosts", "most"), SLOTS.values(), ids=SLOTS)
def test_slots_for_the_default_parallelism(hosts: list[Asked], most: int | None) -> None:
    two = [dataclasses.replace(host, config={"taskmanager.numberOfTaskSlots": 2, **host.config}) for host in hosts]
    said = lack_of_slots(two, assemble(two))
    assert (said is None) is (most is None)
    if most is not None:
        assert said is not None
        assert said.startswith(f"parallelism.default: expected at most {most}, the slots of all TaskManagers, got ")
