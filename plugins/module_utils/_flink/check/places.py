# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options in a place where nothing of a cluster on plain hosts reads them.

Source: the classes that read each option, the start scripts, ``StandaloneResourceManagerFactory``.
"""

from __future__ import annotations

import re
import typing as t

from ..memory.keys import NUMA, note_numa
from ..values.notes import Notes
from .findings import error, from_notes, hint, names_of, them, warning
from .words import HIGH_AVAILABILITY

if t.TYPE_CHECKING:
    from ..values.results import Note
    from .view import View

# How the names of options begin that something else than a cluster on hosts reads.
_OF_OTHERS = {
    "kubernetes.": "Kubernetes",
    "yarn.": "YARN",
    "flink.yarn.": "YARN",
    "mesos.": "Mesos",
    "containerized.": "Kubernetes and YARN",
}
_OF_KUBERNETES_HA = "high-availability.kubernetes."
_OF_OTHER_PLACES = re.compile(
    rf"{'|'.join(map(re.escape, (*_OF_OTHERS, _OF_KUBERNETES_HA)))}|external-resource\..*\.config-key"
)
# Options of a resource manager that starts TaskManagers itself, and the release from which on the one that does not
# takes no notice of them.
_OF_STARTERS = {
    "resourcemanager.previous-worker.recovery.timeout": (1, 16),
    "resourcemanager.start-worker.max-failure-rate": (1, 13),
    "resourcemanager.start-worker.retry-interval": (1, 13),
    "resourcemanager.taskmanager-registration.timeout": (1, 13),
    "slotmanager.max-total-resource.cpu": (1, 18),
    "slotmanager.max-total-resource.memory": (1, 18),
    "slotmanager.min-total-resource.cpu": (1, 19),
    "slotmanager.min-total-resource.memory": (1, 19),
    "slotmanager.number-of-slots.max": (1, 11),
    "slotmanager.number-of-slots.min": (1, 19),
}
# Options that only Flink's scripts read, and what does the same here.
_OF_SCRIPTS = {
    "env.java.home": "Set flink_java_home of the role.",
    "env.log.dir": "Set flink_log_dir of the role.",
    "env.pid.dir": "Set flink_run_dir of the role.",
    "env.ssh.opts": "Remove it: Ansible connects to the hosts, with options of its own.",
    "env.stdout-err.redirect-to-file": (
        "Remove it: what a process prints is in the journal, or where StandardOutput in flink_service_overrides says."
    ),
    "zookeeper.heap.mb": "Remove it: the role starts no ZooKeeper.",
}


def check_places(view: View) -> t.Iterator[Note]:
    """By the reader that does without."""
    yield from _of_others(view)
    yield from _of_sql(view)
    yield from _of_scripts(view)
    yield from _of_applications(view)


def _of_others(view: View) -> t.Iterator[Note]:
    found: dict[str, list[str]] = {}
    for key in filter(_OF_OTHER_PLACES.match, view.config):
        reader = _reader(view, key)
        if reader is not None and key not in view.known_keys and view.found[key]:
            found.setdefault(reader, []).append(key)
    for reader, keys in found.items():
        yield hint(
            "wrong-place",
            keys,
            f"Only {reader} read{'' if ' and ' in reader else 's'} {names_of(keys)}, so a cluster on plain hosts does "
            "without.",
            f"Remove {them(keys)}.",
            dict.fromkeys(keys),
        )
    unheeded = [key for key, since in _OF_STARTERS.items() if key in view.config and view.version >= since]
    if unheeded:
        yield hint(
            "wrong-place",
            unheeded,
            f"Flink reads {names_of(unheeded)} only where it starts TaskManagers itself, which it does not on hosts.",
            f"Remove {them(unheeded)}.",
            dict.fromkeys(unheeded),
        )


def _reader(view: View, key: str) -> str | None:
    if key.startswith(_OF_KUBERNETES_HA):
        return None if _has_kubernetes(view) else "high availability by Kubernetes"
    if key.endswith(".config-key"):
        return {"yarn": "YARN", "kubernetes": "Kubernetes"}.get(key.split(".")[-2])
    for beginning, reader in _OF_OTHERS.items():
        if key.startswith(beginning):
            return None if reader == "Kubernetes" and _has_kubernetes(view) else reader
    return None


def _has_kubernetes(view: View) -> bool:
    given = HIGH_AVAILABILITY.given(view)
    return given is not None and "kubernetes" in given.text.lower()


def _of_sql(view: View) -> t.Iterator[Note]:
    found = [
        key
        for key, options in view.found.items()
        if options and options[0].sql and all(option.sql for option in options) and key not in view.known_keys
    ]
    if found:
        yield warning(
            "wrong-place",
            found,
            f"{names_of(found)}: only SQL has such options, in the WITH clause or the hints of a table, and Flink "
            f"{view.release.line} silently ignores {them(found)} here.",
            f"Move {them(found)} there, or name {them(found)} in flink_config_known_keys if {_they(found)} your own.",
            dict.fromkeys(found),
        )


def _of_scripts(view: View) -> t.Iterator[Note]:
    for key, remedy in _OF_SCRIPTS.items():
        if key in view.config and key not in view.known_keys:
            yield hint(
                "read-by-scripts",
                [key],
                f"{key}: only Flink's scripts read it, so the processes here do without.",
                remedy,
                {key: None},
            )
    if NUMA in view.config:
        notes = Notes()
        note_numa(notes, view.config[NUMA])
        yield from from_notes(notes)


def _of_applications(view: View) -> t.Iterator[Note]:
    given = view.given("scheduler-mode")
    if given is not None and given.text.lower() == "reactive" and not view.is_application:
        yield error(
            "application-only",
            [given.key],
            f"{given.key}: Flink has the reactive mode only where one JobManager runs one application, and in a "
            "cluster of sessions no JobManager starts with it.",
            "Remove it, and set jobmanager.scheduler to adaptive to have jobs run with the slots that are there.",
            {given.key: None, "jobmanager.scheduler": "adaptive"},
        )


def _they(keys: t.Sequence[str]) -> str:
    return "it is" if len(keys) == 1 else "they are"
