# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures what it takes to keep, explain and size what was seen of a thousand hosts, of which a tenth failed at night.

Processor time of the controller, after the looks and before the tables.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import sys
import time
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / ".build"))

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.explain import explain  # noqa: E402
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.headroom import read_headroom  # noqa: E402
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.recommend import recommend  # noqa: E402
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.window import add  # noqa: E402
from ansible_collections.streamops.flink.plugins.plugin_utils._advice.resizing import deployed  # noqa: E402
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import Asked, drafts  # noqa: E402
from ansible_collections.streamops.flink.tests.unit.plugins.plugin_utils._advice import night  # noqa: E402

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import Observation

HOSTS = 1000
LOOKS = 3


def print_advice() -> None:
    """Print the table, for hosts with the same options and for hosts of which each has its own."""
    print(f"\n{f'{HOSTS} hosts, after {LOOKS} looks':<46}{'ms':>14}")
    for own in (False, True):
        asked = [_asked(number, own=own) for number in range(HOSTS)]
        looks = [_look(asked, night.MORNING + number * 3600) for number in range(LOOKS)]
        for name, seconds in _seconds(asked, looks).items():
            print(f"{f'''{name}, {'options of their own' if own else 'shared options'}''':<46}{seconds * 1e3:>14.1f}")


def _asked(number: int, *, own: bool) -> Asked:
    asked = night.asked(f"tm{number}", "taskmanager") if number else night.asked("jm1", "jobmanager")
    size = f"{948 + number * own}m"
    return dataclasses.replace(asked, config={**night.CONFIG, "taskmanager.memory.process.size": size})


def _look(asked: t.Sequence[Asked], seen: int) -> Observation:
    look = copy.deepcopy(night.OBSERVATION)
    look["time"] = seen
    names = [one.host for one in asked[1:]]
    look["hosts"] = {"jm1": night.host(night.process("jobmanager"))}
    look["hosts"].update((name, night.host(night.process("taskmanager-1"))) for name in names)
    for name in names[::10]:
        line = {"time": night.NIGHT, "text": "java.lang.OutOfMemoryError: Java heap space", "source": "log", "count": 1}
        said: t.Any = {"process": "taskmanager-1", "code": "heap", "fields": {}, **line}
        look["hosts"][name]["messages"] = [said]
    cluster = look["cluster"] or night.CLUSTER
    cluster["time"] = seen
    cluster["taskmanagers"] = [night.taskmanager(f"{name}-1") for name in names]
    return look


def _seconds(asked: list[Asked], looks: t.Sequence[Observation]) -> dict[str, float]:
    plans = {host: draft["plans"] for host, draft in drafts(asked).items()}
    known = {one.host: deployed(one) for one in asked}
    times = [time.process_time()]
    window = None
    for look in looks:
        window = add(window, look)
    times.append(time.process_time())
    findings = explain(looks[-1], plans)
    times.append(time.process_time())
    recommend(t.cast("t.Any", window), findings, known, read_headroom({}))
    times.append(time.process_time())
    spans = [end - begin for begin, end in itertools.pairwise(times)]
    return dict(zip(("kept", "explained", "recommended"), spans, strict=True))
