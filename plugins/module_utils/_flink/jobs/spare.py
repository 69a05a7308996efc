# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A restart of TaskManagers in two steps: those that no job uses come first, and the jobs of the others move to them.

A job whose slots are replaced at once is down for 3 s instead of 7 s. Source: measured on 1.20.5 and 2.3.0.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..values.errors import listed

if t.TYPE_CHECKING:
    from ..values.results import LiveTaskManager


@dataclasses.dataclass(frozen=True)
class Spare:
    """``first`` are the IDs of those that restart first, ``unknown`` of those that have to and are not registered.

    ``taken`` are slots on those that restart second, ``free`` those that are free meanwhile.
    """

    first: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    taken: int = 0
    free: int = 0

    def objections(self) -> t.Iterator[str]:
        if self.unknown:
            yield (
                "flink_restart_order: expected all TaskManagers that restart to be registered, to see which are spare, "
                f"got none called {listed(self.unknown)}. Set it to together."
            )
        elif self.taken > self.free:
            yield (
                f"flink_restart_order: expected as many spare slots as the TaskManagers with jobs have taken, got "
                f"{self.free} for {self.taken}. Set it to together, or add slots before."
            )


def spare(restarting: t.Mapping[str, int], registered: t.Sequence[LiveTaskManager]) -> Spare:
    """``restarting`` are the slots that each TaskManager has after its restart, by its ID.

    A slot that a job has let go counts as taken until ``slot.idle.timeout``, and so does one of a job that is stopped
    before the restart.
    """
    outdated = [found for found in registered if found["id"] in restarting]
    first = tuple(found["id"] for found in outdated if found["free_slots"] == found["slots"])
    return Spare(
        first=first,
        unknown=tuple(sorted(restarting.keys() - {found["id"] for found in outdated})),
        taken=sum(found["slots"] - found["free_slots"] for found in outdated),
        free=sum(restarting[name] for name in first)
        + sum(found["free_slots"] for found in registered if found["id"] not in restarting),
    )
