# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet as a picture for a document."""

from __future__ import annotations

import dataclasses
import textwrap

from .drawing import BAR_UNITS, KINDS, TIMES, Bar, Drawing, Row, differences, draw, template

_WIDTH = 960
_MARGIN = 16
_BAR_HEIGHT = 22
_LINE_HEIGHT = 17
_CHARACTERS = 130
_NAMES = 70
_LEGEND_COLUMN = 185
_LEGEND_COLUMNS = 5


@dataclasses.dataclass(frozen=True)
class _PlacedBar:
    """A bar: its top, the factor that brings its units to the scale of the picture, and what to write over it."""

    top: int
    factor: float
    drawn: Bar
    words: str


@dataclasses.dataclass(frozen=True)
class _PlacedRow:
    """A row with the base lines of its texts."""

    row: Row
    title: str
    base: int
    bars: list[_PlacedBar]
    lines: list[tuple[int, str]]


def fleet_picture(fleet: object, before: object = None) -> str:
    """An SVG image of all hosts, to one scale; with another fleet, of each host before and after.

    Raises FlinkError for what is no fleet.
    """
    drawing = draw(fleet, before)
    legend = _legend(drawing)
    top = 84 + (legend[-1][1] if legend else 0)
    rows, height = _place(drawing, top + 24)
    scale = (_WIDTH - 2 * _MARGIN) / drawing.extent
    return template("picture.svg.j2").render(
        drawing=drawing,
        legend=legend,
        rows=rows,
        ticks=[(round(_MARGIN + size * scale, 1), words) for size, words in drawing.ticks],
        tick_base=top,
        width=_WIDTH,
        height=height,
        margin=_MARGIN,
        bar_height=_BAR_HEIGHT,
    )


def _legend(drawing: Drawing) -> list[tuple[int, int, str, str]]:
    """Left, top, class and name of each kind that is to be seen."""
    seen = {segment.css for drawn in drawing.bars for part in [*drawn.processes, drawn.rest] for segment in part}
    kinds = [(kind.css, kind.name) for kind in KINDS.values() if kind.css in seen]
    return [
        (_MARGIN + index % _LEGEND_COLUMNS * _LEGEND_COLUMN, index // _LEGEND_COLUMNS * 20, css, name)
        for index, (css, name) in enumerate(kinds)
    ]


def _place(drawing: Drawing, top: int) -> tuple[list[_PlacedRow], int]:
    """All rows from the top down, and where they end."""
    placed = []
    for row in drawing.rows:
        base, top = top + 14, top + 22
        bars = []
        for drawn, words in ((row.bar_before, drawing.before), (row.bar_after, drawing.after)):
            if drawn is not None:
                if drawing.is_compared:
                    top += _LINE_HEIGHT
                factor = (_WIDTH - 2 * _MARGIN) * drawn.extent / drawing.extent / BAR_UNITS
                bars.append(_PlacedBar(top, factor, drawn, words))
                top += _BAR_HEIGHT + 4
        texts = row.reasons + (differences(row) if drawing.is_compared else [])
        lines = []
        for line in [line for text in texts for line in textwrap.wrap(text, _CHARACTERS)]:
            lines.append((top + 13, line))
            top += _LINE_HEIGHT
        placed.append(_PlacedRow(row, title(row), base, bars, lines))
        top += 18
    return placed, top


def title(row: Row) -> str:
    """How many hosts, and their names as far as there is room."""
    names = ", ".join(row.names)
    if len(names) > _NAMES:
        names = f"{row.names[0]} … {row.names[-1]}" if len(row.names) > 1 else f"{names[: _NAMES - 1]}…"
    return f"{len(row.hosts)} {TIMES} {names}" if len(row.hosts) > 1 else names
