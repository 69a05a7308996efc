# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import overlay
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, KNOWN, REMOVED, TM

TM_4G = {f"{TM}process.size": "4g"}
JM_2G = {f"{JM}process.size": "2g"}

EIGHT = {
    *(f"{TM}{name}.size" for name in ("framework.heap", "framework.off-heap", "task.heap", "task.off-heap", "managed")),
    *(f"{TM}network.min", f"{TM}network.max", "taskmanager.cpu.cores"),
}
ELEVEN = {*EIGHT, f"{TM}jvm-metaspace.size", f"{TM}jvm-overhead.min", f"{TM}jvm-overhead.max"}
THIRTEEN = {*ELEVEN, "taskmanager.numberOfTaskSlots", "external-resources"}
FIVE = {f"{JM}{name}" for name in ("heap.size", "off-heap.size", "jvm-metaspace.size")} | {
    f"{JM}jvm-overhead.{bound}" for bound in ("min", "max")
}

PROPERTIES: dict[str, tuple[set[str], set[str]]] = {
    "1.10.0": (EIGHT, set()),
    "1.11": (EIGHT, set()),
    "1.12.0": (EIGHT, FIVE),
    "1.12.1": (EIGHT, FIVE),
    "1.12.2": (ELEVEN, FIVE),
    "1.12": (ELEVEN, FIVE),
    "1.13": (THIRTEEN, FIVE),
    "2.3": (THIRTEEN, FIVE),
}

