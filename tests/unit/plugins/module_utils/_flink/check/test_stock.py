# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration files that Flink ships, for which nobody is to blame."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

GOLDEN = next(parent for parent in Path(__file__).parents if parent.name == "tests") / "golden" / "stock.json"
STOCK: dict[str, dict[str, t.Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_there_is_one_of_each_line() -> None:
    assert list(STOCK) == list(LINES)


def test_nothing_is_said_of_them(line: str) -> None:
    assert config_check(STOCK[line], line) == []
