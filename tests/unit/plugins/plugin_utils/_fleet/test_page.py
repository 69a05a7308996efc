# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the page holds; tests/browser looks at what becomes of it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import typing as t

from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, assemble
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.page import fleet_page

PROCESSES: list[dict[str, t.Any]] = [{"process": "taskmanager", "count": 2, "config": {}, "numa_nodes": None}]


def asked(host: str, memory: t.Any = "16g", **options: t.Any) -> Asked:
    config = {"taskmanager.memory.process.size": "auto", "s3.secret-key": "not-for-eyes", **options}
    return Asked(host, ["group"], "2.3", config, PROCESSES, memory, "1g")


def data_of(page: str) -> t.Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_data_is_the_plan() -> None:
    fleet = assemble([asked("a"), asked("b"), asked("c", "32g")])
    data = data_of(fleet_page(fleet))
    assert [[name for name, _groups in row["hosts"]] for row in data["rows"]] == [["a", "b"], ["c"]]
    for row, planned in zip(data["rows"], fleet["plans"], strict=True):
        plan = data["plans"][row["plan"]]
        assert plan["host"] == planned["host"]
        for (name, number, _node), process in zip(plan["processes"], planned["processes"], strict=True):
            shown = data["processes"][number]
            sizes = {key: size for key, (size, _text) in shown["parts"].items()}
            assert (name, {**sizes, **shown["sums"]}) == (process["name"], process["memory"])
            assert {key: data["texts"][text] for key, (_size, text) in shown["parts"].items()} == process["derivation"]


def test_processes_that_are_alike_are_kept_once() -> None:
    assert len(data_of(fleet_page(assemble([asked("a")])))["processes"]) == 1


def test_no_host_writes_markup_or_ends_the_data() -> None:
    name = "</script><script>alert(1)</script>"
    page = fleet_page(assemble([asked(name, **{"taskmanager.memory.<b>": 1})]))
    assert page.count("<script") == 2
    assert "<b>1" not in page
    assert data_of(page)["rows"][0]["hosts"][0][0] == name


def test_only_its_own_script_may_run() -> None:
    page = fleet_page(assemble([asked("a")]))
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page


def test_it_needs_no_network_and_tells_no_secret() -> None:
    page = fleet_page(assemble([asked("a")]))
    assert "not-for-eyes" not in page
    assert not re.search(r"""(src|href)=|url\(|@import|https?://""", page)


def test_hosts_that_are_gone() -> None:
    assert "No longer there: old." in fleet_page(assemble([asked("a")]), assemble([asked("a"), asked("old")]))
