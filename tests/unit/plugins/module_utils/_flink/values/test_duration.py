# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.duration import (
    exact_duration,
    parse_duration,
)
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

MILLISECOND, SECOND = 10**6, 10**9
OLDEST, NEWEST = Release.parse("1.10"), Release.parse("2.3")
LONGEST = (2**63 - 1) * SECOND

# What real releases read from a text: the oldest that does, and the nanoseconds.
READ = {
    "10 s": ("1.10", 10 * SECOND),
    "10s": ("1.10", 10 * SECOND),
    " 10\tSEC ": ("1.10", 10 * SECOND),
    "007 Seconds": ("1.10", 7 * SECOND),
    "250": ("1.10", 250 * MILLISECOND),
    "250 millis": ("1.10", 250 * MILLISECOND),
    "10 µs": ("1.10", 10_000),
    "1 nano": ("1.10", 1),
    "5 min": ("1.10", 300 * SECOND),
    "2 hours": ("1.10", 7200 * SECOND),
    "1 d": ("1.10", 86400 * SECOND),
    "9223372036854775807 s": ("1.10", LONGEST),
    "5 m": ("1.15", 300 * SECOND),
    "5m": ("1.15", 300 * SECOND),
    "9223372036854775808 ns": ("2.0", 2**63),
    "9223372036854775807999999999ns": ("2.0", LONGEST + SECOND - 1),
    "PT10S": ("2.1", 10 * SECOND),
    "p1dt2h": ("2.1", 93600 * SECOND),
    "PT1,5S": ("2.1", 1500 * MILLISECOND),
    "PT1.S": ("2.1", SECOND),
    "PT1H-30M": ("2.1", 1800 * SECOND),
    "-PT-10S": ("2.1", 10 * SECOND),
    "PT1M-0.5S": ("2.1", 59500 * MILLISECOND),
}
REFUSED = (
    *("", " ", "s", "-1", "-1 ms", "+1 s", "1.5 s", "1h30m", "1h 30min", "10 us", "10 mins", "1 w", "1 month"),
    *("10 \u03bcs", "10\u00a0s", "\uff19 s", "1e3 ms", "Inf", "9223372036854775808 s", "106751991167301 d"),
    *("PT", "P", "P1DT", "P1W", "P1M", "-PT10S", "PT.5S", "PT1.1234567891S", "PT30S1H", "PT9223372036854775808S"),
)


@pytest.mark.parametrize("text", READ)
def test_read_from_the_oldest_release_on(text: str) -> None:
    since, nanoseconds = READ[text]
    assert parse_duration(text, Release.parse(since)) == nanoseconds
    assert parse_duration(text, NEWEST) == nanoseconds


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (text, line)
        for text, (since, _ns) in READ.items()
        for line in ("1.10", "1.14", "1.20", "2.0")
        if Release.parse(line).version < Release.parse(since).version
    ],
)
def test_not_read_before(text: str, line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_duration(text, Release.parse(line))


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("release", [OLDEST, NEWEST], ids=["1.10", "2.3"])
def test_refused(text: str, release: Release) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_duration(text, release)


@given(st.integers(0, 2**63 - 1))
def test_what_is_printed_is_read_by_every_release(nanoseconds: int) -> None:
    for release in (OLDEST, NEWEST):
        assert parse_duration(exact_duration(nanoseconds), release) == nanoseconds


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [(0, "0 s"), (5400 * SECOND, "90 min"), (1500 * MILLISECOND, "1500 ms"), (1, "1 ns"), (86400 * SECOND, "1 d")],
)
def test_printed_in_the_largest_unit(nanoseconds: int, text: str) -> None:
    assert exact_duration(nanoseconds) == text
