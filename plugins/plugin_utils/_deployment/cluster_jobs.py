# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run does about the jobs of a cluster: from what its hosts say and what runs there, to stops, starts and words.

``ask`` says whether the cluster has to be asked at all; ``decide_jobs`` is the decision.
"""

from __future__ import annotations

import dataclasses
import posixpath
import re
import typing as t
from urllib.parse import urlsplit

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.application import (
    application_objections,
    held_objection,
    rerun_objection,
    step_at_rest,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.care import (
    Care,
    Declared,
    Policy,
    Restart,
    care,
    slot_objections,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import (
    TERMINAL,
    Step,
    is_whole,
    left_state,
    step,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import newest, read_journal
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import (
    JobSpec,
    job_specs,
    masked,
    release_objections,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.state_versions import (
    state_advice,
    state_objection,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed, quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .changes import together
from .inventory import check_alike
from .jobs import JobFacts, JobVariables

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import Live
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal

_DIGITS_OF_CONTENT = 12
_LONGEST_NAME = 100


@dataclasses.dataclass(frozen=True, slots=True)
class ClusterFacts:
    """What all hosts of a run say together; ``hosts`` are in the order of their turns.

    ``is_alive`` tells whether a JobManager may run, which nobody knows where the run has not all of its hosts.
    ``looks`` tells that the run is about all jobs, and has to see their details.
    """

    hosts: t.Mapping[str, JobFacts]
    variables: JobVariables
    specs: tuple[JobSpec, ...]
    restart: Restart
    journals: t.Mapping[str, Journal]
    jobmanagers: tuple[str, ...]
    is_alive: bool
    looks: bool = False

    @property
    def has_to_ask(self) -> bool:
        return bool(self.is_alive and (self.specs or self.restart.is_any or self.looks))

    @property
    def is_application(self) -> bool:
        return self.variables.application is not None

    @property
    def rests(self) -> bool:
        """Whether no JobManager runs afterwards, as its one job is not to."""
        return self.is_application and not any(spec.is_wanted for spec in self.specs)

    @property
    def is_whole(self) -> bool:
        """Whether the run has all hosts, so that their slots are those of the cluster."""
        having = sum(facts.slots > 0 for facts in self.hosts.values())
        return bool(self.jobmanagers) and having >= max(self.variables.taskmanagers, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of a deployment run, by their tags."""

    service: bool = True
    restart: bool = True
    jobs: bool = True

    def affect(self, host: JobFacts) -> JobFacts:
        """What becomes of a host in this run: obsolete processes are stopped by one part, others restart in another."""
        moves_jobmanager = self.restart if host.has_jobmanager else self.service
        return dataclasses.replace(
            host,
            taskmanagers=host.taskmanagers if self.restart else 0,
            removed=host.removed if self.service else 0,
            jobmanager=host.jobmanager if moves_jobmanager or host.jobmanager == "none" else "runs",
        )

    def objections(self, decided: JobDecision) -> t.Iterator[str]:
        """Jobs would stay stopped, or not be stopped before what they do not survive."""
        if not self.jobs and (decided.stopped or decided.unmanaged):
            names = [str(job["name"]) for job in decided.stopped] + list(decided.unmanaged)
            yield (
                f"--tags, --skip-tags: expected a run with flink_jobs, since {listed(names)} would be stopped and "
                "resumed, got one without. Add it; or leave out flink_restart and flink_service."
            )


@dataclasses.dataclass(frozen=True, slots=True)
class JobProgram:
    """A file that comes to the JobManager hosts: from ``src``, on the controller or a URL, to ``dest``."""

    name: str
    src: str
    dest: str
    checksum: str
    is_url: bool


@dataclasses.dataclass(frozen=True, slots=True)
class JobDecision:
    """``stopped`` and ``wanted`` are jobs as the module ``jobs`` takes them, ``unmanaged`` the IDs of other jobs.

    ``also_restart`` are the TaskManagers of each host that restart together with the others, though not outdated.
    ``interrupted`` are the IDs of those that TaskManagers interrupt as they restart. ``needs_run`` tells whether the
    module has anything to do, or to see, after the restart. ``hold`` is what the jobs that are stopped are told about
    waiting. ``prepared`` is the job that a JobManager in application mode begins with as soon as it is started.
    """

    objections: tuple[str, ...]
    sentences: tuple[str, ...]
    order: str
    restart_groups: t.Mapping[str, tuple[str, ...]]
    also_restart: t.Mapping[str, tuple[str, ...]]
    stopped: tuple[t.Mapping[str, t.Any], ...]
    unmanaged: tuple[str, ...]
    interrupted: tuple[str, ...]
    wanted: tuple[t.Mapping[str, t.Any], ...]
    needs_run: bool
    programs: tuple[JobProgram, ...]
    advice: tuple[str, ...] = ()
    hold: str | None = None
    prepared: tuple[t.Mapping[str, t.Any], ...] = ()


