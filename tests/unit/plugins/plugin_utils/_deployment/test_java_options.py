# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.java_options import (
    expand,
    file_places,
    not_expanded,
    tried_options,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Values,
    case,
    wanted,
)

LAUNCHER: Values = {"flink_service_manager": "launcher"}
IGNORING = "-XX:+IgnoreUnrecognizedVMOptions"


def test_variables_are_expanded_in_both_spellings() -> None:
    variables = {"FLINK_HOME": "/f", "JAVA_HOME": "/j"}
    assert expand(["$FLINK_HOME/a", "${JAVA_HOME}b", "${FLINK_HOME", "$OTHER"], variables) == [
        *("/f/a", "/jb", "${FLINK_HOME", "$OTHER"),
    ]


def test_what_only_a_shell_expands() -> None:
    assert not_expanded(["-Da=$X", "-Db=${Y}", "-Dc=$(date)", "-Dd=`id`", "-De=5$", "-Da=$X"]) == [
        *("$X", "${Y}", "$(date)", "`id`"),
    ]


# A release, JVM options, and those that a host is asked to start Java with.
TRIED: dict[str, tuple[str, str, list[str]]] = {
    "two collectors": ("2.3.0", "-XX:+UseG1GC -XX:+UseZGC", [IGNORING, "-XX:+UseG1GC", "-XX:+UseZGC"]),
    "before Flink had Java ignore some": ("1.17.2", "-XX:+PrintGCDateStamps", ["-XX:+PrintGCDateStamps"]),
    "a log without its file": (
        "1.17.2",
        "-Xlog:gc*:file=/x/gc.log:time,level:filecount=5 -Xlog:safepoint",
        ["-Xlog:gc*:stderr:time,level", "-Xlog:safepoint"],
    ),
    "what no start depends on, or what would do more": (
        "1.17.2",
        (
            "-Da=b -javaagent:/a.jar -agentlib:jdwp=server=y,address=1 -Xloggc:/x -XX:HeapDumpPath=/x "
            "-XX:+AlwaysPreTouch -XX:StartFlightRecording=filename=/x -XX:ArchiveClassesAtExit=/x "
            "-XX:OnOutOfMemoryError=reboot"
        ),
        [],
    ),
    "the flags for modules": ("1.17.2", "--add-opens=java.base/java.lang=ALL-UNNAMED", []),
}


@pytest.mark.parametrize(("version", "text", "words"), TRIED.values(), ids=TRIED)
def test_options_that_are_tried(version: str, text: str, words: list[str]) -> None:
    of = wanted({"flink_version": version, "flink_config": {**CONFIG, "env.java.opts.taskmanager": text}})
    assert tried_options(of, flink_options(of)) == ({"taskmanager-1": words} if words else {})


def refused(said: str) -> str:
    return (
        "env.java.opts.jobmanager: expected options that Java 17 starts with, got -XX:+A -XX:+B, to which it says: "
        f"{said} Correct them."
    )


def unwritable(word: str, why: str) -> str:
    return (
        f"env.java.opts.all: expected a file in a directory that the process may write to, got {word}, whose directory "
        f"{why}. Put it into flink_log_dir, or name its directory in flink_writable_dirs."
    )


def test_what_java_refuses_is_refused_before() -> None:
    config = {**CONFIG, "env.java.opts.jobmanager": "-XX:+A -XX:+B"}
    found = case({"flink_config": config}, {"java_refusals": {"jobmanager": "Conflicting."}}).decide()
    assert found.objections == (refused("Conflicting."),)


SANDBOX = "is read-only in the sandbox of its unit"
THERE: Values = {"is_directory": True}
GONE: Values = {"is_directory": False}

# JVM options, other variables, the mounts of the host, and what is wrong with the directory of the file.
FILES: dict[str, tuple[str, Values, Values, str | None]] = {
    "a log beside those of Flink": ("-Xlog:gc*:file=/var/log/flink/gc.log:time", {}, {}, None),
    "a log there, the directory written with a slash": (
        "-Xlog:gc*:file=/var/log/flink/gc.log:time",
        {"flink_log_dir": "/var/log//flink/"},
        {},
        None,
    ),
    "a log where nobody reads it": ("-Xlog:gc:/dev/null", {}, {}, None),
    "what a crash leaves on the error output": ("-XX:ErrorFile=/dev/stderr", {}, {}, None),
    "a log by a variable": ("-Xlog:gc*:file=$FLINK_LOG_DIR/gc.log:time", {}, {}, None),
    "a log relative to those": ("-Xloggc:gc.log", {}, {}, None),
    "a log in a directory below that is not there": (
        "-Xlog:gc*:file=/var/log/flink/gc/gc.log",
        {},
        {"/var/log/flink/gc": GONE},
        "is not there",
    ),
    "a log in a directory below": ("-Xlog:gc*:file=/var/log/flink/gc/gc.log", {}, {"/var/log/flink/gc": THERE}, None),
    "a log elsewhere": ("-Xlog:gc*:file=/data/gc.log", {}, {"/data": THERE}, SANDBOX),
    "a log without the word for a file": ("-Xlog:gc:/data/gc.log", {}, {}, SANDBOX),
    "the older way": ("-Xloggc:/data/gc.log", {}, {}, SANDBOX),
    "a dump": ("-XX:HeapDumpPath=/data/dumps", {}, {}, SANDBOX),
    "a dump in the private directory": ("-XX:HeapDumpPath=/tmp/dumps", {}, {}, None),
    "a dump where the user lets it": ("-XX:HeapDumpPath=/data/dumps", {"flink_writable_dirs": ["/data"]}, {}, None),
    "a dump in what the user lets it": ("-XX:HeapDumpPath=/data", {"flink_writable_dirs": ["/data"]}, {}, None),
    "errors": ("-XX:ErrorFile=/data/hs_err_%p.log", {}, {}, SANDBOX),
    "a recording": ("-XX:StartFlightRecording=duration=1m,filename=/data/a.jfr", {}, {}, SANDBOX),
    "a log elsewhere without a sandbox": ("-Xloggc:/data/gc.log", LAUNCHER, {"/data": THERE}, None),
    "one that is not there without a sandbox": ("-Xloggc:/data/gc.log", LAUNCHER, {"/data": GONE}, "is not there"),
    "no file": ("-Xlog:gc -Xlog:safepoint:stdout", {}, {}, None),
}


@pytest.mark.parametrize(("word", "given", "mounts", "why"), FILES.values(), ids=FILES)
def test_files_that_processes_cannot_write(word: str, given: Values, mounts: Values, why: str | None) -> None:
    of = case({**given, "flink_config": {**CONFIG, "env.java.opts.all": word}}, {"mounts": mounts})
    assert set(mounts) <= set(file_places(of.wanted, flink_options(of.wanted)))
    assert of.decide().objections == (() if why is None else (unwritable(word, why),))
