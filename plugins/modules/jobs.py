#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jobs
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Bring the jobs of a cluster to their states
description:
  - Starts, upgrades, suspends and removes jobs through the REST API of a JobManager. Jobs that are as wanted are left
    alone.
  - A changed job is stopped with its state, and its new version goes on from there. If that one does not run, the
    former version comes back from the same state, and the task fails with the reason.
  - Each step is noted in O(directory) before it is taken, so that another run goes on where one was killed.
  - All jobs are worked on at the same time, and by one task alone that has this O(directory).
attributes:
  check_mode:
    support: full
options:
  jobs:
    description: The jobs. Those of the cluster that are not among them are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, which identifies the job in this cluster. It need not be the one that the program gives.
        type: str
        required: true
      jar:
        description: A jar on this host.
        type: path
      sql:
        description: A SQL script on this host, which the JobManager reads. Needs Flink 2.0 or newer.
        type: path
      python:
        description: A Python program on this host, which the JobManager reads. Its name ends in C(.py).
        type: path
      checksum:
        description: What identifies the content of the file. By default, its SHA-256 checksum is computed.
        type: str
      class:
        description: The entry class, unless the manifest of the jar names it.
        type: str
      args:
        description: Arguments of the program, one for each word. A SQL script takes none.
        type: list
        elements: str
        default: []
      parallelism:
        description: The default parallelism of the job. Without it, that of the cluster.
        type: int
      config:
        description: Flink options of this job. Needs Flink 1.17 or newer.
        type: dict
        default: {}
      state:
        description:
          - V(running) runs it. A bounded job that has finished is not started again.
          - V(suspended) stops it, keeping its state for the next start.
          - V(absent) stops it, and forgets it. Its savepoint stays.
        type: str
        choices: [running, suspended, absent]
        default: running
      upgrade:
        description:
          - V(savepoint) stops it with a savepoint.
          - V(last-state) cancels it and goes on from its newest retained checkpoint.
          - V(stateless) cancels it and starts from nothing, also where the cluster no longer knows it.
        type: str
        choices: [savepoint, last-state, stateless]
        default: savepoint
      savepoint_dir:
        description: Where its savepoints go, instead of O(savepoint_dir).
        type: str
      savepoint_format:
        description: The format of its savepoints. Flink before 1.15 has only canonical ones.
        type: str
        choices: [canonical, native]
        default: canonical
      allow_non_restored_state:
        description: Whether state that no operator of the program takes may be left out.
        type: bool
        default: false
      from:
        description:
          - The savepoint or retained checkpoint that the first start goes on from.
          - For a job that has run before, it counts once, when O(jobs[].redeploy) changes.
        type: str
      drain:
        description: Whether a job that goes for good sends its last watermark first. Only with V(absent).
        type: bool
        default: false
      redeploy:
        description: Another number deploys the job again.
        type: int
        default: 0
  cluster:
    description: What tells this cluster from others, such as its service name. It is part of the IDs of the jobs.
    type: str
    default: flink
  directory:
    description: Directory on this host where what is known of each job is noted. It is created, its parents are not.
    type: path
    required: true
  journals:
    description: Notes of other hosts about these jobs, by name. The newest one counts.
    type: dict
    default: {}
  savepoint_dir:
    description: Where savepoints go. By default, where the cluster puts them.
    type: str
  state_dirs:
    description:
      - Directories of savepoints and checkpoints in which states of a job are looked for that nobody has noted. Only
        those of this host's file system can be.
    type: list
    elements: str
    default: []
  flink_home:
    description: Directory of the release on this host, which has the drivers of SQL scripts and Python programs.
    type: path
  application:
    description:
      - How the JobManager of this host runs the one job of O(jobs) itself, in application mode. It takes none over
        REST, but is written what to start with. Where RV(waits) says so, restart it and its TaskManagers, and run this
        again, which sees whether the job runs.
      - A JobManager that does not answer is taken for one that does not run.
    type: dict
    suboptions:
      directory:
        description: Where is written what it starts with. It is created, its parents are not.
        type: path
        required: true
      group:
        description: The group that may read it.
        type: str
      unit:
        description: The unit of systemd that runs it.
        type: str
      launcher:
        description: The launcher that runs it, without O(application.unit).
        type: path
      log_dir:
        description: Where it writes its log, which says why it has ended.
        type: path
        required: true
      release:
        description: The release of Flink that it starts with.
        type: str
        required: true
      prepare:
        description: Whether it has yet to be started, so that nobody waits for its job.
        type: bool
        default: false
  client:
    description:
      - How Flink's own client of this host starts jobs where REST takes no jars, as with C(web.submit.enable) false.
        It runs the program of a job as a process of its own, one after the other.
      - Needs Flink 1.11, Java 9, and jars. Without it, such a job is refused.
    type: dict
    suboptions:
      conf_dir:
        description: Directory of Flink's configuration, by which it finds the cluster.
        type: path
        required: true
      home:
        description: Directory of the release.
        type: path
        required: true
      java_home:
        description: Directory of its Java.
        type: path
        required: true
      java_options:
        description: Options of its JVM.
        type: list
        elements: str
        default: []
      options:
        description: Flink options that outrank those of the configuration.
        type: dict
        default: {}
      user:
        description: As whom it runs, if this module works as root. By default as whoever runs this module.
        type: str
  timeout:
    description: How long each change of a job may take, in seconds, from V(1) to V(86400).
    type: int
    default: 600
  rollback:
    description: Whether the former version comes back if the new one does not run.
    type: bool
    default: true
  patience:
    description: How long to wait until a JobManager that is being started answers, in seconds.
    type: int
    default: 0
  slots:
    description: How many slots it must have by then, which are those of TaskManagers that are being started.
    type: int
    default: 0
  hold:
    description:
      - V(begin) has the jobs that are suspended stay so, also if a later task wants them V(running), until one says
        V(end), as for a maintenance window.
      - By default, jobs that are held back stay so.
    type: str
    choices: [begin, end]
