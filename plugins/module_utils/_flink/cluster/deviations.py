# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a live cluster has the memory that was planned."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..values.release import Release
from ..values.shapes import by_key, check, list_of, mapping, mapping_of, memory, nullable, size, text

if t.TYPE_CHECKING:
    from ..values.results import LiveJobManager, LiveTaskManager, ProcessPlan

# Since then a TaskManager has the ID that it is given, and both kinds of process report what was derived for them.
_REPORTING = (1, 12)
# Until then a TaskManager reports the configured maximum as its JVM overhead.
_REPORTING_OVERHEAD = (1, 12, 2)
# Until then it reports the totals as its configuration file has them.
_REPORTING_TOTALS = (1, 12, 5)

# What others build may have more after the numbers, as in 2.3.0-vendor1.
_NUMBERS = re.compile(r"[0-9]+(\.[0-9]+){1,2}")

_SUMS = ("jvm_metaspace", "jvm_overhead", "total_flink", "total_process")
_OF_TASKMANAGER = ("framework_heap", "task_heap", "framework_off_heap", "task_off_heap", "network", "managed", *_SUMS)
_OF_JOBMANAGER = ("jvm_heap", "off_heap", *_SUMS)
_PLAN = {"name": text, "flink_version": text, "jvm_args": list_of(text)}
_OF_PROCESS = {
    "jobmanager": mapping({**_PLAN, "memory": memory(*_OF_JOBMANAGER)}),
    "taskmanager": mapping({**_PLAN, "memory": memory(*_OF_TASKMANAGER), "slots": mapping({"count": nullable(size)})}),
}
_PLANS_BY_HOST = mapping_of(list_of(by_key("process", _OF_PROCESS)))
_LIVE = {
    "flink_version": text,
    "taskmanagers": list_of(
        mapping({"id": text, "slots": size, "memory": mapping(dict.fromkeys(_OF_TASKMANAGER, nullable(size)))})
    ),
}
_LIVE_JOBMANAGER = {
    "jobmanager": mapping(
        {"memory": mapping(dict.fromkeys(_OF_JOBMANAGER, nullable(size))), "jvm_args": nullable(list_of(text))}
    )
}


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
    check(host, text, "the name of a host")
    processes, _others = compare(live, {host: plans})
    return [sentence for process in processes for sentence in process.deviations]


def compare(live: t.Any, plans_by_host: t.Any) -> tuple[list[Process], list[str]]:
    """The planned processes of hosts beside what is live, and the IDs of the TaskManagers that nobody planned.

    Raises FlinkError as memory_deviations does.
    """
    expected = "the result of the module cluster_memory_info, and the plans of a host"
    check(plans_by_host, _PLANS_BY_HOST, expected)
    planned = [(host, plan) for host, plans in plans_by_host.items() for plan in plans]
    has_jobmanager = any(plan["process"] == "jobmanager" for _host, plan in planned)
    check(live, mapping({**_LIVE, **_LIVE_JOBMANAGER} if has_jobmanager else _LIVE), expected)
    release = live["flink_version"]
    numbers = _NUMBERS.match(release)
    version = Release.parse(numbers[0] if numbers else release).version
    registered = list(live["taskmanagers"])
    processes = []
    for host, plan in planned:
        if plan["process"] == "jobmanager":
            process = _jobmanager(host, plan, live["jobmanager"], release, version)
        elif version >= _REPORTING:
            process = _taskmanager(host, plan, registered, version)
        else:
            process = _nameless_taskmanager(host, plan, registered)
        processes.append(process)
    return processes, [taskmanager["id"] for taskmanager in registered]


def _taskmanager(
    host: str, plan: ProcessPlan, registered: list[LiveTaskManager], version: tuple[int, int, int]
) -> Process:
    resource_id = f"{host}-{plan['name'].rpartition('-')[2]}"
    for taskmanager in registered:
        if taskmanager["id"] == resource_id:
            registered.remove(taskmanager)
            figures = {"slots": taskmanager["slots"], **{name: taskmanager["memory"][name] for name in _OF_TASKMANAGER}}
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


def _jobmanager(
    host: str, plan: ProcessPlan, live: LiveJobManager, release: str, version: tuple[int, int, int]
) -> Process:
    planned = plan["flink_version"]
    if re.match(rf"{re.escape(planned)}(?![0-9])", release) is None:
        return Process(host, plan, None, [f"{plan['name']}: Flink {release} answers, planned is {planned}."])
    figures = {name: live["memory"][name] for name in _OF_JOBMANAGER} if version >= _REPORTING else {}
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
