# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a look could not see, in sentences: who reads that nothing is wrong has to know who was asked."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import listed
from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.assembly import reasons

from .findings_table import counted, when, wrapped

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import Observation
    from ansible_collections.streamops.flink.plugins.plugin_utils._fleet.types import Fleet

_MOST = 20


def remarks(observation: Observation, fleet: Fleet) -> str:
    """Lines of at most 120 columns: what was seen, and what is not known, each sentence once with those it is about."""
    hosts = observation["hosts"]
    running = [process for host in hosts.values() for process in host["processes"] if process["pid"] is not None]
    since = min((host["since"] for host in hosts.values()), default=None)
    seen = [f"{counted(len(running), 'running process', 'running processes')} on {counted(len(hosts), 'host')}"]
    if since is not None:
        seen.append(f"their journals and logs since {when(since)}")
    seen.append("REST did not answer" if observation["cluster"] is None else "REST answered")
    unknown = _unknown(observation, fleet)
    left = len(unknown) - _MOST
    lines = [*unknown[:_MOST], *([f"And {left} more."] if left > 0 else [])]
    told = [
        *wrapped(f"Seen: {', '.join(seen)}.", "      ", first=""),
        *(["Not known:"] if lines else []),
        *(line for sentence in lines for line in wrapped(sentence, "    ", first="  - ")),
    ]
    return "\n".join(told) + "\n"


def _unknown(observation: Observation, fleet: Fleet) -> list[str]:
    sentences = list(observation["unknown"])
    sentences += [
        f"{host['host']}: has no plan, so nothing is held against it: {' '.join(reasons(host))}"
        for host in fleet["hosts"]
        if host["plan"] is None
    ]
    about = collections.defaultdict(list)
    for name, reading in observation["hosts"].items():
        for sentence in dict.fromkeys(reading["unknown"]):
            about[sentence].append(name)
        for process in reading["processes"]:
            for sentence in dict.fromkeys(process["unknown"]):
                about[sentence].append(f"{name} {process['name']}")
    sentences += [f"{listed(names)}: {sentence}" for sentence, names in about.items()]
    cluster = observation["cluster"]
    return list(dict.fromkeys([*sentences, *(f"REST API: {said}" for said in (cluster["unknown"] if cluster else ()))]))
