# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.migration.migrate import migrate_config

RESTART = "restart-strategy.type"
ROCKSDB = {"state.backend": "rocksdb"}

# The way, options, and the options whose changed defaults count for them.
CHANGED: dict[str, tuple[str, str, dict[str, t.Any], list[str]]] = {
    "restarts": ("1.18", "1.19", {}, [RESTART]),
    "restarts that are set": ("1.18", "1.19", {"restart-strategy": "fixed-delay"}, []),
    "restarts changed before": ("1.19", "2.3", {}, []),
    "restarts change later": ("1.16", "1.18", {}, []),
    "restarts after growing delays": (
        "1.18",
        "1.19",
        {RESTART: "exponential-delay", "restart-strategy.exponential-delay.max-backoff": "5 min"},
        ["restart-strategy.exponential-delay.backoff-multiplier"],
    ),
    "RocksDB": (
        "1.12",
        "1.15",
        ROCKSDB,
        ["state.backend.rocksdb.checkpoint.transfer.thread.num", "state.backend.rocksdb.log.level"],
    ),
    "RocksDB before it was bounded": ("1.9", "1.10", ROCKSDB, ["state.backend.rocksdb.memory.managed"]),
    "checkpoints": (
        "1.10",
        "1.12",
        {"state.checkpoints.dir": "s3://b/c"},
        ["jobmanager.execution.failover-strategy", "state.backend.fs.memory-threshold"],
    ),
    "bounded jobs": (
        "1.14",
        "1.15",
        {"execution.checkpointing.interval": "1 min"},
        ["execution.checkpointing.checkpoints-after-tasks-finish.enabled"],
    ),
    "batch jobs": (
        "1.14",
        "1.15",
        {"execution.runtime-mode": "BATCH"},
        ["taskmanager.network.sort-shuffle.min-buffers", "taskmanager.network.compression.codec"],
    ),
    "unaligned checkpoints": (
        "1.12",
        "1.13",
        {"execution.checkpointing.unaligned": "true"},
        ["execution.checkpointing.unaligned.forced"],
    ),
    "Python": ("1.11", "1.12", {"python.fn-execution.bundle.size": 1}, ["python.fn-execution.memory.managed"]),
    "TLS": ("1.19", "1.20", {"security.ssl.rest.enabled": "true"}, ["security.ssl.algorithms"]),
    "high availability": (
        "1.20",
        "2.0",
        {"high-availability": "zookeeper"},
        ["high-availability.zookeeper.path.execution-plans"],
    ),
}


@pytest.mark.parametrize(("source", "target", "config", "options"), CHANGED.values(), ids=CHANGED)
def test_a_default_that_counts_and_changed_is_told(
    source: str, target: str, config: dict[str, t.Any], options: list[str]
) -> None:
    assert [default["option"] for default in migrate_config(config, source, target)["defaults"]] == options
