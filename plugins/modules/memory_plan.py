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
  - Computes the memory of every Flink process of a host, to the byte as that release of Flink computes it, and checks
    that all of them together fit into the memory of the host, before anything is changed.
  - Runs on the controller. It opens no connection if the memory of the host is known by O(host_memory) or by facts.
  - If one process would be refused by Flink, or if they do not fit, the task fails with all reasons, each naming the
    host, the option, the value, the rule that it breaks and what would work.
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
      - C(process.size) and C(flink.size) of TaskManager and JobManager may also be V(auto) or a percentage.
      - A percentage is that part of what the host has left after O(reserved_memory), rounded down to whole MiB.
      - V(auto) is what the other processes leave of that, divided by the number of processes with V(auto), and rounded
        down to whole MiB. As C(flink.size) it is the largest one with which the whole process is no larger.
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
        description: How many of them run on the host; with O(processes[].numa_nodes), on each of the nodes.
        type: int
        default: 1
      config:
        description: Options of these processes, laid over O(config). V(null) takes an option away.
        type: raw
        default: {}
      numa_nodes:
        description:
          - The NUMA nodes that these processes are bound to, as a list of their numbers, or V(all).
          - Each process shares, and has to fit into, the memory of its node, which bears its part of the reserve.
          - Neither facts nor a size as O(host_memory) tell the memory of nodes. Then nobody checks that the processes
            fit into them, which is a note.
        type: raw
  host_memory:
    description:
      - What Flink may use of the memory of the host, as a size such as V(64g) or as
        M(streamops.flink.host_memory_info) returns it, which also tells the NUMA nodes.
      - Without it, the fact C(memtotal_mb) counts, unless it is one of a container, where it tells the memory of the
        machine around it. If there is no such fact, the host is asked by M(streamops.flink.host_memory_info).
    type: raw
  reserved_memory:
    description:
      - What is kept for the operating system and others, as a size such as V(1g) or a percentage of the memory such as
        V(10%), rounded down to whole MiB.
      - Quote a percentage.
    type: raw
    default: 0
  ask_host:
    description:
      - Whether to open a connection if the memory of the host is not known.
      - Without, sizes are planned and nobody checks that they fit, which is a note, and V(auto) and percentages are
        refused.
    type: bool
    default: true
extends_documentation_fragment:
  - streamops.flink._attributes
seealso:
  - plugin: streamops.flink.memory_plan
    plugin_type: filter
  - module: streamops.flink.host_memory_info
  - module: streamops.flink.fleet_plan
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
    host_memory: 32g
    reserved_memory: 10%
  register: host

- name: Give two TaskManagers all that a JobManager and a reserve of 1 GiB leave
  streamops.flink.memory_plan:
    flink_version: "2.3.0"
    config:
      jobmanager.memory.process.size: 1600m
      taskmanager.memory.process.size: auto
    processes:
      - process: jobmanager
      - process: taskmanager
        count: 2
    reserved_memory: 1g

- name: Show the memory of every process
  ansible.builtin.debug:
    msg: "{{ (item | streamops.flink.memory_table).splitlines() }}"
  loop: "{{ host.plans }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
config:
  description:
    - The options given for the whole host, with dotted keys.
    - V(auto) and percentages are the sizes that they came to; those of processes that do not run here are left out.
  returned: success
  type: dict
  sample:
    taskmanager.memory.process.size: 4g
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
      description: The options of the instance, with dotted keys; V(auto) and percentages are sizes here.
      type: dict
      sample:
        taskmanager.memory.process.size: 4g
    asked:
      description: The totals that were given as a share of the host, as they were written.
      type: dict
      sample:
        taskmanager.memory.process.size: auto
    numa_node:
      description: The NUMA node that the instance is bound to; V(null) if it is bound to none.
      type: int
      sample: 0
host:
  description: The memory of the host, in bytes. All but RV(host.planned) is V(null) if it is not known.
  returned: success
  type: dict
  contains:
    memory:
      description: What Flink may use of it.
      type: int
      sample: 17179869184
    reserved:
      description: What is kept for others.
      type: int
      sample: 1717567488
    planned:
      description: The total process sizes together.
      type: int
      sample: 15462301696
    free:
      description: What remains.
      type: int
      sample: 0
    limited_by:
      description: What sets the limit.
      type: str
      sample: physical memory
notes:
  description:
    - The notes of all plans. RV(notes[].name) is the instance that a note is about, or V(host).
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
