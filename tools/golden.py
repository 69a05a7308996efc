# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets every Flink release compute the telling configurations.

Writes the golden vectors of the unit tests and `docs/conformance.md`, which shows people the same.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
import textwrap
import typing as t
from pathlib import Path

from flink_archive import RELEASES, ArchiveError
from oracle import Answer, Case, Flink, OracleError
from telling_configs import SECTIONS, Telling

ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests" / "golden" / "memory.json"
PAGE = ROOT / "docs" / "conformance.md"

# The newest patch of every line, and the patches that compute or print differently.
VERSIONS = ["1.10.0", "1.10.3", "1.11.4", "1.12.1", *list(RELEASES.values())[2:]]

COLUMNS = {
    "taskmanager": {
        "-Xmx": "jvm_heap",
        "direct": "-XX:MaxDirectMemorySize",
        "task heap": "task_heap",
        "network": "network",
        "managed": "managed",
        "metaspace": "jvm_metaspace",
        "overhead": "jvm_overhead",
        "total Flink": "total_flink",
        "total process": "total_process",
    },
    "slots": {
        "slots": "slots count",
        "managed per slot": "slots managed_memory",
        "network per slot": "slots network_memory",
        "task heap per slot": "slots task_heap",
        "`-D taskmanager.cpu.cores`": "-D taskmanager.cpu.cores",
        "`-D external-resources`": "-D external-resources",
    },
    "jobmanager": {
        "-Xmx": "jvm_heap",
        "direct": "-XX:MaxDirectMemorySize",
        "off-heap": "off_heap",
        "metaspace": "jvm_metaspace",
        "overhead": "jvm_overhead",
        "total Flink": "total_flink",
        "total process": "total_process",
    },
    "local": {
        "task heap": "task_heap",
        "task off-heap": "task_off_heap",
        "network": "network",
        "managed": "managed",
    },
}
NAMES = {"taskmanager": "TaskManager", "jobmanager": "JobManager"}

INTRODUCTION = """\
# What Flink computes, release by release

Every number and every refusal on this page was computed by Flink itself: by the very classes that the start scripts of
each release call (for the JobManager of 1.10, by the lines of its start script). The collection must say the same: a
unit test holds it to every answer on this page, and a conformance run compares it with the same classes on thousands
of fresh random configurations.

This page and `tests/golden/memory.json` are generated. To have everything computed again, with nothing but Java, the
Python packages of Flink (about 4 GB, downloaded once) and a minute:

```console
$ make golden
```

{releases}

Most messages of a TaskManager begin with `{taskmanager_prefix}` from 1.11 on, and those
of a JobManager with `{jobmanager_prefix}` from 1.11 to 1.20. Both are left out below.
"""
READING = """\
The newest patch of every line speaks for its line: {}. Sizes are bytes. Releases that say the same share a row, so a
second row marks a release where the answer changes."""
PREFIXES = ("TaskManager memory configuration failed: ", "JobManager memory configuration failed: ")
CHANGES = {
    "1.11": "JobManagers get a memory model",
    "1.12": "a mini cluster counts with 1 TiB of task memory instead of no limit (from 1.12.5 on)",
    "1.17": "`taskmanager.memory.network.max` is unlimited by default, and no longer 1 GiB",
    "2.0": "the heap options of Flink 1.9 and the number of network buffers are no longer read",
}
PATCHES = """\
## Patches that differ from their line

1.10.0 has a metaspace of 96 MiB where all others have 256 MiB, which changes every number. 1.12.0 and 1.12.1 pass on
fewer properties than 1.12.2, and until 1.12.4 a mini cluster counts as in 1.11.
"""
PROPERTIES = """\
## What the start script of a {process} passes on

Beside the JVM arguments, the process gets these properties; here for the shipped default of
`{option}`.
"""


def ask(versions: t.Iterable[str], tellings: list[Telling]) -> list[dict[str, dict[str, t.Any]]]:
    """For each configuration, what each release answers."""
    answers: list[dict[str, dict[str, t.Any]]] = [{} for _telling in tellings]
    for version in versions:
        print(f"Flink {version} computes {len(tellings)} configurations", file=sys.stderr)
        with Flink(version) as flink:
            cases = [Case(telling.process, telling.config) for telling in tellings]
            for of_all, answer in zip(answers, flink.ask(cases), strict=True):
                of_all[version] = vector(answer)
    return answers


def vector(answer: Answer) -> dict[str, t.Any]:
    """An answer in the words of a plan."""
    if not answer.accepted:
        return {"refused": answer.reason}
    found: dict[str, t.Any] = {
        "jvm_args": answer.jvm_args(),
        "memory": answer.part("memory"),
        "dynamic_properties": dict(sorted(answer.dynamic_properties().items())),
        "slots": answer.part("slots"),
    }
    return {name: part for name, part in found.items() if part or name != "slots"}


def grouped(answers: dict[str, t.Any]) -> list[tuple[list[str], t.Any]]:
    """Neighbouring releases with the same answer."""
    groups = itertools.groupby(answers.items(), key=lambda entry: entry[1])
    return [([version for version, _answer in group], answer) for answer, group in groups]


def span(versions: list[str]) -> str:
    """A name for neighbouring releases: by their lines, except for a patch that does not speak for its line."""
    lines = {version: line for line, version in RELEASES.items()}
    names = [lines.get(version, version) for version in versions]
    return names[0] if len(names) == 1 else f"{names[0]} – {names[-1]}"


