# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import errno
import os
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.places import obstacle, opened, reached, rights

if t.TYPE_CHECKING:
    from pathlib import Path

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="owners are changed by root alone")


@AS_ROOT
def test_links_of_root_lead_anywhere(place: Path) -> None:
    (place / "relative").symlink_to("tree/../tree/below")
    (place / "absolute").symlink_to(place / "relative")
    with reached(place / "absolute") as found:
        assert (found / "file").exists()


@AS_ROOT
def test_a_loop_ends(place: Path) -> None:
    (place / "loop").symlink_to("loop")
    with pytest.raises(OSError, match="Too many levels") as raised, reached(place / "loop"):
        pass
    assert raised.value.errno == errno.ELOOP


@AS_ROOT
def test_no_descriptor_is_left_open(place: Path) -> None:
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - numbers
    for name in ("tree", "missing", "current/below", "stale/below"):
        assert obstacle(place / name) is None
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208 - numbers


def test_a_link_is_not_opened(place: Path) -> None:
    with pytest.raises(OSError, match="Too many levels"), opened(place / "current"):
        pass


@AS_ROOT
def test_the_rights_of_a_user(place: Path) -> None:
    for parent in (place, *list(place.parents)[:3]):
        parent.chmod(0o755)
    (place / "tree").chmod(0o751)
    account = (os.getresuid(), os.getresgid(), os.getgroups())
    assert [rights(str(place / "tree"), user) for user in (None, "root", "nobody", "no-such-user")] == [
        *("rwx", "rwx"),
        *("x", "x"),
    ]
    assert rights(str(place / "missing"), "nobody") is None
    assert (os.getresuid(), os.getresgid(), os.getgroups()) == account


NOBODYS, OTHERS = 65534, 12345

# Group and mode of a directory, the user, a group that it is given, and whether it could replace what is in there.
PARENTS: dict[str, tuple[int, int, str, str | None, bool]] = {
    "the user's group": (NOBODYS, 0o2775, "nobody", None, True),
    "a group that the user gets": (0, 0o775, "nobody", "root", True),
    "a group that is yet to be made": (0, 0o775, "nobody", "no-such-group", False),
    "a group of a user who is yet to be made": (0, 0o775, "no-such-user", "root", True),
    "another group": (OTHERS, 0o775, "nobody", None, False),
    "everybody, each what is theirs": (0, 0o1777, "nobody", None, False),
    "the user's group, each what is theirs": (NOBODYS, 0o1775, "nobody", None, False),
    "the user's group, who only reads": (NOBODYS, 0o755, "nobody", None, False),
    "a user who is root": (0, 0o775, "root", None, False),
}


@AS_ROOT
@pytest.mark.parametrize(("group", "mode", "user", "into", "is_refused"), PARENTS.values(), ids=PARENTS)
def test_a_user_who_could_replace_a_part_of_the_way(
    group: int, mode: int, user: str, into: str | None, is_refused: bool, place: Path
) -> None:
    for parent in (place, *list(place.parents)[:3]):
        parent.chmod(0o755)
    parent = place / "tree"
    os.chown(parent, 0, group)
    parent.chmod(mode)
    expected = (
        f"{parent} may be written by {user}, who could replace what root writes and runs below it. Take that right "
        f"away (chmod g-w {parent}), or choose a place whose parents only root may write."
    )
    for name in ("below", "new"):
        assert obstacle(parent / name, user=user, group=into) == (expected if is_refused else None)
    assert obstacle(parent / "below") is None
