# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.found import Archive, Controller, Host
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.tls import (
    ALGORITHMS,
    Identity,
    certificates_of,
    former_url,
    host_names,
    rest_files,
    tls_advice,
    tls_objections,
    tls_options,
    truststore,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    STOPPED,
    Case,
    Values,
    answer,
    case,
    wanted,
)

INTERNAL: Values = {"flink_tls": "internal", "flink_tls_dir": "/tls", "flink_tls_store_password": "p"}
ALL: Values = {**INTERNAL, "flink_tls": "all"}
GIVEN: Values = {**ALL, "flink_tls_certificate": "/c", "flink_tls_key": "/k", "flink_tls_ca": "/a"}
# What stands for certificates where nobody looks into them.
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
IDENTITY = Identity("c3RvcmU=", "certificate", PEM, "client and key")


def deployed(given: Values, identity: Identity = IDENTITY) -> Case:
    """What is decided with these certificates on the controller."""
    usual = case(given)
    return Case(usual.wanted, usual.host, usual.planned, Controller(Archive(), {}, identity))


def part(name: str, *, typed: bool = True) -> Values:
    stores = {"keystore": "keystore.p12", "truststore": "truststore.p12"}
    values: Values = {
        "enabled": True,
        **{store: f"/etc/flink/{file}" for store, file in stores.items()},
        **({f"{store}-type": "PKCS12" for store in stores} if typed else {}),
        **{f"{store}-password": "p" for store in ("keystore", "key", "truststore")},
    }
    return {f"security.ssl.{name}.{key}": value for key, value in values.items()}


COMMON: Values = {"security.ssl.protocol": "TLSv1.2", "security.ssl.algorithms": ALGORITHMS}
CLIENTS = "security.ssl.rest.authentication-enabled"

# Variables, and Flink's options.
OPTIONS: dict[str, tuple[Values, Values]] = {
    "none": ({"flink_tls_dir": "/tls"}, {}),
    "between the processes": (INTERNAL, {**part("internal"), **COMMON}),
    "the REST API as well, for clients with a certificate": (
        ALL,
        {**part("internal"), **part("rest"), CLIENTS: True, **COMMON},
    ),
    "for all clients": (
        {**ALL, "flink_tls_rest_clients": False},
        {**part("internal"), **part("rest"), CLIENTS: False, **COMMON},
    ),
    "a HistoryServer, which has a switch of its own": (
        {**ALL, "flink_components": ["historyserver"]},
        {
            **part("internal"),
            **part("rest"),
            CLIENTS: True,
            "historyserver.web.ssl.enabled": True,
            **COMMON,
        },
    ),
    "a release that is not told the type of a store": (
        {**INTERNAL, "flink_version": "1.19.3"},
        {**part("internal", typed=False), **COMMON},
    ),
}


@pytest.mark.parametrize(("given", "options"), OPTIONS.values(), ids=OPTIONS)
def test_options(given: Values, options: Values) -> None:
    assert tls_options(wanted(given)) == options


LINES = [f"1.{minor}.0" for minor in range(10, 21)] + [f"2.{minor}.0" for minor in range(4)]


@pytest.mark.parametrize("release", LINES)
def test_every_release_reads_the_options(release: str) -> None:
    given = {**ALL, "flink_version": release, "flink_components": ["jobmanager", "historyserver"]}
    options = tls_options(wanted(given))
    told = config_check({**CONFIG, **options}, release)
    assert [found for found in told if set(found["options"]) & set(options)] == []


def test_the_user_may_choose_suites() -> None:
    of = wanted({**ALL, "flink_config": {**CONFIG, "security.ssl.algorithms": "TLS_AES_128_GCM_SHA256"}})
    assert flink_options(of).values["security.ssl.algorithms"] == "TLS_AES_128_GCM_SHA256"
    assert list(tls_objections(of)) == []


