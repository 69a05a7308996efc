# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.processes import host_processes
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import Headroom
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.recommend import Deployed, recommend
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.window import add
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.sizing.looks import (
    CONFIG,
    HOUR,
    RELEASE,
    START,
    finding,
    job,
    jvm,
    look,
    planned,
    process,
    taskmanager,
)

LARGE = {**CONFIG, f"{TM}process.size": "3g"}


def deployed(
    config: dict[str, t.Any] | None = None,
    *,
    count: int = 1,
    own: t.Sequence[t.Any] = (),
    components: t.Sequence[str] = ("taskmanager",),
    memory: str | None = "16g",
    release: str = RELEASE,
) -> Deployed:
    processes = host_processes(list(components), count, {}, list(own), [])
    return Deployed(release, LARGE if config is None else config, processes, memory, "10%")


# What a host says of its TaskManager, and how its JVM differs; REST says the rest.
_OF_HOST = ("old_used", "young_collections", "started", "configured", "jvm")


def fleet_look(time: int, hosts: t.Mapping[str, dict[str, t.Any]], **given: t.Any) -> t.Any:
    """A look at hosts; what is said of each is changed in its only TaskManager: old_used, or what REST says."""
    observation = look(time, taskmanagers=[], **given)
    one = observation["hosts"].pop("tm")
    for host, changes in hosts.items():
        tm = process()
        tm["heap"]["old_used"] = changes.get("old_used", 27 * MIB)
        tm["heap"]["young_collections"] = changes.get("young_collections", 40)
        tm.update(started=changes.get("started", START), configured=changes.get("configured"))
        observation["hosts"][host] = {**one, "processes": [tm]}
        said = {key: value for key, value in changes.items() if key not in _OF_HOST}
        reading = taskmanager(f"{host}-1", jvm=jvm(cpu_time=time, **changes.get("jvm", {})), **said)
        observation["cluster"]["taskmanagers"].append(reading)
    return observation


def window_of(hosts: t.Mapping[str, dict[str, t.Any]], count: int = 5, **given: t.Any) -> t.Any:
    window = None
    for number in range(count):
        window = add(window, fleet_look(START + HOUR + number * 900, hosts, **given))
    return window


def advice(
    hosts: dict[str, Deployed], seen: t.Mapping[str, dict[str, t.Any]], findings: t.Any = (), **given: t.Any
) -> t.Any:
    return recommend(window_of(seen, **given), list(findings), hosts, Headroom())


def rules(told: t.Any) -> list[str]:
    return [one["rule"] for one in told["recommendations"]]


def test_an_oversized_taskmanager_is_given_less_and_its_host_the_rest() -> None:
    told = advice({"a": deployed(), "b": deployed()}, {"a": {}, "b": {}})
    assert rules(told) == ["heap-large"]
    assert told["withheld"] == []
    (one,) = told["resized"]
    assert (one["hosts"], one["count"], one["variable"], one["error"]) == (["a", "b"], 2, "flink_config", None)
    assert one["processes"] == ["taskmanager-1 on a", "taskmanager-1 on b"]
    pasted = {**LARGE, **one["variables"]}
    after = plan_host(pasted, RELEASE, host_processes(["taskmanager"], 1, {}, [], []), "16g")["plans"][0]["memory"]
    assert after == one["after"]
    assert one["before"] == planned(LARGE)["memory"]
    lower = {name for name in after if (after[name] or 0) < (one["before"][name] or 0)}
    assert lower == {"task_heap", "jvm_heap", "total_flink", "total_process"}
    assert told["freed"] == 2 * ((one["before"]["task_heap"] or 0) - (after["task_heap"] or 0)) > 0
    assert told["recommendations"][0]["delta"] == -told["freed"] // 2


def test_nothing_comes_of_an_idle_cluster() -> None:
    told = advice({"a": deployed()}, {"a": {"managed_used": 0}}, jobs=[job(is_busy=False)])
    assert (told["recommendations"], told["resized"], told["freed"]) == ([], [], 0)
    assert told["withheld"] == [
        (
            "No job was at work in any look. An idle cluster proves nothing, so only failures count: observe it "
            "while its jobs run."
        ),
    ]


