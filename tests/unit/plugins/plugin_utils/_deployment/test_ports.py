# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.ports import (
    Port,
    health_ports,
    ports,
    shared_ports,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    case,
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

FIXED: Values = {"flink_fixed_ports": True, "flink_components": ["taskmanager"]}
OF_FIRST = [
    ("taskmanager-1 taskmanager.rpc.port", "localhost", 6201),
    ("taskmanager-1 taskmanager.data.port", "localhost", 6301),
    ("taskmanager-1 metrics.internal.query-service.port", "localhost", 6401),
]

# Variables, and the fixed ports where there are to be no random ones.
ALL_FIXED: dict[str, tuple[Values, list[tuple[str, str, int]]]] = {
    "a JobManager": (
        {"flink_components": ["jobmanager"]},
        [
            REST,
            RPC,
            ("jobmanager blob.server.port", "localhost", 6124),
            ("jobmanager metrics.internal.query-service.port", "localhost", 6125),
        ],
    ),
    "one with high availability": (
        {"flink_components": ["jobmanager"], "flink_config": HA, "flink_jobmanager_hosts": ["h1", "h2"]},
        [
            ("jobmanager rest.port", "0.0.0.0", 8081),
            ("jobmanager high-availability.jobmanager.port", "0.0.0.0", 6123),
            ("jobmanager blob.server.port", "0.0.0.0", 6124),
            ("jobmanager metrics.internal.query-service.port", "0.0.0.0", 6125),
        ],
    ),
    "two TaskManagers, each with its own": (
        {"flink_taskmanager_count": 2},
        [*OF_FIRST, *((name.replace("-1", "-2"), host, port + 1) for name, host, port in OF_FIRST)],
    ),
    "ports of the user for all of them": (
        {"flink_config": {**CONFIG, "taskmanager.rpc": {"port": "7000-7009"}, "taskmanager.data.bind-port": 7010}},
        [("taskmanager-1 taskmanager.data.bind-port", "localhost", 7010), OF_FIRST[2]],
    ),
    "a port of the user for one, and a random one": (
        {"flink_taskmanager_configs": [{"taskmanager": {"rpc.port": 7001, "data.port": 0}}]},
        [("taskmanager-1 taskmanager.rpc.port", "localhost", 7001), OF_FIRST[2]],
    ),
    "ports of the user for the JobManager": (
        {"flink_components": ["jobmanager"], "flink_jobmanager_config": {"blob.server.port": "7000-7009"}},
        [REST, RPC, ("jobmanager metrics.internal.query-service.port", "localhost", 6125)],
    ),
}


@pytest.mark.parametrize(("given", "expected"), ALL_FIXED.values(), ids=ALL_FIXED)
def test_no_random_ports(given: Values, expected: list[tuple[str, str, int]]) -> None:
    of = wanted({**FIXED, **given})
    assert ports(of, flink_options(of)) == [Port(*port) for port in expected]


def test_a_process_gets_its_ports() -> None:
    started = case({**FIXED, "flink_taskmanager_count": 2}).environments()["taskmanager-2"]["FLINK_DYNAMIC_ARGS"]
    ports_of_second = ("taskmanager.rpc.port=6202", "taskmanager.data.port=6302")
    assert all(f"-D {port}" in started for port in (*ports_of_second, "metrics.internal.query-service.port=6402"))


def test_more_taskmanagers_than_ports() -> None:
    found = case({**FIXED, "flink_host_memory": "200g", "flink_taskmanager_count": 100}).decide()
    sentence = (
        "flink_fixed_ports: expected at most 99 TaskManagers on a host, for as many there are ports of each kind, got "
        "100. Start fewer with more slots each, or set it to false."
    )
    assert found.objections == (sentence,)


PROMETHEUS = "org.apache.flink.metrics.prometheus.PrometheusReporter"
DEBUGGER = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005"

