# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options whose values nobody may read in a message, a log or a command line."""

from __future__ import annotations

import re

from .errors import quoted_value

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
