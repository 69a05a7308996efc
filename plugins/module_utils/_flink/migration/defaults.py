# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults that changed under the feet of an operator, where they count for a configuration.

Source: the catalogue, and the release notes of the lines.
"""

from __future__ import annotations

import typing as t

from .journey import plain_text

if t.TYPE_CHECKING:
    from ..values.results import ChangedDefault
    from .journey import Journey

_RESTART = ("restart-strategy.type", "restart-strategy")
_BACKEND = ("state.backend.type", "state.backend")
_CHECKPOINTS = ("execution.checkpointing.dir", "state.checkpoints.dir")


class _Default(t.NamedTuple):
    """The names that an option had, the line with which its default changed, and for whom that counts."""

    names: tuple[str, ...]
    since: tuple[int, int]
    message: str
    counts: t.Callable[[Journey], bool] = lambda journey: True


def changed_defaults(journey: Journey) -> list[ChangedDefault]:
    """Of options that are not set, between both releases; the oldest change first."""
    return [
        {
            "option": journey.present(*default.names) or default.names[0],
            "since": ".".join(map(str, default.since)),
            "message": default.message,
        }
        for default in _DEFAULTS
        if journey.source.version[:2] < default.since <= journey.target.version[:2]
        and not journey.is_set(*default.names)
        and default.counts(journey)
    ]


def _text(journey: Journey, names: tuple[str, ...]) -> str:
    values = (journey.config[name] for name in names if name in journey.config)
    return (plain_text(next(values, "")) or "").strip().lower()


def _is_rocksdb(journey: Journey) -> bool:
    return "rocksdb" in _text(journey, _BACKEND)


def _has_checkpoints(journey: Journey) -> bool:
    return journey.is_set(*_CHECKPOINTS)


def _is_batch(journey: Journey) -> bool:
    return _text(journey, ("execution.runtime-mode",)) == "batch"


def _backs_off(journey: Journey) -> bool:
    return _text(journey, _RESTART) in ("exponential-delay", "exponentialdelay")


def _has_tls(journey: Journey) -> bool:
    return any(name.endswith(".enabled") and name.startswith("security.ssl.") for name in journey.config)


def _has_prefix(prefix: str) -> t.Callable[[Journey], bool]:
    return lambda journey: any(name.startswith(prefix) for name in journey.config)


_DEFAULTS = (
    _Default(
        ("state.backend.rocksdb.memory.managed",),
        (1, 10),
        "RocksDB keeps to managed memory, instead of taking what it needs beside the heap.",
        _is_rocksdb,
    ),
    _Default(
        ("jobmanager.execution.failover-strategy",),
        (1, 11),
        "region instead of full: after a failure only the connected part of a job restarts.",
    ),
    _Default(
        (
            "execution.checkpointing.data-inline-threshold",
            "state.storage.fs.memory-threshold",
            "state.backend.fs.memory-threshold",
        ),
        (1, 11),
        "20kb instead of 1kb: more state lies inside the metadata of a checkpoint, which the JobManager holds.",
        _has_checkpoints,
    ),
    _Default(
        ("python.fn-execution.memory.managed",),
        (1, 12),
        "true instead of false: Python workers take managed memory.",
        _has_prefix("python."),
    ),
    _Default(
        ("execution.checkpointing.unaligned.forced",),
        (1, 13),
        "false instead of true: unaligned checkpoints of jobs with iterations have to be forced.",
        _has_prefix("execution.checkpointing.unaligned"),
    ),
    _Default(
        ("state.backend.rocksdb.checkpoint.transfer.thread.num",),
        (1, 13),
        "4 instead of 1: more files of RocksDB are transferred at a time.",
        _is_rocksdb,
    ),
    _Default(
        (
            "execution.checkpointing.checkpoints-after-tasks-finish",
            "execution.checkpointing.checkpoints-after-tasks-finish.enabled",
        ),
        (1, 15),
        "true instead of false: a bounded job waits for one more checkpoint at its end.",
        _has_prefix("execution.checkpointing."),
    ),
    _Default(
        ("state.backend.rocksdb.log.level",),
        (1, 15),
        "RocksDB writes a log of its own, into the directory of Flink's log.",
        _is_rocksdb,
    ),
    _Default(
        ("taskmanager.network.sort-shuffle.min-buffers",),
        (1, 15),
        "512 instead of 64: batch jobs need more network buffers.",
        _is_batch,
    ),
    _Default(
        ("taskmanager.network.compression.codec", "taskmanager.network.blocking-shuffle.compression.enabled"),
        (1, 15),
        "Batch shuffles are compressed: less disk, more CPU.",
        _is_batch,
    ),
    _Default(
        _RESTART,
        (1, 19),
        "exponential-delay instead of fixed-delay for jobs with checkpoints: restarts come after 1 s, 1.5 s and so on "
        "up to 1 min, instead of after 1 s each time.",
    ),
    _Default(
        ("restart-strategy.exponential-delay.backoff-multiplier",),
        (1, 19),
        "1.5 instead of 2.0: the delay grows more slowly.",
        _backs_off,
    ),
    _Default(
        ("restart-strategy.exponential-delay.max-backoff",),
        (1, 19),
        "1 min instead of 5 min: the delay ends there.",
        _backs_off,
    ),
    _Default(
        ("security.ssl.algorithms",),
        (1, 20),
        "Two suites with ECDHE instead of TLS_RSA_WITH_AES_128_CBC_SHA, in the newest patch releases: processes with "
        "the old default cannot talk to those with the new one.",
        _has_tls,
    ),
    _Default(
        ("high-availability.zookeeper.path.execution-plans", "high-availability.zookeeper.path.jobgraphs"),
        (2, 0),
        "/execution-plans instead of /jobgraphs: jobs that 1.x left in ZooKeeper are not found.",
        lambda journey: _text(journey, ("high-availability.type", "high-availability")) == "zookeeper",
    ),
)
