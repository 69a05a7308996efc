# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import FlinkError
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.release import Release

RELEASES = {
    "1.10": (1, 10, 3),
    "1.11": (1, 11, 6),
    "1.12": (1, 12, 7),
    "1.13": (1, 13, 6),
    "1.14": (1, 14, 6),
    "1.15": (1, 15, 4),
    "1.16": (1, 16, 3),
    "1.17": (1, 17, 2),
    "1.18": (1, 18, 1),
    "1.19": (1, 19, 3),
    "1.20": (1, 20, 5),
    "2.0": (2, 0, 2),
    "2.1": (2, 1, 3),
    "2.2": (2, 2, 1),
    "2.3": (2, 3, 0),
    "1.10.0": (1, 10, 0),
    "1.12.1": (1, 12, 1),
    "1.20.17": (1, 20, 17),
    " 2.3.0\n": (2, 3, 0),
}

REFUSED: dict[str, tuple[t.Any, str]] = {
    "older": ("1.9", "Flink 1.9 is not supported. Supported are 1.10 - 1.20 and 2.0 - 2.3."),
    "older patch": ("1.9.3", "Flink 1.9.3 is not supported"),
    "oldest": ("0.10", "is not supported"),
    "newer 1.x": ("1.21", "Flink 1.21 is not supported"),
    "newer 2.x": ("2.4.0", "Flink 2.4.0 is not supported"),
    "3.x": ("3.0", "Flink 3.0 is not supported"),
    "1.20 as a number": (1.20, "1.2 is a number, and as a number 1.20 is 1.2. Quote it: flink_version: '1.20'."),
    "2.0 as a number": (2.0, "Quote it"),
    "not a number": (float("nan"), "Quote it"),
    "int": (2, "not a whole number. Supported are 1.10 - 1.20"),
    "boolean": (True, "not a boolean"),
    "null": (None, "not null"),
    "list": (["2.3"], "not a list"),
    "empty": ("", "'' is not a Flink release"),
    "word": ("latest", "'latest' is not a Flink release. Give a line such as '1.20' or a full version"),
    "only major": ("2", "'2' is not a Flink release"),
    "suffix": ("2.3.0-rc1", "'2.3.0-rc1' is not a Flink release"),
    "prefix": ("v2.3", "'v2.3' is not a Flink release"),
    "four parts": ("1.20.5.1", "is not a Flink release"),
    "leading zeros": ("1.020", "'1.020' is not a Flink release"),
    "other digits": ("\u0662.\u0663", r"'\u0662.\u0663' is not a Flink release"),
    "sign": ("2.-3", "is not a Flink release"),
    "long": ("1" * 10**6, "(1000000 characters) is not a Flink release"),
}


@pytest.mark.parametrize(("given", "version"), RELEASES.items())
def test_releases(given: str, version: tuple[int, int, int]) -> None:
    release = Release.parse(given)
    assert (release.given, release.version, release.line) == (given, version, f"{version[0]}.{version[1]}")


@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_refused(given: t.Any, message: str) -> None:
    with pytest.raises(FlinkError, match=re.escape(message)) as refusal:
        Release.parse(given)
    assert str(refusal.value).startswith("flink_version: ")
    assert len(str(refusal.value)) < 300


def test_releases_compare() -> None:
    versions = [Release.parse(line).version for line in list(RELEASES)[:15]]
    assert versions == sorted(versions)
