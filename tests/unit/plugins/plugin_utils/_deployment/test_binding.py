# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.binding import Asking, asking
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    case,
    wanted,
)

CLUSTER: Values = {"flink_jobmanager_hosts": ["h1"], "flink_taskmanager_hosts": ["h1", "h2"]}
WORKER: Values = {**CLUSTER, "flink_jobmanager_hosts": ["j1"], "flink_components": ["taskmanager"]}
SEVERAL: Values = {**CLUSTER, "flink_jobmanager_hosts": ["h1", "h2"], "flink_config": HA}
INNER: Values = {"flink_bind_address": "10.0.0.5"}
HOST = "10.0.0.5, 127.0.0.1, 192.168.7.5, ::1, fd00::5"

# Variables, and those of Flink's options for addresses that are not the usual ones of a cluster of several hosts.
OPTIONS: dict[str, tuple[Values, Values]] = {
    "none": (CLUSTER, {}),
    "what processes listen on, the JobManager by the name that all have for it": (
        {**CLUSTER, **INNER},
        {"jobmanager.bind-host": "10.0.0.5", "taskmanager.bind-host": "10.0.0.5", "taskmanager.host": "10.0.0.5"},
    ),
    "with high availability, each JobManager by its own address": (
        {**SEVERAL, **INNER},
        {
            "jobmanager.bind-host": "10.0.0.5",
            "taskmanager.bind-host": "10.0.0.5",
            "taskmanager.host": "10.0.0.5",
            "jobmanager.rpc.address": "10.0.0.5",
        },
    ),
    "an address of IPv6, as Java writes it": (
        {**CLUSTER, "flink_bind_address": "[fd00::5]"},
        {"jobmanager.bind-host": "fd00::5", "taskmanager.bind-host": "fd00::5", "taskmanager.host": "fd00::5"},
    ),
    "all addresses of IPv6 too, which is nothing to tell others": (
        {**SEVERAL, "flink_bind_address": "::"},
        {"jobmanager.bind-host": "::", "taskmanager.bind-host": "::"},
    ),
    "another address for TaskManagers to tell": (
        {**CLUSTER, **INNER, "flink_config": {**CONFIG, "taskmanager.host": "203.0.113.5"}},
        {"jobmanager.bind-host": "10.0.0.5", "taskmanager.bind-host": "10.0.0.5", "taskmanager.host": "203.0.113.5"},
    ),
    "REST": (
        {**CLUSTER, "flink_rest_bind_address": "192.168.7.5"},
        {"rest.bind-address": "192.168.7.5", "rest.address": "192.168.7.5"},
    ),
    "REST on all addresses": ({**CLUSTER, "flink_rest_bind_address": "0.0.0.0"}, {}),
    "REST on a host that has none": ({**WORKER, "flink_rest_bind_address": "192.168.7.5"}, {}),
    "what users ask besides": (
        {
            **WORKER,
            "flink_components": ["historyserver", "sql-gateway"],
            "flink_rest_bind_address": "127.0.0.1",
        },
        {"historyserver.web.address": "127.0.0.1", "sql-gateway.endpoint.rest.bind-address": "127.0.0.1"},
    ),
}


@pytest.mark.parametrize(("given", "different"), OPTIONS.values(), ids=OPTIONS)
def test_options(given: Values, different: Values) -> None:
    without = {name: value for name, value in given.items() if not name.endswith("bind_address")}
    assert flink_options(wanted(given)).values == {**flink_options(wanted(without)).values, **different}


def refused(variable: str, got: str) -> str:
    return (
        f"{variable}: expected one of the addresses of this host ({HOST}), got {got}. Set it to one of them, for this "
        "host alone where hosts differ."
    )


def given_twice(variable: str, key: str) -> str:
    return f"flink_config: expected {key} to be left to {variable}, got it in both. Remove one of the two."


def only_here(got: str) -> str:
    return (
        f"flink_bind_address: expected an address that the other hosts of the cluster reach, got {got}, by which only "
        "this host reaches itself. Set it to the address of an interface."
    )