# What decides: the keys that the user wrote.
DECIDED: dict[str, tuple[str, dict[str, t.Any], list[str]]] = {
    "process": ("2.3", TM_4G, [f"{TM}process.size"]),
    "flink": ("2.3", {**TM_4G, f"{TM}flink.size": "3g"}, [f"{TM}flink.size"]),
    "parts": (
        "2.3",
        {f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g"},
        [f"{TM}task.heap.size", f"{TM}managed.size"],
    ),
    "an old name": (
        "2.3",
        {f"{TM}task.heap.size": "1g", f"{TM}size": "1g"},
        [f"{TM}task.heap.size", f"{TM}size"],
    ),
    "heap": ("1.20", {"taskmanager.heap.size": "1g"}, ["taskmanager.heap.size"]),
    "megabytes": ("1.20", {"taskmanager.heap.mb": 1024}, ["taskmanager.heap.mb"]),
}

LONG = 10**6

# Release, process, configuration, and what the refusal says.
BAD: dict[str, tuple[t.Any, t.Any, t.Any, str]] = {
    "null": ("2.3", "taskmanager", None, "config: expected a mapping of Flink options"),
    "list": ("2.3", "taskmanager", [TM_4G], "not a list."),
    "text": ("2.3", "taskmanager", "process.size: 4g", "not text."),
    "empty": ("2.3", "taskmanager", {}, "No memory is configured for the TaskManager."),
    "empty for a JobManager": ("2.3", "jobmanager", {}, "No memory is configured for the JobManager."),
    "unknown process": (
        "2.3",
        "historyserver",
        TM_4G,
        "process: expected one of taskmanager, jobmanager, local, got 'h",
    ),
    "no process": ("2.3", None, TM_4G, "process: expected one of taskmanager, jobmanager, local, got null."),
    "list of processes": ("2.3", ["taskmanager"], TM_4G, "got a list."),
    "release as float": (1.2, "taskmanager", TM_4G, "Quote it"),
    "unknown release": ("1.9", "taskmanager", TM_4G, "Flink 1.9 is not supported."),
    "release first": ("1.9", "nothing", None, "Flink 1.9 is not supported."),
    "nested value": ("2.3", "taskmanager", {f"{TM}process.size": [1]}, f"{TM}process.size: expected a size"),
    "value beside mapping": ("2.3", "taskmanager", {f"{TM}process.size": {"x": "4g"}}, "No memory is configured"),
    "long size": ("2.3", "taskmanager", {f"{TM}process.size": "4" * LONG}, "(1000000 characters) is too large"),
    "long text": ("2.3", "taskmanager", {f"{TM}process.size": "x" * LONG}, "(1000000 characters) is not a size"),
    "huge number": ("2.3", "taskmanager", {f"{TM}process.size": 10**LONG}, "got a whole number."),
    "long fraction": ("2.3", "taskmanager", {**TM_4G, f"{TM}managed.fraction": "1" * LONG + "x"}, "1000001 characters"),
    "fraction of long digits": (
        "2.3",
        "taskmanager",
        {**TM_4G, f"{TM}managed.fraction": "9" * LONG},
        "expected a fraction",
    ),
    "long number": ("2.3", "taskmanager", {**TM_4G, "taskmanager.numberOfTaskSlots": "1" * LONG}, "1000000 characters"),
    "long boolean": (
        "2.3",
        "jobmanager",
        {**JM_2G, f"{JM}enable-jvm-direct-memory-limit": "t" * LONG},
        "true or false",
    ),
    "long JVM option": (
        "2.3",
        "taskmanager",
        {**TM_4G, "env.java.opts": "-Xmx" * LONG},
        "which would override what Flink derives",
    ),
    "long release": ("1" * LONG, "taskmanager", TM_4G, "(1000000 characters) is not a Flink release"),
    "long process": ("2.3", "x" * LONG, TM_4G, "(1000000 characters)"),
    "long key": ("2.3", "taskmanager", {"x" * LONG: {1: 1}}, "a whole number. Keys must be text"),
    "long resource": (
        "2.3",
        "taskmanager",
        {**TM_4G, "external-resources": "x" * LONG, f"external-resource.{'x' * LONG}.amount": "y"},
        "expected a whole number such as 4, got 'y'",
    ),
    "long list": ("2.3", "taskmanager", {**TM_4G, "external-resources": "'" + "a;" * LONG}, "a quote is not closed"),
}

GOOD: dict[str, dict[str, t.Any]] = {
    "strange keys": {"\u0664": "\x00", "a b": "#", ".": None, "TASKMANAGER.memory": {}},
    "ten thousand keys": {f"option{number}": number for number in range(10_000)},
    "ten thousand keys of memory": {f"{TM}option{number}": number for number in range(10_000)},
    "ten thousand keys that are misspelt": {f"{TM}process.siz{number}": "1g" for number in range(10_000)},
    "long value": {"user.option": "x" * LONG},
    "long key": {"taskmanager.memory" * 50_000: 1},
    "long list": {"external-resources": ";" * LONG},
    "long JVM options": {"env.java.opts": "-Dx=1 " * 100_000},
}


def test_the_parts_sum_to_the_totals(way: tuple[str, dict[str, t.Any]], line: str) -> None:
    process, config = way
    memory: t.Any = plan(config, line, process)["memory"]
    if memory["total_flink"] is None:
        assert (line, process) == ("1.10", "jobmanager")
    elif process == "taskmanager":
        assert memory["jvm_heap"] == memory["framework_heap"] + memory["task_heap"]
        assert memory["jvm_direct"] == memory["framework_off_heap"] + memory["task_off_heap"] + memory["network"]
        assert memory["total_flink"] == memory["jvm_heap"] + memory["jvm_direct"] + memory["managed"]
    else:
        assert memory["total_flink"] == memory["jvm_heap"] + memory["off_heap"]
    if memory["total_flink"] is not None:
        jvm = memory["jvm_metaspace"] + memory["jvm_overhead"]
        assert memory["total_process"] == memory["total_flink"] + jvm


def test_a_total_that_is_given_is_met(way: tuple[str, dict[str, t.Any]]) -> None:
    process, config = way
    memory = plan(config, "2.3", process)["memory"]
    sizes = {"1280m": 1280, "1600m": 1600, "3200m": 3200, "1g": 1024, "2g": 2048, "3g": 3072, "4g": 4096}
    (options,) = config.values()
    for total in ("flink", "process"):
        if f"{total}.size" in options:
            assert memory[f"total_{total}"] == sizes[options[f"{total}.size"]] * 2**20


def test_the_jvm_gets_the_sizes(way: tuple[str, dict[str, t.Any]]) -> None:
    process, config = way
    planned = plan(config, "2.3", process)
    memory = planned["memory"]
    direct = [f"-XX:MaxDirectMemorySize={memory['jvm_direct']}"] if process == "taskmanager" else []
    assert planned["jvm_args"] == [
        f"-Xmx{memory['jvm_heap']}",
        f"-Xms{memory['jvm_heap']}",
        *direct,
        f"-XX:MaxMetaspaceSize={memory['jvm_metaspace']}",
    ]


@pytest.mark.parametrize(("release", "keys"), PROPERTIES.items())
def test_what_the_dynamic_properties_are(release: str, keys: tuple[set[str], set[str]]) -> None:
    planned = (plan(TM_4G, release)["dynamic_properties"], plan(JM_2G, release, "jobmanager")["dynamic_properties"])
    assert tuple(map(set, planned)) == keys


def test_dynamic_properties_carry_the_parts() -> None:
    planned = plan({**TM_4G, "taskmanager.numberOfTaskSlots": 2}, "2.3")
    assert planned["dynamic_properties"] == {
        f"{TM}framework.heap.size": "134217728b",
        f"{TM}task.heap.size": "1530082070b",
        f"{TM}framework.off-heap.size": "134217728b",
        f"{TM}task.off-heap.size": "0b",
        f"{TM}network.min": "359703515b",
        f"{TM}network.max": "359703515b",
        f"{TM}managed.size": "1438814063b",
        f"{TM}jvm-metaspace.size": "268435456b",
        f"{TM}jvm-overhead.min": "429496736b",
        f"{TM}jvm-overhead.max": "429496736b",
        "taskmanager.cpu.cores": "2.0",
        "taskmanager.numberOfTaskSlots": "2",
        "external-resources": "none",
    }


def test_dynamic_properties_plan_the_same(way: tuple[str, dict[str, t.Any]], line: str) -> None:
    process, config = way
    planned = plan(config, line, process)
    properties = planned["dynamic_properties"]
    again = plan(overlay(config, properties), line, process)
    assert (again["memory"], again["jvm_args"]) == (planned["memory"], planned["jvm_args"])
    if f"{process}.memory.jvm-metaspace.size" in properties:
        alone = plan(properties, line, process)
        assert (alone["memory"], alone["jvm_args"]) == (planned["memory"], planned["jvm_args"])
        assert alone["dynamic_properties"] == properties


@pytest.mark.parametrize(("release", "config", "keys"), DECIDED.values(), ids=DECIDED)
def test_what_decided(release: str, config: dict[str, t.Any], keys: list[str]) -> None:
    assert plan(config, release)["derived_from"] == keys


def test_what_is_given_is_returned() -> None:
    planned = plan(TM_4G, "1.20")
    assert (planned["flink_version"], planned["process"]) == ("1.20", "taskmanager")
    assert list(planned) == [
        *("flink_version", "process", "derived_from", "memory", "slots", "jvm_args", "dynamic_properties", "notes"),
    ]


def test_the_given_configuration_is_not_changed() -> None:
    config = {"taskmanager": {"memory": {"process.size": "4g", "task.heap.size": None}}}
    plan(config, "1.20")
    assert config == {"taskmanager": {"memory": {"process.size": "4g", "task.heap.size": None}}}


def test_all_forms_of_a_configuration_plan_the_same() -> None:
    forms: list[dict[str, t.Any]] = [
        {f"{TM}process.size": "4g", f"{TM}managed.fraction": 0.5},
        {"taskmanager": {"memory": {"process": {"size": "4096m"}, "managed": {"fraction": "0.5"}}}},
        {"taskmanager.memory": {"process.size": 4294967296}, "taskmanager": {"memory.managed": {"fraction": 0.5}}},
    ]
    first, *others = (plan(form, "2.3") for form in forms)
    assert [other["memory"] for other in others] == [first["memory"]] * 2


@pytest.mark.parametrize(("release", "process", "config", "message"), BAD.values(), ids=BAD)
@pytest.mark.usefixtures("prompt")
def test_bad_input(release: t.Any, process: t.Any, config: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)) as refusal:
        plan(config, release, process)
    assert len(str(refusal.value)) < 600
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("config", GOOD.values(), ids=GOOD)
@pytest.mark.usefixtures("prompt")
def test_strange_but_harmless(config: dict[str, t.Any]) -> None:
    planned = plan({**config, **TM_4G}, "2.3")
    assert planned["memory"] == plan(TM_4G, "2.3")["memory"]
    assert len(repr(planned)) < 100_000


