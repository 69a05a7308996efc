# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.environment import environment_file
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Values,
    case,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.files import File

JOBMANAGER = "/etc/systemd/system/flink-jobmanager.service"
TASKMANAGER = "/etc/systemd/system/flink-taskmanager@.service"
FIRST = "/etc/systemd/system/flink-taskmanager@1.service.d"
LAUNCHER: Values = {"flink_service_manager": "launcher"}


def service(given: Values | None = None, different: Values | None = None) -> dict[str, File]:
    """The files that run the processes by their paths, in their order."""
    return {file.path: file for file in case(given, different).decide().service}


def content(given: Values, path: str = JOBMANAGER) -> str:
    return str(service(given)[path].content)


def test_files_of_systemd() -> None:
    found = service()
    assert {path: (file.state, file.mode) for path, file in found.items()} == {
        "/var/lib/flink/run": ("file", "0755"),
        JOBMANAGER: ("file", "0644"),
        f"{JOBMANAGER}.d": ("directory", "0755"),
        f"{JOBMANAGER}.d/05-rhythm.conf": ("file", "0644"),
        f"{JOBMANAGER}.d/06-start.conf": ("file", "0644"),
        f"{JOBMANAGER}.d/20-overrides.conf": ("absent", None),
        TASKMANAGER: ("file", "0644"),
        f"{TASKMANAGER}.d": ("directory", "0755"),
        f"{TASKMANAGER}.d/05-rhythm.conf": ("file", "0644"),
        f"{TASKMANAGER}.d/06-start.conf": ("file", "0644"),
        f"{TASKMANAGER}.d/20-overrides.conf": ("absent", None),
        f"{JOBMANAGER}.d/10-plan.conf": ("file", "0644"),
        FIRST: ("directory", "0755"),
        f"{FIRST}/10-plan.conf": ("file", "0644"),
    }


def test_files_of_launchers() -> None:
    found = service({**LAUNCHER, "flink_taskmanager_count": 2})
    assert {path: file.mode for path, file in found.items()} == dict.fromkeys(
        [f"/var/lib/flink/{name}" for name in ("run", "jobmanager", "taskmanager-1", "taskmanager-2")], "0755"
    )
    assert case(LAUNCHER).decide().limits == {}


# Variables, what is different on the host, and whether systemd runs the processes.
MANAGERS: dict[str, tuple[Values, Values, bool]] = {
    "auto, systemd runs the host": ({}, {}, True),
    "auto, it does not": ({}, {"systemd": None}, False),
    "launcher": (LAUNCHER, {}, False),
    "systemd": ({"flink_service_manager": "systemd"}, {}, True),
    "systemd that does not run the host, which is refused": (
        {"flink_service_manager": "systemd"},
        {"systemd": None},
        True,
    ),
}


@pytest.mark.parametrize(("given", "different", "has_systemd"), MANAGERS.values(), ids=MANAGERS)
def test_what_runs_the_processes(given: Values, different: Values, has_systemd: bool) -> None:
    decided = case(given, different).decide()
    assert decided.has_systemd is has_systemd
    assert bool(decided.limits) is has_systemd
    assert (JOBMANAGER in {file.path for file in decided.service}) is has_systemd


# Variables, and lines of the unit of the JobManager.
LINES: dict[str, tuple[Values, list[str]]] = {
    "defaults": (
        {},
        [
            "Description=Apache Flink 2.3.0 JobManager",
            "User=flink",
            "Group=flink",
            "Slice=system.slice",
            "EnvironmentFile=/etc/flink/jobmanager.env",
            "ExecStart=/bin/sh /var/lib/flink/run jobmanager",
            "TimeoutStopSec=30",
            "LimitNOFILE=65536",
            "ProtectHome=true",
            "ReadWritePaths=/var/log/flink",
        ],
    ),
    "another group": ({"flink_group": "streamers"}, ["User=flink", "Group=streamers"]),
    "other directories": (
        {"flink_conf_dir": "/srv/c", "flink_run_dir": "/srv/r", "flink_log_dir": "/srv/l"},
        [
            "WorkingDirectory=/srv/l",
            "EnvironmentFile=/srv/c/jobmanager.env",
            "ExecStart=/bin/sh /srv/r/run jobmanager",
            "ReadWritePaths=/srv/l",
        ],
    ),
    "limits": (
        {"flink_limit_nofile": 9, "flink_stop_timeout": 8, "flink_slice": "flink.slice"},
        ["LimitNOFILE=9", "TimeoutStopSec=8", "Slice=flink.slice"],
    ),
}


