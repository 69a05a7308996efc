# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.changes import (
    Changes,
    changes,
    groups_at_once,
    obsolete_processes,
    restart_groups,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    JAVA_17,
    STOPPED,
    Case,
    Values,
    case,
)

NOTHING: Values = {
    "start": (),
    "halt": (),
    "failed": (),
    "differing": (),
    "restart": (),
    "jobmanager_first": False,
    "obsolete": (),
    "needs_reload": False,
    "needs_start": False,
}
TWO: Values = {"flink_taskmanager_count": 2}
NAMES = ("jobmanager", "taskmanager-1", "taskmanager-2")
TASKMANAGERS = ("taskmanager-1", "taskmanager-2")
TASKMANAGERS_FIRST = (*TASKMANAGERS, "jobmanager")
FORMER: Values = {"flink_config": {**CONFIG, "taskmanager.memory.process.size": "2g"}}

# What is different of processes that otherwise run as they should, and what follows.
LIVE: dict[str, tuple[dict[str, Values], Values]] = {
    "all run as they should": ({}, {}),
    "one is stopped": (
        {"taskmanager-1": {"state": "stopped"}},
        {"start": ("taskmanager-1",), "needs_start": True},
    ),
    "one has failed, so that its failures are forgotten": (
        {"taskmanager-1": {"state": "failed"}},
        {"start": ("taskmanager-1",), "failed": ("taskmanager-1",), "needs_start": True},
    ),
    "one is starting, which is as good as running": ({"taskmanager-1": {"state": "starting"}}, {}),
    "one is starting with another environment": (
        {"taskmanager-1": {"state": "starting", "environment": {}}},
        {"differing": ("taskmanager-1",), "restart": ("taskmanager-1",)},
    ),
    "one would not start at boot": (
        {"jobmanager": {"enabled": False}},
        {"start": ("jobmanager",), "needs_start": True},
    ),
    "a stopped one has no environment to differ": (
        {"taskmanager-2": {"state": "stopped", "environment": {}}},
        {"start": ("taskmanager-2",), "needs_start": True},
    ),
    "systemd has not read the unit of one": (
        {"jobmanager": {"needs_reload": True}},
        {"needs_reload": True, "needs_start": True},
    ),
    "systemd has not read the unit of one that restarts, which reads it": (
        {"taskmanager-1": {"needs_reload": True, "environment": {}}},
        {"differing": ("taskmanager-1",), "restart": ("taskmanager-1",)},
    ),
    "the environment of all is unknown, so the JobManager may be of another cluster": (
        {name: {"environment": {}} for name in NAMES},
        {
            "differing": NAMES,
            "restart": ("jobmanager", *TASKMANAGERS),
            "jobmanager_first": True,
        },
    ),
}


@pytest.mark.parametrize(("different", "expected"), LIVE.values(), ids=LIVE)
def test_live_processes(different: dict[str, Values], expected: Values) -> None:
    found = case(TWO).running(different).decide().changes
    assert dataclasses.asdict(found) == {**NOTHING, **expected}


APPLICATION: Values = {**TWO, "flink_deployment_mode": "application"}
JOB: Values = {"name": "orders", "jar": "orders.jar"}

# The state of the job, what is different of processes that otherwise run, and what follows.
APPLICATIONS: dict[str, tuple[str, dict[str, Values], Values]] = {
    "the job is to run": ("running", {}, {}),
    "the job is suspended, so nothing runs, nor at boot": ("suspended", {}, {"halt": NAMES, "needs_start": True}),
    "the job is to go": ("absent", {}, {"halt": NAMES, "needs_start": True}),
    "nothing runs any more": ("suspended", {name: {"state": "stopped", "enabled": False} for name in NAMES}, {}),
    "one would run at boot": (
        "suspended",
        {name: {"state": "stopped", "enabled": name == "jobmanager"} for name in NAMES},
        {"halt": ("jobmanager",), "needs_start": True},
    ),
}


