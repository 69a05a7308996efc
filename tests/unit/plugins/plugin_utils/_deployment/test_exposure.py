# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.exposure import exposure_advice
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    case,
    wanted,
)

SEVERAL: Values = {"flink_jobmanager_hosts": ["jm1"], "flink_taskmanager_hosts": ["tm1", "tm2"]}
HEADS: Values = {"flink_jobmanager_hosts": ["jm1", "jm2"], "flink_config": HA}
REST, RPC, HISTORY, GATEWAY = "REST", "RPC", "HistoryServer", "SQL gateway"
SSL = "security.ssl"
MUTUAL = {f"{SSL}.rest.enabled": True, f"{SSL}.rest.authentication-enabled": True}
BOUND = {"rest.bind-address": "127.0.0.1"}
PROXY: Values = {"tls": False, "users": {"operator": f"$6$salt${'a' * 86}"}}
VIEWS: Values = {"flink_components": ["historyserver", "sql-gateway"]}
OWN_ADDRESSES = {"historyserver.web.address": "10.0.0.1", "sql-gateway.endpoint.rest.bind-address": "10.0.0.1"}

# Variables, options, and what is told to be open.
OPEN: dict[str, tuple[Values, Values, list[str]]] = {
    "loopback": ({}, {}, []),
    "one host by its name": ({"flink_jobmanager_hosts": ["h1"], "flink_taskmanager_hosts": ["h1"]}, {}, []),
    "several hosts": (SEVERAL, {}, [REST, RPC]),
    "several hosts, of which only the JobManager's is named": (
        {"flink_jobmanager_hosts": ["jm1"], "flink_components": ["jobmanager"]},
        {},
        [REST, RPC],
    ),
    "a host of TaskManagers, which the JobManager's tells of": (
        {**SEVERAL, "flink_components": ["taskmanager"]},
        {},
        [],
    ),
    "REST on loopback": (SEVERAL, BOUND, [RPC]),
    "REST on an address of its own": (SEVERAL, {"rest.bind-address": "10.0.0.1"}, [RPC]),
    "REST of the JobManager alone on loopback": ({**SEVERAL, "flink_jobmanager_config": BOUND}, {}, [RPC]),
    "REST on all addresses of IPv6": (SEVERAL, {"rest.bind-address": "[::]"}, [REST, RPC]),
    "REST that only speaks TLS": (SEVERAL, {f"{SSL}.rest.enabled": True}, [REST, RPC]),
    "REST that wants certificates": (SEVERAL, MUTUAL, [RPC]),
    "REST that would want them without TLS": (SEVERAL, {f"{SSL}.rest.authentication-enabled": True}, [REST, RPC]),
    "TLS among processes": (SEVERAL, {f"{SSL}.internal.enabled": True}, [REST]),
    "processes on an address of their own": (SEVERAL, {"jobmanager.bind-host": "10.0.0.1"}, [REST]),
    "TLS everywhere": (SEVERAL, {**MUTUAL, f"{SSL}.internal.enabled": "true"}, []),
    "TLS by the variable": ({**SEVERAL, "flink_tls": "all"}, {}, []),
    "TLS by the variable, for every client": (
        {**SEVERAL, "flink_tls": "all", "flink_tls_rest_clients": False},
        {},
        [REST],
    ),
    "TLS among processes by the variable": ({**SEVERAL, "flink_tls": "internal"}, {}, [REST]),
    "what is asked beside a cluster, with TLS by the variable": ({**VIEWS, "flink_tls": "all"}, {}, []),
    "REST on loopback by the variable": ({**SEVERAL, "flink_rest_bind_address": "127.0.0.1"}, {}, [RPC]),
    "processes on an address by the variable": ({**SEVERAL, "flink_bind_address": "10.0.0.1"}, {}, [REST]),
    "all addresses by the variable": ({**SEVERAL, "flink_rest_bind_address": "0.0.0.0"}, {}, [REST, RPC]),
    "what is asked beside a cluster, on an address by the variable": (
        {**VIEWS, "flink_rest_bind_address": "10.0.0.1"},
        {},
        [],
    ),
    "a proxy": ({**SEVERAL, "flink_proxy": PROXY}, {}, [RPC]),
    "the former key of TLS": (
        {**SEVERAL, "flink_version": "1.20.5"},
        {f"{SSL}.enabled": True, f"{SSL}.rest.authentication-enabled": True},
        [],
    ),
    "the former key where it is ignored": (SEVERAL, {f"{SSL}.enabled": True}, [REST, RPC]),
    "what is asked beside a cluster": (VIEWS, {}, [HISTORY, GATEWAY]),
    "the same on addresses of their own": (VIEWS, OWN_ADDRESSES, []),
    "the same with certificates": (VIEWS, MUTUAL, [HISTORY]),
    "the same, with the HistoryServer told of it": (VIEWS, {**MUTUAL, "historyserver.web.ssl.enabled": True}, []),
    "a HistoryServer that is told of what there is not": (
        VIEWS,
        {"historyserver.web.ssl.enabled": True},
        [HISTORY, GATEWAY],
    ),
}


