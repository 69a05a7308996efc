# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.high_availability import (
    asked_servers,
    asked_znodes,
    quorum_names,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    case,
    wanted,
)

STORE = "s3://flink/ha"
GIVEN: Values = {"quorum": ["zk1", "zk2:2182", "zk3"], "storage_dir": STORE}
QUORUM = "zk1,zk2:2182,zk3"
OURS: Values = {"high-availability.zookeeper.quorum": QUORUM, "high-availability.storageDir": STORE}


def by_variable(config: Values | None = None, **given: object) -> Values:
    return {"flink_high_availability": {**GIVEN, **given}, "flink_config": {**CONFIG, **(config or {})}}


# Variables, and the options of high availability.
OPTIONS: dict[str, tuple[Values, Values]] = {
    "none": ({}, {}),
    "a quorum and a directory": (by_variable(), {"high-availability.type": "zookeeper", **OURS}),
    "the last release with the former name": (
        {**by_variable(), "flink_version": "1.16.3"},
        {"high-availability": "zookeeper", **OURS},
    ),
    "the first with the new one": (
        {**by_variable(), "flink_version": "1.17.2"},
        {"high-availability.type": "zookeeper", **OURS},
    ),
    "an address of IPv6": (
        by_variable(quorum=["[fd00::1]:2181"]),
        {"high-availability.type": "zookeeper", **OURS, "high-availability.zookeeper.quorum": "[fd00::1]:2181"},
    ),
    "a quorum as one text": (by_variable(quorum=QUORUM), {"high-availability.type": "zookeeper", **OURS}),
    "a place in ZooKeeper": (
        by_variable(cluster_id="/orders", root="/streams"),
        {
            "high-availability.type": "zookeeper",
            **OURS,
            "high-availability.cluster-id": "/orders",
            "high-availability.zookeeper.path.root": "/streams",
        },
    ),
    "the name of the service": (
        {**by_variable(), "flink_service_name": "stream"},
        {"high-availability.type": "zookeeper", **OURS, "high-availability.cluster-id": "stream"},
    ),
    "other options beside it": (
        by_variable({"high-availability.jobmanager.port": "50010"}),
        {"high-availability.type": "zookeeper", **OURS, "high-availability.jobmanager.port": "50010"},
    ),
}


@pytest.mark.parametrize(("given", "expected"), OPTIONS.values(), ids=OPTIONS)
def test_what_becomes_options_of_flink(given: Values, expected: Values) -> None:
    options = flink_options(wanted(given))
    assert {key: value for key, value in options.values.items() if key.startswith("high-av")} == expected
    assert options.is_highly_available is bool(expected)


def twice(variable: str, key: str, name: str) -> str:
    return (
        f"{variable}: expected {key} to be left to flink_high_availability.{name}, got it in both. Remove one of the "
        "two."
    )


NO_STORE = (
    "flink_high_availability.storage_dir: expected the directory where JobManagers keep what another one needs to go "
    "on, got none. Set it to a place that all JobManagers reach, such as s3://flink/ha or file:///nfs/flink."
)
NO_QUORUM = (
    "flink_high_availability.quorum: expected the servers of a ZooKeeper, got none. Name them, such as [zk-1:2181, "
    "zk-2:2181, zk-3:2181], or name hosts of the cluster in flink_zookeeper_hosts that shall run one."
)


def no_server(got: str) -> str:
    return (
        f"flink_high_availability.quorum: expected servers such as zk-1:2181, got {got}. Correct it. A place within "
        "ZooKeeper is flink_high_availability.root."
    )


