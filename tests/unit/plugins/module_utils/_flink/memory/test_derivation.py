# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory import jobmanager, taskmanager
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.derivation import (
    ProcessMemory,
    ProcessModel,
    derive,
    with_legacy_heap,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config, flatten
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import (
    DoesNotFitError,
    FlinkError,
    NothingConfiguredError,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.notes import Notes
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import JM, TM
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MIB

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.total import Total

MODELS: dict[str, ProcessModel[t.Any]] = {"taskmanager": taskmanager.MODEL, "jobmanager": jobmanager.MODEL}


def config(values: dict[str, t.Any], release: str = "2.3") -> Config:
    return Config(flatten(values), Release.parse(release))


@dataclasses.dataclass(frozen=True)
class Whole:
    """A Flink memory of one part, so that nothing but the JVM around it is of interest."""

    total_flink: int

    def components(self) -> dict[str, int]:
        return {"whole": self.total_flink}


def whole_of(total: int) -> t.Callable[[Config, Total | None, Notes], Whole]:
    return lambda _config, given, _notes: Whole(total if given is None else given.size)


PLAIN: ProcessModel[Whole] = dataclasses.replace(
    t.cast("t.Any", taskmanager.MODEL),
    from_fine_grained=whole_of(2 * GIB),
    split=lambda _config, total, _notes: Whole(total.size),
)
FINE = {f"{TM}task.heap.size": "1g", f"{TM}managed.size": "1g"}
NO_FRACTION = {f"{TM}jvm-overhead.fraction": 0, f"{TM}jvm-overhead.max": "4g"}

# Options, and what comes of them: total Flink memory, JVM overhead, and the options that decided; metaspace has 256m.
WAYS: dict[str, tuple[dict[str, t.Any], tuple[int, int], tuple[str, ...]]] = {
    "parts": (FINE, (2 * GIB, 192 * MIB), (f"{TM}task.heap.size", f"{TM}managed.size")),
    "total Flink": ({f"{TM}flink.size": "3g"}, (3 * GIB, 192 * MIB), (f"{TM}flink.size",)),
    "parts before total Flink": (
        {**FINE, f"{TM}flink.size": "3g"},
        (3 * GIB, 192 * MIB),
        (f"{TM}task.heap.size", f"{TM}managed.size"),
    ),
    "total Flink before total process": (
        {f"{TM}flink.size": "3g", f"{TM}process.size": "4g"},
        (3 * GIB, 768 * MIB),
        (f"{TM}flink.size",),
    ),
    "total process": ({f"{TM}process.size": "4g"}, (3648 * MIB, 192 * MIB), (f"{TM}process.size",)),
}


@pytest.mark.parametrize(("options", "sizes", "decided"), WAYS.values(), ids=WAYS)
def test_the_first_of_three_ways_decides(
    options: dict[str, t.Any], sizes: tuple[int, int], decided: tuple[str, ...]
) -> None:
    derived = derive(PLAIN, config({**NO_FRACTION, **options}), Notes())
    assert derived == ProcessMemory(Whole(sizes[0]), 256 * MIB, sizes[1], decided)
    assert derived.total_process == sum(sizes) + 256 * MIB


def test_overhead_is_a_fraction_of_the_whole_process() -> None:
    quarter = {f"{TM}jvm-overhead.fraction": 0.25, f"{TM}jvm-overhead.max": "8g"}
    from_flink = derive(PLAIN, config({**quarter, f"{TM}flink.size": "2816m"}), Notes())
    from_process = derive(PLAIN, config({**quarter, f"{TM}process.size": "4g"}), Notes())
    assert (from_process.flink, from_process.overhead) == (Whole(2816 * MIB), GIB)
    # A quarter of all is a third of the rest, and Flink's third has no end of digits.
    assert (from_flink.flink, from_flink.overhead) == (Whole(2816 * MIB), GIB - 1)


@pytest.mark.parametrize(("size", "fits"), [("448m", True), (448 * MIB - 1, False)])
def test_the_jvm_has_to_fit_into_the_process(size: t.Any, fits: bool) -> None:
    given = config({**NO_FRACTION, f"{TM}process.size": size})
    if fits:
        assert derive(PLAIN, given, Notes()).flink == Whole(0)
    else:
        with pytest.raises(DoesNotFitError, match=r"^JVM metaspace 256m \+ JVM overhead 192m = 448m, which") as refusal:
            derive(PLAIN, given, Notes())
        assert refusal.value.total_key == f"{TM}process.size"


@pytest.mark.parametrize("process", MODELS)
def test_nothing_is_derived_from_nothing(process: str) -> None:
    model = MODELS[process]
    with pytest.raises(NothingConfiguredError, match=f"^No memory is configured for the {model.title}") as refusal:
        derive(model, config({}), Notes())
    for option in (model.total_process, model.total_flink, *model.fine_grained):
        assert option.key in str(refusal.value)


# Process, release, options, the size that the heap of older releases stands for, and the key that messages name.
HEAPS: dict[str, tuple[str, str, dict[str, t.Any], int | None, str]] = {
    "total Flink of a TaskManager": (
        "taskmanager",
        "1.20",
        {"taskmanager.heap.size": "1g"},
        GIB,
        "taskmanager.heap.size",
    ),
    "heap of a JobManager": ("jobmanager", "1.11", {"jobmanager.heap.size": "1g"}, GIB, "jobmanager.heap.size"),
    "megabytes": ("taskmanager", "1.10", {"taskmanager.heap.mb": 1024}, GIB, "taskmanager.heap.mb"),
    "size before megabytes": (
        "taskmanager",
        "1.20",
        {"taskmanager.heap.mb": 2048, "taskmanager.heap.size": "1g"},
        GIB,
        "taskmanager.heap.size",
    ),
    "what it stands for before itself": (
        "jobmanager",
        "1.20",
        {f"{JM}heap.size": "2g", "jobmanager.heap.size": "1g"},
        2 * GIB,
        f"{JM}heap.size",
    ),
    "no heap": ("taskmanager", "1.20", {}, None, f"{TM}flink.size"),
    "2.0 has none": ("taskmanager", "2.0", {"taskmanager.heap.size": "1g"}, None, f"{TM}flink.size"),
}


@pytest.mark.parametrize(("process", "release", "values", "size", "name"), HEAPS.values(), ids=HEAPS)
def test_heaps_of_older_releases(
    process: str, release: str, values: dict[str, t.Any], size: int | None, name: str
) -> None:
    given = config(values, release)
    target = MODELS[process].legacy_target
    read = with_legacy_heap(MODELS[process], given)
    assert (read.size(target) if read.is_set(target) else None) == size
    assert read.name_of(target) == name
    assert given.values == values


def test_a_heap_of_less_than_nothing() -> None:
    with pytest.raises(FlinkError, match=r"^taskmanager\.heap\.mb: .*, got -1\."):
        with_legacy_heap(taskmanager.MODEL, config({"taskmanager.heap.mb": -1}, "1.20"))
