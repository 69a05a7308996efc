# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.cgroup_counts import (
    FILES,
    PIDS_FILES,
    cgroup_reading,
)

# Of a TaskManager of Flink 2.3.0, on Linux 6.18 with version 1, after a kill at its limit.
V1 = {
    "memory.stat": "cache 4096\nrss 8192\nswap 0\ntotal_cache 329248768\ntotal_rss 478035968\ntotal_swap 7",
    "memory.limit_in_bytes": "4194304000",
    "memory.failcnt": "13745",
    "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 1",
    "memory.kmem.usage_in_bytes": "2252800",
}
# After the documentation of version 2: of a slice, in which a unit met its limit.
V2 = {
    "memory.stat": "anon 478035968\nfile 329248768\nkernel 9220096\nkernel_stack 1\nslab 2\nsock 3",
    "memory.max": "805306368",
    "memory.events": "low 0\nhigh 0\nmax 13745\noom 2\noom_kill 1\noom_group_kill 0",
    "memory.events.local": "low 0\nhigh 0\nmax 5\noom 0\noom_kill 0\noom_group_kill 0",
    "memory.swap.current": "4096",
}
PIDS = {"pids.current": "98", "pids.max": "4915"}
COUNTED = {
    "path": "/a",
    "limit": 805306368,
    "anonymous": 478035968,
    "file": 329248768,
    "kernel": 9220096,
    "swap": 4096,
    "limit_hits": 5,
    "oom_kills": 1,
    "pids": 98,
    "pids_limit": 4915,
    "source": "there",
}
IN_V1 = {**COUNTED, "limit": 4194304000, "kernel": 2252800, "swap": 7, "limit_hits": 13745}
NO_FILES: dict[str, t.Any] = {**dict.fromkeys(COUNTED), "path": "/a", "source": "there"}

# The version, its files, whether cgroups are below, and what differs in the reading from the one before it.
CASES: dict[str, tuple[int, dict[str, str], bool, dict[str, t.Any]]] = {
    "version 2": (2, V2, False, COUNTED),
    "a slice of version 2 counts what is below": (2, V2, True, COUNTED),
    "no limit": (2, {**V2, "memory.max": "max"}, False, {**COUNTED, "limit": None}),
    "before Linux 5.2, limits below are not told apart": (
        2,
        {name: text for name, text in V2.items() if name != "memory.events.local"},
        False,
        {**COUNTED, "limit_hits": 13745},
    ),
    "before Linux 5.18, parts add up to the kernel": (
        2,
        {**V2, "memory.stat": "anon 1\nfile 2\nkernel_stack 16\npagetables 8\nslab 32\nslab_reclaimable 30\nsock 1"},
        False,
        {**COUNTED, "anonymous": 1, "file": 2, "kernel": 57},
    ),
    "version 1": (1, V1, False, IN_V1),
    "a slice of version 1 does not count what is killed below": (1, V1, True, {**IN_V1, "oom_kills": None}),
    "no limit in version 1": (
        1,
        {**V1, "memory.limit_in_bytes": "9223372036854771712"},
        False,
        {**IN_V1, "limit": None},
    ),
    "no files": (2, {}, False, NO_FILES),
    "no files in version 1": (1, {}, False, NO_FILES),
    "files of something else": (2, dict.fromkeys(V2, "-1 x\nanon anon"), False, NO_FILES),
}


@pytest.mark.parametrize(("version", "texts", "has_children", "expected"), CASES.values(), ids=CASES)
def test_a_cgroup(version: int, texts: dict[str, str], has_children: bool, expected: dict[str, t.Any]) -> None:
    asked = {name: texts.get(name) for name in FILES[version]}
    assert set(texts) <= set(asked)
    pids = PIDS if expected["pids"] else dict.fromkeys(PIDS_FILES)
    found = cgroup_reading(version, "/a", asked, pids, "there", has_children=has_children)
    assert found == {**expected, "version": version}
