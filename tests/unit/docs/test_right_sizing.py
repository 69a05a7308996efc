# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What docs/right_sizing.md shows is what the collection says of the cluster that its tests look at."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.explain import explain
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.advice_table import advice_table
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.findings_table import findings_table
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.remarks import remarks
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.schedule import Schedule, progress
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis import looks
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import (
    ADVICE,
    FINDINGS,
    FLEET,
    OBSERVATION,
)

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/right_sizing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
SAID = {
    "diagnose": f"{findings_table(FINDINGS)}\n{remarks(OBSERVATION, FLEET)}",
    "observe": progress(3, Schedule(61, 30), 60, OBSERVATION) + "\n",
    "advise": advice_table(ADVICE),
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_output_is_shown_as_it_is(said: str) -> None:
    assert said in BLOCKS


def test_nothing_else_is_shown() -> None:
    assert len(BLOCKS) == len(SAID)
    assert findings_table([]).strip() in PAGE


def test_variables_are_those_of_the_playbooks() -> None:
    specification = yaml.safe_load((ROOT / "roles/flink/meta/argument_specs.yml").read_text(encoding="utf-8"))
    known = {name for point in specification["argument_specs"].values() for name in point.get("options", {})}
    assert set(re.findall(r"flink_(?:observe|advice|headroom)\w*", PAGE)) <= known


# What the host said on which the picture of the night was taken: seven TaskManagers of 690m, and a job for each.
CONFIG = {
    "taskmanager.memory.process.size": "690m",
    "taskmanager.memory.network.min": "2m",
    "taskmanager.memory.network.max": "2m",
    "taskmanager.memory.managed.size": "16m",
    "taskmanager.memory.jvm-metaspace.size": "96m",
}
LINES = {
    "taskmanager-7": "java.lang.OutOfMemoryError: Metaspace",
    "taskmanager-4": "java.lang.OutOfMemoryError: Java heap space",
    "taskmanager-2": "java.lang.OutOfMemoryError: Direct buffer memory",
    "taskmanager-3": "java.lang.OutOfMemoryError: unable to create native thread",
}


def test_the_night_is_told_in_the_words_of_today() -> None:
    plans = plan_host(CONFIG, "2.3.0", [{"process": "taskmanager", "count": 7, "config": {}}])["plans"]
    processes = [
        looks.process(plan["name"], cgroup={"limit": 722 * looks.MIB}, service={"memory_limit": 722 * looks.MIB})
        for plan in plans
    ]
    night = looks.host(
        *processes,
        kills=[looks.kill(769331200)],
        exits=[looks.exit_(9, "killed", "oom-kill")],
        messages=[looks.said(line, name) for name, line in LINES.items()],
    )
    observation: t.Any = {"format": 1, "time": looks.NOW, "hosts": {"r1": night}, "cluster": None, "unknown": []}
    shown = " ".join(PAGE.partition("6 errors, 14 warnings")[2].partition("```")[0].split())
    found = explain(observation, {"r1": plans})
    assert {finding["process"] for finding in found} >= {"taskmanager-1", *LINES}
    assert [finding["message"] for finding in found if finding["message"] not in shown] == []
    (killed,) = [finding["remedy"] for finding in found if finding["process"] == "taskmanager-1"]
    assert killed in shown
