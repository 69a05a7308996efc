# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one look at a cluster to what happened there, and what is scarce: the cause before its symptoms."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..cluster.deviations import compare
from ..values.duration import parse_duration
from ..values.errors import FlinkError
from ..values.shapes import check, list_of, mapping, mapping_of, nullable, positive, size, text, variable
from ..values.size import precise
from .events import collect, resource_id
from .exit_codes import ending
from .failures import ACCOUNTS, account_of
from .incidents import SEPARATE, Incident, finding_of, incidents_of
from .shortages import finding, needed_bytes, shortages, unused_managed
from .subject import Subject

if t.TYPE_CHECKING:
    from ..observation.readings import Observation
    from ..values.release import Release
    from ..values.results import ProcessPlan
    from .events import Event, Key
    from .findings import Evidence, Finding

_PLAN = {
    **dict.fromkeys(("name", "process", "flink_version"), text),
    "config": mapping_of(variable),
    "memory": mapping_of(nullable(size)),
}
_PLANS = mapping_of(list_of(mapping(_PLAN, {"slots": mapping({"count": positive})})))
_LEVELS = ("error", "warning", "hint")
_HEARTBEAT = 50
# Clocks of hosts differ, and a loss is noticed at the next heartbeat only.
_SLACK = 15
_CLOCKS = 5
# slot.request.timeout: so long a job waits for the slots that a TaskManager took with it.
_SLOTS_COME = 300
# The figures of deviations that are sizes.
_BYTES = re.compile(r"\b[0-9]{4,}\b")
_SAID_BY_OTHERS = ("heartbeat", "lost-taskmanager", "lost-connection")


def explain(observation: Observation, plans_by_host: t.Mapping[str, t.Sequence[ProcessPlan]]) -> list[Finding]:
    """What an observation says beside the plans of its hosts: errors first, the last of them before the others.

    Raises FlinkError for what are no plans.
    """
    check(plans_by_host, _PLANS, "the plans of hosts")
    return _Explanation(observation, plans_by_host).findings()


class _Cause(t.NamedTuple):
    """An incident, and its finding if anything failed."""

    incident: Incident
    finding: Finding | None
    span: tuple[int, int] | None


