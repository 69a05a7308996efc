# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._target.texts import (
    HostError,
    printable,
    read_text,
    valid,
)

if t.TYPE_CHECKING:
    from pathlib import Path

# The bytes of a file, and its text.
TEXTS: dict[str, tuple[bytes, str]] = {
    "blanks around it": (b"\n 4096\t\n", "4096"),
    "several lines": (b"MemTotal: 1 kB\nMemFree: 1 kB\n", "MemTotal: 1 kB\nMemFree: 1 kB"),
    "not UTF-8": (b"ID=\xff\n", "ID=\ufffd"),
    "empty": (b"", ""),
}


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(("content", "text"), TEXTS.values(), ids=TEXTS)
def test_texts(content: bytes, text: str, strict: bool, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    assert read_text(tmp_path / "file", strict=strict) == text


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize("name", ["missing", "file/below", "dangling"])
def test_a_missing_file_has_no_text(name: str, strict: bool, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to("nowhere")
    assert read_text(tmp_path / name, strict=strict) is None


def test_a_file_that_cannot_be_read_is_an_error_only_if_strict(tmp_path: Path) -> None:
    assert read_text(tmp_path) is None
    with pytest.raises(
        HostError, match=f"^{re.escape(str(tmp_path))}: expected a readable file, got Is a directory\\.$"
    ):
        read_text(tmp_path, strict=True)


def make_long(path: Path) -> None:
    path.write_text("")
    os.truncate(path, 2**26 + 1)


# What is at a path that is no file to be read, and what is said of it.
NO_FILES: dict[str, tuple[t.Callable[[Path], t.Any], str]] = {
    "a pipe without a writer": (os.mkfifo, "It is not a regular file"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "It is not a regular file"),
    "a link to a directory": (lambda path: path.symlink_to("/"), "Is a directory"),
    "more than anybody reads": (make_long, "more than 64 MiB"),
}


@pytest.mark.parametrize(("put", "problem"), NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file_is_not_read(put: t.Callable[[Path], t.Any], problem: str, tmp_path: Path) -> None:
    put(tmp_path / "x")
    with pytest.raises(HostError, match=f"expected a readable file, got {problem}\\.$"):
        read_text(tmp_path / "x", strict=True)
    assert read_text(tmp_path / "x") is None


def test_links_are_followed_unless_they_may_be_anybodys(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a")
    (tmp_path / "link").symlink_to("file")
    assert [read_text(tmp_path / "link", follows=follows) for follows in (True, False)] == ["a", None]


def test_values_that_json_can_carry() -> None:
    assert valid({"a\udcff": ["é\ud800", 1, None, ("x",)]}) == {"a\ufffd": ["é\ufffd", 1, None, ["x"]]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße\t✓", "Grüße\t✓"),
        ("\x1b[2J\x07\r\x7f\x9b", r"\x1b[2J\x07\r\x7f\x9b"),
        ("\u202egpj", r"\u202egpj"),
        ("\udcff", r"\udcff"),
    ],
    ids=["text", "control characters", "the direction of writing", "half a character"],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown
