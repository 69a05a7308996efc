# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.directories import (
    file_names,
    free_bytes,
    installed_releases,
    leads_elsewhere,
    link_target,
    marked_files,
    release,
    strange_files,
)

if t.TYPE_CHECKING:
    from pathlib import Path


def test_free_bytes_of_what_is_not_there(tmp_path: Path) -> None:
    there = os.statvfs(tmp_path)
    free = free_bytes(str(tmp_path / "not/yet/there"))
    assert free is not None
    assert abs(free - there.f_bavail * there.f_frsize) < 2**30
    (tmp_path / "file").write_text("")
    assert free_bytes(str(tmp_path / "file/below")) is not None


def test_free_bytes_that_cannot_be_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert free_bytes(str(tmp_path / "loop/x")) is None


def test_file_names(tmp_path: Path) -> None:
    for name in ("b", "a", ".hidden"):
        (tmp_path / name).write_text("")
    (tmp_path / "directory").mkdir()
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "dangling").symlink_to("nowhere")
    assert file_names(tmp_path) == [".hidden", "a", "b", "link"]
    assert file_names(tmp_path / "missing") == []
    assert file_names(tmp_path / "a") == []


def test_links(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "file").write_text("")
    assert link_target(str(tmp_path / "link")) == "nowhere"
    assert link_target(str(tmp_path / "file")) is None
    assert link_target(str(tmp_path / "missing")) is None


def of_a_release(parent: Path) -> None:
    (parent / "release").mkdir()
    (parent / "release/.archive").write_text("sha512:1\n")
    (parent / "current").symlink_to("release")


# What makes a place ``current``, and whether it is none that the role may replace.
LEADING: dict[str, tuple[t.Callable[[Path], t.Any], bool]] = {
    "nothing": (lambda parent: None, False),
    "a link to a release of the role": (of_a_release, False),
    "a link to what is gone": (lambda parent: (parent / "current").symlink_to("gone"), False),
    "a link to a file": (lambda parent: (parent / "current").symlink_to("/etc/passwd"), True),
    "a link to another directory": (lambda parent: (parent / "current").symlink_to("/usr"), True),
    "a directory": (lambda parent: (parent / "current").mkdir(), True),
    "a file": (lambda parent: (parent / "current").touch(), True),
}


@pytest.mark.parametrize(("make", "is_strange"), LEADING.values(), ids=LEADING)
def test_what_is_no_link_of_the_role(make: t.Callable[[Path], t.Any], is_strange: bool, tmp_path: Path) -> None:
    make(tmp_path)
    assert leads_elsewhere(str(tmp_path / "current")) is is_strange


