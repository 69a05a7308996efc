# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.systemd import (
    parse_units,
    show_units,
    systemd_runs,
    systemd_version,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import HostError

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.streamops.flink.plugins.module_utils._target.programs import Run

# As systemd 252 answers for a unit that runs and for one that does not exist.
ANSWER = """\
MainPID=126
Id=flink-taskmanager@1.service
UnitFileState=enabled

MainPID=0
Id=flink-jobmanager.service
UnitFileState=
"""
UNITS = {
    "flink-taskmanager@1.service": {"Id": "flink-taskmanager@1.service", "MainPID": "126", "UnitFileState": "enabled"},
    "flink-jobmanager.service": {"Id": "flink-jobmanager.service", "MainPID": "0", "UnitFileState": ""},
}

# Files of systemd, and the version they tell.
LIBRARIES: dict[str, tuple[str, int]] = {
    "Debian 12": ("usr/lib/systemd/libsystemd-shared-252.so", 252),
    "Debian 13": ("usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-257.so", 257),
    "EL 9": ("usr/lib/systemd/libsystemd-shared-252-46.el9.so", 252),
}

# What systemctl prints where no file tells the version, and the version.
PRINTED: dict[str, tuple[str, int | None]] = {
    "EL 8": ("systemd 239 (239-82.el8)\n+PAM\n", 239),
    "something else": ("systemd of the future\n", None),
    "nothing": ("", None),
}

# How systemctl fails, and the error.
FAILURES: dict[str, tuple[tuple[int, str, str] | OSError, str]] = {
    "no bus": ((1, "", "no bus\n"), "systemctl show: expected code 0, got 1: no bus"),
    "not installed": (
        FileNotFoundError(2, "No such file or directory"),
        "systemctl: expected it to run, got [Errno 2] No such file or directory.",
    ),
}


class Systemctl:
    """Answers the same each time, and keeps the commands."""

    def __init__(self, answer: tuple[int, str, str] | OSError) -> None:
        self.answer = answer
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str]) -> tuple[int, str, str]:
        self.commands.append(command)
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer


def boot(root: Path) -> None:
    (root / "run/systemd/system").mkdir(parents=True)


def test_systemd_runs(tmp_path: Path) -> None:
    assert not systemd_runs(tmp_path)
    boot(tmp_path)
    assert systemd_runs(tmp_path)


@pytest.mark.parametrize(("path", "version"), LIBRARIES.values(), ids=LIBRARIES)
def test_the_version_by_the_name_of_the_library(path: str, version: int, tmp_path: Path) -> None:
    systemctl = Systemctl((0, "systemd 1", ""))
    boot(tmp_path)
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).touch()
    assert systemd_version(tmp_path, systemctl) == version
    assert systemctl.commands == []


@pytest.mark.parametrize(("printed", "version"), PRINTED.values(), ids=PRINTED)
def test_the_version_as_systemctl_prints_it(printed: str, version: int | None, tmp_path: Path) -> None:
    systemctl = Systemctl((0, printed, ""))
    boot(tmp_path)
    (tmp_path / "usr/lib/systemd").mkdir(parents=True)
    (tmp_path / "usr/lib/systemd/libsystemd-shared-new.so").touch()
    assert systemd_version(tmp_path, systemctl) == version
    assert systemctl.commands == [["systemctl", "--version"]]


def test_no_version_without_systemctl(tmp_path: Path) -> None:
    boot(tmp_path)
    assert systemd_version(tmp_path, Systemctl(FileNotFoundError())) is None


def test_no_version_of_a_systemd_that_does_not_run_the_host(tmp_path: Path) -> None:
    systemctl = Systemctl((0, "systemd 252", ""))
    assert systemd_version(tmp_path, systemctl) is None
    assert systemctl.commands == []


def test_one_call_for_all_units() -> None:
    systemctl = Systemctl((0, ANSWER, ""))
    assert show_units(list(UNITS), ["MainPID", "UnitFileState"], systemctl) == UNITS
    properties = "--property=Id,MainPID,UnitFileState"
    assert systemctl.commands == [["systemctl", "show", "--no-pager", properties, "--", *UNITS]]


def test_no_call_for_no_unit() -> None:
    systemctl = Systemctl((1, "", "no bus"))
    assert show_units([], ["MainPID"], systemctl) == {}
    assert systemctl.commands == []


@pytest.mark.parametrize(("answer", "message"), FAILURES.values(), ids=FAILURES)
def test_systemctl_that_fails(answer: tuple[int, str, str] | OSError, message: str) -> None:
    with pytest.raises(HostError, match=f"^{re.escape(message)}$"):
        show_units(["x.service"], ["MainPID"], Systemctl(answer))


def test_a_real_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "systemctl").write_text(f"#!/bin/sh\ncat <<'END'\n{ANSWER}END\n")
    (tmp_path / "systemctl").chmod(0o755)
    assert show_units(list(UNITS), ["MainPID", "UnitFileState"], run) == UNITS


@pytest.mark.parametrize("text", ["", "\n", "MainPID=0\n", "no assignment\n"])
def test_an_answer_without_units(text: str) -> None:
    assert parse_units(text) == {}
