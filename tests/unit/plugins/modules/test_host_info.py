# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import grp
import json
import os
import pwd
import socket
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.modules import host_info

Run = t.Callable[..., "dict[str, t.Any]"]

SHOWN = """\
MainPID={pid}
NRestarts=0
Id=flink-jobmanager.service
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
NeedDaemonReload=no
"""


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A directory that alone is on the path."""
    (tmp_path / "path").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return tmp_path / "path"


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The files of a host that has little but memory."""
    place = tmp_path / "root"
    (place / "proc").mkdir(parents=True)
    (place / "proc/meminfo").write_text("MemTotal: 1048576 kB\n")
    monkeypatch.setattr(host_info, "_ROOT", place)
    return place


def boot_systemd(root: Path, programs: Path, script: str) -> None:
    """systemd of a host, which has made its default slice, and its systemctl."""
    (root / "run/systemd/system").mkdir(parents=True)
    (root / "proc/self").mkdir()
    (root / "proc/self/cgroup").write_text("0::/\n")
    (root / "proc/self/mountinfo").write_text("30 24 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")
    (root / "sys/fs/cgroup/system.slice").mkdir(parents=True)
    (root / "sys/fs/cgroup/system.slice/memory.max").write_text("536870912\n")
    (programs / "systemctl").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "systemctl").chmod(0o755)


def of_this_process(root: Path) -> int:
    """A process in the tree that has this one's number."""
    process = root / "proc" / str(os.getpid())
    process.mkdir(parents=True)
    (process / "environ").write_bytes(b"FLINK_HOME=/opt/flink\0SECRET=x\0")
    (process / "cmdline").write_bytes(b"java\0-Xmx1g\0")
    return os.getpid()


@pytest.mark.usefixtures("root", "no_programs")
def test_a_host_that_has_nothing(run: Run) -> None:
    result = run()
    assert result["os"]["id"] == "linux"
    assert result["ansible_user"] == {"name": pwd.getpwuid(os.geteuid()).pw_name, "uid": os.geteuid()}
    assert result["cpus"] >= 1
    memory = result["memory"]
    assert (memory["effective"], memory["limited_by"], memory["slice"]) == (1024**3, "physical memory", None)
    nothing = {name: result[name] for name in ("systemd", "jemalloc", "java", "user", "group")}
    assert set(nothing.values()) == {None}
    assert result["java_error"] == "No java was found on the PATH."
    lists = ("numa_nodes", "taken_ports", "matching_units", "running", "strange_links")
    assert [result[name] for name in lists] == [[]] * len(lists)
    empty = (
        "disk",
        "unresolved_names",
        "unreachable_servers",
        "files",
        "links",
        "places",
        "mounts",
        "java_refusals",
        "processes",
        "job_notes",
        "pyflink",
    )
    assert [result[name] for name in empty] == [{}] * len(empty)
    none: dict[str, list[str]] = {"extra_files": [], "opt": [], "conf": [], "class_archives": []}
    assert result["release"] == {"exists": False, "archive": None, **none}
    assert result["changed"] is False


