# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The catalogue of options as `docs/options.md`, for people."""

from __future__ import annotations

import itertools
import typing as t

from flink_archive import RELEASES

Record = dict[str, t.Any]
Options = dict[str, list[Record]]

LINES = list(RELEASES)
MOST_ROWS = 90  # of a section; then what has a further prefix in common gets one of its own
LEAST_ROWS = 8

INTRODUCTION = """\
# Every option of Flink, release by release

What each release from {oldest} to {newest} reads, taken from its classes: {number} options. Search this page in a
browser, or with `grep -F execution.checkpointing docs/options.md`.

- **Option**: in a key, `<name>` stands for a name without dots and `<key>` for any rest. Below the key are other names,
  which set the option if its own does not. Those that Flink does not call deprecated are in *italics*.
- **Releases** are lines, such as 1.20, as their newest patch releases are:
  {versions}.
  A full version such as 1.19.1 stands where older patch releases differ: it is the first one that is not known to.
- **Default**: what Flink takes if nothing is set, in its own notation. None is given where it depends on the machine.
- **Deprecated, gone**: an alias goes on setting another option. Flink silently ignores what is gone, and accepts
  what nothing reads, without effect.

Formats, connectors and the like have options that are set in SQL and never in a configuration file; they are
[at the end](#options-of-sql). The page is generated: `make catalogue`.
"""
HEAD = "| Option | Releases | Type | Default | Deprecated, gone | Write instead |\n|---|---|---|---|---|---|"
SQL = """\
## Options of SQL

They are set in the `WITH` of a table, in a catalog, a module, a function or a hint.

"""


def as_page(options: Options) -> str:
    """The whole page."""
    of_files = {key: records for key, records in options.items() if not records[-1].get("sql")}
    of_sql = [key for key, records in options.items() if records[-1].get("sql")]
    introduction = INTRODUCTION.format(
        oldest=LINES[0],
        newest=LINES[-1],
        number=f"{len(of_files):,}",
        versions=", ".join(RELEASES.values()),
    )
    parts = sections("", list(of_files))
    contents = " · ".join(f"[{title}](#{anchor(title)})" for title in parts)
    targets = alias_targets(of_files)
    tables = (
        "\n".join(
            [
                f"## {title}\n",
                HEAD,
                *(row(key, of_files[key], later_targets(of_files[key], targets.get(key, {}))) for key in keys),
                "",
            ]
        )
        for title, keys in parts.items()
    )
    sql = SQL + ", ".join(f"{code(key)} ({releases(options[key])})" for key in of_sql) + "\n"
    return "\n".join([introduction, contents + "\n", *tables, sql])


def sections(prefix: str, keys: list[str]) -> dict[str, list[str]]:
    """The keys by what they begin with."""
    found: dict[str, list[str]] = {}
    rest: list[str] = []
    for start, group in itertools.groupby(keys, key=lambda key: key[len(prefix) :].partition(".")[0]):
        of_start = list(group)
        if len(of_start) < LEAST_ROWS:
            rest += of_start
        elif len(of_start) > MOST_ROWS:
            found.update(sections(f"{prefix}{start}.", of_start))
        else:
            found[f"{prefix}{start}"] = of_start
    if prefix and sum(map(len, found.values())) < len(keys) / 2:
        return {prefix.rstrip("."): keys}
    if rest:
        found[f"{prefix.rstrip('.')}, others" if prefix else "Others"] = rest
    return found


def row(key: str, records: list[Record], alias_of: dict[str, list[Record]]) -> str:
    """An option as a row of its table."""
    instead = [other for record in records for other in record.get("instead", [])] or list(alias_of)
    cells = [
        "<br>".join([code(key), *other_names(records)]),
        releases(records),
        by_release(records, type_text),
        by_release(records, lambda record: code(record["default"]) if record.get("default") else "–"),
        fate(records, alias_of),
        ", ".join(map(code, dict.fromkeys(instead))),
    ]
    return f"| {' | '.join(cells)} |"


