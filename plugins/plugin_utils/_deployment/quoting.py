# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths as systemd reads them in units: each setting has a syntax of its own. Source: systemd.syntax(7)."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r'(["\\])')
_SEPARATING = re.compile(r"""[\s"'\\]""")
_PATTERN = re.compile(r"([\\*?\[\]])")


def unit_path(path: str) -> str:
    """For WorkingDirectory, which takes all up to the end of the line."""
    return path.replace("%", "%%")


def unit_file(path: str) -> str:
    """For EnvironmentFile, which takes a pattern of files."""
    return _PATTERN.sub(r"\\\1", unit_path(path))


def unit_word(path: str) -> str:
    """For ReadWritePaths, which takes words."""
    word = unit_path(path)
    return '"' + _SPECIAL.sub(r"\\\1", word) + '"' if _SEPARATING.search(word) else word


def unit_argument(path: str) -> str:
    """For ExecStart, which takes words and replaces variables in them."""
    return unit_word(path).replace("$", "$$")