@pytest.mark.parametrize(("is_busy", "is_told"), [(None, True), (True, False)])
def test_what_is_lowered_under_jobs_of_unknown_load_is_told_with_that(is_busy: bool | None, is_told: bool) -> None:
    (one,) = advice({"a": deployed()}, {"a": {}}, jobs=[job(is_busy=is_busy)])["resized"]
    assert any("whether the jobs were at work" in note for note in one["notes"]) is is_told


def of(host: str, one: dict[str, t.Any], **changes: t.Any) -> dict[str, t.Any]:
    return {**one, "host": host, **changes}


def test_a_failure_is_enough_to_raise_and_the_largest_need_counts() -> None:
    failed = [of(host, finding("heap", "task_heap")) for host in ("a", "b")]
    told = advice(
        {host: deployed(CONFIG) for host in "abc"}, {"a": {}, "b": {"old_used": 300 * MIB}, "c": {}}, failed, count=1
    )
    assert rules(told) == ["heap-error"]
    (raised,) = told["recommendations"]
    assert raised["processes"] == ["taskmanager-1 on a", "taskmanager-1 on b"]
    assert raised["message"] == (
        "taskmanager-1 on b ran out of heap: its task heap of 212m was too small. So it is with 1 more, and the "
        "largest need counts."
    )
    (one,) = told["resized"]
    assert one["hosts"] == ["a", "b", "c"]
    assert one["after"]["task_heap"] == 384 * MIB
    assert told["freed"] == -3 * (384 - 212) * MIB
    assert one["skew"] == (
        "taskmanager-1 on b decides on task heap: its old generation after collections was 300m, and the "
        "median of all is 27m."
    )


def test_an_idle_cluster_that_failed_is_given_more() -> None:
    failed: t.Any = [of("a", finding("metaspace", "jvm_metaspace"))]
    told = recommend(None, failed, {"a": deployed()}, Headroom())
    assert rules(told) == ["metaspace-short"]
    assert told["resized"][0]["after"]["jvm_metaspace"] == 128 * MIB
    assert told["withheld"][0] == "Nothing was observed. Observe the cluster while its jobs run."


@pytest.mark.parametrize(
    ("configured", "expected"),
    [(START + 2 * HOUR, []), (START + HOUR, ["heap-error"]), (None, ["heap-error"])],
    ids=["before it got its options", "with its options", "nobody knows since when it has them"],
)
def test_what_failed_with_other_options_counts_no_more(configured: int | None, expected: list[str]) -> None:
    failed: t.Any = [of("a", finding("heap", "task_heap"), time=START + HOUR)]
    seen = fleet_look(START + 3 * HOUR, {"a": {"configured": configured}})
    told = recommend(add(None, seen), failed, {"a": deployed(CONFIG)}, Headroom())
    assert rules(told) == expected


@pytest.mark.parametrize(
    ("heap", "has_cluster", "expected"),
    [
        pytest.param(222298112, True, ["heap-error"], id="it has the options of the plan"),
        pytest.param(222298112, False, ["heap-error"], id="it has the options of the plan, and REST is silent"),
        pytest.param(111149056, False, [], id="what was advised is not deployed, and REST is silent"),
        pytest.param(None, False, ["heap-error"], id="nobody knows which options it has"),
    ],
)
def test_advice_is_taken_once(heap: int | None, has_cluster: bool, expected: list[str]) -> None:
    sizes = {} if heap is None else {f"{TM}task.heap.size": heap, f"{TM}of.another.release": 1}
    seen = look(START + HOUR, processes=[process(sizes=sizes)], has_cluster=has_cluster, host="a")
    failed: t.Any = [of("a", finding("heap", "task_heap"))]
    told = recommend(add(None, seen), failed, {"a": deployed(CONFIG)}, Headroom())
    assert rules(told) == expected
    sentence = (
        "taskmanager-1 on a: nothing is recommended, as the memory that runs is not what is planned: deploy first, and "
        "observe again."
    )
    assert (sentence in told["withheld"]) == (not expected)