@pytest.mark.parametrize(("state", "different", "expected"), APPLICATIONS.values(), ids=APPLICATIONS)
def test_a_cluster_rests_with_its_job(state: str, different: dict[str, Values], expected: Values) -> None:
    given = {**APPLICATION, "flink_jobs": [{**JOB, "state": state}]}
    found = case(given).running(different).decide()
    assert dataclasses.asdict(found.changes) == {**NOTHING, **expected}
    assert (found.rests, found.names) == ((False, NAMES) if state == "running" else (True, ()))


def test_a_session_cluster_does_not_rest() -> None:
    found = case({**TWO, "flink_jobs": [{**JOB, "state": "suspended"}]}).running().decide()
    assert (found.rests, found.changes.halt) == (False, ())


VARIABLES = sorted(case().environments()["jobmanager"])


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_process_with_another_value_of_any_variable_restarts(variable: str) -> None:
    usual = case()
    environment = usual.environments()["taskmanager-1"]
    for live in (
        {**environment, variable: environment[variable] + "x"},
        {name: value for name, value in environment.items() if name != variable},
    ):
        found = usual.running({"taskmanager-1": {"environment": live}}).decide().changes
        assert (found.differing, found.restart, found.start) == (("taskmanager-1",), ("taskmanager-1",), ())


def test_further_variables_of_a_process_do_not_matter() -> None:
    usual = case()
    environment = {**usual.environments()["jobmanager"], "HADOOP_CLASSPATH": "/opt/hadoop"}
    assert not usual.running({"jobmanager": {"environment": environment}}).decide().changes.differing


# The variables that the cluster runs with, those that it shall have, and the processes to restart in their order.
CHANGED: dict[str, tuple[Values, Values, tuple[str, ...], bool]] = {
    "the memory of TaskManagers": ({}, FORMER, TASKMANAGERS, False),
    "the memory of the JobManager": (
        {},
        {"flink_config": {**CONFIG, "jobmanager.memory.process.size": "2g"}},
        ("jobmanager",),
        False,
    ),
    "another spelling of a size": (
        {},
        {"flink_config": {**CONFIG, "jobmanager.memory.process.size": "1024m"}},
        (),
        False,
    ),
    "an option that all read: the JobManager comes last": (
        {},
        {"flink_config": {**CONFIG, "state.backend.type": "rocksdb"}},
        TASKMANAGERS_FIRST,
        False,
    ),
    "JVM options of TaskManagers": (
        {},
        {"flink_config": {**CONFIG, "env.java.opts.taskmanager": "-Dx=1"}},
        TASKMANAGERS,
        False,
    ),
    "options of one TaskManager": (
        {},
        {"flink_taskmanager_configs": [{}, {"taskmanager.numberOfTaskSlots": 2}]},
        ("taskmanager-2",),
        False,
    ),
    "options of the JobManager alone": (
        {},
        {"flink_jobmanager_config": {"jobmanager.execution.failover-strategy": "full"}},
        ("jobmanager",),
        False,
    ),
    "another port for RPC: TaskManagers could not register with the old JobManager": (
        {},
        {"flink_config": {**CONFIG, "jobmanager.rpc.port": 7123}},
        ("jobmanager", *TASKMANAGERS),
        True,
    ),
    "another release": (
        {},
        {"flink_version": "2.2.1", "flink_archive_checksum": f"sha512:{'b' * 128}"},
        ("jobmanager", *TASKMANAGERS),
        True,
    ),
    "the same release from another archive": (
        {},
        {"flink_archive_checksum": f"sha512:{'b' * 128}"},
        ("jobmanager", *TASKMANAGERS),
        True,
    ),
    "a security option": (
        {},
        {"flink_config": {**CONFIG, "security.ssl.internal.enabled": False}},
        ("jobmanager", *TASKMANAGERS),
        True,
    ),
    "a jar": (
        {},
        {"flink_jars": [{"src": "https://example.org/a.jar", "checksum": "sha512:00"}]},
        TASKMANAGERS_FIRST,
        False,
    ),
    "a plugin": ({}, {"flink_plugins": ["flink-s3-fs-hadoop"]}, TASKMANAGERS_FIRST, False),
    "what happens when memory runs out": ({}, {"flink_exit_on_oom": False}, TASKMANAGERS_FIRST, False),
    "jemalloc": ({}, {"flink_jemalloc": True}, TASKMANAGERS_FIRST, False),
    "a line of the unit of TaskManagers": (
        {},
        {"flink_service_overrides": {"taskmanager": "[Service]\nNice=5\n"}},
        TASKMANAGERS,
        False,
    ),
    "a comment in a line of the unit": (
        {"flink_service_overrides": {"taskmanager": "[Service]\nNice=5\n"}},
        {"flink_service_overrides": {"taskmanager": "# Be nice.\n[Service]\nNice=5\n"}},
        (),
        False,
    ),
    "the limit of memory, which applies at once": ({}, {"flink_memory_max_slack": "1g"}, (), False),
    "a NUMA node": ({}, {"flink_taskmanager_numa_nodes": [0]}, ("taskmanager-1",), False),
    "the time to stop": ({}, {"flink_stop_timeout": 60}, TASKMANAGERS_FIRST, False),
    "the user": ({}, {"flink_user": "streamer"}, TASKMANAGERS_FIRST, False),
    "how the cluster is asked": ({}, {"flink_rest_url": "https://proxy", "flink_health_timeout": 9}, (), False),
    "the order of options": (
        {"flink_config": {**CONFIG, "a.b": 1, "a.c": 2}},
        {"flink_config": {"a.c": 2, **CONFIG, "a": {"b": 1}}},
        (),
        False,
    ),
    "the kind of logs, which the processes read anew": ({}, {"flink_logging": {"log4j.properties": "x"}}, (), False),
}


