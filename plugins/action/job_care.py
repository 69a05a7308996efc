# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import hashlib
import re
import time
import typing as t
from pathlib import Path

from ansible.errors import AnsibleActionFail
from ansible.utils.display import Display

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.program import check_jar
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._action import Action, plain
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.cluster_jobs import (
    ClusterFacts,
    Parts,
    cluster_facts,
    decide_jobs,
    in_turns,
    needs_details,
    needs_taskmanagers,
    read_facts,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.job_operations import (
    LOOKING,
    PURPOSES,
    Age,
    drained_names,
    facts_for,
    objections,
    old_savepoints,
    overview,
    resource_ids,
    savepoints,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import JobSpec
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import LiveTaskManager

ARGUMENT_SPEC: dict[str, t.Any] = {
    "at_once": {"type": "bool", "default": True},
    "batch": {"type": "str", "default": "1"},
    "purpose": {"type": "str", "choices": list(PURPOSES), "default": "deploy"},
    "drained": {"type": "list", "elements": "str", "default": []},
    "jobs": {"type": "list", "elements": "str", "default": []},
    "keep": {"type": "int"},
    "keep_days": {"type": "int"},
    "deletes": {"type": "bool", "default": False},
}
# What the look at each host has been registered as.
_DEPLOYMENT = "__flink"
# Nobody listens there, so that no job runs there either.
_NOBODY = re.compile(r"connection refused", re.IGNORECASE)
# What a JobManager says while another takes the lead, which takes as long as a session with ZooKeeper, and while a job
# that it has taken over begins. Measured on 2.3.0.
_NOT_YET = re.compile(
    r"HTTP Error 50[03]\b.*(recipient is unreachable|ongoing leader election|JobManager is initializing)", re.DOTALL
)
_TRIES = 20
_PAUSE = 3

Result = dict[str, t.Any]


class ActionModule(Action):
    """Decide once for a cluster what a run does about its jobs."""

    BYPASS_HOST_LOOP = True
    argument_spec = ARGUMENT_SPEC

    def outcome(self, params: Result, variables: Result) -> Result:
        hostvars = variables["hostvars"]
        answers = {host: hostvars[host].get(_DEPLOYMENT, {}) for host in variables["ansible_play_batch"]}
        own = {host: answer for host, answer in answers.items() if "jobs" in answer}
        purpose, drained = params["purpose"], params["drained"]
        told = read_facts({host: answer["jobs"] for host, answer in own.items()})
        parts = self._parts(variables)
        if not any(host.ends for host in told.values()):
            told = {name: parts.affect(host) for name, host in told.items()}
        facts = dataclasses.replace(cluster_facts(told, params["batch"]), brings=parts.jobs)
        meant = facts.variables.order
        if not params["at_once"]:
            facts = in_turns(facts)
        facts = facts_for(facts, purpose, drained)
        # Where nothing is started, no program has to be there.
        needs_none = facts.restart.ends or facts.restart.pauses or purpose in LOOKING
        contents = _contents(facts.specs, needs_all=not needs_none)
        # With high availability each JobManager answers for itself: one that has come up, if there is one.
        asked = sorted(facts.jobmanagers, key=lambda name: (not told[name].listens, told[name].jobmanager == "none"))
        first = next(iter(asked), next(iter(own)))
        rest = {**own[first]["rest"], "url_password": self._password(variables)}
        live = self._live(facts, contents, rest, variables)
        if purpose in LOOKING:
            result = self._looked(params, facts, live, contents)
        else:
            decided = decide_jobs(facts, live, contents, self._registered(facts, live, rest, variables))
            against = list(decided.objections)
            if purpose == "deploy":
                against += parts.objections(decided)
            else:
                against += objections(facts, purpose, live, drained)
            if against:
                raise FlinkError("\n".join([*dict.fromkeys(against), "No process was changed."]))
            result = plain(decided)
            result["warnings"] = result.pop("advice")
            if meant not in (None, decided.order) and not params["at_once"] and facts.restart.taskmanagers:
                result["warnings"].append(
                    f"flink_restart_order: expected rolling where the role restarts processes, got {meant}. The "
                    "TaskManagers of a host restart one after the other: use the playbooks of this collection."
                )
            if purpose == "resume":
                result["hold"] = "end"
            if purpose == "drain":
                names = drained_names(facts, drained)
                result.update(drained=names, resource_ids=resource_ids(names))
        for sentence in result.get("sentences", ()):
            Display().display(f"Job {sentence}")
        return {
            "_ansible_no_log": True,
            **result,
            "host": own[first].get("rest_host", first),
            "rest": own[first]["rest"],
            "jobmanagers": list(facts.jobmanagers),
            "settings": {
                "application": facts.variables.application,
                "client": own[first]["jobs"]["client"],
                "cluster": facts.variables.cluster,
                "directory": facts.variables.directory,
                "flink_home": facts.variables.flink_home,
                "journals": {name: journal.text() for name, journal in facts.journals.items()},
                "rollback": facts.variables.rollback,
                "savepoint_dir": facts.variables.savepoint_dir,
                "slots": sum(host.live_slots for host in facts.hosts.values()),
                "state_dirs": list(facts.variables.state_dirs),
                "timeout": facts.variables.timeout,
            },
        }

    def _parts(self, variables: Result) -> Parts:
        """What tags leave of a run; those of the task itself but always are the user's, and stand for all of it."""
        chosen, skipped = set(variables.get("ansible_run_tags", ["all"])), set(variables.get("ansible_skip_tags", ()))
        has_all = not chosen.isdisjoint({"all", "tagged", *self._task.tags} - {"always"})

        def runs(tag: str) -> bool:
            return (has_all or tag in chosen) and tag not in skipped

        return Parts(runs("flink_service"), runs("flink_restart"), runs("flink_jobs"))

    @staticmethod
    def _looked(
        params: Result, facts: ClusterFacts, live: tuple[str, list[Result]] | None, contents: t.Mapping[str, str]
    ) -> Result:
        """What is seen of the jobs, and which savepoints are to be made."""
        jobs = live[1] if live else []
        if params["purpose"] == "show":
            return {**plain(overview(facts, jobs, contents)), "flink_version": live and live[0]}
        if live is None:
            raise FlinkError("\n".join(objections(facts, "savepoint", live, ())))
        groups, sentences = savepoints(facts, jobs, params["jobs"])
        age = Age(params["keep"], params["keep_days"], params["deletes"])
        chosen = {job for group in groups for job in group.jobs}
        old, told = old_savepoints(facts, age, chosen, time.time())
        return {"savepoints": plain(groups), "old": old, "sentences": [*sentences, *told]}

    def _live(
        self, facts: ClusterFacts, contents: t.Mapping[str, str], rest: Result, variables: Result
    ) -> tuple[str, list[Result]] | None:
        """The release that runs and its jobs, with as much of them as the decision needs; null if there is none."""
        if not facts.has_to_ask:
            return None
        # A JobManager listens, but nobody answers where it is to be from now on, as with another port.
        listens = any(host.listens and not host.ends for host in facts.hosts.values())
        has_to_answer = listens and facts.specs and facts.restart.is_any and facts.variables.when_lost != "accept"
        answer = self._ask({**rest, "details": False}, variables, has_to_answer=bool(has_to_answer))
        if answer is not None and needs_details(facts, answer["jobs"], contents):
            answer = self._ask({**rest, "details": True}, variables, has_to_answer=True)
        return None if answer is None else (answer["flink_version"], answer["jobs"])

    def _registered(
        self, facts: ClusterFacts, live: tuple[str, list[Result]] | None, rest: Result, variables: Result
    ) -> list[LiveTaskManager]:
        if live is None or not needs_taskmanagers(facts, live[1]):
            return []
        answer = self._ask(rest, variables, has_to_answer=True, module="cluster_memory_info")
        return answer["taskmanagers"] if answer else []

    def _ask(
        self, arguments: Result, variables: Result, *, has_to_answer: bool, module: str = "job_info"
    ) -> Result | None:
        name = f"streamops.flink.{module}"
        answer: Result = self._execute_module(name, arguments, task_vars=variables)
        for _try in range(_TRIES - 1):
            if not _NOT_YET.search(str(answer.get("msg"))):
                break
            time.sleep(_PAUSE)
            answer = self._execute_module(name, arguments, task_vars=variables)
        if not answer.get("failed") and not answer.get("unreachable"):
            return answer
        said = str(answer.get("msg"))
        if _NOBODY.search(said) and not has_to_answer:
            return None
        raise AnsibleActionFail(
            f"{said} So nobody knows which jobs run there, and what a restart would do to them. Put that right; or, if "
            "no job matters, stop the JobManager first.",
            result=answer,
        )

    def _password(self, variables: Result) -> t.Any:
        return self._templar.template(variables.get("flink_rest_password"))


def _contents(specs: t.Iterable[JobSpec], *, needs_all: bool) -> dict[str, str]:
    """What identifies the program of each job, by its name. Raises FlinkError for one that is needed and not there."""
    contents = {}
    for spec in specs:
        if spec.program:
            try:
                contents[spec.name] = _content(spec)
            except FlinkError:
                if needs_all:
                    raise
    return contents


def _content(spec: JobSpec) -> str:
    """What identifies the file of a job: its checksum, as it is given or else computed. Raises FlinkError."""
    if spec.is_url:
        return str(spec.checksum).lower()
    path = Path(spec.program)
    if spec.kind == "jar" and spec.is_wanted:
        check_jar(spec.program, spec.entry_class, spec.name)
    try:
        algorithm, _colon, meant = (spec.checksum or "sha256:").lower().partition(":")
        with path.open("rb") as file:
            computed = hashlib.file_digest(file, algorithm).hexdigest()
    except OSError as exc:
        if not spec.is_wanted:
            return str(spec.checksum or "")
        raise FlinkError(
            f"flink_jobs: {spec.name}.{spec.kind}: expected a file on the controller, or a URL, got {path}: "
            f"{exc.strerror}. Correct it."
        ) from exc
    if meant and meant != computed:
        raise FlinkError(
            f"flink_jobs: {spec.name}.checksum: expected that of {path}, {algorithm}:{computed}, got another. Get the "
            "right file, or correct the checksum."
        )
    return f"{algorithm}:{computed}"
