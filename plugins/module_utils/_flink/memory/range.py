# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Components that are a fraction of something larger, within bounds.

Source: ``RangeFraction``, ``ProcessMemoryUtils.deriveWithFraction`` and ``deriveWithInverseFraction``.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..values import options
from ..values.errors import DoesNotFitError, FlinkError
from ..values.java_numbers import multiply
from ..values.size import MAX_BYTES, precise

if t.TYPE_CHECKING:
    from ..values.config import Config
    from ..values.notes import Notes
    from ..values.options import Option, RangeOptions
    from .total import Total


@dataclasses.dataclass(frozen=True)
class RangeFraction:
    """A component that is a fraction of something larger, within bounds.

    Raises FlinkError unless minimum <= maximum and 0 <= fraction < 1.
    """

    options: RangeOptions
    minimum: int
    maximum: int
    fraction: float

    @classmethod
    def read(cls, config: Config, options: RangeOptions) -> RangeFraction:
        minimum, maximum = config.size(options.minimum), config.size(options.maximum)
        fraction = read_fraction(config, options.fraction)
        if minimum > maximum:
            default = "" if config.is_set(options.maximum) else f", the default of Flink {config.release.line}"
            raise FlinkError(
                f"{config.name_of(options.minimum)} ({precise(minimum)}) is more than "
                f"{config.name_of(options.maximum)} ({precise(maximum)}{default}). Lower the one or raise the other."
            )
        return cls(options, minimum, maximum, fraction)

    def of(self, base: int, notes: Notes) -> int:
        """The fraction of ``base``, within the bounds."""
        return self._clamp(_product(base, self.fraction, self.options.fraction), notes)

    def beside(self, base: int, notes: Notes) -> int:
        """The part that is the fraction of itself and ``base`` together, within the bounds."""
        return self._clamp(_product(base, self.fraction / (1 - self.fraction), self.options.fraction), notes)

    def _clamp(self, wanted: int, notes: Notes) -> int:
        size = min(max(wanted, self.minimum), self.maximum)
        if size != wanted:
            _note_clamped(notes, self.options, wanted=wanted, size=size)
        return size

    def check_rest(self, rest: int, base: int, total: Total, config: Config, notes: Notes) -> None:
        """Check what the other parts leave for this component.

        Raises FlinkError if it lies outside the bounds.
        """
        component = self.options.component
        if rest < self.minimum:
            raise DoesNotFitError(
                f"The other options leave {precise(rest)} of {total} for {component}, but "
                f"{config.name_of(self.options.minimum)} asks for at least {precise(self.minimum)}.",
                total.key,
            )
        if rest > self.maximum:
            raise FlinkError(
                f"The other options leave {precise(rest)} of {total} for {component}, but "
                f"{config.name_of(self.options.maximum)} allows at most {precise(self.maximum)}. "
                f"Lower {total.key} by at least {precise(rest - self.maximum)}, raise the maximum, "
                f"or set fewer of the sizes so that Flink can derive them."
            )
        if config.is_set(self.options.fraction) and multiply(base, self.fraction) != rest:
            _note_fraction_not_honoured(notes, config, self.options, rest)


def read_fraction(config: Config, option: Option[float]) -> float:
    """Raises FlinkError unless 0 <= fraction < 1, as ``RangeFraction`` demands."""
    fraction = config.fraction(option)
    if not 0 <= fraction < 1:
        percent = f" Write {fraction / 100:g}." if 2 <= fraction < 100 else ""
        raise FlinkError(
            f"{config.name_of(option)}: expected a fraction of at least 0 and less than 1, "
            f"got {config.quoted(option)}.{percent}"
        )
    return fraction


def _product(base: int, factor: float, option: Option[float]) -> int:
    product = multiply(base, factor)
    if product > MAX_BYTES:
        raise FlinkError(
            f"{option.key}: the fraction asks for more than 2^63 - 1 bytes. Lower it, or set the sizes themselves."
        )
    return product


def _note_clamped(notes: Notes, component: RangeOptions, *, wanted: int, size: int) -> None:
    """A component was raised to its minimum or cut at its maximum."""
    name, keys = component.component, (component.minimum.key, component.maximum.key, component.fraction.key)
    code = name.lower().replace(" ", "-")
    if size > wanted:
        notes.hint(
            f"{code}-raised",
            (keys[0], keys[2]),
            f"{name} is {precise(size)}, its minimum; {keys[2]} alone would have given {precise(wanted)}.",
            f"Nothing to do unless the memory is needed elsewhere: then lower {keys[0]}.",
        )
    else:
        notes.hint(
            f"{code}-capped",
            (keys[1], keys[2]),
            f"{name} is {precise(size)}, its maximum; {keys[2]} alone would have given {precise(wanted)}.",
            f"If the process needs more native memory than that, raise {keys[1]}."
            if component is not options.TM_NETWORK
            else f"If jobs run short of network buffers, raise {keys[1]}.",
        )


def _note_fraction_not_honoured(notes: Notes, config: Config, component: RangeOptions, size: int) -> None:
    """The fraction of a component is set, but the other sizes decided."""
    key, name = config.name_of(component.fraction), component.component
    notes.warning(
        f"{name.lower().replace(' ', '-')}-fraction-not-honoured",
        [key],
        f"{key} is not honoured: {name} is {precise(size)}, what the other sizes leave.",
        f"Remove {key}, or set fewer sizes so that the fraction can decide.",
    )
