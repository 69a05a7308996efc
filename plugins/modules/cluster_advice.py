#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_advice
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Explain what was seen of a cluster and recommend what to change, for the playbooks of this collection
description:
  - An internal tool of the playbooks, which may change in a minor release.
  - Plans the hosts of the play from their variables as M(streamops.flink.fleet_plan) does, and holds against it what
    M(streamops.flink.cluster_look) has gathered, which has to be registered as the playbooks do.
  - Names what died or failed with its cause, and what is scarce. Recommends sizes from all looks so far, and plans the
    hosts with them. Changes nothing.
  - Runs once, on the controller, and opens no connection.
options:
  recommends:
    description: Whether to recommend, or only to explain.
    type: bool
    default: true
  headroom:
    description: The variable C(flink_headroom).
    type: dict
    default: {}
  jobmanager_group:
    description: The group of the hosts with a JobManager, for hosts that do not set C(flink_components).
    type: str
    default: flink_jobmanagers
  taskmanager_group:
    description: The group of the hosts with TaskManagers, for hosts that do not set C(flink_components).
    type: str
    default: flink_taskmanagers
  host_memory_info:
    description:
      - The name of the variable in which an earlier task registered the result of M(streamops.flink.host_memory_info).
    type: str
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.cluster_look
  - module: streamops.flink.fleet_plan
  - plugin: streamops.flink.findings_table
    plugin_type: filter
  - plugin: streamops.flink.advice_table
    plugin_type: filter
  - plugin: streamops.flink.advice_page
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Explain the look before, and recommend
  streamops.flink.cluster_advice:
    headroom: {heap: 2}
  register: advised

- name: Show what happened
  streamops.flink.show:
    text: "{{ advised.findings | streamops.flink.findings_table }}"
  run_once: true
"""

RETURN = r"""
findings:
  description: What died, failed, or is scarce.
  returned: success
  type: list
  elements: dict
  contains:
    level:
      description: V(error), V(warning) or V(hint).
      type: str
      sample: error
    code:
      description: The kind of the finding.
      type: str
      sample: heap
    host:
      description: The host that it is about, or V(null) for the cluster.
      type: str
      sample: flink-2
    process:
      description: The process that it is about, or V(null) for all.
      type: str
      sample: taskmanager-1
    time:
      description: When it happened, in seconds since 1970, or V(null).
      type: int
      sample: 1795792928
    message:
      description: What happened.
      type: str
      sample: taskmanager-1 was killed at 764m, its unit's limit is 768m.
    evidence:
      description: Numbers and lines, each with C(text) and C(source).
      type: list
      elements: dict
      sample: [{text: 782564 kB anonymous at death, source: kernel log}]
    component:
      description: The component of its memory that matters, or V(null).
      type: str
      sample: task_heap
    options:
      description: The options that matter.
      type: list
      elements: str
      sample: [taskmanager.memory.task.heap.size]
    remedy:
      description: What to do.
      type: str
      sample: Raise taskmanager.memory.task.heap.size.
    symptoms:
      description: Messages that it explains.
      type: list
      elements: str
      sample: []
remarks:
  description: What was seen, and what could not be, as lines.
  returned: success
  type: str
  sample: "Seen: 3 running processes on 2 hosts, REST answered."
observation:
  description: The look that is explained, as RV(streamops.flink.cluster_look#module:observation).
  returned: success
  type: dict
advice:
  description: What to change, for P(streamops.flink.advice_table#filter) and P(streamops.flink.advice_page#filter).
  returned: success, for O(recommends=true)
  type: dict
  contains:
    findings:
      description: As RV(findings).
      type: list
      elements: dict
    recommendations:
      description:
        - One for each rule that applies to processes with the same configuration, with C(rule), C(kind), C(hosts),
          C(processes), C(message), C(evidence), C(changes), C(confidence), C(refuted_by) and C(delta) in bytes.
      type: list
      elements: dict
    resized:
      description:
        - The hosts that change, with C(kind), C(hosts), C(count), C(variables), which are options for C(flink_config),
          the memory C(before) and C(after), C(skew), and C(error) if a host would refuse it.
      type: list
      elements: dict
    freed:
      description: The bytes that all hosts together get back. Negative if they need more.
      type: int
      sample: 3758096384
    withheld:
      description: Why more is not recommended.
      type: list
      elements: str
      sample: ["No job was at work in any look, so nothing is lowered."]
window:
  description: All looks that the advice is from, as RV(streamops.flink.cluster_look#module:window).
  returned: success, for O(recommends=true)
  type: dict
fleet:
  description: The plans, as RV(streamops.flink.fleet_plan#module:fleet).
  returned: success, for O(recommends=true)
  type: dict
fleet_after:
  description: The plans if all advice is taken.
  returned: success, for O(recommends=true)
  type: dict
"""