extends_documentation_fragment:
  - streamops.flink._action
  - streamops.flink._attributes
  - streamops.flink._rest
seealso:
  - module: streamops.flink.job_info
  - module: streamops.flink.savepoint
"""

EXAMPLES = r"""
- name: Have the job orders run
  streamops.flink.jobs:
    url: http://flink-1:8081
    directory: /var/lib/flink-jobs
    savepoint_dir: s3://state/savepoints
    jobs:
      - name: orders
        jar: /opt/jobs/orders-1.4.jar
        class: com.example.Orders
        args: [--topic, orders]
        parallelism: 4

- name: Suspend it
  streamops.flink.jobs:
    url: http://flink-1:8081
    directory: /var/lib/flink-jobs
    savepoint_dir: s3://state/savepoints
    jobs:
      - name: orders
        jar: /opt/jobs/orders-1.4.jar
        state: suspended
"""

RETURN = r"""
waits:
  description: Whether the job runs only once its JobManager has restarted, with O(application).
  returned: when the jobs were worked on
  type: bool
  sample: false
jobs:
  description: What became of each job, in the order of the option.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
      sample: orders
    id:
      description: The ID of the newest run, or V(null) if there is none.
      type: str
      sample: d1b0a9c0ffee5e0b7f3a11cc2d4e6f80
    action:
      description: What was done, or in check mode would be.
      type: str
      sample: resume
    changed:
      description: Whether that changes anything.
      type: bool
      sample: true
    msg:
      description: The same in a sentence.
      type: str
      sample: "orders: it was stopped; to go on from file:/state/savepoint-d1b0a9-4d6f80c1a2b3."
    failed:
      description: Whether the job is not as wanted.
      type: bool
      sample: false
    waits:
      description: Whether it runs only once its JobManager has restarted.
      type: bool
      sample: false
    savepoint:
      description: The state that its newest run began from, or that it has left, or V(null).
      type: str
      sample: file:/state/savepoint-d1b0a9-4d6f80c1a2b3
