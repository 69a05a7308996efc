# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t

import yaml

from ansible_collections.streamops.flink.plugins.plugin_utils._advice.advice_table import advice_table
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import ADVICE, MIB

TABLE = """\
1 error, 1 hint, 256m less memory on 2 hosts

2 TaskManagers on tm1, tm2
  component                     before       after      change
  framework heap                  128m        128m
  task heap                       212m        212m
  framework off-heap              128m        128m
  task off-heap                     0b          0b
  network                          64m         64m
  managed                         128m          0b       -128m
  JVM metaspace                    96m         96m
  JVM overhead                    192m        192m
  total process                   948m        820m       -128m
  tm2 used 12m less heap than tm1.
  * Nothing uses 128m of managed memory. (confidence: medium)
      - managed memory in use: 0 of 128m in 58 looks (/taskmanagers/tm1-1)
      Wrong if: a batch, Python or RocksDB job that was not running.
  Set:
    flink_config:
      taskmanager.memory.process.size: 820m
      taskmanager.memory.managed.size: 0b
      taskmanager.memory.flink.size: null

Nothing more is recommended:
  - JobManager: a window of 5 hours is too short to lower anything. Observe a day.
"""


def changed(**changes: t.Any) -> dict[str, t.Any]:
    return {**copy.deepcopy(ADVICE), **changes}


def test_what_to_set_stands_below_what_it_comes_to() -> None:
    assert advice_table(ADVICE) == TABLE


def test_what_is_to_be_set_is_yaml() -> None:
    pasted = advice_table(ADVICE).partition("  Set:\n")[2].partition("\n\n")[0]
    assert yaml.safe_load(pasted) == {"flink_config": ADVICE["resized"][0]["variables"]}


def test_it_says_that_there_is_nothing_to_change() -> None:
    table = advice_table(changed(findings=[], recommendations=[], resized=[], freed=0))
    assert table.splitlines()[0] == "nothing to change"
    assert "Observe a day." in table


def test_memory_that_is_needed() -> None:
    assert advice_table(changed(findings=[], freed=-512 * MIB)).splitlines()[0] == "512m more memory on 2 hosts"
    assert advice_table(changed(findings=[], freed=0)).splitlines()[0] == "as much memory on 2 hosts"


def test_what_a_host_refuses_is_not_to_be_pasted() -> None:
    refused = {**ADVICE["resized"][0], "error": "tm1: 20g are planned, and the host has 16g."}
    table = advice_table(changed(resized=[refused]))
    assert "  - This does not fit: tm1: 20g are planned, and the host has 16g.\n" in table
    assert "Set:" not in table


def test_reasons_stand_with_the_processes_that_they_are_for() -> None:
    (one,) = ADVICE["recommendations"]
    other: t.Any = {**one, "kind": "jobmanager", "hosts": ["jm1"], "message": "The heap of the JobManager is full."}
    elsewhere: t.Any = {**one, "hosts": ["tm9"], "message": "The heap is full there."}
    table = advice_table(changed(recommendations=[one, other, elsewhere]))
    assert one["message"] in table
    assert other["message"] not in table
    assert elsewhere["message"] not in table


def test_no_line_is_longer_than_a_terminal() -> None:
    long = "word " * 100 + "x" * 300
    resized = {**ADVICE["resized"][0], "hosts": [long] * 5, "skew": long}
    recommendation = {**ADVICE["recommendations"][0], "hosts": [long], "message": long, "refuted_by": long}
    table = advice_table(changed(resized=[resized], recommendations=[recommendation], withheld=[long]))
    assert max(map(len, table.splitlines())) <= 120


def test_options_of_one_taskmanager_are_for_its_entry() -> None:
    own = {
        **ADVICE["resized"][0],
        "variable": "flink_taskmanager_configs[1]",
        "notes": ["50% was a share of the host."],
    }
    table = advice_table(changed(resized=[own]))
    assert (
        "    # In flink_taskmanager_configs, as part of entry 2:\n    taskmanager.memory.process.size: 820m\n" in table
    )
    assert "  50% was a share of the host.\n" in table
