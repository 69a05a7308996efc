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
from .addresses import bare
from .advice import advice
from .archive import checksum, is_installed, is_url, scratch
from .binding import asked_names
from .changes import changes, restart_groups
from .class_archive import class_archive
from .config_files import config_files, config_link
from .directories import absent_temporary, asked_mounts, normal, written_dirs
from .distribution import distribution
from .encryption import rest_is_encrypted
from .files import absent
from .firewall import POLICIES, PROGRAMS, Firewall, asked_firewall, firewalls, names_of_peers
from .high_availability import asked_servers, asked_znodes, is_standby, quorum_names
from .java_options import file_places, tried_options
from .jobs import JobFacts, asked_pythons, job_directory, job_facts
from .names import (
    PROXY,
    RUN_PATTERN,
    UNIT_DIR,
    UNPLANNED,
    ZOOKEEPER,
    application_directory,
    component_of,
    process_names,
    runs_proxy,
    unit_file_name,
    unit_of,
    unit_path,
    unit_pattern,
    with_unit,
)
from .objections import Situation, archive_sentences, objections
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
from .proxy import PACKAGE, Proxy, absent_proxy, has_nginx, listed_dirs, proxy
from .secret_files import secret_dir, secrets_environment
from .signature import proof_files
from .strangers import KNOWN_BY
from .tls import former_url, rest_files
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
    from .archive import Copy
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
    proof_downloads: tuple[Copy, ...]
    proof_copies: tuple[Copy, ...]
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
    firewalls: tuple[Firewall, ...]
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
    proxy: Proxy | None


def questions(wanted: Wanted, options: FlinkOptions) -> dict[str, t.Any]:
    """What a host has to be asked: the arguments of the module host_info."""
    return {
        "java_homes": [wanted.java_home] if wanted.java_home else [],
        "flink_home": wanted.home,
        "disk_paths": [wanted.home],
        "ports": [port._asdict() for port in ports(wanted, options)],
        "names": list(
            dict.fromkeys(
                [*wanted.jobmanager_hosts, *quorum_names(options), *asked_names(wanted), *names_of_peers(wanted)]
            )
        ),
        "programs": [] if wanted.firewall == "none" else [PROGRAMS[wanted.firewall]],
        "servers": asked_servers(wanted, options),
        "znodes": asked_znodes(wanted, options),
        "user": wanted.user,
        "group": wanted.group,
        "directories": list(dict.fromkeys(_listed_dirs(wanted))),
        "links": [*([wanted.current_link] if wanted.current_link else []), config_link(wanted, options).path],
        "marks": [{"directory": wanted.run_dir, "pattern": RUN_PATTERN}],
        "places": asked_places(wanted, options.values),
        "mounts": list(dict.fromkeys([*asked_mounts(wanted, options), *file_places(wanted, options)])),
        "java_options": tried_options(wanted, options),
        "processes": [
            *asked_processes(wanted, lambda name: unit_of(name, wanted)),
            *_asked_proxy(wanted),
            *asked_firewall(wanted),
        ],
        "variables": list(ENVIRONMENT_NAMES),
        "running_with": list(KNOWN_BY),
        "releases_in": posixpath.dirname(wanted.home),
        "unit_pattern": unit_pattern(wanted),
        "job_notes": job_directory(wanted),
        "pythons": asked_pythons(wanted, options),
        "slice": "" if wanted.service_manager == "launcher" else wanted.slice,
    }


def _asked_proxy(wanted: Wanted) -> list[dict[str, t.Any]]:
    return [{"name": PROXY, "unit": unit_of(PROXY, wanted), "pid_file": None}] if runs_proxy(wanted) else []


def _listed_dirs(wanted: Wanted) -> list[str]:
    """Those whose files matter by their names; a JobManager finds the job that it starts with in one of them."""
    start_dirs = [application_directory(wanted)] if wanted.is_application else []
    own = [wanted.conf_dir, wanted.run_dir, secret_dir(wanted)]
    return [*own, *start_dirs, *jar_dirs(wanted), *listed_dirs(wanted), POLICIES]