@pytest.mark.parametrize(("before", "after", "restart", "jobmanager_first"), CHANGED.values(), ids=CHANGED)
def test_what_restarts_after_a_change(
    before: Values, after: Values, restart: tuple[str, ...], jobmanager_first: bool
) -> None:
    live = case({**TWO, **before}).running().host.processes
    found = case({**TWO, **after}).running(_as_values(live)).decide().changes
    assert (found.restart, found.jobmanager_first) == (restart, jobmanager_first)
    assert (found.start, found.needs_start) == ((), False)
    assert set(found.differing) == set(restart)


def _as_values(processes: t.Mapping[str, t.Any]) -> dict[str, Values]:
    return {name: dataclasses.asdict(process) for name, process in processes.items()}


def test_another_java_restarts_all_but_a_newer_patch_of_it_none() -> None:
    running = case(TWO).running()
    for java, restart in (
        ({"home": "/opt/java-21", "version": 21, "full_version": "21"}, TASKMANAGERS_FIRST),
        ({**JAVA_17, "full_version": "17.0.9"}, ()),
    ):
        assert running.on({"java": java}).decide().changes.restart == restart


# Whether the processes run with other memory, what the user chooses, and what is restarted.
CHOICES: dict[str, tuple[bool, str, tuple[str, ...]]] = {
    "nothing differs, all": (False, "all", TASKMANAGERS_FIRST),
    "nothing differs, outdated": (False, "outdated", ()),
    "nothing differs, none": (False, "none", ()),
    "TaskManagers differ, all": (True, "all", TASKMANAGERS_FIRST),
    "TaskManagers differ, outdated": (True, "outdated", TASKMANAGERS),
    "TaskManagers differ, none": (True, "none", ()),
}


def outdated(**given: t.Any) -> Case:
    """TaskManagers that run with less memory than they should."""
    live = case(TWO).running().host.processes
    return case({**TWO, **FORMER, **given}).running(_as_values(live))


@pytest.mark.parametrize(("differs", "choice", "restart"), CHOICES.values(), ids=CHOICES)
def test_choices_of_the_user(differs: bool, choice: str, restart: tuple[str, ...]) -> None:
    given = {"flink_restart": choice}
    found = (outdated(**given) if differs else case({**TWO, **given}).running()).decide().changes
    assert found.restart == restart
    assert found.differing == (TASKMANAGERS if differs else ())