# Variables, and how what stands against them begins.
OBJECTIONS: dict[str, tuple[Values, str]] = {
    "no directory": ({"flink_tls": "all"}, "flink_tls_dir: expected a directory on the controller"),
    "a directory that depends on where a play is started": (
        {**ALL, "flink_tls_dir": "tls"},
        "flink_tls_dir: expected an absolute path, got tls",
    ),
    "a name that no certificate can have": (
        {**ALL, "flink_tls_names": ["jm.example.org", "https://jm", "fd00::1"]},
        "flink_tls_names: expected names and addresses of the host, got 'https://jm', which no certificate can have.",
    ),
    "a certificate without its key": (
        {**ALL, "flink_tls_certificate": "/c"},
        "flink_tls_key and flink_tls_ca: expected beside flink_tls_certificate, got none.",
    ),
    "a key of clients without a certificate": (
        {**GIVEN, "flink_tls_client_key": "/k"},
        "flink_tls_client_certificate, flink_tls_client_key: expected both or none",
    ),
    "certificates that every run would make": (
        {**ALL, "flink_tls_days": 30},
        "flink_tls_renew_days: expected less than flink_tls_days, 30, got 30",
    ),
    "a store of the user": (
        {**ALL, "flink_config": {**CONFIG, "security": {"ssl": {"rest": {"keystore": "/mine"}}}}},
        "security.ssl.rest.keystore: expected it left to flink_tls",
    ),
    "a switch of the user that says the contrary": (
        {**ALL, "flink_jobmanager_config": {"security.ssl.rest.enabled": False}},
        "security.ssl.rest.enabled: expected it left to flink_tls",
    ),
    "a switch that is taken away": (
        {**ALL, "flink_config": {**CONFIG, "security.ssl.rest.authentication-enabled": None}},
        "security.ssl.rest.authentication-enabled: expected it left to flink_tls",
    ),
    "the switch of former releases": (
        {**INTERNAL, "flink_config": {**CONFIG, "security.ssl.enabled": True}},
        "security.ssl.enabled: expected it left to flink_tls",
    ),
}


@pytest.mark.parametrize(("given", "begin"), OBJECTIONS.values(), ids=OBJECTIONS)
def test_what_stands_against_it(given: Values, begin: str) -> None:
    (sentence,) = tls_objections(wanted(given))
    assert sentence.startswith(begin)


@pytest.mark.parametrize(
    "given",
    [
        {},
        ALL,
        {**GIVEN, "flink_tls_days": 1},
        {**ALL, "flink_config": {**CONFIG, "security.ssl.rest.enabled": "True", "security.ssl.protocol": "TLSv1.3"}},
    ],
    ids=["none", "all", "given certificates, whose time is not the role's", "what says the same"],
)
def test_what_nothing_stands_against(given: Values) -> None:
    assert list(tls_objections(wanted(given))) == []


ADVICE: dict[str, tuple[Values, list[str]]] = {
    "none": ({}, []),
    "all": (ALL, []),
    "a ZooKeeper of ours": (
        {**ALL, "flink_config": HA, "flink_zookeeper_hosts": ["h1"]},
        ["flink_tls: ZooKeeper speaks without TLS"],
    ),
}


@pytest.mark.parametrize(("given", "begins"), ADVICE.values(), ids=ADVICE)
def test_what_stays_open(given: Values, begins: list[str]) -> None:
    of = wanted(given)
    found = list(tls_advice(of, flink_options(of)))
    assert [sentence.startswith(begin) for sentence, begin in zip(found, begins, strict=True)] == [True] * len(begins)


# Variables, the files, and who reads them.
FILES: dict[str, tuple[Values, dict[str, tuple[str | None, str | None]]]] = {
    "none": ({}, {}),
    "internal": (INTERNAL, {"keystore.p12": ("0640", "flink"), "truststore.p12": ("0640", "flink")}),
    "all": (
        ALL,
        {
            "keystore.p12": ("0640", "flink"),
            "truststore.p12": ("0640", "flink"),
            "ca.pem": ("0644", None),
            "client.pem": ("0600", None),
        },
    ),
}


@pytest.mark.parametrize(("given", "files"), FILES.values(), ids=FILES)
def test_files(given: Values, files: dict[str, tuple[str | None, str | None]]) -> None:
    found = {
        file.path.removeprefix("/etc/flink/"): file
        for file in deployed(given).decide().configuration
        if file.path.endswith((".p12", ".pem"))
    }
    assert {name: (file.mode, file.group) for name, file in found.items()} == files
    shown = {name for name, file in found.items() if file.content is not None}
    assert shown <= {"ca.pem"}


def on_host(given: Values, names: list[str], said: list[str | None]) -> Case:
    """A host that was deployed before, with these files; its processes were started with these levels."""
    processes = {
        name: {
            **STOPPED,
            "state": "starting" if words == STARTING else "running",
            "command_line": ["java"],
            "environment": {"FLINK_TLS": words} if words else {},
        }
        for name, words in zip(("jobmanager", "taskmanager-1"), said, strict=False)
    }
    usual = case(given)
    rest = {name: STOPPED for name in usual.host.processes if name not in processes}
    there = {"files": {"/etc/flink": ["jobmanager.env", *names]}, "processes": {**processes, **rest}}
    host = Host.of(answer(usual.wanted, there))
    return Case(usual.wanted, host, usual.planned, Controller(Archive(), {}, IDENTITY))


