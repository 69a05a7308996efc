# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where looks and advice are kept on the controller: whether that is a place is known before the first look."""

from __future__ import annotations

import os
from pathlib import Path

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, quoted_value


def file_to_write(variable: str, value: object) -> Path | None:
    """A path, from where the playbook is called; null for none. Raises FlinkError unless its directory takes a file."""
    path = _path(variable, value, "the path of a file, such as flink-observed.json")
    if path is not None and not _takes_files(path.parent):
        raise FlinkError(
            f"{variable}: expected a file in a directory that can be written, got {path}. Create the directory, or "
            "name another file."
        )
    return path


def directory_to_write(variable: str, value: object) -> Path | None:
    """The same for a directory, which need not exist yet."""
    path = _path(variable, value, "the path of a directory, such as advice")
    if path is None:
        return None
    existing = next(parent for parent in (path, *path.parents) if parent.exists())
    if not _takes_files(existing):
        got = "cannot be written" if existing.is_dir() else "is a file"
        raise FlinkError(f"{variable}: expected a directory to write, got {path}: {existing} {got}. Name another one.")
    return path


def _takes_files(directory: Path) -> bool:
    return directory.is_dir() and os.access(directory, os.W_OK | os.X_OK)


def _path(variable: str, value: object, expected: str) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise FlinkError(f"{variable}: expected {expected}, got {quoted_value(value)}. Correct it.")
    # As a shell would read it: from where the playbook was called.
    return Path(os.environ.get("PWD", ""), os.path.expanduser(value)).absolute()  # noqa: PTH111 - raises nothing
