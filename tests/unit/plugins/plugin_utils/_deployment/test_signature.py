# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.found import Archive
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    NO_RELEASE,
    URL,
    Values,
    case,
)

DIGITS = "c" * 128
BESIDE = Archive(size=2**20, sha512=DIGITS)
CHECKSUM: Values = {"flink_archive_checksum": f"sha512:{DIGITS}"}
NAME = "flink-2.3.0/flink-2.3.0-bin-scala_2.12.tgz"
DOWNLOADS = "https://downloads.apache.org/flink/"
KEYS = f"{DOWNLOADS}KEYS"
FINGERPRINT = "48F6 B18F 3DF7 1B68 BED1  82DA E61D 047E 0975 64AA"
HERE: Values = {"flink_archive": "/srv/flink.tgz"}
SCRATCH = "/opt/flink/flink-2.3.0.unpacking"
NOTHING_PROVES = (
    "flink_archive: nothing proves that flink.tgz is a release of the project, since its checksum is from the same "
    "place. Set flink_archive_signature to its signature, or flink_archive_checksum to one that you trust."
)
NO_PROGRAM = (
    "flink_archive: the signature of flink-2.3.0-bin-scala_2.12.tgz is not verified, since the host has neither "
    "gpgv nor gpg. Install gpgv there, or set flink_archive_checksum to one that you trust."
)
ASKED_IN_VAIN = (
    "flink_archive_signature: expected gpgv or gpg on the host, got neither. Install gpgv; or leave out "
    "flink_archive_signature, flink_archive_keys and flink_archive_fingerprints, and give a flink_archive_checksum "
    "that you trust."
)

# Variables, whether the host has a program: the signature and the keys, if one is verified; and the sentence, if not.
PROOFS: dict[str, tuple[Values, bool, tuple[str, str] | None, str | None]] = {
    "by default": ({}, True, (f"{URL.format('2.3.0')}.asc", KEYS), None),
    "from the server with archives only": (
        {"flink_archive": f"https://dlcdn.apache.org/flink/{NAME}"},
        True,
        (f"{DOWNLOADS}{NAME}.asc", KEYS),
        None,
    ),
    "without a program": ({}, False, None, NO_PROGRAM),
    "a given checksum": (CHECKSUM, True, None, None),
    "a given checksum without a program": (CHECKSUM, False, None, None),
    "a file on the controller": (HERE, True, None, NOTHING_PROVES),
    "a mirror": ({"flink_archive": "https://mirror/flink.tgz"}, True, None, NOTHING_PROVES),
    "a mirror that looks like the project": (
        {"flink_archive": "https://archive.apache.org.example/dist/flink/flink.tgz"},
        True,
        None,
        NOTHING_PROVES,
    ),
    "a file and its signature": (
        {**HERE, "flink_archive_signature": "/srv/f.asc"},
        True,
        ("/srv/f.asc", KEYS),
        None,
    ),
    "a signature in spite of a checksum": (
        {**HERE, **CHECKSUM, "flink_archive_signature": "/srv/f.asc", "flink_archive_keys": "https://mirror/KEYS"},
        True,
        ("/srv/f.asc", "https://mirror/KEYS"),
        None,
    ),
    "fingerprints alone": (
        {**HERE, "flink_archive_fingerprints": [FINGERPRINT]},
        True,
        ("/srv/flink.tgz.asc", KEYS),
        None,
    ),
}


@pytest.mark.parametrize(("given", "has_program", "files", "sentence"), PROOFS.values(), ids=PROOFS)
def test_what_proves_an_archive(
    given: Values, has_program: bool, files: tuple[str, str] | None, sentence: str | None
) -> None:
    different = {"release": NO_RELEASE, "signature_verifier": "/usr/bin/gpgv" if has_program else None}
    found = case(given, different, BESIDE).decide()
    copies = (*found.installation.proof_downloads, *found.installation.proof_copies)
    assert {copy.dest: copy.src for copy in copies} == (
        {} if files is None else {f"{SCRATCH}/archive.asc": files[0], f"{SCRATCH}/KEYS": files[1]}
    )
    assert (found.objections, found.advice) == ((), () if sentence is None else (sentence,))
    assert all("://" in copy.src for copy in found.installation.proof_downloads)


def test_of_a_release_that_is_installed_nothing_is_proved() -> None:
    found = case({"flink_archive_signature": "/srv/f.asc"}, {"signature_verifier": "/usr/bin/gpgv"}).decide()
    assert (found.objections, found.advice, found.installation.proof_copies) == ((), (), ())


