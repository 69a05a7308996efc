# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """A module whose work an action does."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action:
    description: Has a corresponding action plugin that runs on the controller.
    support: full
"""
