# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.explanation import derivation
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import precise

TM_4G = {f"{TM}process.size": "4g"}
FINE = {f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g"}
JM_2G = {f"{JM}process.size": "2g"}

REST = "what the other parts leave of total Flink memory"
REST_OF_PROCESS = "what total Flink memory and JVM metaspace leave of total process memory"
TOTALS = {"total Flink memory": "total_flink", "total process memory": "total_process"}

# Release, process, options, component, and how it came about.
SENTENCES: dict[str, tuple[str, str, dict[str, t.Any], str, str]] = {
    "a default": ("2.3", "taskmanager", TM_4G, "framework_heap", f"{TM}framework.heap.size, by default 128m"),
    "no task off-heap": ("2.3", "taskmanager", TM_4G, "task_off_heap", f"{TM}task.off-heap.size, by default 0b"),
    "a default of another release": (
        "1.10.0",
        "taskmanager",
        TM_4G,
        "jvm_metaspace",
        f"{TM}jvm-metaspace.size, by default 96m",
    ),
    "a default that is set": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}framework.off-heap.size": "128m"},
        "framework_off_heap",
        f"{TM}framework.off-heap.size, set to 128m",
    ),
    "an odd size": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}task.off-heap.size": 123456789},
        "task_off_heap",
        f"{TM}task.off-heap.size, set to 117.7m (123456789 bytes)",
    ),
    "an old name": ("2.3", "taskmanager", {**TM_4G, f"{TM}size": "1g"}, "managed", f"{TM}size, set to 1g"),
    "nested options": (
        "2.3",
        "taskmanager",
        {"taskmanager": {"memory": {"process.size": "4g", "managed": {"size": "1g"}}}},
        "managed",
        f"{TM}managed.size, set to 1g",
    ),
    "the rest": ("2.3", "taskmanager", TM_4G, "task_heap", REST),
    "a task heap": ("2.3", "taskmanager", FINE, "task_heap", f"{TM}task.heap.size, set to 1g"),
    "a fraction": (
        "2.3",
        "taskmanager",
        TM_4G,
        "managed",
        f"40% ({TM}managed.fraction) of total Flink memory",
    ),
    "a fraction that is set": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}managed.fraction": "0.3333"},
        "managed",
        f"33.33% ({TM}managed.fraction) of total Flink memory",
    ),
    "no fraction": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}managed.fraction": 0},
        "managed",
        f"0% ({TM}managed.fraction) of total Flink memory",
    ),
    "network": ("2.3", "taskmanager", TM_4G, "network", f"10% ({TM}network.fraction) of total Flink memory"),
    "network by an old name": (
        "1.20",
        "taskmanager",
        {**TM_4G, "taskmanager.network.memory.fraction": 0.2},
        "network",
        "20% (taskmanager.network.memory.fraction) of total Flink memory",
    ),
    "network beside the parts": (
        "2.3",
        "taskmanager",
        FINE,
        "network",
        f"10% ({TM}network.fraction) of total Flink memory",
    ),
    "network beside the parts within the process": (
        "2.3",
        "taskmanager",
        {**FINE, f"{TM}process.size": "3200m"},
        "network",
        f"10% ({TM}network.fraction) of total Flink memory",
    ),
    "network beside the parts and a total": (
        "2.3",
        "taskmanager",
        {**FINE, f"{TM}flink.size": "3g"},
        "network",
        REST,
    ),
    "network beside the task heap": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}task.heap.size": "1g"},
        "network",
        REST,
    ),
    "network beside a heap of older releases": (
        "1.20",
        "taskmanager",
        {**FINE, "taskmanager.heap.size": "2816m"},
        "network",
        REST,
    ),
    "network raised": (
        "2.3",
        "taskmanager",
        {f"{TM}flink.size": "600m"},
        "network",
        f"10% ({TM}network.fraction) of total Flink memory, raised to {TM}network.min 64m",
    ),
    "network just above its minimum": (
        "2.3",
        "taskmanager",
        {f"{TM}flink.size": "645m"},
        "network",
        f"10% ({TM}network.fraction) of total Flink memory",
    ),
    "network just below its maximum": (
        "1.16",
        "taskmanager",
        {f"{TM}flink.size": "10239m"},
        "network",
        f"10% ({TM}network.fraction) of total Flink memory",
    ),
    "network cut": (
        "1.16",
        "taskmanager",
        {f"{TM}flink.size": "20g"},
        "network",
        f"10% ({TM}network.fraction) of total Flink memory, cut to {TM}network.max 1g",
    ),
    "network cut where there was no maximum": (
        "2.3",
        "taskmanager",
        {f"{TM}flink.size": "20g", "taskmanager.network.memory.max": "1g"},
        "network",
        f"10% ({TM}network.fraction) of total Flink memory, cut to taskmanager.network.memory.max 1g",
    ),
    "network fixed": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}network.min": "200m", f"{TM}network.max": "200m"},
        "network",
        f"{TM}network.min and {TM}network.max, both 200m",
    ),
    "network buffers": (
        "1.20",
        "taskmanager",
        {**TM_4G, "taskmanager.network.numberOfBuffers": 4096},
        "network",
        f"taskmanager.network.numberOfBuffers of {TM}segment-size each",
    ),
    "network buffers that do not count": (
        "2.3",
        "taskmanager",
        {**TM_4G, "taskmanager.network.numberOfBuffers": 4096},
        "network",
        f"10% ({TM}network.fraction) of total Flink memory",
    ),
    "overhead raised": (
        "2.3",
        "taskmanager",
        {f"{TM}process.size": "1g"},
        "jvm_overhead",
        f"10% ({TM}jvm-overhead.fraction) of total process memory, raised to {TM}jvm-overhead.min 192m",
    ),
    "overhead cut": (
        "2.3",
        "taskmanager",
        {f"{TM}process.size": "20g"},
        "jvm_overhead",
        f"10% ({TM}jvm-overhead.fraction) of total process memory, cut to {TM}jvm-overhead.max 1g",
    ),
    "overhead fixed": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}jvm-overhead.min": "512m", f"{TM}jvm-overhead.max": "512m"},
        "jvm_overhead",
        f"{TM}jvm-overhead.min and {TM}jvm-overhead.max, both 512m",
    ),
    "overhead beside total Flink": (
        "2.3",
        "taskmanager",
        {f"{TM}flink.size": "4g"},
        "jvm_overhead",
        f"10% ({TM}jvm-overhead.fraction) of total process memory",
    ),
    "overhead between the totals": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}flink.size": "3g"},
        "jvm_overhead",
        REST_OF_PROCESS,
    ),
    "overhead between a heap of older releases and the total": (
        "1.20",
        "taskmanager",
        {f"{TM}process.size": "4g", "taskmanager.heap.size": "3g"},
        "jvm_overhead",
        REST_OF_PROCESS,
    ),
    "JVM heap": ("2.3", "jobmanager", JM_2G, "jvm_heap", REST),
    "JVM heap that is set": (
        "2.3",
        "jobmanager",
        {f"{JM}heap.size": "1g"},
        "jvm_heap",
        f"{JM}heap.size, set to 1g",
    ),
    "JVM heap by an old name": (
        "1.20",
        "jobmanager",
        {"jobmanager.heap.size": "1g"},
        "jvm_heap",
        "jobmanager.heap.size, set to 1g",
    ),
    "JVM heap in megabytes": (
        "1.20",
        "jobmanager",
        {"jobmanager.heap.mb": 1024},
        "jvm_heap",
        "jobmanager.heap.mb, set to 1g",
    ),
    "off-heap": ("2.3", "jobmanager", JM_2G, "off_heap", f"{JM}off-heap.size, by default 128m"),
    "off-heap beside a heap": (
        "2.3",
        "jobmanager",
        {**JM_2G, f"{JM}heap.size": "1300m"},
        "off_heap",
        f"{JM}off-heap.size, by default 128m",
    ),
    "off-heap beside a heap and a total": (
        "2.3",
        "jobmanager",
        {f"{JM}flink.size": "2g", f"{JM}heap.size": "1g"},
        "off_heap",
        REST,
    ),
    "overhead of a JobManager": (
        "2.3",
        "jobmanager",
        {f"{JM}flink.size": "2g", **JM_2G, f"{JM}process.size": "3g"},
        "jvm_overhead",
        REST_OF_PROCESS,
    ),
}

