# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    GIB,
    HA,
    JAVA_17,
    Values,
    case,
)

SCRIPTS = "{}: only Flink's scripts read it, so the processes here do without. Set {}.".format
SHELL = ("{}: only Flink's scripts expand {}, so the processes here get it as it is. Write out what is meant.").format

# Options, and what is said.
OPTIONS: dict[str, tuple[Values, list[str]]] = {
    "Java": ({"env.java.home": "/j"}, [SCRIPTS("env.java.home", "flink_java_home")]),
    "logs": ({"env.log.dir": "/l"}, [SCRIPTS("env.log.dir", "flink_log_dir")]),
    "logs where the role has them": ({"env.log.dir": "/var/log/flink"}, []),
    "process IDs": ({"env": {"pid": {"dir": "/p"}}}, [SCRIPTS("env.pid.dir", "flink_run_dir")]),
    "what processes print": (
        {"env.stdout-err.redirect-to-file": True},
        [
            (
                "env.stdout-err.redirect-to-file: only Flink's scripts read it, so the processes here do without. "
                "What a process prints is in the journal, or in .out without systemd: set StandardOutput in "
                "flink_service_overrides for another place."
            )
        ],
    ),
    "what the role reads itself": ({"env.log.max": 3, "env.log.level": "DEBUG", "env.hadoop.conf.dir": "/h"}, []),
    "variables of Flink's scripts": ({"env.java.opts.all": "-Da=$FLINK_LOG_DIR -Db=${FLINK_LOG_PREFIX}"}, []),
    "other variables": (
        {"env.java.opts.all": "-Da=$HOSTNAME -Db=${USER} -Dc=$(hostname)"},
        [SHELL("env.java.opts.all", "$HOSTNAME, ${USER}, $(hostname)")],
    ),
}


NO_ID = (
    "high-availability.cluster-id: expected a name that no other cluster on the same quorum has, got none: Flink takes "
    "/default. Give each cluster its own, or a flink_service_name, before it runs jobs; or say /default here."
)

# Variables of a cluster with high availability, and what is said.
IDS: dict[str, tuple[Values, list[str]]] = {
    "none": ({}, [NO_ID]),
    "the name of the service": ({"flink_service_name": "stream"}, []),
    "one that is given": ({"flink_config": {**HA, "high-availability.cluster-id": "/default"}}, []),
}


def test_an_application_without_high_availability_repeats_itself() -> None:
    application = {"flink_deployment_mode": "application", "flink_jobs": [{"name": "orders", "jar": "orders.jar"}]}
    (said,) = case(application).decide().advice
    assert "begins its job again from what it was started with" in said
    assert case({**application, "flink_config": {**CONFIG, "high-availability.type": "NONE"}}).decide().advice == ()


@pytest.mark.parametrize(("given", "said"), IDS.values(), ids=IDS)
def test_a_cluster_on_a_quorum_needs_a_name(given: Values, said: list[str]) -> None:
    assert list(case({"flink_config": HA, **given}).decide().advice) == said


@pytest.mark.parametrize(("options", "said"), OPTIONS.values(), ids=OPTIONS)
def test_advice_on_options(options: Values, said: list[str]) -> None:
    assert list(case({"flink_config": {**CONFIG, **options}}).decide().advice) == said


LESS = (
    "flink_host_memory: expected at most 4g, which is what h1 has (physical memory), got 32g: the planned processes "
    "may use {}, and the kernel kills one when memory runs out. Set it to what the host has; or leave it out, and the "
    "host is asked."
).format
AUTO: Values = {"flink_config": {**CONFIG, "taskmanager.memory.process.size": "auto"}}

# The memory that the host is said to have, where it has 4 GiB, what runs there, and what is said.
MEMORY: dict[str, tuple[str, Values, list[str]]] = {
    "more than the host has, given away": ("32g", AUTO, [LESS("29492m")]),
    "more than the host has, of which the processes need less": ("32g", {}, []),
    "the round size of a machine, whose kernel keeps a part": ("4200m", AUTO, []),
    "less than the host has": ("3g", AUTO, []),
}


@pytest.mark.parametrize(("given", "variables", "said"), MEMORY.values(), ids=MEMORY)
def test_a_host_has_less_memory_than_it_is_said_to_have(given: str, variables: Values, said: list[str]) -> None:
    there = {"memory": {"effective": 4 * GIB, "limited_by": "physical memory", "numa_nodes": []}}
    assert list(case({**variables, "flink_host_memory": given}, there).decide().advice) == said


