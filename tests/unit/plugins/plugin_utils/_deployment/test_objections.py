# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.objections import CHECKS
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    DEBIAN_12,
    GIB,
    HA,
    NO_RELEASE,
    STOPPED,
    Values,
    case,
)

HISTORY: Values = {**CONFIG, "historyserver.archive.fs.dir": "file:///srv/jobs"}
GATEWAY: Values = {**CONFIG, "sql-gateway.endpoint.rest.address": "h1"}
OPS: Values = {"ansible_user": {"name": "ops", "uid": 1000}}
NO_JAVA: Values = {"java": None, "java_error": "There is no java on the PATH."}
ALPINE: Values = {"os": {"id": "alpine", "id_like": [], "version_id": "3.20.1", "architecture": "x86_64"}}
IN_USE = "Address already in use"
TAKEN: Values = {
    "taken_ports": [{"name": "jobmanager rest.port", "host": "localhost", "port": 8081, "problem": IN_USE}]
}
MEMORY_MAX = "[Service]\nMemoryMax={}\n".format

NO_JOBMANAGER = (
    "flink_jobmanager_hosts: expected the address of the JobManager, as every host of the cluster reaches "
    "it, got an empty list. Name it, such as [jm1.example.org]."
)
TOO_MANY_CONFIGS = (
    "flink_taskmanager_configs: expected at most 1 of them, as flink_taskmanager_count says, got 2. Set "
    "flink_taskmanager_count to 2, or drop the entries that have no TaskManager."
)
IDENTITY = (
    "taskmanager.resource-id: expected it left to the role, which sets h1-1 and so on, so that it names one "
    "TaskManager of the cluster for good, got a value. Remove it from the configuration."
)
NO_SYSTEMD = (
    "flink_service_manager: expected auto or launcher on a host that does not run systemd, got systemd. Set "
    "it to auto or launcher."
)
NO_UNITS = (
    "become: expected root on the host, who alone may write units of systemd, got ops. Set become to true; "
    "or, to do without root, flink_service_manager to launcher and flink_user to null."
)
NO_USER = (
    "flink_user: expected null or ops, as whom Ansible works on the host without root, got flink. Set "
    "flink_user to null, or become to true."
)
INSTALL_JAVA = (
    "Java: expected a Java for Flink 2.3.0, got none: There is no java on the PATH. Install it, name "
    "packages in flink_java_packages with become, or set flink_java_home."
)
NO_JEMALLOC = (
    "flink_jemalloc: expected libjemalloc.so.2 on the host, where the role cannot install it, got none. "
    "Install it, or set flink_jemalloc to false."
)
NO_BINDING = (
    "flink_taskmanager_numa_nodes: expected systemd, which alone binds a process to a node, got launchers. Leave "
    "the list out."
)
PORT_TAKEN = (
    "Port 8081: expected to be free for jobmanager rest.port, got another program there. Stop that program, "
    "or set another port in flink_config."
)
NO_ARCHIVE_OF_JOBS = (
    "historyserver.archive.fs.dir: expected the directory that the HistoryServer reads, got none. Set it in "
    "flink_config, to the same as jobmanager.archive.fs.dir of the clusters whose jobs it shows."
)
NO_ADDRESS = (
    "sql-gateway.endpoint.rest.address: expected the address of the SQL gateway, got none. Set it in "
    "flink_config, for example to the name of the host."
)


def low_limit(limit: str, planned: int = 1811939328, name: str = "taskmanager-1") -> str:
    return (
        f"flink_service_overrides: expected a MemoryMax of at least the {planned} bytes planned for {name}, "
        f"got {limit}. Raise it to {planned}, or leave it to flink_memory_max_slack."
    )


def live(name: str, **values: object) -> Values:
    """Both processes, of which one has these values."""
    return {"processes": {"jobmanager": STOPPED, "taskmanager-1": STOPPED, name: {**STOPPED, **values}}}


