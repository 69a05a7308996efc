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
  - Queries the REST API of a JobManager about once a second until every process of a host is registered with its
    planned memory, byte for byte.
  - Prints what it is waiting for whenever that changes.
  - Fails immediately if waiting cannot help, for example if the password is wrong.
attributes:
  check_mode:
    support: none
    details: The task is skipped in check mode.
options:
  plans:
    description: The plans of the processes to wait for, as returned by M(streamops.flink.memory_plan).
    type: list
    elements: dict
    required: true
  host:
    description: The name of the host. The resource IDs of its TaskManagers are V(<host>-1), V(<host>-2) and so on.
    type: str
    required: true
  former:
    description:
      - The paths of TaskManagers that were registered before a restart, by their resource IDs.
      - A TaskManager that is registered with the same ID and path is assumed to be the old one. It does not count until
        it has been missing once.
    type: dict
    default: {}
  ports:
    description: Ports on the host that processes without a plan have to listen on. Checked after the registrations.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The purpose of the port.
        type: str
        required: true
      process:
        description: The process that has to listen on it.
        type: str
        required: true
      host:
        description: The name or address that it listens on, or V(0.0.0.0) for every interface.
        type: str
        required: true
      port:
        description: The number of the port.
        type: int
        required: true
  timeout:
    description: How long to wait in seconds, at most a day. V(0) queries once.
    type: int
    default: 60
extends_documentation_fragment:
  - streamops.flink._action
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
  description: The registered TaskManagers, as returned by M(streamops.flink.cluster_memory_info).
  returned: success
  type: list
  elements: dict
jobmanager:
  description: The JobManager that answered, as returned by M(streamops.flink.cluster_memory_info).
  returned: success
  type: dict
deviations:
  description: One sentence for each deviation from the plan. Empty on success, and if the JobManager does not answer.
  returned: always, unless skipped
  type: list
  elements: str
  sample: ["taskmanager-2: no TaskManager is registered as flink-2-2."]
suspects:
  description:
    - The names of the processes whose logs may give the reason, which are those that deviate.
    - If the JobManager does not answer, it is the JobManager if that is among O(plans), otherwise all of them.
  returned: failure
  type: list
  elements: str
  sample: [taskmanager-2]
elapsed:
  description: The duration in seconds.
  returned: always, unless skipped
  type: int
  sample: 4
"""
