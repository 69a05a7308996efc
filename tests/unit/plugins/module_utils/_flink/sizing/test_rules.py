# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.case import Case, Traits
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import Headroom
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.rules import LOWERING, RAISING, held
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.window import add
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import MIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.sizing.looks import (
    CONFIG,
    HOUR,
    START,
    finding,
    job,
    jvm,
    look,
    planned,
    process,
    taskmanager,
)

# The sample process of 2.3.0: heap 340m, of it 212m task heap; direct 144m, of it 16m network; metaspace 96m; overhead
# 192m.
ROOMY = {**CONFIG, f"{TM}process.size": "3g", f"{TM}jvm-metaspace.size": "256m"}


def case_of(
    *observations: t.Any,
    config: dict[str, t.Any] | None = None,
    findings: t.Sequence[dict[str, t.Any]] = (),
    kind: str = "taskmanager",
    jobs: t.Sequence[t.Any] | None = None,
) -> Case:
    name = "jobmanager" if kind == "jobmanager" else "taskmanager-1"
    window: t.Any = None
    for observation in observations:
        window = add(window, observation)
    plan = planned(config, kind, name)
    running: t.Any = [job()] if jobs is None else jobs
    one = window["processes"]["tm"][name] if window else None
    age = window["last"] - START if window else None
    return Case("tm", plan, Traits.of(plan, running), one, age, t.cast("t.Any", tuple(findings)))


def hour_of(count: int = 5, first: int = START + HOUR, *, step: int = 900, **given: t.Any) -> list[t.Any]:
    return [look(first + number * step, **given) for number in range(count)]


def heap(old_used: int, **changes: t.Any) -> dict[str, t.Any]:
    one = process()
    one["heap"].update(old_used=old_used * MIB, **changes)
    return one


