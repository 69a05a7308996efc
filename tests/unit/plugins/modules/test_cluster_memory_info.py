# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import datetime as dt
import http.server
import ipaddress
import json
import socket
import ssl
import struct
import threading
import typing as t

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.streamops.flink.plugins.modules import cluster_memory_info
from ansible_collections.streamops.flink.tests.unit.plugins.quiet_server import QuietHandler, QuietServer

if t.TYPE_CHECKING:
    from pathlib import Path

Run = t.Callable[..., "dict[str, t.Any]"]

MIB = 2**20
DERIVED = {
    "jobmanager.memory.heap.size": "1073741824b",
    "jobmanager.memory.off-heap.size": "134217728b",
    "jobmanager.memory.jvm-metaspace.size": "268435456b",
    "jobmanager.memory.jvm-overhead.max": "201326592b",
}
ANSWERS: dict[str, t.Any] = {
    "/overview": {"flink-version": "2.3.0"},
    "/taskmanagers": {
        "taskmanagers": [
            {
                "id": "worker-1",
                "path": "pekko.tcp://flink@127.0.0.1:1/user/rpc/taskmanager_0",
                "slotsNumber": 2,
                "freeSlots": 1,
                "memoryConfiguration": {"managedMemory": 5, "totalProcessMemory": 7},
            }
        ]
    },
    "/jobmanager/config": [{"key": key, "value": value} for key, value in DERIVED.items()],
    "/jobmanager/environment": {"jvm": {"options": ["-Xmx1073741824"]}},
}

NOT_FLINK = "this is not the answer of a Flink JobManager."
HTML = b"<!DOCTYPE html><title>Sign in</title>"

# What a server answers instead (a number: with that status), and the failure.
FAILURES: dict[str, tuple[dict[str, t.Any], str]] = {
    "no overview": (
        {"/overview": 404},
        "/overview: expected an answer, got HTTP Error 404: Not Found. Is this the REST address",
    ),
    "no configuration": ({"/jobmanager/config": 404}, "/jobmanager/config: expected an answer, got HTTP Error 404: "),
    "no leader yet": (
        {"/overview": 503},
        "/overview: expected an answer, got HTTP Error 503: Service Unavailable. Is this",
    ),
    "a page": ({"/overview": HTML}, "/overview: expected JSON, got text/plain: Expecting value"),
    "half an answer": (
        {"/taskmanagers": b'{"taskmanagers": ['},
        "/taskmanagers: expected JSON, got text/plain: ",
    ),
    "no text": ({"/overview": b"\xff"}, "/overview: expected JSON, got text/plain: "),
    "another server": ({"/overview": {"status": "UP"}}, f"/overview: {NOT_FLINK}"),
    "a list": ({"/overview": ["a"]}, f"/overview: {NOT_FLINK}"),
    "a number": ({"/overview": 7.5}, f"/overview: {NOT_FLINK}"),
    "other TaskManagers": ({"/taskmanagers": []}, f"/taskmanagers: {NOT_FLINK}"),
    "TaskManagers of another kind": ({"/taskmanagers": {"taskmanagers": [{"id": 1}]}}, f"/taskmanagers: {NOT_FLINK}"),
    "another JobManager": ({"/jobmanager/config": {"errors": []}}, f"/jobmanager: {NOT_FLINK}"),
}

# Options that are refused before anybody is asked.
REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "no scheme": (
        {"url": "localhost:8081"},
        "url: expected an address such as http://localhost:8081, got 'localhost:8081'.",
    ),
    "no host": ({"url": "http:///overview"}, "url: expected an address such as"),
    "another protocol": ({"url": "file:///etc/passwd"}, "url: expected an address such as"),
    "half an address": ({"url": "http://[::1"}, "url: expected an address such as"),
    "no port": ({"url": "http://localhost:rest"}, "url: expected an address such as"),
    "password in the URL": (
        {"url": "http://user:secret@localhost"},
        "url: expected no user name or password, since messages show it.",
    ),
    "password in a wrong URL": (
        {"url": "user:secret@localhost:8081"},
        "url: expected no user name or password, since messages show it.",
    ),
    "no time": ({"timeout": 0}, "timeout: expected seconds from 1 to 3600, got 0."),
    "more time than a socket can wait": (
        {"timeout": 10**12},
        "timeout: expected seconds from 1 to 3600, got 1000000000000",
    ),
    "no authorities": ({"ca_path": "/no/ca.pem"}, "ca_path: expected a readable file on the host, got /no/ca.pem."),
    "directory of authorities": ({"ca_path": "/tmp"}, "ca_path: expected a readable file on the host, got /tmp."),
    "no certificate": (
        {"client_cert": "/no/client.pem"},
        "client_cert: expected a readable file on the host, got /no/client.pem.",
    ),
    "no key": (
        {"client_cert": __file__, "client_key": "/no/key"},
        "client_key: expected a readable file on the host, got /no/key.",
    ),
    "key without certificate": ({"client_key": __file__}, "missing parameter(s) required by 'client_key': client_cert"),
    "password without user": ({"url_password": "secret"}, "missing parameter(s) required by 'url_password'"),
}

