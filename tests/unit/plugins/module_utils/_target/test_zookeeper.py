# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target import zookeeper
from ansible_collections.streamops.flink.plugins.module_utils._target.zookeeper import Read, read

SESSION = struct.pack(">iiqi16s?", 0, 4000, 1, 16, b"", False)


def framed(message: bytes) -> bytes:
    return struct.pack(">i", len(message)) + message


def answered(error: int, data: bytes | None = None) -> bytes:
    """As ZooKeeper 3.7.2 answers the first request."""
    body = b"" if data is None else struct.pack(">i", len(data)) + data + b"\0" * 68
    return framed(struct.pack(">iqi", 1, 7, error) + body)


@pytest.fixture
def serve() -> t.Iterator[t.Callable[..., tuple[str, list[bytes]]]]:
    """Have a server that gives these answers in turn, and learn what it was asked."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def run(*answers: bytes, waits: bool = True) -> tuple[str, list[bytes]]:
            asked: list[bytes] = []

            def answer() -> None:
                with contextlib.suppress(OSError), server.accept()[0] as connection:
                    for one in answers:
                        asked.append(connection.recv(1000))
                        connection.sendall(one)
                    if waits:
                        asked.append(connection.recv(1000))

            threading.Thread(target=answer, daemon=True).start()
            return f"127.0.0.1:{server.getsockname()[1]}", asked

        yield run


# Answers, and what is read.
ANSWERS: dict[str, tuple[list[bytes], Read]] = {
    "a value": ([framed(SESSION), answered(0, b"abc")], Read(b"abc", None)),
    "an empty value": ([framed(SESSION), answered(0, b"")], Read(b"", None)),
    "no value": ([framed(SESSION), framed(struct.pack(">iqii", 1, 7, 0, -1))], Read(b"", None)),
    "nothing there": ([framed(SESSION), answered(-101)], Read(None, None)),
    "no rights": ([framed(SESSION), answered(-102)], Read(None, "error -102 of ZooKeeper")),
    "another program": ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], Read(None, "an answer that is none of ZooKeeper")),
    "a short answer": ([framed(SESSION), framed(b"x")], Read(None, "an answer that is none of ZooKeeper")),
}


@pytest.mark.parametrize(("answers", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_what_is_read(answers: list[bytes], expected: Read, serve: t.Callable[..., tuple[str, list[bytes]]]) -> None:
    server, _asked = serve(*answers)
    assert read(server, "/a/b") == expected


def test_a_server_that_belongs_to_no_majority(serve: t.Callable[..., tuple[str, list[bytes]]]) -> None:
    server, _asked = serve(b"", waits=False)
    assert read(server, "/") == Read(None, "it closed the connection, as a server does that belongs to no majority")


def test_what_is_asked(serve: t.Callable[..., tuple[str, list[bytes]]]) -> None:
    server, asked = serve(framed(SESSION), answered(0, b"abc"))
    read(server, "/a/b")
    session, request = asked[:2]
    assert struct.unpack(">iiqiqi16s?", session) == (45, 0, 0, 4000, 0, 16, b"\0" * 16, False)
    assert request == framed(struct.pack(">iii", 1, 4, 4) + b"/a/b\0")


def test_a_server_that_never_answers(
    monkeypatch: pytest.MonkeyPatch, serve: t.Callable[..., tuple[str, list[bytes]]]
) -> None:
    monkeypatch.setattr(zookeeper, "_SECONDS", 0.2)
    server, _asked = serve(b"")
    assert read(server, "/") == Read(None, "timed out")


@pytest.mark.parametrize("server", ["", "127.0.0.1:x", "127.0.0.1:99999", "127.0.0.1:1"])
def test_what_is_no_server(server: str) -> None:
    assert read(server, "/").problem
