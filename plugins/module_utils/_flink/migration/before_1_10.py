# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of Flink 1.9 and older: what their start scripts make of their heap options.

The heap option of a TaskManager is a total, of which network buffers go off, and managed memory if it is off-heap.
Metaspace, RocksDB and whatever else lies outside the heap comes on top. Source: ``config.sh`` of 1.9,
``calculateNetworkBufferMemory`` and ``calculateTaskManagerHeapSizeMB``.
"""

from __future__ import annotations

import re
import typing as t
from fractions import Fraction

from ..values.config import text_of
from ..values.errors import FlinkError, quoted
from ..values.size import GIB, KIB, MIB, parse_size

_DECIMAL = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?|\.[0-9]{1,18}")
_WHOLE = re.compile(r"[0-9]{1,12}")
_TM, _NETWORK = "taskmanager.memory.", "taskmanager.network.memory."


def old_memory(config: dict[str, t.Any], process: str) -> dict[str, int | None] | None:
    """Sizes in bytes: JVM heap, for a TaskManager also network and managed memory and their sum; none without a heap.

    Managed memory on the heap is part of it, and counted there. Raises FlinkError for what cannot be read.
    """
    total = _heap(config, process)
    if not total:
        return None
    if process == "jobmanager":
        return {"jvm_heap": total}
    network = _network(config, total) // MIB * MIB
    rest = total - network
    managed = _managed(config, rest) if _flag(config, f"{_TM}off-heap") else 0
    return {"jvm_heap": rest - managed, "network": network, "managed": managed, "total_flink": total}


def _heap(config: dict[str, t.Any], process: str) -> int:
    size, megabytes = f"{process}.heap.size", f"{process}.heap.mb"
    if size in config:
        return _size(config, size, "0") // MIB * MIB
    return int(_number(config, megabytes, "0")) * MIB


def _network(config: dict[str, t.Any], total: int) -> int:
    buffers = "taskmanager.network.numberOfBuffers"
    if buffers in config and not any(f"{_NETWORK}{bound}" in config for bound in ("min", "max", "fraction")):
        return int(_number(config, buffers, "2048")) * _size(config, f"{_TM}segment-size", str(32 * KIB))
    least, most = _size(config, f"{_NETWORK}min", str(64 * MIB)), _size(config, f"{_NETWORK}max", str(GIB))
    return int(min(most, max(least, round(total * _number(config, f"{_NETWORK}fraction", "0.1")))))


def _managed(config: dict[str, t.Any], rest: int) -> int:
    size = _text(config, f"{_TM}size", "-1")
    if size.startswith("-") or size == "0":
        return round(rest // MIB * _number(config, f"{_TM}fraction", "0.7")) * MIB
    return int(size) * MIB if _WHOLE.fullmatch(size) else _size(config, f"{_TM}size", "0") // MIB * MIB


def _flag(config: dict[str, t.Any], key: str) -> bool:
    return _text(config, key, "false").lower() == "true"


def _text(config: dict[str, t.Any], key: str, default: str) -> str:
    try:
        return text_of(config.get(key, default)).strip()
    except ValueError as exc:
        raise FlinkError(f"{key}: expected one text or number, got {exc}.") from None


def _size(config: dict[str, t.Any], key: str, default: str) -> int:
    try:
        return parse_size(_text(config, key, default))
    except FlinkError as exc:
        raise FlinkError(f"{key}: {exc}") from None


def _number(config: dict[str, t.Any], key: str, default: str) -> Fraction:
    text = _text(config, key, default)
    if _DECIMAL.fullmatch(text) is None:
        raise FlinkError(f"{key}: expected a number, got {quoted(text)}. Correct it.")
    return Fraction(text)
