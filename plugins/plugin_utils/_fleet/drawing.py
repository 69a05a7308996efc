# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the pictures of a fleet show: rows of hosts that are alike, each with one bar, or with two to compare."""

from __future__ import annotations

import collections
import dataclasses
import functools
import pathlib
import typing as t

import jinja2

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import components
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import listed
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import rounded

from .assembly import alike, reasons
from .reading import read_fleet

if t.TYPE_CHECKING:
    from .types import Fleet, FleetHost, FleetPlan, FleetProcess

# The units of a bar from its left to its right end.
BAR_UNITS = 10_000

MINUS, TIMES = "\u2212", "\u00d7"


class Kind(t.NamedTuple):
    """What there is to see: its class in the pictures, its name, and what it is for."""

    css: str
    name: str
    purpose: str


# By the key in a plan.
KINDS = {
    "framework_heap": Kind("fh", "framework heap", "Heap that Flink keeps for itself, whatever the jobs do."),
    "task_heap": Kind(
        css="th",
        name="task heap",
        purpose="Heap for the jobs: their functions, and state that a heap backend keeps. Too little ends in "
        "\u201cOutOfMemoryError: Java heap space\u201d.",
    ),
    "jvm_heap": Kind(
        css="jh",
        name="JVM heap",
        purpose="A JobManager's heap: the plans and the history of its jobs, and all its services.",
    ),
    "framework_off_heap": Kind("fo", "framework off-heap", "Direct memory that Flink keeps for itself."),
    "task_off_heap": Kind(
        css="to",
        name="task off-heap",
        purpose="Direct memory for jobs and their libraries; nothing unless it is set. Too little ends in "
        "\u201cOutOfMemoryError: Direct buffer memory\u201d.",
    ),
    "off_heap": Kind("oh", "off-heap", "A JobManager's direct and native memory, for communication and libraries."),
    "network": Kind(
        css="ne",
        name="network",
        purpose="Buffers in which tasks exchange records. Too little ends in \u201cInsufficient number of network "
        "buffers\u201d.",
    ),
    "managed": Kind(
        css="ma",
        name="managed",
        purpose="Native memory that Flink hands out: to RocksDB, to batch operators, to Python. Other jobs leave it "
        "unused.",
    ),
    "jvm_metaspace": Kind(
        css="me",
        name="JVM metaspace",
        purpose="Classes; each job brings its own. Too little ends in \u201cOutOfMemoryError: Metaspace\u201d.",
    ),
    "jvm_overhead": Kind(
        css="ov",
        name="JVM overhead",
        purpose="What else the JVM takes: stacks of threads, compiled code, garbage collection. Only a limit of the "
        "whole process enforces it.",
    ),
    "reserved": Kind("re", "reserve", "Kept for the operating system and whatever else runs on the host."),
    "free": Kind("fr", "free", "Neither planned nor reserved."),
}


class Segment(t.NamedTuple):
    """A part of a bar, in units of the bar."""

    css: str
    start: int
    width: int


@dataclasses.dataclass(frozen=True)
class Bar:
    """The memory of a host: its processes with their components, the reserve, and what is free; sizes in bytes.

    ``extent`` is how long the bar is: the memory, or what is planned and reserved if that is more.
    """

    extent: int
    processes: list[list[Segment]]
    rest: list[Segment]
    # Where the memory ends if the bar is longer.
    limit: int | None

    @classmethod
    def of(cls, plan: FleetPlan) -> Bar:
        host = plan["host"]
        memory, reserved = host["memory"] or 0, host["reserved"] or 0
        extent = max(memory, host["planned"] + reserved, 1)
        end = 0
        processes = []
        for process in plan["processes"]:
            parts = []
            for kind, size in sizes(process).items():
                parts += segments(kind, end, size, extent)
                end += size
            processes.append(parts)
        rest = segments("reserved", end, reserved, extent)
        rest += segments("free", end + reserved, max(0, memory - end - reserved), extent)
        limit = memory * BAR_UNITS // extent if 0 < memory < extent else None
        return cls(extent, processes, rest, limit)


def segments(kind: str, start: int, size: int, extent: int) -> list[Segment]:
    """One, or none if it is nothing; what is small is drawn as thin as can be."""
    left, right = start * BAR_UNITS // extent, (start + size) * BAR_UNITS // extent
    return [Segment(KINDS[kind].css, left, max(1, right - left))] if size else []