"""

import concurrent.futures
import contextlib
import hashlib
import threading
import time
import typing as t
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._application import APPLICATION_OPTIONS, Application
from ansible_collections.streamops.flink.plugins.module_utils._client import CLIENT_OPTIONS, Client
from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.rest_answers import read_slots
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import is_of, name_part
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import (
    Journal,
    Version,
    newest,
    read_journal,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.program import check_jar
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.spec import (
    JobSpec,
    driver_objection,
    job_specs,
    masked,
    program_of,
    release_objections,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.client_arguments import TAKES_JOB_ID
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._job_runner import (
    JobError,
    JobRunner,
    Launcher,
    NotRunningError,
    Wanted,
)
from ansible_collections.streamops.flink.plugins.module_utils._jobs import JobsApi, release_of
from ansible_collections.streamops.flink.plugins.module_utils._rest import (
    REQUIRED_BY,
    REST_ARGUMENTS,
    RestApi,
    RestError,
    fault_in_options,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.job_notes import JobNotes, states_on_disk
from ansible_collections.streamops.flink.plugins.module_utils._target.programs import runner as command_runner
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import HostError

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.answers import ListedJob

JOB_OPTIONS: dict[str, dict[str, t.Any]] = {
    "name": {"type": "str", "required": True},
    "jar": {"type": "path"},
    "sql": {"type": "path"},
    "python": {"type": "path"},
    "checksum": {"type": "str"},
    "class": {"type": "str"},
    "args": {"type": "list", "elements": "str", "default": []},
    "parallelism": {"type": "int"},
    "config": {"type": "dict", "default": {}},
    "state": {"type": "str", "choices": ["running", "suspended", "absent"], "default": "running"},
    "upgrade": {"type": "str", "choices": ["savepoint", "last-state", "stateless"], "default": "savepoint"},
    "savepoint_dir": {"type": "str"},
    "savepoint_format": {"type": "str", "choices": ["canonical", "native"], "default": "canonical"},
    "allow_non_restored_state": {"type": "bool", "default": False},
    "from": {"type": "str"},
    "drain": {"type": "bool", "default": False},
    "redeploy": {"type": "int", "default": 0},
}
ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    **REST_ARGUMENTS,
    "jobs": {"type": "list", "elements": "dict", "required": True, "options": JOB_OPTIONS},
    "cluster": {"type": "str", "default": "flink"},
    "directory": {"type": "path", "required": True},
    "journals": {"type": "dict", "default": {}},
    "savepoint_dir": {"type": "str"},
    "state_dirs": {"type": "list", "elements": "str", "default": []},
    "flink_home": {"type": "path"},
    "application": {"type": "dict", "options": APPLICATION_OPTIONS},
    "client": {"type": "dict", "options": CLIENT_OPTIONS},
    "timeout": {"type": "int", "default": 600},
    "rollback": {"type": "bool", "default": True},
    "patience": {"type": "int", "default": 0},
    "slots": {"type": "int", "default": 0},
    "hold": {"type": "str", "choices": ["begin", "end"]},
}
_AT_ONCE = 8
_LONGEST_TIMEOUT = 86_400
_BLOCK = 2**20
# Of a JobManager that is being started, and between two questions, in seconds.
_LONGEST_ANSWER = 10
_PAUSE = 0.2
# From the first answer of a JobManager until it has run the main of its job, in seconds.
_LONGEST_BEGINNING = 120.0

Params = t.Mapping[str, t.Any]
Result = t.Dict[str, t.Any]


class _Module(AnsibleModule):
    """Logs the names of the jobs on the host, but neither arguments nor options, which may be secret."""

    def _log_invocation(self) -> None:
        self.log(f"Invoked with jobs={[entry.get('name') for entry in self.params['jobs'] or ()]}")


def _wanted(params: Params, spec: JobSpec, release: Release) -> Wanted:
    objections = list(release_objections(spec, release.given, is_application=params["application"] is not None))
    if objections:
        raise FlinkError("\n".join(objections))
    if spec.kind == "jar" and spec.is_wanted:
        check_jar(spec.program, spec.entry_class, spec.name)
    home = params["flink_home"]
    if spec.kind != "jar" and home is None:
        raise FlinkError(f"flink_home: expected the directory of the release, which has the driver of {spec.name}.")
    if spec.kind == "python" and not spec.program.endswith(".py"):
        raise FlinkError(f"jobs: {spec.name}.python: expected a path that ends in .py, got {spec.program}. Rename it.")
    optional = sorted(path.name for path in Path(home, "opt").glob("*.jar")) if home else []
    lacking = driver_objection(spec, home or "", optional)
    if lacking:
        raise FlinkError(lacking)
    program = program_of(spec, spec.program, home or "", release.given, optional)
    content = spec.checksum or (_checksum(Path(spec.program)) if spec.is_wanted else "")
    version = Version(
        digest=spec.digest(content, release.given),
        jar=program.jar,
        entry_class=program.entry_class,
        args=program.args,
        parallelism=spec.parallelism,
        config={key: _text(value) for key, value in flatten(spec.config).items()},
        release=release.line,
        redeploy=spec.redeploy,
    )
    return Wanted(
        spec,
        version,
        params["cluster"],
        params["savepoint_dir"],
        params["timeout"],
        params["rollback"],
        params["hold"],
        content if params["application"] is None and params["client"] is None else None,
    )


def _text(value: t.Any) -> str:
    """As a configuration file has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            for block in iter(lambda: file.read(_BLOCK), b""):
                digest.update(block)
    except OSError as exc:
        raise FlinkError(f"{path}: expected a readable file, got {exc.strerror}.") from exc
    return f"sha256:{digest.hexdigest()}"


