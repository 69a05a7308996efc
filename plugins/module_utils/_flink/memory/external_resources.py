# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""External resources (such as GPUs) of a TaskManager, which travel in its dynamic properties.

Source: ``ExternalResourceUtils.getExternalResourceAmountMap``, ``Resource``.
"""

from __future__ import annotations

import typing as t

from ..catalogue.grammar import read_value
from ..values import options
from ..values.config import text_of
from ..values.errors import FlinkError
from ..values.java_numbers import hash_order, multiply

if t.TYPE_CHECKING:
    from ..values.config import Config


def read_amounts(config: Config) -> dict[str, int]:
    """The amount of each resource, in the order in which Java's maps keep them; without an amount it does not count.

    Raises FlinkError if an amount is not a whole number.
    """
    if not config.is_set(options.EXTERNAL_RESOURCES) or config.release.version < options.EXTERNAL_RESOURCES.since:
        return {}
    amounts = {}
    for name in hash_order(list(dict.fromkeys(_names(config)))):
        amount = config.integer(options.Option(f"external-resource.{name}.amount", (((1, 10), 0),)), bits=64)
        if amount > 0:
            amounts[name] = _through_double(amount)
    return {name: amounts[name] for name in hash_order(list(amounts))}


def _through_double(amount: int) -> int:
    """A resource keeps its amount as the decimal text of a double, and gives it back as 64 bits."""
    return (multiply(1, float(amount)) + 2**63) % 2**64 - 2**63


def _names(config: Config) -> list[str]:
    key = options.EXTERNAL_RESOURCES.key
    value = config.values[key]
    try:
        if isinstance(value, (list, tuple)):
            return [text_of(item) for item in value]
        names = t.cast("list[str]", read_value("list string", value, config.release, typed=True))
        return [] if value == "none" else names
    except ValueError as exc:
        reason = exc.__cause__ or exc
        raise FlinkError(
            f"{key}: cannot read the names of the resources: {reason}. Write a list: [gpu, fpga]."
        ) from None


def as_properties(config: Config, amounts: dict[str, int]) -> dict[str, str]:
    """What the dynamic properties say of the resources. From 1.15 on Flink prints the names inside double quotes."""
    names = ";".join(amounts)
    if names and config.release.version >= (1, 15):
        names = f'"{names}"'
    return {
        options.EXTERNAL_RESOURCES.key: names or "none",
        **{f"external-resource.{name}.amount": str(amount) for name, amount in amounts.items()},
    }
