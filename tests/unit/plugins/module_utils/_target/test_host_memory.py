# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import os
import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.host_memory import host_memory
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import HostError

if t.TYPE_CHECKING:
    from pathlib import Path

GIB = 1024**3
KIB_OF_64_GIB = 64 * 1024**2
NO_LIMIT = 2**63 - 4096

V2 = "30 24 0:25 {top} /sys/fs/cgroup rw,nosuid shared:8 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "32 24 0:27 {top} /sys/fs/cgroup/memory rw,nosuid shared:10 - cgroup cgroup rw,memory\n"
CPU = "31 24 0:26 {top} /sys/fs/cgroup/cpu rw,nosuid shared:9 - cgroup cgroup rw,cpu\n"
UNIFIED = "42 31 0:37 {top} /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"

SESSION = "/user.slice/user-1000.slice/session-3.scope"
BOX = "/machine.slice/libpod-4f.scope"
LXC = "/lxc.payload.box"


@dataclasses.dataclass(frozen=True)
class Host:
    """A recorded tree, and what it means.

    own, init: /proc/PID/cgroup of Ansible and of systemd, None where systemd does not run
    mounts: the lines of /proc/self/mountinfo that are about cgroups
    meminfo: lines of /proc/meminfo besides MemTotal and SwapTotal
    limits: GiB, or the text of a file, by the path below /sys/fs/cgroup of version 2, memory/ in front for version 1
    asked: what systemctl show prints as MemoryMax of each slice; None where it must not be called
    effective: GiB
    cgroup, slice_: version (name), path, GiB of the limit, its path
    """

    effective: float
    limited_by: str
    own: str = "0::/\n"
    init: str | None = None
    mounts: str = V2.format(top="/")
    physical: int = 64
    meminfo: str = ""
    nodes: t.Mapping[int, str] = dataclasses.field(default_factory=dict)
    limits: t.Mapping[str, float | str] = dataclasses.field(default_factory=dict)
    name: str = "system.slice"
    asked: t.Mapping[str, str] | None = None
    cgroup: tuple[int | None, str | None, float | None, str | None] = (2, "/", None, None)
    slice_: tuple[str, str, float | None, str | None] | None = None
    hugepages: float = 0
    swap: float = 0


def v2_host(effective: float, limited_by: str, **others: t.Any) -> Host:
    """systemd with version 2; we are in a session."""
    given = {"own": f"0::{SESSION}\n", "init": "0::/init.scope\n", "cgroup": (2, SESSION, None, None), **others}
    return Host(effective, limited_by, **given)


def v1_host(effective: float, limited_by: str, **others: t.Any) -> Host:
    """The same with version 1."""
    given = {
        "own": f"11:cpu:/\n4:memory:{SESSION}\n1:name=systemd:{SESSION}\n",
        "init": "11:cpu:/\n4:memory:/init.scope\n1:name=systemd:/init.scope\n",
        "mounts": CPU.format(top="/") + V1.format(top="/"),
        "cgroup": (1, SESSION, None, None),
        **others,
    }
    return Host(effective, limited_by, **given)


NONE_SET = ("system.slice", "/system.slice", None, None)

HOSTS: dict[str, Host] = {
    "no cgroups": Host(64, "physical memory", own="", mounts="", cgroup=(None, None, None, None)),
    "version 2 without systemd": Host(64, "physical memory"),
    "version 2": v2_host(64, "physical memory", limits={"system.slice": "max\n"}, slice_=NONE_SET),
    "version 1": v1_host(64, "physical memory", limits={"memory/system.slice": f"{NO_LIMIT}\n"}, slice_=NONE_SET),
    "version 1, pages of 64k": v1_host(
        64, "physical memory", limits={"memory/system.slice": f"{2**63 - 65536}\n"}, slice_=NONE_SET
    ),
    "the limit of a session does not count": v2_host(
        64,
        "physical memory",
        limits={SESSION: 2, "system.slice": "max\n"},
        cgroup=(2, SESSION, 2, SESSION),
        slice_=NONE_SET,
    ),
    "nor does that of users": v1_host(
        64,
        "physical memory",
        limits={"memory/user.slice": 3, "memory/system.slice": f"{NO_LIMIT}\n"},
        cgroup=(1, SESSION, 3, "/user.slice"),
        slice_=NONE_SET,
    ),
    "it does without a slice": v2_host(
        2, f"cgroup {SESSION}", limits={SESSION: 2, "system.slice": 1}, name="", cgroup=(2, SESSION, 2, SESSION)
    ),
    "and without systemd": Host(
        2, "cgroup /a/b", own="0::/a/b\n", limits={"a/b": 2, "system.slice": 1}, cgroup=(2, "/a/b", 2, "/a/b")
    ),
    "a limit of users without a slice": v2_host(
        3, "slice user.slice", limits={"user.slice": 3}, name="", cgroup=(2, SESSION, 3, "/user.slice")
    ),
    "a slice": v2_host(
        16,
        "slice system.slice",
        limits={"system.slice": 16},
        slice_=("system.slice", "/system.slice", 16, "/system.slice"),
    ),
    "a slice of version 1": v1_host(
        16,
        "slice flink.slice",
        name="flink.slice",
        limits={"memory/flink.slice": 16},
        slice_=("flink.slice", "/flink.slice", 16, "/flink.slice"),
    ),
    "a nested slice": v2_host(
        8,
        "slice a-b.slice",
        name="a-b.slice",
        limits={"a.slice": 16, "a.slice/a-b.slice": 8},
        slice_=("a-b.slice", "/a.slice/a-b.slice", 8, "/a.slice/a-b.slice"),
    ),
    "a slice above": v2_host(
        8,
        "slice a.slice",
        name="a-b.slice",
        limits={"a.slice": 8, "a.slice/a-b.slice": 16},
        slice_=("a-b.slice", "/a.slice/a-b.slice", 8, "/a.slice"),
    ),
    "the root slice": v2_host(64, "physical memory", name="-.slice", slice_=("-.slice", "/", None, None)),
    "a slice larger than the host": v2_host(
        64,
        "physical memory",
        limits={"system.slice": 65},
        slice_=("system.slice", "/system.slice", 65, "/system.slice"),
    ),
    "a slice without units": v2_host(
        4,
        "slice flink.slice",
        name="flink.slice",
        asked={"flink.slice": f"{4 * GIB}"},
        slice_=("flink.slice", "/flink.slice", 4, "/flink.slice"),
    ),
    "a nested slice without units": v2_host(
        4,
        "slice a.slice",
        name="a-b.slice",
        limits={"a.slice": 4},
        asked={"a.slice": f"{4 * GIB}", "a-b.slice": "infinity"},
        slice_=("a-b.slice", "/a.slice/a-b.slice", 4, "/a.slice"),
    ),
    "a slice without units and limits": v2_host(
        64,
        "physical memory",
        name="flink.slice",
        asked={"flink.slice": "infinity"},
        slice_=("flink.slice", "/flink.slice", None, None),
    ),
    "as an old systemd says it": v1_host(
        64, "physical memory", asked={"system.slice": f"{2**64 - 1}"}, slice_=NONE_SET
    ),
    "the limit of version 1 that systemd had at first": v1_host(
        4,
        "slice system.slice",
        asked={"system.slice": f"infinity\nMemoryLimit={4 * GIB}"},
        slice_=("system.slice", "/system.slice", 4, "/system.slice"),
    ),
    "hybrid": v1_host(
        6,
        "slice system.slice",
        own=f"4:memory:{SESSION}\n1:name=systemd:{SESSION}\n0::{SESSION}\n",
        init="4:memory:/\n1:name=systemd:/init.scope\n0::/init.scope\n",
        mounts=V1.format(top="/") + UNIFIED.format(top="/"),
        limits={"memory/system.slice": 6, "unified/system.slice": "max\n"},
        slice_=("system.slice", "/system.slice", 6, "/system.slice"),
    ),
    "hybrid, and systemd does not use memory of version 1": v1_host(
        5,
        "slice system.slice",
        own="4:memory:/\n1:name=systemd:/a\n0::/a\n",
        init="4:memory:/\n1:name=systemd:/init.scope\n0::/init.scope\n",
        mounts=V1.format(top="/") + UNIFIED.format(top="/"),
        limits={"memory": f"{NO_LIMIT}\n", "unified/system.slice": "max\n"},
        asked={"system.slice": f"{5 * GIB}"},
        cgroup=(1, "/", None, None),
        slice_=("system.slice", "/system.slice", 5, "/system.slice"),
    ),
    "hybrid, memory of version 2": Host(
        5,
        "cgroup /a",
        own="3:cpu:/\n0::/a\n",
        mounts=CPU.format(top="/") + UNIFIED.format(top="/"),
        limits={"unified/a": 5},
        cgroup=(2, "/a", 5, "/a"),
    ),
    "docker, version 1, paths of the machine": Host(
        1,
        "cgroup /",
        own="4:memory:/docker/4f\n",
        mounts=V1.format(top="/docker/4f"),
        limits={"memory": 1},
        cgroup=(1, "/", 1, "/"),
    ),
    "podman, version 1, with systemd": v1_host(
        1,
        "cgroup /",
        own=f"4:memory:{BOX}\n1:name=systemd:{BOX}/system.slice/ssh.service\n0::{BOX}\n",
        init=f"4:memory:{BOX}\n1:name=systemd:{BOX}/init.scope\n0::{BOX}/init.scope\n",
        mounts=V1.format(top=BOX) + UNIFIED.format(top="/"),
        limits={"memory": 1},
        asked={"system.slice": "infinity"},
        cgroup=(1, "/", 1, "/"),
        slice_=("system.slice", "/system.slice", 1, "/"),
    ),
    "podman, version 2, own namespace, with systemd": v2_host(
        1,
        "cgroup /",
        own="0::/system.slice/ssh.service\n",
        limits={"": 1, "system.slice": "max\n"},
        cgroup=(2, "/system.slice/ssh.service", 1, "/"),
        slice_=("system.slice", "/system.slice", 1, "/"),
    ),
    "podman, version 2, paths and files of the machine, with systemd": v2_host(
        1,
        f"cgroup {BOX}",
        own=f"0::{BOX}/system.slice/ssh.service\n",
        init=f"0::{BOX}/init.scope\n",
        limits={"system.slice": 9, BOX: 1, f"{BOX}/system.slice": 2},
        cgroup=(2, f"{BOX}/system.slice/ssh.service", 1, BOX),
        slice_=("system.slice", f"{BOX}/system.slice", 1, BOX),
    ),
    "a process of another namespace": v2_host(
        1,
        "cgroup /",
        own="0::/../../system.slice/containerd.service\n",
        limits={"": 1, "system.slice": 2, "system.slice/containerd.service": 0.5},
        cgroup=(2, "/", 1, "/"),
        slice_=("system.slice", "/system.slice", 1, "/"),
    ),
    "a mount of another namespace": Host(
        1,
        "cgroup /b",
        own="0::/../../b\n",
        mounts=V2.format(top="/../.."),
        limits={"b": 1},
        cgroup=(2, "/b", 1, "/b"),
    ),
    "a mount from above": Host(3, "cgroup /", mounts=V2.format(top="/.."), limits={"": 3}, cgroup=(2, "/", 3, "/")),
    "a limit that a container cannot see": Host(
        2,
        "cgroup /",
        own="4:memory:/pods/1/4f\n",
        mounts=V1.format(top="/pods/1/4f"),
        limits={"memory": 4, "memory/memory.stat": f"cache 0\nhierarchical_memory_limit {2 * GIB}\ntotal_rss 1\n"},
        cgroup=(1, "/", 2, "/"),
    ),
    "no limit above either": Host(
        4,
        "cgroup /",
        own="4:memory:/pods/1/4f\n",
        mounts=V1.format(top="/pods/1/4f"),
        limits={"memory": 4, "memory/memory.stat": f"hierarchical_memory_limit {NO_LIMIT}\n"},
        cgroup=(1, "/", 4, "/"),
    ),
    "LXC with lxcfs": v2_host(
        8,
        "cgroup /",
        physical=8,
        own="0::/system.slice/ssh.service\n",
        limits={"": 8, "system.slice": "max\n"},
        cgroup=(2, "/system.slice/ssh.service", 8, "/"),
        slice_=("system.slice", "/system.slice", 8, "/"),
    ),
    "LXC with lxcfs, the limit out of sight": v2_host(
        8, "physical memory", physical=8, limits={"system.slice": "max\n"}, slice_=NONE_SET
    ),
    "LXC with lxcfs, version 1": v1_host(
        8,
        "cgroup /",
        physical=8,
        own=f"4:memory:{LXC}\n",
        init=f"4:memory:{LXC}/init.scope\n",
        mounts=V1.format(top=LXC),
        limits={"memory": 8, "memory/system.slice": f"{NO_LIMIT}\n"},
        cgroup=(1, "/", 8, "/"),
        slice_=("system.slice", "/system.slice", 8, "/"),
    ),
    "LXC with lxcfs, huge pages of the machine": Host(
        8,
        "physical memory",
        physical=8,
        meminfo=f"Hugetlb: {KIB_OF_64_GIB // 2} kB\n",
        nodes={0: f"Node 0 MemTotal: {KIB_OF_64_GIB} kB\n"},
        hugepages=32,
    ),
    "others' processes are hidden": v2_host(
        1,
        "cgroup /",
        init="",
        limits={"": 1, "system.slice": 2},
        cgroup=(2, SESSION, 1, "/"),
        slice_=("system.slice", "/system.slice", 1, "/"),
    ),
    "three limits, the top": Host(
        1, "cgroup /", own="0::/a/b\n", limits={"": 1, "a": 2, "a/b": 3}, cgroup=(2, "/a/b", 1, "/")
    ),
    "three limits, between": Host(
        1, "cgroup /a", own="0::/a/b\n", limits={"": 3, "a": 1, "a/b": 2}, cgroup=(2, "/a/b", 1, "/a")
    ),
    "three limits, the last": Host(
        1, "cgroup /a/b", own="0::/a/b\n", limits={"": 2, "a": 3, "a/b": 1}, cgroup=(2, "/a/b", 1, "/a/b")
    ),
    "equal limits": Host(1, "cgroup /a", own="0::/a/b\n", limits={"a": 1, "a/b": 1}, cgroup=(2, "/a/b", 1, "/a")),
    "huge pages": Host(
        40,
        "physical memory less huge pages",
        meminfo=f"Hugetlb: {24 * 1024**2} kB\nHugepagesize: 2048 kB\n",
        hugepages=24,
    ),
    "huge pages as an old kernel tells": Host(
        56, "physical memory less huge pages", meminfo="HugePages_Total: 4096\nHugepagesize: 2048 kB\n", hugepages=8
    ),
    "huge pages and a limit": Host(
        32,
        "cgroup /a",
        own="0::/a\n",
        meminfo=f"Hugetlb: {24 * 1024**2} kB\n",
        limits={"a": 32},
        cgroup=(2, "/a", 32, "/a"),
        hugepages=24,
    ),
    "swap": Host(64, "physical memory", meminfo="SwapTotal: 1048576 kB\nActive(anon): 12 kB\n", swap=1),
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def make_tree(root: Path, host: Host) -> None:
    write(root / "proc/meminfo", f"MemTotal:       {host.physical * 1024**2} kB\nMemFree: 1 kB\n{host.meminfo}")
    write(root / "proc/self/cgroup", host.own)
    write(root / "proc/self/mountinfo", f"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n{host.mounts}")
    if host.init is not None:
        write(root / "proc/1/cgroup", host.init)
        (root / "run/systemd/system").mkdir(parents=True)
    for path, limit in host.limits.items():
        name = "memory.limit_in_bytes" if path.startswith("memory") else "memory.max"
        text = limit if isinstance(limit, str) else f"{int(limit * GIB)}\n"
        place = root / "sys/fs/cgroup" / path.lstrip("/")
        write(place if path.endswith("memory.stat") else place / name, text)
    for node, text in host.nodes.items():
        write(root / f"sys/devices/system/node/node{node}/meminfo", text)
    if host.nodes:
        write(root / "sys/devices/system/node/online", ",".join(map(str, host.nodes)) + "\n")


def no_programs(command: list[str]) -> tuple[int, str, str]:
    raise AssertionError(command)


class Systemctl:
    """Answers as systemctl does, and counts the calls."""

    def __init__(self, asked: t.Mapping[str, str]) -> None:
        self.asked = asked
        self.calls = 0

    def __call__(self, command: list[str]) -> tuple[int, str, str]:
        self.calls += 1
        names = command[command.index("--") + 1 :]
        assert names == list(self.asked)
        return 0, "\n".join(f"MemoryMax={self.asked[name]}\nId={name}\n" for name in names), ""


def in_gib(size: int | None) -> float | None:
    return None if size is None else size / GIB


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_hosts(host: Host, tmp_path: Path) -> None:
    make_tree(tmp_path, host)
    systemctl = Systemctl(host.asked or {})
    memory = host_memory(tmp_path, host.name, no_programs if host.asked is None else systemctl)
    assert (in_gib(memory["effective"]), memory["limited_by"]) == (host.effective, host.limited_by)
    cgroup, slice_ = memory["cgroup"], memory["slice"]
    assert (cgroup["version"], cgroup["path"], in_gib(cgroup["limit"]), cgroup["limit_path"]) == host.cgroup
    if host.slice_ is None:
        assert slice_ is None
    else:
        assert (slice_["name"], slice_["path"], in_gib(slice_["limit"]), slice_["limit_path"]) == host.slice_
    sizes = {name: in_gib(memory[name]) for name in ("physical", "hugepages", "swap")}
    assert sizes == {"physical": host.physical, "hugepages": host.hugepages, "swap": host.swap}
    assert systemctl.calls == (host.asked is not None)


@pytest.mark.parametrize("size", [4096, 65536])
def test_the_size_of_a_page(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tree(tmp_path, Host(64, ""))
    monkeypatch.setattr(os, "sysconf", {"SC_PAGE_SIZE": size}.__getitem__)
    assert host_memory(tmp_path, "", no_programs)["page_size"] == size


# What nodes say of 2M pages, files of their pools, and how many huge pages that is in MiB.
POOLS: dict[str, tuple[int, dict[str, str], int]] = {
    "none": (0, {"hugepages-2048kB": "0\n"}, 0),
    "two sizes": (1024, {"hugepages-2048kB": "1024\n", "hugepages-1048576kB": "4\n", "odd": "1\n"}, 6144),
    "no pools": (1024, {}, 2048),
}


@pytest.mark.parametrize(("pages", "pools", "mebibytes"), POOLS.values(), ids=POOLS)
def test_two_nodes(pages: int, pools: dict[str, str], mebibytes: int, tmp_path: Path) -> None:
    nodes = {
        0: f"Node 0 MemTotal:       33554432 kB\nNode 0 Active(anon): 1 kB\nNode 0 HugePages_Total:     {pages}\n",
        2: "Node 2 MemTotal:       33554431 kB\n",
    }
    make_tree(tmp_path, Host(64, "", nodes=nodes, meminfo="Hugepagesize: 2048 kB\n"))
    for name, text in pools.items():
        write(tmp_path / "sys/devices/system/node/node0/hugepages" / name / "nr_hugepages", text)
    assert host_memory(tmp_path, "", no_programs)["numa_nodes"] == [
        {"node": 0, "memory": 32 * GIB, "hugepages": mebibytes * 1024**2},
        {"node": 2, "memory": 32 * GIB - 1024, "hugepages": 0},
    ]


# A file, its text (a directory that cannot be read if None), and what is said about it.
IN_A = "sys/fs/cgroup/a"
NODE = "sys/devices/system/node/node0"
BROKEN: dict[str, tuple[str, str | None, str]] = {
    "no MemTotal": ("proc/meminfo", "MemFree: 1 kB\n", ": expected MemTotal in kB, got none."),
    "empty": ("proc/meminfo", "", ": expected MemTotal in kB, got none."),
    "other units": ("proc/meminfo", "MemTotal: 64 GB\n", ": expected MemTotal in kB, got '64 GB'."),
    "no number": ("proc/meminfo", "MemTotal:\n", ": expected MemTotal in kB, got ''."),
    "other digits": ("proc/meminfo", "MemTotal: ٣ kB\n", ": expected MemTotal in kB, got '٣ kB'."),
    "no memory": ("proc/meminfo", "MemTotal: 0 kB\n", ": expected more than 0 kB as MemTotal, got 0."),
    "odd swap": (
        "proc/meminfo",
        "MemTotal: 1 kB\nSwapTotal: -1 kB\n",
        ": expected SwapTotal in kB, got '-1 kB'.",
    ),
    "odd huge pages": (
        "proc/meminfo",
        "MemTotal: 1 kB\nHugetlb: many\n",
        ": expected Hugetlb in kB, got 'many'.",
    ),
    "unreadable meminfo": ("proc/meminfo", None, ": expected a readable file, got Is a directory."),
    "odd limit": (f"{IN_A}/memory.max", "foo\n", ": expected a number of bytes or max, got 'foo'."),
    "empty limit": (f"{IN_A}/memory.max", "", ": expected a number of bytes or max, got ''."),
    "negative limit": (f"{IN_A}/memory.max", "-1\n", ": expected a number of bytes or max, got '-1'."),
    "unreadable limit": (f"{IN_A}/memory.max", None, ": expected a readable file, got Is a directory."),
    "no meminfo of a node": (f"{NODE}/other", "", ": expected it to tell the memory of the host, got no such file."),
    "odd meminfo of a node": (f"{NODE}/meminfo", "x\n", ": expected MemTotal in kB, got none."),
    "odd pool": (
        f"{NODE}/hugepages/hugepages-2048kB/nr_hugepages",
        "x\n",
        ": expected a number of pages, got 'x'.",
    ),
}


@pytest.mark.parametrize(("name", "text", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_files(name: str, text: str | None, message: str, tmp_path: Path) -> None:
    make_tree(tmp_path, Host(64, "", own="0::/a\n"))
    place = tmp_path / name
    if name.startswith(NODE):
        write(tmp_path / "sys/devices/system/node/online", "0\n")
        if place.name != "other":
            write(tmp_path / NODE / "meminfo", "Node 0 MemTotal: 1 kB\n")
    if text is None:
        if place.is_file():
            place.unlink()
        place.mkdir(parents=True)
    else:
        write(place, text)
    said = place.with_name("meminfo") if place.name == "other" else place
    with pytest.raises(HostError, match=f"^{re.escape(f'{said}{message}')}$"):
        host_memory(tmp_path, "", no_programs)


# The same for version 1.
BROKEN_V1: dict[str, tuple[str, str, str]] = {
    "odd limit": ("memory.limit_in_bytes", "foo\n", ": expected a number of bytes or max, got 'foo'."),
    "odd limit above": (
        "memory.stat",
        "hierarchical_memory_limit x\n",
        ": expected a number of bytes or max, got 'x'.",
    ),
}


@pytest.mark.parametrize(("name", "text", "message"), BROKEN_V1.values(), ids=BROKEN_V1)
def test_broken_files_of_version_1(name: str, text: str, message: str, tmp_path: Path) -> None:
    make_tree(tmp_path, Host(64, "", own="4:memory:/a\n", mounts=V1.format(top="/")))
    write(tmp_path / "sys/fs/cgroup/memory/a" / name, text)
    with pytest.raises(HostError, match=f"/a/{name}{re.escape(message)}$"):
        host_memory(tmp_path, "", no_programs)


def test_no_meminfo(tmp_path: Path) -> None:
    with pytest.raises(
        HostError, match=r"/proc/meminfo: expected it to tell the memory of the host, got no such file\.$"
    ):
        host_memory(tmp_path, "", no_programs)


@pytest.mark.parametrize("name", ["flink", ".slice", "a--b.slice", "-a.slice", "a-.slice", "a/b.slice", "a.slice\n"])
def test_names_that_no_slice_has(name: str, tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"^slice: expected the name of a slice such as flink\.slice, got .*\.$"):
        host_memory(tmp_path, name, no_programs)


def no_systemctl(_command: list[str]) -> tuple[int, str, str]:
    raise FileNotFoundError(2, "No such file or directory")


ANSWERS: dict[str, tuple[tuple[int, str, str], str]] = {
    "no bus": ((1, "", "no bus\n"), "systemctl show: expected code 0, got 1: no bus"),
    "nothing": ((0, "", ""), "systemctl show a.slice: expected MemoryMax, got none."),
    "something else": ((0, "Id=a.slice\n", ""), "systemctl show a.slice: expected MemoryMax, got none."),
    "another unit": ((0, "Id=b.slice\nMemoryMax=1\n", ""), "systemctl show a.slice: expected MemoryMax, got none."),
    "no size": (
        (0, "Id=a.slice\nMemoryMax=50%\n", ""),
        "systemctl show a.slice: expected a number of bytes or infinity, got '50%'.",
    ),
}


@pytest.mark.parametrize(("answer", "message"), ANSWERS.values(), ids=ANSWERS)
def test_answers_that_are_none(answer: tuple[int, str, str], message: str, tmp_path: Path) -> None:
    make_tree(tmp_path, v2_host(64, ""))
    with pytest.raises(HostError, match=f"^{re.escape(message)}$"):
        host_memory(tmp_path, "a.slice", lambda _command: answer)


def test_systemctl_is_not_there(tmp_path: Path) -> None:
    make_tree(tmp_path, v2_host(64, ""))
    with pytest.raises(HostError, match=r"^systemctl: expected it to run, got .*No such file or directory\.$"):
        host_memory(tmp_path, "a.slice", no_systemctl)
