# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    case,
)

SHIPPED: Values = {
    **CONFIG,
    "jobmanager": {"bind-host": "localhost", "rpc": {"address": "localhost"}},
    "taskmanager": {"bind-host": "localhost", "host": "localhost"},
    "rest": {"address": "localhost"},
}
NAMED: Values = {**HA, "high-availability.cluster-id": "a"}
ONE: Values = {"flink_jobmanager_hosts": ["h1"], "flink_taskmanager_hosts": ["h1"]}
TWO: Values = {"flink_jobmanager_hosts": ["h1"], "flink_taskmanager_hosts": ["h1", "h2"]}
NO_LIST: Values = {"flink_jobmanager_hosts": ["h1"]}
ITSELF: Values = {"loopback_names": ["h1"]}
UNKNOWN = "Name or service not known"


def only_here(keys: str, got: str = "localhost") -> str:
    return (
        f"{keys}: expected an address that other hosts reach, as flink_jobmanager_hosts is h1, got {got}. Remove it, "
        "and the role sets it."
    )


def only_for_themselves(got: str) -> str:
    return (
        f"flink_jobmanager_hosts: expected addresses by which every host reaches the JobManagers, got {got}, by which "
        "each host reaches itself. Name them as in the inventory."
    )


def no_host_name(option: str, name: str) -> str:
    return (
        f"{option}: expected a host name of letters, digits, '-' and '.', got {name}, which Flink refuses. Use another "
        "name of the host, or its address."
    )


def unresolved(problems: str) -> str:
    return (
        f"high-availability.zookeeper.quorum: expected names that this host can resolve, got {problems}. Correct the "
        "name, or make it known to the host."
    )


LOOPBACK = (
    "flink_jobmanager_hosts: expected names that lead to a host over the network, got h1, a loopback address on this "
    "host: its TaskManagers would tell it to others, who reach only themselves by it. Give the name its real address "
    "in /etc/hosts, or set taskmanager.host of this host to that address."
)

EVERYWHERE: Values = {**CONFIG, "jobmanager.rpc.address": "0.0.0.0", "taskmanager.host": "::"}

# Variables, what is different on the host, objections and advice.
SITUATIONS: dict[str, tuple[Values, Values, tuple[str, ...], tuple[str, ...]]] = {
    "the shipped file on one host": ({"flink_config": SHIPPED}, {}, (), ()),
    "the shipped file for several hosts": (
        {**TWO, "flink_config": SHIPPED},
        {},
        (
            only_here(
                "jobmanager.rpc.address, jobmanager.bind-host, taskmanager.host, taskmanager.bind-host, rest.address"
            ),
        ),
        (),
    ),
    "one TaskManager that only this host reaches": (
        {**TWO, "flink_taskmanager_configs": [{"taskmanager.bind-host": "localhost"}]},
        {},
        (only_here("taskmanager.bind-host"),),
        (),
    ),
    "REST for this host alone": (
        {**TWO, "flink_config": {**CONFIG, "rest.bind-address": "localhost"}},
        {},
        (only_here("rest.bind-address"),),
        (),
    ),
    "REST behind a proxy on the host": (
        {**TWO, "flink_config": {**CONFIG, "rest.bind-address": "localhost"}, "flink_rest_url": "https://proxy"},
        {},
        (),
        (),
    ),
    "a JobManager whose name has an underscore": (
        {**TWO, "flink_jobmanager_hosts": ["job_manager"]},
        {},
        (no_host_name("flink_jobmanager_hosts", "job_manager"),),
        (),
    ),
    "a TaskManager whose name has one": (
        {**TWO, "flink_config": {**CONFIG, "taskmanager.host": "my_host"}},
        {},
        (no_host_name("taskmanager.host", "my_host"),),
        (),
    ),
    "an address that means all, for several hosts": (
        {**TWO, "flink_config": EVERYWHERE},
        {},
        (only_here("jobmanager.rpc.address, taskmanager.host", "0.0.0.0, ::"),),
        (),
    ),
    "the same where a TaskManager is on another host than the JobManager": (
        {"flink_jobmanager_hosts": ["h1"], "flink_taskmanager_hosts": ["h2"], "flink_config": EVERYWHERE},
        {},
        (only_here("jobmanager.rpc.address, taskmanager.host", "0.0.0.0, ::"),),
        (),
    ),
    "the same on one host": ({**ONE, "flink_config": {**CONFIG, "taskmanager.host": "0.0.0.0"}}, {}, (), ()),
    "an address that means all to listen on": (
        {**TWO, "flink_config": {**CONFIG, "taskmanager.bind-host": "0.0.0.0", "rest.bind-address": "::"}},
        {},
        (),
        (),
    ),
    "JobManagers by an address that means all": (
        {**TWO, "flink_jobmanager_hosts": ["0.0.0.0"]},
        {},
        (only_for_themselves("0.0.0.0"),),
        (),
    ),
    "JobManagers by a loopback address of Debian": (
        {**TWO, "flink_jobmanager_hosts": ["127.0.1.1"]},
        {},
        (only_for_themselves("127.0.1.1"),),
        (),
    ),
    "JobManagers on the host itself, of several": (
        {**TWO, "flink_jobmanager_hosts": ["localhost"]},
        {},
        (only_for_themselves("localhost"),),
        (),
    ),
    "JobManagers by a loopback address on one host": ({**ONE, "flink_jobmanager_hosts": ["127.0.1.1"]}, {}, (), ()),
    "a name that is a loopback address, for several hosts": (TWO, ITSELF, (LOOPBACK,), ()),
    "the same on the only host": (ONE, ITSELF, (), ()),
    "the same where it is not told which hosts there are": (NO_LIST, ITSELF, (), (LOOPBACK,)),
    "the same without a TaskManager": ({**TWO, "flink_components": ["jobmanager"]}, ITSELF, (), ()),
    "the same with an address of the TaskManager": (
        {**TWO, "flink_config": {**CONFIG, "taskmanager.host": "10.0.0.5"}},
        ITSELF,
        (),
        (),
    ),
    "a quorum that is unknown": (
        {**ONE, "flink_config": NAMED},
        {"unresolved_names": {"zk": UNKNOWN}},
        (unresolved(f"zk ({UNKNOWN})"),),
        (),
    ),
    "a quorum of which a part is unknown": (
        {**ONE, "flink_config": {**NAMED, "high-availability.zookeeper.quorum": "zk1:2181,zk2:2181"}},
        {"unresolved_names": {"zk2": UNKNOWN}},
        (),
        (unresolved(f"zk2 ({UNKNOWN})"),),
    ),
}


