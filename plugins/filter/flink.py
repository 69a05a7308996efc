# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
import typing as t

from ansible.errors import AnsibleTemplatePluginError
from ansible_collections.streamops.flink.plugins.module_utils._flink._command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink._config_file import config_file, config_file_name
from ansible_collections.streamops.flink.plugins.module_utils._flink._errors import FlinkMemoryError
from ansible_collections.streamops.flink.plugins.module_utils._flink._plan import plan
from ansible_collections.streamops.flink.plugins.module_utils._flink._size import to_bytes, to_size
from ansible_collections.streamops.flink.plugins.module_utils._flink._table import memory_table


def _filter(name: str, function: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    """The function as a filter: its refusals become errors of the template, under the filter's full name."""

    @functools.wraps(function)
    def call(*args: t.Any, **kwargs: t.Any) -> t.Any:
        try:
            return function(*args, **kwargs)
        except FlinkMemoryError as exc:
            raise AnsibleTemplatePluginError(f"streamops.flink.{name}: {exc}") from exc

    return call


class FilterModule:
    """Flink's memory, sizes and configuration files in templates."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        functions: dict[str, t.Callable[..., t.Any]] = {
            "config_file": config_file,
            "config_file_name": config_file_name,
            "memory_plan": plan,
            "memory_table": memory_table,
            "process_command": process_command,
            "to_bytes": to_bytes,
            "to_size": to_size,
        }
        return {name: _filter(name, function) for name, function in functions.items()}
