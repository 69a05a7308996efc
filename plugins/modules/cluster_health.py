#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_health
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Wait until the Flink processes of a host are as planned
description:
  - Asks the REST API of a JobManager about once a second, until every process of a host is registered with the memory
    planned for it, byte for byte.
  - Says what it waits for whenever that changes.
  - Fails at once if waiting cannot help, such as for a wrong password.
attributes:
  action:
    description: Has a corresponding action plugin, which runs on the controller.
    support: full
  check_mode:
    support: none
    details: In check mode no cluster is asked, and the task is skipped.
options:
  plans:
    description: The plans of the processes to wait for, as M(streamops.flink.memory_plan) returns them.
    type: list
    elements: dict
    required: true
  host:
    description: The name of the host. The resource IDs of its TaskManagers are V(<host>-1), V(<host>-2) and so on.
    type: str
    required: true
  former:
    description:
      - Resource IDs and paths of TaskManagers that were registered before a restart.
      - A TaskManager that is registered with the same ID and path is taken for the one from before, and does not count
        until it has been missing once.
    type: dict
    default: {}
  ports:
    description: Where processes without a plan have to listen on the host, after those with one are registered.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: What the port is for.
        type: str
        required: true
      process:
        description: The process that has to listen there.
        type: str
        required: true
      host:
        description: The name or address that it listens at; V(0.0.0.0) for every interface.
        type: str
        required: true
      port:
        description: The port.
        type: int
        required: true
  timeout:
    description: How long to wait, in seconds. V(0) asks once.
    type: int
    default: 60
extends_documentation_fragment:
  - streamops.flink._attributes
  - streamops.flink._rest
seealso:
  - module: streamops.flink.cluster_memory_info
  - module: streamops.flink.memory_plan
  - plugin: streamops.flink.memory_deviations
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Plan the processes of this host
  streamops.flink.memory_plan:
    flink_version: "2.3.0"
    config:
      taskmanager.memory.process.size: 4g
  register: host

- name: Wait until they are registered as planned
  streamops.flink.cluster_health:
    plans: "{{ host.plans }}"
    host: "{{ inventory_hostname }}"
    url: http://flink-1:8081
    timeout: 120
"""

RETURN = r"""
flink_version:
  description: The release that answered.
  returned: success
  type: str
  sample: 2.3.0
taskmanagers:
  description: The registered TaskManagers, as M(streamops.flink.cluster_memory_info) returns them.
  returned: success
  type: list
  elements: dict
jobmanager:
  description: The JobManager that answered, as M(streamops.flink.cluster_memory_info) returns it.
  returned: success
  type: dict
deviations:
  description: What is not as planned, a sentence each. Empty on success, and if the JobManager does not answer.
  returned: always, unless skipped
  type: list
  elements: str
  sample: ["taskmanager-2: no TaskManager is registered as flink-2-2."]
suspects:
  description:
    - The names of the processes whose logs may say why, which are those that deviate.
    - If the JobManager does not answer, it is the one if it is among O(plans), else they all are.
  returned: failure
  type: list
  elements: str
  sample: [taskmanager-2]
elapsed:
  description: How long it took, in seconds.
  returned: always, unless skipped
  type: int
  sample: 4
"""
