# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.capacity import (
    HostMemory,
    Room,
    host_memory_of_facts,
    read_host_memory,
    read_percentage,
    read_room,
    whole_mebibytes,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, KIB, MIB, TIB


def node(number: t.Any, memory: t.Any, hugepages: t.Any = 0) -> dict[str, t.Any]:
    return {"node": number, "memory": memory, "hugepages": hugepages}


def info(effective: t.Any, *nodes: t.Any, limited_by: t.Any = "physical memory") -> dict[str, t.Any]:
    return {"effective": effective, "limited_by": limited_by, "numa_nodes": list(nodes), "changed": False}


PERCENTAGES: dict[str, tuple[str, Fraction | None]] = {
    "whole": ("10%", Fraction(1, 10)),
    "decimals": ("12.5%", Fraction(1, 8)),
    "a third of one, exactly": ("0.333333333333%", Fraction(333333333333, 10**14)),
    "nothing": ("0%", Fraction(0)),
    "all": ("100%", Fraction(1)),
    "more": ("250%", Fraction(5, 2)),
    "leading zeros": ("007%", Fraction(7, 100)),
    "blanks around": (" 10%\n", Fraction(1, 10)),
    "blanks between": ("10 \t%", Fraction(1, 10)),
    "no sign": ("10", None),
    "no number": ("%", None),
    "two signs": ("10%%", None),
    "sign before": ("%10", None),
    "negative": ("-10%", None),
    "plus": ("+10%", None),
    "no digit before the point": (".5%", None),
    "no digit behind the point": ("5.%", None),
    "comma": ("12,5%", None),
    "exponent": ("1e1%", None),
    "other digits": ("\u0661\u0660%", None),
    "line break between": ("10\n%", None),
    "too many digits": ("1234567890123%", None),
    "too many decimals": ("1.0000000000001%", None),
    "words": ("half%", None),
}

WHOLE_MEBIBYTES: dict[str, tuple[Fraction, int]] = {
    "nothing": (Fraction(0), 0),
    "almost one": (MIB - Fraction(1, 3), 0),
    "one": (Fraction(MIB), MIB),
    "a little more": (MIB + Fraction(1, 3), MIB),
    "almost two": (Fraction(2 * MIB - 1), MIB),
}

MEMORIES: dict[str, tuple[t.Any, HostMemory]] = {
    "size": ("64g", HostMemory(64 * GIB, "host_memory")),
    "bytes": (10 * KIB, HostMemory(10 * KIB, "host_memory")),
    "text of bytes": ("1", HostMemory(1, "host_memory")),
    "24 TB": ("24t", HostMemory(24 * TIB, "host_memory")),
    "the largest size": (2**63 - 1, HostMemory(2**63 - 1, "host_memory")),
    "what is read already": (HostMemory(5, "facts", {0: 5}), HostMemory(5, "facts", {0: 5})),
    "what the module returns": (info(8 * GIB), HostMemory(8 * GIB, "physical memory")),
    "a limit": (info(4 * GIB, limited_by="cgroup /lxc"), HostMemory(4 * GIB, "cgroup /lxc")),
    "nodes": (
        info(8 * GIB, node(0, 4 * GIB), node(1, 5 * GIB, 1 * GIB)),
        HostMemory(8 * GIB, "physical memory", {0: 4 * GIB, 1: 4 * GIB}),
    ),
    "numbers with a gap": (
        info(8 * GIB, node(0, 4 * GIB), node(8, 4 * GIB)),
        HostMemory(8 * GIB, "physical memory", {0: 4 * GIB, 8: 4 * GIB}),
    ),
    "all that there may be": (info(2**63 - 1), HostMemory(2**63 - 1, "physical memory")),
    "a node without memory": (info(GIB, node(1, 0)), HostMemory(GIB, "physical memory", {1: 0})),
    "more huge pages than memory": (info(GIB, node(0, GIB, GIB + 1)), HostMemory(GIB, "physical memory", {0: 0})),
    "a tuple of nodes": (
        {"effective": GIB, "limited_by": "x", "numa_nodes": (node(0, GIB),)},
        HostMemory(GIB, "x", {0: GIB}),
    ),
    "no word about nodes": ({"effective": GIB, "limited_by": "x"}, HostMemory(GIB, "x")),
}

NO_INFO = (
    "host_memory: expected a size such as 64g, or what the module streamops.flink.host_memory_info returns, got a "
    "mapping without its keys effective, limited_by and numa_nodes."
)
NO_NODE = "host_memory: each of numa_nodes has the numbers node, memory and hugepages, as the module"
NO_SIZE = "host_memory: expected a size such as 4g or a whole number of bytes, got "

