# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import inspect
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleTemplatePluginError

from ansible_collections.streamops.flink.plugins.filter import flink
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

FILTERS = flink.FilterModule().filters()
PLUGINS = Path(flink.__file__).parents[1]
DOCUMENTS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (PLUGINS / "filter").glob("*.yml")}
MODULES = {path.stem for path in (PLUGINS / "modules").glob("*.py")}

CONFIG = {"taskmanager": {"memory.process.size": "4g"}}
EMPTY_FLEET = {"summary": {"hosts": 0, "fine": 0, "warned": 0, "refused": 0}, "hosts": [], "plans": []}
NO_ADVICE = {"findings": [], "recommendations": [], "resized": [], "freed": 0, "withheld": []}
MIGRATED = {
    "from_version": "a",
    "to_version": "b",
    **{part: [] for part in ("changes", "defaults", "memory", "decisions")},
}

RESULTS: dict[str, tuple[str, tuple[t.Any, ...], t.Callable[[t.Any], bool]]] = {
    "advice_page": ("advice_page", (NO_ADVICE,), lambda text: text.startswith("<!DOCTYPE html>")),
    "advice_table": ("advice_table", (NO_ADVICE,), "nothing to change\n".__eq__),
    "alert_rules": ("alert_rules", (EMPTY_FLEET,), lambda text: text.startswith("groups:")),
    "cluster_table": (
        "cluster_table",
        ({"flink_version": "2.3", "taskmanagers": []}, {"x": []}),
        "Flink 2.3: 0 of 0 processes are as planned\n".__eq__,
    ),
    "compare_releases": (
        "compare_releases",
        (CONFIG, "1.20", "2.3", "flink-conf.yaml", ["a"]),
        lambda compared: compared["java"]["after"] == ["11", "17", "21"],
    ),
    "comparison_table": (
        "comparison_table",
        ({**MIGRATED, "java": {"message": "x"}, "files": {"message": "y"}},),
        "From Flink a to b\n\nJava and files\n--------------\nx\ny\n".__eq__,
    ),
    "config_check": (
        "config_check",
        ({**CONFIG, "acme.x": 1, "web.submit.enable": "nope"}, "2.3", "jobmanager", ["acme.x"]),
        lambda found: [note["options"] for note in found] == [["web.submit.enable"]],
    ),
    "config_file": ("config_file", (CONFIG, "2.3"), "taskmanager.memory.process.size: 4g\n".__eq__),
    "config_file_name": ("config_file_name", ("1.18",), "flink-conf.yaml".__eq__),
    "death_sentences": ("death_sentences", (None, [], []), [].__eq__),
    "environment_file": ("environment_file", ({"A": "b"},), 'A="b"\n'.__eq__),
    "findings_table": ("findings_table", ([],), "Nothing died, and no memory is scarce.\n".__eq__),
    "fleet_csv": ("fleet_csv", (EMPTY_FLEET,), lambda text: text.startswith("host,status,")),
    "fleet_page": ("fleet_page", (EMPTY_FLEET,), lambda text: text.startswith("<!DOCTYPE html>")),
    "fleet_picture": ("fleet_picture", (EMPTY_FLEET,), lambda text: text.startswith("<svg ")),
    "fleet_table": ("fleet_table", (EMPTY_FLEET,), "0 of 0 hosts are fine\n".__eq__),
    "grafana_dashboard": ("grafana_dashboard", (EMPTY_FLEET,), lambda text: text.startswith("{")),
    "memory_for": (
        "memory_for",
        ({"task_heap": "1g"}, "2.3"),
        lambda found: found["process_size"] == "3280877841" and found["memory"]["task_heap"] == 1073741824,
    ),
    "memory_plan": ("memory_plan", (CONFIG, "2.3"), lambda plan: plan["memory"]["task_heap"] == 1530082070),
    "memory_plan of a JobManager": (
        "memory_plan",
        ({"jobmanager.memory.process.size": "1600m"}, "2.3", "jobmanager"),
        lambda plan: plan["memory"]["jvm_heap"] == 1073741824,
    ),
    "memory_table": ("memory_table", ({"memory": {"total_process": 1024}},), lambda table: "1k" in table),
    "job_table": ("job_table", ([],), "0 jobs\n".__eq__),
    "port_table": ("port_table", ([],), "No port is open to other hosts.\n".__eq__),
    "memory_deviations": ("memory_deviations", ({"flink_version": "2.3", "taskmanagers": []}, [], "x"), [].__eq__),
    "migrate_config": (
        "migrate_config",
        ({"state.backend": "rocksdb"}, "1.16", "2.3"),
        lambda migrated: migrated["config"] == {"state.backend.type": "rocksdb"},
    ),
    "migrate_config of an old file": (
        "migrate_config",
        ("a: 'b' #c", "1.9", "2.3"),
        lambda migrated: migrated["text"] == "a: \"'b'\" #c\n",
    ),
    "migrate_config of a file": (
        "migrate_config",
        ("state: {backend: rocksdb} # c", "2.0", "2.3"),
        lambda migrated: migrated["text"] == "state.backend.type: rocksdb # c\n",
    ),
    "migrate_config of a named file": (
        "migrate_config",
        ("a: 'b' #c", "1.20", "2.3", "flink-conf.yaml"),
        lambda migrated: migrated["text"] == "a: \"'b'\" #c\n",
    ),
    "migration_table": ("migration_table", (MIGRATED,), "From Flink a to b: no options\n".__eq__),
    "merge_config": ("merge_config", ([CONFIG, {"a": {"b": 1}}],), lambda merged: merged["a.b"] == 1),
    "process_command": ("process_command", ({}, "2.3", "taskmanager"), lambda command: command["program_args"] == []),
    "process_command of a gateway": (
        "process_command",
        ({}, "2.3", "sql-gateway", 25),
        lambda command: command["jars"] and command["notes"],
    ),
    "to_bytes": ("to_bytes", ("4g",), (4294967296).__eq__),
    "to_size": ("to_size", (4294967296,), "4g".__eq__),
}

