# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role says of its variables is what it does with them."""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

ROLE = Path(__file__).parents[3] / "roles" / "flink"
PLAYBOOKS = ROLE.parents[1] / "playbooks"


def read(path: str) -> t.Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


DEFAULTS = read("defaults/main.yml")
SPECS = read("meta/argument_specs.yml")["argument_specs"]
VARIABLES = SPECS["main"]["options"]
ENTRY_POINTS = sorted(SPECS)
PLUGINS = ROLE.parents[1] / "plugins"
DECISION = [*(PLUGINS / "plugin_utils/_deployment").glob("*.py"), PLUGINS / "action/deployment_info.py"]


def test_every_task_file_is_an_entry_point() -> None:
    assert set(ENTRY_POINTS) == {path.stem for path in (ROLE / "tasks").glob("*.yml")}


def test_specification_and_defaults_have_the_same_variables() -> None:
    assert set(VARIABLES) == set(DEFAULTS)


@pytest.mark.parametrize("variable", sorted(DEFAULTS))
def test_specification_and_defaults_have_the_same_value(variable: str) -> None:
    option = VARIABLES[variable]
    if option.get("required"):
        assert "undef(" in DEFAULTS[variable]
    else:
        assert "default" in option
        assert option["default"] == DEFAULTS[variable]


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_a_play_that_calls_the_role_is_not_refused_for_a_default(entry_point: str) -> None:
    """The playbooks of the collection validate in Python alone; elsewhere Ansible does so first."""
    options = {name: option for name, option in SPECS[entry_point].get("options", {}).items() if "default" in option}
    given = {name: value for name, value in DEFAULTS.items() if name in options}
    assert ArgumentSpecValidator(options).validate(given).error_messages == []


@pytest.mark.parametrize("entry_point", ENTRY_POINTS)
def test_every_option_has_a_type_and_a_description(entry_point: str) -> None:
    for variable, option in SPECS[entry_point].get("options", {}).items():
        assert {"type", "description"} <= set(option), variable
        assert option["type"] != "list" or "elements" in option, variable


def test_entry_points_repeat_variables_of_the_role_as_they_are() -> None:
    for name, spec in SPECS.items():
        shared = set(spec.get("options", {})) & set(VARIABLES)
        assert name == "main" or all(
            spec["options"][variable]["type"] == VARIABLES[variable]["type"] for variable in shared
        )


@pytest.mark.parametrize("variable", sorted(DEFAULTS))
def test_the_role_uses_every_variable(variable: str) -> None:
    decided = re.compile(rf"\bwanted\.{variable.removeprefix('flink_')}\b")
    files = [path for folder in ("tasks", "templates") for path in (ROLE / folder).rglob("*.*")]
    assert any(variable in path.read_text(encoding="utf-8") for path in files) or any(
        decided.search(path.read_text(encoding="utf-8")) for path in DECISION
    )


def test_what_decides_is_python() -> None:
    places = [*(ROLE / "tasks").rglob("*.yml"), *(ROLE / "defaults").rglob("*.yml"), *PLAYBOOKS.rglob("*.yml")]
    assert [str(path) for path in places if re.search(r"{%-? *(set|for)\b", path.read_text(encoding="utf-8"))] == []
