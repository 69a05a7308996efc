# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ends of processes and the failures of those that went on, each with its cause and with what it explains."""

from __future__ import annotations

import dataclasses
import typing as t

from ..memory.state_backend import unbounded
from ..values.size import precise
from .events import Event, Key, _apart
from .exit_codes import Ending, ending
from .failures import ACCOUNTS, OF_STARTS, RANK, SYMPTOMS, Account, account_of, raised, whole

if t.TYPE_CHECKING:
    from .findings import Evidence, Finding
    from .subject import Subject

# What a process does not end of, though a job may: it is told as well as what ends it.
SEPARATE = (
    *("network-wanted", "rocksdb-small", "class-loader-closed"),
    *("network-buffers", "managed-memory", "state-size"),
)
_MARKS = ("exit-on-oom", "jvm-exit-on-oom", "crash-on-oom", "oomd-kill")
# What is worth reading of all that was said.
_TELLING = frozenset((*ACCOUNTS, *_MARKS, "kill"))
# What a process says only because it is being stopped.
_OF_STOPS = ("fatal-error", "stuck-task")
# Seconds by which the journal and the log of one process differ at most.
_SAME_END = 15
_MOST_EVIDENCE = 6


@dataclasses.dataclass
class Incident:
    """What happened to one process at one time; ``end`` is null if it went on.

    ``marks`` are the events that say so, the others were said around them.
    """

    key: Key | None
    marks: list[Event]
    end: Ending | None = None
    others: list[Event] = dataclasses.field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        return [*self.marks, *self.others]

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and the last time, if any is known."""
        times = [event.time for event in (*self.marks, *self.others) if event.time is not None]
        return (min(times), max(times)) if times else None

    @property
    def time(self) -> int | None:
        span = self.span
        return span[1] if span else None

    def follows(self, event: Event, window: int, after: int = _SAME_END) -> bool:
        """Whether it may be the end of what was said; a little later, the next life of the process says it."""
        times = [mark.time for mark in self.marks if mark.time is not None]
        return event.time is None or not times or min(times) - window <= event.time <= max(times) + after

    @property
    def is_stop(self) -> bool:
        """Whether it only did what it was told."""
        return self.end is not None and self.end.code is None


def incidents_of(key: Key, events: t.Sequence[Event], subject: Subject, window: int) -> list[Incident]:
    """The incidents of one process: its ends, each with what it said around them, and then what it went on with."""
    ends = _ends(key, events, window)
    left: dict[str, list[Event]] = {}
    for event in events:
        if event.code in ("exit", "kill", "signal-term", *_MARKS):
            continue
        if event.code in _OF_STOPS and any(end.is_stop and end.follows(event, window, after=window) for end in ends):
            continue
        near = [end for end in ends if end.follows(event, window) and not end.is_stop]
        if near and event.code not in SEPARATE:
            # What has no time was most likely said last.
            closest = near[-1] if event.time is None else min(near, key=lambda end: _distance(event, end))
            closest.others.append(event)
        elif event.code not in OF_STARTS or not (subject.reading and subject.reading["pid"]):
            left.setdefault(event.code if event.code in SEPARATE else "", []).append(event)
    incidents = list(ends)
    for separate, said in left.items():
        groups = [said] if separate else _by_time(said, window)
        incidents.extend(Incident(key, group) for group in groups)
    return incidents


def _ends(key: Key, events: t.Sequence[Event], window: int) -> list[Incident]:
    ends: list[Incident] = []
    marks = ("exit", "kill", *_MARKS)
    for event in sorted((event for event in events if event.code in marks), key=lambda event: event.time or 0):
        last = ends[-1] if ends else None
        reach = _SAME_END if event.code in ("exit", "kill") and _has_exit(last) else window
        if last is not None and _distance(event, last) <= reach and not (event.exit and _has_exit(last)):
            last.marks.append(event)
        else:
            ends.append(Incident(key, [event]))
    for end in ends:
        codes = _beside(end, events, window)
        exit_ = next((event.exit for event in end.marks if event.exit), None)
        if exit_ is not None:
            end.end = ending(exit_["code"], exit_["status"], exit_["result"], codes)
        else:
            code = next((event.code for event in end.marks if event.code in _MARKS), "killed")
            end.end = Ending(code, "ended for want of memory" if code in _MARKS else "was killed")
    ends.extend(
        Incident(key, [event], Ending(None, "was told to stop"))
        for event in events
        if event.code == "signal-term" and not any(end.follows(event, window) for end in ends)
    )
    return ends


def _beside(end: Incident, events: t.Sequence[Event], window: int) -> set[str]:
    """What was said before an end; an error after the signal to stop is one of stopping."""
    said = [event for event in events if end.follows(event, window)]
    stops = [event.time for event in said if event.code == "signal-term"]
    return {
        event.code
        for event in said
        if not stops or event.code != "fatal-error" or event.time is None or event.time < (stops[0] or 0)
    }


def _has_exit(incident: Incident | None) -> bool:
    return incident is not None and any(event.exit for event in incident.marks)


def _distance(event: Event, incident: Incident) -> float:
    return min(_apart(event.time, other.time) for other in incident.marks)


def _by_time(events: t.Sequence[Event], window: int) -> list[list[Event]]:
    groups: list[list[Event]] = []
    for event in sorted(events, key=lambda event: event.time or 0):
        if groups and _apart(event.time, groups[-1][-1].time) <= window:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def cause_of(incident: Incident) -> Event | None:
    """The event that explains the others: the first real failure, else the symptom that says most."""
    known = [event for event in incident.events if event.code in ACCOUNTS]
    real = [event for event in known if event.code not in SYMPTOMS]
    if real:
        # Of one failure that is told several times, that with most numbers.
        first = min(real, key=lambda event: (event.time or 0, RANK[event.code]))
        return max((event for event in real if event.code == first.code), key=lambda event: len(event.fields))
    return min(known, key=lambda event: (RANK[event.code], event.time or 0)) if known else None


def finding_of(incident: Incident, subject: Subject) -> Finding | None:
    """The finding of an incident; null if nothing failed."""
    if incident.is_stop:
        return None
    is_past = subject.configured is not None and incident.time is not None and incident.time < subject.configured
    if is_past:
        # What it had then is not known any more.
        subject = dataclasses.replace(subject, plan=None, live=None)
    kill = next((event.kill for event in incident.events if event.kill), None)
    cause = cause_of(incident)
    if kill is not None:
        code, account = _killed(subject, kill)
    elif cause is not None:
        code, account = cause.code, account_of(cause.code, subject, cause.fields)
    elif incident.end is not None and incident.end.code is not None:
        end = incident.end
        if end.code == "killed" and subject.killed_in:
            # Where nobody may read the kernel log, its counts say as much; systemd learns nothing from cgroups v1.
            end = Ending("oom-kill", f"{end.words}, and {subject.killed_in} for want of memory")
        code, account = end.code or "", _ended(subject, end)
    else:
        return None
    others = [event for event in incident.events if event.code in ACCOUNTS and (kill or event.code != code)]
    symptoms = dict.fromkeys(account_of(event.code, subject, event.fields).message for event in others)
    evidence: list[Evidence] = []
    if incident.end is not None:
        exits = [event for event in incident.events if event.exit]
        source = exits[0].source if exits else incident.events[0].source
        evidence.append({"text": f"{subject.name} {incident.end.words}", "source": source})
    telling = [event for event in incident.events if not event.exit and event.code in _TELLING]
    told = dict.fromkeys((event.text, event.source) for event in telling)
    evidence += [{"text": text, "source": source} for text, source in list(told)[:_MOST_EVIDENCE]]
    return {
        "level": account.level,
        "code": code,
        "host": subject.host,
        "process": subject.name or None,
        "time": incident.time,
        "message": account.message,
        "evidence": evidence,
        "component": account.component,
        "options": account.options,
        "remedy": _CHANGED_SINCE if is_past else account.remedy,
        "symptoms": list(symptoms),
    }


_CHANGED_SINCE = "It has been given other options since: see whether it comes back."
_REMEDIES = {
    "killed": "See who did it: the kernel says so as root (journalctl --dmesg), if its memory was the reason.",
    "oom-kill": "Read the kernel log as root (journalctl --dmesg): it says whose limit was reached.",
    "stop-timeout": "Raise flink_stop_timeout, or see in its log what does not end.",
    "jvm-crash": "Read hs_err_pid*.log in its log directory: it names the library.",
    "crash-on-oom": "Read hs_err_pid*.log in its log directory: it names what was short.",
    "exit-on-oom": "Read its standard output in the journal: it says whether heap or metaspace was short.",
    "jvm-exit-on-oom": "Read its log: the error before says which memory was short.",
    "job-failed": "Look at the exceptions of the job.",
    "exit-code": "Read the end of its log and of the journal.",
    "fatal-error": "Read what its log says of this error.",
}


def _ended(subject: Subject, end: Ending) -> Account:
    level = "warning" if end.code == "stop-timeout" else "error"
    remedy = _REMEDIES[end.code or "exit-code"]
    return Account(level, f"{subject.title} {end.words}.", None, [], remedy)


def _killed(subject: Subject, kill: t.Any) -> tuple[str, Account]:
    """What the kernel killed, and whose limit was reached."""
    size, plan = kill["anonymous"], subject.size("total_process")
    planned = "" if plan is None else f", its plan {precise(plan)}"
    begin = f"{subject.title} was killed by the kernel at {precise(size)}"
    constraint = kill["constraint"] or ""
    if constraint in ("CONSTRAINT_CPUSET", "CONSTRAINT_MEMORY_POLICY"):
        message = f"{begin}: the memory of its NUMA node was used up{planned and f' ({planned[2:]})'}."
        remedy = "Plan less for each node of flink_taskmanager_numa_nodes: raise flink_reserved_memory."
        return "numa-memory", Account("error", message, None, [], remedy)
    if constraint == "CONSTRAINT_NONE" and (plan is None or size <= plan):
        message = f"{begin}: the host ran out of memory, not the process{planned}."
        remedy = "Raise flink_reserved_memory by what others take on this host, or plan fewer processes."
        return "host-memory", Account("error", message, None, [], remedy)
    if constraint != "CONSTRAINT_NONE" and not _is_own(kill) and plan is not None and size <= plan:
        shared = kill["limited"].rpartition("/")[2]
        message = f"{begin}: the limit of {shared} was reached, not that of the process{planned}."
        remedy = (
            f"Raise the limit of {shared} by what others take in it, or plan less there: raise flink_reserved_memory."
        )
        return "oom-kill", Account("error", message, None, [], remedy)
    limit = _limit(subject, kill)
    bounded = ": the host ran out of memory" if constraint == "CONSTRAINT_NONE" else f": {limit}"
    return "oom-kill", _over_its_limit(subject, kill, f"{begin}{bounded}{planned}")


def _is_own(kill: t.Any) -> bool:
    """Whether the limit that was reached, if one is told of, is that of the unit."""
    return kill["limited"] is None or kill["limited"] == kill["cgroup"]


def _limit(subject: Subject, kill: t.Any) -> str:
    reading = subject.reading
    if not _is_own(kill):
        return f"the limit of {kill['limited'].rpartition('/')[2]} was reached"
    limit = _unit_limit(subject)
    return (
        "the limit of its unit was reached"
        if reading is None or limit is None
        else f"the limit of its unit is {precise(limit)}"
    )


def _unit_limit(subject: Subject) -> int | None:
    reading = subject.reading
    cgroup, service = (reading["cgroup"], reading["service"]) if reading else (None, None)
    limits = [cgroup["limit"] if cgroup else None, service["memory_limit"] if service else None]
    return min((limit for limit in limits if limit), default=None)


def _over_its_limit(subject: Subject, kill: t.Any, begin: str) -> Account:
    size, plan, overhead = kill["anonymous"], subject.size("total_process"), subject.size("jvm_overhead")
    limit = _unit_limit(subject)
    if plan is not None and limit is not None and limit < plan and size <= plan:
        remedy = f"Raise the limit of its unit to {precise(plan)} at least: MemoryMax in flink_service_overrides."
        return Account("error", f"{begin}: it was not allowed what is planned.", None, [], remedy)
    native = None if plan is None or overhead is None else size - (plan - overhead)
    explained = ""
    if plan is not None and overhead is not None:
        explained = f"; heap, direct memory, managed memory and metaspace can be {precise(plan - overhead)} of it"
        if native and native > 0:
            explained += f", so at least {precise(native)} are native memory that Flink does not see"
    loose = None if subject.is_jobmanager else unbounded(subject.config, subject.slots, is_seen=True)
    if loose is not None:
        title, key = loose
        return Account("error", f"{begin}{explained}.", "managed", [key], f"Remove {key}: nothing bounds {title}.")
    target = None if native is None else whole(max(native, overhead or 0) * 1.1)
    keys, remedy = raised(subject, "jvm_overhead", target)
    remedy = (
        f"Set flink_jemalloc to true, which keeps native memory from fragmenting; else {remedy[0].lower()}{remedy[1:]}"
    )
    return Account("error", f"{begin}{explained}.", "jvm_overhead", keys, remedy)
