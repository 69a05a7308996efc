# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

TASKMANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
JOBMANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
HISTORYSERVER = "org.apache.flink.runtime.webmonitor.history.HistoryServer"
SQL_GATEWAY = "org.apache.flink.table.gateway.SqlGateway"

IGNORE = "-XX:+IgnoreUnrecognizedVMOptions"
G1 = "-XX:+UseG1GC"
SECURITY = "-Djava.security.manager=allow"
NET = "--add-exports=java.base/sun.net.util=ALL-UNNAMED"
MODULES = [
    *(
        f"--add-exports={package}=ALL-UNNAMED"
        for package in (
            "java.rmi/sun.rmi.registry",
            *(f"jdk.compiler/com.sun.tools.javac.{part}" for part in ("api", "file", "parser", "tree", "util")),
            "java.security.jgss/sun.security.krb5",
        )
    ),
    *(
        f"--add-opens=java.base/{package}=ALL-UNNAMED"
        for package in (
            *("java.lang", "java.net", "java.io", "java.nio", "sun.nio.ch", "java.lang.reflect", "java.text"),
            *("java.time", "java.util", "java.util.concurrent", "java.util.concurrent.atomic"),
            "java.util.concurrent.locks",
        )
    ),
]

# Release, process, Java, options, and the JVM options.
OPTIONS: dict[str, tuple[str, str, int, dict[str, t.Any], list[str]]] = {
    "1.10 on Java 8": ("1.10", "taskmanager", 8, {}, [G1]),
    "1.17 on Java 11": ("1.17", "taskmanager", 11, {}, [G1]),
    "1.17 on Java 16": ("1.17", "taskmanager", 16, {}, [G1]),
    "1.17 on Java 17": ("1.17", "taskmanager", 17, {}, [G1, NET, *MODULES]),
    "no collector for JobManagers": ("1.17", "jobmanager", 17, {}, [NET, *MODULES]),
    "no collector beside own options": ("1.17", "taskmanager", 11, {"env.java.opts": "-Da"}, ["-Da"]),
    "no collector beside a role's options": ("1.17", "taskmanager", 11, {"env.java.opts.taskmanager": "-Da"}, ["-Da"]),
    "1.18 on Java 8": ("1.18", "taskmanager", 8, {}, [IGNORE, NET, *MODULES]),
    "1.18 on Java 21": ("1.18", "taskmanager", 21, {}, [IGNORE, NET, *MODULES]),
    "1.19 on Java 17": ("1.19", "taskmanager", 17, {}, [IGNORE, NET, *MODULES]),
    "1.19 on Java 18": ("1.19", "jobmanager", 18, {}, [IGNORE, NET, *MODULES, SECURITY]),
    "2.0 on Java 17": ("2.0", "taskmanager", 17, {}, [IGNORE, NET, *MODULES]),
    "2.1 on Java 17": ("2.1", "taskmanager", 17, {}, [IGNORE, *MODULES]),
    "2.3 on Java 23": ("2.3", "jobmanager", 23, {}, [IGNORE, *MODULES, SECURITY]),
    "2.3 on Java 24": ("2.3", "jobmanager", 24, {}, [IGNORE, *MODULES]),
    "1.10 HistoryServer": ("1.10", "historyserver", 8, {"env.java.opts.historyserver": "-Xmx2g"}, ["-Xmx2g"]),
    "2.3 HistoryServer": ("2.3", "historyserver", 21, {}, [IGNORE, *MODULES, SECURITY]),
    "1.16 gateway": ("1.16", "sql-gateway", 11, {"env.java.opts.sql-gateway": "-Da", "env.java.opts": "-Db"}, ["-Db"]),
    "2.0 gateway": (
        "2.0",
        "sql-gateway",
        17,
        {"env.java.opts.sql-gateway": "-Xmx2g"},
        [IGNORE, NET, *MODULES, "-Xmx2g"],
    ),
    "own options last": ("2.3", "taskmanager", 17, {"env.java.opts.all": "-Da -Db"}, [IGNORE, *MODULES, "-Da", "-Db"]),
    "flags of the shipped configuration once": (
        "2.3",
        "taskmanager",
        17,
        {"env.java.opts.all": f"-Da {MODULES[0]}"},
        [IGNORE, *MODULES[1:], "-Da", MODULES[0]],
    ),
}

