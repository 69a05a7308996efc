# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.check.promises import (
    Case,
    assert_kept,
    assert_nothing,
    told,
)

ALL, JOBMANAGER, TASKMANAGER = (f"env.java.opts.{process}" for process in ("all", "jobmanager", "taskmanager"))
TM_HEAP, JM_HEAP = "taskmanager.memory.task.heap.size or a total", "jobmanager.memory.heap.size or a total"
TOLD: dict[str, Case] = {
    **{
        f"{flag}, which sizes the heap": (
            "1.20",
            {TASKMANAGER: f"-Da=b {flag}"},
            "memory-flag",
            f"error: {TASKMANAGER}: {flag} would override what Flink derives. Remove it, and set {TM_HEAP}.",
        )
        for flag in ("-Xmx2g", "-mx2g", "-Xms1g", "-ms1g", "-XX:InitialHeapSize=1g", "-XX:MaxHeapSize=2g")
    },
    "a flag for all processes": (
        "1.16",
        {"env.java.opts": "-Xmx2g -XX:MaxMetaspaceSize=1g"},
        "memory-flag",
        (
            "error: env.java.opts: -Xmx2g, -XX:MaxMetaspaceSize=1g would override what Flink derives. Remove them, and "
            f"set {JM_HEAP}; jobmanager.memory.jvm-metaspace.size; {TM_HEAP}; taskmanager.memory.jvm-metaspace.size."
        ),
    ),
    "shares of the memory of a host": (
        "1.20",
        {TASKMANAGER: "-XX:MaxRAMPercentage=75 -XX:+UseG1GC"},
        "jvm-option-without-effect",
        (
            f"warning: {TASKMANAGER}: -XX:MaxRAMPercentage=75 has no effect, for it is an option that a JobManager or "
            "TaskManager does not heed, whose heap Flink derives as a size. Remove it."
        ),
    ),
    "two collectors": (
        "1.13",
        {"env.java.opts": "-XX:+UseG1GC", TASKMANAGER: "-Da=b -XX:+UseParallelGC"},
        "two-collectors",
        (
            f"error: env.java.opts, {TASKMANAGER}: no Java starts with two garbage collectors, -XX:+UseG1GC and "
            "-XX:+UseParallelGC. Keep one of them, such as -XX:+UseParallelGC."
        ),
    ),
    "the log of Java 8 where there is none": (
        "2.0",
        {ALL: "-XX:+PrintGCDateStamps -XX:GCLogFileSize=10m -Xloggc:/l/gc.log"},
        "jvm-option-without-effect",
        (
            f"warning: {ALL}: -XX:+PrintGCDateStamps, -XX:GCLogFileSize=10m have no effect, for they are options that "
            "only Java 8 knows, on which Flink 2.0 does not run. Write -Xlog:gc*:file=... instead."
        ),
    ),
    "the permanent generation": (
        "1.10",
        {JOBMANAGER: "-XX:MaxPermSize=256m"},
        "jvm-option-without-effect",
        (
            f"warning: {JOBMANAGER}: -XX:MaxPermSize=256m has no effect, for it is an option that only Java 7 knows, "
            "on which Flink 1.10 does not run. Remove it: metaspace took its place, whose size Flink derives."
        ),
    ),
    "a word that is no option": (
        "1.20",
        {ALL: "-Da=b Xss2m"},
        "no-jvm-option",
        (
            f"error: {ALL}: expected JVM options, got 'Xss2m', which Java takes for the class to start. Correct it, or "
            "remove it."
        ),
    ),
    "a switch without a sign": (
        "1.20",
        {ALL: "-XX:UseG1GC -Da=b"},
        "no-jvm-option",
        f"error: {ALL}: no Java starts with -XX:UseG1GC, which lacks a plus or a minus. Write -XX:+UseG1GC.",
    ),
    "a quote that does not end": (
        "1.20",
        {ALL: "-Da='b c"},
        "unreadable-jvm-options",
        (
            f"error: {ALL}: expected JVM options in one text, a quote is not closed. Write one text, with as many "
            "closing quotes as opening ones."
        ),
    ),
}
NOTHING: dict[str, tuple[str, dict[str, t.Any]]] = {
    "no memory": ("1.20", {ALL: "-XX:+UseG1GC -Xss2m -XX:NewSize=1g -Dmax=-Xm"}),
    "options with a value apart": ("1.20", {ALL: "--add-opens java.base/java.lang=ALL-UNNAMED -cp /a:/b @/etc/args"}),
    "what a script would expand": ("1.20", {ALL: "-Xlog:gc:$FLINK_LOG_DIR/gc.log $OWN"}),
    "a collector switched off again": ("1.20", {ALL: "-XX:+UseG1GC -XX:-UseG1GC", TASKMANAGER: "-XX:+UseSerialGC"}),
    "one collector twice": ("1.20", {ALL: "-XX:+UseG1GC", TASKMANAGER: "-XX:+UseG1GC"}),
    "collectors of two processes": ("1.20", {JOBMANAGER: "-XX:+UseG1GC", TASKMANAGER: "-XX:+UseParallelGC"}),
    "the log of Java 8 where it may run": ("1.20", {ALL: "-XX:+PrintGCDateStamps -XX:+UseConcMarkSweepGC"}),
    "a heap that Flink does not derive": (
        "2.3",
        {"env.java.opts.historyserver": "-Xmx1g", "env.java.opts.sql-gateway": "-XX:MaxRAMPercentage=50"},
    ),
    "an older key that does not count": ("1.20", {ALL: "-Da=b", "env.java.opts": "-XX:UseG1GC"}),
}


@pytest.mark.parametrize(("release", "config", "code", "finding"), TOLD.values(), ids=TOLD)
def test_told(release: str, config: dict[str, t.Any], code: str, finding: str) -> None:
    assert told(release, config, code) == [finding]
    assert_kept(release, config)


@pytest.mark.parametrize(("release", "config"), NOTHING.values(), ids=NOTHING)
def test_nothing(release: str, config: dict[str, t.Any]) -> None:
    assert_nothing(TOLD, release, config)
