# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The archive of the release: where it is, and whether its content is the one that was meant."""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t
from pathlib import Path

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .directories import held, normal

if t.TYPE_CHECKING:
    from .found import Archive, Host
    from .wanted import Wanted

_URL = re.compile(r"[a-z]+://")
_CHECKSUM = re.compile(r"sha512:[0-9a-f]{128}")
# By the names of archives: what tools/checksums.py has read from the project's server.
_KNOWN: dict[str, str] = json.loads(Path(__file__).with_name("checksums.json").read_text(encoding="utf-8"))
_PUBLIC = "https://archive.apache.org/"
MIB = 2**20


@dataclasses.dataclass(frozen=True, slots=True)
class Copy:
    """What comes to the host, from a URL or a file on the controller."""

    src: str
    dest: str


def is_url(source: str) -> bool:
    return _URL.match(source) is not None


def is_installed(wanted: Wanted, host: Host) -> bool:
    """Whether the release is there, from the archive that is wanted."""
    return host.release.archive is not None and wanted.archive_checksum in (None, host.release.archive)


def checksum(wanted: Wanted, host: Host, archive: Archive) -> str:
    """The one that is given, else the one that was installed, else the one in the file beside the archive.

    Before that, the one that the project has said, if the archive has the name of one of the project's.
    """
    if wanted.archive_checksum:
        return wanted.archive_checksum
    if is_installed(wanted, host):
        return str(host.release.archive)
    known = trusted_checksum(wanted)
    if known:
        return known
    return f"sha512:{next(iter(archive.sha512.split()), '')}"


def trusted_checksum(wanted: Wanted) -> str | None:
    """One that does not come from where the archive does: it is given, or known of the project's."""
    return wanted.archive_checksum or _KNOWN.get(wanted.archive.rpartition("/")[2])


def scratch(wanted: Wanted) -> str:
    """Where the archive is unpacked: beside the release, so that moving it there takes one step."""
    return f"{wanted.home}.unpacking"


def archive_objections(wanted: Wanted, host: Host, archive: Archive, places: t.Mapping[str, str]) -> t.Iterator[str]:
    """What stands against installing the release, if it has to be; ``places`` hold what has to last."""
    if is_installed(wanted, host):
        return
    if host.release.exists and host.release.archive is None:
        yield (
            f"flink_home: expected a release that this role installed or nothing, got a {wanted.home} that it did not "
            "install. Move it away, or set flink_home to another place."
        )
    inside = held(wanted.home, {**places, normal(wanted.run_dir): "flink_run_dir"}) if host.release.exists else None
    if inside:
        yield (
            f"flink_home: expected nothing but the release in {wanted.home}, which another archive would replace, got "
            f"{inside[0]} of {inside[1]} in it. Set flink_home to another directory, or move that elsewhere."
        )
    if _names_a_line(wanted):
        latest = ".".join(map(str, Release.parse(wanted.version).version))
        yield (
            f"flink_version: expected a full version such as {latest}, got {wanted.version}, which names a line of "
            f"releases and no archive. Set flink_version to {latest}, or flink_archive to the archive."
        )
        return
    if archive.problem is not None:
        yield archive.problem
        return
    if archive.is_forgeable and trusted_checksum(wanted) is None:
        yield (
            f"flink_archive_checksum: expected sha512: and 128 hexadecimal digits for {wanted.archive}, got none: what "
            "lies beside it comes from the same server without encryption, and who changes one changes both. Set it "
            "to the checksum from a place that you trust, or give an https:// URL in flink_archive."
        )
    elif not _CHECKSUM.fullmatch(checksum(wanted, host, archive)):
        given = wanted.archive_checksum
        got = quoted(given) if given else f"none, and none in {wanted.archive}.sha512"
        yield (
            f"flink_archive_checksum: expected sha512: and 128 hexadecimal digits, got {got}. Set it to the checksum "
            f"of {wanted.archive}."
        )
    # The archive and what is in it, which jars do not compress much.
    needed, free = archive.size * 5 // 2, host.disk[wanted.home]
    if free is not None and free < needed:
        yield (
            f"flink_home: expected some {needed // MIB} MiB for unpacking {wanted.archive.rpartition('/')[2]}, got "
            f"{free // MIB} MiB at {wanted.home}. Free some space, or set flink_home to another file system."
        )


def _names_a_line(wanted: Wanted) -> bool:
    return (
        re.fullmatch(r"[0-9]+\.[0-9]+", wanted.version) is not None
        and wanted.archive.startswith(_PUBLIC)
        and f"flink-{wanted.version}-bin-" in wanted.archive
    )
