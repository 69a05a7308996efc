#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: inventory_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Find the hosts of a Flink cluster in the inventory
description:
  - Validates the variables of the playbooks (see the entry point C(cluster) of P(streamops.flink.flink#role)) and finds
    the hosts of the two groups that they name.
  - Fails if none of these hosts is in the run, and names the groups of the inventory.
  - Runs once for all hosts of the play, on the controller, and opens no connection.
options: {}
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.deployment_info
  - module: streamops.flink.fleet_plan
"""

EXAMPLES = r"""
- name: Find the hosts of the cluster
  streamops.flink.inventory_info:
  register: inventory
  run_once: true
"""

RETURN = r"""
cluster:
  description: The hosts of the cluster, as the option of that name of M(streamops.flink.deployment_info) takes them.
  returned: success
  type: dict
  contains:
    jobmanagers:
      description: The hosts with a JobManager.
      type: list
      elements: str
      sample: [flink-1]
    taskmanagers:
      description: The hosts with TaskManagers.
      type: list
      elements: str
      sample: [flink-2, flink-3]
    workers:
      description: The hosts with TaskManagers, once for each TaskManager.
      type: list
      elements: str
      sample: [flink-2, flink-2, flink-3]
"""
