# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An nginx in front of the REST API, which then listens on the loopback interface only.

Flink knows no users: whoever reaches its REST API runs programs with the rights of the processes. Each host with a
JobManager has its own proxy to it. Others of the cluster ask through a host that has one.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .addresses import as_network
from .encryption import rest_is_encrypted
from .files import File, absent, absent_if_empty
from .names import (
    PROXY,
    protect_home,
    proxy_command,
    proxy_directory,
    proxy_runtime_name,
    runs_proxy,
    unit_of,
    unit_path,
)

if t.TYPE_CHECKING:
    from .distribution import Distribution
    from .found import Host
    from .wanted import Wanted

    Render = t.Callable[..., str]

LOOPBACK = "127.0.0.1"
PACKAGE = "nginx"
_PROGRAM_DIR = "/usr/sbin"
_HIGHEST_PORT = 65535
_FIRST_FREE_PORT = 1024  # a port below takes a capability
_LOCAL = frozenset((LOOPBACK, "localhost"))
_USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]*")
# What crypt(3) of the distributions verifies and nobody guesses fast: bcrypt, and SHA-512.
_HASH = re.compile(r"\$2y\$[0-9]{2}\$[./A-Za-z0-9]{53}|\$6\$(rounds=[0-9]+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}")
_CERTIFICATES = re.compile(
    r"\s*(-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+", re.ASCII
)
_KEY = re.compile(r"-----BEGIN ((EC|RSA) )?PRIVATE KEY-----\s")
_LOCKED = "Proc-Type: 4,ENCRYPTED"
_FILES = ("nginx.conf", "users", "certificate.pem", "key.pem", "clients.pem")


@dataclasses.dataclass(frozen=True, slots=True)
class Proxy:
    """What a host with a proxy is to have: ``trial`` is the configuration in a place where it is only tried.

    That place goes once the proxy has read what was tried. ``restarts`` tells that its unit is another one.
    """

    unit: str
    unit_path: str
    configuration: tuple[File, ...]
    service: tuple[File, ...]
    trial_dir: str
    trial: tuple[File, ...]
    starts: bool
    restarts: bool


def listed_dirs(wanted: Wanted) -> list[str]:
    """Where to look for nginx, and for what a killed run has left of a trial."""
    return [_PROGRAM_DIR, _trial_dir(wanted)] if runs_proxy(wanted) else []


def rest_options(wanted: Wanted) -> dict[str, t.Any]:
    """Where a JobManager behind a proxy listens, and where the command line tools of its host find it."""
    return {"rest.address": LOOPBACK, "rest.bind-address": LOOPBACK} if runs_proxy(wanted) else {}


def proxy_port(wanted: Wanted) -> tuple[str, int] | None:
    """Where a proxy listens."""
    if wanted.proxy is None or not runs_proxy(wanted):
        return None
    return wanted.proxy.get("address") or "0.0.0.0", wanted.proxy["port"]


def proxy(wanted: Wanted, host: Host, distribution: Distribution, rest_port: str, render: Render) -> Proxy | None:
    """None where there is to be none."""
    if wanted.proxy is None or not runs_proxy(wanted):
        return None
    live, unit = host.processes[PROXY], unit_path(PROXY, wanted)
    trial_dir = _trial_dir(wanted)
    override = wanted.service_overrides.get(PROXY)
    text = render(
        "proxy.service.j2",
        user=distribution.proxy_user,
        command=proxy_command(wanted),
        runtime_name=proxy_runtime_name(wanted),
        capability="CAP_NET_BIND_SERVICE" if wanted.proxy["port"] < _FIRST_FREE_PORT else "",
        protect_home=protect_home([wanted.conf_dir]),
        **wanted.variables(),
    )
    overrides = f"{unit}.d/20-overrides.conf"
    return Proxy(
        unit=unit_of(PROXY, wanted),
        unit_path=unit,
        configuration=_configuration(wanted, proxy_directory(wanted), distribution, rest_port, render),
        service=(
            File(path=unit, content=text, mode="0644"),
            File(path=f"{unit}.d", state="directory", mode="0755"),
            File(path=overrides, content=override, mode="0644") if override else absent(overrides),
        ),
        trial_dir=trial_dir,
        trial=_configuration(wanted, trial_dir, distribution, rest_port, render),
        starts=not live.is_alive or not live.enabled or live.needs_reload or bool(host.files.get(trial_dir)),
        restarts=live.needs_reload,
    )


def _trial_dir(wanted: Wanted) -> str:
    return f"{proxy_directory(wanted)}.new"


def absent_proxy(wanted: Wanted) -> tuple[File, ...]:
    """The configuration of a proxy, and what a killed run has left of a trial."""
    directory = proxy_directory(wanted)
    return (
        absent(_trial_dir(wanted)),
        *(absent(f"{directory}/{name}") for name in _FILES),
        absent_if_empty(directory),
    )


def _configuration(
    wanted: Wanted, directory: str, distribution: Distribution, rest_port: str, render: Render
) -> tuple[File, ...]:
    """Names in the configuration are relative to it, so that it can be tried elsewhere."""
    given = wanted.proxy or {}
    address = given.get("address")
    users = given.get("users") or {}
    text = render(
        "proxy.conf.j2",
        listen=f"{_bracketed(address)}:{given['port']}" if address else given["port"],
        rest=f"{LOOPBACK}:{rest_port}",
        tls=given["tls"],
        has_users=bool(users),
        has_clients=bool(given.get("client_ca")),
        networks=given.get("networks") or (),
    )
    contents = {
        "users": "".join(f"{name}:{password}\n" for name, password in users.items()),
        "certificate.pem": given.get("certificate") if given["tls"] else None,
        "key.pem": given.get("key") if given["tls"] else None,
        "clients.pem": given.get("client_ca"),
    }
    group = distribution.proxy_user
    return (
        File(path=directory, state="directory", mode="0750", owner="root", group=group),
        *(
            File(
                path=f"{directory}/{name}",
                mode="0640",
                owner="root",
                group=group,
                secret_content=f"{content.strip()}\n",
            )
            if content
            else absent(f"{directory}/{name}")
            for name, content in contents.items()
        ),
        File(path=f"{directory}/{_FILES[0]}", mode="0640", owner="root", group=group, content=text),
    )


def proxy_objections(
    wanted: Wanted,
    config: t.Mapping[str, t.Any],
    host: Host,
    distribution: Distribution,
    *,
    has_systemd: bool,
) -> t.Iterator[str]:
    """What would keep a proxy from its work, or leave a door open; ``config`` is that of the JobManager."""
    if wanted.proxy is None:
        return
    if not runs_proxy(wanted):
        yield from _far_away(wanted)
        return
    yield from _where(wanted.proxy)
    yield from _encryption(wanted.proxy)
    yield from _who(wanted.proxy)
    yield from _behind(wanted, config)
    if not has_systemd:
        yield "flink_proxy: expected a host where systemd runs the processes, got one with launchers. Leave it out."
    if not has_nginx(host) and distribution.family == "other":
        yield (
            "flink_proxy: expected nginx on a host where the role cannot install it, got none. Install it, or leave "
            "flink_proxy out."
        )


def has_nginx(host: Host) -> bool:
    return PACKAGE in host.files.get(_PROGRAM_DIR, ())


def _far_away(wanted: Wanted) -> t.Iterator[str]:
    if "sql-gateway" in wanted.components:
        yield (
            "flink_proxy: expected the SQL gateway on a host with a JobManager, whose REST API nobody else reaches, "
            "got it without. Move it there, or leave flink_proxy out."
        )


