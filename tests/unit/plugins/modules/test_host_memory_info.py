# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest
import yaml

from ansible_collections.streamops.flink.plugins.modules import host_memory_info

if t.TYPE_CHECKING:
    from pathlib import Path

Run = t.Callable[..., "dict[str, t.Any]"]

MOUNT = "30 24 0:25 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
FILES = {
    "proc/meminfo": "MemTotal: 8388608 kB\nSwapTotal: 0 kB\nHugetlb: 1048576 kB\n",
    "proc/self/cgroup": "0::/session.scope\n",
    "proc/1/cgroup": "0::/init.scope\n",
    "proc/self/mountinfo": MOUNT,
    "sys/fs/cgroup/session.scope/memory.max": "2147483648\n",
    "sys/fs/cgroup/flink.slice/memory.max": "4294967296\n",
    "sys/fs/cgroup/system.slice/memory.max": "max\n",
    "sys/devices/system/node/online": "0\n",
    "sys/devices/system/node/node0/meminfo": "Node 0 MemTotal: 8388608 kB\n",
}


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A host that systemd runs, with 8 GiB."""
    place = tmp_path / "root"
    (place / "run/systemd/system").mkdir(parents=True)
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    monkeypatch.setattr(host_memory_info, "_ROOT", place)
    return place


@pytest.mark.usefixtures("root")
def test_the_default_slice(run: Run) -> None:
    result = run(_ansible_check_mode=True)
    result.pop("invocation", None)
    assert result == {
        "changed": False,
        "effective": 7 * 1024**3,
        "limited_by": "physical memory less huge pages",
        "physical": 8 * 1024**3,
        "hugepages": 1024**3,
        "swap": 0,
        "page_size": os.sysconf("SC_PAGE_SIZE"),
        "cgroup": {"version": 2, "path": "/session.scope", "limit": 2 * 1024**3, "limit_path": "/session.scope"},
        "slice": {"name": "system.slice", "path": "/system.slice", "limit": None, "limit_path": None},
        "numa_nodes": [{"node": 0, "memory": 8 * 1024**3, "hugepages": 0}],
    }


@pytest.mark.parametrize(
    ("name", "size", "words"), [("flink.slice", 4, "slice flink.slice"), ("", 2, "cgroup /session.scope")]
)
@pytest.mark.usefixtures("root")
def test_slices(name: str, size: int, words: str, run: Run) -> None:
    result = run(slice=name)
    assert (result["effective"], result["limited_by"]) == (size * 1024**3, words)


def test_a_slice_that_systemctl_knows(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run(slice="new.slice")
    assert result["failed"] is True
    assert result["msg"].startswith("systemctl: expected it to run, got ")
    (tmp_path / "systemctl").write_text("#!/bin/sh\necho MemoryMax=1073741824; echo Id=new.slice\n")
    (tmp_path / "systemctl").chmod(0o755)
    result = run(slice="new.slice")
    assert (result["effective"], result["limited_by"]) == (1024**3, "slice new.slice")


def test_a_file_that_is_not_understood(root: Path, run: Run) -> None:
    path = root / "sys/fs/cgroup/system.slice/memory.max"
    path.write_text("foo\n")
    result = run()
    assert result["failed"] is True
    assert result["msg"] == f"{path}: expected a number of bytes or max, got 'foo'."


@pytest.mark.usefixtures("root")
def test_the_result_is_as_documented(run: Run) -> None:
    returned = yaml.safe_load(host_memory_info.RETURN)
    result = run()
    assert set(returned) == set(result) - {"changed", "invocation"}
    for name in ("cgroup", "slice"):
        assert set(returned[name]["contains"]) == set(result[name])
    assert set(returned["numa_nodes"]["contains"]) == set(result["numa_nodes"][0])


def test_this_machine(run: Run) -> None:
    result = run(slice="")
    assert 0 < result["effective"] <= result["physical"]
