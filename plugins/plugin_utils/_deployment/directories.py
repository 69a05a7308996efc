# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directories that the processes write to."""

from __future__ import annotations

import re
import typing as t

if t.TYPE_CHECKING:
    from .wanted import Wanted

# Options of Flink that name such directories.
_OPTIONS = (
    *("blob.storage.directory", "execution.checkpointing.dir", "execution.checkpointing.local-backup.dirs"),
    *("execution.checkpointing.savepoint-dir", "high-availability.storageDir"),
    *("high-availability.zookeeper.storageDir", "historyserver.archive.fs.dir", "historyserver.web.tmpdir"),
    *("io.tmp.dirs", "job-result-store.storage-path", "jobmanager.archive.fs.dir"),
    *("process.jobmanager.working-dir", "process.taskmanager.working-dir", "process.working-dir"),
    *("state.backend.forst.local-dir", "state.backend.rocksdb.localdir", "state.backend.rocksdb.log.dir"),
    *("state.checkpoints.dir", "state.savepoints.dir", "taskmanager.state.local.root-dirs", "taskmanager.tmp.dirs"),
    *("web.tmpdir", "web.upload.dir"),
)
_PRIVATE = re.compile(r"/(var/)?tmp(/|$)")
_LOCAL = re.compile(r"^file:(//)?(?=/)")


def temporary_dir(wanted: Wanted) -> str:
    """Where each process has a directory for its temporary files: ``java.io.tmpdir``, and so what options default to.

    The /tmp of a unit may be memory, is emptied by age, and may forbid to execute what Flink unpacks there.
    """
    return f"{wanted.run_dir}/tmp"


def written_dirs(wanted: Wanted, plans: t.Iterable[t.Mapping[str, t.Any]]) -> list[str]:
    """Those on this host that are not in the private /tmp of a unit; Flink separates several by a comma or a colon."""
    places = [
        place
        for plan in plans
        for option in _OPTIONS
        for text in _texts(plan["config"].get(option))
        for place in _local_paths(text)
        if not _PRIVATE.match(place)
    ]
    return list(dict.fromkeys(place.rstrip("/") or "/" for place in [*places, *wanted.writable_dirs]))


def _texts(value: t.Any) -> t.Sequence[str]:
    if isinstance(value, str):
        return value.split(",")
    return [str(text) for text in value] if isinstance(value, (list, tuple)) else []


def _local_paths(text: str) -> list[str]:
    path = _LOCAL.sub("", text.strip())
    return [place.strip() for place in path.split(":")] if path.startswith("/") else []
