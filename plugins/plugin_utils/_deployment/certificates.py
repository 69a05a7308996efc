# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates, as PEM texts: a private authority, what it signs, and whether what is there may stay.

ansible-core brings the package cryptography. Raises FlinkError for what a user has given.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import ipaddress
import secrets
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

from .tls import is_address

with contextlib.suppress(ImportError):  # Where plugins are only imported, as by ansible-test, it may be missing.
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

# Of the authority, in days: to change it, all processes have to restart at once.
_LONGEST = 7300
_BITS = 3072
# Clocks of hosts may be behind that of the controller.
_BEFORE = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:
    """A certificate, with those between it and its authority, and its key."""

    certificates: str
    key: str


def make_authority(name: str, now: dt.datetime) -> Pair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    # A name of its own, so that no certificate of another authority seems to be signed by this one.
    subject = _name(f"{name} authority {secrets.token_hex(4)}")
    builder = _builder(subject, subject, key, now, _LONGEST)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return _pair(builder.sign(key, hashes.SHA256()), key)


def issue(authority: Pair, name: str, names: t.Sequence[str], days: int, now: dt.datetime, *, serves: bool) -> Pair:
    """A certificate for a host, whose processes are clients as well, or for clients alone; it outlives no authority."""
    key, signer = rsa.generate_private_key(public_exponent=65537, key_size=_BITS), _certificates(authority)[0]
    days = min(days, (ends(authority) - now).days)
    builder = _builder(_name(name), signer.subject, key, now, days)
    uses = [*([ExtendedKeyUsageOID.SERVER_AUTH] if serves else []), ExtendedKeyUsageOID.CLIENT_AUTH]
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(digital_signature=True, key_encipherment=True), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(t.cast("Key", _key(authority)).public_key())
    builder = builder.add_extension(identifier, critical=False)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(map(_general_name, names))), critical=False)
    return _pair(builder.sign(_key(authority), hashes.SHA256()), key)


def check_authority(directory: str, authority: Pair, now: dt.datetime) -> None:
    """Raises FlinkError for one in a directory that can sign nothing any more."""
    remedy = f"remove {directory}, and deploy: a new one is made, and the whole cluster restarts at once."
    try:
        fits, end = _belong(_certificates(authority)[0], _key(authority)), ends(authority)
    except (ValueError, TypeError):
        fits = False
    if not fits:
        raise FlinkError(
            f"flink_tls_dir: expected the certificate of an authority and its key in {directory}, got something else. "
            f"Bring them back; or {remedy}"
        )
    if end <= now:
        raise FlinkError(
            f"flink_tls_dir: expected an authority that is valid, got one that ended on {end:%Y-%m-%d}. To go "
            f"on, {remedy}"
        )


def ends(pair: Pair) -> dt.datetime:
    """When the first of its certificates does."""
    return min(map(_end, _certificates(pair)))


def reason_to_make(
    pair: Pair | None, authority: Pair, names: t.Sequence[str], renew_days: int, now: dt.datetime
) -> str | None:
    """Why a certificate has to be made, in words that follow its name; null if it may stay."""
    if pair is None:
        return "is new"
    try:
        certificate, left = _certificates(pair)[0], (ends(pair) - now).days
        if not _belong(certificate, _key(pair)):
            return "had another key"
        if not _is_issued_by(certificate, _certificates(authority)[0]):
            return "was of another authority"
    except (FlinkError, ValueError, TypeError):
        return "could not be read"
    missing = missing_names(pair, names)
    if missing:
        return f"lacked {', '.join(missing)}"
    would_last_longer = left < (ends(authority) - now).days
    return f"ended in {left} days" if left < renew_days and would_last_longer else None


