# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ports and names, checked on the host."""

from __future__ import annotations

import concurrent.futures
import errno
import ipaddress
import re
import socket
import typing as t

if t.TYPE_CHECKING:
    from pathlib import Path

_HIGHEST_PORT = 65535
_CONNECT_SECONDS = 3
# A leaf of the kernel's table of routes that is an address of an interface.
_LOCAL = re.compile(r"\|-- ([0-9.]+)\s+/32 host LOCAL")
_HEXADECIMAL = re.compile(r"[0-9a-f]{32} ")
# Addresses of a family that the host lacks, such as ::1 for localhost where IPv6 is off.
_ABSENT = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


def name_problem(name: str) -> str | None:
    """Why a name cannot be resolved; null if it can."""
    try:
        socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        return reason(exc)
    return None


def resolved(name: str) -> list[str]:
    """All addresses that a name leads to, none twice; none if it cannot be resolved."""
    try:
        found = socket.getaddrinfo(name.strip().strip("[]"), None, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(ipaddress.ip_address(str(answer[4][0]).partition("%")[0])) for answer in found))
    except (OSError, UnicodeError, ValueError):
        return []


def own_addresses(root: Path) -> list[str]:
    """The addresses of the host's interfaces, as the kernel lists them; none if it does not."""
    of_version_4 = _LOCAL.findall(_text(root / "proc/net/fib_trie"))
    of_version_6 = [str(ipaddress.IPv6Address(int(line[:32], 16))) for line in _lines(root / "proc/net/if_inet6")]
    return list(dict.fromkeys([*of_version_4, *of_version_6]))


def _lines(path: Path) -> list[str]:
    return [line for line in _text(path).splitlines() if _HEXADECIMAL.match(line)]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def leads_to_loopback(name: str) -> bool:
    """Whether the address that programs try first for a name is one that only this host reaches."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        return ipaddress.ip_address(str(found[0][4][0]).partition("%")[0]).is_loopback
    except (OSError, UnicodeError, ValueError):
        return False


def server_problems(servers: t.Sequence[str]) -> dict[str, str]:
    """Those of these servers, each ``HOST:PORT``, that accept no TCP connection, and why. All are tried at once."""
    if not servers:
        return {}
    with concurrent.futures.ThreadPoolExecutor(len(servers)) as pool:
        problems = dict(zip(servers, pool.map(_connect_problem, servers)))
    return {server: problem for server, problem in problems.items() if problem}


def _connect_problem(server: str) -> str | None:
    host, _colon, port = server.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS):
            return None
    except (OSError, OverflowError, ValueError) as exc:
        return reason(exc)


def port_problem(host: str, port: int) -> str | None:
    """Why a port cannot be listened on now; null if it can."""
    if port == 0:
        return None
    if not 0 < port <= _HIGHEST_PORT:
        # The system would take the lower bits.
        return f"a port must be between 0 and {_HIGHEST_PORT}"
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as exc:
        return reason(exc)
    problems = [_bind_problem(family, address) for family, _kind, _protocol, _name, address in found]
    usable = [problem for problem in problems if problem is None or problem.errno not in _ABSENT]
    return next((reason(problem) for problem in usable or problems if problem is not None), None)


def _bind_problem(family: int, address: t.Any) -> OSError | None:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as server:
            # As servers do: connections that linger do not count.
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            server.bind(address)
    except OSError as exc:
        return exc
    return None


def reason(exc: BaseException) -> str:
    """In the words of the system."""
    return getattr(exc, "strerror", None) or str(exc)
