# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import json
import typing as t

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.streamops.flink.plugins.action.cluster_advice import ARGUMENT_SPEC, ActionModule
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.window import add
from ansible_collections.streamops.flink.plugins.modules import cluster_advice
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.reading import read_advice, read_findings
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import (
    HostVars,
    Values,
    made,
    opened_no_connection,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import (
    CONFIG,
    NIGHT,
    OBSERVATION,
    host,
    process,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import Observation

# As it is before Ansible fills anything in.
SPEC = copy.deepcopy(ARGUMENT_SPEC)
SECRET = "n0tForEyes"
USUAL: Values = {
    "flink_version": "2.3.0",
    "flink_config": {**CONFIG, "s3.secret-key": SECRET},
    "flink_host_memory": "16g",
    "group_names": ["flink_taskmanagers"],
}


def run(args: Values | None = None, observation: Observation | None = None, **hosts: Values) -> Values:
    """Run the action once for a play of three hosts, whose variables differ from the usual ones so."""
    own = {"jm1": {"group_names": ["flink_jobmanagers"]}, "tm1": {}, "tm2": {}, **hosts}
    hostvars = HostVars({name: {**USUAL, **variables} for name, variables in own.items()})
    observation = observation or OBSERVATION
    task_vars = {
        "ansible_play_hosts_all": list(hostvars),
        "hostvars": hostvars,
        "__flink_observed": {"observation": observation, "window": add(None, observation)},
    }
    action = made(ActionModule, args or {}, task_vars)
    result = dict(action.run(task_vars=task_vars))
    assert opened_no_connection(action)
    return result


def dead() -> Observation:
    """tm1 was killed, and REST does not answer."""
    observation = copy.deepcopy(OBSERVATION)
    observation["cluster"] = None
    observation["hosts"]["tm1"] = host(process("taskmanager-1", None))
    observation["hosts"]["tm1"]["exits"] = [
        {
            "process": "taskmanager-1",
            "time": NIGHT,
            "pid": 4711,
            "code": "exited",
            "status": 3,
            "result": "exit-code",
            "source": "journal",
        }
    ]
    return observation


def test_what_was_seen_is_explained_and_advised() -> None:
    result = run()
    assert (result["changed"], result["_ansible_verbose_override"]) == (False, True)
    assert read_findings(result["findings"]) == result["findings"]
    assert read_advice(result["advice"])["findings"] == result["findings"]
    assert result["fleet"]["summary"]["hosts"] == result["fleet_after"]["summary"]["hosts"] == 3
    assert result["window"]["observation"]["hosts"].keys() == {"jm1", "tm1"}
    assert "tm2: expected a look at its processes" in result["remarks"]


def test_a_cluster_that_is_down_is_explained_without_advice() -> None:
    result = run({"recommends": False}, dead())
    assert not {"advice", "fleet"} & result.keys()
    (finding,) = [finding for finding in result["findings"] if finding["process"] == "taskmanager-1"]
    assert (finding["level"], finding["host"]) == ("error", "tm1")


def test_a_host_without_a_plan_is_explained_all_the_same() -> None:
    result = run({"recommends": False}, dead(), tm1={"flink_version": "9"})
    assert any(finding["host"] == "tm1" for finding in result["findings"])
    assert "tm1: has no plan, so nothing is held against it: " in result["remarks"]


def test_no_result_has_a_secret() -> None:
    assert SECRET not in json.dumps(run())


def test_the_headroom_is_checked() -> None:
    with pytest.raises(AnsibleActionFail, match=r"flink_headroom: heep is none of its keys. Did you mean heap"):
        run({"headroom": {"heep": 2}})


def test_documentation_describes_the_arguments(documented: t.Callable[[Values], Values]) -> None:
    assert documented(yaml.safe_load(cluster_advice.DOCUMENTATION)["options"]) == SPEC
