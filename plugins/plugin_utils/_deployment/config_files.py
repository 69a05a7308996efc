# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in the directory of the configuration, and the directories that the processes need."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, type_name
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .directories import distinct, parents_first, temporary_dir
from .files import File, absent
from .names import application_directory, note_path
from .secret_files import secret_files
from .tls import tls_files, tls_names
from .zookeeper import zookeeper_files

if t.TYPE_CHECKING:
    from .found import Controller, Host
    from .options import FlinkOptions
    from .wanted import Wanted

    Render = t.Callable[..., str]

# The files of the role in flink_conf_dir, besides the environment files, for every release and without TLS.
_CONFIGURATION = (
    *("config.yaml", "flink-conf.yaml", "log4j-cli.properties", "log4j-console.properties"),
    *("log4j-session.properties", "log4j-yarn-session.properties", "log4j.properties", "logback-console.xml"),
    *("logback-session.xml", "logback-yarn.xml", "logback.xml", "masters", "slaves", "workers"),
    "zoo.cfg",
)
# What of an environment file is made from all options, secret ones as well.
_DIGESTS = r"(?m)(?<=^FLINK_CONFIG_DIGEST=).+|(?<=^FLINK_(?:CLUSTER|SECRETS)_DIGEST=).+"


def own_names(wanted: Wanted, there: t.Container[str] = ()) -> list[str]:
    """The files of the role in ``flink_conf_dir``, besides the environment files; ``there`` are those in it."""
    return list(dict.fromkeys([*_CONFIGURATION, *wanted.logging, *tls_names(wanted, there)]))


def owner_of_logs(wanted: Wanted, group: str) -> dict[str, t.Any]:
    return {"owner": wanted.user, "group": group} if wanted.user else {}


def config_files(
    wanted: Wanted,
    host: Host,
    options: FlinkOptions,
    config: t.Mapping[str, t.Any],
    group: str,
    written: t.Sequence[str],
    environments: t.Mapping[str, t.Mapping[str, t.Any]],
    rest_port: str,
    controller: Controller,
    render: Render,
) -> tuple[File, ...]:
    """In the order in which they take effect: the configuration of Flink last."""
    owns = owner_of_logs(wanted, group)
    reads: dict[str, t.Any] = {"group": group} if wanted.user else {}
    conf_dir = wanted.conf_dir
    return (
        *(File(path=path, state="directory", mode="0755", only_new=True) for path in (conf_dir, wanted.run_dir)),
        *(
            File(path=path, state="directory", mode="0750", only_new=True, **owns)
            for path in parents_first(distinct([wanted.log_dir, temporary_dir(wanted), *written]))
        ),
        *_application_files(wanted),
        *_note(wanted, host),
        *tls_files(wanted, host, controller.identity, reads),
        *zookeeper_files(wanted, owns, render),
        *(_logging_file(wanted, name) for name in _logging_names(wanted, host)),
        *(
            File(path=f"{conf_dir}/{name}", mode="0644", content=text)
            for name, text in _script_files(wanted, rest_port, render).items()
        ),
        *secret_files(wanted, host, controller, reads),
        *(
            File(
                path=f"{conf_dir}/{name}.env",
                mode="0640",
                secret_content=render("process.env.j2", environment=environment),
                secret_pattern=_DIGESTS,
                **reads,
            )
            for name, environment in environments.items()
        ),
        File(
            path=f"{conf_dir}/{options.config_name}",
            mode="0640",
            secret_content=render(
                f"{options.config_name}.j2",
                config={**config, **options.script_values},
                flink_version=wanted.version,
            ),
            **reads,
        ),
        absent(f"{conf_dir}/{options.stale_config_name}"),
    )


def config_link(wanted: Wanted, options: FlinkOptions) -> File:
    """Where ``bin/flink`` looks for the configuration if no variable says where it is."""
    name = options.config_name
    return File(path=f"{wanted.home}/conf/{name}", state="link", target=f"{wanted.conf_dir}/{name}")


def _application_files(wanted: Wanted) -> tuple[File, ...]:
    """Where the JobManager of one job finds it; ``usrlib`` is beside ``lib``."""
    if not wanted.is_application:
        return ()
    directory = application_directory(wanted)
    return (
        File(path=directory, state="directory", mode="0755", only_new=True),
        File(path=f"{directory}/lib", state="link", target=f"{wanted.home}/lib"),
    )


def _note(wanted: Wanted, host: Host) -> tuple[File, ...]:
    """In the release, that this cluster uses it: who uninstalls has to know, whether it runs or not."""
    if not host.release.exists:
        return ()
    note = note_path(wanted)
    return (
        File(path=note.rpartition("/")[0], state="directory", mode="0755", only_new=True),
        File(path=note, mode="0644", content=f"{wanted.conf_dir}\n"),
    )


def _logging_names(wanted: Wanted, host: Host) -> list[str]:
    shipped = [name for name in host.release.conf if name.startswith(("log4j", "logback"))]
    return list(dict.fromkeys([*shipped, *wanted.logging]))


def _logging_file(wanted: Wanted, name: str) -> File:
    path = f"{wanted.conf_dir}/{name}"
    if name in wanted.logging:
        text = wanted.logging[name]
        if not isinstance(text, str):
            raise FlinkError(
                f"flink_logging: expected the text of {name}, got {type_name(text)}. Give it, or leave the name out."
            )
        return File(path=path, mode="0644", content=text)
    return File(path=path, mode="0644", source=f"{wanted.home}/conf/{name}")


def _script_files(wanted: Wanted, rest_port: str, render: Render) -> dict[str, str]:
    """For people who use Flink's own scripts."""
    workers = "slaves" if Release.parse(wanted.version).version < (1, 11) else "workers"
    return {
        "masters": render("masters.j2", rest_port=rest_port, **wanted.variables()),
        workers: render("workers.j2", **wanted.variables()),
    }
