# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet as comma-separated values."""

from __future__ import annotations

import csv
import io
import typing as t

from .reading import read_fleet

if t.TYPE_CHECKING:
    from .types import FleetPlan

_HOST: t.Final = ("memory", "reserved", "planned", "free", "limited_by")
_MEMORY = [
    *("framework_heap", "task_heap", "jvm_heap", "framework_off_heap", "task_off_heap", "off_heap", "network"),
    *("managed", "jvm_metaspace", "jvm_overhead", "jvm_direct", "total_flink", "total_process"),
]
# How a text begins that a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\n")
_COLUMNS = [
    *("host", "status", "error", "flink_version", *(f"host_{key}" for key in _HOST)),
    *("process", "numa_node", "slots", *_MEMORY, "jvm_args", "notes"),
]


def fleet_csv(fleet: object) -> str:
    """A line with names, then one for each process, sizes in bytes; for a host that has no plan, one without process.

    Raises FlinkError for what is no fleet.
    """
    read = read_fleet(fleet)
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for host in read["hosts"]:
        row = {key: host[key] for key in ("host", "status", "error")}
        plan = None if host["plan"] is None else read["plans"][host["plan"]]
        rows = ({**row, **columns} for columns in (_processes(plan) if plan else [{}]))
        writer.writerows({key: _unexecuted(value) for key, value in row.items()} for row in rows)
    return text.getvalue()


def _unexecuted(value: t.Any) -> t.Any:
    """A text as a spreadsheet takes it: in a single cell, and after an apostrophe if it would be a formula."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA) else text


def _processes(plan: FleetPlan) -> t.Iterator[dict[str, t.Any]]:
    shared = {"flink_version": plan["flink_version"], **{f"host_{key}": plan["host"][key] for key in _HOST}}
    for process in plan["processes"]:
        yield {
            **shared,
            "process": process["name"],
            "numa_node": process["numa_node"],
            "slots": process.get("slots", {}).get("count"),
            **{key: process["memory"].get(key) for key in _MEMORY},
            "jvm_args": " ".join(process["jvm_args"]),
            "notes": "\n".join(_notes(plan, process["name"])),
        }


def _notes(plan: FleetPlan, name: str) -> t.Iterator[str]:
    """What there is to say of a process, of its host, and of the options of all."""
    for note in plan["notes"]:
        if note["name"] in (name, "host", "config"):
            yield f"{note['level']}: {note['message']} {note['remedy']}"