# Variables, what is different on the host, and the sentence.
REFUSED: dict[str, tuple[Values, Values, str]] = {
    "a service that is an option": (
        {"flink_service_name": "-x"},
        {},
        "flink_service_name: expected letters, digits, '_', '.' and '-', got '-x'. Choose another name.",
    ),
    "a directory that is none": (
        {"flink_log_dir": "log"},
        {},
        "flink_log_dir: expected an absolute path of a directory, got 'log'. Correct it.",
    ),
    "the root as directory": (
        {"flink_run_dir": "/"},
        {},
        "flink_run_dir: expected an absolute path of a directory, got '/'. Correct it.",
    ),
    "logging files that are other files": (
        {
            "flink_logging": dict.fromkeys(
                ["", "..", "../x", "a/b", "a\n", "jobmanager.env", "config.yaml", "masters"], ""
            )
        },
        {},
        (
            "flink_logging: expected names of files in flink_conf_dir that the role does not write itself, got '', "
            "'..', '../x', 'a/b', 'a\\n', 'jobmanager.env', 'config.yaml', 'masters'. Name files such as "
            "log4j.properties."
        ),
    ),
    "two jars in one place": (
        {"flink_jars": [{"src": f"https://example.org/{name}/x.jar", "checksum": "sha512:00"} for name in "ab"]},
        {},
        (
            "flink_jars: expected each jar in a place of its own, got lib/x.jar twice. Rename one of the jars, "
            "or give it another dest."
        ),
    ),
    "a jar outside of the release": (
        {"flink_jars": [{"src": "https://example.org/x.jar", "checksum": "sha512:00", "dest": "../../etc"}]},
        {},
        "flink_jars: expected places below flink_home, got ../../etc/x.jar. Give a dest such as lib.",
    ),
    "more configurations than TaskManagers": ({"flink_taskmanager_configs": [{}, {}]}, {}, TOO_MANY_CONFIGS),
    "more nodes than TaskManagers": (
        {"flink_taskmanager_numa_nodes": [0, 0, 0], "flink_taskmanager_count": 2},
        {},
        (
            "flink_taskmanager_numa_nodes: expected at most 2 of them, as flink_taskmanager_count says, got "
            "3. Set flink_taskmanager_count to 3, or drop the entries that have no TaskManager."
        ),
    ),
    "an identity of all TaskManagers": (
        {"flink_config": {**CONFIG, "taskmanager.resource-id": "me"}},
        {},
        IDENTITY,
    ),
    "an identity of one": ({"flink_taskmanager_configs": [{"taskmanager": {"resource-id": "me"}}]}, {}, IDENTITY),
    "no JobManager": ({"flink_jobmanager_hosts": []}, {}, NO_JOBMANAGER),
    "two JobManagers without high availability": (
        {"flink_jobmanager_hosts": ["h1", "h2"]},
        {},
        (
            "flink_jobmanager_hosts: expected one host without high availability, got h1, h2. Name one, or "
            "set flink_high_availability, with the servers of a ZooKeeper and a directory that all of them share."
        ),
    ),
    "high availability of the type none": (
        {"flink_jobmanager_hosts": ["h1", "h2"], "flink_config": {**HA, "high-availability.type": "none"}},
        {},
        (
            "flink_jobmanager_hosts: expected one host without high availability, got h1, h2. Name one, or "
            "set flink_high_availability, with the servers of a ZooKeeper and a directory that all of them share."
        ),
    ),
    "a JobManager by another name": (
        {"flink_jobmanager_hosts": ["10.0.0.1", "10.0.0.2"], "flink_config": HA},
        {},
        (
            "flink_jobmanager_hosts: expected h1 among them, since it runs a JobManager and with high "
            "availability each is known by its own address, got 10.0.0.1, 10.0.0.2. Name it as in the "
            "inventory, or set jobmanager.rpc.address in its flink_jobmanager_config to its address."
        ),
    ),
    "a JobManager named twice": (
        {"flink_jobmanager_hosts": ["h1", "h2", "h1"], "flink_config": HA},
        {},
        "flink_jobmanager_hosts: expected each host once, got h1, h2, h1. Name each once.",
    ),
    "names that the host does not know": (
        {"flink_jobmanager_hosts": ["h1", "h2"], "flink_config": HA},
        {"unresolved_names": {"h1": "Name or service not known", "h2": "Temporary failure"}},
        (
            "flink_jobmanager_hosts: expected names that this host resolves, got h1 (Name or service not "
            "known), h2 (Temporary failure). Correct the name, or make it known to the host, for example in "
            "/etc/hosts."
        ),
    ),
    "systemd where it does not run": ({"flink_service_manager": "systemd"}, {"systemd": None}, NO_SYSTEMD),
    "units without root": ({"flink_user": None}, OPS, NO_UNITS),
    "units without root, by the same user": ({"flink_user": "ops"}, OPS, NO_UNITS),
    "another user without root": ({"flink_service_manager": "launcher"}, OPS, NO_USER),
    "no Java, and nothing to install": ({"flink_java_packages": []}, NO_JAVA, INSTALL_JAVA),
    "no Java on an unknown distribution": ({}, {**NO_JAVA, **ALPINE}, INSTALL_JAVA),
    "no Java, and packages of an unknown distribution": (
        {"flink_java_packages": ["temurin"]},
        {**NO_JAVA, **ALPINE},
        INSTALL_JAVA,
    ),
    "no Java, and no right to install it": (
        {"flink_service_manager": "launcher", "flink_user": None},
        {**NO_JAVA, **OPS},
        INSTALL_JAVA,
    ),
    "no Java where it is said to be": (
        {"flink_java_home": "/opt/nojava"},
        {"java": None, "java_error": "/opt/nojava has no bin/java."},
        (
            "flink_java_home: expected a Java for Flink 2.3.0, got none: /opt/nojava has no bin/java. Correct "
            "it, or leave it out to have Java found or installed."
        ),
    ),
    "no jemalloc on an unknown distribution": ({"flink_jemalloc": True}, ALPINE, NO_JEMALLOC),
    "no jemalloc, and no right to install it": (
        {"flink_jemalloc": True, "flink_service_manager": "launcher", "flink_user": None},
        OPS,
        NO_JEMALLOC,
    ),
    "nodes that are not there": (
        {"flink_taskmanager_numa_nodes": [2, 0, 7], "flink_taskmanager_count": 3},
        {"numa_nodes": [0, 1]},
        (
            "flink_taskmanager_numa_nodes: expected nodes of this host (0, 1), got 2, 7. Correct the list, "
            "or leave it out."
        ),
    ),
    "a node for launchers": (
        {"flink_taskmanager_numa_nodes": [0], "flink_service_manager": "launcher"},
        {},
        NO_BINDING,
    ),
    "one port for two": (
        {"flink_config": {**CONFIG, "rest.port": 6123}},
        {},
        (
            "Port 6123: expected for one process of this host, got jobmanager rest.port and jobmanager "
            "jobmanager.rpc.port. Set each to a port of its own, or for a TaskManager to 0, with which Flink "
            "takes a free one."
        ),
    ),
    "one port for two TaskManagers": (
        {"flink_config": {**CONFIG, "taskmanager.rpc.port": 7000}, "flink_taskmanager_count": 2},
        {},
        (
            "Port 7000: expected for one process of this host, got taskmanager-1 taskmanager.rpc.port and "
            "taskmanager-2 taskmanager.rpc.port. Set each to a port of its own, or for a TaskManager to 0, "
            "with which Flink takes a free one."
        ),
    ),
    "two ports for two each": (
        {
            "flink_config": {**CONFIG, "taskmanager.rpc.port": 7001, "taskmanager.data.port": 7000},
            "flink_taskmanager_count": 2,
        },
        {},
        (
            "Port 7000, 7001: expected for one process of this host, got taskmanager-1 taskmanager.rpc.port "
            "and taskmanager-1 taskmanager.data.port and taskmanager-2 taskmanager.rpc.port and "
            "taskmanager-2 taskmanager.data.port. Set each to a port of its own, or for a TaskManager to 0, "
            "with which Flink takes a free one."
        ),
    ),
    "a port of another program": ({}, TAKEN, PORT_TAKEN),
    "ports of other programs": (
        {},
        {
            "taken_ports": [
                *TAKEN["taken_ports"],
                {"name": "jobmanager jobmanager.rpc.port", "host": "localhost", "port": 6123, "problem": IN_USE},
            ]
        },
        (
            "Port 8081, 6123: expected to be free for jobmanager rest.port, jobmanager jobmanager.rpc.port, "
            "got another program there. Stop that program, or set another port in flink_config."
        ),
    ),
    "a port of another program on Alpine": (
        {},
        {"taken_ports": [{**TAKEN["taken_ports"][0], "problem": "Address in use"}]},
        PORT_TAKEN,
    ),
    "an address that the host lacks": (
        {},
        {
            "taken_ports": [
                {**TAKEN["taken_ports"][0], "host": "10.9.9.9", "problem": "Cannot assign requested address"}
            ]
        },
        (
            "Port 8081: expected to be one that jobmanager rest.port can listen on at 10.9.9.9, got: Cannot assign "
            "requested address. Set another port or address in flink_config."
        ),
    ),
    "a port that the process that runs does not have": (
        {},
        {**TAKEN, **live("jobmanager", state="running", enabled=True, ports=[8080, 6123])},
        PORT_TAKEN,
    ),
    "a port that a stopped process once had": ({}, {**TAKEN, **live("jobmanager", ports=[8081])}, PORT_TAKEN),
    "a process of another cluster": (
        {},
        live("taskmanager-1", environment={"FLINK_CONF_DIR": "/etc/other"}),
        (
            "flink_service_name: expected a name that no other cluster has on this host, got flink, whose "
            "taskmanager-1 runs with another flink_conf_dir than /etc/flink. Give this cluster another "
            "flink_service_name, and directories of its own; or, if its flink_conf_dir has changed, uninstall it with "
            "the former one first."
        ),
    ),
    "units of another cluster with these directories": (
        {"flink_conf_dir": "/etc/other"},
        {"matching_units": ["other-jobmanager.service", "flink-jobmanager.service", "other-taskmanager@.service"]},
        (
            "flink_conf_dir, flink_run_dir: expected directories that no other cluster has on this host, got "
            "/etc/other and /var/lib/flink, but other-jobmanager.service, other-taskmanager@.service uses "
            "them and is not of flink. Give this cluster others; or, if its flink_service_name has changed, "
            "uninstall it with the former one first."
        ),
    ),
    "a unit whose name begins like those of this one": (
        {},
        {"matching_units": ["flink-jobmanager-old.service"]},
        (
            "flink_conf_dir, flink_run_dir: expected directories that no other cluster has on this host, got "
            "/etc/flink and /var/lib/flink, but flink-jobmanager-old.service uses them and is not of flink. "
            "Give this cluster others; or, if its flink_service_name has changed, uninstall it with the "
            "former one first."
        ),
    ),
    "lines for what is no component": (
        {"flink_service_overrides": {"taskmanager": "", "taskmanagers": "", "job-manager": ""}},
        {},
        (
            "flink_service_overrides: expected components (jobmanager, taskmanager, historyserver, "
            "sql-gateway, zookeeper, proxy), got taskmanagers, job-manager. Correct the names."
        ),
    ),
    "a limit below the plan": ({"flink_service_overrides": {"taskmanager": MEMORY_MAX("1G")}}, {}, low_limit("1G")),
    "a limit below the plan by a byte": (
        {"flink_service_overrides": {"taskmanager": MEMORY_MAX("1811939327")}},
        {},
        low_limit("1811939327"),
    ),
    "a limit among spaces": (
        {"flink_service_overrides": {"jobmanager": "[Service]\n MemoryMax = 1023M \n"}},
        {},
        low_limit("1023M", 2**30, "jobmanager"),
    ),
    "no archive of jobs": (
        {"flink_components": ["jobmanager", "historyserver"]},
        {},
        NO_ARCHIVE_OF_JOBS,
    ),
    "an archive of jobs without a name": (
        {
            "flink_components": ["jobmanager", "historyserver"],
            "flink_config": {**CONFIG, "historyserver.archive.fs.dir": ""},
        },
        {},
        NO_ARCHIVE_OF_JOBS,
    ),
    "no address of the gateway": ({"flink_components": ["jobmanager", "sql-gateway"]}, {}, NO_ADDRESS),
}

