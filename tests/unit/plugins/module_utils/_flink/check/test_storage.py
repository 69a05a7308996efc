# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.tests.unit.plugins.module_utils._flink.check.promises import (
    Case,
    assert_kept,
    assert_nothing,
    told,
)

CHECKPOINTS = "execution.checkpointing.dir"
SAVEPOINTS = "execution.checkpointing.savepoint-dir"
HIGHLY_AVAILABLE = {"high-availability.type": "zookeeper", "high-availability.zookeeper.quorum": "z:2181"}
S3 = "the plugin flink-s3-fs-hadoop or flink-s3-fs-presto"
TOLD: dict[str, Case] = {
    "a file system that is a plugin": (
        "1.20",
        {CHECKPOINTS: "s3://b/c", SAVEPOINTS: "s3://b/s"},
        "file-system-plugin",
        (
            f"hint: {CHECKPOINTS}, {SAVEPOINTS}: Flink has no file system for s3:// without {S3}. Have {S3} installed "
            "by flink_plugins or flink_jars of the role."
        ),
    ),
    "a file system of one plugin": (
        "1.15",
        {"high-availability.storageDir": "gs://b/h"},
        "file-system-plugin",
        (
            "hint: high-availability.storageDir: Flink has no file system for gs:// without the plugin "
            "flink-gs-fs-hadoop. Have the plugin flink-gs-fs-hadoop installed by flink_plugins or flink_jars of the "
            "role."
        ),
    ),
    "the second directory of two": (
        "2.3",
        {"historyserver.archive.fs.dir": "file:///a, hdfs://n/a"},
        "file-system-plugin",
        (
            "hint: historyserver.archive.fs.dir: Flink has no file system for hdfs:// without Hadoop's classes. Have "
            "Hadoop's classes installed, and HADOOP_CLASSPATH name them."
        ),
    ),
    "a directory without a scheme": (
        "1.13",
        {"state.checkpoints.dir": "/data/checkpoints"},
        "path-without-scheme",
        (
            "error: state.checkpoints.dir: expected a URI such as file:///data or s3://bucket/path, got "
            "'/data/checkpoints', with which every job fails. Write file:///data/checkpoints."
        ),
    ),
    "a relative directory": (
        "2.3",
        {SAVEPOINTS: "savepoints"},
        "path-without-scheme",
        (
            f"error: {SAVEPOINTS}: expected a URI such as file:///data or s3://bucket/path, got 'savepoints', with "
            "which every job fails. Begin it with the scheme of its file system."
        ),
    ),
    "a bucket without a directory": (
        "1.10",
        {"state.checkpoints.dir": "s3://bucket/"},
        "root-as-directory",
        (
            "error: state.checkpoints.dir: expected a directory, got the root of a file system, with which every job "
            "fails. Name a directory below it."
        ),
    ),
    "directories of each host": (
        "1.20",
        {CHECKPOINTS: "file:///data/c", **HIGHLY_AVAILABLE, "high-availability.storageDir": "/data/h"},
        "local-directory",
        (
            f"hint: {CHECKPOINTS}, high-availability.storageDir: each host has this path for itself, and unless all "
            "hosts share it, jobs do not find what another host wrote. Name a place that all hosts share, or mount one "
            "at that path."
        ),
    ),
    "a directory below /tmp": (
        "1.18",
        {"state.checkpoints.dir": "file:///tmp/c", "state.savepoints.dir": "file:/tmp"},
        "state-in-tmp",
        (
            "warning: state.checkpoints.dir, state.savepoints.dir: /tmp is emptied when a host starts, and by default "
            "each unit of the role has its own, so what jobs keep there is lost. Name a directory that stays, and that "
            "all hosts share."
        ),
    ),
    "checkpoints without a directory": (
        "1.18",
        {"execution.checkpointing.interval": "10 s"},
        "checkpoints-without-directory",
        (
            "hint: execution.checkpointing.interval is set, and state.checkpoints.dir is not: unless a job names a "
            "directory, its checkpoints are in the memory of the JobManager, and end with it. Set "
            "state.checkpoints.dir."
        ),
    ),
    "checkpoints in files without a directory": (
        "2.3",
        {"execution.checkpointing.storage": "FileSystem"},
        "checkpoints-without-directory",
        (
            f"warning: execution.checkpointing.storage is filesystem, and {CHECKPOINTS} is not set: jobs fail that "
            f"name none themselves. Set {CHECKPOINTS}."
        ),
    ),
    "a backend that needs a directory": (
        "1.12",
        {"state.backend": "rocksdb"},
        "checkpoints-without-directory",
        (
            "warning: state.backend is rocksdb, and state.checkpoints.dir is not set: jobs fail that name none "
            "themselves. Set state.checkpoints.dir."
        ),
    ),
}
NOTHING: dict[str, tuple[str, dict[str, t.Any]]] = {
    "a file system that Hadoop may bring": (
        "1.20",
        {CHECKPOINTS: "s3://b/c", "fs.allowed-fallback-filesystems": "s3;wasb"},
    ),
    "a plugin that the release does not have": ("1.14", {"state.checkpoints.dir": "gs://b/c"}),
    "options that others read": ("1.20", {"yarn.provided.lib.dirs": "hdfs://n/l", "s3.endpoint": "http://s3://"}),
    "what the release does not read": ("1.19", {CHECKPOINTS: "s3://b/c"}),
    "a former name": ("2.3", {"state.checkpoints.dir": "https://h/c"}),
    "high availability that is switched off": (
        "1.20",
        {"high-availability.type": "none", "high-availability.storageDir": "file:///tmp/h"},
    ),
    "a path of the default file system": (
        "1.20",
        {**HIGHLY_AVAILABLE, "high-availability.storageDir": "/h", "fs.default-scheme": "webdav://n/"},
    ),
    "checkpoints that jobs ask for": ("1.20", {"state.backend.type": "rocksdb"}),
    "checkpoints with the JobManager": (
        "1.20",
        {"execution.checkpointing.storage": "jobmanager", "execution.checkpointing.interval": "10 s"},
    ),
}
KNOWN: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], list[str]]] = {
    "one host": ({CHECKPOINTS: "file:///c"}, {"hosts": 1}, []),
    "several hosts": (
        {CHECKPOINTS: "file:///c"},
        {"hosts": 2},
        [
            (
                f"warning: {CHECKPOINTS}: each host has this path for itself, and unless all hosts share it, jobs do "
                "not find what another host wrote. Name a place that all hosts share, or mount one at that path."
            )
        ],
    ),
    "a plugin": ({CHECKPOINTS: "s3://b/c"}, {"jars": frozenset(["flink-s3-fs-presto"])}, []),
    "a jar of a plugin": ({CHECKPOINTS: "gs://b/c"}, {"jars": frozenset(["flink-gs-fs-hadoop-1.20.5.jar"])}, []),
    "jars of Hadoop": (
        {CHECKPOINTS: "hdfs://n/c"},
        {"jars": frozenset(["flink-shaded-hadoop-2-uber-2.8.3-10.0.jar"])},
        [],
    ),
    "another plugin": (
        {CHECKPOINTS: "s3p://b/c"},
        {"jars": frozenset(["flink-s3-fs-hadoop"])},
        [
            (
                f"warning: {CHECKPOINTS}: Flink has no file system for s3p:// without the plugin flink-s3-fs-presto, "
                "which is none of the plugins and jars. Have the plugin flink-s3-fs-presto installed by flink_plugins "
                "or flink_jars of the role."
            )
        ],
    ),
}


@pytest.mark.parametrize(("release", "config", "code", "finding"), TOLD.values(), ids=TOLD)
def test_told(release: str, config: dict[str, t.Any], code: str, finding: str) -> None:
    assert told(release, config, code) == [finding]
    assert_kept(release, config)


@pytest.mark.parametrize(("release", "config"), NOTHING.values(), ids=NOTHING)
def test_nothing(release: str, config: dict[str, t.Any]) -> None:
    assert_nothing(TOLD, release, config)


@pytest.mark.parametrize(("config", "known", "findings"), KNOWN.values(), ids=KNOWN)
def test_what_is_known_of_the_cluster_counts(
    config: dict[str, t.Any], known: dict[str, t.Any], findings: list[str]
) -> None:
    found = [one for code in ("file-system-plugin", "local-directory") for one in told("1.20", config, code, **known)]
    assert found == findings
