# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door: from the options of one process to its plan."""

from __future__ import annotations

import typing as t

from ..values import options
from ..values.config import Config, flatten
from ..values.errors import CannotStartError, FlinkError, quoted
from ..values.java_numbers import double_text
from ..values.jvm_options import check_no_memory_flags
from ..values.notes import Notes, Try
from ..values.release import Release
from ..values.size import MIB
from . import jobmanager, local, taskmanager
from .advice import note_jobmanager, note_no_slots, note_taskmanager, note_ways
from .derivation import Memory, ProcessMemory, ProcessModel, derive, with_legacy_heap
from .external_resources import as_properties, read_amounts
from .keys import note_keys
from .remedies import Trials, refusal, remedied, sentence
from .state_backend import note_backend

if t.TYPE_CHECKING:
    from ..values.results import Note, Plan, Sizes


def plan(config: object, flink_version: object, process: object = "taskmanager") -> Plan:
    """The memory of one Flink process, exactly as that release computes it.

    ``config`` maps Flink options to values, dotted or nested. The result is the plan of the public contract: plain
    types, sizes in bytes. Raises FlinkError, with one sentence for people, if that release refuses the
    configuration, and CannotStartError if it would compute the memory of a process that does not start.
    Source: ``BashJavaUtils`` of each release; 1.10 JobManager: ``jobmanager.sh``.
    """
    release = Release.parse(flink_version)
    if not isinstance(process, str) or process not in _PLANNERS:
        raise FlinkError(f"process: expected one of {', '.join(_PLANNERS)}, got {quoted(process)}.")
    planner = _PLANNERS[process]
    trials, notes = Trials(Config(flatten(config), release), planner), Notes()
    try:
        planned = planner(trials.config, notes)
    except FlinkError as exc:
        raise refusal(exc, notes, trials, process) from None
    advice = remedied(notes, trials)
    _check_starts(advice)
    return {"flink_version": release.given, "process": str(process), **planned, "notes": advice}


def _check_starts(advice: list[Note]) -> None:
    """Raises CannotStartError if a note tells that the process does not start."""
    errors = [note for note in advice if note["level"] == "error"]
    if errors:
        changes = {key: value for note in errors for key, value in note["changes"].items()}
        raise CannotStartError(" ".join(map(sentence, errors)), changes)


def total_process(config: dict[str, t.Any], flink_version: object, process: str) -> int:
    """The bytes that a process takes of its host: what ``plan`` tells, without the plan.

    A JobManager of 1.10, whose start script plans nothing else, counts with its heap. Raises FlinkError as
    ``plan`` does, without the advice, and DoesNotFitError where a total is too small.
    """
    given = Config(config, Release.parse(flink_version))
    if process == "jobmanager" and given.release.version < (1, 11):
        return int(jobmanager.read_script_heap(given)[0] or 0) * MIB
    model: ProcessModel[t.Any] = taskmanager.MODEL if process == "taskmanager" else jobmanager.MODEL
    return derive(model, with_legacy_heap(model, given), Notes()).total_process


def _plan_taskmanager(config: Config, notes: Notes) -> Sizes:
    note_keys(notes, config, "taskmanager")
    check_no_memory_flags(config, "taskmanager")
    note_backend(notes, config)
    process = _derive(taskmanager.MODEL, config, notes)
    memory = process.flink
    cpu_cores, slots = taskmanager.read_cpu_cores(config), taskmanager.read_slots(config)
    amounts = read_amounts(config)
    note_taskmanager(notes, config, memory, process.metaspace, process.overhead)
    running_slots = taskmanager.effective_slots(slots)
    if running_slots is None:
        note_no_slots(notes)
    return {
        "derived_from": list(process.derived_from),
        "memory": {
            **_components(process),
            "jvm_heap": memory.jvm_heap,
            "jvm_direct": memory.jvm_direct,
            **_totals(process),
        },
        "slots": taskmanager.slot_shares(memory, running_slots or 1),
        "jvm_args": _jvm_args(memory.jvm_heap, memory.jvm_direct, process.metaspace),
        "dynamic_properties": _taskmanager_properties(config, process, cpu_cores, slots, amounts),
    }


def _plan_jobmanager(config: Config, notes: Notes) -> Sizes:
    note_keys(notes, config, "jobmanager")
    check_no_memory_flags(config, "jobmanager")
    note_backend(notes, config)
    if config.release.version < (1, 11):
        return _plan_script_jobmanager(config, notes)
    process = _derive(jobmanager.MODEL, config, notes)
    memory = process.flink
    limits_direct = config.boolean(options.JM_DIRECT_LIMIT)
    note_jobmanager(notes, config, memory.jvm_heap, process.metaspace)
    return {
        "derived_from": list(process.derived_from),
        "memory": {**_components(process), **_totals(process)},
        "jvm_args": _jvm_args(memory.jvm_heap, memory.off_heap if limits_direct else None, process.metaspace),
        "dynamic_properties": _jobmanager_properties(config, process),
    }