KEYS = st.sampled_from([*KNOWN, *REMOVED, "env.java.opts", "state.backend", "external-resource.gpu.amount"])
SIZES = st.integers(0, 2**35).map(lambda size: f"{size}b") | st.sampled_from(["0", "1g", "4g", "100m", "9999t", "1tb"])
VALUES = (
    SIZES
    | st.integers(-5, 2**66)
    | st.floats(-2, 2)
    | st.floats()
    | st.booleans()
    | st.text(max_size=5)
    | st.sampled_from(["0.5", "40%", "NaN", "1e-50", "gpu;a b", "-Xmx1g", "rocksdb", "4GiB", "\u0664g", "true"])
)
SCALARS = VALUES | st.none() | st.lists(VALUES, max_size=2)
PLAIN = st.dictionaries(KEYS, SCALARS, max_size=6)
NESTED = st.recursive(
    SCALARS, lambda inner: st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=3), max_leaves=5
)
RELEASES = st.sampled_from(["1.10.0", "1.10", "1.11", "1.12.1", "1.13", "1.16", "1.18", "1.19", "1.20", "2.0", "2.3"])
PROCESSES = st.sampled_from(["taskmanager", "jobmanager", "local"])


@given(PLAIN | NESTED, RELEASES, PROCESSES)
@example({"jobmanager.heap.size": ["1g"]}, "1.10", "jobmanager")
@example({f"{TM}process.size": 10**5000}, "2.3", "taskmanager")
@example({f"{TM}process.size": "4g", "external-resources": {"a": 1}}, "2.3", "taskmanager")
def test_anything_gives_a_plan_or_a_refusal(config: t.Any, release: str, process: str) -> None:
    refusal, sizes = "", []
    try:
        sizes = [size for size in plan(config, release, process)["memory"].values() if size is not None]
    except FlinkError as exc:
        refusal = str(exc)
    assert len(refusal) < 3000
    assert all(0 <= size < 2**63 for size in sizes)


@given(PLAIN, st.sampled_from(["1.12", "1.18", "2.3"]))
def test_what_is_planned_is_planned_again(config: dict[str, t.Any], release: str) -> None:
    given = {**config, f"{TM}flink.size": "8g", "external-resources": None}
    try:
        planned = plan(given, release)
    except FlinkError:
        return
    again = plan(planned["dynamic_properties"], release)
    assert (again["memory"], again["jvm_args"]) == (planned["memory"], planned["jvm_args"])
