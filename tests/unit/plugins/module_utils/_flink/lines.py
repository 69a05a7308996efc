# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The release lines that are supported."""

from __future__ import annotations

LINES = (*(f"1.{minor}" for minor in range(10, 21)), *(f"2.{minor}" for minor in range(4)))