# How a server with TLS is reached, and the failure (none: it answers). Names of files stand for those of the fixture.
TRUST = {"ca_path": "ca.pem"}
CLIENT = {"client_cert": "client.pem", "client_key": "client.key"}
TLS: dict[str, tuple[str, bool, dict[str, t.Any], str | None]] = {
    "trusted": ("server", False, TRUST, None),
    "not validated": ("server", False, {"validate_certs": False}, None),
    "not trusted": ("server", False, {}, "No trusted authority signed the server's certificate. Set ca_path to the"),
    "another authority": (
        "server",
        False,
        {"ca_path": "other-ca.pem"},
        "Set ca_path to the certificate of its authority",
    ),
    "another name": (
        "elsewhere",
        False,
        TRUST,
        "Use a host name of the server's certificate in url, or set validate_certs:",
    ),
    "another name, not validated": ("elsewhere", False, {"validate_certs": False}, None),
    "expired": ("expired", False, TRUST, "Renew the server's certificate, or set validate_certs: false."),
    "no certificate in the file": ("server", False, {"ca_path": "server.key"}, "ca_path contains no certificate."),
    "client": ("server", True, {**TRUST, **CLIENT}, None),
    "client, one file": ("server", True, {**TRUST, "client_cert": "both.pem"}, None),
    "no client": ("server", True, TRUST, "a client certificate: set client_cert and client_key."),
    "another client": (
        "server",
        True,
        {**TRUST, "client_cert": "stranger.pem", "client_key": "stranger.key"},
        "The server does not trust client_cert.",
    ),
    "key of another": (
        "server",
        True,
        {**TRUST, "client_cert": "client.pem", "client_key": "stranger.key"},
        "client_key does not belong to client_cert.",
    ),
}


class Server(QuietServer):
    answers: dict[str, t.Any]
    authorizations: list[str | None]
    password: str | None = None
    redirect: str | None = None


class Handler(QuietHandler):
    server: Server

    def answer(self) -> None:
        authorization = self.headers.get("Authorization")
        self.server.authorizations.append(authorization)
        answer = self.server.answers.get(self.path, 404)
        if self.server.redirect is not None:
            answer = 301
        if self.server.password not in {None, authorization}:
            answer = 401
        status = answer if isinstance(answer, int) else 200
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        if self.server.redirect is not None:
            self.send_header("Location", f"{self.server.redirect}{self.path}")
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def serving(context: ssl.SSLContext | None = None) -> t.Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.answers, server.authorizations = dict(ANSWERS), []
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def server() -> t.Iterator[Server]:
    """A JobManager of Flink 2.3."""
    with serving() as server:
        yield server


class Identity(t.NamedTuple):
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def identity(directory: Path, name: str, issuer: Identity | None, days: int = 1) -> Identity:
    """A certificate for this address, or without an issuer an authority, in NAME.pem and NAME.key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing = key if issuer is None else issuer.key
    address = "127.0.0.2" if name == "elsewhere" else "127.0.0.1"
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=9))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
    )
    if issuer is None:
        uses = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
        )
        usage = x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, decipher_only=False, **uses)
        builder = builder.add_extension(usage, critical=True)
    certificate = builder.sign(signing, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (directory / f"{name}.pem").write_bytes(certificate.public_bytes(pem))
    (directory / f"{name}.key").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    return Identity(key, certificate)


@pytest.fixture(scope="module")
def identities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of the files that TLS names."""
    directory = tmp_path_factory.mktemp("tls")
    authority, other = identity(directory, "ca", None), identity(directory, "other-ca", None)
    for name in ("server", "elsewhere", "client"):
        identity(directory, name, authority)
    identity(directory, "expired", authority, days=-1)
    identity(directory, "stranger", other)
    (directory / "both.pem").write_bytes(
        (directory / "client.key").read_bytes() + (directory / "client.pem").read_bytes()
    )
    return directory


# Whether the files for TLS are there, whether the server speaks it now, and whether it did before.
SWITCHED: dict[str, tuple[bool, bool, bool]] = {
    "on, after its restart": (True, True, False),
    "on, before its restart": (True, False, False),
    "on, before the files are there": (False, False, False),
    "off, before its restart": (True, True, True),
    "off, after its restart": (True, False, True),
    "off, after the files are gone": (False, False, True),
}


