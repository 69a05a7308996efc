# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How changes of files take effect: first everything new is stored aside, then each takes its place in one step."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import time
import typing as t
from pathlib import Path

from .changes import Attributes, asked_attributes, kind, status
from .directories import free_bytes
from .places import PlaceError, opened, reached, source

if t.TYPE_CHECKING:
    from .changes import Change
    from .entries import Entry

# Gives a file or directory the SELinux context that belongs to a path, where SELinux is in use.
Label = t.Callable[[Path, str], None]

_FULL = {errno.ENOSPC, errno.EDQUOT}
# What comes of another host that makes the same directory, or removes what it takes for the rest of a killed run; how
# often it is tried, and after how long again.
_MEANWHILE = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOENT, errno.EBUSY, errno.ESTALE}
_TURNS = 100
_TURN_SECONDS = 0.05


class StoreError(Exception):
    """What failed at which path, in a sentence, and whether anything had changed before."""

    def __init__(self, message: str, *, changed: bool) -> None:
        super().__init__(message)
        self.changed = changed


class _PathError(Exception):
    """What failed at which path."""

    def __init__(self, entry: Entry, exc: OSError | PlaceError) -> None:
        super().__init__(
            f"{entry.path}: {exc}" if isinstance(exc, PlaceError) else f"{entry.path}: {exc.strerror or exc}."
        )
        self.path = entry.path
        self.is_full = isinstance(exc, OSError) and exc.errno in _FULL


def carry_out(entries: t.Iterable[Entry], changes: t.Sequence[Change], label: Label) -> None:
    """Make the changes of entries, or none of them if they cannot all be stored. Raises StoreError."""
    store = _Store(label)
    try:
        _prepare(store, entries, [change.entry for change in changes if change.is_new])
        _take_effect(store, changes)
    finally:
        store.forget()


class _Store:
    """Keeps what is new aside until all of it is there."""

    def __init__(self, label: Label) -> None:
        self._label = label
        self._made: list[tuple[Path, int | None]] = []
        self._new: dict[Path, Entry] = {}

    def make_directory(self, entry: Entry) -> None:
        """It appears with its attributes: a killed run leaves none that has others.

        On storage that hosts share, another one may make the same directory at the same time.
        """
        asked = asked_attributes(entry)
        first: OSError | None = None
        with _naming_path(entry):
            for turns_left in reversed(range(_TURNS)):
                if entry.place.is_dir():
                    break
                try:
                    self._make_directory(entry, asked)
                except OSError as exc:
                    if exc.errno not in _MEANWHILE:
                        raise
                    first = first or exc
                    if not turns_left:
                        # What was in the way from the beginning tells more than what is left of each turn.
                        raise first from None
                    time.sleep(_TURN_SECONDS)
                else:
                    return
        self.fix_attributes(entry)

    def _make_directory(self, entry: Entry, asked: Attributes) -> None:
        missing = [path for path in entry.place.parents if not path.is_dir()]
        for path in reversed(missing):
            with reached(path.parent, asked.owner) as parent:
                (parent / path.name).mkdir(0o755)
            self._made.append((path, asked.owner))
        with reached(entry.place.parent, asked.owner) as parent:
            new = parent / _aside(entry).name
            new.mkdir(0o777 if asked.mode is None else 0o700)
            try:
                with opened(new) as made:
                    _check_is_new(made)
                    _set_attributes(made, asked)
                new.replace(parent / entry.place.name)
            except BaseException:
                with contextlib.suppress(OSError):
                    new.rmdir()
                raise
            self._made.append((entry.place, asked.owner))
            self._label(parent / entry.place.name, entry.path)

    def keep(self, entry: Entry) -> None:
        """Store a new content or link beside its place."""
        with _beside(entry) as parent:
            new = parent / _aside(entry).name
            self._new[entry.place] = entry
            if entry.state == "link":
                new.symlink_to(str(entry.target))
            else:
                _write(entry, new)
                self._label(new, entry.path)

    def put_in_place(self, entry: Entry) -> None:
        with _beside(entry) as parent:
            (parent / _aside(entry).name).replace(parent / entry.place.name)
            del self._new[entry.place]

    def fix_attributes(self, entry: Entry) -> None:
        asked = asked_attributes(entry)
        # A directory may be one by a link, which only the way to it follows.
        way = reached(entry.place, asked.owner) if entry.state == "directory" else _beside(entry)
        with _naming_path(entry), way as place:
            if entry.state == "directory":
                _set_attributes(place, asked)
            else:
                with opened(place / entry.place.name) as file:
                    _set_attributes(file, asked)
        with _beside(entry) as parent:
            self._label(parent / entry.place.name, entry.path)

    def forget(self) -> None:
        """Remove what is not in its place."""
        for entry in self._new.values():
            with contextlib.suppress(_PathError), _beside(entry) as parent:
                (parent / _aside(entry).name).unlink()
        self._new = {}

    def undo(self) -> None:
        """Remove the directories that were made, too."""
        self.forget()
        for path, owner in reversed(self._made):
            with contextlib.suppress(OSError, PlaceError), reached(path.parent, owner) as parent:
                (parent / path.name).rmdir()


