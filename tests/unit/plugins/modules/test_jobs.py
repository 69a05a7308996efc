# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import re
import threading
import typing as t
import zipfile
from pathlib import Path
from unittest import mock

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils import _application, _job_runner
from ansible_collections.streamops.flink.plugins.module_utils._client import ClientError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._rest import RestError
from ansible_collections.streamops.flink.plugins.module_utils._target.job_notes import JobNotes
from ansible_collections.streamops.flink.plugins.modules import jobs
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils.test_job_runner import Cluster, detail

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Version

Run = t.Callable[..., "dict[str, t.Any]"]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """One that has no job yet."""
    fake = Cluster()
    fake.jobs.clear()
    monkeypatch.setattr(jobs, "JobsApi", lambda _api, _release: fake)
    monkeypatch.setattr(jobs, "release_of", lambda _api: Release.parse("2.3.0"))
    monkeypatch.setattr(_job_runner, "_PAUSE", 0.001)
    return fake


def jar(directory: Path, entry_class: str = "com.example.Orders") -> str:
    path = directory / "orders.jar"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", f"Main-Class: {entry_class}\n")
        archive.writestr("com/example/Orders.class", "")
    return str(path)


def test_jobs_come_to_their_states_and_stay_there(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    entries = [{"name": name, "jar": jar(tmp_path)} for name in ("orders", "payments")]
    options = {"directory": str(tmp_path / "notes"), "jobs": entries}
    first = run(**options)
    assert [(job["name"], job["action"], job["changed"]) for job in first["jobs"]] == [
        ("orders", "start", True),
        ("payments", "start", True),
    ]
    again = run(**options)
    assert (again["changed"], [job["action"] for job in again["jobs"]]) == (False, ["keep", "keep"])
    assert [job["id"] for job in again["jobs"]] == [job["id"] for job in first["jobs"]]
    assert len(cluster.jobs) == 2


# The kinds of two jobs, and whether one is submitted while the other is.
KINDS = {("jar", "jar"): True, ("jar", "python"): False}


@pytest.mark.parametrize(("kinds", "overlap"), KINDS.items())
def test_nothing_else_is_submitted_beside_a_program_in_python(
    kinds: tuple[str, str], overlap: bool, cluster: Cluster, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, submit = threading.Barrier(2, timeout=60 if overlap else 1), cluster.run
    met = []

    def slow(jar_id: str, **request: t.Any) -> str:
        try:
            at_once.wait()
            met.append(True)
        except threading.BrokenBarrierError:
            pass
        return submit(jar_id, **request)

    monkeypatch.setattr(cluster, "run", slow)
    (tmp_path / "opt").mkdir()
    (tmp_path / "opt/flink-python-2.3.0.jar").write_text("")
    (tmp_path / "orders.py").write_text("")
    files = {"jar": jar(tmp_path), "python": str(tmp_path / "orders.py")}
    entries = [{"name": f"job-{number}", kind: files[kind]} for number, kind in enumerate(kinds)]
    result = run(directory=str(tmp_path / "notes"), jobs=entries, flink_home=str(tmp_path))
    assert not result.get("failed")
    assert bool(met) is overlap


def test_check_mode_asks_and_does_nothing(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    result = run(
        directory=str(tmp_path / "notes"), jobs=[{"name": "orders", "jar": jar(tmp_path)}], _ansible_check_mode=True
    )
    assert (result["changed"], result["jobs"][0]["msg"]) == (True, "orders: to be started from nothing.")
    assert (cluster.asked, (tmp_path / "notes").exists()) == ([], False)


def test_two_runs_do_not_work_on_the_same_jobs(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    options: dict[str, t.Any] = {
        "directory": str(tmp_path / "notes"),
        "jobs": [{"name": "orders", "jar": jar(tmp_path)}],
    }
    with JobNotes(options["directory"]).alone():
        result = run(**options)
    assert result["failed"]
    assert "got another run that works on them. Wait for its end, and run again." in result["msg"]
    assert cluster.asked == []
    assert not run(**options).get("failed")


def test_a_newer_note_of_another_host_counts(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    entries = [{"name": "orders", "jar": jar(tmp_path)}]
    run(directory=str(there), jobs=entries)
    note = JobNotes(str(there)).read("orders")
    assert note is not None
    assert not run(directory=str(here), jobs=entries, journals={"orders": note.text()})["changed"]
    assert JobNotes(str(here)).read("orders") == note


def test_state_of_an_earlier_run_is_found(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    state = tmp_path / f"states/savepoint-{jobs.name_part('flink', 'orders')[:6]}-1"
    state.mkdir(parents=True)
    (state / "_metadata").write_text("")
    result = run(
        directory=str(tmp_path / "notes"),
        jobs=[{"name": "orders", "jar": jar(tmp_path)}],
        state_dirs=[f"file://{tmp_path}/states"],
    )
    assert result["failed"]
    assert f"got state of an earlier run in file:{state}" in result["msg"]
    assert cluster.asked == []


@pytest.mark.parametrize("end", [b"\x1b[2J", b"a\nb", b"\xff"])
def test_a_name_that_flink_gives_no_state_is_none(cluster: Cluster, run: Run, tmp_path: Path, end: bytes) -> None:
    state = tmp_path / f"states/savepoint-{jobs.name_part('flink', 'orders')[:6]}-{os.fsdecode(end)}"
    state.mkdir(parents=True)
    (state / "_metadata").touch()
    result = run(
        directory=str(tmp_path / "notes"),
        jobs=[{"name": "orders", "jar": jar(tmp_path)}],
        state_dirs=[f"file://{tmp_path}/states"],
    )
    assert result["changed"]
    assert cluster.asked != []


# The entry, and the sentence that refuses it before anything is stopped.
REFUSALS: dict[str, tuple[dict[str, t.Any], str]] = {
    "no such file": (
        {"jar": "/nowhere/o.jar"},
        "orders.jar: expected a readable file, got /nowhere/o.jar: No such file",
    ),
    "no jar": ({"jar": "text"}, "which is none. Build it again."),
    "a class that is not there": ({"class": "com.example.Nobody"}, "got com.example.Nobody, which is not in it."),
    "a script without the release": (
        {"jar": None, "python": "/x.py"},
        "flink_home: expected the directory of the release, which has the driver of orders.",
    ),
    "a program at which the driver would end the JobManager": (
        {"jar": None, "python": "/x"},
        "orders.python: expected a path that ends in .py, got /x. Rename it.",
    ),
    "a release without the driver": (
        {"jar": None, "sql": "/x.sql"},
        "orders.sql: expected flink-sql-gateway-*.jar in /nowhere/opt",
    ),
}


@pytest.mark.parametrize("row", REFUSALS)
def test_a_program_that_cannot_run(row: str, cluster: Cluster, run: Run, tmp_path: Path) -> None:
    different, words = REFUSALS[row]
    (tmp_path / "text").write_text("no jar")
    entry = {"name": "orders", "jar": jar(tmp_path), **different}
    if entry["jar"] == "text":
        entry["jar"] = str(tmp_path / "text")
    entries = [{key: value for key, value in entry.items() if value}]
    home = {} if words.startswith("flink_home") else {"flink_home": "/nowhere"}
    result = run(directory=str(tmp_path / "notes"), jobs=entries, **home)
    assert result["failed"]
    assert words in result["msg"]
    assert cluster.asked == []


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"url": "http://me:hush@j1:8081"}, "url: expected no user name or password"),
        ({"timeout": 0}, "timeout: expected seconds from 1 to 86400, got 0."),
        ({"ca_path": "/nowhere"}, "ca_path: expected a readable file"),
    ],
)
def test_options_of_rest_are_those_of_the_other_modules(
    option: dict[str, t.Any], words: str, cluster: Cluster, run: Run, tmp_path: Path
) -> None:
    result = run(directory=str(tmp_path), jobs=[{"name": "orders", "jar": jar(tmp_path)}], **option)
    assert words in result["msg"]
    assert cluster.asked == []


def test_secrets_are_in_no_message(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    cluster.answers["bad"] = dict.fromkeys("0123456789abcdef", RestError("x", status=400, reason="hush! is wrong"))
    result = run(
        directory=str(tmp_path / "notes"),
        jobs=[{"name": "orders", "jar": jar(tmp_path), "args": ["--password", "hush!"]}],
    )
    assert "******** is wrong" in result["msg"]
    assert "hush!" not in str({name: value for name, value in result.items() if name != "invocation"})


def test_every_job_has_its_own_end(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    cluster.answers["bad"] = {}
    entries = [{"name": "orders", "jar": jar(tmp_path)}, {"name": "other", "jar": "/nowhere/o.jar"}]
    result = run(directory=str(tmp_path / "notes"), jobs=entries)
    assert [job["failed"] for job in result["jobs"]] == [False, True]
    assert result["changed"]


def test_a_note_that_cannot_be_read(cluster: Cluster, run: Run, tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text("no note")
    result = run(directory=str(tmp_path), jobs=[{"name": "orders", "jar": jar(tmp_path)}])
    assert f"{tmp_path}/orders.json: expected what this collection notes of a job" in result["msg"]


class Starts:
    """Stands for Flink's own client: the cluster has its jobs, unless it throws."""

    def __init__(self, cluster: Cluster, error: str = "", *, begins: bool = True) -> None:
        self.cluster, self.error, self.begins = cluster, error, begins
        self.options: dict[str, t.Any] = {}

    def __call__(self, options: dict[str, t.Any], _seconds: float, _lock: int) -> Starts:
        self.options = options
        return self

    def start(self, job_id: str, version: Version, savepoint: str | None, **_options: t.Any) -> None:
        self.cluster.asked.append(f"client {version.jar.rpartition('/')[2]} from {savepoint}")
        if self.begins:
            self.cluster.jobs[job_id] = detail(job_id, restored=savepoint)
        if self.error:
            raise ClientError(self.error)


CLIENT = {"conf_dir": "/etc/flink", "home": "/opt/flink", "java_home": "/java", "user": "flink"}


def test_a_cluster_that_takes_no_jars_gets_its_jobs_from_the_client(
    cluster: Cluster, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Starts(cluster)
    monkeypatch.setattr(jobs, "Client", client)
    options: dict[str, t.Any] = {"directory": str(tmp_path / "notes"), "client": CLIENT}
    entry: dict[str, t.Any] = {"name": "orders", "jar": jar(tmp_path)}
    assert run(**options, jobs=[entry])["changed"]
    # The client is for when it is needed.
    assert [what.partition(" ")[0] for what in cluster.asked] == ["upload", "run", "delete"]
    cluster.answers["submit"] = False
    cluster.asked.clear()
    again = run(**options, jobs=[{**entry, "redeploy": 1}])
    assert ([job["action"] for job in again["jobs"]], again["changed"]) == (["replace"], True)
    assert cluster.asked == ["stop None", "client orders.jar from file:/s/savepoint-2"]
    assert client.options["user"] == "flink"
    # Another parallelism is another version, as nobody tells what vertices it would have.
    rescaled = run(**options, jobs=[{**entry, "redeploy": 1, "parallelism": 3}])
    assert ([job["action"] for job in rescaled["jobs"]], rescaled["changed"]) == (["replace"], True)


@pytest.mark.parametrize("begins", [False, True], ids=["before it began", "after"])
def test_a_program_that_fails_in_the_client_leaves_nothing(
    begins: bool, cluster: Cluster, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.answers["submit"] = False
    monkeypatch.setattr(jobs, "Client", Starts(cluster, "no more", begins=begins))
    result = run(directory=str(tmp_path / "notes"), client=CLIENT, jobs=[{"name": "orders", "jar": jar(tmp_path)}])
    assert result["msg"] == "orders: expected it to run, got: no more."
    assert [job["state"] for job in cluster.jobs.values()] == ["CANCELED"] * begins


# Releases and kinds of jobs, and whether the client starts them.
BY_CLIENT = {("2.3.0", "jar"): True, ("1.11.4", "jar"): True, ("1.10.3", "jar"): False, ("2.3.0", "python"): False}


@pytest.mark.parametrize(("release", "kind"), BY_CLIENT)
def test_what_the_client_starts(
    release: str, kind: str, cluster: Cluster, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.answers["submit"] = False
    monkeypatch.setattr(jobs, "Client", Starts(cluster))
    monkeypatch.setattr(jobs, "release_of", lambda _api: Release.parse(release))
    (tmp_path / "opt").mkdir()
    (tmp_path / f"opt/flink-python-{release}.jar").write_text("")
    (tmp_path / "orders.py").write_text("")
    entry = {"name": "orders", kind: {"jar": jar(tmp_path), "python": str(tmp_path / "orders.py")}[kind]}
    result = run(directory=str(tmp_path / "notes"), client=CLIENT, jobs=[entry], flink_home=str(tmp_path))
    assert bool(cluster.jobs) is BY_CLIENT[release, kind]
    assert ("got web.submit.enable: false. Set it to true." in result.get("msg", "")) is not BY_CLIENT[release, kind]


def test_no_argument_is_in_the_log_of_the_host(
    cluster: Cluster, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[object] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda _self, *words, **more: logged.append((words, more)))
    entry = {"name": "orders", "jar": jar(tmp_path), "args": ["--password", "hush!"]}
    client = {**CLIENT, "options": {"security.ssl.rest.key-password": "quiet!"}}
    run(directory=str(tmp_path / "notes"), jobs=[entry], client=client)
    (invocation,) = map(str, logged)
    assert "jobs=['orders']" in invocation
    assert "hush!" not in invocation
    assert "quiet!" not in invocation


class Place(t.NamedTuple):
    """A host whose JobManager runs one job."""

    cluster: Cluster
    run: Run
    directory: Path
    jar: str

    def bring(self, *args: str, prepare: bool = False, release: str = "2.3.0") -> dict[str, t.Any]:
        """Of the job with these arguments, which begins later where ``prepare``."""
        application = {
            "directory": str(self.directory / "application"),
            "log_dir": str(self.directory),
            "launcher": "/bin/true",
            "release": release,
            "prepare": prepare,
        }
        entry = {"name": "orders", "jar": self.jar, "args": list(args)}
        return self.run(directory=str(self.directory / "notes"), jobs=[entry], application=application)

    def restart(self, **values: t.Any) -> str:
        """The arguments that the JobManager begins with, whose job is as these values say."""
        words = re.split(r'[\s"]+', (self.directory / "application/job.env").read_text())[:-1]
        job_id = words[words.index("--job-id") + 1]
        self.cluster.jobs = {job_id: {**detail(job_id), **values}}
        self.cluster.triggered = False
        return " ".join(words[words.index("--") + 1 :])


@pytest.fixture
def place(cluster: Cluster, run: Run, tmp_path: Path) -> Place:
    return Place(cluster, run, tmp_path, jar(tmp_path))


def _became(result: dict[str, t.Any]) -> tuple[str, bool, bool]:
    (job,) = result["jobs"]
    return job["action"], result["changed"], result["waits"]


def test_a_job_of_an_application_waits_for_the_restart_of_its_jobmanager(place: Place) -> None:
    assert _became(place.bring("1", prepare=True)) == ("start", True, True)
    assert place.restart() == "1"
    assert _became(place.bring("1")) == ("prove", True, False)
    assert _became(place.bring("1")) == ("keep", False, False)
    # One that is another one only now is stopped first.
    assert _became(place.bring("2")) == ("replace", True, True)
    assert place.restart() == "2"
    assert _became(place.bring("2")) == ("prove", True, False)
    assert place.cluster.asked == ["stop None"]


@pytest.mark.parametrize("comes_up", [True, False], ids=["its job fails", "its JobManager does not come up"])
def test_an_application_goes_back_with_another_restart(place: Place, comes_up: bool) -> None:
    place.bring("1", prepare=True)
    place.restart()
    place.bring("1")
    place.bring("2")
    if comes_up:
        place.restart(state="FAILED", checkpointing={"completed": 0}, failure="no more")
    with mock.patch.object(_application.Application, "_trouble", return_value="no more"):
        failed = place.bring("2")
    assert (failed["failed"], failed["waits"]) == (True, True)
    assert "no more. It was taken back: the former version runs again" in failed["msg"]
    assert place.restart() == "1"
    for _time in range(2):
        refused = place.bring("2")
        assert (refused["failed"], refused["waits"]) == (True, False)
        assert "got the one that was taken back: " in refused["msg"]
    assert _became(place.bring("1")) == ("keep", False, False)


def test_a_version_is_not_taken_back_for_the_one_before_that_never_came_up(place: Place) -> None:
    place.bring("1", prepare=True)
    place.restart()
    place.bring("1")
    place.bring("2")
    with mock.patch.object(_application.Application, "_trouble", return_value="no more"):
        assert _became(place.bring("3")) == ("resume", True, True)
    assert place.restart() == "3"
    assert _became(place.bring("3")) == ("prove", True, False)


def gone(*_arguments: t.Any, **_options: t.Any) -> t.Any:
    raise RestError("http://j1:8081/jobs: [Errno 111] Connection refused.")


@pytest.mark.parametrize("has_failed", [False, True])
def test_a_jobmanager_that_ends_with_its_job(place: Place, has_failed: bool) -> None:
    place.bring("1", prepare=True, release="1.14.6")
    trouble = "its JobManager has ended" + (" with code 163" if has_failed else "")
    (place.directory / f"application/ended.{163 if has_failed else 0}").touch()
    place.cluster.overview = gone  # type: ignore[method-assign]
    with mock.patch.object(_application.Application, "_trouble", return_value=trouble):
        result = place.bring("1", release="1.14.6")
    assert result.get("failed", False) is has_failed
    note = JobNotes(str(place.directory / "notes")).read("orders")
    assert (note and note.phase) == (None if has_failed else "running")


def test_a_stop_ends_with_its_jobmanager(place: Place) -> None:
    place.bring("1", prepare=True, release="1.14.6")
    place.restart()
    place.bring("1", release="1.14.6")
    place.cluster.state = gone  # type: ignore[method-assign]
    (place.directory / "application/ended.0").touch()
    with mock.patch.object(_application.Application, "_trouble", return_value="its JobManager has ended"):
        assert _became(place.bring("2", release="1.14.6")) == ("replace", True, True)
    assert place.restart() == "2"


def test_the_documentation_names_every_option() -> None:
    documented = yaml.safe_load(jobs.DOCUMENTATION)["options"]
    assert set(documented["jobs"]["suboptions"]) == set(jobs.JOB_OPTIONS)
    assert set(documented) == set(jobs.ARGUMENT_SPEC) - set(jobs.REST_ARGUMENTS)


def test_the_role_declares_jobs_as_the_module_takes_them() -> None:
    specification = yaml.safe_load((Path(jobs.__file__).parents[2] / "roles/flink/meta/argument_specs.yml").read_text())
    declared = specification["argument_specs"]["main"]["options"]["flink_jobs"]["options"]
    assert set(declared) == set(jobs.JOB_OPTIONS)
    for name, option in jobs.JOB_OPTIONS.items():
        assert declared[name].get("choices") == option.get("choices")
        assert declared[name]["type"].replace("path", "str") == option["type"].replace("path", "str")


class Starting:
    """A JobManager that answers after a while, and has its slots after another."""

    def __init__(self, *answers: dict[str, t.Any] | RestError) -> None:
        self.answers = list(answers)

    def get(self, _path: str) -> dict[str, t.Any]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, RestError):
            raise answer
        return answer


def slots(count: int) -> dict[str, t.Any]:
    return {"slots-total": count, "slots-available": count}


REFUSED = RestError("Connection refused.")
# What is answered one after the other, the patience, and what the run says.
STARTS: dict[str, tuple[list[dict[str, t.Any] | RestError], int, str]] = {
    "it comes up, and then its TaskManagers": ([REFUSED, slots(0), slots(2), slots(4)], 60, ""),
    "it never answers": ([REFUSED], 1, "Connection refused."),
    "TaskManagers are missing": ([slots(2)], 1, "slots: expected 4 within 1 seconds, got 2. See the logs"),
    "it turns the run away": ([RestError("No.", may_pass=False)], 60, "No."),
}


@pytest.mark.parametrize("row", STARTS)
def test_a_cluster_that_is_being_started(
    row: str, cluster: Cluster, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, patience, words = STARTS[row]
    starting = Starting(*answers)
    monkeypatch.setattr(jobs, "RestApi", lambda *_given: starting)
    monkeypatch.setattr(jobs, "_PAUSE", 0.01)
    options = {"directory": str(tmp_path / "notes"), "jobs": [{"name": "orders", "jar": jar(tmp_path)}]}
    result = run(**options, patience=patience, slots=4)
    assert words in result.get("msg", "")
    assert bool(result.get("failed")) is bool(words)
    assert bool(cluster.jobs) is not bool(words)
