# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
import typing as t
from urllib.parse import unquote

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import rest_metrics
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.observation.recorded import (
    RECORDED,
    recorded,
    values,
)

PATH = "/taskmanagers/tm-a/metrics"
STATE = "KeyedProcess.held"
# What TaskManagers of each release said: heap, metaspace, direct, managed, network wanted, rate of collections.
READ = {
    "1.13.6": (146414360, 42762520, 17715202, 134217728, None, None),
    "1.20.5": (123124368, 48453592, 25525201, 134217728, 15, 10),
    "2.3.0": (140509184, 53204480, 23976913, 134217728, 15, 3),
}
# A number as Java writes it, and what it is.
NUMBERS: dict[str, tuple[str | None, int | None]] = {
    "a long": ("26170000000", 26170000000),
    "none": (None, None),
    "nothing": ("", None),
    "a fraction is rounded": ("9.983333333333333", 10),
    "a small fraction": ("1.0E-4", 0),
    "a large one": ("1.0E7", 10_000_000),
    "no number": ("NaN", None),
    "infinite": ("Infinity", None),
    "no limit": ("-1", None),
    "too long for Java": ("9" * 20, None),
    "a fraction too large": ("1.0E300", None),
    "an exponent beyond reason": ("1E999999999", None),
    "digits of another alphabet": ("١٢", None),
    "what only Python reads": ("1_000", None),
    "words": ("many", None),
}
# CPU times of two looks, seconds between them, and whether metrics are fresh.
LOOKS: dict[str, tuple[int | None, int | None, float, bool | None]] = {
    "it has worked": (1, 2, 12, True),
    "it has worked in a moment": (1, 2, 1, True),
    "it has not": (1, 1, 12, False),
    "a process of the same name has started": (9, 1, 12, True),
    "there was no refresh in between": (1, 1, 9, None),
    "one look": (None, 1, 12, None),
    "it has gone": (1, None, 12, None),
}


@pytest.mark.parametrize("release", RECORDED)
def test_a_taskmanager(release: str) -> None:
    names = rest_metrics.read_names(PATH, recorded(release, "taskmanagers_metrics_list"))
    asked = rest_metrics.wanted(names)
    answer = [metric for metric in recorded(release, "taskmanager_metrics_status") if metric["id"] in asked]
    found = rest_metrics.read_values(PATH, answer)
    jvm, pools = rest_metrics.jvm_reading(found, PATH), rest_metrics.pools(found)
    assert READ[release] == (
        jvm["heap_used"],
        jvm["metaspace_used"],
        jvm["direct"],
        pools["managed_used"],
        pools["network_wanted"],
        jvm["collection_rate"],
    )
    assert (jvm["heap_max"], jvm["metaspace_max"], pools["network_total"]) == (356515840, 100663296, 16777216)
    assert [collector["name"] for collector in jvm["collectors"]] == ["G1_Old_Generation", "G1_Young_Generation"]
    assert jvm["source"] == PATH
    assert len(rest_metrics.requests_of(PATH, asked)) == 1


@pytest.mark.parametrize("release", RECORDED)
def test_a_jobmanager(release: str) -> None:
    names = rest_metrics.read_names("/jobmanager/metrics", recorded(release, "jobmanager_metrics_list"))
    asked = set(rest_metrics.wanted(names))
    jvm = rest_metrics.jvm_reading(values(release, "jobmanager_metrics"), "/jobmanager/metrics")
    assert all(jvm[key] for key in ("heap_used", "metaspace_used", "direct", "threads", "classes_loaded", "cpu_time"))
    assert "numRunningJobs" not in asked


def test_releases_that_report_less() -> None:
    names = rest_metrics.wanted(metric["id"] for metric in recorded("1.13.6", "taskmanagers_metrics_list"))
    assert rest_metrics.missing(names) == ["collection_rate", "network_wanted"]


def test_collectors_without_end() -> None:
    names = [f"Status.JVM.GarbageCollector.{number}.{what}" for number in range(999) for what in ("Count", "Time")]
    assert len(rest_metrics.wanted(names)) == 16


@pytest.mark.parametrize(("text", "number"), NUMBERS.values(), ids=NUMBERS)
def test_numbers(text: str | None, number: int | None) -> None:
    assert rest_metrics.whole(text) == number


@pytest.mark.parametrize(("before", "after", "seconds", "is_fresh"), LOOKS.values(), ids=LOOKS)
def test_freshness(before: int | None, after: int | None, seconds: float, is_fresh: bool | None) -> None:
    assert rest_metrics.freshness(before, after, seconds, 10) is is_fresh


@pytest.mark.parametrize(
    ("given", "seconds"),
    [(None, 10), ("30000", 30), ("1 min", 60), ("PT5S", 5), ("0", 0), ("often", 10)],
)
def test_the_refresh(given: str | None, seconds: float) -> None:
    answer = [{"key": "rest.port", "value": "1"}]
    if given is not None:
        answer.append({"key": "metrics.fetcher.update-interval", "value": given})
    assert rest_metrics.read_refresh(answer) == seconds


def test_long_requests_are_split() -> None:
    names = [f"{number}.Group Aggregate[{number}].state.rocksdb_block-cache-usage" for number in range(999)]
    requests = rest_metrics.requests_of(PATH, names)
    assert max(map(len, requests)) < 3600
    assert [unquote(name) for request in requests for name in request.partition("?get=")[2].split(",")] == names


