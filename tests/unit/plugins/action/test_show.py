# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.streamops.flink.plugins.action import show as action_plugin
from ansible_collections.streamops.flink.plugins.modules import show
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import Values, made

SPEC = copy.deepcopy(action_plugin.ARGUMENT_SPEC)


def run(args: Values, *, check_mode: bool = False) -> tuple[Values, list[str]]:
    """The result, and what was printed."""
    printed: list[str] = []
    action = made(action_plugin.ActionModule, args, {}, check_mode=check_mode)
    with mock.patch.object(action_plugin, "Display", return_value=mock.Mock(display=printed.append)):
        return action.run(task_vars={}), printed


@pytest.mark.parametrize("check_mode", [False, True], ids=["run", "check"])
def test_a_text_is_printed_as_it_is(check_mode: bool) -> None:
    assert run({"text": "a  table\n  of two\n\n"}, check_mode=check_mode) == (
        {"changed": False},
        ["a  table\n  of two"],
    )


@pytest.mark.parametrize(("args", "message"), [({}, "missing required"), ({"text": "", "to": "me"}, "Unsupported")])
def test_arguments_are_checked(args: Values, message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run(args)


def test_the_documentation_is_that_of_the_action(documented: t.Callable[..., t.Any]) -> None:
    assert documented(yaml.safe_load(show.DOCUMENTATION)["options"]) == SPEC
