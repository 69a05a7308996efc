# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All Flink processes of one host, planned together.

Private to this collection: may change at any time.
"""

from __future__ import annotations

import typing as t

from ._config import flatten, overlay
from ._errors import FlinkMemoryError
from ._plan import plan
from ._release import Release

_MOST_INSTANCES = 1000


def plan_host(config: object, flink_version: object, processes: t.Iterable[dict[str, t.Any]]) -> dict[str, t.Any]:
    """The plan of every process instance: ``{"plans": [...], "notes": [...]}``.

    ``processes`` are mappings of ``process``, ``count`` and ``config``, the latter laid over the outer one. Raises
    FlinkMemoryError with the reasons of all processes that are refused.
    """
    Release.parse(flink_version)
    shared = flatten(config)
    plans: list[dict[str, t.Any]] = []
    refusals: list[str] = []
    instances: dict[str, int] = {}
    for entry in processes:
        process, count = entry["process"], entry["count"]
        if not 1 <= count <= _MOST_INSTANCES:
            raise FlinkMemoryError(
                f"processes: the count of a {process} lies from 1 to {_MOST_INSTANCES}, got {count}. "
                "Correct it, or remove the entry."
            )
        first = instances.get(process, 0) + 1
        instances[process] = first + count - 1
        names = [_name(process, number) for number in range(first, first + count)]
        try:
            merged = overlay(shared, entry["config"])
            planned = plan(merged, flink_version, process)
        except FlinkMemoryError as exc:
            refusals.append(f"{', '.join(names)}: {exc}")
        else:
            plans += [{"name": name, "config": merged, **planned} for name in names]
    if refusals:
        raise FlinkMemoryError("\n".join(refusals))
    return {
        "plans": plans,
        "notes": [{"name": planned["name"], **note} for planned in plans for note in planned["notes"]],
    }


def _name(process: str, number: int) -> str:
    return process if process == "jobmanager" and number == 1 else f"{process}-{number}"
