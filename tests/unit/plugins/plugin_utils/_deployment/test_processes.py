# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import hashlib
import json
import shlex

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.distribution import distribution
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.processes import (
    ENVIRONMENT_NAMES,
    Java,
    all_plans,
    asked_processes,
    cluster_digest,
    command_line_deviations,
    digest,
    java_advice,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    DEBIAN_12,
    JAVA_17,
    STOPPED,
    Values,
    case,
    wanted,
)

ALL: Values = {
    "flink_components": ["jobmanager", "taskmanager", "historyserver", "sql-gateway"],
    "flink_config": {
        **CONFIG,
        "historyserver.archive.fs.dir": "/srv",
        "sql-gateway.endpoint.rest.address": "h1",
    },
}

# Variables of the role, the process, and some of its environment.
ENVIRONMENTS: dict[str, tuple[Values, str, dict[str, str]]] = {
    "places": (
        {"flink_home": "/f", "flink_conf_dir": "/c", "flink_log_dir": "/l"},
        "jobmanager",
        {
            "JAVA_HOME": JAVA_17["home"],
            "FLINK_HOME": "/f",
            "FLINK_CONF_DIR": "/c",
            "FLINK_LOG_DIR": "/l",
            "FLINK_LIB_DIR": "/f/lib",
            "FLINK_OPT_DIR": "/f/opt",
            "FLINK_BIN_DIR": "/f/bin",
            "FLINK_PLUGINS_DIR": "/f/plugins",
            "FLINK_PROGRAM_ARGS": "--configDir /c",
        },
    ),
    "a JobManager": (
        {},
        "jobmanager",
        {
            "FLINK_PROCESS": "jobmanager",
            "FLINK_MAIN_CLASS": "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            "FLINK_JVM_ARGS": "-Xmx469762048 -Xms469762048 -XX:MaxMetaspaceSize=268435456",
            "FLINK_JARS": "",
            "FLINK_JARS_DIGEST": "",
        },
    ),
    "a JobManager of one job": (
        {"flink_deployment_mode": "application"},
        "jobmanager",
        {
            "FLINK_MAIN_CLASS": "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
            "FLINK_PROGRAM_ARGS": "--configDir /etc/flink",
            "FLINK_LIB_DIR": "/opt/flink/flink-2.3.0/lib",
        },
    ),
    "a JobManager that finds its program beside a directory of its own": (
        {"flink_deployment_mode": "application", "flink_version": "1.18.1"},
        "jobmanager",
        {"FLINK_LIB_DIR": "/var/lib/flink/application/lib/", "FLINK_PROGRAM_ARGS": "--configDir /etc/flink"},
    ),
    "its TaskManager": (
        {"flink_deployment_mode": "application", "flink_version": "1.18.1"},
        "taskmanager-1",
        {"FLINK_LIB_DIR": "/opt/flink/flink-1.18.1/lib"},
    ),
    "a JobManager of Flink 1.20": (
        {"flink_version": "1.20.5"},
        "jobmanager",
        {"FLINK_PROGRAM_ARGS": "--configDir /etc/flink --executionMode cluster"},
    ),
    "a HistoryServer": (
        {**ALL, "flink_historyserver_jvm_args": ["-Xmx1g", "-Da=b c"]},
        "historyserver",
        {"FLINK_PROCESS": "historyserver", "FLINK_JVM_ARGS": '-Xmx1g "-Da=b c"', "FLINK_DYNAMIC_ARGS": ""},
    ),
    "a SQL gateway, which is told no directory": (
        ALL,
        "sql-gateway",
        {
            "FLINK_JVM_ARGS": "-Xmx1g",
            "FLINK_PROGRAM_ARGS": "",
            "FLINK_JARS": '"opt/flink-sql-gateway*.jar" "opt/flink-python*.jar"',
        },
    ),
    "logs": (
        {"flink_config": {**CONFIG, "env.log.max": 3, "env.log.level": "DEBUG"}},
        "jobmanager",
        {"MAX_LOG_FILE_NUMBER": "3", "ROOT_LOG_LEVEL": "DEBUG"},
    ),
    "logs of the role": ({}, "jobmanager", {"MAX_LOG_FILE_NUMBER": "10", "ROOT_LOG_LEVEL": "INFO"}),
}