@pytest.mark.parametrize(("given", "different", "objections", "advice"), SITUATIONS.values(), ids=SITUATIONS)
def test_addresses(given: Values, different: Values, objections: tuple[str, ...], advice: tuple[str, ...]) -> None:
    found = case(given, different).decide()
    assert (found.objections, tuple(line for line in found.advice if ": expected" in line)) == (objections, advice)


@pytest.mark.parametrize(
    "name",
    [
        *("localhost.localdomain", "localhost4", "LocalHost6", "ip6-localhost", "ip6-loopback", " localhost"),
        *("127.1", "127.0.1", "127.0.0.2", "::1", "[::1]", "0:0:0:0:0:0:0:1"),
    ],
)
def test_names_that_every_host_gives_itself(name: str) -> None:
    found = case({**TWO, "flink_config": {**CONFIG, "taskmanager.bind-host": name}}).decide()
    assert found.objections == (only_here("taskmanager.bind-host", name),)


@pytest.mark.parametrize("name", ["h1", "h1.example.org", "10.0.0.5", "fd00::1", "[fd00::1]", " h1 ", "localhosts"])
def test_names_that_flink_takes(name: str) -> None:
    assert case({**TWO, "flink_config": {**CONFIG, "taskmanager.host": name}}).decide().objections == ()


NOT_ONE_WORD = ("-oProxyCommand=x", "-h1", "h1\nh2", "fe80::1%eth0\nh2", "fe80::1%eth0; }", "\x1b[2J")


@pytest.mark.parametrize(
    "name", ["h1:6123", "http://h1", "h1,h2", "h1 h2", "h1.", ".h1", "h1/x", "[h1]", "h\xe4", *NOT_ONE_WORD]
)
@pytest.mark.parametrize("option", ["jobmanager.rpc.address", "taskmanager.host"])
def test_names_that_flink_does_not_take(option: str, name: str) -> None:
    found = case({**TWO, "flink_config": {**CONFIG, option: name}}).decide()
    assert found.objections == (no_host_name(option, name if name.isprintable() else quoted(name)),)


def test_no_name_at_all() -> None:
    found = case({**TWO, "flink_config": {**CONFIG, "taskmanager.host": ""}}).decide()
    assert found.objections == (no_host_name("taskmanager.host", "''"),)


@pytest.mark.parametrize("name", ["h1", "h_1", "10.0.0.5", "fe80::1%eth0", "[fd00::1]"])
def test_lines_of_workers(name: str) -> None:
    assert case({**TWO, "flink_taskmanager_hosts": ["h1", name]}).decide().objections == ()


@pytest.mark.parametrize("name", ["", "h1 h2", *NOT_ONE_WORD])
def test_what_would_be_more_than_a_word_for_ssh(name: str) -> None:
    (sentence,) = case({**TWO, "flink_taskmanager_hosts": ["h1", name]}).decide().objections
    assert sentence == (
        f"flink_taskmanager_hosts: expected names or addresses of hosts, one word each, got {quoted(name)}. Correct "
        "them."
    )
