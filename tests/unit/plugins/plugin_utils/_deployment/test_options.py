# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import shlex

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    case,
    wanted,
)

JVM_FLAGS = ("--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED")

ALIKE = ("jobmanager.rpc.address", "rest.address")
BOUND = ("jobmanager.bind-host", "taskmanager.bind-host", "rest.bind-address")

# Addresses of JobManagers, the one that is used, and where the processes listen.
ADDRESSES: dict[str, tuple[list[str], str, str]] = {
    "a host of its own": (["j1"], "j1", "0.0.0.0"),
    "this host": (["h1"], "h1", "0.0.0.0"),
    "localhost": (["localhost"], "localhost", "localhost"),
    "the loopback address": (["127.0.0.1"], "127.0.0.1", "127.0.0.1"),
    "the loopback address of IPv6": (["::1"], "::1", "::1"),
    "another loopback address, which others may reach": (["127.0.0.2"], "127.0.0.2", "0.0.0.0"),
    "a loopback address and another": (["localhost", "j1"], "localhost", "0.0.0.0"),
    "several": (["j1", "h1"], "j1", "0.0.0.0"),
}


@pytest.mark.parametrize(("hosts", "address", "bound"), ADDRESSES.values(), ids=ADDRESSES)
def test_addresses(hosts: list[str], address: str, bound: str) -> None:
    options = flink_options(wanted({"flink_jobmanager_hosts": hosts}))
    assert options.jobmanager_address == address
    assert {options.values[key] for key in ALIKE} == {address}
    assert {options.values[key] for key in BOUND} == {bound}
    assert options.values.get("taskmanager.host") == (None if bound == "0.0.0.0" else bound)


# JobManagers, and the address that a host named h1 knows with high availability.
KNOWN: dict[str, tuple[list[str], str]] = {
    "its own": (["j1", "h1"], "h1"),
    "the first, if it has no JobManager": (["j1", "j2"], "j1"),
}


@pytest.mark.parametrize(("hosts", "address"), KNOWN.values(), ids=KNOWN)
def test_with_high_availability_each_jobmanager_knows_itself(hosts: list[str], address: str) -> None:
    options = flink_options(wanted({"flink_jobmanager_hosts": hosts, "flink_config": HA}))
    assert (options.is_highly_available, options.jobmanager_address) == (True, address)


# Options, and whether they make for high availability.
AVAILABLE: dict[str, tuple[Values, bool]] = {
    "nothing": ({}, False),
    "a type": ({"high-availability.type": "kubernetes"}, True),
    "the former name": ({"high-availability": "zookeeper"}, True),
    "nested": ({"high-availability": {"type": "zookeeper"}}, True),
    "another word for none": ({"high-availability.type": "standalone"}, False),
    "the new name outranks the former": ({"high-availability.type": "none", "high-availability": "zookeeper"}, False),
    "NONE": ({"high-availability.type": "NONE"}, False),
    "null": ({"high-availability.type": None}, False),
}


@pytest.mark.parametrize(("config", "is_available"), AVAILABLE.values(), ids=AVAILABLE)
def test_high_availability(config: Values, is_available: bool) -> None:
    assert flink_options(wanted({"flink_config": {**CONFIG, **config}})).is_highly_available is is_available


# Variables, and the ID of the cluster.
CLUSTER_IDS: dict[str, tuple[Values, str | None]] = {
    "the name of the service": ({"flink_service_name": "stream"}, "stream"),
    "the usual name, which tells nothing": ({}, None),
    "the user's": (
        {"flink_service_name": "stream", "flink_config": {**HA, "high-availability.cluster-id": "/x"}},
        "/x",
    ),
    "the user's by an older key": (
        {"flink_service_name": "stream", "flink_config": {**HA, "high-availability.zookeeper.path.namespace": "/x"}},
        None,
    ),
    "none without high availability": ({"flink_service_name": "stream", "flink_config": CONFIG}, None),
}


@pytest.mark.parametrize(("given", "cluster_id"), CLUSTER_IDS.values(), ids=CLUSTER_IDS)
def test_clusters_of_different_names_can_share_a_quorum(given: Values, cluster_id: str | None) -> None:
    options = flink_options(wanted({"flink_config": HA, **given}))
    assert options.values.get("high-availability.cluster-id") == cluster_id


STAYS = "execution.shutdown-on-application-finish"

# Release, the mode, and what keeps the JobManager of a job as a witness of it.
WITNESSES: dict[str, tuple[str, str, Values]] = {
    "a session cluster": ("2.3.0", "session", {}),
    "one job": (
        "1.15.4",
        "application",
        {
            STAYS: False,
            "execution.submit-failed-job-on-application-error": True,
            "jobstore.expiration-time": 315_360_000,
        },
    ),
    "one job of 2.3": (
        "2.3.0",
        "application",
        {
            STAYS: False,
            "execution.submit-failed-job-on-application-error": True,
            "completed-application-store.expiration-time": "3650 d",
        },
    ),
}