class _Explanation:
    def __init__(self, observation: Observation, plans_by_host: t.Mapping[str, t.Sequence[ProcessPlan]]) -> None:
        self.observation, self.plans_by_host = observation, plans_by_host
        self.cluster = observation["cluster"]
        self.subjects = _subjects(observation, plans_by_host)
        self.window = _heartbeat_timeout(self.subjects.values()) + _SLACK
        self.gone: set[Key] = set()
        self.causes: list[_Cause] = []
        self.by_process: dict[Key | None, list[_Cause]] = {}

    def findings(self) -> list[Finding]:
        events = collect(self.observation, self.subjects, self.window)
        said: list[tuple[Key | None, Event]] = []
        for key, of_process in events.by_process.items():
            own = [event for event in of_process if key is not None and event.code not in _SAID_BY_OTHERS]
            said += [(key, event) for event in of_process if key is None or event.code in _SAID_BY_OTHERS]
            if key is None:
                continue
            subject = self._subject(key)
            for incident in incidents_of(key, own, subject, self.window):
                self._complete(incident)
                cause = _Cause(incident, finding_of(incident, subject), incident.span)
                self.causes.append(cause)
                self.by_process.setdefault(key, []).append(cause)
        scarce = [finding for subject in self.subjects.values() for finding in shortages(subject, self.cluster)]
        others = [self._stranger(host, kill) for host, kill in events.strangers]
        missing = self._missing()
        loose = self._attach(said, [*scarce, *missing])
        if self.cluster is not None:
            unused = unused_managed(self.cluster, list(self.subjects.values()))
            others += [unused] if unused else []
        caused = [cause.finding for cause in self.causes if cause.finding is not None]
        return _sorted(_merged([*caused, *scarce, *missing, *loose, *[other for other in others if other]]))

    def _subject(self, key: Key) -> Subject:
        return self.subjects.get(key) or Subject(key[0], key[1])

    def _complete(self, incident: Incident) -> None:
        """What a line does not say and the cluster does: what the job of too few network buffers needs."""
        if self.cluster is None or incident.key is None:
            return
        subject = self._subject(incident.key)
        for events in (incident.marks, incident.others):
            for number, event in enumerate(events):
                if event.code == "network-buffers":
                    jobs = [job for job in self.cluster["jobs"] if event.fields.get("job") in (None, job["id"])]
                    needed = needed_bytes(subject, jobs)
                    if needed:
                        fields = {**event.fields, "needed": str(needed)}
                        events[number] = dataclasses.replace(event, fields=fields)

    def _attach(self, said: t.Iterable[tuple[Key | None, Event]], now: list[Finding]) -> list[Finding]:
        """Symptoms to what they are symptoms of; the findings of those that nothing explains."""
        loose: dict[tuple[Key | None, str], list[Event]] = {}
        for key, event in said:
            if not self._explains(key, event, now):
                loose.setdefault((key, event.code), []).append(event)
        findings = []
        for (key, code), events in loose.items():
            subject = self._subject(key) if key else self._unnamed()
            incident = Incident(key, events)
            self._complete(incident)
            found = finding_of(incident, subject)
            if found is not None and not (key and code == "lost-connection" and (key, "heartbeat") in loose):
                findings.append(found)
        return findings

    def _explains(self, key: Key | None, event: Event, now: list[Finding]) -> bool:
        if event.code not in ACCOUNTS:
            return True
        causes = self.causes if key is None else self.by_process.get(key, ())
        near = sorted(
            (cause for cause in causes if self._is_near(cause, event)), key=lambda cause: _likelihood(cause, event)
        )
        if event.code not in (*_SAID_BY_OTHERS, "slots", "checkpoint-failed"):
            # An error of which nobody says whose it is: told already if somebody had it.
            return any(cause.finding and cause.finding["code"] == event.code for cause in near)
        for cause in near:
            if cause.finding is not None and cause.finding["code"] not in SEPARATE:
                _add_symptom(cause.finding, event, self._subject(key) if key else self._unnamed())
                return True
        if any(cause.incident.is_stop and self._comes_after(event, cause) for cause in near):
            return True
        for found in now:
            if self._is_of_now(found, event) and (key is None or (found["host"], found["process"]) == key):
                _add_symptom(found, event, self._subject(key) if key else self._unnamed())
                return True
        return False

    def _is_of_now(self, found: Finding, event: Event) -> bool:
        """Whether what is the case now may explain it: of a heap that starves, only what this life of it has seen."""
        if found["code"] in ("taskmanager-missing", "process-down"):
            return True
        reading = self._subject((found["host"] or "", found["process"] or "")).reading
        started = reading["started"] if reading else None
        return found["code"] == "heap-starving" and (started is None or event.time is None or event.time >= started)

    def _comes_after(self, event: Event, stop: _Cause) -> bool:
        """What others missed before a process was stopped is not for the stop; a connection is lost at once."""
        slack = _CLOCKS if event.code.startswith("lost-") else 0
        return event.time is None or stop.span is None or event.time >= stop.span[0] - slack

    def _is_near(self, cause: _Cause, event: Event) -> bool:
        if event.time is None or cause.span is None:
            return True
        later = self.window + (_SLOTS_COME if event.code == "slots" and cause.incident.end else 0)
        return cause.span[0] - self.window <= event.time <= cause.span[1] + later

    def _unnamed(self) -> Subject:
        """Of what nobody says whose it is."""
        plan = next((plan for plans in self.plans_by_host.values() for plan in plans), None)
        version = plan["flink_version"] if plan else self.cluster["flink_version"] if self.cluster else None
        return _Unnamed(None, "", flink_version=version)

    def _stranger(self, host: str, kill: t.Any) -> Finding | None:
        """A kill of something else counts where the whole host was out of memory."""
        if kill["constraint"] != "CONSTRAINT_NONE":
            return None
        size = precise(kill["anonymous"])
        message = f"{host} ran out of memory, and the kernel killed {kill['task']} there at {size}."
        remedy = "Raise flink_reserved_memory by what others take on this host, or plan fewer processes."
        found = finding(Subject(host, ""), "warning", "host-memory", message, [], None, ([], remedy))
        found["time"] = kill["time"]
        found["evidence"] = [{"text": f"process {kill['pid']} ({kill['task']})", "source": kill["source"]}]
        return found

    def _missing(self) -> list[Finding]:
        """What is planned and is not there, and what is there and is not as planned."""
        found = [self._down(key, subject) for key, subject in self.subjects.items()]
        findings = [finding for finding in found if finding is not None]
        if self.cluster is None:
            return findings
        told = {(finding["host"], finding["process"]) for finding in findings}
        live = {**self.cluster, "jobmanager": {**self.cluster["jobmanager"], "jvm_args": None}}
        try:
            compared = compare(live, dict(self.plans_by_host))[0]
        except FlinkError as exc:
            # Such as a release that nobody knows: what happened is to be told all the same.
            subject = Subject(None, "", flink_version=self.cluster["flink_version"])
            evidence: list[Evidence] = [{"text": self.cluster["flink_version"], "source": "REST"}]
            message = f"The cluster cannot be held against its plans: {exc}"
            advice: tuple[list[str], str] = ([], "Plan for the release that runs.")
            return [*findings, finding(subject, "warning", "not-as-planned", message, evidence, None, advice)]
        for process in compared:
            key = (process.host, process.plan["name"])
            if not process.deviations or key in told:
                continue
            subject = self._subject(key)
            if process.figures is None and not subject.is_jobmanager:
                findings += self._unregistered(key, subject, process.deviations[0])
            else:
                findings.append(_unlike(subject, process.deviations))
        return findings

    def _down(self, key: Key, subject: Subject) -> Finding | None:
        """A planned process that its host does not have."""
        reading = subject.reading
        if subject.plan is None or reading is None or reading["pid"] is not None:
            return None
        if self._was_told(key, "it does not run now"):
            return None
        service = reading["service"]
        state = f"{service['result']}, {service['code']} {service['status']}" if service else reading["state"]
        source = service["source"] if service else "the processes of the host"
        last = self._last_end(key)
        end = last.incident.end if last is not None else None
        if end is None and service is not None and service["code"] is not None:
            end = ending(service["code"], service["status"], service["result"], ())
        why = "nothing that was read says why" if end is None else f"it {end.words}"
        message = f"{subject.title} does not run ({reading['state']}): {why}."
        level = "warning" if end is not None and end.code is None else "error"
        by_hand = f"or systemctl start {reading['unit']}" if reading["unit"] else f"which starts {subject.name}"
        remedy = f"Start it: deploy again, {by_hand}."
        evidence: list[Evidence] = [{"text": state, "source": source}]
        return finding(subject, level, "process-down", message, evidence, None, ([], remedy))

    def _unregistered(self, key: Key, subject: Subject, deviation: str) -> list[Finding]:
        # A JobManager that has just begun waits for them as well.
        jobmanagers = [other for other in self.subjects.values() if other.is_jobmanager]
        uptimes = [other.uptime for other in (subject, *jobmanagers) if other.uptime is not None]
        if uptimes and min(uptimes) < self.window:
            return []
        runs = " though it runs" if subject.reading and subject.reading["pid"] else ""
        if not runs and self._was_told(key, "it is not registered now"):
            return []
        known = "nothing that was read says why" if key[0] in self.observation["hosts"] else "nobody looked at its host"
        message = f"{subject.title} is not registered with the JobManager{runs}, and {known}."
        remedy = "Read the end of its log: it says to which JobManager it tries to register, and what stops it."
        evidence: list[Evidence] = [{"text": deviation, "source": "/taskmanagers"}]
        return [finding(subject, "error", "taskmanager-missing", message, evidence, None, ([], remedy))]

    def _was_told(self, key: Key, symptom: str) -> bool:
        """Whether a failure of this process explains that it is gone: the last one gets it as a symptom."""
        end = self._last_end(key)
        last = end.finding if end is not None else None
        if last is None:
            return False
        if key not in self.gone:
            last["symptoms"].append(f"{last['process']} on {last['host']}: {symptom}.")
        self.gone.add(key)
        return True

    def _last_end(self, key: Key) -> _Cause | None:
        ends = [cause for cause in self.by_process.get(key, ()) if cause.incident.end]
        return max(ends, key=lambda end: end.span[1] if end.span else 0, default=None)


