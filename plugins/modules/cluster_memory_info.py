#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_memory_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Ask a live Flink cluster what memory its processes have
description:
  - Asks the REST API of a JobManager, and answers in the words of a plan, so that the two can be compared byte for
    byte.
options:
  url:
    description: Where the REST API of the JobManager answers.
    type: str
    default: http://localhost:8081
  url_username:
    description: User name for HTTP basic authentication, for a proxy before the JobManager.
    type: str
  url_password:
    description: Password for HTTP basic authentication.
    type: str
  validate_certs:
    description: Whether the certificate of an HTTPS server must be valid.
    type: bool
    default: true
  ca_path:
    description: A file with the certificates of the authorities to trust.
    type: path
  client_cert:
    description: A file with the certificate, and possibly the key, for TLS client authentication.
    type: path
  client_key:
    description: A file with the key for O(client_cert).
    type: path
  timeout:
    description: How long to wait for each answer, in seconds.
    type: int
    default: 10
extends_documentation_fragment:
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.memory_plan
"""

EXAMPLES = r"""
- name: Ask the JobManager of this host
  streamops.flink.cluster_memory_info:
  register: live

- name: Show the managed memory of every TaskManager
  ansible.builtin.debug:
    msg: "{{ live.taskmanagers | items2dict(key_name='id', value_name='memory') }}"
"""

RETURN = r"""
flink_version:
  description: The release that answered.
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
      description: How many slots it has.
      type: int
      sample: 4
    free_slots:
      description: How many of them are free.
      type: int
      sample: 2
    memory:
      description:
        - Its components and totals in bytes, under the names of a plan.
        - Releases before 1.12 report only C(managed); the others are V(null).
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
      description: Its components and totals in bytes. Releases before 1.12 do not report them; they are V(null).
      type: dict
      sample:
        jvm_heap: 1073741824
        off_heap: 134217728
        jvm_metaspace: 268435456
        jvm_overhead: 201326592
        total_flink: 1207959552
        total_process: 1677721600
    jvm_args:
      description: The options its JVM was started with; V(null) before 1.16.
      type: list
      elements: str
      sample: ["-Xmx1073741824", "-Xms1073741824", "-XX:MaxMetaspaceSize=268435456"]
"""

import json
import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.urls import fetch_url

from ansible_collections.streamops.flink.plugins.module_utils._flink._cluster import (
    read_jobmanager,
    read_release,
    read_taskmanagers,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink._errors import FlinkMemoryError


class _Api:
    """The REST API of one JobManager."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self._url = module.params["url"].rstrip("/")

    def get(self, path: str, *, optional: bool = False) -> t.Any:
        """The answer; null for an optional one that this release does not give."""
        url = self._url + path
        response, info = fetch_url(self._module, url, timeout=self._module.params["timeout"])
        if optional and info["status"] == 404:
            return None
        if info["status"] != 200:
            self._module.fail_json(
                msg=f"{url} did not answer: {info['msg']}. Is this the REST address of a live JobManager?"
            )
        try:
            return json.loads(response.read())
        except (ValueError, OSError) as exc:
            self._module.fail_json(msg=f"{url} answered, but not in JSON: {exc}. Is this a JobManager?")


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "default": "http://localhost:8081"},
            "url_username": {"type": "str"},
            "url_password": {"type": "str", "no_log": True},
            "validate_certs": {"type": "bool", "default": True},
            "ca_path": {"type": "path"},
            "client_cert": {"type": "path"},
            "client_key": {"type": "path"},
            "timeout": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    module.params["force_basic_auth"] = module.params["url_username"] is not None
    api = _Api(module)
    answers = {
        "overview": api.get("/overview"),
        "taskmanagers": api.get("/taskmanagers"),
        "config": api.get("/jobmanager/config"),
        "environment": api.get("/jobmanager/environment", optional=True),
    }
    try:
        result = {
            "flink_version": read_release(answers["overview"]),
            "taskmanagers": read_taskmanagers(answers["taskmanagers"]),
            "jobmanager": read_jobmanager(answers["config"], answers["environment"]),
        }
    except FlinkMemoryError as exc:
        module.fail_json(msg=f"{module.params['url']}{exc}")
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
