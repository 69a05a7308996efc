#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: job_notes
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
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
  application:
    description:
      - How the JobManager of this host runs one job, as O(streamops.flink.jobs#module:application). What it starts with
        is read, and written with O(notes).
    type: dict
    suboptions:
      directory: {description: As there., type: path, required: true}
      group: {description: As there., type: str}
      unit: {description: As there., type: str}
      launcher: {description: As there., type: path}
      log_dir: {description: As there., type: path, required: true}
      release: {description: As there., type: str, required: true}
      prepare: {description: As there., type: bool, default: false}
  start:
    description: What the other host starts with, as RV(start), for O(application).
    type: dict
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
start:
  description: What the JobManager of this host starts with, or V(null) if no job is to run.
  returned: with O(application)
  type: dict
"""

import time
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._application import APPLICATION_OPTIONS, StartFile
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
) -> tuple[bool, bool]:
    """Whether anything differs, and whether this host knows more than the other one."""
    changed = knows_more = False
    for name, text in given.items():
        other = read_journal(text, f"notes.{name}")
        own = notes.read(name) if name in has else None
        best = newest(filter(None, [own, other])) or other
        knows_more |= best is not other and best != other
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
    return changed, knows_more


def _start(file: StartFile, given: dict[str, t.Any] | None, *, writes: bool) -> bool:
    """Whether the JobManager started with anything else."""
    changed = file.read() != given
    if changed and writes:
        if given is None:
            file.remove()
        else:
            file.write(given["text"], given["jar"])
    return changed


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "notes": {"type": "dict"},
            "forgotten": {"type": "list", "elements": "str", "default": []},
            "savepoints": {"type": "dict", "default": {}},
            "deleted": {"type": "list", "elements": "str", "default": []},
            "application": {"type": "dict", "options": APPLICATION_OPTIONS},
            "start": {"type": "dict"},
        },
        supports_check_mode=True,
    )
    notes = JobNotes(module.params["directory"])
    try:
        has = notes.all()
        given, application = module.params["notes"], module.params["application"]
        changed = False
        result = {"notes": has, **({"start": StartFile(application).read()} if application else {})}
        if given is not None:
            changed, knows_more = _remember(notes, module.params, given, has, writes=not module.check_mode)
            if application and not knows_more:
                changed |= _start(StartFile(application), module.params["start"], writes=not module.check_mode)
    except (FlinkError, HostError) as exc:
        module.fail_json(msg=str(exc))
    module.exit_json(changed=changed, **result)


if __name__ == "__main__":
    main()
