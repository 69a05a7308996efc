# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is in the jar of a job, looked at before anything is stopped for it."""

from __future__ import annotations

import re
import typing as t
import zipfile

from ..values.errors import FlinkError

_MANIFEST = "META-INF/MANIFEST.MF"
_LARGEST_MANIFEST = 2**20


def check_jar(path: str, entry_class: str | None, job: str) -> None:
    """Raises FlinkError for what is no jar, and for one in which Flink would find no entry class.

    Source: ``PackagedProgram`` reads ``program-class``, else ``Main-Class``, of the manifest (every release).
    """
    try:
        with zipfile.ZipFile(path) as jar:
            names = set(jar.namelist())
            entry_class = entry_class or _entry_class(jar, names)
    except OSError as exc:
        raise FlinkError(f"flink_jobs: {job}.jar: expected a readable file, got {path}: {exc.strerror}.") from exc
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise FlinkError(f"flink_jobs: {job}.jar: expected a jar, got {path}, which is none. Build it again.") from None
    if entry_class is None:
        raise FlinkError(
            f"flink_jobs: {job}.class: expected the entry class, since the manifest of {path} names none, got none. "
            "Set it."
        )
    if f"{entry_class.replace('.', '/')}.class" not in names:
        raise FlinkError(
            f"flink_jobs: {job}.class: expected a class of {path}, got {entry_class}, which is not in it. Correct it."
        )


def _entry_class(jar: zipfile.ZipFile, names: t.Container[str]) -> str | None:
    if _MANIFEST not in names or jar.getinfo(_MANIFEST).file_size > _LARGEST_MANIFEST:
        return None
    # A line of more than 72 bytes goes on in the next one, after a blank.
    text = re.sub(r"\r?\n ", "", jar.read(_MANIFEST).decode("utf-8", errors="replace"))
    values = dict(re.findall(r"^(program-class|Main-Class): *(\S+)", text, re.MULTILINE))
    return values.get("program-class") or values.get("Main-Class")
