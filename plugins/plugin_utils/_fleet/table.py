# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet as a table for a terminal."""

from __future__ import annotations

import collections
import textwrap
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import components
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import listed
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import rounded

from .assembly import alike, reasons
from .reading import read_fleet

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import Host, NamedNote

    from .types import Fleet, FleetHost, FleetPlan, FleetProcess

_WIDTH = 100
_BAR = 30
# Of many hosts, told once for all of them.
_UNKNOWN = "host-memory-unknown"
_NO_BREAK = "\u00a0"
_MARKS = {"planned": "\u2588", "reserved": "\u2592", "free": "\u00b7"}


def fleet_table(fleet: object) -> str:
    """At most 100 columns, whose first line tells how many hosts are fine; hosts that are alike are shown once.

    Raises FlinkError for what is no fleet.
    """
    read = read_fleet(fleet)
    blocks = [_summary(read["summary"])]
    for hosts in alike(read["hosts"]):
        plan = None if hosts[0]["plan"] is None else read["plans"][hosts[0]["plan"]]
        blocks.append("\n".join(_rows(hosts, plan)))
    told_once = [line for names, note in _told_once(read) for line in _wrapped(f"! {names}: {_text(note)}")]
    if told_once:
        blocks.append("\n".join(told_once))
    return "\n\n".join(blocks) + "\n"


def _summary(summary: dict[str, int]) -> str:
    count = summary["hosts"]
    others = [f"{summary[status]} {status}" for status in ("warned", "refused") if summary[status]]
    return ", ".join([f"{summary['fine']} of {count} {'host is' if count == 1 else 'hosts are'} fine", *others])


def _rows(hosts: list[FleetHost], plan: FleetPlan | None) -> t.Iterator[str]:
    count = f"{len(hosts)} x " if len(hosts) > 1 else ""
    yield f"{hosts[0]['status']:<9}{count}{_names([host['host'] for host in hosts], _WIDTH - 9 - len(count))}"
    if plan is not None:
        yield f"  {_account(plan['host'])}"
        for title, process in _kinds(plan["processes"]):
            yield from _wrapped(f"{title} = {_parts(process)}")
    for reason in reasons(hosts[0]):
        yield from _wrapped(f"! {reason}")
    for names, note in _warnings(plan["notes"] if plan else []):
        yield from _wrapped(f"! {names}: {_text(note)}")


def _is_of_many(note: NamedNote) -> bool:
    """Whether many hosts are told the same, whatever runs there."""
    return note["level"] == "warning" and (note["code"] == _UNKNOWN or note["name"] == "config")


def _told_once(fleet: Fleet) -> t.Iterator[tuple[str, NamedNote]]:
    """What is told of many hosts, with their names."""
    hosts = collections.defaultdict(list)
    notes = {}
    for host in fleet["hosts"]:
        for note in fleet["plans"][host["plan"]]["notes"] if host["plan"] is not None else ():
            if _is_of_many(note):
                hosts[note["message"]].append(host["host"])
                notes[note["message"]] = note
    for message, names in hosts.items():
        whole = len(names) == len(fleet["hosts"]) > 1
        yield f"all {len(names)} hosts" if whole else listed(names), notes[message]


def _text(note: NamedNote) -> str:
    return f"{note['message']} {note['remedy']}"


def _names(names: list[str], width: int) -> str:
    """All names, or as many of the first as there is room for, and the last."""
    text = ", ".join(names)
    if len(text) > width:
        last = f" ... {names[-1]}"[-width:]
        text = text[: width - len(last)].rpartition(",")[0] + last
    return text[:width]


def _account(host: Host) -> str:
    """Memory, what of it is reserved and planned, and what is left, in words and as a bar."""
    if host["memory"] is None:
        return f"{_signed(host['planned'])} planned, of an unknown memory"
    text = (
        f"{_signed(host['memory'])} memory - {_signed(host['reserved'])} reserved - {_signed(host['planned'])} planned"
    )
    whole = max(host["memory"], host["reserved"] + host["planned"])
    planned = -(-host["planned"] * _BAR // whole)
    reserved = min(-(-host["reserved"] * _BAR // whole), _BAR - planned)
    lengths = {"planned": planned, "reserved": reserved, "free": _BAR - planned - reserved}
    picture = "".join(_MARKS[name] * length for name, length in lengths.items())
    return f"{text} = {_signed(host['free'])} {'free' if host['free'] >= 0 else 'too much':<9}{picture}"


def _kinds(processes: list[FleetProcess]) -> t.Iterator[tuple[str, FleetProcess]]:
    """Processes with the same memory together, each with its title."""
    kinds = collections.defaultdict(list)
    for process in processes:
        kinds[process["process"], *process["memory"].values()].append(process)
    for members in kinds.values():
        first = members[0]
        title = first["name"] if len(members) == 1 else f"{len(members)} x {first['process']}"
        total = first["memory"]["total_process"]
        asked = "".join(f" ({value})" for value in first["asked"].values())
        yield title if total is None else f"{title} {_signed(total)}{asked}", first


def _parts(process: FleetProcess) -> str:
    memory = process["memory"]
    named = [(name, memory[key]) for key, name in components(memory)]
    parts = [f"{name} {_signed(size)}" for name, size in named if size is not None]
    return " + ".join(part.replace(" ", _NO_BREAK) for part in parts) or "not planned by this release"


def _warnings(notes: list[NamedNote]) -> t.Iterator[tuple[str, NamedNote]]:
    """The warnings, each once, with the names of those it is about."""
    names = collections.defaultdict(list)
    texts = {}
    for note in notes:
        if note["level"] == "warning" and not _is_of_many(note):
            names[note["message"]].append(note["name"])
            texts[note["message"]] = note
    for message, about in names.items():
        yield ", ".join(about), texts[message]


def _signed(size: int) -> str:
    return ("-" if size < 0 else "") + rounded(abs(size)) if size else "0"


def _wrapped(text: str) -> list[str]:
    lines = textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    return [line.replace(_NO_BREAK, " ") for line in lines]
