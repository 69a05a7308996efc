# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Flink process: the three ways to derive its memory, and the JVM's part, which TaskManager and JobManager share.

Source: ``ProcessMemoryUtils``, ``RangeFraction`` (1.10: ``TaskExecutorProcessUtils``).
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..values.errors import FlinkError, NothingConfiguredError
from .range import RangeFraction
from .total import Total, check_fits, sum_of

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Notes
    from ..values.options import Option, RangeOptions


class FlinkMemory(t.Protocol):
    """What Flink itself uses: the process without JVM metaspace and JVM overhead."""

    @property
    def total_flink(self) -> int: ...

    def components(self) -> dict[str, int]: ...


Memory = t.TypeVar("Memory", bound=FlinkMemory)


@dataclasses.dataclass(frozen=True)
class ProcessModel(t.Generic[Memory]):
    """What differs between TaskManager and JobManager.

    ``from_fine_grained`` derives from all of the ``fine_grained`` options, with the total Flink memory as a constraint
    if it is given; ``split`` divides a known total Flink memory. ``legacy_heap`` are the options of older releases
    that stand in for ``legacy_target``.
    """

    title: str
    total_process: Option[int]
    total_flink: Option[int]
    fine_grained: tuple[Option[int], ...]
    metaspace: Option[int]
    overhead: RangeOptions
    legacy_target: Option[int]
    legacy_heap: tuple[Option[int], Option[int]]
    from_fine_grained: t.Callable[[Config, Total | None, Notes], Memory]
    split: t.Callable[[Config, Total, Notes], Memory]


@dataclasses.dataclass(frozen=True)
class ProcessMemory(t.Generic[Memory]):
    """A derived process. The totals are sums of the parts, so they cannot disagree with them."""

    flink: Memory
    metaspace: int
    overhead: int
    derived_from: tuple[str, ...]

    @property
    def total_process(self) -> int:
        return self.flink.total_flink + self.metaspace + self.overhead


def derive(model: ProcessModel[Memory], config: Config, notes: Notes) -> ProcessMemory[Memory]:
    """Derive the memory of a process the way Flink does.

    Raises FlinkError if no way applies or the parts do not add up.
    Source: ``ProcessMemoryUtils.memoryProcessSpecFromConfig``.
    """
    if all(config.is_set(option) for option in model.fine_grained):
        flink = model.from_fine_grained(config, _total(config, model.total_flink), notes)
        return _beside_flink(model, config, flink, model.fine_grained, notes)
    total_flink = _total(config, model.total_flink)
    if total_flink is not None:
        flink = model.split(config, total_flink, notes)
        return _beside_flink(model, config, flink, (model.total_flink,), notes)
    total_process = _total(config, model.total_process)
    if total_process is not None:
        return _from_total_process(model, config, total_process, notes)
    raise _nothing_configured(model, config)


def _total(config: Config, option: Option[int]) -> Total | None:
    return Total(config.size(option), config.name_of(option)) if config.is_set(option) else None


def with_legacy_heap(model: ProcessModel[Memory], config: Config) -> Config:
    """Read the heap options of releases before 2.0 as what they stand for on standalone clusters.

    Source: ``MemoryBackwardsCompatibilityUtils``.
    """
    if config.is_set(model.legacy_target):
        return config
    size, megabytes = model.legacy_heap
    if size.exists_in(config.release):
        if config.is_set(size):
            return config.with_value(model.legacy_target, config.size(size), origin=size.key)
        if config.is_set(megabytes):
            count = config.integer(megabytes)
            if count < 0:
                raise FlinkError(
                    f"{megabytes.key}: expected a whole number of at least 0, got {count}. "
                    f"Set {model.legacy_target.key} instead."
                )
            return config.with_value(model.legacy_target, count * 2**20, origin=megabytes.key)
    return config


def _beside_flink(
    model: ProcessModel[Memory], config: Config, flink: Memory, decided: tuple[Option[int], ...], notes: Notes
) -> ProcessMemory[Memory]:
    """JVM metaspace and JVM overhead around a known total Flink memory.

    Source: ``ProcessMemoryUtils.deriveJvmMetaspaceAndOverheadFromTotalFlinkMemory``.
    """
    metaspace = config.size(model.metaspace)
    parts = {"total Flink memory": flink.total_flink, "JVM metaspace": metaspace}
    total = _total(config, model.total_process)
    if total is not None:
        rest = check_fits(parts, total, "total process memory")
        overhead = RangeFraction.read(config, model.overhead)
        overhead.check_rest(rest, total.size, total, config, notes)
    else:
        rest = RangeFraction.read(config, model.overhead).beside(sum_of(parts), notes)
        sum_of({**parts, "JVM overhead": rest})
    return ProcessMemory(flink, metaspace, rest, tuple(config.name_of(option) for option in decided))


def _from_total_process(
    model: ProcessModel[Memory], config: Config, total: Total, notes: Notes
) -> ProcessMemory[Memory]:
    """Source: ``ProcessMemoryUtils.deriveProcessSpecWithTotalProcessMemory``."""
    metaspace = config.size(model.metaspace)
    overhead = RangeFraction.read(config, model.overhead).of(total.size, notes)
    parts = {"JVM metaspace": metaspace, "JVM overhead": overhead}
    total_flink = check_fits(parts, total, "total process memory")
    flink = model.split(config, Total(total_flink, total.key, taken=parts), notes)
    return ProcessMemory(flink, metaspace, overhead, (total.key,))


def _nothing_configured(model: ProcessModel[Memory], config: Config) -> NothingConfiguredError:
    fine_grained = " and ".join(option.key for option in model.fine_grained)
    given = [option for option in model.fine_grained if config.is_set(option)]
    missing = [option.key for option in model.fine_grained if not config.is_set(option)]
    beside = f" {missing[0]} is missing beside {config.name_of(given[0])}." if given else ""
    return NothingConfiguredError(
        f"No memory is configured for the {model.title}. Set one of: {model.total_process.key} (the whole process: "
        f"suits containers), {model.total_flink.key} (what Flink uses: suits plain hosts), "
        f"or {fine_grained} (the parts: Flink adds the rest).{beside}"
    )
