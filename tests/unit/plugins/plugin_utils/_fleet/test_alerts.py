# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Prometheus makes of the rules is tried in tests/watching."""

from __future__ import annotations

import typing as t

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.alerts import alert_rules
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble

CONFIG = {"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "2g"}


def fleet(*hosts: str, release: str = "2.3.0", kind: str = "taskmanager", count: int = 1) -> t.Any:
    processes = [{"process": kind, "count": count, "config": {}, "numa_nodes": None}]
    return assemble(Asked(host, [], release, CONFIG, processes, "16g") for host in hosts)


def rules(text: str) -> list[dict[str, t.Any]]:
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def recorded(text: str) -> dict[str, str]:
    return {rule["labels"]["component"]: rule["expr"] for rule in rules(text) if "record" in rule}


def test_what_is_planned_is_recorded_for_hosts_that_are_alike_at_once() -> None:
    found = recorded(alert_rules(fleet("a-1.example.org", "b", count=2)))
    metric = "flink_taskmanager_Status_JVM_Memory_Heap_Max"
    names = "a_1_example_org_1|a_1_example_org_2|b_1|b_2"
    assert found["jvm_metaspace"] == f'{metric}{{tm_id=~"{names}"}} * 0 + {256 * 2**20}'
    assert list(found) == ["off_heap", "jvm_heap", "network", "managed", "jvm_direct", "jvm_metaspace", "total_process"]


def test_a_jobmanager_alone_needs_no_taskmanagers() -> None:
    text = alert_rules(fleet("a", kind="jobmanager"))
    names = {rule.get("alert") for rule in rules(text)}
    assert "FlinkJobManagerMissing" in names
    assert not {"FlinkTaskManagersMissing", "FlinkSlotsMissing", "FlinkDirectMemoryNearLimit"} & names


def test_what_a_release_does_not_plan_is_not_recorded() -> None:
    text = alert_rules(fleet("a", kind="jobmanager", release="1.10.3"))
    assert "jvm_metaspace" not in recorded(text)


def test_rocksdb_that_takes_too_much_is_not_to_be_given_more_to_take() -> None:
    (rule,) = (rule for rule in rules(alert_rules(fleet("a"))) if rule.get("alert") == "FlinkRocksDbOverBudget")
    assert "Raise taskmanager.memory.jvm-overhead.min" in rule["annotations"]["description"]


def test_a_host_without_a_plan_counts_as_none() -> None:
    mixed = assemble([Asked("a", [], problem="No release."), *_asked("b")])
    (rule,) = (rule for rule in rules(alert_rules(mixed)) if rule.get("alert") == "FlinkTaskManagersMissing")
    assert rule["expr"] == "max(flink_jobmanager_numRegisteredTaskManagers) < 1"


def _asked(host: str) -> list[Asked]:
    processes = [{"process": "taskmanager", "count": 1, "config": {}, "numa_nodes": None}]
    return [Asked(host, [], "2.3.0", CONFIG, processes, "16g")]


def test_labels_are_quoted() -> None:
    text = alert_rules(fleet("a"), {"cluster": 'a"b\\é'})
    assert '{cluster="a\\"b\\\\é"}' in next(rule["expr"] for rule in rules(text) if "numRegistered" in rule["expr"])


# What is given as labels, and the refusal.
WRONG: dict[str, tuple[t.Any, str]] = {
    "a text": ("cluster", "labels: expected a mapping such as {'cluster': 'orders'}, got text."),
    "a number": ({"cluster": 1}, "labels: expected names of labels with texts, got 'cluster'. Correct it."),
    "no name of a label": ({"a-b": "x"}, "labels: expected names of labels with texts, got 'a-b'. Correct it."),
}


@pytest.mark.parametrize(("labels", "words"), WRONG.values(), ids=WRONG)
def test_what_are_no_labels(labels: t.Any, words: str) -> None:
    with pytest.raises(FlinkError) as caught:
        alert_rules(fleet("a"), labels)
    assert str(caught.value) == words


def test_what_is_no_fleet() -> None:
    with pytest.raises(FlinkError, match="not text"):
        alert_rules("fleet")
