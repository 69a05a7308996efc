# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The smallest total that gives a process so much of the part that takes the rest.

It is found by trying, in two steps, and it is the smallest for two reasons:

1. The part that takes the rest is a real number that never falls as the total grows, to which rounding adds less than 2
   bytes: managed memory and network are rounded down, each on its own. So once it has been enough, it never again lacks
   more than 1 byte. A total whose part lacks more lies below the smallest one, and bisection gets close to it from
   below.
2. One byte more of the total gives at most one byte more of the part. So a total whose part lacks k bytes can be raised
   by k, and nothing is passed over. From where bisection ended, few such steps lead to the smallest one.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..values.errors import DoesNotFitError
from ..values.notes import Notes
from ..values.size import MAX_BYTES
from .derivation import ProcessModel, derive

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.options import Option

_MOST_STEPS = 10_000
# Of no size: it lacks more than 1 byte of any part, even of an empty one.
_NOTHING = -2


@dataclasses.dataclass(frozen=True)
class TotalSearch:
    """What is looked for: the value of ``total`` with which the ``part`` that takes the rest has ``least`` bytes."""

    model: ProcessModel[t.Any]
    config: Config
    total: Option[int]
    part: str
    least: int

    def part_with(self, total: int) -> int:
        """The part in a total; less than 0 if the others do not fit into it."""
        config = self.config.with_value(self.total, total, origin=self.total.key)
        try:
            flink = derive(self.model, config, Notes()).flink
        except DoesNotFitError:
            return _NOTHING
        return int(flink.components()[self.part])

    def smallest(self, least: int = 1, most: int = MAX_BYTES) -> int | None:
        """The total from ``least`` to about ``most``, if one gives so much.

        Raises FlinkError if the process is refused for something else than its total.
        """
        too_small, total = least - 1, max(least, self.least)
        while self.part_with(total) < self.least - 1:
            if total >= most:
                return None
            too_small, total = total, min(total * 2, most)
        while total - too_small > 1:
            middle = (too_small + total) // 2
            if self.part_with(middle) < self.least - 1:
                too_small = middle
            else:
                total = middle
        for _step in range(_MOST_STEPS):
            lacking = self.least - self.part_with(total)
            if lacking <= 0:
                return total
            total += lacking
        return None
