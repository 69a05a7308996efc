#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restart_turn
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Say where the restart of a cluster stands, for the playbooks of this collection
description:
  - A tool of this collection's playbooks. It may change in a minor release.
  - Prints which hosts have restarted, whose turn it is, and which are still to come.
  - Fails if a host that should have restarted before was lost on the way, so that no more are restarted.
  - Runs once for a batch, on the controller, and opens no connection.
attributes:
  action:
    description: Has a corresponding action plugin, which runs on the controller.
    support: full
options:
  before:
    description: The groups of the hosts that have to be restarted already.
    type: list
    elements: str
    required: true
  part:
    description: The group of the hosts that are being restarted. Without it, the restart is over.
    type: str
extends_documentation_fragment:
  - streamops.flink._attributes
"""

EXAMPLES = r"""
- name: Say where the restart stands
  streamops.flink.restart_turn:
    before: [flink_preceding_jobmanagers]
    part: flink_restarting_taskmanagers
  run_once: true
"""

RETURN = r"""
position:
  description: Where the restart stands, in a sentence.
  returned: success
  type: str
  sample: "Restarted before: tm1. Now: tm2. Still to come: tm3."
"""
