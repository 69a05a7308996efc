# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Flink process: the three ways to derive its memory, and the JVM's part, which TaskManager and JobManager share.

Source: ``ProcessMemoryUtils``, ``RangeFraction`` (1.10: ``TaskExecutorProcessUtils``).
Private to this collection: may change at any time.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ._errors import DoesNotFitError, FlinkMemoryError, NothingConfiguredError
from ._java import multiply
from ._notes import Notes, note_clamped, note_fraction_not_honoured
from ._size import MAX_BYTES, show

if t.TYPE_CHECKING:
    from ._config import Config
    from ._options import Option, RangeOptions


@dataclasses.dataclass(frozen=True)
class Total:
    """A total that is to be split: its size, the option that would have to grow, and what was taken from it before."""

    size: int
    key: str
    taken: dict[str, int] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        whole = f" {show(self.size + sum(self.taken.values()))}" if self.taken else ""
        minus = "".join(f" - {name} {show(size)}" for name, size in self.taken.items())
        return f"{show(self.size)} ({self.key}{whole}{minus})"


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
    total_process: Option
    total_flink: Option
    fine_grained: tuple[Option, ...]
    metaspace: Option
    overhead: RangeOptions
    legacy_target: Option
    legacy_heap: tuple[Option, Option]
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


@dataclasses.dataclass(frozen=True)
class RangeFraction:
    """A component that is a fraction of something larger, within bounds.

    Raises FlinkMemoryError unless minimum <= maximum and 0 <= fraction < 1.
    """

    options: RangeOptions
    minimum: int
    maximum: int
    fraction: float

    @classmethod
    def read(cls, config: Config, options: RangeOptions) -> RangeFraction:
        minimum, maximum = config.size(options.minimum), config.size(options.maximum)
        fraction = read_fraction(config, options.fraction)
        if minimum > maximum:
            default = "" if config.is_set(options.maximum) else f", the default of Flink {config.release.line}"
            raise FlinkMemoryError(
                f"{config.name_of(options.minimum)} ({show(minimum)}) is more than "
                f"{config.name_of(options.maximum)} ({show(maximum)}{default}). Lower the one or raise the other."
            )
        return cls(options, minimum, maximum, fraction)

    def of(self, base: int, notes: Notes) -> int:
        """The fraction of ``base``, within the bounds."""
        return self._clamp(_product(base, self.fraction, self.options.fraction), notes)

    def beside(self, base: int, notes: Notes) -> int:
        """The part that is the fraction of itself and ``base`` together, within the bounds."""
        return self._clamp(_product(base, self.fraction / (1 - self.fraction), self.options.fraction), notes)

    def _clamp(self, wanted: int, notes: Notes) -> int:
        size = min(max(wanted, self.minimum), self.maximum)
        if size != wanted:
            note_clamped(notes, self.options, wanted=wanted, size=size)
        return size

    def check_rest(self, rest: int, base: int, total: Total, config: Config, notes: Notes) -> None:
        """Check what the other parts leave for this component.

        Raises FlinkMemoryError if it lies outside the bounds.
        """
        component = self.options.component
        if rest < self.minimum:
            raise DoesNotFitError(
                f"The other options leave {show(rest)} of {total} for {component}, but "
                f"{config.name_of(self.options.minimum)} asks for at least {show(self.minimum)}.",
                total.key,
            )
        if rest > self.maximum:
            raise FlinkMemoryError(
                f"The other options leave {show(rest)} of {total} for {component}, but "
                f"{config.name_of(self.options.maximum)} allows at most {show(self.maximum)}. "
                f"Lower {total.key} by at least {show(rest - self.maximum)}, raise the maximum, "
                f"or set fewer of the sizes so that Flink can derive them."
            )
        if config.is_set(self.options.fraction) and multiply(base, self.fraction) != rest:
            note_fraction_not_honoured(notes, config, self.options, rest)


def read_fraction(config: Config, option: Option) -> float:
    """Raises FlinkMemoryError unless 0 <= fraction < 1, as ``RangeFraction`` demands."""
    fraction: float = config.fraction(option)
    if not 0 <= fraction < 1:
        percent = f" Write {fraction / 100:g}." if 2 <= fraction < 100 else ""
        raise FlinkMemoryError(
            f"{config.name_of(option)}: a fraction lies from 0 up to, but not including, 1, "
            f"got {config.shown(option)}.{percent}"
        )
    return fraction


def _product(base: int, factor: float, option: Option) -> int:
    product = multiply(base, factor)
    if product > MAX_BYTES:
        raise FlinkMemoryError(
            f"{option.key}: the fraction asks for more than 2^63 - 1 bytes. Lower it, or set the sizes themselves."
        )
    return product


def sum_of(parts: dict[str, int]) -> int:
    """The sum of components. Raises FlinkMemoryError where Java's arithmetic would overflow."""
    total = sum(parts.values())
    if total > MAX_BYTES:
        raise FlinkMemoryError(f"{written_out(parts)} is more than 2^63 - 1 bytes. Lower the largest of them.")
    return total


def written_out(parts: dict[str, int]) -> str:
    """``framework heap 128m + task heap 1g``."""
    return " + ".join(f"{name} {show(size)}" for name, size in parts.items())


def check_fits(parts: dict[str, int], total: Total, name: str = "total Flink memory") -> int:
    """What the parts leave of the total. Raises DoesNotFitError if they exceed it."""
    needed = sum_of(parts)
    if needed > total.size:
        raise DoesNotFitError(
            f"{written_out(parts)} = {show(needed)}, which does not fit into the {name} of {total}.", total.key
        )
    return total.size - needed


def derive(model: ProcessModel[Memory], config: Config, notes: Notes) -> ProcessMemory[Memory]:
    """Derive the memory of a process the way Flink does.

    Raises FlinkMemoryError if no way applies or the parts do not add up.
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
    raise _nothing_configured(model)


def _total(config: Config, option: Option) -> Total | None:
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
                raise FlinkMemoryError(
                    f"{megabytes.key}: a size cannot be negative, got {count}. Set {model.legacy_target.key} instead."
                )
            return config.with_value(model.legacy_target, count * 2**20, origin=megabytes.key)
    return config


def _beside_flink(
    model: ProcessModel[Memory], config: Config, flink: Memory, decided: tuple[Option, ...], notes: Notes
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


def _nothing_configured(model: ProcessModel[Memory]) -> NothingConfiguredError:
    fine_grained = " and ".join(option.key for option in model.fine_grained)
    return NothingConfiguredError(
        f"No memory is configured for the {model.title}. Set one of: {model.total_process.key} (the whole process: "
        f"suits containers), {model.total_flink.key} (what Flink uses: suits plain hosts), "
        f"or {fine_grained} (the parts: Flink adds the rest)."
    )
