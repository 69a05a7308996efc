# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a cluster keeps its state: directories that not every host has, and file systems that Flink has not.

Source: ``ExternalizedSnapshotLocation``, ``CheckpointStorageLoader``, ``FileSystem``.
"""

from __future__ import annotations

import re
import typing as t

from ..values.errors import quoted
from .findings import error, hint, names_of, warning
from .words import BACKEND, HIGH_AVAILABILITY, STORAGE

if t.TYPE_CHECKING:
    from ..values.results import Note
    from .view import Given, View

_CHECKPOINTS = ("execution.checkpointing.dir", "state.checkpoints.dir")
_SAVEPOINTS = ("execution.checkpointing.savepoint-dir", "state.savepoints.dir")
_OF_HIGH_AVAILABILITY = (
    *("application-result-store.storage-path", "high-availability.storageDir", "job-result-store.storage-path"),
)
_INTERVAL = "execution.checkpointing.interval"
_LONGEST_PATH = 4096

_LOCAL = re.compile(r"file:|/")
_TEMPORARY = re.compile(r"(?:file:(?://)?)?/tmp(?:/|$)")
_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/]*))?(.*)")

# The schemes of file systems that come as plugins, the plugins that bring each, and the first release that has one.
_S3 = ("flink-s3-fs-hadoop", "flink-s3-fs-presto")
_AZURE = ("flink-azure-fs-hadoop",)
_PLUGINS: dict[str, tuple[tuple[str, ...], tuple[int, int]]] = {
    "s3": (_S3, (1, 10)),
    "s3a": (_S3[:1], (1, 10)),
    "s3p": (_S3[1:], (1, 10)),
    "oss": (("flink-oss-fs-hadoop",), (1, 10)),
    "gs": (("flink-gs-fs-hadoop",), (1, 15)),
    "abfs": (_AZURE, (1, 12)),
    "abfss": (_AZURE, (1, 12)),
    "wasb": (_AZURE, (1, 10)),
    "wasbs": (_AZURE, (1, 10)),
}
_OF_HADOOP = ("hdfs", "viewfs", "webhdfs")
_SCHEME = re.compile(rf"(?:^|,\s*)({'|'.join((*_PLUGINS, *_OF_HADOOP))})://")
# Options whose values others read: services that hand out tokens, Hadoop, and what runs a cluster elsewhere.
_OF_OTHERS = ("flink.", "fs.azure.", "fs.oss.", "fs.s3a.", "kubernetes.", "s3.", "s3a.", "security.", "yarn.")


def check_storage(view: View) -> t.Iterator[Note]:
    """By subject."""
    yield from _file_systems(view)
    snapshots = [given for given in (view.given(*_CHECKPOINTS), view.given(*_SAVEPOINTS)) if given is not None]
    for given in snapshots:
        yield from _no_directory(given)
    kept = [*snapshots, *(_of_high_availability(view))]
    yield from _local(view, [given for given in kept if _is_local(view, given)])
    yield from _without_directory(view)


def _of_high_availability(view: View) -> t.Iterator[Given]:
    if HIGH_AVAILABILITY.word(view) not in ("none", "standalone"):
        yield from filter(None, map(view.given, _OF_HIGH_AVAILABILITY))


def _file_systems(view: View) -> t.Iterator[Note]:
    for scheme, keys in used_schemes(view).items():
        if view.jars is not None and has_file_system(scheme, view.jars):
            continue
        if view.jars is None or scheme in _OF_HADOOP:
            yield hint(
                "file-system-plugin",
                keys,
                f"{names_of(keys)}: Flink has no file system for {scheme}:// without {_bringing(scheme)}.",
                f"Have {_bringing(scheme)} installed{_by(scheme)}.",
            )
        else:
            yield warning(
                "file-system-plugin",
                keys,
                f"{names_of(keys)}: Flink has no file system for {scheme}:// without {_bringing(scheme)}, which is "
                "none of the plugins and jars.",
                f"Have {_bringing(scheme)} installed{_by(scheme)}.",
            )


def used_schemes(view: View) -> dict[str, list[str]]:
    """The schemes of file systems that are no part of Flink, and the options in whose values they are."""
    found: dict[str, list[str]] = {}
    for key, value in view.config.items():
        scheme = _SCHEME.search(value) if isinstance(value, str) and "://" in value else None
        if scheme is not None and not key.startswith(_OF_OTHERS) and _is_read(view, key):
            found.setdefault(scheme[1], []).append(key)
    by_hadoop = view.given("fs.allowed-fallback-filesystems")
    allowed = [] if by_hadoop is None else re.split(r"[;,\s]+", by_hadoop.text)
    return {
        scheme: keys
        for scheme, keys in found.items()
        if scheme not in allowed and view.version >= _PLUGINS.get(scheme, ((), (1, 10)))[1]
    }


def _is_read(view: View, key: str) -> bool:
    return any(not (option.sql or option.unread) for option in view.found[key])


def has_file_system(scheme: str, jars: t.Iterable[str]) -> bool:
    """Whether plugins or jars of these names bring it. Of Hadoop's classes there are jars of many names."""
    if scheme in _OF_HADOOP:
        return any("hadoop" in jar and "-fs-" not in jar for jar in jars)
    beginnings = ("flink-s3-fs-",) if scheme == "s3" else _PLUGINS[scheme][0]
    return any(jar.startswith(beginnings) for jar in jars)


