# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.window_file import (
    read_window_file,
    write_window_file,
)
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice.night import WINDOW

if t.TYPE_CHECKING:
    from pathlib import Path


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "looks.json"
    assert read_window_file(path, ["tm1"]) is None
    write_window_file(path, WINDOW)
    assert read_window_file(path, ["tm1", "tm3"]) == WINDOW
    assert [file.name for file in tmp_path.iterdir()] == ["looks.json"]
    assert path.stat().st_mode & 0o077 == 0, "it has lines of logs"


# What is in the file, and what is said of it.
FOREIGN: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "got no JSON in"),
    "what a killed run has written": (b'{"format": 1, "fir', "got no JSON in"),
    "no text": (b"\xff\xfe", "got no text in"),
    "an inventory": (b'{"all": {"hosts": {"tm1": null}}}', "a mapping without format"),
    "a later format": (b'{"format": 7}', "got those of another release of the collection in"),
    "a list": (b"[]", "not a list"),
    "brackets beyond reason": (b"[" * 100_000, "got no JSON in"),
    "looks with a text for a number": (json.dumps({**WINDOW, "looks": "many"}).encode(), "looks is text"),
    "looks of another cluster": (
        json.dumps({**WINDOW, "processes": {"x1": {}}, "observation": {**WINDOW["observation"], "hosts": {}}}).encode(),
        "got those of another cluster, at x1 in",
    ),
}


@pytest.mark.parametrize(("content", "words"), FOREIGN.values(), ids=FOREIGN)
def test_what_is_foreign_is_refused_and_left_alone(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "looks.json"
    path.write_bytes(content)
    with pytest.raises(FlinkError) as refusal:
        read_window_file(path, ["tm1"])
    assert words in str(refusal.value)
    assert str(path) in str(refusal.value)
    assert "Name another file with -e flink_observe_file=FILE" in str(refusal.value)
    assert path.read_bytes() == content


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FlinkError, match="got Is a directory in"):
        read_window_file(tmp_path, ["tm1"])
    with pytest.raises(FlinkError, match=r"expected a place to write, got .*/none/looks.json: No such file"):
        write_window_file(tmp_path / "none/looks.json", WINDOW)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "looks.json")
    with pytest.raises(FlinkError, match="got a pipe or a device in"):
        read_window_file(tmp_path / "looks.json", ["tm1"])


def test_a_file_stays_as_it_was_if_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "looks.json"
    write_window_file(path, WINDOW)
    with pytest.raises(TypeError):
        write_window_file(path, t.cast("t.Any", {"looks": object()}))
    assert read_window_file(path, ["tm1"]) == WINDOW
    assert [file.name for file in tmp_path.iterdir()] == ["looks.json"]
