# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done with jobs over the REST API of a JobManager."""

from __future__ import annotations

import re
import time
import typing as t
from urllib.parse import quote

from ._flink.cluster.rest_answers import read_release
from ._flink.jobs import answers, requests
from ._flink.jobs.decision import TERMINAL
from ._flink.values.errors import FlinkError, quoted
from ._flink.values.release import Release
from ._rest import RestError

if t.TYPE_CHECKING:
    from ._flink.jobs.answers import ListedJob, LiveJob, Operation
    from ._rest import RestApi

# Source: FlinkJobNotFoundException, 1.10 - 2.3
_UNKNOWN_JOB = "Could not find Flink job ("
_INTERNAL_ERROR = 500
# Milliseconds; Flink's default is 3000.
_LONGEST_CACHED = 10_000
_NUMBERS = re.compile(r"[0-9]+\.[0-9]+(?:\.[0-9]+)?")


def known_release(said: str) -> Release:
    """The release that a JobManager says it is, without what distributions append. Raises FlinkError."""
    found = _NUMBERS.match(said)
    return Release.parse(found[0] if found else said)


def release_of(api: RestApi) -> Release:
    """The release that answers. Raises RestError, FlinkError."""
    return known_release(read_release(api.get("/overview")))


def failure_of(params: t.Mapping[str, t.Any], error: FlinkError | RestError) -> dict[str, t.Any]:
    """What a module returns, with the server that answered and whether asking again later may help."""
    if isinstance(error, RestError):
        return {"msg": str(error), "retry": error.may_pass}
    is_answer = str(error).startswith("/")
    return {"msg": f"{str(params['url']).rstrip('/') if is_answer else ''}{error}", "retry": is_answer}


