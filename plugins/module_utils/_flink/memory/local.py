# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Local execution: the memory of a mini cluster inside a JVM that somebody else started.

Source: ``TaskExecutorResourceUtils.resourceSpecFromConfigForLocalExecution``.
"""

from __future__ import annotations

import typing as t

from ..values import options
from ..values.errors import FlinkError
from ..values.size import MAX_BYTES, MIB, TIB, precise
from .taskmanager import effective_slots

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.options import Option
    from ..values.release import Release

_DEFAULT_MANAGED = 128 * MIB
_DEFAULT_NETWORK = 64 * MIB


def derive_local(config: Config) -> dict[str, int]:
    """The parts that Flink honours there: task heap, task off-heap, network, managed.

    Raises FlinkError if the bounds of the network memory differ, or if there are less than no CPU cores.
    """
    if config.is_set(options.TM_CPU) and not 0 <= config.double(options.TM_CPU) < float("inf"):
        raise FlinkError(f"{options.TM_CPU.key}: expected a number of at least 0, got {config.quoted(options.TM_CPU)}.")
    unlimited = TIB if _resolves_all_parts(config.release) else MAX_BYTES
    return {
        "task_heap": _size(config, options.TM_TASK_HEAP, unlimited),
        "task_off_heap": _size(config, options.TM_TASK_OFF_HEAP, unlimited),
        "network": _network(config),
        "managed": _size(config, options.TM_MANAGED, _DEFAULT_MANAGED),
    }


def _resolves_all_parts(release: Release) -> bool:
    return release.version >= (1, 13, 2) or (1, 12, 5) <= release.version < (1, 13)


def _size(config: Config, option: Option[int], default: int) -> int:
    return config.size(option) if config.is_set(option) else default


def _network(config: Config) -> int:
    given = [option for option in (options.TM_NETWORK.minimum, options.TM_NETWORK.maximum) if config.is_set(option)]
    sizes = {config.size(option) for option in given} or {_DEFAULT_NETWORK}
    if len(sizes) > 1:
        keys = [config.name_of(option) for option in given]
        raise FlinkError(
            f"{keys[0]} ({precise(config.size(given[0]))}) and {keys[1]} ({precise(config.size(given[1]))}) differ, "
            "but local execution has one fixed network size. Set only one of them, or both to the same size."
        )
    return sizes.pop()


def read_slots(config: Config) -> int:
    """The number of slots. Raises FlinkError for none. Source: ``ConfigurationParserUtils.getSlot``."""
    configured = config.integer(options.TM_SLOTS)
    slots = effective_slots(configured)
    if slots is None:
        raise FlinkError(f"{options.TM_SLOTS.key}: expected a whole number of at least 1, got {configured}. Write 1.")
    return slots
