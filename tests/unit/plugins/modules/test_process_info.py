# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import pwd
import time
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import readings
from ansible_collections.streamops.flink.plugins.modules import process_info

Run = t.Callable[..., "dict[str, t.Any]"]

SAMPLE = Path(__file__).parents[1] / "module_utils/_flink/observation/samples/G1.hsperfdata"
UNIT = "flink-taskmanager@1.service"
OTHER = "blue-taskmanager@1.service"
UID, USER = os.geteuid(), pwd.getpwuid(os.geteuid()).pw_name
# The process began 40 seconds after the boot, which was when the JVM of the sample began.
BOOT, BORN, TICKS = 1795792888, 40, os.sysconf("SC_CLK_TCK")
CGROUP = f"/flink.slice/{UNIT}"
V2 = {
    "proc/126/cgroup": f"0::{CGROUP}\n",
    "proc/1/cgroup": "0::/init.scope\n",
    "proc/self/cgroup": "0::/user.slice\n",
    "proc/self/mountinfo": "30 24 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
    "sys/fs/cgroup/flink.slice/memory.stat": "anon 300\nfile 200\nkernel 100\n",
    "sys/fs/cgroup/flink.slice/memory.events": "max 9\noom_kill 2\n",
    f"sys/fs/cgroup{CGROUP}/memory.stat": "anon 30\nfile 20\nkernel 10\n",
    f"sys/fs/cgroup{CGROUP}/memory.max": "805306368\n",
    f"sys/fs/cgroup{CGROUP}/memory.events": "max 3\noom_kill 0\n",
    f"sys/fs/cgroup{CGROUP}/memory.swap.current": "0\n",
    f"sys/fs/cgroup{CGROUP}/pids.current": "98\n",
    f"sys/fs/cgroup{CGROUP}/pids.max": "4915\n",
}
V1 = {
    "proc/126/cgroup": f"4:memory:{CGROUP}\n3:pids:{CGROUP}\n0::/\n",
    "proc/1/cgroup": "4:memory:/init.scope\n3:pids:/init.scope\n",
    "proc/self/cgroup": "4:memory:/user.slice\n3:pids:/user.slice\n",
    "proc/self/mountinfo": (
        "32 24 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
        "33 24 0:28 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
    ),
    "sys/fs/cgroup/memory/flink.slice/memory.oom_control": "oom_kill 0\n",
    f"sys/fs/cgroup/memory{CGROUP}/memory.stat": "total_rss 30\ntotal_cache 20\ntotal_swap 0\n",
    f"sys/fs/cgroup/memory{CGROUP}/memory.limit_in_bytes": "805306368\n",
    f"sys/fs/cgroup/memory{CGROUP}/memory.failcnt": "3\n",
    f"sys/fs/cgroup/memory{CGROUP}/memory.oom_control": "oom_kill 0\n",
    f"sys/fs/cgroup/memory{CGROUP}/memory.kmem.usage_in_bytes": "10\n",
    f"sys/fs/cgroup/pids{CGROUP}/pids.current": "98\n",
    f"sys/fs/cgroup/pids{CGROUP}/pids.max": "4915\n",
}
FILES = {
    "proc/meminfo": "MemTotal:  8388608 kB\nMemFree: 1 kB\nMemAvailable:  4194304 kB\n",
    "proc/stat": f"cpu  1 2 3\nbtime {BOOT}\nprocesses 9\n",
    "proc/126/stat": f"126 (java) S 1 126 126 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 {BORN * TICKS} 0 0\n",
    "proc/126/status": (
        f"Name:\tjava\nUid:\t{UID}\t{UID}\t{UID}\t{UID}\nNSpid:\t126\nVmHWM:\t500 kB\nVmRSS:\t400 kB\n"
        "RssAnon:\t300 kB\nRssFile:\t100 kB\nThreads:\t98\n"
    ),
}
SHOWN = {
    "Id": UNIT,
    "LoadState": "loaded",
    "ActiveState": "active",
    "SubState": "running",
    "MainPID": "126",
    "Result": "success",
    "ExecMainCode": "0",
    "ExecMainStatus": "0",
    "NRestarts": "2",
    "MemoryMax": "805306368",
    "TasksMax": "4915",
}
NOW = int(time.time())
LINE = {
    "MESSAGE": "Terminating due to java.lang.OutOfMemoryError: Java heap space",
    "_SYSTEMD_UNIT": UNIT,
    "_PID": "99",
    "_SYSTEMD_INVOCATION_ID": "1f",
    "__REALTIME_TIMESTAMP": f"{NOW - 60}000000",
}
EXIT = {
    "MESSAGE_ID": "98e322203f7a4ed290d09fe03c09fe15",
    "UNIT": UNIT,
    "_PID": "1",
    "EXIT_CODE": "exited",
    "EXIT_STATUS": "3",
    "INVOCATION_ID": "1f",
    "__REALTIME_TIMESTAMP": f"{NOW - 59}000000",
}
KERNEL = [
    "Source: Sequenc invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
    f"oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg={CGROUP},task_memcg={CGROUP},task=java,pid=99,uid=0",
    "Memory cgroup out of memory: Killed process 99 (java) total-vm:9kB, anon-rss:782564kB, file-rss:23272kB, x",
]
KILLED = [{"MESSAGE": line, "__REALTIME_TIMESTAMP": f"{NOW - 50}000000"} for line in KERNEL]
PROCESS = {"name": "taskmanager-1", "unit": UNIT}


