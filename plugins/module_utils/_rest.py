# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How plugins reach the REST API of a JobManager: their options, and a client that no server holds up.

Whatever a server does, its answers end in time, have a largest size and depth, and come from the origin that was asked:
no other is told the password.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.client
import json
import os
import re
import socket
import threading
import time
import typing as t
import uuid
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit, urlunsplit

from ansible.module_utils import urls

from ._flink.values.traces import root_cause

if t.TYPE_CHECKING:
    import ssl

REST_ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "url": {"type": "str", "default": "http://localhost:8081"},
    "former_url": {"type": "str"},
    "url_username": {"type": "str"},
    "url_password": {"type": "str", "no_log": True},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
}

REQUIRED_BY = {"url_password": "url_username", "client_key": "client_cert"}

# Room for ten thousand TaskManagers: each takes about 1,300 bytes.
LARGEST_ANSWER = 16 * 2**20
# Of the page of an error: a stack trace takes some ten thousand bytes.
_LARGEST_ERROR = 2**20
_CHUNK = 2**20
_DEEPEST = 100
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_LONGEST_WHOLE_NUMBER = len(str(-(2**63)))
_DONE = (200, 202)
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_LONGEST_QUOTE = 200
_PORTS = {"http": 80, "https": 443}
# One class since Python 3.11, two since 3.10.
_LATE = (TimeoutError, socket.timeout, concurrent.futures.TimeoutError)

# What Python says of every certificate that is not trusted.
_UNTRUSTED = "certificate verify failed"
# By what Python and OpenSSL say of a connection: which option helps. The first one counts.
_REMEDIES = {
    "address mismatch": "Use a host name of the server's certificate in url, or set validate_certs: false.",
    "hostname mismatch": "Use a host name of the server's certificate in url, or set validate_certs: false.",
    "certificate has expired": "Renew the server's certificate, or set validate_certs: false.",
    _UNTRUSTED: (
        "No trusted authority signed the server's certificate. Set ca_path to the certificate of its authority, or set "
        "validate_certs: false."
    ),
    "certificate required": "The server requires a client certificate: set client_cert and client_key.",
    "handshake failure": "The server may require a client certificate: set client_cert and client_key.",
    "unknown ca": "The server does not trust client_cert.",
    "key values mismatch": "client_key does not belong to client_cert.",
    "no certificate or crl found": "ca_path contains no certificate.",
    "wrong version number": "The server does not speak TLS: use http:// in url.",
    "record layer failure": "The server does not speak TLS: use http:// in url.",
}


class RestError(Exception):
    """Why there is no answer, in a sentence; ``may_pass`` says whether asking again later may help.

    ``status`` is that of HTTP, null if there was none: then nobody knows whether a request that changes something was
    carried out. ``reason`` is what Flink itself says went wrong; empty if it was somebody else who answered.
    """

    def __init__(self, message: str, *, may_pass: bool = True, status: int | None = None, reason: str = "") -> None:
        super().__init__(message)
        self.may_pass = may_pass
        self.status = status
        self.reason = reason


class _Answer(t.NamedTuple):
    """A status, the address that it redirects to, and a body with the kind that it says to be of."""

    status: int
    location: str | None
    kind: str | None = None
    body: bytes = b""


class _Request(t.NamedTuple):
    """What is sent; ``hidden`` are texts of it that no message may repeat."""

    method: str = "GET"
    data: bytes | t.Iterable[bytes] | None = None
    headers: dict[str, str] | None = None
    hidden: tuple[str, ...] = ()


_GET = _Request()


class RestApi:
    """The REST API of one JobManager, for as many seconds as all its answers may take together, and one of them."""

    def __init__(self, params: t.Mapping[str, t.Any], seconds: float, longest: float | None = None) -> None:
        former, has_files = params.get("former_url"), not _unreadable(params)
        needs_files = str(params["url"]).startswith("https:")
        self._base = str(former if former and needs_files and not has_files else params["url"]).rstrip("/")
        self._former = str(former).rstrip("/") if former and has_files else None
        self._seconds = seconds
        self._longest = seconds if longest is None else longest
        self._end = time.monotonic() + seconds
        self._context: ssl.SSLContext | None = None
        self._has_username = params["url_username"] is not None
        self._user = {name: params[name] for name in ("url_username", "url_password")}
        self._tls = {name: params[name] for name in ("validate_certs", "client_cert", "client_key")}
        self._tls["cafile"] = params["ca_path"]
        if former and not has_files:
            self._tls.update(client_cert=None, client_key=None, cafile=None)

    @property
    def left(self) -> float:
        """How many seconds there are for further answers."""
        return self._end - time.monotonic()

    def get(self, path: str, *, optional: bool = False) -> t.Any:
        """The answer; null for an optional one that this release does not give. Raises RestError."""
        url = self._base + path
        asked = url
        for _redirect in range(_MOST_REDIRECTS + 1):
            answer = self._ask(url, asked, _GET)
            if answer.location is None:
                break
            asked = _within_origin(url, answer.location)
        else:
            raise RestError(f"{url}: the server redirects without end. Set url to where the JobManager answers.")
        if optional and answer.status == 404:
            return None
        if answer.status != 200:
            raise self._refusal(url, answer, _GET)
        return _parsed(url, answer)

    def post(self, path: str, body: t.Mapping[str, t.Any], *, hidden: t.Iterable[str] = ()) -> t.Any:
        """The answer. No message repeats a text of ``hidden``. Raises RestError."""
        data, headers = json.dumps(body).encode(), {"Content-Type": "application/json"}
        return self._write(path, _Request("POST", data, headers, tuple(hidden)))

    def put(self, path: str, body: t.Mapping[str, t.Any]) -> t.Any:
        """The answer. Raises RestError."""
        return self._write(path, _Request("PUT", json.dumps(body).encode(), {"Content-Type": "application/json"}))

    def patch(self, path: str) -> t.Any:
        """The answer. Raises RestError."""
        return self._write(path, _Request("PATCH"))

    def delete(self, path: str) -> t.Any:
        """The answer. Raises RestError."""
        return self._write(path, _Request("DELETE"))

    def upload(self, path: str, file: str) -> t.Any:
        """The answer to a jar, which is read from disk as it is sent. Raises RestError."""
        try:
            size = Path(file).stat().st_size
            readable = Path(file).is_file() and os.access(file, os.R_OK)
        except OSError:
            readable = False
        if not readable:
            raise RestError(f"{file}: expected a file that can be read, got none. Correct the path.", may_pass=False)
        boundary = uuid.uuid4().hex
        name = re.sub(r"[^\w.-]", "_", Path(file).name, flags=re.ASCII)
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="jarfile"; filename="{name}"\r\n'
            "Content-Type: application/x-java-archive\r\n\r\n"
        ).encode()
        tail = f"\r\n--{boundary}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(head) + size + len(tail)),
        }
        return self._write(path, _Request("POST", _parts(head, file, size, tail), headers))

    def _write(self, path: str, request: _Request) -> t.Any:
        """What a request is answered that changes something, and hence goes to nobody but whom it is for."""
        url = self._base + path
        answer = self._ask(url, url, request)
        if answer.location is not None:
            raise RestError(
                f"{url}: the server redirects to {_place(answer.location)}, which is not followed when something "
                "changes. Set url to where the JobManager answers.",
                status=answer.status,
            )
        if answer.status not in _DONE:
            raise self._refusal(url, answer, request)
        return _parsed(url, answer)

    def _refusal(self, url: str, answer: _Answer, request: _Request) -> RestError:
        status = answer.status
        said = f"expected an answer, got HTTP Error {status}: {http.client.responses.get(status, 'unknown')}"
        reason = _reason(answer, request.hidden)
        error = self._error(url, said, status)
        words = f"{url}: {said}: {reason}." if reason and error.may_pass else str(error)
        return RestError(words, may_pass=error.may_pass, status=status, reason=reason)

    def _ask(self, url: str, asked: str, request: _Request) -> _Answer:
        """One request, where the server was before if nobody answers where it is to be, or somebody sends elsewhere.

        Whose certificate is not trusted has TLS already: what is for the cluster is not sent there without.
        """
        if self._former is None or not asked.startswith(self._base):
            return self._try(url, asked, request)
        former = f"{self._former}{asked[len(self._base) :]}"
        try:
            found: _Answer | RestError = self._try(url, asked, request)
        except RestError as exc:
            if _UNTRUSTED in str(exc).lower():
                raise
            found = exc
        if isinstance(found, _Answer) and found.location is None:
            return found
        with contextlib.suppress(RestError):
            other = self._try(former, former, request)
            if other.location is None:
                return other
        if isinstance(found, RestError):
            raise found
        return found

    def _try(self, url: str, asked: str, request: _Request) -> _Answer:
        """A thread asks, since only a thread can be left behind while names are resolved."""
        future: concurrent.futures.Future[_Answer] = concurrent.futures.Future()
        seconds = max(0.001, min(self._longest, self.left))

        def fetch() -> None:
            try:
                future.set_result(self._fetch(asked, request, seconds))
            except BaseException as exc:  # noqa: BLE001 - raised again where the result is awaited
                future.set_exception(exc)

        threading.Thread(target=fetch, daemon=True).start()
        try:
            return future.result(seconds)
        except (*_LATE, OSError, ValueError, http.client.HTTPException, urls.ConnectionError) as exc:
            reason = exc.reason if isinstance(exc, URLError) else exc
            late = f"timed out, no whole answer within {min(self._longest, self._seconds):g} seconds"
            said = late if isinstance(reason, _LATE) else _quoted(reason)
        raise self._error(url, said)

    def _fetch(self, asked: str, request: _Request, seconds: float) -> _Answer:
        if self._context is None:
            # To read the certificates of all authorities takes much longer than a request.
            self._context = urls.make_context(**self._tls)
        try:
            response = urls.Request(context=self._context).open(
                request.method,
                asked,
                data=request.data,
                headers=request.headers,
                timeout=seconds,
                force_basic_auth=self._has_username,
                follow_redirects="none",
                decompress=False,
                **self._user,
            )
        except HTTPError as exc:
            with exc:
                location = exc.headers.get("Location") if exc.code in _REDIRECTS else None
                return _Answer(exc.code, location and urljoin(asked, location), body=_page(exc))
        with response:
            kind = response.headers.get("Content-Encoding") or response.headers.get("Content-Type")
            return _Answer(response.status, None, kind, response.read(LARGEST_ANSWER + 1))

    def _error(self, url: str, said: str, status: int | None = None) -> RestError:
        remedy = _remedy(said, status, has_username=self._has_username)
        return RestError(f"{url}: {said}. {remedy or _guess(url, said.lower())}", may_pass=remedy is None)


def _page(error: HTTPError) -> bytes:
    """What is said of an error, as far as it can be read: the status counts without it."""
    try:
        return error.read(_LARGEST_ERROR)
    except (OSError, http.client.HTTPException):
        return b""


def fault_in_options(params: t.Mapping[str, t.Any], longest_timeout: int) -> str | None:
    """What would fail later without naming the option that causes it, in a sentence."""
    given, timeout = params["url"], params["timeout"]
    if "@" in given:
        # What is before it may be a password, so that it is not repeated.
        return "url: expected no user name or password, since messages show it. Set url_username and url_password."
    if not is_http(given):
        return f"url: expected an address such as http://localhost:8081, got {given!r}. Correct it."
    if not 1 <= timeout <= longest_timeout:
        return f"timeout: expected seconds from 1 to {longest_timeout}, got {timeout}. Correct it."
    for option in [] if params.get("former_url") else _unreadable(params):
        return f"{option}: expected a readable file on the host, got {params[option]}. Correct it."
    return None


def _unreadable(params: t.Mapping[str, t.Any]) -> list[str]:
    """The options whose files cannot be read."""
    given = {name: params[name] for name in ("ca_path", "client_cert", "client_key") if params[name] is not None}
    return [name for name, path in given.items() if not (Path(path).is_file() and os.access(path, os.R_OK))]


def fault_in_password(params: t.Mapping[str, t.Any], told: t.Iterable[t.Any]) -> str | None:
    """A sentence if Ansible would hide the password in what is told, which somebody relies on."""
    password = params["url_password"]
    if not password or not any(str(password) in str(value) for value in told if value is not None):
        return None
    return (
        "url_password: expected one that is no part of an ID or a number in the answers of the cluster, since Ansible "
        "masks it there, got one that is. Give the REST API a longer password."
    )


def is_http(text: str) -> bool:
    """Whether it is an address that can be asked."""
    try:
        url = urlsplit(text)
        return url.scheme in _PORTS and bool(url.hostname) and url.port != 0
    except ValueError:
        return False


def _origin(text: str) -> tuple[str, str | None, int]:
    url = urlsplit(text)
    return url.scheme, url.hostname, url.port or _PORTS[url.scheme]


def _within_origin(url: str, target: str) -> str:
    """Where a redirect leads, without the user and password that it may name. Raises RestError for another origin."""
    if not is_http(target) or _origin(target) != _origin(url):
        raise RestError(
            f"{url}: the server redirects to {_place(target)}, which is not followed. Set url to where the JobManager "
            "answers."
        )
    here, there = urlsplit(url), urlsplit(target)
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))


def _place(target: str) -> str:
    """Which server a redirect leads to, without the user and password that it may name."""
    parts = urlsplit(target) if is_http(target) else None
    return _quoted(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts else "no address")


def _parts(head: bytes, file: str, size: int, tail: bytes) -> t.Iterator[bytes]:
    """A file of this size between two others. Raises ValueError if it shrinks, OSError if it cannot be read."""
    yield head
    with Path(file).open("rb") as stream:
        while size:
            chunk = stream.read(min(size, _CHUNK))
            if not chunk:
                raise ValueError(f"{file} became shorter while it was sent")
            size -= len(chunk)
            yield chunk
    yield tail


def _reason(answer: _Answer, hidden: t.Iterable[str]) -> str:
    """What Flink says of an error: the last of its texts is the stack trace, if there is one."""
    try:
        _check_depth(answer.body)
        errors = json.loads(answer.body, parse_int=_whole_number)["errors"]
        return root_cause(errors[-1], hidden)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return ""


def _parsed(url: str, answer: _Answer) -> t.Any:
    if len(answer.body) > LARGEST_ANSWER:
        raise RestError(f"{url}: the answer has more than {LARGEST_ANSWER} bytes. Is this a JobManager?")
    try:
        _check_depth(answer.body)
        return json.loads(answer.body, parse_int=_whole_number)
    except ValueError as exc:
        kind = _quoted(answer.kind or "something")
        raise RestError(
            f"{url}: expected JSON, got {kind}: {_quoted(exc)}. Is this a JobManager, or a page of a proxy?"
        ) from None


def _check_depth(body: bytes) -> None:
    """Raises ValueError for what Python would read into one level of its own stack each, and 3.8 might end by."""
    if body.count(b"[") + body.count(b"{") <= _DEEPEST:
        return
    depth = 0
    for token in _TOKENS.finditer(body):
        if token[0] in (b"[", b"{"):
            depth += 1
            if depth > _DEEPEST:
                raise ValueError(f"more than {_DEEPEST} levels of lists and mappings")
        elif token[0] in (b"]", b"}"):
            depth -= 1


def _whole_number(text: str) -> int:
    """A long of Java: Python takes minutes for one of a million digits, or refuses it."""
    if len(text) > _LONGEST_WHOLE_NUMBER:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _quoted(said: object) -> str:
    """Words of a server, printable and never long."""
    text = str(said) or type(said).__name__
    return ascii(text[:_LONGEST_QUOTE])[1:-1] if not text.isprintable() else text[:_LONGEST_QUOTE]


def _remedy(said: str, status: int | None, *, has_username: bool) -> str | None:
    """Which option helps, if one does."""
    if status == 401:
        if has_username:
            return "The server rejects this url_username with this url_password."
        return "The server requires authentication: set url_username and url_password."
    if status == 403:
        return "The server denies access: another url_username or client_cert may be needed."
    return next((remedy for sign, remedy in _REMEDIES.items() if sign in said.lower()), None)


def _guess(url: str, said: str) -> str:
    """What to look at if nothing is certain. With TLS 1.3 the reason for closing may be lost."""
    if not any(sign in said for sign in ("reset by peer", "without response", "eof occurred", "broken pipe")):
        return "Is this the REST address of a running JobManager?"
    if url.startswith("https:"):
        return (
            "The server closed the connection. It may still be starting, or it may require a (different) client "
            "certificate: see client_cert."
        )
    return "The server closed the connection. It may still be starting, or it may expect TLS: use https:// in url."
