# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every remedy is applied to what it is advised for."""

from __future__ import annotations

import collections
import re
import typing as t

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Note

PROCESSES = st.sampled_from(["taskmanager", "taskmanager", "jobmanager"])

# Process, release, configuration, and what the refusal advises.
REFUSED: dict[str, tuple[str, str, dict[str, t.Any], str]] = {
    "a heap that Java would refuse is not advised": (
        "jobmanager",
        "2.3",
        {f"{JM}process.size": "512m"},
        f"Raise {JM}process.size to at least 704m (Flink accepts 577m, with a JVM heap of 1m).",
    ),
    "a task heap with too large a total": (
        "taskmanager",
        "1.16",
        {f"{TM}process.size": "8g", f"{TM}task.heap.size": "2g"},
        f"allows at most 1g. Remove {TM}task.heap.size, and the task heap will be 3.2g (3462817321 bytes).",
    ),
    "an older heap beside the total": (
        "taskmanager",
        "1.20",
        {"taskmanager.heap.size": "1024m", f"{TM}process.size": "4g"},
        "allows at most 1g. Remove taskmanager.heap.size, and total Flink memory will be 3.3g (3597035104 bytes).",
    ),
    "both totals stand in the way": (
        "taskmanager",
        "1.20",
        {
            f"{TM}process.size": "1728m",
            f"{TM}flink.size": "1280m",
            f"{TM}task.heap.size": "512m",
            f"{TM}managed.size": "512m",
        },
        f"Set {TM}flink.size to 1344m and {TM}process.size to 1792m, or remove {TM}task.heap.size, and",
    ),
    "a size without its unit": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": 1728},
        f"{TM}process.size: 1728 means 1728 bytes. If megabytes were meant, write 1728m.",
    ),
    "an option that does not exist is told beside what is refused": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "900m", f"{TM}jvm-overhead.size": "1g"},
        (
            f"silently ignores it. Did you mean {TM}jvm-overhead.min and {TM}jvm-overhead.max? Then set "
            f"{TM}process.size to"
        ),
    ),
    "an option that a later release calls otherwise": (
        "taskmanager",
        "2.0",
        {"taskmanager.heap": "4g"},
        f"silently ignores it. Did you mean {TM}flink.size?",
    ),
    "half of the pair": (
        "taskmanager",
        "2.3",
        {f"{TM}task.heap.size": "1g"},
        f"{TM}managed.size is missing beside {TM}task.heap.size.",
    ),
    "nothing": ("jobmanager", "1.11", {}, f"Flink's own configuration file sets {JM}process.size to 1600m."),
    "an empty option": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "4g", f"{TM}task.off-heap.size": ""},
        "Remove it, or write for example 4g.",
    ),
    "flags of the JVM where nothing else is configured": (
        "taskmanager",
        "2.3",
        {"env.java.opts": "-Xmx4g"},
        f"(the parts: Flink adds the rest). Flink's own configuration file sets {TM}process.size to 1728m.",
    ),
    "flags of the JVM and a small total": (
        "jobmanager",
        "2.3",
        {"env.java.opts.all": "-Xmx4g", f"{JM}process.size": "512m"},
        f"leaves no room for a JVM heap after {JM}off-heap.size 128m. Raise {JM}process.size to at least 704m",
    ),
    "flags that others outrank": (
        "taskmanager",
        "1.20",
        {f"{TM}process.size": "4g", "env.java.opts.all": "-Xms1g", "env.java.opts": "-Xmx1g"},
        "env.java.opts: expected no sizes of memory, got -Xmx1g",
    ),
    "a small total beside a truth that is none": (
        "jobmanager",
        "2.3",
        {f"{JM}process.size": "512m", f"{JM}enable-jvm-direct-memory-limit": "yes"},
        (
            f"{JM}enable-jvm-direct-memory-limit: expected true or false, got 'yes'. Remove "
            f"{JM}enable-jvm-direct-memory-limit, and set {JM}process.size to 704m."
        ),
    ),
    "a small total beside a number with decimals": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "600m", "taskmanager.numberOfTaskSlots": "4.0"},
        (
            "taskmanager.numberOfTaskSlots: expected a whole number such as 4, got '4.0'. Write 4. Set "
            f"taskmanager.numberOfTaskSlots to 4 and {TM}process.size to 1152m."
        ),
    ),
    "a small total beside no slots": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "512m", "taskmanager.numberOfTaskSlots": 0},
        f"Write 1. Set taskmanager.numberOfTaskSlots to 1 and {TM}process.size to 1152m.",
    ),
    "a small total beside a word for a fraction": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "400m", f"{TM}managed.fraction": "x"},
        f"got 'x'. Remove {TM}managed.fraction, and set {TM}process.size to 1152m.",
    ),
    "a small total beside bounds that contradict each other": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "512m", f"{TM}jvm-overhead.max": "64m"},
        f"jvm-overhead.max (64m). Remove {TM}jvm-overhead.max, and set {TM}process.size to 1152m.",
    ),
    "a fraction that no total has room for": (
        "taskmanager",
        "2.3",
        {f"{TM}flink.size": "512m", f"{TM}managed.fraction": 0.99},
        f"Remove {TM}managed.fraction, and set {TM}flink.size to 704m.",
    ),
    "more mistakes than are remedied": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "512m", "taskmanager.cpu.cores": "x", "taskmanager.numberOfTaskSlots": "y"},
        "taskmanager.cpu.cores: expected a number such as 2.5, got 'x'.",
    ),
    "values that are meant otherwise": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "0.5GiB", f"{TM}managed.fraction": "40%", "taskmanager.numberOfTaskSlots": 2.0},
        "Write 512m.",
    ),
    "managed memory alone": (
        "taskmanager",
        "2.3",
        {f"{TM}managed.size": "2g"},
        f"Set {TM}process.size to 3264m.",
    ),
    "both totals, and a large part": (
        "taskmanager",
        "2.3",
        {f"{TM}flink.size": "700m", f"{TM}process.size": "2g", f"{TM}task.off-heap.size": "1g"},
        f"Set {TM}flink.size to 2752m and {TM}process.size to 3200m, or remove",
    ),
    "minus one for what is not to count": (
        "taskmanager",
        "1.20",
        {f"{TM}process.size": "4g", f"{TM}size": -1},
        "Remove it, or write for example 4g.",
    ),
}

