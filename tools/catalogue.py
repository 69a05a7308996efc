# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads all options of every Flink release out of its jars, and writes the catalogue that the collection checks by.

What no jar tells comes from `catalogue_facts.py`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import typing as t
from dataclasses import dataclass
from pathlib import Path

from catalogue_facts import FIRST_RELEASES, KEPT, SUCCESSORS, UNREAD
from flink_archive import RELEASES, ArchiveError, cache, unpack_jars
from oracle import OracleError, compile_java, find_tool, from_row

ROOT = Path(__file__).parents[1]
SOURCE = Path(__file__).with_name("Catalogue.java")
CATALOGUE = ROOT / "plugins" / "module_utils" / "_flink" / "catalogue" / "catalogue.json"
LINES = list(RELEASES)
MEMBERS = ("from", "to", "type", "default", "choices", "aliases", "deprecated", "instead", "unread", "sql")

# A default with this in it depends on the machine.
MACHINE = "/of-the-machine"
TYPES = {"MemorySize": "memory"}

# Keys that nobody sets, and classes whose options are set by Flink, by an operator or by nothing at all.
INTERNAL = re.compile(r"\$internal\.|internal\.|hidden\.|__|python\.internal\.|kubernetes\.internal\.")
INTERNAL_CLASSES = re.compile(r".*OptionsInternal|.*\.StreamConfig|.*\.ConfigConstants")

# Classes with options of tables, formats, catalogs, modules, functions and hints; and what of these is none.
SQL_CLASSES = re.compile(
    r"org\.apache\.flink\.(?:formats|connector\.(?:base\.table|datagen|file\.table|print)"
    r"|table\.(?:catalog|connector|factories|filesystem|formats|module|planner\.hint|runtime\.arrow|sinks|utils\.python)"
    r")\..*|.*\.(?:LookupJoinHint|MLPredictRuntimeConfig|VectorSearchRuntimeConfig|MaterializedTableConfig)Options"
)
NOT_SQL = re.compile(r"(?:materialized-table|sql-gateway|table\.catalog-store|workflow-scheduler)\..*")

# What stands in front of the options of a thing that users name, by class and key; only newer releases say it in an
# annotation, and some with the name of an example.
PREFIXES = {
    "metrics.reporter.<name>.": re.compile(
        r".*\.metrics\.(?:influxdb\.|otel\.|prometheus\.|ReporterSetup ).*|.*\.MetricOptions class"
    ),
    "external-resource.<name>.param.": re.compile(r".*\.externalresource\.gpu\..*"),
}
NAMES = {
    "<parameter>": "<key>",
    "<param>": "<key>",
    "<resource_name>": "<name>",
    "<serviceName>": "<name>",
    "#": "<name>",
}


class CatalogueError(Exception):
    """What is wrong with the jars or with the facts, in one sentence."""


@dataclass(frozen=True)
class Field:
    """An option as a class declares it."""

    owner: str
    key: str
    type: str
    default: str
    choices: list[str]
    aliases: list[str]
    deprecated: bool

    @property
    def sql(self) -> bool:
        """Whether SQL alone sets the option."""
        return bool(SQL_CLASSES.fullmatch(self.owner)) and not NOT_SQL.fullmatch(self.key)

    @property
    def internal(self) -> bool:
        """Whether the option is no matter of users."""
        return bool(INTERNAL.match(self.key) or INTERNAL_CLASSES.fullmatch(self.owner))

    def record(self) -> dict[str, t.Any]:
        """The option as the catalogue has it. In SQL one key means something else in each format."""
        if self.sql:
            return {"type": self.type, "sql": True}
        found: dict[str, t.Any] = {"type": self.type, "default": self.default, "choices": self.choices}
        found.update(aliases=self.aliases, deprecated=self.deprecated)
        return {name: value for name, value in found.items() if value}


