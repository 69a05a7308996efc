# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Components that are a fraction of something larger, within bounds.

Source: ``RangeFraction``, ``ProcessMemoryUtils.deriveWithFraction`` and ``deriveWithInverseFraction``.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..values.config import text_of
from ..values.errors import ConflictError, DoesNotFitError, FlinkError
from ..values.java_numbers import multiply, parse_double
from ..values.notes import Try
from ..values.size import MAX_BYTES, exact, precise

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
    given: frozenset[str] = frozenset()

    @classmethod
    def read(cls, config: Config, options: RangeOptions) -> RangeFraction:
        minimum, maximum = config.size(options.minimum), config.size(options.maximum)
        fraction = read_fraction(config, options.fraction)
        if minimum > maximum:
            default = "" if config.is_set(options.maximum) else f", the default of Flink {config.release.line}"
            raise ConflictError(
                f"{config.name_of(options.minimum)} ({precise(minimum)}) is more than "
                f"{config.name_of(options.maximum)} ({precise(maximum)}{default})."
            )
        bounds = (options.minimum, options.maximum, options.fraction)
        given = frozenset(option.key for option in bounds if config.is_set(option))
        return cls(options, minimum, maximum, fraction, given)

    def of(self, base: int, notes: Notes) -> int:
        """The fraction of ``base``, within the bounds."""
        return self._clamp(_product(base, self.fraction, self.options.fraction), notes)

    def beside(self, base: int, notes: Notes) -> int:
        """The part that is the fraction of itself and ``base`` together, within the bounds."""
        return self._clamp(_product(base, self.fraction / (1 - self.fraction), self.options.fraction), notes)

    def _clamp(self, wanted: int, notes: Notes) -> int:
        size = min(max(wanted, self.minimum), self.maximum)
        bound = self.options.minimum if size > wanted else self.options.maximum
        if size != wanted and self.options.fraction.key in self.given and bound.key not in self.given:
            _note_clamped(notes, self.options, bound, wanted=wanted, size=size)
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
            raise ConflictError(
                f"The other options leave {precise(rest)} of {total} for {component}, but "
                f"{config.name_of(self.options.maximum)} allows at most {precise(self.maximum)}."
            )
        if config.is_set(self.options.fraction) and multiply(base, self.fraction) != rest:
            _note_fraction_not_honoured(notes, config, self.options, rest)


def read_fraction(config: Config, option: Option[float]) -> float:
    """Raises FlinkError unless 0 <= fraction < 1, as ``RangeFraction`` demands."""
    fraction = config.fraction(option)
    if not 0 <= fraction < 1:
        key, meant = config.name_of(option), f"{fraction / 100:g}" if 2 <= fraction < 100 else ""
        advice = f" Write {meant}." if meant else ""
        rounded = ", which Flink rounds to 1" if fraction == 1 and parse_double(text_of(config.values[key])) < 1 else ""
        raise FlinkError(
            f"{key}: expected a fraction of at least 0 and less than 1, got {config.quoted(option)}{rounded}.{advice}",
            {key: float(meant)} if meant else None,
        )
    return fraction


def _product(base: int, factor: float, option: Option[float]) -> int:
    product = multiply(base, factor)
    if product > MAX_BYTES:
        raise FlinkError(
            f"{option.key}: the fraction asks for more than 2^63 - 1 bytes. Lower it, or set the sizes themselves."
        )
    return product


def _note_clamped(notes: Notes, component: RangeOptions, bound: Option[int], *, wanted: int, size: int) -> None:
    """A fraction was set, but the default of a bound decides."""
    name, fraction = component.component, component.fraction.key
    code, kind = ("raised", "minimum") if size > wanted else ("capped", "maximum")
    notes.hint(
        f"{name.lower().replace(' ', '-')}-{code}",
        (bound.key, fraction),
        f"{name[0].upper()}{name[1:]} is {precise(size)}, its {kind} by default; {fraction} alone would have given "
        f"{precise(wanted)}.",
        Try({bound.key: exact(wanted)}),
        Try({fraction: None}),
        remedy=f"Set {bound.key} too.",
    )


def _note_fraction_not_honoured(notes: Notes, config: Config, component: RangeOptions, size: int) -> None:
    """The fraction of a component is set, but the other sizes decided."""
    key, name = config.name_of(component.fraction), component.component
    notes.warning(
        f"{name.lower().replace(' ', '-')}-fraction-not-honoured",
        [key],
        f"{key} is not honoured: {name} is {precise(size)}, what the other sizes leave.",
        Try({key: None}),
        remedy=f"Remove {key}, or set fewer sizes so that the fraction can decide.",
    )
