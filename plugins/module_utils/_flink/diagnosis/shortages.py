# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is scarce in processes that run, by the figures of one look.

A rule says nothing of a process that is young, of metrics that are stale, or of what nobody could read.
"""

from __future__ import annotations

import typing as t

from ..memory.state_backend import unbounded
from ..values import options
from ..values.options import TM_MANAGED, TM_MANAGED_FRACTION, Option
from ..values.size import MIB, exact, precise
from .failures import counted, direct_memory, name_of, raised, whole
from .network_need import needed_buffers

if t.TYPE_CHECKING:
    from ..observation.readings import ClusterReading, JobReading, JvmReading, TaskManagerReading
    from .findings import Evidence, Finding
    from .subject import Subject

# Percent of the time in collections above which a heap starves, of the heap that lives on after one, and of metaspace.
_COLLECTING, _LIVE, _METASPACE = 20, 75, 90
# Of the last minute alone, it has to be seen that there is little to collect.
_LIVE_IN_HASTE = 50
_LIFE, _LAST_MINUTE = "its time", "its last minute"
# With a full collection that G1 makes only in need, so much is enough.
_LIVE_AFTER_FULL = 60
_DIRECT, _THREADS, _CACHE, _SWAPPED = 80, 90, 110, 5
_FEWEST_COLLECTIONS = 10
# Percent of its blocks that RocksDB finds in its cache below which it may want more, and how many it takes to say so: a
# cache that is still cold misses all of them.
_HITS, _FEWEST_BLOCKS = 80, 1_000_000
_BATCH: Option[str] = Option("execution.runtime-mode", (((1, 10), "STREAMING"),))
_JOB_SETTLES = 600


def shortages(subject: Subject, cluster: ClusterReading | None) -> list[Finding]:
    """The findings of one process."""
    found = [rule(subject) for rule in _OF_HOST]
    found.append(_unbounded(subject))
    jvm = _fresh(subject)
    if jvm is not None:
        found += [_metaspace(subject, jvm), _direct(subject, jvm)]
    found.append(_starving_heap(subject, jvm))
    if cluster is not None and jvm is not None and not subject.is_jobmanager:
        taskmanager = t.cast("TaskManagerReading", subject.live)
        found += [_network(subject, taskmanager, cluster["jobs"]), _rocksdb(subject, taskmanager)]
        if any(job["state"] == "RUNNING" and job["is_busy"] for job in cluster["jobs"]):
            found.append(_rocksdb_misses(subject, taskmanager))
    return [finding for finding in found if finding is not None]


def _fresh(subject: Subject) -> JvmReading | None:
    if subject.live is None or subject.live["is_fresh"] is False or subject.is_young:
        return None
    return subject.live["jvm"]


def finding(
    subject: Subject,
    level: str,
    code: str,
    message: str,
    evidence: t.Sequence[Evidence],
    component: str | None,
    advice: tuple[list[str], str],
) -> Finding:
    """A finding of what is the case now."""
    keys, remedy = advice
    return {
        "level": level,
        "code": code,
        "host": subject.host,
        "process": subject.name or None,
        "time": subject.now,
        "message": message,
        "evidence": list(evidence),
        "component": component,
        "options": keys,
        "remedy": remedy,
        "symptoms": [],
    }


def _starving_heap(subject: Subject, jvm: JvmReading | None) -> Finding | None:
    if subject.is_young:
        return None
    live, size, full = _live(subject)
    percent = live * 100 // size if live is not None and size else None
    share, of_what, source = _collecting(subject, jvm)
    if of_what == _LAST_MINUTE and (percent is None or percent < _LIVE_IN_HASTE):
        # A minute of many collections comes and goes, unless there is little to collect.
        share = None
    evidence: list[Evidence] = []
    said = []
    if share is not None and share > _COLLECTING:
        said.append(f"collections take {share} % of {of_what}")
        evidence.append({"text": f"{share} % of {of_what} in collections", "source": source})
    if live is not None and percent is not None and percent > (_LIVE_AFTER_FULL if full or said else _LIVE):
        heap = subject.reading["heap"] if subject.reading else None
        said.append(f"its heap is {percent} % full after {'them' if said else 'collections'}")
        text = f"{precise(live)} of {precise(size or 0)} in use after the last collection"
        evidence.append({"text": text, "source": heap["source"] if heap else ""})
    if not said:
        return None
    component = subject.heap
    heap_size = subject.size(component)
    target = None if heap_size is None else whole(max(heap_size * 1.25, (live or 0) * 1.5))
    message = f"{subject.title} starves for heap: {' and '.join(said)}."
    return finding(
        subject, "warning", "heap-starving", message, evidence, component, raised(subject, component, target)
    )


def _collecting(subject: Subject, jvm: JvmReading | None) -> tuple[int | None, str, str]:
    """The percentage of time in collections, of which time that is, and its source: the worst that is known."""
    uptime = subject.uptime
    heap = subject.reading["heap"] if subject.reading else None
    known: list[tuple[int, str, str]] = []
    if heap is not None and uptime:
        known.append(((heap["young_time"] + heap["full_time"]) // (10 * uptime), _LIFE, heap["source"]))
    elif jvm is not None and uptime:
        # What works beside the process does not stop it, and All is the sum of the others.
        beside = ("Concurrent", "Cycles", "All")
        pauses = sum(
            collector["time"]
            for collector in jvm["collectors"]
            if not any(word in collector["name"] for word in beside)
        )
        known.append((pauses // (10 * uptime), _LIFE, jvm["source"]))
    if jvm is not None and jvm["collection_rate"] is not None and not any(one[0] > _COLLECTING for one in known):
        known.append((jvm["collection_rate"] // 10, _LAST_MINUTE, jvm["source"]))
    return max(known, key=lambda one: one[0], default=(None, _LIFE, ""))


def _live(subject: Subject) -> tuple[int | None, int | None, bool]:
    """What outlived the last collection, of how much, and whether a collection of everything was needed."""
    heap = subject.reading["heap"] if subject.reading else None
    if heap is None:
        return None, None, False
    full = heap["full_collections"]
    if not full and heap["young_collections"] < _FEWEST_COLLECTIONS:
        return None, None, False
    return heap["old_used"], heap["old_max"], full > 0 and heap["cause"] not in ("System.gc()", "Metadata GC Threshold")


def _metaspace(subject: Subject, jvm: JvmReading) -> Finding | None:
    used, most = jvm["metaspace_used"], jvm["metaspace_max"] or subject.size("jvm_metaspace")
    if used is None or not most or most < 0 or used * 100 <= most * _METASPACE:
        return None
    message = f"{subject.title} will run out of JVM metaspace: {precise(used)} of {precise(most)} are in use."
    evidence: list[Evidence] = [{"text": f"metaspace: {used} of {most} bytes", "source": jvm["source"]}]
    loaded, unloaded = jvm["classes_loaded"], jvm["classes_unloaded"]
    if loaded is not None and unloaded is not None:
        evidence.append({"text": f"{loaded} classes loaded, {unloaded} unloaded", "source": jvm["source"]})
    target = whole(max(used * 1.2, used + 32 * MIB, most + MIB))
    return finding(
        subject,
        "warning",
        "metaspace-high",
        message,
        evidence,
        "jvm_metaspace",
        raised(subject, "jvm_metaspace", target),
    )


def _direct(subject: Subject, jvm: JvmReading) -> Finding | None:
    """Of direct memory, network memory is allocated whole at the start: what is beyond is that of Flink and of jobs."""
    parts = ("off_heap",) if subject.is_jobmanager else ("framework_off_heap", "task_off_heap")
    if subject.is_jobmanager and not _is_limited(subject):
        return None
    limit, network = subject.size(*parts), 0 if subject.is_jobmanager else subject.size("network")
    if jvm["direct"] is None or not limit or network is None:
        return None
    used = jvm["direct"] - network
    if used * 100 <= limit * _DIRECT:
        return None
    account = direct_memory(subject, {"wanted": str(used // 4)})
    names = " and ".join(map(name_of, parts))
    message = (
        f"{subject.title} will run out of direct memory: {precise(used)} of {precise(limit)} for {names} are in use."
    )
    text = f"direct buffers: {jvm['direct']} bytes, of which {network} are network memory"
    evidence: list[Evidence] = [{"text": text, "source": jvm["source"]}]
    return finding(
        subject, "warning", "direct-high", message, evidence, account.component, (account.options, account.remedy)
    )


def _is_limited(subject: Subject) -> bool:
    return str(subject.config.values.get(options.JM_DIRECT_LIMIT.key, "false")).lower() == "true"


def _network(subject: Subject, taskmanager: TaskManagerReading, jobs: t.Sequence[JobReading]) -> Finding | None:
    wanted, total = taskmanager["network_wanted"], taskmanager["network_total"] or subject.size("network")
    if wanted is None or not total or wanted <= 100:
        return None
    target = total * wanted // 100
    needed = needed_bytes(subject, jobs)
    keys, remedy = raised(subject, "network", whole(max(target, needed or 0)))
    message = (
        f"{subject.title} is slowed down by its network memory of {precise(total)}: the pools of its jobs would like"
        f" {wanted} % of it."
    )
    evidence: list[Evidence] = [{"text": f"requested memory usage {wanted} %", "source": taskmanager["jvm"]["source"]}]
    return finding(subject, "warning", "network-wanted", message, evidence, "network", (keys, remedy))


def needed_bytes(subject: Subject, jobs: t.Iterable[JobReading]) -> int | None:
    """The network memory that these jobs need of a TaskManager; null if that is not known."""
    if subject.plan is None or subject.is_jobmanager:
        return None
    segment = subject.config.size(options.TM_SEGMENT)
    buffers = needed_buffers(subject.config, subject.slots, jobs)
    return None if buffers is None else buffers * segment


def _rocksdb(subject: Subject, taskmanager: TaskManagerReading) -> Finding | None:
    cache = taskmanager["rocksdb"]
    if cache is None or not cache["cache_capacity"] or cache["cache_usage"] * 100 <= cache["cache_capacity"] * _CACHE:
        return None
    usage, capacity = cache["cache_usage"], cache["cache_capacity"]
    over = usage - capacity
    overhead = subject.size("jvm_overhead")
    target = None if overhead is None else whole(overhead + over * 1.2)
    keys, remedy = raised(subject, "jvm_overhead", target)
    managed = subject.size("managed")
    if managed is not None:
        remedy += f" Or leave RocksDB less: set {TM_MANAGED.key} to {exact(max(whole(managed - over), MIB))}."
    message = (
        f"RocksDB in {subject.title} takes more than it was given: {precise(usage)} in caches of {precise(capacity)};"
        " the rest comes out of JVM overhead."
    )
    evidence: list[Evidence] = [{"text": f"block cache: {usage} of {capacity} bytes", "source": cache["source"]}]
    return finding(
        subject, "warning", "rocksdb-over", message, evidence, "jvm_overhead", ([*keys, TM_MANAGED.key], remedy)
    )


def _unbounded(subject: Subject) -> Finding | None:
    """Native memory of a state backend that no plan can hold."""
    live = None if subject.is_jobmanager else t.cast("TaskManagerReading | None", subject.live)
    if subject.plan is None or subject.is_jobmanager:
        return None
    found = unbounded(subject.config, subject.slots, is_seen=live is not None and live["rocksdb"] is not None)
    if found is None:
        return None
    title, key = found
    message = (
        f"Nothing bounds the memory of {title} in {subject.title}: it grows with states and slots, beside managed"
        " memory and beyond the plan, until the kernel ends the process."
    )
    evidence: list[Evidence] = [{"text": f"{key}: {subject.config.values.get(key)}", "source": "its options"}]
    remedy = f"Remove {key}, and {title} keeps to managed memory."
    return finding(subject, "warning", "state-backend-unbounded", message, evidence, "managed", ([key], remedy))


def _rocksdb_misses(subject: Subject, taskmanager: TaskManagerReading) -> Finding | None:
    """Of a job that is busy: one that waits for others need not read faster."""
    cache = taskmanager["rocksdb"]
    hits, misses = (cache["cache_hits"], cache["cache_misses"]) if cache else (None, None)
    if cache is None or hits is None or misses is None or hits + misses < _FEWEST_BLOCKS:
        return None
    if hits * 100 >= (hits + misses) * _HITS:
        return None
    managed = subject.size("managed")
    message = (
        f"RocksDB in {subject.title} finds {hits * 100 // (hits + misses)} % of its blocks in a cache of"
        f" {precise(cache['cache_capacity'])}, and reads the others from disk or its page cache."
    )
    keys, remedy = raised(subject, "managed", None if managed is None else whole(managed * 1.5))
    remedy = f"If its job is too slow, give RocksDB more memory. {remedy}"
    evidence: list[Evidence] = [
        {"text": f"block cache: {hits} hits, {misses} misses since the job began", "source": cache["source"]}
    ]
    return finding(subject, "hint", "rocksdb-misses", message, evidence, "managed", (keys, remedy))


def _over_plan(subject: Subject) -> Finding | None:
    memory = subject.reading["memory"] if subject.reading else None
    plan, overhead = subject.size("total_process"), subject.size("jvm_overhead")
    if memory is None or plan is None or memory["peak"] <= plan:
        return None
    excess = memory["peak"] - plan
    keys, remedy = raised(subject, "jvm_overhead", None if overhead is None else whole(overhead + excess * 1.2))
    message = (
        f"{subject.title} has been larger than its plan of {precise(plan)}: {precise(memory['peak'])}, so"
        f" {precise(excess)} of native memory are not in it."
    )
    evidence: list[Evidence] = [{"text": f"VmHWM {memory['peak']} bytes", "source": memory["source"]}]
    return finding(subject, "warning", "process-over-plan", message, evidence, "jvm_overhead", (keys, remedy))


def _swap(subject: Subject) -> Finding | None:
    memory = subject.reading["memory"] if subject.reading else None
    if memory is None or memory["swap"] * 100 <= (memory["rss"] + memory["swap"]) * _SWAPPED:
        return None
    message = f"{precise(memory['swap'])} of {subject.title} are in swap, where each collection has to read them."
    evidence: list[Evidence] = [{"text": f"VmSwap {memory['swap']} bytes", "source": memory["source"]}]
    remedy = "Plan less for this host: raise flink_reserved_memory; and set MemorySwapMax=0 by flink_service_overrides."
    return finding(subject, "warning", "swap", message, evidence, None, ([], remedy))


def _threads(subject: Subject) -> Finding | None:
    reading = subject.reading
    cgroup, service = (reading["cgroup"], reading["service"]) if reading else (None, None)
    memory = reading["memory"] if reading else None
    count, limit, source = (cgroup["pids"], cgroup["pids_limit"], cgroup["source"]) if cgroup else (None, None, "")
    if (count is None or not limit) and memory is not None and service is not None:
        count, limit, source = memory["threads"], service["tasks_limit"], memory["source"]
    if count is None or not limit or count * 100 <= limit * _THREADS:
        return None
    message = f"{subject.title} will get no more threads: it has {count} of the {limit} that its unit may have."
    evidence: list[Evidence] = [{"text": f"{count} of {limit} tasks", "source": source}]
    remedy = "Raise TasksMax of its unit by flink_service_overrides, or see which job starts so many threads."
    return finding(subject, "warning", "threads-high", message, evidence, None, ([], remedy))


def _unit_limit(subject: Subject) -> Finding | None:
    reading = subject.reading
    cgroup, service = (reading["cgroup"], reading["service"]) if reading else (None, None)
    plan = subject.size("total_process")
    known = [
        (limit, source)
        for limit, source in (
            (cgroup["limit"], cgroup["source"]) if cgroup else (None, ""),
            (service["memory_limit"], service["source"]) if service else (None, ""),
        )
        if limit
    ]
    if plan is None or not known or min(known)[0] >= plan:
        return None
    limit, source = min(known)
    message = (
        f"{subject.title} may not have what is planned: its unit is limited to {precise(limit)}, its plan is"
        f" {precise(plan)}."
    )
    evidence: list[Evidence] = [{"text": f"limit of {limit} bytes", "source": source}]
    remedy = f"Raise MemoryMax in flink_service_overrides to {precise(plan)} at least, or deploy again."
    return finding(subject, "warning", "unit-limit", message, evidence, None, ([], remedy))


_OF_HOST: tuple[t.Callable[[Subject], Finding | None], ...] = (_over_plan, _swap, _threads, _unit_limit)


def unused_managed(cluster: ClusterReading, subjects: t.Sequence[Subject]) -> Finding | None:
    """Managed memory that nothing has reserved on any TaskManager, though jobs have been at work for a while."""
    running = [job for job in cluster["jobs"] if job["state"] == "RUNNING" and job["is_busy"] is not False]
    if not running or any(cluster["time"] - job["started"] < _JOB_SETTLES for job in running):
        return None
    readings = [reading for reading in cluster["taskmanagers"] if reading["free_slots"] < reading["slots"]]
    sizes = [reading["managed_total"] for reading in readings]
    if not readings or any(reading["managed_used"] != 0 or reading["is_fresh"] is False for reading in readings):
        return None
    total = sum(size for size in sizes if size)
    planned = [subject for subject in subjects if subject.plan and not subject.is_jobmanager]
    if not total or any(_is_batch(subject) or subject.is_young for subject in planned):
        return None
    message = (
        f"Nothing uses managed memory: {precise(total)} on {counted(len(readings), 'TaskManager')} while jobs run."
    )
    remedy = (
        f"Set {TM_MANAGED.key} to 0, if no job with RocksDB, Python or batch is to come: the heap gets it, or the total"
        " shrinks."
    )
    evidence: list[Evidence] = [
        {"text": f"managed memory: 0 of {total} bytes in use", "source": readings[0]["jvm"]["source"]}
    ]
    return {
        "level": "hint",
        "code": "managed-unused",
        "host": None,
        "process": None,
        "time": cluster["time"],
        "message": message,
        "evidence": evidence,
        "component": "managed",
        "options": [TM_MANAGED.key, TM_MANAGED_FRACTION.key],
        "remedy": remedy,
        "symptoms": [],
    }


def _is_batch(subject: Subject) -> bool:
    return str(subject.config.values.get(_BATCH.key, "")).strip().lower() in ("batch", "automatic")
