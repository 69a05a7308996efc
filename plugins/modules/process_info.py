#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: process_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Look at the Flink processes of a host, and at how earlier ones ended
description:
  - A tool of the role P(streamops.flink.flink#role), which may change in a minor release.
  - Returns what the kernel, the JVM and systemd count of each process, and what the journal, the kernel log and the
    logs of Flink say of deaths and of memory.
  - Reads only. It stops no process, sends it no signal, and needs no JDK.
  - Trusts nothing that the processes or others can write. No link is followed in C(/tmp) and among the logs, only
    regular files are read, and of each log at most its last 1 MiB. Each program that it runs has 20 seconds.
  - What cannot be read is V(null), and a sentence in C(unknown) says why. Fails only for options that are wrong.
  - Other clusters on the host are left alone.
options:
  processes:
    description: The processes to look at, whether they run or not.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name of the process, as in the names of its logs, C(NAME.log), C(NAME.log.*) and C(NAME.out).
        type: str
        required: true
      unit:
        description: Its unit, including the suffix. Used if systemd runs on the host.
        type: str
      pid_file:
        description:
          - A file with the process ID, a space, and the start time of the process, as in field 22 of C(/proc/PID/stat).
          - Used if O(processes[].unit) is not set or systemd does not run on the host.
        type: path
      environment_file:
        description: The file that its environment was read from. What happened before that was written, had another.
        type: path
  log_directory:
    description: The directory of the logs. By default, no logs are read.
    type: path
  slice:
    description: The full name of the systemd slice that Flink runs in. If empty, none is looked at.
    type: str
    default: ""
  hours:
    description: How many hours to look back in the journal and in logs, from V(1) to V(720).
    type: int
    default: 24
extends_documentation_fragment:
  - streamops.flink._attributes
notes:
  - Needs root for all of it. Another user sees the journal if it is in the group C(systemd-journal) or C(adm).
  - Times are in whole seconds since 1970 by the clock of the host, sizes in bytes, durations in milliseconds.
seealso:
  - module: streamops.flink.cluster_memory_info
  - module: streamops.flink.host_memory_info
"""

EXAMPLES = r"""
- name: Look at a TaskManager
  streamops.flink.process_info:
    processes:
      - {name: taskmanager-1, unit: flink-taskmanager@1.service}
    log_directory: /var/log/flink
    slice: flink.slice
  register: look

- name: Show how it ended since yesterday
  ansible.builtin.debug:
    msg: "{{ look.exits + look.kills }}"
"""

RETURN = r"""
time:
  description: When the look began.
  returned: success
  type: int
  sample: 1795792928
since:
  description: The time from which on the journal and logs were read.
  returned: success
  type: int
  sample: 1795706528
memory_total:
  description: The physical memory of the host, as C(MemTotal) in C(/proc/meminfo).
  returned: success
  type: int
  sample: 16777216000
memory_available:
  description: How much of it new processes can have without swapping, as C(MemAvailable).
  returned: success
  type: int
  sample: 8388608000
processes:
  description: The O(processes).
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: As in O(processes[].name).
      type: str
      sample: taskmanager-1
    kind:
      description: V(taskmanager) or V(jobmanager), by the name.
      type: str
      sample: taskmanager
    unit:
      description: Its unit, or V(null) if none was looked at.
      type: str
      sample: flink-taskmanager@1.service
    state:
      description: V(running), V(starting), V(stopped) or V(failed).
      type: str
      sample: running
    pid:
      description: Its process ID, or V(null) if it does not run.
      type: int
      sample: 4711
    started:
      description: When it started.
      type: int
      sample: 1795790000
    configured:
      description:
        - When its O(processes[].environment_file) was written. V(null) if that is not known, or was after it started.
      type: int
      sample: 1795780000
    sizes:
      description: The options of memory in its O(processes[].environment_file), in bytes. Empty if they are not known.
      type: dict
      sample: {taskmanager.memory.task.heap.size: 222298112}
    memory:
      description: What the kernel counts of this life of it, without page cache. C(peak) is the highest C(rss) of it.
      type: dict
      sample:
        rss: 512376832
        peak: 512376832
        anonymous: 478035968
        file: 34340864
        swap: 0
        threads: 98
        source: /proc/4711/status
    heap:
      description:
        - What its JVM counts. C(old_used) is the old generation after the last collection, and 0 before the first one.
        - C(concurrent_collections) are pauses of a collector that works beside the program, and C(full_collections)
          stop it for a collection of all.
        - V(null) for collectors without an old generation, such as ZGC and Shenandoah.
      type: dict
      sample:
        old_used: 33554432
        old_max: 356515840
        young_collections: 9
        young_time: 120
        full_collections: 0
        full_time: 0
        concurrent_collections: 2
        concurrent_time: 3
        cause: G1 Evacuation Pause
        source: /proc/4711/root/tmp/hsperfdata_flink/4711
    cgroup:
      description:
        - What the cgroup counts. C(anonymous) and C(kernel) cannot be reclaimed; C(file) is page cache.
        - C(limit_hits) counts allocations that met its C(limit), and C(oom_kills) the processes that were killed in it
          and below.
      type: dict
      sample:
        path: /flink.slice/flink-taskmanager@1.service
        version: 2
        limit: 805306368
        anonymous: 478035968
        file: 329248768
        kernel: 9220096
        swap: 0
        limit_hits: 0
        oom_kills: 0
        pids: 98
        pids_limit: 4915
        source: /sys/fs/cgroup/flink.slice/flink-taskmanager@1.service
    service:
      description: What systemd says of its last run. C(code) is V(exited), V(killed) or V(dumped), by C(status).
      type: dict
      sample:
        result: exit-code
        code: exited
        status: 239
        restarts: 3
        memory_limit: 805306368
        tasks_limit: 4915
        source: systemctl show flink-taskmanager@1.service
    unknown:
      description: What could not be read of it, a sentence each.
      type: list
      elements: str
      sample: []
exits:
  description: The ends of processes in the journal that systemd takes for failures, as in C(service).
  returned: success
  type: list
  elements: dict
  sample:
    - process: taskmanager-1
      time: 1795780000
      pid: 4242
      code: killed
      status: 9
      result: oom-kill
      source: journal of flink-taskmanager@1.service
kills:
  description:
    - The processes that the kernel killed for want of memory, in O(processes[].unit), or Java in no unit at all; any
      process where the whole host had none left.
    - C(thread) asked for memory, and the limit of the cgroup C(limited) was reached. Sizes are those at death.
  returned: success
  type: list
  elements: dict
  sample:
    - time: 1795780000
      pid: 4242
      task: java
      thread: "Source: Sequenc"
      constraint: CONSTRAINT_MEMCG
      cgroup: /flink.slice/flink-taskmanager@1.service
      limited: /flink.slice/flink-taskmanager@1.service
      anonymous: 801345536
      file: 23830528
      source: kernel log
messages:
  description:
    - The lines of logs and of the journal that tell of a failure, by the time that they tell, at most 400.
    - Of lines that say the same, the first and the last, whose C(count) is how many came after the first.
  returned: success
  type: list
  elements: dict
  sample:
    - process: taskmanager-1
      time: 1795780000
      code: heap
      text: "java.lang.OutOfMemoryError: Java heap space"
      fields: {}
      count: 1
      source: /var/log/flink/taskmanager-1.log
slice:
  description: The O(slice) as in RV(processes[].cgroup), or V(null) if it has no cgroup. It outlives its processes.
  returned: success
  type: dict
  sample:
    path: /flink.slice
    version: 2
    limit: null
    anonymous: 956071936
    file: 658497536
    kernel: 18440192
    swap: 0
    limit_hits: 0
    oom_kills: 1
    pids: 196
    pids_limit: null
    source: /sys/fs/cgroup/flink.slice
unknown:
  description: What could not be read, a sentence each.
  returned: success
  type: list
  elements: str
  sample: []
"""

import os
import re
import time
import typing as t
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.signatures import match
from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import (
    cgroup_counts,
    journal,
    kernel_log,
    log_lines,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.hsperfdata import (
    PerfDataError,
    heap_reading,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.resident import resident_memory
from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.service import (
    PROPERTIES,
    service_reading,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.cgroups import (
    cgroups_of,
    slice_cgroups,
    top_cgroup,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.live_processes import (
    PROPERTIES as STATE_PROPERTIES,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.live_processes import (
    birth,
    state_of_pid_file,
    state_of_unit,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.logs import log_directory, recent_ends
from ansible_collections.streamops.flink.plugins.module_utils._target.perf_data import read_perf_data
from ansible_collections.streamops.flink.plugins.module_utils._target.programs import Program, brief_runner
from ansible_collections.streamops.flink.plugins.module_utils._target.systemd import show_units, systemd_runs
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import (
    HostError,
    all_printable,
    read_text,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import (
        CgroupReading,
        HeapReading,
        HostReading,
        Kill,
        Message,
        ProcessReading,
    )
    from ansible_collections.streamops.flink.plugins.module_utils._target.cgroups import Cgroup

_ROOT = Path("/")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_SLICE = re.compile(r"(?:-|[\w:.\\]+(?:-[\w:.\\]+)*)\.slice", re.ASCII)
_UNIT = re.compile(r"[\w:.\\@-]+\.service", re.ASCII)
_MEMORY = re.compile(r"^(MemTotal|MemAvailable):\s+([0-9]{1,15}) kB$", re.MULTILINE)
_SIZE = re.compile(r"\b((?:task|job)manager\.memory\.[a-z.-]{1,60})=([0-9]{1,19})b\b")
_BOOT = re.compile(r"^btime ([0-9]{1,15})$", re.MULTILINE)
_MOST_HOURS = 720
_FUTURE = 60
_JOURNAL = ["journalctl", "--no-pager", "--output=json", "--all", "--reverse"]
_MOST_OF_JOURNAL = 2**22


def _check(module: AnsibleModule) -> None:
    given = module.params
    for option, pattern, expected, texts in (
        ("processes", _NAME, "names such as taskmanager-1", [process["name"] for process in given["processes"]]),
        ("processes", _UNIT, "units such as flink-jobmanager.service", _units(given["processes"])),
        ("slice", _SLICE, "the name of a slice such as flink.slice", [given["slice"]] if given["slice"] else []),
    ):
        odd = [text for text in texts if not pattern.fullmatch(text)]
        if odd:
            module.fail_json(msg=f"{option}: expected {expected}, got {odd[0]!a:.80}.")
    if not 1 <= given["hours"] <= _MOST_HOURS:
        module.fail_json(msg=f"hours: expected a number from 1 to {_MOST_HOURS}, got {given['hours']}.")


def _units(processes: list[dict[str, t.Any]]) -> list[str]:
    return [process["unit"] for process in processes if process["unit"]]


class _Look:
    """One look at the host, and what it could not see."""

    def __init__(self, params: dict[str, t.Any]) -> None:
        self._processes, self._logs = params["processes"], params["log_directory"]
        self._slice = params["slice"]
        self._time = int(time.time())
        self._since = self._time - 3600 * params["hours"]
        self._has_systemd = systemd_runs(_ROOT)
        self._names = (
            {process["unit"]: process["name"] for process in self._processes if process["unit"]}
            if self._has_systemd
            else {}
        )
        self._unknown: list[str] = []

    def reading(self) -> HostReading:
        # They work while this process does.
        of_units = self._ask_journal(f"--unit={unit}" for unit in self._names) if self._names else None
        of_kernel = self._ask_journal(["_TRANSPORT=kernel"]) if self._has_systemd else None
        processes = self._read_processes()
        entries = self._read_journal(of_units)
        memory = dict(_MEMORY.findall(read_text(_ROOT / "proc/meminfo") or ""))
        total, available = (
            int(memory[name]) * 1024 if name in memory else None for name in ("MemTotal", "MemAvailable")
        )
        return {
            "time": self._time,
            "since": self._since,
            "memory_total": total,
            "memory_available": available,
            "processes": processes,
            "exits": journal.exits(entries, self._names),
            "kills": self._kills(of_kernel),
            "messages": self._messages(entries),
            "slice": self._read_slice(),
            "unknown": self._unknown,
        }

    def _read_processes(self) -> list[ProcessReading]:
        units: dict[str, dict[str, str]] = {}
        try:
            units = show_units(list(self._names), dict.fromkeys((*STATE_PROPERTIES, *PROPERTIES)), brief_runner)
        except HostError as exc:
            self._unknown.append(str(exc))
        boot = _BOOT.search(read_text(_ROOT / "proc/stat") or "")
        return [self._process(process, units, int(boot[1]) if boot else None) for process in self._processes]

    def _process(self, process: dict[str, t.Any], units: dict[str, dict[str, str]], boot: int | None) -> ProcessReading:
        name, unit = process["name"], process["unit"] if self._has_systemd else None
        if unit:
            state, pid = state_of_unit(units.get(unit, {}))
        else:
            state, pid = state_of_pid_file(_ROOT, process["pid_file"])
        reading: ProcessReading = {
            "name": name,
            "kind": re.sub(r"-\d+$", "", name),
            "unit": unit,
            "state": state,
            "pid": pid or None,
            "started": None,
            "configured": _written(process["environment_file"]),
            "sizes": _sizes(process["environment_file"]),
            "memory": None,
            "heap": None,
            "cgroup": None,
            "service": service_reading(units.get(unit, {}), f"systemctl show {unit}") if unit else None,
            "unknown": [],
        }
        if unit and reading["service"] is None and unit in units:
            reading["unknown"].append(f"systemd has no unit {unit}.")
        if pid:
            _add_live(reading, pid, boot)
        if reading["started"] is not None and (reading["configured"] or 0) > reading["started"]:
            reading["configured"] = None
        return reading

    def _read_slice(self) -> CgroupReading | None:
        if not self._slice or not self._has_systemd:
            return None
        end = "" if self._slice == "-.slice" else f"/{self._slice}"
        found = [_last(slice_cgroups(_ROOT, name, self._slice), end) for name in ("memory", "pids")]
        if found[0] is None:
            self._unknown.append(f"No cgroup of {self._slice} is visible that counts memory.")
        return _cgroup(found[0], found[1], has_children=True)

    def _ask_journal(self, which: t.Iterable[str]) -> Program:
        fields = ",".join(journal.FIELDS)
        return Program([*_JOURNAL, f"--since=@{self._since}", f"--output-fields={fields}", *which])

    def _read_journal(self, asked: Program | None) -> list[journal.Entry]:
        alone = [process["name"] for process in self._processes if process["unit"] not in self._names]
        self._unknown += [f"No unit runs {name}: nothing records how it ends." for name in alone]
        return self._entries("journal", asked)

    def _entries(self, title: str, asked: Program | None) -> list[journal.Entry]:
        """What journalctl prints, and a sentence if that is not all."""
        if asked is None:
            return []
        try:
            code, output, error = asked.output(most_bytes=_MOST_OF_JOURNAL)
        except OSError as exc:
            self._unknown.append(f"The {title} cannot be read: {exc.strerror}.")
            return []
        entries = journal.read_entries(output)
        if code is None:
            first = journal.time_of(entries[0]) if entries else None
            self._unknown.append(f"The {title} is long: only its last {_MOST_OF_JOURNAL >> 20} MiB {_from(first)}.")
        elif error and (code or not entries):
            self._unknown.append(f"The {title} cannot be read: {_first_line(error)}")
        return entries

    def _kills(self, asked: Program | None) -> list[Kill]:
        said = len(self._unknown)
        entries = self._entries("kernel log in the journal", asked)
        found = kernel_log.kills(
            ((journal.time_of(entry), entry.get("MESSAGE", "")) for entry in entries), "kernel log in the journal"
        )
        if not entries:
            # Its own file says the same, if the journal does not keep it, as in a container.
            del self._unknown[said:]
            found = kernel_log.kills(self._ring(), "kernel log")
        top = top_cgroup(_ROOT)
        return [
            kill
            for kill in found
            if kernel_log.concerns(kill, self._names, top) and (kill["time"] is None or kill["time"] >= self._since)
        ]

    def _ring(self) -> list[log_lines.Line]:
        try:
            code, output, error = Program(["dmesg"]).output(most_bytes=2**24)
        except OSError as exc:
            self._unknown.append(f"The kernel log cannot be read: {exc.strerror}.")
            return []
        if code:
            self._unknown.append(f"The kernel log cannot be read: {_first_line(error)}")
        boot = int(time.time() - time.clock_gettime(time.CLOCK_MONOTONIC))
        return list(kernel_log.lines_since_boot(output, boot))

    def _messages(self, entries: list[journal.Entry]) -> list[Message]:
        found: list[Message] = []
        printed: dict[str, list[log_lines.Line]] = {}
        for unit, line in journal.printed(entries, self._names):
            printed.setdefault(unit, []).append(line)
        for unit, lines in printed.items():
            found += log_lines.messages(lines, self._names[unit], f"journal of {unit}", self._since, match)
        if self._logs is not None:
            try:
                with log_directory(self._logs) as directory:
                    for process in self._processes:
                        found += self._of_logs(directory, process["name"])
            except OSError as exc:
                self._unknown.append(f"{self._logs} cannot be read: {exc.strerror}.")
        if any((message["time"] or 0) > self._time + _FUTURE for message in found):
            self._unknown.append("Logs tell of times to come: a clock was set, or a process has another time zone.")
        kept = log_lines.newest(found)
        if len(kept) < len(found):
            self._unknown.append(f"{len(found) - len(kept)} lines that tell of failures are left out.")
        return kept

    def _of_logs(self, directory: int, process: str) -> list[Message]:
        found: list[Message] = []
        for end in recent_ends(directory, process, self._since):
            source = f"{self._logs}/{end.name}"
            if end.problem is not None:
                self._unknown.append(f"{source} is not read: {end.problem}.")
                continue
            lines = list(log_lines.timed(end.text))
            first = next((when for when, _line in lines if when is not None), None)
            if end.is_cut and (first is None or first > self._since):
                self._unknown.append(f"{source} is long: only its end {_from(first)}.")
            found += log_lines.messages(lines, process, source, self._since, match)
        return found


def _from(first: int | None) -> str:
    when = "" if first is None else time.strftime(", from %Y-%m-%dT%H:%M:%SZ on", time.gmtime(first))
    return f"was read{when}"


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:200]


def _written(path: str | None) -> int | None:
    """When a file was written, if that is known."""
    try:
        return None if path is None else int(Path(path).stat().st_mtime)
    except OSError:
        return None


def _sizes(path: str | None) -> dict[str, int]:
    """The options of memory that a process is given at its next start, in bytes, as the role writes them."""
    text = read_text(Path(path)) if path else None
    return {found[1]: int(found[2]) for found in _SIZE.finditer(text or "")}


def _add_live(reading: ProcessReading, pid: int, boot: int | None) -> None:
    """What is read of a live process, unless it has made room for another one meanwhile."""
    directory, born = _ROOT / "proc" / str(pid), birth(_ROOT, str(pid))
    unknown = reading["unknown"]
    if born is None:
        unknown.append(f"It ended while it was looked at, or process {pid} is hidden.")
        return
    since_boot = int(born) / os.sysconf("SC_CLK_TCK")
    started = None if boot is None else boot + int(since_boot)
    status = read_text(directory / "status") or ""
    memory = resident_memory(status, f"/proc/{pid}/status")
    if memory is None:
        unknown.append(f"/proc/{pid}/status says nothing of its memory.")
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - since_boot
    heap = _heap(pid, status, started or 0, age, unknown)
    unit = f"/{reading['unit']}" if reading["unit"] else ""
    found = [_last(cgroups_of(_ROOT, str(pid), name), unit) for name in ("memory", "pids")]
    cgroup = _cgroup(found[0], found[1])
    if cgroup is None:
        unknown.append("No cgroup of its own is visible that counts memory.")
    if birth(_ROOT, str(pid)) != born:
        unknown[:] = ["It ended while it was looked at."]
        return
    reading.update({"started": started, "memory": memory, "heap": heap, "cgroup": cgroup})


def _heap(pid: int, status: str, started: int, age: float, unknown: list[str]) -> HeapReading | None:
    try:
        found = read_perf_data(_ROOT, pid, status)
        if found is None:
            unknown.append("Its JVM keeps no hsperfdata: -XX:-UsePerfData or -XX:+PerfDisableSharedMem may be set.")
            return None
        return heap_reading(found[0], started, age, found[1])
    except OSError as exc:
        unknown.append(f"Its hsperfdata cannot be read: {exc.strerror}.")
    except PerfDataError as exc:
        unknown.append(f"Its hsperfdata {exc}.")
    return None


def _last(cgroups: list[Cgroup], name: str = "") -> Cgroup | None:
    found = [cgroup for cgroup in cgroups if cgroup.path.endswith(name) and cgroup.directory.is_dir()]
    return found[-1] if found else None


def _cgroup(memory: Cgroup | None, pids: Cgroup | None, *, has_children: bool = False) -> CgroupReading | None:
    if memory is None:
        return None
    texts = {name: read_text(memory.directory / name) for name in cgroup_counts.FILES[memory.version]}
    counts = {name: read_text(pids.directory / name) for name in cgroup_counts.PIDS_FILES} if pids else {}
    below = has_children or any(path.is_dir() for path in memory.directory.iterdir())
    return cgroup_counts.cgroup_reading(
        memory.version, memory.path, texts, counts, str(memory.directory), has_children=below
    )


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "processes": {
                "type": "list",
                "elements": "dict",
                "required": True,
                "options": {
                    "name": {"type": "str", "required": True},
                    "unit": {"type": "str"},
                    "pid_file": {"type": "path"},
                    "environment_file": {"type": "path"},
                },
            },
            "log_directory": {"type": "path"},
            "slice": {"type": "str", "default": ""},
            "hours": {"type": "int", "default": 24},
        },
        supports_check_mode=True,
    )
    _check(module)
    module.exit_json(changed=False, **all_printable(_Look(module.params).reading()))


if __name__ == "__main__":
    main()
