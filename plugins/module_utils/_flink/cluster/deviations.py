# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a live cluster has the memory that was planned."""

from __future__ import annotations

import dataclasses
import typing as t

from ..values.errors import FlinkError
from ..values.release import Release

if t.TYPE_CHECKING:
    from ..values.results import LiveJobManager, LiveTaskManager, ProcessPlan

# Since then a TaskManager has the ID that it is given, and both kinds of process report what was derived for them.
_REPORTING = (1, 12)
# Until then a TaskManager reports the configured maximum as its JVM overhead.
_REPORTING_OVERHEAD = (1, 12, 2)
# Until then it reports the totals as its configuration file has them.
_REPORTING_TOTALS = (1, 12, 5)


@dataclasses.dataclass(frozen=True)
class Process:
    """A planned process and what is live of it.

    ``figures`` are its slots and its memory under the names of a plan, null where they cannot be compared; it is null
    itself if there is no such process. ``deviations`` are sentences.
    """

    host: str
    plan: ProcessPlan
    figures: dict[str, int | None] | None
    deviations: list[str]


def memory_deviations(live: t.Any, plans: t.Any, host: t.Any) -> list[str]:
    """What is otherwise in a live cluster than in the plans of one host, a sentence each; nothing if all is as planned.

    ``live`` is what the module cluster_memory_info returns; the TaskManagers of the host have the IDs ``<host>-1``,
    ``<host>-2``, ... Raises FlinkError for anything else.
    """
    processes, _others = compare(live, [(host, plans)])
    return [sentence for process in processes for sentence in process.deviations]


def compare(live: t.Any, plans: t.Iterable[tuple[t.Any, t.Any]]) -> tuple[list[Process], list[str]]:
    """The planned processes of hosts beside what is live, and the IDs of the TaskManagers that nobody planned.

    Raises FlinkError as memory_deviations does.
    """
    try:
        release = live["flink_version"]
        version = Release.parse(release).version
        registered = list(live["taskmanagers"])
        processes = []
        for host, plans_of_host in plans:
            for plan in plans_of_host:
                if plan["process"] == "jobmanager":
                    process = _jobmanager(host, plan, live["jobmanager"], release)
                elif version >= _REPORTING:
                    process = _taskmanager(host, plan, registered, version)
                else:
                    process = _nameless_taskmanager(host, plan, registered)
                processes.append(process)
        return processes, [taskmanager["id"] for taskmanager in registered]
    except (AttributeError, KeyError, TypeError):
        raise FlinkError("expected the result of the module cluster_memory_info, and the plans of a host.") from None


def _taskmanager(
    host: str, plan: ProcessPlan, registered: list[LiveTaskManager], version: tuple[int, int, int]
) -> Process:
    resource_id = f"{host}-{plan['name'].rpartition('-')[2]}"
    for taskmanager in registered:
        if taskmanager["id"] == resource_id:
            registered.remove(taskmanager)
            figures = {"slots": taskmanager["slots"], **taskmanager["memory"]}
            if version < _REPORTING_OVERHEAD:
                figures["jvm_overhead"] = None
            if version < _REPORTING_TOTALS:
                figures.update(total_flink=None, total_process=None)
            planned = {"slots": plan["slots"]["count"], **plan["memory"]}
            return Process(host, plan, figures, _differences(plan["name"], figures, planned))
    return Process(host, plan, None, [f"{plan['name']}: no TaskManager is registered as {resource_id}."])


def _nameless_taskmanager(host: str, plan: ProcessPlan, registered: list[LiveTaskManager]) -> Process:
    """Older TaskManagers have random IDs and report two figures: one that has both of a plan is taken to be it."""
    slots, managed = plan["slots"]["count"], plan["memory"]["managed"]
    for taskmanager in registered:
        if (taskmanager["slots"], taskmanager["memory"]["managed"]) == (slots, managed):
            registered.remove(taskmanager)
            return Process(host, plan, {"slots": slots, "managed": managed}, [])
    missing = f"{plan['name']}: no TaskManager with {slots} slots and {managed} bytes of managed memory is registered."
    return Process(host, plan, None, [missing])


def _jobmanager(host: str, plan: ProcessPlan, live: LiveJobManager, release: str) -> Process:
    planned = str(plan["flink_version"])
    if release != planned and not release.startswith(f"{planned}."):
        return Process(host, plan, None, [f"{plan['name']}: Flink {release} answers, planned is {planned}."])
    figures = live["memory"] if Release.parse(release).version >= _REPORTING else {}
    reported = plan["jvm_args"] if live["jvm_args"] is None else live["jvm_args"]
    missing = [argument for argument in plan["jvm_args"] if argument not in reported]
    deviations = [
        *_differences(plan["name"], figures, plan["memory"]),
        *(f"{plan['name']}: its JVM was not started with {argument}." for argument in missing),
    ]
    return Process(host, plan, figures, deviations)


def _differences(name: str, live: dict[str, int | None], planned: dict[str, int | None]) -> list[str]:
    """What a process does not report is taken as planned."""
    return [
        f"{name}: {component.replace('_', ' ')} is {value}, planned is {planned[component]}."
        for component, value in live.items()
        if value is not None and value != planned[component]
    ]
