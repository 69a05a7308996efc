# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from unittest import mock

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.programs import runner


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
