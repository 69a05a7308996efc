# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import CannotStartError, FlinkError

SMALLEST_HEAP = 2 * 2**20

GOLDEN = json.loads((Path(__file__).parents[4] / "golden" / "memory.json").read_text(encoding="utf-8"))

ANSWERS = [
    (version, vector["process"], vector["config"], answer)
    for vector in GOLDEN["vectors"]
    for answer in vector["answers"]
    for version in answer["releases"]
]


@pytest.mark.parametrize(("version", "process", "config"), [asked for *asked, answer in ANSWERS if "refused" in answer])
def test_what_flink_refuses_is_refused(version: str, process: str, config: dict[str, str]) -> None:
    with pytest.raises(FlinkError):
        plan(config, version, process)


@pytest.mark.parametrize(
    ("version", "process", "config", "answer"), [asked for asked in ANSWERS if "refused" not in asked[3]]
)
def test_plan_is_what_flink_computes(
    version: str, process: str, config: dict[str, str], answer: dict[str, t.Any]
) -> None:
    heap = answer["memory"].get("jvm_heap")
    if heap is not None and heap < SMALLEST_HEAP:
        with pytest.raises(CannotStartError, match="no Java starts with less than 2m"):
            plan(config, version, process)
        return
    planned = plan(config, version, process)

    assert planned["jvm_args"] == answer["jvm_args"]
    assert planned["dynamic_properties"] == answer["dynamic_properties"]
    assert {name: planned["memory"][name] for name in answer["memory"]} == answer["memory"]
    assert planned.get("slots") == answer.get("slots")


def test_every_vector_was_answered_by_every_release() -> None:
    for vector in GOLDEN["vectors"]:
        assert [version for answer in vector["answers"] for version in answer["releases"]] == GOLDEN["releases"]
