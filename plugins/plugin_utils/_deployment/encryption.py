# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether Flink encrypts what it says over the network."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

# The key that stands for the two others where they are not set, up to 1.20. Source: ``SecurityOptions``.
_FORMER = "security.ssl.enabled"
_REST = "security.ssl.rest.enabled"
_INTERNAL = "security.ssl.internal.enabled"
_REMOVED = (2, 0)


def rest_is_encrypted(config: t.Mapping[str, t.Any], version: str) -> bool:
    """Whether the REST API speaks TLS."""
    return _is_encrypted(config, version, _REST)


def internal_is_encrypted(config: t.Mapping[str, t.Any], version: str) -> bool:
    """Whether processes speak TLS among themselves, and so only with those that have the same certificate."""
    return _is_encrypted(config, version, _INTERNAL)


def _is_encrypted(config: t.Mapping[str, t.Any], version: str, key: str) -> bool:
    keys = (key,) if Release.parse(version).version >= _REMOVED else (key, _FORMER)
    return is_true(next((config[key] for key in keys if key in config), False))


def is_true(value: t.Any) -> bool:
    """As Flink reads a boolean."""
    return str(value).lower() == "true"
