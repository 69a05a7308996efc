# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment import archive as archive_module
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.archive import (
    archive_objections,
    checksum,
    is_installed,
    is_url,
    scratch,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.directories import lasting_places
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.found import Archive
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    ARCHIVE,
    NO_RELEASE,
    RELEASE,
    URL,
    Values,
    case,
)

MIB = 2**20
DIGITS = "c" * 128
VERIFIED = Archive(size=100 * MIB, sha512=f"{DIGITS}  flink-2.3.0-bin-scala_2.12.tgz\n")
GIVEN: Values = {"flink_archive_checksum": f"sha512:{DIGITS}"}
HOME = "/opt/flink/flink-2.3.0"
NOTHING: Values = {"release": NO_RELEASE}
FOREIGN = (
    f"flink_home: expected a release that this role installed or nothing, got a {HOME} that it did not "
    "install. Move it away, or set flink_home to another place."
)


def room(size: int | None) -> Values:
    """A host without the release that has so many bytes for it."""
    return {**NOTHING, "disk": {HOME: size}}


def unverified(archive: str, got: str | None = None) -> str:
    return (
        "flink_archive_checksum: expected sha512: and 128 hexadecimal digits, got "
        f"{got or f'none, and none in {archive}.sha512'}. Set it to the checksum of {archive}."
    )


HELD = (
    f"flink_home: expected nothing but the release in {HOME}, which another archive would replace, got "
    "{} of {} in it. Set flink_home to another directory, or move that elsewhere."
)
LINE = (
    "flink_version: expected a full version such as 1.20.5, got 1.20, which names a line of releases and no archive. "
    "Set flink_version to 1.20.5, or flink_archive to the archive."
)

# Variables, what is different on the host, what is known of the archive, and the sentences.
REFUSED: dict[str, tuple[Values, Values, Archive, tuple[str, ...]]] = {
    "logs in a release that another archive replaces": (
        {**GIVEN, "flink_log_dir": f"{HOME}/log"},
        {},
        VERIFIED,
        (HELD.format(f"{HOME}/log", "flink_log_dir"),),
    ),
    "notes of jobs in it": (
        {**GIVEN, "flink_run_dir": f"{HOME}/run/"},
        {},
        VERIFIED,
        (HELD.format(f"{HOME}/run", "flink_run_dir"),),
    ),
    "logs beside it": ({**GIVEN, "flink_log_dir": f"{HOME}-log"}, {}, VERIFIED, ()),
    "logs in one that stays": ({"flink_log_dir": f"{HOME}/log"}, {}, VERIFIED, ()),
    "logs in one that is new": ({**GIVEN, "flink_log_dir": f"{HOME}/log"}, NOTHING, VERIFIED, ()),
    "a directory that the role did not install": (
        {},
        {"release": {**RELEASE, "archive": None}},
        VERIFIED,
        (FOREIGN,),
    ),
    "a line of releases": (
        {"flink_version": "1.20"},
        {**NOTHING, "disk": {"/opt/flink/flink-1.20": None}},
        Archive(problem="flink_archive: the host cannot get it."),
        (LINE,),
    ),
    "no file on the controller": (
        {"flink_archive": "/nowhere/flink.tgz"},
        NOTHING,
        Archive(problem="flink_archive: there is no file /nowhere/flink.tgz on the controller."),
        ("flink_archive: there is no file /nowhere/flink.tgz on the controller.",),
    ),
    "no checksum beside the archive": (
        {},
        NOTHING,
        Archive(),
        (unverified(URL.format("2.3.0")),),
    ),
    "a page instead of a checksum": (
        {"flink_archive": "/srv/f.tgz"},
        NOTHING,
        Archive(sha512="<html> Not found </html>"),
        (unverified("/srv/f.tgz"),),
    ),
    "a checksum of another length": (
        {"flink_archive": "/srv/f.tgz"},
        NOTHING,
        Archive(sha512=DIGITS[1:]),
        (unverified("/srv/f.tgz"),),
    ),
    "a checksum that comes without encryption": (
        {"flink_archive": "http://mirror/f.tgz", "flink_allow_http": True},
        NOTHING,
        Archive(size=MIB, sha512=DIGITS, is_forgeable=True),
        (
            (
                "flink_archive_checksum: expected sha512: and 128 hexadecimal digits for http://mirror/f.tgz, got "
                "none: what lies beside it comes from the same server without encryption, and who changes one changes "
                "both. Set it to the checksum from a place that you trust, or give an https:// URL in flink_archive."
            ),
        ),
    ),
    "a given checksum of another kind": (
        {"flink_archive_checksum": "sha256:00"},
        NOTHING,
        VERIFIED,
        (unverified(URL.format("2.3.0"), "'sha256:00'"),),
    ),
    "a given checksum without its kind": (
        {"flink_archive_checksum": DIGITS},
        NOTHING,
        VERIFIED,
        (unverified(URL.format("2.3.0"), f"'{DIGITS[:60]}'... (128 characters)"),),
    ),
    "a full disk": (
        {},
        room(250 * MIB - 1),
        VERIFIED,
        (
            (
                "flink_home: expected some 250 MiB for unpacking flink-2.3.0-bin-scala_2.12.tgz, got 249 MiB "
                f"at {HOME}. Free some space, or set flink_home to another file system."
            ),
        ),
    ),
    "a foreign directory, no checksum and a full disk": (
        {"flink_archive": "/srv/f.tgz"},
        {"release": {**RELEASE, "archive": None}, "disk": {HOME: 0}},
        Archive(size=MIB),
        (
            FOREIGN,
            unverified("/srv/f.tgz"),
            (
                f"flink_home: expected some 2 MiB for unpacking f.tgz, got 0 MiB at {HOME}. Free some space, "
                "or set flink_home to another file system."
            ),
        ),
    ),
}

