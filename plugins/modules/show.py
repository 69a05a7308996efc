#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: show
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Print a text as it is, whatever the callback makes of results
description:
  - Tables and pictures made of characters need their line breaks, which callbacks print as part of a JSON text.
  - Runs on the controller and changes nothing.
attributes:
  action:
    description: Has a corresponding action plugin, which runs on the controller.
    support: full
options:
  text:
    description: What to print.
    type: str
    required: true
extends_documentation_fragment:
  - streamops.flink._attributes
seealso:
  - plugin: streamops.flink.memory_table
    plugin_type: filter
  - plugin: streamops.flink.fleet_table
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show the memory of a TaskManager
  streamops.flink.show:
    text: "{{ {'taskmanager.memory.process.size': '4g'} | streamops.flink.memory_plan('2.3.0')
      | streamops.flink.memory_table }}"
"""

RETURN = r""" """
