# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules in Prometheus' own tool, with what Flink reports, and the dashboard in the types of Grafana."""

from __future__ import annotations

import json
import re
import subprocess
import typing as t

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.alerts import alert_rules
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.dashboard import grafana_dashboard

if t.TYPE_CHECKING:
    from pathlib import Path

CONFIG = {
    "jobmanager.memory.process.size": "1g",
    "taskmanager.memory.process.size": "2g",
    "taskmanager.memory.managed.size": "512m",
    "taskmanager.memory.network.min": "64m",
    "taskmanager.memory.network.max": "64m",
    "taskmanager.numberOfTaskSlots": 2,
}
MIB = 2**20


def process(kind: str) -> dict[str, t.Any]:
    return {"process": kind, "count": 1, "config": {}, "numa_nodes": None}


def fleet(release: str = "2.3.0") -> t.Any:
    kinds = {"jm": "jobmanager", "worker-1": "taskmanager", "worker-2": "taskmanager"}
    return assemble(Asked(host, [], release, CONFIG, [process(kind)], "16g") for host, kind in kinds.items())


def planned(component: str) -> int:
    plans = [process for plan in fleet()["plans"] for process in plan["processes"]]
    (memory,) = (process["memory"] for process in plans if process["process"] == "taskmanager")
    return int(memory[component])


def healthy(number: int, **different: t.Any) -> dict[str, t.Any]:
    """What one of the TaskManagers reports, as series by metric; a text is one of promtool's."""
    status = {
        "JVM_Memory_Heap_Max": planned("jvm_heap"),
        "JVM_Memory_Metaspace_Used": 60 * MIB,
        "JVM_Memory_Metaspace_Max": planned("jvm_metaspace"),
        "JVM_Memory_Direct_TotalCapacity": 70 * MIB,
        "Flink_Memory_Managed_Total": planned("managed"),
        "Shuffle_Netty_TotalMemory": planned("network"),
        "Shuffle_Netty_RequestedMemoryUsage": 20,
        "JVM_GarbageCollector_All_TimeMsPerSecond": 10,
        "JVM_GarbageCollector_G1_Old_Generation_Count": 0,
        **different,
    }
    labels = f'host="worker_{number}", tm_id="worker_{number}_1", instance="worker-{number}:9249"'
    return {f"flink_taskmanager_Status_{name}{{{labels}}}": value for name, value in status.items()}


JOBMANAGER = {
    'flink_jobmanager_numRegisteredTaskManagers{host="jm"}': 2,
    'flink_jobmanager_taskSlotsTotal{host="jm"}': 4,
    'flink_jobmanager_Status_JVM_Memory_Heap_Max{host="jm"}': 512 * MIB,
    'flink_jobmanager_Status_JVM_Memory_Metaspace_Used{host="jm"}': 60 * MIB,
    'flink_jobmanager_Status_JVM_Memory_Metaspace_Max{host="jm"}': 256 * MIB,
}
CLUSTER = {**JOBMANAGER, **healthy(1), **healthy(2)}
CACHE = (
    'flink_taskmanager_job_task_operator_column_family_rocksdb_block_cache_usage{{tm_id="worker_1_1", job_id="a", '
    'subtask_index="{}", column_family="{}"}}'
)

# What is reported, and the alerts with the TaskManager that each is about.
ALERTS: dict[str, tuple[dict[str, t.Any], list[tuple[str, str | None]]]] = {
    "a healthy cluster": (CLUSTER, []),
    "direct memory near its limit": (
        {**CLUSTER, **healthy(1, JVM_Memory_Direct_TotalCapacity=planned("jvm_direct") - MIB)},
        [("FlinkDirectMemoryNearLimit", "worker_1_1"), ("FlinkOffHeapUsedUp", "worker_1_1")],
    ),
    "off-heap memory that is used up, though the whole is not": (
        {**CLUSTER, **healthy(1, JVM_Memory_Direct_TotalCapacity=planned("network") + 105 * MIB)},
        [("FlinkOffHeapUsedUp", "worker_1_1")],
    ),
    "a TaskManager with the former plan": (
        {**CLUSTER, **healthy(2, JVM_Memory_Metaspace_Max=128 * MIB, Flink_Memory_Managed_Total=MIB)},
        [("FlinkPlanDriftJvmMetaspace", "worker_2_1"), ("FlinkPlanDriftManaged", "worker_2_1")],
    ),
    "network memory of whole segments, which is no drift": (
        {**CLUSTER, **healthy(2, Shuffle_Netty_TotalMemory=planned("network") - 32767)},
        [],
    ),
    "metaspace nearly full": (
        {**CLUSTER, **healthy(2, JVM_Memory_Metaspace_Used=250 * MIB)},
        [("FlinkTaskManagerMetaspaceNearLimit", "worker_2_1")],
    ),
    "much garbage": (
        {**CLUSTER, **healthy(2, JVM_GarbageCollector_All_TimeMsPerSecond=400)},
        [("FlinkTaskManagerGarbageCollection", "worker_2_1")],
    ),
    "a full collection": (
        {**CLUSTER, **healthy(2, JVM_GarbageCollector_G1_Old_Generation_Count="0x20 1x10")},
        [("FlinkTaskManagerFullCollection", "worker_2_1")],
    ),
    "more network wanted than there is": (
        {**CLUSTER, **healthy(1, Shuffle_Netty_RequestedMemoryUsage=130)},
        [("FlinkNetworkShort", "worker_1_1")],
    ),
    "RocksDB over its budget in two slots": (
        {**CLUSTER, CACHE.format(0, "x"): 300 * MIB, CACHE.format(1, "x"): 300 * MIB},
        [("FlinkRocksDbOverBudget", "worker_1_1")],
    ),
    "two states that share a cache, which counts once": (
        {**CLUSTER, CACHE.format(0, "x"): 300 * MIB, CACHE.format(0, "y"): 300 * MIB},
        [],
    ),
    "a TaskManager that has gone": (
        {**JOBMANAGER, **healthy(1), 'flink_jobmanager_numRegisteredTaskManagers{host="jm"}': 1},
        [("FlinkTaskManagersMissing", None)],
    ),
    "slots that are missing": (
        {**CLUSTER, 'flink_jobmanager_taskSlotsTotal{host="jm"}': 3},
        [("FlinkSlotsMissing", None)],
    ),
    "no JobManager": ({**healthy(1), **healthy(2)}, [("FlinkJobManagerMissing", None)]),
}


