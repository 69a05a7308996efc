# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has to have signed the archive of the release, and what comes to a host only by a way that nobody can change."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import urlsplit

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted
from ansible_collections.streamops.flink.plugins.module_utils._target.signature import fingerprint

from .archive import Copy, is_installed, is_url, scratch, trusted_checksum

if t.TYPE_CHECKING:
    from .additions import Additions
    from .found import Archive, Host
    from .wanted import Wanted

# Servers of the project: those that have the signatures too, and the one that has archives only.
_DOWNLOADS = "https://downloads.apache.org/flink/"
_SIGNED = ("https://archive.apache.org/dist/flink/", _DOWNLOADS)
_UNSIGNED = "https://dlcdn.apache.org/flink/"
_KEYS = f"{_DOWNLOADS}KEYS"
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]+){3}|::1")


class Proof(t.NamedTuple):
    """The URLs or files of a signature and of the keys that count; ``is_asked`` tells whether the user wants it."""

    signature: str
    keys: str
    is_asked: bool

    def options(self) -> tuple[tuple[str, str], ...]:
        return ("flink_archive_signature", self.signature), ("flink_archive_keys", self.keys)


def proof(wanted: Wanted) -> Proof | None:
    """Null if a checksum that somebody trusts is enough, or if nobody says where a signature is."""
    is_asked = bool(wanted.archive_signature or wanted.archive_keys or wanted.archive_fingerprints)
    is_from_project = wanted.archive.startswith((*_SIGNED, _UNSIGNED))
    if not is_asked and (trusted_checksum(wanted) or not is_from_project):
        return None
    beside = f"{wanted.archive.replace(_UNSIGNED, _DOWNLOADS, 1)}.asc"
    return Proof(wanted.archive_signature or beside, wanted.archive_keys or _KEYS, is_asked)


def verified(wanted: Wanted, host: Host) -> Proof | None:
    """What is verified on the host, if the release has to be installed; null if nothing is."""
    found = None if is_installed(wanted, host) else proof(wanted)
    return found if found and (found.is_asked or host.signature_verifier) else None


def proof_files(wanted: Wanted, host: Host) -> tuple[Copy, ...]:
    """The signature and the keys, and where they come beside the archive."""
    found = verified(wanted, host)
    places = (f"{scratch(wanted)}/archive.asc", f"{scratch(wanted)}/KEYS")
    return tuple(map(Copy, found[:2], places)) if found else ()


def signature_objections(wanted: Wanted, host: Host, archive: Archive) -> t.Iterator[str]:
    """What stands against verifying the signature, if the release has to be installed."""
    odd = [text for text in wanted.archive_fingerprints if fingerprint(text) is None]
    if odd:
        yield (
            f"flink_archive_fingerprints: expected 40 or 64 hexadecimal digits each, got "
            f"{', '.join(map(quoted, odd))}. Give full fingerprints, as gpg --show-keys --with-fingerprint prints them."
        )
    found = verified(wanted, host)
    if found and host.signature_verifier is None:
        yield (
            "flink_archive_signature: expected gpgv or gpg on the host, got neither. Install gpgv; or leave out "
            "flink_archive_signature, flink_archive_keys and flink_archive_fingerprints, and give a "
            "flink_archive_checksum that you trust."
        )
    elif archive.proof_problem is not None:
        yield archive.proof_problem


def signature_advice(wanted: Wanted, host: Host) -> t.Iterator[str]:
    """That nobody knows whose archive it is."""
    if is_installed(wanted, host) or verified(wanted, host) or trusted_checksum(wanted):
        return
    name = wanted.archive.rpartition("/")[2]
    if proof(wanted):
        yield (
            f"flink_archive: the signature of {name} is not verified, since the host has neither gpgv nor gpg. Install "
            "gpgv there, or set flink_archive_checksum to one that you trust."
        )
    else:
        yield (
            f"flink_archive: nothing proves that {name} is a release of the project, since its checksum is from the "
            "same place. Set flink_archive_signature to its signature, or flink_archive_checksum to one that you trust."
        )


def way_objections(wanted: Wanted, host: Host, added: Additions) -> t.Iterator[str]:
    """What would come over a network without encryption."""
    if wanted.allow_http:
        return
    found = verified(wanted, host)
    kinds = ("jar", "sql", "python")
    for option, sources in (
        ("flink_archive", [] if is_installed(wanted, host) else [wanted.archive]),
        *((name, [source]) for name, source in (found.options() if found else ())),
        ("flink_jars", [jar.src for jar in added.downloads]),
        ("flink_jobs", [str(job[kind]) for job in wanted.jobs for kind in kinds if job.get(kind)]),
    ):
        exposed = [source for source in sources if _is_exposed(source)]
        if exposed:
            yield (
                f"{option}: expected https:// or a file, got {', '.join(exposed)}, which anybody on the way can read "
                "and change. Give an https:// URL or a file on the controller, or set flink_allow_http to true."
            )


def _is_exposed(source: str) -> bool:
    try:
        url = urlsplit(source)
    except ValueError:  # Nothing comes from there.
        return False
    is_open = is_url(source) and url.scheme not in {"file", "https"}
    return is_open and not _LOOPBACK.fullmatch(url.hostname or "")