class JobsApi:
    """The jobs of one cluster. Everything raises RestError, and FlinkError for what no JobManager would answer."""

    def __init__(self, api: RestApi, release: Release) -> None:
        self._api = api
        self._release = release
        self._cluster: dict[str, str] | None = None

    def overview(self) -> list[ListedJob]:
        """All jobs that the JobManager knows, in any state: also those that ended within the last hour."""
        return answers.read_jobs(self._api.get("/jobs/overview"))

    def detail(self, job_id: str, options: t.Mapping[str, str] | None = None) -> LiveJob:
        """All that is known of a job. Raises FlinkError if there is none with this ID.

        ``options`` are those that it was submitted with: before 2.0, REST does not tell a restart strategy among them.
        """
        found = self._listed(job_id)
        if found is None:
            raise FlinkError(f"job_id: expected a job of this cluster, got {quoted(job_id)}. Look at /jobs/overview.")
        return self.details(found, options)

    def savepoint_directory(self) -> str | None:
        """Where the cluster puts savepoints without another word."""
        return answers.place_of("savepoints", self._options(), self._release)

    def details(self, listed: ListedJob, options: t.Mapping[str, str] | None = None) -> LiveJob:
        """All that is known of a job that was just listed; see ``detail``."""
        get, path = self._api.get, requests.job_path(listed["id"])
        is_shown = self._await_end(listed)
        found = answers.Answers(
            job=get(path) if is_shown else answers.NO_TASKS,
            config=get(f"{path}/config"),
            checkpoints=get(f"{path}/checkpoints", optional=True),
            checkpoint_config=get(f"{path}/checkpoints/config", optional=True),
            exceptions=get(f"{path}/exceptions"),
            metrics=get(f"{path}/metrics?get=numRestarts", optional=True),
        )
        taskmanagers = {
            taskmanager
            for vertex in answers.read_vertices(found.job)
            for taskmanager in answers.read_taskmanagers(get(f"{path}/vertices/{vertex}/taskmanagers"))
        }
        return answers.read_job(
            listed, found, {**self._options(), **(options or {})}, sorted(taskmanagers), self._release
        )

    def state(self, job_id: str) -> str | None:
        """The state of a job at this moment; null if the JobManager does not know it.

        ``GET /jobs/:id`` would show a state that is up to three seconds old.
        """
        path = requests.job_path(job_id)
        if self._release.version < requests.LIVE_STATE:
            found = self._listed(job_id)
            return found and found["state"]
        answer = self._known(f"{path}/status")
        return None if answer is None else answers.read_state(answer)

    def stop(
        self,
        job_id: str,
        directory: str | None,
        *,
        drain: bool = False,
        savepoint_format: str | None = None,
        trigger_id: str | None = None,
    ) -> str:
        """Make a savepoint and end the job, and return the trigger ID: see ``operation``, then ``state``.

        The job is FINISHED some time after the operation is done, or before. If the operation fails, it runs on.
        """
        body = requests.stop_body(
            self._release, directory, drain=drain, savepoint_format=savepoint_format, trigger_id=trigger_id
        )
        return answers.read_trigger(self._api.post(f"{requests.job_path(job_id)}/stop", body))

    def savepoint(
        self, job_id: str, directory: str | None, *, savepoint_format: str | None = None, trigger_id: str | None = None
    ) -> str:
        """Make a savepoint of a job that runs on, and return the trigger ID."""
        body = requests.savepoint_body(
            self._release, directory, savepoint_format=savepoint_format, trigger_id=trigger_id
        )
        return answers.read_trigger(self._api.post(f"{requests.job_path(job_id)}/savepoints", body))

    def operation(self, job_id: str, trigger_id: str) -> Operation:
        """What became of a savepoint or a stop; unknown after five minutes, and to any other JobManager.

        It has to be asked for once it is done: a JobManager in application mode waits for that, and fails without.
        """
        answer = self._known(requests.operation_path(job_id, trigger_id))
        return answers.Operation("unknown") if answer is None else answers.read_operation(answer)

    def upload(self, path: str) -> str:
        """The ID of a jar, as long as this JobManager lives. Raises FlinkError if the cluster takes none."""
        if not self.features()["submit"]:
            raise FlinkError(
                "web.submit.enable: expected true, since this cluster has to take jars over REST, got false. Set it, "
                "and restart the JobManager."
            )
        return answers.read_jar(self._api.upload("/jars/upload", path))

    def delete_jar(self, jar_id: str) -> None:
        """Forget a jar; jobs that were started from it run on."""
        self._api.delete(f"/jars/{quote(jar_id, safe='')}")

    def run(
        self,
        jar_id: str,
        *,
        job_id: str | None = None,
        entry_class: str | None = None,
        args: t.Sequence[str] = (),
        parallelism: int | None = None,
        savepoint: str | None = None,
        allow_non_restored_state: bool = False,
        config: t.Mapping[str, str] | None = None,
    ) -> str:
        """Start a job, and return its ID: it is accepted, but may still fail to restore its state."""
        options = config or {}
        body = requests.run_body(
            self._release,
            job_id=job_id,
            entry_class=entry_class,
            args=args,
            parallelism=parallelism,
            savepoint=savepoint,
            allow_non_restored_state=allow_non_restored_state,
            config=options,
        )
        path = f"/jars/{quote(jar_id, safe='')}/run"
        return answers.read_run(self._api.post(path, body, hidden=requests.secrets_of(args, options)))

    def plan(
        self,
        jar_id: str,
        *,
        entry_class: str | None = None,
        args: t.Sequence[str] = (),
        parallelism: int | None = None,
        config: t.Mapping[str, str] | None = None,
    ) -> dict[str, int]:
        """The parallelism of each vertex of a job, if it were started so."""
        options = config or {}
        body = requests.run_body(
            self._release, entry_class=entry_class, args=args, parallelism=parallelism, config=options
        )
        path = f"/jars/{quote(jar_id, safe='')}/plan"
        return answers.read_plan(self._api.post(path, body, hidden=requests.secrets_of(args, options)))

    def requirements(self, job_id: str) -> dict[str, tuple[int, int]]:
        """The least and the most parallelism of each vertex of a job that the adaptive scheduler runs."""
        return answers.read_requirements(self._api.get(f"{requests.job_path(job_id)}/resource-requirements"))

    def require(self, job_id: str, bounds: t.Mapping[str, tuple[int, int]], most: t.Mapping[str, int]) -> None:
        """Give each vertex that parallelism as its most; it comes to it some time later, if there are slots."""
        self._api.put(f"{requests.job_path(job_id)}/resource-requirements", requests.requirements_body(bounds, most))

    def parallelisms(self, job_id: str) -> dict[str, int]:
        """The parallelism of each vertex, as it was up to some seconds ago."""
        return answers.read_parallelisms(self._api.get(requests.job_path(job_id)))

    def cancel(self, job_id: str) -> None:
        """End a job without a savepoint. RestError has status 404 for an unknown one, 404 or 409 for an ended one."""
        self._api.patch(f"{requests.job_path(job_id)}?mode=cancel")

    def dispose(self, path: str) -> str:
        """Delete a savepoint with all its files, and return the trigger ID: see ``disposal``."""
        return answers.read_trigger(self._api.post("/savepoint-disposal", {"savepoint-path": path}))

    def disposal(self, trigger_id: str) -> Operation:
        """What became of the disposal of a savepoint."""
        answer = self._known(requests.disposal_path(trigger_id))
        return answers.Operation("unknown") if answer is None else answers.read_operation(answer)

    def features(self) -> dict[str, bool]:
        """Whether jars can be submitted, and whether the web interface offers to cancel jobs."""
        return answers.read_features(self._api.get("/config"))

    def _await_end(self, listed: ListedJob) -> bool:
        """REST keeps its views of a job for some seconds: wait until none is from before the end of one that ended.

        False if it has none to show, as of a program that failed before it was a job, in application mode. Source:
        ``ApplicationDispatcherBootstrap`` gives it no type, without which ``JobDetailsInfo`` throws (seen on 1.20.5).
        """
        if listed["state"] not in TERMINAL:
            return True
        try:
            now = answers.read_now(self._api.get(requests.job_path(listed["id"])))
        except RestError as exc:
            if exc.status != _INTERNAL_ERROR or listed["tasks"]["total"]:
                raise
            return False
        age = now - listed["start_time"] - listed["duration"]
        if age < _LONGEST_CACHED:
            kept = answers.read_refresh_interval(self._api.get("/config"))
            time.sleep(max(0, min(kept, _LONGEST_CACHED) - age) / 1000)
        return True

    def _options(self) -> dict[str, str]:
        if self._cluster is None:
            self._cluster = answers.read_cluster(self._api.get("/jobmanager/config"))
        return self._cluster

    def _listed(self, job_id: str) -> ListedJob | None:
        return next((job for job in self.overview() if job["id"] == job_id), None)

    def _known(self, path: str) -> t.Any:
        """The answer, null if Flink itself says that it knows no such thing: a proxy may say 404 for other reasons.

        For an unknown job, ``/status`` has the status 500.
        """
        try:
            return self._api.get(path)
        except RestError as exc:
            if (exc.status == 404 and exc.reason) or exc.reason.startswith(_UNKNOWN_JOB):
                return None
            raise
