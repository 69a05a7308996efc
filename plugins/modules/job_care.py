#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: job_care
author: streamops.flink contributors (@streamops)
version_added: 1.1.0
short_description: Decide what happens to the jobs of a cluster, for the role of this collection
description:
  - An internal tool of the role and the playbooks, which may change in a minor release.
  - Reads what M(streamops.flink.deployment_info) has decided about each host of the play, asks the cluster once which
    jobs run, and decides which of them are stopped before processes restart, and which are started afterwards.
  - Prints what will happen to each job. Fails with all that would lose a job against the user's will.
  - Runs once per batch of hosts.
attributes:
  check_mode:
    support: full
options:
  batch:
    description: How many hosts restart their TaskManagers at a time, as a number or a percentage.
    type: str
    default: "1"
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
"""

EXAMPLES = r"""
- name: Decide what happens to the jobs of the cluster
  streamops.flink.job_care:
  register: care
  run_once: true
"""

RETURN = r"""
sentences:
  description: What will happen to each job.
  returned: success
  type: list
  elements: str
  sample: ["orders: is interrupted once, and goes on from its newest checkpoint."]
order:
  description: How the TaskManagers restart, V(rolling) or V(together).
  returned: success
  type: str
  sample: together
restart_groups:
  description: The groups of each host while the cluster restarts.
  returned: success
  type: dict
stopped:
  description: The declared jobs that are stopped before the restart, as options of M(streamops.flink.jobs).
  returned: success
  type: list
  elements: dict
unmanaged:
  description: The IDs of the other jobs that are stopped before the restart.
  returned: success
  type: list
  elements: str
prepared:
  description:
    - The job that a JobManager in application mode begins with as soon as it is started, as options of
      M(streamops.flink.jobs).
  returned: success
  type: list
  elements: dict
wanted:
  description: The declared jobs, as options of M(streamops.flink.jobs).
  returned: success
  type: list
  elements: dict
needs_run:
  description: Whether any of them has to be looked after once the processes run.
  returned: success
  type: bool
programs:
  description: The files of jobs that have to be on the JobManager hosts.
  returned: success
  type: list
  elements: dict
host:
  description: The host on which the jobs are worked on.
  returned: success
  type: str
jobmanagers:
  description: The hosts of the play that have a JobManager.
  returned: success
  type: list
  elements: str
settings:
  description: Further options of M(streamops.flink.jobs).
  returned: success
  type: dict
"""
