# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the processes of a host are called: by the plan, by systemd, and in their files."""

from __future__ import annotations

import hashlib
import re
import shlex
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.environment import environment_file

from .quoting import unit_argument, unit_file

if t.TYPE_CHECKING:
    from .wanted import Wanted

UNIT_DIR = "/etc/systemd/system"
# How systemd titles the units of each component; the one of TaskManagers is a template with the number as instance.
TITLES = {
    "jobmanager": "JobManager",
    "taskmanager": "TaskManager %i",
    "historyserver": "HistoryServer",
    "sql-gateway": "SQL gateway",
    "zookeeper": "ZooKeeper",
    "proxy": "REST proxy",
}
ZOOKEEPER = "zookeeper"
# In front of the REST API; it is no process of Flink, and has no environment file.
PROXY = "proxy"
# The one of the host, which is no process of the cluster.
FIREWALLD = "firewalld"
# What has a process but no planned memory.
UNPLANNED = ("historyserver", "sql-gateway", ZOOKEEPER)

# Matches a line of a script in ``flink_run_dir`` of any cluster.
RUN_PATTERN = r"""\s*(\. .+/"\$1\.env"|state=.+/[a-z0-9-]+'?)"""

_HOMES = re.compile(r"/(home|root|run/user)(/|$)")
_ENVIRONMENT_FILE = re.compile(r"(jobmanager|taskmanager-\d+|historyserver|sql-gateway|zookeeper)\.env")


def process_names(wanted: Wanted) -> list[str]:
    """The JobManager first, then TaskManager 1, 2, ..., then what has no plan."""
    names = ["jobmanager"] if "jobmanager" in wanted.components else []
    if "taskmanager" in wanted.components:
        names += taskmanager_names(wanted)
    names += [name for name in UNPLANNED if name in wanted.components]
    return [*names, ZOOKEEPER] if runs_zookeeper(wanted) else names


def runs_zookeeper(wanted: Wanted) -> bool:
    """No component of a host, but of the cluster: each of its servers has to know all of them."""
    return wanted.host in wanted.zookeeper_hosts


def runs_proxy(wanted: Wanted) -> bool:
    """Where there is one, each JobManager has its own."""
    return wanted.proxy is not None and "jobmanager" in wanted.components


def proxy_directory(wanted: Wanted) -> str:
    """Where the configuration of the proxy is."""
    return f"{wanted.conf_dir}/{PROXY}"


def proxy_runtime_name(wanted: Wanted) -> str:
    """The directory below ``/run`` for its process number and temporary files, where SELinux lets an nginx write."""
    return f"nginx-{wanted.service_name}-{PROXY}"


def proxy_command(wanted: Wanted) -> str:
    """How a unit starts the proxy."""
    config = unit_argument(f"{proxy_directory(wanted)}/nginx.conf")
    return f"/usr/sbin/nginx -p /run/{proxy_runtime_name(wanted)} -c {config}"


def protect_home(seen: t.Iterable[str]) -> str:
    """What a unit has to know of the homes, where it has to see these paths."""
    return "read-only" if any(map(_HOMES.match, seen)) else "true"


def taskmanager_names(wanted: Wanted) -> list[str]:
    return [f"taskmanager-{number}" for number in range(1, wanted.taskmanager_count + 1)]


def application_directory(wanted: Wanted) -> str:
    """Where it is written which job the JobManager runs in application mode, and what it starts from."""
    return f"{wanted.run_dir}/application"


def component_of(name: str) -> str:
    """The component of a process: ``taskmanager`` for ``taskmanager-2``."""
    return re.sub(r"-\d+$", "", name)


def resource_id(host: str, taskmanager: str) -> str:
    """What a cluster calls a TaskManager, from 1.12 on: ``worker-1-2`` for ``taskmanager-2`` of ``worker-1``."""
    return host + taskmanager.removeprefix("taskmanager")


def unit_of(name: str, wanted: Wanted) -> str:
    """The unit of a process: ``flink-taskmanager@2.service`` for ``taskmanager-2``."""
    return f"{wanted.service_name}-{re.sub('^taskmanager-', 'taskmanager@', name)}.service"


def unit_path(component: str, wanted: Wanted) -> str:
    """The file of the unit of a component."""
    name = "taskmanager@" if component == "taskmanager" else component
    return f"{UNIT_DIR}/{wanted.service_name}-{name}.service"


def named_by_environment_file(file_name: str) -> str | None:
    """The process whose environment file is called so."""
    found = _ENVIRONMENT_FILE.fullmatch(file_name)
    return found[1] if found else None


def unit_pattern(wanted: Wanted) -> str:
    """Matches a line of a unit, whatever the unit is called, that uses the directories of this cluster."""
    process = r"(jobmanager|taskmanager-%i|historyserver|sql-gateway|zookeeper)"
    conf_dir, run = re.escape(unit_file(wanted.conf_dir)), re.escape(unit_argument(f"{wanted.run_dir}/run"))
    proxy = re.escape(proxy_command(wanted))
    return rf"(EnvironmentFile={conf_dir}/{process}\.env|ExecStart=/bin/sh {run} {process}|ExecStart={proxy})\s*"


def environment_pattern(wanted: Wanted) -> str:
    """Matches a line of the environment file of a process of this cluster."""
    return re.escape(environment_file({"FLINK_CONF_DIR": wanted.conf_dir}).rstrip())


def script_pattern(wanted: Wanted) -> str:
    """Matches a line of a script in ``flink_run_dir`` that runs processes of this cluster."""
    launcher = re.escape(f"state={shlex.quote(f'{wanted.run_dir}/NAME')}").replace("NAME", r"[a-z0-9-]+")
    run = re.escape(f'. {shlex.quote(wanted.conf_dir)}/"$1.env"')
    return rf"\s*({launcher}|{run})"


def note_path(wanted: Wanted) -> str:
    """Where this cluster notes in a release that it uses it."""
    name = hashlib.sha256(wanted.conf_dir.rstrip("/").encode()).hexdigest()[:16]
    return f"{wanted.home}/.clusters/{name}"


def unit_file_name(component: str, wanted: Wanted) -> str:
    """``flink-taskmanager@.service`` for ``taskmanager``."""
    return unit_path(component, wanted).rpartition("/")[2]


def with_unit(wanted: Wanted, names: t.Iterable[str], units: t.Container[str]) -> tuple[str, ...]:
    """Of the processes those with a unit, which a killed run may not have written."""
    return tuple(name for name in names if unit_file_name(component_of(name), wanted) in units)


def is_own_unit(file_name: str, wanted: Wanted) -> bool:
    components = "jobmanager|taskmanager@|historyserver|sql-gateway|zookeeper|proxy"
    return re.fullmatch(rf"{re.escape(wanted.service_name)}-({components})\.service", file_name) is not None