def _bringing(scheme: str) -> str:
    return "Hadoop's classes" if scheme in _OF_HADOOP else f"the plugin {' or '.join(_PLUGINS[scheme][0])}"


def _by(scheme: str) -> str:
    return ", and HADOOP_CLASSPATH name them" if scheme in _OF_HADOOP else " by flink_plugins or flink_jars of the role"


def _no_directory(given: Given) -> t.Iterator[Note]:
    """What Flink takes for no directory of checkpoints or savepoints; no job starts with one."""
    uri = _URI.fullmatch(given.text)
    if uri is None:
        written = f"file://{given.text}" if given.text.startswith("/") and len(given.text) <= _LONGEST_PATH else None
        yield error(
            "path-without-scheme",
            [given.key],
            f"{given.key}: expected a URI such as file:///data or s3://bucket/path, got {quoted(given.text)}, with "
            "which every job fails.",
            f"Write {written}." if written else "Begin it with the scheme of its file system.",
            {given.key: written} if written else {},
        )
    elif uri[3] in ("", "/"):
        yield error(
            "root-as-directory",
            [given.key],
            f"{given.key}: expected a directory, got the root of a file system, with which every job fails.",
            "Name a directory below it.",
        )


def _is_local(view: View, given: Given) -> bool:
    if given.text.startswith("/") and view.given("fs.default-scheme") is not None:
        return False
    return _LOCAL.match(given.text) is not None


def _local(view: View, given: t.Sequence[Given]) -> t.Iterator[Note]:
    temporary = [one.key for one in given if _TEMPORARY.match(one.text)]
    others = [one.key for one in given if one.key not in temporary]
    if temporary:
        yield warning(
            "state-in-tmp",
            temporary,
            f"{names_of(temporary)}: /tmp is emptied when a host starts, and by default each unit of the role has its "
            "own, so what jobs keep there is lost.",
            "Name a directory that stays, and that all hosts share.",
        )
    if others and view.hosts != 1:
        yield (hint if view.hosts is None else warning)(
            "local-directory",
            others,
            f"{names_of(others)}: each host has this path for itself, and unless all hosts share it, jobs do not find "
            "what another host wrote.",
            "Name a place that all hosts share, or mount one at that path.",
        )


def _without_directory(view: View) -> t.Iterator[Note]:
    if view.given(*_CHECKPOINTS) is not None:
        return
    # Before 1.13 the state backend decided where checkpoints go.
    option, needing = (STORAGE, ("filesystem",)) if view.version >= (1, 13) else (BACKEND, ("filesystem", "rocksdb"))
    name, storage = view.name(*_CHECKPOINTS), view.given(*option.names)
    if storage is not None and option.word(view) in needing:
        yield warning(
            "checkpoints-without-directory",
            [storage.key, name],
            f"{storage.key} is {option.word(view)}, and {name} is not set: jobs fail that name none themselves.",
            f"Set {name}.",
        )
    elif storage is None and view.given(_INTERVAL) is not None:
        yield hint(
            "checkpoints-without-directory",
            [_INTERVAL, name],
            f"{_INTERVAL} is set, and {name} is not: unless a job names a directory, its checkpoints are in the memory "
            "of the JobManager, and end with it.",
            f"Set {name}.",
        )
