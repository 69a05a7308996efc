# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes of a host that are planned alike."""

from __future__ import annotations

import dataclasses
import typing as t

from ..memory.plan import plan, total_process
from ..values.errors import DoesNotFitError, FlinkError

if t.TYPE_CHECKING:
    import fractions

LARGER_SHARE = " A share grows with fewer processes, a lower reserve, or a larger host."

# Beyond as many, alike processes are counted instead of named.
_MOST_TITLES = 3
_MOST_NAMES = 4


@dataclasses.dataclass(frozen=True)
class Share:
    """A total that is given as a share: its option, what was written, and the part; none stands for ``auto``."""

    key: str
    given: str
    part: fractions.Fraction | None


@dataclasses.dataclass
class ProcessGroup:
    """Instances of one process that have the same options and the same NUMA node, and so the same plan."""

    process: str
    names: list[str]
    node: int | None
    config: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    shares: list[Share] = dataclasses.field(default_factory=list)
    refusal: str | None = None
    planned: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    total: int = 0

    @property
    def title(self) -> str:
        return self.names[0] if len(self.names) == 1 else f"{len(self.names)} x {self.process}"

    @property
    def sum(self) -> int:
        return self.total * len(self.names)

    @property
    def is_automatic(self) -> bool:
        return any(share.part is None for share in self.shares)

    def plan(self, flink_version: object, explanation: str = "") -> None:
        """Plan the instances; a refusal begins with the explanation of what was resolved."""
        try:
            self.planned = plan(self.config, flink_version, self.process)
        except FlinkError as exc:
            self.refusal = f"{explanation}{exc}{LARGER_SHARE if self._has_small_share(flink_version) else ''}"
            return
        memory = self.planned["memory"]
        # The start script of a JobManager of 1.10 plans nothing but a heap.
        self.total = memory["total_process"] or memory["jvm_heap"] or 0

    def _has_small_share(self, flink_version: object) -> bool:
        """Whether a total that is a share of the host is too small for the parts."""
        try:
            total_process(self.config, flink_version, self.process)
        except DoesNotFitError as exc:
            return exc.total_key in {share.key for share in self.shares}
        except FlinkError:
            return False
        return False


def terms(groups: t.Iterable[ProcessGroup], value_of: t.Callable[[ProcessGroup], str]) -> list[str]:
    """The groups with their values, such as ``2 x taskmanager 4g``; many that are alike are one term."""
    alike: dict[tuple[str, str], list[ProcessGroup]] = {}
    for group in groups:
        alike.setdefault((group.process, value_of(group)), []).append(group)
    return [f"{title} {value}" for (_process, value), members in alike.items() for title in _titles(members)]


def _titles(alike: list[ProcessGroup]) -> list[str]:
    if len(alike) <= _MOST_TITLES:
        return [group.title for group in alike]
    return [f"{sum(len(group.names) for group in alike)} x {alike[0].process}"]


def refusals(groups: t.Iterable[ProcessGroup]) -> list[str]:
    """What is refused, each reason once, behind the names of all instances that have it."""
    names: dict[str, list[str]] = {}
    for group in groups:
        if group.refusal is not None:
            names.setdefault(group.refusal, []).extend(group.names)
    return [f"{_listed(refused)}: {reason}" for reason, refused in names.items()]


def _listed(names: list[str]) -> str:
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    shown = _MOST_NAMES - 1
    return f"{', '.join(names[:shown])} and {len(names) - shown} more"
