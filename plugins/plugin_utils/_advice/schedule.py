# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How often a cluster is looked at, and what is said after each look."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import (
    FlinkError,
    listed,
    quoted_value,
)

from .findings_table import counted
from .gathering import REST

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import Observation

# REST is asked twice a look, so that it is known whether its metrics, which are new every ten seconds, still change.
FRESH_AFTER = 12
_LEAST_SECONDS = 20
_MOST_LOOKS = 10_000
_RANGES = {"minutes": (0, 7 * 24 * 60), "seconds": (_LEAST_SECONDS, 24 * 3600), "hours": (1, 720)}


@dataclasses.dataclass(frozen=True)
class Schedule:
    """The number of looks, the seconds from the beginning of one to that of the next, and how many hours back."""

    looks: int
    seconds: int
    hours: int = 24

    @classmethod
    def of(cls, values: t.Mapping[str, t.Any]) -> Schedule:
        """Raises FlinkError with all that is wrong with ``minutes``, ``seconds`` and ``hours``."""
        read = {name: _whole(values[name]) for name in _RANGES}
        wrong = [
            f"flink_observe_{name}: expected a whole number from {least} to {most}, got {quoted_value(values[name])}. "
            "Correct it."
            for name, (least, most) in _RANGES.items()
            if not least <= read[name] <= most
        ]
        if wrong:
            raise FlinkError("\n".join(wrong))
        looks = read["minutes"] * 60 // read["seconds"] + 1
        if looks > _MOST_LOOKS:
            raise FlinkError(
                f"flink_observe_seconds: expected at most {_MOST_LOOKS} looks, got {looks}. Raise it, or lower "
                "flink_observe_minutes."
            )
        return cls(looks, read["seconds"], read["hours"])

    def wait_after(self, number: int, elapsed: float) -> float:
        """Seconds to wait after look ``number``, from 1 on, for the next one; 0 after the last."""
        return 0 if number >= self.looks else max(0.0, number * self.seconds - elapsed)


def _whole(value: object) -> int:
    """A number, or the text of one; of anything else one that is out of all ranges."""
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value.strip()):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def who_asks(hosts: t.Sequence[str], jobmanagers: t.Container[str]) -> list[str]:
    """The hosts from which the cluster is asked: where a JobManager is, else one of the others."""
    return [host for host in hosts if host in jobmanagers] or list(hosts[:1])


def progress(number: int, schedule: Schedule, elapsed: int, observation: Observation) -> str:
    """One line about a look."""
    hosts, cluster = observation["hosts"].values(), observation["cluster"]
    running = sum(process["pid"] is not None for host in hosts for process in host["processes"])
    said = [f"{counted(running, 'process runs', 'processes run')} on {counted(len(hosts), 'host')}"]
    if cluster is None:
        said.append("REST does not answer")
    else:
        jobs = [job for job in cluster["jobs"] if job["state"] == "RUNNING"]
        busy = sum(job["is_busy"] is not False for job in jobs)
        said.append(f"{busy} of {counted(len(jobs), 'running job')} at work")
    silent = [sentence.partition(":")[0] for sentence in observation["unknown"] if not sentence.startswith(REST)]
    if silent:
        said.append(f"without {listed(silent)}")
    return f"Look {number} of {schedule.looks} after {elapsed} s: {', '.join(said)}"