@pytest.mark.parametrize(("has_files", "encrypts", "did_before"), SWITCHED.values(), ids=SWITCHED)
def test_a_cluster_where_tls_is_switched(
    has_files: bool, encrypts: bool, did_before: bool, identities: Path, run: Run
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identities / "server.pem", identities / "server.key")
    context.load_verify_locations(identities / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    directory = identities if has_files else identities / "no"
    files = {"ca_path": str(directory / "ca.pem"), "client_cert": str(directory / "both.pem")}
    with serving(context if encrypts else None) as server:
        plain = server.url.replace("https:", "http:")
        secret = plain.replace("http:", "https:")
        now, former = (plain, secret) if did_before else (secret, plain)
        assert run(url=now, former_url=former, **files)["flink_version"] == "2.3.0"


def test_a_cluster_that_sends_elsewhere_as_long_as_it_speaks_tls(identities: Path, run: Run) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identities / "server.pem", identities / "server.key")
    with serving(context) as server, serving() as plain:
        secret = server.url.replace("http:", "https:")
        plain.redirect = secret
        trust = {"ca_path": str(identities / "ca.pem")}
        assert run(url=plain.url, former_url=secret, **trust)["flink_version"] == "2.3.0"
        # Whom the other way round does not send in circles.
        told = run(url=secret, former_url=plain.url, ca_path=str(identities / "other-ca.pem"))["msg"]
        assert told.startswith(f"{secret}/overview: ")
        assert "certificate verify failed" in told.lower()


def test_nothing_is_sent_in_the_clear_because_a_certificate_is_not_trusted(identities: Path, run: Run) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identities / "server.pem", identities / "server.key")
    with serving(context) as server, serving() as plain:
        secret = server.url.replace("http:", "https:")
        told = run(url=secret, former_url=plain.url, ca_path=str(identities / "other-ca.pem"))
        assert "certificate verify failed" in told.get("msg", "").lower()


def test_a_failure_is_that_of_where_the_cluster_is_to_be(server: Server, run: Run) -> None:
    server.answers["/overview"] = 503
    assert "HTTP Error 503" in run(url=server.url, former_url="http://127.0.0.1:1")["msg"]
    assert "http://127.0.0.1:1/overview" in run(url="http://127.0.0.1:1", former_url="http://127.0.0.1:2")["msg"]
    assert (
        "http://127.0.0.1:2/overview"
        in run(url="https://127.0.0.1:1", former_url="http://127.0.0.1:2", ca_path="/no")["msg"]
    )


def test_a_cluster(server: Server, run: Run) -> None:
    result = run(url=server.url)
    (taskmanager,) = result["taskmanagers"]
    assert (result["flink_version"], result["changed"]) == ("2.3.0", False)
    assert (taskmanager["id"], taskmanager["slots"], taskmanager["free_slots"]) == ("worker-1", 2, 1)
    assert {name: size for name, size in taskmanager["memory"].items() if size} == {"managed": 5, "total_process": 7}
    assert result["jobmanager"]["memory"]["total_process"] == 1600 * MIB
    assert result["jobmanager"]["jvm_args"] == ["-Xmx1073741824"]


def test_behind_a_proxy_in_check_mode(server: Server, run: Run) -> None:
    server.answers = {f"/flink{path}": answer for path, answer in ANSWERS.items()}
    assert run(url=f"{server.url}/flink/", _ansible_check_mode=True)["flink_version"] == "2.3.0"


def test_releases_without_environment(server: Server, run: Run) -> None:
    del server.answers["/jobmanager/environment"]
    assert run(url=server.url)["jobmanager"]["jvm_args"] is None


def test_authentication(server: Server, run: Run) -> None:
    server.password = "Basic dXNlcjpzZWNyZXQ="
    result = run(url=server.url, url_username="user", url_password="secret")
    assert result["flink_version"] == "2.3.0"
    assert set(server.authorizations) == {server.password}
    assert "secret" not in json.dumps(result)


@pytest.mark.parametrize("password", ["worker", "2.3", "1342", "Xmx1", "5"])
def test_a_password_that_ansible_would_hide_in_the_answer(password: str, server: Server, run: Run) -> None:
    result = run(url=server.url, url_username="user", url_password=password)
    assert (result["failed"], result["retry"]) == (True, False)
    assert result["msg"].startswith("url_password: expected one that is no part of an ID or a number in the answers")


@pytest.mark.parametrize("password", ["flink", "None", "akka", "", "secret-1"])
def test_a_password_that_hides_nothing_of_what_is_compared(password: str, server: Server, run: Run) -> None:
    assert run(url=server.url, url_username="user", url_password=password)["flink_version"] == "2.3.0"


