# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door for a configuration to migrate: a mapping, or the text of a file in the form of its release."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.config_file import config_file_name
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration import compare, migrate
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.journey import (
    FIRST_KNOWN,
    read_older_release,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.read_file import read_lines
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, quoted
from ansible_collections.streamops.flink.plugins.plugin_utils._migration.yaml_file import read_yaml_lines

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Compared, Migrated

_READERS = {"flink-conf.yaml": read_lines, "config.yaml": read_yaml_lines}


def migrate_config(
    config: object,
    from_version: object,
    to_version: object,
    file_name: object = None,
    known_keys: object = None,
) -> Migrated:
    """The configuration for another release, and how it came about. Raises FlinkError."""
    return migrate.migrate_config(_read(config, from_version, file_name), from_version, to_version, known_keys or [])


def compare_releases(
    config: object,
    from_version: object,
    to_version: object,
    file_name: object = None,
    known_keys: object = None,
) -> Compared:
    """What changes for the configuration with another release. Raises FlinkError."""
    return compare.compare_releases(_read(config, from_version, file_name), from_version, to_version, known_keys or [])


def _read(config: object, from_version: object, file_name: object) -> object:
    """The lines of a text; what is no text is left as it is."""
    release = read_older_release(from_version, "from_version")
    if file_name is None:
        older = release.version < FIRST_KNOWN
        file_name = "flink-conf.yaml" if older else config_file_name(release.given)
    reader = _READERS.get(file_name) if isinstance(file_name, str) else None
    if reader is None:
        raise FlinkError(f"file_name: expected flink-conf.yaml or config.yaml, got {quoted(file_name)}.")
    return reader(str(config)) if isinstance(config, str) else config
