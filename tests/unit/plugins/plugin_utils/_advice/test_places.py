# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.places import directory_to_write, file_to_write

if t.TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory in which the playbook is called: it holds a file and a directory that is read only."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def test_paths_begin_where_the_playbook_is_called(here: Path) -> None:
    assert file_to_write("f", "looks.json") == here / "looks.json"
    assert file_to_write("f", f"{here}/looks.json") == here / "looks.json"
    assert directory_to_write("d", "a/b") == here / "a/b"
    assert directory_to_write("d", "~/advice") == here / "home/advice"
    assert (file_to_write("f", None), directory_to_write("d", None)) == (None, None)


FILES: dict[str, tuple[object, str]] = {
    "a mapping": ({"path": "looks.json"}, "expected the path of a file, such as flink-observed.json, got a mapping."),
    "a list": (["looks.json"], "got a list."),
    "a number": (5, "got 5."),
    "nothing": ("", "got ''."),
    "blanks": ("  ", "got '  '."),
    "what no file can be called": ("a\0b", r"got 'a\x00b'."),
    "in a directory that is not there": ("gone/looks.json", "expected a file in a directory that can be written, got"),
    "in a file": ("file/looks.json", "file/looks.json. Create the directory, or name another file."),
}


@pytest.mark.parametrize(("value", "words"), FILES.values(), ids=FILES)
def test_files_that_cannot_be_written(value: object, words: str) -> None:
    refused(file_to_write, "flink_observe_file", value, words)


DIRECTORIES: dict[str, tuple[object, str]] = {
    "a mapping": ({}, "expected the path of a directory, such as advice, got a mapping."),
    "a file": ("file", "file is a file. Name another one."),
    "in a file": ("file/advice", "file is a file. Name another one."),
    "of the kernel": ("/proc/advice", "/proc cannot be written. Name another one."),
}


@pytest.mark.parametrize(("value", "words"), DIRECTORIES.values(), ids=DIRECTORIES)
def test_directories_that_cannot_be_written(value: object, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, _mode: not str(path).startswith("/proc"))
    refused(directory_to_write, "flink_advice_dir", value, words)


def refused(check: t.Callable[[str, object], Path | None], variable: str, value: object, words: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        check(variable, value)
    assert str(refusal.value).startswith(f"{variable}: expected ")
    assert words in str(refusal.value)