class Host:
    """A host that is made of files and of scripts in place of programs."""

    def __init__(self, root: Path) -> None:
        self.root, self.logs, self._programs = root, root / "var/log/flink", root.parent / "bin"
        for directory in (self.logs, self._programs, root / "run/systemd/system"):
            directory.mkdir(parents=True)
        self.write(FILES)
        self.write(V2)
        counters = self.root / f"proc/126/root/tmp/hsperfdata_{USER}/126"
        counters.parent.mkdir(parents=True)
        counters.write_bytes(SAMPLE.read_bytes())
        self.answer("systemctl", "".join(f"{key}={value}\n" for key, value in SHOWN.items()))
        self.journal()
        self.answer("dmesg", "[    0.000000] Linux version 6.18\n")

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def answer(self, program: str, output: str, script: str = "") -> None:
        """A program that prints this and then does something, having noted what it was asked."""
        path = self._programs / program
        path.with_suffix(".out").write_text(output)
        path.write_text(f'#!/bin/sh\necho "$@" >>{path}.asked\n/bin/cat {path}.out\n{script}\n')
        path.chmod(0o755)

    def journal(self, *entries: dict[str, str], kernel: t.Sequence[dict[str, str]] = ()) -> None:
        """A journal with these entries of units, and these of the kernel."""
        of_kernel = self._programs / "kernel.out"
        of_kernel.write_text(lines(kernel))
        path = self._programs / "journalctl"
        path.with_suffix(".out").write_text(lines(entries))
        path.write_text(
            f'#!/bin/sh\necho "$@" >>{path}.asked\n'
            f'case "$*" in *_TRANSPORT=kernel) /bin/cat {of_kernel} ;; *) /bin/cat {path}.out ;; esac\n'
        )
        path.chmod(0o755)

    def asked(self, program: str) -> list[str]:
        path = self._programs / f"{program}.asked"
        return path.read_text().splitlines() if path.exists() else []

    def without(self, program: str) -> None:
        (self._programs / program).unlink()

    def without_systemd(self) -> None:
        (self.root / "run/systemd/system").rmdir()
        (self.root / "run/flink").mkdir()
        self.write({"run/flink/taskmanager-1.pid": f"126 {BORN * TICKS}\n"})


