# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a process uses of what was planned for it, by the parts that can be told apart in a live one."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.advice import Figure

Memory = t.Mapping[str, int | None]
Figures = t.Mapping[str, "Figure"]


class Use(t.NamedTuple):
    """A part of a process: whose colour it has, its name, its size, and the most that was used, null if unknown."""

    key: str
    name: str
    planned: int
    used: int | None


# Components together of which a live process tells one figure, in Flink's order: key of the colour, name, components.
_PARTS = (
    ("task_heap", "heap", ("framework_heap", "task_heap")),
    ("jvm_heap", "heap", ("jvm_heap",)),
    ("task_off_heap", "off-heap", ("framework_off_heap", "task_off_heap")),
    ("off_heap", "off-heap", ("off_heap",)),
    ("network", "network", ("network",)),
    ("managed", "managed", ("managed",)),
    ("jvm_metaspace", "metaspace", ("jvm_metaspace",)),
    ("jvm_overhead", "overhead", ("jvm_overhead",)),
)


def uses(memory: Memory, figures: Figures) -> list[Use]:
    """The parts of a process in Flink's order; ``memory`` is that of its plan."""
    used = _used(figures)
    has_task_heap = "task_heap" in memory
    parts = [part for part in _PARTS if part[0] in memory and not (has_task_heap and part[0] == "jvm_heap")]
    sizes = {key: [memory.get(component) for component in components] for key, _name, components in parts}
    return [
        Use(key, name, sum(size for size in sizes[key] if size is not None), used.get(name))
        for key, name, _components in parts
    ]


def _used(figures: Figures) -> dict[str, int]:
    """The most that was used of each part.

    Of the heap that is what survived the collections; off the heap, what direct buffers hold beside the network
    memory, which is taken as a whole when a process starts. RocksDB reserves all managed memory, whatever it uses.
    """
    most = {name: figure["maximum"] for name, figure in figures.items()}
    found = {
        "heap": most.get("old_used"),
        "off-heap": max(0, most["direct"] - most.get("network_total", 0)) if "direct" in most else None,
        "network": most.get("network_used"),
        "managed": most.get("rocksdb_usage", most.get("managed_used")),
        "metaspace": most.get("metaspace_used"),
    }
    return {name: size for name, size in found.items() if size is not None}