# Process, release, configuration, the code of a note, and what it advises.
NOTED: dict[str, tuple[str, str, dict[str, t.Any], str, str]] = {
    "a heap of 1.x that no longer counts": (
        "taskmanager",
        "2.0",
        {"taskmanager.heap.size": "1024m", f"{TM}process.size": "4g"},
        "ignored-key",
        f"Remove it; {TM}process.size decides.",
    ),
    "a heap of 1.x beside parts": (
        "taskmanager",
        "2.0",
        {"taskmanager.heap.size": "1024m", f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g"},
        "ignored-key",
        f"Remove it; {TM}task.heap.size and {TM}managed.size decide.",
    ),
    "a heap of 1.x beside a part and the total": (
        "taskmanager",
        "2.0",
        {"taskmanager.heap.size": "1024m", f"{TM}process.size": "4g", f"{TM}managed.size": "1g"},
        "ignored-key",
        f"Remove it; {TM}process.size decides.",
    ),
    "a size with many zeros": (
        "taskmanager",
        "1.20",
        {f"{TM}process.size": "4g", f"{TM}size": f"{'0' * 100}1g"},
        "deprecated-key",
        f"Remove {TM}size.",
    ),
    "a pair that is meant": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "4g", f"{TM}network.size": "256m"},
        "unknown-key",
        f"Did you mean {TM}network.min and {TM}network.max?",
    ),
    "parts beside a total": (
        "taskmanager",
        "2.3",
        {f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g", f"{TM}process.size": "3200m"},
        "fine-grained-and-total",
        f"Remove {TM}process.size, and Flink adds up the rest.",
    ),
    "managed memory that has its size": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "4g", f"{TM}managed.size": "1536m", "state.backend.type": "hashmap"},
        "managed-unused",
        f"Set {TM}managed.size to 0, and the task heap takes the difference.",
    ),
    "managed memory that a heap with compressed pointers has no room for": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "48g", "state.backend.type": "hashmap"},
        "managed-unused",
        f"Set {TM}managed.size to 10g.",
    ),
    "the same with a fraction": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "40g", f"{TM}managed.fraction": 0.4, "state.backend.type": "hashmap"},
        "managed-unused",
        f"Remove {TM}managed.fraction, and set {TM}managed.size to 2816m.",
    ),
    "weights of a later release": (
        "taskmanager",
        "1.11",
        {f"{TM}process.size": "4g", "state.backend": "filesystem", f"{TM}managed.consumer-weights": "PYTHON:1"},
        "ignored-key",
        "Remove it.",
    ),
    "a cache for the process in place of managed memory": (
        "taskmanager",
        "1.20",
        {
            f"{TM}process.size": "4g",
            "state.backend.type": "rocksdb",
            "state.backend.rocksdb.memory.managed": False,
            "state.backend.rocksdb.memory.fixed-per-tm": "2g",
        },
        "state-backend-beside-plan",
        (
            "Remove state.backend.rocksdb.memory.fixed-per-tm and state.backend.rocksdb.memory.managed, and RocksDB "
            "keeps to managed memory."
        ),
    ),
    "a cache that JVM overhead has to hold": (
        "taskmanager",
        "1.20",
        {
            f"{TM}process.size": "4g",
            f"{TM}managed.size": 0,
            "state.backend.type": "rocksdb",
            "state.backend.rocksdb.memory.managed": False,
            "state.backend.rocksdb.memory.fixed-per-tm": 1000000000,
        },
        "state-backend-beside-plan",
        f"Set {TM}jvm-overhead.min and {TM}jvm-overhead.max to 1408m.",
    ),
    "a network that takes what managed memory leaves": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "4g", f"{TM}task.heap.size": "512m", "state.backend.type": "hashmap"},
        "managed-unused",
        f"Remove {TM}task.heap.size, and set {TM}managed.fraction to 0.",
    ),
    "a network that takes the rest": (
        "taskmanager",
        "1.18",
        {f"{TM}process.size": "56320m", f"{TM}task.heap.size": "33792m", f"{TM}managed.fraction": 0.2},
        "network-takes-rest",
        f"Remove {TM}task.heap.size, and the task heap takes the rest instead.",
    ),
    "a heap above 32g": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "90g"},
        "compressed-pointers-lost",
        f"Set {TM}process.size to 65g.",
    ),
    "a small task heap": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "1g"},
        "task-heap-small",
        f"Set {TM}process.size to 1152m.",
    ),
    "many slots": (
        "taskmanager",
        "2.3",
        {f"{TM}process.size": "1728m", "taskmanager.numberOfTaskSlots": 40},
        "slot-small",
        "Set taskmanager.numberOfTaskSlots to 5.",
    ),
    "a cache that lies outside the plan": (
        "taskmanager",
        "1.20",
        {
            f"{TM}process.size": "4g",
            f"{TM}managed.fraction": 0,
            "state.backend.type": "rocksdb",
            "state.backend.rocksdb.memory.fixed-per-slot": "1g",
        },
        "state-backend-beside-plan",
        f"Remove state.backend.rocksdb.memory.fixed-per-slot and {TM}managed.fraction and {TM}managed.size.",
    ),
}


