# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.watching import (
    gc_log_words,
    watching_advice,
    watching_objections,
    watching_options,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Values,
    case,
    wanted,
)

FACTORY = "org.apache.flink.metrics.prometheus.PrometheusReporterFactory"
ROCKSDB = "state.backend.rocksdb.metrics."

# Variables, and Flink's options.
OPTIONS: dict[str, tuple[Values, Values]] = {
    "nothing": ({}, {}),
    "a JobManager and two TaskManagers, each with a port": (
        {"flink_prometheus_port": 9249, "flink_taskmanager_count": 2},
        {"metrics.reporter.prom.factory.class": FACTORY, "metrics.reporter.prom.port": "9249-9251"},
    ),
    "one process, which needs no range": (
        {"flink_prometheus_port": 9249, "flink_components": ["taskmanager"]},
        {"metrics.reporter.prom.factory.class": FACTORY, "metrics.reporter.prom.port": "9249"},
    ),
    "a HistoryServer, which reports nothing": (
        {"flink_prometheus_port": 9249, "flink_components": ["jobmanager", "historyserver"]},
        {"metrics.reporter.prom.factory.class": FACTORY, "metrics.reporter.prom.port": "9249"},
    ),
    "RocksDB": (
        {"flink_rocksdb_metrics": True},
        {
            f"{ROCKSDB}{name}": True
            for name in (
                *("block-cache-capacity", "block-cache-pinned-usage", "block-cache-usage", "is-write-stopped"),
                "column-family-as-variable",
            )
        },
    ),
}


@pytest.mark.parametrize(("given", "options"), OPTIONS.values(), ids=OPTIONS)
def test_options(given: Values, options: Values) -> None:
    assert watching_options(wanted(given)) == options


def test_what_the_user_says_of_the_reporter_outranks_it() -> None:
    given = {"flink_prometheus_port": 9249, "flink_config": {**CONFIG, "metrics.reporter.prom.port": "9300-9400"}}
    options = flink_options(wanted(given)).values
    assert (options["metrics.reporter.prom.port"], options["metrics.reporter.prom.factory.class"]) == (
        "9300-9400",
        FACTORY,
    )


LINES = [f"1.{minor}.0" for minor in range(11, 21)] + [f"2.{minor}.0" for minor in range(4)]


@pytest.mark.parametrize("release", LINES)
def test_every_release_reads_the_options(release: str) -> None:
    given = {"flink_version": release, "flink_prometheus_port": 9249, "flink_rocksdb_metrics": True}
    options = watching_options(wanted(given))
    assert len(options) > len(watching_options(wanted({**given, "flink_rocksdb_metrics": False}))) >= 2
    told = config_check({**CONFIG, "state.backend.type": "rocksdb", **options}, release)
    assert [found for found in told if set(found["options"]) & set(options)] == []


# Variables, and what stands against them.
OBJECTIONS: dict[str, tuple[Values, str | None]] = {
    "no port": ({}, None),
    "a port": ({"flink_prometheus_port": 9249}, None),
    "no port of TCP": ({"flink_prometheus_port": 70000}, "expected a port from 1 to 65535, got 70000. Correct it"),
    "any port, which nobody would find": ({"flink_prometheus_port": 0}, "expected a port from 1 to 65535, got 0."),
    "a release without the plugin": (
        {"flink_prometheus_port": 9249, "flink_version": "1.10.3"},
        "expected Flink 1.11 or newer, which brings the reporter as a plugin, got 1.10.3.",
    ),
}


@pytest.mark.parametrize(("given", "words"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_objections(given: Values, words: str | None) -> None:
    found = list(watching_objections(wanted(given)))
    assert len(found) == (words is not None)
    assert all(str(words) in sentence for sentence in found)


def test_a_port_that_something_has_already_is_refused() -> None:
    given = {"flink_prometheus_port": 8081, "flink_components": ["jobmanager"]}
    objections = case(given).decide().objections
    assert any("8081" in sentence for sentence in objections), objections


def test_who_reads_the_metrics_is_told() -> None:
    (sentence,) = watching_advice(wanted({"flink_prometheus_port": 9249}))
    assert "anybody who reaches ports 9249-9250" in sentence
    assert not list(watching_advice(wanted()))


# Java, and the options of TaskManager 1.
GC_LOGS: dict[str, tuple[int, list[str]]] = {
    "one way to log": (
        17,
        ["-Xlog:gc*:file=/var/log/flink/taskmanager-1.gc.log:time,uptime:filecount=4,filesize=2M"],
    ),
    "Java 8": (
        8,
        [
            "-Xloggc:/var/log/flink/taskmanager-1.gc.log",
            *("-XX:+PrintGCDetails", "-XX:+PrintGCDateStamps", "-XX:+UseGCLogFileRotation"),
            *("-XX:NumberOfGCLogFiles=4", "-XX:GCLogFileSize=2M"),
        ],
    ),
}


@pytest.mark.parametrize(("java", "words"), GC_LOGS.values(), ids=GC_LOGS)
def test_gc_logs(java: int, words: list[str]) -> None:
    assert gc_log_words(wanted({"flink_gc_log": True}), "taskmanager-1", java) == words
    assert gc_log_words(wanted(), "taskmanager-1", java) == []


def test_each_process_has_a_log_of_its_own() -> None:
    found: dict[str, t.Any] = case({"flink_gc_log": True}).environments()
    for name in ("jobmanager", "taskmanager-1"):
        assert f"/var/log/flink/{name}.gc.log" in found[name]["FLINK_JAVA_OPTS"]
