# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of a host, and what of it Flink may have."""

from __future__ import annotations

import dataclasses
import fractions
import re
import typing as t

from ..values.errors import FlinkError, quoted, type_name
from ..values.size import MAX_BYTES, MIB, precise, to_bytes

_PERCENTAGE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,12})?)[ \t]*%")

# Where Ansible's facts tell the memory of the machine, not the limit of the container.
_CONTAINERS = ("container", "containerd", "docker", "lxc", "openvz", "podman", "systemd-nspawn")


@dataclasses.dataclass(frozen=True)
class HostMemory:
    """What Flink may use of a host: bytes, what sets this limit, and the sizes of the NUMA nodes by their numbers."""

    size: int
    limited_by: str
    nodes: dict[int, int] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Room:
    """What is there for the processes of a host: its memory without the reserve.

    Shares are taken of whole MiB of it, so that facts, which are rounded down to MiB, give the same ones.
    """

    memory: HostMemory
    reserved: int

    @property
    def shareable(self) -> int:
        return max(0, self.memory.size // MIB * MIB - self.reserved)

    def of_node(self, node: int | None) -> int:
        """What is there of one NUMA node, which bears its part of the reserve, rounded up to whole MiB.

        All there is if the process is bound to none, or nothing is known of it.
        """
        nodes = self.memory.nodes
        if node not in nodes:
            return self.shareable
        reserved = -(-self.reserved * nodes[node] // (sum(nodes.values()) or 1) // MIB) * MIB
        return max(0, nodes[node] - reserved)


def read_host_memory(value: object) -> HostMemory:
    """A size, what the module host_memory_info returns, or what is read already. Raises FlinkError for others."""
    if isinstance(value, HostMemory):
        return value
    if isinstance(value, dict):
        return _read_info(value)
    try:
        size = to_bytes(value)
    except FlinkError as exc:
        raise FlinkError(f"host_memory: {exc}") from None
    return HostMemory(_positive(size), "host_memory")


def host_memory_of_facts(facts: t.Mapping[str, t.Any]) -> HostMemory | None:
    """What Ansible's facts tell; nothing if they do not know, or tell of the machine around a container."""
    mebibytes = facts.get("memtotal_mb")
    if isinstance(mebibytes, bool) or not isinstance(mebibytes, int) or mebibytes <= 0 or in_container(facts):
        return None
    return HostMemory(mebibytes * MIB, "physical memory")


def in_container(facts: t.Mapping[str, t.Any]) -> bool:
    return facts.get("virtualization_role") == "guest" and facts.get("virtualization_type") in _CONTAINERS


def read_percentage(text: str) -> fractions.Fraction | None:
    """``12.5%`` as an eighth; nothing if the text is no percentage."""
    match = _PERCENTAGE.fullmatch(text.strip())
    return fractions.Fraction(match.group(1)) / 100 if match else None


def whole_mebibytes(size: fractions.Fraction) -> int:
    """The bytes of a size rounded down to whole MiB."""
    return size // MIB * MIB


def read_room(reserved: object, memory: HostMemory | None) -> Room | None:
    """The room that ``reserved_memory`` leaves: a size, or a percentage of the memory, rounded down to whole MiB.

    None of it is known if the memory is not. Raises FlinkError if it is neither, or more than there is.
    """
    share = read_percentage(reserved) if isinstance(reserved, str) else None
    try:
        size = to_bytes(reserved) if share is None else 0
    except FlinkError as exc:
        raise FlinkError(f"reserved_memory: {exc} A percentage such as 10% works too.") from None
    if memory is None:
        return None
    if share is not None:
        size = whole_mebibytes(memory.size // MIB * MIB * share)
    if size >= memory.size:
        shown = precise(size) if share is None else f"{quoted(reserved)} is {precise(size)}, which"
        raise FlinkError(
            f"reserved_memory: {shown} leaves nothing for Flink of the {precise(memory.size)} of memory "
            f"({memory.limited_by}). Lower it."
        )
    return Room(memory, size)


def _read_info(info: dict[t.Any, t.Any]) -> HostMemory:
    size, limited_by, nodes = info.get("effective"), info.get("limited_by"), info.get("numa_nodes", [])
    if not _is_size(size) or not isinstance(limited_by, str) or not isinstance(nodes, (list, tuple)):
        raise FlinkError(
            "host_memory: expected a size such as 64g, or what the module streamops.flink.host_memory_info returns, "
            f"got {type_name(info)} without its keys effective, limited_by and numa_nodes."
        )
    sizes = {}
    for node in nodes:
        if not isinstance(node, dict) or not all(_is_size(node.get(key)) for key in ("node", "memory", "hugepages")):
            raise FlinkError(
                "host_memory: each of numa_nodes has the numbers node, memory and hugepages, as the module "
                "streamops.flink.host_memory_info returns them."
            )
        sizes[int(node["node"])] = max(0, node["memory"] - node["hugepages"])
    return HostMemory(_positive(int(t.cast("int", size))), str(limited_by), sizes)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_BYTES


def _positive(size: int) -> int:
    if size == 0:
        raise FlinkError("host_memory: expected a size above 0 such as 64g, got 0.")
    return size