def as_json(tellings: list[Telling], answers: list[dict[str, t.Any]]) -> str:
    """The vectors: one answer to a line."""
    vectors = []
    for telling, of_all in zip(tellings, answers, strict=True):
        lines = ",\n".join(
            "      " + json.dumps({"releases": versions, **answer}, ensure_ascii=False)
            for versions, answer in grouped(of_all)
        )
        asked = f'"process": {json.dumps(telling.process)}, "config": {json.dumps(telling.config, ensure_ascii=False)}'
        vectors.append(f'    {{{asked}, "answers": [\n{lines}\n    ]}}')
    about = "Computed by Flink's own classes; `make golden` computes it again."
    return '{{\n  "about": {},\n  "releases": {},\n  "vectors": [\n{}\n  ]\n}}\n'.format(
        json.dumps(about), json.dumps(VERSIONS), ",\n".join(vectors)
    )


def as_page(answers: list[dict[str, dict[str, t.Any]]]) -> str:
    """The page for people."""
    sections: list[str] = []
    changed: dict[str, list[str]] = {line: [] for line in RELEASES}
    number = itertools.count(1)
    remaining = iter(answers)
    for heading, tellings in SECTIONS.items():
        sections.append(f"## {heading}\n")
        for telling in tellings:
            title = f"{next(number)}. {telling.title}"
            of_lines = {version: answer for version, answer in next(remaining).items() if version in RELEASES.values()}
            sections.append(f"### {title}\n\n{configuration(telling.config)}\n{table(telling.shows, of_lines)}")
            numbers = grouped({version: answer.get("memory") for version, answer in of_lines.items()})
            for versions, _memory in numbers[1:]:
                changed[span(versions[:1])].append(f"[{title.partition('.')[0]}](#{anchor(title)})")
    introduction = INTRODUCTION.format(
        releases=textwrap.fill(READING.format(", ".join(RELEASES.values())), 120),
        taskmanager_prefix=PREFIXES[0].strip(),
        jobmanager_prefix=PREFIXES[1].strip(),
    )
    return "\n".join([introduction, summary(changed), *sections, *properties(answers), PATCHES])


def configuration(config: dict[str, str]) -> str:
    """The configuration as a reader would write it."""
    if not config:
        return "No memory option.\n"
    lines = (
        f"{key}: {value if value and value == value.strip() else json.dumps(value)}" for key, value in config.items()
    )
    return "\n".join(["```yaml", *lines, "```", ""])


def table(shows: str, answers: dict[str, dict[str, t.Any]]) -> str:
    """A row for every group of releases with the same numbers, and a line for every group that has none."""
    columns = COLUMNS[shows]
    rows, sentences = [], []
    for versions, cells in grouped({version: shown(columns, answer) for version, answer in answers.items()}):
        if isinstance(cells, str):
            sentences.append(f"Flink {span(versions)} {cells}\n")
        else:
            rows.append(f"| {span(versions)} | {' | '.join(cells)} |\n")
    if rows:
        head = [f"| Flink | {' | '.join(columns)} |\n", f"|---|{'---:|' * len(columns)}\n"]
        return "\n".join(["".join([*head, *rows]), *sentences])
    return "\n".join(sentences)


def shown(columns: dict[str, str], answer: dict[str, t.Any]) -> list[str] | str:
    """The cells of an answer, or a sentence instead."""
    if "refused" in answer:
        return f"refuses: `{answer['refused'].removeprefix(PREFIXES[0]).removeprefix(PREFIXES[1])}`"
    arguments = dict(argument.split("=") for argument in answer["jvm_args"] if "=" in argument)
    facts = {**arguments, **answer["memory"]}
    facts.update({f"slots {name}": share for name, share in answer.get("slots", {}).items()})
    facts.update({f"-D {name}": f"`{value}`" for name, value in answer["dynamic_properties"].items()})
    if not facts:
        return f"passes `{' '.join(answer['jvm_args'])}`." if answer["jvm_args"] else "passes no heap size."
    return [str(facts.get(name, "–")) for name in columns.values()]


def properties(answers: list[dict[str, dict[str, t.Any]]]) -> t.Iterator[str]:
    """The dynamic properties, release by release."""
    tellings = [telling for section in SECTIONS.values() for telling in section]
    for process, name in NAMES.items():
        shipped = [telling.process for telling in tellings].index(process)
        option, *_others = tellings[shipped].config
        passed = {version: answer.get("dynamic_properties") for version, answer in answers[shipped].items()}
        del passed["1.10.0"]  # the same names, with numbers of its own
        yield PROPERTIES.format(process=name, option=option)
        for versions, names in grouped(passed):
            if names:
                lines = (f"-D {name}={value}" for name, value in names.items())
                yield "\n".join([f"Flink {span(versions)}:\n", "```text", *lines, "```", ""])


def summary(changed: dict[str, list[str]]) -> str:
    """Where answers change."""
    rows = ["| from | what changes | seen in |", "|---|---|---|"]
    rows += [f"| {line} | {CHANGES[line]} | {', '.join(links)} |" for line, links in changed.items() if links]
    return "\n".join(["## Where answers change\n", *rows, ""])


def anchor(title: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def main() -> None:
    """Writes vectors and page."""
    tellings = [telling for section in SECTIONS.values() for telling in section]
    try:
        answers = ask(VERSIONS, tellings)
    except (ArchiveError, OracleError) as exc:
        sys.exit(f"golden.py: {exc}")
    for path, text in ((VECTORS, as_json(tellings, answers)), (PAGE, as_page(answers))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"Wrote {path.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
