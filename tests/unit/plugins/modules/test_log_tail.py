# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import socket
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.module_utils._target import logs
from ansible_collections.streamops.flink.plugins.modules import log_tail

Run = t.Callable[..., "dict[str, t.Any]"]

LOG = """\
2026-01-01 00:00:00,000 INFO  Starting
2026-01-01 00:00:01,000 ERROR Could not start
Caused by: java.net.BindException: Address already in use
\tat java.base
"""
ERRORS = LOG.splitlines()[1:3]


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The logs of a TaskManager, and nothing on the path."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    directory = tmp_path / "log"
    directory.mkdir()
    (directory / "taskmanager-1.log").write_text(LOG)
    return directory


def program(directory: Path, text: str) -> None:
    """A journalctl that notes what it is asked."""
    path = directory.parent / "bin/journalctl"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_the_end_of_a_log(directory: Path, run: Run) -> None:
    (directory / "taskmanager-1.out").write_text("a\nb\nc")
    (directory / "taskmanager-10.log").write_text("of another\n")
    result = run(directory=str(directory), processes=["taskmanager-1", "taskmanager-2"], lines=2)
    assert result["ends"] == [
        f"==> {directory}/taskmanager-1.log <==",
        *LOG.splitlines()[-2:],
        f"==> {directory}/taskmanager-1.out <==",
        "b",
        "c",
    ]
    assert (result["errors"], result["journal"], result["changed"]) == (ERRORS, [], False)


def test_an_earlier_log_tells_why_it_ended(directory: Path, run: Run) -> None:
    for age, name in enumerate(("taskmanager-1.log", "taskmanager-1.log.1", "taskmanager-1.log.2"), start=1):
        (directory / name).write_text(f"x ERROR {name}\n" * 20)
        os.utime(directory / name, (10 - age, 10 - age))
    errors = run(directory=str(directory), processes=["taskmanager-1"])["errors"]
    assert errors == ["x ERROR taskmanager-1.log"] * 10
    (directory / "taskmanager-1.log").write_text("x ERROR taskmanager-1.log\n")
    errors = run(directory=str(directory), processes=["taskmanager-1"])["errors"]
    assert errors == ["x ERROR taskmanager-1.log.1"] * 9 + ["x ERROR taskmanager-1.log"]


def place_link(path: Path) -> None:
    (path.parent.parent / "secret").write_text("x ERROR secret\n")
    path.symlink_to("../secret")


def place_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))


# What is in the place of a log, and the reason that is given.
IN_THE_WAY: dict[str, tuple[t.Callable[[Path], t.Any], str]] = {
    "a link": (place_link, "It is a link."),
    "a link to nothing": (lambda path: path.symlink_to("nowhere"), "It is a link."),
    "a pipe": (os.mkfifo, "It is not a regular file."),
    "a directory": (Path.mkdir, "It is not a regular file."),
    "a socket": (place_socket, "No such device or address."),
}


