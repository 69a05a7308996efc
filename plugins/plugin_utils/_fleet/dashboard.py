# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A dashboard for Grafana: of every component of memory what is planned and what is used."""

from __future__ import annotations

import json
import typing as t

from .alerts import JOBMANAGER, TASKMANAGER, Selector, processes, rocksdb_cache
from .reading import read_fleet

_SCHEMA = 38
_WIDTH, _HEIGHT = 8, 8
_COLUMNS = 24 // _WIDTH
_SOURCE = {"type": "prometheus", "uid": "${source}"}
_PLANNED = "planned"


class _Line(t.NamedTuple):
    """What a panel draws, and what it calls that."""

    legend: str
    expression: str


class _Panel(t.NamedTuple):
    title: str
    description: str
    lines: tuple[_Line, ...]
    unit: str = "bytes"


def grafana_dashboard(fleet: object, title: object = "Flink memory", labels: object = None) -> str:
    """The dashboard as JSON to import. What is planned comes from the rules of ``alert_rules`` for the same fleet.

    Raises FlinkError for what is no fleet, or are no labels.
    """
    read, selector = read_fleet(fleet), Selector(labels)
    has_taskmanagers = any(True for _process in processes(read, "taskmanager"))
    rows = [("JobManager", _jobmanager(selector))]
    if has_taskmanagers:
        rows = [("Cluster", _cluster(selector)), ("TaskManagers", _taskmanagers(selector)), *rows]
    content = {
        "title": str(title),
        "uid": None,
        "tags": ["flink"],
        "timezone": "browser",
        "schemaVersion": _SCHEMA,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_data_source(), *([_taskmanager_variable(selector)] if has_taskmanagers else [])]},
        "panels": list(_placed(rows)),
    }
    return json.dumps(content, indent=2) + "\n"


def _data_source() -> dict[str, t.Any]:
    return {"name": "source", "label": "Data source", "type": "datasource", "query": "prometheus"}


def _taskmanager_variable(selector: Selector) -> dict[str, t.Any]:
    query = f"label_values({selector.of(f'{TASKMANAGER}Status_JVM_Memory_Heap_Max')}, tm_id)"
    return {
        "name": "tm_id",
        "label": "TaskManager",
        "type": "query",
        "datasource": _SOURCE,
        "query": query,
        "refresh": 2,
        "multi": True,
        "includeAll": True,
    }