SEEN: dict[str, dict[str, t.Any]] = {"a": {}, "b": {}}
WITHHELD: dict[str, tuple[t.Mapping[str, dict[str, t.Any]], list[dict[str, t.Any]], dict[str, t.Any], list[str]]] = {
    "one of them failed": (
        SEEN,
        [of("b", finding("lost-taskmanager", None))],
        {},
        ["taskmanager-1 on b: nothing is lowered, as it failed (lost-taskmanager)."],
    ),
    "one of them was not seen": (
        {"a": {}},
        [],
        {},
        ["taskmanager-1 on b: nothing is lowered, as nothing was read of it."],
    ),
    "one of them was started just now": (
        {"a": {}, "b": {"started": START + 2 * HOUR - 60}},
        [],
        {},
        ["taskmanager-1 on b: nothing is lowered, as it is younger than 10 minutes, or its start is not known."],
    ),
    "the metrics of one are stale": (
        {"a": {}, "b": {"is_fresh": False}},
        [],
        {},
        ["taskmanager-1 on b: nothing is lowered, as its metrics are stale: wait for web.timeout, and observe again."],
    ),
    "one of them runs with another plan": (
        {"a": {"memory": planned(LARGE)["memory"]}, "b": {"memory": planned(CONFIG)["memory"]}},
        [],
        {},
        [
            (
                "taskmanager-1 on b: nothing is lowered, as the memory that runs is not what is planned: deploy "
                "first, and observe again."
            )
        ],
    ),
    "one of them has hardly collected": (
        {"a": {}, "b": {"young_collections": 9}},
        [],
        {},
        [
            (
                "taskmanager-1 on b: garbage was collected too seldom there to know what lives, so task heap is not "
                "lowered, nor is that of others with the same options. Observe it for longer."
            )
        ],
    ),
    "they have hardly collected": (
        {"a": {"young_collections": 9}, "b": {"young_collections": 9}},
        [],
        {},
        [
            (
                "taskmanager-1 on a, taskmanager-1 on b: garbage was collected too seldom there to know what lives, "
                "so task heap is not lowered. Observe it for longer."
            )
        ],
    ),
    "they were looked at for a short time": (
        SEEN,
        [],
        {"count": 3},
        [
            (
                "taskmanager-1 on a, taskmanager-1 on b: nothing is lowered, as it was looked at for 30 minutes, "
                "and 60 are wanted."
            )
        ],
    ),
}


@pytest.mark.parametrize(("seen", "findings", "given", "withheld"), WITHHELD.values(), ids=WITHHELD)
def test_withheld(
    seen: t.Mapping[str, dict[str, t.Any]],
    findings: list[dict[str, t.Any]],
    given: dict[str, t.Any],
    withheld: list[str],
) -> None:
    told = advice({"a": deployed(), "b": deployed()}, seen, findings, **given)
    assert (told["recommendations"], told["resized"]) == ([], [])
    assert told["withheld"] == withheld


def test_a_jobmanager_that_stands_by_is_named_where_it_keeps_the_other_from_less() -> None:
    window = None
    for number in range(5):
        seen = fleet_look(START + HOUR + number * 900, {"a": {}, "b": {}})
        for name, collections in (("a", 40), ("b", 1)):
            heap = {"young_collections": collections, "old_used": 27 * MIB}
            seen["hosts"][name]["processes"].append(process("jobmanager", kind="jobmanager", heap=heap))
        window = add(window, seen)
    given = deployed({**LARGE, f"{JM}process.size": "3g"}, components=["jobmanager"])
    told = recommend(window, [], {"a": given, "b": given}, Headroom())
    assert told["resized"] == []
    assert told["withheld"] == [
        (
            "jobmanager on b: garbage was collected too seldom there to know what lives, so JVM heap is not lowered, "
            "nor is that of others with the same options. Observe it for longer, or let it lead for a while."
        )
    ]


def test_two_components_are_lowered_by_figures_of_the_same_looks_only() -> None:
    config = {**LARGE, f"{TM}jvm-metaspace.size": "1g"}
    seen: dict[str, dict[str, t.Any]] = {"a": {}}
    window = add(window_of(seen), fleet_look(START + 3 * HOUR, {"a": {"is_fresh": False}}))
    window = add(window, fleet_look(START + 3 * HOUR + 900, seen))
    told = recommend(window, [], {"a": deployed(config)}, Headroom())
    assert rules(told) == ["heap-large"]
    assert told["withheld"] == [
        (
            "taskmanager-1 on a uses at most 54m of 1g of metaspace. 128m would be enough; one step goes no "
            "further than this. That was read in 6 looks, and not in the 7 that task heap is lowered by: one after the "
            "other."
        )
    ]


