# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of the host: short files, such as those of /proc and /sys, and what may be shown of foreign ones."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from pathlib import Path


class HostError(Exception):
    """Why a host does not give the facts that were asked for, in a sentence."""


def read_text(path: Path, *, strict: bool = False) -> str | None:
    """The text of a file, without blanks around it; null if it is missing or cannot be read.

    Raises HostError with ``strict`` for a file that is there and cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        if strict:
            raise HostError(f"{path}: expected a readable file, got {exc.strerror}.") from exc
        return None


def printable(text: str) -> str:
    """The same text, but that control characters are written out: no terminal obeys them."""
    return "".join(
        character if character.isprintable() or character == "\t" else ascii(character)[1:-1] for character in text
    )
