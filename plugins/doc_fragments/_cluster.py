# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """A module that reads the variables of the role for a host of a cluster."""

    DOCUMENTATION = r"""
options:
  cluster:
    description:
      - The hosts of the cluster, as returned by M(streamops.flink.inventory_info).
      - Unless they are set, C(flink_components), C(flink_jobmanager_hosts) and C(flink_taskmanager_hosts) are derived
        from it.
    type: dict
    suboptions:
      jobmanagers:
        description: The hosts with a JobManager.
        type: list
        elements: str
        required: true
      taskmanagers:
        description: The hosts with TaskManagers.
        type: list
        elements: str
        required: true
      workers:
        description: The hosts with TaskManagers, once for each TaskManager.
        type: list
        elements: str
        required: true
"""