class _Unnamed(Subject):
    """A process of which nobody says which it is."""

    @property
    def title(self) -> str:
        return "a TaskManager"


def _subjects(observation: Observation, plans_by_host: t.Mapping[str, t.Sequence[ProcessPlan]]) -> dict[Key, Subject]:
    cluster = observation["cluster"]
    live: dict[str, t.Any] = {reading["id"]: reading for reading in cluster["taskmanagers"]} if cluster else {}
    plans = {(host, plan["name"]): plan for host, planned in plans_by_host.items() for plan in planned}
    readings = {
        (host, reading["name"]): reading
        for host, there in observation["hosts"].items()
        for reading in there["processes"]
    }
    jobmanagers = [key for key in {**plans, **readings} if key[1].startswith("jobmanager")]
    subjects = {}
    for key in {**plans, **readings}:
        host = observation["hosts"].get(key[0])
        of_cluster = live.get(resource_id(key))
        if key in jobmanagers:
            of_cluster = cluster["jobmanager"] if cluster and len(jobmanagers) == 1 else None
        subjects[key] = Subject(
            key[0],
            key[1],
            plans.get(key),
            readings.get(key),
            of_cluster,
            host["time"] if host else observation["time"],
            cluster["flink_version"] if cluster else None,
            host["slice"] if host else None,
        )
    return subjects


