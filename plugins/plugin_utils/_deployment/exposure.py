# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a cluster leaves open to whoever reaches it, and which variables close it."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import listed

from .addresses import has_other_hosts, is_any
from .encryption import internal_is_encrypted, is_true, rest_is_encrypted
from .options import process_configs

if t.TYPE_CHECKING:
    from .options import FlinkOptions
    from .wanted import Wanted

_ADDRESS = "flink_rest_bind_address"
_CLIENTS = "security.ssl.rest.authentication-enabled"


class _Door(t.NamedTuple):
    """Something that listens on all addresses: its name, host and port, what anybody does there, and what closes it."""

    name: str
    host: str
    port: str
    deed: str
    variables: tuple[str, ...]


def exposure_advice(wanted: Wanted, options: FlinkOptions) -> t.Iterator[str]:
    """One sentence about all that is open, the same on each host that has the same to tell.

    Only what is bound to all addresses is told: another address is the choice of whoever has set it, and so is whom a
    firewall lets through.
    """
    if wanted.firewall != "none":
        return
    configs = process_configs(wanted, options)
    doors = [
        *_of_jobmanager(wanted, options, configs.get("jobmanager")),
        *_of_history_server(wanted, configs.get("historyserver")),
        *_of_sql_gateway(wanted, configs.get("sql-gateway")),
    ]
    if doors:
        open_to_all = "; ".join(f"{door.name} ({door.host}, {door.port}) {door.deed}" for door in doors)
        closing = "; ".join(f"{' or '.join(door.variables)} closes {door.name}" for door in doors)
        takes_all = wanted.tls != "all" and wanted.proxy is None
        first = "Set it to all, which asks everybody for a certificate; or one by one: " if takes_all else ""
        yield (
            f"flink_tls: anybody who reaches these ports gets in without a password: {open_to_all}. {first}"
            f"{closing}. See docs/security.md of the collection."
        )


def _of_jobmanager(wanted: Wanted, options: FlinkOptions, config: t.Mapping[str, t.Any] | None) -> t.Iterator[_Door]:
    """Source: ``RestServerEndpoint``, ``SSLUtils``; ``AkkaRpcServiceUtils``, ``PekkoRpcServiceUtils``."""
    if config is None or not _has_taskmanagers_elsewhere(wanted):
        return
    hosts = listed(wanted.jobmanager_hosts)
    if _is_open(config.get("rest.bind-address")) and not _knows_clients(config, wanted):
        port = config.get("rest.bind-port", config.get("rest.port", 8081))
        # In application mode it has no handler for jars or graphs. Source: MiniDispatcherRestEndpoint.
        deed = "cancels its job" if wanted.is_application else f"runs any jar as {_user(wanted)}"
        deed += " and shows the configuration"
        yield _Door("REST", hosts, f"port {port}", deed, (*_certificates(wanted), "flink_proxy", _ADDRESS))
    if _is_open(config.get("jobmanager.bind-host")) and not internal_is_encrypted(config, wanted.version):
        key = "high-availability.jobmanager.port" if options.is_highly_available else "jobmanager.rpc.port"
        found = config.get("jobmanager.rpc.bind-port", config.get(key, 0 if options.is_highly_available else 6123))
        port = "any port" if str(found) == "0" else f"port {found}"
        yield _Door(
            "RPC", hosts, port, "takes anybody for a TaskManager", ("flink_tls: internal", "flink_bind_address")
        )


def _of_history_server(wanted: Wanted, config: t.Mapping[str, t.Any] | None) -> t.Iterator[_Door]:
    """It speaks TLS only if it is told so for itself. Source: ``HistoryServerUtils``, ``HistoryServer``."""
    if config is None or not _is_open(config.get("historyserver.web.address")):
        return
    if not (is_true(config.get("historyserver.web.ssl.enabled")) and _knows_clients(config, wanted)):
        port = f"port {config.get('historyserver.web.port', 8082)}"
        deed = "shows former jobs and their configuration"
        yield _Door("HistoryServer", wanted.host, port, deed, (*_certificates(wanted), _ADDRESS))


def _of_sql_gateway(wanted: Wanted, config: t.Mapping[str, t.Any] | None) -> t.Iterator[_Door]:
    """Source: ``SqlGatewayRestEndpoint``, which has the TLS of REST."""
    if config is None or not _is_open(config.get("sql-gateway.endpoint.rest.bind-address")):
        return
    if not _knows_clients(config, wanted):
        port = f"port {config.get('sql-gateway.endpoint.rest.port', 8083)}"
        deed = f"runs any statement, and with it any jar, as {_user(wanted)}"
        yield _Door("SQL gateway", wanted.host, port, deed, (*_certificates(wanted), _ADDRESS))


def _has_taskmanagers_elsewhere(wanted: Wanted) -> bool:
    """A JobManager without a TaskManager beside it has them elsewhere, whether they are named or not."""
    return has_other_hosts(wanted) or "taskmanager" not in wanted.components


def _certificates(wanted: Wanted) -> tuple[str, ...]:
    """What makes REST ask for them where it speaks TLS already."""
    return ("flink_tls_rest_clients: true",) if wanted.tls == "all" else ()


def _user(wanted: Wanted) -> str:
    return wanted.user or "the user of its processes"


def _knows_clients(config: t.Mapping[str, t.Any], wanted: Wanted) -> bool:
    """Whether only who has a certificate is answered."""
    return rest_is_encrypted(config, wanted.version) and is_true(config.get(_CLIENTS))


def _is_open(address: t.Any) -> bool:
    """Whether it means all addresses of a host, as no address does to Flink."""
    return is_any(str(address or "::"))
