# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.firewall import Firewall, firewalls, remains
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.templates import render
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    STOPPED,
    Values,
    case,
    wanted,
)

CLUSTER: Values = {
    "flink_jobmanager_hosts": ["h1"],
    "flink_taskmanager_hosts": ["h2", "h3"],
    "flink_fixed_ports": True,
    "flink_firewall": "nftables",
    "flink_firewall_sources": ["192.168.7.0/24", "fd00:7::/64"],
}
JOBMANAGER: Values = {**CLUSTER, "flink_components": ["jobmanager"]}
TASKMANAGER: Values = {**CLUSTER, "flink_components": ["taskmanager"]}
FIREWALLD: Values = {**TASKMANAGER, "flink_firewall": "firewalld"}
KNOWN: Values = {
    "resolved_names": {"h1": ["127.0.1.1", "10.0.0.1", "fd00::1"], "h2": ["10.0.0.2"], "h3": ["10.0.0.3", "fd00::3"]}
}


def every(given: Values, different: Values | None = None, bound: dict[str, str] | None = None) -> tuple[Firewall, ...]:
    found = case(given, {**KNOWN, **(different or {})})
    text = functools.partial(render, ansible_managed="x")
    return firewalls(found.wanted, flink_options(found.wanted), found.host, bound or {}, text)


def of(given: Values, bound: dict[str, str] | None = None) -> Firewall:
    (found,) = every(given, bound=bound)
    return found


def rules(given: Values, bound: dict[str, str] | None = None) -> list[str]:
    """The lines of the chain that are about ports."""
    return [line.strip() for line in of(given, bound=bound).rules.splitlines() if "tcp dport" in line]


# Variables, addresses on which other hosts listen, and the rules.
RULES: dict[str, tuple[Values, dict[str, str], list[str]]] = {
    "a JobManager": (
        JOBMANAGER,
        {},
        [
            "ip saddr { 10.0.0.2/31, 192.168.7.0/24 } tcp dport { 8081 } accept",
            "ip6 saddr { fd00::3, fd00:7::/64 } tcp dport { 8081 } accept",
            "ip saddr { 10.0.0.2/31 } tcp dport { 6123-6125 } accept",
            "ip6 saddr { fd00::3 } tcp dport { 6123-6125 } accept",
            "tcp dport { 6123-6125, 8081 } drop",
        ],
    ),
    "one that only its own host asks, on an address of its own": (
        {**JOBMANAGER, "flink_rest_bind_address": "192.168.7.5"},
        {},
        [
            "ip saddr { 192.168.7.0/24 } tcp dport { 8081 } accept",
            "ip6 saddr { fd00:7::/64 } tcp dport { 8081 } accept",
            "ip saddr { 10.0.0.2/31 } tcp dport { 6123-6125 } accept",
            "ip6 saddr { fd00::3 } tcp dport { 6123-6125 } accept",
            "tcp dport { 6123-6125, 8081 } drop",
        ],
    ),
    "one on loopback, to which nobody has to be let through": (
        {**JOBMANAGER, "flink_rest_bind_address": "127.0.0.1"},
        {},
        [
            "ip saddr { 10.0.0.2/31 } tcp dport { 6123-6125 } accept",
            "ip6 saddr { fd00::3 } tcp dport { 6123-6125 } accept",
            "tcp dport { 6123-6125 } drop",
        ],
    ),
    "a TaskManager, whose JobManager's name leads to loopback too": (
        TASKMANAGER,
        {},
        [
            "ip saddr { 10.0.0.1 } tcp dport { 6201, 6401 } accept",
            "ip6 saddr { fd00::1 } tcp dport { 6201, 6401 } accept",
            "ip saddr { 10.0.0.2/31 } tcp dport { 6301 } accept",
            "ip6 saddr { fd00::3 } tcp dport { 6301 } accept",
            "tcp dport { 6201, 6301, 6401 } drop",
        ],
    ),
    "hosts that come from another address, or from a network": (
        {**TASKMANAGER, "flink_firewall_cluster": ["10.1.0.0/16"]},
        {"h1": "172.16.0.1", "h2": "inner"},
        [
            "ip saddr { 10.0.0.1, 10.1.0.0/16, 172.16.0.1 } tcp dport { 6201, 6401 } accept",
            "ip6 saddr { fd00::1 } tcp dport { 6201, 6401 } accept",
            "ip saddr { 10.0.0.2/31, 10.1.0.0/16 } tcp dport { 6301 } accept",
            "ip6 saddr { fd00::3 } tcp dport { 6301 } accept",
            "tcp dport { 6201, 6301, 6401 } drop",
        ],
    ),
    "nobody for whom metrics are": (
        {**TASKMANAGER, "flink_firewall_sources": [], "flink_taskmanager_count": 2, "flink_prometheus_port": 9249},
        {},
        [
            "ip saddr { 10.0.0.1 } tcp dport { 6201-6202, 6401-6402 } accept",
            "ip6 saddr { fd00::1 } tcp dport { 6201-6202, 6401-6402 } accept",
            "ip saddr { 10.0.0.2/31 } tcp dport { 6301-6302 } accept",
            "ip6 saddr { fd00::3 } tcp dport { 6301-6302 } accept",
            "tcp dport { 6201-6202, 6301-6302, 6401-6402, 9249-9250 } drop",
        ],
    ),
}


