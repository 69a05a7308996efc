# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One look at a cluster, gathered from what the tasks on its hosts have registered."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import HostReading
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.secrets import without_secrets
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.traces import printable

from .reading import FORMAT, read_cluster, read_host

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import Observation

REST = "REST API"
_LONGEST = 300
# What is written by others than the collection.
_TEXTS = frozenset({"fields", "text", "unknown"})

Answer = t.Mapping[str, t.Any]


def gather(
    looks: t.Mapping[str, Answer | None], clusters: t.Mapping[str, Answer | None], now: int, hidden: t.Collection[str]
) -> Observation:
    """The observation, with a sentence for each host and cluster that gave none; the others count all the same.

    ``looks`` are what the module process_info said on each host, ``clusters`` what cluster_metrics_info said where
    the cluster was asked; null where the task did not run. ``now`` is in seconds since 1970. ``hidden`` are texts that
    nobody may read. Raises FlinkError if nobody has said anything.
    """
    hosts, sentences = {}, []
    for host, answer in looks.items():
        try:
            said = _answer(answer, "processes")
            read = read_host({key: said[key] for key in HostReading.__annotations__ if key in said})
            hosts[host] = _masked(read, hidden)
        except FlinkError as exc:
            sentences.append(f"{host}: expected a look at its processes, got none: {exc}")
    cluster, silent = None, []
    for host, answer in clusters.items():
        try:
            cluster = cluster or _masked(read_cluster(_answer(answer, "cluster")["cluster"]), hidden)
        except FlinkError as exc:
            silent.append(f"{REST}, asked from {host}: expected an answer, got none: {exc}")
    sentences += silent if cluster is None else []
    if not hosts and cluster is None:
        raise FlinkError("\n".join([*sentences, "Nothing could be looked at."]))
    return {"format": FORMAT, "time": now, "hosts": hosts, "cluster": cluster, "unknown": sentences}


def _answer(answer: Answer | None, key: str) -> Answer:
    """The result of a module that has this key. Raises FlinkError with what it says instead."""
    if answer is None:
        raise FlinkError("it was not asked.")
    if answer.get("unreachable"):
        raise FlinkError("it cannot be reached.")
    if key not in answer:
        raise FlinkError(printable(str(answer.get("msg") or "no reason."), _LONGEST))
    return answer


def _masked(value: t.Any, hidden: t.Collection[str], *, is_text: bool = False) -> t.Any:
    """The reading without secrets in what others wrote, where a number is only a number."""
    if isinstance(value, str):
        return without_secrets(value, hidden) if is_text and not value.isdigit() else value
    if isinstance(value, dict):
        return {key: _masked(item, hidden, is_text=is_text or key in _TEXTS) for key, item in value.items()}
    return [_masked(item, hidden, is_text=is_text) for item in value] if isinstance(value, list) else value
