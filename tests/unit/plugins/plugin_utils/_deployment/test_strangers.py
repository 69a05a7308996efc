# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where another service manager, or launchers elsewhere, run the cluster already."""

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    STOPPED,
    Values,
    case,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.test_removal import (
    LAUNCHED,
    LAUNCHERS,
    removal,
)

MAIN = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"


def process(name: str = "taskmanager-1", conf_dir: str = "/etc/flink", **different: object) -> Values:
    """One that no unit has."""
    environment = {"FLINK_CONF_DIR": conf_dir, "FLINK_MAIN_CLASS": MAIN, "FLINK_PROCESS": name}
    found = {"pid": 4711, "uid": 999, "parent": 1, "unit": None, "ports": [8081], "environment": environment}
    return {**found, "command_line": ["/bin/java", "-Xmx1g", MAIN], **different}


def by(unit: str) -> Values:
    return process(unit=unit)


UNITS: Values = {"matching_units": ["flink-jobmanager.service", "flink-taskmanager@.service"]}
TAKEN: Values = {"taken_ports": [{"name": "jobmanager rest.port", "port": 8081}]}
BY_UNITS = (
    "flink_service_manager: expected systemd, which runs this cluster so far by flink-jobmanager.service, "
    "flink-taskmanager@.service, got launcher, which would start everything a second time. Set it to systemd; or "
    "uninstall with that first, to change it."
)


def twice(runner: str, name: str = "taskmanager-1") -> str:
    return (
        f"flink_service_manager, flink_run_dir: expected that {runner} run this cluster, got {name} (process 4711), "
        "which they do not run and would start a second time. If one of the two has changed, uninstall with the "
        "former value first; or end what runs."
    )


OF_SYSTEMD, OF_RUN = twice("units of systemd"), twice("launchers in /data/run")
ELSEWHERE: Values = {**LAUNCHERS, "flink_run_dir": "/data/run"}
RUNNING = {"jobmanager": STOPPED, "taskmanager-1": {**STOPPED, "state": "running", "pid": 4711}}

# Variables, what is different on the host, and the objections.
SITUATIONS: dict[str, tuple[Values, Values, tuple[str, ...]]] = {
    "launchers where units run": (LAUNCHERS, {**UNITS, "running": [by("flink-taskmanager@1.service")]}, (BY_UNITS,)),
    "launchers where units will run at boot, whose port is taken": (LAUNCHERS, {**UNITS, **TAKEN}, (BY_UNITS,)),
    "launchers where units are left and no systemd": (LAUNCHERS, {**UNITS, "systemd": None}, ()),
    "units where launchers run": ({}, {"running": [process()]}, (OF_SYSTEMD,)),
    "units where launchers run, which have the port": ({}, {**TAKEN, "running": [process()]}, (OF_SYSTEMD,)),
    "units where launchers run in a service": ({}, {"running": [by("ssh.service")]}, (OF_SYSTEMD,)),
    "units where a launcher runs what is no longer wanted": (
        {},
        {"running": [process("taskmanager-2")], "files": {"/etc/flink": ["taskmanager-2.env"]}},
        (twice("units of systemd", "taskmanager-2"),),
    ),
    "launchers elsewhere": (ELSEWHERE, {"running": [process()]}, (OF_RUN,)),
    "a directory in another spelling": (ELSEWHERE, {"running": [process(conf_dir="/etc//flink/")]}, (OF_RUN,)),
    "units": ({}, {**UNITS, "running": [by("flink-taskmanager@1.service")]}, ()),
    "units that stop": ({}, {**UNITS, "running": [process("taskmanager-2", unit="flink-taskmanager@2.service")]}, ()),
    "launchers": (LAUNCHERS, {"running": [process()], "processes": RUNNING}, ()),
    "launchers of a Java that is a script": (
        LAUNCHERS,
        {"running": [process(pid=4712, parent=4711)], "processes": RUNNING},
        (),
    ),
    "a launcher of what is no longer wanted": (
        LAUNCHERS,
        {"running": [process("taskmanager-2")], "files": {"/var/lib/flink": ["taskmanager-2.pid"]}},
        (),
    ),
    "another cluster": ({}, {"running": [process(conf_dir="/etc/other")]}, ()),
    "what a job has started": ({}, {"running": [process(command_line=["python3", "worker.py"])]}, ()),
    "what another user pretends": ({}, {"running": [process(uid=1001)]}, ()),
    "what has no name of ours": ({}, {"running": [process("client")]}, ()),
}


@pytest.mark.parametrize(("given", "different", "sentences"), SITUATIONS.values(), ids=SITUATIONS)
def test_deployments(given: Values, different: Values, sentences: tuple[str, ...]) -> None:
    assert case(given, different).decide().objections == sentences


# Variables, what is different on the host, and whether something would run on.
REMOVALS: dict[str, tuple[Values, Values, bool]] = {
    "units": ({}, {"running": [process("jobmanager", unit="flink-jobmanager.service")]}, False),
    "units, by launchers": (LAUNCHERS, {"running": [process("jobmanager", unit="flink-jobmanager.service")]}, False),
    "launchers": (LAUNCHERS, {**LAUNCHED, "running": [process("taskmanager-3")]}, False),
    "launchers, by units": ({}, {**LAUNCHED, "matching_units": [], "running": [process("taskmanager-3")]}, False),
    "launchers elsewhere": (LAUNCHERS, {"matching_units": [], "running": [process("taskmanager-3")]}, True),
    "launchers elsewhere beside units": ({}, {"running": [process("taskmanager-3")]}, True),
    "a unit without a file": ({}, {"matching_units": [], "running": [by("flink-taskmanager@1.service")]}, True),
    "another cluster": ({}, {"running": [process(conf_dir="/etc/other")]}, False),
}


@pytest.mark.parametrize(("given", "different", "runs_on"), REMOVALS.values(), ids=REMOVALS)
def test_removals(given: Values, different: Values, runs_on: bool) -> None:
    if not runs_on:
        assert removal(different, given)["files"]
        return
    with pytest.raises(FlinkError) as refusal:
        removal(different, given)
    assert str(refusal.value) == (
        "flink_service_manager, flink_run_dir: expected those that this cluster was started with, got others: "
        f"{different['running'][0]['environment']['FLINK_PROCESS']} (process 4711) would run on without its files. "
        "Give the former ones, or end it first."
    )
