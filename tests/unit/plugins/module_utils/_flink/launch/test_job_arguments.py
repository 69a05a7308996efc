# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import shlex
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Version
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.job_arguments import job_arguments
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

Values = t.Dict[str, t.Any]

PLAIN = Version("d" * 64, "/j/orders.jar", None, (), None, {}, "2.3")
JARS = "--jars local:///j/orders.jar"

# Release, what is different of the version, state and whether some of it may be left out; the words.
WORDS: dict[str, tuple[str, Values, str | None, bool, str]] = {
    "the jar is named from 1.19 on, before another option": ("1.19", {}, None, False, f"{JARS} --job-id 1a --"),
    "before, it is found": ("1.18", {}, None, False, "--job-id 1a --"),
    "an application has the ID of its job": ("2.3", {}, None, False, f"-D cluster.id=1a {JARS} --job-id 1a --"),
    "its path is a URI": ("2.2", {"jar": "/j/ä b.jar"}, None, False, "--jars local:///j/%C3%A4%20b.jar --job-id 1a --"),
    "a class": ("2.2", {"entry_class": "a.B"}, None, False, f"{JARS} -j a.B --job-id 1a --"),
    "a state": ("2.2", {}, "s3://b/s", False, f"{JARS} --job-id 1a -s s3://b/s --"),
    "a state of which some may be left out": ("2.2", {}, "s3://b/s", True, f"{JARS} --job-id 1a -s s3://b/s -n --"),
    "nothing can be left out of no state": ("2.2", {}, None, True, f"{JARS} --job-id 1a --"),
    "words of the program come last, whatever they look like": (
        "2.2",
        {"args": ("-s", "--jars", "it is $HOME")},
        None,
        False,
        f"{JARS} --job-id 1a -- -s --jars 'it is $HOME'",
    ),
    "options and parallelism come first": (
        "1.15",
        {"parallelism": 4, "config": {"b": "1 s", "a": "x"}},
        None,
        False,
        "-D a=x -D 'b=1 s' -D parallelism.default=4 --job-id 1a --",
    ),
    "parallelism outranks the option": (
        "1.15",
        {"parallelism": 4, "config": {"parallelism.default": "2"}},
        None,
        False,
        "-D parallelism.default=4 --job-id 1a --",
    ),
}


@pytest.mark.parametrize(("release", "version", "state", "may_lack", "words"), WORDS.values(), ids=WORDS)
def test_words(release: str, version: Values, state: str | None, may_lack: bool, words: str) -> None:
    found = job_arguments(
        dataclasses.replace(PLAIN, **version),
        "1a",
        state,
        allow_non_restored_state=may_lack,
        release=Release.parse(release),
    )
    assert found == shlex.split(words)
