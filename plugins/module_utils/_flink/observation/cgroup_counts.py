# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the files of a cgroup count, of version 1 and of version 2.

Source: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/memory.rst.
"""

from __future__ import annotations

import re
import typing as t

if t.TYPE_CHECKING:
    from .readings import CgroupReading

# The files of a memory controller and of a pids controller, by version.
FILES = {
    1: (
        "memory.stat",
        "memory.limit_in_bytes",
        "memory.failcnt",
        "memory.oom_control",
        "memory.kmem.usage_in_bytes",
    ),
    2: ("memory.stat", "memory.max", "memory.events", "memory.events.local", "memory.swap.current"),
}
PIDS_FILES = ("pids.current", "pids.max")
# What version 1 says where there is no limit, rounded down to a page of any size.
_NO_LIMIT = 2**62
_NUMBER = re.compile("[0-9]{1,20}")
_LINE = re.compile(r"^([\w.]+) ([0-9]{1,20})$", re.MULTILINE)
# Of these, version 2 adds up to "kernel" since Linux 5.18.
_KERNEL = ("kernel_stack", "pagetables", "percpu", "slab", "sock", "vmalloc")

Texts = t.Mapping[str, t.Optional[str]]


def cgroup_reading(
    version: int, path: str, texts: Texts, pids: Texts, source: str, *, has_children: bool
) -> CgroupReading:
    """From the texts of its files by name, null where there is none.

    Version 1 counts kills only in the cgroup itself: nothing is said of them where processes are further below.
    """
    counts = _of_version_1(texts) if version == 1 else _of_version_2(texts)
    return {
        "path": path,
        "version": version,
        "limit": counts.limit,
        "anonymous": counts.anonymous,
        "file": counts.file,
        "kernel": counts.kernel,
        "swap": counts.swap,
        "limit_hits": counts.limit_hits,
        "oom_kills": None if version == 1 and has_children else counts.oom_kills,
        "pids": _size(pids.get("pids.current")),
        "pids_limit": _size(pids.get("pids.max")),
        "source": source,
    }


class _Counts(t.NamedTuple):
    limit: int | None
    anonymous: int | None
    file: int | None
    kernel: int | None
    swap: int | None
    limit_hits: int | None
    oom_kills: int | None


def _of_version_1(texts: Texts) -> _Counts:
    stat, limit = _lines(texts.get("memory.stat")), _size(texts.get("memory.limit_in_bytes"))
    return _Counts(
        limit=None if limit is None or limit >= _NO_LIMIT else limit,
        anonymous=stat.get("total_rss"),
        file=stat.get("total_cache"),
        kernel=_size(texts.get("memory.kmem.usage_in_bytes")),
        swap=stat.get("total_swap"),
        limit_hits=_size(texts.get("memory.failcnt")),
        oom_kills=_lines(texts.get("memory.oom_control")).get("oom_kill"),
    )


def _of_version_2(texts: Texts) -> _Counts:
    stat, events = _lines(texts.get("memory.stat")), _lines(texts.get("memory.events"))
    # Those of the cgroup itself, since Linux 5.2: the others are also those of the limits below.
    local = _lines(texts.get("memory.events.local")) or events
    parts = [stat[name] for name in _KERNEL if name in stat]
    return _Counts(
        limit=_size(texts.get("memory.max")),
        anonymous=stat.get("anon"),
        file=stat.get("file"),
        kernel=stat.get("kernel", sum(parts) if parts else None),
        swap=_size(texts.get("memory.swap.current")),
        limit_hits=local.get("max"),
        oom_kills=events.get("oom_kill"),
    )


def _lines(text: str | None) -> dict[str, int]:
    return {name: int(number) for name, number in _LINE.findall(text or "")}


def _size(text: str | None) -> int | None:
    """A number; null for ``max`` and for what is not understood."""
    return int(text) if text and _NUMBER.fullmatch(text) else None
