# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import KNOWN, MODEL, SUCCESSORS
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MAX_BYTES, MIB

TENTH, FOUR_TENTHS = 0.10000000149011612, 0.4000000059604645

# The defaults in 1.10.0, 1.10.1, 1.16, 1.17 and 2.3.
DEFAULTS: dict[str, tuple[t.Any, ...]] = {
    "taskmanager.memory.framework.heap.size": (128 * MIB,) * 5,
    "taskmanager.memory.framework.off-heap.size": (128 * MIB,) * 5,
    "taskmanager.memory.task.off-heap.size": (0,) * 5,
    "taskmanager.memory.managed.fraction": (FOUR_TENTHS,) * 5,
    "taskmanager.memory.network.min": (64 * MIB,) * 5,
    "taskmanager.memory.network.max": (GIB, GIB, GIB, MAX_BYTES, MAX_BYTES),
    "taskmanager.memory.network.fraction": (TENTH,) * 5,
    "taskmanager.memory.jvm-metaspace.size": (96 * MIB, 256 * MIB, 256 * MIB, 256 * MIB, 256 * MIB),
    "taskmanager.memory.jvm-overhead.min": (192 * MIB,) * 5,
    "taskmanager.memory.jvm-overhead.max": (GIB,) * 5,
    "taskmanager.memory.jvm-overhead.fraction": (TENTH,) * 5,
    "taskmanager.memory.segment-size": (32768,) * 5,
    "taskmanager.network.numberOfBuffers": (2048,) * 5,
    "taskmanager.numberOfTaskSlots": (1,) * 5,
    "jobmanager.memory.off-heap.size": (128 * MIB,) * 5,
    "jobmanager.memory.enable-jvm-direct-memory-limit": (False,) * 5,
    "jobmanager.memory.jvm-metaspace.size": (256 * MIB,) * 5,
    "jobmanager.memory.jvm-overhead.min": (192 * MIB,) * 5,
    "jobmanager.memory.jvm-overhead.max": (GIB,) * 5,
    "jobmanager.memory.jvm-overhead.fraction": (TENTH,) * 5,
}

NO_DEFAULT = (
    *("taskmanager.memory.process.size", "taskmanager.memory.flink.size", "taskmanager.memory.task.heap.size"),
    *("taskmanager.memory.managed.size", "taskmanager.heap.size", "taskmanager.heap.mb", "taskmanager.cpu.cores"),
    *("jobmanager.memory.process.size", "jobmanager.memory.flink.size", "jobmanager.memory.heap.size"),
    *("jobmanager.heap.size", "jobmanager.heap.mb"),
)

FALLBACKS = {
    "taskmanager.memory.size": "taskmanager.memory.managed.size",
    "taskmanager.network.memory.min": "taskmanager.memory.network.min",
    "taskmanager.network.memory.max": "taskmanager.memory.network.max",
    "taskmanager.network.memory.fraction": "taskmanager.memory.network.fraction",
}

# The last release that does not know a key, the first that does, and the first that no longer does.
LIVES = {
    "jobmanager.memory.process.size": ("1.10", "1.11", None),
    "external-resources": ("1.12", "1.13", None),
    "taskmanager.memory.managed.consumer-weights": ("1.11", "1.12", None),
    "taskmanager.memory.framework.off-heap.batch-shuffle.size": ("1.12", "1.13", None),
    "taskmanager.memory.min-segment-size": ("1.13", "1.14", None),
    "taskmanager.memory.starting-segment-size": ("1.20", "2.0", None),
    "taskmanager.heap.size": (None, "1.20", "2.0"),
    "taskmanager.heap.mb": (None, "1.20", "2.0"),
    "jobmanager.heap.size": (None, "1.20", "2.0"),
    "jobmanager.heap.mb": (None, "1.20", "2.0"),
    "taskmanager.network.numberOfBuffers": (None, "1.20", "2.0"),
    "taskmanager.memory.process.size": (None, "1.10.0", None),
}


@pytest.mark.parametrize(("key", "defaults"), DEFAULTS.items())
def test_defaults(key: str, defaults: tuple[t.Any, ...]) -> None:
    releases = map(Release.parse, ("1.10.0", "1.10.1", "1.16", "1.17", "2.3"))
    assert tuple(KNOWN[key].default(release) for release in releases) == defaults


@pytest.mark.parametrize("release", ["1.10.0", "1.20", "2.3"])
@pytest.mark.parametrize("key", NO_DEFAULT)
def test_what_has_no_default(key: str, release: str) -> None:
    with pytest.raises(LookupError, match=rf"^'?{key} has no default"):
        KNOWN[key].default(Release.parse(release))


@pytest.mark.parametrize(("key", "primary"), FALLBACKS.items())
def test_fallbacks(key: str, primary: str) -> None:
    assert KNOWN[key] is KNOWN[primary]
    assert SUCCESSORS[key] == (primary,)


def test_there_are_no_other_fallbacks() -> None:
    assert {key for option in KNOWN.values() for key in option.fallbacks} == set(FALLBACKS)


@pytest.mark.parametrize(("key", "releases"), LIVES.items())
def test_lives(key: str, releases: tuple[str | None, str, str | None]) -> None:
    exists = [None if line is None else KNOWN[key].exists_in(Release.parse(line)) for line in releases]
    assert [found for found in exists if found is not None] == [
        found for line, found in zip(releases, (False, True, False)) if line is not None
    ]


@pytest.mark.parametrize("process", MODEL)
def test_a_model_has_only_options_of_its_process(process: str) -> None:
    assert all(option.key.startswith(f"{process}.") for option in MODEL[process])