@pytest.mark.parametrize(("given", "bound", "expected"), RULES.values(), ids=RULES)
def test_rules(given: Values, bound: dict[str, str], expected: list[str]) -> None:
    assert rules(given, bound) == expected


def test_files_of_nftables() -> None:
    found = of({**TASKMANAGER, "flink_service_name": "orders"})
    assert (found.kind, found.table, found.unit) == ("nftables", "flink-orders", "orders-firewall.service")
    assert [(file.path, file.content == found.rules) for file in found.files] == [
        ("/etc/flink/firewall.nft", True),
        ("/etc/systemd/system/orders-firewall.service", False),
    ]
    assert "ExecStart=/usr/sbin/nft -f /etc/flink/firewall.nft\n" in (found.files[1].content or "")


@pytest.mark.parametrize(("conf_dir", "home"), [("/etc/flink", "true"), ("/home/flink/conf", "read-only")])
def test_its_unit_sees_the_rules(conf_dir: str, home: str) -> None:
    found = of({**TASKMANAGER, "flink_conf_dir": conf_dir})
    assert f"\nProtectHome={home}\n" in (found.files[1].content or "")


def test_the_file_of_firewalld() -> None:
    found = of(FIREWALLD)
    assert (found.kind, found.rules, [file.path for file in found.files]) == (
        *("firewalld", ""),
        ["/etc/firewalld/policies/flink.xml"],
    )
    policy = ET.fromstring((found.files[0].content or "").encode())
    said = [
        (
            int(rule.attrib["priority"]),
            rule[0].attrib.get("address", "any"),
            rule.find("port").attrib["port"],  # type: ignore[union-attr]
            rule[-1].tag,
        )
        for rule in policy.iter("rule")
    ]
    assert said == [
        *((-100, "10.0.0.1", port, "accept") for port in ("6201", "6401")),
        *((-100, "fd00::1", port, "accept") for port in ("6201", "6401")),
        *((-100, address, "6301", "accept") for address in ("10.0.0.2/31", "fd00::3")),
        *((100, "any", port, "drop") for port in ("6201", "6301", "6401")),
    ]


RULES_THERE: Values = {"/etc/flink": ["config.yaml", "firewall.nft"]}
POLICY_THERE: Values = {"/etc/firewalld/policies": ["flink.xml", "libvirt.xml"]}
# Files that are there, and what of them goes where no firewall is wanted.
REMAINS: dict[str, tuple[Values, dict[str, list[str]]]] = {
    "nothing": ({}, {}),
    "rules of nftables": (
        RULES_THERE,
        {"nftables": ["/etc/flink/firewall.nft", "/etc/systemd/system/flink-firewall.service"]},
    ),
    "a policy of firewalld, and one of somebody else": (
        POLICY_THERE,
        {"firewalld": ["/etc/firewalld/policies/flink.xml"]},
    ),
}


@pytest.mark.parametrize(("there", "paths"), REMAINS.values(), ids=REMAINS)
def test_what_is_left_of_a_firewall(there: Values, paths: dict[str, list[str]]) -> None:
    found = list(remains(wanted(), there))
    assert {left.kind: [file.path for file in left.files] for left in found} == paths
    assert all(left.removes and file.state == "absent" for left in found for file in left.files)


# What is wanted, and what is done in which order where both kinds are there.
KINDS: dict[str, list[tuple[str, bool]]] = {
    "none": [("nftables", True), ("firewalld", True)],
    "nftables": [("nftables", False), ("firewalld", True)],
    "firewalld": [("firewalld", False), ("nftables", True)],
}


@pytest.mark.parametrize(("kind", "done"), KINDS.items())
def test_another_kind_goes_once_the_wanted_one_is_loaded(kind: str, done: list[tuple[str, bool]]) -> None:
    found = every({**TASKMANAGER, "flink_firewall": kind}, {"files": {**RULES_THERE, **POLICY_THERE}})
    assert [(one.kind, one.removes) for one in found] == done


def expected(what: str, got: str, remedy: str, variable: str = "flink_firewall") -> str:
    return f"{variable}: expected {what}, got {got}. {remedy}."


NETWORKS = "addresses and networks such as 10.0.0.0/24"
# Variables, what is different on the host, and the objections.
OBJECTIONS: dict[str, tuple[Values, Values, tuple[str, ...]]] = {
    "none": (TASKMANAGER, {}, ()),
    "random ports": (
        {**TASKMANAGER, "flink_fixed_ports": False, "flink_config": {**CONFIG, "taskmanager.data.port": 7000}},
        {},
        (
            expected(
                "ports that a firewall can tell",
                "random ones for taskmanager.rpc.port, metrics.internal.query-service.port",
                "Set flink_fixed_ports to true, and none of these options to 0",
            ),
        ),
    ),
    "a host without the program": (
        TASKMANAGER,
        {"programs": {"nft": None}},
        (expected("nft on the host", "none", "Install nftables, or set it to none"),),
    ),
    "a host without the other program": (
        FIREWALLD,
        {"programs": {"firewall-cmd": None}},
        (expected("firewall-cmd on the host", "none", "Install firewalld, or set it to none"),),
    ),
    "a firewalld that does not run": (
        FIREWALLD,
        {"processes": {"taskmanager-1": STOPPED, "firewalld": STOPPED}},
        (
            expected(
                "firewalld to run on the host",
                "stopped",
                "Start it with systemctl enable --now firewalld, or set flink_firewall to nftables or none",
            ),
        ),
    ),
    "a firewalld that runs": (
        FIREWALLD,
        {"processes": {"taskmanager-1": STOPPED, "firewalld": {**STOPPED, "state": "running"}}},
        (),
    ),
    "a name that firewalld does not take": (
        {**FIREWALLD, "flink_service_name": "clickstreams2"},
        {},
        (
            expected(
                "at most 12 characters, as firewalld takes no policy with a longer name",
                "clickstreams2",
                "Shorten it, or set flink_firewall to nftables",
                "flink_service_name",
            ),
        ),
    ),
    "the longest name that it takes": ({**FIREWALLD, "flink_service_name": "clickstreams"}, {}, ()),
    "launchers": (
        {**TASKMANAGER, "flink_service_manager": "launcher"},
        {},
        (expected("root and systemd on the host", "no systemd", "Set become to true, or flink_firewall to none"),),
    ),
    "a name that is unknown": (
        TASKMANAGER,
        {"unresolved_names": {"h3": "Name or service not known"}},
        (
            expected(
                "names of hosts that this one resolves",
                "h3",
                "Make them known to the host, for example in /etc/hosts",
            ),
        ),
    ),
    "hosts that nobody has named": (
        {**TASKMANAGER, "flink_taskmanager_hosts": []},
        {},
        (
            expected(
                "to know the hosts of the cluster",
                "none in flink_taskmanager_hosts",
                "Name them there, or their networks in flink_firewall_cluster",
            ),
        ),
    ),
    "their network": ({**TASKMANAGER, "flink_taskmanager_hosts": [], "flink_firewall_cluster": ["10.0.0.0/8"]}, {}, ()),
    "what is no network": (
        {
            **TASKMANAGER,
            "flink_firewall_sources": ["10.0.0.0/33", "vpn.example.org"],
            "flink_firewall_cluster": ["", "fe80::1%a } accept"],
        },
        {},
        (
            expected(NETWORKS, "'', 'fe80::1%a } accept'", "Correct it", "flink_firewall_cluster"),
            expected(NETWORKS, "'10.0.0.0/33', 'vpn.example.org'", "Correct it", "flink_firewall_sources"),
        ),
    ),
}


