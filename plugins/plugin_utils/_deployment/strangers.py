# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Processes of this cluster that run on the host, but not by what is to run them, which would start a second set."""

from __future__ import annotations

import typing as t

from .directories import normal
from .names import is_own_unit, named_by_environment_file, unit_of

if t.TYPE_CHECKING:
    from .found import Host
    from .wanted import Wanted

# What a process is known by, whoever has started it; its children inherit that, but have another command line.
KNOWN_BY = ("FLINK_CONF_DIR", "FLINK_MAIN_CLASS", "FLINK_PROCESS")


def stranger_objections(wanted: Wanted, host: Host, *, has_systemd: bool) -> t.Iterator[str]:
    """That another service manager, or launchers elsewhere, run this cluster."""
    units = [unit for unit in host.matching_units if is_own_unit(unit, wanted)]
    if units and not has_systemd and host.systemd is not None:
        yield (
            f"flink_service_manager: expected systemd, which runs this cluster so far by {', '.join(units)}, got "
            f"{wanted.service_manager}, which would start everything a second time. Set it to systemd; or uninstall "
            "with that first, to change it."
        )
        return
    users = [host.user, host.ansible_user]
    strange = strangers(wanted, host.running, users, _known_by_unit(wanted) if has_systemd else _launched(wanted, host))
    if strange:
        runner = "units of systemd" if has_systemd else f"launchers in {wanted.run_dir}"
        yield (
            f"flink_service_manager, flink_run_dir: expected that {runner} run this cluster, got {', '.join(strange)}, "
            "which they do not run and would start a second time. If one of the two has changed, uninstall with the "
            "former value first; or end what runs."
        )


def strangers(
    wanted: Wanted,
    running: t.Iterable[t.Mapping[str, t.Any]],
    users: t.Iterable[t.Mapping[str, t.Any] | None],
    is_known: t.Callable[[str, t.Mapping[str, t.Any]], bool],
) -> list[str]:
    """Each with its number. Nobody else than root and these users runs this cluster, whatever a process pretends."""
    uids = {0, *(user["uid"] for user in users if user is not None)}
    ours = [process for process in running if process["uid"] in uids and _is_of(wanted, process)]
    named = [(process["environment"]["FLINK_PROCESS"], process) for process in ours]
    return [f"{name} (process {process['pid']})" for name, process in named if not is_known(name, process)]


def _is_of(wanted: Wanted, process: t.Mapping[str, t.Any]) -> bool:
    environment = process["environment"]
    return (
        normal(environment["FLINK_CONF_DIR"]) == normal(wanted.conf_dir)
        and environment["FLINK_MAIN_CLASS"] in process["command_line"]
        and named_by_environment_file(f"{environment['FLINK_PROCESS']}.env") is not None
    )


def _known_by_unit(wanted: Wanted) -> t.Callable[[str, t.Mapping[str, t.Any]], bool]:
    return lambda name, process: process["unit"] == unit_of(name, wanted)


def _launched(wanted: Wanted, host: Host) -> t.Callable[[str, t.Mapping[str, t.Any]], bool]:
    """Java may be the child of a script of that name. What is no longer wanted will be stopped."""
    obsolete = {name for name in host.files.get(wanted.run_dir, ()) if name.removesuffix(".pid") not in host.processes}
    pids = {live.pid for live in host.processes.values()}
    return lambda name, process: bool(pids & {process["pid"], process["parent"]}) or f"{name}.pid" in obsolete
