# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two rules may see the same trouble."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check

STORES = ("keystore", "keystore-password", "key-password", "truststore", "truststore-password")
CASES: dict[str, tuple[str, dict[str, t.Any], list[str]]] = {
    "ignored, and nothing is encrypted": (
        "2.0",
        {"security.ssl.enabled": True, **{f"security.ssl.{store}": "x" for store in STORES}},
        ["not-encrypted"],
    ),
    "read by nothing, and for YARN": ("1.10", {"yarn.appmaster.rpc.port": 1}, ["unread-option"]),
    "another way out for each": (
        "2.0",
        {"state.backend.type": "filesystem", "scheduler-mode": "reactive"},
        ["unknown-state-backend", "application-only"],
    ),
}


@pytest.mark.parametrize(("release", "config", "codes"), CASES.values(), ids=CASES)
def test_trouble_is_told_once(release: str, config: dict[str, t.Any], codes: list[str]) -> None:
    assert [note["code"] for note in config_check(config, release)] == codes
