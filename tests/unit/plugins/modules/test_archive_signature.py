# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""With keys that GnuPG makes here, in a home of their own."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import tempfile
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.signature import (
    SignatureError,
    packets,
    read_status,
)

Run = t.Callable[..., dict[str, t.Any]]
NOW, THEN = (), ("--faked-system-time=20200105T000000!",)


@dataclasses.dataclass
class Keys:
    """What signs, each key by its name; ``place`` has the files that come of it."""

    place: Path
    home: Path

    def gpg(self, *words: str) -> str:
        command = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", "--passphrase", "", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout

    def make(self, name: str, *, when: tuple[str, ...] = NOW, expires: str = "never") -> None:
        self.gpg(*when, "--quick-generate-key", name, "ed25519", "sign", expires)

    def fingerprint(self, name: str) -> str:
        lines = self.gpg("--with-colons", "--list-keys", name).splitlines()
        return next(line.split(":")[9] for line in lines if line.startswith("fpr:"))

    def sign(self, name: str, *, when: tuple[str, ...] = NOW, digest: str = "SHA512") -> None:
        target = str(self.place / f"{name}.asc")
        options = ("--armor", "--digest-algo", digest, "--local-user", name, "--output", target)
        self.gpg(*when, *options, "--detach-sign", str(self.place / "archive"))

    def export(self, file: str, *names: str, armor: bool = True) -> None:
        self.gpg(*(["--armor"] if armor else []), "--output", str(self.place / file), "--export", *names)

    def revoke(self, name: str) -> None:
        made = self.home / "openpgp-revocs.d" / f"{self.fingerprint(name)}.rev"
        (self.place / "revoked").write_text(made.read_text().replace(":-----BEGIN", "-----BEGIN"))
        self.gpg("--import", str(self.place / "revoked"))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Keys]:
    # The socket of an agent has to have a short name.
    with tempfile.TemporaryDirectory(dir="/tmp") as home:
        of = Keys(tmp_path_factory.mktemp("signed"), Path(home))
        try:
            (of.place / "archive").write_bytes(b"release")
            for name in ("signer", "other", "revoked"):
                of.make(name)
                of.sign(name)
            of.make("expired", when=THEN, expires="2020-02-01")
            of.sign("expired", when=THEN)
            of.revoke("revoked")
            of.export("KEYS", "signer", "revoked", "expired")
            of.export("binary", "signer", armor=False)
            of.export("OTHER", "other")
            yield of
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=True)


GOT = "signature: expected one of {0}/archive by a key of {0}/{1}, got {2}."
# The signature, the file of keys, and what is said; null if the signature counts.
SIGNATURES: dict[str, tuple[str, str, str | None]] = {
    "by one of the keys": ("signer.asc", "KEYS", None),
    "by a key that has expired since": ("expired.asc", "KEYS", None),
    "by a key that is not armoured": ("signer.asc", "binary", None),
    "by a key that was revoked": ("revoked.asc", "KEYS", "a signature by a key that was revoked"),
    "by a key that is none of them": ("other.asc", "KEYS", "a signature by a key that is not among them"),
    "by one of no keys": ("signer.asc", "archive", "a file without keys"),
}