def test_what_was_asked_for(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "jdk/bin").mkdir(parents=True)
    (tmp_path / "jdk/bin/java").write_text("#!/bin/sh\n[ $1 != -Xbad ] || { echo Bad option >&2; exit 1; }\n")
    (tmp_path / "jdk/bin/java").chmod(0o755)
    (tmp_path / "jdk/release").write_text('JAVA_VERSION="17.0.21"\n')
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        result = run(
            java_homes=[str(tmp_path / "missing"), str(tmp_path / "jdk")],
            flink_home=str(tmp_path),
            disk_paths=[str(tmp_path / "new")],
            ports=[
                {"name": "rest.port", "host": "127.0.0.1", "port": port},
                {"name": "any", "host": "127.0.0.1", "port": 0},
            ],
            names=["localhost", "x" * 64],
            servers=[f"127.0.0.1:{port}", "127.0.0.1:0"],
            directories=[str(tmp_path)],
            trees=[str(tmp_path / "jdk")],
            links=[str(tmp_path / "link")],
            mounts=[str(tmp_path / "jdk"), str(tmp_path / "new")],
            java_options={"jobmanager": ["-Xbad"], "taskmanager-1": ["-Xgood"]},
            _ansible_check_mode=True,
        )
    assert result["java"] == {"home": str(tmp_path / "jdk"), "version": 17, "full_version": "17.0.21"}
    assert result["java_error"] is None
    assert result["release"]["exists"] is True
    assert result["disk"][str(tmp_path / "new")] > 0
    assert result["taken_ports"] == [
        {"name": "rest.port", "host": "127.0.0.1", "port": port, "problem": "Address already in use"}
    ]
    assert list(result["unresolved_names"]) == ["x" * 64]
    assert result["loopback_names"] == ["localhost"]
    assert list(result["unreachable_servers"]) == ["127.0.0.1:0"]
    assert [mount["is_directory"] for mount in result["mounts"].values()] == [True, False]
    assert result["java_refusals"] == {"jobmanager": "Bad option"}
    assert result["files"] == {str(tmp_path): ["file", "link"]}
    assert result["strange_files"] == {str(tmp_path / "jdk"): []}
    assert result["links"] == {str(tmp_path / "link"): "file"}
    assert result["strange_links"] == [str(tmp_path / "link")]


# The user of the processes, and what root puts before what that user may have placed.
RIGHTS = {
    "a user of the host": ("nobody", True),
    "one that is yet to be made": ("nobody-else", False),
    "the one that Ansible works as": (None, False),
}