def test_no_authentication(server: Server, run: Run) -> None:
    run(url=server.url)
    assert set(server.authorizations) == {None}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({}, "The server requires authentication: set url_username and url_password."),
        (
            {"url_username": "user", "url_password": "wrong"},
            "The server rejects this url_username with this url_password.",
        ),
    ],
    ids=["none", "wrong"],
)
def test_failed_authentication(args: dict[str, t.Any], message: str, server: Server, run: Run) -> None:
    server.password = "Basic dXNlcjpzZWNyZXQ="
    result = run(url=server.url, **args)
    assert (result["failed"], result["retry"]) == (True, False)
    assert result["msg"] == f"{server.url}/overview: expected an answer, got HTTP Error 401: Unauthorized. {message}"
    assert "wrong" not in json.dumps(result)


def test_forbidden(server: Server, run: Run) -> None:
    server.answers["/overview"] = 403
    result = run(url=server.url)
    assert (result["failed"], result["retry"]) == (True, False)
    assert result["msg"].endswith("another url_username or client_cert may be needed.")


@pytest.mark.parametrize(("answers", "message"), FAILURES.values(), ids=FAILURES)
def test_failures(answers: dict[str, t.Any], message: str, server: Server, run: Run) -> None:
    server.answers.update(answers)
    result = run(url=f"{server.url}/")
    assert (result["failed"], result["retry"]) == (True, True)
    assert result["msg"].startswith(f"{server.url}{message}")
    assert "Traceback" not in json.dumps(result)


@pytest.mark.parametrize(("args", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(args: dict[str, t.Any], message: str, run: Run) -> None:
    result = run(**args)
    assert result["failed"] is True
    assert result.get("retry", False) is False
    assert result["msg"].startswith(message)
    assert "secret" not in result["msg"]


@pytest.mark.parametrize(("name", "wants_client", "args", "message"), TLS.values(), ids=TLS)
def test_tls(
    name: str,
    wants_client: bool,
    args: dict[str, t.Any],
    message: str | None,
    identities: Path,
    run: Run,
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identities / f"{name}.pem", identities / f"{name}.key")
    if wants_client:
        context.load_verify_locations(identities / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        # With TLS 1.3 the client may find the connection reset before it has read why.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    located = {key: str(identities / value) if isinstance(value, str) else value for key, value in args.items()}
    with serving(context) as server:
        url = server.url.replace("http:", "https:")
        result = run(url=url, **located)
    if message is None:
        assert result["flink_version"] == "2.3.0"
    else:
        assert (result["failed"], result["retry"]) == (True, False)
        assert result["msg"].startswith(f"{url}/overview: ")
        assert message in result["msg"]
        assert "Traceback" not in json.dumps(result)


def test_tls_where_there_is_none(server: Server, run: Run) -> None:
    result = run(url=server.url.replace("http:", "https:"))
    assert (result["failed"], result["retry"]) == (True, False)
    assert result["msg"].endswith("The server does not speak TLS: use http:// in url.")


@pytest.mark.parametrize(("scheme", "guess"), [("http", "use https:// in url."), ("https", "see client_cert.")])
def test_hanging_up(scheme: str, guess: str, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def hang_up() -> None:
            connection, _address = rude.accept()
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        result = run(url=f"{scheme}://127.0.0.1:{rude.getsockname()[1]}")
        thread.join()
    assert (result["failed"], result["retry"]) == (True, True)
    assert "The server closed the connection." in result["msg"]
    assert guess in result["msg"]


def test_nobody_there(run: Run) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as gone:
        url = f"http://127.0.0.1:{gone.server_port}"
    result = run(url=url)
    assert (result["failed"], result["retry"]) == (True, True)
    assert result["msg"].startswith(f"{url}/overview: ")
    assert result["msg"].endswith("Is this the REST address of a running JobManager?")


def test_nobody_answers(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        result = run(url=f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=1)
    assert (result["failed"], result["retry"]) == (True, True)
    assert "timed out" in result["msg"]


def test_the_examples_are_accepted(server: Server, identities: Path, run: Run) -> None:
    examples = [
        task["streamops.flink.cluster_memory_info"] or {}
        for task in yaml.safe_load(cluster_memory_info.EXAMPLES)
        if "streamops.flink.cluster_memory_info" in task
    ]
    assert len(examples) == 2
    for args in examples:
        here = {"url": server.url, "ca_path": str(identities / "ca.pem")}
        assert run(**{**args, **here})["changed"] is False


def test_the_result_is_as_documented(server: Server, run: Run) -> None:
    returned = yaml.safe_load(cluster_memory_info.RETURN)
    result = run(url=server.url)
    assert set(returned) <= {*result, "retry"}
    assert set(returned["taskmanagers"]["contains"]) == set(result["taskmanagers"][0])
    assert set(returned["jobmanager"]["contains"]) == set(result["jobmanager"])
    for kind in (returned["taskmanagers"], returned["jobmanager"]):
        assert kind["contains"]["memory"]["sample"].keys() <= {
            *result["taskmanagers"][0]["memory"],
            *result["jobmanager"]["memory"],
        }
