# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.directories import (
    asked_mounts,
    distinct,
    written_dirs,
)
from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.options import flink_options
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    HA,
    Values,
    case,
    wanted,
)

LAUNCHERS: Values = {"flink_service_manager": "launcher"}
OPS: Values = {"ansible_user": {"name": "ops", "uid": 1000}}

# Options, and the directories.
DIRECTORIES: dict[str, tuple[Values, list[str]]] = {
    "none": ({}, []),
    "a path": ({"io.tmp.dirs": "/data/tmp"}, ["/data/tmp"]),
    "several by commas and colons": ({"io.tmp.dirs": "/a,/b:/c, /d "}, ["/a", "/b", "/c", "/d"]),
    "a list": ({"io.tmp.dirs": ["/a", "/b"]}, ["/a", "/b"]),
    "a URL of a file": ({"state.checkpoints.dir": "file:///srv/cp"}, ["/srv/cp"]),
    "a short URL of a file": ({"state.checkpoints.dir": "file:/srv/cp"}, ["/srv/cp"]),
    "a URL of a file with a slash too many": ({"state.checkpoints.dir": "file:////srv//cp"}, ["/srv/cp"]),
    "URLs that Flink does not take for a file": (
        {
            "state.checkpoints.dir": "FILE:///srv/cp",
            "state.savepoints.dir": "file://localhost/srv",
            "web.tmpdir": "file:x",
        },
        [],
    ),
    "another file system": ({"state.checkpoints.dir": "s3://bucket/cp", "io.tmp.dirs": "hdfs:///tmp"}, []),
    "a path that is none of the host": ({"io.tmp.dirs": "tmp", "web.tmpdir": "./x"}, []),
    "what is in the private /tmp of the unit": (
        {"io.tmp.dirs": "/tmp,/tmp/flink,/var/tmp,/var/tmp/x", "web.tmpdir": "/tmpfs"},
        ["/tmpfs"],
    ),
    "none twice, and no slash at the end": ({"io.tmp.dirs": "/a/", "web.tmpdir": "/a"}, ["/a"]),
    "the root": ({"io.tmp.dirs": "/"}, ["/"]),
    "no text": ({"io.tmp.dirs": 5, "web.tmpdir": None}, []),
    "an option of no directory": ({"pipeline.jars": "/srv/a.jar"}, []),
    "in the order of the options": (
        {"web.upload.dir": "/u", "blob.storage.directory": "/b", "historyserver.archive.fs.dir": "file:/h"},
        ["/b", "/h", "/u"],
    ),
}


@pytest.mark.parametrize(("options", "directories"), DIRECTORIES.values(), ids=DIRECTORIES)
def test_directories(options: Values, directories: list[str]) -> None:
    assert written_dirs(wanted(), [{"config": options}]) == directories


def test_those_of_all_processes_and_of_the_user() -> None:
    plans: list[t.Any] = [{"config": {"io.tmp.dirs": "/a"}}, {"config": {"io.tmp.dirs": "/b"}}]
    assert written_dirs(wanted({"flink_writable_dirs": ["/c/", "/a", "/tmp/x"]}), plans) == ["/a", "/b", "/c", "/tmp/x"]


def test_they_are_made_and_the_unit_may_write_to_them() -> None:
    found = case({"flink_config": {**CONFIG, "io.tmp.dirs": "/a"}, "flink_writable_dirs": ["/b"]}).decide()
    made = {file.path: file for file in found.configuration if file.only_new and file.owner}
    assert list(made) == ["/var/log/flink", "/var/lib/flink/tmp", "/a", "/b"]
    assert {(file.state, file.mode, file.owner, file.group) for file in made.values()} == {
        ("directory", "0750", "flink", "flink")
    }
    unit = next(file for file in found.service if file.path.endswith("jobmanager.service"))
    assert "\nReadWritePaths=/var/log/flink /a /b\n" in str(unit.content)


def not_shared(option: str, place: str, kind: str, who: str = "hosts") -> str:
    return (
        f"{option}: expected a place that all {who} share, got {place}, which only this host has ({kind}). Name a "
        "place on a shared file system, or this one in flink_shared_dirs if it is shared."
    )


def in_memory(option: str, place: str) -> str:
    return (
        f"{option}: expected a disk for temporary files, got {place}, which is memory on this host (tmpfs), and counts "
        "towards the limit of a process. Name a directory on a disk."
    )


def not_executable(option: str, place: str) -> str:
    return (
        f"{option}: expected a place for temporary files where programs may be executed, got {place}, which is mounted "
        "with noexec: RocksDB and others load libraries from there. Name another directory."
    )


def no_directory(option: str, got: str) -> str:
    wanted = "a URI such as file:///data" if "checkpoints" in option else "a path such as /data or file:///data"
    return f"{option}: expected {wanted}, got {got}, which Flink does not take for a directory of the host. Correct it."