def cluster_facts(hosts: t.Mapping[str, JobFacts], batch: str) -> ClusterFacts:
    """``batch`` is ``flink_restart_batch``. Raises FlinkError for hosts that differ in what counts for all of them."""
    for field in dataclasses.fields(JobVariables):
        values = {host: getattr(facts.variables, field.name) for host, facts in hosts.items()}
        if field.name in _NAMES:
            check_alike(_NAMES[field.name], values)
    variables = next(iter(hosts.values())).variables
    taskmanagers = tuple(facts.taskmanagers for facts in hosts.values() if facts.taskmanagers)
    jobmanagers = [facts.jobmanager for facts in hosts.values()]
    restarting = [state for state in jobmanagers if state.startswith("restarts")]
    specs = job_specs(variables.declared)
    own = tuple(host for host, facts in hosts.items() if facts.has_jobmanager)
    return ClusterFacts(
        hosts=hosts,
        variables=variables,
        # What is noted of them is on the JobManager hosts: without those, jobs are only looked at.
        specs=specs if own else (),
        restart=Restart(
            taskmanagers=taskmanagers,
            batch=_batch(batch, len(taskmanagers)),
            removed=sum(facts.removed for facts in hosts.values()),
            halts="halts" in jobmanagers,
            jobmanagers=len(restarting),
            # A cluster outlives hosts without a JobManager.
            ends=any(facts.ends and facts.has_jobmanager for facts in hosts.values()),
            recovers=variables.is_highly_available and "restarts apart" not in restarting,
        ),
        journals=_journals(hosts),
        jobmanagers=own,
        is_alive=len(own) < max(variables.jobmanagers, 1) or any(state != "none" for state in jobmanagers),
    )


_NAMES = {
    "declared": "flink_jobs",
    "deployment_mode": "flink_deployment_mode",
    "when_lost": "flink_jobs_when_lost",
    "unmanaged": "flink_jobs_unmanaged",
    "order": "flink_restart_order",
    "timeout": "flink_jobs_timeout",
    "rollback": "flink_jobs_rollback",
}


