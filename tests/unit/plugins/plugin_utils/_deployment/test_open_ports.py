# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._action import plain
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.open_ports import open_ports, port_table
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    wanted,
)

CLUSTER: Values = {"flink_jobmanager_hosts": ["h1"], "flink_taskmanager_hosts": ["h1"]}
JOBMANAGER: Values = {**CLUSTER, "flink_components": ["jobmanager"]}
TASKMANAGER: Values = {**CLUSTER, "flink_components": ["taskmanager"]}
UNPLANNED: Values = {**CLUSTER, "flink_components": ["historyserver", "sql-gateway"]}
FIXED: Values = {"flink_fixed_ports": True}
QUERY = "metrics.internal.query-service.port"
SINK = "taskmanager-1 taskmanager.collect-sink.port random 0.0.0.0 jobmanagers"

# Variables, and each port: the process, the option, the port, where it is bound, and for whom.
PORTS: dict[str, tuple[Values, list[str]]] = {
    "a cluster of one host": ({}, []),
    "a JobManager, as Flink does": (
        JOBMANAGER,
        [
            "jobmanager rest.port 8081 0.0.0.0 users,taskmanagers",
            "jobmanager jobmanager.rpc.port 6123 0.0.0.0 taskmanagers",
            "jobmanager blob.server.port random 0.0.0.0 taskmanagers",
            f"jobmanager {QUERY} random 0.0.0.0 taskmanagers",
        ],
    ),
    "a TaskManager, as Flink does": (
        TASKMANAGER,
        [
            "taskmanager-1 taskmanager.rpc.port random 0.0.0.0 jobmanagers",
            "taskmanager-1 taskmanager.data.port random 0.0.0.0 taskmanagers",
            f"taskmanager-1 {QUERY} random 0.0.0.0 jobmanagers",
            SINK,
        ],
    ),
    "a JobManager of several, with fixed ports": (
        {**JOBMANAGER, **FIXED, "flink_config": HA, "flink_jobmanager_hosts": ["h1", "h2"]},
        [
            "jobmanager rest.port 8081 0.0.0.0 users,taskmanagers",
            "jobmanager high-availability.jobmanager.port 6123 0.0.0.0 taskmanagers,jobmanagers",
            "jobmanager blob.server.port 6124 0.0.0.0 taskmanagers,jobmanagers",
            f"jobmanager {QUERY} 6125 0.0.0.0 taskmanagers,jobmanagers",
        ],
    ),
    "a TaskManager with fixed ports on an internal address": (
        {**TASKMANAGER, **FIXED, "flink_bind_address": "10.0.0.5"},
        [
            "taskmanager-1 taskmanager.rpc.port 6201 10.0.0.5 jobmanagers",
            "taskmanager-1 taskmanager.data.port 6301 10.0.0.5 taskmanagers",
            f"taskmanager-1 {QUERY} 6401 10.0.0.5 jobmanagers",
            "taskmanager-1 taskmanager.collect-sink.port random 10.0.0.5 jobmanagers",
        ],
    ),
    "REST on an address of its own, which only the JobManager's host asks": (
        {**JOBMANAGER, **FIXED, "flink_rest_bind_address": "192.168.7.5"},
        [
            "jobmanager rest.port 8081 192.168.7.5 users",
            "jobmanager jobmanager.rpc.port 6123 0.0.0.0 taskmanagers",
            "jobmanager blob.server.port 6124 0.0.0.0 taskmanagers",
            f"jobmanager {QUERY} 6125 0.0.0.0 taskmanagers",
        ],
    ),
    "REST on loopback, which is open to nobody": (
        {**JOBMANAGER, **FIXED, "flink_rest_bind_address": "127.0.0.1"},
        [
            "jobmanager jobmanager.rpc.port 6123 0.0.0.0 taskmanagers",
            "jobmanager blob.server.port 6124 0.0.0.0 taskmanagers",
            f"jobmanager {QUERY} 6125 0.0.0.0 taskmanagers",
        ],
    ),
    "what has no planned memory": (
        UNPLANNED,
        [
            "historyserver historyserver.web.port 8082 0.0.0.0 users",
            "sql-gateway sql-gateway.endpoint.rest.port 8083 0.0.0.0 users",
        ],
    ),
    "a ZooKeeper alone": (
        {**UNPLANNED, "flink_components": ["historyserver"], "flink_zookeeper_hosts": ["h1"]},
        [
            "historyserver historyserver.web.port 8082 0.0.0.0 users",
            "zookeeper clientPort 2181 0.0.0.0 jobmanagers,taskmanagers",
        ],
    ),
    "one of three": (
        {**UNPLANNED, "flink_components": ["historyserver"], "flink_zookeeper_hosts": ["h1", "h2", "h3"]},
        [
            "historyserver historyserver.web.port 8082 0.0.0.0 users",
            "zookeeper clientPort 2181 0.0.0.0 jobmanagers,taskmanagers",
            "zookeeper followers 2888 0.0.0.0 zookeepers",
            "zookeeper election 3888 0.0.0.0 zookeepers",
        ],
    ),
    "what watches a TaskManager, and a release that cannot collect": (
        {
            **TASKMANAGER,
            **FIXED,
            "flink_version": "1.11.6",
            "flink_prometheus_port": 9249,
            "flink_config": {
                **CONFIG,
                "env.java.opts.taskmanager": "-Dcom.sun.management.jmxremote.port=9010",
                "queryable-state.enable": "true",
            },
        },
        [
            "taskmanager-1 taskmanager.rpc.port 6201 0.0.0.0 jobmanagers",
            "taskmanager-1 taskmanager.data.port 6301 0.0.0.0 taskmanagers",
            f"taskmanager-1 {QUERY} 6401 0.0.0.0 jobmanagers",
            "taskmanager-1 metrics.reporter.prom.port 9249 0.0.0.0 prometheus",
            "taskmanager-1 com.sun.management.jmxremote.port 9010 0.0.0.0 users",
            "taskmanager-1 queryable-state.proxy.ports 9069 0.0.0.0 users",
            "taskmanager-1 queryable-state.server.ports 9067 0.0.0.0 taskmanagers",
        ],
    ),
    "a range and one port for results": (
        {
            **TASKMANAGER,
            **FIXED,
            "flink_config": {**CONFIG, "taskmanager": {"rpc.port": "7000-7009", "collect-sink.port": 7010}},
        },
        [
            "taskmanager-1 taskmanager.rpc.port 7000-7009 0.0.0.0 jobmanagers",
            "taskmanager-1 taskmanager.data.port 6301 0.0.0.0 taskmanagers",
            f"taskmanager-1 {QUERY} 6401 0.0.0.0 jobmanagers",
            "taskmanager-1 taskmanager.collect-sink.port 7010 0.0.0.0 jobmanagers",
        ],
    ),
}


