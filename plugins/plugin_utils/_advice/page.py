# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Advice as a page for a browser, in one file that needs nothing else, as the page of a fleet.

All is in the page as it is to be seen; the script only filters and copies.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import pathlib
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import rounded
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import STATUSES, natural
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.drawing import (
    BAR_UNITS,
    KINDS,
    Segment,
    segments,
    template,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.reading import read_fleet

from .advice_table import pasted, reasons, rows, signed, summary, title
from .findings_table import place, when, worst_first
from .reading import read_advice, read_window
from .use import Use, uses

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.findings import Finding
    from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.advice import (
        Advice,
        Resized,
        Window,
    )
    from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.types import Fleet

_STATUSES = {"error": "refused", "warning": "warned"}


@dataclasses.dataclass(frozen=True)
class _Bar:
    """A process of so many bytes: its parts, what is used of them, and its peak, in units of the bar."""

    extent: int
    planned: list[Segment]
    used: list[Segment] | None = None
    peak: int | None = None


@dataclasses.dataclass(frozen=True)
class _Change:
    """Processes that are to be changed, before and after."""

    resized: Resized
    before: _Bar
    after: _Bar


@dataclasses.dataclass(frozen=True)
class _Process:
    """A process of a host, what it uses of its plan, and what was found there."""

    host: str
    name: str
    total: int | None
    peak: int | None
    uses: list[Use]
    drawn: _Bar | None
    findings: list[Finding]

    @property
    def status(self) -> str:
        return _STATUSES.get(self.findings[0]["level"], "fine") if self.findings else "fine"


def advice_page(advice: object, window: object = None, fleet: object = None) -> str:
    """An HTML document: what to change and why, and every process with what it uses of its plan.

    ``window`` are the looks that the advice is from, ``fleet`` the plans. Raises FlinkError for anything else.
    """
    given = read_advice(advice)
    seen = None if window is None else read_window(window)
    planned = None if fleet is None else read_fleet(fleet)
    processes = _processes(given, seen, planned)
    changes = [_Change(one, _bar(one["before"]), _bar(one["after"])) for one in given["resized"]]
    bars = [process.drawn for process in processes if process.drawn] + [
        drawn for change in changes for drawn in (change.before, change.after)
    ]
    placed = {(process.host, process.name) for process in processes}
    script = (pathlib.Path(__file__).parents[1] / "_fleet/templates/advice.js").read_text(encoding="utf-8")
    return template("advice.html.j2").render(
        advice=given,
        bar_units=BAR_UNITS,
        changes=changes,
        css={key: kind.css for key, kind in KINDS.items()},
        elsewhere=[one for one in worst_first(given["findings"]) if (one["host"], one["process"]) not in placed],
        extent=max((drawn.extent for drawn in bars), default=1),
        kinds=KINDS,
        pasted=pasted,
        place=place,
        processes=processes,
        reasons=reasons,
        rounded=rounded,
        rows=rows,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        seen=seen,
        signed=signed,
        summary=summary(given),
        title=title,
        when=when,
    )


def _bar(memory: t.Mapping[str, int | None]) -> _Bar:
    """The components of a process as they are planned."""
    extent = max(memory.get("total_process") or 0, 1)
    sizes = {key: size for key, size in memory.items() if key in KINDS and size is not None}
    if "task_heap" in sizes:
        sizes.pop("jvm_heap", None)
    ordered = [(key, sizes[key], sizes[key]) for key in KINDS if key in sizes]
    planned, _used = _segments(ordered, max(extent, sum(sizes.values())))
    return _Bar(extent, planned)


def _segments(parts: t.Iterable[tuple[str, int, int]], extent: int) -> tuple[list[Segment], list[Segment]]:
    """Key, size and what is used of each part, as segments one after the other, and those of the used ones."""
    end, planned, used = 0, [], []
    for key, size, taken in parts:
        planned += segments(key, end, size, extent)
        used += segments(key, end, min(taken, size), extent)
        end += size
    return planned, used


def _processes(advice: Advice, window: Window | None, fleet: Fleet | None) -> list[_Process]:
    """All processes that are planned or were seen, those in trouble first."""
    memories: dict[tuple[str, str], t.Mapping[str, int | None]] = {}
    for host in fleet["hosts"] if fleet else ():
        if fleet and host["plan"] is not None:
            for process in fleet["plans"][host["plan"]]["processes"]:
                memories[host["host"], process["name"]] = process["memory"]
    lives = {
        (host, name): life["figures"]
        for host, members in (window["processes"] if window else {}).items()
        for name, life in members.items()
    }
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in worst_first(advice["findings"]):
        found.setdefault((finding["host"] or "", finding["process"] or ""), []).append(finding)
    processes = []
    for key in dict.fromkeys([*memories, *lives]):
        memory, figures = memories.get(key, {}), lives.get(key, {})
        parts, total = uses(memory, figures), memory.get("total_process")
        extent = max(total or 0, sum(part.planned for part in parts), 1)
        planned, used = _segments(((part.key, part.planned, part.used or 0) for part in parts), extent)
        peak = figures["peak"]["maximum"] if "peak" in figures else None
        mark = None if peak is None else min(peak, extent) * BAR_UNITS // extent
        drawn = _Bar(extent, planned, used, mark) if total else None
        processes.append(_Process(*key, total, peak, parts, drawn, found.get(key, [])))
    return sorted(processes, key=lambda one: (STATUSES.index(one.status), natural(one.host), natural(one.name)))
