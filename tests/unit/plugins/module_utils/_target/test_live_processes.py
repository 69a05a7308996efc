# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.live_processes import (
    PROPERTIES,
    of_environment,
    of_pid_file,
    of_unit,
)

# What systemd 252 says of a unit that runs and of one that is not there.
RUNS = {
    "ActiveState": "active",
    "SubState": "running",
    "MainPID": "126",
    "NRestarts": "2",
    "UnitFileState": "enabled",
    "NeedDaemonReload": "yes",
}
MISSING = {
    "ActiveState": "inactive",
    "SubState": "dead",
    "MainPID": "0",
    "NRestarts": "0",
    "UnitFileState": "",
    "NeedDaemonReload": "no",
}

# ActiveState and SubState, and what they mean.
STATES = {
    ("active", "running"): "running",
    ("reloading", "reload"): "running",
    ("activating", "start"): "starting",
    ("activating", "start-pre"): "starting",
    ("activating", "auto-restart"): "starting",
    ("deactivating", "stop-sigterm"): "stopped",
    ("inactive", "dead"): "stopped",
    ("active", "exited"): "stopped",
    ("failed", "failed"): "failed",
}

# As the kernel lists them: sockets of the process that listen, one twice; one that does not; and another's that does.
TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:17EA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41 1 0000000000000000 100 0 0
   1: 0100007F:9C40 0100007F:17EA 01 00000000:00000000 00:00000000 00000000  1000        0 42 1 0000000000000000 20 4 30
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 99 1 0000000000000000 100 0 0
"""
TCP6 = """\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retr
   0: 00000000000000000000000000000000:1F91 00000000000000000000000000000000:0000 0A 0:0 00:0 0 1000 0 43 1 0 100 0 0
   1: 00000000000000000000000000000000:17EA 00000000000000000000000000000000:0000 0A 0:0 00:0 0 1000 0 44 1 0 100 0 0
"""

STAT = "126 (a (very) odd name) {state} 1 126 126 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 {birth} 0 0\n"
STOPPED: dict[str, t.Any] = {"pid": None, "environment": {}, "command_line": [], "ports": []}
DEAD = {"state": "stopped", "enabled": False, "needs_reload": False, "restarts": 0, **STOPPED}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A host with one process, 126, that was born at 4711."""
    process = tmp_path / "proc/126"
    process.mkdir(parents=True)
    (process / "stat").write_text(STAT.format(state="S", birth=4711))
    (process / "environ").write_bytes("FLINK_HOME=/opt/flünk=1\0SECRET=x\0EMPTY=\0odd\0".encode())
    (process / "cmdline").write_bytes(b"/bin/java\0-Dkey=a b\0\0")
    for directory, files in {"net": {"tcp": TCP, "tcp6": TCP6}, "fd": {}}.items():
        (process / directory).mkdir()
        for name, text in files.items():
            (process / directory / name).write_text(text)
    for number, target in enumerate(["/dev/null", "pipe:[99]", *(f"socket:[{socket}]" for socket in range(41, 45))]):
        (process / "fd" / str(number)).symlink_to(target)
    return tmp_path


def test_the_properties_asked_for_are_those_that_are_read() -> None:
    assert set(PROPERTIES) == set(RUNS) == set(MISSING)


def test_units(root: Path) -> None:
    assert of_unit(root, RUNS, {"FLINK_HOME", "EMPTY", "ABSENT"}) == {
        "state": "running",
        "enabled": True,
        "needs_reload": True,
        "restarts": 2,
        "pid": 126,
        "environment": {"FLINK_HOME": "/opt/flünk=1", "EMPTY": ""},
        "command_line": ["/bin/java", "-Dkey=a b", ""],
        "ports": [6122, 8081],
    }
    assert of_unit(root, MISSING, {"FLINK_HOME"}) == DEAD
    assert of_unit(root, {}, {"FLINK_HOME"}) == DEAD


@pytest.mark.parametrize(("active", "state"), STATES.items())
def test_states(active: tuple[str, str], state: str, root: Path) -> None:
    result = of_unit(root, {"ActiveState": active[0], "SubState": active[1], "MainPID": "126"}, [])
    assert result["state"] == state
    assert result["pid"] == (126 if state in {"running", "starting"} else None)


@pytest.mark.parametrize("state", ["disabled", "static", "enabled-runtime", "linked", "masked", ""])
def test_only_enabled_is_enabled(state: str, root: Path) -> None:
    assert of_unit(root, {"UnitFileState": state}, [])["enabled"] is False