# Options of a TaskManager that can be watched, and its ports besides.
WATCHED: dict[str, tuple[Values, list[tuple[str, str, int]]]] = {
    "Prometheus": (
        {"metrics.reporter.prom.factory.class": f"{PROMETHEUS}Factory", "metrics.reporter.prom.port": 9250},
        [("metrics.reporter.prom.port", "0.0.0.0", 9250)],
    ),
    "Prometheus on its usual port": (
        {"metrics.reporter.prom.factory.class": f"{PROMETHEUS}Factory"},
        [("metrics.reporter.prom.port", "0.0.0.0", 9249)],
    ),
    "Prometheus on a range": (
        {"metrics.reporter.prom.factory.class": f"{PROMETHEUS}Factory", "metrics.reporter.prom.port": "9250-9260"},
        [],
    ),
    "a reporter by its class, of which 2.3 makes none": ({"metrics.reporter.prom.class": PROMETHEUS}, []),
    "the class of a reporter for that of its factory": ({"metrics.reporter.prom.factory.class": PROMETHEUS}, []),
    "a reporter that is not chosen": (
        {"metrics.reporters": "jmx", "metrics.reporter.prom.factory.class": f"{PROMETHEUS}Factory"},
        [],
    ),
    "reporters that push": (
        {
            "metrics.reporter.push.factory.class": f"{PROMETHEUS[:-8]}PushGatewayReporterFactory",
            "metrics.reporter.push.port": 9091,
        },
        [],
    ),
    "JMX of Flink": ({"jmx.server.port": 8789}, [("jmx.server.port", "0.0.0.0", 8789)]),
    "a reporter of JMX": (
        {
            "metrics.reporter.jmx.factory.class": "org.apache.flink.metrics.jmx.JMXReporterFactory",
            "metrics.reporter.jmx.port": 8790,
        },
        [("metrics.reporter.jmx.port", "0.0.0.0", 8790)],
    ),
    "the one without a port": (
        {"metrics.reporter.jmx.factory.class": "org.apache.flink.metrics.jmx.JMXReporterFactory"},
        [],
    ),
    "metrics between the processes": (
        {"metrics.internal.query-service.port": 50200},
        [("metrics.internal.query-service.port", "localhost", 50200)],
    ),
    "JMX of Java": (
        {"env.java.opts.taskmanager": "-Dcom.sun.management.jmxremote.port=9010"},
        [("com.sun.management.jmxremote.port", "0.0.0.0", 9010)],
    ),
    "a debugger": ({"env.java.opts.all": DEBUGGER}, [("agentlib:jdwp", "0.0.0.0", 5005)]),
    "a debugger of this host": (
        {"env.java.opts.all": DEBUGGER.replace("*", "localhost")},
        [("agentlib:jdwp", "localhost", 5005)],
    ),
    "a debugger that is called": ({"env.java.opts.all": DEBUGGER.replace("server=y", "server=n")}, []),
    "an agent of Prometheus": (
        {"env.java.opts.all": "-javaagent:/opt/jmx_prometheus_javaagent.jar=9404:/etc/jmx.yml"},
        [("javaagent:/opt/jmx_prometheus_javaagent.jar", "0.0.0.0", 9404)],
    ),
    "Jolokia": (
        {"env.java.opts.all": "-javaagent:/opt/jolokia-agent.jar=host=0.0.0.0,port=8778"},
        [("javaagent:/opt/jolokia-agent.jar", "0.0.0.0", 8778)],
    ),
    "the options of another process": ({"env.java.opts.jobmanager": DEBUGGER}, []),
}


@pytest.mark.parametrize(("options", "expected"), WATCHED.values(), ids=WATCHED)
def test_ports_of_what_watches(options: Values, expected: list[tuple[str, str, int]]) -> None:
    found = asked({"flink_components": ["taskmanager"], "flink_config": {**CONFIG, **options}})
    assert found == [(f"taskmanager-1 {name}", host, port) for name, host, port in expected]


