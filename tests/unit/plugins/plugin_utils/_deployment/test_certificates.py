# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment import certificates
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.certificates import (
    Pair,
    check_authority,
    check_given,
    ends,
    issue,
    keystore,
    make_authority,
    missing_names,
    reason_to_make,
)

NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
DAYS = 100
NAMES = ["h1", "10.0.0.1", "fd00::1"]


@dataclasses.dataclass(frozen=True)
class Pairs:
    """Those of two authorities."""

    authority: Pair
    host: Pair
    client: Pair
    other_authority: Pair
    other: Pair


@pytest.fixture(scope="module")
def pairs() -> t.Iterator[Pairs]:
    with pytest.MonkeyPatch.context() as patch:
        # Keys that are made within milliseconds.
        patch.setattr(certificates, "_BITS", 1024)
        authority, other = make_authority("flink", NOW), make_authority("flink", NOW)
        yield Pairs(
            authority,
            issue(authority, "h1", NAMES, DAYS, NOW, serves=True),
            issue(authority, "client", [], DAYS, NOW, serves=False),
            other,
            issue(other, "h1", NAMES, DAYS, NOW, serves=True),
        )


def test_what_a_certificate_says(pairs: Pairs) -> None:
    (found,) = x509.load_pem_x509_certificates(pairs.host.certificates.encode())
    (authority,) = x509.load_pem_x509_certificates(pairs.authority.certificates.encode())
    found.verify_directly_issued_by(authority)
    assert found.issuer == authority.subject
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    uses = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert sorted(use.dotted_string[-1] for use in uses) == ["1", "2"]
    assert missing_names(pairs.host, [*NAMES, "h2"]) == ["h2"]
    assert missing_names(pairs.client, ["h1"]) == ["h1"]
    wild = issue(pairs.authority, "h1", ["*.example.org"], DAYS, NOW, serves=True)
    assert missing_names(wild, ["h1.example.org", "a.b.example.org"]) == ["a.b.example.org"]
    assert ends(pairs.host) == NOW + dt.timedelta(days=DAYS)


def test_two_authorities_have_names_of_their_own(pairs: Pairs) -> None:
    names = {
        x509.load_pem_x509_certificate(pair.certificates.encode()).subject
        for pair in (pairs.authority, pairs.other_authority)
    }
    assert len(names) == 2


def test_a_certificate_does_not_outlive_its_authority(pairs: Pairs) -> None:
    late = ends(pairs.authority) - dt.timedelta(days=5)
    found = issue(pairs.authority, "h1", NAMES, DAYS, late, serves=True)
    assert ends(found) == ends(pairs.authority)
    # Another one would last no longer.
    assert reason_to_make(found, pairs.authority, NAMES, 30, late) is None


def test_an_authority_that_is_over_signs_nothing(pairs: Pairs) -> None:
    check_authority("/tls", pairs.authority, ends(pairs.authority) - dt.timedelta(seconds=1))
    with pytest.raises(FlinkError, match="expected an authority that is valid, got one that ended on 2046-11-22"):
        check_authority("/tls", pairs.authority, ends(pairs.authority))


# Which certificate there is, of which authority, the names that are needed, days from now, and why another one is made.
REASONS: dict[str, tuple[str | None, list[str], int, str | None]] = {
    "none": (None, NAMES, 0, "is new"),
    "a good one": ("host", NAMES, 0, None),
    "a good one with fewer names": ("host", ["h1"], 0, None),
    "a name more": ("host", ["h1", "h2"], 0, "lacked h2"),
    "a good one whose names are written otherwise": (
        "host",
        ["H1", "FD00:0::1", "fd00::1%eth0"],
        0,
        None,
    ),
    "30 days left": ("host", NAMES, DAYS - 30, None),
    "29 days left": ("host", NAMES, DAYS - 29, "ended in 29 days"),
    "an end that is over": ("host", NAMES, DAYS + 1, "ended in -1 days"),
    "another authority": ("other", NAMES, 0, "was of another authority"),
    "the key of another": ("mixed", NAMES, 0, "had another key"),
    "half a file": ("broken", NAMES, 0, "could not be read"),
}


