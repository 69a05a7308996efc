#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: archive_signature
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Verify the signature of an archive for the role flink
description:
  - A tool of the role P(streamops.flink.flink#role), which may change in a minor release.
  - Fails unless an archive is signed by a key of one file. Keys and settings of any user do not count, and stay as they
    are.
  - A key that has expired since counts; one that was revoked does not.
options:
  archive:
    description: The archive.
    type: path
    required: true
  signature:
    description: The file with its detached signature.
    type: path
    required: true
  keys:
    description: The file with public keys, such as the KEYS of a project of Apache.
    type: path
    required: true
  fingerprints:
    description:
      - The full fingerprints of the keys that count, with or without blanks. A primary key stands for its subkeys.
      - By default, all of O(keys) do.
    type: list
    elements: str
    default: []
requirements:
  - gpgv or gpg on the host
extends_documentation_fragment:
  - streamops.flink._attributes
"""

EXAMPLES = r"""
- name: Verify the signature of a release
  streamops.flink.archive_signature:
    archive: /tmp/flink-2.3.0-bin-scala_2.12.tgz
    signature: /tmp/flink-2.3.0-bin-scala_2.12.tgz.asc
    keys: /tmp/KEYS
"""

RETURN = r"""
fingerprint:
  description: The fingerprint of the primary key of the one that has signed it.
  returned: success
  type: str
  sample: 0123456789ABCDEF0123456789ABCDEF01234567
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._target.programs import runner
from ansible_collections.streamops.flink.plugins.module_utils._target.signature import (
    SignatureError,
    fingerprint,
    verify,
)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "archive": {"type": "path", "required": True},
            "signature": {"type": "path", "required": True},
            "keys": {"type": "path", "required": True, "no_log": False},
            "fingerprints": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    archive, signature, keys, pinned = (
        module.params[name] for name in ("archive", "signature", "keys", "fingerprints")
    )
    odd = [text for text in pinned if fingerprint(text) is None]
    if odd:
        module.fail_json(msg=f"fingerprints: expected 40 or 64 hexadecimal digits, got {odd[0]!a}. Correct it.")
    expected = f"signature: expected one of {archive} by a key of {keys}, got"
    try:
        found = verify(archive, signature, keys, runner(module))
    except SignatureError as exc:
        module.fail_json(msg=f"{expected} {exc}.")
    except OSError as exc:
        module.fail_json(msg=f"{exc.filename or signature}: {exc.strerror}.")
    if pinned and not {found.key, found.primary} & set(map(fingerprint, pinned)):
        module.fail_json(
            msg=f"fingerprints: expected one of {', '.join(pinned)}, got {found.primary}, by which {archive} is signed."
        )
    module.exit_json(changed=False, fingerprint=found.primary)


if __name__ == "__main__":
    main()
