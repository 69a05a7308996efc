#!/usr/bin/python
# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
author: streamops.flink contributors (@streamops)
version_added: 1.0.0
short_description: Gather facts about a host for the role flink
description:
  - A tool of the role P(streamops.flink.flink#role), which may change in a minor release.
  - Gathers everything that the role needs to know about a host in one round trip.
  - Anything missing is V(null) or empty in the result, and so is anything that no option asks for.
options:
  java_homes:
    description: Java homes to try in order. By default, the C(java) on the PATH is used.
    type: list
    elements: path
    default: []
  java_options:
    description:
      - Lists of options by names to start Java with, printing only its version.
      - Each list is tried once, however many names it has.
    type: dict
    default: {}
  flink_home:
    description: The directory of a Flink release.
    type: path
  disk_paths:
    description: Paths to return the free space for. They do not have to exist yet.
    type: list
    elements: path
    default: []
  ports:
    description: The ports to check.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: What the port is for.
        type: str
        required: true
      host:
        description: The name or address to listen on. V(0.0.0.0) means all interfaces.
        type: str
        required: true
      port:
        description: The port. V(0) means any free port and is never taken.
        type: int
        required: true
  programs:
    description: Programs to find on the PATH, and in the directories for programs of root.
    type: list
    elements: str
    default: []
  names:
    description: Host names to resolve.
    type: list
    elements: str
    default: []
  servers:
    description: Servers to connect to, as C(HOST:PORT). All are tried at the same time, for a few seconds.
    type: list
    elements: str
    default: []
  znodes:
    description: Values to read from a ZooKeeper.
    type: list
    elements: dict
    default: []
    suboptions:
      servers:
        description: Its servers, as in O(servers). The first one that answers counts.
        type: list
        elements: str
        required: true
      path:
        description: The place of the value.
        type: str
        required: true
  user:
    description: The user to look up. Root runs Java and O(pythons) with no more rights than this one has.
    type: str
  group:
    description: The group to look up.
    type: str
  directories:
    description: The directories to list the files of.
    type: list
    elements: path
    default: []
  trees:
    description: The directories to look through, at any depth, for what no Flink release contains.
    type: list
    elements: path
    default: []
  links:
    description: The symbolic links to return the targets of.
    type: list
    elements: path
    default: []
  places:
    description: Directories to return the rights for, and whether root may go there. They do not have to exist yet.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The directory.
        type: str
        required: true
      owner:
        description:
          - The user whom the directory is for. If it exists, it stays as it is.
          - By default it is for root, and O(user) must not be able to put another one in its place.
        type: str
  mounts:
    description: Directories to return the file systems of. They do not have to exist yet.
    type: list
    elements: str
    default: []
  processes:
    description: The processes to return the state of.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: The name of the process in the result.
        type: str
        required: true
      unit:
        description: Its unit, including the suffix. Used if systemd runs on the host.
        type: str
      pid_file:
        description:
          - A file with the process ID, a space, and the start time of the process, as in field 22 of C(/proc/PID/stat).
          - Used if O(processes[].unit) is not set or systemd does not run on the host.
        type: path
  unit_pattern:
    description:
      - A Python regular expression that has to match a whole line.
      - The service units in C(/etc/systemd/system) with such a line are returned.
    type: str
  marks:
    description: What files have in common that are to be found.
    type: list
    elements: dict
    default: []
    suboptions:
      directory:
        description: Where to look, not below it.
        type: str
        required: true
      pattern:
        description: A Python regular expression that has to match a whole line.
        type: str
        required: true
  releases_in:
    description: The directory to look in for the directories of Flink releases.
    type: str
  environment:
    description:
      - Environment variables to return the values of, wherever all of them are set together.
      - These places are processes that run, and environment files of the service units in C(/etc/systemd/system).
    type: list
    elements: str
    default: []
  running_with:
    description:
      - Environment variables. The processes that have all of them are returned.
      - Their values are returned, and those of O(variables).
    type: list
    elements: str
    default: []
  job_notes:
    description: The directory where M(streamops.flink.jobs) notes what it knows of jobs.
    type: path
  pythons:
    description: Pythons to return the versions of PyFlink of, as paths or as names on the PATH of a unit.
    type: list
    elements: str
    default: []
  slice:
    description: As O(streamops.flink.host_memory_info#module:slice).
    type: str
    default: system.slice
  variables:
    description:
      - The environment variables of a process to return.
      - No others are returned, since they may be secret.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - streamops.flink._attributes
seealso:
  - module: streamops.flink.files
  - module: streamops.flink.host_memory_info
  - module: streamops.flink.cluster_memory_info
"""

EXAMPLES = r"""
- name: Inspect the host
  streamops.flink.host_info:
    flink_home: /opt/flink/flink-2.3.0
    disk_paths: [/opt/flink]
    ports:
      - {name: rest.port, host: 0.0.0.0, port: 8081}
    user: flink
    processes:
      - {name: taskmanager-1, unit: flink-taskmanager@1.service}
    variables: [JAVA_HOME, FLINK_HOME]
  register: host

- name: Show the processes
  ansible.builtin.debug:
    var: host.processes
"""

RETURN = r"""
os:
  description: The operating system.
  returned: success
  type: dict
  contains:
    id:
      description: The distribution, or V(linux) if unknown.
      type: str
      sample: debian
    version_id:
      description: Its version, or V(null) if it has none.
      type: str
      sample: "12"
    id_like:
      description: The distributions that it derives from.
      type: list
      elements: str
      sample: []
    architecture:
      description: The architecture, as C(uname -m) prints it.
      type: str
      sample: x86_64
ansible_user:
  description: The user that the module ran as.
  returned: success
  type: dict
  sample: {name: root, uid: 0}
systemd:
  description: The version of systemd, or V(null) if it does not run on the host.
  returned: success
  type: int
  sample: 252
cpus:
  description: The number of usable CPUs, limited by affinity and cgroup quotas, rounded up.
  returned: success
  type: int
  sample: 8
memory:
  description: The memory that Flink may use, as M(streamops.flink.host_memory_info) returns it.
  returned: success
  type: dict
  sample: {effective: 17179869184, limited_by: physical memory}
numa_nodes:
  description: The NUMA nodes that are online.
  returned: success
  type: list
  elements: int
  sample: [0, 1]
jemalloc:
  description: The path of C(libjemalloc.so.2), or V(null) if it was not found.
  returned: success
  type: str
  sample: /usr/lib/x86_64-linux-gnu/libjemalloc.so.2
java:
  description: The first Java that runs, or V(null) if none does.
  returned: success
  type: dict
  contains:
    home:
      description: Its home.
      type: str
      sample: /usr/lib/jvm/java-17-openjdk-amd64
    version:
      description: Its feature version.
      type: int
      sample: 17
    full_version:
      description: Its full version.
      type: str
      sample: 17.0.21
java_error:
  description: Why no Java runs, or V(null) if one does.
  returned: success
  type: str
  sample: No java was found on the PATH.
java_refusals:
  description: Those of O(java_options) that Java does not start with, and what it says.
  returned: success
  type: dict
  sample: {taskmanager-1: "Unrecognized VM option 'PrintGCDateStamps'"}
release:
  description: The contents of O(flink_home).
  returned: success
  type: dict
  contains:
    exists:
      description: Whether it exists.
      type: bool
      sample: true
    archive:
      description: The text of its file C(.archive), or V(null) if it has none.
      type: str
      sample: sha512:e8b7
    extra_files:
      description: The lines of its file C(.extra-files).
      type: list
      elements: str
      sample: []
    opt:
      description: The jars in its directory C(opt).
      type: list
      elements: str
      sample: [flink-s3-fs-hadoop-2.3.0.jar]
    conf:
      description: The files in its directory C(conf).
      type: list
      elements: str
      sample: [config.yaml, log4j.properties]
    class_archives:
      description: The directories in its directory C(.class-archives).
      type: list
      elements: str
      sample: [b1946ac92492d234]
disk:
  description: The free bytes for each of O(disk_paths), or V(null) if unknown.
  returned: success
  type: dict
  sample: {/opt/flink: 53687091200}
taken_ports:
  description: Those of O(ports) that cannot be listened on at the moment.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: As in O(ports).
      type: str
      sample: rest.port
    host:
      description: As in O(ports).
      type: str
      sample: 0.0.0.0
    port:
      description: As in O(ports).
      type: int
      sample: 8081
    problem:
      description: The reason.
      type: str
      sample: Address already in use
unresolved_names:
  description: Those of O(names) that cannot be resolved, with the reason.
  returned: success
  type: dict
  sample: {flink-9: Name or service not known}
resolved_names:
  description: The addresses that each of O(names) leads to. Empty if it cannot be resolved.
  returned: success
  type: dict
  sample: {flink-1: [10.0.0.5]}
programs:
  description: The path of each of O(programs), or V(null) if it was not found.
  returned: success
  type: dict
  sample: {nft: /usr/sbin/nft}
addresses:
  description: The addresses of the host, of IPv4 and IPv6. Empty if the system does not tell them.
  returned: success
  type: list
  elements: str
  sample: [10.0.0.5, 127.0.0.1, "::1"]
loopback_names:
  description: Those of O(names) that lead to a loopback address, so that only this host reaches it by them.
  returned: success
  type: list
  elements: str
  sample: [flink-1]
unreachable_servers:
  description: Those of O(servers) that accept no TCP connection, with the reason.
  returned: success
  type: dict
  sample: {"zk-1:2181": Connection refused}
znodes:
  description:
    - What is at the O(znodes[].path) of each of O(znodes).
    - C(text) is V(null) if there is nothing, and C(problem) says why no server has answered.
  returned: success
  type: dict
  sample: {/flink/default/leader: {text: "", problem: null}}
user:
  description: The user, or V(null) if it does not exist.
  returned: success
  type: dict
  sample: {name: flink, uid: 999, gid: 999, group: flink, home: /opt/flink}
group:
  description: The group, or V(null) if it does not exist.
  returned: success
  type: dict
  sample: {name: flink, gid: 999}
files:
  description: The names of the files in each of O(directories). Empty for a missing directory.
  returned: success
  type: dict
  sample: {/etc/flink: [config.yaml, taskmanager-1.env]}
strange_files:
  description:
    - What is in each of O(trees) and no Flink release contains, a phrase each.
    - These are files with a setuid or setgid bit, links out of the tree, and whatever is no file, directory or link.
  returned: success
  type: dict
  sample: {/opt/flink/flink-2.3.0.unpacking/flink: [conf/secret is a link out of it]}
links:
  description: The target of each of O(links), or V(null) if it is not a link.
  returned: success
  type: dict
  sample: {/opt/flink/current: flink-2.3.0}
strange_links:
  description:
    - Those of O(links) where there is something else than a link to a release that the role flink has installed.
    - A link that leads to nothing is none of them.
  returned: success
  type: list
  elements: str
  sample: []
places:
  description:
    - The O(places) by path.
    - C(real) is where the path leads by links, whether there is something or not.
    - C(obstacle) says why root does not make the directory, or work in it, or is V(null).
    - C(rights) are those of V(r), V(w) and V(x) that O(user) in O(group) has for it, by default the user that Ansible
      works as. It is V(null) if there is no such directory.
  returned: success
  type: dict
  sample: {/var/log/flink: {real: /var/log/flink, obstacle: null, rights: rwx}}
mounts:
  description:
    - For each of O(mounts), whether it is a directory, and the type and the options of the file system that it is on.
    - If a directory does not exist, the file system is that of the nearest one above it.
  returned: success
  type: dict
  sample: {/var/lib/flink/tmp: {is_directory: true, file_system: ext4, options: [rw, relatime]}}
signature_verifier:
  description: The program that verifies signatures, or V(null) if there is none.
  returned: success
  type: str
  sample: /usr/bin/gpgv
matching_units:
  description: The names of the units with a line that O(unit_pattern) matches.
  returned: success
  type: list
  elements: str
  sample: [flink-taskmanager@.service]
marked_files:
  description: The names of the files in the directory of each of O(marks) with such a line.
  returned: success
  type: dict
  sample: {/etc/flink: [taskmanager-1.env]}
installed_releases:
  description:
    - The releases in O(releases_in) that the role P(streamops.flink.flink#role) has installed.
    - Each with the directories of the configuration of the clusters that use it, as they have noted.
  returned: success
  type: dict
  sample: {/opt/flink/flink-2.3.0: [/etc/flink]}
environments:
  description: The values of O(environment), none twice.
  returned: success
  type: list
  elements: dict
  sample: [{FLINK_CONF_DIR: /etc/flink, FLINK_HOME: /opt/flink/flink-2.3.0}]
running:
  description:
    - The processes with O(running_with), but those of containers, and those that Ansible may not inspect.
    - Each has C(pid), C(environment), C(command_line) and C(ports) as in RV(processes).
    - C(parent) is the process that started it, and C(uid) its user.
    - C(unit) is the service of systemd that it belongs to, or V(null).
  returned: success
  type: list
  elements: dict
  sample:
    - pid: 4711
      uid: 999
      parent: 1
      unit: flink-taskmanager@1.service
      environment: {FLINK_PROCESS: taskmanager-1}
      command_line: [/usr/lib/jvm/java-17-openjdk-amd64/bin/java, -Xmx536870902]
      ports: [6122]
job_notes:
  description: The text of each note in O(job_notes) by the name of its job. It has the arguments of the program.
  returned: success
  type: dict
  sample: {}
pyflink:
  description: Where each of O(pythons) is, and its version of PyFlink, or the problem.
  returned: success
  type: dict
  sample: {python: {program: null, version: null, problem: no such program}}
processes:
  description:
    - The O(processes) by name.
    - Each has C(state), C(enabled), C(needs_reload), C(pid), C(restarts), C(environment), C(command_line) and
      C(ports), the TCP ports that it listens on.
    - C(state) is V(running), V(starting), V(stopped) or V(failed).
    - If Ansible may not inspect the process, C(environment) is empty and C(ports) is V(null).
  returned: success
  type: dict
  sample:
    taskmanager-1:
      state: running
      enabled: true
      needs_reload: false
      pid: 4711
      restarts: 0
      environment: {FLINK_HOME: /opt/flink/flink-2.3.0}
      command_line: [/usr/lib/jvm/java-17-openjdk-amd64/bin/java, -Xmx536870902]
      ports: [6122]
"""

import grp
import os
import pwd
import re
import typing as t
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.process import get_bin_path

from ansible_collections.streamops.flink.plugins.module_utils._target import (
    directories,
    mounts,
    places,
    system,
    zookeeper,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.environments import UNITS, environments
from ansible_collections.streamops.flink.plugins.module_utils._target.host_memory import host_memory
from ansible_collections.streamops.flink.plugins.module_utils._target.java_home import find_java, refusal
from ansible_collections.streamops.flink.plugins.module_utils._target.job_notes import JobNotes
from ansible_collections.streamops.flink.plugins.module_utils._target.live_processes import (
    PROPERTIES,
    of_environment,
    of_pid_file,
    of_unit,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.network import (
    leads_to_loopback,
    name_problem,
    own_addresses,
    port_problem,
    resolved,
    server_problems,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.programs import as_user, runner
from ansible_collections.streamops.flink.plugins.module_utils._target.pyflink import pyflink
from ansible_collections.streamops.flink.plugins.module_utils._target.signature import verifier
from ansible_collections.streamops.flink.plugins.module_utils._target.systemd import show_units, systemd_version
from ansible_collections.streamops.flink.plugins.module_utils._target.texts import HostError, valid

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._target.programs import Run

_ROOT = Path("/")


def _ansible_user() -> dict[str, t.Any]:
    uid = os.geteuid()
    try:
        return {"name": pwd.getpwuid(uid).pw_name, "uid": uid}
    except KeyError:
        return {"name": str(uid), "uid": uid}


def _user(name: str | None) -> dict[str, t.Any] | None:
    try:
        user = pwd.getpwnam(name) if name else None
    except KeyError:
        user = None
    if user is None:
        return None
    try:
        group = grp.getgrgid(user.pw_gid).gr_name
    except KeyError:
        group = str(user.pw_gid)
    return {"name": user.pw_name, "uid": user.pw_uid, "gid": user.pw_gid, "group": group, "home": user.pw_dir}


def _group(name: str | None) -> dict[str, t.Any] | None:
    try:
        return {"name": name, "gid": grp.getgrnam(name).gr_gid} if name else None
    except KeyError:
        return None


def _run_as(name: str | None, run: Run) -> Run:
    """Programs that the user may have placed get the rights of the user; one who is yet to be made has placed none."""
    user = _user(name)
    if os.geteuid() != 0 or user is None:
        return run
    words = as_user(user["uid"], user["gid"])
    return lambda command: run([*words, *command])


def _place(place: dict[str, t.Any], user: str | None, group: str | None) -> dict[str, t.Any]:
    path, owner = Path(place["path"]), _user(place["owner"])
    if place["owner"] is None:
        obstacle = places.obstacle(path, user=user, group=group)
    else:
        obstacle = None if path.is_dir() else places.obstacle(path, owner["uid"] if owner else None)
    return {
        "real": os.path.realpath(path),
        "obstacle": obstacle,
        "rights": places.rights(place["path"], user, group),
    }


def _program(name: str) -> str | None:
    try:
        return str(get_bin_path(name))
    except ValueError:
        return None


def _taken_ports(ports: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    problems = [(wanted, port_problem(wanted["host"], wanted["port"])) for wanted in ports]
    return [{**wanted, "problem": problem} for wanted, problem in problems if problem]


def _unresolved_names(names: list[str]) -> dict[str, str]:
    problems = {name: name_problem(name) for name in names}
    return {name: problem for name, problem in problems.items() if problem}


def _znode(servers: list[str], path: str) -> dict[str, str | None]:
    problem: str | None = "no servers"
    for server in servers:
        data, problem = zookeeper.read(server, path)
        if problem is None:
            return {"text": None if data is None else data.decode(errors="replace"), "problem": None}
    return {"text": None, "problem": problem}


def _matching_units(pattern: str | None) -> list[str]:
    if pattern is None:
        return []
    return [name for name in directories.marked_files(_ROOT / UNITS, pattern) if name.endswith(".service")]


def _java_refusals(java: dict[str, t.Any] | None, options: dict[str, list[str]], run: Run) -> dict[str, str]:
    if java is None:
        return {}
    tried = {tuple(words): refusal(java["home"], words, run) for words in options.values()}
    problems = {name: tried[tuple(words)] for name, words in options.items()}
    return {name: problem for name, problem in problems.items() if problem}


def _mounts(paths: list[str]) -> dict[str, dict[str, t.Any]]:
    mounted = mounts.mounts(_ROOT) if paths else []
    return {path: mounts.place(path, mounted) for path in paths}


def _processes(params: dict[str, t.Any], has_systemd: bool, run: Run) -> dict[str, t.Any]:
    asked = [process["unit"] for process in params["processes"] if process["unit"] and has_systemd]
    answered = show_units(asked, PROPERTIES, run)
    units = {unit: answered.get(unit, {}) for unit in asked}
    variables = frozenset(params["variables"])
    return {
        process["name"]: of_unit(_ROOT, units[process["unit"]], variables)
        if process["unit"] in units
        else of_pid_file(_ROOT, process["pid_file"], variables)
        for process in params["processes"]
    }


def _look(params: dict[str, t.Any], run: Run) -> dict[str, t.Any]:
    run_as_user = _run_as(params["user"], run)
    java, java_error = find_java(params["java_homes"], run_as_user)
    systemd = systemd_version(_ROOT, run)
    return {
        "os": system.operating_system(_ROOT),
        "ansible_user": _ansible_user(),
        "systemd": systemd,
        "cpus": system.usable_cpus(_ROOT),
        "memory": host_memory(_ROOT, params["slice"], run),
        "numa_nodes": system.numa_nodes(_ROOT),
        "jemalloc": system.jemalloc(_ROOT),
        "java": java,
        "java_error": java_error,
        "java_refusals": _java_refusals(java, params["java_options"], run_as_user),
        "release": directories.release(params["flink_home"]),
        "disk": {path: directories.free_bytes(path) for path in params["disk_paths"]},
        "taken_ports": _taken_ports(params["ports"]),
        "unresolved_names": _unresolved_names(params["names"]),
        "resolved_names": {name: resolved(name) for name in params["names"]},
        "programs": {name: _program(name) for name in params["programs"]},
        "addresses": own_addresses(_ROOT),
        "loopback_names": [name for name in params["names"] if leads_to_loopback(name)],
        "unreachable_servers": server_problems(params["servers"]),
        "znodes": {znode["path"]: _znode(znode["servers"], znode["path"]) for znode in params["znodes"]},
        "user": _user(params["user"]),
        "group": _group(params["group"]),
        "files": {path: directories.file_names(Path(path)) for path in params["directories"]},
        "strange_files": {path: directories.strange_files(path) for path in params["trees"]},
        "links": {path: directories.link_target(path) for path in params["links"]},
        "strange_links": [path for path in params["links"] if directories.leads_elsewhere(path)],
        "places": {place["path"]: _place(place, params["user"], params["group"]) for place in params["places"]},
        "mounts": _mounts(params["mounts"]),
        "matching_units": _matching_units(params["unit_pattern"]),
        "marked_files": {
            mark["directory"]: directories.marked_files(Path(mark["directory"]), mark["pattern"])
            for mark in params["marks"]
        },
        "installed_releases": directories.installed_releases(params["releases_in"]),
        "environments": environments(_ROOT, params["environment"]),
        "running": of_environment(_ROOT, params["running_with"], params["variables"]),
        "processes": _processes(params, systemd is not None, run),
        "job_notes": JobNotes(params["job_notes"]).all() if params["job_notes"] else {},
        "signature_verifier": verifier(),
        "pyflink": {python: pyflink(python, params["flink_home"], run_as_user) for python in params["pythons"]},
    }


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "java_homes": {"type": "list", "elements": "path", "default": []},
            "java_options": {"type": "dict", "default": {}},
            "flink_home": {"type": "path"},
            "disk_paths": {"type": "list", "elements": "path", "default": []},
            "ports": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "name": {"type": "str", "required": True},
                    "host": {"type": "str", "required": True},
                    "port": {"type": "int", "required": True},
                },
            },
            "programs": {"type": "list", "elements": "str", "default": []},
            "names": {"type": "list", "elements": "str", "default": []},
            "servers": {"type": "list", "elements": "str", "default": []},
            "znodes": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "servers": {"type": "list", "elements": "str", "required": True},
                    "path": {"type": "str", "required": True},
                },
            },
            "user": {"type": "str"},
            "group": {"type": "str"},
            "directories": {"type": "list", "elements": "path", "default": []},
            "trees": {"type": "list", "elements": "path", "default": []},
            "links": {"type": "list", "elements": "path", "default": []},
            "places": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {"path": {"type": "str", "required": True}, "owner": {"type": "str"}},
            },
            "mounts": {"type": "list", "elements": "str", "default": []},
            "processes": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "name": {"type": "str", "required": True},
                    "unit": {"type": "str"},
                    "pid_file": {"type": "path"},
                },
            },
            "unit_pattern": {"type": "str"},
            "marks": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "directory": {"type": "str", "required": True},
                    "pattern": {"type": "str", "required": True},
                },
            },
            "releases_in": {"type": "str"},
            "environment": {"type": "list", "elements": "str", "default": []},
            "running_with": {"type": "list", "elements": "str", "default": []},
            "job_notes": {"type": "path"},
            "pythons": {"type": "list", "elements": "str", "default": []},
            "slice": {"type": "str", "default": "system.slice"},
            "variables": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    try:
        result = _look(module.params, runner(module))
    except HostError as exc:
        module.fail_json(msg=str(exc))
    except re.error as exc:
        module.fail_json(msg=f"unit_pattern, marks: expected regular expressions, got {exc.pattern!r}: {exc}.")
    module.exit_json(changed=False, **valid(result))


if __name__ == "__main__":
    main()
