# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import json
import os
import resource
import stat
import threading
import typing as t

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args

from ansible_collections.streamops.flink.plugins.modules import files

if t.TYPE_CHECKING:
    from pathlib import Path

Run = t.Callable[..., "dict[str, t.Any]"]

ROOT_ONLY = "owners are changed by root alone"


@pytest.fixture
def run(run: Run) -> Run:
    """The same with entries alone."""

    def run_with(*entries: dict[str, t.Any], check: bool = False) -> dict[str, t.Any]:
        given = [{**entry, "path": str(entry["path"])} for entry in entries]
        return run(files=given, _ansible_check_mode=check)

    return run_with


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory with one of each kind, as an earlier deployment left it."""
    place = tmp_path / "place"
    place.mkdir()
    (place / "config.yaml").write_text("a: 1\n")
    (place / "config.yaml").chmod(0o640)
    (place / "stale").write_text("old\n")
    (place / "current").symlink_to("v1")
    (place / "tree/below").mkdir(parents=True)
    (place / "tree/below/file").write_text("")
    return place


def snapshot(place: Path) -> dict[str, tuple[t.Any, ...]]:
    """All that is there, with inodes, which tell whether it was replaced."""
    found = {}
    for path in sorted(place.rglob("*")):
        there = path.lstat()
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        found[str(path.relative_to(place))] = (there.st_mode, there.st_uid, there.st_gid, there.st_ino, content)
    return found


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_at_once(place: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "jar").write_bytes(b"\0jar")
    entries = (
        {"path": place / "plugins/s3", "state": "directory", "mode": "0750"},
        {"path": place / "config.yaml", "content": "a: ü\n", "mode": "0600"},
        {"path": place / "plugins/s3/s3.jar", "source": str(tmp_path / "jar"), "mode": "0644"},
        {"path": place / "current", "state": "link", "target": "v2"},
        {"path": place / "stale", "state": "absent"},
        {"path": place / "tree", "state": "absent"},
    )
    before = snapshot(place)
    predicted = run(*entries, check=True)
    assert snapshot(place) == before
    result = run(*entries)
    paths = [str(entry["path"]) for entry in entries]
    assert (result["changed"], result["changed_files"]) == (True, paths)
    assert (predicted["changed"], predicted["changed_files"]) == (True, paths)
    assert predicted["diff"] == result["diff"]
    assert (place / "config.yaml").read_text(encoding="utf-8") == "a: ü\n"
    assert (mode(place / "config.yaml"), mode(place / "plugins/s3")) == (0o600, 0o750)
    assert (place / "plugins/s3/s3.jar").read_bytes() == b"\0jar"
    assert os.readlink(place / "current") == "v2"
    assert sorted(path.name for path in place.iterdir()) == ["config.yaml", "current", "plugins"]


@pytest.mark.parametrize("check", [True, False])
def test_nothing_to_do(place: Path, run: Run, check: bool) -> None:
    before = snapshot(place)
    result = run(
        {"path": place / "tree", "state": "directory"},
        {"path": place / "config.yaml", "content": "a: 1\n", "mode": "0640"},
        {"path": place / "stale", "source": str(place / "stale")},
        {"path": place / "current", "state": "link", "target": "v1"},
        {"path": place / "missing/deep", "state": "absent"},
        check=check,
    )
    assert (result["changed"], result["changed_files"], result["diff"]) == (False, [], [])
    assert snapshot(place) == before


def test_only_the_mode(place: Path, run: Run) -> None:
    entries = (
        {"path": place / "config.yaml", "content": "a: 1\n", "mode": "0600"},
        {"path": place / "tree", "state": "directory", "mode": "0700"},
    )
    inode = (place / "config.yaml").stat().st_ino
    predicted, result = run(*entries, check=True), run(*entries)
    assert predicted["changed_files"] == result["changed_files"] == [str(entry["path"]) for entry in entries]
    assert result["diff"][0] == predicted["diff"][0]
    assert (result["diff"][0]["before"], result["diff"][0]["after"]) == ({"mode": "0640"}, {"mode": "0600"})
    assert (mode(place / "config.yaml"), mode(place / "tree")) == (0o600, 0o700)
    assert (place / "config.yaml").stat().st_ino == inode
    assert run(*entries)["changed"] is False


@pytest.mark.skipif(os.geteuid() != 0, reason=ROOT_ONLY)
def test_owners(place: Path, run: Run) -> None:
    entries = (
        {"path": place / "new", "state": "directory", "owner": "1234", "group": "5678"},
        {"path": place / "new/file", "content": "", "owner": "1234", "mode": "4755"},
        {"path": place / "config.yaml", "content": "a: 1\n", "group": "5678"},
    )
    assert run(*entries)["changed_files"] == [str(entry["path"]) for entry in entries]
    owners = [(path.stat().st_uid, path.stat().st_gid) for path in (place / "new", place / "new/file")]
    assert owners == [(1234, 5678), (1234, 0)]
    assert mode(place / "new/file") == 0o4755
    assert ((place / "config.yaml").stat().st_gid, mode(place / "config.yaml")) == (5678, 0o640)
    assert run(*entries)["changed"] is False


@pytest.mark.skipif(os.geteuid() != 0, reason=ROOT_ONLY)
def test_what_is_not_asked_for_stays(place: Path, run: Run) -> None:
    os.chown(place / "config.yaml", 1234, 5678)
    run({"path": place / "config.yaml", "content": "new\n"})
    there = (place / "config.yaml").stat()
    assert (there.st_uid, there.st_gid, stat.S_IMODE(there.st_mode)) == (1234, 5678, 0o640)


def test_a_new_file_has_what_the_umask_allows(place: Path, run: Run) -> None:
    former = os.umask(0o027)
    try:
        run({"path": place / "new", "content": ""})
    finally:
        os.umask(former)
    assert mode(place / "new") == 0o640


def test_a_file_in_place_of_a_link(place: Path, run: Run) -> None:
    (place / "config.yaml").unlink()
    (place / "config.yaml").symlink_to("stale")
    run({"path": place / "config.yaml", "content": "new\n"})
    assert not (place / "config.yaml").is_symlink()
    assert (place / "stale").read_text() == "old\n"


def test_a_link_to_a_directory_is_a_directory(place: Path, run: Run) -> None:
    (place / "link").symlink_to("tree")
    entries = (
        {"path": place / "link", "state": "directory"},
        {"path": place / "link/new", "content": ""},
    )
    assert run(*entries)["changed_files"] == [str(place / "link/new")]
    assert (place / "tree/new").exists()


def test_absent_removes_the_link_and_not_its_target(place: Path, run: Run) -> None:
    (place / "link").symlink_to("tree")
    run({"path": place / "link", "state": "absent"})
    assert (place / "tree/below/file").exists()
    assert not (place / "link").is_symlink()


def test_absent_twice(place: Path, run: Run) -> None:
    result = run({"path": place / "tree", "state": "absent"}, {"path": place / "tree/below/file", "state": "absent"})
    assert (result["changed"], "failed" in result) == (True, False)
    assert not (place / "tree").exists()


def test_readers_meet_one_content_or_the_other(place: Path, run: Run) -> None:
    """And the link is never away."""
    met, over = set(), threading.Event()

    def read() -> None:
        while not over.is_set():
            met.add((place / "config.yaml").read_text()[:1] * 2 + str(len((place / "config.yaml").read_text())))
            met.add(os.readlink(place / "current"))

    (place / "config.yaml").write_text("a" * 70000)
    thread = threading.Thread(target=read)
    thread.start()
    try:
        for letter in "babababab":
            run(
                {"path": place / "config.yaml", "content": letter * 70000},
                {"path": place / "current", "state": "link", "target": f"v{letter}"},
            )
    finally:
        over.set()
        thread.join()
    assert met <= {"aa70000", "bb70000", "v1", "va", "vb"}
    assert {"va", "vb"} <= met


def test_a_secret_is_never_readable(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = os.fsync

    def watch(descriptor: int) -> None:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    (place / "config.yaml").chmod(0o644)
    run({"path": place / "config.yaml", "content": "secret", "mode": "0640"}, {"path": place / "new", "content": "s"})
    assert seen == [0o600, 0o600]


def new_contents(place: Path) -> list[dict[str, t.Any]]:
    return [
        {"path": place / "made/deep", "state": "directory"},
        {"path": place / "tree", "state": "directory", "mode": "0700"},
        {"path": place / "config.yaml", "content": "new\n", "mode": "0600"},
        {"path": place / "current", "state": "link", "target": "v2"},
        {"path": place / "stale", "state": "absent"},
        {"path": place / "made/deep/big", "content": "x" * 5000},
    ]


def test_a_content_that_does_not_fit(place: Path, run: Run) -> None:
    before = snapshot(place)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        result = run(*new_contents(place))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert result["failed"] is True
    assert result["msg"] == f"{place}/made/deep/big: File too large. Nothing was changed."
    assert snapshot(place) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk(number: int, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is found when the last of the contents goes to the disk."""
    before, calls = snapshot(place), []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(files, "free_bytes", lambda _path: 17)
    result = run(*new_contents(place))
    assert result["msg"] == (
        f"{place}/made/deep/big: {os.strerror(number)}. The new contents need 5004 bytes, 17 are free. "
        "Nothing was changed."
    )
    assert snapshot(place) == before


def test_an_interrupt_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot(place)

    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    entries = [{**entry, "path": str(entry["path"])} for entry in new_contents(place)]
    with patch_module_args({"files": entries}), pytest.raises(KeyboardInterrupt):
        files.main()
    assert snapshot(place) == before


@pytest.mark.parametrize("content", ["new\n", "a: 1\n"])
def test_what_a_killed_run_left_is_removed(place: Path, run: Run, content: str) -> None:
    for name in ".config.yaml.ansible-new", ".gone.ansible-new":
        (place / name).write_text("half")
    (place / ".current.ansible-new").symlink_to("half")
    run(
        {"path": place / "config.yaml", "content": content},
        {"path": place / "current", "state": "link", "target": "v2"},
        {"path": place / "gone", "state": "absent"},
        {"path": place / "neither" / "gone", "state": "absent"},
    )
    assert (place / "config.yaml").read_text() == content
    assert [path.name for path in place.iterdir() if path.name.startswith(".")] == []


def test_a_failure_after_the_first_change(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, *_args: t.Any, **_kwargs: t.Any) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(files.shutil, "rmtree", refuse)
    result = run(
        {"path": place / "config.yaml", "content": "new\n"},
        {"path": place / "tree", "state": "absent"},
        {"path": place / "new", "content": ""},
    )
    assert result["msg"] == f"{place}/tree: Operation not permitted. Changed before: {place}/config.yaml."
    assert (result["failed"], result["changed"]) == (True, True)
    assert sorted(path.name for path in place.iterdir()) == ["config.yaml", "current", "stale", "tree"]