def elsewhere(leads: str, got: str = "10.0.0.5", name: str = "h1") -> str:
    return (
        f"flink_bind_address: expected the address by which others reach the JobManager, as {name} leads to {leads} on "
        f"this host, got {got}. Name the JobManager in flink_jobmanager_hosts by that address, or have its name lead "
        "there, for example in /etc/hosts."
    )


def no_name(got: str) -> str:
    return f"flink_bind_address: expected an address of this host or a name, without a port, got {got}. Correct it."


def leads(**names: str) -> Values:
    """What names lead to, with underscores for dots; addresses lead to themselves."""
    own = {address: [address] for address in ("10.0.0.5", "10.0.0.9", "192.168.7.5", "127.0.0.1", "fd00::5")}
    return {"resolved_names": {**own, **{name: [address] for name, address in names.items()}}}


OLD: Values = {"flink_version": "1.10.3", "flink_config": CONFIG}
TAKEN: Values = {
    "taken_ports": [
        {"name": "jobmanager rest.port", "host": "10.0.0.9", "port": 8081, "problem": "Cannot assign requested address"}
    ]
}
# Variables, what is different on the host, and all objections.
SITUATIONS: dict[str, tuple[Values, Values, tuple[str, ...]]] = {
    "an address of the host": ({**CLUSTER, **INNER}, leads(h1="10.0.0.5"), ()),
    "one of IPv6": ({**CLUSTER, "flink_bind_address": "fd00::5"}, leads(h1="fd00::5"), ()),
    "a name that leads to one": (
        {**CLUSTER, "flink_bind_address": "inner"},
        leads(h1="10.0.0.5", inner="10.0.0.5"),
        (),
    ),
    "all addresses": ({**CLUSTER, "flink_bind_address": "0.0.0.0"}, leads(h1="192.168.7.5"), ()),
    "an address of another host": (
        {**WORKER, "flink_bind_address": "10.0.0.9"},
        leads(),
        (refused("flink_bind_address", "10.0.0.9"),),
    ),
    "a name of another host": (
        {**WORKER, "flink_bind_address": "h2"},
        leads(h2="10.0.0.9"),
        (refused("flink_bind_address", "h2, which leads to 10.0.0.9"),),
    ),
    "REST at an address of another host, which is said once": (
        {**CLUSTER, "flink_rest_bind_address": "10.0.0.9"},
        {**leads(), **TAKEN},
        (refused("flink_rest_bind_address", "10.0.0.9"),),
    ),
    "REST at one on a host that has none": ({**WORKER, "flink_rest_bind_address": "10.0.0.9"}, leads(), ()),
    "processes at one on a host that only has a HistoryServer": (
        {
            **WORKER,
            "flink_components": ["historyserver"],
            "flink_bind_address": "10.0.0.9",
            "flink_config": {"historyserver.archive.fs.dir": "s3://a/b"},
        },
        leads(),
        (),
    ),
    "a host that does not tell its addresses": (
        {**WORKER, "flink_bind_address": "10.0.0.9"},
        {**leads(), "addresses": []},
        (),
    ),
    "a name that is unknown": (
        {**WORKER, "flink_bind_address": "inner"},
        {"unresolved_names": {"inner": "Name or service not known"}},
        (
            (
                "flink_bind_address: expected an address of this host, or a name that it resolves, got inner (Name or "
                "service not known). Correct it, or make the name known to the host."
            ),
        ),
    ),
    "a loopback address for several hosts": (
        {**WORKER, "flink_bind_address": "127.0.0.1"},
        leads(),
        (only_here("127.0.0.1"),),
    ),
    "a name that is one": ({**WORKER, "flink_bind_address": "h1"}, leads(h1="127.0.1.1"), (only_here("h1"),)),
    "REST at a loopback address": ({**CLUSTER, "flink_rest_bind_address": "127.0.0.1"}, leads(), ()),
    "REST at a name of one": ({**CLUSTER, "flink_rest_bind_address": "localhost"}, leads(), ()),
    "a JobManager whose name leads to another address": (
        {**CLUSTER, **INNER},
        leads(h1="192.168.7.5"),
        (elsewhere("192.168.7.5"),),
    ),
    "one whose name leads to itself, as Debian has it, beside a TaskManager": (
        {**CLUSTER, **INNER},
        leads(h1="127.0.1.1"),
        (elsewhere("127.0.1.1"),),
    ),
    "the same without a TaskManager, where it tells nothing of what others see": (
        {**CLUSTER, **INNER, "flink_components": ["jobmanager"]},
        leads(h1="127.0.1.1"),
        (),
    ),
    "one that is on the loopback interface": (
        INNER,
        leads(localhost="127.0.0.1"),
        (elsewhere("127.0.0.1", name="localhost"),),
    ),
    "one with high availability, which tells its own address": ({**SEVERAL, **INNER}, leads(h1="192.168.7.5"), ()),
    "a release that listens everywhere": (
        {**WORKER, **INNER, **OLD},
        leads(),
        (
            (
                "flink_bind_address: expected Flink 1.11 or newer, whose processes listen where they are told to, got "
                "1.10.3. Remove it."
            ),
        ),
    ),
    "REST of that release": ({**CLUSTER, **OLD, "flink_rest_bind_address": "192.168.7.5"}, leads(), ()),
    "both the variable and the option": (
        {**WORKER, **INNER, "flink_config": {**CONFIG, "taskmanager": {"bind-host": "10.0.0.5"}}},
        leads(),
        (given_twice("flink_bind_address", "taskmanager.bind-host"),),
    ),
    "the option as null": (
        {**CLUSTER, "flink_rest_bind_address": "192.168.7.5", "flink_config": {**CONFIG, "rest.bind-address": None}},
        leads(),
        (given_twice("flink_rest_bind_address", "rest.bind-address"),),
    ),
}


