# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Totals that are given as a share of the host: ``auto`` and percentages."""

from __future__ import annotations

import typing as t

from ..memory import jobmanager, taskmanager
from ..memory.derivation import ProcessModel, with_legacy_heap
from ..memory.plan import total_process
from ..memory.search import largest_within, spelling
from ..values.config import Config
from ..values.errors import FlinkError, quoted, quoted_value
from ..values.size import MIB, exact, precise
from .capacity import read_percentage, whole_mebibytes
from .group import LARGER_SHARE, Asked, Planned, Refused, Resolved, Share, plan_group, terms

if t.TYPE_CHECKING:
    import fractions

    from ..values.options import Option
    from ..values.release import Release
    from .capacity import Room

AUTO = "auto"
# What tells the memory of a host, in the words of the plugins and of the playbooks.
KNOWING_MEMORY = (
    "Set host_memory (or flink_host_memory), gather facts, or have plan ask the host (flink_plan_asks_hosts: true)"
)

_MODELS: dict[str, ProcessModel[t.Any]] = {"taskmanager": taskmanager.MODEL, "jobmanager": jobmanager.MODEL}
TOTALS = {process: (model.total_process, model.total_flink) for process, model in _MODELS.items()}


def is_share(value: object) -> bool:
    """Whether a total is written as a share of the host."""
    return isinstance(value, str) and (value.strip().lower() == AUTO or value.rstrip().endswith("%"))


def read_shares(values: dict[str, t.Any], process: str, release: Release) -> tuple[Share, ...]:
    """The totals of a process that are shares of the host.

    Raises FlinkError for what is no percentage, for what the release does not know, and for ``auto`` beside what
    decides the total as well.
    """
    shares = []
    for option in TOTALS[process]:
        if is_share(values.get(option.key)):
            share = _read(option.key, values[option.key])
            _check_known(option, share, release)
            if share.part is None:
                _check_alone(option, Config(values, release), _MODELS[process])
            shares.append(share)
    return tuple(shares)


def _read(key: str, value: str) -> Share:
    if value.strip().lower() == AUTO:
        return Share(key, AUTO, None)
    part = read_percentage(value)
    if part is None or not 0 < part <= 1:
        raise FlinkError(
            f"{key}: expected a percentage above 0% and up to 100% such as 50%, or auto, got {quoted(value)}."
        )
    return Share(key, value.strip(), part)


def _check_known(option: Option[int], share: Share, release: Release) -> None:
    """That the release has the option: a JobManager of 1.10 would run without the share that it is given."""
    if not option.exists_in(release):
        raise FlinkError(
            f"{option.key} is {share.given}, but Flink {release.line} ignores it: it was added in "
            f"{'.'.join(map(str, option.since))}. Set {jobmanager.MODEL.legacy_heap[0].key} to a size instead."
        )


def _check_alone(option: Option[int], config: Config, model: ProcessModel[t.Any]) -> None:
    """That nothing beside ``auto`` decides the total."""
    config = with_legacy_heap(model, config)
    others = [other for other in (model.total_process, model.total_flink) if other != option and config.is_set(other)]
    if all(map(config.is_set, model.fine_grained)):
        others += model.fine_grained
    if others:
        shown = " and ".join(f"{name} ({quoted_value(config.values[name])})" for name in map(config.name_of, others))
        raise FlinkError(
            f"{option.key}: auto leaves the total to the host, but {shown} "
            f"{'already decide' if len(others) > 1 else 'already decides'} it. Remove the one or the other."
        )


def check_percentages(groups: t.Iterable[Asked], room: Room | None) -> None:
    """That they do not share out more than there is; the check of the sum would tell, but not why."""
    sharing: dict[int | None, list[Asked]] = {}
    for group in groups:
        if group.shares and group.shares[0].part is not None:
            bound = room is not None and group.node in room.memory.nodes
            sharing.setdefault(group.node if bound else None, []).append(group)
    for node, together in sharing.items():
        if sum(len(group.names) * t.cast("fractions.Fraction", group.shares[0].part) for group in together) > 1:
            whole = "the host" if node is None else f"NUMA node {node}"
            raise FlinkError(
                f"{' + '.join(terms(together, lambda group: f'at {group.shares[0].given}'))} exceed the 100% "
                f"that {whole} has left after the reserve. Lower them, or write auto for even shares."
            )