def check_given(option: str, pair: Pair, authorities: str, *, serves: bool, now: dt.datetime) -> None:
    """Raises FlinkError for a given certificate with which no process could talk to another one.

    ``option`` is the variable of the certificate.
    """
    what = f"{option}: expected a certificate"
    try:
        chain, trusted = _certificates(pair), _load(authorities)
    except ValueError as exc:
        raise FlinkError(f"{what} and authorities in PEM, got something else: {exc}. Correct the files.") from exc
    if not trusted:
        raise FlinkError("flink_tls_ca: expected the certificates of authorities in PEM, got none. Correct it.")
    try:
        key = _key(pair)
    except (ValueError, TypeError) as exc:
        raise FlinkError(f"{what} with a key in PEM that has no passphrase, got another one. Correct it.") from exc
    if not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise FlinkError(f"{what} with an RSA or EC key, which every release can use, got another one. Make one.")
    if not _belong(chain[0], key):
        raise FlinkError(f"{what} of the key beside it, got one of another key. Give those that belong together.")
    if not now < ends(pair):
        raise FlinkError(f"{what} that is valid, got one that ended on {ends(pair):%Y-%m-%d}. Give a new one.")
    begins = max(map(_begin, chain))
    if begins > now:
        raise FlinkError(
            f"{what} that is valid, got one that begins on {begins:%Y-%m-%d}. Give one that holds already."
        )
    if not _is_trusted(chain, trusted):
        raise FlinkError(
            f"{what} that an authority of flink_tls_ca has signed, got another one. Append the certificates between "
            "them to the file, or give the right authority."
        )
    lacking = _lacking_use(chain[0], serves=serves)
    if lacking:
        raise FlinkError(
            f"{what} for {lacking}, got one for other uses. Each process of Flink is both a server and a client: have "
            "it signed with serverAuth and clientAuth."
        )


def missing_names(pair: Pair, names: t.Iterable[str]) -> list[str]:
    """Those that a certificate does not have, however they are written; ``*.example.org`` stands for all below it."""
    found = _names(_certificates(pair)[0])
    return sorted(
        name for name in set(names) if found.isdisjoint((_plain(name), f"*.{_plain(name).partition('.')[2]}"))
    )


def keystore(pair: Pair, password: str, former: bytes | None) -> bytes:
    """PKCS#12 of it: the former one as long as it is of this certificate, key and password."""
    key, chain = _key(pair), _certificates(pair)
    if former is not None:
        with contextlib.suppress(ValueError):
            found, certificate, others = pkcs12.load_key_and_certificates(former, password.encode())
            if found is not None and certificate is not None and [certificate, *others] == chain:
                return former
    encryption = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"flink", key, chain[0], chain[1:], encryption)


def _builder(subject: x509.Name, issuer: x509.Name, key: Key, now: dt.datetime, days: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    """What has room in a name, which nobody goes by."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _usage(**uses: bool) -> x509.KeyUsage:
    every = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: uses.get(name, False) for name in every})


def _general_name(name: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_address(name)) if is_address(name) else x509.DNSName(name)


def _pair(certificate: x509.Certificate, key: Key) -> Pair:
    return Pair(
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
    )


def _load(pem: str) -> list[x509.Certificate]:
    return x509.load_pem_x509_certificates(pem.encode())


def _certificates(pair: Pair) -> list[x509.Certificate]:
    return _load(pair.certificates)


def _key(pair: Pair) -> t.Any:
    return serialization.load_pem_private_key(pair.key.encode(), None)


def _end(certificate: x509.Certificate) -> dt.datetime:
    if hasattr(certificate, "not_valid_after_utc"):
        return certificate.not_valid_after_utc
    return certificate.not_valid_after.replace(tzinfo=dt.UTC)


def _begin(certificate: x509.Certificate) -> dt.datetime:
    if hasattr(certificate, "not_valid_before_utc"):
        return certificate.not_valid_before_utc
    return certificate.not_valid_before.replace(tzinfo=dt.UTC)


def _belong(certificate: x509.Certificate, key: t.Any) -> bool:
    kind = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return bool(certificate.public_key().public_bytes(*kind) == key.public_key().public_bytes(*kind))


def _is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _is_trusted(chain: t.Sequence[x509.Certificate], trusted: t.Sequence[x509.Certificate]) -> bool:
    """Whether the chain, in its order, leads to one that is trusted."""
    for number, certificate in enumerate(chain):
        if certificate in trusted or any(_is_issued_by(certificate, issuer) for issuer in trusted):
            return True
        if number + 1 == len(chain) or not _is_issued_by(certificate, chain[number + 1]):
            return False
    return False


def _plain(name: str) -> str:
    """A name as others compare it: an address in one form and without an interface, and all letters alike."""
    return str(ipaddress.ip_address(name.partition("%")[0])) if is_address(name) else name.lower()


def _names(certificate: x509.Certificate) -> set[str]:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    return {
        *map(str.lower, found.get_values_for_type(x509.DNSName)),
        *map(str, found.get_values_for_type(x509.IPAddress)),
    }


def _lacking_use(certificate: x509.Certificate, *, serves: bool) -> str | None:
    try:
        uses = list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    except x509.ExtensionNotFound:
        return None
    needed = {ExtendedKeyUsageOID.CLIENT_AUTH: "clientAuth"}
    if serves:
        needed[ExtendedKeyUsageOID.SERVER_AUTH] = "serverAuth"
    return next((words for use, words in needed.items() if use not in uses), None)
