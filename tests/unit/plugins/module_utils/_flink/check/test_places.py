# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.check.check import Checking, config_check
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.check.promises import (
    Case,
    assert_kept,
    assert_nothing,
    told,
)

ADAPTIVE = "Remove it, and set jobmanager.scheduler to adaptive to have jobs run with the slots that are there."
TOLD: dict[str, Case] = {
    "an option of Kubernetes": (
        "1.20",
        {"kubernetes.rest-service.exposed.type": "ClusterIP"},
        "wrong-place",
        (
            "hint: Only Kubernetes reads kubernetes.rest-service.exposed.type, so a cluster on plain hosts does "
            "without. Remove it."
        ),
    ),
    "options of YARN": (
        "1.18",
        {"yarn.application-attempts": 3, "flink.yarn.x": 1, "external-resource.gpu.yarn.config-key": "y"},
        "wrong-place",
        (
            "hint: Only YARN reads yarn.application-attempts, flink.yarn.x, external-resource.gpu.yarn.config-key, so "
            "a cluster on plain hosts does without. Remove them."
        ),
    ),
    "variables of containers": (
        "1.13",
        {"containerized.master.env.X": "y"},
        "wrong-place",
        (
            "hint: Only Kubernetes and YARN read containerized.master.env.X, so a cluster on plain hosts does without. "
            "Remove it."
        ),
    ),
    "high availability by Kubernetes without it": (
        "2.3",
        {"high-availability.kubernetes.leader-election.retry-period": "5 s"},
        "wrong-place",
        (
            "hint: Only high availability by Kubernetes reads "
            "high-availability.kubernetes.leader-election.retry-period, so a cluster on plain hosts does without. "
            "Remove it."
        ),
    ),
    "a bound for slots that nobody asks for": (
        "1.20",
        {"slotmanager.number-of-slots.max": 8},
        "wrong-place",
        (
            "hint: Flink reads slotmanager.number-of-slots.max only where it starts TaskManagers itself, which it does "
            "not on hosts. Remove it."
        ),
    ),
    "an option of tables": (
        "1.20",
        {"sink.parallelism": 2},
        "wrong-place",
        (
            "warning: sink.parallelism: only SQL has such options, in the WITH clause or the hints of a table, and "
            "Flink 1.20 silently ignores it here. Move it there, or name it in flink_config_known_keys if it is your "
            "own."
        ),
    ),
    "Java for the scripts": (
        "2.3",
        {"env.java.home": "/j"},
        "read-by-scripts",
        (
            "hint: env.java.home: only Flink's scripts read it, so the processes here do without. Set flink_java_home "
            "of the role."
        ),
    ),
    "heap of a ZooKeeper": (
        "1.10",
        {"zookeeper.heap.mb": 128},
        "read-by-scripts",
        (
            "hint: zookeeper.heap.mb: only Flink's scripts read it, so the processes here do without. Remove it: the "
            "role starts no ZooKeeper."
        ),
    ),
    "TaskManagers by NUMA node": (
        "1.20",
        {"taskmanager.compute.numa": True},
        "numa-by-start-script",
        (
            "warning: taskmanager.compute.numa has no effect here: only Flink's start script reads it, to run one "
            "TaskManager of this size on each NUMA node, and this collection starts Java directly. Remove it, and set "
            "flink_taskmanager_numa_nodes of the role, or numa_nodes of the module memory_plan."
        ),
    ),
    "the reactive mode": (
        "1.20",
        {"scheduler-mode": "reactive"},
        "application-only",
        (
            "error: scheduler-mode: Flink has the reactive mode only where one JobManager runs one application, and in "
            f"a cluster of sessions no JobManager starts with it. {ADAPTIVE}"
        ),
    ),
}
NOTHING: dict[str, tuple[str, dict[str, t.Any]]] = {
    "Kubernetes for high availability": (
        "1.20",
        {
            "high-availability.type": "kubernetes",
            "kubernetes.cluster-id": "c",
            "high-availability.kubernetes.leader-election.retry-period": "5 s",
        },
    ),
    "Kubernetes for high availability by its class": (
        "1.13",
        {
            "high-availability": "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory",
            "kubernetes.cluster-id": "c",
        },
    ),
    "what no release reads": ("1.20", {"kubernetes.operator.periodic.savepoint.interval": "5m"}),
    "bounds that a release heeds everywhere": ("1.17", {"slotmanager.max-total-resource.cpu": 4}),
    "what the role carries out": (
        "1.20",
        {"env.log.max": 3, "env.log.level": "DEBUG", "env.hadoop.conf.dir": "/h", "env.java.opts.client": "-Da=b"},
    ),
    "no TaskManagers by NUMA node": ("1.20", {"taskmanager.compute.numa": False}),
}


@pytest.mark.parametrize(("release", "config", "code", "finding"), TOLD.values(), ids=TOLD)
def test_told(release: str, config: dict[str, t.Any], code: str, finding: str) -> None:
    assert told(release, config, code) == [finding]
    assert_kept(release, config)


@pytest.mark.parametrize(("release", "config"), NOTHING.values(), ids=NOTHING)
def test_nothing(release: str, config: dict[str, t.Any]) -> None:
    assert_nothing(TOLD, release, config)


def test_keys_of_the_users_own_are_theirs() -> None:
    assert told("1.20", {"format": "x", "env.log.dir": "/l"}, "wrong-place", known_keys=("format",)) == []
    assert told("1.20", {"env.log.dir": "/l"}, "read-by-scripts", known_keys=("env.log.dir",)) == []


def test_an_application_may_be_reactive() -> None:
    given = {"scheduler-mode": "reactive"}
    by_itself = config_check(given, "1.20", deployment_mode="application")
    in_a_plan = Checking(is_application=True).findings(given, Release.parse("1.20"))
    assert [note["code"] for note in (*by_itself, *in_a_plan) if note["code"] == "application-only"] == []
