# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB

# What Flink computes: JVM heap, off-heap, JVM overhead.
DERIVED: dict[str, tuple[dict[str, t.Any], tuple[int, int, int]]] = {
    "process of the shipped configuration": ({"process.size": "1600m"}, (GIB, 128 * MIB, 192 * MIB)),
    "process of 2g": ({"process.size": "2g"}, (1530082096, 128 * MIB, 214748368)),
    "process of 4g": ({"process.size": "4g"}, (3462817376, 128 * MIB, 429496736)),
    "process of 20g": ({"process.size": "20g"}, (19998441472, 128 * MIB, GIB)),
    "smallest process": ({"process.size": "578m"}, (2 * MIB, 128 * MIB, 192 * MIB)),
    "flink": ({"flink.size": "1g"}, (896 * MIB, 128 * MIB, 192 * MIB)),
    "heap": ({"heap.size": "1g"}, (GIB, 128 * MIB, 192 * MIB)),
    "heap and flink": ({"heap.size": "1g", "flink.size": "2g"}, (GIB, GIB, 268435460)),
    "heap and flink, nothing beside": ({"heap.size": "1g", "flink.size": "1g"}, (GIB, 0, 192 * MIB)),
    "heap, off-heap and flink": (
        {"heap.size": "1g", "off-heap.size": "1g", "flink.size": "2g"},
        (GIB, GIB, 268435460),
    ),
    "flink and process": ({"flink.size": "1g", "process.size": "2g"}, (896 * MIB, 128 * MIB, 768 * MIB)),
    "smallest heap": ({"heap.size": "2m"}, (2 * MIB, 128 * MIB, 192 * MIB)),
}

LEGACY: dict[str, tuple[str, dict[str, t.Any], int]] = {
    "heap": ("1.20", {"jobmanager.heap.size": "1g"}, GIB),
    "megabytes": ("1.11", {"jobmanager.heap.mb": 1024}, GIB),
    "few megabytes": ("1.20", {"jobmanager.heap.mb": 2}, 2 * MIB),
    "heap wins over megabytes": ("1.20", {"jobmanager.heap.mb": 2048, "jobmanager.heap.size": "1g"}, GIB),
    "the new heap wins": ("1.20", {"jobmanager.heap.size": "2g", f"{JM}heap.size": "1g"}, GIB),
    "heap wins over flink": ("1.20", {"jobmanager.heap.size": "1g", f"{JM}flink.size": "2g"}, GIB),
    "2.0 ignores heap": ("2.0", {"jobmanager.heap.size": "1g", f"{JM}flink.size": "2g"}, 1920 * MIB),
}

REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "nothing": (
        {},
        (
            "No memory is configured for the JobManager. Set one of: jobmanager.memory.process.size (the whole "
            "process: suits containers), jobmanager.memory.flink.size (what Flink uses: suits plain hosts), or "
            "jobmanager.memory.heap.size (the parts: Flink adds the rest)."
        ),
    ),
    "only off-heap": ({"off-heap.size": "1g"}, "No memory is configured for the JobManager."),
    "flink as large as off-heap": (
        {"flink.size": "128m"},
        (
            "The total Flink memory of 128m (jobmanager.memory.flink.size) leaves no room for a JVM heap after "
            "jobmanager.memory.off-heap.size 128m. Raise jobmanager.memory.flink.size to at least 256m (Flink accepts "
            "129m, with a JVM heap of 1m)."
        ),
    ),
    "process that leaves no heap": (
        {"process.size": "576m"},
        (
            "The total Flink memory of 128m (jobmanager.memory.process.size 576m - JVM metaspace 256m - JVM overhead "
            "192m) leaves no room for a JVM heap after jobmanager.memory.off-heap.size 128m. Raise "
            "jobmanager.memory.process.size to at least 704m (Flink accepts 577m, with a JVM heap of 1m)."
        ),
    ),
    "process of a container": (
        {"process.size": "512m"},
        "Raise jobmanager.memory.process.size to at least 704m (Flink accepts 577m",
    ),
    "process without room": (
        {"process.size": "400m"},
        "JVM metaspace 256m + JVM overhead 192m = 448m, which does not fit into the total process memory of 400m",
    ),
    "heap beyond flink": (
        {"heap.size": "2g", "flink.size": "1g"},
        (
            "JVM heap 2g, which does not fit into the total Flink memory of 1g (jobmanager.memory.flink.size). "
            "Raise jobmanager.memory.flink.size to at least 2g"
        ),
    ),
    "three that do not add up": (
        {"heap.size": "1g", "off-heap.size": "1g", "flink.size": "3g"},
        (
            "jobmanager.memory.heap.size 1g + jobmanager.memory.off-heap.size 1g = 2g does not match "
            "jobmanager.memory.flink.size 3g"
        ),
    ),
    "overhead beyond its maximum": (
        {"heap.size": "1g", "process.size": "5g"},
        (
            "The other options leave 3712m of 5g (jobmanager.memory.process.size) for JVM overhead, but "
            "jobmanager.memory.jvm-overhead.max allows at most 1g. Remove jobmanager.memory.heap.size, and the JVM "
            "heap will be 4.1g"
        ),
    ),
    "overhead below its minimum": (
        {"heap.size": "1g", "process.size": "1500m"},
        (
            "for JVM overhead, but jobmanager.memory.jvm-overhead.min asks for at least 192m. Raise "
            "jobmanager.memory.process.size to at least 1600m"
        ),
    ),
    "overhead bounds crossed": (
        {"process.size": "4g", "jvm-overhead.max": "100m"},
        "jobmanager.memory.jvm-overhead.min (192m) is more than jobmanager.memory.jvm-overhead.max (100m).",
    ),
    "overhead fraction": (
        {"process.size": "4g", "jvm-overhead.fraction": "1"},
        "jobmanager.memory.jvm-overhead.fraction: expected a fraction of at least 0 and less than 1",
    ),
    "direct limit": (
        {"process.size": "4g", "enable-jvm-direct-memory-limit": "yes"},
        "jobmanager.memory.enable-jvm-direct-memory-limit: expected true or false, got 'yes'.",
    ),
    "unreadable": ({"process.size": "4GiB"}, "jobmanager.memory.process.size: '4GiB' is not a size"),
    "unreadable off-heap beside the rest": (
        {"heap.size": "1g", "off-heap.size": "x"},
        "jobmanager.memory.off-heap.size: 'x' is not a size",
    ),
    "64 bits": ({"heap.size": 2**63 - 1}, "is more than 2^63 - 1 bytes. Lower the largest of them."),
}

# What the start script of 1.10 makes of a configuration: the heap in MiB, none if it sets none.
SCRIPT: dict[str, tuple[dict[str, t.Any], int | None]] = {
    "nothing": ({}, None),
    "shipped": ({"jobmanager.heap.size": "1024m"}, 1024),
    "gigabytes": ({"jobmanager.heap.size": "2g"}, 2048),
    "any case": ({"jobmanager.heap.size": "2GB"}, 2048),
    "bytes": ({"jobmanager.heap.size": 2**30 + 1}, 1024),
    "less than a megabyte": ({"jobmanager.heap.size": "1023k"}, None),
    "the first word": ({"jobmanager.heap.size": "1024 m"}, None),
    "the word before a tab": ({"jobmanager.heap.size": "2g\t4"}, 2048),
    "not a number": ({"jobmanager.heap.size": "auto"}, None),
    "megabytes": ({"jobmanager.heap.mb": 512}, 512),
    "heap wins over megabytes": ({"jobmanager.heap.size": "1g", "jobmanager.heap.mb": 512}, 1024),
    "a heap of 0 leaves it to megabytes": ({"jobmanager.heap.size": "0", "jobmanager.heap.mb": 512}, 512),
    "the options of 1.11": ({"jobmanager.memory.process.size": "1600m"}, None),
}
SCRIPT_REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "unknown unit": ({"jobmanager.heap.size": "1024MiB"}, "jobmanager.heap.size: '1024MiB' is not a size"),
    "leading zero": ({"jobmanager.heap.size": "010m"}, "for the start script of 1.10, got '010m'."),
    "decimal": ({"jobmanager.heap.size": "1.5g"}, "for the start script of 1.10, got '1.5g'."),
    "too large": ({"jobmanager.heap.size": "9" * 30}, "is too large"),
    "list": ({"jobmanager.heap.size": ["1g"]}, "jobmanager.heap.size: "),
    "list of megabytes": ({"jobmanager.heap.mb": [1]}, "jobmanager.heap.mb: "),
    "megabytes with a unit": ({"jobmanager.heap.mb": "512m"}, "expected a whole number of megabytes such as 1024"),
    "negative megabytes": ({"jobmanager.heap.mb": -5}, "expected a whole number of megabytes such as 1024"),
}