# Variables, and the sentences.
REFUSED: dict[str, tuple[Values, list[str]]] = {
    "nothing in it": ({"flink_high_availability": {}}, [NO_STORE, NO_QUORUM]),
    "no servers": (by_variable(quorum=[]), [NO_QUORUM]),
    "a path after a server": (by_variable(quorum=["zk1:2181/flink"]), [no_server("'zk1:2181/flink'")]),
    "no port": (by_variable(quorum=["zk1:x", "zk2:65536"]), [no_server("'zk1:x', 'zk2:65536'")]),
    "a server twice": (
        by_variable(quorum=["zk1", "zk2", "zk1:2181"]),
        ["flink_high_availability.quorum: expected each server once, got zk1:2181 twice. Name each once."],
    ),
    "blanks": (
        by_variable(cluster_id=" "),
        ["flink_high_availability.cluster_id: expected text, got ' '. Set it, or leave it out."],
    ),
    "an option of Flink too": (
        by_variable({"high-availability": {"storageDir": "s3://flink/ha"}}),
        [twice("flink_config", "high-availability.storageDir", "storage_dir")],
    ),
    "an option under a former name": (
        by_variable({"high-availability": "zookeeper"}),
        [twice("flink_config", "high-availability", "type")],
    ),
    "an option that is taken away": (
        by_variable({"high-availability.type": None}),
        [twice("flink_config", "high-availability.type", "type")],
    ),
    "an option of the JobManager alone": (
        {**by_variable(cluster_id="/a"), "flink_jobmanager_config": {"high-availability.cluster-id": "/b"}},
        [twice("flink_jobmanager_config", "high-availability.cluster-id", "cluster_id")],
    ),
    "an option of a TaskManager": (
        {**by_variable(), "flink_taskmanager_configs": [{"high-availability.zookeeper.quorum": "x"}]},
        [twice("flink_taskmanager_configs", "high-availability.zookeeper.quorum", "quorum")],
    ),
}


