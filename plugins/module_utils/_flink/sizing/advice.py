# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``recommend`` returns, and the window that it reads."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ..diagnosis.findings import Evidence, Finding
    from ..observation.readings import Observation


class Figure(t.TypedDict):
    """A reading over the window, in which it was read in so many looks."""

    minimum: int
    maximum: int
    last: int
    looks: int
    source: str


class ProcessWindow(t.TypedDict):
    """The figures of one life of a process, by names such as ``old_used``, ``peak`` or ``metaspace_used``.

    ``first`` and ``last`` are the times of its looks, ``loaded`` counts those in which it had work.
    """

    pid: int | None
    started: int | None
    first: int
    last: int
    looks: int
    loaded: int
    figures: dict[str, Figure]


class Window(t.TypedDict):
    """Many looks, reduced. ``processes`` are keyed by host and name; ``loaded`` counts the looks with a job at work."""

    format: int
    first: int
    last: int
    looks: int
    loaded: int
    processes: dict[str, dict[str, ProcessWindow]]
    observation: Observation


class Recommendation(t.TypedDict):
    """One rule that applies to processes of one kind that have the same configuration.

    ``changes`` are options and values, null for one that has to go. ``confidence`` is high, medium or low;
    ``refuted_by`` says what would prove it wrong. ``delta`` is what one process takes more (or less) in the end.
    """

    rule: str
    kind: str
    hosts: list[str]
    processes: list[str]
    message: str
    evidence: list[Evidence]
    changes: dict[str, t.Any]
    confidence: str
    refuted_by: str
    delta: int


class Resized(t.TypedDict):
    """A set of hosts whose processes of a kind have one configuration, before and after all recommendations for it.

    ``variables`` is what a person pastes: ``flink_config`` options, null for one that has to go. ``before`` and
    ``after`` are the memory of a plan. ``error`` is the sentence with which the plan of a host refuses it, if it
    does. ``variable`` is that to paste into, such as flink_config; ``notes`` are sentences on totals that were a share
    of the host, and on what the advice is not sure of.
    """

    kind: str
    hosts: list[str]
    processes: list[str]
    count: int
    variable: str
    notes: list[str]
    variables: dict[str, t.Any]
    before: dict[str, int | None]
    after: dict[str, int | None]
    skew: str
    error: str | None


class Advice(t.TypedDict):
    """The result: ``withheld`` says why nothing is recommended where nothing is, such as an idle cluster."""

    findings: list[Finding]
    recommendations: list[Recommendation]
    resized: list[Resized]
    freed: int
    withheld: list[str]