@pytest.mark.parametrize(("given", "lines"), LINES.values(), ids=LINES)
def test_units(given: Values, lines: list[str]) -> None:
    assert set(lines) - set(content(given).splitlines()) == set()


def test_without_a_user_systemd_is_told_none() -> None:
    assert "User=" not in content({"flink_user": None})
    assert "Group=" not in content({"flink_user": None})


def test_the_unit_of_taskmanagers_is_a_template() -> None:
    text = content({}, TASKMANAGER)
    assert "Description=Apache Flink 2.3.0 TaskManager %i\n" in text
    assert "ExecStart=/bin/sh /var/lib/flink/run taskmanager-%i\n" in text


HOME_OF_ROOT = "/root"

# Variables with a place that a process has to see, and whether homes are hidden from it.
HOMES: dict[str, tuple[Values, str]] = {
    "none": ({}, "true"),
    "the release": ({"flink_home": "/home/me/flink"}, "read-only"),
    "the configuration": ({"flink_conf_dir": f"{HOME_OF_ROOT}/conf"}, "read-only"),
    "logs": ({"flink_log_dir": "/run/user/1000/log"}, "read-only"),
    "scripts": ({"flink_run_dir": "/home/me"}, "read-only"),
    "what it writes to": ({"flink_writable_dirs": ["/home"]}, "read-only"),
    "what only begins alike": ({"flink_writable_dirs": ["/homes", "/rooted", "/srv/home", "/run/users"]}, "true"),
}


@pytest.mark.parametrize(("given", "protection"), HOMES.values(), ids=HOMES)
def test_homes(given: Values, protection: str) -> None:
    assert f"\nProtectHome={protection}\n" in content(given)


def test_java_in_a_home() -> None:
    java = {"java": {"home": "/home/me/java", "version": 17, "full_version": "17"}}
    assert "\nProtectHome=read-only\n" in str(service({}, java)[JOBMANAGER].content)


@pytest.mark.parametrize(
    ("systemd", "lines"),
    [
        (253, ["RestartSec=10"]),
        (254, ["RestartSteps=6", "RestartMaxDelaySec=60"]),
    ],
)
def test_what_fails_is_started_again_without_an_end(systemd: int, lines: list[str]) -> None:
    found = service({}, {"systemd": systemd})
    text = str(found[f"{JOBMANAGER}.d/05-rhythm.conf"].content)
    assert text == found[f"{TASKMANAGER}.d/05-rhythm.conf"].content
    assert text.partition("[Unit]\n")[2].splitlines() == ["StartLimitIntervalSec=0", "", "[Service]", *lines]


# Releases, and the property of the JVM that lets the actor system start slowly.
STARTUPS: dict[str, str | None] = {
    "1.10.3": None,
    "1.13.6": None,
    "1.14.6": "-Dakka.remote.classic.startup-timeout=300 s",
    "1.17.2": "-Dakka.remote.classic.startup-timeout=300 s",
    "1.18.1": "-Dpekko.remote.classic.startup-timeout=300 s",
    "2.3.0": "-Dpekko.remote.classic.startup-timeout=300 s",
}


@pytest.mark.parametrize("version", STARTUPS)
def test_a_start_may_be_slow(version: str) -> None:
    option, text = STARTUPS[version], content({"flink_version": version}, "/var/lib/flink/run")
    assert ("startup-timeout" in text) is (option is not None)
    if option is not None:
        assert f"\nset -- '{option}' \"$@\"\n" in text


def test_what_only_the_next_start_reads_restarts_nothing() -> None:
    archived, plain = (
        case({"flink_class_data_sharing": shares}).environments()["jobmanager"] for shares in (True, False)
    )
    assert archived == plain


