# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How each component of a plan came about, in a sentence for people."""

from __future__ import annotations

import typing as t

from ..values import options
from ..values.config import Config, flatten
from ..values.release import Release
from ..values.size import precise
from . import jobmanager, taskmanager
from .derivation import with_legacy_heap

if t.TYPE_CHECKING:
    from ..values.options import Option, RangeOptions
    from ..values.results import Plan
    from .derivation import ProcessModel

_REST_OF_FLINK = "what the other parts leave of total Flink memory"


def derivation(config: object, planned: Plan) -> dict[str, str]:
    """A sentence for each component of a plan of a TaskManager or JobManager, by its name in ``planned["memory"]``.

    ``config`` are the options that the plan was made of. Empty for a JobManager of 1.10, where nothing is derived.
    """
    release = Release.parse(planned["flink_version"])
    if planned["process"] == "jobmanager":
        if release.version < (1, 11):
            return {}
        given = with_legacy_heap(jobmanager.MODEL, Config(flatten(config), release))
        return {**_of_jobmanager(given, planned), **_beside_flink(given, planned, jobmanager.MODEL)}
    given = with_legacy_heap(taskmanager.MODEL, Config(flatten(config), release))
    return {**_of_taskmanager(given, planned), **_beside_flink(given, planned, taskmanager.MODEL)}


def _of_taskmanager(config: Config, planned: Plan) -> dict[str, str]:
    is_fine_grained = config.is_set(options.TM_TASK_HEAP) and config.is_set(options.TM_MANAGED)
    has_total = config.is_set(options.TM_FLINK)
    return {
        "framework_heap": _configured(config, options.TM_FRAMEWORK_HEAP),
        "task_heap": _configured(config, options.TM_TASK_HEAP)
        if config.is_set(options.TM_TASK_HEAP)
        else _REST_OF_FLINK,
        "framework_off_heap": _configured(config, options.TM_FRAMEWORK_OFF_HEAP),
        "task_off_heap": _configured(config, options.TM_TASK_OFF_HEAP),
        "network": _REST_OF_FLINK
        if config.is_set(options.TM_TASK_HEAP) and (has_total or not is_fine_grained)
        else _network(config, planned),
        "managed": _configured(config, options.TM_MANAGED)
        if config.is_set(options.TM_MANAGED)
        else f"{_percent(config, options.TM_MANAGED_FRACTION)} of total Flink memory",
    }


def _network(config: Config, planned: Plan) -> str:
    if taskmanager.counts_network_buffers(config):
        return f"{options.TM_NETWORK_BUFFERS.key} of {options.TM_SEGMENT.key} each"
    return _fraction(config, options.TM_NETWORK, planned["memory"]["network"], "total Flink memory")


def _of_jobmanager(config: Config, planned: Plan) -> dict[str, str]:
    has_heap = config.is_set(options.JM_JVM_HEAP)
    return {
        "jvm_heap": _configured(config, options.JM_JVM_HEAP) if has_heap else _REST_OF_FLINK,
        "off_heap": _REST_OF_FLINK
        if has_heap and config.is_set(options.JM_FLINK)
        else _configured(config, options.JM_OFF_HEAP),
    }


def _beside_flink(config: Config, planned: Plan, model: ProcessModel[t.Any]) -> dict[str, str]:
    from_total_process = config.name_of(model.total_process) in planned["derived_from"]
    overhead = (
        "what total Flink memory and JVM metaspace leave of total process memory"
        if config.is_set(model.total_process) and not from_total_process
        else _fraction(config, model.overhead, planned["memory"]["jvm_overhead"], "total process memory")
    )
    return {"jvm_metaspace": _configured(config, model.metaspace), "jvm_overhead": overhead}


def _configured(config: Config, option: Option[int]) -> str:
    size = precise(config.size(option))
    return f"{config.name_of(option)}, {'set to' if config.is_set(option) else 'by default'} {size}"


def _percent(config: Config, option: Option[float]) -> str:
    """A fraction without the digits that its 32 bits add."""
    return f"{config.fraction(option) * 100:.6g}% ({config.name_of(option)})"


def _fraction(config: Config, component: RangeOptions, size: int | None, base: str) -> str:
    minimum, maximum = config.size(component.minimum), config.size(component.maximum)
    text = f"{_percent(config, component.fraction)} of {base}"
    if minimum == maximum:
        return f"{config.name_of(component.minimum)} and {config.name_of(component.maximum)}, both {precise(minimum)}"
    if size == minimum:
        return f"{text}, raised to {config.name_of(component.minimum)} {precise(minimum)}"
    if size == maximum:
        return f"{text}, cut to {config.name_of(component.maximum)} {precise(maximum)}"
    return text
