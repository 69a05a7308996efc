# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.deployment import obsolete_files
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.zookeeper import check_members, settings
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Values,
    case,
    wanted,
)

STORE: Values = {"storage_dir": "s3://flink/ha", "cluster_id": "a"}
THREE: Values = {
    "flink_zookeeper_hosts": ["j1", "h1", "j2"],
    "flink_high_availability": STORE,
    "flink_jobmanager_hosts": ["j1", "j2"],
    "flink_components": ["taskmanager"],
}
ONE: Values = {**THREE, "flink_zookeeper_hosts": ["h1"]}
NAMES = ("taskmanager-1", "zookeeper")
PLACE = "/var/lib/flink/zookeeper"


def test_it_is_one_more_process_of_its_hosts() -> None:
    assert case(THREE).decide().names == NAMES
    assert case({**THREE, "flink_zookeeper_hosts": ["j1"]}).decide().names == NAMES[:1]
    assert case(THREE).decide().units["zookeeper"] == "flink-zookeeper.service"


def test_what_it_runs_with() -> None:
    environment = case({**ONE, "flink_zookeeper_jvm_args": ["-Xmx64m"]}).environments()["zookeeper"]
    assert environment["FLINK_MAIN_CLASS"] == (
        "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.quorum.QuorumPeerMain"
    )
    assert environment["FLINK_JVM_ARGS"].split() == ["-Xmx64m"]
    assert environment["FLINK_PROGRAM_ARGS"].strip("'") == "/etc/flink/zoo.cfg"
    assert environment["FLINK_DYNAMIC_ARGS"] == ""


def test_the_oldest_release_has_it_in_another_package() -> None:
    given = {**ONE, "flink_version": "1.10.3", "flink_config": {**CONFIG, "jobmanager.heap.size": "1g"}}
    main_class = case(given).environments()["zookeeper"]["FLINK_MAIN_CLASS"]
    assert main_class.startswith("org.apache.flink.shaded.zookeeper.org")


def test_a_server_alone_knows_no_others() -> None:
    assert not [name for name in settings(wanted(ONE)) if name.startswith(("server.", "quorum"))]


def test_each_of_several_knows_all() -> None:
    servers = {name: value for name, value in settings(wanted(THREE)).items() if name.startswith("server.")}
    assert servers == {"server.1": "j1:2888:3888", "server.2": "h1:2888:3888", "server.3": "j2:2888:3888"}


def test_its_files() -> None:
    files = {file.path: file for file in case(THREE).decide().configuration}
    assert files[f"{PLACE}/myid"].content == "2\n"
    assert files[PLACE].owner is None
    assert files[f"{PLACE}/version-2"].owner == "flink"
    assert "clientPort=2181\n" in (files["/etc/flink/zoo.cfg"].content or "")
    assert not [path for path in {file.path for file in case().decide().configuration} if "zoo" in path]


def test_only_its_own_unit_may_write_there() -> None:
    units = {file.path.rpartition("/")[2]: file.content or "" for file in case(THREE).decide().service}
    assert [name for name, text in units.items() if f"{PLACE}/version-2" in text] == ["flink-zookeeper.service"]


# What is changed, and whether ZooKeeper restarts for it.
CHANGES: dict[str, tuple[Values, bool]] = {
    "an option of Flink": ({"flink_config": {**CONFIG, "rest.port": 8082}}, False),
    "JVM options of Flink's processes": ({"flink_config": {**CONFIG, "env.java.opts.all": "-Da=b"}}, False),
    "another place in it": ({"flink_high_availability": {**STORE, "cluster_id": "b"}}, False),
    "its heap": ({"flink_zookeeper_jvm_args": ["-Xmx512m"]}, True),
    "its servers": ({"flink_zookeeper_hosts": ["h1"]}, True),
    "lines of its unit": ({"flink_service_overrides": {"zookeeper": "[Service]\nNice=1\n"}}, True),
}


@pytest.mark.parametrize(("given", "restarts"), CHANGES.values(), ids=CHANGES)
def test_it_restarts_only_for_what_concerns_it(given: Values, restarts: bool) -> None:
    before, after = (case({**THREE, **more}).environments()["zookeeper"] for more in ({}, given))
    assert (before != after) is restarts


def test_it_restarts_first_and_apart() -> None:
    found = case({**THREE, "flink_components": ["jobmanager", "taskmanager"], "flink_restart": "all"})
    decided = found.running().decide()
    assert decided.changes.restart == ("zookeeper", "taskmanager-1", "jobmanager")
    assert decided.restart_groups == (
        *("flink_restarting_zookeepers", "flink_restarting_taskmanagers", "flink_restarting_jobmanagers"),
    )
    alone = case({**THREE, "flink_components": [], "flink_restart": "all"}).running().decide()
    assert alone.restart_groups == ("flink_restarting_zookeepers",)


def test_where_it_listens() -> None:
    decided = case(THREE).decide()
    assert [port["name"] for port in decided.health_ports] == ["zookeeper clientPort", "zookeeper election"]
    assert [port["name"] for port in case(ONE).decide().health_ports] == ["zookeeper clientPort"]


def test_what_is_left_of_it_goes_but_its_data() -> None:
    paths = [file.path for file in obsolete_files(wanted(), ["zookeeper"], ["flink-zookeeper.service"], [])]
    assert {"/etc/flink/zoo.cfg", "/etc/systemd/system/flink-zookeeper.service"} < set(paths)
    assert [path for path in paths if path.startswith(f"{PLACE}/")] == []


# Hosts, and the sentence.
REFUSED: dict[str, tuple[list[str], str]] = {
    "two": (
        ["h1", "h2"],
        (
            "flink_zookeeper_hosts: expected an odd number of hosts, got h1, h2, which survive no more losses than 1 "
            "would. Name one, or three."
        ),
    ),
    "one twice": (
        ["h1", "h1", "h2"],
        "flink_zookeeper_hosts: expected each host once, got h1, h1, h2. Name each once.",
    ),
    "one that is another one everywhere": (
        ["h1", "h2", "localhost"],
        (
            "flink_zookeeper_hosts: expected names by which all of them reach each other, got localhost. Name them as "
            "in the inventory."
        ),
    ),
}


@pytest.mark.parametrize(("hosts", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(hosts: list[str], sentence: str) -> None:
    given = {**THREE, "flink_high_availability": {**STORE, "quorum": ["zk"]}, "flink_zookeeper_hosts": hosts}
    assert case(given).decide().objections == (sentence,)


def test_hosts_of_no_cluster() -> None:
    check_members(wanted(THREE), ["j1", "j2", "h1", "h2"])
    with pytest.raises(FlinkError, match=r"^flink_zookeeper_hosts: expected hosts of the cluster .* got j2\. Correct"):
        check_members(wanted(THREE), ["j1", "h1"])


def test_a_cluster_with_a_zookeeper_of_its_own_needs_no_name_there() -> None:
    store = {"storage_dir": "s3://flink/ha"}
    assert case({**THREE, "flink_high_availability": store}).decide().advice == ()
    named = case({**THREE, "flink_high_availability": {**store, "quorum": ["h1", "zk2", "zk3"]}}).decide()
    assert [sentence.partition(":")[0] for sentence in named.advice] == ["high-availability.cluster-id"]


def test_a_zookeeper_that_nothing_uses() -> None:
    assert case({"flink_zookeeper_hosts": ["h1"]}).decide().advice == (
        (
            "flink_zookeeper_hosts: nothing uses this ZooKeeper. Set flink_high_availability with a storage_dir, or "
            "leave the hosts out."
        ),
    )
