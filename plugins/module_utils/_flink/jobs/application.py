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

# The first release whose JobManager can stay when its job has ended. Before, it ends with code 0 if the job has
# finished, or was stopped or cancelled; with 163 (1443) if it has failed; with 165 (1445) if it does not know; and with
# 2 if the job could not be begun, or nobody fetched the result of its stop. Another start would run the job again.
# Source: ``ApplicationStatus``, ``ClusterEntrypoint`` (1.10 - 1.14); 0 measured on 1.14.6.
STAYS = (1, 15)
ENDS = (0, 2, 163, 165)


def application_objections(
    specs: t.Sequence[JobSpec], jobmanagers: int, release: str, *, is_highly_available: bool, has_systemd: bool
) -> t.Iterator[str]:
    """What stands against a cluster for these jobs, with so many JobManagers, which systemd runs or a launcher."""
    if len(specs) != 1:
        names = listed([spec.name for spec in specs]) if specs else "none"
        yield (
            f"flink_jobs: expected exactly one job with flink_deployment_mode: application, got {names}. Declare one, "
            "with state: absent to end it; or set flink_deployment_mode to session."
        )
    if jobmanagers > 1 and not is_highly_available:
        yield (
            "flink_jobmanager_hosts: expected one with flink_deployment_mode: application and without high "
            f"availability, since each would run the job, got {jobmanagers}. Name one, or set flink_high_availability."
        )
    if Release.parse(release).version < STAYS:
        yield from _old_objections(specs, jobmanagers, release, has_systemd=has_systemd)
    for spec in specs:
        secrets = [key for key in spec.config if is_secret(key)]
        if secrets:
            yield (
                f"flink_jobs: {spec.name}.config: expected no secrets with flink_deployment_mode: application, whose "
                "options are on the command line, which everyone on the host can read, got "
                f"{listed([quoted_key(key) for key in secrets])}. Set them in flink_config."
            )


def _old_objections(
    specs: t.Sequence[JobSpec], jobmanagers: int, release: str, *, has_systemd: bool
) -> t.Iterator[str]:
    """What stands against a release whose JobManager ends with its job."""
    if jobmanagers > 1:
        yield (
            "flink_jobmanager_hosts: expected one with flink_deployment_mode: application before Flink 1.15, since "
            f"another would run again what has ended, got {jobmanagers} and Flink {release}. Name one."
        )
    if not has_systemd:
        yield (
            "flink_service_manager: expected systemd with flink_deployment_mode: application before Flink 1.15, whose "
            f"JobManager ends with its job and says how by its exit code alone, got a launcher and Flink {release}. "
            "Set flink_deployment_mode to session."
        )
    for spec in specs:
        if spec.upgrade == "last-state":
            yield (
                f"flink_jobs: {spec.name}.upgrade: expected savepoint or stateless with flink_deployment_mode: "
                f"application before Flink 1.15, whose JobManager is gone before it tells the newest checkpoint of a "
                f"cancelled job, got last-state and Flink {release}. Choose one of them."
            )


def step_at_rest(spec: JobSpec, digest: str, cluster: str, journal: Journal | None, ended: int | None = None) -> Step:
    """The step where no JobManager runs: one that ran its job begins again with what it was started with.

    ``ended`` is the exit code of one that has ended with its job.
    """
    phase = journal.phase if journal is not None and journal.version.digest == digest else None
    is_same = phase == "running"
    # One whose start was begun may have done its work before anybody looked.
    if spec.is_wanted and ((is_same and ended is not None) or (phase == "starting" and ended == 0)):
        how = "finished, or was cancelled or stopped" if ended == 0 else "failed" if ended == 163 else f"code {ended}"
        return Step(
            "refuse",
            f"{spec.name}: expected to run, got a JobManager that has ended with its job: {how}. Its log says more. "
            "Set state: absent; or, to have it run again, redeploy to another number, with from as the state to go on "
            "from, or upgrade: stateless.",
            is_healthy=False,
        )
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
    if not spec.is_wanted or live is None or taken.action not in ("keep", "note") or live["state"] != "FINISHED":
        return None
    return (
        f"{spec.name}: expected a job that has not finished, since a restart of its JobManager would run it again, got "
        "FINISHED. Set its state to absent; or redeploy to another number, to have it run again."
    )