MEMORIES_REFUSED: dict[str, tuple[t.Any, str]] = {
    "nothing": (0, "host_memory: expected a size above 0 such as 64g, got 0."),
    "nothing in words": ("0g", "host_memory: expected a size above 0 such as 64g, got 0."),
    "nothing told": (info(0), "host_memory: expected a size above 0 such as 64g, got 0."),
    "negative": (
        -1,
        "host_memory: expected a size from 0 to 9223372036854775807 bytes, got a number outside this range.",
    ),
    "negative text": ("-4g", "host_memory: '-4g' is not a size: a size starts with a digit."),
    "too large": (2**63, "host_memory: expected a size from 0 to 9223372036854775807 bytes"),
    "huge": (16**9999, "host_memory: expected a size from 0 to 9223372036854775807 bytes"),
    "another unit": ("64GiB", "host_memory: '64GiB' is not a size: Flink reads a whole number followed by b, k, m, "),
    "a share": ("50%", "host_memory: '50%' is not a size"),
    "auto": ("auto", "host_memory: 'auto' is not a size"),
    "empty": ("", "host_memory: '' is not a size"),
    "boolean": (True, NO_SIZE + "a boolean."),
    "decimal": (64.5, NO_SIZE + "64.5."),
    "list": (["64g"], NO_SIZE + "a list."),
    "null": (None, NO_SIZE + "null."),
    "an empty mapping": ({}, NO_INFO),
    "no effective memory": ({"limited_by": "x", "numa_nodes": []}, NO_INFO),
    "a text as memory": (info("8g"), NO_INFO),
    "a boolean as memory": (info(True), NO_INFO),
    "negative memory": (info(-1), NO_INFO),
    "too much memory": (info(2**63), NO_INFO),
    "no limit": (info(GIB, limited_by=None), NO_INFO),
    "nodes are null": ({**info(GIB), "numa_nodes": None}, NO_INFO),
    "nodes are a mapping": ({**info(GIB), "numa_nodes": {0: GIB}}, NO_INFO),
    "a node is a number": (info(GIB, 0), NO_NODE),
    "a node is empty": (info(GIB, {}), NO_NODE),
    "a node without huge pages": (info(GIB, {"node": 0, "memory": GIB}), NO_NODE),
    "a second node without number": (info(GIB, node(0, GIB), {"memory": GIB, "hugepages": 0}), NO_NODE),
    "a node with a name": (info(GIB, node("0", GIB)), NO_NODE),
    "a node of negative memory": (info(GIB, node(0, -1)), NO_NODE),
    "a node of negative number": (info(GIB, node(-1, GIB)), NO_NODE),
}

GUEST = "guest"
FACTS: dict[str, tuple[dict[str, t.Any], int | None]] = {
    "memory": ({"memtotal_mb": 16000}, 16000 * MIB),
    "the smallest": ({"memtotal_mb": 1}, MIB),
    "none": ({}, None),
    "zero": ({"memtotal_mb": 0}, None),
    "negative": ({"memtotal_mb": -1}, None),
    "text": ({"memtotal_mb": "16000"}, None),
    "boolean": ({"memtotal_mb": True}, None),
    "decimal": ({"memtotal_mb": 16000.0}, None),
    "virtual machine": (
        {"memtotal_mb": 8, "virtualization_role": GUEST, "virtualization_type": "kvm"},
        8 * MIB,
    ),
    "host of containers": (
        {"memtotal_mb": 8, "virtualization_role": "host", "virtualization_type": "docker"},
        8 * MIB,
    ),
    **{
        kind: ({"memtotal_mb": 8, "virtualization_role": GUEST, "virtualization_type": kind}, None)
        for kind in ("container", "containerd", "docker", "lxc", "openvz", "podman", "systemd-nspawn")
    },
}

