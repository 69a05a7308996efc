# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.notes import Notes, Raise, Try


def test_notes_stand_in_the_order_in_which_they_came_up() -> None:
    notes = Notes()
    notes.hint("first", ("a", "b"), "It is so.", Try({"a": None}), Raise("b"), remedy="Change a.")
    notes.warning("second", iter(["c"]), "It is otherwise.", remedy="Change c.")
    notes.error("third", [], "It is hopeless.")
    assert [(note["level"], note["code"], note["options"], note["message"]) for note in notes.items] == [
        ("hint", "first", ["a", "b"], "It is so."),
        ("warning", "second", ["c"], "It is otherwise."),
        ("error", "third", [], "It is hopeless."),
    ]
    assert [note["remedy"] for note in notes.items] == ["Change a.", "Change c.", ""]
    assert notes.attempts == [(Try({"a": None}), Raise("b")), (), ()]
    assert notes.problems == ["second", "third"]


def test_there_is_nothing_to_note_at_first() -> None:
    assert Notes().items == []
