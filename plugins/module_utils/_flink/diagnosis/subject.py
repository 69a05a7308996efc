# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process as all of a diagnosis sees it: its plan, and what was read of it on its host and from the cluster."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..values import options
from ..values.config import Config, flatten
from ..values.errors import FlinkError
from ..values.release import Release
from ..values.size import precise

if t.TYPE_CHECKING:
    from ..observation.readings import CgroupReading, JobManagerReading, ProcessReading, TaskManagerReading
    from ..values.results import ProcessPlan

_NEWEST = Release.parse("2.3")
_MINUTE = 60
# So long a process is young: its figures are those of a start, or those of the process before it.
YOUNG = 10 * _MINUTE
# The slices that systemd has of itself; the root has no name.
_OF_ALL = ("", "system.slice", "user.slice", "machine.slice")


@dataclasses.dataclass(frozen=True)
class Subject:
    """A process; ``host`` is null where a single host is looked at, the others where nobody planned or read it.

    ``now`` is the time of the look at its host.
    """

    host: str | None
    name: str
    plan: ProcessPlan | None = None
    reading: ProcessReading | None = None
    live: TaskManagerReading | JobManagerReading | None = None
    now: int | None = None
    flink_version: str | None = None
    slice: CgroupReading | None = None

    @property
    def killed_in(self) -> str:
        """Which of its cgroups counts processes that the kernel has killed, and how many; empty if none does.

        A slice in which everything runs counts the kills of others too.
        """
        own = self.reading["cgroup"] if self.reading else None
        for cgroup in (own, self.slice):
            if cgroup is not None and cgroup["oom_kills"] and cgroup["path"].rpartition("/")[2] not in _OF_ALL:
                return f"{cgroup['path']} counts {cgroup['oom_kills']} killed"
        return ""

    @property
    def title(self) -> str:
        return f"{self.name} on {self.host}" if self.host else self.name

    @property
    def is_jobmanager(self) -> bool:
        return self.name.startswith("jobmanager")

    @property
    def slots(self) -> int:
        return self.plan["slots"]["count"] if self.plan and "slots" in self.plan else 1

    @functools.cached_property
    def release(self) -> Release:
        """That of its plan, else of the cluster, else the newest."""
        version = self.plan["flink_version"] if self.plan else self.flink_version
        try:
            return Release.parse(version) if version else _NEWEST
        except FlinkError:
            return _NEWEST

    @functools.cached_property
    def config(self) -> Config:
        """Its options, none without a plan."""
        return Config(flatten(self.plan["config"]) if self.plan else {}, self.release)

    def size(self, *components: str) -> int | None:
        """The bytes of these components together: as the process reports them, else as planned."""
        reported = self.live["memory"] if self.live else {}
        planned = self.plan["memory"] if self.plan else {}
        sizes = [planned.get(name) if reported.get(name) is None else reported[name] for name in components]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    def of(self, component: str) -> str:
        """The size of a component after its name, as far as it is known."""
        size = self.size(component)
        return "" if size is None else f" of {precise(size)}"

    @property
    def heap(self) -> str:
        """The component that holds what users put on the heap."""
        return "jvm_heap" if self.is_jobmanager else "task_heap"

    @property
    def uptime(self) -> int | None:
        """Seconds."""
        started = self.reading["started"] if self.reading else None
        return None if started is None or self.now is None else max(0, self.now - started)

    @property
    def configured(self) -> int | None:
        """When it was given its present options, if that is known."""
        return self.reading["configured"] if self.reading else None

    @property
    def is_young(self) -> bool:
        """Whether its figures say nothing yet; a process of which nobody knows the start is not."""
        return self.uptime is not None and self.uptime < YOUNG

    def key_of(self, component: str) -> list[str]:
        """The options that set a component in its release."""
        found = _KEYS[self.is_jobmanager].get(component, ())
        return [option.key for option in found if option.exists_in(self.release)]

    def totals_with(self, component: str) -> list[str]:
        """The configured totals that would have to grow with a component, the inner one first."""
        model = (options.JM_FLINK, options.JM_PROCESS) if self.is_jobmanager else (options.TM_FLINK, options.TM_PROCESS)
        outside = component in ("jvm_metaspace", "jvm_overhead")
        known = model[1:] if outside else model
        return [option.key for option in known if option.exists_in(self.release) and self.config.is_set(option)]


_KEYS: tuple[dict[str, tuple[options.Option[t.Any], ...]], dict[str, tuple[options.Option[t.Any], ...]]] = (
    {
        "framework_heap": (options.TM_FRAMEWORK_HEAP,),
        "task_heap": (options.TM_TASK_HEAP,),
        "framework_off_heap": (options.TM_FRAMEWORK_OFF_HEAP,),
        "task_off_heap": (options.TM_TASK_OFF_HEAP,),
        "network": (options.TM_NETWORK.minimum, options.TM_NETWORK.maximum),
        "managed": (options.TM_MANAGED,),
        "jvm_metaspace": (options.TM_METASPACE,),
        "jvm_overhead": (options.TM_OVERHEAD.minimum, options.TM_OVERHEAD.maximum),
    },
    {
        "jvm_heap": (options.JM_JVM_HEAP, dataclasses.replace(options.JM_HEAP, until=(1, 11))),
        "off_heap": (options.JM_OFF_HEAP,),
        "jvm_metaspace": (options.JM_METASPACE,),
        "jvm_overhead": (options.JM_OVERHEAD.minimum, options.JM_OVERHEAD.maximum),
    },
)
