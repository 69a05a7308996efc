# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import memory_table, plans_line
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

TASKMANAGER = """\
TaskManager, Flink 2.3.0, from taskmanager.memory.process.size
component                           bytes    size   share
------------------------------------------------------
framework heap                  134217728    128m    3.1%  █
task heap                      1530082070    1.4g   35.6%  ██████████████
framework off-heap              134217728    128m    3.1%  █
task off-heap                           0      0b    0.0%
network                         359703515  343.0m    8.4%  ███
managed                        1438814063    1.3g   33.5%  █████████████
JVM metaspace                   268435456    256m    6.2%  ██
JVM overhead                    429496736  409.6m   10.0%  ████
------------------------------------------------------
JVM heap                       1664299798    1.5g   38.7%
JVM direct                      493921243  471.0m   11.5%
total Flink                    3597035104    3.3g   83.7%
total process                  4294967296      4g  100.0%
"""

JOBMANAGER = """\
JobManager, Flink 1.20, from jobmanager.memory.heap.size
component                           bytes    size   share
------------------------------------------------------
JVM heap                       1073741824      1g   64.0%  █████████████████████████
off-heap                        134217728    128m    8.0%  ███
JVM metaspace                   268435456    256m   16.0%  ██████
JVM overhead                    201326592    192m   12.0%  ████
------------------------------------------------------
total Flink                    1207959552    1.1g   72.0%
total process                  1677721600    1.5g  100.0%
"""

JOBMANAGER_1_10 = """\
JobManager, Flink 1.10, from jobmanager.heap.size
component                           bytes    size
------------------------------------------------------
JVM heap                       1073741824      1g
off-heap                          not set
JVM metaspace                     not set
JVM overhead                      not set
------------------------------------------------------
total Flink                       not set
total process                     not set
"""

TABLES = {
    "TaskManager": ({"taskmanager.memory.process.size": "4g"}, "2.3.0", "taskmanager", TASKMANAGER),
    "JobManager": ({"jobmanager.memory.heap.size": "1g"}, "1.20", "jobmanager", JOBMANAGER),
    "JobManager of 1.10": ({"jobmanager.heap.size": "1g"}, "1.10", "jobmanager", JOBMANAGER_1_10),
}

NO_PLANS: dict[str, t.Any] = {
    "null": None,
    "text": "plan",
    "list": [],
    "result of the module": {"plans": []},
    "memory as list": {"memory": []},
    "memory of nothing": {"memory": {}},
    "text as size": {"memory": {"task_heap": "1g", "total_process": 1}},
    "decimal size": {"memory": {"task_heap": 1.5, "total_process": 1}},
    "text as total": {"memory": {"task_heap": 1, "total_process": "4g"}},
}


@pytest.mark.parametrize(("config", "release", "process", "table"), TABLES.values(), ids=TABLES)
def test_table(config: dict[str, t.Any], release: str, process: str, table: str) -> None:
    assert memory_table(plan(config, release, process)) == table


def test_local_execution() -> None:
    lines = memory_table(plan({}, "2.3", "local")).splitlines()
    assert lines[0] == "Local execution, Flink 2.3"
    assert lines[4] == "task heap                   1099511627776      1t"
    assert lines[-1] == "total process                     not set"


@pytest.mark.parametrize("size", ["1g", "20g", "900t", 2**63 - 1])
def test_at_most_100_columns(size: t.Any) -> None:
    nothing = dict.fromkeys(("framework.heap.size", "framework.off-heap.size", "network.min", "managed.fraction"), 0)
    config = {"taskmanager.memory": {**nothing, "process.size": size, "network.fraction": 0}}
    table = memory_table(plan(config, "2.3", "taskmanager"))
    assert max(map(len, table.splitlines())) <= 100


def test_at_most_100_columns_in_all_ways(way: tuple[str, dict[str, t.Any]], line: str) -> None:
    process, config = way
    table = memory_table(plan(config, line, process))
    assert max(map(len, table.splitlines())) <= 100


def test_the_processes_of_a_host_in_a_line() -> None:
    plans = [
        {"name": name, **plan({f"{name}.heap.size": "1g"}, "1.10", name)} for name in ("jobmanager", "taskmanager")
    ]
    assert plans_line(plans) == "jobmanager, taskmanager 1.4g"
    assert plans_line([]) == "no processes"


def test_a_sliver_is_seen() -> None:
    table = memory_table(plan({"taskmanager.memory.process.size": "900t"}, "2.3"))
    assert re.search(r"^framework heap .* 0\.0%  \u258f$", table, re.MULTILINE)


@pytest.mark.parametrize("plan_", NO_PLANS.values(), ids=NO_PLANS)
def test_no_plan(plan_: t.Any) -> None:
    with pytest.raises(FlinkError, match=r"expected a plan such as the filter streamops\.flink\.memory_plan gives"):
        memory_table(plan_)
