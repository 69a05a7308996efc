# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options whose values nobody may read in a message, a log or a command line."""

from __future__ import annotations

import re
import typing as t

from .errors import quoted_value

# Shorter ones would be found in words that are none.
_SHORTEST = 4

# Words by which Flink knows a secret in any of its releases, and what it forgot: the access keys of S3, private keys
# and the like. Source: ``GlobalConfiguration.isSensitive``.
_WORDS = (
    r"passw|passphrase|pwd|secret|account\.key|api[-_.]?key|auth-params|service-key|token|basic-auth|jaas\.config"
    r"|http-headers|access[-_.]?key|private[-_.]?key|credential|authorization"
)
_SECRET = re.compile(_WORDS, re.IGNORECASE)
# Secrets in a value: of a property or a pair that has such a name, and of a URL.
_HOLDS_SECRET = re.compile(
    rf"(?:{_WORDS})[^\s:=,;]{{0,40}}\s{{0,4}}[:=]|://[^/\s@]{{0,99}}:[^/\s@]{{0,99}}@", re.IGNORECASE
)
# Names that hold such a word and no secret: switches, times and classes.
_HARMLESS = re.compile(
    r"security\.(delegation|kerberos)\.tokens?\.(?!provider\.).*"
    r"|.*\.(credentials?[.-]provider|token\.provider\.[^.]*\.enabled)"
    r"|table\.secret-store\.kind"
)


def is_secret(key: str) -> bool:
    """Whether the name of an option tells that its value is a secret."""
    return _SECRET.search(key) is not None and _HARMLESS.fullmatch(key) is None


def holds_secret(key: str, value: object) -> bool:
    """Whether a value is a secret, or has one in it."""
    return is_secret(key) or (isinstance(value, str) and _HOLDS_SECRET.search(value) is not None)


def shown(key: str, value: object) -> str:
    """A value in a message: quoted, short and printable, and of a secret nothing."""
    return "a value that is not shown" if holds_secret(key, value) else quoted_value(value)


def secrets_in(options: t.Iterable[t.Mapping[str, t.Any]], *others: object) -> list[str]:
    """The values in mappings of options that nobody may read wherever they are, and these others."""
    values = {str(value) for given in options for key, value in given.items() if value and is_secret(key)}
    return sorted(value for value in {*values, *map(str, filter(None, others))} if len(value) >= _SHORTEST)


def without_secrets(text: str, hidden: t.Iterable[str] = ()) -> str:
    """What somebody else wrote, such as a log, without the lines that seem to hold a secret.

    ``hidden`` are texts that nobody may read wherever they are.
    """
    for secret in sorted(filter(None, hidden), key=len, reverse=True):
        text = text.replace(secret, "***")
    if _HOLDS_SECRET.search(text) is None:
        return text
    lines = text.split("\n")
    return "\n".join("(a line that is not shown)" if _HOLDS_SECRET.search(line) else line for line in lines)
