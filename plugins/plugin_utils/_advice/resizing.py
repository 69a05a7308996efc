# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hosts are deployed with, and what they are to run once all advice is taken."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.recommend import Deployed

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.advice import Advice, Resized
    from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked

_ENTRY = re.compile(r"\w+\[([0-9]{1,4})\]")


def deployed(asked: Asked) -> Deployed:
    """A host as ``recommend`` takes it."""
    return Deployed(
        *(asked.flink_version, asked.config, asked.processes, asked.host_memory, asked.reserved, asked.checking)
    )


def resized(asked: t.Iterable[Asked], advice: Advice) -> list[Asked]:
    """The same hosts with the variables that the advice has for them, but for those that a host would refuse."""
    changes: dict[str, list[Resized]] = {}
    for group in advice["resized"]:
        for host in group["hosts"] if group["error"] is None else ():
            changes.setdefault(host, []).append(group)
    return [_changed(one, changes[one.host]) if one.host in changes else one for one in asked]


def _changed(asked: Asked, groups: t.Iterable[Resized]) -> Asked:
    after = deployed(asked).with_changes((_entry(asked, group), group["variables"]) for group in groups)
    return dataclasses.replace(asked, config=after.config, processes=after.processes)


def _entry(asked: Asked, group: Resized) -> int | None:
    """The index of the processes that have the variable for themselves; null for that of all processes."""
    if group["variable"] == "flink_config":
        return None
    own = [index for index, entry in enumerate(asked.processes) if entry["process"] == group["kind"]]
    members = [index for index in own for _one in range(asked.processes[index]["count"])]
    return members[number_of_entry(group["variable"]) or 0]


def number_of_entry(variable: str) -> int | None:
    """The number in a name such as flink_taskmanager_configs[1]."""
    found = _ENTRY.fullmatch(variable)
    return None if found is None else int(found[1])
