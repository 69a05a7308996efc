# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.cluster.table import cluster_table
from ansible_collections.streamops.flink.plugins.module_utils._flink.host.plan import plan_host
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

CONFIG = {"jobmanager.memory.process.size": "1600m", "taskmanager.memory.process.size": "4g"}
JOBMANAGER = {"process": "jobmanager", "count": 1, "config": {}}
TASKMANAGERS = {"process": "taskmanager", "count": 2, "config": {"taskmanager.numberOfTaskSlots": 4}}
Plans = t.Dict[str, t.Any]


def plans(hosts: t.Iterable[str], release: str = "2.3.0", jobmanagers: int = 1) -> Plans:
    """JobManagers on the first hosts, two TaskManagers on the others."""
    return {
        host: plan_host(CONFIG, release, [JOBMANAGER if number < jobmanagers else TASKMANAGERS])["plans"]
        for number, host in enumerate(hosts)
    }


def cluster(planned: Plans, release: str = "2.3.0") -> dict[str, t.Any]:
    """A live cluster that is as planned, as far as its release tells."""
    old = release.startswith("1.11")
    live: dict[str, t.Any] = {"flink_version": release, "taskmanagers": [], "jobmanager": None}
    for host, of_host in planned.items():
        for number, plan in enumerate(of_host, 1):
            if plan["process"] == "jobmanager":
                memory = dict.fromkeys(plan["memory"]) if old else plan["memory"]
                live["jobmanager"] = {"memory": memory, "jvm_args": None if old else plan["jvm_args"]}
            else:
                memory = {
                    name: None if old and name != "managed" else size
                    for name, size in plan["memory"].items()
                    if name not in {"jvm_heap", "jvm_direct"}
                }
                name = f"random{len(live['taskmanagers'])}" if old else f"{host}-{number}"
                live["taskmanagers"].append({"id": name, "slots": plan["slots"]["count"], "memory": memory})
    return live


def table(release: str = "2.3.0", hosts: t.Iterable[str] = ("jm", "worker-1"), **options: t.Any) -> str:
    planned = plans(hosts, release, **options)
    return cluster_table(cluster(planned, release), planned)


def test_as_planned() -> None:
    assert (
        table()
        == """\
Flink 2.3.0: 3 of 3 processes are as planned

host                    JVM                  JVM       JVM    total
  process              heap  off-heap  metaspace  overhead  process
-------------------------------------------------------------------
jm            plan       1g      128m       256m      192m     1.5g
  jobmanager  live       1g      128m       256m      192m     1.5g
-------------------------------------------------------------------

host                          framework    task framework     task                       JVM      JVM   total
  process               slots      heap    heap  off-heap off-heap network managed metaspace overhead process
-------------------------------------------------------------------------------------------------------------
worker-1         plan       4      128m    1.4g      128m       0b  343.0m    1.3g      256m   409.6m      4g
  taskmanager-1  live       4      128m    1.4g      128m       0b  343.0m    1.3g      256m   409.6m      4g
worker-1         plan       4      128m    1.4g      128m       0b  343.0m    1.3g      256m   409.6m      4g
  taskmanager-2  live       4      128m    1.4g      128m       0b  343.0m    1.3g      256m   409.6m      4g
-------------------------------------------------------------------------------------------------------------
"""
    )


def test_otherwise() -> None:
    planned = plans(["jm", "worker-1", "worker-2"])
    live = cluster(planned)
    live["taskmanagers"][0]["memory"]["managed"] += 1
    live["taskmanagers"][1]["slots"] = 2
    live["taskmanagers"][2]["id"] = "stranger"
    live["jobmanager"]["memory"] = {**live["jobmanager"]["memory"], "jvm_heap": 2**30 - 4096}
    text = cluster_table(live, planned)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "Flink 2.3.0: 1 of 5 processes are as planned"
    assert "jobmanager live *1023.9m 128m 256m 192m 1.5g" in lines
    assert "taskmanager-1 live 4 128m 1.4g 128m 0b 343.0m *1.3g 256m 409.6m 4g" in lines
    assert "taskmanager-2 live *2 128m 1.4g 128m 0b 343.0m 1.3g 256m 409.6m 4g" in lines
    assert "taskmanager-1 live not registered" in lines
    assert text.endswith("""\

Also registered: stranger
*  is not as planned. In bytes:
   jm: jobmanager: jvm heap is 1073737728, planned is 1073741824.
   worker-1: taskmanager-1: managed is 1438814064, planned is 1438814063.
   worker-1: taskmanager-2: slots is 2, planned is 4.
   worker-2: taskmanager-1: no TaskManager is registered as worker-2-1.
""")