@dataclasses.dataclass(frozen=True)
class Row:
    """Hosts that are alike, with their plan, and what they had before if that is compared; None where there is none."""

    hosts: list[FleetHost]
    plan: FleetPlan | None
    before: FleetPlan | None

    @property
    def status(self) -> str:
        return str(self.hosts[0]["status"])

    @property
    def names(self) -> list[str]:
        return [host["host"] for host in self.hosts]

    @property
    def reasons(self) -> list[str]:
        """Why they are refused, else the warnings."""
        if self.hosts[0]["error"]:
            return reasons(self.hosts[0])
        notes = [] if self.plan is None else self.plan["notes"]
        return list(dict.fromkeys(note["message"] for note in notes if note["level"] == "warning"))

    @functools.cached_property
    def bar_after(self) -> Bar | None:
        return None if self.plan is None else Bar.of(self.plan)

    @functools.cached_property
    def bar_before(self) -> Bar | None:
        return None if self.before is None else Bar.of(self.before)

    @property
    def account(self) -> str:
        """Memory, reserve, plan and rest in words."""
        if self.plan is None:
            return "no plan"
        host = self.plan["host"]
        if host["memory"] is None:
            return f"{rounded(host['planned'])} planned, of an unknown memory"
        memory, planned, reserved, free = host["memory"], host["planned"], host["reserved"], host["free"]
        rest = f"{rounded(free)} free" if free >= 0 else f"{rounded(-free)} too much"
        return f"{rounded(memory)}: {rounded(planned)} planned, {rounded(reserved)} reserved, {rest}"


@dataclasses.dataclass(frozen=True)
class Drawing:
    """All that is to be drawn. ``before`` are the words for what it is compared with, ``after`` those for the plan."""

    summary: dict[str, int]
    rows: list[Row]
    is_compared: bool
    before: str
    after: str
    gone: list[str]

    @property
    def bars(self) -> list[Bar]:
        return [drawn for row in self.rows for drawn in (row.bar_before, row.bar_after) if drawn is not None]

    @functools.cached_property
    def extent(self) -> int:
        """The bytes of the longest bar, to whose scale all are drawn."""
        return max((drawn.extent for drawn in self.bars), default=1)

    @property
    def title(self) -> str:
        count = self.summary["hosts"]
        hosts = "1 host" if count == 1 else f"{count} hosts"
        return f"Flink memory of {hosts}" + (f": {self.before} and {self.after}" if self.is_compared else "")

    @property
    def verdict(self) -> str:
        others = [f"{self.summary[status]} {status}" for status in ("warned", "refused") if self.summary[status]]
        return ", ".join([f"{self.summary['fine']} fine", *others])

    @property
    def ticks(self) -> list[tuple[int, str]]:
        """Up to nine marks of the scale: bytes, and what to write there."""
        step = 1
        while step * 8 < self.extent:
            step *= 2
        return [(size, rounded(size)) for size in range(0, self.extent + 1, step)]


def draw(fleet: object, before: object = None) -> Drawing:
    """Raises FlinkError for what is no fleet."""
    fleet = read_fleet(fleet)
    if before is None:
        rows = [Row(hosts, _plan(fleet, hosts[0]["plan"]), None) for hosts in alike(fleet["hosts"])]
        return Drawing(fleet["summary"], rows, is_compared=False, before="", after=_releases(fleet), gone=[])
    before = read_fleet(before)
    former = {host["host"]: host["plan"] for host in before["hosts"]}
    rows = []
    for hosts in alike(fleet["hosts"]):
        pairs = collections.defaultdict(list)
        for host in hosts:
            pairs[former.get(host["host"])].append(host)
        plan = _plan(fleet, hosts[0]["plan"])
        rows += [Row(same, plan, _plan(before, index)) for index, same in pairs.items()]
    releases = _releases(before), _releases(fleet)
    words = releases if releases[0] != releases[1] else ("before", "after")
    present = {host["host"] for host in fleet["hosts"]}
    gone = [host for host in former if host not in present]
    return Drawing(fleet["summary"], rows, True, *words, gone)


def _plan(fleet: Fleet, index: int | None) -> FleetPlan | None:
    return None if index is None else fleet["plans"][index]


def _releases(fleet: Fleet) -> str:
    return "Flink " + ", ".join(dict.fromkeys(plan["flink_version"] for plan in fleet["plans"]))


def sizes(process: FleetProcess) -> dict[str, int]:
    """The components of a process in bytes, in Flink's order."""
    memory = process["memory"]
    known = {key: memory[key] for key, _name in components(memory)}
    return {key: size for key, size in known.items() if size is not None}


def differences(row: Row) -> list[str]:
    """What is another size than before, a text for each kind of change, with the processes that it is about."""
    if row.plan is None or row.before is None:
        return [] if row.plan is row.before else ["no plan before" if row.before is None else "no plan any more"]
    after = {process["name"]: sizes(process) for process in row.plan["processes"]}
    before = {process["name"]: sizes(process) for process in row.before["processes"]}
    changes = collections.defaultdict(list)
    for name in dict.fromkeys([*before, *after]):
        if name not in after or name not in before:
            changes["gone" if name in before else "new"].append(name)
            continue
        keys = dict.fromkeys([*before[name], *after[name]])
        deltas = {key: after[name].get(key, 0) - before[name].get(key, 0) for key in keys}
        text = ", ".join(f"{KINDS[key].name} {signed(delta)}" for key, delta in deltas.items() if delta)
        if text:
            changes[text].append(name)
    return [f"{listed(names, most=1)}: {text}" for text, names in changes.items()] or ["no difference"]


def signed(delta: int) -> str:
    return f"{MINUS if delta < 0 else '+'}{rounded(abs(delta))}"


def template(name: str) -> jinja2.Template:
    """A template of the pictures, which escapes what it prints."""
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FileSystemLoader(pathlib.Path(__file__).parent / "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(name)