def test_what_does_not_fit_a_host_is_said() -> None:
    failed = [of("a", finding("heap", "task_heap"))]
    told = advice({"a": deployed(memory="3400m"), "b": deployed()}, {"a": {}, "b": {}}, failed)
    (one,) = told["resized"]
    assert one["error"] is not None
    assert one["error"].startswith("a: ")
    assert "more than the 3400m of memory" in one["error"]
    assert one["hosts"] == ["a", "b"]


SHARES: dict[str, tuple[str, str]] = {
    "auto": ("auto", "8g"),
    "a percentage": ("50%", "16g"),
}


@pytest.mark.parametrize(("given", "memory"), SHARES.values(), ids=SHARES)
def test_a_share_is_written_as_a_size(given: str, memory: str) -> None:
    config = {**CONFIG, f"{TM}process.size": given}
    hosts = {"a": deployed(config, memory=memory), "b": deployed(config, memory=f"{int(memory[:-1]) * 1024 + 5}m")}
    told = advice(hosts, {"a": {}, "b": {}})
    (one,) = told["resized"]
    key = f"{TM}process.size"
    assert one["hosts"] == ["a", "b"]
    assert one["notes"] == [
        (
            f"{key} is {given}, a share of the host: {one['variables'][key]} takes its place, and what is left of "
            "the host stays free."
        )
    ]
    assert 2 * GIB < told["freed"] < 6 * GIB


def test_who_takes_a_share_of_the_host_is_told_what_others_leave() -> None:
    failed: t.Any = [of("a", finding("jobmanager-heap", "jvm_heap", process="jobmanager"))]
    config = {**CONFIG, f"{TM}process.size": "auto", f"{JM}process.size": "1g"}
    hosts = {host: deployed(config, components=["jobmanager", "taskmanager"], memory="8g") for host in ("a", "b")}
    told = recommend(None, failed, hosts, Headroom())
    (one,) = told["resized"]
    assert one["after"]["total_process"] == 1280 * MIB
    assert one["notes"] == [
        "taskmanager-1 on a, whose total is auto, gets 256m less by it: 6093m. So it is with 1 more."
    ]
    assert (told["freed"], one["error"]) == (0, None)


def test_taskmanagers_with_options_of_their_own_are_a_group_each() -> None:
    own = [{}, {f"{TM}task.off-heap.size": "512m"}]
    observation = fleet_look(START + HOUR, {"a": {}})
    observation["hosts"]["a"]["processes"].append({**process(), "name": "taskmanager-2"})
    observation["cluster"]["taskmanagers"].append(taskmanager("a-2"))
    failed = [of("a", finding("heap", "task_heap", process="taskmanager-2"))]
    host = deployed(count=2, own=own)
    told = recommend(add(None, observation), t.cast("t.Any", failed), {"a": host}, Headroom())
    (one,) = told["resized"]
    assert (one["processes"], one["variable"]) == (["taskmanager-2 on a"], "flink_taskmanager_configs[1]")
    after = host.with_changes([(1, one["variables"])]).drafted()[0]
    assert after is not None
    assert [plan["memory"] for plan in after["plans"]] == [planned(LARGE)["memory"], one["after"]]


UNBOUNDED = "state.backend.rocksdb.memory.managed"
# What the options are besides, and what else has to be set.
BOUNDS: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "managed memory is enough": ({}, {}),
    "there is none": (
        {f"{TM}managed.size": "0"},
        {f"{TM}managed.size": "64m", f"{TM}process.size": "1012m"},
    ),
}


@pytest.mark.parametrize("code", ["state-backend-unbounded", "oom-kill"])
@pytest.mark.parametrize(("besides", "changes"), BOUNDS.values(), ids=BOUNDS)
def test_what_lets_a_state_backend_outgrow_the_plan_goes(
    besides: dict[str, t.Any], changes: dict[str, t.Any], code: str
) -> None:
    host = deployed(
        {**CONFIG, f"{TM}process.size": "948m", "state.backend.type": "rocksdb", UNBOUNDED: False, **besides}
    )
    failed = [of("a", finding(code, "managed"), options=[UNBOUNDED])]
    # It has outgrown its plan already, which is no reason to give it more.
    seen = fleet_look(START + HOUR, {"a": {}})
    seen["hosts"]["a"]["processes"][0]["memory"]["peak"] = 1200 * MIB
    told = recommend(add(None, seen), t.cast("t.Any", failed), {"a": host, "b": host}, Headroom())
    assert rules(told) == ["state-unbounded"]
    (one,) = told["resized"]
    assert (one["variable"], one["hosts"], one["error"]) == ("flink_config", ["a", "b"], None)
    assert one["variables"] == {**changes, UNBOUNDED: None} == told["recommendations"][0]["changes"]
    after, objections = host.with_changes([(None, one["variables"])]).drafted()
    assert after is not None
    assert objections == []
    (plan,) = after["plans"]
    assert UNBOUNDED not in plan["config"]
    assert plan["memory"] == one["after"]
    assert not {"state-backend-unbounded", "rocksdb-without-managed"} & {note["code"] for note in plan["notes"]}


