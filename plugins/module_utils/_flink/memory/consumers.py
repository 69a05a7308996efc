# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The weights by which the kinds of consumers in a slot share its managed memory.

Source: ``TaskManagerOptions.MANAGED_MEMORY_CONSUMER_WEIGHTS``, ``ManagedMemoryUtils``.
"""

from __future__ import annotations

import typing as t

from ..values import options
from ..values.config import text_of
from ..values.errors import quoted
from ..values.java_numbers import parse_int
from ..values.notes import Try

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Notes

KEY = f"{options.TM}managed.consumer-weights"


def note_consumers(notes: Notes, config: Config, backend: str | None = None) -> None:
    """Kinds of consumers that this release does not have, and weights that it cannot read.

    ``backend`` is the title of the state backend if it lives in managed memory, which its weight may keep from it.
    """
    given, version = _given(config), config.release.version
    known = _consumers(version) if given else ()
    strange = [(kind, key) for kind, _weight, key in given if kind not in known]
    if not known:
        return
    if strange:
        keys = sorted({key for _kind, key in strange})
        notes.warning(
            "unknown-consumer",
            keys,
            f"{KEY}: Flink {config.release.line} has no consumer of managed memory named {quoted(strange[0][0])}; it "
            f"has {', '.join(known)}.",
            Try(dict.fromkeys(keys)),
        )
    read = [entry for entry in given if entry[2] == KEY or version >= (1, 14)]
    unreadable = [entry for entry in read if entry[0] in known and not _is_weight(entry[1])]
    if unreadable:
        kind, weight, key = unreadable[0]
        notes.warning(
            "unreadable-consumer-weight",
            [key],
            f"{key}: expected a whole number of at least 0 for {kind}, got {quoted(weight)}. Jobs that use managed "
            "memory fail.",
            Try({key: None}),
        )
    elif read and backend:
        _note_share(notes, version, read, backend)


def _note_share(notes: Notes, version: tuple[int, ...], read: list[tuple[str, str, str]], backend: str) -> None:
    given = {kind: weight for kind, weight, _key in read}
    kinds = ("DATAPROC",) if version < (1, 13) else ("STATE_BACKEND", *(("DATAPROC",) if version < (2, 0) else ()))
    if int(next((given[kind] for kind in kinds if kind in given), "0")) == 0:
        keys = list(dict.fromkeys(key for _kind, _weight, key in read))
        notes.warning(
            "state-backend-without-share",
            keys,
            f"{KEY} gives {kinds[0]} no weight, so {backend} gets no managed memory, and every job that keeps keyed "
            "state fails.",
            Try(dict.fromkeys(keys)),
        )


def _consumers(version: tuple[int, ...]) -> tuple[str, ...]:
    """1.13 - 1.20 read DATAPROC as well."""
    if version < (1, 12):
        return ()
    if version < (1, 13):
        return ("DATAPROC", "PYTHON")
    return ("OPERATOR", "STATE_BACKEND", "PYTHON", *(("DATAPROC",) if version < (2, 0) else ()))


def _given(config: Config) -> list[tuple[str, str, str]]:
    """Each kind of consumer that is given, its weight as it is written, and the option that says so.

    There may be one option for all, or else, from 1.14 on, one for each.
    """
    pairs = config.values.get(KEY)
    if isinstance(pairs, str):
        parts = (part.partition(":") for part in pairs.split(",") if part.strip())
        return [(kind.strip(), weight.strip(), KEY) for kind, _colon, weight in parts]
    return [
        (key[len(KEY) + 1 :], _text(value), key) for key, value in config.values.items() if key.startswith(f"{KEY}.")
    ]


def _text(value: object) -> str:
    try:
        return text_of(value)
    except ValueError:
        return ""


def _is_weight(text: str) -> bool:
    try:
        return parse_int(text) >= 0
    except ValueError:
        return False
