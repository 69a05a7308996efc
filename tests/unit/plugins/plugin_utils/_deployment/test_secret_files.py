# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Case,
    Values,
    case,
    wanted,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.files import File

DIRECTORY = "/etc/flink/secrets"
KEYTAB = b"\x05\x02\x00\xff"
KEYTAB_64 = base64.b64encode(KEYTAB).decode()
LOGIN: Values = {"principal": "flink@EXAMPLE.ORG", "keytab_base64": KEYTAB_64}
TWO: Values = {"flink_secret_files": {"kafka.password": "hush", "s3.json": "{}"}}


def kerberos(different: Values | None = None) -> Values:
    return {"flink_kerberos": {**LOGIN, **(different or {})}}


def secrets(found: Case) -> list[File]:
    """The files of the decision that are in the directory, and itself."""
    return [file for file in found.decide().configuration if file.path.startswith(DIRECTORY)]


def test_only_root_and_the_processes_read_them() -> None:
    directory, mark, *files = secrets(case({**TWO, "flink_group": "streamers"}))
    assert (mark.path, mark.mode, mark.group) == (f"{DIRECTORY}/.flink", "0640", "streamers")
    assert (directory.path, directory.mode, directory.owner, directory.group) == (DIRECTORY, "0750", None, "streamers")
    assert {(file.mode, file.owner, file.group, file.content) for file in files} == {("0640", None, "streamers", None)}
    assert {file.path: base64.b64decode(file.secret_content or "") for file in files} == {
        f"{DIRECTORY}/kafka.password": b"hush",
        f"{DIRECTORY}/s3.json": b"{}",
    }


def test_without_them_nothing_is_different() -> None:
    assert secrets(case()) == []
    assert "FLINK_SECRETS_DIGEST" not in case().environments()["jobmanager"]


OURS, THEIRS = [".flink", "kafka.password", "old"], ["kafka.password", "old"]
# What is given, the files that are there, and what is removed.
GONE: dict[str, tuple[Values, list[str], list[str]]] = {
    "what is no longer given": (TWO, OURS, ["/old"]),
    "all of it": ({}, OURS, ["/kafka.password", "/old", "/.flink", ""]),
    "nothing of a directory that somebody else has made": ({}, THEIRS, []),
    "nothing of it beside ours": (TWO, THEIRS, []),
}


@pytest.mark.parametrize(("given", "there", "gone"), GONE.values(), ids=GONE)
def test_what_goes(given: Values, there: list[str], gone: list[str]) -> None:
    found = secrets(case(given, {"files": {"/etc/flink": [], DIRECTORY: there}}))
    assert [file.path for file in found if file.state == "absent"] == [f"{DIRECTORY}{name}" for name in gone]
    assert len({file.path for file in found}) == len(found)
    assert not gone or found[-1].only_empty == (gone[-1] == "")


def test_files_of_others_are_not_ours_to_remove() -> None:
    left = {"files": {"/etc/flink": [], DIRECTORY: THEIRS}}
    (sentence,) = case(TWO, left).decide().objections
    assert sentence == (
        f"flink_secret_files: expected {DIRECTORY} to be the role's alone, got files of others in it: kafka.password, "
        "old. Move them away."
    )
    assert case(different=left).decide().objections == ()


# What is given afterwards, and whether the processes restart.
CHANGES: dict[str, tuple[Values, bool]] = {
    "another content": ({"flink_secret_files": {"kafka.password": "hushed", "s3.json": "{}"}}, True),
    "another file": ({"flink_secret_files": {"kafka.password": "hush"}}, True),
    "the same in another order": ({"flink_secret_files": {"s3.json": "{}", "kafka.password": "hush"}}, False),
}


@pytest.mark.parametrize(("given", "restarts"), CHANGES.values(), ids=CHANGES)
def test_a_change_restarts_who_may_have_read_it(given: Values, restarts: bool) -> None:
    before, after = (case(one).environments() for one in (TWO, given))
    assert (before["jobmanager"] != after["jobmanager"]) is restarts
    assert (before["taskmanager-1"] != after["taskmanager-1"]) is restarts


