# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.entries import (
    EntryError,
    parse_mode,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._target.entries import Entry

Read = t.Callable[..., "list[Entry]"]

MODES: list[tuple[t.Any, int | None]] = [
    ("0640", 0o640),
    ("640", 0o640),
    ("1777", 0o1777),
    (0o640, 0o640),
    (None, None),
    (True, None),
    (-1, None),
    (0o10000, None),
    ("0o640", None),
    ("64", None),
    ("0890", None),
    ("u=rw", None),
    ("", None),
    ([0o640], None),
]

# Entries that are refused, and the message.
REFUSED: dict[str, tuple[list[dict[str, t.Any]], str]] = {
    "relative": ([{"path": "a/b"}], "files[0].path: expected an absolute path without '..', got 'a/b'."),
    "a way out": ([{"path": "/a/../b"}], "files[0].path: expected an absolute path without '..', got '/a/../b'."),
    "the root": ([{"path": "/", "state": "directory"}], "files[0].path: expected a path below /, got '/'."),
    "remove the root": ([{"path": "//", "state": "absent"}], "files[0].path: expected a path below /, got '//'."),
    "remove a main directory": (
        [{"path": "//opt/./", "state": "absent"}],
        "files[0].path: expected a path two levels below / to remove, got /opt. Name a path inside it.",
    ),
    "a mode": (
        [{"path": "/a/b", "content": "", "mode": "rw"}],
        "files[0].mode: expected a quoted octal number such as '0640', got 'rw'.",
    ),
    "a byte that no path has": (
        [{"path": "/a/b\0", "state": "absent"}],
        r"files[0].path: expected printable characters, got '/a/b\x00'. Correct it.",
    ),
    "half a character in a path": (
        [{"path": "/a/\ud800", "state": "absent"}],
        r"files[0].path: expected printable characters, got '/a/\ud800'. Correct it.",
    ),
    "a line break in a target": (
        [{"path": "/a/b", "state": "link", "target": "c\nd"}],
        r"files[0].target: expected printable characters, got 'c\nd'. Correct it.",
    ),
    "a line break in an owner": (
        [{"path": "/a/b", "content": "", "owner": "a\0b"}],
        r"files[0].owner: expected printable characters, got 'a\x00b'. Correct it.",
    ),
    "half a character in a content": (
        [{"path": "/a/b", "content": "hush\ud800"}],
        (r"files[0] (/a/b): expected a text that UTF-8 can carry, got '\ud800' as character 5. Correct the content."),
    ),
    "bytes in another encoding": (
        [{"path": "/a/b", "secret_content": "no Base64", "base64": True}],
        "files[0] (/a/b): expected Base64, got something else. Correct the content.",
    ),
    "no content": (
        [{"path": "/a/b"}],
        "files[0] (/a/b): expected one of content, secret_content, source for state file, got none.",
    ),
    "two contents": (
        [{"path": "/a/b", "content": "", "source": "/c"}],
        "files[0] (/a/b): expected one of content, secret_content, source for state file, got content and source.",
    ),
    "a secret that is none": (
        [{"path": "/a/b", "content": "", "secret_content": ""}],
        (
            "files[0] (/a/b): expected one of content, secret_content, source for state file, "
            "got content and secret_content."
        ),
    ),
    "a pattern without a secret": (
        [{"path": "/a/b", "content": "", "secret_pattern": "x"}],
        "files[0].secret_pattern: expected secret_content beside it, got none. Add it.",
    ),
    "no pattern": (
        [{"path": "/a/b", "secret_content": "", "secret_pattern": "("}],
        (
            "files[0].secret_pattern: expected a regular expression, got '(': missing ), unterminated subpattern at "
            "position 0. Correct it."
        ),
    ),
    "no target": ([{"path": "/a/b", "state": "link"}], "files[0] (/a/b): expected target for state link, got none."),
    "a link with content": (
        [{"path": "/a/b", "state": "link", "target": "c", "content": ""}],
        "files[0] (/a/b): expected no content for state link, got one. Remove it or change the state.",
    ),
    "a directory with a source": (
        [{"path": "/a/b", "state": "directory", "source": "/c"}],
        "files[0] (/a/b): expected no source for state directory, got one. Remove it or change the state.",
    ),
    "a file with a target": (
        [{"path": "/a/b", "content": "", "target": "c"}],
        "files[0] (/a/b): expected no target for state file, got one. Remove it or change the state.",
    ),
    "one path twice": (
        [{"path": "/a/b", "content": ""}, {"path": "/a//b/", "state": "absent"}],
        "files[1].path: expected a path of its own, got /a/b, which files[0] has. Remove one of them.",
    ),
    "below what is removed": (
        [{"path": "/a/b/c/d", "content": ""}, {"path": "/a/b", "state": "absent"}],
        "files[0].path: expected a path that stays, got /a/b/c/d in /a/b, which files[1] removes. Remove one of them.",
    ),
}


@pytest.mark.parametrize(("mode", "number"), MODES)
def test_modes(mode: t.Any, number: int | None) -> None:
    assert parse_mode(mode) == number


@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_refusals(given: list[dict[str, t.Any]], message: str, read: Read) -> None:
    with pytest.raises(EntryError, match=re.escape(message)):
        read(*given)


def test_entries(read: Read) -> None:
    file, link, below = read(
        {"path": "/a/b/", "content": "ü\n", "mode": "0640", "owner": "flink"},
        {"path": "/a/c", "state": "link", "target": "b"},
        {"path": "/a/bb/c", "state": "absent"},
    )
    assert (file.path, file.content, file.mode, file.owner) == ("/a/b", "ü\n".encode(), 0o640, "flink")
    assert (link.target, link.content, link.mode) == ("b", None, None)
    assert str(below.place) == "/a/bb/c"


def test_secrets(read: Read) -> None:
    secret, plain = read({"path": "/a/b", "secret_content": "x"}, {"path": "/a/c", "content": "x"})
    assert (secret.content, secret.is_secret, plain.is_secret) == (b"x", True, False)


def test_two_removals_one_in_the_other_are_no_conflict(read: Read) -> None:
    assert len(read({"path": "/a/b/c", "state": "absent"}, {"path": "/a/b", "state": "absent"})) == 2


def test_a_neighbour_with_the_same_beginning_is_no_conflict(read: Read) -> None:
    assert len(read({"path": "/a/b", "state": "absent"}, {"path": "/a/bc/d", "content": ""})) == 2


def test_bytes_that_no_text_can_carry(read: Read) -> None:
    entry, plain = read({"path": "/a/b", "secret_content": "/wD+", "base64": True}, {"path": "/a/c", "content": "/wD+"})
    assert (entry.content, plain.content) == (b"\xff\0\xfe", b"/wD+")
