# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a host is deployed with, and its plans, before and after options change."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from ..host.plan import STRICT, draft_host
from ..values.config import overlay
from ..values.errors import FlinkError

if t.TYPE_CHECKING:
    from ..check.check import Checking
    from ..values.results import HostPlan


@dataclasses.dataclass(frozen=True)
class Deployed:
    """What a host is deployed with, as ``plan_host`` takes it."""

    flink_version: t.Any
    config: t.Any
    processes: list[dict[str, t.Any]]
    host_memory: t.Any = None
    reserved: t.Any = 0
    checking: Checking = STRICT

    def drafted(self) -> tuple[HostPlan | None, list[str]]:
        """The plan, and what stands against it."""
        try:
            return draft_host(
                *(self.config, self.flink_version, self.processes),
                *(self.host_memory, self.reserved, self.checking),
            )
        except FlinkError as exc:
            return None, str(exc).splitlines()

    def with_changes(self, changes: t.Iterable[tuple[int | None, dict[str, t.Any]]]) -> Deployed:
        """The same with options laid over those of all processes, or over those of one by its index."""
        config, processes = self.config, list(self.processes)
        for index, change in changes:
            if index is None:
                config = overlay(config, change)
            else:
                own = overlay(processes[index]["config"] or {}, change)
                removed = dict.fromkeys(key for key, value in change.items() if value is None)
                processes[index] = {**processes[index], "config": {**own, **removed}}
        return dataclasses.replace(self, config=config, processes=processes)


class Drafts:
    """The plans of hosts, those that are deployed alike planned once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[HostPlan | None, list[str]]] = {}

    def of(self, deployed: Deployed) -> tuple[HostPlan | None, list[str]]:
        key = json.dumps(
            [
                *(str(deployed.flink_version), deployed.config, deployed.processes),
                *(repr(deployed.host_memory), repr(deployed.reserved), repr(deployed.checking)),
            ],
            sort_keys=True,
            default=repr,
        )
        if key not in self._known:
            self._known[key] = deployed.drafted()
        return self._known[key]
