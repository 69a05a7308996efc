# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import copy
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.gathering import gather
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import (
    CLUSTER,
    MORNING,
    host,
    process,
)

Answers = dict[str, t.Any]

GOOD: Answers = {"changed": False, **host(process("taskmanager-1"))}
CLUSTER_ANSWER: Answers = {"changed": False, "cluster": CLUSTER}
SENTENCE = "expected a look at its processes, got none:"

# What tm2 answers, and what is said of it.
FAILURES: dict[str, tuple[Answers | None, str]] = {
    "it cannot be reached": ({"unreachable": True, "msg": "ssh: no route"}, "it cannot be reached."),
    "its look failed": ({"failed": True, "msg": "no Python."}, "no Python."),
    "the task was skipped": ({"skipped": True, "skip_reason": "Conditional result was False"}, "no reason."),
    "nobody asked it": (None, "it was not asked."),
    "control characters in what it says": ({"msg": "a\x1b[2Jb"}, "a\\x1b[2Jb"),
    "an older module": ({**GOOD, "processes": None}, "processes is null, not a list."),
    "a part of an answer": ({"processes": []}, "a mapping without time, since"),
}


@pytest.mark.parametrize(("answer", "words"), FAILURES.values(), ids=FAILURES)
def test_a_host_that_gives_no_look_is_named_and_the_others_count(answer: Answers | None, words: str) -> None:
    observation = gather({"tm1": GOOD, "tm2": answer}, {"tm1": CLUSTER_ANSWER}, MORNING, [])
    assert observation["hosts"] == {"tm1": host(process("taskmanager-1"))}
    (sentence,) = observation["unknown"]
    assert sentence.startswith(f"tm2: {SENTENCE}")
    assert words in sentence


def test_the_first_jobmanager_that_answers_speaks_for_the_cluster() -> None:
    silent = {"failed": True, "msg": "http://jm1:8081: connection refused."}
    observation = gather({"tm1": GOOD}, {"jm1": silent, "jm2": CLUSTER_ANSWER}, MORNING, [])
    assert (observation["cluster"], observation["unknown"]) == (CLUSTER, [])


def test_a_cluster_that_is_down_is_told_and_its_hosts_count() -> None:
    silent = {"failed": True, "msg": "http://jm1:8081: connection refused."}
    observation = gather({"tm1": GOOD}, {"jm1": silent, "jm2": {"unreachable": True}}, MORNING, [])
    assert observation["cluster"] is None
    assert observation["unknown"] == [
        "REST API, asked from jm1: expected an answer, got none: http://jm1:8081: connection refused.",
        "REST API, asked from jm2: expected an answer, got none: it cannot be reached.",
    ]


def test_a_look_that_failed_everywhere_is_refused() -> None:
    with pytest.raises(
        FlinkError, match=r"tm1: .* it cannot be reached[.]\nREST API, .*\nNothing could be looked at[.]"
    ):
        gather({"tm1": {"unreachable": True}}, {"tm1": {"unreachable": True}}, MORNING, [])


# What a log says, and what is kept of it.
SECRETS = {
    "a value that is known": ("connected as flink with n0tForEyes", "connected as flink with ***"),
    "a property": ("a\n  db.password=hunter2\nb", "a\n(a line that is not shown)\nb"),
    "a URL": ("jdbc:x://me:hunter2@db/orders", "(a line that is not shown)"),
    "a number that is part of a secret": ("1073741824", "1073741824"),
    "nothing": ("java.lang.OutOfMemoryError: Java heap space", "java.lang.OutOfMemoryError: Java heap space"),
}


@pytest.mark.parametrize(("written", "kept"), SECRETS.values(), ids=SECRETS)
def test_secrets_of_logs_and_exceptions_are_not_kept(written: str, kept: str) -> None:
    answer, cluster = copy.deepcopy(GOOD), copy.deepcopy(CLUSTER_ANSWER)
    fields = {"text": written}
    answer["messages"] = [
        {
            "process": "taskmanager-1",
            "time": 5,
            "code": "heap",
            "text": written,
            "fields": fields,
            "count": 1,
            "source": "log",
        }
    ]
    cluster["cluster"]["failures"][0]["text"] = written
    observation = gather({"tm1": answer}, {"tm1": cluster}, MORNING, ["n0tForEyes", "RUNNING", "1073"])
    assert observation["cluster"]
    assert observation["cluster"]["failures"][0]["text"] == kept
    assert observation["cluster"]["jobs"][0]["state"] == "RUNNING", "only what others wrote is looked through"
    (message,) = observation["hosts"]["tm1"]["messages"]
    assert (message["text"], message["fields"]["text"]) == (kept, kept)