def decide(
    wanted: Wanted,
    host: Host,
    planned: t.Mapping[str, t.Any],
    controller: Controller,
    render: Render,
    bound: t.Mapping[str, str] | None = None,
) -> Deployment:
    """``planned`` is the plan of the host; ``render`` gives the text of a template of the role by its name and values.

    ``bound`` are the addresses on which other hosts of the cluster listen by variable, by their names.

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
            controller.identity,
            secrets_environment(wanted, controller),
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
            controller,
            render,
        )
        limits = limit_files(wanted, plans, render) if has_systemd else {}
        in_front = proxy(wanted, host, system, rest_port(wanted, planned["config"]), render)
        notes = java_advice(wanted, planned, java)
    except FlinkError as exc:
        raise FlinkError("\n".join(dict.fromkeys([*objected, *str(exc).splitlines()]))) from exc
    every = process_names(wanted)
    resting = [name for name in every if name not in UNPLANNED] if wanted.rests else []
    names = [name for name in every if name not in resting]
    change = changes(every, host, process_environments, wanted.restart, wanted.conf_dir, has_systemd, resting)
    if not runs_proxy(wanted):
        change = change.without(with_unit(wanted, [PROXY], host.matching_units))
    scripts = host.marked_files.get(wanted.run_dir, ())
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
        firewalls=firewalls(wanted, options, host, bound or {}, render),
        limits=limits,
        has_systemd=has_systemd,
        names=tuple(names),
        rests=wanted.rests,
        units={name: unit_of(name, wanted) for name in (*every, *change.obsolete)},
        changes=change,
        pending=(
            *(name for name in names if name in (*change.start, *change.differing)),
            *([PROXY] if in_front and in_front.starts else []),
        ),
        unit_stops=with_unit(wanted, change.obsolete, host.matching_units) if has_systemd else (),
        launcher_stops=() if has_systemd else tuple(name for name in change.obsolete if name in scripts),
        obsolete_files=obsolete_files(wanted, change.obsolete, host.matching_units if has_systemd else (), scripts),
        restart_groups=groups,
        command_line_deviations=tuple(
            command_line_deviations(host, [plan for plan in planned["plans"] if plan["name"] in names])
        ),
        health_ports=tuple(
            {**port._asdict(), "process": port.process} for port in health_ports(wanted, options, wanted_ports)
        ),
        jobs=job_facts(wanted, host, options, planned["plans"], change, groups, group, java),
        proxy=in_front,
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


def look_arguments(wanted: Wanted) -> dict[str, t.Any]:
    """What the module process_info is asked about the processes of a host that have planned memory."""
    processes = asked_processes(wanted, lambda name: unit_of(name, wanted))
    return {
        "processes": [
            {**process, "environment_file": f"{wanted.conf_dir}/{process['name']}.env"}
            for process in processes
            if component_of(process["name"]) not in UNPLANNED
        ],
        "log_directory": wanted.log_dir,
        "slice": "" if wanted.service_manager == "launcher" else wanted.slice,
    }


def rest_arguments(
    wanted: Wanted, config: t.Mapping[str, t.Any], address: str, host: Host | None = None
) -> dict[str, t.Any]:
    """How the cluster is asked at that address, without the password: results are printed by some callbacks.

    With high availability a JobManager answers for itself, whoever leads. ``host`` is where the question comes from, if
    it is known what runs there now.
    """
    jobmanager = merge_config([config, wanted.jobmanager_config])
    scheme = "https" if rest_is_encrypted(jobmanager, wanted.version) else "http"
    url = wanted.rest_url or f"{scheme}://{_in_url(address)}:{rest_port(wanted, config)}"
    former = former_url(wanted, url, host) if host is not None else None
    given = {
        "ca_path": wanted.rest_ca_path,
        "client_cert": wanted.rest_client_cert,
        "client_key": wanted.rest_client_key,
    }
    return {
        "url": url,
        **({} if former is None else {"former_url": former}),
        "url_username": wanted.rest_username,
        "validate_certs": wanted.rest_validate_certs,
        **given,
        **{name: path for name, path in rest_files(wanted, former).items() if given[name] is None},
    }


def _in_url(address: str) -> str:
    return f"[{bare(address)}]" if ":" in address else address


def obsolete_files(
    wanted: Wanted, obsolete: t.Sequence[str], units: t.Container[str], scripts: t.Container[str]
) -> tuple[File, ...]:
    """What is left of processes that are no longer wanted; the environment file, which names each, goes last.

    A unit goes with the last process of its component. ``units`` and ``scripts`` are those that are the role's.
    """
    ended = {component_of(name) for name in obsolete} - {component_of(name) for name in process_names(wanted)}
    files = (
        file
        for name in obsolete
        for file in (
            *([absent(f"{wanted.run_dir}/{name}")] if name in scripts else []),
            *absent_drop_ins(f"{UNIT_DIR}/{unit_of(name, wanted)}.d"),
            *(_absent_unit(wanted, component_of(name), units) if component_of(name) in ended else ()),
            absent_temporary(wanted, name),
            *([absent_zookeeper(wanted)] if name == ZOOKEEPER else []),
            *(absent_proxy(wanted) if name == PROXY else []),
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
    if runs_proxy(wanted) and not has_nginx(host):
        packages.append(PACKAGE)
    installed = is_installed(wanted, host)
    link = wanted.current_link
    has_link = link is None or host.links.get(link) in (wanted.home, normal(wanted.home))
    read_by_tools = config_link(wanted, s.options)
    is_in_release = normal(wanted.conf_dir) == normal(f"{wanted.home}/conf")
    has_config_link = host.links.get(read_by_tools.path) is not None or is_in_release
    adds_files = s.additions.recorded != list(host.release.extra_files)
    proofs = proof_files(wanted, host)
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
        archive_objections=tuple(archive_sentences(s)),
        group=group,
        user=user,
        packages=tuple(packages),
        package_family=s.distribution.family,
        archive_is_url=is_url(wanted.archive),
        archive_checksum=checksum(wanted, host, s.controller.archive),
        proof_downloads=tuple(file for file in proofs if is_url(file.src)),
        proof_copies=tuple(file for file in proofs if not is_url(file.src)),
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
