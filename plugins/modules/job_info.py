#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: job_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Get the jobs of a running Flink cluster
description:
  - Queries the REST API of a JobManager and returns its jobs, also those that ended within the last hour.
  - Without O(details), it takes two requests however many jobs there are.
options:
  jobs:
    description:
      - The names or IDs of the jobs to return. By default, all of them.
      - A name is the one that the program gives. Several jobs can have the same.
    type: list
    elements: str
    default: []
  details:
    description:
      - Whether to return parallelism, restarts, checkpoints, savepoints and the last failure of each job as well.
      - It takes about eight requests for each job.
    type: bool
    default: false
  settled:
    description:
      - Whether to wait until each job that has not ended runs with all its tasks, and has completed a checkpoint in the
        meantime, so that nothing is lost and no time if it is interrupted.
      - A job that makes checkpoints less often than once a minute is not waited for, nor one that the cluster does not
        know, or no more.
      - Fails if they do not in O(timeout).
    type: bool
    default: false
  timeout:
    description: The timeout of all requests together, in seconds, from V(1) to V(3600).
    type: int
    default: 30
extends_documentation_fragment:
  - streamops.flink._attributes
  - streamops.flink._rest
seealso:
  - module: streamops.flink.savepoint
  - plugin: streamops.flink.job_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Query all jobs
  streamops.flink.job_info:
    details: true
  register: live

- name: Show them as a table
  streamops.flink.show:
    text: "{{ live.jobs | streamops.flink.job_table }}"

- name: Fail if the job has made no checkpoint in this run
  streamops.flink.job_info:
    jobs: [orders]
    details: true
  register: orders
  failed_when: not orders.jobs[0].checkpointing.completed
"""

RETURN = r"""
flink_version:
  description: The Flink release of the cluster.
  returned: success
  type: str
  sample: 2.3.0
slots:
  description: The number of all slots, and of the free ones. A slot is not free for 50 seconds after its job has left.
  returned: success
  type: dict
  sample: {total: 8, free: 4}
jobs:
  description: The jobs, the latest first. What the release does not report is V(null).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the job.
      type: str
      sample: 927ae37e1095faf0d3d8022b64dd8081
    name:
      description: The name that its program gives it.
      type: str
      sample: orders
    state:
      description: Its state, as it is now.
      type: str
      sample: RUNNING
    start_time:
      description: When it was started, in milliseconds since 1970.
      type: int
      sample: 1795728202642
    duration:
      description: How long it has been running, or was, in milliseconds.
      type: int
      sample: 15591
    tasks:
      description: The number of its tasks, of those that are running, and of those that have finished.
      type: dict
      sample: {total: 8, running: 8, finished: 0}
    job_type:
      description: V(STREAMING) or V(BATCH).
      returned: O(details=true)
      type: str
      sample: STREAMING
    parallelism:
      description: The highest parallelism of its operators.
      returned: O(details=true)
      type: int
      sample: 4
    max_parallelism:
      description: The parallelism beyond which its state cannot be carried. V(null) before 1.13.
      returned: O(details=true)
      type: int
      sample: 128
    slots:
      description:
        - The number of slots that it needs.
        - Before 1.20, which does not report slot sharing groups, it is the least number that it can need.
      returned: O(details=true)
      type: int
      sample: 4
    restarts:
      description:
        - How often it was restarted since its JobManager knows it, up to ten seconds ago.
        - V(null) until Flink has counted, and once the job has ended.
      returned: O(details=true)
      type: int
      sample: 0
    restart_strategy:
      description:
        - What Flink does when a task fails. C(restart_strategy.kind) is V(none), V(fixed-delay),
          V(failure-rate), V(exponential-delay) or V(unknown).
        - Where the job leaves it to the cluster, that is resolved. C(restart_strategy.text) is what Flink says.
        - Before 2.0, Flink does not report a strategy that was set by options at submission, and says that the cluster
          decides.
        - V(2147483647) attempts mean for ever. Delay and interval are in milliseconds.
      returned: O(details=true)
      type: dict
      sample:
        kind: exponential-delay
        attempts: 2147483647
        delay: 1000
        interval: null
        text: Cluster level default restart strategy
    checkpointing:
      description:
        - How it makes checkpoints, C(checkpointing.interval) in milliseconds.
        - C(checkpointing.retained) tells whether they outlive a job that is cancelled, C(checkpointing.completed) how
          many were completed in this run, and C(checkpointing.newest) when the last of them was, in milliseconds since
          1970, or V(null).
        - The directories are those of the cluster, unless a checkpoint shows that the job has its own.
      returned: O(details=true)
      type: dict
      sample:
        enabled: true
        interval: 2000
        retention: RETAIN_ON_CANCELLATION
        retained: true
        completed: 5
        newest: 1795728218023
        directory: file:/data/checkpoints
        savepoint_directory: file:/data/savepoints
    checkpoint:
      description: The newest checkpoint that a job can be started from, or V(null).
      returned: O(details=true)
      type: dict
      sample:
        path: file:/data/checkpoints/927ae37e1095faf0d3d8022b64dd8081/chk-5
        time: 1795728218023
        size: 9928
    savepoint:
      description: The newest savepoint of this run, or V(null).
      returned: O(details=true)
      type: dict
      sample:
        path: file:/data/savepoints/savepoint-927ae3-8cd9e60a1608
        time: 1795728227499
    runs_on:
      description: Whether the newest savepoint is known to be one after which the job runs on.
      returned: O(details=true)
      type: bool
    restored:
      description: The checkpoint or savepoint that it was last restored from, or V(null).
      returned: O(details=true)
      type: str
      sample: file:/data/savepoints/savepoint-927ae3-8cd9e60a1608
    taskmanagers:
      description: The resource IDs of the TaskManagers with its tasks.
      returned: O(details=true)
      type: list
      elements: str
      sample: [worker-1, worker-2]
    failure:
      description: The root cause of its last exception in one line, or V(null).
      returned: O(details=true)
      type: str
      sample: "Connection to db.example.org refused"
    failure_time:
      description: The time of that exception, in milliseconds since 1970.
      returned: O(details=true)
      type: int
      sample: 1795728218023
    user_config:
      description: Its global parameters, without the values of secrets.
      returned: O(details=true)
      type: dict
      sample: {topic: orders}
    rescales:
      description: Whether its parallelism can be changed while it runs, as by the adaptive scheduler from 1.18 on.
      returned: O(details=true)
      type: bool
      sample: false
