# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import job_id
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, Version
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import job_specs
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import (
    JobDecision,
    cluster_facts,
    decide_jobs,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.jobs import JobFacts, JobVariables

# As the role hands it over: what is not given is null.
ENTRY: dict[str, t.Any] = {"name": "orders", "jar": "orders.jar", "args": None, "config": None, "state": "running"}
CONTENT = f"sha256:{'c' * 64}"
DIGEST = job_specs([ENTRY])[0].digest(CONTENT, "2.3.0")
ID = job_id("flink", "orders", DIGEST, "00000001")


def decide(live: list[dict[str, t.Any]], notes: t.Mapping[str, str]) -> JobDecision:
    """For one host, whose JobManager restarts."""
    variables = JobVariables(
        declared=[ENTRY],
        when_lost="savepoint",
        unmanaged="refuse",
        order=None,
        timeout=60,
        rollback=True,
        cluster="flink",
        directory="/var/lib/flink/jobs",
        release="2.3.0",
        flink_home="/opt/flink/flink-2.3.0",
        savepoint_dir="file:///s",
        state_dirs=("file:///s",),
        default_parallelism=1,
        is_highly_available=False,
    )
    host = JobFacts(
        variables=variables,
        has_jobmanager=True,
        slots=4,
        taskmanagers=0,
        removed=0,
        jobmanager="restarts",
        restart_groups=("flink_restarting_jobmanagers",),
        notes=notes,
    )
    return decide_jobs(cluster_facts({"j1": host}, "1"), ("2.3.0", live), {"orders": CONTENT})


def test_a_stop_whose_end_nobody_saw_is_settled_before_the_jobmanager_restarts() -> None:
    version = Version(DIGEST, "/j/orders.jar", None, (), None, {}, "2.3")
    note = Journal(name="orders", serial=3, time=1, phase="stopping", job_id=ID, version=version, trigger_id="f" * 32)
    ended = {"id": ID, "name": "Orders", "state": "FINISHED", "start_time": 5, "tasks": {"running": 0, "total": 2}}
    decided = decide([ended], {"orders": note.text()})
    assert [(entry["name"], entry["state"]) for entry in decided.stopped] == [("orders", "suspended")]
    assert decided.needs_run


def test_what_is_not_given_is_not_handed_over_as_null() -> None:
    (entry,) = decide([], {}).wanted
    assert {name: value for name, value in entry.items() if value is None} == {"savepoint_dir": None}
