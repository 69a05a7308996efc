# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a filter is given, it answers with what can be written to a file, or with a refusal of its own."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleTemplatePluginError
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.filter import flink
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.tests.unit.plugins.hostile import changed
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice import night

FILTERS = flink.FilterModule().filters()
CONFIG: dict[str, t.Any] = {
    "jobmanager": {"memory.process.size": "1600m", "rpc.address": "h"},
    "taskmanager": {"memory": {"process.size": "4g", "managed.fraction": 0.3}, "numberOfTaskSlots": 2},
    "env.java.opts.all": "-Dx=1 '-Dy=a b'",
    "external-resources": ["gpu"],
    "external-resource.gpu.amount": 2,
    "cluster.processes.halt-on-fatal-error": True,
}
FLAT = {"jobmanager.memory.process.size": "1600m", "taskmanager.memory.process.size": "auto"}
PROCESSES: list[dict[str, t.Any]] = [
    {"process": "jobmanager", "count": 1, "config": {}, "numa_nodes": None},
    {"process": "taskmanager", "count": 2, "config": {}, "numa_nodes": None},
]
FLEET = assemble(
    [
        Asked("h1", ["a"], "2.3", FLAT, PROCESSES, "16g", "10%"),
        Asked("h2", ["a", "b"], "2.3", {**FLAT, "taskmanager.memory.process.size": "16g"}, PROCESSES, "16g"),
        Asked("h3", [], "1.20", {**FLAT, "taskmanager.memory.process.size": "2g"}, PROCESSES),
        Asked("h4", [], problem="no plan"),
    ]
)
PLANS: t.Any = plan_host(FLAT, "2.3.0", PROCESSES, "16g")["plans"]
LIVE: dict[str, t.Any] = {
    "flink_version": "2.3.0",
    "jobmanager": {key: PLANS[0][key] for key in ("memory", "jvm_args")},
    "taskmanagers": [
        {"id": f"h-{number}", "path": "p", "slots": 1, "free_slots": 1, "memory": dict(PLANS[number]["memory"])}
        for number in (1, 2)
    ],
}
JOBS: list[dict[str, t.Any]] = [
    {
        "id": "0" * 32,
        "name": "a",
        "state": state,
        "start_time": 5,
        "duration": 7,
        "tasks": {"total": 2, "running": 2, "finished": 0},
        "parallelism": 2,
        "slots": 2,
        "restarts": 1,
        "checkpoint": {"path": "file:/c", "time": 6, "size": 7},
        "savepoint": {"path": "file:/s", "time": 6},
        "failure": "b",
        "failure_time": 6,
    }
    for state in ("RUNNING", "FINISHED")
]
PORTS = [
    {
        "host": host,
        "process": "jobmanager",
        "option": "rest.port",
        "purpose": "REST",
        "port": "8081",
        "address": "0.0.0.0",
        "sources": ["users"],
    }
    for host in ("h1", "h2")
]
OLD_CONFIG: dict[str, t.Any] = {
    "taskmanager": {"heap.mb": 4096, "memory": {"fraction": 0.7, "size": "-1"}, "network.numberOfBuffers": 2048},
    "jobmanager.heap.size": "1g",
    "state.backend": "filesystem",
    "security.ssl.enabled": True,
    "metrics.reporter.p.class": "org.apache.flink.metrics.jmx.JMXReporter",
    "task.cancellation.timeout": -1,
    "env.java.opts": '"-Da=b"',
    "my.key": [1],
}
MIGRATED = FILTERS["migrate_config"](OLD_CONFIG, "1.16", "2.3")
COMPARED = FILTERS["compare_releases"](OLD_CONFIG, "1.16", "2.3")
NEEDS = {
    "process": "taskmanager",
    "task_heap_per_slot": "1g",
    "slots": 2,
    "parallelism": 4,
    "jobs": 2,
    "config": {"a": 1},
}

