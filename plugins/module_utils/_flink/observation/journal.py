# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The journal of units as ``journalctl --output=json`` prints it: how processes ended, and what they printed.

Messages of systemd are known by their IDs, which no language changes. Source: systemd, ``sd-messages.h``.
"""

from __future__ import annotations

import json
import re
import typing as t

if t.TYPE_CHECKING:
    from .log_lines import Line
    from .readings import Exit

# What exits and printed take of an entry.
FIELDS = (
    "MESSAGE",
    "MESSAGE_ID",
    "UNIT",
    "_SYSTEMD_UNIT",
    "_PID",
    "EXIT_CODE",
    "EXIT_STATUS",
    "UNIT_RESULT",
    "COMMAND",
    "INVOCATION_ID",
    "_SYSTEMD_INVOCATION_ID",
)
_PROCESS_EXITED = "98e322203f7a4ed290d09fe03c09fe15"
_UNIT_FAILED = "d9b373ed55a64feb8242e02dbe79a49c"
_OUT_OF_MEMORY = "fe6faa94e7774663a0da52717891d8ef"
_NUMBER = re.compile("[0-9]{1,20}")
# Those that a process has ended by, where no status but a name is told.
_SIGNALS = {"ABRT": 6, "KILL": 9, "SEGV": 11, "TERM": 15}

Entry = t.Mapping[str, str]


def read_entries(text: str) -> list[Entry]:
    """The entries of an output with the newest first, from the oldest on; lines that are no whole entry are skipped."""
    entries: list[Entry] = []
    for line in reversed(text.split("\n")):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(entry, dict):
            entries.append({name: _text(value) for name, value in entry.items()})
    return entries


def time_of(entry: Entry) -> int | None:
    """When it was received, in seconds since 1970."""
    text = entry.get("__REALTIME_TIMESTAMP", "")
    return int(text) // 1_000_000 if _NUMBER.fullmatch(text) else None


def exits(entries: t.Iterable[Entry], processes: t.Mapping[str, str]) -> list[Exit]:
    """How the main processes of units ended, by their names; what systemd takes for a success it does not tell."""
    found: list[Exit] = []
    last: dict[tuple[str, str], Exit] = {}
    writers: dict[tuple[str, str], int] = {}
    for entry in entries:
        if entry.get("_SYSTEMD_UNIT") in processes and _NUMBER.fullmatch(entry.get("_PID", "")):
            writers[entry["_SYSTEMD_UNIT"], entry.get("_SYSTEMD_INVOCATION_ID", "")] = int(entry["_PID"])
        # Anybody may write what looks like a message of systemd, but not as process 1.
        unit, kind, time = entry.get("UNIT", ""), entry.get("MESSAGE_ID"), time_of(entry)
        if entry.get("_PID") != "1" or unit not in processes or time is None:
            continue
        run = (unit, entry.get("INVOCATION_ID", ""))
        if kind == _PROCESS_EXITED and entry.get("COMMAND", "ExecStart") == "ExecStart":
            last[run] = {
                "process": processes[unit],
                "time": time,
                "pid": writers.get(run),
                "code": entry.get("EXIT_CODE"),
                "status": _status(entry.get("EXIT_STATUS", "")),
                "result": None,
                "source": f"journal of {unit}",
            }
            found.append(last[run])
        elif kind == _UNIT_FAILED and run in last:
            last[run]["result"] = entry.get("UNIT_RESULT")
        elif kind == _OUT_OF_MEMORY and run in last and last[run]["result"] is None:
            last[run]["result"] = "oom-kill"
    return found


def printed(entries: t.Iterable[Entry], processes: t.Mapping[str, str]) -> t.Iterator[tuple[str, Line]]:
    """What the processes of units have printed and systemd has said of them, line by line, after the unit of each."""
    for entry in entries:
        unit = entry.get("UNIT" if entry.get("_PID") == "1" else "_SYSTEMD_UNIT", "")
        if unit in processes:
            for line in entry.get("MESSAGE", "").splitlines():
                yield unit, (time_of(entry), line)


def _status(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else _SIGNALS.get(text)


def _text(value: object) -> str:
    """A field: text that is no UTF-8 is a list of its bytes, and a field that is there twice a list of texts."""
    if isinstance(value, list):
        if value and all(isinstance(item, int) and 0 <= item < 256 for item in value):
            return bytes(value).decode("utf-8", errors="replace")
        return "\n".join(_text(item) for item in value if not isinstance(item, list))
    return value if isinstance(value, str) else ""
