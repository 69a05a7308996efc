# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ends of logs, in a directory whose owner may have placed anything there."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import typing as t

from .texts import printable

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe without a writer would hold up who opens it otherwise.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_ERROR = re.compile(r" (?:ERROR|FATAL) |^(?:Caused by: |Exception in thread )")
_LONGEST_LINE = 2000
_MOST_BYTES = 2**20
_MOST_ERRORS = 10
_NEWEST = 2


@contextlib.contextmanager
def log_directory(path: str) -> t.Iterator[int]:
    """A descriptor of the directory, for as long as root acts as its owner. Raises OSError."""
    # Only a link of one's own is followed.
    place = os.path.realpath(path) if os.lstat(path).st_uid == os.geteuid() else path
    descriptor = os.open(place, _DIRECTORY)
    try:
        found = os.fstat(descriptor)
        with acting_as(found.st_uid, found.st_gid):
            yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def acting_as(uid: int, gid: int) -> t.Iterator[None]:
    """Where root does what follows with no more rights than a user has."""
    if os.geteuid() != 0 or uid == 0:
        yield
        return
    former, groups = os.getegid(), os.getgroups()
    os.setgroups([gid])
    os.setegid(gid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(former)
        os.setgroups(groups)


def last_lines(directory: int, name: str, count: int) -> list[str]:
    """The last lines of a regular file, printable and not too long. Raises OSError."""
    return readable(_read_end(directory, name), count)


def last_errors(directory: int, process: str) -> list[str]:
    """The last lines that tell of errors in the newest two logs of a process."""
    times = {}
    for name in os.listdir(directory):
        if name == f"{process}.log" or name.startswith(f"{process}.log."):
            with contextlib.suppress(OSError):
                times[name] = os.stat(name, dir_fd=directory, follow_symlinks=False).st_mtime_ns
    found: list[str] = []
    for name in sorted(times, key=lambda name: (times[name], name))[-_NEWEST:]:
        with contextlib.suppress(OSError):
            found += [line for line in _read_end(directory, name).splitlines() if _ERROR.search(line)]
    return readable("\n".join(found), _MOST_ERRORS)


def readable(text: str, count: int) -> list[str]:
    """The last lines of a text, printable and not too long."""
    lines = text.splitlines()[-count:]
    return [
        printable(line[:_LONGEST_LINE]) + (f"... ({len(line)} characters)" if len(line) > _LONGEST_LINE else "")
        for line in lines
    ]


def _read_end(directory: int, name: str) -> str:
    try:
        descriptor = os.open(name, _FILE, dir_fd=directory)
    except OSError as exc:
        raise OSError(exc.errno, "It is a link" if exc.errno == errno.ELOOP else exc.strerror) from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file")
        start = max(0, found.st_size - _MOST_BYTES)
        read = os.pread(descriptor, _MOST_BYTES, start)
    finally:
        os.close(descriptor)
    # The first line is most likely cut.
    return (read.partition(b"\n")[2] if start else read).decode("utf-8", errors="backslashreplace")
