# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values in the answers of a server, which may be any server: each reader raises TypeError for what no Flink says."""

from __future__ import annotations

import contextlib
import typing as t

from .errors import FlinkError
from .shapes import size


@contextlib.contextmanager
def answer_of(path: str) -> t.Iterator[None]:
    """Raises FlinkError if what is read here is not the answer of a JobManager for this path."""
    try:
        yield
    except (AttributeError, KeyError, TypeError):
        raise FlinkError(f"{path}: this is not the answer of a Flink JobManager.") from None


def name(value: object) -> str:
    """A name or an address, which has no control characters."""
    if isinstance(value, str) and value.isprintable():
        return value
    raise TypeError


def text(value: object) -> str:
    """Any text."""
    if isinstance(value, str):
        return value
    raise TypeError


def number(value: object) -> int:
    """A number of bytes, of milliseconds, or of other things."""
    if isinstance(value, int) and size(value) is None:
        return value
    raise TypeError


def count(value: object) -> int:
    """A number, and 0 where Flink says -1 for none, or a clock went back."""
    if isinstance(value, int) and not isinstance(value, bool) and value < 0:
        return 0
    return number(value)


def texts(value: object) -> list[str]:
    """A list of texts."""
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return value
    raise TypeError


def mapping(value: object) -> dict[str, t.Any]:
    """An object of JSON."""
    if isinstance(value, dict):
        return value
    raise TypeError


def objects(value: object) -> list[dict[str, t.Any]]:
    """A list of objects of JSON."""
    if isinstance(value, list):
        return [mapping(member) for member in value]
    raise TypeError
