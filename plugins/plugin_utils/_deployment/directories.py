# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The directories that the processes write to, and whether they are fit for it."""

from __future__ import annotations

import itertools
import posixpath
import re
import typing as t

from .files import File
from .names import process_names
from .options import process_configs

if t.TYPE_CHECKING:
    from .found import Host
    from .options import FlinkOptions
    from .wanted import Wanted

# Options of Flink that name such directories.
OPTIONS = (
    *("blob.storage.directory", "execution.checkpointing.dir", "execution.checkpointing.local-backup.dirs"),
    *("execution.checkpointing.savepoint-dir", "high-availability.storageDir"),
    *("high-availability.zookeeper.storageDir", "historyserver.archive.fs.dir", "historyserver.web.tmpdir"),
    *("io.tmp.dirs", "job-result-store.storage-path", "jobmanager.archive.fs.dir"),
    *("process.jobmanager.working-dir", "process.taskmanager.working-dir", "process.working-dir"),
    *("state.backend.forst.local-dir", "state.backend.rocksdb.localdir", "state.backend.rocksdb.log.dir"),
    *("state.checkpoints.dir", "state.savepoints.dir", "taskmanager.state.local.root-dirs", "taskmanager.tmp.dirs"),
    *("web.tmpdir", "web.upload.dir"),
)
# Those of temporary files, of which the first two also take the library of RocksDB.
_TEMPORARY = (
    *("io.tmp.dirs", "taskmanager.tmp.dirs", "process.jobmanager.working-dir", "process.taskmanager.working-dir"),
    *("process.working-dir", "state.backend.forst.local-dir", "state.backend.rocksdb.localdir"),
    *("execution.checkpointing.local-backup.dirs", "taskmanager.state.local.root-dirs"),
)
_WITH_LIBRARIES = _TEMPORARY[:2]
# Those that another host has to find what is written there.
_OF_HIGH_AVAILABILITY = (
    *("high-availability.storageDir", "high-availability.zookeeper.storageDir", "job-result-store.storage-path"),
)
_OF_ALL_HOSTS = (
    *("execution.checkpointing.dir", "execution.checkpointing.savepoint-dir"),
    *("state.checkpoints.dir", "state.savepoints.dir"),
)
# Those of what nobody could make again.
_LASTING = (
    *_OF_ALL_HOSTS,
    *_OF_HIGH_AVAILABILITY,
    *("historyserver.archive.fs.dir", "jobmanager.archive.fs.dir", "web.upload.dir"),
)
_OF_ONE_HOST = frozenset(
    ("btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "ramfs", "reiserfs", "tmpfs", "xfs", "zfs")
)
_IN_MEMORY = frozenset(("ramfs", "tmpfs"))
# Those that each unit has for itself.
PRIVATE = re.compile(r"/(var/)?tmp(/|$)")
_LOCAL = re.compile(r"(file:(//(?=/)|(?!//)))?(?=/)")
_LOCAL_URL = re.compile(r"file:", re.IGNORECASE)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/")


def temporary_dir(wanted: Wanted) -> str:
    """Where each process has a directory for its temporary files: ``java.io.tmpdir``, and so what options default to.

    The /tmp of a unit may be memory, is emptied by age, and may forbid to execute what Flink unpacks there.
    """
    return f"{wanted.run_dir}/tmp"


def absent_temporary(wanted: Wanted, name: str) -> File:
    """The one of a process, in a directory of the user of the processes."""
    return File(path=f"{temporary_dir(wanted)}/{name}", state="absent", owner=wanted.user)


def written_dirs(wanted: Wanted, plans: t.Iterable[t.Mapping[str, t.Any]]) -> list[str]:
    """Those on this host that are not in the private /tmp of a unit; Flink separates several by a comma or a colon."""
    return list(written_places(wanted, plans))


def written_places(wanted: Wanted, plans: t.Iterable[t.Mapping[str, t.Any]]) -> dict[str, str]:
    """The same, and the option that names each."""
    configs = [plan["config"] for plan in plans]
    places = [(place, option) for option, place in _named(configs, OPTIONS) if not PRIVATE.match(place)]
    named: dict[str, str] = {}
    for place, option in [*places, *((place, "flink_writable_dirs") for place in wanted.writable_dirs)]:
        named.setdefault(place.rstrip("/") or "/", option)
    return named


def lasting_places(wanted: Wanted, configs: t.Iterable[t.Mapping[str, t.Any]]) -> dict[str, str]:
    """Where logs and data are that nobody could make again, in the shortest spelling, and the option of each."""
    named = [(normal(place), option) for option, place in _named(configs, _LASTING)]
    ours = [(normal(place), "flink_writable_dirs") for place in wanted.writable_dirs]
    return {normal(wanted.log_dir): "flink_log_dir", **dict(reversed([*named, *ours]))}


def held(directory: str, places: t.Mapping[str, str]) -> tuple[str, str] | None:
    """The first of the places that is a directory or in it, and its option; null if none is."""
    of = normal(directory)
    return next((place for place in places.items() if f"{place[0]}/".startswith(f"{of}/")), None)


def clash_objections(wanted: Wanted, plans: t.Sequence[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """Directories that are one where two are needed, and those of root below one of the user of the processes.

    Several options may name one directory that the processes write to.
    """
    own = {name: getattr(wanted, name) for name in ("home", "current_link", "conf_dir", "run_dir", "log_dir")}
    ours = {f"flink_{name}": normal(path) for name, path in own.items() if path is not None}
    log_dir = {ours["flink_log_dir"]: "flink_log_dir"}
    written = {normal(path): option for path, option in written_places(wanted, plans).items()}
    for place, option in {**written, **log_dir, normal(temporary_dir(wanted)): "flink_run_dir"}.items():
        for other, path in ours.items():
            if other in {option, "flink_log_dir"}:
                continue
            if path == place:
                yield f"{other}: expected a place of its own, got {path}, as {option} has. Set one of them to another."
            elif wanted.user is not None and path.startswith(f"{place}/"):
                yield (
                    f"{other}: expected a place that {wanted.user} does not write to, got {path}, which is below "
                    f"{place} of {option}. Set one of them to another."
                )
    emptied = [f"{temporary_dir(wanted)}/{name}" for name in process_names(wanted)]
    lasting = lasting_places(wanted, [plan["config"] for plan in plans])
    for place, option in filter(None, (held(directory, lasting) for directory in emptied)):
        yield (
            f"{option}: expected a place that stays, got {place}: what a process has there is removed whenever it "
            "starts. Choose another directory."
        )
    for (option, path), (other, same) in itertools.combinations(ours.items(), 2):
        if path == same and other != "flink_log_dir":
            yield f"{option}: expected a place of its own, got {path}, as {other} has. Set one of them to another."


def normal(path: str) -> str:
    """The same absolute path in its shortest spelling."""
    return posixpath.normpath(f"/{path.lstrip('/')}")


def distinct(paths: t.Iterable[str]) -> list[str]:
    """Each place once, in its first spelling."""
    places: dict[str, str] = {}
    for path in paths:
        places.setdefault(normal(path), path)
    return list(places.values())


def parents_first(paths: t.Sequence[str]) -> list[str]:
    """Each before those in it, else in the order given: what is made on the way to another has the rights of nobody."""
    places = [normal(path) for path in paths]

    def turn(path: str) -> tuple[int, int]:
        own = normal(path)
        return next(n for n, place in enumerate(places) if f"{place}/".startswith(f"{own}/")), own.count("/")

    return sorted(paths, key=turn)


def asked_mounts(wanted: Wanted, options: FlinkOptions) -> list[str]:
    """The directories whose file systems matter."""
    configs = process_configs(wanted, options).values()
    named = _named(configs, (*_TEMPORARY, *_OF_HIGH_AVAILABILITY, *_OF_ALL_HOSTS))
    return list(dict.fromkeys([temporary_dir(wanted), *(place for _option, place in named)]))


def mount_objections(wanted: Wanted, options: FlinkOptions, host: Host) -> t.Iterator[str]:
    """What only one JobManager would find."""
    if options.is_highly_available and len(wanted.jobmanager_hosts) > 1:
        yield from _not_shared(wanted, host, [options.values], _OF_HIGH_AVAILABILITY, "JobManagers")


def mount_advice(wanted: Wanted, host: Host, plans: t.Sequence[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """What is no directory of the host, what only one host would find, and what is no place for temporary files."""
    configs = [plan["config"] for plan in plans]
    yield from _not_from_the_root(configs)
    if len({*wanted.jobmanager_hosts, *wanted.taskmanager_hosts}) > 1:
        yield from _not_shared(wanted, host, configs, _OF_ALL_HOSTS, "hosts")
    ours = [("flink_run_dir", temporary_dir(wanted))]
    for option, place in dict.fromkeys([*ours, *_named(configs, _TEMPORARY)]):
        found = host.mounts.get(place, {})
        if found.get("file_system") in _IN_MEMORY:
            yield (
                f"{option}: expected a disk for temporary files, got {place}, which is memory on this host "
                f"({found['file_system']}), and counts towards the limit of a process. Name a directory on a disk."
            )
        if option in ("flink_run_dir", *_WITH_LIBRARIES) and "noexec" in found.get("options", ()):
            yield (
                f"{option}: expected a place for temporary files where programs may be executed, got {place}, which is "
                "mounted with noexec: RocksDB and others load libraries from there. Name another directory."
            )


def _not_shared(
    wanted: Wanted,
    host: Host,
    configs: t.Sequence[t.Mapping[str, t.Any]],
    options: t.Sequence[str],
    who: str,
) -> t.Iterator[str]:
    for option, place in dict.fromkeys(_named(configs, options)):
        kind = host.mounts.get(place, {}).get("file_system")
        is_shared = any(f"{place}/".startswith(f"{shared.rstrip('/')}/") for shared in wanted.shared_dirs)
        if kind in _OF_ONE_HOST and not is_shared:
            yield (
                f"{option}: expected a place that all {who} share, got {place}, which only this host has ({kind}). "
                "Name a place on a shared file system, or this one in flink_shared_dirs if it is shared."
            )


def _named(configs: t.Iterable[t.Mapping[str, t.Any]], options: t.Sequence[str]) -> list[tuple[str, str]]:
    """Local directories, each with the option that names it."""
    return [
        (option, place)
        for config in configs
        for option in options
        for text in _texts(config.get(option))
        for place in _local_paths(text)
    ]


def _texts(value: t.Any) -> t.Sequence[str]:
    if isinstance(value, str):
        return value.split(",")
    return [str(text) for text in value] if isinstance(value, (list, tuple)) else []


def _local_paths(text: str) -> list[str]:
    """Those that Flink reads, which takes several slashes for one. Source: ``Path``, ``LocalFileSystem``."""
    found = _LOCAL.match(text.strip())
    places = text.strip()[found.end() :].split(":") if found else []
    return [re.sub("/+", "/", place.strip()) for place in places]


def _not_from_the_root(configs: t.Iterable[t.Mapping[str, t.Any]]) -> t.Iterator[str]:
    """What is meant as a local directory, and is another one to Flink, or none."""
    given = [(option, text.strip()) for config in configs for option in OPTIONS for text in _texts(config.get(option))]
    for option, text in dict.fromkeys(given):
        if _LOCAL_URL.match(text) and not _LOCAL.match(text):
            wanted = "a URI such as file:///data" if option in _OF_ALL_HOSTS else "a path such as /data or file:///data"
            yield (
                f"{option}: expected {wanted}, got {text}, which Flink does not take for a directory of the host. "
                "Correct it."
            )
        elif text and not text.startswith("/") and not _LOCAL_URL.match(text) and not _URL.match(text):
            yield (
                f"{option}: expected a path from the root, got {text}, which Flink takes for one in the directory "
                "where a process was started. Write it from the root."
            )