STARTING = "nobody knows"
STORES, REST = ["keystore.p12", "truststore.p12"], ["ca.pem", "client.pem"]
OWN_STORES, OWN_REST = [*STORES, ".tls-internal"], [*REST, ".tls-all"]
# Variables, files that are there, what processes were started with, and what of the files goes.
LEFT: dict[str, tuple[Values, list[str], list[str | None], list[str]]] = {
    "it is switched off, and nothing has restarted yet": ({}, OWN_STORES + OWN_REST, ["all:1", "all:1"], []),
    "a process has not restarted yet": ({}, OWN_STORES, [None, "internal:1"], []),
    "one is being started": ({}, OWN_STORES, [None, STARTING], []),
    "all have restarted": ({}, OWN_STORES + OWN_REST, [None, None], OWN_STORES + OWN_REST),
    "nothing runs": ({}, OWN_STORES, [], OWN_STORES),
    "it is switched off for REST": (INTERNAL, OWN_STORES + OWN_REST, ["internal:1", "internal:1"], OWN_REST),
    "files of others": ({}, STORES + REST, [], []),
    "files of others beside": ({}, OWN_STORES + REST, [], OWN_STORES),
    "it is on": (ALL, OWN_STORES + OWN_REST, ["all:1", "all:1"], []),
}


@pytest.mark.parametrize(("given", "there", "said", "gone"), LEFT.values(), ids=LEFT)
def test_what_the_role_has_made_goes_once_no_process_reads_it(
    given: Values, there: list[str], said: list[str | None], gone: list[str]
) -> None:
    files = on_host(given, there, said).decide().configuration
    absent = [file.path.removeprefix("/etc/flink/") for file in files if file.state == "absent"]
    assert [name for name in absent if name in there] == gone


# Variables, files that are there, what processes were started with, and those that somebody else has put there.
STRANGE: dict[str, tuple[Values, list[str], list[str | None], list[str]]] = {
    "a store where one will be": (INTERNAL, ["keystore.p12"], [None], ["keystore.p12"]),
    "an authority where none will be": (INTERNAL, ["ca.pem"], [None], []),
    "an authority where one will be": (ALL, ["ca.pem", *OWN_STORES], ["internal:1"], ["ca.pem"]),
    "what the role has made": (ALL, OWN_STORES + OWN_REST, [], []),
    "what processes read": (ALL, STORES + REST, ["all:1"], []),
    "none is made": ({}, ["keystore.p12"], [None], []),
}


@pytest.mark.parametrize(("given", "there", "said", "strange"), STRANGE.values(), ids=STRANGE)
def test_what_others_have_put_there_is_not_replaced(
    given: Values, there: list[str], said: list[str | None], strange: list[str]
) -> None:
    found = [one for one in on_host(given, there, said).decide().objections if one.startswith("flink_conf_dir: ")]
    assert [f"with {', '.join(strange)}, which" in one for one in found] == [True] * bool(strange)


def test_a_password_is_in_no_environment() -> None:
    environments = deployed({**ALL, "flink_tls_store_password": "7hYq2"}).environments()
    assert "7hYq2" not in str(environments)


RENEWED = Identity("bmV3", "another certificate", PEM, "client and key")
FOREIGN = Identity("bmV3", "another certificate", f"{PEM}\n", "client and key")


@pytest.mark.parametrize(
    ("identity", "differs", "is_another_cluster"),
    [
        (IDENTITY, False, False),
        (Identity("c3RvcmU=", "certificate", PEM, "another client"), False, False),
        (RENEWED, True, False),
        (FOREIGN, True, True),
    ],
    ids=[
        "the same certificate restarts nothing",
        "another one of clients restarts nothing",
        "another one of the host restarts its processes in turns",
        "another authority restarts all at once",
    ],
)
def test_what_restarts(identity: Identity, differs: bool, is_another_cluster: bool) -> None:
    before = deployed(ALL).running()
    after = Case(before.wanted, before.host, before.planned, Controller(Archive(), {}, identity)).decide().changes
    assert (after.differing == ("jobmanager", "taskmanager-1")) is differs
    assert after.jobmanager_first is is_another_cluster


def test_a_process_without_tls_has_the_environment_of_before() -> None:
    assert deployed({}).environments() == case().environments()


