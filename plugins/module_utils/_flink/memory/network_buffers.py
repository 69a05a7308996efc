# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The network buffers that a job demands of a TaskManager, without which Flink does not start it.

An all-to-all pipelined exchange at parallelism p demands of the TaskManager, for each of its subtasks::

    sender     p + 1
    receiver   2 for each channel from another TaskManager, and 1 (1.10: 0) for its gate

A channel within the TaskManager costs nothing, so TaskManagers that hold more of a job need fewer buffers for each of
its subtasks. With n subtasks of senders and receivers each, that is n * (p + 2 + 2 * (p - n)): fewer always fail, and
with just as many such a job runs, as clusters of 1.10.3, 1.16.3, 1.20.5 and 2.3.0 have shown.

Source: ``NettyShuffleUtils``, ``SingleInputGateFactory``, ``InputGateSpecUtils`` (from 1.17 on), ``NetworkBufferPool``.
"""

from __future__ import annotations

import typing as t

from ..values.errors import FlinkError
from ..values.options import Option

if t.TYPE_CHECKING:
    from ..values.config import Config

_PER_CHANNEL = Option("taskmanager.network.memory.buffers-per-channel", (((1, 10), 2),), until=(2, 0))
_FLOATING = Option("taskmanager.network.memory.floating-buffers-per-gate", (((1, 10), 8),), until=(2, 0))
_GATE_LIMIT: Option[int] = Option("taskmanager.network.memory.read-buffer.required-per-gate.max", since=(1, 17))
_PER_CHANNEL_OF_2, _FLOATING_OF_2 = 2, 8

_PARALLELISM: Option[int] = Option("parallelism.default")
_RUNTIME_MODE = Option("execution.runtime-mode", (((1, 10), "STREAMING"),))
_SCHEDULER_MODE = Option("scheduler-mode", (((1, 10), ""),))
_SPREAD_OUT = Option("cluster.evenly-spread-out-slots", (((1, 10), "false"),))
_LOAD_BALANCE = Option("taskmanager.load-balance.mode", (((1, 10), "none"),))


def required_buffers(config: Config, parallelism: int, subtasks: int, *, exchanges: int = 1, local: int = 0) -> int:
    """The buffers that ``subtasks`` senders and as many receivers of each exchange demand of their TaskManager.

    ``local`` senders are in the TaskManager of their receivers; 0 is enough however a job is spread.
    Raises FlinkError if an option that counts cannot be read.
    """
    exclusive, gate = _read_gate(config, parallelism)
    return exchanges * subtasks * (parallelism + 1 + gate - exclusive * local)


def most_buffers(config: Config, channels: int, subtasks: int) -> int:
    """The buffers that ``subtasks`` senders and as many receivers of a pipelined exchange take at most.

    Raises FlinkError if an option that counts cannot be read.
    """
    exists = _PER_CHANNEL.exists_in(config.release)
    exclusive = _read(config, _PER_CHANNEL, minimum=0) if exists else _PER_CHANNEL_OF_2
    floating = _read(config, _FLOATING, minimum=0) if exists else _FLOATING_OF_2
    pools = 2 * (exclusive * channels + floating)
    return max(subtasks * pools, required_buffers(config, channels, subtasks))


def default_parallelism(config: Config) -> int | None:
    """The parallelism of a streaming job that asks for none, if it is configured.

    Raises FlinkError if it cannot be read.
    """
    if not config.is_set(_PARALLELISM) or is_batch(config):
        return None
    parallelism = config.integer(_PARALLELISM)
    return parallelism if parallelism > 0 and config.text(_SCHEDULER_MODE).lower() != "reactive" else None


def is_batch(config: Config) -> bool:
    """Whether jobs run in batch mode unless they ask for another. Raises FlinkError if it cannot be read."""
    return config.text(_RUNTIME_MODE).lower() == "batch"


def fewest_buffers(config: Config, parallelism: int, slots: int) -> int:
    """The buffers below which an exchange always fails for which every slot works.

    Where the cluster spreads jobs, a TaskManager may get no more than one subtask of each side.
    Raises FlinkError if an option that counts cannot be read.
    """
    most = min(slots, parallelism)
    counts = (1, most) if _spreads(config) else (most,)
    return min(required_buffers(config, parallelism, count, local=count) for count in counts)


def _spreads(config: Config) -> bool:
    settings = (config.text(_SPREAD_OUT), config.text(_LOAD_BALANCE))
    return tuple(setting.lower() for setting in settings) != ("false", "none")


def _read_gate(config: Config, channels: int) -> tuple[int, int]:
    """The exclusive buffers of a channel, and the buffers of a gate all of whose channels are remote."""
    release = config.release
    exclusive = _read(config, _PER_CHANNEL, minimum=0) if _PER_CHANNEL.exists_in(release) else _PER_CHANNEL_OF_2
    if release.version < (1, 11):
        return exclusive, exclusive * channels
    required = exclusive * channels + 1
    if _GATE_LIMIT.exists_in(release) and config.is_set(_GATE_LIMIT):
        required = min(required, _read(config, _GATE_LIMIT, minimum=1))
        exclusive = min(exclusive, (required - 1) // channels)
    return exclusive, required


def _read(config: Config, option: Option[int], *, minimum: int) -> int:
    number = config.integer(option)
    if number < minimum:
        raise FlinkError(f"{option.key}: expected a whole number of at least {minimum}, got {number}. Remove it.")
    return number
