# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import platform
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.system import (
    jemalloc,
    numa_nodes,
    operating_system,
    parse_assignments,
    parse_ranges,
    usable_cpus,
)

if t.TYPE_CHECKING:
    from pathlib import Path

UBUNTU = 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nVERSION_ID="24.04"\n# a comment=1\nID=ubuntu\nID_LIKE=debian\n'
ALMA = 'NAME="AlmaLinux"\nID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n'

# What os-release says, and what it means.
SYSTEMS: dict[str, tuple[str | None, str, str | None, list[str]]] = {
    "Ubuntu": (UBUNTU, "ubuntu", "24.04", ["debian"]),
    "Alma": (ALMA, "almalinux", "9.4", ["rhel", "centos", "fedora"]),
    "Debian without a version": ("ID=debian\n", "debian", None, []),
    "broken": ('ID="debian\nVERSION_ID=12\n', "linux", "12", []),
    "nothing": (None, "linux", None, []),
}

RANGES = {"0": [0], "0-1,3": [0, 1, 3], "0-1,4-5": [0, 1, 4, 5], "": [], "none": []}

V1_MOUNT = "31 24 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
MEMORY_MOUNT = "32 24 0:27 / /sys/fs/cgroup/memory rw,nosuid shared:10 - cgroup cgroup rw,memory\n"
V2_MOUNT = "30 24 0:25 / /sys/fs/cgroup rw,nosuid shared:8 - cgroup2 cgroup2 rw,nsdelegate\n"
UNIFIED_MOUNT = "42 31 0:37 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
CONTAINER_MOUNT = "31 24 0:26 /box /sys/fs/cgroup/cpu ro,nosuid - cgroup cgroup rw,cpu\n"
V1, V2 = "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup"


def v1(quota: int, period: int = 100000) -> dict[str, str]:
    return {"cpu.cfs_quota_us": f"{quota}\n", "cpu.cfs_period_us": f"{period}\n"}


# Recorded trees: /proc/self/cgroup, /proc/self/mountinfo, files of cgroups, and how many of 8 CPUs can be used.
CGROUPS: dict[str, tuple[str, str, dict[str, dict[str, str]], int]] = {
    "bare metal": ("0::/user.slice\n", V2_MOUNT, {f"{V2}/user.slice": {"cpu.max": "max 100000\n"}}, 8),
    "version 2": ("0::/a\n", V2_MOUNT, {f"{V2}/a": {"cpu.max": "200000 100000\n"}}, 2),
    "rounded up": ("0::/a\n", V2_MOUNT, {f"{V2}/a": {"cpu.max": "210000 100000\n"}}, 3),
    "less than one": ("0::/a\n", V2_MOUNT, {f"{V2}/a": {"cpu.max": "20000 100000\n"}}, 1),
    "more than there are": ("0::/a\n", V2_MOUNT, {f"{V2}/a": {"cpu.max": "9900000 100000\n"}}, 8),
    "a limit above": (
        "0::/a/b/c\n",
        V2_MOUNT,
        {f"{V2}/a": {"cpu.max": "300000 100000\n"}, f"{V2}/a/b/c": {"cpu.max": "max 100000\n"}},
        3,
    ),
    "the least of all": (
        "0::/a/b\n",
        V2_MOUNT,
        {f"{V2}/a": {"cpu.max": "300000 100000\n"}, f"{V2}/a/b": {"cpu.max": "500000 100000\n"}},
        3,
    ),
    "a limit beside": ("0::/a\n", V2_MOUNT, {f"{V2}/b": {"cpu.max": "200000 100000\n"}}, 8),
    "own namespace": ("0::/\n", V2_MOUNT, {V2: {"cpu.max": "400000 100000\n"}}, 4),
    "version 1": ("4:memory:/m\n3:cpu,cpuacct:/a\n", MEMORY_MOUNT + V1_MOUNT, {f"{V1}/a": v1(250000)}, 3),
    "version 1 without limit": ("3:cpu,cpuacct:/a\n", V1_MOUNT, {f"{V1}/a": v1(-1)}, 8),
    "hybrid": (
        "3:cpu,cpuacct:/a\n0::/a\n",
        V1_MOUNT + UNIFIED_MOUNT,
        {f"{V1}/a": v1(50000, 25000), "/sys/fs/cgroup/unified/a": {}},
        2,
    ),
    "a part is mounted": ("1:cpu:/box/init.scope\n", CONTAINER_MOUNT, {"/sys/fs/cgroup/cpu": v1(600000)}, 6),
    "another part is mounted": ("1:cpu:/elsewhere\n", CONTAINER_MOUNT, {"/sys/fs/cgroup/cpu": v1(600000)}, 6),
    "a blank in the place": (
        "0::/a\n",
        V2_MOUNT.replace("/sys/fs/cgroup", r"/c\040g"),
        {"/c g/a": {"cpu.max": "500000 100000\n"}},
        5,
    ),
    "broken files": ("0::/a\nx\n", "x\n" + V2_MOUNT, {f"{V2}/a": {"cpu.max": "many\n"}}, 8),
    "a zero": ("0::/a\n", V2_MOUNT, {f"{V2}/a": {"cpu.max": "100000 0\n"}}, 8),
    "nothing": ("", "", {}, 8),
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize(("text", "name", "version", "like"), SYSTEMS.values(), ids=SYSTEMS)
def test_operating_system(text: str | None, name: str, version: str | None, like: list[str], tmp_path: Path) -> None:
    if text is not None:
        write(tmp_path / "usr/lib/os-release", text)
    assert operating_system(tmp_path) == {
        "id": name,
        "version_id": version,
        "id_like": like,
        "architecture": platform.machine(),
    }


def test_the_file_in_etc_counts(tmp_path: Path) -> None:
    write(tmp_path / "usr/lib/os-release", UBUNTU)
    write(tmp_path / "etc/os-release", ALMA)
    assert operating_system(tmp_path)["id"] == "almalinux"


def test_assignments() -> None:
    assert parse_assignments("A='x y'\nB=\n#C=1\nD\nE=\"\n") == {"A": "x y", "B": ""}


@pytest.mark.parametrize(("text", "nodes"), RANGES.items())
def test_ranges(text: str, nodes: list[int]) -> None:
    assert parse_ranges(text) == nodes


def test_numa_nodes(tmp_path: Path) -> None:
    assert numa_nodes(tmp_path) == []
    write(tmp_path / "sys/devices/system/node/online", "0-1\n")
    assert numa_nodes(tmp_path) == [0, 1]


@pytest.mark.parametrize(("cgroup", "mounts", "files", "cpus"), CGROUPS.values(), ids=CGROUPS)
def test_usable_cpus(
    cgroup: str,
    mounts: str,
    files: dict[str, dict[str, str]],
    cpus: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)))
    write(tmp_path / "proc/self/cgroup", cgroup)
    write(tmp_path / "proc/self/mountinfo", mounts)
    for directory, texts in files.items():
        for name, text in texts.items():
            write(tmp_path / directory.lstrip("/") / name, text)
    assert usable_cpus(tmp_path) == cpus


@pytest.mark.parametrize("directory", ["usr/lib/aarch64-linux-gnu", "usr/lib64", "usr/lib", "usr/local/lib"])
def test_jemalloc(directory: str, tmp_path: Path) -> None:
    assert jemalloc(tmp_path) is None
    write(tmp_path / directory / "libjemalloc.so.2", "")
    assert jemalloc(tmp_path) == str(tmp_path / directory / "libjemalloc.so.2")