def lines(entries: t.Sequence[dict[str, str]]) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in reversed(entries))


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A TaskManager that runs, and nothing to tell of it."""
    host = Host(tmp_path / "root")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(process_info, "_ROOT", tmp_path / "root")
    return host


@pytest.fixture
def look(host: Host, run: Run) -> Run:
    """Look at it."""

    def look(**options: t.Any) -> dict[str, t.Any]:
        pid_file = str(host.root / "run/flink/taskmanager-1.pid")
        given = {"processes": [{**PROCESS, "pid_file": pid_file}], "log_directory": str(host.logs), **options}
        result = run(**{"slice": "flink.slice", **given})
        result.pop("invocation", None)
        return result

    return look


def test_a_process_that_runs(host: Host, look: Run) -> None:
    before = int(time.time())
    result = look(_ansible_check_mode=True)
    top = host.root / "sys/fs/cgroup"
    assert before <= result["time"] <= time.time()
    assert result == {
        "changed": False,
        "time": result["time"],
        "since": result["time"] - 24 * 3600,
        "memory_total": 8 * 1024**3,
        "memory_available": 4 * 1024**3,
        "processes": [
            {
                "name": "taskmanager-1",
                "kind": "taskmanager",
                "unit": UNIT,
                "state": "running",
                "pid": 126,
                "started": BOOT + BORN,
                "configured": None,
                "sizes": {},
                "memory": {
                    "rss": 409600,
                    "peak": 512000,
                    "anonymous": 307200,
                    "file": 102400,
                    "swap": 0,
                    "threads": 98,
                    "source": "/proc/126/status",
                },
                "heap": {
                    "old_used": 10458112,
                    "old_max": 67108872,
                    "young_collections": 9,
                    "young_time": 31,
                    "full_collections": 0,
                    "full_time": 0,
                    "concurrent_collections": 0,
                    "concurrent_time": 0,
                    "cause": "G1 Evacuation Pause",
                    "source": f"/proc/126/root/tmp/hsperfdata_{USER}/126",
                },
                "cgroup": {
                    "path": CGROUP,
                    "version": 2,
                    "limit": 805306368,
                    "anonymous": 30,
                    "file": 20,
                    "kernel": 10,
                    "swap": 0,
                    "limit_hits": 3,
                    "oom_kills": 0,
                    "pids": 98,
                    "pids_limit": 4915,
                    "source": f"{top}{CGROUP}",
                },
                "service": {
                    "result": "success",
                    "code": None,
                    "status": None,
                    "restarts": 2,
                    "memory_limit": 805306368,
                    "tasks_limit": 4915,
                    "source": f"systemctl show {UNIT}",
                },
                "unknown": [],
            }
        ],
        "exits": [],
        "kills": [],
        "messages": [],
        "slice": {
            "path": "/flink.slice",
            "version": 2,
            "limit": None,
            "anonymous": 300,
            "file": 200,
            "kernel": 100,
            "swap": None,
            "limit_hits": 9,
            "oom_kills": 2,
            "pids": None,
            "pids_limit": None,
            "source": f"{top}/flink.slice",
        },
        "unknown": [],
    }


def test_version_1_of_cgroups(host: Host, look: Run) -> None:
    host.write(V1)
    result = look()
    found = result["processes"][0]["cgroup"]
    names = ("version", "limit", "anonymous", "file", "kernel", "limit_hits", "oom_kills", "pids", "pids_limit")
    assert [found[name] for name in names] == [1, 805306368, 30, 20, 10, 3, 0, 98, 4915]
    assert (result["slice"]["version"], result["slice"]["oom_kills"]) == (1, None)


def test_a_process_that_was_killed(host: Host, look: Run) -> None:
    shown = {**SHOWN, "ActiveState": "failed", "SubState": "failed", "MainPID": "0", "Result": "oom-kill"}
    shown.update(ExecMainCode="2", ExecMainStatus="9")
    host.answer("systemctl", "".join(f"{key}={value}\n" for key, value in shown.items()))
    host.journal(
        LINE,
        EXIT,
        {**EXIT, "MESSAGE_ID": "d9b373ed55a64feb8242e02dbe79a49c", "UNIT_RESULT": "exit-code"},
        {**LINE, "_SYSTEMD_UNIT": OTHER},
        {**EXIT, "UNIT": OTHER},
        kernel=[*KILLED, *({**entry, "MESSAGE": entry["MESSAGE"].replace(UNIT, OTHER)} for entry in KILLED)],
    )
    result = look()
    process = result["processes"][0]
    assert (process["state"], process["pid"], process["memory"], process["heap"], process["cgroup"]) == (
        *("failed", None, None, None, None),
    )
    assert (process["service"]["code"], process["service"]["status"]) == ("killed", 9)
    ((exit_,), (kill,), (message,)) = result["exits"], result["kills"], result["messages"]
    assert exit_ == {
        "process": "taskmanager-1",
        "time": NOW - 59,
        "pid": 99,
        "code": "exited",
        "status": 3,
        "result": "exit-code",
        "source": f"journal of {UNIT}",
    }
    assert (kill["time"], kill["thread"], kill["cgroup"]) == (NOW - 50, "Source: Sequenc", CGROUP)
    assert kill["anonymous"] == 782564 * 1024
    assert (message["process"], message["time"], message["code"]) == ("taskmanager-1", NOW - 60, "exit-on-oom")
    assert message["source"] == f"journal of {UNIT}"
    assert result["unknown"] == process["unknown"] == []


def test_a_slice_without_a_cgroup(look: Run) -> None:
    result = look(slice="other.slice")
    assert result["slice"] is None
    assert result["unknown"] == ["No cgroup of other.slice is visible that counts memory."]


def test_the_slice_of_all(host: Host, look: Run) -> None:
    host.write({"sys/fs/cgroup/memory.stat": "anon 9\n"})
    assert look(slice="-.slice")["slice"]["anonymous"] == 9


def test_what_is_asked_of_programs(host: Host, look: Run) -> None:
    processes = [PROCESS, {"name": "jobmanager", "unit": "flink-jobmanager.service"}, {"name": "taskmanager-2"}]
    result = look(processes=processes, hours=2)
    (shown,) = host.asked("systemctl")
    assert shown.endswith(f"-- {UNIT} flink-jobmanager.service")
    # Both at once, so either may be the first.
    units, kernel = sorted(host.asked("journalctl"), key=lambda command: "--unit=" not in command)
    assert units.endswith(f"--unit={UNIT} --unit=flink-jobmanager.service")
    assert f"--since=@{result['time'] - 7200} " in units
    assert kernel.endswith(" _TRANSPORT=kernel")
    assert "No unit runs taskmanager-2: nothing records how it ends." in result["unknown"]


def stamp(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S,000", time.localtime(seconds))


def test_what_logs_tell(host: Host, look: Run) -> None:
    error = "java.lang.OutOfMemoryError: Java heap space"
    (host.logs / "taskmanager-1.log").write_text(
        f"{stamp(NOW - 90000)} WARN  Task 1 {error}\n{stamp(NOW - 100)} WARN  Task switched\n{error}\n\tat x\n"
        f"{stamp(NOW - 50)} INFO  Task \x1b[2J switched\n{error}\n{stamp(NOW - 40)} INFO  Task switched\n{error}\n"
    )
    (host.logs / "taskmanager-1.out").write_text(f"Terminating due to {error}\n")
    (host.logs / "taskmanager-2.log").write_text(f"{stamp(NOW)} {error}\n")
    result = look()
    assert [(message["time"], message["count"], message["source"]) for message in result["messages"]] == [
        (None, 1, f"{host.logs}/taskmanager-1.out"),
        (NOW - 100, 1, f"{host.logs}/taskmanager-1.log"),
        (NOW - 40, 2, f"{host.logs}/taskmanager-1.log"),
    ]
    assert result["unknown"] == []


def test_control_characters(host: Host, look: Run) -> None:
    (host.logs / "taskmanager-1.log").write_bytes(
        f"{stamp(NOW)} Terminating due to java.lang.OutOfMemoryError: Java heap space\x1b[2J".encode() + b"\xff\n"
    )
    host.journal(kernel=[{**entry, "MESSAGE": entry["MESSAGE"].replace("Sequ", "\x1b[2J")} for entry in KILLED])
    result = look()
    assert "\x1b" not in json.dumps(result, ensure_ascii=False)
    assert result["messages"][0]["text"].endswith(r"Java heap space\x1b[2J\xff")
    assert result["kills"][0]["thread"] == r"Source: \x1b[2Jenc"


def test_a_log_without_end(host: Host, look: Run) -> None:
    line = f"{stamp(NOW - 10)} INFO  x\n"
    with (host.logs / "taskmanager-1.log").open("wb") as file:
        file.truncate(2**40)
        file.seek(0, os.SEEK_END)
        file.write(b"\n" + line.encode() * 3)
    (told,) = look()["unknown"]
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW - 10))
    assert told == f"{host.logs}/taskmanager-1.log is long: only its end was read, from {when} on."


def test_too_many_messages(host: Host, look: Run) -> None:
    error = "java.lang.OutOfMemoryError: Java heap space"
    text = "".join(f"{stamp(NOW - 10)} {error} {'x' * length}\n" for length in range(53))
    (host.logs / "taskmanager-1.log").write_text(text)
    result = look()
    assert len(result["messages"]) == 50
    assert result["unknown"] == ["3 lines that tell of failures are left out."]


def test_a_host_without_systemd(host: Host, look: Run) -> None:
    host.without_systemd()
    host.answer("dmesg", "\n".join(f"[{time.clock_gettime(time.CLOCK_MONOTONIC):f}] {line}" for line in KERNEL))
    result = look()
    (process,) = result["processes"]
    assert (process["state"], process["pid"], process["unit"], process["service"]) == ("running", 126, None, None)
    assert process["heap"]["young_collections"] == 9
    # The line tells of a unit, which no process of this host has.
    assert (result["slice"], result["kills"], result["exits"]) == (None, [], [])
    assert result["unknown"] == ["No unit runs taskmanager-1: nothing records how it ends."]
    assert host.asked("journalctl") == host.asked("systemctl") == []


def test_the_kernel_log_where_the_journal_has_none(host: Host, look: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    uptime = 90000
    monkeypatch.setattr(time, "clock_gettime", lambda _clock: uptime)
    host.answer("dmesg", "\n".join(f"[{uptime:f}] {line}" for line in KERNEL))
    before = int(time.time())
    (kill,) = look()["kills"]
    assert (kill["pid"], kill["source"]) == (99, "kernel log")
    assert before <= kill["time"] <= time.time()
    host.answer("dmesg", "\n".join(f"[{uptime - 7300:f}] {line}" for line in KERNEL))
    assert look(hours=2)["kills"] == []


def no_systemctl(host: Host) -> None:
    host.without("systemctl")


def failing_systemctl(host: Host) -> None:
    host.answer("systemctl", "", "echo 'Failed to connect to bus' >&2; exit 1")


def no_journal(host: Host) -> None:
    host.without("journalctl")


def hidden_journal(host: Host) -> None:
    host.answer("journalctl", "", "printf 'Hint: You are \\033currently not seeing messages\\nmore' >&2")


def failing_journal(host: Host) -> None:
    host.answer("journalctl", lines([LINE]), "echo 'Failed to open files' >&2; exit 1")


def long_journal(host: Host) -> None:
    host.answer("journalctl", lines([LINE]) * 20_000, "/bin/sleep 99")


def no_dmesg(host: Host) -> None:
    host.without("dmesg")


def hidden_kernel_log(host: Host) -> None:
    host.answer("dmesg", "", "echo 'dmesg: read kernel buffer failed: Operation not permitted' >&2; exit 1")


def no_log_directory(host: Host) -> None:
    host.logs.rmdir()


def link_as_log(host: Host) -> None:
    (host.logs / "taskmanager-1.log").symlink_to("/etc/passwd")


def other_zone(host: Host) -> None:
    (host.logs / "taskmanager-1.log").write_text(f"{stamp(NOW + 7200)} java.lang.OutOfMemoryError: Java heap space\n")


# What is wrong with a host, and the sentence about it.
HOSTS: dict[str, tuple[t.Callable[[Host], object], str]] = {
    "no systemctl": (no_systemctl, "systemctl: expected it to run, got [Errno 2] No such file or directory: "),
    "a systemctl that fails": (failing_systemctl, "systemctl show: expected code 0, got 1: Failed to connect to bus"),
    "no journalctl": (no_journal, "The journal cannot be read: No such file or directory."),
    "no right to the journal": (
        hidden_journal,
        r"The journal cannot be read: Hint: You are \x1bcurrently not seeing messages",
    ),
    "a journal that cannot be opened": (failing_journal, "The journal cannot be read: Failed to open files"),
    "a long journal": (long_journal, "The journal is long: only its last 4 MiB was read, from 20"),
    "no dmesg": (no_dmesg, "The kernel log cannot be read: No such file or directory."),
    "no right to the kernel log": (
        hidden_kernel_log,
        "The kernel log cannot be read: dmesg: read kernel buffer failed: Operation not permitted",
    ),
    "no directory of logs": (no_log_directory, "/log/flink cannot be read: No such file or directory."),
    "a link as log": (link_as_log, "/log/flink/taskmanager-1.log is not read: It is a link."),
    "another time zone": (other_zone, "Logs tell of times to come: a clock was set, or a process has another time"),
}


@pytest.mark.parametrize(("spoil", "sentence"), HOSTS.values(), ids=HOSTS)
def test_what_is_not_known(spoil: t.Callable[[Host], object], sentence: str, host: Host, look: Run) -> None:
    spoil(host)
    result = look()
    assert "failed" not in result
    assert len([told for told in result["unknown"] if sentence in told]) == 1


def no_status(host: Host) -> None:
    (host.root / "proc/126/status").unlink()


def no_stat(host: Host) -> None:
    (host.root / "proc/126/stat").unlink()


def no_counters(host: Host) -> None:
    (host.root / f"proc/126/root/tmp/hsperfdata_{USER}/126").unlink()


def hostile_counters(host: Host) -> None:
    (host.root / f"proc/126/root/tmp/hsperfdata_{USER}/126").write_bytes(b"x" * 9999)


def link_as_counters(host: Host) -> None:
    no_counters(host)
    (host.root / f"proc/126/root/tmp/hsperfdata_{USER}/126").symlink_to("/etc/passwd")


def no_cgroup(host: Host) -> None:
    (host.root / "proc/126/cgroup").unlink()


def cgroup_of_container(host: Host) -> None:
    host.write({**V1, "proc/126/cgroup": "4:memory:/\n3:pids:/\n0::/\n"})


def no_unit(host: Host) -> None:
    host.answer("systemctl", f"Id={UNIT}\nLoadState=not-found\nActiveState=inactive\nSubState=dead\nMainPID=0\n")


# What is wrong with a process, and the sentence about it.
PROCESSES: dict[str, tuple[t.Callable[[Host], object], str]] = {
    "no status": (no_status, "/proc/126/status says nothing of its memory."),
    "it is gone": (no_stat, "It ended while it was looked at, or process 126 is hidden."),
    "its JVM does not count": (
        no_counters,
        "Its JVM keeps no hsperfdata: -XX:-UsePerfData or -XX:+PerfDisableSharedMem may be set.",
    ),
    "its counters are none": (hostile_counters, "Its hsperfdata is none of a JVM."),
    "its counters are a link": (
        link_as_counters,
        "Its hsperfdata cannot be read: It is a link, or in a directory that is none.",
    ),
    "its cgroup is hidden": (no_cgroup, "No cgroup of its own is visible that counts memory."),
    "systemd in a container counts no memory": (
        cgroup_of_container,
        "No cgroup of its own is visible that counts memory.",
    ),
    "its unit is not there": (no_unit, f"systemd has no unit {UNIT}."),
}


@pytest.mark.parametrize(("spoil", "sentence"), PROCESSES.values(), ids=PROCESSES)
def test_what_is_not_known_of_a_process(
    spoil: t.Callable[[Host], object], sentence: str, host: Host, look: Run
) -> None:
    spoil(host)
    (process,) = look()["processes"]
    assert sentence in process["unknown"]


def test_another_process_with_the_same_id(host: Host, look: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    births = iter(["1", "2"])
    monkeypatch.setattr(process_info, "birth", lambda *_words: next(births))
    (process,) = look()["processes"]
    assert process["unknown"] == ["It ended while it was looked at."]
    assert (process["memory"], process["heap"], process["cgroup"]) == (None, None, None)


@pytest.mark.usefixtures("host")
def test_without_anything_to_read(run: Run) -> None:
    result = run(processes=[])
    assert (result["processes"], result["messages"], result["slice"]) == ([], [], None)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({"processes": [{"name": "../x"}]}, "processes: expected names such as taskmanager-1, got '../x'."),
        (
            {"processes": [{"name": "x", "unit": "a b"}]},
            "processes: expected units such as flink-jobmanager.service, got 'a b'.",
        ),
        ({"slice": "flink"}, "slice: expected the name of a slice such as flink.slice, got 'flink'."),
        ({"slice": "../x.slice"}, "slice: expected the name of a slice such as flink.slice, got '../x.slice'."),
        ({"hours": 0}, "hours: expected a number from 1 to 720, got 0."),
        ({"hours": 721}, "hours: expected a number from 1 to 720, got 721."),
    ],
    ids=["a path as a name", "no unit", "no slice", "a path as a slice", "no time", "too long a time"],
)
def test_refused(args: dict[str, t.Any], message: str, look: Run) -> None:
    assert look(**args)["msg"] == message


@pytest.mark.usefixtures("host")
def test_the_result_is_as_documented_and_as_its_shape(look: Run) -> None:
    returned, result = yaml.safe_load(process_info.RETURN), look()
    assert set(returned) == set(result) - {"changed"} == set(readings.HostReading.__annotations__)
    assert set(returned["processes"]["contains"]) == set(readings.ProcessReading.__annotations__)
    samples = {
        **{name: returned[name]["sample"][0] for name in ("exits", "kills", "messages")},
        **{name: returned["processes"]["contains"][name]["sample"] for name in ("memory", "heap", "cgroup", "service")},
    }
    shapes = {
        "exits": readings.Exit,
        "kills": readings.Kill,
        "messages": readings.Message,
        "memory": readings.ResidentMemory,
        "heap": readings.HeapReading,
        "cgroup": readings.CgroupReading,
        "service": readings.ServiceReading,
    }
    samples["slice"], shapes["slice"] = returned["slice"]["sample"], readings.CgroupReading
    for name, shape in shapes.items():
        assert set(samples[name]) == set(shape.__annotations__)


def test_this_machine(run: Run) -> None:
    result = run(processes=[], log_directory="/var/log")
    assert 0 < result["memory_available"] <= result["memory_total"]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        pytest.param(
            'FLINK_DYNAMIC_ARGS="-D taskmanager.memory.task.heap.size=1024b -D taskmanager.numberOfTaskSlots=2"\n',
            {"taskmanager.memory.task.heap.size": 1024},
            id="sizes among other options",
        ),
        pytest.param("taskmanager.memory.task.heap.size=1g\nx.taskmanager.memory.a=1bc", {}, id="no sizes"),
        pytest.param(f"taskmanager.memory.a={'9' * 40}b", {}, id="a size without end"),
        pytest.param(None, {}, id="no file"),
    ],
)
def test_which_sizes_a_process_is_given(
    text: str | None, sizes: dict[str, int], host: Host, look: Run, tmp_path: Path
) -> None:
    written = tmp_path / "taskmanager-1.env"
    if text is not None:
        written.write_text(text)
    given = [{**PROCESS, "pid_file": str(tmp_path / "taskmanager-1.pid"), "environment_file": str(written)}]
    (seen,) = look(processes=given)["processes"]
    assert seen["sizes"] == sizes


def test_a_pipe_instead_of_a_file_holds_nobody_up(look: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    pipe = str(tmp_path / "pipe")
    (seen,) = look(processes=[{"name": "taskmanager-1", "pid_file": pipe, "environment_file": pipe}])["processes"]
    assert (seen["state"], seen["sizes"]) == ("stopped", {})


def test_when_a_process_got_its_options(host: Host, look: Run, tmp_path: Path) -> None:
    """What was written after the start is not what it runs with."""
    written = tmp_path / "taskmanager-1.env"
    written.write_text("A=1")
    pid_file = str(tmp_path / "taskmanager-1.pid")
    given = [{**PROCESS, "pid_file": pid_file, "environment_file": str(written)}]
    for time_, expected in ((BOOT + BORN - 60, BOOT + BORN - 60), (BOOT + BORN + 60, None)):
        os.utime(written, (time_, time_))
        (seen,) = look(processes=given)["processes"]
        assert (seen["started"], seen["configured"]) == (BOOT + BORN, expected)
    written.unlink()
    (seen,) = look(processes=given)["processes"]
    assert seen["configured"] is None
