#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: job_notes
author: streamops.flink contributors (@streamops)
version_added: 1.1.0
short_description: Read what a JobManager host remembers of its jobs, or have it remember what another one does
description:
  - An internal tool of the role, which may change in a minor release.
  - The notes are those of M(streamops.flink.jobs). Of two notes about one job the newer one counts.
  - They have the arguments of programs, so use it with C(no_log).
attributes:
  check_mode:
    support: full
options:
  directory:
    description: Directory of the notes, as O(streamops.flink.jobs#module:directory).
    type: path
    required: true
  notes:
    description:
      - The notes of another host. One about a job that it does not know stays, since it may be a new host.
      - Without it, nothing is written.
    type: dict
  forgotten:
    description: Names of jobs that are to be forgotten here, with O(notes).
    type: list
    elements: str
    default: []
  savepoints:
    description: New savepoints by the IDs of their jobs, to be remembered with O(notes).
    type: dict
    default: {}
  deleted:
    description: Savepoints that are gone, to be forgotten with O(notes).
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - streamops.flink._attributes
"""

EXAMPLES = r"""
- name: Read what this host remembers of its jobs
  streamops.flink.job_notes:
    directory: /var/lib/flink/jobs
  register: noted
  no_log: true
"""

RETURN = r"""
notes:
  description: The text of each note by the name of its job, as it was before.
  returned: success
  type: dict
"""

import time
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import (
    SavedState,
    newest,
    read_journal,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._target.job_notes import JobNotes
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import HostError


def _remember(
    notes: JobNotes, params: t.Mapping[str, t.Any], given: dict[str, str], has: dict[str, str], *, writes: bool
) -> bool:
    """Whether anything differs."""
    changed = False
    for name, text in given.items():
        other = read_journal(text, f"notes.{name}")
        own = notes.read(name) if name in has else None
        best = newest(filter(None, [own, other])) or other
        path, now = params["savepoints"].get(best.job_id or ""), int(time.time())
        if path is not None:
            best = best.having(SavedState(path, now, best.version.release)).noted(now)
        if any(state.path in params["deleted"] for state in best.history):
            best = best.lacking(params["deleted"]).noted(now)
        if best is not own:
            changed = True
            if writes:
                notes.write(best)
    for name in has.keys() & set(params["forgotten"]):
        changed = True
        if writes:
            notes.forget(name)
    return changed


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "notes": {"type": "dict"},
            "forgotten": {"type": "list", "elements": "str", "default": []},
            "savepoints": {"type": "dict", "default": {}},
            "deleted": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    notes = JobNotes(module.params["directory"])
    try:
        has = notes.all()
        given = module.params["notes"]
        changed = given is not None and _remember(notes, module.params, given, has, writes=not module.check_mode)
    except (FlinkError, HostError) as exc:
        module.fail_json(msg=str(exc))
    module.exit_json(changed=changed, notes=has)


if __name__ == "__main__":
    main()
