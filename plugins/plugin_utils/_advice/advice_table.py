# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to change in the memory of a cluster, for a terminal."""

from __future__ import annotations

import json
import typing as t

import yaml

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.table import TITLES, components
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import listed
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import rounded

from .findings_table import count_levels, counted, shortened, wrapped
from .reading import read_advice
from .resizing import number_of_entry

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.advice import (
        Advice,
        Recommendation,
        Resized,
    )

_LABEL, _COLUMN = 24, 12
_TOTAL = ("total_process", "total process")


def advice_table(advice: object) -> str:
    """At most 120 columns: of each group of processes the memory before and after, why, and the variables to paste.

    Raises FlinkError for what is no advice.
    """
    given = read_advice(advice)
    blocks = [[summary(given)], *(_group(resized, given) for resized in given["resized"])]
    if given["withheld"]:
        blocks.append(["Nothing more is recommended:", *_listed(given["withheld"])])
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def summary(advice: Advice) -> str:
    """What it comes to in one line."""
    freed, hosts = advice["freed"], {host for resized in advice["resized"] for host in resized["hosts"]}
    found = count_levels(advice["findings"])
    said = [found] if found else []
    if not advice["resized"]:
        return ", ".join([*said, "nothing to change"])
    amount = f"{rounded(abs(freed))} {'less' if freed > 0 else 'more'} memory" if freed else "as much memory"
    return ", ".join([*said, f"{amount} on {counted(len(hosts), 'host')}"])


def title(resized: Resized) -> str:
    """The processes that a change is for."""
    kind = TITLES.get(resized["kind"], resized["kind"])
    return f"{counted(resized['count'], kind)} on {listed(resized['hosts'])}"


def reasons(resized: Resized, advice: Advice) -> list[Recommendation]:
    """The recommendations that a change comes from."""
    hosts = set(resized["hosts"])
    return [
        one
        for one in advice["recommendations"]
        if one["kind"] == resized["kind"] and not hosts.isdisjoint(one["hosts"])
    ]


def rows(resized: Resized) -> list[tuple[str, str, int | None, int | None]]:
    """Key, name, size before and after of each component in Flink's order, and of the whole."""
    before, after = resized["before"], resized["after"]
    known = [*components({**after, **before}), _TOTAL]
    return [(key, name, before.get(key), after.get(key)) for key, name in known]


def pasted(resized: Resized) -> str:
    """The variables as YAML; null removes an option."""
    # What comes from a template are types of Ansible's own, which YAML cannot write.
    variable, options = json.loads(json.dumps([resized["variable"], resized["variables"]]))
    number = number_of_entry(variable)
    if number is None:
        return _yaml({variable: options})
    return f"# In {variable.partition('[')[0]}, as part of entry {number + 1}:\n{_yaml(options)}"


def _yaml(variables: dict[str, t.Any]) -> str:
    """By way of JSON, which takes away what Ansible adds to values."""
    return str(yaml.safe_dump(json.loads(json.dumps(variables)), sort_keys=False, width=1000))


def signed(before: int | None, after: int | None) -> str:
    """The difference, nothing where there is none."""
    if before is None or after is None or before == after:
        return ""
    return f"{'+' if after > before else '-'}{rounded(abs(after - before))}"


def _group(resized: Resized, advice: Advice) -> list[str]:
    lines = wrapped(title(resized), "  ", first="")
    if resized["error"]:
        return [*lines, *_listed([f"This does not fit: {resized['error']}"])]
    lines.append(f"  {'component':<{_LABEL}}{'before':>{_COLUMN}}{'after':>{_COLUMN}}{'change':>{_COLUMN}}")
    for _key, name, before, after in rows(resized):
        cells = [_shown(before), _shown(after), signed(before, after)]
        lines.append(f"  {name:<{_LABEL}}{''.join(f'{cell:>{_COLUMN}}' for cell in cells)}".rstrip())
    for sentence in (*resized["notes"], resized["skew"]):
        lines += wrapped(sentence, "  ")
    for one in reasons(resized, advice):
        lines += wrapped(f"{one['message']} (confidence: {one['confidence']})", "    ", first="  * ")
        for evidence in one["evidence"]:
            lines += wrapped(f"{shortened(evidence['text'])} ({evidence['source']})", "        ", first="      - ")
        if one["refuted_by"]:
            lines += wrapped(f"Wrong if: {one['refuted_by']}", "      ")
    return [*lines, "  Set:", *(f"    {line}" for line in pasted(resized).splitlines())]


def _shown(size: int | None) -> str:
    return "-" if size is None else rounded(size)


def _listed(sentences: t.Iterable[str]) -> list[str]:
    return [line for sentence in sentences for line in wrapped(sentence, "    ", first="  - ")]
