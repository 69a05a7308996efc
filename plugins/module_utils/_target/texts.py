# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of the host: short files, such as those of /proc and /sys, and what may be shown of foreign ones."""

from __future__ import annotations

import errno
import os
import re
import stat
import typing as t

if t.TYPE_CHECKING:
    from pathlib import Path


# What is at a path, and the same to be read: a device does something when it is opened, and a pipe waits for a writer.
_LOOK = os.O_PATH | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_MOST_BYTES = 2**26
# What Python makes of bytes that are not UTF-8, and JSON cannot carry.
_NO_TEXT = re.compile("[\ud800-\udfff]")


class HostError(Exception):
    """Why a host does not give the facts that were asked for, in a sentence."""


def read_text(path: Path, *, strict: bool = False, follows: bool = True) -> str | None:
    """The text of a regular file, without blanks around it; null if it is missing, cannot be read, or is no such file.

    A link is one only if it ``follows``. Raises HostError with ``strict`` for what is there and cannot be read.
    """
    try:
        return _read(path, _LOOK if follows else _LOOK | os.O_NOFOLLOW).decode("utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        if strict:
            raise HostError(f"{path}: expected a readable file, got {exc.strerror}.") from exc
        return None


def _read(path: Path, look: int) -> bytes:
    descriptor = os.open(path, look)
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "Is a directory" if stat.S_ISDIR(mode) else "It is not a regular file")
        with os.fdopen(os.open(f"/proc/self/fd/{descriptor}", _READ), "rb") as file:
            content = file.read(_MOST_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(content) > _MOST_BYTES:
        raise OSError(errno.EFBIG, f"more than {_MOST_BYTES >> 20} MiB")
    return content


def printable(text: str) -> str:
    """The same text, but that control characters are written out: no terminal obeys them."""
    return "".join(
        character if character.isprintable() or character == "\t" else ascii(character)[1:-1] for character in text
    )


def all_printable(value: t.Any) -> t.Any:
    """The same value, with its texts printable, at any depth."""
    return _with_texts(value, printable)


def valid(value: t.Any) -> t.Any:
    """The same value, with what is not UTF-8 in its texts replaced, at any depth: names on a host may be any bytes."""
    return _with_texts(value, lambda text: _NO_TEXT.sub("\ufffd", text))


def _with_texts(value: t.Any, change: t.Callable[[str], str]) -> t.Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {_with_texts(key, change): _with_texts(item, change) for key, item in value.items()}
    return [_with_texts(item, change) for item in value] if isinstance(value, (list, tuple)) else value