def test_all_are_those_that_run() -> None:
    found = case({**TWO, "flink_restart": "all"}).running({"taskmanager-1": {"state": "stopped"}}).decide().changes
    assert (found.restart, found.start) == (("taskmanager-2", "jobmanager"), ("taskmanager-1",))


def test_launchers_know_no_boot() -> None:
    launchers = case({**TWO, "flink_service_manager": "launcher"})
    assert launchers.running({name: {"enabled": False} for name in NAMES}).decide().changes == Changes(**NOTHING)
    stopped = launchers.running({"taskmanager-2": {"state": "stopped", "enabled": False}}).decide().changes
    assert stopped.start == ("taskmanager-2",)


def test_without_systemd_launchers_it_is() -> None:
    found = case(different={"systemd": None}).running({"jobmanager": {"enabled": False}}).decide()
    assert (found.changes.start, found.has_systemd) == ((), False)


# Files in the directory of the configuration, and the processes that are no longer wanted.
OBSOLETE: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "none": ([], ()),
    "those that are wanted": (["jobmanager.env", "taskmanager-1.env"], ()),
    "a TaskManager too many": (["taskmanager-1.env", "taskmanager-2.env"], ("taskmanager-2",)),
    "other components": (["historyserver.env", "sql-gateway.env"], ("historyserver", "sql-gateway")),
    "files that only look like one": (
        ["client.env", "taskmanager.env", "taskmanager-2.env.bak", "xjobmanager.env"],
        (),
    ),
}


@pytest.mark.parametrize(("files", "obsolete"), OBSOLETE.values(), ids=OBSOLETE)
def test_obsolete_processes(files: list[str], obsolete: tuple[str, ...]) -> None:
    found = case().running().on({"files": {"/etc/flink": files}}).decide()
    assert (found.changes.obsolete, found.changes.needs_start) == (obsolete, bool(obsolete))
    assert obsolete_processes(("jobmanager", "taskmanager-1"), files) == obsolete
    assert set(found.units) == {"jobmanager", "taskmanager-1", *obsolete}


def test_what_is_left_of_an_obsolete_process_goes() -> None:
    there: dict[str, t.Any] = {"files": {"/etc/flink": ["taskmanager-2.env"]}}
    scripts = {"marked_files": {"/var/lib/flink": ["run", "taskmanager-2"]}}
    found = case().running().on({**there, **scripts}).decide()
    drop_ins = ("/05-rhythm.conf", "/06-start.conf", "/10-plan.conf", "/20-overrides.conf", "")
    assert [(file.path, file.state) for file in found.obsolete_files] == [
        ("/var/lib/flink/taskmanager-2", "absent"),
        *((f"/etc/systemd/system/flink-taskmanager@2.service.d{name}", "absent") for name in drop_ins),
        ("/var/lib/flink/tmp/taskmanager-2", "absent"),
        ("/etc/flink/taskmanager-2.env", "absent"),
    ]


def test_only_the_directory_of_this_cluster_counts() -> None:
    found = case().running().on({"files": {"/etc/other": ["taskmanager-7.env"]}}).decide()
    assert found.changes.obsolete == ()


def test_a_process_that_restarts_gets_its_limit_then() -> None:
    def paths(files: t.Iterable[t.Any]) -> list[str]:
        return [file.path for file in files if file.path.endswith("/10-plan.conf")]

    unit = "/etc/systemd/system/flink-{}.service.d/10-plan.conf".format
    jobmanager, first, second = unit("jobmanager"), unit("taskmanager@1"), unit("taskmanager@2")
    unchanged = case(TWO).running().decide()
    assert paths(unchanged.service) == [jobmanager, first, second]
    for choice in ("outdated", "none"):
        differing = outdated(flink_restart=choice).decide()
        assert paths(differing.service) == [jobmanager]
        assert paths(differing.limits.values()) == [jobmanager, first, second]
    stopped = case(TWO).decide()
    assert paths(stopped.service) == [jobmanager, first, second]


