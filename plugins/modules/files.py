#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: files
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Manage many files, directories and links at once for the role flink
description:
  - A tool of the role P(streamops.flink.flink#role), which may change in a minor release.
  - Manages many files in one transfer, all or nothing. New contents are stored beside their destinations first; if that
    fails, for example on a full disk, nothing is changed.
  - Each file or link is then replaced in one step. Readers see the previous or the new one, never a partial one.
options:
  files:
    description:
      - The files, directories and links to manage.
      - Directories are created first, then all other entries take effect, both in the order given.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description: An absolute path without C(..). Nothing in it is expanded.
        type: str
        required: true
      state:
        description:
          - What the path has to be.
          - V(absent) removes a directory recursively. It refuses V(/) and paths directly below it, and directories in
            which a file system is mounted.
          - Missing parents are created for V(directory) only.
        type: str
        choices: [file, directory, link, absent]
        default: file
      content:
        description: The text of the file, written in UTF-8.
        type: str
      secret_content:
        description: Like O(files[].content), but never shown in diffs, logs or results.
        type: str
      secret_pattern:
        description:
          - A regular expression of Python for what is secret in O(files[].secret_content).
          - Diffs show the rest, and of what it matches only whether it changed.
        type: str
      base64:
        description: Whether O(files[].content) or O(files[].secret_content) is Base64 of what is to be written.
        type: bool
        default: false
      source:
        description: A file on the host to copy the content from. Root follows only links of root to it.
        type: str
      target:
        description: Where the link points. It does not have to exist.
        type: str
      mode:
        description:
          - The mode of a file or directory, as a quoted octal number.
          - By default, a replaced file keeps its mode, and a new one gets what the umask allows.
        type: raw
      owner:
        description: The owner of a file or directory. By default, the owner is kept.
        type: str
      group:
        description: The group of a file or directory. By default, the group is kept.
        type: str
      only_new:
        description:
          - Whether mode, owner and group apply only to a directory that this task creates.
          - An existing directory keeps its own.
        type: bool
        default: false
      only_empty:
        description:
          - Whether V(absent) leaves a directory alone in which something is left by the entries before, or where a file
            system is mounted.
        type: bool
        default: false
extends_documentation_fragment:
  - streamops.flink._attributes
attributes:
  check_mode:
    support: full
    details: A missing parent, O(files[].source), user or group is assumed to come from an earlier task.
  diff_mode:
    support: full
    details: >-
      Contents are omitted if they come from O(files[].secret_content) without O(files[].secret_pattern), are too long,
      or are not text.
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

- name: Point the link at the new release
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
  description: The differences, one entry for the content and one for the attributes of each path.
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
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import valid

if t.TYPE_CHECKING:
    from pathlib import Path


class _Module(AnsibleModule):
    """Logs the paths that it was given on the host, but no content."""

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
                    "path": {"type": "str", "required": True},
                    "state": {"type": "str", "choices": ["file", "directory", "link", "absent"], "default": "file"},
                    "content": {"type": "str"},
                    "secret_content": {"type": "str", "no_log": True},
                    "secret_pattern": {"type": "str", "no_log": False},
                    "base64": {"type": "bool", "default": False},
                    "source": {"type": "str"},
                    "target": {"type": "str"},
                    "mode": {"type": "raw"},
                    "owner": {"type": "str"},
                    "group": {"type": "str"},
                    "only_new": {"type": "bool", "default": False},
                    "only_empty": {"type": "bool", "default": False},
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
    module.exit_json(**valid(result))


if __name__ == "__main__":
    main()
