# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What systemd or launchers need to run the processes, and which changes of it need a restart."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.application import ENDS, STAYS
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import to_bytes

from .directories import temporary_dir
from .files import File, absent, absent_if_empty
from .names import (
    TITLES,
    UNIT_DIR,
    ZOOKEEPER,
    application_directory,
    component_of,
    process_names,
    protect_home,
    unit_of,
    unit_path,
)
from .processes import digest
from .zookeeper import written_dir

if t.TYPE_CHECKING:
    from .wanted import Wanted

    Render = t.Callable[..., str]

_COMMENT = re.compile(r"^#.*\n", re.MULTILINE)
_STARTUP_SECONDS = 300
# The first systemd that waits longer from one restart to the next.
_BACK_OFF_SYSTEMD = 254
# What only the next start reads, between its marks.
_NEXT_START = re.compile(r"^# >>>.*?^# <<<\n", re.MULTILINE | re.DOTALL)


@dataclasses.dataclass(frozen=True, slots=True)
class Units:
    """The texts that are the same for all processes of a component; ``by_component`` is empty without systemd."""

    run: str
    by_component: t.Mapping[str, str]


def units(
    wanted: Wanted,
    group: str,
    java_home: str,
    written: t.Sequence[str],
    class_archive: str | None,
    has_systemd: bool,
    render: Render,
) -> Units:
    """The script that becomes a process, and the unit of each component."""
    wrong = [str(name) for name, lines in wanted.service_overrides.items() if not isinstance(lines, str)]
    if wrong:
        raise FlinkError(
            f"flink_service_overrides: expected lines of text, got another type for {', '.join(wrong)}. Write them as "
            "one text."
        )
    seen = [wanted.home, wanted.conf_dir, wanted.log_dir, wanted.run_dir, java_home, *written]
    given = flatten(wanted.config)
    variables, release = wanted.variables(), Release.parse(wanted.version)
    components = dict.fromkeys(map(component_of, process_names(wanted))) if has_systemd else {}
    return Units(
        render(
            "run.sh.j2",
            class_archive=class_archive,
            startup_options=_startup_options(release),
            exits_on_oom=wanted.exit_on_oom and not _is_given(wanted, "taskmanager.jvm-exit-on-oom"),
            temporary_dir=temporary_dir(wanted),
            application_dir=application_directory(wanted) if wanted.is_application else None,
            **{f"{name}_dir": str(given.get(f"env.{name}.conf.dir", "")) for name in ("hadoop", "hbase", "yarn")},
            **variables,
        ),
        {
            component: render(
                "flink.service.j2",
                group=group,
                title=TITLES[component],
                process="taskmanager-%i" if component == "taskmanager" else component,
                protect_home=protect_home(seen),
                written_dirs=[*written, written_dir(wanted)] if component == ZOOKEEPER else written,
                **variables,
            )
            for component in components
        },
    )


def _is_given(wanted: Wanted, option: str) -> bool:
    return any(option in flatten(config) for config in (wanted.config, *wanted.taskmanager_configs))


def _startup_options(release: Release) -> list[str]:
    """What makes a start survive a slow host, where the actor system does not start within the 10 seconds it has.

    Flink's own option, which stands for 100 seconds, does not reach the actor system from 1.14 on: there, a property of
    the JVM does. Source: ``akka.remote.classic.startup-timeout``, which ``AkkaUtils`` and ``PekkoUtils`` leave alone.
    """
    if release.version < (1, 14):
        return []
    library = "akka" if release.version < (1, 18) else "pekko"
    return [f"-D{library}.remote.classic.startup-timeout={_STARTUP_SECONDS} s"]


def drop_ins(wanted: Wanted, systemd: int | None, render: Render) -> dict[str, str]:
    """What came to the units later and restarts nothing: the rhythm in which systemd starts again what has failed,
    slower each time where it can, and what a start needs.
    """
    return {
        "05-rhythm.conf": render("rhythm.conf.j2", backs_off=(systemd or 0) >= _BACK_OFF_SYSTEMD, **wanted.variables()),
        "06-start.conf": render(
            "start.conf.j2",
            temporary_dir=temporary_dir(wanted),
            application_dir=application_directory(wanted) if ends_with_its_job(wanted) else None,
            ends=[f"jobmanager.{code}" for code in ENDS],
        ),
    }


