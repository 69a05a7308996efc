# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happened, by process: everything that hosts and the cluster say of failures and ends, attributed.

A failure belongs to the process that has it, not to the one whose log repeats it.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .exit_codes import shortage
from .failures import ACCOUNTS, OF_STARTS, RANK, is_whole
from .signatures import match

if t.TYPE_CHECKING:
    from ..observation.readings import Exit, Failure, HostReading, Kill, Message, Observation
    from .subject import Subject

# A host and the name of a process.
Key = t.Tuple[str, str]

_LONGEST = 1000
# The frames of Flink itself in the stack of who wants direct memory; those of a shuffle have a text of their own.
_FRAMEWORK = ("org.apache.flink.shaded.netty", "org.apache.flink.runtime.io.network", ".pekko.", "akka.")
# What a line of another process, or no process at all, is the source of.
_OF_OTHERS = ("heartbeat", "lost-taskmanager", "lost-connection")
_OF_NOBODY = ("slots", "checkpoint-failed")
# What the log of a JobManager repeats of a task.
_OF_TASKS = (
    "heap",
    "array-size",
    "metaspace",
    "direct-memory",
    "batch-shuffle",
    "network-buffers",
    "managed-memory",
    "threads",
    "disk-full",
    "class-loader-closed",
)
_ENDS = ("exit-on-oom", "jvm-exit-on-oom", "crash-on-oom")
_AT_ONCE = 2
_OF_JOBS = frozenset(RANK) - frozenset(OF_STARTS)


@dataclasses.dataclass(frozen=True)
class Event:
    """One thing that was said; ``kill`` and ``exit`` are set for the ends of a process."""

    time: int | None
    code: str
    text: str
    source: str
    fields: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    kill: Kill | None = None
    exit: Exit | None = None


class Events(t.NamedTuple):
    """Events by the process that they are about; null for those of which nobody says whose they are.

    ``strangers`` are processes that the kernel killed on a host and that are none of Flink's.
    """

    by_process: dict[Key | None, list[Event]]
    strangers: list[tuple[str, Kill]]


def collect(observation: Observation, subjects: t.Mapping[Key, Subject], window: int) -> Events:
    """Everything of an observation that is an end, a failure or a symptom of one."""
    return _Collection(observation, subjects, window).events