def test_command_line_tools_that_work_with_another_cluster() -> None:
    link = "/opt/flink/flink-2.3.0/conf/config.yaml"
    assert case({}, {"links": {link: "/etc/other/config.yaml"}}).decide().advice == (
        (
            f"{link} leads to /etc/other/config.yaml, so bin/flink there works with another cluster. For this one set "
            "FLINK_CONF_DIR=/etc/flink; or remove the link, and deploy again."
        ),
    )


FIRST, SECOND = "log4j.rootLogger=INFO, file\n", "rootLogger.level = INFO\n"
OLD: Values = {"flink_config": {"jobmanager.heap.size": "1g", "taskmanager.memory.process.size": "1728m"}}


def other_lines(version: str, has: int) -> list[str]:
    return [
        (
            f"flink_logging: expected lines for log4j {has}, which Flink {version} has, in log4j.properties, got some "
            f"for log4j {3 - has}. Begin with the file that the release brings."
        )
    ]


def grows(version: str) -> list[str]:
    return [
        (
            f"flink_logging: expected a log4j.properties, got none: the one of Flink {version} never begins a new "
            "file, and the log grows until the disk is full. Give one with a rolling appender."
        )
    ]


# A release, the text of its log4j.properties; objections and advice.
LOGGING: dict[str, tuple[str, str | None, list[str], list[str]]] = {
    "that of a release that rolls": ("1.12.5", None, [], []),
    "that of one that does not": ("1.11.4", None, [], grows("1.11.4")),
    "that of the oldest": ("1.10.3", None, [], grows("1.10.3")),
    "log4j 1 for it": ("1.10.3", FIRST, [], []),
    "log4j 2 for it": ("1.10.3", SECOND, other_lines("1.10.3", 1), []),
    "log4j 1 for the next": ("1.11.4", FIRST, other_lines("1.11.4", 2), []),
    "log4j 2 for a recent one": ("2.3.0", SECOND, [], []),
    "log4j 1 for it as well": ("2.3.0", FIRST, other_lines("2.3.0", 2), []),
    "both": ("2.3.0", FIRST + SECOND, [], []),
    "neither": ("2.3.0", "x=y\n", [], []),
}


@pytest.mark.parametrize(("version", "text", "objections", "advice"), LOGGING.values(), ids=LOGGING)
def test_logging(version: str, text: str | None, objections: list[str], advice: list[str]) -> None:
    given = {"flink_version": version, "flink_logging": {} if text is None else {"log4j.properties": text}}
    config = OLD if version == "1.10.3" else {}
    java = {"java": {**JAVA_17, "version": 8}} if version < "2" else {}
    found = case({**config, **given}, java).decide()
    assert (list(found.objections), list(found.advice)) == (objections, advice)


def test_logback_may_be_as_it_likes() -> None:
    assert case({"flink_logging": {"logback.xml": FIRST}}).decide().objections == ()


# Where a release is, options, and what is said where that one runs and 2.3.0 is wanted.
RELEASES: dict[str, tuple[str, Values, list[str]]] = {
    "the same": ("/opt/flink/flink-2.3.0", {}, []),
    "one of which nobody knows": ("/opt/flink/mine", {"state.backend.async": True}, []),
    "one with which nothing changes": ("/opt/flink/flink-2.2.1", {}, []),
    "an older one": (
        "/opt/flink/flink-1.20.5/",
        {"state.backend.async": True, "state.checkpoints.dir": "s3://a/b"},
        [
            (
                "Flink 1.20.5 runs here, and 2.3.0 takes its place. That changes options: state.backend.async, "
                "state.checkpoints.dir. The filters streamops.flink.compare_releases and comparison_table tell how."
            )
        ],
    ),
    "one with another memory": (
        "/opt/flink/flink-1.16.3",
        {"taskmanager.memory.process.size": "13g"},
        [
            (
                "Flink 1.16.3 runs here, and 2.3.0 takes its place. That changes defaults: "
                "restart-strategy.type; the memory of the TaskManager. The filters streamops.flink.compare_releases "
                "and comparison_table tell how."
            )
        ],
    ),
}


@pytest.mark.parametrize(("home", "options", "said"), RELEASES.values(), ids=RELEASES)
def test_what_another_release_changes(home: str, options: Values, said: list[str]) -> None:
    of = case({"flink_config": {**CONFIG, **options}})
    before = {**of.environments()["taskmanager-1"], "FLINK_HOME": home}
    told = of.running({"taskmanager-1": {"environment": before}}).decide().advice
    assert [sentence for sentence in told if "takes its place" in sentence] == said
