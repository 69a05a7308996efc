# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often Flink restarts a job by itself before it gives up.

Source: ``RestartStrategies`` (1.10 - 1.20), ``RestartStrategyDescriptionUtils`` (2.0 - 2.3) for what REST says of it,
``RestartBackoffTimeStrategyFactoryLoader`` for what counts if the job says nothing.
"""

from __future__ import annotations

import re
import typing as t

from ..values.duration import parse_duration
from ..values.release import Release
from ..values.traces import printable

# Without a strategy, a job with checkpoints is restarted for ever: from this line on with a growing delay.
_EXPONENTIAL_BY_DEFAULT = (1, 19)
_FOR_EVER = 2**31 - 1
_LONGEST = 300
_PREFIX = "restart-strategy"
# These texts have durations as ``1000 ms`` up to 1.18, as ``PT1S`` from 1.19 on.
_NEWEST = Release.parse("2.3")
_TEXTS = {
    "none": re.compile(r"Restart deactivated\."),
    "fixed-delay": re.compile(
        r"Restart with fixed delay \((?P<delay>.+)\)\. #(?P<attempts>[0-9]{1,10}) restart attempts\."
    ),
    "failure-rate": re.compile(
        r"Failure rate restart with maximum of (?P<attempts>[0-9]{1,10}) failures within interval (?P<interval>.+)"
        r" and fixed delay (?P<delay>.+)\."
    ),
    "exponential-delay": re.compile(r"Restart with exponential delay: starting at (?P<delay>[^,]+), increasing by .*"),
}
CLUSTER_DEFAULT = "Cluster level default restart strategy"
_KINDS = {
    **dict.fromkeys(("none", "off", "disable"), "none"),
    **dict.fromkeys(("fixeddelay", "fixed-delay"), "fixed-delay"),
    **dict.fromkeys(("failurerate", "failure-rate"), "failure-rate"),
    **dict.fromkeys(("exponentialdelay", "exponential-delay"), "exponential-delay"),
}
# Of each kind: the options for attempts, delay and interval, with the defaults of all lines.
_OPTIONS = {
    "fixed-delay": {"attempts": ("attempts", "1"), "delay": ("delay", "1 s")},
    "failure-rate": {
        "attempts": ("max-failures-per-interval", "1"),
        "delay": ("delay", "1 s"),
        "interval": ("failure-rate-interval", "1 min"),
    },
    "exponential-delay": {
        "attempts": ("attempts-before-reset-backoff", str(_FOR_EVER)),
        "delay": ("initial-backoff", "1 s"),
    },
}


class RestartStrategy(t.TypedDict):
    """What Flink does when a task fails.

    ``kind`` is none, fixed-delay, failure-rate, exponential-delay or unknown. ``attempts`` is how many restarts there
    are: in all, within ``interval``, or in a row; 2147483647 means for ever. ``delay`` (at first) and ``interval`` are
    milliseconds. What a kind has not is null. ``text`` is what REST says.
    """

    kind: str
    attempts: int | None
    delay: int | None
    interval: int | None
    text: str


def read_restart_strategy(
    text: str, cluster: t.Mapping[str, str], release: Release, *, has_checkpoints: bool
) -> RestartStrategy:
    """The strategy of a job that REST describes so; ``cluster`` are the options of the JobManager."""
    shown = printable(text, _LONGEST)
    if text == CLUSTER_DEFAULT:
        return {**_of_cluster(cluster, release, has_checkpoints=has_checkpoints), "text": shown}
    for kind, pattern in _TEXTS.items():
        match = pattern.fullmatch(text)
        if match is not None:
            values = match.groupdict()
            if kind == "exponential-delay":
                # REST does not tell how many, and before 2.0 no job could say.
                key, default = _option(kind, "attempts")
                values["attempts"] = cluster.get(key, default) if release.version >= (2, 0) else default
            return _strategy(kind, values, _NEWEST, shown)
    return _strategy("unknown", {}, release, shown)


def _of_cluster(cluster: t.Mapping[str, str], release: Release, *, has_checkpoints: bool) -> RestartStrategy:
    named = cluster.get(f"{_PREFIX}.type") if release.version >= (1, 17) else None
    named = named or cluster.get(_PREFIX)
    if named:
        kind = _KINDS.get(named.strip().lower(), "unknown")
        options = {name: _option(kind, name) for name in _OPTIONS.get(kind, ())}
        return _strategy(
            kind, {name: cluster.get(key, default) for name, (key, default) in options.items()}, release, ""
        )
    if not has_checkpoints:
        return _strategy("none", {}, release, "")
    kind = "exponential-delay" if release.version >= _EXPONENTIAL_BY_DEFAULT else "fixed-delay"
    return _strategy(kind, {"attempts": str(_FOR_EVER), "delay": "1 s"}, release, "")


def _option(kind: str, name: str) -> tuple[str, str]:
    key, default = _OPTIONS[kind][name]
    return f"{_PREFIX}.{kind}.{key}", default


def _strategy(kind: str, values: t.Mapping[str, str | None], release: Release, text: str) -> RestartStrategy:
    return {
        "kind": kind,
        "attempts": _attempts(values.get("attempts")),
        "delay": _milliseconds(values.get("delay"), release),
        "interval": _milliseconds(values.get("interval"), release),
        "text": text,
    }


def _attempts(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdecimal() and len(text) < 20 else None


def _milliseconds(text: str | None, release: Release) -> int | None:
    try:
        return None if text is None else parse_duration(text, release) // 10**6
    except ValueError:
        return None
