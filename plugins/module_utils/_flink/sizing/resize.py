# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options of a process and the sizes that some of its components shall have to the options that give them.

No other component shrinks. Under a total that is what goes wrong by hand: a task heap alone makes network the rest,
and a larger metaspace is taken from the heap. So the total is searched anew, and where a component that nobody mentions
would move with it, it is held at what it is. Of all ways to do so that one is taken that changes the fewest options.
Every way is planned, and what is returned is what the plan says.
"""

from __future__ import annotations

import dataclasses
import itertools
import typing as t

from ..memory import jobmanager, taskmanager
from ..memory.derivation import ProcessModel, derive, with_legacy_heap
from ..memory.plan import plan
from ..memory.smallest_total import TotalSearch
from ..memory.taskmanager import counts_network_buffers
from ..values import options
from ..values.config import Config
from ..values.errors import FlinkError
from ..values.notes import Change, Notes
from ..values.release import Release
from ..values.size import MAX_BYTES, MIB, exact, precise, to_bytes

if t.TYPE_CHECKING:
    from ..values.options import Option, RangeOptions

# What may be wasted for a shorter change, as a part of what is added: a total whose fractions grow with it.
_WASTE = 8

# What a total process size has besides the total Flink memory.
_IN_PROCESS = ("jvm_metaspace", "jvm_overhead")

Sizes = t.Dict[str, int]


@dataclasses.dataclass(frozen=True)
class _Kind:
    """Which options decide a component alone, which bound it, and which component takes the rest of a total."""

    model: ProcessModel[t.Any]
    single: t.Mapping[str, Option[int]]
    ranged: t.Mapping[str, RangeOptions]
    rest: str


_KINDS = {
    "taskmanager": _Kind(
        taskmanager.MODEL,
        {
            "framework_heap": options.TM_FRAMEWORK_HEAP,
            "framework_off_heap": options.TM_FRAMEWORK_OFF_HEAP,
            "task_off_heap": options.TM_TASK_OFF_HEAP,
            "jvm_metaspace": options.TM_METASPACE,
        },
        {"network": options.TM_NETWORK, "jvm_overhead": options.TM_OVERHEAD},
        "task_heap",
    ),
    "jobmanager": _Kind(
        jobmanager.MODEL,
        {"off_heap": options.JM_OFF_HEAP, "jvm_metaspace": options.JM_METASPACE},
        {"jvm_overhead": options.JM_OVERHEAD},
        "jvm_heap",
    ),
}


@dataclasses.dataclass(frozen=True)
class Resizing:
    """The options that change, null for one that has to go; all options after; the memory before and after."""

    changes: Change
    config: dict[str, t.Any]
    before: dict[str, int | None]
    after: dict[str, int | None]


def resize(config: dict[str, t.Any], flink_version: object, process: str, targets: Sizes) -> Resizing:
    """Set components of a process to sizes in bytes; all others stay what they are, or grow a little.

    ``config`` is flat, without shares; ``targets`` are under the names of a plan. What shrinks frees its bytes to the
    byte; what grows may take up to an eighth more than it needs, where fractions grow with a total. Raises FlinkError
    if the release has no such component, or no way gives the sizes.
    """
    release = Release.parse(flink_version)
    before = plan(config, flink_version, process)["memory"]
    if process == "jobmanager" and release.version < (1, 11):
        changes = _script_heap(config, release, targets)
    else:
        kind = _KINDS[process]
        effective = with_legacy_heap(kind.model, Config(config, release))
        parts = _parts(derive(kind.model, effective, Notes()))
        strange = sorted(targets.keys() - parts.keys())
        if strange:
            raise FlinkError(f"targets: a {process} has no {strange[0]}. Its components are {', '.join(parts)}.")
        changes = _Resize(kind, Config(config, release), process, flink_version, parts, targets).changes()
    after = {key: value for key, value in {**config, **changes}.items() if value is not None}
    return Resizing(changes, after, before, plan(after, flink_version, process)["memory"])


def in_words(component: str) -> str:
    """A component of a plan as people call it."""
    return component.replace("jvm_", "JVM ").replace("_", " ").replace("off heap", "off-heap memory")


def _parts(derived: t.Any) -> Sizes:
    return {**derived.flink.components(), "jvm_metaspace": derived.metaspace, "jvm_overhead": derived.overhead}


def _script_heap(config: dict[str, t.Any], release: Release, targets: Sizes) -> Change:
    """The start script of 1.10 knows a heap in whole MiB and nothing else."""
    others = [name for name in targets if name != "jvm_heap"]
    if others:
        raise FlinkError(
            f"Flink {release.line} sizes only the heap of a JobManager: no option sets its "
            f"{in_words(others[0])}. Upgrade to 1.11 or newer, or leave it."
        )
    key = jobmanager.read_script_heap(Config(config, release))[1] or options.JM_HEAP.key
    mebibytes = -(-targets["jvm_heap"] // MIB) if targets else None
    if mebibytes is None:
        return {}
    return {key: str(mebibytes) if key.endswith(".mb") else f"{mebibytes}m"}


@dataclasses.dataclass(frozen=True)
class _Resize:
    """One question: ``parts`` are what the components are, ``targets`` what some of them shall be."""

    kind: _Kind
    config: Config
    process: str
    flink_version: object
    parts: Sizes
    targets: Sizes

    def changes(self) -> Change:
        """The shortest change that does it. Raises FlinkError if there is none."""
        if all(self.parts[name] == size for name, size in self.targets.items()):
            return {}
        wanted = self._wanted()
        found = next(filter(None, (self._attempt(change, wanted) for change in self._candidates(wanted))), None)
        if found is None:
            sizes = " and ".join(f"{in_words(name)} to {precise(size)}" for name, size in self.targets.items())
            raise FlinkError(f"No options were found that set {sizes} and leave the rest as it is.")
        return found

    def _wanted(self) -> Sizes:
        """All components as they shall be. Buffers that are counted are whole ones."""
        wanted = {**self.parts, **self.targets}
        if "network" in self.targets and counts_network_buffers(self.config):
            segment = self.config.size(options.TM_SEGMENT)
            wanted["network"] = -(-wanted["network"] // segment) * segment
        return wanted

    def _candidates(self, wanted: Sizes) -> list[Change]:
        """Changes of all but totals, the shortest first."""
        base = {
            self._key(option): exact(wanted[name])
            for name, option in self.kind.single.items()
            if wanted[name] != self.parts[name]
        }
        heap = self.kind.model.fine_grained[0]
        effective = with_legacy_heap(self.kind.model, self.config)
        if effective.is_set(heap) and wanted[self.kind.rest] != self.parts[self.kind.rest]:
            base.update(_written(effective, heap, wanted[self.kind.rest]))
        ways = [self._managed_ways(wanted), *(self._range_ways(name, wanted) for name in self.kind.ranged)]
        changes = [
            {**base, **{key: value for part in way for key, value in part.items()}} for way in itertools.product(*ways)
        ]
        return sorted(changes, key=lambda change: sum(self._differs(key, value) for key, value in change.items()))

    def _managed_ways(self, wanted: Sizes) -> list[Change]:
        if "managed" not in wanted:
            return [{}]
        pinned = {self._key(options.TM_MANAGED): exact(wanted["managed"])}
        if "managed" in self.targets and wanted["managed"] != self.parts["managed"]:
            return [pinned]
        return [{}] if self.config.is_set(options.TM_MANAGED) else [{}, pinned]

    def _range_ways(self, name: str, wanted: Sizes) -> list[Change]:
        """Leave it to its options, or bound it from below, from above, or from both."""
        if name == "network" and counts_network_buffers(self.config):
            if wanted[name] == self.parts[name]:
                return [{}]
            return [{options.TM_NETWORK_BUFFERS.key: wanted[name] // self.config.size(options.TM_SEGMENT)}]
        bounds = self.kind.ranged[name]
        least = {self._key(bounds.minimum): exact(wanted[name])}
        most = {self._key(bounds.maximum): exact(wanted[name])}
        return [{}, most, least, {**least, **most}]

    def _attempt(self, candidate: Change, wanted: Sizes) -> Change | None:
        """The candidate with the totals that it takes, if that gives what is wanted."""
        try:
            totals = self._totals(candidate, wanted)
        except FlinkError:
            return None
        rounded = {key: _rounded_up(value) for key, value in totals.items()}
        return self._tried({**candidate, **rounded}, wanted) or self._tried({**candidate, **totals}, wanted)

    def _totals(self, candidate: Change, wanted: Sizes) -> Change:
        """The totals with which a candidate gives what is wanted. Raises FlinkError if it is refused."""
        model = self.kind.model
        changed = self._config(candidate)
        effective = with_legacy_heap(model, changed)
        is_fine_grained = all(map(effective.is_set, model.fine_grained))
        has_flink = effective.is_set(model.total_flink)
        totals: Change = {}
        if has_flink:
            size = sum(wanted[name] for name in wanted if name not in _IN_PROCESS)
            if not is_fine_grained:
                inner = self._config({**candidate, model.total_process.key: None})
                size = self._searched(with_legacy_heap(model, inner), model.total_flink, wanted)
            totals.update(_written(effective, model.total_flink, size))
        if effective.is_set(model.total_process):
            if is_fine_grained or has_flink:
                inner = self._config({**candidate, **totals, model.total_process.key: None})
                derived = derive(model, with_legacy_heap(model, inner), Notes())
                size = derived.flink.total_flink + derived.metaspace + wanted["jvm_overhead"]
            else:
                size = self._searched(effective, model.total_process, wanted)
            totals.update(_written(effective, model.total_process, size))
        return totals

    def _searched(self, config: Config, total: Option[int], wanted: Sizes) -> int:
        heap = self.kind.model.fine_grained[0]
        part = "network" if self.process == "taskmanager" and config.is_set(heap) else self.kind.rest
        inside = _IN_PROCESS if total is self.kind.model.total_flink else ()
        least = sum(size for name, size in wanted.items() if name not in inside)
        search = TotalSearch(self.kind.model, self._relaxed(config), total, part, wanted[part])
        size = search.smallest(least, least + self._most_wasted(wanted))
        if size is None:
            raise FlinkError(f"{total.key}: no reasonable size is enough.")
        return size

    def _most_wasted(self, wanted: Sizes) -> int:
        return sum(max(0, size - self.parts[name]) for name, size in wanted.items()) // _WASTE

    def _tried(self, change: Change, wanted: Sizes) -> Change | None:
        """The change, without what is so already, if its plan has what is wanted and little more."""
        config = self._config(change)
        try:
            effective = with_legacy_heap(self.kind.model, config)
            after = _parts(derive(self.kind.model, effective, Notes()))
            wasted = [after[name] - size for name, size in wanted.items()]
            if min(wasted) < 0 or sum(wasted) > self._most_wasted(wanted):
                return None
            plan(config.values, self.flink_version, self.process)
        except FlinkError:
            return None
        return {key: value for key, value in change.items() if self._differs(key, value)}

    def _config(self, change: Change) -> Config:
        values = {**self.config.values, **change}
        return Config({key: value for key, value in values.items() if value is not None}, self.config.release)

    def _relaxed(self, config: Config) -> Config:
        """The options for a search, in which what takes the rest may be of any size."""
        if self.process == "taskmanager" and config.is_set(options.TM_TASK_HEAP):
            bounds = options.TM_NETWORK
            return Config({**config.values, bounds.minimum.key: 0, bounds.maximum.key: MAX_BYTES}, config.release)
        return config

    def _key(self, option: Option[t.Any]) -> str:
        """The key to write: the one that is written already."""
        return self.config.key_of(option) or option.key

    def _differs(self, key: str, value: t.Any) -> bool:
        return bool(self.config.values.get(key) != value)


def _written(config: Config, option: Option[int], size: int) -> Change:
    """An option with a size, under the key that has it now; one that takes whole MiB gives way to its successor."""
    key = config.name_of(option)
    return {key: None, option.key: exact(size)} if key.endswith(".mb") else {key: exact(size)}


def _rounded_up(value: t.Any) -> t.Any:
    return value if value is None else exact(-(-to_bytes(value) // MIB) * MIB)
