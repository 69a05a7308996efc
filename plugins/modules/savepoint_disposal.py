#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: savepoint_disposal
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Delete savepoints by means of a Flink cluster
description:
  - Has a JobManager delete savepoints with all their files, wherever they are.
  - What is deleted cannot be restored, and nobody asks whether a job still needs it.
  - A savepoint that is gone already counts as deleted. One that a later release wrote than the cluster runs fails.
attributes:
  check_mode:
    support: full
options:
  paths:
    description: The savepoints.
    type: list
    elements: str
    required: true
  timeout:
    description: The seconds for all of them together, from V(1) to V(86400).
    type: int
    default: 600
extends_documentation_fragment:
  - streamops.flink._attributes
  - streamops.flink._rest
seealso:
  - module: streamops.flink.savepoint
"""

EXAMPLES = r"""
- name: Delete a savepoint
  streamops.flink.savepoint_disposal:
    paths: [s3://bucket/savepoints/savepoint-927ae3-8cd9e60a1608]
"""

RETURN = r"""
deleted:
  description: Those that are gone, also on failure; in check mode all of them.
  returned: if anything was asked for
  type: list
  elements: str
  sample: [s3://bucket/savepoints/savepoint-927ae3-8cd9e60a1608]
retry:
  description: Whether trying again later with the same options may help.
  returned: failure
  type: bool
  sample: true
"""

import time

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._jobs import JobsApi, failure_of, release_of
from ansible_collections.streamops.flink.plugins.module_utils._rest import (
    REQUIRED_BY,
    REST_ARGUMENTS,
    RestApi,
    RestError,
    fault_in_options,
)

_LONGEST_TIMEOUT = 86_400
_PAUSE = 0.2
# What Flink says of one that is not there. Source: AbstractFsCheckpointStorageAccess (1.10 - 2.3)
_GONE = "cannot find checkpoint or savepoint"


def _delete(api: JobsApi, path: str, deadline: float) -> str | None:
    """Why it is not gone; null if it is."""
    trigger_id = api.dispose(path)
    while True:
        operation = api.disposal(trigger_id)
        if operation.status == "done" or (operation.reason or "").lower().startswith(_GONE):
            return None
        if operation.status != "running":
            reason = operation.reason or "no word of it from the JobManager"
            return f"{path}: expected it to be deleted, got {reason.rstrip('.')}. It is still there, or a part of it."
        if time.monotonic() > deadline:
            return f"{path}: expected it to be deleted in time, got nothing yet. Flink goes on; raise timeout."
        time.sleep(_PAUSE)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            **REST_ARGUMENTS,
            "paths": {"type": "list", "elements": "str", "required": True},
            "timeout": {"type": "int", "default": 600},
        },
        required_by=REQUIRED_BY,
        supports_check_mode=True,
    )
    paths = module.params["paths"]
    fault = fault_in_options(module.params, _LONGEST_TIMEOUT)
    if fault:
        module.fail_json(msg=fault, retry=False)
    if module.check_mode or not paths:
        module.exit_json(changed=bool(paths), deleted=paths)
    deleted: list[str] = []
    faults: list[str] = []
    deadline = time.monotonic() + module.params["timeout"]
    try:
        rest = RestApi(module.params, module.params["timeout"])
        api = JobsApi(rest, release_of(rest))
        for path in paths:
            fault = _delete(api, path, deadline)
            if fault is None:
                deleted.append(path)
            else:
                faults.append(fault)
    except (FlinkError, RestError) as exc:
        module.fail_json(changed=bool(deleted), deleted=deleted, **failure_of(module.params, exc))
    if faults:
        module.fail_json(msg="\n".join(faults), changed=bool(deleted), deleted=deleted, retry=True)
    module.exit_json(changed=True, deleted=deleted)


if __name__ == "__main__":
    main()
