# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a server does that means no good, or is broken."""

from __future__ import annotations

import contextlib
import email
import email.message
import gc
import gzip
import re
import socket
import threading
import typing as t
import uuid
from unittest import mock
from urllib.error import URLError

import pytest
from ansible.module_utils import urls

from ansible_collections.streamops.flink.plugins.module_utils._rest import (
    LARGEST_ANSWER,
    REST_ARGUMENTS,
    RestApi,
    RestError,
)
from ansible_collections.streamops.flink.tests.unit.plugins.quiet_server import QuietHandler, QuietServer

if t.TYPE_CHECKING:
    from pathlib import Path

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
SHORT = 0.3
LONG = 60
TIMED_OUT = "timed out, no whole answer within 0.3 seconds. Is this the REST address of a running JobManager?"
TOO_LARGE = f"the answer has more than {LARGEST_ANSWER} bytes. Is this a JobManager?"
NO_JSON = "expected JSON, got "


class Server(QuietServer):
    """Says ``first``, then ``again`` for as long as the client listens; keeps the paths and passwords that it hears."""

    daemon_threads = True
    first: bytes = b""
    again: bytes = b""
    pause: float = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[tuple[str, str | None]] = []
        self.sent: list[tuple[str, str | None, bytes]] = []
        self.left = threading.Event()
        self.over = threading.Event()


class Handler(QuietHandler):
    server: Server

    def answer(self) -> None:
        self.server.heard.append((self.path, self.headers.get("Authorization")))
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.sent.append((self.command, self.headers.get("Content-Type"), content))
        try:
            self.wfile.write(self.server.first)
            while self.server.again and not self.server.over.wait(self.server.pause):
                self.wfile.write(self.server.again)
        except OSError:
            self.server.left.set()


@contextlib.contextmanager
def serving(first: bytes, again: bytes = b"", pause: float = 0) -> t.Iterator[Server]:
    with Server() as server:
        server.first, server.again, server.pause = first, again, pause
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def api(url: str, seconds: float = LONG, longest: float | None = None, **given: t.Any) -> RestApi:
    defaults = {name: option.get("default") for name, option in REST_ARGUMENTS.items()}
    return RestApi({**defaults, "url": url, **given}, seconds, longest)


def body(content: bytes, headers: bytes = b"") -> bytes:
    return OK + headers + b"Content-Length: %d\r\n\r\n%s" % (len(content), content)