def _placed(rows: t.Iterable[tuple[str, t.Sequence[_Panel]]]) -> t.Iterator[dict[str, t.Any]]:
    """Row by row, three panels beside each other."""
    number, top = 0, 0
    for title, panels in rows:
        number += 1
        yield {
            "id": number,
            "type": "row",
            "title": title,
            "collapsed": False,
            "gridPos": {"x": 0, "y": top, "w": 24, "h": 1},
            "panels": [],
        }
        top += 1
        for index, panel in enumerate(panels):
            number += 1
            column, row = index % _COLUMNS, index // _COLUMNS
            place = {"x": column * _WIDTH, "y": top + row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT}
            yield _drawn(panel, number, place)
        top += -(-len(panels) // _COLUMNS) * _HEIGHT


def _drawn(panel: _Panel, number: int, place: dict[str, int]) -> dict[str, t.Any]:
    dashes: dict[str, t.Any] = {
        "matcher": {"id": "byRegexp", "options": f".*{_PLANNED}.*"},
        "properties": [{"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [10, 10]}}],
    }
    targets = [
        {
            "refId": chr(ord("A") + index),
            "datasource": _SOURCE,
            "expr": line.expression,
            "legendFormat": line.legend,
            "range": True,
        }
        for index, line in enumerate(panel.lines)
    ]
    return {
        "id": number,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.description,
        "datasource": _SOURCE,
        "gridPos": place,
        "targets": targets,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": [dashes]},
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
    }


def _cluster(selector: Selector) -> tuple[_Panel, ...]:
    def of(name: str) -> str:
        return selector.of(f"{JOBMANAGER}{name}")

    return (
        _Panel(
            "TaskManagers and slots",
            "How many are registered, and how many slots are free.",
            (
                _Line("TaskManagers", of("numRegisteredTaskManagers")),
                _Line("slots", of("taskSlotsTotal")),
                _Line("free slots", of("taskSlotsAvailable")),
            ),
            "short",
        ),
        _Panel("Jobs", "How many run.", (_Line("running", of("numRunningJobs")),), "short"),
        _Panel(
            "Restarts of jobs",
            "Each interrupts a job.",
            (_Line("{{job_name}}", selector.of(f"{JOBMANAGER}job_numRestarts")),),
            "short",
        ),
    )


def _taskmanagers(selector: Selector) -> tuple[_Panel, ...]:
    def of(name: str) -> str:
        return selector.of(f"{TASKMANAGER}Status_{name}", tm_id="$tm_id")

    def planned(component: str) -> _Line:
        return _Line(f"{_PLANNED} {{{{tm_id}}}}", selector.planned(component, tm_id="$tm_id"))

    def used(name: str) -> _Line:
        return _Line("{{tm_id}}", of(name))

    beside = f"{of('JVM_Memory_Direct_TotalCapacity')} - {of('Shuffle_Netty_TotalMemory')}"
    cache = f"sum by (tm_id) (max by (tm_id, job_id, subtask_index) ({rocksdb_cache(selector, tm_id='$tm_id')}))"
    return (
        _Panel(
            "JVM heap",
            "It fills up between collections: only what a collection leaves tells of a need.",
            (used("JVM_Memory_Heap_Used"), planned("jvm_heap")),
        ),
        _Panel(
            "Off-heap",
            "Direct memory beside the network, and the framework and task off-heap memory that is for it.",
            (_Line("{{tm_id}}", beside), planned("off_heap")),
        ),
        _Panel(
            "Network",
            "Buffers that are taken. All of it is allocated at the start.",
            (used("Shuffle_Netty_UsedMemory"), planned("network")),
        ),
        _Panel(
            "Network that jobs would use",
            "Over 100 % they have fewer buffers than they would like. From Flink 1.15 on.",
            (used("Shuffle_Netty_RequestedMemoryUsage"),),
            "percent",
        ),
        _Panel(
            "Managed",
            "What is reserved, which with RocksDB is all of it, and what RocksDB's caches hold, if it tells.",
            (used("Flink_Memory_Managed_Used"), _Line("RocksDB {{tm_id}}", cache), planned("managed")),
        ),
        _Panel("JVM metaspace", "Classes.", (used("JVM_Memory_Metaspace_Used"), planned("jvm_metaspace"))),
        _Panel(
            "Garbage collection",
            "Milliseconds of each second. From Flink 1.19 on.",
            (used("JVM_GarbageCollector_All_TimeMsPerSecond"),),
            "ms",
        ),
        _Panel("Threads", "Each has a stack beyond the heap.", (used("JVM_Threads_Count"),), "short"),
    )


def _jobmanager(selector: Selector) -> tuple[_Panel, ...]:
    def pair(name: str, component: str) -> tuple[_Line, ...]:
        live = selector.of(f"{JOBMANAGER}Status_{name}")
        plan = selector.planned(component, tm_id="")
        return (_Line("{{host}}", live), _Line(f"{_PLANNED} {{{{host}}}}", plan))

    return (
        _Panel(
            "JVM heap",
            "It fills up between collections: only what a collection leaves tells of a need.",
            pair("JVM_Memory_Heap_Used", "jvm_heap"),
        ),
        _Panel("JVM metaspace", "Classes.", pair("JVM_Memory_Metaspace_Used", "jvm_metaspace")),
        _Panel(
            "Direct memory",
            "Only jobmanager.memory.enable-jvm-direct-memory-limit limits it.",
            pair("JVM_Memory_Direct_TotalCapacity", "off_heap"),
        ),
    )