PROM = "metrics.reporter.prom"
# Options, and what is said of a host with a JobManager and two TaskManagers.
SHARED: dict[str, tuple[Values, str | None]] = {
    "one port for all reporters": (
        {f"{PROM}.factory.class": f"{PROMETHEUS}Factory"},
        (
            f"Port 9249: expected for one process of this host, got jobmanager {PROM}.port and taskmanager-1 "
            f"{PROM}.port and taskmanager-2 {PROM}.port. Set each to a port of its own, or all a "
            "range such as 9249-9251."
        ),
    ),
    "a range for all": ({f"{PROM}.factory.class": f"{PROMETHEUS}Factory", f"{PROM}.port": "9249-9251"}, None),
    "a range that is too short": (
        {f"{PROM}.factory.class": f"{PROMETHEUS}Factory", f"{PROM}.port": "9249,9250"},
        (
            f"{PROM}.port: expected a port for each of jobmanager, taskmanager-1, taskmanager-2, got 9249,9250, which "
            "is 2. Widen the range."
        ),
    ),
    "a debugger for all": (
        {"env.java.opts.taskmanager": DEBUGGER},
        (
            "Port 5005: expected for one process of this host, got taskmanager-1 agentlib:jdwp and taskmanager-2 "
            "agentlib:jdwp. Set each to a port of its own, of a TaskManager by its JVM options in "
            "flink_taskmanager_configs."
        ),
    ),
    "several ports where one is read": (
        {"rest.port": "8081-8082"},
        (
            "rest.port: expected one port, got 8081-8082 for jobmanager. Give each process its own, or set 0 for any "
            "free one."
        ),
    ),
    "several ports where several are read": ({"rest.bind-port": "8081-8082", "taskmanager.rpc.port": "1-9"}, None),
    "no port": (
        {"rest.bind-port": "many"},
        (
            "rest.bind-port: expected a port from 0 to 65535, or several such as 8081,9000-9010, got 'many' for "
            "jobmanager. Correct it."
        ),
    ),
    "a port beyond all": (
        {"metrics.internal.query-service.port": 99999},
        (
            "metrics.internal.query-service.port: expected a port from 0 to 65535, or several such as 8081,9000-9010, "
            "got '99999' for jobmanager, taskmanager-1, taskmanager-2. Correct it."
        ),
    ),
    "a port beyond all where one is read": (
        {"rest.port": 99999},
        "rest.port: expected a port from 0 to 65535, got '99999' for jobmanager. Correct it.",
    ),
    "a range from high to low": (
        {"rest.port": 9010, "rest.bind-port": "9010-9000"},
        (
            "rest.bind-port: expected a port from 0 to 65535, or several such as 8081,9000-9010, got '9010-9000' for "
            "jobmanager. Correct it."
        ),
    ),
    "any free port where all ask": (
        {"rest.port": 0},
        (
            "rest.port: expected the port by which the cluster is asked, got 0, with which Flink takes any free one. "
            "Set a port such as 8081, or flink_rest_url."
        ),
    ),
    "another port than all ask": (
        {"rest.bind-port": 9000},
        (
            "rest.port: expected the port by which the cluster is asked, as rest.bind-port is 9000, got none, which is "
            "8081, where nothing listens. Set rest.port too, or flink_rest_url."
        ),
    ),
    "a range without the port that all ask": (
        {"rest.bind-port": "9000-9010"},
        (
            "rest.port: expected the port by which the cluster is asked, as rest.bind-port is 9000-9010, got none, "
            "which is 8081, where nothing listens. Set rest.port too, or flink_rest_url."
        ),
    ),
    "a port that is forwarded": ({"rest.port": 443, "rest.bind-port": 8443}, None),
    "any free port of the JobManager": (
        {"jobmanager.rpc.port": 0},
        (
            "jobmanager.rpc.port: expected the port by which TaskManagers find the JobManager, got 0, which they "
            "refuse. Set a port such as 6123, or remove it."
        ),
    ),
    "JMX with both parts on one port of the JobManager": (
        {
            "env.java.opts.jobmanager": (
                "-Dcom.sun.management.jmxremote.rmi.port=9999 -Dcom.sun.management.jmxremote.port=9999"
            )
        },
        None,
    ),
    "JMX of two TaskManagers": (
        {"env.java.opts.taskmanager": "-Dcom.sun.management.jmxremote.port=9999"},
        (
            "Port 9999: expected for one process of this host, got taskmanager-1 com.sun.management.jmxremote.port and "
            "taskmanager-2 com.sun.management.jmxremote.port. Set each to a port of its own, of a TaskManager by its "
            "JVM options in flink_taskmanager_configs."
        ),
    ),
}