@pytest.fixture(params=["gpgv", "gpg"])
def program(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The only program that is there."""
    found = shutil.which(request.param)
    assert found is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / request.param).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return str(request.param)


@pytest.mark.usefixtures("program")
@pytest.mark.parametrize(("signature", "ring", "problem"), SIGNATURES.values(), ids=SIGNATURES)
def test_signatures(signature: str, ring: str, problem: str | None, keys: Keys, run: Run) -> None:
    place = keys.place
    found = run(archive=f"{place}/archive", signature=f"{place}/{signature}", keys=f"{place}/{ring}")
    if problem is None:
        assert (found["changed"], len(found["fingerprint"])) == (False, 40)
    else:
        assert found["msg"] == GOT.format(place, ring, problem)


@pytest.mark.usefixtures("program")
def test_a_signature_of_something_else(keys: Keys, run: Run) -> None:
    place = keys.place
    (place / "changed").write_bytes(b"release!")
    found = run(archive=f"{place}/changed", signature=f"{place}/signer.asc", keys=f"{place}/KEYS")
    assert found["msg"].endswith("got a signature of something else.")
    assert run(archive=f"{place}/changed", signature=f"{place}/KEYS", keys=f"{place}/KEYS")["failed"] is True
    assert run(archive=f"{place}/changed", signature=f"{place}/gone", keys=f"{place}/KEYS")["failed"] is True
    assert run(archive=f"{place}/changed", signature=f"{place}/KEYS", keys=f"{place}/gone")["msg"] == (
        f"{place}/gone: No such file or directory."
    )


def test_no_key_of_a_user_counts(keys: Keys, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNUPGHOME", str(keys.home))
    place = keys.place
    assert run(archive=f"{place}/archive", signature=f"{place}/other.asc", keys=f"{place}/KEYS")["failed"] is True


def test_pinned_fingerprints(keys: Keys, run: Run) -> None:
    place, signer, other = keys.place, keys.fingerprint("signer"), keys.fingerprint("other")
    given = {"archive": f"{place}/archive", "signature": f"{place}/signer.asc", "keys": f"{place}/KEYS"}
    grouped = " ".join(signer[start : start + 4] for start in range(0, 40, 4)).lower()
    assert run(**given, fingerprints=[other, grouped])["fingerprint"] == signer
    assert run(**given, fingerprints=[other])["msg"] == (
        f"fingerprints: expected one of {other}, got {signer}, by which {place}/archive is signed."
    )
    assert run(**given, fingerprints=[signer[-16:]])["msg"] == (
        f"fingerprints: expected 40 or 64 hexadecimal digits, got '{signer[-16:]}'. Correct it."
    )


def test_without_a_program(keys: Keys, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    place = keys.place
    found = run(archive=f"{place}/archive", signature=f"{place}/signer.asc", keys=f"{place}/KEYS")
    assert found["msg"] == GOT.format(place, "KEYS", "no gpgv or gpg to verify it with")


def valid(digest: str = "10", key: str = "A" * 40, primary: str = "B" * 40) -> str:
    return f"[GNUPG:] VALIDSIG {key} 2026-01-01 1 0 4 0 22 {digest} 00 {primary}"


GOOD = "[GNUPG:] GOODSIG 1 a"
# What GnuPG tells, and who has signed; or what there is instead.
STATUS: dict[str, tuple[list[str], str]] = {
    "by a subkey": ([GOOD, valid()], "B" * 40),
    "by two keys, of which one is not known": (
        ["[GNUPG:] NEWSIG", "[GNUPG:] ERRSIG 1", "[GNUPG:] NO_PUBKEY 1", "[GNUPG:] NEWSIG", GOOD, valid()],
        "B" * 40,
    ),
    "by two keys, of which one has signed something else": (
        [GOOD, valid(), "[GNUPG:] NEWSIG", "[GNUPG:] BADSIG 1 a"],
        "a signature of something else",
    ),
    "by a key that was revoked, after one that is not known": (
        [GOOD, "[GNUPG:] NEWSIG", "[GNUPG:] REVKEYSIG 1 a", valid()],
        "a signature by a key that was revoked",
    ),
    "by what can be forged": ([GOOD, valid("2")], "a signature with a digest that can be forged"),
    "a signature that has expired": (["[GNUPG:] EXPSIG 1 a", valid()], "a signature that has expired"),
    "words of somebody who is not GnuPG": (["GOODSIG 1 a", valid()[9:]], "no signature"),
    "a line that ends early": ([GOOD, "[GNUPG:] VALIDSIG", "[GNUPG:] "], "no signature"),
}


def told(output: str) -> str:
    try:
        return read_status(output).primary
    except SignatureError as exc:
        return str(exc)


@pytest.mark.parametrize(("lines", "said"), STATUS.values(), ids=STATUS)
def test_what_is_told(lines: list[str], said: str) -> None:
    assert told("\n".join(lines)) == said


def test_keys_among_words(keys: Keys) -> None:
    whole, text = packets((keys.place / "binary").read_bytes()), (keys.place / "KEYS").read_text()
    windows = "pub  ed25519\n\n" + text.replace("BLOCK-----\n", "BLOCK-----\nVersion: 1\nComment: x\n", 1)
    damaged = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n*\n-----END PGP PUBLIC KEY BLOCK-----\n"
    assert packets((damaged + windows).replace("\n", " \r\n").encode()) == packets(text.encode())
    assert whole[0] & 0x80
    for nothing in (b"", b"words", damaged.encode()):
        with pytest.raises(SignatureError, match="a file without keys"):
            packets(nothing)
