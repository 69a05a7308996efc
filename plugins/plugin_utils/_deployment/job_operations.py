# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbooks jobs, savepoint, stop, resume, scale and verify want of the jobs of a cluster.

A deployment that restarts nothing is what they have in common, see ``cluster_jobs``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import posixpath
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.care import Restart
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import TERMINAL, tasks
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.table import job_table
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError, listed, quoted
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import rounded

from .cluster_jobs import job_steps, line_of
from .names import resource_id

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.decision import Live, Step
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import (
        Journal,
        SavedState,
        Version,
    )
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import JobSpec

    from .cluster_jobs import ClusterFacts
    from .jobs import JobFacts

# deploy: what a run of the role wants. jobs: bring them to their states. stop, resume: have them wait, or no longer.
# drain: stop the TaskManagers of hosts. savepoint: make some. show: look at them.
PURPOSES = ("deploy", "jobs", "stop", "resume", "drain", "savepoint", "show")
# Those that look, and change no job.
LOOKING = ("savepoint", "show")
_BRINGING = ("jobs", "resume", "drain")
_DIGITS = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Overview:
    """``jobs`` are those of the cluster, ``declared`` what is known of each of flink_jobs, ``report`` both for people.

    ``deviations`` say in sentences what is not as declared.
    """

    jobs: tuple[t.Mapping[str, t.Any], ...]
    declared: tuple[t.Mapping[str, t.Any], ...]
    report: str
    deviations: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Savepoints:
    """Jobs by their IDs whose savepoints go to the same place, in the same format; null is left to the cluster."""

    jobs: tuple[str, ...]
    directory: str | None
    format: str | None


def facts_for(facts: ClusterFacts, purpose: str, drained: t.Collection[str] = ()) -> ClusterFacts:
    """What hosts would restart is of no account but to a deployment. ``drained`` are the hosts to be left."""
    if purpose == "deploy":
        return facts
    journals = facts.journals
    if purpose == "resume":
        journals = {name: dataclasses.replace(journal, held=False) for name, journal in journals.items()}
    hosts = {host: _restarting_nothing(own, is_left=host in drained) for host, own in facts.hosts.items()}
    restart = Restart(
        pauses=purpose == "stop",
        removed=sum(len(facts.hosts[host].live_taskmanagers) for host in drained if host in facts.hosts),
    )
    looks = purpose in (*LOOKING, "stop", "drain")
    return dataclasses.replace(facts, hosts=hosts, restart=restart, journals=journals, looks=looks, starts=False)


def _restarting_nothing(host: JobFacts, *, is_left: bool) -> JobFacts:
    """But what a job begins with in application mode; of a host that is to be left, no TaskManager."""
    anew = tuple(name for name in host.anew if not (is_left and name in host.live_taskmanagers))
    return dataclasses.replace(host, restarting=(), restart_groups=(), anew=anew)


def objections(
    facts: ClusterFacts, purpose: str, live: tuple[str, t.Sequence[Live]] | None, drained: t.Sequence[str]
) -> t.Iterator[str]:
    """What a purpose needs beyond what a deployment does."""
    if purpose == "drain":
        yield from _unknown_hosts(facts, drained)
    if live is None:
        # The one of a job that waits ends with a reboot, and starts with the job only.
        waits = facts.is_application and any(own.live_taskmanagers for own in facts.hosts.values())
        if purpose != "resume" or not waits:
            yield "Cluster: expected a JobManager that answers, got none. Deploy, or start it."
        return
    release, jobs = live
    wanted = facts.variables.release
    if purpose in _BRINGING and facts.specs and line_of(release) != line_of(wanted):
        yield (
            f"flink_version: expected the release that runs, since no process is restarted, got {wanted} beside "
            f"{release}. Deploy, which upgrades the cluster with its jobs."
        )
    if purpose == "drain":
        yield from _slots_left(facts, jobs, drained)


def _unknown_hosts(facts: ClusterFacts, drained: t.Sequence[str]) -> t.Iterator[str]:
    having = [host for host, own in facts.hosts.items() if own.slots]
    unknown = [host for host in drained if host not in having]
    if unknown or not drained:
        yield (
            f"flink_scale_drain: expected names of hosts with TaskManagers, got {listed(unknown) or 'none'}. This run "
            f"has {listed(having, most=8) or 'none'}. To add hosts, put them into the inventory and deploy."
        )


