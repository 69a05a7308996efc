# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spare import Spare, spare

Slots = t.Dict[str, t.Tuple[int, int]]

ROOM = "flink_restart_order: expected as many spare slots as the TaskManagers with jobs have taken, got "
REGISTERED = "flink_restart_order: expected all TaskManagers that restart to be registered, to see which are spare, "

# Slots after the restart of those that restart, all and free slots of those that are registered; what follows, and
# why it is refused.
SPARES: dict[str, tuple[dict[str, int], Slots, Spare, str]] = {
    "nothing restarts": ({}, {"w1": (2, 0)}, Spare(), ""),
    "half of them have no job": (
        {"w1": 2, "w2": 2},
        {"w1": (2, 0), "w2": (2, 2)},
        Spare(first=("w2",), taken=2, free=2),
        "",
    ),
    "no one has a job": ({"w1": 2}, {"w1": (2, 2)}, Spare(first=("w1",), free=2), ""),
    "others that need no restart have room": ({"w1": 2}, {"w1": (2, 1), "w2": (4, 1)}, Spare(taken=1, free=1), ""),
    "others that need no restart have too little": (
        {"w1": 2},
        {"w1": (2, 0), "w2": (4, 1)},
        Spare(taken=2, free=1),
        f"{ROOM}1 for 2. Set it to together, or add slots before.",
    ),
    "all have jobs": (
        {"w1": 2, "w2": 2},
        {"w1": (2, 1), "w2": (2, 1)},
        Spare(taken=2),
        f"{ROOM}0 for 2. Set it to together, or add slots before.",
    ),
    "those without a job come back with fewer slots": (
        {"w1": 1, "w2": 1},
        {"w1": (2, 0), "w2": (2, 2)},
        Spare(first=("w2",), taken=2, free=1),
        f"{ROOM}1 for 2. Set it to together, or add slots before.",
    ),
    "one is not registered": (
        {"w1": 2, "w2": 2},
        {"w1": (2, 2)},
        Spare(first=("w1",), unknown=("w2",), free=2),
        f"{REGISTERED}got none called w2. Set it to together.",
    ),
    "their IDs are random, as before 1.12": (
        {"w1": 2},
        {"8c1f": (2, 0)},
        Spare(unknown=("w1",)),
        f"{REGISTERED}got none called w1. Set it to together.",
    ),
}


@pytest.mark.parametrize("row", SPARES)
def test_who_restarts_first_and_whether_the_others_have_room(row: str) -> None:
    restarting, registered, expected, objection = SPARES[row]
    found = spare(
        restarting,
        [
            {"id": name, "path": name, "slots": total, "free_slots": free, "memory": {}, "heartbeat": 0}
            for name, (total, free) in registered.items()
        ],
    )
    assert found == expected
    assert "".join(found.objections()) == objection
