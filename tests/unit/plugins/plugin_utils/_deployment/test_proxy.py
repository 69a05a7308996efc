# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.binding import Asking, asking
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.deployment import (
    obsolete_files,
    questions,
    rest_arguments,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.names import unit_pattern
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.open_ports import open_ports
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    STOPPED,
    Case,
    Values,
    case,
    wanted,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.proxy import Proxy

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
KEY = "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----"
HASH = f"$6$salt${'a' * 86}"
OWN: Values = {"certificate": CERTIFICATE, "key": KEY, "users": {"ops": HASH}}
JOBMANAGER: Values = {
    "flink_components": ["jobmanager"],
    "flink_jobmanager_hosts": ["h1"],
    "flink_taskmanager_hosts": ["t1"],
}
DIRECTORY = "/etc/flink/proxy"
UNIT = "/etc/systemd/system/flink-proxy.service"


def given(different: Values | None = None, variables: Values | None = None) -> Values:
    """The variables of a host with a JobManager and a proxy, where these are different."""
    return {**JOBMANAGER, "flink_proxy": {**OWN, **(different or {})}, **(variables or {})}


def no_variables(_host: str) -> Values:
    """Those of a host that the inventory does not have."""
    return {}


def proxy_of(found: Case) -> Proxy:
    decided = found.decide().proxy
    assert decided is not None
    return decided


def configuration(different: Values | None = None) -> str:
    return (proxy_of(case(given(different))).configuration[-1].content or "").replace("    ", "")


def test_the_rest_api_listens_on_the_loopback_interface_and_is_asked_there() -> None:
    asked = wanted(given())
    options = flink_options(asked)
    assert {options.values[f"rest.{name}"] for name in ("address", "bind-address")} == {"127.0.0.1"}
    assert options.values["jobmanager.bind-host"] == "0.0.0.0"
    address = asking(asked, options, no_variables).address
    assert rest_arguments(asked, options.values, address)["url"] == "http://127.0.0.1:8081"


def asked_by(variables: Values) -> Asking:
    """Who asks the REST API for a host with these variables, and where."""
    of_host = wanted(given(variables=variables))
    return asking(of_host, flink_options(of_host), no_variables)


def test_a_host_without_a_jobmanager_has_one_of_the_others_ask() -> None:
    far = {"flink_components": ["taskmanager"], "flink_jobmanager_hosts": ["j1", "j2"]}
    assert asked_by(far) == Asking("j1", "127.0.0.1")
    assert case(given(variables=far)).decide().proxy is None
    assert flink_options(wanted(given(variables=far))).values["rest.bind-address"] == "0.0.0.0"
    assert asked_by({}) == Asking("h1", "127.0.0.1")
    assert asked_by({**far, "flink_rest_url": "https://h1:8443"}).host == "h1"


def test_without_it_nothing_is_different() -> None:
    assert case(JOBMANAGER).decide().proxy is None
    assert "/usr/sbin" not in questions(wanted(), flink_options(wanted()))["directories"]


def test_its_files_are_read_by_root_and_by_it_alone() -> None:
    directory, *files = proxy_of(case(given({"client_ca": CERTIFICATE}))).configuration
    assert (directory.mode, directory.owner, directory.group) == ("0750", "root", "www-data")
    assert {(file.mode, file.owner, file.group) for file in files} == {("0640", "root", "www-data")}
    secret = {file.path.rpartition("/")[2]: file.secret_content for file in files if file.content is None}
    assert secret == {
        "users": f"ops:{HASH}\n",
        "certificate.pem": f"{CERTIFICATE}\n",
        "key.pem": f"{KEY}\n",
        "clients.pem": f"{CERTIFICATE}\n",
    }


def test_it_is_tried_as_it_will_be() -> None:
    found = proxy_of(case(given()))
    assert [file.path for file in found.trial] == [
        file.path.replace(DIRECTORY, found.trial_dir) for file in found.configuration
    ]
    assert [file.content for file in found.trial] == [file.content for file in found.configuration]


def test_what_is_no_longer_given_goes() -> None:
    gone = [file.path for file in proxy_of(case(given())).configuration if file.state == "absent"]
    assert gone == [f"{DIRECTORY}/clients.pem"]


# What is given, lines that the configuration has, and lines that it has not.
LINES: dict[str, tuple[Values, tuple[str, ...], tuple[str, ...]]] = {
    "passwords": ({}, ("listen 8443 ssl;", "auth_basic_user_file users;"), ("ssl_verify_client", "deny")),
    "certificates of clients": (
        {"users": None, "client_ca": CERTIFICATE},
        ("ssl_client_certificate clients.pem;", "ssl_verify_client on;"),
        ("auth_basic",),
    ),
    "both": ({"client_ca": CERTIFICATE}, ("auth_basic Flink;", "ssl_verify_client on;"), ()),
    "no encryption": ({"tls": False, "certificate": None, "key": None}, ("listen 8443;",), ("ssl",)),
    "networks": (
        {"networks": ["192.0.2.0/24", "2001:db8::/32"]},
        ("allow 192.0.2.0/24;\nallow 2001:db8::/32;\ndeny all;",),
        (),
    ),
    "an address": ({"address": "192.0.2.1", "port": 443}, ("listen 192.0.2.1:443 ssl;",), ()),
    "an address of IPv6": ({"address": "2001:db8::1"}, ("listen [2001:db8::1]:8443 ssl;",), ()),
}


@pytest.mark.parametrize(("different", "there", "missing"), LINES.values(), ids=LINES)
def test_the_configuration(different: Values, there: tuple[str, ...], missing: tuple[str, ...]) -> None:
    text = configuration(different)
    assert [lines for lines in there if lines not in text] == []
    assert [word for word in missing if word in text] == []
    assert "proxy_pass http://127.0.0.1:8081;" in text


# A path as a client sends it, and whether it ends a job on a GET.
ENDING: dict[str, bool] = {
    "/jobs/0a1b/yarn-cancel": True,
    "/jobs/0a1b/yarn-stop": True,
    "/v1/jobs/0a1b/yarn-cancel/": True,
    "/jobs/0a1b": False,
    "/jars/0a1b_yarn-cancel.jar/run": False,
    "/jobs/overview": False,
}


@pytest.mark.parametrize("path", ENDING)
def test_no_get_ends_a_job(path: str) -> None:
    (pattern,) = re.findall(r"location ~ (\S+) \{\nreturn 403;", configuration())
    assert (re.search(pattern, path) is not None) == ENDING[path]


def test_it_leads_to_the_port_of_the_rest_api() -> None:
    found = case(given(variables={"flink_jobmanager_config": {"rest.port": 9081}}))
    assert "proxy_pass http://127.0.0.1:9081;" in (proxy_of(found).configuration[-1].content or "")


@pytest.mark.parametrize(("port", "capability"), [(443, "CAP_NET_BIND_SERVICE"), (8443, "")])
def test_its_unit_has_no_right_that_it_does_not_need(port: int, capability: str) -> None:
    text = proxy_of(case(given({"port": port}))).service[0].content or ""
    assert f"\nCapabilityBoundingSet={capability}\n" in text
    assert "\nUser=www-data\n" in text
    assert [line for line in text.splitlines() if re.fullmatch(unit_pattern(wanted()), line)]


def test_lines_of_its_own_for_the_unit() -> None:
    lines = "[Service]\nNice=1\n"
    found = proxy_of(case(given(variables={"flink_service_overrides": {"proxy": lines}})))
    assert [(file.path, file.content) for file in found.service][-1] == (f"{UNIT}.d/20-overrides.conf", lines)


# What is different of the process, the files of a trial that are left, and whether it starts, and anew.
STARTS: dict[str, tuple[Values, list[str], bool, bool]] = {
    "it runs": ({}, [], False, False),
    "it has failed": ({"state": "failed"}, [], True, False),
    "it does not start at boot": ({"enabled": False}, [], True, False),
    "its unit is another one": ({"needs_reload": True}, [], True, True),
    "a run was killed before it read its configuration": ({}, ["nginx.conf"], True, False),
}


@pytest.mark.parametrize(("different", "left", "starts", "restarts"), STARTS.values(), ids=STARTS)
def test_one_that_does_not_run_as_it_should_is_started_and_told(
    different: Values, left: list[str], starts: bool, restarts: bool
) -> None:
    trial = f"{DIRECTORY}.new"
    asked = wanted(given())
    assert trial in questions(asked, flink_options(asked))["directories"]
    decided = case(given(), {"files": {"/etc/flink": [], trial: left}}).running({"proxy": different}).decide()
    assert decided.proxy is not None
    assert (decided.proxy.starts, decided.proxy.restarts) == (starts, restarts)
    assert ("proxy" in decided.pending) is starts


def test_nginx_comes_from_the_distribution_where_it_is_not_there() -> None:
    assert case(given()).decide().installation.packages == ("nginx",)
    there = case(given(), {"files": {"/etc/flink": [], "/usr/sbin": ["nginx"]}})
    assert there.decide().installation.packages == ()


def test_its_port_is_tried() -> None:
    asked = wanted(given())
    named = {port["name"]: port for port in questions(asked, flink_options(asked))["ports"]}
    assert named["proxy flink_proxy.port"] == {"name": "proxy flink_proxy.port", "host": "0.0.0.0", "port": 8443}
    assert named["jobmanager rest.port"]["host"] == "127.0.0.1"
    taken = {**named["proxy flink_proxy.port"], "problem": "Address already in use"}
    assert "Port 8443" in case(given(), {"taken_ports": [taken]}).decide().objections[0]
    own = {"processes": {"jobmanager": STOPPED, "proxy": {**STOPPED, "state": "running", "ports": [8443]}}}
    assert case(given(), {"taken_ports": [taken], **own}).decide().objections == ()


def test_one_that_is_no_longer_wanted_goes() -> None:
    decided = case(JOBMANAGER, {"matching_units": ["flink-proxy.service"]}).decide()
    assert decided.changes.obsolete == ("proxy",)
    assert decided.changes.needs_start
    assert decided.unit_stops == ("proxy",)
    assert decided.units["proxy"] == "flink-proxy.service"
    assert {UNIT, DIRECTORY, f"{DIRECTORY}/key.pem"} <= {file.path for file in decided.obsolete_files}


def test_a_firewall_has_to_let_through_to_it_alone() -> None:
    asked = wanted(given())
    of_users = [port for port in open_ports(asked, flink_options(asked)) if "users" in port.sources]
    assert [(port.process, port.port, port.address) for port in of_users] == [("proxy", "8443", "0.0.0.0")]


def test_the_unit_of_another_cluster_stays() -> None:
    paths = {file.path for file in obsolete_files(wanted(), ["proxy"], ["other-proxy.service"], ())}
    assert UNIT not in paths


# What is given instead, and the sentence.
REFUSED: dict[str, tuple[Values, str]] = {
    "nobody who is let in": (
        {"users": None},
        (
            "flink_proxy: expected users, or client_ca, the authority of the certificates of clients, got neither, "
            "which lets everybody in. Give one of them, or both for who must have both."
        ),
    ),
    "a password as it is": (
        {"users": {"ops": "secret", "dev": HASH}},
        (
            "flink_proxy.users: expected hashes of passwords, bcrypt ($2y$) or SHA-512 ($6$), got another text for "
            "ops. Make one with openssl passwd -6."
        ),
    ),
    "a hash that is broken in two fast": (
        {"users": {"ops": "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="}},
        (
            "flink_proxy.users: expected hashes of passwords, bcrypt ($2y$) or SHA-512 ($6$), got another text for "
            "ops. Make one with openssl passwd -6."
        ),
    ),
    "a name with what ends it": (
        {"users": {"a:b": HASH}},
        ("flink_proxy.users: expected names of letters, digits, '.', '_', '@' and '-', got a:b. Correct them."),
    ),
    "no certificate": (
        {"certificate": None, "key": ""},
        (
            "flink_proxy: expected the certificate of the server and its key as PEM, got no certificate and no key. "
            "Give both; or, where passwords may be read on the way, say tls: false."
        ),
    ),
    "the path of a certificate": (
        {"certificate": "/etc/ssl/server.pem"},
        (
            "flink_proxy.certificate: expected certificates as PEM, got another text. Give the content of the file, "
            "from -----BEGIN CERTIFICATE----- on."
        ),
    ),
    "a key with a passphrase": (
        {"key": KEY.replace("PRIVATE", "ENCRYPTED PRIVATE")},
        (
            "flink_proxy.key: expected a private key as PEM without a passphrase, got another text. Give the content "
            "of the file, from -----BEGIN PRIVATE KEY----- on."
        ),
    ),
    "a key with a passphrase of the older kind": (
        {"key": KEY.replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\n", 1)},
        (
            "flink_proxy.key: expected a private key as PEM without a passphrase, got another text. Give the content "
            "of the file, from -----BEGIN PRIVATE KEY----- on."
        ),
    ),
    "certificates without TLS": (
        {"tls": False, "key": None, "client_ca": CERTIFICATE},
        (
            "flink_proxy.tls: expected true with certificate, client_ca, got false. Set it to true, or leave out what "
            "only TLS uses."
        ),
    ),
    "a port that is none": (
        {"port": 65536},
        "flink_proxy.port: expected a port from 1 to 65535, got 65536. Correct it, for example to 8443.",
    ),
    "a name as an address": (
        {"address": "h1"},
        "flink_proxy.address: expected an IP address of the host, got h1. Correct it, or leave it out.",
    ),
    "a network as an address": (
        {"address": "192.0.2.0/24"},
        "flink_proxy.address: expected an IP address of the host, got 192.0.2.0/24. Correct it, or leave it out.",
    ),
    "an address with more lines for nginx": (
        {"address": "fe80::1%a; allow all"},
        (
            "flink_proxy.address: expected an IP address of the host, got fe80::1%a; allow all. Correct it, or leave "
            "it out."
        ),
    ),
    "a network with more lines for nginx": (
        {"networks": ["fe80::1%a; allow all"]},
        ("flink_proxy.networks: expected networks such as 192.0.2.0/24, got fe80::1%a; allow all. Correct them."),
    ),
    "a network that is none": (
        {"networks": ["192.0.2.0/24", "192.0.2.1/24"]},
        ("flink_proxy.networks: expected networks such as 192.0.2.0/24, got 192.0.2.1/24. Correct them."),
    ),
}


@pytest.mark.parametrize(("different", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(different: Values, sentence: str) -> None:
    assert case(given(different)).decide().objections == (sentence,)


# Variables beside the proxy, and how the only sentence begins.
CONTRADICTIONS: dict[str, tuple[Values, str]] = {
    "a REST API that others reach": (
        {"flink_jobmanager_config": {"rest.bind-address": "0.0.0.0"}},
        "rest.bind-address: expected 127.0.0.1 behind flink_proxy, got 0.0.0.0",
    ),
    "none of the role's addresses, so all of the host": (
        {"flink_config": {**CONFIG, "rest": {"bind-address": None}}},
        "rest.bind-address: expected 127.0.0.1 behind flink_proxy, got null",
    ),
    "another port than is known": (
        {"flink_config": {**CONFIG, "rest.port": 8081, "rest.bind-port": 9081}},
        "rest.bind-port: expected that of rest.port behind flink_proxy, 8081, got 9081",
    ),
    "a REST API with TLS": (
        {"flink_config": {**CONFIG, "security.ssl.rest.enabled": True}},
        "security.ssl.rest.enabled: expected false behind flink_proxy",
    ),
    "launchers": ({"flink_service_manager": "launcher"}, "flink_proxy: expected a host where systemd runs"),
    "the port of the REST API": ({"flink_config": {**CONFIG, "rest.port": 8443}}, "Port 8443: expected for one"),
    "an SQL gateway that does not reach it": (
        {
            "flink_components": ["sql-gateway"],
            "flink_config": {**CONFIG, "sql-gateway.endpoint.rest.address": "h1"},
        },
        "flink_proxy: expected the SQL gateway on a host with a JobManager",
    ),
}


@pytest.mark.parametrize(("variables", "beginning"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_contradicted(variables: Values, beginning: str) -> None:
    (sentence,) = case(given(variables=variables)).decide().objections
    assert sentence.startswith(beginning)


def test_an_own_loopback_address_is_none() -> None:
    local = {"flink_config": {**CONFIG, "rest.bind-address": "localhost"}}
    assert case(given(variables=local)).decide().objections == ()


def test_nginx_where_nobody_can_install_it() -> None:
    system: Values = {"id": "arch", "id_like": [], "version_id": None, "architecture": "x86_64"}
    (sentence,) = case(given(), {"os": system}).decide().objections
    assert sentence.startswith("flink_proxy: expected nginx on a host where the role cannot install it, got none.")


def test_passwords_that_can_be_read_on_the_way() -> None:
    told = case(given({"tls": False, "certificate": None, "key": None})).decide().advice
    assert [sentence for sentence in told if sentence.startswith("flink_proxy.tls: passwords for port 8443")]
    assert [sentence for sentence in case(given()).decide().advice if sentence.startswith("flink_proxy")] == []


def test_its_log_has_no_arguments_of_programs() -> None:
    """The web interface sends them after the path of POST /jars/:id/run; Referer and errors have them too."""
    (name,) = re.findall(r"access_log \S+ (\S+);", configuration())
    (log_format,) = re.findall(rf"log_format {name} (.*?);", configuration(), re.DOTALL)
    used = set(re.findall(r"\$(\w+)", log_format))
    assert "uri" in used
    assert "error_log stderr crit;" in configuration()
    assert used.isdisjoint({"request", "request_uri", "args", "query_string", "is_args", "http_referer"})
