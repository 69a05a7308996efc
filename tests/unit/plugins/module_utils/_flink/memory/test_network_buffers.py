# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.network_buffers import (
    default_parallelism,
    fewest_buffers,
    most_buffers,
    required_buffers,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

NETWORK = "taskmanager.network.memory."
PER_CHANNEL = f"{NETWORK}buffers-per-channel"
GATE_LIMIT = f"{NETWORK}read-buffer.required-per-gate.max"
SPREAD = {"cluster.evenly-spread-out-slots": True}

# Release, slots of each TaskManager, parallelism, options, and the smallest number of buffers with which a job with one
# exchange ran on clusters of that release; with one less it failed.
MEASURED: dict[str, tuple[str, int, int, dict[str, t.Any], int]] = {
    "1.10, all in one": ("1.10.3", 2, 2, {}, 6),
    "1.10, two TaskManagers": ("1.10.3", 2, 4, {}, 18),
    "1.16, all in one": ("1.16.3", 2, 2, {}, 8),
    "1.16, two TaskManagers": ("1.16.3", 2, 4, {}, 20),
    "1.16, nothing exclusive": ("1.16.3", 2, 4, {PER_CHANNEL: 0, f"{NETWORK}floating-buffers-per-gate": 20}, 12),
    "1.20, all in one": ("1.20.5", 2, 2, {}, 8),
    "1.20, two TaskManagers": ("1.20.5", 2, 4, {}, 20),
    "1.20, nothing exclusive": ("1.20.5", 2, 4, {PER_CHANNEL: 0}, 12),
    "1.20, more exclusive": ("1.20.5", 2, 4, {PER_CHANNEL: "5"}, 32),
    "1.20, limited": ("1.20.5", 2, 4, {GATE_LIMIT: 3}, 16),
    "1.20, limited to one for each channel": ("1.20.5", 2, 4, {GATE_LIMIT: "4"}, 18),
    "1.20, spread": ("1.20.5", 2, 2, SPREAD, 6),
    "2.3, spread": ("2.3.0", 2, 2, {"taskmanager.load-balance.mode": "slots"}, 6),
    "2.3, all in one": ("2.3.0", 2, 2, {}, 8),
    "2.3, two TaskManagers": ("2.3.0", 2, 4, {}, 20),
    "2.3, more slots": ("2.3.0", 4, 8, {}, 72),
    "2.3, slots left": ("2.3.0", 2, 3, {}, 14),
    "2.3, limited, and nothing else to be set": ("2.3.0", 2, 4, {GATE_LIMIT: 6, PER_CHANNEL: 7}, 18),
}

DEFAULTS: dict[str, tuple[dict[str, t.Any], int | None]] = {
    "not set": ({}, None),
    "set": ({"parallelism.default": 4}, 4),
    "set as text": ({"parallelism.default": "4"}, 4),
    "no parallelism": ({"parallelism.default": 0}, None),
    "batch": ({"parallelism.default": 4, "execution.runtime-mode": "BATCH"}, None),
    "streaming": ({"parallelism.default": 4, "execution.runtime-mode": "STREAMING"}, 4),
    "as many as there are slots": ({"parallelism.default": 4, "scheduler-mode": "REACTIVE"}, None),
}

UNREADABLE: dict[str, tuple[dict[str, t.Any], str]] = {
    "no number": ({PER_CHANNEL: "two"}, f"{PER_CHANNEL}: expected a whole number"),
    "less than none": ({PER_CHANNEL: -1}, f"{PER_CHANNEL}: expected a whole number of at least 0, got -1."),
    "no gate": ({GATE_LIMIT: 0}, f"{GATE_LIMIT}: expected a whole number of at least 1, got 0."),
}


def config(release: str, options: dict[str, t.Any]) -> Config:
    return Config(options, Release.parse(release))


@pytest.mark.parametrize(("release", "slots", "parallelism", "options", "buffers"), MEASURED.values(), ids=MEASURED)
def test_what_was_measured(release: str, slots: int, parallelism: int, options: dict[str, t.Any], buffers: int) -> None:
    assert fewest_buffers(config(release, options), parallelism, slots) == buffers


@pytest.mark.parametrize(("options", "parallelism"), DEFAULTS.values(), ids=DEFAULTS)
def test_default_parallelism(options: dict[str, t.Any], parallelism: int | None) -> None:
    assert default_parallelism(config("2.3", options)) == parallelism


@pytest.mark.parametrize(("options", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(options: dict[str, t.Any], message: str) -> None:
    with pytest.raises(FlinkError) as refusal:
        required_buffers(config("1.20", options), 4, 2)
    assert message in str(refusal.value)


def test_gates_demand_a_buffer_from_1_11_on(line: str) -> None:
    assert required_buffers(config(line, {}), 4, 2) == (26 if line == "1.10" else 28)


def test_gates_are_limited_from_1_17_on(line: str) -> None:
    limited, unlimited = (required_buffers(config(line, options), 4, 2) for options in ({GATE_LIMIT: 3}, {}))
    assert (limited < unlimited) == (Release.parse(line).version >= (1, 17))


def test_exchanges_add_up(line: str) -> None:
    one, three = (required_buffers(config(line, {}), 10, 4, exchanges=count) for count in (1, 3))
    assert three == 3 * one


@given(
    st.sampled_from(["1.10", "1.16", "1.20", "2.3"]),
    st.integers(1, 2000),
    st.integers(1, 64),
    st.none() | st.integers(1, 5000),
)
def test_what_suffices_however_a_job_is_spread(release: str, parallelism: int, slots: int, limit: int | None) -> None:
    options = config(release, {} if limit is None else {GATE_LIMIT: limit})
    most = min(slots, parallelism)
    enough = required_buffers(options, parallelism, most)
    demands = [required_buffers(options, parallelism, count, local=count) for count in range(1, most + 1)]
    spread = Config({**options.values, **SPREAD}, options.release)
    assert max(demands) <= enough
    assert fewest_buffers(options, parallelism, slots) == demands[-1]
    assert fewest_buffers(spread, parallelism, slots) == min(demands)


PER_CHANNEL, FLOATING = (
    f"taskmanager.network.memory.{name}" for name in ("buffers-per-channel", "floating-buffers-per-gate")
)


@pytest.mark.parametrize(
    ("line", "options", "most"),
    [
        ("1.20", {}, 2 * 2 * (2 * 4 + 8)),
        ("1.20", {FLOATING: 200}, 2 * 2 * (2 * 4 + 200)),
        ("1.20", {PER_CHANNEL: 16}, 2 * 2 * (16 * 4 + 8)),
        ("2.3", {PER_CHANNEL: 16, FLOATING: 200}, 2 * 2 * (2 * 4 + 8)),
    ],
    ids=["by default", "with more floating ones", "with more for each channel", "2.x has neither option"],
)
def test_what_an_exchange_takes_at_most(line: str, options: dict[str, t.Any], most: int) -> None:
    assert most_buffers(config(line, options), 4, 2) == most
    assert most >= required_buffers(config(line, options), 4, 2)
