# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What JobManagers answered about metrics and failures, recorded from Flink itself; of long lists what is read."""

from __future__ import annotations

import copy
import json
import typing as t
from pathlib import Path

RECORDED = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).with_name("samples").glob("*.json"))
}


def recorded(release: str, name: str) -> t.Any:
    """The body of an answer, to be changed at will."""
    return copy.deepcopy(RECORDED[release][name][1])


def values(release: str, name: str) -> dict[str, str]:
    """The values of metrics by their names."""
    return {metric["id"]: metric["value"] for metric in recorded(release, name)}
