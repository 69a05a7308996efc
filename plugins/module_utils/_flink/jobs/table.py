# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The jobs of a cluster as a table for people."""

from __future__ import annotations

import collections
import datetime as dt
import typing as t

from ..values.shapes import check, integer, list_of, mapping, nullable, size, text
from ..values.size import rounded
from ..values.traces import printable
from .decision import TERMINAL, is_whole

# As long as an ID below it, so that a line has at most 120 columns; only paths are longer.
_LONGEST_NAME = 34
_LONGEST_PATH = 1000
_LONGEST_FAILURE = 400
_HEAD = ("name", "state", "since (UTC)", "parallel", "slots", "restarts", "checkpoint", "size")
_BELOW_HEAD = ("  ID", "savepoint")
_GAP = "  "

_STATE = mapping({"path": text, "time": size})
_JOBS = list_of(
    mapping(
        {
            "id": text,
            "name": text,
            "state": text,
            "start_time": size,
            "duration": size,
            "tasks": mapping({"total": size, "running": size}, {"finished": size}),
        },
        {
            "parallelism": size,
            "slots": size,
            "restarts": nullable(integer),
            "checkpoint": nullable(mapping({"time": size, "size": size})),
            "savepoint": nullable(_STATE),
            "failure": nullable(text),
            "failure_time": nullable(size),
        },
    )
)
# At least so many seconds, the seconds of a unit, and the unit.
_AGES = ((2 * 86400, 86400, "d"), (2 * 3600, 3600, "h"), (2 * 60, 60, "min"), (0, 1, "s"))
# Of datetime: the year 9999, in milliseconds.
_LATEST = 253_402_300_799_999

_Job = t.Mapping[str, t.Any]


def job_table(jobs: t.Any) -> str:
    """A table of two lines for each job: what it does, and below its ID and its newest savepoint.

    ``jobs`` are those that the module job_info returns. Ages are those at the time of the query. Raises FlinkError for
    anything else.
    """
    check(jobs, _JOBS, "the jobs that job_info returns")
    states = collections.Counter(_shown(job["state"]) for job in jobs)
    told = ", ".join(f"{number} {state}" for state, number in states.most_common())
    title = f"{len(jobs)} job{'' if len(jobs) == 1 else 's'}{': ' if told else ''}{told}"
    if not jobs:
        return f"{title}\n"
    rows = [_HEAD, *map(_cells, jobs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    widths[0] = max(widths[0], *(len(_below(job)[0]) for job in jobs))
    lines: list[str] = []
    for row, (job_id, savepoint) in zip(rows, (_BELOW_HEAD, *map(_below, jobs))):
        lines += [_line(row, widths), f"{job_id:<{widths[0]}}{_GAP}{savepoint}"]
    rule = "-" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    return "\n".join([title, "", *lines[:2], rule, *lines[2:], rule, *_failures(jobs)]) + "\n"


def _line(cells: t.Sequence[str], widths: t.Sequence[int]) -> str:
    left = [cell.ljust(width) for cell, width in zip(cells[:3], widths)]
    return _GAP.join([*left, *(cell.rjust(width) for cell, width in zip(cells[3:], widths[3:]))]).rstrip()


def _cells(job: _Job) -> tuple[str, ...]:
    checkpoint, tasks = job.get("checkpoint"), f"{job['tasks']['running']}/{job['tasks']['total']}"
    is_partial = job["state"] not in TERMINAL and not is_whole(job)
    return (
        _shown(job["name"]),
        f"{_shown(job['state'])}{' ' + tasks if is_partial else ''}",
        _time(job["start_time"]),
        _number(job.get("parallelism")),
        _number(job.get("slots")),
        _number(job.get("restarts")),
        _when(job, checkpoint["time"]) if checkpoint else "-",
        rounded(checkpoint["size"]) if checkpoint else "-",
    )


def _below(job: _Job) -> tuple[str, str]:
    savepoint = job.get("savepoint")
    place = f"{printable(savepoint['path'], _LONGEST_PATH)}, {_when(job, savepoint['time'])}" if savepoint else "-"
    return f"  {_shown(job['id'])}", place


def _failures(jobs: t.Sequence[_Job]) -> list[str]:
    told = []
    for job in jobs:
        if job.get("failure"):
            time = f" {_when(job, job['failure_time'])}" if job.get("failure_time") else ""
            told.append(f"{_shown(job['name'])} failed{time}: {printable(job['failure'], _LONGEST_FAILURE)}")
    return told


def _shown(word: str) -> str:
    return printable(word, _LONGEST_NAME)


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def _time(milliseconds: int) -> str:
    """In UTC, to the minute."""
    moment = dt.datetime.fromtimestamp(min(milliseconds, _LATEST) // 1000, dt.timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M")


def _when(job: _Job, milliseconds: int) -> str:
    """How long ago it was when the cluster was asked; of a job that has ended, at what time."""
    if job["state"] in TERMINAL:
        return _time(milliseconds)
    seconds = max(0, job["start_time"] + job["duration"] - milliseconds) // 1000
    unit, letters = next((unit, letters) for least, unit, letters in _AGES if seconds >= least)
    return f"{seconds // unit} {letters} ago"