def run(tmp_path: Path, rules: str, series: t.Mapping[str, t.Any], alerts: t.Iterable[tuple[str, str | None]]) -> str:
    """What promtool says against alerts after half an hour; nothing if exactly these are firing."""
    (tmp_path / "rules.yml").write_text(rules, encoding="utf-8")
    expected = dict(alerts)
    names = [rule["alert"] for group in yaml.safe_load(rules)["groups"] for rule in group["rules"] if "alert" in rule]
    test = {
        "interval": "1m",
        "input_series": [
            {"series": name, "values": value if isinstance(value, str) else f"{value}x40"}
            for name, value in series.items()
        ],
        "promql_expr_test": [
            {
                "expr": f'count by (alertname, tm_id) (ALERTS{{alertname="{name}", alertstate="firing"}})',
                "eval_time": "28m",
                "exp_samples": [{"labels": _labels(name, expected[name]), "value": 1}] if name in expected else [],
            }
            for name in names
        ],
    }
    assert set(expected) <= set(names)
    document = {"rule_files": ["rules.yml"], "evaluation_interval": "1m", "tests": [test]}
    (tmp_path / "test.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _labels(name: str, tm_id: str | None) -> str:
    return f'{{alertname="{name}"' + ("" if tm_id is None else f', tm_id="{tm_id}"') + "}"


@pytest.mark.parametrize(("series", "alerts"), ALERTS.values(), ids=ALERTS)
def test_alerts(tmp_path: Path, series: dict[str, t.Any], alerts: list[tuple[str, str | None]]) -> None:
    assert run(tmp_path, alert_rules(fleet()), series, alerts) == ""


def test_a_missing_alert_would_be_seen(tmp_path: Path) -> None:
    assert "FAILED" in run(tmp_path, alert_rules(fleet()), CLUSTER, [("FlinkNetworkShort", "worker_1_1")])


# Before 1.19, milliseconds of collections in each minute, and the alert.
COLLECTORS: dict[str, tuple[tuple[str, str], int, bool]] = {
    "G1 at work all the time": (("G1_Young_Generation", "G1_Old_Generation"), 18_000, True),
    "G1 that has little to do": (("G1_Young_Generation", "G1_Old_Generation"), 300, False),
    "the parallel collector": (("PS_Scavenge", "PS_MarkSweep"), 18_000, True),
    "the serial collector": (("Copy", "MarkSweepCompact"), 18_000, True),
}


@pytest.mark.parametrize(("names", "rate", "fires"), COLLECTORS.values(), ids=COLLECTORS)
def test_garbage_before_a_jvm_tells_the_rate(tmp_path: Path, names: tuple[str, str], rate: int, fires: bool) -> None:
    times = {f"JVM_GarbageCollector_{name}_Time": f"0+{rate // 2}x40" for name in names}
    alerts = [("FlinkTaskManagerGarbageCollection", "worker_1_1")] if fires else []
    series = {**CLUSTER, **healthy(1, **times)}
    assert run(tmp_path, alert_rules(fleet("1.18.1")), series, alerts) == ""


def test_clusters_in_one_prometheus_are_told_apart(tmp_path: Path) -> None:
    other = {
        re.sub(r"\{", '{cluster="other", ', name): value * 2 if isinstance(value, int) else value
        for name, value in CLUSTER.items()
    }
    own = {re.sub(r"\{", '{cluster="orders", ', name): value for name, value in CLUSTER.items()}
    assert run(tmp_path, alert_rules(fleet(), {"cluster": "orders"}), {**own, **other}, []) == ""


def test_a_dashboard_has_nothing_that_grafana_does_not_know() -> None:
    written = json.loads(grafana_dashboard(fleet(), "Orders", {"cluster": "orders"}))
    read = json.loads(json.dumps(Dashboard.from_json(written), cls=JSONEncoder))
    assert list(lost(written, read, "")) == []


def lost(written: t.Any, read: t.Any, place: str) -> t.Iterator[str]:
    """Where Grafana has not what was written; what is null is the same as left out."""
    if isinstance(written, dict) and isinstance(read, dict):
        for key, value in written.items():
            if value is not None:
                yield from lost(value, read.get(key), f"{place}.{key}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, (one, other) in enumerate(zip(written, read, strict=True)):
            yield from lost(one, other, f"{place}[{number}]")
    elif written != read:
        yield f"{place}: {written!r} became {read!r}"


def test_every_expression_of_a_dashboard_is_one(tmp_path: Path) -> None:
    panels = json.loads(grafana_dashboard(fleet(), "Orders", {"cluster": "orders"}))["panels"]
    expressions = [target["expr"] for panel in panels for target in panel.get("targets", [])]
    rules = [
        {"record": f"a:{number}", "expr": expression.replace("$tm_id", "a|b")}
        for number, expression in enumerate(expressions)
    ]
    assert len(rules) > 15
    (tmp_path / "rules.yml").write_text(json.dumps({"groups": [{"name": "a", "rules": rules}]}), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "check", "rules", "rules.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
