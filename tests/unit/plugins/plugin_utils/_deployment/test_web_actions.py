# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.web_actions import (
    web_action_objections,
    web_action_options,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Values,
    case,
    wanted,
)

SUBMIT, CANCEL, RESCALE = (f"web.{name}.enable" for name in ("submit", "cancel", "rescale"))
PROFILE = "rest.profiling.enabled"
# A release, a list of actions, and the options.
OPTIONS: dict[str, tuple[str, list[str] | None, dict[str, bool]]] = {
    "as Flink does": ("2.3.0", None, {}),
    "nothing": ("2.3.0", [], {SUBMIT: False, CANCEL: False, RESCALE: False, PROFILE: False}),
    "all": (
        "1.20.5",
        ["submit", "cancel", "rescale", "profile"],
        {SUBMIT: True, CANCEL: True, RESCALE: True, PROFILE: True},
    ),
    "some": ("2.0.2", ["cancel"], {SUBMIT: False, CANCEL: True, RESCALE: False, PROFILE: False}),
    "before the profiler": ("1.18.1", [], {SUBMIT: False, CANCEL: False, RESCALE: False}),
    "before rescaling": ("1.17.2", ["cancel"], {SUBMIT: False, CANCEL: True}),
    "before the button of cancel can go": ("1.13.6", [], {SUBMIT: False}),
    "the oldest": ("1.10.3", ["submit", "cancel"], {SUBMIT: True}),
}


@pytest.mark.parametrize(("version", "actions", "options"), OPTIONS.values(), ids=OPTIONS)
def test_options(version: str, actions: list[str] | None, options: dict[str, bool]) -> None:
    given = wanted({"flink_version": version, "flink_web_actions": actions})
    assert web_action_options(given) == options
    found = flink_options(given).values
    assert {key: found[key] for key in (SUBMIT, CANCEL, RESCALE, PROFILE) if key in found} == options
    assert list(web_action_objections(given)) == []


def contradiction(where: str, key: str, expected: str, got: str) -> str:
    return f"{where}: {key}: expected {expected}, as flink_web_actions says, got {got}. Remove it, or correct the list."


def too_early(action: str, since: str, version: str) -> str:
    return (
        f"flink_web_actions: expected {action} only from Flink {since} on, which can do that over REST, got it for "
        f"{version}. Remove it."
    )


# Variables, and what stands against them.
OBJECTIONS: dict[str, tuple[Values, list[str]]] = {
    "the same said twice": ({"flink_web_actions": [], "flink_config": {**CONFIG, SUBMIT: "FALSE"}}, []),
    "options alone": ({"flink_config": {**CONFIG, SUBMIT: False, PROFILE: True}}, []),
    "the opposite": (
        {"flink_web_actions": [], "flink_config": {**CONFIG, "web": {"submit": {"enable": True}}}},
        [contradiction("flink_config", SUBMIT, "false", "true")],
    ),
    "the opposite by the former name": (
        {"flink_web_actions": ["submit"], "flink_config": {**CONFIG, f"jobmanager.{SUBMIT}": False}},
        [contradiction("flink_config", f"jobmanager.{SUBMIT}", "true", "false")],
    ),
    "an option that is taken away, so that Flink does it": (
        {"flink_web_actions": [], "flink_config": {**CONFIG, "web": {"submit.enable": None}}},
        [contradiction("flink_config", SUBMIT, "false", "null")],
    ),
    "a former name that is taken away": (
        {"flink_web_actions": [], "flink_config": {**CONFIG, f"jobmanager.{SUBMIT}": None}},
        [],
    ),
    "the opposite for the JobManager": (
        {"flink_web_actions": ["profile"], "flink_jobmanager_config": {PROFILE: "false"}},
        [contradiction("flink_jobmanager_config", PROFILE, "true", "false")],
    ),
    "a profiler where there is none": (
        {"flink_web_actions": ["profile"], "flink_version": "1.18.1"},
        [too_early("profile", "1.19", "1.18.1")],
    ),
    "rescaling where there is none": (
        {"flink_web_actions": ["rescale"], "flink_version": "1.17.2"},
        [too_early("rescale", "1.18", "1.17.2")],
    ),
}


@pytest.mark.parametrize(("given", "said"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_objections(given: Values, said: list[str]) -> None:
    assert list(web_action_objections(wanted(given))) == said


@pytest.mark.parametrize("value", ["delete", ["submit", "Cancel"]], ids=["one", "among others"])
def test_actions_that_there_are_not(value: t.Any) -> None:
    with pytest.raises(FlinkError, match="flink_web_actions: expected some of submit, cancel, rescale, profile, got"):
        wanted({"flink_web_actions": value})


CLOSED: Values = {"flink_web_actions": []}
# Variables, and what the client of the host is told besides; null if there is none.
CLIENTS: dict[str, tuple[Values, Values | None]] = {
    "REST takes jars": ({}, None),
    "it takes none": (CLOSED, {}),
    "Flink's option says so": ({"flink_config": {**CONFIG, SUBMIT: False}}, {}),
    "the former name of it says so": ({"flink_config": {**CONFIG, f"jobmanager.{SUBMIT}": "false"}}, {}),
    "an application starts its job itself": ({**CLOSED, "flink_deployment_mode": "application"}, None),
    "a host without a JobManager": ({**CLOSED, "flink_components": ["taskmanager"]}, None),
    "what only the JobManager has": (
        {
            **CLOSED,
            "flink_jobmanager_config": {"rest.port": 9081, "security.ssl.rest.enabled": True, "blob.server.port": 1},
        },
        {"rest.port": "9081", "security.ssl.rest.enabled": "true"},
    ),
}


@pytest.mark.parametrize(("given", "told"), CLIENTS.values(), ids=CLIENTS)
def test_who_starts_jobs_where_rest_takes_none(given: Values, told: Values | None) -> None:
    client = case(given).decide().jobs.client
    assert (None if client is None else client["options"]) == told


def test_how_the_client_runs() -> None:
    client = (
        case({"flink_config": {**CONFIG, SUBMIT: False, "env.java.opts.client": "-Xmx1g '-Da=b c'"}})
        .decide()
        .jobs.client
    )
    assert client is not None
    words = client["java_options"]
    assert words[-2:] == ["-Xmx1g", "-Da=b c"]
    assert "--add-opens=java.base/java.util=ALL-UNNAMED" in words
    assert {name: value for name, value in client.items() if name != "java_options"} == {
        "conf_dir": "/etc/flink",
        "home": "/opt/flink/flink-2.3.0",
        "java_home": "/usr/lib/jvm/java-17-openjdk-amd64",
        "options": {},
        "user": "flink",
    }
