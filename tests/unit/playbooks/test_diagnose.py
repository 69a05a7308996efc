# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbooks say of a cluster that is down, and of which one host cannot be reached."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
SECRET = "n0tForEyes"
Run = t.Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a playbook on two hosts that are here, neither with a process, and one that ssh does not reach."""
    (tmp_path / "bin").mkdir()
    # What the kernel of this machine has killed, in containers too, is none of theirs.
    for name, code in (("ssh", 255), ("journalctl", 0), ("dmesg", 0)):
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(0o755)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    here = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    gone = {"ansible_connection": "ssh", "ansible_ssh_executable": str(tmp_path / "bin/ssh")}
    config = {"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "2g", "s3.secret-key": SECRET}
    places = {f"flink_{name}": str(tmp_path / name) for name in ("home", "conf_dir", "log_dir", "run_dir")}
    variables = {
        "flink_version": "2.3.0",
        "flink_config": config,
        "flink_rest_url": f"http://127.0.0.1:{port}",
        "flink_service_manager": "launcher",
        **places,
    }
    (tmp_path / "log_dir").mkdir()

    def play(playbook: str, *arguments: str, **hosts: t.Any) -> subprocess.CompletedProcess[str]:
        groups: dict[str, t.Any] = {
            "flink_jobmanagers": {"hosts": {"jm1": here}},
            "flink_taskmanagers": {"hosts": {"tm1": here, "tm2": gone, **hosts}},
        }
        (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"all": {"vars": variables, "children": groups}}))
        return subprocess.run(
            [
                *(str(Path(sys.executable).with_name("ansible-playbook")), f"--inventory={tmp_path}/hosts.yml"),
                *(f"streamops.flink.{playbook}", *arguments),
            ],
            cwd=tmp_path,
            env={
                **os.environ,
                "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build"),
                "ANSIBLE_LOCAL_TEMP": str(tmp_path / "tmp"),
                "ANSIBLE_NOCOLOR": "1",
                "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
                "PWD": str(tmp_path),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return play


def test_a_cluster_that_is_down_is_diagnosed(run: Run, tmp_path: Path) -> None:
    wrong = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, "flink_version": "9"}
    done = run("diagnose", tm3=wrong)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ERROR    tm1 taskmanager-1" in done.stdout
    assert "ERROR    jm1 jobmanager" in done.stdout
    assert "Seen: 0 running processes on 2 hosts" in done.stdout
    assert "  - tm2: expected a look at its processes, got none: it cannot be reached.\n" in done.stdout
    assert (
        "  - tm3: expected a look at its processes, got none: flink_version: '9' is not a Flink release." in done.stdout
    )
    assert "  - REST API, asked from jm1: expected an answer, got none: http://127.0.0.1:" in done.stdout
    assert not (tmp_path / "flink-observed.json").exists()


def test_a_look_that_failed_everywhere_fails(run: Run) -> None:
    done = run("diagnose", "--limit=tm2")
    assert done.returncode != 0
    assert "Nothing could be looked at." in done.stdout + done.stderr


def test_looks_are_kept_where_the_playbook_is_called_and_advised_by(run: Run, tmp_path: Path) -> None:
    done = run("observe")
    assert done.returncode == 0, done.stdout + done.stderr
    kept = json.loads((tmp_path / "flink-observed.json").read_text())
    assert (kept["looks"], list(kept["observation"]["hosts"])) == (1, ["jm1", "tm1"])
    (tmp_path / "advice").mkdir(mode=0o700)
    done = run("advise", "--extra-vars=flink_advice_dir=advice")
    assert (tmp_path / "advice").stat().st_mode & 0o777 == 0o700
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing more is recommended:\n  - No job was at work in any look." in done.stdout
    written = {path.name: path.read_text() for path in (tmp_path / "advice").iterdir()}
    assert set(written) == {"advice.json", "advice.html", "plan.html"}
    assert json.loads(written["advice.json"])["resized"] == []
    everything = [done.stdout, (tmp_path / "flink-observed.json").read_text(), *written.values()]
    assert not any(SECRET in text for text in everything)


def test_a_secret_in_a_log_is_told_to_nobody_however_much_is_printed(run: Run, tmp_path: Path) -> None:
    now = f"{dt.datetime.now():%Y-%m-%d %H:%M:%S},000"  # noqa: DTZ005 - as Flink writes it
    line = f"{now} ERROR x [] - java.lang.OutOfMemoryError: Java heap space of {SECRET}\n"
    (tmp_path / "log_dir/taskmanager-1.log").write_text(line)
    done = run("diagnose", "-vvv")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Java heap space of ***" in done.stdout
    assert SECRET not in done.stdout + done.stderr


# The playbook, the variables, and words of what is said.
WRONG: dict[str, tuple[str, dict[str, t.Any], str]] = {
    "looks that are too close": (
        "observe",
        {"flink_observe_seconds": 5},
        "flink_observe_seconds: expected a whole number from 20 to",
    ),
    "a file that is a mapping": (
        "observe",
        {"flink_observe_file": {"path": "looks.json"}},
        "flink_observe_file: expected the path of a file, such as flink-observed.json, got a mapping.",
    ),
    "a directory that is a file": (
        "advise",
        {"flink_advice_dir": "hosts.yml"},
        "hosts.yml is a file. Name another one.",
    ),
}


@pytest.mark.parametrize(("playbook", "variables", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_variable_is_refused_before_the_first_look(
    playbook: str, variables: dict[str, t.Any], words: str, run: Run
) -> None:
    done = run(playbook, f"--extra-vars={json.dumps(variables)}")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert words in said, said
    assert "Traceback" not in said
    assert "Look at the processes of the host" not in done.stdout