def fields(version: str, jars: list[Path]) -> list[Field]:
    """All options that users can set, as the classes in the jars declare them."""
    command = [find_tool("java"), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g", "-Dfile.encoding=UTF-8"]
    command += [f"-D{name}={MACHINE}" for name in ("java.io.tmpdir", "user.dir", "user.home", "user.name")]
    command += ["-cp", ":".join(map(str, [compile_java(SOURCE), *jars])), "Catalogue", *map(str, jars)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["nothing"]
        raise CatalogueError(f"The JVM with Flink {version} ended; its last words: {said[-1]}")
    found = []
    for line in done.stdout.splitlines():
        kind, owner, *rest = from_row(line)
        if kind == "failed":
            print(f"Flink {version}: {owner} cannot be read: {rest[0]}", file=sys.stderr)
        else:
            field = _field(version, owner, *rest)
            if not field.internal:
                found.append(field)
    return found


def _field(version: str, owner: str, *texts: str) -> Field:
    _name, key, type_name, default, choices, aliases, prefix, marks = texts
    prefixes = [known for known, pattern in PREFIXES.items() if pattern.fullmatch(f"{owner} {key}")]
    key = (prefixes[0] if prefixes else f"{prefix}." if prefix else "") + key
    for theirs, ours in NAMES.items():
        key = key.replace(theirs, ours)
    item, array = re.fullmatch(r"(\w+)(\[\])?", type_name).groups()  # type: ignore[union-attr]
    return Field(
        owner,
        key,
        ("list " if array else "") + TYPES.get(item, item.lower()),
        "" if MACHINE in default or version in default else default,
        from_row(choices) if choices else [],
        from_row(aliases) if aliases else [],
        "Deprecated" in from_row(marks),
    )


def one_record(version: str, declared: list[Field]) -> dict[str, t.Any]:
    """The record of an option that several classes may declare: those count that are neither for SQL nor deprecated."""
    of_files = [field for field in declared if not field.sql] or declared
    current = [field for field in of_files if not field.deprecated] or of_files
    records = [field.record() for field in current]
    if any(record != records[0] for record in records):
        if not current[0].sql:
            raise CatalogueError(f"Flink {version} declares {current[0].key} twice, each time in another way.")
        return {"sql": True}
    return records[0]


def read_line(line: str, jars: list[Path]) -> dict[str, dict[str, t.Any]]:
    """All that the newest release of a line reads: a record for each key, also for those kept by hand."""
    records: dict[str, dict[str, t.Any]] = {}
    for kept in KEPT:
        if within(line, kept.first, kept.last):
            records[kept.key] = {"type": kept.type, **({"default": kept.default} if kept.default else {})}
    declared: dict[str, list[Field]] = {}
    for field in fields(RELEASES[line], jars):
        if field.key not in records:
            declared.setdefault(field.key, []).append(field)
    records.update({key: one_record(RELEASES[line], same) for key, same in declared.items()})
    for key, (first, last) in UNREAD.items():
        if within(line, first, last):
            if key not in records:
                raise CatalogueError(f"UNREAD has {key}, which is no option of Flink {line}.")
            records[key]["unread"] = True
    return records


def within(line: str, first: str, last: str) -> bool:
    """Whether the line lies in the span."""
    return LINES.index(first) <= LINES.index(line) <= LINES.index(last)


class Segment(t.NamedTuple):
    """Releases of a line that read the same: all, or those before and from a patch release on."""

    first: str
    last: str
    records: dict[str, dict[str, t.Any]]


def segments(lines: dict[str, dict[str, dict[str, t.Any]]]) -> list[Segment]:
    """The releases in order."""
    patches = {patch.rpartition(".")[0]: patch for patch in FIRST_RELEASES}
    found = []
    for line, records in lines.items():
        if line in patches:
            patch = patches[line]
            found.append(Segment(line, f"{line}.0", before(patch, lines)))
            found.append(Segment(patch, line, records))
        else:
            found.append(Segment(line, line, records))
    return found


def before(patch: str, lines: dict[str, dict[str, dict[str, t.Any]]]) -> dict[str, dict[str, t.Any]]:
    """What the releases of a line read before a patch release."""
    records = dict(lines[patch.rpartition(".")[0]])
    for key, other in FIRST_RELEASES[patch].items():
        if isinstance(other, str):
            records[key] = lines[other][key]
        elif other is None:
            del records[key]
        else:
            records[key] = {**records[key], **other}
    return records


def spans(in_order: list[Segment]) -> dict[str, list[dict[str, t.Any]]]:
    """For each option, its records in the order of releases; neighbours that say the same are one."""
    catalogue = {}
    for key in sorted({key for segment in in_order for key in segment.records}):
        found: list[tuple[list[int], dict[str, t.Any]]] = []
        for index, segment in enumerate(in_order):
            if key not in segment.records:
                continue
            record = with_successors(key, segment)
            if found and found[-1][0][-1] == index - 1 and found[-1][1] == record:
                found[-1][0].append(index)
            else:
                found.append(([index], record))
        catalogue[key] = [spanned(key, in_order, indexes, record) for indexes, record in found]
    return catalogue


def with_successors(key: str, segment: Segment) -> dict[str, t.Any]:
    """The record, with what to set instead if it is deprecated."""
    record = segment.records[key]
    if not record.get("deprecated"):
        return record
    instead = kept_successors(key, segment) or [
        other for other, of_other in segment.records.items() if key in plain(of_other.get("aliases", []))
    ]
    return {**record, "instead": instead} if instead else record


def spanned(key: str, in_order: list[Segment], indexes: list[int], record: dict[str, t.Any]) -> dict[str, t.Any]:
    """The record with its first and last release, and with what to set instead if that is the last to read the key."""
    first, last = indexes[0], indexes[-1]
    found = {**record, **({"from": in_order[first].first} if first else {})}
    if last < len(in_order) - 1:
        found["to"] = in_order[last].last
        following = in_order[last + 1]
        instead = kept_successors(key, following)
        if instead and "instead" not in found and key not in following.records:
            found["instead"] = instead
    return {name: found[name] for name in MEMBERS if name in found}


def kept_successors(key: str, segment: Segment) -> list[str]:
    """What to set instead of the option, as far as these releases have it."""
    return [other for kept in SUCCESSORS if kept.key == key for other in kept.instead if other in segment.records]


def plain(aliases: list[str]) -> list[str]:
    """The keys of aliases."""
    return [alias.removeprefix("=") for alias in aliases]


def check_facts(in_order: list[Segment]) -> None:
    """Whatever is kept by hand has to be an option of some line."""
    keys = {key for segment in in_order for key in segment.records}
    for kept in SUCCESSORS:
        for key in (kept.key, *kept.instead):
            if key not in keys:
                raise CatalogueError(f"SUCCESSORS has {key}, which is no option of any line.")


def as_json(options: dict[str, list[dict[str, t.Any]]]) -> str:
    """The catalogue: one option to a line."""
    lines = ",\n".join(
        f"{json.dumps(key)}: {json.dumps(records, ensure_ascii=False, separators=(',', ':'))}"
        for key, records in options.items()
    )
    return f'{{"lines": {json.dumps(LINES)}, "options": {{\n{lines}\n}}}}\n'


def main() -> None:
    """Writes the catalogue."""
    try:
        lines = {}
        for line, version in RELEASES.items():
            with tempfile.TemporaryDirectory(dir=cache()) as root:
                lines[line] = read_line(line, unpack_jars(version, Path(root)))
            print(f"Flink {version} has {len(lines[line])} options", file=sys.stderr)
        in_order = segments(lines)
        check_facts(in_order)
    except (ArchiveError, CatalogueError, OracleError) as exc:
        sys.exit(f"catalogue.py: {exc}")
    CATALOGUE.write_text(as_json(spans(in_order)), encoding="utf-8")


if __name__ == "__main__":
    main()
