# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.names import (
    RUN_PATTERN,
    component_of,
    is_own_unit,
    named_by_environment_file,
    process_names,
    taskmanager_names,
    unit_of,
    unit_path,
    unit_pattern,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    Values,
    case,
    wanted,
)

NAMED: Values = {"flink_service_name": "orders"}

# Variables, and the names of the processes.
NAMES: dict[str, tuple[Values, list[str]]] = {
    "defaults": ({}, ["jobmanager", "taskmanager-1"]),
    "many TaskManagers, in their order": (
        {"flink_components": ["taskmanager"], "flink_taskmanager_count": 11},
        [f"taskmanager-{number}" for number in range(1, 12)],
    ),
    "all, in whichever order they are given": (
        {"flink_components": ["sql-gateway", "historyserver", "taskmanager", "jobmanager"]},
        ["jobmanager", "taskmanager-1", "historyserver", "sql-gateway"],
    ),
    "no TaskManagers": ({"flink_taskmanager_count": 0}, ["jobmanager"]),
    "a number of TaskManagers that do not run here": (
        {"flink_components": ["jobmanager"], "flink_taskmanager_count": 5},
        ["jobmanager"],
    ),
    "nothing": ({"flink_components": []}, []),
}


@pytest.mark.parametrize(("given", "names"), NAMES.values(), ids=NAMES)
def test_processes(given: Values, names: list[str]) -> None:
    assert process_names(wanted(given)) == names


def test_taskmanagers() -> None:
    assert taskmanager_names(wanted({"flink_taskmanager_count": 2})) == ["taskmanager-1", "taskmanager-2"]


# Processes: the component, the unit, and the file of the unit of the component.
UNITS: dict[str, tuple[str, str, str]] = {
    "jobmanager": ("jobmanager", "orders-jobmanager.service", "orders-jobmanager.service"),
    "taskmanager-12": ("taskmanager", "orders-taskmanager@12.service", "orders-taskmanager@.service"),
    "historyserver": ("historyserver", "orders-historyserver.service", "orders-historyserver.service"),
    "sql-gateway": ("sql-gateway", "orders-sql-gateway.service", "orders-sql-gateway.service"),
}


@pytest.mark.parametrize("name", UNITS)
def test_units(name: str) -> None:
    component, unit, file = UNITS[name]
    of = wanted(NAMED)
    assert component_of(name) == component
    assert unit_of(name, of) == unit
    assert unit_path(component, of) == f"/etc/systemd/system/{file}"
    assert is_own_unit(file, of)
    assert named_by_environment_file(f"{name}.env") == name


@pytest.mark.parametrize(
    "name",
    [
        *("order-jobmanager.service", "orders-jobmanager.service.bak", "orders-taskmanager@1.service"),
        *("xorders-jobmanager.service", "orders-client.service", "ordersxjobmanager.service", "orders.service"),
    ],
)
def test_units_of_others(name: str) -> None:
    assert not is_own_unit(name, wanted(NAMED))


def test_a_dot_in_the_name_of_units_is_a_dot() -> None:
    dotted = wanted({"flink_service_name": "a.b"})
    assert is_own_unit("a.b-jobmanager.service", dotted)
    assert not is_own_unit("axb-jobmanager.service", dotted)


@pytest.mark.parametrize(
    "name",
    [
        "taskmanager.env",
        "taskmanager-.env",
        "taskmanager-x.env",
        "jobmanager-1.env",
        "jobmanager.env~",
        "a.env",
        ".env",
    ],
)
def test_files_of_no_process(name: str) -> None:
    assert named_by_environment_file(name) is None


def lines_of_units(given: Values) -> list[str]:
    """The lines of all units of a cluster."""
    components = ["jobmanager", "taskmanager", "historyserver", "sql-gateway"]
    config = {"historyserver.archive.fs.dir": "/srv", "sql-gateway.endpoint.rest.address": "h1"}
    sizes = {"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "2g"}
    decided = case({"flink_components": components, "flink_config": {**sizes, **config}, **given}).decide()
    return [line for file in decided.service for line in (file.content or "").splitlines()]


def test_a_unit_is_found_by_its_directories_whatever_it_is_called() -> None:
    pattern = re.compile(unit_pattern(wanted()))
    found = [line for line in lines_of_units(NAMED) if pattern.fullmatch(line)]
    assert len(found) == 2 * len(UNITS)


@pytest.mark.parametrize("variable", ["flink_conf_dir", "flink_run_dir"])
def test_one_directory_is_enough(variable: str) -> None:
    pattern = re.compile(unit_pattern(wanted()))
    found = [line for line in lines_of_units({variable: "/opt/other"}) if pattern.fullmatch(line)]
    assert len(found) == len(UNITS)


def test_units_of_other_directories_are_not_found() -> None:
    pattern = re.compile(unit_pattern(wanted()))
    for conf_dir, run_dir in (("/etc/flink2", "/var/lib/flink2"), ("/etc/flin.", "/var/lib/flin."), ("/x/etc", "/x")):
        lines = lines_of_units({"flink_conf_dir": conf_dir, "flink_run_dir": run_dir})
        assert [line for line in lines if pattern.fullmatch(line)] == []
    of_dots = re.compile(unit_pattern(wanted({"flink_conf_dir": "/etc/a.b"})))
    assert of_dots.fullmatch("EnvironmentFile=/etc/a.b/jobmanager.env")
    assert not of_dots.fullmatch("EnvironmentFile=/etc/axb/jobmanager.env")


@pytest.mark.parametrize("given", [{}, {"flink_conf_dir": "/srv/my conf", "flink_run_dir": "/srv/it's $ run"}], ids=str)
def test_scripts_of_the_role_are_known(given: Values) -> None:
    scripts = case({**given, "flink_service_manager": "launcher"}).decide().service
    assert len(scripts) == 3
    for script in scripts:
        assert any(re.fullmatch(RUN_PATTERN, line) for line in str(script.content).splitlines())
