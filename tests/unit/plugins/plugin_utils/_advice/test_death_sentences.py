# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.death_sentences import death_sentences
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis.looks import (
    DOWN,
    NOW,
    exit_,
    host,
    plans,
    process,
    said,
)

PLANS = plans()["flink-2"]
HEAP = (
    "taskmanager-1 ran out of heap: a task heap of 212m was too small. Raise taskmanager.memory.process.size until task"
    " heap is at least 318m, which the playbook streamops.flink.advise computes."
)
PORT = (
    "taskmanager-1 did not start: another process has one of its ports. Stop that process (ss --listening --processes),"
    " or choose other ports."
)
EXIT_ON_OOM = "Terminating due to java.lang.OutOfMemoryError: Java heap space"
IN_USE = "Caused by: java.net.BindException: Address already in use"

# A look at a host, and what is said of taskmanager-1.
LOOKS: dict[str, tuple[t.Any, list[str]]] = {
    "a process that ran out of heap a minute ago, and runs again": (
        host(process(), exits=[exit_(3, time=NOW - 60)], messages=[said(EXIT_ON_OOM, time=NOW - 61)]),
        [HEAP],
    ),
    "a process that ran out of heap in the night, and runs again": (
        host(process(), exits=[exit_(3)], messages=[said(EXIT_ON_OOM)]),
        [],
    ),
    "a process that ran out of heap in the night, and is down": (
        host(process(**DOWN), exits=[exit_(3)], messages=[said(EXIT_ON_OOM)]),
        [HEAP],
    ),
    "a process that cannot have its port, without a journal": (
        host(process(**DOWN, unit=None, service=None), messages=[said(IN_USE, time=None)]),
        [PORT],
    ),
    "a process that was stopped": (
        host(
            process(**DOWN),
            exits=[exit_(239)],
            messages=[said("RECEIVED SIGNAL 15: SIGTERM. Shutting down as requested")],
        ),
        [],
    ),
    "another process that died": (host(process(), exits=[exit_(3, process="jobmanager", time=NOW - 60)]), []),
    "a process of which nothing is known": (host(process(**DOWN)), []),
    "a look that failed": ({"failed": True, "msg": "no such module"}, []),
    "no look": (None, []),
}


@pytest.mark.parametrize(("look", "sentences"), LOOKS.values(), ids=list(LOOKS))
def test_why_a_process_does_not_come_up(look: t.Any, sentences: list[str]) -> None:
    assert death_sentences(look, PLANS, ["taskmanager-1"]) == sentences


def test_no_sentence_has_a_secret() -> None:
    wrong = "Caused by: org.apache.flink.configuration.IllegalConfigurationException: Cannot use n0tForEyes"
    own = [{**plan, "config": {**plan["config"], "s3.secret-key": "n0tForEyes"}} for plan in PLANS]
    look = host(process(**DOWN), messages=[said(wrong)])
    (told,) = death_sentences(look, PLANS, ["taskmanager-1"])
    (masked,) = death_sentences(look, own, ["taskmanager-1"])
    assert "n0tForEyes" in told
    assert masked == told.replace("n0tForEyes", "***")


@pytest.mark.parametrize(
    ("plans_", "processes", "message"),
    [(PLANS, "taskmanager-1", "expected the names of processes"), ([{}], [], "expected the plans of hosts")],
    ids=["one name", "no plans"],
)
def test_what_is_refused(plans_: t.Any, processes: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=message):
        death_sentences(host(process()), plans_, processes)
