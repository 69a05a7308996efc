# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan as a table for people."""

from __future__ import annotations

import typing as t

from ..values.shapes import check, list_of, mapping, memory, text
from ..values.size import rounded

TITLES = {"taskmanager": "TaskManager", "jobmanager": "JobManager", "local": "Local execution"}
_PARTS = (
    ("framework_heap", "framework heap"),
    ("task_heap", "task heap"),
    ("jvm_heap", "JVM heap"),
    ("framework_off_heap", "framework off-heap"),
    ("task_off_heap", "task off-heap"),
    ("off_heap", "off-heap"),
    ("network", "network"),
    ("managed", "managed"),
    ("jvm_metaspace", "JVM metaspace"),
    ("jvm_overhead", "JVM overhead"),
)
# By the key in a plan.
SUMS = {
    "jvm_heap": "JVM heap",
    "jvm_direct": "JVM direct",
    "total_flink": "total Flink",
    "total_process": "total process",
}
_BAR = 40
_PLAN = mapping({"memory": memory()}, {"process": text, "flink_version": text, "derived_from": list_of(text)})


def memory_table(plan: t.Any) -> str:
    """A table of at most 100 columns: every component in bytes, rounded, its share of the process, and a bar.

    Raises FlinkError for what is no plan.
    """
    check(plan, _PLAN, "a plan such as the filter streamops.flink.memory_plan gives")
    sizes = plan["memory"]
    parts = components(sizes)
    sums = [part for part in SUMS.items() if part[0] in sizes and part not in parts]
    whole = sizes["total_process"]
    rule = "-" * 54
    rows = [
        _headline(plan),
        f"{'component':<20}{'bytes':>21}{'size':>8}" + (f"{'share':>8}" if whole else ""),
        rule,
        *(_row(name, sizes[key], whole, bar=True) for key, name in parts),
        rule,
        *(_row(name, sizes[key], whole) for key, name in sums),
    ]
    return "\n".join(rows) + "\n"


def plans_line(plans: t.Iterable[t.Mapping[str, t.Any]]) -> str:
    """The processes of a host, each with its total process size where one is planned."""
    totals = [(plan["name"], plan["memory"]["total_process"]) for plan in plans]
    return ", ".join(name if total is None else f"{name} {rounded(total)}" for name, total in totals) or "no processes"


def components(memory: t.Mapping[str, int | None]) -> list[tuple[str, str]]:
    """The components in the memory of a plan and their names, in Flink's order; sums are not among them."""
    has_task_heap = "task_heap" in memory
    return [part for part in _PARTS if part[0] in memory and not (has_task_heap and part[0] == "jvm_heap")]


def _headline(plan: dict[str, t.Any]) -> str:
    title = TITLES.get(plan.get("process", ""), "Process")
    decided = " and ".join(plan.get("derived_from", ()))
    return f"{title}, Flink {plan.get('flink_version')}" + (f", from {decided}" if decided else "")


def _row(name: str, size: int | None, whole: int | None, *, bar: bool = False) -> str:
    if size is None:
        return f"{name:<20}{'not set':>21}"
    row = f"{name:<20}{size:>21}{rounded(size):>8}"
    if whole:
        row += f"{size * 100 / whole:>7.1f}%"
        if bar and size:
            row += "  " + ("\u2588" * (size * _BAR // whole) or "\u258f")
    return row
