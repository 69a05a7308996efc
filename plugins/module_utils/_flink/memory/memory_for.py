# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a process shall have to the smallest total process size that gives it: the inverse of the plan.

All needs but one are options of their own, so that Flink gives them to the byte. What is left is the heap, which takes
the rest, and the smallest total with which it is large enough.
"""

from __future__ import annotations

import typing as t
from fractions import Fraction

from ..values import options
from ..values.config import Config, flatten
from ..values.errors import FlinkError, nearest, quoted, quoted_key, quoted_value, type_name
from ..values.java_numbers import parse_int
from ..values.release import Release
from ..values.size import MIB, exact, precise, to_bytes
from . import jobmanager, taskmanager
from .network_buffers import required_buffers
from .plan import plan
from .range import read_fraction
from .smallest_total import TotalSearch

if t.TYPE_CHECKING:
    from ..values.options import Option
    from ..values.results import MemoryFor

# What Flink's own classes take of the metaspace, rounded up, and what each job adds that a session cluster loads.
_METASPACE_OF_FLINK = 64 * MIB
_METASPACE_OF_A_JOB = 18 * MIB

_NEEDS = {
    "taskmanager": (
        "process",
        "slots",
        "task_heap",
        "task_heap_per_slot",
        "task_off_heap",
        "managed",
        "managed_per_slot",
        "network",
        "parallelism",
        "exchanges",
        "metaspace",
        "jobs",
        "config",
    ),
    "jobmanager": ("process", "heap", "off_heap", "metaspace", "config"),
}
_EITHER = (
    ("task_heap", "task_heap_per_slot"),
    ("managed", "managed_per_slot"),
    ("network", "parallelism"),
    ("metaspace", "jobs"),
)

_TOTALS = {
    "taskmanager": (options.TM_PROCESS, options.TM_FLINK, options.TM_HEAP, options.TM_HEAP_MB),
    "jobmanager": (options.JM_PROCESS, options.JM_FLINK, options.JM_HEAP, options.JM_HEAP_MB),
}
_DECIDED: dict[str, dict[str, Option[int]]] = {
    "taskmanager": {
        "slots": options.TM_SLOTS,
        "task_heap": options.TM_TASK_HEAP,
        "task_off_heap": options.TM_TASK_OFF_HEAP,
        "managed": options.TM_MANAGED,
        "metaspace": options.TM_METASPACE,
    },
    "jobmanager": {
        "heap": options.JM_JVM_HEAP,
        "off_heap": options.JM_OFF_HEAP,
        "metaspace": options.JM_METASPACE,
    },
}
_NETWORK: tuple[Option[t.Any], ...] = (
    options.TM_NETWORK.minimum,
    options.TM_NETWORK.maximum,
    options.TM_NETWORK.fraction,
    options.TM_NETWORK_BUFFERS,
)
_DECIDED_IF_GIVEN: dict[str, tuple[Option[t.Any], ...]] = {
    "managed": (options.TM_MANAGED_FRACTION,),
    "managed_per_slot": (options.TM_MANAGED_FRACTION,),
    "network": _NETWORK,
    "parallelism": _NETWORK,
}


def memory_for(needs: object, flink_version: object) -> MemoryFor:
    """The smallest total process size, to the byte, whose plan gives every need, and the options that make it so.

    ``needs`` is the mapping that the filter memory_for documents. The result is ``{"total_process": bytes,
    "process_size": text, "config": {...}, "memory": {...}, "notes": [...]}``; ``memory`` and ``notes`` are those of the
    plan of ``config``. Raises FlinkError for needs that are not understood or that nothing gives.
    """
    release = Release.parse(flink_version)
    process, given = _read_needs(needs)
    further = flatten(given.get("config", {}))
    _check_further(further, given, process, release)
    read = _read_taskmanager if process == "taskmanager" else _read_jobmanager
    search = read(given, Config(further, release))
    total = search.smallest()
    if total is None:
        raise FlinkError(
            f"needs: no reasonable total process size leaves {precise(search.least)} of heap after the other parts. "
            "Lower the needs, or the fractions of managed memory, network and JVM overhead."
        )
    config = {**further, search.total.key: exact(total), **search.config.values}
    planned = plan(config, flink_version, process)
    return {
        "total_process": total,
        "process_size": exact(total),
        "config": config,
        "memory": planned["memory"],
        "notes": planned["notes"],
    }


def _read_needs(needs: object) -> tuple[str, dict[str, t.Any]]:
    """The process, and its needs without those that are null."""
    if not isinstance(needs, dict):
        raise FlinkError(f"needs: expected a mapping such as {{'task_heap': '1g'}}, not {type_name(needs)}.")
    given = {key: value for key, value in needs.items() if value is not None}
    process = given.get("process", "taskmanager")
    if not isinstance(process, str) or process not in _NEEDS:
        raise FlinkError(f"needs: process: expected one of {', '.join(_NEEDS)}, got {quoted(process)}.")
    for key in given:
        if key not in _NEEDS[process]:
            raise FlinkError(f"needs: {quoted_key(key)} is not a need of a {process}. {_meant(key, process)}")
    for pair in _EITHER:
        if all(name in given for name in pair):
            raise FlinkError(f"needs: {' and '.join(pair)} say the same in two ways. Keep one of them.")
    if "exchanges" in given and "parallelism" not in given:
        raise FlinkError("needs: exchanges counts only with parallelism. Give parallelism too, or remove it.")
    return process, given


def _meant(key: object, process: str) -> str:
    close = nearest(key, _NEEDS[process], cutoff=0.6) if isinstance(key, str) else None
    return f"Did you mean {close}?" if close else f"Its needs are {', '.join(_NEEDS[process])}."


def _check_further(further: dict[str, t.Any], given: dict[str, t.Any], process: str, release: Release) -> None:
    """That the further options decide nothing that the needs decide."""
    for option in _TOTALS[process]:
        if option.key in further and option.exists_in(release):
            raise FlinkError(f"needs: config: {option.key} is a total, and the total is the result. Remove it.")
    for name, option in _DECIDED[process].items():
        for key in option.keys:
            if key in further:
                raise FlinkError(f"needs: config: {key} is one of the needs. Give it as {name}.")
    for name in sorted(given.keys() & _DECIDED_IF_GIVEN.keys()):
        for key in (key for option in _DECIDED_IF_GIVEN[name] for key in option.keys):
            if key in further:
                raise FlinkError(f"needs: config: {key} cannot be combined with the need {name}. Remove one of them.")


def _read_taskmanager(given: dict[str, t.Any], further: Config) -> TotalSearch:
    slots = _count(given, "slots")
    decided: dict[str, t.Any] = {options.TM_SLOTS.key: slots}
    if "task_off_heap" in given:
        decided[options.TM_TASK_OFF_HEAP.key] = exact(_size(given, "task_off_heap"))
    network = _read_network(given, further, slots)
    if network is not None:
        decided.update(dict.fromkeys((options.TM_NETWORK.minimum.key, options.TM_NETWORK.maximum.key), network))
    managed = _whole(given, "managed", slots)
    if managed is not None:
        decided[options.TM_MANAGED.key] = exact(managed)
    metaspace = _read_metaspace(given, further.release)
    if metaspace is not None:
        decided[options.TM_METASPACE.key] = exact(metaspace)
    if managed is None and network is None:
        _check_fractions(further)
    heap = _at_least_one("task_heap", _whole(given, "task_heap", slots))
    config = Config({**further.values, **decided}, further.release)
    return TotalSearch(taskmanager.MODEL, config, options.TM_PROCESS, "task_heap", heap)


def _read_jobmanager(given: dict[str, t.Any], further: Config) -> TotalSearch:
    if further.release.version < (1, 11):
        raise FlinkError(
            f"needs: Flink {further.release.given} plans only the heap of a JobManager. Set {options.JM_HEAP.key}."
        )
    sizes = {"off_heap": options.JM_OFF_HEAP, "metaspace": options.JM_METASPACE}
    decided = {option.key: exact(_size(given, name)) for name, option in sizes.items() if name in given}
    heap = _at_least_one("heap", _size(given, "heap") if "heap" in given else None)
    config = Config({**further.values, **decided}, further.release)
    return TotalSearch(jobmanager.MODEL, config, options.JM_PROCESS, "jvm_heap", heap)


def _read_network(given: dict[str, t.Any], further: Config, slots: int) -> str | None:
    """The network memory, if it is a need: of a job as many buffers as suffice however it is spread, and at least
    Flink's own minimum.
    """
    if "parallelism" in given:
        parallelism, exchanges = _count(given, "parallelism"), _count(given, "exchanges")
        buffers = required_buffers(further, parallelism, min(slots, parallelism), exchanges=exchanges)
        least = options.TM_NETWORK.minimum.default(further.release)
        return exact(max(buffers * further.size(options.TM_SEGMENT), least))
    return exact(_size(given, "network")) if "network" in given else None


def _read_metaspace(given: dict[str, t.Any], release: Release) -> int | None:
    if "jobs" in given:
        default = options.TM_METASPACE.default(release)
        return max(default, _METASPACE_OF_FLINK + _METASPACE_OF_A_JOB * _count(given, "jobs"))
    return _size(given, "metaspace") if "metaspace" in given else None


def _check_fractions(config: Config) -> None:
    """That the heap grows with the total."""
    fractions = (options.TM_MANAGED_FRACTION, options.TM_NETWORK.fraction)
    if sum(Fraction(repr(read_fraction(config, option))) for option in fractions) > 1:
        raise FlinkError(
            f"needs: config: {' and '.join(map(config.name_of, fractions))} add up to more than 1. Lower one of them."
        )


def _whole(given: dict[str, t.Any], name: str, slots: int) -> int | None:
    """A need of the whole TaskManager, given as such or for each slot."""
    if f"{name}_per_slot" in given:
        return _size(given, f"{name}_per_slot") * slots
    return _size(given, name) if name in given else None


def _at_least_one(name: str, heap: int | None) -> int:
    if not heap:
        raise FlinkError(f"needs: {name}: expected a size above 0 such as 1g, got none.")
    return heap


def _size(given: dict[str, t.Any], name: str) -> int:
    try:
        return to_bytes(given[name])
    except FlinkError as exc:
        raise FlinkError(f"needs: {name}: {exc}") from None


def _count(given: dict[str, t.Any], name: str) -> int:
    """A number that is at least 1, and 1 if it is not given."""
    value = given.get(name, 1)
    try:
        number = parse_int(str(value)) if isinstance(value, (int, str)) and not isinstance(value, bool) else 0
    except ValueError:
        number = 0
    if number < 1:
        raise FlinkError(f"needs: {name}: expected a whole number of at least 1, got {quoted_value(value)}.")
    return number
