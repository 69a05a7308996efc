#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: memory_plan
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Plan the memory of a host's Flink processes
description:
  - Computes the memory of every Flink process of a host, to the byte as that release of Flink computes it, before
    anything is changed.
  - Runs on the controller and opens no connection.
  - If one process would be refused by Flink, the task fails with all reasons, each naming the option, the value, the
    rule that it breaks and what would work.
attributes:
  action:
    description: Has a corresponding action plugin, which runs on the controller.
    support: full
options:
  flink_version:
    description:
      - A release line such as V(1.20), which stands for its latest patch release, or a full version such as V(1.20.5).
      - Quote it. As a number, 1.20 is 1.2, and is refused.
    type: raw
    required: true
  config:
    description:
      - Flink options and their values, with dotted keys, nested as in C(config.yaml), or both mixed.
      - The same option in two forms is refused. V(null) means not set.
    type: raw
    default: {}
  processes:
    description: The processes of the host.
    type: list
    elements: dict
    default:
      - process: taskmanager
    suboptions:
      process:
        description: Which process.
        type: str
        choices: [jobmanager, taskmanager]
        required: true
      count:
        description: How many of them run on the host.
        type: int
        default: 1
      config:
        description: Options of these processes, laid over O(config). V(null) takes an option away.
        type: raw
        default: {}
extends_documentation_fragment:
  - streamops.flink._attributes
seealso:
  - plugin: streamops.flink.memory_plan
    plugin_type: filter
  - module: streamops.flink.cluster_memory_info
"""

EXAMPLES = r"""
- name: Plan a TaskManager of 4 GiB
  streamops.flink.memory_plan:
    flink_version: "2.3.0"
    config:
      taskmanager.memory.process.size: 4g

- name: Plan a JobManager, two TaskManagers and a larger third one
  streamops.flink.memory_plan:
    flink_version: "1.20"
    config:
      jobmanager.memory.process.size: 1600m
      taskmanager.memory.process.size: 4g
    processes:
      - process: jobmanager
      - process: taskmanager
        count: 2
      - process: taskmanager
        config:
          taskmanager.memory.process.size: 8g
  register: host

- name: Show the memory of every process
  ansible.builtin.debug:
    msg: "{{ (item | streamops.flink.memory_table).splitlines() }}"
  loop: "{{ host.plans }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
plans:
  description:
    - One plan for each process instance, with the keys that P(streamops.flink.memory_plan#filter) returns, and these.
    - Since it contains the configuration, it is never printed as the result of the task.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the instance.
      type: str
      sample: taskmanager-1
    config:
      description: The options of the instance, with dotted keys.
      type: dict
      sample:
        taskmanager.memory.process.size: 4g
notes:
  description: The notes of all plans. RV(notes[].name) is the instance that a note is about.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the instance.
      type: str
      sample: taskmanager-1
    level:
      description: How much it matters, V(hint) or V(warning).
      type: str
      sample: hint
    code:
      description: A stable name.
      type: str
      sample: jvm-overhead-raised
    options:
      description: The options that it is about.
      type: list
      elements: str
      sample: [taskmanager.memory.jvm-overhead.min, taskmanager.memory.jvm-overhead.fraction]
    message:
      description: What is the case.
      type: str
      sample: JVM overhead is 192m, its minimum; taskmanager.memory.jvm-overhead.fraction alone would have given 102.4m.
    remedy:
      description: What to do about it.
      type: str
      sample: "Nothing to do, unless the memory is wanted elsewhere: then lower taskmanager.memory.jvm-overhead.min."
"""
