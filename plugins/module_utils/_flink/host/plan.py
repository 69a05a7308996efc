# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All Flink processes of one host, planned together and held against its memory.

What the processes get of a host::

    memory      what Flink may use of the host, in bytes
    reserved    a size, or a percentage of the whole MiB of the memory, rounded down to whole MiB
    left        the whole MiB of the memory - reserved
    NN%         left * NN / 100, rounded down to whole MiB
    auto        (left - the total process sizes of all others) / the number of processes with auto, rounded down to
                whole MiB; with flink.size, the largest size with which the whole process is not larger than that

All total process sizes together and the reserve must not exceed the memory, to the byte. Processes that are bound to a
NUMA node share the memory of this node, without its part of the reserve, in the same way; ``auto`` gives them no more
than it would without the node.
"""

from __future__ import annotations

import collections
import dataclasses
import typing as t

from ..check.check import Checking
from ..values.config import flatten, overlay
from ..values.errors import FlinkError, quoted_value
from ..values.notes import Notes
from ..values.release import Release
from .capacity import read_host_memory, read_room
from .fit import excesses
from .group import Asked, Group, Planned, Refused, reasons
from .shares import KNOWING_MEMORY, TOTALS, is_share, plan_all, read_shares

if t.TYPE_CHECKING:
    from ..values.results import Host, HostPlan, NamedNote, Note, ProcessPlan
    from .capacity import HostMemory, Room

_MOST_INSTANCES = 1000
STRICT = Checking()
_TOTAL_KEYS = [option.key for totals in TOTALS.values() for option in totals]


def plan_host(
    config: object,
    flink_version: object,
    processes: t.Iterable[dict[str, t.Any]],
    host_memory: object = None,
    reserved: object = 0,
    host: str | None = None,
    checking: Checking = STRICT,
) -> HostPlan:
    """The plan of every process instance: ``{"config": {...}, "plans": [...], "host": {...}, "notes": [...]}``.

    ``processes`` are mappings of ``process``, ``count``, ``config``, which is laid over the outer one, and
    ``numa_nodes``: with a list of numbers, or ``all``, there are ``count`` instances on each node. ``host_memory``
    is a size, what the module host_memory_info returns, or HostMemory; without it there is nothing to hold the sum
    against, and no share to be had. ``reserved`` is a size or a percentage. ``host`` is what messages call it.
    ``checking`` is how the options that have nothing to do with memory are checked.

    Raises FlinkError with the reasons of all processes that are refused, with the sums that do not fit, and with what
    is wrong with the configuration.
    """
    try:
        planned, objections = draft_host(config, flink_version, processes, host_memory, reserved, checking)
        if objections:
            raise FlinkError("\n".join(objections))
    except FlinkError as exc:
        prefix = f"{host}: " if host else ""
        raise FlinkError("\n".join(prefix + line for line in str(exc).splitlines())) from None
    return planned


def draft_host(
    config: object,
    flink_version: object,
    processes: t.Iterable[dict[str, t.Any]],
    host_memory: object = None,
    reserved: object = 0,
    checking: Checking = STRICT,
) -> tuple[HostPlan, list[str]]:
    """The plan of a host, and in words what stands against it: sums that do not fit, and errors of configuration.

    All is given as to plan_host. Raises FlinkError with the reasons of all processes that are refused.
    """
    release = Release.parse(flink_version)
    shared = flatten(config)
    memory = None if host_memory is None else read_host_memory(host_memory)
    room = read_room(reserved, memory)
    outcomes = plan_all(_read_groups(shared, processes, memory, release), flink_version, room)
    groups = [group for group in outcomes if isinstance(group, Planned)]
    found = _findings(shared, groups, release, checking)
    refused = reasons(group for group in outcomes if isinstance(group, Refused))
    errors = [finding.sentence for finding in found if finding.note["level"] == "error" and not finding.is_in(refused)]
    if refused:
        raise FlinkError("\n".join([*refused, *errors]))
    planned = _result(shared, groups, room)
    told = {(note["code"], *note["options"]) for note in planned["notes"]}
    planned["notes"] += [
        note
        for finding in found
        for note in finding.named()
        if note["level"] != "error" and (note["code"], *note["options"]) not in told
    ]
    return planned, [*([] if room is None else excesses(groups, flink_version, room)), *errors]


@dataclasses.dataclass(frozen=True)
class _Finding:
    """What is wrong with the options of all processes, whose group is null, or of one group of them."""

    note: Note
    group: Group | None

    @property
    def sentence(self) -> str:
        title = "" if self.group is None else f"{self.group.title}: "
        return f"{title}{self.note['message']} {self.note['remedy']}"

    def is_in(self, refused: t.Iterable[str]) -> bool:
        """Whether a process is refused for one of these options, of which this would tell once more."""
        return any(f" {key}: " in f" {reason}" for reason in refused for key in self.note["options"])

    def named(self) -> list[NamedNote]:
        return [{"name": name, **self.note} for name in (("config",) if self.group is None else self.group.names)]


def _findings(shared: dict[str, t.Any], groups: list[Planned], release: Release, checking: Checking) -> list[_Finding]:
    common = _without_totals(shared)
    of_all = checking.findings(common, release)
    found = [_Finding(note, None) for note in of_all]
    for group in groups:
        config = _without_totals(group.config)
        if config != common:
            own = checking.findings(config, release)
            found += [_Finding(note, group) for note in own if note not in of_all]
    return found


def _read_groups(
    shared: dict[str, t.Any], processes: t.Iterable[dict[str, t.Any]], memory: HostMemory | None, release: Release
) -> list[Asked | Refused]:
    groups = []
    instances: collections.Counter[str] = collections.Counter()
    for entry in processes:
        process, count = entry["process"], entry["count"]
        if not 1 <= count <= _MOST_INSTANCES:
            raise FlinkError(
                f"processes: count: expected a number of {process}s from 1 to {_MOST_INSTANCES}, got "
                f"{quoted_value(count)}. "
                "Correct it, or remove the entry."
            )
        for node in _read_nodes(entry.get("numa_nodes"), memory):
            first = instances[process] + 1
            instances[process] += count
            names = tuple(_name(process, number) for number in range(first, first + count))
            groups.append(_read_group(Group(process, names, node), shared, entry["config"], release))
    return groups


def _read_group(group: Group, shared: dict[str, t.Any], own: object, release: Release) -> Asked | Refused:
    try:
        config = overlay(shared, own)
        shares = read_shares(config, group.process, release)
    except FlinkError as exc:
        return group.refused(str(exc))
    return Asked(group.process, group.names, group.node, config, shares)


def _name(process: str, number: int) -> str:
    return process if process == "jobmanager" and number == 1 else f"{process}-{number}"


def _read_nodes(given: t.Any, memory: HostMemory | None) -> t.Sequence[int | None]:
    known = memory.nodes if memory is not None else {}
    if given is None:
        return [None]
    if given == "all":
        if not known:
            raise FlinkError(
                "numa_nodes: the NUMA nodes of the host are not known, so all cannot be resolved. List their numbers, "
                "or set host_memory to what the module streamops.flink.host_memory_info returns."
            )
        return list(known)
    wrong = [node for node in given if not _is_node(node)] if isinstance(given, (list, tuple)) else [given]
    if wrong:
        raise FlinkError(
            f"numa_nodes: expected a list of numbers of NUMA nodes such as [0, 1], or all, got "
            f"{quoted_value(wrong[0])}."
        )
    strange = [quoted_value(node) for node in given if known and node not in known]
    if strange:
        raise FlinkError(
            f"numa_nodes: expected some of {', '.join(map(str, known))}, the NUMA nodes of the host, got "
            f"{', '.join(strange)}. "
            "Correct the list, or leave it out."
        )
    return list(given) or [None]


def _is_node(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _result(shared: dict[str, t.Any], groups: list[Planned], room: Room | None) -> HostPlan:
    sizes: dict[str, str] = {}
    for group in groups:
        for share in group.shares:
            # What the first process that asks for a share is given stands for it in the options of the others.
            sizes.setdefault(share.key, group.config[share.key])
    plans: list[ProcessPlan] = [
        {
            "name": name,
            "config": _resolved(group.config, sizes),
            "asked": {share.key: share.given for share in group.shares},
            "numa_node": group.node,
            **group.plan,
        }
        for group in groups
        for name in group.names
    ]
    notes: list[NamedNote] = [{"name": planned["name"], **note} for planned in plans for note in planned["notes"]]
    notes += [{"name": "host", **note} for note in _host_notes(groups, room)]
    return {"config": _resolved(shared, sizes), "plans": plans, "host": _account(groups, room), "notes": notes}


def _account(groups: list[Planned], room: Room | None) -> Host:
    planned = sum(group.sum for group in groups)
    if room is None:
        return {"memory": None, "reserved": None, "planned": planned, "free": None, "limited_by": None}
    memory, reserved = room.memory.size, room.reserved
    return {
        "memory": memory,
        "reserved": reserved,
        "planned": planned,
        "free": memory - reserved - planned,
        "limited_by": room.memory.limited_by,
    }


def _host_notes(groups: list[Planned], room: Room | None) -> list[Note]:
    """What could not be checked."""
    notes = Notes()
    if room is None:
        notes.warning(
            "host-memory-unknown",
            [],
            "The memory of the host is not known, so it was not checked that its processes fit.",
            remedy=f"{KNOWING_MEMORY}.",
        )
    elif not room.memory.nodes and any(group.node is not None for group in groups):
        notes.warning(
            "numa-memory-unknown",
            [],
            "The memory of the NUMA nodes is not known, so it was not checked that the processes bound to them fit.",
            remedy="Set host_memory to what the module streamops.flink.host_memory_info returns.",
        )
    return notes.items


def _without_totals(config: dict[str, t.Any]) -> dict[str, t.Any]:
    """Totals differ from host to host, may be shares, and have been read by the plan."""
    return {key: value for key, value in config.items() if key not in _TOTAL_KEYS}


def _resolved(config: dict[str, t.Any], sizes: dict[str, str]) -> dict[str, t.Any]:
    """Options without shares: what is still one is of a process that has a size here, or of none, and is left out."""
    unresolved = [key for key in _TOTAL_KEYS if is_share(config.get(key))]
    return {
        key: sizes[key] if key in unresolved else value
        for key, value in config.items()
        if key not in unresolved or key in sizes
    }
