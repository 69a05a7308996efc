#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: savepoint
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Take savepoints of the jobs of a Flink cluster
description:
  - Asks for the savepoints of all jobs at once, and waits until each is complete. The jobs run on, or end with O(stop).
  - Refuses before anything is asked for if one of the jobs does not run with all its tasks, since its savepoint would
    fail.
  - Fails if one savepoint fails, and returns the others.
  - Nobody deletes a savepoint but you.
attributes:
  check_mode:
    support: full
  idempotent:
    support: none
    details: Every run makes other savepoints.
options:
  jobs:
    description:
      - The names or IDs of the jobs. By default, all that have not ended.
      - A name is the one that the program gives. All jobs with that name are meant.
    type: list
    elements: str
    default: []
  stop:
    description:
      - Whether each job ends with its savepoint, so that it can go on from there.
      - Flink 1.13 may process some records between the savepoint and the end, and does so again from there.
        Its state is exact nevertheless, and so is the output of transactional sinks.
      - A job whose savepoint fails runs on.
    type: bool
    default: false
  drain:
    description:
      - Whether timers and windows fire before the savepoint, as if the input had ended. Requires O(stop=true).
      - For a job that ends for good, not for one that is to go on.
    type: bool
    default: false
  directory:
    description:
      - A directory or URL that all processes of the cluster can write, such as V(s3://bucket/savepoints).
      - By default, that of the cluster, C(execution.checkpointing.savepoint-dir), C(state.savepoints.dir) up to 1.19.
    type: str
  format:
    description:
      - V(canonical) can be restored with any state backend, V(native) is faster.
      - By default, Flink decides, which means V(canonical). V(native) needs Flink 1.15 or newer.
    type: str
    choices: [canonical, native]
  timeout:
    description: The seconds for all savepoints together, and the ends of the jobs, from V(1) to V(86400).
    type: int
    default: 600
extends_documentation_fragment:
  - streamops.flink._attributes
  - streamops.flink._rest
seealso:
  - module: streamops.flink.job_info
  - module: streamops.flink.jobs
"""

EXAMPLES = r"""
- name: Take a savepoint of every job
  streamops.flink.savepoint:
    directory: s3://bucket/savepoints

- name: Stop two jobs with savepoints
  streamops.flink.savepoint:
    jobs: [orders, payments]
    stop: true
  register: stopped

- name: Show where they are
  ansible.builtin.debug:
    msg: "{{ stopped.savepoints | items2dict(key_name='name', value_name='path') }}"
"""

RETURN = r"""
savepoints:
  description: What became of each job, also on failure. Empty if there was none.
  returned: if anything was asked for, and in check mode
  type: list
  elements: dict
  contains:
    name:
      description: The name of the job.
      type: str
      sample: orders
    id:
      description: The ID of the job.
      type: str
      sample: 927ae37e1095faf0d3d8022b64dd8081
    path:
      description: The savepoint. V(null) in check mode, and if there is none.
      type: str
      sample: s3://bucket/savepoints/savepoint-927ae3-8cd9e60a1608
    duration:
      description: The seconds from the request to the complete savepoint.
      type: float
      sample: 0.62
    state:
      description:
        - The state of the job. V(FINISHED) after O(stop).
        - V(null) if the JobManager has ended with its job, as in application mode.
      type: str
      sample: RUNNING
retry:
  description: Whether trying again later with the same options may help.
  returned: failure
  type: bool
  sample: true
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs import requests
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import TERMINAL, is_whole
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.selection import labels, select
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._job_savepoints import Saved, Wish, save
from ansible_collections.streamops.flink.plugins.module_utils._jobs import JobsApi, failure_of, release_of
from ansible_collections.streamops.flink.plugins.module_utils._rest import (
    REQUIRED_BY,
    REST_ARGUMENTS,
    RestApi,
    RestError,
    fault_in_options,
    fault_in_password,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.answers import ListedJob

_LONGEST_TIMEOUT = 86_400
# For the last look at a savepoint that was made in time.
_GRACE = 10


def _chosen(api: JobsApi, wanted: t.Sequence[str]) -> list[ListedJob]:
    """The jobs that are meant: of those with the same name, the ones that have not ended. Raises FlinkError."""
    jobs = sorted(api.overview(), key=lambda job: (job["name"], job["id"]))
    alive = [job for job in jobs if job["state"] not in TERMINAL]
    if not wanted:
        return alive
    known = {word for job in alive for word in (job["id"], job["name"])}
    return select(jobs, [word for word in wanted if word not in known]) + [
        job for job in alive if job["id"] in wanted or job["name"] in wanted
    ]


def _objections(jobs: t.Sequence[ListedJob], directory: str | None) -> t.Iterator[str]:
    names = labels(jobs)
    for job in jobs:
        if not is_whole(job):
            running, total = job["tasks"]["running"], job["tasks"]["total"]
            yield (
                f"{names[job['id']]}: expected RUNNING with all its tasks, got {job['state']} with {running} of "
                f"{total} tasks running. Wait until it runs, or name other jobs."
            )
    if jobs and directory is None:
        yield (
            "directory: expected one, since the cluster sets none for its savepoints, got none. Give one, or set "
            "execution.checkpointing.savepoint-dir, which is state.savepoints.dir up to Flink 1.19."
        )


def _result(saved: t.Sequence[Saved]) -> list[dict[str, t.Any]]:
    return [
        {
            "name": each.job["name"],
            "id": each.job["id"],
            "path": each.path,
            "duration": None if each.seconds is None else round(each.seconds, 2),
            "state": each.state,
        }
        for each in saved
    ]


def _sentences(saved: t.Sequence[Saved], *, stopped: bool) -> list[str]:
    """The faults first, then what is there nevertheless."""
    names = labels([each.job for each in saved])
    faults, good = [], []
    for each in saved:
        name = names[each.job["id"]]
        if each.fault:
            goes_on = " The job runs on." if each.state == "RUNNING" else ""
            left = f" Its savepoint is {each.path}." if each.path else ""
            faults.append(f"{name}: {each.fault}{goes_on}{left}")
        else:
            good.append(f"{name}: {'stopped with' if stopped else 'has'} the savepoint {each.path}.")
    return faults + good


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **REST_ARGUMENTS,
            "jobs": {"type": "list", "elements": "str", "default": []},
            "stop": {"type": "bool", "default": False},
            "drain": {"type": "bool", "default": False},
            "directory": {"type": "str"},
            "format": {"type": "str", "choices": ["canonical", "native"]},
            "timeout": {"type": "int", "default": 600},
        },
        required_by=REQUIRED_BY,
        supports_check_mode=True,
    )
    params = module.params
    fault = fault_in_options(params, _LONGEST_TIMEOUT)
    if params["drain"] and not params["stop"]:
        fault = (
            "drain: expected stop: true with it, since the job has no input after it, got none. Set stop, or leave it."
        )
    if fault:
        module.fail_json(msg=fault, retry=False)
    wish = Wish(params["directory"], params["stop"], params["drain"], params["format"], params["timeout"])
    try:
        rest = RestApi(params, params["timeout"] + _GRACE)
        release = release_of(rest)
        api = JobsApi(rest, release)
        requests.check_format(release, wish.savepoint_format)
        jobs = _chosen(api, params["jobs"])
        directory = wish.directory or api.savepoint_directory()
        objections = list(_objections(jobs, directory))
    except (FlinkError, RestError) as exc:
        module.fail_json(**failure_of(params, exc))
    if objections:
        module.fail_json(msg="\n".join([*objections, "No savepoint was asked for."]), retry=True)
    told = [directory, *(word for job in jobs for word in (job["id"], job["name"]))]
    fault = fault_in_password(params, told)
    if fault:
        module.fail_json(msg=fault, retry=False)
    if module.check_mode:
        verb = "to be stopped with a savepoint" if wish.stop else "to get a savepoint"
        names = labels(jobs)
        planned = [Saved(job, None, None, job["state"], None) for job in jobs]
        words = "\n".join(f"{names[job['id']]}: {verb}." for job in jobs)
        module.exit_json(changed=bool(jobs), savepoints=_result(planned), msg=words)
    saved = save(api, release, jobs, wish)
    outcome: dict[str, t.Any] = {
        "changed": any(each.path for each in saved),
        "savepoints": _result(saved),
        "msg": "\n".join(_sentences(saved, stopped=wish.stop)),
    }
    if any(each.fault for each in saved):
        module.fail_json(retry=True, **outcome)
    module.exit_json(**outcome)


if __name__ == "__main__":
    main()