@pytest.mark.parametrize(("given", "name", "expected"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_environments(given: Values, name: str, expected: dict[str, str]) -> None:
    environment = case(given).environments()[name]
    assert {variable: environment[variable] for variable in expected} == expected


def test_each_taskmanager_has_an_identity_for_good() -> None:
    found = case({"flink_taskmanager_count": 2}).environments()
    assert "taskmanager.resource-id" not in found["jobmanager"]["FLINK_DYNAMIC_ARGS"]
    for number in (1, 2):
        words = found[f"taskmanager-{number}"]["FLINK_DYNAMIC_ARGS"].split()
        assert words[-2:] == ["-D", f"taskmanager.resource-id=h1-{number}"]


def test_options_of_one_process_are_on_its_command_line() -> None:
    given = {
        "flink_taskmanager_count": 2,
        "flink_taskmanager_configs": [{}, {"taskmanager.registration.timeout": "60s"}],
    }
    first, second = (case(given).environments()[f"taskmanager-{number}"]["FLINK_DYNAMIC_ARGS"] for number in (1, 2))
    assert "-D taskmanager.registration.timeout=60s " in second
    assert "registration" not in first


def test_a_jvm_ends_when_it_runs_out_of_memory_unless_told() -> None:
    for ends in (True, False):
        options = case({"flink_exit_on_oom": ends}).environments()["jobmanager"]["FLINK_JAVA_OPTS"]
        assert ("-XX:+ExitOnOutOfMemoryError" in options) is ends


# Words of JVM options, and what TaskManager 1 gets.
EXPANDED: dict[str, tuple[str, str]] = {
    "the directory of logs": ("-Da=$FLINK_LOG_DIR/gc", "-Da=/var/log/flink/gc"),
    "the same in braces": ("-Da=${FLINK_LOG_DIR}gc", "-Da=/var/log/flinkgc"),
    "the prefix of logs without braces": ("-Da=$FLINK_LOG_PREFIX.gc", "-Da=/var/log/flink/taskmanager-1.gc"),
    "the release": ("-javaagent:$FLINK_HOME/opt/a.jar", "-javaagent:/opt/flink/flink-2.3.0/opt/a.jar"),
    "what is nobody's": ("-Da=$HOSTNAME-$FLINK_X", "-Da=$HOSTNAME-$FLINK_X"),
}


@pytest.mark.parametrize(("word", "expanded"), EXPANDED.values(), ids=EXPANDED)
def test_jvm_options_are_expanded_as_flink_does(word: str, expanded: str) -> None:
    found = case({"flink_config": {**CONFIG, "env.java.opts.taskmanager": word}}).environments()["taskmanager-1"]
    assert shlex.split(found["FLINK_JAVA_OPTS"])[-1].replace("\\$", "$") == expanded


def test_the_prefix_of_logs_is_that_of_the_process() -> None:
    given = {"flink_config": {**CONFIG, "env.java.opts.all": "-Xlog:gc:${FLINK_LOG_PREFIX}.gc"}}
    assert "-Xlog:gc:/var/log/flink/taskmanager-1.gc" in case(given).environments()["taskmanager-1"]["FLINK_JAVA_OPTS"]


# What is on the host, and the library of jemalloc.
LIBRARIES: dict[str, tuple[str | None, str]] = {
    "it is there": ("/usr/local/lib/libjemalloc.so.2", "/usr/local/lib/libjemalloc.so.2"),
    "it is to be installed": (None, "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"),
}


@pytest.mark.parametrize(("there", "library"), LIBRARIES.values(), ids=LIBRARIES)
def test_jemalloc_has_an_arena_for_each_cpu(there: str | None, library: str) -> None:
    environment = case({"flink_jemalloc": True}, {"jemalloc": there, "cpus": 7}).environments()["taskmanager-1"]
    assert (environment["LD_PRELOAD"], environment["MALLOC_CONF"]) == (library, "narenas:7")
    assert "LD_PRELOAD" not in case().environments()["taskmanager-1"]


def test_a_host_is_asked_for_all_variables_and_no_others() -> None:
    everything = {
        **ALL,
        "flink_jemalloc": True,
        "flink_tls": "internal",
        "flink_tls_dir": "/tls",
        "flink_secret_files": {"a": "b"},
    }
    names = {name for environment in case(everything).environments().values() for name in environment}
    assert set(ENVIRONMENT_NAMES) == names
    assert len(set(ENVIRONMENT_NAMES)) == len(ENVIRONMENT_NAMES)


# Variables, the Java that the host has, and the one that the processes run on.
JAVAS: dict[str, tuple[Values, Values | None, tuple[str, int]]] = {
    "the one that is there": ({}, {**JAVA_17, "version": "21"}, (JAVA_17["home"], 21)),
    "the one that will be installed": ({}, None, ("/usr/lib/jvm/java-17-openjdk-amd64", 17)),
    "the one that is said to be there": ({"flink_java_home": "/opt/java"}, None, ("/opt/java", 17)),
}


@pytest.mark.parametrize(("given", "java", "expected"), JAVAS.values(), ids=JAVAS)
def test_java(given: Values, java: Values | None, expected: tuple[str, int]) -> None:
    found = Java.of(wanted(given), case(given, {"java": java, "java_error": "x"}).host, distribution(DEBIAN_12))
    assert (found.home, found.version) == expected


def test_plans_of_what_flink_does_not_plan() -> None:
    of = case(ALL)
    plans = all_plans(of.wanted, of.planned)
    assert [plan["name"] for plan in plans] == ["jobmanager", "taskmanager-1", "historyserver", "sql-gateway"]
    assert [plan["memory"]["total_process"] for plan in plans] == [2**30, 1811939328, None, None]
    assert all_plans(case().wanted, case().planned) == case().planned["plans"]


# Options, and whether TaskManagers with these and a JobManager without could find each other.
AGREED: dict[str, tuple[Values, bool]] = {
    "an address": ({"jobmanager.rpc.address": "x"}, False),
    "high availability": ({"high-availability.type": "zookeeper"}, False),
    "its former name": ({"high-availability": "zookeeper"}, False),
    "security": ({"security.ssl.internal.enabled": True}, False),
    "Pekko": ({"pekko.ask.timeout": "1 s"}, False),
    "Akka": ({"akka.ask.timeout": "1 s"}, False),
    "memory": ({"taskmanager.memory.process.size": "1g"}, True),
    "what only contains such a word": ({"x.security.y": 1, "jobmanager.rpcs": 1}, True),
}


@pytest.mark.parametrize(("options", "agree"), AGREED.values(), ids=AGREED)
def test_what_a_cluster_has_to_agree_on(options: Values, agree: bool) -> None:
    assert (cluster_digest({"a": 1, **options}, "sha512:1") == cluster_digest({"a": 1}, "sha512:1")) is agree


def test_a_cluster_has_one_release() -> None:
    assert cluster_digest({}, "sha512:1") != cluster_digest({}, "sha512:2")
    assert cluster_digest({}, "sha512:1") == hashlib.sha256(json.dumps(["sha512:1"]).encode()).hexdigest()


def test_digests_are_of_utf_8() -> None:
    assert digest("ü") == hashlib.sha256("ü".encode()).hexdigest()


def test_processes_that_a_host_is_asked_for() -> None:
    for manager, unit, pid_file in (
        ("auto", "u-jobmanager", "/var/lib/flink/jobmanager.pid"),
        ("systemd", "u-jobmanager", None),
        ("launcher", None, "/var/lib/flink/jobmanager.pid"),
    ):
        of = wanted({"flink_service_manager": manager, "flink_components": ["jobmanager"]})
        assert asked_processes(of, "u-{}".format) == [{"name": "jobmanager", "unit": unit, "pid_file": pid_file}]


def test_command_lines_that_are_not_the_plans() -> None:
    of = case()
    plans = of.planned["plans"]
    right = {
        plan["name"]: ["java", *plan["jvm_args"], "-Dx=1", *(f"{k}={v}" for k, v in plan["dynamic_properties"].items())]
        for plan in plans
    }

    def deviations(changed: dict[str, list[str]]) -> list[str]:
        processes = {name: {**STOPPED, "command_line": words} for name, words in {**right, **changed}.items()}
        return command_line_deviations(of.on({"processes": processes}).host, plans)

    words = right["taskmanager-1"]
    said = "The command line of taskmanager-1 is not the plan's: "
    assert deviations({}) == []
    for other in (
        words[:-1],
        [*words, "-Xmx1"],
        [words[0], *words[2:]],
        [words[0], words[2], words[1], *words[3:]],
        [],
    ):
        assert deviations({"taskmanager-1": other}) == [said + " ".join(other)]
    assert deviations({"taskmanager-1": [*words, "-XX:+UseG1GC"]}) == []
    assert len(deviations({"taskmanager-1": [], "jobmanager": []})) == 2


def test_advice_of_java_is_given_once() -> None:
    of = case({"flink_version": "1.10.3", "flink_taskmanager_count": 3})
    notes = java_advice(of.wanted, of.planned, Java("/j", 17))
    assert len(notes) == len(set(notes)) > 0
    assert java_advice(case().wanted, case().planned, Java("/j", 17)) == []
    assert [sentence for sentence in of.decide().advice if "Java" in sentence] == notes


# Plugins and jars of the role, and what is said of checkpoints in a bucket.
BUCKETS: dict[str, tuple[Values, list[str]]] = {
    "a plugin": ({"flink_plugins": ["flink-s3-fs-presto"]}, []),
    "a jar": ({"flink_jars": [{"src": "/x/flink-s3-fs-hadoop-2.3.0.jar", "dest": "plugins/s3"}]}, []),
    "neither": ({}, ["file-system-plugin"]),
}


@pytest.mark.parametrize(("given", "codes"), BUCKETS.values(), ids=BUCKETS)
def test_a_file_system_needs_its_plugin(given: Values, codes: list[str]) -> None:
    config = {**CONFIG, "execution.checkpointing.dir": "s3://b/c", "execution.checkpointing.savepoint-dir": "file:///s"}
    planned = case({**given, "flink_config": config, "flink_config_check": "strict"}).planned
    noted = [note for note in planned["notes"] if note["name"] == "config"]
    assert [note["code"] for note in noted] == codes
    assert {note["level"] for note in noted} <= {"warning"}