# Variables and what is different on the host, where nothing stands against it.
ACCEPTED: dict[str, tuple[Values, Values]] = {
    "a healthy host": ({}, {}),
    "logging files of other names": (
        {"flink_logging": {"logback.xml": "<a/>", "my log.xml": "", "log4j-cli.properties": ""}},
        {},
    ),
    "as many configurations as TaskManagers": (
        {"flink_taskmanager_configs": [{}, {}], "flink_taskmanager_count": 2},
        {},
    ),
    "fewer nodes than TaskManagers": ({"flink_taskmanager_numa_nodes": [0], "flink_taskmanager_count": 2}, {}),
    "an identity of JobManagers, which they do not have": (
        {"flink_jobmanager_config": {"jobmanager.resource-id": "me"}},
        {},
    ),
    "two JobManagers with high availability": (
        {"flink_jobmanager_hosts": ["h1", "h2"], "flink_config": HA},
        {},
    ),
    "high availability by its former name": (
        {"flink_jobmanager_hosts": ["h1", "h2"], "flink_config": {**CONFIG, "high-availability": "zookeeper"}},
        {},
    ),
    "high availability, a JobManager elsewhere": (
        {"flink_jobmanager_hosts": ["j1", "j2"], "flink_components": ["taskmanager"], "flink_config": HA},
        {},
    ),
    "high availability, an address of its own": (
        {
            "flink_jobmanager_hosts": ["10.0.0.1", "10.0.0.2"],
            "flink_jobmanager_config": {"jobmanager.rpc.address": "10.0.0.1"},
            "flink_config": HA,
        },
        {},
    ),
    "one JobManager by any name": ({"flink_jobmanager_hosts": ["10.0.0.1"]}, {}),
    "systemd where it runs": ({"flink_service_manager": "systemd"}, {}),
    "no systemd": ({}, {"systemd": None}),
    "launchers without root": ({"flink_service_manager": "launcher", "flink_user": None}, OPS),
    "launchers without root, by the same user": ({"flink_service_manager": "launcher", "flink_user": "ops"}, OPS),
    "launchers by root": ({"flink_service_manager": "launcher"}, {}),
    "no systemd, no root": ({"flink_user": None}, {**OPS, "systemd": None}),
    "Java to be installed": ({}, NO_JAVA),
    "Java to be installed by a name": ({"flink_java_packages": ["temurin"]}, NO_JAVA),
    "Java and nothing to install": ({"flink_java_packages": []}, {}),
    "Java on an unknown distribution": ({}, ALPINE),
    "jemalloc to be installed": ({"flink_jemalloc": True}, {}),
    "jemalloc is there": ({"flink_jemalloc": True}, {**ALPINE, "jemalloc": "/usr/lib/libjemalloc.so.2"}),
    "nodes that are there": (
        {"flink_taskmanager_numa_nodes": [1, 0], "flink_taskmanager_count": 2},
        {"numa_nodes": [0, 1]},
    ),
    "one port in two spellings of the choice": (
        {"flink_config": {**CONFIG, "taskmanager.rpc.port": "7000-7005", "taskmanager.data.port": "0"}},
        {},
    ),
    "a port that the process has": ({}, {**TAKEN, **live("jobmanager", state="running", enabled=True, ports=[8081])}),
    "a port that the process has, which starts": ({}, {**TAKEN, **live("jobmanager", state="starting", ports=[8081])}),
    "a port that the process may have": (
        {},
        {**TAKEN, **live("jobmanager", state="running", enabled=True, ports=None)},
    ),
    "a process of this cluster with a slash more": (
        {"flink_conf_dir": "/etc//flink/"},
        live("jobmanager", environment={"FLINK_CONF_DIR": "/etc/flink"}),
    ),
    "a process of this cluster": ({}, live("jobmanager", environment={"FLINK_CONF_DIR": "/etc/flink"})),
    "units of this cluster": (
        {},
        {"matching_units": ["flink-jobmanager.service", "flink-taskmanager@.service", "flink-sql-gateway.service"]},
    ),
    "a limit of just the plan": ({"flink_service_overrides": {"taskmanager": MEMORY_MAX("1728M")}}, {}),
    "no limit, and one that is no size": (
        {"flink_service_overrides": {"taskmanager": "MemoryMax=infinity\nMemoryMax=10%\n#MemoryMax=1\n"}},
        {},
    ),
    "another limit": ({"flink_service_overrides": {"taskmanager": "[Service]\nMemoryHigh=1G\n"}}, {}),
    "a limit of what has no plan": (
        {
            "flink_components": ["historyserver"],
            "flink_config": HISTORY,
            "flink_service_overrides": {"historyserver": MEMORY_MAX("1K")},
        },
        {},
    ),
    "a limit of a component that does not run here": (
        {"flink_components": ["jobmanager"], "flink_service_overrides": {"taskmanager": MEMORY_MAX("1G")}},
        {},
    ),
    "an archive of jobs": ({"flink_components": ["jobmanager", "historyserver"], "flink_config": HISTORY}, {}),
    "an address of the gateway": ({"flink_components": ["jobmanager", "sql-gateway"], "flink_config": GATEWAY}, {}),
    "no HistoryServer and no gateway": ({"flink_components": ["taskmanager"]}, {}),
}


