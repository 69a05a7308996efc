# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user configured: nested or dotted mappings made flat, and values read the way Flink reads them."""

from __future__ import annotations

import functools
import math
import re
import typing as t

from .errors import FlinkError, quoted, quoted_key, type_name
from .java_numbers import double_text, narrow, parse_double, parse_float, parse_int
from .size import JAVA_BLANKS, MAX_BYTES, MIB, exact, meant_size, parse_size, to_bytes

if t.TYPE_CHECKING:
    from collections.abc import Mapping

    from .options import Option, Value
    from .release import Release

_DEEPEST = 20
# Characters: mappings repeat what they are nested in before every name.
_LONGEST_NAMES = 2**23
_EXAMPLE = "{'taskmanager.memory.process.size': '4g'}"
_PERCENT = re.compile(r"\s*([0-9]{1,2})\s*%\s*")
_WHOLE = re.compile(r"([0-9]{1,9})\.0{1,9}")
_COMMA = re.compile(r"\s*([0-9]*),([0-9]+)\s*")

# From this release on the configuration file is YAML, whose numbers and booleans arrive typed.
STANDARD_YAML = (1, 19)


def flatten(config: object, *, keep_null: bool = False) -> dict[str, t.Any]:
    """Make nested mappings flat (``{'a': {'b': 1}}`` is ``{'a.b': 1}``) and, as a rule, leave out what is null.

    Raises FlinkError if it is not a mapping of texts, or if an option is given in two forms.
    """
    if not isinstance(config, dict):
        raise FlinkError(
            f"config: expected a mapping of Flink options to values such as {_EXAMPLE}, not {type_name(config)}."
        )
    flat: dict[str, t.Any] = {}
    _flatten_into(flat, "", config, 1)
    return flat if keep_null else {key: value for key, value in flat.items() if value is not None}


def overlay(config: object, over: object) -> dict[str, t.Any]:
    """One mapping of options laid over another; null takes an option away."""
    merged = {**flatten(config), **flatten(over, keep_null=True)}
    return {key: value for key, value in merged.items() if value is not None}


def merge_config(configs: object) -> dict[str, t.Any]:
    """A list of mappings of options, each laid over those before it, as one flat mapping."""
    if not isinstance(configs, (list, tuple)):
        raise FlinkError(f"expected a list of mappings of Flink options, not {type_name(configs)}.")
    return functools.reduce(overlay, configs, {})


def _flatten_into(flat: dict[str, t.Any], prefix: str, config: Mapping[t.Any, t.Any], depth: int) -> None:
    if depth > _DEEPEST:
        raise FlinkError(
            f"config: {quoted_key(prefix[:-1])} is nested more than {_DEEPEST} levels deep. Write dotted keys."
        )
    if len(prefix) * (len(flat) + len(config)) > _LONGEST_NAMES:
        raise FlinkError(f"config: {quoted_key(prefix[:-1])} is too long a name for so many options. Shorten it.")
    for key, value in config.items():
        if not isinstance(key, str) or not key:
            shown = "an empty text" if key == "" else _shown_key(key)
            place = f" under {quoted_key(prefix[:-1])}" if prefix else ""
            raise FlinkError(f"config: a key{place} is {shown}. Keys must be text: quote it, or name an option.")
        full_key = prefix + key
        if isinstance(value, dict):
            _flatten_into(flat, full_key + ".", value, depth + 1)
        else:
            if flat.get(full_key) is not None and value is not None:
                raise FlinkError(f"config: {quoted_key(full_key)} is given in two forms, dotted and nested. Keep one.")
            if value is not None or full_key not in flat:
                flat[full_key] = value


def _shown_key(key: object) -> str:
    try:
        return f"{key!r:.20}, {type_name(key)}"
    except (RecursionError, ValueError):
        return type_name(key)


def text_of(value: object) -> str:
    """The text that Flink sees of a value. Raises ValueError for what is no scalar."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if value.bit_length() > 4096:
            raise ValueError("number too large")
        return str(int(value))
    if isinstance(value, float):
        return float_text(value)
    raise ValueError(type_name(value))


def float_text(value: float) -> str:
    """A float as Java reads it, in Python's digits where both read them alike."""
    return repr(float(value)) if math.isfinite(value) else double_text(value)


