#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: files
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Bring files, directories and links to a given state in one transfer
description:
  - First all new contents are stored beside their places, then each takes its place in one step.
  - If they cannot all be stored, as on a full disk, the module fails and nothing is changed.
  - Who reads a file or follows a link meets the former one or the new one, and never nothing or a part.
options:
  files:
    description:
      - What shall be there, and what shall not.
      - Directories are made first, in the order given; then the other entries take effect, in the order given.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: The absolute path, without C(..).
        type: path
        required: true
      state:
        description:
          - What shall be at the path; V(absent) for nothing.
          - V(absent) removes a directory with all that is in it, but neither V(/) nor what is directly in it.
          - A missing parent is made for a V(directory) only.
        type: str
        choices: [file, directory, link, absent]
        default: file
      content:
        description: The text of the file. It is written in UTF-8.
        type: str
      secret_content:
        description: Like O(files[].content), but never shown in a diff, a log or a result.
        type: str
      source:
        description: A file on the host that has the content.
        type: path
      target:
        description: Where the link points. It need not be there.
        type: str
      mode:
        description:
          - The mode of a file or directory as an octal number; quote it.
          - Without it, a file keeps the mode of the one it replaces; a new one has what the umask allows.
        type: raw
      owner:
        description: The owner of a file or directory. Without it, the owner stays.
        type: str
      group:
        description: The group of a file or directory. Without it, the group stays.
        type: str
      only_new:
        description:
          - Whether mode, owner and group are for a directory that is made only.
          - One that is there keeps its own.
        type: bool
        default: false
extends_documentation_fragment:
  - streamops.flink._attributes
attributes:
  check_mode:
    support: full
    details: Where a parent or O(files[].source) is missing, it is taken that a former task would have made it.
  diff_mode:
    support: full
    details: Contents are left out where O(files[].secret_content) gives them, and where they are long or no text.
seealso:
  - module: ansible.builtin.copy
  - module: ansible.builtin.file
"""

EXAMPLES = r"""
- name: Write the configuration
  streamops.flink.files:
    files:
      - {path: /etc/flink, state: directory, mode: "0755"}
      - path: /etc/flink/config.yaml
        secret_content: "{{ {'taskmanager.numberOfTaskSlots': 4} | streamops.flink.config_file('2.3.0') }}"
        group: flink
        mode: "0640"
      - {path: /etc/flink/flink-conf.yaml, state: absent}

- name: Switch to the new release
  streamops.flink.files:
    files:
      - {path: /opt/flink/current, state: link, target: flink-2.3.0}
"""

RETURN = r"""
changed_files:
  description: The paths that changed, in the order given.
  returned: success
  type: list
  elements: str
  sample: [/etc/flink/config.yaml]
diff:
  description: What differed, an entry for the content and one for the attributes of each path.
  returned: success
  type: list
  elements: dict
  sample:
    - before_header: /opt/flink/current
      after_header: /opt/flink/current
      before: {path: /opt/flink/current, state: link, target: flink-1.20.5}
      after: {path: /opt/flink/current, state: link, target: flink-2.3.0}
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._target.changes import check_places, find_changes
from ansible_collections.streamops.flink.plugins.module_utils._target.entries import EntryError, read_entries
from ansible_collections.streamops.flink.plugins.module_utils._target.store import StoreError, carry_out

if t.TYPE_CHECKING:
    from pathlib import Path


class _Module(AnsibleModule):
    """Logs on the host which paths it was given, and no content."""

    def _log_invocation(self) -> None:
        """AnsibleModule logs a list as Python writes it, and there misses secrets of more than a line."""
        self.log(f"Invoked with files={[entry['path'] for entry in self.params['files']]}")

    def label(self, path: Path, place: str) -> None:
        """Give a path the SELinux context that belongs to a place, where SELinux is in use."""
        if self.selinux_enabled():
            self.set_context_if_different(str(path), self.selinux_default_context(place), False)


def _bring(module: _Module) -> dict[str, t.Any]:
    entries = read_entries(module.params["files"])
    check_places(entries, module.check_mode)
    changes = find_changes(entries)
    if not module.check_mode:
        carry_out(entries, changes, module.label)
    return {
        "changed": bool(changes),
        "changed_files": [change.entry.path for change in changes],
        "diff": [difference for change in changes for difference in change.diff],
    }


def main() -> None:
    module = _Module(
        argument_spec={
            "files": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "path": {"type": "path", "required": True},
                    "state": {"type": "str", "choices": ["file", "directory", "link", "absent"], "default": "file"},
                    "content": {"type": "str"},
                    "secret_content": {"type": "str", "no_log": True},
                    "source": {"type": "path"},
                    "target": {"type": "str"},
                    "mode": {"type": "raw"},
                    "owner": {"type": "str"},
                    "group": {"type": "str"},
                    "only_new": {"type": "bool", "default": False},
                },
            }
        },
        supports_check_mode=True,
    )
    try:
        result = _bring(module)
    except EntryError as exc:
        module.fail_json(msg=str(exc))
    except StoreError as exc:
        module.fail_json(msg=str(exc), changed=exc.changed)
    except OSError as exc:
        module.fail_json(msg=f"{exc.filename}: {exc.strerror}.")
    module.exit_json(**result)


if __name__ == "__main__":
    main()