def test_zookeeper_reads_none() -> None:
    alone: Values = {"flink_components": [], "flink_zookeeper_hosts": ["h1"]}
    assert case({**alone, **TWO}).environments() == case(alone).environments()


def test_the_options_of_kerberos() -> None:
    given = kerberos({"contexts": ["Client", "KafkaClient"]})
    options = flink_options(wanted(given)).values
    assert {key: value for key, value in options.items() if "kerberos" in key} == {
        "security.kerberos.login.principal": "flink@EXAMPLE.ORG",
        "security.kerberos.login.keytab": f"{DIRECTORY}/flink.keytab",
        "security.kerberos.login.contexts": "Client,KafkaClient",
    }
    words = case(given).environments()["jobmanager"]["FLINK_JAVA_OPTS"]
    assert "krb5.conf" not in words


def test_a_krb5_conf_of_its_own() -> None:
    found = case(kerberos({"krb5_conf": "[libdefaults]\n"}))
    assert [file.path for file in secrets(found)] == [
        DIRECTORY,
        f"{DIRECTORY}/.flink",
        f"{DIRECTORY}/krb5.conf",
        f"{DIRECTORY}/flink.keytab",
    ]
    for name in ("jobmanager", "taskmanager-1"):
        words = found.environments()[name]["FLINK_JAVA_OPTS"]
        assert f"-Djava.security.krb5.conf={DIRECTORY}/krb5.conf" in words


def test_a_keytab_of_the_controller_is_brought_as_it_is() -> None:
    of_file = case(kerberos({"keytab": "flink.keytab", "keytab_base64": None}))
    there = dataclasses.replace(of_file, controller=dataclasses.replace(of_file.controller, keytab=KEYTAB))
    assert secrets(there)[-1].secret_content == KEYTAB_64
    assert there.environments() == case(kerberos()).environments()
    (sentence,) = of_file.decide().objections
    assert sentence == (
        "flink_kerberos.keytab: expected a file on the controller, got flink.keytab, which is none. Correct the path, "
        "or give the content as keytab_base64."
    )


# What is given, and how the only sentence begins.
REFUSED: dict[str, tuple[Values, str]] = {
    "a name that leads elsewhere": (
        {"flink_secret_files": {"../config.yaml": "x", "a b": "y", ".hidden": "z"}},
        (
            "flink_secret_files: expected names of letters, digits, '.', '_' and '-' that begin with no dot, got "
            "'../config.yaml', 'a b', '.hidden'."
        ),
    ),
    "a content that is no text": (
        {"flink_secret_files": {"a": {"hush": 1}}},
        "flink_secret_files: expected text as content, got another type for a (a mapping).",
    ),
    "a name of Kerberos": (
        {**kerberos(), "flink_secret_files": {"krb5.conf": "x"}},
        "flink_secret_files: expected names other than those of flink_kerberos, got krb5.conf.",
    ),
    "no principal": (kerberos({"principal": " "}), "flink_kerberos.principal: expected a principal such as"),
    "no keytab": (kerberos({"keytab_base64": None}), "flink_kerberos: expected either keytab,"),
    "two keytabs": (kerberos({"keytab": "a"}), "flink_kerberos: expected either keytab,"),
    "what is no keytab": (
        kerberos({"keytab_base64": base64.b64encode(b"hush").decode()}),
        "flink_kerberos.keytab_base64: expected a keytab, got other bytes.",
    ),
    "what is no Base64": (
        kerberos({"keytab_base64": "hush!"}),
        "flink_kerberos.keytab_base64: expected a keytab, got other bytes.",
    ),
    "what is no ASCII": (
        kerberos({"keytab_base64": "hushé"}),
        "flink_kerberos.keytab_base64: expected a keytab, got other bytes.",
    ),
    "the same among Flink's options": (
        {**kerberos(), "flink_config": {**CONFIG, "security": {"kerberos": {"login": {"principal": "me"}}}}},
        "security.kerberos.login.principal: expected it left to flink_kerberos",
    ),
}


@pytest.mark.parametrize(("given", "beginning"), REFUSED.values(), ids=REFUSED)
def test_refused(given: Values, beginning: str) -> None:
    (sentence,) = case(given).decide().objections
    assert sentence.startswith(beginning)
    assert "hush" not in sentence
