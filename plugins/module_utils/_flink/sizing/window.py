# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many looks at a cluster, reduced: minimum, maximum and last of what was read of each process in its present life.

A window is kept as JSON between runs, and does not grow with the number of looks.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ..observation.readings import (
        ClusterReading,
        HostReading,
        JobManagerReading,
        JvmReading,
        Observation,
        ProcessReading,
        TaskManagerReading,
    )
    from .advice import Figure, ProcessWindow, Window

FORMAT = 1

# Flink fetches metrics at most so often, in seconds (metrics.fetcher.update-interval): two looks are one.
_BETWEEN_LOOKS = 10
# The start of a process is counted in ticks since a boot whose time is rounded, in seconds.
_ROUNDING = 2
# A process that was not seen for so long is forgotten: a week in seconds.
_FORGOTTEN = 7 * 24 * 3600
# So much of the last look is kept of each host, and of the cluster.
_MOST_LINES = 20
_MOST_JOBS = 200


# A reading: its name, value and source.
_Read = t.Tuple[str, t.Optional[int], str]


def add(window: Window | None, observation: Observation) -> Window:
    """The window with one look more.

    A process whose PID or start is another begins anew. Figures of REST that are stale are left out: those that it
    calls so, and those whose CPU time stands still.
    """
    time, cluster = observation["time"], observation["cluster"]
    is_same_look = window is not None and abs(time - window["last"]) < _BETWEEN_LOOKS
    is_working = cluster is not None and _is_working(cluster)
    former = {} if window is None else window["processes"]
    processes = {
        host: kept
        for host, those in former.items()
        for kept in [{name: one for name, one in those.items() if one["last"] > time - _FORGOTTEN}]
        if kept and host not in observation["hosts"]
    }
    answers = answering(observation)
    for host, reading in observation["hosts"].items():
        those = former.get(host, {})
        processes[host] = {
            process["name"]: found
            for process in reading["processes"]
            for found in [
                _seen(
                    those.get(process["name"]),
                    process,
                    answers.get((host, process["name"])),
                    time,
                    is_working=is_working,
                    is_same_look=is_same_look,
                )
            ]
            if found is not None
        }
    return {
        "format": FORMAT,
        "first": time if window is None else window["first"],
        "last": time,
        "looks": (0 if window is None else window["looks"]) + (not is_same_look),
        "loaded": (0 if window is None else window["loaded"]) + (is_working and not is_same_look),
        "processes": processes,
        "observation": _shortened(observation),
    }


def _resource_id(host: str, name: str) -> str:
    """The ID under which a TaskManager registers."""
    return f"{host}-{name.rpartition('-')[2]}"


def _is_working(cluster: ClusterReading) -> bool:
    return any(job["state"] == "RUNNING" and job["is_busy"] is not False for job in cluster["jobs"])


def answering(observation: Observation) -> dict[tuple[str, str], TaskManagerReading | JobManagerReading]:
    """What REST says of each process. Of several JobManagers nobody knows which one answered."""
    cluster = observation["cluster"]
    if cluster is None:
        return {}
    by_id = {taskmanager["id"]: taskmanager for taskmanager in cluster["taskmanagers"]}
    alive = [
        (host, process["name"], process["kind"])
        for host, reading in observation["hosts"].items()
        for process in reading["processes"]
        if process["pid"] is not None
    ]
    found: dict[tuple[str, str], TaskManagerReading | JobManagerReading] = {
        (host, name): by_id[_resource_id(host, name)]
        for host, name, kind in alive
        if kind == "taskmanager" and _resource_id(host, name) in by_id
    }
    jobmanagers = [(host, name) for host, name, kind in alive if kind == "jobmanager"]
    if len(jobmanagers) == 1:
        found[jobmanagers[0]] = cluster["jobmanager"]
    return found


def _seen(
    former: ProcessWindow | None,
    process: ProcessReading,
    answer: TaskManagerReading | JobManagerReading | None,
    time: int,
    *,
    is_working: bool,
    is_same_look: bool,
) -> ProcessWindow | None:
    """The figures of a process with this look; those of its last life while it has none."""
    if process["pid"] is None:
        return former
    life = former if former is not None and _is_same_life(former, process) else None
    read = [*_of_host(process)]
    slots_taken = None
    if answer is not None and _is_fresh(answer, former, time):
        read += _of_jvm(answer["jvm"])
        if process["kind"] == "taskmanager":
            taskmanager = t.cast("TaskManagerReading", answer)
            slots_taken = taskmanager["slots"] - taskmanager["free_slots"]
            read += _of_taskmanager(taskmanager)
    has_work = is_working and (process["kind"] == "jobmanager" or bool(slots_taken))
    counted = 0 if is_same_look and life is not None else 1
    figures = {} if life is None else dict(life["figures"])
    for name, value, source in read:
        if value is not None:
            figures[name] = _with(figures.get(name), value, source, counted)
    return {
        "pid": process["pid"],
        "started": process["started"],
        "first": time if life is None else life["first"],
        "last": time,
        "looks": counted if life is None else life["looks"] + counted,
        "loaded": (0 if life is None else life["loaded"]) + (counted if has_work else 0),
        "figures": figures,
    }


