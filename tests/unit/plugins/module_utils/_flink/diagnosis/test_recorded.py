# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures that were provoked on clusters of three releases: what they logged, how they ended, and what REST said.

Of lines that say the same three are kept, and of each stack the first frames.
"""

from __future__ import annotations

import json
import time
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.explain import explain
from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.signatures import match
from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import kernel_log, log_lines, rest_jobs
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis.looks import (
    cluster,
    exit_,
    host,
    look,
    plans,
    process,
    taskmanager,
)

RECORDED: dict[str, dict[str, t.Any]] = json.loads(
    Path(__file__).with_name("samples").joinpath("failures.json").read_text(encoding="utf-8")
)
KERNEL = """\
[ 2197.694745] Source: Sequenc invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
[ 2197.729665] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/flink-test,\
task_memcg=/flink-test,task=java,pid=14643,uid=0
[ 2197.729939] Memory cgroup out of memory: Killed process 14643 (java) total-vm:2555868kB, anon-rss:782564kB,\
 file-rss:23272kB, shmem-rss:0kB, UID:0 pgtables:1932kB oom_score_adj:0
"""

# The release and the failure, and what is found: code and component.
FOUND: dict[str, list[tuple[str, str | None]]] = {
    "1.13.6 heap": [("heap", "task_heap")],
    "1.20.5 meta": [("metaspace", "jvm_metaspace")],
    "1.20.5 direct": [("direct-memory", "task_off_heap")],
    "1.20.5 buffers": [("network-buffers", "network")],
    "1.20.5 exitoom": [("heap", "task_heap")],
    "1.20.5 state": [],
    "2.3.0 sigterm": [],
    "2.3.0 buffers": [("network-buffers", "network")],
    "2.3.0 slots": [("slots", None)],
    "2.3.0 heap": [("heap", "task_heap")],
    "2.3.0 meta": [("metaspace", "jvm_metaspace")],
    "2.3.0 direct": [("direct-memory", "task_off_heap")],
    "2.3.0 native": [("oom-kill", "jvm_overhead")],
    "2.3.0 exitoom": [("heap", "task_heap")],
    "2.3.0 threads": [("threads", None)],
    "2.3.0 gc": [("heartbeat", None)],
    "2.3.0 exitdirect": [("direct-memory", "task_off_heap")],
    "2.3.0 direct again": [("fatal-error", None)],
    "2.3.0 jobmanager": [("heap", "jvm_heap")],
}


@pytest.fixture(autouse=True)
def _zone(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[None]:
    """The time of the hosts where it was recorded."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_all_that_was_recorded_is_explained() -> None:
    assert set(FOUND) == set(RECORDED)


@pytest.mark.parametrize(("name", "expected"), FOUND.items(), ids=FOUND)
def test_what_was_provoked_is_found(name: str, expected: list[tuple[str, str | None]]) -> None:
    release, kind = name.split()[:2]
    seen, planned = RECORDED[name], plans(release)
    who = "jobmanager" if kind == "jobmanager" else "taskmanager-1"
    messages = log_lines.messages(log_lines.timed("\n".join(seen["log"])), who, f"{who}.log", 0, match)
    failures = rest_jobs.read_failures("6db4", {}, seen.get("exceptions", {"exceptionHistory": {"entries": []}})).shown
    times = [message["time"] for message in messages if message["time"]] + [failure["time"] for failure in failures]
    exits = [
        exit_(abs(seen["exit"]), "killed" if seen["exit"] < 0 else "exited", process=who, pid=14643, time=max(times))
    ]
    kills = kernel_log.kills([(max(times), line) for line in KERNEL.splitlines()], "kernel log")
    there = host(process(who), messages=messages, exits=exits, kills=kills if kind == "native" else [])
    cluster_ = cluster(planned, taskmanager(planned["flink-2"][0]), failures=failures)
    observation = look(None, there, cluster_) if who == "jobmanager" else look(there, None, cluster_)
    found = explain(observation, planned)
    assert [(finding["code"], finding["component"]) for finding in found] == expected
    place = {"slots": None, "jobmanager": "jobmanager"}.get(kind, "taskmanager-1")
    assert {finding["process"] for finding in found} <= {place}
