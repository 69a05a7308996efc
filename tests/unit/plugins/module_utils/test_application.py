# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import os
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils import _application
from ansible_collections.streamops.flink.plugins.module_utils._application import Application
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Version
from ansible_collections.streamops.flink.plugins.module_utils._job_runner import NotRunningError
from ansible_collections.streamops.flink.plugins.module_utils._rest import RestError

if t.TYPE_CHECKING:
    from pathlib import Path

ID = "1" * 32
VERSION = Version("d" * 64, "/j/0a-orders.jar", "a.B", ("--topic", "or$ders"), 2, {}, "2.3")
UNIT = "flink-jobmanager.service"


class Cluster:
    """One that knows these jobs, one answer after the other; null while nobody answers.

    A question mark behind a job says that it initializes.
    """

    def __init__(self, *answers: list[str] | None) -> None:
        self.answers = list(answers)

    def overview(self) -> list[dict[str, t.Any]]:
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if found is None:
            raise RestError("Nobody answers.")
        return [{"id": job[:32], "state": "INITIALIZING" if job.endswith("?") else "RUNNING"} for job in found]


class Host:
    """Runs nothing, and remembers what it was to run; ``status`` among what it says is the code of a launcher."""

    def __init__(self, said: dict[str, str] | None = None) -> None:
        self.properties = {"ActiveState": "active", "NRestarts": "0", "ExecMainStatus": "0", **(said or {})}
        self.ran: list[str] = []

    def __call__(self, words: list[str]) -> tuple[int, str, str]:
        if words[:2] == ["systemctl", "show"]:
            return 0, "\n".join([f"Id={UNIT}", *(f"{name}={value}" for name, value in self.properties.items())]), ""
        self.ran.append(" ".join(words))
        return int(self.properties.get(words[1], 0)), "", ""


def application(place: Path, cluster: Cluster, host: Host, **different: t.Any) -> Application:
    options = {
        "directory": str(place / "application"),
        "group": None,
        "launcher": "/run/jobmanager",
        "log_dir": str(place / "log"),
        "release": "2.3.0",
        "unit": UNIT,
        **different,
    }
    return Application(t.cast("t.Any", cluster), options, host)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_application, "_PAUSE", 0.001)


def start(given: Application, savepoint: str | None = None) -> None:
    given.launch(ID, VERSION, savepoint, allow_non_restored_state=False)


def test_it_is_written_what_to_start_with_and_others_restart_it(tmp_path: Path) -> None:
    host = Host()
    start(application(tmp_path, Cluster(None), host), "s3://b/s")
    file = tmp_path / "application/job.env"
    assert file.read_text() == (
        f'FLINK_JOB_ARGS="-D cluster.id={ID} -D parallelism.default=2 --jars local:///j/0a-orders.jar -j a.B '
        f'--job-id {ID} -s s3://b/s -- --topic \\"or\\\\\\$ders\\""\n'
    )
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]
    assert host.ran == []


def test_a_job_is_awaited_until_it_has_initialized(tmp_path: Path) -> None:
    cluster = Cluster(None, [], [f"{ID}?"], ["2" * 32, ID])
    application(tmp_path, cluster, Host()).await_job(ID, 5)
    assert cluster.answers == [["2" * 32, ID]]


def test_nothing_starts_a_job_that_was_stopped(tmp_path: Path) -> None:
    given = application(tmp_path, Cluster([ID]), Host())
    start(given)
    given.hold()
    given.hold()
    assert not (tmp_path / "application/job.env").exists()


def test_before_1_19_its_jar_is_the_only_one_where_it_looks(tmp_path: Path) -> None:
    given = application(tmp_path, Cluster([ID]), Host(), release="1.18.1")
    for jar in ("/j/0a-orders.jar", "/j/0b-orders.jar", "/j/0b-orders.jar"):
        given.launch(ID, dataclasses.replace(VERSION, jar=jar), None, allow_non_restored_state=False)
    (link,) = (tmp_path / "application/usrlib").iterdir()
    assert (link.name, os.readlink(link)) == ("0b-orders.jar", "/j/0b-orders.jar")
    # Another job has the same program in another place.
    given.launch(ID, dataclasses.replace(VERSION, jar="/k/0b-orders.jar"), None, allow_non_restored_state=False)
    assert os.readlink(link) == "/k/0b-orders.jar"