def run_in_shell(
    given: Values, directory: Path, variables: Values | None = None, process: str = "taskmanager-1"
) -> list[str]:
    """The command line that the script becomes for a TaskManager, in a directory in place of /."""
    paths = {f"flink_{name}_dir": f"{directory}/{name}" for name in ("conf", "log", "run")}
    of = {"flink_home": f"{directory}/flink", **paths, **given}
    for name in ("conf", "log", "run", "flink/lib", "java/bin"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    (directory / "java/bin/java").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    (directory / "java/bin/java").chmod(0o755)
    java = {"java": {"home": f"{directory}/java", "version": 17, "full_version": "17"}}
    found = case(of, java)
    environment = found.environments()[process]
    for file in found.decide().configuration:
        if file.state == "directory" and file.path.startswith(f"{directory}/run/"):
            Path(file.path).mkdir(exist_ok=True)
    text = content({**of, "flink_java_home": f"{directory}/java"}, f"{directory}/run/run")
    command = ["sh", "-s", process]
    path = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        command,
        input=text,
        env={**environment, **path, **(variables or {})},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()


def test_temporary_files_have_a_directory_that_each_start_empties(tmp_path: Path) -> None:
    words = run_in_shell({}, tmp_path)
    assert f"-Djava.io.tmpdir={tmp_path}/run/tmp/taskmanager-1" in words
    (tmp_path / "run/tmp/taskmanager-1/left").write_text("")
    drop_in = service({"flink_run_dir": "/srv/run"})[f"{JOBMANAGER}.d/06-start.conf"]
    assert "\nReadWritePaths=-/srv/run/tmp\n" in str(drop_in.content)
    odd = service({"flink_run_dir": "/srv/it's 100% $ run"})[f"{JOBMANAGER}.d/06-start.conf"]
    assert '\nReadWritePaths="-/srv/it\'s 100%% $ run/tmp"\n' in str(odd.content)


# The exit code of a process, the job of systemd for its unit, and whether its failure is forgotten.
ENDS: dict[str, tuple[str, str, bool]] = {
    "a fatal error": ("239", "", False),
    "a fatal error, as an older systemd tells it": ("239", "0", False),
    "a stop that took long": ("239", "100", True),
    "a stop in time": ("143", "100", False),
    "another error while it was stopped": ("1", "100", False),
}


@pytest.mark.parametrize(("code", "job", "is_forgotten"), ENDS.values(), ids=ENDS)
def test_an_orderly_stop_that_takes_long_is_no_failure(code: str, job: str, is_forgotten: bool, tmp_path: Path) -> None:
    (tmp_path / "systemctl").write_text(f"#!/bin/sh\n[ $1 = show ] && echo {job} || touch {tmp_path}/$1\n")
    (tmp_path / "systemctl").chmod(0o755)
    lines = str(service()[f"{JOBMANAGER}.d/06-start.conf"].content).replace("\\\n", "").splitlines()
    script = next(line for line in lines if line.startswith("ExecStopPost=")).partition("'")[2].rstrip("'")
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(["sh", "-c", script.replace("%n", "unit")], env={"EXIT_STATUS": code, "PATH": path}, check=False)
    assert (tmp_path / "reset-failed").exists() is is_forgotten


# Options, variables of the unit, and what is on the class path behind the release.
HADOOP: dict[str, tuple[Values, Values, str]] = {
    "nothing": ({}, {}, ""),
    "options": (
        {"env.hadoop.conf.dir": "/h", "env.yarn.conf.dir": "/y", "env.hbase.conf.dir": "/b c"},
        {},
        ":/h:/y:/b c",
    ),
    "variables outrank options": ({"env.hadoop.conf.dir": "/h"}, {"HADOOP_CONF_DIR": "/v"}, ":/v"),
    "jars come first": ({"env.hbase.conf.dir": "/b"}, {"HADOOP_CLASSPATH": "/j/*"}, ":/j/*:/b"),
    "homes": ({}, {"HADOOP_HOME": "DIR/hadoop", "HBASE_HOME": "DIR/hbase"}, ":DIR/hadoop/etc/hadoop:DIR/hbase/conf"),
}


@pytest.mark.parametrize(("options", "variables", "places"), HADOOP.values(), ids=HADOOP)
def test_configurations_of_hadoop_are_on_the_class_path(
    options: Values, variables: Values, places: str, tmp_path: Path
) -> None:
    for place in ("hadoop/conf", "hadoop/etc/hadoop", "hbase/conf"):
        (tmp_path / place).mkdir(parents=True)
    given = {name: value.replace("DIR", str(tmp_path)) for name, value in variables.items()}
    words = run_in_shell({"flink_config": {**CONFIG, **options}}, tmp_path, given)
    assert words[words.index("-classpath") + 1] == places.replace("DIR", str(tmp_path))


EXITS = "taskmanager.jvm-exit-on-oom=true"

# Variables, and whether a TaskManager exits when direct memory or threads run out.
EXITING: dict[str, tuple[Values, bool]] = {
    "as a rule": ({}, True),
    "the oldest release": ({"flink_version": "1.10.3", "flink_config": {**CONFIG, "jobmanager.heap.size": "1g"}}, True),
    "not wanted": ({"flink_exit_on_oom": False}, False),
    "the user's own choice": ({"flink_config": {**CONFIG, "taskmanager": {"jvm-exit-on-oom": False}}}, False),
    "the user's own choice for one": ({"flink_taskmanager_configs": [{"taskmanager.jvm-exit-on-oom": False}]}, False),
}


@pytest.mark.parametrize(("given", "exits"), EXITING.values(), ids=EXITING)
def test_taskmanagers_exit_when_any_memory_runs_out(given: Values, exits: bool, tmp_path: Path) -> None:
    words = run_in_shell(given, tmp_path)
    assert (words[-2:] == ["-D", EXITS]) is exits
    assert (EXITS in words) is exits


JOB: Values = {"flink_deployment_mode": "application", "flink_jobs": [{"name": "orders", "jar": "orders.jar"}]}


def test_the_jobmanager_of_one_job_begins_with_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "run/application").mkdir(parents=True)
    (tmp_path / "run/application/job.env").write_text(
        environment_file({"FLINK_JOB_ARGS": ["--job-id", "1a", "--", "it's $HOME"]})
    )
    words = run_in_shell(JOB, tmp_path, process="jobmanager")
    assert words[-4:] == ["--job-id", "1a", "--", "it's $HOME"]
    assert "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint" in words


