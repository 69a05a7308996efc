# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Short files, such as those of /proc and /sys."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from pathlib import Path


def read_text(path: Path) -> str | None:
    """The text of a file, without blanks around it; nothing if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
