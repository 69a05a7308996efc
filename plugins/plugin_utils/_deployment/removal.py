# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What uninstalling takes: the processes, and what the role provably created on the host."""

from __future__ import annotations

import posixpath
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

from .changes import obsolete_processes
from .config_files import own_names
from .deployment import rest_arguments, runs_under_systemd
from .directories import absent_temporary, held, lasting_places, normal, temporary_dir
from .files import absent, absent_if_empty
from .firewall import POLICIES, remains
from .jobs import facts_of_removal, job_directory
from .names import (
    PROXY,
    TITLES,
    UNIT_DIR,
    application_directory,
    component_of,
    environment_pattern,
    is_own_unit,
    note_path,
    proxy_directory,
    script_pattern,
    unit_file_name,
    unit_of,
    unit_path,
    unit_pattern,
    with_unit,
)
from .options import flink_options
from .paths import all_configs, check_paths, root_objections
from .proxy import absent_proxy
from .secret_files import absent_secrets, secret_dir
from .strangers import KNOWN_BY, strangers
from .units import absent_drop_ins

if t.TYPE_CHECKING:
    from .files import File
    from .wanted import Wanted


def removal_questions(wanted: Wanted) -> dict[str, t.Any]:
    """What a host has to be asked: the arguments of the module host_info. Raises FlinkError for paths of the system."""
    check_paths(wanted, ())
    return {
        "directories": [wanted.conf_dir, UNIT_DIR, POLICIES, proxy_directory(wanted), secret_dir(wanted)],
        "links": [*([wanted.current_link] if wanted.current_link else []), _mark_of_application(wanted)],
        "unit_pattern": unit_pattern(wanted),
        "marks": [
            {"directory": wanted.conf_dir, "pattern": f"{environment_pattern(wanted)}|{script_pattern(wanted)}"},
            {"directory": wanted.run_dir, "pattern": f"{environment_pattern(wanted)}|{script_pattern(wanted)}"},
        ],
        "releases_in": posixpath.dirname(wanted.home),
        "user": wanted.user,
        "group": wanted.group,
        "places": [{"path": wanted.run_dir, "owner": None}],
        "environment": ["FLINK_CONF_DIR", "FLINK_HOME"],
        "running_with": list(KNOWN_BY),
        "job_notes": job_directory(wanted),
    }


def decide_removal(wanted: Wanted, answer: t.Mapping[str, t.Any], rest_address: str) -> dict[str, t.Any]:
    """From what host_info answered: what to stop, what to remove, what stays, and the sentence that asks for a yes.

    ``rest_address`` is where the cluster is asked about its jobs before.
    Raises FlinkError if something would run on without its files.
    """
    processes = obsolete_processes((), answer["marked_files"][wanted.conf_dir])
    scripts = [name for name in answer["marked_files"][wanted.run_dir] if not name.endswith(".env")]
    launchers = [name for name in scripts if name != "run"]
    units = [unit for unit in answer["matching_units"] if is_own_unit(unit, wanted)]
    has_systemd = answer["systemd"] is not None and (bool(units) or runs_under_systemd(wanted, answer["systemd"]))
    unit_stops = list(with_unit(wanted, [*processes, PROXY], units)) if has_systemd else []
    _check_stops(wanted, answer, unit_stops, launchers)
    options = flink_options(wanted)
    places = lasting_places(wanted, all_configs(wanted, options.values))
    releases, kept = _releases(wanted, answer, places)
    link = wanted.current_link
    links = [link] if link and answer["links"][link] in releases else []
    files = [
        *_unit_files(wanted, units, answer["files"][UNIT_DIR], processes),
        *_temporary(wanted, processes),
        *_scripts(wanted, scripts, is_application=answer["links"][_mark_of_application(wanted)] is not None),
        *(absent_proxy(wanted) if processes and answer["files"].get(proxy_directory(wanted)) else ()),
        *(absent_secrets(wanted, answer["files"].get(secret_dir(wanted), ())) if processes else ()),
        *_configuration(wanted, processes, answer["files"][wanted.conf_dir]),
        *(absent(path) for path in [*links, *releases]),
        *(absent(note_path(wanted).replace(wanted.home, home)) for home in kept),
    ]
    home = normal(wanted.home)
    stays = [] if home in releases or home not in answer["installed_releases"] else [_reason(wanted, places)]
    return {
        "has_systemd": has_systemd,
        "processes": list(processes),
        "unit_stops": unit_stops,
        "launcher_stops": launchers,
        # What stops them is in flink_run_dir, and root runs it.
        "root_objections": [*root_objections(wanted, answer["places"], answer["ansible_user"])] if launchers else [],
        "units": {name: unit_of(name, wanted) for name in (*processes, PROXY)},
        "files": [file.as_entry() for file in dict.fromkeys(files)],
        "firewalls": list(remains(wanted, answer["files"])),
        "warnings": stays,
        "jobs": facts_of_removal(wanted, options, processes, answer["job_notes"]),
        "rest": rest_arguments(wanted, options.values, rest_address),
        "confirmation": (
            "flink_uninstall_confirmed: expected true, got false. It would stop every process of "
            f"{wanted.service_name} on {wanted.host}, and remove its files in {wanted.conf_dir}, {wanted.run_dir} and "
            f"{UNIT_DIR}{''.join(f', and {path}' for path in [*links, *releases])}. If that is meant, say -e "
            "flink_uninstall_confirmed=true."
        ),
    }


