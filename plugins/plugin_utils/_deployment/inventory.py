# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a cluster in an inventory, and where a restart of them stands."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, quoted

_MOST_GROUPS = 20
_TITLES = {"flink_jobmanager_group": "JobManager", "flink_taskmanager_group": "TaskManager"}


def members(
    groups: t.Mapping[str, t.Sequence[str]], jobmanager_group: str, taskmanager_group: str, reachable: t.Collection[str]
) -> tuple[list[str], list[str]]:
    """The hosts with a JobManager and those with TaskManagers.

    ``reachable`` are the hosts that the run may touch. Raises FlinkError if none of the cluster is among them.
    """
    jobmanagers, taskmanagers = (list(groups.get(name, ())) for name in (jobmanager_group, taskmanager_group))
    if not set(jobmanagers + taskmanagers) & set(reachable):
        found = sorted(name for name in groups if name not in {"all", "ungrouped"})
        has = f"has the groups {', '.join(found[:_MOST_GROUPS])}" if found else "has no groups"
        limited = " that --limit leaves" if jobmanagers + taskmanagers else ""
        raise FlinkError(
            f"Inventory: expected hosts in the groups {jobmanager_group} and {taskmanager_group}, got none{limited}; "
            f"it {has}. Check -i and --limit, or name other groups: -e flink_jobmanager_group=NAME "
            "-e flink_taskmanager_group=NAME."
        )
    return jobmanagers, taskmanagers


def lacks(
    groups: t.Mapping[str, t.Sequence[str]], wanted: t.Mapping[str, str], hosts: t.Mapping[str, t.Mapping[str, t.Any]]
) -> list[str]:
    """The kinds of processes that no host of the cluster has, in sentences.

    ``wanted`` are the groups by the variables that name them. Hosts that say themselves what they run, or where their
    JobManagers are, are no matter of groups.
    """
    if any("flink_components" in own or own.get("flink_jobmanager_hosts") for own in hosts.values()):
        return []
    return [
        f"Inventory: expected hosts in the group {group}, got none, so the cluster has no {_TITLES[variable]}. Correct "
        f"the name of the group in the inventory, or name another one: -e {variable}=NAME."
        for variable, group in wanted.items()
        if not groups.get(group)
    ]


def check_groups(given: t.Mapping[str, t.Any], extra: t.Collection[str]) -> None:
    """Raises FlinkError for what is no name of a group, and for one that is not given where playbooks can read it."""
    for name, value in given.items():
        if not isinstance(value, str):
            raise FlinkError(f"{name}: expected the name of a group, got {quoted(value)}. Correct it.")
        if name not in extra:
            raise FlinkError(
                f"{name}: expected on the command line, got it from the inventory, which playbooks cannot read for "
                f"that. Give it as -e {name}={value}."
            )


def check_alike(name: str, values: t.Mapping[str, t.Any]) -> None:
    """Raises FlinkError if hosts of a cluster differ in what counts for all of them; ``values`` are by host."""
    first = next(iter(values))
    other = next((host for host in values if values[host] != values[first]), None)
    if other is not None:
        raise FlinkError(
            f"{name}: expected the same for all hosts of the cluster, got {values[first]} for {first} and "
            f"{values[other]} for {other}. Set it for all of them, for example with -e {name}={values[other]}."
        )


def check_batch(batch: str) -> None:
    """Raises FlinkError for what is neither a number of hosts nor a percentage."""
    if re.fullmatch(r"[1-9][0-9]{0,5}|([1-9][0-9]?|100)%", batch) is None:
        raise FlinkError(
            "flink_restart_batch: expected a number of hosts such as 3 or a percentage such as 25%, got "
            f"{quoted(batch)}. Correct it."
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """Where a restart stands, in a sentence, and the hosts that should have restarted before and have not."""

    position: str
    lost: tuple[str, ...]


def turn(
    parts_before: t.Sequence[str],
    part: str | None,
    groups: t.Mapping[str, t.Sequence[str]],
    hosts: t.Sequence[str],
    batch: t.Sequence[str],
    restarted: t.Mapping[str, t.Collection[str]],
) -> Turn:
    """A part of a restart is the group of the hosts that it restarts; without ``part``, all of them are over.

    ``hosts`` are all hosts of this part in their order, ``batch`` those whose turn it is, and ``restarted`` the parts
    that each host has behind it.
    """
    start = hosts.index(batch[0])
    before, after = hosts[:start], hosts[start + len(batch) :]
    expected = [(former, host) for former in parts_before for host in groups.get(former, ())]
    expected += [(part, host) for host in before] if part else []
    lost = dict.fromkeys(host for former, host in expected if former not in restarted.get(host, ()))
    position = (
        f"Restarted before: {', '.join(before) or 'none'}. Now: {', '.join(batch)}. "
        f"Still to come: {', '.join(after) or 'none'}."
    )
    return Turn(position, tuple(lost))
