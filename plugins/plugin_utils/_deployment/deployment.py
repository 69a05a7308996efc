# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door: from what is wanted, what is on the host and the plan to what has to be done there. Read this first.

Tasks carry out what ``decide`` returns and decide nothing themselves.
"""

from __future__ import annotations

import dataclasses
import posixpath
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

from .additions import additions, jar_dirs, jar_objection, plugin_objection, shared_advice
from .advice import advice
from .archive import archive_objections, checksum, is_installed, is_url, scratch
from .changes import changes, restart_groups
from .class_archive import class_archive
from .config_files import config_files, config_link
from .directories import absent_temporary, asked_mounts, normal, written_dirs
from .distribution import distribution
from .encryption import rest_is_encrypted
from .files import absent
from .high_availability import asked_servers, asked_znodes, is_standby, quorum_names
from .java_options import file_places, tried_options
from .jobs import JobFacts, job_directory, job_facts
from .names import (
    UNIT_DIR,
    UNPLANNED,
    ZOOKEEPER,
    component_of,
    process_names,
    unit_file_name,
    unit_of,
    unit_path,
    unit_pattern,
    with_unit,
)
from .objections import Situation, objections
from .options import flink_options
from .paths import asked_places, root_advice, root_objections
from .ports import health_ports, ports
from .processes import (
    ENVIRONMENT_NAMES,
    Java,
    Launch,
    all_plans,
    asked_processes,
    command_line_deviations,
    environments,
    java_advice,
)
from .strangers import KNOWN_BY
from .units import (
    absent_drop_ins,
    drop_ins,
    launcher_files,
    limit_files,
    service_digests,
    systemd_files,
    units,
)
from .zookeeper import absent_zookeeper

if t.TYPE_CHECKING:
    from .additions import Jar
    from .changes import Changes
    from .files import File
    from .found import Controller, Host
    from .options import FlinkOptions
    from .wanted import Wanted

    Render = t.Callable[..., str]


@dataclasses.dataclass(frozen=True, slots=True)
class Installation:
    """What has to be installed; ``missing`` names it, and is empty if nothing has.

    ``archive_objections``, ``plugin_objection`` and ``jar_objection`` say what stands against it.
    """

    missing: tuple[str, ...]
    is_installed: bool
    archive_objections: tuple[str, ...]
    group: str | None
    user: str | None
    packages: tuple[str, ...]
    package_family: str
    archive_is_url: bool
    archive_checksum: str
    scratch: str
    replaces: bool
    adds_files: bool
    extra_directories: tuple[File, ...]
    downloads: tuple[Jar, ...]
    copies: tuple[Jar, ...]
    extra_files: tuple[File, ...]
    plugin_objection: str | None
    jar_objection: str | None
    link: str | None
    config_link: File | None


@dataclasses.dataclass(frozen=True, slots=True)
class Deployment:
    """What has to be done on a host, and how to see that it is done.

    ``root_objections`` are those for which root may not even restart what is there.
    ``names`` are the processes that are to run; the cluster ``rests`` if its one job is not to.
    ``pending`` are those that do not run as configured, whether they may be restarted or not.
    """

    objections: tuple[str, ...]
    root_objections: tuple[str, ...]
    advice: tuple[str, ...]
    installation: Installation
    class_archive_script: str | None
    configuration: tuple[File, ...]
    service: tuple[File, ...]
    limits: t.Mapping[str, File]
    has_systemd: bool
    names: tuple[str, ...]
    rests: bool
    units: t.Mapping[str, str]
    changes: Changes
    pending: tuple[str, ...]
    unit_stops: tuple[str, ...]
    launcher_stops: tuple[str, ...]
    obsolete_files: tuple[File, ...]
    restart_groups: tuple[str, ...]
    command_line_deviations: tuple[str, ...]
    health_ports: tuple[t.Mapping[str, t.Any], ...]
    jobs: JobFacts


def questions(wanted: Wanted, options: FlinkOptions) -> dict[str, t.Any]:
    """What a host has to be asked: the arguments of the module host_info."""
    return {
        "java_homes": [wanted.java_home] if wanted.java_home else [],
        "flink_home": wanted.home,
        "disk_paths": [wanted.home],
        "ports": [port._asdict() for port in ports(wanted, options)],
        "names": list(dict.fromkeys([*wanted.jobmanager_hosts, *quorum_names(options)])),
        "servers": asked_servers(wanted, options),
        "znodes": asked_znodes(wanted, options),
        "user": wanted.user,
        "group": wanted.group,
        "directories": list(dict.fromkeys([wanted.conf_dir, wanted.run_dir, *jar_dirs(wanted)])),
        "links": [*([wanted.current_link] if wanted.current_link else []), config_link(wanted, options).path],
        "places": asked_places(wanted, options.values),
        "mounts": list(dict.fromkeys([*asked_mounts(wanted, options), *file_places(wanted, options)])),
        "java_options": tried_options(wanted, options),
        "processes": asked_processes(wanted, lambda name: unit_of(name, wanted)),
        "variables": list(ENVIRONMENT_NAMES),
        "running_with": list(KNOWN_BY),
        "releases_in": posixpath.dirname(wanted.home),
        "unit_pattern": unit_pattern(wanted),
        "job_notes": job_directory(wanted),
        "slice": "" if wanted.service_manager == "launcher" else wanted.slice,
    }


def decide(
    wanted: Wanted,
    host: Host,
    planned: t.Mapping[str, t.Any],
    controller: Controller,
    render: Render,
) -> Deployment:
    """``planned`` is the plan of the host; ``render`` gives the text of a template of the role by its name and values.

    Raises FlinkError with all objections if one of them is such that nothing could be carried out.
    """
    options = flink_options(wanted)
    system = distribution(host.os)
    java = Java.of(wanted, host, system)
    plans = all_plans(wanted, planned)
    added = additions(wanted, host, controller)
    has_systemd = runs_under_systemd(wanted, host.systemd)
    wanted_ports = ports(wanted, options)
    situation = Situation(
        wanted, host, controller, options, planned["config"], plans, wanted_ports, system, java, added, has_systemd
    )
    objected = objections(situation)
    group = wanted.group or (host.user or {}).get("group") or wanted.user or ""
    written = written_dirs(wanted, plans)
    try:
        archive_checksum = checksum(wanted, host, controller.archive)
        archived = class_archive(wanted, host, java, archive_checksum, added.lines, render)
        script = archived.script if archived else None
        texts = units(wanted, group, java.home, written, archived.path if archived else None, has_systemd, render)
        launch = Launch(
            java,
            archive_checksum,
            added.lines,
            service_digests(wanted, plans, texts),
        )
        process_environments = environments(wanted, host, system, planned, launch)
        configuration = config_files(
            wanted,
            host,
            options,
            planned["config"],
            group,
            written,
            process_environments,
            rest_port(wanted, planned["config"]),
            render,
        )
        limits = limit_files(wanted, plans, render) if has_systemd else {}
        notes = java_advice(wanted, planned, java)
    except FlinkError as exc:
        raise FlinkError("\n".join(dict.fromkeys([*objected, *str(exc).splitlines()]))) from exc
    every = process_names(wanted)
    resting = [name for name in every if name not in UNPLANNED] if wanted.rests else []
    names = [name for name in every if name not in resting]
    change = changes(every, host, process_environments, wanted.restart, wanted.conf_dir, has_systemd, resting)
    groups = restart_groups(change, is_standby=is_standby(wanted, options, host))
    return Deployment(
        objections=objected,
        root_objections=tuple(root_objections(wanted, host.places, host.ansible_user)),
        advice=(
            *plan_advice(planned),
            *notes,
            *root_advice(wanted, host),
            *_stale_file(wanted, host, options),
            *shared_advice(wanted, host, added),
            *advice(situation),
        ),
        installation=_installation(situation, makes_archive=script is not None),
        class_archive_script=script,
        configuration=configuration,
        service=systemd_files(
            wanted,
            texts,
            drop_ins(wanted, host.systemd, render),
            limits,
            change.differing,
        )
        if has_systemd
        else launcher_files(wanted, texts, render),
        limits=limits,
        has_systemd=has_systemd,
        names=tuple(names),
        rests=wanted.rests,
        units={name: unit_of(name, wanted) for name in (*every, *change.obsolete)},
        changes=change,
        pending=tuple(name for name in names if name in (*change.start, *change.differing)),
        unit_stops=with_unit(wanted, change.obsolete, host.matching_units) if has_systemd else (),
        launcher_stops=()
        if has_systemd
        else tuple(name for name in change.obsolete if name in host.files.get(wanted.run_dir, ())),
        obsolete_files=obsolete_files(wanted, change.obsolete, host.matching_units if has_systemd else ()),
        restart_groups=groups,
        command_line_deviations=tuple(
            command_line_deviations(host, [plan for plan in planned["plans"] if plan["name"] in names])
        ),
        health_ports=tuple(
            {**port._asdict(), "process": port.process} for port in health_ports(wanted, options, wanted_ports)
        ),
        jobs=job_facts(wanted, host, options, planned["plans"], change, groups, group),
    )


def runs_under_systemd(wanted: Wanted, systemd: int | None) -> bool:
    """``systemd`` is the version of the one that runs the host."""
    return wanted.service_manager == "systemd" or (wanted.service_manager == "auto" and systemd is not None)


def plan_advice(planned: t.Mapping[str, t.Any], levels: t.Collection[str] = ("warning",)) -> list[str]:
    """The notes of a plan in these levels as sentences, each with what it is about."""
    return [
        f"{note['name']} {note['message']} {note['remedy']}" for note in planned["notes"] if note["level"] in levels
    ]


def rest_port(wanted: Wanted, config: t.Mapping[str, t.Any]) -> str:
    """The port that the JobManager's REST API is reached at."""
    return str(merge_config([config, wanted.jobmanager_config]).get("rest.port", 8081))