# Variables, what processes of the host were started with, the files of an earlier run, and where REST answers now.
FORMER: dict[str, tuple[Values, list[str | None], list[str], str | None]] = {
    "nothing runs, and no run was before": (ALL, [], [], "http://j:8081"),
    "nothing runs": (ALL, [], ["ca.pem", "client.pem"], None),
    "it is switched on": (ALL, [None], [], "http://j:8081"),
    "it is switched on, and the run before did not come to the restart": (
        ALL,
        ["internal:1"],
        ["ca.pem", "client.pem"],
        "http://j:8081",
    ),
    "it is on": (ALL, ["all:1"], ["ca.pem", "client.pem"], None),
    "it is switched off": (INTERNAL, ["all:1"], ["ca.pem", "client.pem"], "https://j:8081"),
    "it is off": ({}, [None], ["ca.pem"], None),
    "a proxy is in front": ({**ALL, "flink_rest_url": "https://proxy"}, [None], [], None),
}


@pytest.mark.parametrize(("given", "said", "files", "former"), FORMER.values(), ids=FORMER)
def test_where_rest_answers_until_a_restart(
    given: Values, said: list[str | None], files: list[str], former: str | None
) -> None:
    of = wanted(given)
    processes = {
        f"taskmanager-{number}": {**STOPPED, "state": "running", "environment": {"FLINK_TLS": words} if words else {}}
        for number, words in enumerate(said, 1)
    }
    host = Host.of(answer(of, {"processes": processes, "files": {of.conf_dir: files}}))
    scheme = "https" if of.tls == "all" else "http"
    assert former_url(of, f"{scheme}://j:8081", host) == former


@pytest.mark.parametrize(
    ("given", "former", "has_files"),
    [
        (ALL, None, True),
        (ALL, "http://j", True),
        (INTERNAL, None, False),
        ({}, "https://j", True),
        ({**ALL, "flink_rest_url": "https://proxy"}, None, False),
    ],
    ids=["with TLS", "before it is on", "without TLS", "before it is off", "a proxy with certificates of its own"],
)
def test_by_which_files_the_role_asks(given: Values, former: str | None, has_files: bool) -> None:
    files = {"ca_path": "/etc/flink/ca.pem", "client_cert": "/etc/flink/client.pem"}
    assert rest_files(wanted(given), former) == (files if has_files else {})


# Variables, the address of the connection, facts, the names that are needed, and those besides.
NAMES: dict[str, tuple[Values, str | None, Values, list[str], list[str]]] = {
    "the JobManager": (
        {"flink_jobmanager_hosts": ["j.example.org"]},
        None,
        {},
        ["h1", "j.example.org", "localhost", "127.0.0.1"],
        [],
    ),
    "a TaskManager, which nobody reaches by the name of the JobManager": (
        {"flink_jobmanager_hosts": ["j"], "flink_components": ["taskmanager"]},
        "10.0.0.2",
        {},
        ["h1", "10.0.0.2", "localhost", "127.0.0.1"],
        [],
    ),
    "addresses to listen on": (
        {"flink_rest_bind_address": "[fd00::2]", "flink_bind_address": "0.0.0.0"},
        None,
        {},
        ["h1", "localhost", "fd00::2", "127.0.0.1"],
        [],
    ),
    "names of the user, and facts": (
        {"flink_tls_names": ["a.example.org", "fd00::1"]},
        None,
        {"fqdn": "h1.lan", "hostname": "h1", "all_ipv4_addresses": ["10.0.0.2"], "all_ipv6_addresses": ["fe80::1"]},
        ["h1", "localhost", "127.0.0.1", "a.example.org", "fd00::1"],
        ["h1.lan", "10.0.0.2", "fe80::1"],
    ),
    "addresses on which it listens": (
        {"flink_bind_address": "10.0.0.5", "flink_rest_bind_address": "0.0.0.0"},
        None,
        {},
        ["h1", "localhost", "10.0.0.5", "127.0.0.1"],
        [],
    ),
    "what is no name": ({}, "unix:/socket", {"fqdn": "a b"}, ["h1", "localhost", "127.0.0.1"], []),
}


@pytest.mark.parametrize(("given", "address", "facts", "needed", "others"), NAMES.values(), ids=NAMES)
def test_names(given: Values, address: str | None, facts: Values, needed: list[str], others: list[str]) -> None:
    of = wanted(given)
    assert host_names(of, flink_options(of), address, facts) == (needed, others)


def test_a_truststore_is_the_same_every_time() -> None:
    # What keytool of Java 17 lists, and a MAC is absent in, as openssl pkcs12 -info says.
    store = truststore(PEM + PEM)
    assert store == truststore(PEM + PEM)
    assert store.hex().count("0403000000") == 2
    assert [f"authority-{number}".encode("utf-16-be") in store for number in (1, 2, 3)] == [True, True, False]


def test_certificates_of_a_text_with_more_than_them() -> None:
    assert certificates_of(f"subject=a\n{PEM}\n{PEM}") == [b"\0\0\0", b"\0\0\0"]