def test_a_request_that_cannot_be_split() -> None:
    with pytest.raises(FlinkError, match="expected names that fit into a request"):
        rest_metrics.requests_of(PATH, ["a", "x" * 5000])


@pytest.mark.parametrize(
    ("answer", "highest"),
    [
        ([{"id": "busyTimeMsPerSecond", "max": 442.0}], 442),
        ([{"id": "busyTimeMsPerSecond", "max": "NaN"}], None),
        ([{"id": "busyTimeMsPerSecond", "max": math.nan}], None),
        ([], None),
    ],
    ids=["a number", "no number, as text", "no number", "a name that nobody has"],
)
def test_the_highest(answer: t.Any, highest: float | None) -> None:
    assert rest_metrics.read_highest("/x", answer) == highest


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"errors": []}, [1], [{"id": 1}], [{"id": "a", "max": 2**80}], [{}], [{"id": "a", "value": [1]}], "x"],
)
@pytest.mark.parametrize(
    "read",
    [rest_metrics.read_values, rest_metrics.read_highest, rest_metrics.read_subtasks],
    ids=lambda read: read.__name__,
)
def test_other_servers(read: t.Callable[[str, t.Any], t.Any], answer: t.Any) -> None:
    with pytest.raises(FlinkError, match=r"^/x: this is not the answer of a Flink JobManager"):
        read("/x", answer)


@pytest.mark.parametrize("release", RECORDED)
def test_the_caches_of_rocksdb_are_counted_once_per_slot(release: str) -> None:
    metrics = rest_metrics.cache_metrics(
        rest_metrics.read_names("/x", recorded(release, "vertex1_subtasks_metrics_list"))
    )
    assert metrics is not None
    assert metrics.usage == f"{STATE}.rocksdb_block-cache-usage"
    first = values(release, "vertex1_metrics")
    both = {**first, **{f"1{name[1:]}": value for name, value in first.items()}}
    found = rest_metrics.caches(metrics, {0: "tm-a", 1: "tm-a"}, both, "/x")
    usage, pinned = (int(first[f"0.{STATE}.rocksdb_block-cache-{what}"]) for what in ("usage", "pinned-usage"))
    assert found == {
        "tm-a": {
            "cache_capacity": 2 * 55924053,
            "cache_usage": 2 * usage,
            "cache_pinned": 2 * pinned,
            "cache_hits": None,
            "cache_misses": None,
            "write_stopped": False,
            "source": "/x",
        }
    }


def test_a_slot_that_stops_writing() -> None:
    metrics = rest_metrics.CacheMetrics("u", "c", None, "s", None, None)
    said = {"0.u": "1", "0.c": "2", "0.s": "1", "1.u": "3", "1.c": "4", "1.s": "0", "2.u": "5"}
    found = rest_metrics.caches(metrics, {0: "a", 1: "a", 2: "b"}, said, "/x")
    assert found == {
        "a": {
            "cache_capacity": 6,
            "cache_usage": 4,
            "cache_pinned": None,
            "cache_hits": None,
            "cache_misses": None,
            "write_stopped": True,
            "source": "/x",
        }
    }


def test_hits_and_misses_of_one_operator_in_each_slot() -> None:
    names = [f"{STATE}.rocksdb_block-cache-{what}" for what in ("usage", "capacity")]
    counters = [f"{name}.rocksdb_block_cache_{what}" for name in ("Join", "Agg") for what in ("hit", "miss")]
    metrics = rest_metrics.cache_metrics([*names, *counters, "Aaa.rocksdb_block_cache_hit"])
    assert metrics is not None
    assert (metrics.hits, metrics.misses) == ("Agg.rocksdb_block_cache_hit", "Agg.rocksdb_block_cache_miss")
    said = {name: "1" for subtask in (0, 1) for name in metrics.of(subtask)}
    said.update({f"0.{metrics.hits}": "70", f"1.{metrics.hits}": "7", f"1.{metrics.misses}": "NaN"})
    found = rest_metrics.caches(metrics, {0: "a", 1: "a"}, said, "/x")
    counts = {taskmanager: (read["cache_hits"], read["cache_misses"]) for taskmanager, read in found.items()}
    assert counts == {"a": (77, 1)}


@pytest.mark.parametrize(
    "names",
    [
        [],
        [f"{STATE}.rocksdb_block-cache-usage"],
        [f"{STATE}.rocksdb_block-cache-capacity"],
        ["a.rocksdb_block-cache-usage", "b.rocksdb_block-cache-capacity"],
        ["a,b.rocksdb_block-cache-usage", "a,b.rocksdb_block-cache-capacity"],
    ],
    ids=["none", "usage alone", "capacity alone", "of different states", "a name that cannot be asked for"],
)
def test_metrics_of_rocksdb_that_are_not_on(names: list[str]) -> None:
    assert rest_metrics.cache_metrics(names) is None


def test_only_subtasks_that_run_have_a_cache() -> None:
    answer = recorded("2.3.0", "vertex_subtasks")
    assert sorted(rest_metrics.read_subtasks("/x", answer)) == [0, 1, 2]
    answer["subtasks"][0].update({"status": "SCHEDULED", "taskmanager-id": "(unassigned)"})
    answer["subtasks"][1]["status"] = "FAILED"
    assert list(rest_metrics.read_subtasks("/x", answer)) == [2]