def test_a_release(tmp_path: Path) -> None:
    (tmp_path / ".archive").write_text("sha512:e8b7\n")
    (tmp_path / ".extra-files").write_text("lib/a.jar\nplugins/b/b.jar\n")
    for name in (
        "opt/b.jar",
        "opt/a.jar",
        "opt/readme",
        "conf/config.yaml",
        ".class-archives/0a/x",
        ".class-archives/b.new/x",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert release(str(tmp_path)) == {
        "exists": True,
        "archive": "sha512:e8b7",
        "extra_files": ["lib/a.jar", "plugins/b/b.jar"],
        "opt": ["a.jar", "b.jar"],
        "conf": ["config.yaml"],
        "class_archives": ["0a"],
    }


def test_no_release(tmp_path: Path) -> None:
    lists: dict[str, t.Any] = {"extra_files": [], "opt": [], "conf": [], "class_archives": []}
    nothing = {"exists": False, "archive": None, **lists}
    assert release(None) == nothing
    assert release(str(tmp_path / "missing")) == nothing
    assert release(str(tmp_path)) == {**nothing, "exists": True}
    (tmp_path / "dangling").symlink_to("nowhere")
    assert release(str(tmp_path / "dangling")) == {**nothing, "exists": True}


def make_setgid(path: Path) -> None:
    path.mkdir()
    path.chmod(0o2755)


def make_link_over_another(path: Path) -> None:
    (path.parent / "up").symlink_to("../lib")
    path.symlink_to("up/../../outside")


# What is put in a release at bin/odd, and what is said of it.
STRANGE: dict[str, tuple[t.Callable[[Path], t.Any], list[str]]] = {
    "a setuid file": (lambda path: path.touch(0o4755), ["bin/odd has a setuid or setgid bit"]),
    "a setgid file": (lambda path: path.touch(0o2755), ["bin/odd has a setuid or setgid bit"]),
    "a setgid directory": (make_setgid, ["bin/odd has a setuid or setgid bit"]),
    "a pipe": (os.mkfifo, ["bin/odd is neither a file nor a directory"]),
    "an absolute link": (lambda path: path.symlink_to("/etc/shadow"), ["bin/odd is a link out of it"]),
    "a link up": (lambda path: path.symlink_to("../../outside"), ["bin/odd is a link out of it"]),
    "a link to the whole": (lambda path: path.symlink_to(".."), ["bin/odd is a link out of it"]),
    "a link that leads out and back": (
        lambda path: path.symlink_to("../../tree/lib/a"),
        ["bin/odd is a link out of it"],
    ),
    "a link over another": (
        make_link_over_another,
        ["bin/odd is a link out of it"],
    ),
    "an absolute link into it": (
        lambda path: path.symlink_to(path.parent.parent / "lib/a"),
        ["bin/odd is a link out of it"],
    ),
    "a link to itself": (lambda path: path.symlink_to("odd"), []),
    "a link within": (lambda path: path.symlink_to("../lib/a"), []),
    "a link to nothing within": (lambda path: path.symlink_to("nothing"), []),
    "a program": (lambda path: path.touch(0o755), []),
}


@pytest.mark.parametrize(("put", "phrases"), STRANGE.values(), ids=STRANGE)
def test_strange_files(put: t.Callable[[Path], t.Any], phrases: list[str], tmp_path: Path) -> None:
    for directory in ("bin", "lib"):
        (tmp_path / "tree" / directory).mkdir(parents=True)
    (tmp_path / "tree/lib/a").write_text("")
    (tmp_path / "outside").write_text("")
    put(tmp_path / "tree/bin/odd")
    assert strange_files(str(tmp_path / "tree")) == phrases


def test_strange_files_are_named_printably(tmp_path: Path) -> None:
    (tmp_path / "\x1b[2J").symlink_to("/")
    assert strange_files(str(tmp_path)) == [r"\x1b[2J is a link out of it"]
    assert strange_files(str(tmp_path / "nowhere")) == []


def test_a_release_on_another_disk_is_known_where_it_is_led_to(tmp_path: Path) -> None:
    (tmp_path / "disk/one").mkdir(parents=True)
    (tmp_path / "disk/one/.archive").write_text("sha512:1")
    (tmp_path / "opt").mkdir()
    (tmp_path / "opt/one").symlink_to(tmp_path / "disk/one")
    assert installed_releases(f"{tmp_path}/opt") == {f"{tmp_path}/opt/one": []}


def test_files_with_a_line(tmp_path: Path) -> None:
    for name, text in (("a", "x\nA=1\n"), ("b", "A=12\n"), ("c", "")):
        (tmp_path / name).write_text(text)
    assert marked_files(tmp_path, "A=1|B") == ["a"]
    assert marked_files(tmp_path / "missing", "A") == []


def test_releases_and_who_has_noted_that_they_are_used(tmp_path: Path) -> None:
    for name, mark, notes in (("one", "sha512:1", ["/etc/a", "/etc/b"]), ("two", "sha512:2", []), ("old", "zip", [])):
        (tmp_path / name / ".clusters").mkdir(parents=True)
        (tmp_path / name / ".archive").write_text(mark)
        for number, note in enumerate(notes):
            (tmp_path / name / ".clusters" / str(number)).write_text(f"{note}\n")
    (tmp_path / "current").symlink_to(tmp_path / "one")
    (tmp_path / "mine").symlink_to("two")
    assert installed_releases(str(tmp_path)) == {f"{tmp_path}/one": ["/etc/a", "/etc/b"], f"{tmp_path}/two": []}
    assert installed_releases(None) == {}
