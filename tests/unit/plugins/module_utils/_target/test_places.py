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
