# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One look at a cluster over REST: what is asked in which order, and a sentence for all that is not answered.

A JobManager answers with the metrics that it has, and fetches new ones only because somebody asks, at most every 10
seconds: an answer may be hours old. Hence metrics are asked for once, then other things, and read afterwards.
"""

from __future__ import annotations

import functools
import itertools
import time
import typing as t
from urllib.parse import quote

from ._flink.cluster.rest_answers import read_jobmanager, read_release, read_taskmanagers
from ._flink.jobs.answers import read_jobs
from ._flink.jobs.decision import TERMINAL
from ._flink.jobs.requests import job_path
from ._flink.observation import rest_jobs, rest_metrics
from ._flink.values.errors import FlinkError, listed
from ._rest import RestApi, RestError

if t.TYPE_CHECKING:
    from ._flink.observation.readings import (
        ClusterReading,
        Failure,
        JobManagerReading,
        JobReading,
        RocksDbReading,
        TaskManagerReading,
    )
    from ._flink.observation.rest_jobs import JobLook
    from ._flink.values.results import LiveJobManager, LiveTaskManager

    Values = t.Dict[str, t.Optional[t.Dict[str, str]]]
    Read = t.TypeVar("Read")

# In seconds: one answer, a refresh of all metrics after it was asked for, and between two questions.
_LONGEST_ANSWER = 10
_SETTLING = 3
_PAUSE = 1
# Of all jobs, of the vertices of one, and of the exceptions of all.
_MOST_JOBS = 100
_MOST_VERTICES = 20
_MOST_FAILURES = 200
# Milliseconds of a second.
_BUSY = 100

_TOO_MANY_VERTICES = f"only {_MOST_VERTICES} of its vertices were asked for metrics."
_TASKMANAGERS = "/taskmanagers/metrics"
_JOBMANAGER = "/jobmanager/metrics"


class _Questions:
    """Asks as long as there is time, and remembers what was not answered and why."""

    def __init__(self, params: t.Mapping[str, t.Any], seconds: float) -> None:
        self._api = RestApi(params, seconds, _LONGEST_ANSWER)
        self._base = str(params["url"]).rstrip("/")
        self._lost: dict[str, list[str]] = {}
        self.sentences: list[str] = []

    @property
    def left(self) -> float:
        """How many seconds there are."""
        return self._api.left

    def pause(self, seconds: float) -> None:
        """Wait so long, if there is time."""
        time.sleep(max(0.0, min(seconds, self.left)))

    def get(self, path: str, *, optional: bool = False) -> t.Any:
        """An answer. Raises RestError."""
        return self._api.get(path, optional=optional)

    def read(self, path: str, reader: t.Callable[[t.Any], Read], *, optional: bool = False) -> Read | None:
        """What is read of an answer; null if there is none, and it is remembered why."""
        if self.left <= 0:
            self.lose(path, "the time was up before it was asked for. Raise timeout.")
            return None
        try:
            return reader(self.get(path, optional=optional))
        except RestError as exc:
            said = str(exc)
            url = f"{self._base}{path}: "
            self.lose(path, said[len(url) :] if said.startswith(url) else said)
        except FlinkError as exc:
            self.lose(path, str(exc).partition(": ")[2])
        return None

    def lose(self, path: str, reason: str) -> None:
        """Remember that there is no answer."""
        self._lost.setdefault(reason, []).append(path.partition("?")[0])

    def unknown(self) -> list[str]:
        """A sentence for each reason why something is not known."""
        lost = [f"{listed(list(dict.fromkeys(paths)))}: {reason}" for reason, paths in self._lost.items()]
        return [*lost, *self.sentences]


class _Config(t.NamedTuple):
    """What the configuration of the JobManager says; ``refresh`` is every how many seconds it fetches metrics."""

    jobmanager: LiveJobManager | None = None
    refresh: float = rest_metrics.REFRESH


class ClusterLook:
    """Asks for so many seconds, not counting those that it waits between two looks at whether metrics are fresh."""

    def __init__(self, params: t.Mapping[str, t.Any], seconds: float, wait: float) -> None:
        self._questions = _Questions(params, seconds + wait)
        self._wait = wait
        self._asked = time.monotonic()

    def reading(self) -> ClusterReading:
        """All that is answered. Raises RestError, FlinkError if no JobManager answers at all."""
        questions = self._questions
        release = read_release(questions.get("/overview"))
        answer = questions.read("/taskmanagers", lambda found: (read_taskmanagers(found), found))
        live = [] if answer is None else answer[0]
        config = questions.read("/jobmanager/config", _read_config) or _Config()
        paths = [f"/taskmanagers/{quote(each['id'], safe='')}/metrics" for each in live]
        wanted = self._wanted(paths)
        before, since = self._before(wanted), time.monotonic()
        jobs, failures = self._jobs(None if answer is None else answer[1])
        if self._wait:
            questions.pause(since + self._wait - time.monotonic())
            self._refresh()
        values = self._values(wanted, before)
        seconds = time.monotonic() - since
        times = self._cpu_times(values)
        fresh = {
            path: rest_metrics.freshness(before.get(path), cpu_time, seconds, config.refresh)
            for path, cpu_time in times.items()
        }
        self._say_freshness({path: fresh[path] for path in times if times[path] is not None}, config.refresh)
        caches = self._caches(jobs, _uses_managed_memory(values))
        jobmanager: JobManagerReading = {
            "memory": (config.jobmanager or read_jobmanager([], None))["memory"],
            "jvm": rest_metrics.jvm_reading(values[_JOBMANAGER] or {}, _JOBMANAGER),
            "is_fresh": fresh[_JOBMANAGER],
        }
        return {
            "time": int(time.time()),
            "flink_version": release,
            "jobmanager": jobmanager,
            "taskmanagers": [
                _taskmanager(each, values[path] or {}, path, caches.get(each["id"]), is_fresh=fresh[path])
                for each, path in zip(live, paths)
            ],
            "jobs": [self._job(job) for job in jobs],
            "failures": failures,
            "unknown": questions.unknown(),
        }

    # Metrics of processes

    def _wanted(self, paths: list[str]) -> dict[str, list[str]]:
        """What each process is to be asked for: a name that it does not have would be left out of its answer."""
        self._asked = time.monotonic()
        own = self._names(_JOBMANAGER)
        others = self._names(_TASKMANAGERS) if paths else []
        if others:
            missing = rest_metrics.missing(others)
            if missing:
                self._questions.sentences.append(f"This release does not report {listed(missing, most=9)}.")
        return {_JOBMANAGER: own, **dict.fromkeys(paths, others)}

    def _names(self, path: str) -> list[str]:
        """Of all that processes of a kind report, what is wanted: asked again until there is something."""
        until = self._asked + rest_metrics.REFRESH + _SETTLING
        while True:
            names = self._questions.read(path, functools.partial(rest_metrics.read_names, path))
            if names is None or names:
                return rest_metrics.wanted(names or ())
            if time.monotonic() >= until or self._questions.left <= 0:
                self._questions.lose(
                    path, "no metrics come. It has just started, or metrics.fetcher.update-interval is 0. Look again."
                )
                return []
            self._questions.pause(_PAUSE)

    def _before(self, wanted: t.Mapping[str, t.Sequence[str]]) -> dict[str, int | None]:
        """The CPU time of each process at a first look, if there is one."""
        if not self._wait:
            return {}
        self._settle()
        return self._cpu_times(
            {path: self._ask(path, [rest_metrics.CPU_TIME] if names else []) for path, names in wanted.items()}
        )

    def _values(self, wanted: t.Mapping[str, t.Sequence[str]], before: t.Mapping[str, int | None]) -> Values:
        """The metrics of each process, of those that seem to be new or stale after one more refresh."""
        self._settle()
        found = {path: self._ask(path, names) for path, names in wanted.items()}
        times = self._cpu_times(found)
        empty = [path for path, values in found.items() if wanted[path] and values == {}]
        late = [
            *empty,
            *(path for path, cpu_time in times.items() if cpu_time is not None and cpu_time == before.get(path)),
        ]
        if late and self._questions.left > rest_metrics.REFRESH + _SETTLING:
            self._questions.pause(self._asked + rest_metrics.REFRESH + _PAUSE - time.monotonic())
            self._refresh()
            self._settle()
            found.update({path: self._ask(path, wanted[path]) for path in late})
        for path in empty:
            if found[path] == {}:
                self._questions.lose(path, "it reports no metrics: it has just started, or it has died. Look again.")
        return found

    def _ask(self, path: str, names: t.Sequence[str]) -> dict[str, str] | None:
        """The values of these metrics; null where they are not answered."""
        found: dict[str, str] = {}
        try:
            requests = rest_metrics.requests_of(path, names)
        except FlinkError as exc:
            self._questions.lose(path, str(exc).partition(": ")[2])
            return None
        for request in requests:
            values = self._questions.read(request, functools.partial(rest_metrics.read_values, path))
            if values is None:
                return None
            found.update(values)
        return found

    def _refresh(self) -> None:
        """Have the JobManager fetch all metrics, if its last time is long enough ago."""
        self._questions.read(_JOBMANAGER, lambda _found: None)
        self._asked = time.monotonic()

    def _settle(self) -> None:
        self._questions.pause(self._asked + _SETTLING - time.monotonic())

    @staticmethod
    def _cpu_times(values: Values) -> dict[str, int | None]:
        return {
            path: rest_metrics.whole((metrics or {}).get(rest_metrics.CPU_TIME)) for path, metrics in values.items()
        }

    def _say_freshness(self, fresh: t.Mapping[str, bool | None], refresh: float) -> None:
        questions = self._questions
        if not self._wait:
            questions.sentences.append(
                "Whether metrics are of now is not known: that takes two looks. Set wait to 10 seconds or more."
            )
        elif self._wait < refresh and None in fresh.values():
            questions.sentences.append(
                f"Whether all metrics are of now is not known: metrics.fetcher.update-interval is {refresh:g} seconds. "
                "Set wait to more."
            )
        for path, is_fresh in fresh.items():
            if is_fresh is None and self._wait >= refresh:
                questions.lose(path, "its metrics may be of before, since there were none at the first of two looks.")
            if is_fresh is not False:
                continue
            questions.lose(
                path,
                f"the CPU time is the same after {self._wait:g} seconds, so that these metrics are stale. The process "
                "has died, or another one: Flink fetches none before all have answered. Look again after web.timeout, "
                "which is 10 minutes by default, or lower that.",
            )

    # Jobs

    def _jobs(self, taskmanagers: t.Any) -> tuple[list[JobLook], list[Failure]]:
        """What jobs are made of, and their exceptions, the latest first."""
        questions = self._questions
        endpoints = {} if taskmanagers is None else self._endpoints(taskmanagers)
        known = rest_jobs.in_order(questions.read("/jobs/overview", read_jobs) or [])
        if len(known) > _MOST_JOBS:
            questions.sentences.append(
                f"Of {len(known)} jobs, {_MOST_JOBS} were asked about: those that run, then those that failed."
            )
        jobs: list[JobLook] = []
        failures: list[Failure] = []
        left_out = 0
        for job in known[:_MOST_JOBS]:
            path = job_path(job["id"])
            reader = functools.partial(rest_jobs.read_failures, job["id"], endpoints)
            found = questions.read(f"{path}/exceptions", reader) or rest_jobs.Failures([], 0)
            failures += found.shown
            left_out += found.left_out
            shape = questions.read(path, rest_jobs.read_shape)
            if shape is not None:
                states = questions.read(f"{path}/checkpoints", rest_jobs.read_checkpoints, optional=True)
                jobs.append(rest_jobs.JobLook(job, shape, states or rest_jobs.Checkpoints()))
        failures.sort(key=lambda failure: -failure["time"])
        left_out += len(failures[_MOST_FAILURES:])
        if left_out:
            questions.sentences.append(
                f"{left_out} exceptions are left out, which are older than others or of the same failure of a job."
            )
        return jobs, failures[:_MOST_FAILURES]

    def _endpoints(self, taskmanagers: t.Any) -> dict[str, str]:
        try:
            return rest_jobs.read_endpoints(taskmanagers)
        except FlinkError as exc:
            self._questions.lose("/taskmanagers", str(exc).partition(": ")[2])
            return {}

    def _job(self, job: JobLook) -> JobReading:
        """A job with what its metrics say."""
        path = job_path(job.listed["id"])
        restarts = is_busy = None
        if job.listed["state"] not in TERMINAL:
            restarts = self._questions.read(f"{path}/metrics?get=numRestarts", rest_jobs.read_restarts)
            is_busy = self._is_busy(path, job.shape.running)
        return rest_jobs.job_reading(job, restarts, is_busy=is_busy)

    def _is_busy(self, path: str, vertices: t.Sequence[str]) -> bool | None:
        """Whether a subtask works; null if none that tells does, and others do not tell, as none before 1.13."""
        for vertex in vertices[:_MOST_VERTICES]:
            place = f"{path}/vertices/{vertex}/subtasks/metrics"
            reader = functools.partial(rest_metrics.read_highest, place)
            highest = self._questions.read(f"{place}?get={rest_metrics.BUSY}&agg=max", reader)
            if highest is None:
                return None
            if highest > _BUSY:
                return True
        if len(vertices) > _MOST_VERTICES:
            self._questions.lose(path, _TOO_MANY_VERTICES)
            return None
        return False

    def _caches(self, jobs: t.Sequence[JobLook], uses_managed_memory: bool) -> dict[str, RocksDbReading]:
        """RocksDB's caches by TaskManagers."""
        found: dict[str, RocksDbReading] = {}
        running = [job for job in jobs if job.listed["state"] == "RUNNING"]
        silent = [job.listed["name"] for job in running if not self._add_caches(job, found)]
        if silent and uses_managed_memory:
            self._questions.sentences.append(
                f"{listed(silent)}: no metrics of RocksDB's cache. If it is RocksDB that keeps the state, set "
                "state.backend.rocksdb.metrics.block-cache-usage and .block-cache-capacity to true."
            )
        return found

    def _add_caches(self, job: JobLook, found: dict[str, RocksDbReading]) -> bool:
        """Add those of a job: of vertices that share slots, the widest one with state tells of all.

        Returns whether there may be some.
        """
        path = job_path(job.listed["id"])
        done: set[int] = set()
        vertices = (
            (place, vertex) for place, group in enumerate(job.shape.groups) for vertex in group if place not in done
        )
        for place, vertex in itertools.islice(vertices, _MOST_VERTICES):
            caches = self._caches_of(f"{path}/vertices/{vertex}")
            if caches is not None:
                done.add(place)
                for taskmanager, cache in caches.items():
                    found[taskmanager] = rest_metrics.add(found.get(taskmanager), cache)
        if next(vertices, None) is None:
            return bool(done)
        self._questions.lose(path, _TOO_MANY_VERTICES)
        return True

    def _caches_of(self, path: str) -> dict[str, RocksDbReading] | None:
        """Those of one vertex; null if it has none, or tells of none."""
        names = self._questions.read(f"{path}/subtasks/metrics", functools.partial(rest_metrics.read_names, path))
        metrics = rest_metrics.cache_metrics(names or ())
        if metrics is None:
            return None
        subtasks = self._questions.read(path, functools.partial(rest_metrics.read_subtasks, path)) or {}
        values = self._ask(f"{path}/metrics", [name for subtask in subtasks for name in metrics.of(subtask)])
        return rest_metrics.caches(metrics, subtasks, values or {}, f"{path}/metrics")


def _read_config(answer: t.Any) -> _Config:
    return _Config(read_jobmanager(answer, None), rest_metrics.read_refresh(answer))


def _uses_managed_memory(values: Values) -> bool:
    return any(rest_metrics.pools(metrics or {})["managed_used"] for metrics in values.values())


def _taskmanager(
    live: LiveTaskManager, values: dict[str, str], source: str, rocksdb: RocksDbReading | None, *, is_fresh: bool | None
) -> TaskManagerReading:
    pools = rest_metrics.pools(values)
    return {
        "id": live["id"],
        "slots": live["slots"],
        "free_slots": live["free_slots"],
        "memory": live["memory"],
        "jvm": rest_metrics.jvm_reading(values, source),
        "network_total": pools["network_total"],
        "network_used": pools["network_used"],
        "network_wanted": pools["network_wanted"],
        "managed_total": pools["managed_total"],
        "managed_used": pools["managed_used"],
        "rocksdb": rocksdb,
        "is_fresh": is_fresh,
    }
