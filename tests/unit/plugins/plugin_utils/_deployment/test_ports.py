# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.ports import (
    Port,
    ports,
    shared_ports,
    unplanned_ports,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    wanted,
)

REST = ("jobmanager rest.port", "localhost", 8081)
RPC = ("jobmanager jobmanager.rpc.port", "localhost", 6123)
ALL = ["jobmanager", "taskmanager", "historyserver", "sql-gateway"]

# Variables, and the fixed ports.
PORTS: dict[str, tuple[Values, list[tuple[str, str, int]]]] = {
    "defaults": ({}, [REST, RPC]),
    "a JobManager that others reach": (
        {"flink_jobmanager_hosts": ["h1"]},
        [("jobmanager rest.port", "0.0.0.0", 8081), ("jobmanager jobmanager.rpc.port", "0.0.0.0", 6123)],
    ),
    "no JobManager": ({"flink_components": ["taskmanager"]}, []),
    "other ports": (
        {"flink_config": {**CONFIG, "rest.port": 9081, "jobmanager.rpc.port": "7123", "blob.server.port": 7124}},
        [
            ("jobmanager rest.port", "localhost", 9081),
            ("jobmanager jobmanager.rpc.port", "localhost", 7123),
            ("jobmanager blob.server.port", "localhost", 7124),
        ],
    ),
    "what is bound outranks what is known": (
        {"flink_config": {**CONFIG, "rest.port": 443, "rest.bind-port": 8443, "jobmanager.rpc.bind-port": 7123}},
        [
            ("jobmanager rest.bind-port", "localhost", 8443),
            ("jobmanager jobmanager.rpc.bind-port", "localhost", 7123),
        ],
    ),
    "ranges, lists and free choice are left out": (
        {
            "flink_config": {
                **CONFIG,
                "rest.bind-port": "8081-8090",
                "jobmanager.rpc.port": 0,
                "blob.server.port": "1,2",
            }
        },
        [],
    ),
    "the options of the JobManager": (
        {"flink_jobmanager_config": {"rest.port": 9081, "rest.bind-address": "10.0.0.1"}},
        [("jobmanager rest.port", "10.0.0.1", 9081), RPC],
    ),
    "high availability leaves the choice of the RPC port to Flink": (
        {"flink_config": HA, "flink_jobmanager_hosts": ["h1", "h2"]},
        [("jobmanager rest.port", "0.0.0.0", 8081)],
    ),
    "high availability with a port": (
        {
            "flink_config": {**HA, "high-availability.jobmanager.port": 7123, "jobmanager.rpc.port": 1},
            "flink_jobmanager_hosts": ["h1", "h2"],
        },
        [
            ("jobmanager rest.port", "0.0.0.0", 8081),
            ("jobmanager high-availability.jobmanager.port", "0.0.0.0", 7123),
        ],
    ),
    "TaskManagers, each with its own": (
        {
            "flink_components": ["taskmanager"],
            "flink_taskmanager_count": 3,
            "flink_taskmanager_configs": [{"taskmanager.rpc.port": 7001}, {"taskmanager": {"data.port": 7002}}],
        },
        [
            ("taskmanager-1 taskmanager.rpc.port", "localhost", 7001),
            ("taskmanager-2 taskmanager.data.port", "localhost", 7002),
        ],
    ),
    "TaskManagers behind a proxy": (
        {
            "flink_components": ["taskmanager"],
            "flink_config": {**CONFIG, "taskmanager.data.port": 1, "taskmanager.data.bind-port": 7002},
        },
        [("taskmanager-1 taskmanager.data.bind-port", "localhost", 7002)],
    ),
    "what has no planned memory": (
        {"flink_components": ["historyserver", "sql-gateway"]},
        [
            ("historyserver historyserver.web.port", "0.0.0.0", 8082),
            ("sql-gateway sql-gateway.endpoint.rest.port", "0.0.0.0", 8083),
        ],
    ),
    "the same with options": (
        {
            "flink_components": ["sql-gateway", "historyserver"],
            "flink_config": {
                "historyserver.web": {"port": 9082, "address": "10.0.0.2"},
                "sql-gateway.endpoint.rest": {"port": "9083", "bind-address": "10.0.0.3"},
            },
        },
        [
            ("historyserver historyserver.web.port", "10.0.0.2", 9082),
            ("sql-gateway sql-gateway.endpoint.rest.port", "10.0.0.3", 9083),
        ],
    ),
}


def asked(given: Values) -> list[Port]:
    of = wanted(given)
    return ports(of, flink_options(of))


@pytest.mark.parametrize(("given", "expected"), PORTS.values(), ids=PORTS)
def test_ports(given: Values, expected: list[tuple[str, str, int]]) -> None:
    assert asked(given) == expected


def test_ports_that_more_than_one_process_wants() -> None:
    config = {**CONFIG, "rest.port": 6123, "historyserver.web.port": 8083}
    assert shared_ports(asked({"flink_config": config, "flink_components": ALL})) == [6123, 8083]
    assert shared_ports(asked({"flink_components": ALL})) == []


def test_ports_that_tell_the_health_of_what_has_no_plan() -> None:
    found = unplanned_ports(asked({"flink_components": ALL}))
    assert [(port.process, port.port) for port in found] == [("historyserver", 8082), ("sql-gateway", 8083)]
