# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a live cluster has the memory that was planned.

Private to this collection: may change at any time.
"""

from __future__ import annotations

import typing as t

from ._errors import FlinkMemoryError
from ._release import Release

# Since then a TaskManager has the ID that it is given, and both kinds of process report what was derived for them.
_REPORTING = (1, 12)
# Until then a TaskManager reports the configured maximum as its JVM overhead.
_REPORTING_OVERHEAD = (1, 12, 2)
# Until then it reports the totals as its configuration file has them.
_REPORTING_TOTALS = (1, 12, 5)


def memory_deviations(live: t.Any, plans: t.Any, host: t.Any) -> list[str]:
    """What is otherwise in a live cluster than in the plans of one host, a sentence each; nothing if all is as planned.

    ``live`` is what the module cluster_memory_info returns; the TaskManagers of the host have the IDs ``<host>-1``,
    ``<host>-2``, ... Raises FlinkMemoryError for anything else.
    """
    try:
        version = Release.parse(live["flink_version"]).version
        registered = list(live["taskmanagers"])
        deviations: list[str] = []
        for plan in plans:
            if plan["process"] == "jobmanager":
                deviations += _of_jobmanager(plan, live["jobmanager"], version)
            elif version >= _REPORTING:
                deviations += _of_taskmanager(plan, registered, f"{host}-{plan['name'].rpartition('-')[2]}", version)
            else:
                deviations += _of_nameless_taskmanager(plan, registered)
    except (AttributeError, KeyError, TypeError):
        raise FlinkMemoryError(
            "expected the result of the module cluster_memory_info, and the plans of a host."
        ) from None
    return deviations


def _of_taskmanager(
    plan: dict[str, t.Any], registered: list[dict[str, t.Any]], resource_id: str, version: tuple[int, int, int]
) -> list[str]:
    found = [taskmanager for taskmanager in registered if taskmanager["id"] == resource_id]
    if not found:
        return [f"{plan['name']}: no TaskManager is registered as {resource_id}."]
    live = {"slots": found[0]["slots"], **found[0]["memory"]}
    if version < _REPORTING_OVERHEAD:
        del live["jvm_overhead"]
    if version < _REPORTING_TOTALS:
        del live["total_flink"], live["total_process"]
    return _differences(plan["name"], live, {"slots": plan["slots"]["count"], **plan["memory"]})


def _of_nameless_taskmanager(plan: dict[str, t.Any], registered: list[dict[str, t.Any]]) -> list[str]:
    """Older TaskManagers have random IDs and report two figures: one that has both of a plan is taken to be it."""
    wanted = (plan["slots"]["count"], plan["memory"]["managed"])
    for taskmanager in registered:
        if (taskmanager["slots"], taskmanager["memory"]["managed"]) == wanted:
            registered.remove(taskmanager)
            return []
    return [
        f"{plan['name']}: no TaskManager with {wanted[0]} slots and {wanted[1]} bytes of managed memory is registered."
    ]


def _of_jobmanager(plan: dict[str, t.Any], live: dict[str, t.Any], version: tuple[int, int, int]) -> list[str]:
    memory = live["memory"] if version >= _REPORTING else {}
    reported = plan["jvm_args"] if live["jvm_args"] is None else live["jvm_args"]
    missing = [argument for argument in plan["jvm_args"] if argument not in reported]
    return [
        *_differences(plan["name"], memory, plan["memory"]),
        *(f"{plan['name']}: its JVM was not started with {argument}." for argument in missing),
    ]


def _differences(name: str, live: dict[str, t.Any], planned: dict[str, t.Any]) -> list[str]:
    """What a process does not report is taken as planned."""
    return [
        f"{name}: {component.replace('_', ' ')} is {value}, planned is {planned[component]}."
        for component, value in live.items()
        if value is not None and value != planned[component]
    ]
