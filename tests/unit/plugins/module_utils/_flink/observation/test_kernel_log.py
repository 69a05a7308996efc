# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.kernel_log import (
    concerns,
    kills,
    lines_since_boot,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import Kill

# As Linux 6.18 wrote it of a TaskManager with a limit of 768m.
DMESG = """\
[ 2197.694745] Source: Sequenc invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
[ 2197.696951] Memory cgroup stats for /flink-test:
[ 2197.729665] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/flink-test,\
task_memcg=/flink-test,task=java,pid=14643,uid=0
[ 2197.729939] Memory cgroup out of memory: Killed process 14643 (java) total-vm:2555868kB, anon-rss:782564kB, \
file-rss:23272kB, shmem-rss:0kB, UID:0 pgtables:1932kB oom_score_adj:0
"""
KILL: Kill = {
    "time": 1002197,
    "pid": 14643,
    "task": "java",
    "thread": "Source: Sequenc",
    "constraint": "CONSTRAINT_MEMCG",
    "cgroup": "/flink-test",
    "limited": "/flink-test",
    "anonymous": 782564 * 1024,
    "file": 23272 * 1024,
    "source": "there",
}
UNIT = "/flink.slice/flink-taskmanager@1.service"
LINUX_4 = f"""\
[ 2197.694745] Source: Sequenc invoked oom-killer: gfp_mask=0xcc0, order=0
[ 2197.729665] Task in {UNIT} killed as a result of limit of /flink.slice
[ 2197.729939] Killed process 14643 (java), UID 0, total-vm:2555868kB, anon-rss:782564kB, file-rss:23272kB
"""
UNKNOWN: t.Any = dict.fromkeys(("thread", "constraint", "cgroup", "limited"))

# Other lines than those, and what differs in what they say.
LINES: dict[str, tuple[str, list[t.Any]]] = {
    "as Linux 6.18 writes it": (DMESG, [KILL]),
    "the machine has no memory left": (
        DMESG.replace(
            "MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/flink-test,task_memcg=/flink-test",
            f"NONE,nodemask=(null),cpuset=/,mems_allowed=0-1,3,global_oom,task_memcg={UNIT}",
        ).replace("Memory cgroup out", "Out"),
        [{**KILL, "constraint": "CONSTRAINT_NONE", "cgroup": UNIT, "limited": None}],
    ),
    "a node has none left, and the kernel no memory cgroups": (
        DMESG.replace("MEMCG", "CPUSET").replace("oom_memcg=/flink-test,task_memcg=/flink-test,", ""),
        [{**KILL, "constraint": "CONSTRAINT_CPUSET", "cgroup": None, "limited": None}],
    ),
    "the limit of the slice was reached": (
        DMESG.replace("oom_memcg=/flink-test,task_memcg=/flink-test", f"oom_memcg=/flink.slice,task_memcg={UNIT}"),
        [{**KILL, "cgroup": UNIT, "limited": "/flink.slice"}],
    ),
    "Linux 4 writes it otherwise": (
        LINUX_4,
        [{**KILL, "constraint": None, "cgroup": UNIT, "limited": "/flink.slice"}],
    ),
    "nothing but the kill is left": (DMESG.splitlines()[-1], [{**KILL, **UNKNOWN}]),
    "another process goes along with it": (
        DMESG + DMESG.splitlines()[-1].replace("14643", "14644").replace("java", "python (x)"),
        [KILL, {**KILL, **UNKNOWN, "pid": 14644, "task": "python (x)"}],
    ),
    "the kernel writes no times": (
        "\n".join(line.partition("] ")[2] for line in DMESG.splitlines()),
        [{**KILL, "time": None}],
    ),
    "nothing was killed": ("[ 2197.694745] java invoked oom-killer: x\n[    0.000000] Linux version 6.18\n", []),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), LINES.values(), ids=LINES)
def test_kills(text: str, expected: list[Kill]) -> None:
    assert kills(lines_since_boot(text, 1_000_000), "there") == expected


@pytest.mark.parametrize(
    "line",
    [
        "oom-kill:constraint=CONSTRAINT_MEMCG" + ",oom_memcg=" * 20_000,
        "oom-kill:constraint=CONSTRAINT_MEMCG" + ",task_memcg=,task=" * 20_000,
        ",task=,pid=1" * 20_000,
        "Killed process 1 (" + "(" * 100_000,
    ],
    ids=["limits", "cgroups", "processes", "names"],
)
@pytest.mark.usefixtures("prompt")
def test_no_line_takes_long(line: str) -> None:
    assert kills([(0, line)], "there") == []


# Where a process was that was killed, its name, and whether it is one of flink-taskmanager@1.service.
OWN = {
    "our unit": (UNIT, "java", True),
    "our unit in a container": (f"/machine.slice/libpod-1{UNIT}", "java", True),
    "a process below our unit": (f"{UNIT}/child", "python", True),
    "the unit of another cluster": ("/flink.slice/blue-taskmanager@1.service", "java", False),
    "a unit of ours within one of another": ("/a.service/flink-taskmanager@1.service", "java", True),
    "Java without a unit": ("/user.slice/session-1.scope", "java", True),
    "Java that somebody started": ("/user.slice/user-0.slice/user@0.service/app.slice", "java", True),
    "Java that Ansible started": ("/system.slice/sshd.service", "java", True),
    "Java of which nothing is known": (None, "java", True),
    "something else without a unit": ("/user.slice/session-1.scope", "cc1plus", False),
}


@pytest.mark.parametrize(("cgroup", "task", "expected"), OWN.values(), ids=OWN)
def test_only_kills_of_our_processes_concern_us(cgroup: str | None, task: str, expected: bool) -> None:
    kill: Kill = {**KILL, "cgroup": cgroup, "task": task}
    assert concerns(kill, {"flink-taskmanager@1.service"}) is expected
    assert concerns({**kill, "constraint": "CONSTRAINT_NONE"}, {"flink-taskmanager@1.service"})


CONTAINER = "/machine.slice/libpod-1"
# Where a process was that was killed, and whether it is in the container that is the host.
SIBLINGS = {
    "our unit in our container": (f"{CONTAINER}{UNIT}", True),
    "a unit of the same name in another one": (f"/machine.slice/libpod-12{UNIT}", False),
    "a unit of the same name on the machine": (UNIT, False),
    "Java of another container": ("/machine.slice/libpod-2/user.slice/session-1.scope", False),
    "where it was is not known": (None, True),
}


@pytest.mark.parametrize(("cgroup", "expected"), SIBLINGS.values(), ids=SIBLINGS)
def test_kills_in_other_containers_are_told_by_the_same_kernel(cgroup: str | None, expected: bool) -> None:
    kill: Kill = {**KILL, "cgroup": cgroup, "constraint": "CONSTRAINT_MEMCG"}
    assert concerns(kill, {"flink-taskmanager@1.service"}, CONTAINER) is expected
    assert concerns({**kill, "constraint": "CONSTRAINT_NONE"}, {"flink-taskmanager@1.service"}, CONTAINER)
