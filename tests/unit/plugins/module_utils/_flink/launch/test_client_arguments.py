# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Version
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.client_arguments import (
    argument_file,
    client_arguments,
)

Values = t.Dict[str, t.Any]

PLAIN = Version("d" * 64, "/j/orders.jar", None, (), None, {}, "2.3")
BEGIN = ["run", "-t", "remote", "-d"]
ID = "-D$internal.pipeline.job-id=1a"
JAR = "/j/orders.jar"

# What is different of the version, state and whether some of it may be left out, options; the words.
WORDS: dict[str, tuple[Values, str | None, bool, dict[str, str], list[str]]] = {
    "a jar": ({}, None, False, {}, [*BEGIN, ID, JAR]),
    "a class": ({"entry_class": "a.B"}, None, False, {}, [*BEGIN, ID, "-c", "a.B", JAR]),
    "a state": ({}, "s3://b/s", False, {}, [*BEGIN, ID, "-s", "s3://b/s", JAR]),
    "a state of which some may be left out": ({}, "s3://b/s", True, {}, [*BEGIN, ID, "-s", "s3://b/s", "-n", JAR]),
    "nothing can be left out of no state": ({}, None, True, {}, [*BEGIN, ID, JAR]),
    "words of the program come last, whatever they look like": (
        {"args": ("-s", "--help", "it is $HOME")},
        None,
        False,
        {},
        [*BEGIN, ID, JAR, "-s", "--help", "it is $HOME"],
    ),
    "options of the job outrank those of the cluster": (
        {"parallelism": 4, "config": {"a": "1 s", "rest.port": "1"}},
        None,
        False,
        {"rest.port": "2", "b": "c=d"},
        [*BEGIN, "-Drest.port=1", "-Db=c=d", "-Da=1 s", ID, "-p", "4", JAR],
    ),
    "the ID is the one that was noted": (
        {"config": {"$internal.pipeline.job-id": "2b"}},
        None,
        False,
        {},
        [*BEGIN, ID, JAR],
    ),
}


@pytest.mark.parametrize(("version", "state", "may_lack", "options", "words"), WORDS.values(), ids=WORDS)
def test_words(version: Values, state: str | None, may_lack: bool, options: dict[str, str], words: list[str]) -> None:
    wanted = dataclasses.replace(PLAIN, **version)
    assert client_arguments(wanted, "1a", state, allow_non_restored_state=may_lack, options=options) == words


# A word, and its line.
LINES = {
    "": '""\n',
    "-Da=b": '"-Da=b"\n',
    "a b # c": '"a b # c"\n',
    'say "a\\b"': '"say \\"a\\\\b\\""\n',
    "a\nb\tc": '"a\\nb\\tc"\n',
    "@file": '"@file"\n',
}


@pytest.mark.parametrize(("word", "line"), LINES.items())
def test_lines_of_the_file(word: str, line: str) -> None:
    assert argument_file([word]) == line
    assert argument_file([word, word]) == line * 2
