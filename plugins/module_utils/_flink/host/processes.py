# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs on a host, from the variables of the role to the processes of a plan."""

from __future__ import annotations

import typing as t

from ..values.config import text_of
from ..values.errors import FlinkError, quoted, quoted_value

COMPONENTS = ("jobmanager", "taskmanager", "historyserver", "sql-gateway")

_MOST_TASKMANAGERS = 1000


def host_processes(
    components: object,
    taskmanager_count: object,
    jobmanager_config: object,
    taskmanager_configs: object,
    taskmanager_numa_nodes: object,
) -> list[dict[str, t.Any]]:
    """The processes whose memory is planned: the JobManager and each TaskManager of ``components``, in this order.

    Each has what the module memory_plan expects: process, count, config and numa_nodes. TaskManagers beyond the
    lists have neither options nor a node of their own. Raises FlinkError for other types.
    """
    names = _list(components, "flink_components")
    strange = [quoted(name) for name in names if name not in COMPONENTS]
    if strange:
        raise FlinkError(f"flink_components: {', '.join(strange)} is none of {', '.join(COMPONENTS)}.")
    configs = _list(taskmanager_configs, "flink_taskmanager_configs")
    nodes = _list(taskmanager_numa_nodes, "flink_taskmanager_numa_nodes")
    count = _count(taskmanager_count) if "taskmanager" in names else 0
    processes = [_process("jobmanager", jobmanager_config, None)] if "jobmanager" in names else []
    for number in range(count):
        config = configs[number] if number < len(configs) else {}
        processes.append(_process("taskmanager", config, [nodes[number]] if number < len(nodes) else None))
    return processes


def _process(process: str, config: object, nodes: list[t.Any] | None) -> dict[str, t.Any]:
    return {"process": process, "count": 1, "config": config, "numa_nodes": nodes}


def _list(value: object, name: str) -> t.Sequence[t.Any]:
    if not isinstance(value, (list, tuple)):
        raise FlinkError(f"{name}: expected a list, got {quoted(value)}.")
    return value


def _count(value: object) -> int:
    try:
        text = text_of(value).strip()
    except ValueError:
        text = ""
    digits = text.lstrip("0") or "0"
    if not (text.isascii() and text.isdigit() and len(digits) <= 4 and int(digits) <= _MOST_TASKMANAGERS):
        raise FlinkError(
            f"flink_taskmanager_count: expected a whole number from 0 to {_MOST_TASKMANAGERS}, got "
            f"{quoted_value(value)}."
        )
    return int(digits)
