# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file in which the JVM of a live process counts, in a directory where anybody may place anything.

``root`` is where the files of the host are: another one than / in tests.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pwd
import re
import stat
import typing as t

if t.TYPE_CHECKING:
    from pathlib import Path

_ROOT = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_DIRECTORY = _ROOT | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_MOST_BYTES = 2**20
_STATUS = re.compile(r"^(Uid|NSpid):\s+(.*)$", re.MULTILINE)


def read_perf_data(root: Path, pid: int, status: str) -> tuple[bytes, str] | None:
    """Its content and its path, of the process with this ID and this status; null if it has none.

    HotSpot writes it to /tmp as the process sees that, into a directory of its user's, by its innermost ID. Raises
    OSError.
    """
    fields = dict(_STATUS.findall(status))
    if "Uid" not in fields:
        return None
    uid, name = int(fields["Uid"].split()[1]), fields.get("NSpid", str(pid)).split()[-1]
    try:
        directory = f"hsperfdata_{pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return None
    top = f"/proc/{pid}/root"
    with _opened(str(root / top.lstrip("/")), _ROOT) as process, _opened("tmp", _DIRECTORY, process) as temporary:
        try:
            with _opened(directory, _DIRECTORY, temporary) as opened, _opened(name, _FILE, opened) as file:
                return _content(opened, file, uid), f"{top}/tmp/{directory}/{name}"
        except FileNotFoundError:
            return None


def _content(directory: int, file: int, uid: int) -> bytes:
    found = os.fstat(file)
    if not stat.S_ISREG(found.st_mode) or {found.st_uid, os.fstat(directory).st_uid} != {uid}:
        raise OSError(errno.EINVAL, "It is not a regular file of the user of the process")
    if found.st_size > _MOST_BYTES:
        raise OSError(errno.EFBIG, f"It has more than {_MOST_BYTES >> 20} MiB")
    return os.pread(file, _MOST_BYTES, 0)


@contextlib.contextmanager
def _opened(path: str, flags: int, directory: int | None = None) -> t.Iterator[int]:
    """A descriptor for as long as it is needed. Raises OSError, with words for what is a link."""
    try:
        descriptor = os.open(path, flags, dir_fd=directory)
    except OSError as exc:
        if exc.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise OSError(exc.errno, "It is a link, or in a directory that is none") from None
        raise
    try:
        yield descriptor
    finally:
        os.close(descriptor)
