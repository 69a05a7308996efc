# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import subprocess
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.entries import read_entries

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._target.entries import Entry
    from ansible_collections.streamops.flink.plugins.module_utils._target.programs import Run


@pytest.fixture
def run() -> Run:
    """Runs programs as AnsibleModule.run_command does."""

    def run_command(command: list[str]) -> tuple[int, str, str]:
        answer = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", errors="replace")
        return answer.returncode, answer.stdout, answer.stderr

    return run_command


@pytest.fixture
def read() -> t.Callable[..., list[Entry]]:
    """Reads entries as the module files does, which fills in what they do not give."""
    options = ("content", "secret_content", "secret_pattern", "source", "target", "mode", "owner", "group")
    defaults = {**dict.fromkeys(options), "state": "file", "base64": False, "only_new": False, "only_empty": False}

    def read_all(*given: dict[str, t.Any]) -> list[Entry]:
        return read_entries([{**defaults, **entry, "path": str(entry["path"])} for entry in given])

    return read_all
