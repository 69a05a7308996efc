# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.total import (
    Total,
    check_fits,
    sum_of,
    written_out,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import DoesNotFitError, FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MAX_BYTES, MIB

# Totals as messages write them.
WRITTEN: dict[str, tuple[Total, str]] = {
    "a total that was given": (Total(4 * GIB, "process.size"), "4g (process.size)"),
    "what is left of one": (
        Total(3 * GIB, "process.size", {"JVM metaspace": 256 * MIB, "JVM overhead": 768 * MIB}),
        "3g (process.size 4g - JVM metaspace 256m - JVM overhead 768m)",
    ),
    "no round number": (Total(GIB + 1, "flink.size"), "1.0g (1073741825 bytes) (flink.size)"),
}

# Parts of a total of 1g, and what they leave.
LEFT: dict[str, tuple[dict[str, int], int]] = {
    "no parts": ({}, GIB),
    "some": ({"network": 64 * MIB, "managed": 448 * MIB}, 512 * MIB),
    "all but a byte": ({"managed": GIB - 1}, 1),
    "all": ({"network": MIB, "managed": 1023 * MIB}, 0),
}


@pytest.mark.parametrize(("total", "text"), WRITTEN.values(), ids=WRITTEN)
def test_a_total_tells_where_it_comes_from(total: Total, text: str) -> None:
    assert str(total) == text


@pytest.mark.parametrize(("parts", "left"), LEFT.values(), ids=LEFT)
def test_what_parts_leave(parts: dict[str, int], left: int) -> None:
    assert check_fits(parts, Total(GIB, "flink.size")) == left


def test_parts_that_exceed_a_total_by_a_byte() -> None:
    message = (
        "network 1m + managed 1023.0m (1072693249 bytes) = 1.0g (1073741825 bytes), which does not fit into the total "
        "process memory of 1g (process.size)."
    )
    with pytest.raises(DoesNotFitError, match=f"^{re.escape(message)}$") as refusal:
        check_fits({"network": MIB, "managed": 1023 * MIB + 1}, Total(GIB, "process.size"), "total process memory")
    assert refusal.value.total_key == "process.size"


def test_a_sum_ends_where_that_of_java_does() -> None:
    assert sum_of({"managed": MAX_BYTES - 1, "network": 1}) == MAX_BYTES
    with pytest.raises(FlinkError, match=r"managed .* \+ network 1b is more than 2\^63 - 1 bytes\."):
        sum_of({"managed": MAX_BYTES, "network": 1})


def test_parts_are_written_in_their_order() -> None:
    assert written_out({"framework heap": 128 * MIB, "task heap": GIB}) == "framework heap 128m + task heap 1g"
