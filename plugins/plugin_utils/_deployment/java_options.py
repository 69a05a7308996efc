# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's JVM options as the processes of a host have them."""

from __future__ import annotations

import re
import typing as t

# A variable of ``config.sh`` that the role has as well, and what else a shell would expand.
_VARIABLE = re.compile(r"\$(\{)?((?:FLINK|JAVA)_[A-Z_]+)(?(1)\})")
_EXPANDED = re.compile(r"\$\{?\w+\}?|\$\(.*?\)|`.*?`")


def expand(words: t.Iterable[str], variables: t.Mapping[str, t.Any]) -> list[str]:
    """As ``flink-daemon.sh`` does with variables of its own."""
    return [_VARIABLE.sub(lambda found: str(variables.get(found[2], found[0])), word) for word in words]


def not_expanded(words: t.Iterable[str]) -> list[str]:
    """What is left that Flink's scripts would expand."""
    return list(dict.fromkeys(found for word in words for found in _EXPANDED.findall(word)))