def _check_stops(
    wanted: Wanted, answer: t.Mapping[str, t.Any], unit_stops: t.Container[str], launchers: t.Container[str]
) -> None:
    def stops(name: str, process: t.Mapping[str, t.Any]) -> bool:
        by_unit = name in unit_stops and process["unit"] == unit_of(name, wanted)
        return by_unit or (name in launchers and process["unit"] != unit_of(name, wanted))

    strange = strangers(wanted, answer["running"], [answer["user"], answer["ansible_user"]], stops)
    if strange:
        raise FlinkError(
            "flink_service_manager, flink_run_dir: expected those that this cluster was started with, got others: "
            f"{', '.join(strange)} would run on without its files. Give the former ones, or end it first."
        )


def _releases(
    wanted: Wanted, answer: t.Mapping[str, t.Any], places: t.Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Those that only this cluster uses, and those where it has noted so, but which another one uses too, or which hold
    one of the places for logs and data.
    """
    own = normal(wanted.conf_dir)
    used = {
        normal(environment["FLINK_HOME"])
        for environment in answer["environments"]
        if normal(environment["FLINK_CONF_DIR"]) != own
    }
    noted = {
        home: [normal(note) for note in notes]
        for home, notes in answer["installed_releases"].items()
        # What is directly below the root is for people to remove.
        if home.count("/") > 1
    }
    ours = [home for home, notes in noted.items() if own in notes]
    removed = [home for home in ours if home not in used and set(noted[home]) == {own} and not held(home, places)]
    return removed, [home for home in ours if home not in removed]


def _reason(wanted: Wanted, places: t.Mapping[str, str]) -> str:
    inside = held(wanted.home, places)
    if inside:
        return (
            f"{wanted.home} stays: {inside[0]} of {inside[1]} is in it. Remove it yourself once you need that no more."
        )
    return (
        f"{wanted.home} stays: another cluster uses it, or no deployment has noted that only this one does. Remove it "
        "yourself once no cluster uses it."
    )


def _unit_files(
    wanted: Wanted, units: t.Container[str], there: t.Container[str], processes: t.Sequence[str]
) -> t.Iterator[File]:
    """A unit of that name with other directories is somebody else's, as are its drop-ins."""
    names = {component: unit_file_name(component, wanted) for component in TITLES}
    yield from (absent(unit_path(component, wanted)) for component, name in names.items() if name in units)
    deployed = set(map(component_of, processes))
    ours = [
        component for component, name in names.items() if name in units or (component in deployed and name not in there)
    ]
    for component in ours:
        yield from absent_drop_ins(f"{unit_path(component, wanted)}.d")
    for process in processes:
        if component_of(process) in ours:
            yield from absent_drop_ins(f"{UNIT_DIR}/{unit_of(process, wanted)}.d")


def _temporary(wanted: Wanted, processes: t.Sequence[str]) -> t.Iterator[File]:
    yield from (absent_temporary(wanted, name) for name in processes)
    yield from _directory(temporary_dir(wanted), is_ours=bool(processes))


def _mark_of_application(wanted: Wanted) -> str:
    """A link that nobody else would have put there."""
    return f"{application_directory(wanted)}/lib"


def _scripts(wanted: Wanted, scripts: t.Sequence[str], *, is_application: bool) -> t.Iterator[File]:
    for name in scripts:
        if name != "run":
            yield absent(f"{wanted.run_dir}/{name}.pid")
        yield absent(f"{wanted.run_dir}/{name}")
    if scripts and is_application:
        yield absent(application_directory(wanted))
    yield from _directory(wanted.run_dir, is_ours=bool(scripts))


def _configuration(wanted: Wanted, processes: t.Sequence[str], there: t.Container[str]) -> t.Iterator[File]:
    """It is known by the environment files, so they go last."""
    if processes:
        yield from (absent(f"{wanted.conf_dir}/{name}") for name in own_names(wanted, there) if name in there)
    yield from (absent(f"{wanted.conf_dir}/{name}.env") for name in processes)
    yield from _directory(wanted.conf_dir, is_ours=bool(processes))


def _directory(path: str, *, is_ours: bool) -> t.Iterator[File]:
    if is_ours and path.count("/") > 1:
        yield absent_if_empty(path)
