#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_metrics_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Get the memory in use of a running Flink cluster
description:
  - Queries the REST API of a JobManager and returns what its processes use of their memory, what RocksDB does, the jobs
    with their checkpoints, and their exceptions with the TaskManagers that they name.
  - What a part of the API does not answer is a sentence in RV(cluster.unknown); the rest is returned all the same. It
    fails if there is no answer to V(/overview).
  - It takes seven requests, one for each TaskManager, and four for each of at most 100 jobs. A job that runs takes up
    to two more for each of its first 20 vertices. With metrics of RocksDB, each group of vertices that share slots
    takes one more, and one for every dozen or so subtasks of its widest vertex with state. O(wait) takes one more for
    each TaskManager, and two more.
  - A JobManager fetches metrics because somebody asks for them, so that it takes three seconds at least, and up to 15
    more if it has none yet of a process, or none of now.
options:
  wait:
    description:
      - How many seconds are to be between two looks at the CPU time of each process, from V(10) to V(600), which tell
        whether its metrics are of now. They are from up to 10 seconds ago.
      - V(0) takes one look, so that nobody knows.
      - From 1.15 on, once a TaskManager has died, metrics may be those from before for as long as C(web.timeout), which
        is 10 minutes by default.
    type: int
    default: 0
  timeout:
    description:
      - The timeout of all requests together, in seconds, from V(1) to V(3600), besides O(wait).
      - What was not asked for by then is in RV(cluster.unknown).
    type: int
    default: 60
extends_documentation_fragment:
  - streamops.flink._attributes
  - streamops.flink._rest
seealso:
  - module: streamops.flink.cluster_memory_info
  - module: streamops.flink.job_info
"""

EXAMPLES = r"""
- name: Look at the cluster
  streamops.flink.cluster_metrics_info:
    wait: 12
  register: look

- name: Fail if a TaskManager has less than a tenth of its metaspace left
  ansible.builtin.assert:
    that: item.jvm.metaspace_used < 0.9 * item.jvm.metaspace_max
  loop: "{{ look.cluster.taskmanagers | selectattr('is_fresh') }}"
  loop_control:
    label: "{{ item.id }}"
