# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door for a fleet that comes from a variable or a file."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import TITLES
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.shapes import (
    Fault,
    check,
    integer,
    list_of,
    mapping,
    mapping_of,
    memory,
    nullable,
    one_of,
    positive,
    scalar,
    size,
    text,
)

from .assembly import STATUSES

if t.TYPE_CHECKING:
    from .types import Fleet

_KNOWN_HOST = {"memory": positive, "reserved": size, "planned": size, "free": integer, "limited_by": text}
_UNKNOWN_HOST = {**dict.fromkeys(_KNOWN_HOST, nullable(text)), "planned": size}
_PROCESS = {
    "name": text,
    "process": one_of(*TITLES),
    "numa_node": nullable(size),
    "derived_from": list_of(text),
    "settings": mapping_of(lambda value: (list_of(scalar) if isinstance(value, (list, tuple)) else scalar)(value)),
    "asked": mapping_of(text),
    "memory": memory(),
    "derivation": mapping_of(text),
    "jvm_args": list_of(text),
}
_PLAN = mapping(
    {
        "flink_version": text,
        "host": lambda value: mapping(_UNKNOWN_HOST if _is_unknown(value) else _KNOWN_HOST)(value),
        "processes": list_of(mapping(_PROCESS, {"slots": mapping({"count": nullable(size)})})),
        "notes": list_of(mapping(dict.fromkeys(("name", "level", "code", "message", "remedy"), text))),
    }
)
_HOST = {"host": text, "groups": list_of(text), "status": one_of(*STATUSES), "error": nullable(text)}
_FLEET = {
    "summary": mapping(dict.fromkeys(("hosts", *STATUSES), size)),
    "hosts": list_of(mapping({**_HOST, "plan": nullable(size)})),
    "plans": list_of(_PLAN),
}


def _is_unknown(host: t.Any) -> bool:
    return isinstance(host, dict) and host.get("memory", 0) is None


def _fleet(value: t.Any) -> Fault | None:
    fault = mapping(_FLEET)(value)
    if fault is not None:
        return fault
    last = len(value["plans"]) - 1
    strange = [number for number, host in enumerate(value["hosts"]) if host["plan"] is not None and host["plan"] > last]
    return Fault(f".hosts[{strange[0]}].plan", "a number that no plan has", f"one up to {last}") if strange else None


def read_fleet(value: object) -> Fleet:
    """What ``assemble`` gave, perhaps by way of a file. Raises FlinkError for anything else."""
    check(value, _fleet, "a fleet, as the module streamops.flink.fleet_plan returns it in its key fleet")
    return t.cast("Fleet", value)
