# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import csv
import io
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.csv_file import fleet_csv

CONFIG = {"jobmanager.memory.process.size": "1600m", "taskmanager.memory.process.size": "4g"}
BOTH: list[dict[str, t.Any]] = [
    {"process": process, "count": 1, "config": {}, "numa_nodes": None} for process in ("jobmanager", "taskmanager")
]


def test_a_line_for_each_process() -> None:
    fleet = assemble([Asked("a", [], "2.3", CONFIG, BOTH, "16g"), Asked("b", [], problem='No "release",\nno plan.')])
    broken, jobmanager, taskmanager = csv.DictReader(io.StringIO(fleet_csv(fleet)))
    assert (broken["host"], broken["status"], broken["process"]) == ("b", "refused", "")
    assert broken["error"] == 'b: No "release",\nb: no plan.'
    assert (jobmanager["process"], jobmanager["slots"], jobmanager["task_heap"]) == ("jobmanager", "", "")
    assert (taskmanager["process"], taskmanager["slots"]) == ("taskmanager-1", "1")
    assert (taskmanager["host_memory"], taskmanager["host_planned"]) == (str(2**34), str(1600 * 2**20 + 2**32))
    memory = fleet["plans"][0]["processes"][1]["memory"]
    assert {key: taskmanager[key] for key in memory} == {key: str(size) for key, size in memory.items()}


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", "\t=1", "\n=1"])
def test_no_spreadsheet_runs_a_text(name: str) -> None:
    (row,) = csv.DictReader(io.StringIO(fleet_csv(assemble([Asked(name, [], problem="No release.")])), newline=""))
    assert row["host"] == f"'{name}"


def test_a_text_stays_in_its_cell() -> None:
    (row,) = csv.DictReader(io.StringIO(fleet_csv(assemble([Asked("a\r=1", [], problem="No release.")])), newline=""))
    assert row["host"] == "a\n=1"


def test_a_spreadsheet_counts_with_numbers() -> None:
    fleet = assemble([Asked("a", [], "2.3", CONFIG, BOTH, "5g")])
    row, _other = csv.DictReader(io.StringIO(fleet_csv(fleet)))
    assert int(row["host_free"]) < 0
    assert row["jvm_args"].startswith("'-Xmx")


def test_what_there_is_to_say_of_each_process() -> None:
    config = {**CONFIG, "acme.orders": 1, "taskmanager.memory.network.size": "1g"}
    jobmanager, taskmanager = csv.DictReader(
        io.StringIO(fleet_csv(assemble([Asked("a", [], "2.3", config, BOTH, "16g")])))
    )
    of_all = "warning: Flink 2.3 has no option acme.orders and silently ignores it. Remove it"
    assert jobmanager["notes"].startswith(of_all)
    assert [line.partition(":")[0] for line in taskmanager["notes"].splitlines()] == ["warning", "warning"]
