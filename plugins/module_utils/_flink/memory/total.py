# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Totals, and the parts that have to fit into them."""

from __future__ import annotations

import dataclasses

from ..values.errors import DoesNotFitError, FlinkError
from ..values.size import MAX_BYTES, precise


@dataclasses.dataclass(frozen=True)
class Total:
    """A total that is to be split: its size, the option that would have to grow, and what was taken from it before."""

    size: int
    key: str
    taken: dict[str, int] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        whole = f" {precise(self.size + sum(self.taken.values()))}" if self.taken else ""
        minus = "".join(f" - {name} {precise(size)}" for name, size in self.taken.items())
        return f"{precise(self.size)} ({self.key}{whole}{minus})"


def sum_of(parts: dict[str, int]) -> int:
    """The sum of components. Raises FlinkError where Java's arithmetic would overflow."""
    total = sum(parts.values())
    if total > MAX_BYTES:
        raise FlinkError(f"{written_out(parts)} is more than 2^63 - 1 bytes. Lower the largest of them.")
    return total


def written_out(parts: dict[str, int]) -> str:
    """``framework heap 128m + task heap 1g``."""
    return " + ".join(f"{name} {precise(size)}" for name, size in parts.items())


def check_fits(parts: dict[str, int], total: Total, name: str = "total Flink memory") -> int:
    """What the parts leave of the total. Raises DoesNotFitError if they exceed it."""
    needed = sum_of(parts)
    if needed > total.size:
        together = f" = {precise(needed)}" if len(parts) > 1 else ""
        raise DoesNotFitError(
            f"{written_out(parts)}{together}, which does not fit into the {name} of {total}.",
            total.key,
        )
    return total.size - needed
