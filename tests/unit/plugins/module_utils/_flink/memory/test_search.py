# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.memory.search import (
    largest_that,
    largest_within,
    rounded_down,
    rounded_up,
    smallest_accepted,
    smallest_that,
    spelling,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import (
    DoesNotFitError,
    FlinkError,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.size import MIB

SPELLINGS: dict[str, tuple[str, int, str]] = {
    "mebibytes": ("taskmanager.memory.process.size", 1536, "1536m"),
    "shorter": ("taskmanager.memory.process.size", 4096, "4g"),
    "an option in megabytes": ("taskmanager.heap.mb", 4096, "4096"),
}

# The smallest and the largest number of MiB that are accepted, and the smallest that is found.
ACCEPTED: dict[str, tuple[int, int, int | None]] = {
    "anything": (0, 2**50, 1),
    "one": (1, 1, 1),
    "two": (2, 2, 2),
    "a power of two": (1024, 1024, 1024),
    "before a power of two": (1023, 1023, 1023),
    "after a power of two": (1025, 1025, 1025),
    "from there on": (982, 2**50, 982),
    "nothing": (983, 982, None),
    "no number at all": (2**60, 2**60, None),
    "the largest": (2**42, 2**50, 2**42),
}


class Process:
    """A process whose parts take some MiB of the value, and that allows some at most; it takes ``beside`` as well."""

    def __init__(self, smallest: int, largest: int, beside: int = 0) -> None:
        self.smallest, self.largest, self.beside = smallest, largest, beside

    def total(self, mebibytes: int) -> int:
        if mebibytes < self.smallest:
            raise DoesNotFitError("too small", "key")
        if mebibytes > self.largest:
            raise FlinkError("too large")
        return mebibytes * MIB + self.beside


@pytest.mark.parametrize(("key", "mebibytes", "text"), SPELLINGS.values(), ids=SPELLINGS)
def test_spelling(key: str, mebibytes: int, text: str) -> None:
    assert spelling(key, mebibytes) == text


@pytest.mark.parametrize(("smallest", "largest", "found"), ACCEPTED.values(), ids=ACCEPTED)
def test_smallest_accepted(smallest: int, largest: int, found: int | None) -> None:
    assert smallest_accepted(Process(smallest, largest).total) == found


@given(st.integers(1, 300), st.integers(-3, 300))
def test_the_smallest_of_all_that_are_accepted(smallest: int, more: int) -> None:
    assert smallest_accepted(Process(smallest, smallest + more).total) == (smallest if more >= 0 else None)


@given(
    st.integers(-2 * MIB, 100 * MIB), st.integers(0, 100), st.integers(0, 100), st.sampled_from([0, 1, MIB, 5 * MIB])
)
def test_the_largest_of_all_that_fit(room: int, smallest: int, largest: int, beside: int) -> None:
    process = Process(smallest, largest, beside)
    accepted = range(max(smallest, 1), largest + 1)
    fitting = [mebibytes for mebibytes in accepted if process.total(mebibytes) <= room]
    assert largest_within(room, process.total) == max(fitting, default=None)


def test_a_few_tries_are_enough() -> None:
    tried: list[int] = []

    def total(mebibytes: int) -> int:
        tried.append(mebibytes)
        return mebibytes * MIB

    assert largest_within(24 * 2**40, total) == 24 * 2**20
    assert len(tried) < 30


def test_an_error_of_ours_is_not_hidden() -> None:
    def fail(_mebibytes: int) -> t.NoReturn:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        smallest_accepted(fail)
    with pytest.raises(ZeroDivisionError):
        largest_within(MIB, fail)


@given(st.integers(1, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_smallest_that_helps(least: int, more: int, width: int) -> None:
    """It is found if numbers help from there on twice as far as it is away."""
    smallest = least + more
    found = smallest_that(lambda number: smallest <= number <= smallest + more + width, least)
    assert found == smallest


@given(st.integers(2, 600), st.integers(1, 600))
def test_the_largest_that_helps(below: int, largest: int) -> None:
    assert largest_that(lambda number: number <= largest, below) == min(largest, below - 1)


def test_nothing_helps() -> None:
    assert smallest_that(lambda _number: False, 5) is None
    assert largest_that(lambda _number: False, 5) is None


# A number of MiB, and those that people would write, below and above.
ROUNDED = [
    (1, 1, 16),
    (577, 576, 640),
    (704, 704, 704),
    (4097, 4096, 4352),
    (16385, 16384, 17408),
    (69000, 68608, 69632),
]


@pytest.mark.parametrize(("number", "down", "up"), ROUNDED)
def test_what_people_write(number: int, down: int, up: int) -> None:
    assert (rounded_down(number), rounded_up(number)) == (down, up)