@pytest.mark.parametrize(("given", "expected"), PORTS.values(), ids=PORTS)
def test_ports(given: Values, expected: list[str]) -> None:
    of = wanted(given)
    found = open_ports(of, flink_options(of))
    assert sorted(f"{p.process} {p.option} {p.port} {p.address} {','.join(p.sources)}" for p in found) == sorted(
        expected
    )
    assert {port.host for port in found} <= {"h1"}


def rows(given: Values, *hosts: str) -> list[Values]:
    found = []
    for host in hosts:
        of = wanted(given, host)
        found += plain(open_ports(of, flink_options(of)))
    return found


TABLE = """\
h1
  port  from          at             process     for
  8081  users         192.168.7.5    jobmanager  REST and web interface
  6123  TaskManagers  all addresses  jobmanager  calls
  6124  TaskManagers  all addresses  jobmanager  jars and logs
  6125  TaskManagers  all addresses  jobmanager  metrics

JobManagers: h1.
"""
ALIKE = """\
h2, h3
  port    from          at             process        for
  random  JobManagers   all addresses  taskmanager-1  calls
  random  TaskManagers  all addresses  taskmanager-1  data of jobs
  random  JobManagers   all addresses  taskmanager-1  metrics
  random  JobManagers   all addresses  taskmanager-1  results of queries

TaskManagers: h2, h3.
random: another port at each start, which no firewall can tell. Set flink_fixed_ports to true.
results of queries: a port for each query whose result is collected, such as by the SQL client.
From 1.19 on, taskmanager.collect-sink.port makes it one port, for one query at a time on each TaskManager.
"""


def test_a_table() -> None:
    assert port_table(rows({**JOBMANAGER, **FIXED, "flink_rest_bind_address": "192.168.7.5"}, "h1")) == TABLE


def test_the_table_in_the_guide() -> None:
    guide = (Path(__file__).parents[5] / "docs/addresses.md").read_text(encoding="utf-8")
    shown = guide.partition("```text\n")[2].partition("```")[0]
    given = {"flink_jobmanager_hosts": ["flink-1"], "flink_components": ["jobmanager"], **FIXED}
    assert port_table(rows(given, "flink-1")) == shown


def test_the_numbers_in_the_guide() -> None:
    guide = (Path(__file__).parents[5] / "docs/addresses.md").read_text(encoding="utf-8")
    table = guide.partition("| process | port | option |")[2].partition("\n\n")[0]
    told = {
        tuple(re.findall(r"\d{4}", row)[:1]) + tuple(re.findall(r"`([a-z.-]+port)`", row)) for row in table.splitlines()
    }
    both = {**CLUSTER, **FIXED, "flink_components": ["jobmanager", "taskmanager", "historyserver", "sql-gateway"]}
    found = {(row["port"], row["option"]) for row in rows(both, "h1") if row["port"] != "random"}
    assert {pair for pair in found if not any(set(pair) <= set(row) for row in told)} == set()


def test_hosts_that_are_alike() -> None:
    assert port_table(rows(TASKMANAGER, "h2", "h3")) == ALIKE


def test_no_ports() -> None:
    assert port_table([]) == "No port is open to other hosts.\n"


@pytest.mark.parametrize("ports", [None, {}, "a", [1], [{"host": "h1"}], [{**rows(JOBMANAGER, "h1")[0], "port": 1}]])
def test_what_is_no_list_of_ports(ports: object) -> None:
    with pytest.raises(FlinkError, match="expected the ports that deployment_info returns"):
        port_table(ports)
