# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the processes of a host fit into its memory, and what would."""

from __future__ import annotations

import collections
import typing as t

from ..memory.plan import total_process
from ..memory.search import largest_within, spelling
from ..values.size import precise
from .group import terms
from .shares import TOTALS

if t.TYPE_CHECKING:
    from .capacity import Room
    from .group import Planned


def excesses(groups: list[Planned], flink_version: object, room: Room) -> list[str]:
    """Every sum of processes and reserve that does not fit into the memory of the host or of a NUMA node, in words."""
    sums = [(groups, room.memory.size, room.reserved, f"of memory ({room.memory.limited_by})")]
    for node, size in room.memory.nodes.items():
        bound = [group for group in groups if group.node == node]
        sums.append((bound, size, size - room.of_node(node), f"of NUMA node {node}"))
    return [
        _excess(together, flink_version, size, reserved, place)
        for together, size, reserved, place in sums
        if sum(group.sum for group in together) > size - reserved
    ]


def _excess(groups: list[Planned], flink_version: object, size: int, reserved: int, place: str) -> str:
    """The sum written out, and what would fit."""
    parts = terms(groups, lambda group: precise(group.total)) + ([f"reserved {precise(reserved)}"] if reserved else [])
    needed = sum(group.sum for group in groups) + reserved
    result = "" if len(parts) == 1 and needed == groups[0].total else f" = {precise(needed)}"
    return (
        f"{' + '.join(parts)}{result}, which is {precise(needed - size)} more than the {precise(size)} {place}. "
        f"{_what_fits(groups, flink_version, needed - size)}"
    )


def _what_fits(groups: list[Planned], flink_version: object, excess: int) -> str:
    """The remedy: the largest setting of those alike processes that take most, all others being equal."""
    kinds = collections.defaultdict(list)
    for group in groups:
        key = _deciding_key(group)
        kinds[key, str(group.config.get(key))].append(group)
    (key, _value), alike = max(kinds.items(), key=lambda kind: sum(group.sum for group in kind[1]))
    names = [name for group in alike for name in group.names]
    found = largest_within(
        sum(group.sum for group in alike) - excess,
        lambda mebibytes: sum(
            total_process({**group.config, key: spelling(key, mebibytes)}, flink_version, group.process)
            * len(group.names)
            for group in alike
        ),
    )
    which = names[0] if len(names) == 1 else f"each of the {len(names)}"
    if found is None:
        return (
            f"No {key} for {which} is small enough given its other options: lower those, run fewer processes, lower "
            "the reserve, or use a larger host."
        )
    return f"The largest {key} for {which} that fits is {spelling(key, found)}."


def _deciding_key(group: Planned) -> str:
    """The option whose value makes the process as large as it is."""
    total, planned = TOTALS[group.process][0].key, group.plan
    decides = total in group.config and planned["memory"]["total_process"] is not None
    return total if decides else str((planned["derived_from"] or [total])[0])