def problems(notes: t.Iterable[Note]) -> collections.Counter[str]:
    return collections.Counter(note["code"] for note in notes if note["level"] != "hint")


def codes(notes: t.Iterable[Note]) -> collections.Counter[str]:
    return collections.Counter(note["code"] for note in notes)


def planned(config: dict[str, t.Any], release: str, process: str) -> tuple[list[Note], dict[str, t.Any]]:
    """The notes of a plan, or the changes that a refusal advises."""
    try:
        return plan(config, release, process)["notes"], {}
    except FlinkError as exc:
        return [], exc.changes


def applied(config: dict[str, t.Any], changes: dict[str, t.Any]) -> dict[str, t.Any]:
    return merge_config([config, changes])


@pytest.mark.parametrize(("process", "release", "config", "advice"), REFUSED.values(), ids=REFUSED)
def test_refusals(process: str, release: str, config: dict[str, t.Any], advice: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(advice)) as refusal:
        plan(config, release, process)
    if refusal.value.changes:
        assert plan(applied(config, refusal.value.changes), release, process)


# Configurations that are refused, and whose remedy leaves no warning: release and options.
QUIET: dict[str, tuple[str, dict[str, t.Any]]] = {
    "managed memory alone": ("2.3", {f"{TM}managed.size": "2g"}),
    "a fraction alone": ("1.12.0", {f"{TM}jvm-overhead.fraction": 0.7}),
    "a size in other units": ("2.3", {f"{TM}process.size": "4GiB"}),
    "decimals": ("2.3", {f"{TM}process.size": "1.5g", f"{TM}network.max": "1,5g"}),
    "a percentage": ("2.3", {f"{TM}process.size": "4g", f"{TM}managed.fraction": "40%"}),
    "a percentage without its sign": ("2.3", {f"{TM}process.size": "4g", f"{TM}managed.fraction": 40}),
    "a decimal comma": ("2.3", {f"{TM}process.size": "4g", f"{TM}managed.fraction": "0,4"}),
    "fewer slots than none": ("2.3", {f"{TM}process.size": "4g", "taskmanager.numberOfTaskSlots": -2}),
    "a number with zeros": ("2.3", {f"{TM}process.size": "01728"}),
}