def not_from_the_root(option: str, got: str) -> str:
    return (
        f"{option}: expected a path from the root, got {got}, which Flink takes for one in the directory where a "
        "process was started. Write it from the root."
    )


def on(file_system: str | None, *options: str) -> Values:
    return {"is_directory": True, "file_system": file_system, "options": ["rw", *options]}


TMP = "/var/lib/flink/tmp"
TWO: Values = {"flink_jobmanager_hosts": ["h1"], "flink_taskmanager_hosts": ["h1", "h2"]}
CHECKPOINTS: Values = {**CONFIG, "state.checkpoints.dir": "file:///cp"}
AVAILABLE: Values = {
    "flink_jobmanager_hosts": ["h1", "h2"],
    "flink_config": {**HA, "high-availability.cluster-id": "/x", "high-availability.storageDir": "file:///ha"},
}

# Variables, the mounts of the host, objections and advice.
MOUNTS: dict[str, tuple[Values, Values, list[str], list[str]]] = {
    "disks": ({"flink_config": {**CONFIG, "io.tmp.dirs": "/a"}}, {TMP: on("ext4"), "/a": on("xfs")}, [], []),
    "nothing is known": ({"flink_config": CHECKPOINTS, **TWO}, {"/cp": on(None)}, [], []),
    "temporary files in memory": (
        {"flink_config": {**CONFIG, "io.tmp.dirs": "/a,/tmp"}},
        {"/a": on("ext4"), "/tmp": on("tmpfs")},
        [],
        [in_memory("io.tmp.dirs", "/tmp")],
    ),
    "those of the role in memory": ({}, {TMP: on("tmpfs")}, [], [in_memory("flink_run_dir", TMP)]),
    "where nothing may be executed": (
        {"flink_config": {**CONFIG, "io.tmp.dirs": "/a", "state.backend.rocksdb.localdir": "/b"}},
        {TMP: on("ext4", "noexec"), "/a": on("ext4", "noexec"), "/b": on("ext4", "noexec")},
        [],
        [not_executable("flink_run_dir", TMP), not_executable("io.tmp.dirs", "/a")],
    ),
    "checkpoints on the disk of the only host": ({"flink_config": CHECKPOINTS}, {"/cp": on("ext4")}, [], []),
    "checkpoints on the disk of one of two": (
        {"flink_config": CHECKPOINTS, **TWO},
        {"/cp": on("ext4")},
        [],
        [not_shared("state.checkpoints.dir", "/cp", "ext4")],
    ),
    "the same with a slash too many": (
        {"flink_config": {**CONFIG, "state.checkpoints.dir": "file:////cp"}, **TWO},
        {"/cp": on("ext4")},
        [],
        [not_shared("state.checkpoints.dir", "/cp", "ext4")],
    ),
    "checkpoints on a network": ({"flink_config": CHECKPOINTS, **TWO}, {"/cp": on("nfs4")}, [], []),
    "checkpoints on what the user shares": (
        {"flink_config": CHECKPOINTS, **TWO, "flink_shared_dirs": ["/cp/"]},
        {"/cp": on("ext4")},
        [],
        [],
    ),
    "high availability on one of two disks": (
        AVAILABLE,
        {"/ha": on("xfs")},
        [not_shared("high-availability.storageDir", "/ha", "xfs", "JobManagers")],
        [],
    ),
    "high availability of a single JobManager": (
        {**AVAILABLE, "flink_jobmanager_hosts": ["h1"], "flink_taskmanager_hosts": ["h1", "h2"]},
        {"/ha": on("xfs")},
        [],
        [],
    ),
    "high availability on what is shared": (
        {**AVAILABLE, "flink_shared_dirs": ["/srv", "/ha"]},
        {"/ha": on("xfs")},
        [],
        [],
    ),
}


# Values of an option, and what is said of each.
SPELLINGS: dict[str, t.Callable[[str, str], str] | None] = {
    "/cp": None,
    "file:/cp": None,
    "file:////cp": None,
    "s3://bucket/cp": None,
    "hdfs:///cp": None,
    "viewfs:/cp": None,
    "FILE:///cp": no_directory,
    "file://localhost/cp": no_directory,
    "file://cp": no_directory,
    "file:cp": no_directory,
    "data/cp": not_from_the_root,
    "~/cp": not_from_the_root,
    "$HOME/cp": not_from_the_root,
}


@pytest.mark.parametrize("option", ["state.checkpoints.dir", "io.tmp.dirs"])
@pytest.mark.parametrize(("text", "advice"), SPELLINGS.items())
def test_spellings(option: str, text: str, advice: t.Callable[[str, str], str] | None) -> None:
    found = case({"flink_config": {**CONFIG, option: text}}).decide()
    assert list(found.advice) == ([] if advice is None else [advice(option, text)])


