#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: deployment_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Decide what has to be done on a host to run Flink there
description:
  - Reads the variables of the role P(streamops.flink.flink#role), inspects the host by one execution of
    M(streamops.flink.host_info), plans its memory as M(streamops.flink.memory_plan) does, and decides on the controller
    what has to be installed, written, started, restarted and stopped. The tasks of the role carry that out.
  - Changes nothing, and decides the same in check mode.
  - Fails if a variable is wrong, if the plan is refused, or if a process could not be given what is configured. What
    else stands against a deployment is in RV(objections), which the role checks before the first change.
  - Warns about variables that begin with C(flink_) and that the role does not have.
attributes:
  action:
    description: Has a corresponding action plugin, which runs on the controller.
    support: full
options:
  purpose:
    description:
      - What the decision is for.
      - V(plan) only plans the memory, and opens a connection only if neither C(flink_host_memory) nor facts tell it.
      - V(uninstall) decides what has to be removed.
    type: str
    choices: [deploy, plan, uninstall]
    default: deploy
  cluster:
    description:
      - The hosts of the cluster, as M(streamops.flink.inventory_info) returns them.
      - They stand for C(flink_components), C(flink_jobmanager_hosts) and C(flink_taskmanager_hosts) where these are not
        set.
    type: dict
    suboptions:
      jobmanagers:
        description: The hosts with a JobManager.
        type: list
        elements: str
        required: true
      taskmanagers:
        description: The hosts with TaskManagers.
        type: list
        elements: str
        required: true
      workers:
        description: The same, each host once for each of its TaskManagers.
        type: list
        elements: str
        required: true
  installed_releases:
    description: For O(purpose=uninstall), the directories of the releases that the role installed on the host.
    type: list
    elements: path
    default: []
  used_releases:
    description: For O(purpose=uninstall), those that processes of other clusters run from, which are not removed.
    type: list
    elements: path
    default: []
extends_documentation_fragment:
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.host_info
  - module: streamops.flink.memory_plan
  - module: streamops.flink.files
"""

EXAMPLES = r"""
- name: Decide what has to be done on the host
  streamops.flink.deployment_info:
  vars:
    flink_version: "2.3.0"
    flink_config:
      jobmanager.memory.process.size: 1600m
      taskmanager.memory.process.size: 4g
  register: decided

- name: Show which processes would be restarted
  ansible.builtin.debug:
    var: decided.changes.restart
"""

RETURN = r"""
objections:
  description: What stands against a deployment, a sentence each. Nothing may be changed while there are any.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: ["flink_taskmanager_numa_nodes: only systemd can bind a process to a node. Leave the list out."]
advice:
  description: What the user should know although nothing stands against it. Printed as warnings, too.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: []
plans:
  description: The plans of the processes, as RV(streamops.flink.memory_plan#module:plans).
  returned: success, unless O(purpose=uninstall)
  type: list
  elements: dict
  sample: []
report:
  description: The plans as tables, and what is advised.
  returned: success, for O(purpose=plan)
  type: str
  sample: "flink-1 taskmanager-1: ..."
installation:
  description: What has to be installed. C(missing) names it and is empty if nothing has.
  returned: success, for O(purpose=deploy)
  type: dict
  sample: {missing: [user flink, Flink 2.3.0], is_installed: false, packages: []}
class_archive_script:
  description: The script that makes the archive of classes, or V(null) if there is nothing to make.
  returned: success, for O(purpose=deploy)
  type: str
  sample: null
configuration:
  description: The files of the configuration, as M(streamops.flink.files) takes them.
  returned: success, for O(purpose=deploy)
  type: list
  elements: dict
  sample: [{path: /etc/flink, state: directory, mode: "0755"}]
service:
  description: The files that run the processes, as M(streamops.flink.files) takes them.
  returned: success, for O(purpose=deploy)
  type: list
  elements: dict
  sample: [{path: /var/lib/flink/run, mode: "0755"}]
limits:
  description: The drop-in files with the memory limit of each process, some of which wait for its restart.
  returned: success, for O(purpose=deploy)
  type: dict
  sample: {taskmanager-1: {path: /etc/systemd/system/flink-taskmanager@1.service.d/10-plan.conf, mode: "0644"}}
has_systemd:
  description: Whether systemd runs the processes, and not launchers.
  returned: success, unless O(purpose=plan)
  type: bool
  sample: true
names:
  description: The processes of the host.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: [jobmanager, taskmanager-1]
units:
  description: The units of the processes, obsolete ones included.
  returned: success, unless O(purpose=plan)
  type: dict
  sample: {taskmanager-1: flink-taskmanager@1.service}
changes:
  description:
    - What to do with the processes, by their names.
    - C(start) and C(obsolete) are started and stopped, C(failed) are reset, and C(restart) is in the order of restarts.
  returned: success, for O(purpose=deploy)
  type: dict
  sample: {start: [], failed: [], restart: [taskmanager-1], obsolete: [], needs_reload: false, needs_start: false}
obsolete_files:
  description: The files of obsolete processes, as M(streamops.flink.files) takes them.
  returned: success, for O(purpose=deploy)
  type: list
  elements: dict
  sample: []
restart_groups:
  description: The groups that the playbooks put the host into to restart it.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: [flink_restarting_taskmanagers]
command_line_deviations:
  description: How the command lines of the live processes differ from the plan, a sentence each.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: []
unplanned_ports:
  description: Where the processes listen that have no planned memory.
  returned: success, for O(purpose=deploy)
  type: list
  elements: dict
  sample: [{name: historyserver historyserver.web.port, process: historyserver, host: 0.0.0.0, port: 8082}]
rest:
  description: How to ask the cluster, as C(module_defaults) of the action group C(streamops.flink.rest).
  returned: success, for O(purpose=deploy)
  type: dict
  sample: {url: "http://flink-1:8081", validate_certs: true}
processes:
  description: The processes that have to be stopped.
  returned: success, for O(purpose=uninstall)
  type: list
  elements: str
  sample: [taskmanager-1]
files:
  description: Their files, as M(streamops.flink.files) takes them.
  returned: success, for O(purpose=uninstall)
  type: list
  elements: dict
  sample: []
created_files:
  description: What else the role created, as M(streamops.flink.files) takes it.
  returned: success, for O(purpose=uninstall)
  type: list
  elements: dict
  sample: []
confirmation:
  description: What would be removed, in a sentence that asks for a confirmation.
  returned: success, for O(purpose=uninstall)
  type: str
  sample: This would stop every process of flink on flink-1, and remove /etc/flink, /var/lib/flink.
"""
