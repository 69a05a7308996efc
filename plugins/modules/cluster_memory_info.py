#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_memory_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Get the memory of the processes of a running Flink cluster
description:
  - Queries the REST API of a JobManager and returns the memory under the names of a plan, so that both can be compared
    byte for byte.
  - Fails if an answer is larger than 16 MiB, or redirects to another scheme, host or port.
options:
  timeout:
    description: The timeout of all requests together, in seconds, from V(1) to V(3600).
    type: int
    default: 10
extends_documentation_fragment:
  - streamops.flink._attributes
  - streamops.flink._rest
seealso:
  - module: streamops.flink.cluster_health
  - module: streamops.flink.memory_plan
"""

EXAMPLES = r"""
- name: Query the JobManager of this host
  streamops.flink.cluster_memory_info:
  register: live

- name: Query through a proxy with a password and a certificate of a private authority
  streamops.flink.cluster_memory_info:
    url: https://flink.example.org/cluster-1
    url_username: operator
    url_password: "{{ flink_password }}"
    ca_path: /etc/ssl/private-authority.pem

- name: Show the managed memory of every TaskManager
  ansible.builtin.debug:
    msg: "{{ live.taskmanagers | items2dict(key_name='id', value_name='memory') }}"
"""

RETURN = r"""
flink_version:
  description: The Flink release of the cluster.
  returned: success
  type: str
  sample: 2.3.0
taskmanagers:
  description: The registered TaskManagers.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The resource ID of the TaskManager.
      type: str
      sample: worker-1
    path:
      description: The address of its RPC endpoint.
      type: str
      sample: pekko.tcp://flink@10.0.0.2:6122/user/rpc/taskmanager_0
    slots:
      description: The number of its slots.
      type: int
      sample: 4
    free_slots:
      description: The number of its free slots.
      type: int
      sample: 2
    heartbeat:
      description: The time of its last heartbeat, in milliseconds since 1970. V(0) before the first one.
      type: int
      sample: 1795732601852
    memory:
      description:
        - Its components and totals in bytes, under the names of a plan.
        - Releases before 1.12 report C(managed) only; all others are V(null).
      type: dict
      sample:
        framework_heap: 134217728
        task_heap: 1530082070
        framework_off_heap: 134217728
        task_off_heap: 0
        network: 359703515
        managed: 1438814063
        jvm_metaspace: 268435456
        jvm_overhead: 429496736
        total_flink: 3597035104
        total_process: 4294967296
jobmanager:
  description: The JobManager that answered.
  returned: success
  type: dict
  contains:
    memory:
      description: Its components and totals in bytes, all V(null) before 1.12, which does not report them.
      type: dict
      sample:
        jvm_heap: 1073741824
        off_heap: 134217728
        jvm_metaspace: 268435456
        jvm_overhead: 201326592
        total_flink: 1207959552
        total_process: 1677721600
    jvm_args:
      description: The options that its JVM was started with, or V(null) before 1.16.
      type: list
      elements: str
      sample: ["-Xmx1073741824", "-Xms1073741824", "-XX:MaxMetaspaceSize=268435456"]
retry:
  description: Whether trying again later with the same options may help.
  returned: failure
  type: bool
  sample: true
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.rest_answers import (
    read_jobmanager,
    read_release,
    read_taskmanagers,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._rest import (
    REQUIRED_BY,
    REST_ARGUMENTS,
    RestApi,
    RestError,
    fault_in_options,
    fault_in_password,
)

_LONGEST_TIMEOUT = 3600


def _ask(api: RestApi) -> dict[str, t.Any]:
    overview, taskmanagers = api.get("/overview"), api.get("/taskmanagers")
    config, environment = api.get("/jobmanager/config"), api.get("/jobmanager/environment", optional=True)
    return {
        "flink_version": read_release(overview),
        "taskmanagers": read_taskmanagers(taskmanagers),
        "jobmanager": read_jobmanager(config, environment),
    }


def _told(result: dict[str, t.Any]) -> list[t.Any]:
    """What is compared with plans."""
    jobmanager, taskmanagers = result["jobmanager"], result["taskmanagers"]
    told = [result["flink_version"], *jobmanager["memory"].values()]
    told += [argument for argument in jobmanager["jvm_args"] or () if argument.startswith("-X")]
    for taskmanager in taskmanagers:
        told += [taskmanager["id"], taskmanager["slots"], *taskmanager["memory"].values()]
    return told


def main() -> None:
    module = AnsibleModule(
        argument_spec={**REST_ARGUMENTS, "timeout": {"type": "int", "default": 10}},
        required_by=REQUIRED_BY,
        supports_check_mode=True,
    )
    fault = fault_in_options(module.params, _LONGEST_TIMEOUT)
    if fault:
        module.fail_json(msg=fault, retry=False)
    try:
        result = _ask(RestApi(module.params, module.params["timeout"]))
    except RestError as exc:
        module.fail_json(msg=str(exc), retry=exc.may_pass)
    except FlinkError as exc:
        module.fail_json(msg=f"{module.params['url'].rstrip('/')}{exc}", retry=True)
    fault = fault_in_password(module.params, _told(result))
    if fault:
        module.fail_json(msg=fault, retry=False)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