# Variables, and the sentence.
REFUSED: dict[str, tuple[Values, str]] = {
    "a signature without a program": ({**HERE, "flink_archive_signature": "/srv/f.asc"}, ASKED_IN_VAIN),
    "keys without a program": ({**HERE, "flink_archive_keys": "/srv/KEYS"}, ASKED_IN_VAIN),
    "the ID of a key": (
        {**HERE, **CHECKSUM, "flink_archive_fingerprints": [FINGERPRINT, "E61D047E097564AA"]},
        (
            "flink_archive_fingerprints: expected 40 or 64 hexadecimal digits each, got 'E61D047E097564AA'. Give full "
            "fingerprints, as gpg --show-keys --with-fingerprint prints them."
        ),
    ),
}


@pytest.mark.parametrize(("given", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(given: Values, sentence: str) -> None:
    found = case(given, {"release": NO_RELEASE}, BESIDE).decide()
    assert found.objections[0] == found.installation.archive_objections[0] == sentence


JAR: Values = {"checksum": f"sha512:{DIGITS}"}
EXPOSED = (
    "{}: expected https:// or a file, got {}, which anybody on the way can read and change. Give an https:// URL "
    "or a file on the controller, or set flink_allow_http to true."
)


def job(**program: str) -> Values:
    return {"flink_jobs": [{"name": "a", **program, "checksum": f"sha256:{'a' * 64}"}]}


# Variables, the option that stands against them, and what it names.
WAYS: dict[str, tuple[Values, str, str]] = {
    "an archive by http": ({**CHECKSUM, "flink_archive": "http://web/f.tgz"}, "flink_archive", "http://web/f.tgz"),
    "an archive by ftp": ({**CHECKSUM, "flink_archive": "ftp://web/f.tgz"}, "flink_archive", "ftp://web/f.tgz"),
    "a name that only begins like one of this host": (
        {**CHECKSUM, "flink_archive": "http://localhost.example/f.tgz"},
        "flink_archive",
        "http://localhost.example/f.tgz",
    ),
    "keys by http": (
        {**CHECKSUM, "flink_archive_keys": "http://web/KEYS"},
        "flink_archive_keys",
        "http://web/KEYS",
    ),
    "a jar by http": (
        {**CHECKSUM, "flink_jars": [{"src": "http://web/a.jar", **JAR}, {"src": "https://web/b.jar", **JAR}]},
        "flink_jars",
        "http://web/a.jar",
    ),
    "the program of a job by http": ({**CHECKSUM, **job(jar="http://web/j.jar")}, "flink_jobs", "http://web/j.jar"),
}
CLOSED: dict[str, Values] = {
    "https": CHECKSUM,
    "this host": {**CHECKSUM, "flink_archive": "http://127.0.0.1:8000/f.tgz"},
    "this host by its name": {**CHECKSUM, "flink_archive": "http://localhost/f.tgz"},
    "this host by IPv6": {**CHECKSUM, "flink_archive": "http://[::1]:8000/f.tgz"},
    "a URL that leads nowhere": {**CHECKSUM, "flink_archive": "http://[web/f.tgz"},
    "a file on the host": {**CHECKSUM, "flink_archive": "file:///srv/f.tgz"},
    "a file on the controller": {**CHECKSUM, **HERE},
    "a program that is a file": {**CHECKSUM, **job(jar="files/http.jar")},
}
VERIFIER: Values = {"signature_verifier": "/usr/bin/gpgv"}


@pytest.mark.parametrize(("given", "option", "url"), WAYS.values(), ids=WAYS)
def test_nothing_comes_without_encryption_unless_that_is_allowed(given: Values, option: str, url: str) -> None:
    different = {"release": NO_RELEASE, **VERIFIER}
    assert case(given, different, BESIDE).decide().objections == (EXPOSED.format(option, url),)
    assert case({**given, "flink_allow_http": True}, different, BESIDE).decide().objections == ()


@pytest.mark.parametrize("given", CLOSED.values(), ids=CLOSED)
def test_what_nobody_can_change_on_the_way(given: Values) -> None:
    assert case(given, {"release": NO_RELEASE}, BESIDE).decide().objections == ()


def test_what_is_there_need_not_come() -> None:
    given = {"flink_archive": "http://web/f.tgz", "flink_config": CONFIG}
    assert case(given).decide().objections == ()
