# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds a module in the middle of its work, where a scenario wants to meet it. For the Python of a host.

`hold.pth` beside it imports this whenever Python starts. WANTED names an audit event and a word of its arguments. The
first process to come there is held: its number is in HELD, until somebody removes that.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time

WANTED = "/run/hold-wanted"
HELD = "/run/hold-held"


def _hold(event: str, arguments: tuple[object, ...]) -> None:
    if event != wanted_event or wanted_word not in repr(arguments) or not os.path.exists(WANTED):  # noqa: PTH110 # quick
        return
    os.unlink(WANTED)  # noqa: PTH108
    with open(f"{HELD}.new", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(str(os.getpid()))
    os.replace(f"{HELD}.new", HELD)  # noqa: PTH105
    while os.path.exists(HELD):  # noqa: PTH110
        time.sleep(0.05)


with contextlib.suppress(FileNotFoundError), open(WANTED, encoding="utf-8") as file:  # noqa: PTH123
    wanted_event, wanted_word = file.read().split()
    sys.addaudithook(_hold)
