# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has signed a file: what GnuPG says of it, with no key but those of one file."""

from __future__ import annotations

import base64
import binascii
import re
import shutil
import tempfile
import typing as t
from pathlib import Path

if t.TYPE_CHECKING:
    from .programs import Run

# The first needs no more than a file of keys. Of the other, what makes it the same: no agent, and no key of a user.
_PROGRAMS: t.Mapping[str, tuple[str, ...]] = {
    "gpgv": (),
    "gpg": ("--batch", "--no-tty", "--no-options", "--no-autostart", "--no-default-keyring", "--trust-model=always"),
}
_BLOCK = re.compile(
    r"^-----BEGIN PGP PUBLIC KEY BLOCK-----$(.*?)^-----END PGP PUBLIC KEY BLOCK-----$", re.MULTILINE | re.DOTALL
)
_STATUS = "[GNUPG:] "
# An old release may be signed by a key that has expired since.
_GOOD = frozenset(("GOODSIG", "EXPKEYSIG"))
# MD5, SHA-1 and RIPEMD-160, for which others can be found. Source: RFC 4880, section 9.4.
_WEAK = frozenset(("1", "2", "3"))
_PROBLEMS = {
    "BADSIG": "a signature of something else",
    "EXPSIG": "a signature that has expired",
    "NO_PUBKEY": "a signature by a key that is not among them",
    "REVKEYSIG": "a signature by a key that was revoked",
    "ERRSIG": "a signature that cannot be checked",
}


class SignatureError(Exception):
    """What there is instead of a signature that counts."""


class Signature(t.NamedTuple):
    """A valid signature, by the fingerprints of the key that made it and of its primary key."""

    key: str
    primary: str


def verifier() -> str | None:
    """The program that verifies signatures; null if there is none."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def verify(archive: str, signature: str, keys: str, run: Run) -> Signature:
    """The signature of a file by one of the keys. Raises SignatureError, and OSError for files that cannot be read."""
    program = verifier()
    if program is None:
        raise SignatureError("no gpgv or gpg to verify it with")
    keyring = packets(Path(keys).read_bytes())
    with tempfile.TemporaryDirectory() as home:
        ring = Path(home, "keys.gpg")
        ring.write_bytes(keyring)
        options = ["--homedir", home, *_PROGRAMS[Path(program).name], "--status-fd", "1", "--keyring", str(ring)]
        command = [program, *options, *(["--verify"] if Path(program).name == "gpg" else []), "--", signature, archive]
        _code, output, error = run(command)
    return read_status(output, error)


def packets(text: bytes) -> bytes:
    """The keys of a file as GnuPG keeps them; in the file they may be armoured, with words between them.

    Of several, those that are damaged are left out. Raises SignatureError if there are none.
    """
    lines = "\n".join(line.strip() for line in text.decode("utf-8", errors="replace").splitlines())
    blocks = _BLOCK.findall(lines)
    found = b"".join(map(_packets_of_block, blocks)) if blocks else text
    # The first bit of a packet is set, that of no text is.
    if not found or not found[0] & 0x80:
        raise SignatureError("a file without keys")
    return found


def _packets_of_block(block: str) -> bytes:
    """After the headers and an empty line comes Base64, and a line with a sum that begins with ``=``."""
    _headers, _empty, body = block.partition("\n\n")
    try:
        return base64.b64decode("".join(line for line in body.split() if not line.startswith("=")), validate=True)
    except binascii.Error:
        return b""


def read_status(output: str, error: str = "") -> Signature:
    """From what GnuPG tells programs. Raises SignatureError. Source: doc/DETAILS of GnuPG.

    If there are several signatures one is enough, as none is of something else.
    """
    lines = [line[len(_STATUS) :].split() for line in output.splitlines() if line.startswith(_STATUS)]
    words = [line for line in lines if line]
    said = [line[0] for line in words]
    if "BADSIG" in said:
        raise SignatureError(_PROBLEMS["BADSIG"])
    verdict, weak = "", False
    for line in words:
        if line[0] in ("NEWSIG", *_PROBLEMS):
            verdict = ""
        elif line[0] in _GOOD:
            verdict = line[0]
        elif line[0] == "VALIDSIG" and verdict and len(line) > 10:
            if line[8] not in _WEAK:
                return Signature(line[1], line[10])
            weak = True
    if weak:
        raise SignatureError("a signature with a digest that can be forged")
    problem = next((text for name, text in _PROBLEMS.items() if name in said), None)
    raise SignatureError(problem or ((error.strip().splitlines() or ["no signature"])[-1]))


def fingerprint(text: str) -> str | None:
    """A fingerprint as GnuPG tells it, however it is grouped; null for what is none, such as the ID of a key."""
    plain = re.sub(r"\s", "", text).upper()
    return plain if re.fullmatch(r"[0-9A-F]{40}|[0-9A-F]{64}", plain) else None
