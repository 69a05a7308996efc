#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_memory_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Determine how much memory Flink may use on a host
description:
  - Returns the physical memory of a host, what of it is reserved, and the limits that apply to Flink processes. In a
    container, facts report the memory of the surrounding machine, but this module the limit of the container.
  - Reads files only, and asks systemd about a slice that has no cgroup yet. Fails with the name of any file that is
    missing or malformed.
options:
  slice:
    description:
      - The full name of the systemd slice that Flink will run in, such as V(flink.slice). Its limit and those of all
        slices above it apply. The limit of the session that Ansible runs in does not.
      - If empty, or without systemd, the limits of Ansible's own cgroup apply, which Flink then inherits.
    type: str
    default: system.slice
extends_documentation_fragment:
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.memory_plan
  - module: streamops.flink.host_info
"""

EXAMPLES = r"""
- name: Determine the memory of the host
  streamops.flink.host_memory_info:
  register: memory

- name: Plan for this memory
  streamops.flink.memory_plan:
    flink_version: "2.3.0"
    config:
      taskmanager.memory.process.size: auto
    host_memory: "{{ memory }}"
    reserved_memory: 10%
"""

RETURN = r"""
effective:
  description: The memory that Flink may use, in bytes like all sizes here. This is the smallest limit that applies.
  returned: success
  type: int
  sample: 4294967296
limited_by:
  description: What sets this limit, either V(physical memory), V(physical memory less huge pages), a slice or a cgroup.
  returned: success
  type: str
  sample: cgroup /
physical:
  description: The physical memory, without what the kernel reserves at boot.
  returned: success
  type: int
  sample: 67430383616
hugepages:
  description:
    - The memory reserved for huge pages of all sizes, which Java does not use by default.
    - In a container, these may be the huge pages of the surrounding machine.
  returned: success
  type: int
  sample: 0
swap:
  description: The total swap space, which is not used for Flink.
  returned: success
  type: int
  sample: 0
page_size:
  description: The size of a page.
  returned: success
  type: int
  sample: 4096
cgroup:
  description: The cgroup of Ansible on the host, which Flink inherits if no slice applies.
  returned: success
  type: dict
  contains:
    version:
      description: The version of the hierarchy that limits memory, V(1) or V(2), or V(null) if none does.
      type: int
      sample: 2
    path:
      description: Its path.
      type: str
      sample: /user.slice/user-0.slice/session-1.scope
    limit: &limit
      description: The smallest visible limit of it and everything above it, or V(null) if unlimited.
      type: int
      sample: 4294967296
    limit_path: &limit_path
      description: The path of the cgroup that has this limit.
      type: str
      sample: /
slice:
  description: The O(slice), or V(null) if none applies.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: system.slice
    path:
      description: Its path. A slice C(a-b.slice) is inside C(a.slice).
      type: str
      sample: /system.slice
    limit: *limit
    limit_path: *limit_path
numa_nodes:
  description: The NUMA nodes that are online.
  returned: success
  type: list
  elements: dict
  contains:
    node:
      description: Its number.
      type: int
      sample: 0
    memory:
      description: Its memory.
      type: int
      sample: 33715191808
    hugepages:
      description: The part of its memory that is reserved for huge pages.
      type: int
      sample: 0
"""

from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._target.host_memory import host_memory
from ansible_collections.streamops.flink.plugins.module_utils._target.programs import runner
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import HostError

_ROOT = Path("/")


def main() -> None:
    module = AnsibleModule(
        argument_spec={"slice": {"type": "str", "default": "system.slice"}},
        supports_check_mode=True,
    )
    try:
        memory = host_memory(_ROOT, module.params["slice"], runner(module))
    except HostError as exc:
        module.fail_json(msg=str(exc))
    module.exit_json(changed=False, **memory)


if __name__ == "__main__":
    main()
