# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS between the processes of a cluster and in front of its REST API: options, files, and what stands against it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import ipaddress
import re
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .addresses import is_any
from .binding import asked_names
from .files import File, absent
from .names import ZOOKEEPER

if t.TYPE_CHECKING:
    from .found import Host
    from .options import FlinkOptions
    from .wanted import Wanted

# The suites that Flink has by default since 1.20.4, 2.0.2, 2.1.2 and 2.2.1, of which every Java from 8 on has the first
# of each pair. Releases before have one by default that newer Java refuses, and nothing in common with those after.
ALGORITHMS = ",".join(
    f"TLS_ECDHE_{key}_WITH_AES_{suite}" for suite in ("128_GCM_SHA256", "256_GCM_SHA384") for key in ("RSA", "ECDSA")
)
# Until then, Flink takes the default of Java, which reads PKCS#12 as what it calls JKS too. Source: ``SSLUtils``.
_KNOWS_TYPES = (1, 20)
_MAY_DIFFER = ("security.ssl.algorithms", "security.ssl.protocol")
# What a process was started with: the level, and the digest of its certificate.
ENVIRONMENT_NAME = "FLINK_TLS"
_KEYSTORE, _TRUSTSTORE, _AUTHORITIES, _CLIENT = "keystore.p12", "truststore.p12", "ca.pem", "client.pem"
# What each level adds to those before it. Others may have files of these names: a mark tells which are the role's.
_FILES = {"internal": (_KEYSTORE, _TRUSTSTORE), "all": (_AUTHORITIES, _CLIENT)}
_LEVELS = {"none": (), "internal": ("internal",), "all": ("internal", "all")}
_MEANING = "The role streamops.flink.flink has made {} here, and removes them once no process needs them.\n"
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_NO_PASSWORD = "none yet"


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """What the controller has for a host, all of it empty as long as it has to be made.

    ``keystore`` is PKCS#12 in Base64; the others are PEM: the certificate of the host with those between it and an
    authority, the authorities that it trusts, and the certificate of clients with its key.
    """

    keystore: str = ""
    certificates: str = ""
    authorities: str = ""
    client: str = ""


NO_IDENTITY = Identity()


def tls_options(wanted: Wanted) -> dict[str, t.Any]:
    """Flink's options for it."""
    if wanted.tls == "none":
        return {}
    rest = {f"security.ssl.rest.{name}": value for name, value in _part(wanted).items()}
    return {
        **{f"security.ssl.internal.{name}": value for name, value in _part(wanted).items()},
        **(rest if wanted.tls == "all" else {}),
        **({"security.ssl.rest.authentication-enabled": wanted.tls_rest_clients} if wanted.tls == "all" else {}),
        **(
            {"historyserver.web.ssl.enabled": True}
            if wanted.tls == "all" and "historyserver" in wanted.components
            else {}
        ),
        "security.ssl.protocol": "TLSv1.2",
        "security.ssl.algorithms": ALGORITHMS,
    }


def _part(wanted: Wanted) -> dict[str, t.Any]:
    password = wanted.tls_store_password or _NO_PASSWORD
    stores = {"keystore": _KEYSTORE, "truststore": _TRUSTSTORE}
    has_types = Release.parse(wanted.version).version >= _KNOWS_TYPES
    return {
        "enabled": True,
        **{name: f"{wanted.conf_dir}/{file}" for name, file in stores.items()},
        **({f"{name}-type": "PKCS12" for name in stores} if has_types else {}),
        **{f"{name}-password": password for name in ("keystore", "key", "truststore")},
    }


def tls_files(wanted: Wanted, host: Host, identity: Identity, reads: t.Mapping[str, t.Any]) -> t.Iterator[File]:
    """What the processes of a host read, and what only who deploys does; ``reads`` lets their user read a file.

    What an earlier run has made goes once no process reads it.
    """
    for level, names in _FILES.items():
        if level in _LEVELS[wanted.tls]:
            text = _MEANING.format(" and ".join(names))
            yield File(path=f"{wanted.conf_dir}/{_mark(level)}", mode="0644", content=text)
        elif _mark(level) in host.files.get(wanted.conf_dir, ()) and not _is_read(host, level, if_unknown=True):
            yield from (absent(f"{wanted.conf_dir}/{name}") for name in (*names, _mark(level)))
    if wanted.tls == "none":
        return
    stores = {_KEYSTORE: identity.keystore, _TRUSTSTORE: base64.b64encode(truststore(identity.authorities)).decode()}
    for name, content in stores.items():
        yield File(path=f"{wanted.conf_dir}/{name}", mode="0640", secret_content=content, base64=True, **reads)
    if wanted.tls == "all":
        yield File(path=f"{wanted.conf_dir}/{_AUTHORITIES}", mode="0644", content=identity.authorities)
        yield File(path=f"{wanted.conf_dir}/{_CLIENT}", mode="0600", secret_content=identity.client)


