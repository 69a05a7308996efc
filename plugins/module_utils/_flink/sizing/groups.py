# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes of all hosts that have the same options, and what is known of each."""

from __future__ import annotations

import dataclasses
import json
import math
import re
import typing as t

from ..values.config import overlay
from ..values.options import KNOWN
from .case import Case, Traits
from .window import answering

if t.TYPE_CHECKING:
    from ..diagnosis.findings import Finding
    from ..observation.readings import HostReading, JobReading, ProcessReading
    from ..values.results import HostPlan, ProcessPlan
    from .advice import ProcessWindow, Window
    from .deployed import Deployed, Drafts

# The parts that a process reports as they are planned, in all releases that report any.
_REPORTED = (
    *("framework_heap", "task_heap", "framework_off_heap", "task_off_heap", "network", "managed", "jvm_metaspace"),
    *("jvm_heap", "off_heap"),
)
# Options besides those of memory that rules read, or that count network buffers.
_COUNTING = ("state.backend", "execution.", "taskmanager.network.memory.")
# Hosts with a twentieth more memory are alike where a total is a share of it.
_ALIKE = 1.05
_SIZE = re.compile(r"[0-9]{1,19}b")
UNDEPLOYED = "the memory that runs is not what is planned: deploy first, and observe again"


@dataclasses.dataclass
class Group:
    """Processes of a kind with the same options, of which ``plan`` is the largest: shares of hosts differ by a little.

    ``index`` is that of the entry that has options of its own.
    """

    plan: ProcessPlan
    index: int | None
    traits: Traits
    cases: list[Case] = dataclasses.field(default_factory=list)
    held: dict[str, list[str]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class _Known:
    """What is known of processes, by host and name."""

    window: Window | None
    live: dict[tuple[str, str], _Live]
    findings: dict[tuple[str, str], list[Finding]]

    def case(self, host: str, plan: ProcessPlan, traits: Traits) -> tuple[Case, str | None]:
        """The process as the rules see it, and why nothing of it counts for less."""
        key = (host, plan["name"])
        window, reason = self._window_of(*key), None
        findings = tuple(finding for finding in self.findings.get(key, ()) if not self._is_past(finding, *key))
        reported = self.live.get(key)
        runs_other = reported is not None and reported.differs_from(plan)
        if runs_other or self._is_given_other(plan, *key):
            window, findings, reason = None, (), UNDEPLOYED
        elif reported is not None and reported.is_fresh is False:
            reason = "its metrics are stale: wait for web.timeout, and observe again"
        return Case(host, plan, traits, window, self._age(*key), findings), reason

    def _is_given_other(self, plan: ProcessPlan, host: str, name: str) -> bool:
        """Whether its host starts it with other sizes: then what is found of it has been answered once already."""
        reading = self._reading(host, name)
        given = {} if reading is None else reading["sizes"]
        planned = plan["dynamic_properties"].items()
        return any(key in given and value != f"{given[key]}b" for key, value in planned if _SIZE.fullmatch(value))

    def _is_past(self, finding: Finding, host: str, name: str) -> bool:
        """Whether it happened when the process had other options."""
        reading = self._reading(host, name)
        configured = None if reading is None else reading["configured"]
        return configured is not None and finding["time"] is not None and finding["time"] < configured

    def _window_of(self, host: str, name: str) -> ProcessWindow | None:
        """What was read of a process, if any of the cluster had work."""
        if self.window is None or not self.window["loaded"]:
            return None
        return self.window["processes"].get(host, {}).get(name)

    def _host(self, host: str) -> HostReading | None:
        return None if self.window is None else self.window["observation"]["hosts"].get(host)

    def _reading(self, host: str, name: str) -> ProcessReading | None:
        reading = self._host(host)
        found = [process for process in reading["processes"] if process["name"] == name] if reading else []
        return found[0] if found else None

    def _age(self, host: str, name: str) -> int | None:
        look, reading = self._host(host), self._reading(host, name)
        if look is None or reading is None or reading["started"] is None:
            return None
        return max(0, look["time"] - reading["started"])


@dataclasses.dataclass(frozen=True)
class _Live:
    """What a process reports of its memory, and whether its metrics are fresh."""

    memory: dict[str, int | None]
    is_fresh: bool | None

    def differs_from(self, plan: ProcessPlan) -> bool:
        return any(self.memory.get(name) not in (None, plan["memory"].get(name)) for name in _REPORTED)


def grouped(
    window: Window | None,
    findings: list[Finding],
    hosts: t.Mapping[str, Deployed],
    drafts: Drafts,
    withheld: list[str],
) -> list[Group]:
    """The processes of all hosts, those together that have the same options.

    ``withheld`` gets a sentence for each host without a plan.
    """
    known, jobs = _Known(window, _live(window), _by_process(findings, hosts)), _jobs(window)
    keys: dict[int, list[tuple[t.Any, ...]]] = {}
    groups: dict[tuple[t.Any, ...], Group] = {}
    for host, deployed in hosts.items():
        draft, objections = drafts.of(deployed)
        if draft is None:
            withheld.append(f"{host} cannot be planned, so nothing is recommended for it: {objections[0]}")
            continue
        if id(draft) not in keys:
            keys[id(draft)] = _keys(draft, deployed)
        for plan, key in zip(draft["plans"], keys[id(draft)]):
            if key not in groups:
                groups[key] = Group(plan, key[0], Traits.of(plan, jobs))
            group = groups[key]
            case, reason = known.case(host, plan, group.traits)
            group.cases.append(case)
            if total_of(plan["memory"]) > total_of(group.plan["memory"]):
                group.plan = plan
            if reason is not None:
                group.held.setdefault(reason, []).append(case.title)
    return list(groups.values())


def _keys(draft: HostPlan, deployed: Deployed) -> list[tuple[t.Any, ...]]:
    """What processes have in common that belong together; first the index of what has options of its own."""
    texts = [_settings(plan) for plan in draft["plans"]]
    kinds: dict[str, set[str]] = {}
    for plan, text in zip(draft["plans"], texts):
        kinds.setdefault(plan["process"], set()).add(text)
    owners = [index for index, entry in enumerate(deployed.processes) for _one in range(_instances(entry, draft))]
    keys: list[tuple[t.Any, ...]] = []
    for plan, text, index in zip(draft["plans"], texts, owners):
        own = overlay(deployed.processes[index]["config"] or {}, {})
        has_own = len(kinds[plan["process"]]) > 1 or any(key in KNOWN or key.startswith(_COUNTING) for key in own)
        keys.append((index if has_own else None, plan["process"], plan["flink_version"], text))
    return keys


def _settings(plan: ProcessPlan) -> str:
    """The options that count for the sizes of a process, as one text; shares that are about as large are alike."""
    counting = {
        key: value
        for key, value in {**plan["config"], **plan["asked"]}.items()
        if (key in KNOWN and key.startswith(plan["process"])) or key.startswith(_COUNTING)
    }
    about = int(math.log(total_of(plan["memory"]) or 1, _ALIKE)) if plan["asked"] else 0
    return json.dumps([counting, about], sort_keys=True, default=repr)


def _instances(entry: dict[str, t.Any], draft: HostPlan) -> int:
    """The processes of an entry; NUMA nodes multiply it."""
    nodes = entry.get("numa_nodes")
    if nodes == "all":
        nodes = {plan["numa_node"] for plan in draft["plans"]}
    return int(entry["count"]) * (len(nodes) if nodes else 1)


def _jobs(window: Window | None) -> tuple[JobReading, ...] | None:
    cluster = None if window is None else window["observation"]["cluster"]
    return None if cluster is None else tuple(job for job in cluster["jobs"] if job["state"] == "RUNNING")


def _live(window: Window | None) -> dict[tuple[str, str], _Live]:
    answers = {} if window is None else answering(window["observation"])
    return {key: _Live(answer["memory"], answer["is_fresh"]) for key, answer in answers.items()}


def _by_process(findings: list[Finding], hosts: t.Mapping[str, Deployed]) -> dict[tuple[str, str], list[Finding]]:
    """Findings by host and process; one that names no host is of the only one there is."""
    only = next(iter(hosts)) if len(hosts) == 1 else None
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        host, process = finding["host"] or only, finding["process"]
        if host is not None and process is not None:
            found.setdefault((host, process), []).append(finding)
    return found


def total_of(memory: dict[str, int | None]) -> int:
    """What a process takes of its host; the start script of a JobManager of 1.10 plans a heap only."""
    return memory["total_process"] or memory["jvm_heap"] or 0