def _where(given: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    if not 0 < given["port"] <= _HIGHEST_PORT:
        yield (
            f"flink_proxy.port: expected a port from 1 to {_HIGHEST_PORT}, got {given['port']}. Correct it, for "
            "example to 8443."
        )
    address = given.get("address")
    if address and ("/" in address or as_network(address) is None):
        yield f"flink_proxy.address: expected an IP address of the host, got {address}. Correct it, or leave it out."
    wrong = [network for network in given.get("networks") or () if as_network(network, strict=True) is None]
    if wrong:
        yield (f"flink_proxy.networks: expected networks such as 192.0.2.0/24, got {', '.join(wrong)}. Correct them.")


def _encryption(given: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    pem = {name: given.get(name) for name in ("certificate", "key", "client_ca")}
    if not given["tls"]:
        useless = [name for name, text in pem.items() if text]
        if useless:
            yield (
                f"flink_proxy.tls: expected true with {', '.join(useless)}, got false. Set it to true, or leave out "
                "what only TLS uses."
            )
        return
    missing = [name for name in ("certificate", "key") if not pem[name]]
    if missing:
        yield (
            "flink_proxy: expected the certificate of the server and its key as PEM, got no "
            f"{' and no '.join(missing)}. Give both; or, where passwords may be read on the way, say tls: false."
        )
    for name in ("certificate", "client_ca"):
        if pem[name] and not _CERTIFICATES.fullmatch(str(pem[name])):
            yield (
                f"flink_proxy.{name}: expected certificates as PEM, got another text. Give the content of the file, "
                "from -----BEGIN CERTIFICATE----- on."
            )
    if pem["key"] and (_LOCKED in str(pem["key"]) or not _KEY.search(str(pem["key"]))):
        yield (
            "flink_proxy.key: expected a private key as PEM without a passphrase, got another text. Give the content "
            "of the file, from -----BEGIN PRIVATE KEY----- on."
        )


def _who(given: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    """No words of a password: messages are kept."""
    users = given.get("users") or {}
    if not users and not given.get("client_ca"):
        yield (
            "flink_proxy: expected users, or client_ca, the authority of the certificates of clients, got neither, "
            "which lets everybody in. Give one of them, or both for who must have both."
        )
    wrong = [str(name) for name in users if not _USER.fullmatch(str(name))]
    if wrong:
        yield (
            f"flink_proxy.users: expected names of letters, digits, '.', '_', '@' and '-', got {', '.join(wrong)}. "
            "Correct them."
        )
    plain = [str(name) for name, password in users.items() if not _HASH.fullmatch(str(password))]
    if plain:
        yield (
            f"flink_proxy.users: expected hashes of passwords, bcrypt ($2y$) or SHA-512 ($6$), got another text for "
            f"{', '.join(plain)}. Make one with openssl passwd -6."
        )


def _behind(wanted: Wanted, config: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    # A null of the user takes the role's address away, and Flink listens on all of them.
    bound = str(config.get("rest.bind-address", "null"))
    if bound not in _LOCAL:
        given = "rest.bind-address" if wanted.rest_bind_address is None else "flink_rest_bind_address"
        yield (
            f"{given}: expected {LOOPBACK} behind flink_proxy, got {bound}, where everybody would get past it. Remove "
            "it, and the role sets it."
        )
    known = config.get("rest.port", 8081)
    if str(config.get("rest.bind-port", known)) != str(known):
        yield (
            f"rest.bind-port: expected that of rest.port behind flink_proxy, {known}, got {config['rest.bind-port']}. "
            "Remove it."
        )
    if rest_is_encrypted(config, wanted.version):
        yield (
            "security.ssl.rest.enabled: expected false behind flink_proxy, which encrypts in its place and reaches "
            "REST on the loopback interface, got true. "
            + ("Set flink_tls to internal" if wanted.tls == "all" else "Set it to false")
            + "; or leave flink_proxy out."
        )


def proxy_advice(wanted: Wanted) -> t.Iterator[str]:
    if wanted.proxy is not None and runs_proxy(wanted) and not wanted.proxy["tls"]:
        yield (
            f"flink_proxy.tls: passwords for port {wanted.proxy['port']} are sent as they are, so whoever reads the "
            "network has them. Give a certificate and its key."
        )


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
