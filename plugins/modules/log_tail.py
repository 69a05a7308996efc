#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_tail
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Read the ends of the logs of Flink processes for the role flink
description:
  - A tool of the role P(streamops.flink.flink#role), which may change in a minor release.
  - Reads the last lines of the logs of processes, and what they say of errors.
  - Trusts nothing in the directory. Root reads with the rights of its owner, and only regular files; links are not
    followed, and nothing else is waited for.
  - Lines that seem to hold a secret are not returned, and neither are those that the cluster is known to have.
  - Reads at most 1 MiB of each file, and shows control characters as text and at most 2,000 characters of a line.
options:
  directory:
    description: The directory of the logs.
    type: path
    required: true
  processes:
    description: The names of the processes. Their logs are C(NAME.log) and C(NAME.out), older ones C(NAME.log.*).
    type: list
    elements: str
    required: true
  units:
    description: The systemd units to read the end of the journal of. By default, the journal is not read.
    type: list
    elements: str
    default: []
  lines:
    description: How many lines to return of each file, and of the journal, from V(1) to V(1000).
    type: int
    default: 20
  hidden:
    description: Texts that nobody may read.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.cluster_health
"""

EXAMPLES = r"""
- name: Read the end of the logs
  streamops.flink.log_tail:
    directory: /var/log/flink
    processes: [taskmanager-1]
    units: [flink-taskmanager@1.service]
  register: logs

- name: Show what it says of errors
  ansible.builtin.debug:
    var: logs.errors
"""

RETURN = r"""
errors:
  description:
    - The last lines of the newest two logs of each process that tell of errors, at most ten of each process.
    - Empty if there are none, or if a log cannot be read.
  returned: success
  type: list
  elements: str
  sample: ["Caused by: java.net.BindException: Address already in use"]
ends:
  description: The last lines of each log after a line with its path, or the reason why it cannot be read.
  returned: success
  type: list
  elements: str
  sample: ["==> /var/log/flink/taskmanager-1.log <==", "2026-01-01 00:00:00,000 INFO  Started"]
journal:
  description: The last lines of the journal of O(units), or the reason why it cannot be read.
  returned: success
  type: list
  elements: str
  sample: ["Jan 01 00:00:00 flink-1 systemd[1]: Started flink-taskmanager@1.service."]
"""

import re
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.secrets import without_secrets
from ansible_collections.streamops.flink.plugins.module_utils._target.logs import (
    last_errors,
    last_lines,
    log_directory,
    readable,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.programs import runner

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._target.programs import Run

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_MOST_LINES = 1000


def _check(module: AnsibleModule) -> None:
    odd = [name for name in module.params["processes"] if not _NAME.fullmatch(name)]
    if odd:
        module.fail_json(msg=f"processes: expected names such as taskmanager-1, got {odd[0]!a}.")
    lines = module.params["lines"]
    if not 1 <= lines <= _MOST_LINES:
        module.fail_json(msg=f"lines: expected a number from 1 to {_MOST_LINES}, got {lines}.")


def _read(path: str, processes: list[str], count: int) -> dict[str, list[str]]:
    try:
        with log_directory(path) as directory:
            names = [f"{process}{suffix}" for process in processes for suffix in (".log", ".out")]
            return {
                "errors": [line for process in processes for line in last_errors(directory, process)],
                "ends": [line for name in names for line in _end(path, directory, name, count)],
            }
    except OSError as exc:
        return {"errors": [], "ends": [f"{path} cannot be read: {exc.strerror}."]}


def _end(path: str, directory: int, name: str, count: int) -> list[str]:
    try:
        return [f"==> {path}/{name} <==", *last_lines(directory, name, count)]
    except FileNotFoundError:
        return []
    except OSError as exc:
        return [f"{path}/{name} cannot be read: {exc.strerror}."]


def _journal(units: list[str], count: int, run: Run) -> list[str]:
    if not units:
        return []
    try:
        _code, output, said = run(
            ["journalctl", "--no-pager", f"--lines={count}", *(f"--unit={unit}" for unit in units)]
        )
    except OSError as exc:
        return [f"The journal cannot be read: {exc.strerror}."]
    return readable(output or said, count)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "processes": {"type": "list", "elements": "str", "required": True},
            "units": {"type": "list", "elements": "str", "default": []},
            "lines": {"type": "int", "default": 20},
            "hidden": {"type": "list", "elements": "str", "default": [], "no_log": True},
        },
        supports_check_mode=True,
    )
    _check(module)
    path, processes, count = (module.params[name] for name in ("directory", "processes", "lines"))
    found = _read(path, processes, count)
    found["journal"] = _journal(module.params["units"], count, runner(module))
    hidden = module.params["hidden"]
    told = {name: [without_secrets(line, hidden) for line in lines] for name, lines in found.items()}
    module.exit_json(changed=False, **told)


if __name__ == "__main__":
    main()
