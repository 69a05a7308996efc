# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import re
from fractions import Fraction
from pathlib import Path

from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import Headroom
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import MIB, exact

ROOT = Path(__file__).resolve().parents[3]


def test_the_documentation_has_all_of_them_with_their_defaults() -> None:
    text = (ROOT / "docs" / "right_sizing.md").read_text(encoding="utf-8")
    documented = dict(re.findall(r"^\| `(\w+)` \| ([^ |]+) \|", text, re.MULTILINE))
    shown = {
        name: f"{float(value):g}" if isinstance(value, Fraction) else exact(value) if value >= MIB else str(value)
        for name, value in dataclasses.asdict(Headroom()).items()
    }
    assert documented == shown
