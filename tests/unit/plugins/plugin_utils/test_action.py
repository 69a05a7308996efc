# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.streamops.flink.plugins.plugin_utils._action import plain
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import JobDecision


def test_a_decision_without_anything_to_do_has_lists_that_an_expression_finds_empty() -> None:
    decided = JobDecision(
        objections=(),
        sentences=(),
        order="rolling",
        restart_groups={"j1": ()},
        spares={"j1": ()},
        together={"j1": ()},
        begin_together={"j1": ()},
        stopped=(),
        unmanaged=(),
        interrupted=(),
        wanted=({"name": "orders"},),
        lags=False,
        needs_run=False,
        programs=(),
    )
    assert plain(decided) == {
        "objections": [],
        "sentences": [],
        "order": "rolling",
        "restart_groups": {"j1": []},
        "spares": {"j1": []},
        "together": {"j1": []},
        "begin_together": {"j1": []},
        "stopped": [],
        "unmanaged": [],
        "interrupted": [],
        "wanted": [{"name": "orders"}],
        "lags": False,
        "needs_run": False,
        "programs": [],
        "advice": [],
        "hold": None,
        "prepared": [],
        "within_restart": False,
    }