# Processes to restart, whether the JobManager comes first, and the groups of their host.
GROUPS: dict[str, tuple[tuple[str, ...], bool, tuple[str, ...]]] = {
    "nothing": ((), False, ()),
    "nothing, whatever would be first": ((), True, ()),
    "TaskManagers": (TASKMANAGERS, False, ("flink_restarting_taskmanagers",)),
    "the JobManager": (("jobmanager",), False, ("flink_restarting_jobmanagers",)),
    "the JobManager, before all TaskManagers": (("jobmanager",), True, ("flink_preceding_jobmanagers",)),
    "both": (TASKMANAGERS_FIRST, False, ("flink_restarting_taskmanagers", "flink_restarting_jobmanagers")),
    "both, the JobManager first": (
        ("jobmanager", *TASKMANAGERS),
        True,
        ("flink_restarting_taskmanagers", "flink_preceding_jobmanagers"),
    ),
    "a HistoryServer, with the TaskManagers": (("historyserver",), False, ("flink_restarting_taskmanagers",)),
}


@pytest.mark.parametrize(("restart", "first", "groups"), GROUPS.values(), ids=GROUPS)
def test_groups_of_a_restart(restart: tuple[str, ...], first: bool, groups: tuple[str, ...]) -> None:
    change = Changes(**{**NOTHING, "restart": restart, "jobmanager_first": first})
    assert restart_groups(change) == groups


# The order, the groups of a host if all took their turns, the processes that restart at once, in two steps; the groups.
AT_ONCE: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "nothing": ("together", (), (), (), ()),
    "in turns": ("rolling", ("flink_restarting_taskmanagers",), (), (), ("flink_restarting_taskmanagers",)),
    "TaskManagers": (
        "together",
        ("flink_restarting_taskmanagers",),
        (),
        ("taskmanager-1",),
        ("flink_restarting_together",),
    ),
    "TaskManagers that are not outdated": ("together", (), (), ("taskmanager-1",), ("flink_restarting_together",)),
    "ZooKeeper": ("together", ("flink_restarting_zookeepers",), (), (), ("flink_restarting_zookeepers",)),
    "ZooKeeper and the JobManager": (
        "together",
        ("flink_restarting_zookeepers", "flink_restarting_jobmanagers", "flink_standby_jobmanagers"),
        (),
        ("jobmanager",),
        ("flink_restarting_zookeepers", "flink_restarting_together"),
    ),
    "TaskManagers without jobs, with jobs, and a JobManager that stands by": (
        "spare",
        ("flink_restarting_taskmanagers", "flink_restarting_jobmanagers", "flink_standby_jobmanagers"),
        ("taskmanager-1",),
        ("taskmanager-2",),
        (
            "flink_restarting_jobmanagers",
            "flink_standby_jobmanagers",
            "flink_restarting_spares",
            "flink_restarting_together",
        ),
    ),
    "only TaskManagers without jobs": (
        "spare",
        ("flink_restarting_taskmanagers",),
        ("taskmanager-1",),
        (),
        ("flink_restarting_spares",),
    ),
}


@pytest.mark.parametrize(("order", "groups", "first", "then", "at_once"), AT_ONCE.values(), ids=AT_ONCE)
def test_groups_of_a_restart_at_once(
    order: str, groups: tuple[str, ...], first: tuple[str, ...], then: tuple[str, ...], at_once: tuple[str, ...]
) -> None:
    assert groups_at_once(groups, order, first, then) == at_once


def test_a_decision_names_the_groups() -> None:
    assert case().decide().restart_groups == ()
    assert outdated().decide().restart_groups == ("flink_restarting_taskmanagers",)


def test_only_a_jobmanager_that_runs_can_come_first() -> None:
    running = case().running({"jobmanager": {**STOPPED}, "taskmanager-1": {"environment": {}}})
    found = changes(("jobmanager", "taskmanager-1"), running.host, {**running.environments()}, "outdated", "/etc", True)
    assert (found.jobmanager_first, found.start, found.restart) == (False, ("jobmanager",), ("taskmanager-1",))