@pytest.mark.parametrize(("given", "mounts", "objections", "advice"), MOUNTS.values(), ids=MOUNTS)
def test_mounts(given: Values, mounts: Values, objections: list[str], advice: list[str]) -> None:
    asked = case(given)
    options = flink_options(asked.wanted)
    assert set(mounts) <= set(asked_mounts(asked.wanted, options))
    found = asked.on({"mounts": mounts})
    assert (list(found.decide().objections), list(found.advised())) == (objections, advice)


def test_no_directory_that_is_there_gets_other_rights() -> None:
    directories = [file for file in case().decide().configuration if file.state == "directory"]
    assert [file.path for file in directories][:4] == [
        "/etc/flink",
        "/var/lib/flink",
        "/var/log/flink",
        "/var/lib/flink/tmp",
    ]
    assert all(file.only_new for file in directories)


def one(option: str, place: str, other: str) -> str:
    return f"{option}: expected a place of its own, got {place}, as {other} has. Set one of them to another."


def below(option: str, path: str, place: str, other: str) -> str:
    return (
        f"{option}: expected a place that flink does not write to, got {path}, which is below {place} of {other}. Set "
        "one of them to another."
    )


# Variables, and the sentences.
CLASHES: dict[str, tuple[Values, tuple[str, ...]]] = {
    "checkpoints in what each start empties": (
        {"flink_config": {**CONFIG, "state.checkpoints.dir": "file:///var/lib/flink/tmp/jobmanager/cp"}},
        (
            (
                "state.checkpoints.dir: expected a place that stays, got /var/lib/flink/tmp/jobmanager/cp: what a "
                "process has there is removed whenever it starts. Choose another directory."
            ),
        ),
    ),
    "temporary files there": (
        {"flink_config": {**CONFIG, "web.tmpdir": "/var/lib/flink/tmp/jobmanager/web"}},
        (),
    ),
    "one for the configuration and what runs": (
        {"flink_conf_dir": "/data/f", "flink_run_dir": "/data//f/"},
        (one("flink_conf_dir", "/data/f", "flink_run_dir"),),
    ),
    "one for what runs and the logs": (
        {"flink_run_dir": "/data/f", "flink_log_dir": "/data/f"},
        (one("flink_run_dir", "/data/f", "flink_log_dir"),),
    ),
    "a link to the release in its own place": (
        {"flink_home": "/opt/flink/current"},
        (one("flink_home", "/opt/flink/current", "flink_current_link"),),
    ),
    "temporary files where the scripts are": (
        {"flink_config": {**CONFIG, "io.tmp.dirs": "/var/lib//flink"}},
        (one("flink_run_dir", "/var/lib/flink", "io.tmp.dirs"),),
    ),
    "the configuration below the logs": (
        {"flink_conf_dir": "/data/log/conf", "flink_log_dir": "/data/log"},
        (below("flink_conf_dir", "/data/log/conf", "/data/log", "flink_log_dir"),),
    ),
    "the release below what is emptied": (
        {"flink_home": "/var/lib/flink/tmp/x", "flink_current_link": None},
        (below("flink_home", "/var/lib/flink/tmp/x", "/var/lib/flink/tmp", "flink_run_dir"),),
    ),
    "all below one that only root writes to": (
        {"flink_run_dir": "/data/f", "flink_conf_dir": "/data/f/conf", "flink_log_dir": "/data/f/log"},
        (),
    ),
    "the configuration in the release": ({"flink_conf_dir": "/opt/flink/flink-2.3.0/conf"}, ()),
    "the configuration below the logs, all of one user": (
        {"flink_conf_dir": "/data/log/conf", "flink_log_dir": "/data/log", "flink_user": None, **LAUNCHERS},
        (),
    ),
    "logs and temporary files in one": ({"flink_config": {**CONFIG, "io.tmp.dirs": "/var/log/flink/"}}, ()),
    "temporary files in those of the role": ({"flink_config": {**CONFIG, "io.tmp.dirs": "/var/lib/flink//tmp"}}, ()),
    "names that only begin alike": ({"flink_conf_dir": "/data/logs", "flink_log_dir": "/data/log"}, ()),
}


@pytest.mark.parametrize(("given", "sentences"), CLASHES.values(), ids=CLASHES)
def test_clashes(given: Values, sentences: tuple[str, ...]) -> None:
    assert case(given, OPS if "flink_user" in given else {}).decide().objections == sentences


def test_a_directory_in_two_spellings_is_made_once() -> None:
    assert distinct(["/data//x", "/data/x/", "//data/y"]) == ["/data//x", "//data/y"]
    config = {**CONFIG, "io.tmp.dirs": "/var/log//flink,/data//x,/data/x"}
    made = [file.path for file in case({"flink_config": config}).decide().configuration if file.owner]
    assert made == ["/var/log/flink", "/var/lib/flink/tmp", "/data/x"]
