# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of plan_host ask it, and what they read of its answers."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import HostPlan

AUTO = {f"{TM}process.size": "auto", f"{JM}process.size": "1600m"}
SHARED = {"taskmanager.memory": {"process.size": "4g"}, "jobmanager.memory.process.size": "1600m"}
FLAT = {"taskmanager.memory.process.size": "4g", "jobmanager.memory.process.size": "1600m"}


def entry(process: str, count: int = 1, config: t.Any = None, nodes: t.Any = None) -> dict[str, t.Any]:
    return {"process": process, "count": count, "config": {} if config is None else config, "numa_nodes": nodes}


def info(*nodes: int, effective: int | None = None, limited_by: str = "physical memory") -> dict[str, t.Any]:
    """What a host tells of its memory: that of its NUMA nodes, and perhaps a limit."""
    return {
        "effective": sum(nodes) if effective is None else effective,
        "limited_by": limited_by,
        "numa_nodes": [{"node": node, "memory": size, "hugepages": 0} for node, size in enumerate(nodes)],
    }


ONE = [entry("taskmanager")]
ALL = [entry("jobmanager"), entry("taskmanager", 2)]
ON_NODES = [entry("taskmanager", 1, None, "all")]


def free_of(planned: HostPlan) -> int:
    """The free bytes of a host whose memory is known."""
    return t.cast("int", planned["host"]["free"])


def sizes(planned: HostPlan) -> dict[str, int]:
    """What each process takes, in bytes."""
    return {one["name"]: one["memory"]["total_process"] or one["memory"]["jvm_heap"] or 0 for one in planned["plans"]}
