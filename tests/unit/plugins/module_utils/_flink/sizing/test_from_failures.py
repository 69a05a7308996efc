# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a log, the kernel or REST says of a failure to the sizes that are recommended."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.explain import explain
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import Headroom
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.recommend import Deployed, recommend
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.window import add
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import MIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis import looks as seen

OUT_OF_MEMORY = "java.lang.OutOfMemoryError:"
BUFFERS = (
    "java.io.IOException: Insufficient number of network buffers: required 3, but only 2 available. The total number "
    "of network buffers is currently set to 512 of 32768 bytes each."
)
POOR = "RocksDBStateBackend performance will be poor because of the current Flink memory configuration!"


def on(*lines: str, process: str = "taskmanager-1") -> t.Any:
    reading = seen.host(seen.process(process), messages=[seen.said(line, process) for line in lines])
    return seen.look(reading) if process == "taskmanager-1" else seen.look(None, reading)


def kernel(anonymous: int) -> t.Any:
    exit_ = seen.exit_(9, "killed", "oom-kill")
    reading = seen.host(seen.process(), kills=[seen.kill(anonymous * MIB)], exits=[exit_])
    return seen.look(reading)


# The look, and what is raised from what it was to what it shall be, in MiB.
FAILURES: dict[str, tuple[t.Any, dict[str, tuple[int, int]]]] = {
    "a heap that was full": (on(f"{OUT_OF_MEMORY} Java heap space"), {"task_heap": (212, 320)}),
    "a heap that was collected without end": (
        on(f"{OUT_OF_MEMORY} GC overhead limit exceeded"),
        {"task_heap": (212, 320)},
    ),
    "metaspace": (on(f"{OUT_OF_MEMORY} Metaspace"), {"jvm_metaspace": (96, 128)}),
    "direct memory": (
        on(f"{OUT_OF_MEMORY} Cannot reserve 104857600 bytes of direct buffer memory (allocated: 1, limit: 150994944)"),
        {"task_off_heap": (0, 112)},
    ),
    "network buffers": (on(BUFFERS), {"network": (16, 32)}),
    "managed memory of an operator": (
        on("Could not allocate 134217728 bytes, only 67108864 bytes are remaining."),
        {"managed": (128, 256)},
    ),
    "RocksDB in a slot that is too small for it": (on(POOR), {"managed": (128, 192)}),
    "native memory over the limit of the unit": (kernel(1150), {"jvm_overhead": (192, 576)}),
    "a JobManager's heap": (
        on(
            f"{OUT_OF_MEMORY} Java heap space. A heap space-related out-of-memory error has occurred",
            process="jobmanager",
        ),
        {"jvm_heap": (1024, 1536), "jvm_overhead": (192, 213)},
    ),
    "an array that no heap can hold": (on(f"{OUT_OF_MEMORY} Requested array size exceeds VM limit"), {}),
    "a limit of threads": (on(f"{OUT_OF_MEMORY} unable to create native thread"), {}),
    "no slots": (
        on("Could not acquire the minimum required resources.", process="jobmanager"),
        {},
    ),
    "a heartbeat that was lost": (
        on("Heartbeat of TaskManager with id flink-2-1 timed out.", process="jobmanager"),
        {},
    ),
}


@pytest.mark.parametrize(("look", "raised"), FAILURES.values(), ids=FAILURES)
def test_what_failed_is_raised(look: t.Any, raised: dict[str, tuple[int, int]]) -> None:
    findings = explain(look, seen.plans())
    assert findings
    hosts = {
        host: Deployed("2.3.0", seen.CONFIG, [{"process": process, "count": 1, "config": {}}], "16g")
        for host, process in (("flink-1", "jobmanager"), ("flink-2", "taskmanager"))
    }
    told = recommend(add(None, look), findings, hosts, Headroom())
    changed = {
        name: ((one["before"][name] or 0) // MIB, (size or 0) // MIB)
        for one in told["resized"]
        for name, size in one["after"].items()
        if size != one["before"][name] and not name.startswith("total_")
    }
    sums = {"jvm_heap", "jvm_direct"} - raised.keys()
    assert {name: sizes for name, sizes in changed.items() if name not in sums} == raised
    assert all(one["error"] is None for one in told["resized"])
