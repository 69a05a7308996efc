# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Flink's start scripts run besides memory: JVM options, main class and program arguments of a process.

Source: ``bin/config.sh``, ``flink-daemon.sh``, ``jobmanager.sh``, ``taskmanager.sh`` and the shipped configuration.
Private to this collection: may change at any time.
"""

from __future__ import annotations

import typing as t

from ._config import Config, flatten
from ._errors import FlinkMemoryError, excerpt, type_name
from ._java_options import check_no_memory_flags, java_options
from ._release import Release

_MAIN_CLASS = {
    "taskmanager": "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
    "jobmanager": "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
}

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
    config: object, flink_version: object, process: object, java_version: object = 17
) -> dict[str, t.Any]:
    """The command line of a process without memory flags, log settings, class path and dynamic properties.

    Returns ``main_class``, ``java_opts`` and ``program_args``; ``java_version`` is the major version of the JVM.
    Raises FlinkMemoryError for an unknown release or process, and for JVM options that would override the plan.
    """
    release = Release.parse(flink_version)
    if not isinstance(process, str) or process not in _MAIN_CLASS:
        shown = excerpt(process) if isinstance(process, str) else type_name(process)
        raise FlinkMemoryError(f"process: expected one of {', '.join(_MAIN_CLASS)}, got {shown}.")
    if not isinstance(java_version, int) or isinstance(java_version, bool):
        raise FlinkMemoryError(f"java_version: expected a major version such as 17, not {type_name(java_version)}.")
    given = Config(flatten(config), release)
    check_no_memory_flags(given, process)
    return {
        "main_class": _MAIN_CLASS[process],
        "java_opts": _java_opts(given, process, java_version),
        "program_args": ["--executionMode", "cluster"] if process == "jobmanager" and release.version < (2, 0) else [],
    }


def _java_opts(config: Config, process: str, java_version: int) -> list[str]:
    version = config.release.version
    own = java_options(config, process)
    words = []
    if version >= (1, 18):
        words.append("-XX:+IgnoreUnrecognizedVMOptions")
    elif process == "taskmanager" and not own:
        words.append("-XX:+UseG1GC")
    words += [flag for flag in _module_flags(config.release, java_version) if flag not in own]
    # Java 24 ended the security manager, and refuses the flag.
    if version >= (1, 19) and 17 < java_version < 24:
        words.append("-Djava.security.manager=allow")
    return words + own


def _module_flags(release: Release, java_version: int) -> list[str]:
    """The flags that Flink's shipped configuration carries from 1.18 on, and that older releases need on Java 17."""
    if release.version < (1, 18) and java_version < 17:
        return []
    exports = _EXPORTS[1:] if release.version >= (2, 1) else _EXPORTS
    return [
        *(f"--add-exports={module}/{package}=ALL-UNNAMED" for module, packages in exports for package in packages),
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENS),
    ]