@pytest.mark.parametrize(("given", "different", "sentences"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_objections(given: Values, different: Values, sentences: tuple[str, ...]) -> None:
    assert case(given, {**KNOWN, **different}).decide().objections == sentences


def test_a_user_without_root() -> None:
    found = (
        case({**TASKMANAGER, "flink_user": None}, {**KNOWN, "ansible_user": {"name": "ops", "uid": 1000}})
        .decide()
        .objections
    )
    assert any(
        sentence.startswith("flink_firewall: expected root and systemd on the host, got ops.") for sentence in found
    )


# Variables, and the advice.
ADVICE: dict[str, tuple[Values, list[str]]] = {
    "what stays open of nftables": (
        TASKMANAGER,
        [
            (
                "flink_firewall: the random port by which the JobManager collects the result of a query stays open to "
                "anybody. See docs/addresses.md."
            )
        ],
    ),
    "what firewalld closes": (
        FIREWALLD,
        [
            (
                "flink_firewall: the random port by which the JobManager collects the result of a query is closed "
                "where firewalld lets none through. See docs/addresses.md."
            )
        ],
    ),
    "nobody to use what is there": (
        {**JOBMANAGER, "flink_firewall_sources": []},
        [
            (
                "flink_firewall_sources: no user, and no Prometheus, gets through to jobmanager 8081, as no network is "
                "named. Name the networks that they come from, if there are any."
            )
        ],
    ),
    "ports that the host takes for its own connections": (
        {**JOBMANAGER, "flink_config": {**CONFIG, "rest.bind-port": "32768", "blob.server.port": "50100-50200"}},
        [
            (
                "flink_firewall: blob.server.port, rest.bind-port: Linux takes ports from 32768 on for connections "
                "of the host to others, which hang where the firewall drops the answers. Choose ports below."
            )
        ],
    ),
    "none": ({**JOBMANAGER, "flink_firewall": "none"}, []),
}


@pytest.mark.parametrize(("given", "sentences"), ADVICE.values(), ids=ADVICE)
def test_advice(given: Values, sentences: list[str]) -> None:
    found = case(given, KNOWN).decide().advice
    assert [sentence for sentence in found if sentence.startswith("flink_firewall")] == sentences


@pytest.mark.parametrize(("kind", "told"), [("none", True), ("nftables", False)])
def test_what_is_open_is_told_only_where_nobody_has_chosen_for_whom(kind: str, told: bool) -> None:
    found = case({**JOBMANAGER, "flink_firewall": kind}, KNOWN).decide().advice
    assert any("gets in without a password" in sentence for sentence in found) == told
