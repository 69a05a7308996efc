# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.jobs.restarts import read_restart_strategy
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

FOR_EVER = 2**31 - 1
CLUSTER = "Cluster level default restart strategy"
GROWING = "Restart with exponential delay: starting at"
Strategy = t.Tuple[str, "int | None", "int | None", "int | None"]

# What REST says, and kind, attempts, delay and interval.
TEXTS: dict[str, tuple[str, Strategy]] = {
    "none": ("Restart deactivated.", ("none", None, None, None)),
    "fixed delay, up to 1.18": (
        "Restart with fixed delay (10000 ms). #3 restart attempts.",
        ("fixed-delay", 3, 10_000, None),
    ),
    "fixed delay, from 1.19 on": (
        "Restart with fixed delay (PT0.5S). #2147483647 restart attempts.",
        ("fixed-delay", FOR_EVER, 500, None),
    ),
    "failure rate, up to 1.18": (
        "Failure rate restart with maximum of 2 failures within interval 60000 ms and fixed delay 1000 ms.",
        ("failure-rate", 2, 1000, 60_000),
    ),
    "failure rate, from 1.19 on": (
        "Failure rate restart with maximum of 2 failures within interval PT1M and fixed delay PT1S.",
        ("failure-rate", 2, 1000, 60_000),
    ),
    "exponential delay, up to 1.18": (
        f"{GROWING} 1000 ms, increasing by 2.000000, with maximum 300000 ms. Delay resets after 3600000 ms with jitter",
        ("exponential-delay", FOR_EVER, 1000, None),
    ),
    "exponential delay in another language": (
        f"{GROWING} PT2S, increasing by 1,500000, with maximum PT1M. Delay resets after PT1H with jitter 0,100000",
        ("exponential-delay", FOR_EVER, 2000, None),
    ),
    "a class of its own": ("org.example.Patience@1\x1b", ("unknown", None, None, None)),
    "nothing": ("", ("unknown", None, None, None)),
    "no duration": ("Restart with fixed delay (soon). #3 restart attempts.", ("fixed-delay", 3, None, None)),
}

TYPE = "restart-strategy.type"
# The release, the options of the cluster, whether the job makes checkpoints, and the strategy.
CLUSTERS: dict[str, tuple[str, dict[str, str], bool, Strategy]] = {
    "1.10 with checkpoints": ("1.10", {}, True, ("fixed-delay", FOR_EVER, 1000, None)),
    "1.18 with checkpoints": ("1.18", {}, True, ("fixed-delay", FOR_EVER, 1000, None)),
    "1.19 with checkpoints": ("1.19", {}, True, ("exponential-delay", FOR_EVER, 1000, None)),
    "2.3 with checkpoints": ("2.3", {}, True, ("exponential-delay", FOR_EVER, 1000, None)),
    "1.18 without checkpoints": ("1.18", {}, False, ("none", None, None, None)),
    "2.3 without checkpoints": ("2.3", {}, False, ("none", None, None, None)),
    "switched off": ("2.3", {TYPE: "OFF"}, True, ("none", None, None, None)),
    "disabled": ("1.13", {"restart-strategy": "disable"}, True, ("none", None, None, None)),
    "fixed delay with its defaults": ("2.3", {TYPE: "fixeddelay"}, False, ("fixed-delay", 1, 1000, None)),
    "fixed delay": (
        "1.16",
        {
            "restart-strategy": "fixed-delay",
            "restart-strategy.fixed-delay.attempts": "3",
            "restart-strategy.fixed-delay.delay": "10 s",
        },
        True,
        ("fixed-delay", 3, 10_000, None),
    ),
    "a name that the release does not know": ("1.16", {TYPE: "none"}, True, ("fixed-delay", FOR_EVER, 1000, None)),
    "the old name": ("2.3", {"restart-strategy": "none"}, True, ("none", None, None, None)),
    "both names": ("2.3", {TYPE: "failure-rate", "restart-strategy": "none"}, True, ("failure-rate", 1, 1000, 60_000)),
    "exponential delay with an end": (
        "2.3",
        {
            TYPE: "exponential-delay",
            "restart-strategy.exponential-delay.attempts-before-reset-backoff": "9",
            "restart-strategy.exponential-delay.initial-backoff": "PT3S",
        },
        True,
        ("exponential-delay", 9, 3000, None),
    ),
    "a class of its own": ("1.13", {"restart-strategy": "org.example.Patience"}, True, ("unknown", None, None, None)),
    "nonsense": (
        "2.3",
        {
            TYPE: "fixed-delay",
            "restart-strategy.fixed-delay.attempts": "many",
            "restart-strategy.fixed-delay.delay": "x",
        },
        True,
        ("fixed-delay", None, None, None),
    ),
}


@pytest.mark.parametrize(("text", "strategy"), TEXTS.values(), ids=TEXTS)
def test_strategies_of_jobs(text: str, strategy: Strategy) -> None:
    read = read_restart_strategy(text, {TYPE: "none"}, Release.parse("1.20"), has_checkpoints=True)
    assert (read["kind"], read["attempts"], read["delay"], read["interval"]) == strategy
    assert read["text"].isprintable()


@pytest.mark.parametrize(("release", "options", "has_checkpoints", "strategy"), CLUSTERS.values(), ids=CLUSTERS)
def test_strategies_of_clusters(
    release: str, options: dict[str, str], has_checkpoints: bool, strategy: Strategy
) -> None:
    read = read_restart_strategy(CLUSTER, options, Release.parse(release), has_checkpoints=has_checkpoints)
    assert tuple(read.values()) == (*strategy, CLUSTER)


def test_attempts_that_rest_does_not_tell() -> None:
    text, _strategy = TEXTS["exponential delay, up to 1.18"]
    options = {"restart-strategy.exponential-delay.attempts-before-reset-backoff": "9"}
    told = {
        line: read_restart_strategy(text, options, Release.parse(line), has_checkpoints=True)["attempts"]
        for line in ("1.20", "2.3")
    }
    assert told == {"1.20": FOR_EVER, "2.3": 9}