def other_names(records: list[Record]) -> list[str]:
    """The aliases of an option, with the lines in which they are no longer or not yet."""
    aliases: dict[str, list[Record]] = {}
    for record in records:
        for alias in record.get("aliases", []):
            aliases.setdefault(alias, []).append(record)
    return [
        (f"*{code(alias[1:])}*" if alias.startswith("=") else code(alias))
        + ("" if len(of_alias) == len(records) else f" ({releases(of_alias)})")
        for alias, of_alias in aliases.items()
    ]


def type_text(record: Record) -> str:
    """The type, with the constants of an enum."""
    return " ".join([record.get("type", ""), *map(code, record.get("choices", []))])


def by_release(records: list[Record], text: t.Callable[[Record], str]) -> str:
    """What the records say, each from when on it is said."""
    groups = [(said, next(group)) for said, group in itertools.groupby(records, key=text)]
    first, *others = groups
    return "; ".join([first[0], *(f"from {record['from']} {said}" for said, record in others)])


def releases(records: list[Record]) -> str:
    """The releases of the records."""
    spans: list[list[str | None]] = []
    for record in records:
        if spans and follows(spans[-1][1], record["from"]):
            spans[-1][1] = record.get("to")
        else:
            spans.append([record.get("from"), record.get("to")])
    return ", ".join(span(first, last) for first, last in spans)


def span(first: str | None, last: str | None) -> str:
    """From the first to the last release; none for that of all."""
    if first is None:
        return "all" if last is None else f"to {last}"
    if last is None:
        return f"from {first}"
    return first if first == last else f"{first} – {last}"


def follows(last: str | None, first: str) -> bool:
    """Whether nothing is between the end of a span and the start of another one."""
    if last is None:
        return False
    if first in LINES:
        return last in LINES and LINES.index(first) == LINES.index(last) + 1
    return last == former(first)


def fate(records: list[Record], alias_of: dict[str, list[Record]]) -> str:
    """What became of the option."""
    found = []
    for said, of_these in (
        ("deprecated", [record for record in records if record.get("deprecated")]),
        ("read by nothing", [record for record in records if record.get("unread")]),
    ):
        if of_these:
            found.append(said if len(of_these) == len(records) else f"{said} {releases(of_these)}")
    aliased = [record for of_target in alias_of.values() for record in of_target]
    found += dict.fromkeys(f"alias {releases(of_target)}" for of_target in alias_of.values())
    after = end_of([*records, *aliased]) + 1
    if after < len(LINES):
        found.append(f"gone in {LINES[after]}")
    return "; ".join(found)


def alias_targets(options: Options) -> dict[str, dict[str, list[Record]]]:
    """For each alias, the options that it sets, with the records that say so."""
    found: dict[str, dict[str, list[Record]]] = {}
    for key, records in options.items():
        for record in records:
            for alias in record.get("aliases", []):
                found.setdefault(alias.removeprefix("="), {}).setdefault(key, []).append(record)
    return found


def later_targets(records: list[Record], alias_of: dict[str, list[Record]]) -> dict[str, list[Record]]:
    """The options that the key goes on setting when it is none of its own any more."""
    end = end_of(records)
    return {target: of_target for target, of_target in alias_of.items() if end_of(of_target) > end}


def end_of(records: list[Record]) -> int:
    """The place of the last line of the records."""
    return max(LINES.index(line_of(record.get("to", LINES[-1]))) for record in records)


def line_of(release: str) -> str:
    """The line of a line or of a full version."""
    return ".".join(release.split(".")[:2])


def former(patch: str) -> str:
    """The patch release before a patch release."""
    line, _dot, number = patch.rpartition(".")
    return f"{line}.{int(number) - 1}"


def code(text: str) -> str:
    """Text as it is, in a table."""
    return f"`{text}`".replace("|", r"\|")


def anchor(title: str) -> str:
    """The anchor that a heading gets."""
    return "".join(char for char in title.lower() if char.isalnum() or char in " -_").replace(" ", "-")
