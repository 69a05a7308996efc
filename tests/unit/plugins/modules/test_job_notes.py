# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Journal, Version
from ansible_collections.streamops.flink.plugins.module_utils._target.job_notes import JobNotes

if t.TYPE_CHECKING:
    import pytest

Run = t.Callable[..., "dict[str, t.Any]"]

ID = "a" * 32
NOTE = Journal("orders", 3, 1, "running", ID, Version("d" * 64, "/j/o.jar", None, (), None, {}, "2.3"))


def test_savepoints_of_running_jobs_are_remembered_on_each_host(tmp_path: Path, run: Run) -> None:
    made = {ID: "file:/s/savepoint-2", "b" * 32: "file:/s/other"}
    options = {"directory": str(tmp_path), "notes": {"orders": NOTE.text()}, "savepoints": made}
    assert run(**options, _ansible_check_mode=True)["changed"]
    assert not list(tmp_path.iterdir())
    assert run(**options)["changed"]
    note = JobNotes(str(tmp_path)).read("orders")
    assert note is not None
    assert (note.serial, note.phase, note.savepoint) == (4, "running", None)
    assert [(state.path, state.release, state.kind) for state in note.history] == [
        ("file:/s/savepoint-2", "2.3", "savepoint")
    ]
    gone = run(directory=str(tmp_path), notes={"orders": note.text()}, deleted=["file:/s/savepoint-2", "file:/s/none"])
    forgotten = JobNotes(str(tmp_path)).read("orders")
    assert (gone["changed"], forgotten and forgotten.history) == (True, ())
    note = forgotten or note
    assert not run(directory=str(tmp_path), notes={"orders": note.text()})["changed"]


def test_only_a_job_that_is_to_be_forgotten_is(tmp_path: Path, run: Run) -> None:
    notes = JobNotes(str(tmp_path))
    notes.write(NOTE)
    assert not run(directory=str(tmp_path), notes={})["changed"]
    assert notes.read("orders") == NOTE
    assert run(directory=str(tmp_path), notes={}, forgotten=["orders", "unknown"])["changed"]
    assert notes.all() == {}


def test_all_jobmanager_hosts_start_with_the_same_job(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Python 3.8 has none, which a host may run.
    monkeypatch.delattr(Path, "readlink")

    def options(host: str, release: str = "1.18.1") -> dict[str, t.Any]:
        place = tmp_path / host
        application = {"directory": str(place / "application"), "log_dir": "/", "release": release}
        return {"directory": str(place / "jobs"), "application": application}

    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    assert run(**options("here"))["start"] is None
    start = {"text": 'FLINK_JOB_ARGS="-j a.B"\n', "jar": "/j/o.jar"}
    given = {"notes": {"orders": NOTE.text()}, "start": start}
    assert run(**options("here"), **given, _ansible_check_mode=True)["changed"]
    assert list((tmp_path / "here").iterdir()) == []
    assert run(**options("here"), **given)["changed"]
    assert run(**options("here"))["start"] == start
    assert not run(**options("here"), **given)["changed"]
    newer = dataclasses.replace(NOTE, serial=4)
    assert run(**options("there"), notes={"orders": newer.text()}, start={**start, "text": "A=B\n"})["changed"]
    # What is older counts no more, and what one host does not start with, no other does.
    assert not run(**options("there"), **given)["changed"]
    assert run(**options("here"), notes={"orders": newer.text()})["changed"]
    assert (run(**options("here"))["start"], run(**options("there"))["start"]) == (None, {**start, "text": "A=B\n"})
    assert run(**options("there", "1.19.0"))["start"] == {"text": "A=B\n", "jar": None}
