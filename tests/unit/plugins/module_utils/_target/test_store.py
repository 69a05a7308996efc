# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import concurrent.futures
import contextlib
import errno
import os
import resource
import shutil
import stat
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target import store
from ansible_collections.streamops.flink.plugins.module_utils._target.changes import check_places, find_changes
from ansible_collections.streamops.flink.plugins.module_utils._target.store import StoreError, carry_out

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._target.entries import Entry

Bring = t.Callable[..., "list[str]"]
Snapshot = t.Callable[[], "dict[str, tuple[t.Any, ...]]"]

ROOT_ONLY = "owners are changed by root alone"


@pytest.fixture
def labels() -> list[tuple[str, str]]:
    """Names of what has got a SELinux context, and of the places that these belong to."""
    return []


@pytest.fixture
def bring(read: t.Callable[..., list[Entry]], labels: list[tuple[str, str]]) -> Bring:
    """Do what the module files does with entries, and return the paths that changed."""

    def label(path: Path, place: str) -> None:
        labels.append((path.name, Path(place).name))

    def bring_all(*given: dict[str, t.Any]) -> list[str]:
        entries = read(*given)
        check_places(entries, False)
        changes = find_changes(entries)
        carry_out(entries, changes, label)
        return [change.entry.path for change in changes]

    return bring_all


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir())


def paths(entries: t.Iterable[dict[str, t.Any]]) -> list[str]:
    return [str(entry["path"]) for entry in entries]


def new_contents(place: Path) -> list[dict[str, t.Any]]:
    return [
        {"path": place / "made/deep", "state": "directory"},
        {"path": place / "tree", "state": "directory", "mode": "0700"},
        {"path": place / "config.yaml", "content": "new\n", "mode": "0600"},
        {"path": place / "current", "state": "link", "target": "v2"},
        {"path": place / "stale", "state": "absent"},
        {"path": place / "made/deep/big", "content": "x" * 5000},
    ]


def test_everything_at_once(place: Path, bring: Bring) -> None:
    entries = new_contents(place)
    assert bring(*entries) == paths(entries)
    assert names(place) == ["config.yaml", "current", "made", "tree"]
    assert ((place / "config.yaml").read_text(), os.readlink(place / "current")) == ("new\n", "v2")
    assert (mode(place / "config.yaml"), mode(place / "tree")) == (0o600, 0o700)
    assert (place / "made/deep/big").read_text() == "x" * 5000
    assert bring(*entries) == []


def test_a_file_of_the_host_is_copied(place: Path, tmp_path: Path, bring: Bring) -> None:
    (tmp_path / "jar").write_bytes(b"\0jar")
    bring({"path": place / "s3.jar", "source": str(tmp_path / "jar"), "mode": "0644"})
    assert ((place / "s3.jar").read_bytes(), mode(place / "s3.jar")) == (b"\0jar", 0o644)


@pytest.mark.skipif(os.geteuid() != 0, reason=ROOT_ONLY)
def test_a_link_that_somebody_has_put_in_place_of_a_file_of_the_host(
    place: Path, read: t.Callable[..., list[Entry]]
) -> None:
    """Between the look at it and its copy."""
    entries = read({"path": place / "new", "source": str(place / "stale"), "mode": "0644"})
    changes = find_changes(entries)
    (place / "stale").rename(place / "secret")
    (place / "stale").symlink_to("secret")
    os.lchown(place / "stale", 1234, 1234)
    with pytest.raises(StoreError, match="is a link of user 1234, which root does not follow"):
        carry_out(entries, changes, lambda _path, _place: None)
    assert not (place / "new").exists()


def test_only_the_mode(place: Path, bring: Bring) -> None:
    entries = (
        {"path": place / "config.yaml", "content": "a: 1\n", "mode": "0600"},
        {"path": place / "tree", "state": "directory", "mode": "0700"},
    )
    inode = (place / "config.yaml").stat().st_ino
    assert bring(*entries) == paths(entries)
    assert (mode(place / "config.yaml"), mode(place / "tree")) == (0o600, 0o700)
    assert (place / "config.yaml").stat().st_ino == inode
    assert bring(*entries) == []


@pytest.mark.skipif(os.geteuid() != 0, reason=ROOT_ONLY)
def test_owners(place: Path, bring: Bring) -> None:
    entries = (
        {"path": place / "new", "state": "directory", "owner": "1234", "group": "5678"},
        {"path": place / "new/file", "content": "", "owner": "1234", "mode": "4755"},
        {"path": place / "config.yaml", "content": "a: 1\n", "group": "5678"},
    )
    assert bring(*entries) == paths(entries)
    owners = [(path.stat().st_uid, path.stat().st_gid) for path in (place / "new", place / "new/file")]
    assert owners == [(1234, 5678), (1234, 0)]
    assert mode(place / "new/file") == 0o4755
    assert ((place / "config.yaml").stat().st_gid, mode(place / "config.yaml")) == (5678, 0o640)
    assert bring(*entries) == []