# The reserve, the memory, what is reserved, and what may be shared: the whole MiB of the memory without the reserve.
RESERVES: dict[str, tuple[t.Any, int, int, int]] = {
    "nothing": (0, 16 * GIB, 0, 16 * GIB),
    "nothing in words": ("0%", 16 * GIB, 0, 16 * GIB),
    "size": ("1g", 16 * GIB, GIB, 15 * GIB),
    "bytes": (1, 16 * GIB, 1, 16 * GIB - 1),
    "percentage": ("10%", 16 * GIB, 1638 * MIB, 14746 * MIB),
    "percentage of little": ("1%", 99 * MIB, 0, 99 * MIB),
    "percentage that just gives something": ("1%", 100 * MIB, MIB, 99 * MIB),
    "decimals": ("12.5%", 4 * GIB, GIB // 2, 3584 * MIB),
    "percentage of what is no whole MiB": ("50%", 3 * MIB - 1, MIB, MIB),
    "memory that is no whole MiB": (0, 3 * MIB - 1, 0, 2 * MIB),
    "more than the whole MiB": (2 * MIB + 1, 3 * MIB - 1, 2 * MIB + 1, 0),
    "all whole MiB": ("100%", 3 * MIB - 1, 2 * MIB, 0),
    "all but one byte": (16 * GIB - 1, 16 * GIB, 16 * GIB - 1, 1),
    "less than a MiB": (0, 10 * KIB, 0, 0),
    "24 TB": ("5%", 24 * TIB, 1258291 * MIB, 24 * TIB - 1258291 * MIB),
}

RESERVES_REFUSED: dict[str, tuple[t.Any, int, str]] = {
    "all": ("16g", 16 * GIB, "reserved_memory: 16g leaves nothing for Flink of the 16g of memory (host_memory)."),
    "more": (
        "17g",
        16 * GIB,
        "reserved_memory: 17g leaves nothing for Flink of the 16g of memory (host_memory).",
    ),
    "all in percent": (
        "100%",
        16 * GIB,
        "reserved_memory: '100%' is 16g, which leaves nothing for Flink of the 16g of memory",
    ),
    "more in percent": (
        "101%",
        16 * GIB,
        "reserved_memory: '101%' is 16547m, which leaves nothing for Flink of the 16g",
    ),
    "remedy": ("17g", 16 * GIB, "of memory (host_memory). Lower it."),
}

NO_RESERVES: dict[str, tuple[t.Any, str]] = {
    "negative": (-1, "expected a size from 0 to 9223372036854775807 bytes, got a number outside this range."),
    "negative percentage": ("-5%", "'-5%' is not a size: a size starts with a digit."),
    "no percentage": ("10%%", "'10%%' is not a size"),
    "auto": ("auto", "'auto' is not a size"),
    "another unit": ("1GiB", "'1GiB' is not a size: Flink reads a whole number followed by b, k, m, g or t. Write 1g."),
    "null": (None, "expected a size such as 4g or a whole number of bytes, got null."),
    "boolean": (False, "expected a size such as 4g or a whole number of bytes, got a boolean."),
    "decimal": (0.1, "expected a size such as 4g or a whole number of bytes, got 0.1."),
    "list": (["1g"], "expected a size such as 4g or a whole number of bytes, got a list."),
}

# The reserve, the nodes, and what there is of each of them.
NODES: dict[str, tuple[int, dict[int, int], dict[int | None, int]]] = {
    "no reserve": (0, {0: 8 * GIB, 1: 4 * GIB}, {0: 8 * GIB, 1: 4 * GIB}),
    "even nodes": (2 * GIB, {0: 8 * GIB, 1: 8 * GIB}, {0: 7 * GIB, 1: 7 * GIB}),
    "uneven nodes": (2 * GIB, {0: 12 * GIB, 1: 4 * GIB}, {0: 10752 * MIB, 1: 3584 * MIB}),
    "a part that is no whole MiB": (MIB, {0: 8 * GIB, 1: 8 * GIB}, {0: 8191 * MIB, 1: 8191 * MIB}),
    "a single byte": (1, {0: 8 * GIB, 1: 8 * GIB}, {0: 8191 * MIB, 1: 8191 * MIB}),
    "a node that is no whole MiB": (0, {0: 8 * GIB, 1: 8 * GIB - 1}, {0: 8 * GIB, 1: 8 * GIB - 1}),
    "a node without memory": (GIB, {0: 16 * GIB, 1: 0}, {0: 15 * GIB, 1: 0}),
    "nodes without memory": (GIB, {0: 0, 1: 0}, {0: 0, 1: 0}),
    "nodes of less than the reserve": (4 * GIB, {0: GIB, 1: GIB}, {0: 0, 1: 0}),
    "one node": (GIB, {0: 16 * GIB}, {0: 15 * GIB}),
    "another node": (GIB, {0: 8 * GIB, 1: 8 * GIB}, {7: 15 * GIB}),
    "bound to none": (GIB, {0: 8 * GIB, 1: 8 * GIB}, {None: 15 * GIB}),
    "nothing is known": (GIB, {}, {0: 15 * GIB, None: 15 * GIB}),
}


@pytest.mark.parametrize(("text", "part"), PERCENTAGES.values(), ids=PERCENTAGES)
def test_read_percentage(text: str, part: Fraction | None) -> None:
    assert read_percentage(text) == part


@pytest.mark.parametrize(("size", "rounded"), WHOLE_MEBIBYTES.values(), ids=WHOLE_MEBIBYTES)
def test_whole_mebibytes(size: Fraction, rounded: int) -> None:
    found = whole_mebibytes(size)
    assert (found, type(found)) == (rounded, int)


@pytest.mark.parametrize(("value", "memory"), MEMORIES.values(), ids=MEMORIES)
def test_read_host_memory(value: t.Any, memory: HostMemory) -> None:
    assert read_host_memory(value) == memory


@pytest.mark.parametrize(("value", "message"), MEMORIES_REFUSED.values(), ids=MEMORIES_REFUSED)
def test_host_memory_refused(value: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match="^" + re.escape(message)):
        read_host_memory(value)


@pytest.mark.parametrize(("facts", "size"), FACTS.values(), ids=FACTS)
def test_host_memory_of_facts(facts: dict[str, t.Any], size: int | None) -> None:
    assert host_memory_of_facts(facts) == (None if size is None else HostMemory(size, "physical memory"))


@pytest.mark.parametrize(("reserved", "size", "kept", "shareable"), RESERVES.values(), ids=RESERVES)
def test_read_room(reserved: t.Any, size: int, kept: int, shareable: int) -> None:
    memory = HostMemory(size, "host_memory")
    room = read_room(reserved, memory)
    assert room == Room(memory, kept)
    assert room.shareable == shareable


@pytest.mark.parametrize(("reserved", "size", "message"), RESERVES_REFUSED.values(), ids=RESERVES_REFUSED)
def test_reserve_refused(reserved: t.Any, size: int, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        read_room(reserved, HostMemory(size, "host_memory"))
    assert read_room(reserved, None) is None


@pytest.mark.parametrize(("reserved", "message"), NO_RESERVES.values(), ids=NO_RESERVES)
@pytest.mark.parametrize("memory", [HostMemory(16 * GIB, "host_memory"), None], ids=["known", "unknown"])
def test_what_is_no_reserve(reserved: t.Any, message: str, memory: HostMemory | None) -> None:
    with pytest.raises(FlinkError, match="^reserved_memory: " + re.escape(message)) as refusal:
        read_room(reserved, memory)
    assert str(refusal.value).endswith(" A percentage such as 10% works too.")


@pytest.mark.parametrize(("reserved", "nodes", "rooms"), NODES.values(), ids=NODES)
def test_room_of_a_node(reserved: int, nodes: dict[int, int], rooms: dict[int | None, int]) -> None:
    room = Room(HostMemory(16 * GIB, "physical memory", nodes), reserved)
    assert {number: room.of_node(number) for number in rooms} == rooms


@given(st.integers(0, 64 * GIB), st.lists(st.integers(0, 64 * GIB), min_size=1, max_size=8))
def test_all_nodes_together_bear_the_reserve(reserved: int, sizes: list[int]) -> None:
    nodes = dict(enumerate(sizes))
    room = Room(HostMemory(sum(sizes) + 1, "physical memory", nodes), reserved)
    rooms = [room.of_node(number) for number in nodes]
    assert sum(rooms) <= max(0, sum(sizes) - reserved)
    assert sum(rooms) >= sum(sizes) - reserved - len(sizes) * MIB
    assert all(0 <= rest <= size for rest, size in zip(rooms, sizes))
    assert all((size - rest) % MIB == 0 or rest == 0 for rest, size in zip(rooms, sizes))


@given(st.integers(1, 2**50), st.integers(0, 10**6 - 1))
def test_facts_give_the_same_shares_as_the_host(size: int, parts: int) -> None:
    """Facts are rounded down to whole MiB."""
    exact, rounded = HostMemory(size + MIB, "x"), HostMemory((size + MIB) // MIB * MIB, "x")
    percentage = f"{parts // 10**4}.{parts % 10**4:04}%"
    first, second = read_room(percentage, exact), read_room(percentage, rounded)
    assert first is not None
    assert second is not None
    assert (first.reserved, first.shareable) == (second.reserved, second.shareable)
