# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Situations to decide on: a healthy host with Flink 2.3.0, and what is different there."""

from __future__ import annotations

import dataclasses
import functools
import posixpath
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.environment import environment_values
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.config_files import config_link
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.deployment import decide
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.exposure import exposure_advice
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.found import Archive, Controller, Host
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.names import (
    PROXY,
    process_names,
    runs_proxy,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.processes import plan_of
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.templates import render
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.variables import (
    DEFAULTS,
    ROLE_VARIABLES,
    validated,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.wanted import Wanted

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import HostPlan
    from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.deployment import Deployment

Values = dict[str, t.Any]
# Digests of files on the controller.
Jars = dict[str, dict[str, str] | None]

GIB = 2**30
CONFIG: Values = {"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "1728m"}
ARCHIVE = f"sha512:{'a' * 128}"
URL = "https://archive.apache.org/dist/flink/flink-{0}/flink-{0}-bin-scala_2.12.tgz"

DEBIAN_12: Values = {"id": "debian", "id_like": [], "version_id": "12", "architecture": "x86_64"}
JAVA_17: Values = {"home": "/usr/lib/jvm/java-17-openjdk-amd64", "version": 17, "full_version": "17.0.1"}
STOPPED: Values = {
    "state": "stopped",
    "enabled": False,
    "needs_reload": False,
    "environment": {},
    "command_line": [],
    "ports": [],
}
NO_RELEASE: Values = {"exists": False, "archive": None, "extra_files": [], "opt": [], "conf": [], "class_archives": []}
RELEASE: Values = {
    "exists": True,
    "archive": ARCHIVE,
    "extra_files": [],
    "opt": ["flink-s3-fs-hadoop-2.3.0.jar", "flink-sql-gateway-2.3.0.jar"],
    "conf": ["config.yaml", "log4j.properties", "logback.xml"],
}


HA: Values = {**CONFIG, "high-availability.type": "zookeeper", "high-availability.zookeeper.quorum": "zk:2181"}


def wanted(given: Values | None = None, host: str = "h1") -> Wanted:
    """The defaults of the role, and what is given; but no archive of classes, and no check of Flink's options."""
    usual = {"flink_version": "2.3.0", "flink_config": CONFIG}
    variables = {**usual, "flink_class_data_sharing": False, "flink_config_check": "off", **(given or {})}
    version = variables["flink_version"]
    home = variables.get("flink_home", f"/opt/flink/flink-{version}")
    templated = {
        "flink_archive": URL.format(version),
        "flink_home": home,
        "flink_current_link": f"{posixpath.dirname(home)}/current",
    }
    return Wanted.of(host, validated({**DEFAULTS, **templated, **variables}, ROLE_VARIABLES))


def answer(of: Wanted, different: Values | None = None) -> Values:
    """What a healthy host with the release answers, on which nothing runs; ``different`` outranks it."""
    memory = {"effective": 16 * GIB, "limited_by": "physical memory", "numa_nodes": []}
    return {
        "os": DEBIAN_12,
        "ansible_user": {"name": "root", "uid": 0},
        "systemd": 252,
        "cpus": 4,
        "memory": memory,
        "numa_nodes": [0],
        "jemalloc": None,
        "java": JAVA_17,
        "java_error": None,
        "java_refusals": {},
        "release": RELEASE,
        "disk": {of.home: 100 * GIB},
        "taken_ports": [],
        "unresolved_names": {},
        "resolved_names": {},
        "programs": {"nft": "/usr/sbin/nft", "firewall-cmd": "/usr/bin/firewall-cmd"},
        "addresses": ["10.0.0.5", "127.0.0.1", "192.168.7.5", "::1", "fd00::5"],
        "unreachable_servers": {},
        "znodes": {},
        "loopback_names": [],
        "user": {"name": "flink", "uid": 999, "gid": 999, "group": "flink", "home": "/opt/flink"},
        "group": None,
        "files": {of.conf_dir: []},
        "links": {
            **({of.current_link: of.home} if of.current_link else {}),
            **{link.path: link.target for link in [config_link(of, flink_options(of))]},
        },
        "strange_links": [],
        "marked_files": {},
        "places": {},
        "mounts": {},
        "matching_units": [],
        "running": [],
        "installed_releases": {},
        "processes": dict.fromkeys([*process_names(of), *([PROXY] if runs_proxy(of) else [])], STOPPED),
        "job_notes": {},
        "pyflink": {},
        "signature_verifier": None,
        **(different or {}),
    }


@dataclasses.dataclass(frozen=True)
class Case:
    """All that a decision rests on."""

    wanted: Wanted
    host: Host
    planned: HostPlan
    controller: Controller

    def decide(self) -> Deployment:
        return decide(self.wanted, self.host, self.planned, self.controller, text)

    def advised(self) -> tuple[str, ...]:
        """What is advised, but for what a cluster of several hosts leaves open."""
        is_open = tuple(exposure_advice(self.wanted, flink_options(self.wanted)))
        return tuple(sentence for sentence in self.decide().advice if sentence not in is_open)

    def environments(self) -> dict[str, dict[str, str]]:
        """What each process would find in its environment."""
        found: dict[str, dict[str, str]] = {}

        def remember(template: str, /, **values: t.Any) -> str:
            if template == "process.env.j2":
                found[values["environment"]["FLINK_PROCESS"]] = environment_values(values["environment"])
            return text(template, **values)

        decide(self.wanted, self.host, self.planned, self.controller, remember)
        return found

    def running(self, different: dict[str, Values] | None = None) -> Case:
        """The same where all processes run as they should, but for what is different of some of them."""
        processes = {
            name: {**STOPPED, "state": "running", "enabled": True, "environment": environment}
            for name, environment in self.environments().items()
        }
        if runs_proxy(self.wanted):
            processes[PROXY] = {**STOPPED, "state": "running", "enabled": True}
        for name, values in (different or {}).items():
            processes[name].update(values)
        return self.on({"processes": processes})

    def on(self, different: Values) -> Case:
        """The same on a host where this is different."""
        return dataclasses.replace(self, host=Host.of({**_plain(self.host), **different}))


def _plain(host: Host) -> Values:
    answered = {field.name: getattr(host, field.name) for field in dataclasses.fields(host)}
    processes = {name: dataclasses.asdict(process) for name, process in host.processes.items()}
    return {**answered, "release": dataclasses.asdict(host.release), "processes": processes}


text = functools.partial(render, ansible_managed="Ansible managed")


def case(
    given: Values | None = None,
    different: Values | None = None,
    archive: Archive | None = None,
    jars: Jars | None = None,
) -> Case:
    """Variables of the role, answers of the host, and what the controller knows, where they are not the usual ones.

    Raises FlinkError if a variable is wrong or the plan is refused.
    """
    asked = wanted(given)
    host = Host.of(answer(asked, different))
    memory = host.memory if asked.host_memory is None else asked.host_memory
    planned = plan_of(asked, flink_options(asked), memory)
    return Case(asked, host, planned, Controller(archive or Archive(), jars or {}))