REFUSED: dict[str, tuple[tuple[t.Any, ...], str]] = {
    "local": (
        ({}, "2.3", "local"),
        "process: expected one of taskmanager, jobmanager, historyserver, sql-gateway, got 'local'.",
    ),
    "no process": (({}, "2.3", None), "historyserver, sql-gateway, got null."),
    "gateway before it was": (
        ({}, "1.15", "sql-gateway"),
        "process: Flink 1.15 has no sql-gateway. It was added in 1.16.",
    ),
    "old Java": (({}, "2.0", "historyserver", 8), "java_version: Flink 2.0 needs Java 11 or newer"),
    "release": (({}, "1.9", "taskmanager"), "Flink 1.9 is not supported"),
    "config": ((None, "2.3", "taskmanager"), "config: expected a mapping"),
    "Java of ages": (({}, "2.3", "taskmanager", 10**4301), "java_version: expected a major version such as 17, got a"),
    "huge number as exit option": (
        ({"cluster.processes.halt-on-fatal-error": 10**4301}, "2.3", "taskmanager", 25),
        "cluster.processes.halt-on-fatal-error: 'a whole number' needs a security manager",
    ),
    "Java as text": (({}, "2.3", "taskmanager", "17"), "java_version: expected a major version such as 17, not text."),
    "Java as float": (({}, "2.3", "taskmanager", 17.0), "such as 17, not a decimal number."),
    "Java as boolean": (({}, "2.3", "taskmanager", True), "such as 17, not a boolean."),
    "mode": (
        ({}, "2.3", "jobmanager", 17, None, "job"),
        "deployment_mode: expected session or application, got 'job'. Correct it.",
    ),
    "list of options": (
        ({"env.java.opts.all": ["-Da"]}, "2.3", "taskmanager"),
        "env.java.opts.all: expected JVM options in one text, not a list.",
    ),
}


@pytest.mark.parametrize(("release", "process", "java", "config", "options"), OPTIONS.values(), ids=OPTIONS)
def test_options(release: str, process: str, java: int, config: dict[str, t.Any], options: list[str]) -> None:
    assert process_command(config, release, process, java)["java_opts"] == options


def test_java_17_unless_told() -> None:
    assert process_command({}, "1.17", "jobmanager") == process_command({}, "1.17", "jobmanager", 17)


@pytest.mark.parametrize("release", ["1.10", "1.20", "2.0", "2.3"])
def test_main_class_and_arguments(release: str) -> None:
    taskmanager, jobmanager = (process_command({}, release, process) for process in ("taskmanager", "jobmanager"))
    assert (taskmanager["main_class"], taskmanager["program_args"]) == (TASKMANAGER, [])
    assert jobmanager["main_class"] == JOBMANAGER
    assert jobmanager["program_args"] == (["--executionMode", "cluster"] if release.startswith("1.") else [])


@pytest.mark.parametrize(
    ("release", "name"),
    [
        ("1.10", "StandaloneJobClusterEntryPoint"),
        ("1.11", "StandaloneApplicationClusterEntryPoint"),
        ("2.3", "StandaloneApplicationClusterEntryPoint"),
    ],
)
def test_a_job_manager_of_one_job_has_a_class_of_its_own(release: str, name: str) -> None:
    command = process_command({}, release, "jobmanager", deployment_mode="application")
    assert command["main_class"] == f"org.apache.flink.container.entrypoint.{name}"
    assert command["program_args"] == []
    taskmanager = process_command({}, release, "taskmanager", deployment_mode="application")
    assert taskmanager == process_command({}, release, "taskmanager")


# Release, process: main class, program arguments and jars of what has no plan.
UNPLANNED: dict[str, tuple[str, str, str, list[str]]] = {
    "1.10 HistoryServer": ("1.10", "historyserver", HISTORYSERVER, []),
    "2.3 HistoryServer": ("2.3", "historyserver", HISTORYSERVER, []),
    "1.16 gateway": ("1.16", "sql-gateway", SQL_GATEWAY, ["opt/flink-sql-gateway*.jar"]),
    "1.17 gateway": ("1.17", "sql-gateway", SQL_GATEWAY, ["opt/flink-sql-gateway*.jar", "opt/flink-python*.jar"]),
    "2.3 gateway": ("2.3", "sql-gateway", SQL_GATEWAY, ["opt/flink-sql-gateway*.jar", "opt/flink-python*.jar"]),
}


@pytest.mark.parametrize(("release", "process", "main_class", "jars"), UNPLANNED.values(), ids=UNPLANNED)
def test_processes_without_a_plan(release: str, process: str, main_class: str, jars: list[str]) -> None:
    command = process_command({}, release, process, 11)
    assert (command["main_class"], command["program_args"], command["jars"]) == (main_class, [], jars)