def tls_names(wanted: Wanted, there: t.Container[str]) -> list[str]:
    """The files of the role in ``flink_conf_dir``: those that it writes, and of ``there`` those that it has marked."""
    ours = [level for level in _FILES if level in _LEVELS[wanted.tls] or _mark(level) in there]
    return [name for level in ours for name in (*_FILES[level], _mark(level))]


def strange_names(wanted: Wanted, host: Host) -> list[str]:
    """What somebody else has put where the role would write."""
    there = host.files.get(wanted.conf_dir, ())
    return [
        name
        for level in _LEVELS[wanted.tls]
        if _mark(level) not in there and not _is_read(host, level, if_unknown=False)
        for name in _FILES[level]
        if name in there
    ]


def _mark(level: str) -> str:
    return f".tls-{level}"


def _is_read(host: Host, level: str, *, if_unknown: bool) -> bool:
    """Whether a live process was started with that level; of some nobody knows."""
    alive = [process for process in host.processes.values() if process.is_alive]
    told = {process.environment.get(ENVIRONMENT_NAME, "none").partition(":")[0] for process in alive}
    return any(level in _LEVELS.get(word, ()) for word in told) or (
        if_unknown and any(process.is_between_starts for process in alive)
    )


def tls_environment(wanted: Wanted, identity: Identity) -> dict[str, str]:
    """What has a process restart once it has another certificate."""
    if wanted.tls == "none":
        return {}
    text = identity.certificates + identity.authorities
    return {ENVIRONMENT_NAME: f"{wanted.tls}:{hashlib.sha256(text.encode()).hexdigest()}"}


def tls_authorities(wanted: Wanted, identity: Identity) -> list[str]:
    """Those that all processes of a cluster have to trust alike."""
    return [identity.authorities] if wanted.tls != "none" else []


def rest_files(wanted: Wanted, former: str | None) -> dict[str, str]:
    """Files on the host by which the modules of the role reach the REST API where it is Flink's own, or was before."""
    if wanted.rest_url or not (wanted.tls == "all" or (former or "").startswith("https:")):
        return {}
    return {"ca_path": f"{wanted.conf_dir}/{_AUTHORITIES}", "client_cert": f"{wanted.conf_dir}/{_CLIENT}"}


def former_url(wanted: Wanted, url: str, host: Host) -> str | None:
    """Where the REST API answers until the JobManager has restarted with TLS, or without."""
    if wanted.rest_url:
        return None
    said = [
        process.environment.get(ENVIRONMENT_NAME, "")
        for name, process in host.processes.items()
        if name != ZOOKEEPER and process.is_alive and not process.is_between_starts
    ]
    has_tls = [words.startswith("all:") for words in said]
    if wanted.tls != "all":
        return url.replace("http://", "https://", 1) if any(has_tls) else None
    is_ready = has_client_files(wanted, host.files) and all(has_tls)
    return None if is_ready else url.replace("https://", "http://", 1)


def has_client_files(wanted: Wanted, files: t.Mapping[str, t.Collection[str]]) -> bool:
    """Whether an earlier run has left what the modules of the role need; ``files`` are names by directory."""
    return {_AUTHORITIES, _CLIENT} <= set(files.get(wanted.conf_dir, ()))


def tls_objections(wanted: Wanted) -> t.Iterator[str]:
    """What is wrong with the variables."""
    if wanted.tls == "none":
        return
    yield from _made(wanted)
    files = {
        "flink_tls_certificate": wanted.tls_certificate,
        "flink_tls_key": wanted.tls_key,
        "flink_tls_ca": wanted.tls_ca,
    }
    given = [name for name, path in files.items() if path]
    if given and len(given) < len(files):
        missing = " and ".join(name for name in files if name not in given)
        yield f"{missing}: expected beside {given[0]}, got none. Set all three, or none of them."
    if bool(wanted.tls_client_certificate) != bool(wanted.tls_client_key):
        yield "flink_tls_client_certificate, flink_tls_client_key: expected both or none, got one. Set both."
    if not given and wanted.tls_renew_days >= wanted.tls_days:
        yield (
            f"flink_tls_renew_days: expected less than flink_tls_days, {wanted.tls_days}, got "
            f"{wanted.tls_renew_days}, so that every run would make new certificates. Correct one of them."
        )
    own = tls_options(wanted)
    for config in (wanted.config, wanted.jobmanager_config, *wanted.taskmanager_configs):
        # Also null, which would take the option away.
        flat = flatten(config, keep_null=True)
        for key in (*own, "security.ssl.enabled"):
            if key in flat and key not in _MAY_DIFFER and str(flat[key]).lower() != str(own.get(key)).lower():
                yield f"{key}: expected it left to flink_tls, got a value. Remove it; or set flink_tls to none."


