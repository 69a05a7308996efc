# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import re
import shutil
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target import changes
from ansible_collections.streamops.flink.plugins.module_utils._target.changes import (
    asked_attributes,
    check_places,
    find_changes,
    kind,
    status,
)
from ansible_collections.streamops.flink.plugins.module_utils._target.entries import EntryError

if t.TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.streamops.flink.plugins.module_utils._target.entries import Entry

Read = t.Callable[..., "list[Entry]"]

KINDS = {
    "config.yaml": "file",
    "tree": "directory",
    "current": "link",
    "missing": "absent",
    "stale/below": "absent",
}

# User and group of an entry, and their numbers.
ACCOUNTS: dict[str, tuple[dict[str, str], tuple[int | None, int | None]]] = {
    "names": ({"owner": "root", "group": "root"}, (0, 0)),
    "numbers": ({"owner": "1234", "group": "5678"}, (1234, 5678)),
    "names that the host does not know": ({"owner": "no-such-user", "group": "no-such-group"}, (None, None)),
    "none": ({}, (None, None)),
    "a digit of another script, and one that is no number": ({"owner": "\u0665", "group": "\u00b2"}, (None, None)),
    "the number that means none, and one beyond": ({"owner": str(2**32 - 1), "group": "9" * 5000}, (None, None)),
}

# Entries that this host cannot have, and the message; {place} is the directory.
REFUSED: dict[str, tuple[dict[str, t.Any], str]] = {
    "a file in place of a directory": (
        {"path": "tree", "content": ""},
        "files[0].state: expected what a file replaces, got the directory {place}/tree. Remove it first.",
    ),
    "a link in place of a file": (
        {"path": "stale", "state": "link", "target": "x"},
        "files[0].state: expected what a link replaces, got the file {place}/stale. Remove it first.",
    ),
    "a link in place of a directory": (
        {"path": "tree", "state": "link", "target": "x"},
        "files[0].state: expected what a link replaces, got the directory {place}/tree. Remove it first.",
    ),
    "a file in place of a pipe": (
        {"path": "pipe", "content": ""},
        "files[0].state: expected what a file replaces, got the pipe {place}/pipe. Remove it first.",
    ),
    "a link in place of a pipe": (
        {"path": "pipe", "state": "link", "target": "x"},
        "files[0].state: expected what a link replaces, got the pipe {place}/pipe. Remove it first.",
    ),
    "a directory in place of a file": (
        {"path": "stale", "state": "directory"},
        "files[0].state: expected what a directory replaces, got the file {place}/stale. Remove it first.",
    ),
    "a directory in place of a dangling link": (
        {"path": "current", "state": "directory"},
        "files[0].state: expected what a directory replaces, got the link {place}/current. Remove it first.",
    ),
}

# The same, where a former task might make it right.
REFUSED_OUTSIDE_CHECK_MODE: dict[str, tuple[dict[str, t.Any], str]] = {
    "no parent": (
        {"path": "no/file", "content": ""},
        "files[0].path: expected the directory {place}/no, got none. Add an entry with state directory for it.",
    ),
    "no source": (
        {"path": "file", "source": "/nowhere/x"},
        "files[0].source: expected a file on the host, got /nowhere/x.",
    ),
    "no user": (
        {"path": "file", "content": "", "owner": "no-such-user"},
        "files[0].owner: expected a user of the host, got no-such-user. Create it first.",
    ),
    "no group": (
        {"path": "file", "content": "", "group": "no-such-group"},
        "files[0].group: expected a group of the host, got no-such-group. Create it first.",
    ),
}


# A content before, the option that gives the one after, and what the diff shows.
SHOWN: dict[str, tuple[bytes, dict[str, t.Any], tuple[str, str]]] = {
    "a text": (b"a\n", {"content": "b\n"}, ("a\n", "b\n")),
    "a secret": (
        b"a\n",
        {"secret_content": "hushed\n"},
        ("(previous content is secret)\n", "(new content is secret)\n"),
    ),
    "secret bytes": (
        b"a\n",
        {"secret_content": "BQL/", "base64": True},
        ("(previous content is secret)\n", "(new content is secret)\n"),
    ),
    "no text": (
        b"\xff\0",
        {"content": "b\n"},
        ("(previous content not shown: too long, not text, or missing)\n", "b\n"),
    ),
    "Latin 1": (b"\xff", {"content": "b\n"}, ("(previous content not shown: too long, not text, or missing)\n", "b\n")),
    "long": (
        b"a\n",
        {"content": "b" * 200_000},
        ("a\n", "(new content not shown: too long, not text, or missing)\n"),
    ),
}


