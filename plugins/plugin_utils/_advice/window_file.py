# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file on the controller in which a window of looks is kept from run to run."""

from __future__ import annotations

import json
import os
import tempfile
import typing as t
from pathlib import Path

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed

from .reading import FORMAT, read_window

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.advice import Window

_LARGEST = 500_000_000
_REMEDY = "Name another file with -e flink_observe_file=FILE, or move this one away."


def read_window_file(path: Path, hosts: t.Collection[str]) -> Window | None:
    """The window that is kept there, null if there is no file. ``hosts`` are those of the cluster.

    Raises FlinkError for a file that is something else, or another cluster's.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise FlinkError(_foreign(path, f"a file of more than {_LARGEST // 10**6} MB"))
        if not path.is_file() and not path.is_dir():
            # A pipe waits for a writer, and a device may have no end.
            raise FlinkError(_foreign(path, "a pipe or a device"))
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise FlinkError(_foreign(path, exc.strerror or "an error")) from exc
    except UnicodeDecodeError:
        raise FlinkError(_foreign(path, "no text")) from None
    try:
        given = json.loads(text)
    except (RecursionError, ValueError):
        raise FlinkError(_foreign(path, "no JSON")) from None
    if isinstance(given, dict) and given.get("format") not in (None, FORMAT):
        raise FlinkError(_foreign(path, "those of another release of the collection"))
    try:
        window = read_window(given)
    except FlinkError as exc:
        raise FlinkError(f"{path}: {exc} {_REMEDY}") from None
    seen = {*window["processes"], *window["observation"]["hosts"]}
    if seen and not seen & set(hosts):
        raise FlinkError(_foreign(path, f"those of another cluster, at {listed(sorted(seen))}"))
    return window


def write_window_file(path: Path, window: Window) -> None:
    """The whole file or none, for nobody else to read: it has lines of logs. Raises FlinkError."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            try:
                file.write(json.dumps(window))
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink()
                raise
    except OSError as exc:
        raise FlinkError(
            f"flink_observe_file: expected a place to write, got {path}: {exc.strerror}. Create its directory, or "
            "name another file."
        ) from exc


def _foreign(path: Path, got: str) -> str:
    return f"flink_observe_file: expected the looks that observe keeps, got {got} in {path}. {_REMEDY}"
