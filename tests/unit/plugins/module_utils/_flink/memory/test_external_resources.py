# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

GPU = {"external-resource.gpu.amount": 2}
BOTH = {**GPU, "external-resource.fpga.amount": "1"}

# Release, configuration, and what the dynamic properties say.
PRINTED: dict[str, tuple[str, dict[str, t.Any], dict[str, str]]] = {
    "nothing": ("2.3", {}, {"external-resources": "none"}),
    "none": ("2.3", {**GPU, "external-resources": "none"}, {"external-resources": "none"}),
    "a resource named none": (
        "2.3",
        {"external-resources": "none", "external-resource.none.amount": 1},
        {"external-resources": "none"},
    ),
    "empty list": ("2.3", {**GPU, "external-resources": []}, {"external-resources": "none"}),
    "no amount": ("2.3", {"external-resources": "gpu"}, {"external-resources": "none"}),
    "amount of 0": (
        "2.3",
        {"external-resources": "gpu", "external-resource.gpu.amount": 0},
        {"external-resources": "none"},
    ),
    "amount without name": ("2.3", GPU, {"external-resources": "none"}),
    "one": (
        "2.3",
        {**GPU, "external-resources": "gpu"},
        {"external-resources": '"gpu"', "external-resource.gpu.amount": "2"},
    ),
    "not in 1.12": ("1.12", {**GPU, "external-resources": "gpu"}, {}),
    "bare in 1.13": ("1.13", {**BOTH, "external-resources": "gpu;fpga"}, {"external-resources": "fpga;gpu"}),
    "bare in 1.14": ("1.14", {**BOTH, "external-resources": "gpu;fpga"}, {"external-resources": "fpga;gpu"}),
    "quoted in 1.15": ("1.15", {**BOTH, "external-resources": "gpu;fpga"}, {"external-resources": '"fpga;gpu"'}),
    "list": ("2.3", {**BOTH, "external-resources": ["gpu", "fpga", "gpu"]}, {"external-resources": '"fpga;gpu"'}),
    "list in a text": ("1.19", {**BOTH, "external-resources": "[gpu, fpga]"}, {"external-resources": '"fpga;gpu"'}),
    "list with a dash in a text": ("2.3", {**GPU, "external-resources": "- gpu"}, {"external-resources": '"gpu"'}),
    "list with quotes in a text": ("2.3", {**GPU, "external-resources": "['gpu']"}, {"external-resources": '"gpu"'}),
    "text of 1.18": ("1.18", {**BOTH, "external-resources": "[gpu, fpga]"}, {"external-resources": "none"}),
    "largest amount that is kept": (
        "2.3",
        {"external-resources": "gpu", "external-resource.gpu.amount": 2**53},
        {"external-resource.gpu.amount": "9007199254740992"},
    ),
    "amount that is not kept": (
        "2.3",
        {"external-resources": "gpu", "external-resource.gpu.amount": 9223372036854775807},
        {"external-resource.gpu.amount": "-9223372036854775616"},
    ),
}

REFUSED: dict[str, tuple[str, dict[str, t.Any], str]] = {
    "amount": (
        "2.3",
        {"external-resources": "gpu", "external-resource.gpu.amount": "two"},
        "external-resource.gpu.amount: expected a whole number such as 4, got 'two'.",
    ),
    "decimal amount": (
        "1.13",
        {"external-resources": "gpu", "external-resource.gpu.amount": 1.5},
        "external-resource.gpu.amount: expected a whole number such as 4, got 1.5.",
    ),
    "open quote": (
        "2.3",
        {"external-resources": "'gpu"},
        "external-resources: cannot read the names of the resources: a quote is not closed. Write a list: [gpu, fpga].",
    ),
    "list of mappings": (
        "2.3",
        {"external-resources": [{"gpu": 1}]},
        "cannot read the names of the resources: a mapping",
    ),
}


@pytest.mark.parametrize(("release", "config", "printed"), PRINTED.values(), ids=PRINTED)
def test_printed(release: str, config: dict[str, t.Any], printed: dict[str, str]) -> None:
    properties = plan({"taskmanager.memory.flink.size": "4g", **config}, release)["dynamic_properties"]
    found = {key: value for key, value in properties.items() if key.startswith("external-")}
    assert found.items() >= printed.items()
    assert bool(found) == (release != "1.12")
    assert ("external-resource.gpu.amount" in found) == ("gpu" in found.get("external-resources", ""))
    assert "external-resource.none.amount" not in found


@pytest.mark.parametrize(("release", "config", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(release: str, config: dict[str, t.Any], message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)):
        plan({"taskmanager.memory.flink.size": "4g", **config}, release)