@pytest.mark.parametrize(("given", "sentences"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_with_it(given: Values, sentences: list[str]) -> None:
    with pytest.raises(FlinkError) as caught:
        flink_options(wanted(given))
    assert str(caught.value).splitlines() == sentences


OWN = {**by_variable(quorum=None), "flink_zookeeper_hosts": ["h1", "h2", "h3"]}


def test_a_zookeeper_of_the_cluster_is_the_quorum_unless_another_is_named() -> None:
    assert flink_options(wanted(OWN)).values["high-availability.zookeeper.quorum"] == "h1:2181,h2:2181,h3:2181"
    given = {**OWN, **by_variable()}
    assert flink_options(wanted(given)).values["high-availability.zookeeper.quorum"] == QUORUM


# Variables, and whether a connection may move to another server.
TOLERANT: dict[str, tuple[Values, object]] = {
    "a ZooKeeper of the cluster": (OWN, True),
    "another one": (by_variable(), None),
    "a release that cannot": ({**OWN, "flink_version": "1.13.6"}, None),
    "the user's word": (
        {**OWN, **by_variable({"high-availability.zookeeper.client.tolerate-suspended-connections": False})},
        False,
    ),
    "no high availability": ({"flink_zookeeper_hosts": ["h1"]}, None),
}


@pytest.mark.parametrize(("given", "expected"), TOLERANT.values(), ids=TOLERANT)
def test_servers_of_the_cluster_restart_without_a_change_of_the_leader(given: Values, expected: object) -> None:
    options = flink_options(wanted(given)).values
    assert options.get("high-availability.zookeeper.client.tolerate-suspended-connections") is expected


def test_servers_that_the_role_runs_are_not_asked_for() -> None:
    of = wanted({**OWN, **by_variable(quorum=["h1", "zk2"])})
    assert asked_servers(of, flink_options(of)) == ["zk2:2181"]


REFUSED_CONNECTION = "Connection refused"
NAMED: Values = {**by_variable(cluster_id="a"), "flink_jobmanager_hosts": ["h1", "h2"]}
BY_OPTION: Values = {
    "flink_jobmanager_hosts": ["h1"],
    "flink_config": {**HA, "high-availability.cluster-id": "a"},
}


def silent(*servers: str) -> Values:
    return {"unreachable_servers": dict.fromkeys(servers, REFUSED_CONNECTION)}


def no_majority(*servers: str, option: str = "flink_high_availability.quorum") -> str:
    problems = ", ".join(f"{server} ({REFUSED_CONNECTION})" for server in servers)
    return (
        f"{option}: expected a majority of its servers to answer this host, got {problems}. Start ZooKeeper, let this "
        "host through to it, or correct the names and ports."
    )


def unresolved(problems: str) -> str:
    return (
        f"flink_high_availability.quorum: expected names that this host can resolve, got {problems}. Correct the name, "
        "or make it known to the host."
    )


# Variables, what the host answers, the objections, and the advice.
ANSWERS: dict[str, tuple[Values, Values, tuple[str, ...], tuple[str, ...]]] = {
    "all servers answer": (NAMED, {}, (), ()),
    "most of them do": (
        NAMED,
        silent("zk3:2181"),
        (),
        (
            (
                "flink_high_availability.quorum: expected all of its servers to answer this host, got zk3:2181 "
                "(Connection refused). ZooKeeper goes on without, as long as a majority answers. Put it right before "
                "more of them are lost."
            ),
        ),
    ),
    "one of three does": (
        NAMED,
        silent("zk1:2181", "zk2:2182"),
        (no_majority("zk1:2181", "zk2:2182"),),
        (),
    ),
    "the only one does not": (
        {**NAMED, **by_variable(cluster_id="a", quorum=["zk"])},
        silent("zk:2181"),
        (no_majority("zk:2181"),),
        (),
    ),
    "one of an option of Flink does not": (
        BY_OPTION,
        silent("zk:2181"),
        (no_majority("zk:2181", option="high-availability.zookeeper.quorum"),),
        (),
    ),
    "no name is known": (
        NAMED,
        {
            "unresolved_names": dict.fromkeys(["zk1", "zk2", "zk3"], "unknown"),
            **silent("zk1:2181", "zk2:2182", "zk3:2181"),
        },
        (unresolved("zk1 (unknown), zk2 (unknown), zk3 (unknown)"),),
        (),
    ),
    "one name is unknown": (
        NAMED,
        {"unresolved_names": {"zk1": "unknown"}, **silent("zk1:2181")},
        (),
        (unresolved("zk1 (unknown)"),),
    ),
    "an even number": (
        {**NAMED, **by_variable(cluster_id="a", quorum=["zk1", "zk2"])},
        {},
        (),
        (
            (
                "flink_high_availability.quorum: expected an odd number of servers, got 2, which survive no more "
                "losses than 1 would. Add one, or remove one."
            ),
        ),
    ),
    "no standby": (
        {**NAMED, "flink_jobmanager_hosts": ["h1"]},
        {},
        (),
        (
            (
                "flink_jobmanager_hosts: h1 alone has a JobManager. Jobs go on when it is back, and until then nothing "
                "takes its place. Name a second host for a standby."
            ),
        ),
    ),
    "no standby, on a host without JobManager": (
        {**NAMED, "flink_jobmanager_hosts": ["j1"], "flink_components": ["taskmanager"]},
        {},
        (),
        (),
    ),
}


@pytest.mark.parametrize(("given", "different", "objections", "advice"), ANSWERS.values(), ids=ANSWERS)
def test_whether_the_quorum_is_there(
    given: Values, different: Values, objections: tuple[str, ...], advice: tuple[str, ...]
) -> None:
    found = case(given, different)
    assert (found.decide().objections, found.advised()) == (objections, advice)


# A directory, what is mounted there, whether all share it, and whether it is refused.
STORES: dict[str, tuple[str, str, list[str], bool]] = {
    "a disk of the host": ("file:///ha", "ext4", [], True),
    "a path without scheme": ("/ha", "xfs", [], True),
    "a network file system": ("file:///ha", "nfs4", [], False),
    "one that is said to be shared": ("file:///ha", "ext4", ["/ha"], False),
}


@pytest.mark.parametrize(("store", "kind", "shared", "is_refused"), STORES.values(), ids=STORES)
def test_a_directory_that_only_one_jobmanager_has(store: str, kind: str, shared: list[str], is_refused: bool) -> None:
    given = {**NAMED, **by_variable(cluster_id="a", storage_dir=store), "flink_shared_dirs": shared}
    mounts = {"/ha": {"is_directory": True, "file_system": kind, "options": []}}
    refused = (
        f"high-availability.storageDir: expected a place that all JobManagers share, got /ha, which only this host has "
        f"({kind}). Name a place on a shared file system, or this one in flink_shared_dirs if it is shared."
    )
    assert list(case(given, {"mounts": mounts}).decide().objections) == ([refused] if is_refused else [])


# A quorum, and its hosts.
QUORUMS: dict[str, tuple[object, list[str]]] = {
    "one": ("zk:2181", ["zk"]),
    "several, and a place in them": ("zk1:2181, zk2,10.0.0.1:2181/flink", ["zk1", "zk2", "10.0.0.1"]),
    "an address of IPv6": ("[fd00::1]:2181", ["fd00::1"]),
    "a list": (["zk1:2181", "zk2"], ["zk1", "zk2"]),
}


@pytest.mark.parametrize(("quorum", "names"), QUORUMS.values(), ids=QUORUMS)
def test_hosts_of_a_quorum(quorum: object, names: list[str]) -> None:
    of = wanted({"flink_config": {**HA, "high-availability.zookeeper.quorum": quorum}})
    assert quorum_names(flink_options(of)) == names


def test_no_quorum_without_high_availability() -> None:
    of = wanted({"flink_config": {**HA, "high-availability.type": "none"}})
    assert quorum_names(flink_options(of)) == []


# Variables, and the place in ZooKeeper that tells who leads.
LEADERS: dict[str, tuple[Values, list[str]]] = {
    "usual names": (by_variable(), ["/flink/default/leader/dispatcher/connection_info"]),
    "names with slashes": (
        by_variable(cluster_id="/orders/", root="/a/b"),
        ["/a/b/orders/leader/dispatcher/connection_info"],
    ),
    "options of Flink": (
        {"flink_config": {**HA, "high-availability.cluster-id": "x"}},
        ["/flink/x/leader/dispatcher/connection_info"],
    ),
    "a release with a leader for each part": ({**by_variable(), "flink_version": "1.14.6"}, []),
    "one JobManager": ({**by_variable(), "flink_jobmanager_hosts": ["h1"]}, []),
    "no JobManager here": ({**by_variable(), "flink_components": ["taskmanager"]}, []),
    "no high availability": ({}, []),
}


@pytest.mark.parametrize(("given", "paths"), LEADERS.values(), ids=LEADERS)
def test_where_zookeeper_knows_who_leads(given: Values, paths: list[str]) -> None:
    of = wanted({"flink_jobmanager_hosts": ["h1", "h2"], **given})
    assert [znode["path"] for znode in asked_znodes(of, flink_options(of))] == paths


STANDBY, LEADING = (
    ("flink_restarting_jobmanagers", "flink_standby_jobmanagers"),
    ("flink_restarting_jobmanagers",),
)
# What ZooKeeper says, options of the JobManager, and the groups of a restart.
SAID: dict[str, tuple[str | None, Values, tuple[str, ...]]] = {
    "another leads": ("\ufffd\x00w\x00&pekko.tcp://flink@h2:4711/user/rpc/dispatcher_1sr", {}, STANDBY),
    "this one leads": ("akka.tcp://flink@h1:4711/user/rpc/dispatcher_1", {}, LEADING),
    "this one leads, by its address": (
        "pekko.ssl.tcp://flink@[fd00::1]:4711/user",
        {"jobmanager.rpc.address": "fd00::1"},
        LEADING,
    ),
    "nobody leads": (None, {}, LEADING),
    "something else": ("h2", {}, LEADING),
}


@pytest.mark.parametrize(("said", "config", "groups"), SAID.values(), ids=SAID)
def test_standbys_restart_before_the_leader(said: str | None, config: Values, groups: tuple[str, ...]) -> None:
    given = {**NAMED, "flink_components": ["jobmanager"], "flink_restart": "all", "flink_jobmanager_config": config}
    znodes = {"/flink/a/leader/dispatcher/connection_info": {"text": said, "problem": None}}
    assert case(given).running().on({"znodes": znodes}).decide().restart_groups == groups
