# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The memory of each process before and after, and what would keep it as it was."""

from __future__ import annotations

import typing as t

from ..check.findings import warning
from ..memory.plan import plan
from ..values import options
from ..values.errors import FlinkError
from ..values.size import GIB, exact, precise, rounded
from .before_1_10 import old_memory
from .journey import FIRST_KNOWN, plain_text

if t.TYPE_CHECKING:
    from ..values.release import Release
    from ..values.results import ChangedMemory, Note

Sizes = t.Dict[str, t.Optional[int]]

_NAMES = {
    "framework_heap": "framework heap",
    "task_heap": "task heap",
    "jvm_heap": "JVM heap",
    "framework_off_heap": "framework off-heap",
    "task_off_heap": "task off-heap",
    "off_heap": "off-heap",
    "network": "network",
    "managed": "managed",
    "jvm_metaspace": "JVM metaspace",
    "jvm_overhead": "JVM overhead",
    "total_flink": "total Flink",
    "total_process": "total process",
}
_TITLES = {"jobmanager": "JobManager", "taskmanager": "TaskManager"}
_BACKENDS = ("state.backend", "state.backend.type")


def changed_memory(
    before: dict[str, t.Any], source: Release, after: dict[str, t.Any], target: Release
) -> tuple[list[ChangedMemory], list[Note]]:
    """Of each process, and what a person has to decide about it."""
    changes, decisions = [], []
    for process, title in _TITLES.items():
        old, refused_before = _sizes(before, source, process)
        new, refusal = _sizes(after, target, process)
        changes.append(_change(process, old, new, refused_before, refusal, source, target))
        if refusal is not None:
            message = f"Flink {target.line} refuses the memory of the {title}."
            remedy = "Choose its sizes before it is started."
            decisions.append(warning("memory-refused", [], message, remedy, refusal.changes))
        elif old is not None and new is not None:
            decisions += _proposals(process, before, old, after, new, target)
    return changes, decisions


def _sizes(config: dict[str, t.Any], release: Release, process: str) -> tuple[Sizes | None, FlinkError | None]:
    try:
        if release.version < FIRST_KNOWN:
            return old_memory(config, process), None
        return plan(config, release.given, process)["memory"], None
    except FlinkError as exc:
        return None, exc


def _change(
    process: str,
    old: Sizes | None,
    new: Sizes | None,
    refused_before: FlinkError | None,
    refusal: FlinkError | None,
    source: Release,
    target: Release,
) -> ChangedMemory:
    if new is None:
        refusing = "Both releases refuse" if refused_before is not None else f"Flink {target.line} refuses"
        message = f"{refusing} it: {refusal}"
    elif old is None:
        why = "refused it" if refused_before is not None else "had no size for it"
        message = f"Flink {source.line} {why}; now it has {_totals(new)}."
    else:
        message = _difference(old, new)
    return {"process": process, "before": old, "after": new, "message": message}


def _difference(old: Sizes, new: Sizes) -> str:
    both = [name for name in _NAMES if old.get(name) is not None and new.get(name) is not None]
    if "task_heap" in both:
        both.remove("jvm_heap")
    different = [
        f"{_NAMES[name]} {rounded(new[name] or 0)} instead of {rounded(old[name] or 0)}"
        for name in both
        if old[name] != new[name]
    ]
    known = [name for name in _NAMES if name not in both and new.get(name) is not None and old.get(name) is None]
    if not different and not known:
        return f"It stays as it was: {_totals(new)}."
    said = "; ".join(different) or "What was known of it stays as it was"
    return f"{said}. In all {_totals(new)}." if known else f"{said}."


def _totals(sizes: Sizes) -> str:
    total = sizes.get("total_process")
    if total is not None:
        return f"total process {rounded(total)}"
    heap = sizes.get("jvm_heap")
    return f"JVM heap {rounded(heap)}" if heap is not None else "no heap size"


def _proposals(
    process: str, before: dict[str, t.Any], old: Sizes, after: dict[str, t.Any], new: Sizes, target: Release
) -> t.Iterator[Note]:
    """What would keep the sizes, tried: only what does is proposed."""
    if process == "taskmanager" and old != new:
        maximum = options.TM_NETWORK.maximum.key
        change: dict[str, t.Any] = {maximum: exact(GIB)}
        if maximum not in after and "task_heap" in old and _sizes({**after, **change}, target, process)[0] == old:
            yield warning(
                "network-maximum",
                [maximum],
                f"From 1.17 on network memory has no maximum by default: {precise(new['network'] or 0)} instead of "
                f"{precise(old['network'] or 0)}, which the task heap gives.",
                f"Set {maximum} to 1g to keep the sizes.",
                change,
            )
    if process == "taskmanager" and "framework_heap" not in old:
        yield from _old_heap(before, old, after, new, target)


def _old_heap(
    before: dict[str, t.Any], old: Sizes, after: dict[str, t.Any], new: Sizes, target: Release
) -> t.Iterator[Note]:
    """The heap of a TaskManager before 1.10, if its state lies there."""
    heap, network = old["jvm_heap"] or 0, old["network"] or 0
    task_heap = heap - options.TM_FRAMEWORK_HEAP.default(target)
    on_heap = not any((plain_text(before.get(name)) or "").lower() == "rocksdb" for name in _BACKENDS)
    if task_heap <= 0 or not on_heap or old["jvm_heap"] == new["jvm_heap"]:
        return
    change: dict[str, t.Any] = {
        options.TM_FLINK.key: None,
        options.TM_TASK_HEAP.key: exact(task_heap),
        options.TM_MANAGED.key: exact(old["managed"] or 0),
        options.TM_NETWORK.minimum.key: exact(network),
        options.TM_NETWORK.maximum.key: exact(network),
    }
    kept = {name: value for name, value in {**after, **change}.items() if value is not None}
    sizes = _sizes(kept, target, "taskmanager")[0]
    if sizes is not None and all(sizes[name] == old[name] for name in ("jvm_heap", "network", "managed")):
        yield warning(
            "smaller-heap",
            [options.TM_FLINK.key],
            f"The JVM heap is {rounded(new['jvm_heap'] or 0)} instead of {rounded(heap)}: from 1.10 on the same total "
            f"also has managed memory, {rounded(new['managed'] or 0)}, for RocksDB, batch jobs and Python, and the "
            "off-heap memory of the framework.",
            f"If the jobs use none of these, set {options.TM_TASK_HEAP.key} to {exact(task_heap)} and "
            f"{options.TM_MANAGED.key} to {exact(old['managed'] or 0)} in place of {options.TM_FLINK.key}, to keep the "
            f"heap: {_totals(sizes)}.",
            change,
        )
