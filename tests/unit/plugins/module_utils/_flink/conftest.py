# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.lines import LINES

# One configuration for each way in which Flink derives a process.
TASKMANAGERS: dict[str, dict[str, t.Any]] = {
    "task heap and managed": {"task.heap.size": "1g", "managed.size": "1g"},
    "task heap, managed and total Flink": {"task.heap.size": "1g", "managed.size": "2g", "flink.size": "4g"},
    "task heap, managed and total process": {"task.heap.size": "1g", "managed.size": "1g", "process.size": "3200m"},
    "total Flink": {"flink.size": "1280m"},
    "total Flink and task heap": {"flink.size": "4g", "task.heap.size": "1g", "network.max": "4g"},
    "total Flink and total process": {"flink.size": "3g", "process.size": "4g"},
    "total process": {"process.size": "4g"},
    "total process and managed": {"process.size": "4g", "managed.size": "1g"},
    "total process and task heap": {"process.size": "4g", "task.heap.size": "1g", "network.max": "4g"},
}
JOBMANAGERS: dict[str, dict[str, t.Any]] = {
    "JVM heap": {"heap.size": "1g"},
    "JVM heap and total Flink": {"heap.size": "1g", "flink.size": "2g"},
    "JVM heap and total process": {"heap.size": "1g", "process.size": "2g"},
    "total Flink ": {"flink.size": "1g"},
    "total Flink and total process ": {"flink.size": "1g", "process.size": "2g"},
    "total process ": {"process.size": "1600m"},
}
WAYS = {
    **{name: ("taskmanager", {"taskmanager.memory": options}) for name, options in TASKMANAGERS.items()},
    **{name: ("jobmanager", {"jobmanager.memory": options}) for name, options in JOBMANAGERS.items()},
}


@pytest.fixture(scope="session", params=LINES)
def line(request: pytest.FixtureRequest) -> str:
    """Every release line."""
    return str(request.param)


@pytest.fixture(scope="session", params=WAYS.values(), ids=list(WAYS))
def way(request: pytest.FixtureRequest) -> tuple[str, dict[str, t.Any]]:
    """A process and its configuration, for each way of derivation."""
    process, config = request.param
    return process, config