def rest_arguments(wanted: Wanted, config: t.Mapping[str, t.Any], options: FlinkOptions) -> dict[str, t.Any]:
    """How the cluster is asked, without the password: results are printed by some callbacks.

    With high availability a JobManager answers for itself, whoever leads.
    """
    jobmanager = merge_config([config, wanted.jobmanager_config])
    scheme = "https" if rest_is_encrypted(jobmanager, wanted.version) else "http"
    return {
        "url": wanted.rest_url or f"{scheme}://{options.jobmanager_address}:{rest_port(wanted, config)}",
        "url_username": wanted.rest_username,
        "validate_certs": wanted.rest_validate_certs,
        "ca_path": wanted.rest_ca_path,
        "client_cert": wanted.rest_client_cert,
        "client_key": wanted.rest_client_key,
    }


def obsolete_files(wanted: Wanted, obsolete: t.Sequence[str], units: t.Container[str]) -> tuple[File, ...]:
    """What is left of processes that are no longer wanted; the environment file, which names each, goes last.

    A unit goes with the last process of its component.
    """
    ended = {component_of(name) for name in obsolete} - {component_of(name) for name in process_names(wanted)}
    files = (
        file
        for name in obsolete
        for file in (
            absent(f"{wanted.run_dir}/{name}"),
            *absent_drop_ins(f"{UNIT_DIR}/{unit_of(name, wanted)}.d"),
            *(_absent_unit(wanted, component_of(name), units) if component_of(name) in ended else ()),
            absent_temporary(wanted, name),
            *([absent_zookeeper(wanted)] if name == ZOOKEEPER else []),
            absent(f"{wanted.conf_dir}/{name}.env"),
        )
    )
    return tuple(dict.fromkeys(files))