@pytest.mark.parametrize(("options", "sentence"), SHARED.values(), ids=SHARED)
def test_ports_that_processes_cannot_share(options: Values, sentence: str | None) -> None:
    given = {"flink_taskmanager_count": 2, "flink_config": {**CONFIG, **options}}
    found = case(given).decide()
    assert list(found.objections) == ([] if sentence is None else [sentence])


# Values of a port, and of a range of ports, that Flink does not read.
NO_PORTS: tuple[object, ...] = (-1, "abc", "", 8081.0, True, "9000-", "9000:9010", 65536)
# The same of ranges, with whether releases before 1.19 do.
RANGES = {"9010-9000": False, "9000-9000": True, "8081 - 8083": False, "8081,,8082": False, "10-99999": False}


@pytest.mark.parametrize("value", NO_PORTS)
@pytest.mark.parametrize("option", ["rest.port", "jobmanager.rpc.port", "taskmanager.data.port", "blob.server.port"])
def test_what_is_no_port(option: str, value: object) -> None:
    (objection,) = case({"flink_config": {**CONFIG, option: value}}).decide().objections
    assert objection.startswith(f"{option}: expected a port from 0 to 65535")


@pytest.mark.parametrize(("text", "is_older"), RANGES.items())
def test_what_is_no_range(text: str, is_older: bool) -> None:
    config = {**CONFIG, "taskmanager.rpc.port": text}
    for version, is_read in (("2.3.0", False), ("1.19.3", False), ("1.18.1", is_older)):
        found = case({"flink_version": version, "flink_config": config}).decide().objections
        assert [": expected a port from 0 to" in objection for objection in found] == [True] * (not is_read)


@pytest.mark.parametrize("text", ["7081", "7081,", "7081, 7082", "+7081", "0", "0-10", "65535"])
def test_what_is_a_range(text: str) -> None:
    found = case({"flink_config": {**CONFIG, "taskmanager.rpc.port": text}}).decide()
    assert found.objections == ()


@pytest.mark.parametrize("options", [{"rest.port": 0}, {"rest.bind-port": 9000}])
def test_a_port_that_is_asked_by_another_address(options: Values) -> None:
    given = {"flink_config": {**CONFIG, **options}, "flink_rest_url": "https://proxy"}
    assert case(given).decide().objections == ()


def test_any_free_port_with_high_availability() -> None:
    config = {**HA, "high-availability.cluster-id": "a", "jobmanager.rpc.port": 0}
    assert case({"flink_config": config, "flink_jobmanager_hosts": ["h1"]}).decide().objections == ()


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


UNASKED = [("historyserver", 8082), ("sql-gateway", 8083)]
URL: Values = {"flink_rest_url": "https://flink.example.org"}

# Variables, and the ports that tell the health of what the cluster says nothing of.
HEALTH: dict[str, tuple[Values, list[tuple[str, int]]]] = {
    "a JobManager that is asked": ({}, UNASKED),
    "a JobManager that answers at a URL": (URL, UNASKED),
    "JobManagers that are each asked": ({"flink_config": HA}, UNASKED),
    "JobManagers of which any answers at a URL": ({**URL, "flink_config": HA}, [("jobmanager", 8081), *UNASKED]),
    "one of them at another port": (
        {**URL, "flink_config": {**HA, "rest.port": 443, "rest.bind-port": 8443, "jmx.server.port": 9999}},
        [("jobmanager", 8443), *UNASKED],
    ),
    "one of them with a choice of ports": ({**URL, "flink_config": {**HA, "rest.bind-port": "8081-8090"}}, UNASKED),
}


@pytest.mark.parametrize(("given", "expected"), HEALTH.values(), ids=HEALTH)
def test_ports_that_tell_the_health(given: Values, expected: list[tuple[str, int]]) -> None:
    given = {**given, "flink_components": ALL}
    of = wanted(given)
    found = health_ports(of, flink_options(of), asked(given))
    assert [(port.process, port.port) for port in found] == expected


def test_an_address_that_is_a_list_is_no_crash() -> None:
    assert case({"flink_config": {**CONFIG, "rest.bind-address": ["10.0.0.1"]}}).decide().objections == ()
