# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``explain`` returns."""

from __future__ import annotations

import typing as t


class Evidence(t.TypedDict):
    """A number or a line, and where it was read."""

    text: str
    source: str


class Finding(t.TypedDict):
    """What happened to a process, or what is scarce there.

    ``level`` is error (something died or failed), warning (it will, or works badly) or hint. ``code`` is that of the
    catalogue. ``process`` and ``host`` are null where the whole cluster is meant, ``time`` where nobody says when.
    ``component`` is a name of a plan, null for what is no matter of memory. ``options`` are the keys that would help;
    ``symptoms`` the sentences that this one explains.
    """

    level: str
    code: str
    host: str | None
    process: str | None
    time: int | None
    message: str
    evidence: list[Evidence]
    component: str | None
    options: list[str]
    remedy: str
    symptoms: list[str]