@pytest.mark.parametrize(("given", "different", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(given: Values, different: Values, sentence: str) -> None:
    assert case(given, different).decide().objections == (sentence,)


@pytest.mark.parametrize(("given", "different"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(given: Values, different: Values) -> None:
    assert case(given, different).decide().objections == ()


# Mistakes together, and their sentences.
TOGETHER: dict[str, tuple[Values, Values, tuple[str, ...]]] = {
    "two of one subject": (
        {"flink_config": {**CONFIG, "taskmanager.resource-id": "me"}, "flink_taskmanager_configs": [{}, {}]},
        {},
        (TOO_MANY_CONFIGS, IDENTITY),
    ),
    "two of two": (
        {"flink_components": ["jobmanager", "historyserver"], "flink_jobmanager_hosts": []},
        {},
        (NO_JOBMANAGER, NO_ARCHIVE_OF_JOBS),
    ),
    "systemd without root where it does not run": (
        {"flink_service_manager": "systemd"},
        {**OPS, "systemd": None},
        (NO_SYSTEMD, NO_UNITS, NO_USER),
    ),
    "one that concerns two processes alike": (
        {"flink_config": {**CONFIG, "taskmanager.resource-id": "me"}, "flink_taskmanager_count": 2},
        {},
        (IDENTITY,),
    ),
    "limits that are too low in two lines and for two processes": (
        {
            "flink_taskmanager_count": 2,
            "flink_service_overrides": {"taskmanager": MEMORY_MAX("1G") + "MemoryMax=1G\nMemoryMax=512M\n"},
        },
        {},
        (
            low_limit("1G"),
            low_limit("512M"),
            low_limit("1G", name="taskmanager-2"),
            low_limit("512M", name="taskmanager-2"),
        ),
    ),
}


@pytest.mark.parametrize(("given", "different", "sentences"), TOGETHER.values(), ids=TOGETHER)
def test_all_at_once_and_none_twice(given: Values, different: Values, sentences: tuple[str, ...]) -> None:
    assert case(given, different).decide().objections == sentences


def test_the_order_of_subjects() -> None:
    everything: Values = {
        "flink_taskmanager_configs": [{}, {}],
        "flink_jobmanager_hosts": ["h1", "h1"],
        "flink_service_manager": "launcher",
        "flink_java_packages": [],
        "flink_taskmanager_numa_nodes": [0],
        "flink_plugins": ["flink-nothing"],
        "flink_firewall_sources": ["everybody"],
        "flink_config": {
            **HA,
            "high-availability.storageDir": "/ha",
            "taskmanager.host": "my_host",
            "env.java.opts.all": "-Xloggc:/gone/gc.log",
            "web.submit.enable": True,
        },
        "flink_service_name": "-x",
        "flink_prometheus_port": 0,
        "flink_secret_files": {"../a": ""},
        "flink_proxy": {"tls": False, "users": {"ops": f"$6$salt${'a' * 86}"}},
        "flink_tls": "internal",
        "flink_web_actions": [],
        "flink_log_dir": "log",
        "flink_service_overrides": {"client": ""},
        "flink_logging": {"log4j.properties": "log4j.rootLogger=INFO, file"},
        "flink_components": ["jobmanager", "taskmanager", "sql-gateway"],
        "flink_jars": [{"src": "https://example.org/a.jar"}],
    }
    there = {
        **OPS,
        **NO_JAVA,
        **TAKEN,
        "matching_units": ["x.service"],
        "mounts": {"/ha": {"file_system": "ext4"}, "/gone": {"is_directory": False}},
        "release": NO_RELEASE,
        "disk": {"/opt/flink/flink-2.3.0": GIB},
        "os": DEBIAN_12,
        "processes": dict.fromkeys(("jobmanager", "taskmanager-1", "sql-gateway", "proxy"), STOPPED),
    }
    begins = (
        *("flink_taskmanager_configs: expected", "flink_jobmanager_hosts: expected"),
        *("taskmanager.host: expected",),
        "high-availability.storageDir: expected",
        *("flink_user: expected", "Java: expected", "env.java.opts.all: expected"),
        *("flink_taskmanager_numa_nodes: expected", "Port 8081: expected", "flink_firewall_sources: expected"),
        "flink_conf_dir, flink_run_dir: expected",
        *("flink_service_name: expected", "flink_log_dir: expected"),
        *("flink_service_overrides: expected components", "flink_jars: expected a checksum"),
        *("sql-gateway.endpoint.rest.address: expected", "flink_logging: expected"),
        "flink_tls_dir: expected",
        *("flink_prometheus_port: expected", "flink_config: web.submit.enable: expected"),
        "flink_proxy: expected a host where systemd",
        *("flink_secret_files: expected", "flink_archive_checksum: expected"),
    )
    found = case(everything, there).decide().objections
    assert [start for start, sentence in zip(begins, found, strict=True) if not sentence.startswith(start)] == []
    assert len(CHECKS) == len(begins)