# Release, and the live figures of a TaskManager.
REPORTED = {
    "1.11.4": "taskmanager-1 live 4 - - - - - 1.3g - - -",
    "1.12.1": "taskmanager-1 live 4 128m 1.4g 128m 0b 343.0m 1.3g 256m - -",
    "1.12.4": "taskmanager-1 live 4 128m 1.4g 128m 0b 343.0m 1.3g 256m 409.6m -",
    "1.12.5": "taskmanager-1 live 4 128m 1.4g 128m 0b 343.0m 1.3g 256m 409.6m 4g",
}


@pytest.mark.parametrize(("release", "figures"), REPORTED.items())
def test_what_a_release_reports(release: str, figures: str) -> None:
    text = table(release)
    assert figures in [" ".join(line.split()) for line in text.splitlines()]
    assert text.startswith(f"Flink {release}: 3 of 3 ")
    assert ("-  is not reported by this release." in text) == (" -" in figures)
    assert "*" not in text


def test_each_nameless_taskmanager_counts_once() -> None:
    planned = plans(["jm", "worker-1", "worker-2"], "1.11.4")
    live = cluster(planned, "1.11.4")
    del live["taskmanagers"][0]
    text = cluster_table(live, planned)
    assert text.startswith("Flink 1.11.4: 4 of 5 ")
    assert text.count("not registered") == 1


def test_several_jobmanagers() -> None:
    text = table(hosts=["jm-1", "jm-2", "worker"], jobmanagers=2)
    assert text.endswith("\n\nOnly the leading JobManager answers: its figures stand for all of them.\n")
    assert "leading" not in table()


# Names of hosts, and how they are shown.
NAMES = {
    "domain": (
        [f"flink-worker-0{number}.production.example.com" for number in (1, 2)],
        [f"flink-worker-0{number}.productio\u2026" for number in (1, 2)],
    ),
    "number at the end": (
        [f"production-eu-central-1-flink-worker-0{number}" for number in (1, 2)],
        [f"\u2026central-1-flink-worker-0{number}" for number in (1, 2)],
    ),
    "short": (["a", "b"], ["a", "b"]),
}


@pytest.mark.parametrize(("hosts", "shown"), NAMES.values(), ids=NAMES)
def test_names_stay_different(hosts: list[str], shown: list[str]) -> None:
    text = table(hosts=["jm", *hosts])
    lines = text.splitlines()
    assert [line.split()[0] for line in lines if " plan " in line][1::2] == shown
    assert max(map(len, lines)) <= 120


def test_many_hosts_fit() -> None:
    planned = plans(f"a-rather-long-name-of-a-host-{number}.example.org" for number in range(30))
    live = cluster(planned)
    live["taskmanagers"] = [{**found, "id": f"{found['id']}-of-old"} for found in live["taskmanagers"]]
    text = cluster_table(live, planned)
    assert text.count("\n") > 2 * 59
    assert max(map(len, text.splitlines())) <= 120
    assert all(f"{host}-1-of-old" in text for host in list(planned)[1:])


def test_only_taskmanagers() -> None:
    assert "jobmanager" not in table(jobmanagers=0)


GARBAGE: dict[str, tuple[t.Any, t.Any]] = {
    "no cluster": ({"msg": "did not answer", "failed": True}, plans(["jm"])),
    "null": (None, plans(["jm"])),
    "plans without hosts": (cluster(plans(["jm"])), plans(["jm"])["jm"]),
    "no plans": (cluster(plans(["jm"])), {"jm": None}),
    "half a plan": (cluster(plans(["jm"])), {"jm": [{"process": "jobmanager"}]}),
}


@pytest.mark.parametrize(("live", "planned"), GARBAGE.values(), ids=GARBAGE)
def test_garbage(live: t.Any, planned: t.Any) -> None:
    with pytest.raises(FlinkError, match="expected "):
        cluster_table(live, planned)
