# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.check.promises import (
    Case,
    assert_kept,
    assert_nothing,
    told,
)

STORES = {
    f"security.ssl.internal.{store}": "x"
    for store in ("keystore", "keystore-password", "key-password", "truststore", "truststore-password")
}
SERVER_STORE = {f"security.ssl.{store}": "x" for store in ("keystore", "keystore-password", "key-password")}
HIGHLY_AVAILABLE = {
    "high-availability.type": "zookeeper",
    "high-availability.zookeeper.quorum": "z:2181",
    "high-availability.storageDir": "file:///ha",
}
SEGMENT = "taskmanager.memory.segment-size"
TOLD: dict[str, Case] = {
    "ZooKeeper without anything": (
        "2.3",
        {"high-availability.type": "zookeeper"},
        "high-availability-incomplete",
        (
            "error: high-availability.type is zookeeper, and high-availability.zookeeper.quorum and "
            "high-availability.storageDir are not set, so no JobManager starts. Set high-availability.zookeeper.quorum "
            "and high-availability.storageDir."
        ),
    ),
    "ZooKeeper without a directory, by older names": (
        "1.16",
        {"recovery.mode": "ZOOKEEPER", "recovery.zookeeper.quorum": "z:2181"},
        "high-availability-incomplete",
        (
            "error: recovery.mode is zookeeper, and high-availability.storageDir is not set, so no JobManager starts. "
            "Set high-availability.storageDir."
        ),
    ),
    "Kubernetes without a directory": (
        "1.20",
        {"high-availability.type": "kubernetes"},
        "high-availability-incomplete",
        (
            "error: high-availability.type is kubernetes, and high-availability.storageDir is not set, so no "
            "JobManager starts. Set high-availability.storageDir."
        ),
    ),
    "all of high availability but its kind": (
        "2.3",
        {key: value for key, value in HIGHLY_AVAILABLE.items() if key != "high-availability.type"},
        "no-high-availability",
        (
            "warning: high-availability.zookeeper.quorum, high-availability.storageDir have no effect: "
            "high-availability.type is not set, so there is no high availability. Set high-availability.type to "
            "zookeeper, or remove them."
        ),
    ),
    "high availability that is switched off": (
        "1.16",
        {"high-availability": "NONE", "high-availability.storageDir": "file:///ha"},
        "no-high-availability",
        (
            "hint: high-availability.storageDir has no effect: high-availability is none, so there is no high "
            "availability. Set high-availability to zookeeper, or remove it."
        ),
    ),
    "encryption within the cluster without stores": (
        "2.3",
        {**STORES, "security.ssl.internal.enabled": True, "security.ssl.internal.truststore": None},
        "encryption-without-store",
        (
            "error: security.ssl.internal.enabled is true, and security.ssl.internal.truststore is not set, so no "
            "process starts. Set it."
        ),
    ),
    "encryption of REST without a store": (
        "1.13",
        {"security.ssl.rest.enabled": "TRUE", "security.ssl.rest.keystore": "/k"},
        "encryption-without-store",
        (
            "error: security.ssl.rest.enabled is true, and security.ssl.rest.keystore-password and "
            "security.ssl.rest.key-password are not set, so no JobManager starts. Set them."
        ),
    ),
    "encryption that an upgrade switches off": (
        "2.0",
        {**SERVER_STORE, **STORES, "security.ssl.enabled": True},
        "not-encrypted",
        (
            "error: security.ssl.enabled: Flink 2.0 silently ignores it, and nothing is encrypted. Set "
            "security.ssl.internal.enabled and security.ssl.rest.enabled instead."
        ),
    ),
    "half of the encryption that an upgrade switches off": (
        "2.0",
        {**SERVER_STORE, **STORES, "security.ssl.enabled": True, "security.ssl.internal.enabled": True},
        "not-encrypted",
        (
            "error: security.ssl.enabled: Flink 2.0 silently ignores it, and not all is encrypted. Set "
            "security.ssl.rest.enabled instead."
        ),
    ),
    "options of another restart strategy": (
        "1.16",
        {"restart-strategy": "failurerate", "restart-strategy.fixed-delay.attempts": 3},
        "other-strategy",
        "warning: restart-strategy.fixed-delay.attempts has no effect: restart-strategy is failurerate. Remove it.",
    ),
    "options of a restart strategy that is not chosen": (
        "2.3",
        {"restart-strategy.fixed-delay.attempts": 3, "restart-strategy.fixed-delay.delay": "10 s"},
        "other-strategy",
        (
            "warning: restart-strategy.fixed-delay.attempts, restart-strategy.fixed-delay.delay have no effect: "
            "restart-strategy.type is not set. Set restart-strategy.type to fixed-delay."
        ),
    ),
    "options of two restart strategies, none of them chosen": (
        "1.18",
        {"restart-strategy.fixed-delay.attempts": 3, "restart-strategy.failure-rate.delay": "10 s"},
        "other-strategy",
        (
            "warning: restart-strategy.fixed-delay.attempts, restart-strategy.failure-rate.delay have no effect: "
            "restart-strategy.type is not set. Set restart-strategy.type, or remove them."
        ),
    ),
    "options of what restarts jobs by default": (
        "1.19",
        {"restart-strategy.exponential-delay.max-backoff": "1 min"},
        "other-strategy",
        (
            "warning: restart-strategy.exponential-delay.max-backoff has no effect: restart-strategy.type is not set. "
            "Set restart-strategy.type to exponential-delay."
        ),
    ),
    "options of another cleanup strategy": (
        "2.3",
        {"cleanup-strategy.type": "none", "cleanup-strategy.fixed-delay.attempts": 3},
        "other-strategy",
        "warning: cleanup-strategy.fixed-delay.attempts has no effect: cleanup-strategy.type is none. Remove it.",
    ),
    "options of RocksDB beside another backend": (
        "1.16",
        {"state.backend": "HashMap", "state.backend.rocksdb.localdir": "/r"},
        "other-backend",
        (
            "hint: state.backend.rocksdb.localdir has no effect, unless a job chooses RocksDB itself: state.backend is "
            "hashmap. Remove it."
        ),
    ),
    "options of RocksDB without a backend": (
        "2.3",
        {"state.backend.rocksdb.localdir": "/r"},
        "other-backend",
        (
            "hint: state.backend.rocksdb.localdir has no effect, unless a job chooses RocksDB itself: "
            "state.backend.type is not set. Set state.backend.type to rocksdb, or remove it."
        ),
    ),
    "options of ForSt beside RocksDB": (
        "2.3",
        {"state.backend.type": "rocksdb", "state.backend.forst.local-dir": "/f"},
        "other-backend",
        (
            "hint: state.backend.forst.local-dir has no effect, unless a job chooses ForSt itself: state.backend.type "
            "is rocksdb. Remove it."
        ),
    ),
    "incremental checkpoints of a heap": (
        "1.18",
        {"state.backend.type": "hashmap", "state.backend.incremental": "true"},
        "other-backend",
        (
            "hint: state.backend.incremental has no effect: state.backend.type is hashmap, and only RocksDB makes "
            "incremental checkpoints. Remove it, or set state.backend.type to rocksdb."
        ),
    ),
    "a weight for what a release does not have": (
        "2.0",
        {"taskmanager.memory.managed.consumer-weights": "DATAPROC:70,PYTHON:30"},
        "unknown-consumer",
        (
            "warning: taskmanager.memory.managed.consumer-weights: Flink 2.0 has no consumer of managed memory named "
            "'DATAPROC'; it has OPERATOR, STATE_BACKEND, PYTHON. Remove taskmanager.memory.managed.consumer-weights."
        ),
    ),
    "a segment that is no power of two": (
        "1.20",
        {SEGMENT: "48k"},
        "bad-segment-size",
        (
            f"error: {SEGMENT}: expected a power of two from 4k to 1g, got 48k. The TaskManager does not start. Remove "
            f"{SEGMENT}."
        ),
    ),
    "more memory for batch shuffles than there is": (
        "1.20",
        {"taskmanager.memory.framework.off-heap.batch-shuffle.size": "256m"},
        "batch-shuffle-beyond-off-heap",
        (
            "warning: taskmanager.memory.framework.off-heap.batch-shuffle.size is 256m, a part of the framework's "
            "off-heap memory, which is only 128m: batch jobs run out of direct memory. Remove "
            "taskmanager.memory.framework.off-heap.batch-shuffle.size."
        ),
    ),
    "a backend that a later release drops": (
        "1.20",
        {"state.backend.type": "filesystem"},
        "deprecated-state-backend",
        (
            "hint: state.backend.type: filesystem is deprecated from Flink 1.13 on, and 2.0 no longer has it. Set "
            "state.backend.type to hashmap, and the checkpoint directory decides where state goes."
        ),
    ),
}
NOTHING: dict[str, tuple[str, dict[str, t.Any]]] = {
    "all that ZooKeeper needs": ("2.3", HIGHLY_AVAILABLE),
    "a quorum as a list": ("2.3", {**HIGHLY_AVAILABLE, "high-availability.zookeeper.quorum": ["a", "b"]}),
    "a kind that the release does not read": ("1.16", {"high-availability.type": "zookeeper"}),
    "directories for a kind that the release does not read": ("1.16", HIGHLY_AVAILABLE),
    "high availability by a class": ("2.3", {**HIGHLY_AVAILABLE, "high-availability.type": "org.x.Factory"}),
    "stores of all": (
        "1.20",
        {
            **{key.replace("internal.", ""): value for key, value in STORES.items()},
            "security.ssl.enabled": True,
        },
    ),
    "no encryption": ("1.20", {"security.ssl.enabled": False, "security.ssl.rest.enabled": "false"}),
    "REST without encryption": (
        "1.20",
        {**STORES, "security.ssl.enabled": True, "security.ssl.rest.enabled": False},
    ),
    "encryption that no part uses": (
        "1.13",
        {"security.ssl.internal.enabled": True, "blob.service.ssl.enabled": False},
    ),
    "both successors of what an upgrade switches off": (
        "2.0",
        {
            **SERVER_STORE,
            **STORES,
            "security.ssl.enabled": True,
            "security.ssl.internal.enabled": True,
            "security.ssl.rest.enabled": True,
        },
    ),
    "options of the chosen strategy": (
        "1.16",
        {"restart-strategy": "fixeddelay", "restart-strategy.fixed-delay.attempts": 3},
    ),
    "options of the strategy by a name that the release does not read": (
        "1.16",
        {"restart-strategy.type": "fixed-delay", "restart-strategy.fixed-delay.attempts": 3},
    ),
    "options of the default strategy of cleanups": (
        "1.19",
        {"cleanup-strategy.exponential-delay.max-backoff": "1 min"},
    ),
    "options of a strategy that nobody knows": (
        "2.3",
        {"restart-strategy.type": "banana", "restart-strategy.fixed-delay.attempts": 3},
    ),
    "options of RocksDB": ("1.20", {"state.backend": "rocksdb", "state.backend.rocksdb.localdir": "/r"}),
    "options of a backend of the user's own": (
        "1.20",
        {"state.backend.type": "org.x.RocksDBFactory", "state.backend.rocksdb.localdir": "/r"},
    ),
    "incremental checkpoints of whichever backend a job has": ("1.18", {"state.backend.incremental": True}),
    "consumers": ("1.20", {"taskmanager.memory.managed.consumer-weights": "DATAPROC:70,PYTHON:30"}),
    "a segment and a share of batch shuffles": (
        "1.20",
        {SEGMENT: "64k", "taskmanager.memory.framework.off-heap.batch-shuffle.size": "64m"},
    ),
    "what Flink does not read": (
        "1.20",
        {SEGMENT: "banana", "taskmanager.memory.framework.off-heap.batch-shuffle.size": "64m"},
    ),
    "a heap": ("1.20", {"state.backend.type": "hashmap"}),
}


@pytest.mark.parametrize(("release", "config", "code", "finding"), TOLD.values(), ids=TOLD)
def test_told(release: str, config: dict[str, t.Any], code: str, finding: str) -> None:
    assert told(release, config, code) == [finding]
    assert_kept(release, config)


@pytest.mark.parametrize(("release", "config"), NOTHING.values(), ids=NOTHING)
def test_nothing(release: str, config: dict[str, t.Any]) -> None:
    assert_nothing(TOLD, release, config)


def test_what_is_not_encrypted_needs_no_stores() -> None:
    found = told("2.3", {"security.ssl.enabled": True}, "encryption-without-store")
    assert found == []
