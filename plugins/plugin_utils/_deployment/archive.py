# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The archive of the release: where it is, and whether its content is the one that was meant."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

if t.TYPE_CHECKING:
    from .found import Archive, Host
    from .wanted import Wanted

_URL = re.compile(r"[a-z]+://")
_CHECKSUM = re.compile(r"sha512:[0-9a-f]{128}")
_PUBLIC = "https://archive.apache.org/"
MIB = 2**20


def is_url(source: str) -> bool:
    return _URL.match(source) is not None


def is_installed(wanted: Wanted, host: Host) -> bool:
    """Whether the release is there, from the archive that is wanted."""
    return host.release.archive is not None and wanted.archive_checksum in (None, host.release.archive)


def checksum(wanted: Wanted, host: Host, archive: Archive) -> str:
    """The one that is given, else the one that was installed, else the one in the file beside the archive."""
    if wanted.archive_checksum:
        return wanted.archive_checksum
    if is_installed(wanted, host):
        return str(host.release.archive)
    return f"sha512:{next(iter(archive.sha512.split()), '')}"


def scratch(wanted: Wanted) -> str:
    """Where the archive is unpacked: beside the release, so that moving it there takes one step."""
    return f"{wanted.home}.unpacking"


def archive_objections(wanted: Wanted, host: Host, archive: Archive) -> t.Iterator[str]:
    """What stands against installing the release, if it has to be."""
    if is_installed(wanted, host):
        return
    if host.release.exists and host.release.archive is None:
        yield (
            f"flink_home: expected a release that this role installed or nothing, got a {wanted.home} that it did not "
            "install. Move it away, or set flink_home to another place."
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
    if archive.is_forgeable:
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
