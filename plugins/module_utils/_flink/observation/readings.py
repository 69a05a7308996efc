# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was read of a live cluster, or of one that died: mappings of plain types, as they are kept in JSON.

Sizes are in bytes, times in whole seconds since 1970 by the clock of who read, durations in milliseconds. What could
not be read is null, and a sentence in ``unknown`` says why. ``source`` names the file, command or request of a reading.
"""

from __future__ import annotations

import typing as t


class ResidentMemory(t.TypedDict):
    """What the kernel counts of one process life; ``peak`` is VmHWM. None of it contains page cache."""

    rss: int
    peak: int
    anonymous: int
    file: int
    swap: int
    threads: int
    source: str


class HeapReading(t.TypedDict):
    """Of hsperfdata: the old generation after the last collection, 0 before the first; collections and their times.

    ``concurrent`` are no pauses of the whole collection. ``cause`` is that of the last collection.
    """

    old_used: int
    old_max: int
    young_collections: int
    young_time: int
    full_collections: int
    full_time: int
    concurrent_collections: int
    concurrent_time: int
    cause: str
    source: str


class CgroupReading(t.TypedDict):
    """Of a unit or a slice. ``anonymous`` cannot be reclaimed, ``file`` is page cache: nothing is sized from it.

    ``limit`` is null where there is none; ``limit_hits`` counts allocations that met it, ``oom_kills`` the processes
    that the kernel killed here and below.
    """

    path: str
    version: int
    limit: int | None
    anonymous: int | None
    file: int | None
    kernel: int | None
    swap: int | None
    limit_hits: int | None
    oom_kills: int | None
    pids: int | None
    pids_limit: int | None
    source: str


class ServiceReading(t.TypedDict):
    """What systemd says of the last run of a unit.

    ``code`` is exited, killed or dumped, ``status`` the code or signal.
    """

    result: str
    code: str | None
    status: int | None
    restarts: int
    memory_limit: int | None
    tasks_limit: int | None
    source: str


class ProcessReading(t.TypedDict):
    """A process that was found on a host, or its unit without a process; ``kind`` is taskmanager or jobmanager.

    ``configured`` is when its environment was written, null if that is not known or was after its start: what befell it
    before, it had other options. ``sizes`` are the options of memory there, in bytes; empty if they are not known.
    """

    name: str
    kind: str
    unit: str | None
    state: str
    pid: int | None
    started: int | None
    configured: int | None
    sizes: dict[str, int]
    memory: ResidentMemory | None
    heap: HeapReading | None
    cgroup: CgroupReading | None
    service: ServiceReading | None
    unknown: list[str]


class Exit(t.TypedDict):
    """The end of a process in the journal: ``code`` as in ServiceReading.

    ``result`` is that of its unit, if it failed.
    """

    process: str
    time: int
    pid: int | None
    code: str | None
    status: int | None
    result: str | None
    source: str


class Kill(t.TypedDict):
    """What the kernel said as it killed a process; ``cgroup`` is where it was, ``limited`` whose limit was reached.

    ``thread`` is the name of the thread that asked for memory, up to 15 characters. ``anonymous`` is the size at
    death.
    """

    time: int | None
    pid: int
    task: str
    thread: str | None
    constraint: str | None
    cgroup: str | None
    limited: str | None
    anonymous: int
    file: int
    source: str


class Message(t.TypedDict):
    """A line that a signature of the catalogue matches; ``fields`` are its numbers. ``process`` is who wrote it.

    Of lines that say the same, the first and the last are kept; ``count`` is 1, or for the last how many came after
    the first.
    """

    process: str
    time: int | None
    code: str
    text: str
    fields: dict[str, str]
    count: int
    source: str


class HostReading(t.TypedDict):
    """One look at a host: its processes now, and what its journal, kernel log and logs say from ``since`` on."""

    time: int
    since: int
    memory_total: int | None
    memory_available: int | None
    processes: list[ProcessReading]
    exits: list[Exit]
    kills: list[Kill]
    messages: list[Message]
    slice: CgroupReading | None
    unknown: list[str]


class Collector(t.TypedDict):
    """A garbage collector as the JVM counts it."""

    name: str
    count: int
    time: int


class RocksDbReading(t.TypedDict):
    """The caches of all slots of a TaskManager, of each slot the largest that a state reports.

    Hits and misses are those since its jobs began, of one operator in each slot; null where they are not switched on.
    """

    cache_capacity: int
    cache_usage: int
    cache_pinned: int | None
    cache_hits: int | None
    cache_misses: int | None
    write_stopped: bool | None
    source: str


class JvmReading(t.TypedDict):
    """Metrics of one process. ``direct`` is the capacity of its direct buffers, in which network memory is contained.

    ``cpu_time`` (nanoseconds) grows in a process that lives: the same twice means that its metrics are stale.
    """

    heap_used: int | None
    heap_max: int | None
    metaspace_used: int | None
    metaspace_max: int | None
    direct: int | None
    threads: int | None
    classes_loaded: int | None
    classes_unloaded: int | None
    cpu_time: int | None
    collectors: list[Collector]
    collection_rate: int | None
    source: str


class TaskManagerReading(t.TypedDict):
    """A registered TaskManager. ``memory`` is its plan as it reports it, under the names of a plan.

    ``network_wanted`` is what all pools would like, in percent of the total (1.15 and newer).
    """

    id: str
    slots: int
    free_slots: int
    memory: dict[str, int | None]
    jvm: JvmReading
    network_total: int | None
    network_used: int | None
    network_wanted: int | None
    managed_total: int | None
    managed_used: int | None
    rocksdb: RocksDbReading | None
    is_fresh: bool | None


class JobManagerReading(t.TypedDict):
    """The JobManager that answered."""

    memory: dict[str, int | None]
    jvm: JvmReading
    is_fresh: bool | None


class Edge(t.TypedDict):
    """An exchange between two vertices; ``is_all`` tells whether each subtask sends to each."""

    source_parallelism: int
    target_parallelism: int
    is_all: bool


class JobReading(t.TypedDict):
    """A job that the cluster knows; ``restarts``, and what its checkpoints came to, null where nobody says.

    ``slots`` is the least number that it takes. ``is_busy`` tells whether any subtask worked more than a tenth of the
    time.
    """

    id: str
    name: str
    state: str
    started: int
    parallelism: int
    slots: int
    edges: list[Edge]
    restarts: int | None
    checkpoints_completed: int | None
    checkpoints_failed: int | None
    state_size: int | None
    is_busy: bool | None


class Failure(t.TypedDict):
    """An exception of a job: its text is the first lines of its stack, and every cause.

    ``endpoint`` is the address and data port of the TaskManager, which is all that releases before 1.17 tell of one.
    """

    job: str
    time: int
    taskmanager: str | None
    endpoint: str | None
    text: str
    source: str


class ClusterReading(t.TypedDict):
    """What the REST API says, once for a cluster."""

    time: int
    flink_version: str
    jobmanager: JobManagerReading
    taskmanagers: list[TaskManagerReading]
    jobs: list[JobReading]
    failures: list[Failure]
    unknown: list[str]


class Observation(t.TypedDict):
    """One look at a cluster: hosts by their names in the inventory; ``cluster`` is null if REST did not answer."""

    format: int
    time: int
    hosts: dict[str, HostReading]
    cluster: ClusterReading | None
    unknown: list[str]
