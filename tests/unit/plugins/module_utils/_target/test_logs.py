# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target import logs
from ansible_collections.streamops.flink.plugins.module_utils._target.logs import LogEnd, log_directory, recent_ends

if t.TYPE_CHECKING:
    from pathlib import Path

NOW = 1767268800


def place(path: Path, text: str, age: int) -> None:
    path.write_text(text)
    os.utime(path, (NOW - age, NOW - age))


def ends(path: Path, since: int = NOW - 100) -> list[LogEnd]:
    with log_directory(str(path)) as directory:
        return recent_ends(directory, "taskmanager-1", since)


def test_what_was_written_lately(tmp_path: Path) -> None:
    place(tmp_path / "taskmanager-1.log", "now\n", 1)
    place(tmp_path / "taskmanager-1.out", "printed\n", 2)
    place(tmp_path / "taskmanager-1.log.1", "before\n", 50)
    place(tmp_path / "taskmanager-1.log.2", "yesterday\n", 101)
    for name in ("taskmanager-10.log", "taskmanager-1.txt", "jobmanager.log"):
        place(tmp_path / name, "other\n", 1)
    assert ends(tmp_path) == [
        ("taskmanager-1.log.1", "before\n", False, None),
        ("taskmanager-1.out", "printed\n", False, None),
        ("taskmanager-1.log", "now\n", False, None),
    ]


def test_why_a_log_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "taskmanager-1.log").symlink_to("secret")
    os.mkfifo(tmp_path / "taskmanager-1.out")
    place(tmp_path / "taskmanager-1.log.1.gz", "", 1)
    assert {end.name: end.problem for end in ends(tmp_path)} == {
        "taskmanager-1.log": "It is a link",
        "taskmanager-1.out": "It is not a regular file",
        "taskmanager-1.log.1.gz": "It is compressed",
    }


@pytest.mark.usefixtures("prompt")
def test_only_the_ends_of_the_newest_logs_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MOST_OF_A_PROCESS", 2**20)
    for number in range(1, 4):
        with (tmp_path / f"taskmanager-1.log.{number}").open("wb") as file:
            file.truncate(2**40)
            file.seek(0, os.SEEK_END)
            file.write(b"\n" + b"x" * (2**20 - 2) + b"\n")
        os.utime(tmp_path / f"taskmanager-1.log.{number}", (NOW - number, NOW - number))
    found = ends(tmp_path)
    assert [(end.name, len(end.text), end.is_cut, end.problem) for end in found] == [
        ("taskmanager-1.log.3", 0, True, "It is one of too many"),
        ("taskmanager-1.log.2", 2**20 - 1, True, None),
        ("taskmanager-1.log.1", 2**20 - 1, True, None),
    ]
