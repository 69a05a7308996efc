# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of a cluster as a table for people: every process as it was planned and as it lives."""

from __future__ import annotations

import textwrap
import typing as t

from ..values.size import rounded
from .deviations import compare

if t.TYPE_CHECKING:
    from ..values.results import ProcessPlan
    from .deviations import Process

_WIDTH = 120
# Key, and the two lines of the head.
_TASKMANAGER = (
    ("slots", "", "slots"),
    ("framework_heap", "framework", "heap"),
    ("task_heap", "task", "heap"),
    ("framework_off_heap", "framework", "off-heap"),
    ("task_off_heap", "task", "off-heap"),
    ("network", "", "network"),
    ("managed", "", "managed"),
    ("jvm_metaspace", "JVM", "metaspace"),
    ("jvm_overhead", "JVM", "overhead"),
    ("total_process", "total", "process"),
)
_JOBMANAGER = (
    ("jvm_heap", "JVM", "heap"),
    ("off_heap", "", "off-heap"),
    ("jvm_metaspace", "JVM", "metaspace"),
    ("jvm_overhead", "JVM", "overhead"),
    ("total_process", "total", "process"),
)
_Columns = t.Tuple[t.Tuple[str, str, str], ...]


def cluster_table(live: t.Any, plans_by_host: t.Any) -> str:
    """A table of at most 120 columns: under each figure of a plan the live one, and below in bytes what differs.

    ``live`` is what the module cluster_memory_info returns, ``plans_by_host`` a mapping of hosts to their plans.
    Raises FlinkError for anything else.
    """
    processes, others = compare(live, plans_by_host)
    kinds = (
        ([process for process in processes if process.plan["process"] == "jobmanager"], _JOBMANAGER),
        ([process for process in processes if process.plan["process"] != "jobmanager"], _TASKMANAGER),
    )
    good = sum(not process.deviations for process in processes)
    blocks = [[f"Flink {live['flink_version']}: {good} of {len(processes)} processes are as planned"]]
    blocks += [_table(members, columns) for members, columns in kinds if members]
    blocks.append(_remarks(processes, others))
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _table(processes: list[Process], columns: _Columns) -> list[str]:
    gap = 1 if columns is _TASKMANAGER else 2
    widths = [max(7, len(first), len(second)) + gap for _key, first, second in columns]
    longest = max(max(len(process.host), len(process.plan["name"]) + 2) for process in processes)
    label = min(longest, _WIDTH - len("  plan") - sum(widths))
    labels = _labels((process.host for process in processes), label)

    def line(left: str, kind: str, cells: t.Iterable[str]) -> str:
        return f"{left:<{label}}  {kind:<4}{''.join(map(str.rjust, cells, widths))}".rstrip()

    rule = "-" * (label + len("  plan") + sum(widths))
    lines = [
        line("host", "", (first for _key, first, _second in columns)),
        line("  process", "", (second for _key, _first, second in columns)),
        rule,
    ]
    for process in processes:
        figures, planned = process.figures, {**process.plan["memory"], "slots": _slots(process.plan)}
        lines.append(line(labels[process.host], "plan", [_shown(key, planned.get(key)) for key, *_head in columns]))
        cells = ["  not registered"] if figures is None else [_live(key, figures, planned) for key, *_head in columns]
        lines.append(line(f"  {process.plan['name']}", "live", cells))
    return [*lines, rule]


def _slots(plan: ProcessPlan) -> int | None:
    return plan["slots"]["count"] if "slots" in plan else None


def _labels(hosts: t.Iterable[str], width: int) -> dict[str, str]:
    """The names of hosts, cut where they are too long: at the end, or at the front if that is where they differ."""
    given = set(hosts)
    at_end = {host: host if len(host) <= width else f"{host[: width - 1]}\u2026" for host in given}
    at_front = {host: host if len(host) <= width else f"\u2026{host[1 - width :]}" for host in given}
    return at_end if len(set(at_end.values())) == len(given) else at_front


def _live(key: str, figures: dict[str, int | None], planned: dict[str, int | None]) -> str:
    value = figures.get(key)
    return _shown(key, value) if value is None or value == planned.get(key) else f"*{_shown(key, value)}"


def _shown(key: str, value: int | None) -> str:
    if value is None:
        return "-"
    return str(value) if key == "slots" else rounded(value)


def _remarks(processes: list[Process], others: list[str]) -> list[str]:
    remarks = []
    if any(process.figures is not None and process.figures.get("total_process") is None for process in processes):
        remarks.append("-  is not reported by this release.")
    if sum(process.plan["process"] == "jobmanager" for process in processes) > 1:
        remarks.append("Only the leading JobManager answers: its figures stand for all of them.")
    if others:
        remarks += _wrapped(f"Also registered: {', '.join(others)}")
    if any(process.deviations for process in processes):
        remarks.append("*  is not as planned. In bytes:")
    for process in processes:
        for sentence in process.deviations:
            remarks += _wrapped(f"   {process.host}: {sentence}")
    return remarks


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, subsequent_indent="     ", break_on_hyphens=False)