@pytest.mark.skipif(os.geteuid() != 0, reason=ROOT_ONLY)
def test_what_is_not_asked_for_stays(place: Path, bring: Bring) -> None:
    os.chown(place / "config.yaml", 1234, 5678)
    bring({"path": place / "config.yaml", "content": "new\n"})
    there = (place / "config.yaml").stat()
    assert (there.st_uid, there.st_gid, stat.S_IMODE(there.st_mode)) == (1234, 5678, 0o640)


def test_a_new_file_has_what_the_umask_allows(place: Path, bring: Bring) -> None:
    former = os.umask(0o027)
    try:
        bring({"path": place / "new", "content": ""})
    finally:
        os.umask(former)
    assert mode(place / "new") == 0o640


@pytest.mark.parametrize("umask", [0, 0o002, 0o022])
def test_only_the_owner_may_write_to_what_is_made_on_the_way(umask: int, place: Path, bring: Bring) -> None:
    former = os.umask(umask)
    try:
        bring({"path": place / "a/b", "state": "directory", "mode": "0755"})
    finally:
        os.umask(former)
    assert (mode(place / "a"), mode(place / "a/b")) == (0o755, 0o755)


def test_a_directory_that_is_there_keeps_its_mode_if_only_a_new_one_has_another(place: Path, bring: Bring) -> None:
    place.chmod(0o711)
    entries = [
        {"path": path, "state": "directory", "mode": "0750", "only_new": True} for path in (place, place / "new")
    ]
    assert bring(*entries) == [str(place / "new")]
    assert [mode(path) for path in (place, place / "new")] == [0o711, 0o750]
    assert bring(*entries) == []


def test_contexts_are_those_of_the_places(place: Path, bring: Bring, labels: list[tuple[str, str]]) -> None:
    bring(*new_contents(place))
    assert labels == [
        ("deep", "deep"),
        (".config.yaml.ansible-new", "config.yaml"),
        (".big.ansible-new", "big"),
        ("tree", "tree"),
    ]


def test_a_file_in_place_of_a_link(place: Path, bring: Bring) -> None:
    (place / "config.yaml").unlink()
    (place / "config.yaml").symlink_to("stale")
    bring({"path": place / "config.yaml", "content": "new\n"})
    assert not (place / "config.yaml").is_symlink()
    assert (place / "stale").read_text() == "old\n"


def test_a_link_to_a_directory_is_a_directory(place: Path, bring: Bring) -> None:
    (place / "link").symlink_to("tree")
    entries = (
        {"path": place / "link", "state": "directory"},
        {"path": place / "link/new", "content": ""},
    )
    assert bring(*entries) == [str(place / "link/new")]
    assert (place / "tree/new").exists()


def test_absent_removes_the_link_and_not_its_target(place: Path, bring: Bring) -> None:
    (place / "link").symlink_to("tree")
    bring({"path": place / "link", "state": "absent"})
    assert (place / "tree/below/file").exists()
    assert not (place / "link").is_symlink()


def test_absent_twice(place: Path, bring: Bring) -> None:
    entries = [{"path": place / name, "state": "absent"} for name in ("tree", "tree/below/file")]
    assert bring(*entries) == paths(entries)
    assert not (place / "tree").exists()


def test_the_order_of_directories_and_files_is_free(place: Path, bring: Bring) -> None:
    bring({"path": place / "new/file", "content": ""}, {"path": place / "new", "state": "directory"})
    assert (place / "new/file").exists()


def test_readers_meet_one_content_or_the_other(place: Path, bring: Bring) -> None:
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
            bring(
                {"path": place / "config.yaml", "content": letter * 70000},
                {"path": place / "current", "state": "link", "target": f"v{letter}"},
            )
    finally:
        over.set()
        thread.join()
    assert met <= {"aa70000", "bb70000", "v1", "va", "vb"}
    assert {"va", "vb"} <= met


