# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Actions as a task makes them."""

from __future__ import annotations

import typing as t
from unittest import mock

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.template import Templar

if t.TYPE_CHECKING:
    from ansible.plugins.action import ActionBase

Values = dict[str, t.Any]


def made(kind: type[ActionBase], args: Values, variables: Values, *, check_mode: bool = False) -> ActionBase:
    """An action whose templates see these variables, and whose connection only remembers what it was asked."""
    task = Task()
    task.action = kind.__module__.replace("ansible_collections.", "").replace("plugins.action.", "")
    task.args = args
    task.check_mode = check_mode
    connection, loader = mock.Mock(), DataLoader()
    connection._shell.tmpdir = None
    return kind(
        task=task,
        connection=connection,
        play_context=PlayContext(),
        loader=loader,
        templar=Templar(loader, variables=variables),
        shared_loader_obj=None,
    )


def opened_no_connection(action: ActionBase) -> bool:
    return t.cast("mock.Mock", action._connection).method_calls == []


class HostVars(dict[str, Values]):
    """The variables of all hosts, to be had as they are written and as they are read."""

    def raw_get(self, host: str) -> Values:
        return self[host]