def _batch(text: str, hosts: int) -> int:
    """As Ansible reads ``serial``. Raises FlinkError for what is none."""
    found = re.fullmatch(r"([0-9]{1,9})(%?)", text)
    if found is None:
        raise FlinkError(f"flink_restart_batch: expected a number or a percentage, got {quoted(text)}. Correct it.")
    number = int(found[1])
    return max(1, number * hosts // 100) if found[2] else number or max(1, hosts)


def _journals(hosts: t.Mapping[str, JobFacts]) -> dict[str, Journal]:
    by_name: dict[str, list[Journal]] = {}
    for host, facts in hosts.items():
        for name, text in facts.notes.items():
            by_name.setdefault(name, []).append(read_journal(text, f"{host}: the note about the job {name}"))
    return {name: journal for name, journals in by_name.items() if (journal := newest(journals)) is not None}


def job_objections(facts: ClusterFacts) -> list[str]:
    """What can be said without asking the cluster."""
    if facts.restart.ends:
        return []
    release = facts.variables.release
    said = [
        sentence
        for spec in facts.specs
        for sentence in release_objections(spec, release, is_application=facts.is_application)
    ]
    if facts.is_application and facts.jobmanagers:
        said += application_objections(facts.specs, len(facts.jobmanagers), release)
    said += [
        f"flink_jobs: {spec.name}: expected a directory for its savepoints, got none. Set "
        f"{_savepoint_option(release)} in flink_config, its savepoint_dir, or another upgrade."
        for spec in facts.specs
        if spec.is_wanted and spec.upgrade == "savepoint" and not (spec.savepoint_dir or facts.variables.savepoint_dir)
    ]
    return said


def _savepoint_option(release: str) -> str:
    is_new = Release.parse(release).version >= (1, 20)
    return "execution.checkpointing.savepoint-dir" if is_new else "state.savepoints.dir"


def needs_details(facts: ClusterFacts, jobs: t.Sequence[Live], contents: t.Mapping[str, str]) -> bool:
    """Whether the states of the jobs are not enough to decide."""
    if facts.looks:
        return bool(jobs)
    if facts.restart.is_any:
        return any(job["state"] not in TERMINAL for job in jobs) or bool(facts.specs)
    return any(step.action != "keep" or not step.is_healthy for step in job_steps(facts, jobs, contents).values())


def job_steps(facts: ClusterFacts, jobs: t.Sequence[Live], contents: t.Mapping[str, str]) -> dict[str, Step]:
    return {spec.name: _step(facts, spec, jobs, contents) for spec in facts.specs}


def _step(facts: ClusterFacts, spec: JobSpec, jobs: t.Sequence[Live], contents: t.Mapping[str, str]) -> Step:
    """Why a job failed is told in words of its program, which may have its arguments."""
    journal, digest = facts.journals.get(spec.name), _digest(facts, spec, contents)
    decided = step(spec, digest, facts.variables.cluster, jobs, journal)
    return dataclasses.replace(decided, sentence=masked(decided.sentence, spec.args, spec.config))


def _digest(facts: ClusterFacts, spec: JobSpec, contents: t.Mapping[str, str]) -> str:
    """What is wanted; what is noted, where nobody can tell."""
    journal = facts.journals.get(spec.name)
    if spec.name not in contents and journal is not None:
        return journal.version.digest
    return spec.digest(contents.get(spec.name, ""), facts.variables.release)


def decide_jobs(
    facts: ClusterFacts, live: tuple[str, t.Sequence[Live]] | None, contents: t.Mapping[str, str]
) -> JobDecision:
    """``live`` are the release that runs and its jobs, null if none runs; ``contents`` the checksums of programs."""
    if live is None:
        return _decide_at_rest(facts, contents)
    objections = job_objections(facts)
    entries = {spec.name: _entry(facts, spec, contents) for spec in facts.specs}
    release, jobs = live
    steps = job_steps(facts, jobs, contents)
    restart = _with_restart_for_job(facts, steps, jobs)
    if restart.jobmanagers and line_of(release) != line_of(facts.variables.release):
        restart = dataclasses.replace(restart, other_line=(line_of(release), line_of(facts.variables.release)))
    policy = Policy(
        facts.variables.when_lost, facts.variables.unmanaged, facts.variables.order, facts.variables.savepoint_dir
    )
    cared = care(restart, policy, jobs, [Declared(spec, steps[spec.name]) for spec in facts.specs])
    objections += cared.objections
    # A job that does not run hinders nothing: what is put right may be its cause. It is told at the end.
    objections += [step.sentence for step in steps.values() if step.hinders and not restart.ends]
    managed = {step.live["id"]: name for name, step in steps.items() if step.live is not None}
    others = [job for job in jobs if job["id"] not in managed and job["state"] not in TERMINAL]
    objections += _slot_objections(facts, others)
    stopped = [managed[job_id] for job_id in cared.stopped if job_id in managed]
    # How a stop ended that was begun before, a JobManager that restarts knows no more.
    unsettled = [name for name, step in steps.items() if restart.is_any and step.action == "settle"]
    if restart.jobmanagers and not restart.recovers:
        unsettled += [spec.name for spec in facts.specs if _leaves_state(facts, spec, jobs)]
    saved = [job_id for job_id in cared.stopped if job_id not in managed or steps[managed[job_id]].action != "withdraw"]
    if restart.other_line and (unsettled or saved):
        objections += filter(None, [state_objection(*restart.other_line)])
    lines = restart.other_line if unsettled or saved else None
    changing = [name for name, step in steps.items() if step.action != "keep"]
    if restart.pauses:
        # What rests is not to be started by a deployment in between.
        stopped += [name for name in steps if name in facts.journals and _rests(facts.journals[name])]
    needing = {*stopped, *changing, *(name for name, journal in facts.journals.items() if journal.held)}
    # Whether what was interrupted runs again is seen as well.
    watched = any(not step.is_healthy or (restart.is_any and step.live is not None) for step in steps.values())
    begins = facts.is_application and bool(facts.restart.jobmanagers) and not restart.ends
    if begins:
        objections += _begin_objections(facts, steps)
    also = _also_restart(facts, restart, cared.order)
    return JobDecision(
        objections=tuple(dict.fromkeys(objections)),
        sentences=_sentences(cared, steps, stopped),
        order=cared.order,
        restart_groups=_groups(facts, cared.order, also),
        also_restart=also,
        stopped=tuple(_suspended(entries[name], steps[name]) for name in dict.fromkeys([*stopped, *unsettled])),
        unmanaged=tuple(job_id for job_id in cared.stopped if job_id not in managed),
        interrupted=tuple(
            job["id"] for job in jobs if restart.taskmanagers and job["id"] not in cared.stopped and is_whole(job)
        ),
        wanted=tuple(entries.values()),
        needs_run=bool(not (restart.pauses or restart.halts) and (stopped or changing or watched)),
        programs=_programs(facts, contents, [spec for spec in facts.specs if spec.name in needing]),
        advice=tuple(filter(None, [state_advice(*lines)])) if lines else (),
        hold="begin" if restart.pauses else None,
        prepared=tuple(
            entries[spec.name]
            for spec in facts.specs
            if begins
            and spec.is_wanted
            and (spec.name in (*stopped, *unsettled) or steps[spec.name].action in ("start", "resume"))
        ),
    )


def _decide_at_rest(facts: ClusterFacts, contents: t.Mapping[str, str]) -> JobDecision:
    """Where no JobManager runs."""
    entries = {spec.name: _entry(facts, spec, contents) for spec in facts.specs}
    objections = [*job_objections(facts), *_slot_objections(facts, ())]
    steps: dict[str, Step] = {}
    if facts.is_application and not objections and not facts.restart.ends:
        steps = {
            spec.name: step_at_rest(
                spec, _digest(facts, spec, contents), facts.variables.cluster, facts.journals.get(spec.name)
            )
            for spec in facts.specs
        }
        objections += [taken.sentence for taken in steps.values() if taken.action == "refuse"]
        objections += _begin_objections(facts, steps)
    told = {spec.name: f"{spec.name}: {spec.state} once the cluster runs." for spec in facts.specs}
    told.update((name, taken.sentence) for name, taken in steps.items())
    return JobDecision(
        objections=tuple(objections),
        sentences=tuple(told.values()),
        order="rolling",
        restart_groups={host: own.restart_groups for host, own in facts.hosts.items()},
        also_restart=dict.fromkeys(facts.hosts, ()),
        stopped=tuple(entries[name] for name, taken in steps.items() if taken.action == "forget"),
        unmanaged=(),
        interrupted=(),
        wanted=tuple(entries.values()),
        needs_run=bool(facts.specs) and not facts.rests,
        programs=_programs(facts, contents, facts.specs),
        prepared=tuple(entries[name] for name, taken in steps.items() if taken.action in ("start", "resume")),
    )


def _with_restart_for_job(facts: ClusterFacts, steps: t.Mapping[str, Step], jobs: t.Sequence[Live]) -> Restart:
    """In application mode a job begins with a restart of its JobManager, which ends whatever else runs there."""
    managed = {step.live["id"] for step in steps.values() if step.live is not None}
    others = any(job["state"] not in TERMINAL and job["id"] not in managed for job in jobs)
    begins = any(step.action in ("start", "resume", "replace", "withdraw") for step in steps.values())
    if facts.is_application and begins and others and not facts.restart.jobmanagers:
        return dataclasses.replace(facts.restart, jobmanagers=1, recovers=False)
    return facts.restart


def _begin_objections(facts: ClusterFacts, steps: t.Mapping[str, Step]) -> t.Iterator[str]:
    """What stands against a start of the JobManager, with which its job begins."""
    for spec in facts.specs:
        yield from filter(
            None, [rerun_objection(spec, steps[spec.name]), held_objection(spec, facts.journals.get(spec.name))]
        )


def _leaves_state(facts: ClusterFacts, spec: JobSpec, jobs: t.Sequence[Live]) -> bool:
    """Whether a job that has ended has left state of which only the JobManager knows."""
    journal = facts.journals.get(spec.name)
    ended = next((job for job in jobs if journal is not None and job["id"] == journal.job_id), None)
    has_ended = ended is not None and ended["state"] in TERMINAL
    return bool(has_ended and journal is not None and left_state(spec, ended, journal))


def _rests(journal: Journal) -> bool:
    return journal.phase == "stopped" and not journal.held


def _slot_objections(facts: ClusterFacts, others: t.Sequence[Live]) -> t.Iterator[str]:
    if facts.is_whole:
        slots = sum(host.slots for host in facts.hosts.values())
        yield from slot_objections(facts.specs, others, facts.variables.default_parallelism, slots)


def _sentences(cared: Care, steps: t.Mapping[str, Step], stopped: t.Container[str]) -> tuple[str, ...]:
    """What is stopped for a restart needs no second sentence."""
    own = [
        step.sentence for name, step in steps.items() if name not in stopped and (step.changes or not step.is_healthy)
    ]
    return (*cared.sentences, *own)


def _suspended(entry: t.Mapping[str, t.Any], step: Step) -> t.Mapping[str, t.Any]:
    """To be stopped now, whatever it is to be afterwards."""
    return entry if step.action == "forget" else {**entry, "state": "suspended"}


def line_of(release: str) -> str:
    """Of a release that a cluster runs, or is to run."""
    return Release.parse(release).line


def _groups(facts: ClusterFacts, order: str, also: t.Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The groups of hosts by which the processes restart."""
    if order == "together":
        extra = {host: ("flink_restarting_taskmanagers",) if names else () for host, names in also.items()}
        return {host: together((*own.restart_groups, *extra[host])) for host, own in facts.hosts.items()}
    return {host: own.restart_groups for host, own in facts.hosts.items()}


def _also_restart(facts: ClusterFacts, restart: Restart, order: str) -> dict[str, tuple[str, ...]]:
    """TaskManagers that restart although their configuration is the same.

    They would hold on to a JobManager that has gone until its heartbeat times out, 50 s by default, and no job is left
    to be interrupted. Source: measured on 1.20.5 and 2.3.0; ``heartbeat.timeout``.
    """
    hold_on = order == "together" and restart.jobmanagers and not restart.recovers
    return {host: own.live_taskmanagers if hold_on else () for host, own in facts.hosts.items()}


def _entry(facts: ClusterFacts, spec: JobSpec, contents: t.Mapping[str, str]) -> dict[str, t.Any]:
    declared = next(entry for entry in facts.variables.declared if entry["name"] == spec.name)
    # What is not given is null here, and would be a mistake there.
    given = {key: value for key, value in declared.items() if value is not None}
    if spec.name not in contents:
        return given
    return {
        **given,
        spec.kind: _place(facts, spec, contents[spec.name]),
        "checksum": contents[spec.name],
        "savepoint_dir": spec.savepoint_dir,
    }


def _place(facts: ClusterFacts, spec: JobSpec, content: str) -> str:
    """Where a program is on the JobManager hosts: versions lie side by side, for the one before may come back.

    The path is part of a URI for a script, and Flink takes only jars that are called so.
    """
    name = posixpath.basename(urlsplit(spec.program).path if spec.is_url else spec.program)
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", name)[-_LONGEST_NAME:]
    if spec.kind == "jar" and not name.endswith(".jar"):
        name += ".jar"
    digits = content.partition(":")[2][:_DIGITS_OF_CONTENT]
    return f"{facts.variables.directory}/{spec.name}/{digits}-{name}"


def _programs(facts: ClusterFacts, contents: t.Mapping[str, str], specs: t.Sequence[JobSpec]) -> tuple[JobProgram, ...]:
    return tuple(
        JobProgram(
            spec.name,
            # Where it was looked at: from where the playbook is called, and not in the directories of a role.
            spec.program if spec.is_url else posixpath.abspath(spec.program),
            _place(facts, spec, contents[spec.name]),
            contents[spec.name],
            spec.is_url,
        )
        for spec in specs
        if spec.name in contents and spec.is_wanted
    )


def read_facts(hosts: t.Mapping[str, t.Mapping[str, t.Any]]) -> dict[str, JobFacts]:
    """From the results of the module ``deployment_info``. Raises FlinkError if none of them is one."""
    found = {
        host: JobFacts(**{**answer, "variables": JobVariables(**answer["variables"])}) for host, answer in hosts.items()
    }
    if not found:
        raise FlinkError("deployment_info: expected its result for a host of the play, got none. Run it first.")
    return found