_SIZE = re.compile(r"(?:, set to|, by default|, both| [a-z.-]+\.(?:min|max)) (?P<size>\S+(?: \(\d+ bytes\))?)$")
_SHARE = re.compile(r"(?P<percent>[0-9.]+)% \(\S+\) of (?P<whole>total \w+ memory)$")


def is_true(sentence: str, size: t.Any, memory: dict[str, t.Any]) -> bool:
    """Whether a sentence tells the size of its component."""
    told, share = _SIZE.search(sentence), _SHARE.match(sentence)
    if told is not None:
        return told["size"] == precise(size)
    if share is not None:
        return bool(abs(size - memory[TOTALS[share["whole"]]] * float(share["percent"]) / 100) <= 2 + size * 1e-6)
    return sentence in {REST, REST_OF_PROCESS}


@pytest.mark.parametrize(("release", "process", "config", "name", "sentence"), SENTENCES.values(), ids=SENTENCES)
def test_sentences(release: str, process: str, config: dict[str, t.Any], name: str, sentence: str) -> None:
    planned = plan(config, release, process)
    memory: t.Any = planned["memory"]
    found = derivation(config, planned)
    assert found[name] == sentence
    assert is_true(sentence, memory[name], memory) or "numberOfBuffers" in sentence


def test_every_component_in_every_way(way: tuple[str, dict[str, t.Any]], line: str) -> None:
    process, config = way
    planned = plan(config, line, process)
    memory: t.Any = planned["memory"]
    found = derivation(config, planned)
    if (line, process) == ("1.10", "jobmanager"):
        assert found == {}
        return
    totals = {"jvm_direct", "total_flink", "total_process"} | ({"jvm_heap"} if process == "taskmanager" else set())
    assert list(found) == [name for name in memory if name not in totals]
    assert all(is_true(sentence, memory[name], memory) for name, sentence in found.items())
    assert len([name for name in found if found[name] == REST]) <= 1


def test_the_config_has_to_be_one() -> None:
    with pytest.raises(FlinkError, match="config: expected a mapping"):
        derivation(None, plan(TM_4G, "2.3"))
