# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import time
from unittest import mock

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.programs import (
    Program,
    brief_runner,
    runner,
)


def test_the_answer_of_a_program_is_that_of_the_module() -> None:
    module = mock.Mock()
    module.run_command.return_value = (3, "output", "errors")
    assert runner(module)(["java", "-version"]) == (3, "output", "errors")
    module.run_command.assert_called_once_with(["java", "-version"], handle_exceptions=False, errors="replace")


def test_a_program_that_does_not_start_is_an_error_of_the_caller() -> None:
    module = mock.Mock()
    module.run_command.side_effect = FileNotFoundError(2, "No such file or directory")
    with pytest.raises(FileNotFoundError):
        runner(module)(["java"])


def test_what_a_program_prints() -> None:
    script = r"echo $LC_ALL; echo bad >&2; printf 'a\377\n'; cat; exit 3"
    assert Program(["sh", "-c", script]).output() == (3, "C\na\ufffd\n", "bad\n")
    assert brief_runner(["sh", "-c", script]) == (3, "C\na\ufffd\n", "bad\n")
    missing = Program(["/nowhere/at-all"])
    with pytest.raises(FileNotFoundError):
        missing.output()


def test_a_program_that_prints_without_end_is_ended() -> None:
    assert Program(["yes"]).output(most_bytes=5) == (None, "y\ny\ny", "")
    assert Program(["sh", "-c", "yes >&2"]).output(most_bytes=5) == (None, "", "y\ny\ny")
    assert brief_runner(["yes"])[0] == -1


@pytest.mark.parametrize(
    "script",
    ["sleep 4711", "exec >&- 2>&-; sleep 4711", "sleep 4711 & exit", "trap '' TERM; while :; do sleep 1; done"],
    ids=["it sleeps", "it closes its output", "what it has started keeps its output", "it does not want to end"],
)
def test_a_program_that_does_not_answer_is_ended(script: str) -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"no answer within 0\.2 seconds"):
        Program(["sh", "-c", script]).output(seconds=0.2)
    assert time.monotonic() - start < 60
    while "sleep 4711" in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout:
        assert time.monotonic() - start < 120
        time.sleep(0.1)
