# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Looks at one host, one after the other, whose TaskManager is that of the tests of diagnoses."""

from __future__ import annotations

import copy
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis import looks as seen

RELEASE = "2.3.0"
CONFIG: dict[str, t.Any] = {**seen.CONFIG, f"{JM}process.size": "1024m"}
START = seen.STARTED
HOUR = 3600


def process(name: str = "taskmanager-1", **changes: t.Any) -> dict[str, t.Any]:
    """It collects only the young generation."""
    given = {**changes}
    if given.get("heap", {}) is not None:
        given["heap"] = {"concurrent_collections": 0, **given.get("heap", {})}
    return {**seen.process(name, **given)}


def jvm(**changes: t.Any) -> dict[str, t.Any]:
    return {**seen.jvm(classes_unloaded=0, **changes)}


def taskmanager(identity: str = "tm-1", **changes: t.Any) -> dict[str, t.Any]:
    """It says nothing of its plan."""
    return {**seen.taskmanager(planned(), **{"id": identity, "memory": {}, "jvm": jvm(), **changes})}


def job(**changes: t.Any) -> dict[str, t.Any]:
    return {**seen.job(**changes)}


def planned(config: dict[str, t.Any] | None = None, kind: str = "taskmanager", name: str = "taskmanager-1") -> t.Any:
    given = CONFIG if config is None else config
    return {"name": name, "config": given, "asked": {}, "numa_node": None, **plan(given, RELEASE, kind)}


def look(
    time: int = START + HOUR,
    *,
    processes: t.Iterable[dict[str, t.Any]] | None = None,
    taskmanagers: t.Iterable[dict[str, t.Any]] | None = None,
    jobs: t.Iterable[dict[str, t.Any]] | None = None,
    has_cluster: bool = True,
    host: str = "tm",
) -> t.Any:
    """A look at one host, whose CPU time goes on with the clock."""
    read = copy.deepcopy([taskmanager()] if taskmanagers is None else list(taskmanagers))
    for one in read:
        one["jvm"]["cpu_time"] += time - START
    return {
        "format": 1,
        "time": time,
        "hosts": {
            host: {
                **seen.host(time=time, since=time - HOUR),
                "processes": [process()] if processes is None else list(processes),
            }
        },
        "cluster": {
            "time": time,
            "flink_version": RELEASE,
            "jobmanager": {"memory": {}, "jvm": jvm(cpu_time=time), "is_fresh": True},
            "taskmanagers": read,
            "jobs": [job()] if jobs is None else list(jobs),
            "failures": [],
            "unknown": [],
        }
        if has_cluster
        else None,
        "unknown": [],
    }


def finding(
    code: str, component: str | None, text: str = "a line", *, level: str = "error", process: str = "taskmanager-1"
) -> dict[str, t.Any]:
    return {
        "level": level,
        "code": code,
        "host": "tm",
        "process": process,
        "time": START + HOUR,
        "message": "It failed.",
        "evidence": [{"text": text, "source": "GET /jobs/JOB/exceptions"}],
        "component": component,
        "options": [],
        "remedy": "",
        "symptoms": [],
    }