def wishes(case: Case, rules: t.Iterable[t.Any]) -> dict[str, tuple[str, int]]:
    found = [wish for wish in (rule(case, Headroom()) for rule in rules) if wish is not None]
    return {wish.rule: (wish.component, wish.size // MIB) for wish in found}


DIRECT = "java.lang.OutOfMemoryError: Cannot reserve 104857600 bytes of direct buffer memory (allocated: 1, limit: 2)"
BUFFERS = (
    "java.io.IOException: Insufficient number of network buffers: required 3, but only 2 available. The total number "
    "of network buffers is currently set to 8 of 32768 bytes each."
)

# Looks, options, findings, and what is too small: the component and its MiB.
SHORT: dict[str, tuple[list[t.Any], dict[str, t.Any], list[dict[str, t.Any]], dict[str, tuple[str, int]]]] = {
    "the sample process lacks nothing": ([look()], CONFIG, [], {}),
    "nothing was read and nothing failed": ([], CONFIG, [], {}),
    "a heap that was full gets half more": (
        [],
        CONFIG,
        [finding("heap", "task_heap")],
        {"heap-error": ("task_heap", 320)},
    ),
    "a heap that was full, of which the live set is known, gets what that needs": (
        [look(processes=[heap(300)])],
        CONFIG,
        [finding("heap", "task_heap")],
        {"heap-error": ("task_heap", 384)},
    ),
    "a heap of which three quarters live starves": (
        [look(processes=[heap(260)])],
        CONFIG,
        [],
        {"heap-starves": ("task_heap", 320)},
    ),
    "with few collections nobody knows what lives": (
        [look(processes=[heap(260, young_collections=9)])],
        CONFIG,
        [],
        {},
    ),
    "garbage in one look of several is not what lives": (
        [look(processes=[heap(300)]), look(START + 2 * HOUR, processes=[heap(90)])],
        CONFIG,
        [],
        {},
    ),
    "a heap that is collected a third of the time starves": (
        [look(processes=[heap(90)]), look(START + 2 * HOUR, processes=[heap(90, young_time=1_200_402)])],
        CONFIG,
        [],
        {"heap-starves": ("task_heap", 320)},
    ),
    "full collections are counted": (
        [look(processes=[heap(90)]), look(START + 2 * HOUR, processes=[heap(90, full_collections=3)])],
        CONFIG,
        [],
        {"heap-starves": ("task_heap", 320)},
    ),
    "a full collection of a heap that is nearly empty was for classes, or was asked for": (
        [look(processes=[heap(30)]), look(START + 2 * HOUR, processes=[heap(30, full_collections=1)])],
        CONFIG,
        [],
        {},
    ),
    "a heap whose old generation nobody can see, but its metrics tell the time in collections": (
        [look(processes=[process(heap=None)])],
        CONFIG,
        [finding("heap-starving", "task_heap", level="warning")],
        {"heap-starves": ("task_heap", 320)},
    ),
    "the metrics of a heap whose old generation is small are no reason": (
        [look(processes=[heap(90)])],
        CONFIG,
        [finding("heap-starving", "task_heap", level="warning")],
        {},
    ),
    "the peak of the heap between collections says nothing": (
        [look(taskmanagers=[taskmanager(jvm=jvm(heap_used=356515840))])],
        CONFIG,
        [],
        {},
    ),
    "metaspace that was full": (
        [],
        CONFIG,
        [finding("metaspace", "jvm_metaspace")],
        {"metaspace-short": ("jvm_metaspace", 128)},
    ),
    "metaspace that is nearly full": (
        [look(taskmanagers=[taskmanager(jvm=jvm(metaspace_used=90 * MIB))])],
        CONFIG,
        [],
        {"metaspace-short": ("jvm_metaspace", 128)},
    ),
    "direct memory of a connector, with what it wanted": (
        [],
        CONFIG,
        [finding("direct-memory", "task_off_heap", DIRECT)],
        {"direct-short": ("task_off_heap", 112)},
    ),
    "direct memory of Flink itself": (
        [],
        CONFIG,
        [finding("direct-memory", "framework_off_heap")],
        {"direct-short": ("framework_off_heap", 176)},
    ),
    "direct memory besides network that is nearly used up": (
        [look(taskmanagers=[taskmanager(jvm=jvm(direct=16777216 + 120 * MIB))])],
        CONFIG,
        [],
        {"direct-short": ("task_off_heap", 32)},
    ),
    "network buffers, of which an error names what one pool lacks": (
        [],
        {**CONFIG, f"{TM}network.min": "256k", f"{TM}network.max": "256k"},
        [finding("network-buffers", "network", BUFFERS)],
        {"network-short": ("network", 16)},
    ),
    "network that all pools together would like more of": (
        [look(taskmanagers=[taskmanager(network_wanted=300)])],
        CONFIG,
        [],
        {"network-short": ("network", 64)},
    ),
    "managed memory for operators": (
        [],
        CONFIG,
        [finding("managed-memory", "managed", "Could not allocate 104857600 bytes, only 5 bytes are remaining")],
        {"managed-short": ("managed", 208)},
    ),
    "managed memory with which RocksDB is slow": (
        [],
        {**CONFIG, f"{TM}managed.size": "16m"},
        [finding("rocksdb-small", "managed", level="warning")],
        {"managed-short": ("managed", 64)},
    ),
    "caches of RocksDB that are larger than they may be": (
        [
            look(
                taskmanagers=[
                    # 1.13.6: 74.5 and 82.4 MB in two slots with a capacity of 55.9 MB each.
                    taskmanager(
                        rocksdb={
                            "cache_capacity": 2 * 55924053,
                            "cache_usage": 156900000,
                            "cache_pinned": None,
                            "cache_hits": None,
                            "cache_misses": None,
                            "write_stopped": None,
                            "source": "REST",
                        }
                    )
                ]
            )
        ],
        CONFIG,
        [],
        {"rocksdb-over": ("jvm_overhead", 256)},
    ),
    "a process that was larger than planned": (
        [look(processes=[process(memory={**process()["memory"], "peak": 1000 * MIB})])],
        CONFIG,
        [],
        {"over-plan": ("jvm_overhead", 320)},
    ),
    "a process that the kernel killed at its limit": (
        [],
        CONFIG,
        [
            finding(
                "oom-kill",
                "jvm_overhead",
                f"process 4711 (java) was killed with {950 * MIB} bytes of anonymous memory",
            )
        ],
        {"killed": ("jvm_overhead", 320)},
    ),
    "a host that ran out is no matter of the process": ([], CONFIG, [finding("host-memory", None)], {}),
    "a lost heartbeat is no cause": ([], CONFIG, [finding("heartbeat", None)], {}),
}


@pytest.mark.parametrize(("looks", "config", "findings", "expected"), SHORT.values(), ids=SHORT)
def test_what_is_too_small(
    looks: list[t.Any],
    config: dict[str, t.Any],
    findings: list[dict[str, t.Any]],
    expected: dict[str, tuple[str, int]],
) -> None:
    assert wishes(case_of(*looks, config=config, findings=findings), RAISING) == expected


UNUSED = [taskmanager(managed_used=0)]
LARGE: dict[str, tuple[list[t.Any], dict[str, t.Any], dict[str, tuple[str, int]]]] = {
    "the sample process, whose metaspace and network are small already": (
        hour_of(),
        CONFIG,
        {"heap-large": ("task_heap", 149)},
    ),
    "the same in three times the memory": (
        hour_of(),
        ROOMY,
        {"heap-large": ("task_heap", 1477), "metaspace-large": ("jvm_metaspace", 180)},
    ),
    "a heap that is collected all the time": (
        [look(processes=[heap(27)]), look(START + 2 * HOUR, processes=[heap(27, young_time=100_000)])],
        CONFIG,
        {},
    ),
    "a heap with a full collection": (
        [look(processes=[heap(27)]), look(START + 2 * HOUR, processes=[heap(27, full_collections=1)])],
        CONFIG,
        {},
    ),
    "a heap without a figure of what lives": (hour_of(processes=[process(heap=None)]), CONFIG, {}),
    "the highest look counts": (
        [*hour_of(), look(START + 3 * HOUR, processes=[heap(200)])],
        CONFIG,
        {},
    ),
    "direct memory that no connector took": (
        hour_of(),
        {**CONFIG, f"{TM}task.off-heap.size": "64m"},
        {"heap-large": ("task_heap", 104), "off-heap-large": ("task_off_heap", 45)},
    ),
    "network of which little was used": (
        hour_of(taskmanagers=[taskmanager(network_total=512 * MIB)]),
        {**ROOMY, f"{TM}network.min": "512m", f"{TM}network.max": "512m"},
        {
            "heap-large": ("task_heap", 1129),
            "metaspace-large": ("jvm_metaspace", 180),
            "network-idle": ("network", 359),
        },
    ),
    "network of a cluster that runs batch, which takes whatever there is": (
        hour_of(taskmanagers=[taskmanager(network_total=512 * MIB)]),
        {**ROOMY, f"{TM}network.min": "512m", f"{TM}network.max": "512m", "execution.runtime-mode": "batch"},
        {"heap-large": ("task_heap", 1129), "metaspace-large": ("jvm_metaspace", 180)},
    ),
    "managed memory that nothing uses": (
        hour_of(taskmanagers=UNUSED),
        CONFIG,
        {"heap-large": ("task_heap", 149), "managed-unused": ("managed", 0)},
    ),
    "managed memory of a cluster that runs batch": (
        hour_of(taskmanagers=UNUSED),
        {**CONFIG, "execution.runtime-mode": "batch"},
        {"heap-large": ("task_heap", 149)},
    ),
    "managed memory for RocksDB, whose state is still to come": (
        hour_of(taskmanagers=UNUSED),
        {**CONFIG, "state.backend.type": "rocksdb"},
        {"heap-large": ("task_heap", 149)},
    ),
}


@pytest.mark.parametrize(("looks", "config", "expected"), LARGE.values(), ids=LARGE)
def test_what_is_too_large(looks: list[t.Any], config: dict[str, t.Any], expected: dict[str, tuple[str, int]]) -> None:
    case = case_of(*looks, config=config)
    assert wishes(case, LOWERING) == expected
    for name, (component, size) in expected.items():
        assert name == "managed-unused" or size * MIB >= case.size(component) * 7 // 10


def test_network_is_left_to_jobs_that_are_too_many_to_be_read() -> None:
    looks = hour_of(taskmanagers=[taskmanager(network_total=512 * MIB)])
    config = {**ROOMY, f"{TM}network.min": "512m", f"{TM}network.max": "512m"}
    lowered = [
        "network-idle" in wishes(case_of(*looks, config=config, jobs=[job(edges=[])] * count), LOWERING)
        for count in (99, 100)
    ]
    assert lowered == [True, False]


def test_state_on_the_heap_doubles_what_lives() -> None:
    looks = hour_of(processes=[heap(90)], taskmanagers=UNUSED)
    rules = [rule for rule in LOWERING if rule.__name__ == "heap_large"]
    config = {**CONFIG, f"{TM}process.size": "964m"}
    assert wishes(case_of(*looks, config=config), rules) == {"heap-large": ("task_heap", 194)}
    for_state = case_of(*looks, config=config, jobs=[job(state_size=60 * MIB)])
    assert wishes(for_state, rules) == {"heap-large": ("task_heap", 194)}
    assert wishes(case_of(*looks, jobs=[job(state_size=60 * MIB)]), rules) == {"heap-large": ("task_heap", 149)}


JOBMANAGER = {f"{JM}process.size": "2g"}


def jobmanager(old_used: int = 40, **changes: t.Any) -> list[dict[str, t.Any]]:
    return [{**heap(old_used, **changes), "name": "jobmanager", "kind": "jobmanager"}]


MANAGERS: dict[str, tuple[list[t.Any], list[dict[str, t.Any]], dict[str, tuple[str, int]]]] = {
    "a heap that was full": (
        [],
        [finding("jobmanager-heap", "jvm_heap", process="jobmanager")],
        {"heap-error": ("jvm_heap", 2240)},
    ),
    "a heap that starves keeps room for the jobs that have ended": (
        [look(processes=jobmanager(1300))],
        [],
        {"heap-starves": ("jvm_heap", 2034), "metaspace-large": ("jvm_metaspace", 180)},
    ),
    "its direct memory": (
        [],
        [finding("direct-memory", "off_heap", DIRECT, process="jobmanager")],
        {"direct-short": ("off_heap", 240)},
    ),
    "a heap in which little lives": (
        hour_of(processes=jobmanager()),
        [],
        {"heap-large": ("jvm_heap", 1022), "metaspace-large": ("jvm_metaspace", 180)},
    ),
}


@pytest.mark.parametrize(("looks", "findings", "expected"), MANAGERS.values(), ids=MANAGERS)
def test_a_jobmanager(
    looks: list[t.Any], findings: list[dict[str, t.Any]], expected: dict[str, tuple[str, int]]
) -> None:
    case = case_of(*looks, config=JOBMANAGER, findings=findings, kind="jobmanager")
    assert wishes(case, [*RAISING, *([] if findings else LOWERING)]) == expected


IDLE = [job(is_busy=False)]
HELD: dict[str, tuple[list[t.Any], list[dict[str, t.Any]], str | None]] = {
    "an hour with load": (hour_of(), [], None),
    "nothing was read": ([], [], "nothing was read of it"),
    "it failed": (hour_of(), [finding("heap", "task_heap")], "it failed (heap)"),
    "a warning does not hold": (hour_of(), [finding("heap", "task_heap", level="warning")], None),
    "no load": (hour_of(jobs=IDLE), [], "it had no work in any look, and an idle process proves nothing"),
    "a young process": (
        hour_of(5, START + 1, step=100),
        [],
        "it is younger than 10 minutes, or its start is not known",
    ),
    "a short window": (hour_of(3), [], "it was looked at for 30 minutes, and 60 are wanted"),
    "few looks with load": (
        [*hour_of(jobs=IDLE), look(START + 3 * HOUR)],
        [],
        "it had work in 1 looks, and 3 are wanted",
    ),
}


@pytest.mark.parametrize(("looks", "findings", "reason"), HELD.values(), ids=HELD)
def test_held(looks: list[t.Any], findings: list[dict[str, t.Any]], reason: str | None) -> None:
    assert held(case_of(*looks, findings=findings), Headroom()) == reason


def test_wishes_say_what_they_rest_on() -> None:
    case = case_of(*hour_of())
    (wish,) = [wish for wish in (rule(case, Headroom()) for rule in LOWERING) if wish is not None]
    assert wish.message == (
        "At most 27m live in the heap of 340m of taskmanager-1 on tm, and collections take 0.0% of its time. 64m would "
        "be enough; one step goes no further than this."
    )
    assert wish.evidence == [
        {"text": "old generation after collections 27m", "source": "heap of taskmanager-1"},
        {"text": "time in collections 800 ms", "source": "heap of taskmanager-1"},
        {"text": "full collections 0", "source": "heap of taskmanager-1"},
    ]
    assert wish.looks == 5
