# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.range import RangeFraction, read_fraction
from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.total import Total
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.config import Config
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import (
    ConflictError,
    DoesNotFitError,
    FlinkError,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.notes import Notes
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.options import (
    JM_OVERHEAD,
    TM,
    TM_MANAGED_FRACTION,
    TM_NETWORK,
    TM_OVERHEAD,
    RangeOptions,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import GIB, MAX_BYTES, MIB

NETWORK = f"{TM}network."


def config(values: dict[str, t.Any], release: str = "2.3") -> Config:
    return Config({f"{NETWORK}{key}": value for key, value in values.items()}, Release.parse(release))


def network(release: str = "2.3", **values: t.Any) -> RangeFraction:
    return RangeFraction.read(config(values, release), TM_NETWORK)


# Options, the base, and the part of it; the codes of what is noted.
OF: dict[str, tuple[dict[str, t.Any], int, int, list[str]]] = {
    "the fraction": ({"fraction": 0.25}, GIB, 256 * MIB, []),
    "rounded down": ({"min": 0, "fraction": "0.3"}, 1001, 300, []),
    "Flink's digits of a float": ({}, 4 * GIB, 429496736, []),
    "just the minimum": ({"min": "256m", "fraction": 0.25}, GIB, 256 * MIB, []),
    "raised to the minimum": ({"min": "257m", "fraction": 0.25}, GIB, 257 * MIB, []),
    "raised to the default minimum": ({"fraction": 0.01}, GIB, 64 * MIB, ["network-raised"]),
    "raised to the minimum unless a fraction is asked for": ({}, 512 * MIB, 64 * MIB, []),
    "just the maximum": ({"max": "256m", "fraction": 0.25}, GIB, 256 * MIB, []),
    "cut at the maximum": ({"max": "255m", "fraction": 0.25}, GIB, 255 * MIB, []),
    "fixed": ({"min": "100m", "max": "100m"}, GIB, 100 * MIB, []),
    "nothing": ({"min": 0, "fraction": 0}, GIB, 0, []),
}

# Options, what is beside the part, and the part; of both together it is the fraction.
BESIDE: dict[str, tuple[dict[str, t.Any], int, int, list[str]]] = {
    "a quarter of all is a third of the rest": ({"fraction": 0.25}, 768 * MIB, 256 * MIB - 1, []),
    "a half of all is the rest": ({"fraction": 0.5}, GIB, GIB, []),
    "raised to the minimum": ({"min": "2g", "fraction": 0.5}, GIB, 2 * GIB, []),
    "raised to the default minimum": ({"fraction": 0.01}, GIB, 64 * MIB, ["network-raised"]),
    "cut at the maximum": ({"max": "512m", "fraction": 0.5}, GIB, 512 * MIB, []),
    "nothing": ({"min": 0, "fraction": 0}, GIB, 0, []),
}

# Options, the rest of 1g that other parts leave, and the codes of what is noted.
RESTS: dict[str, tuple[dict[str, t.Any], int, list[str]]] = {
    "the minimum": ({"min": "256m"}, 256 * MIB, []),
    "the maximum": ({"max": "256m"}, 256 * MIB, []),
    "another than the default fraction": ({}, 512 * MIB, []),
    "the fraction that is set": ({"fraction": 0.5}, 512 * MIB, []),
    "another than the fraction that is set": ({"fraction": 0.5}, 511 * MIB, ["network-fraction-not-honoured"]),
}


@pytest.mark.parametrize(("values", "base", "size", "codes"), OF.values(), ids=OF)
def test_the_fraction_of_a_base(values: dict[str, t.Any], base: int, size: int, codes: list[str]) -> None:
    notes = Notes()
    assert network(**values).of(base, notes) == size
    assert [note["code"] for note in notes.items] == codes


@pytest.mark.parametrize(("values", "base", "size", "codes"), BESIDE.values(), ids=BESIDE)
def test_the_fraction_beside_a_base(values: dict[str, t.Any], base: int, size: int, codes: list[str]) -> None:
    notes = Notes()
    assert network(**values).beside(base, notes) == size
    assert [note["code"] for note in notes.items] == codes


@pytest.mark.parametrize(("values", "rest", "codes"), RESTS.values(), ids=RESTS)
def test_a_rest_within_the_bounds(values: dict[str, t.Any], rest: int, codes: list[str]) -> None:
    notes = Notes()
    network(**values).check_rest(rest, GIB, Total(GIB, "flink.size"), config(values), notes)
    assert [note["code"] for note in notes.items] == codes


def test_a_rest_below_the_minimum_needs_a_larger_total() -> None:
    message = f"The other options leave 255m of 1g (flink.size) for network, but {NETWORK}min asks for at least 256m."
    with pytest.raises(DoesNotFitError, match=f"^{re.escape(message)}$") as refusal:
        network(min="256m").check_rest(255 * MIB, GIB, Total(GIB, "flink.size"), config({"min": "256m"}), Notes())
    assert refusal.value.total_key == "flink.size"


def test_a_rest_beyond_the_maximum_needs_a_smaller_one() -> None:
    message = f"The other options leave 257m of 1g (flink.size) for network, but {NETWORK}max allows at most 256m."
    with pytest.raises(ConflictError, match=f"^{re.escape(message)}$") as refusal:
        network(max="256m").check_rest(257 * MIB, GIB, Total(GIB, "flink.size"), config({"max": "256m"}), Notes())
    assert not isinstance(refusal.value, DoesNotFitError)


def test_bounds_may_meet_but_not_cross() -> None:
    assert network(min="1g", max="1g").minimum == GIB
    with pytest.raises(FlinkError, match=rf"^{NETWORK}min \(2g\) is more than {NETWORK}max \(1g\)\."):
        network(min="2g", max="1g")
    with pytest.raises(FlinkError, match=r"max \(1g, the default of Flink 1\.16\)\.$"):
        network("1.16", min="2g")


def test_a_product_ends_where_that_of_java_does() -> None:
    assert network(fraction=0.5, max=MAX_BYTES).beside(MAX_BYTES, Notes()) == MAX_BYTES
    with pytest.raises(FlinkError, match=rf"^{NETWORK}fraction: the fraction asks for more than 2\^63 - 1 bytes\."):
        network(fraction=0.6, max=MAX_BYTES).beside(MAX_BYTES, Notes())


@pytest.mark.parametrize("options", [TM_OVERHEAD, JM_OVERHEAD, TM_NETWORK], ids=lambda options: options.fraction.key)
def test_notes_name_the_component_and_its_options(options: RangeOptions) -> None:
    notes = Notes()
    values = {options.minimum.key: "1m", options.fraction.key: 0.5}
    RangeFraction.read(Config(values, Release.parse("1.16")), options).of(4 * GIB, notes)
    (note,) = notes.items
    assert note["code"] == f"{options.component.lower().replace(' ', '-')}-capped"
    assert note["options"] == [options.maximum.key, options.fraction.key]
    assert note["message"].startswith(
        f"{options.component[0].upper()}{options.component[1:]} is 1g, its maximum by default; "
    )


@pytest.mark.parametrize("value", [0, "0.0", "-0.0", 0.9999999, "1e-45"])
def test_what_is_a_fraction(value: t.Any) -> None:
    read = read_fraction(Config({TM_MANAGED_FRACTION.key: value}, Release.parse("2.3")), TM_MANAGED_FRACTION)
    assert 0 <= read < 1


@pytest.mark.parametrize("value", [1, "1.0", -0.1, 40, "NaN", "Infinity"])
def test_what_is_not(value: t.Any) -> None:
    with pytest.raises(FlinkError, match=rf"^{TM_MANAGED_FRACTION.key}: expected a fraction "):
        read_fraction(Config({TM_MANAGED_FRACTION.key: value}, Release.parse("2.3")), TM_MANAGED_FRACTION)


@pytest.mark.parametrize("value", ["0.99999999", 0.99999999])
def test_what_a_float_rounds_to_one(value: t.Any) -> None:
    with pytest.raises(FlinkError, match=r"less than 1, got '?0\.99999999'?, which Flink rounds to 1\.$"):
        read_fraction(Config({TM_MANAGED_FRACTION.key: value}, Release.parse("2.3")), TM_MANAGED_FRACTION)
