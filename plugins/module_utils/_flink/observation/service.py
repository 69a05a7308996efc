# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What systemd says of the last run of a unit."""

from __future__ import annotations

import re
import typing as t

if t.TYPE_CHECKING:
    from .readings import ServiceReading

# What service_reading takes of a unit; MemoryLimit is the older name, of version 1 of cgroups.
PROPERTIES = (
    "Result",
    "ExecMainCode",
    "ExecMainStatus",
    "NRestarts",
    "MemoryMax",
    "MemoryLimit",
    "TasksMax",
    "LoadState",
)
# CLD_EXITED, CLD_KILLED and CLD_DUMPED of waitid(2); 0 while the first run lasts.
_CODES = {"1": "exited", "2": "killed", "3": "dumped"}
_NUMBER = re.compile("[0-9]{1,20}")
# Older releases write no limit as the largest number.
_NO_LIMIT = 2**63


def service_reading(unit: t.Mapping[str, str], source: str) -> ServiceReading | None:
    """From properties of the unit; null if systemd has no such unit."""
    if unit.get("LoadState") != "loaded":
        return None
    code = _CODES.get(unit.get("ExecMainCode", ""))
    limits = [size for name in ("MemoryMax", "MemoryLimit") if (size := _limit(unit.get(name))) is not None]
    return {
        "result": unit.get("Result", ""),
        "code": code,
        "status": _number(unit.get("ExecMainStatus")) if code else None,
        "restarts": _number(unit.get("NRestarts")) or 0,
        "memory_limit": limits[0] if limits else None,
        "tasks_limit": _limit(unit.get("TasksMax")),
        "source": source,
    }


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None


def _limit(text: str | None) -> int | None:
    number = _number(text)
    return number if number is not None and number < _NO_LIMIT else None
