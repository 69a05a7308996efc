#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: certificate
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Make or check the TLS certificates of a host for the role flink
description:
  - A tool of the role P(streamops.flink.flink#role), which may change in a minor release.
  - Reads the variables C(flink_tls) and those that begin with C(flink_tls_) where the task runs.
  - Makes what is missing in C(flink_tls_dir) or expires soon, such as a private authority and the certificate of the
    host; or checks certificates that are given, and makes stores of them.
  - Runs on the controller, opens no connection, and shows no key.
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
  - streamops.flink._cluster
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
"""

EXAMPLES = r"""
- name: Make or check the certificates of the host
  streamops.flink.certificate:
  when: flink_tls != 'none'
"""

RETURN = r"""
made:
  description: What was made, and why, in sentences.
  returned: success
  type: list
  elements: str
  sample: ["The certificate of tm1 ended in 12 days: made, until 2027-11-27."]
"""
