# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
import zipfile
from pathlib import Path

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.module_utils import _job_runner
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._rest import RestError
from ansible_collections.streamops.flink.plugins.module_utils._target.job_notes import JobNotes
from ansible_collections.streamops.flink.plugins.modules import jobs
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils.test_job_runner import Cluster

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
}


@pytest.mark.parametrize("row", REFUSALS)
def test_a_program_that_cannot_run(row: str, cluster: Cluster, run: Run, tmp_path: Path) -> None:
    different, words = REFUSALS[row]
    (tmp_path / "text").write_text("no jar")
    entry = {"name": "orders", "jar": jar(tmp_path), **different}
    if entry["jar"] == "text":
        entry["jar"] = str(tmp_path / "text")
    result = run(directory=str(tmp_path / "notes"), jobs=[{key: value for key, value in entry.items() if value}])
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