def test_without_a_job_it_ends_and_has_not_failed(tmp_path: Path) -> None:
    assert run_in_shell(JOB, tmp_path, process="jobmanager") == []


def test_a_taskmanager_does_not_care(tmp_path: Path) -> None:
    assert "org.apache.flink.runtime.taskexecutor.TaskManagerRunner" in run_in_shell(JOB, tmp_path)


def test_lines_of_the_user() -> None:
    found = service({"flink_service_overrides": {"taskmanager": "[Service]\nNice=5\n", "jobmanager": ""}})
    drop_in = found[f"{TASKMANAGER}.d/20-overrides.conf"]
    assert (drop_in.content, drop_in.mode) == ("[Service]\nNice=5\n", "0644")
    assert found[f"{JOBMANAGER}.d/20-overrides.conf"].state == "absent"


# Variables, and the lines of the limit of TaskManager 1 below [Service].
LIMITS: dict[str, tuple[Values, list[str]]] = {
    "what is planned, and what is added": ({}, ["# 1811939328 bytes are planned.", "MemoryMax=2080374784"]),
    "nothing is added": ({"flink_memory_max_slack": "0"}, ["# 1811939328 bytes are planned.", "MemoryMax=1811939328"]),
    "no limit": ({"flink_memory_max_slack": None}, []),
    "a node": (
        {"flink_memory_max_slack": None, "flink_taskmanager_numa_nodes": [0]},
        ["NUMAPolicy=bind", "NUMAMask=0", "CPUAffinity=numa"],
    ),
}


@pytest.mark.parametrize(("given", "lines"), LIMITS.values(), ids=LIMITS)
def test_limits(given: Values, lines: list[str]) -> None:
    text = str(case(given).decide().limits["taskmanager-1"].content)
    assert text == "\n".join(["#", "# Ansible managed", "#", "[Service]", *lines, ""])


def test_what_has_no_plan_has_no_limit() -> None:
    config = {"historyserver.archive.fs.dir": "/srv"}
    limits = case({"flink_components": ["historyserver"], "flink_config": config}).decide().limits
    assert "MemoryMax" not in str(limits["historyserver"].content)


@pytest.mark.parametrize(("systemd", "line"), [(252, "RestartSec=10"), (254, "RestartMaxDelaySec=60")])
def test_systemd_tries_without_an_end_and_slower_where_it_can(systemd: int, line: str) -> None:
    decided = case({}, {"systemd": systemd}).decide()
    rhythm = next(file for file in decided.service if file.path == f"{JOBMANAGER}.d/05-rhythm.conf")
    assert {"StartLimitIntervalSec=0", line} <= set(str(rhythm.content).splitlines())


# What a slow start needs, by release.
STARTUP: dict[str, str | None] = {
    "1.13.6": None,
    "1.14.6": "-Dakka.remote.classic.startup-timeout=300 s",
    "1.17.2": "-Dakka.remote.classic.startup-timeout=300 s",
    "1.18.1": "-Dpekko.remote.classic.startup-timeout=300 s",
    "2.3.0": "-Dpekko.remote.classic.startup-timeout=300 s",
}


@pytest.mark.parametrize(("release", "option"), STARTUP.items())
def test_a_slow_host_has_time_to_start(release: str, option: str | None) -> None:
    decided = case({"flink_version": release}).decide()
    run = str(next(file.content for file in decided.service if file.path.endswith("/run")))
    assert ("startup-timeout" in run) == (option is not None)
    assert option is None or f"set -- '{option}' " in run