@pytest.mark.parametrize(("release", "config"), QUIET.values(), ids=QUIET)
def test_remedies_that_leave_no_warning(release: str, config: dict[str, t.Any]) -> None:
    with pytest.raises(FlinkError) as refusal:
        plan(config, release)
    assert refusal.value.changes
    assert not problems(plan(applied(config, refusal.value.changes), release)["notes"])


@pytest.mark.parametrize(("process", "release", "config", "code", "advice"), NOTED.values(), ids=NOTED)
def test_notes(process: str, release: str, config: dict[str, t.Any], code: str, advice: str) -> None:
    notes = plan(config, release, process)["notes"]
    (note,) = [note for note in notes if note["code"] == code]
    assert note["remedy"] == advice
    assert note["changes"]
    after = plan(applied(config, note["changes"]), release, process)["notes"]
    assert not problems(after) - (problems(notes) - collections.Counter([code]))


SIZES = st.sampled_from(["0", "64m", "100m", "128m", "512m", "1g", "1536m", "2g", "4g", "8g", "40g", "60g", 1024, 4096])
FRACTIONS = st.sampled_from([0, 0.05, 0.1, 0.4, 0.6, 0.9])
TASKMANAGERS = st.fixed_dictionaries(
    {},
    optional={
        **{
            f"{TM}{name}": SIZES
            for name in (
                *("process.size", "flink.size", "task.heap.size", "managed.size", "task.off-heap.size"),
                *("network.min", "network.max", "jvm-overhead.min", "jvm-overhead.max", "jvm-metaspace.size"),
                *("framework.heap.size", "framework.off-heap.size", "framework.off-heap.batch-shuffle.size"),
                *("network.size", "jvm-overhead.size", "heap.size"),
            )
        },
        **{f"{TM}{name}.fraction": FRACTIONS for name in ("managed", "network", "jvm-overhead")},
        "taskmanager.heap.size": SIZES,
        "taskmanager.network.numberOfBuffers": st.sampled_from([0, 1024, 8192]),
        "taskmanager.numberOfTaskSlots": st.sampled_from([1, 4, 40]),
        "parallelism.default": st.sampled_from([1, 64, 512]),
        "state.backend": st.sampled_from(["hashmap", "rocksdb", "filesystem", "forst"]),
        "state.backend.rocksdb.memory.managed": st.booleans(),
        "state.backend.rocksdb.memory.fixed-per-slot": SIZES,
        "state.backend.rocksdb.memory.fixed-per-tm": SIZES,
    },
)
JOBMANAGERS = st.fixed_dictionaries(
    {},
    optional={
        **{
            f"{JM}{name}": SIZES
            for name in (
                *("process.size", "flink.size", "heap.size", "off-heap.size", "jvm-metaspace.size"),
                *("jvm-overhead.min", "jvm-overhead.max", "jvm-overhead.size"),
            )
        },
        f"{JM}jvm-overhead.fraction": FRACTIONS,
        "jobmanager.heap.size": SIZES,
    },
)
TOTALS = st.sampled_from([{}, {"process.size": "512m"}, {"process.size": "1728m"}, {"flink.size": "4g"}])


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LINES), PROCESSES, TASKMANAGERS, JOBMANAGERS, TOTALS)
def test_whatever_is_advised_works(
    release: str, process: str, taskmanager: dict[str, t.Any], jobmanager: dict[str, t.Any], totals: dict[str, str]
) -> None:
    own = {f"{process}.memory.{key}": value for key, value in totals.items()}
    config = {**own, **(taskmanager if process == "taskmanager" else jobmanager)}
    notes, changes = planned(config, release, process)
    assume(notes or changes)
    if changes:
        assert plan(applied(config, changes), release, process)
    for note in notes:
        if note["changes"]:
            after = plan(applied(config, note["changes"]), release, process)["notes"]
            assert not problems(after) - problems(notes)
            assert codes(after)[note["code"]] < codes(notes)[note["code"]]