# Entries that this host cannot have, and the message; {place} is the directory.
REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "a file in place of a directory": (
        {"path": "tree", "content": ""},
        "files[0]: {place}/tree is a directory, and not replaced by a file. Remove it first.",
    ),
    "a link in place of a file": (
        {"path": "stale", "state": "link", "target": "x"},
        "files[0]: {place}/stale is a file, and not replaced by a link. Remove it first.",
    ),
    "a link in place of a directory": (
        {"path": "tree", "state": "link", "target": "x"},
        "files[0]: {place}/tree is a directory, and not replaced by a link. Remove it first.",
    ),
    "a directory in place of a file": (
        {"path": "stale", "state": "directory"},
        "files[0]: {place}/stale is a file, and not replaced by a directory. Remove it first.",
    ),
    "a directory in place of a dangling link": (
        {"path": "current", "state": "directory"},
        "files[0]: {place}/current is a link, and not replaced by a directory. Remove it first.",
    ),
    "too near to the root": (
        {"path": "/opt", "state": "absent"},
        "files[0].path: /opt is too near to the root to be absent. Give what is below it.",
    ),
}

# The same, where a former task might make it right.
REFUSED_OUTSIDE_CHECK_MODE: dict[str, tuple[dict[str, t.Any], str]] = {
    "no parent": (
        {"path": "no/file", "content": ""},
        "files[0]: there is no directory {place}/no. Let an entry with state directory make it.",
    ),
    "no source": (
        {"path": "file", "source": "/nowhere/x"},
        "files[0].source: there is no file /nowhere/x on the host.",
    ),
    "no user": (
        {"path": "file", "content": "", "owner": "no-such-user"},
        "files[0].owner: there is no user no-such-user on the host. Create it first.",
    ),
    "no group": (
        {"path": "file", "content": "", "group": "no-such-group"},
        "files[0].group: there is no group no-such-group on the host. Create it first.",
    ),
}


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(("entry", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(entry: dict[str, t.Any], message: str, check: bool, place: Path, run: Run) -> None:
    before = snapshot(place)
    result = run({**entry, "path": place / entry["path"]}, {"path": place / "new", "content": ""}, check=check)
    assert (result["failed"], result["msg"]) == (True, message.format(place=place))
    assert snapshot(place) == before


@pytest.mark.parametrize(("entry", "message"), REFUSED_OUTSIDE_CHECK_MODE.values(), ids=REFUSED_OUTSIDE_CHECK_MODE)
def test_what_a_former_task_might_make(entry: dict[str, t.Any], message: str, place: Path, run: Run) -> None:
    before = snapshot(place)
    entry = {**entry, "path": place / entry["path"]}
    assert run(entry, check=True)["changed_files"] == [str(entry["path"])]
    assert run(entry)["msg"] == message.format(place=place)
    assert snapshot(place) == before


def test_an_owner_that_a_former_task_might_make(place: Path, run: Run) -> None:
    result = run({"path": place / "stale", "content": "old\n", "owner": "no-such-user"}, check=True)
    assert result["diff"][0]["after"] == {"owner": "no-such-user"}


def test_a_parent_that_an_earlier_entry_makes(place: Path, run: Run) -> None:
    entries = (
        {"path": place / "new/deep", "state": "directory"},
        {"path": place / "new/file", "content": ""},
        {"path": place / "new/deep/file", "content": ""},
    )
    assert len(run(*entries, check=True)["changed_files"]) == len(run(*entries)["changed_files"]) == 3


def test_a_directory_that_is_there_keeps_its_mode_if_only_a_new_one_has_another(place: Path, run: Run) -> None:
    place.chmod(0o711)
    entries = [
        {"path": path, "state": "directory", "mode": "0750", "only_new": True} for path in (place, place / "new")
    ]
    assert run(*entries)["changed_files"] == [str(place / "new")]
    assert [path.stat().st_mode & 0o777 for path in (place, place / "new")] == [0o711, 0o750]
    assert not run(*entries)["changed"]


def test_the_order_of_directories_and_files_is_free(place: Path, run: Run) -> None:
    run({"path": place / "new/file", "content": ""}, {"path": place / "new", "state": "directory"})
    assert (place / "new/file").exists()


# A content before, the option that gives the one after, and what the diff shows.
SHOWN: dict[str, tuple[bytes, dict[str, str], tuple[str, str]]] = {
    "a text": (b"a\n", {"content": "b\n"}, ("a\n", "b\n")),
    "a secret": (b"a\n", {"secret_content": "hushed\n"}, ("(former content is secret)\n", "(new content is secret)\n")),
    "no text": (b"\xff\0", {"content": "b\n"}, ("(former content is long, no text or not there: not shown)\n", "b\n")),
    "Latin 1": (b"\xff", {"content": "b\n"}, ("(former content is long, no text or not there: not shown)\n", "b\n")),
    "long": (
        b"a\n",
        {"content": "b" * 200_000},
        ("a\n", "(new content is long, no text or not there: not shown)\n"),
    ),
}


@pytest.mark.parametrize(("before", "after", "diff"), SHOWN.values(), ids=SHOWN)
def test_contents_in_diffs(before: bytes, after: dict[str, str], diff: tuple[str, str], place: Path, run: Run) -> None:
    (place / "file").write_bytes(before)
    (shown,) = run({"path": place / "file", **after})["diff"]
    assert (shown["before"], shown["after"]) == diff
    assert shown["before_header"] == shown["after_header"] == str(place / "file")


@pytest.mark.parametrize("check", [True, False])
def test_a_secret_is_nowhere_in_the_result(place: Path, run: Run, check: bool) -> None:
    (place / "config.yaml").write_text("former-password")
    good = run({"path": place / "config.yaml", "secret_content": "new-password"}, check=check)
    bad = run({"path": place / "tree", "secret_content": "new-password"}, check=check)
    assert (good["changed"], bad["failed"]) == (True, True)
    assert "password" not in json.dumps([good, bad])
    assert (place / "config.yaml").read_text() == ("former-password" if check else "new-password")


@pytest.mark.parametrize("secret", ["password", "a: 1\nb: password\n", "it's a password", "pässword-password\t"])
def test_a_secret_is_not_in_the_log_of_the_host(
    secret: str, place: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[object] = []
    monkeypatch.setattr(AnsibleModule, "log", lambda _self, *words, **more: logged.append((words, more)))
    run({"path": place / "config.yaml", "secret_content": secret}, {"path": place / "new", "content": "plain text\n"})
    (invocation,) = map(str, logged)
    assert "password" not in invocation
    assert str(place / "config.yaml") in invocation


def test_other_diffs(place: Path, run: Run) -> None:
    """Of what is new, and of what is no file."""
    new, link, absent, directory = run(
        {"path": place / "new", "secret_content": "x"},
        {"path": place / "current", "state": "link", "target": "v2"},
        {"path": place / "tree", "state": "absent"},
        {"path": place / "made", "state": "directory"},
        check=True,
    )["diff"]
    assert (new["before"], new["after"]) == ("", "(new content is secret)\n")
    path = str(place / "current")
    assert link["before"] == {"path": path, "state": "link", "target": "v1"}
    assert link["after"] == {"path": path, "state": "link", "target": "v2"}
    assert (absent["before"]["state"], absent["after"]["state"]) == ("directory", "absent")
    assert directory["before"] == {"path": str(place / "made"), "state": "absent"}


def test_the_examples_are_accepted(place: Path, run: Run) -> None:
    tasks = [task["streamops.flink.files"] for task in yaml.safe_load(files.EXAMPLES)]
    for task in tasks:
        entries = [{**entry, "path": str(place) + entry["path"]} for entry in task["files"]]
        assert run(*entries, check=True)["changed"] is True


def test_the_result_is_as_documented(place: Path, run: Run) -> None:
    returned = yaml.safe_load(files.RETURN)
    result = run({"path": place / "new", "content": ""})
    assert set(returned) == set(result) - {"changed", "invocation"}
    assert set(returned["diff"]["sample"][0]) == set(result["diff"][0])