def test_a_process_that_ended_meanwhile(tmp_path: Path) -> None:
    unit = {"ActiveState": "active", "SubState": "running", "MainPID": "126"}
    result = of_unit(tmp_path, unit, {"FLINK_HOME"})
    assert (result["state"], result["environment"], result["command_line"]) == ("running", {}, [])


def test_open_files_that_may_not_be_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> t.NoReturn:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    unit = {"ActiveState": "active", "SubState": "running", "MainPID": "126"}
    assert of_unit(root, unit, [])["ports"] is None


PID_FILES: dict[str, tuple[str | None, str, str]] = {
    "runs": ("126 4711\n", "S", "running"),
    "another process has the number": ("126 4710\n", "S", "stopped"),
    "a zombie": ("126 4711\n", "Z", "stopped"),
    "dead": ("126 4711\n", "X", "stopped"),
    "no such process": ("127 4711\n", "S", "stopped"),
    "a number alone": ("126\n", "S", "stopped"),
    "a way out": ("../proc/126 4711\n", "S", "stopped"),
    "no text": ("\n", "S", "stopped"),
    "no file": (None, "S", "stopped"),
}


@pytest.mark.parametrize(("text", "kernel_state", "state"), PID_FILES.values(), ids=PID_FILES)
def test_pid_files(text: str | None, kernel_state: str, state: str, root: Path) -> None:
    (root / "proc/126/stat").write_text(STAT.format(state=kernel_state, birth=4711))
    if text is not None:
        (root / "pid").write_text(text)
    result = of_pid_file(root, str(root / "pid"), {"FLINK_HOME"})
    if state == "stopped":
        assert result == DEAD
    else:
        assert (result["state"], result["pid"]) == ("running", 126)
        assert result["environment"] == {"FLINK_HOME": "/opt/flünk=1"}


def test_neither_unit_nor_file(root: Path) -> None:
    assert of_pid_file(root, None, []) == DEAD


def test_a_stat_that_is_cut_off(root: Path) -> None:
    (root / "proc/126/stat").write_text("126 (java) S 1")
    (root / "pid").write_text("126 4711")
    assert of_pid_file(root, str(root / "pid"), [])["state"] == "stopped"


STATUS = "Name:\tjava\nPPid:\t7\nUid:\t999\t0\t0\t0\nNSpid:\t{}\n".format

# The names to have, the files of the process, and its user and unit; null if it is not found.
OF_ENVIRONMENT: dict[str, tuple[list[str], dict[str, str], tuple[int, str | None] | None]] = {
    "all of them": (["FLINK_HOME", "EMPTY"], {}, (999, None)),
    "not all of them": (["FLINK_HOME", "ABSENT"], {}, None),
    "none asked for": ([], {}, None),
    "a process of a container": (["EMPTY"], {"status": STATUS("126\t7")}, None),
    "a kernel that tells of no containers": (["EMPTY"], {"status": "Uid:\t0\t0\t0\t0\n"}, (0, None)),
    "one that ended meanwhile": (["EMPTY"], {"status": ""}, None),
    "a unit": (["EMPTY"], {"cgroup": "0::/system.slice/a-b@1.service\n"}, (999, "a-b@1.service")),
    "a group in a unit": (["EMPTY"], {"cgroup": "0::/system.slice/a.service/leaf\n"}, (999, "a.service")),
    "a unit of a user": (["EMPTY"], {"cgroup": "0::/user@7.service/app.slice/a.service\n"}, (999, "a.service")),
    "a unit like a file of the kernel": (["EMPTY"], {"cgroup": "0::/_memory.a.service\n"}, (999, "memory.a.service")),
    "groups by resource": (["EMPTY"], {"cgroup": "4:memory:/\n1:name=systemd:/a.service\n"}, (999, "a.service")),
    "a session": (["EMPTY"], {"cgroup": "0::/user.slice/session-1.scope\n"}, (999, None)),
}


@pytest.mark.parametrize(("names", "files", "expected"), OF_ENVIRONMENT.values(), ids=OF_ENVIRONMENT)
def test_processes_with_variables(
    names: list[str], files: dict[str, str], expected: tuple[int, str | None] | None, root: Path
) -> None:
    for name, text in {"status": STATUS("126"), **files}.items():
        (root / "proc/126" / name).write_text(text)
    found = of_environment(root, names, ["FLINK_HOME"])
    assert [(process["uid"], process["unit"]) for process in found] == ([] if expected is None else [expected])
    for process in found:
        assert (process["pid"], process["command_line"]) == (126, ["/bin/java", "-Dkey=a b", ""])
        assert process["parent"] == (0 if "status" in files else 7)
        assert set(process["environment"]) == {"FLINK_HOME", *names}