def _heartbeat_timeout(subjects: t.Iterable[Subject]) -> int:
    """Seconds: the longest of all processes."""
    given = {(subject.release, str(subject.config.values.get("heartbeat.timeout", ""))) for subject in subjects}
    return max(_HEARTBEAT, *(_seconds(value, release) for release, value in given), 0)


def _seconds(value: str, release: Release) -> int:
    try:
        return parse_duration(value, release) // 10**9
    except (FlinkError, ValueError):
        return 0


def _unlike(subject: Subject, deviations: t.Sequence[str]) -> Finding:
    first = _BYTES.sub(lambda number: precise(int(number[0])), deviations[0].partition(": ")[2])
    more = f" ({len(deviations) - 1} other figures differ as well)" if len(deviations) > 1 else ""
    message = f"{subject.title} does not run as planned: {first.rstrip('.')}{more}."
    evidence: list[Evidence] = [{"text": deviation, "source": "REST"} for deviation in deviations]
    remedy = "Deploy first: what is said here of its memory is that of the process as it runs."
    return finding(subject, "warning", "not-as-planned", message, evidence, None, ([], remedy))


def _likelihood(cause: _Cause, event: Event) -> tuple[bool, int]:
    """The lower, the more likely it is to be the cause of a symptom: an end before anything else, the closest first."""
    apart = 0 if event.time is None or cause.span is None else abs(event.time - cause.span[1])
    return cause.incident.end is None, apart


def _add_symptom(found: Finding, event: Event, subject: Subject) -> None:
    sentence = account_of(event.code, subject, event.fields).message.replace(", and nothing that was read says why", "")
    if sentence not in found["symptoms"]:
        found["symptoms"].append(sentence)


def _merged(findings: t.Iterable[Finding]) -> list[Finding]:
    """One finding for what happened to a process again and again: the last time, and how often."""
    groups: dict[tuple[str | None, str | None, str, str | None], list[Finding]] = {}
    for found in findings:
        groups.setdefault((found["host"], found["process"], found["code"], found["component"]), []).append(found)
    merged = []
    for group in groups.values():
        last = max(group, key=lambda found: found["time"] or 0)
        if len(group) > 1:
            last["evidence"].append({"text": f"{len(group)} times", "source": last["evidence"][0]["source"]})
            last["symptoms"] = list(dict.fromkeys(symptom for found in group for symptom in found["symptoms"]))
        merged.append(last)
    return merged


def _sorted(findings: t.Iterable[Finding]) -> list[Finding]:
    return sorted(
        findings,
        key=lambda found: (
            _LEVELS.index(found["level"]),
            -(found["time"] or 0),
            found["host"] or "",
            found["process"] or "",
            found["code"],
        ),
    )
