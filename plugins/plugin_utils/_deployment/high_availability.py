# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""High availability: from the variable for it to Flink's options, and whether its ZooKeeper is there."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten, merge_config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed, quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .zookeeper import CLIENT_PORT

if t.TYPE_CHECKING:
    from .found import Host
    from .options import FlinkOptions
    from .wanted import Wanted

VARIABLE = "flink_high_availability"
# The option that tells clusters apart which share a quorum, and the older keys that Flink reads where it is not set.
CLUSTER_ID = (
    "high-availability.cluster-id",
    "high-availability.zookeeper.path.namespace",
    "recovery.zookeeper.path.namespace",
)
QUORUM = "high-availability.zookeeper.quorum"
TOLERANCE = "high-availability.zookeeper.client.tolerate-suspended-connections"
_TYPE = ("high-availability.type", "high-availability", "recovery.mode")
# The options that each suboption stands for, under all names that a release reads.
_OPTIONS = {
    "type": _TYPE,
    "quorum": (QUORUM, "recovery.zookeeper.quorum"),
    "storage_dir": (
        *("high-availability.storageDir", "high-availability.zookeeper.storageDir", "recovery.zookeeper.storageDir"),
    ),
    "cluster_id": CLUSTER_ID,
    "root": ("high-availability.zookeeper.path.root", "recovery.zookeeper.path.root"),
}
_TYPE_OPTION = (1, 17)  # the first release with an option of its own for the type
# Before this release each part of a JobManager elected a leader of its own, on whichever host.
_ONE_LEADER = (1, 15)
# The address of a leader, in what Java has written.
_LEADER = re.compile(r"://flink@(\[[0-9A-Fa-f:.]+\]|[^:/\[\]]+):[0-9]+/")
_SERVER = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s,:/\[\]]+))(?::([0-9]{1,5}))?")


_TOLERANT = (1, 14)  # the first release that can


class Server(t.NamedTuple):
    """A server of a quorum."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def high_availability_options(variables: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Flink's options for what the variable says; none if it is null.

    ``variables`` are those of the role by their whole names. Raises FlinkError with all that is wrong or missing, and
    for options that are also set where Flink's options are.
    """
    if variables[VARIABLE] is None:
        return {}
    values = {name: value for name, value in variables[VARIABLE].items() if value is not None}
    own_servers = [f"{host}:{CLIENT_PORT}" for host in variables["flink_zookeeper_hosts"]]
    quorum = values.get("quorum", own_servers)
    wrong = [*_wrong_texts(values), *_wrong_quorum(quorum), *_set_twice(values, variables)]
    if wrong:
        raise FlinkError("\n".join(wrong))
    texts = {**values, "quorum": ",".join(server.strip() for server in quorum)}
    names = {name: keys[0] for name, keys in _OPTIONS.items()}
    if Release.parse(variables["flink_version"]).version < _TYPE_OPTION:
        names["type"] = _TYPE[1]
    return {key: texts[name] for name, key in names.items() if name in texts}


