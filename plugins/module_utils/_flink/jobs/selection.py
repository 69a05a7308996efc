# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which jobs are meant, and what they are called."""

from __future__ import annotations

import typing as t

from ..values.errors import FlinkError, listed, quoted

if t.TYPE_CHECKING:
    from .answers import ListedJob


def select(jobs: t.Sequence[ListedJob], wanted: t.Sequence[str]) -> list[ListedJob]:
    """The jobs with these names or IDs, in the order of the cluster. Raises FlinkError for one that nobody has."""
    for word in wanted:
        if not any(word in (job["id"], job["name"]) for job in jobs):
            names = listed(sorted({job["name"] for job in jobs}), most=8)
            has = f"It has {names}." if names else "It has none."
            raise FlinkError(f"jobs: expected names or IDs of jobs of this cluster, got {quoted(word)}. {has}")
    return [job for job in jobs if job["id"] in wanted or job["name"] in wanted]


def labels(jobs: t.Sequence[ListedJob]) -> dict[str, str]:
    """What to call each job, by its ID: by its name, and by its ID too if others have the same name."""
    names = [job["name"] for job in jobs]
    return {job["id"]: job["name"] if names.count(job["name"]) == 1 else f"{job['name']} ({job['id']})" for job in jobs}
