# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the guides to right-sizing and watching tell people to type, as far as it needs no host."""

from __future__ import annotations

import json
import re
import shlex
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import read_headroom
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.schedule import Schedule
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.alerts import alert_rules
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.dashboard import grafana_dashboard

ROOT = Path(__file__).resolve().parents[3]
GUIDES = {name: (ROOT / f"docs/{name}.md").read_text(encoding="utf-8") for name in ("right_sizing", "watching")}
SPECIFIED = yaml.safe_load((ROOT / "roles/flink/meta/argument_specs.yml").read_text(encoding="utf-8"))
VARIABLES = {name for point in SPECIFIED["argument_specs"].values() for name in point.get("options", {})}
SCHEDULE = {"minutes": 0, "seconds": 30, "hours": 24}

CONFIG = {"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "2g"}
KINDS = {"jm": "jobmanager", "worker": "taskmanager"}


def commands(guide: str) -> list[str]:
    """The lines of its consoles that somebody typed."""
    lines = [line for block in re.findall(r"```console\n(.*?)```", guide, re.DOTALL) for line in block.splitlines()]
    return [line.removeprefix("$ ").partition("#")[0].strip() for line in lines if re.match(r"(\$ )?ansible-", line)]


TYPED = [command for guide in GUIDES.values() for command in commands(guide)]
GIVEN = [given for guide in GUIDES.values() for given in re.findall(r"(?<![\w-])-e (?:'[^']*'|[\w.=/-]+)", guide)]


def extra_variables(given: str) -> dict[str, t.Any]:
    """What Ansible makes of ``-e``."""
    _option, value = shlex.split(given)
    name, _equals, text = value.partition("=")
    return dict(json.loads(value)) if value.startswith("{") else {name: text}


def fleet(release: str) -> t.Any:
    return assemble(
        Asked(host, [], release, CONFIG, [{"process": kind, "count": 1, "config": {}, "numa_nodes": None}], "16g")
        for host, kind in KINDS.items()
    )


def test_there_is_something_to_type() -> None:
    assert len(TYPED) == 5
    assert len(GIVEN) >= 5


@pytest.mark.parametrize("command", TYPED)
def test_playbooks_are_there(command: str) -> None:
    program, option, _inventory, playbook = shlex.split(command)[:4]
    assert (program, option) == ("ansible-playbook", "-i")
    assert (ROOT / f"playbooks/{playbook.removeprefix('streamops.flink.')}.yml").is_file()


@pytest.mark.parametrize("given", GIVEN)
def test_variables_are_taken(given: str) -> None:
    variables = extra_variables(given)
    assert set(variables) <= VARIABLES
    read_headroom(variables.get("flink_headroom", {}))
    Schedule.of({name: variables.get(f"flink_observe_{name}", value) for name, value in SCHEDULE.items()})


@pytest.mark.parametrize("name", GUIDES)
def test_variables_are_there(name: str) -> None:
    shown = set(re.findall(r"`(flink_[a-z_]+)", GUIDES[name]))
    shown |= {
        key for block in re.findall(r"```yaml\n(.*?)```", GUIDES[name], re.DOTALL) for key in yaml.safe_load(block)
    }
    assert shown
    assert shown <= VARIABLES


@pytest.mark.parametrize("name", GUIDES)
def test_filters_are_there(name: str) -> None:
    for shown in re.findall(r"`streamops\.flink\.(\w+)`", GUIDES[name]):
        assert (ROOT / f"plugins/filter/{shown}.yml").is_file()


def test_alerts_are_those_that_the_filter_makes() -> None:
    """Names in the guide leave out with dots what is several words."""
    table = GUIDES["watching"].partition("| alert |")[2].partition("\n\n")[0]
    shown = re.findall(r"`((?:Flink|\.\.\.)[A-Za-z.]+)`", table)
    patterns = [re.compile(name.replace("...", "[A-Za-z]*")) for name in shown]
    rules = [
        rule["alert"]
        for group in yaml.safe_load(alert_rules(fleet("2.3.0")))["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]
    assert [rule for rule in rules if not any(pattern.fullmatch(rule) for pattern in patterns)] == []
    assert [pattern.pattern for pattern in patterns if not any(map(pattern.fullmatch, rules))] == []


def test_the_labels_of_a_cluster_are_taken() -> None:
    (labels,) = re.findall(r"`flink_plan_labels: (\{.*?\})`", GUIDES["watching"])
    given = yaml.safe_load(labels)
    assert 'cluster="orders"' in alert_rules(fleet("2.3.0"), given)
    assert json.loads(grafana_dashboard(fleet("2.3.0"), "Flink", given))["panels"]