def _wrong_texts(values: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    if "storage_dir" not in values:
        yield (
            f"{VARIABLE}.storage_dir: expected the directory where JobManagers keep what another one needs to go on, "
            "got none. Set it to a place that all JobManagers reach, such as s3://flink/ha or file:///nfs/flink."
        )
    blank = [name for name in ("storage_dir", "cluster_id", "root") if name in values and not values[name].strip()]
    for name in blank:
        yield f"{VARIABLE}.{name}: expected text, got {quoted(values[name])}. Set it, or leave it out."


def _wrong_quorum(quorum: t.Sequence[str]) -> t.Iterator[str]:
    if not quorum:
        yield (
            f"{VARIABLE}.quorum: expected the servers of a ZooKeeper, got none. Name them, such as [zk-1:2181, "
            "zk-2:2181, zk-3:2181], or name hosts of the cluster in flink_zookeeper_hosts that shall run one."
        )
    wrong = [quoted(server) for server in quorum if _server(server) is None]
    if wrong:
        yield (
            f"{VARIABLE}.quorum: expected servers such as zk-1:2181, got {listed(wrong)}. Correct it. A place within "
            f"ZooKeeper is {VARIABLE}.root."
        )
    servers = [server for server in map(_server, quorum) if server is not None]
    twice = list(dict.fromkeys(str(server) for server in servers if servers.count(server) > 1))
    if twice:
        yield f"{VARIABLE}.quorum: expected each server once, got {listed(twice)} twice. Name each once."


def _set_twice(values: t.Mapping[str, t.Any], variables: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    """Also null, which would take the option away."""
    configs = [(name, variables[name]) for name in ("flink_config", "flink_jobmanager_config")]
    configs += [("flink_taskmanager_configs", config) for config in variables["flink_taskmanager_configs"]]
    for variable, config in configs:
        given = flatten(config, keep_null=True)
        for name in ("quorum", *(name for name in _OPTIONS if name in values and name != "quorum")):
            for key in _OPTIONS[name]:
                if key in given:
                    yield (
                        f"{variable}: expected {key} to be left to {VARIABLE}.{name}, got it in both. Remove one of "
                        "the two."
                    )


def tolerates_suspension(wanted: Wanted) -> bool:
    """Whether a connection may move to another server without a change of the leader, which restarts every job.

    So it has to where servers of the role restart one after the other. Source: ``SessionConnectionStateErrorPolicy``.
    """
    return bool(wanted.zookeeper_hosts) and Release.parse(wanted.version).version >= _TOLERANT


def quorum_servers(options: FlinkOptions) -> list[Server]:
    """The servers of the ZooKeeper that high availability needs; what is none to ZooKeeper is left out."""
    if not options.is_highly_available:
        return []
    text = options.values.get(QUORUM, "")
    servers = text if isinstance(text, (list, tuple)) else str(text).partition("/")[0].split(",")
    found = [_server(str(server)) for server in servers]
    return [server for server in found if server is not None]


def _server(text: str) -> Server | None:
    """ZooKeeper's own port if none is named. Source: ``ConnectStringParser``."""
    found = _SERVER.fullmatch(text.strip())
    if found is None or int(found[3] or CLIENT_PORT) > 65535:
        return None
    return Server(found[1] or found[2], int(found[3] or CLIENT_PORT))


def quorum_names(options: FlinkOptions) -> list[str]:
    """Their hosts."""
    return [server.host for server in quorum_servers(options)]


def asked_servers(wanted: Wanted, options: FlinkOptions) -> list[str]:
    """Those that a host has to reach. What the role runs itself may not be there yet."""
    servers = [server for server in quorum_servers(options) if server.host not in wanted.zookeeper_hosts]
    return list(dict.fromkeys(map(str, servers)))


def asked_znodes(wanted: Wanted, options: FlinkOptions) -> list[dict[str, t.Any]]:
    """Where ZooKeeper knows who leads, if there may be a choice."""
    servers = list(map(str, quorum_servers(options)))
    may_ask = "jobmanager" in wanted.components and len(wanted.jobmanager_hosts) > 1 and servers
    if not may_ask or Release.parse(wanted.version).version < _ONE_LEADER:
        return []
    return [{"servers": servers, "path": _leader_path(options)}]


def _leader_path(options: FlinkOptions) -> str:
    """Source: ``ZooKeeperUtils.generateLeaderPath``, ``generateConnectionInformationPath``."""
    cluster_id = next((options.values[key] for key in CLUSTER_ID if key in options.values), "/default")
    root = next((options.values[key] for key in _OPTIONS["root"] if key in options.values), "/flink")
    parts = (str(part).strip("/") for part in (root, cluster_id, "leader/dispatcher/connection_info"))
    return f"/{'/'.join(part for part in parts if part)}"


def is_standby(wanted: Wanted, options: FlinkOptions, host: Host) -> bool:
    """Whether ZooKeeper says that another host leads."""
    texts = [host.znodes.get(znode["path"], {}).get("text") for znode in asked_znodes(wanted, options)]
    found = [match for match in (_LEADER.search(text or "") for text in texts) if match]
    if not found:
        return False
    own = str(merge_config([options.values, wanted.jobmanager_config]).get("jobmanager.rpc.address"))
    return found[0][1].strip("[]").lower() != own.strip("[]").lower()


def quorum_objections(wanted: Wanted, options: FlinkOptions, host: Host) -> t.Iterator[str]:
    """That this host does not reach a majority, without which ZooKeeper serves nobody."""
    names, servers = quorum_names(options), quorum_servers(options)
    silent = _silent(servers, host)
    if names and all(name in host.unresolved_names for name in names):
        yield _unresolved(wanted, names, host)
    elif silent and 2 * len(silent) >= len(servers):
        yield (
            f"{_quorum_option(wanted)}: expected a majority of its servers to answer this host, got "
            f"{_problems(silent)}. Start ZooKeeper, let this host through to it, or correct the names and ports."
        )


def quorum_advice(wanted: Wanted, options: FlinkOptions, host: Host) -> t.Iterator[str]:
    """That some of it are missing, or of no use."""
    names, servers = quorum_names(options), quorum_servers(options)
    missing = [name for name in names if name in host.unresolved_names]
    if missing and len(missing) < len(names):
        yield _unresolved(wanted, missing, host)
    silent = _silent([server for server in servers if server.host not in missing], host)
    if silent and 2 * len(silent) < len(servers):
        yield (
            f"{_quorum_option(wanted)}: expected all of its servers to answer this host, got {_problems(silent)}. "
            "ZooKeeper goes on without, as long as a majority answers. Put it right before more of them are lost."
        )
    if wanted.high_availability is not None and len(servers) % 2 == 0:
        yield (
            f"{_quorum_option(wanted)}: expected an odd number of servers, got {len(servers)}, which survive no "
            f"more losses than {len(servers) - 1} would. Add one, or remove one."
        )


def _quorum_option(wanted: Wanted) -> str:
    return QUORUM if wanted.high_availability is None else f"{VARIABLE}.quorum"


def _silent(servers: t.Sequence[Server], host: Host) -> dict[str, str]:
    found = {str(server): host.unreachable_servers.get(str(server)) for server in servers}
    return {server: problem for server, problem in found.items() if problem is not None}


def _unresolved(wanted: Wanted, names: t.Iterable[str], host: Host) -> str:
    return (
        f"{_quorum_option(wanted)}: expected names that this host can resolve, got "
        f"{_problems({name: host.unresolved_names[name] for name in names})}. Correct the name, or make it known to "
        "the host."
    )


def _problems(problems: t.Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({problem})" for name, problem in problems.items())
