# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Grafana makes of it is tried in tests/watching."""

from __future__ import annotations

import itertools
import json
import typing as t

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.dashboard import grafana_dashboard
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._fleet.test_alerts import fleet


def panels(text: str) -> list[dict[str, t.Any]]:
    return [panel for panel in json.loads(text)["panels"] if panel["type"] != "row"]


def test_every_component_is_beside_its_plan() -> None:
    drawn = panels(grafana_dashboard(fleet("a"), "Orders", {"cluster": "orders"}))
    planned = {panel["title"] for panel in drawn if any("flink_plan_" in target["expr"] for target in panel["targets"])}
    assert planned == {"JVM heap", "Off-heap", "Network", "Managed", "JVM metaspace", "Direct memory"}
    assert all('cluster="orders"' in target["expr"] for panel in drawn for target in panel["targets"])


def test_no_panels_overlap() -> None:
    content = json.loads(grafana_dashboard(fleet("a")))
    places = [panel["gridPos"] for panel in content["panels"]]
    for one, other in itertools.combinations(places, 2):
        apart = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert apart or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert len({panel["id"] for panel in content["panels"]}) == len(places)


def test_a_jobmanager_alone_has_no_choice_of_taskmanagers() -> None:
    content = json.loads(grafana_dashboard(fleet("a", kind="jobmanager")))
    assert [variable["name"] for variable in content["templating"]["list"]] == ["source"]
    assert {panel["title"] for panel in panels(json.dumps(content))} == {"JVM heap", "JVM metaspace", "Direct memory"}
