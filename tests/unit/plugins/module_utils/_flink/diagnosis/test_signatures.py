# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.signatures import SIGNATURES, match
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.diagnosis.signature_lines import (
    DERIVED,
    SEEN,
)

# Lines that only look like it.
HARMLESS = {
    "an option of the JVM": "TaskManagerRunner [] -     -XX:+ExitOnOutOfMemoryError",
    "an option of Flink": "GlobalConfiguration [] - Loading configuration property: taskmanager.jvm-exit-on-oom, true",
    "an orderly end": "Terminating cluster entrypoint process StandaloneApplicationClusterEntryPoint with exit code 0.",
    "a checkpoint that is done": "CheckpointCoordinator [] - Completed checkpoint 3 for job 6db4 (5612 bytes).",
    "a heartbeat that goes on": "JobMaster [] - Triggering heartbeat to TaskManager with id flink-2-1.",
    "a kernel that kills nothing": "Memory cgroup stats for /system.slice/flink-taskmanager-1.service:",
    "nothing": "",
}


@pytest.mark.parametrize(("line", "code", "fields"), [*SEEN.values(), *DERIVED.values()], ids=[*SEEN, *DERIVED])
def test_a_failure_is_known_by_its_line(line: str, code: str, fields: dict[str, str]) -> None:
    found = match(line)
    assert found is not None
    assert (found.code, dict(found.fields)) == (code, fields)


@pytest.mark.parametrize("line", HARMLESS.values(), ids=list(HARMLESS))
def test_other_lines_are_no_failure(line: str) -> None:
    assert match(line) is None


@pytest.mark.parametrize(
    "signature", SIGNATURES, ids=lambda signature: f"{signature.code}: {signature.words.replace(' ', '_')}"
)
def test_each_signature_has_a_line(signature: object) -> None:
    lines = [line for line, _code, _fields in (*SEEN.values(), *DERIVED.values())]
    assert any(_first(line) is signature for line in lines)


@pytest.mark.parametrize(
    "signature", SIGNATURES, ids=lambda signature: f"{signature.code}: {signature.words.replace(' ', '_')}"
)
def test_only_digits_repeat_without_end(signature: object) -> None:
    pattern = next(known.pattern for known in SIGNATURES if known is signature)
    assert re.findall(r"(?:\.|\]|\)|\\[SsWw])[*+]", pattern) == []


def _first(line: str) -> object:
    return next((known for known in SIGNATURES if known.words in line and known.search(line)), None)
