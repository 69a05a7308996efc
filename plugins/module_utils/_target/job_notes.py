# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a JobManager host remembers of its jobs, and which of their states lie on its disks."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import typing as t
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .._flink.jobs.journal import Journal, SavedState, read_journal
from .texts import HostError, read_text

_DIRECTORY_MODE = 0o755
# Arguments of a program may be secret.
_JOURNAL_MODE = 0o600
_MOST_FOUND = 1000
_NOTHING = "Nothing is begun that could not be noted."


class JobNotes:
    """The notes of all jobs in one directory: ``NAME.json`` each, and the programs of job NAME in ``NAME/``."""

    def __init__(self, directory: str) -> None:
        self._directory = Path(directory)

    def all(self) -> dict[str, str]:
        """The text of each note by the name of its job. Raises HostError for one that cannot be read."""
        if not self._directory.is_dir():
            return {}
        texts = {path.stem: read_text(path, strict=True, follows=False) for path in self._directory.glob("*.json")}
        return {name: text for name, text in texts.items() if text is not None}

    @contextlib.contextmanager
    def alone(self) -> t.Iterator[int]:
        """Keep other runs out until the end of the block, or of this process. Raises HostError if one is at work.

        What is yielded is a descriptor that keeps them out for as long as any process has it open.
        """
        try:
            self._directory.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
            descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as exc:
            raise HostError(f"{self._directory}: {exc.strerror or exc}. {_NOTHING}") from exc
        try:
            if not _locked(descriptor):
                raise HostError(
                    f"{self._directory}: expected to be alone with these jobs, got another run that works on them. "
                    "Wait for its end, and run again."
                )
            yield descriptor
        finally:
            os.close(descriptor)

    def read(self, name: str) -> Journal | None:
        """Raises HostError and FlinkError."""
        path = self._path(name)
        text = read_text(path, strict=True, follows=False)
        return None if text is None else read_journal(text, str(path))

    def write(self, journal: Journal) -> None:
        """It is on the disk, whole, when this returns. Raises HostError."""
        path = self._path(journal.name)
        new = path.with_suffix(".new")
        try:
            self._directory.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
            new.unlink(missing_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _JOURNAL_MODE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(journal.text())
                file.flush()
                os.fsync(file.fileno())
            new.replace(path)
            directory = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)
        except OSError as exc:
            raise HostError(f"{path}: {exc.strerror or exc}. {_NOTHING}") from exc

    def forget(self, name: str) -> None:
        """Raises HostError."""
        try:
            self._path(name).unlink(missing_ok=True)
            shutil.rmtree(self._directory / name, ignore_errors=True)
        except OSError as exc:
            raise HostError(f"{self._path(name)}: {exc.strerror or exc}.") from exc

    def keep_programs(self, name: str, kept: t.Collection[str]) -> None:
        """Remove the programs of a job that none of its versions needs any more; ``kept`` are paths."""
        for path in (self._directory / name).glob("*"):
            if str(path) not in kept:
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"


def _locked(descriptor: int) -> bool:
    """False if somebody else has the lock; a file system without locks keeps nobody out."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def states_on_disk(directories: t.Iterable[str], name_part: str) -> list[SavedState]:
    """The savepoints and retained checkpoints of a job, the newest first.

    ``name_part`` is how its IDs begin. Only what this host sees as files can be found; a state without ``_metadata`` is
    not whole, and Flink gives none a name that cannot be printed.
    """
    found: list[SavedState] = []
    for directory in filter(None, map(_local, directories)):
        for pattern, kind in (
            (f"savepoint-{name_part[:6]}-*/_metadata", "savepoint"),
            (f"{name_part}*/chk-*/_metadata", "checkpoint"),
        ):
            # A place that cannot be looked at has nothing that could be gone on from.
            with contextlib.suppress(OSError):
                found += [
                    SavedState(f"file:{path.parent}", int(path.stat().st_mtime), "", kind)
                    for path in list(directory.glob(pattern))[:_MOST_FOUND]
                    if str(path).isprintable()
                ]
    return sorted(found, key=lambda state: state.time, reverse=True)


def _local(uri: str) -> Path | None:
    """The directory, if it is one of this host."""
    if uri.startswith("/"):
        return Path(uri)
    parts = urlsplit(uri)
    is_file = parts.scheme == "file" and parts.netloc == "" and re.match("/", parts.path)
    return Path(unquote(parts.path)) if is_file else None