# A filter and arguments that it takes.
VALID: dict[str, tuple[str, list[t.Any]]] = {
    "advice_page": ("advice_page", [night.ADVICE, night.WINDOW, night.FLEET]),
    "advice_table": ("advice_table", [night.ADVICE]),
    "alert_rules": ("alert_rules", [FLEET, {"cluster": "orders"}]),
    "cluster_table": ("cluster_table", [LIVE, {"h": PLANS}]),
    "compare_releases": ("compare_releases", [CONFIG, "1.10", "2.3"]),
    "comparison_table": ("comparison_table", [COMPARED]),
    "config_check": ("config_check", [CONFIG, "2.3", "taskmanager", ["acme.x"], 3, ["flink-s3-fs-presto"]]),
    "config_file": ("config_file", [CONFIG, "2.3"]),
    "config_file of 1.18": ("config_file", [CONFIG, "1.18"]),
    "config_file_name": ("config_file_name", ["2.3"]),
    "death_sentences": ("death_sentences", [night.WINDOW["observation"]["hosts"]["tm1"], PLANS, ["taskmanager-1"]]),
    "environment_file": ("environment_file", [{"A": "b", "C": ["d", "e f"], "E": 10}]),
    "findings_table": ("findings_table", [night.FINDINGS]),
    "fleet_csv": ("fleet_csv", [FLEET]),
    "fleet_page": ("fleet_page", [FLEET, FLEET]),
    "fleet_picture": ("fleet_picture", [FLEET, FLEET]),
    "fleet_table": ("fleet_table", [FLEET]),
    "grafana_dashboard": ("grafana_dashboard", [FLEET, {"cluster": "orders"}]),
    "job_table": ("job_table", [JOBS]),
    "port_table": ("port_table", [PORTS]),
    "memory_deviations": ("memory_deviations", [LIVE, PLANS, "h"]),
    "memory_deviations of 1.11": ("memory_deviations", [{**LIVE, "flink_version": "1.11"}, PLANS, "h"]),
    "memory_for": ("memory_for", [NEEDS, "2.3"]),
    "memory_for of a JobManager": ("memory_for", [{"process": "jobmanager", "heap": "1g", "metaspace": "1g"}, "1.20"]),
    "memory_plan": ("memory_plan", [CONFIG, "2.3", "taskmanager"]),
    "memory_plan of a JobManager": ("memory_plan", [CONFIG, "1.13", "jobmanager"]),
    "memory_plan of a JobManager of 1.10": ("memory_plan", [{"jobmanager.heap.size": "1g"}, "1.10", "jobmanager"]),
    "memory_plan of local execution": ("memory_plan", [{"taskmanager.memory.managed.size": "1g"}, "2.3", "local"]),
    "migrate_config": ("migrate_config", [OLD_CONFIG, "1.16", "2.3"]),
    "migrate_config of a text": ("migrate_config", ["a: {b: 1} # c\n", "1.20", "2.3", "config.yaml", ["a"]]),
    "migrate_config from before 1.10": ("migrate_config", [OLD_CONFIG, "1.7", "1.11"]),
    "migration_table": ("migration_table", [MIGRATED]),
    "memory_table": ("memory_table", [plan(CONFIG, "2.3")]),
    "merge_config": ("merge_config", [[CONFIG, {"jobmanager": {"memory.process.size": None}}, {"a": {"b": 1}}]]),
    "process_command": ("process_command", [CONFIG, "2.3", "taskmanager", 17, CONFIG]),
    "process_command on a Java of today": ("process_command", [{"a": [1], **FLAT}, "2.3", "jobmanager", 25]),
    "to_bytes": ("to_bytes", ["4g"]),
    "to_size": ("to_size", [1024]),
}


def can_be_written(value: t.Any) -> bool:
    """Texts that are encodable and not out of all proportion; what is no text is not written yet."""
    return not isinstance(value, str) or len(value.encode()) < 10**6


def test_every_filter_is_attacked() -> None:
    assert {name for name, _arguments in VALID.values()} == set(FILTERS)


@pytest.mark.parametrize(("name", "arguments"), VALID.values(), ids=VALID)
def test_what_the_collection_made_is_taken(name: str, arguments: list[t.Any]) -> None:
    assert can_be_written(FILTERS[name](*arguments))


@pytest.mark.parametrize(("name", "arguments"), VALID.values(), ids=VALID)
@given(data=st.data())
def test_whatever_is_changed_a_refusal_is_the_worst_answer(
    name: str, arguments: list[t.Any], data: st.DataObject
) -> None:
    try:
        assert can_be_written(FILTERS[name](*data.draw(changed(arguments))))
    except AnsibleTemplatePluginError as refusal:
        sentence = str(refusal)
        assert len(sentence.encode()) < 2000