def ends_with_its_job(wanted: Wanted) -> bool:
    """Whether the JobManager does, as in application mode before 1.15."""
    return wanted.is_application and Release.parse(wanted.version).version < STAYS


def service_digests(wanted: Wanted, plans: t.Iterable[t.Mapping[str, t.Any]], texts: Units) -> dict[str, str]:
    """What runs each process besides its environment: comments and the memory limit, which applies at once, aside."""
    digests = {}
    for plan in plans:
        component, node = plan["process"], plan["numa_node"]
        parts = [
            texts.run,
            wanted.user or "",
            texts.by_component.get(component, ""),
            wanted.service_overrides.get(component) or "",
            "" if node is None else f"NUMAMask={node}",
        ]
        digests[plan["name"]] = digest("".join(_COMMENT.sub("", _NEXT_START.sub("", part)) for part in parts))
    return digests


def limit_files(wanted: Wanted, plans: t.Iterable[t.Mapping[str, t.Any]], render: Render) -> dict[str, File]:
    """The drop-in with the memory limit and the NUMA node of each process.

    What systemd reads applies at once: a process that runs with another configuration, and may be larger than its new
    limit, gets it only with its own restart, so without a restart not at all.
    """
    slack = _slack(wanted)
    return {
        plan["name"]: File(
            path=f"{UNIT_DIR}/{unit_of(plan['name'], wanted)}.d/10-plan.conf",
            mode="0644",
            content=render(
                "limits.conf.j2",
                total=plan["memory"]["total_process"],
                node=plan["numa_node"],
                slack=slack,
            ),
        )
        for plan in plans
    }


def _slack(wanted: Wanted) -> int | None:
    try:
        return None if wanted.memory_max_slack is None else to_bytes(wanted.memory_max_slack)
    except FlinkError as exc:
        raise FlinkError(f"flink_memory_max_slack: {exc}") from exc


def systemd_files(
    wanted: Wanted,
    texts: Units,
    dropped_in: t.Mapping[str, str],
    limits: t.Mapping[str, File],
    differing: t.Collection[str],
) -> tuple[File, ...]:
    """The units, and the limits of all processes but those that get theirs with their restart."""
    files = [_run_file(wanted, texts)]
    for component, text in texts.by_component.items():
        path, override = unit_path(component, wanted), wanted.service_overrides.get(component)
        overrides = f"{path}.d/20-overrides.conf"
        files += [
            File(path=path, content=text, mode="0644"),
            File(path=f"{path}.d", state="directory", mode="0755"),
            *(File(path=f"{path}.d/{name}", content=lines, mode="0644") for name, lines in dropped_in.items()),
            File(path=overrides, mode="0644", content=override) if override else absent(overrides),
        ]
    for name, limit in limits.items():
        files.append(File(path=limit.path.rpartition("/")[0], state="directory", mode="0755"))
        files += [] if name in differing else [limit]
    return tuple(dict.fromkeys(files))


def absent_drop_ins(directory: str) -> tuple[File, ...]:
    """Those of the role; what an administrator has put beside them stays."""
    names = ("05-rhythm.conf", "06-start.conf", "10-plan.conf", "20-overrides.conf")
    return (*(absent(f"{directory}/{name}") for name in names), absent_if_empty(directory))


def launcher_files(wanted: Wanted, texts: Units, render: Render) -> tuple[File, ...]:
    """A script for each process that starts and stops it."""
    return (
        _run_file(wanted, texts),
        *(
            File(
                path=f"{wanted.run_dir}/{name}",
                mode="0755",
                content=render("launcher.sh.j2", name=name, **wanted.variables()),
            )
            for name in process_names(wanted)
        ),
    )


def _run_file(wanted: Wanted, texts: Units) -> File:
    return File(path=f"{wanted.run_dir}/run", content=texts.run, mode="0755")
