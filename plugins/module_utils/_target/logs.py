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
_MOST_OF_A_PROCESS = 2**22
_COMPRESSED = (".gz", ".zip", ".bz2", ".xz", ".zst")


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
    return readable(_read_end(directory, name)[0], count)


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
            found += [line for line in _read_end(directory, name)[0].splitlines() if _ERROR.search(line)]
    return readable("\n".join(found), _MOST_ERRORS)


class LogEnd(t.NamedTuple):
    """The end of a log, whether more is before it, and why it is not read if it is not."""

    name: str
    text: str
    is_cut: bool
    problem: str | None


def recent_ends(directory: int, process: str, since: float) -> list[LogEnd]:
    """What a process has written since some time, the oldest of its logs first; of many, what is in the newest."""
    times = {}
    for name in os.listdir(directory):
        if name in {f"{process}.log", f"{process}.out"} or name.startswith(f"{process}.log."):
            with contextlib.suppress(OSError):
                found = os.stat(name, dir_fd=directory, follow_symlinks=False)
                if found.st_mtime >= since or not stat.S_ISREG(found.st_mode):
                    times[name] = found.st_mtime_ns
    ends, left = [], _MOST_OF_A_PROCESS
    for name in sorted(times, key=lambda name: (times[name], name), reverse=True):
        end = _end(directory, name) if left > 0 else LogEnd(name, "", True, "It is one of too many")
        left -= len(end.text)
        ends.append(end)
    return ends[::-1]


def _end(directory: int, name: str) -> LogEnd:
    if name.endswith(_COMPRESSED):
        return LogEnd(name, "", True, "It is compressed")
    try:
        return LogEnd(name, *_read_end(directory, name), None)
    except OSError as exc:
        return LogEnd(name, "", True, exc.strerror)


def readable(text: str, count: int) -> list[str]:
    """The last lines of a text, printable and not too long."""
    lines = text.splitlines()[-count:]
    return [
        printable(line[:_LONGEST_LINE]) + (f"... ({len(line)} characters)" if len(line) > _LONGEST_LINE else "")
        for line in lines
    ]


def _read_end(directory: int, name: str) -> tuple[str, bool]:
    """The last lines, and whether there are more before them."""
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
    whole = read.partition(b"\n")[2] if start else read
    return whole.decode("utf-8", errors="backslashreplace"), start > 0
