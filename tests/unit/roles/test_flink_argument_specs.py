# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role says of its variables is what it does with them."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

ROLE = Path(__file__).parents[3] / "roles" / "flink"


def read(path: str) -> t.Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


DEFAULTS = read("defaults/main.yml")
SPECS = read("meta/argument_specs.yml")["argument_specs"]
ENTRY_POINTS = sorted(SPECS)
# Task files that only other task files include.
INNER = {"archive", "ask", "former", "group", "inspect", "jars", "logs", "provide", "restart_process", "run", "unpack"}


def test_every_task_file_but_the_inner_ones_is_an_entry_point() -> None:
    assert set(ENTRY_POINTS) == {path.stem for path in (ROLE / "tasks").glob("*.yml")} - INNER


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_specification_and_defaults_have_the_same_variables(entry_point: str) -> None:
    assert set(SPECS[entry_point]["options"]) == set(DEFAULTS)


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
@pytest.mark.parametrize("variable", sorted(DEFAULTS))
def test_specification_and_defaults_have_the_same_value(entry_point: str, variable: str) -> None:
    option = SPECS[entry_point]["options"][variable]
    if option.get("required"):
        assert "undef(" in DEFAULTS[variable]
    else:
        assert "default" in option
        assert option["default"] == DEFAULTS[variable]


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_every_option_has_a_type_and_a_description(entry_point: str) -> None:
    for variable, option in SPECS[entry_point]["options"].items():
        assert {"type", "description"} <= set(option), variable
        assert option["type"] != "list" or "elements" in option, variable


@pytest.mark.parametrize("variable", sorted(DEFAULTS))
def test_the_role_uses_every_variable(variable: str) -> None:
    files = [path for folder in ("tasks", "templates", "vars") for path in (ROLE / folder).rglob("*.*")]
    assert any(variable in path.read_text(encoding="utf-8") for path in files)
