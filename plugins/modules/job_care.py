#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: job_care
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
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
  at_once:
    description:
      - Whether processes can restart at once, as the playbooks do it. The role alone restarts those of a host one after
        the other, but for those with which a job begins in application mode.
    type: bool
    default: true
  batch:
    description: How many hosts restart their TaskManagers at a time, as a number or a percentage.
    type: str
    default: "1"
  purpose:
    description:
      - What the run is for. V(deploy) is a run of the role, V(jobs) brings jobs to their states, V(stop) and V(resume)
        have them wait or go on, V(drain) leaves hosts, V(savepoint) and V(show) only look.
    type: str
    choices: [deploy, jobs, stop, resume, drain, savepoint, show]
    default: deploy
  drained:
    description: The hosts whose TaskManagers are to be stopped, with O(purpose=drain).
    type: list
    elements: str
    default: []
  jobs:
    description: The names or IDs of the jobs that are meant, with O(purpose=savepoint). By default, all that run.
    type: list
    elements: str
    default: []
  keep:
    description: How many savepoints of a job stay, with O(purpose=savepoint).
    type: int
  keep_days:
    description: How many days a savepoint stays, with O(purpose=savepoint).
    type: int
  deletes:
    description: Whether those that need not stay are deleted, with O(purpose=savepoint).
    type: bool
    default: false
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
  description: How the TaskManagers restart, V(rolling), V(spare) or V(together).
  returned: success
  type: str
  sample: together
restart_groups:
  description: The groups of each host while the cluster restarts.
  returned: success
  type: dict
spares:
  description: The TaskManagers of each host that restart before the others, as no job uses them.
  returned: success
  type: dict
together:
  description: The processes of each host that restart at once.
  returned: success
  type: dict
begin_together:
  description:
    - The processes of each host that restart at once for a job to begin in application mode, where nothing else
      restarts.
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
interrupted:
  description: The IDs of the jobs that TaskManagers interrupt as they restart.
  returned: success
  type: list
  elements: str
within_restart:
  description: Whether jobs are stopped right before all processes restart, and resumed right after.
  returned: success
  type: bool
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
lags:
  description: Whether a JobManager host has to be told which job it may have to run.
  returned: success
  type: bool
needs_run:
  description: Whether any of them has to be looked after once the processes run.
  returned: success
  type: bool
programs:
  description: The files of jobs that have to be on the JobManager hosts.
  returned: success
  type: list
  elements: dict
hold:
  description: What the jobs that are stopped are told, as O(streamops.flink.jobs#module:hold).
  returned: success
  type: str
drained:
  description: The TaskManagers to be stopped, by host.
  returned: O(purpose=drain)
  type: dict
resource_ids:
  description: The IDs of these TaskManagers.
  returned: O(purpose=drain)
  type: list
  elements: str
savepoints:
  description: The IDs of jobs whose savepoints are to be made, with directory and format.
  returned: O(purpose=savepoint)
  type: list
  elements: dict
old:
  description: The savepoints to be deleted.
  returned: O(purpose=savepoint)
  type: list
  elements: str
jobs:
  description: The jobs of the cluster, as M(streamops.flink.job_info) returns them, each with its declared name.
  returned: O(purpose=show)
  type: list
  elements: dict
declared:
  description: What is known of each declared job.
  returned: O(purpose=show)
  type: list
  elements: dict
report:
  description: Both of them, for people.
  returned: O(purpose=show)
  type: str
deviations:
  description: What is not as declared, in sentences.
  returned: O(purpose=show)
  type: list
  elements: str
flink_version:
  description: The release that runs.
  returned: O(purpose=show)
  type: str
host:
  description: The host on which the jobs are worked on.
  returned: success
  type: str
rest:
  description: How its JobManager is asked, as options of M(streamops.flink.jobs), without the password.
  returned: success
  type: dict
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
