# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import os
import typing as t

import pytest
import yaml
from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.streamops.flink.plugins.action.certificate import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.doc_fragments import _cluster
from ansible_collections.streamops.flink.plugins.modules import certificate
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment import certificates
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.tls import NO_IDENTITY
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import DEFAULTS
from ansible_collections.streamops.flink.plugins.plugin_utils._tls_directory import identity, store_password
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import HostVars, made, opened_no_connection
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Values,
    wanted,
)

if t.TYPE_CHECKING:
    from pathlib import Path

# As it is before Ansible fills the defaults of the suboptions in.
SPEC = copy.deepcopy(ARGUMENT_SPEC)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_BITS", 1024)


def run(
    directory: Path | str, variables: Values | None = None, *, host: str = "h1", check_mode: bool = False
) -> Values:
    """The result of the task for a host."""
    task_vars = {
        "inventory_hostname": host,
        **DEFAULTS,
        "flink_version": "2.3.0",
        "flink_config": CONFIG,
        "flink_tls": "all",
        "flink_tls_dir": str(directory),
        **(variables or {}),
        "hostvars": HostVars({host: {}}),
    }
    action = made(ActionModule, {}, task_vars, check_mode=check_mode)
    result: Values = action.run(task_vars=task_vars)
    assert opened_no_connection(action)
    return result


def contents(directory: Path) -> dict[str, bytes]:
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_what_is_made_once(tmp_path: Path) -> None:
    directory = tmp_path / "tls"
    first = run(directory)
    assert first["changed"]
    assert [sentence.split(" is new")[0] for sentence in first["made"]] == [
        f"The authority in {directory}",
        "The certificate of h1",
        "The certificate of flink client",
    ]
    before = contents(directory)
    assert sorted(before) == [
        ".lock",
        *("authority/certificate.pem", "authority/key.pem", "client/certificate.pem", "client/key.pem"),
        *("hosts/h1/authorities.pem", "hosts/h1/certificate.pem", "hosts/h1/client.pem", "hosts/h1/key.pem"),
        *("hosts/h1/keystore.p12", "password"),
    ]
    second = run(directory)
    assert (second["changed"], second["made"], contents(directory)) == (False, [], before)
    of = wanted({"flink_tls": "all", "flink_tls_dir": str(directory)})
    assert store_password(of) == before["password"].decode()
    assert identity(of).authorities == before["authority/certificate.pem"].decode()
    assert before["authority/key.pem"].decode() not in str(identity(of))


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    former = os.umask(0)
    run(tmp_path / "tls")
    os.umask(former)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "tls").rglob("*") if path.is_file()} == {0o600}
    there = [tmp_path / "tls", *(path for path in (tmp_path / "tls").rglob("*") if path.is_dir())]
    assert {path.stat().st_mode & 0o777 for path in there} == {0o700}


# What has other rights than the role gave it, which, and whether that is told.
RIGHTS: dict[str, tuple[str, int, bool]] = {
    "others may read a key": ("authority/key.pem", 0o644, True),
    "a group may read the password": ("password", 0o640, True),
    "others may read a store": ("hosts/h1/keystore.p12", 0o604, True),
    "others may put another key there": ("authority", 0o777, True),
    "a group may put another authority there": (".", 0o770, True),
    "others may read a certificate": ("authority/certificate.pem", 0o644, False),
    "others may see what there is": (".", 0o755, False),
}


@pytest.mark.parametrize(("name", "mode", "told"), RIGHTS.values(), ids=RIGHTS)
def test_rights_of_others_are_told(name: str, mode: int, told: bool, tmp_path: Path) -> None:
    assert run(tmp_path)["warnings"] == []
    (tmp_path / name).chmod(mode)
    expected = f"got rights of others for {tmp_path / name}. Take them away with chmod -R go= {tmp_path}."
    assert [sentence.endswith(expected) for sentence in run(tmp_path)["warnings"]] == [True] * told


def test_hosts_share_an_authority_and_a_client(tmp_path: Path) -> None:
    run(tmp_path)
    second = run(tmp_path, host="h2")
    assert [sentence.split(" is new")[0] for sentence in second["made"]] == ["The certificate of h2"]


def test_check_mode_says_what_it_would_make(tmp_path: Path) -> None:
    directory = tmp_path / "tls"
    result = run(directory, check_mode=True)
    assert (result["changed"], len(result["made"]), directory.exists()) == (True, 3, False)


def test_a_new_certificate_near_the_end_of_the_old_one(tmp_path: Path) -> None:
    run(tmp_path, {"flink_tls_days": 20, "flink_tls_renew_days": 10})
    before = contents(tmp_path)
    result = run(tmp_path)
    # Some of the last day is over.
    assert [sentence.split(": made")[0] for sentence in result["made"]] == [
        "The certificate of h1 ended in 19 days",
        "The certificate of flink client ended in 19 days",
    ]
    after = contents(tmp_path)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {
        *("client/certificate.pem", "client/key.pem", "hosts/h1/certificate.pem", "hosts/h1/client.pem"),
        *("hosts/h1/key.pem", "hosts/h1/keystore.p12"),
    }


