# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changes for one configuration between two releases: what to read before an upgrade."""

from __future__ import annotations

import typing as t

from ..launch.config_file import config_file_name
from ..launch.java_version import documented_java
from .journey import FIRST_KNOWN, read_older_release, read_release
from .migrate import migrate_config

if t.TYPE_CHECKING:
    from ..values.release import Release
    from ..values.results import Compared, Differing

_OLD_JAVA = [8]


def compare_releases(config: object, from_version: object, to_version: object, known_keys: object = ()) -> Compared:
    """The same as ``migrate_config`` finds, without the options that stay as they are, with Java and names of files.

    Raises FlinkError as it does.
    """
    migrated = migrate_config(config, from_version, to_version, known_keys)
    source, target = read_older_release(from_version, "from_version"), read_release(to_version, "to_version")
    return {
        "from_version": migrated["from_version"],
        "to_version": migrated["to_version"],
        "changes": [row for row in migrated["changes"] if row["action"] != "kept"],
        "defaults": migrated["defaults"],
        "memory": migrated["memory"],
        "java": _java(source, target),
        "files": _files(source, target),
        "decisions": migrated["decisions"],
    }


def _java(source: Release, target: Release) -> Differing:
    before = _OLD_JAVA if source.version < FIRST_KNOWN else documented_java(source)
    after = documented_java(target)
    if before == after:
        message = f"Both run on Java {_listed(after)}."
    else:
        message = f"Flink {target.line} runs on Java {_listed(after)}, and Flink {source.line} on {_listed(before)}."
        if not set(before) & set(after):
            message += " Java has to change with Flink."
    return {"before": [*map(str, before)], "after": [*map(str, after)], "message": message}


def _files(source: Release, target: Release) -> Differing:
    before, after = _file_names(source), _file_names(target)
    changed = [f"{new} instead of {old}" for old, new in zip(before, after) if old != new]
    message = f"Flink {target.line} reads {' and '.join(changed)}." if changed else f"Both read {' and '.join(after)}."
    if before[0] != after[0] == "config.yaml" and target.version < (2, 0):
        message += f" It reads {before[0]} all the same, and no {after[0]}, as long as there is one: remove it."
    return {"before": before, "after": after, "message": message}


def _file_names(release: Release) -> list[str]:
    older = release.version < FIRST_KNOWN
    return [
        "flink-conf.yaml" if older else config_file_name(release.given),
        "slaves" if release.version < (1, 11) else "workers",
    ]


def _listed(versions: list[int]) -> str:
    *others, last = map(str, versions)
    return f"{', '.join(others)} or {last}" if others else last
