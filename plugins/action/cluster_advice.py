# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.explain import explain
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import read_headroom
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.recommend import recommend
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.remarks import remarks
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.resizing import deployed, resized
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.asking import ask
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import assemble, drafts

ARGUMENT_SPEC: dict[str, t.Any] = {
    "recommends": {"type": "bool", "default": True},
    "headroom": {"type": "dict", "default": {}},
    "jobmanager_group": {"type": "str", "default": "flink_jobmanagers"},
    "taskmanager_group": {"type": "str", "default": "flink_taskmanagers"},
    "host_memory_info": {"type": "str"},
}
# What the look before has been registered as.
_OBSERVED = "__flink_observed"

Result = dict[str, t.Any]


class ActionModule(Action):
    """Explain what was seen of a cluster, and recommend what to change."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: Result, variables: Result) -> Result:
        headroom = read_headroom(params["headroom"])
        observed, hostvars = variables[_OBSERVED], variables["hostvars"]
        observation, window = observed["observation"], observed["window"]
        asked = [ask(host, hostvars, self._templar, params) for host in variables["ansible_play_hosts_all"]]
        planned, fleet = drafts(asked), assemble(asked)
        findings = explain(observation, {host: draft["plans"] for host, draft in planned.items()})
        told = {"findings": findings, "observation": observation, "remarks": remarks(observation, fleet)}
        if params["recommends"]:
            known = {one.host: deployed(one) for one in asked if one.problem is None}
            advice = recommend(window, findings, known, headroom)
            told.update(advice=advice, window=window, fleet=fleet, fleet_after=assemble(resized(asked, advice)))
        # What thousands of hosts are told is for files and tables: callbacks do not print it, even if verbose.
        return {"_ansible_verbose_override": True, **told}