@pytest.mark.parametrize(("put", "reason"), IN_THE_WAY.values(), ids=IN_THE_WAY)
@pytest.mark.usefixtures("prompt")
def test_only_regular_files_are_read(
    put: t.Callable[[Path], t.Any], reason: str, directory: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(directory)
    (directory / "taskmanager-1.log").unlink()
    put(Path("../log/taskmanager-1.log"))
    (directory / "taskmanager-1.log.1").symlink_to("../secret")
    result = run(directory=str(directory), processes=["taskmanager-1"])
    assert result["ends"] == [f"{directory}/taskmanager-1.log cannot be read: {reason}"]
    assert result["errors"] == []


def test_names_are_no_options(directory: Path, run: Run) -> None:
    for name in ("taskmanager-1.log.\x1b[2J", "taskmanager-1.log.$(touch x)", "-f", "taskmanager-1.log -f"):
        (directory / name).write_text("x ERROR y\n")
    assert run(directory=str(directory), processes=["taskmanager-1"])["errors"] == ["x ERROR y", "x ERROR y"]


@pytest.mark.usefixtures("prompt")
def test_only_the_end_of_a_large_log_is_read(directory: Path, run: Run) -> None:
    with (directory / "taskmanager-1.log").open("wb") as file:
        file.truncate(2**40)
        file.seek(0, os.SEEK_END)
        file.write(b"\nx ERROR last\n")
    result = run(directory=str(directory), processes=["taskmanager-1"], lines=1000)
    assert result["ends"][1:] == ["x ERROR last"]
    assert result["errors"] == ["x ERROR last"]


def test_control_characters_and_long_lines(directory: Path, run: Run) -> None:
    line = b"x ERROR \x1b[2J\xff\xc2\x9b"
    (directory / "taskmanager-1.log").write_bytes(line + b"\n" + b"y" * 5000)
    result = run(directory=str(directory), processes=["taskmanager-1"])
    assert result["errors"] == [r"x ERROR \x1b[2J\xff\x9b"]
    assert result["ends"][2] == f"{'y' * 2000}... (5000 characters)"


def test_the_journal(directory: Path, run: Run) -> None:
    program(directory, r"""printf '%s\n' "$@"; printf 'a\033[2J\n'""")
    units = ["a@1.service", "-f; reboot"]
    result = run(directory=str(directory), processes=[], units=units, lines=9, _ansible_check_mode=True)
    assert result["journal"] == ["--no-pager", "--lines=9", *(f"--unit={unit}" for unit in units), r"a\x1b[2J"]


# The journalctl of a host, and what is shown of it.
JOURNALS = {
    "it says why": ("echo 'No journal files were found.' >&2; exit 1", "No journal files were found."),
    "it is not there": (None, "The journal cannot be read: No such file or directory."),
}


@pytest.mark.parametrize(("script", "sentence"), JOURNALS.values(), ids=JOURNALS)
def test_no_journal(script: str | None, sentence: str, directory: Path, run: Run) -> None:
    if script is not None:
        program(directory, script)
    assert run(directory=str(directory), processes=[], units=["a.service"])["journal"] == [sentence]


def test_a_directory_that_cannot_be_read(directory: Path, run: Run) -> None:
    for name, reason in (("nowhere", "No such file or directory"), ("bin/../log/taskmanager-1.log", "Not a directory")):
        path = f"{directory.parent}/{name}"
        result = run(directory=path, processes=["taskmanager-1"])
        assert (result["errors"], result["ends"]) == ([], [f"{path} cannot be read: {reason}."])


def test_a_link_of_ones_own_leads_to_the_directory(directory: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory.parent / "link").symlink_to("log")
    assert run(directory=f"{directory.parent}/link", processes=["taskmanager-1"])["errors"] == ERRORS
    # Of another user: no link is followed.
    monkeypatch.setattr(logs.os, "geteuid", lambda: 4711)
    found = run(directory=f"{directory.parent}/link", processes=["taskmanager-1"])
    assert found["ends"] == [f"{directory.parent}/link cannot be read: Not a directory."]


# Who runs the module, whom the directory belongs to, and what is asked of the kernel.
RIGHTS: dict[str, tuple[int, int, list[tuple[str, t.Any]]]] = {
    "root in a directory of Flink": (
        0,
        999,
        [
            *(("setgroups", [998]), ("setegid", 998), ("seteuid", 999), ("read", None)),
            *(("seteuid", 0), ("setegid", 7), ("setgroups", [7, 8])),
        ],
    ),
    "root in a directory of root": (0, 0, [("read", None)]),
    "another user": (999, 998, [("read", None)]),
}


@pytest.mark.parametrize(("user", "owner", "expected"), RIGHTS.values(), ids=RIGHTS)
def test_root_reads_with_the_rights_of_the_owner(
    user: int, owner: int, expected: list[tuple[str, t.Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, t.Any]] = []
    for name, answer in (("geteuid", user), ("getegid", 7), ("getgroups", [7, 8])):
        monkeypatch.setattr(logs.os, name, lambda answer=answer: answer)
    for name in ("setgroups", "setegid", "seteuid"):
        monkeypatch.setattr(logs.os, name, lambda value, name=name: calls.append((name, value)))
    with logs.acting_as(owner, 998):
        calls.append(("read", None))
    assert calls == expected


def test_what_logs_say_is_told_without_secrets(directory: Path, run: Run) -> None:
    secrets = "x ERROR s3.secret-key=n0tForEyes\nx ERROR Cannot log in with hunter22.\nx ERROR A broken disk.\n"
    told = ["(a line that is not shown)", "x ERROR Cannot log in with ***.", "x ERROR A broken disk."]
    (directory / "taskmanager-1.log").write_text(secrets)
    program(directory, f"printf '{secrets}'")
    result = run(directory=str(directory), processes=["taskmanager-1"], units=["x.service"], hidden=["hunter22"])
    assert (result["errors"], result["ends"][1:], result["journal"]) == (told, told, told)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"processes": ["../x"]}, "processes: expected names such as taskmanager-1, got '../x'."),
        ({"processes": [], "lines": 0}, "lines: expected a number from 1 to 1000, got 0."),
        ({"processes": [], "lines": 1001}, "lines: expected a number from 1 to 1000, got 1001."),
    ],
    ids=["a path as a name", "no lines", "too many lines"],
)
def test_refused(args: dict[str, t.Any], message: str, directory: Path, run: Run) -> None:
    assert run(directory=str(directory), **args)["msg"] == message


def test_the_result_is_as_documented(directory: Path, run: Run) -> None:
    result = run(directory=str(directory), processes=["taskmanager-1"])
    assert set(yaml.safe_load(log_tail.RETURN)) == set(result) - {"changed", "invocation"}
