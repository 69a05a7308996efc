# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells a scenario what a play did: prints the logs of the hosts if it failed, or writes its results to a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

from ansible.plugins.callback import CallbackBase

if t.TYPE_CHECKING:
    from ansible.executor.stats import AggregateStats
    from ansible.executor.task_result import CallbackTaskResult

DOCUMENTATION = """
name: scenario
type: notification
short_description: Results of a play for the scenarios of Molecule
description:
  - If the environment variable E(SCENARIO_RESULTS) names a file, writes there what changed and failed, as JSON.
  - Otherwise, if a play failed, prints what the hosts of the fleet E(MOLECULE_SCENARIO_NAME) have to say about Flink,
    and adds a line for each failure to the file that E(SCENARIO_FAILURES) may name.
"""

HOSTS = Path(__file__).resolve().parents[4] / "tools" / "hosts.py"


class CallbackModule(CallbackBase):
    """Collects the results."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "scenario"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *arguments: t.Any, **options: t.Any) -> None:
        super().__init__(*arguments, **options)
        self._changed: list[dict[str, str]] = []
        self._failed: list[dict[str, str]] = []

    def v2_runner_on_ok(self, result: CallbackTaskResult) -> None:
        """Note a change."""
        if result.result.get("changed"):
            self._changed.append(_row(result))

    def v2_runner_on_failed(self, result: CallbackTaskResult, ignore_errors: bool = False) -> None:
        """Note a failure."""
        if not ignore_errors:
            self._failed.append(_row(result))

    def v2_runner_on_unreachable(self, result: CallbackTaskResult) -> None:
        """Note a host that is gone."""
        self._failed.append(_row(result))

    def v2_playbook_on_stats(self, stats: AggregateStats) -> None:
        """Hand over, or help."""
        target = os.environ.get("SCENARIO_RESULTS")
        if target:
            hosts = {host: stats.summarize(host) for host in stats.processed}
            results = {"hosts": hosts, "changed": self._changed, "failed": self._failed}
            Path(target).write_text(json.dumps(results), encoding="utf-8")
        elif stats.failures or stats.dark:
            fleet = os.environ.get("MOLECULE_SCENARIO_NAME", "")
            command = [sys.executable, str(HOSTS), "--fleet", fleet, "logs"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            self._display.display(done.stdout + done.stderr)
            if "SCENARIO_FAILURES" in os.environ:
                lines = [f"{fleet}: {row['host']}: {row['task']}: {row['msg']}\n" for row in self._failed]
                with Path(os.environ["SCENARIO_FAILURES"]).open("a", encoding="utf-8") as file:
                    file.writelines(lines)


def _row(result: CallbackTaskResult) -> dict[str, str]:
    said = [str(result.result.get(key, "")).strip() for key in ("msg", "stderr")]
    return {"host": result.host.name, "task": result.task.get_name(), "msg": " ".join(filter(None, said))}