class Config:
    """The options given to one process, read for one release.

    Every reader returns the default if the option is not set and raises FlinkError, naming the key, if Flink
    would not read the value. Source: ``Configuration``, ``ConfigurationUtils.convertValue``.
    """

    def __init__(self, values: dict[str, t.Any], release: Release, origins: dict[str, str] | None = None) -> None:
        self.values = values
        self.release = release
        self._origins = origins or {}

    def with_value(self, option: Option[t.Any], value: object, *, origin: str) -> Config:
        """The same options with this one set; ``origin`` is the key that messages shall name instead."""
        values = {**self.values, option.key: value}
        return Config(values, self.release, {**self._origins, option.key: origin})

    def key_of(self, option: Option[t.Any]) -> str | None:
        """The key that sets the option: its own, else the first of its fallback keys, else none."""
        if option.key in self.values:
            return option.key
        for key in option.fallbacks:
            if key in self.values:
                return key
        return None

    def is_set(self, option: Option[t.Any]) -> bool:
        return self.key_of(option) is not None

    def name_of(self, option: Option[t.Any]) -> str:
        """The key to name in messages: the one the user wrote."""
        return self._origins.get(option.key) or self.key_of(option) or option.key

    def size(self, option: Option[int]) -> int:
        """A size in bytes."""
        key = self.key_of(option)
        if key is None:
            return option.default(self.release)
        value = self.values[key]
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_BYTES:
            return int(value)
        try:
            return parse_size(text_of(value))
        except FlinkError as exc:
            meant = meant_size(text_of(value))
            change = {key: exact(int(meant))} if meant and meant.denominator == 1 and meant <= MAX_BYTES else None
            raise FlinkError(f"{key}: {exc}", change) from None
        except ValueError:
            raise FlinkError(f"{key}: expected a size such as 4g or 1536m, got {quoted(value)}.") from None

    def fraction(self, option: Option[float]) -> float:
        """A 32-bit float, widened to a double."""
        wanted = "a fraction of at least 0 and less than 1 such as 0.4"
        return self._read(option, self._float, wanted, advise=_decimal_meant)

    def _float(self, value: object) -> float:
        if isinstance(value, float) and self.release.version >= STANDARD_YAML:
            return narrow(value)
        return parse_float(text_of(value))

    def double(self, option: Option[float]) -> float:
        """A 64-bit float."""
        return self._read(
            option, lambda value: parse_double(text_of(value)), "a number such as 2.5", advise=_decimal_meant
        )

    def integer(self, option: Option[int], *, bits: int = 32) -> int:
        """A whole number of that many bits."""
        advise = _megabytes_meant if option.key.endswith(".mb") else _whole_meant
        return self._read(
            option, lambda value: parse_int(text_of(value), bits=bits), "a whole number such as 4", advise=advise
        )

    def boolean(self, option: Option[bool]) -> bool:
        """A boolean."""
        return self._read(option, parse_boolean, "true or false")

    def text(self, option: Option[str]) -> str:
        """A text, without blanks around it."""
        return self._read(option, lambda value: text_of(value).strip(JAVA_BLANKS), "one text")

    def quoted(self, option: Option[t.Any]) -> str:
        """The given value, as a message may show it."""
        value = self.values[self.key_of(option) or option.key]
        short = isinstance(value, (bool, float)) or (isinstance(value, int) and value.bit_length() < 256)
        return str(value) if short else quoted(value)

    def _read(
        self,
        option: Option[Value],
        read: t.Callable[[object], Value],
        wanted: str,
        *,
        advise: t.Callable[[object], float | None] = lambda value: None,
    ) -> Value:
        key = self.key_of(option)
        if key is None:
            return option.default(self.release)
        try:
            return read(self.values[key])
        except ValueError:
            meant = advise(self.values[key])
            advice, change = ("", None) if meant is None else (f" Write {meant!r}.", {key: meant})
            message = f"{quoted_key(key)}: expected {wanted}, got {self.quoted(option)}.{advice}"
            raise FlinkError(message, change) from None


def _decimal_meant(value: object) -> float | None:
    """The number that a percentage or a decimal comma stands for."""
    meant = meant_decimal(value) if isinstance(value, str) else None
    return None if meant is None else float(meant)


def _whole_meant(value: object) -> int | None:
    """The whole number that has needless decimals."""
    found = _WHOLE.fullmatch(str(value)) if isinstance(value, (str, float)) else None
    return None if found is None else int(found.group(1))


def _megabytes_meant(value: object) -> int | None:
    """The whole MiB of a size with its unit."""
    try:
        size = to_bytes(value) if isinstance(value, str) and len(value) < 20 else 1
    except FlinkError:
        return None
    return size // MIB if size % MIB == 0 else None


def meant_decimal(text: str) -> str | None:
    """The right spelling of a percentage or of a number with a decimal comma."""
    percent, comma = _PERCENT.fullmatch(text), _COMMA.fullmatch(text)
    if percent is not None:
        return repr(int(percent.group(1)) / 100)
    if comma is not None and len(text) < 20 and (len(comma.group(2)) != 3 or not comma.group(1).strip("0")):
        return f"{comma.group(1) or '0'}.{comma.group(2)}"
    return None


def parse_boolean(value: object) -> bool:
    """``true`` or ``false`` in any case, or a boolean. Raises ValueError."""
    text = text_of(value).upper()
    if text not in ("TRUE", "FALSE"):
        raise ValueError(text)
    return text == "TRUE"