@pytest.mark.parametrize(("version", "mode", "expected"), WITNESSES.values(), ids=WITNESSES)
def test_the_jobmanager_of_a_job_stays_to_say_what_became_of_it(version: str, mode: str, expected: Values) -> None:
    values = flink_options(wanted({"flink_version": version, "flink_deployment_mode": mode})).values
    found = {key: value for key, value in values.items() if key.startswith(("execution.", "jobstore.", "completed-"))}
    assert found == expected


# Release, the mode, and which results are kept with high availability.
KEPT: dict[str, tuple[str, str, set[str]]] = {
    "a session cluster": ("2.2.0", "session", set()),
    "one job": ("2.2.0", "application", {"job-result-store.delete-on-commit"}),
    "one job of 2.3": (
        "2.3.0",
        "application",
        {"job-result-store.delete-on-commit", "application-result-store.delete-on-commit"},
    ),
}


@pytest.mark.parametrize(("version", "mode", "expected"), KEPT.values(), ids=KEPT)
def test_another_jobmanager_knows_that_a_job_has_ended(version: str, mode: str, expected: set[str]) -> None:
    given = {"flink_version": version, "flink_deployment_mode": mode, "flink_config": {**CONFIG, **HA}}
    values = flink_options(wanted(given)).values
    assert {key for key, value in values.items() if key.endswith(".delete-on-commit") and value is False} == expected
    without = flink_options(wanted({**given, "flink_config": CONFIG})).values
    assert not any(key.endswith(".delete-on-commit") for key in without)


def test_unless_the_user_wants_it_otherwise() -> None:
    given = {"flink_deployment_mode": "application", "flink_config": {**CONFIG, STAYS: True}}
    assert flink_options(wanted(given)).values[STAYS] is True


def test_what_the_user_gives_outranks_what_the_role_sets() -> None:
    config = {"rest": {"address": "proxy"}, "env.java.opts.all": "-Da=b"}
    values = flink_options(wanted({"flink_config": config, "flink_jobmanager_hosts": ["j1"]})).values
    assert (values["rest.address"], values["env.java.opts.all"]) == ("proxy", "-Da=b")
    assert values["jobmanager.rpc.address"] == "j1"


def test_null_takes_away_what_the_role_sets() -> None:
    config = {**CONFIG, "jobmanager": {"bind-host": None}, "env.java.opts.all": None}
    values = flink_options(wanted({"flink_config": config})).values
    assert {"jobmanager.bind-host", "env.java.opts.all"} & values.keys() == set()
    assert values["taskmanager.bind-host"] == "localhost"


# Releases, the file that they read and the one that they would not, and whether they have flags for modules of Java.
RELEASES: dict[str, tuple[str, str, bool]] = {
    "1.10.3": ("flink-conf.yaml", "config.yaml", False),
    "1.17.2": ("flink-conf.yaml", "config.yaml", False),
    "1.18.1": ("flink-conf.yaml", "config.yaml", True),
    "1.19.3": ("config.yaml", "flink-conf.yaml", True),
    "2.3.0": ("config.yaml", "flink-conf.yaml", True),
}


@pytest.mark.parametrize("version", RELEASES)
def test_releases(version: str) -> None:
    name, stale, has_flags = RELEASES[version]
    options = flink_options(wanted({"flink_version": version}))
    assert (options.config_name, options.stale_config_name) == (name, stale)
    assert ("env.java.opts.all" in options.values) is has_flags
    if has_flags:
        assert {word.partition("=")[0] for word in options.values["env.java.opts.all"].split()} == {
            "--add-exports",
            "--add-opens",
        }


# A release and the user's JVM options; the words on the command line of a JobManager besides the flags for modules; and
# what the file has for the command line tools, with FLAGS in place of those flags.
JVM_OPTIONS: dict[str, tuple[str, Values, list[str], Values]] = {
    "none": ("2.3.0", {}, [], {"env.java.opts.all": "FLAGS"}),
    "none, before there were flags in the file": ("1.17.2", {}, [], {}),
    "the older key, before there were flags": (
        "1.17.2",
        {"env.java.opts": "-Da=b -Dc"},
        ["-Da=b", "-Dc"],
        {"env.java.opts": "-Da=b -Dc"},
    ),
    "the older key of 1.18": (
        "1.18.1",
        {"env.java.opts": "-Da=b -Dc"},
        ["-Da=b", "-Dc"],
        {"env.java.opts": "-Da=b -Dc FLAGS"},
    ),
    "the older key of 1.18, in quotes": (
        "1.18.1",
        {"env.java.opts": '"-Da=b"'},
        ["-Da=b"],
        {"env.java.opts": "-Da=b FLAGS"},
    ),
    "the newer key of 1.18": (
        "1.18.1",
        {"env.java.opts.all": "-Da=b"},
        ["-Da=b"],
        {"env.java.opts.all": "-Da=b FLAGS"},
    ),
    "both keys of 1.18": (
        "1.18.1",
        {"env.java.opts": "-Dold", "env.java.opts.all": "-Dnew"},
        ["-Dnew"],
        {"env.java.opts": "-Dold", "env.java.opts.all": "-Dnew FLAGS"},
    ),
    "the older key of 1.19": (
        "1.19.3",
        {"env.java.opts": "-Da=b"},
        ["-Da=b"],
        {"env.java.opts": "-Da=b", "env.java.default-opts.all": "FLAGS"},
    ),
    "the newer key of 2.3": (
        "2.3.0",
        {"env.java.opts.all": "-Da=b"},
        ["-Da=b"],
        {"env.java.opts.all": "-Da=b", "env.java.default-opts.all": "FLAGS"},
    ),
    "defaults and the older key": (
        "2.3.0",
        {"env.java.default-opts.all": "-Dx", "env.java.opts": "-Da=b"},
        ["-Dx", "-Da=b"],
        {"env.java.opts": "-Da=b", "env.java.default-opts.all": "-Dx FLAGS"},
    ),
    "only defaults": (
        "2.3.0",
        {"env.java.default-opts.all": "-Dx"},
        ["-Dx"],
        {"env.java.opts.all": "FLAGS", "env.java.default-opts.all": "-Dx"},
    ),
    "null": ("2.3.0", {"env.java.opts.all": None}, [], {}),
    "those of one component": (
        "2.3.0",
        {"env.java.opts.jobmanager": "-Djm"},
        ["-Djm"],
        {"env.java.opts.jobmanager": "-Djm", "env.java.opts.all": "FLAGS"},
    ),
}


