# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong in a cluster, on one screen for whoever is woken up by it."""

from __future__ import annotations

import collections
import datetime as dt
import textwrap
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.traces import printable
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.drawing import KINDS

from .reading import read_findings

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.findings import Finding

WIDTH = 120
LEVELS = ("error", "warning", "hint")
_MOST_EVIDENCE = 3
_MOST_NAMED = 8
_LONGEST = 1000
# Of a line of a log, two lines of the screen: the rest is in the JSON.
_LONGEST_EVIDENCE = 240
# Of datetime: the year 9999.
_LATEST = 253_402_300_799


def findings_table(findings: object) -> str:
    """At most 120 columns: errors before warnings and hints, and the latest of them first.

    Each says what happened, where and when, the beginning of its evidence, what to do, and what else it explains; what
    befell several processes alike is told once, with their names. Raises FlinkError for what are no findings.
    """
    given = worst_first(read_findings(findings))
    blocks = [_summary(given), *(_block(first, others) for first, *others in _alike(given))]
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def worst_first(findings: t.Iterable[Finding]) -> list[Finding]:
    """Errors before warnings and hints, and the latest first; what has no time counts as the latest."""
    return sorted(
        findings, key=lambda finding: (_rank(finding), -(_LATEST if finding["time"] is None else finding["time"]))
    )


def place(finding: Finding) -> str:
    """The process that it is about, and where that is."""
    return " ".join(printable(word, WIDTH) for word in (finding["host"], finding["process"]) if word) or "cluster"


def when(time: int | None) -> str:
    """Such as 2026-11-26 02:13:05 UTC; nothing where it is not known."""
    if time is None or not 0 <= time <= _LATEST:
        return ""
    return f"{dt.datetime.fromtimestamp(time, dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def count_levels(findings: t.Iterable[Finding]) -> str:
    """Such as 2 errors, 1 warning."""
    counts = collections.Counter(finding["level"] for finding in findings)
    return ", ".join(counted(counts[level], level) for level in LEVELS if counts[level])


def counted(number: int, one: str, more: str | None = None) -> str:
    """Such as 1 host, or 2 hosts."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"


def wrapped(text: str, indent: str, *, first: str | None = None) -> list[str]:
    """Lines of at most 120 columns."""
    return textwrap.wrap(
        printable(text, _LONGEST),
        WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def shortened(text: str) -> str:
    """At most 240 characters of a piece of evidence, up to the end of a word."""
    shown = printable(text, _LONGEST)
    if len(shown) <= _LONGEST_EVIDENCE:
        return shown
    kept = shown[: _LONGEST_EVIDENCE - 2]
    return f"{kept.rpartition(' ')[0] or kept} …"


def _rank(finding: Finding) -> int:
    return LEVELS.index(finding["level"]) if finding["level"] in LEVELS else len(LEVELS)


def _summary(findings: list[Finding]) -> list[str]:
    return [count_levels(findings) or "Nothing died, and no memory is scarce."]


def _alike(findings: t.Iterable[Finding]) -> list[list[Finding]]:
    """Those together that have one cause and one remedy, in the order of the first of each."""
    groups: dict[tuple[t.Any, ...], list[Finding]] = {}
    for finding in findings:
        key = (finding["level"], finding["code"], finding["component"], finding["remedy"], *finding["options"])
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _also(others: t.Sequence[Finding]) -> list[str]:
    """The processes that the same befell, each with its last time and how often."""
    times = collections.defaultdict(list)
    for finding in others:
        times[place(finding)].append(when(finding["time"]))
    named = []
    for name, of_process in times.items():
        words = [word for word in (of_process[0], f"{len(of_process)} times" if len(of_process) > 1 else "") if word]
        named.append(f"{name} ({', '.join(words)})" if words else name)
    left = len(named) - _MOST_NAMED
    if left > 0:
        named[_MOST_NAMED:] = [f"and {left} more"]
    return wrapped(", ".join(named), "        ", first="  Also: ") if named else []


def _block(finding: Finding, others: t.Sequence[Finding]) -> list[str]:
    component = finding["component"] or ""
    component = KINDS[component].name if component in KINDS else component
    head = ", ".join(printable(word, WIDTH // 2) for word in (place(finding), when(finding["time"]), component) if word)
    evidence = [f"{shortened(one['text'])} ({one['source']})" for one in finding["evidence"]]
    left = len(evidence) - _MOST_EVIDENCE
    if left > 0:
        evidence[_MOST_EVIDENCE:] = [f"and {left} more"]
    explained = len(finding["symptoms"])
    return [
        f"{finding['level'].upper():<9}{head}"[:WIDTH],
        *wrapped(finding["message"], "  "),
        *_also(others),
        *(line for text in evidence for line in wrapped(text, "      ", first="    - ")),
        *(wrapped(finding["remedy"], "      ", first="  Do: ") if finding["remedy"] else ()),
        *(wrapped(", ".join(finding["options"]), "           ", first="  Options: ") if finding["options"] else ()),
        *(
            wrapped(
                shortened(finding["symptoms"][0]) + (f" And {explained - 1} more." if explained > 1 else ""),
                "            ",
                first="  Explains: ",
            )
            if explained
            else ()
        ),
    ]
