# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.resident import resident_memory

# Of a TaskManager of Flink 2.3.0, as far as it counts.
STATUS = """\
Name:\tVmHWM:\t1 kB
VmPeak:\t 2380708 kB
VmHWM:\t  500368 kB
VmRSS:\t  490368 kB
RssAnon:\t  456832 kB
RssFile:\t   33532 kB
RssShmem:\t       4 kB
VmSwap:\t       12 kB
Threads:\t98
"""


def test_a_live_process() -> None:
    assert resident_memory(STATUS, "there") == {
        "rss": 490368 * 1024,
        "peak": 500368 * 1024,
        "anonymous": 456832 * 1024,
        "file": 33536 * 1024,
        "swap": 12 * 1024,
        "threads": 98,
        "source": "there",
    }


def test_a_process_that_nobody_has_waited_for() -> None:
    assert resident_memory("Name:\tjava\nState:\tZ (zombie)\nThreads:\t1\n", "there") is None
    assert resident_memory("", "there") is None
