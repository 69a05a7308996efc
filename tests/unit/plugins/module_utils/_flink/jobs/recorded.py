# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What JobManagers answered about jobs, recorded from Flink itself."""

from __future__ import annotations

import copy
import json
import typing as t
from pathlib import Path

RECORDED = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).with_name("samples").glob("*.json"))
}
# Those of which everything is recorded.
RELEASES = ["1.20.5", "2.3.0"]


def recorded(release: str, name: str) -> t.Any:
    """The body of an answer, to be changed at will."""
    return copy.deepcopy(RECORDED[release][name][1])