def plan_all(groups: t.Sequence[Asked | Refused], flink_version: object, room: Room | None) -> list[Planned | Refused]:
    """Plan all groups: first those that are given sizes and percentages, then those that take even shares of the rest.

    Raises FlinkError for percentages of more than there is.
    """
    asked = [group for group in groups if isinstance(group, Asked)]
    check_percentages(asked, room)
    first = [_plan_unless_automatic(group, flink_version, room) for group in groups]
    if room is None:
        return [
            group.refused(_memory_unknown(group.shares[0])) if isinstance(group, Asked) else group for group in first
        ]
    planned = [group for group in first if isinstance(group, Planned)]
    automatic = [group for group in first if isinstance(group, Asked)]
    shares = {node: _even_share(node, planned, automatic, room) for node in {group.node for group in automatic}}
    return [
        _plan_automatic(group, flink_version, *shares[group.node]) if isinstance(group, Asked) else group
        for group in first
    ]


def _plan_unless_automatic(
    group: Asked | Refused, flink_version: object, room: Room | None
) -> Asked | Planned | Refused:
    if not isinstance(group, Asked) or group.is_automatic:
        return group
    resolved = _with_percentages(group, room)
    return plan_group(resolved, flink_version) if isinstance(resolved, Resolved) else resolved


def _with_percentages(group: Asked, room: Room | None) -> Resolved | Refused:
    """The group with sizes where it has percentages."""
    sizes, explanation = {}, ""
    for share in group.shares:
        if room is None:
            return group.refused(_memory_unknown(share))
        left = min(room.shareable, room.of_node(group.node))
        size = whole_mebibytes(left * t.cast("fractions.Fraction", share.part))
        explanation += f"{share.key} is {share.given} of {precise(left)}, which is {precise(size)}. "
        sizes[share.key] = exact(size)
    return group.resolved(sizes, explanation)


def _memory_unknown(share: Share) -> str:
    return (
        f"{share.key} is {share.given}, a share of the host's memory, which is not known. {KNOWING_MEMORY}, or "
        "write a size."
    )


def _plan_automatic(group: Asked, flink_version: object, size: int, reason: str) -> Planned | Refused:
    """Plan instances that are given an even share of so many bytes, which came about for that reason."""
    (share,) = group.shares
    if share.key == TOTALS[group.process][0].key:
        explanation, total = f"{share.key} is auto, which is {precise(size)}: {reason}. ", size
    else:
        explanation = f"{share.key} is auto, for a process of {precise(size)}: {reason}. "
        total = _largest_flink(group, flink_version, size)
    planned = plan_group(group.resolved({share.key: exact(total)}, explanation), flink_version)
    if isinstance(planned, Planned) and planned.total > size:
        return group.refused(f"{explanation}No {share.key} makes it that small. Lower its parts.{LARGER_SHARE}")
    return planned


def _even_share(node: int | None, planned: list[Planned], automatic: list[Asked], room: Room) -> tuple[int, str]:
    """The bytes of one share, and how they come about: of what the host has left, or its NUMA node if that is less."""
    even = _divided(room.shareable, "", planned, automatic)
    if node not in room.memory.nodes:
        return even
    beside = [group for group in planned if group.node == node]
    sharing = [group for group in automatic if group.node == node]
    return min(even, _divided(room.of_node(node), f" of NUMA node {node}", beside, sharing))


def _divided(left: int, place: str, planned: list[Planned], automatic: list[Asked]) -> tuple[int, str]:
    count = sum(len(group.names) for group in automatic)
    size = max(0, left - sum(group.sum for group in planned)) // count // MIB * MIB
    minus = "".join(f" - {term}" for term in terms(planned, lambda group: precise(group.total)))
    return size, f"{precise(left)} left{place} after the reserve{minus}" + (
        f", divided by {count}" if count > 1 else ""
    )


def _largest_flink(group: Asked, flink_version: object, room: int) -> int:
    """The largest total Flink memory with which the process fits; if none does, all of the room, to be refused."""
    key = group.shares[0].key
    found = largest_within(
        room,
        lambda mebibytes: total_process({**group.config, key: spelling(key, mebibytes)}, flink_version, group.process),
    )
    return room if found is None else found * MIB
