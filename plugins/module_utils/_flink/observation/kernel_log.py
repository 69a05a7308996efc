# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kernel says as it kills a process for want of memory.

Source: Linux, ``mm/oom_kill.c`` and ``mm/memcontrol.c``; lines of Linux 6.18, and the older ones of Linux 4.
"""

from __future__ import annotations

import re
import typing as t

if t.TYPE_CHECKING:
    from .log_lines import Line
    from .readings import Kill

_SINCE_BOOT = re.compile(r"^(?:<\d+>)?\[ *(\d{1,12})\.\d+\] ?")
_INVOKED = re.compile(r"^(.{1,15}) invoked oom-killer: ")
_CONSTRAINT = re.compile(
    r"^oom-kill:constraint=(?P<constraint>CONSTRAINT_\w+).*?"
    r"(?:(?:,oom_memcg=(?P<limited>[^,]*)|,global_oom)(?:,task_memcg=(?P<cgroup>[^,]*))?)?"
    r",task=.{1,64}?,pid=(?P<pid>\d{1,10}),uid=\d{1,10}$"
)
_LIMIT = re.compile(r"^Task in (?P<cgroup>\S+) killed as a result of limit of (?P<limited>\S+)$")
_KILLED = re.compile(
    r"Killed process (?P<pid>\d{1,10}) \((?P<task>.{0,64})\),?(?: UID \d+,)? total-vm:\d+kB, "
    r"anon-rss:(?P<anonymous>\d{1,15})kB, file-rss:(?P<file>\d{1,15})kB"
)
_UNIT = re.compile(r"/_?([^/]+\.service)(?=/|$)")
# What somebody starts after logging in is in these, if not in a scope.
_LOGIN = re.compile(r"(?:user@\d+|sshd?(?:@.*)?)\.service")


def lines_since_boot(text: str, boot: int) -> t.Iterator[Line]:
    """The lines of dmesg, with the time of each by that of the boot; null where the kernel writes none."""
    for line in text.splitlines():
        found = _SINCE_BOOT.match(line)
        yield (boot + int(found[1]), line[found.end() :]) if found else (None, line)


def kills(lines: t.Iterable[Line], source: str) -> list[Kill]:
    """Of each kill, what its lines say together: who asked for memory, whose limit was reached, and who had to go."""
    found: list[Kill] = []
    thread: str | None = None
    said: t.Mapping[str, str | None] = {}
    for time, line in lines:
        invoked = _INVOKED.match(line)
        if invoked:
            thread, said = invoked[1], {}
            continue
        told = _CONSTRAINT.match(line) or _LIMIT.match(line)
        if told:
            said = told.groupdict()
            continue
        killed = _KILLED.search(line)
        if killed:
            # Another one than was told of goes along with it.
            own = said if said.get("pid") in {None, killed["pid"]} else {}
            found.append(
                {
                    "time": time,
                    "pid": int(killed["pid"]),
                    "task": killed["task"],
                    "thread": thread,
                    "constraint": own.get("constraint"),
                    "cgroup": own.get("cgroup"),
                    "limited": own.get("limited"),
                    "anonymous": int(killed["anonymous"]) * 1024,
                    "file": int(killed["file"]) * 1024,
                    "source": source,
                }
            )
            thread, said = None, {}
    return found


def concerns(kill: Kill, units: t.Container[str], top: str = "") -> bool:
    """Whether one of these units was hit, or a Java process that no unit runs, which may be any cluster's.

    Where the whole host was out of memory, whatever was killed concerns all. ``top`` is the cgroup of a container that
    is the host: of its siblings, which may have units of the same names, the kernel tells in the same log.
    """
    if kill["constraint"] != "CONSTRAINT_NONE" and kill["cgroup"] and not f"{kill['cgroup']}/".startswith(f"{top}/"):
        return False
    found = [unit for unit in _UNIT.findall(kill["cgroup"] or "") if not _LOGIN.fullmatch(unit)]
    is_ours = found[-1] in units if found else kill["task"] == "java"
    return is_ours or kill["constraint"] == "CONSTRAINT_NONE"
