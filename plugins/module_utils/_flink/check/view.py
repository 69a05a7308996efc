# Copyright: (c) 2026, streamops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of one configuration, as a release of Flink reads them."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..catalogue.catalogue import options_of
from ..catalogue.grammar import Unreadable, read_value
from ..values.config import STANDARD_YAML, text_of

if t.TYPE_CHECKING:
    from ..catalogue.catalogue import Option, Options
    from ..values.release import Release


class Given(t.NamedTuple):
    """What sets an option: a key, and its value as the text that Flink sees."""

    key: str
    text: str


@dataclasses.dataclass(frozen=True)
class View:
    """``config`` is flat and without null; ``known_keys`` are those of the user's own.

    ``hosts`` is how many hosts the cluster has, ``jars`` are the names of the plugins and jars beside those of the
    release; null for what is not known. ``is_application`` tells that the JobManager runs one application.
    """

    config: dict[str, t.Any]
    release: Release
    known_keys: frozenset[str] = frozenset()
    hosts: int | None = None
    jars: frozenset[str] | None = None
    is_application: bool = False

    @property
    def version(self) -> tuple[int, int, int]:
        return self.release.version

    @functools.cached_property
    def options(self) -> Options:
        return options_of(self.release)

    @functools.cached_property
    def found(self) -> dict[str, tuple[Option, ...]]:
        """The options that each key of the configuration sets; of a deprecated one also those that read it."""
        find, by_alias = self.options.find, self.options.by_alias
        return {
            key: (*found, *by_alias.get(key, ())) if found and found[0].deprecated and found[0].key == key else found
            for key, found in ((key, find(key)) for key in self.config)
        }

    @property
    def typed(self) -> bool:
        """Whether the file of the release is YAML, whose scalars have types."""
        return self.release.version >= STANDARD_YAML

    @functools.cached_property
    def set_by(self) -> dict[str, str]:
        """The key that sets each option which is set: its own, else the first of its others."""
        setting: dict[str, str] = {}
        for key, options in self.found.items():
            for option in options:
                if option.key in self.config:
                    setting[option.key] = option.key
                elif option.key not in setting and not option.is_pattern:
                    setting[option.key] = next((alias for alias in option.aliases if alias in self.config), key)
        return setting

    def key_of(self, option_key: str) -> str | None:
        """The key that sets an option, given by its present key in this release; none if it is not set."""
        return self.set_by.get(option_key)

    def given(self, *option_keys: str) -> Given | None:
        """What sets the first of these options that is set; an empty text sets none."""
        for option_key in option_keys:
            key = self.set_by.get(option_key)
            text = "" if key is None else self.text(key)
            if key is not None and text:
                return Given(key, text)
        return None

    def name(self, *option_keys: str) -> str:
        """The one of several names of an option by which this release knows it, the last if by none."""
        return next((name for name in option_keys if name in self.options.by_key), option_keys[-1])

    def text(self, key: str) -> str:
        """A value as text; the items of a list with commas between them. Blanks around count in YAML only."""
        value = self.config[key]
        try:
            text = ",".join(map(text_of, value)) if isinstance(value, (list, tuple)) else text_of(value)
        except ValueError:
            return ""
        return text if self.typed else text.strip()

    def value(self, option_key: str) -> t.Any:
        """What an option is set to, as Flink reads it; its default as text, or none, if it is not set or unreadable."""
        option = self.options.by_key.get(option_key)
        key = self.key_of(option_key)
        if option is None:
            return None
        if key is not None:
            try:
                return self.read(option, self.config[key])
            except Unreadable:
                pass
        return option.default

    def read(self, option: Option, value: object) -> object:
        """Raises Unreadable."""
        return read_value(option.kind, value, self.release, typed=self.typed, choices=option.choices)