def test_of_a_secret_only_whether_it_changed(read: Read, place: Path) -> None:
    path = place / "file"
    path.write_text("a=1\nb=hush\nc=hush\n")
    given = {"path": path, "secret_content": "a=2\nb=hush\nc=quiet\n", "secret_pattern": "(?m)(?<=^[bc]=).+"}
    (change,) = find_changes(read(given))
    before, after = (change.diff[0][side].splitlines() for side in ("before", "after"))
    assert (before[0], after[0]) == ("a=1", "a=2")
    assert before[1] == after[1]
    assert before[2] != after[2]
    assert all(re.fullmatch(r"[bc]=\(hidden [0-9a-f]{8}\)", line) for line in (*before[1:], *after[1:]))


@pytest.mark.parametrize(("name", "expected"), KINDS.items())
def test_kinds(name: str, expected: str, place: Path) -> None:
    assert kind(place / name) == expected
    assert (status(place / name) is None) == (expected == "absent")


@pytest.mark.parametrize(("options", "numbers"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_accounts(options: dict[str, str], numbers: tuple[int | None, int | None], read: Read) -> None:
    (entry,) = read({"path": "/a/b", "content": "", "mode": "0640", **options})
    assert asked_attributes(entry) == (*numbers, 0o640)


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(("entry", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(entry: dict[str, t.Any], message: str, check_mode: bool, place: Path, read: Read) -> None:
    os.mkfifo(place / "pipe")
    entries = read({**entry, "path": place / entry["path"]}, {"path": place / "new", "content": ""})
    with pytest.raises(EntryError, match=f"^{re.escape(message.format(place=place))}$"):
        check_places(entries, check_mode)


@pytest.mark.parametrize(("entry", "message"), REFUSED_OUTSIDE_CHECK_MODE.values(), ids=REFUSED_OUTSIDE_CHECK_MODE)
def test_what_a_former_task_might_make(entry: dict[str, t.Any], message: str, place: Path, read: Read) -> None:
    entries = read({**entry, "path": place / entry["path"]})
    check_places(entries, True)
    assert [change.entry for change in find_changes(entries)] == entries
    with pytest.raises(EntryError, match=f"^{re.escape(message.format(place=place))}$"):
        check_places(entries, False)


def test_a_parent_that_another_entry_makes(place: Path, read: Read) -> None:
    check_places(
        read(
            {"path": place / "new/file", "content": ""},
            {"path": place / "new/deep", "state": "directory"},
            {"path": place / "new/deep/file", "content": ""},
        ),
        False,
    )


def test_a_removal_needs_no_parent(place: Path, read: Read) -> None:
    check_places(read({"path": place / "missing/deep", "state": "absent", "owner": "no-such-user"}), False)


def test_nothing_to_do(place: Path, read: Read) -> None:
    entries = read(
        {"path": place / "tree", "state": "directory"},
        {"path": place / "config.yaml", "content": "a: 1\n", "mode": "0640", "owner": str(os.geteuid())},
        {"path": place / "stale", "source": str(place / "stale")},
        {"path": place / "current", "state": "link", "target": "v1"},
        {"path": place / "missing/deep", "state": "absent"},
    )
    assert find_changes(entries) == []


def test_changes_are_in_the_order_given(place: Path, read: Read) -> None:
    entries = read(
        {"path": place / "stale", "state": "absent"},
        {"path": place / "config.yaml", "content": "a: 1\n", "mode": "0600"},
        {"path": place / "tree", "state": "directory"},
        {"path": place / "new", "state": "directory"},
    )
    changes = [(change.entry.place.name, change.is_new) for change in find_changes(entries)]
    assert changes == [("stale", True), ("config.yaml", False), ("new", True)]


def test_attributes_in_diffs(place: Path, read: Read) -> None:
    (change,) = find_changes(
        read({"path": place / "config.yaml", "content": "a: 1\n", "mode": "0600", "owner": "no-such-user"})
    )
    (diff,) = change.diff
    assert diff["before"] == {"mode": "0640", "owner": str(os.geteuid())}
    assert diff["after"] == {"mode": "0600", "owner": "no-such-user"}


def test_a_new_content_with_another_mode_has_two_diffs(place: Path, read: Read) -> None:
    (change,) = find_changes(read({"path": place / "config.yaml", "content": "b\n", "mode": "0600"}))
    assert [diff["after"] for diff in change.diff] == ["b\n", {"mode": "0600"}]
    assert {diff["before_header"] for diff in change.diff} == {str(place / "config.yaml")}


def test_only_a_new_directory_has_the_mode_for_new_ones(place: Path, read: Read) -> None:
    entries = read(
        *({"path": place / name, "state": "directory", "mode": "0750", "only_new": True} for name in ("tree", "new"))
    )
    assert [change.entry.place.name for change in find_changes(entries)] == ["new"]


@pytest.mark.parametrize(("before", "after", "diff"), SHOWN.values(), ids=SHOWN)
def test_contents_in_diffs(
    before: bytes, after: dict[str, str], diff: tuple[str, str], place: Path, read: Read
) -> None:
    (place / "file").write_bytes(before)
    (change,) = find_changes(read({"path": place / "file", **after}))
    (shown,) = change.diff
    assert (shown["before"], shown["after"]) == diff
    assert shown["before_header"] == shown["after_header"] == str(place / "file")


def test_other_diffs(place: Path, read: Read) -> None:
    """Of what is new, and of what is no file."""
    new, link, absent, directory = (
        change.diff[0]
        for change in find_changes(
            read(
                {"path": place / "new", "secret_content": "x"},
                {"path": place / "current", "state": "link", "target": "v2"},
                {"path": place / "tree", "state": "absent"},
                {"path": place / "made", "state": "directory"},
            )
        )
    )
    assert (new["before"], new["after"]) == ("", "(new content is secret)\n")
    path = str(place / "current")
    assert link["before"] == {"path": path, "state": "link", "target": "v1"}
    assert link["after"] == {"path": path, "state": "link", "target": "v2"}
    assert absent["before"] == {"path": str(place / "tree"), "state": "directory"}
    assert absent["after"] == {"path": str(place / "tree"), "state": "absent"}
    assert directory["before"] == {"path": str(place / "made"), "state": "absent"}
    assert directory["after"] == {"path": str(place / "made"), "state": "directory"}


@pytest.mark.skipif(os.geteuid() != 0, reason="owners are changed by root alone")
@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("name", ["link", "directory/secret"])
def test_a_source_is_not_found_by_links_of_others(name: str, check_mode: bool, place: Path, read: Read) -> None:
    """Who could write to a release once could have it copied for everybody, or shown, what only root may read."""
    (place / "secret").write_text("hush\n")
    (place / "link").symlink_to("secret")
    (place / "directory").symlink_to(".")
    entries = read({"path": place / "new", "source": str(place / name)})
    check_places(entries, check_mode)
    for link in ("link", "directory"):
        os.lchown(place / link, 1234, 1234)
    (change,) = find_changes(entries)
    assert change.diff[0]["after"] == "(new content not shown: too long, not text, or missing)\n"
    with pytest.raises(
        EntryError, match=r"^files\[0\]\.source: .* is a link of user 1234, which root does not follow\."
    ):
        check_places(entries, check_mode)


def test_a_pipe_is_not_read_for_a_diff(place: Path, read: Read) -> None:
    os.mkfifo(place / "pipe")
    ((_entry, _is_new, (diff,)),) = find_changes(read({"path": place / "new", "source": str(place / "pipe")}))
    assert diff["after"] == "(new content not shown: too long, not text, or missing)\n"


# Where something is mounted below the place, whether only what is empty is to go, and what becomes of the directory.
MOUNTED: dict[str, tuple[str, bool, str]] = {
    "nothing in it": ("other", False, "removed"),
    "a name that begins alike": ("tree2", False, "removed"),
    "the directory itself": ("tree", False, "refused"),
    "deep in it": ("tree/log/deep", False, "refused"),
    "an empty one that is a mount point": ("tree", True, "kept"),
    "an empty one that is none": ("other", True, "removed"),
}


@pytest.mark.parametrize(("point", "only_empty", "expected"), MOUNTED.values(), ids=MOUNTED)
def test_what_is_mounted_is_not_removed(
    point: str,
    only_empty: bool,
    expected: str,
    place: Path,
    tmp_path: Path,
    read: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    table = f"22 1 0:20 / / rw - ext4 /dev/sda1 rw\n23 22 0:20 / {place}/{point} rw - ext4 /dev/sda1 rw\n"
    (tmp_path / "proc/self/mountinfo").write_text(table)
    monkeypatch.setattr(changes, "_ROOT", tmp_path)
    if only_empty:
        shutil.rmtree(place / "tree/below")
    entries = read({"path": place / "tree", "state": "absent", "only_empty": only_empty})
    if expected == "refused":
        with pytest.raises(EntryError) as refusal:
            check_places(entries, True)
        assert str(refusal.value) == (
            f"files[0].path: expected no file system mounted in {place}/tree, which would be emptied with it, got "
            f"{place}/{point}. Unmount it first."
        )
        return
    check_places(entries, True)
    assert len(find_changes(entries)) == (expected == "removed")
