# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import socket
import time
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target import network
from ansible_collections.streamops.flink.plugins.module_utils._target.network import (
    leads_to_loopback,
    name_problem,
    own_addresses,
    port_problem,
    resolved,
    server_problems,
)

if t.TYPE_CHECKING:
    from pathlib import Path

ROUTES = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.0.0.0/24 2 0 2
        |-- 10.0.0.5
           /32 host LOCAL
        |-- 10.0.0.255
           /32 link BROADCAST
        |-- 10.0.0.0
           /24 link UNICAST
     |-- 127.0.0.0
        /8 host LOCAL
Local:
     |-- 10.0.0.5
        /32 host LOCAL
     |-- 127.0.0.1
        /32 host LOCAL
"""
INTERFACES = """\
fd000000000000000000000000000005 04 40 00 82     eth0
00000000000000000000000000000001 01 80 10 80       lo
"""


def test_the_addresses_of_a_host(tmp_path: Path) -> None:
    assert own_addresses(tmp_path) == []
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/fib_trie").write_text(ROUTES)
    assert own_addresses(tmp_path) == ["10.0.0.5", "127.0.0.1"]
    (tmp_path / "proc/net/if_inet6").write_text(INTERFACES)
    assert own_addresses(tmp_path) == ["10.0.0.5", "127.0.0.1", "fd00::5", "::1"]


@pytest.mark.parametrize(
    ("name", "addresses"),
    [("127.0.0.5", ["127.0.0.5"]), ("::1", ["::1"]), ("[::1]", ["::1"]), ("no.such.name.invalid", []), ("", [])],
)
def test_what_a_name_leads_to(name: str, addresses: list[str]) -> None:
    assert resolved(name) == addresses


@pytest.fixture
def listener() -> t.Iterator[int]:
    """A port of 127.0.0.1 that is taken."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_a_port_that_is_taken(host: str, listener: int) -> None:
    assert port_problem(host, listener) == "Address already in use"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_a_port_that_is_free(host: str) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
    assert port_problem(host, port) is None


def test_connections_that_linger_do_not_count() -> None:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _address = server.accept()
            accepted.close()
            client.recv(1)
    assert port_problem("127.0.0.1", port) is None


def test_any_port_is_never_taken() -> None:
    assert port_problem("no.such.host.invalid", 0) is None


def test_addresses_of_others() -> None:
    assert port_problem("192.0.2.1", 8081) == "Cannot assign requested address"


@pytest.mark.parametrize(("host", "port"), [("x" * 64, 1), ("..", 1), ("127.0.0.1", 65536), ("127.0.0.1", -1)])
def test_what_is_no_address(host: str, port: int) -> None:
    assert port_problem(host, port)


def test_an_address_that_the_host_does_not_have_beside_one_that_it_has(
    listener: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ::1 for localhost where there is no IPv6."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        free = server.getsockname()[1]

    def both(_host: str, port: int, **_flags: t.Any) -> t.Any:
        return [(socket.AF_INET, 1, 6, "", (host, port)) for host in ("192.0.2.1", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    assert port_problem("localhost", free) is None
    assert port_problem("localhost", listener) == "Address already in use"


def test_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: t.Any, **_kwargs: t.Any) -> t.Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert name_problem("localhost") is None
    assert name_problem("127.0.0.1") is None
    assert name_problem("x" * 64)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert name_problem("flink-9") == "Name or service not known"
    assert port_problem("flink-9", 8081) == "Name or service not known"


# Names, and whether only this host reaches itself by them.
LOOPBACK: dict[str, bool] = {
    "127.0.0.1": True,
    "127.0.1.1": True,
    "localhost": True,
    "::1": True,
    "192.0.2.1": False,
    "x" * 64: False,
}


@pytest.mark.parametrize(("name", "is_loopback"), LOOPBACK.items(), ids=LOOPBACK)
def test_names_that_lead_to_the_loopback_interface(name: str, is_loopback: bool) -> None:
    assert leads_to_loopback(name) is is_loopback


def test_servers_that_accept_connections(listener: int) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        closed = server.getsockname()[1]
        problems = server_problems([f"127.0.0.1:{listener}", f"localhost:{listener}", f"127.0.0.1:{closed}"])
    assert problems == {f"127.0.0.1:{closed}": "Connection refused"}
    assert server_problems([]) == {}


@pytest.mark.parametrize("server", ["x" * 64 + ":1", "127.0.0.1:99999999999", "[::1", "127.0.0.1:x", ""])
def test_what_is_no_server(server: str) -> None:
    assert server_problems([server])[server]


def test_servers_that_never_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty take about as long as one, and far from twenty times as long."""
    monkeypatch.setattr(network, "_CONNECT_SECONDS", 1)
    with socket.socket() as server:
        server.bind(("0.0.0.0", 0))
        server.listen(0)
        address = server.getsockname()
        # What the queue of the system holds, nobody accepts.
        waiting = [socket.socket() for _number in range(4)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", address[1]))
        servers = [f"127.0.0.{number}:{address[1]}" for number in range(1, 21)]
        start = time.monotonic()
        problems = server_problems(servers)
        elapsed = time.monotonic() - start
        for client in waiting:
            client.close()
    assert problems == dict.fromkeys(servers, "timed out")
    assert elapsed < 15
