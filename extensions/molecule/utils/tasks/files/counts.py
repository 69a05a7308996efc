# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads what `CountingJob` has written, whose comment tells what the lines mean: counts.py FILE KEYS SINCE

It prints what `look` finds there, as JSON; a file that is not there is an empty one. For the Python of a host.
"""

from __future__ import annotations

import json
import sys
import typing as t
from pathlib import Path


def look(text: str, keys: int, since: int = -1) -> dict[str, t.Any]:
    """What became of the numbers.

    `faults` has a sentence for each key and kind of fault; `newest` is the newest number, `oldest` the one to which the
    slowest key has come, or -1; so many numbers were `repeated`; `pause` is the longest after the number `since`, in
    seconds.
    """
    last: dict[int, int] = {}
    lost: dict[int, int] = {}
    twice: dict[int, int] = {}
    forgot: set[int] = set()
    repeated, pause, former_time = 0, 0, None
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n"):  # it is being written
            break
        key, count, number, time = map(int, line.split())
        missing = number // keys + 1 - count
        if missing:
            worst = lost if missing > 0 else twice
            worst[key] = max(abs(missing), worst.get(key, 0))
        if number <= last.get(key, -1):
            repeated += 1
            if count == 1:
                forgot.add(key)
        last[key] = number
        if number > since:
            pause = max(pause, time - (former_time or time))
        former_time = time
    return {
        "faults": [
            *(f"key {key}: lost {most}" for key, most in sorted(lost.items())),
            *(f"key {key}: counted {most} too many" for key, most in sorted(twice.items())),
            *(f"key {key}: counted from nothing again" for key in sorted(forgot)),
        ],
        "newest": max(last.values(), default=-1),
        "oldest": min(last.get(key, -1) for key in range(keys)),
        "repeated": repeated,
        "pause": pause / 1000,
    }


if __name__ == "__main__":
    file = Path(sys.argv[1])
    print(json.dumps(look(file.read_text() if file.exists() else "", *map(int, sys.argv[2:]))))
