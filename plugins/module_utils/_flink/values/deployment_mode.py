# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Session mode, in which a JobManager takes jobs over REST, and application mode, in which it runs the main of one."""

from __future__ import annotations

from .errors import FlinkError, quoted_value


def is_application_mode(mode: object) -> bool:
    """Raises FlinkError for what is no mode."""
    if mode not in ("session", "application"):
        raise FlinkError(f"deployment_mode: expected session or application, got {quoted_value(mode)}. Correct it.")
    return mode == "application"
