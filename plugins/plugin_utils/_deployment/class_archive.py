# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Java's archive of the classes that Flink loads when it starts: one for a release, its jars, a Java and a user."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.command import process_command
from ansible_collections.streamops.flink.plugins.module_utils._flink.launch.config_file import config_file_name

from .processes import digest

if t.TYPE_CHECKING:
    from .found import Host
    from .processes import Java
    from .wanted import Wanted

    Render = t.Callable[..., str]

# The first Java whose processes write such an archive when they end.
_OLDEST_JAVA = 13
_TIMEOUT = 300

# The smallest cluster that registers a TaskManager, on the loopback interface and on ports that the system chooses.
_CONFIG = {
    "jobmanager.rpc.address": "127.0.0.1",
    "jobmanager.rpc.port": 0,
    "jobmanager.bind-host": "127.0.0.1",
    "rest.address": "127.0.0.1",
    "rest.bind-address": "127.0.0.1",
    "rest.port": 0,
    "taskmanager.host": "127.0.0.1",
    "taskmanager.bind-host": "127.0.0.1",
    "taskmanager.cpu.cores": "1.0",
    "taskmanager.numberOfTaskSlots": 1,
    "taskmanager.memory.framework.heap.size": "64m",
    "taskmanager.memory.task.heap.size": "64m",
    "taskmanager.memory.framework.off-heap.size": "16m",
    "taskmanager.memory.task.off-heap.size": "0b",
    "taskmanager.memory.network.min": "16m",
    "taskmanager.memory.network.max": "16m",
    "taskmanager.memory.managed.size": "16m",
    "taskmanager.memory.jvm-metaspace.size": "128m",
    "taskmanager.memory.jvm-overhead.min": "64m",
    "taskmanager.memory.jvm-overhead.max": "64m",
}


@dataclasses.dataclass(frozen=True, slots=True)
class ClassArchive:
    """``path`` is its directory; ``script`` makes it, and is null if it was made, or tried in vain, before."""

    path: str
    script: str | None


def class_archive(
    wanted: Wanted, host: Host, java: Java, checksum: str, extra_lines: t.Sequence[str], render: Render
) -> ClassArchive | None:
    """Nothing if it is not wanted, or if the Java has no such archives."""
    planned = {"jobmanager", "taskmanager"} & set(wanted.components)
    if not (wanted.class_data_sharing and planned and java.version >= _OLDEST_JAVA):
        return None
    full_version = host.java["full_version"] if host.java is not None else ""
    # What a user of processes has made, those of another do not load.
    user = wanted.user or host.ansible_user["name"]
    key = digest("\n".join([checksum, java.home, full_version, user, *extra_lines]))[:16]
    path = f"{wanted.home}/.class-archives/{key}"
    if key in host.release.class_archives:
        return ClassArchive(path, None)
    commands = {
        process: process_command({}, wanted.version, process, java.version) for process in ("jobmanager", "taskmanager")
    }
    script = render(
        "class_archive.sh.j2",
        class_archive=path,
        java_home=java.home,
        config=_CONFIG,
        config_name=config_file_name(wanted.version),
        java_opts=[word for word in commands["jobmanager"]["java_opts"] if word.startswith("--add-")],
        main_classes={process: command["main_class"] for process, command in commands.items()},
        program_args=commands["jobmanager"]["program_args"],
        timeout=_TIMEOUT,
        **wanted.variables(),
    )
    return ClassArchive(path, script)