@pytest.mark.parametrize(("given", "different", "objections"), SITUATIONS.values(), ids=SITUATIONS)
def test_objections(given: Values, different: Values, objections: tuple[str, ...]) -> None:
    assert case(given, different).decide().objections == objections


@pytest.mark.parametrize("address", ["10.0.0.5:6123", "10.0.0.0/24", "http://h1", "", "a b", "eth0:"])
def test_what_is_no_address(address: str) -> None:
    found = case({**WORKER, "flink_bind_address": address}, leads()).decide()
    assert found.objections == (no_name(f"'{address}'"),)


# Variables of the host, those of j1, and who asks REST where.
ASKING: dict[str, tuple[Values, Values, Asking]] = {
    "every host, where all addresses are open": (WORKER, {}, Asking("h1", "j1")),
    "the host of the JobManager, where another one is open": (
        WORKER,
        {"flink_rest_bind_address": "192.168.7.9"},
        Asking("j1", "192.168.7.9"),
    ),
    "it alone, where only loopback is": (
        {**WORKER, "flink_rest_bind_address": "10.0.0.5"},
        {"flink_rest_bind_address": "127.0.0.1"},
        Asking("j1", "127.0.0.1"),
    ),
    "it, where it says that all are open": (WORKER, {"flink_rest_bind_address": "0.0.0.0"}, Asking("j1", "j1")),
    "the host itself, if it has a JobManager": (
        {**CLUSTER, "flink_rest_bind_address": "127.0.0.1"},
        {},
        Asking("h1", "127.0.0.1"),
    ),
    "every host, where a URL is given": (
        {**WORKER, "flink_rest_url": "https://proxy"},
        {"flink_rest_bind_address": "127.0.0.1"},
        Asking("h1", "j1"),
    ),
}


@pytest.mark.parametrize(("given", "of_jobmanager", "expected"), ASKING.values(), ids=ASKING)
def test_who_asks(given: Values, of_jobmanager: Values, expected: Asking) -> None:
    of = wanted(given)
    assert asking(of, flink_options(of), {"j1": of_jobmanager}.__getitem__) == expected