def test_what_a_killed_run_has_not_written_is_not_stopped() -> None:
    """systemctl would fail, and with it every deployment that follows."""
    obsolete = case().running().on({"files": {"/etc/flink": ["taskmanager-2.env", "historyserver.env"]}})
    assert obsolete.on({"matching_units": ["flink-taskmanager@.service"]}).decide().unit_stops == ("taskmanager-2",)
    launched: Values = {"files": {"/etc/flink": ["taskmanager-2.env"], "/var/lib/flink": ["run", "taskmanager-2"]}}
    launched.update(systemd=None, marked_files={"/var/lib/flink": ["run"]})
    found = case().running().on(launched).decide()
    assert found.launcher_stops == ()
    assert "/var/lib/flink/taskmanager-2" not in [file.path for file in found.obsolete_files]
    launched["marked_files"]["/var/lib/flink"].append("taskmanager-2")
    assert case().running().on(launched).decide().launcher_stops == ("taskmanager-2",)


# What a user chooses, what is different of processes that otherwise run as they should, and what is still to be done.
PENDING: dict[str, tuple[str, dict[str, Values], tuple[str, ...]]] = {
    "an outdated one that is not to be restarted": ("none", {"taskmanager-1": {"environment": {}}}, ("taskmanager-1",)),
    "all are to be restarted, though none has to": ("all", {}, ()),
    "all are to be restarted, and one has to": ("all", {"jobmanager": {"environment": {}}}, ("jobmanager",)),
    "one is stopped": ("none", {"taskmanager-1": {"state": "stopped"}}, ("taskmanager-1",)),
    "one is outdated, and would not start at boot": (
        "outdated",
        {"taskmanager-1": {"environment": {}, "enabled": False}},
        ("taskmanager-1",),
    ),
}


@pytest.mark.parametrize(("restart", "different", "pending"), PENDING.values(), ids=PENDING)
def test_what_is_not_as_configured(restart: str, different: dict[str, Values], pending: tuple[str, ...]) -> None:
    assert case({"flink_restart": restart}).running(different).decide().pending == pending


HISTORYSERVER, TEMPLATE = "flink-historyserver.service", "flink-taskmanager@.service"

# Variables, the environment files, the units that use the directories, and those of their files that go.
ENDED: dict[str, tuple[Values, list[str], list[str], list[str]]] = {
    "a component": ({}, ["historyserver.env"], [HISTORYSERVER, TEMPLATE], [HISTORYSERVER]),
    "a component whose unit is another cluster's": ({}, ["historyserver.env"], [TEMPLATE], []),
    "one of several TaskManagers": ({}, ["taskmanager-2.env"], [TEMPLATE], []),
    "all TaskManagers": (
        {"flink_components": ["jobmanager"]},
        ["taskmanager-1.env", "taskmanager-2.env"],
        [TEMPLATE],
        [TEMPLATE],
    ),
}


@pytest.mark.parametrize(("given", "files", "units", "gone"), ENDED.values(), ids=ENDED)
def test_a_unit_goes_with_its_last_process(given: Values, files: list[str], units: list[str], gone: list[str]) -> None:
    of = case(given).running().on({"files": {"/etc/flink": files}, "matching_units": units})
    paths = [file.path for file in of.decide().obsolete_files]
    assert [path for path in paths if path.endswith(".service")] == [f"/etc/systemd/system/{unit}" for unit in gone]
    assert [f"/etc/systemd/system/{unit}.d" in paths for unit in gone] == [True] * len(gone)
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("target", ["/opt/flink/x", "/opt//flink/x"])
def test_a_link_is_there_however_the_release_is_spelled(target: str) -> None:
    links = {"/opt//flink/current": target, "/opt//flink/x/conf/config.yaml": "/etc/flink/config.yaml"}
    assert case({"flink_home": "/opt//flink/x"}, {"links": links}).decide().installation.missing == ()


@pytest.mark.parametrize(
    ("state", "ports", "listens"),
    [("running", [6123, 40001, 8081], True), ("running", [6123], False), ("starting", [6123, 1, 2], False)],
)
def test_a_jobmanager_has_come_up_with_all_its_ports(state: str, ports: list[int], listens: bool) -> None:
    live = case().running({"jobmanager": {"state": state, "ports": ports}})
    assert live.decide().jobs.listens is listens
