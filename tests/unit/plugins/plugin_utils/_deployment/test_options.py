# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    wanted,
)

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
    "the new name outranks the former": ({"high-availability.type": "none", "high-availability": "zookeeper"}, False),
    "NONE": ({"high-availability.type": "NONE"}, False),
    "null": ({"high-availability.type": None}, False),
}


@pytest.mark.parametrize(("config", "is_available"), AVAILABLE.values(), ids=AVAILABLE)
def test_high_availability(config: Values, is_available: bool) -> None:
    assert flink_options(wanted({"flink_config": {**CONFIG, **config}})).is_highly_available is is_available


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


def test_unknown_releases_are_refused() -> None:
    with pytest.raises(FlinkError, match=r"^flink_version: Flink 1\.9\.3 is not supported\."):
        flink_options(wanted({"flink_version": "1.9.3"}))