# What becomes of the authority, and how the refusal goes on.
AUTHORITIES: dict[str, tuple[dict[str, bytes | None], str]] = {
    "its key is kept elsewhere": ({"key.pem": None}, "expected the certificate of an authority and its key in"),
    "it is no PEM": ({"certificate.pem": b"\xff"}, "expected the certificate of an authority and its key in"),
    "its key is no PEM": ({"key.pem": b"x"}, "expected the certificate of an authority and its key in"),
}


@pytest.mark.parametrize(("files", "words"), AUTHORITIES.values(), ids=AUTHORITIES)
def test_no_other_authority_without_a_word(tmp_path: Path, files: dict[str, bytes | None], words: str) -> None:
    run(tmp_path)
    for name, content in files.items():
        place = tmp_path / "authority" / name
        if content is None:
            place.unlink()
        else:
            place.write_bytes(content)
    before = contents(tmp_path)
    with pytest.raises(AnsibleActionFail, match=f"^flink_tls_dir: {words} {tmp_path}/authority, got something else"):
        run(tmp_path)
    assert contents(tmp_path) == before


def test_an_authority_that_a_killed_run_has_begun(tmp_path: Path) -> None:
    (tmp_path / "authority").mkdir()
    (tmp_path / "authority/key.pem").write_text("half")
    assert run(tmp_path)["made"][0] == f"The authority in {tmp_path} is new."


def test_files_that_are_damaged_are_made_again(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "hosts/h1/certificate.pem").write_bytes(b"\xff")
    (tmp_path / "hosts/h1/client.pem").write_bytes(b"\xff")
    assert run(tmp_path)["made"][0].startswith("The certificate of h1 could not be read: made, until ")


def given(tmp_path: Path) -> Values:
    """Certificates that somebody else has made, which here is the role in another directory."""
    run(tmp_path / "theirs", {"flink_tls_names": ["localhost"]})
    place = tmp_path / "theirs/hosts/h1"
    return {
        "flink_tls_certificate": str(place / "certificate.pem"),
        "flink_tls_key": str(place / "key.pem"),
        "flink_tls_ca": str(place / "authorities.pem"),
    }


def test_given_certificates_are_used(tmp_path: Path) -> None:
    variables = given(tmp_path)
    first, second = run(tmp_path / "ours", variables), run(tmp_path / "ours", variables)
    assert (first["changed"], second["changed"], second["warnings"]) == (True, False, [])
    assert sorted(contents(tmp_path / "ours")) == [
        ".lock",
        *("hosts/h1/authorities.pem", "hosts/h1/certificate.pem", "hosts/h1/client.pem", "hosts/h1/keystore.p12"),
        "password",
    ]


def test_given_certificates_that_end_soon_or_lack_the_name_of_the_jobmanager(tmp_path: Path) -> None:
    variables = {**given(tmp_path), "flink_tls_renew_days": 400, "flink_jobmanager_hosts": ["j"]}
    soon, name = run(tmp_path / "ours", variables)["warnings"]
    assert soon.startswith("flink_tls_certificate: that of h1 ends on ")
    assert name.startswith("flink_tls_certificate: expected j among its names, got none")


REFUSED: dict[str, tuple[Values, str]] = {
    "a directory that is a file": (
        {"flink_tls_dir": __file__},
        "flink_tls_dir: expected a directory on the controller that can be read",
    ),
    "variables that contradict": ({"flink_tls_days": 10}, "flink_tls_renew_days: expected less than flink_tls_days"),
    "a certificate that is not there": (
        {"flink_tls_certificate": "/no", "flink_tls_key": "/no", "flink_tls_ca": "/no"},
        "flink_tls: expected a file in PEM on the controller, got /no",
    ),
}


@pytest.mark.parametrize(("variables", "begin"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(tmp_path: Path, variables: Values, begin: str) -> None:
    with pytest.raises(AnsibleActionFail) as caught:
        run(tmp_path, variables)
    assert str(caught.value).startswith(begin)


def test_without_tls_nothing_is_read(tmp_path: Path) -> None:
    assert run(tmp_path / "tls", {"flink_tls": "none"})["made"] == []
    assert identity(wanted({"flink_tls_dir": str(tmp_path)})) == NO_IDENTITY
    assert not (tmp_path / "tls").exists()


def test_the_documentation_describes_the_arguments(documented: t.Callable[[Values], Values]) -> None:
    assert "options" not in yaml.safe_load(certificate.DOCUMENTATION)
    assert documented(yaml.safe_load(_cluster.ModuleDocFragment.DOCUMENTATION)["options"]) == SPEC


def test_no_decrypted_key_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets: t.Any = [("default", VaultSecret(b"x"))]
    (tmp_path / "key.pem").write_bytes(VaultLib(secrets).encrypt("-----BEGIN PRIVATE KEY-----", secrets[0][1]))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path / "tmp"))
    action: t.Any = made(ActionModule, {}, {})
    action._loader.set_vault_secrets(secrets)
    assert action._text(str(tmp_path / "key.pem")) == "-----BEGIN PRIVATE KEY-----"
    assert list((tmp_path / "tmp").iterdir()) == []
