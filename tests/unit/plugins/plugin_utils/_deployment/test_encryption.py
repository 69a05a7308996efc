# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.encryption import rest_is_encrypted

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import Values

FORMER, REST = (f"security.ssl.{name}" for name in ("enabled", "rest.enabled"))
# A release and options, and whether REST is encrypted.
SITUATIONS: dict[str, tuple[str, Values, bool]] = {
    "nothing": ("1.20.5", {}, False),
    "the former key": ("1.20.5", {FORMER: True}, True),
    "the former key as text": ("1.20.5", {FORMER: "TRUE"}, True),
    "the former key, but not for REST": ("1.20.5", {FORMER: True, REST: False}, False),
    "only REST": ("1.20.5", {REST: True}, True),
    "the former key is off": ("2.0.2", {FORMER: False}, False),
    "the former key where it is ignored": ("2.0.2", {FORMER: True}, False),
    "the former key beside one of its successors": ("2.0.2", {FORMER: True, REST: True}, True),
    "what Flink takes for no boolean": ("2.0.2", {REST: "yes"}, False),
}


@pytest.mark.parametrize(("version", "config", "is_encrypted"), SITUATIONS.values(), ids=SITUATIONS)
def test_encryption(version: str, config: Values, is_encrypted: bool) -> None:
    assert rest_is_encrypted(config, version) is is_encrypted