# Variables, what is different on the host, what is known of the archive, where nothing stands against it.
ACCEPTED: dict[str, tuple[Values, Values, Archive]] = {
    "the release is there": ({}, {}, Archive(problem="Nobody needs it.")),
    "the release is there from the archive that is given": (
        {"flink_archive_checksum": ARCHIVE},
        {"disk": {HOME: 0}},
        Archive(problem="Nobody needs it."),
    ),
    "the release is there from another archive, and is replaced": (GIVEN, {}, VERIFIED),
    "a line of releases that is there": (
        {"flink_version": "1.20"},
        {"disk": {"/opt/flink/flink-1.20": 0}},
        Archive(),
    ),
    "a line of releases with an archive": (
        {"flink_version": "1.20", "flink_archive": "/srv/flink-1.20-bin-scala_2.12.tgz"},
        {**NOTHING, "disk": {"/opt/flink/flink-1.20": None}},
        VERIFIED,
    ),
    "a line of releases with a public archive of a full version": (
        {"flink_version": "1.20", "flink_archive": URL.format("1.20.5")},
        {**NOTHING, "disk": {"/opt/flink/flink-1.20": None}},
        VERIFIED,
    ),
    "a checksum beside the archive": ({}, NOTHING, VERIFIED),
    "a checksum alone in its file": ({}, NOTHING, Archive(sha512=DIGITS)),
    "a given checksum": (GIVEN, NOTHING, Archive()),
    "a disk that is just large enough": ({}, room(250 * MIB), VERIFIED),
    "a disk of unknown size": ({}, room(None), VERIFIED),
    "an archive of unknown size": ({}, room(0), Archive(sha512=DIGITS)),
}


@pytest.mark.parametrize(("given", "different", "archive", "sentences"), REFUSED.values(), ids=REFUSED)
def test_refused(given: Values, different: Values, archive: Archive, sentences: tuple[str, ...]) -> None:
    refused = case(given, different, archive)
    assert (
        tuple(archive_objections(refused.wanted, refused.host, archive, lasting_places(refused.wanted, [])))
        == sentences
    )
    decided = refused.decide()
    assert decided.objections == decided.installation.archive_objections == sentences


@pytest.mark.parametrize(("given", "different", "archive"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(given: Values, different: Values, archive: Archive) -> None:
    assert case(given, different, archive).decide().objections == ()


# The checksum that is given, the one of the installed release, the text beside the archive: the checksum, and whether
# the release is there.
CHECKSUMS: dict[str, tuple[str | None, str | None, str, str, bool]] = {
    "given": ("sha512:1", None, DIGITS, "sha512:1", False),
    "given as installed": ("sha512:1", "sha512:1", "", "sha512:1", True),
    "given other than installed": ("sha512:1", "sha512:2", DIGITS, "sha512:1", False),
    "installed": (None, "sha512:2", DIGITS, "sha512:2", True),
    "beside the archive": (None, None, f"{DIGITS} *f.tgz", f"sha512:{DIGITS}", False),
    "nowhere": (None, None, " \n", "sha512:", False),
}


@pytest.mark.parametrize(("given", "installed", "beside", "expected", "there"), CHECKSUMS.values(), ids=CHECKSUMS)
def test_checksums(given: str | None, installed: str | None, beside: str, expected: str, there: bool) -> None:
    found = case({"flink_archive_checksum": given}, {"release": {**RELEASE, "archive": installed}})
    assert checksum(found.wanted, found.host, Archive(sha512=beside)) == expected
    assert is_installed(found.wanted, found.host) is there


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("https://example.org/a", True),
        ("ftp://example.org/a", True),
        ("/srv/a.tgz", False),
        ("a.tgz", False),
        ("C:/a.tgz", False),
        ("dir/http://a", False),
    ],
)
def test_urls(source: str, expected: bool) -> None:
    assert is_url(source) is expected


def test_the_archive_is_unpacked_beside_the_release() -> None:
    assert scratch(case({"flink_home": "/srv/flink"}).wanted) == "/srv/flink.unpacking"


def test_a_checksum_that_the_project_has_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """It outranks what lies beside an archive of that name, wherever it is, but not what is given."""
    known = f"sha512:{'7' * 128}"
    monkeypatch.setattr(archive_module, "_KNOWN", {"flink-2.3.0-bin-scala_2.12.tgz": known})
    beside = Archive(size=MIB, sha512=DIGITS, is_forgeable=True)
    mirrored = {"flink_archive": "http://mirror/flink-2.3.0-bin-scala_2.12.tgz", "flink_allow_http": True}
    for given in ({}, mirrored):
        found = case(given, NOTHING, beside).decide()
        assert (found.installation.archive_checksum, found.objections, found.advice) == (known, (), ())
    assert case(GIVEN, NOTHING, beside).decide().installation.archive_checksum == f"sha512:{DIGITS}"
    assert case({"flink_archive": "/srv/f.tgz"}, NOTHING, VERIFIED).decide().installation.archive_checksum != known


def test_each_known_checksum_is_one_of_a_release() -> None:
    for name, known in archive_module._KNOWN.items():
        assert re.fullmatch(r"flink-\d+\.\d+\.\d+-bin-scala_2\.1[12]\.tgz", name)
        assert re.fullmatch(r"sha512:[0-9a-f]{128}", known)
