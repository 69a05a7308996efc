# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules for Prometheus that know the plan: limits which no metric has, and how many processes there should be.

What Flink's reporter says of a process has the label ``tm_id``, the resource ID of a TaskManager with ``_`` for all but
letters, digits and colons. Source: ``AbstractPrometheusReporter`` of 1.13.6, 1.20.5 and 2.3.0.
"""

from __future__ import annotations

import collections
import json
import re
import typing as t

import yaml

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, quoted, type_name
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .reading import read_fleet

if t.TYPE_CHECKING:
    from .types import Fleet, FleetProcess

TASKMANAGER, JOBMANAGER = "flink_taskmanager_", "flink_jobmanager_"
# What a rule records of the plan, with the label ``component``.
PLANNED = "flink_plan_bytes"
_FILTERED = re.compile(r"[^a-zA-Z0-9:_]")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
# A JVM with G1 has a heap of whole regions, others have less than -Xmx; network memory is whole segments.
_NETWORK_SLACK = 2**20
# Since then a JVM reports the rate of all its collectors.
_RATE = (1, 19)
# Young and old, of G1, the parallel and the serial collector.
_COLLECTORS = (
    ("G1_Young_Generation", "G1_Old_Generation"),
    ("PS_Scavenge", "PS_MarkSweep"),
    ("Copy", "MarkSweepCompact"),
)
_Rule = dict[str, t.Any]


class _Alert(t.NamedTuple):
    """``severity`` is critical for what stops jobs, warning for what will."""

    name: str
    expression: str
    minutes: int
    severity: str
    summary: str
    description: str

    def rule(self) -> _Rule:
        return {
            "alert": self.name,
            "expr": self.expression,
            "for": f"{self.minutes}m",
            "labels": {"severity": self.severity},
            "annotations": {"summary": self.summary, "description": self.description},
        }


def alert_rules(fleet: object, labels: object = None) -> str:
    """The rules as the text of a file for Prometheus.

    ``labels`` are those that tell the cluster from others in the same Prometheus, such as ``{"cluster": "orders"}``.
    Raises FlinkError for what is no fleet, or are no labels.
    """
    read, selector = read_fleet(fleet), Selector(labels)
    groups = [
        {"name": "flink-plan", "rules": list(_planned(read, selector))},
        {"name": "flink-memory", "rules": [alert.rule() for alert in _memory_alerts(read, selector)]},
        {"name": "flink-cluster", "rules": [alert.rule() for alert in _cluster_alerts(read, selector)]},
    ]
    content = {"groups": [group for group in groups if group["rules"]]}
    return str(yaml.safe_dump(content, sort_keys=False, width=1000, allow_unicode=True))


class Selector:
    """Metrics of one cluster."""

    def __init__(self, labels: object) -> None:
        if not isinstance(labels or {}, dict):
            raise FlinkError(f"labels: expected a mapping such as {{'cluster': 'orders'}}, got {type_name(labels)}.")
        self._labels: dict[str, str] = {}
        for name, value in dict(labels or {}).items():  # type: ignore[call-overload]
            if not isinstance(name, str) or not _LABEL.fullmatch(name) or not isinstance(value, str):
                raise FlinkError(f"labels: expected names of labels with texts, got {quoted(str(name))}. Correct it.")
            self._labels[name] = value

    def of(self, metric: str, **matchers: str) -> str:
        """A metric of the cluster; a matcher is a regular expression."""
        equal = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in self._labels.items()]
        like = [f"{name}=~{json.dumps(value)}" for name, value in matchers.items()]
        return f"{metric}{{{', '.join([*equal, *like])}}}" if equal or like else metric

    def planned(self, component: str, **matchers: str) -> str:
        """The plan of a component."""
        return self.of(PLANNED, component=component, **matchers)


def label_value(text: str) -> str:
    """A text as Flink's reporter writes it as the value of a label."""
    return _FILTERED.sub("_", text)


def processes(fleet: Fleet, kind: str) -> t.Iterator[tuple[str, FleetProcess]]:
    """Each process of a kind with its host."""
    for host in fleet["hosts"]:
        plan = None if host["plan"] is None else fleet["plans"][host["plan"]]
        for process in () if plan is None else plan["processes"]:
            if process["process"] == kind:
                yield host["host"], process


