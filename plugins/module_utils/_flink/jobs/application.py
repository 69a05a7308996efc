# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is different where the JobManager runs the one job of its cluster.

What a JobManager starts with stays on its host: whoever starts it, it begins there again, unless high availability or a
result that is kept tells it better. So that state moves only by a stop and a new start, and a job that has ended would
run again with a restart. Source: measured on 1.20.5 and 2.3.0.
"""

from __future__ import annotations

import typing as t

from ..values.errors import listed, quoted_key
from ..values.release import Release
from ..values.secrets import is_secret
from .decision import Step, step

if t.TYPE_CHECKING:
    from .decision import Live
    from .journal import Journal
    from .spec import JobSpec

# The first release whose JobManager can stay when its job has ended.
_STAYS = (1, 15)


def application_objections(specs: t.Sequence[JobSpec], jobmanagers: int, release: str) -> t.Iterator[str]:
    """What stands against a cluster for these jobs, with so many JobManagers."""
    if len(specs) != 1:
        names = listed([spec.name for spec in specs]) if specs else "none"
        yield (
            f"flink_jobs: expected exactly one job with flink_deployment_mode: application, got {names}. Declare one, "
            "with state: absent to end it; or set flink_deployment_mode to session."
        )
    if jobmanagers > 1:
        yield (
            "flink_jobmanager_hosts: expected one with flink_deployment_mode: application, since a second one would "
            f"begin its job again from what it was started with, got {jobmanagers}. Name one; with high availability "
            "it still finds its job when it comes back."
        )
    if Release.parse(release).version < _STAYS:
        yield (
            "flink_version: expected 1.15 or newer with flink_deployment_mode: application, since older JobManagers "
            f"end with their job and cannot say what became of it, got {release}. Set flink_deployment_mode to session."
        )
    for spec in specs:
        secrets = [key for key in spec.config if is_secret(key)]
        if secrets:
            yield (
                f"flink_jobs: {spec.name}.config: expected no secrets with flink_deployment_mode: application, whose "
                "options are on the command line, which everyone on the host can read, got "
                f"{listed([quoted_key(key) for key in secrets])}. Set them in flink_config."
            )


def step_at_rest(spec: JobSpec, digest: str, cluster: str, journal: Journal | None) -> Step:
    """The step where no JobManager runs: one that ran its job begins again with what it was started with."""
    is_same = journal is not None and journal.phase == "running" and journal.version.digest == digest
    if spec.is_wanted and is_same:
        where = journal.savepoint.path if journal and journal.savepoint else "nothing"
        return Step("keep", f"{spec.name}: its JobManager is started again as it was, from {where}.")
    return step(spec, digest, cluster, (), journal)


def held_objection(spec: JobSpec, journal: Journal | None) -> str | None:
    """Why a JobManager may not be started: its job waits."""
    if not spec.is_wanted or journal is None or not journal.held:
        return None
    return (
        f"{spec.name}: expected a job that is resumed, since its JobManager starts with it, got one that the playbook "
        "stop has stopped. Run the playbook resume first."
    )


def rerun_objection(spec: JobSpec, taken: Step) -> str | None:
    """Why a JobManager may not be restarted: a job that has done its work would do it again."""
    live: Live | None = taken.live
    if not spec.is_wanted or live is None or taken.action != "keep" or live["state"] != "FINISHED":
        return None
    return (
        f"{spec.name}: expected a job that has not finished, since a restart of its JobManager would run it again, got "
        "FINISHED. Set its state to absent; or redeploy to another number, to have it run again."
    )
