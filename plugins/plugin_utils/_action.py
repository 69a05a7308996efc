# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions of this collection have in common."""

from __future__ import annotations

import abc
import copy
import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

Values = dict[str, t.Any]


class Action(ActionBase, abc.ABC):
    """An action with typed arguments, which says what it is told of mistakes instead of where they were noticed."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    argument_spec: t.ClassVar[Values]

    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        """The result of the task. Raises AnsibleActionFail with the words of a FlinkError."""
        result = super().run(tmp, task_vars)
        _unused, params = self.validate_argument_spec(argument_spec=copy.deepcopy(self.argument_spec))
        try:
            return {**result, "changed": False, **self.outcome(params, task_vars or {})}
        except FlinkError as exc:
            raise AnsibleActionFail(str(exc)) from exc

    @abc.abstractmethod
    def outcome(self, params: Values, variables: Values) -> Values:
        """What the result has besides ``changed``, which is false. Raises FlinkError for what cannot be done."""
