# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Flink memory of a TaskManager.

::

    total process
    |-- total Flink
    |   |-- JVM heap       framework heap, task heap
    |   |-- JVM direct     framework off-heap, task off-heap, network
    |   `-- native         managed
    |-- JVM metaspace
    `-- JVM overhead

Source: ``TaskExecutorFlinkMemoryUtils``, ``TaskExecutorProcessUtils``, ``TaskExecutorResourceUtils``.
"""

from __future__ import annotations

import dataclasses
import typing as t
from decimal import ROUND_DOWN, Decimal

from ..values import options
from ..values.errors import ConflictError, FlinkError
from ..values.java_numbers import multiply
from ..values.size import KIB, precise
from .derivation import ProcessModel
from .range import RangeFraction, read_fraction
from .total import Total, check_fits, sum_of

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Notes
    from ..values.results import Slots


@dataclasses.dataclass(frozen=True)
class TaskManagerMemory:
    """What Flink itself uses in a TaskManager, in bytes."""

    framework_heap: int
    task_heap: int
    framework_off_heap: int
    task_off_heap: int
    network: int
    managed: int

    @property
    def jvm_heap(self) -> int:
        return self.framework_heap + self.task_heap

    @property
    def jvm_direct(self) -> int:
        return self.framework_off_heap + self.task_off_heap + self.network

    @property
    def total_flink(self) -> int:
        return self.jvm_heap + self.jvm_direct + self.managed

    def components(self) -> dict[str, int]:
        return {
            "framework_heap": self.framework_heap,
            "task_heap": self.task_heap,
            "framework_off_heap": self.framework_off_heap,
            "task_off_heap": self.task_off_heap,
            "network": self.network,
            "managed": self.managed,
        }


@dataclasses.dataclass(frozen=True)
class _Fixed:
    """The parts that are what they are configured to be."""

    framework_heap: int
    framework_off_heap: int
    task_off_heap: int

    @classmethod
    def read(cls, config: Config) -> _Fixed:
        return cls(
            config.size(options.TM_FRAMEWORK_HEAP),
            config.size(options.TM_FRAMEWORK_OFF_HEAP),
            config.size(options.TM_TASK_OFF_HEAP),
        )

    def with_parts(self, *, task_heap: int, network: int, managed: int) -> TaskManagerMemory:
        return TaskManagerMemory(
            framework_heap=self.framework_heap,
            task_heap=task_heap,
            framework_off_heap=self.framework_off_heap,
            task_off_heap=self.task_off_heap,
            network=network,
            managed=managed,
        )

    def named(self, *, managed: int, task_heap: int | None = None, network: int | None = None) -> dict[str, int]:
        """The parts that are known, by the names that people read, in Flink's order."""
        parts = {
            "framework heap": self.framework_heap,
            "task heap": task_heap,
            "framework off-heap": self.framework_off_heap,
            "task off-heap": self.task_off_heap,
            "network": network,
            "managed": managed,
        }
        return {name: size for name, size in parts.items() if size is not None}


def from_task_heap_and_managed(config: Config, total: Total | None, notes: Notes) -> TaskManagerMemory:
    """Derive from task heap and managed memory; the network takes what a given total leaves.

    Source: ``TaskExecutorFlinkMemoryUtils.deriveFromRequiredFineGrainedOptions``.
    """
    task_heap, managed = config.size(options.TM_TASK_HEAP), config.size(options.TM_MANAGED)
    fixed = _Fixed.read(config)
    parts = fixed.named(task_heap=task_heap, managed=managed)
    if total is not None:
        network = _network_from_rest(config, parts, total, notes)
    elif counts_network_buffers(config):
        network = _legacy_network(config)
    else:
        network = RangeFraction.read(config, options.TM_NETWORK).beside(sum_of(parts), notes)
    return fixed.with_parts(task_heap=task_heap, network=network, managed=managed)


def split_total_flink(config: Config, total: Total, notes: Notes) -> TaskManagerMemory:
    """Split a total: either the task heap is given and the network takes the rest, or the task heap does.

    Source: ``TaskExecutorFlinkMemoryUtils.deriveFromTotalFlinkMemory``.
    """
    fixed = _Fixed.read(config)
    if config.is_set(options.TM_TASK_HEAP):
        task_heap = config.size(options.TM_TASK_HEAP)
        managed = _managed(config, total)
        network = _network_from_rest(config, fixed.named(task_heap=task_heap, managed=managed), total, notes)
    else:
        managed = _managed(config, total)
        if counts_network_buffers(config):
            network = _legacy_network(config)
        else:
            network = RangeFraction.read(config, options.TM_NETWORK).of(total.size, notes)
        task_heap = check_fits(fixed.named(managed=managed, network=network), total)
    return fixed.with_parts(task_heap=task_heap, network=network, managed=managed)