@pytest.mark.parametrize(("version", "config", "words", "in_file"), JVM_OPTIONS.values(), ids=JVM_OPTIONS)
def test_jvm_options_of_the_user_are_kept_beside_the_flags_for_modules(
    version: str, config: Values, words: list[str], in_file: Values
) -> None:
    of = case({"flink_version": version, "flink_config": {**CONFIG, **config}})
    options = flink_options(of.wanted)
    file = {key: value for key, value in {**options.values, **options.script_values}.items() if "java" in key}
    flags = " ".join(word for word in str(file).replace("'", " ").split() if word.startswith("--add-"))
    assert {key: value.replace(flags or "no flags", "FLAGS") for key, value in file.items()} == in_file
    on_command_line = shlex.split(of.environments()["jobmanager"]["FLINK_JAVA_OPTS"])
    assert [word for word in on_command_line if not word.startswith(("--add-", "-XX:"))] == words
    if version > "1.18":
        assert set(JVM_FLAGS) <= set(on_command_line)


def test_jvm_options_of_one_process_under_the_older_key_are_kept() -> None:
    of = case({"flink_jobmanager_config": {"env.java.opts": "-Da=b"}})
    assert "-Da=b" in of.environments()["jobmanager"]["FLINK_JAVA_OPTS"]
    assert JVM_FLAGS[0] in flink_options(of.wanted).script_values["env.java.default-opts.all"]


def test_what_only_command_line_tools_read_restarts_no_process() -> None:
    found = case({"flink_config": {**CONFIG, "env.java.opts.all": "-Da=b"}})
    config = next(file for file in found.decide().configuration if file.path == "/etc/flink/config.yaml")
    assert "\nenv.java.default-opts.all: " in str(config.secret_content)
    assert "default-opts" not in str(found.planned["config"])


def test_unknown_releases_are_refused() -> None:
    with pytest.raises(FlinkError, match=r"^flink_version: Flink 1\.9\.3 is not supported\."):
        flink_options(wanted({"flink_version": "1.9.3"}))


# Options of all processes or of one that are given as lists, and are lists to Flink or to what reads them.
LISTS: dict[str, Values] = {
    "a list to Flink": {"flink_config": {**CONFIG, "pipeline.jars": ["/a", "/b"]}},
    "a list to its reader": {"flink_config": {**CONFIG, "io.tmp.dirs": ["/a", "/b"]}},
    "the same of one process": {"flink_taskmanager_configs": [{"io.tmp.dirs": ["/a", "/b"]}]},
}


@pytest.mark.parametrize("given", LISTS.values(), ids=LISTS)
def test_lists(given: Values) -> None:
    found = case(given)
    assert found.decide().objections == ()
    assert "[" not in " ".join(found.environments()["taskmanager-1"].values())


def test_lists_that_flink_would_not_take_for_lists_are_refused() -> None:
    with pytest.raises(FlinkError, match=r"^h1: restart-strategy\.type: expected one text, got a list"):
        case({"flink_config": {**CONFIG, "restart-strategy.type": ["none"]}, "flink_config_check": "strict"})


# Variables, and the Java of the command line tools.
TOOLS: dict[str, tuple[Values, str | None]] = {
    "the one on the path": ({}, None),
    "the one of the processes": ({"flink_java_home": "/opt/java"}, "/opt/java"),
    "the user's": ({"flink_java_home": "/opt/java", "flink_config": {**CONFIG, "env.java.home": "/j"}}, None),
}


@pytest.mark.parametrize(("given", "home"), TOOLS.values(), ids=TOOLS)
def test_command_line_tools_run_on_the_java_of_the_processes(given: Values, home: str | None) -> None:
    assert flink_options(wanted(given)).script_values.get("env.java.home") == home
