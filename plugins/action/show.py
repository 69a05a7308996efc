# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

ARGUMENT_SPEC: dict[str, t.Any] = {"text": {"type": "str", "required": True}}


class ActionModule(ActionBase):
    """Print a text for people, whatever the callback makes of results."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        _unused, params = self.validate_argument_spec(argument_spec=copy.deepcopy(ARGUMENT_SPEC))
        Display().display(params["text"].rstrip("\n"))
        return {**result, "changed": False}
