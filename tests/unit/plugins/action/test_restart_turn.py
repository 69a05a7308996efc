# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import re
import typing as t
from unittest import mock

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from ansible_collections.streamops.flink.plugins.action import restart_turn as action_plugin
from ansible_collections.streamops.flink.plugins.modules import restart_turn
from ansible_collections.streamops.flink.tests.unit.plugins.action.tasks import (
    HostVars,
    Values,
    made,
    opened_no_connection,
)

SPEC = copy.deepcopy(action_plugin.ARGUMENT_SPEC)
FIRST, SECOND = "flink_preceding_jobmanagers", "flink_restarting_taskmanagers"
GROUPS = {"all": ["j1", "t1", "t2", "t3"], FIRST: ["j1"], SECOND: ["t1", "t2", "t3"]}


def run(
    args: Values, *, hosts: list[str], batch: list[str], restarted: dict[str, list[str]] | None = None
) -> tuple[Values, list[str]]:
    """The result, and the lines that were shown, when these hosts have these parts of the restart behind them."""
    noted = {host: {"__flink_restarted": parts} for host, parts in (restarted or {}).items()}
    task_vars = {
        "groups": GROUPS,
        "hostvars": HostVars({**{host: {} for host in GROUPS["all"]}, **noted}),
        "ansible_play_batch": batch,
        "ansible_play_hosts_all": hosts,
    }
    lines: list[str] = []
    action = made(action_plugin.ActionModule, args, task_vars)
    with mock.patch.object(action_plugin, "Display", return_value=mock.Mock(display=lines.append)):
        result = action.run(task_vars=task_vars)
    assert opened_no_connection(action)
    return result, lines


SECOND_PART: Values = {"before": [FIRST], "part": SECOND}
OVER: Values = {"before": [FIRST, SECOND]}

# Arguments, the batch, what the hosts have behind them, and the line that is shown.
POSITIONS: dict[str, tuple[Values, list[str], dict[str, list[str]], str]] = {
    "the first of a part": (
        SECOND_PART,
        ["t1"],
        {"j1": [FIRST]},
        "Restarted before: none. Now: t1. Still to come: t2, t3.",
    ),
    "in the middle": (
        SECOND_PART,
        ["t2"],
        {"j1": [FIRST], "t1": [SECOND]},
        "Restarted before: t1. Now: t2. Still to come: t3.",
    ),
    "two at a time, the last": (
        SECOND_PART,
        ["t2", "t3"],
        {"j1": [FIRST], "t1": [SECOND]},
        "Restarted before: t1. Now: t2, t3. Still to come: none.",
    ),
}


@pytest.mark.parametrize(("args", "batch", "restarted", "line"), POSITIONS.values(), ids=POSITIONS)
def test_where_a_restart_stands(args: Values, batch: list[str], restarted: dict[str, list[str]], line: str) -> None:
    result, lines = run(args, hosts=GROUPS[SECOND], batch=batch, restarted=restarted)
    assert result == {"changed": False, "position": line}
    assert lines == [line]


def test_of_what_is_over_nothing_is_shown() -> None:
    restarted = {"j1": [FIRST], **{host: [SECOND] for host in GROUPS[SECOND]}}
    result, lines = run(OVER, hosts=["j1", "t1"], batch=["j1", "t1"], restarted=restarted)
    assert (result["changed"], lines) == (False, [])


# Arguments, the batch, what the hosts have behind them, and those that were lost.
LOST: dict[str, tuple[Values, list[str], dict[str, list[str]], str]] = {
    "one of an earlier part": (SECOND_PART, ["t1"], {}, "j1"),
    "one of an earlier batch": (SECOND_PART, ["t2"], {"j1": [FIRST]}, "t1"),
    "one that has only an earlier part behind it": (
        SECOND_PART,
        ["t3"],
        {"j1": [FIRST], "t1": [SECOND], "t2": [FIRST]},
        "t2",
    ),
    "several, of both": (SECOND_PART, ["t3"], {"t1": [SECOND]}, "j1, t2"),
    "one of the last part": (OVER, ["t1"], {"j1": [FIRST], "t1": [SECOND], "t2": [SECOND]}, "t3"),
}


@pytest.mark.parametrize(("args", "batch", "restarted", "lost"), LOST.values(), ids=LOST)
def test_hosts_that_were_lost(args: Values, batch: list[str], restarted: dict[str, list[str]], lost: str) -> None:
    sentence = (
        f"{lost}: expected it back after its restart, got no answer, so {', '.join(batch)} is left alone. "
        "Run the playbook again when it is back: it goes on from there."
    )
    with pytest.raises(AnsibleActionFail, match=f"^{re.escape(sentence)}$"):
        run(args, hosts=GROUPS[SECOND], batch=batch, restarted=restarted)


def test_a_part_that_no_host_has() -> None:
    result, _lines = run({"before": ["flink_restarting_jobmanagers"], "part": SECOND}, hosts=["t1"], batch=["t1"])
    assert result["position"] == "Restarted before: none. Now: t1. Still to come: none."


@pytest.mark.parametrize(
    ("args", "message"),
    [({}, "missing required arguments: before"), ({"before": [], "host": "t1"}, "Unsupported parameters")],
)
def test_arguments_are_checked(args: Values, message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run(args, hosts=["t1"], batch=["t1"])


def test_the_documentation_is_that_of_the_action(documented: t.Callable[..., t.Any]) -> None:
    assert documented(yaml.safe_load(restart_turn.DOCUMENTATION)["options"]) == SPEC
