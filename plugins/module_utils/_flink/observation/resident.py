# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the kernel counts of a process, in /proc/PID/status."""

from __future__ import annotations

import re
import typing as t

if t.TYPE_CHECKING:
    from .readings import ResidentMemory

_LINE = re.compile(r"^(VmHWM|VmRSS|RssAnon|RssFile|RssShmem|VmSwap|Threads):[ \t]+([0-9]{1,15})(?: kB)?$", re.MULTILINE)


def resident_memory(status: str, source: str) -> ResidentMemory | None:
    """Null for a process without memory, as one that has ended and that nobody has waited for."""
    found = {name: int(number) for name, number in _LINE.findall(status)}
    if not {"VmHWM", "VmRSS"} <= set(found):
        return None
    sizes = {name: found.get(name, 0) * 1024 for name in ("VmHWM", "VmRSS", "RssAnon", "RssFile", "RssShmem", "VmSwap")}
    return {
        "rss": sizes["VmRSS"],
        "peak": sizes["VmHWM"],
        "anonymous": sizes["RssAnon"],
        "file": sizes["RssFile"] + sizes["RssShmem"],
        "swap": sizes["VmSwap"],
        "threads": found.get("Threads", 0),
        "source": source,
    }
