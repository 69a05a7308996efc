# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The door for looks, findings and advice that come back by a variable or a file.

Their shapes are those of the types that describe them, so that none is written twice.
"""

from __future__ import annotations

import functools
import types
import typing as t

from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis import findings
from ansible_collections.streamops.flink.plugins.module_utils._flink.observation import readings
from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing import advice
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.errors import type_name
from ansible_collections.streamops.flink.plugins.module_utils._flink.values.shapes import (
    Fault,
    Shape,
    check,
    integer,
    list_of,
    mapping,
    mapping_of,
    nullable,
    text,
    variable,
)

if t.TYPE_CHECKING:
    from ansible_collections.streamops.flink.plugins.module_utils._flink.diagnosis.findings import Finding
    from ansible_collections.streamops.flink.plugins.module_utils._flink.observation.readings import (
        ClusterReading,
        HostReading,
    )
    from ansible_collections.streamops.flink.plugins.module_utils._flink.sizing.advice import Advice, Window

FORMAT = 1
_NAMES = {**vars(readings), **vars(findings), **vars(advice)}


def _boolean(value: t.Any) -> Fault | None:
    return None if isinstance(value, bool) else Fault("", type_name(value), "true or false")


_PLAIN: dict[t.Any, Shape] = {str: text, int: integer, bool: _boolean, t.Any: variable}


@functools.cache
def _shape(kind: t.Any) -> Shape:
    """What fits a type that the readings, findings and advice are made of."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if t.is_typeddict(kind):
        return mapping({name: _shape(member) for name, member in t.get_type_hints(kind, localns=_NAMES).items()})
    origin, arguments = t.get_origin(kind), t.get_args(kind)
    if origin in (t.Union, types.UnionType):
        (member,) = set(arguments) - {types.NoneType}
        return nullable(_shape(member))
    return list_of(_shape(arguments[0])) if origin is list else mapping_of(_shape(arguments[1]))


def read_host(value: object) -> HostReading:
    """Raises FlinkError for what is no look at a host."""
    check(
        value, _shape(readings.HostReading), "a look at a host, as the module streamops.flink.process_info returns it"
    )
    return t.cast("HostReading", value)


def read_cluster(value: object) -> ClusterReading:
    """Raises FlinkError for what is no answer of a cluster."""
    expected = "the answer of a cluster, as the module streamops.flink.cluster_metrics_info returns it"
    check(value, _shape(readings.ClusterReading), expected)
    return t.cast("ClusterReading", value)


def read_window(value: object) -> Window:
    """Raises FlinkError for what is no window of looks."""
    check(value, _shape(advice.Window), "the looks that the playbook streamops.flink.observe keeps")
    return t.cast("Window", value)


def read_findings(value: object) -> list[Finding]:
    """Raises FlinkError for what are no findings."""
    check(value, _shape(list[findings.Finding]), "findings, as the module streamops.flink.cluster_advice returns them")
    return t.cast("list[Finding]", value)


def read_advice(value: object) -> Advice:
    """Raises FlinkError for what is no advice."""
    check(value, _shape(advice.Advice), "advice, as the module streamops.flink.cluster_advice returns it")
    return t.cast("Advice", value)