REFUSED: dict[str, tuple[tuple[t.Any, ...], str]] = {
    "advice_page": ((None,), "expected advice, as the module streamops.flink.cluster_advice returns it"),
    "advice_table": ((None,), "expected advice, as the module streamops.flink.cluster_advice returns it"),
    "alert_rules": ((None,), "expected a fleet, as the module streamops.flink.fleet_plan returns it"),
    "cluster_table": ((None, {}), "expected the result of the module cluster_memory_info"),
    "compare_releases": ((None, "1.20", "2.3"), "config: expected a mapping of Flink options"),
    "comparison_table": ((None,), "expected a comparison"),
    "config_check": (({}, "2.3", None, "acme.x"), "known_keys: expected a list of texts, got 'acme.x'. Write a list."),
    "config_file": (({"a": {}}, 2.3), "flink_version: 2.3 is a number"),
    "config_file_name": ((None,), "flink_version: expected the text of a Flink release"),
    "death_sentences": ((None, [], "x"), "expected the names of processes, not text."),
    "environment_file": ((None,), "environment: expected a mapping"),
    "findings_table": ((None,), "expected findings, as the module streamops.flink.cluster_advice returns them"),
    "fleet_csv": (({},), "not a mapping without summary, hosts and plans"),
    "fleet_page": ((None,), "expected a fleet, as the module streamops.flink.fleet_plan returns it"),
    "fleet_picture": ((None,), "expected a fleet, as the module streamops.flink.fleet_plan returns it"),
    "fleet_table": ((None,), "expected a fleet, as the module streamops.flink.fleet_plan returns it"),
    "grafana_dashboard": ((None,), "expected a fleet, as the module streamops.flink.fleet_plan returns it"),
    "job_table": ((None,), "expected the jobs that job_info returns, not null."),
    "memory_for": (({}, "2.3"), "needs: task_heap: expected a size above 0"),
    "memory_plan": (({}, "2.3"), "No memory is configured for the TaskManager."),
    "memory_table": ((None,), "expected a plan"),
    "memory_deviations": ((None, [], "x"), "expected the result of the module cluster_memory_info"),
    "migrate_config": (("", "1.20", "2.3", "x"), "file_name: expected flink-conf.yaml or config.yaml, got 'x'."),
    "migration_table": ((None,), "expected a migration"),
    "merge_config": ((None,), "expected a list of mappings"),
    "port_table": ((None,), "expected the ports that deployment_info returns, not null."),
    "process_command": (({}, "2.3", "x"), "process: expected one of"),
    "to_bytes": (("4GiB",), "Write 4g."),
    "to_size": ((None,), "expected a size such as 4g"),
}


def is_plain(value: t.Any) -> bool:
    if isinstance(value, dict):
        return {type(key) for key in value} <= {str} and all(map(is_plain, value.values()))
    if isinstance(value, list):
        return all(map(is_plain, value))
    return type(value) in {str, int, bool, type(None)}


@pytest.mark.parametrize(("name", "arguments", "is_right"), RESULTS.values(), ids=RESULTS)
def test_result(name: str, arguments: tuple[t.Any, ...], is_right: t.Callable[[t.Any], bool]) -> None:
    result = FILTERS[name](*arguments)
    assert is_right(result)
    assert is_plain(result)


@pytest.mark.parametrize(("name", "case"), REFUSED.items(), ids=REFUSED)
def test_a_refusal_is_an_error_of_the_template(name: str, case: tuple[tuple[t.Any, ...], str]) -> None:
    arguments, message = case
    with pytest.raises(AnsibleTemplatePluginError, match=re.escape(message)) as refusal:
        FILTERS[name](*arguments)
    assert isinstance(refusal.value.__cause__, FlinkError)


def test_every_filter_is_tested_here() -> None:
    assert set(FILTERS) == {name for name, *_case in RESULTS.values()} == set(REFUSED)


def test_every_filter_is_documented() -> None:
    assert set(DOCUMENTS) == set(FILTERS)


@pytest.mark.parametrize("name", FILTERS)
def test_the_documentation_knows_the_parameters(name: str) -> None:
    documentation = DOCUMENTS[name]["DOCUMENTATION"]
    first, *parameters = inspect.signature(FILTERS[name]).parameters.values()
    options = documentation["options"]
    assert documentation["name"] == name
    assert set(options) == {"_input", *(parameter.name for parameter in parameters)}
    assert options["_input"]["required"] == (first.default is first.empty)
    positional = documentation.get("positional", "")
    assert re.findall(r"\w+", positional) == [parameter.name for parameter in parameters]
    for parameter in parameters:
        option = options[parameter.name]
        assert option.get("required", False) == (parameter.default is parameter.empty)
        assert option.get("default") == (None if parameter.default is parameter.empty else parameter.default)


@pytest.mark.parametrize("name", FILTERS)
def test_the_examples_use_what_exists(name: str) -> None:
    text = DOCUMENTS[name]["EXAMPLES"]
    used = set(re.findall(r"\| *streamops\.flink\.(\w+)", text))
    assert name in used
    assert used <= set(FILTERS)
    for task in yaml.safe_load(text):
        assert isinstance(task, dict)
        assert {key.split(".")[-1] for key in task if key.startswith("streamops.flink.")} <= MODULES
