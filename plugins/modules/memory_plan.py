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
  - Runs on the controller. It opens no connection if O(host_memory) or facts give the memory of the host.
  - If Flink would refuse a process, or if the processes do not fit, the task fails with all reasons. Each names the
    host, the option, its value, the rule that it breaks, and what would work.
options:
  flink_version:
    description:
      - A release line such as V(1.20), which stands for its latest patch release, or a full version such as V(1.20.5).
      - Quote it. The number 1.20 would be 1.2, so numbers are refused.
    type: raw
    required: true
  config:
    description:
      - Flink options and their values, with dotted keys, nested as in C(config.yaml), or both.
      - The same option in two forms is refused. V(null) means not set.
      - C(process.size) and C(flink.size) of TaskManager and JobManager may also be V(auto) or a percentage.
      - A percentage is a share of the memory that O(reserved_memory) leaves, rounded down to whole MiB.
      - V(auto) is an equal share of the memory that all other processes leave as well, rounded down to whole MiB. As
        C(flink.size) it is the largest size with which the whole process does not exceed that share.
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
        description: The process.
        type: str
        choices: [jobmanager, taskmanager]
        required: true
      count:
        description: How many of them run on the host or, with O(processes[].numa_nodes), on each of the nodes.
        type: int
        default: 1
      config:
        description: Options of these processes that override O(config). V(null) removes an option.
        type: raw
        default: {}
      numa_nodes:
        description:
          - The NUMA nodes that these processes are bound to, as a list of their numbers, or V(all).
          - Each process takes its share of the memory of its node, less the node's part of the reserve, and has to fit
            into it.
          - Facts, or a size as O(host_memory), do not include the memory of nodes. Whether the processes fit into them
            is then not checked, and a note says so.
        type: raw
  host_memory:
    description:
      - The memory of the host that Flink may use, as a size such as V(64g) or as the result of
        M(streamops.flink.host_memory_info), which includes the NUMA nodes.
      - The default is the fact C(memtotal_mb), except in a container, where the fact describes the machine around it.
        Without such a fact, M(streamops.flink.host_memory_info) asks the host.
    type: raw
  reserved_memory:
    description:
      - The memory kept for the operating system and everything else, as a size such as V(1g) or as a percentage such as
        V(10%), rounded down to whole MiB.
    type: raw
    default: 0
  ask_host:
    description:
      - Whether to open a connection if the memory of the host is not known.
      - If V(false), sizes are then planned without a check that they fit, which a note says, while V(auto) and
        percentages are refused.
    type: bool
    default: true
  config_check:
    description:
      - What becomes of errors in options that have nothing to do with memory, such as values that Flink cannot read.
      - V(strict) refuses them, V(warn) makes warnings of them, and V(off) checks memory only.
      - P(streamops.flink.config_check#filter) tells what is checked.
    type: str
    choices: [strict, warn, "off"]
    default: strict
  config_known_keys:
    description: Keys that only jobs of your own read, and about which nobody has to be warned.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - streamops.flink._action
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

- name: Divide what a JobManager and a reserve of 1 GiB leave between two TaskManagers
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
  streamops.flink.show:
    text: "{{ item | streamops.flink.memory_table }}"
  loop: "{{ host.plans }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
config:
  description:
    - The options given for the whole host, with dotted keys.
    - V(auto) and percentages are replaced by sizes, and left out for processes that do not run on the host.
  returned: success
  type: dict
  sample:
    taskmanager.memory.process.size: 4g
plans:
  description:
    - One plan for each process instance, with the keys that P(streamops.flink.memory_plan#filter) returns, and these.
    - Plans contain the configuration, so they are never printed as the result of the task, whatever the callback.
      With C(-v), the size of each process is. Plays can use what is registered.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the instance.
      type: str
      sample: taskmanager-1
    config:
      description: The options of the instance, with dotted keys. V(auto) and percentages are replaced by sizes.
      type: dict
      sample:
        taskmanager.memory.process.size: 4g
    asked:
      description: The totals that were given as a share of the host, as given.
      type: dict
      sample:
        taskmanager.memory.process.size: auto
    numa_node:
      description: The NUMA node that the instance is bound to, or V(null).
      type: int
      sample: 0
host:
  description: The memory of the host in bytes. If it is not known, everything except RV(host.planned) is V(null).
  returned: success
  type: dict
  contains:
    memory:
      description: The memory that Flink may use.
      type: int
      sample: 17179869184
    reserved:
      description: The memory kept for everything else.
      type: int
      sample: 1717567488
    planned:
      description: The sum of the total process sizes.
      type: int
      sample: 15462301696
    free:
      description: The remaining memory.
      type: int
      sample: 0
    limited_by:
      description: What sets the limit.
      type: str
      sample: physical memory
notes:
  description:
    - The hints and warnings of all plans.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name of the instance, or V(host).
      type: str
      sample: taskmanager-1
    level:
      description: How much it matters, V(hint) or V(warning).
      type: str
      sample: hint
    code:
      description: A stable identifier.
      type: str
      sample: jvm-overhead-capped
    options:
      description: The options concerned.
      type: list
      elements: str
      sample: [taskmanager.memory.jvm-overhead.max, taskmanager.memory.jvm-overhead.fraction]
    message:
      description: The finding.
      type: str
      sample: >-
        JVM overhead is 1g, its maximum by default; taskmanager.memory.jvm-overhead.fraction alone would have given 3.9g
        (4294967360 bytes).
    remedy:
      description: What to do about it.
      type: str
      sample: Set taskmanager.memory.jvm-overhead.max to 4294967360.
    changes:
      description:
        - The options and values that the remedy advises, which were tried; V(null) is for an option that has to go.
        - Empty if it cannot be said in options.
        - The filter P(streamops.flink.merge_config#filter) lays them over the configuration.
      type: dict
      sample: {taskmanager.memory.jvm-overhead.max: 4294967360}
"""
