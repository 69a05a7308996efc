# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why processes of one host do not come up, in sentences to put before their logs."""

from __future__ import annotations

import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.explain import explain
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.secrets import secrets_in, without_secrets
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.shapes import check, list_of, text

from .reading import FORMAT, read_host

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.findings import Finding

# Seconds: an end before this has nothing to do with a process that runs.
_RECENTLY = 900
# What whoever asks knows already.
_KNOWN = ("process-down", "unit-limit")


def death_sentences(look: t.Any, plans: t.Any, processes: t.Any) -> list[str]:
    """What ended or failed of these processes, the last of it first, each with what to do, and without secrets.

    ``look`` is the result of the module process_info, and anything else if that has failed: then there are none.
    Raises FlinkError for what are no plans or no names.
    """
    check(processes, list_of(text), "the names of processes")
    try:
        host = read_host(look)
    except FlinkError:
        return []
    observation: t.Any = {"format": FORMAT, "time": host["time"], "hosts": {"": host}, "cluster": None, "unknown": []}
    down = {reading["name"] for reading in host["processes"] if reading["pid"] is None}
    findings = explain(observation, {"": plans})
    hidden = secrets_in(plan["config"] for plan in plans)
    return [
        without_secrets(f"{finding['message']} {finding['remedy']}", hidden)
        for finding in findings
        if finding["level"] == "error" and finding["process"] in processes and finding["code"] not in _KNOWN
        if finding["process"] in down or _is_recent(finding, host["time"])
    ]


def _is_recent(finding: Finding, now: int) -> bool:
    return finding["time"] is None or finding["time"] >= now - _RECENTLY
