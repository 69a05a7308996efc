# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One value of a ZooKeeper, as its own clients read it: bounded in time and size.

Source: ``ConnectRequest``, ``RequestHeader`` and ``GetDataRequest`` of ZooKeeper 3.4 - 3.9, in ``zookeeper.jute``.
"""

from __future__ import annotations

import socket
import struct
import time
import typing as t

from .network import reason

_SECONDS = 3
_LARGEST = 2**20
_SESSION_MILLISECONDS = 4000
_GET_DATA, _CLOSE = 4, -11
_NO_NODE = -101
_STRANGE = "an answer that is none of ZooKeeper"


class Read(t.NamedTuple):
    """``data`` is null if there is nothing at that place, or a problem."""

    data: bytes | None
    problem: str | None


def read(server: str, path: str) -> Read:
    """What a server, ``HOST:PORT``, has at a path. One that belongs to no majority answers nobody."""
    host, _colon, port = server.rpartition(":")
    end = time.monotonic() + _SECONDS
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _SECONDS) as connection:
            _send(connection, struct.pack(">iqiqi16s?", 0, 0, _SESSION_MILLISECONDS, 0, 16, b"", False))
            _receive(connection, end)
            name = path.encode()
            _send(connection, struct.pack(">iii", 1, _GET_DATA, len(name)) + name + b"\0")
            answer = _receive(connection, end)
            _send(connection, struct.pack(">ii", 2, _CLOSE))
        _number, _transaction, error = struct.unpack_from(">iqi", answer)
        if error:
            return Read(None, None if error == _NO_NODE else f"error {error} of ZooKeeper")
        (length,) = struct.unpack_from(">i", answer, 16)
        return Read(answer[20 : 20 + max(0, length)], None)
    except struct.error:
        return Read(None, _STRANGE)
    except (OSError, OverflowError, ValueError) as exc:
        return Read(None, reason(exc))


def _send(connection: socket.socket, message: bytes) -> None:
    connection.sendall(struct.pack(">i", len(message)) + message)


def _receive(connection: socket.socket, end: float) -> bytes:
    (length,) = struct.unpack(">i", _exactly(connection, 4, end))
    if not 0 <= length <= _LARGEST:
        raise ValueError(_STRANGE)
    return _exactly(connection, length, end)


def _exactly(connection: socket.socket, length: int, end: float) -> bytes:
    received = b""
    while len(received) < length:
        left = end - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        connection.settimeout(left)
        part = connection.recv(length - len(received))
        if not part:
            raise ValueError("it closed the connection, as a server does that belongs to no majority")
        received += part
    return received
