# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.cgroups import (
    cgroups_of,
    own_cgroups,
    slice_cgroups,
    slice_path,
    top_cgroup,
)

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.streamops.flink.plugins.module_utils._target.cgroups import Cgroup

V2 = "30 24 0:25 {top} /sys/fs/cgroup rw,nosuid shared:8 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "32 24 0:27 {top} /sys/fs/cgroup/memory rw,nosuid shared:10 - cgroup cgroup rw,memory\n"
CPU = "31 24 0:26 {top} /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct\n"
UNIFIED = "42 31 0:37 {top} /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"

# /proc/self/cgroup and mountinfo, the controller, and the cgroups: version, path, directory below /sys/fs/cgroup.
OWN: dict[str, tuple[str, str, str, list[tuple[int, str, str]]]] = {
    "version 2": ("0::/a/b\n", V2, "memory", [(2, "/", ""), (2, "/a", "a"), (2, "/a/b", "a/b")]),
    "version 1": ("4:memory:/a\n", V1 + CPU, "memory", [(1, "/", "memory"), (1, "/a", "memory/a")]),
    "two controllers in one hierarchy": (
        "3:cpu,cpuacct:/a\n",
        V1 + CPU,
        "cpu",
        [(1, "/", "cpu,cpuacct"), (1, "/a", "cpu,cpuacct/a")],
    ),
    "both, the controller in version 1": (
        "4:memory:/a\n0::/b\n",
        V1 + UNIFIED,
        "memory",
        [(1, "/", "memory"), (1, "/a", "memory/a")],
    ),
    "both, the controller in version 2": (
        "3:cpu:/a\n0::/b\n",
        CPU + UNIFIED,
        "memory",
        [(2, "/", "unified"), (2, "/b", "unified/b")],
    ),
    "a container that sees its part, under the path of the machine": (
        "4:memory:/docker/4f/a\n",
        V1.format(top="/docker/4f"),
        "memory",
        [(1, "/", "memory"), (1, "/a", "memory/a")],
    ),
    "a path out of sight": ("0::/../b\n", V2, "memory", [(2, "/", "")]),
    "no mount": ("0::/a\n", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n", "memory", []),
    "lines that are none": ("0::/\nx\n", "x\nx - y\n" + V2, "memory", [(2, "/", "")]),
    "no files": ("", "", "memory", []),
}

# /proc/self/cgroup, /proc/1/cgroup, /proc/self/mountinfo, and the cgroups of a-b.slice.
SLICES: dict[str, tuple[str, str, str, list[tuple[int, str, str]]]] = {
    "beside the scope of systemd": (
        "0::/user.slice\n",
        "0::/init.scope\n",
        V2,
        [(2, "/", ""), (2, "/a.slice", "a.slice"), (2, "/a.slice/a-b.slice", "a.slice/a-b.slice")],
    ),
    "below the systemd of a container": (
        "0::/box/system.slice\n",
        "0::/box/init.scope\n",
        V2,
        [
            (2, "/", ""),
            (2, "/box", "box"),
            (2, "/box/a.slice", "box/a.slice"),
            (2, "/box/a.slice/a-b.slice", "box/a.slice/a-b.slice"),
        ],
    ),
    "where systemd is hidden": (
        "4:memory:/user.slice\n",
        "",
        V1,
        [(1, "/", "memory"), (1, "/a.slice", "memory/a.slice"), (1, "/a.slice/a-b.slice", "memory/a.slice/a-b.slice")],
    ),
}

SLICE_PATHS: dict[str, list[str]] = {
    "-.slice": [],
    "flink.slice": ["flink.slice"],
    "a-b-c.slice": ["a.slice", "a-b.slice", "a-b-c.slice"],
}


def make_tree(root: Path, own: str, init: str, mounts: str) -> None:
    texts = {"proc/self/cgroup": own, "proc/1/cgroup": init, "proc/self/mountinfo": mounts.format(top="/")}
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def found(cgroups: list[Cgroup], root: Path) -> list[tuple[int, str, str]]:
    top = root / "sys/fs/cgroup"
    shown = [(version, path, str(directory.relative_to(top))) for version, path, directory in cgroups]
    return [(version, path, "" if directory == "." else directory) for version, path, directory in shown]


@pytest.mark.parametrize(("own", "mounts", "controller", "cgroups"), OWN.values(), ids=OWN)
def test_own_cgroups(
    own: str, mounts: str, controller: str, cgroups: list[tuple[int, str, str]], tmp_path: Path
) -> None:
    make_tree(tmp_path, own, "", mounts)
    assert found(own_cgroups(tmp_path, controller), tmp_path) == cgroups


@pytest.mark.parametrize(("own", "init", "mounts", "cgroups"), SLICES.values(), ids=SLICES)
def test_cgroups_of_a_slice(
    own: str, init: str, mounts: str, cgroups: list[tuple[int, str, str]], tmp_path: Path
) -> None:
    make_tree(tmp_path, own, init, mounts)
    assert found(slice_cgroups(tmp_path, "memory", "a-b.slice"), tmp_path) == cgroups


def test_cgroups_of_another_process(tmp_path: Path) -> None:
    make_tree(tmp_path, "0::/session.scope\n", "", V2)
    (tmp_path / "proc/126").mkdir()
    (tmp_path / "proc/126/cgroup").write_text("0::/a/b\n")
    assert found(cgroups_of(tmp_path, "126", "memory"), tmp_path) == [(2, "/", ""), (2, "/a", "a"), (2, "/a/b", "a/b")]
    assert cgroups_of(tmp_path, "127", "memory") == []


def test_a_blank_in_the_place_of_a_mount(tmp_path: Path) -> None:
    make_tree(tmp_path, "0::/\n", "", V2.replace("/sys/fs/cgroup", r"/c\040g"))
    assert [cgroup.directory for cgroup in own_cgroups(tmp_path, "memory")] == [tmp_path / "c g"]


def test_a_host_without_proc_has_no_cgroups(tmp_path: Path) -> None:
    assert own_cgroups(tmp_path, "memory") == slice_cgroups(tmp_path, "memory", "flink.slice") == []


@pytest.mark.parametrize(("name", "path"), SLICE_PATHS.items())
def test_slice_path(name: str, path: list[str]) -> None:
    assert slice_path(name) == path


# /proc/1/cgroup, and what systemd manages.
TOPS = {
    "a machine": ("0::/init.scope\n", ""),
    "a container under the path of the machine": ("0::/machine.slice/libpod-1/init.scope\n", "/machine.slice/libpod-1"),
    "the same with version 1": ("9:name=systemd:/libpod-1/init.scope\n8:pids:/libpod-1\n0::/x\n", "/libpod-1"),
    "a container that sees its own top": ("0::/init.scope\n", ""),
    "nobody may read it": ("", ""),
}


@pytest.mark.parametrize(("text", "top"), TOPS.values(), ids=TOPS)
def test_the_top_of_what_systemd_manages(tmp_path: Path, text: str, top: str) -> None:
    (tmp_path / "proc/1").mkdir(parents=True)
    (tmp_path / "proc/1/cgroup").write_text(text)
    assert top_cgroup(tmp_path) == top