"""

RETURN = r"""
cluster:
  description: One look at the cluster. Sizes are in bytes, times in seconds since 1970. What is not known is V(null).
  returned: success
  type: dict
  contains:
    time:
      description: When it was taken.
      type: int
      sample: 1795732610
    flink_version:
      description: The Flink release of the cluster.
      type: str
      sample: 2.3.0
    jobmanager:
      description:
        - The JobManager that answered, with its planned C(memory) as M(streamops.flink.cluster_memory_info) returns it,
          and its C(jvm) as that of a TaskManager.
      type: dict
      sample:
        memory: {jvm_heap: 1073741824, off_heap: 134217728}
        jvm: {heap_used: 129084288, heap_max: 356515840}
        is_fresh: true
    taskmanagers:
      description: The registered TaskManagers.
      type: list
      elements: dict
      contains:
        id:
          description: The resource ID of the TaskManager.
          type: str
          sample: worker-1
        slots:
          description: The number of its slots.
          type: int
          sample: 4
        free_slots:
          description: The number of its free slots.
          type: int
          sample: 2
        memory:
          description: Its planned memory, as M(streamops.flink.cluster_memory_info) returns it.
          type: dict
          sample: {task_heap: 222298112, network: 16777216, managed: 134217728}
        jvm:
          description:
            - What its JVM uses. C(jvm.direct) is the capacity of its direct buffers, those of network memory included.
            - C(jvm.collectors) are the garbage collectors with their collections and the milliseconds of these.
              C(jvm.collection_rate) are milliseconds per second within the last minute, of all collectors (1.19).
            - C(jvm.cpu_time) is in nanoseconds.
          type: dict
          sample:
            heap_used: 129084288
            heap_max: 356515840
            metaspace_used: 42762520
            metaspace_max: 100663296
            direct: 17715202
            threads: 69
            classes_loaded: 8328
            classes_unloaded: 3
            cpu_time: 26170000000
            collectors: [{name: G1_Old_Generation, count: 1, time: 159}]
            collection_rate: null
            source: /taskmanagers/worker-1/metrics
        network_total:
          description: Its network memory (1.12).
          type: int
          sample: 16777216
        network_used:
          description: The part of it that is in use (1.12).
          type: int
          sample: 1146880
        network_wanted:
          description: What all buffer pools together would like to have, in percent of the total (1.15).
          type: int
          sample: 15
        managed_total:
          description: Its managed memory (1.12).
          type: int
          sample: 134217728
        managed_used:
          description: The part of it that is reserved (1.12). RocksDB reserves its whole share, whatever it uses.
          type: int
          sample: 134217728
        rocksdb:
          description:
            - RocksDB's caches, all slots together, or V(null) if their metrics are not switched on by
              C(state.backend.rocksdb.metrics.block-cache-usage) and C(.block-cache-capacity).
            - Its C(cache_hits) and C(cache_misses) take C(.block-cache-hit) and C(.block-cache-miss) as well.
            - Before 1.20, which does not report slot sharing groups, those of one group.
          type: dict
          sample:
            cache_capacity: 111848106
            cache_usage: 43826432
            cache_pinned: 29957912
            cache_hits: 51234100
            cache_misses: 812340
            write_stopped: false
            source: /jobs/6db43d6187b790a14e66f5b529dcee08/vertices/9dd63673dd41ea021b896d5203f3ba7c/metrics
        is_fresh:
          description: Whether its metrics are of now, or V(null) without O(wait).
          type: bool
          sample: true
    jobs:
      description: The jobs, those that run first; also those that ended within the last hour.
      type: list
      elements: dict
      contains:
        id:
          description: The ID of the job.
          type: str
          sample: 6db43d6187b790a14e66f5b529dcee08
        name:
          description: The name that its program gives it.
          type: str
          sample: orders
        state:
          description: Its state.
          type: str
          sample: RUNNING
        started:
          description: When it was started.
          type: int
          sample: 1795732513
        parallelism:
          description: The highest parallelism of its vertices.
          type: int
          sample: 2
        slots:
          description: The number of slots that it needs. Before 1.20, it is the least number that it can need.
          type: int
          sample: 2
        edges:
          description: Its exchanges; C(edges.is_all) tells whether each subtask sends to each.
          type: list
          elements: dict
          sample: [{source_parallelism: 2, target_parallelism: 2, is_all: true}]
        restarts:
          description: How often it was restarted since its JobManager knows it, or V(null) once it has ended.
          type: int
          sample: 0
        checkpoints_completed:
          description: How many checkpoints were completed in this run.
          type: int
          sample: 7
        checkpoints_failed:
          description: How many checkpoints failed in this run.
          type: int
          sample: 0
        state_size:
          description: The size of the newest checkpoint.
          type: int
          sample: 126324001
        is_busy:
          description:
            - Whether any subtask works more than a tenth of the time.
            - V(null) before 1.13, once it has ended, where sources of the old kind do not tell, and if none of 20
              vertices works and there are more.
          type: bool
          sample: true
    failures:
      description: The exceptions of these jobs, the latest first, at most 200.
      type: list
      elements: dict
      contains:
        job:
          description: The ID of the job.
          type: str
          sample: 6db43d6187b790a14e66f5b529dcee08
        time:
          description: When it happened.
          type: int
          sample: 1795728803
        taskmanager:
          description: The resource ID of the TaskManager, if one is named. Before 1.17, only if it is still registered.
          type: str
          sample: worker-1
        endpoint:
          description: The address of that TaskManager and its data port, if it is named.
          type: str
          sample: worker-1.example.org:43761
        text:
          description: The message and the first frames of the exception and of each of its causes.
          type: str
          sample: "java.lang.OutOfMemoryError: Java heap space"
        source:
          description: Which request told.
          type: str
          sample: /jobs/6db43d6187b790a14e66f5b529dcee08/exceptions
    unknown:
      description: One sentence for each thing that is not known.
      type: list
      elements: str
      sample: ["Whether metrics are of now is not known: that takes two looks. Set wait to 10 seconds or more."]
retry:
  description: Whether trying again later with the same options may help.
  returned: failure
  type: bool
  sample: true
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._cluster_look import ClusterLook
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._jobs import failure_of
from ansible_collections.streamops.flink.plugins.module_utils._rest import (
    REQUIRED_BY,
    REST_ARGUMENTS,
    RestError,
    fault_in_options,
    fault_in_password,
)

_LONGEST_TIMEOUT = 3600
_SHORTEST_WAIT = 10
_LONGEST_WAIT = 600
# What people read, and nothing is decided by.
_PROSE = ("text", "source", "unknown", "name")


def _fault_in_wait(wait: int) -> str | None:
    if wait == 0 or _SHORTEST_WAIT <= wait <= _LONGEST_WAIT:
        return None
    return f"wait: expected 0, or seconds from {_SHORTEST_WAIT} to {_LONGEST_WAIT}, got {wait}. Correct it."


def _told(value: t.Any) -> t.Iterator[t.Any]:
    """All that is not a mapping, a list or prose."""
    if isinstance(value, dict):
        value = [member for key, member in value.items() if key not in _PROSE]
    if isinstance(value, list):
        for member in value:
            yield from _told(member)
    else:
        yield value


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **REST_ARGUMENTS,
            "wait": {"type": "int", "default": 0},
            "timeout": {"type": "int", "default": 60},
        },
        required_by=REQUIRED_BY,
        supports_check_mode=True,
    )
    params = module.params
    fault = fault_in_options(params, _LONGEST_TIMEOUT) or _fault_in_wait(params["wait"])
    if fault:
        module.fail_json(msg=fault, retry=False)
    try:
        cluster = ClusterLook(params, params["timeout"], params["wait"]).reading()
    except (FlinkError, RestError) as exc:
        module.fail_json(**failure_of(params, exc))
    fault = fault_in_password(params, _told(cluster))
    if fault:
        module.fail_json(msg=fault, retry=False)
    module.exit_json(changed=False, cluster=cluster)


if __name__ == "__main__":
    main()
