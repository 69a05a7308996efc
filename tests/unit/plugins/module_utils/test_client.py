# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import json
import os
import pwd
import re
import signal
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils import _client
from ansible_collections.streamops.flink.plugins.module_utils._client import Client, ClientError
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import Version
from ansible_collections.streamops.flink.plugins.module_utils._target.job_notes import JobNotes
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import HostError

if t.TYPE_CHECKING:
    from pathlib import Path

VERSION = Version("d" * 64, "/j/orders.jar", "a.B", ("--password", "hush!"), 2, {"a.secret": "quiet"}, "2.3")
# Stands for Java: notes what it got, and ends as it is told.
JAVA = """#!/bin/sh
file=${1#@}
{
    tr '\\0' ' ' </proc/$$/cmdline; echo
    env | sort | grep -v '^_=\\|^PWD=\\|^SHLVL=' | tr '\\n' ' '; echo
    stat -c '%a %U' "$file" "${file%/*}" | tr '\\n' ' '; echo
    cat "$file"
} >"$JAVA_HOME/noted"
"""
TRACE = """{}
------------------------------------------------------------
 The program finished with the following exception:

org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: {}
\tat CountingJob.main(CountingJob.java:89)
Caused by: java.lang.IllegalStateException: {}
\tat CountingJob.main(CountingJob.java:89)
"""


class Place(t.NamedTuple):
    """A host with a release and a Java."""

    home: Path
    tmp: Path

    def start(self, then: str = "", seconds: float = 20, **options: t.Any) -> list[str]:
        """What Java got, in lines, after which it does as it is told."""
        java = self.home / "bin/java"
        java.parent.mkdir(exist_ok=True)
        java.write_text(JAVA + then)
        java.chmod(0o755)
        home = str(self.home)
        given = {"conf_dir": "/etc/flink", "home": home, "java_home": home, "java_options": [], "options": {}}
        with JobNotes(str(self.home / "notes")).alone() as lock:
            client = Client({**given, "user": None, **options}, seconds, lock)
            client.start("1a", VERSION, "file:/s", allow_non_restored_state=True)
        return (self.home / "noted").read_text().splitlines()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[Place]:
    tmp = tmp_path / "tmp"
    tmp.mkdir()
    monkeypatch.setattr(_client, "_TEMPORARY", str(tmp))
    for name in ("flink-dist-2.3.0.jar", "log4j.jar", "a-before.jar", "note.txt"):
        (tmp_path / "lib").mkdir(exist_ok=True)
        (tmp_path / "lib" / name).touch()
    yield Place(tmp_path, tmp)
    assert list(tmp.iterdir()) == []


def test_no_list_of_processes_shows_what_it_is_told(place: Place) -> None:
    command, environment, rights, *words = place.start(java_options=["-Da=b"], options={"rest.port": "9"})
    assert re.fullmatch(rf"/bin/sh {place.home}/bin/java @{place.tmp}/flink-client-\w+/words", command.rstrip())
    assert "hush!" not in command
    assert "quiet" not in command
    me = pwd.getpwuid(os.geteuid()).pw_name
    assert rights.split() == ["640", me, "750", me]
    jars = ":".join(str(place.home / "lib" / name) for name in ("a-before.jar", "log4j.jar", "flink-dist-2.3.0.jar"))
    begin = ["-Da=b", "-classpath", jars, "org.apache.flink.client.cli.CliFrontend", "run", "-t", "remote", "-d"]
    end = ["-c", "a.B", "/j/orders.jar", "--password", "hush!"]
    found = [json.loads(word) for word in words]
    assert (found[: len(begin)], found[-len(end) :]) == (begin, end)
    assert {"-Drest.port=9", "-Da.secret=quiet", "-D$internal.pipeline.job-id=1a", "file:/s", "-n"} <= set(found)
    assert "FLINK_CONF_DIR=/etc/flink" in environment
    assert f"FLINK_PLUGINS_DIR={place.home}/plugins" in environment


def test_nothing_of_the_environment_of_root_is_handed_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Dx=y")
    monkeypatch.setenv("A_PASSWORD", "hush!")
    environment = place.start()[1]
    assert {word.partition("=")[0] for word in environment.split()} == {
        *("PATH", "LC_ALL", "JAVA_HOME"),
        *(f"FLINK_{name}" for name in ("CONF_DIR", "HOME", "LIB_DIR", "OPT_DIR", "PLUGINS_DIR")),
    }


def test_root_works_as_the_user_of_flink(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    given: list[tuple[int, int]] = []

    def program(command: list[str], _kept: t.Sequence[int]) -> t.Any:
        asked.append(command)
        raise OSError(2, "No such file or directory")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda _path, uid, gid: given.append((uid, gid)))
    monkeypatch.setattr(_client, "Program", program)
    with pytest.raises(ClientError, match="setpriv: expected it to run, got No such file or directory"):
        place.start(user="nobody")
    nobody = pwd.getpwnam("nobody")
    assert asked[0][:6] == [
        *("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--init-groups"),
        *("env", "-i"),
    ]
    # The files stay root's.
    assert given == [(-1, nobody.pw_gid)] * 2
    with pytest.raises(ClientError, match="flink_user: expected a user of this host, got nobody-else"):
        place.start(user="nobody-else")


# What the client does, and what is told.
FAILURES = {
    "its program throws": (
        "cat <<'X' >&2\n" + TRACE.format("WARN", "No hush! here.", "No hush! here.") + "\nX\nexit 1",
        "No *** here",
    ),
    "it says something else": ("echo 'Could not parse'; exit 1", "Could not parse"),
    "it says nothing": ("exit 3", "Flink's client has ended with code 3"),
    "it does not end": ("sleep 60", "Flink's client has not come to its end within 0.5 seconds"),
}


@pytest.mark.parametrize("row", FAILURES)
def test_why_it_has_not_started_a_job(row: str, place: Place) -> None:
    then, words = FAILURES[row]
    with pytest.raises(ClientError) as caught:
        place.start(then, seconds=0.5 if then.startswith("sleep") else 20)
    assert str(caught.value) == words


def test_nobody_begins_while_the_program_of_a_killed_run_lives(place: Place) -> None:
    with contextlib.ExitStack() as its_end:
        # What it has started outlives it, as it outlives its run.
        place.start(f"sleep 30 >/dev/null 2>&1 & echo $! >'{place.home}/pid'\n")
        child = int((place.home / "pid").read_text())
        its_end.callback(os.kill, child, signal.SIGKILL)
        with pytest.raises(HostError, match="got another run that works on them"), JobNotes(
            str(place.home / "notes")
        ).alone():
            pass


def test_a_release_without_java(place: Place) -> None:
    with pytest.raises(ClientError):
        place.start(java_home="/nowhere")