def _components(process: FleetProcess) -> dict[str, int | None]:
    """What alerts and pictures compare with, in bytes."""
    memory = process["memory"]
    if process["process"] == "jobmanager":
        return {name: memory.get(name) for name in ("jvm_heap", "off_heap", "jvm_metaspace", "total_process")}
    off_heap = (memory.get("framework_off_heap") or 0) + (memory.get("task_off_heap") or 0)
    names = ("jvm_heap", "network", "managed", "jvm_direct", "jvm_metaspace", "total_process")
    return {"off_heap": off_heap, **{name: memory.get(name) for name in names}}


def _planned(fleet: Fleet, selector: Selector) -> t.Iterator[_Rule]:
    """The plan as metrics with the labels of the process that it is of."""
    ids = collections.defaultdict(list)
    for host, process in processes(fleet, "taskmanager"):
        number = process["name"].rpartition("-")[2]
        ids[tuple(_components(process).items())].append(label_value(f"{host}-{number}"))
    for components, names in ids.items():
        live = selector.of(f"{TASKMANAGER}Status_JVM_Memory_Heap_Max", tm_id="|".join(names))
        yield from _recorded(live, components)
    of_jobmanagers = {tuple(_components(process).items()) for _host, process in processes(fleet, "jobmanager")}
    if len(of_jobmanagers) == 1:
        yield from _recorded(selector.of(f"{JOBMANAGER}Status_JVM_Memory_Heap_Max"), of_jobmanagers.pop())


def _recorded(live: str, components: t.Iterable[tuple[str, int | None]]) -> t.Iterator[_Rule]:
    for component, size in components:
        if size is not None:
            yield {"record": PLANNED, "expr": f"{live} * 0 + {size}", "labels": {"component": component}}


def _memory_alerts(fleet: Fleet, selector: Selector) -> t.Iterator[_Alert]:
    if any(True for _process in processes(fleet, "taskmanager")):
        yield from _taskmanager_alerts(selector)
    for prefix, who, option in (
        (TASKMANAGER, "TaskManager", "taskmanager"),
        (JOBMANAGER, "JobManager", "jobmanager"),
    ):
        name = "{{ $labels.tm_id }}" if prefix == TASKMANAGER else "{{ $labels.host }}"
        jvm = f"{prefix}Status_JVM_"
        used, most = selector.of(f"{jvm}Memory_Metaspace_Used"), selector.of(f"{jvm}Memory_Metaspace_Max")
        yield _Alert(
            f"Flink{who}MetaspaceNearLimit",
            f"{used} / {most} > 0.9",
            5,
            "warning",
            f"{who} {name} has used {{{{ $value | humanizePercentage }}}} of its JVM metaspace.",
            f"At the limit it dies. Raise {option}.memory.jvm-metaspace.size; if it grows with each submission, a job "
            "leaks classes.",
        )
        yield _Alert(
            f"Flink{who}GarbageCollection",
            f"{_collection_rate(fleet, selector, jvm)} > 200",
            5,
            "warning",
            f"{who} {name} spends {{{{ $value | humanize }}}} ms of each second collecting garbage.",
            "Its heap is too small for what it holds. The playbook streamops.flink.advise says by how much.",
        )
        yield _Alert(
            f"Flink{who}FullCollection",
            f"increase({selector.of(f'{jvm}GarbageCollector_G1_Old_Generation_Count')}[10m]) > 0",
            0,
            "warning",
            f"{who} {name} had to stop for a full collection.",
            "With G1 that happens only where the heap is nearly full.",
        )


