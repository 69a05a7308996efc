# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions of this collection have in common."""

from __future__ import annotations

import abc
import copy
import dataclasses
import typing as t
from pathlib import Path

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
            # Ansible would append the words of every cause.
            raise AnsibleActionFail(str(exc)) from None

    def decrypted(self, path: str) -> bytes:
        """The content of a file, which Ansible Vault may have encrypted. Raises AnsibleError or OSError."""
        real = self._loader.get_real_file(path)
        try:
            return Path(real).read_bytes()
        finally:
            # What was decrypted would lie there until the end of the play.
            self._loader.cleanup_tmp_file(real)

    @abc.abstractmethod
    def outcome(self, params: Values, variables: Values) -> Values:
        """What the result has besides ``changed``, which is false. Raises FlinkError for what cannot be done."""


def plain(value: t.Any) -> t.Any:
    """Values as a result has them, and expressions compare them: lists instead of tuples."""
    if hasattr(value, "as_entry"):
        return value.as_entry()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
