# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Flink releases: which are known, and how they compare."""

from __future__ import annotations

import dataclasses
import functools
import re

from .errors import FlinkError, quoted, type_name

# The latest patch release of each supported line; a line given without its patch means this one.
LATEST_PATCH = {
    (1, 10): 3,
    (1, 11): 6,
    (1, 12): 7,
    (1, 13): 6,
    (1, 14): 6,
    (1, 15): 4,
    (1, 16): 3,
    (1, 17): 2,
    (1, 18): 1,
    (1, 19): 3,
    (1, 20): 5,
    (2, 0): 2,
    (2, 1): 3,
    (2, 2): 1,
    (2, 3): 0,
}

SUPPORTED = "1.10 - 1.20 and 2.0 - 2.3"

_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})(?:\.(0|[1-9][0-9]{0,3}))?")


@dataclasses.dataclass(frozen=True)
class Release:
    """One Flink release. ``version`` compares: ``release.version < (1, 17)``."""

    given: str
    version: tuple[int, int, int]

    @property
    def line(self) -> str:
        return f"{self.version[0]}.{self.version[1]}"

    @classmethod
    def parse(cls, given: object) -> Release:
        """Raises FlinkError for anything but the text of a supported release."""
        if isinstance(given, str):
            return _parse(str(given))
        if isinstance(given, float):
            raise FlinkError(
                f"flink_version: {given!r} is a number, and as a number 1.20 is 1.2. Quote it: flink_version: '1.20'."
            )
        raise FlinkError(
            f"flink_version: expected the text of a Flink release such as '1.20' or '2.3.0', "
            f"not {type_name(given)}. Supported are {SUPPORTED}."
        )


@functools.lru_cache(maxsize=256)
def _parse(given: str) -> Release:
    match = _VERSION.fullmatch(given.strip())
    if match is None:
        raise FlinkError(
            f"flink_version: {quoted(given)} is not a Flink release. "
            f"Give a line such as '1.20' or a full version such as '2.3.0'; supported are {SUPPORTED}."
        )
    line = (int(match.group(1)), int(match.group(2)))
    if line not in LATEST_PATCH:
        raise FlinkError(f"flink_version: Flink {given.strip()} is not supported. Supported are {SUPPORTED}.")
    patch = LATEST_PATCH[line] if match.group(3) is None else int(match.group(3))
    return Release(given=given, version=(*line, patch))