def test_a_secret_is_never_readable(place: Path, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = os.fsync

    def watch(descriptor: int) -> None:
        seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    (place / "config.yaml").chmod(0o644)
    bring({"path": place / "config.yaml", "content": "secret", "mode": "0640"}, {"path": place / "new", "content": "s"})
    assert seen == [0o600, 0o600]


def test_a_content_that_does_not_fit(place: Path, bring: Bring, snapshot: Snapshot) -> None:
    before = snapshot()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(StoreError) as raised:
            bring(*new_contents(place))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(raised.value) == f"{place}/made/deep/big: File too large. Nothing was changed."
    assert raised.value.changed is False
    assert snapshot() == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk(
    number: int, place: Path, bring: Bring, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is found when the last of the contents goes to the disk."""
    before, calls = snapshot(), []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(store, "free_bytes", lambda _path: 17)
    with pytest.raises(StoreError) as raised:
        bring(*new_contents(place))
    assert str(raised.value) == (
        f"{place}/made/deep/big: {os.strerror(number)}. The new contents need 5004 bytes, but only 17 are free. "
        "Nothing was changed."
    )
    assert raised.value.changed is False
    assert snapshot() == before


def test_an_interrupt_leaves_nothing(
    place: Path, bring: Bring, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshot()

    def interrupt(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        bring(*new_contents(place))
    assert snapshot() == before


@pytest.mark.parametrize("content", ["new\n", "a: 1\n"])
def test_what_a_killed_run_left_is_removed(place: Path, bring: Bring, content: str) -> None:
    for name in ".config.yaml.ansible-new", ".gone.ansible-new":
        (place / name).write_text("half")
    (place / ".current.ansible-new").symlink_to("half")
    bring(
        {"path": place / "config.yaml", "content": content},
        {"path": place / "current", "state": "link", "target": "v2"},
        {"path": place / "gone", "state": "absent"},
        {"path": place / "neither" / "gone", "state": "absent"},
    )
    assert (place / "config.yaml").read_text() == content
    assert [name for name in names(place) if name.startswith(".")] == []


def test_hosts_that_share_a_place_make_the_same_directories_at_once(place: Path, bring: Bring) -> None:
    hosts, rounds = 6, 20
    start = threading.Barrier(hosts)

    def make(turn: int) -> None:
        entries = [
            {"path": place / f"shared-{turn}" / "deep", "state": "directory", "mode": "0750"},
            {"path": place / f"shared-{turn}" / "deep" / "below", "state": "directory", "mode": "0700"},
        ]
        start.wait()
        bring(*entries)

    with concurrent.futures.ThreadPoolExecutor(hosts) as pool:
        for turn in range(rounds):
            for done in [pool.submit(make, turn) for _host in range(hosts)]:
                done.result()
            made = place / f"shared-{turn}" / "deep"
            assert (mode(made), names(made), mode(made / "below")) == (0o750, ["below"], 0o700)
            assert names(made.parent) == ["deep"]


# Which removal fails, and what has changed before.
REMOVALS: dict[str, tuple[str, str, bool]] = {
    "the first change": ("tree", "nothing", False),
    "a later one": ("stale", "{place}/tree", True),
}


@pytest.mark.parametrize(("name", "done", "changed"), REMOVALS.values(), ids=REMOVALS)
def test_a_change_that_fails(
    name: str, done: str, changed: bool, place: Path, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(real: t.Callable[..., None]) -> t.Callable[..., None]:
        def remove(path: str | Path, *args: t.Any, **kwargs: t.Any) -> None:
            if Path(path).name == name:
                raise PermissionError(errno.EPERM, "Operation not permitted")
            real(path, *args, **kwargs)

        return remove

    monkeypatch.setattr(shutil, "rmtree", refusing(shutil.rmtree))
    monkeypatch.setattr(Path, "unlink", refusing(Path.unlink))
    with pytest.raises(StoreError) as raised:
        bring(
            {"path": place / "tree", "state": "absent"},
            {"path": place / "stale", "state": "absent"},
            {"path": place / "new", "content": ""},
        )
    monkeypatch.undo()
    assert str(raised.value) == (
        f"{place}/{name}: Operation not permitted. Already changed: {done.format(place=place)}."
    )
    assert raised.value.changed is changed
    assert [name for name in names(place) if "new" in name] == []


def test_a_tree_that_is_deeper_than_python(place: Path, bring: Bring) -> None:
    """As the user of the processes may make it in a directory that goes: no traceback reaches anybody."""
    here = os.open(place / "tree", os.O_PATH)
    for _level in range(sys.getrecursionlimit() + 200):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_PATH, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    # Some releases of Python come down to its end, if files enough may be open.
    with contextlib.suppress(StoreError):
        bring({"path": place / "tree", "state": "absent"})
    subprocess.run(["rm", "-rf", str(place / "tree")], check=True)
