# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import ROLE_VARIABLES
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.wanted import PREFIX, Wanted
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import wanted

FIELDS = {field.name: str(field.type) for field in dataclasses.fields(Wanted) if field.name != "host"}

# How a type of the argument specification is written in Python, for elements too.
WRITTEN = {"str": "str", "path": "str", "int": "int", "bool": "bool", "raw": "t.Any"}


def written(option: dict[str, t.Any]) -> str:
    if option["type"] == "list":
        of = "t.Mapping[str, t.Any]" if option["elements"] == "dict" else WRITTEN[option["elements"]]
        return f"t.Sequence[{of}]"
    return WRITTEN[option["type"]]


def test_a_field_for_each_variable() -> None:
    assert {f"{PREFIX}{name}" for name in FIELDS} == set(ROLE_VARIABLES)


@pytest.mark.parametrize("name", FIELDS)
def test_types_are_those_of_the_specification(name: str) -> None:
    option, kind = ROLE_VARIABLES[f"{PREFIX}{name}"], FIELDS[name].removesuffix(" | None")
    if option["type"] == "dict":
        assert kind in {"t.Mapping[str, str]", "t.Mapping[str, t.Any]"}
    else:
        assert kind == written(option)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_may_be_null_if_the_default_is(name: str) -> None:
    option = ROLE_VARIABLES[f"{PREFIX}{name}"]
    if not option.get("required") and option["default"] is None and option["type"] != "raw":
        assert FIELDS[name].endswith(" | None")


def test_from_variables_and_back() -> None:
    of = wanted({"flink_stop_timeout": 7})
    assert (of.host, of.stop_timeout) == ("h1", 7)
    variables = of.variables()
    assert set(variables) == set(ROLE_VARIABLES)
    assert Wanted.of("h1", variables) == of


def test_variables_that_are_none_are_an_error() -> None:
    with pytest.raises(TypeError, match="colour"):
        Wanted.of("h1", {**wanted().variables(), "flink_colour": "red"})