# The unit of systemd, what that or a launcher says, and what is said of the job.
TROUBLES: dict[str, tuple[str | None, dict[str, str], str]] = {
    "it has failed": (UNIT, {"ActiveState": "failed", "ExecMainStatus": "1"}, "its JobManager has ended with code 1"),
    "it has ended": (UNIT, {"ActiveState": "inactive"}, "its JobManager has ended"),
    "it fails again and again": (
        UNIT,
        {"NRestarts": "2", "ExecMainStatus": "2"},
        "its JobManager has ended with code 2",
    ),
    "its launcher knows that it has ended": (None, {"status": "3"}, "its JobManager has ended"),
}


@pytest.mark.parametrize(("unit", "said", "words"), TROUBLES.values(), ids=TROUBLES)
def test_a_jobmanager_that_does_not_come_up(tmp_path: Path, unit: str | None, said: dict[str, str], words: str) -> None:
    with pytest.raises(NotRunningError) as refusal:
        application(tmp_path, Cluster(None), Host(said), unit=unit).await_job(ID, 5)
    assert str(refusal.value) == words


def test_its_log_says_why(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log/jobmanager.log").write_text(
        "2026-01-01 00:00:00,000 ERROR org.apache.flink.X [] - Fatal error.\n"
        "java.lang.RuntimeException: It failed\n\tat a.b.C(D.java:1)\n"
        "Caused by: java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory '/s'\n"
    )
    given = application(tmp_path, Cluster(None), Host({"NRestarts": "2", "ExecMainStatus": "2"}))
    with pytest.raises(NotRunningError, match=r"code 2: Cannot find checkpoint or savepoint file/directory '/s'$"):
        given.await_job(ID, 5)


def test_a_start_takes_its_time(tmp_path: Path) -> None:
    given = application(tmp_path, Cluster([]), Host({"NRestarts": "1"}))
    with pytest.raises(NotRunningError, match=r"its JobManager does not know it after 0\.05 seconds"):
        given.await_job(ID, 0.05)


def test_what_is_noted_of_an_end_goes_with_the_next_start(tmp_path: Path) -> None:
    given = application(tmp_path, Cluster(None), Host(), release="1.14.6")
    for act in (lambda: start(given), given.hold):
        (tmp_path / "application").mkdir(exist_ok=True)
        (tmp_path / "application/ended.0").touch()
        act()
        assert not list((tmp_path / "application").glob("ended.*"))


# The release, what systemd says, and whether the JobManager has ended with a job that has done its work; null for one
# that has failed.
ENDS: dict[str, tuple[str, dict[str, str], bool | None]] = {
    "it has ended with its job": ("1.14.6", {"ActiveState": "inactive"}, True),
    "its job has failed": ("1.14.6", {"ActiveState": "failed", "ExecMainStatus": "163"}, None),
    "it runs": ("1.14.6", {}, False),
    "it does not end with its job": ("1.15.0", {"ActiveState": "inactive"}, False),
}


@pytest.mark.parametrize(("release", "said", "expected"), ENDS.values(), ids=ENDS)
def test_a_jobmanager_that_ends_with_its_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, release: str, said: dict[str, str], expected: bool | None
) -> None:
    monkeypatch.setattr(_application, "_LONGEST_END", 0.01)
    (tmp_path / "application").mkdir()
    if expected:
        (tmp_path / "application/ended.0").touch()
    given = application(tmp_path, Cluster(None), Host(said), release=release)
    if expected is None:
        with pytest.raises(NotRunningError, match="its JobManager has ended with code 163"):
            given.has_ended()
        with pytest.raises(NotRunningError, match="its JobManager has ended with code 163"):
            given.await_job(ID, 5)
    else:
        assert given.has_ended() is expected
    if expected:
        assert not given.await_job(ID, 5)
