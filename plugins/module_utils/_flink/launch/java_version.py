# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which Java a release runs on: what it cannot run on is refused, what it is not documented for is noted.

Source: the documentation and the class files of each release; ``FlinkSecurityManager``, before 1.13
``ExitTrappingSecurityManager``.
"""

from __future__ import annotations

import typing as t

from ..values.errors import FlinkError, quoted, type_name
from ..values.jvm_options import given_options
from ..values.notes import Notes
from ..values.shapes import scalar

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.release import Release
    from ..values.results import Note

# From this version on Java has no security manager, and does not start when told to have one.
NO_SECURITY_MANAGER = 24

# Options of the processes of a cluster: since when they are known, and with which value they need no security manager.
_EXIT_OPTIONS = {
    "cluster.intercept-user-system-exit": ((1, 13), "DISABLED"),
    "cluster.processes.halt-on-fatal-error": ((1, 10), "FALSE"),
}
_MANAGER = "-Djava.security.manager"


def java_notes(config: Config, process: str, java_version: int) -> list[Note]:
    """What is to be said of running a process on that Java.

    Raises FlinkError if the release or its options need another one.
    """
    line, documented = config.release.line, documented_java(config.release)
    if java_version < documented[0]:
        raise FlinkError(
            f"java_version: Flink {line} needs Java {documented[0]} or newer, and this is Java {java_version}. "
            f"Use Java {_alternatives(documented)}."
        )
    if java_version >= NO_SECURITY_MANAGER:
        _check_no_security_manager(config, process, java_version)
    notes = Notes()
    if java_version > documented[-1]:
        notes.warning(
            "java-newer-than-documented",
            [],
            f"Java {java_version} is newer than any that Flink {line} is documented for.",
            remedy=f"Use Java {_alternatives(documented)}, or try your jobs on Java {java_version} before you rely on "
            "it.",
        )
    return notes.items


def documented_java(release: Release) -> list[int]:
    """The versions of Java that a release is documented for, the oldest first."""
    versions = [8] if release.version < (2, 0) else []
    versions.append(11)
    if release.version >= (1, 18):
        versions.append(17)
    if release.version >= (1, 19):
        versions.append(21)
    return versions


def _alternatives(versions: list[int]) -> str:
    *others, last = map(str, versions)
    return f"{', '.join(others)} or {last}"


def _check_no_security_manager(config: Config, process: str, java_version: int) -> None:
    """Flink's own options count for the processes of a cluster, a JVM option for all."""
    needing = [
        (key, _text(config.values[key]))
        for key, (since, harmless) in _EXIT_OPTIONS.items()
        if process in {"jobmanager", "taskmanager"}
        and config.release.version >= since
        and key in config.values
        and _text(config.values[key]).strip().upper() != harmless
    ]
    needing += [
        (key, word)
        for key, words in given_options(config, process)
        for word in words
        if word.partition("=")[0] == _MANAGER and word != f"{_MANAGER}=disallow"
    ]
    if needing:
        key, value = needing[0]
        raise FlinkError(
            f"{key}: {quoted(value)} needs a security manager, which Java {java_version} does not have. "
            f"Remove it, or use Java {documented_java(config.release)[-1]}."
        )


def _text(value: object) -> str:
    return str(value) if scalar(value) is None else type_name(value)