def _is_same_life(former: ProcessWindow, process: ProcessReading) -> bool:
    started, now = former["started"], process["started"]
    same_start = started == now if started is None or now is None else abs(started - now) <= _ROUNDING
    return former["pid"] == process["pid"] and same_start


def _is_fresh(answer: TaskManagerReading | JobManagerReading, former: ProcessWindow | None, time: int) -> bool:
    """Whether these are no old figures, nor those of the life before: then its CPU time would be the same.

    From 1.15 on one unanswered request keeps the JobManager from asking any process, until it times out.
    """
    if answer["is_fresh"] is False:
        return False
    last = None if former is None else former["figures"].get("cpu_time")
    if former is None or last is None or time - former["last"] < _BETWEEN_LOOKS:
        return True
    return answer["jvm"]["cpu_time"] != last["last"]


def _of_host(process: ProcessReading) -> t.Iterator[_Read]:
    memory, heap, service, cgroup = process["memory"], process["heap"], process["service"], process["cgroup"]
    if memory is not None:
        for name, value in (
            ("rss", memory["rss"]),
            ("peak", memory["peak"]),
            ("anonymous", memory["anonymous"]),
            ("swap", memory["swap"]),
            ("threads", memory["threads"]),
        ):
            yield name, value, memory["source"]
    if heap is not None:
        source = heap["source"]
        has_collected = heap["young_collections"] + heap["full_collections"] + heap["concurrent_collections"] > 0
        yield "old_used", heap["old_used"] if has_collected else None, source
        yield "young_collections", heap["young_collections"], source
        yield "full_collections", heap["full_collections"], source
        yield "concurrent_collections", heap["concurrent_collections"], source
        yield "collection_time", heap["young_time"] + heap["full_time"], source
    if service is not None:
        yield "restarts", service["restarts"], service["source"]
    if cgroup is not None:
        yield "limit_hits", cgroup["limit_hits"], cgroup["source"]


def _of_jvm(jvm: JvmReading) -> t.Iterator[_Read]:
    for name, value in (
        ("heap_used", jvm["heap_used"]),
        ("metaspace_used", jvm["metaspace_used"]),
        ("direct", jvm["direct"]),
        ("classes_loaded", jvm["classes_loaded"]),
        ("classes_unloaded", jvm["classes_unloaded"]),
        ("cpu_time", jvm["cpu_time"]),
        ("collection_rate", jvm["collection_rate"]),
    ):
        yield name, value, jvm["source"]


def _of_taskmanager(taskmanager: TaskManagerReading) -> t.Iterator[_Read]:
    source, rocksdb = taskmanager["jvm"]["source"], taskmanager["rocksdb"]
    yield "slots_taken", taskmanager["slots"] - taskmanager["free_slots"], source
    yield "network_total", taskmanager["network_total"], source
    yield "network_used", taskmanager["network_used"], source
    yield "network_wanted", taskmanager["network_wanted"], source
    yield "managed_used", taskmanager["managed_used"], source
    if rocksdb is not None:
        yield "rocksdb_capacity", rocksdb["cache_capacity"], rocksdb["source"]
        yield "rocksdb_usage", rocksdb["cache_usage"], rocksdb["source"]


def _with(figure: Figure | None, value: int, source: str, counted: int) -> Figure:
    value = max(0, value)
    if figure is None:
        return {"minimum": value, "maximum": value, "last": value, "looks": 1, "source": source}
    return {
        "minimum": min(figure["minimum"], value),
        "maximum": max(figure["maximum"], value),
        "last": value,
        "looks": figure["looks"] + counted,
        "source": source,
    }


def _shortened(observation: Observation) -> Observation:
    """The look without more lines than a person reads."""
    hosts = {host: _shortened_host(reading) for host, reading in observation["hosts"].items()}
    cluster = observation["cluster"]
    if cluster is not None:
        cluster = {
            **cluster,
            "jobs": cluster["jobs"][:_MOST_JOBS],
            "failures": cluster["failures"][:_MOST_LINES],
        }
    return {**observation, "hosts": hosts, "cluster": cluster}


def _shortened_host(reading: HostReading) -> HostReading:
    return {
        **reading,
        "exits": reading["exits"][-_MOST_LINES:],
        "kills": reading["kills"][-_MOST_LINES:],
        "messages": reading["messages"][-_MOST_LINES:],
    }
