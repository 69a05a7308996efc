# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import time
import typing as t

from ansible.module_utils.common.validation import check_type_dict
from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import read_headroom
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.window import add
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.gathering import gather
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.places import directory_to_write, file_to_write
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.schedule import (
    FRESH_AFTER,
    Schedule,
    progress,
    who_asks,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.window_file import (
    read_window_file,
    write_window_file,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.asking import secret_values

if t.TYPE_CHECKING:
    from pathlib import Path

# What users set is read here, in the names under which they set it.
ARGUMENT_SPEC: dict[str, t.Any] = {
    "number": {"type": "int"},
    "minutes": {"type": "raw", "default": 0},
    "seconds": {"type": "raw", "default": 30},
    "hours": {"type": "raw", "default": 24},
    "file": {"type": "raw"},
    "advice_dir": {"type": "raw"},
    "headroom": {"type": "raw", "default": {}},
    "jobmanager_group": {"type": "str", "default": "flink_jobmanagers"},
}
# What the tasks before have been registered as: what this action has prepared and gathered, how a host is asked, and
# what it has answered for itself and for the cluster.
_PREPARED, _GATHERED = "__flink_looks", "__flink_observed"
_ASKED, _HOST, _CLUSTER = "__flink_asked", "__flink_look", "__flink_cluster_look"

Result = dict[str, t.Any]


class ActionModule(Action):
    """Gather a look at a cluster from what its hosts have answered, and keep it with those before."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: Result, variables: Result) -> Result:
        schedule, hosts = Schedule.of(params), variables["ansible_play_hosts_all"]
        path = file_to_write("flink_observe_file", params["file"])
        if params["number"] is None:
            read_headroom(_mapping(params["headroom"]))
            advice = directory_to_write("flink_advice_dir", params["advice_dir"])
            return {
                # Among them is what nobody may read.
                "_ansible_no_log": True,
                "begun": time.time(),
                "numbers": list(range(1, schedule.looks + 1)),
                "wait": FRESH_AFTER,
                "hours": schedule.hours,
                "advice_dir": advice and str(advice),
                "asking": who_asks(hosts, variables["groups"].get(params["jobmanager_group"], [])),
                "window": None if path is None else read_window_file(path, hosts),
                "hidden": secret_values(hosts, variables["hostvars"], self._templar),
            }
        return self._look(params["number"], schedule, path, variables)

    def _look(self, number: int, schedule: Schedule, path: Path | None, variables: Result) -> Result:
        prepared = variables[_PREPARED]
        before = prepared if number == 1 else variables[_GATHERED]
        answers = {host: variables["hostvars"].raw_get(host) for host in variables["ansible_play_hosts_all"]}
        observation = gather(
            {host: _first(given, _HOST, _ASKED) for host, given in answers.items()},
            {host: _first(answers[host], _CLUSTER, _HOST, _ASKED) for host in prepared["asking"]},
            int(time.time()),
            prepared["hidden"],
        )
        window = add(before["window"], observation)
        if path is not None and not self._task.check_mode:
            write_window_file(path, window)
        if schedule.looks > 1:
            elapsed = time.time() - prepared["begun"]
            Display().display(progress(number, schedule, int(elapsed), observation))
            time.sleep(schedule.wait_after(number, elapsed))
        return {"_ansible_no_log": True, "observation": observation, "window": window}


def _mapping(value: t.Any) -> t.Any:
    """As Ansible reads one on the command line."""
    with contextlib.suppress(TypeError, ValueError):
        return check_type_dict(value)
    return value


def _first(registered: t.Mapping[str, t.Any], *names: str) -> t.Any:
    """The answer of the first of these tasks that was not skipped for what another before it has answered."""
    answers = (registered.get(name) for name in names)
    return next((answer for answer in answers if answer is not None and not answer.get("skipped")), None)