def test_what_lets_a_state_backend_outgrow_the_plan_goes_where_it_is_set() -> None:
    host = deployed({**CONFIG, "state.backend.type": "rocksdb"}, own=[{UNBOUNDED: False}])
    failed = [of("a", finding("state-backend-unbounded", "managed", level="warning"), options=[UNBOUNDED])]
    told = advice({"a": host}, {"a": {}}, failed, count=1)
    (one,) = told["resized"]
    assert (one["variable"], one["variables"]) == ("flink_taskmanager_configs[0]", {UNBOUNDED: None})
    after = host.with_changes([(0, one["variables"])]).drafted()[0]
    assert after is not None
    assert UNBOUNDED not in after["plans"][0]["config"]


def test_what_a_release_cannot_size_is_withheld() -> None:
    host = deployed({"jobmanager.heap.size": "1g"}, components=["jobmanager"], release="1.10.3")
    failed = [
        of("a", finding("metaspace", "jvm_metaspace", process="jobmanager")),
        of("a", finding("jobmanager-heap", "jvm_heap", process="jobmanager")),
    ]
    told = recommend(None, t.cast("t.Any", failed), {"a": host}, Headroom())
    assert rules(told) == ["heap-error"]
    assert told["resized"][0]["variables"] == {"jobmanager.heap.size": "1536m"}
    assert told["freed"] == -512 * MIB
    assert told["withheld"][1:] == [
        (
            "jobmanager on a ran out of metaspace. Flink 1.10 sizes only the heap of a JobManager: no option sets "
            "its JVM metaspace. Upgrade to 1.11 or newer, or leave it."
        )
    ]


def test_a_jobmanager_and_its_taskmanagers_are_two_groups() -> None:
    observation = fleet_look(START + HOUR, {"a": {}})
    observation["hosts"]["a"]["processes"].append(process("jobmanager", kind="jobmanager"))
    failed = [
        of("a", finding("jobmanager-heap", "jvm_heap", process="jobmanager")),
        of("a", finding("heap", "task_heap")),
    ]
    config = {**LARGE, f"{JM}process.size": "2g"}
    host = deployed(config, components=["jobmanager", "taskmanager"])
    told = recommend(add(None, observation), t.cast("t.Any", failed), {"a": host}, Headroom())
    assert [(one["kind"], one["variable"]) for one in told["resized"]] == [
        ("jobmanager", "flink_config"),
        ("taskmanager", "flink_config"),
    ]
    assert told["freed"] == -sum(
        one["after"]["total_process"] - one["before"]["total_process"] for one in t.cast("t.Any", told["resized"])
    )


def test_a_host_that_cannot_be_planned_keeps_no_other_from_advice() -> None:
    hosts = {"a": deployed({f"{TM}process.size": "1m"}), "b": deployed(CONFIG)}
    told = advice(hosts, {"a": {}, "b": {}}, [of("b", finding("heap", "task_heap"))])
    assert told["resized"][0]["hosts"] == ["b"]
    assert told["withheld"][0].startswith("a cannot be planned, so nothing is recommended for it: taskmanager-1: ")


@pytest.mark.usefixtures("prompt")
def test_a_thousand_hosts() -> None:
    hosts = {f"tm{number}": deployed() for number in range(1000)}
    told = advice(hosts, {host: {} for host in hosts}, count=5)
    (one,) = told["resized"]
    assert one["count"] == 1000
    assert told["freed"] == 1000 * ((one["before"]["total_process"] or 0) - (one["after"]["total_process"] or 0))
