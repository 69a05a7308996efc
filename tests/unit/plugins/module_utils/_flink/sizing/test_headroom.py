# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from fractions import Fraction

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import Headroom, read_headroom
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import MIB

READ: dict[str, tuple[dict[str, t.Any], Headroom]] = {
    "nothing": ({}, Headroom()),
    "null": ({"heap": None}, Headroom()),
    "a factor": ({"heap": 1.7}, Headroom(heap=Fraction(17, 10))),
    "a factor as text": ({"metaspace": "1.25"}, Headroom(metaspace=Fraction(5, 4))),
    "a size": ({"least_metaspace": "256m"}, Headroom(least_metaspace=256 * MIB)),
    "a step": ({"step": 0.25}, Headroom(step=Fraction(1, 4))),
    "a window": ({"minutes": "1440", "looks": 20, "age": 30.0}, Headroom(minutes=1440, looks=20, age=30)),
}


@pytest.mark.parametrize(("value", "headroom"), READ.values(), ids=READ)
def test_read(value: dict[str, t.Any], headroom: Headroom) -> None:
    assert read_headroom(value) == headroom


ALL = (
    "There are heap, heap_with_state, after_error, starved, metaspace, off_heap, network, managed, overhead, "
    "metaspace_more, least_task_heap, least_jobmanager_heap, least_metaspace, least_network, least_managed_per_slot, "
    "step, minutes, looks, age."
)
REFUSED: dict[str, tuple[t.Any, str]] = {
    "a number": (1.5, "expected a mapping such as {heap: 1.5}, got a decimal number."),
    "a misspelt key": ({"metspace": 1.5}, "metspace is none of its keys. Did you mean metaspace?"),
    "a strange key": (
        {"zzz": 1.5},
        f"zzz is none of its keys. {ALL}",
    ),
    "a key that is no text": (
        {1: 1.5},
        f"a whole number is none of its keys. {ALL}",
    ),
    "a percentage": ({"heap": 150}, "heap: expected a factor from 1 to 10, got 150. Write for example 1.5."),
    "less than the need": ({"heap": 0.9}, "heap: expected a factor from 1 to 10, got 0.9. Write for example 1.5."),
    "a fraction": ({"heap": "3/2"}, "heap: expected a factor from 1 to 10, got '3/2'. Write for example 1.5."),
    "no number": ({"heap": float("nan")}, "heap: expected a factor from 1 to 10, got nan. Write for example 1.5."),
    "a boolean": ({"heap": True}, "heap: expected a factor from 1 to 10, got a boolean. Write for example 1.5."),
    "a list": ({"heap": [2]}, "heap: expected a factor from 1 to 10, got a list. Write for example 1.5."),
    "no size": (
        {"least_metaspace": "much"},
        (
            "least_metaspace: 'much' is not a size: a size starts with a digit. Write for example 4g, 1536m or "
            "1073741824. The default is 128m."
        ),
    ),
    "all at once": ({"step": 1}, "step: expected a part above 0 and less than 1, got 1. Write for example 0.3."),
    "no look": ({"looks": 0}, "looks: expected a whole number of at least 1, got 0. Write for example 3."),
    "half a minute": (
        {"minutes": 0.5},
        "minutes: expected a whole number of at least 1, got 0.5. Write for example 60.",
    ),
}


@pytest.mark.parametrize(("value", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(value: t.Any, message: str) -> None:
    with pytest.raises(FlinkError) as raised:
        read_headroom(value)
    assert str(raised.value) == f"flink_headroom: {message}"
