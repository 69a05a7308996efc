# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is compared takes turns, so that all of it meets the same weather on the machine."""

from __future__ import annotations

import os
import statistics
import sys
import typing as t


def taking_turns(title: str, names: t.Iterable[str], rounds: int) -> t.Iterator[str]:
    """Each name in each round, with the progress on standard error."""
    for done in range(rounds):
        for name in names:
            load = os.getloadavg()[0]
            print(f"\r{title}: round {done + 1} of {rounds}, load {load:.1f} ", end="", file=sys.stderr, flush=True)
            yield name
    print("\r", end="", file=sys.stderr)


def spread(values: t.Sequence[float]) -> str:
    """The median, the least and the most."""
    return f"{statistics.median(values):>10.1f}{f'{min(values):.1f} - {max(values):.1f}':>16}"
