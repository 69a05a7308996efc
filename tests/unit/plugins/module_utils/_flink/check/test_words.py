# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.words import meant
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.check.promises import (
    Case,
    assert_kept,
    told,
)

CLASS = "org.apache.flink.contrib.streaming.state."
TOLD: dict[str, Case] = {
    "a blank for a hyphen": (
        "1.18",
        {"restart-strategy.type": "fixed delay"},
        "unknown-restart-strategy",
        (
            "error: restart-strategy.type: Flink 1.18 has no restart strategy 'fixed delay', so every job fails. Write "
            "fixed-delay."
        ),
    ),
    "a restart strategy of a later release": (
        "1.12",
        {"restart-strategy": "exponential-delay"},
        "unknown-restart-strategy",
        (
            "error: restart-strategy: Flink 1.12 has no restart strategy 'exponential-delay', so every job fails. "
            "Write fixed-delay, failure-rate, none, off or disable."
        ),
    ),
    "a misspelt kind of high availability": (
        "2.3",
        {"high-availability.type": "zookeper"},
        "unknown-high-availability",
        (
            "error: high-availability.type: Flink 2.3 has no high availability 'zookeper', so no JobManager starts. "
            "Write zookeeper."
        ),
    ),
    "Kubernetes before it was a word": (
        "1.13",
        {"high-availability": "kubernetes"},
        "unknown-high-availability",
        (
            "error: high-availability: Flink 1.13 has no high availability 'kubernetes', so no JobManager starts. "
            "Write org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory."
        ),
    ),
    "a backend of a later release": (
        "1.12",
        {"state.backend": "hashmap", "state.checkpoints.dir": "file:///cp"},
        "unknown-state-backend",
        (
            "error: state.backend: Flink 1.12 has no state backend hashmap, so every job fails. Set state.backend to "
            "filesystem."
        ),
    ),
    "a backend that a release dropped": (
        "2.0",
        {"state.backend.type": "filesystem"},
        "unknown-state-backend",
        (
            "error: state.backend.type: Flink 2.0 has no state backend filesystem, so every job fails. Set "
            "state.backend.type to hashmap, and the checkpoint directory decides where state goes."
        ),
    ),
    "the factory of a backend that a release dropped": (
        "2.0",
        {"state.backend.type": f"{CLASS}RocksDBStateBackendFactory"},
        "unknown-state-backend",
        (
            "error: state.backend.type: Flink 2.0 has no state backend "
            f"{CLASS}RocksDBStateBackendFactory, so every job fails. Set state.backend.type to rocksdb."
        ),
    ),
    "a backend with a blank, which counts in YAML": (
        "2.3",
        {"state.backend.type": "rocksdb "},
        "unknown-state-backend",
        (
            "error: state.backend.type: Flink 2.3 has no state backend 'rocksdb ', so every job fails. Set "
            "state.backend.type to rocksdb."
        ),
    ),
    "a cleanup strategy": (
        "1.20",
        {"cleanup-strategy.type": "FIXED_DELAY"},
        "unknown-cleanup-strategy",
        (
            "error: cleanup-strategy.type: Flink 1.20 has no cleanup strategy 'FIXED_DELAY', so no JobManager starts. "
            "Write fixed-delay."
        ),
    ),
    "a failover strategy": (
        "1.18",
        {"jobmanager.execution.failover-strategy": "standbytask"},
        "unknown-failover-strategy",
        (
            "error: jobmanager.execution.failover-strategy: Flink 1.18 has no failover strategy 'standbytask', so "
            "every job fails. Write full or region."
        ),
    ),
    "a checkpoint storage": (
        "1.19",
        {"state.checkpoint-storage": "file-system"},
        "unknown-checkpoint-storage",
        (
            "error: state.checkpoint-storage: Flink 1.19 has no checkpoint storage 'file-system', so every job fails. "
            "Write filesystem."
        ),
    ),
    "an order of class loading": (
        "2.3",
        {"classloader.resolve-order": "PARENT_FIRST"},
        "unknown-resolve-order",
        (
            "error: classloader.resolve-order: Flink 2.3 has no resolve order 'PARENT_FIRST', so no JobManager starts. "
            "Write parent-first."
        ),
    ),
    "blanks around it, which YAML keeps": (
        "1.20",
        {"restart-strategy.type": " none"},
        "unknown-restart-strategy",
        "error: restart-strategy.type: Flink 1.20 has no restart strategy ' none', so every job fails. Write none.",
    ),
}
NOTHING: dict[str, tuple[str, dict[str, t.Any]]] = {
    "any case": ("1.18", {"restart-strategy.type": "Fixed-Delay", "high-availability.type": "NONE"}),
    "an older spelling": ("2.3", {"restart-strategy.type": "failurerate", "cleanup-strategy.type": "fixeddelay"}),
    "blanks around it, which flink-conf.yaml drops": ("1.18", {"restart-strategy.type": " none"}),
    "classes of the user's own": ("2.3", {"state.backend.type": "org.x.Factory", "high-availability.type": "org.x.Y"}),
    "a factory that 2.0 keeps": ("2.0", {"state.backend.type": f"{CLASS}EmbeddedRocksDBStateBackendFactory"}),
    "the class for Kubernetes": (
        "1.13",
        {"high-availability": "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"},
    ),
    "a former word for none": ("2.3", {"high-availability.type": "standalone"}),
    "no failover strategy for the adaptive scheduler": (
        "1.18",
        {"jobmanager.scheduler": "adaptive", "jobmanager.execution.failover-strategy": "nope"},
    ),
    "nothing": ("1.18", {"restart-strategy.type": ""}),
}


@pytest.mark.parametrize(("release", "config", "code", "finding"), TOLD.values(), ids=TOLD)
def test_told(release: str, config: dict[str, t.Any], code: str, finding: str) -> None:
    assert told(release, config, code) == [finding]
    assert_kept(release, config)


@pytest.mark.parametrize(("release", "config"), NOTHING.values(), ids=NOTHING)
@pytest.mark.parametrize("code", {code for _release, _config, code, _finding in TOLD.values()})
def test_nothing(release: str, config: dict[str, t.Any], code: str) -> None:
    assert told(release, config, code) == []


def test_what_is_far_from_every_word_is_none() -> None:
    assert meant("banana", ["fixed-delay", "none"]) is None