def _prepare(store: _Store, entries: t.Iterable[Entry], new: t.Sequence[Entry]) -> None:
    """Do all that needs room, while nothing that is there changes."""
    try:
        for entry in entries:
            _clear(entry)
        for entry in new:
            if entry.state == "directory":
                store.make_directory(entry)
        for entry in new:
            if entry.state in {"file", "link"}:
                store.keep(entry)
    except _PathError as exc:
        store.undo()
        # Measured only now: what was stored aside took room, too.
        needed, free = sum(map(_size, new)), free_bytes(exc.path)
        room = f" The new contents need {needed} bytes, but only {free} are free." if exc.is_full else ""
        raise StoreError(f"{exc}{room} Nothing was changed.", changed=False) from exc
    except BaseException:
        store.undo()
        raise


def _take_effect(store: _Store, changes: t.Iterable[Change]) -> None:
    done: list[str] = []
    try:
        for change in changes:
            entry = change.entry
            if not change.is_new:
                store.fix_attributes(entry)
            elif entry.state == "absent":
                _remove(entry)
            elif entry.state != "directory":
                store.put_in_place(entry)
            done.append(entry.path)
    except _PathError as exc:
        raise StoreError(f"{exc} Already changed: {', '.join(done) or 'nothing'}.", changed=bool(done)) from exc


def _aside(entry: Entry) -> Path:
    """Where a new content or link is stored: in every run the same place, so that what a killed one left is found."""
    return entry.place.with_name(f".{entry.place.name}.ansible-new")


def _clear(entry: Entry) -> None:
    """Remove what a killed run left."""
    if kind(_aside(entry)) == "absent":
        return
    with _beside(entry) as parent, contextlib.suppress(FileNotFoundError):
        left = parent / _aside(entry).name
        found = kind(left)
        if found == "directory":
            left.rmdir()
        elif found != "absent":
            left.unlink()


@contextlib.contextmanager
def _beside(entry: Entry) -> t.Iterator[Path]:
    """The directory of an entry."""
    with _naming_path(entry), reached(entry.place.parent, asked_attributes(entry).owner) as parent:
        yield parent


def _check_is_new(directory: Path) -> None:
    """That it is not another directory, which somebody has moved there."""
    if directory.stat().st_uid != os.geteuid() or any(directory.iterdir()):
        raise OSError(errno.EBUSY, "somebody else works in the same directory")


def _set_attributes(place: Path, attributes: Attributes) -> None:
    found = place.stat()
    owner = -1 if attributes.owner in {None, found.st_uid} else attributes.owner
    group = -1 if attributes.group in {None, found.st_gid} else attributes.group
    if (owner, group) != (-1, -1):
        os.chown(place, owner, group)
    # After the owner, whose change takes bits away.
    if attributes.mode is not None:
        place.chmod(attributes.mode)


@contextlib.contextmanager
def _naming_path(entry: Entry) -> t.Iterator[None]:
    """Say at which path something failed."""
    try:
        yield
    except (OSError, PlaceError) as exc:
        raise _PathError(entry, exc) from exc


def _size(entry: Entry) -> int:
    if entry.source is not None:
        with contextlib.suppress(OSError):
            return Path(entry.source).stat().st_size
    return len(entry.content or b"")


def _write(entry: Entry, new: Path) -> None:
    """Readable for nobody else until it has its attributes."""
    final = _final(entry)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if entry.content is not None:
            file.write(entry.content)
        else:
            with source(Path(str(entry.source))) as found, found.open("rb") as content:
                shutil.copyfileobj(content, file, 2**20)
        file.flush()
        # A disk may turn out to be full only now.
        os.fsync(descriptor)
        _set_attributes(Path(f"/proc/self/fd/{descriptor}"), final)


def _final(entry: Entry) -> Attributes:
    """What is not asked for stays as it was."""
    asked, former = asked_attributes(entry), status(entry.place)
    if former is None or not stat.S_ISREG(former.st_mode):
        return asked if asked.mode is not None else asked._replace(mode=0o666 & ~_umask())
    may_give_away = os.geteuid() == 0
    return Attributes(
        owner=former.st_uid if asked.owner is None and may_give_away else asked.owner,
        group=former.st_gid if asked.group is None and may_give_away else asked.group,
        mode=stat.S_IMODE(former.st_mode) if asked.mode is None else asked.mode,
    )


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def _remove(entry: Entry) -> None:
    # An entry before may have removed what is above.
    if kind(entry.place) == "absent":
        return
    with _beside(entry) as parent:
        place = parent / entry.place.name
        if kind(place) != "directory":
            place.unlink()
        elif entry.only_empty:
            place.rmdir()
        else:
            try:
                shutil.rmtree(place)
            except RecursionError:
                raise OSError(errno.ELOOP, "Directories are nested too deep in it") from None