def _bring(
    module: AnsibleModule,
    spec: JobSpec,
    release: Release,
    jobs: t.Sequence[t.Mapping[str, t.Any]] | None,
    noted: Journal | None,
    turn: t.ContextManager[t.Any] | None,
    client: Client | None,
) -> Result:
    """The outcome of one job; a failure is one as well, so that every other job has its own.

    ``jobs`` are those of the cluster, null if no JobManager runs; ``turn`` is that of ``Launcher``.
    """
    params = module.params
    result: Result = {"name": spec.name, "failed": False, "changed": False}
    runner, has_finished = None, False
    try:
        application = params["application"]
        wanted = _wanted(params, spec, Release.parse(application["release"]) if application else release)
        # Stopping, submitting and proving may each take its time, and so may a client, twice.
        api = JobsApi(RestApi(params, (6 if client else 4) * params["timeout"] + 60), release)
        notes = JobNotes(params["directory"])
        launcher = (
            Application(api, application, command_runner(module))
            if application
            else Launcher(api, turn, client if spec.kind == "jar" else None)
        )
        runner = JobRunner(api, notes, release, wanted, noted, launcher)
        if isinstance(launcher, Application) and not (application["prepare"] or noted is None or module.check_mode):
            try:
                has_finished = _has_finished(launcher, wanted, noted, jobs is not None)
                jobs = _overview(api)
            except NotRunningError as exc:
                runner.take_back(exc)
        ours = [
            api.detail(job["id"])
            for job in jobs or ()
            if is_of(job["id"], params["cluster"], spec.name) or (noted is not None and job["id"] == noted.job_id)
        ]
        directories = [*params["state_dirs"], *filter(None, [params["savepoint_dir"], spec.savepoint_dir])]
        found = states_on_disk(directories, name_part(params["cluster"], spec.name))
        if has_finished:
            step, changed = runner.finish(), True
        elif module.check_mode:
            step = runner.decide(ours, found)
            changed = step.changes
        else:
            step, changed = (runner.prepare if application and application["prepare"] else runner.bring)(ours, found)
        result.update(action=step.action, msg=step.sentence, changed=changed, failed=step.action == "refuse")
    except JobError as exc:
        result.update(action="failed", msg=str(exc), failed=True, changed=exc.changed)
    except (FlinkError, HostError, RestError) as exc:
        result.update(action="failed", msg=f"{spec.name}: {exc}", failed=True)
    journal = runner.journal if runner else noted
    saved = journal.savepoint if journal else None
    return {
        **result,
        "msg": masked(result["msg"], spec.args, spec.config),
        "id": journal.job_id if journal else None,
        "waits": runner.waits if runner else False,
        "savepoint": saved.path if saved else None,
    }


