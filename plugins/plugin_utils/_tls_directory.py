# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the controller keeps of certificates, in ``flink_tls_dir``. Only its owner can read it.

``authority`` and ``client`` are certificates with their keys that the role has made, ``password`` opens the stores,
and ``hosts`` has for each host what goes there.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import fcntl
import os
import secrets
import stat
import typing as t
from pathlib import Path

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed

from ._deployment.certificates import (
    Pair,
    check_authority,
    check_given,
    ends,
    issue,
    keystore,
    make_authority,
    reason_to_make,
)
from ._deployment.tls import NO_IDENTITY, Identity

if t.TYPE_CHECKING:
    import datetime as dt

    from ._deployment.wanted import Wanted

_CERTIFICATE, _KEY, _STORE = "certificate.pem", "key.pem", "keystore.p12"
_AUTHORITIES, _CLIENT, _PASSWORD = "authorities.pem", "client.pem", "password"


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """Certificates that the user has; the client's is that of the host unless it is given."""

    host: Pair
    client: Pair
    authorities: str


@dataclasses.dataclass(frozen=True, slots=True)
class Brought:
    """What was made, or would be, and what whoever deploys should know, in sentences."""

    made: tuple[str, ...]
    advice: tuple[str, ...]


def store_password(wanted: Wanted) -> str | None:
    """The password of the stores, null as long as it has to be made."""
    if wanted.tls == "none" or wanted.tls_store_password or not wanted.tls_dir:
        return wanted.tls_store_password
    return _read(Path(wanted.tls_dir) / _PASSWORD)


def identity(wanted: Wanted) -> Identity:
    """What goes to the host. Raises FlinkError for what cannot be read."""
    if wanted.tls == "none" or not wanted.tls_dir:
        return NO_IDENTITY
    directory = _directory(wanted)
    store = _read_bytes(directory / _STORE) or b""
    texts = (_read(directory / name) or "" for name in (_CERTIFICATE, _AUTHORITIES, _CLIENT))
    return Identity(base64.b64encode(store).decode(), *texts)


def bring(
    wanted: Wanted,
    names: t.Sequence[str],
    others: t.Sequence[str],
    given: Given | None,
    now: dt.datetime,
    *,
    check_mode: bool,
) -> Brought:
    """Make what is missing or ends soon, or take what is given; a new certificate has ``others`` as names too.

    Raises FlinkError for a given one that cannot serve, and for a directory that cannot be written.
    """
    with _shared(Path(str(wanted.tls_dir)), check_mode=check_mode) as kept:
        if given is not None:
            check_given("flink_tls_certificate", given.host, given.authorities, serves=True, now=now)
            check_given("flink_tls_client_certificate", given.client, given.authorities, serves=False, now=now)
            made: list[str] = []
            host, client, authorities = given.host, given.client, given.authorities
        else:
            host, client, authorities, made = _own(kept, wanted, names, others, now)
        password = wanted.tls_store_password or kept.text(_PASSWORD, lambda: secrets.token_urlsafe(24))
        place = f"hosts/{wanted.host}"
        if given is not None:
            kept.write(f"{place}/{_CERTIFICATE}", host.certificates.encode())
        kept.write(f"{place}/{_STORE}", keystore(host, password, kept.read(f"{place}/{_STORE}")))
        kept.write(f"{place}/{_AUTHORITIES}", authorities.encode())
        kept.write(f"{place}/{_CLIENT}", f"{client.certificates.rstrip()}\n{client.key}".encode())
        if kept.changed and not made:
            made = [f"The stores of {wanted.host} are made of the certificate that is given."]
    return Brought(tuple(made), (*_advice(wanted, host, given, now), *_loose(Path(str(wanted.tls_dir)), wanted.host)))


def _own(
    kept: _Kept, wanted: Wanted, names: t.Sequence[str], others: t.Sequence[str], now: dt.datetime
) -> tuple[Pair, Pair, str, list[str]]:
    """The certificates of the host and of clients, the authority, and what was made of them."""
    made = []
    authority = kept.pair("authority")
    if authority is None and kept.read(f"authority/{_CERTIFICATE}") is not None:
        # Another one in its place would part the hosts that have it from those that have not.
        authority = Pair("", "")
    if authority is not None:
        check_authority(f"{wanted.tls_dir}/authority", authority, now)
    else:
        authority = make_authority(wanted.service_name, now)
        kept.write_pair("authority", authority)
        made.append(f"The authority in {wanted.tls_dir} is new.")
    found = []
    for place, name, needed, more in (
        (f"hosts/{wanted.host}", wanted.host, names, others),
        ("client", f"{wanted.service_name} client", (), ()),
    ):
        pair = kept.pair(place)
        reason = reason_to_make(pair, authority, needed, wanted.tls_renew_days, now)
        if pair is None or reason is not None:
            pair = issue(authority, name, [*needed, *more], wanted.tls_days, now, serves=place != "client")
            kept.write_pair(place, pair)
            made.append(f"The certificate of {name} {reason}: made, until {ends(pair):%Y-%m-%d}.")
        found.append(pair)
    return found[0], found[1], authority.certificates, made


