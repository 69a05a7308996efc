# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a fleet is made of."""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.values.results import (
        Host,
        NamedNote,
        Slots,
    )


class FleetHost(t.TypedDict):
    """A host: its status, the index of its plan if it has one, and the reasons of a refusal, a line each."""

    host: str
    groups: list[str]
    status: str
    plan: int | None
    error: str | None


class FleetProcess(t.TypedDict):
    """A process of a plan; ``settings`` are its memory options, ``derivation`` says how each component came about."""

    name: str
    process: str
    numa_node: int | None
    derived_from: list[str]
    settings: dict[str, t.Any]
    asked: dict[str, str]
    memory: dict[str, int | None]
    derivation: dict[str, str]
    jvm_args: list[str]
    slots: t.NotRequired[Slots]


class FleetPlan(t.TypedDict):
    """The plan of all hosts that have this index."""

    flink_version: str
    host: Host
    processes: list[FleetProcess]
    notes: list[NamedNote]


class Fleet(t.TypedDict):
    """The hosts of an inventory, how many of them have which status, and their plans."""

    summary: dict[str, int]
    hosts: list[FleetHost]
    plans: list[FleetPlan]