def _absent_unit(wanted: Wanted, component: str, units: t.Container[str]) -> tuple[File, ...]:
    path = unit_path(component, wanted)
    is_ours = unit_file_name(component, wanted) in units
    return (*absent_drop_ins(f"{path}.d"), absent(path)) if is_ours else ()


def _stale_file(wanted: Wanted, host: Host, options: FlinkOptions) -> t.Iterator[str]:
    if options.stale_config_name in host.files.get(wanted.conf_dir, ()):
        yield (
            f"{wanted.conf_dir}/{options.stale_config_name} will be removed, because Flink {wanted.version} is to read "
            f"{options.config_name}."
        )


def _installation(s: Situation, *, makes_archive: bool) -> Installation:
    wanted, host = s.wanted, s.host
    group = wanted.group if wanted.group is not None and host.group is None else None
    user = wanted.user if wanted.user is not None and host.user is None else None
    packages = [*s.java_packages] if s.installs_java else []
    if s.installs_jemalloc and s.distribution.jemalloc_package:
        packages.append(s.distribution.jemalloc_package)
    installed = is_installed(wanted, host)
    link = wanted.current_link
    has_link = link is None or host.links.get(link) in (wanted.home, normal(wanted.home))
    read_by_tools = config_link(wanted, s.options)
    is_in_release = normal(wanted.conf_dir) == normal(f"{wanted.home}/conf")
    has_config_link = host.links.get(read_by_tools.path) is not None or is_in_release
    adds_files = s.additions.recorded != list(host.release.extra_files)
    missing = {
        f"group {group}": group is not None,
        f"user {user}": user is not None,
        **dict.fromkeys(packages, True),
        f"Flink {wanted.version}": not installed,
        "plugins and jars": adds_files,
        f"link {link}": not has_link,
        f"link {read_by_tools.path}": not has_config_link,
        "archive of classes": makes_archive,
    }
    return Installation(
        missing=tuple(name for name, is_missing in missing.items() if is_missing),
        is_installed=installed,
        archive_objections=tuple(archive_objections(wanted, host, s.controller.archive)),
        group=group,
        user=user,
        packages=tuple(packages),
        package_family=s.distribution.family,
        archive_is_url=is_url(wanted.archive),
        archive_checksum=checksum(wanted, host, s.controller.archive),
        scratch=scratch(wanted),
        replaces=host.release.exists,
        adds_files=adds_files,
        extra_directories=(*s.additions.directories, *s.additions.begun),
        downloads=s.additions.downloads,
        copies=s.additions.copies,
        extra_files=s.additions.files,
        plugin_objection=plugin_objection(wanted, s.additions),
        jar_objection=jar_objection(wanted, s.additions),
        link=None if has_link else link,
        config_link=None if has_config_link else read_by_tools,
    )
