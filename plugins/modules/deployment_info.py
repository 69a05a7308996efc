#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: deployment_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Decide what to do on a host to run Flink
description:
  - Reads the variables of the role P(streamops.flink.flink#role), inspects the host with one execution of
    M(streamops.flink.host_info), plans its memory as M(streamops.flink.memory_plan) does, and decides on the controller
    what to install, write, start, restart and stop. The tasks of the role carry this out.
  - Changes nothing, and makes the same decision in check mode.
  - Fails if a variable is invalid, if the plan is refused, or if a process could not run with its configuration. All
    other problems are in RV(objections), which the role checks before the first change.
  - Warns about variables that begin with C(flink_) but that the role does not know.
options:
  purpose:
    description:
      - The purpose of the decision.
      - V(observe) decides how to look at the processes and ask the cluster, even if the plan is refused, and opens no
        connection.
      - V(plan) only plans the memory, and opens a connection only if neither C(flink_host_memory) nor facts give the
        memory of the host.
      - V(uninstall) decides what to remove.
    type: str
    choices: [deploy, observe, plan, uninstall]
    default: deploy
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
  - streamops.flink._cluster
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
  description: One sentence for each reason not to deploy. If there are any, change nothing.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: ["flink_jobmanager_hosts: expected each host once, got h1, h2, h1. Name each once."]
root_objections:
  description: Those of RV(objections) for which root would run what others could have placed. Not even restart then.
  returned: success, for O(purpose=deploy) and O(purpose=uninstall)
  type: list
  elements: str
  sample: []
advice:
  description: Advice that does not prevent a deployment. Also printed as warnings.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: []
plans:
  description: The plans of the processes, as in RV(streamops.flink.memory_plan#module:plans).
  returned: success, for O(purpose=deploy) and O(purpose=plan)
  type: list
  elements: dict
  sample: []
report:
  description: The plans as tables, and advice.
  returned: success, for O(purpose=plan)
  type: str
  sample: "flink-1 taskmanager-1: ..."
ports:
  description:
    - The ports of TCP that a firewall has to let through, without those that only the host itself reaches.
    - C(port) is a number, several as Flink writes them, or V(random). C(address) is where it is bound.
    - C(sources) are those who have to reach it, of V(jobmanagers), V(taskmanagers), V(zookeepers), V(users) and
      V(prometheus).
  returned: success, for O(purpose=deploy) and O(purpose=plan)
  type: list
  elements: dict
  sample:
    - host: flink-1
      process: jobmanager
      option: rest.port
      purpose: REST and web interface
      port: "8081"
      address: 0.0.0.0
      sources: [users]
installation:
  description: What to install. C(missing) names it, and is empty if everything is installed.
  returned: success, for O(purpose=deploy)
  type: dict
  sample: {missing: [user flink, Flink 2.3.0], is_installed: false, packages: []}
class_archive_script:
  description: The script that archives the classes of the release; V(null) if it has been made, or is not wanted.
  returned: success, for O(purpose=deploy)
  type: str
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
firewalls:
  description: The firewall for the ports of the host, which is to be loaded, and then what is left of another one.
  returned: success, for O(purpose=deploy)
  type: list
  elements: dict
  sample: [{kind: nftables, removes: false, table: flink, unit: flink-firewall.service}]
limits:
  description: The drop-in file with the memory limit of each process. Some are written only when it restarts.
  returned: success, for O(purpose=deploy)
  type: dict
  sample: {taskmanager-1: {path: /etc/systemd/system/flink-taskmanager@1.service.d/10-plan.conf, mode: "0644"}}
has_systemd:
  description: Whether systemd runs the processes, or any of those to remove. If not, launchers do.
  returned: success, for O(purpose=deploy) and O(purpose=uninstall)
  type: bool
  sample: true
names:
  description: The processes of the host that are to run.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: [jobmanager, taskmanager-1]
rests:
  description: Whether no process is to run, since the one job of the cluster is not to.
  returned: success, for O(purpose=deploy)
  type: bool
  sample: false
units:
  description: The units of the processes, including obsolete ones.
  returned: success, for O(purpose=deploy) and O(purpose=uninstall)
  type: dict
  sample: {taskmanager-1: flink-taskmanager@1.service}
changes:
  description:
    - The names of the processes to change.
    - Those in C(start) are started, those in C(obsolete) and C(halt) stopped, those in C(failed) reset, and those in
      C(restart) restarted in this order.
  returned: success, for O(purpose=deploy)
  type: dict
  sample:
    start: []
    halt: []
    failed: []
    restart: [taskmanager-1]
    obsolete: []
    needs_reload: false
    needs_start: false
pending:
  description: The processes that do not run as configured, even if they are not to be restarted.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: [taskmanager-1]
unit_stops:
  description: The processes to stop that have a unit.
  returned: success, for O(purpose=deploy) and O(purpose=uninstall)
  type: list
  elements: str
  sample: []
launcher_stops:
  description: The processes to stop that have a launcher.
  returned: success, for O(purpose=deploy) and O(purpose=uninstall)
  type: list
  elements: str
  sample: []
obsolete_files:
  description: The files of obsolete processes, as M(streamops.flink.files) takes them.
  returned: success, for O(purpose=deploy)
  type: list
  elements: dict
  sample: []
restart_groups:
  description: The groups that the playbooks add the host to for the restart.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: [flink_restarting_taskmanagers]
command_line_deviations:
  description: One sentence for each difference between the command line of a live process and its plan.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: []
health_ports:
  description: The ports where processes have to listen that the answers of the cluster say nothing of.
  returned: success, for O(purpose=deploy)
  type: list
  elements: dict
  sample: [{name: historyserver historyserver.web.port, process: historyserver, host: 0.0.0.0, port: 8082}]
jobs:
  description: What the host has to say about the jobs of the cluster, for M(streamops.flink.job_care).
  returned: success, for O(purpose=deploy) and O(purpose=uninstall)
  type: dict
rest:
  description: How to query the cluster, as C(module_defaults) of the action group C(streamops.flink.rest).
  returned: success, unless O(purpose=plan)
  type: dict
  sample: {url: "http://flink-1:8081", validate_certs: true}
rest_host:
  description: The host of the inventory from which to query it, which is another one if REST is not open to this host.
  returned: success, unless O(purpose=plan)
  type: str
  sample: flink-1
proxy:
  description: >-
    The proxy in front of the REST API, with its unit, its files as M(streamops.flink.files) takes them, those of a
    trial before, and whether it has to be started. V(null) where there is to be none.
  returned: success, for O(purpose=deploy)
  type: dict
secrets:
  description: Values of options, and contents of C(flink_secret_files), that no message may have.
  returned: success, for O(purpose=deploy)
  type: list
  elements: str
  sample: []
look:
  description: How to look at the processes of the host, as arguments of M(streamops.flink.process_info).
  returned: success, for O(purpose=deploy) and O(purpose=observe)
  type: dict
  sample: {log_directory: /var/log/flink, slice: system.slice, processes: [{name: taskmanager-1}]}
processes:
  description: The processes that the role deployed.
  returned: success, for O(purpose=uninstall)
  type: list
  elements: str
  sample: [taskmanager-1]
files:
  description: The files to remove, as M(streamops.flink.files) takes them. Only those that the role provably made.
  returned: success, for O(purpose=uninstall)
  type: list
  elements: dict
  sample: []
confirmation:
  description: What would be removed, in sentences that ask for confirmation.
  returned: success, for O(purpose=uninstall)
  type: str
  sample: >-
    flink_uninstall_confirmed: expected true, got false. It would stop every process of flink on flink-1, and remove its
    files in ...
"""
