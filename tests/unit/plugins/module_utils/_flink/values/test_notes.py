# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.notes import Notes


def test_notes_stand_in_the_order_in_which_they_came_up() -> None:
    notes = Notes()
    notes.hint("first", ("a", "b"), "It is so.", "Change a.")
    notes.warning("second", iter(["c"]), "It is otherwise.", "Change c.")
    assert notes.items == [
        {"level": "hint", "code": "first", "options": ["a", "b"], "message": "It is so.", "remedy": "Change a."},
        {"level": "warning", "code": "second", "options": ["c"], "message": "It is otherwise.", "remedy": "Change c."},
    ]


def test_sentences_are_those_of_the_codes_asked_for() -> None:
    notes = Notes()
    for code in ("a", "b", "a"):
        notes.hint(code, [], f"This is {code}.", "Keep it.")
    assert notes.sentences("a") == ["This is a. Keep it."] * 2
    assert notes.sentences("b", "c") == ["This is b. Keep it."]
    assert notes.sentences() == []


def test_there_is_nothing_to_note_at_first() -> None:
    assert Notes().items == []