def _made(wanted: Wanted) -> t.Iterator[str]:
    """Where certificates are made, and for which names."""
    if not wanted.tls_dir:
        yield (
            "flink_tls_dir: expected a directory on the controller that keeps the certificates, their keys and a "
            "password, got none. Set it, outside of what is under version control."
        )
    elif not wanted.tls_dir.startswith("/"):
        yield (
            f"flink_tls_dir: expected an absolute path, got {wanted.tls_dir}, which is another directory, and "
            "so another authority, for each directory where a play is started. Write it out, for example with "
            "playbook_dir."
        )
    strange = [name for name in wanted.tls_names if not is_name(name)]
    if strange:
        yield (
            f"flink_tls_names: expected names and addresses of the host, got {', '.join(map(quoted, strange))}, which "
            "no certificate can have. Correct it."
        )


def tls_advice(wanted: Wanted, options: FlinkOptions) -> t.Iterator[str]:
    """What stays open, besides what is open without it too."""
    if wanted.tls != "none" and options.is_highly_available and wanted.zookeeper_hosts:
        yield "flink_tls: ZooKeeper speaks without TLS. Let only the hosts of the cluster reach its ports."


def host_names(
    wanted: Wanted, options: FlinkOptions, ansible_host: str | None, facts: t.Mapping[str, t.Any]
) -> tuple[list[str], list[str]]:
    """The names and addresses that the certificate of a host has to have, and those that it has besides.

    What only facts say is no reason to make another one: they are not always there.
    """
    reached = [options.jobmanager_address] if "jobmanager" in wanted.components else []
    bound = [address for address in asked_names(wanted) if not is_any(address)]
    needed = [wanted.host, ansible_host or "", *reached, *bound, "localhost", "127.0.0.1", *wanted.tls_names]
    told = [facts.get("fqdn"), facts.get("hostname")]
    told += [*facts.get("all_ipv4_addresses", ()), *facts.get("all_ipv6_addresses", ())]
    names = list(dict.fromkeys(filter(is_name, needed)))
    return names, [name for name in dict.fromkeys(map(str, filter(None, told))) if is_name(name) and name not in names]


def is_name(text: str) -> bool:
    """Whether a certificate can have it."""
    return is_address(text) or re.fullmatch(r"[A-Za-z0-9_*]([A-Za-z0-9_.-]{0,252})", text) is not None


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def truststore(authorities: str) -> bytes:
    """PKCS#12 with the certificates of a PEM text, marked as Java wants those that it trusts.

    Nothing in it is secret, so it is neither encrypted nor signed, and the same for the same text. Source: RFC 7292;
    ``PKCS12KeyStore`` of Java for the mark.
    """
    bags = b"".join(
        _der(
            0x30,
            _oid("1.2.840.113549.1.12.10.1.3"),
            _der(0xA0, _der(0x30, _oid("1.2.840.113549.1.9.22.1"), _der(0xA0, _der(0x04, certificate)))),
            _der(
                0x31,
                _attribute("1.2.840.113549.1.9.20", _der(0x1E, f"authority-{number}".encode("utf-16-be"))),
                _attribute("2.16.840.1.113894.746875.1.1", _oid("2.5.29.37.0")),
            ),
        )
        for number, certificate in enumerate(certificates_of(authorities), 1)
    )
    return _der(0x30, b"\x02\x01\x03", _data(_der(0x30, _data(_der(0x30, bags)))))


def certificates_of(pem: str) -> list[bytes]:
    """Those in a PEM text, without a look into them."""
    return [base64.b64decode("".join(found.split())) for found in _PEM.findall(pem)]


def _data(content: bytes) -> bytes:
    return _der(0x30, _oid("1.2.840.113549.1.7.1"), _der(0xA0, _der(0x04, content)))


def _attribute(name: str, value: bytes) -> bytes:
    return _der(0x30, _oid(name), _der(0x31, value))


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    digits = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content


def _oid(text: str) -> bytes:
    first, second, *others = map(int, text.split("."))
    found = bytearray()
    for number in (40 * first + second, *others):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(number & 0x7F | 0x80)
        found += bytes(reversed(groups))
    return _der(0x06, bytes(found))
