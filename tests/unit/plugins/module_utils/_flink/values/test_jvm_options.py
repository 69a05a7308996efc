# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config, merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.jvm_options import java_options
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

ALL = {
    "env.java.opts": "-Dold",
    "env.java.opts.all": "-Dall",
    "env.java.opts.taskmanager": "-Dtm -Dtm2",
    "env.java.opts.jobmanager": "-Djm",
    "env.java.opts.historyserver": "-Dhs",
    "env.java.opts.sql-gateway": "-Dsql",
    "env.java.default-opts.all": "-Ddefault",
    "env.java.default-opts.historyserver": "-Ddefault.hs",
    "env.java.default-opts.sql-gateway": "-Ddefault.sql",
    "env.java.default-opts.taskmanager": "-Ddefault.tm",
    "env.java.default-opts.jobmanager": "-Ddefault.jm",
}

# Release, process, options, and the words that they become.
WORDS: dict[str, tuple[str, str, dict[str, t.Any], str]] = {
    "1.16": ("1.16", "taskmanager", ALL, "-Dold -Dtm -Dtm2"),
    "1.17": ("1.17", "taskmanager", ALL, "-Dall -Dtm -Dtm2"),
    "1.18": ("1.18", "jobmanager", ALL, "-Dall -Djm"),
    "1.19": ("1.19", "taskmanager", ALL, "-Ddefault -Dall -Ddefault.tm -Dtm -Dtm2"),
    "2.3": ("2.3", "jobmanager", ALL, "-Ddefault -Dall -Ddefault.jm -Djm"),
    "HistoryServer of 1.10": ("1.10", "historyserver", ALL, "-Dold -Dhs"),
    "HistoryServer of 2.3": ("2.3", "historyserver", ALL, "-Ddefault -Dall -Dhs"),
    "gateway of 1.16": ("1.16", "sql-gateway", ALL, "-Dold"),
    "gateway of 1.18": ("1.18", "sql-gateway", ALL, "-Dall"),
    "gateway of 1.19": ("1.19", "sql-gateway", ALL, "-Ddefault -Dall -Dsql"),
    "the old name": ("2.3", "jobmanager", {"env.java.opts": "-Dold"}, "-Dold"),
    "an empty new name": ("2.3", "jobmanager", {"env.java.opts": "-Dold", "env.java.opts.all": " "}, "-Dold"),
    "quotes around": ("1.16", "jobmanager", {"env.java.opts": '"-Da -Db"'}, "-Da -Db"),
    "blanks": ("1.16", "jobmanager", {"env.java.opts": "  -Da \n -Db\t"}, "-Da -Db"),
    "number": ("1.16", "jobmanager", {"env.java.opts": 7}, "7"),
    "nothing": ("2.3", "jobmanager", {}, ""),
}

# Quotes and backslashes are those of a shell.
QUOTED = {
    "-Da='b c' -Dd": ["-Da=b c", "-Dd"],
    '-Da="b c"': ["-Da=b c"],
    r"-Da=b\ c": ["-Da=b c"],
    "\"-Da='b c' -Dd\"": ["-Da=b c", "-Dd"],
    '"-Da" "-Db"': ["-Da", "-Db"],
}
UNREADABLE: dict[str, tuple[t.Any, str]] = {
    "open quote": ("-Da='secret", "a quote is not closed."),
    "list": (["-Dsecret"], "not a list."),
}

OVERRIDES = {
    "-Xmx8g": ("-Xmx8g", "memory.task.heap.size or a total"),
    "-XX:+UseG1GC -Xms1g": ("-Xms1g", "memory.task.heap.size or a total"),
    '"-XX:MaxHeapSize=8g"': ("-XX:MaxHeapSize=8g", "memory.task.heap.size or a total"),
    "-Da\t-XX:MaxDirectMemorySize=1g -Db": ("-XX:MaxDirectMemorySize=1g", "memory.task.off-heap.size"),
    "'-Xmx8g' -Da": ("-Xmx8g", "memory.task.heap.size or a total"),
    "-mx2g": ("-mx2g", "memory.task.heap.size or a total"),
    "-ms2g": ("-ms2g", "memory.task.heap.size or a total"),
    "-XX:InitialHeapSize=1g": ("-XX:InitialHeapSize=1g", "memory.task.heap.size or a total"),
    "-XX:MinHeapSize=1g": ("-XX:MinHeapSize=1g", "memory.task.heap.size or a total"),
    "-Xmx 1g": ("-Xmx 1g", "memory.task.heap.size or a total"),
    "-XX:MaxMetaspaceSize=1g": ("-XX:MaxMetaspaceSize=1g", "memory.jvm-metaspace.size"),
}
HARMLESS = (
    "'-Da=x -Xmx8g'",
    "-Xss8m",
    "-Xmn1g",
    "-XX:MetaspaceSize=1g",
    "-Dflag=-Xmx8g",
    "-XX:MaxRAMPercentage=50",
    "Xmx8g",
    "",
)

# Release, process, option with -Xmx: whether the process sees it.
SEEN: dict[str, tuple[str, str, str, bool]] = {
    "all": ("1.17", "taskmanager", "env.java.opts.all", True),
    "all before it was": ("1.16", "taskmanager", "env.java.opts.all", False),
    "the old name": ("2.3", "taskmanager", "env.java.opts", True),
    "own": ("1.10", "taskmanager", "env.java.opts.taskmanager", True),
    "another's": ("2.3", "taskmanager", "env.java.opts.jobmanager", False),
    "the client's": ("2.3", "jobmanager", "env.java.opts.client", False),
    "default": ("1.19", "jobmanager", "env.java.default-opts.jobmanager", True),
    "default before it was": ("1.18", "jobmanager", "env.java.default-opts.all", False),
}

TOTALS = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "4g"}


@pytest.mark.parametrize(("release", "process", "config", "words"), WORDS.values(), ids=WORDS)
def test_words(release: str, process: str, config: dict[str, t.Any], words: str) -> None:
    assert java_options(Config(config, Release.parse(release)), process) == words.split()


@pytest.mark.parametrize(("text", "words"), QUOTED.items())
def test_quoted_words(text: str, words: list[str]) -> None:
    assert java_options(Config({"env.java.opts": text}, Release.parse("2.3")), "taskmanager") == words


@pytest.mark.parametrize(("value", "problem"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(value: t.Any, problem: str) -> None:
    message = f"^env.java.opts: expected JVM options in one text, {problem}$"
    with pytest.raises(FlinkError, match=message):
        java_options(Config({"env.java.opts": value}, Release.parse("2.3")), "taskmanager")


@pytest.mark.parametrize(("text", "messages"), OVERRIDES.items())
def test_what_would_override_the_plan(text: str, messages: tuple[str, str]) -> None:
    for act in (plan, process_command):
        message = f"^env.java.opts.all: expected no sizes of memory, got {messages[0]}, which would override"
        with pytest.raises(FlinkError, match=message) as refusal:
            act({**TOTALS, "env.java.opts.all": text}, "2.3", "taskmanager")
        assert str(refusal.value).endswith(f"Remove it, and set taskmanager.{messages[1]}.")


@pytest.mark.parametrize(
    ("flag", "option"),
    [
        ("-Xmx1g", r"heap.size or a total\.$"),
        ("-XX:MaxDirectMemorySize=1g", "off-heap.size with jobmanager.memory.enable-jvm-direct-memory-limit: true"),
    ],
)
def test_the_options_of_a_jobmanager_are_named(flag: str, option: str) -> None:
    with pytest.raises(FlinkError, match=f"set jobmanager.memory.{option}"):
        plan({**TOTALS, "env.java.opts.jobmanager": flag}, "2.3", "jobmanager")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_overrides_nothing(text: str) -> None:
    assert plan({**TOTALS, "env.java.opts.all": text}, "2.3")["jvm_args"] == plan(TOTALS, "2.3")["jvm_args"]


@pytest.mark.parametrize(("release", "process", "key", "seen"), SEEN.values(), ids=SEEN)
def test_only_what_a_process_sees_is_refused(release: str, process: str, key: str, seen: bool) -> None:
    config = {**TOTALS, key: "-Xmx8g"}
    if seen:
        with pytest.raises(FlinkError, match=f"^{key}: expected no sizes of memory, got -Xmx8g, which would override"):
            plan(config, release, process)
    else:
        assert plan(config, release, process)


def test_only_the_flag_is_shown() -> None:
    with pytest.raises(FlinkError) as refusal:
        plan({**TOTALS, "env.java.opts.all": "-Dpassword=secret -Xmx8g -Dtoken=secret"}, "2.3")
    assert "secret" not in str(refusal.value)


def test_all_flags_are_told_at_once() -> None:
    config = {**TOTALS, "env.java.opts.all": "-Xmx8g -Da='b c' -Xms8g", "env.java.opts.taskmanager": "-mx2g"}
    with pytest.raises(FlinkError) as refusal:
        plan(config, "2.3")
    assert str(refusal.value) == (
        "env.java.opts.all, env.java.opts.taskmanager: expected no sizes of memory, got -Xmx8g, -Xms8g, -mx2g, which "
        "would override what Flink derives. Remove them, and set taskmanager.memory.task.heap.size or a total."
    )
    assert refusal.value.changes == {"env.java.opts.all": "'-Da=b c'", "env.java.opts.taskmanager": None}
    assert plan(merge_config([config, refusal.value.changes]), "2.3")


# JVM options, and what is left of them.
LEFT = {
    "-Xmx 1g": None,
    "-Da -Xmx 1g -Xms2g -Db": "-Da -Db",
    "-XX:MaxHeapSize= 1g -Da": "-Da",
    "-Xmx -Da": "-Da",
}


@pytest.mark.parametrize(("text", "left"), LEFT.items())
def test_no_size_is_left_without_its_flag(text: str, left: str | None) -> None:
    with pytest.raises(FlinkError) as refusal:
        plan({**TOTALS, "env.java.opts.taskmanager": text}, "2.3")
    assert refusal.value.changes == {"env.java.opts.taskmanager": left}


def test_what_another_option_outranks_overrides_nothing() -> None:
    config = {**TOTALS, "env.java.opts.all": "-XX:+UseG1GC", "env.java.opts": "-Xmx1g"}
    assert plan(config, "1.20")["jvm_args"] == plan(TOTALS, "1.20")["jvm_args"]
    with pytest.raises(FlinkError, match=r"^env\.java\.opts: expected no sizes"):
        plan({**config, "env.java.opts.all": '""'}, "1.20")
