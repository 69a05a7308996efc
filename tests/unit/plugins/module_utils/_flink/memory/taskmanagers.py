# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of TaskManagers ask for."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import TM

NETWORK = f"{TM}network"
BUFFERS = {"taskmanager.network.numberOfBuffers": 4096}


def memory(options: dict[str, t.Any], release: str = "2.3", **others: t.Any) -> dict[str, int]:
    config = {"taskmanager.memory": options, **others}
    return t.cast("dict[str, int]", plan(config, release)["memory"])