def _taskmanager_alerts(selector: Selector) -> t.Iterator[_Alert]:
    status = f"{TASKMANAGER}Status_"
    direct = selector.of(f"{status}JVM_Memory_Direct_TotalCapacity")
    network = selector.of(f"{status}Shuffle_Netty_TotalMemory")
    yield _Alert(
        "FlinkDirectMemoryNearLimit",
        f"{direct} > ignoring (component) (0.9 * {selector.planned('jvm_direct')})",
        5,
        "warning",
        "TaskManager {{ $labels.tm_id }} has {{ $value | humanize1024 }}B of direct memory, over 90 % of its limit.",
        "Beyond it allocations fail. Raise taskmanager.memory.task.off-heap.size.",
    )
    yield _Alert(
        "FlinkOffHeapUsedUp",
        f"{direct} - {network} > ignoring (component) (0.8 * {selector.planned('off_heap')})",
        5,
        "warning",
        "TaskManager {{ $labels.tm_id }} has {{ $value | humanize1024 }}B of direct memory beside the network, over "
        "80 % of its off-heap memory.",
        "Raise taskmanager.memory.task.off-heap.size for jobs and connectors, framework.off-heap.size for Flink.",
    )
    for component, metric, slack in (
        ("jvm_metaspace", "JVM_Memory_Metaspace_Max", 0),
        ("managed", "Flink_Memory_Managed_Total", 0),
        ("network", "Shuffle_Netty_TotalMemory", _NETWORK_SLACK),
    ):
        yield _Alert(
            f"FlinkPlanDrift{component.title().replace('_', '')}",
            f"abs({selector.of(f'{status}{metric}')} - ignoring (component) {selector.planned(component)}) > {slack}",
            15,
            "warning",
            f"TaskManager {{{{ $labels.tm_id }}}} has another size of {component.replace('_', ' ')} than planned.",
            "It has not been restarted since the plan changed, or these rules are of another plan. Deploy, or generate "
            "them anew.",
        )
    yield _Alert(
        "FlinkRocksDbOverBudget",
        f"sum by (tm_id) (max by (tm_id, job_id, subtask_index) ({rocksdb_cache(selector)})) > on (tm_id) "
        f"max by (tm_id) ({selector.planned('managed')})",
        10,
        "warning",
        "The caches of RocksDB in TaskManager {{ $labels.tm_id }} hold {{ $value | humanize1024 }}B, more than its "
        "managed memory.",
        "The kernel kills it at the limit of its unit. Raise taskmanager.memory.jvm-overhead.min and .max, or lower "
        "taskmanager.memory.managed.size: with more of it RocksDB takes more.",
    )
    yield _Alert(
        "FlinkNetworkShort",
        f"{selector.of(f'{status}Shuffle_Netty_RequestedMemoryUsage')} > 100",
        10,
        "warning",
        "The jobs of TaskManager {{ $labels.tm_id }} would use {{ $value }} % of its network memory.",
        "Raise taskmanager.memory.network.min and .max to one larger size.",
    )


def rocksdb_cache(selector: Selector, **matchers: str) -> str:
    """Of every state, whether its name is a label or in the name of the metric."""
    return selector.of("", __name__=f"{TASKMANAGER}job_task_operator_.*rocksdb_block_cache_usage", **matchers)


def _collection_rate(fleet: Fleet, selector: Selector, jvm: str) -> str:
    """Milliseconds of collections in a second."""
    versions = [Release.parse(plan["flink_version"]).version for plan in fleet["plans"]]
    if versions and min(versions) >= _RATE:
        return selector.of(f"{jvm}GarbageCollector_All_TimeMsPerSecond")
    rates = [
        " + ".join(f"rate({selector.of(f'{jvm}GarbageCollector_{name}_Time')}[5m])" for name in names)
        for names in _COLLECTORS
    ]
    return f"({' or '.join(rates)})"


def _cluster_alerts(fleet: Fleet, selector: Selector) -> t.Iterator[_Alert]:
    taskmanagers = [process for _host, process in processes(fleet, "taskmanager")]
    slots = sum(process["slots"]["count"] for process in taskmanagers if "slots" in process)
    registered = selector.of(f"{JOBMANAGER}numRegisteredTaskManagers")
    yield _Alert(
        "FlinkJobManagerMissing",
        f"absent({registered})",
        5,
        "critical",
        "No JobManager reports metrics.",
        "It is down, or Prometheus does not reach it. The playbook streamops.flink.diagnose says why it died.",
    )
    if taskmanagers:
        yield _Alert(
            "FlinkTaskManagersMissing",
            f"max({registered}) < {len(taskmanagers)}",
            5,
            "critical",
            f"{{{{ $value }}}} of {len(taskmanagers)} TaskManagers are registered.",
            "The playbook streamops.flink.diagnose says which died, and why.",
        )
        yield _Alert(
            "FlinkSlotsMissing",
            f"max({selector.of(f'{JOBMANAGER}taskSlotsTotal')}) < {slots}",
            5,
            "warning",
            f"The cluster has {{{{ $value }}}} of {slots} slots.",
            "Jobs may not find a place. TaskManagers are missing, or run with another plan.",
        )