def _plan_script_jobmanager(config: Config, notes: Notes) -> Sizes:
    mebibytes, key = jobmanager.read_script_heap(config)
    if not mebibytes:
        reason = "" if key is None else f", since its start script reads less than 1m from {key}"
        notes.warning(
            "no-heap-limit",
            [key or options.JM_HEAP.key],
            f"Flink 1.10 sets no heap size for this JobManager{reason}: the JVM takes a quarter of the host's memory.",
            Try({options.JM_HEAP.key: "1024m"}, f"Set {options.JM_HEAP.key}, for example to 1024m."),
        )
    return {
        "derived_from": [key] if key else [],
        "memory": {
            "jvm_heap": int(mebibytes) * MIB if mebibytes else None,
            **dict.fromkeys(("off_heap", "jvm_metaspace", "jvm_overhead", "total_flink", "total_process")),
        },
        "jvm_args": [f"-Xms{mebibytes}m", f"-Xmx{mebibytes}m"] if mebibytes else [],
        "dynamic_properties": {},
    }


def _plan_local(config: Config, notes: Notes) -> Sizes:
    note_keys(notes, config, "taskmanager")
    parts = local.derive_local(config)
    memory = taskmanager.TaskManagerMemory(framework_heap=0, framework_off_heap=0, **parts)
    undecided = ("jvm_metaspace", "jvm_overhead", "jvm_heap", "jvm_direct", "total_flink", "total_process")
    return {
        "derived_from": [],
        "memory": {**{name: parts.get(name) for name in memory.components()}, **dict.fromkeys(undecided)},
        "slots": taskmanager.slot_shares(memory, local.read_slots(config)),
        "jvm_args": [],
        "dynamic_properties": {},
    }


_PLANNERS = {"taskmanager": _plan_taskmanager, "jobmanager": _plan_jobmanager, "local": _plan_local}


def _components(process: ProcessMemory[Memory]) -> dict[str, int]:
    return {
        **process.flink.components(),
        "jvm_metaspace": process.metaspace,
        "jvm_overhead": process.overhead,
    }


def _totals(process: ProcessMemory[Memory]) -> dict[str, int]:
    return {"total_flink": process.flink.total_flink, "total_process": process.total_process}


def _jvm_args(heap: int, direct: int | None, metaspace: int) -> list[str]:
    """Source: ``ProcessMemoryUtils.generateJvmParametersStr``."""
    limits = [] if direct is None else [f"-XX:MaxDirectMemorySize={direct}"]
    return [f"-Xmx{heap}", f"-Xms{heap}", *limits, f"-XX:MaxMetaspaceSize={metaspace}"]


def _taskmanager_properties(
    config: Config,
    process: ProcessMemory[taskmanager.TaskManagerMemory],
    cpu_cores: float,
    slots: int | None,
    amounts: dict[str, int],
) -> dict[str, str]:
    """Source: ``TaskExecutorProcessUtils.generateDynamicConfigsStr``; what it contains grew with 1.12.2 and 1.13."""
    version, memory = config.release.version, process.flink
    sizes = {
        options.TM_FRAMEWORK_HEAP.key: memory.framework_heap,
        options.TM_TASK_HEAP.key: memory.task_heap,
        options.TM_FRAMEWORK_OFF_HEAP.key: memory.framework_off_heap,
        options.TM_TASK_OFF_HEAP.key: memory.task_off_heap,
        options.TM_NETWORK.minimum.key: memory.network,
        options.TM_NETWORK.maximum.key: memory.network,
        options.TM_MANAGED.key: memory.managed,
    }
    if version >= (1, 12, 2):
        sizes.update(_jvm_sizes(taskmanager.MODEL, process))
    properties = {key: f"{size}b" for key, size in sizes.items()}
    properties[options.TM_CPU.key] = double_text(cpu_cores)
    if version >= (1, 13):
        properties[options.TM_SLOTS.key] = str(slots)
        properties.update(as_properties(config, amounts))
    return properties


def _jobmanager_properties(config: Config, process: ProcessMemory[jobmanager.JobManagerMemory]) -> dict[str, str]:
    """Source: ``JobManagerProcessUtils.generateDynamicConfigsStr``, from 1.12 on."""
    if config.release.version < (1, 12):
        return {}
    sizes = {
        options.JM_JVM_HEAP.key: process.flink.jvm_heap,
        options.JM_OFF_HEAP.key: process.flink.off_heap,
        **_jvm_sizes(jobmanager.MODEL, process),
    }
    return {key: f"{size}b" for key, size in sizes.items()}


def _jvm_sizes(model: ProcessModel[Memory], process: ProcessMemory[Memory]) -> dict[str, int]:
    return {
        model.metaspace.key: process.metaspace,
        model.overhead.minimum.key: process.overhead,
        model.overhead.maximum.key: process.overhead,
    }


def _derive(model: ProcessModel[Memory], config: Config, notes: Notes) -> ProcessMemory[Memory]:
    effective = with_legacy_heap(model, config)
    note_ways(notes, effective, model)
    return derive(model, effective, notes)