def redirect(target: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()


# What the server says, what it says then without end, at intervals of how many seconds, how many seconds the client
# has, and the start of the sentence.
HOSTILE: dict[str, tuple[bytes, bytes, float, float, str]] = {
    "nothing": (b"", b"", 0, LONG, "Remote end closed connection without response. The server closed the connection."),
    "nothing, without an end": (b"H", b" ", SHORT, SHORT, TIMED_OUT),
    "a header that trickles": (OK + b"X: ", b"x", 0.01, SHORT, TIMED_OUT),
    "provisional answers without an end": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.01, SHORT, TIMED_OUT),
    "a body that trickles": (OK + b"\r\n", b" ", 0.01, SHORT, TIMED_OUT),
    "chunks that trickle": (CHUNKED, b"1\r\n \r\n", 0.01, SHORT, TIMED_OUT),
    "headers without an end": (OK, b"X: x\r\n" * 1000, 0, LONG, "got more than 100 headers."),
    "a header without an end": (OK + b"X: ", b"x" * 2**16, 0, LONG, "got more than 65536 bytes when reading header"),
    "a body without an end": (OK + b"\r\n", b" " * 2**16, 0, LONG, TOO_LARGE),
    "chunks without an end": (CHUNKED, b"10000\r\n%s\r\n" % (b" " * 2**16), 0, LONG, TOO_LARGE),
    "three gigabytes": (OK + b"Content-Length: 3000000000\r\n\r\n", b" " * 2**16, 0, LONG, TOO_LARGE),
    "a page of an error without an end": (
        b"HTTP/1.1 500 \x1b[2J\r\n\r\n",
        b" " * 2**16,
        0,
        LONG,
        "expected an answer, got HTTP Error 500: Internal Server Error. Is this the REST address",
    ),
    "an unknown status": (
        b"HTTP/1.1 799 x\r\n\r\n",
        b"",
        0,
        LONG,
        "expected an answer, got HTTP Error 799: unknown. Is this",
    ),
    "another protocol": (b"SSH-2.0-\x1b[2J\r\n", b"", 0, LONG, r"SSH-2.0-\x1b[2J\r\n. Is this"),
    "a long line of another protocol": (b"x" * 60000 + b"\r\n\r\n", b"", 0, LONG, f"{'x' * 200}. Is this"),
    "an answer that is compressed": (
        body(gzip.compress(b" " * 2**22), b"Content-Encoding: gzip\r\n"),
        b"",
        0,
        LONG,
        f"{NO_JSON}gzip: ",
    ),
    "a kind that drives a terminal": (body(b"", b"Content-Type: \x1b[2J\r\n"), b"", 0, LONG, rf"{NO_JSON}\x1b[2J: "),
    "half a body": (OK + b'Content-Length: 9\r\n\r\n{"a"', b"", 0, LONG, f"{NO_JSON}something: "),
    "half a chunk": (CHUNKED + b"9\r\n{", b"", 0, LONG, "IncompleteRead("),
    "a chunk of no size": (CHUNKED + b"many\r\n{}\r\n", b"", 0, LONG, "IncompleteRead("),
    "a list of lists": (body(b"[" * 2**20), b"", 0, LONG, f"{NO_JSON}something: more than 100 levels of"),
    "a mapping of mappings": (body(b'{"":' * 2**20), b"", 0, LONG, f"{NO_JSON}something: more than 100 levels of"),
    "a long number": (body(b"1" * 2**20), b"", 0, LONG, f"{NO_JSON}something: a number of 1048576 digits. Is this"),
    "no text": (body(b'"\xff"'), b"", 0, LONG, f"{NO_JSON}something: 'utf-8' codec can't decode"),
}


@pytest.mark.parametrize(("first", "again", "pause", "seconds", "sentence"), HOSTILE.values(), ids=HOSTILE)
@pytest.mark.usefixtures("prompt")
def test_hostile_servers(first: bytes, again: bytes, pause: float, seconds: float, sentence: str) -> None:
    with serving(first, again, pause) as server:
        with pytest.raises(RestError, match=f"^{re.escape(f'{server.url}/overview: {sentence}')}") as refusal:
            api(server.url, seconds).get("/overview")
        assert refusal.value.may_pass
        assert str(refusal.value).isprintable()
        assert len(str(refusal.value)) < 500


@pytest.mark.parametrize(
    "late", [TimeoutError(), socket.timeout("timed out"), URLError(socket.timeout("timed out"))], ids=repr
)
def test_who_notices_that_it_is_late_does_not_count(late: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls.Request, "open", mock.Mock(side_effect=late))
    with pytest.raises(RestError, match=f": timed out, no whole answer within {LONG:g} seconds. Is this the REST"):
        api("http://127.0.0.1:1").get("/overview")


def test_a_client_that_had_enough_hangs_up() -> None:
    with serving(OK + b"\r\n", b" " * 2**16) as server:
        with pytest.raises(RestError):
            api(server.url).get("/overview")
        assert server.left.wait(LONG)


def test_all_answers_share_the_time() -> None:
    with serving(body(b"{}")) as server:
        asked = api(server.url, 0)
        with pytest.raises(RestError, match="timed out"):
            asked.get("/overview")


def test_one_answer_does_not_take_the_time_of_all() -> None:
    with serving(CHUNKED, b"1\r\n \r\n", 0.05) as server:
        client = api(server.url, longest=SHORT)
        with pytest.raises(RestError, match=TIMED_OUT):
            client.get("/overview")
    assert LONG - 10 < client.left < LONG


def test_certificates_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = mock.Mock(wraps=urls.make_context)
    monkeypatch.setattr(urls, "make_context", made)
    with serving(OK + b"Content-Length: 2\r\n\r\n{}") as server:
        client = api(server.url)
        assert [client.get("/overview") for _request in range(3)] == [{}, {}, {}]
    assert made.call_count == 1


