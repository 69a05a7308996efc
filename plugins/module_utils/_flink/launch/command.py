# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Flink's start scripts run besides memory: JVM options, main class and program arguments of a process.

Source: ``bin/config.sh``, ``flink-daemon.sh``, ``jobmanager.sh``, ``taskmanager.sh``, ``historyserver.sh``,
``sql-gateway.sh`` and the shipped configuration.
"""

from __future__ import annotations

import hashlib
import typing as t

from ..values import options
from ..values.config import Config, flatten, text_of
from ..values.deployment_mode import is_application_mode
from ..values.errors import FlinkError, quoted, quoted_key, type_name
from ..values.jvm_options import check_no_memory_flags, java_options
from ..values.release import Release
from .config_file import as_read, config_file
from .java_version import NO_SECURITY_MANAGER, java_notes

if t.TYPE_CHECKING:
    from ..values.results import Command

_MAIN_CLASS = {
    "taskmanager": "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
    "jobmanager": "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
    "historyserver": "org.apache.flink.runtime.webmonitor.history.HistoryServer",
    "sql-gateway": "org.apache.flink.table.gateway.SqlGateway",
}
_ENTRY_POINTS = "org.apache.flink.container.entrypoint."
# The release that gave the JobManager of one job its present name.
_APPLICATION = (1, 11)
_VERSION_BITS = 16
# The first release that has the SQL gateway.
_SQL_GATEWAY = (1, 16)

# Options whose effect on a process is wholly in its plan, however they are spelled. Without a plan they have none.
_PLANNED = frozenset(
    key
    for model in options.MODEL.values()
    for option in model
    if option is not options.TM_SEGMENT
    for key in option.keys
)

# How the names of options begin that no other process reads.
_OWN_OPTIONS = {
    "taskmanager": ("env.java.opts.taskmanager", "env.java.default-opts.taskmanager"),
    "jobmanager": ("env.java.opts.jobmanager", "env.java.default-opts.jobmanager"),
    "historyserver": ("env.java.opts.historyserver", "historyserver."),
    "sql-gateway": ("env.java.opts.sql-gateway", "sql-gateway."),
    "client": ("env.java.opts.client", "env.ssh.opts"),
}

# Words by which Flink knows a secret. Source: ``GlobalConfiguration.isSensitive``.
_SECRET_WORDS = (
    "password",
    "secret",
    "account.key",
    "apikey",
    "api-key",
    "auth-params",
    "service-key",
    "token",
    "basic-auth",
    "jaas.config",
    "http-headers",
)

_EXPORTS = (
    ("java.base", ("sun.net.util",)),
    ("java.rmi", ("sun.rmi.registry",)),
    ("jdk.compiler", tuple(f"com.sun.tools.javac.{package}" for package in ("api", "file", "parser", "tree", "util"))),
    ("java.security.jgss", ("sun.security.krb5",)),
)
_OPENS = (
    "java.lang",
    "java.net",
    "java.io",
    "java.nio",
    "sun.nio.ch",
    "java.lang.reflect",
    "java.text",
    "java.time",
    "java.util",
    "java.util.concurrent",
    "java.util.concurrent.atomic",
    "java.util.concurrent.locks",
)


def process_command(
    config: object,
    flink_version: object,
    process: object,
    java_version: object = 17,
    shared_config: object = None,
    deployment_mode: object = "session",
) -> Command:
    """The command line of a process without memory flags, log settings, class path and dynamic properties.

    ``java_version`` is the major version of the JVM; ``shared_config`` is what the configuration file holds, if that is
    not all of ``config``; in the ``deployment_mode`` application the JobManager is the one of a single job. Returns
    ``main_class``, ``java_opts``, ``program_args``; ``jars``, patterns of what the class path has besides ``lib``;
    ``overrides``, the options that the process needs besides the file and the plan; ``digest``, which differs if
    anything that concerns the process and is not in its plan does; and ``notes``.
    Raises FlinkError for an unknown release or process, for a Java that cannot run it, for JVM options that would
    override the plan, and for what cannot be overridden.
    """
    release = Release.parse(flink_version)
    if not isinstance(process, str) or process not in _MAIN_CLASS:
        raise FlinkError(f"process: expected one of {', '.join(_MAIN_CLASS)}, got {quoted(process)}.")
    if process == "sql-gateway" and release.version < _SQL_GATEWAY:
        raise FlinkError(f"process: Flink {release.line} has no sql-gateway. It was added in 1.16.")
    if not isinstance(java_version, int) or isinstance(java_version, bool):
        raise FlinkError(f"java_version: expected a major version such as 17, not {type_name(java_version)}.")
    if java_version.bit_length() > _VERSION_BITS:
        raise FlinkError("java_version: expected a major version such as 17, got a huge number.")
    is_application = is_application_mode(deployment_mode) and process == "jobmanager"
    given = Config(flatten(config), release)
    notes = java_notes(given, process, java_version)
    if process in options.MODEL:
        check_no_memory_flags(given, process)
    unplanned = {key: given.values[key] for key in sorted(given.values) if key not in _PLANNED}
    return {
        "main_class": _application_class(release) if is_application else _MAIN_CLASS[process],
        "java_opts": _java_opts(given, process, java_version),
        "program_args": _program_args(release) if process == "jobmanager" and not is_application else [],
        "jars": _jars(release) if process == "sql-gateway" else [],
        "overrides": {} if shared_config is None else _overrides(unplanned, flatten(shared_config)),
        "digest": _digest(unplanned, flink_version, process),
        "notes": notes,
    }


def _application_class(release: Release) -> str:
    """It takes no ``--executionMode``, which would be an argument of the program."""
    is_new = release.version >= _APPLICATION
    return f"{_ENTRY_POINTS}Standalone{'Application' if is_new else 'Job'}ClusterEntryPoint"


def _program_args(release: Release) -> list[str]:
    return ["--executionMode", "cluster"] if release.version < (2, 0) else []


def _digest(unplanned: dict[str, t.Any], flink_version: object, process: str) -> str:
    foreign = tuple(start for owner, starts in _OWN_OPTIONS.items() if owner != process for start in starts)
    concerning = {key: value for key, value in unplanned.items() if not key.startswith(foreign)}
    return hashlib.sha256(config_file(concerning, flink_version).encode()).hexdigest()


def _jars(release: Release) -> list[str]:
    """What the SQL gateway has on its class path besides ``lib``."""
    return ["opt/flink-sql-gateway*.jar"] + ["opt/flink-python*.jar"] * (release.version >= (1, 17))


def _overrides(unplanned: dict[str, t.Any], shared: dict[str, t.Any]) -> dict[str, str]:
    """What ``-D`` has to say besides the configuration file.

    Raises FlinkError for a secret, which everybody on the host could read there, for a list, and for an option
    that the file sets and the process should not have.
    """
    for key in shared:
        if key not in unplanned and key not in _PLANNED:
            raise FlinkError(
                f"{quoted_key(key)}: null for a single process cannot unset what the configuration file sets for "
                "all. Set it for the other processes instead."
            )
    overrides = {}
    for key, value in unplanned.items():
        if key not in shared or shared[key] != value:
            if any(word in key.lower() for word in _SECRET_WORDS):
                raise FlinkError(
                    f"{quoted_key(key)}: the options of a single process are on its command line, which everyone on "
                    "the host can read. Set it for all processes."
                )
            try:
                overrides[key] = text_of(as_read(key, value))
            except ValueError:
                raise FlinkError(
                    f"{quoted_key(key)}: a single process can only have text, numbers and booleans of its own, not "
                    f"{type_name(value)}. Write it as one text, in the form that Flink documents."
                ) from None
    return overrides


def _java_opts(config: Config, process: str, java_version: int) -> list[str]:
    version = config.release.version
    own = java_options(config, process)
    words = []
    if version >= (1, 18):
        words.append("-XX:+IgnoreUnrecognizedVMOptions")
    elif process == "taskmanager" and not own:
        words.append("-XX:+UseG1GC")
    words += [flag for flag in module_flags(config.release, java_version) if flag not in own]
    if version >= (1, 19) and 17 < java_version < NO_SECURITY_MANAGER:
        words.append("-Djava.security.manager=allow")
    return words + own


def module_flags(release: Release, java_version: int) -> list[str]:
    """The flags that Flink's shipped configuration carries from 1.18 on, and that older releases need on Java 17."""
    if release.version < (1, 18) and java_version < 17:
        return []
    exports = _EXPORTS[1:] if release.version >= (2, 1) else _EXPORTS
    return [
        *(f"--add-exports={module}/{package}=ALL-UNNAMED" for module, packages in exports for package in packages),
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENS),
    ]
