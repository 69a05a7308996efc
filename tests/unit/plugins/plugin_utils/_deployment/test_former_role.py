# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The environment of a process stays what it is, so that a cluster deployed by an earlier state is not restarted.

What is expected was computed by the role when it was written in Jinja. It is never computed again.
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.environment import environment_values
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import Case, case

GOLDEN = json.loads((Path(__file__).parents[4] / "golden/former_role.json").read_text(encoding="utf-8"))
SITUATIONS: dict[str, dict[str, t.Any]] = GOLDEN["situations"]


@pytest.fixture(params=SITUATIONS.values(), ids=list(SITUATIONS))
def expected(request: pytest.FixtureRequest) -> dict[str, t.Any]:
    """A situation, and what the role made of it."""
    return dict(request.param)


def of(expected: dict[str, t.Any]) -> Case:
    return case(expected["vars"], {**GOLDEN["host"], **expected["host"]})


def former(expected: dict[str, t.Any]) -> dict[str, dict[str, str]]:
    return {name: environment_values(variables) for name, variables in expected["environments"].items()}


def test_environments(expected: dict[str, t.Any]) -> None:
    assert of(expected).environments() == former(expected)


def test_limits(expected: dict[str, t.Any]) -> None:
    decided = of(expected).decide()
    files = {name: {"state": "file", **limit} for name, limit in expected["limits"].items()}
    assert {name: file.as_entry() for name, file in decided.limits.items()} == (files if decided.has_systemd else {})


def test_archive_and_processes_to_start_and_restart(expected: dict[str, t.Any]) -> None:
    decided = of(expected).decide()
    assert decided.installation.archive_checksum == expected["checksum"]
    assert list(decided.changes.start) == expected["start"]
    assert list(decided.changes.restart) == expected["restart"]


def test_what_the_former_role_started_goes_on_running(expected: dict[str, t.Any]) -> None:
    environments = former(expected)
    live = {name: {"state": "running", "environment": environment} for name, environment in environments.items()}
    changes = of(expected).running(live).decide().changes
    assert (changes.restart, changes.differing, changes.jobmanager_first, changes.start) == ((), (), False, ())