class _Collection:
    def __init__(self, observation: Observation, subjects: t.Mapping[Key, Subject], window: int) -> None:
        self.subjects, self.window = subjects, window
        self.ids = {resource_id(key): key for key in subjects if not subjects[key].is_jobmanager}
        self.jobmanagers = [key for key in subjects if subjects[key].is_jobmanager]
        self.by_host: dict[str, list[Key]] = {}
        for key in subjects:
            self.by_host.setdefault(key[0], []).append(key)
        self.events = Events({}, [])
        for host, reading in observation["hosts"].items():
            self._add_ends(host, reading)
        if observation["cluster"]:
            for failure in observation["cluster"]["failures"]:
                self._add_failure(failure)
        # What a JobManager repeats is told apart by what all others have said.
        repeated = [
            item for host, reading in observation["hosts"].items() for item in self._add_messages(host, reading)
        ]
        for host, message in repeated:
            self._add_repeated(host, message, observation["hosts"][host]["messages"])

    def _add_ends(self, host: str, reading: HostReading) -> None:
        for exit_ in reading["exits"]:
            text = f"{exit_['code']} {exit_['status']}, result {exit_['result']}"
            self._add((host, exit_["process"]), Event(exit_["time"], "exit", text, exit_["source"], exit=exit_))
        for kill in reading["kills"]:
            self._add_kill(host, kill, reading["exits"])

    def _add_messages(self, host: str, reading: HostReading) -> t.Iterator[tuple[str, Message]]:
        """All of a host but what its JobManager may only repeat, which is returned."""
        for message in reading["messages"]:
            if message["code"] in ACCOUNTS and not is_whole(message["code"], message["fields"]):
                continue
            if message["process"].startswith("jobmanager") and message["code"] in _OF_TASKS:
                yield host, message
            else:
                self._add_message(host, message)

    def _add(self, key: Key | None, event: Event) -> None:
        self.events.by_process.setdefault(key, []).append(event)

    def _add_kill(self, host: str, kill: Kill, exits: t.Iterable[Exit]) -> None:
        key = self._killed(host, kill, exits)
        if key is None:
            self.events.strangers.append((host, kill))
        else:
            time = kill["time"]
            if time is None:
                # The kernel log has no clock: the journal knows when that process ended.
                time = next((exit_["time"] for exit_ in exits if exit_["pid"] == kill["pid"]), None)
            self._add(key, Event(time, "kill", _kill_text(kill), kill["source"], kill=kill))

    def _killed(self, host: str, kill: Kill, exits: t.Iterable[Exit]) -> Key | None:
        """Whose process it was: the one whose PID the journal has, else that of the unit in which it was."""
        for exit_ in exits:
            if exit_["pid"] == kill["pid"]:
                return (host, exit_["process"])
        unit = (kill["cgroup"] or "").rpartition("/")[2]
        there = [key for key in self.by_host.get(host, ()) if self.subjects[key].reading]
        units = {reading["unit"]: key for key in there for reading in (self.subjects[key].reading,) if reading}
        if unit in units:
            return units[unit]
        # Launchers have no units: it is the process that is not there any more, if only one is not.
        gone = [key for key in there if self._is_gone(key)]
        return gone[0] if kill["task"] == "java" and len(gone) == 1 else None

    def _is_gone(self, key: Key) -> bool:
        reading = self.subjects[key].reading
        return reading is not None and reading["unit"] is None and reading["pid"] is None

    def _add_failure(self, failure: Failure) -> None:
        found = [(line, match(line)) for line in failure["text"].splitlines()]
        known = [
            (RANK[seen.code], line, seen)
            for line, seen in found
            if seen and seen.code in _OF_JOBS and is_whole(seen.code, seen.fields)
        ]
        if not known:
            return
        _rank, line, seen = min(known, key=lambda item: item[0])
        fields = dict(seen.fields)
        if seen.code == "direct-memory" and any(frame in failure["text"] for frame in _FRAMEWORK):
            fields["owner"] = "framework"
        if seen.code == "network-buffers":
            fields["job"] = failure["job"]
        event = Event(failure["time"], seen.code, line.strip()[:_LONGEST], failure["source"], fields)
        key = self.ids.get(failure["taskmanager"] or "") or self._at(failure.get("endpoint") or "")
        if seen.code in _OF_OTHERS:
            key = self._about(seen.fields) or key
        if seen.code in _OF_NOBODY:
            self._add(None, event)
        else:
            key = key or self._same(event)
            if key is None and failure["endpoint"]:
                source = f"{event.source}, from {failure['endpoint']}, which may be any of {len(self.ids)} TaskManagers"
                event = dataclasses.replace(event, source=source)
            self._add(key, event)

    def _add_message(self, host: str, message: Message) -> None:
        event = _event(message)
        key: Key | None = (host, message["process"])
        if event.code in _OF_OTHERS:
            key = self._about(message["fields"])
        elif event.code in _OF_NOBODY:
            key = None
        self._add(key, event)
        less = shortage(event.fields.get("error", "")) if event.code in _ENDS else None
        if less:
            self._add(key, dataclasses.replace(event, code=less))

    def _about(self, fields: t.Mapping[str, str]) -> Key | None:
        """The process that is not heard from."""
        if fields.get("kind") in ("JobManager", "ResourceManager"):
            return self.jobmanagers[0] if len(self.jobmanagers) == 1 else None
        key = self.ids.get(fields.get("id", ""))
        return key or self._at(fields.get("address", ""))

    def _at(self, address: str) -> Key | None:
        """The only TaskManager of a host, by what names the host before a slash or a port.

        Where it calls itself by the loopback address, it is with the JobManager, which would not reach it else.
        """
        host = re.split("[/:]", address, maxsplit=1)[0]
        hosts = [key[0] for key in self.jobmanagers] if host == "localhost" or host.startswith("127.") else [host]
        there = [key for key in self.ids.values() if key[0] in hosts]
        return there[0] if len(there) == 1 else None

    def _add_repeated(self, host: str, message: Message, said: t.Iterable[Message]) -> None:
        """An error in the log of a JobManager: its own if it says so or ends, else that of the task it tells of."""
        event, own = _event(message), (host, message["process"])
        if "master" in message["fields"] or any(self._is_near(event, other) for other in self._ends(own)):
            self._add(own, event)
            return
        for other in said:
            if other["code"] == "task-failed" and _apart(event.time, other["time"]) <= _AT_ONCE:
                self._add(self.ids.get(other["fields"].get("id", "")), event)
                return
        self._add(self._same(event), event)

    def _ends(self, key: Key) -> list[Event]:
        ends = ("exit", "kill", "fatal-error", "jobmanager-heap", *_ENDS)
        return [event for event in self.events.by_process.get(key, ()) if event.code in ends]

    def _same(self, event: Event) -> Key | None:
        """The TaskManager that has the same failure at that time; null if there is none, or several."""
        having = [
            key
            for key, events in self.events.by_process.items()
            if key and key not in self.jobmanagers
            if any(other.code == event.code and self._is_near(event, other) for other in events)
        ]
        taskmanagers = having or list(self.ids.values())
        return taskmanagers[0] if len(taskmanagers) == 1 else None

    def _is_near(self, event: Event, other: Event) -> bool:
        return _apart(event.time, other.time) <= self.window


def resource_id(key: Key) -> str:
    """The ID of a TaskManager in the cluster."""
    return f"{key[0]}-{key[1].rpartition('-')[2]}"


def _event(message: Message) -> Event:
    code = "heap" if message["code"] == "jobmanager-heap" else message["code"]
    return Event(message["time"], code, message["text"][:_LONGEST], message["source"], message["fields"])


def _apart(one: int | None, other: int | None) -> float:
    """Seconds; what has no time is near to everything."""
    return 0 if one is None or other is None else abs(one - other)


def _kill_text(kill: Kill) -> str:
    asked = f", for the thread {kill['thread']}" if kill["thread"] else ""
    return (
        f"process {kill['pid']} ({kill['task']}) was killed with {kill['anonymous']} bytes of anonymous memory{asked}"
    )