@pytest.mark.parametrize(("user", "drops"), RIGHTS.values(), ids=RIGHTS)
def test_root_runs_a_java_and_a_python_with_the_rights_of_the_user(
    user: str | None, drops: bool, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def program(command: list[str]) -> tuple[int, str, str]:
        asked.append(command)
        return 0, "2.3.0\n", "    java.home = /jdk\n    java.version = 17.0.1\n"

    (tmp_path / "jdk/bin").mkdir(parents=True)
    (tmp_path / "jdk/bin/java").touch(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(host_info, "runner", lambda _module: program)
    java = f"{tmp_path}/jdk/bin/java"
    run(java_homes=[f"{tmp_path}/jdk"], java_options={"jobmanager": ["-Xa"]}, pythons=["/bin/sh"], user=user)
    nobody = pwd.getpwnam("nobody")
    words = ["setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--init-groups"] if drops else []
    found = [command for command in asked if {java, "/bin/sh"} & {*command}]
    assert len(found) == 3
    assert all(command[: len(words) + 1] in ([*words, java], [*words, "/bin/sh"]) for command in found)


def test_accounts(run: Run) -> None:
    user = pwd.getpwuid(os.geteuid())
    group = grp.getgrgid(user.pw_gid)
    result = run(user=user.pw_name, group=group.gr_name)
    assert result["user"] == {
        "name": user.pw_name,
        "uid": user.pw_uid,
        "gid": user.pw_gid,
        "group": group.gr_name,
        "home": user.pw_dir,
    }
    assert result["group"] == {"name": group.gr_name, "gid": group.gr_gid}


def test_accounts_that_are_not_there(run: Run) -> None:
    result = run(user="no-such-user", group="no-such-group")
    assert (result["user"], result["group"]) == (None, None)


def test_numbers_without_names(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    user = pwd.getpwuid(os.geteuid())

    def unknown(_number: int) -> t.Any:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(grp, "getgrgid", unknown)
    result = run(user=user.pw_name)
    assert result["ansible_user"] == {"name": str(user.pw_uid), "uid": user.pw_uid}
    assert result["user"]["group"] == str(user.pw_gid)


def test_processes_of_systemd(root: Path, no_programs: Path, run: Run) -> None:
    pid = of_this_process(root)
    script = f"echo x >>{root}/calls; while read -r line; do echo \"$line\"; done <<'END'\n{SHOWN.format(pid=pid)}END"
    boot_systemd(root, no_programs, script)
    (root / "usr/lib/systemd").mkdir(parents=True)
    (root / "usr/lib/systemd/libsystemd-shared-252.so").write_text("")
    result = run(
        processes=[
            {"name": "jobmanager", "unit": "flink-jobmanager.service", "pid_file": "/nowhere"},
            {"name": "taskmanager-1", "unit": "flink-taskmanager@1.service"},
            {"name": "launched", "pid_file": "/nowhere"},
        ],
        variables=["FLINK_HOME"],
    )
    assert result["systemd"] == 252
    assert result["processes"]["jobmanager"] == {
        "state": "running",
        "enabled": True,
        "needs_reload": False,
        "pid": pid,
        "restarts": 0,
        "environment": {"FLINK_HOME": "/opt/flink"},
        "command_line": ["java", "-Xmx1g"],
        "ports": [],
    }
    assert result["processes"]["taskmanager-1"]["state"] == "stopped"
    assert result["processes"]["launched"]["state"] == "stopped"
    assert (root / "calls").read_text() == "x\n"


def test_units_with_a_line(root: Path, run: Run) -> None:
    units = {
        "b.service": "[Service]\nEnvironmentFile=/etc/flink/jobmanager.env\n",
        "a@.service": "EnvironmentFile=/etc/flink/taskmanager-1.env",
        "comment.service": "# EnvironmentFile=/etc/flink/jobmanager.env\n",
        "longer.service": "EnvironmentFile=/etc/flink/jobmanager.env.old\n",
        "other.timer": "EnvironmentFile=/etc/flink/jobmanager.env\n",
    }
    place = root / "etc/systemd/system"
    (place / "drop.service").mkdir(parents=True)
    (place / "lost.service").symlink_to("nowhere")
    for name, text in units.items():
        (place / name).write_text(text)
    result = run(unit_pattern=r"EnvironmentFile=/etc/flink/(jobmanager|taskmanager-\d+)\.env")
    assert result["matching_units"] == ["a@.service", "b.service"]


def test_names_that_are_no_text_do_not_break_the_answer(root: Path, tmp_path: Path, run: Run) -> None:
    """As any user of the host can make them."""
    odd = os.fsdecode(b"odd\xff")
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / odd).write_text("A=1\n")
    (tmp_path / "link").symlink_to(odd)
    (root / "proc/7").mkdir()
    (root / "proc/7/environ").write_bytes(b"A=/x\xff\0")
    names, link = str(tmp_path / "names"), str(tmp_path / "link")
    found = run(
        directories=[names],
        marks=[{"directory": names, "pattern": "A=1"}],
        links=[link],
        places=[{"path": link}],
        environment=["A"],
    )
    assert (found["files"][names], found["marked_files"][names]) == (["odd\ufffd"], ["odd\ufffd"])
    assert (found["links"][link], found["places"][link]["real"]) == ("odd\ufffd", f"{tmp_path}/odd\ufffd")
    assert found["environments"] == [{"A": "/x\ufffd"}]


def test_places(tmp_path: Path, run: Run) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    there, new = str(tmp_path / "there"), str(tmp_path / "link/new")
    assert run(places=[{"path": there}, {"path": new, "owner": "root"}])["places"] == {
        there: {"real": there, "obstacle": None, "rights": "rwx"},
        new: {"real": str(tmp_path / "elsewhere/new"), "obstacle": None, "rights": None},
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="owners are changed by root alone")
def test_a_directory_that_stays_as_it_is_is_no_obstacle(tmp_path: Path, run: Run) -> None:
    (tmp_path / "of_user").mkdir()
    os.chown(tmp_path / "of_user", 1234, 1234)
    path = str(tmp_path / "of_user")
    assert run(places=[{"path": path, "owner": "root"}])["places"][path]["obstacle"] is None
    obstacle = run(places=[{"path": path}])["places"][path]["obstacle"]
    assert obstacle.startswith(f"{path} belongs to user 1234, who could replace what root writes there.")


def test_a_pattern_that_is_none(run: Run) -> None:
    result = run(unit_pattern="(")
    assert result["msg"].startswith(
        "unit_pattern, marks: expected regular expressions, got '(': missing ), unterminated subpattern"
    )


def test_systemd_is_asked_for_its_version_if_no_file_tells_it(root: Path, no_programs: Path, run: Run) -> None:
    boot_systemd(root, no_programs, "echo 'systemd 239 (239-82.el8)'; echo '+PAM'")
    assert run()["systemd"] == 239


def test_the_memory_is_that_of_the_slice(root: Path, no_programs: Path, run: Run) -> None:
    boot_systemd(root, no_programs, "[ \"$1\" = --version ] || exit 1; echo 'systemd 252'")
    limits = {name: run(slice=name)["memory"]["effective"] for name in ("system.slice", "")}
    assert limits == {"system.slice": 512 * 1024**2, "": 1024**3}
    assert run()["memory"]["limited_by"] == "slice system.slice"


def test_memory_that_cannot_be_told(root: Path, run: Run) -> None:
    (root / "proc/meminfo").unlink()
    result = run()
    assert result["failed"] is True
    assert result["msg"] == f"{root}/proc/meminfo: expected it to tell the memory of the host, got no such file."


def test_systemd_that_does_not_answer(root: Path, no_programs: Path, run: Run) -> None:
    boot_systemd(root, no_programs, "[ \"$1\" = --version ] && echo 'systemd 252' && exit; echo no bus >&2; exit 1")
    result = run(processes=[{"name": "jobmanager", "unit": "flink-jobmanager.service"}])
    assert result["failed"] is True
    assert result["msg"] == "systemctl show: expected code 0, got 1: no bus"


def test_without_systemd_the_pid_file_counts(root: Path, tmp_path: Path, run: Run) -> None:
    pid = of_this_process(root)
    stat = Path("/proc/self/stat").read_text()
    (root / "proc" / str(pid) / "stat").write_text(stat)
    (tmp_path / "pid").write_text(f"{pid} {stat.rpartition(')')[2].split()[19]}\n")
    result = run(
        processes=[{"name": "jobmanager", "unit": "flink-jobmanager.service", "pid_file": str(tmp_path / "pid")}],
        variables=["FLINK_HOME"],
    )
    assert result["systemd"] is None
    assert result["processes"]["jobmanager"]["state"] == "running"
    assert result["processes"]["jobmanager"]["environment"] == {"FLINK_HOME": "/opt/flink"}
    assert "SECRET" not in json.dumps(result)


def test_the_examples_are_accepted(run: Run) -> None:
    (args,) = [
        task["streamops.flink.host_info"]
        for task in yaml.safe_load(host_info.EXAMPLES)
        if "streamops.flink.host_info" in task
    ]
    args["processes"] = [{**process, "unit": None} for process in args["processes"]]
    assert run(**args)["changed"] is False


def test_the_result_is_as_documented(run: Run) -> None:
    returned = yaml.safe_load(host_info.RETURN)
    user = pwd.getpwuid(os.geteuid()).pw_name
    result = run(user=user, processes=[{"name": "taskmanager-1"}])
    assert set(returned) == set(result) - {"changed", "invocation"}
    for name in ("os", "release"):
        assert set(returned[name]["contains"]) == set(result[name])
    for name in ("ansible_user", "user"):
        assert set(returned[name]["sample"]) == set(result[name])
    assert set(returned["processes"]["sample"]["taskmanager-1"]) == set(result["processes"]["taskmanager-1"])
