# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.identity import is_of, job_id, runs
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.journal import (
    Journal,
    Rejected,
    SavedState,
    Version,
    newest,
    read_journal,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.state_versions import (
    metadata_version,
    state_advice,
    state_objection,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError

VERSION = Version("d" * 64, "/j/o.jar", "A", ("--a", "b c"), 2, {"a": "1"}, "2.3", 1)
NOTE = Journal(name="orders", serial=3, time=7, phase="running", job_id="a" * 32, version=VERSION)
STATE = SavedState("file:/s/1", 5, "2.3")


def test_a_note_is_read_as_it_was_written() -> None:
    note = NOTE.noted(
        9, phase="stopped", savepoint=STATE, former=VERSION, rejected=Rejected("e" * 64, "It threw.", 8), trigger_id="t"
    )
    assert read_journal(note.text(), "x") == note
    assert (note.serial, note.time, note.history) == (4, 9, (STATE,))


def test_the_states_of_a_job_are_kept_the_newest_first() -> None:
    note = NOTE
    for number in [*range(60), 58]:
        note = note.noted(9, savepoint=dataclasses.replace(STATE, path=f"file:/s/{number}"))
    kept = [58, 59, *range(57, 10, -1)]
    assert [state.path for state in note.history] == [f"file:/s/{number}" for number in kept[:10]]


NO_NOTES = {
    "nothing": "",
    "a list": "[]",
    "an empty mapping": "{}",
    "null": "null",
    "only a format": '{"format": 1}',
    "another format": NOTE.text().replace('"format": 1', '"format": 2'),
    "another phase": NOTE.text().replace('"phase": "running"', '"phase": "dancing"'),
    "half a note": NOTE.text()[:-9],
    "a name that leads elsewhere": NOTE.text().replace('"name": "orders"', '"name": "../../../etc/x"'),
    "a name that is none": NOTE.text().replace('"name": "orders"', '"name": 7'),
    "a serial number that is none": NOTE.text().replace('"serial": 3', '"serial": "3"'),
    "a time that is none": NOTE.text().replace('"time": 7', '"time": null'),
    "an ID that is none": NOTE.text().replace("a" * 32, "../jars"),
    "a path that is none": NOTE.noted(9, savepoint=STATE).text().replace('"file:/s/1"', "[]"),
    "an argument that is none": NOTE.text().replace('"b c"', "5"),
}


@pytest.mark.parametrize("text", NO_NOTES.values(), ids=NO_NOTES)
def test_what_is_no_note(text: str) -> None:
    with pytest.raises(FlinkError, match=r"^h1: the note: expected what this collection notes of a job"):
        read_journal(text, "h1: the note")


def test_the_newest_note_counts() -> None:
    older, newer = NOTE, NOTE.noted(1)
    assert newest([older, newer, older]) is newer
    assert newest([]) is None


def test_a_job_id_says_which_job_and_version_it_is() -> None:
    found = job_id("flink", "orders", "d" * 64, "0123abcd")
    assert len(found) == 32
    assert set(found) <= set("0123456789abcdef")
    assert is_of(found, "flink", "orders")
    assert not is_of(found, "flink", "order")
    assert not is_of(found, "other", "orders")
    assert runs(found, "d" * 64)
    assert not runs(found, "e" * 64)


@pytest.mark.parametrize(
    ("release", "version"), [("1.10", 2), ("1.11", 3), ("1.15", 3), ("1.16", 4), ("1.20", 4), ("2.0", 5), ("2.3", 6)]
)
def test_versions_of_metadata(release: str, version: int) -> None:
    assert metadata_version(release) == version


@pytest.mark.parametrize(
    ("before", "after", "is_refused"),
    [
        ("1.20", "2.3", False),
        ("2.3", "1.20", True),
        ("2.3", "2.1", False),
        ("2.1", "2.0", True),
        ("1.20", "1.16", False),
    ],
)
def test_states_that_another_release_cannot_read(before: str, after: str, is_refused: bool) -> None:
    assert (state_objection(before, after) is not None) is is_refused


@pytest.mark.parametrize(
    ("before", "after", "is_said"),
    [
        ("1.20", "2.3", True),
        ("1.13", "2.0", True),
        ("2.0", "2.3", False),
        ("1.16", "1.20", False),
        ("2.3", "1.20", False),
    ],
)
def test_what_is_known_to_be_lost_is_said_before(before: str, after: str, is_said: bool) -> None:
    assert (state_advice(before, after) is not None) is is_said