@pytest.mark.parametrize("process", ["taskmanager", "jobmanager"])
def test_no_further_jars(process: str) -> None:
    assert process_command({}, "2.3", process)["jars"] == []


def test_notes_on_java() -> None:
    assert process_command({}, "2.3", "sql-gateway", 21)["notes"] == []
    (note,) = process_command({}, "2.3", "sql-gateway", 25)["notes"]
    assert note["code"] == "java-newer-than-documented"


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(arguments: tuple[t.Any, ...], message: str) -> None:
    with pytest.raises(FlinkError, match=message.replace(".", r"\.")):
        process_command(*arguments)


SHARED = {
    "rest.port": 8081,
    "state.backend.type": "rocksdb",
    "s3.secret-key": "confidential",
    "taskmanager.memory.process.size": "4g",
}

# What a process has instead of some of SHARED (null: not), and what its command line has to say.
OVERRIDES: dict[str, tuple[dict[str, t.Any], dict[str, str]]] = {
    "nothing": ({}, {}),
    "other text": ({"state.backend.type": "hashmap"}, {"state.backend.type": "hashmap"}),
    "more": ({"taskmanager.host": "10.0.0.2"}, {"taskmanager.host": "10.0.0.2"}),
    "number and boolean": (
        {"rest.port": 80, "web.submit.enable": False},
        {"rest.port": "80", "web.submit.enable": "false"},
    ),
    "planned": ({"taskmanager.memory.process.size": "8g", "taskmanager.memory.managed.size": 0}, {}),
    "planned, taken away": ({"taskmanager.memory.process.size": None}, {}),
    "not quite planned": ({"taskmanager.memory.segment-size": "64k"}, {"taskmanager.memory.segment-size": "64k"}),
}

NO_OVERRIDES: dict[str, tuple[dict[str, t.Any], str]] = {
    "other secret": (
        {"s3.secret-key": "hush"},
        "s3.secret-key: the options of a single process are on its command line",
    ),
    "one more secret": ({"a.Token.b": "hush"}, "a.Token.b: the options of a single process"),
    "list": ({"a": ["hush"]}, "a: a single process can only have text, numbers and booleans of its own, not a list."),
    "taken away": ({"rest.port": None}, "rest.port: null for a single process cannot unset"),
}


def own(overlay: dict[str, t.Any]) -> dict[str, t.Any]:
    return {key: value for key, value in {**SHARED, **overlay}.items() if value is not None}


@pytest.mark.parametrize(("overlay", "overrides"), OVERRIDES.values(), ids=OVERRIDES)
def test_overrides(overlay: dict[str, t.Any], overrides: dict[str, str]) -> None:
    assert process_command(own(overlay), "2.3", "taskmanager", 17, SHARED)["overrides"] == overrides


@pytest.mark.parametrize(("overlay", "message"), NO_OVERRIDES.values(), ids=NO_OVERRIDES)
def test_what_cannot_be_overridden(overlay: dict[str, t.Any], message: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        process_command(own(overlay), "2.3", "taskmanager", 17, SHARED)
    assert str(refusal.value).startswith(message)
    assert "hush" not in str(refusal.value)


# Changes of SHARED, and whether a process has to know of them besides its plan.
DIGESTS: dict[str, tuple[dict[str, t.Any], bool]] = {
    "other order": (dict(reversed(SHARED.items())), False),
    "other spelling of a size": ({"taskmanager.memory.process.size": "4096m"}, False),
    "other size": ({"taskmanager.memory.process.size": "8g"}, False),
    "other secret": ({"s3.secret-key": "hush"}, True),
    "one option more": ({"a": "b"}, True),
    "one option less": ({"rest.port": None}, True),
    "other segment": ({"taskmanager.memory.segment-size": "64k"}, True),
    "its own JVM options": ({"env.java.opts.jobmanager": "-Da=b"}, True),
    "JVM options of a TaskManager": ({"env.java.opts.taskmanager": "-Da=b"}, False),
    "option of the HistoryServer": ({"historyserver.web.port": 8090}, False),
    "option of the SQL gateway": ({"sql-gateway.session.max-num": 5}, False),
    "option of the command line": ({"env.java.opts.client": "-Da=b"}, False),
}


@pytest.mark.parametrize(("change", "differs"), DIGESTS.values(), ids=DIGESTS)
def test_the_digest(change: dict[str, t.Any], differs: bool) -> None:
    def digest(config: dict[str, t.Any]) -> str:
        return str(process_command(config, "2.3", "jobmanager")["digest"])

    reordered = {**change, **{key: value for key, value in own(change).items() if key not in change}}
    assert (digest(own(reordered)) != digest(SHARED)) == differs
