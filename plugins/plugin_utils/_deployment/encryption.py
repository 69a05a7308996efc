# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether Flink encrypts what it says over the network."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

# The key that stands for the two others where they are not set, up to 1.20. Source: ``SecurityOptions``.
_FORMER = "security.ssl.enabled"
_INTERNAL = "security.ssl.internal.enabled"
_REST = "security.ssl.rest.enabled"
_REMOVED = (2, 0)


def rest_is_encrypted(config: t.Mapping[str, t.Any], version: str) -> bool:
    """Whether the REST API speaks TLS."""
    keys = (_REST,) if Release.parse(version).version >= _REMOVED else (_REST, _FORMER)
    return _is_true(next((config[key] for key in keys if key in config), False))


def encryption_objections(config: t.Mapping[str, t.Any], version: str) -> t.Iterator[str]:
    """What would leave unencrypted what should not be."""
    missing = [key for key in (_INTERNAL, _REST) if key not in config]
    if missing and _is_true(config.get(_FORMER)) and Release.parse(version).version >= _REMOVED:
        yield (
            f"{_FORMER}: expected an option of Flink {version}, got one that it ignores: nothing would be encrypted. "
            f"Set {_INTERNAL} and {_REST} instead."
        )


def _is_true(value: t.Any) -> bool:
    """As Flink reads a boolean."""
    return str(value).lower() == "true"
