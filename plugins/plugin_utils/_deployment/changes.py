# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to start, restart in which order, and end: the live processes held against what they should run with."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.environment import environment_values

from .names import ZOOKEEPER, named_by_environment_file

if t.TYPE_CHECKING:
    from .found import Host

# The groups whose hosts do not take turns, by order. Those with ZooKeepers do, of which a majority has to stay.
_AT_ONCE: t.Mapping[str, tuple[str, ...]] = {
    "rolling": (),
    "spare": ("flink_restarting_taskmanagers",),
    "together": (
        "flink_restarting_taskmanagers",
        "flink_preceding_jobmanagers",
        "flink_restarting_jobmanagers",
        "flink_standby_jobmanagers",
    ),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Changes:
    """Names of processes.

    ``start`` do not run, or not at boot, and ``halt`` do, and shall not; ``failed`` have their earlier failures
    forgotten; ``differing`` run with
    another environment than they would be given now, whether they may be restarted or not; ``restart`` is in order;
    ``obsolete`` are those of former settings; ``needs_reload`` tells whether systemd has to read units that changed
    before, and ``needs_start`` whether anything has to be done but restarts.
    """

    start: tuple[str, ...]
    halt: tuple[str, ...]
    failed: tuple[str, ...]
    differing: tuple[str, ...]
    restart: tuple[str, ...]
    jobmanager_first: bool
    obsolete: tuple[str, ...]
    needs_reload: bool
    needs_start: bool

    def without(self, names: t.Sequence[str]) -> Changes:
        """The same with more that is obsolete."""
        return dataclasses.replace(self, obsolete=(*self.obsolete, *names), needs_start=self.needs_start or bool(names))


def changes(
    names: t.Sequence[str],
    host: Host,
    environments: t.Mapping[str, t.Mapping[str, t.Any]],
    restart: str,
    conf_dir: str,
    has_systemd: bool,
    resting: t.Collection[str] = (),
) -> Changes:
    """``restart`` is the choice of the user: ``outdated``, ``all`` or ``none``; ``resting`` shall not run for now."""
    live = host.processes
    obsolete = obsolete_processes(names, host.files.get(conf_dir, []))
    halt = [name for name in names if name in resting and (live[name].is_alive or live[name].enabled)]
    names = [name for name in names if name not in resting]
    running = [name for name in names if live[name].is_alive]
    differing = [name for name in running if _differs(environments[name], live[name].environment)]
    first = "jobmanager" in running and _is_another_cluster(environments["jobmanager"], live["jobmanager"].environment)
    chosen = {"all": running, "outdated": differing, "none": []}[restart]
    start = [name for name in names if not live[name].is_alive or (has_systemd and not live[name].enabled)]
    failed = [name for name in names if live[name].state == "failed"]
    needs_reload = any(live[name].needs_reload for name in names if name not in differing)
    return Changes(
        start=tuple(start),
        halt=tuple(halt),
        failed=tuple(failed),
        differing=tuple(differing),
        restart=tuple(_in_order(chosen, first)),
        jobmanager_first=first,
        obsolete=obsolete,
        needs_reload=needs_reload,
        needs_start=bool(needs_reload or start or halt or failed or obsolete),
    )


def _differs(environment: t.Mapping[str, t.Any], live: t.Mapping[str, str]) -> bool:
    return any(live.get(name) != value for name, value in environment_values(environment).items())


def _is_another_cluster(environment: t.Mapping[str, t.Any], live: t.Mapping[str, str]) -> bool:
    """Whether a TaskManager with the new configuration could not register with the JobManager that runs."""
    return bool(live.get("FLINK_CLUSTER_DIGEST", "") != environment["FLINK_CLUSTER_DIGEST"])


def _in_order(names: t.Sequence[str], jobmanager_first: bool) -> list[str]:
    """ZooKeeper comes first. The JobManager comes last, or before TaskManagers that could not register with the old."""
    return sorted(names, key=lambda name: (name != ZOOKEEPER, (name == "jobmanager") != jobmanager_first))


def obsolete_processes(names: t.Collection[str], file_names: t.Iterable[str]) -> tuple[str, ...]:
    """The processes that have an environment file, and are not among those wanted."""
    found = filter(None, map(named_by_environment_file, file_names))
    return tuple(name for name in found if name not in names)


def restart_groups(change: Changes, *, is_standby: bool = False) -> tuple[str, ...]:
    """The groups of hosts that this one belongs to while a cluster is restarted.

    ``is_standby`` tells that another JobManager leads: restarted before it, this one costs jobs nothing.
    """
    groups = ["flink_restarting_zookeepers"] if ZOOKEEPER in change.restart else []
    groups += ["flink_restarting_taskmanagers"] if set(change.restart) - {"jobmanager", ZOOKEEPER} else []
    if "jobmanager" in change.restart:
        groups.append("flink_preceding_jobmanagers" if change.jobmanager_first else "flink_restarting_jobmanagers")
        groups += ["flink_standby_jobmanagers"] if is_standby else []
    return tuple(groups)


def groups_at_once(groups: t.Sequence[str], order: str, first: t.Sized, then: t.Sized) -> tuple[str, ...]:
    """The groups of a host of which the processes ``first`` and ``then`` restart at once."""
    alone = tuple(group for group in groups if group not in _AT_ONCE[order])
    return (*alone, *["flink_restarting_spares"] * bool(first), *["flink_restarting_together"] * bool(then))
