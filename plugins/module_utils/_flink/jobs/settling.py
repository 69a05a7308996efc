# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether jobs may be interrupted again: they run, and what they have done since is in a checkpoint."""

from __future__ import annotations

import typing as t

from .decision import TERMINAL, is_whole, tasks

if t.TYPE_CHECKING:
    from .answers import LiveJob

# A checkpoint that takes longer to come is not waited for: in ms.
LONGEST_INTERVAL = 60_000


def newest_checkpoints(jobs: t.Iterable[LiveJob]) -> dict[str, int]:
    """When the newest checkpoint of each job was made, in ms since 1970, by the ID of the job; 0 for none."""
    return {job["id"]: _time(job) for job in jobs}


def unsettled(jobs: t.Iterable[LiveJob], before: t.Mapping[str, int]) -> t.Iterator[str]:
    """What each job still lacks, in a sentence; ``before`` are the times of checkpoints that do not count."""
    for job in jobs:
        if job["state"] in TERMINAL:
            continue
        if not is_whole(job):
            yield f"{job['name']}: expected all its tasks running, got {tasks(job)}."
        elif makes_checkpoints(job) and _time(job) <= before.get(job["id"], 0):
            yield f"{job['name']}: expected a completed checkpoint, got none yet."


def makes_checkpoints(job: LiveJob) -> bool:
    """Whether one is worth waiting for."""
    interval = job["checkpointing"].get("interval")
    return interval is not None and interval <= LONGEST_INTERVAL


def _time(job: LiveJob) -> int:
    return job["checkpointing"].get("newest") or 0