@pytest.mark.parametrize(("which", "names", "days", "reason"), REASONS.values(), ids=REASONS)
def test_why_a_certificate_is_made(
    pairs: Pairs, which: str | None, names: list[str], days: int, reason: str | None
) -> None:
    found: dict[str | None, Pair | None] = {
        None: None,
        "host": pairs.host,
        "other": pairs.other,
        "mixed": Pair(pairs.host.certificates, pairs.other.key),
        "broken": Pair(pairs.host.certificates[:200], pairs.host.key),
    }
    assert reason_to_make(found[which], pairs.authority, names, 30, NOW + dt.timedelta(days=days)) == reason


def test_a_keystore_stays_as_long_as_it_is_right(pairs: Pairs) -> None:
    store = keystore(pairs.host, "p", None)
    found = pkcs12.load_pkcs12(store, b"p")
    assert found.cert is not None
    assert found.cert.friendly_name == b"flink"
    assert keystore(pairs.host, "p", store) == store
    assert keystore(pairs.host, "q", store) != store
    assert keystore(pairs.other, "p", store) != store
    assert pkcs12.load_pkcs12(keystore(pairs.host, "p", b"half"), b"p").key is not None


def _in_locked(key: str) -> str:
    loaded = serialization.load_pem_private_key(key.encode(), None)
    encryption = serialization.BestAvailableEncryption(b"p")
    return loaded.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption).decode()


def _of_another_kind() -> str:
    return (
        ed25519.Ed25519PrivateKey.generate()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


# What is given besides the good certificate of a host, and how the refusal begins after the name of the variable.
REFUSED: dict[str, tuple[t.Callable[[Pairs], tuple[Pair, str, bool, int]], str]] = {
    "a certificate that is none": (
        lambda pairs: (Pair("text", pairs.host.key), pairs.authority.certificates, True, 0),
        "expected a certificate and authorities in PEM, got something else",
    ),
    "a key with a passphrase": (
        lambda pairs: (
            Pair(pairs.host.certificates, _in_locked(pairs.host.key)),
            pairs.authority.certificates,
            True,
            0,
        ),
        "expected a certificate with a key in PEM that has no passphrase",
    ),
    "a key that Flink's suites do not know": (
        lambda pairs: (Pair(pairs.host.certificates, _of_another_kind()), pairs.authority.certificates, True, 0),
        "expected a certificate with an RSA or EC key",
    ),
    "the key of another": (
        lambda pairs: (Pair(pairs.host.certificates, pairs.other.key), pairs.authority.certificates, True, 0),
        "expected a certificate of the key beside it",
    ),
    "one that is over": (
        lambda pairs: (pairs.host, pairs.authority.certificates, True, DAYS),
        "expected a certificate that is valid, got one that ended on 2027-03-07",
    ),
    "one that does not hold yet": (
        lambda pairs: (pairs.host, pairs.authority.certificates, True, -2),
        "expected a certificate that is valid, got one that begins on 2026-11-26",
    ),
    "one of another authority": (
        lambda pairs: (pairs.host, pairs.other_authority.certificates, True, 0),
        "expected a certificate that an authority of flink_tls_ca has signed",
    ),
    "one that is for clients alone": (
        lambda pairs: (pairs.client, pairs.authority.certificates, True, 0),
        "expected a certificate for serverAuth",
    ),
}


@pytest.mark.parametrize(("given", "begin"), REFUSED.values(), ids=REFUSED)
def test_given_certificates_that_cannot_serve(
    pairs: Pairs, given: t.Callable[[Pairs], tuple[Pair, str, bool, int]], begin: str
) -> None:
    pair, authorities, serves, days = given(pairs)
    with pytest.raises(FlinkError) as caught:
        check_given("flink_tls_certificate", pair, authorities, serves=serves, now=NOW + dt.timedelta(days=days))
    assert str(caught.value).startswith(f"flink_tls_certificate: {begin}")


def test_given_certificates_that_can(pairs: Pairs) -> None:
    for pair, authorities, serves in (
        (pairs.host, pairs.authority.certificates, True),
        (pairs.client, pairs.authority.certificates, False),
        # A file of authorities may have more, and a chain may have its authority in it.
        (pairs.host, pairs.other_authority.certificates + pairs.authority.certificates, True),
        (
            Pair(pairs.host.certificates + pairs.authority.certificates, pairs.host.key),
            pairs.authority.certificates,
            True,
        ),
    ):
        check_given("flink_tls_certificate", pair, authorities, serves=serves, now=NOW)