def _managed(config: Config, total: Total) -> int:
    if config.is_set(options.TM_MANAGED):
        return config.size(options.TM_MANAGED)
    return multiply(total.size, read_fraction(config, options.TM_MANAGED_FRACTION))


def _network_from_rest(config: Config, parts: dict[str, int], total: Total, notes: Notes) -> int:
    network = check_fits(parts, total)
    if not counts_network_buffers(config):
        RangeFraction.read(config, options.TM_NETWORK).check_rest(network, total.size, total, config, notes)
        return network
    legacy = _legacy_network(config)
    if network != legacy:
        raise ConflictError(
            f"The other options leave {precise(network)} of {total} for network, but {options.TM_NETWORK_BUFFERS.key} "
            f"and {options.TM_SEGMENT.key} ask for exactly {precise(legacy)}."
        )
    return network


def counts_network_buffers(config: Config) -> bool:
    """Whether the number of network buffers of older releases decides the size of the network memory.

    Source: ``NettyShuffleUtils``, ``TaskExecutorFlinkMemoryUtils.isUsingLegacyNetworkConfigs``.
    """
    network = options.TM_NETWORK
    return (
        options.TM_NETWORK_BUFFERS.exists_in(config.release)
        and config.is_set(options.TM_NETWORK_BUFFERS)
        and not (config.is_set(network.minimum) or config.is_set(network.maximum) or config.is_set(network.fraction))
    )


def _legacy_network(config: Config) -> int:
    segment, key = config.size(options.TM_SEGMENT), config.name_of(options.TM_SEGMENT)
    if segment < 4 * KIB or segment & (segment - 1) or segment >= 2**31:
        raise FlinkError(f"{key}: expected a power of two from 4k to 1g, got {precise(segment)}. Write 32k.")
    buffers = config.integer(options.TM_NETWORK_BUFFERS)
    if buffers < 0:
        raise FlinkError(
            f"{options.TM_NETWORK_BUFFERS.key}: expected a whole number of at least 0, got {buffers}. "
            f"Set {options.TM_NETWORK.minimum.key} and {options.TM_NETWORK.maximum.key} instead."
        )
    return buffers * segment


def read_cpu_cores(config: Config) -> float:
    """The CPU cores of a TaskManager: as configured, else one per slot.

    Raises FlinkError unless it is positive. Source: ``TaskExecutorProcessUtils.getCpuCores``, ``CPUResource``.
    """
    if config.is_set(options.TM_CPU):
        cores = config.double(options.TM_CPU)
        if not 0 < cores < float("inf"):
            raise FlinkError(
                f"{options.TM_CPU.key}: expected a number above 0, got {cores!r}. Remove it to have one core per slot."
            )
    else:
        slots = config.integer(options.TM_SLOTS)
        if slots <= 0:
            key = options.TM_SLOTS.key
            raise FlinkError(f"{key}: expected a whole number of at least 1, got {slots}. Write 1.", {key: 1})
        cores = float(slots)
    if config.release.version < (1, 14):
        return cores
    return float(Decimal(repr(cores)).quantize(Decimal("1e-8"), rounding=ROUND_DOWN)) if cores < 1e15 else cores


def read_slots(config: Config) -> int | None:
    """The configured number of slots.

    Up to 1.12, Flink looks at it only when the TaskManager starts if the CPU cores are set; none if it cannot be read.
    """
    try:
        return config.integer(options.TM_SLOTS)
    except FlinkError:
        if config.release.version < (1, 13) and config.is_set(options.TM_CPU):
            return None
        raise


def effective_slots(configured: int | None) -> int | None:
    """The slots of a running TaskManager; none if it does not start. -1 stands for one.

    Source: ``ConfigurationParserUtils.getSlot``.
    """
    if configured == -1:
        return 1
    return configured if configured is not None and configured > 0 else None


def slot_shares(memory: TaskManagerMemory, count: int) -> Slots:
    """What one of ``count`` slots gets, in bytes; a remainder is given to no slot.

    Source: ``TaskExecutorResourceUtils.generateDefaultSlotResourceProfile``.
    """
    return {
        "count": count,
        "managed_memory": memory.managed // count,
        "network_memory": memory.network // count,
        "task_heap": memory.task_heap // count,
        "task_off_heap": memory.task_off_heap // count,
    }


MODEL = ProcessModel(
    title="TaskManager",
    total_process=options.TM_PROCESS,
    total_flink=options.TM_FLINK,
    fine_grained=(options.TM_TASK_HEAP, options.TM_MANAGED),
    metaspace=options.TM_METASPACE,
    overhead=options.TM_OVERHEAD,
    legacy_target=options.TM_FLINK,
    legacy_heap=(options.TM_HEAP, options.TM_HEAP_MB),
    from_fine_grained=from_task_heap_and_managed,
    split=split_total_flink,
)
