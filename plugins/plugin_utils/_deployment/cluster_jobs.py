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
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import is_of
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import newest, read_journal
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spare import spare
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import (
    JobSpec,
    client_python,
    driver_objection,
    job_specs,
    masked,
    python_objection,
    release_objections,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.state_versions import (
    state_advice,
    state_objection,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.client_arguments import (
    READS_WORDS,
    TAKES_JOB_ID,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed, quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

from .changes import groups_at_once
from .inventory import check_alike
from .jobs import JobFacts, JobVariables
from .names import ZOOKEEPER, resource_id

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import Live
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import LiveTaskManager

# The steps after which a job runs that did not run so before.
_BEGINS = frozenset({"start", "resume", "replace", "withdraw", "settle"})
_DIGITS_OF_CONTENT = 12
_LONGEST_NAME = 100
# How Flink wants a file to be called: at another Python program its driver ends the JobManager.
_SUFFIXES = {"jar": ".jar", "python": ".py", "sql": ""}


@dataclasses.dataclass(frozen=True, slots=True)
class ClusterFacts:
    """What all hosts of a run say together; ``hosts`` are in the order of their turns.

    ``is_alive`` tells whether a JobManager may run, which nobody knows where the run has not all of its hosts.
    ``looks`` tells that the run is about all jobs, and has to see their details; ``brings`` that it brings them to
    their states, and ``starts`` that it starts what does not run.
    """

    hosts: t.Mapping[str, JobFacts]
    variables: JobVariables
    specs: tuple[JobSpec, ...]
    restart: Restart
    journals: t.Mapping[str, Journal]
    jobmanagers: tuple[str, ...]
    is_alive: bool
    looks: bool = False
    brings: bool = True
    starts: bool = True

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
            restarting=host.restarting if self.restart else (),
            removed=host.removed if self.service else 0,
            jobmanager=host.jobmanager if moves_jobmanager or host.jobmanager == "none" else "runs",
        )

    def objections(self, decided: JobDecision) -> t.Iterator[str]:
        """Jobs would stay stopped, or not be stopped before what they do not survive."""
        if not self.jobs and (decided.stopped or decided.unmanaged):
            names = [str(job["name"]) for job in decided.stopped] + list(decided.unmanaged)
            yield (
                f"--tags, --skip-tags: expected a run with flink_jobs, since {listed(names)} would be stopped and "
                "resumed, or noted as finished, got one without. Add it; or leave out flink_restart and flink_service."
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

    ``spares`` are the TaskManagers of each host that restart first, ``together`` the processes that do so at once, and
    ``begin_together`` those that restart at once for a job to begin, where nothing else restarts. ``interrupted`` are
    the IDs of those that TaskManagers interrupt as they restart. ``lags`` tells that a JobManager host does not know
    the job that it may have to run, and ``needs_run`` whether the module has anything to do, or to see, after the
    restart. ``hold`` is what the jobs that are stopped are told about waiting. ``prepared`` is the job that a
    JobManager in application mode begins with as soon as it is started. ``within_restart`` tells that jobs are stopped
    right before all processes restart, and resumed right after.
    """

    objections: tuple[str, ...]
    sentences: tuple[str, ...]
    order: str
    restart_groups: t.Mapping[str, tuple[str, ...]]
    spares: t.Mapping[str, tuple[str, ...]]
    together: t.Mapping[str, tuple[str, ...]]
    begin_together: t.Mapping[str, tuple[str, ...]]
    stopped: tuple[t.Mapping[str, t.Any], ...]
    unmanaged: tuple[str, ...]
    interrupted: tuple[str, ...]
    wanted: tuple[t.Mapping[str, t.Any], ...]
    lags: bool
    needs_run: bool
    programs: tuple[JobProgram, ...]
    advice: tuple[str, ...] = ()
    hold: str | None = None
    prepared: tuple[t.Mapping[str, t.Any], ...] = ()
    within_restart: bool = False


def cluster_facts(hosts: t.Mapping[str, JobFacts], batch: str) -> ClusterFacts:
    """``batch`` is ``flink_restart_batch``. Raises FlinkError for hosts that differ in what counts for all of them."""
    for field in dataclasses.fields(JobVariables):
        values = {host: getattr(facts.variables, field.name) for host, facts in hosts.items()}
        if field.name in _NAMES:
            check_alike(_NAMES[field.name], values)
    variables = next(iter(hosts.values())).variables
    taskmanagers = tuple(len(own) for facts in hosts.values() if (own := facts.restarting_taskmanagers))
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
            is_highly_available=variables.is_highly_available,
            recovers=variables.is_highly_available and "restarts apart" not in restarting,
        ),
        journals=_journals(hosts),
        jobmanagers=own,
        is_alive=len(own) < max(variables.jobmanagers, 1) or any(state != "none" for state in jobmanagers),
    )


def in_turns(facts: ClusterFacts) -> ClusterFacts:
    """The same where each host restarts one process after the other, at the same time as other hosts."""
    return dataclasses.replace(
        facts,
        variables=dataclasses.replace(facts.variables, order="rolling"),
        restart=dataclasses.replace(facts.restart, batch=max(1, len(facts.restart.taskmanagers))),
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
    said += _driver_objections(facts)
    said += _client_objections(facts)
    if facts.is_application and facts.jobmanagers:
        said += application_objections(
            facts.specs,
            facts.variables.jobmanagers,
            release,
            is_highly_available=facts.variables.is_highly_available,
            has_systemd=bool(facts.variables.application and facts.variables.application.get("unit")),
        )
    said += [
        f"flink_jobs: {spec.name}: expected a directory for its savepoints, got none. Set "
        f"{_savepoint_option(release)} in flink_config, its savepoint_dir, or another upgrade."
        for spec in facts.specs
        if spec.is_wanted and spec.upgrade == "savepoint" and not (spec.savepoint_dir or facts.variables.savepoint_dir)
    ]
    return said


def _driver_objections(facts: ClusterFacts) -> t.Iterator[str]:
    """What the hosts lack that have to run a script; what is in a release is known once it is installed."""
    release, home = facts.variables.release, facts.variables.flink_home
    for name in facts.jobmanagers:
        own = facts.hosts[name]
        for spec in facts.specs:
            python = client_python(spec.config, facts.variables.python)
            found = own.pyflink.get(python) if spec.kind == "python" and spec.is_wanted else None
            is_installed = own.optional_jars is not None
            said = [
                driver_objection(spec, home, own.optional_jars or ()) if is_installed else None,
                python_objection(spec, python, found, release)
                if found and (is_installed or found["program"] is None)
                else None,
            ]
            yield from (f"{name}: {sentence}" for sentence in said if sentence)


def _client_objections(facts: ClusterFacts) -> t.Iterator[str]:
    """What Flink's client could not start on a host whose JobManager takes no jars over REST."""
    release = Release.parse(facts.variables.release)
    wanted = [spec for spec in facts.specs if spec.is_wanted]
    for name in facts.jobmanagers:
        own = facts.hosts[name]
        if own.client is None or not wanted:
            continue
        got, problems = ", ".join(spec.name for spec in wanted), []
        if release.version < TAKES_JOB_ID:
            problems.append(f"Flink 1.11 or newer, whose client gives a job its ID, got {release.given} with {got}")
        if own.java < READS_WORDS:
            problems.append(f"Java 9 or newer, which hides the arguments of a program, got Java {own.java} with {got}")
        scripts = [f"{spec.name}, which is {spec.kind}" for spec in wanted if spec.kind != "jar"]
        if scripts:
            problems.append(f"only jars, got {'; '.join(scripts)}")
        yield from (
            f"flink_jobs: {name}: where web.submit.enable is false and Flink's own client starts jobs, expected "
            f"{problem}. Correct it; or have submit among flink_web_actions."
            for problem in problems
        )


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


def needs_taskmanagers(facts: ClusterFacts, jobs: t.Sequence[Live]) -> bool:
    """Whether it has to be known which TaskManagers no job uses."""
    is_wanted = facts.variables.order == "spare" and bool(facts.restart.taskmanagers)
    return is_wanted and any(job["state"] not in TERMINAL for job in jobs)


def job_steps(facts: ClusterFacts, jobs: t.Sequence[Live], contents: t.Mapping[str, str]) -> dict[str, Step]:
    return {spec.name: _step(facts, spec, jobs, contents) for spec in facts.specs}


def _step(facts: ClusterFacts, spec: JobSpec, jobs: t.Sequence[Live], contents: t.Mapping[str, str]) -> Step:
    """Why a job failed is told in words of its program, which may have its arguments."""
    journal, digest = facts.journals.get(spec.name), _digest(facts, spec, contents)
    in_parallelism = (
        journal is not None
        and spec.name in contents
        and not facts.is_application
        # Which vertices it would have, only a cluster that takes its jar tells.
        and not any(own.client for own in facts.hosts.values())
        and spec.differs_in_parallelism(
            journal.version.digest, journal.version.parallelism, contents[spec.name], facts.variables.release
        )
    )
    decided = step(spec, digest, facts.variables.cluster, jobs, journal, in_parallelism=in_parallelism)
    return dataclasses.replace(decided, sentence=masked(decided.sentence, spec.args, spec.config))


def _digest(facts: ClusterFacts, spec: JobSpec, contents: t.Mapping[str, str]) -> str:
    """What is wanted; what is noted, where nobody can tell."""
    journal = facts.journals.get(spec.name)
    if spec.name not in contents and journal is not None:
        return journal.version.digest
    return spec.digest(contents.get(spec.name, ""), facts.variables.release)


def decide_jobs(
    facts: ClusterFacts,
    live: tuple[str, t.Sequence[Live]] | None,
    contents: t.Mapping[str, str],
    registered: t.Sequence[LiveTaskManager] = (),
) -> JobDecision:
    """``live`` are the release that runs and its jobs, null if none runs; ``contents`` the checksums of programs.

    ``registered`` are the TaskManagers of the cluster, if ``needs_taskmanagers``.
    """
    if live is None:
        return _decide_at_rest(facts, contents)
    objections = job_objections(facts)
    entries = {spec.name: _entry(facts, spec, contents) for spec in facts.specs}
    release, jobs = live
    steps = job_steps(facts, jobs, contents)
    restart = _with_restart_for_job(facts, steps, jobs)
    if restart.jobmanagers and line_of(release) != line_of(facts.variables.release):
        restart = dataclasses.replace(restart, other_line=(line_of(release), line_of(facts.variables.release)))
    restart = dataclasses.replace(restart, spare=spare(_slots_after_restart(facts), registered))
    policy = Policy(
        facts.variables.when_lost, facts.variables.unmanaged, facts.variables.order, facts.variables.savepoint_dir
    )
    cared = care(restart, policy, jobs, _declared(facts, steps, jobs))
    objections += cared.objections
    # A job that does not run hinders nothing: what is put right may be its cause. It is told at the end.
    objections += [step.sentence for step in steps.values() if step.hinders and not restart.ends]
    managed = {step.live["id"]: name for name, step in steps.items() if step.live is not None}
    others = [job for job in jobs if job["id"] not in managed and job["state"] not in TERMINAL]
    objections += _slot_objections(facts, others)
    objections += _renamed_objections(facts, contents)
    stopped = [managed[job_id] for job_id in cared.stopped if job_id in managed]
    # How a stop ended that was begun before, a JobManager that restarts knows no more.
    unsettled = [name for name, step in steps.items() if restart.is_any and step.action == "settle"]
    left = {spec.name: _left(facts, spec, jobs) for spec in facts.specs}
    if restart.jobmanagers and not restart.recovers:
        unsettled += [name for name, step in left.items() if step is not None and step.state is not None]
    # Nor, whatever is to run next, that one has finished.
    goes = bool(restart.jobmanagers or restart.halts)
    finished = [name for name, step in left.items() if goes and step is not None and step.state is None]
    saved = [job_id for job_id in cared.stopped if job_id not in managed or steps[managed[job_id]].action != "withdraw"]
    if restart.other_line and (unsettled or saved):
        objections += filter(None, [state_objection(*restart.other_line)])
    lines = restart.other_line if unsettled or saved else None
    changing = [name for name, step in steps.items() if step.action != "keep"]
    if restart.pauses:
        # What rests is not to be started by a deployment in between.
        stopped += [name for name in steps if name in facts.journals and _rests(facts.journals[name])]
    lagging = _lagging(facts)
    needing = {*stopped, *changing, *lagging, *(name for name, journal in facts.journals.items() if journal.held)}
    # Whether what was interrupted runs again is seen as well.
    watched = any(not step.is_healthy or (restart.is_any and step.live is not None) for step in steps.values())
    if facts.is_application and facts.restart.jobmanagers and not restart.ends:
        objections += _begin_objections(facts, steps)
    sentences = (*_sentences(cared, steps, stopped), *_left_alone(facts, jobs))
    beginning = _beginning(facts, restart, steps, (*stopped, *unsettled))
    objections += _missing_objections(facts, beginning)
    stopped += [name for name in beginning if steps[name].action in ("replace", "withdraw", "settle")]
    # Where other processes restart, those of a job that begins do so with them: it is stopped in any case.
    restarts = any(own.restarting_taskmanagers or "jobmanager" in own.restarting for own in facts.hosts.values())
    begins_with_them = bool(beginning) and restarts
    order = "together" if begins_with_them else cared.order
    anew = {host: _anew(own) if beginning else () for host, own in facts.hosts.items()}
    spares = {host: _spares(host, own, restart, order) for host, own in facts.hosts.items()}
    with_others = anew if begins_with_them else dict.fromkeys(facts.hosts, ())
    together = {
        host: _together(own, facts.restart, order, spares[host], with_others[host]) for host, own in facts.hosts.items()
    }
    groups = {
        host: groups_at_once(own.restart_groups, order, spares[host], together[host])
        for host, own in facts.hosts.items()
    }
    seen_to = dict.fromkeys([*stopped, *unsettled, *finished])
    return JobDecision(
        objections=tuple(dict.fromkeys(objections)),
        sentences=sentences,
        order=order,
        restart_groups=groups,
        spares=spares,
        together=together,
        begin_together=dict.fromkeys(facts.hosts, ()) if begins_with_them else anew,
        within_restart=bool(cared.stopped) and order == "together" and _restarts_at_once(facts, restart, groups),
        stopped=tuple(_suspended(entries[name], steps[name]) for name in seen_to),
        unmanaged=tuple(job_id for job_id in cared.stopped if job_id not in managed),
        interrupted=tuple(
            job["id"]
            for job in jobs
            if restart.taskmanagers
            and restart.interruptions(cared.order)
            and job["id"] not in cared.stopped
            and is_whole(job)
        ),
        wanted=tuple(entries.values()),
        lags=bool(lagging),
        needs_run=bool(not (restart.pauses or restart.halts) and (stopped or changing or watched)),
        programs=_programs(facts, contents, [spec for spec in facts.specs if spec.name in needing]),
        advice=tuple(filter(None, [state_advice(*lines)])) if lines else (),
        hold="begin" if restart.pauses else None,
        prepared=tuple(entries[name] for name in beginning),
    )


def _declared(facts: ClusterFacts, steps: t.Mapping[str, Step], jobs: t.Sequence[Live]) -> list[Declared]:
    """By their IDs alone where the run has no JobManager host, and so nothing of what is noted."""
    if facts.jobmanagers:
        return [Declared(spec, steps[spec.name]) for spec in facts.specs]
    return [
        Declared(spec, Step("keep", f"{spec.name}: is declared.", job), is_noted=False)
        for spec in job_specs(facts.variables.declared)
        for job in jobs
        if is_of(job["id"], facts.variables.cluster, spec.name)
    ]


def _decide_at_rest(facts: ClusterFacts, contents: t.Mapping[str, str]) -> JobDecision:
    """Where no JobManager runs."""
    entries = {spec.name: _entry(facts, spec, contents) for spec in facts.specs}
    objections = [*job_objections(facts), *_slot_objections(facts, ()), *_renamed_objections(facts, contents)]
    steps: dict[str, Step] = {}
    if facts.is_application and not objections and not facts.restart.ends:
        ended = next((own.ended for own in facts.hosts.values() if own.ended is not None), None)
        steps = {
            spec.name: step_at_rest(
                spec, _digest(facts, spec, contents), facts.variables.cluster, facts.journals.get(spec.name), ended
            )
            for spec in facts.specs
        }
        objections += [taken.sentence for taken in steps.values() if taken.action == "refuse"]
        objections += _begin_objections(facts, steps)
    told = {spec.name: f"{spec.name}: {spec.state} once the cluster runs." for spec in facts.specs}
    told.update((name, taken.sentence) for name, taken in steps.items())
    prepared = [name for name, taken in steps.items() if taken.action in ("start", "resume")]
    objections += _missing_objections(facts, prepared)
    return JobDecision(
        objections=tuple(objections),
        sentences=tuple(told.values()),
        order="rolling",
        restart_groups={host: own.restart_groups for host, own in facts.hosts.items()},
        spares=dict.fromkeys(facts.hosts, ()),
        together=dict.fromkeys(facts.hosts, ()),
        begin_together={
            host: () if facts.starts or not facts.is_application else own.anew for host, own in facts.hosts.items()
        },
        stopped=tuple(entries[name] for name, taken in steps.items() if taken.action == "forget"),
        unmanaged=(),
        interrupted=(),
        wanted=tuple(entries.values()),
        lags=bool(_lagging(facts)),
        needs_run=bool(facts.specs) and not facts.rests,
        programs=_programs(facts, contents, facts.specs),
        prepared=tuple(entries[name] for name in prepared),
    )


def _with_restart_for_job(facts: ClusterFacts, steps: t.Mapping[str, Step], jobs: t.Sequence[Live]) -> Restart:
    """In application mode a job begins with a restart of its JobManager, which ends whatever else runs there."""
    managed = {step.live["id"] for step in steps.values() if step.live is not None}
    others = any(job["state"] not in TERMINAL and job["id"] not in managed for job in jobs)
    if others and _beginning(facts, facts.restart, steps, ()) and not facts.restart.jobmanagers:
        return dataclasses.replace(facts.restart, jobmanagers=1, recovers=False)
    return facts.restart


def _beginning(
    facts: ClusterFacts, restart: Restart, steps: t.Mapping[str, Step], stopped: t.Collection[str]
) -> list[str]:
    """The jobs with which JobManagers begin in application mode, in this run; ``stopped`` are started again in it."""
    goes_on = not (restart.ends or restart.halts or restart.pauses)
    if not (facts.is_application and goes_on and (facts.brings or restart.jobmanagers)):
        return []
    return [
        spec.name
        for spec in facts.specs
        if spec.is_wanted and (spec.name in stopped or steps[spec.name].action in _BEGINS)
    ]


def _missing_objections(facts: ClusterFacts, beginning: t.Sequence[str]) -> t.Iterator[str]:
    """A JobManager that is not in this run would still have the former version, and run that if it comes to lead."""
    there, all_of_them = len(facts.jobmanagers), facts.variables.jobmanagers
    if beginning and there < all_of_them:
        yield (
            f"{listed(beginning)}: expected all {all_of_them} JobManager hosts in this run, since each has to begin "
            f"with the same version, got {there}. Run it on all of them, once they are reached."
        )


def _lagging(facts: ClusterFacts) -> list[str]:
    """The jobs of which a JobManager host does not have the newest note, in application mode: it may be a new host."""
    if not facts.is_application:
        return []
    notes = [_journals({host: facts.hosts[host]}) for host in facts.jobmanagers]
    return [
        spec.name for spec in facts.specs if any(own.get(spec.name) != facts.journals.get(spec.name) for own in notes)
    ]


def _begin_objections(facts: ClusterFacts, steps: t.Mapping[str, Step]) -> t.Iterator[str]:
    """What stands against a start of the JobManager, with which its job begins."""
    for spec in facts.specs:
        yield from filter(
            None, [rerun_objection(spec, steps[spec.name]), held_objection(spec, facts.journals.get(spec.name))]
        )


def _left(facts: ClusterFacts, spec: JobSpec, jobs: t.Sequence[Live]) -> Step | None:
    """What only the JobManager knows of a job that has ended: its state, or that it has finished."""
    journal = facts.journals.get(spec.name)
    ended = next((job for job in jobs if journal is not None and job["id"] == journal.job_id), None)
    if journal is None or ended is None or ended["state"] not in TERMINAL:
        return None
    return left_state(spec, ended, journal)


def _rests(journal: Journal) -> bool:
    return journal.phase == "stopped" and not journal.held


def _slot_objections(facts: ClusterFacts, others: t.Sequence[Live]) -> t.Iterator[str]:
    if facts.is_whole:
        slots = sum(host.slots for host in facts.hosts.values())
        yield from slot_objections(facts.specs, others, facts.variables.default_parallelism, slots)


def _renamed_objections(facts: ClusterFacts, contents: t.Mapping[str, str]) -> t.Iterator[str]:
    """The same program, begun from nothing under another name, would count all of it once more."""
    restart = facts.restart
    if restart.ends or restart.halts or restart.pauses:
        return
    noted = _undeclared(facts)
    former = {journal.version.digest: name for name, journal in noted.items() if not journal.finished}
    for spec in facts.specs if facts.brings else ():
        name = (
            former.get(_digest(facts, spec, contents)) if spec.is_wanted and spec.name not in facts.journals else None
        )
        if name is not None:
            yield (
                f"flink_jobs: {spec.name}: expected a job of its own, got all that {name} is, which is noted and no "
                f"longer in flink_jobs. Call it {name} again; or deploy {name} with state: absent before, and set from "
                "to the savepoint that it leaves."
            )


def _left_alone(facts: ClusterFacts, jobs: t.Sequence[Live]) -> t.Iterator[str]:
    """Jobs without their entries, which may be meant by what is declared for the first time."""
    if any(spec.is_wanted and spec.name not in facts.journals for spec in facts.specs):
        alive = {job["id"] for job in jobs if job["state"] not in TERMINAL}
        for name, journal in _undeclared(facts).items():
            if journal.job_id in alive:
                yield f"{name}: runs on, though it is no longer in flink_jobs. To end it, deploy it with state: absent."


def _undeclared(facts: ClusterFacts) -> dict[str, Journal]:
    """What is noted of jobs whose entries were removed."""
    declared = {spec.name for spec in facts.specs}
    return {name: journal for name, journal in facts.journals.items() if name not in declared}


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


def _slots_after_restart(facts: ClusterFacts) -> dict[str, int]:
    """Of the TaskManagers that restart, by their IDs."""
    return {
        resource_id(host, name): slots
        for host, own in facts.hosts.items()
        for name, slots in own.live_taskmanagers.items()
        if name in own.restarting
    }


def _spares(host: str, own: JobFacts, restart: Restart, order: str) -> tuple[str, ...]:
    """The TaskManagers that restart first."""
    first = restart.spare.first if order == "spare" else ()
    return tuple(name for name in own.restarting_taskmanagers if resource_id(host, name) in first)


def _anew(host: JobFacts) -> tuple[str, ...]:
    """The processes that restart for a job to begin; one that does not run starts with it anyway."""
    return tuple(name for name in host.anew if name != "jobmanager" or host.jobmanager != "none")


def _together(
    own: JobFacts, restart: Restart, order: str, spares: t.Collection[str], anew: t.Iterable[str]
) -> tuple[str, ...]:
    """The processes that restart at once, with those with which a job begins.

    Without a job that could be interrupted, TaskManagers restart with their JobManager, although their configuration is
    the same: they would hold on to one that has gone until its heartbeat times out, 50 s by default. Source: measured
    on 1.20.5 and 2.3.0; ``heartbeat.timeout``.
    """
    if order == "rolling":
        return ()
    if order == "spare":
        return tuple(name for name in own.restarting if name not in (ZOOKEEPER, "jobmanager", *spares))
    hold_on = own.live_taskmanagers if restart.jobmanagers and not restart.recovers else ()
    return tuple(name for name in dict.fromkeys((*own.restarting, *anew, *hold_on)) if name != ZOOKEEPER)


def _restarts_at_once(facts: ClusterFacts, restart: Restart, groups: t.Mapping[str, tuple[str, ...]]) -> bool:
    """Whether nothing that jobs feel goes or restarts before the others, and the hosts that note them are all in it."""
    goes_before = restart.removed or any(
        "flink_restarting_zookeepers" in groups[host] or (own.jobmanager != "none" and not own.has_jobmanager)
        for host, own in facts.hosts.items()
    )
    is_in_it = all("flink_restarting_together" in groups[host] for host in facts.jobmanagers)
    return not (goes_before or facts.is_application) and bool(facts.jobmanagers) and is_in_it


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

    The path is part of a URI for a script.
    """
    name = posixpath.basename(urlsplit(spec.program).path if spec.is_url else spec.program)
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", name)[-_LONGEST_NAME:]
    if not name.endswith(_SUFFIXES[spec.kind]):
        name += _SUFFIXES[spec.kind]
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
