# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet as a page for a browser, in one file that needs nothing else.

All rows are in the page as they are to be seen, so that it can be read and printed where scripts may not run. The
script only sorts, filters and shows details, from the same plans as data.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pathlib
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import SUMS, TITLES

from .drawing import BAR_UNITS, KINDS, Drawing, Row, differences, draw, sizes, template
from .picture import title

if t.TYPE_CHECKING:
    from .types import FleetPlan, FleetProcess


def fleet_page(fleet: object, before: object = None) -> str:
    """An HTML document of all hosts; with another fleet, of each host before and after.

    Raises FlinkError for what is no fleet.
    """
    drawing = draw(fleet, before)
    script = (pathlib.Path(__file__).parent / "templates/page.js").read_text(encoding="utf-8")
    groups = sorted({group for row in drawing.rows for host in row.hosts for group in host["groups"]})
    return template("page.html.j2").render(
        drawing=drawing,
        bar_units=BAR_UNITS,
        data=_data(drawing, groups),
        differences=differences,
        groups=groups,
        kinds=KINDS,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        title_of=title,
    )


class _Pool:
    """Values by their numbers, each kept once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.values: list[t.Any] = []

    def number(self, value: t.Any) -> int:
        number = self._numbers.setdefault(json.dumps(value), len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


def _data(drawing: Drawing, groups: list[str]) -> str:
    """What the script works with, as JSON that ends no element of HTML."""
    plans, processes, sorts, texts = _Pool(), _Pool(), _Pool(), _Pool()
    group_numbers = {group: number for number, group in enumerate(groups)}

    def process(planned: FleetProcess) -> dict[str, t.Any]:
        derivation = planned["derivation"]
        return {
            "sort": sorts.number(
                {
                    "title": TITLES[planned["process"]],
                    "from": planned["derived_from"],
                    "asked": planned["asked"],
                    "slots": planned.get("slots", {}).get("count"),
                }
            ),
            "settings": {key: planned["settings"].get(key, "") for key in planned["derived_from"]},
            "args": planned["jvm_args"],
            "parts": {key: [size, texts.number(derivation.get(key, ""))] for key, size in sizes(planned).items()},
            "sums": {key: planned["memory"][key] for key in SUMS if planned["memory"].get(key) is not None},
        }

    def plan(planned: FleetPlan | None) -> int | None:
        if planned is None:
            return None
        return plans.number(
            {
                "version": planned["flink_version"],
                "host": planned["host"],
                "processes": [
                    [member["name"], processes.number(process(member)), member["numa_node"]]
                    for member in planned["processes"]
                ],
                "notes": [
                    [note["name"], *(texts.number(note[key]) for key in ("level", "message", "remedy"))]
                    for note in planned["notes"]
                ],
            }
        )

    def row(drawn: Row) -> dict[str, t.Any]:
        return {
            "hosts": [[host["host"], [group_numbers[group] for group in host["groups"]]] for host in drawn.hosts],
            "status": drawn.status,
            "reasons": drawn.reasons if drawn.status == "refused" else [],
            "plan": plan(drawn.plan),
            "before": plan(drawn.before),
        }

    data = {
        "rows": [row(drawn) for drawn in drawing.rows],
        "plans": plans.values,
        "processes": processes.values,
        "sorts": sorts.values,
        "texts": texts.values,
        "kinds": KINDS,
        "sums": SUMS,
        "words": [drawing.before, drawing.after],
        "compared": drawing.is_compared,
        "units": BAR_UNITS,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
