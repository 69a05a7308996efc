# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action

ARGUMENT_SPEC: dict[str, t.Any] = {"text": {"type": "str", "required": True}}


class ActionModule(Action):
    """Print a text for people, whatever the callback makes of results."""

    _requires_connection = False
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        Display().display(params["text"].rstrip("\n"))
        return {}
