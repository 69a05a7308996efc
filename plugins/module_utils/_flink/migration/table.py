# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A migration, or a comparison of two releases, as a text for people."""

from __future__ import annotations

import textwrap
import typing as t

from ..values.shapes import check, list_of, mapping, text

_WIDTH = 100
_TITLES = {"jobmanager": "JobManager", "taskmanager": "TaskManager"}
_NOTE = mapping({"message": text, "remedy": text})
_PARTS: dict[str, t.Any] = {
    "from_version": text,
    "to_version": text,
    "changes": list_of(mapping({"option": text, "action": text, "to": list_of(text), "message": text})),
    "defaults": list_of(mapping({"option": text, "since": text, "message": text})),
    "memory": list_of(mapping({"process": text, "message": text})),
    "decisions": list_of(_NOTE),
}
_MIGRATED = mapping(_PARTS)
_COMPARED = mapping({**_PARTS, "java": mapping({"message": text}), "files": mapping({"message": text})})


def migration_table(migrated: t.Any) -> str:
    """What became of each option, what changed besides, and what is to decide; at most 100 columns where keys allow.

    Raises FlinkError for what is no migration.
    """
    check(migrated, _MIGRATED, "a migration such as the filter streamops.flink.migrate_config gives")
    kept = [row["option"] for row in migrated["changes"] if row["action"] == "kept" and not row["message"]]
    rows = [row for row in migrated["changes"] if row["option"] not in kept]
    actions = [row["action"] for row in migrated["changes"]]
    counts = ", ".join(f"{actions.count(action)} {action}" for action in dict.fromkeys(actions)) or "no options"
    return "".join(
        [
            f"From Flink {migrated['from_version']} to {migrated['to_version']}: {counts}\n",
            _section("Options", [_option(row) for row in rows]),
            _section("Kept as they are", [_wrapped(", ".join(kept))] if kept else []),
            *_changes(migrated),
        ]
    )


def comparison_table(compared: t.Any) -> str:
    """What changes for a configuration between two releases, on one page. Raises FlinkError for what is none."""
    check(compared, _COMPARED, "a comparison such as the filter streamops.flink.compare_releases gives")
    facts = [_wrapped(compared[part]["message"]) for part in ("java", "files")]
    return "".join(
        [
            f"From Flink {compared['from_version']} to {compared['to_version']}\n",
            _section("Java and files", facts),
            _section("Options", [_option(row) for row in compared["changes"]]),
            *_changes(compared),
        ]
    )


def _changes(value: dict[str, t.Any]) -> t.Iterator[str]:
    yield _section(
        "Defaults", [_entry(row["option"], f"From {row['since']} on {row['message']}") for row in value["defaults"]]
    )
    yield _section(
        "Memory", [_entry(_TITLES.get(row["process"], row["process"]), row["message"]) for row in value["memory"]]
    )
    decisions = [_wrapped(f"{note['message']} {note['remedy']}".strip(), "- ") for note in value["decisions"]]
    yield _section("To decide", decisions)


def _section(title: str, entries: list[str]) -> str:
    return "\n" + "\n".join([title, "-" * len(title), *entries]) + "\n" if entries else ""


def _option(row: dict[str, t.Any]) -> str:
    became = ", ".join(row["to"]) if row["to"] != [row["option"]] else ""
    return _entry(f"{row['action']}: {row['option']}{f' -> {became}' if became else ''}", row["message"])


def _entry(head: str, message: str) -> str:
    return f"{head}\n{_wrapped(message, '    ')}" if message else head


def _wrapped(message: str, start: str = "") -> str:
    return textwrap.fill(
        message,
        _WIDTH,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )
