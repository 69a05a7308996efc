# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How much memory of a host Flink may use.

``root`` is where the files of the host are: another one than / in tests.
"""

from __future__ import annotations

import os
import re
import typing as t

from .cgroups import own_cgroups, slice_cgroups, slice_path
from .system import numa_nodes
from .systemd import show_units, systemd_runs
from .texts import HostError, read_text

if t.TYPE_CHECKING:
    from pathlib import Path

    from .cgroups import Cgroup
    from .programs import Run

# What version 1 of cgroups says where there is no limit, rounded down to a page of any size.
_NO_LIMIT = 2**62
_LINE = re.compile(r"^(?:Node \d+ )?([^:\n]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NUMBER = re.compile(r"([0-9]{1,20})(?: kB)?")
_SLICE = re.compile(r"-\.slice|[\w:.\\]+(?:-[\w:.\\]+)*\.slice", re.ASCII)
_POOL = re.compile(r"hugepages-([0-9]{1,20})kB")


class _Limit(t.NamedTuple):
    """A limit in bytes, and the path of the cgroup that it is set for."""

    size: int
    path: str


class _Meminfo(t.NamedTuple):
    """A file like /proc/meminfo: the texts after the names of its lines."""

    path: Path
    texts: dict[str, str]

    def number(self, name: str, missing: int | None = None) -> int:
        """A count, or a size in KiB. Raises HostError if malformed, or if missing without a default."""
        if name not in self.texts and missing is not None:
            return missing
        found = _NUMBER.fullmatch(self.texts.get(name, ""))
        if found is None:
            got = f"{self.texts[name]!r:.60}" if name in self.texts else "none"
            raise HostError(f"{self.path}: expected {name} in kB, got {got}.")
        return int(found[1])


def host_memory(root: Path, slice_name: str, run: Run) -> dict[str, t.Any]:
    """The memory of the host, its limits, and the smallest limit that applies to Flink; sizes in bytes.

    Where systemd runs, the limits of the slice that Flink runs in and of all above it apply; elsewhere, and without a
    slice, those of our own cgroup. Raises HostError for files that are missing or malformed.
    """
    if slice_name and not _SLICE.fullmatch(slice_name):
        raise HostError(f"slice: expected the name of a slice such as flink.slice, got {slice_name!r:.60}.")
    meminfo = _read_meminfo(root / "proc/meminfo")
    physical, hugepages = meminfo.number("MemTotal") * 1024, _hugepages(meminfo)
    if not physical:
        raise HostError(f"{meminfo.path}: expected more than 0 kB as MemTotal, got 0.")
    nodes = [_node(root, node, meminfo) for node in numa_nodes(root)]
    own = own_cgroups(root, "memory")
    own_limits = _limits(own)
    slice_, binding = None, own_limits
    if slice_name and systemd_runs(root):
        path, binding = _slice(root, slice_name, run)
        slice_ = {"name": slice_name, "path": path, **_shown(binding)}
    limits = [*((limit.size, _words(limit.path)) for limit in binding), (physical, "physical memory")]
    if hugepages:
        # lxcfs shows the limit of a container as its memory, but the huge pages of the whole machine.
        machine = max(physical, sum(node["memory"] for node in nodes))
        limits.append((max(0, machine - hugepages), "physical memory less huge pages"))
    effective, limited_by = min(limits, key=lambda limit: limit[0])
    return {
        "effective": effective,
        "limited_by": limited_by,
        "physical": physical,
        "hugepages": hugepages,
        "swap": meminfo.number("SwapTotal", 0) * 1024,
        "page_size": os.sysconf("SC_PAGE_SIZE"),
        "cgroup": {
            "version": own[-1].version if own else None,
            "path": own[-1].path if own else None,
            **_shown(own_limits),
        },
        "slice": slice_,
        "numa_nodes": nodes,
    }


def _slice(root: Path, name: str, run: Run) -> tuple[str, list[_Limit]]:
    """Its path, and the limits of it and all above it: of its cgroups, or from systemd if it has none yet."""
    cgroups, names = slice_cgroups(root, "memory", name), slice_path(name)
    limits = _limits(cgroups)
    if names and not any(cgroup.directory.is_dir() for cgroup in cgroups if cgroup.path.endswith(f"/{name}")):
        limits += _limits_of_units(names, run)
    return cgroups[-1].path if cgroups else "/" + "/".join(names), limits


def _limits_of_units(names: list[str], run: Run) -> list[_Limit]:
    # MemoryLimit is the older name, of version 1 of cgroups, and applies where MemoryMax is unset.
    keys = ("MemoryMax", "MemoryLimit")
    units, limits = show_units(names, keys, run), []
    for name in names:
        given = [units[name][key] for key in keys if key in units.get(name, {})]
        if not given:
            raise HostError(f"systemctl show {name}: expected MemoryMax, got none.")
        sizes = [_bytes(text, "infinity", f"systemctl show {name}") for text in given]
        path = "/" + "/".join(slice_path(name))
        limits += [_Limit(size, path) for size in sizes if size is not None][:1]
    return limits


def _limits(cgroups: t.Iterable[Cgroup]) -> list[_Limit]:
    """From the top down, so that the first of equal ones is where they come from."""
    limits = []
    for version, path, directory in cgroups:
        sizes = [_limit(directory / "memory.max")] if version == 2 else _limits_of_version_1(directory)
        limits += [_Limit(size, path) for size in sizes if size is not None]
    return limits


def _limit(path: Path) -> int | None:
    text = read_text(path, strict=True)
    return None if text is None else _bytes(text, "max", path)


def _limits_of_version_1(directory: Path) -> list[int | None]:
    """The limit of the cgroup, and the smallest one above it, which a container cannot see."""
    stat = directory / "memory.stat"
    lines = [line.split(None, 1) for line in (read_text(stat, strict=True) or "").splitlines()]
    above = [line[1] for line in lines if len(line) == 2 and line[0] == "hierarchical_memory_limit"]
    return [_limit(directory / "memory.limit_in_bytes"), *(_bytes(text.strip(), "max", stat) for text in above)]


def _bytes(text: str, none: str, source: object) -> int | None:
    if text == none:
        return None
    if not re.fullmatch("[0-9]{1,20}", text):
        raise HostError(f"{source}: expected a number of bytes or {none}, got {text!r:.60}.")
    return int(text) if int(text) < _NO_LIMIT else None


def _read_meminfo(path: Path) -> _Meminfo:
    text = read_text(path, strict=True)
    if text is None:
        raise HostError(f"{path}: expected it to tell the memory of the host, got no such file.")
    return _Meminfo(path, dict(_LINE.findall(text)))


def _hugepages(meminfo: _Meminfo) -> int:
    """In bytes: of all sizes where the kernel reports those (since 4.15), else of the default size."""
    if "Hugetlb" in meminfo.texts:
        return meminfo.number("Hugetlb") * 1024
    return meminfo.number("HugePages_Total", 0) * meminfo.number("Hugepagesize", 0) * 1024


def _node(root: Path, node: int, host: _Meminfo) -> dict[str, int]:
    """The memory of a node, and its huge pages: of all sizes where it has files for those, else of the default size."""
    directory = root / f"sys/devices/system/node/node{node}"
    meminfo = _read_meminfo(directory / "meminfo")
    pools = [
        _count(pool / "nr_hugepages") * int(found[1])
        for pool in directory.glob("hugepages/hugepages-*")
        if (found := _POOL.fullmatch(pool.name))
    ]
    hugepages = sum(pools) if pools else meminfo.number("HugePages_Total", 0) * host.number("Hugepagesize", 0)
    return {"node": node, "memory": meminfo.number("MemTotal") * 1024, "hugepages": hugepages * 1024}


def _count(path: Path) -> int:
    text = read_text(path, strict=True) or ""
    if not re.fullmatch("[0-9]{1,20}", text):
        raise HostError(f"{path}: expected a number of pages, got {text!r:.60}.")
    return int(text)


def _shown(limits: list[_Limit]) -> dict[str, t.Any]:
    """The smallest limit, if any."""
    if not limits:
        return {"limit": None, "limit_path": None}
    limit = min(limits, key=lambda limit: limit.size)
    return {"limit": limit.size, "limit_path": limit.path}


def _words(path: str) -> str:
    """What to call a limit: a slice by its name, any other by its path."""
    name = path.rpartition("/")[2]
    return f"slice {name}" if name.endswith(".slice") else f"cgroup {path}"