def test_the_largest_answer() -> None:
    with serving(body(b"1".rjust(LARGEST_ANSWER))) as server:
        assert api(server.url).get("/overview") == 1


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
def test_the_longest_numbers(number: int) -> None:
    with serving(body(b"%d" % number)) as server:
        assert api(server.url).get("/overview") == number


# A status, where it redirects to, and the place that is named; {other} is another server.
ELSEWHERE = {
    **{f"another port, {status}": (status, "{other}/overview", "{other}") for status in (301, 302, 303, 307, 308)},
    "another host": (302, "http://localhost:{port}/overview", "http://localhost:{port}"),
    "another scheme": (302, "https://127.0.0.1:{port}/overview", "https://127.0.0.1:{port}"),
    "another host, without a scheme": (302, "//user:secret@localhost/overview", "http://localhost"),
    "another host with this one as password": (302, "http://127.0.0.1:{port}@localhost/", "http://localhost"),
    "a file": (302, "file:///etc/passwd", "no address"),
    "a host that drives a terminal": (302, "http://\x1b7/", r"http://\x1b7"),
}


@pytest.mark.parametrize(("status", "target", "place"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_redirects_elsewhere(status: int, target: str, place: str) -> None:
    with serving(b"") as other, serving(b"") as server:
        names = {"other": other.url, "port": server.server_port}
        server.first = redirect(target.format(**names), status)
        with pytest.raises(RestError) as refusal:
            api(server.url, url_username="user", url_password="secret").get("/overview")
        assert str(refusal.value) == (
            f"{server.url}/overview: the server redirects to {place.format(**names)}, which is not followed. "
            "Set url to where the JobManager answers."
        )
        assert refusal.value.may_pass
        assert (len(server.heard), other.heard) == (1, [])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_redirect_to_half_an_address() -> None:
    with serving(redirect("http://[::1/")) as server, pytest.raises(RestError, match=r"/overview: Invalid IPv6 URL\. "):
        api(server.url).get("/overview")
    gc.collect()  # urllib forgets to close the answer


@pytest.mark.parametrize(
    "target", ["/flink/overview?a=b#c", "flink/overview?a=b", "http://me:me@127.0.0.1:{port}/flink/overview?a=b"]
)
def test_a_redirect_within_the_origin(target: str) -> None:
    with serving(b"") as server:
        server.first = redirect(target.format(port=server.server_port))
        with pytest.raises(RestError, match="the server redirects without end"):
            api(server.url, url_username="user", url_password="secret").get("/overview")
    basic = "Basic dXNlcjpzZWNyZXQ="
    assert len(server.heard) == 6
    assert server.heard[:2] == [("/overview", basic), ("/flink/overview?a=b", basic)]


REASON = b'{"errors": ["Internal server error.", "<Exception on server side:\\na.AException: no sesame is here"]}'
WRITES: dict[str, tuple[t.Callable[[RestApi], t.Any], tuple[str, str | None, bytes]]] = {
    "post": (lambda api: api.post("/jobs", {"a": [1]}), ("POST", "application/json", b'{"a": [1]}')),
    "patch": (lambda api: api.patch("/jobs"), ("PATCH", None, b"")),
    "delete": (lambda api: api.delete("/jobs"), ("DELETE", None, b"")),
}
write = pytest.mark.parametrize(("send", "sent"), WRITES.values(), ids=WRITES)


@write
@pytest.mark.parametrize("status", [200, 202])
def test_writes(send: t.Callable[[RestApi], t.Any], sent: tuple[str, str | None, bytes], status: int) -> None:
    with serving(b'HTTP/1.1 %d OK\r\nContent-Length: 7\r\n\r\n{"b":2}' % status) as server:
        assert send(api(server.url, url_username="user", url_password="secret")) == {"b": 2}
        assert server.heard == [("/jobs", "Basic dXNlcjpzZWNyZXQ=")]
        assert server.sent == [sent]


@write
@pytest.mark.parametrize("target", ["/flink/jobs", "http://localhost/jobs", "file:///etc/passwd"])
def test_writes_follow_no_redirect(send: t.Callable[[RestApi], t.Any], sent: tuple[str, ...], target: str) -> None:
    with serving(redirect(target, 308)) as server:
        with pytest.raises(RestError, match="which is not followed when something changes") as refusal:
            send(api(server.url))
        assert (refusal.value.status, refusal.value.reason) == (308, "")
        assert len(server.sent) == len([sent])


@write
def test_a_refused_write_says_why(send: t.Callable[[RestApi], t.Any], sent: tuple[str, ...]) -> None:
    with serving(b"HTTP/1.1 500 x\r\nContent-Length: %d\r\n\r\n%s" % (len(REASON), REASON)) as server:
        with pytest.raises(RestError) as refusal:
            send(api(server.url))
        assert str(refusal.value) == (
            f"{server.url}/jobs: expected an answer, got HTTP Error 500: Internal Server Error: no sesame is here."
        )
        assert (refusal.value.status, refusal.value.reason) == (500, "no sesame is here")
        assert len(server.sent) == len([sent])


def test_no_message_repeats_what_is_hidden() -> None:
    with serving(b"HTTP/1.1 400 x\r\n\r\n" + REASON) as server:
        with pytest.raises(RestError) as refusal:
            api(server.url).post("/jobs", {}, hidden=["sesame"])
        assert "sesame" not in str(refusal.value)
        assert refusal.value.reason == "no *** is here"


@pytest.mark.parametrize(
    "page", [b"", b"<html>", b"[1]", b'{"errors": []}', b'{"errors": [1]}', b"[" * 2**20, b'{"errors": {"a": 1}}']
)
@pytest.mark.usefixtures("prompt")
def test_errors_of_somebody_else_give_no_reason(page: bytes) -> None:
    with serving(b"HTTP/1.1 404 x\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)) as server:
        with pytest.raises(RestError, match=r"404: Not Found\. Is this the REST address") as refusal:
            api(server.url).get("/jobs")
        assert (refusal.value.status, refusal.value.reason) == (404, "")


def test_a_write_without_an_answer_has_no_status() -> None:
    with serving(b"H", b" ", SHORT) as server:
        with pytest.raises(RestError, match="timed out") as refusal:
            api(server.url, SHORT).post("/jobs", {})
        assert (refusal.value.status, refusal.value.may_pass) == (None, True)


def test_an_upload(tmp_path: Path) -> None:
    jar = tmp_path / 'my "jar"\r\n.jar'
    jar.write_bytes(b"PK" * 2**20)
    with serving(body(b"{}")) as server:
        assert api(server.url).upload("/jars/upload", str(jar)) == {}
        ((method, kind, content),) = server.sent
    assert kind is not None
    assert (method, kind[:30]) == ("POST", "multipart/form-data; boundary=")
    message = email.message_from_bytes(b"Content-Type: %s\r\n\r\n%s" % (kind.encode(), content))
    (part,) = t.cast("list[email.message.Message]", message.get_payload())
    assert part.get_param("name", header="Content-Disposition") == "jarfile"
    assert (part.get_filename(), part.get_content_type()) == ("my__jar___.jar", "application/x-java-archive")
    assert content.count(b"PK") == 2**20


@pytest.mark.parametrize("name", ["missing.jar", "."])
def test_an_upload_of_no_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(RestError, match="expected a file that can be read, got none") as refusal:
        api("http://127.0.0.1:1").upload("/jars/upload", str(tmp_path / name))
    assert not refusal.value.may_pass


def test_a_file_that_becomes_shorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = tmp_path / "a.jar"
    jar.write_bytes(b"PK")
    fixed = uuid.uuid4()

    def shorten() -> uuid.UUID:
        jar.write_bytes(b"P")
        return fixed

    monkeypatch.setattr(uuid, "uuid4", shorten)
    with serving(body(b"{}")) as server, pytest.raises(RestError, match="became shorter while it was sent") as refusal:
        api(server.url).upload("/jars/upload", str(jar))
    assert refusal.value.status is None


def test_the_status_counts_without_its_page() -> None:
    with serving(b"HTTP/1.1 404 x\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n") as server:
        with pytest.raises(RestError, match="HTTP Error 404: Not Found") as refusal:
            api(server.url).get("/jobs")
        assert (refusal.value.status, refusal.value.reason) == (404, "")
