# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the scenarios read in the file of a counting job."""

from __future__ import annotations

import runpy
import typing as t
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "extensions/molecule/utils/tasks/files/counts.py"
KEYS = 2

look: t.Callable[..., dict[str, t.Any]] = runpy.run_path(str(FILE))["look"]


def lines(*rows: tuple[int, int]) -> str:
    """A line for each count and number, one second after the other."""
    return "".join(
        f"{number % KEYS} {count} {number} {1000 * second}\n" for second, (count, number) in enumerate(rows, 1)
    )


BEGUN = ((1, 0), (1, 1), (2, 2), (2, 3))
FAULTS: dict[str, tuple[tuple[tuple[int, int], ...], list[str]]] = {
    "nothing yet": ((), []),
    "a count for each number": (BEGUN, []),
    "keys that overtake each other": (((1, 1), (2, 3), (1, 0)), []),
    "the numbers since a checkpoint again": ((*BEGUN, (2, 2), (2, 3), (3, 4)), []),
    "a count that is older than the source": ((*BEGUN, (2, 4), (3, 6)), ["key 0: lost 1"]),
    "a source that goes on without counts": (
        (*BEGUN, (1, 4), (1, 5)),
        ["key 0: lost 2", "key 1: lost 2"],
    ),
    "a count that is newer than the source": ((*BEGUN, (4, 4)), ["key 0: counted 1 too many"]),
    "numbers of one key in another": (
        (*BEGUN, (4, 4), (2, 5)),
        ["key 1: lost 1", "key 0: counted 1 too many"],
    ),
    "a job without its past": ((*BEGUN, (1, 0), (1, 1)), [f"key {key}: counted from nothing again" for key in (0, 1)]),
}


@pytest.mark.parametrize(("rows", "faults"), FAULTS.values(), ids=FAULTS)
def test_what_was_lost_or_counted_twice_is_told(rows: tuple[tuple[int, int], ...], faults: list[str]) -> None:
    assert look(lines(*rows), KEYS)["faults"] == faults


def test_the_slowest_key_and_repeated_numbers_are_told() -> None:
    found = look(lines(*BEGUN, (2, 2), (3, 4), (4, 6)), KEYS)
    assert (found["newest"], found["oldest"], found["repeated"]) == (6, 3, 1)
    assert look(lines((1, 0)), KEYS)["oldest"] == -1


def test_a_pause_is_that_after_a_number() -> None:
    text = "0 1 0 1000\n1 1 1 9000\n0 2 2 9500\n1 2 3 12000\n"
    assert [look(text, KEYS, since)["pause"] for since in (-1, 0, 1, 2, 3)] == [8, 8, 2.5, 2.5, 0]


def test_a_line_that_is_being_written_is_left_out() -> None:
    assert look(lines(*BEGUN) + "0 3", KEYS) == look(lines(*BEGUN), KEYS)
