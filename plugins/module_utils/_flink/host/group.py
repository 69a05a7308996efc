# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes of a host that are planned alike, stage by stage: asked, resolved, and then planned or refused.

No stage is ever changed: what is known of a group next is another value.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..memory.plan import plan, total_process
from ..values.errors import DoesNotFitError, FlinkError, listed

if t.TYPE_CHECKING:
    import fractions

    from ..values.results import Plan

LARGER_SHARE = " A share grows with fewer processes, a lower reserve, or a larger host."

# Beyond as many, alike groups are counted together.
_MOST_TITLES = 3


@dataclasses.dataclass(frozen=True)
class Share:
    """A total that is given as a share: its option, what was written, and the part; none stands for ``auto``."""

    key: str
    given: str
    part: fractions.Fraction | None


@dataclasses.dataclass(frozen=True)
class Group:
    """Instances of one process that have the same options and the same NUMA node, and so the same plan."""

    process: str
    names: tuple[str, ...]
    node: int | None

    @property
    def title(self) -> str:
        return self.names[0] if len(self.names) == 1 else f"{len(self.names)} x {self.process}"

    def refused(self, reason: str) -> Refused:
        return Refused(self.process, self.names, self.node, reason)


@dataclasses.dataclass(frozen=True)
class Asked(Group):
    """The options that were given, and the totals among them that are shares of the host."""

    config: dict[str, t.Any]
    shares: tuple[Share, ...]

    @property
    def is_automatic(self) -> bool:
        return any(share.part is None for share in self.shares)

    def resolved(self, sizes: dict[str, str], explanation: str) -> Resolved:
        return Resolved(self.process, self.names, self.node, {**self.config, **sizes}, self.shares, explanation)


@dataclasses.dataclass(frozen=True)
class Resolved(Group):
    """The options with sizes in the place of shares, and the sentences that tell how these came about."""

    config: dict[str, t.Any]
    shares: tuple[Share, ...]
    explanation: str


@dataclasses.dataclass(frozen=True)
class Planned(Group):
    """The plan of each instance, and the bytes that each takes of the host."""

    config: dict[str, t.Any]
    shares: tuple[Share, ...]
    plan: Plan
    total: int

    @property
    def sum(self) -> int:
        return self.total * len(self.names)


@dataclasses.dataclass(frozen=True)
class Refused(Group):
    """Why there is no plan."""

    reason: str


_Stage = t.TypeVar("_Stage", bound=Group)


def plan_group(group: Resolved, flink_version: object) -> Planned | Refused:
    """Plan the instances; a refusal begins with the explanation of what was resolved."""
    try:
        planned = plan(group.config, flink_version, group.process)
    except FlinkError as exc:
        remedy = LARGER_SHARE if _has_small_share(group, flink_version) else ""
        return group.refused(f"{group.explanation}{exc}{remedy}")
    memory = planned["memory"]
    # The start script of a JobManager of 1.10 plans nothing but a heap.
    total = memory["total_process"] or memory["jvm_heap"] or 0
    return Planned(group.process, group.names, group.node, group.config, group.shares, planned, total)


def _has_small_share(group: Resolved, flink_version: object) -> bool:
    """Whether a total that is a share of the host is too small for the parts."""
    try:
        total_process(group.config, flink_version, group.process)
    except DoesNotFitError as exc:
        return exc.total_key in {share.key for share in group.shares}
    except FlinkError:
        return False
    return False


def terms(groups: t.Iterable[_Stage], value_of: t.Callable[[_Stage], str]) -> list[str]:
    """The groups with their values, such as ``2 x taskmanager 4g``; many that are alike are one term."""
    alike: dict[tuple[str, str], list[_Stage]] = {}
    for group in groups:
        alike.setdefault((group.process, value_of(group)), []).append(group)
    return [f"{title} {value}" for (_process, value), members in alike.items() for title in _titles(members)]


def _titles(alike: t.Sequence[Group]) -> list[str]:
    if len(alike) <= _MOST_TITLES:
        return [group.title for group in alike]
    return [f"{sum(len(group.names) for group in alike)} x {alike[0].process}"]


def reasons(refused: t.Iterable[Refused]) -> list[str]:
    """Why groups are refused, each reason once, behind the names of all instances that have it."""
    names: dict[str, list[str]] = {}
    for group in refused:
        names.setdefault(group.reason, []).extend(group.names)
    return [f"{listed(those)}: {reason}" for reason, those in names.items()]
