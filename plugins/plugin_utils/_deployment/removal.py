# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What uninstalling takes: the processes, and what the role created on the host."""

from __future__ import annotations

import posixpath
import typing as t

from .changes import obsolete_processes
from .deployment import obsolete_files, runs_under_systemd
from .files import absent
from .names import TITLES, unit_of, unit_path

if t.TYPE_CHECKING:
    from .files import File
    from .wanted import Wanted


def decide_removal(
    wanted: Wanted, answer: t.Mapping[str, t.Any], installed: t.Iterable[str], used: t.Collection[str]
) -> dict[str, t.Any]:
    """From what host_info answered, the releases that the role installed, and those that other clusters use.

    The processes of the cluster with their units and files, what the role created besides, and the sentence that asks
    for a confirmation.
    """
    processes = obsolete_processes((), answer["files"].get(wanted.conf_dir, ()))
    directory = posixpath.dirname(wanted.home)
    releases = sorted(home for home in installed if home not in used and home != directory)
    created = [wanted.conf_dir, wanted.run_dir, *([wanted.current_link] if wanted.current_link else []), *releases]
    return {
        "has_systemd": runs_under_systemd(wanted, answer["systemd"]),
        "processes": list(processes),
        "units": {name: unit_of(name, wanted) for name in processes},
        "files": [file.as_entry() for file in obsolete_files(wanted, processes)],
        "created_files": [file.as_entry() for file in _created(wanted, created)],
        "confirmation": (
            "flink_uninstall_confirmed: expected true, got false. It would stop every process of "
            f"{wanted.service_name} on {wanted.host}, and remove {', '.join(created)}. If that is meant, say "
            "-e flink_uninstall_confirmed=true."
        ),
    }


def _created(wanted: Wanted, paths: t.Iterable[str]) -> t.Iterator[File]:
    for component in TITLES:
        path = unit_path(component, wanted)
        yield absent(path)
        yield absent(f"{path}.d")
    yield from map(absent, paths)