def _slots_left(facts: ClusterFacts, jobs: t.Sequence[Live], drained: t.Sequence[str]) -> t.Iterator[str]:
    """Slots wanted against slots left, by what runs."""
    left = sum(own.live_slots for host, own in facts.hosts.items() if host not in drained)
    wanted = {_called(job, jobs): job["slots"] for job in jobs if job["state"] not in TERMINAL}
    if sum(wanted.values()) > left:
        each = listed([f"{name} {count}" for name, count in wanted.items()], most=8)
        yield (
            f"flink_scale_drain: expected jobs that fit into the {left} slots that are left without "
            f"{listed(drained)}, got {sum(wanted.values())} slots wanted ({each}). Lower a parallelism, suspend a job, "
            "or add TaskManagers before."
        )


def drained_names(facts: ClusterFacts, drained: t.Sequence[str]) -> dict[str, list[str]]:
    """The TaskManagers to be stopped, by their hosts."""
    return {host: list(facts.hosts[host].live_taskmanagers) for host in drained}


def resource_ids(names: t.Mapping[str, t.Sequence[str]]) -> list[str]:
    """The IDs by which a cluster knows these TaskManagers, from 1.12 on."""
    return [resource_id(host, name) for host, own in names.items() for name in own]


def savepoints(
    facts: ClusterFacts, jobs: t.Sequence[Live], names: t.Sequence[str]
) -> tuple[list[Savepoints], list[str]]:
    """Whose savepoints are made where, and a sentence for each; ``names`` are names or IDs, none of them for all jobs.

    Raises FlinkError for one that nobody has.
    """
    specs = _managed(facts, jobs)
    alive = [job for job in jobs if job["state"] not in TERMINAL]
    known = {job["id"]: {job["id"], job["name"]} for job in alive}
    for job_id in known.keys() & specs.keys():
        known[job_id].add(specs[job_id].name)
    for name in names:
        if not any(name in own for own in known.values()):
            running = sorted(specs[job["id"]].name if job["id"] in specs else job["name"] for job in alive)
            raise FlinkError(
                f"flink_job: expected the names or IDs of jobs that run, got {quoted(name)}. "
                f"{'There are ' + listed(running, most=8) if running else 'None runs'}."
            )
    groups: dict[tuple[str | None, str | None], list[str]] = {}
    sentences = []
    for job in alive:
        if names and not known[job["id"]] & set(names):
            continue
        spec = specs.get(job["id"])
        directory = (spec and spec.savepoint_dir) or facts.variables.savepoint_dir
        # What is not asked for needs no release that knows it.
        form = spec.savepoint_format if spec and spec.savepoint_format != "canonical" else None
        groups.setdefault((directory, form), []).append(job["id"])
        size = f"; its newest checkpoint has {rounded(job['checkpoint']['size'])}" if job.get("checkpoint") else ""
        name = spec.name if spec else _called(job, jobs)
        sentences.append(f"{name}: gets a savepoint in {directory or 'the directory of the cluster'}{size}.")
    return [Savepoints(tuple(ids), *place) for place, ids in groups.items()], sentences


@dataclasses.dataclass(frozen=True, slots=True)
class Age:
    """Which old savepoints stay: so many of a job, and those younger than so many days; null where that keeps none.

    ``deletes`` tells whether the others go now.
    """

    keep: int | None
    keep_days: int | None
    deletes: bool


def old_savepoints(facts: ClusterFacts, age: Age, chosen: t.Collection[str], now: float) -> tuple[list[str], list[str]]:
    """The savepoints to be deleted, and a sentence for each that is known of a job.

    ``chosen`` are the IDs of the jobs that get another one now. What a job began from stays in any case, and so does
    what the user gave it. Raises FlinkError if nobody said which stay.
    """
    if age.deletes and age.keep is None and age.keep_days is None:
        raise FlinkError(
            "flink_savepoint_dispose: expected flink_savepoint_keep or flink_savepoint_keep_days with it, got neither. "
            "Say how many stay, or how long."
        )
    deleted, sentences = [], []
    for name, journal in facts.journals.items():
        place = 1 if journal.job_id in chosen else 0
        for state in journal.history:
            reason = _stays(state, journal, age, place, now)
            place += state.kind == "savepoint"
            fate = f"stays, {reason}" if reason else "is deleted" if age.deletes else "would be deleted"
            day = dt.datetime.fromtimestamp(state.time, dt.UTC).strftime("%Y-%m-%d %H:%M")
            sentences.append(f"{name}: {state.path} of {day} UTC {fate}.")
            if not reason and age.deletes:
                deleted.append(state.path)
    return deleted, sentences