def _advice(wanted: Wanted, host: Pair, given: Given | None, now: dt.datetime) -> t.Iterator[str]:
    if (ends(host) - now).days >= wanted.tls_renew_days:
        return
    until = f"{ends(host):%Y-%m-%d}"
    if given is not None:
        yield f"flink_tls_certificate: that of {wanted.host} ends on {until}. Give a new one before, and deploy."
    else:
        yield (
            f"flink_tls_dir: the authority there ends on {until}. Remove the directory before, and deploy: a new one "
            "is made, and the whole cluster restarts at once."
        )


def _loose(directory: Path, host: str) -> t.Iterator[str]:
    """That others than the owner may read a key, or put another one in its place."""
    places = ("authority", "client", f"hosts/{host}")
    secret = [directory / name for name in (_PASSWORD, *(f"{place}/{_KEY}" for place in places))]
    secret += [directory / places[-1] / name for name in (_STORE, _CLIENT)]
    kept = [directory, *(directory / name for name in ("hosts", *places))]
    rights = {**dict.fromkeys(kept, stat.S_IWGRP | stat.S_IWOTH), **dict.fromkeys(secret, stat.S_IRWXG | stat.S_IRWXO)}
    loose = [str(path) for path, others in rights.items() if path.exists() and path.stat().st_mode & others]
    if loose:
        yield (
            "flink_tls_dir: expected that only its owner reads the keys there and replaces them, got rights of others "
            f"for {listed(loose)}. Take them away with chmod -R go= {directory}."
        )


class _Kept:
    """The directory, in check mode as it would become."""

    def __init__(self, directory: Path, *, check_mode: bool) -> None:
        self._directory = directory
        self._check_mode = check_mode
        self._written: dict[str, bytes] = {}

    @property
    def changed(self) -> bool:
        return bool(self._written)

    def read(self, name: str) -> bytes | None:
        return self._written[name] if name in self._written else _read_bytes(self._directory / name)

    def text(self, name: str, make: t.Callable[[], str]) -> str:
        """Of a file that is made once."""
        found = self.read(name)
        if found is None:
            found = make().encode()
            self.write(name, found)
        return found.decode(errors="replace")

    def pair(self, place: str) -> Pair | None:
        """Null if there is none, or only half of one."""
        found = [self.read(f"{place}/{name}") for name in (_CERTIFICATE, _KEY)]
        texts = [content.decode(errors="replace") for content in found if content is not None]
        return Pair(*texts) if len(texts) == len(found) else None

    def write_pair(self, place: str, pair: Pair) -> None:
        self.write(f"{place}/{_KEY}", pair.key.encode())
        self.write(f"{place}/{_CERTIFICATE}", pair.certificates.encode())

    def write(self, name: str, content: bytes) -> None:
        """In one step, and for the owner alone."""
        if self.read(name) == content:
            return
        self._written[name] = content
        if self._check_mode:
            return
        path = self._directory / name
        for parent in (path.parent.parent, path.parent):
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        beside.replace(path)


@contextlib.contextmanager
def _shared(directory: Path, *, check_mode: bool) -> t.Iterator[_Kept]:
    """Alone with the directory: the hosts of a cluster are decided on at the same time."""
    kept = _Kept(directory, check_mode=check_mode)
    if check_mode:
        yield kept
        return
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(directory / ".lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield kept
    except OSError as exc:
        raise _refusal(exc) from exc


def _directory(wanted: Wanted) -> Path:
    return Path(str(wanted.tls_dir)) / "hosts" / wanted.host


def _read(path: Path) -> str | None:
    content = _read_bytes(path)
    return None if content is None else content.decode(errors="replace")


def _read_bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise _refusal(exc) from exc


def _refusal(exc: OSError) -> FlinkError:
    return FlinkError(
        f"flink_tls_dir: expected a directory on the controller that can be read and written, got {exc.strerror} for "
        f"{exc.filename}. Correct it, or its rights."
    )
