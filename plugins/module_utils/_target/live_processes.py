# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state of processes, from systemd or from a file with a process ID.

``root`` is where the files of the host are: another one than / in tests.
"""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

from .directories import link_target
from .texts import read_text

# What of_unit reads of a unit.
PROPERTIES = ("ActiveState", "SubState", "MainPID", "NRestarts", "UnitFileState", "NeedDaemonReload")
_STATES = {
    ("active", "running"): "running",
    ("reloading", "reload"): "running",
    ("failed", "failed"): "failed",
}
_SOCKET = re.compile(r"socket:\[(\d+)\]")
_LISTENS = "0A"
# The kernel could take a name for a file of its own; then systemd puts an underscore before it.
_UNIT = re.compile(r"/_?([^/\n]+\.service)(?=/|$)", re.MULTILINE)
_STATUS = re.compile(r"^(Uid|PPid|NSpid):\s+(.*)$", re.MULTILINE)


def of_unit(root: Path, unit: dict[str, str], variables: t.Collection[str]) -> dict[str, t.Any]:
    """A process that systemd runs, from the properties of its unit."""
    state, pid = state_of_unit(unit)
    return {
        "state": state,
        "enabled": unit.get("UnitFileState") == "enabled",
        "needs_reload": unit.get("NeedDaemonReload") == "yes",
        "restarts": _number(unit.get("NRestarts")),
        **_live(root, pid, variables),
    }


def state_of_unit(unit: t.Mapping[str, str]) -> tuple[str, int]:
    """The state of a process from the properties of its unit, and its ID, 0 if it does not run."""
    active, sub = unit.get("ActiveState", ""), unit.get("SubState", "")
    state = "starting" if active == "activating" else _STATES.get((active, sub), "stopped")
    return state, _number(unit.get("MainPID")) if state in {"running", "starting"} else 0


def of_pid_file(root: Path, path: str | None, variables: t.Collection[str]) -> dict[str, t.Any]:
    """A process whose ID and start time are in a file: an ID alone may be that of another process by now."""
    state, pid = state_of_pid_file(root, path)
    return {
        "state": state,
        "enabled": False,
        "needs_reload": False,
        "restarts": 0,
        **_live(root, pid, variables),
    }


def state_of_pid_file(root: Path, path: str | None) -> tuple[str, int]:
    """The state of the process of such a file, and its ID, 0 if it does not run."""
    words = (read_text(Path(path)) or "").split() if path else []
    runs = len(words) == 2 and words[0].isdigit() and birth(root, words[0]) == words[1]
    return ("running", int(words[0])) if runs else ("stopped", 0)


def of_environment(root: Path, names: t.Sequence[str], variables: t.Collection[str]) -> list[dict[str, t.Any]]:
    """The processes of the host that have all of some variables; those of its containers are none of them.

    Each has its user, and the service that systemd has it in, if any.
    """
    found = []
    for directory in sorted((root / "proc").glob("[0-9]*")) if names else ():
        if not set(names) <= set(_environment(directory)):
            continue
        status = dict(_STATUS.findall(read_text(directory / "status") or ""))
        if len(status.get("NSpid", "").split()) < 2 and "Uid" in status:
            units = _UNIT.findall(read_text(directory / "cgroup") or "")
            live = _live(root, int(directory.name), {*names, *variables})
            uid, parent = int(status["Uid"].split()[0]), _number(status.get("PPid"))
            found.append({**live, "uid": uid, "parent": parent, "unit": units[-1] if units else None})
    return found


def birth(root: Path, pid: str) -> str | None:
    """The start time of a live process, in clock ticks since boot."""
    # The name of the program, in parentheses, may hold anything.
    fields = (read_text(root / "proc" / pid / "stat") or "").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in {"Z", "X"} else None


def _live(root: Path, pid: int, variables: t.Collection[str]) -> dict[str, t.Any]:
    directory = root / "proc" / str(pid)
    environment = _environment(directory) if pid else {}
    return {
        "pid": pid or None,
        "environment": {name: value for name, value in environment.items() if name in variables},
        "command_line": _words(directory / "cmdline") if pid else [],
        "ports": _ports(directory) if pid else [],
    }


def _environment(directory: Path) -> dict[str, str]:
    return dict(text.split("=", 1) for text in _words(directory / "environ") if "=" in text)


def _ports(directory: Path) -> list[int] | None:
    """The TCP ports where the process listens; null if its open files may not be read."""
    try:
        links = [link_target(str(path)) or "" for path in (directory / "fd").iterdir()]
    except FileNotFoundError:
        return []
    except OSError:
        return None
    sockets = {found[1] for found in map(_SOCKET.fullmatch, links) if found}
    # A header, then a line each: number, local address and port, remote ones, state, and the socket as the tenth.
    texts = [read_text(directory / "net" / name) or "" for name in ("tcp", "tcp6")]
    lines = [line.split() for text in texts for line in text.splitlines()]
    heard = [words[1] for words in lines if len(words) > 9 and words[3] == _LISTENS and words[9] in sockets]
    return sorted({int(address.rpartition(":")[2], 16) for address in heard})


def _words(path: Path) -> list[str]:
    """Null-terminated texts; empty if the file may not be read."""
    try:
        text = path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return []
    return text.split("\0")[:-1]


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
