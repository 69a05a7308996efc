# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.plugin_utils._deployment.directories import written_dirs
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._deployment.situations import (
    CONFIG,
    Values,
    case,
    wanted,
)

# Options, and the directories.
DIRECTORIES: dict[str, tuple[Values, list[str]]] = {
    "none": ({}, []),
    "a path": ({"io.tmp.dirs": "/data/tmp"}, ["/data/tmp"]),
    "several by commas and colons": ({"io.tmp.dirs": "/a,/b:/c, /d "}, ["/a", "/b", "/c", "/d"]),
    "a list": ({"io.tmp.dirs": ["/a", "/b"]}, ["/a", "/b"]),
    "a URL of a file": ({"state.checkpoints.dir": "file:///srv/cp"}, ["/srv/cp"]),
    "a short URL of a file": ({"state.checkpoints.dir": "file:/srv/cp"}, ["/srv/cp"]),
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
    assert list(made) == ["/var/log/flink", "/a", "/b"]
    assert {(file.state, file.mode, file.owner, file.group) for file in made.values()} == {
        ("directory", "0750", "flink", "flink")
    }
    unit = next(file for file in found.service if file.path.endswith("jobmanager.service"))
    assert "\nReadWritePaths=/var/log/flink /a /b\n" in str(unit.content)


def test_no_directory_that_is_there_gets_other_rights() -> None:
    directories = [file for file in case().decide().configuration if file.state == "directory"]
    assert [file.path for file in directories][:3] == ["/etc/flink", "/var/lib/flink", "/var/log/flink"]
    assert all(file.only_new for file in directories)