def told(variables: Values, options: Values | None = None) -> str:
    """What is said of a host; nothing if nothing is."""
    given = {**variables, "flink_config": {**CONFIG, **variables.get("flink_config", {}), **(options or {})}}
    of = wanted(given)
    return " ".join(exposure_advice(of, flink_options(of)))


@pytest.mark.parametrize(("variables", "options", "doors"), OPEN.values(), ids=OPEN)
def test_what_is_open(variables: Values, options: Values, doors: list[str]) -> None:
    sentence = told(variables, options)
    assert [door for door in (REST, RPC, HISTORY, GATEWAY) if f"{door} (" in sentence] == doors
    assert [door for door in (REST, RPC, HISTORY, GATEWAY) if f"closes {door}" in sentence] == doors
    assert bool(sentence) is bool(doors)


# Variables, options, and words of the sentence.
WORDS: dict[str, tuple[Values, Values, list[str]]] = {
    "where, for whom, and as whom": (
        SEVERAL,
        {},
        [
            "REST (jm1, port 8081) runs any jar as flink and shows the configuration; RPC (jm1, port 6123) takes",
            "flink_proxy or flink_rest_bind_address closes REST; flink_tls: internal or flink_bind_address closes RPC",
        ],
    ),
    "other ports": (
        SEVERAL,
        {"rest.port": 9081, "jobmanager.rpc.port": 7123},
        ["REST (jm1, port 9081)", "RPC (jm1, port 7123)"],
    ),
    "ports to bind": (
        SEVERAL,
        {"rest.port": 9081, "rest.bind-port": "9081-9085", "jobmanager.rpc.bind-port": 7124},
        ["REST (jm1, port 9081-9085)", "RPC (jm1, port 7124)"],
    ),
    "high availability": (HEADS, {}, ["REST (jm1, jm2, port 8081)", "RPC (jm1, jm2, any port)"]),
    "high availability with a port": (
        HEADS,
        {"high-availability.jobmanager.port": "50010-50020"},
        ["RPC (jm1, jm2, port 50010-50020)"],
    ),
    "an application, which takes no other job": (
        {**SEVERAL, "flink_deployment_mode": "application"},
        {},
        ["REST (jm1, port 8081) cancels its job and shows the configuration"],
    ),
    "TLS that asks for no certificate": (
        {**SEVERAL, "flink_tls": "all", "flink_tls_rest_clients": False},
        {},
        ["the configuration. flink_tls_rest_clients: true or flink_proxy or flink_rest_bind_address closes REST. See"],
    ),
    "no user of Flink's own": ({**SEVERAL, "flink_user": None}, {}, ["any jar as the user of its processes"]),
}


@pytest.mark.parametrize(("variables", "options", "words"), WORDS.values(), ids=WORDS)
def test_what_is_said_of_it(variables: Values, options: Values, words: list[str]) -> None:
    sentence = told(variables, options)
    assert [part for part in words if part not in sentence] == []


def test_each_head_of_a_cluster_says_the_same() -> None:
    first, second = (wanted({**HEADS, "flink_components": ["jobmanager"]}, host) for host in ("jm1", "jm2"))
    assert list(exposure_advice(first, flink_options(first))) == list(exposure_advice(second, flink_options(second)))


def test_a_deployment_says_it() -> None:
    assert told(SEVERAL) in case(SEVERAL).decide().advice
