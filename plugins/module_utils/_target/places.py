# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Directories as root reaches them: step by step, without following what anybody else could have placed."""

from __future__ import annotations

import contextlib
import errno
import grp
import os
import pwd
import stat
import typing as t
from pathlib import Path

_FILE = os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN = _FILE | os.O_DIRECTORY
_RIGHTS = (("r", os.R_OK), ("w", os.W_OK), ("x", os.X_OK))
_NOBODY = 65534
# As the kernel does.
_MOST_LINKS = 40


class PlaceError(Exception):
    """Whom a part of a path belongs to, and what to do about it."""


@contextlib.contextmanager
def reached(directory: Path, owner: int | None = None, user: str | None = None) -> t.Iterator[Path]:
    """The directory under a name that stays with it, whoever replaces a part of its path meanwhile.

    For root, all on the way belongs to root; or to ``owner``, but for links; and ``user``, if it is the one whom the
    kernel is asked for, may replace none of it. Raises PlaceError for what is not so, and OSError if there is no such
    directory. Who is not root goes where their own rights lead.
    """
    if os.geteuid() != 0:
        yield directory
        return
    descriptor = _descend(directory, {0, owner}, user, _OPEN)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def opened(path: Path) -> t.Iterator[Path]:
    """A file or directory that is no link, under a name that stays with it."""
    descriptor = os.open(path, _FILE)
    try:
        if stat.S_ISLNK(os.fstat(descriptor).st_mode):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def source(path: Path) -> t.Iterator[Path]:
    """A regular file to read, under a name that stays with it.

    Whoever owns it: root only follows no link of others on the way. Raises PlaceError for one, and OSError if there is
    no such file. Who is not root goes where their own rights lead.
    """
    descriptor = _descend(path.absolute(), None, None, _FILE) if os.geteuid() == 0 else os.open(path, os.O_PATH)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file")
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def obstacle(
    directory: Path, owner: int | None = None, user: str | None = None, group: str | None = None
) -> str | None:
    """Why root does not go there, as far as there is something; null if it does.

    With ``user``, who may be in ``group`` too, nor where that user could put another directory in place of one.
    """
    try:
        with _as(user, group), reached(directory, owner, user):
            return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PlaceError as exc:
        return str(exc)


def rights(path: str, user: str | None, group: str | None = None) -> str | None:
    """Which of ``r``, ``w`` and ``x`` a user has for a directory, or by default we; null if there is none.

    The kernel is asked, who knows about lists of access and network file systems.
    """
    if not Path(path).is_dir():
        return None
    with _as(user, group):
        return "".join(right for right, flag in _RIGHTS if os.access(path, flag))


@contextlib.contextmanager
def _as(user: str | None, group: str | None) -> t.Iterator[None]:
    """Have the kernel ask for the rights of a user in a group; of nobody's, as far as they are yet to be made."""
    if user is None or os.geteuid() != 0:
        yield
        return
    try:
        account = pwd.getpwnam(user)
        uid, gid, member_of = account.pw_uid, account.pw_gid, os.getgrouplist(user, account.pw_gid)
    except KeyError:
        uid, gid, member_of = _NOBODY, _NOBODY, []
    if group is not None:
        with contextlib.suppress(KeyError):
            member_of = [*member_of, grp.getgrnam(group).gr_gid]
    groups, ours = os.getgroups(), os.getresgid()[0]
    os.setgroups(member_of)
    os.setresgid(gid, -1, -1)
    os.setresuid(uid, -1, -1)
    try:
        yield
    finally:
        os.setresuid(0, -1, -1)
        os.setresgid(ours, -1, -1)
        os.setgroups(groups)


def _descend(path: Path, owners: t.Container[int | None] | None, user: str | None, last: int) -> int:
    """A descriptor of what is at a path, opened with the flags ``last``; by default anybody may own what is there."""
    names, links = list(reversed(path.parts[1:])), 0
    descriptor, place = os.open("/", _OPEN), Path("/")
    try:
        while True:
            if owners is not None:
                _check_owner(place, os.fstat(descriptor), owners)
            if not names:
                return descriptor
            if user is not None:
                _check_rights(place, descriptor, user)
            name = names.pop()
            if stat.S_ISLNK(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode):
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
                target = _target(place / name, descriptor)
                names += reversed([part for part in target.parts if part != "/"])
                name, place = ("/", Path("/")) if target.is_absolute() else (".", place)
            else:
                place = place.parent if name == ".." else place / name
            below = os.open(name, _OPEN if names else last, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
    except BaseException:
        os.close(descriptor)
        raise


def _check_owner(place: Path, found: os.stat_result, owners: t.Container[int | None]) -> None:
    if found.st_uid not in owners:
        raise PlaceError(
            f"{place} belongs to {_user(found.st_uid)}, who could replace what root writes there. Give {place} to root "
            "(chown), or choose a place whose parents are root's."
        )
    if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        raise PlaceError(
            f"{place} may be written by everybody, who could replace what root writes there. Take that right away "
            f"(chmod o-w {place}), or choose a place whose parents are root's."
        )


def _check_rights(place: Path, descriptor: int, user: str) -> None:
    """That the user whom the kernel is asked for, unless it is root, may not rename what is in a directory."""
    is_sticky = os.fstat(descriptor).st_mode & stat.S_ISVTX
    if not is_sticky and os.getresuid()[0] != 0 and os.access(".", os.W_OK | os.X_OK, dir_fd=descriptor):
        raise PlaceError(
            f"{place} may be written by {user}, who could replace what root writes and runs below it. Take that right "
            f"away (chmod g-w {place}), or choose a place whose parents only root may write."
        )


def _target(link: Path, parent: int) -> Path:
    """Where a link in a directory points, if root may follow it."""
    for uid in os.fstat(parent).st_uid, os.stat(link.name, dir_fd=parent, follow_symlinks=False).st_uid:
        if uid != 0:
            raise PlaceError(
                f"{link} is a link of {_user(uid)}, which root does not follow. Put what it leads to in its place, or "
                "name the place where it leads."
            )
    return Path(os.readlink(link.name, dir_fd=parent))


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
