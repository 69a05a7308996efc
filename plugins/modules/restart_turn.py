#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restart_turn
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Report the progress of a cluster restart, for the playbooks of this collection
description:
  - An internal tool of the playbooks, which may change in a minor release.
  - Prints which hosts have restarted, which are restarting, and which remain.
  - Fails if a host that should have restarted was lost on the way, so that no more hosts are restarted.
  - Runs once per batch, on the controller, and opens no connection.
options:
  before:
    description: The groups of the hosts that must have restarted already.
    type: list
    elements: str
    required: true
  part:
    description: The group of the hosts that are restarting. Without it, all are expected to have restarted.
    type: str
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
"""

EXAMPLES = r"""
- name: Report the progress of the restart
  streamops.flink.restart_turn:
    before: [flink_preceding_jobmanagers]
    part: flink_restarting_taskmanagers
  run_once: true
"""

RETURN = r"""
position:
  description: The progress of the restart.
  returned: success
  type: str
  sample: "Restarted before: tm1. Now: tm2. Still to come: tm3."
"""