retry:
  description: Whether trying again later with the same options may help.
  returned: failure
  type: bool
  sample: true
"""

import time
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.rest_answers import (
    read_release,
    read_slots,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.selection import select
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.settling import newest_checkpoints, unsettled
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._jobs import JobsApi, failure_of, known_release
from ansible_collections.streamops.flink.plugins.module_utils._rest import (
    REQUIRED_BY,
    REST_ARGUMENTS,
    RestApi,
    RestError,
    fault_in_options,
    fault_in_password,
)

_LONGEST_TIMEOUT = 3600
_PAUSE = 0.5
_FOR_ANSWERS = 30


def _ask(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    # To wait takes the whole time, and the answers at its end theirs.
    rest = RestApi(params, params["timeout"] + (_FOR_ANSWERS if params["settled"] else 0))
    overview = rest.get("/overview")
    release = read_release(overview)
    api = JobsApi(rest, known_release(release))
    jobs = sorted(api.overview(), key=lambda job: (-job["start_time"], job["id"]))
    # One that is waited for may have gone with its JobManager meanwhile.
    known = [job for job in params["jobs"] if any(job in (each["id"], each["name"]) for each in jobs)]
    found = select(jobs, known if params["settled"] else params["jobs"]) if params["jobs"] else jobs
    if params["settled"]:
        _settle(api, [job["id"] for job in found], params["timeout"])
    details = [api.details(job) if params["details"] else job for job in found]
    return {"flink_version": release, "slots": read_slots(overview), "jobs": details}


def _settle(api: JobsApi, ids: t.Sequence[str], seconds: int) -> None:
    """Raises FlinkError for jobs that lack something at the end of the time."""
    end = time.monotonic() + seconds
    before: dict[str, int] | None = None
    while True:
        jobs = [api.details(job) for job in api.overview() if job["id"] in ids]
        before = newest_checkpoints(jobs) if before is None else before
        lacking = list(unsettled(jobs, before))
        if not lacking:
            return
        if time.monotonic() > end:
            raise FlinkError(
                f"{' '.join(lacking)} Waited {seconds} s. See the logs of the TaskManagers, or raise the timeout."
            )
        time.sleep(_PAUSE)


def _told(value: t.Any) -> t.Iterator[t.Any]:
    """All that is not a mapping or a list."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            yield from _told(member)
    else:
        yield value


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **REST_ARGUMENTS,
            "jobs": {"type": "list", "elements": "str", "default": []},
            "details": {"type": "bool", "default": False},
            "settled": {"type": "bool", "default": False},
            "timeout": {"type": "int", "default": 30},
        },
        required_by=REQUIRED_BY,
        supports_check_mode=True,
    )
    fault = fault_in_options(module.params, _LONGEST_TIMEOUT)
    if fault:
        module.fail_json(msg=fault, retry=False)
    try:
        result = _ask(module.params)
    except (FlinkError, RestError) as exc:
        module.fail_json(**failure_of(module.params, exc))
    fault = fault_in_password(module.params, _told(result))
    if fault:
        module.fail_json(msg=fault, retry=False)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
