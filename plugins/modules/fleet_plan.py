#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet_plan
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Plan the memory of the Flink processes of a whole inventory
description:
  - Plans every host as M(streamops.flink.memory_plan) does, in a single task that runs once, on the controller, and
    opens no connection.
  - Reads the variables of the role P(streamops.flink.flink#role) that decide what a host runs. These are
    C(flink_version), C(flink_config), C(flink_components), C(flink_taskmanager_count), C(flink_jobmanager_config),
    C(flink_taskmanager_configs), C(flink_taskmanager_numa_nodes), C(flink_host_memory), C(flink_reserved_memory),
    C(flink_config_check) and C(flink_config_known_keys).
    Set them in the inventory or as extra variables. Those that a play or a role sets are ignored.
  - The memory of a host is C(flink_host_memory), the result of an earlier task (see O(host_memory_info)), or the fact
    C(memtotal_mb), which may come from a cache.
  - Does not fail for refused hosts. They are in the result with the reasons.
  - Warns of what a cluster leaves open, and of variables for TLS that a deployment refuses.
options:
  hosts:
    description: The hosts to plan. The default is the hosts of the play.
    type: list
    elements: str
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
  flink_version:
    description: A release to plan all hosts with instead of their own, to see what it would change.
    type: raw
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.memory_plan
  - module: streamops.flink.host_memory_info
  - plugin: streamops.flink.fleet_table
    plugin_type: filter
  - plugin: streamops.flink.fleet_csv
    plugin_type: filter
  - plugin: streamops.flink.fleet_page
    plugin_type: filter
  - plugin: streamops.flink.fleet_picture
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Plan all hosts of the play
  streamops.flink.fleet_plan:
  register: planned

- name: Show them
  streamops.flink.show:
    text: "{{ planned.fleet | streamops.flink.fleet_table }}"
  run_once: true

- name: See what Flink 2.3 would change
  streamops.flink.fleet_plan:
    flink_version: "2.3"
  register: later

- name: Write a page that compares the two
  ansible.builtin.copy:
    content: "{{ later.fleet | streamops.flink.fleet_page(planned.fleet) }}"
    dest: /tmp/plan.html
    mode: "0644"
  delegate_to: localhost
  connection: local
  run_once: true
"""

RETURN = r"""
fleet:
  description: All hosts and their plans. Never printed as the result of the task.
  returned: success
  type: dict
  contains:
    summary:
      description: The number of hosts, and how many of them are C(fine), C(warned) and C(refused).
      type: dict
      sample: {hosts: 12, fine: 11, warned: 0, refused: 1}
    hosts:
      description: The hosts. Refused ones come first, then those with warnings.
      type: list
      elements: dict
      contains:
        host:
          description: The name in the inventory.
          type: str
          sample: flink-1
        groups:
          description: The groups of the host.
          type: list
          elements: str
          sample: [flink_taskmanagers]
        status:
          description: V(refused), V(warned) if its plan has a warning, or V(fine).
          type: str
          sample: fine
        plan:
          description: The index of its plan in RV(fleet.plans), or V(null) if it has none.
          type: int
          sample: 0
        error:
          description: The reasons why it is refused, one per line, or V(null).
          type: str
          sample: null
    plans:
      description:
        - The plans. Identical hosts share one.
        - Of the configuration, they contain only the memory options.
      type: list
      elements: dict
      contains:
        flink_version:
          description: The release.
          type: str
          sample: "2.3.0"
        host:
          description: As RV(streamops.flink.memory_plan#module:host). C(free) is negative if the processes do not fit.
          type: dict
          sample: {memory: 17179869184, reserved: 1717567488, planned: 8589934592, free: 6872367104}
        processes:
          description:
            - The processes, each with C(name), C(process), C(numa_node), C(derived_from), C(asked), C(memory),
              C(slots) and C(jvm_args) as in RV(streamops.flink.memory_plan#module:plans).
            - C(settings) are their memory options, C(derivation) says where each component comes from.
          type: list
          elements: dict
          sample: []
        notes:
          description: As RV(streamops.flink.memory_plan#module:notes).
          type: list
          elements: dict
          sample: []
"""
