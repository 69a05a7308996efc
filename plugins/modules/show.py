#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: show
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Print a text with its line breaks
description:
  - Prints a text such as a table as it is. In the result of a task, most callbacks would show it as a JSON string.
  - Runs on the controller and changes nothing.
options:
  text:
    description: The text to print.
    type: str
    required: true
extends_documentation_fragment:
  - streamops.flink._action
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
