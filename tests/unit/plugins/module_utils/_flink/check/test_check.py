# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import config_check
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

CONFIG = {
    "acme.orders": 1,
    "jobmanager.retrieve-taskmanager-hostname": "nope",
    "state.checkpoints.num-retained": 3,
    "taskmanager.network.compression.codec": "zip",
}

# A process, and the options that something is said about, the gravest first.
PROCESSES: dict[str | None, list[str]] = {
    None: [
        *("jobmanager.retrieve-taskmanager-hostname", "taskmanager.network.compression.codec"),
        *("acme.orders", "state.checkpoints.num-retained"),
    ],
    "jobmanager": ["jobmanager.retrieve-taskmanager-hostname", "acme.orders", "state.checkpoints.num-retained"],
    "taskmanager": ["taskmanager.network.compression.codec", "acme.orders", "state.checkpoints.num-retained"],
}


@pytest.mark.parametrize(("process", "keys"), PROCESSES.items())
def test_what_is_told_of_a_process(process: str | None, keys: list[str]) -> None:
    found = config_check(CONFIG, "2.3", process)
    assert [key for finding in found for key in finding["options"]] == keys
    assert {finding["level"] for finding in found} == {"error", "warning", "hint"}


# Arguments beside the configuration and the release, and the message.
REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "no process": ({"process": "client"}, "process: expected jobmanager or taskmanager, got 'client'."),
    "keys as text": ({"known_keys": "acme"}, "known_keys: expected a list of texts, got 'acme'."),
    "a number as a key": ({"known_keys": [1]}, "known_keys: expected a list of texts, got a whole number in it."),
    "a jar that is none": ({"jars": [None]}, "jars: expected a list of texts, got null in it."),
    "no host": ({"hosts": 0}, "hosts: expected a number of hosts such as 3, got 0."),
    "true for a number": ({"hosts": True}, "hosts: expected a number of hosts such as 3, got a boolean."),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(arguments: dict[str, t.Any], message: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        config_check({}, "2.3", **arguments)
    assert str(refusal.value).startswith(message)
