# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ZooKeeper that comes with Flink, as a process of the role: no option of Flink concerns it.

Flink's own main class runs a server that never removes what it has written, so here is that of ZooKeeper.
Source: ``QuorumPeerMain``, ``QuorumPeerConfig``; ``FlinkZooKeeperQuorumPeer``.
"""

from __future__ import annotations

import hashlib
import json
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .files import File, absent
from .names import ZOOKEEPER, runs_zookeeper

if t.TYPE_CHECKING:
    from .wanted import Wanted

    Render = t.Callable[..., str]

CLIENT_PORT = 2181
# To follow the leader, and to elect one: a server alone needs neither.
_QUORUM_PORTS = (2888, 3888)
_MAIN_CLASS = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
_SHADED_3 = (1, 11)  # the first release whose ZooKeeper is in that package


def data_dir(wanted: Wanted) -> str:
    """Root's, with the number of the server in it; what the server writes is in the directory of its format."""
    return f"{wanted.run_dir}/{ZOOKEEPER}"


def written_dir(wanted: Wanted) -> str:
    return f"{data_dir(wanted)}/version-2"


def settings(wanted: Wanted) -> dict[str, t.Any]:
    """The file of a server; times are in milliseconds, limits in ticks, and files are purged once a day."""
    hosts = wanted.zookeeper_hosts
    follow, elect = _QUORUM_PORTS
    quorum = {f"server.{number}": f"{host}:{follow}:{elect}" for number, host in enumerate(hosts, 1)}
    return {
        "tickTime": 2000,
        "initLimit": 10,
        "syncLimit": 5,
        "dataDir": data_dir(wanted),
        "clientPort": CLIENT_PORT,
        "admin.enableServer": "false",
        "autopurge.snapRetainCount": 3,
        "autopurge.purgeInterval": 24,
        # A name that leads to 127.0.1.1 on its own host would keep the others out.
        **({"quorumListenOnAllIPs": "true", **quorum} if len(hosts) > 1 else {}),
    }


def zookeeper_ports(wanted: Wanted) -> dict[str, int]:
    """What a server listens on, by what it is for."""
    quorum = dict(zip(("followers", "election"), _QUORUM_PORTS, strict=True)) if len(wanted.zookeeper_hosts) > 1 else {}
    return {"clientPort": CLIENT_PORT, **quorum}


def zookeeper_files(wanted: Wanted, owns: t.Mapping[str, t.Any], render: Render) -> tuple[File, ...]:
    if not runs_zookeeper(wanted):
        return ()
    number = list(wanted.zookeeper_hosts).index(wanted.host) + 1
    return (
        File(path=data_dir(wanted), state="directory", mode="0755", only_new=True),
        File(path=written_dir(wanted), state="directory", mode="0750", only_new=True, **owns),
        File(path=f"{data_dir(wanted)}/myid", mode="0644", content=f"{number}\n"),
        File(path=config_path(wanted), mode="0644", content=render("zoo.cfg.j2", settings=settings(wanted))),
    )


def config_path(wanted: Wanted) -> str:
    return f"{wanted.conf_dir}/zoo.cfg"


def absent_zookeeper(wanted: Wanted) -> File:
    """Its data stays, as that of all processes does."""
    return absent(config_path(wanted))


def zookeeper_environment(wanted: Wanted, checksum: str) -> dict[str, t.Any]:
    """What it does not have in common with other processes: options and jars of Flink do not restart it."""
    package = "zookeeper3" if Release.parse(wanted.version).version >= _SHADED_3 else "zookeeper"
    return {
        "FLINK_MAIN_CLASS": f"org.apache.flink.shaded.{package}.{_MAIN_CLASS}",
        "FLINK_JARS": [],
        "FLINK_JAVA_OPTS": [
            *(["-XX:+ExitOnOutOfMemoryError"] if wanted.exit_on_oom else []),
            "-Dzookeeper.jmx.log4j.disable=true",
        ],
        "FLINK_PROGRAM_ARGS": [config_path(wanted)],
        "FLINK_DYNAMIC_ARGS": [],
        "FLINK_CONFIG_DIGEST": _digest(json.dumps(settings(wanted))),
        "FLINK_CLUSTER_DIGEST": _digest(checksum),
        "FLINK_JARS_DIGEST": "",
        "MAX_LOG_FILE_NUMBER": 10,
        "ROOT_LOG_LEVEL": "INFO",
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def check_members(wanted: Wanted, members: t.Collection[str]) -> None:
    """Raises FlinkError for hosts that are none of the cluster, on which nothing would run a server."""
    strange = [host for host in wanted.zookeeper_hosts if host not in members]
    if strange:
        raise FlinkError(
            "flink_zookeeper_hosts: expected hosts of the cluster by their names in the inventory, got "
            f"{', '.join(strange)}. Correct the names. A ZooKeeper elsewhere is flink_high_availability.quorum."
        )


def zookeeper_objections(wanted: Wanted) -> t.Iterator[str]:
    hosts = wanted.zookeeper_hosts
    if len(set(hosts)) < len(hosts):
        yield f"flink_zookeeper_hosts: expected each host once, got {', '.join(hosts)}. Name each once."
    elif hosts and len(hosts) % 2 == 0:
        yield (
            f"flink_zookeeper_hosts: expected an odd number of hosts, got {', '.join(hosts)}, which survive no more "
            f"losses than {len(hosts) - 1} would. Name one, or three."
        )
    local = [host for host in hosts if host in {"localhost", "127.0.0.1", "::1"}]
    if local and len(hosts) > 1:
        yield (
            f"flink_zookeeper_hosts: expected names by which all of them reach each other, got {', '.join(local)}. "
            "Name them as in the inventory."
        )


def zookeeper_advice(wanted: Wanted, *, is_highly_available: bool) -> t.Iterator[str]:
    if wanted.zookeeper_hosts and not is_highly_available:
        yield (
            "flink_zookeeper_hosts: nothing uses this ZooKeeper. Set flink_high_availability with a storage_dir, or "
            "leave the hosts out."
        )
