# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plans of many hosts as one value, which tables, files and pictures are made of.

Hosts that are given the same share one plan: it is computed once, whatever their number.
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import STRICT, draft_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.explanation import derivation
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.network_buffers import default_parallelism
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config, flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import KNOWN, Option
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import Checking
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import HostPlan, ProcessPlan

    from .types import Fleet, FleetHost, FleetPlan, FleetProcess

_SCHEDULER = Option("jobmanager.scheduler", (((1, 10), ""),))

STATUSES = ("refused", "warned", "fine")
_DIGITS = re.compile(r"(\d+)")


@dataclasses.dataclass(frozen=True)
class Asked:
    """What one host is to run, as ``plan_host`` takes it; ``problem`` is why that is not known."""

    host: str
    groups: list[str]
    flink_version: t.Any = None
    config: t.Any = None
    processes: list[dict[str, t.Any]] = dataclasses.field(default_factory=list)
    host_memory: t.Any = None
    reserved: t.Any = 0
    checking: Checking = STRICT
    problem: str | None = None


@dataclasses.dataclass(frozen=True)
class _Answer:
    """The index of a plan, if there is one; the status of its hosts, the reasons of a refusal, and the whole plan."""

    plan: int | None
    status: str
    error: str | None
    planned: HostPlan | None = None


def assemble(asked: t.Iterable[Asked]) -> Fleet:
    """The fleet: ``{"summary": {...}, "hosts": [...], "plans": [...]}``, hosts in trouble first."""
    plans = _Plans()
    hosts: list[FleetHost] = []
    for one in asked:
        answer = plans.of(one)
        error = None if answer.error is None else "\n".join(f"{one.host}: {line}" for line in answer.error.splitlines())
        hosts.append(
            {"host": one.host, "groups": one.groups, "status": answer.status, "plan": answer.plan, "error": error}
        )
    hosts.sort(key=lambda host: (STATUSES.index(host["status"]), natural(host["host"])))
    counts = {status: sum(host["status"] == status for host in hosts) for status in reversed(STATUSES)}
    return {"summary": {"hosts": len(hosts), **counts}, "hosts": hosts, "plans": plans.distinct}


def drafts(asked: t.Iterable[Asked]) -> dict[str, HostPlan]:
    """The plans of the hosts that have one, with their configuration, whether they fit or not."""
    plans = _Plans()
    answers = {one.host: plans.of(one).planned for one in asked}
    return {host: planned for host, planned in answers.items() if planned is not None}


def lack_of_slots(asked: t.Iterable[Asked], fleet: Fleet) -> str | None:
    """What to say if a streaming job with the default parallelism of a host needs more slots than all hosts have.

    Nothing if a host is not planned, or the scheduler makes do with fewer.
    """
    if any(host["plan"] is None for host in fleet["hosts"]):
        return None
    of_plans = [
        sum(process["slots"]["count"] for process in plan["processes"] if "slots" in process) for plan in fleet["plans"]
    ]
    slots = sum(of_plans[host["plan"]] for host in fleet["hosts"] if host["plan"] is not None)
    wanted = max((_parallelism(one) for one in asked), default=0)
    if not slots or wanted <= slots:
        return None
    return (
        f"parallelism.default: expected at most {slots}, the slots of all TaskManagers, got {wanted}: a job with it "
        f"waits for slots and fails. Lower it to {slots}, or add TaskManagers or slots."
    )


def _parallelism(asked: Asked) -> int:
    if not (isinstance(asked.config, dict) and any(str(key).startswith("parallelism") for key in asked.config)):
        return 0
    try:
        config = Config(flatten(asked.config), Release.parse(asked.flink_version))
        return 0 if config.text(_SCHEDULER).lower() == "adaptive" else default_parallelism(config) or 0
    except FlinkError:
        return 0


def alike(hosts: t.Iterable[FleetHost]) -> list[list[FleetHost]]:
    """The hosts of a fleet, those together that have the same plan, status and reasons."""
    groups: dict[tuple[t.Any, ...], list[FleetHost]] = {}
    for host in hosts:
        groups.setdefault((host["status"], host["plan"], *reasons(host)), []).append(host)
    return list(groups.values())


def reasons(host: FleetHost) -> list[str]:
    """Why a host is refused, without its name before each reason."""
    lines = (host["error"] or "").splitlines()
    prefix = f"{host['host']}: "
    return [line.removeprefix(prefix) for line in lines]


def natural(name: str) -> list[tuple[int, str]]:
    """Sorts tm-2 before tm-10."""
    return [(int(part), "") if part.isdigit() and part.isascii() else (-1, part) for part in _DIGITS.split(name)]


class _Plans:
    """Plans by what they were asked with, each computed once and each distinct one kept once."""

    def __init__(self) -> None:
        self.distinct: list[FleetPlan] = []
        self._answers: dict[str, _Answer] = {}
        self._indexes: dict[str, int] = {}

    def of(self, asked: Asked) -> _Answer:
        if asked.problem is not None:
            return _Answer(None, "refused", asked.problem)
        try:
            key = _text(
                [
                    *(asked.flink_version, asked.config, asked.processes),
                    *(_memory_text(asked.host_memory), asked.reserved, repr(asked.checking)),
                ]
            )
        except (RecursionError, TypeError, ValueError):
            # What is no JSON is no configuration either, and the plan says what is wrong with it.
            return self._answer(asked)
        if key not in self._answers:
            self._answers[key] = self._answer(asked)
        return self._answers[key]

    def _answer(self, asked: Asked) -> _Answer:
        try:
            planned, objections = draft_host(
                *(asked.config, asked.flink_version, asked.processes),
                *(asked.host_memory, asked.reserved, asked.checking),
            )
        except FlinkError as exc:
            return _Answer(None, "refused", str(exc))
        shown = _shown(planned, asked.flink_version)
        index = self._indexes.setdefault(_text(shown), len(self.distinct))
        if index == len(self.distinct):
            self.distinct.append(shown)
        warned = any(note["level"] == "warning" for note in planned["notes"])
        status = "refused" if objections else "warned" if warned else "fine"
        return _Answer(index, status, "\n".join(objections) or None, planned)


def _memory_text(memory: t.Any) -> t.Any:
    return dataclasses.asdict(memory) if dataclasses.is_dataclass(memory) and not isinstance(memory, type) else memory


def _text(value: t.Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _shown(planned: HostPlan, flink_version: t.Any) -> FleetPlan:
    """What a fleet shows of the plan of a host: nothing of the configuration but its memory options."""
    return {
        "flink_version": str(flink_version),
        "host": planned["host"],
        "processes": [_process(process) for process in planned["plans"]],
        "notes": planned["notes"],
    }


def _process(process: ProcessPlan) -> FleetProcess:
    shown: FleetProcess = {
        "name": process["name"],
        "process": process["process"],
        "numa_node": process["numa_node"],
        "derived_from": process["derived_from"],
        "settings": {
            key: value
            for key, value in process["config"].items()
            if key in KNOWN and key.startswith((process["process"], "external"))
        },
        "asked": process["asked"],
        "memory": process["memory"],
        "derivation": derivation(process["config"], process),
        "jvm_args": process["jvm_args"],
    }
    if "slots" in process:
        shown["slots"] = process["slots"]
    return shown
