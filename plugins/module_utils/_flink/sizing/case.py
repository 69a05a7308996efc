# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A planned process as the rules see it: its plan, what was read of it, and what happened to it."""

from __future__ import annotations

import dataclasses
import typing as t

from ..diagnosis.network_need import needed_buffers, usable_buffers
from ..memory.state_backend import uses_managed_memory
from ..values import options
from ..values.config import Config
from ..values.release import Release
from ..values.size import precise

if t.TYPE_CHECKING:
    from ..diagnosis.findings import Evidence, Finding
    from ..observation.readings import JobReading
    from ..values.results import ProcessPlan
    from .advice import Figure, ProcessWindow

# With fewer collections the old generation says nothing of what lives.
_YOUNG_COLLECTIONS = 10
# Of a cluster no more jobs are read (cluster_metrics_info): what others take is not known.
_MOST_JOBS = 100
_RUNTIME_MODE = "execution.runtime-mode"

# Names of figures in evidence, and how their numbers are written; the others are sizes.
_WORDS: dict[str, tuple[str, t.Callable[[int], str]]] = {
    "old_used": ("old generation after collections", precise),
    "peak": ("largest resident size", precise),
    "anonymous": ("anonymous memory", precise),
    "direct": ("direct buffers", precise),
    "network_total": ("of them network", precise),
    "network_wanted": ("network wanted by all pools", "{}%".format),
    "collection_time": ("time in collections", "{} ms".format),
    **{name: (name.replace("_", " "), str) for name in ("full_collections", "classes_loaded", "classes_unloaded")},
    "rocksdb_usage": ("RocksDB's caches", precise),
    "rocksdb_capacity": ("their capacity", precise),
}


@dataclasses.dataclass(frozen=True)
class Traits:
    """What all processes with the same options have in common.

    ``least_network`` are the bytes of buffers that are enough for any of the running jobs to start, ``most_network``
    those that all of them take at most; null if they are not all known, or may be batch. ``state`` is the size of the
    largest checkpoint.
    """

    spares_managed_memory: bool
    has_state_on_heap: bool
    least_network: int | None
    most_network: int | None
    state: int

    @classmethod
    def of(cls, plan: ProcessPlan, jobs: t.Sequence[JobReading] | None) -> Traits:
        config = Config(plan["config"], Release.parse(plan["flink_version"]))
        is_streaming = str(config.values.get(_RUNTIME_MODE, "streaming")).strip().lower() == "streaming"
        on_heap = not uses_managed_memory(config)
        least = most = None
        if jobs is not None and "slots" in plan:
            slots, segment = plan["slots"]["count"], config.size(options.TM_SEGMENT)
            least = (needed_buffers(config, slots, jobs) or 0) * segment
            # An exchange of batch takes whatever there is.
            usable = usable_buffers(config, slots, jobs) if is_streaming and len(jobs) < _MOST_JOBS else None
            most = None if usable is None else usable * segment
        state = max((job["state_size"] or 0 for job in jobs or ()), default=0)
        return cls(is_streaming and on_heap, on_heap, least, most, state)


@dataclasses.dataclass(frozen=True)
class Case:
    """One process of one host. ``age`` is in seconds, ``window`` null if nothing counts that was read of it."""

    host: str
    plan: ProcessPlan
    traits: Traits
    window: ProcessWindow | None
    age: int | None
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        return self.plan["name"]

    @property
    def title(self) -> str:
        return f"{self.name} on {self.host}"

    @property
    def is_jobmanager(self) -> bool:
        return self.plan["process"] == "jobmanager"

    @property
    def heap_part(self) -> str:
        """The component that grows if the heap has to."""
        return "jvm_heap" if self.is_jobmanager else "task_heap"

    def size(self, *names: str) -> int:
        """Planned bytes of components together; 0 for those that the release does not plan."""
        return sum(self.plan["memory"].get(name) or 0 for name in names)

    def figure(self, name: str) -> Figure | None:
        return None if self.window is None else self.window["figures"].get(name)

    def highest(self, name: str) -> int | None:
        figure = self.figure(name)
        return None if figure is None else figure["maximum"]

    def lowest(self, name: str) -> int | None:
        figure = self.figure(name)
        return None if figure is None else figure["minimum"]

    def grown(self, name: str) -> int:
        """How much a counter grew in the window."""
        figure = self.figure(name)
        return 0 if figure is None else figure["maximum"] - figure["minimum"]

    def evidence(self, *names: str) -> list[Evidence]:
        """These figures with their sources, as far as they were read."""
        figures = [(name, self.figure(name)) for name in names]
        return [
            {"text": _in_words(name, figure), "source": figure["source"]}
            for name, figure in figures
            if figure is not None
        ]

    def failures(self, component: str) -> list[Finding]:
        """What ended or failed for want of this component."""
        return [
            finding for finding in self.findings if finding["component"] == component and finding["level"] == "error"
        ]

    @property
    def has_collected(self) -> bool:
        """Whether there were enough collections to know the live set."""
        old = (self.highest("full_collections") or 0) + (self.highest("concurrent_collections") or 0)
        young = self.highest("young_collections") or 0
        return self.figure("old_used") is not None and (old >= 1 or young >= _YOUNG_COLLECTIONS)

    @property
    def is_uncollected(self) -> bool:
        """Whether its collections were counted, and were too few."""
        return self.figure("young_collections") is not None and not self.has_collected

    @property
    def collecting(self) -> float | None:
        """The part of the time that collections took: in the window, or since the start if there was one look."""
        figure, window = self.figure("collection_time"), self.window
        if figure is None or window is None:
            return None
        span = window["last"] - window["first"]
        if span > 0:
            return self.grown("collection_time") / (span * 1000)
        return figure["last"] / (self.age * 1000) if self.age else None

    @property
    def keeps_state_on_heap(self) -> bool:
        """Whether checkpoints are a good part of what lives, and no state backend takes it out of the heap."""
        if self.is_jobmanager or self.highest("managed_used") or not self.traits.state:
            return False
        return self.traits.has_state_on_heap and 4 * self.traits.state >= (self.highest("old_used") or 0)


def words_of(name: str) -> tuple[str, t.Callable[[int], str]]:
    """What a figure is called, and how its numbers are written."""
    return _WORDS.get(name, (name.replace("_", " "), precise))


def _in_words(name: str, figure: Figure) -> str:
    words, unit = words_of(name)
    if figure["minimum"] == figure["maximum"]:
        return f"{words} {unit(figure['last'])}"
    span = f"{unit(figure['minimum'])} to {unit(figure['maximum'])}"
    return f"{words} {span}, last {unit(figure['last'])}, in {figure['looks']} looks"