def _has_finished(launcher: Application, wanted: Wanted, noted: Journal, answers: bool) -> bool:
    """Wait for the job of a JobManager that may have just started: its own is known some seconds after it ``answers``.

    True if it has ended with its job. Raises NotRunningError if it does not come up with what it was to begin with.
    """
    if noted.job_id is None or noted.phase not in ("running", "starting"):
        return False
    # What hinders a version that nobody wants any more is no fault of the one that is wanted now.
    tried = {noted.version.digest, noted.rejected.digest if noted.rejected else None}
    if wanted.spec.is_wanted and noted.phase == "starting" and wanted.version.digest in tried:
        return not launcher.await_job(noted.job_id, wanted.timeout)
    if answers:
        # What is seen of it afterwards tells what hinders it.
        with contextlib.suppress(NotRunningError):
            launcher.await_job(noted.job_id, _LONGEST_BEGINNING)
    return False


def _overview(api: JobsApi) -> list[ListedJob]:
    """None where nobody answers."""
    with contextlib.suppress(RestError):
        return api.overview()
    return []


def _live(module: AnsibleModule) -> tuple[Release, list[ListedJob] | None]:
    """The release that runs and its jobs; in application mode none if no JobManager answers."""
    api, application = RestApi(module.params, 60), module.params["application"]
    try:
        release = release_of(api)
        return release, JobsApi(api, release).overview()
    except RestError as exc:
        if application is None or not exc.may_pass:
            raise
        return Release.parse(application["release"]), None


def _awaited(module: AnsibleModule) -> tuple[Release, list[ListedJob] | None]:
    """The same, once all slots are there."""
    params = module.params
    deadline = time.monotonic() + params["patience"]
    while True:
        is_late = time.monotonic() >= deadline
        try:
            slots = read_slots(RestApi(params, _LONGEST_ANSWER).get("/overview"))["total"] if params["slots"] else 0
            if slots >= params["slots"]:
                return _live(module)
            if is_late:
                raise FlinkError(
                    f"slots: expected {params['slots']} within {params['patience']} seconds, got {slots}. See the logs "
                    "of the TaskManagers."
                )
        except RestError as exc:
            if is_late or not exc.may_pass:
                raise
        time.sleep(_PAUSE)


def _noted(module: AnsibleModule, names: t.Iterable[str]) -> dict[str, Journal | None]:
    """The newest note of each job, which this host has from now on."""
    notes = JobNotes(module.params["directory"])
    result = {}
    for name in names:
        own = notes.read(name)
        other = module.params["journals"].get(name)
        given = read_journal(other, f"journals.{name}") if other else None
        best = newest(filter(None, [own, given]))
        if best is not None and best is not own and not module.check_mode:
            notes.write(best)
        result[name] = best
    return result


def _run(module: AnsibleModule, specs: t.Sequence[JobSpec], lock: int | None) -> None:
    """``lock`` keeps other runs out; null in check mode."""
    release, jobs = _awaited(module) if module.params["patience"] else _live(module)
    noted = _noted(module, [spec.name for spec in specs])
    turn = threading.Lock() if any(spec.kind == "python" for spec in specs) else None
    options = module.params["client"]
    has_client = options is not None and release.version >= TAKES_JOB_ID
    client = Client(options, module.params["timeout"], lock) if has_client and lock is not None else None
    with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as pool:
        outcomes = list(
            pool.map(lambda spec: _bring(module, spec, release, jobs, noted[spec.name], turn, client), specs)
        )
    changed = any(outcome["changed"] for outcome in outcomes)
    waits = any(outcome["waits"] for outcome in outcomes)
    failures = [outcome["msg"] for outcome in outcomes if outcome["failed"]]
    if failures:
        module.fail_json(msg="\n".join(failures), changed=changed, jobs=outcomes, waits=waits)
    module.exit_json(changed=changed, jobs=outcomes, waits=waits)


def main() -> None:
    module = _Module(
        argument_spec=ARGUMENT_SPEC,
        required_by=REQUIRED_BY,
        supports_check_mode=True,
    )
    fault = fault_in_options(module.params, _LONGEST_TIMEOUT)
    if fault:
        module.fail_json(msg=fault, jobs=[])
    notes = JobNotes(module.params["directory"])
    try:
        specs = job_specs(module.params["jobs"])
        with contextlib.nullcontext() if module.check_mode else notes.alone() as lock:
            _run(module, specs, lock)
    except (FlinkError, HostError, RestError) as exc:
        module.fail_json(msg=str(exc), jobs=[])


if __name__ == "__main__":
    main()