@pytest.mark.parametrize("release", ["1.11", "2.3"])
@pytest.mark.parametrize(("options", "sizes"), DERIVED.values(), ids=DERIVED)
def test_derived(options: dict[str, t.Any], sizes: tuple[int, int, int], release: str) -> None:
    memory = plan({"jobmanager.memory": options}, release, "jobmanager")["memory"]
    assert (memory["jvm_heap"], memory["off_heap"], memory["jvm_overhead"]) == sizes
    assert memory["jvm_metaspace"] == 256 * MIB


@pytest.mark.parametrize(("release", "config", "heap"), LEGACY.values(), ids=LEGACY)
def test_legacy(release: str, config: dict[str, t.Any], heap: int) -> None:
    assert plan(config, release, "jobmanager")["memory"]["jvm_heap"] == heap


@pytest.mark.parametrize("release", ["1.11", "2.3"])
@pytest.mark.parametrize(("options", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(options: dict[str, t.Any], message: str, release: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        plan({"jobmanager.memory": options}, release, "jobmanager")


def test_a_slip_of_1_11_0_and_1_11_1() -> None:
    """They compare off-heap with the total, not with what the heap leaves of it."""
    adding_up = {f"{JM}heap.size": "1g", f"{JM}off-heap.size": "1g", f"{JM}flink.size": "2g"}
    assert plan(adding_up, "1.11.2", "jobmanager")
    with pytest.raises(FlinkError, match=r"= 2g does not match jobmanager\.memory\.flink\.size 2g in Flink 1\.11\.1"):
        plan(adding_up, "1.11.1", "jobmanager")


def test_negative_megabytes() -> None:
    with pytest.raises(FlinkError, match=r"jobmanager.heap.mb: expected a whole number of at least 0, got -1\."):
        plan({"jobmanager.heap.mb": -1}, "1.20", "jobmanager")


@pytest.mark.parametrize(("config", "mebibytes"), SCRIPT.values(), ids=SCRIPT)
def test_script_of_1_10(config: dict[str, t.Any], mebibytes: int | None) -> None:
    planned = plan(config, "1.10", "jobmanager")
    heap = None if mebibytes is None else mebibytes * MIB
    assert planned["jvm_args"] == ([] if mebibytes is None else [f"-Xms{mebibytes}m", f"-Xmx{mebibytes}m"])
    assert planned["memory"] == {
        "jvm_heap": heap,
        **dict.fromkeys(("off_heap", "jvm_metaspace", "jvm_overhead", "total_flink", "total_process")),
    }
    assert planned["dynamic_properties"] == {}


@pytest.mark.parametrize(("config", "message"), SCRIPT_REFUSED.values(), ids=SCRIPT_REFUSED)
def test_refused_by_the_script_of_1_10(config: dict[str, t.Any], message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        plan(config, "1.10", "jobmanager")


@pytest.mark.parametrize(
    ("enabled", "limit"), [(None, []), (False, []), ("TRUE", ["-XX:MaxDirectMemorySize=134217728"])]
)
def test_direct_limit(enabled: t.Any, limit: list[str]) -> None:
    config = {f"{JM}process.size": "1600m", f"{JM}enable-jvm-direct-memory-limit": enabled}
    assert plan(config, "2.3", "jobmanager")["jvm_args"] == [
        *("-Xmx1073741824", "-Xms1073741824"),
        *limit,
        "-XX:MaxMetaspaceSize=268435456",
    ]
