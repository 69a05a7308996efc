# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many network buffers the jobs of a cluster need of a TaskManager, by their edges."""

from __future__ import annotations

import typing as t

from ..memory.network_buffers import most_buffers, required_buffers
from ..values.errors import FlinkError

if t.TYPE_CHECKING:
    from ..observation.readings import Edge, JobReading
    from ..values.config import Config


def needed_buffers(config: Config, slots: int, jobs: t.Iterable[JobReading]) -> int | None:
    """What is enough however a job is spread, of the job that needs most.

    Null if no job has an edge, or an option that counts cannot be read.
    """
    try:
        needed = max((_of_job(config, slots, job) for job in jobs), default=0)
    except FlinkError:
        return None
    return needed or None


def _of_job(config: Config, slots: int, job: JobReading) -> int:
    subtasks = min(slots, max(1, job["parallelism"]))
    return sum(required_buffers(config, channels(edge), subtasks) for edge in job["edges"])


def usable_buffers(config: Config, slots: int, jobs: t.Iterable[JobReading]) -> int | None:
    """What all jobs together take at most; null if an option that counts cannot be read."""
    try:
        return sum(
            most_buffers(
                config, channels(edge), min(slots, max(1, edge["source_parallelism"], edge["target_parallelism"]))
            )
            for job in jobs
            for edge in job["edges"]
        )
    except FlinkError:
        return None


def channels(edge: Edge) -> int:
    """The most channels that one subtask of either side has."""
    source, target = max(1, edge["source_parallelism"]), max(1, edge["target_parallelism"])
    return max(source, target) if edge["is_all"] else -(-max(source, target) // min(source, target))