def _stays(state: SavedState, journal: Journal, age: Age, place: int, now: float) -> str | None:
    """Why a state is kept, of which there are ``place`` newer ones."""
    if state.kind != "savepoint":
        return "since it is no savepoint"
    if journal.savepoint is not None and state.path == journal.savepoint.path:
        return "since the job began from it, or rests on it"
    if age.keep is None and age.keep_days is None:
        return "since nobody said how many may go"
    if age.keep is not None and place < age.keep:
        return f"since it is one of the newest {age.keep}"
    if age.keep_days is not None and now - state.time < age.keep_days * 86_400:
        return f"since it is younger than {age.keep_days} days"
    return None


def overview(facts: ClusterFacts, jobs: t.Sequence[Live], contents: t.Mapping[str, str]) -> Overview:
    """What runs, and what was declared; with no cluster nothing runs."""
    steps = job_steps(facts, jobs, contents)
    declared = [
        _declared(spec, steps[spec.name], facts.journals.get(spec.name), is_known=spec.name in contents)
        for spec in facts.specs
    ]
    names = {entry["id"]: entry["name"] for entry in declared if entry["id"] is not None}
    shown = [{**job, "declared": names.get(job["id"])} for job in jobs]
    lines = [f"{entry['name']}: {_about(entry)}" for entry in declared]
    return Overview(
        jobs=tuple(shown),
        declared=tuple(declared),
        report=job_table([{key: job[key] for key in job if key != "declared"} for job in shown]) + "\n".join(lines),
        deviations=tuple(_deviation(entry) for entry in declared if not entry["is_as_wanted"]),
    )


def _declared(spec: JobSpec, step: Step, journal: Journal | None, *, is_known: bool) -> dict[str, t.Any]:
    live, version = step.live, journal.version if journal else None
    is_as_wanted = step.action in ("keep", "note") and step.is_healthy
    said = step.sentence
    if live is not None and step.action == "keep" and not is_as_wanted and live["state"] == "RUNNING":
        said = f"{spec.name}: {tasks(live)}."
    if spec.program and not is_known:
        is_as_wanted = False
        said += f" {spec.program} cannot be read, so that nobody can tell whether it is another version."
    return {
        "name": spec.name,
        "wanted": spec.state,
        "id": live["id"] if live is not None else journal.job_id if journal else None,
        "is_as_wanted": is_as_wanted,
        "held": journal.held if journal else False,
        "msg": said.partition(": ")[2],
        "version": _version(version) if version else None,
        "began_from": journal.savepoint.path if journal and journal.savepoint else None,
        "states": [dataclasses.asdict(state) for state in journal.history] if journal else [],
    }


def _version(version: Version) -> dict[str, t.Any]:
    """Without arguments, which may be secret."""
    return {
        "digest": version.digest[:_DIGITS],
        "program": posixpath.basename(version.jar),
        "class": version.entry_class,
        "parallelism": version.parallelism,
        "flink_version": version.release,
    }


def _about(entry: t.Mapping[str, t.Any]) -> str:
    version, kept = entry["version"], len(entry["states"])
    lines = [entry["msg"]]
    if version:
        lines.append(f"version {version['digest']}: {version['program']}, Flink {version['flink_version']}")
    if entry["began_from"]:
        lines.append(f"state {entry['began_from']}{f', of {kept} that are known' if kept > 1 else ''}")
    return "\n  ".join(lines)


def _deviation(entry: t.Mapping[str, t.Any]) -> str:
    expected = "" if entry["msg"].startswith("expected ") else f"expected {entry['wanted']}, got: "
    return f"{entry['name']}: {expected}{entry['msg']}"


def _managed(facts: ClusterFacts, jobs: t.Sequence[Live]) -> dict[str, JobSpec]:
    """The declared jobs by the IDs of what runs of them."""
    specs = {spec.name: spec for spec in facts.specs}
    steps = job_steps(facts, jobs, {})
    return {step.live["id"]: specs[name] for name, step in steps.items() if step.live is not None}


def _called(job: Live, jobs: t.Sequence[Live]) -> str:
    is_only = sum(other["name"] == job["name"] for other in jobs if other["state"] not in TERMINAL) < 2
    return str(job["name"]) if is_only else f"{job['name']} ({job['id']})"
